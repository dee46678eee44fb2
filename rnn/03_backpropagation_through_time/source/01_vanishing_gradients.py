# %% [markdown] minutes=120
# # Gradients through time: why they vanish, and why they explode
# A recurrent network can carry a word through a whole sentence. Whether it *learns* to do so is decided on the way back.
#
# **You will** follow a derivative from the last step to the first, measure how fast it shrinks in four kinds of cells, and
# tame it where it grows.
#
# Needs: [a recurrent network by hand](../../02_recurrent_network/exercises/01_by_hand.ipynb) (states, backpropagation through
# time), and the norm of a vector and of a matrix.

# %% tags=["nbval-ignore-output"]
import numpy as np
from scipy.special import expit as sigmoid

from lib import headline, plotting, setup
from lib.checks.rnn.backpropagation_through_time import vanishing_gradients as check
from lib.models import gradient_flow, last_step

setup(seed=0)

# %% [markdown]
# ## A verb that waits for its subject
# *The **man** who wore a wig on his head **went** inside.* Who went? Not the wig and not the head, though they stand nearer to
# the verb. To know it, a network has to keep *man* for eight words. Keeping it is possible: the state is handed on from step
# to step, and $\tanh$ loses nothing by force. But the network must *learn* to keep it, and it learns from derivatives: at
# *went* there is an error, and somebody must tell the weights that they should have treated *man* differently.
#
# In this lesson we follow that message. The network is the one you know,
#
# $$s_t = \tanh(a_t + W s_{t-1}), \qquad a_t = U x_t + b, \qquad s_0 = 0,$$
#
# with steps $t = 1 \dots T$. Here $s_t$ is the state, a vector of $H$ numbers, $x_t$ the input, and $a_t$ is what the input pushes
# into the $H$ units. (Steps are counted from 1 here, so that row $t$ of the array `states` is $s_t$ and row 0 is the zero state.)


# %%
def read(W, a):
    """All states, shape (T + 1, H), row 0 zero.  a: what comes in at each step, (T, H)."""
    states = [np.zeros(len(W))]
    for a_t in a:
        states.append(np.tanh(a_t + W @ states[-1]))
    return np.array(states)


rng = np.random.default_rng(0)
W = rng.normal(size=(3, 3))
print(read(W, rng.normal(size=(5, 3))).round(2))

# %% [markdown]
# ## The chain, on paper
# Let $E_3$ be the error at step 3. The weights $W$ had a part in it three times: at step 3, at step 2, which made $s_2$, and at step 1.
# The chain rule adds the three parts:
#
# $$\frac{\partial E_3}{\partial W} = \sum_{k=1}^{3} \frac{\partial E_3}{\partial s_3}\; \frac{\partial s_3}{\partial s_k}\; \frac{\partial^+ s_k}{\partial W}$$
#
# $\partial E_3 / \partial s_3$ comes from the output layer. $\partial^+ s_k / \partial W$ is the *immediate* derivative: the effect of $W$ at step $k$ alone, as if
# $s_{k-1}$ were a constant. All the travelling is in the middle factor, and it is a chain itself:
#
# $$\frac{\partial s_3}{\partial s_1} = \frac{\partial s_3}{\partial s_2} \; \frac{\partial s_2}{\partial s_1} = J_3 J_2$$
#
# $J_t = \partial s_t / \partial s_{t-1}$ is the **Jacobian** of one step: a matrix whose entry $[i, j]$ says how number $i$ of the new state moves when number $j$ of
# the old one is nudged. Inside the $\tanh$, the nudge is multiplied by $W_{ij}$; the $\tanh$ then multiplies row $i$ by its slope,
# $1 - \tanh^2 = 1 - s_{t,i}^2$:
#
# $$J_t = \mathrm{diag}(1 - s_t^2)\, W$$
#
# $\mathrm{diag}(v)$ is the matrix with $v$ on its diagonal and zeros elsewhere.
#
# *Two units, by hand.* Let $W = \begin{pmatrix} 0.5 & -1 \\ 1 & 0.5 \end{pmatrix}$, $s_2 = (0.6, 0)$ and $s_3 = (0.8, -0.6)$. The slopes are $(0.64, 1)$ and $(0.36, 0.64)$, so
#
# $$J_2 = \begin{pmatrix} 0.32 & -0.64 \\ 1 & 0.5 \end{pmatrix}, \quad J_3 = \begin{pmatrix} 0.18 & -0.36 \\ 0.64 & 0.32 \end{pmatrix}, \quad J_3 J_2 = \begin{pmatrix} -0.3024 & -0.2952 \\ 0.5248 & -0.2496 \end{pmatrix}$$
#
# A nudge of 0.01 to the first number of $s_1$ moves $s_3$ by $(-0.003, 0.005)$.

# %% [markdown]
# ### Exercise · the Jacobian of one step  ●○○ · 5 minutes


# %% exercise="jacobian"
def jacobian(s: np.ndarray, W: np.ndarray) -> np.ndarray:
    """How the new state moves with the old one, in one step s = tanh(a + W s_old).

    s: the new state, shape (H,).  W: shape (H, H).
    Returns shape (H, H): entry [i, j] is the derivative of s[i] by number j of the old state.
    """
    ### BEGIN SOLUTION
    return (1 - s**2)[:, None] * W
    ### END SOLUTION


# %% [markdown]
# The check nudges an old state and watches the new one.

# %% check="jacobian" points=1
check.jacobian(jacobian)

# %% [markdown] hint="jacobian"
# Row $i$ of $W$ ends in unit $i$. Which slope multiplies that whole row?

# %% [markdown] hint="jacobian"
# $J_{ij} = (1 - s_i^2)\, W_{ij}$. A vector `v` multiplies the rows of a matrix when it stands as a column: `v[:, None]`.

# %% [markdown] hint="jacobian"
# ```python
# return (1 - ...)[:, None] * ...
# ```

# %% [markdown]
# ### Exercise · the chain of Jacobians  ●●○ · 10 minutes
# From $s_k$ to $s_t$ there are $t - k$ steps: $\;\partial s_t / \partial s_k = J_t J_{t-1} \cdots J_{k+1}$. The order matters, since matrices do not commute.


# %% exercise="state_jacobian"
def state_jacobian(states: np.ndarray, W: np.ndarray, k: int, t: int) -> np.ndarray:
    """The derivative of s_t by s_k.

    states: shape (T + 1, H), row t is s_t.  W: (H, H).  k, t: steps, 0 <= k <= t <= T.
    Returns shape (H, H); the identity if k equals t.
    """
    ### BEGIN SOLUTION
    product = np.eye(len(W))
    for j in range(k + 1, t + 1):
        product = jacobian(states[j], W) @ product
    return product
    ### END SOLUTION


# %% [markdown]
# The check nudges a state in the middle of a sequence and lets the network read on.

# %% check="state_jacobian" points=2
check.state_jacobian(state_jacobian)

# %% [markdown] hint="state_jacobian"
# Which matrix changes nothing when you multiply with it? Start there, and take the steps in the order of time.

# %% [markdown] hint="state_jacobian"
# The step from $s_{j-1}$ to $s_j$ has the Jacobian of $s_j$, for $j = k + 1, \dots, t$. The later factor stands on the left.

# %% [markdown] hint="state_jacobian"
# ```python
# product = np.eye(len(W))
# for j in range(..., ...):
#     product = jacobian(states[j], W) @ ...
# return product
# ```

# %% [markdown]
# First the example from paper. Then the proof by trial: nudge $s_2$ of a network with eight units up and down by a small $h$, read on to $s_9$, and compare
# the differences with the product of seven Jacobians.

# %%
W = np.array([[0.5, -1.0], [1.0, 0.5]])
print(state_jacobian(np.array([[0, 0], [0.1, 0.2], [0.6, 0.0], [0.8, -0.6]]), W, k=1, t=3))

rng = np.random.default_rng(1)
W, a, h = rng.normal(size=(8, 8)) / np.sqrt(8), rng.normal(size=(9, 8)), 1e-5
states, measured = read(W, a), np.zeros((8, 8))
for j in range(8):
    ends = []
    for nudge in (h, -h):
        s = states[2] + nudge * np.eye(8)[j]
        for a_t in a[2:]:
            s = np.tanh(a_t + W @ s)
        ends.append(s)
    measured[:, j] = (ends[0] - ends[1]) / (2 * h)
print("largest difference below 1e-9:", np.abs(measured - state_jacobian(states, W, 2, 9)).max() < 1e-9)
print("largest entry of the product:", np.abs(measured).max().round(3))

# %% [markdown]
# ## How small must it get? A bound
# How much can a matrix stretch a vector? At most by its largest **singular value** $\sigma_{\max}$, which is its norm as a matrix:
# $\lVert M v \rVert \le \sigma_{\max}(M)\, \lVert v \rVert$. One step first multiplies by $W$ and then by slopes, none of which is larger than the largest slope
# $\gamma$ of the bend; and the norm of a product is at most the product of the norms. So
#
# $$\lVert J_t \rVert \le \gamma\, \sigma_{\max}(W), \qquad \left\lVert \frac{\partial s_t}{\partial s_k} \right\rVert \le \big(\gamma\, \sigma_{\max}(W)\big)^{t-k}$$
#
# If $\gamma\,\sigma_{\max}(W) < 1$, the influence of the past *must* shrink exponentially with the lag $t - k$. That is the theorem behind the name **vanishing
# gradient** (Hochreiter 1991; Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013). For $\tanh$ the largest slope is $\gamma = 1$, for the sigmoid it is 1/4.
# (Many tutorials, WildML's of 2015 among them, say that the *Jacobian* is bounded by 1 for $\tanh$. That is true of the slopes alone; large weights can
# make the Jacobian as large as you like. We will need both halves.)

# %% figure="squashing"
functions = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
}
plotting.functions_and_slopes(functions, "Two functions that squash, and their slopes")

# %% [markdown]
# **What you should see:** both functions are flat at the ends, and there the slope is practically 0: the unit is **saturated**. Whatever arrives at a saturated unit on
# the way back is multiplied by nearly nothing. The slope of $\tanh$ reaches 1, but only in the very middle; that of the sigmoid never exceeds a quarter.
#
# So the bound is rarely reached: slopes are below 1, and $W$ stretches most directions less than $\sigma_{\max}$. Let us compare bound and truth for two networks of 64 units,
# which differ in the scale of $W$ alone.

# %% figure="bound"
rng = np.random.default_rng(2)
W, a = rng.normal(size=(64, 64)), rng.normal(size=(40, 64)) / 2
curves = {}
for largest in (0.9, 1.5):
    scaled = W * largest / np.linalg.norm(W, 2)  # the norm with 2 is the largest singular value
    states = read(scaled, a)
    curves[f"σmax = {largest}, measured"] = [
        np.linalg.norm(state_jacobian(states, scaled, 40 - lag, 40), 2) for lag in range(41)
    ]
    curves[f"σmax = {largest}, bound"] = largest ** np.arange(41)
plotting.training_curves(
    curves,
    "How far a nudge can reach: norm of ∂s₄₀ / ∂s₄₀₋ₖ",
    "norm",
    "lag k in steps",
    log_y=True,
    limits=(1e-20, 1e8),
)

# %% [markdown]
# **What you should see:** straight lines on a logarithmic axis, which means exponential decay, and the measured ones fall far more steeply than their bounds. With
# $\sigma_{\max} = 1.5$ the bound *rises*: it promises nothing. The gradient vanishes all the same. The condition $\sigma_{\max} < 1$ is enough for vanishing, but not needed; for
# explosion it is the other way round: $\sigma_{\max} > 1$ is needed, but not enough.

# %% [markdown] think="orthogonal" points=1
# **Think.** For a random $W$ with independent entries, $\sigma_{\max}$ is about twice as large as the typical factor by which $W$ stretches a vector. Which matrices stretch *every*
# direction by exactly 1, and would they solve the problem?
# <!-- BEGIN SOLUTION -->
# Orthogonal matrices: rotations and reflections, the identity among them. They are a good start, and used as such. But the slopes remain: with $\tanh$ every step still loses
# a bit, the more the busier the units are, and training does not keep $W$ orthogonal.
# <!-- END SOLUTION -->

# %% [markdown]
# ## The blame of every state
# Products of matrices are good for insight, but expensive: $H^3$ multiplications a step. Backpropagation never forms them. It starts with a *vector*, the derivative of the
# error by the last state, and sends it back step by step. Write $g_t = \partial E / \partial s_t$ for the blame of state $s_t$ as far as it comes from the error at the last step $T$. By the chain
# rule $g_{t-1} = J_t^\top g_t$, and with $J_t$ from above
#
# $$g_{t-1} = W^\top \big( (1 - s_t^2) \odot g_t \big)$$
#
# ($\odot$ multiplies entry by entry): first through the bend, then through the weights, and only $H^2$ multiplications.

# %% [markdown]
# ### Exercise · blame  ●●○ · 10 minutes
# Fill in an array like `states`, from its last row to row 0.


# %% exercise="blame"
def blame(states: np.ndarray, W: np.ndarray, d_last: np.ndarray) -> np.ndarray:
    """The derivative of the last step's error by every state.

    states: (T + 1, H), row t is s_t.  W: (H, H).  d_last: the derivative by s_T, shape (H,).
    Returns shape (T + 1, H): row t is the derivative by s_t, so row T is d_last and row 0 belongs to the zero state.
    """
    ### BEGIN SOLUTION
    rows = np.zeros(states.shape)
    rows[-1] = d_last
    for t in range(len(states) - 1, 0, -1):
        rows[t - 1] = W.T @ ((1 - states[t] ** 2) * rows[t])
    return rows
    ### END SOLUTION


# %% [markdown]
# The check nudges every state, the zero state too, and lets the network run to the end.

# %% check="blame" points=2
check.blame(blame)

# %% [markdown] hint="blame"
# One row is known. Each row gives the row above it. Where does the loop start, and where does it end?

# %% [markdown] hint="blame"
# Row $t - 1$ comes from row $t$, for $t = T, T - 1, \dots, 1$: `W.T @ ((1 - states[t]**2) * rows[t])`.

# %% [markdown] hint="blame"
# ```python
# rows = np.zeros(states.shape)
# rows[-1] = ...
# for t in range(len(states) - 1, 0, -1):
#     rows[t - 1] = W.T @ (... * rows[t])
# return rows
# ```

# %% [markdown]
# ## Four cells, one measurement
# Now the measurement that the tutorials only talk about. A hundred sequences of 100 steps with random inputs go through a layer of 64 units; we send a random vector back from the
# last state and look how long it still is $k$ steps earlier, relative to its length at the end. `gradient_flow` does what your `blame` does, for all sequences at
# once, and for three more cells:
#
# - **ReLU**: $\max(0, z)$ in place of $\tanh$. Its slope is 1 or 0, and its $W$ starts as the *identity*, so an undisturbed state stays what it is (the IRNN of Le, Jaitly and Hinton 2015).
# - **GRU** and **LSTM**: cells with *gates*, which the next chapter builds. For now they are black boxes with a state of their own. They come with their usual start, and with
#   one that is made for long memories, called *chrono*; the next lesson explains it.
#
# The plain $\tanh$ layer starts as in the chapter before: weights uniform within $\pm 1/\sqrt{H}$. First a test that the helper and your function agree.


# %%
def plain_and_helper_agree():
    rng = np.random.default_rng(3)
    layer = gradient_flow.init("tanh", D=2, H=5, rng=rng)
    trace = gradient_flow.forward("tanh", layer, rng.normal(size=(7, 1, 2)))
    d_last = rng.normal(size=(1, 5))
    _, d_states = gradient_flow.backward("tanh", layer, trace, d_last)
    # In lib a row is a sequence, so its W is ours transposed: row times matrix instead of matrix times column.
    return np.allclose(d_states[:, 0], blame(trace.states[:, 0], layer["W"].T, d_last[0]))


print("blame and lib agree:", plain_and_helper_agree())


# %% figure="four-cells" tags=["nbval-ignore-output"]
def norms_by_lag(cell, networks=3, memory=None, scale=1.0, T=100):
    """The relative norm at each lag, mean over 100 sequences: shape (networks, T + 1)."""
    runs = []
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        layer = gradient_flow.init(cell, D=8, H=64, rng=rng, memory=memory)
        layer["W"] = scale * layer["W"]
        trace = gradient_flow.forward(cell, layer, rng.normal(size=(T, 100, 8)))
        _, d_states = gradient_flow.backward(cell, layer, trace, rng.normal(size=(100, 64)))
        runs.append(gradient_flow.relative_norms(d_states).mean(axis=1))
    return np.array(runs)


curves = {"tanh": norms_by_lag("tanh"), "GRU": norms_by_lag("gru"), "LSTM": norms_by_lag("lstm")}
curves["ReLU, W = identity"] = norms_by_lag("relu")
curves["GRU, chrono"], curves["LSTM, chrono"] = norms_by_lag("gru", memory=100), norms_by_lag("lstm", memory=100)
for label, left in curves.items():
    print(f"{label:18} left at lag 10: {left.mean(axis=0)[10]:7.2g}, at lag 100: {left.mean(axis=0)[100]:7.2g}")
plotting.training_curves(
    curves,
    "What is left of a gradient, before training",
    "norm relative to the end",
    "lag k in steps",
    log_y=True,
    limits=(1e-6, 2),
)

# %% [markdown]
# **What you should see:** the $\tanh$ layer loses more than half of the gradient at every step: after ten steps less than a thousandth is left, after a hundred nothing that a weight could
# feel. (A line is the mean of three layers, its shaded band runs from the lowest to the highest; the figure ends at a millionth, the table does not.) With its usual start the GRU keeps
# somewhat more per step, about 0.6, which is still hopeless over a hundred; the LSTM does a good deal better. But both still fall along straight lines. Gates alone are no cure. It depends on *where
# they stand*: with the chrono start the same two cells keep about a tenth of the gradient over a hundred steps (0.17 and 0.08). The ReLU layer keeps 0.19: on an active unit its slope is
# exactly 1, and its $W$ is the identity. (Its last drop is the beginning of the sequence, where the states come from zero and many units are still inactive.)
#
# Two remarks. The first drop of the LSTM, to less than a half at lag 1, is the way from its output into its cell state. And a derivative that arrives is only the permission to learn, not the learning.

# %% [markdown]
# ## Can the rate be predicted?
# For a random $W$ with independent entries of variance $\sigma_w^2 / H$, yes. Multiplying by $W^\top$ then changes the squared length of a vector by the factor $\sigma_w^2$ on average, and the slopes by the mean of their
# squares, if slopes and gradient are independent of each other (nearly so, for random weights). So per step
#
# $$\frac{\lVert g_{t-1} \rVert}{\lVert g_t \rVert} \approx \sigma_w \sqrt{\overline{(1 - s^2)^2}}$$
#
# The uniform distribution on $\pm 1/\sqrt H$ has the variance $1/(3H)$, so $\sigma_w = 1/\sqrt3 = 0.577$: **even without any bend, this popular start loses 42 % of the gradient at each step.** (Such averages over random
# weights are called *mean-field theory*; Schoenholz et al. 2017 did it for depth.) Beside it, the measured rate per step over the first ten lags, and the bound. (The rate comes from root mean squares,
# as the prediction does; the figure above shows plain means.)

# %%
rates, predictions, bounds = [], [], []
for seed in range(5):
    rng = np.random.default_rng(seed)
    layer = gradient_flow.init("tanh", D=8, H=64, rng=rng)
    trace = gradient_flow.forward("tanh", layer, rng.normal(size=(100, 100, 8)))
    _, d_states = gradient_flow.backward("tanh", layer, trace, rng.normal(size=(100, 64)))
    rms = np.sqrt((gradient_flow.relative_norms(d_states) ** 2).mean(axis=1))
    rates.append(rms[10] ** (1 / 10))
    predictions.append(np.sqrt(((1 - trace.states[1:] ** 2) ** 2).mean() / 3))
    bounds.append(np.linalg.norm(layer["W"], 2))
rate, prediction, bound = np.mean(rates), np.mean(predictions), np.mean(bounds)
print(f"per step: measured {rate:.2f}, predicted {prediction:.2f}, bound {bound:.2f}")

# %% [markdown]
# ## After training
# Does training mend it? Give the networks our sentence as a game: the first input is 1 or −1 (*man* or *men*), nine steps of noise follow, and at the end the network must say which it was. Guessing has a
# mean squared error of 1. Every network gets up to 600 steps of 32 sequences and stops when its error over the last 20 steps is below 0.02. Settings: 32 units, Adam with rate 0.01. They
# are ours. (Adam, Kingma and Ba 2015, is gradient descent that smooths the gradient over the steps and gives every weight a rate of its own, from the size of its past gradients.) The loop is in `last_step.Reader`: forward, backward, clip (explained below), step.

# %% figure="after-training" tags=["nbval-ignore-output"]
left_before, left_after = {}, {}
for cell, label in (("tanh", "tanh"), ("gru", "GRU"), ("lstm", "LSTM"), ("relu", "ReLU, W = identity")):
    before, after, steps = [], [], []
    for seed in range(3):
        rng, errors = np.random.default_rng(seed), []
        network = last_step.Reader(cell, D=1, H=32, rng=rng)
        test = last_step.agreement_batch(rng, 500, length=10)
        before.append(gradient_flow.relative_norms(network.gradients(*test)[2]).mean(axis=1))
        while len(errors) < 20 or (np.mean(errors[-20:]) > 0.02 and len(errors) < 600):
            errors.append(network.step(*last_step.agreement_batch(rng, 32, length=10), lr=0.01))
        after.append(gradient_flow.relative_norms(network.gradients(*test)[2]).mean(axis=1))
        steps.append(len(errors))
        states = gradient_flow.forward(cell, network.parameters, test[0]).states[1:, :, :32]  # without the LSTM's c
        right, flat = (network.predict(test[0]) * test[1] > 0).mean(), (np.abs(states) > 0.99).mean()
        print(f"  {label}: {right:.0%} right, {flat:.0%} of |s| above 0.99, left at lag 9: {after[-1][9]:.1g}")
    left_after[label] = np.array(after)[:, :10]
    print(f"{label:18} steps {steps}, left at lag 9: {np.mean(before, 0)[9]:.4f} → {np.mean(after, 0)[9]:.4f}")
plotting.training_curves(
    left_after, "What is left of a gradient, after training", "norm relative to the end", "lag k in steps", log_y=True
)

# %% [markdown]
# **What you should see:** all twelve networks learn the game (ten steps are not far). On average, each kind has raised the gradient at lag 9, where the word stood that matters: $\tanh$ and GRU by a factor of ten and more, the ReLU layers to beyond 1, the LSTM, which had a far better start than these two, by little.
# But look at the broad band of $\tanh$: its first network answers every question rightly and has hardly any gradient left, some 0.00002. It did not fail to remember; it remembers like a light switch. Of its $\tanh$ states 29 % lie beyond
# ±0.99, where the slope is below 0.02: saturated, and a switch does not feel a small push. (It is one network of three, so take it for an example; the third is as saturated and keeps 0.01, the second is half as saturated and keeps 0.4. For ReLU, which has no flat end above, the share says nothing.) This is the dilemma that Bengio, Simard and Frasconi described in 1994: **what holds a memory safely against noise also makes its derivative vanish.** Such a network cannot learn
# the next thing that far back.

# %% [markdown]
# ## Truncation: vanishing, chosen by hand
# If the gradient shrinks anyway, why carry it all the way? **Truncated** BPTT stops after a few steps back. It saves work, memory and waiting: in a long text nobody can wait for the end. The price is that whatever lies further back is
# not learned from. In the sum over $k$ above, the terms with a large lag are left out:
#
# $$\frac{\partial E_T}{\partial W} \approx \sum_{t=T-\tau}^{T} \delta_t\, s_{t-1}^\top, \qquad \delta_t = (1 - s_t^2) \odot g_t$$
#
# $\delta_t$ is the blame of the sums inside the $\tanh$ at step $t$, and $\delta_t s_{t-1}^\top$ is an outer product: entry $[i, j]$ is $\delta_{t,i}\, s_{t-1,j}$. With $\tau = 0$ only the last step counts; WildML's networks used $\tau = 4$.

# %% [markdown]
# ### Exercise · truncated gradient  ●●○ · 10 minutes
# Use your `blame` (it computes a few rows too many, never mind), and do not run off the beginning of the sequence.


# %% exercise="truncated_gradient"
def truncated_gradient(states: np.ndarray, W: np.ndarray, d_last: np.ndarray, truncate: int) -> np.ndarray:
    """The derivative of the last step's error by W, followed at most ``truncate`` steps back from the last one.

    states: (T + 1, H), row t is s_t.  W: (H, H).  d_last: derivative by s_T, (H,).
    truncate: 0 keeps the last step alone; it may be larger than T, then nothing is left out.  Returns shape (H, H).
    """
    ### BEGIN SOLUTION
    rows, T = blame(states, W, d_last), len(states) - 1
    gradient = np.zeros(W.shape)
    for t in range(T, max(0, T - truncate - 1), -1):
        delta = (1 - states[t] ** 2) * rows[t]
        gradient += np.outer(delta, states[t - 1])
    return gradient
    ### END SOLUTION


# %% [markdown]
# The check gives every step a $W$ of its own and measures each one's effect.

# %% check="truncated_gradient" points=2
check.truncated_gradient(truncated_gradient)

# %% [markdown] hint="truncated_gradient"
# How many steps count if `truncate` is 0, and how many if it is 3? What is the earliest step that exists?

# %% [markdown] hint="truncated_gradient"
# $t$ runs from $T$ down to $\max(1, T - \tau)$, and each $t$ adds `np.outer(delta, states[t - 1])` with `delta = (1 - states[t]**2) * rows[t]`.

# %% [markdown] hint="truncated_gradient"
# ```python
# rows, T = blame(states, W, d_last), len(states) - 1
# gradient = np.zeros(W.shape)
# for t in range(T, max(0, ...), -1):
#     delta = ...
#     gradient += np.outer(..., ...)
# return gradient
# ```

# %% [markdown]
# How much is lost? The distance between the truncated and the whole gradient, as a share of the whole one's length, for the start above ($\sigma_w = 0.58$) and for weights two and three times as large.

# %% figure="truncation"
rng = np.random.default_rng(4)
lost = {}
for scale in (1, 2, 3):
    shares = np.zeros((20, 31))
    for row in shares:
        W, a = scale * rng.uniform(-1, 1, (32, 32)) / np.sqrt(32), rng.normal(size=(31, 32)) / 2
        states, d_last = read(W, a), rng.normal(size=32)
        whole = truncated_gradient(states, W, d_last, truncate=31)
        for tau in range(31):
            row[tau] = np.linalg.norm(truncated_gradient(states, W, d_last, tau) - whole) / np.linalg.norm(whole)
    lost[f"weights × {scale}"] = shares.mean(axis=0)
plotting.training_curves(
    {label: values[:17] for label, values in lost.items()},
    "What truncation leaves out",
    "share of the gradient",
    "steps back τ",
    log_y=True,
)

# %% [markdown]
# **What you should see:** with the usual start, four steps back miss two or three per cent of the gradient: truncation costs almost nothing, *because the long-range part had vanished already*. With weights twice as large, through which the past is felt, the
# same four steps miss about 40 %, with three times as large nearly everything. So a small loss is no sign that the past is unimportant. It is a sign that this network does not feel it.

# %% [markdown]
# ## Explosion
# Now the other half. With larger weights the product of Jacobians can grow:

# %% figure="explosion" tags=["nbval-ignore-output"]
curves = {f"tanh, weights × {scale}": norms_by_lag("tanh", scale=scale) for scale in (1, 2, 4)}
plotting.training_curves(
    curves,
    "Larger weights, before training",
    "norm relative to the end",
    "lag k in steps",
    log_y=True,
    limits=(1e-12, 1e10),
)

# %% [markdown]
# **What you should see:** four times the usual weights turn decay into growth, by a factor of a hundred thousand and more within a hundred steps, though far more slowly than the weights alone would do it: large weights saturate the units, and the slopes shrink. Between two and four lies a border
# on which the gradient neither dies nor grows. It is narrow, and training moves the weights.
#
# What does an explosion look like to the optimiser? Pascanu, Mikolov and Bengio drew it for a network with a *single* unit and no input,
#
# $$s_t = w\, \mathrm{sigmoid}(s_{t-1}) + b, \qquad s_0 = 0.5, \qquad E = \big(\mathrm{sigmoid}(s_{50}) - 0.7\big)^2$$
#
# Two parameters, so the error is a landscape. Along a line through it there is a **cliff**: on one side the unit ends high, on the other low, and in between the smallest change of $w$ decides which. At its edge the gradient is enormous,
# and it is *honest*; only it holds for a hair's breadth.
#
# The remedy is as simple as it gets: keep the direction, shorten the step. If the norm of the gradient $g$ (from here on the derivative by *all* parameters together) exceeds a limit $c$, scale it:
#
# $$g \leftarrow \frac{c}{\lVert g \rVert}\, g \quad \text{if } \lVert g \rVert > c$$
#
# One norm for all arrays, not one for each: otherwise the direction would change. And if some number is infinite or NaN, no factor can mend it; then the best step is none.

# %% [markdown]
# ### Exercise · clip by norm  ●●○ · 10 minutes


# %% exercise="clip_by_norm"
def clip_by_norm(gradients: dict, largest: float) -> dict:
    """All gradients scaled by one factor, so that their common norm is at most ``largest``.

    gradients: name -> array of any shape.  largest: the limit c, > 0.
    Returns a new dict with the same names and shapes: unchanged values if the common norm is not above the limit,
    zeros if it is not a finite number.
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    if not np.isfinite(norm):
        return {name: np.zeros_like(g) for name, g in gradients.items()}
    scale = largest / max(norm, largest)
    return {name: scale * g for name, g in gradients.items()}
    ### END SOLUTION


# %% [markdown]
# The check looks at long, short, zero and broken gradients.

# %% check="clip_by_norm" points=2
check.clip_by_norm(clip_by_norm)

# %% [markdown] hint="clip_by_norm"
# Pythagoras does not care which array a number stands in. What is the common norm of a $(3, 3)$ array and a $(3,)$ array?

# %% [markdown] hint="clip_by_norm"
# The norm is the root of the sum of all squares, over all arrays. The factor is $c / \lVert g \rVert$ or 1, whichever is smaller; $c / \max(\lVert g \rVert, c)$ says the same and never divides by zero. `np.isfinite` is false for NaN and for both infinities, and `0 * nan` is `nan`.

# %% [markdown] hint="clip_by_norm"
# ```python
# norm = np.sqrt(sum((g**2).sum() for g in ...))
# if not np.isfinite(norm):
#     return {name: np.zeros_like(g) for name, g in ...}
# scale = largest / max(..., ...)
# return {name: scale * g for name, g in ...}
# ```

# %% [markdown]
# Here is the landscape in code. The derivatives by $w$ and $b$ are carried forward with the state, since two numbers are few.


# %%
def error(w, b):
    """The error of the one-unit network after 50 steps; w and b may be arrays."""
    s = 0.5
    for _ in range(50):
        s = w * sigmoid(s) + b
    return (sigmoid(s) - 0.7) ** 2


def error_gradients(w, b):
    """Its derivatives by w and b."""
    s, ds_dw, ds_db = 0.5, 0.0, 0.0
    for _ in range(50):
        y = sigmoid(s)
        slope = w * y * (1 - y)
        s, ds_dw, ds_db = w * y + b, y + slope * ds_dw, 1 + slope * ds_db
    y = sigmoid(s)
    return {"w": 2 * (y - 0.7) * y * (1 - y) * ds_dw, "b": 2 * (y - 0.7) * y * (1 - y) * ds_db}


# %% [markdown]
# Gradient descent with rate 0.1 from $(5, -2.2)$ until a step is longer than 1. Then the same last step once more, with the gradient clipped at norm 0.5, and 30 more such steps.


# %% figure="cliff" tags=["nbval-ignore-output"]
def descend(start, limit, steps):
    """Up to so many clipped steps of gradient descent; ends early after a step longer than 1."""
    points = [np.array(start)]
    while len(points) <= steps and (len(points) < 2 or np.linalg.norm(points[-1] - points[-2]) < 1):
        g = clip_by_norm(error_gradients(*points[-1]), limit)
        points.append(points[-1] - 0.1 * np.array([g["w"], g["b"]]))
    return np.array(points)


plain = descend([5.0, -2.2], limit=1e9, steps=100)
clipped = descend(plain[-2], limit=0.5, steps=31)
wall = np.hypot(*error_gradients(*plain[-2]).values())
print(f"without clipping: {len(plain) - 1} steps; at the last the gradient has norm {wall:.0f}")
errors, rounds = error(*plain.T), error(*clipped.T)
print(f"error: start {errors[0]:.3f}, best {errors.min():.4f}, at the wall {errors[-2]:.3f}, after it {errors[-1]:.3f}")
print(f"the unclipped step ends at w = {plain[-1, 0]:.0f}, b = {plain[-1, 1]:.0f}")
print(f"clipped: best {rounds.min():.4f}, worst of the last ten {rounds[-10:].max():.3f}, last {rounds[-1]:.4f}")
paths = {"without clipping": plain, "from the wall, clipped at 0.5": clipped}
plotting.error_cliff(error, paths, "One unit, 50 steps: descent at a cliff", w=(4.2, 5.4), b=(-2.8, -2.0))

# %% [markdown]
# **What you should see:** on the right a gentle slope, then a narrow valley (dark only at the upper left, where its floor is deep), and right behind it the wall up to the bright plain. The descent comes down evenly, touches the wall a few times, and
# at step 60 meets it where the gradient is several hundred long: the step of rate 0.1 leads out of the picture, along the white arrow, to a plain at $w = 25$, $b = 31$ where the gradient is 0. The error there, 0.090, looks harmless beside the 0.110 at the wall; but the best on the way was 0.0026, and from this plain no step leads back.
# The clipped step has the same direction and is short. The descent then jumps to and fro across the valley, four or five steps to a round, with errors between 0.3 and less than 0.01. Which of them is the last depends on when you stop;
# but it stays near the valley, and its best, 0.0002, is below the best before.
#
# Clipping is no cure for vanishing: nobody can scale up what is not there. And it is not free: where gradients are long for good reason, it slows down. In practice the limit is chosen near the norms that one sees in quiet times.

# %% [markdown] think="clip-value" points=1
# **Think.** Some programs clip every number of the gradient to $[-c, c]$ instead. What is different about the step, and when would you hardly notice?
# <!-- BEGIN SOLUTION -->
# The direction changes: large entries are cut, small ones stay, so at the wall above both entries would become ±c and the step would go along a diagonal. The step need not go downhill most steeply any more, though every sign is
# right, so a small enough one still goes down. Where few entries are ever cut, or where Adam or rmsprop rescale every entry anyway, one hardly notices.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - The derivative of a late state by an early one is a product of Jacobians, $\mathrm{diag}(1 - s_t^2)\, W$ for each step, and its norm is at most $(\gamma\,\sigma_{\max}(W))^{\text{lag}}$.
# - With the usual start a plain $\tanh$ layer keeps less than half of the gradient per step. Slopes below 1 *and* the scale of the weights do it.
# - Gated cells can keep it, if their gates start open for memory; ReLU with an identity matrix keeps it, too.
# - Safe memory and a useful derivative are at odds in a saturated unit.
# - Truncation leaves out what has vanished anyway, and hides what has not.
# - Explosions are rare and violent: clip the common norm.

# %%
headline(
    metric="gradient per step back, tanh at its usual start (64 units)",
    value=f"{rate:.2f} measured, {prediction:.2f} predicted; bound {bound:.1f}",
    published="below σmax(W), never above it; 0.58 without saturation (σ = 1/√3)",
    source="Pascanu, Mikolov and Bengio (2013), section 2.1; mean-field estimate as in Schoenholz et al. (2017)",
)

# %% [markdown]
# ## What to try next
# - Start $W$ as a random orthogonal matrix (`np.linalg.qr`) times 1.0, 1.1 and 1.2 and draw the figure of the four cells again.
# - Make the noise in the game of ten steps weaker. Which networks become switches, which stay sensitive?
# - Move the start of the cliff figure around: how often does a descent meet the wall?
#
# ## References
# - S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis, TU München, 1991.
# - Y. Bengio, P. Simard and P. Frasconi, "Learning long-term dependencies with gradient descent is difficult", *IEEE Transactions on Neural Networks* 5(2), 1994.
# - R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", *ICML* 2013: the bounds, the cliff, clipping by norm.
# - Q. V. Le, N. Jaitly and G. E. Hinton, "A simple way to initialize recurrent networks of rectified linear units", [arXiv:1504.00941](https://arxiv.org/abs/1504.00941), 2015.
# - C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", *ICLR* 2018: the chrono start.
# - S. S. Schoenholz, J. Gilmer, S. Ganguli and J. Sohl-Dickstein, "Deep information propagation", *ICLR* 2017.
# - D. Britz, "Recurrent neural networks tutorial, part 3: backpropagation through time and vanishing gradients", WildML, 2015: this lesson's ancestor, with the sentence of the man and the wig.
