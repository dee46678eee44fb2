# %% [markdown] minutes=90
# # Convolution by hand
# A small window slides along a row of numbers, or along the words of a sentence, and says at every place how well it likes what it sees. That is all there is to a convolution; this lesson writes it, edges included, until its numbers are those of Keras.
#
# **You will** slide a filter along a row, pad the row with zeros, predict the size of every output, and run many filters over a text at once.
#
# Needs: loops and slices of NumPy arrays. Nothing about neural networks is assumed.

# %% tags=["nbval-ignore-output"]
import numpy as np

from lib import headline, plotting, setup
from lib.checks.cnn_text.understanding_convolutions import convolution_by_hand as check

setup(seed=0)

# %% [markdown]
# ## A window that slides
# How much water does the Nile bring in a year? At Aswan it was measured; here are the forty years from 1881 to 1920, in units of 10⁸ m³ (100 million cubic metres). The numbers jump up and down from year to year. Around 1899 something happened that did not pass; try to see it in the numbers of the next cell.

# %%
nile = np.array([
    995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,  # 1881 to 1890
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840,  # 1891 to 1900
    874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,  # 1901 to 1910
    831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821,  # 1911 to 1920
])  # fmt: skip
print(
    len(nile),
    "years; lowest",
    nile.min(),
    "in",
    1881 + nile.argmin(),
    "and highest",
    nile.max(),
    "in",
    1881 + nile.argmax(),
)

# %% [markdown]
# To see through the jumps, look at several years together. Cut a **window** as wide as three years into a sheet of paper, put it on the row, and write down the mean of what you see. Move the window on by one year and do it again:

# %% figure="window"
plotting.sliding_window(
    nile[14:21],
    [1 / 3, 1 / 3, 1 / 3],
    starts=[0, 1, 4],
    labels=[str(year) for year in range(1895, 1902)],
    title="The mean of three years, sliding along the Nile",
)

# %% [markdown]
# **What you should see:** under the window lies a **filter** of three weights, ⅓ each. Every weight is multiplied with the input above it, and the products are added up: one output, written below the middle of the window. First $\tfrac13 (1260 + 1220 + 1030) = 1170$, then 1117, and in the end 829. Seven inputs give five outputs, because the window must not hang over the edge. The weights are **the same at every place**.
#
# Other weights ask other questions. With the weights $(1, -1)$ an output is the difference of two neighbours: how far does the flow fall from one year to the next? At 1898 and 1899 it says $1100 - 774 = 326$. Where the row is flat it says 0.

# %% [markdown]
# ## The formula
# Let $x_0, \dots, x_{n_{in} - 1}$ be the inputs and $w_0, \dots, w_{n_{filter} - 1}$ the weights. The output $y_i$ belongs to the window that *begins* at input $i$:
#
# $$y_i = \sum_{j=0}^{n_{filter} - 1} w_j \, x_{i + j} \qquad\qquad i = 0, 1, \dots, n_{in} - n_{filter}$$
#
# $i$ says where the window stands, $j$ counts inside it. The last window begins at $n_{in} - n_{filter}$ and ends at the last input, so there are $n_{in} - n_{filter} + 1$ outputs: $7 - 3 + 1 = 5$ in the figure.
#
# The filter is also called *kernel* or *feature detector*, and $n_{filter}$ its *size*. For text it is the *region size*, the number of words that the filter sees at once.

# %% [markdown]
# ### Exercise · slide a filter  ●○○ · 8 minutes


# %% exercise="convolve"
def convolve(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The outputs of a filter at every place where its window lies inside the row.

    x: (n_in,) the inputs.  w: (n_filter,) the weights, with n_filter <= n_in.
    Returns (n_in - n_filter + 1,); output i belongs to the window that begins at x[i].
    """
    ### BEGIN SOLUTION
    n_filter = len(w)
    outputs = []
    for i in range(len(x) - n_filter + 1):
        window = x[i : i + n_filter]
        outputs.append(np.sum(w * window))
    return np.array(outputs)
    ### END SOLUTION


# %% check="convolve" points=2
check.convolve(convolve)

# %% [markdown] hint="convolve"
# One loop, over the places where a window can begin. What do you do with the numbers inside one window? How many places are there?

# %% [markdown] hint="convolve"
# The window that begins at $i$ is `x[i : i + len(w)]`, as long as the filter. $y_i$ is the sum of the products with `w`. The first place is $0$, the last is $n_{in} - n_{filter}$; mind that `range` leaves out its end.

# %% [markdown] hint="convolve"
# ```python
# outputs = []
# for i in range(len(x) - len(w) + 1):
#     window = ...
#     outputs.append(np.sum(... * ...))
# return np.array(outputs)
# ```

# %% [markdown]
# Now two filters over all forty years. The first is the mean of nine years. The second asks *when* the river changed: five weights of $\tfrac15$ and five of $-\tfrac15$, the mean of five years minus the mean of the next five.

# %% figure="nile"
mean = np.full(9, 1 / 9)
drop = np.array([1, 1, 1, 1, 1, -1, -1, -1, -1, -1]) / 5
plotting.filtered(
    nile,
    {"mean of nine years": convolve(nile, mean), "five years minus the next five": convolve(nile, drop)},
    title="What two filters see in the same forty years",
    xlabel="year (outputs: middle of the window)",
    ylabel="flow of the Nile (10⁸ m³)",
    first=1881,
)

# %% [markdown]
# **What you should see:** the jumps are gone in the middle panel. The mean rises to 1162 in 1894 and falls to about 810 within ten years. In the lower panel the highest point, with a circle around it, is 348: there the halves of the window meet between 1898 and 1899. (The second, lower hump, 222, stands before the dry years around 1913.) The statistician Cobb, who looked for the point of change in 1978, came to the same place by other means: the year 1898 was the last of the old kind. Nobody told the filter what to look for except through its ten weights, and **that is what a filter is: a detector for one pattern, wherever it occurs**.
#
# (Both rows of outputs are shorter than the signal: 32 and 31 values from 40. We shall come to that.)

# %% [markdown]
# ## Is that a convolution?
# A mathematician says no. In the textbook's *convolution* the filter is turned around: $\sum_j w_j x_{i - j}$, the first weight meets the last input of the window. What you wrote is called **cross-correlation** there. In deep learning the filter is not turned around, and everybody says convolution all the same; so do we, from here on. NumPy keeps to the mathematicians' words:

# %%
x, w = np.array([3.0, 1.0, 4.0, 1.0, 5.0]), np.array([1.0, 2.0])
print("yours:                         ", convolve(x, w))
print("np.correlate(x, w):            ", np.correlate(x, w, mode="valid"))
print("np.convolve(x, w):             ", np.convolve(x, w, mode="valid"))
print("np.convolve(x, w turned round):", np.convolve(x, w[::-1], mode="valid"))

# %% [markdown]
# The first two rows agree: $1 \cdot 3 + 2 \cdot 1 = 5$ is the first output. The third row has the weights in the other order, $2 \cdot 3 + 1 \cdot 1 = 7$. The fourth turns them around once more and is yours again.

# %% [markdown] think="turned-around" points=1
# **Think.** A *convolutional network* is made of filters such as yours. In it nobody chooses the weights: they start at random, and a program changes them step by step until the outputs are of use; one says that they are *learned*. Why does it not matter to such a network which of the two operations it computes? And when would it matter to *you*?
#
# <!-- BEGIN SOLUTION -->
# Turning a filter around gives another filter of the same size, and training can reach the one as easily as the other: it would simply learn the weights in the reverse order, and the outputs would be the same. It matters when weights are carried from a program with one convention to a program with the other, and when you choose the weights by hand: the drop detector above, turned around, detects rises.
# <!-- END SOLUTION -->

# %% [markdown]
# ## The edges: narrow and wide
# What you wrote is the **narrow** convolution, in code `"valid"`: only windows that lie inside the row. Two things are not so good about it. The outputs get fewer with each convolution. And the edges count less: $x_0$ is in one window only, while an input in the middle of a long row is in $n_{filter}$ of them. For a sentence this means that the first and the last word are seen less often than the others, and that a sentence of three words and a filter of five give nothing at all.
#
# The remedy is to write zeros before and after the row: **zero padding**. A zero adds nothing to a sum. (But it is a number like others, and a row that ends in zeros may look like a sudden change to a filter that looks for one.) With $n_{filter} - 1$ zeros on each side, the first window holds only $x_0$ (and zeros), the last one only the last input. Every window that touches the row is counted, and every input is in exactly $n_{filter}$ windows. This is the **wide** convolution, in code `"full"`. It has $n_{in} + n_{filter} - 1$ outputs.
#
# *Once by hand.* Inputs $(1, 2, 3)$, weights $(10, 1)$: narrow $(12, 23)$; with one zero on each side, $(0, 1, 2, 3, 0)$, wide $(1, 12, 23, 30)$.

# %% [markdown]
# ### Exercise · wide convolution  ●○○ · 5 minutes


# %% exercise="convolve_wide"
def convolve_wide(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The outputs of a filter at every place where its window touches the row; outside the row are zeros.

    x: (n_in,) the inputs, one at least; the row may be shorter than the filter.  w: (n_filter,) the weights.
    Returns (n_in + n_filter - 1,); the first output sees x[0] alone, the last one x[-1] alone.
    """
    ### BEGIN SOLUTION
    zeros = np.zeros(len(w) - 1)
    padded = np.concatenate([zeros, x, zeros])
    return convolve(padded, w)
    ### END SOLUTION


# %% check="convolve_wide" points=1
check.convolve_wide(convolve_wide)

# %% [markdown] hint="convolve_wide"
# The wide convolution of a row is the narrow convolution of a longer row. You have a function for the second.

# %% [markdown] hint="convolve_wide"
# Put $n_{filter} - 1$ zeros before the row and as many behind it. `np.concatenate([a, b, c])` puts arrays in a row; `np.pad(x, k)` writes `k` zeros on both sides.

# %% [markdown] hint="convolve_wide"
# ```python
# zeros = np.zeros(...)
# padded = np.concatenate([..., x, ...])
# return convolve(..., w)
# ```

# %% [markdown]
# The worked case of WildML's post, *Understanding Convolutional Neural Networks for NLP* (2015), which took its picture from Kalchbrenner et al. (2014): a filter of 5 over 7 inputs. The post tells it in words and has no code. Below, the picture is drawn from the rule, and your functions say how many outputs there are.

# %% figure="narrow-wide"
seven, five = np.arange(1.0, 8.0), np.ones(5)
print("narrow:", len(convolve(seven, five)), "outputs, wide:", len(convolve_wide(seven, five)), "outputs")
plotting.connections(
    {"narrow": {"n_in": 7, "n_filter": 5}, "wide": {"n_in": 7, "n_filter": 5, "left": 4, "right": 4}},
    title="Narrow against wide convolution",
)

# %% [markdown]
# **What you should see:** 3 outputs against 11, as in the post. Inputs are below, outputs above, and each output is joined to the five inputs of its window (the two line styles only tell neighbours apart). In the narrow case three lines meet at the input in the middle, but only one at either end. In the wide case five lines leave every one of the seven inputs; the dotted circles are the padding.

# %% [markdown]
# ## Larger steps: the stride
# Until now the window moved on by one input. The **stride** is the number of inputs by which it moves. With stride 2 it begins at $0, 2, 4, \dots$; the outputs are every second one of those with stride 1, and half the work is saved:
#
# $$y_i = \sum_j w_j \, x_{i \cdot stride + j}$$

# %% figure="stride"
steps = {"every place": 1, "every second place": 2, "every third place": 3}
plotting.connections(
    {name: {"n_in": 8, "n_filter": 3, "stride": stride} for name, stride in steps.items()},
    title="Three strides over the same eight inputs",
)

# %% [markdown]
# **What you should see:** 6, 3 and 2 outputs. With stride 2, neighbouring windows share one input; with stride 3 they share none. A × marks inputs that no window reads: the next step would carry the window over the edge, so there is no next step.

# %% [markdown] think="unread" points=1
# **Think.** With stride 2 and a filter of 3, the last of the eight inputs is never read. For which lengths of the row are all inputs read? What does this mean for a program that reads a sentence and says whether it praises or blames (a *classifier*), and what could you do about it?
#
# <!-- BEGIN SOLUTION -->
# The last window begins at the largest multiple of the stride that is at most $n_{in} - n_{filter}$. If $n_{in} - n_{filter}$ is itself a multiple of the stride, the last window ends at the last input; otherwise the remainder of the division is the number of inputs lost (as long as the stride is not larger than the filter; then there are gaps between the windows, too). Here $8 - 3 = 5$ and the remainder is 1. Whether the last word of a sentence is read would depend on the sentence's length, and the last word may be the one that matters ("… I was bored"). Pad the end with zeros, or keep stride 1, as the models for text in the next chapter do.
# <!-- END SOLUTION -->

# %% [markdown]
# ## How many outputs?
# All sizes follow from one formula. With $n_{pad}$ zeros on *each* side, the row has $n_{in} + 2 n_{pad}$ entries. The first window begins at place 0, and the last one can begin at place $n_{in} + 2 n_{pad} - n_{filter}$ at most. On the way there the window takes as many whole steps as fit, and the first window counts, too:
#
# $$n_{out} = \left\lfloor \frac{n_{in} + 2 n_{pad} - n_{filter}}{stride} \right\rfloor + 1$$
#
# $\lfloor \cdot \rfloor$ rounds down to a whole number; in Python, `//` does so. The post of 2015 has this formula for stride 1, where nothing needs rounding. The formula holds as long as the filter fits. If the filter is longer than the padded row, no window fits, and the number of outputs is 0, while the formula may fall below: for 3 inputs, a filter of 6 and stride 2 it says $-1$, since `-3 // 2` is `-2`.

# %% [markdown]
# ### Exercise · the size of the output  ●○○ · 5 minutes


# %% exercise="output_size"
def output_size(n_in: int, n_filter: int, n_pad: int = 0, stride: int = 1) -> int:
    """How many outputs a convolution has.

    n_in: number of inputs, >= 1.  n_filter: size of the filter, >= 1.
    n_pad: zeros on each side of the row, >= 0.  stride: >= 1.
    Returns a whole number (int), 0 if the filter is longer than the padded row.
    """
    ### BEGIN SOLUTION
    last_start = n_in + 2 * n_pad - n_filter
    if last_start < 0:
        return 0
    return last_start // stride + 1
    ### END SOLUTION


# %% check="output_size" points=1
check.output_size(output_size)

# %% [markdown] hint="output_size"
# Work out where the last window can begin. How many steps lead there, and how many windows is that? What if that place is negative?

# %% [markdown] hint="output_size"
# The last window can begin at $n_{in} + 2 n_{pad} - n_{filter}$. Divide by the stride with `//`, add 1 for the window at place 0. A filter that does not fit: 0.

# %% [markdown] hint="output_size"
# ```python
# last_start = ...
# if last_start < 0:
#     return ...
# return ... // stride + ...
# ```

# %% [markdown]
# Formula against code: here are the sizes that the formula predicts, beside the number of outputs that your two convolutions really give. With $n_{pad} = n_{filter} - 1$ and stride 1, the formula turns into $n_{in} + n_{filter} - 1$.

# %%
print("inputs  filter  narrow: formula, code  wide: formula, code")
for n_in, n_filter in ((7, 5), (7, 7), (40, 9), (56, 3)):
    x, w = np.ones(n_in), np.ones(n_filter)
    narrow = output_size(n_in, n_filter), len(convolve(x, w))
    wide = output_size(n_in, n_filter, n_pad=n_filter - 1), len(convolve_wide(x, w))
    print(f"{n_in:6}  {n_filter:6}  {narrow[0]:15}, {narrow[1]:4}  {wide[0]:13}, {wide[1]:4}")

# %% [markdown]
# ## As many outputs as inputs: `"same"`
# Between narrow and wide lies a third habit: pad just so that, at stride 1, **there are as many outputs as inputs**. Then output $i$ belongs to word $i$, and you can stack ten convolutions without losing a word. It takes $n_{filter} - 1$ zeros *altogether*, half of them on each side. If that number is odd, one side must get one more. Keras and TensorFlow put it on the **right**.
#
# And at a larger stride? Their rule is $n_{out} = \lceil n_{in} / stride \rceil$, rounded *up*, whatever the filter, with as few zeros as do the job. Turn the size formula around to find how many that is. The last window begins at $(n_{out} - 1) \cdot stride$ and needs $n_{filter}$ entries from there on:
#
# $$\text{zeros} = \max\big(0,\; (n_{out} - 1) \cdot stride + n_{filter} - n_{in}\big) \qquad \text{left} = \lfloor \text{zeros} / 2 \rfloor \qquad \text{right} = \text{zeros} - \text{left}$$
#
# With stride 1 this is $n_{filter} - 1$ again. *Once by hand:* 8 inputs, filter 3, stride 2: $n_{out} = 4$, zeros $= 3 \cdot 2 + 3 - 8 = 1$, none on the left and one on the right. Rounding up without floats: $\lceil a / b \rceil$ is `-(-a // b)` or `(a + b - 1) // b`.

# %% [markdown]
# ### Exercise · the zeros of "same"  ●●○ · 8 minutes


# %% exercise="same_padding"
def same_padding(n_in: int, n_filter: int, stride: int = 1) -> tuple[int, int]:
    """How many zeros "same" padding writes before and behind the row, as Keras does it.

    n_in, n_filter, stride: whole numbers, >= 1.
    Returns whole numbers (left, right): as few as give ceil(n_in / stride) outputs; if they are odd in number, right has one more.
    """
    ### BEGIN SOLUTION
    n_out = -(-n_in // stride)
    zeros = max(0, (n_out - 1) * stride + n_filter - n_in)
    left = zeros // 2
    return left, zeros - left
    ### END SOLUTION


# %% check="same_padding" points=2
check.same_padding(same_padding)

# %% [markdown] hint="same_padding"
# Three questions, one after the other: how many outputs shall there be? how long must the padded row be for the last of their windows? how are the missing entries shared out?

# %% [markdown] hint="same_padding"
# $n_{out} = \lceil n_{in} / stride \rceil$. The row must have $(n_{out} - 1) \cdot stride + n_{filter}$ entries; it has $n_{in}$. The difference is the number of zeros, never less than 0. Left gets half of it, rounded down.

# %% [markdown] hint="same_padding"
# ```python
# n_out = -(-n_in // stride)
# zeros = max(0, ...)
# left = zeros // 2
# return left, ...
# ```

# %% [markdown]
# Mind the trap. Many programs let you say "one zero on each side" instead of `"same"`. For 8 inputs, a filter of 3 and stride 2, both give four outputs. Are they the same?

# %%
x, w = np.arange(1.0, 9.0), np.array([1.0, 10.0, 100.0])
for name, (left, right) in {'"same"': same_padding(8, 3, 2), "one each": (1, 1)}.items():
    padded = np.concatenate([np.zeros(left), x, np.zeros(right)])
    print(f"{name:9} {left} + {right} zeros:", convolve(padded, w)[::2])

# %% [markdown]
# **What you should see:** four outputs each, and none of them equal. The digits of an output are the inputs of its window, the first one last. With `"same"` the first window holds 1, 2, 3; with one zero on each side it holds 0, 1, 2. A network whose weights are carried from one program to another in this way runs without an error, and computes something else.

# %% [markdown]
# ## From numbers to words
# A sentence is not a row of numbers. But give every word a vector of $d$ numbers, and a sentence of $n$ words becomes a **matrix** $X$ of shape $(n, d)$, a row for each word in their order. WildML's example is a sentence of 10 words with vectors of 100 numbers: $10 \times 100$. Where such vectors come from does not matter today; later they are learned.
#
# On an image, a filter moves to the right and downwards. Over a text it only moves downwards, from word to word: to cut a word's vector in half makes no sense. So the filter **spans the full width**. It is a matrix of shape $(n_{filter}, d)$, lies on $n_{filter}$ whole rows at a time, and gives *one number* for each place: all $n_{filter} \cdot d$ products, added up.
#
# One filter detects one pattern, so we use many, all of the same size. Put them into one array, the **kernel**, of shape $(n_{filter}, d, n_{filters})$; `kernel[:, :, f]` is filter $f$. (This is Keras' order. PyTorch's is `(n_filters, d, n_filter)`.) Each filter has a **bias** $b_f$, a number that is added to all of its outputs. For the window that begins at word $i \cdot stride$:
#
# $$Y_{i, f} = b_f + \sum_{j=0}^{n_{filter} - 1} \; \sum_{m=0}^{d - 1} W_{j, m, f} \; X_{i \cdot stride + j,\, m}$$
#
# $W$ is the kernel. $Y$ has the shape $(n_{out}, n_{filters})$: a row for each window, a column for each filter. Such a column is called a *feature map*. Note that $Y$ is again a matrix with a row per place, so the next convolution can take it as its $X$.

# %% [markdown]
# ### Exercise · many filters over a text  ●●○ · 12 minutes


# %% exercise="convolve_text"
def convolve_text(X: np.ndarray, kernel: np.ndarray, bias: np.ndarray, stride: int = 1) -> np.ndarray:
    """A bank of filters over the rows of a matrix, narrow: every window lies inside X.

    X: (n, d), a row for each word.  kernel: (n_filter, d, n_filters), with n_filter <= n.
    bias: (n_filters,), added to the outputs of each filter.  stride: rows from one window to the next, >= 1.
    Returns (n_out, n_filters) with n_out = output_size(n, n_filter, stride=stride).
    """
    ### BEGIN SOLUTION
    n_filter, _, n_filters = kernel.shape
    Y = np.zeros((output_size(len(X), n_filter, stride=stride), n_filters))
    for i in range(len(Y)):
        window = X[i * stride : i * stride + n_filter]
        for f in range(n_filters):
            Y[i, f] = np.sum(kernel[:, :, f] * window) + bias[f]
    return Y
    ### END SOLUTION


# %% check="convolve_text" points=3
check.convolve_text(convolve_text)

# %% [markdown] hint="convolve_text"
# Two loops: over the windows and over the filters. A window is now a slice of whole rows, of the same shape as one filter. Where does window number `i` begin when the stride is not 1?

# %% [markdown] hint="convolve_text"
# Window $i$ is `X[i * stride : i * stride + n_filter]`, of shape `(n_filter, d)`, as is `kernel[:, :, f]`. Multiply the two entry by entry, add everything up, add $b_f$ once. Begin with `np.zeros` of the shape that the docstring says.

# %% [markdown] hint="convolve_text"
# ```python
# n_filter, _, n_filters = kernel.shape
# Y = np.zeros((output_size(len(X), n_filter, stride=stride), n_filters))
# for i in range(len(Y)):
#     window = ...
#     for f in range(n_filters):
#         Y[i, f] = np.sum(...) + ...
# return Y
# ```

# %% [markdown]
# A sentence of ten words. Its vectors are made by hand, so that you can read them: four numbers that say how much a word is a *negation*, *praise*, *blame*, and about *film*. Then two filters of two words each. The first wants a negation, then praise; its bias of −1 is a threshold, so that the output is above 0 only if *both* are there. The second wants praise that has no negation before it.

# %% figure="sentence"
words = "the plot is not good but the actors are superb".split()
columns = ["negation", "praise", "blame", "film"]
vectors = {
    "not": [1, 0, 0, 0],
    "good": [0, 0.7, 0, 0],
    "superb": [0, 1, 0, 0],
    "plot": [0, 0, 0, 1],
    "actors": [0, 0, 0, 0.8],
}
X = np.array([vectors.get(word, [0, 0, 0, 0]) for word in words])
kernel, bias = np.zeros((2, 4, 2)), np.array([-1.0, 0.0])
kernel[0, :, 0], kernel[1, :, 0] = [1, 0, 0, 0], [0, 1, 0, 0]  # first filter: negation, then praise
kernel[0, :, 1], kernel[1, :, 1] = [-1, 0, 0, 0], [0, 1, 0, 0]  # second filter: no negation, then praise
Y = convolve_text(X, kernel, bias)
plotting.text_convolution(words, X, kernel, Y, "Two filters over one sentence", columns, ["negated praise", "praise"])

# %% [markdown]
# **What you should see:** ten rows on the left, nine on the right: one output for each pair of neighbours, in two columns, one for each filter. Zeros are drawn as dots, negative numbers are purple, and a frame marks the window that a filter likes best. The first filter is negative nearly everywhere; it is above 0 only at *not good*, with $1 + 0.7 - 1 = 0.7$. The second filter likes *are superb* best (1) and dislikes *not good* ($-1 + 0.7 = -0.3$). It sees the word *good* in *good but* as well, but at the wrong place of the window, so it says 0.
#
# A filter of two words is a detector for pairs, one of three words for triples: soft *n-grams*, as the next lesson shows with real word vectors.

# %% [markdown] think="one-long-row" points=1
# **Think.** Read the matrix $X$ row by row and write it as one long row of $n \cdot d$ numbers; do the same with one filter. Which convolution of this long row, of the kind at the top of this lesson, gives the outputs of that filter?
#
# <!-- BEGIN SOLUTION -->
# The one with a filter of size $n_{filter} \cdot d$ and stride $d$ (for a text stride of $s$: $s \cdot d$). A window over $n_{filter}$ whole rows is a window over $n_{filter} \cdot d$ neighbours in the long row, and the next word begins $d$ numbers further on. "The filter spans the full width" and "the stride is $d$" say the same thing. So nothing new was needed for text. (The check of `convolve_text` uses this.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## The same from Keras
# In Keras this whole lesson is one layer, `Conv1D`, and the layer is a thin shell around one operation, `keras.ops.conv`. The `1D` counts the directions in which the window moves, not the dimensions of the array. (`lib.quiet` imports it without the start-up messages of TensorFlow, which does the computing.)

# %%
from lib.quiet import keras

# %% [markdown]
# Keras knows the paddings `"valid"` (narrow) and `"same"`, and for rows in time `"causal"`: all zeros on the left. It has no `"full"`: for a wide convolution, the layer `ZeroPadding1D` writes the zeros first. Inputs have one more dimension in front, because Keras takes a whole **batch** of sentences at a time: `(batch, n, d)`. `X[None]` is a batch of one.
#
# The first function computes a convolution over a text with *your* functions, the second with Keras and the same weights. Both compute in float64, with sixteen digits; Keras' own choice, float32, keeps seven.


# %%
def by_hand(X: np.ndarray, kernel: np.ndarray, bias: np.ndarray, padding: str, stride: int) -> np.ndarray:
    """Any of the three paddings, from rows of zeros and the narrow convolution."""
    n, n_filter = len(X), len(kernel)
    left, right = {
        "narrow": (0, 0),
        "same": same_padding(n, n_filter, stride),
        "wide": (n_filter - 1, n_filter - 1),
    }[padding]
    return convolve_text(np.pad(X, ((left, right), (0, 0))), kernel, bias, stride)


# %% [markdown]
# In Keras the weights are put into the layer once `build` has told it how wide its inputs are. The kernel needs no change: its shape is Keras' own.


# %%
def by_keras(X: np.ndarray, kernel: np.ndarray, bias: np.ndarray, padding: str, stride: int) -> np.ndarray:
    """The same from `keras.layers.Conv1D`; a wide convolution is a narrow one after a layer that pads."""
    n_filter, d, n_filters = kernel.shape
    mode = "same" if padding == "same" else "valid"
    layer = keras.layers.Conv1D(n_filters, n_filter, strides=stride, padding=mode, dtype="float64")
    layer.build((None, None, d))
    layer.set_weights([kernel, bias])
    batch = X[None]
    if padding == "wide":
        batch = keras.layers.ZeroPadding1D(n_filter - 1, dtype="float64")(batch)
    return keras.ops.convert_to_numpy(layer(batch))[0]


# %% [markdown]
# For the comparison, a text and four filters at random, with vectors of six numbers:


# %%
def at_random(n: int, n_filter: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A text X (n, 6), a kernel (n_filter, 6, 4) and a bias (4,)."""
    kernel, bias = rng.uniform(-0.5, 0.5, size=(n_filter, 6, 4)), rng.uniform(-0.5, 0.5, size=4)
    return rng.uniform(-1, 1, size=(n, 6)), kernel, bias


# %% [markdown]
# Ten words, filters of size 4, and every padding with every stride. The last column compares entry by entry; the third says what the formulas of this lesson predict.

# %%
X, kernel, bias = at_random(10, 4, np.random.default_rng(0))
print("padding  stride  n_out  shape from Keras  equal to 1e-6")
for padding in ("narrow", "same", "wide"):
    for stride in (1, 2, 3):
        mine, theirs = (compute(X, kernel, bias, padding, stride) for compute in (by_hand, by_keras))
        n_out = {
            "narrow": output_size(10, 4, 0, stride),
            "same": -(-10 // stride),
            "wide": output_size(10, 4, 3, stride),
        }
        equal = mine.shape == theirs.shape and np.abs(mine - theirs).max() < 1e-6
        print(f"{padding:7}  {stride:6}  {n_out[padding]:5}  {theirs.shape!s:16}  {equal}")

# %% [markdown]
# **What you should see:** *True* nine times, and the number of rows that the formulas predict.
#
# Last, the operation below the layer. It has no bias and knows no weights of its own: inputs and kernel go in, outputs come out.

# %%
X, kernel, bias = at_random(10, 4, np.random.default_rng(0))
direct = keras.ops.convert_to_numpy(keras.ops.conv(X[None], kernel, strides=2, padding="same"))[0] + bias
for name, compute in (("Conv1D", by_keras), ("yours", by_hand)):
    equal = np.allclose(direct, compute(X, kernel, bias, "same", 2), rtol=0, atol=1e-6)
    print(f"keras.ops.conv plus bias, the same as {name}: {equal}")

# %% [markdown]
# ## Summary
# - A convolution slides a window along a row; each output is the sum of weights times inputs, with the same weights at every place. A filter is a detector for one pattern, wherever it occurs.
# - Deep learning does not turn the filter around. What it calls convolution is cross-correlation in mathematics.
# - Narrow (`"valid"`): no padding. Wide (`"full"`): $n_{filter} - 1$ zeros on each side, every input is in equally many windows. `"same"`: as many outputs as inputs at stride 1; the odd zero goes to the right.
# - The stride is the length of a step. $n_{out} = \lfloor (n_{in} + 2 n_{pad} - n_{filter}) / stride \rfloor + 1$.
# - A text is a matrix with a row per word. A filter spans its full width and gives one number per window; many filters give $(n_{out}, n_{filters})$.
# - WildML's post explains these ideas in prose, with the formula for stride 1. New here are the code, rounding and stride in the formula, `"same"`, and the comparison with Keras.
#
# The result: your convolution against Keras', for three paddings, three strides, three filter sizes and two lengths.

# %%
rng, differences = np.random.default_rng(1), []
for n, n_filter in ((7, 2), (7, 3), (7, 5), (12, 2), (12, 3), (12, 5)):
    X, kernel, bias = at_random(n, n_filter, rng)
    for padding in ("narrow", "same", "wide"):
        for stride in (1, 2, 3):
            arguments = X, kernel, bias, padding, stride
            differences.append(np.abs(by_hand(*arguments) - by_keras(*arguments)).max())
largest = np.max(differences)
assert largest < 1e-6, f"your outputs and Keras' differ by {largest:.1e}: do all checks above pass?"
sizes = len(convolve(np.ones(7), np.ones(5))), len(convolve_wide(np.ones(7), np.ones(5)))
headline(
    metric=f"largest difference from Keras over {len(differences)} convolutions; outputs of a filter of 5 on 7 inputs, narrow and wide",
    value=f"below 1e-6; {sizes[0]} and {sizes[1]}",
    published="no code; 3 and 11",
    source="WildML 2015, Understanding Convolutional Neural Networks for NLP",
)

# %% [markdown]
# **What to try next:** ★ Run the drop detector over the Nile once more, with `convolve_wide`. Its largest outputs are no longer at 1898: where are they, and what did the zeros tell the filter about the river? ★ Find weights that make the Nile's filter detect a *dry single year* (1913 is one), and look where else it answers. ★★ Write `convolve_text` without a loop: `np.lib.stride_tricks.sliding_window_view` gives all windows at once, `np.einsum` or `np.tensordot` does the rest. ★★★ Leave gaps inside the window, so that a filter of 3 sees words $i$, $i + 2$ and $i + 4$ (*dilation*), derive its size formula, and compare with `Conv1D(dilation_rate=2)`.
#
# **References.** D. Britz, *Understanding Convolutional Neural Networks for NLP*, WildML (2015). N. Kalchbrenner, E. Grefenstette, P. Blunsom, *A Convolutional Neural Network for Modelling Sentences*, ACL (2014): narrow and wide. I. Goodfellow, Y. Bengio, A. Courville, [*Deep Learning*](https://www.deeplearningbook.org) (2016), sections 9.1 (the operation) and 9.5 (stride and padding). V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016): every size formula, with pictures. G. W. Cobb, *The problem of the Nile: conditional solution to a changepoint problem*, Biometrika 65 (1978), 243-251: the measurements and their change.
