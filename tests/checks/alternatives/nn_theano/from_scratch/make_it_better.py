"""Right answers that are written differently from the solutions. Every check must accept them."""

from itertools import pairwise

import numpy as np
import scipy.special

from tests.checks.alternatives.nn_theano.from_scratch.neural_network import gradients_one_hot, softmax_scipy


def minibatches_shuffle(n, size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return np.split(order, range(size, n, size))


def minibatches_sort_by_noise(n, size, rng):
    order = list(np.argsort(rng.random(n)))
    batches = []
    while order:
        batches.append(order[:size])
        order = order[size:]
    return batches


def sgd_epoch_on_copies(model, X, y, batches, lr, reg, gradients=gradients_one_hot):
    model = {name: values.copy() for name, values in model.items()}
    for batch in batches:
        for name, slope in gradients(model, X[batch], y[batch], reg * (len(batch) / len(X))).items():
            model[name] -= lr * slope
    return model


def sgd_epoch_penalty_apart(model, X, y, batches, lr, reg, gradients=gradients_one_hot):
    for batch in batches:
        slope = gradients(model, X[batch], y[batch], 0.0)
        decay = {name: reg / len(X) * values if name.startswith("W") else 0 for name, values in model.items()}
        model = {name: values - lr * (slope[name] + decay[name]) for name, values in model.items()}
    return model


def annealed_common_denominator(epoch, lr0, half_life):
    return lr0 * half_life / (half_life + epoch)


def annealed_power(epoch, lr0, half_life):
    return np.float64(lr0) * (epoch / half_life + 1) ** -1


def bend_from_z(name, z):
    if name == "relu":
        return z * (z > 0), np.where(z > 0, 1.0, 0.0)
    if name == "sigmoid":
        return scipy.special.expit(z), np.exp(-z) / (1 + np.exp(-z)) ** 2
    return np.tanh(z), 1 / np.cosh(z) ** 2


def bend_table(name, z):
    value = {"tanh": np.tanh, "sigmoid": scipy.special.expit, "relu": lambda z: np.clip(z, 0, None)}[name]
    slope = {"tanh": lambda a: 1 - a * a, "sigmoid": lambda a: a - a * a, "relu": np.sign}[name]
    return value(z), slope(value(z))


def spirals_shuffled(n, noise, rng):
    r, k = np.tile(np.linspace(0, 1, n), 3), np.repeat([0, 1, 2], n)
    t = 4 * r + k * (2 * np.pi / 3) + rng.normal(scale=noise, size=3 * n)
    order = rng.permutation(3 * n)
    return np.stack([r * np.cos(t), r * np.sin(t)], axis=1)[order], k[order]


def spirals_complex(n, noise, rng):
    r = np.linspace(0, 1, n)
    arms = [r * np.exp(1j * (4 * r + noise * rng.standard_normal(n))) * np.exp(2j * np.pi * k / 3) for k in range(3)]
    z = np.concatenate(arms)
    return np.column_stack([z.real, z.imag]), np.arange(3 * n) // n


def deep_forward_recursive(model, X, activation, number=1):
    if number == len(model) // 2:
        return [X], [], softmax_scipy(X @ model[f"W{number}"] + model[f"b{number}"])
    a, slope = bend_from_z(activation, X @ model[f"W{number}"] + model[f"b{number}"])
    activations, slopes, p = deep_forward_recursive(model, a, activation, number + 1)
    return [X, *activations], [slope, *slopes], p


def deep_forward_pairs(model, X, activation):
    names = list(model)
    layers = list(zip(names[::2], names[1::2], strict=True))
    activations, slopes = [X], []
    for W, b in layers[:-1]:
        a, slope = bend_table(activation, np.dot(activations[-1], model[W]) + model[b])
        activations += [a]
        slopes += [slope]
    W, b = layers[-1]
    return tuple(activations), tuple(slopes), softmax_scipy(np.dot(activations[-1], model[W]) + model[b])


def deep_gradients_deltas_first(model, X, y, reg, activation):
    activations, slopes, p = deep_forward_pairs(model, X, activation)
    depth = len(slopes) + 1
    deltas = [(p - np.eye(p.shape[1])[y]) / len(X)]
    for number in range(depth, 1, -1):
        deltas.insert(0, deltas[0] @ model[f"W{number}"].T * slopes[number - 2])
    result = {}
    for number, (a, delta) in enumerate(zip(activations, deltas, strict=True), 1):
        result |= {f"W{number}": a.T @ delta + reg * model[f"W{number}"] / len(X), f"b{number}": sum(delta)}
    return result


def deep_gradients_recursive(model, X, y, reg, activation):
    sizes = [model["W1"].shape[0]] + [model[f"b{number}"].size for number in range(1, len(model) // 2 + 1)]
    assert len(list(pairwise(sizes))) == len(model) // 2
    result = {}

    def walk(a, number):
        W, b = model[f"W{number}"], model[f"b{number}"]
        z = a @ W + b
        if number == len(model) // 2:
            delta = (softmax_scipy(z) - np.eye(len(b))[y]) / len(X)
        else:
            value, slope = bend_from_z(activation, z)
            delta = walk(value, number + 1) * slope
        result[f"W{number}"], result[f"b{number}"] = a.T @ delta + reg / len(X) * W, delta.sum(0)
        return delta @ W.T

    walk(X, 1)
    return result


ALTERNATIVES = {
    "minibatches": [minibatches_shuffle, minibatches_sort_by_noise],
    "sgd_epoch": [sgd_epoch_on_copies, sgd_epoch_penalty_apart],
    "annealed": [annealed_common_denominator, annealed_power],
    "bend": [bend_from_z, bend_table],
    "spirals": [spirals_shuffled, spirals_complex],
    "deep_forward": [deep_forward_recursive, deep_forward_pairs],
    "deep_gradients": [deep_gradients_deltas_first, deep_gradients_recursive],
}
