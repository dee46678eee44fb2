# %% [markdown] minutes=85
# # The network as a graph
# Chapter 1's network once more. This time you write the loss and nothing else: no backpropagation, no δ, and yet the same numbers to the
# last digits.
#
# **You will** build the network and its loss from symbols, compile the training step, compare it with NumPy step for step, and feed it
# minibatches that never leave the device.
#
# Needs: chapter 1 (the network and its losses), and the lesson before (symbols, `pt.grad`, shared variables, updates).

# %% tags=["nbval-ignore-output"]
from functools import cache

import numpy as np

from lib import datasets, headline, plotting, setup
from lib.checks.nn_theano.symbolic_graphs import network_as_a_graph as check
from lib.models import network

setup(seed=0)

# %% [markdown]
# ## Parameters are shared variables
# The 200 points of the two moons are back, and so is the start of 2015: `network.init((2, 3, 2))` makes the same random weights as in chapter 1 (`lib.models.network` is the network that you
# wrote there). The parameters must survive from one step to the next, so each becomes a shared variable. Names help: they appear in graphs and in error messages.

# %%
import pytensor
import pytensor.tensor as pt

X, y = datasets.moons(200, noise=0.20, seed=0)
y = y.astype("int64")  # what an lvector takes


def shared_model(sizes=(2, 3, 2)):
    """A fresh model whose arrays are shared variables: W1, b1, W2, b2, …"""
    return {name: pytensor.shared(values, name=name) for name, values in network.init(sizes, seed=0).items()}


{name: one.get_value().shape for name, one in shared_model().items()}

# %% [markdown]
# ### Exercise · probabilities  ●○○ · 5 minutes
# The forward pass as an expression:
#
# $$p = \mathrm{softmax}\big(\tanh(X W_1 + b_1)\, W_2 + b_2\big)$$
#
# `X` is a symbol now. `@` builds the node of a matrix product, and a bias vector is added to every row, as in NumPy.


# %% exercise="probabilities"
def probabilities(model: dict, X):
    """The class probabilities of the network, as an expression.

    model: shared variables W1 (D, H), b1 (H,), W2 (H, K), b2 (K,).  X: a matrix symbol, (N, D).
    Returns a matrix expression (N, K) whose rows sum to 1.
    """
    ### BEGIN SOLUTION
    hidden = pt.tanh(X @ model["W1"] + model["b1"])
    return pt.special.softmax(hidden @ model["W2"] + model["b2"], axis=1)
    ### END SOLUTION


# %% [markdown]
# The check sets the weights *after* it has built the expression, as training does.

# %% check="probabilities" points=1
check.probabilities(probabilities)

# %% [markdown] hint="probabilities"
# It is the code of chapter 1 with `pt` in place of `np`. `model["W1"]` is used as it is: a shared variable is a symbol.

# %% [markdown] hint="probabilities"
# The hidden layer is `pt.tanh(X @ W1 + b1)`. `pt.special.softmax(scores, axis=1)` turns each row of scores into probabilities.

# %% [markdown] hint="probabilities"
# ```python
# hidden = pt.tanh(X @ ... + ...)
# return pt.special.softmax(hidden @ ... + ..., axis=1)
# ```

# %% [markdown]
# Ten rows through both programs, and the graph:

# %% figure="forward-graph"
model, symbol = shared_model(), pt.dmatrix("X")
p = probabilities(model, symbol)
p.name = "p"
compiled = pytensor.function([symbol], p)
apart = np.abs(compiled(X[:10]) - network.forward(network.init((2, 3, 2)), X[:10])[1]).max()
print("differs from NumPy by less than 1e-12:", bool(apart < 1e-12))
plotting.graph({"as written": p, "as it runs": compiled}, "The forward pass")

# %% [markdown]
# **What you should see:** two layers below each other, and the two operations that turn a bias vector into a row (`expand dims`). As it runs, the product has become `dot22`, PyTensor's name for a
# product of two matrices that a linear algebra library may do; the sum and the `tanh` of the hidden layer are fused into one box, which walks through the hidden layer once.

# %% [markdown]
# ### Exercise · loss  ●●○ · 8 minutes
# The loss of chapter 1, word for word:
#
# $$L = \frac1N \left[ -\sum_{i=1}^{N} \log p_{i,y_i} \;+\; \frac\lambda2 \left( \lVert W_1\rVert^2 + \lVert W_2\rVert^2 \right) \right]$$
#
# $N$ is not a number here: it is the expression `X.shape[0]`. Mind what is divided by it. *Both* parts are. And keep to the order of the lesson before: the logarithm of *all* probabilities first,
# then the pick. In the other order the slope becomes NaN as soon as one probability is too small for a double.


# %% exercise="loss"
def loss(model: dict, X, y, reg: float):
    """Mean cross-entropy plus the L2 penalty of the weights, as a scalar expression.

    X: inputs, a matrix expression (N, D).  y: true classes, a vector expression (N,) of integers.  reg: λ, >= 0.
    """
    ### BEGIN SOLUTION
    n = X.shape[0]
    log_p = pt.log(probabilities(model, X))
    data = -pt.sum(log_p[pt.arange(n), y])
    penalty = reg / 2 * (pt.sum(model["W1"] ** 2) + pt.sum(model["W2"] ** 2))
    return (data + penalty) / n
    ### END SOLUTION


# %% [markdown]
# The check knows the slips of the pen that do not crash, a sum in place of a mean among them.

# %% check="loss" points=2
check.loss(loss)

# %% [markdown] hint="loss"
# Take the logarithm of all probabilities first; the pick `log_p[np.arange(n), y]` of chapter 1 works with `pt.arange`, too. Which of the four parameters pay the penalty?

# %% [markdown] hint="loss"
# With `log_p = pt.log(probabilities(model, X))`, the pick `log_p[pt.arange(n), y]` has shape $(N,)$. The penalty is `reg / 2` times the sum of `pt.sum(W ** 2)` over the two weight matrices.

# %% [markdown] hint="loss"
# ```python
# n = X.shape[0]
# log_p = pt.log(probabilities(model, X))
# data = -pt.sum(log_p[..., ...])
# penalty = reg / 2 * (pt.sum(...) + pt.sum(...))
# return (data + penalty) / n
# ```

# %% [markdown]
# ## The step, compiled
# In chapter 1 the next exercise was the hardest: six equations of backpropagation. Here it is one line, `pt.grad`. What remains is to compile the step.
# The data go into shared variables as well; on a GPU, they would be copied there once and stay. Their `shape` is fixed, and saying so lets every mode compile the graph.

# %% [markdown]
# ### Exercise · a training step  ●●○ · 10 minutes
# Build the loss on the data, its slopes by all parameters, and a function without inputs that updates them:
# $\theta \leftarrow \theta - \eta\, \partial L / \partial \theta$ for each of $W_1, b_1, W_2, b_2$.


# %% exercise="train_step"
def train_step(model: dict, X: np.ndarray, y: np.ndarray, lr, reg: float, mode=None):
    """Compile a step of full-batch gradient descent.

    model: shared variables.  X: (N, D) float.  y: (N,) int64.  reg: λ.  mode: hand it on to pytensor.function.
    lr: learning rate η, a number, or a shared variable so that it can be changed between two steps: use it as it is.
    Returns a function without arguments: a call returns the loss and moves every parameter one step.
    """
    X_shared = pytensor.shared(X, name="X", shape=X.shape)
    y_shared = pytensor.shared(y, name="y", shape=y.shape)
    ### BEGIN SOLUTION
    cost = loss(model, X_shared, y_shared, reg)
    parameters = list(model.values())
    slopes = pt.grad(cost, parameters)
    updates = [(p, p - lr * slope) for p, slope in zip(parameters, slopes)]
    return pytensor.function([], cost, updates=updates, mode=mode)
    ### END SOLUTION


# %% check="train_step" points=3
check.train_step(train_step)

# %% [markdown] hint="train_step"
# It is `descent_step` of the lesson before. What is its loss, and what is its list of parameters?

# %% [markdown] hint="train_step"
# The loss is `loss(model, X_shared, y_shared, reg)`, the parameters are `list(model.values())`. `pt.grad(cost, parameters)` returns their slopes in the same order.

# %% [markdown] hint="train_step"
# ```python
# cost = loss(model, X_shared, y_shared, reg)
# parameters = list(model.values())
# slopes = pt.grad(...)
# updates = [(p, ...) for p, slope in zip(parameters, slopes)]
# return pytensor.function([], cost, updates=updates, mode=mode)
# ```

# %% [markdown]
# ## Step for step
# Now the trial. From one start, NumPy goes with the gradients that you derived on paper in chapter 1, and PyTensor with the
# gradients that it derived itself. We compare the losses of each step. The learning rate is a shared variable, so one compiled function serves for all.


# %% tags=["nbval-ignore-output"]
@cache
def compiled_step():
    """The model, the learning rate and the step, compiled once by JAX."""
    model, lr = shared_model(), pytensor.shared(0.5, name="lr")
    return model, lr, train_step(model, X, y, lr, reg=0.01, mode="JAX")


@cache
def graph_run(rate, steps):
    """The losses of a run of the compiled step from the start, and the weights at its end."""
    model, lr, step = compiled_step()
    for name, values in network.init((2, 3, 2), seed=0).items():
        model[name].set_value(values)
    lr.set_value(rate)
    losses = np.array([float(step()) for _ in range(steps)])
    # After a step in JAX mode, get_value() is one of JAX's arrays; np.array makes it NumPy's.
    return losses, {name: np.array(one.get_value()) for name, one in model.items()}


# %% [markdown]
# And the NumPy run, with chapter 1's own functions:


# %%
@cache
def numpy_run(rate, steps):
    """The losses of the same run in NumPy."""
    model, losses = network.init((2, 3, 2), seed=0), []
    for _ in range(steps):
        losses.append(network.loss(model, X, y, reg=0.01))
        slope = network.gradients(model, X, y, reg=0.01)
        model = {name: model[name] - rate * slope[name] for name in model}
    return np.array(losses)


# %% [markdown]
# Three learning rates, 3,000 steps each.

# %% figure="apart" tags=["nbval-ignore-output"]
rates = (0.5, 1.0, 2.0)
apart = {}
for rate in rates:
    difference = np.abs(graph_run(rate, 3000)[0] - numpy_run(rate, 3000))
    apart[f"learning rate {rate}"] = np.maximum(difference, 1e-17)
assert apart["learning rate 0.5"].max() < 1e-6, "the two programs should agree step for step"
print(f"learning rate 0.5: at most {apart['learning rate 0.5'].max():.0e} apart in 3,000 steps")
plotting.training_curves(apart, "How far the two programs are apart", "difference of the losses", log_y=True)

# %% [markdown]
# **What you should see:** with learning rate 0.5, the two programs agree in every one of 3,000 steps to the last digit or two ($10^{-16}$ is the rounding of a double): the gradients
# are *the same*. With 1.0 and 2.0 they agree just as well at first, and then, after some 180 and 1,130 steps, the curves part, although neither program has an error. There the step is too long for
# the valley, the weights jump to and fro across it, and each jump multiplies the difference of the last rounding, until it is as large as the loss's own spikes. (With 1.0, both programs calm down in the same valley and approach each other again, to some $10^{-6}$. With 2.0, both jump between
# the same two losses, 0.0708 and 0.0712, to the very end, one up when the other is down: the flat piece after step 2,100 is the height of that jump. Where these programs
# take another beat, on another computer, it looks different.) A computation like that
# cannot be repeated digit for digit by any other program, and nobody should ask for it.
#
# That is also the fine print under two numbers that were printed in 2015. WildML's run amounts to learning rate 2, as you saw in chapter 1. It printed the loss after iterations 0 and 1,000, which counted
# from 0, so these are 1 and 1,001 steps:

# %% tags=["nbval-ignore-output"]
losses = graph_run(2.0, 3000)[0]
for step, printed in ((1, 0.432387), (1001, 0.068947)):
    print(
        f"steps taken: {step:>4}   PyTensor {losses[step]:.6f}   NumPy {numpy_run(2.0, 3000)[step]:.6f}   WildML {printed:.6f}"
    )

# %% [markdown]
# Both are reproduced to all six digits, before the curves part.

# %% [markdown]
# ## A factor of 200
# In its second part WildML wrote this network in Theano and called it equivalent to the NumPy version. It was not. In NumPy, the gradient was that of the
# *sum* over the 200 points; in Theano, its `grad` took the gradient of the loss as written, the *mean*. Both used the learning rate 0.01. So one took steps that were 200 times longer than the other's. (Its comments also
# showed the penalty's gradient as a factor, $(1 + \lambda)$ times the slope of the data, instead of the sum $\dots + \lambda W$. Comments are not compiled; `pt.grad` had it right.)
#
# Here is what the "equivalent" version did in its 20,000 steps.

# %% figure="factor-200" tags=["nbval-ignore-output"]
theano, textbook = graph_run(0.01, 20_000)[0], graph_run(2.0, 20_000)[0]
print(f"after 20,000 steps: {theano[-1]:.3f} with learning rate 0.01, {textbook[-1]:.3f} with 2.0")
curves = {"slope of the mean × 0.01 (2015, Theano)": theano, "slope of the sum × 0.01 (2015, NumPy)": textbook}
plotting.training_curves(curves, "Two programs that were called equivalent", "loss", log_x=True, log_y=True)

# %% [markdown]
# **What you should see:** nearly the same curve twice, one 200 times later than the other. It is not the same to the digit, for a step 200 times as long is not 200 short steps: the long ones stumble
# at steps 20 to 30 and lag a little, and after step 1,200 they jump for good. After 20,000 steps the first stands near 0.15, a loss that the second had passed after the first hundred.
# The moral: if two programs should be the same, compare them *step for step*, from the same start. A look at the final picture would have passed.

# %% [markdown]
# ### Exercise · predict  ●○○ · 5 minutes
# A function from points to classes, which uses the weights as they are *at the time of the call*.


# %% exercise="predictor"
def predictor(model: dict):
    """Compile the prediction.

    model: shared variables.  Returns a function: points (M, D) float to their most probable classes (M,).
    """
    ### BEGIN SOLUTION
    X = pt.dmatrix("X")
    return pytensor.function([X], pt.argmax(probabilities(model, X), axis=1))
    ### END SOLUTION


# %% check="predictor" points=1
check.predictor(predictor)

# %% [markdown] hint="predictor"
# This function has an input, so you need a symbol. The weights need none: they are shared.

# %% [markdown] hint="predictor"
# The output is `pt.argmax(p, axis=1)` of the probabilities: for each row, the column of the largest.

# %% [markdown] hint="predictor"
# ```python
# X = pt.dmatrix("X")
# return pytensor.function([X], pt.argmax(..., axis=...))
# ```

# %% [markdown]
# The reward: what the two versions of 2015 had learned after 20,000 steps, and ours with learning rate 0.5 after 3,000.

# %% figure="borders" tags=["nbval-ignore-output"]
predict = predictor(model := shared_model())
runs = {"2015, mean": (0.01, 20_000), "2015, sum": (2.0, 20_000), "rate 0.5": (0.5, 3000)}


def classes_of(plan, points):
    for name, values in graph_run(*plan)[1].items():
        model[name].set_value(values)
    return predict(points)


named = {name: (lambda points, plan=plan: classes_of(plan, points)) for name, plan in runs.items()}
plotting.decision_boundaries(named, X, y, title="One network, three step sizes: accuracy on these points", columns=3)

# %% [markdown]
# **What you should see:** on the left a border that has only begun to bend, and 95.5 % of the points right. In the middle and on the right, it runs between the moons, with 97.5 % or so.

# %% [markdown] think="what-to-compare" points=1
# **Think.** Your two programs agree to $10^{-15}$ at learning rate 0.5. Does that prove that both gradients are right?
# <!-- BEGIN SOLUTION -->
# Almost. The chance that two derivations, one by hand and one by machine, make the same mistake is tiny. But both share the *loss*: if it was copied
# with an error, both have it. That the start is right (the published 0.432387, and $\log 2$ for a network that knows nothing) and that a
# measured slope agrees (chapter 1) closes this gap.
# <!-- END SOLUTION -->

# %% [markdown]
# ## What the graph is good for
# In chapter 1, another activation meant another derivative, and another layer two more equations, with room for error in each. Now change one line. Below are the two lines of a
# network with *two* hidden layers; its gradient comes for free. Try it: put `pt.softplus`, `pt.sigmoid` or `pt.maximum(…, 0)` in place of a `pt.tanh`, or add a third layer.


# %%
def deeper(model, X):
    """Two hidden layers. Change what you like: nobody has to derive anything."""
    hidden = pt.tanh(X @ model["W1"] + model["b1"])
    hidden = pt.tanh(hidden @ model["W2"] + model["b2"])  # the new line
    return pt.special.softmax(hidden @ model["W3"] + model["b3"], axis=1)


# %% [markdown]
# Trained on the moons with 8 units in each layer, 2,000 steps with learning rate 0.5. (The borders of 20 or 50 units in chapter 1 turned after single points. What does depth do?)

# %% figure="deeper" tags=["nbval-ignore-output"]
model = shared_model((2, 8, 8, 2))
data, parameters = pytensor.shared(X, shape=X.shape), list(model.values())
log_p = pt.log(deeper(model, data))
cost = -pt.mean(log_p[np.arange(len(X)), y])  # here X and y are arrays, no symbols: they have a length
updates = [(p, p - 0.5 * slope) for p, slope in zip(parameters, pt.grad(cost, parameters))]
step = pytensor.function([], cost, updates=updates, mode="JAX")
losses = [float(step()) for _ in range(2000)]
print(f"loss: {losses[0]:.3f} at the start, {losses[-1]:.3f} at the end, without a penalty")
points = pt.dmatrix("points")
classes = pytensor.function([points], pt.argmax(deeper(model, points), axis=1))
plotting.decision_boundaries({"2 hidden layers of 8": classes}, X, y)

# %% [markdown]
# **What you should see:** a border that follows the moons closely, and only three points on the wrong side. The small island at the lower edge lies where there are no points.
#
# Two helpers for when a graph does something odd: `pytensor.dprint(step)` prints the graph that runs as an indented tree, and
# `pytensor.function(…, profile=True)` keeps a clock on every operation; `step.profile.summary()` then tells where the time went.

# %% [markdown]
# ## When it breaks
# Building an expression checks types and dimensions, but most *sizes* are known only when numbers arrive. So a wrong size is
# reported when the function runs, far from the line that is to blame. The names that you gave are then worth gold. `exception_verbosity` asks for details:

# %%
points, W = pt.dmatrix("points"), pytensor.shared(np.ones((3, 2)), name="W of the wrong size")
broken = pytensor.function([points], pt.tanh(points @ W).sum())
try:
    with pytensor.config.change_flags(exception_verbosity="medium"):
        broken(X)
except ValueError as error:
    lines = str(error).splitlines()
    print("\n".join(line for line in lines if line.startswith(("shapes", "Apply", "Inputs shapes"))))

# %% [markdown]
# Read it from the bottom: `(200, 2)` met `(3, 2)`, in the product of `points` and `W of the wrong size`. Under *Backtrace*, the full message (`print(error)`) also names the line where the node was built.

# %% [markdown]
# ## Minibatches that stay where they are
# To train on a batch, one could hand its rows to the function at every call. On a GPU each call would then copy them there. It is better to keep *all* data in a shared variable
# and hand over only the number of the batch. The expression `X_shared[rows]` picks the rows on the device.
#
# But the loss is written in terms of symbols `X` and `y`. `givens` replaces symbols by other expressions while compiling:
#
# ```python
# f = pytensor.function([a], x**2, givens={x: a + 1})    # computes (a + 1)²
# ```

# %% [markdown]
# ### Exercise · a step on a batch  ●●● · 12 minutes
# Batch `number` consists of the rows `number * size` to `(number + 1) * size - 1`: write `rows = number * size + pt.arange(size)`. The loss of a batch pays its share of the penalty, $\lambda \cdot$ `size` $/ N$ in place of $\lambda$ (chapter 1, *Make it better*), where $N$ counts all rows.


# %% exercise="batch_step"
def batch_step(model: dict, X: np.ndarray, y: np.ndarray, lr: float, reg: float, size: int, mode=None):
    """Compile a step of gradient descent on one batch.

    model, X, y, lr, reg, mode: as in ``train_step``; reg is λ for all of X.  size: rows in a batch.
    Returns a function of the batch's number (an integer from 0): a call returns the loss of this batch, with its share
    of the penalty, and moves every parameter one step.
    """
    number, X_batch, y_batch = pt.lscalar("number"), pt.dmatrix("X"), pt.lvector("y")
    X_shared = pytensor.shared(X, name="all X", shape=X.shape)
    y_shared = pytensor.shared(y, name="all y", shape=y.shape)
    ### BEGIN SOLUTION
    rows = number * size + pt.arange(size)
    cost = loss(model, X_batch, y_batch, reg * size / len(X))
    updates = [(p, p - lr * pt.grad(cost, p)) for p in model.values()]
    givens = {X_batch: X_shared[rows], y_batch: y_shared[rows]}
    return pytensor.function([number], cost, updates=updates, givens=givens, mode=mode)
    ### END SOLUTION


# %% check="batch_step" points=3
check.batch_step(batch_step)

# %% [markdown] hint="batch_step"
# Write the step for the symbols `X_batch` and `y_batch` first, as if they were inputs. Then say with `givens` what stands for them.

# %% [markdown] hint="batch_step"
# `cost = loss(model, X_batch, y_batch, reg * size / len(X))`, and `givens={X_batch: X_shared[rows], y_batch: ...}`. The only input is `number`.

# %% [markdown] hint="batch_step"
# ```python
# rows = number * size + pt.arange(size)
# cost = loss(model, X_batch, y_batch, ...)
# updates = [(p, p - lr * pt.grad(cost, p)) for p in model.values()]
# givens = {X_batch: X_shared[rows], y_batch: ...}
# return pytensor.function([number], cost, updates=updates, givens=..., mode=mode)
# ```

# %% [markdown]
# The handwritten digits, 32 hidden units, 44 batches of 32 (the last 29 of the 1,437 digits sit out), in a new order in each of 30 epochs.

# %% figure="digits" tags=["nbval-ignore-output"]
digits, rng = datasets.digits(), np.random.default_rng(0)
model = shared_model((64, 32, 10))
step = batch_step(model, digits.X_train, digits.y_train.astype("int64"), 0.5, reg=3.0, size=32, mode="JAX")
predict, losses, errors = predictor(model), [], []
for _ in range(30):
    losses.append(np.mean([float(step(number)) for number in rng.permutation(44)]))
    errors.append((predict(digits.X_test) != digits.y_test).mean())
print(f"held-out digits read correctly: {1 - errors[-1]:.1%}")
curves = {"loss of the batches": losses, "share of held-out digits misread": errors}
plotting.training_curves(curves, "Reading digits from batches on the device", "loss, or share", "epoch", log_y=True)

# %% [markdown]
# **What you should see:** the loss falls from above 1 to 0.23, most of it in the first ten epochs. The share of misread digits falls from 10 % to below 6 % in two epochs, wavers between 3 and 6 %, and ends near 2.5 %, as in chapter 1. The function has been called 1,320 times, each time with a single integer.

# %% [markdown] think="givens-or-inputs" points=1
# **Think.** With `givens`, nothing is copied at a call. What does it cost, and when is it impossible?
# <!-- BEGIN SOLUTION -->
# All data must fit into the memory of the device, beside the model and its activations. With data sets larger than that, batches have to travel; good programs then
# copy the next batch while the current one is computed. Also, consecutive rows always form a batch here: for truly random
# batches, one would shuffle the shared data from time to time, or hand over the row numbers as a vector.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - The loss is the program. `pt.grad` writes backpropagation, and a changed layer needs no new derivation.
# - From the same start, graph and NumPy agree step for step to rounding, as long as the step size is one that converges. Where it is too long, rounding grows,
#   and no two programs stay together.
# - "Equivalent" is a claim to be tested: a mean in place of a sum is a factor of $N$ in the step.
# - Sizes are checked when the function runs; names make the message readable.
# - Data in shared variables and an index as the input: nothing travels but a number.
#
# The result: the loss of 2015 after one step, and how far graph and NumPy are apart over 3,000 steps with learning rate 0.5.

# %% tags=["nbval-ignore-output"]
first = graph_run(2.0, 3000)[0][1]
largest = np.abs(graph_run(0.5, 3000)[0] - numpy_run(0.5, 3000)).max()
assert largest < 1e-12
assert abs(first - 0.432387) < 1e-6, "the first step should be WildML's: does the step use lr itself?"
headline(
    metric="moons loss after the first step; largest difference to NumPy in 3,000 steps",
    value=f"{first:.6f}; below 1e-12",
    published="0.432387; none (its two versions differed by a factor of 200 in step size)",
    source="WildML 2015, parts 1 and 2",
)

# %% [markdown]
# **What to try next:** ★ Give `train_step` the momentum of the lesson before. ★★ Halve the shared learning rate whenever the loss has risen: does the run that starts at 2.0 come down as far as the one at 0.5? ★★★ Compile the product of the
# Hessian with a vector, `pt.grad` of the sum of slope times vector, and find the curvature of the valley by power iteration. Compare it with 2/η: above this bound, steps of length η diverge.
#
# **References.** D. Britz, *Speeding up your neural network with Theano and the GPU*, WildML (2015), and *Implementing a Neural Network from Scratch in Python*, WildML (2015): the two versions compared
# here. J. Bergstra and others, *Theano: A CPU and GPU Math Compiler in Python*, Proceedings of the 9th Python in Science Conference (2010). A. Baydin and others, *Automatic Differentiation in Machine Learning: a
# Survey*, Journal of Machine Learning Research 18 (2018), 1-43. J. Cohen and others, *Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability*, ICLR (2021): why training often sits where the
# curvature is just 2/η.
