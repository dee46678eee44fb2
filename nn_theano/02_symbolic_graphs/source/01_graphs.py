# %% [markdown] minutes=100
# # Symbols, graphs and functions
# Write a formula once, and let a program differentiate it, simplify it and run it. That is how every deep learning
# library has worked since Theano.
#
# **You will** build expressions from symbols, compile them, let them differentiate themselves, and train with state that
# lives beside the function.
#
# Needs: the first chapter (softmax, cross-entropy, gradient descent), derivatives, NumPy.

# %% tags=["nbval-ignore-output"]
import numpy as np

from lib import datasets, headline, plotting, setup
from lib.checks.nn_theano.symbolic_graphs import graphs as check

setup(seed=0)

# %% [markdown]
# In 2008, a group in Montréal began **Theano**: a compiler for formulas, in Python. For nine years it taught a generation
# to think in graphs, and TensorFlow, JAX and PyTorch all learned from it. Its makers stopped in 2017, but nobody wanted to
# see it die. It was adopted, renamed and renewed, and today it lives on as **PyTensor**, the engine under the statistics
# package PyMC. The ideas in this lesson are Theano's; so are most of the names. (Import PyTensor after `lib`, which tells
# it to start quickly.)

# %%
import pytensor
import pytensor.tensor as pt

# %% [markdown]
# ## A symbol has no value yet
# In NumPy, `y = x**2 + 1` computes a number at once and forgets how. In PyTensor, `x` can be a **symbol**: a name with a
# type, and no value. Then `y = x**2 + 1` computes nothing. It writes down *how* $y$ would be computed.

# %%
x = pt.dscalar("x")  # d: double precision (float64); scalar: one number
y = x**2 + 1
print("x is", x, "of type", x.type)
print("y is the result of", y.owner)
print("with x = 3, y is", y.eval({x: 3.0}))

# %% [markdown]
# What `y` holds is an **expression**: the last result of a *graph*. `y.owner` is the node that computes it, `Add`, with
# two inputs: the constant 1 and `Pow.0`, the first (and only) output of the node that squares $x$. `.eval` puts numbers in place of the symbols and walks through the graph; it is handy for a
# look, and we will soon have something better.
#
# There is a symbol for every shape: `dvector`, `dmatrix`, and `lvector` for 64-bit integers such as class numbers.
# Functions come from `pt`: `pt.exp`, `pt.log`, `pt.tanh`, `pt.mean`. They do not compute either; each adds a node.

# %% [markdown]
# ### Exercise · the logistic function  ●○○ · 5 minutes
# Your first expression is the curve that squeezes any number into the range from 0 to 1:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$


# %% exercise="logistic"
def logistic(x):
    """The logistic function of x, as an expression.

    x: a symbol of any shape (float64).  Returns an expression of the same shape: nothing is computed or compiled here.
    """
    ### BEGIN SOLUTION
    return 1 / (1 + pt.exp(-x))
    ### END SOLUTION


# %% [markdown]
# The check puts numbers, and a matrix, in place of `x`.

# %% check="logistic" points=1
check.logistic(logistic)

# %% [markdown] hint="logistic"
# Write it as you would in NumPy, with `pt` in place of `np`.

# %% [markdown] hint="logistic"
# $-x$ is `-x`, $e^{-x}$ is `pt.exp(-x)`. The whole sum $1 + e^{-x}$ stands below the fraction bar, so it needs brackets.

# %% [markdown] hint="logistic"
# ```python
# return 1 / (1 + pt.exp(...))
# ```

# %% [markdown]
# ## From a graph to a function
# `pytensor.function(inputs, output)` **compiles** a graph: it makes a Python function that takes numbers for the inputs
# and returns the number of the output. Before it does so, it *rewrites* the graph, looking for something equal that is
# simpler, faster or more exact. Here are the graph that you wrote and the graph that will run.

# %% figure="logistic-graph"
x = pt.dscalar("x")
y = logistic(x)
y.name = "y"
sigma = pytensor.function([x], y)
print("σ(-2), σ(0), σ(2):", [round(float(sigma(number)), 4) for number in (-2, 0, 2)])
plotting.graph({"as you wrote it": y, "as it runs": sigma}, "One formula, two graphs")

# %% [markdown]
# **What you should see:** operations are boxes; symbols, constants and results are ellipses; data flow downwards. On the
# left, four operations: change the sign, exponential, plus 1, 1 divided by it. On the right there is one, `sigmoid`:
# PyTensor has recognised the formula and put its own careful version in its place. (If you wrote `pt.sigmoid`, both are
# the same.)
#
# A symbol with a type is a promise, and the compiled function holds you to it:

# %%
classes, matrix = pt.ivector("classes"), pt.dmatrix("matrix")
twice, summed = pytensor.function([classes], 2 * classes), pytensor.function([matrix], matrix.sum())
for function, argument in ((twice, np.array([0, 1, 2])), (summed, np.array([1.0, 2.0]))):
    try:
        function(argument)
    except TypeError as error:
        print(f"TypeError: {str(error).split('. If')[0]}\n")

# %% [markdown]
# The first is the most common error of all: NumPy's integers have 64 bits, and an `ivector` has 32. Use `lvector`. The
# second says that a vector is not a matrix.

# %% [markdown]
# ## The slope is a graph, too
# Now the idea that made Theano famous. `pt.grad(y, x)` does not measure a slope and does not return a number. It walks
# through the graph of $y$ from the end to the beginning, applies the chain rule at every node, and writes down a **new
# graph**: an expression for $\partial y / \partial x$, built from the same symbols. Whatever you can do with an expression,
# you can do with this one: print it, compile it, even differentiate it again.
#
# One rule: `y` must be one number, because the slope of a whole array by an array has too many answers. A loss is one
# number.

# %% [markdown]
# ### Exercise · value and slope  ●○○ · 8 minutes
# You are given a Python function `f` that builds an expression from a symbol, as `logistic` does. Make a symbol, build
# $f(x)$ and $f'(x)$, and compile both into *one* function. `pytensor.function` takes a list of outputs and then returns a
# list of numbers.


# %% exercise="value_and_slope"
def value_and_slope(f):
    """Compile f and its derivative.

    f: a Python function from a scalar symbol (float64) to a scalar expression.
    Returns a compiled function: it takes one number x and returns the two numbers f(x) and f'(x), in this order.
    """
    ### BEGIN SOLUTION
    x = pt.dscalar("x")
    y = f(x)
    return pytensor.function([x], [y, pt.grad(y, x)])
    ### END SOLUTION


# %% check="value_and_slope" points=2
check.value_and_slope(value_and_slope)

# %% [markdown] hint="value_and_slope"
# Three steps: a symbol of your own, the two expressions, the compiler.

# %% [markdown] hint="value_and_slope"
# `pt.dscalar("x")` makes the symbol. The expressions are $y = f(x)$ and `pt.grad(y, x)`. The inputs are `[x]`, the outputs
# a list of two.

# %% [markdown] hint="value_and_slope"
# ```python
# x = pt.dscalar("x")
# y = f(x)
# return pytensor.function([x], [y, ...])
# ```

# %% [markdown]
# The derivative of the logistic function is known in closed form: $\sigma'(x) = \sigma(x)\,(1 - \sigma(x))$. Nobody told PyTensor.

# %% figure="slopes"
both = value_and_slope(logistic)
xs = np.linspace(-6, 6, 49)
values, slopes = np.array([both(one) for one in xs]).T
print("differs from σ(1 - σ) by less than 1e-15:", bool(np.abs(slopes - values * (1 - values)).max() < 1e-15))
curves = {"σ(x)": values, "its slope, by pt.grad": slopes}
plotting.training_curves(curves, "The logistic function and its slope", "value", "x", xs)

# %% [markdown]
# **What you should see:** the slope is a hill, ¼ at its top where the curve crosses ½, and almost zero (0.0025) at both ends: far from 0 the curve is flat. The largest difference to the formula on paper is a
# rounding error of the last digit.
#
# Here is the graph behind the slope.

# %% figure="slope-graph"
x = pt.dscalar("x")
y = logistic(x)
slope = pt.grad(y, x)
y.name, slope.name = "y", "slope"
both = pytensor.function([x], [y, slope])
plotting.graph({"as built": [y, slope], "as it runs": both}, "The logistic function with its slope")

# %% [markdown]
# **What you should see:** (with the formula written as in the exercise) twelve operations on the left. The first four are
# yours; the other eight were written by `pt.grad`, clumsily, node by node, as the chain rule came along. (`fill` makes the
# slope of $y$ by itself, a 1 of the right shape. A `mul` with a single arrow multiplies its input by itself.) On the right all
# this has become *one* box: the rewriter found
# $\sigma(x)$ and $\sigma(x)\,\sigma(-x)$, and **fused** the four small operations that are left into one loop over the data.
# Fusion matters for large arrays: one walk through memory instead of four.

# %% [markdown] think="symbol-to-symbol" points=1
# **Think.** Your `numerical_gradient` of chapter 1 also returned slopes. Name two things that you can do with `pt.grad` and
# not with it.
# <!-- BEGIN SOLUTION -->
# `pt.grad` returns an expression, so (1) it can be differentiated again, or built into a larger formula such as $w - \eta\, \partial L/\partial w$
# and compiled as a part of it; (2) the rewriter can simplify it together with the value, so that both share their work. Also, it is
# exact up to rounding, and it costs about as much as the value itself, while a measured slope needs two evaluations of the
# function for each parameter.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A formula that is right and fails
# The rewriter does more than save time. Take two scores, 0 and 1000. Their softmax is $(e^{-1000}, 1)$ up to the last
# digit, and the logarithms of that are $-1000$ and $0$. But $e^{1000}$ is too large for a computer, and $e^{-1000}$ is
# too small: it becomes 0, whose logarithm is $-\infty$. Let us compute it in three ways. (A **mode** says how a graph is
# run. `Mode("py", optimizer=None)` is plain Python, with the rewriter switched off; "optimizer" is its name in the program.)

# %%
from pytensor.compile.mode import Mode

z = pt.dvector("z")
log_p = pt.log(pt.special.softmax(z))
scores = np.array([0.0, 1000.0])
with np.errstate(all="ignore"):
    print("NumPy, by the formula:  ", np.log(np.exp(scores) / np.exp(scores).sum()))
    print("PyTensor, not rewritten:", pytensor.function([z], log_p, mode=Mode("py", optimizer=None))(scores))
print("PyTensor:               ", pytensor.function([z], log_p)(scores))

# %% [markdown]
# The formula in NumPy breaks in both places. PyTensor's `softmax` subtracts the largest score first, as yours in chapter 1
# did; that mends the second number, not the first. With rewriting, both are exact. The graph shows how:

# %% figure="log-softmax"
z = pt.dvector("z")
by_formula = pt.log(pt.exp(z) / pt.exp(z).sum())
by_formula.name = "log p"
plotting.graph({"as written": by_formula, "as it runs": pytensor.function([z], by_formula)}, "The log of a softmax")

# %% [markdown]
# **What you should see:** we wrote the naive formula, exponentials and all. PyTensor has *recognised* a softmax under a
# logarithm and computes $\log p_k = (z_k - m) - \log \sum_j e^{z_j - m}$ with $m = \max_j z_j$ in one operation, `log softmax`, which takes no
# logarithm of a tiny number. (`expand dims` turns the sum, one number, into a vector of length 1, so that it can divide a vector.) You write what is
# right on paper; it runs what is right on a computer. Do not rely on it blindly: it recognises known patterns, and a pattern that is a little different
# passes unseen.

# %% [markdown]
# ### Exercise · cross-entropy  ●●○ · 8 minutes
# Build the loss of chapter 1 from scores: the mean over the examples of $-\log p_{i,y_i}$, where $p$ is the softmax of the
# scores. `pt.special.softmax(z, axis=1)` gives one softmax per row. One trap: a symbol has no length, so `len(y)` fails.
# But it has a *symbolic* shape: `y.shape[0]` is an expression, and `pt.arange` takes it.
#
# Training will need the slope of this loss, and `pt.grad` starts from the formula *as you write it*. So write it in the order of a known pattern:
# the logarithm of the whole softmax first. Then pick.


# %% exercise="cross_entropy"
def cross_entropy(z, y):
    """The mean cross-entropy of a batch, as an expression.

    z: scores, a matrix symbol (N, K), of any size (1000 must break neither the value nor its slope).
    y: true classes, a vector symbol (N,) of integers from 0 to K - 1.  Returns a scalar expression.
    """
    ### BEGIN SOLUTION
    log_p = pt.log(pt.special.softmax(z, axis=1))
    return -pt.mean(log_p[pt.arange(y.shape[0]), y])
    ### END SOLUTION


# %% check="cross_entropy" points=2
check.cross_entropy(cross_entropy)

# %% [markdown] hint="cross_entropy"
# Take the logarithm of all probabilities first. In NumPy you picked entries with two lists of indices, `p[np.arange(n), y]`. What stands for `n` here?

# %% [markdown] hint="cross_entropy"
# `log_p[pt.arange(y.shape[0]), y]` has shape $(N,)$: the log-probability of each example's true class.

# %% [markdown] hint="cross_entropy"
# ```python
# log_p = pt.log(pt.special.softmax(z, axis=...))
# return -pt.mean(log_p[pt.arange(...), ...])
# ```

# %% [markdown]
# Does the order matter? On paper, "pick, then log" is the same. Here are both, with the scores 0 and 1000, and class 0 for the truth:

# %%
z, y = pt.dmatrix("z"), pt.lvector("y")
p = pt.special.softmax(z, axis=1)
rows = pt.arange(y.shape[0])
for order, log_p in {"log, then pick": pt.log(p)[rows, y], "pick, then log": pt.log(p[rows, y])}.items():
    loss = -pt.mean(log_p)
    with np.errstate(all="ignore"):
        value, slope = pytensor.function([z, y], [loss, pt.grad(loss, z)])([scores], [0])
    print(f"{order}: loss {value:.0f}, its slope {slope[0]}")

# %% [markdown]
# The values agree, for the rewriter has found the pattern in both. But the slope of the second is **NaN**. `pt.grad` wrote down $-1/p_0$ times the slope of
# $p_0$. Where $p_0$ has become 0, that is $\infty \cdot 0$, and here the rewriter recognises nothing. One step of training would turn every weight
# into NaN. So look at slopes too, not only at values, and keep to the known pattern: the log of a softmax.

# %% [markdown]
# ## State: shared variables and updates
# So far, functions forget everything between two calls. Training needs a memory: the weights. A **shared variable** is a
# symbol *with* a value, which lives beside the compiled functions. Where they run on a GPU, it lives there, and nothing
# needs to be copied to and fro. `get_value` and `set_value` look at it from outside.
#
# How does a function change it? With **updates**: pairs *(shared variable, expression of its next value)*. Each call
# computes the outputs and all the next values, and then stores them.

# %%
count = pytensor.shared(0, name="count")
tick = pytensor.function([], count, updates=[(count, count + 1)])
print("three calls return", [int(tick()) for _ in range(3)], "and the count is now", count.get_value())

# %% [markdown]
# The output is the *old* value: outputs, too, are computed before anything is stored.

# %% [markdown]
# ### Exercise · a step of descent  ●●○ · 10 minutes
# Compile gradient descent. Each call shall move every parameter $\theta$ of a loss $L$ to $\theta - \eta\, \partial L / \partial \theta$, and return the loss from before the step. `pt.grad` takes a list of parameters, too, and then
# returns a list of slopes.
#
# The argument `mode` says how to run the step; hand it on. Without one, this course runs graphs as plain Python, which starts at once and computes slowly. Below, `mode="JAX"` will let
# JAX compile the step to machine code.


# %% exercise="descent_step"
def descent_step(loss, parameters: list, lr: float, mode=None):
    """Compile a step of gradient descent.

    loss: scalar expression.  parameters: the shared variables that it depends on.  lr: learning rate η.
    mode: how to run it; hand it on to pytensor.function.
    Returns a function without arguments: a call returns the loss and moves every parameter one step downhill.
    """
    ### BEGIN SOLUTION
    slopes = pt.grad(loss, parameters)
    updates = [(p, p - lr * slope) for p, slope in zip(parameters, slopes)]
    return pytensor.function([], loss, updates=updates, mode=mode)
    ### END SOLUTION


# %% check="descent_step" points=2
check.descent_step(descent_step)

# %% [markdown] hint="descent_step"
# The function has no inputs: everything it needs is shared. What is its output, and what are its updates?

# %% [markdown] hint="descent_step"
# For each parameter one pair: `(p, p - lr * slope)`. The second part is an expression; it contains `p` as a symbol.

# %% [markdown] hint="descent_step"
# ```python
# slopes = pt.grad(loss, parameters)
# updates = [(p, ...) for p, slope in zip(parameters, slopes)]
# return pytensor.function([], ..., updates=..., mode=mode)
# ```

# %% [markdown]
# ## All updates at once
# Two shared variables, two updates: which comes first? Neither. *Every* expression is computed from the old values, then
# all the new ones are stored together. So this needs no helper variable:

# %%
a, b = pytensor.shared(0, name="a"), pytensor.shared(1, name="b")
following = pytensor.function([], b, updates=[(a, b), (b, a + b)])
print("Fibonacci:", [int(following()) for _ in range(10)])

# %% [markdown]
# In Python, `a = b; b = a + b` would give 1, 2, 4, 8: there, the second line sees the new `a`. In a graph, it sees the
# old one. That is convenient here, and a trap in the next exercise.
#
# **Momentum** (Polyak, 1964) gives descent a memory of where it was going. Each parameter has a **velocity** $v$, which starts at zero; a
# slope pushes it, and friction leaves only the share $\mu$ of it in each step:
#
# $$v \leftarrow \mu\, v - \eta\, \frac{\partial L}{\partial \theta}, \qquad \theta \leftarrow \theta + v$$
#
# Where the slope stays the same, the pushes add up to $1 + \mu + \mu^2 + \dots = 1/(1-\mu)$ times the plain step. Across a narrow valley the slope changes its sign
# again and again, and the pushes cancel. Note the order: $\theta$ moves with the *new* velocity.

# %% [markdown]
# ### Exercise · momentum  ●●● · 12 minutes
# Each parameter needs a shared velocity of its own, of the same shape: `np.zeros_like(p.get_value())`. And each needs two
# updates. Think about which value of $v$ an update sees.


# %% exercise="momentum_step"
def momentum_step(loss, parameters: list, lr: float, mu: float, mode=None):
    """Compile a step of gradient descent with momentum.

    loss, parameters, lr, mode: as in ``descent_step``.  Velocities start at zero.
    mu: the share μ of the velocity that remains, at least 0 and below 1.
    Returns a function without arguments: a call returns the loss, and moves every velocity and every parameter.
    """
    ### BEGIN SOLUTION
    updates = []
    for p, slope in zip(parameters, pt.grad(loss, parameters)):
        v = pytensor.shared(np.zeros_like(p.get_value()))
        new_v = mu * v - lr * slope
        updates += [(v, new_v), (p, p + new_v)]
    return pytensor.function([], loss, updates=updates, mode=mode)
    ### END SOLUTION


# %% check="momentum_step" points=3
check.momentum_step(momentum_step)

# %% [markdown] hint="momentum_step"
# The new velocity is an expression. You can give it a name and use it twice.

# %% [markdown] hint="momentum_step"
# With `new_v = mu * v - lr * slope`, the two pairs are `(v, new_v)` and `(p, p + new_v)`. `p + v` would use the old velocity.

# %% [markdown] hint="momentum_step"
# ```python
# updates = []
# for p, slope in zip(parameters, pt.grad(loss, parameters)):
#     v = pytensor.shared(np.zeros_like(p.get_value()))
#     new_v = ...
#     updates += [(v, ...), (p, ...)]
# return pytensor.function([], loss, updates=updates, mode=mode)
# ```

# %% [markdown]
# ## Reading digits with one matrix
# Put the pieces together. **Softmax regression** is chapter 1's network without its hidden layer: the scores are
# $Z = XW + b$. Its loss is *convex*, a bowl with a single lowest point, so there is one right answer, and any solver that
# is patient enough must find it. scikit-learn's `LogisticRegression` finds it by another method (L-BFGS) with gradients
# derived by hand. We write the loss and nothing else, on the 1,437 handwritten digits of chapter 1 and with the
# same penalty, $\lambda = 3$. (scikit-learn adds ½‖W‖² to $C$ times the *summed* cross-entropy. That is our loss times $N / \lambda$, with $C = 1/\lambda$.)


# %%
digits = datasets.digits()
X = pytensor.shared(digits.X_train, name="X", shape=digits.X_train.shape)  # a known shape: the compiler asks for it
y = pytensor.shared(digits.y_train.astype("int64"), name="y", shape=digits.y_train.shape)


def regression(reg=3.0):
    """The loss of a softmax regression that knows nothing yet, and its parameters."""
    W, b = pytensor.shared(np.zeros((64, 10)), name="W"), pytensor.shared(np.zeros(10), name="b")
    n = len(digits.X_train)
    return cross_entropy(X @ W + b, y) + reg / (2 * n) * (W**2).sum(), [W, b]


# %% [markdown]
# Plain descent and momentum, 1,000 steps each. The two functions do real work, so we let JAX compile them: `mode="JAX"`. The rates suit the methods: with 3,
# plain descent ends at 0.00014 above the lowest point in place of 0.0003, and with 4 it no longer comes to rest.

# %% figure="convergence" tags=["nbval-ignore-output"]
from sklearn.linear_model import LogisticRegression

sk = LogisticRegression(C=1 / 3, tol=1e-8, max_iter=10_000).fit(digits.X_train, digits.y_train)
loss, (W, b) = regression()
W.set_value(sk.coef_.T)
b.set_value(sk.intercept_)
lowest = float(loss.eval())
plans = {"plain descent, η = 2": (descent_step, 2.0), "momentum, η = 1, μ = 0.95": (momentum_step, 1.0, 0.95)}
curves = {}
for name, (method, *settings) in plans.items():
    step = method(*regression(), *settings, mode="JAX")
    curves[name] = np.maximum([float(step()) - lowest for _ in range(1000)], 1e-12)
plotting.training_curves(curves, "Down to the lowest point", "loss above scikit-learn's", log_y=True)

# %% [markdown]
# **What you should see:** plain descent is quick at first and then creeps: after 1,000 steps it is some 0.0003 above the
# lowest point. Momentum overshoots and swings, dives below the other curve after about a hundred steps, and arrives: the distance falls by the same *factor* again and again,
# down to a ten-billionth or so. Two programs that share no line of code agree on the lowest
# point. (Where the distance is that small, the last digits also depend on how precisely scikit-learn stopped.)
#
# What has it learned? Each class has 64 weights, one per pixel: a picture.

# %% figure="weights" tags=["nbval-ignore-output"]
loss, (W, b) = regression()
step = momentum_step(loss, [W, b], 1.0, 0.95, mode="JAX")
for _ in range(500):
    step()
# After a step in JAX mode, get_value() is one of JAX's arrays; np.asarray makes it NumPy's.
said = (digits.X_test @ np.asarray(W.get_value()) + np.asarray(b.get_value())).argmax(axis=1)
print(f"held-out digits read correctly: {(said == digits.y_test).mean():.1%}")
plotting.digit_gallery(np.asarray(W.get_value()).T, [str(k) for k in range(10)], "What each class looks for", columns=5)

# %% [markdown]
# **What you should see:** dark pixels speak for the class, light ones against it. The 0 has a light hole in its middle:
# ink there speaks against a zero. One matrix reads some 96 % of the held-out digits; the hidden layer of
# chapter 1 brought 97.5 %.
#
# Finally, what did the rewriter do with the whole training step? We count the operations before and after.

# %%
from pytensor.graph.traversal import ancestors  # everything that a result is computed from

loss, parameters = regression()
written = {node.owner for node in ancestors([loss]) if node.owner}
with_slopes = {node.owner for node in ancestors([loss, *pt.grad(loss, parameters)]) if node.owner}
running = descent_step(loss, parameters, lr=1.0).maker.fgraph.apply_nodes  # the nodes of the graph that runs
print(f"loss: {len(written)} operations; loss and slopes: {len(with_slopes)}; the compiled step: {len(running)}")

# %% [markdown]
# You wrote the first number. `pt.grad` wrote the rest, and the rewriter cut the whole down again, the updates included.

# %% [markdown] think="reading-order" points=1
# **Think.** Somebody writes `updates=[(W, W - lr * gW), (W, W * 0.99)]`, to shrink the weights after each step. PyTensor refuses. Why
# is that a kindness, and what should be written?
# <!-- BEGIN SOLUTION -->
# All updates are computed from the old values and stored together, so two of them would give `W` two different next values
# and one would be lost. There is one next value, so there must be one expression: `(W, 0.99 * (W - lr * gW))`.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A **symbol** has a type and no value. An **expression** is a graph of operations on symbols.
# - `pytensor.function` rewrites a graph and makes a function of it. The rewriter simplifies, fuses small operations, and replaces
#   formulas that overflow by ones that do not.
# - `pt.grad` goes from graph to graph: the slope is an expression like any other.
# - **Shared variables** hold the state; **updates** change it. All of them read the old values.
# - Write the loss; descent, momentum and whatever comes next are written once, for every loss there is.
#
# The result: the lowest point of a convex loss, beside the one that scikit-learn finds.

# %% tags=["nbval-ignore-output"]
step = momentum_step(*regression(), 1.0, 0.95, mode="JAX")
losses = [float(step()) for _ in range(1000)]
assert abs(losses[-1] - 0.361204) < 1e-6
headline(
    metric="lowest loss of softmax regression on the digits, gradients by pt.grad",
    value=f"{losses[-1]:.6f}",
    published="0.361204",
    source="scikit-learn's LogisticRegression (L-BFGS, gradients derived by hand), run on the same loss",
)

# %% [markdown]
# **What to try next:** ★ Compile the second derivative of `logistic`: `pt.grad` of `pt.grad`. Where is it zero? ★★ Write
# $\log(1 - \sigma(x))$ and look at the graph that runs: which function has taken its place? ★★★ Write *RMSprop*: divide each slope
# by the root of a running mean of its squares, kept in a shared variable.
#
# **References.** J. Bergstra and others, *Theano: A CPU and GPU Math Compiler in Python*, Proceedings of the 9th Python in
# Science Conference (2010), doi 10.25080/Majora-92bf1922-003: the ideas of this lesson, explained with logistic regression. PyTensor's documentation,
# [pytensor.readthedocs.io](https://pytensor.readthedocs.io). B. Polyak, *Some methods of speeding up the convergence of
# iteration methods*, USSR Computational Mathematics and Mathematical Physics 4 (1964), 1-17. D. Britz, *Speeding up your
# neural network with Theano and the GPU*, WildML (2015), introduced the same terms with the network that comes next.
