# %% [markdown] minutes=105
# # What did it learn?
# A trained network gives one number: its accuracy. This lesson asks what the number is worth, and what is behind it.
#
# **You will** put an interval around a test result, count who is taken for whom, find the words that each filter waits for, colour the words of a sentence by what they do to the verdict, and try sentences of your own.
#
# **You need** the network of the last lesson (embedding, filters of 3, 4 and 5 words, maximum over time, dropout, one score per class) and NumPy arrays with two and three axes.

# %%
from functools import cache

import numpy as np

from lib import headline, plotting, setup
from lib.checks.cnn_text.text_classification import what_did_it_learn as check

setup(seed=0)

# %%
from lib.models.snippets import split_snippets, train_snippets_cnn
from lib.quiet import keras
from lib.quiet import tensorflow as tf
from lib.text.reviews import clean

encoder, train, dev, test = split_snippets()
PARTS = {"training": train, "dev": dev, "test": test}
for name, part in PARTS.items():
    print(f"{name:9}{len(part.y):7,} sentences about {len(set(part.films)):3} films, {part.y.mean():.0%} fresh")

# %% [markdown]
# ## The network, and one number per sentence
# The sentences come from reviews on Rotten Tomatoes (Pang and Lee, 2005): *fresh* is praise, *rotten* is blame. The split keeps films whole. A critic who writes about a film of the test part writes about a film that training has never heard of, so neither its title nor its story can give the answer away.
#
# The network is the one of the last lesson, trained for three epochs. There, the loss on the dev films was lowest after the second or the third and rose from then on: this is what a dev part is for. The training runs once, inside a function with a cache, when it is needed for the first time. That cell takes ten seconds on a quiet machine, and up to a minute on a busy one.


# %%
@cache
def trained() -> keras.Model:
    """The text CNN after three epochs: ten seconds to a minute, once."""
    return train_snippets_cnn(encoder, train, epochs=3, seed=0)


# %% [markdown]
# The network gives two scores, $s_0$ for rotten and $s_1$ for fresh, and softmax makes a probability of them:
#
# $$p(\text{fresh}) = \frac{e^{s_1}}{e^{s_0} + e^{s_1}} = \frac{1}{1 + e^{-(s_1 - s_0)}}$$
#
# Only the difference counts. It is the **log-odds**, $s_1 - s_0 = \log \frac{p}{1 - p}$: above 0 the verdict is fresh, below 0 it is rotten, and $\pm 3$ means a certainty of 95 %. All of this lesson looks at log-odds, because what adds up in a network adds up there, and not in the probabilities.


# %%
def answers(network: keras.Model, X: np.ndarray) -> np.ndarray:
    """What a network, or a part of one, gives for rows of word numbers; dropout is off."""
    return keras.ops.convert_to_numpy(network(X, training=False))


def log_odds(sentences: list[list[str]]) -> np.ndarray:
    """Score of fresh minus score of rotten for each sentence, a list of words: (sentences,)."""
    pieces = [sentences[i : i + 500] for i in range(0, len(sentences), 500)]  # a whole part at once would be large
    scores = np.concatenate([np.zeros((0, 2)), *(answers(trained(), encoder.encode(piece)) for piece in pieces)])
    return scores[:, 1] - scores[:, 0]


@cache
def odds(part: str) -> np.ndarray:
    """The log-odds of every sentence of a part."""
    return log_odds(PARTS[part].tokens)


# %% [markdown]
# ## The test, once
# The number of epochs was chosen by the dev part, and so is every other setting that one tries out. So the dev accuracy is a little too good: of all the settings, we kept those that suit *these* films. The test part has had no say in anything. Look at it **once**, at the end, and report what you see. If you look, change something and look again, the test part becomes a second dev part, and there is no third.
#
# The rule is easily broken by accident. WildML's `eval.py` (2016) had a switch `--eval_train` that loaded *all* the sentences, those of training and those of dev, and printed one accuracy. Users wondered about 84 to 89 %, where the dev accuracy was 69 %. Nine in ten of those sentences had been learned. Here is how that looks with our network:

# %% tags=["nbval-ignore-output"]
right = {name: (odds(name) > 0) == PARTS[name].y for name in ("training", "dev")}  # and not the test
for name, answer in right.items():
    print(f"{name:28}{answer.mean():.3f}")
together = np.concatenate([right["training"], right["dev"]]).mean()
print(f"{'training and dev together':28}{together:.3f}  says nothing about new films")
assert right["training"].mean() > 0.95 and 0.73 < right["dev"].mean() < 0.80 and together > 0.92

# %% [markdown]
# **What you should see:** 97 % on what it has learned, about 76 % on films that are new, and 95 % for the mixture. The mixture measures memory.
#
# ## How sure is an accuracy?
# A test of $n$ sentences of which $k$ are right gives the accuracy $\hat p = k / n$. Other films would have given another number. Which values of the *true* accuracy $p$, the one on infinitely many sentences, agree with what we saw?
#
# If the true accuracy is $p$, the accuracy on $n$ sentences has the mean $p$ and the standard deviation $\sqrt{p (1 - p) / n}$, and in about 95 % of all tests it lies within $z = 1.96$ standard deviations of $p$. Turn this around: keep every $p$ for which our $\hat p$ would be no surprise.
#
# $$|\hat p - p| \le z \sqrt{\frac{p (1 - p)}{n}}$$
#
# Square both sides and sort by powers of $p$. It is a quadratic inequality,
#
# $$\Big(1 + \frac{z^2}{n}\Big) p^2 - \Big(2 \hat p + \frac{z^2}{n}\Big) p + \hat p^2 \le 0,$$
#
# and it holds between the two roots. They are the ends of the **Wilson interval** (1927):
#
# $$\frac{\hat p + \frac{z^2}{2n} \;\pm\; z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4 n^2}}}{1 + \frac{z^2}{n}}$$
#
# The better-known $\hat p \pm z \sqrt{\hat p (1 - \hat p) / n}$ puts the measured $\hat p$ under the root, in place of $p$. With a thousand sentences the two hardly differ. With ten sentences that are all right, the well-known one says "100 %, for certain", and Wilson says "72 % or more".

# %% [markdown]
# ### Exercise · an interval for an accuracy  ●○○ · 8 minutes


# %% exercise="wilson_interval"
def wilson_interval(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The true accuracies that agree with `right` right answers out of `n`.

    right: 0 … n.  n: at least 1.  z: how many standard deviations are no surprise, > 0; 1.96 for 95 %.
    Returns the lower and the upper end, both from 0 to 1.
    """
    ### BEGIN SOLUTION
    p = right / n
    middle = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    ### END SOLUTION


# %% check="wilson_interval" points=2
check.wilson_interval(wilson_interval)

# %% [markdown] hint="wilson_interval"
# Three pieces: a middle, half a width, and a number that divides both. Give each a line.

# %% [markdown] hint="wilson_interval"
# With $\hat p = k / n$: the middle is $\hat p + z^2 / 2n$, half the width is $z \sqrt{\hat p (1 - \hat p) / n + z^2 / 4 n^2}$, and both are divided by $1 + z^2 / n$.

# %% [markdown] hint="wilson_interval"
# ```python
# p = right / n
# middle = p + ...
# half = z * np.sqrt(... + ...)
# return (middle - half) / (...), (middle + half) / (...)
# ```

# %% [markdown]
# ## Now the test
# An accuracy by itself says little, so two others stand beside it: the majority class, and the baseline of this chapter's first lesson. TF-IDF counts words and pairs of words and weighs down the common ones, and logistic regression gives each a weight. It trains in a second.

# %% tags=["nbval-ignore-output"]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


@cache
def tfidf_verdicts() -> np.ndarray:
    """What TF-IDF and logistic regression say about the test sentences: 1 fresh, 0 rotten."""
    words = {name: [" ".join(tokens) for tokens in part.tokens] for name, part in PARTS.items()}
    counts = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2)
    model = make_pipeline(counts, LogisticRegression(solver="liblinear")).fit(words["training"], train.y)
    return model.predict(words["test"])


verdicts = {"always fresh": np.ones_like(test.y), "TF-IDF": tfidf_verdicts(), "CNN": (odds("test") > 0).astype(int)}
for name, verdict in verdicts.items():
    k = int((verdict == test.y).sum())
    low, high = wilson_interval(k, len(test.y))
    print(f"{name:14}{k:5} of {len(test.y):,} right: {k / len(test.y):.3f}, from {low:.3f} to {high:.3f}")
    assert k / len(test.y) > (0.5 if name == "always fresh" else 0.73)

# %% [markdown]
# **What you should see:** both models are right on about 76 of 100 sentences, and each interval is five points wide. The test cannot tell 75 % from 77 %. Five trainings of this network, with the seeds 0 to 4, gave 75.2 to 77.0 % here: the seed alone moves the result by two points. (To tell you that, we looked at the test part five times. We chose nothing by it: your seed is 0 because it is the first.)
#
# Kim (2014) reports 76.1 % for a network that, like ours, starts from random vectors. His was measured on MR, about ten thousand of these sentences, divided *at random*, so that his test sentences talk about films that training has seen.

# %% [markdown]
# ## Is the difference real?
# Two intervals that overlap do not answer this. Both models read the *same* sentences, and most are easy for both or hard for both. So look at the **pairs**: for each sentence, the CNN's answer counts 1 if it is right, minus 1 if TF-IDF is right. Most of the differences are 0; only where exactly one of the two is right is there any news.
#
# How much would the mean of these differences vary with other films? The **bootstrap** imitates other tests with the one we have: draw 48 films *with replacement* from the 48 films of the test part, take all of their sentences, and compute the mean again; then do it ten thousand times. We draw films and not sentences, since sentences about one film are alike: who misjudges one may misjudge five.

# %% tags=["nbval-ignore-output"]
cnn_right, tfidf_right = (odds("test") > 0) == test.y, tfidf_verdicts() == test.y
print(f"only the CNN is right: {(cnn_right & ~tfidf_right).sum()}, only TF-IDF: {(tfidf_right & ~cnn_right).sum()}")
difference = cnn_right.astype(float) - tfidf_right
_, film = np.unique(test.films, return_inverse=True)  # of each sentence, the number of its film: 0 … 47
gained, sentences = np.bincount(film, difference), np.bincount(film)  # of each film: sum of differences, sentences
drawn = np.random.default_rng(0).integers(len(sentences), size=(10_000, len(sentences)))
resampled = gained[drawn].sum(axis=1) / sentences[drawn].sum(axis=1)
low, high = np.quantile(resampled, [0.025, 0.975])
print(f"CNN minus TF-IDF: {difference.mean():+.3f}, from {low:+.3f} to {high:+.3f}")

# %% [markdown]
# **What you should see:** each model is right on about a hundred sentences where the other fails, and zero lies inside the interval; so it does with each of the five seeds, of which four came out a little below TF-IDF and one, seed 0, a little above. **This test shows no difference.** A network with 1.4 million numbers to learn does as well as one weight per word and pair of words. That is no disgrace, and it is no reason to hide the baseline: with ten thousand sentences and no outside knowledge of words, neither finds more. (The next lesson brings outside knowledge.)

# %% [markdown] think="once" points=1
# **Think.** A friend trains the network with ten seeds, looks at the test accuracy of each, and reports the best, 77 %. What is wrong, and what could be reported instead?
#
# <!-- BEGIN SOLUTION -->
# The best of ten is chosen *by the test part*, so luck with these 1,154 sentences is part of the number: the maximum of ten noisy numbers is larger than their mean even if all ten networks are equally good. On other films the chosen network would fall back to the mean. Honest reports: the mean and the spread of all ten; or choose the seed by the dev part, and then look at the test once.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Who is taken for whom
# Accuracy counts all errors alike. The **confusion matrix** keeps them apart: entry $(i, j)$ counts the sentences of class $i$ that were taken for class $j$. Right answers stand on its diagonal. It answers two questions per class $k$:
#
# $$\text{precision}_k = \frac{\text{taken for } k \text{ and truly } k}{\text{taken for } k} \qquad\qquad \text{recall}_k = \frac{\text{taken for } k \text{ and truly } k}{\text{truly } k}$$
#
# *Precision: can I believe a verdict of "fresh"? Recall: how much of what is fresh gets found?* The two upper numbers are the same entry of the diagonal; the lower ones are the sum of a column and the sum of a row. If a class was never predicted, its precision is 0/0; we call it 0, and the same for the recall of a class that never occurs.

# %% [markdown]
# ### Exercise · confusion, precision, recall  ●●○ · 10 minutes


# %% exercise="confusion"
def confusion(true: np.ndarray, predicted: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count who is taken for whom.

    true, predicted: (n,) ints from 0 to classes - 1.  classes: how many there are, even if some do not occur.
    Returns the counts (classes, classes), row = true class, column = predicted class;
    the precision of each class (classes,); the recall of each class (classes,). Where it would be 0/0, it is 0.
    """
    ### BEGIN SOLUTION
    counts = np.zeros((classes, classes), dtype=int)
    for i, j in zip(true, predicted):
        counts[i, j] += 1
    hits = np.diag(counts)
    precision = hits / np.maximum(counts.sum(axis=0), 1)
    recall = hits / np.maximum(counts.sum(axis=1), 1)
    return counts, precision, recall
    ### END SOLUTION


# %% check="confusion" points=2
check.confusion(confusion)

# %% [markdown] hint="confusion"
# Fill the matrix first, one sentence at a time. Then everything else is its diagonal, divided by sums along one axis or the other.

# %% [markdown] hint="confusion"
# `counts.sum(axis=0)` adds up the rows, so it gives one number per *column*: how often each class was predicted. `np.diag` gives the diagonal. To divide by 1 in place of 0, use `np.maximum(…, 1)`: where the sum is 0, the diagonal is 0 as well.

# %% [markdown] hint="confusion"
# ```python
# counts = np.zeros((classes, classes), dtype=int)
# for i, j in zip(true, predicted):
#     counts[...] += 1
# hits = np.diag(counts)
# precision = hits / np.maximum(..., 1)
# recall = hits / np.maximum(..., 1)
# return counts, precision, recall
# ```

# %% figure="confusion" tags=["nbval-ignore-output"]
verdict = (odds("test") > 0).astype(int)
_, precision, recall = confusion(test.y, verdict, classes=2)
for k, name in enumerate(("rotten", "fresh")):
    print(f"{name:7} precision {precision[k]:.2f}   recall {recall[k]:.2f}")
plotting.confusion_matrix(test.y, verdict, title="CNN on the test films (0 rotten, 1 fresh)")

# %% [markdown]
# **What you should see:** the diagonal holds about three quarters of all sentences. Fresh ones are found more often than rotten ones; they are also the larger class. Both kinds of error occur more than a hundred times. In our five trainings the recall of rotten went from 0.69 to 0.75 and that of fresh from 0.76 to 0.83: when one rises, the other falls, and the accuracy hardly moves. If one kind of error is worse for you, choose a threshold other than 0, on the dev part.

# %% [markdown]
# ## What does a filter wait for?
# From here on we use training and dev sentences only; the test part has done its work.
#
# A filter of width $w$ gives one number for every window of $w$ words, the **response**. The maximum over time keeps the largest and forgets where it was. For an explanation, ask for the place: not the maximum but the **argmax**. The window that begins there is the n-gram that *won* for this filter in this sentence; all the others had no influence on this feature at all.
#
# In the rows of the encoder, a sentence stands between padding, and `responses[i, t, f]` belongs to the window `rows[i, t : t + w]`. A row of length $L$ has $L - w + 1$ windows, so the width follows from the two shapes.

# %% [markdown]
# ### Exercise · the winning windows  ●●○ · 12 minutes
# *A small case.* One row `[0, 7, 8, 9, 0]` and one filter with the responses `[0.1, −0.4, 0.9]`: three windows, so the width is $5 - 3 + 1 = 3$. The largest response is 0.9, at place 2, and the window is `[8, 9, 0]`.


# %% exercise="winning_windows"
def winning_windows(rows: np.ndarray, responses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each sentence and each filter: the largest response, and the words that caused it.

    rows: (sentences, length) ints, numbers of words.
    responses: (sentences, length - width + 1, filters); entry [i, t, f] is for the words rows[i, t : t + width].
    Returns the largest responses (sentences, filters), and the windows (sentences, filters, width), numbers of words.
    """
    ### BEGIN SOLUTION
    width = rows.shape[1] - responses.shape[1] + 1
    best = responses.argmax(axis=1)
    places = best[:, :, None] + np.arange(width)
    windows = rows[np.arange(len(rows))[:, None, None], places]
    return responses.max(axis=1), windows
    ### END SOLUTION


# %% check="winning_windows" points=3
check.winning_windows(winning_windows)

# %% [markdown] hint="winning_windows"
# Which of the three axes of `responses` is time? Where the maximum lies along it is where the window begins. Loops over sentences and filters are fine; in the exercise nobody waits.

# %% [markdown] hint="winning_windows"
# `responses.max(axis=1)` and `best = responses.argmax(axis=1)` have the shape (sentences, filters). For sentence $i$ and filter $f$ the window is `rows[i, best[i, f] : best[i, f] + width]`.

# %% [markdown] hint="winning_windows"
# ```python
# sentences, windows, filters = responses.shape
# width = ...
# best = responses.argmax(axis=...)
# found = np.zeros((sentences, filters, width), dtype=int)
# for i in range(sentences):
#     for f in range(filters):
#         found[i, f] = rows[i, ...]
# return responses.max(axis=...), found
# ```

# %% [markdown]
# Now all 384 filters over all sentences. `keras.Model(inputs, outputs)` can end at any layer, so the responses are one line away. The network adds each filter's bias and applies ReLU *after* the maximum, which changes nothing, since both keep the order; what comes out is a **feature**.


# %%
def features_of(part: str) -> tuple[np.ndarray, list[np.ndarray]]:
    """The features (sentences, 384), and for each of the 384 the window that won in each sentence (sentences, width)."""
    X, model, strongest, windows = PARTS[part].X, trained(), [], []  # X: the sentences in numbers, with padding
    for width in (3, 4, 5):
        slide = keras.Model(model.input, model.get_layer(f"width_{width}").output)
        pieces = [winning_windows(rows, answers(slide, rows)) for rows in np.split(X, range(500, len(X), 500))]
        strongest.append(np.concatenate([values for values, _ in pieces]))
        windows += list(np.concatenate([won for _, won in pieces]).swapaxes(0, 1))
    bias = model.get_layer("features").get_weights()[0]
    return np.maximum(np.hstack(strongest) + bias, 0), windows


# %% [markdown]
# The last layer multiplies each feature with a weight per class. Fresh minus rotten, as for the log-odds, is one weight per filter: positive ones speak for fresh. A filter matters if this weight is large *and* its feature differs from sentence to sentence, so we rank by their product. For the three strongest on each side, the table shows the weight, and how many of the 20 sentences with the largest feature are fresh: among the training films, and among the dev films. Then follow the n-grams that moved it most.

# %% tags=["nbval-ignore-output"]
kernel = trained().get_layer("scores").get_weights()[0]
weight = kernel[:, 1] - kernel[:, 0]
(values, windows), (unseen, _) = features_of("training"), features_of("dev")
ranked = np.argsort(weight * values.std(axis=0))
print("weight  fresh of 20  n-grams that move it most (training)\n        train   dev")
for j in [*ranked[:-4:-1], *ranked[:3]]:  # the last three, from the end, and the first three
    best, best_unseen = np.argsort(-values[:, j]), np.argsort(-unseen[:, j])[:20]
    ngrams = dict.fromkeys(" ".join(encoder.decode(windows[j][i])) for i in best[:100])
    counts = f"{train.y[best[:20]].sum():5} {dev.y[best_unseen].sum():6}"
    print(f"{weight[j]:+6.2f} {counts}    {' | '.join(list(ngrams)[:3])}")
agree = [
    np.mean([(y[np.argsort(-x[:, j])[:20]] == (weight[j] > 0)).mean() for j in range(384)])
    for x, y in ((values, train.y), (unseen, dev.y))
]
print(
    f"all 384 filters: of 20 sentences, {20 * agree[0]:.1f} on the filter's side in training, {20 * agree[1]:.1f} in dev"
)

# %% [markdown]
# **What you should see:** some n-grams are what a person would have written down, with words such as *gem*, *refreshingly* and *entertaining* on one side, *bore*, *fails to* and *lack* on the other. (Which ones you see depends on the run.) But each filter reacts to several things at once, and some of its n-grams mean nothing at all: they come from one training sentence that was fresh or rotten, and that was enough. Compare the counts with chance: 57 % of the training sentences and 64 % of the dev sentences are fresh, so 20 sentences drawn at random would have 11 or 13 fresh ones. The last line measures it over all filters of both sides, where chance would be about ten. On training films 18 or 19 of the 20 sentences are on the filter's side, on new films about 15. The difference is what was learned by heart.
#
# An n-gram that moves a filter is not yet a reason for a verdict: 384 features are added up. For this we turn to single sentences.

# %% [markdown]
# ## Which words decided?
# How much does a word matter in a sentence? Take it out and look what happens. With $f$ for the log-odds and $x$ for a sentence of $n$ words, the **importance** of word $i$ is
#
# $$r_i = f(x_1, \dots, x_n) - f(x_1, \dots, x_{i-1}, x_{i+1}, \dots, x_n)$$
#
# Positive: with the word, the sentence sounds *fresher* than without it. This is called **leave one out**, or erasure, and it works with any model, a network or not: all it needs is answers. It costs $n + 1$ of them, in one minibatch.

# %% [markdown]
# ### Exercise · leave one out  ●●○ · 8 minutes
# Take out the *place* $i$, so that a word that occurs twice loses only one of its two places.


# %% exercise="leave_one_out"
def leave_one_out(tokens: list[str], log_odds) -> np.ndarray:
    """What each word adds to the log-odds of a sentence.

    tokens: n words; n may be 0.
    log_odds: a function from a list of sentences, each a list of words, to an array with a number for each sentence.
    Returns (n,): the log-odds of the sentence minus those of the sentence without word i.
    """
    ### BEGIN SOLUTION
    without = [tokens[:i] + tokens[i + 1 :] for i in range(len(tokens))]
    found = log_odds([tokens, *without])
    return found[0] - found[1:]
    ### END SOLUTION


# %% check="leave_one_out" points=2
check.leave_one_out(leave_one_out)

# %% [markdown] hint="leave_one_out"
# Build a list of sentences: the whole one first, then one sentence for each place that is left out. Ask for all their log-odds at once.

# %% [markdown] hint="leave_one_out"
# A sentence without place $i$ is `tokens[:i] + tokens[i + 1 :]`: two slices make a new list, and `tokens` stays as it is. The answer is the first log-odds minus all the others.

# %% [markdown] hint="leave_one_out"
# ```python
# without = [... for i in range(len(tokens))]
# found = log_odds([tokens] + without)
# return found[0] - ...
# ```

# %% [markdown]
# Four sentences of the dev part, two that all our trainings judge rightly and two that they all judge wrongly. The quotations are from Rotten Tomatoes (Pang and Lee, 2005), in the network's spelling. A word in brackets occurs less than twice in training, so the network reads `<OTHER>` there. A number stands below each word that moves the log-odds at least a fifth as far as the strongest one.

# %% figure="leave-one-out" tags=["nbval-ignore-output"]
from lib.plotting.text_saliency import Words

coloured = []
for row in (281, 706, 864, 83):
    tokens, truth = dev.tokens[row], ("rotten", "fresh")[dev.y[row]]
    verdict = odds("dev")[row]
    caption = f"the critic says {truth}, the network {('rotten', 'fresh')[int(verdict > 0)]} (log-odds {verdict:+.1f})"
    shown = [token if token in encoder.index else f"[{token}]" for token in tokens]
    coloured.append(Words(caption, shown, leave_one_out(tokens, log_odds)))
plotting.words_in_colour(coloured, "What each word adds", ("rotten", "fresh"), "change of the log-odds")

# %% [markdown]
# **What you should see:** in the first two sentences, words that carry the verdict carry the colour: *smart* and *charming*, *dreary* and *soap opera*. *Sassy* is marked as rotten, and not because the network dislikes it: it cannot tell this word from any other unknown one, and to be unknown is a sign of rotten. Nor has every colour a meaning: in our run *a* and commas speak for fresh, *a* nearly as much as *charming* does, and *promisingly* speaks for rotten. In the third, *no*, *reason* and *miss* each speak for rotten: the network has learned that they are bad signs, and not that *no reason to miss* is a good one. In the fourth, *depressing*, *seem* and *nothing* speak for rotten, though *nothing* belongs to the film's title; *may* speaks for fresh; and *uplifts*, the verdict itself, is a word that it does not know.
#
# ## The same with a derivative
# A network can be asked more directly. The embedding turns word $i$ into a vector $e_i$; the gradient $\partial f / \partial e_i$ says how the log-odds react to each of its numbers. **Gradient × input** multiplies the two:
#
# $$g_i = e_i \cdot \frac{\partial f}{\partial e_i}$$
#
# That is what $f$ would lose if $e_i$ went to zero and $f$ were a straight line on the way. Our network is made of straight pieces (products, maxima, ReLU), so the $g_i$ of a sentence add up to $f$ exactly, less what the biases add. One backward pass gives all words at once. TensorFlow records a calculation on a *tape* and plays it backwards:


# %%
def gradient_times_input(tokens: list[str]) -> np.ndarray:
    """The embedding of each word times the gradient of the log-odds by it, (n,)."""
    model, table = trained(), trained().get_layer("tuned")  # the embedding
    rest = keras.Model([model.input, table.output], model.output)  # from the vectors on; the numbers show the padding
    numbers = tf.constant(encoder.encode([tokens]))
    vectors = table(numbers)
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        scores = rest([numbers, vectors])
        f = scores[0, 1] - scores[0, 0]
    products = tf.reduce_sum(vectors * tape.gradient(f, vectors), axis=-1)[0].numpy()
    return products[encoder.edge : encoder.edge + len(tokens)]  # without the padding at both ends


# %% [markdown]
# Both answers for one sentence, and how well they agree on every 47th sentence of the dev part:

# %% figure="gradient" tags=["nbval-ignore-output"]
tokens = dev.tokens[706]
shown = [token if token in encoder.index else f"[{token}]" for token in tokens]
coloured = [
    Words("leave one out", shown, leave_one_out(tokens, log_odds)),
    Words("gradient × input", shown, gradient_times_input(tokens)),
]
for name, _, values in coloured:
    print(f"{name:16} adds up to {values.sum():+.1f}; the log-odds are {odds('dev')[706]:+.1f}")
some = [tokens for tokens in dev.tokens[::47] if tokens]
pairs = [(leave_one_out(tokens, log_odds), gradient_times_input(tokens)) for tokens in some]
correlation = np.corrcoef(*(np.concatenate(one) for one in zip(*pairs, strict=True)))[0, 1]
print(f"{len(some)} sentences: correlation of the two {correlation:.2f}")
assert correlation > 0.8
plotting.words_in_colour(coloured, "Two ways to ask", ("rotten", "fresh"), "what a word adds, in log-odds")

# %% [markdown]
# **What you should see:** the same words carry the colour, and the correlation is about 0.9. But the gradient's numbers are larger: they add up to the log-odds, and those of leave one out to only a half or so of them. The two ask different questions. Without a word, its neighbours become neighbours of each other, and other windows may win and make up for it. The gradient sees none of this: it keeps every winner where it is. Neither is *the* explanation. Both describe what the network does with its words, and neither says that the network is right.

# %% [markdown] think="twice" points=1
# **Think.** In "a dull film", leaving one out gives *dull* an importance of about −5, about as much as the whole sentence has, or more. In "a dull , dull , dull , dull film" the network is even surer, and each *dull* gets between −0.4 and −1. (The commas get about +2: without one, two *dull* stand side by side.) How can that be, in a network with maximum over time? What would you do instead?
#
# <!-- BEGIN SOLUTION -->
# The maximum over time asks whether a filter found its n-gram *somewhere*. Take out one *dull*, and those that are left still move nearly the same filters: little changes. Each word by itself is superfluous, and all of them together are everything; without all four, the log-odds rise by 9 or more. Leave out groups of words, or all places of a word at once, or add words one by one to an empty sentence. The gradient gives the credit to the windows that won, wherever they stand.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Where it goes wrong
# Are some sentences harder than others? Guess first: sentences with a *but*? With a *not*? Long ones? Each line below is the share of wrong verdicts in a group of dev sentences, with your interval.

# %% tags=["nbval-ignore-output"]
turns, negations = {"but", "though", "although", "despite", "yet", "while", "however"}, {"not", "n't", "no", "never"}
groups = {
    "with a turn (but, though, …)": [bool(turns & set(tokens)) for tokens in dev.tokens],
    "with a negation (not, n't, …)": [bool(negations & set(tokens)) for tokens in dev.tokens],
    "with neither": [not (turns | negations) & set(tokens) for tokens in dev.tokens],
    "of at most 9 words": [len(tokens) <= 9 for tokens in dev.tokens],
    "of 30 words and more": [len(tokens) >= 30 for tokens in dev.tokens],
}
wrong = (odds("dev") > 0) != dev.y
for name, member in groups.items():
    k, n = int(wrong[member].sum()), int(np.sum(member))
    low, high = wilson_interval(k, n)
    print(f"{name:30}{n:5} sentences, wrong {k / n:.0%}, from {low:.0%} to {high:.0%}")
p = 1 / (1 + np.exp(-np.abs(odds("dev"))))
print(f"certainty of a verdict: {p.mean():.0%} in the mean; verdicts that are right: {1 - wrong.mean():.0%}")

# %% [markdown]
# **What you should see:** about 30 % of errors where the sentence turns or negates, 20 % where it does neither, and more in long sentences than in short ones. The intervals of the first two lie above that of the third; those of short and long sentences touch. And the groups overlap: long sentences have more *but*s. The table shows where errors are, not why they happen. The last line says that the network is too sure of itself: it claims a certainty of more than 80 % and is right less often. Training went on after it had the training sentences right, by making its scores larger.
#
# Numbers do not replace reading. These are the wrong verdicts of which the network is most certain, among the sentences of at most 18 words:

# %% tags=["nbval-ignore-output"]
wrong = (odds("dev") > 0) != dev.y
short = np.array([len(tokens) <= 18 for tokens in dev.tokens])
for row in np.argsort(-np.abs(odds("dev")) * (wrong & short))[:6]:
    print(f"{odds('dev')[row]:+.1f}, truly {('rotten', 'fresh')[dev.y[row]]:6}  {dev.texts[row]}")

# %% [markdown] think="kinds" points=2
# **Think.** Sort these sentences into kinds of errors. Which kind could a better network get right, which kind needs knowledge that is not in the sentence, and which kind would you get wrong yourself?
#
# <!-- BEGIN SOLUTION -->
# In our runs these kinds come up. **Negation across words:** "There's no reason to miss …", "Don't walk into the theater expecting anything other than …" and "shockingly devoid of your typical …" are praise, made of words of blame. A network that learns what *no* and *devoid of* do to what follows could get these right. **Mixed verdicts,** such as "… may seem depressing, but in fact uplifts us" in the figure above: both halves are there, and which one counts is decided by the word in between. **Blame in the words of praise:** that a subject "deserves a more engaged and honest treatment" says that it did not get one; this takes knowledge of what people mean. **The verdict is elsewhere:** "At least Moore is a real charmer" stands in a rotten review. The label belongs to the film; the sentence is friendly, and only *at least* gives a hint. Here a person may well be wrong, too. **Words that it misread:** a name, a title, or a rare word that stood in a few training sentences of one class.
#
# Irony is tempting to see everywhere; of six sentences, hardly one is certain to be irony. And beware: six sentences, chosen by the network's certainty, are no statistics. To know how common each kind is, draw a hundred errors at random and let two people sort them.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Your own sentence
# Last, let it judge what you write. A text needs the same treatment as the training sentences: clean, split, encode. And the answer should be honest about what the network could not read: words that the encoder does not know are all the same to it, `<OTHER>`, so name them. (Letters with accents are cut out by the rules of 2014: of *naïve*, it reads *na* and *ve*.)

# %% [markdown]
# ### Exercise · judge a text  ●○○ · 8 minutes
# `clean(text)` applies the rules of the first lesson of this chapter: lower case, "isn't" becomes "is n't", most punctuation goes. `encoder.index` is a dictionary from the words it knows to their numbers. An empty text is a sentence with no words, and the network has an answer for that, too.


# %% exercise="judge"
def judge(text: str, encoder, log_odds) -> tuple[float, list[str]]:
    """How likely a text is fresh, and what the network could not read.

    text: anything a person may type, also nothing.  encoder: knows the words in the dictionary `encoder.index`.
    log_odds: as in `leave_one_out`, from a list of sentences (lists of words) to an array of numbers.
    Returns the probability of fresh, 0 … 1, and a list of the words it does not know, in the order of the cleaned text;
    one that comes twice is listed twice.
    """
    ### BEGIN SOLUTION
    tokens = clean(text).split()
    others = [token for token in tokens if token not in encoder.index]
    p = 1 / (1 + np.exp(-log_odds([tokens])[0]))
    return p, others
    ### END SOLUTION


# %% check="judge" points=2
check.judge(judge)

# %% [markdown] hint="judge"
# Three steps: the words, the words that are unknown, and one number for the only sentence in a list of one.

# %% [markdown] hint="judge"
# The words are `clean(text).split()`. A list with this one sentence goes to `log_odds`, and the first entry of the answer is $f$. Then $p = 1 / (1 + e^{-f})$.

# %% [markdown] hint="judge"
# ```python
# tokens = clean(text).split()
# others = [token for token in tokens if ...]
# f = log_odds([tokens])[0]
# return ..., others
# ```

# %% [markdown]
# The first two are the examples of WildML's `eval.py`. Add your own.

# %% tags=["nbval-ignore-output"]
own = ["a masterpiece four years in the making", "everything is off."]
own += ["A good film.", "Not a good film.", "A bad film.", "Not a bad film."]
own += ["Quetzals.", "Quetzals juggle xylophones.", ""]
for text in own:
    p, others = judge(text, encoder, log_odds)
    print(f"{p:.2f}  {text!r:42} {'not known: ' + ', '.join(others) if others else ''}")

# %% [markdown]
# **What you should see:** the two old examples are judged rightly, with certainty. *A good film* is fresh and *a bad film* rotten, and *not* changes next to nothing about either: "not a good film" stays fresh. A window of three words could see *not a good*, but there is one training sentence with it, while *good* stands in 400 and *bad* in 180. And *not* by itself says nothing: 54 % of the sentences with it are fresh. A word that it has never seen comes out as rotten, though unknown words are only a little more common in rotten sentences (4.5 % of all words) than in fresh ones (4.0 %); two more of them add little, since a filter that the first one moved is not moved again by the others. And the empty text gets one half: with no words, only the biases are left, and they are small. A product should say "I have read nothing" instead of a number.

# %% [markdown] think="better" points=1
# **Think.** "Not a good film" comes out as fresh. Name one thing in the data and one in the network that could help.
#
# <!-- BEGIN SOLUTION -->
# *Data:* sentences with negation, collected or made (take "a good film", put *not* before it, turn the label around), so that a filter is rewarded for *not … good*; or many more sentences. *Network:* word vectors that were learned elsewhere, so that what is learned about *not a good* helps with *not a great*; two layers of convolution, so that a filter can say "negated praise" about what lower filters found; or a recurrent network or attention, which can carry *not* over a longer way.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A test is looked at once, and its accuracy needs an interval: with 1,154 sentences it is five points wide, and the seed moves the result by two.
# - To compare two models, compare them sentence by sentence. On these films, the CNN and TF-IDF with logistic regression are equally good as far as this test can tell.
# - The confusion matrix keeps the errors apart; precision divides by its columns, recall by its rows.
# - The argmax over time shows which n-grams move a filter: real signs of praise and blame, and a good deal learned by heart.
# - Leaving out a word, or gradient × input, shows what decided about one sentence. Here it shows a network that adds up good and bad signs and does not understand *not*.

# %%
headline(
    metric="accuracy on 1,154 sentences about 48 new films, five seeds (TF-IDF + logistic regression)",
    value="0.752 to 0.770 (0.766)",
    published="0.761 (CNN-rand, MR, random folds)",
    source="Kim (2014), table 2",
)

# %% [markdown]
# ## What to try next
# - Draw thirty wrong dev sentences at random, sort them, and let a friend sort them as well. How often do you agree?
# - Change the threshold: which one gives equal recall for both classes on the dev part? Divide the log-odds by a number $T > 1$ before the sigmoid: which $T$ makes the certainty honest on the dev part? (This is *temperature scaling*.)
# - Leave out words in pairs. Which pairs matter more together than the sum of their two importances?
# - Look at the filters of a network that was trained for one epoch and for ten. What happens to the two counts in the table?
#
# ## References
# - Kim (2014), *Convolutional neural networks for sentence classification*, EMNLP: the network; table 2.
# - Pang and Lee (2005), *Seeing stars*, ACL: where the sentences come from.
# - Wilson (1927), *Probable inference, the law of succession, and statistical inference*, Journal of the American Statistical Association 22.
# - Efron and Tibshirani (1993), *An Introduction to the Bootstrap*: resampling, and confidence intervals from it.
# - Li, Monroe and Jurafsky (2016), *Understanding neural networks through representation erasure*: leaving words out.
# - Simonyan, Vedaldi and Zisserman (2014), *Deep inside convolutional networks*: saliency from gradients.
# - Jacovi, Sar Shalom and Goldberg (2018), *Understanding convolutional neural networks for text classification*: which n-grams filters select.
# - Guo, Pleiss, Sun and Weinberger (2017), *On calibration of modern neural networks*: networks that are too sure, and temperature scaling.
