"""Other right answers to the exercises of rl/04_dynamic_programming, written in other ways."""

import numpy as np

# --- backup -------------------------------------------------------------------------------------


def backup_by_action_values(P, policy, V, s, gamma):
    """First the value of each action, then their mean under the policy."""
    q = [sum(p * (r + gamma * V[to] * (not end)) for p, to, r, end in P[s][a]) for a in range(len(P[s]))]
    return np.dot(policy[s], q)


def backup_on_copied_values(P, policy, V, s, gamma):
    """Reward and future added up apart, outcomes visited backwards."""
    reward = future = 0.0
    for a in reversed(range(policy.shape[1])):
        for p, to, r, end in reversed(P[s][a]):
            reward += policy[s, a] * p * r
            if not end:
                future += policy[s, a] * p * V[to]
    return reward + gamma * future


def backup_with_arrays(P, policy, V, s, gamma):
    """All outcomes of the state in arrays."""
    rows = [(policy[s, a] * p, to, r, end) for a, outcomes in P[s].items() for p, to, r, end in outcomes]
    weights, next_states, rewards, ended = (np.array(column) for column in zip(*rows, strict=True))
    return float(np.sum(weights * (rewards + gamma * np.where(ended, 0.0, V[next_states]))))


# --- one sweep ----------------------------------------------------------------------------------


def sweep_by_comprehension(P, policy, V, gamma):
    new = np.array([backup_by_action_values(P, policy, V, s, gamma) for s in range(len(V))])
    return new, abs(new - V).max()


def sweep_old_copy(P, policy, V, gamma):
    """States in reverse order: with two arrays the order does not matter."""
    old, new, change = V.copy(), V.copy(), 0
    for s in reversed(range(len(old))):
        new[s] = backup_on_copied_values(P, policy, old, s, gamma)
        change = max(change, abs(old[s] - new[s]))
    return new, change


def sweep_by_matrices(P, policy, V, gamma):
    step, reward = _matrices(P, policy)
    new = reward + gamma * step @ V
    return [new, np.linalg.norm(new - V, ord=np.inf)]


def sweep_in_place_compared_afterwards(P, policy, V, gamma):
    """The argument is still there to compare with."""
    new = np.array(V)
    for s in P:
        new[s] = backup_with_arrays(P, policy, new, s, gamma)
    return new, np.max(np.abs(new - V))


def sweep_in_place_list(P, policy, V, gamma):
    """A list of numbers, and a list of changes."""
    values, changes = list(V), []
    for s in range(len(values)):
        v = values[s]
        values[s] = backup_by_action_values(P, policy, values, s, gamma)
        changes.append(abs(v - values[s]))
    return values, max(changes)


def sweep_in_place_by_matrices(P, policy, V, gamma):
    step, reward = _matrices(P, policy)
    new = V.copy()
    for s, row in enumerate(step):
        new[s] = reward[s] + gamma * row @ new
    return new, abs(new - V).max()


# --- policy evaluation --------------------------------------------------------------------------


def evaluation_in_one_piece(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    """The book's box, both variants in one loop."""
    V = np.zeros(len(P))
    changes = []
    while True:
        delta = 0.0
        source = V if in_place else V.copy()
        for s in range(len(P)):
            v = V[s]
            V[s] = backup_by_action_values(P, policy, source, s, gamma)
            delta = max(delta, abs(v - V[s]))
        changes.append(delta)
        if delta < theta:
            break
    return V, np.array(changes)


def evaluation_with_test_on_top(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    sweep = sweep_in_place_compared_afterwards if in_place else sweep_by_matrices
    values, changes = [0.0] * len(P), []
    while not changes or changes[-1] >= theta:
        values, change = sweep(P, policy, np.array(values), gamma)
        changes += [change]
    return values, changes


def evaluation_that_bootstraps_terminals(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    """Terminal values begin at 0 and stay there, so to add them is harmless here."""
    plain = {s: {a: [(p, to, r, False) for p, to, r, _ in row[a]] for a in row} for s, row in P.items()}
    return evaluation_in_one_piece(plain, policy, gamma, theta, in_place)


# --- linear system ------------------------------------------------------------------------------


def _matrices(P, policy):
    """From arrays over state, action and next state."""
    n_states, n_actions = policy.shape
    chance, reward = np.zeros((n_states, n_actions, n_states)), np.zeros((n_states, n_actions))
    for s in P:
        for a in P[s]:
            for p, to, r, end in P[s][a]:
                chance[s, a, to] += p * (not end)
                reward[s, a] += p * r
    return np.einsum("sa,sat->st", policy, chance), (policy * reward).sum(axis=1)


def solve_by_inverse(P, policy, gamma):
    step, reward = _matrices(P, policy)
    return np.linalg.inv(np.identity(len(P)) - gamma * step) @ reward


def solve_without_terminal_states(P, policy, gamma):
    """Rows and columns of the terminal states are left out; their values stay 0."""
    going = [s for s in P if not all(to == s and end for row in P[s].values() for _, to, _, end in row)]
    place = {s: i for i, s in enumerate(going)}
    A, b = np.eye(len(going)), np.zeros(len(going))
    for s in going:
        for a in P[s]:
            for p, to, r, end in P[s][a]:
                b[place[s]] += policy[s][a] * p * r
                if not end:
                    A[place[s], place[to]] -= gamma * policy[s][a] * p
    V = np.zeros(len(P))
    V[going] = np.linalg.solve(A, b)
    return V


def solve_by_many_sweeps(P, policy, gamma):
    """No solver at all: sweep until nothing changes any more."""
    step, reward = _matrices(P, policy)
    V, change = np.zeros(len(P)), 1.0
    while change > 1e-13:
        new = reward + gamma * step @ V
        V, change = new, abs(new - V).max()
    return V


ALTERNATIVES = {
    "backup": [backup_by_action_values, backup_on_copied_values, backup_with_arrays],
    "sweep_two_arrays": [sweep_by_comprehension, sweep_old_copy, sweep_by_matrices],
    "sweep_in_place": [
        sweep_in_place_compared_afterwards,
        sweep_in_place_list,
        sweep_in_place_by_matrices,
    ],
    "policy_evaluation": [
        evaluation_in_one_piece,
        evaluation_with_test_on_top,
        evaluation_that_bootstraps_terminals,
    ],
    "solve_bellman": [solve_by_inverse, solve_without_terminal_states, solve_by_many_sweeps],
}
