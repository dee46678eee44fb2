"""Other right answers to the exercises of rl/04_dynamic_programming/04_gamblers_problem."""

import numpy as np


def stake_values_with_arrays(P, V, s):
    answer = []
    for outcomes in P[s].values():
        p, to, reward, ended = (np.array(column) for column in zip(*outcomes, strict=True))
        answer.append(p @ (reward + np.where(ended, 0.0, V[to])))
    return answer


def stake_values_stake_by_stake(P, V, s):
    worth = np.zeros(len(P[s]))
    for stake in sorted(P[s], reverse=True):
        for p, to, reward, ended in reversed(P[s][stake]):
            worth[stake - 1] += p * reward
            if not ended:
                worth[stake - 1] += p * V[to]
    return worth


def value_iteration_with_old_copy(P, theta):
    V, sweeps = np.zeros(len(P)), 0
    while True:
        before, sweeps = V.copy(), sweeps + 1
        for s in P:
            V[s] = np.max(stake_values_with_arrays(P, V, s))
        if np.max(np.abs(V - before)) < theta:
            return V, sweeps


def value_iteration_in_a_list(P, theta):
    V, changes = [0.0] * len(P), [theta]
    while changes[-1] >= theta:
        change = 0.0
        for s in P:
            old, V[s] = V[s], max(stake_values_stake_by_stake(P, V, s))
            change = max(change, abs(V[s] - old))
        changes.append(change)
    return V, len(changes) - 1


def optimal_stakes_with_numpy(P, V, s, tolerance):
    values = np.array(stake_values_with_arrays(P, V, s))
    return np.flatnonzero(values >= values.max() - tolerance) + 1


def optimal_stakes_by_name(P, V, s, tolerance):
    values = dict(zip(P[s], stake_values_stake_by_stake(P, V, s), strict=True))
    return [stake for stake in P[s] if max(values.values()) - values[stake] < tolerance]


def timid_play_by_sum(p_h, goal):
    powers = ((1 - p_h) / p_h) ** np.arange(goal)
    return np.append(0, np.cumsum(powers)) / powers.sum()


def timid_play_by_linear_system(p_h, goal):
    A = np.eye(goal + 1)
    for s in range(1, goal):
        A[s, s + 1] -= p_h
        A[s, s - 1] -= 1 - p_h
    return np.linalg.solve(A, np.append(np.zeros(goal), 1.0))


ALTERNATIVES = {
    "stake_values": [stake_values_with_arrays, stake_values_stake_by_stake],
    "value_iteration": [value_iteration_with_old_copy, value_iteration_in_a_list],
    "optimal_stakes": [optimal_stakes_with_numpy, optimal_stakes_by_name],
    "timid_play": [timid_play_by_sum, timid_play_by_linear_system],
}
