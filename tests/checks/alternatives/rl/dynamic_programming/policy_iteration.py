"""Other right answers to the exercises of rl/04_dynamic_programming/02_policy_iteration, written in other ways."""

import numpy as np

from lib.models.dynamic_programming import policy_evaluation

# --- action values ------------------------------------------------------------------------------


def values_in_a_list(P, V, s, gamma):
    return [sum(p * (r + gamma * V[to] * (not end)) for p, to, r, end in P[s][a]) for a in range(len(P[s]))]


def values_in_two_parts(P, V, s, gamma):
    """Reward and future apart, actions by their keys."""
    reward, future = np.zeros(len(P[s])), np.zeros(len(P[s]))
    for a, outcomes in P[s].items():
        for p, to, r, end in reversed(outcomes):
            reward[a] += p * r
            if not end:
                future[a] += p * V[to]
    return reward + gamma * future


def values_with_arrays(P, V, s, gamma):
    answer = []
    for outcomes in P[s].values():
        p, to, r, end = (np.array(column) for column in zip(*outcomes, strict=True))
        answer.append(p @ (r + gamma * np.where(end, 0.0, V[to])))
    return np.array(answer)


# --- greedy policy ------------------------------------------------------------------------------


def greedy_with_loops(P, V, gamma, tolerance=1e-6):
    policy = []
    for s in P:
        values = values_in_a_list(P, V, s, gamma)
        best = [a for a in range(len(values)) if max(values) - values[a] <= tolerance]
        policy.append([1 / len(best) if a in best else 0.0 for a in range(len(values))])
    return policy


def greedy_in_one_go(P, V, gamma, tolerance=1e-6):
    Q = np.array([values_with_arrays(P, V, s, gamma) for s in P])
    marks = np.isclose(Q, Q.max(axis=1, keepdims=True), rtol=0, atol=tolerance).astype(float)
    marks /= marks.sum(axis=1)[:, None]
    return marks


# --- the largest gain ---------------------------------------------------------------------------


def gain_with_running_maximum(P, policy, V, gamma):
    largest = 0.0
    for s in range(len(P)):
        values = values_in_a_list(P, V, s, gamma)
        largest = max(largest, max(values) - sum(p * q for p, q in zip(policy[s], values, strict=True)))
    return largest


def gain_in_one_go(P, policy, V, gamma):
    Q = np.array([values_in_two_parts(P, V, s, gamma) for s in P])
    return np.max(((Q.max(axis=1, keepdims=True) - Q) * policy).sum(axis=1))


# --- policy iteration ---------------------------------------------------------------------------


def iteration_stops_before_improving(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    V, history = np.zeros(len(P)), []
    while True:
        V, changes = policy_evaluation(P, policy, gamma, theta, V)
        history += [(policy, V, len(changes))]
        if gain_in_one_go(P, policy, V, gamma) <= tolerance:
            return greedy_with_loops(P, V, gamma, tolerance), V, history
        policy = greedy_in_one_go(P, V, gamma, tolerance)


def iteration_with_test_on_top(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    """The first evaluation stands before the loop; entries are lists."""
    V, changes = policy_evaluation(P, policy, gamma, theta)
    history = [[policy, V, len(changes)]]
    while gain_with_running_maximum(P, policy, V, gamma) > tolerance:
        policy = greedy_in_one_go(P, V, gamma, tolerance)
        V, changes = policy_evaluation(P, policy, gamma=gamma, theta=theta, V=V)
        history.append([policy, V, len(changes)])
    return greedy_in_one_go(P, V, gamma, tolerance), V, history


def iteration_with_its_own_sweeps(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    """Sweeps of its own instead of `policy_evaluation`."""
    V, history = np.zeros(len(P)), []
    while True:
        V, change, sweeps = V.copy(), np.inf, 0
        while change >= theta:
            change, sweeps = 0.0, sweeps + 1
            for s in P:
                old, V[s] = V[s], np.dot(policy[s], values_in_a_list(P, V, s, gamma))
                change = max(change, abs(V[s] - old))
        history.append((policy, V, sweeps))
        improved = greedy_in_one_go(P, V, gamma, tolerance)
        if gain_in_one_go(P, policy, V, gamma) <= tolerance:
            return improved, V, history
        policy = improved


ALTERNATIVES = {
    "action_values": [values_in_a_list, values_in_two_parts, values_with_arrays],
    "greedy_policy": [greedy_with_loops, greedy_in_one_go],
    "largest_gain": [gain_with_running_maximum, gain_in_one_go],
    "policy_iteration": [
        iteration_stops_before_improving,
        iteration_with_test_on_top,
        iteration_with_its_own_sweeps,
    ],
}
