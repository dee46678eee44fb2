"""Environments that a table describes completely: a finite Markov decision process."""

from collections.abc import Sequence
from numbers import Integral
from typing import ClassVar

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete

Outcome = tuple[float, int, float, bool]  # (probability, next_state, reward, terminated)
Model = dict[int, dict[int, list[Outcome]]]  # P[state][action]: everything that can happen


class FiniteEnv(gymnasium.Env):
    """Draws every step from its model P.

    ``P[state][action]`` lists what can happen as ``(probability, next_state, reward, terminated)``, in the form of
    Gymnasium's own toy-text environments. States are numbered from 0. A step in a terminal state gives 0 and stays.

    Each episode begins in a state drawn evenly from ``starts``; ``reset(options={"state": 3})`` begins in state 3.

    A subclass makes P, and draws itself: ``_text`` for render_mode "ansi", ``_picture`` for "rgb_array".
    ACTIONS says for an error message what the actions are.
    """

    metadata: ClassVar[dict] = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}
    ACTIONS: ClassVar[str]

    def __init__(self, P: Model, action_space: Discrete, starts: Sequence[int], render_mode: str | None) -> None:
        check_render_mode(self, render_mode)
        self.render_mode = render_mode
        self.P = P
        self.starts = tuple(starts)
        self.observation_space = Discrete(len(P))
        self.action_space = action_space
        self._state: int | None = None

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[int, dict]:
        """Begin an episode. options: {"state": s} begins in state s, without it the state is drawn.

        Raises ValueError if there is no such state.
        """
        super().reset(seed=seed)
        wanted = (options or {}).get("state")
        if wanted is None:
            wanted = self.starts[self.np_random.integers(len(self.starts))] if len(self.starts) > 1 else self.starts[0]
        elif not self.observation_space.contains(wanted):
            raise ValueError(f"The state should be a whole number from 0 to {len(self.P) - 1}, not {wanted!r}.")
        self._state = int(wanted)
        return self._state, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        """Draw what happens; ``info["prob"]`` is the probability that it had.

        Raises ResetNeeded before the first ``reset``, InvalidAction for an action that does not exist.
        """
        if self._state is None:
            raise reset_needed()
        if not self.action_space.contains(action):
            raise gymnasium.error.InvalidAction(f"The action should be {self.ACTIONS}, not {action!r}.")
        outcomes = self._outcomes(int(action))
        drawn = self.np_random.random() if len(outcomes) > 1 else 0.0
        for outcome in outcomes:  # the last one, should rounding leave a rest
            drawn -= outcome[0]
            if drawn < 0:
                break
        probability, self._state, reward, terminated = outcome
        return self._state, reward, terminated, False, {"prob": probability}

    def _outcomes(self, action: int) -> list[Outcome]:
        return self.P[self._state][action]

    def render(self) -> str | np.ndarray | None:
        """What ``render_mode`` asks for: text or a picture (H, W, 3)."""
        return rendered(self)


def reset_needed() -> gymnasium.error.ResetNeeded:
    return gymnasium.error.ResetNeeded("No episode has begun: call reset() before step().")


def check_render_mode(env: gymnasium.Env, render_mode: str | None) -> None:
    """Raise ValueError unless the environment can draw itself like this."""
    if render_mode is not None and render_mode not in env.metadata["render_modes"]:
        raise ValueError(f"render_mode should be None, 'ansi' or 'rgb_array', not {render_mode!r}.")


def rendered(env) -> str | np.ndarray | None:
    """``env._text()`` or ``env._picture()``, as the render mode asks; a warning and None without a mode."""
    if env.render_mode is None:
        gymnasium.logger.warn("Nothing is drawn: choose render_mode='ansi' or 'rgb_array' when you make the world.")
        return None
    return env._text() if env.render_mode == "ansi" else env._picture()


def whole_number(what: str, value, least: int) -> int:
    """The value as an int; ValueError in one sentence if it is not a whole number or too small."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{what} should be a whole number, {least} or more, not {value!r}.")
    return int(value)
