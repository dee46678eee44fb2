# %% [markdown] minutes=105
# # Channels and region sizes
# An image has three numbers for every pixel, and a word may have two embeddings: these are channels. A filter sees two words or five: that is its region size. With both you can write the network of the next chapter from front to back, and say how many numbers it has to learn.
#
# **You will** add up channels, write a whole text network and compare it with Keras, pad sentences so that neighbours do not matter, and count parameters.
#
# Needs: the first two lessons of this chapter (convolution over a text, the maximum over time).

# %% tags=["nbval-ignore-output"]
import numpy as np
from scipy.special import softmax

from lib import headline, plotting, setup
from lib.checks.cnn_text.understanding_convolutions import channels_and_regions as check

setup(seed=0)

# %% [markdown]
# ## Channels of an image
# A colour image is three images on top of each other: how red, how green and how blue each pixel is. Each of them is a **channel**. A filter has a **slice** of weights for every channel. Each slice slides over its own channel, and the three results are *added up*: one filter, one output.
#
# The filter below looks at 3 × 3 pixels. Its red slice is the mean of the nine, its green slice and its blue slice each take away half a mean: *red minus the mean of green and blue*. (`correlate2d` slides a window in two directions and does not turn it around; the photograph of a dahlia comes with scikit-learn.)

# %% figure="rgb"
from scipy.signal import correlate2d
from sklearn.datasets import load_sample_image

photo = load_sample_image("flower.jpg")[::4, ::4] / 255  # every fourth pixel; from 0 to 1
channels = {"red": photo[:, :, 0], "green": photo[:, :, 1], "blue": photo[:, :, 2]}
slices = {"red": np.full((3, 3), 1 / 9), "green": np.full((3, 3), -0.5 / 9), "blue": np.full((3, 3), -0.5 / 9)}
output = sum(correlate2d(channels[colour], slices[colour], mode="valid") for colour in channels)
plotting.channel_images(channels, output, "added up", "One filter with a slice for each channel")

# %% [markdown]
# **What you should see:** the flower is bright in the red channel, dimmer in the green one, and mostly dark in the blue one. In the sum it is orange, far above 0, and the leaves are purple, below 0; what is black in all channels stays near 0. No single channel says "orange"; a bright grey stone would be bright in all three of them, and in the sum it would be 0.

# %% [markdown]
# ## Channels of a text
# What could be the channels of a text? *Several embeddings of the same words.* Kim (2014) took two: one was made from a large collection of texts and stays as it is (**static**), the other begins with the same numbers and is trained along with the network (**tuned**). Two languages of one sentence, or a sentence and its paraphrase, would be channels, too.
#
# Why should one want two? Embeddings made from texts put words together that keep the same company, and *good* and *bad* keep the same company: good film, bad film. For a judge of films they are opposites. Training pulls them apart, but only those words that occur in the training sentences, and so the untouched channel is there to hold the rest in place. That was the hope; the table at the end of this lesson says what came of it.
#
# In symbols: let $X^{(k)}$ be channel $k$, a matrix with a row for each of $n$ words, and $W^{(k)}$ the filter's slice for it, over $w$ words and $d$ numbers. The bias $b$ belongs to the filter, so it is added once:
#
# $$y_i = b + \sum_{k} \; \sum_{j=0}^{w-1} \sum_{q=0}^{d-1} W^{(k)}_{j, q} \, X^{(k)}_{i + j,\, q}$$
#
# The inner two sums are the convolution of the first lesson. Here it is once more, in two lines and without the bias, for a whole bank of $m$ filters: `tensordot` with `axes=2` multiplies a window with every filter and adds up over words and numbers.


# %%
def convolve_text(X: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Narrow, without bias. X: (n, d).  kernel: (w, d, m).  Returns (n - w + 1, m)."""
    w = len(kernel)
    return np.array([np.tensordot(X[i : i + w], kernel, axes=2) for i in range(len(X) - w + 1)])


# %% [markdown]
# ### Exercise · add up the channels  ●○○ · 6 minutes


# %% exercise="convolve_channels"
def convolve_channels(channels: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A bank of filters over a text with several channels, narrow.

    channels: (c, n, d), the same n words in c embeddings.
    kernel: (c, w, d, m), for each channel a slice of each of the m filters.
    bias: (m,), one number for each filter.
    Returns (n - w + 1, m).
    """
    ### BEGIN SOLUTION
    total = bias
    for X, part in zip(channels, kernel):
        total = total + convolve_text(X, part)
    return total
    ### END SOLUTION


# %% check="convolve_channels" points=2
check.convolve_channels(convolve_channels)

# %% [markdown] hint="convolve_channels"
# One channel and its slice give an array of the right shape already. What is left to do with the arrays of all channels?

# %% [markdown] hint="convolve_channels"
# `convolve_text(channels[k], kernel[k])` is $(n - w + 1, m)$. Add these up over $k$, and add $b$ once; NumPy adds a `(m,)` array to every row.

# %% [markdown] hint="convolve_channels"
# ```python
# total = bias
# for X, part in zip(channels, kernel):
#     total = total + ...
# return ...
# ```
# (Not `total += …`: that would change the caller's `bias`.)

# %% [markdown]
# An example with vectors made by hand. The static channel knows which words pass *judgement* and which are about *film*, but not whether the judgement is kind. The tuned one knows *praise* from *blame*. The first filter has only a static slice (a judging word, then a film word), the second only a tuned slice (praise counts, blame counts against), the third has both.

# %% figure="static-and-tuned"
words = "a good plot but bad actors".split()
static, tuned = np.zeros((6, 2)), np.zeros((6, 2))
static[[1, 4], 0], static[[2, 5], 1] = 1, 1  # good and bad judge; plot and actors are about film
tuned[1, 0], tuned[4, 1] = 1, 1  # good praises, bad blames
kernel = np.zeros((2, 2, 2, 3))  # channels, words, numbers, filters
kernel[0, 0, 0, [0, 2]] = kernel[0, 1, 1, [0, 2]] = 1  # static slice: judgement, then film
kernel[1, 0, 0, [1, 2]], kernel[1, 0, 1, [1, 2]] = 1, -1  # tuned slice: praise, not blame
Y = convolve_channels(np.array([static, tuned]), kernel, bias=np.zeros(3))
side_by_side, one_filter = np.concatenate([static, tuned], axis=1), np.concatenate(list(kernel), axis=1)
names = ["judges", "film", "praise", "blame"]
parts = ["static", "tuned", "both"]
plotting.text_convolution(words, side_by_side, one_filter, Y, "Two channels, one after the other", names, parts)

# %% [markdown]
# **What you should see:** on the left both channels side by side, two columns each; on the right the answers. The static slice says 2 to *good plot* and 2 to *bad actors*: it cannot tell them apart. The tuned slice says 1 and −1. The filter with both slices says their sum, 3 and 1. The frames mark each filter's favourite window, *good plot* for all three.
#
# The drawing gave something away: it put the channels *side by side*. That is allowed, because nothing is lost. Adding up over channels, and in each over $d$ numbers, is adding up over $c \cdot d$ numbers. So **$c$ channels of $d$ numbers are one embedding of $c \cdot d$ numbers**, and the slices, side by side, are one filter. In numbers:

# %%
rng = np.random.default_rng(0)
channels, kernel, bias = rng.normal(size=(2, 9, 5)), rng.normal(size=(2, 3, 5, 4)), rng.normal(size=4)
two_channels = convolve_channels(channels, kernel, bias)
one_channel = convolve_text(np.concatenate(list(channels), axis=1), np.concatenate(list(kernel), axis=1)) + bias
print("shapes:", two_channels.shape, one_channel.shape)
print("equal to 1e-12:", np.abs(two_channels - one_channel).max() < 1e-12)

# %% [markdown] think="why-channels" points=1
# **Think.** If two channels of 300 numbers compute the same as one embedding of 600 numbers, what is the point of Kim's two channels? And is the same true of the three channels of an image?
#
# <!-- BEGIN SOLUTION -->
# What is computed is the same; what is *learned* is not. In Kim's network one half of the 600 numbers is fixed and only the other half is trained, and both halves begin with the same values. A single embedding of 600 numbers would be trained as a whole. It is a way of regularising, not a new operation. (Kim used the same weights on both channels, which is the case of two equal slices; with a slice for each, as here and in images, a filter can weigh the channels differently.) For an image it is true as well: the filter sees three numbers in each pixel, and a "3 × 3 filter" really has 27 weights.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Region sizes
# How many words should a filter see? Take the sentence *it is not a very good film at all* and look at windows that end at *good*:

# %% figure="region-sizes"
sentence = "it is not a very good film at all".split()
plotting.region_windows(sentence, sizes=(2, 3, 4, 5), last=5, title="What a window that ends at 'good' can see")

# %% [markdown]
# **What you should see:** sizes 2 and 3 see *very good* and must take it for praise. Only from size 4 on is *not* in the window. So should all filters be wide? A wide filter has more weights, and what it looks for is rarer: *very good* comes up in many reviews, *is not a very good* in few, so it has little to learn from. It also fits in fewer places, 5 windows in place of 8.
#
# The way out is to take **several sizes at once**, some filters of each, and to let the last layer weigh what they found. That is the network of Kim, and of the drawing through which many people first met it, Figure 1 of Zhang and Wallace (2015): sizes 4, 3 and 2 with two filters each.

# %% [markdown]
# ## The whole network
# From the sentence to the verdict, in four steps.
#
# 1. **Convolve.** Each filter $f$ of size $w$ answers to every window: $n - w + 1$ sums of products $y_{f, i}$, still without a bias, as `convolve_text` returns them. Add the filter's bias $b_f$ and cut off what is negative: $a_{f, i} = \max(0,\; y_{f, i} + b_f)$, the ReLU. These numbers are the filter's *feature map*.
# 2. **Take the maximum over time.** The strongest answer of each filter, $\hat a_f = \max_i a_{f, i}$, wherever it was. Maps of different lengths become one number each.
# 3. **Put them in a row.** All filters of all sizes: the **features** of the sentence, here 3 · 2 = 6 numbers, however long it is.
# 4. **Decide.** A score for each class, $s = \hat a\, W + b$, where $W$ and $b$ are the weights and biases of this last step, and from the scores probabilities: $p_k = e^{s_k} / \sum_j e^{s_j}$, the *softmax*. All are positive and add up to 1; `softmax` is imported above.

# %% [markdown]
# ### Exercise · from words to probabilities  ●●○ · 15 minutes
# The channels are one embedding now, and `convolve_text` does the sliding.


# %% exercise="forward"
def forward(
    X: np.ndarray, kernels: list[np.ndarray], biases: list[np.ndarray], W: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A sentence through a network with one layer of filters of several sizes.

    X: (n, d), a row for each word.
    kernels: for each region size an array (size, d, m), size <= n; m may differ.  biases: for each size (m,).
    W: (n_features, classes).  b: (classes,).
    Returns the features (n_features,), size by size in the order of `kernels`, and the probabilities (classes,).
    """
    ### BEGIN SOLUTION
    found = []
    for kernel, bias in zip(kernels, biases):
        answers = np.maximum(convolve_text(X, kernel) + bias, 0)
        found.append(answers.max(axis=0))
    features = np.concatenate(found)
    return features, softmax(features @ W + b)
    ### END SOLUTION


# %% check="forward" points=3
check.forward(forward)

# %% [markdown] hint="forward"
# Do the first two steps for one size at a time, in a loop, and collect what comes out. What is the shape of `convolve_text(X, kernel)`, and along which axis does time run?

# %% [markdown] hint="forward"
# The answers of one size are $(n - w + 1, m)$: rows are windows, columns are filters. `+ bias` adds to every row, `np.maximum(…, 0)` is the ReLU, `.max(axis=0)` leaves one number for each filter. `np.concatenate` puts the sizes in a row, `features @ W + b` are the scores.

# %% [markdown] hint="forward"
# ```python
# found = []
# for kernel, bias in zip(kernels, biases):
#     answers = np.maximum(..., 0)
#     found.append(...)
# features = np.concatenate(found)
# return features, softmax(...)
# ```

# %% [markdown]
# Now the network of the drawing, with its sentence of seven words. The vectors have five numbers; like all weights here they are drawn at random, so the verdict means nothing yet.


# %%
def small_network(seed: int) -> tuple[np.ndarray, list, list, np.ndarray, np.ndarray]:
    """Seven words in five numbers, sizes 4, 3, 2 with two filters each, two classes: X, kernels, biases, W, b."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(7, 5))
    kernels = [0.5 * rng.normal(size=(size, 5, 2)) for size in (4, 3, 2)]
    biases = [0.2 * rng.normal(size=2) for _ in kernels]
    return X, kernels, biases, 0.5 * rng.normal(size=(6, 2)), 0.2 * rng.normal(size=2)


# %% [markdown]
# Drawn with the numbers that your function returns; the maps in the middle are computed here once more, so that you can see them:

# %% figure="network"
X, kernels, biases, W, b = small_network(seed=8)
features, probabilities = forward(X, kernels, biases, W, b)
maps = {len(kernel): np.maximum(convolve_text(X, kernel) + bias, 0) for kernel, bias in zip(kernels, biases)}
verdict = {"positive": probabilities[0], "negative": probabilities[1]}
print("features:", features.round(2))
plotting.network_in_numbers("I like this movie very much !".split(), X, maps, verdict, "A text network in numbers")

# %% [markdown]
# **What you should see:** seven rows of five numbers; then six feature maps in pairs, 4, 5 and 6 windows long, more than half of their entries zeros, which the ReLU left; in each the largest number framed and joined to its place among the six features, the same six as in the printed line. (One decimal is drawn, and a dot where that gives 0.) Two bars show the probabilities, which add up to 1.

# %% [markdown]
# ## The same from Keras
# `lib.models.text_cnn` builds this network in Keras; in the next chapter you will build it yourself, layer by layer. It takes numbers of words instead of vectors, because its first layer is the embedding: a table with a row for each word, in which number 0 is padding and counts as a row of zeros. Its results are scores, without the softmax: what trains it will compute the softmax itself.

# %%
from lib.models.text_cnn import text_cnn
from lib.quiet import keras

# %% [markdown]
# The function below puts our numbers into a Keras network. Row 0 of the table is padding and row 1 stands for unknown words, so the sentence is 2, 3, …, 8.


# %%
def by_keras(X, kernels, biases, W, b) -> tuple[np.ndarray, np.ndarray]:
    """Features and probabilities of `forward`, from Keras layers with the same weights."""
    sizes = [len(kernel) for kernel in kernels]
    model = text_cnn(len(X) + 2, W.shape[1], embedding=X.shape[1], widths=sizes, filters=kernels[0].shape[2])
    model.get_layer("tuned").set_weights([np.concatenate([np.zeros((2, X.shape[1])), X])])
    for size, kernel in zip(sizes, kernels):
        model.get_layer(f"width_{size}").set_weights([kernel])
    model.get_layer("features").set_weights([np.concatenate(biases)])
    model.get_layer("scores").set_weights([W, b])
    both = keras.Model(model.input, [model.get_layer("features").output, keras.ops.softmax(model.output)])
    row = np.arange(2, len(X) + 2, dtype=np.int32)[None]
    return tuple(keras.ops.convert_to_numpy(one)[0] for one in both(row, training=False))


# %% [markdown]
# One difference between the two: that network adds the bias and takes the ReLU *after* the maximum, on one number instead of many. Both keep the order of numbers, so the largest stays the largest, and the result is the same.

# %%
for seed in (8, 9, 10):
    mine, theirs = forward(*small_network(seed)), by_keras(*small_network(seed))
    largest = max(np.abs(a - b).max() for a, b in zip(mine, theirs))
    print(f"seed {seed}: features and probabilities equal to 1e-6: {largest < 1e-6}")

# %% [markdown]
# ## Padding, or why the neighbours must not matter
# A network is fed many sentences at a time, a *batch*, and a batch is one array: all rows have the length of the longest sentence. Shorter ones are filled up with padding, zeros that add nothing to a sum. Nothing to a *sum*; but there is a maximum, too. Padding makes windows that were not there before:
#
# - windows that hold the last words *and zeros*: a sentence of three words has one window of size 3, and with two zeros behind it two more;
# - windows of **nothing but padding**. Their answer is $\max(0, b_f)$. A filter with a positive bias that dislikes every word of the sentence likes the padding best, and that becomes its feature.
#
# Whether these windows exist depends on how long the *other* sentences of the batch are. The same review would get another verdict in other company. That must not be.
#
# The remedy is not to avoid these windows but to have **all of them, always**. If $w$ is the widest region size, put $w$ zeros before and $w$ zeros behind every sentence, the **edge**. Then every filter meets each of its partial windows at both ends (wide convolution, as in the first lesson; $w - 1$ zeros are enough for that) and one window of padding only (that takes the last zero). More padding then only repeats what is there already, and repeating does not change a maximum.

# %% [markdown]
# ### Exercise · one array for many sentences  ●○○ · 8 minutes
# Sentences come as lists of word numbers from 1 on; 0 is padding.


# %% exercise="pad_batch"
def pad_batch(sentences: list[list[int]], edge: int) -> np.ndarray:
    """Sentences of different lengths in one array of word numbers.

    sentences: lists of word numbers >= 1; a list may be empty, but not all are.  edge: zeros at each end, >= 0.
    Returns whole numbers (n_sentences, longest + 2 * edge): each row begins with `edge` zeros, then come its words,
    then zeros to the end.
    """
    ### BEGIN SOLUTION
    longest = max(len(sentence) for sentence in sentences)
    batch = np.zeros((len(sentences), longest + 2 * edge), dtype=int)
    for row, sentence in zip(batch, sentences):
        row[edge : edge + len(sentence)] = sentence
    return batch
    ### END SOLUTION


# %% check="pad_batch" points=2
check.pad_batch(pad_batch)

# %% [markdown] hint="pad_batch"
# Begin with an array of zeros that is large enough for all, and write the words into it, row by row. How many columns does it need, and in which column does every sentence begin?

# %% [markdown] hint="pad_batch"
# Columns: longest sentence + 2 · edge. The words of a sentence of length $n$ go into the columns from `edge` to `edge + n`. `np.zeros(shape, dtype=int)` makes whole numbers, which an embedding can look up.

# %% [markdown] hint="pad_batch"
# ```python
# longest = max(len(sentence) for sentence in sentences)
# batch = np.zeros((..., ...), dtype=int)
# for row, sentence in zip(batch, sentences):
#     row[... : ...] = sentence
# return batch
# ```

# %% [markdown]
# The experiment: a sentence of three words in a batch with one other sentence, which gets longer and longer. The filter is made by hand to show all effects at once: one number a word, always 1; three weights of −1; bias 4. So its answer is 4 minus the number of words in the window.

# %% figure="company"
lengths, vectors = np.arange(3, 9), np.array([[0.0], [1.0]])  # word 0 is padding
weights = [-np.ones((3, 1, 1))], [np.array([4.0])], np.ones((1, 1)), np.zeros(1)
curves = {}
for edge in (0, 1, 2, 3):
    batches = [pad_batch([[1, 1, 1], [1] * longest], edge) for longest in lengths]
    curves[f"edge {edge}"] = np.array([forward(vectors[batch[0]], *weights)[0][0] for batch in batches])
plotting.training_curves(
    curves,
    title="The same three words in different company",
    xlabel="length of the other sentence (words)",
    ylabel="feature of the three words",
    x=lengths,
)

# %% [markdown]
# **What you should see:** without an edge the feature of the same three words climbs from 1 to 4 as the other sentence grows from 3 to 6 words; each step is a new window, with two words and a zero, with one word, and at last with padding only. An edge of 1 begins at 2, an edge of 2 at 3. With an edge of 3, the size of the filter, the line is flat. (Where lines meet they run on together at 4.)
#
# WildML's network of 2015 padded every sentence to the longest of the whole data set, 56 words, behind the words only. That is consistent, too, as long as the length never changes; but a filter sees the first word in its first place only, a longer sentence is cut, and its padding was not silent: word 0 was padding and unknown word in one, with a vector that was trained. In the next chapter the widest filter sees five words, and all sentences get an edge of 5.

# %% [markdown] think="padding-only" points=1
# **Think.** With an edge, the window of nothing but padding is *always* there. What does it mean for the feature of a filter with a positive bias, and is it bad for the network?
#
# <!-- BEGIN SOLUTION -->
# Such a feature is never below $b_f$: whatever the filter says about the words, the padding says $b_f$. An answer between 0 and $b_f$ cannot be seen. But it is the same floor for every sentence, so it is nothing but a constant in the scores, and training knows it: if the small answers mattered, the bias would be pushed down, since the gradient of a maximum goes to the window that won. With a bias of 0 or below, the window says 0, which is what the ReLU says anyway. What would be bad is a floor that is there for some sentences and not for others.
# <!-- END SOLUTION -->

# %% [markdown]
# ## How few numbers it takes
# Count what the network has to learn. With $V$ rows in an embedding table (one for each word; padding and unknown words need rows, too), $d$ numbers a word, $c$ channels, region sizes $w_1, w_2, \dots$ with $m$ filters each, and $K$ classes:
#
# - **embedding**: a table $V \times d$ for each channel;
# - **convolutions**: a filter of size $w$ has $w \cdot d$ weights for each channel, and one bias; there are $m$ of them of each size: $\sum_w (w \cdot d \cdot c \cdot m + m)$;
# - **output**: each class has a weight for every feature, and a bias. How many features are there?
#
# Two things do *not* appear in the count: the length of the sentence, since the weights are the same at every place, and the maximum, which has nothing to learn. (A static channel is counted like the others, as Keras does: those numbers are there, even if they are not trained.)

# %% [markdown]
# ### Exercise · count the parameters  ●●○ · 8 minutes


# %% exercise="count_parameters"
def count_parameters(
    words: int, embedding: int, widths: tuple[int, ...], filters: int, classes: int, channels: int = 1
) -> dict[str, int]:
    """How many numbers each part of a text network has.

    words: V, rows of an embedding table.  embedding: d, numbers a word.  widths: region sizes.
    filters: m, of each size.  classes: K.  channels: c, each an embedding table of its own.
    Returns a dictionary of whole numbers with the keys "embedding", "convolutions" and "output".
    """
    ### BEGIN SOLUTION
    convolutions = 0
    for width in widths:
        convolutions += width * embedding * channels * filters + filters
    features = len(widths) * filters
    return {
        "embedding": words * embedding * channels,
        "convolutions": convolutions,
        "output": features * classes + classes,
    }
    ### END SOLUTION


# %% check="count_parameters" points=2
check.count_parameters(count_parameters)

# %% [markdown] hint="count_parameters"
# Go through the network from the words to the scores and ask at each part: which arrays of weights does it hold, and of what shape? Do not forget the biases.

# %% [markdown] hint="count_parameters"
# Embedding: $c\,V d$. Convolutions: for each width $w \cdot d \cdot c \cdot m$ weights and $m$ biases. The features are one number for each filter of each size, so the output has $|widths| \cdot m \cdot K$ weights and $K$ biases.

# %% [markdown] hint="count_parameters"
# ```python
# convolutions = 0
# for width in widths:
#     convolutions += ... + filters
# features = ...
# return {"embedding": ..., "convolutions": convolutions, "output": features * classes + ...}
# ```

# %% [markdown]
# Your count against Keras' own, for three networks: the drawing above (7 different words, padding and unknown), WildML's network of 2015 for the 10,662 review sentences of Pang and Lee, and one of Kim's size, with two channels of 300 numbers and a slice for each. (Both used the same reviews; they cut them into words a little differently, hence 18,758 and 18,765.)

# %%
networks = {
    "the drawing": (9, 5, (4, 3, 2), 2, 2, 1),
    "WildML 2015": (18758, 128, (3, 4, 5), 128, 2, 1),
    "Kim's size": (18765, 300, (3, 4, 5), 100, 2, 2),
}
for name, (V, d, widths, m, classes, c) in networks.items():
    model = text_cnn(V, classes, d, widths, m, channels=("tuned", "static")[:c])
    parts = count_parameters(V, d, widths, m, classes, c)
    listed = ", ".join(f"{part} {count:,}" for part, count in parts.items())
    print(f"{name}: {sum(parts.values()):,} (Keras: {model.count_params():,}) = {listed}")

# %% [markdown]
# **What you should see:** the same totals from Keras. In WildML's network 2.4 of 2.6 million numbers are the embedding; the 384 filters, all that is specific to convolution, take less than 200,000, and the decision 770.
#
# Is that few? Compare the 384 filters, *shared* by all places, with other ways to look at words in a row, in sentences of up to 56 words: a *dense* layer, whose 384 features each have a weight for every number of all 56 words; filters that are *not shared* but have new weights at every place; and *tables* with a weight for every pair or every triple of words.

# %% figure="parameters"
V, d, m, longest = 18758, 128, 128, 56
shared = count_parameters(V, d, (3, 4, 5), m, 2)["convolutions"]
own = sum((longest - w + 1) * (w * d * m + m) for w in (3, 4, 5))
dense = longest * d * 3 * m + 3 * m
plotting.bar_panels(
    {
        "millions of numbers to learn": {
            "shared filters": shared / 1e6,
            "dense layer": dense / 1e6,
            "filters not shared": own / 1e6,
            "table of pairs": V**2 / 1e6,
            "table of triples": V**3 / 1e6,
        }
    },
    title="Ways to look at words in a row",
    log_x=True,
)

# %% [markdown]
# **What you should see:** on a logarithmic axis, 0.2 million for the filters, 2.8 million for the dense layer, 10.4 million for filters that do not share their weights. (These cost more than the dense layer because they give more: 159 windows × 128 = 20,352 outputs, where the dense layer has 384.) The tables are in another world: 352 million pairs, and 6.6 · 10¹² triples (the last bar), more than 33 million times as many numbers as the filters have.
#
# Be fair to the tables: a model of n-grams stores only those that occur, and most never do. But then it has nothing to say about a triple that it has not seen, while a filter answers to *every* triple, by what its words are like. That is the whole trick, and it rests on the embedding, which is where the numbers went.

# %% [markdown] think="shrink" points=1
# **Think.** You have to halve this network for a small device. Would you take half the filters, smaller widths, or a smaller embedding ($d = 64$)? Compute before you answer. What does it do to the filters?
#
# <!-- BEGIN SOLUTION -->
# Half the filters save about 0.1 of 2.6 million, 4 %; leaving out width 5 saves 3 %. With $d = 64$ the embedding is halved, and every filter too, since it is as wide as the embedding: 1.20 + 0.10 million, half of everything. Another way is to keep fewer words: rare words are many and are seen too seldom to learn a good vector. That is why the `Encoder` of the next chapter leaves out words that occur only once.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Hierarchy: layers on layers
# In image networks the filters of the first layer find edges, those of the second see the first layer's answers and find corners, and further up come wheels and faces. The same can be done with words: the outputs of a convolution are again a sequence of vectors, one for each window, so another convolution can slide over them. Phrases of phrases.
#
# What does *one* output of the top layer depend on? Its **receptive field**: the stretch of words from the first to the last that it can see. With no layer it is 1, the word itself. A layer of width $w$ looks at $w$ neighbours and so adds $w - 1$ words. Three layers of width 3 see $1 + 2 + 2 + 2 = 7$.
#
# That grows slowly. A **dilated** convolution leaves gaps: with dilation $\delta$ the filter takes every $\delta$-th input, $y_i = \sum_j w_j\, x_{i + \delta j}$. It has as many weights as before and spans $(w - 1)\,\delta + 1$ inputs, so it adds $(w - 1)\,\delta$. For layers $1, \dots, L$:
#
# $$\text{receptive field} = 1 + \sum_{l=1}^{L} (w_l - 1)\, \delta_l$$

# %% [markdown]
# ### Exercise · the receptive field  ●○○ · 4 minutes


# %% exercise="receptive_field"
def receptive_field(widths: list[int], dilations: list[int]) -> int:
    """From the first to the last input that one output of a stack of convolutions depends on, stride 1.

    widths, dilations: one entry for each layer, from the lowest up; both may be empty: no layer.
    Returns a whole number; inputs in the gaps of a dilated filter are counted, too.
    """
    ### BEGIN SOLUTION
    field = 1
    for width, dilation in zip(widths, dilations):
        field += (width - 1) * dilation
    return field
    ### END SOLUTION


# %% check="receptive_field" points=1
check.receptive_field(receptive_field)

# %% [markdown] hint="receptive_field"
# Begin with what an output sees when there is no layer at all. How much does each layer add?

# %% [markdown] hint="receptive_field"
# Start from 1. A layer of width $w$ and dilation $\delta$ adds $(w - 1)\,\delta$.

# %% [markdown] hint="receptive_field"
# ```python
# field = 1
# for width, dilation in zip(widths, dilations):
#     field += ...
# return field
# ```

# %% [markdown]
# Layers of width 3: all with dilation 1, or with dilations that double, 1, 2, 4, 8, 16. And four stacks as pictures.

# %% figure="receptive-fields"
print("layers  dilation 1  doubled")
for layers in range(1, 6):
    plain = receptive_field([3] * layers, [1] * layers)
    doubled = receptive_field([3] * layers, [2**level for level in range(layers)])
    print(f"{layers:6}  {plain:10}  {doubled:7}")
plotting.receptive_fields(
    {
        "one layer": [(3, 1)],
        "three layers": [(3, 1), (3, 1), (3, 1)],
        "three layers, the dilation doubles": [(3, 1), (3, 2), (3, 4)],
        "two layers, the dilation grows too fast": [(3, 1), (3, 4)],
    },
    title="The words that one output sees",
)

# %% [markdown]
# **What you should see:** with dilation 1 every layer adds two words: 3, 5, 7, 9, 11. Doubled, the field doubles too: 3, 7, 15, 31, 63, so five layers see a whole review sentence of 56 words, for which plain layers would have to be 28 deep. In the third picture paths lead to all of the 15 words; in the last one, two of the 11 are crossed out: no path leads there.

# %% [markdown] think="gaps" points=1
# **Think.** The stack with dilations 1 and 4 is blind to two words. How large may the dilation of a layer be at most, if nothing is to be left out? And does a classifier of sentences need a deep stack at all?
#
# <!-- BEGIN SOLUTION -->
# The layer below hands on outputs that each see $r$ neighbouring words. If the next layer takes every $\delta$-th of them, there is no gap as long as $\delta \le r$, the receptive field so far: below, $r = 3$, so dilation 3 would just do (9 words, each by exactly one path), and 4 leaves gaps. Doubling is always safe for width 3, since $r = 2^{l+1} - 1 \ge 2^l$. For the second question: the maximum over time already looks at the whole sentence. A deep stack is needed where the *relation* between words far apart matters, or where the input are characters. On single sentences one layer with several widths does about as well; see the table.
# <!-- END SOLUTION -->

# %% [markdown]
# ## What others found
# The studies that WildML's post of 2015 reported, and what came of them. Accuracies are the authors' own, on their own test sets; MR is the set of 10,662 review sentences. The table is there to look things up, not to be read through; skip names and terms that you have not met.
#
# | Study | Task | What is special | What was found |
# |---|---|---|---|
# | Kim, EMNLP 2014 | sentences, seven data sets | one layer, sizes 3, 4, 5 with 100 filters each; word2vec vectors | MR: random vectors 76.1 %, static 81.0 %, tuned 81.5 %, both as channels 81.1 %. Better than what was known on 4 of 7 tasks. **Good vectors matter most; two channels were no clear gain** |
# | Kalchbrenner, Grefenstette, Blunsom, ACL 2014 | sentiment, questions | several layers, wide convolution, *dynamic k-max pooling*: the k largest, in their order | over 25 % fewer errors than the strongest baseline on tweets, without any parser |
# | Johnson, Zhang, NAACL 2015 | whole reviews, news | no embedding: filters directly on *one-hot* words (vectors as long as the vocabulary, with a single 1) | IMDB reviews 92.33 %; word order helps for sentiment, while for topics a bag of words in each region did well |
# | Zhang, Wallace, arXiv 2015, IJCNLP 2017 | nine data sets | one layer, one setting changed at a time, repeated runs | **the maximum over the whole sentence beats the other poolings, the mean among them; region size and number of filters matter, and the best ones depend on the task; dropout and norm limits matter little.** Also: one-hot words do badly on single sentences |
# | Wang et al., ACL 2015 | short texts | groups of similar word vectors bring in what a short text lacks, in units of several widths | tested with success on two sets of short texts |
# | Nguyen, Grishman, workshop at NAACL 2015 | how two names in a sentence are related | the maximum forgets places, so each word's vector is followed by embeddings of its *distance to both names*; several region sizes | better than systems with features from parsers |
# | Weston, Chopra, Adams, EMNLP 2014 (#TagSpace) | predict hashtags | trained on up to 5.5 billion words, 100,000 hashtags | the vector of a text is useful for something else, too: recommending documents |
# | Shen et al., CIKM 2014 | match queries and pages | filters over letter triples of words | the strongest answers make the vector of a query or a page, and near vectors belong together |
# | dos Santos, Zadrozny, ICML 2014 | parts of speech | a convolution over the *characters* of each word | 97.32 % on the Wall Street Journal, 97.47 % on Portuguese, without features made by hand |
# | Zhang, Zhao, LeCun, NIPS 2015 | whole texts | characters only, nine layers | better than n-grams only with millions of examples; with hundreds of thousands, TF-IDF on n-grams stays ahead |
# | Kim, Jernite, Sontag, Rush, AAAI 2016 | language model | filters over characters, then an LSTM | as good as the best on the Penn Treebank, with 60 % fewer parameters |
#
# Two things to take with you. A single layer with a few sizes is hard to beat on sentences. And differences of half a percent between settings are often smaller than the difference between two runs with other random numbers: Zhang and Wallace repeated their runs for that reason, and the next chapter will, too.

# %% [markdown]
# ## Summary
# - A filter has a slice for each channel; the results are added up, the bias once. Channels side by side are one wider embedding: the same numbers.
# - Static and tuned embeddings as two channels differ in what is trained, not in what is computed.
# - A region size is how many words a filter sees. Narrow filters find what is frequent, wide ones what needs context; networks take several sizes and put the strongest answers in a row.
# - Padding changes a maximum. With an edge as wide as the widest filter at both ends, an answer does not depend on the other sentences of a batch.
# - Parameters: $c V d$ for the embedding, $w d c\, m + m$ for each size, $|widths| \cdot m K + K$ for the output. The length of a sentence does not matter.
# - Stacked layers see $1 + \sum (w - 1)\,\delta$ words; doubled dilation lets the field grow exponentially.
# - WildML's post has all of this as prose and pictures. New here: the code, the agreement with Keras, the edge, the exact count, dilation (which came after the post), and sources with years.
#
# The result: the network of 2015, counted by your formula and by Keras, and the largest difference between your forward pass and Keras' over ten networks.

# %%
parts = count_parameters(words=18758, embedding=128, widths=(3, 4, 5), filters=128, classes=2)
total = sum(parts.values())
assert total == text_cnn(words=18758, classes=2).count_params()
both = [(forward(*small_network(seed)), by_keras(*small_network(seed))) for seed in range(10)]
largest = max(np.abs(a - b).max() for mine, theirs in both for a, b in zip(mine, theirs))
assert largest < 1e-6, f"your network and Keras' differ by {largest:.1e}: do all checks above pass?"
headline(
    metric="parameters of WildML's text network by your formula and by Keras; its embedding; largest difference of 10 forward passes from Keras",
    value=f"{total:,} both; {parts['embedding']:,}; below 1e-6",
    published="about 2.6 million; 2.4 million; no NumPy version",
    source="WildML 2015, Implementing a CNN for Text Classification in TensorFlow: from its layer sizes",
)

# %% [markdown]
# **What to try next:** ★ Find out with `receptive_field` how many layers of width 5 see 1,014 characters, the length that Zhang, Zhao and LeCun used, with and without doubled dilation. ★★ Let `forward` keep the two largest answers of each filter, in their order (k-max pooling), and compare with `keras.ops.top_k`. ★★★ Write `convolve_text` with a dilation, stack three layers, send an impulse through them, and see the receptive field in the numbers; compare with `keras.layers.Conv1D(dilation_rate=2)`.
#
# **References.** D. Britz, *Understanding Convolutional Neural Networks for NLP*, WildML (2015). Y. Kim, *Convolutional Neural Networks for Sentence Classification*, EMNLP (2014), Table 2. Y. Zhang, B. Wallace, *A Sensitivity Analysis of (and Practitioners' Guide to) Convolutional Neural Networks for Sentence Classification*, arXiv:1510.03820 (2015), IJCNLP (2017), 253-263, Figure 1. N. Kalchbrenner, E. Grefenstette, P. Blunsom, *A Convolutional Neural Network for Modelling Sentences*, ACL (2014). R. Johnson, T. Zhang, *Effective Use of Word Order for Text Categorization with Convolutional Neural Networks*, NAACL (2015). P. Wang et al., *Semantic Clustering and Convolutional Neural Network for Short Text Categorization*, ACL (2015), 352-357. T. H. Nguyen, R. Grishman, *Relation Extraction: Perspective from Convolutional Neural Networks*, Workshop on Vector Space Modeling for NLP (2015). J. Weston, S. Chopra, K. Adams, *#TagSpace: Semantic Embeddings from Hashtags*, EMNLP (2014). Y. Shen et al., *A Latent Semantic Model with Convolutional-Pooling Structure for Information Retrieval*, CIKM (2014). C. dos Santos, B. Zadrozny, *Learning Character-level Representations for Part-of-Speech Tagging*, ICML (2014). X. Zhang, J. Zhao, Y. LeCun, *Character-level Convolutional Networks for Text Classification*, NIPS (2015), 649-657. Y. Kim, Y. Jernite, D. Sontag, A. Rush, *Character-Aware Neural Language Models*, AAAI (2016). F. Yu, V. Koltun, *Multi-Scale Context Aggregation by Dilated Convolutions*, ICLR (2016).
