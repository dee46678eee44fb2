"""Other right answers to the exercises of rl/06_temporal_difference/03_q_learning_and_the_cliff."""

import numpy as np

# --- the target of Q-learning -------------------------------------------------------------------


def q_by_argmax(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    """First the best action, then its value."""
    if terminated:
        return reward
    best = np.argmax(Q[next_state])
    return reward + gamma * Q[next_state, best]


def q_by_sorting(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    """Python's own numbers, and a factor for the end."""
    return float(reward) + gamma * (1 - terminated) * sorted(Q[next_state].tolist())[-1]


def q_as_array(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    """An array without dimensions is a number, too."""
    return np.array(reward) + np.where(terminated, 0.0, gamma * Q.max(axis=1)[next_state])


# --- the target of Expected SARSA ---------------------------------------------------------------


def expected_by_probabilities(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    """Every action with its probability; equally good ones share what is greedy."""
    q = Q[next_state]
    best = q == q.max()
    probabilities = epsilon / len(q) + (1 - epsilon) * best / best.sum()
    return reward + (0.0 if terminated else gamma * probabilities @ q)


def expected_in_a_loop(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    n_actions = Q.shape[1]
    greedy = max(range(n_actions), key=lambda action: Q[next_state, action])
    value = 0.0
    for action in range(n_actions):
        probability = epsilon / n_actions + (1 - epsilon if action == greedy else 0)
        value += probability * Q[next_state, action]
    return reward + gamma * value * (not terminated)


def expected_from_q_learning(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    """A mixture of two targets: the greedy one and the one of a random next action."""
    greedy = q_by_argmax(Q, reward, next_state, next_action, terminated, epsilon, gamma)
    random = reward + gamma * Q.mean(axis=1)[next_state] * (1 - terminated)
    return epsilon * random + (1 - epsilon) * greedy


# --- the loop -----------------------------------------------------------------------------------


def control_with_probabilities(env, target, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    """Actions by rng.choice; the terminal state is given no action at all."""
    n_states, n_actions = env.observation_space.n, env.action_space.n
    Q, returns = np.zeros([n_states, n_actions]), np.zeros(num_episodes)

    def act(state):
        best = Q[state] == Q[state].max()
        return rng.choice(n_actions, p=epsilon / n_actions + (1 - epsilon) * best / best.sum())

    for episode in range(num_episodes):
        state, _ = env.reset()
        action = act(state)
        while True:
            next_state, reward, terminated, truncated, _ = env.step(action)
            returns[episode] += reward
            next_action = 0 if terminated else act(next_state)
            error = target(Q, reward, next_state, next_action, terminated, epsilon, gamma) - Q[state, action]
            Q[state, action] = Q[state, action] + alpha * error
            if terminated or truncated:
                break
            state, action = next_state, next_action
    return Q, returns


def control_with_a_mixture(env, target, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    """The table as a mixture of old and target, rewards in a list, arguments by name."""
    Q = np.full((env.observation_space.n, env.action_space.n), 0.0)

    def act(state):
        if rng.uniform() >= epsilon:
            return int(rng.permutation(np.flatnonzero(Q[state] == Q[state].max()))[0])
        return int(rng.integers(0, env.action_space.n))

    def episode():
        state = env.reset()[0]
        action, over, rewards = act(state), False, []
        while not over:
            to, reward, over, *_ = env.step(action)
            following = act(to)
            aim = target(
                Q=Q, reward=reward, next_state=to, next_action=following, terminated=over, gamma=gamma, epsilon=epsilon
            )
            Q[state][action] = (1 - alpha) * Q[state][action] + alpha * aim
            rewards.append(reward)
            state, action = to, following
        return sum(rewards)

    return [Q, [episode() for _ in range(num_episodes)]]


# --- the greedy path ----------------------------------------------------------------------------


def path_by_for(Q, env, limit=100):
    """At most `limit` steps."""
    path = [env.reset()[0]]
    for _ in range(limit):
        state, _, terminated, *_ = env.step(Q[path[-1]].argmax())
        path += [state]
        if terminated:
            break
    return path


def path_in_the_model(Q, env, limit=100):
    """Not a step is taken: the model says where each one leads. Of equally good actions the last is taken."""
    state, _ = env.reset()
    path, steps, over = np.array([state]), 0, False
    while steps < limit and not over:
        action = Q.shape[1] - 1 - int(np.argmax(Q[state][::-1]))
        ((_, state, _, over),) = env.P[state][action]
        path, steps = np.append(path, state), steps + 1
    return path


ALTERNATIVES = {
    "q_learning_target": [q_by_argmax, q_by_sorting, q_as_array],
    "expected_sarsa_target": [expected_by_probabilities, expected_in_a_loop, expected_from_q_learning],
    "td_control": [control_with_probabilities, control_with_a_mixture],
    "greedy_path": [path_by_for, path_in_the_model],
}
