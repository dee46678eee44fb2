"""Other right answers to the exercises of rl/05_monte_carlo/01_prediction, written in other ways."""

from collections import Counter

import numpy as np

# --- play_hand ----------------------------------------------------------------------------------


def play_with_break(env, policy):
    """An endless loop that is left; lists in place of tuples, NumPy numbers in place of Python's."""
    observation, _info = env.reset()
    steps = []
    while True:
        action = np.int64(policy(observation))
        new, reward, terminated, truncated, _info = env.step(action)
        steps.append([observation, action, np.float64(reward)])
        if terminated or truncated:
            return steps
        observation = new


def play_in_columns(env, policy):
    """Three lists that are joined at the end."""
    states, actions, rewards, done = [env.reset()[0]], [], [], False
    while not done:
        actions += [policy(states[-1])]
        state, reward, terminated, truncated, _ = env.step(actions[-1])
        done = any((terminated, truncated))
        states, rewards = [*states, state], [*rewards, reward]
    return list(zip(states, actions, rewards, strict=False))


def play_recursively(env, policy, state=None):
    """The first step, and then the rest of the episode."""
    state = env.reset()[0] if state is None else state
    action = policy(state)
    following, reward, terminated, truncated, _ = env.step(action)
    rest = [] if terminated or truncated else play_recursively(env, policy, following)
    return [(state, action, reward), *rest]


def play_one_action_ahead(env, policy):
    """The next action is chosen as soon as the next state is there, at the end of the episode, too."""
    state, episode, over = env.reset()[0], [], False
    action = policy(state)
    while not over:
        following, reward, *flags, _ = env.step(action)
        episode.append((state, action, reward))
        over = True in flags
        state, action = following, policy(following)
    return episode


# --- first_visit_returns ------------------------------------------------------------------------


def first_visits_from_the_front(episode, gamma):
    """The first visit of each state is looked for; the return is summed up by its definition."""
    states = [step[0] for step in episode]
    return {
        state: sum(gamma**k * step[2] for k, step in enumerate(episode[states.index(state) :]))
        for state in dict.fromkeys(states)
    }


def first_visits_with_a_test(episode, gamma):
    """The book's box: unless the state appears earlier, write its return down."""
    G, returns = 0, {}
    for t in range(len(episode) - 1, -1, -1):
        state, _, reward = episode[t]
        G = gamma * G + reward
        if state not in [earlier for earlier, _, _ in episode[:t]]:
            returns[state] = G
    return returns


def first_visits_with_arrays(episode, gamma):
    """All powers of gamma in a triangular matrix."""
    rewards = np.array([reward for *_, reward in episode])
    n = np.arange(len(rewards))
    powers = np.triu(gamma ** np.maximum(n[None, :] - n[:, None], 0.0))
    found = {}
    for (state, *_), G in zip(episode, powers @ rewards, strict=True):
        found.setdefault(state, G)
    return found


# --- mc_prediction ------------------------------------------------------------------------------


def prediction_with_running_means(env, policy, num_episodes, gamma=1.0):
    """Two numbers for each state in place of a list."""
    V, n = {}, Counter()
    for _ in range(num_episodes):
        for state, G in first_visits_with_a_test(play_with_break(env, policy), gamma).items():
            n[state] += 1
            V[state] = V.get(state, 0.0) + (G - V.get(state, 0.0)) / n[state]
    return V


def prediction_with_sums(env, policy, num_episodes, gamma=1.0):
    """The form of the 2016 notebooks: sums and counts, the value brought up to date each time."""
    returns_sum, returns_count, V = {}, {}, {}
    for _ in range(num_episodes):
        episode = play_in_columns(env, policy)
        for state in {state for state, _, _ in episode}:
            first = next(i for i, step in enumerate(episode) if step[0] == state)
            G = sum(step[2] * gamma**i for i, step in enumerate(episode[first:]))
            returns_sum[state] = returns_sum.get(state, 0.0) + G
            returns_count[state] = returns_count.get(state, 0.0) + 1.0
            V[state] = returns_sum[state] / returns_count[state]
    return V


def prediction_after_playing(env, policy, num_episodes, gamma=1.0):
    """First all episodes, then the values, state by state; NumPy numbers."""
    found = [first_visits_from_the_front(play_recursively(env, policy), gamma) for _ in range(num_episodes)]
    states = {state for returns in found for state in returns}
    return {state: np.mean([returns[state] for returns in found if state in returns]) for state in states}


# --- running_means ------------------------------------------------------------------------------


def means_by_cumsum(values):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


def means_by_weights(values):
    """The other form of the equation: the old mean weighs n - 1."""
    means = [float(values[0])]
    for n in range(2, len(values) + 1):
        means.append(((n - 1) * means[-1] + values[n - 1]) / n)
    return means


def means_by_slices(values):
    return tuple(sum(values[:n]) / n for n in range(1, len(values) + 1))


def means_in_single_precision(values):
    mean, means = np.float32(0), []
    for n, value in enumerate(values, 1):
        mean = np.float32(mean + (np.float32(value) - mean) / np.float32(n))
        means.append(mean)
    return means


ALTERNATIVES = {
    "play_hand": [play_with_break, play_in_columns, play_recursively, play_one_action_ahead],
    "first_visit_returns": [first_visits_from_the_front, first_visits_with_a_test, first_visits_with_arrays],
    "mc_prediction": [prediction_with_running_means, prediction_with_sums, prediction_after_playing],
    "running_means": [means_by_cumsum, means_by_weights, means_by_slices, means_in_single_precision],
}
