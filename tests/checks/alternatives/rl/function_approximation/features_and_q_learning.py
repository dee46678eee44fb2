"""Other right answers to the exercises of rl/07_function_approximation/01, written in other ways."""

import numpy as np

# --- features -----------------------------------------------------------------------------------


def features_by_einsum(state, W, b):
    return (2.0 / b.size) ** 0.5 * np.cos(np.einsum("...j,ij->...i", state, W) + b)


def features_by_addition_theorem(state, W, b):
    angle = np.dot(state, W.T)
    return (np.cos(angle) * np.cos(b) - np.sin(angle) * np.sin(b)) * np.sqrt(2) / np.sqrt(W.shape[0])


def features_in_lists(state, W, b):
    def one(s):
        return [
            np.sqrt(2 / len(b)) * np.cos(sum(w * v for w, v in zip(row, s, strict=True)) + c)
            for row, c in zip(W, b, strict=True)
        ]

    return one(state) if np.ndim(state) == 1 else [one(s) for s in state]


# --- action values ------------------------------------------------------------------------------


def values_indexed(w, x, action=None):
    q = np.dot(w, x)
    return q if action is None else float(q[action])


def values_in_loops(w, x, action=None):
    q = [sum(weight * feature for weight, feature in zip(row, x, strict=True)) for row in w]
    if action is not None:
        return q[action]
    return q


# --- the target ---------------------------------------------------------------------------------


def target_with_branches(w, reward, next_x, terminated, truncated, gamma):
    if terminated:
        return reward
    return reward + gamma * max(row @ next_x for row in w)


def target_masked(w, reward, next_x, terminated, truncated, gamma):
    """A product with `not terminated`, as in array code."""
    return np.float64(reward) + (1 - int(terminated)) * gamma * (next_x @ w.T).max()


# --- the update ---------------------------------------------------------------------------------


def update_by_outer_product(w, x, action, target, alpha):
    chosen = np.zeros(len(w))
    chosen[action] = 1.0
    return w + alpha * (target - w[action] @ x) * np.outer(chosen, x)


def update_in_lists(w, x, action, target, alpha):
    new = [list(row) for row in w]
    error = target - sum(a * b for a, b in zip(w[action], x, strict=True))
    for i in range(len(x)):
        new[action][i] += alpha * error * x[i]
    return new


# --- one episode --------------------------------------------------------------------------------


def episode_in_one_piece(env, features, w, alpha, gamma):
    w, steps = np.array(w), 0
    state = env.reset()[0]
    while True:
        x = features(state)
        q = w @ x
        action = q.argmax()
        state, reward, terminated, truncated, _ = env.step(action)
        steps += 1
        target = reward if terminated else reward + gamma * (w @ features(state)).max()
        w[action] = w[action] + alpha * (target - q[action]) * x
        if terminated or truncated:
            return w, steps


def episode_with_random_ties(env, features, w, alpha, gamma):
    """Among equally good actions any may be taken."""
    rng, w = np.random.default_rng(), w.copy()
    state, _ = env.reset()
    steps, terminated, truncated = 0, False, False
    while not (terminated or truncated):
        x = features(state)
        q = w @ x
        action = int(rng.choice(np.flatnonzero(q == q.max())))
        state, reward, terminated, truncated, _ = env.step(action)
        target = target_masked(w, reward, features(state), terminated, truncated, gamma)
        w = update_by_outer_product(w, x, action, target, alpha)
        steps += 1
    return [w, np.int64(steps)]


ALTERNATIVES = {
    "features": [features_by_einsum, features_by_addition_theorem, features_in_lists],
    "action_values": [values_indexed, values_in_loops],
    "td_target": [target_with_branches, target_masked],
    "semi_gradient_update": [update_by_outer_product, update_in_lists],
    "q_learning_episode": [episode_in_one_piece, episode_with_random_ties],
}
