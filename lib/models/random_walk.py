"""Many independent runs of prediction on the random walk at once (Sutton and Barto, Example 6.2).

The lesson on TD prediction writes these algorithms for one run. Here the first axis of every array counts runs. On
the same walks the numbers are those of the lesson (tests/models/test_random_walk.py).

A walk is stored as the states it goes through: (runs, episodes, T + 1), the last state repeated until T. States are
0 … 6; 0 and 6 end the walk, and only the step into 6 is rewarded, with 1. There is no discount.
"""

import numpy as np

PLACES, START = 5, 3
N_STATES = PLACES + 2
TRUE_VALUES = np.arange(1, PLACES + 1) / (PLACES + 1)  # of the states 1 … 5


def walks(runs: int, episodes: int, rng: np.random.Generator) -> np.ndarray:
    """Random walks from the middle, all of them padded with their end. Returns (runs, episodes, T + 1), integers."""
    state = np.full((runs, episodes), START)
    visited = [state]
    while (on_the_way := (state > 0) & (state <= PLACES)).any():
        state = state + on_the_way * rng.choice((-1, 1), size=state.shape)
        visited.append(state)
    return np.stack(visited, axis=2)


def td_tables(walks: np.ndarray, alpha: float, start: float = 0.5) -> np.ndarray:
    """TD(0) with a constant step size: the values after each episode.

    start: the value of each place in the beginning; the ends are worth 0.  Returns (runs, episodes + 1, 7).
    """
    V, run = _begin(len(walks), start), np.arange(len(walks))
    tables = [V.copy()]
    for episode in walks.swapaxes(0, 1):
        for state, next_state in zip(episode.T, episode.T[1:], strict=False):
            error = (next_state > PLACES) + V[run, next_state] - V[run, state]
            V[run, state] += alpha * error * (state != next_state)
        tables.append(V.copy())
    return np.stack(tables, axis=1)


def mc_tables(walks: np.ndarray, alpha: float, start: float = 0.5) -> np.ndarray:
    """Every-visit Monte Carlo with a constant step size: the values after each episode.

    Within an episode the visits are taken from the last to the first.  start, answer: as in `td_tables`.
    """
    V, run = _begin(len(walks), start), np.arange(len(walks))
    tables = [V.copy()]
    for episode in walks.swapaxes(0, 1):
        G = episode[:, -1] > PLACES
        for state in episode.T[::-1]:
            V[run, state] += alpha * (G - V[run, state]) * ((state > 0) & (state <= PLACES))
        tables.append(V.copy())
    return np.stack(tables, axis=1)


def batch_tables(walks: np.ndarray, start: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """What batch TD(0) and batch Monte Carlo converge to, after 1, 2, … episodes.

    Batch TD: the values of the model that fits the counted steps best, by linear systems. Batch Monte Carlo: the mean
    of the returns. Places that were never visited keep the value that they began with.
    Returns two arrays (runs, episodes, 7).
    """
    runs, episodes, _ = walks.shape
    steps = np.zeros((runs, episodes, N_STATES, N_STATES))
    wins = np.zeros((runs, episodes, N_STATES))
    run, episode = np.arange(runs)[:, None], np.arange(episodes)
    won = walks[:, :, -1] > PLACES
    for state, next_state in zip(np.moveaxis(walks, 2, 0), np.moveaxis(walks, 2, 0)[1:], strict=False):
        steps[run, episode, state, next_state] += state != next_state
        wins[run, episode, state] += (state != next_state) & won
    steps, wins = steps.cumsum(axis=1), wins.cumsum(axis=1)
    visits = steps.sum(axis=3)
    begin = _begin(1, start)[0]
    mc = np.where(visits > 0, wins / np.maximum(visits, 1), begin)
    chances = steps / np.maximum(visits, 1)[..., None]
    rewards = np.where(visits > 0, chances[..., -1], begin)
    chances[..., [0, -1]] = 0  # the episode is over: nothing follows
    td = np.linalg.solve(np.eye(N_STATES) - chances, rewards[..., None])[..., 0]
    return td, mc


def _begin(runs: int, start: float) -> np.ndarray:
    V = np.full((runs, N_STATES), float(start))
    V[:, [0, -1]] = 0
    return V
