"""Right answers that are written differently from the solutions. Every check must accept them."""

import math

import numpy as np


def jacobian_by_diagonal(s, W):
    return np.diag(1 - np.square(s)) @ W


def jacobian_entry_by_entry(s, W):
    return [[(1 - s[i]) * (1 + s[i]) * W[i][j] for j in range(len(s))] for i in range(len(s))]


def chain_from_the_left(states, W, k, t):
    product = np.identity(len(W))
    for j in range(t, k, -1):
        product = product @ jacobian_by_diagonal(states[j], W)
    return product


def chain_recursive(states, W, k, t):
    if k == t:
        return np.eye(W.shape[0]).tolist()
    return jacobian_by_diagonal(states[t], W) @ np.array(chain_recursive(states, W, k, t - 1))


def chain_at_once(states, W, k, t):
    factors = [jacobian_by_diagonal(s, W) for s in states[k + 1 : t + 1][::-1]]
    return np.linalg.multi_dot(factors) if len(factors) > 1 else factors[0] if factors else np.eye(len(W))


def blame_by_list(states, W, d_last):
    rows = [d_last]
    for s in states[:0:-1]:
        rows.insert(0, (rows[0] * (1 - s**2)) @ W)
    return rows


def blame_by_jacobians(states, W, d_last):
    T = len(states) - 1
    return np.array([chain_from_the_left(states, W, k, T).T @ d_last for k in range(T + 1)])


def truncated_on_the_way(states, W, d_last, truncate):
    gradient, row = np.zeros_like(W), d_last
    for back in range(min(truncate + 1, len(states) - 1)):
        t = len(states) - 1 - back
        delta = row * (1 - states[t] ** 2)
        gradient = gradient + delta[:, None] * states[t - 1][None, :]
        row = W.T @ delta
    return gradient


def truncated_by_product(states, W, d_last, truncate):
    delta = np.array(blame_by_list(states, W, d_last))[1:] * (1 - states[1:] ** 2)
    first = max(0, len(delta) - 1 - truncate)
    return delta[first:].T @ states[:-1][first:]


def clip_by_long_vector(gradients, largest):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients.values()]))
    if not np.isfinite(norm):
        return {name: 0 * np.ones(g.shape) for name, g in gradients.items()}
    return {name: g * (largest / norm) if norm > largest else g.copy() for name, g in gradients.items()}


def clip_by_hand(gradients, largest):
    total = math.sqrt(sum(float(x) ** 2 for g in gradients.values() for x in g.ravel()))
    if math.isnan(total) or math.isinf(total):
        return {name: np.zeros(np.shape(g)) for name, g in gradients.items()}
    return {name: g / max(1.0, total / largest) for name, g in gradients.items()}


ALTERNATIVES = {
    "jacobian": [jacobian_by_diagonal, jacobian_entry_by_entry],
    "state_jacobian": [chain_from_the_left, chain_recursive, chain_at_once],
    "blame": [blame_by_list, blame_by_jacobians],
    "truncated_gradient": [truncated_on_the_way, truncated_by_product],
    "clip_by_norm": [clip_by_long_vector, clip_by_hand],
}
