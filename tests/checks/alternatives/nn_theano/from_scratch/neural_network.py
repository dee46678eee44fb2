"""Right answers that are written differently from the solutions. Every check must accept them."""

import math

import numpy as np
import scipy.special


def softmax_scipy(z):
    return scipy.special.softmax(z, axis=1)


def softmax_row_by_row(z):
    rows = []
    for row in z:
        e = [math.exp(score - max(row)) for score in row]
        rows.append([value / sum(e) for value in e])
    return rows  # nested lists are numbers, too


def forward_by_units(model, X):
    a1 = np.array([[math.tanh(x @ w + b) for w, b in zip(model["W1"].T, model["b1"], strict=True)] for x in X])
    return [a1, softmax_scipy(np.dot(a1, model["W2"]) + model["b2"])]


def forward_with_ones(model, X):
    ones = np.ones((len(X), 1))
    a1 = np.tanh(np.hstack([X, ones]) @ np.vstack([model["W1"], model["b1"]]))
    return a1, softmax_scipy(np.hstack([a1, ones]) @ np.vstack([model["W2"], model["b2"]]))


def loss_one_hot(model, X, y, reg):
    Y = np.eye(len(model["b2"]))[y]
    data = -(Y * np.log(forward_with_ones(model, X)[1])).sum() / len(X)
    return data + reg * (np.linalg.norm(model["W1"]) ** 2 + np.linalg.norm(model["W2"]) ** 2) / (2 * len(X))


def loss_logsumexp(model, X, y, reg):
    z = np.tanh(X @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"]
    data = np.mean([scipy.special.logsumexp(row) - row[k] for row, k in zip(z, y, strict=True)])
    return np.float64(data + reg / 2 * sum((model[name] ** 2).sum() for name in ("W1", "W2")) / len(X))


def gradients_one_hot(model, X, y, reg):
    n = len(X)
    a1, p = forward_with_ones(model, X)
    d2 = (p - np.eye(len(model["b2"]))[y]) / n
    d1 = np.einsum("nk,hk->nh", d2, model["W2"]) / np.cosh(X @ model["W1"] + model["b1"]) ** 2
    return {
        "b2": np.ones(n) @ d2,
        "W2": np.einsum("nh,nk->hk", a1, d2) + reg * model["W2"] / n,
        "b1": np.ones(n) @ d1,
        "W1": np.einsum("nd,nh->dh", X, d1) + reg * model["W1"] / n,
    }


def gradients_example_by_example(model, X, y, reg):
    total = {name: np.zeros_like(values) for name, values in model.items()}
    for x, k in zip(X, y, strict=True):
        one = gradients_one_hot(model, x[None], np.array([k]), 0.0)
        for name in total:
            total[name] += one[name]
    total["W1"] += reg * model["W1"]
    total["W2"] += reg * model["W2"]
    return {name: values / len(X) for name, values in total.items()}


def numerical_gradient_in_place(f, theta, h=1e-5):
    moved, slope = theta.astype(float).copy(), np.empty(theta.shape)
    for place in range(theta.size):
        original = moved.flat[place]
        moved.flat[place] = original + h
        above = f(moved)
        moved.flat[place] = original - h
        slope.flat[place] = (above - f(moved)) / (2 * h)
        moved.flat[place] = original
    return slope


def numerical_gradient_five_points(f, theta, h=1e-5):
    slope = np.zeros_like(theta)
    for place in np.ndindex(theta.shape):
        e = np.zeros_like(theta)
        e[place] = h
        slope[place] = (8 * (f(theta + e) - f(theta - e)) - (f(theta + 2 * e) - f(theta - 2 * e))) / (12 * h)
    return slope


def train_recursive(model, X, y, lr, reg, steps):
    here = loss_one_hot(model, X, y, reg)
    if steps == 0:
        return model, [here]
    slope = gradients_one_hot(model, X, y, reg)
    end, losses = train_recursive({k: v - lr * slope[k] for k, v in model.items()}, X, y, lr, reg, steps - 1)
    return end, [here, *losses]


def train_on_copies(model, X, y, lr, reg, steps):
    model = {name: values.copy() for name, values in model.items()}
    losses = np.empty(steps + 1)
    for step in range(steps):
        losses[step] = loss_one_hot(model, X, y, reg)
        slope = gradients_one_hot(model, X, y, reg)
        for name in model:
            model[name] -= lr * slope[name]
    losses[steps] = loss_one_hot(model, X, y, reg)
    return [model, losses]


ALTERNATIVES = {
    "softmax": [softmax_scipy, softmax_row_by_row],
    "forward": [forward_by_units, forward_with_ones],
    "loss": [loss_one_hot, loss_logsumexp],
    "gradients": [gradients_one_hot, gradients_example_by_example],
    "numerical_gradient": [numerical_gradient_in_place, numerical_gradient_five_points],
    "train": [train_recursive, train_on_copies],
}
