# %% [markdown] minutes=90
# # Make it better
# Five changes to the network of the last lesson, each a few lines long. Which of them is worth its lines?
#
# **You will** train in minibatches, cool the learning rate, change the bend, separate three classes, and stack layers of
# any number; then you **compare** them all on the same budget.
#
# Needs: [A neural network from scratch](01_neural_network.ipynb). The tutorial of 2015 set these five tasks and left them
# open.

# %% tags=["nbval-ignore-output"]
from functools import cache, partial

import numpy as np

from lib import datasets, headline, plotting, setup
from lib.checks.nn_theano.from_scratch import make_it_better as check
from lib.models.network import gradients, init, loss, softmax

setup(seed=0)

# %% [markdown]
# The last import brings the network of lesson 1 along: `softmax`, `loss` and `gradients` are the library's versions of what
# you wrote there, and `init` was given.
#
# ## 1 · Minibatches
# So far, one step needed *all* examples. But 1,437 digits say nearly the same thing about the way downhill as 32 of them
# do: the mean of a random sample is a good guess of the mean of all. A guess costs a fraction of the truth, so for the
# same price we may take 45 rough steps instead of one exact step. A sample is called a **minibatch**, and the method
# *stochastic gradient descent*, SGD. One pass through all examples is an **epoch**.
#
# To use every example once per epoch, shuffle the indices $0 \dots N - 1$ and cut them into pieces.

# %% [markdown]
# ### Exercise · minibatches  ●○○ · 5 minutes
# If the batch size does not divide $N$, the last batch is smaller. It counts, too.


# %% exercise="minibatches"
def minibatches(n: int, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """The indices 0 … n - 1 in a new random order, cut into batches.

    size: examples per batch; the last batch may have fewer.  rng: where the randomness comes from.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]
    ### END SOLUTION


# %% [markdown]
# The check counts every index, and looks whether two passes differ.

# %% check="minibatches" points=1
check.minibatches(minibatches)

# %% [markdown] hint="minibatches"
# Two steps: shuffle all indices, then cut. The cuts begin at 0, `size`, 2 `size`, …

# %% [markdown] hint="minibatches"
# `rng.permutation(n)` is a shuffled array of $0 \dots n - 1$. A slice may reach past the end: it then simply stops there.

# %% [markdown] hint="minibatches"
# ```python
# order = rng.permutation(...)
# return [order[start : ...] for start in range(0, n, size)]
# ```

# %% [markdown]
# Now one epoch: for every batch $B$, one step along the gradient of $L_B$, the loss on that batch alone.
#
# $$\theta \leftarrow \theta - \eta \, \nabla L_B(\theta)$$
#
# Mind the penalty. `gradients` divides it by the number of examples that it is given, so on a batch it would weigh
# $N / |B|$ times too much: all batches of an epoch together should charge it once. Give each batch its share,
# $\lambda |B| / N$, in place of $\lambda$.

# %% [markdown]
# ### Exercise · sgd_epoch  ●●○ · 10 minutes
# `gradients` is an argument here, so that the same loop can train the deeper networks further down.


# %% exercise="sgd_epoch"
def sgd_epoch(model: dict, X, y, batches: list, lr: float, reg: float, gradients=gradients) -> dict:
    """One pass: a step of gradient descent for each batch, in turn.

    batches: index arrays that together name every row of X once.  lr: learning rate.  reg: λ for all of X.
    gradients: function of (model, X, y, reg).  Returns a new model; the old one is not changed.
    """
    ### BEGIN SOLUTION
    for batch in batches:
        slope = gradients(model, X[batch], y[batch], reg * len(batch) / len(X))
        model = {name: model[name] - lr * slope[name] for name in model}
    return model
    ### END SOLUTION


# %% [markdown]
# The check follows each batch along slopes that it measures itself.

# %% check="sgd_epoch" points=2
check.sgd_epoch(sgd_epoch)

# %% [markdown] hint="sgd_epoch"
# It is the loop of `train` from lesson 1, over batches instead of steps.

# %% [markdown] hint="sgd_epoch"
# The rows of a batch are `X[batch]` and `y[batch]`; its share of the penalty is `reg * len(batch) / len(X)`.

# %% [markdown] hint="sgd_epoch"
# ```python
# for batch in batches:
#     slope = gradients(model, X[batch], ..., ...)
#     model = {name: ... for name in model}
# return model
# ```

# %% [markdown]
# Thirty passes through the digits at one learning rate, in batches of four sizes. Every curve sees the same number of
# examples per epoch.

# %% figure="batch-size" tags=["nbval-ignore-output"]
digits = datasets.digits()
curves = {}
for size in (1437, 256, 32, 4):
    model, rng = init((64, 32, 10)), np.random.default_rng(0)
    curves[f"batches of {size}"] = [loss(model, digits.X_train, digits.y_train, reg=1.0)]
    for _ in range(30):
        model = sgd_epoch(model, digits.X_train, digits.y_train, minibatches(1437, size, rng), lr=0.5, reg=1.0)
        curves[f"batches of {size}"].append(loss(model, digits.X_train, digits.y_train, reg=1.0))
plotting.training_curves(curves, "Many rough steps beat one exact step", "training loss", "epoch", log_y=True)

# %% [markdown]
# **What you should see:** the full batch, 30 steps in all, is five times as high at the end as batches of 32, which take
# 1,350 steps. Batches of 4 take 10,800 steps, but at this rate so rough ones that they stumble about and end no better
# than batches of 256.

# %% [markdown]
# ## 2 · Cooling down
# The restlessness has a cure. Far from the goal, long steps are good; near it, short ones are. Let the learning rate fall
# from epoch to epoch:
#
# $$\eta_t = \frac{\eta_0}{1 + t / \tau}$$
#
# $t$ is the epoch, and $\tau$, in the code `half_life`, is the epoch at which the rate has halved. (Unlike radioactivity, it
# does not halve again after another $\tau$: then a third is left.) Why so slowly? The steps must shrink, but their sum must
# stay infinite, or the network could come to rest half-way. For simpler problems than ours, Robbins and Monro proved in
# 1951 that $\sum \eta_t = \infty$ and $\sum \eta_t^2 < \infty$ are enough to arrive. Metal that cools slowly ends in a better
# order, and that is where the name **annealing** comes from.

# %% [markdown]
# ### Exercise · annealed  ●○○ · 3 minutes
# One line.


# %% exercise="annealed"
def annealed(epoch: float, lr0: float, half_life: float) -> float:
    """The learning rate of an epoch: lr0 at epoch 0, half of it at epoch half_life, falling as 1 / epoch."""
    ### BEGIN SOLUTION
    return lr0 / (1 + epoch / half_life)
    ### END SOLUTION


# %% [markdown]
# The check asks for the rate after one, two and five half-lives.

# %% check="annealed" points=1
check.annealed(annealed)

# %% [markdown] hint="annealed"
# At which $t$ is the denominator 2?

# %% [markdown] hint="annealed"
# $\eta_t = \eta_0 / (1 + t / \tau)$ with $\eta_0$ = `lr0`, $t$ = `epoch`, $\tau$ = `half_life`. Mind the brackets.

# %% [markdown] hint="annealed"
# `return lr0 / (1 + ...)`

# %% [markdown]
# Batches of 4 again, with a constant rate and with a cooling one.

# %% figure="annealing" tags=["nbval-ignore-output"]
constant, cooling = (lambda epoch: 0.5), partial(annealed, lr0=0.5, half_life=3)
curves = {}
for label, rate in {"constant rate": constant, "cooling, half-life 3": cooling}.items():
    model, rng = init((64, 32, 10)), np.random.default_rng(0)
    curves[label] = [loss(model, digits.X_train, digits.y_train, reg=1.0)]
    for epoch in range(30):
        batches = minibatches(1437, 4, rng)
        model = sgd_epoch(model, digits.X_train, digits.y_train, batches, rate(epoch), reg=1.0)
        curves[label].append(loss(model, digits.X_train, digits.y_train, reg=1.0))
plotting.training_curves(curves, "Cooling calms the small batches", "training loss", "epoch", log_y=True)

# %% [markdown]
# **What you should see:** the constant rate jitters along a floor that its own noise has built. The cooling one glides
# below it.

# %% [markdown] think="batch-and-rate" points=1
# **Think.** You double the batch size. Would you make the learning rate larger or smaller, and why?
# <!-- BEGIN SOLUTION -->
# Larger. Averaging over twice as many examples makes the gradient less noisy, so a longer step is safe; and an epoch now
# has half as many steps, so with the old rate it would get half as far. Doubling both keeps the distance per epoch. That
# holds only up to the rate at which even exact steps jump across the valley.
# <!-- END SOLUTION -->

# %% [markdown]
# ## 3 · Another bend
# $\tanh$ is one bend of many. Its weakness is at the ends: for a large sum it is flat, its slope is nearly 0, and no blame
# flows back. The unit is stuck. Two others you will meet everywhere:
#
# | name | $a$ | slope |
# |---|---|---|
# | tanh | $\tanh z$ | $1 - a^2$ |
# | sigmoid | $1 / (1 + e^{-z})$ | $a (1 - a)$ |
# | relu, *rectified linear unit* | $\max(z, 0)$ | 1 if $z > 0$, else 0 |
#
# The sigmoid is an older, flatter sister of tanh: its slope is never more than 1/4. ReLU is never flat on its right side,
# and costs one comparison. (At $z = 0$ it has a corner; we call the slope 0 there, and 1 would do as well.)

# %% [markdown]
# ### Exercise · bend  ●○○ · 8 minutes
# Return both columns of the table. A slope written with $a$ costs almost nothing, for $a$ is already there.


# %% exercise="bend"
def bend(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The activation function called ``name`` and its slope, entry by entry.

    name: "tanh", "sigmoid" or "relu".  z: array of any shape.  Returns a and da/dz, of the shape of z.
    """
    ### BEGIN SOLUTION
    if name == "tanh":
        a = np.tanh(z)
        return a, 1 - a**2
    if name == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return a, a * (1 - a)
    return np.maximum(z, 0), (z > 0).astype(float)
    ### END SOLUTION


# %% [markdown]
# Values and slopes are checked against their definitions, number by number.

# %% check="bend" points=2
check.bend(bend)

# %% [markdown] hint="bend"
# Three cases, two arrays each. For ReLU, a comparison gives an array of true and false.

# %% [markdown] hint="bend"
# For tanh and sigmoid, compute $a$ first and the slope from it: $1 - a^2$ and $a (1 - a)$. `np.maximum(z, 0)` compares entry
# by entry, and `(z > 0).astype(float)` is 1 where $z$ is positive and 0 elsewhere.

# %% [markdown] hint="bend"
# ```python
# if name == "tanh":
#     a = np.tanh(z)
#     return a, ...
# if name == "sigmoid":
#     a = ...
#     return a, ...
# return np.maximum(z, 0), ...
# ```

# %% [markdown]
# Here are the three bends, and below them their slopes, which training lives on.

# %% figure="bends"
z = np.linspace(-3, 3, 121)
values = {name: bend(name, z)[0] for name in ("tanh", "sigmoid", "relu")}
plotting.training_curves(values, "Three bends", "activation a", "sum z", x=z)

# %% [markdown]
# **What you should see:** tanh runs from −1 to 1, the sigmoid from 0 to 1, and ReLU is two straight pieces with a corner.

# %% figure="slopes"
z = np.linspace(-6, 6, 241)
slopes = {name: bend(name, z)[1] for name in ("tanh", "sigmoid", "relu")}
plotting.training_curves(slopes, "How much blame each bend lets through", "slope da/dz", "sum z", x=z)

# %% [markdown]
# **What you should see:** beyond $\pm 3$, tanh lets less than 1 % of the blame through and the sigmoid less than 5 %. ReLU
# lets all of it through, or none: a unit whose sum is negative for every example learns nothing more, and is called
# *dead*.

# %% [markdown]
# ## 4 · Three classes
# Softmax, loss and gradients were written for $K$ classes from the start, so three classes need only data. We draw three
# arms of a spiral. Along an arm, the radius $r$ grows evenly from 0 to 1 and the angle grows with it; arm $k$ is turned
# by a third of the circle against arm $k - 1$; noise blurs the angle:
#
# $$\varphi = 4 r + \tfrac{2\pi}{3} k + \text{noise} \cdot \varepsilon, \qquad x = (r \cos \varphi, \; r \sin \varphi), \qquad \varepsilon \sim \mathcal N(0, 1)$$

# %% [markdown]
# ### Exercise · spirals  ●●○ · 10 minutes
# `np.linspace(0, 1, n)` gives the radii, the same for each arm. Draw a fresh $\varepsilon$ for every point.


# %% exercise="spirals"
def spirals(n: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Three arms of a spiral with n points each.

    noise: standard deviation of the blur of the angle, in radians.
    Returns X, shape (3n, 2), and the classes y, shape (3n,), integers 0, 1 and 2.
    """
    ### BEGIN SOLUTION
    X, y = [], []
    r = np.linspace(0, 1, n)
    for k in range(3):
        phi = 4 * r + 2 * np.pi / 3 * k + noise * rng.normal(size=n)
        X.append(np.column_stack([r * np.cos(phi), r * np.sin(phi)]))
        y.append(np.full(n, k))
    return np.concatenate(X), np.concatenate(y)
    ### END SOLUTION


# %% [markdown]
# Without noise, the check knows every point. With noise, it measures the blur of 9,000 points.

# %% check="spirals" points=2
check.spirals(spirals)

# %% [markdown] hint="spirals"
# Build one arm first, with $k = 0$ and no noise. Then a loop over $k$, and join the three.

# %% [markdown] hint="spirals"
# `rng.normal(size=n)` draws $n$ values of $\varepsilon$. `np.column_stack([a, b])` makes two columns of two arrays;
# `np.concatenate` joins a list of arrays.

# %% [markdown] hint="spirals"
# ```python
# X, y = [], []
# r = np.linspace(0, 1, n)
# for k in range(3):
#     phi = 4 * r + ... + noise * ...
#     X.append(np.column_stack([..., ...]))
#     y.append(np.full(n, k))
# return np.concatenate(X), np.concatenate(y)
# ```

# %% [markdown]
# Here they are: 200 points per arm.

# %% figure="spirals"
plotting.scatter(*spirals(200, noise=0.3, rng=np.random.default_rng(0)), "Three spiral arms")

# %% [markdown]
# **What you should see:** three arms, each winding around the other two. No line, and no single bend, can separate them.

# %% [markdown]
# ## 5 · More layers
# A layer can feed another layer. With $M$ weight layers, set $a_0 = X$ and repeat the bend for $l = 1, \dots, M - 1$; the last
# layer stays straight and goes into softmax:
#
# $$z_l = a_{l-1} W_l + b_l, \qquad a_l = \mathrm{bend}(z_l), \qquad p = \mathrm{softmax}(a_{M-1} W_M + b_M)$$
#
# WildML counted the input as a layer, so its network of "three layers" has $M = 2$, and the "four layers" that it asked
# for are $M = 3$. Yours will take any number. Layer $l$ finds its weights in `model[f"W{l}"]` and `model[f"b{l}"]`.

# %% [markdown]
# ### Exercise · deep_forward  ●●○ · 12 minutes
# Keep what the way back will need: the activations, beginning with $a_0 = X$, and the slope of each bend.


# %% exercise="deep_forward"
def deep_forward(model: dict, X: np.ndarray, activation: str) -> tuple[list, list, np.ndarray]:
    """A network of any depth.

    model: W1, b1, … W_M, b_M.  activation: a name for ``bend``.
    Returns [a_0 = X, a_1, … a_{M-1}], the slopes of the M - 1 bends, and the probabilities, shape (N, K).
    """
    ### BEGIN SOLUTION
    activations, slopes, depth = [X], [], len(model) // 2
    for layer in range(1, depth):
        a, slope = bend(activation, activations[-1] @ model[f"W{layer}"] + model[f"b{layer}"])
        activations.append(a)
        slopes.append(slope)
    return activations, slopes, softmax(activations[-1] @ model[f"W{depth}"] + model[f"b{depth}"])
    ### END SOLUTION


# %% [markdown]
# Networks with 2, 3 and 4 weight layers, each with a different bend, are compared unit by unit.

# %% check="deep_forward" points=3
check.deep_forward(deep_forward)

# %% [markdown] hint="deep_forward"
# A loop over the hidden layers, and the last layer after it. Each round starts from the last entry of the list of
# activations.

# %% [markdown] hint="deep_forward"
# `len(model) // 2` is $M$, for every layer has a W and a b. The hidden layers are `range(1, M)`.

# %% [markdown] hint="deep_forward"
# ```python
# activations, slopes, depth = [X], [], len(model) // 2
# for layer in range(1, depth):
#     a, slope = bend(activation, activations[-1] @ ... + ...)
#     activations.append(...)
#     slopes.append(...)
# return activations, slopes, softmax(...)
# ```

# %% [markdown]
# The way back is the same walk, repeated. The first $\delta$ is $\frac1N (p - Y)$. At layer $l$, take the two gradients, then
# push $\delta$ one layer further back:
#
# $$\frac{\partial L}{\partial W_l} = a_{l-1}^\top \delta_l + \frac\lambda N W_l, \qquad \frac{\partial L}{\partial b_l} = \sum_i \delta_{l,i}, \qquad \delta_{l-1} = (\delta_l W_l^\top) \odot \mathrm{bend}'(z_{l-1})$$

# %% [markdown]
# ### Exercise · deep_gradients  ●●● · 20 minutes
# Count down from layer $M$ to layer 1. Mind the lists: `activations[l - 1]` is $a_{l-1}$, but `slopes` begins with hidden layer 1,
# so $\mathrm{bend}'(z_{l-1})$ is `slopes[l - 2]`.


# %% exercise="deep_gradients"
def deep_gradients(model: dict, X: np.ndarray, y: np.ndarray, reg: float, activation: str) -> dict:
    """The derivative of the loss by every parameter of a network of any depth.

    Arguments as in ``gradients``, and the name of the bend.  Returns a dict with the keys of ``model``.
    """
    ### BEGIN SOLUTION
    n, result = len(X), {}
    activations, slopes, p = deep_forward(model, X, activation)
    d = p.copy()
    d[np.arange(n), y] -= 1
    d /= n
    for layer in range(len(model) // 2, 0, -1):
        result[f"W{layer}"] = activations[layer - 1].T @ d + reg / n * model[f"W{layer}"]
        result[f"b{layer}"] = d.sum(axis=0)
        if layer > 1:
            d = (d @ model[f"W{layer}"].T) * slopes[layer - 2]
    return result
    ### END SOLUTION


# %% [markdown]
# As in lesson 1, the check measures the slope of the loss, without backpropagation.

# %% check="deep_gradients" points=4
check.deep_gradients(deep_gradients)

# %% [markdown] hint="deep_gradients"
# It begins like `gradients` of lesson 1, with `deep_forward` in place of `forward`. What is new is one loop that counts down.

# %% [markdown] hint="deep_gradients"
# In each round: the gradient of W, the gradient of b, and then, unless this is layer 1, the next $\delta$.

# %% [markdown] hint="deep_gradients"
# ```python
# n, result = len(X), {}
# activations, slopes, p = deep_forward(model, X, activation)
# d = ...  # p - Y, divided by n
# for layer in range(len(model) // 2, 0, -1):
#     result[f"W{layer}"] = activations[...].T @ d + ...
#     result[f"b{layer}"] = ...
#     if layer > 1:
#         d = (d @ ...) * slopes[...]
# return result
# ```

# %% [markdown]
# ## The comparison
# All five changes meet on the spirals: 600 points, 50 epochs, every network with hidden layers of 20 units. An epoch costs
# each of them one look at every point. `fit` trains one network and notes the share of 3,000 *new* points that it gets
# wrong, before the first epoch and after each. (`gain` makes up for the half of the sums that ReLU cuts off.)


# %%
def predict(model, activation, X):
    """The most probable class of each row of X."""
    return deep_forward(model, X, activation)[2].argmax(axis=1)


def fit(sizes, activation, size, lr0, half_life, data, epochs, reg, seed):
    """Train one network by SGD; return it and its error on the test points, before and after each epoch."""
    X, y, X_test, y_test = data
    model = init(sizes, seed, gain=np.sqrt(2) if activation == "relu" else 1.0)
    rng, errors = np.random.default_rng(seed), [(predict(model, activation, X_test) != y_test).mean()]
    for epoch in range(epochs):
        batches, rate = minibatches(len(X), size, rng), annealed(epoch, lr0, half_life)
        model = sgd_epoch(model, X, y, batches, rate, reg, partial(deep_gradients, activation=activation))
        errors.append((predict(model, activation, X_test) != y_test).mean())
    return model, errors


# %% [markdown]
# From top to bottom, each plan adds one change to the plan above. (A half-life of infinity is a constant rate.) Each plan
# has the learning rate that suits it best, out of 0.1, 0.3, 0.5, 1, 2 and 3, judged on points that are used for nothing
# else. Every network is trained five times, with different points and a different start each time.

# %% figure="comparison" tags=["nbval-ignore-output"]
plans = {  # layers, bend, batch size, first learning rate, half-life
    "full batch, tanh": ((2, 20, 3), "tanh", 600, 3.0, np.inf),
    "+ minibatches of 20": ((2, 20, 3), "tanh", 20, 2.0, np.inf),
    "+ cooling": ((2, 20, 3), "tanh", 20, 3.0, 20),
    "+ relu": ((2, 20, 3), "relu", 20, 2.0, 20),
    "+ 2nd hidden layer": ((2, 20, 20, 3), "relu", 20, 0.3, 20),
}


@cache  # trained once, asked for three times
def runs(name):
    results = []
    for seed in range(5):
        train = spirals(200, 0.3, np.random.default_rng(seed))
        test = spirals(1000, 0.3, np.random.default_rng(100 + seed))
        results.append(fit(*plans[name], data=(*train, *test), epochs=50, reg=0.01, seed=seed))
    return results


curves = {name: 100 * np.array([errors for _, errors in runs(name)]) for name in plans}
plotting.training_curves(curves, "Five changes, one budget", "error on new points (%)", "epoch", log_y=True)

# %% [markdown]
# **What you should see:** minibatches bring almost everything: 3 % against 35 %. Cooling takes a third off that, because it
# allows a longer first step and calms the end. ReLU takes off another third. The second hidden layer is the fastest in
# the first ten epochs; at the end it is hardly ahead, within the spread of the five runs. So *which change is worth its
# lines?* The first one always; the others depend on the problem and on the budget, and one figure like this tells you.

# %% [markdown]
# And this is what the same 50 epochs have drawn.

# %% figure="spiral-borders" tags=["nbval-ignore-output"]
X, y = spirals(200, 0.3, np.random.default_rng(0))
named = {name: partial(predict, runs(name)[0][0], plan[1]) for name, plan in plans.items()}
plotting.decision_boundaries(named, X, y, "After 50 epochs: accuracy on the training points", columns=3)

# %% [markdown]
# **What you should see:** tanh draws round borders, ReLU draws straight edges. The last two panels are nearly the same, as
# the figure above has said.

# %% [markdown] think="fair" points=2
# **Think.** The comparison gives each network the same number of epochs. Name one way in which that is unfair, and say how
# you would measure instead.
# <!-- BEGIN SOLUTION -->
# An epoch is not the same work for all: the deeper network multiplies more matrices, and small batches use the processor
# less well than one large product, so in seconds the order could change. One could plot the error against seconds on one
# machine, or against the number of multiplications. The search for the rates is another way: all plans had the same six
# to choose from, but only the rate was searched. Whoever also tries half-lives, sizes and penalties for one method favours
# it. And 50 epochs are one budget of many: with 500, the full batch would look less foolish.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Back to handwriting
# The last lesson spent 1,000 epochs on the digits. How far do 30 epochs go now, with minibatches, cooling, ReLU and two
# hidden layers (of 128 and 64 units, so the network is also larger)? Five splits of the data, one network each. On 287 of
# the training digits held back, this plan was level with the best of six that were tried.


# %% tags=["nbval-ignore-output"]
@cache
def digit_scores():
    plan = (64, 128, 64, 10), "relu", 16, 0.2, 10
    splits = [datasets.digits(seed) for seed in range(5)]
    return [1 - fit(*plan, data=split, epochs=30, reg=3.0, seed=seed)[1][-1] for seed, split in enumerate(splits)]


assert np.mean(digit_scores()) >= 0.97
print("held-out digits read correctly, split by split:", ", ".join(f"{share:.1%}" for share in digit_scores()))

# %% [markdown]
# ## Summary
# - **Minibatches** trade exactness for number of steps. It is the best trade in this lesson, and nearly always worth it.
# - **Annealing** lets long steps travel and short steps settle. It matters when the steps are rough.
# - **The bend** decides how much blame flows back. ReLU is never flat for positive sums; for negative ones it is off.
# - **Classes** cost nothing: softmax was made for $K$ of them.
# - **Depth** needs one loop forward and one loop back. Here it bought speed at the start, and little at the end.

# %% tags=["nbval-ignore-output"]
misread = [100 * np.mean([errors[-1] for _, errors in runs(name)]) for name in plans]
headline(
    metric="held-out digits read correctly after 30 epochs, mean of 5 splits; spiral points misread, full batch → best",
    value=f"{np.mean(digit_scores()):.1%}; {misread[0]:.0f}% → {misread[-1]:.1f}%",
    published="97%; none (set in 2015, not solved)",
    source="scikit-learn's digit classification example (SVC); WildML 2015",
)

# %% [markdown]
# **What to try next:** ★ Train the deep network with the sigmoid, at a constant rate and for 300 epochs, and find out why it
# stands still at first. ★★ Add *momentum*: keep a running mean of the gradients and step along that. ★★★ Stack ten layers and print the size of each
# layer's gradient. What does the factor `gain` have to do with it?
#
# **References.** H. Robbins, S. Monro, *A Stochastic Approximation Method*, Annals of Mathematical Statistics 22 (1951),
# 400-407. L. Bottou, F. Curtis, J. Nocedal, *Optimization Methods for Large-Scale Machine Learning*, SIAM Review 60 (2018),
# 223-311, section 4. X. Glorot, A. Bordes, Y. Bengio, *Deep Sparse Rectifier Neural Networks*, AISTATS (2011). K. He, X. Zhang,
# S. Ren, J. Sun, *Delving Deep into Rectifiers*, ICCV (2015), section 2.2: the gain of √2.
