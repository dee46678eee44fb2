"""Playing episodes with a policy that gives probabilities, as the lessons on Monte Carlo control write it."""

from collections.abc import Callable, Hashable, Sequence

import gymnasium
import numpy as np

Policy = Callable[[Hashable], Sequence[float]]  # state -> the probability of each action
Episode = list[tuple[Hashable, int, float]]  # state, action taken in it, reward that followed


def draw(probabilities: Sequence[float], rng: np.random.Generator) -> int:
    """An action drawn with these probabilities."""
    rest = rng.random()
    for action, probability in enumerate(probabilities):
        rest -= probability
        if rest < 0:
            return action
    return action  # rounding left a rest


def play(env: gymnasium.Env, policy: Policy, rng: np.random.Generator, options: dict | None = None) -> Episode:
    """One episode: (state, action, reward) of each step. The policy is asked at every step.

    options: handed to ``env.reset``, for example {"state": (13, 2, True)}.
    """
    state, _ = env.reset(options=options)
    episode, over = [], False
    while not over:
        action = draw(policy(state), rng)
        next_state, reward, terminated, truncated, _ = env.step(action)
        episode.append((state, action, reward))
        state, over = next_state, terminated or truncated
    return episode
