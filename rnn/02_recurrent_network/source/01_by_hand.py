# %% [markdown] minutes=130
# # A recurrent network by hand
# Give a network a loop, and it can read a sentence of any length with the same three matrices.
#
# **You will** build a recurrent language model in NumPy, send its errors back through time, check every derivative
# against a measured slope, and train it.
#
# Needs: [a neural network from scratch](../../../nn_theano/01_from_scratch/exercises/01_neural_network.ipynb)
# (softmax, cross-entropy, backpropagation, central differences), and what a language model is.

# %% tags=["nbval-ignore-output"]
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rnn.recurrent_network import by_hand as check
from lib.models import rnn
from lib.models.network import softmax

setup(seed=0)

# %% [markdown]
# ## A loop with memory
# A language model guesses the next word from the words before it. An n-gram looks at the last two or three and has
# forgotten all others. How would *you* read? Word by word, with something in your head that stands for all you have
# read so far, and that changes a little with every word.
#
# A **recurrent network** does just that. What it has in its head is the **state** $s_t$, a vector of $H$ numbers. At step $t$
# it reads the word $x_t$, mixes it with the state before, and from the new state it guesses the next word:
#
# $$s_t = \tanh(U x_t + W s_{t-1}) \qquad\qquad o_t = \mathrm{softmax}(V s_t)$$
#
# $o_t$ holds one probability for each of the $C$ words of the vocabulary. The first word has nothing before it: $s_{-1} = 0$.

# %% figure="unrolled"
plotting.unrolled_network(["START", "how", "are", "you", "?"], ["how", "are", "you", "?", "END"])

# %% [markdown]
# **What you should see:** the loop on the left and, on the right, the same loop drawn once per step: the *unrolled*
# network. It looks like a deep network with five layers, with one big difference: **$U$, $V$ and $W$ are the same at every
# step.** So the number of parameters does not depend on the length of the sentence.
#
# How does a word become a vector? As a **one-hot** vector: $C$ zeros, with a single 1 at the word's number. A product
# with such a vector is no work at all.

# %%
model = rnn.init(C=8000, H=100, seed=10)
one_hot = np.zeros(8000)
one_hot[42] = 1
print("U times one-hot is column 42 of U:", np.array_equal(model["U"] @ one_hot, model["U"][:, 42]))
print("parameters:", {name: values.shape for name, values in model.items()})
print(f"altogether 2HC + H² = {sum(values.size for values in model.values()):,}")

# %% [markdown]
# So instead of $U x_t$ we simply look up a column, `U[:, x[t]]`, where `x[t]` is the *number* of the word. These are the
# sizes of WildML's network of 2015: 8,000 words, 100 hidden units, no biases. `init` draws each weight uniformly from
# $\pm 1/\sqrt n$, where $n$ counts the connections that come in: $C$ for $U$, $H$ for $V$ and $W$.

# %% [markdown]
# ### Exercise · forward  ●●○ · 10 minutes
# Read a sentence. `s` gets one row more than there are words, and that *last* row stays zero. Then `s[t - 1]` is right
# even at the first word: in Python, `s[-1]` is the last row, and so $s_{-1} = 0$. Compute all outputs at once in the end.
# Make `s` with `dtype=W.dtype`: later we train in single precision, and one array of doubles would turn all into doubles.


# %% exercise="forward"
def forward(model: dict, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All states and all guesses of the network while it reads a sentence.

    model: U (H, C), V (C, H), W (H, H).  x: the numbers of the words read, shape (T,), from 0 to C - 1.
    Returns the states s, shape (T + 1, H): row t after word t, the last row zero;
    and the probabilities o, shape (T, C): row t is the guess after word t.
    Both are arrays of the model's dtype: float32 weights give float32 results.
    """
    ### BEGIN SOLUTION
    U, V, W = model["U"], model["V"], model["W"]
    s = np.zeros((len(x) + 1, len(W)), dtype=W.dtype)
    for t in range(len(x)):
        s[t] = np.tanh(U[:, x[t]] + W @ s[t - 1])
    return s, softmax(s[:-1] @ V.T)
    ### END SOLUTION


# %% [markdown]
# The check reads each sentence on its own, with one-hot vectors and one word at a time.

# %% check="forward" points=2
check.forward(forward)

# %% [markdown] hint="forward"
# The states must be computed one after the other: each needs the one before. The outputs need only the state of their
# own step, so one product and one softmax give them all. `softmax` takes rows of scores.

# %% [markdown] hint="forward"
# `s = np.zeros((T + 1, H), dtype=W.dtype)`, then `s[t] = np.tanh(U[:, x[t]] + W @ s[t - 1])`. The scores of all steps are
# `s[:-1] @ V.T`, of shape $(T, C)$.

# %% [markdown] hint="forward"
# ```python
# s = np.zeros((len(x) + 1, len(W)), dtype=W.dtype)
# for t in range(len(x)):
#     s[t] = np.tanh(... + W @ ...)
# return s, softmax(s[:-1] @ ...)
# ```

# %% [markdown]
# ## How long does a word stay?
# Does the state remember? Let a network that has learned nothing yet read START and 15 words, twice, with only the *first*
# word after START exchanged, and measure how far the two states are apart at each step.


# %% figure="memory"
def memory(model, pairs=20, length=15):
    """The mean distance between the states of two sentences that differ only in the word after START."""
    rng, distance = np.random.default_rng(0), np.zeros(length)
    for _ in range(pairs):
        one = np.append(0, rng.integers(3, 8000, size=length))  # START is 0
        other = one.copy()
        other[1] = rng.integers(3, 8000)
        distance += np.linalg.norm(forward(model, one)[0] - forward(model, other)[0], axis=1)[1:-1] / pairs
    return distance


distance = memory(rnn.init(C=8000, H=100, seed=10))
plotting.training_curves(
    {"untrained network": distance}, "The trace of one word", "distance of the states", "steps since", log_y=True
)

# %% [markdown]
# **What you should see:** a straight line on a logarithmic axis. The trace of the word is multiplied by about 0.57 at each
# step: after four words a tenth is left, and after fourteen less than a thousandth. Why 0.57? Weights drawn uniformly from
# $\pm 1/\sqrt H$ have the variance $1/(3H)$, so $W$ shortens a vector to about $1/\sqrt 3 ≈ 0.58$ of its length, and where
# states are small the tanh changes next to nothing. The loop *can* carry a word on, but a random $W$ lets it fade.
# Will training change that? We shall measure again.

# %% [markdown]
# ## Messages to read
# We take chat messages, and 8,000 words: START, END, UNKNOWN and the 7,997 most frequent words of the training part.
# WildML trained on sentences from 15,000 long-ish reddit comments; ours come from people who chat, so we take the first
# 100 messages of the training part that have at least 15 words or marks. The network reads `x` and should guess `y`: the same
# sentence, one word on.

# %%
from lib.text import Vocabulary, chat_corpus

train_part = chat_corpus().train
vocabulary = Vocabulary.of(train_part, size=8000)
numbers = [vocabulary.encode(tokens) for tokens in train_part if len(tokens) >= 15][:100]
sentences = [(n[:-1], n[1:]) for n in numbers]
x, y = sentences[3]
for read, next_word in zip(x[:5], y[:5], strict=True):
    print(f"{read:5} {vocabulary.words[read]:8} → {next_word:5} {vocabulary.words[next_word]}")
print(f"100 sentences, {sum(len(y) for _, y in sentences):,} words to guess")

# %% [markdown]
# ## The loss
# How bad are the guesses? At each step we look up the probability of the word that really came, and take the negative
# logarithm. The loss of a *sentence* is the **sum** over its steps:
#
# $$L = -\sum_{t=0}^{T-1} \log o_{t, y_t}$$
#
# We report the loss *per word*: the sum over many sentences, divided by the number of all their words.

# %% [markdown]
# ### Exercise · loss  ●○○ · 5 minutes
# One sentence, one number: a sum, not a mean.


# %% exercise="loss"
def loss(model: dict, x: np.ndarray, y: np.ndarray) -> float:
    """The cross-entropy of one sentence, summed over its steps.

    x: the words read, shape (T,).  y: the words that came next, shape (T,).
    """
    ### BEGIN SOLUTION
    _, o = forward(model, x)
    return float(-np.log(o[np.arange(len(y)), y]).sum())
    ### END SOLUTION


# %% [markdown]
# If the number is wrong, the check compares it with what the usual slips would give.

# %% check="loss" points=1
check.loss(loss)

# %% [markdown] hint="loss"
# You need one entry of each row of `o`: row 0 at column `y[0]`, row 1 at column `y[1]`, …

# %% [markdown] hint="loss"
# `o[np.arange(len(y)), y]` has shape $(T,)$. Then: logarithm, sum, minus.

# %% [markdown] hint="loss"
# ```python
# _, o = forward(model, x)
# return float(-np.log(o[..., ...]).sum())
# ```

# %% [markdown]
# Remember the test that finds many bugs before any training: a network that knows nothing gives every word the
# probability $1/C$, which costs $\log C$ per word.


# %%
def mean_loss(model, sentences):
    """The loss per word over many sentences."""
    return sum(loss(model, x, y) for x, y in sentences) / sum(len(y) for _, y in sentences)


print(f"knowing nothing: log 8000 = {np.log(8000):.4f}")
print(f"our first guesses:          {mean_loss(rnn.init(C=8000, H=100, seed=10), sentences):.4f}")

# %% [markdown]
# WildML found 8.9874 on its own sentences, and so do we, to three digits: before training, all sentences are alike.

# %% [markdown] think="perplexity" points=1
# **Think.** The *perplexity* of a model is $e$ to the power of its loss per word. What is it here, and what does the number
# mean?
# <!-- BEGIN SOLUTION -->
# $e^{8.987} ≈ 8{,}000$: the network is as unsure as someone who has to pick among 8,000 equally likely words. A
# perplexity of 400 (loss 5.99) would mean: as unsure as among 400 equally likely words.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Back through the output layer
# Which way is downhill? The last layer is the one you know from the network without a loop. The *blame* of the scores
# $z_t = V s_t$ is what the network said minus what it should have said, and it gives two things: the derivative by $V$, and
# the blame that reaches the state:
#
# $$\frac{\partial L}{\partial z_t} = o_t - [\,y_t\,] \qquad \frac{\partial L}{\partial V} = \sum_t \frac{\partial L}{\partial z_t} \, s_t^\top \qquad e_t = V^\top \frac{\partial L}{\partial z_t}$$
#
# $[\,y_t\,]$ is the one-hot vector of the word that came. $V$ takes part at every step, so its derivative is a *sum over
# the steps*. $e_t$ is the blame for $s_t$ from the guess of *its own* step. What the later steps blame on $s_t$ comes next.

# %% [markdown]
# ### Exercise · output gradients  ●●○ · 10 minutes
# Stack the blame of all steps as the rows of one array of shape $(T, C)$. Then the sum over the steps is one matrix
# product, and so are all the $e_t$.


# %% exercise="output_gradients"
def output_gradients(model: dict, s: np.ndarray, o: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Back from the loss to the states.

    s, o: what ``forward`` returned, (T + 1, H) and (T, C); they are not changed.  y: the words that came, (T,).
    Returns the derivative by V, shape (C, H), and the blame e for each state from its own guess, shape (T, H).
    """
    ### BEGIN SOLUTION
    dz = o.copy()
    dz[np.arange(len(y)), y] -= 1
    return dz.T @ s[:-1], dz @ model["V"]
    ### END SOLUTION


# %% [markdown]
# The check measures both slopes without the chain rule.

# %% check="output_gradients" points=2
check.output_gradients(output_gradients)

# %% [markdown] hint="output_gradients"
# Write down the shapes: the blame is $(T, C)$, the states are $(T, H)$ without the zero row. Which product of the two
# has the shape $(C, H)$ of $V$?

# %% [markdown] hint="output_gradients"
# `dz` is a copy of `o` with 1 taken from the entry of the true word in each row. Then $\partial L/\partial V$ = `dz.T @ s[:-1]`.

# %% [markdown] hint="output_gradients"
# ```python
# dz = o.copy()
# dz[np.arange(len(y)), y] -= ...
# return dz.T @ ..., dz @ ...
# ```

# %% [markdown]
# ## Back through time
# A state does two things: it makes its own guess, and it is handed on to the next step. So it is blamed twice. Let
# $\delta_t$ be the derivative of $L$ by the sum *inside* the tanh, $U x_t + W s_{t-1}$. Walk from the last step to the first:
#
# $$\delta_t = \left( e_t + W^\top \delta_{t+1} \right) \odot (1 - s_t^2) \qquad\qquad \delta_T = 0$$
#
# In words: take the blame from the guess, add what the next step sends back through $W$, and pass both through the
# slope of the tanh, $\tanh' = 1 - \tanh^2 = 1 - s_t^2$. Because $\delta_{t+1}$ already contains what came from $t + 2$, and
# so on, $\delta_t$ knows about *all* later guesses. This is **backpropagation through time**, BPTT: the chain rule on the
# unrolled network.
#
# $U$ and $W$ take part at every step, so we add up:
#
# $$\frac{\partial L}{\partial W} = \sum_t \delta_t \, s_{t-1}^\top \qquad\qquad \frac{\partial L}{\partial U}\text{: add } \delta_t \text{ to column } x_t$$

# %% [markdown]
# ### Exercise · gradients  ●●● · 35 minutes
# Keep in a variable what the next step sends back; after the last word it is zero. $\delta_t \, s_{t-1}^\top$ is
# `np.outer(delta, s[t - 1])`. A word may occur twice in a sentence.


# %% exercise="gradients"
def gradients(model: dict, x: np.ndarray, y: np.ndarray) -> dict:
    """The derivative of the loss of one sentence by every parameter, by backpropagation through time.

    x, y: as in ``loss``.  Returns a dict with the keys U, V, W and the shapes of ``model``.
    """
    ### BEGIN SOLUTION
    s, o = forward(model, x)
    dV, e = output_gradients(model, s, o, y)
    dU, dW = np.zeros_like(model["U"]), np.zeros_like(model["W"])
    sent_back = np.zeros_like(s[0])
    for t in reversed(range(len(x))):
        delta = (e[t] + sent_back) * (1 - s[t] ** 2)
        dU[:, x[t]] += delta
        dW += np.outer(delta, s[t - 1])
        sent_back = model["W"].T @ delta
    return {"U": dU, "V": dV, "W": dW}
    ### END SOLUTION


# %% [markdown]
# The check knows the true slopes and more than twenty ways to miss them. It looks at $V$ first, then at $W$, then at $U$.

# %% check="gradients" points=4
check.gradients(gradients)

# %% [markdown] hint="gradients"
# Which step can be finished first, because nothing comes back to it from later? Start there, and let each round of the
# loop prepare one vector for the next round.

# %% [markdown] hint="gradients"
# In each round: `delta` from `e[t]`, from what was sent back, and from the slope; then two sums grow, one column of `dU` and
# all of `dW`; then $W^\top \delta_t$ is what step $t$ sends back.

# %% [markdown] hint="gradients"
# ```python
# s, o = forward(model, x)
# dV, e = output_gradients(model, s, o, y)
# dU, dW = np.zeros_like(model["U"]), np.zeros_like(model["W"])
# sent_back = np.zeros_like(s[0])
# for t in reversed(range(len(x))):
#     delta = (... + ...) * (1 - ...)
#     dU[:, ...] += delta
#     dW += np.outer(delta, ...)
#     sent_back = ... @ delta
# return {"U": dU, "V": dV, "W": dW}
# ```

# %% [markdown] think="sum-over-steps" points=1
# **Think.** You used `+=` for the column of `dU`. Suppose you had written `=`. For which sentences would the result still
# be right?
# <!-- BEGIN SOLUTION -->
# For sentences in which every word is read only once. WildML's gradient check used the sentence 0, 1, 2, 3: it could
# not have noticed. A check is as good as its cases.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Never trust a gradient
# Nudge one parameter up and down by $h$, see how the loss answers, and you have its slope by *central difference*, without
# any chain rule. To compare it with yours, we ask how far the two are apart *as a share of their size*:
#
# $$\text{error} = \frac{|a - b|}{\max(|a| + |b|,\; 10^{-6})} \qquad a = \text{yours} \qquad b = \frac{L(\theta + h) - L(\theta - h)}{2h}$$
#
# The $10^{-6}$ is there for words that the sentence does not contain. Their slopes are both 0, and $0/0$ is **NaN**, not a
# number. And now look at how WildML's gradient check decided: `if error > 0.01: stop`. Every comparison with NaN is
# false, so a NaN *passed*: there, an entry that is NaN was as good as one that is right. An infinite entry passed, too:
# its error is $\infty/\infty$, again NaN. Ours must be stricter.

# %% [markdown]
# ### Exercise · gradient check  ●●○ · 25 minutes
# Measure *every* entry of *every* parameter and report the worst. The functions come as arguments, so that the check
# tests what you give it, whatever else is defined in the notebook. NaN or infinity in a gradient counts as an infinite
# error.


# %% exercise="gradient_check"
def gradient_check(loss, gradients, model: dict, x: np.ndarray, y: np.ndarray, h: float = 1e-4) -> tuple[str, float]:
    """The largest relative error among all entries of all gradients, and the parameter it belongs to.

    loss, gradients: functions of (model, x, y).  model: dict of arrays; it must be left as it was.
    Returns the key of the worst parameter and its error: near 0 is good; inf if a gradient holds NaN or inf.
    """
    ### BEGIN SOLUTION
    exact, worst = gradients(model, x, y), {}
    for name, theta in model.items():
        slope = np.zeros_like(theta)
        for i in np.ndindex(theta.shape):
            kept = theta[i]
            theta[i] = kept + h
            above = loss(model, x, y)
            theta[i] = kept - h
            slope[i] = (above - loss(model, x, y)) / (2 * h)
            theta[i] = kept
        worst[name] = float("inf")
        if np.isfinite(exact[name]).all():
            error = np.abs(exact[name] - slope) / np.maximum(np.abs(exact[name]) + np.abs(slope), 1e-6)
            worst[name] = float(error.max())
    name = max(worst, key=worst.get)
    return name, worst[name]
    ### END SOLUTION


# %% [markdown]
# Your function is now tested on gradients with planted faults: one wrong entry among many, a slope for a word that was
# never read, NaN, and infinity.

# %% check="gradient_check" points=3
check.gradient_check(gradient_check)

# %% [markdown] hint="gradient_check"
# Two loops: over the names of the parameters, and over `np.ndindex(shape)`, which gives the index of every entry. Put
# each entry back before you nudge the next.

# %% [markdown] hint="gradient_check"
# Collect the measured slopes of one parameter in an array. Then the errors of all its entries are one expression with
# `np.abs` and `np.maximum`. `np.isfinite(exact[name]).all()` tells whether there is neither NaN nor infinity in your
# gradient.

# %% [markdown] hint="gradient_check"
# ```python
# exact, worst = gradients(model, x, y), {}
# for name, theta in model.items():
#     slope = np.zeros_like(theta)
#     for i in np.ndindex(theta.shape):
#         kept = theta[i]
#         theta[i] = kept + h
#         above = loss(model, x, y)
#         ...  # below, the slope, and the entry put back
#     worst[name] = float("inf")
#     if np.isfinite(...).all():
#         error = ...
#         worst[name] = float(error.max())
# name = max(worst, key=worst.get)
# return name, worst[name]
# ```

# %% [markdown]
# Now the trial, at the size of WildML's check: 100 words, 10 hidden units, 2,100 parameters. Beside your gradients stand
# **truncated** ones. To save time, WildML followed each error back for at most four steps. `rnn.gradients` can do that,
# with any number of steps.

# %% figure="gradient-check" tags=["nbval-ignore-output"]
small = rnn.init(C=100, H=10, seed=10)
read, to_come = np.array([0, 1, 2, 1, 3]), np.array([1, 2, 1, 3, 4])
name, error = gradient_check(loss, gradients, small, read, to_come)
assert error < 1e-5, f"the gradient of {name} is off by {error:.2g}"
errors = {"yours,\nall the way": error}
for back in (4, 3, 2, 1, 0):

    def truncated(model, x, y, back=back):
        return rnn.gradients(model, x, y, truncate=back)

    errors[f"{back} steps\nback"] = gradient_check(loss, truncated, small, read, to_come)[1]
plotting.bars(errors, "A gradient check with five words", "worst relative error", log_y=True)

# %% [markdown]
# **What you should see:** your bar is tiny, and so is the one for four steps: with five words, four steps back is all
# there is. Every shorter walk has a relative error above a half in some entry. A truncated gradient is *not* the
# derivative of the loss; it is a cheaper stand-in. And a gradient check of a truncated network passes if only the sentence
# is short enough.

# %% [markdown]
# ## Stochastic gradient descent
# We do not wait for all 100 sentences before we move. After each *sentence*, every parameter makes one step downhill:
#
# $$\theta \leftarrow \theta - \eta \, \frac{\partial L}{\partial \theta}$$
#
# One pass over all sentences is an **epoch**. How large should the learning rate $\eta$ be? A simple rule that WildML used:
# after each epoch compare the loss with the one before, and if it *rose*, the steps were too long: halve $\eta$.

# %% [markdown]
# ### Exercise · train  ●●○ · 15 minutes
# The caller keeps its model: step on copies. Take the sentences in their order, and the gradient always from the
# newest parameters. `mean_loss` from above gives the loss per word.


# %% exercise="train"
def train(model: dict, sentences: list, lr: float, epochs: int) -> tuple[dict, list[float], float]:
    """Gradient descent, sentence by sentence; after an epoch in which the mean loss rose, lr is halved.

    model: where to start; it is not changed.  sentences: list of (x, y).  lr: > 0.  epochs: >= 0.
    Returns the trained model, the mean losses (before the first epoch, then after each), and the last lr.
    """
    ### BEGIN SOLUTION
    model = {name: values.copy() for name, values in model.items()}
    losses = [mean_loss(model, sentences)]
    for _ in range(epochs):
        for x, y in sentences:
            slope = gradients(model, x, y)
            for name in model:
                model[name] -= lr * slope[name]
        losses.append(mean_loss(model, sentences))
        if losses[-1] > losses[-2]:
            lr /= 2
    return model, losses, lr
    ### END SOLUTION


# %% [markdown]
# The check trains a tiny network with a learning rate so large that the loss must rise, along slopes of its own.

# %% check="train" points=3
check.train(train)

# %% [markdown] hint="train"
# Two loops, epochs outside and sentences inside. What happens once per sentence, and what once per epoch?

# %% [markdown] hint="train"
# Per sentence: `slope = gradients(model, x, y)`, then `model[name] -= lr * slope[name]` for each name. Per epoch: append
# the mean loss, and compare the last two entries of the list.

# %% [markdown] hint="train"
# ```python
# model = {name: values.copy() for name, values in model.items()}
# losses = [mean_loss(model, sentences)]
# for _ in range(epochs):
#     for x, y in sentences:
#         ...
#     losses.append(...)
#     if losses[-1] > ...:
#         lr ...
# return model, losses, lr
# ```

# %% [markdown]
# ## Ten epochs
# The experiment of 2015: 100 sentences, learning rate 0.005, the same random start (seed 10). WildML printed its loss
# before each of ten epochs, so its last number belongs to nine epochs. Training runs in single precision, which is
# enough and takes half the time. To judge the curve, we need to know what is cheap. Suppose that a model ignores
# *all* context and always says the same, but knows how often each word occurs in these very sentences. Its loss is the
# *entropy* of the words, and anything that claims to read should do better.

# %% tags=["nbval-ignore-output"]
from functools import cache


@cache  # trained once, asked for several times
def ten_epochs():
    """The models after 0, 4, 5 and 10 epochs, and the loss after each epoch."""
    models, losses = {0: rnn.init(C=8000, H=100, seed=10, dtype=np.float32)}, []
    for now, then in ((0, 4), (4, 5), (5, 10)):
        models[then], more, lr = train(models[now], sentences, lr=0.005, epochs=then - now)
        losses = losses[:-1] + list(more)
    assert lr == 0.005, "the loss rose, and the learning rate was halved"
    return models, losses


counts = np.bincount(np.concatenate([y for _, y in sentences]))
share = counts[counts > 0] / counts.sum()
entropy = -(share * np.log(share)).sum()
print(f"always the same guess, the best one: {entropy:.2f}")
print(f"the network after ten epochs: {ten_epochs()[1][-1]:.2f}")

# %% [markdown]
# The loss never rose, so the learning rate is still what it was. Here is the whole way.

# %% figure="ten-epochs" tags=["nbval-ignore-output"]
published = [8.987425, 8.976270, 8.960212, 8.930430, 8.862264, 6.913570, 6.302493, 6.014995, 5.833877, 5.710718]
curves = {"ours, chat messages": ten_epochs()[1], "WildML 2015, reddit comments": published}
marks = {"entropy": entropy}
plotting.training_curves(curves, "100 sentences", "loss per word", "epochs", marks=marks)

# %% [markdown]
# **What you should see:** two curves that nearly cover each other, though the sentences are different: four epochs in
# which next to nothing happens, then a plunge, then a slow descent. After nine epochs, we stand at 5.95 and WildML at
# 5.71; after ten, ours is at 5.87. WildML followed its errors back for four steps, we follow them to the first word. And
# both curves ask a question: why the long wait, and what has the network learned in the plunge? The dotted line is a
# warning: on our sentences, ignoring all words would do better.

# %% [markdown]
# ## What has it learned?
# Let us look at its guesses while it reads one sentence.

# %% tags=["nbval-ignore-output"]
x, _ = sentences[3]
for word, guess in zip(x[:6], forward(ten_epochs()[0][10], x)[1], strict=False):
    likely = ", ".join(f"{vocabulary.words[k]} {guess[k]:.3f}" for k in guess.argsort()[:-6:-1])
    print(f"after {vocabulary.words[word]:8} {likely}")

# %% [markdown]
# After a few words the guess does not change any more, whatever it reads! We can measure that. Group the states of all
# sentences, first by the word just read and then by the position in the sentence, and ask which *share of their
# variance* lies between the groups. (The first position is left out: there, all sentences read START.)


# %% figure="explained" tags=["nbval-ignore-output"]
def explained(states, groups):
    """The share of the variance that knowing the group explains, from 0 to 1."""
    means = np.array([states[groups == g].mean(axis=0) for g in groups])
    return 1 - ((states - means) ** 2).sum() / ((states - states.mean(axis=0)) ** 2).sum()


words = np.concatenate([x[1:15] for x, _ in sentences])
position = np.concatenate([np.arange(1, 15) for _ in sentences])
shares = {}
for epochs, model in ten_epochs()[0].items():
    states = np.concatenate([forward(model, x[:15])[0][1:-1] for x, _ in sentences]).astype(float)
    print(f"after {epochs:2} epochs, the mean size of a hidden value is {np.abs(states).mean():.3f}")
    if epochs in (0, 10):
        when = f"{epochs} epochs"
        shares |= {
            f"the word,\n{when}": explained(states, words),
            f"the position,\n{when}": explained(states, position),
        }
shares["other words,\n10 epochs"] = explained(states, np.roll(words, 14))  # of the sentence before
late = position > 2
print(f"from the third word on: variance {states[late].var(axis=0).sum() / states.var(axis=0).sum():.4f} of the whole,")
print(f"the word explains {explained(states[late], words[late]):.2f} of it")
plotting.bars(shares, "What decides the state of the network?", "share of the variance explained")

# %% [markdown]
# **What you should see:** before training, the state says mostly which word was just read. After training, the *position*
# decides, to more than 99 %. The word explains 47 %, but the words of *another* sentence, which were not read, explain 46 %:
# groups as small as these (1,400 states, 493 different words, most of which occur only once) explain much by chance, and
# some words like to begin a message. The printed lines say what kind of clock this is: from the third word on, the state
# hardly moves. What little still moves does depend on the word, but it is 0.3 % of the whole variance. The network has
# become a clock that stops after a few ticks. Its hidden values creep up for four epochs, leap in the fifth, and end
# near 1, the end of the scale. And the trace of a word?

# %% figure="memory-trained" tags=["nbval-ignore-output"]
trained = {name: values.astype(float) for name, values in ten_epochs()[0][10].items()}  # distances below 1e-7 follow
distances = {
    "untrained network": memory(rnn.init(C=8000, H=100, seed=10)),
    "after ten epochs": memory(trained),
}
plotting.training_curves(
    distances, "The trace of one word, before and after training", "distance of the states", "steps since", log_y=True
)

# %% [markdown]
# **What you should see:** training has made it *worse*. Now about a ninth is left after each step, and after four words a
# ten-thousandth. $W$ has grown, but with hidden values near ±1 the slope of the tanh, $1 - s_t^2$, is near 0, and a
# difference must pass through it at every step. This network does not remember.
#
# Back to the two questions about the curve: why the wait, and what was learned in the plunge? This network has **no biases**. To say "*i* and the full stop are frequent, most
# words are rare", $V s_t$ needs a state that is large and always the same. But it begins with a tiny one, and a tiny state
# learns slowly: the derivative by $V$ is a multiple of $s_t$, and what comes back to $s_t$ is a multiple of $V$. Each grows only as
# fast as the other is large, so for a long time nothing seems to happen, and then all happens at once. In the plunge, our
# network learns how often each word occurs, and next to nothing of what comes after what. It is likely that the famous curve of
# 2015, which has the same shape, shows the same. Reading takes more data and more time: the next lessons.

# %% [markdown] think="bias" points=1
# **Think.** What would you change in the equations so that the network need not spend its state on word frequencies?
# How would the curve begin then?
# <!-- BEGIN SOLUTION -->
# Give the output a bias: $o_t = \mathrm{softmax}(V s_t + c)$. Its slope, $\sum_t (o_t - [\,y_t\,])$, needs no state, so the loss
# falls from the first epoch on: we measured 8.86, 8.74, 8.61 after one, two and three epochs. The plunge
# still comes in the fifth, for $c$ is slow at this learning rate. Better: start $c$ at the logarithms of the word
# frequencies in the whole training part. Then the *first* loss is about 6.1, and the state is free to read.
# <!-- END SOLUTION -->

# %% [markdown]
# ## When the loss rises
# With 0.005 the rule of halving had nothing to do. Give it work: 20 sentences, and learning rates four and twenty times as
# large.

# %% figure="halving" tags=["nbval-ignore-output"]
curves = {}
for lr in (0.005, 0.02, 0.1):
    start = rnn.init(C=8000, H=100, seed=10, dtype=np.float32)
    _, losses, last = train(start, sentences[:20], lr=lr, epochs=10)
    curves[f"{lr}, in the end {last:.4g}"] = losses
plotting.training_curves(curves, "Halving the learning rate", "loss per word", "epochs", log_y=True)

# %% [markdown]
# **What you should see:** 20 sentences are only 200 steps, and 0.005 stays on the plateau all the time. 0.02 leaves it, slips
# once, is halved, and goes on down. 0.1 is thrown far above $\log C$, to a loss that is worse than knowing nothing: the
# network is *sure* of wrong words. Three halvings bring it back, to a rate of 0.0125, and it ends *lowest* of the three, at
# 5.1 against 5.5: the wild start has also carried it off the plateau. Where a run as wild as this one ends depends on
# rounding, so on your machine it may look different.

# %% [markdown] think="infinite" points=1
# **Think.** With a learning rate of 0.5 the loss is `inf` after the first epoch and stays so, and yet the rate is halved
# only once. Why? And why does halving more often not help?
# <!-- BEGIN SOLUTION -->
# `inf > inf` is false: an infinite loss never *rises*. And the rate is not what is wrong by then: the first long
# steps have driven more than 90 % of the hidden values to exactly ±1, where $1 - s_t^2$ is 0. No error comes back through
# them, so $U$ and $W$ learn next to nothing, at any rate. The remedy is to limit a step *before* it is made, by clipping
# the gradient: the next chapter does that.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A recurrent network reads one word at a time; its state is handed from step to step, with the same $U$, $V$, $W$.
# - BPTT is the chain rule on the unrolled network: each state is blamed for its own guess and for what came of it
#   later. Derivatives of shared parameters are sums over the steps.
# - A gradient check measures every entry, uses a sentence with a word in it twice, and treats NaN and
#   infinity as wrong.
# - $\log C$ is the loss of knowing nothing; the entropy of the words is the loss of not reading. Know both before you
#   praise a curve.
#
# The result: the loss of 2015, on sentences of another kind.

# %% tags=["nbval-ignore-output"]
_, losses = ten_epochs()
assert losses[10] < 6, f"the loss after ten epochs is {losses[10]:.3f}"
headline(
    metric="loss per word on 100 sentences: at the start, after 9 and 10 epochs",
    value=f"{losses[0]:.2f}, {losses[9]:.2f}, {losses[10]:.2f}",
    published="8.99, 5.71 (9 epochs)",
    source="WildML 2015, on reddit comments; ours are chat messages",
)

# %% [markdown]
# **What to try next:** ★ Train for 40 epochs: after how many does the network do better than always the same guess? ★★
# Add the output bias $c$ and start it at the logarithms of the word frequencies: what does the state learn then? ★★★ Train with `rnn.gradients(…, truncate=4)` in place of
# your own: how much is lost, and how much time is won?
#
# **References.** J. Elman, *Finding structure in time*, Cognitive Science 14 (1990), 179-211: the network. P. Werbos,
# *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78 (1990), 1550-1560. T. Mikolov,
# M. Karafiát, L. Burget, J. Černocký, S. Khudanpur, *Recurrent neural network based language model*, Interspeech (2010).
# D. Britz, *Recurrent neural networks tutorial, part 2*, WildML (2015): the experiment that this lesson repeats.
