# %% [markdown] minutes=115
# # GRU and LSTM: networks with gates
# A plain recurrent network rewrites all of its memory at every step. Gates let it decide what to keep.
#
# **You will** build a GRU and an LSTM from their equations, stack them, count their parameters, and measure every gradient.
#
# Needs: [a recurrent network](../../02_recurrent_network/README.md) and its version with PyTensor's `scan`, and why
# [gradients vanish](../../03_backpropagation_through_time/README.md) on their way back through time.

# %% tags=["nbval-ignore-output"]
from functools import cache

import numpy as np

from lib import headline, plotting, setup
from lib.checks.rnn.gru_and_lstm import gru_and_lstm as check
from lib.models.recurrent import init_layer

setup(seed=0)

# %% [markdown]
# ## Why gates
# The plain network computes $s_t = \tanh(x_t U + s_{t-1} W + b)$. Whatever $s_{t-1}$ knew has to pass through a matrix and a
# tanh, at *every* step. On the way back, the gradient passes through the same matrix and the slope of the same tanh, and
# after ten or twenty steps next to nothing is left. The last chapter measured it.
#
# Now imagine a state that is not computed anew but *carried on*:
#
# $$\text{new state} = (\text{share to keep}) \cdot \text{old state} + (\text{share to take}) \cdot \text{something new}$$
#
# The share to keep is a number between 0 and 1, one for each unit. Where it is near 1, the unit hands on its value nearly as it is, and along
# this direct path the derivative of the new state by the old one is near 1, too: the gradient hardly shrinks. Such a share is called a **gate**. A gate is a small layer
# of its own, with a sigmoid at its end, $\sigma(x) = 1 / (1 + e^{-x})$. It looks at the word (its vector $x_t$) and at the last state and decides, at every step and for each unit, how far to open:
# 0 is shut, 1 is open. A sigmoid has a slope, the largest where it is half open, so the network can *learn* when to open it.

# %% [markdown]
# ## Two cells in pictures
# The **LSTM** (long short-term memory) is the older one, from 1997. It keeps two things: a *cell state* $c$, which is the memory, and the
# *output* $s$, which is what the rest of the network sees. The **GRU** (gated recurrent unit) of 2014 makes do with one.

# %% figure="gru"
plotting.gru_cell()

# %% [markdown]
# **What you should see:** the thick line on top is the state on its way from one step to the next. On it stand one
# product, with $z$, and one sum: no matrix and no tanh. What is added comes from below: the candidate $h$, weighted with
# $1 - z$. Blue boxes are gates; they read the word (as $a_t$, see below) and the last state. The candidate's box has an arrow of its own for $a_t$, and gets the state only through the product with the reset gate $r$.

# %% figure="lstm"
plotting.lstm_cell()

# %% [markdown]
# **What you should see:** the same thick line, now for $c$. The forget gate $f$ decides what stays, the input gate $i$ decides
# how much of the candidate $g$ gets in, and the output gate $o$ how much of the memory is shown. Three gates instead of two, and an extra
# tanh on the way out.

# %% [markdown]
# ## Rows, blocks, batches
# From here on we read several sentences side by side, $B$ of them: a **minibatch**. A row is a sentence. At each step, the
# inputs are an array of shape $(B, D)$ and the states one of shape $(B, H)$; the matrices stand on the right, as in $x_t U$.
#
# A cell has several matrices of one kind. We put them side by side and call them *blocks*: three for a GRU, in the order
# $z, r, h$, and four for an LSTM, in the order $i, f, o, g$. So $U$ has the shape $(D, kH)$, $W$ has $(H, kH)$ and $b$ has $(kH,)$, with $k = 3$
# or $4$. One large product is faster than four small ones, and columns `H` to `2 * H` are the second block.
#
# What does not depend on the last state can be computed for all steps at once, before the loop. So a step is not given
# $x_t$ but $a_t = x_t U + b$, of shape $(B, kH)$. Let $a^z, a^r, a^h$ be its blocks, and $W^z, W^r, W^h$ those of $W$.

# %%
import pytensor
import pytensor.tensor as pt

pytensor.config.cxx = ""  # all graphs here are small: no C compiler, please, not even for the loops inside scan

# %% [markdown]
# ## The GRU
# $$z = \sigma(a^z + s_{t-1} W^z) \qquad r = \sigma(a^r + s_{t-1} W^r)$$
# $$h = \tanh\big(a^h + (r \odot s_{t-1})\, W^h\big) \qquad s_t = (1 - z) \odot h + z \odot s_{t-1}$$
#
# $\odot$ multiplies entry by entry. The **update gate** $z$ says how much of the old state stays. The **reset gate** $r$ says
# how much of it the candidate $h$ may see: with $r = 0$, the candidate starts afresh.

# %% [markdown]
# ### Exercise · one step of a GRU  ●●○ · 10 minutes
# The arguments are PyTensor variables. `+`, `*` and `@` work on them as on arrays, and so do slices; the functions are
# `pt.sigmoid` and `pt.tanh`. You build the graph of one step, and nothing is computed yet.


# %% exercise="gru_step"
def gru_step(a, s, W, H: int):
    """The new states of a GRU.

    a: x U + b, shape (B, 3 H), its blocks in the order z, r, h.  s: the last states, (B, H).
    W: (H, 3 H), its blocks in the same order.  Returns the new states, (B, H).
    """
    ### BEGIN SOLUTION
    z = pt.sigmoid(a[:, :H] + s @ W[:, :H])
    r = pt.sigmoid(a[:, H : 2 * H] + s @ W[:, H : 2 * H])
    h = pt.tanh(a[:, 2 * H :] + (r * s) @ W[:, 2 * H :])
    return (1 - z) * h + z * s
    ### END SOLUTION


# %% [markdown]
# The check evaluates your graph and compares it with the equations, unit by unit. If a gate stands in the wrong place, it
# tells you which.

# %% check="gru_step" points=2
check.gru_step(gru_step)

# %% [markdown] hint="gru_step"
# There are four equations and four lines. Which columns of `a` and of `W` belong to each of the first three?

# %% [markdown] hint="gru_step"
# The columns of $z$ are `[:, :H]`, those of $r$ are `[:, H : 2 * H]` and those of $h$ are `[:, 2 * H :]`. The gate $r$ is multiplied
# into the state *before* the product with $W^h$.

# %% [markdown] hint="gru_step"
# ```python
# z = pt.sigmoid(a[:, :H] + s @ W[:, :H])
# r = pt.sigmoid(...)
# h = pt.tanh(a[:, 2 * H :] + (...) @ ...)
# return (1 - z) * ... + z * ...
# ```

# %% [markdown]
# **On which side does $r$ stand?** You wrote $(r \odot s)\, W^h$, as Cho et al. did in 2014. NVIDIA's library cuDNN, and Keras by
# default (`reset_after=True`), compute $r \odot (s\, W^h)$ instead: then all three products with $s$ are one large product, which is
# faster on a GPU. The two are different networks, and weights of one do not work in the other. The blending, too, is
# written both ways: Chung et al. (2014) let $z$ be the share of the *new*.
#
# WildML's GRU of 2015 had $r$ inside the product, as yours has, but its gates were a *hard* sigmoid: straight from 0 to 1 and flat outside, as in Theano's
# `hard_sigmoid`. It saves an exponential, and where it is flat it has no gradient at all. We use the real one.

# %% [markdown]
# ## Two extremes
# What can a GRU do that a plain network cannot? Turn its gates by hand to find out. Through the bias, a gate can be
# forced open ($+50$) or shut ($-50$), whatever else it sees. `init_layer(cell, D, H, rng, dtype)` draws small weights `U` and `W` and a bias `b` of zeros;
# `.eval()` computes a small graph on the spot.

# %%
rng, H = np.random.default_rng(0), 3
theta, s = init_layer("gru", 2, H, rng, "float64"), rng.uniform(-1, 1, size=(1, H))
inner = rng.normal(size=(1, 2)) @ theta["U"]
for label, z, r in (("z = 1", 50, 0), ("z = 0, r = 1", -50, 50), ("z = 0, r = 0", -50, -50)):
    a = inner + np.repeat([z, r, 0.0], H)
    print(
        f"{label:12}  new state:", gru_step(pt.constant(a), pt.constant(s), pt.constant(theta["W"]), H).eval().round(4)
    )
print("          the old state:", s.round(4))
print(" a plain tanh step gives:", np.tanh(inner[:, 2 * H :] + s @ theta["W"][:, 2 * H :]).round(4))
print("  the word by itself gives:", np.tanh(inner[:, 2 * H :]).round(4))

# %% [markdown]
# **What you should see:** with $z = 1$, the state is copied, digit for digit. With $z = 0$ and $r = 1$, the GRU *is* the plain
# network. With both shut, it forgets everything and begins anew with this word. A plain network is one corner of what a GRU can be, and
# each unit may choose its own corner at each step.

# %% [markdown]
# ## The LSTM
# $$i, f, o = \sigma(a^{i,f,o} + s_{t-1} W^{i,f,o}) \qquad g = \tanh(a^g + s_{t-1} W^g)$$
# $$c_t = f \odot c_{t-1} + i \odot g \qquad\qquad s_t = o \odot \tanh(c_t)$$
#
# Read it as sentences. *Forget* a part of the memory, *take in* a part of the candidate, *show* a part of the result. Here, keeping
# and taking are two separate gates, so $c$ can grow beyond 1: a unit can count. The tanh brings the output back between −1 and 1.
#
# WildML's tutorial promised this cell in its title and never built it.

# %% [markdown]
# ### Exercise · one step of an LSTM  ●●○ · 10 minutes
# All four blocks see the same state, so one product, `a + s @ W`, serves them all.


# %% exercise="lstm_step"
def lstm_step(a, s, c, W, H: int):
    """The new outputs and the new cell states of an LSTM.

    a: x U + b, shape (B, 4 H), its blocks in the order i, f, o, g.  s, c: the last outputs and cell states, (B, H) each.
    W: (H, 4 H), its blocks in the same order.  Returns two variables, s and c, (B, H) each.
    """
    ### BEGIN SOLUTION
    inner = a + s @ W
    i = pt.sigmoid(inner[:, :H])
    f = pt.sigmoid(inner[:, H : 2 * H])
    o = pt.sigmoid(inner[:, 2 * H : 3 * H])
    g = pt.tanh(inner[:, 3 * H :])
    c = f * c + i * g
    return o * pt.tanh(c), c
    ### END SOLUTION


# %% [markdown]
# The check knows the usual ways to mix up four blocks.

# %% check="lstm_step" points=2
check.lstm_step(lstm_step)

# %% [markdown] hint="lstm_step"
# Compute `a + s @ W` first and cut it into four. Three pieces pass through one function, the last through another.

# %% [markdown] hint="lstm_step"
# The columns are $i$: `[:, :H]`, $f$: `[:, H : 2 * H]`, $o$: `[:, 2 * H : 3 * H]`, $g$: `[:, 3 * H :]`. The output needs the *new* $c$.

# %% [markdown] hint="lstm_step"
# ```python
# inner = a + s @ W
# i = pt.sigmoid(inner[:, :H])
# f, o = ..., ...
# g = pt.tanh(inner[:, 3 * H :])
# c = ... * c + ... * ...
# return ... * pt.tanh(c), c
# ```

# %% [markdown] think="forget-bias" points=1
# **Think.** In a new LSTM, all weights are small and all biases 0. How much of the cell state is left after ten steps? What does it
# change to start the bias of the forget gate at 1?
# <!-- BEGIN SOLUTION -->
# With all inner sums near 0, the forget gate stands at $\sigma(0) = 0.5$, and after ten steps $0.5^{10} ≈ 0.001$ of the memory is left: the
# new LSTM forgets as fast as the plain network did, and it must first *learn* to remember, through a gradient that vanishes. With a bias of 1
# the gate stands at $\sigma(1) = 0.73$, and $0.73^{10} ≈ 0.04$ is left, forty times as much. Gers et al. (2000) recommended it together with the forget gate, and Jozefowicz
# et al. (2015) found it to be the most important detail of an LSTM.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A layer
# Now the loop over the words. `scan` calls the step once per entry of its *sequences*, along the first axis. That is why a
# minibatch is stored **time-major**, $(T, B, D)$: entry $t$ holds word $t$ of every sentence. The order of the step's arguments is always the same:
# what comes from the sequences, then the last states, then the `non_sequences`, which do not change:
#
# ```python
# pytensor.scan(step, sequences=[...], outputs_info=[first states], non_sequences=[...], return_updates=False)
# ```
#
# With one state, `scan` returns one variable of shape $(T, B, H)$. With several, it returns a list of them.

# %% [markdown]
# ### Exercise · a layer  ●●○ · 15 minutes
# The layer works with any step. A step takes $a_t$, then its `states` last states (one for a GRU, two for an LSTM), then `W` and `H`. Compute
# $xU + b$ for all steps **before** the loop: `@` multiplies the last axis of an array with three axes. `W` is a variable and belongs to the
# `non_sequences`. `H` is a plain number, with which the step cuts its blocks: it stays out of the graph, and a `lambda` can add it.
#
# All states start at zero. Give the zeros the type of the inputs, `dtype=inputs.dtype`: where float32 meets float64, PyTensor computes
# everything in float64, more slowly, and says nothing.


# %% exercise="layer"
def layer(step, states: int, inputs, theta: dict, H: int):
    """A recurrent layer over a minibatch.

    step: (a_t, state, …, W, H) to the new state, or to a tuple of them; the output is the first.  states: how many, 1 or 2.
    inputs: (T, B, D), a variable with a static shape: inputs.type.shape holds three numbers.
    theta: the variables U (D, k H), W (H, k H) and b (k H,).  Returns the outputs of all steps, (T, B, H).
    """
    ### BEGIN SOLUTION
    _, B, _ = inputs.type.shape
    outputs = pytensor.scan(
        lambda a_t, *rest: step(a_t, *rest, H),  # rest: the last states, then W
        sequences=[inputs @ theta["U"] + theta["b"]],
        outputs_info=[pt.zeros((B, H), dtype=inputs.dtype)] * states,
        non_sequences=[theta["W"]],
        return_updates=False,
    )
    return outputs[0] if states > 1 else outputs
    ### END SOLUTION


# %% [markdown]
# The check hands your layer two little steps of its own, and counts the matrix products inside your loop.

# %% check="layer" points=3
check.layer(layer)

# %% [markdown] hint="layer"
# What are the sequences, what is the first state and what never changes? Three answers, three arguments of `scan`. The step wants `H` as
# its last argument, and a `lambda` can add it.

# %% [markdown] hint="layer"
# The sequence is $xU + b$, of shape $(T, B, kH)$. There are `states` first states, each `pt.zeros((B, H), dtype=inputs.dtype)`, in a list. `W`
# is the only one that never changes. With two states, the outputs are the first entry of what `scan` returns.

# %% [markdown] hint="layer"
# ```python
# _, B, _ = inputs.type.shape
# outputs = pytensor.scan(
#     lambda a_t, *rest: step(a_t, *rest, H),
#     sequences=[...],
#     outputs_info=[...] * states,
#     non_sequences=[...],
#     return_updates=False,
# )
# return outputs[0] if states > 1 else outputs
# ```

# %% [markdown]
# ## How long does a trace last?
# Let untrained layers read the same 20 inputs twice, with only the *first* input exchanged, and measure how far their outputs are
# apart at each step. It is the experiment that showed the memory of the plain network fade, now with gates. (The sixth argument of `init_layer` is the bias of the forget gate.)


# %% figure="trace" tags=["nbval-ignore-output"]
def plain_step(a, s, W, H):
    return pt.tanh(a + s @ W)


def trace(step, states, theta, T=20, B=50, D=32, H=64):
    """The mean distance between the outputs of pairs of sequences that differ in their first input, (T,)."""
    x = np.random.default_rng(1).normal(size=(T, B, D))
    x[1:, 1::2] = x[1:, ::2]  # sequences 0 and 1 are a pair, 2 and 3, …
    variables = {name: pt.constant(values) for name, values in theta.items()}
    s = layer(step, states, pt.constant(x), variables, H).eval()
    return np.linalg.norm(s[:, 1::2] - s[:, ::2], axis=2).mean(axis=1)


cells = {"plain": ("rnn", plain_step, 1, 0), "LSTM, forget bias 0": ("lstm", lstm_step, 2, 0)}
cells |= {"GRU": ("gru", gru_step, 1, 0), "LSTM, forget bias 1": ("lstm", lstm_step, 2, 1)}
curves = {}
for label, (cell, step, states, forget) in cells.items():
    theta = init_layer(cell, 32, 64, np.random.default_rng(0), "float64", forget)
    distance = trace(step, states, theta)
    curves[label] = distance / distance[0]
picture = plotting.training_curves(curves, "The trace of one input", "distance, relative", "steps since", log_y=True)
picture.figure.axes[0].set_xticks(range(0, 20, 2))
picture

# %% [markdown]
# **What you should see:** nearly straight lines on the logarithmic axis: at each step, a trace is multiplied by about the same factor. The plain
# network keeps less than half, and after ten steps less than a thousandth is left. A new GRU, and an LSTM whose gates begin
# half open, keep some 0.6 per step: better, but after ten steps they are down to half a percent. Set the forget gate's bias to 1, and the LSTM keeps 0.7 to 0.85:
# a hundred times as much as the plain network after ten steps. Gates do not remember by themselves. They make remembering *easy to learn*, and
# the bias says where the learning begins.

# %% [markdown]
# ## Two layers
# One layer on top of another: the outputs of the first are the inputs of the second. The lower one stays close to the words, and the upper one can
# take a longer view. Two layers are usual for language; a third adds little, and more need tricks to train.

# %% [markdown]
# ### Exercise · a stack of layers  ●○○ · 5 minutes


# %% exercise="stack"
def stack(step, states: int, inputs, layers: list, H: int):
    """Recurrent layers on top of each other.

    layers: a dict of U, W and b for each, the one that reads ``inputs`` first.  The others as in ``layer``.
    Returns the outputs of the top layer, (T, B, H).
    """
    ### BEGIN SOLUTION
    for theta in layers:
        inputs = layer(step, states, inputs, theta, H)
    return inputs
    ### END SOLUTION


# %% [markdown]
# The check stacks one, two and three.

# %% check="stack" points=1
check.stack(stack)

# %% [markdown] hint="stack"
# What does the second layer read?

# %% [markdown] hint="stack"
# Go through `layers`. In each round, what came out of the last round goes in.

# %% [markdown] hint="stack"
# ```python
# for theta in layers:
#     inputs = layer(...)
# return ...
# ```

# %% [markdown]
# ## What does it cost?
# Each block of a layer has a matrix for what comes in, a matrix for the state, and a bias. Count for any size.

# %% [markdown]
# ### Exercise · count parameters  ●○○ · 5 minutes


# %% exercise="count_parameters"
def count_parameters(cell: str, D: int, H: int, layers: int) -> int:
    """How many numbers a stack of recurrent layers has to learn: all its U, W and b.

    cell: "rnn", "gru" or "lstm", with 1, 3 and 4 blocks.  D: inputs of the first layer.  H: units of each layer.
    """
    ### BEGIN SOLUTION
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}[cell]
    first, other = D + H + 1, H + H + 1
    return blocks * H * (first + (layers - 1) * other)
    ### END SOLUTION


# %% [markdown]
# The check counts the entries of arrays.

# %% check="count_parameters" points=1
check.count_parameters(count_parameters)

# %% [markdown] hint="count_parameters"
# Write down the shapes of `U`, `W` and `b` of the first layer. What is different in the second?

# %% [markdown] hint="count_parameters"
# The first layer has $DkH + HkH + kH = kH(D + H + 1)$. The others read $H$ numbers instead of $D$.

# %% [markdown] hint="count_parameters"
# ```python
# blocks = {"rnn": 1, "gru": 3, "lstm": 4}[cell]
# first = blocks * H * (D + H + 1)
# other = ...
# return first + (layers - 1) * other
# ```

# %% [markdown]
# These are the sizes of the model of the next lesson, 128 inputs, 192 units, two layers:

# %%
for cell in ("rnn", "gru", "lstm"):
    n = count_parameters(cell, D=128, H=192, layers=2)
    print(f"{cell:5}{n:8,} parameters, {n / count_parameters('lstm', 128, 192, 2):.2f} of an LSTM")

# %% [markdown]
# **Which one should you take?** A GRU has three quarters of the parameters of an LSTM and does three quarters of its work. On what they can do, three studies:
#
# | | GRU | LSTM |
# |---|---|---|
# | gates | 2: update, reset | 3: input, forget, output |
# | memory | the output itself | a cell state of its own, which can grow |
# | keep and take | one gate, $z$ and $1 - z$ | two gates, $f$ and $i$ |
# | parameters of a layer | $3H(D + H + 1)$ | $4H(D + H + 1)$ |
# | Chung et al. 2014 (music, speech) | a little ahead on most of the music; far ahead of tanh on speech | far ahead of tanh on speech; no clear winner |
# | Jozefowicz et al. 2015 (10,000 variants tried) | better on all tasks but language modelling | with forget bias 1 about as good |
# | Greff et al. 2015 (eight changes to the LSTM) | *coupling* $i$ and $f$, as the GRU does, costs nothing | the forget gate and the tanh on the way out matter most |
#
# In short: there is no clear winner. The GRU is smaller and faster, so we train it in the next lesson.

# %% [markdown]
# ## Every parameter, no exception
# PyTensor derives the gradients. Do they belong to the loss? A `scan` that cuts its way back short (`truncate_gradient`), a parameter that is not connected, or a NaN
# may train all the same. So compare *every* entry with a measured slope. (Wrong *equations* it cannot find: loss and slopes come from the same graph. That was the work of the checks above.)
# Let $g$ be the claimed slope and $m$ the measured one, by central differences with $h = 10^{-5}$, from
# chapter [A neural network from scratch](../../../nn_theano/01_from_scratch/README.md):
#
# $$m = \frac{f(\theta + h e_i) - f(\theta - h e_i)}{2h} \qquad\qquad \text{error} = \frac{|g - m|}{\max(|g| + |m|,\; 0.001)}$$
#
# A *relative* error, since slopes come in all sizes; but very small slopes drown in the rounding of $f$, so nothing smaller than 0.001 is divided by. A
# parameter passes if the error of each of its entries is below the tolerance.
#
# There is a trap that caught WildML's gradient check in 2015. It divided without the 0.001, so that a slope of 0 gave $0 / 0$, which is NaN. And it asked *is the error larger than
# the threshold?* With NaN, **the answer to every comparison is no**, so whatever was NaN passed.

# %% [markdown]
# ### Exercise · gradient check  ●●○ · 15 minutes
# A verdict for each parameter. Whatever does not agree with its measurement must fail, a loss or a slope of NaN too.


# %% exercise="gradient_check"
def gradient_check(f, slopes: dict, theta: dict, tolerance: float = 1e-5) -> dict:
    """Compare every slope with a measured one.

    f: takes a dict like ``theta``, returns the loss.  slopes, theta: name to float64 array, the same names and shapes.
    Returns a dict: name to True if all entries of its slope are right within the tolerance, else False.
    """
    ### BEGIN SOLUTION
    passed, h = {}, 1e-5
    for name, values in theta.items():
        errors = []
        for i in np.ndindex(values.shape):
            e = np.zeros_like(values)
            e[i] = h
            m = (f({**theta, name: values + e}) - f({**theta, name: values - e})) / (2 * h)
            g = slopes[name][i]
            errors.append(abs(g - m) / max(abs(g) + abs(m), 0.001))
        passed[name] = all(error < tolerance for error in errors)
    return passed
    ### END SOLUTION


# %% [markdown]
# The check tries right slopes and wrong ones, NaN among them.

# %% check="gradient_check" points=3
check.gradient_check(gradient_check)

# %% [markdown] hint="gradient_check"
# Two loops: over the names, and over the entries of each array, `np.ndindex(values.shape)`. How do you ask, so that NaN gets the answer *no*?

# %% [markdown] hint="gradient_check"
# `{**theta, name: values + e}` is a copy of `theta` with one array replaced. An entry passes if `error < tolerance`; for NaN that is False.

# %% [markdown] hint="gradient_check"
# ```python
# passed, h = {}, 1e-5
# for name, values in theta.items():
#     passed[name] = True
#     for i in np.ndindex(values.shape):
#         e = np.zeros_like(values)
#         e[i] = ...
#         m = (f({**theta, name: ...}) - f({**theta, name: ...})) / (2 * h)
#         error = abs(slopes[name][i] - m) / max(..., 0.001)
#         passed[name] = passed[name] and error < tolerance
# return passed
# ```

# %% [markdown]
# Now the trial of everything you built. A model with two layers reads three sentences of five words out of seven; `E` holds a vector for each
# word, and `V` and `c` turn the top outputs into a score for each word (the next lesson explains this model). It is small, so that every one of its parameters can be measured, and in float64. `cross_entropy` builds the loss from
# *your* layers, and PyTensor derives it.


# %%
def cross_entropy(step, states, theta, x, y, H):
    """The mean cross-entropy of the words y (T, B) after x (T, B), through two layers: a graph."""
    layers = [{name: theta[f"{name}{n}"] for name in "UWb"} for n in (1, 2)]
    s = stack(step, states, theta["E"][x], layers, H)
    log_p = pt.special.log_softmax(s @ theta["V"] + theta["c"], axis=-1)
    T, B = y.shape
    return -log_p[np.arange(T)[:, None], np.arange(B), y].mean()


@cache  # asked for twice
def verdicts(cell, step, states, C=7, D=3, H=4, T=5, B=3):
    """Verdict and size of each parameter of a random model."""
    rng = np.random.default_rng(0)
    layers = [init_layer(cell, width, H, rng, "float64") for width in (D, H)]
    theta = {"E": rng.normal(size=(C, D)), "V": rng.normal(size=(H, C)), "c": rng.normal(size=C)}
    theta |= {f"{name}{n}": values for n, one in enumerate(layers, 1) for name, values in one.items()}
    x, y = rng.integers(C, size=(2, T, B))
    symbols = {name: pt.tensor(name, shape=values.shape, dtype="float64") for name, values in theta.items()}
    loss = cross_entropy(step, states, symbols, x, y, H)
    inputs = list(symbols.values())
    slopes = pytensor.function(inputs, pytensor.grad(loss, inputs))
    f = pytensor.function(inputs, loss)
    passed = gradient_check(lambda theta: f(**theta), dict(zip(theta, slopes(**theta), strict=True)), theta)
    return passed, {name: values.size for name, values in theta.items()}


# %% [markdown]
# Every parameter of both models, one by one, and what WildML's question would have said of a gradient that is all NaN:

# %% tags=["nbval-ignore-output"]
checked = 0
for cell, step, states in (("gru", gru_step, 1), ("lstm", lstm_step, 2)):
    passed, sizes = verdicts(cell, step, states)
    wrong = [name for name in passed if not passed[name]]
    assert not wrong, (
        f"{cell}: {', '.join(wrong)} do not agree. Do all checks above pass? Then suspect `layer`, or scan"
    )
    checked += sum(sizes.values())
    print(f"{cell:5}", ", ".join(f"{name} {sizes[name]} ✓" for name in passed))
print(f"{checked} of {checked} slopes are right.   Is NaN larger than the threshold? {np.nan > 0.01}")

# %% [markdown]
# **What you should see:** a tick at every name, and *False*. The gradient check of 2015 ran for the GRU only, with a tolerance of 0.01, and it would not have
# stopped at NaN.

# %% [markdown] think="float32" points=1
# **Think.** Training runs in float32, which keeps some seven digits. Why was the gradient check done in float64? What would happen with $h = 10^{-5}$ and
# a loss near 2 in float32?
# <!-- BEGIN SOLUTION -->
# In float32, a loss near 2 is rounded to about $10^{-7}$. Two losses differ by $2h$ times the slope, say $2 \cdot 10^{-5} \cdot 0.1 = 2 \cdot 10^{-6}$, so that their
# difference is wrong by several percent, and no honest tolerance could pass. A larger $h$ makes the rounding harmless, but then the curvature of the loss spoils the
# measurement. In float64 there is room between the two. The equations do not depend on the type, so what is measured in float64 holds for the graph in float32.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A gate is a number between 0 and 1 for each unit, computed from the word and the last state. The state is carried on by a product and a sum.
# - A GRU has two gates and one state; $z = 1$ copies it, and $z = 0$, $r = 1$ is the plain network.
# - An LSTM has three gates and a separate memory. Start its forget gate with bias 1.
# - The blocks of a cell stand side by side, and the product with $U$ stands before the loop. Layers are stacked output to input.
# - No study found a clear winner; a GRU has three quarters of the parameters.
# - A gradient check tries every parameter, and NaN must fail. It tests the slopes, not the equations.
#
# The result: all slopes of a GRU and of an LSTM with two layers, embedding and output included.

# %%
both = [verdicts("gru", gru_step, 1), verdicts("lstm", lstm_step, 2)]
total = sum(n for _, sizes in both for n in sizes.values())
right = sum(sizes[name] for passed, sizes in both for name in passed if passed[name])
headline(
    metric="slopes of a two-layer GRU and LSTM that agree with measurement; relative tolerance",
    value=f"{right} of {total}; 0.00001",
    published="GRU only, 0.01; NaN passed",
    source="WildML 2015, gradient check of rnn-tutorial-gru-lstm",
)

# %% [markdown]
# **What to try next:** ★ Start the bias of the GRU's update gate at 1, 2, 4 and draw the trace again. ★★ Give the LSTM *peepholes*: let its gates see $c$ through a
# weight per unit (Gers and Schmidhuber 2000). ★★★ Couple the LSTM's gates, $i = 1 - f$, and find out what else turns it into a GRU.
#
# **References.** S. Hochreiter, J. Schmidhuber, *Long Short-Term Memory*, Neural Computation 9 (1997), 1735-1780. F. Gers, J. Schmidhuber, F. Cummins, *Learning to Forget:
# Continual Prediction with LSTM*, Neural Computation 12 (2000), 2451-2471. K. Cho et al., *Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine
# Translation* (2014): the GRU. J. Chung, C. Gulcehre, K. Cho, Y. Bengio, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling* (2014). R. Jozefowicz, W. Zaremba, I. Sutskever,
# *An Empirical Exploration of Recurrent Network Architectures* (2015). K. Greff et al., *LSTM: A Search Space Odyssey* (2015; IEEE Transactions on Neural Networks and Learning Systems 2017). D. Britz,
# *Implementing a GRU/LSTM RNN with Python and Theano*, WildML (2015).
