"""Other right answers to the exercises of rl/03_mdp/02_optimality, written in other ways."""

import numpy as np
from scipy.optimize import linprog

# --- all deterministic policies -----------------------------------------------------------------


def policies_by_counting(n_states, n_actions):
    """Policy number k in the number system with n_actions digits."""
    found = np.zeros((n_actions**n_states, n_states, n_actions))
    for k in range(len(found)):
        rest = k
        for s in range(n_states):
            found[k, s, rest % n_actions] = 1
            rest //= n_actions
    return found


def policies_by_growing(n_states, n_actions):
    """State by state: every list of rows is continued in all ways."""
    rows, found = np.eye(n_actions, dtype=int).tolist(), [[]]
    for _ in range(n_states):
        found = [[*policy, row] for row in rows for policy in found]
    return found


# --- the best of them ---------------------------------------------------------------------------


def best_by_pairs(values, tolerance=1e-9):
    n = range(len(values))
    return [all(all(values[i] >= values[j] - tolerance) for j in n) for i in n]


def best_by_distance(values, tolerance=1e-9):
    return np.max(values.max(axis=0) - values, axis=1) <= tolerance


# --- the optimality equation --------------------------------------------------------------------


def backup_by_values(P, Q, gamma):
    """First the value of the best action of each state, then one look ahead."""
    V = np.max(Q, axis=1)
    return [
        [sum(p * (r + gamma * V[to] * (not end)) for p, to, r, end in P[s][a]) for a in sorted(P[s])] for s in sorted(P)
    ]


def backup_by_arrays(P, Q, gamma):
    new = np.zeros_like(Q)
    for s in P:
        for a in P[s]:
            chances, states, rewards, ended = (np.array(column) for column in zip(*P[s][a], strict=True))
            new[s, a] = chances @ (rewards + gamma * np.where(ended, 0.0, Q[states].max(axis=1)))
    return new


# --- greedy actions -----------------------------------------------------------------------------


def greedy_by_isclose(Q, tolerance=1e-6):
    return np.isclose(Q, np.max(Q, axis=1)[:, None], rtol=0, atol=tolerance)


def greedy_by_loops(Q, tolerance=1e-6):
    """Lists of True and False."""
    return [[max(row) - value <= tolerance for value in row] for row in Q.tolist()]


# --- the linear programme -----------------------------------------------------------------------


def values_by_sweeps(P, gamma):
    """No linear programme: the optimality equation, applied until nothing changes."""
    V = np.zeros(len(P))
    while True:
        new = np.array(backup_by_values(P, V[:, None], gamma)).max(axis=1)
        if np.abs(new - V).max() < 1e-12:
            return new
        V = new


def values_by_dual(P, gamma):
    """The other programme: how often each state and action is visited; its multipliers are the values."""
    pairs = [(s, a) for s in P for a in P[s]]
    rewards = [sum(p * r for p, _, r, _ in P[s][a]) for s, a in pairs]
    flow = np.zeros((len(P), len(pairs)))
    for k, (s, a) in enumerate(pairs):
        flow[s, k] += 1
        for p, to, _, end in P[s][a]:
            if not end:
                flow[to, k] -= gamma * p
    result = linprog(-np.array(rewards), A_eq=flow, b_eq=np.ones(len(P)))
    return -result.eqlin.marginals


def values_by_improving(P, gamma):
    """Policy after policy, each greedy with respect to the one before."""
    policy = [min(row) for row in P.values()]
    while True:
        A, b = np.eye(len(P)), np.zeros(len(P))
        for s, a in enumerate(policy):
            for p, to, r, end in P[s][a]:
                b[s] += p * r
                A[s, to] -= 0 if end else gamma * p
        V = np.linalg.solve(A, b)
        Q = np.array(backup_by_values(P, V[:, None], gamma))
        better = [int(row.argmax()) if row.max() > row[a] + 1e-10 else a for row, a in zip(Q, policy, strict=True)]
        if better == policy:
            return V
        policy = better


ALTERNATIVES = {
    "deterministic_policies": [policies_by_counting, policies_by_growing],
    "optimal_policies": [best_by_pairs, best_by_distance],
    "optimality_backup": [backup_by_values, backup_by_arrays],
    "greedy_actions": [greedy_by_isclose, greedy_by_loops],
    "optimal_values": [values_by_sweeps, values_by_dual, values_by_improving],
}
