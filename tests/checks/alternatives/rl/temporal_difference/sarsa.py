"""Other right answers to the exercises of rl/06_temporal_difference/02_sarsa, written in other ways."""

import numpy as np

# --- choose_action ------------------------------------------------------------------------------


def choose_by_probabilities(q_row, epsilon, rng):
    """One draw from the probabilities of all actions."""
    best = np.asarray(q_row) == np.max(q_row)
    return rng.choice(len(q_row), p=epsilon / len(q_row) + (1 - epsilon) * best / best.sum())


def choose_by_shuffling(q_row, epsilon, rng):
    """Greedy is the normal case; ties go to the first action in a random order."""
    order = rng.permutation(len(q_row))
    if rng.uniform() >= epsilon:
        return max(order, key=lambda action: q_row[action])
    return order[0]


# --- sarsa_target -------------------------------------------------------------------------------


def target_by_branches(Q, reward, next_state, next_action, terminated, gamma):
    if terminated:
        return reward
    return reward + gamma * Q[next_state][next_action]


def target_by_factor(Q, reward, next_state, next_action, terminated, gamma):
    return np.float64(reward + (1 - int(terminated)) * gamma * Q[next_state, next_action])


# --- sarsa_episode ------------------------------------------------------------------------------


def episode_with_early_exit(env, Q, alpha, epsilon, gamma, rng):
    """No action is chosen in a terminal state; old and target are weighed."""
    Q, rewards = np.array(Q), []
    state = env.reset()[0]
    action = choose_by_shuffling(Q[state], epsilon, rng)
    while True:
        to, reward, terminated, truncated, _ = env.step(action)
        rewards.append(reward)
        if terminated or truncated:
            Q[state, action] = (1 - alpha) * Q[state, action] + alpha * reward
            return Q, len(rewards), sum(rewards)
        then = choose_by_shuffling(Q[to], epsilon, rng)
        Q[state, action] = (1 - alpha) * Q[state, action] + alpha * (reward + gamma * Q[to, then])
        state, action = to, then


def episode_one_step_late(env, Q, alpha, epsilon, gamma, rng):
    """The action is chosen on top of the loop, and the update of the step before follows it."""
    Q, length, total, last = np.array(Q), 0, 0.0, None
    state, over = env.reset()[0], False
    while not over:
        action = choose_by_probabilities(Q[state], epsilon, rng)
        if last is not None:
            s, a, r = last
            Q[s, a] += alpha * (r + gamma * Q[state, action] - Q[s, a])
        to, reward, over, _, _ = env.step(int(action))
        last, length, total, state = (state, action, reward), length + 1, total + reward, to
    s, a, r = last
    Q[s, a] += alpha * (r - Q[s, a])
    return [Q, np.int64(length), total]


# --- sarsa --------------------------------------------------------------------------------------


def sarsa_in_one_piece(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    """Both loops in one function, arrays for the statistics."""
    Q = np.zeros((env.observation_space.n, env.action_space.n))
    lengths, returns = np.zeros(num_episodes, dtype=int), np.zeros(num_episodes)
    for k in range(num_episodes):
        state, _ = env.reset()
        action, terminated = choose_by_shuffling(Q[state], epsilon, rng), False
        while not terminated:
            to, reward, terminated, _, _ = env.step(action)
            then = choose_by_shuffling(Q[to], epsilon, rng)
            target = target_by_branches(Q, reward, to, then, terminated, gamma)
            Q[state, action] += alpha * (target - Q[state, action])
            lengths[k] += 1
            returns[k] += reward
            state, action = to, then
    return Q, lengths, returns


def sarsa_by_recursion(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    """The last episode after all the others."""
    if num_episodes == 0:
        return np.zeros((int(env.observation_space.n), int(env.action_space.n))), [], []
    Q, lengths, returns = sarsa_by_recursion(env, num_episodes - 1, rng, alpha, epsilon, gamma)
    Q, length, total = episode_with_early_exit(env, Q, alpha, epsilon, gamma, rng)
    return Q, [*lengths, length], [*returns, total]


ALTERNATIVES = {
    "choose_action": [choose_by_probabilities, choose_by_shuffling],
    "sarsa_target": [target_by_branches, target_by_factor],
    "sarsa_episode": [episode_with_early_exit, episode_one_step_late],
    "sarsa": [sarsa_in_one_piece, sarsa_by_recursion],
}
