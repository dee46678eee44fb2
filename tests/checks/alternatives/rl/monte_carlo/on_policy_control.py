"""Other right answers to the exercises of rl/05_monte_carlo/02_on_policy_control, written in other ways."""

from collections import defaultdict

import numpy as np

# --- ε-greedy -----------------------------------------------------------------------------------


def probabilities_in_an_array(values, epsilon):
    n = len(values)
    row = np.full(n, epsilon / n)
    row[np.argmax(values)] += 1 - epsilon
    return row


def probabilities_one_by_one(values, epsilon):
    """The greedy action gets what the others leave."""
    best = max(range(len(values)), key=lambda a: values[a])
    others = epsilon / len(values)
    return tuple(1 - (len(values) - 1) * others if a == best else others for a in range(len(values)))


# --- returns of first visits --------------------------------------------------------------------


def returns_forwards(episode, gamma):
    found = {}
    for t, (state, action, _) in enumerate(episode):
        if (state, action) not in found:
            found[(state, action)] = sum(gamma**k * r for k, (_, _, r) in enumerate(episode[t:]))
    return found


def returns_with_the_book(episode, gamma):
    """As in the book: backwards, unless the pair appears earlier."""
    pairs, G, found = [(s, a) for s, a, _ in episode], 0, defaultdict(float)
    for t in range(len(episode) - 1, -1, -1):
        G = gamma * G + episode[t][2]
        if pairs[t] not in pairs[:t]:
            found[pairs[t]] = np.float64(G)
    return found


# --- control ------------------------------------------------------------------------------------


def control_in_one_piece(env, num_episodes, epsilon, rng, gamma=1.0):
    """Everything by hand: NumPy rows, `rng.choice`, sums and counts."""
    n = env.action_space.n
    sums, counts, Q = defaultdict(float), defaultdict(int), {}
    for _ in range(num_episodes):
        episode, over = [], False
        state, _ = env.reset()
        while not over:
            row = Q.setdefault(state, np.zeros(n))
            action = rng.choice(n, p=probabilities_in_an_array(row, epsilon))
            following, reward, terminated, truncated, _ = env.step(action)
            episode.append((state, action, reward))
            state, over = following, terminated or truncated
        for (s, a), G in returns_forwards(episode, gamma).items():
            sums[s, a] += G
            counts[s, a] += 1
            Q[s][a] = sums[s, a] / counts[s, a]
    return Q


def control_with_a_coin(env, num_episodes, epsilon, rng, gamma=1.0):
    """First a coin, then a die; lists of all returns."""
    n = int(env.action_space.n)
    returns = defaultdict(lambda: [[] for _ in range(n)])
    Q = defaultdict(lambda: [0.0] * n)
    for _ in range(num_episodes):
        state, _ = env.reset()
        steps, over = [], False
        while not over:
            if rng.random() < epsilon:
                action = int(rng.integers(n))
            else:
                action = Q[state].index(max(Q[state]))
            following, reward, over, _, _ = env.step(action)
            steps.append((state, action, reward))
            state = following
        for (s, a), G in returns_with_the_book(steps, gamma).items():
            returns[s][a].append(G)
            Q[s][a] = float(np.mean(returns[s][a]))
    return dict(Q)


# --- the greedy policy --------------------------------------------------------------------------


def greedy_with_argmax(Q):
    policy = {}
    for state in Q:
        policy[state] = np.argmax(Q[state])
    return policy


def greedy_with_a_loop(Q):
    policy = {}
    for state, values in Q.items():
        best = 0
        for action in range(1, len(values)):
            if values[action] > values[best]:
                best = action
        policy[state] = best
    return policy


ALTERNATIVES = {
    "epsilon_greedy": [probabilities_in_an_array, probabilities_one_by_one],
    "first_visit_returns": [returns_forwards, returns_with_the_book],
    "mc_control": [control_in_one_piece, control_with_a_coin],
    "greedy_policy": [greedy_with_argmax, greedy_with_a_loop],
}
