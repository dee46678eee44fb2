"""Other right answers to the exercises of rl/07_function_approximation/02, written in other ways."""

import math

import numpy as np

# --- active tiles -------------------------------------------------------------------------------


def tiles_in_a_loop(state, low, high, n_tiles=8, n_tilings=8):
    """A list of integers."""
    width = [(h - b) / n_tiles for b, h in zip(low, high, strict=True)]
    place = [(min(max(s, b), h) - b) / w for s, b, h, w in zip(state, low, high, width, strict=True)]
    side, found = n_tiles + 1, []
    for t in range(n_tilings):
        column = math.floor(min(place[0], n_tiles) + t / n_tilings)
        row = math.floor(min(place[1], n_tiles) + math.fmod(3 * t / n_tilings, 1))
        found.append(t * side * side + column * side + row)
    return found


def tiles_raveled(state, low, high, n_tiles=8, n_tilings=8):
    """The number from NumPy's own count of an array (tiling, column, row)."""
    place = n_tiles * (np.clip(state, low, high) - low) / (high - low)
    offsets = np.outer(np.arange(n_tilings), [1, 3]) % n_tilings / n_tilings
    grid = (place + offsets).astype(int)
    return np.ravel_multi_index((np.arange(n_tilings), grid[:, 0], grid[:, 1]), (n_tilings, n_tiles + 1, n_tiles + 1))


# --- values and update --------------------------------------------------------------------------


def update_in_a_loop(w, tiles, action, target, rate):
    new, value = np.array(w), 0.0
    for tile in tiles:
        value += w[action][tile]
    for tile in tiles:
        new[action][tile] += rate * (target - value) / len(tiles)
    return new, target - value


def update_dense(w, tiles, action, target, rate):
    x = np.zeros(w.shape[1])
    x[tiles] = 1
    error = target - w[action] @ x
    return [np.where(np.arange(len(w))[:, None] == action, w + rate / np.sum(x) * error * x, w), error]


# --- an episode of SARSA ------------------------------------------------------------------------


def _value(w, tiles, action):
    return sum(w[action, tile] for tile in tiles)


def _greedy_or_not(w, tiles, epsilon, rng):
    """The draws in another order, and ties broken at random."""
    q = np.array([_value(w, tiles, a) for a in range(len(w))])
    random = rng.integers(len(q))
    return random if rng.uniform() >= 1 - epsilon else rng.choice(np.flatnonzero(q >= q.max()))


def sarsa_as_in_the_book(env, tiles_of, w, rate, epsilon, gamma, rng):
    """The box of section 10.1: the end is handled first. A time limit is no end."""
    w, steps = w.copy(), 0
    state, _ = env.reset()
    tiles = tiles_of(state)
    action = _greedy_or_not(w, tiles, epsilon, rng)
    while True:
        state, reward, terminated, truncated, _ = env.step(action)
        steps += 1
        if terminated:
            return update_in_a_loop(w, tiles, action, reward, rate)[0], steps
        next_tiles = tiles_of(state)
        next_action = _greedy_or_not(w, next_tiles, epsilon, rng)
        w = update_in_a_loop(w, tiles, action, reward + gamma * _value(w, next_tiles, next_action), rate)[0]
        if truncated:
            return w, steps
        tiles, action = next_tiles, next_action


def sarsa_with_probabilities(env, tiles_of, w, rate, epsilon, gamma, rng):
    """The policy as a row of probabilities."""

    def decide(w, tiles):
        chances = np.full(len(w), epsilon / len(w))
        chances[np.argmax(w[:, tiles].sum(axis=1))] += 1 - epsilon
        return rng.choice(len(w), p=chances)

    tiles, over, steps = tiles_of(env.reset()[0]), False, 0
    action = decide(w, tiles)
    while not over:
        state, reward, terminated, truncated, _ = env.step(action)
        following, steps, over = tiles_of(state), steps + 1, terminated or truncated
        planned = decide(w, following)
        target = reward + (not terminated) * gamma * w[planned, following].sum()
        w, _ = update_dense(w, tiles, action, target, rate)
        tiles, action = following, planned
    return [w, steps]


ALTERNATIVES = {
    "active_tiles": [tiles_in_a_loop, tiles_raveled],
    "tile_update": [update_in_a_loop, update_dense],
    "sarsa_episode": [sarsa_as_in_the_book, sarsa_with_probabilities],
}
