# %% [markdown] minutes=90
# # The same network as a graph
# Write the loop once, as a graph, and the way back through time comes for free. How fast it is depends on what you leave
# *out* of the loop.
#
# **You will** write loops with `scan`, build the recurrent network with them, check its gradients against yours, find out
# what truncation really keeps, and measure what makes a step fast.
#
# Needs: [A recurrent network by hand](01_by_hand.ipynb); graphs, shared variables, updates and gradients in
# [PyTensor](../../../nn_theano/02_symbolic_graphs/README.md).

# %% tags=["nbval-ignore-output"]
import time

import numpy as np

from lib import headline, plotting, setup
from lib.checks.rnn.recurrent_network import scan as check
from lib.models import rnn, rnn_graphs

setup(seed=0)

# %% [markdown]
# ## A loop inside a graph
# A graph is drawn before any number is there. How often does a loop turn, then? A Python `for` cannot know: it would have
# to be written out for every length of sentence. `scan` is a loop that is *part of the graph* and turns as often as
# there are rows in what it reads. You give it three things:
#
# - `sequences`: what is read, one row per turn;
# - `outputs_info`: the value before the first turn, of the same type as the results (`pt.zeros(())` is a single zero,
#   `pt.zeros(H)` a vector of them; a plain `0.0` will not do, PyTensor takes it for a float32);
# - `non_sequences`: what is the same in every turn.
#
# And a function that makes one turn. Its arguments come **in just this order**: the row of the sequence, the result of
# the turn before, the constants. `scan` returns the results of *all* turns, stacked; row $t$ is the result *after* row $t$
# was read. Here is a running maximum:

# %%
import pytensor
import pytensor.tensor as pt

pytensor.config.cxx = ""  # no C compiler for loops as small as these
numbers = pt.dvector("numbers")
highest = pytensor.scan(
    lambda number, before: pt.maximum(number, before),
    sequences=numbers,
    outputs_info=pt.constant(-np.inf, dtype="float64"),
    return_updates=False,
)
highest.eval({numbers: [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]})

# %% [markdown]
# `return_updates=False` says that we want the results alone; older versions returned a second thing, which is going away.

# %% [markdown]
# ### Exercise · decayed sum  ●○○ · 10 minutes
# A memory that fades: each turn keeps the share `rate` of what was there, and adds the new number.
#
# $$a_t = x_t + r\, a_{t-1} \qquad\qquad a_{-1} = 0$$


# %% exercise="decayed_sum"
def decayed_sum(x, rate):
    """The fading sum after each number, as a graph.

    x: symbolic vector of T floats.  rate: symbolic number r.  Returns a symbolic vector of shape (T,): a_0, a_1, …
    """
    ### BEGIN SOLUTION
    return pytensor.scan(
        lambda x_t, before, rate: x_t + rate * before,
        sequences=x,
        outputs_info=pt.zeros(()),
        non_sequences=rate,
        return_updates=False,
    )
    ### END SOLUTION


# %% [markdown]
# The check puts numbers into your graph and compares with the sum written out.

# %% check="decayed_sum" points=1
check.decayed_sum(decayed_sum)

# %% [markdown] hint="decayed_sum"
# Which of the three, `x`, `rate` and $a_{-1}$, is read row by row, which is constant, and which is the beginning?

# %% [markdown] hint="decayed_sum"
# The turn is a function of `x_t, before, rate`, in this order, and returns $x_t + r \cdot before$. The beginning is
# `pt.zeros(())`, a zero without dimensions: it must have the type of the results, float64.

# %% [markdown] hint="decayed_sum"
# ```python
# return pytensor.scan(
#     lambda x_t, before, rate: ...,
#     sequences=...,
#     outputs_info=pt.zeros(()),
#     non_sequences=...,
#     return_updates=False,
# )
# ```

# %% [markdown]
# ## The recurrence
# Now replace the number by a vector, and the rate by a matrix and a tanh. The word's column $U x_t$ depends on nothing
# in the loop, so it need not be looked up *in* the loop: let someone else do it for all words at once, and call the
# result `inputs`, one row per step.
#
# $$s_t = \tanh(\mathit{inputs}_t + W s_{t-1}) \qquad\qquad s_{-1} = 0$$
#
# In NumPy, you had to keep a zero row at the end for $s_{-1}$. `scan` has a place for it: `outputs_info`.

# %% [markdown]
# ### Exercise · states  ●●○ · 10 minutes
# The state before the first step is `pt.zeros(W.shape[0])`.


# %% exercise="states"
def states(inputs, W):
    """All states of the recurrent network, as a graph.

    inputs: symbolic matrix (T, H), row t is U x_t.  W: symbolic matrix (H, H).
    Returns a symbolic matrix (T, H): row t is the state after step t.
    """
    ### BEGIN SOLUTION
    return pytensor.scan(
        lambda inner, before, W: pt.tanh(inner + W @ before),
        sequences=inputs,
        outputs_info=pt.zeros(W.shape[0]),
        non_sequences=W,
        return_updates=False,
    )
    ### END SOLUTION


# %% [markdown]
# The check computes every unit with loops. It also tries $T = H$, where a wrong axis would not be noticed by its shape.

# %% check="states" points=2
check.states(states)

# %% [markdown] hint="states"
# It is the decayed sum with three changes. What is read, what is the beginning, and what does a turn return?

# %% [markdown] hint="states"
# A turn gets `inner` of shape $(H,)$, `before` of shape $(H,)$ and `W`, and returns `pt.tanh(inner + W @ before)`.

# %% [markdown] hint="states"
# ```python
# return pytensor.scan(
#     lambda inner, before, W: pt.tanh(...),
#     sequences=...,
#     outputs_info=pt.zeros(...),
#     non_sequences=...,
#     return_updates=False,
# )
# ```

# %% [markdown]
# ## The whole loss
# Before the loop: look up the columns of all words, `U[:, x]`, of shape $(H, T)$. After the loop: all scores at once,
# $S V^\top$ of shape $(T, C)$. A row is a step, and its probabilities sum to 1. `pt.special.log_softmax(scores, axis=1)`
# gives their logarithms without ever computing an $e^{1000}$.

# %% [markdown]
# ### Exercise · sentence loss  ●●○ · 10 minutes
# The loss that you know: minus the logarithms of the probabilities of the words that came, summed. Use `states`.


# %% exercise="sentence_loss"
def sentence_loss(U, V, W, x, y):
    """The cross-entropy of one sentence, as a graph.

    U: (H, C), V: (C, H), W: (H, H), symbolic or shared.  x, y: symbolic integer vectors (T,), words read and to come.
    Returns a symbolic number.
    """
    ### BEGIN SOLUTION
    s = states(U[:, x].T, W)
    log_o = pt.special.log_softmax(s @ V.T, axis=1)
    return -log_o[pt.arange(y.shape[0]), y].sum()
    ### END SOLUTION


# %% [markdown]
# The check adds up the loss word by word.

# %% check="sentence_loss" points=2
check.sentence_loss(sentence_loss)

# %% [markdown] hint="sentence_loss"
# Four lines: look up, loop, score, pick. `states` wants one row per step: what is the shape of `U[:, x]`?

# %% [markdown] hint="sentence_loss"
# `s = states(U[:, x].T, W)`; the scores are `s @ V.T`; and of their `log_softmax` you need one entry per row, as in NumPy:
# `log_o[pt.arange(y.shape[0]), y]`.

# %% [markdown] hint="sentence_loss"
# ```python
# s = states(...)
# log_o = pt.special.log_softmax(..., axis=1)
# return -log_o[..., ...].sum()
# ```

# %% [markdown]
# ## Back through time, for free
# In the last lesson, you worked for the gradients: three sums, a walk from the last word to the first. Now it is one line,
# `pt.grad`. Is it the same? We ask it about a network with 50 words and 8 units, in float64.


# %%
def graph_gradients(model, x, y):
    """The derivatives of your loss by U, V and W, from PyTensor; and the compiled graph."""
    U, V, W = (pytensor.shared(model[name]) for name in "UVW")
    symbols = pt.ivector("x"), pt.ivector("y")
    function = pytensor.function(symbols, pt.grad(sentence_loss(U, V, W, *symbols), [U, V, W]))
    return dict(zip("UVW", function(x, y), strict=True)), function


model = rnn.init(C=50, H=8, seed=1)
sentence = np.array([0, 7, 12, 7, 33, 41, 20, 9, 12, 1], dtype="int32")
x, y = sentence[:-1], sentence[1:]
slopes, _ = graph_gradients(model, x, y)
by_hand = rnn.gradients(model, x, y)
apart = {name: max(np.abs(slopes[name] - by_hand[name]).max(), 1e-18) for name in "UVW"}
assert max(apart.values()) < 1e-10, "your graph has other gradients: is there a truncate_gradient in its scan?"
print("largest difference below 1e-10:", {name: bool(gap < 1e-10) for name, gap in apart.items()})

# %% [markdown]
# All three agree to rounding. Where is the walk back? Let us look for the loops in the compiled graph.

# %%
_, function = graph_gradients(rnn.init(C=50, H=8, seed=1), np.array([0, 7, 12], "int32"), np.array([7, 12, 1], "int32"))
loops = [node.op for node in function.maker.fgraph.toposort() if type(node.op).__name__ == "Scan"]
for loop in loops:
    print(loop.name or "a loop", "·", len(loop.fgraph.toposort()), "operations per turn")

# %% [markdown]
# There are two: yours, and one that `pt.grad` has made from it. It runs over the rows from the last to the first, and its
# turn is the derivative of your turn. That *is* backpropagation through time; nobody had to write it.

# %% [markdown]
# ## A step that trains
# One function call, one step of gradient descent: the parameters are *shared variables*, and the function changes them
# through `updates`, pairs of a variable and its new value. All new values are computed from the old ones, so the order
# of the pairs does not matter. The loss that the function returns is the one *before* its step.

# %% [markdown]
# ### Exercise · sgd step  ●●○ · 15 minutes
# Make the inputs with `pt.ivector("x")`, `pt.ivector("y")` and `pt.dscalar("lr")`. Use `sentence_loss`. Everything is float64
# here; float32 parameters would need `pt.fscalar`, for a new value must have the type of the old one.


# %% exercise="sgd_step"
def sgd_step(U, V, W):
    """Compile one step of gradient descent on one sentence.

    U, V, W: shared variables of shapes (H, C), (C, H), (H, H); every call of the result moves them.
    Returns a function of x (T,) int32, y (T,) int32 and the learning rate, which returns the loss before the step.
    """
    ### BEGIN SOLUTION
    x, y, lr = pt.ivector("x"), pt.ivector("y"), pt.dscalar("lr")
    loss = sentence_loss(U, V, W, x, y)
    dU, dV, dW = pt.grad(loss, [U, V, W])
    updates = [(U, U - lr * dU), (V, V - lr * dV), (W, W - lr * dW)]
    return pytensor.function([x, y, lr], loss, updates=updates)
    ### END SOLUTION


# %% [markdown]
# The check takes three steps on sentences of different lengths and compares every parameter.

# %% check="sgd_step" points=3
check.sgd_step(sgd_step)

# %% [markdown] hint="sgd_step"
# Five lines: the symbols, the loss, its gradients, the updates, the function.

# %% [markdown] hint="sgd_step"
# `pt.grad(loss, [U, V, W])` gives a list of three. The updates are `[(U, U - lr * dU), …]`.

# %% [markdown] hint="sgd_step"
# ```python
# x, y, lr = pt.ivector("x"), pt.ivector("y"), pt.dscalar("lr")
# loss = sentence_loss(...)
# dU, dV, dW = pt.grad(...)
# updates = [(U, ...), (V, ...), (W, ...)]
# return pytensor.function([...], loss, updates=updates)
# ```

# %% [markdown]
# Train two networks from the same start: one with your graph, one with the NumPy of the last lesson. Twenty sentences of
# twelve words, whose words follow a simple rule: word $w$ is followed by $3w \bmod 47$ or by $3w + 1 \bmod 47$, so a perfect
# network would pay $\log 2 = 0.69$ per word, except for the first.


# %% figure="same-training"
def toy_sentences(rng):
    sentences = rng.integers(47, size=(20, 13)).astype("int32")
    for t in range(12):
        sentences[:, t + 1] = (3 * sentences[:, t] + rng.integers(2, size=20)) % 47
    return [(words[:-1], words[1:]) for words in sentences]


def train_both(epochs=12, lr=0.05):
    start, sentences = rnn.init(C=47, H=20, seed=2), toy_sentences(np.random.default_rng(0))
    U, V, W = (pytensor.shared(start[name].copy()) for name in "UVW")
    step, ours, losses = sgd_step(U, V, W), {name: values.copy() for name, values in start.items()}, {}
    for _ in range(epochs):
        for x, y in sentences:
            losses.setdefault("NumPy by hand", []).append(rnn.loss(ours, x, y) / 12)
            losses.setdefault("PyTensor's scan", []).append(float(step(x, y, lr)) / 12)
            rnn.vectorised_step(ours, x, y, lr)
    return {name: np.reshape(values, (epochs, -1)).mean(axis=1) for name, values in losses.items()}


curves = train_both()
agree = np.allclose(curves["NumPy by hand"], curves["PyTensor's scan"], rtol=0, atol=1e-8)
assert agree, "the two trainings differ: does your graph keep the whole gradient, without truncate_gradient?"
plotting.training_curves(curves, "Two programs, one network", "loss per word", "epoch", marks={"log 47": np.log(47)})

# %% [markdown]
# **What you should see:** one curve where two are drawn, for they lie on each other: after 240 steps the losses still agree
# to eight digits and more. The network starts near $\log 47 = 3.85$ and comes down to 1.07.
#
# Do not expect this of every run. With a learning rate of 0.1, the same training is *chaotic*: it jumps about, and the
# two programs, $10^{-15}$ apart in the first epochs, differ in the second digit after five. Neither is wrong. Rounding
# differs, and an unstable training makes it grow. So compare programs on short, quiet runs.

# %% [markdown]
# ## What truncation keeps
# Long sentences make long ways back. In the last lesson, *truncated* BPTT followed the error of each word at most $k$ steps
# back. `scan` has an argument that sounds the same, `truncate_gradient=k`, and WildML's Theano version used it in place
# of the NumPy loop. **It is something else.** `scan` truncates the *one* loop that runs back over the sentence: after $k$
# turns it stops. Which words have been reached by then?
#
# | | the error of guess $t$ reaches word $j$ if |
# |---|---|
# | truncated per word (NumPy, $k$ steps back) | $t - k \le j \le t$ |
# | `truncate_gradient=k` (the last $k$ steps of the sentence) | $T - k \le j \le t$ |

# %% [markdown]
# ### Exercise · kept paths  ●●○ · 10 minutes
# Turn the table into two arrays of True and False (or 1 and 0): row $t$ is the guess, column $j$ the word that its error
# reaches. No graph is needed here.


# %% exercise="kept_paths"
def kept_paths(T: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Which errors reach which words under the two kinds of truncation.

    T: words in the sentence, >= 1.  k: steps kept, >= 1, may be larger than T.
    Returns per_word and in_scan, both (T, T): entry [t, j] is True if the error of guess t reaches word j.
    """
    ### BEGIN SOLUTION
    t, j = np.arange(T)[:, None], np.arange(T)[None, :]
    past = j <= t
    return past & (j >= t - k), past & (j >= T - k)
    ### END SOLUTION


# %% [markdown]
# The check counts the paths one by one.

# %% check="kept_paths" points=2
check.kept_paths(kept_paths)

# %% [markdown] hint="kept_paths"
# A column of row numbers compared with a row of column numbers gives a whole array of answers.

# %% [markdown] hint="kept_paths"
# With `t = np.arange(T)[:, None]` and `j = np.arange(T)[None, :]`, the expression `j >= t - k` has shape $(T, T)$. Both answers
# also need `j <= t`; join them with `&`.

# %% [markdown] hint="kept_paths"
# ```python
# t, j = np.arange(T)[:, None], np.arange(T)[None, :]
# past = j <= t
# return past & (...), past & (...)
# ```

# %% [markdown]
# Is it true? Do not believe a table; measure. For a sentence of ten words, the figure shows how strongly the *whole* error
# pulls at each word's column of $U$: the length of that column of $\partial L / \partial U$, for full BPTT and for both kinds
# of truncation with $k = 4$. The words are all different, so each has a column of its own.


# %% figure="truncation"
def pull_at_each_word(truncate, model, x, y):
    """The length of each word's column of dU when scan truncates after so many steps; -1 keeps all."""
    U, V, W = (pytensor.shared(model[name]) for name in "UVW")
    symbols = pt.ivector("x"), pt.ivector("y")
    dU = pt.grad(rnn_graphs.hoisted_loss(U, V, W, *symbols, truncate=truncate), U)
    return np.linalg.norm(pytensor.function(symbols, dU)(x, y)[:, x], axis=0)


model, sentence = rnn.init(C=30, H=12, seed=5), np.arange(3, 14, dtype="int32")
x, y = sentence[:-1], sentence[1:]
curves = {
    "full": pull_at_each_word(-1, model, x, y),
    "per word, 4 steps back": np.linalg.norm(rnn.gradients(model, x, y, truncate=4)["U"][:, x], axis=0),
    "scan, truncate_gradient=4": pull_at_each_word(4, model, x, y),
}
reached = np.flatnonzero(curves["scan, truncate_gradient=4"])
assert np.array_equal(reached, np.flatnonzero(kept_paths(10, 4)[1].any(axis=0)))
print("columns of dU that are not zero:", {name: int(np.count_nonzero(pull)) for name, pull in curves.items()})
plotting.training_curves(
    curves, "Two things called truncation", "length of the word's column of dU", "word of the sentence"
)

# %% [markdown]
# **What you should see:** truncation per word hides the full gradient behind it, so close are the two, and all ten words are pulled. `scan`'s
# gradient is exactly *zero* for the first six words and exact for the last four. These six words learn nothing from this
# sentence: not even their own next word is learned by their columns of $U$.
#
# So in a sentence of 30 words, `truncate_gradient=4` throws 26 words' share of $\partial L/\partial U$ and $\partial L/\partial W$ away.
# In WildML's graph, where $V$ was used inside the loop, the same happened to $V$. Its gradient check could not notice:
# there, the sentence had four words. **If sentences are not very long, do not truncate.**

# %%
U, V, W = (pytensor.shared(model[name]) for name in "UVW")
symbols = pt.ivector("x"), pt.ivector("y")
for name, loss in (("V outside the loop", rnn_graphs.hoisted_loss), ("V inside the loop", rnn_graphs.naive_loss)):
    dV = [pytensor.function(symbols, pt.grad(loss(U, V, W, *symbols, truncate=k), V))(x, y) for k in (-1, 4)]
    kept = np.linalg.norm(dV[1]) / np.linalg.norm(dV[0])
    print(f"{name}: truncation keeps {kept:.0%} of the length of dV")

# %% [markdown]
# With $V$ inside the loop, four of the ten guesses still count. Their shares of $\partial L/\partial V$ point in nearly unrelated
# directions, and so do the six that are lost. Such lengths add up by their squares: $\sqrt{4/10} = 63\,\%$ if all were
# equally long, and the last four are a little longer.

# %% [markdown] think="truncate" points=1
# **Think.** Someone trains on one text of a million words, without any sentences, and cannot keep a million states in memory.
# How could `scan` and a truncated gradient be used *well* there?
# <!-- BEGIN SOLUTION -->
# Cut the text into pieces of, say, 50 words. Take one step per piece with the full gradient *of the piece*, and start the
# next piece with the last state of this one, as a number, not as a graph. Then the state remembers the whole text, the
# gradient goes back at most 50 steps, and every word is reached by the errors of the words after it in its piece.
# <!-- END SOLUTION -->

# %% [markdown]
# ## What belongs in the loop?
# The formulas are usually written down word by word: look up $U x_t$, take the step, compute $o_t$. Whoever writes the
# graph like that puts everything into the loop; let us call it the **naive** graph, `rnn_graphs.naive_loss`. Yours is the
# **hoisted** one: whatever does not depend on the turn before is lifted out. The numbers are the same. The work is not:
#
# - In the loop, $V s_t$ is a matrix times a *vector*: 800,000 weights are fetched from memory for one word, and again for
#   the next. Outside, $S V^\top$ is a matrix times a matrix: fetched once, used for all words.
# - On the way back, the naive loop adds a $(C, H)$ array to $\partial L/\partial V$ at *every* word, and another to
#   $\partial L/\partial U$ for a single column. Outside, $\partial L/\partial V$ is one product.
# - And only the words in the sentence have a column in $\partial L/\partial U$ at all. An update that touches only those,
#   `pt.inc_subtensor`, leaves the other 7,970 alone. `rnn_graphs.Step` stores $U$ by rows for that, so a word lies in one place.
#
# A compiler rarely finds such things. They are algebra.

# %% [markdown]
# ### A sentence of fixed length
# Until now PyTensor ran every operation in plain Python, one after the other: at once, for any length, but slowly. For speed
# we compile with `mode="JAX"`. JAX is an array library with a compiler of its own, to which PyTensor hands the whole graph. It
# makes fast code in seconds but wants to know all shapes *before*: one compiled function works for one length of sentence.
# The cure is a **bucket**: compile for, say, 30 words, and fill shorter sentences up. Where nothing is to be predicted, `y` is
# -1, and the loss counts nothing there. So the filled words change neither the loss nor the gradient.

# %% tags=["nbval-ignore-output"]
small = rnn.init(C=200, H=16, seed=3)
step = rnn_graphs.Step(small, "hoisted", mode="JAX", length=30)
for T in (30, 17, 4):
    words = np.random.default_rng(T).integers(200, size=T + 1)
    want, got = rnn.loss(step.model(), words[:-1], words[1:]), step(words[:-1], words[1:], 0.01)
    print(f"{T:2} words: NumPy {want:.6f}, bucket of 30 {got:.6f}")

# %% [markdown]
# ## The table
# WildML reported 350 ms for a step in NumPy, 70 ms with Theano on the same processor, 23 ms on a GPU. Here is the same step,
# with 8,000 words in the vocabulary, 100 hidden units, and a sentence of 30 words: the loop as a textbook writes it, the
# same algebra as above in NumPy, and both graphs. Everything is measured in one run, taking turns, and
# the quickest of twenty turns counts: other programs on the machine can only slow a step down. The middle column is the bill
# for compiling, paid once.


# %% tags=["nbval-ignore-output"]
def make_steps(x, y):
    """Each way to take a step: a function without arguments, and the seconds until its first step was done."""
    double, single = rnn.init(8000, 100), rnn.init(8000, 100, dtype=np.float32)
    makers = {
        "NumPy, textbook loop, float64": lambda: lambda: rnn.textbook_step(double, x, y, 0.005),
        "NumPy, vectorised, float32": lambda: lambda: rnn.vectorised_step(single, x, y, np.float32(0.005)),
    }
    for kind in ("naive", "hoisted"):

        def compiled(kind=kind):
            step = rnn_graphs.Step(rnn.init(8000, 100, dtype=np.float32), kind, mode="JAX", length=len(x))
            return lambda: step(x, y, 0.005)

        makers[f"PyTensor, {kind}, JAX, float32"] = compiled
    return makers


def measure(makers, rounds=20):
    steps, bill, taken = {}, {}, {}
    for name, make in makers.items():
        start = time.perf_counter()
        steps[name] = make()
        steps[name]()
        bill[name] = time.perf_counter() - start
    for _ in range(rounds):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            taken.setdefault(name, []).append(time.perf_counter() - start)
    return {name: 1000 * min(times) for name, times in taken.items()}, bill


# %% [markdown]
# And now the measurement:

# %% tags=["nbval-ignore-output"]
sentence = np.random.default_rng(0).integers(8000, size=31)
milliseconds, bill = measure(make_steps(sentence[:-1], sentence[1:]))
slowest = milliseconds["NumPy, textbook loop, float64"]
for name, ms in milliseconds.items():
    print(f"{name:32} {ms:7.1f} ms   {slowest / ms:5.1f} ×   first step after {bill[name]:4.1f} s")

# %% figure="speed" tags=["nbval-ignore-output"]
labels = {name: name.replace(", ", "\n", 1).replace(", float", "\nfloat") for name in milliseconds}
plotting.bars({labels[name]: ms for name, ms in milliseconds.items()}, "One step of training", "milliseconds")

# %% [markdown]
# **What you should see:** the textbook loop towers over the rest, and the hoisted graph is two to five times
# as fast as the naive one, although both run through the same compiler. And now the honest part: *vectorised NumPy*, without
# any compiler, is about as fast as the best graph. What made the step fast was the algebra, not the framework. What the
# framework gave you is the gradient, for nothing; and on a GPU, which NumPy cannot use, the same graph runs unchanged.
#
# PyTensor has other modes. C and Numba take any length of sentence, but their compilers need half a minute and more when
# they run for the first time; `make bench ARGS=classic_step` prints the whole table, with TensorFlow and others.

# %% [markdown] think="sparse" points=1
# **Think.** Why can the update of $U$ touch only the words of the sentence, but the update of $V$ cannot?
# <!-- BEGIN SOLUTION -->
# A word that is not read has a zero in the one-hot vector at every step, so its column of $\partial L/\partial U$ is exactly
# zero. But *every* word gets a probability at every step, and a row of $\partial L/\partial V$ is the sum of
# $(o_{t,c} - [y_t = c])\, s_t$: a little too much probability for a word that did not come is an error, too. That is why the output layer
# is the bottleneck, and why sampled and hierarchical softmaxes were invented.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - `scan` is a loop in the graph: sequences, the result of the turn before, constants, in this order. Its gradient is
#   another loop, backwards: BPTT, without a line of your own, equal to yours to rounding.
# - `truncate_gradient=k` keeps the last $k$ steps of the *sentence*. It is not truncated BPTT per word.
# - Leave in the loop only what depends on the turn before. One big product is faster than many small ones.
# - Static shapes ask for buckets: fill up, and let the filled places count nothing.
#
# The result: one step of training, from the textbook loop to the best graph.

# %% tags=["nbval-ignore-output"]
assert slowest / milliseconds["PyTensor, hoisted, JAX, float32"] > 5
headline(
    metric="one training step, C = 8,000, H = 100, 30 words: best graph against the textbook NumPy loop, same processor",
    value="more than 5×",  # how much more depends on the day: see the table
    published="350 → 70 ms (5×); 23 ms on a GPU (15×)",
    source="WildML 2015, Recurrent Neural Networks Tutorial, part 2",
)

# %% [markdown]
# **What to try next:** ★ Measure the step with 5 words and with 60 in the sentence: what grows with the length, and what does
# not? ★★ Write the scan of a network with *two* layers: which of its products can be hoisted? ★★★ Let `scan` generate: feed
# the most probable word of each turn into the next, with `sequences=None` and `n_steps`.
#
# **References.** P. Werbos, *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78 (1990),
# 1550-1560. J. Elman, *Finding structure in time*, Cognitive Science 14 (1990), 179-211. D. Britz, *Recurrent Neural Networks
# Tutorial, Part 2*, WildML (2015): the network and the timings that this lesson repeats. PyTensor's documentation: *scan*.
