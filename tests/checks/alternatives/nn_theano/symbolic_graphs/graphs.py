"""Right answers that are written differently from the solutions. Every check must accept them."""

import numpy as np
import pytensor
import pytensor.tensor as pt


def logistic_by_name(x):
    return pt.sigmoid(x)


def logistic_by_tanh(x):
    return (1 + np.tanh(x / 2)) / 2  # NumPy hands a symbol on to PyTensor


def value_and_slope_of_the_sum(f):
    x = pt.dvector("points")
    both = pytensor.function([x], [f(x), pt.grad(f(x).sum(), x)])
    return lambda point: [float(row[0]) for row in both([point])]


def value_and_slope_in_two(f):
    x = pt.scalar("x", dtype="float64")
    y = f(x)
    value, slope = pytensor.function([x], y), pytensor.function([x], pt.grad(y, wrt=x))
    return lambda point: (value(point), slope(point))


def cross_entropy_one_hot(z, y):
    one_hot = pt.eq(y[:, None], pt.arange(z.shape[1])[None, :])
    return -(one_hot * pt.special.log_softmax(z, axis=1)).sum() / z.shape[0]


def cross_entropy_logsumexp(z, y):
    top = z.max(axis=1, keepdims=True)
    log_sum = top[:, 0] + pt.log(pt.exp(z - top).sum(axis=1))
    return (log_sum - z[pt.arange(z.shape[0]), y]).mean()


def descent_step_with_a_dict(loss, parameters, lr, mode=None):
    return pytensor.function([], [loss][0], updates={p: p - lr * pt.grad(loss, p) for p in parameters}, mode=mode)


def descent_step_by_hand(loss, parameters, lr, mode=None):
    both = pytensor.function([], [loss, *pt.grad(loss, parameters)], mode=mode)

    def step():
        before, *slopes = both()
        for p, g in zip(parameters, slopes, strict=True):
            p.set_value(p.get_value() - lr * g)
        return before

    return step


def momentum_step_with_a_dict(loss, parameters, lr, mu, mode=None):
    updates = {}
    for p in parameters:
        v = pytensor.shared(p.get_value() * 0.0)
        updates[v] = mu * v - lr * pt.grad(loss, p)
        updates[p] = p + updates[v]
    return pytensor.function([], loss, updates=updates, mode=mode)


def momentum_step_written_out(loss, parameters, lr, mu, mode=None):
    speeds = [pytensor.shared(np.zeros(p.get_value().shape)) for p in parameters]
    slopes = pt.grad(loss, parameters)
    first = [(p, p + mu * v - lr * g) for p, v, g in zip(parameters, speeds, slopes, strict=True)]
    second = [(v, mu * v - lr * g) for v, g in zip(speeds, slopes, strict=True)]
    return pytensor.function([], loss, updates=first + second, mode=mode)


ALTERNATIVES = {
    "logistic": [logistic_by_name, logistic_by_tanh],
    "value_and_slope": [value_and_slope_of_the_sum, value_and_slope_in_two],
    "cross_entropy": [cross_entropy_one_hot, cross_entropy_logsumexp],
    "descent_step": [descent_step_with_a_dict, descent_step_by_hand],
    "momentum_step": [momentum_step_with_a_dict, momentum_step_written_out],
}
