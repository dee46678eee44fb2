"""Right answers that are written differently from the solutions. Every check must accept them."""

import math
from statistics import fmean

import numpy as np
from scipy.special import logit


def adding_one_by_one(rng, batch, length):
    inputs, targets = np.zeros((length, batch, 2), dtype=np.float32), []
    for b in range(batch):
        first, second = rng.integers(length // 2), rng.integers(length // 2, length)
        inputs[:, b, 0] = rng.random(length)
        inputs[[first, second], b, 1] = 1
        targets.append(float(inputs[first, b, 0] + inputs[second, b, 0]))
    return inputs, targets


def adding_with_choice(rng, batch, length):
    steps = np.arange(length)
    first, second = rng.choice(steps[: length // 2], size=batch), rng.choice(steps[length // 2 :], size=batch)
    marks = ((steps[:, None] == first) | (steps[:, None] == second)).astype(float)
    numbers = rng.uniform(size=(length, batch))
    return [np.dstack([numbers, marks]), np.einsum("tb,tb->b", numbers, marks)]


def baseline_from_unit_interval(n, low, high):
    return (n * low + n * (high - low) * 0.5, n / 12 * (high - low) * (high - low))


def baseline_by_moments(n, low, high):
    mean, square = (low + high) / 2, (high**2 + high * low + low**2) / 3
    return np.array([n * mean, n * (square - mean**2)])


def remembered_by_cumprod(f):
    return np.vstack([np.cumprod(f[::-1], axis=0)[::-1], np.ones(f.shape[1])])


def remembered_by_products(f):
    return [np.prod(f[t:], axis=0).tolist() for t in range(len(f) + 1)]


def bias_by_logit(steps):
    return logit(1 - 1 / np.asarray(steps))


def bias_by_ratio(steps):
    f = 1 - 1 / np.asarray(steps, dtype=float)
    return np.log(f / (1 - f))


def fit_for(step, draw, most, solved, window):
    errors = []
    for _ in range(most):
        inputs, targets = draw()
        errors.append(float(step(inputs, targets)))
        recent = errors[-window:]
        if len(recent) == window and fmean(recent) < solved:
            return errors
    return errors


def fit_sum(step, draw, most, solved, window):
    errors, done = np.array([]), False
    while not done:
        errors = np.append(errors, step(*draw()))
        done = errors.size == most or (errors.size >= window and math.fsum(errors[-window:]) / window < solved)
    return errors


ALTERNATIVES = {
    "adding_batch": [adding_one_by_one, adding_with_choice],
    "baseline": [baseline_from_unit_interval, baseline_by_moments],
    "remembered": [remembered_by_cumprod, remembered_by_products],
    "forget_bias": [bias_by_logit, bias_by_ratio],
    "fit": [fit_for, fit_sum],
}
