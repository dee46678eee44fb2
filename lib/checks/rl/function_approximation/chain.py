"""A scripted world for the checks of both lessons: a road of states that are all different, walked once.

Whatever the agent does, step k leads from state k to state k + 1; only the reward depends on the action. Since no
state comes back, what an episode must have learned is known in closed form, from the weights before it.
"""

import numpy as np


class Chain:
    """The environment. rewards: (steps, n_actions).  The last step terminates, or else is cut off by a time limit."""

    def __init__(self, rewards: np.ndarray, terminates: bool) -> None:
        self.rewards, self.terminates, self.place = rewards, terminates, 0

    def reset(self, *, seed=None, options=None) -> tuple[int, dict]:
        self.place = 0
        return 0, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        if self.place == len(self.rewards):
            raise RuntimeError("`step` was called after the end of the episode")
        reward = float(self.rewards[self.place, int(action)])
        self.place += 1
        last = self.place == len(self.rewards)
        return self.place, reward, last and self.terminates, last and not self.terminates, {}


class Waiting(Chain):
    """The same, but the agent sees state 0 all the time."""

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        return (0, *super().step(action)[1:])


def one_hot(n: int):
    """The features of a table with n states."""
    return lambda state: np.eye(n)[state]
