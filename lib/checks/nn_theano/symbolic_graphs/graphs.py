"""Checks of ``nn_theano/02_symbolic_graphs/01_graphs``.

Ground truth is arithmetic on numbers: closed forms and derivatives on paper. What the learner builds is run on symbols
by a trial of :mod:`lib.checks.symbolic`.
"""

import math

import numpy as np
import pytensor
import pytensor.tensor as pt

from lib.checks import check
from lib.checks.symbolic import compiled, hands_on_mode, judge_mode, trial, value


@trial
def on_a_symbol(function, number):
    """The expression's value, its symbol having as many dimensions as the number."""
    x = pt.tensor("x", dtype="float64", shape=(None,) * np.ndim(number))
    return value(function(x), [x], [number])


@check
def logistic(case):
    case.function = on_a_symbol(case.function)
    for x in (0.0, *case.rng.uniform(-4, 4, size=2)):
        case.near(f"the logistic function of {x:.3g}", case.call(float(x)), 1 / (1 + math.exp(-x)))
    table = case.rng.normal(size=(2, 3))
    want = [[1 / (1 + math.exp(-x)) for x in row] for row in table]
    case.near("the logistic function of a matrix", case.call(table), want)
    return "right for three numbers and, entry by entry, for a matrix"


@logistic.mistake("the sign is missing: it is the exponential of -x")
@on_a_symbol
def _rising(x):
    return 1 / (1 + pt.exp(x))


@logistic.mistake("the 1 below the fraction bar is missing: 1 / exp(-x) is only exp(x)")
@on_a_symbol
def _no_one(x):
    return 1 / pt.exp(-x)


@logistic.mistake("this is 1 + exp(-x): take 1 divided by it, and mind that 1 / 1 + … is read as (1 / 1) + …")
@on_a_symbol
def _not_divided(x):
    return 1 + pt.exp(-x)


@logistic.mistake("this is tanh, which runs from -1 to 1; the logistic function runs from 0 to 1")
@on_a_symbol
def _tanh(x):
    return pt.tanh(x)


@logistic.mistake("math.exp wants a number, and a symbol has none yet: write pt.exp, which builds a node of the graph")
@on_a_symbol
def _math(x):
    return 1 / (1 + math.exp(-x))


@logistic.mistake("this is a compiled function; return the expression itself, it will be compiled later")
@on_a_symbol
def _compiled(x):
    return pytensor.function([x], 1 / (1 + pt.exp(-x)))


@logistic.mistake("the expression uses a symbol of its own; use the `x` that was given")
@on_a_symbol
def _own_symbol(x):
    own = pt.dscalar()
    return 1 / (1 + pt.exp(-own))


@trial
def at_points(function, coefficients, points):
    """Rows of what the compiled function says of a x³ + b exp(x) + c at each point."""

    def f(x, a=coefficients[0], b=coefficients[1], c=coefficients[2]):
        return a * x**3 + b * pt.exp(x) + c

    answer = function(f)
    run = compiled(answer)
    return answer if run is None else [run(float(x)) for x in points]


@check
def value_and_slope(case):
    case.function = at_points(case.function)
    for _ in range(2):
        a, b, c = (float(one) for one in case.rng.uniform(0.5, 2, size=3))
        points = case.rng.uniform(-1.5, 1.5, size=3)
        answer = case.call([a, b, c], points)
        case.array("the answer", answer)
        want = [[a * x**3 + b * math.exp(x) + c, 3 * a * x**2 + b * math.exp(x)] for x in points]
        case.near("value and slope at three points", answer, want, rtol=0, atol=1e-12)  # a measured slope is not
    return "values and slopes of two functions agree with the derivative on paper"


@value_and_slope.mistake("value and slope have changed places: first f(x), then f'(x)")
@at_points
def _swapped(f):
    x = pt.dscalar()
    return pytensor.function([x], [pt.grad(f(x), x), f(x)])


@value_and_slope.mistake("only the value comes back: give pytensor.function a list of two outputs")
@at_points
def _value_only(f):
    x = pt.dscalar()
    return pytensor.function([x], f(x))


@value_and_slope.mistake("only the slope comes back: give pytensor.function a list of two outputs")
@at_points
def _slope_only(f):
    x = pt.dscalar()
    return pytensor.function([x], pt.grad(f(x), x))


@value_and_slope.mistake("this is an expression; compile it with pytensor.function([x], [...])")
@at_points
def _not_compiled(f):
    x = pt.dscalar()
    return pt.grad(f(x), x)


@value_and_slope.mistake("these are two expressions; compile them with pytensor.function([x], [...])")
@at_points
def _two_expressions(f):
    x = pt.dscalar()
    return [f(x), pt.grad(f(x), x)]


@value_and_slope.mistake("the value comes twice: the second output should be pt.grad(y, x)")
@at_points
def _value_twice(f):
    x = pt.dscalar()
    return pytensor.function([x], [f(x), f(x)])


@value_and_slope.mistake("the symbol has 32 bits, and Python's numbers have 64: use pt.dscalar")
@at_points
def _single(f):
    x = pt.fscalar()
    return pytensor.function([x], [f(x), f(x)])


@value_and_slope.mistake("the symbol is of an integer type and cannot take 0.5: use pt.dscalar")
@at_points
def _integer(f):
    x = pt.lscalar()
    return pytensor.function([x], [f(x), f(x)])


@value_and_slope.mistake(
    "the slope is right to some digits only: it was measured, or 32 bits are at work. pt.grad on a pt.dscalar is exact"
)
@at_points
def _measured(f):
    x = pt.dscalar()
    return pytensor.function([x], [f(x), (f(x + 1e-6) - f(x - 1e-6)) / 2e-6])


@value_and_slope.mistake("the arguments of pt.grad have changed places: first what is differentiated, pt.grad(y, x)")
@at_points
def _grad_of_x(f):
    x = pt.dscalar()
    return pytensor.function([x], [f(x), pt.grad(x, f(x))])


@value_and_slope.mistake("this is a rise over a whole step of 1, not a derivative: use pt.grad")
@at_points
def _difference(f):
    x = pt.dscalar()
    return pytensor.function([x], [f(x), f(x + 1) - f(x)])


@trial
def on_scores(function, scores, classes, slope=False):
    """The loss, or its slopes by the scores; rewritten as in the lesson, or 1000 would overflow."""
    z, y = pt.dmatrix("z"), pt.lvector("y")
    answer = function(z, y)
    if slope and isinstance(answer, pt.TensorVariable):
        answer = pt.grad(answer, z)
    return value(answer, [z, y], [scores, classes], rewrite=True)


@check
def cross_entropy(case):
    case.function = on_scores(case.function)
    for n, k in ((1, 2), (5, 3), (4, 6)):
        z, y = case.rng.normal(scale=2, size=(n, k)), np.resize(np.arange(k)[::-1], n)
        want = np.mean([math.log(sum(map(math.exp, row))) - row[c] for row, c in zip(z, y, strict=True)])
        case.near(f"the cross-entropy of {n} examples and {k} classes", case.call(z, y), want)
    z, y = np.array([[0.0, 1000.0], [3.0, 3.0]]), np.array([0, 1])
    hint = "is a small number added inside the logarithm, or is a probability clipped? Leave both out"
    case.near("the cross-entropy with a score of 1000", case.call(z, y), (1000 + math.log(2)) / 2, hint=hint)
    if not case.forgiving:  # a named mistake is known by its values
        slopes = case.call(z, y, True)
        case.true(
            np.isfinite(slopes).all(),
            "the value is right, but with a score of 1000 its slope, pt.grad(loss, z), is NaN: the rewriter did not "
            "recognise the formula. Take pt.log of the whole pt.special.softmax(z, axis=1) first, then pick",
        )
        case.near("the slopes with a score of 1000", slopes, [[-0.5, 0.5], [0.25, -0.25]])
    return "three batches agree with the definition, and a score of 1000 breaks neither the value nor its slope"


def _picked(log_p, y):
    return log_p[pt.arange(y.shape[0]), y]


@cross_entropy.mistake("the minus sign is missing: a loss is smallest where the model is right")
@on_scores
def _plus(z, y):
    return pt.mean(_picked(pt.special.log_softmax(z, axis=1), y))


@cross_entropy.mistake("this is the sum over the examples; the loss is their mean")
@on_scores
def _sum(z, y):
    return -pt.sum(_picked(pt.special.log_softmax(z, axis=1), y))


@cross_entropy.mistake("these are the losses of the single examples; take their mean")
@on_scores
def _each(z, y):
    return -_picked(pt.special.log_softmax(z, axis=1), y)


@cross_entropy.mistake("[:, y] picks whole columns; pick one entry per row, [pt.arange(y.shape[0]), y]")
@on_scores
def _columns(z, y):
    return -pt.mean(pt.special.log_softmax(z, axis=1)[:, y])


@cross_entropy.mistake("the softmax runs down the columns: an example is a row, so axis=1")
@on_scores
def _axis(z, y):
    return -pt.mean(_picked(pt.special.log_softmax(z, axis=0), y))


@cross_entropy.mistake("the softmax runs over the whole batch: every row needs its own, with axis=1")
@on_scores
def _whole_batch(z, y):
    return -pt.mean(_picked(pt.special.log_softmax(z), y))


@cross_entropy.mistake("the logarithm is missing: these are probabilities")
@on_scores
def _no_log(z, y):
    return -pt.mean(_picked(pt.special.softmax(z, axis=1), y))


@cross_entropy.mistake("the softmax is missing: these are scores, not logarithms of probabilities")
@on_scores
def _no_softmax(z, y):
    return -pt.mean(_picked(z, y))


@cross_entropy.mistake("the logarithm of a score is not the logarithm of a probability: take the softmax first")
@on_scores
def _log_of_scores(z, y):
    return -pt.mean(_picked(pt.log(z), y))


@cross_entropy.mistake("the mean runs over all classes; pick the true class of each row first")
@on_scores
def _all_classes(z, y):
    return -pt.mean(pt.special.log_softmax(z, axis=1))


@cross_entropy.mistake(
    "a small number is added inside the logarithm, and that caps the loss near 18: leave it out, PyTensor keeps the "
    "logarithm of a softmax finite"
)
@on_scores
def _epsilon(z, y):
    return -pt.mean(_picked(pt.log(pt.special.softmax(z, axis=1) + 1e-8), y))


@cross_entropy.mistake(
    "the loss is K times too small: the mean runs over all N · K entries of the one-hot table. Sum, and divide by N"
)
@on_scores
def _mean_of_one_hot(z, y):
    return -pt.mean(_picked(pt.special.log_softmax(z, axis=1), y)) / z.shape[1]


@cross_entropy.mistake("this is the logarithm of the mean probability; the loss is the mean of the logarithms")
@on_scores
def _log_of_mean(z, y):
    return -pt.log(pt.mean(_picked(pt.special.softmax(z, axis=1), y)))


@cross_entropy.mistake("`np.arange` wants a number, and `y.shape[0]` is a symbol: write `pt.arange(y.shape[0])`")
@on_scores
def _np_arange(z, y):
    return -pt.mean(pt.log(pt.special.softmax(z, axis=1))[np.arange(y.shape[0]), y])


@cross_entropy.mistake("a symbol has no length yet: `len(y)` must be `y.shape[0]`, and `np.arange` must be `pt.arange`")
@on_scores
def _len(z, y):
    return -pt.mean(pt.log(pt.special.softmax(z, axis=1))[np.arange(len(y)), y])


def curved(w, b, c):
    """Σ c w³ / 3 + b Σ w + 2 b²: its slopes are c w² + b and Σ w + 4 b, on symbols as on numbers."""
    return (c * w**3).sum() / 3 + b * w.sum() + 2 * b**2


def true_steps(w, b, c, lr, mu, steps):
    """The losses before each step, and the parameters at the end."""
    losses, v, u = [], np.zeros_like(w), 0.0
    for _ in range(steps):
        losses.append(float(curved(w, b, c)))
        v, u = mu * v - lr * (c * w**2 + b), mu * u - lr * (w.sum() + 4 * b)
        w, b = w + v, b + u
    return losses, w, b


def _stepped(function, w, b, c, steps, *settings):
    """The losses that the compiled step returns, and what the parameters are in the end.

    steps: how many; None asks only whether the step is compiled in the mode that is handed to it.
    """
    parameters = [pytensor.shared(np.array(w), name="w"), pytensor.shared(np.asarray(b), name="b")]
    if steps is None:
        return hands_on_mode(lambda mode: function(curved(*parameters, c), parameters, *settings, mode=mode))
    answer = function(curved(*parameters, c), parameters, *settings)
    step = compiled(answer)
    if step is None:
        return answer
    losses = [step() for _ in range(steps)]
    return [losses, *(one.get_value() for one in parameters)]


@trial
def by_steps(function, w, b, c, lr, steps):
    return _stepped(function, w, b, c, steps, lr)


@trial
def by_momentum(function, w, b, c, lr, mu, steps):
    return _stepped(function, w, b, c, steps, lr, mu)


def _judge(case, start, settings, mu, steps):
    """The losses and both parameters after these steps."""
    answer = case.call(*start, *settings, steps)
    if not (isinstance(answer, list) and len(answer) == 3 and isinstance(answer[0], list)):
        case.array("the answer", answer)
        case.fail("return the function that pytensor.function makes")
    losses, w, b = true_steps(*start, settings[0], mu, steps)
    case.near("the loss that each step returns", answer[0], losses)
    case.near(f"the first parameter after {steps} steps", answer[1], w)
    case.near(f"the second parameter after {steps} steps", answer[2], b)


def _start(rng):
    return rng.uniform(0.5, 1.5, size=3), float(rng.uniform(0.5, 1)), rng.uniform(0.5, 1, size=3)


@check
def descent_step(case):
    case.function = by_steps(case.function)
    for lr, steps in ((0.1, 1), (0.05, 3)):
        _judge(case, _start(case.rng), (lr,), 0.0, steps)
    judge_mode(case, *_start(case.rng), 0.1, None)
    return "one step and three steps land where they should, each returns the loss before it, and mode is handed on"


def _descend(loss, parameters, lr, sign=-1, some=slice(None), outputs=True):
    slopes = pt.grad(loss, parameters)
    updates = [(p, p + sign * lr * g) for p, g in zip(parameters, slopes, strict=True)][some]
    return pytensor.function([], loss if outputs else [], updates=updates)


@descent_step.mistake("nothing moves: give pytensor.function the updates")
@by_steps
def _no_updates(loss, parameters, lr):
    return pytensor.function([], loss)


@descent_step.mistake("the step goes uphill: take lr times the slope away")
@by_steps
def _uphill(loss, parameters, lr):
    return _descend(loss, parameters, lr, sign=1)


@descent_step.mistake("only the first parameter moves: every one needs a pair in updates")
@by_steps
def _first_only(loss, parameters, lr):
    return _descend(loss, parameters, lr, some=slice(0, 1))


@descent_step.mistake("only the last parameter moves: collect the pairs of all of them, then compile once")
@by_steps
def _last_only(loss, parameters, lr):
    return _descend(loss, parameters, lr, some=slice(-1, None))


@descent_step.mistake("the learning rate is not used: multiply the slope by lr")
@by_steps
def _no_lr(loss, parameters, lr):
    return _descend(loss, parameters, 1.0)


@descent_step.mistake("the step returns no loss: make `loss` the output of pytensor.function")
@by_steps
def _no_output(loss, parameters, lr):
    return _descend(loss, parameters, lr, outputs=False)


@descent_step.mistake("these are the updates; compile them into a function with pytensor.function([], loss, updates=…)")
@by_steps
def _pairs(loss, parameters, lr):
    return [(p, p - lr * g) for p, g in zip(parameters, pt.grad(loss, parameters), strict=True)]


@descent_step.mistake("every parameter becomes its slope: the new value is the old one minus lr times the slope")
@by_steps
def _slope_alone(loss, parameters, lr):
    slopes = pt.grad(loss, parameters)
    return pytensor.function([], loss, updates=[(p, -lr * g) for p, g in zip(parameters, slopes, strict=True)])


@descent_step.mistake("the slopes were turned into numbers before the first step (`.eval()`) and never change again")
@by_steps
def _frozen(loss, parameters, lr):
    slopes = [g.eval() for g in pt.grad(loss, parameters)]
    return pytensor.function([], loss, updates=[(p, p - lr * g) for p, g in zip(parameters, slopes, strict=True)])


@descent_step.mistake("the loss comes back in a list of one: the output is `loss`, not `[loss]`")
@by_steps
def _in_a_list(loss, parameters, lr):
    step = _descend(loss, parameters, lr)
    return lambda: [step()]


@descent_step.mistake("this is the loss after the step; return the one from before it, the output of the same function")
@by_steps
def _loss_after(loss, parameters, lr):
    step, after = _descend(loss, parameters, lr), pytensor.function([], loss)
    return lambda: (step(), after())[1]


@descent_step.mistake("the updates go by their name: pytensor.function([], loss, updates=updates)")
@by_steps
def _by_place(loss, parameters, lr):
    return pytensor.function([], loss, [(p, p - lr * pt.grad(loss, p)) for p in parameters])


@descent_step.mistake("this is one step taken at once; return a function that takes a step each time it is called")
@by_steps
def _at_once(loss, parameters, lr):
    return np.asarray(_descend(loss, parameters, lr)())


@check
def momentum_step(case):
    case.function = by_momentum(case.function)
    for lr, mu, steps in ((0.1, 0.6, 1), (0.05, 0.8, 3)):
        _judge(case, _start(case.rng), (lr, mu), mu, steps)
    judge_mode(case, *_start(case.rng), 0.1, 0.5, None)
    return "the parameters move with the new velocity, in one step and in three, and mode is handed on"


def _with_momentum(loss, parameters, lr, mu, move="new", sign=-1, keep=True, mix=False, start=np.zeros_like):
    updates = []
    for p, g in zip(parameters, pt.grad(loss, parameters), strict=True):
        v = pytensor.shared(start(p.get_value()))
        new = mu * v + sign * (1 - mu if mix else 1) * lr * g
        updates += [(v, new)] if keep else []
        updates += (
            [(p, p + {"new": new, "old": v, "alone": new - p, "twice": lr * new, "ahead": mu * new - lr * g}[move])]
            if move
            else []
        )
    return pytensor.function([], loss, updates=updates)


@momentum_step.mistake(
    "the parameters move with the old velocity: every update reads the values from before the step, so add the "
    "expression of the new velocity, not v"
)
@by_momentum
def _old_velocity(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, move="old")


@momentum_step.mistake(
    "this is plain descent: the old velocity, times mu, should still count, and the new one needs a pair in updates too"
)
@by_momentum
def _not_stored(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, keep=False)


@momentum_step.mistake("mu is not used: the old velocity counts in full, and nothing ever comes to rest")
@by_momentum
def _no_friction(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, 1.0)


@momentum_step.mistake("the step goes uphill: the slope enters the velocity with a minus sign")
@by_momentum
def _velocity_uphill(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, sign=1)


@momentum_step.mistake("the slope is multiplied by 1 - mu as well; here the velocity is mu · v - lr · slope")
@by_momentum
def _averaged(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, mix=True)


@momentum_step.mistake("the learning rate is not used: multiply the slope by lr")
@by_momentum
def _momentum_no_lr(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, 1.0, mu)


@momentum_step.mistake("the velocity changes but the parameters do not: they need a pair in updates too")
@by_momentum
def _only_velocity(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, move=None)


@momentum_step.mistake("the parameter is replaced by the velocity: add the velocity to it")
@by_momentum
def _velocity_alone(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, move="alone")


@momentum_step.mistake("every velocity should begin at zero")
@by_momentum
def _from_one(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, start=np.ones_like)


@momentum_step.mistake("every velocity should begin at zero, not at its parameter: np.zeros_like(p.get_value())")
@by_momentum
def _from_parameter(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, start=np.array)


@momentum_step.mistake("p is a symbol, and NumPy finds no numbers in it: take the zeros of p.get_value()")
@by_momentum
def _zeros_of_a_symbol(loss, parameters, lr, mu):
    return [pytensor.shared(np.zeros_like(p)) for p in parameters]


@momentum_step.mistake(
    "pt.zeros_like builds a symbol, and a shared variable needs numbers: np.zeros_like(p.get_value())"
)
@by_momentum
def _symbolic_zeros(loss, parameters, lr, mu):
    return [pytensor.shared(pt.zeros_like(p)) for p in parameters]


@momentum_step.mistake("the learning rate counts twice: it is in the velocity already, so the parameter moves by new_v")
@by_momentum
def _twice_lr(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, move="twice")


@momentum_step.mistake("the old velocity is multiplied by 1 - mu; the share that remains is mu")
@by_momentum
def _one_minus_mu(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, 1 - mu)


@momentum_step.mistake(
    "this is Nesterov's momentum, which looks one step ahead; here θ simply moves by the new velocity"
)
@by_momentum
def _nesterov(loss, parameters, lr, mu):
    return _with_momentum(loss, parameters, lr, mu, move="ahead")


@momentum_step.mistake("the loss comes back in a list of one: the output is `loss`, not `[loss]`")
@by_momentum
def _momentum_in_a_list(loss, parameters, lr, mu):
    step = _with_momentum(loss, parameters, lr, mu)
    return lambda: [step()]


@momentum_step.mistake("a parameter has two pairs in updates, and only one next value: put all into one expression")
@by_momentum
def _two_pairs(loss, parameters, lr, mu):
    return pytensor.function([], loss, updates=[(p, p * mu) for p in parameters] + [(p, p - lr) for p in parameters])
