"""Right answers that are written differently from the solutions. Every check must accept them."""

import numpy as np
import pytensor
import pytensor.tensor as pt


def probabilities_by_dot(model, X):
    hidden = pt.tanh(pt.dot(X, model["W1"]) + model["b1"])
    e = pt.exp(hidden.dot(model["W2"]) + model["b2"])
    return e / e.sum(axis=1, keepdims=True)


def probabilities_with_numpy_names(model, X):
    hidden = np.tanh(X @ model["W1"] + model["b1"])  # NumPy hands a symbol on to PyTensor
    return pt.special.softmax(hidden @ model["W2"] + model["b2"], axis=-1)


def loss_one_hot(model, X, y, reg):
    p = probabilities_by_dot(model, X)
    one_hot = pt.eq(y[:, None], pt.arange(p.shape[1])[None, :])
    squares = pt.sum(pt.sqr(model["W1"])) + pt.sum(pt.sqr(model["W2"]))
    return (-pt.sum(one_hot * pt.log(p)) + reg / 2 * squares) / X.shape[0]


def loss_log_softmax(model, X, y, reg):
    log_p = pt.special.log_softmax(pt.tanh(X @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"], axis=1)
    penalty = 0.5 * reg * sum((model[name] ** 2).mean() * model[name].size for name in ("W1", "W2"))
    return (penalty - log_p[pt.arange(X.shape[0]), y].sum()) / y.shape[0]


def train_step_with_givens(model, X, y, lr, reg, mode=None):
    Xs, ys = pt.dmatrix("X"), pt.lvector("y")
    cost = loss_one_hot(model, Xs, ys, reg)
    updates = {p: p - lr * pt.grad(cost, p) for p in model.values()}
    return pytensor.function([], cost, updates=updates, givens=[(Xs, X), (ys, y)], mode=mode)


def train_step_by_hand(model, X, y, lr, reg, mode=None):
    cost = loss_log_softmax(model, pytensor.shared(X), pytensor.shared(y), reg)
    both = pytensor.function([], [cost, *pt.grad(cost, list(model.values()))], mode=mode)

    def step():
        before, *slopes = both()
        rate = lr.get_value() if hasattr(lr, "get_value") else lr  # read at every step
        for p, slope in zip(model.values(), slopes, strict=True):
            p.set_value(p.get_value() - rate * slope)
        return before

    return step


def predictor_by_scores(model):
    X = pt.matrix("X", dtype="float64")
    scores = pt.tanh(X @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"]
    return pytensor.function([X], pt.argmax(scores, axis=1))


def predictor_outside(model):
    X = pt.dmatrix("X")
    p = pytensor.function([X], probabilities_by_dot(model, X))
    return lambda points: [int(row.argmax()) for row in p(points)]


def batch_step_on_slices(model, X, y, lr, reg, size, mode=None):
    number = pt.iscalar("number")
    rows = number * size + pt.arange(size)
    cost = loss_log_softmax(model, pytensor.shared(X)[rows], pytensor.shared(y)[rows], reg * size / len(X))
    slopes = pt.grad(cost, list(model.values()))
    updates = [(p, p - lr * slope) for p, slope in zip(model.values(), slopes, strict=True)]
    return pytensor.function([number], cost, updates=updates, mode=mode)


def batch_step_with_inputs(model, X, y, lr, reg, size, mode=None):
    Xs, ys = pt.dmatrix("X"), pt.lvector("y")
    cost = loss_one_hot(model, Xs, ys, reg * size / len(X))
    updates = [(p, p - lr * pt.grad(cost, p)) for p in model.values()]
    step = pytensor.function([Xs, ys], cost, updates=updates, mode=mode)
    return lambda number: step(X[number * size : (number + 1) * size], y[number * size : (number + 1) * size])


ALTERNATIVES = {
    "probabilities": [probabilities_by_dot, probabilities_with_numpy_names],
    "loss": [loss_one_hot, loss_log_softmax],
    "train_step": [train_step_with_givens, train_step_by_hand],
    "predictor": [predictor_by_scores, predictor_outside],
    "batch_step": [batch_step_on_slices, batch_step_with_inputs],
}
