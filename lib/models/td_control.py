"""Many independent runs of temporal-difference control, compiled, on worlds in which a step leaves nothing to chance.

SARSA, Q-learning and Expected SARSA are one loop and differ in the target alone. It is the loop that the lessons write
step by step: each run draws from a generator of its own, and for the same draws the numbers are the same
(tests/models/test_td_control.py).
"""

from typing import Literal, NamedTuple, get_args

import numpy as np
from numba import njit

from lib.models.mdp import action_values, state_values

Method = Literal["sarsa", "q_learning", "expected_sarsa"]


class Runs(NamedTuple):
    """What the runs learned and how their episodes went."""

    Q: np.ndarray  # (runs, n_states, n_actions), after the last episode
    lengths: np.ndarray  # (runs, episodes), time steps
    returns: np.ndarray  # (runs, episodes), sums of rewards, not discounted


class Tables(NamedTuple):
    """A model without chance, as arrays over (state, action)."""

    next_state: np.ndarray
    reward: np.ndarray
    terminated: np.ndarray


def tables(P: dict) -> Tables:
    """The model as arrays. P[s][a] is a list of one outcome (1.0, next_state, reward, terminated).

    Raises ValueError if something is left to chance.
    """
    if any(len(outcomes) != 1 for row in P.values() for outcomes in row.values()):
        raise ValueError("This world leaves something to chance: every P[state][action] should hold one outcome.")
    outcomes = [[P[s][a][0][1:] for a in range(len(P[s]))] for s in range(len(P))]
    next_state, reward, terminated = (np.array([[one[k] for one in row] for row in outcomes]) for k in range(3))
    return Tables(next_state.astype(int), reward.astype(float), terminated.astype(bool))


def epsilon_greedy(q: np.ndarray, epsilon: float, rng: np.random.Generator) -> int:
    """Any action with probability ε, otherwise one of the best; those that share the maximum are equally likely.

    q: (n_actions,), the action values of one state.
    """
    candidates = np.arange(len(q)) if rng.random() < epsilon else np.flatnonzero(q == np.max(q))
    return int(candidates[int(rng.random() * len(candidates))])


def td_control_runs(
    P: dict,
    start: int,
    method: Method,
    runs: int,
    episodes: int,
    rng: np.random.Generator,
    alpha: float | np.ndarray = 0.5,
    epsilon: float | np.ndarray = 0.1,
    gamma: float = 1.0,
) -> Runs:
    """Learn action values from episodes, in many runs that know nothing of each other.

    P: the model, only used to take steps; each P[s][a] holds one outcome.  start: where every episode begins.
    alpha, epsilon: one number; or (episodes,), a number for each episode; or (runs, 1), a number for each run.
    rng: run i draws from rng.spawn(runs)[i], as `epsilon_greedy` does, also for the action chosen in a terminal state.
    Returns what all runs learned. Q begins with zeros.
    """
    if method not in get_args(Method):
        raise ValueError(f"The method should be one of {', '.join(get_args(Method))}, not {method!r}.")
    world, number = tables(P), get_args(Method).index(method)
    alpha, epsilon = (
        np.broadcast_to(np.asarray(one, dtype=float), (runs, episodes)).copy() for one in (alpha, epsilon)
    )
    learned = Runs(
        np.zeros((runs, *world.reward.shape)), np.zeros((runs, episodes), dtype=int), np.zeros((runs, episodes))
    )
    for run, child in enumerate(rng.spawn(runs)):
        _learn(*world, start, number, alpha[run], epsilon[run], gamma, child, *(one[run] for one in learned))
    return learned


@njit(cache=True)
def _epsilon_greedy(q, epsilon, rng):
    """As `epsilon_greedy`, without making arrays."""
    explores, draw = rng.random() < epsilon, rng.random()
    best, ties = q[0], 1
    for value in q[1:]:
        if value > best:
            best, ties = value, 1
        elif value == best:
            ties += 1
    rank = int(draw * (len(q) if explores else ties))
    if explores:
        return rank
    for action in range(len(q)):
        if q[action] == best:
            if rank == 0:
                return action
            rank -= 1
    return 0


@njit(cache=True)
def _learn(next_states, rewards, ends, start, method, alphas, epsilons, gamma, rng, Q, lengths, returns):
    """One run. Writes into Q (n_states, n_actions), lengths and returns (episodes,), which are zeros before."""
    for episode in range(len(alphas)):
        alpha, epsilon = alphas[episode], epsilons[episode]
        state, over = start, False
        action = _epsilon_greedy(Q[state], epsilon, rng)
        while not over:
            next_state, over = next_states[state, action], ends[state, action]
            next_action = _epsilon_greedy(Q[next_state], epsilon, rng)  # before the update: SARSA needs it
            q = Q[next_state]
            if method == 0:
                rest = q[next_action]
            elif method == 1:
                rest = q.max()
            else:
                rest = (1 - epsilon) * q.max() + epsilon * q.mean()
            target = rewards[state, action] + (0.0 if over else gamma * rest)
            Q[state, action] += alpha * (target - Q[state, action])
            lengths[episode] += 1
            returns[episode] += rewards[state, action]
            state, action = next_state, next_action


def greedy_lengths(P: dict, start: int, Q: np.ndarray, limit: int) -> np.ndarray:
    """How many steps the greedy episode of each run takes; `limit` where it is not over by then.

    Q: (runs, n_states, n_actions). Of several best actions the first is taken.  Returns (runs,).
    """
    world = tables(P)
    run, lengths = np.arange(len(Q)), np.full(len(Q), limit)
    state, over = np.full(len(Q), start), np.zeros(len(Q), dtype=bool)
    for step in range(1, limit + 1):
        action = Q[run, state].argmax(axis=1)
        arrived = world.terminated[state, action] & ~over
        lengths[arrived] = step
        over |= arrived
        state = world.next_state[state, action]
    return lengths


def epsilon_greedy_policy(Q: np.ndarray, epsilon: float, tolerance: float = 1e-9) -> np.ndarray:
    """π(a | s) of the ε-greedy policy of a table, (n_states, n_actions). Equally good actions share what is greedy."""
    best = Q.max(axis=1, keepdims=True) - tolerance <= Q
    return epsilon / Q.shape[1] + (1 - epsilon) * best / best.sum(axis=1, keepdims=True)


def best_epsilon_greedy(P: dict, epsilon: float, gamma: float = 1.0) -> np.ndarray:
    """The action values of the best among all policies that explore with probability ε; with ε = 0 these are q*.

    Policy iteration among the ε-greedy policies, from the random one on. Returns (n_states, n_actions).
    """
    policy = np.full((len(P), len(P[0])), 1 / len(P[0]))
    while True:
        Q = action_values(P, state_values(P, policy, gamma), gamma)
        better = epsilon_greedy_policy(Q, epsilon)
        if np.allclose(better, policy):
            return Q
        policy = better


def expected_return(P: dict, start: int, Q: np.ndarray, epsilon: float, gamma: float = 1.0) -> float:
    """What an episode of the ε-greedy policy of a table returns on average, from the model."""
    return float(state_values(P, epsilon_greedy_policy(Q, epsilon), gamma)[start])
