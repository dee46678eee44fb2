"""Worlds whose optimal values are known, for the checks of planning; no method of the lessons is needed to know them.

* ``designed_world``: the optimal values and the best actions are chosen first, the rewards are made to fit. Where
  several actions are best, they are equally good but for rounding, as ties are in practice.
* ``tied_world``: the best actions for some table of values, which is not the optimal one.
* ``best_of_all_policies``: every deterministic policy of a small world, each evaluated by a linear system.
* ``Watched``: a world that notices a loop without end.
"""

import itertools

import numpy as np

from lib.checks.rl.worlds import random_world

READS = 10_000  # ten times what a wasteful right answer needs of a watched world of four states


class StillGoing(Exception):
    """Raised in the middle of a loop without end."""


class Watched(dict):
    """A small P that may be read so often, and no oftener: so an endless loop is an answer that can be named."""

    reads = 0

    def __getitem__(self, key):
        self.reads += 1
        if self.reads > READS:
            self.reads = 0  # whoever compares the argument afterwards may read it again
            raise StillGoing("it goes on and on, in a small world that needs a few rounds only")
        return super().__getitem__(key)


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
    best = _best_actions(rng, n_states, n_actions, ends)
    _fit_rewards(P, V, V, np.where(best, 0.0, gap * rng.uniform(1, 3, size=best.shape)), gamma, ends)
    return P, V, best


def tied_world(
    rng: np.random.Generator,
    n_states: int,
    n_actions: int,
    gamma: float,
    ends: tuple[int, ...] = (),
    scale: float = 5.0,
    gap: float = 0.5,
) -> tuple[dict, np.ndarray, np.ndarray]:
    """A random P, any values (S,), and which actions are best if those are the values of what follows (S, A).

    V is not optimal, and not 0 in the ends, where nobody may look it up. Equally good actions are some billionths
    apart, more than rounding: so an answer without a tolerance is always the same one, however the sums are written.
    """
    P = random_world(rng, n_states, n_actions, ends)
    V, level = rng.normal(size=(2, n_states)) * scale
    best = _best_actions(rng, n_states, n_actions, ends)
    apart = 1e-9 * rng.permuted(np.tile(np.arange(n_actions), (n_states, 1)), axis=1)
    _fit_rewards(P, V, level, np.where(best, apart, gap * rng.uniform(1, 3, size=best.shape)), gamma, ends)
    return P, V, best


def _best_actions(rng: np.random.Generator, n_states: int, n_actions: int, ends: tuple[int, ...]) -> np.ndarray:
    """At least one in each state, about every third; all of them in the ends."""
    best = rng.random((n_states, n_actions)) < 0.4
    best[np.arange(n_states), rng.integers(n_actions, size=n_states)] = True
    best[list(ends)] = True
    return best


def _fit_rewards(P: dict, V: np.ndarray, level: np.ndarray, loss: np.ndarray, gamma: float, ends: tuple) -> None:
    """Shift the rewards, so that action a of state s is worth level[s] - loss[s, a] if V holds what follows."""
    for s in set(P) - set(ends):
        for a in P[s]:
            outcomes = P[s][a]
            if ends:  # every action may end the episode, so with gamma = 1, too, there is one solution
                outcomes = [*outcomes[:2], (outcomes[2][0], ends[0], outcomes[2][2], True)]
            worth = sum(p * (r + gamma * V[to] * (not end)) for p, to, r, end in outcomes)
            shift = level[s] - loss[s, a] - worth
            P[s][a] = [(p, to, r + shift, end) for p, to, r, end in outcomes]


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
