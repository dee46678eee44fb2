# %% [markdown] minutes=120
# # N-grams: the bar to beat
# Count what follows what. It sounds too simple, and it sets the bar that every network of this topic has to beat.
#
# **You will** count n-grams, see why counts alone fail, build Kneser-Ney smoothing step by step, and let it write.
#
# Needs: [the last lesson](01_words_and_numbers.ipynb): tokens, START and END, perplexity.

# %% tags=["nbval-ignore-output"]
from functools import cache

import numpy as np

from lib import datasets, headline, plotting, setup, text
from lib.checks.rnn.language_models import ngrams as check
from lib.models.ngrams import NGrams, single_discount
from lib.text import END, START, UNKNOWN

setup(seed=0)

# %% [markdown]
# ## The last few words
# The chain rule asks for $P(w_t \mid w_1, \dots, w_{t-1})$. Nobody can count that: after a dozen words, almost every
# beginning is new. An **n-gram** model forgets on purpose. It looks at the last $n - 1$ words only, the **context** $h$:
#
# $$P(w_t \mid w_1, \dots, w_{t-1}) \approx P(w_t \mid \underbrace{w_{t-n+1}, \dots, w_{t-1}}_{h})$$
#
# $n = 1$ is the unigram model of the last lesson, with the empty context. $n = 2$ is the *bigram* model (one word of
# context), $n = 3$ the *trigram* model (two words).
#
# Below are the messages as numbers, with the 8,000-word vocabulary. Your functions, written in plain Python, will work on
# the first tenth, `small`. At the end, the same model written with arrays takes all of it.

# %%
corpus = text.chat_corpus()
vocabulary = text.Vocabulary.of(corpus.train, 8000)
train, valid, test = ([vocabulary.encode(sentence) for sentence in part] for part in corpus)
small = [sentence.tolist() for sentence in train[:20_000]]
few = [sentence.tolist() for sentence in valid[:50]]
print(f"{len(train):,} training sentences; small has {sum(map(len, small)) - len(small):,} words to predict")

# %% [markdown]
# ### Exercise · ngram counts  ●●○ · 15 minutes
# Every word after START that has $n - 1$ numbers before it is counted once, with these numbers as its context. Where fewer
# stand before it, there is no n-gram: the word "i" in START i am END has a bigram (START, i), but no trigram. (Others fill
# up with STARTs. We need not, since the shorter contexts will take over there.) A context is a tuple, because a list
# cannot be the key of a dict.


# %% exercise="ngram_counts"
def ngram_counts(sentences: list[list[int]], n: int) -> dict[tuple, dict[int, int]]:
    """How often each word follows each context of n - 1 words.

    sentences: numbers START … END.  n: 1 or more.
    Returns {context: {word: count}}; context is a tuple of n - 1 numbers, () for n = 1. Contexts and words that do not
    occur are not in it, and START is never a predicted word.
    """
    ### BEGIN SOLUTION
    counts = {}
    for sentence in sentences:
        for t in range(max(n - 1, 1), len(sentence)):
            row = counts.setdefault(tuple(sentence[t - n + 1 : t]), {})
            row[sentence[t]] = row.get(sentence[t], 0) + 1
    return counts
    ### END SOLUTION


# %% [markdown]
# The check has corpora so small that they can be counted by hand.

# %% check="ngram_counts" points=2
check.ngram_counts(ngram_counts)

# %% [markdown] hint="ngram_counts"
# For a word at place $t$ of a sentence, where does its context begin, and where does it end? What is the first $t$ that has
# a whole context, and is not START itself?

# %% [markdown] hint="ngram_counts"
# The context is `tuple(sentence[t - n + 1 : t])`, for $t$ from $\max(n - 1, 1)$ on. `counts.setdefault(context, {})` is the
# row of that context, a new one if needed.

# %% [markdown] hint="ngram_counts"
# ```python
# counts = {}
# for sentence in sentences:
#     for t in range(max(..., 1), len(sentence)):
#         row = counts.setdefault(tuple(sentence[... : ...]), {})
#         row[sentence[t]] = row.get(..., 0) + 1
# return counts
# ```

# %% [markdown]
# The simplest model divides: $P(w \mid h) = c(h\,w) / c(h)$, where $c(h) = \sum_w c(h\,w)$. It is the **maximum likelihood**
# estimate: one can show that no other numbers give the training text a higher probability.

# %% figure="maximum-likelihood"
bigrams, trigrams = ngram_counts(small, 2), ngram_counts(small, 3)
panels = {}
for words in (["are"], ["how", "are"], ["lot"], ["san"]):
    row = (bigrams if len(words) == 1 else trigrams)[tuple(vocabulary.index[word] for word in words)]
    total = sum(row.values())
    panels[f"{' '.join(words)} …  ({total:,}×)"] = {vocabulary.words[w]: c / total for w, c in row.items()}
plotting.next_words(panels, "Shares of the words that follow, in a tenth of the text", most=7)

# %% [markdown]
# **What you should see:** one more word of context makes a model much surer: after "are", "you" comes in 28 % of all
# cases, after "how are" in 91 %. Some single words are as telling, like "lot", with "of" in 63 %. On the right, the price:
# "san" was seen twice, and the model takes what came then for all that can ever come.

# %% [markdown]
# ## The zero problem
# What was never seen gets probability 0. One such n-gram in the validation text, and the perplexity is infinite. How often
# does that happen? Here is the share of validation n-grams (every occurrence counts) that the *whole* training part does
# not contain.


# %% figure="unseen"
def numbers_of_ngrams(sentences, n):
    """Every n-gram as one number, in base 8,000; what runs on from one sentence into the next is left out."""
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate(sentences).astype(np.int64), n)
    inside = (windows[:, 1:] != START).all(axis=1)
    return windows[inside] @ 8000 ** np.arange(n)[::-1]


unseen = {}
for n in (1, 2, 3, 4):
    known = np.unique(numbers_of_ngrams(train, n))
    unseen[f"{n}-grams"] = 100 * (1 - np.isin(numbers_of_ngrams(valid, n), known).mean())
plotting.bars(unseen, "Validation n-grams that never occur in 207,056 training sentences", "percent")

# %% [markdown]
# **What you should see:** none of the single words (UNKNOWN takes care of them), 8 % of the bigrams, more than a third of
# the trigrams, two thirds of the 4-grams. More text helps, but not enough: 8,000 words make $8{,}000^3$ = 512 billion
# possible trigrams, and two million were read. A model must take some probability from what it saw and give it to what it
# did not see. That is called **smoothing**.
#
# The oldest idea: add $k$ to every count, those of unseen words included. With $V$ words that can follow (all but START, so
# $V$ is the size of the vocabulary minus 1):
#
# $$P_{+k}(w \mid h) = \frac{c(h\,w) + k}{c(h) + kV}$$

# %% [markdown]
# ### Exercise · add k  ●○○ · 6 minutes
# From one row of counts to the probabilities of all words.


# %% exercise="add_k"
def add_k(row: dict[int, int], k: float, size: int) -> np.ndarray:
    """The probabilities of all words after a context, every count raised by k.

    row: {word: count} after that context, maybe empty.  k: > 0.  size: of the vocabulary, START included.
    Returns an array of shape (size,) that sums to 1; START has probability 0.
    """
    ### BEGIN SOLUTION
    p = np.full(size, float(k))
    p[START] = 0
    for word, count in row.items():
        p[word] += count
    return p / p.sum()
    ### END SOLUTION


# %% [markdown]
# The check adds fractions, word by word.

# %% check="add_k" points=1
check.add_k(add_k)

# %% [markdown] hint="add_k"
# First make an array of raised counts. Then what must you divide by, so that it sums to 1?

# %% [markdown] hint="add_k"
# Start from `np.full(size, k)`, set the entry of START to 0, and add the count of each word in `row`.

# %% [markdown] hint="add_k"
# ```python
# p = np.full(size, float(k))
# p[START] = ...
# for word, count in row.items():
#     p[word] += ...
# return p / ...
# ```

# %% [markdown]
# Which $k$? Measure. `perplexity_of` walks through sentences and asks a model for the probabilities after each context.


# %% figure="add-k"
def perplexity_of(model, sentences):
    """model: from a sentence so far (START first) to the probabilities of all words."""
    logs = [np.log(model(s[:t])[s[t]]) for s in sentences for t in range(1, len(s))]
    return float(np.exp(-np.mean(logs)))


bigrams, ks = ngram_counts(small, 2), [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001]
curve = [perplexity_of(lambda s, k=k: add_k(bigrams.get((s[-1],), {}), k, 8000), few) for k in ks]
plotting.training_curves(
    {"bigrams, add k": curve}, "How much to pretend", "perplexity of 50 messages", "k", ks, log_x=True, log_y=True
)

# %% [markdown]
# **What you should see:** a valley. $k = 1$, which Laplace proposed, is far too generous: 7,999 pretended sightings drown the
# true ones. Even the best $k$ is not good, as you will see. Add-k makes two mistakes. A larger denominator shrinks all
# counts by the same *factor*, so n-grams of which there is good evidence pay most. And every unseen word gets *the
# same*, "the" and "zebra" alike.

# %% [markdown]
# ## A discount, and a shorter context
# Better: take the *same small amount* $d$ from every n-gram that was seen, and let the **shorter context** $h'$ ($h$
# without its first word) say who gets it:
#
# $$P(w \mid h) = \underbrace{\frac{c(h\,w) - d}{c(h)}}_{0 \text{ if unseen}} \;+\; \frac{d\,N(h)}{c(h)}\; P(w \mid h')$$
#
# $N(h)$ is the number of *different* words seen after $h$, so $d\,N(h)$ is exactly what was taken, and everything sums
# to 1. This is **absolute discounting**, in its *interpolated* form: the shorter context has a say about seen words,
# too. A context with many different followers gives much away, and rightly so: after it, anything may come.
#
# Where does it end? Below the empty context lies the uniform distribution, $1/V$ for each word. And a context that was
# never seen changes nothing: $P(w \mid h) = P(w \mid h')$.
#
# How large is $d$? Count the n-grams that occur once, $n_1$, and twice, $n_2$. Then $d = n_1 / (n_1 + 2 n_2)$ is a good
# estimate (Ney, Essen and Kneser 1994); `single_discount` computes it.

# %% [markdown]
# ### Exercise · absolute discount  ●●○ · 10 minutes
# One step of the recursion: from the probabilities after the shorter context to those after the longer one.


# %% exercise="absolute_discount"
def absolute_discount(row: dict[int, int], d: float, lower: np.ndarray) -> np.ndarray:
    """Interpolated absolute discounting after one context.

    row: {word: count} after the context, at least one word, counts >= 1.  d: the discount, from 0 to 1.
    lower: P(w | h'), the probabilities after the shorter context, shape (size,), summing to 1; it is not changed.
    Returns P(w | h), shape (size,), summing to 1.
    """
    ### BEGIN SOLUTION
    total = sum(row.values())
    p = d * len(row) / total * lower
    for word, count in row.items():
        p[word] += (count - d) / total
    return p
    ### END SOLUTION


# %% [markdown]
# The check computes each word's probability on its own, and the sum.

# %% check="absolute_discount" points=2
check.absolute_discount(absolute_discount)

# %% [markdown] hint="absolute_discount"
# Which part of the formula is the same for all words, seen or not? Compute it first, for the whole array.

# %% [markdown] hint="absolute_discount"
# $N(h)$ is `len(row)`, and $c(h)$ is the sum of its counts. The second term is a number times `lower`. Then add
# $(c - d) / c(h)$ for the words in the row.

# %% [markdown] hint="absolute_discount"
# ```python
# total = sum(row.values())
# p = ... * lower
# for word, count in row.items():
#     p[word] += ...
# return p
# ```

# %% [markdown]
# ## "A lot"
# What should the shorter context count? Take the word "lot". It occurs as often as "could", but in 379 of 389 cases
# after "a", and there the bigram model knows it already. Its frequency should not help it anywhere else! When we fall back
# on a shorter context, the longer one was *new*. So ask: **in how many different contexts was this word seen?** Not how
# often.
#
# That is the idea of Kneser and Ney (1995). Below the highest order, the count of $h' w$ becomes the **continuation count**,
# the number of different words $v$ for which $v\,h' w$ occurs:
#
# $$c_{\text{KN}}(h'\,w) = \left|\{ v : c(v\,h'\,w) > 0 \}\right|$$

# %% [markdown]
# ### Exercise · continuation counts  ●●○ · 15 minutes
# From the counts of n-grams to the continuation counts of (n-1)-grams. Each n-gram that was seen, however often, adds 1
# to the (n-1)-gram that is left when its first word is dropped.


# %% exercise="continuation_counts"
def continuation_counts(counts: dict[tuple, dict[int, int]]) -> dict[tuple, dict[int, int]]:
    """After how many different first words each shorter n-gram was seen.

    counts: {context: {word: count}} with contexts of one or more words, as from ``ngram_counts`` with n >= 2.
    Returns {shorter context: {word: number of different first words}}; the shorter context lacks the first word.
    """
    ### BEGIN SOLUTION
    shorter = {}
    for context, row in counts.items():
        new_row = shorter.setdefault(context[1:], {})
        for word in row:
            new_row[word] = new_row.get(word, 0) + 1
    return shorter
    ### END SOLUTION


# %% [markdown]
# The check makes n-grams of which it knows how many words stand before each.

# %% check="continuation_counts" points=2
check.continuation_counts(continuation_counts)

# %% [markdown] hint="continuation_counts"
# Every key `context` of `counts` is a different context. If two of them agree in all but the first word, they end up in the same
# row. Do the counts themselves matter?

# %% [markdown] hint="continuation_counts"
# The new context is `context[1:]`. For every word in the old row, whatever its count, the new row's entry grows by 1.

# %% [markdown] hint="continuation_counts"
# ```python
# shorter = {}
# for context, row in counts.items():
#     new_row = shorter.setdefault(..., {})
#     for word in row:
#         new_row[word] = ... + 1
# return shorter
# ```

# %% [markdown]
# Words of the small corpus, by how often they occur and after how many different words.

# %% figure="continuations"
occurrences = ngram_counts(small, 1)[()]
contexts = continuation_counts(ngram_counts(small, 2))[()]
points = {vocabulary.words[w]: (occurrences[w], contexts[w]) for w in occurrences}
named = ["lot", "could", "oh"]
plotting.occurrences_and_contexts(points, "How often, and in how many places?", named)

# %% [markdown]
# **What you should see:** most words lie in one band: the more often, the more contexts. Far below it are "lot" and "oh",
# which mostly begins a message. "lot" and "could" occur about equally often (389 and 364 times), but "could" after 60
# different words and "lot" after 9. As a guess after a context that nobody knows, "could" is far better.

# %% [markdown]
# ## Kneser-Ney, all levels
# Now stack the levels. Level 0 has the empty context, level 1 contexts of one word, and so on; the highest holds
# occurrences, those below hold continuation counts. One detail: nothing ever stands before START, so for contexts that
# begin with START there is nothing to count, and they keep their occurrences. `kneser_ney_levels` does that with
# your functions.


# %%
def kneser_ney_levels(sentences, order):
    """The counts of each level, the empty context first, and each level's discount."""
    levels = [ngram_counts(sentences, order)]
    for n in range(order - 1, 0, -1):
        level = continuation_counts(levels[0])
        level |= {h: row for h, row in ngram_counts(sentences, n).items() if h[:1] == (START,)}
        levels.insert(0, level)
    counts = [np.array([c for row in level.values() for c in row.values()]) for level in levels]
    return levels, [single_discount(c)[0] for c in counts]


# %% [markdown]
# ### Exercise · kneser ney  ●●● · 25 minutes
# Begin with the uniform distribution over all words but START. Go up through the levels, and let each one improve the
# distribution with `absolute_discount`. A level that does not know the context, or whose context is longer than the
# sentence, changes nothing.


# %% exercise="kneser_ney"
def kneser_ney(levels: list[dict], discounts: list[float], sentence: list[int], size: int) -> np.ndarray:
    """The probabilities of the next word.

    levels: entry n is {context of n words: {word: count}}.  discounts: one for each level.
    sentence: the numbers so far, START first; it may be shorter or longer than the longest context.
    A level that does not know its context, or needs a longer sentence for it, changes nothing.
    size: of the vocabulary.  Returns shape (size,), summing to 1.
    """
    ### BEGIN SOLUTION
    p = np.full(size, 1 / (size - 1))
    p[START] = 0
    for n in range(min(len(levels), len(sentence) + 1)):
        context = tuple(sentence[len(sentence) - n :])
        if context in levels[n]:
            p = absolute_discount(levels[n][context], discounts[n], p)
    return p
    ### END SOLUTION


# %% [markdown]
# The check has levels of its own, and follows the recursion from the top down.

# %% check="kneser_ney" points=3
check.kneser_ney(kneser_ney)

# %% [markdown] hint="kneser_ney"
# The recursion in the formula goes down from long to short. You can go up instead: the result of one level is the `lower` of
# the next. What is the context of level $n$?

# %% [markdown] hint="kneser_ney"
# The last $n$ numbers are `sentence[len(sentence) - n :]`. (Why not `sentence[-n:]`? Try $n = 0$.) Ask `context in
# levels[n]` before you use it.

# %% [markdown] hint="kneser_ney"
# ```python
# p = np.full(size, 1 / (size - 1))
# p[START] = 0
# for n in range(min(len(levels), len(sentence) + 1)):
#     context = tuple(sentence[... :])
#     if context in levels[n]:
#         p = absolute_discount(..., ..., ...)
# return p
# ```

# %% [markdown]
# Your model, and beside it `NGrams` from `lib.models.ngrams`: the same model on sorted arrays, far faster.

# %%
for order in (1, 2, 3):
    levels, discounts = kneser_ney_levels(small, order)
    yours = perplexity_of(lambda s, a=levels, d=discounts: kneser_ney(a, d, s, 8000), few)
    arrays = NGrams(small, order, 8000).perplexity(few)
    print(f"order {order}: discounts {np.round(discounts, 2)}, perplexity {yours:.2f}, with arrays {arrays:.2f}")
    assert abs(yours - arrays) < 1e-6

# %% [markdown]
# On the same 50 messages, the best add-k bigram had perplexity 224. Your Kneser-Ney bigram has 132, from the same counts.

# %% [markdown]
# ## All of the text
# Now the whole training part, 2.4 million words, and all 22,666 validation messages. Three models per order: absolute
# discounting, which counts occurrences at every level; Kneser-Ney; and *modified* Kneser-Ney, in which Chen and Goodman
# (1998) gave n-grams seen once, twice, and more often a discount each.


# %% figure="by-order"
@cache  # fitted once, asked several times
def fitted(order, sentences=None, **options):
    return NGrams(train[:sentences], order, 8000, **options)


measured = {
    kind: {f"{n}-grams": fitted(n, **options).perplexity(valid) for n in (2, 3, 4)}
    for kind, options in (
        ("absolute discounting", {"continuations": False}),
        ("Kneser-Ney", {}),
        ("modified Kneser-Ney", {"modified": True}),
    )
}
plotting.grouped_bars(measured, "Perplexity of the validation messages", "perplexity")

# %% [markdown]
# **What you should see:** the three bigram models are close to each other, from 98 to 94. With absolute discounting, the
# 4-gram model is *worse* than the trigram model. Counting contexts instead of occurrences mends that: 81.0 becomes 74.0 for
# trigrams, 9 % less, and 82.0 becomes 72.1 for 4-grams, 12 % less. Three discounts instead of one take off another 0.3, 1.5
# and 2.1 %, the more the longer the context. The unigram model had 345.5.

# %% [markdown] think="why-worse" points=1
# **Think.** With absolute discounting, the 4-gram model is worse than the trigram model, although it knows strictly more.
# How can that be? Why does Kneser-Ney not suffer from it?
# <!-- BEGIN SOLUTION -->
# The trigram level *inside* a 4-gram model has another task than a trigram model: it is asked mostly where the 4-gram was
# not seen. There, frequent trigrams are overrated: those whose frequency comes from a few frequent 4-grams would
# have been seen as 4-grams. Continuation counts are made for just this task: they count each longer n-gram once. With every
# order more, absolute discounting leans on one more level with the wrong kind of count.
# <!-- END SOLUTION -->

# %% [markdown]
# How much text does each order need? The same models on the first 64th, 16th, quarter, and all of the training sentences.

# %% figure="by-size"
amounts = [len(train) // part for part in (64, 16, 4, 1)]
curves = {
    f"{n}-grams": [*(fitted(n, a).perplexity(valid) for a in amounts[:-1]), fitted(n).perplexity(valid)]
    for n in (1, 2, 3, 4)
}
plotting.training_curves(
    curves,
    "More text",
    "validation perplexity",
    "training sentences",
    amounts,
    log_x=True,
    log_y=True,
    limits=(50, 500),
)

# %% [markdown]
# **What you should see:** unigrams hardly learn from more text: 36,000 words are enough to tell how frequent words are. For
# the others, every quadrupling takes off 13 to 27 %, and the gap between bigrams and trigrams widens from 4 % to 22 %.
# Trigrams and 4-grams lie almost on one line: with little text, long contexts are worth little, but thanks to
# the continuation counts they do no harm here either. None of the three curves has flattened out.

# %% [markdown]
# What does the trigram model expect? Four beginnings; put your own in their place.

# %% figure="next-words"
panels = {}
for beginning in ("i have never", "nice to", "what is your favorite", "the new"):
    p = fitted(3).probabilities(vocabulary.encode(text.tokenize(beginning))[:-1])  # without END
    panels[f"{beginning} …"] = {vocabulary.words[w]: p[w] for w in np.argsort(-p)[:7]}
plotting.next_words(panels, "What Kneser-Ney trigrams expect", most=7)

# %% [markdown]
# **What you should see:** what people say ("nice to have", "nice to meet", "i have never been"), and the world of 2018:
# after "the new", right behind UNKNOWN, come the Avengers.

# %% [markdown]
# ## Let it write
# A model that gives probabilities can write: draw a word, append it, ask again, until END.

# %% [markdown]
# ### Exercise · sample sentence  ●●○ · 8 minutes
# UNKNOWN is not a word that one can read, so it must never be drawn. Set its probability to 0 and divide by what is
# left. `rng.choice(size, p=p)` draws a number from 0 to `size - 1` with probabilities `p`.


# %% exercise="sample_sentence"
def sample_sentence(model, rng: np.random.Generator, limit: int = 30) -> list[int]:
    """A sentence drawn word by word.

    model: function from a sentence so far (a list, START first) to the probabilities of all words, shape (size,).
    rng: draws the words.  limit: stop after so many words, END counted.
    Returns START, the words, END; without END if the limit came first.  UNKNOWN is never in it.
    """
    ### BEGIN SOLUTION
    sentence = [START]
    while sentence[-1] != END and len(sentence) <= limit:
        p = np.array(model(sentence), dtype=float)
        p[UNKNOWN] = 0
        sentence.append(int(rng.choice(len(p), p=p / p.sum())))
    return sentence
    ### END SOLUTION


# %% [markdown]
# The check plays models that allow one word only, and counts how often your draws meet known probabilities.

# %% check="sample_sentence" points=2
check.sample_sentence(sample_sentence)

# %% [markdown] hint="sample_sentence"
# Two things end the loop: END, or the limit. The sentence grows by one word in each round, and begins with START.

# %% [markdown] hint="sample_sentence"
# After `p[UNKNOWN] = 0`, the probabilities no longer sum to 1: give `p / p.sum()` to `rng.choice`. Work on a copy of what the
# model returned, it may still need it.

# %% [markdown] hint="sample_sentence"
# ```python
# sentence = [START]
# while sentence[-1] != END and len(sentence) <= ...:
#     p = np.array(model(sentence), dtype=float)
#     p[UNKNOWN] = ...
#     sentence.append(int(rng.choice(..., p=...)))
# return sentence
# ```

# %% [markdown]
# Five messages of each order, by models that have read everything.

# %%
for order in (1, 2, 3, 4):
    model, rng = fitted(order), np.random.default_rng(12)
    print(f"{order}-grams")
    for _ in range(5):
        words = vocabulary.decode(sample_sentence(model.probabilities, rng))
        print("  -", text.detokenize(words))

# %% [markdown]
# Unigrams are a bag of words. With bigrams, neighbours fit; with trigrams, phrases do; 4-grams write whole clauses
# that somebody might have typed, and then forget what the sentence was about. No n-gram can do better: what lies four
# words back is gone. This is the gap that a network with a *memory* should fill.

# %% [markdown]
# ## One conversation that spoils the number
# `chat_corpus` leaves out messages of four or more tokens that are all the same ("a a a a a a"). Here is why. We put
# those of the test part back, and measure the same trigram model with them and without.

# %%
chat = datasets.chat_messages()
everything = [
    vocabulary.encode(text.tokenize(chat.texts[row])) for row in datasets.split_by_group(chat.conversations)[2]
]
model = fitted(3)
left_out = len(everything) - len(test)
print(f"test perplexity without {left_out:,} hammered messages {model.perplexity(test):.1f}")
print(f"test perplexity with them {model.perplexity(everything):.1f}")

# %% [markdown]
# All but three of these messages come from one conversation: somebody leaned on a key. They are 4 % of the test messages
# and 4 % of its tokens, and after two of a kind the next is a safe guess. The perplexity falls from 76.7 to 66.6, more than
# the idea of Kneser and Ney is worth, and it means nothing. *Look at your test data before you believe a number.*

# %% [markdown] think="bar" points=1
# **Think.** In the next chapters, a network will have to beat this trigram model. Name one thing that a perplexity lower than 74
# would prove, and one thing that it would not.
# <!-- BEGIN SOLUTION -->
# It would prove that the network gives the words of these messages higher probabilities, with the same vocabulary, tokens and
# split. So it uses something that two words of context and counting cannot: a longer memory, or the likeness of words. It would
# not prove that the network writes sensibly, understands anything, or is better on another kind of text. And not
# on the validation part alone if that part was used to choose among many networks: for that there is the test part.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - An n-gram model looks at the last $n - 1$ words. Dividing counts gives zeros, and zeros give infinite perplexity.
# - Add-k wastes probability. Absolute discounting takes a constant from what was seen and asks the shorter context.
# - Kneser-Ney lets shorter contexts count *in how many places*, not *how often*. Then longer contexts did not hurt here.
# - Interpolated Kneser-Ney trigrams have perplexity 74.0 on the validation messages: the bar for every network to come.
#
# The number below stands beside the best-known one for Kneser-Ney, on newspaper text. Another corpus and
# another vocabulary: by the rule of the last lesson, the two cannot be compared. It shows the size of such numbers, no more.

# %%
model, stronger = fitted(3), fitted(3, modified=True)
headline(
    metric="validation (test) perplexity, Kneser-Ney trigrams; modified Kneser-Ney trigrams",
    value=f"{model.perplexity(valid):.1f} ({model.perplexity(test):.1f}); "
    f"{stronger.perplexity(valid):.1f} ({stronger.perplexity(test):.1f})",
    published="141.2 on Penn Treebank: other text, not comparable",
    source="Kneser-Ney 5-grams, 10,000 words; Mikolov et al. 2011",
)

# %% [markdown]
# **What to try next:** ★ Make `sample_sentence` begin with two words of your choice. ★★ Your own text: replace the corpus
# with `text.file_corpus("your file")` and compare the orders. ★★★ Mix the trigram model with the conversation memory of the last
# lesson, both as probabilities, with weights chosen on the validation part. How far below 74 do you get, and is
# that fair?
#
# **References.** R. Kneser, H. Ney, *Improved backing-off for M-gram language modeling*, ICASSP (1995), 181-184.
# S. Chen, J. Goodman, *An empirical study of smoothing techniques for language modeling*, Harvard TR-10-98 (1998): the interpolated
# form and the three discounts. H. Ney, U. Essen, R. Kneser, *On structuring probabilistic dependences in stochastic language
# modelling*, Computer Speech and Language 8 (1994), 1-38: the discount. T. Mikolov et al., *Extensions of
# recurrent neural network language model*, ICASSP (2011). D. Jurafsky, J. Martin, *Speech and Language Processing*, 3rd edition
# (draft), chapter "N-gram Language Models".
