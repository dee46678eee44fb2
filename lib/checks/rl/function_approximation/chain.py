"""Scripted worlds for the checks of both lessons: a road of states that are all different, and a room with one state.

On the road, step k leads from state k to state k + 1 whatever the agent does; only the reward depends on the action.
Since no state comes back, what an episode must have learned is known in closed form, from the weights before it. In
the room the same state comes back at once, so each step must work with the newest weights.
"""

import numpy as np

GOAL, LIMIT, BOTH = "reaches the goal", "is cut off by the time limit", "reaches the goal as the time limit strikes"
LONG = 10_500  # steps: more than any loop with an end of its own would make


class Chain:
    """The road. rewards: (steps, n_actions).  ending: how the last step ends the episode, GOAL, LIMIT or BOTH."""

    def __init__(self, rewards: np.ndarray, ending: str) -> None:
        self.rewards, self.ending, self.place = rewards, ending, 0

    def reset(self, *, seed=None, options=None) -> tuple[int, dict]:
        if seed is not None:
            raise ValueError("with a seed for `reset` all episodes begin alike: call `env.reset()` without one")
        self.place = 0
        return 0, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        if self.place == len(self.rewards):
            raise RuntimeError("`step` was called after the end of the episode")
        reward = float(self.rewards[self.place, int(action)])
        self.place += 1
        last = self.place == len(self.rewards)
        return self.place, reward, last and self.ending != LIMIT, last and self.ending != GOAL, {}


class Waiting(Chain):
    """The room: the same, but the agent sees state 0 all the time."""

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        return (0, *super().step(action)[1:])


def value_of_waiting(value: float, steps: int, alpha: float, gamma: float) -> float:
    """The value of the one action that is always taken in a room where each reward is −1, after so many updates."""
    end = -1 / (1 - gamma)
    return end + (1 - alpha * (1 - gamma)) ** steps * (value - end)


def number_of(state: int) -> int:
    """The state itself; an error that says what to do if it was not unpacked."""
    if isinstance(state, tuple):
        raise TypeError("a tuple came instead of a state: `reset` returns two things and `step` five, so unpack them")
    return state


def one_hot(n: int):
    """The features of a table with n states."""
    return lambda state: np.eye(n)[number_of(state)]
