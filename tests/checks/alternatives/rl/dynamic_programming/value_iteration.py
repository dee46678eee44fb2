"""Other right answers to the exercises of rl/04_dynamic_programming/03_value_iteration, written in other ways."""

import numpy as np

# --- the optimal backup -------------------------------------------------------------------------


def backup_in_one_line(P, V, s, gamma):
    return max(sum(p * (r + gamma * V[to] * (not end)) for p, to, r, end in outcomes) for outcomes in P[s].values())


def backup_with_loops(P, V, s, gamma):
    best = -np.inf
    for a in range(len(P[s])):
        value = 0.0
        for p, to, r, end in P[s][a]:
            value += p * r if end else p * (r + gamma * V[to])
        if value > best:
            best = value
    return best


# --- value iteration ----------------------------------------------------------------------------


def iteration_as_in_the_book(P, gamma=1.0, theta=1e-4, in_place=True):
    """The change is kept while sweeping, and two arrays are two arrays."""
    V, changes = np.zeros(len(P)), []
    while True:
        delta, new = 0.0, V if in_place else np.zeros(len(P))
        for s in range(len(P)):
            v = V[s]
            new[s] = backup_with_loops(P, V, s, gamma)
            delta = max(delta, abs(v - new[s]))
        V = new
        changes.append(delta)
        if delta < theta:
            return V, changes


def iteration_with_lists(P, gamma=1.0, theta=1e-4, in_place=True):
    V, changes = [0.0] * len(P), []
    while not changes or changes[-1] >= theta:
        old = list(V)
        if in_place:
            for s in P:
                V[s] = backup_in_one_line(P, V, s, gamma)
        else:
            V = [backup_in_one_line(P, old, s, gamma) for s in P]
        changes += [max(abs(a - b) for a, b in zip(V, old, strict=True))]
    return V, np.array(changes)


# --- any order ----------------------------------------------------------------------------------


def order_by_index(P, V, order, gamma):
    new = np.array(V)
    for k in range(len(order)):
        new[order[k]] = backup_with_loops(P, new, order[k], gamma)
    return new


def order_in_a_list(P, V, order, gamma):
    new = list(V)
    for s in order:
        new[s] = backup_in_one_line(P, new, s, gamma)
    return new


# --- prioritized sweeping -----------------------------------------------------------------------


def all_errors_anew(P, gamma=1.0, theta=1e-4):
    """No predecessors: every error is computed anew; among equal ones the last state comes first."""
    V, order = np.zeros(len(P)), []
    while True:
        best = np.array([backup_with_loops(P, V, s, gamma) for s in range(len(P))])
        error = np.abs(best - V)
        if error.max() < theta:
            return V, np.array(order, dtype=int)
        s = len(P) - 1 - int(error[::-1].argmax())
        V[s] = best[s]
        order.append(s)


def errors_in_a_dictionary(P, gamma=1.0, theta=1e-4):
    V, order = [0.0] * len(P), []
    before = {t: {s for s in P for row in P[s].values() for _, to, _, end in row if to == t and not end} for t in P}
    error = {s: abs(backup_in_one_line(P, V, s, gamma)) for s in P}
    while True:
        s = max(error, key=error.get)
        if error[s] < theta:
            return np.array(V), order
        V[s] = backup_in_one_line(P, V, s, gamma)
        order += [s]
        for t in {s, *before[s]}:
            error[t] = abs(V[t] - backup_in_one_line(P, V, t, gamma))


ALTERNATIVES = {
    "optimal_backup": [backup_in_one_line, backup_with_loops],
    "value_iteration": [iteration_as_in_the_book, iteration_with_lists],
    "back_up_in_order": [order_by_index, order_in_a_list],
    "prioritized_sweeping": [all_errors_anew, errors_in_a_dictionary],
}
