# %% [markdown] minutes=95
# # From pixels to words
# A filter is a small picture of what it looks for. In this lesson you cut one out of a photograph and it finds the rest of its kind; then you cut one out of a sentence, and it finds phrases that nobody wrote in quite these words.
#
# **You will** slide a filter over an image, turn a sentence into a matrix, find phrases softly, boil a sentence down to one number per filter in two ways, and move a phrase to see what that number does not notice.
#
# Needs: the lesson *Convolution by hand* (a window that slides, narrow outputs), and the length and the dot product of two vectors.

# %%
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.datasets import load_sample_image

from lib import datasets, headline, plotting, setup
from lib.checks.cnn_text.understanding_convolutions import from_pixels_to_words as check

setup(seed=0)

# %% [markdown]
# ## Two directions
# Convolutional networks grew up on images, so let us begin there. An image in shades of grey is a matrix: one number for each pixel, here from 0 (black) to 1 (white). Ours is a photograph of a tower of the Summer Palace in Beijing (by danielbuechele on Flickr, CC BY 2.0) that comes with scikit-learn. The next cell weighs red, green and blue as the eye does and then takes the mean of every block of 4 × 4 pixels.

# %%
photo = load_sample_image("china.jpg")[:424] @ np.array([0.299, 0.587, 0.114]) / 255
image = photo.reshape(106, 4, 160, 4).mean(axis=(1, 3))
print("photograph", photo.shape, "→ image", image.shape)

# %% [markdown]
# A filter is now a small matrix, and it slides to the right *and* downwards. Let $X$ be the image, $W$ the filter, $h \times w$ its size ($h$ rows and $w$ columns; a small $w$ is a width here, not a weight). The output $Y_{r,c}$ belongs to the window whose upper left corner is at row $r$, column $c$:
#
# $$Y_{r,c} = \sum_{a=0}^{h-1} \; \sum_{b=0}^{w-1} W_{a,b} \, X_{r+a,\, c+b}$$
#
# *Once by hand:* the image $\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}$ and the filter $\begin{pmatrix} 1 & 0 \\ 0 & 10 \end{pmatrix}$ give two outputs, $1 \cdot 1 + 10 \cdot 5 = 51$ and $1 \cdot 2 + 10 \cdot 6 = 62$. An image of $R \times C$ pixels has $(R - h + 1) \times (C - w + 1)$ outputs: the size formula of the last lesson, once for each direction.
#
# Two loops over $r$ and $c$ do it. NumPy can also cut out all windows at once, without copying a single number: an array with four axes, of which the first two say *which window* and the last two *where in the window*.

# %%
small = np.array([[1, 2, 3], [4, 5, 6]])
windows = sliding_window_view(small, (2, 2))
print("windows:", windows.shape)
print(windows[0, 1])

# %% [markdown]
# There is one row of two windows, each of 2 × 2, and the second of them is printed.
#
# ### Exercise · slide in two directions  ●○○ · 10 minutes
# With loops or with `sliding_window_view`, as you like.


# %% exercise="convolve_image"
def convolve_image(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The outputs of a filter at every place where its window lies inside the image; the filter is not turned around.

    image: (rows, columns).  weights: (h, w), with h <= rows and w <= columns.
    Returns (rows - h + 1, columns - w + 1); output [r, c] belongs to the window whose upper left corner is [r, c].
    """
    ### BEGIN SOLUTION
    windows = sliding_window_view(image, weights.shape)
    return np.sum(windows * weights, axis=(2, 3))
    ### END SOLUTION


# %% check="convolve_image" points=2
check.convolve_image(convolve_image)

# %% [markdown] hint="convolve_image"
# One window, one number: multiply it with the filter entry by entry and add everything up. Then do that for every window. How many are there downwards, and how many to the right?

# %% [markdown] hint="convolve_image"
# The window at $(r, c)$ is `image[r : r + h, c : c + w]`. With `sliding_window_view(image, (h, w))`, all windows together have the shape `(n_rows, n_columns, h, w)`; `weights` is multiplied into the last two axes by itself, and these two are added up.

# %% [markdown] hint="convolve_image"
# ```python
# windows = sliding_window_view(image, weights.shape)
# return np.sum(... * ..., axis=(2, 3))
# ```
# or
# ```python
# h, w = weights.shape
# outputs = np.zeros((image.shape[0] - h + 1, ...))
# for r in range(outputs.shape[0]):
#     for c in range(outputs.shape[1]):
#         outputs[r, c] = np.sum(...)
# return outputs
# ```

# %% [markdown]
# ## What a filter looks for
# WildML's post shows two filters without code. The first takes the mean of a pixel and its neighbours (here 5 × 5 pixels together). The second takes the difference between a pixel and its four neighbours.

# %% figure="blur-edges"
blur = np.full((5, 5), 1 / 25)
edges = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
plotting.filter_maps(
    image,
    {"blur": (blur, convolve_image(image, blur)), "edges": (edges, convolve_image(image, edges))},
    title="Two filters on one photograph",
)

# %% [markdown]
# **What you should see:** the mean blurs: columns and leaves run into each other. The difference keeps only the edges. The sky is even, so its outputs are about 0 (white); beside the roofs, the columns and in the leaves, purple (below 0: darker than the neighbours) and orange (above 0: lighter) lie side by side. The outputs are a few rows and columns fewer than the image, 4 for the blur and 2 for the edges.
#
# Two things make a filter so cheap. It is **local**: an output sees 9 pixels and not all 16,960. And its weights are **shared**: the same 9 numbers serve all 16,432 places. A fully connected layer with as many outputs would have 16,432 × 16,960 weights, 279 million.
#
# Now make a filter on purpose. Multiply a window with a filter and add up: the sum is largest where the window is light where the filter is large, and dark where it is small. In other words, **a filter is a small picture of what it looks for**. So cut one out of the photograph: the left tip of the middle roof. Subtract its mean, so that an even surface gives 0, and divide by its length.

# %% figure="roofs"
corner = image[42:49, 20:29]
corner = corner - corner.mean()
corner = corner / np.linalg.norm(corner)
plotting.filter_maps(
    image,
    {"tip of a roof": (corner, convolve_image(image, corner))},
    title="A filter cut out of the image",
    strongest=3,
)

# %% [markdown]
# **What you should see:** three frames, on the left tips of the three roofs: the three strongest places, where a window that overlaps a stronger one is skipped (the neighbours of a match are strong, too). Frame 1 is the place that the filter was cut from (output 1.99). Frame 2 is the roof above it (1.96) and frame 3 the roof below (1.24). Pixel for pixel, neither is the same as the first; you would not find them by comparing for equality. **A filter matches softly.** (Its output also grows with the contrast: the pale far shore could never win. Weights and outputs are orange above 0 and purple below; the colours end where 99 % of the outputs lie, so the few largest share the last one.)

# %% [markdown]
# ## Filters on filters
# The outputs of a filter are an image again, so the next filter can look at them. Set the outputs of the edge filter to 0 where they are negative (an activation like this is called **ReLU**, for *rectified linear unit*), and blur what is left with 9 × 9 weights of 1/81 each:

# %% figure="detail"
edge_map = np.maximum(0, convolve_image(image, edges))
mean = np.full((9, 9), 1 / 81)
plotting.filter_maps(
    image, {"detail": (mean, convolve_image(edge_map, mean))}, title="A mean of edges: where is detail?"
)

# %% [markdown]
# **What you should see:** light where there is much detail (the outline of the tower, the tips of its roofs, the tree on the right), grey in the leaves below; black where there is none (sky, lake). No single filter could tell you that: "many edges, whichever way they go" is made of edges. This is **compositionality**: a layer builds larger things from the smaller ones of the layer below, in a trained network edges from pixels, shapes from edges, faces from shapes. And each layer sees more: a window of 9 × 9 over windows of 3 × 3 reaches over 11 × 11 pixels.

# %% [markdown] think="relu-between" points=1
# **Think.** Why "no single filter"? Leave out the ReLU: then the blur of the edges *is* the output of one single filter of 11 × 11. Why, and what does it show of this photograph?
#
# <!-- BEGIN SOLUTION -->
# Without the ReLU each output is a weighted sum of weighted sums of pixels, which is a weighted sum of pixels: the two filters melt into one of 11 × 11. It shows nearly nothing. The edge filter is as much above 0 on the light side of an edge as it is below 0 on the dark side, and the mean adds the two up to about 0. The activation between two layers keeps one of the sides; only with it two layers are more than one.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A sentence is a matrix, too
# Now the same with words. The rows of our matrix will be **word vectors**: 128 numbers for each word, computed from 25,000 IMDB reviews in such a way that words which keep the same company get vectors which point the same way. ("A truly … film": what stands there, stands there with the same neighbours.) How, does not matter here; the code is short and lies in `lib/models/word_vectors.py`. It takes 15 to 30 seconds.

# %%
from lib.models.word_vectors import imdb_vectors
from lib.text.reviews import clean

space = imdb_vectors()
vectors = dict(zip(space.words, space.vectors, strict=True))
print(f"about {round(len(vectors), -2):,} words with {space.vectors.shape[1]} numbers each")

# %% [markdown]
# How near are two words? Take the **cosine** of the angle between their vectors: divide each vector by its length, so that it has length 1, and take the dot product. 1 means the same direction, 0 a right angle.

# %% tags=["nbval-ignore-output"]
for word in ("boring", "entertaining", "awful"):
    print(f"{word:13}", ", ".join(f"{other} {cosine:.2f}" for other, cosine in space.nearest(word, 5)))

# %% [markdown]
# Near-synonyms, just what a soft match needs. So let every row of a sentence's matrix have length 1; then products of rows are cosines. A few words have no vector (about 3 % of those in our reviews). They become a row of zeros: such a word keeps its place, and is near to nothing.

# %% [markdown]
# ### Exercise · a sentence as a matrix  ●○○ · 8 minutes


# %% exercise="sentence_matrix"
def sentence_matrix(words: list[str], vectors: dict[str, np.ndarray]) -> np.ndarray:
    """The words' vectors below each other, each divided by its length.

    words: n of them, n >= 1.  vectors: word -> (d,), never all zeros; only read.
    Returns (n, d): row i is the vector of words[i], scaled to length 1, or zeros if that word has no vector.
    """
    d = len(next(iter(vectors.values())))  # all vectors are equally long
    X = np.zeros((len(words), d))
    ### BEGIN SOLUTION
    for i, word in enumerate(words):
        if word in vectors:
            X[i] = vectors[word] / np.linalg.norm(vectors[word])
    return X
    ### END SOLUTION


# %% check="sentence_matrix" points=1
check.sentence_matrix(sentence_matrix)

# %% [markdown] hint="sentence_matrix"
# `X` is full of zeros already. Go through the words by their number, and fill in a row for each word that has a vector.

# %% [markdown] hint="sentence_matrix"
# The length of a vector $v$ is $\lVert v \rVert = \sqrt{\sum_m v_m^2}$, in NumPy `np.linalg.norm(v)`. Row $i$ is $v / \lVert v \rVert$, a new array. `word in vectors` says whether there is one.

# %% [markdown] hint="sentence_matrix"
# ```python
# for i, word in enumerate(words):
#     if word in ...:
#         X[i] = ... / np.linalg.norm(...)
# return X
# ```

# %% [markdown]
# ## A phrase as a filter
# Here is the point of the lesson. A sentence is an image with a row for each word, 128 pixels wide. Cut a small picture out of an imaginary sentence, the two words *utterly boring*: a matrix of 2 × 128. Divide by 2, and you have a filter whose output is
#
# $$y_i = \tfrac12 \big( \cos(x_i, \textit{utterly}) + \cos(x_{i+1}, \textit{boring}) \big)$$
#
# where $x_i$ is the vector of word $i$: the **mean cosine** of the two words in the window with the two words in the filter. Exactly *utterly boring* gives 1. And no new code is needed: the filter is as wide as the "image", so that it can only slide downwards, and the outputs of `convolve_image` are a single column.


# %%
def phrase_filter(phrase: str) -> np.ndarray:
    """The filter that looks for a phrase: (n_filter, d)."""
    words = phrase.split()
    return sentence_matrix(words, vectors) / len(words)


# %% [markdown]
# Slide it over a real sentence about the film *Trapped*, from Rotten Tomatoes: "Never engaging, utterly predictable and completely void of anything remotely interesting or suspenseful." (All review sentences here were collected by Pang and Lee, 2005. `clean` writes all in lower case, makes a comma a word of its own, and leaves out full stops: 14 words here, so 13 windows.)

# %% figure="sentence"
review = "Never engaging, utterly predictable and completely void of anything remotely interesting or suspenseful."
words = clean(review).split()
scores = convolve_image(sentence_matrix(words, vectors), phrase_filter("utterly boring"))[:, 0]
plotting.window_scores(words, scores, "The filter 'utterly boring' slides over a review", "mean cosine")

# %% [markdown]
# **What you should see:** one bar stands out, *utterly predictable* with 0.92, although the word *boring* is nowhere in the sentence. An exact search for *utterly boring* finds nothing here. The other windows are not at 0 either: words that occur in the same kind of text have something in common, here from 0.1 to 0.5, rounded. A network has the bias for that: with a bias of −0.75 and a ReLU, only *utterly predictable* is left.

# %% [markdown]
# ### Exercise · the best match  ●●○ · 8 minutes
# Which words does a filter like best? Return the score *and* the words of the strongest window.


# %% exercise="best_match"
def best_match(words: list[str], W: np.ndarray, vectors: dict[str, np.ndarray]) -> tuple[float, str]:
    """The largest output of a filter over a sentence, and the words of the window that it belongs to.

    words: n of them.  W: (n_filter, d), with n_filter <= n.  vectors: as in `sentence_matrix`.
    Returns the largest output, which may be negative (below -1, too), and the n_filter words of its window, joined by
    spaces. If several windows have the largest output, the first one counts.
    """
    ### BEGIN SOLUTION
    outputs = convolve_image(sentence_matrix(words, vectors), W)[:, 0]
    best = np.argmax(outputs)
    return outputs[best], " ".join(words[best : best + len(W)])
    ### END SOLUTION


# %% check="best_match" points=2
check.best_match(best_match)

# %% [markdown] hint="best_match"
# You need the outputs at every place, the place of the largest one, and the words that stand there. You have functions for the first step.

# %% [markdown] hint="best_match"
# `convolve_image(...)` of the sentence's matrix has the shape $(n - n_{filter} + 1, 1)$; take column 0. `np.argmax` gives the first place $i$ of the largest output. Its window is `words[i : i + len(W)]`, and `" ".join(...)` makes one text of it.

# %% [markdown] hint="best_match"
# ```python
# outputs = convolve_image(sentence_matrix(words, vectors), W)[:, 0]
# best = np.argmax(...)
# return outputs[best], " ".join(words[... : ...])
# ```

# %% [markdown]
# Now let two filters loose on all review sentences that have at least two words. Each sentence comes with a label: *fresh* (1) if its critic liked the film, *rotten* (0) if not.

# %%
snippets = datasets.movie_snippets()
tokens = [clean(text).split() for text in snippets.texts]
rows = [row for row, words in enumerate(tokens) if len(words) > 1]
sentences, fresh = [tokens[row] for row in rows], snippets.labels[rows]
print(f"{len(sentences):,} sentences, {np.mean(fresh):.1%} of them fresh")

# %% [markdown]
# Which phrases do the filters find? For each filter, the fourteen phrases with the highest score:


# %% figure="found"
def strongest_phrases(phrase: str, count: int = 14) -> dict[str, float]:
    """The phrases that a filter likes best among the best windows of all sentences, the strongest first."""
    W = phrase_filter(phrase)
    found = {words: score for score, words in (best_match(sentence, W, vectors) for sentence in sentences)}
    return dict(sorted(found.items(), key=lambda item: -item[1])[:count])


plotting.phrase_bars(
    {phrase: strongest_phrases(phrase) for phrase in ("highly entertaining", "utterly boring")},
    title="What two filters find in 12,738 sentences",
    xlabel="mean cosine",
)

# %% [markdown]
# **What you should see:** *highly entertaining* is there and gets 1, but *highly enjoyable* (0.96), *highly watchable* and *most entertaining* follow. And *utterly boring* occurs in none of the sentences at all! Yet its filter finds *utterly predictable*, *utterly pointless*, *plain boring*, *incredibly dull*. This is what is meant by a **soft n-gram detector**: an exact list of all pairs of words would need an entry for each of these phrases, and could not know that they belong together.

# %% [markdown]
# It is soft in the wrong places, too. A few phrases under a few filters:

# %% tags=["nbval-ignore-output"]
tests = {
    "terrible acting": ["awful acting", "superb acting", "terrible film"],
    "not amazing": ["not great", "not terrible", "is amazing", "amazing not"],
    "too long": ["bit long", "too short"],
}
for phrase, others in tests.items():
    scores = [best_match(other.split(), phrase_filter(phrase), vectors)[0] for other in others]
    print(f"{phrase:16}", " · ".join(f"{other} {score:.2f}" for other, score in zip(others, scores, strict=True)))

# %% [markdown]
# *Superb acting* is near *terrible acting*, and *too short* near *too long*: opposites keep the same company, so their vectors are near each other. And *not amazing* likes *is amazing* about as much as *not terrible*, as one shared word is worth half of the score. That is why nobody uses filters cut out by hand. A network *learns* its filters, and often the vectors as well, from sentences with labels: there, *superb* and *terrible* are pushed apart. What stays is the mechanism that you see here.

# %% [markdown]
# ## One number per filter: pooling
# A filter gives as many outputs as there are windows, and sentences differ in length. A classifier wants the same number of features from all of them. **Pooling** makes one number from each column of outputs. **Max pooling over time** keeps the largest, **average pooling** the mean:
#
# $$\hat y_f = \max_i Y_{i,f} \qquad\text{or}\qquad \bar y_f = \frac1{n_{out}} \sum_i Y_{i,f}$$
#
# 100 filters give 100 features, whether the sentence has five words or fifty.
#
# One practical matter. To compute with many sentences at a time, their outputs are put into one array, as long as the longest needs it; behind the end of the shorter ones stands **padding**. It is no output. If you let it into the maximum, a sentence whose outputs are all negative gets the 0 of its padding; if you let it into the mean, short sentences are diluted with zeros that nobody said.

# %% [markdown]
# ### Exercise · pooling  ●●○ · 10 minutes


# %% exercise="pool"
def pool(outputs: np.ndarray, n_windows: np.ndarray, kind: str) -> np.ndarray:
    """One number for each sentence and filter.

    outputs: (n_sentences, n_out, n_filters); of sentence s, only outputs[s, :n_windows[s]] count. What stands behind
    them is padding, whatever its value.  n_windows: (n_sentences,), whole numbers from 1 to n_out.
    kind: "max" for the largest output of a sentence, "mean" for the mean.
    Returns (n_sentences, n_filters).
    """
    ### BEGIN SOLUTION
    features = np.zeros((outputs.shape[0], outputs.shape[2]))
    for s, n in enumerate(n_windows):
        if kind == "max":
            features[s] = outputs[s, :n].max(axis=0)
        else:
            features[s] = outputs[s, :n].mean(axis=0)
    return features
    ### END SOLUTION


# %% check="pool" points=2
check.pool(pool)

# %% [markdown] hint="pool"
# Sentence by sentence: cut off the padding first, then pool what is left. Along which of the two axes that are left?

# %% [markdown] hint="pool"
# `outputs[s, :n]` with $n$ = `n_windows[s]` has the shape `(n, n_filters)`: a row for each window, a column for each filter. Time runs downwards, so it is `.max(axis=0)` or `.mean(axis=0)`, which gives `n_filters` numbers.

# %% [markdown] hint="pool"
# ```python
# features = np.zeros((outputs.shape[0], outputs.shape[2]))
# for s, n in enumerate(n_windows):
#     own = outputs[s, ...]
#     features[s] = own.max(axis=...) if kind == "max" else ...
# return features
# ```

# %% [markdown]
# What does each of them keep when a sentence gets longer? Begin with the bare phrase *utterly predictable* and append neutral words, one by one, up to forty of them:

# %% figure="dilution"
rest = """the story takes place in a small town by the sea where two brothers and their father open a shop and the
camera follows them through one long summer until the younger brother leaves for the city and comes back""".split()
W, features = phrase_filter("utterly boring"), {"max": [], "mean": []}
for more in range(len(rest) + 1):
    outputs = convolve_image(sentence_matrix("utterly predictable".split() + rest[:more], vectors), W)
    for kind, values in features.items():
        values.append(pool(outputs[None], np.array([len(outputs)]), kind)[0, 0])
plotting.training_curves(
    {"max over time": np.array(features["max"]), "average": np.array(features["mean"])},
    title="One strong phrase in a longer and longer sentence",
    ylabel="feature 'utterly boring' (mean cosine)",
    xlabel="words after the phrase",
    limits=(0, 1),
)

# %% [markdown]
# **What you should see:** the maximum stays at 0.92, no matter what follows. The average falls steeply, because the one strong window counts only $1 / n_{out}$ of it: after five words it is below 0.3, after ten about 0.2, and in the end, with forty, 0.12. The forty words without the phrase have 0.10: there is hardly a trace of it left. *The maximum asks: did it occur? The average asks: is the sentence full of it?*

# %% [markdown]
# Now for real sentences. Four phrases of praise and four of blame; the outputs of all eight filters over all sentences. The phrases were picked by hand, without negations: with them it goes worse, as you can guess from *not amazing* (of the best fifty for *not funny*, two thirds are rotten). (`cache` keeps them, so that this runs only once.)

# %%
from functools import cache

PRAISE = ["highly entertaining", "great fun", "beautifully shot", "very funny"]
BLAME = ["utterly boring", "truly awful", "terrible acting", "too long"]


@cache
def all_outputs() -> tuple[np.ndarray, np.ndarray]:
    """(n_sentences, n_out, 8) with zeros as padding, and the number of windows of each sentence."""
    filters = [phrase_filter(phrase) for phrase in PRAISE + BLAME]
    n_windows = np.array([len(words) - 1 for words in sentences])
    outputs = np.zeros((len(sentences), n_windows.max(), len(filters)))
    for s, words in enumerate(sentences):
        X = sentence_matrix(words, vectors)
        for f, W in enumerate(filters):
            outputs[s, : n_windows[s], f] = convolve_image(X, W)[:, 0]
    return outputs, n_windows


# %% [markdown]
# For each filter, we take the fifty sentences with the largest feature, once by the maximum and once by the average. How long are they? And how many are of the kind that the phrase speaks of: fresh for praise, rotten for blame? If a filter knew nothing, these would be 58 % and 42 %.


# %%
def top(kind: str, count: int = 50) -> np.ndarray:
    """(8, count): for each filter, the sentences with the largest features."""
    features = pool(*all_outputs(), kind)
    return np.argsort(-features, axis=0, kind="stable")[:count].T


# %% tags=["nbval-ignore-output"]
lengths = np.array([len(words) for words in sentences])
tops = {kind: top(kind) for kind in ("max", "mean")}
print("                      right of 50    median length (words)")
print("filter                max   average  max   average")
for f, phrase in enumerate(PRAISE + BLAME):
    rows = [best[f] for best in tops.values()]
    right = [np.sum(fresh[row] == (phrase in PRAISE)) for row in rows]
    print(
        f"{phrase:20} {right[0]:5} {right[1]:7} {np.median(lengths[rows[0]]):9.1f} {np.median(lengths[rows[1]]):7.1f}"
    )
long = [np.sum(lengths[best] > 15) for best in tops.values()]
print(f"\nmedian length of all sentences: {np.median(lengths):.0f} words")
print(f"longer than 15 words: {long[0]} of the 400 by the maximum, {long[1]} by the average")

# %% [markdown]
# **What you should see:** both kinds of pooling find mostly sentences of the right kind, about 8 of 10 in all eight filters together, and the average is no worse at it. (By filter it varies: *truly awful* with the average gets 30 of 50, and 21 would be chance.) But look at *which* sentences. The maximum finds the phrase in sentences of ordinary length, 16 to 23 words. The average finds mostly very short ones, typically of three to six words (the medians), such as *thoroughly awful* or *an entertaining film*; hardly a sentence of ordinary length can compete. That is the dilution at work. Zhang and Wallace (2015), who tried many settings of such networks, got the best results with max pooling over the whole sentence, and much worse ones with averages.
#
# (*Terrible acting* is among the weakest by the maximum: its filter likes *good*, *great* and *fine acting*, too. They are more than a quarter of its fifty, and about half of its errors.)

# %% [markdown] think="average-forgets" points=1
# **Think.** The average of the outputs of a filter, without any activation, hardly notices the *order* of the words. Why? Write the average as the filter applied to something, and look at *not amazing* against *amazing not*, each in the middle of a long sentence.
#
# <!-- BEGIN SOLUTION -->
# A sum of sums may be added up in any order: $\sum_i \sum_j W_j \cdot x_{i+j} = \sum_j W_j \cdot \big(\sum_i x_{i+j}\big)$. For each $j$ the inner sum runs over all words of the sentence, but for one at an edge. So the average is nearly $\sum_j W_j \cdot \bar x$ with the mean $\bar x$ of all word vectors: a bag of words. Whether *not* comes before or after *amazing* in the middle of the sentence changes nothing. With a wide convolution it changes nothing at all. A ReLU (with a bias) between filter and average would help; the maximum does not need it.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Wherever it stands
# "Utterly predictable, this story about …" or "… a story about two brothers that is utterly predictable": for the verdict it does not matter where the phrase stands. Shifting the input shifts the outputs of a convolution, and the maximum does not care where its largest output stands. This is called **location invariance**. Let us see it: put a phrase before the first word of a sentence, then before the second, and so on until it stands at the end.

# %% [markdown]
# ### Exercise · a phrase on the move  ●●○ · 8 minutes


# %% exercise="at_every_place"
def at_every_place(rest: list[str], phrase: list[str], W: np.ndarray, vectors: dict[str, np.ndarray]) -> np.ndarray:
    """The outputs of a filter over the sentences that have a phrase inserted at each place.

    rest: the other words, n of them, n >= 1.  phrase: k words.  W: (n_filter, d), with n_filter <= n + k.
    vectors: as in `sentence_matrix`.  The arguments are only read.
    Returns (n + 1, n + k - n_filter + 1): row p has the outputs over the sentence in which the phrase stands behind
    the first p words of the rest; row 0 begins with the phrase, row n ends with it.
    """
    ### BEGIN SOLUTION
    outputs = []
    for p in range(len(rest) + 1):
        words = rest[:p] + phrase + rest[p:]
        outputs.append(convolve_image(sentence_matrix(words, vectors), W)[:, 0])
    return np.array(outputs)
    ### END SOLUTION


# %% check="at_every_place" points=2
check.at_every_place(at_every_place)

# %% [markdown] hint="at_every_place"
# Each row is a sentence of its own. How do you make a list from the first `p` words, the phrase, and the other words? How many values can `p` have?

# %% [markdown] hint="at_every_place"
# `rest[:p] + phrase + rest[p:]` is the sentence, for $p = 0, 1, \dots, n$: that is $n + 1$ places, `range(len(rest) + 1)`. Its outputs are the column `[:, 0]` of a convolution. Collect them in a list, and make an array of it.

# %% [markdown] hint="at_every_place"
# ```python
# outputs = []
# for p in range(...):
#     words = rest[:p] + ... + ...
#     outputs.append(convolve_image(sentence_matrix(words, vectors), W)[:, 0])
# return np.array(outputs)
# ```

# %% figure="moving"
rest = "the film opens in paris and follows two brothers".split()
outputs = at_every_place(rest, "utterly predictable".split(), phrase_filter("utterly boring"), vectors)
n_windows = np.full(len(outputs), outputs.shape[1])
plotting.moving_phrase(
    outputs,
    {
        "max": pool(outputs[:, :, None], n_windows, "max")[:, 0],
        "average": pool(outputs[:, :, None], n_windows, "mean")[:, 0],
    },
    title="'utterly predictable' wanders through a sentence",
    label="mean cosine",
)

# %% [markdown]
# **What you should see:** a bright diagonal. Move the phrase by one word and its output moves by one window: this is what *shifting the input shifts the outputs* looks like. The maximum is a straight line, 0.92 in every row: it does not know where the phrase stands. (The average is the same in all inner rows, 0.22, and lower only where the phrase stands first or last, 0.19: there, one of its two words is in one window only.)
#
# So something is lost: the **global order**. What is kept is the **local order**, as far as the filter reaches. Some sentences to test both:

# %% tags=["nbval-ignore-output"]
pairs = [
    ("the start is highly entertaining but the end is utterly boring", ["highly entertaining", "utterly boring"]),
    ("the start is utterly boring but the end is highly entertaining", ["highly entertaining", "utterly boring"]),
    ("it is not amazing at all", ["not amazing"]),
    ("it is amazing not at all", ["not amazing"]),
]
for sentence, phrases in pairs:
    scores = [best_match(sentence.split(), phrase_filter(phrase), vectors)[0] for phrase in phrases]
    print(f"{sentence:64}", " · ".join(f"{phrase} {score:.2f}" for phrase, score in zip(phrases, scores, strict=True)))

# %% [markdown]
# **What you should see:** the first two sentences have the same features, 1 and 1, although they tell of opposite evenings: a max-pooled network of two-word filters cannot tell them apart by these two filters. (It might by others, such as *end is boring*, with three words.) The last two differ: *not amazing* gives 1, and the same words the other way round give about 0.7, which is what *is amazing* alone gets. The filter's first row belongs to the first word and its second row to the second.

# %% [markdown] think="which-task" points=1
# **Think.** For which of these tasks would you expect max pooling to do well, and for which not? (a) Is this e-mail spam? (b) What is this newspaper article about? (c) Which word of the sentence is the verb? (d) Does *man bites dog* mean the same as *dog bites man*?
#
# <!-- BEGIN SOLUTION -->
# (a) and (b): well. A few telling phrases decide, wherever they stand. (c): not, as the place is the very thing that is asked for; one keeps the outputs at each word and does not pool over time. (d): hardly. With filters of three words each sentence is one window, and it could just work; but as soon as the two names stand far apart, their order is global and lost. Some networks add the place of a word to its vector for such tasks.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A filter is a small picture of what it looks for; its output is large where the window is like it. On images it slides in two directions.
# - It is local and its weights are shared, so it is cheap. With an activation in between, layers build larger things from smaller ones.
# - Over a matrix of word vectors, a filter as wide as the matrix is a soft n-gram detector: its output is a mean cosine, and near-synonyms make it fire. So do opposites, while the vectors are not learned for the task.
# - Max pooling over time asks whether a phrase occurs; average pooling is diluted by everything else in a sentence, and without an activation it hardly knows order.
# - After max pooling the place of a phrase is lost, the order of the words within a filter is not.
# - WildML's post tells this in prose and pictures. The code, the photograph's roofs and the experiments on review sentences are new.
#
# The result. How many sentences contain one of the eight phrases word for word, and how many of these are of the right kind? Against them: the fifty strongest of each soft filter. No filter was trained, and no label was used to make one. Do not read the two shares as "soft is more often right": 50 of the 68 exact matches are *too long* (28) and *very funny* (22), and *utterly boring* and *terrible acting* have none, so the mixtures differ, and 68 are few. What is won is the number: every filter fills its fifty places, and is right about as often.

# %%
exact = [
    (f < 4) == label
    for f, phrase in enumerate(PRAISE + BLAME)
    for words, label in zip(sentences, fresh, strict=True)
    if f" {phrase} " in f" {' '.join(words)} "
]
soft = np.concatenate([fresh[row] == (f < 4) for f, row in enumerate(top("max"))])
assert np.mean(soft) > 0.75, f"only {np.mean(soft):.0%} of the {len(soft)} soft matches are right: do all checks pass?"
headline(
    metric="eight two-word filters on 12,738 review sentences: exact matches, and the 50 strongest soft ones of each; share that is fresh for praise, rotten for blame",
    value=f"{len(exact)} exact, {np.mean(exact):.0%} right; {len(soft)} soft, above 75 % right (78 to 80 % for five seeds of the vectors)",
    published="none",
    source="WildML 2015, Understanding Convolutional Neural Networks for NLP, has no measurement",
)

# %% [markdown]
# **What to try next:** ★ Cut another filter out of the photograph (a column? a tree?) and see what else it finds. ★ Write a filter of three words, *not very good*, and compare what it finds with what *not good* finds. ★★ A filter with a gap: zeros in its middle row, for *not … good* with any word between. ★★★ Subtract the mean of all word vectors from each before scaling (Mu and Viswanath 2018). Do the windows without a match come nearer to 0? Do more of the fifty come out right?
#
# **References.** D. Britz, *Understanding Convolutional Neural Networks for NLP*, WildML (2015). I. Goodfellow, Y. Bengio, A. Courville, [*Deep Learning*](https://www.deeplearningbook.org) (2016), sections 9.2 (local and shared) and 9.3 (pooling). Y. Kim, *Convolutional Neural Networks for Sentence Classification*, EMNLP (2014): max over time on word vectors. Y. Zhang, B. Wallace, *A Sensitivity Analysis of (and Practitioners' Guide to) Convolutional Neural Networks for Sentence Classification* (2015): kinds of pooling. O. Levy, Y. Goldberg, I. Dagan, *Improving Distributional Similarity with Lessons Learned from Word Embeddings*, TACL 3 (2015): the settings of our vectors. J. Mu, P. Viswanath, *All-but-the-Top: Simple and Effective Postprocessing for Word Representations*, ICLR (2018). B. Pang, L. Lee, *Seeing stars*, ACL (2005): the review sentences. Photograph: danielbuechele (Flickr), CC BY 2.0, by way of scikit-learn.
