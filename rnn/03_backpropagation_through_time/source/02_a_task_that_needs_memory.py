# %% [markdown] minutes=85
# # A task that needs memory
# Add two numbers, when two hundred steps lie between you and the first: a task that a child can do and a plain recurrent network cannot learn.
#
# **You will** build the task and its bar, find the one idea behind every gated cell, and watch who learns at which length.
#
# Needs: [gradients through time](01_vanishing_gradients.ipynb). The gated cells themselves are built in the next chapter; here they come from `lib`.

# %% tags=["nbval-ignore-output"]
import os
from functools import cache, partial

import numpy as np

from lib import headline, plotting, setup
from lib.checks.rnn.backpropagation_through_time import a_task_that_needs_memory as check
from lib.models import gradient_flow, last_step

setup(seed=0)

# %% [markdown]
# ## The adding problem
# Sepp Hochreiter and Jürgen Schmidhuber invented it in 1997, for the paper that introduced the LSTM. A sequence has $T$ steps. Each step brings two numbers: a random *number* between 0 and 1, and a *mark*, which is 1 at two
# steps and 0 at all others. One mark stands somewhere in the first half, one in the second. At the end the network must say the sum of the two marked numbers:
#
# | step | 1 | 2 | 3 | 4 | 5 | 6 | target |
# |---|---|---|---|---|---|---|---|
# | number | 0.3 | **0.8** | 0.5 | 0.1 | **0.4** | 0.9 | 1.2 |
# | mark | 0 | **1** | 0 | 0 | **1** | 0 | |
#
# Nothing else matters, and nothing tells the network so. It must find out that marks matter, keep an exact number for $T/2$ steps or more, and let everything else pass by. The length $T$ turns the difficulty up as far as you like.
#
# (This is the variant that later papers use, such as Le, Jaitly and Hinton 2015 and Arjovsky, Shah and Bengio 2016. In 1997 the numbers lay between −1 and 1, both marks in the first half, and the target was squeezed into $[0, 1]$.)

# %% [markdown]
# ### Exercise · a batch of the adding problem  ●●○ · 10 minutes
# Time comes first, as in all batches of this course: `inputs[t]` is what all sequences read at step $t$. Marks are quickly set with two lists of indices: `marks[positions, np.arange(batch)] = 1`.


# %% exercise="adding_batch"
def adding_batch(rng: np.random.Generator, batch: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Random sequences of the adding problem, and their targets.

    rng: draws everything.  batch: number of sequences B.  length: steps T, >= 2; the first half is ``length // 2`` steps.
    Returns the inputs, shape (T, B, 2): numbers uniform in [0, 1) at [:, :, 0] and marks at [:, :, 1], one at a random
    step of the first half and one at a random step of the rest; and the sums of the marked numbers, shape (B,).
    """
    ### BEGIN SOLUTION
    numbers, marks = rng.random((length, batch)), np.zeros((length, batch))
    marks[rng.integers(0, length // 2, batch), np.arange(batch)] = 1
    marks[rng.integers(length // 2, length, batch), np.arange(batch)] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# The check looks at thousands of sequences: are there two marks each, one in each half, at every place equally often?

# %% check="adding_batch" points=2
check.adding_batch(adding_batch)

# %% [markdown] hint="adding_batch"
# Two arrays of shape `(length, batch)`, one for the numbers, one for the marks, joined at the end. How do you get the target from them?

# %% [markdown] hint="adding_batch"
# `rng.integers(0, length // 2, batch)` draws one step of the first half for each sequence; the upper end is not drawn. `np.stack([...], axis=2)` joins. The targets are the sums of `numbers * marks` over time.

# %% [markdown] hint="adding_batch"
# ```python
# numbers, marks = rng.random((length, batch)), np.zeros((length, batch))
# marks[rng.integers(0, length // 2, batch), np.arange(batch)] = 1
# marks[rng.integers(..., ..., batch), np.arange(batch)] = 1
# return np.stack([..., ...], axis=2), (... * ...).sum(axis=0)
# ```

# %% [markdown]
# ## What does it cost to know nothing?
# Before any training: what can be had for free? A lazy network ignores its input and always says the same number. With a squared error the best such answer is the *mean* of the target, and what it costs is the *variance* of the target.
#
# A number that is uniform between $l$ and $h$ has the mean $(l + h)/2$ and the variance $(h - l)^2/12$. For a sum of *independent* numbers, means add up and variances add up, too.

# %% [markdown]
# ### Exercise · baseline  ●○○ · 5 minutes


# %% exercise="baseline"
def baseline(n: int, low: float, high: float) -> tuple[float, float]:
    """The best constant answer to "what is the sum of n independent uniform numbers?", and its mean squared error.

    n: how many numbers, >= 1.  low, high: each is uniform between them.
    """
    ### BEGIN SOLUTION
    return n * (low + high) / 2, n * (high - low) ** 2 / 12
    ### END SOLUTION


# %% [markdown]
# The check integrates.

# %% check="baseline" points=1
check.baseline(baseline)

# %% [markdown] hint="baseline"
# Which two quantities of one number do you know, and what happens to each when you add $n$ of them?

# %% [markdown] hint="baseline"
# The mean of the sum is $n (l + h)/2$, its variance $n (h - l)^2/12$.

# %% [markdown] hint="baseline"
# ```python
# return n * (...) / 2, n * (...) ** 2 / 12
# ```

# %% [markdown]
# Now the adding problem: two numbers between 0 and 1.

# %%
answer, bar = baseline(2, 0.0, 1.0)
_, targets = adding_batch(np.random.default_rng(0), batch=100_000, length=10)
print(
    f"always answer {answer:.0f}: mean squared error {bar:.4f}; on 100,000 sequences {np.mean((targets - answer) ** 2):.3f}"
)

# %% [markdown]
# So the bar is **1/6 = 0.167**. A network that hovers there has learned one thing, the number 1. We call the task *solved* when the mean squared error is below **0.01**, a seventeenth of the bar.

# %% [markdown]
# ## The one idea behind the gates
# The plain network rewrites its whole state at every step: $s_t = \tanh(\dots W s_{t-1})$. Whatever it wants to keep must survive a matrix and a bend, a hundred times in a row, and so must its derivative. What if a memory were simply *left alone*?
#
# The LSTM keeps a second vector, the **cell state** $c_t$, and changes it only by adding:
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$
#
# $g_t$ is new content (not the blame of the last lesson; the letter is the usual one); $i_t$, the *input gate*, says how much of it is written; $f_t$, the *forget gate*, says how much of the old is kept. The gates are numbers between 0 and 1, one for each unit, computed at every step by sigmoids from the input and the last state. That state is what the cell shows of its memory,
# $s_t = o_t \odot \tanh c_t$ with a third gate, the *output gate* $o_t$. With $f = 1$ and $i = 0$ the cell holds
# its number for ever. With $i = 1$ at a marked step it adds that number. That is the adding problem, solved by hand!
#
# And the way back? Take the gates as given. Then $\partial c_t / \partial c_{t-1} = f_t$: no matrix, no slope of a $\tanh$. With $f = 1$ the derivative passes unchanged through any number of steps. Hochreiter and Schmidhuber called it the **constant error carousel**. (Their cell had no forget gate, so
# $f$ was always 1; Gers, Schmidhuber and Cummins added it in 2000. The gates depend on the past as well, through $s_{t-1}$, so further paths lead back; but this one stays open.) The GRU does the same to its only state: $s_t = z_t \odot s_{t-1} + (1 - z_t) \odot \tilde s_t$, where $z_t$ is a gate and $\tilde s_t$ the new content.

# %% [markdown]
# ### Exercise · what is remembered  ●●○ · 10 minutes
# If $c_t$ is nudged, how much of the nudge is left in $c_T$? It passes the gates of steps $t+1$ to $T$.


# %% exercise="remembered"
def remembered(f: np.ndarray) -> np.ndarray:
    """The derivative of the last cell state by every cell state, unit by unit, with the gates given.

    f: the forget gates of steps 1 to T, shape (T, H): row 0 belongs to step 1.
    Returns shape (T + 1, H): row t is the derivative of c_T by c_t, from t = 0 to T.
    """
    ### BEGIN SOLUTION
    left = np.ones((len(f) + 1, f.shape[1]))
    for t in range(len(f) - 1, -1, -1):
        left[t] = f[t] * left[t + 1]
    return left
    ### END SOLUTION


# %% [markdown]
# The check nudges cell states and runs them to the end.

# %% check="remembered" points=2
check.remembered(remembered)

# %% [markdown] hint="remembered"
# What is the derivative of $c_T$ by itself? Go back from there, one gate at a time.

# %% [markdown] hint="remembered"
# Row $t$ is row $t + 1$ times the gate of step $t + 1$, and that gate is `f[t]`, because row 0 of `f` belongs to step 1.

# %% [markdown] hint="remembered"
# ```python
# left = np.ones((len(f) + 1, f.shape[1]))
# for t in range(len(f) - 1, -1, -1):
#     left[t] = ... * ...
# return left
# ```

# %% [markdown]
# ## How open is open enough?
# A gate of 0.9 sounds open. Here is what constant gates leave after up to 200 steps.

# %% figure="carousel"
gates = np.array([0.5, 0.9, 0.99, 0.999])
left = remembered(np.tile(gates, (200, 1)))[::-1]  # turned round: from the last step backwards
curves = {f"forget gate {gate:g}": left[:, unit] for unit, gate in enumerate(gates)}
plotting.training_curves(
    curves, "What constant forget gates leave", "derivative", "lag in steps", log_y=True, limits=(1e-6, 2)
)

# %% [markdown]
# **What you should see:** straight lines again: a constant gate below 1 forgets exponentially, too. Half open, where a sigmoid starts if its bias is 0, is the worst of these four: a millionth is left after 20 steps. With 0.9 that takes 130 steps; 0.99 keeps an eighth over 200. *The gate is no cure unless it stands nearly open.*
#
# So let it start there. A gate that stays at $f$ keeps $f^k$ at lag $k$. Add up what is left over all lags, from 0 on: $1 + f + f^2 + \dots = 1/(1 - f)$. Call this sum the cell's **memory** in steps: a cell that kept everything for so many steps, and then nothing, would have the same sum. The gate is a sigmoid, $f = 1/(1 + e^{-b})$ if only its bias $b$ speaks, and then
#
# $$\text{memory} = \frac{1}{1 - f} = 1 + e^{b}$$

# %% [markdown]
# ### Exercise · a bias for a memory  ●○○ · 5 minutes


# %% exercise="forget_bias"
def forget_bias(steps: float | np.ndarray) -> float | np.ndarray:
    """The bias with which a forget gate begins with a memory of so many steps.

    steps: > 1, a number or an array of them.  Returns the bias, or an array of them.
    """
    ### BEGIN SOLUTION
    return np.log(np.asarray(steps) - 1.0)
    ### END SOLUTION


# %% [markdown]
# The check adds up the series, term by term.

# %% check="forget_bias" points=1
check.forget_bias(forget_bias)

# %% [markdown] hint="forget_bias"
# You know the memory and want the bias: solve the last equation for $b$.

# %% [markdown] hint="forget_bias"
# $e^b = \text{memory} - 1$.

# %% [markdown] hint="forget_bias"
# ```python
# return np.log(...)
# ```

# %% [markdown]
# A bias of 1, the usual advice (Jozefowicz, Zaremba and Sutskever 2015), is a memory of 3.7 steps: far too short for this task, until training has opened the gate. The **chrono** start of Tallec and Ollivier (2018) gives each unit a memory of its own, with a bias $\log u$, $u$ uniform between 1 and $T - 1$, and the input gate the opposite bias, so that what keeps
# long also writes little. That is the chrono start of the last lesson's figure; `gradient_flow.init(..., memory=T)` draws it. A plain $\tanh$ layer has no such knob.

# %%
for steps in (2, 3.72, 10, 50, 100, 200):
    print(f"memory {steps:6.2f} steps: bias {float(forget_bias(steps)):5.2f}, gate {1 - 1 / steps:.3f}")

# %% [markdown]
# ## Training, and when to stop
# `last_step.Reader` is a layer and a weighted sum of its last state: 32 units, gradients by hand-written backpropagation through time, clipped at the common norm 1 as in the last lesson, Adam. (In NumPy, because each length would be a new graph to compile; a test holds its gradients against PyTensor's.)
# Its `step(inputs, targets)` makes one step and returns the error before it. Every batch is new, so there is nothing to overfit, and the training errors are honest. They are also noisy: one lucky batch proves nothing. So stop when the *mean of the last few* is low.

# %% [markdown]
# ### Exercise · fit  ●●○ · 10 minutes


# %% exercise="fit"
def fit(step, draw, most: int, solved: float, window: int) -> list[float]:
    """Train on new batches until the task is solved, or to the end.

    step: (inputs, targets) -> error; makes one step of training.  draw: () -> (inputs, targets), a new batch
    for each step, drawn right before it.
    most: the largest number of steps, >= 1.  solved: stop when the mean of the last ``window`` errors is below this,
    but not before there are ``window`` errors.
    Returns the errors of all steps made.
    """
    ### BEGIN SOLUTION
    errors = []
    while len(errors) < most:
        errors.append(step(*draw()))
        if len(errors) >= window and np.mean(errors[-window:]) < solved:
            break
    return errors
    ### END SOLUTION


# %% [markdown]
# The check plays trainings whose errors are written in a script.

# %% check="fit" points=2
check.fit(fit)

# %% [markdown] hint="fit"
# Three things happen in each round: draw, step, look back. Which of them can end the loop?

# %% [markdown] hint="fit"
# `errors[-window:]` are the last errors. `step(*draw())` hands both parts of a batch on. Two conditions must hold together before you `break`.

# %% [markdown] hint="fit"
# ```python
# errors = []
# while len(errors) < most:
#     errors.append(...)
#     if len(errors) >= ... and np.mean(...) < solved:
#         break
# return errors
# ```

# %% [markdown]
# ## Who learns it?
# Three cells, four lengths, one set of rules: batches of 32, at most 1,500 steps, stop when the mean of the last 50 errors is below 0.005. The gated cells get Adam's rate 0.01 and the chrono start for their length. The plain layer gets 0.003, the middle of three rates that we tried for it (0.01, 0.003, 0.001; none of them
# brought it below the bar at length 100 within 1,000 steps), and its usual start. The settings are ours.
# `SCALE=full` in the environment trains three networks of each kind and gives them 10,000 steps.

# %%
CELLS = {"plain tanh": "tanh", "GRU": "gru", "LSTM": "lstm"}
LENGTHS = [10, 50, 100, 200]
FULL = os.environ.get("SCALE") == "full"


@cache  # trained once, asked for often
def trained(cell, length, seed=0):
    """A network after training on this length, and the errors on the way."""
    rng = np.random.default_rng(seed)
    network = last_step.Reader(cell, D=2, H=32, rng=rng, memory=length)
    step = partial(network.step, lr=0.003 if cell == "tanh" else 0.01, clip=1.0)
    draw = partial(adding_batch, rng, 32, length)
    return network, fit(step, draw, most=10_000 if FULL else 1500, solved=0.005, window=50)


# %% [markdown]
# First the length 100: the errors on the way, each point the mean of the last 50 batches.

# %% figure="training" tags=["nbval-ignore-output"]
curves = {}
for label, cell in CELLS.items():
    errors = np.array(trained(cell, 100)[1])
    curves[label] = np.convolve(errors, np.ones(50) / 50, mode="valid")
plotting.training_curves(
    curves,
    "The adding problem with 100 steps",
    "mean squared error",
    "training step",
    x=np.arange(50, 20_000),
    log_y=True,
    marks={"always answer 1": baseline(2, 0.0, 1.0)[1], "solved": 0.01},
)

# %% [markdown]
# **What you should see:** all three fall quickly to the dotted line of the lazy answer. The plain network stays there to the end. The gated ones wait there for a while, too, then discover the first number or the marks, and within some hundred steps they are below the line of *solved*, where their curves end.
#
# At length 200 every step of training costs twice as much. This cell only trains, and prints how many sequences each network read.

# %% tags=["nbval-ignore-output"]
for label, cell in CELLS.items():
    print(f"{label:12} T = 200: {32 * len(trained(cell, 200)[1]):,} sequences")

# %% [markdown]
# Now all lengths, on 2,560 new sequences each. Beside the error stands the share of *wrong* answers as in 1997: off by more than 0.04 on a scale from 0 to 1, which is 0.08 on ours.


# %%
@cache
def tested(cell, length, seed=0):
    """Mean squared error, and share of wrong answers, on 2,560 new sequences."""
    inputs, targets = adding_batch(np.random.default_rng(1000), 2560, length)
    off = trained(cell, length, seed)[0].predict(inputs) - targets
    return np.mean(off**2), np.mean(np.abs(off) > 0.08)


def errors_of(cell, lengths=(10, 50, 100, 200)):
    """Mean squared errors, one row per network: (networks, lengths)."""
    return np.array([[tested(cell, length, seed)[0] for length in lengths] for seed in range(3 if FULL else 1)])


# %% [markdown]
# The table, and its picture.

# %% figure="lengths" tags=["nbval-ignore-output"]
print(f"{'':12}" + "".join(f"{f'T = {length}':>22}" for length in LENGTHS))
for label, cell in CELLS.items():
    row = f"{label:12}"
    for length in LENGTHS:
        error, wrong = tested(cell, length)
        row += f"{32 * len(trained(cell, length)[1]):10,} {error:.3f} {wrong:4.0%}"
    print(row)
print("per cell: sequences read in training, mean squared error, share off by more than 0.08")
scores = {label: errors_of(cell) for label, cell in CELLS.items()}
plotting.training_curves(
    scores, "Error by length", "mean squared error", "length T", np.array(LENGTHS), log_x=True, log_y=True,
    marks={"always answer 1": baseline(2, 0.0, 1.0)[1], "solved": 0.01},
)  # fmt: skip

# %% [markdown]
# **What you should see:** at 10 steps everybody solves the task. From 50 on, the plain network stands on the line of the lazy answer, or close to it, after all its 48,000 sequences. GRU and LSTM solve all four lengths. They need more sequences for longer ones, but not many more: five to seven thousand at 10 steps, about ten thousand at 200.

# %%
print("gated cells solve every length:", bool(max(errors_of("gru").max(), errors_of("lstm").max()) < 0.01))
print("plain tanh solves T = 10:", bool(errors_of("tanh", [10]).max() < 0.01))
print("plain tanh is far from it at 100 and 200:", bool(errors_of("tanh", [100, 200]).min() > 0.1))

# %% [markdown]
# Hochreiter and Schmidhuber's LSTM needed 74,000 sequences at length 100, with two memory blocks of two cells, one sequence per step, and without forget gates, Adam or chrono start. Their rule was stricter, too: the last 2,000 sequences all right. Ours stop earlier and still get a share of the answers off by more than 0.08.
#
# Is the plain network *unable*? No: it can represent a solution, and with patience and a smaller rate it finds its way: in a trial with rate 0.001 and batches of 64 it came down to 0.03 at length 50 (1,500 steps) and to 0.04 at length 100 (2,500 steps). Le, Jaitly and Hinton solved 150 steps and more with ReLUs that start from the identity. *Vanishing gradients make learning slow, not impossible*; at some length, slow means never.

# %% [markdown]
# ## What do the gradients say?
# Take the networks trained on length 100 and send the derivative of their errors back, before and after training.

# %% figure="gradients" tags=["nbval-ignore-output"]
inputs, targets = adding_batch(np.random.default_rng(2), 200, 100)
curves = {}
for label, cell in CELLS.items():
    start = last_step.Reader(cell, D=2, H=32, rng=np.random.default_rng(0), memory=100)
    for when, network in (("before", start), ("after", trained(cell, 100)[0])):
        norms = gradient_flow.relative_norms(network.gradients(inputs, targets)[2])
        curves[f"{label}, {when}"] = np.maximum(norms.mean(axis=1), 1e-12)[
            :100
        ]  # below that, float32 has no numbers left
plotting.training_curves(
    curves,
    "What is left of a gradient: adding problem, 100 steps",
    "norm relative to the end",
    "lag k in steps",
    log_y=True,
)

# %% [markdown]
# **What you should see:** the gated cells start with a derivative that reaches back over all 100 steps, and training lifts it to 1 and beyond. The plain network starts with one that is down to a hundred-thousandth after twenty steps. Training improves it, but at lag 50 and more, where the first marked number stands, not even a
# millionth is left: nobody tells the weights about it. (The floor at $10^{-12}$ is drawn by us.)

# %% [markdown] think="why-not-lucky" points=1
# **Think.** The LSTM could solve the task by hand with $f = 1$ everywhere and $i = 1$ at marked steps only. Why is it nevertheless not a good idea to fix $f = 1$ for good, as in 1997?
# <!-- BEGIN SOLUTION -->
# A cell that never forgets can only grow: on a long stream without clear ends it fills up with old content, its output saturates, and it has to be emptied from outside. A learned forget gate lets the network clear a cell when its content has been used, for example after a sentence. That is why Gers, Schmidhuber and Cummins added it.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - The adding problem turns memory into one number, the length $T$. Know its bar before you train: 1/6.
# - A cell state that is changed by adding passes its derivative on through the forget gates alone: $\partial c_t / \partial c_{t-1} = f_t$.
# - A gate remembers $1/(1 - f)$ steps. Start it with the memory that the task needs: $b = \log(\text{steps} - 1)$.
# - The plain network fails where its gradient has vanished; the gated ones learn at every length that we tried.
# - Stop by the mean of many new batches, not by one.

# %% tags=["nbval-ignore-output"]
plain, gated = (errors_of(cell, [100, 200]) for cell in ("tanh", "lstm"))
assert gated.max() < 0.01 < 0.1 < plain.min()
headline(
    metric="adding problem, lengths 100 and 200: mean squared error; sequences the LSTM needed at 100",
    value=f"plain tanh {plain.mean():.2f}, LSTM < 0.01; {32 * len(trained('lstm', 100)[1]):,}",
    published="0.167 for always answering 1; LSTM 74,000 (another variant, a stricter rule)",
    source="Hochreiter and Schmidhuber (1997), experiment 4; Le, Jaitly and Hinton (2015)",
)

# %% [markdown]
# ## What to try next
# - Give the LSTM the usual forget bias of 1 (`memory=3.72`) at length 100. How many more sequences does it need?
# - Test a network that was trained on 100 steps on sequences of 200 and of 400. Does it add, or has it learned to wait?
# - Train the ReLU layer that starts from the identity (`"relu"`) at a rate of 0.001: how far does it come?
#
# ## References
# - S. Hochreiter and J. Schmidhuber, "Long short-term memory", *Neural Computation* 9(8), 1997: the constant error carousel, and experiment 4, the adding problem.
# - F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to forget: continual prediction with LSTM", *Neural Computation* 12(10), 2000.
# - K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation", *EMNLP* 2014: the GRU.
# - R. Jozefowicz, W. Zaremba and I. Sutskever, "An empirical exploration of recurrent network architectures", *ICML* 2015: the forget bias of 1.
# - Q. V. Le, N. Jaitly and G. E. Hinton, "A simple way to initialize recurrent networks of rectified linear units", [arXiv:1504.00941](https://arxiv.org/abs/1504.00941), 2015.
# - M. Arjovsky, A. Shah and Y. Bengio, "Unitary evolution recurrent neural networks", *ICML* 2016.
# - C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", *ICLR* 2018: the chrono start.
