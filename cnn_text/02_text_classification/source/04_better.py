# %% [markdown] minutes=100
# # Better: words that the network knows before it starts
# Ten thousand sentences are enough to learn what a good review looks like, but not enough to learn English. Whole film reviews, which nobody had to label for this, can teach the words first. Does it help, and how sure are we? This lesson makes such word vectors from nothing but counts, starts the network with them, and measures what they add, and what two other ideas of Kim (2014) add, with honest error bars.
#
# **You will** turn counts of neighbours into word vectors, start an embedding with them, bound the weights of the last layer, and judge every idea by an interval over five seeds.
#
# **You need** the text CNN of lesson 2 of this chapter; logarithms, matrix products, mean and standard deviation.

# %% tags=["nbval-ignore-output"]
from functools import cache

import numpy as np

from lib import datasets, headline, plotting, setup
from lib.checks.cnn_text.text_classification import better as check

setup(seed=0)

# %% [markdown]
# ## What ten thousand sentences cannot teach
# The data are those of the whole chapter: sentences from reviews on Rotten Tomatoes (Pang and Lee, 2005), *fresh* or *rotten*, in parts that share no film. The dev films serve for every comparison; the test films wait for the end. How often has the network seen the words that it must judge by?

# %%
from collections import Counter

from lib.models.snippets import split_snippets
from lib.quiet import keras

encoder, train, dev, test = split_snippets()
seen = Counter(word for tokens in train.tokens for word in tokens)
times = np.array([seen[word] for word in encoder.words[2:]])
dev_words = [word for tokens in dev.tokens for word in tokens]
print(f"{len(train.y):,} sentences to train on, {len(dev.y):,} dev, {len(test.y):,} test")
print(f"{len(times):,} words in the encoder; half of them occur {np.median(times):.0f} times or less in training")
print(
    f"words of the dev sentences that the encoder does not know: {np.mean([w not in encoder.index for w in dev_words]):.1%}"
)

# %% [markdown]
# Every word has 128 numbers in the embedding, and they begin at random. Half of the words get four occurrences or fewer to move away from there. Then comes a new film, a critic calls it *turgid*, a word of two training sentences, and the network looks up a row that is still mostly noise. *Abysmal* it does not know at all.
#
# What is missing is not labels, it is acquaintance with words. And for that we need no labels.

# %% [markdown]
# ## Know a word by the company it keeps
# Here is a word that you have never seen: *"The plot is **zorbic**, the dialogue wooden, and the acting painful."* You know at once what sort of word it is. You know it from its neighbours; J. R. Firth said in 1957: "You shall know a word by the company it keeps."
#
# So let us count company. The IMDB set has 25,000 whole reviews, nearly six million words, almost thirty times as much text as our sentences to train on. We take every eighth of them for now, and the 600 most frequent words. Two words that stand at most five places apart are neighbours; the nearest place counts 1, the next ⅘, and so on down to ⅕, since a close neighbour says more than a far one. `counts[i, j]` adds it all up: how much word `j` stood near word `i`.

# %%
from lib.models.word_vectors import neighbour_counts
from lib.text.reviews import Encoder, clean

sentences = [clean(text).split() for text in datasets.imdb_reviews().texts[::8]]
words = Encoder.of(sentences, most=600).words[2:]
place = {word: number for number, word in enumerate(words)}
numbers = [np.array([place.get(word, -1) for word in sentence]) for sentence in sentences]
counts = neighbour_counts(numbers, len(words), window=5).toarray()
for word in ("waste", "actress", "funny"):
    company = np.argsort(-counts[place[word]])[:7]
    print(f"{word:8} most counted: {'  '.join(words[j] for j in company)}")

# %% [markdown]
# The counts are right, and useless. *The*, *and* and the comma stand near everything, because they are everywhere. What would be remarkable? A neighbour that comes **more often than chance would have it**.
#
# Chance means: if words were thrown together blindly, the pair $(i, j)$ would have the probability $p(i)\,p(j)$. Compare it with the probability that was seen, and take the logarithm:
#
# $$\mathrm{PMI}(i, j) = \log \frac{p(i, j)}{p(i)\; p(j)} \qquad p(i, j) = \frac{c_{ij}}{\sum_{kl} c_{kl}}, \quad p(i) = \frac{\sum_j c_{ij}}{\sum_{kl} c_{kl}}$$
#
# This is the **pointwise mutual information**. 0: just as often as by chance. $\log 10$: ten times as often. Below 0: they avoid each other; but to be sure of *that* takes far more text than we have, and a pair that never met would get $-\infty$. So everything below 0 becomes 0: **positive** PMI, or PPMI.
#
# One repair. PMI loves rare neighbours too much: a word that was seen three times, and once beside *waste*, looks like its best friend. Levy, Goldberg and Dagan (2015) therefore make the neighbours (the *contexts*, the columns) a little more alike before they compare:
#
# $$p_\alpha(j) = \frac{\big(\sum_i c_{ij}\big)^{\alpha}}{\sum_l \big(\sum_i c_{il}\big)^{\alpha}} \qquad \alpha = 0.75 \text{ in place of } p(j)$$
#
# The power makes small numbers relatively larger, so that a rare neighbour counts as less of a surprise.
#
# *Once by hand.* Three words: A and B met 8 times, each of them met C twice, so the rows of the table are $(0, 8, 2)$, $(8, 0, 2)$, $(2, 2, 0)$ and all of it adds up to 24. With $\alpha = 1$: $\mathrm{PMI}(A, B) = \log\frac{8/24}{10/24 \,\cdot\, 10/24} = \log 1.92 = 0.65$ and $\mathrm{PMI}(A, C) = \log 1.2 = 0.18$. With $\alpha = 0.75$ they become 0.69 and $-0.005$, so 0: C, the rare one, is no surprise beside A any more. (In the row of C, the other way round, A keeps 0.22: the power is for contexts only, so that PPMI is not symmetric.)

# %% [markdown]
# ### Exercise · positive PMI  ●●○ · 12 minutes


# %% exercise="positive_pmi"
def positive_pmi(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """How much more often than by chance two words met, as a logarithm; 0 where it was not more often.

    counts: (n_words, n_contexts), >= 0; counts[i, j] is how often context j stood near word i. Need not be symmetric.
    power: the alpha above, for the contexts (columns) only; the words' own p(i) stays as it is.
    Returns max(0, PMI), (n_words, n_contexts), natural logarithm.
    0 where words never met; a word or a context that met nobody at all has a row or a column of zeros, not NaN.
    """
    ### BEGIN SOLUTION
    total = counts.sum()
    p_word = counts.sum(axis=1) / total
    context = counts.sum(axis=0) ** power
    p_context = context / context.sum()
    by_chance = np.outer(p_word, p_context)
    met = counts > 0
    pmi = np.zeros(counts.shape)
    pmi[met] = np.log(counts[met] / total / by_chance[met])
    return np.maximum(pmi, 0)
    ### END SOLUTION


# %% check="positive_pmi" points=2
check.positive_pmi(positive_pmi)

# %% [markdown] hint="positive_pmi"
# Three probabilities: of the pair, of the word, of the context. `np.outer(a, b)` makes the table of all products $a_i b_j$. And take the logarithm only where there is something to take it of.

# %% [markdown] hint="positive_pmi"
# $\dfrac{c_{ij} / N}{p(i)\, p_\alpha(j)}$ with $N$ = `counts.sum()`, $p(i)$ from `counts.sum(axis=1)`, and $p_\alpha(j)$ from `counts.sum(axis=0) ** power`, divided by its own sum. With `met = counts > 0`, `table[met]` are the cells of the pairs that met, and you can assign to them.

# %% [markdown] hint="positive_pmi"
# ```python
# total = counts.sum()
# p_word = counts.sum(axis=1) / total
# context = counts.sum(axis=0) ** power
# by_chance = np.outer(p_word, context / ...)
# met = counts > 0
# pmi = np.zeros(counts.shape)
# pmi[met] = np.log(... / by_chance[met])
# return np.maximum(pmi, 0)
# ```

# %% [markdown]
# The table by hand, and the three words of before, their neighbours ordered by your numbers now:

# %%
table = positive_pmi(counts)
print("by hand:", positive_pmi(np.array([[0.0, 8, 2], [8, 0, 2], [2, 2, 0]])).round(2).tolist())
for word in ("waste", "actress", "funny"):
    company = np.argsort(-table[place[word]])[:7]
    print(f"{word:8} most surprising: {'  '.join(words[j] for j in company)}")
print(f"cells that are not 0: {np.mean(table > 0):.0%}")

# %% [markdown]
# **What you should see:** *waste* keeps company with *your*, *time* and *money*. Commas and articles are gone. No dictionary was needed, no label, only counting.

# %% [markdown]
# ## From company to vectors
# A row of the table describes a word by 600 numbers, and all 29,516 words of the reviews would have as many numbers each. That is too long, and too literal: *actor* and *actress* should be alike because their neighbours are *alike*, not only where these are the very same words. Both problems have one answer: keep only the few **directions** in which the rows differ most.
#
# Every matrix $M$ can be written as
#
# $$M = U\, S\, V^\top = \sum_k s_k\, u_k v_k^\top, \qquad s_1 \ge s_2 \ge \dots \ge 0$$
#
# This is the **singular value decomposition**. The columns $u_k$ of $U$ are perpendicular directions with a number for each word, the columns of $V$ the same for the contexts, and the *singular value* $s_k$, on the diagonal of $S$, says how strong direction $k$ is. The first $d$ terms are the best approximation that $d$ directions can give (Eckart and Young, 1936). Words go to the left, contexts to the right, and each side takes half of the strength:
#
# $$\text{vector of word } i = \text{row } i \text{ of } U_d \sqrt{S_d} = \big(u_{i1}\sqrt{s_1}, \dots, u_{id}\sqrt{s_d}\big)$$
#
# Levy and Goldberg (2014) proved that *word2vec*, the famous small network, does nearly the same behind its back: it factors a table of PMI, from every cell of which one constant is subtracted.
#
# *Once by hand.* $M$ has the rows $(1, 2, 2)$ and $(2, 4, 4)$: both point the same way, so one direction holds all of it. $u_1 = (1, 2)/\sqrt5$, $s_1 = 3\sqrt5 = 6.71$, and the words' vectors are $0.447 \cdot 2.59 = 1.16$ and $2.32$. (Or $-1.16$ and $-2.32$: a direction may be turned round, if $V$ turns with it.)

# %% [markdown]
# ### Exercise · vectors  ●○○ · 6 minutes
# NumPy knows the decomposition: `U, S, Vt = np.linalg.svd(table, full_matrices=False)`. `S` is a row of numbers, the strongest first; `Vt` is $V^\top$.


# %% exercise="vectors_of"
def vectors_of(table: np.ndarray, dimensions: int) -> np.ndarray:
    """A short vector for every word, from the strongest directions of the table.

    table: (n_words, n_contexts), for example positive PMI; not always square.
    dimensions: how many directions to keep, at most min(n_words, n_contexts).
    Returns (n_words, dimensions), the rows of U √S; signs and order of the columns are free.
    """
    ### BEGIN SOLUTION
    U, S, _ = np.linalg.svd(table, full_matrices=False)
    return U[:, :dimensions] * np.sqrt(S[:dimensions])
    ### END SOLUTION


# %% check="vectors_of" points=1
check.vectors_of(vectors_of)

# %% [markdown] hint="vectors_of"
# You need two of the three things that `svd` returns. Which one has a row for each word?

# %% [markdown] hint="vectors_of"
# Column $k$ of the answer is column $k$ of $U$ times $\sqrt{s_k}$, for the first `dimensions` columns. NumPy multiplies an array `(n, d)` and a row `(d,)` column by column.

# %% [markdown] hint="vectors_of"
# ```python
# U, S, _ = np.linalg.svd(table, full_matrices=False)
# return U[:, ...] * np.sqrt(S[...])
# ```

# %% [markdown]
# Which words lie near each other? Near means: in the same direction. The measure is the cosine of the angle between two vectors, 1 for the same direction and 0 for a right angle.

# %% tags=["nbval-ignore-output"]
small = vectors_of(positive_pmi(counts), 50)
unit = small / np.linalg.norm(small, axis=1, keepdims=True)
for word in ("actress", "father", "music", "terrible"):
    nearest = np.argsort(-(unit @ unit[place[word]]))[1:7]
    print(f"{word:9} {'  '.join(words[j] for j in nearest)}")

# %% [markdown]
# **What you should see:** *actor* beside *actress*, the family beside *father*, and around *terrible* other words of blame with a few strays among them. All of that from one eighth of the reviews, with a function of three lines.

# %% [markdown]
# ## At full size
# `lib.models.word_vectors` runs your two functions on all 24,904 different reviews, with sparse tables (only the cells that are not 0 are kept) and a randomised SVD (a few strong directions of a large table, without the rest of them). It takes about 15 seconds on two quiet cores, and no network but the one that fetched the reviews. The vectors have 128 numbers, scaled to the size of the random ones that they will replace.

# %% tags=["nbval-ignore-output"]
from lib.models.word_vectors import imdb_vectors

imdb = imdb_vectors()
print(f"{len(imdb.words):,} words, {imdb.vectors.shape[1]} numbers each")
for word in ("abysmal", "turgid", "hilarious", "good"):
    print(f"{word:10}", "  ".join(f"{near} {cosine:.2f}" for near, cosine in imdb.nearest(word, 6)))

# %% figure="word-map" tags=["nbval-ignore-output"]
GROUPS = {
    "praise": "wonderful superb brilliant great",
    "blame": "awful terrible boring stupid",
    "family": "father mother daughter wife",
    "places": "house town city school",
}
chosen = {name: {word: imdb[word] for word in members.split()} for name, members in GROUPS.items()}
plotting.word_map(chosen, title="Sixteen words, placed by the company they keep")

# %% [markdown]
# **What you should see:** the neighbours of *abysmal* and *turgid* say all about them, and a network that knows *terrible* or *dull* knows where to put them. In the map the four groups lie apart. From left to right, the plane tells what films are about from what critics say about films; and what they say, it orders from blame below to praise above. Nobody told the counts what a family is, or what praise is.
#
# Now look at *good*. Among its nearest words is *bad*, with a cosine of about 0.7. Of course: "a good film" and "a bad film" keep the same company. Counts know what a word is *about* better than which *side* it is on. For our task the side is everything, and this is why Kim tried vectors that may still move in training.

# %% [markdown]
# ## Start the embedding with them
# The embedding of the network is a table with a row for each word of the encoder. Three kinds of rows:
#
# - a **known** word gets its vector;
# - **padding** (row 0) gets zeros, it stands for nothing;
# - every **other** word (and `<OTHER>`, row 1, which stands for whatever the encoder does not know) gets random numbers. But which? If they were ten times as large as the vectors, the noisiest rows would shout the loudest; if they were 0, the words would be as silent as padding. Kim gave them **the same spread** as the vectors, and found that it helps a little (section 4.3): mean 0, and the standard deviation $\sigma$ of all numbers in all vectors.
#
# Uniform random numbers from $(-a, a)$ have the standard deviation $a / \sqrt 3$. So $a = \sqrt3\,\sigma$; or draw normal ones with $\sigma$ itself.

# %% [markdown]
# ### Exercise · an embedding to begin with  ●●○ · 10 minutes


# %% exercise="embedding_table"
def embedding_table(words: list[str], vectors: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """The rows that an embedding begins with.

    words: of the encoder; words[0] is padding, words[1] is <OTHER>.
    vectors: word -> (dimensions,), also for words that the encoder does not have.
    rng: draws the random numbers, fresh ones for every row, uniform or normal.
    Returns (len(words), dimensions): row i belongs to words[i]. Padding: zeros. A word with a vector: that vector.
    All others: random numbers of mean 0 and the standard deviation of all numbers in `vectors`.
    """
    ### BEGIN SOLUTION
    known = np.array(list(vectors.values()))
    a = np.sqrt(3) * known.std()
    table = rng.uniform(-a, a, size=(len(words), known.shape[1]))
    for row, word in enumerate(words):
        if word in vectors:
            table[row] = vectors[word]
    table[0] = 0.0
    return table
    ### END SOLUTION


# %% check="embedding_table" points=2
check.embedding_table(embedding_table)

# %% [markdown] hint="embedding_table"
# Fill the whole table with random numbers first, then overwrite the rows that deserve better.

# %% [markdown] hint="embedding_table"
# `np.array(list(vectors.values()))` is an array of all vectors; its `.std()` is $\sigma$, its `.shape[1]` the dimensions. `rng.uniform(-a, a, size=(rows, columns))` with $a = \sqrt3\,\sigma$.

# %% [markdown] hint="embedding_table"
# ```python
# known = np.array(list(vectors.values()))
# a = np.sqrt(3) * ...
# table = rng.uniform(-a, a, size=(..., known.shape[1]))
# for row, word in enumerate(words):
#     if word in vectors:
#         table[row] = ...
# table[0] = ...
# return table
# ```

# %% [markdown]
# ## Or with vectors of others
# **GloVe** (Pennington, Socher and Manning, 2014) was counted on 6 billion words of Wikipedia and newswire, a thousand times as many as our reviews have. The download is 862 MB, so this cell does nothing of the kind unless you say so: set `GLOVE = True`, run it, and run what follows again. Everything below works with either.

# %%
GLOVE = False

if GLOVE:
    vectors = datasets.glove(encoder.words, dimensions=100)
else:
    vectors = dict(zip(imdb.words, imdb.vectors))
    print("vectors from the IMDB reviews (GLOVE = True would download 862 MB and take GloVe's 100 numbers a word)")
known = np.array([word in vectors for word in encoder.words[2:]])
unknown = [word for word in dev_words if word not in encoder.index]
print(
    f"coverage: {known.mean():.1%} of the encoder's words, {known @ times / times.sum():.1%} of the words in training"
)
print("without a vector, for example:", ", ".join(np.array(encoder.words[2:])[~known][:6]))
print(
    f"dev words unknown to the encoder: {len(unknown):,}; {np.mean([word in vectors for word in unknown]):.0%} have a vector"
)

# %% [markdown]
# Nine of ten words of the encoder have a vector, and these make up nearly all of the running text. The rest are names of people and films. The last line shows what is left on the table: two of three words that the encoder must call `<OTHER>` *do* have a vector. In Kim's program the vocabulary held the words of all sentences, test sentences included, so these words found their vectors too. Ours stays as it is, to change one thing at a time; see *What to try next*.

# %% [markdown]
# ## Static, tuned, or both
# What may training do with the vectors? Kim compared:
#
# | Variant | Embedding begins with | in training | Kim's name |
# |---|---|---|---|
# | **rand** | random numbers | changes | CNN-rand |
# | **static** | vectors | stays as it is | CNN-static |
# | **tuned** | vectors | changes | CNN-non-static |
# | **both** | the vectors twice, side by side | one copy stays, one changes | CNN-multichannel |
#
# *Both* gives every filter two **channels**, as a photograph has three: 2 · 128 numbers a word. (Kim added the two outputs of one filter, with the same weights for both channels; here a filter has weights of its own for each, which is what channels usually mean.) The hope: one copy keeps the general meaning, the other learns which side a word is on.
#
# `lib.models.text_cnn_variants` builds the networks. Only the embedding differs: widths 3, 4 and 5 with 128 filters each, dropout 0.5, Adam with 0.001, minibatches of 50. How many numbers do they learn?

# %%
from lib.models import text_cnn_variants

for variant in ("rand", "static", "tuned", "both"):
    model = text_cnn_variants.build(variant, np.zeros((len(encoder), 128)), seed=0)
    learned = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    print(f"{variant:7} {model.count_params():9,} numbers, {learned:9,} of them learned")

# %% [markdown]
# Static learns the fewest by far: six of seven numbers of *rand* stand in the embedding. Here are three epochs of both, from one seed. (The dev loss of *rand* is lowest after two or three, as you saw in lesson 2.) The model of the best epoch is kept.


# %% figure="one-seed" tags=["nbval-ignore-output"]
@cache
def trained(variant: str):
    """A model of that variant with your table, and its history."""
    table = embedding_table(list(encoder.words), vectors, np.random.default_rng(0))
    model = text_cnn_variants.build(variant, table, seed=0)
    return model, text_cnn_variants.train(model, train, dev, seed=0, epochs=3)


curves = {}
for variant in ("rand", "static"):
    _, history = trained(variant)
    curves |= {f"{variant}, training": history["accuracy"], f"{variant}, dev films": history["val_accuracy"]}
assert curves["static, dev films"][0] > curves["rand, dev films"][0] + 0.02
picture = plotting.training_curves(curves, "Random vectors against pretrained ones", "accuracy", "epoch", x=[1, 2, 3])
picture.figure.axes[0].set_xticks([1, 2, 3])
picture

# %% [markdown]
# **What you should see:** after *one* epoch the static network does on new films what the random one does not reach in three. In training, *rand* overtakes: it can turn every row of its embedding to fit the sentences it has, and gets almost nine of ten right in the third epoch. Static cannot, and what it learns carries over; the gap between its two curves is small.
#
# One seed, two variants: a promising picture, and no proof. Another seed might tell another story. We come to that after Kim's last idea.

# %% [markdown]
# ## Max-norm: weights on a leash
# Kim also kept the weights of the last layer short. Every class has a column of weights $w$, one number per filter. After each step, if the column has become longer than 3, it is brought back to that length:
#
# $$w \;\leftarrow\; w \cdot \min\!\Big(1, \frac{3}{\lVert w \rVert}\Big) \qquad \lVert w \rVert = \sqrt{\textstyle\sum_i w_i^2}$$
#
# This is the **max-norm** constraint (Hinton et al., 2012). The direction stays; a column that is short enough is not touched at all. All columns that are allowed form a ball of radius 3, and this is the nearest point of it. An L2 penalty, the sum of all squared weights added to the loss, is different: it pulls at every weight all the time. WildML's network left it out.
#
# *Once by hand.* The column $(3, 4)$ has length 5, and becomes $(1.8, 2.4)$, of length 3. The column $(0.3, 0.4)$ has length 0.5 and stays.

# %% [markdown]
# ### Exercise · max-norm  ●○○ · 6 minutes


# %% exercise="max_norm"
def max_norm(W: np.ndarray, limit: float) -> np.ndarray:
    """Each class's weights, brought back to the limit if they are longer.

    W: (features, classes), the weights of class c are column W[:, c]; only read.  limit: the greatest length, > 0.
    Returns (features, classes). A column of zeros stays a column of zeros.
    """
    ### BEGIN SOLUTION
    length = np.linalg.norm(W, axis=0)
    factor = limit / np.maximum(length, limit)
    return W * factor
    ### END SOLUTION


# %% check="max_norm" points=1
check.max_norm(max_norm)

# %% [markdown] hint="max_norm"
# One length per column, one factor per column. And what happens to a column whose length is 0?

# %% [markdown] hint="max_norm"
# `np.linalg.norm(W, axis=0)` gives the lengths, shape `(classes,)`. The factor is $\min(1, \text{limit} / \lVert w \rVert)$. Dividing by $\max(\lVert w \rVert, \text{limit})$ instead gives the same factor, and never divides by 0.

# %% [markdown] hint="max_norm"
# ```python
# length = np.linalg.norm(W, axis=...)
# factor = limit / np.maximum(length, ...)
# return W * factor
# ```

# %% [markdown]
# Keras has it as `keras.constraints.MaxNorm(3, axis=0)`: the `axis` is the one over which a norm is summed, as in NumPy. The same to six digits? And how long are the columns in the network that you trained above, which has no leash?

# %% tags=["nbval-ignore-output"]
W = np.random.default_rng(0).normal(0, 0.2, size=(384, 2)).astype("float32")
by_keras = keras.ops.convert_to_numpy(keras.constraints.MaxNorm(3, axis=0)(W))
difference = np.abs(max_norm(W, 3.0) - by_keras).max()
print(f"largest difference from Keras below 1e-6: {difference < 1e-6}")
_, history = trained("rand")
print("longest column after each epoch, no bound:", [round(norm, 2) for norm in history["norm"]])

# %% [markdown]
# Look at the second line before you believe in max-norm 3. The columns begin at a length of about 1.3 and reach about 1.8 in three epochs. **The bound is never touched.** In Kim's program the optimiser was another one, Adadelta, the training was longer, and columns may well have grown to 3. With ours, the constraint is a line of code that does nothing. A setting copied from a paper does not bring its effect along.
#
# A bound that *does* hold here is 1: shorter than the columns are at the start. We shall measure both.

# %% [markdown] think="regularise" points=1
# **Think.** The filters come before the last layer. Suppose max-norm keeps the column of *fresh* at length 1. How could the network still become as sure of itself as it likes? And why might *static* vectors be the stronger regularisation?
#
# <!-- BEGIN SOLUTION -->
# The scores are the features times the weights. If the weights may not grow, the features can: larger filter weights (and larger embedding rows) give larger features, and the scores grow all the same. Bounding one layer only moves the growth to another. Static vectors take 1.2 million numbers out of the training altogether: two sentences with the same known words look the same to the network whatever it does, so it cannot learn a sentence by heart through the rows of its rare words.
# <!-- END SOLUTION -->

# %% [markdown]
# ## How sure are we?
# Train the same network twice, with other random numbers for the filters, for dropout and for the order of the sentences, and you get another accuracy, a point or two away. An idea that adds half a point cannot be told from luck by one run each.
#
# So we take $n = 5$ seeds. Each seed gives every variant the same starting filters, the same order of sentences, and the same dev films: run $s$ of *static* and run $s$ of *rand* belong together, they are a **pair**. What counts are the $n$ differences $d_s = a_s - b_s$. Their mean is the gain. How far may it be off? Their standard deviation is
#
# $$s_d = \sqrt{\tfrac{1}{n-1} \textstyle\sum_s (d_s - \bar d)^2}$$
#
# and the mean of $n$ of them varies by $s_d / \sqrt n$ only. With so few runs, $s_d$ itself is a rough guess, and Student's *t* distribution with $n - 1$ degrees of freedom, which is wider than the normal one, makes up for it. With $t_{n-1}(q)$, its quantile: the number that it stays below with probability $q$,
#
# $$\bar d \;\pm\; t_{n-1}\!\big(\tfrac{1 + \text{level}}{2}\big) \cdot \frac{s_d}{\sqrt n}$$
#
# The level is, say, 0.95. 5 % of the luck is left out, half of it on each side, so $t$ is the 0.975 quantile: `scipy.stats.t.ppf(0.975, n - 1)`. For five runs it is 2.78, not the 1.96 of the normal distribution. Subtracting first makes the interval narrower if a seed that is lucky for one is lucky for the other, too.
#
# *Once by hand.* Gains of 3, 4, 3, 2 and 3 points: mean 3, $s_d = \sqrt{(0 + 1 + 0 + 1 + 0)/4} = 0.71$, half the width $2.78 \cdot 0.71 / \sqrt5 = 0.88$. So 3 ± 0.9.

# %% [markdown]
# ### Exercise · an interval of paired differences  ●●○ · 10 minutes

# %% exercise="paired_interval"
from scipy import stats


def paired_interval(a: np.ndarray, b: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """The mean gain of a over b, and the ends of its confidence interval.

    a, b: (n,) results; a[s] and b[s] are from the same seed; n >= 2.  level: 0 … 1, the confidence.
    Returns (mean, low, high) of a - b, by Student's t with n - 1 degrees of freedom.
    """
    ### BEGIN SOLUTION
    d = a - b
    n = len(d)
    t = stats.t.ppf((1 + level) / 2, n - 1)
    half = t * d.std(ddof=1) / np.sqrt(n)
    return d.mean(), d.mean() - half, d.mean() + half
    ### END SOLUTION


# %% check="paired_interval" points=2
check.paired_interval(paired_interval)

# %% [markdown] hint="paired_interval"
# Subtract first. From then on there is one sample of $n$ numbers, and `a` and `b` are not needed any more.

# %% [markdown] hint="paired_interval"
# `d.std(ddof=1)` divides by $n - 1$ (without `ddof` NumPy divides by $n$). Half the width is $t \cdot s_d / \sqrt n$ with $t$ = `stats.t.ppf((1 + level) / 2, n - 1)`.

# %% [markdown] hint="paired_interval"
# ```python
# d = a - b
# n = len(d)
# t = stats.t.ppf(..., ...)
# half = t * d.std(ddof=...) / ...
# return d.mean(), d.mean() - half, d.mean() + half
# ```

# %% [markdown]
# ## Thirty trainings
# Six variants and five seeds are thirty trainings: too long for a notebook. They were made with `make bench ARGS=text_cnn_variants`, which writes every run into the table that the next cell reads, `data/pretrained/text-cnn-variants.csv`. It is the same code as in your training above, up to eight epochs, stopped when the dev loss has not fallen for two; the epoch with the lowest dev loss counts. Delete the table and run the command, and you have your own.
#
# The dotted line is the baseline of lesson 1: TF-IDF of words and pairs of words with logistic regression, 77.3 % on the dev films.

# %% figure="gains"
runs = text_cnn_variants.read_runs()  # from the table
accuracy = {name: 100 * values for name, values in text_cnn_variants.accuracies(runs).items()}


def gain(variant: str) -> tuple[float, float, float]:
    return paired_interval(accuracy[variant], accuracy["rand"])


gains = {name: gain(name) for name in accuracy if name != "rand"}
for name, (mean, low, high) in gains.items():
    print(f"{name:11}{accuracy[name].mean():7.2f} %   gain {mean:+.1f}, from {low:+.1f} to {high:+.1f}")
plotting.paired_gains(
    accuracy,
    gains,
    title="What each idea adds to the text CNN",
    ylabel="accuracy on the dev films (%)",
    marks={"TF-IDF (lesson 1)": 77.3},
)

# %% [markdown]
# **What you should see:** every single run that begins with vectors lies above every run that does not, and above the dotted line. Vectors add more than three points; the intervals are far from 0. How they are used hardly matters on these films: *static*, *tuned* and *both* are within half a point of each other, less than one of them varies from seed to seed.
#
# Now *max-norm 3*. Its largest column in any run was 1.96, so the bound was never reached, and yet its runs differ from those of *rand* by up to 0.6 points. It is the same network with the same seed, and on our machine two runs of *rand* with one seed are equal to the last digit. But Keras divides and multiplies by the norm all the same, the seventh digit is rounded differently, and training blows that up. **This is the noise floor: a difference of half a point between two single runs means nothing at all,** not even with one seed. (Means of five runs are steadier, and their intervals say how much.) *Max-norm 1* is really at work, gains a little, and its interval contains 0: five seeds cannot tell. Zhang and Wallace (2017) found as well that a norm constraint does little for this network.
#
# Did it help to subtract seed by seed? For *max-norm 3* very much, its lines on the left run along with those of *rand*. For the others hardly: a seed that is lucky with random vectors need not be lucky with others. Pairs are worth making whenever they cost nothing, and here they do.

# %% [markdown]
# ## What the interval does not know
# The seeds differ, but the 1,411 dev sentences are always the same. So the interval says what five *other seeds* would give on these films. It does not say what *other films* would give. Sentences about one film share its words, so we must not pretend that they are 1,411 independent facts: there are only 55 films.
#
# The **bootstrap** of lesson 1 asks the question directly: draw 55 films from the 55, with replacement, and compute the gain on those; do it ten thousand times. The middle 95 % of these gains are an interval for other films. The table keeps how many sentences about each film a run got right, so nothing needs to be trained:


# %%
def right_per_film(variant: str) -> np.ndarray:
    """The mean over the seeds, for each dev film in alphabetical order."""
    return np.mean([run.right for run in runs if run.variant == variant], axis=0)


films, sentences_about = np.unique(dev.films, return_counts=True)
more_right = right_per_film("static") - right_per_film("rand")
drawn = np.random.default_rng(0).integers(len(films), size=(10_000, len(films)))
on_other_films = 100 * more_right[drawn].sum(axis=1) / sentences_about[drawn].sum(axis=1)
low, high = film_interval = np.percentile(on_other_films, [2.5, 97.5])
print(f"static above rand, other films: from {low:+.1f} to {high:+.1f} points")
print(f"films on which static is better: {np.mean(more_right > 0):.0%}, worse: {np.mean(more_right < 0):.0%}")

# %% [markdown]
# **What you should see:** the interval for other films, 1.1 to 5.4, is much wider than that for other seeds, 2.1 to 4.6. It stays above 0, but *+3.3* may well be +1.5 or +5 on films that you choose. On more than a third of the films the vectors do harm. To know a gain better, more seeds do not help from here on; more films would.

# %% [markdown]
# ## Once on the test films
# We choose by the dev films, before we look: *both* has the highest mean, but its lead over *static* is a fraction of a point, with 0 inside its interval; where variants cannot be told apart, take the one that learns the fewest numbers. So *static*. The test films get one look, with the model that you trained above.

# %% tags=["nbval-ignore-output"]
model, _ = trained("static")
right = text_cnn_variants.classified_rightly(model, test)
print(f"static, one seed, {len(test.y):,} sentences about {len(set(test.films))} test films: {right.mean():.1%}")
assert 0.72 < right.mean() < 0.85

# %% [markdown]
# Sobering: about 75 to 77 %. What do five seeds say? No command of the course makes this comparison; it was made once aside, with `build` and `train` of `lib.models.text_cnn_variants`, just as for the table, and the best epochs were then asked about the test films. *Static* had 75.6 to 77.5, mean 76.7, and *rand* 74.8 to 75.9, mean 75.2. So on these 48 films the vectors gained 1.5 points, not 3.3, which brings the network level with the baseline of lesson 1 (76.6). Did we do something wrong? No; this is what the wide interval said: films differ, and the dev films happen to suit the vectors better. The choice was made by looking at dev, and such a number is always a little flattered. The gain is most likely real and smaller than three points. **That is why there is a test part, and why you look at it last.**

# %% [markdown]
# ## Kim's numbers, and ours
# Kim (2014) measured on MR, 10,662 sentences from the same source, in ten folds: ten trainings, each tested on another tenth of the sentences. `make bench ARGS=mr_ten_folds` does the same with our networks and vectors (half an hour). As in Kim's program, there the encoder also knows the words of MR that have a vector but do not occur in training. The third row is that of the figure above, the mean of five seeds:
#
# | accuracy, % | rand | static | tuned (non-static) | both (multichannel) |
# |---|---|---|---|---|
# | Kim, MR, ten folds | 76.1 | 81.0 | 81.5 | 81.1 |
# | here, MR, ten folds | 76.9 | 77.4 | 78.8 | 78.9 |
# | here, dev films | 75.9 | 79.2 | 79.2 | 79.7 |
#
# Without vectors, ours is level with Kim's. With them the gain is much smaller on MR than Kim's five points: two points for *tuned* and *both*, and for *static* half a point, with *rand* ahead in as many folds as not. And here it *does* matter what training may do with the vectors: *tuned* beats *static* by a point and a half, in nine of ten folds. On the dev films the two were equal. One set of sentences does not settle such a question, however many seeds you take. What is different from Kim, and from one of our rows to the other:
#
# - **Other sentences, another split.** The folds of MR cut through the films, so that test sentences are often about films seen in training. Our dev films are new, and 64 % of their sentences are fresh; MR is half and half.
# - **Other vectors.** Kim's had 300 numbers a word and came from word2vec on 100 billion words of news; ours have 128 from six million words of film reviews, 17,000 times less text, but all of it about films.
# - **Words of the test sentences.** On MR they get their vectors, with Kim and with us. In the last row they do not: 8.5 % of the dev words are `<OTHER>`.
# - **Other training.** Kim: Adadelta, 100 filters a width, max-norm 3. Here: Adam, 128 filters, no max-norm.

# %% [markdown] think="antonyms" points=1
# **Think.** In the static vectors *good* and *bad* lie close together. Yet on new films the network with static vectors beats the one that learns its embedding from labels. How can filters tell the two words apart, and why does it help that *superb*, *wonderful* and *excellent* lie together, too?
#
# <!-- BEGIN SOLUTION -->
# Close is not equal. The cosine of *good* and *bad* is about 0.7, an angle of 45 degrees or so: they share what they are about and differ in other directions, and a filter is a direction. Its weights can ignore what the two have in common and read only the difference. Once a filter has found that direction from the frequent words, it applies to *every* word that has a part along it, also to *turgid*, which training showed twice. With random rows, each of these words must be learned on its own.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - Words of one kind keep the same company. Counting neighbours, comparing with chance (**positive PMI**), and keeping the strongest directions (**SVD**) gives **word vectors**, without a label.
# - An embedding **begins** with them: vectors for known words, random numbers of the same spread for the others, zeros for padding.
# - Such vectors know what a word is about better than which side it is on; they help all the same, because what is learned from a frequent word holds for its rare relatives.
# - **Static**, **tuned**, and both as two **channels** could not be told apart on the dev films, where static learns the fewest numbers; on MR, tuned was a point and a half ahead.
# - **Max-norm** brings weights that are too long back to a limit. Look whether the limit is ever reached before you praise it.
# - Report **differences over several seeds, paired, with an interval**; and remember which luck the interval covers: seeds, not films. The bootstrap over films was wider, and the test films and MR gave less than the dev films.

# %%
mean, low, high = gain("static")
headline(
    metric="movie snippets, gain of pretrained (static) word vectors on the dev films, points, five seeds",
    value=f"{mean:+.1f} (95 % interval for other seeds {low:+.1f} to {high:+.1f}, for other films {film_interval[0]:+.1f} to {film_interval[1]:+.1f})",
    published="+4.9 on MR (81.0 against 76.1), with vectors from 100 billion words",
    source="Kim 2014, Table 2",
)

# %% [markdown]
# ## What to try next
# - **More words.** Give the encoder every word that has a vector, `Encoder(encoder.words + tuple(...))`, so that the dev words that are `<OTHER>` now get theirs. With static vectors it costs no training time.
# - **GloVe.** Set `GLOVE = True`. A thousand times as much text, but newswire in place of film reviews: which wins?
# - **Where *good* and *bad* go.** Train *tuned*, take the rows of the two words out of `model.get_layer("tuned")`, and compare their cosine with that of before. Kim's Table 3 shows how neighbours change.
# - **Fewer labels.** Train *rand* and *static* on 1,000 sentences. What do you expect of the gain?
# - **Settings.** Other windows, dimensions or powers in `train_vectors`; Levy, Goldberg and Dagan (2015) tried them all.

# %% [markdown]
# ## References
# - Y. Kim, "Convolutional Neural Networks for Sentence Classification", EMNLP 2014: section 2.1 (dropout and max-norm), section 3.3 (the variants), Table 2 (results), Table 3 (neighbours before and after tuning).
# - O. Levy and Y. Goldberg, "Neural Word Embedding as Implicit Matrix Factorization", NIPS 2014.
# - O. Levy, Y. Goldberg and I. Dagan, "Improving Distributional Similarity with Lessons Learned from Word Embeddings", *TACL* 3, 2015: the smoothed contexts and the square root of S.
# - J. Pennington, R. Socher and C. D. Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014.
# - Y. Zhang and B. Wallace, "A Sensitivity Analysis of (and Practitioners' Guide to) Convolutional Neural Networks for Sentence Classification", IJCNLP 2017.
# - G. E. Hinton et al., "Improving neural networks by preventing co-adaptation of feature detectors", 2012: max-norm with dropout.
# - B. Pang and L. Lee, "Seeing Stars", ACL 2005: the sentences. A. L. Maas et al., "Learning Word Vectors for Sentiment Analysis", ACL 2011: the IMDB reviews.
# - D. Britz, "Implementing a CNN for Text Classification in TensorFlow", WildML, 2015, which leaves pretrained vectors and the norm constraint as exercises.
