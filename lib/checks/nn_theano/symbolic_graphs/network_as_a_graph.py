"""Checks of ``nn_theano/02_symbolic_graphs/02_network_as_a_graph``.

Ground truth is that of chapter 1: the network's arithmetic written out example by example, and its derivatives by the
complex step. What the learner builds is run on symbols by a trial of :mod:`lib.checks.symbolic`.
"""

from functools import partial

import numpy as np
import pytensor
import pytensor.tensor as pt

from lib.checks import check
from lib.checks.nn_theano.from_scratch.neural_network import (
    class_probabilities,
    small_problem,
    true_gradients,
    true_loss,
)
from lib.checks.symbolic import compiled, hands_on_mode, judge_mode, trial, value

WEIGHTS = ("W1", "W2")


def _shared(model):
    return {name: pytensor.shared(np.array(values), name=name) for name, values in model.items()}


def _evaluated(function, model, symbols, numbers, *settings, slopes=False):
    """The value of the expression, or its slopes by the weights as training runs them: rewritten.

    The weights arrive only after it is built, as they do in training.
    """
    parameters = _shared({name: np.zeros_like(values) for name, values in model.items()})
    answer = function(parameters, *symbols, *settings)
    for name, values in model.items():
        parameters[name].set_value(values)
    if slopes and isinstance(answer, pt.TensorVariable):
        slope = pt.concatenate([pt.grad(answer, parameters[name]).ravel() for name in WEIGHTS])
        return value(slope, symbols, numbers, rewrite=True)
    return value(answer, symbols, numbers)


@trial
def on_inputs(function, model, X):
    return _evaluated(function, model, [pt.dmatrix("X")], [X])


@check
def probabilities(case):
    case.function = on_inputs(case.function)
    for shape in ((5, 2, 3, 2), (4, 3, 6, 4)):
        model, X, _ = small_problem(case.rng, *shape)
        want = np.real([class_probabilities(model, x) for x in X])
        answer = case.call(model, X)
        case.array("the answer", answer)
        case.near("the class probabilities", answer, want)
    return "two networks of different sizes agree, example by example"


rows_of = partial(pt.special.softmax, axis=1)


def _probabilities(model, X, bend=pt.tanh, b1=1, b2=1, end=rows_of):
    hidden = bend(X @ model["W1"] + b1 * model["b1"])
    return end(hidden @ model["W2"] + b2 * model["b2"])


@probabilities.mistake("the hidden layer is linear: apply pt.tanh, or two layers are no more than one")
@on_inputs
def _linear(model, X):
    return _probabilities(model, X, bend=lambda z: z)


@probabilities.mistake("these are the scores: apply pt.special.softmax to them")
@on_inputs
def _scores(model, X):
    return _probabilities(model, X, end=lambda z: z)


@probabilities.mistake("the softmax runs down the columns: an example is a row, so axis=1")
@on_inputs
def _columns(model, X):
    return _probabilities(model, X, end=partial(pt.special.softmax, axis=0))


@probabilities.mistake("the softmax runs over the whole batch: every row needs its own, with axis=1")
@on_inputs
def _whole_batch(model, X):
    return _probabilities(model, X, end=pt.special.softmax)


@probabilities.mistake("the scores go through tanh too; only the hidden layer bends")
@on_inputs
def _bent_scores(model, X):
    return _probabilities(model, X, end=lambda z: rows_of(pt.tanh(z)))


@probabilities.mistake("these are the logarithms of the probabilities; the loss will take them later")
@on_inputs
def _logarithms(model, X):
    return _probabilities(model, X, end=partial(pt.special.log_softmax, axis=1))


@probabilities.mistake("the bend is the sigmoid; this network uses pt.tanh")
@on_inputs
def _sigmoid(model, X):
    return _probabilities(model, X, bend=pt.sigmoid)


@probabilities.mistake("the hidden bias b1 is missing")
@on_inputs
def _no_b1(model, X):
    return _probabilities(model, X, b1=0)


@probabilities.mistake("the output bias b2 is missing")
@on_inputs
def _no_b2(model, X):
    return _probabilities(model, X, b2=0)


@probabilities.mistake("both biases are missing")
@on_inputs
def _no_biases(model, X):
    return _probabilities(model, X, b1=0, b2=0)


@probabilities.mistake("* multiplies entry by entry; the matrix product is @")
@on_inputs
def _entrywise(model, X):
    return pt.special.softmax(pt.tanh(X * model["W1"] + model["b1"]) * model["W2"] + model["b2"], axis=1)


@probabilities.mistake(
    "the weights were read with get_value(): these are numbers from now, and the expression will not see later ones"
)
@on_inputs
def _numbers(model, X):
    return _probabilities({name: pt.as_tensor(one.get_value()) for name, one in model.items()}, X)


@trial
def on_batch(function, model, X, y, reg, slopes=False):
    return _evaluated(function, model, [pt.dmatrix("X"), pt.lvector("y")], [X, y], reg, slopes=slopes)


@check
def loss(case):
    case.function = on_batch(case.function)
    for shape, reg in (((5, 2, 3, 2), 0.0), ((7, 3, 4, 3), 0.8), ((3, 2, 2, 5), 2.0)):
        model, X, y = small_problem(case.rng, *shape)
        case.near(f"the loss with reg = {reg}", case.call(model, X, y, reg), true_loss(model, X, y, reg).real)
    hopeless = {"W1": np.ones((1, 1)), "b1": np.zeros(1), "W2": np.array([[-400.0, 400.0]]), "b2": np.zeros(2)}
    if not case.forgiving:  # a named mistake is known by its values
        slopes = case.call(hopeless, np.array([[20.0]]), np.array([0]), 0.0, True)
        case.true(
            np.isfinite(slopes).all(),
            "the value is right, but with scores of -400 and 400 its slope is NaN, because a probability is too small "
            "for a double: take pt.log of the whole table of probabilities first, then pick",
        )
        hint = "is a small number added inside the logarithm? Leave it out, PyTensor keeps the log of a softmax finite"
        case.near("the slopes by W1 and W2 with scores of -400 and 400", slopes, [0, -1, 1], hint=hint)
    return "three losses agree, example by example, and scores of -400 and 400 break neither the value nor its slope"


def _first_log(p, y):
    return pt.log(p)[pt.arange(y.shape[0]), y]


def _loss(
    model,
    X,
    y,
    reg,
    sign=-1,
    total=pt.mean,
    over_n=True,
    half=0.5,
    names=WEIGHTS,
    square=lambda w: w**2,
    log_p=_first_log,
):
    n = X.shape[0] if over_n else 1
    data = sign * total(log_p(_probabilities(model, X), y))
    return data + half * reg / n * sum(square(model[name]).sum() for name in names)


@loss.mistake(
    "the cross-entropy is summed; take the mean. This is the factor N = 200 that made WildML's two versions differ"
)
@on_batch
def _summed(model, X, y, reg):
    return _loss(model, X, y, reg, total=pt.sum)


@loss.mistake("both parts are N times too large: divide by N, or every step along this loss is N times too long")
@on_batch
def _all_summed(model, X, y, reg):
    return _loss(model, X, y, reg, total=pt.sum, over_n=False)


@loss.mistake("the penalty is not divided by N: it is reg / 2N times the squared weights")
@on_batch
def _reg_times_n(model, X, y, reg):
    return _loss(model, X, y, reg, over_n=False)


@loss.mistake("the penalty counts the biases too; they are free")
@on_batch
def _biases_too(model, X, y, reg):
    return _loss(model, X, y, reg, names=(*WEIGHTS, "b1", "b2"))


@loss.mistake("the penalty is missing")
@on_batch
def _no_penalty(model, X, y, reg):
    return _loss(model, X, y, 0.0)


@loss.mistake("the penalty counts only W1")
@on_batch
def _W1_only(model, X, y, reg):
    return _loss(model, X, y, reg, names=("W1",))


@loss.mistake("the penalty counts only W2")
@on_batch
def _W2_only(model, X, y, reg):
    return _loss(model, X, y, reg, names=("W2",))


@loss.mistake("the ½ of the penalty is missing: it is reg / 2N times the squared weights")
@on_batch
def _no_half(model, X, y, reg):
    return _loss(model, X, y, reg, half=1.0)


@loss.mistake("the penalty takes absolute values; it wants squares")
@on_batch
def _absolute(model, X, y, reg):
    return _loss(model, X, y, reg, square=abs)


@loss.mistake("the minus sign of the cross-entropy is missing")
@on_batch
def _positive(model, X, y, reg):
    return _loss(model, X, y, reg, sign=1)


@loss.mistake("[:, y] picks whole columns; pick one entry per row, [pt.arange(y.shape[0]), y]")
@on_batch
def _whole_columns(model, X, y, reg):
    return _loss(model, X, y, reg) - _loss(model, X, y, 0.0) - pt.mean(pt.log(_probabilities(model, X)[:, y]))


@loss.mistake("[:, y] picks N whole columns, and their sum has N · N terms; pick one entry per row, [pt.arange(n), y]")
@on_batch
def _sum_of_columns(model, X, y, reg):
    return _loss(model, X, y, reg, log_p=lambda p, y: pt.log(p[:, y]), total=lambda t: t.sum() / y.shape[0])


@loss.mistake("the logarithm is missing: these are probabilities")
@on_batch
def _no_log(model, X, y, reg):
    return _loss(model, X, y, reg, log_p=lambda p, y: p[pt.arange(y.shape[0]), y])


@loss.mistake("the cross-entropy is divided by N twice: the mean is a division already")
@on_batch
def _mean_over_n(model, X, y, reg):
    return _loss(model, X, y, reg, total=lambda t: t.mean() / y.shape[0])


@loss.mistake("reg / 2 multiplies only W1: put the sum of both squares in brackets")
@on_batch
def _no_brackets(model, X, y, reg):
    return _loss(model, X, y, reg, names=("W1",)) + _loss(model, X, y, 2.0, names=("W2",)) - _loss(model, X, y, 0.0)


@loss.mistake("the penalty takes the norms; it wants their squares")
@on_batch
def _norms(model, X, y, reg):
    return _loss(model, X, y, reg, square=lambda w: pt.sqrt((w**2).sum()))


@loss.mistake("N counts the examples, the rows of X: X.shape[0], not X.shape[1]")
@on_batch
def _n_of_columns(model, X, y, reg):
    return _loss(model, X, y, reg, log_p=lambda p, y: p[pt.arange(X.shape[1]), y])


@loss.mistake("a symbol has no length yet: `len(X)` must be `X.shape[0]`")
@on_batch
def _len(model, X, y, reg):
    return _loss(model, X, y, reg / len(X))


@loss.mistake("`np.arange` wants a number, and `X.shape[0]` is a symbol: write `pt.arange`")
@on_batch
def _np_arange(model, X, y, reg):
    return _loss(model, X, y, reg / np.arange(X.shape[0]))


@loss.mistake("the penalty is subtracted: large weights should cost something")
@on_batch
def _reward(model, X, y, reg):
    return _loss(model, X, y, -reg)


@trial
def by_full_steps(function, model, X, y, rates, reg):
    """The losses that the step returns, one for each rate, and the model afterwards.

    Rates that differ come in a shared variable, which is set before each step. None asks only whether the step is
    compiled in the mode that is handed to it.
    """
    parameters = _shared(model)
    if rates is None:
        return hands_on_mode(lambda mode: function(parameters, X, y, 0.1, reg, mode=mode))
    lr = rates[0] if len(set(rates)) == 1 else pytensor.shared(rates[0], name="lr")
    answer = function(parameters, X, y, lr, reg)
    step = compiled(answer)
    if step is None:
        return answer
    losses = []
    for rate in rates:
        if rate != rates[0]:
            lr.set_value(rate)
        losses.append(step())
    return [losses, {name: one.get_value() for name, one in parameters.items()}]


def _trained(model, X, y, rates, reg, batches):
    """The loss before each step, and the model after the last one; reg is the strength for all of X."""
    losses = []
    for lr, batch in zip(rates, batches, strict=True):
        share = reg * len(batch) / len(X)
        losses.append(true_loss(model, X[batch], y[batch], share).real)
        slopes = true_gradients(model, X[batch], y[batch], share)
        model = {name: model[name] - lr * slopes[name] for name in model}
    return losses, model


def _judge(case, answer, want, what):
    losses, model = want
    if not (isinstance(answer, list) and len(answer) == 2 and isinstance(answer[1], dict)):
        case.array("the answer", answer)
        case.fail("return the function that pytensor.function makes")
    case.near("the loss that each step returns", answer[0], losses)
    for name in model:
        case.near(f"{name} after {what}", answer[1][name], model[name])
    hint = "right to some six digits only: has something become float32? All stays float64 here"
    case.near("the loss that each step returns", answer[0], losses, rtol=1e-10, atol=1e-12, hint=hint)


@check
def train_step(case):
    case.function = by_full_steps(case.function)
    model, X, y = small_problem(case.rng, n=6, d=2, h=2, k=3)
    for rates, reg in (([0.5], 0.0), ([0.3] * 3, 0.6), ([0.4, 0.1], 0.3)):
        answer = case.call(model, X, y, rates, reg)
        want = _trained(model, X, y, rates, reg, [np.arange(6)] * len(rates))
        _judge(case, answer, want, f"steps of the learning rates {rates}")
    judge_mode(case, model, X, y, None, 0.3)
    return "losses and parameters agree to 10 digits, also while a shared learning rate changes; mode is handed on"


def _train_step(model, X, y, lr, reg, sign=-1, names=("W1", "b1", "W2", "b2"), loss=_loss, outputs=True, update=True):
    cost = loss(model, pt.as_tensor(X), pt.as_tensor(y), reg)
    updates = [(model[name], model[name] + sign * lr * pt.grad(cost, model[name])) for name in names]
    return pytensor.function([], cost if outputs else [], updates=updates if update else [])


@train_step.mistake("nothing moves: give pytensor.function the updates")
@by_full_steps
def _nothing_moves(model, X, y, lr, reg):
    return _train_step(model, X, y, lr, reg, update=False)


@train_step.mistake("the step goes uphill: take lr times the slope away")
@by_full_steps
def _uphill(model, X, y, lr, reg):
    return _train_step(model, X, y, lr, reg, sign=1)


@train_step.mistake("the biases never move: every parameter needs an update, not only the weights")
@by_full_steps
def _weights_only(model, X, y, lr, reg):
    return _train_step(model, X, y, lr, reg, names=WEIGHTS)


@train_step.mistake("the learning rate is not used: multiply the slope by lr")
@by_full_steps
def _no_lr(model, X, y, lr, reg):
    return _train_step(model, X, y, 1.0, reg)


@train_step.mistake(
    "the step is N times too long: it is the slope of the summed loss. With N = 200, this is the factor between "
    "WildML's two versions"
)
@by_full_steps
def _step_of_the_sum(model, X, y, lr, reg):
    return _train_step(model, X, y, lr * len(X), reg)


@train_step.mistake("the step is N times too short: the loss is a mean already, do not divide by N again")
@by_full_steps
def _divided_twice(model, X, y, lr, reg):
    return _train_step(model, X, y, lr / len(X), reg)


@train_step.mistake("reg does not reach the loss: call loss(model, X, y, reg)")
@by_full_steps
def _no_reg(model, X, y, lr, reg):
    return _train_step(model, X, y, lr, 0.0)


@train_step.mistake("the step returns no loss: make the loss the output of pytensor.function")
@by_full_steps
def _no_output(model, X, y, lr, reg):
    return _train_step(model, X, y, lr, reg, outputs=False)


@train_step.mistake(
    "a learning rate that is changed later has no effect: it was read once. Use lr itself in the formula, not "
    "lr.get_value()"
)
@by_full_steps
def _frozen_rate(model, X, y, lr, reg):
    return _train_step(model, X, y, lr if isinstance(lr, float) else lr.get_value(), reg)


@train_step.mistake("lr may be a shared variable, which is no float: use lr as it is")
@by_full_steps
def _float_rate(model, X, y, lr, reg):
    return _train_step(model, X, y, float(lr), reg)


@train_step.mistake("lr and reg have changed places: loss(model, X, y, reg) takes reg, and lr multiplies the slope")
@by_full_steps
def _exchanged(model, X, y, lr, reg):
    return _train_step(model, X, y, reg, lr)


@train_step.mistake("pt.grad wants a list of the shared variables themselves: list(model.values())")
@by_full_steps
def _values(model, X, y, lr, reg):
    return pt.grad(_loss(model, pt.as_tensor(X), pt.as_tensor(y), reg), model.values())


@train_step.mistake("this is the loss after the step; return the one from before it, the output of the same function")
@by_full_steps
def _loss_after(model, X, y, lr, reg):
    step = _train_step(model, X, y, lr, reg)
    after = _train_step(model, X, y, lr, reg, update=False)
    return lambda: (step(), after())[1]


@train_step.mistake("these are the updates; compile them with pytensor.function([], cost, updates=…)")
@by_full_steps
def _pairs(model, X, y, lr, reg):
    cost = _loss(model, pt.as_tensor(X), pt.as_tensor(y), reg)
    return [(p, p - lr * pt.grad(cost, p)) for p in model.values()]


@train_step.mistake("every parameter becomes its slope: the new value is the old one minus lr times the slope")
@by_full_steps
def _slope_alone(model, X, y, lr, reg):
    cost = _loss(model, pt.as_tensor(X), pt.as_tensor(y), reg)
    return pytensor.function([], cost, updates=[(p, -lr * pt.grad(cost, p)) for p in model.values()])


@train_step.mistake("the slopes were turned into numbers before the first step (`.eval()`) and never change again")
@by_full_steps
def _frozen(model, X, y, lr, reg):
    cost = _loss(model, pt.as_tensor(X), pt.as_tensor(y), reg)
    return pytensor.function([], cost, updates=[(p, p - lr * pt.grad(cost, p).eval()) for p in model.values()])


@train_step.mistake(
    "this is WildML's first gradient: (1 + reg) times the slope of the data, where reg / N · W is to be added"
)
@by_full_steps
def _multiplied(model, X, y, lr, reg):
    data, cost = (_loss(model, pt.as_tensor(X), pt.as_tensor(y), strength) for strength in (0.0, reg))
    factors = {name: 1 + reg if name in WEIGHTS else 1 for name in model}
    updates = [(p, p - lr * factors[name] * pt.grad(data, p)) for name, p in model.items()]
    return pytensor.function([], cost, updates=updates)


@trial
def on_points(function, model, X):
    """The classes that the predictor gives, twice: before and after the weights have changed."""
    parameters = _shared(model)
    answer = function(parameters)
    run = compiled(answer)
    if run is None:
        return answer
    before = run(X)
    for one in parameters.values():
        one.set_value(-one.get_value()[::-1])
    return [before, run(X)]


@check
def predictor(case):
    case.function = on_points(case.function)
    for shape in ((8, 2, 3, 2), (9, 3, 6, 4)):
        model, X, _ = small_problem(case.rng, *shape)
        changed = {name: -values[::-1] for name, values in model.items()}
        want = [[np.argmax(np.real(class_probabilities(m, x))) for x in X] for m in (model, changed)]
        answer = case.call(model, X)
        case.array("the answer", answer)
        case.near("the classes before and after the weights change", answer, want)
    return "the classes of two networks are right, and follow the weights when they change"


def _predictor(model, output=lambda p: p.argmax(axis=1)):
    X = pt.dmatrix("X")
    return pytensor.function([X], output(_probabilities(model, X)))


@predictor.mistake("these are the probabilities: return the number of the largest, argmax along axis=1")
@on_points
def _no_argmax(model):
    return _predictor(model, lambda p: p)


@predictor.mistake("this is the largest probability itself; its place, argmax, is the class")
@on_points
def _max(model):
    return _predictor(model, lambda p: p.max(axis=1))


@predictor.mistake("a threshold of 0.5 works for two classes only: take the argmax over all columns, axis=1")
@on_points
def _threshold(model):
    return _predictor(model, lambda p: p[:, 1] > 0.5)


@predictor.mistake("the classes come back in a list of one: leave out the brackets around the output")
@on_points
def _in_a_list(model):
    return _predictor(model, lambda p: [p.argmax(axis=1)])


@predictor.mistake("argmax runs down the columns: an example is a row, so axis=1")
@on_points
def _argmax_of_columns(model):
    return _predictor(model, lambda p: p.argmax(axis=0))


@predictor.mistake("argmax runs over the whole batch: every row has its own, with axis=1")
@on_points
def _argmax_of_all(model):
    return _predictor(model, lambda p: p.argmax())


@predictor.mistake("this is the least probable class: use argmax")
@on_points
def _argmin(model):
    return _predictor(model, lambda p: p.argmin(axis=1))


@predictor.mistake("the answer does not follow the weights: use the shared variables themselves, not get_value()")
@on_points
def _old_weights(model):
    return _predictor({name: pt.as_tensor(one.get_value()) for name, one in model.items()})


@predictor.mistake("this is an expression; compile it with pytensor.function([X], …)")
@on_points
def _expression(model):
    return _probabilities(model, pt.dmatrix("X")).argmax(axis=1)


@trial
def by_batches(function, model, X, y, lr, reg, size, order):
    """As ``by_full_steps``, on the batches of these numbers; order None asks for the mode alone."""
    parameters = _shared(model)
    if order is None:
        return hands_on_mode(lambda mode: function(parameters, X, y, lr, reg, size, mode=mode))
    answer = function(parameters, X, y, lr, reg, size)
    step = compiled(answer)
    if step is None:
        return answer
    losses = [step(int(number)) for number in order]
    return [losses, {name: one.get_value() for name, one in parameters.items()}]


@check
def batch_step(case):
    case.function = by_batches(case.function)
    for (n, size), order in (((6, 2), [1]), ((11, 3), [0, 2, 1])):
        model, X, y = small_problem(case.rng, n=n, d=2, h=2, k=3)
        batches = [np.arange(number * size, (number + 1) * size) for number in order]
        answer = case.call(model, X, y, 0.4, 0.7, size, order)
        want = _trained(model, X, y, [0.4] * len(order), 0.7, batches)
        _judge(case, answer, want, f"the batches {order}")
    judge_mode(case, model, X, y, 0.4, 0.7, size, None)
    return "one batch, and three in mixed order, give the right losses and parameters, and mode is handed on"


def _batch_step(model, X, y, lr, reg, size, rows=None, share=True, update=True, loss=_loss, sign=-1, all_y=False):
    number, Xs, ys = pt.lscalar("number"), pt.dmatrix("X"), pt.lvector("y")
    cost = loss(model, Xs, ys, reg * size / len(X) if share else reg)
    part = (rows or (lambda number, size: slice(number * size, (number + 1) * size)))(number, size)
    updates = [(p, p + sign * lr * pt.grad(cost, p)) for p in model.values()]
    givens = {Xs: pytensor.shared(X)[part], ys: pytensor.shared(y)[slice(None) if all_y else part]}
    options = {"givens": givens, "on_unused_input": "ignore"}
    return pytensor.function([number], cost, updates=updates if update else [], **options)


@batch_step.mistake("every call sees all of X: put rows number·size to (number + 1)·size in the givens")
@by_batches
def _everything(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg * len(X) / size, size, lambda number, size: slice(None))


@batch_step.mistake("every call sees the first batch: the number is not used")
@by_batches
def _first_batch(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: slice(0, size))


@batch_step.mistake("the batch starts at row `number`; batch `number` starts at row number · size")
@by_batches
def _row_number(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: slice(number, number + size))


@batch_step.mistake("the batch is everything from its first row on: end it at (number + 1) · size")
@by_batches
def _open_end(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: slice(number * size, None))


@batch_step.mistake("the batch is everything up to its last row: begin it at number · size")
@by_batches
def _open_start(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: slice(0, (number + 1) * size))


@batch_step.mistake(
    "each batch pays the whole penalty; its share is reg · size / N, or an epoch pays N / size times too much"
)
@by_batches
def _whole_penalty(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, share=False)


@batch_step.mistake("the penalty's share is reg / N; it should be reg · size / N")
@by_batches
def _small_share(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg / size, size)


@batch_step.mistake(
    "the share counts whole batches only; N is the number of all rows, len(X), also where some are left over"
)
@by_batches
def _whole_batches(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg * len(X) / (len(X) // size * size), size)


@batch_step.mistake("reg does not reach the loss: its share here is reg · size / N")
@by_batches
def _batch_no_reg(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, 0.0, size)


@batch_step.mistake("the penalty's share is reg / size; it should be reg · size / N")
@by_batches
def _over_size(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg / size, size, share=False)


@batch_step.mistake(
    "`number` reaches nothing: build the loss from X_batch and y_batch, and let givens put X_shared[rows] in place of "
    "X_batch, and the same for y: givens={X_batch: X_shared[rows], …}"
)
@by_batches
def _unused(model, X, y, lr, reg, size):
    return pytensor.function([pt.lscalar("number")], _loss(model, pt.as_tensor(X), pt.as_tensor(y), reg))


@batch_step.mistake("the first batch has the number 0: batch `number` starts at row number · size")
@by_batches
def _from_one(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: (number - 1) * size + pt.arange(size))


@batch_step.mistake("the last row of the batch is missing: pt.arange(size) runs from 0 to size - 1 by itself")
@by_batches
def _too_short(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: number * size + pt.arange(size - 1))


@batch_step.mistake("the rows are one too far: pt.arange(size), which begins at 0")
@by_batches
def _too_far(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, lambda number, size: number * size + pt.arange(1, size + 1))


@batch_step.mistake("y_batch needs the same rows as X_batch: y_shared[rows]")
@by_batches
def _all_y(model, X, y, lr, reg, size):
    loss = partial(_loss, log_p=lambda p, y: pt.log(p)[pt.arange(p.shape[0]), y])
    return _batch_step(model, X, y, lr, reg, size, loss=loss, all_y=True)


@batch_step.mistake("the step is `size` times too long: the loss is a mean already")
@by_batches
def _times_size(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr * size, reg, size)


@batch_step.mistake("nothing moves: give pytensor.function the updates")
@by_batches
def _still(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, update=False)


@batch_step.mistake("the step goes uphill: take lr times the slope away")
@by_batches
def _batch_uphill(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, lr, reg, size, sign=1)


@batch_step.mistake("the learning rate is not used: multiply the slope by lr")
@by_batches
def _batch_no_lr(model, X, y, lr, reg, size):
    return _batch_step(model, X, y, 1.0, reg, size)
