# %% [markdown] minutes=90
# # A neural network from scratch
# Two matrix products with one bend between them, and the chain rule: that is enough to read handwriting.
#
# **You will** build a network in NumPy, compute its gradient, prove the gradient right, and train it on real digits.
#
# Needs: matrix products, partial derivatives, NumPy indexing. No framework, and no network from a library.

# %% tags=["nbval-ignore-output"]
from functools import cache, partial

import numpy as np

from lib import datasets, headline, plotting, setup
from lib.checks.nn_theano.from_scratch import neural_network as check
from lib.models.network import init

setup(seed=0)

# %% [markdown]
# ## Two moons
# Here are 200 points from two classes. Each class is a half circle, blurred by noise, and the two half circles
# interlock. Your network will get the two coordinates of a point and must say which class it belongs to.

# %% figure="moons"
X, y = datasets.moons(200, noise=0.20, seed=0)
plotting.scatter(X, y, "Two moons")

# %% [markdown]
# Before building anything, ask what the simplest classifier can do. *Logistic regression* adds up the coordinates with
# a weight for each and compares the sum with a threshold, so its border is a straight line.

# %% figure="straight-line"
from sklearn.linear_model import LogisticRegression

line = LogisticRegression().fit(X, y)
plotting.decision_boundaries({"Logistic regression": line.predict}, X, y)

# %% [markdown]
# **What you should see:** the line finds the general direction and cuts off the tips of both moons. The best of all
# straight lines gets some 87 % right, hardly more. We need a border that bends.

# %% [markdown]
# ## From scores to probabilities
# The network will end with one *score* per class: any real number, larger for a likelier class. To speak of
# probabilities, we need positive numbers that sum to 1. The exponential makes a score positive, and dividing by the
# sum does the rest. This is the **softmax**:
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# We write $N$ for the number of examples and $K$ for the number of classes. The scores of all examples stand in one
# array `z` of shape $(N, K)$: *an example is a row*. One trap hides here. $e^{1000}$ is too large for a computer, but
# only *differences* of scores matter: take the same number from all scores of a row and $p$ stays the same.

# %% [markdown]
# ### Exercise · softmax  ●○○ · 5 minutes
# Turn rows of scores into rows of probabilities, for scores of any size.


# %% exercise="softmax"
def softmax(z: np.ndarray) -> np.ndarray:
    """Rows of scores to rows of probabilities.

    z: scores, shape (N, K), of any size.  Returns an array of shape (N, K) whose rows sum to 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# Run the check. If something is off, it tells you which mistake it sees.

# %% check="softmax" points=1
check.softmax(softmax)

# %% [markdown] hint="softmax"
# What is the largest exponent that can occur, if you first take each row's largest score from that row?

# %% [markdown] hint="softmax"
# $p_k = e^{z_k - m} / \sum_j e^{z_j - m}$ with $m = \max_j z_j$. In NumPy, `z.max(axis=1, keepdims=True)` has shape
# $(N, 1)$, so it can be subtracted from `z` row by row.

# %% [markdown] hint="softmax"
# ```python
# e = np.exp(z - ...)
# return e / e.sum(axis=..., keepdims=True)
# ```

# %% [markdown]
# ## The forward pass
# A **hidden layer** sits between the inputs and the scores. Each of its $H$ units takes its own weighted sum of the
# inputs and *bends* it with $\tanh$, which squeezes every number into $(-1, 1)$. Without the bend, two layers would
# collapse into one matrix, and the border would be a straight line again.
#
# $$z_1 = X W_1 + b_1 \qquad a_1 = \tanh(z_1) \qquad z_2 = a_1 W_2 + b_2 \qquad p = \mathrm{softmax}(z_2)$$
#
# With $D$ inputs, $W_1$ has shape $(D, H)$, $b_1$ has $(H,)$, $W_2$ has $(H, K)$ and $b_2$ has $(K,)$. They stand in
# a dict, the **model**: `model["W1"]` and so on. `init((D, H, K))` makes one: it draws the weights at random with
# variance 1 / (number of inputs of the layer), so that sums start neither tiny nor huge; the biases start at zero.

# %%
model = init((2, 3, 2), seed=0)
{name: values.shape for name, values in model.items()}

# %% [markdown]
# ### Exercise · forward  ●○○ · 5 minutes
# Translate the four equations, and return the hidden activations too: the way back will need them.


# %% exercise="forward"
def forward(model: dict, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the network computes for each row of X.

    model: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,).  X: inputs, shape (N, D).
    Returns the hidden activations a1, shape (N, H), and the class probabilities p, shape (N, K).
    """
    ### BEGIN SOLUTION
    a1 = np.tanh(X @ model["W1"] + model["b1"])
    p = softmax(a1 @ model["W2"] + model["b2"])
    return a1, p
    ### END SOLUTION


# %% [markdown]
# The check computes every unit of every example on its own, with loops, and compares.

# %% check="forward" points=1
check.forward(forward)

# %% [markdown] hint="forward"
# Rows are examples. Which product of `X` and `W1` gives one row of $H$ sums per example?

# %% [markdown] hint="forward"
# `X @ W1` has shape $(N, H)$, and adding `b1` of shape $(H,)$ adds it to every row.

# %% [markdown] hint="forward"
# ```python
# a1 = np.tanh(X @ model["W1"] + ...)
# p = softmax(a1 @ ... + ...)
# return a1, p
# ```

# %% [markdown]
# ## How wrong is it?
# Training needs one number that says how bad a model is. Take the probability $p_{i,y_i}$ that the network gives to the
# *true* class $y_i$ of example $i$. Its negative logarithm is 0 for a sure and correct answer, and grows without limit
# as the truth is called impossible. The mean over the examples is the **cross-entropy**.
#
# Large weights make wild borders, so we add a small price for them, the *L2 penalty* with strength $\lambda$:
#
# $$L = \frac1N \left[ -\sum_{i=1}^{N} \log p_{i,y_i} \;+\; \frac\lambda2 \left( \lVert W_1\rVert^2 + \lVert W_2\rVert^2 \right) \right]$$
#
# $\lVert W\rVert^2$ is the sum of the squared entries. Biases are free: they only shift the border. A network that knows
# nothing gives every class the probability $1/K$, so its loss is $\log K$, here $\log 2 = 0.693$. Remember this test:
# it finds many bugs before any training.

# %% [markdown]
# ### Exercise · loss  ●●○ · 10 minutes
# The probabilities of the true classes are one entry per row of `p`: row 0 at column `y[0]`, row 1 at column `y[1]`, …


# %% exercise="loss"
def loss(model: dict, X: np.ndarray, y: np.ndarray, reg: float) -> float:
    """Mean cross-entropy plus the L2 penalty.

    X: (N, D).  y: true classes, shape (N,), integers from 0 to K - 1.  reg: the strength λ of the penalty, >= 0.
    """
    ### BEGIN SOLUTION
    n = len(X)
    _, p = forward(model, X)
    data = -np.log(p[np.arange(n), y]).sum()
    penalty = reg / 2 * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum())
    return float((data + penalty) / n)
    ### END SOLUTION


# %% [markdown]
# Both parts of the loss are divided by $N$. The check notices if one of them is not.

# %% check="loss" points=2
check.loss(loss)

# %% [markdown] hint="loss"
# You need two lists of indices, one for the rows and one for the columns.

# %% [markdown] hint="loss"
# `p[np.arange(n), y]` has shape $(N,)$: the probability of the true class of each example. The penalty is
# `reg / 2 * (sum of squares of W1 + sum of squares of W2)`.

# %% [markdown] hint="loss"
# ```python
# n = len(X)
# _, p = forward(model, X)
# data = -np.log(p[..., ...]).sum()
# penalty = reg / 2 * (... + ...)
# return float((data + penalty) / n)
# ```

# %% [markdown]
# ## Backpropagation
# Which way is downhill? We need the derivative of $L$ by every weight, and the chain rule gives them all in one walk
# from the loss back to the inputs. Let $\delta$ be the derivative of $L$ by a layer's sums $z$: the *blame* that each sum
# bears for the loss.
#
# Begin at the scores $z$ of one example with true class $y$. There $-\log p_y = -z_y + \log \sum_j e^{z_j}$, and so
#
# $$\frac{\partial(-\log p_y)}{\partial z_k} = \frac{e^{z_k}}{\sum_j e^{z_j}} - [k = y] = p_k - [k = y]$$
#
# ($[k = y]$ is 1 if $k = y$ and 0 otherwise): *what the network said minus what it should have said*. For all examples at
# once, with $Y_{ik} = 1$ if example $i$ is of class $k$ and 0 otherwise,
#
# $$\delta_2 = \frac1N (p - Y), \qquad \frac{\partial L}{\partial W_2} = a_1^\top \delta_2 + \frac\lambda N W_2, \qquad \frac{\partial L}{\partial b_2} = \sum_i \delta_{2,i}$$
#
# One layer further back, the blame flows through $W_2$ and through the slope of the bend, $\tanh' = 1 - \tanh^2 = 1 - a_1^2$:
#
# $$\delta_1 = (\delta_2 W_2^\top) \odot (1 - a_1^2), \qquad \frac{\partial L}{\partial W_1} = X^\top \delta_1 + \frac\lambda N W_1, \qquad \frac{\partial L}{\partial b_1} = \sum_i \delta_{1,i}$$
#
# $\odot$ multiplies entry by entry. A good habit: every derivative has the shape of the thing it belongs to.

# %% [markdown]
# ### Exercise · gradients  ●●● · 20 minutes
# Write the six equations down in the order in which they stand. To get $p - Y$ without building $Y$, copy `p` and take
# 1 from the entry of the true class in each row.


# %% exercise="gradients"
def gradients(model: dict, X: np.ndarray, y: np.ndarray, reg: float) -> dict:
    """The derivative of the loss by every parameter.

    Arguments as in ``loss``.  Returns a dict with the keys and the shapes of ``model``.
    """
    ### BEGIN SOLUTION
    n = len(X)
    a1, p = forward(model, X)
    d2 = p.copy()
    d2[np.arange(n), y] -= 1
    d2 /= n
    d1 = (d2 @ model["W2"].T) * (1 - a1**2)
    return {
        "W1": X.T @ d1 + reg / n * model["W1"],
        "b1": d1.sum(axis=0),
        "W2": a1.T @ d2 + reg / n * model["W2"],
        "b2": d2.sum(axis=0),
    }
    ### END SOLUTION


# %% [markdown]
# The check measures the slope of the loss without backpropagation, and goes through your four gradients from the loss
# backwards. The first one that is wrong is where to look.

# %% check="gradients" points=4
check.gradients(gradients)

# %% [markdown] hint="gradients"
# Begin with $\delta_2$ and check its shape: one row per example, one column per class. Each gradient of a $W$ is a
# product of *what came into the layer*, transposed, and the δ *of the layer*.

# %% [markdown] hint="gradients"
# $(H, N) \times (N, K)$ gives the $(H, K)$ of $W_2$: that is `a1.T @ d2`. The sum over examples is `d2.sum(axis=0)`.

# %% [markdown] hint="gradients"
# ```python
# n = len(X)
# a1, p = forward(model, X)
# d2 = p.copy()
# d2[np.arange(n), y] -= 1
# d2 /= n
# d1 = (d2 @ ...) * (1 - ...)
# return {"W1": X.T @ d1 + ..., "b1": ..., "W2": ..., "b2": ...}
# ```

# %% [markdown]
# ## Never trust a gradient
# A wrong gradient does not crash. It trains, only worse, and you may never know why. So we measure the slope in a
# second way that knows nothing of the chain rule. Let $\theta$ stand for any array of parameters and $f(\theta)$ for the
# loss as a function of it. Nudge one entry $\theta_i$ up and down by a small $h$ and see how $f$ answers:
#
# $$\frac{\partial f}{\partial \theta_i} \approx \frac{f(\theta + h e_i) - f(\theta - h e_i)}{2h}$$
#
# $e_i$ is 1 at entry $i$ and 0 elsewhere. Stepping to *both* sides matters: the error then shrinks with $h^2$ rather
# than with $h$. It costs two evaluations per weight, so it is for checking, not for training.

# %% [markdown]
# ### Exercise · numerical gradient  ●●○ · 10 minutes
# Here `f` takes an array and returns a number. `np.ndindex(theta.shape)` walks through the index of every entry,
# whatever the shape.


# %% exercise="numerical_gradient"
def numerical_gradient(f, theta: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """The slope of f by every entry of theta, by central differences.

    f: function from an array to a number.  theta: array of any shape.  h: the step, > 0.
    Returns an array of the shape of theta.
    """
    ### BEGIN SOLUTION
    slope = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        e = np.zeros_like(theta)
        e[i] = h
        slope[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    return slope
    ### END SOLUTION


# %% [markdown]
# The check uses cubic functions, whose slopes it knows exactly.

# %% check="numerical_gradient" points=2
check.numerical_gradient(numerical_gradient)

# %% [markdown] hint="numerical_gradient"
# For one entry: build an array of zeros with $h$ at that entry. Which two arrays do you give to `f`?

# %% [markdown] hint="numerical_gradient"
# `e[i] = h`, then `f(theta + e)` and `f(theta - e)`. They are $2h$ apart.

# %% [markdown] hint="numerical_gradient"
# ```python
# slope = np.zeros_like(theta)
# for i in np.ndindex(theta.shape):
#     e = np.zeros_like(theta)
#     e[i] = ...
#     slope[i] = (... - ...) / (...)
# return slope
# ```

# %% [markdown]
# Now the trial. For each parameter, `loss_of` is the loss as a function of that array alone, and the bar shows how far
# your two gradients are apart, as a share of their size. The last bar is the gradient of `b2` as many tutorials compute
# it, WildML's of 2015 among them: for the *sum* over the examples, while the loss on the screen is the *mean*.

# %% figure="gradient-check" tags=["nbval-ignore-output"]
apart = {}
exact = gradients(model, X, y, reg=0.01)
for name in model:

    def loss_of(values, name=name):
        return loss({**model, name: values}, X, y, reg=0.01)

    measured = numerical_gradient(loss_of, model[name])
    apart[name] = np.abs(exact[name] - measured).max() / np.abs(measured).max()
assert max(apart.values()) < 1e-6
apart["b2, summed\nover examples"] = np.abs(len(X) * exact["b2"] - measured).max() / np.abs(measured).max()
plotting.bars(apart, "Backpropagation against measurement", "relative difference", log_y=True)

# %% [markdown]
# **What you should see:** four tiny bars, below one part in a million: the rounding error of the measurement. The fifth
# towers over them: the summed gradient is 200 times too long, so it lies 199 lengths away. It points in the right
# direction, which is why training worked all the same: the learning rate took up the factor. We will meet it again in a
# moment.

# %% [markdown]
# ## Gradient descent
# Stand on the loss, look which way is down, make a step, repeat. With the **learning rate** $\eta$, in the code `lr`, every
# parameter moves at once:
#
# $$\theta \leftarrow \theta - \eta \, \frac{\partial L}{\partial \theta}$$
#
# Each step uses *all* examples, so this is *full-batch* gradient descent. The next lesson changes that.

# %% [markdown]
# ### Exercise · train  ●●○ · 10 minutes
# Record the loss before the first step and after every step: `steps + 1` numbers. The caller keeps its start model, so
# build a new dict in each step instead of changing the old arrays.


# %% exercise="train"
def train(model: dict, X: np.ndarray, y: np.ndarray, lr: float, reg: float, steps: int) -> tuple[dict, list[float]]:
    """Full-batch gradient descent.

    model: where to start; it is not changed.  lr: learning rate, > 0.  reg: as in ``loss``.  steps: >= 0.
    Returns the trained model and the losses: before the first step, then after each.
    """
    ### BEGIN SOLUTION
    losses = [loss(model, X, y, reg)]
    for _ in range(steps):
        slope = gradients(model, X, y, reg)
        model = {name: model[name] - lr * slope[name] for name in model}
        losses.append(loss(model, X, y, reg))
    return model, losses
    ### END SOLUTION


# %% [markdown]
# The check takes three steps on its own, along slopes that it measures itself.

# %% check="train" points=3
check.train(train)

# %% [markdown] hint="train"
# What has to happen once before the loop, and which three things happen in every round?

# %% [markdown] hint="train"
# `{name: model[name] - lr * slope[name] for name in model}` is a new model, one step downhill.

# %% [markdown] hint="train"
# ```python
# losses = [loss(...)]
# for _ in range(steps):
#     slope = gradients(...)
#     model = {name: ... for name in model}
#     losses.append(...)
# return model, losses
# ```

# %% [markdown]
# ## A border that bends
# Three hidden units, a thousand steps. `predict` picks the most probable class.


# %% figure="three-hidden-units"
def predict(model, X):
    """The most probable class of each row of X."""
    return forward(model, X)[1].argmax(axis=1)


trained, losses = train(init((2, 3, 2)), X, y, lr=1.0, reg=0.01, steps=1000)
plotting.decision_boundaries({"3 hidden units": partial(predict, trained)}, X, y)

# %% [markdown]
# **What you should see:** one smooth S-shaped border between the moons. Three hidden units give three soft edges, and
# the output layer combines them.

# %% [markdown]
# ## The step size, and a curve from 2015
# WildML trained this very network: the same 200 points, the same start, 20,000 steps with learning rate 0.01. Its
# gradient was $N = 200$ times too large, so on the loss that it printed its real learning rate was $200 × 0.01 = 2$.
# Here is that run, arithmetic put right, beside smaller steps.

# %% figure="step-size"
curves = {}
for lr in (0.01, 0.1, 1.0, 2.0):
    _, curves[f"learning rate {lr}"] = train(init((2, 3, 2)), X, y, lr=lr, reg=0.01, steps=5000)
plotting.training_curves(curves, "The step size decides", "loss", log_x=True, log_y=True)

# %% [markdown]
# **What you should see:** after 5,000 steps, 0.01 is still on the plateau that the others left long ago. The curve of 2.0
# dives first, but then it stops and even *rises* a little, to 0.071, while 1.0 comes down to 0.068: a step that is too
# long jumps to and fro across the valley and cannot reach its floor. The rise is in the numbers that WildML printed, too.
# The sharp spikes, the tallest at 1.0, tell the same story: there a long step landed high on the other slope, and the
# next ones had to come down again.

# %%
_, losses = train(init((2, 3, 2)), X, y, lr=2.0, reg=0.01, steps=19_001)
for step, printed_2015 in ((1, 0.432387), (1001, 0.068947), (3001, 0.071218), (19_001, 0.071316)):
    print(f"after {step:>6} steps: {losses[step]:.5f}   WildML: {printed_2015:.5f}")

# %% [markdown]
# Many years, another Python and another linear algebra library lie between the two columns. (WildML counted from 0 and
# printed after the step, so its "iteration 0" is our step 1.)

# %% [markdown] think="why-not-zero" points=1
# **Think.** `init` draws random weights. What would happen if all weights and biases started at zero?
# <!-- BEGIN SOLUTION -->
# All hidden units would be the same: $a_1 = 0$, so the gradient of $W_2$ is zero, and $\delta_1 = \delta_2 W_2^\top = 0$,
# so the gradient of $W_1$ is zero too. Only $b_2$ could move, and with classes of equal size not even that. Even with equal weights other than zero, every hidden unit
# would get the same gradient and stay a copy of its neighbours. Randomness breaks the symmetry.
# <!-- END SOLUTION -->

# %% [markdown]
# ## How many hidden units?
# More units can bend the border more often. Let us see what they do with that freedom, from 1 to 50.

# %% figure="hidden-size-sweep" tags=["nbval-ignore-output"]
sizes = [1, 2, 3, 4, 5, 20, 50]


@cache  # trained once, asked for twice
def network(n_hidden):
    return train(init((2, n_hidden, 2)), X, y, lr=1.0, reg=0.01, steps=10_000)[0]


named = {f"{h} hidden": partial(predict, network(h)) for h in sizes}
plotting.decision_boundaries(named, X, y, title="The same points, more hidden units: accuracy on these points")

# %% [markdown]
# **What you should see:** one unit draws a straight line, three draw the moons, and from five on the border turns after
# single points that noise has put on the wrong side. The island in the fifth panel lies where there are no points at
# all: nothing there told the network what to say.
#
# Is a border that catches more points a better border? Only points that the network has *not* seen can tell. We draw
# 2,000 new ones and compare the loss on them with the loss on the old ones (both without the penalty). This is the test
# that the tutorial of 2015 did not make.

# %% figure="overfitting" tags=["nbval-ignore-output"]
X_new, y_new = datasets.moons(2000, noise=0.20, seed=1)
curves = {
    "the 200 training points": [loss(network(h), X, y, reg=0) for h in sizes],
    "2,000 new points": [loss(network(h), X_new, y_new, reg=0) for h in sizes],
}
right = [f"{h}: {(predict(network(h), X_new) == y_new).mean():.1%}" for h in sizes]
print("new points classified correctly, by hidden units:", ", ".join(right))
plotting.training_curves(
    curves, "What more units do on old points and on new", "loss", "hidden units", sizes, log_x=True
)

# %% [markdown]
# **What you should see:** the two curves part. On the training points, the loss falls until there are 20 units; on new
# points, the best network has three, and with 20 the loss is nearly twice as high. This gap is called **overfitting**: the
# network has learned the noise. The accuracy on new points, printed above the figure, drops by little more than one
# point, so there are not many more mistakes; but the network is *sure* of them, and that is what the loss punishes.

# %% [markdown] think="which-size" points=1
# **Think.** You have only the 200 points, and no way to draw new ones. How would you choose the number of hidden units?
# <!-- BEGIN SOLUTION -->
# Hold some points back: train on, say, 160 and choose the size that does best on the other 40, or rotate the held-out
# part (cross-validation). The points that made the choice are then used up: to *report* an accuracy, you need a third
# part that had no say in anything.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Real handwriting
# Nothing in your code knows that there were two inputs or two classes. So give it 64 inputs and ten classes: 1,797
# digits that people wrote by hand, as 8 × 8 grey values. 1,437 of them are for training; 360 stay hidden until the end.

# %% figure="digits"
digits = datasets.digits()
captions = [str(k) for k in digits.y_train[:18]]
plotting.digit_gallery(digits.X_train[:18], captions, "Handwritten digits, 8 × 8 pixels")

# %% [markdown]
# 32 hidden units make $64 \cdot 32 + 32 + 32 \cdot 10 + 10 = 2{,}410$ parameters. A knowing-nothing network would start
# near $\log 10 = 2.30$; a random one can begin a little above or below that. On 287 of the training digits held back for
# this choice, the penalties $\lambda = 0.1$, 1 and 3 did equally well and 10 did worse; we take 3.


# %% figure="digits-training" tags=["nbval-ignore-output"]
@cache
def reader():
    return train(init((64, 32, 10)), digits.X_train, digits.y_train, lr=1.0, reg=3.0, steps=1000)


marks = {"log 10: knows nothing": np.log(10)}
plotting.training_curves({"training loss": reader()[1]}, "Learning to read", "loss", log_y=True, marks=marks)

# %% [markdown]
# **What you should see:** a fall from 2.3 to 0.2, most of it in the first hundred steps. Now the exam: the
# 360 digits that the network has never seen. A row is what the digit *was*, a column what the network *said*.

# %% figure="confusion" tags=["nbval-ignore-output"]
said = predict(reader()[0], digits.X_test)
accuracy = (said == digits.y_test).mean()
assert accuracy >= 0.97, f"only {accuracy:.1%} of the held-out digits are read correctly"
plotting.confusion_matrix(digits.y_test, said, f"Held-out digits: {accuracy:.1%} correct")

# %% [markdown]
# **What you should see:** a bright diagonal and a handful of strays. Look at the strays one by one. Would you have read
# them?

# %% figure="misread" tags=["nbval-ignore-output"]
said = predict(reader()[0], digits.X_test)
wrong = np.flatnonzero(said != digits.y_test)
captions = [f"{digits.y_test[i]}, read {said[i]}" for i in wrong]
plotting.digit_gallery(digits.X_test[wrong], captions, "The digits it gets wrong")

# %% [markdown]
# **What you should see:** some are ambiguous even for you. Others you would read at once, the 0 among them: the network
# does not see strokes and loops, only 64 numbers.

# %% [markdown]
# ## Summary
# - A network is: weighted sums, a bend, weighted sums, softmax. Without the bend it is a straight line.
# - The loss is the mean of $-\log p_{i,y_i}$, plus a price for large weights. Knowing nothing costs $\log K$.
# - Backpropagation is the chain rule, walked backwards once. Check it against measured slopes before you trust it.
# - The learning rate is a length of step: too small crawls, too large jumps across the valley.
# - More hidden units can fit the training points more closely. New points decide whether that is good.
#
# The result: digits read correctly, beside a support vector machine on the same images, and the loss of 2015.

# %% tags=["nbval-ignore-output"]
read = (predict(reader()[0], digits.X_test) == digits.y_test).mean()
_, first = train(init((2, 3, 2)), X, y, lr=2.0, reg=0.01, steps=1)
headline(
    metric="held-out digits read correctly; moons loss after the first step",
    value=f"{read:.1%}; {first[1]:.6f}",
    published="97%; 0.432387",
    source="scikit-learn's digit classification example (SVC); WildML 2015",
)

# %% [markdown]
# **What to try next:** ★ Find the learning rate above which the digits stop learning. ★★ Draw the first-layer weights of
# a hidden unit as an 8 × 8 picture: what does it look for? ★★★ Replace the softmax and cross-entropy by a squared error,
# derive the new $\delta_2$, and prove it with your numerical gradient.
#
# **References.** D. Rumelhart, G. Hinton, R. Williams, *Learning representations by back-propagating errors*, Nature 323
# (1986), 533-536. I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), chapter 6, sections 6.2 and 6.5.
# D. Britz, *Implementing a Neural Network from Scratch in Python*, WildML (2015): the experiment that this lesson
# repeats. E. Alpaydin, C. Kaynak, *Cascading classifiers*, Kybernetika 34 (1998), 369-374: the digits.
