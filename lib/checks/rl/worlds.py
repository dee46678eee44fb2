"""Random finite worlds and exact values, for the checks of every chapter that has a model.

Ground truth is the model in matrix form: for a policy, ``step[s, t]`` is the probability that the
episode goes on in state t after one step from s, and ``reward[s]`` is the reward expected of it.
"""

import numpy as np

from lib.checks.framework import Case


def random_world(
    rng: np.random.Generator, n_states: int, n_actions: int, ends: tuple[int, ...] = (), entered: int | None = None
) -> dict:
    """A random P. Outcomes may repeat a next state, as they do where a wall is hit.

    ends: the states that end the episode; action 0 reaches the last of them.
    entered: only states below this number are ever entered; all of them if not given.
    """
    P: dict = {}
    for state in range(n_states):
        P[state] = {}
        for action in range(n_actions):
            next_states = rng.integers(entered or n_states, size=3)
            next_states[2] = next_states[0]
            if ends and action == 0:
                next_states[1] = ends[-1]
            outcomes = zip(rng.dirichlet([1, 1, 1]), next_states, rng.normal(size=3), strict=True)
            P[state][action] = [(float(p), int(to), float(reward), int(to) in ends) for p, to, reward in outcomes]
            if state in ends:
                P[state][action] = [(1.0, state, 0.0, True)]
    return P


def with_early_ends(rng: np.random.Generator, P: dict, chance: float = 0.2) -> dict:
    """The same world, but any outcome may end the episode, whatever state it leads to: only ``terminated`` tells."""
    return {
        s: {a: [(p, to, r, end or bool(rng.random() < chance)) for p, to, r, end in row[a]] for a in row}
        for s, row in P.items()
    }


def random_policy(rng: np.random.Generator, n_states: int, n_actions: int) -> np.ndarray:
    return rng.dirichlet(np.full(n_actions, 1.5), size=n_states)


def even_policy(P: dict) -> np.ndarray:
    """Every action with the same probability."""
    return np.full((len(P), len(P[0])), 1 / len(P[0]))


def in_matrices(P: dict, policy: np.ndarray, bootstrap_terminals: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """``step`` (S, S) and ``reward`` (S,) of a policy; what ends the episode leads nowhere."""
    rows = [
        (state, action, *outcome)
        for state, row in P.items()
        for action, outcomes in row.items()
        for outcome in outcomes
    ]
    states, actions, chances, next_states, rewards, ended = map(np.array, zip(*rows, strict=True))
    weights = policy[states, actions] * chances
    step, reward = np.zeros((len(P), len(P))), np.zeros(len(P))
    goes_on = np.full(len(rows), True) if bootstrap_terminals else ~ended
    np.add.at(step, (states[goes_on], next_states[goes_on]), weights[goes_on])
    np.add.at(reward, states, weights * rewards)
    return step, reward


def return_by_length(P, policy, gamma, steps: int = 20_000) -> np.ndarray:
    """The expected return, added up step by step of the episode: no equation is solved."""
    step, term = in_matrices(P, policy)
    total = np.zeros(len(P))
    for _ in range(steps):
        total += term
        term = gamma * step @ term
        if np.abs(term).max() < 1e-13:
            break
    return total


def two_things(case: Case, answer, first: str, second: str) -> tuple:
    case.true(
        isinstance(answer, (tuple, list)) and len(answer) == 2,
        f"`{case.name}` should return two things, {first} and {second}: `return ..., ...`",
    )
    return tuple(answer)
