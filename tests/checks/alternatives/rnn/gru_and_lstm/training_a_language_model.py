"""Other right answers to ``rnn/04_gru_and_lstm/02_training_a_language_model``: each must pass its check."""

import bisect

import numpy as np
import pytensor.tensor as pt

from lib.models.recurrent import graph_layer
from lib.text import END


def log_p_layers_by_hand(theta, x, H):
    first, second = ({"U": theta[f"U{n}"], "W": theta[f"W{n}"], "b": theta[f"b{n}"]} for n in (1, 2))
    s = graph_layer("gru", second, graph_layer("gru", first, theta["E"][x], H), H)
    T, B = x.type.shape
    scores = pt.dot(s.reshape((T * B, H)), pt.dot(theta["V"], theta["E"].T)) + theta["c"]
    return scores - pt.log(pt.exp(scores).sum(axis=1, keepdims=True))


def log_p_flat(theta, x, H):
    T, B = x.type.shape
    s = theta["E"][x.ravel()].reshape((T, B, theta["E"].shape[1]))
    for n in "12":
        s = graph_layer("gru", {name: theta[name + n] for name in ("U", "W", "b")}, s, H)
    scores = (s.reshape((T * B, H)) @ theta["V"]) @ theta["E"].T + theta["c"]
    return pt.special.log_softmax(scores, axis=1)


def pad_by_rows(encoded, length):
    x, y, mask = [], [], []
    for sentence in encoded:
        missing = length - (len(sentence) - 1)
        x.append([*sentence[:-1], *[END] * missing])
        y.append([*sentence[1:], *[END] * missing])
        mask.append([1.0] * (length - missing) + [0.0] * missing)
    return np.array(x, np.int32).T, np.array(y, np.int32).T, np.array(mask, np.float32).T


def pad_one_table(encoded, length):
    table = np.full((length + 1, len(encoded)), END, np.int32)
    for b, sentence in enumerate(encoded):
        table[: len(sentence), b] = sentence
    n = np.array([len(sentence) - 1 for sentence in encoded])
    return table[:-1], table[1:], (np.arange(length)[:, None] < n).astype(np.float32)


def loss_three_axes(log_p, y, mask):
    T, B = y.type.shape
    chosen = log_p.reshape((T, B, log_p.shape[1]))[np.arange(T)[:, None], np.arange(B), y]
    return -pt.sum(chosen * mask) / pt.sum(mask)


def loss_one_hot(log_p, y, mask):
    one_hot = pt.eq(pt.arange(log_p.shape[1]), y.ravel()[:, None])
    return -(one_hot * log_p * mask.ravel()[:, None]).sum() / mask.sum()


def buckets_one_by_one(lengths, limits):
    found = [[] for _ in limits]
    for place, length in enumerate(lengths):
        number = bisect.bisect_left(limits, length)
        if number < len(limits):
            found[number].append(place)
    return found


def buckets_by_search(lengths, limits):
    numbers = np.searchsorted(limits, lengths)
    return [np.where(numbers == number)[0][::-1] for number in range(len(limits))]


def rmsprop_by_hand(theta, m, g, lr):
    m = m + 0.1 * (g * g - m)
    return theta - g * lr * (m + 1e-6) ** -0.5, m


def rmsprop_in_a_list(theta, m, g, lr):
    new = m * 0.9 + (1 - 0.9) * pt.sqr(g)
    return [theta - (lr / np.sqrt(new + 0.000001)) * g, new]


ALTERNATIVES = {
    "log_probabilities": [log_p_layers_by_hand, log_p_flat],
    "pad_batch": [pad_by_rows, pad_one_table],
    "masked_loss": [loss_three_axes, loss_one_hot],
    "buckets": [buckets_one_by_one, buckets_by_search],
    "rmsprop_step": [rmsprop_by_hand, rmsprop_in_a_list],
}
