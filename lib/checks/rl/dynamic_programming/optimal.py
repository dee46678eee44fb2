"""Worlds whose optimal values are known, for the checks of planning; no method of the lessons is needed to know them.

* ``designed_world``: the optimal values and the best actions are chosen first, the rewards are made to fit. Where
  several actions are best, they are equally good but for rounding, as ties are in practice.
* ``best_of_all_policies``: every deterministic policy of a small world, each evaluated by a linear system.
"""

import itertools

import numpy as np

from lib.checks.rl.worlds import random_world


def designed_world(
    rng: np.random.Generator,
    n_states: int,
    n_actions: int,
    gamma: float,
    ends: tuple[int, ...] = (),
    scale: float = 5.0,
    gap: float = 0.5,
) -> tuple[dict, np.ndarray, np.ndarray]:
    """A random P, its optimal values (S,), and which actions are best (S, A), True or False.

    scale: how large the values are.  gap: an action that is not best is worse by this much to three times as much.
    With gamma = 1 every action must sometimes lead to an end, so `ends` must not be empty.
    """
    P = random_world(rng, n_states, n_actions, ends)
    V = rng.normal(size=n_states) * scale
    V[list(ends)] = 0.0
    best = rng.random((n_states, n_actions)) < 0.4
    best[np.arange(n_states), rng.integers(n_actions, size=n_states)] = True
    best[list(ends)] = True
    loss = np.where(best, 0.0, gap * rng.uniform(1, 3, size=best.shape))
    for s in set(P) - set(ends):
        for a in P[s]:
            outcomes = P[s][a]
            if ends:  # every action may end the episode, so with gamma = 1, too, there is one solution
                outcomes = [*outcomes[:2], (outcomes[2][0], ends[0], outcomes[2][2], True)]
            worth = sum(p * (r + gamma * V[to] * (not end)) for p, to, r, end in outcomes)
            shift = V[s] - loss[s, a] - worth
            P[s][a] = [(p, to, r + shift, end) for p, to, r, end in outcomes]
    return P, V, best


def in_arrays(P: dict) -> tuple[np.ndarray, np.ndarray]:
    """``step`` (S, A, S), the probability that the episode goes on in a state, and ``reward`` (S, A)."""
    step, reward = np.zeros((len(P), len(P[0]), len(P))), np.zeros((len(P), len(P[0])))
    for s, a in itertools.product(P, P[0]):
        chances, next_states, rewards, ended = map(np.array, zip(*P[s][a], strict=True))
        np.add.at(step[s, a], next_states[~ended], chances[~ended])
        reward[s, a] = chances @ rewards
    return step, reward


def look_ahead(P: dict, V, gamma: float) -> np.ndarray:
    """The value of every action in every state (S, A), if V holds the values of what follows."""
    step, reward = in_arrays(P)
    return reward + gamma * step @ np.asarray(V, dtype=float)


def best_of_all_policies(P: dict, gamma: float) -> np.ndarray:
    """The optimal values (S,): the best of every deterministic policy, each solved exactly.

    With gamma = 1 every policy must come to an end.
    """
    step, reward = in_arrays(P)
    states = np.arange(len(P))
    choices = np.array(list(itertools.product(range(len(P[0])), repeat=len(P))))
    matrices = np.eye(len(P)) - gamma * step[states, choices]
    return np.linalg.solve(matrices, reward[states, choices][..., None])[..., 0].max(axis=0)
