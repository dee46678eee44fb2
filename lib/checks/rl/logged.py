"""Small random worlds that keep what was played in them, for the checks of functions that play at random.

What such a function answers depends on its draws, in whatever order it makes them. But it must fit what was played:
the log gives the truth for that very play.
"""

from collections.abc import Callable

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete

Step = tuple[tuple, int, float]  # state, action, reward


class Logged(gymnasium.Env):
    """A world of random outcomes in which every step ends the episode with a probability of 0.3.

    States are tuples, and they come back within an episode. ``log`` holds the episodes of the newest copy, each a list
    of (state, action, reward): a check hands copies to the learner's function, and every copy plays the same chances.

    rewards: (n_states, n_actions) the mean reward; drawn around ``offset`` if not given.
    spread: how much the rewards vary around their mean.
    forward: states only lead to higher states, so that none comes back.
    """

    def __init__(
        self,
        seed: int,
        n_states: int,
        n_actions: int,
        rewards: np.ndarray | None = None,
        spread: float = 1.0,
        forward: bool = False,
        offset: float = 0.0,
        log: list[list[Step]] | None = None,
    ) -> None:
        self.given = (seed, n_states, n_actions, rewards, spread, forward, offset)
        self.random = np.random.default_rng(seed)
        self.n_states, self.spread, self.forward = n_states, spread, forward
        self.rewards = self.random.normal(offset, size=(n_states, n_actions)) if rewards is None else rewards
        self.action_space = Discrete(n_actions)
        self.log = [] if log is None else log
        self.at: int | None = None

    def __deepcopy__(self, memo) -> "Logged":
        self.log.clear()
        return Logged(*self.given, log=self.log)

    def state(self, number: int) -> tuple:
        return (number, number % 2 == 0)

    def played(self) -> list[list[Step]]:
        """A copy of the log without its empty episodes: one reset too many does no harm."""
        return [list(episode) for episode in self.log if episode]

    def reset(self, *, seed=None, options=None) -> tuple[tuple, dict]:
        self.at = 0 if self.forward else int(self.random.integers(self.n_states))
        self.log.append([])
        return self.state(self.at), {}

    def step(self, action) -> tuple[tuple, float, bool, bool, dict]:
        if self.at is None:
            raise gymnasium.error.ResetNeeded("the episode is over: call reset() before step()")
        if not self.action_space.contains(action):
            raise gymnasium.error.InvalidAction(
                f"there is no action {action!r}: they are 0 to {self.action_space.n - 1}"
            )
        reward = float(self.rewards[self.at, action] + self.spread * self.random.normal())
        self.log[-1].append((self.state(self.at), int(action), reward))
        following = self.at + 1 if self.forward else int(self.random.integers(self.n_states))
        over = following == self.n_states or self.random.random() < 0.3
        here, self.at = following, None if over else following
        return self.state(here), reward, over, False, {}


def returns_from(episode: list[Step], gamma: float) -> list[float]:
    """The return from each step on, summed up by its definition."""
    rewards = np.array([reward for _, _, reward in episode])
    return [float(gamma ** np.arange(len(rewards) - t) @ rewards[t:]) for t in range(len(rewards))]


def first_visits(episode: list[Step], gamma: float) -> dict[tuple, float]:
    """(state, action) -> the return after its first visit."""
    found: dict[tuple, float] = {}
    for (state, action, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found.setdefault((state, action), G)
    return found


def draws_with(seed: int, learn: Callable[[Logged, np.random.Generator], object]) -> list[list[Step]]:
    """What is played in one and the same world with a generator of this seed."""
    world = Logged(7, 3, 2)
    learn(world, np.random.default_rng(seed))
    return world.played()


def check_draws(case, once: list, again: list, other: list) -> None:
    """The play follows from ``rng``: these were played with the same seed, with the same once more, with another."""
    case.true(
        once == again,
        "two generators `rng` in the same state led to different plays: draw the actions with the `rng` that was "
        "given, not with a generator of your own",
    )
    case.true(
        once != other,
        "two generators `rng` in different states led to the same play: draw the actions with the `rng` that was "
        "given, do not make a new one",
    )
