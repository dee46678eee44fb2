# %% [markdown] minutes=100
# # Training a language model
# A GRU is a good idea; minibatches, masks and a good optimiser make a model of it that beats counting.
#
# **You will** assemble a two-layer model, feed it whole minibatches of sentences, write its optimiser, train it, and then
# measure a larger one, trained on two million words, against the best n-gram.
#
# Needs: [GRU and LSTM](01_gru_and_lstm.ipynb), perplexity and Kneser-Ney n-grams from
# [language models](../../01_language_models/README.md).

# %% tags=["nbval-ignore-output"]
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rnn.gru_and_lstm import training_a_language_model as check
from lib.models.recurrent import graph_layer
from lib.text import END, Vocabulary, chat_corpus, tokenize

setup(seed=0)

# %% [markdown]
# In this lesson speed counts, so all training is in float32 and in PyTensor's JAX mode, which needs to know every shape before it compiles.
# You decide how much is computed: `SCALE=full` in the environment trains the *full* model, for half an hour to an hour, by the same cells.
# Without it, they take a part of the corpus, short sentences, and a small model.

# %%
import os

import pytensor
import pytensor.tensor as pt

pytensor.config.floatX = "float32"
FULL = os.environ.get("SCALE") == "full"
LIMITS = (4, 7, 11, 16, 24, 40, 64) if FULL else (5, 9, 16)  # lengths that sentences are filled up to
WORDS, C, D, H = (1024, 8000, 128, 192) if FULL else (1024, 2000, 64, 96)  # places in a batch, words known, sizes
EPOCHS, PART, RATE = (6, None, 0.002) if FULL else (3, 20_000, 0.004)  # passes over the first so many messages

# %% [markdown]
# ## The model
# Words go in, a probability for every next word comes out:
#
# $$x \;\xrightarrow{E}\; \text{vectors} \;\xrightarrow{\text{layer 1}}\; \cdot \;\xrightarrow{\text{layer 2}}\; s \;\xrightarrow{V}\; sV \;\xrightarrow{E^\top}\; \text{scores} = (sV)E^\top + c \;\xrightarrow{\text{softmax}}\; \text{probabilities}$$
#
# $E$ is the **embedding**, shape $(C, D)$: a row of $D$ numbers for each of the $C$ words. Row `E[word]` *is* the word, as the network sees it. It may be as wide as we
# like. (WildML's post of 2015 spoke of 48 numbers a word, and its script read a setting for it, but the setting only ever got into a file name: its $E$ was always as wide as
# the hidden layer.)
#
# Now look at the other end. Scoring a word needs a vector for each word, too: how well does $sV$ *fit* the word? Press and Wolf (2017) noticed that one table can do both. With
# **tied** weights, $E$ reads the words and scores them. With 8,000 words that is a million parameters fewer, each row is trained by both of its
# uses, and the perplexity falls. $V$, of shape $(H, D)$, leads from the $H$ units of the top layer to the $D$ numbers of a word.

# %% [markdown]
# ### Exercise · log-probabilities  ●●○ · 10 minutes
# `graph_layer("gru", layer, inputs, H)` is the layer of the last lesson, with the step built in; `layer` is a dict of `U`, `W` and `b`. The model's are called
# `U1`, `W1`, `b1` and `U2`, `W2`, `b2`. Its outputs have the shape $(T, B, H)$; after the layers, time no longer matters, so put all places below each other,
# `s.reshape((T * B, H))` with `T, B = x.type.shape`, and the rest is products of plain matrices. `pt.special.log_softmax(scores, axis=...)` gives the logarithms of the probabilities.


# %% exercise="log_probabilities"
def log_probabilities(theta: dict, x, H: int):
    """The logarithm of the probability of each next word, after each word of x.

    theta: the variables E (C, D), V (H, D), c (C,), and U1, W1, b1, U2, W2, b2.  x: words, (T, B), time first.
    Returns (T B, C): a row for each place, all sentences of step 0 first.
    """
    ### BEGIN SOLUTION
    T, B = x.type.shape
    s = theta["E"][x]
    for number in (1, 2):
        s = graph_layer("gru", {name: theta[f"{name}{number}"] for name in "UWb"}, s, H)
    scores = (s.reshape((T * B, H)) @ theta["V"]) @ theta["E"].T + theta["c"]
    return pt.special.log_softmax(scores, axis=-1)
    ### END SOLUTION


# %% [markdown]
# The check follows three tiny models, word by word.

# %% check="log_probabilities" points=2
check.log_probabilities(log_probabilities)

# %% [markdown] hint="log_probabilities"
# `theta["E"][x]` looks up all words at once and has the shape $(T, B, D)$. Then two layers, then two products.

# %% [markdown] hint="log_probabilities"
# The top outputs, reshaped, are $(TB, H)$; $sV$ is $(TB, D)$, and $(sV)E^\top + c$ is $(TB, C)$. The softmax belongs to the last axis: each row sums to 1.

# %% [markdown] hint="log_probabilities"
# ```python
# T, B = x.type.shape
# s = theta["E"][x]
# for number in (1, 2):
#     layer = {name: theta[f"{name}{number}"] for name in "UWb"}
#     s = graph_layer("gru", layer, s, H)
# scores = (s.reshape((T * B, H)) @ ...) @ ... + ...
# return pt.special.log_softmax(scores, axis=...)
# ```

# %% [markdown]
# ## Sentences side by side
# One sentence at a time, a matrix meets one vector: the processor spends its time fetching the matrix. With 64 sentences side by side, it fetches the matrix once and uses it
# 64 times. But sentences differ in length, and an array is a rectangle. So we fill up the shorter ones (**padding**), and keep a **mask**: 1 where there is a word to predict, 0 in the padding. For
# two sentences, time running down:
#
# | $t$ | `x[:, 0]` | `y[:, 0]` | `mask[:, 0]` | `x[:, 1]` | `y[:, 1]` | `mask[:, 1]` |
# |---|---|---|---|---|---|---|
# | 0 | START | how | 1 | START | hi | 1 |
# | 1 | how | are | 1 | hi | END | 1 |
# | 2 | are | END | 1 | END | END | 0 |

# %% [markdown]
# ### Exercise · pad a batch  ●●○ · 10 minutes
# A sentence comes as the numbers of START, its words, END. With $n + 1$ numbers, it has $n$ words to predict: all but START.


# %% exercise="pad_batch"
def pad_batch(encoded: list, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sentences as columns, filled up to one length.

    encoded: integer arrays START … END, each with at most ``length`` words to predict.
    Returns x and y, int32 (length, B), with END in the padding, and the mask, float32 (length, B).
    """
    ### BEGIN SOLUTION
    x = np.full((length, len(encoded)), END, np.int32)
    y, mask = x.copy(), np.zeros(x.shape, np.float32)
    for b, sentence in enumerate(encoded):
        n = len(sentence) - 1
        x[:n, b], y[:n, b], mask[:n, b] = sentence[:-1], sentence[1:], 1
    return x, y, mask
    ### END SOLUTION


# %% [markdown]
# The check finds every word again.

# %% check="pad_batch" points=2
check.pad_batch(pad_batch)

# %% [markdown] hint="pad_batch"
# Make the three full arrays first: two of END, one of zeros. Then put each sentence into its column.

# %% [markdown] hint="pad_batch"
# With `n = len(sentence) - 1`: the words read are `sentence[:-1]`, the words to come `sentence[1:]`, both of length $n$; they go to rows `:n` of column $b$.

# %% [markdown] hint="pad_batch"
# ```python
# x = np.full((length, len(encoded)), END, np.int32)
# y, mask = x.copy(), np.zeros(x.shape, np.float32)
# for b, sentence in enumerate(encoded):
#     n = len(sentence) - 1
#     x[:n, b], y[:n, b], mask[:n, b] = ..., ..., 1
# return x, y, mask
# ```

# %% [markdown]
# ## A loss that ignores the padding
# The network guesses in the padding, too; nobody should care. The loss of a batch is the mean over the **real** words:
#
# $$L = \frac{-\sum_{t,b} \text{mask}_{tb} \, \log p_{tb}[y_{tb}]}{\sum_{t,b} \text{mask}_{tb}}$$
#
# What the mask makes zero has no gradient either. Since a sentence is filled up *behind* its end, the padding cannot reach back into its words.

# %% [markdown]
# ### Exercise · masked loss  ●●○ · 10 minutes
# `log_p` has one row per place. Lay `y` and `mask` out in the same order, `y.reshape((T * B,))`, and pick the column `y` of each row. Multiply by the mask
# rather than select by it: JAX wants fixed shapes, and how many words are real is not known when it compiles.


# %% exercise="masked_loss"
def masked_loss(log_p, y, mask):
    """The mean negative log-probability of the real words: a variable with one number.

    log_p: (T B, C), as ``log_probabilities`` returns it.  y: the words to come, (T, B), with a static shape, y.type.shape.
    mask: (T, B), 1 for a real word, 0 in the padding.
    """
    ### BEGIN SOLUTION
    T, B = y.type.shape
    chosen = log_p[np.arange(T * B), y.reshape((T * B,))]
    return -(chosen * mask.reshape((T * B,))).sum() / mask.sum()
    ### END SOLUTION


# %% [markdown]
# The check adds up real words only.

# %% check="masked_loss" points=2
check.masked_loss(masked_loss)

# %% [markdown] hint="masked_loss"
# How many terms does the sum have, once the padding is gone? That is what you divide by.

# %% [markdown] hint="masked_loss"
# `log_p[np.arange(T * B), y.reshape((T * B,))]` has shape $(TB,)$. Multiply by the mask, add up, divide by `mask.sum()`, and mind the sign.

# %% [markdown] hint="masked_loss"
# ```python
# T, B = y.type.shape
# chosen = log_p[np.arange(T * B), ...]
# return -(chosen * ...).sum() / ...
# ```

# %% [markdown]
# ## Sentences of like length
# Fill up every message to the longest, and most of the work is done on padding. Put sentences of *like* length together instead, into **buckets**: up to 5 words to predict (END is one), up to 9, up
# to 16. There is a second reason. JAX compiles for fixed shapes, a few seconds for each, so there should be few shapes.

# %% [markdown]
# ### Exercise · buckets  ●○○ · 10 minutes


# %% exercise="buckets"
def buckets(lengths: np.ndarray, limits: tuple) -> list[np.ndarray]:
    """Which sentences belong together.

    lengths: how many words each sentence has to predict, (N,), all >= 1.  limits: the buckets' lengths, ascending.
    Returns one array of places (0 … N - 1) per limit: those of the sentences that fit into it, but into no smaller one.
    Sentences longer than the last limit are left out.
    """
    ### BEGIN SOLUTION
    found, below = [], 0
    for limit in limits:
        found.append(np.flatnonzero((lengths > below) & (lengths <= limit)))
        below = limit
    return found
    ### END SOLUTION


# %% [markdown]
# The check looks for every sentence in its bucket, those exactly as long as a limit above all.

# %% check="buckets" points=1
check.buckets(buckets)

# %% [markdown] hint="buckets"
# A bucket reaches from above the limit before it to its own limit. What stands before the first?

# %% [markdown] hint="buckets"
# For each limit, the places with `below < lengths <= limit`; then `below = limit`. `np.flatnonzero` gives the places where a condition holds.

# %% [markdown] hint="buckets"
# ```python
# found, below = [], 0
# for limit in limits:
#     found.append(np.flatnonzero((... > below) & (... <= ...)))
#     below = ...
# return found
# ```

# %% [markdown]
# Chat messages are short, so the gain is large. How many places of the arrays hold a real word?

# %%
corpus = chat_corpus()
vocabulary = Vocabulary.of(corpus.train[:PART], C)
encoded = [vocabulary.encode(tokens) for tokens in corpus.train[:PART] if len(tokens) < LIMITS[-1]]
lengths = np.array([len(sentence) - 1 for sentence in encoded])
groups = buckets(lengths, LIMITS)
places = sum(len(group) * limit for group, limit in zip(groups, LIMITS, strict=True))
print(f"{len(encoded):,} messages, {lengths.sum():,} words to predict; per bucket: {[len(group) for group in groups]}")
print(
    f"real words: {lengths.sum() / (len(lengths) * LIMITS[-1]):.0%} with one length, {lengths.sum() / places:.0%} in buckets"
)


# %% [markdown]
# A batch has about `WORDS` places, so short sentences come in batches of more rows. Batches of one bucket all have the same shape, so the last one is completed with
# sentences from the first. And the batches come in random order, or the model would forget long sentences while it reads short ones.


# %%
def batches(encoded, rng):
    """All sentences in random batches (x, y, mask), each batch from one bucket."""
    lengths, plan = np.array([len(sentence) - 1 for sentence in encoded]), []
    for limit, members in zip(LIMITS, buckets(lengths, LIMITS), strict=True):
        rows, order = WORDS // limit, rng.permutation(members)
        order = np.resize(order, -(-len(order) // rows) * rows)  # -(-n // rows) rounds up: filled to whole batches
        plan += [(order[i : i + rows], limit) for i in range(0, len(order), rows)]
    for number in rng.permutation(len(plan)):
        members, limit = plan[number]
        yield pad_batch([encoded[i] for i in members], limit)


# %% [markdown]
# ## rmsprop
# Words differ. The row of *the* in $E$ gets a large slope in every batch, that of *aardvark* once in an epoch and tiny ones otherwise, through the softmax: no single learning rate suits both. **rmsprop** gives every
# parameter its own. It keeps a moving mean $m$ of the *squared* slope $g$ and divides by its root:
#
# $$m \leftarrow 0.9\, m + 0.1\, g^2 \qquad\qquad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{m + 10^{-6}}}$$
#
# Whatever unit $g$ has, $g / \sqrt m$ has none: once $m$ has settled, a step is about $\eta$ long, for large slopes and for small ones. (The first step is longer, $\eta / \sqrt{0.1} = 3.2\, \eta$, since $m$ begins at 0.) $10^{-6}$
# keeps the division harmless where all slopes were 0, and steps short where slopes are well below $10^{-3}$. Tieleman and Hinton proposed it in 2012, in a lecture; WildML used it for its GRU.

# %% [markdown]
# ### Exercise · rmsprop  ●○○ · 5 minutes


# %% exercise="rmsprop_step"
def rmsprop_step(theta, m, g, lr):
    """One step for one array of parameters, on PyTensor variables.

    theta, m, g: parameters, mean squared slopes, slopes, all of one shape.  lr: the learning rate η.
    Returns the new theta and the new m.
    """
    ### BEGIN SOLUTION
    m = 0.9 * m + 0.1 * g**2
    return theta - lr * g / pt.sqrt(m + 1e-6), m
    ### END SOLUTION


# %% [markdown]
# The check compares entry by entry, for large slopes and small ones.

# %% check="rmsprop_step" points=1
check.rmsprop_step(rmsprop_step)

# %% [markdown] hint="rmsprop_step"
# Two lines, in the order of the two equations. Which $m$ does the second one use?

# %% [markdown] hint="rmsprop_step"
# `m = 0.9 * m + 0.1 * g**2`; then $\theta$ minus $\eta g$ divided by `pt.sqrt(m + 1e-6)`.

# %% [markdown] hint="rmsprop_step"
# ```python
# m = 0.9 * m + 0.1 * ...
# return theta - lr * ... / pt.sqrt(...), m
# ```

# %% [markdown]
# ## All together
# `compile_step` turns your pieces into one function: it takes a batch of one shape, makes one step of rmsprop on all parameters, and returns the loss. The parameters and their means live in
# *shared variables*, so functions for different shapes all train the same model.

# %%
from lib.models.language_model import LanguageModel, Shape


def shared(arrays):
    return {name: pytensor.shared(values, name=name, shape=values.shape) for name, values in arrays.items()}


def compile_step(theta, m, shape):
    """(x, y, mask, learning rate) to the loss of a batch of this shape; each call makes a step."""
    x, y = (pt.tensor(name, shape=shape, dtype="int32") for name in "xy")
    mask, lr = pt.tensor("mask", shape=shape, dtype="float32"), pt.scalar("lr", dtype="float32")
    loss = masked_loss(log_probabilities(theta, x, H), y, mask)
    updates = []
    for name, g in zip(theta, pytensor.grad(loss, list(theta.values())), strict=True):
        new_theta, new_m = rmsprop_step(theta[name], m[name], g, lr)
        updates += [(theta[name], new_theta), (m[name], new_m)]
    return pytensor.function([x, y, mask, lr], loss, updates=updates, mode="JAX")


def new_model():
    """A model with random weights, and its shared variables."""
    model = LanguageModel.init(vocabulary, Shape("gru", embedding=D, hidden=H), seed=0)
    zeros = {name: np.zeros_like(values) for name, values in model.parameters.items()}
    return model, shared(model.parameters), shared(zeros)


# %% [markdown]
# How much does a minibatch gain? We compare it with one sentence at a time, which is how WildML trained. Both go through your functions and update all parameters once per call. We count
# *processor* seconds, in which other programs on the machine have no share.
#
# `LanguageModel` (in `lib/models/language_model.py`) holds parameters and vocabulary, and knows how to score and to generate in plain NumPy. It will also check your
# pieces: the loss of its NumPy layers on a batch must be the loss that your graph reports.

# %% tags=["nbval-ignore-output"]
import time
from functools import cache


@cache
def measured():
    """Processor seconds per real word with a whole batch and with one sentence at a time, and each compile time."""
    model, theta, m = new_model()
    rng, found = np.random.default_rng(0), {}
    long = [encoded[i] for i in buckets(lengths, LIMITS)[-1]]
    for rows, calls in ((WORDS // LIMITS[-1], 12), (1, 60)):
        chosen = [[long[i] for i in rng.integers(len(long), size=rows)] for _ in range(calls)]
        data = [pad_batch(batch, LIMITS[-1]) for batch in chosen]
        start = time.perf_counter()
        step = compile_step(theta, m, data[0][0].shape)
        losses = [float(step(*data[0], np.float32(0)))]
        compiling, start = time.perf_counter() - start, time.process_time()
        losses += [float(step(*batch, np.float32(0.001))) for batch in data[1:]]
        found[rows] = (time.process_time() - start) / sum(batch[2].sum() for batch in data[1:]), compiling
        expected = np.log(model.perplexity([vocabulary.decode(s) for s in chosen[0]])) if rows > 1 else losses[0]
        assert abs(losses[0] - expected) < 1e-3
    return found


for rows, (seconds, compiling) in measured().items():
    print(f"{rows:3} at a time: {1 / seconds:8,.0f} words per processor second   (compiled in {compiling:.1f} s)")
(many, _), (few, _) = measured().values()
print(f"one at a time takes {few / many:.1f} times the processor time per word")

# %% [markdown]
# **What you should see:** some two to three times as many words per processor second (our runs gave 1.9 to 2.6), for the same arithmetic per word. It is not 64 times: scoring 2,000 words is most of the work, and that product takes all
# words of a sentence at once in either case; only inside the loop does a single sentence leave the matrix with one vector. The compile time stands beside it: it is paid once per shape. There is a price: a minibatch of 64 sentences
# makes *one* step where single sentences make 64, each with a noisier slope. So small batches learn more per *word* at first, and large ones more per *second*.

# %% [markdown] think="batch-size" points=1
# **Think.** Would 6,400 sentences at a time be a hundred times as good as 64?
# <!-- BEGIN SOLUTION -->
# No. Once the processor is busy all the time, larger batches are no faster per word: a matrix product with 64 rows nearly fills it. And each step then costs a hundred times as much, while the
# mean slope of 6,400 sentences is hardly better a direction than that of 64: the noise shrinks with the root of the number, to a tenth, and the learning rate cannot grow a hundredfold. Fewer, more
# exact steps are a bad bargain.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A training run of your own
# Twenty thousand messages, of which the 15,900 short ones are read; three passes, two thousand words. The learning rate stays constant for the first half of the training and then falls to 0 in
# a straight line: long steps find the valley, short ones its floor. After each half pass, we measure the perplexity on 500 held-out messages of the validation part. Beside it stands the bar: Kneser-Ney
# trigrams, *trained on the same messages with the same vocabulary*.

# %%
from lib.models.ngrams import NGrams

held_out = [tokens for tokens in corpus.valid if len(tokens) < LIMITS[-1]][: 5000 if FULL else 500]

# %% [markdown]
# Now all your parts together. A shape that comes for the first time is compiled, which takes some seconds.


# %% figure="training" tags=["nbval-ignore-output"]
@cache
def trained():
    """The trained model, words seen, and the perplexity after so many."""
    model, theta, m = new_model()
    steps, seen, curve, rng = {}, [0], [model.perplexity(held_out)], np.random.default_rng(1)
    for epoch in range(EPOCHS):
        plan, words = list(batches(encoded, rng)), 0
        for number, (x, y, mask) in enumerate(plan, 1):
            if x.shape not in steps:
                steps[x.shape] = compile_step(theta, m, x.shape)
            done = (epoch + (number - 1) / len(plan)) / EPOCHS
            steps[x.shape](x, y, mask, np.float32(RATE * min(1, 2 * (1 - done))))
            words += mask.sum()
            if number in (len(plan) // 2, len(plan)):
                model.parameters = {name: np.asarray(value.get_value()) for name, value in theta.items()}
                seen, curve = [*seen, seen[-1] + words], [*curve, model.perplexity(held_out)]
                words = 0
    return model, seen, curve


_, seen, curve = trained()
bar = NGrams(encoded, 3, len(vocabulary)).perplexity([vocabulary.encode(tokens) for tokens in held_out])
print(f"validation perplexity: GRU {curve[-1]:.1f}, Kneser-Ney trigrams {bar:.1f}")
plotting.training_curves(
    {"GRU": curve}, "The short ones of 20,000 messages", "validation perplexity", "words seen", np.array(seen), log_y=True,
    marks={"Kneser-Ney trigrams": bar},
)  # fmt: skip

# %% [markdown]
# **What you should see:** the GRU falls from 2,000, the size of the vocabulary, to about 100, and flattens while the learning rate goes to 0. And it loses: the trigrams stand
# near 59. **With little text, counting wins.** A count needs to see a word once; a network needs many small steps before it knows what a word is like. Three short passes are a
# few hundred steps.
#
# ## The same model, two million words
# A larger twin of your model has read all 207,000 messages of the training part, six times: 8,000 words, an embedding of 128 numbers, two layers of 192 units. It was made by the command
#
# ```
# python -m lib.train language-model --out runs/chat-gru
# ```
#
# whose settings are those of `SCALE=full` here: six passes, the same rates, buckets and batches. Its code does what yours does, with a faster slope of the softmax and with checkpoints (`--help` lists cell type, sizes, epochs, your own text file; `python -m lib.generate runs/chat-gru --prompt "i like"` lets it talk). Its weights come with
# the course, together with its vocabulary, and load in a second. `data/pretrained/README.md` tells how long the training took, and its perplexity on all held-out messages.
#
# Here is the duel, on 2,000 messages of the *test* part, which nobody has looked at before. Kneser-Ney trigrams are fitted to the same two million words on the spot, here with three discounts, for the counts 1, 2 and more
# (Chen and Goodman 1998): the strongest trigrams we have.

# %% figure="duel" tags=["nbval-ignore-output"]
from lib.models.language_model import pretrained_folder


@cache
def pretrained():
    return LanguageModel.load(pretrained_folder() / "chat-gru" / "model.npz")


@cache
def trigrams():
    words = pretrained().vocabulary
    return NGrams([words.encode(tokens) for tokens in corpus.train], 3, len(words), modified=True)


@cache
def duel():
    """The perplexity of both on 2,000 test messages."""
    chosen = np.random.default_rng(0).choice(len(corpus.test), 2000, replace=False)
    messages = [corpus.test[i] for i in chosen]
    counted = trigrams().perplexity([pretrained().vocabulary.encode(tokens) for tokens in messages])
    return {"Kneser-Ney trigrams": counted, "GRU, two layers": pretrained().perplexity(messages)}


assert duel()["GRU, two layers"] < duel()["Kneser-Ney trigrams"]
plotting.bars(duel(), "Two million words of training, 2,000 new messages", "test perplexity")

# %% [markdown]
# **What you should see:** with two million words the order is turned round: the GRU is below the trigrams, on messages that neither has seen. Perplexities are compared by
# their ratio: with one a tenth lower, each word is, in the geometric mean, a ninth more probable.
#
# ## Where they differ
# Compare their guesses for the next word after a beginning whose last two words are common.


# %% figure="next-words" tags=["nbval-ignore-output"]
def next_words(model, prompt):
    """Word to probability, after a prompt."""
    numbers = pretrained().vocabulary.encode(tokenize(prompt))[:-1]
    p = (
        model.probabilities(numbers)
        if isinstance(model, NGrams)
        else np.exp(model.log_probabilities(numbers[:, None])[0][-1, 0])
    )
    return dict(zip(pretrained().vocabulary.words, p, strict=True))


prompt = "do you like to play the"
panels = {"trigrams": next_words(trigrams(), prompt), "GRU": next_words(pretrained(), prompt)}
plotting.next_words(panels, f"… {prompt} …", same_scale=True)

# %% [markdown]
# **What you should see:** the trigrams have counted what comes after *play the*, and they know it sharply: instruments and games. The GRU's guesses are softer, and its first is UNKNOWN, any of the words outside the vocabulary; movies and books show that it knows *the* better than *play*. For
# common beginnings, counting is hard to beat. The GRU wins on average, by what it knows after beginnings that were *never* counted, and by what it remembers from farther back than two words.
#
# ## Let it talk
# Draw a word, append it, read on. The **temperature** divides the logarithms before the draw: below 1, likely words become likelier; above 1, everything becomes possible. (A few messages of the corpus are not fit for a classroom, and what a
# model has read, it may say: `sample_lines` draws such lines again.)

# %% tags=["nbval-ignore-output"]
from lib.train.language_model import sample_lines

for temperature in (0.5, 0.8, 1.0, 1.3):
    print(f"temperature {temperature}")
    for line in sample_lines(pretrained(), 4, seed=1, temperature=temperature, max_words=25):
        print("   ", line)
print("beginning with: my favorite")
for line in sample_lines(pretrained(), 4, seed=2, temperature=0.8, prompt=tokenize("my favorite"), max_words=25):
    print("   ", line)

# %% [markdown]
# **What you should see:** at 0.5 small talk, dull and mostly grammatical; at 1.0 it often breaks; at 1.3 it stumbles everywhere. (A line ends at 25 words at the latest.) *Pieces* of sentences hold together. There is no plan behind them, and the
# model starts each message from nothing. That is where the chapters on chatbots and attention come in.

# %% [markdown] think="comparison" points=1
# **Think.** With the short ones of 20,000 messages, the trigrams won; with 207,000, the GRU is ahead. Give a reason on each side.
# <!-- BEGIN SOLUTION -->
# A trigram model knows only what it has seen, word for word: three times *pizza* teaches nothing about *pasta*. But what it has seen, it knows at once, without gradient steps; with little data that is worth a lot. The
# GRU has to find out first which words are alike, and with little text it cannot (or it learns the text by heart). Once its embedding holds that *pizza* and *pasta* are neighbours, each sentence teaches it about both, and its state reaches back
# farther than two words. More data feeds both, but the count table grows by rare trigrams that will never come again.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - One table of word vectors reads the words and scores them: tied weights.
# - Minibatches make the processor busy; padding makes them rectangles; the mask keeps the loss honest; buckets keep the padding small and the shapes few.
# - rmsprop divides each slope by its own typical size.
# - Judge a language model by the perplexity on held-out text, beside a bar that was trained on the same text.
# - With little data, counting is hard to beat. With two million words, the GRU wins.
#
# The result: the pretrained GRU against the trigrams, on the same messages.

# %% tags=["nbval-ignore-output"]
headline(
    metric="test perplexity on 2,000 chat messages: two-layer GRU; Kneser-Ney trigrams on the same messages",
    value=f"{duel()['GRU, two layers']:.0f}; {duel()['Kneser-Ney trigrams']:.0f}",
    published="none; the GRU of 2015 had no held-out text",
    source="WildML 2015, rnn-tutorial-gru-lstm",
)

# %% [markdown]
# **What to try next:** ★ Untie the weights: give the output a table of its own and compare on the same messages. ★★ Train on a text of your own: `python -m lib.train language-model --text my.txt --out runs/mine`. ★★★ Mix the two: a probability
# $\lambda p_\text{GRU} + (1 - \lambda) p_\text{trigram}$ beats both. Find $\lambda$ on the validation part.
#
# **References.** O. Press, L. Wolf, *Using the Output Embedding to Improve Language Models* (2017); H. Inan, K. Khosravi, R. Socher, *Tying Word Vectors and Word Classifiers* (2017). T. Tieleman, G. Hinton, *Lecture 6.5: rmsprop*, Coursera: Neural Networks for
# Machine Learning (2012). R. Kneser, H. Ney, *Improved backing-off for M-gram language modeling* (1995). S. Chen, J. Goodman, *An empirical study of smoothing techniques for language modeling* (1998). W. Myers, T. Etchart, N. Fulda, *Conversational Scaffolding* (2020): the messages. D. Britz, *Implementing a GRU/LSTM RNN with Python and Theano*, WildML (2015).
