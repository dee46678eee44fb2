# %% [markdown] minutes=70
# # How fast, and on what
# One network, five engines, two sizes, and no engine that wins both. This lesson measures honestly, and finds out why.
#
# **You will** build a stopwatch that cannot be fooled, race NumPy, PyTensor and TensorFlow, explain the winners by counting
# operations and bytes, and decide when a compiler pays.
#
# Needs: the network of chapter 1 and its graph from the previous lesson, matrix products.

# %% tags=["nbval-ignore-output"]
from functools import cache

import numpy as np

from lib import datasets, device, headline, plotting, setup
from lib.checks.nn_theano.symbolic_graphs import how_fast as check
from lib.quiet import tensorflow as tf

setup(seed=0)

# %% [markdown]
# ## One step, two sizes
# The race is run over one *gradient step* of the network that you know: $N$ points with $D = 2$ coordinates, $H$ hidden
# tanh units, $K = 2$ classes. Once it is **small**: the 200 moons and 3 hidden units of chapter 1. Once it is **large**: 5,000
# points and 1,000 hidden units, the sizes with which WildML took this network to a GPU in 2015. Learning rate and
# penalty are 0.01 there, and so they are here.
#
# Everybody starts from the same weights. Here is the first competitor, chapter 1's NumPy. It hands out two functions:
# `step()` makes one step and returns the new $W_1$, and `weights()` says where the model stands.

# %%
from lib.models import network

SMALL, LARGE = (200, 3), (5000, 1000)


def problem(n: int, hidden: int, dtype: str = "float32") -> tuple:
    """A start model, n points and their classes as rows of 0 and 1, shape (n, 2), all of one dtype."""
    X, y = datasets.moons(n, noise=0.20, seed=0)
    model = {name: values.astype(dtype) for name, values in network.init((2, hidden, 2)).items()}
    return model, X.astype(dtype), np.eye(2, dtype=dtype)[y]


def numpy_step(model, X, Y, lr=0.01, reg=0.01):
    y, model = Y.argmax(axis=1), dict(model)

    def step():
        slope = network.gradients(model, X, y, reg)
        for name in model:
            model[name] = model[name] - lr * slope[name]
        return model["W1"]

    return step, lambda: model


# %% [markdown]
# ## An honest stopwatch
# Read the clock, call the function, read the clock again: three traps wait here.
#
# - **The first call** compiles, fills caches and asks for memory. It belongs on another bill, so call the function once
#   before you measure.
# - **A busy moment.** Your computer does other things too. One slow round in ten drags the *mean* along. The **median**, the
#   middle of the sorted times, does not care.
# - **Results that are not there yet.** JAX returns at once and computes in the background, on a GPU and even on a CPU. Who
#   only calls, times the *launch*. `np.asarray(result)` needs the numbers and so waits for them.

# %% [markdown]
# ### Exercise · an honest stopwatch  ●●○ · 10 minutes
# `clock` is a parameter so that the check can hand you a clock of its own; in real life it is `time.perf_counter`.

# %% exercise="median_seconds"
import time


def median_seconds(work, rounds: int, clock=time.perf_counter) -> float:
    """How many seconds a call of ``work`` usually takes.

    work: a function without arguments. It returns an array, which may still be computing.
    rounds: how many calls are timed, >= 1, each on its own; one more before them is not.
    clock: a function without arguments that says the time in seconds.
    Returns the median over the rounds (of an even number: the mean of the two in the middle).
    """
    ### BEGIN SOLUTION
    np.asarray(work())
    seconds = []
    for _ in range(rounds):
        start = clock()
        np.asarray(work())
        seconds.append(clock() - start)
    return float(np.median(seconds))
    ### END SOLUTION


# %% [markdown]
# The check runs it on a machine that does not exist: its clock moves only when somebody works or waits.

# %% check="median_seconds" points=2
check.median_seconds(median_seconds)

# %% [markdown] hint="median_seconds"
# What must happen once before the loop, and which three things in each round?

# %% [markdown] hint="median_seconds"
# The time of a round is $t_\text{after} - t_\text{before}$, and the result must be there before you read $t_\text{after}$.
# The uncounted call must be finished, too, before the first round begins.

# %% [markdown] hint="median_seconds"
# ```python
# np.asarray(work())
# seconds = []
# for _ in range(rounds):
#     start = ...
#     np.asarray(...)
#     seconds.append(... - start)
# return float(np.median(...))
# ```

# %% [markdown]
# ## The competitors
# **PyTensor** writes the graph once and hands it to a compiler. Which one, the *mode* says:
#
# - `"CVM"` translates the nodes of the graph to **C**, one by one, and calls a C compiler;
# - `"NUMBA"` translates the graph to Python functions, and **Numba** compiles them to machine code;
# - `"JAX"` translates it for **JAX**, whose compiler XLA sees the whole graph at once.
#
# Everything lives in shared variables: the model, and the data too, as in the ancestor's GPU notebook. The function has
# no inputs and no outputs, only updates. The classes come as rows of 0 and 1, the $Y$ of chapter 1: picking an entry by
# its index would cost Numba 7 more seconds of compiling, and XLA wants to know all shapes in advance.

# %%
import pytensor
import pytensor.tensor as pt


@cache  # compiled once per mode; another problem is only put into its shared variables
def pytensor_graph(mode, lr=0.01, reg=0.01):
    with pytensor.config.change_flags(floatX="float32"):  # or the constant 0.01 makes everything float64, see below
        dimensions = {"W1": 2, "b1": 1, "W2": 2, "b2": 1, "X": 2, "Y": 2}
        state = {name: pytensor.shared(np.zeros(d * [1], "float32"), name) for name, d in dimensions.items()}
        W1, b1, W2, b2, X, Y = state.values()
        p = pt.special.softmax(pt.tanh(X @ W1 + b1) @ W2 + b2, axis=1)
        penalty = reg / 2 * ((W1**2).sum() + (W2**2).sum())
        loss = (-(Y * pt.log(p)).sum() + penalty) / X.shape[0].astype("float32")
        parameters = [W1, b1, W2, b2]
        slopes = pt.grad(loss, parameters)
        updates = [(theta, theta - lr * slope) for theta, slope in zip(parameters, slopes, strict=True)]
        return pytensor.function([], [], updates=updates, mode=mode), state


def pytensor_step(model, X, Y, mode):
    function, state = pytensor_graph(mode)
    for name, values in {**model, "X": X, "Y": Y}.items():
        state[name].set_value(values)

    def step():
        function()
        return state["W1"].get_value(borrow=True, return_internal_type=True)  # the array itself, not a copy

    return step, lambda: {name: np.asarray(state[name].get_value()) for name in model}


# %% [markdown]
# **TensorFlow** has no separate language for graphs. You write the step as if it computed at once. `tf.GradientTape`
# records what happens, plays it back for the gradient, and the decorator `tf.function` turns all of it into a graph the
# first time that it is called.


# %%
def tensorflow_step(model, X, Y, lr=0.01, reg=0.01):
    model = {name: tf.Variable(values) for name, values in model.items()}
    X, Y = tf.constant(X), tf.constant(Y)

    @tf.function(autograph=False)  # there is no Python loop in it to be translated
    def one_step():
        with tf.GradientTape() as tape:
            p = tf.nn.softmax(tf.tanh(X @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"])
            penalty = reg / 2 * (tf.reduce_sum(model["W1"] ** 2) + tf.reduce_sum(model["W2"] ** 2))
            loss = (-tf.reduce_sum(Y * tf.math.log(p)) + penalty) / len(X)
        for name, slope in tape.gradient(loss, model).items():
            model[name].assign_sub(lr * slope)

    def step():
        one_step()
        return model["W1"]

    return step, lambda: {name: values.numpy() for name, values in model.items()}


# %% [markdown]
# ## The bill before the first step
# A compiler wants to be paid in advance. How long is it from the order to the first result? C and Numba take long the
# first time; what they compiled then stays on the disk, and the next kernel only loads it. So the second time you run this
# cell, the numbers are much smaller.


# %% tags=["nbval-ignore-output"]
def first_result(make, size, dtype="float32"):
    """Seconds from the start of the work to the first result; ``make`` is one of the competitors."""
    start = time.perf_counter()
    step, _ = make(*problem(*size, dtype))
    np.asarray(step())
    return time.perf_counter() - start


ways = {
    "NumPy, float64": (numpy_step, "float64"),
    "NumPy": (numpy_step, "float32"),
    "PyTensor, C": (lambda *given: pytensor_step(*given, mode="CVM"), "float32"),
}
bill = {name: first_result(make, SMALL, dtype) for name, (make, dtype) in ways.items()}
{name: f"{seconds:.2f} s" for name, seconds in bill.items()}

# %% [markdown]
# C needs a compiler run for each kind of node. Numba compiles Python code, with as much patience:

# %% tags=["nbval-ignore-output"]
ways["PyTensor, Numba"] = (lambda *given: pytensor_step(*given, mode="NUMBA"), "float32")
bill["PyTensor, Numba"] = first_result(ways["PyTensor, Numba"][0], SMALL)
print(f"PyTensor, Numba: {bill['PyTensor, Numba']:.2f} s")

# %% [markdown]
# And two that were made to compile while somebody waits:

# %% tags=["nbval-ignore-output"]
ways["PyTensor, JAX"] = (lambda *given: pytensor_step(*given, mode="JAX"), "float32")
ways["TensorFlow"] = (tensorflow_step, "float32")
for name in ("PyTensor, JAX", "TensorFlow"):
    bill[name] = first_result(ways[name][0], SMALL)
    print(f"{name}: {bill[name]:.2f} s, and {first_result(ways[name][0], LARGE):.2f} s more for the large problem")

# %% [markdown]
# With nothing on the disk, on a two-core machine in November 2026, the bill was: Numba 15 s, C 10 s, JAX 1 s, TensorFlow
# 0.3 s, NumPy nothing. JAX and TensorFlow compile again for the large problem, because they look at the shapes; that
# costs a fraction of a second more. C and Numba make one function for all shapes.

# %% [markdown]
# ## The same work?
# A race is fair if everybody runs the same distance. The tutorial of 2015 compared two versions whose steps differed by a
# factor of 200 in length. So we let each of ours make ten steps, and one judge, chapter 1's `loss` in float64, says where
# they stand.

# %% tags=["nbval-ignore-output"]
after_ten = []
for size in (SMALL, LARGE):
    X, y = datasets.moons(size[0], noise=0.20, seed=0)
    losses = {}
    for name, (make, dtype) in ways.items():
        step, weights = make(*problem(*size, dtype))
        for _ in range(10):
            step()
        model = {key: values.astype("float64") for key, values in weights().items()}
        losses[name] = network.loss(model, X, y, reg=0.01)
        print(f"{size[0]:>5} × {size[1]:<5} {name:<16} loss after 10 steps: {losses[name]:.6f}")
    assert max(losses.values()) - min(losses.values()) < 1e-4
    after_ten.append(f"{losses['NumPy, float64']:.4f}")
    exact = make(*problem(*size, "float64"))  # TensorFlow again, in double precision
    for _ in range(10):
        exact[0]()
    assert abs(network.loss(exact[1](), X, y, reg=0.01) - losses["NumPy, float64"]) < 1e-6

# %% [markdown]
# Float32 carries seven digits; the five that compute in it agree with NumPy in float64 to more than four. In float64,
# TensorFlow agrees with NumPy to one part in a million, and better. It is one network.

# %% [markdown]
# ## The race
# Where nothing else is written, the competitors compute in float32. The dotted line is NumPy.


# %% figure="race" tags=["nbval-ignore-output"]
@cache
def race(size):
    """Milliseconds per step of each competitor."""
    rounds = {SMALL: 500, LARGE: 11}[size]
    return {
        name: 1000 * median_seconds(make(*problem(*size, dtype))[0], rounds) for name, (make, dtype) in ways.items()
    }


panels = {"200 × 3 (ms per step)": race(SMALL), "5,000 × 1,000 (ms per step)": race(LARGE)}
panels["before the first step (s)"] = {name: seconds for name, seconds in bill.items() if "NumPy" not in name}
plotting.bar_panels(panels, "One gradient step, three prices", log_x=True, mark="NumPy")

# %% [markdown]
# **What you should see:** two races, two winners. (Logarithmic axes have no zero: read the numbers, not the lengths.) On the
# small problem, Numba wins, C and JAX are a little slower than NumPy, and TensorFlow is far behind. On the large problem,
# TensorFlow is in front, JAX is close to NumPy, and C and Numba, the winner of the left, are far behind *NumPy*. Your numbers differ;
# these come from one run, by the clock on the wall, on two cores in November 2026 (milliseconds per step, and the speed
# relative to NumPy in float32):
#
# | | 200 × 3 | | 5,000 × 1,000 | |
# |---|---:|---:|---:|---:|
# | NumPy, float64 | 0.052 | 1.0 × | 60 | 0.37 × |
# | NumPy | 0.051 | 1 × | 22 | 1 × |
# | PyTensor, C | 0.074 | 0.69 × | 82 | 0.27 × |
# | PyTensor, Numba | 0.020 | 2.5 × | 137 | 0.16 × |
# | PyTensor, JAX | 0.066 | 0.77 × | 20 | 1.1 × |
# | TensorFlow | 0.43 | 0.12 × | 11.5 | 1.9 × |
#
# An earlier run on two such cores gave JAX 2 × and TensorFlow 1.8 × on the large problem: do not bet between those two. "Use a
# compiler and it will be faster" is false in five of the eight cells below NumPy. Why?

# %% [markdown]
# ## The small problem: the price of a call
# 200 × 3 is nothing: the arithmetic takes a few microseconds. What takes time is everything *around* it. Each call from
# Python into a library has a price: arguments are unpacked and checked, memory is fetched, a result is wrapped. Let us
# measure how long it takes to do next to nothing.


# %% figure="overhead" tags=["nbval-ignore-output"]
def overhead():
    """Microseconds of calls that compute next to nothing."""
    one, variable = np.ones(1, "float32"), tf.Variable(1.0)
    nothing = tf.function(lambda: variable.assign_add(1.0), autograph=False)
    calls = {"one NumPy call": lambda: np.tanh(one), "one call of a tf.function": nothing}
    return {name: 1e6 * median_seconds(call, 1000) for name, call in calls.items()}


plotting.bar_panels({"microseconds": overhead()}, "What it costs to compute nothing", log_x=True)

# %% [markdown]
# **What you should see:** a microsecond or less against one or two hundred, and more on a busy machine. NumPy's step consists of some 35 calls, and most
# cost more than this simplest one, so it cannot take less than some tens of microseconds. Numba has compiled all of them
# into one: this is where it wins. TensorFlow pays its entrance fee only once per step, but that alone costs more than
# NumPy's whole step. It was built for steps that take so long that the fee does not matter.

# %% [markdown] think="many-small-steps" points=1
# **Think.** You must train the small network for 20,000 steps in TensorFlow. How can you pay the entrance fee less often?
# <!-- BEGIN SOLUTION -->
# Put the loop into the graph: a `tf.function` that contains `for _ in tf.range(1000): …` makes a thousand steps per
# call, and the fee is paid 20 times in all. Each operation inside still has a price of its own, though a smaller one.
# (PyTensor's `scan` and JAX's `fori_loop` do the same.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## The large problem: count the operations
# Now the arithmetic matters, so let us count it. A product of a $(n, m)$ and a $(m, l)$ matrix has $n \cdot l$ entries, and
# each is a sum of $m$ products: $m$ multiplications and, if the sum starts from zero, $m$ additions. That makes $2\,n\,m\,l$
# **floating-point operations**.
#
# A step has two matrix products on the way forward, $X W_1$ and $a_1 W_2$, and three on the way back: $a_1^\top \delta_2$,
# $\delta_2 W_2^\top$ and $X^\top \delta_1$.

# %% [markdown]
# ### Exercise · operations of a step  ●○○ · 5 minutes
# Add up the five products.


# %% exercise="operations"
def operations(N: int, D: int, H: int, K: int) -> int:
    """Floating-point operations in the matrix products of one gradient step.

    N: examples.  D: inputs.  H: hidden units.  K: classes.  X is (N, D), W1 (D, H), W2 (H, K).
    """
    ### BEGIN SOLUTION
    forward = 2 * N * D * H + 2 * N * H * K
    backward = 2 * H * N * K + 2 * N * K * H + 2 * D * N * H
    return forward + backward
    ### END SOLUTION


# %% [markdown]
# The check counts: it runs chapter 1's gradients on arrays that take notes of each product.

# %% check="operations" points=1
check.operations(operations)

# %% [markdown] hint="operations"
# Write down the two shapes of each of the five products first.

# %% [markdown] hint="operations"
# $X W_1$ multiplies $(N, D)$ by $(D, H)$: $2NDH$ operations. $a_1^\top \delta_2$ multiplies $(H, N)$ by $(N, K)$: $2HNK$.

# %% [markdown] hint="operations"
# ```python
# forward = 2 * N * D * H + 2 * ...
# backward = 2 * H * N * K + 2 * ... + 2 * ...
# return forward + backward
# ```

# %% [markdown]
# ## … and the bytes
# A processor can compute only with numbers that have arrived. The hidden layer of the large problem has $5{,}000 × 1{,}000$
# entries: 20 megabytes in float32, too many for a processor's caches. So they travel from the main memory and back for each
# operation. Say a piece of work needs $F$ operations and moves $B$ bytes, on a machine that can do $P$ operations (its
# *peak*) and move $\beta$ bytes (its *bandwidth*) per second. Computing and moving go on side by side, so at best the slower of
# the two sets the time:
#
# $$t \;\ge\; \max\!\left(\frac{F}{P},\; \frac{B}{\beta}\right)$$
#
# This is the **roofline model**. It says what is possible, and it says what to improve.
#
# A step in NumPy is many such pieces, one after the other. A call ends before the next one begins, so the arithmetic of one
# piece never runs beside the memory traffic of another.

# %% [markdown]
# ### Exercise · the roofline  ●○○ · 5 minutes


# %% exercise="least_seconds"
def least_seconds(parts: list[tuple[float, float]], peak: float, bandwidth: float) -> float:
    """The shortest time in which a machine can do pieces of work, one after the other.

    parts: one or more; of each its floating-point operations and the bytes it moves, (F, B), both >= 0.
    peak: operations per second, > 0.  bandwidth: bytes per second, > 0.
    """
    ### BEGIN SOLUTION
    return sum(max(work / peak, traffic / bandwidth) for work, traffic in parts)
    ### END SOLUTION


# %% [markdown]
# The check tries both sides of the roof, and mixes them.

# %% check="least_seconds" points=1
check.least_seconds(least_seconds)

# %% [markdown] hint="least_seconds"
# How long is one piece busy with its arithmetic, and how long with its bytes? When may the next one begin?

# %% [markdown] hint="least_seconds"
# Two times per piece, $F / P$ and $B / \beta$. They run at the same moment, so the longer one counts. The pieces do not, so
# they add up: $\sum_i \max(F_i / P,\, B_i / \beta)$.

# %% [markdown] hint="least_seconds"
# ```python
# return sum(max(work / ..., ... / bandwidth) for work, traffic in parts)
# ```

# %% [markdown]
# Now for your machine. A product of two square matrices shows its peak, and copying a large array its bandwidth (each
# byte is read and written). With them, here is what the larger parts of the step should cost at least, and what they do
# cost in NumPy.


# %% tags=["nbval-ignore-output"]
def parts(dtype, n=5000, h=1000):
    """The larger parts of NumPy's step: name -> (a function that does it, its operations, its bytes)."""
    model, X, _ = problem(n, h, dtype)
    hidden, size = np.tanh(X @ model["W1"]), np.dtype(dtype).itemsize
    return {
        "X @ W1": (lambda: X @ model["W1"], 4 * n * h, n * h * size),
        "z1 + b1": (lambda: hidden + model["b1"], n * h, 2 * n * h * size),
        "tanh(z1)": (lambda: np.tanh(hidden), n * h, 2 * n * h * size),
        "a1 @ W2": (lambda: hidden @ model["W2"], 4 * n * h, n * h * size),
        "1 - a1**2": (lambda: 1 - hidden**2, 2 * n * h, 4 * n * h * size),
        "X.T @ δ1": (lambda: X.T @ hidden, 4 * n * h, n * h * size),
    }


def machine(dtype="float32", n=1000):
    """Operations and bytes per second of this computer."""
    square, long, target = np.ones((n, n), dtype), np.ones(10_000_000, dtype), np.ones(10_000_000, dtype)
    bandwidth = 2 * long.nbytes / median_seconds(lambda: np.copyto(target, long), 5)
    return 2 * n**3 / median_seconds(lambda: square @ square, 5), bandwidth


peak, bandwidth = machine()
print(f"peak {peak / 1e9:.0f} billion operations, bandwidth {bandwidth / 1e9:.1f} billion bytes per second")
total = operations(LARGE[0], 2, LARGE[1], 2)
print(f"matrix products of a step: {total / 1e6:.0f} million operations, {1000 * total / peak:.1f} ms at the peak")
for name, (run, *amounts) in parts("float32").items():
    bound = 1000 * least_seconds([amounts], peak, bandwidth)
    print(f"{name:<10} bound {bound:5.1f} ms, measured {1000 * median_seconds(run, 11):6.1f} ms")
bound = 1000 * least_seconds([amounts for _, *amounts in parts("float32").values()], peak, bandwidth)
print(f"together   bound {bound:5.1f} ms")

# %% [markdown]
# All matrix products together have 100 million operations, a millisecond or a few of pure arithmetic. That is little beside
# the step: these matrices are tall and *thin*, with two columns, and every part is bound by **memory**. On two quiet cores,
# NumPy's parts took between half and one and a half times their bound, `tanh` included. (The bound is an estimate: a
# part that is repeated finds some of its bytes in the cache. In the step, that is rarer; so the step took 22 ms, and the
# listed parts alone 8.) If one of your *products* is far above its bound, other programs hold your cores: the threads
# of a product wait for each other.
#
# So NumPy's parts are good; there are only too many of them. It runs through the 20 megabytes anew for each operation:
# once for `+ b1`, once for `tanh`, once for the square, once for the difference. A compiler that sees the whole graph
# **fuses** them into one pass. That is how TensorFlow and JAX win, and they also share the pass among the cores.

# %% [markdown]
# ## What the bend costs
# But why do C and Numba lose? They fuse, too. Look at `tanh`. It is not one operation but some twenty. NumPy and XLA
# compute it for 8 or 16 numbers at once, with the processor's **SIMD** instructions (*single instruction, multiple data*),
# so fast that the memory is the bottleneck. The C compiler and Numba call the mathematics library for one number after
# the other. Here is Numba's `tanh` beside NumPy's, and the other parts for comparison.

# %% figure="tanh" tags=["nbval-ignore-output"]
from numba import njit


@njit
def numba_tanh(z):
    return np.tanh(z)


def apart(dtype):
    """Milliseconds of the parts of the large step."""
    z1 = np.linspace(-3, 3, LARGE[0] * LARGE[1]).astype(dtype).reshape(LARGE)
    times = {f"NumPy: {name}": 1000 * median_seconds(run, 11) for name, (run, *_) in parts(dtype).items()}
    return times | {"Numba: tanh(z1)": 1000 * median_seconds(lambda: numba_tanh(z1), 5)}


panels = {f"{dtype} (ms)": apart(dtype) for dtype in ("float32", "float64")}
plotting.bar_panels(panels, "The large step, taken apart", mark="NumPy: tanh(z1)")

# %% [markdown]
# **What you should see:** one bar towers over NumPy's, Numba's `tanh`. (In the quiet run it took 56 ms in float32, where
# NumPy's took 2 ms and NumPy's *whole step* 22 ms.) The dotted lines mark NumPy's `tanh` in the two precisions: float64
# takes several times as long, 13 ms in that run, though it has only twice as many bytes. In float32, twice as many numbers
# fit into a SIMD instruction, and fewer terms are enough for seven digits.
#
# In C it is the same story. PyTensor's own profile of the step gives 84 % of the time to `tanh`, and 13 % to the matrix
# products (which C hands to NumPy here, since PyTensor is linked to no BLAS of its own). In Numba's step `tanh` is by far the
# largest part, too, and a thin product, $a_1^\top \delta_2$, the second. So the winner is not "the compiler". It is whoever has a
# fast `tanh` and makes few passes over the memory.

# %% [markdown]
# ## float32, everywhere
# For training, seven digits are enough, and they halve the memory and its traffic. The ancestor's first rule for the GPU was:
# *float32 everywhere, and scalars too*. One number in double precision is enough to pull a whole computation up:

# %%
weights = np.ones(3, dtype="float32")
for number in (0.01, np.float32(0.01), np.float64(0.01), np.array(0.01)):
    print(f"NumPy     float32 * {number!r:<17} is {(weights * number).dtype}")
symbol = pt.fvector("w")
for number, floatX in ((0.01, "float64"), (0.5, "float64"), (0.01, "float32")):
    with pytensor.config.change_flags(floatX=floatX):
        print(f"PyTensor  float32 * {number:<17} is {(symbol * number).dtype}, with floatX={floatX}")

# %% [markdown]
# For NumPy a Python float is *weak* and adapts itself; a `np.float64`, such as the result of `values.mean()`, does not. PyTensor
# makes a constant of it, of the smallest type that holds it *exactly*: 0.5 fits into float32, and 0.01 does not. The
# setting `floatX="float32"` says: never mind. Without it, the graph above would compute in double precision, and nobody
# would tell you.

# %% [markdown]
# ## When does a compile pay?
# The compiler's bill of $c$ seconds is paid back by what each step saves. After how many steps is it even?

# %% [markdown]
# ### Exercise · break-even  ●○○ · 5 minutes
# Some compilers never pay. Say so.


# %% exercise="break_even"
def break_even(compile_seconds: float, before: float, after: float) -> float:
    """The number of steps (not necessarily whole) after which a compile has paid.

    compile_seconds: what it takes, once, > 0.  before, after: seconds per step without and with it, > 0.
    Returns infinity if it never pays.
    """
    ### BEGIN SOLUTION
    if after >= before:
        return float("inf")
    return compile_seconds / (before - after)
    ### END SOLUTION


# %% [markdown]
# The check adds up both bills at your number of steps. They must be equal.

# %% check="break_even" points=1
check.break_even(break_even)

# %% [markdown] hint="break_even"
# What does one step save? And if that is nothing, or less?

# %% [markdown] hint="break_even"
# Solve $c + n\,t_\text{after} = n\,t_\text{before}$ for $n$. It has a positive solution only if $t_\text{after} < t_\text{before}$.

# %% [markdown] hint="break_even"
# ```python
# if after >= before:
#     return float("inf")
# return ... / (before - ...)
# ```

# %% [markdown]
# With the numbers of the table above, for the compile from nothing:

# %%
numpy_ms = {"200 × 3": 0.051, "5,000 × 1,000": 22}
rivals = {"C": (10, 0.074, 82), "Numba": (15, 0.020, 137), "JAX": (1, 0.066, 20), "TensorFlow": (0.3, 0.43, 11.5)}
for place, size in enumerate(numpy_ms, 1):
    for name, row in rivals.items():
        steps = break_even(row[0], numpy_ms[size] / 1000, row[place] / 1000)
        print(f"{size:<14} {name:<11} pays after {steps:,.0f} steps")

# %% [markdown]
# Half a million steps until Numba has paid, for a network that learns its moons in a thousand; and 29 until TensorFlow has,
# on the large problem. The bill is part of the price. (JAX saves only 2 ms per step here and needs 500 of them. Where it
# takes half as long as NumPy, it has paid after some 90.)

# %% [markdown]
# ## On a GPU
# The large problem is made for a GPU: thousands of cores, and a memory many times as fast. WildML measured it in 2015:
# **250 ms** per step with Theano on its CPU, **7.5 ms** on the GPU of an Amazon g2.2xlarge, about 30 times as fast. Its
# rules still hold: float32 everywhere; what is needed in each step lives on the device; as few transfers as possible.
# (TensorFlow's variables and constants live there. In PyTensor's JAX mode the weights do; the data, 80 kB, travel.)
# PyTensor's mode for GPUs is `"JAX"`. `DEVICE=gpu`, set before the kernel starts, sends JAX and TensorFlow there, and
# everything above is then measured on it.

# %% tags=["nbval-ignore-output"]
on_gpu = device.configure() == "gpu"
print(device.describe())
print("WildML 2015       250 ms on a CPU, 7.5 ms on a GPU: 33 times as fast")
for name in ("PyTensor, JAX", "TensorFlow"):
    if on_gpu:
        cpu, gpu = race(LARGE)["NumPy"], race(LARGE)[name]
        print(f"{name:<14} {cpu:6.1f} ms with NumPy on the CPU, {gpu:.2f} ms on the GPU: {cpu / gpu:.0f} times as fast")
    else:
        print(f"{name:<14}    no GPU in use: with one, `make setup GPU=1`, set DEVICE=gpu and run this notebook again")

# %% [markdown] think="small-on-gpu" points=1
# **Think.** Would you put the small problem on a GPU, too? What would its step cost there, roughly, and why?
# <!-- BEGIN SOLUTION -->
# No. Its arithmetic takes no time anywhere; what counts is the price of a call, and a GPU has the highest: Python, the framework
# *and* the launch of each kernel on the device, some microseconds each. Expect about as long as on the CPU with
# the same framework, or longer, and so more than NumPy takes.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - Time honestly: one call first, wait for the result, many rounds, the median, and the same work for everybody.
# - Small problems are bound by the price of a call. There a compiler that makes one call of many wins (Numba), and a
#   framework with a high entrance fee loses (TensorFlow).
# - Large problems are bound by memory and by functions such as `tanh`: fused passes, SIMD and several cores win.
# - float32 halves the traffic and makes `tanh` several times faster, if *nothing* is float64.
# - A compile is a debt. Count the steps until it is paid back.
# - Nothing here is a law: measure on your own machine, for your own sizes.
#
# The result is the part that no machine changes: all six compute the same. How fast each is, your own figure says.

# %%
headline(
    metric="loss after ten steps, 200 × 3; 5,000 × 1,000: the same in NumPy, C, Numba, JAX and TensorFlow",
    value="; ".join(after_ten),
    published="two versions whose steps differed by a factor of 200; speed: 2-3x on a CPU, 33x on a GPU",
    source="WildML 2015, Speeding up your Neural Network with Theano and the GPU",
)

# %% [markdown]
# **What to try next:** ★ Replace `tanh` by ReLU in all three networks and run the race again. ★★ At which number of hidden units
# does JAX overtake NumPy? Predict it from the price of a call, then measure. ★★★ Let the PyTensor function return the loss as
# well, and find out with `profile=True` what the nodes of the C function cost after `tanh`.
#
# **References.** S. Williams, A. Waterman, D. Patterson, *Roofline: An insightful visual performance model for multicore
# architectures*, Communications of the ACM 52:4 (2009), 65-76. J. Bergstra et al., *Theano: A CPU and GPU math compiler in
# Python*, SciPy conference (2010). D. Britz, *Speeding up your Neural Network with Theano and the GPU*, WildML (2015): the
# race that this lesson repeats. NumPy Enhancement Proposal 50, *Promotion rules for Python scalars* (2021): why 0.01 is weak.
