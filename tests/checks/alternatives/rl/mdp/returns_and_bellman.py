"""Other right answers to the exercises of rl/03_mdp/01_returns_and_bellman, written in other ways."""

from collections import Counter

import numpy as np

# --- what comes next ----------------------------------------------------------------------------


def next_by_masks(walk, n, now, before=None):
    """Arrays instead of a loop."""
    walk = np.asarray(walk)
    here = walk[1:-1] == now
    if before is not None:
        here &= walk[:-2] == before
    found = walk[2:][here]
    return np.bincount(found, minlength=n) / max(1, len(found))


def next_by_triples(walk, n, now, before=None):
    """All triples counted first, as a list of Python numbers."""
    triples = Counter(zip(walk[:-2], walk[1:-1], walk[2:], strict=True))
    pasts = range(n) if before is None else [before]
    counts = [sum(triples[b, now, d] for b in pasts) for d in range(n)]
    total = sum(counts)
    return [count / total if total else 0.0 for count in counts]


def next_by_running_mean(walk, n, now, before=None):
    shares, seen = np.zeros(n), 0
    for b, c, d in zip(walk[:-2], walk[1:-1], walk[2:], strict=True):
        if c == now and before in (None, b):
            seen += 1
            shares += (np.eye(n)[d] - shares) / seen
    return shares


# --- returns ------------------------------------------------------------------------------------


def returns_by_insertion(rewards, gamma):
    returns = []
    for reward in list(rewards)[::-1]:
        returns.insert(0, reward + gamma * (returns[0] if returns else 0.0))
    return returns


def returns_by_sums(rewards, gamma):
    """The definition, with two loops."""
    return np.array([sum(gamma**k * r for k, r in enumerate(rewards[t:])) for t in range(len(rewards))])


def returns_by_linear_system(rewards, gamma):
    """G = R + γ (G, one step later)."""
    n = len(rewards)
    return np.linalg.solve(np.eye(n) - gamma * np.eye(n, k=1), rewards) if n else np.zeros(0)


# --- models -------------------------------------------------------------------------------------


def _rows(P, policy):
    """Every transition: state, weight under the policy, next state, reward, terminated."""
    return [
        (s, policy[s][a] * p, to, r, end)
        for s, row in P.items()
        for a, outcomes in row.items()
        for p, to, r, end in outcomes
    ]


def matrix_by_einsum(P, policy):
    chance = np.zeros((len(P), len(P[0]), len(P)))
    for s in P:
        for a in P[s]:
            for p, to, _, end in P[s][a]:
                chance[s, a, to] += 0 if end else p
    return np.einsum("sa,sat->st", policy, chance)


def matrix_by_continue(P, policy):
    matrix = [[0.0] * len(P) for _ in P]
    for s, weight, to, _, end in reversed(_rows(P, policy)):
        if end:
            continue
        matrix[s][to] += weight
    return matrix


def rewards_by_dot(P, policy):
    means = np.array([[sum(p * r for p, _, r, _ in P[s][a]) for a in range(len(P[s]))] for s in range(len(P))])
    return (means * policy).sum(axis=1)


def rewards_by_bincount(P, policy):
    states, weights, _, rewards, _ = (np.array(column) for column in zip(*_rows(P, policy), strict=True))
    return np.bincount(states, weights * rewards, minlength=len(P))


# --- values -------------------------------------------------------------------------------------


def values_by_inverse(P, policy, gamma):
    return np.linalg.inv(np.eye(len(P)) - gamma * matrix_by_einsum(P, policy)) @ rewards_by_dot(P, policy)


def values_by_sweeps(P, policy, gamma):
    step, reward = matrix_by_einsum(P, policy), rewards_by_dot(P, policy)
    V = np.zeros(len(P))
    while True:
        new = reward + gamma * step @ V
        if np.abs(new - V).max() < 1e-13:
            return new
        V = new


def values_by_series(P, policy, gamma):
    """r + γ P r + γ² P² r + … by repeated squaring."""
    step, total = gamma * matrix_by_einsum(P, policy), rewards_by_dot(P, policy)
    for _ in range(30):
        total, step = total + step @ total, step @ step
    return total


def actions_by_comprehension(P, V, gamma):
    return [
        [sum(p * (r + gamma * V[to] * (1 - end)) for p, to, r, end in P[s][a]) for a in sorted(P[s])] for s in sorted(P)
    ]


def actions_reward_and_rest_apart(P, V, gamma):
    reward, rest = np.zeros((len(P), len(P[0]))), np.zeros((len(P), len(P[0])))
    for s in P:
        for a in P[s]:
            for p, to, r, end in P[s][a]:
                reward[s, a] += p * r
                if not end:
                    rest[s, a] += p * V[to]
    return reward + gamma * rest


ALTERNATIVES = {
    "next_distribution": [next_by_masks, next_by_triples, next_by_running_mean],
    "discounted_returns": [returns_by_insertion, returns_by_sums, returns_by_linear_system],
    "transition_matrix": [matrix_by_einsum, matrix_by_continue],
    "expected_reward": [rewards_by_dot, rewards_by_bincount],
    "state_values": [values_by_inverse, values_by_sweeps, values_by_series],
    "action_values": [actions_by_comprehension, actions_reward_and_rest_apart],
}
