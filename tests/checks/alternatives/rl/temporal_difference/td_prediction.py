"""Other right answers to the exercises of rl/06_temporal_difference/01_td_prediction, written in other ways."""

import numpy as np

# --- td_error -----------------------------------------------------------------------------------


def error_by_branches(V, state, reward, next_state, terminated, gamma):
    if terminated:
        return reward - V[state]
    return float(reward + gamma * V[next_state] - V[state])


def error_by_factor(V, state, reward, next_state, terminated, gamma):
    return -V[state] + reward + gamma * (1 - terminated) * V[next_state]


# --- td_prediction ------------------------------------------------------------------------------


def prediction_with_target(env, episodes, alpha, gamma, V0):
    """Target written out, old value weighed with 1 - α, a list of lists as the answer."""
    values = [float(v) for v in V0]
    tables = [list(values)]
    while len(tables) <= episodes:
        state = env.reset()[0]
        over = False
        while not over:
            to, reward, terminated, truncated, _ = env.step(0)
            target = reward if terminated else reward + gamma * values[to]
            values[state] = (1 - alpha) * values[state] + alpha * target
            state, over = to, terminated or truncated
        tables.append(list(values))
    return tables


def prediction_into_an_array(env, episodes, alpha, gamma, V0):
    """Each row begins as a copy of the one before it; one more reset than needed at the end."""
    tables = np.tile(np.asarray(V0, dtype=float), (episodes + 1, 1))
    state, _ = env.reset()
    for k in range(episodes):
        tables[k + 1] = tables[k]
        while True:
            to, reward, terminated, _, _ = env.step(0)
            tables[k + 1, state] += alpha * error_by_factor(tables[k + 1], state, reward, to, terminated, gamma)
            state = to
            if terminated:
                break
        state, _ = env.reset()
    return tables


# --- mc_update ----------------------------------------------------------------------------------


def update_forwards(V, states, rewards, alpha, gamma):
    """Returns first, then the visits from the first to the last."""
    returns, G = [], 0.0
    for reward in rewards[::-1]:
        G = reward + gamma * G
        returns.insert(0, G)
    new = np.array(V)
    for state, G in zip(states, returns, strict=True):
        new[state] = new[state] + alpha * (G - new[state])
    return new


def update_by_sums(V, states, rewards, alpha, gamma):
    """Each return added up anew, into a list."""
    new = list(V)
    for t in range(len(states) - 1, -1, -1):
        G = sum(gamma**k * reward for k, reward in enumerate(rewards[t:]))
        new[states[t]] = (1 - alpha) * new[states[t]] + alpha * G
    return new


# --- rms_error ----------------------------------------------------------------------------------


def rms_by_norm(V, true_values):
    return np.linalg.norm(np.asarray(V) - true_values, axis=-1) / len(true_values) ** 0.5


def rms_by_products(V, true_values):
    gap = true_values - V
    return (np.einsum("...n,...n->...", gap, gap) / gap.shape[-1]) ** 0.5


# --- batch_td -----------------------------------------------------------------------------------


def batch_with_arrays(transitions, V0, alpha, gamma, theta):
    """All transitions at once."""
    state, reward, to, over = (np.array(column) for column in zip(*transitions, strict=True))
    V, change = np.array(V0, dtype=float), np.inf
    while np.max(np.abs(change)) >= theta:
        errors = reward + gamma * np.where(over, 0, V[to]) - V[state]
        change = alpha * np.bincount(state, weights=errors, minlength=len(V))
        V = V + change
    return V


def batch_with_old_table(transitions, V0, alpha, gamma, theta):
    """Reads the old table and writes a new one."""
    V = np.array(V0, dtype=float)
    while True:
        new = V.copy()
        for state, reward, to, over in transitions:
            new[state] += alpha * error_by_branches(V, state, reward, to, over, gamma)
        gap, V = abs(new - V).max(), new
        if gap < theta:
            break
    return list(V)


ALTERNATIVES = {
    "td_error": [error_by_branches, error_by_factor],
    "td_prediction": [prediction_with_target, prediction_into_an_array],
    "mc_update": [update_forwards, update_by_sums],
    "rms_error": [rms_by_norm, rms_by_products],
    "batch_td": [batch_with_arrays, batch_with_old_table],
}
