# %% [markdown] minutes=100
# # The data
# Before a network reads film reviews, you read them: what they look like, how to split them so that nothing leaks, and how good a model is that no network was needed for.
#
# **You will** clean review sentences, number their words, lay them out as an array, and set the bar that the networks of this chapter have to clear, with an honest error bar.
#
# Needs: Python with regular expressions (`re.sub`), dictionaries, NumPy. Nothing about neural networks, apart from the word *filter* of the chapter before.

# %% tags=["nbval-ignore-output"]
import re
from collections import Counter

import numpy as np

from lib import datasets, headline, plotting, setup
from lib.checks.cnn_text.text_classification import the_data as check
from lib.text import reviews

setup(seed=0)

# %% [markdown]
# ## Look first
# Rotten Tomatoes is a web site that quotes film critics, usually with a single sentence of their review, and marks each quotation **fresh** (the critic recommends the film) or **rotten** (the critic does not). Bo Pang and Lillian Lee collected such sentences for a study of *sentiment* that appeared in 2005: can a program tell praise from blame? Here are four about the same film.

# %%
snippets = datasets.movie_snippets()
fresh, films = snippets.labels, np.array(snippets.films)  # 1 is fresh, 0 is rotten
for row in (4319, 4313, 4322, 4342):
    print(f"{('rotten', 'fresh')[fresh[row]]:>6}, {films[row]}: {snippets.texts[row]}")
print(f"{len(fresh):,} sentences about {len(set(films))} films, {fresh.mean():.1%} of them fresh")

# %% [markdown]
# (Every sentence quoted in this chapter comes from a review on Rotten Tomatoes, in the collection of Pang and Lee, 2005.)
#
# That is the task of this chapter: read one sentence, say *fresh* or *rotten*. Nobody labelled these sentences by hand. The verdict was given for the whole review, and the sentence was picked from it, so that some sentences do not tell: "A glorious mess." is fresh. Do not expect anybody, human or machine, to get all of them right.
#
# Our file is a larger relative of **MR**, the set of 10,662 sentences on which Kim (2014) and many after him report their results. It holds nearly all of MR and about 2,300 sentences more, it kept capitals and punctuation as they were written, and it says *which film a sentence is about*. Why that matters, you will see now.

# %% [markdown]
# ## Split by film
# A model is trained on one part of the data, chosen with the help of a second (the **dev** part, for development) and reported on a third (the **held-out** part, or test part). Somebody who shuffles the sentences and cuts them in three gets parts that share all their films. Does this matter? Most films are liked or disliked by nearly everybody. So let us ask a model **that does not read a single word**: it looks up the film, and answers with the verdict that most *training* sentences about this film have. For an unknown film it answers with what is more frequent in the training part.


# %% figure="no-reading"
def without_reading(train: np.ndarray, held_out: np.ndarray) -> float:
    """Percentage of held-out rows that the film's majority in the training rows gets right."""
    known = {film: fresh[train][films[train] == film].mean() > 0.5 for film in set(films[train])}
    usual = fresh[train].mean() > 0.5
    return 100 * np.mean([known.get(films[row], usual) == fresh[row] for row in held_out])


train, dev, test = datasets.split_by_group(snippets.films)
shuffled = np.random.default_rng(0).permutation(len(fresh))
shuffled_train, shuffled_dev, _ = np.split(shuffled, [len(train), len(train) + len(dev)])
scores = {
    "sentences shuffled": without_reading(shuffled_train, shuffled_dev),
    "split by film": without_reading(train, dev),
}
always = {"sentences shuffled": 100 * fresh[shuffled_dev].mean(), "split by film": 100 * fresh[dev].mean()}
bars = {"film's majority, no word read": scores, "always fresh": always}
plotting.grouped_bars(bars, "A model that cannot read, on dev sentences", "accuracy in percent")

# %% [markdown]
# **What you should see:** on shuffled sentences, the model that cannot read is right 71 % of the time, 14 points above always answering *fresh*. Split by film, it is exactly as good as the constant answer, because it has never heard of these films.
#
# The 71 % are a **leak**: they reward knowing films, and tomorrow's films are unknown. A model that reads can use the leak as well, since sentences name actors, directors and plots. So all sentences about one film go to the same part: `split_by_group` puts about 80 % of the films into training and 10 % into each of the others. The price is visible in the same figure: the parts are less alike. 64 % of our dev sentences are fresh, because the films in this part happen to be good ones.

# %%
for name, rows in (("train", train), ("dev", dev), ("held out", test)):
    print(f"{name:>8}: {len(rows):6,} sentences, {len(set(films[rows])):3} films, {fresh[rows].mean():.1%} fresh")

# %% [markdown]
# ## The lowest bar
# Every accuracy needs company: how good is an answer that ignores the input? The best constant answer is the more frequent label. *More frequent where?* You know the training labels only. The label that wins there is the answer everywhere, even in a part where it is in the minority.

# %% [markdown]
# ### Exercise · majority accuracy  ●○○ · 4 minutes


# %% exercise="majority_accuracy"
def majority_accuracy(train_labels: np.ndarray, labels: np.ndarray) -> float:
    """How often the more frequent training label is right elsewhere.

    train_labels: whole numbers 0 or 1, one of the two more often than the other.
    labels: whole numbers 0 or 1, of the part to judge, at least one.  Returns a share from 0 to 1.
    """
    ### BEGIN SOLUTION
    majority = int(np.mean(train_labels) > 0.5)
    return float(np.mean(labels == majority))
    ### END SOLUTION


# %% [markdown]
# The check has parts in which the training part's favourite is rare.

# %% check="majority_accuracy" points=1
check.majority_accuracy(majority_accuracy)

# %% [markdown] hint="majority_accuracy"
# Two steps: first decide for one label, then count how often it is right. Which of the two arrays does each step look at?

# %% [markdown] hint="majority_accuracy"
# With labels 0 and 1, the mean is the share of ones. `labels == 1` is an array of True and False, and its mean is the share of True.

# %% [markdown] hint="majority_accuracy"
# ```python
# majority = 1 if np.mean(...) > 0.5 else 0
# return np.mean(... == majority)
# ```

# %%
print(f"always the majority of training: dev {majority_accuracy(fresh[train], fresh[dev]):.1%}, ", end="")
print(f"held out {majority_accuracy(fresh[train], fresh[test]):.1%}")

# %% [markdown]
# ## Clean
# To a program, `Fun`, `fun` and `fun,` are three different words. Kim published the rules with which he cut his sentences, and they have been copied into countless programs since. With two small repairs they are:
#
# 1. Put the text in lower case, and turn the typographic apostrophes `‘` and `’` into `'`.
# 2. Turn every character that is not one of `a`–`z`, `0`–`9`, `(`, `)`, `,`, `!`, `?`, `'` or `` ` `` into a space. Full stops and hyphens vanish.
# 3. Put a space *before* each of the endings `'s`, `'ve`, `'re`, `'d`, `'ll` and `n't` where it ends a word (no letter or digit follows): `it's` becomes `it 's`, and `can't` becomes `ca n't`. But `o'donoghue` stays whole.
# 4. Put a space before and after each of `,`, `!`, `?`, `(` and `)`.
# 5. Make one space of every run of white space, and none at either end.
#
# Then `text.split()` gives the words. Rule 3 is worth a thought: `n't` becomes a word of its own, so that "doesn't", "isn't" and "can't" share what they have in common.

# %% [markdown]
# ### Exercise · clean  ●●○ · 15 minutes
# `re.sub(pattern, replacement, text)` does each rule in one line. In a pattern, `[^abc]` is one character that is none of the three, `\s` is white space, `+` means once or more, `(one|two)` is one or the other, and `\b` is the place where a word begins or ends. In the replacement, `\1` is what the first group `( )` of the pattern has found. Write both with an `r` in front, as in `r"\1"`.


# %% exercise="clean"
def clean(text: str) -> str:
    """A review sentence by the five rules above.

    text: as it was written, maybe empty.  Returns the words with one space between them.
    For example, "It's not bad (at all)!" becomes "it 's not bad ( at all ) !".
    """
    ### BEGIN SOLUTION
    text = re.sub("[‘’]", "'", text.lower())
    text = re.sub(r"[^a-z0-9(),!?'`]", " ", text)
    text = re.sub(r"('s|'ve|'re|'d|'ll|n't)\b", r" \1", text)
    text = re.sub(r"([,!?()])", r" \1 ", text)
    return re.sub(r"\s+", " ", text).strip()
    ### END SOLUTION


# %% [markdown]
# The check glues sentences together from words whose cleaned form is known.

# %% check="clean" points=2
check.clean(clean)

# %% [markdown] hint="clean"
# Go rule by rule, one line each, in the order of the list. Strings never change in place: every line is `text = …`.

# %% [markdown] hint="clean"
# Rule 2 is `[^…]` with everything that may stay between the brackets. Rules 3 and 4 put spaces around what they find: a group in the pattern, and `\1` in the replacement. The group of rule 3 is `('s|'ve|…)`, with `\b` behind it.

# %% [markdown] hint="clean"
# ```python
# text = re.sub("[‘’]", "'", text.lower())
# text = re.sub(r"[^...]", " ", text)
# text = re.sub(r"('s|...|n't)\b", r" \1", text)
# text = re.sub(r"([,...])", r" \1 ", text)
# return re.sub(r"\s+", " ", text).strip()
# ```

# %% [markdown]
# Your function on all sentences must agree with `reviews.clean`, the finished version that the next lessons use. The last two lines show what the copied rules do to a question mark: their replacement was written as `" \? "`, and the backslash, which means nothing there, stays in the text.

# %%
for text in snippets.texts:
    assert clean(text) == reviews.clean(text), f"the words of {text!r} differ: {clean(text)!r}"
print("there isn’t one ->", clean("There isn’t one"))
print("the copied rule ->", *re.sub(r"\?", r" \? ", "why?").split())
print("ours            ->", *clean("why?").split())

# %% [markdown]
# The stray backslash does no harm as long as every text goes through the same rules. It does once the words meet a table that somebody else made, such as pretrained word vectors: there, `?` has a vector, and `\?` has none. What the rules lose for good is every letter with an accent: `clichéd` falls into `clich` and `d`.

# %% [markdown]
# ## Count: how long?
# From here on we use the finished `reviews.clean`. How many words do the sentences have? A network will need this: its input is an array, and an array has one width.

# %% figure="lengths"
tokens = [reviews.clean(text).split() for text in snippets.texts]
length = np.array([len(sentence) for sentence in tokens])
print(f"shortest {length.min()}, mean {length.mean():.1f}, longest {length.max()} words")
parts = {"fresh": length[fresh == 1], "rotten": length[fresh == 0]}
plotting.text_lengths(parts, "How long review sentences are", "words")

# %% [markdown]
# **What you should see:** two curves that can hardly be told apart, with the same median of 20 words. Length says nothing about the verdict. Nearly all sentences have fewer than 45 words; the longest has 60.

# %% [markdown]
# ## Count: which words?
# A model needs a fixed list of words, its **vocabulary**; a word's *number* is its place in the list. Two places are taken:
#
# | number | word | meaning |
# |---|---|---|
# | 0 | `<PAD>` | padding: there is no word here |
# | 1 | `<OTHER>` | a word that is not in the list |
#
# Which words go in? Not all. If every training word had a number, then no training sentence would hold an `<OTHER>`, and the model would meet its first one in the field, having learned nothing about it. So words that occur only once stay out: each becomes an `<OTHER>` to learn from. And again, **the list comes from the training part alone**. (The ancestor of this chapter, the WildML tutorial of 2015, numbered the words of all sentences, dev included.)

# %% [markdown]
# ### Exercise · build vocabulary  ●○○ · 8 minutes
# `Counter` counts what it is given, one by one. Words that occur equally often come in alphabetical order, so that everybody gets the same list.


# %% exercise="build_vocabulary"
def build_vocabulary(sentences: list[list[str]], least: int) -> list[str]:
    """<PAD>, <OTHER>, then every word that occurs at least ``least`` times, the most frequent first.

    sentences: lists of words, of the training part.  least: >= 1.  Ties are in alphabetical order.
    Returns a list of words; a word's number is its place in the list.
    """
    ### BEGIN SOLUTION
    counts = Counter(word for sentence in sentences for word in sentence)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return ["<PAD>", "<OTHER>"] + [word for word in ranked if counts[word] >= least]
    ### END SOLUTION


# %% [markdown]
# The check makes small texts from known counts.

# %% check="build_vocabulary" points=1
check.build_vocabulary(build_vocabulary)

# %% [markdown] hint="build_vocabulary"
# Count all words of all sentences in one `Counter`. Then sort, and leave out what is too rare.

# %% [markdown] hint="build_vocabulary"
# Python sorts pairs by their first entry, and equal ones by the second. Sort by the pair `(-count, word)`.

# %% [markdown] hint="build_vocabulary"
# ```python
# counts = Counter(word for sentence in sentences for word in sentence)
# ranked = sorted(counts, key=lambda word: (..., word))
# return ["<PAD>", "<OTHER>"] + [word for word in ranked if ...]
# ```

# %% [markdown]
# How much of a text does the list know? The cell tries several values of `least`, and counts the share of unknown words in each part.

# %% figure="coverage"
sizes, unknown = [], {"training films": [], "dev films": []}
for least in (100, 30, 10, 5, 3, 2, 1):
    known = set(build_vocabulary([tokens[row] for row in train], least))
    sizes.append(len(known))
    for name, rows in zip(unknown, (train, dev), strict=True):
        unknown[name].append(100 * np.mean([word not in known for row in rows for word in tokens[row]]))
    shares = [shares[-1] for shares in unknown.values()]
    print(f"least {least:3}: {len(known):6,} words, unknown {shares[0]:4.1f} % in training, {shares[1]:4.1f} % in dev")
curves = {name: np.array(shares) for name, shares in unknown.items()}
title = "What a vocabulary does not know"
plotting.training_curves(curves, title, "unknown words in percent", "size of the vocabulary", sizes, log_x=True)

# %% [markdown]
# **What you should see:** the training curve falls to 0 at 18,358 entries, the dev curve does not: even the complete list leaves 5.6 % of the dev words unknown, one or more of them in three sentences out of five. The gap between the curves is what a new film brings: at two occurrences or more (9,702 entries, our choice from here on), 4.2 % of the training words are `<OTHER>`, and twice as many of the dev words. Here are the most frequent unknown words of the dev part:

# %%
known = set(build_vocabulary([tokens[row] for row in train], least=2))
missing = Counter(word for row in dev for word in tokens[row] if word not in known)
print(", ".join(f"{word} ({count})" for word, count in missing.most_common(12)))

# %% [markdown]
# Names, nearly all of them: of the people in the films, behind them, and of the films themselves. A random split would have shown nearly all of these to the model in training.

# %% [markdown]
# ## Encode
# Now lay the sentences out in one array of whole numbers, a row for each. Three things to decide:
#
# - **Width.** All rows are as wide as the longest sentence needs; shorter ones are filled up with `<PAD>` at the end.
# - **Edge.** Every row begins and ends with `edge` times `<PAD>`, the longest sentence's row, too. A filter that is 5 words wide can then look at the first word with each of its places, not with its first alone (this is the *wide* convolution of the last chapter). And what a network finds in a sentence will not depend on how long the *other* sentences are.
# - **Unknown words** become number 1.

# %% [markdown]
# ### Exercise · encode  ●●○ · 12 minutes
# `np.zeros(shape, dtype=int)` makes an array of whole zeros, and 0 happens to be the number of `<PAD>`. A dictionary's `get(key, default)` has an answer for keys that are not there.


# %% exercise="encode"
def encode(sentences: list[list[str]], index: dict[str, int], edge: int) -> np.ndarray:
    """One row of numbers per sentence: ``edge`` times 0, the words, and 0 up to the end.

    sentences: lists of words, at least one list; a list may be empty.  index: word -> number; others are 1.
    edge: >= 0, also the zeros behind the words of the longest sentence.
    Returns whole numbers (sentences, length of the longest + 2 * edge).
    """
    ### BEGIN SOLUTION
    longest = max(len(sentence) for sentence in sentences)
    rows = np.zeros((len(sentences), longest + 2 * edge), dtype=int)
    for row, sentence in zip(rows, sentences, strict=True):
        row[edge : edge + len(sentence)] = [index.get(word, 1) for word in sentence]
    return rows
    ### END SOLUTION


# %% [markdown]
# The check has empty sentences, unknown words and several edges, 0 among them.

# %% check="encode" points=2
check.encode(encode)

# %% [markdown] hint="encode"
# Make the whole array first, full of padding. Then only the words are left to write in, row by row. How wide must the array be?

# %% [markdown] hint="encode"
# Its width is $\max_i n_i + 2 \cdot \text{edge}$ for sentences of $n_i$ words. The words of sentence $i$ fill the columns from `edge` to `edge + n_i`, the last one not included.

# %% [markdown] hint="encode"
# ```python
# rows = np.zeros((len(sentences), max(...) + ...), dtype=int)
# for row, sentence in enumerate(sentences):
#     rows[row, edge : ...] = [index.get(word, ...) for word in sentence]
# return rows
# ```

# %% [markdown]
# Four short dev sentences with your numbers, and an edge of 2 so that they fit on the page.

# %% figure="padded"
words = list(build_vocabulary([tokens[row] for row in train], least=2))
index = {word: number for number, word in enumerate(words)}
short = [row for row in dev if 3 <= length[row] <= 6 and any(word not in index for word in tokens[row])][:2]
short += [row for row in dev if 3 <= length[row] <= 6 and fresh[row] == 0][:2]
plotting.padded_rows(encode([tokens[row] for row in short], index, edge=2), words, "Four sentences as an array")

# %% [markdown]
# **What you should see:** four rows of one width. Words are in bold, with their number below; small numbers are frequent words. The grey cells are padding: two in front of every sentence, at least two behind it, and more behind the short ones. Hatched cells are words that the vocabulary does not know.
#
# `reviews.Encoder` is the finished version of both exercises: `Encoder.of(sentences)` builds the vocabulary, `encode` makes the rows.

# %%
encoder = reviews.Encoder.of([tokens[row] for row in train], least=2, edge=5)
some = [tokens[row] for row in dev[:100]]
assert list(encoder.words) == list(build_vocabulary([tokens[row] for row in train], least=2))
assert np.array_equal(encoder.encode(some), encode(some, encoder.index, edge=5))
print("an array of", encoder.encode([tokens[row] for row in train]).shape, "for the training part")

# %% [markdown]
# ## A bar that is worth clearing
# The constant answer is a low bar. A serious one forgets the *order* of the words and keeps their counts. Each word $w$ of a sentence gets a number, larger the more often it stands there ($n_w$ times), and larger the fewer of the $N$ training sentences contain it ($N_w$ of them), so that "the" counts for little:
#
# $$x_w = n_w \cdot \left(1 + \log \frac{1 + N}{1 + N_w}\right)$$
#
# The vector of these numbers is scaled to length 1. This is **TF-IDF**, *term frequency times inverse document frequency*. A **logistic regression** then learns one weight per word, adds up weights times numbers, and calls the sentence fresh if the sum is positive:
#
# $$P(\text{fresh}) = \frac{1}{1 + e^{-z}}, \qquad z = b + \sum_w \beta_w x_w$$
#
# We let pairs of neighbours be "words" as well, so that "not good" has a weight of its own, and leave out what occurs in a single sentence (`min_df=2` counts sentences; your `least` counted occurrences). Everything else is as scikit-learn has it, and nothing was tuned. (`liblinear` is its solver for sparse tables like this one, where a sentence uses 30 of 30,000 columns.)

# %% tags=["nbval-ignore-output"]
from functools import cache

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

cleaned = np.array([" ".join(sentence) for sentence in tokens], dtype=object)


def tfidf_regression(most: int = 2) -> Pipeline:
    """TF-IDF of words and their neighbours (``most`` in a row), then logistic regression."""
    table = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, most), min_df=2)
    return make_pipeline(table, LogisticRegression(solver="liblinear"))


@cache
def baseline() -> Pipeline:
    return tfidf_regression().fit(cleaned[train], fresh[train])


for name, rows in (("train", train), ("dev", dev), ("held out", test)):
    print(f"{name:>8}: {baseline().score(cleaned[rows], fresh[rows]):.1%}")

# %% [markdown]
# Far above the constant answer, from words alone, in less than a second. It is also much better on its training sentences than on the others: with 30,000 weights for 10,000 sentences, it can learn a good part of them by heart.

# %% [markdown]
# ## How sure is that number?
# There are 1,154 held-out sentences. With other films, how different could the accuracy have been? The textbook takes the sentences as independent draws, each right with probability $p$, and gives the interval $p \pm 1.96 \sqrt{p (1 - p) / n}$. But our sentences are not independent: those about one film share its names, its genre and its verdict. If a model likes a film's vocabulary, it gets many of them right together.
#
# So let the *films* be the draws. The **bootstrap** (Efron, 1979) imagines other held-out parts by drawing from the one we have, *with* replacement:
#
# 1. Draw as many films as there are, some of them twice or more, others not at all.
# 2. Put all sentences of the drawn films together (twice, if a film was drawn twice), and take the share of right answers among them.
# 3. Repeat this many times. The middle 95 % of the shares are the 95 % interval: it begins at the 0.025 quantile, which 2.5 % of the shares lie below, and ends at the 0.975 quantile. In general, what is left out is halved between the two sides, so that an interval of level $\ell$ reaches from the quantile $(1 - \ell) / 2$ to the quantile $(1 + \ell) / 2$.

# %% [markdown]
# ### Exercise · film interval  ●●● · 15 minutes
# `rng.integers(n, size=n)` draws n numbers from 0 to n - 1 with replacement, `np.quantile(values, [0.2, 0.7])` gives two quantiles at once, and `np.unique(films)` the different films.


# %% exercise="film_interval"
def film_interval(
    right: np.ndarray, films: np.ndarray, repeats: int, rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float]:
    """The bootstrap interval of an accuracy, with films as the draws.

    right: bool (sentences,), whether each sentence was classified correctly.
    films: (sentences,), the film each sentence is about; any order, films differ in their number of sentences.
    repeats: how many held-out parts to imagine.  level: share of them in the interval, between 0 and 1.
    Returns (low, high), two shares from 0 to 1.
    """
    ### BEGIN SOLUTION
    names, number = np.unique(films, return_inverse=True)
    hits = np.bincount(number, weights=right)
    sizes = np.bincount(number)
    drawn = rng.integers(len(names), size=(repeats, len(names)))
    shares = hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return low, high
    ### END SOLUTION


# %% [markdown]
# The check has four or five films, so few that it can go through every possible draw and knows the true ends.

# %% check="film_interval" points=2
check.film_interval(film_interval)

# %% [markdown] hint="film_interval"
# All that matters of a film are two numbers: how many sentences it has, and how many of them are right. Compute these first. What is the share of right answers of a pile of films, in terms of these numbers?

# %% [markdown] hint="film_interval"
# For drawn films $f_1, \dots, f_F$ with $h_f$ right answers and $s_f$ sentences, the share is $\sum_i h_{f_i} \big/ \sum_i s_{f_i}$: sums first, then one division.

# %% [markdown] hint="film_interval"
# ```python
# names = np.unique(films)
# hits = np.array([right[films == name].sum() for name in names])
# sizes = np.array([... for name in names])
# shares = []
# for _ in range(repeats):
#     drawn = rng.integers(len(names), size=...)
#     shares.append(hits[drawn].sum() / ...)
# low, high = np.quantile(shares, [(1 - level) / 2, ...])
# return low, high
# ```

# %% [markdown]
# Your interval for both parts, beside that of the textbook for the held-out part.

# %% figure="intervals" tags=["nbval-ignore-output"]
rows = {}
for name, part in (("dev", dev), ("held out", test)):
    right = baseline().predict(cleaned[part]) == fresh[part]
    low, high = film_interval(right, films[part], 10_000, np.random.default_rng(0))
    rows[f"{name}, films drawn"] = (100 * right.mean(), 100 * low, 100 * high)
half = 1.96 * np.sqrt(right.mean() * (1 - right.mean()) / len(right))
rows["held out, as if independent"] = (100 * right.mean(), 100 * (right.mean() - half), 100 * (right.mean() + half))
marks = {f"always fresh, {name}": 100 * fresh[part].mean() for name, part in (("held out", test), ("dev", dev))}
plotting.accuracy_intervals(rows, "TF-IDF and logistic regression", "accuracy in percent", marks)

# %% [markdown]
# **What you should see:** the baseline is right on 76.6 % of the held-out sentences, and on new films of the same kind it could be anywhere from 73 to 80 %. The interval of independent sentences promises too much: ours is 40 % wider. The dev part comes out a little higher, with an interval as wide, and both lie far to the right of what always answering *fresh* reaches (the vertical lines; the two parts differ in that by more than in what the baseline reaches).
#
# Keep this width in mind. When you read that some network is "0.5 % better" on a test part of a thousand sentences, ask how often another draw of films would have said the opposite.

# %% [markdown] think="which-interval" points=1
# **Think.** The lesson after next will compare a network with this baseline *on the same held-out films*. Suppose that the network is right on 1.5 % more of the sentences. The intervals of the two accuracies overlap. Does it follow that the difference could be chance? What would you draw from?
#
# <!-- BEGIN SOLUTION -->
# It does not follow. Both models read the same sentences, and find the same films hard, so that their accuracies go up and down together from draw to draw. The question is about the *difference*: for each sentence, take 1 if only the network is right, −1 if only the baseline is, 0 otherwise. Draw films, take the mean of these numbers, and look whether the interval of the mean contains 0. It is narrower than the two intervals suggest, since what the models share cancels.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Did the leak matter to a model that reads?
# Back to the shuffled sentences. Here is the baseline (without pairs, to be quick) on four random splits of either kind. Beside it stands a model that may also look at the film's name, as an extra word of each sentence: it stands for a model that is clever enough to recognise the film.


# %% figure="leak" tags=["nbval-ignore-output"]
def split(kind: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Nine tenths for training and a tenth to judge: of the sentences, or of the films."""
    things = films if kind == "split by film" else np.arange(len(films))
    different = rng.permutation(np.unique(things))
    judged = np.isin(things, different[: len(different) // 10])
    return np.flatnonzero(~judged), np.flatnonzero(judged)


with_film = np.array([f"{text} film:{film}" for text, film in zip(cleaned, films, strict=True)], dtype=object)
inputs, bars = {"the words": cleaned, "the words and the film": with_film}, {}
for kind in ("sentences shuffled", "split by film"):
    rng = np.random.default_rng(0)
    halves = [split(kind, rng) for _ in range(4)]
    for name, texts in inputs.items():
        right = [tfidf_regression(1).fit(texts[a], fresh[a]).score(texts[b], fresh[b]) for a, b in halves]
        bars.setdefault(name, {})[kind] = 100 * np.mean(right)
    bars.setdefault("the film alone", {})[kind] = np.mean([without_reading(a, b) for a, b in halves])
plotting.grouped_bars(bars, "What each model gains from a random split, mean of 4 splits", "accuracy in percent")

# %% [markdown]
# **What you should see:** the film alone is worth 72 % on a random split, as before, and 11 points less on new films. The model that reads and knows the film gains about 2 points from the random split, which are not there on new films; there the extra word even harms a little, since it has learned to lean on something that is missing. And the words alone? They gain nothing that four splits could show. This baseline hardly uses the names, so a random split would have told nearly the same story about *it*.
#
# That is no reason to use one. You do not know beforehand which of your models is clever enough to take what leaks, and a comparison of models rewards the one that is.

# %% [markdown]
# ## What it has learned, and what it cannot
# A linear model shows all it knows: one weight per word. These are the strongest.

# %% figure="weights" tags=["nbval-ignore-output"]
table, regression = baseline()
weights = dict(zip(table.get_feature_names_out(), regression.coef_[0], strict=True))
plotting.word_weights(weights, "The strongest words and pairs of the baseline", ("rotten", "fresh"))

# %% [markdown]
# **What you should see:** the strongest words are those that anybody would name (*bad*, *dull*, *boring* against *entertaining*, *best*, *enjoyable*), and then some that hardly anybody would. *too* is the strongest of all: critics who write it complain. *and* and *still* speak for praise, *so* and *script* for blame. The words *n't* and *no* speak for rotten on their own, whatever they negate.
#
# Adding up weights has a limit. "not" is one more word with a weight; it cannot *turn round* the word that follows.

# %% tags=["nbval-ignore-output"]
phrases = ["good", "not good", "bad", "not bad", "the bad", "dull", "never dull", "the dull"]
phrases.append("not a masterpiece")
for phrase, p in zip(phrases, baseline().predict_proba(phrases)[:, 1], strict=True):
    print(f"{phrase:>18}: fresh with probability {p:.2f}")

# %% [markdown]
# *not* and *never* have negative weights, as if they were bad words. Yet "not bad" is less rotten than "bad". Not because anything was understood: the vector is scaled to length 1, so a second word dilutes the first, and "the bad" and "the dull" come out nearly the same as with the negation. "not good" is still more likely fresh than rotten, "not bad" and "never dull" stay rotten, and "not a masterpiece" passes for praise. Pairs of words help only where the very pair was seen often enough. In the 10,184 training sentences, "not good" stands twice and "never dull" five times, and in "not a masterpiece" the two words that matter are no neighbours.
#
# Is this a large part of what the baseline gets wrong? Count the sentences with a negation.

# %% tags=["nbval-ignore-output"]
negation = re.compile(r"\b(no|not|never|nothing|without|nor|hardly)\b|n't\b")
for name, part in (("dev", dev), ("held out", test)):
    negated = np.array([bool(negation.search(text)) for text in cleaned[part]])
    right = baseline().predict(cleaned[part]) == fresh[part]
    print(f"{name:>8}: {right[negated].mean():.1%} of {negated.sum()} sentences with a negation, ", end="")
    print(f"{right[~negated].mean():.1%} of {(~negated).sum()} others")

# %% [markdown]
# Four points worse, in both parts. With fewer than 300 such sentences in each, either difference alone could be chance; that they agree makes it more believable. And it is not the main thing: more than a fifth of the sentences *without* a negation are wrong, too. Three of the dev part that the baseline gets wrong:

# %% tags=["nbval-ignore-output"]
chosen = ["doesn't just act Frida", "enough to feel good about", "no reason to miss"]
for row in (row for row in dev if any(words in snippets.texts[row] for words in chosen)):
    p = baseline().predict_proba(cleaned[[row]])[0, 1]
    print(f"{('rotten', 'fresh')[fresh[row]]:>6}, but {p:.2f} fresh: {snippets.texts[row]}")

# %% [markdown]
# The first and the last say something good by denying something lesser, and the one in the middle takes back with *doesn't* what *good* has promised, twice. To get these right, a model has to look at several words *in their order*, and what it learns about "no reason to miss" should help it with "no excuse to skip". That is what the next lesson builds.

# %% [markdown] think="longer-pairs" points=1
# **Think.** Why not give the baseline groups of three, four and five words, until "no reason to miss" has a weight of its own? Name two reasons why this brings little, and say what a filter that slides over word *vectors* does differently.
#
# <!-- BEGIN SOLUTION -->
# Longer groups are rarer. Of the groups of four words in the training part, 98 % occur once, so that next to nothing can be learned about them, and only 5 % of the groups in the dev part were ever seen. And every group is a stranger to every other one: what is learned about "no reason to miss" says nothing about "no reason to skip", while the number of weights grows with every length. A filter over vectors scores a window by how *similar* its words are to what it looks for. Words that are used alike have similar vectors, so that one filter answers to a whole family of phrases, those it has never seen included, with a few hundred weights.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - Split by what will be new in use: the film. A model that knows nothing but the film reaches 71 % on shuffled sentences, and nothing beyond the constant answer on new films.
# - Clean by fixed rules, and number the words of the *training* part; keep rare words out, so that the model can learn what to do with `<OTHER>`. New films bring twice as many unknown words.
# - A sentence becomes a row of numbers with padding at both ends.
# - TF-IDF with logistic regression, untuned and trained in less than a second, is right on three of four held-out sentences. This is the bar. Its interval, with films as the draws, is wider than the textbook's.
# - It adds up words. What is said by their order, a negation above all, is out of its reach.

# %%
score, constant = (100 * np.mean(p == fresh[test]) for p in (baseline().predict(cleaned[test]), 1))
headline(
    metric="accuracy on held-out films: TF-IDF and logistic regression; always fresh",
    value=f"{score:.1f} %; {constant:.1f} %",
    published="none on this split",
    source="Kim (2014) reports 76.1 % for a network without pretrained vectors on MR, split at random",
)

# %% [markdown]
# ## What to try next
# - Give the baseline a larger or smaller `C` (how freely it may learn; 1 is the default), and choose the best on the dev part. How much of the gain is left on the held-out films?
# - Take `datasets.mr_polarity()`, where fresh and rotten are equally frequent, and its ten folds. Compare with Kim's table.
# - Remove the names: turn every word that occurs about one film only into `<OTHER>`. What happens to the vocabulary, and what to the accuracy?
#
# **References.** B. Pang and L. Lee, *Seeing Stars: Exploiting Class Relationships for Sentiment Categorization with Respect to Rating Scales* (ACL 2005): the sentences. Y. Kim, *Convolutional Neural Networks for Sentence Classification* (EMNLP 2014): the rules of cleaning, and Table 2 with the results on MR. D. Britz, *Implementing a CNN for Text Classification in TensorFlow* (WildML, 2015): the tutorial that this chapter follows. B. Efron, *Bootstrap Methods: Another Look at the Jackknife* (Annals of Statistics 7, 1979). S. Wang and C. Manning, *Baselines and Bigrams: Simple, Good Sentiment and Topic Classification* (ACL 2012): how strong word and pair counts are on these sentences.
