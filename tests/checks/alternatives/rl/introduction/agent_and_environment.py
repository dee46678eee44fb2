"""Other right answers to the exercises of rl/01_introduction, written in other ways."""

import numpy as np
from scipy import stats

# --- an episode ---------------------------------------------------------------------------------


def episode_with_break(env, policy, seed):
    observation, _info = env.reset(seed=seed)
    rewards = []
    while True:
        action = policy(observation)
        observation, reward, terminated, truncated, _info = env.step(action)
        rewards.append(reward)
        if terminated or truncated:
            break
    return rewards, terminated


def episode_as_array(env, policy, seed):
    """Rewards in an array, the flag as NumPy has it, one variable for the end."""
    observation = env.reset(seed=seed)[0]
    rewards, done = np.zeros(0), False
    while not done:
        result = env.step(policy(observation))
        observation, rewards = result[0], np.append(rewards, result[1])
        done = result[2] | result[3]
    return [rewards, np.bool_(result[2])]


def episode_recursive(env, policy, seed):
    def on_from(observation):
        observation, reward, terminated, truncated, _ = env.step(policy(observation))
        if terminated or truncated:
            return [reward], terminated
        rewards, ended = on_from(observation)
        return [reward, *rewards], ended

    return on_from(env.reset(seed=seed)[0])


# --- returns ------------------------------------------------------------------------------------


def returns_by_definition(rewards, gamma):
    T = len(rewards)
    return [sum(gamma ** (k - t) * rewards[k] for k in range(t, T)) for t in range(T)]


def returns_by_matrix(rewards, gamma):
    steps = np.arange(len(rewards))
    ahead = steps[None, :] - steps[:, None]
    return np.where(ahead >= 0, float(gamma) ** np.maximum(ahead, 0), 0.0) @ np.asarray(rewards, dtype=float)


def returns_collected_backwards(rewards, gamma):
    collected = [rewards[-1]]
    for reward in rewards[-2::-1]:
        collected.append(reward + gamma * collected[-1])
    return np.array(collected[::-1])


# --- a policy -----------------------------------------------------------------------------------


def push_by_prediction(observation):
    """A short look ahead, with if."""
    _, _, angle, velocity = observation
    if angle + 0.1 * velocity > 0:
        return 1
    return 0


def push_all_four(observation):
    """A linear controller of all four numbers, that also steers back to the middle."""
    return int(np.dot([0.03, 0.06, 1.0, 0.3], observation) > 0)


def push_by_cases(observation):
    """Angle where the pole leans much, angular velocity where it hardly leans."""
    angle, velocity = observation[2], observation[3]
    return np.int64(angle > 0) if abs(angle) > 0.03 else np.int64(velocity > 0)


def push_angle_plus_velocity(observation):
    """The first idea of many: no factor at all."""
    return 1 if observation[2] + observation[3] > 0 else 0


# --- mean and interval --------------------------------------------------------------------------


def interval_by_scipy(returns):
    mean, error = np.mean(returns), stats.sem(returns)
    if error == 0:  # scipy gives NaN for a scale of 0
        return mean, mean, mean
    return (mean, *stats.t.interval(0.95, len(returns) - 1, loc=mean, scale=error))


def interval_by_sums(returns):
    values = [float(one) for one in returns]
    n = len(values)
    mean = sum(values) / n
    variance = sum((one - mean) ** 2 for one in values) / (n - 1)
    half = -stats.t.ppf(0.025, df=n - 1) * (variance / n) ** 0.5
    return np.array([mean, mean - half, mean + half])


# --- after a cut --------------------------------------------------------------------------------


def rest_as_one_more_reward(rewards, terminated, gamma, rest):
    """The rest is like a last reward, paid one step after the cut."""
    total = 0.0 if terminated else rest
    for reward in reversed(rewards):
        total = reward + gamma * total
    return total


def rest_by_powers(rewards, terminated, gamma, rest):
    powers = gamma ** np.arange(len(rewards) + 1)
    return powers @ np.array([*rewards, rest * (1 - terminated)])


ALTERNATIVES = {
    "run_episode": [episode_with_break, episode_as_array, episode_recursive],
    "discounted_returns": [returns_by_definition, returns_by_matrix, returns_collected_backwards],
    "push_toward_fall": [push_by_prediction, push_all_four, push_by_cases, push_angle_plus_velocity],
    "mean_and_interval": [interval_by_scipy, interval_by_sums],
    "return_with_rest": [rest_as_one_more_reward, rest_by_powers],
}
