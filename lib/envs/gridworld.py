"""The gridworld of Sutton and Barto's Example 4.1, in any shape."""

from numbers import Integral
from typing import ClassVar

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete

UP, RIGHT, DOWN, LEFT = range(4)
MOVES = {UP: (-1, 0), RIGHT: (0, 1), DOWN: (1, 0), LEFT: (0, -1)}  # (rows down, columns right)

CELL = 48  # pixels of a cell's side in the picture
GROUND, WALL, TERMINAL, AGENT = (255, 255, 255), (60, 60, 60), (153, 153, 153), (0, 114, 178)


class GridworldEnv(gymnasium.Env):
    """Walk on a grid until one of two corners is reached; every step costs 1.

    Cells are numbered row by row. The first and the last are terminal. A move off the grid leaves
    the agent where it is. Each step out of a cell that is not terminal gives the reward -1, also
    the one that ends the episode; a step in a terminal cell gives 0 and stays there.

    ``P[state][action]`` lists what can happen as ``(probability, next_state, reward, terminated)``,
    in the form of Gymnasium's own toy-text environments; here it always holds one outcome.

    An episode begins in a cell drawn evenly from those that are not terminal. (The 2016 tutorial
    drew from all cells, so that one episode in eight was over before its first step.)
    ``reset(options={"state": 3})`` begins in cell 3.

    shape: rows and columns, at least two cells together; with only two, both are terminal, and an
    episode has no other place to begin.  render_mode: None, "ansi" (text) or "rgb_array" (picture).
    """

    metadata: ClassVar[dict] = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}

    def __init__(self, shape: tuple[int, int] = (4, 4), render_mode: str | None = None) -> None:
        self.shape = _checked_shape(shape)
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode should be None, 'ansi' or 'rgb_array', not {render_mode!r}.")
        self.render_mode = render_mode
        n_states = self.shape[0] * self.shape[1]
        self.terminals = (0, n_states - 1)
        self.observation_space = Discrete(n_states)
        self.action_space = Discrete(len(MOVES))
        self.P = {state: {action: self._outcomes(state, action) for action in MOVES} for state in range(n_states)}
        self._starts = range(1, n_states - 1) or range(n_states)
        self._state: int | None = None

    def _outcomes(self, state: int, action: int) -> list[tuple[float, int, float, bool]]:
        if state in self.terminals:
            return [(1.0, state, 0.0, True)]
        rows, columns = self.shape
        down, right = MOVES[action]
        row = min(max(state // columns + down, 0), rows - 1)
        column = min(max(state % columns + right, 0), columns - 1)
        next_state = row * columns + column
        return [(1.0, next_state, -1.0, next_state in self.terminals)]

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[int, dict]:
        """Begin an episode. options: {"state": s} begins in cell s, without it the cell is drawn.

        Raises ValueError if there is no such cell.
        """
        super().reset(seed=seed)
        wanted = (options or {}).get("state")
        if wanted is None:
            wanted = self._starts[self.np_random.integers(len(self._starts))]
        elif not self.observation_space.contains(wanted):
            raise ValueError(f"The state should be a whole number from 0 to {len(self.P) - 1}, not {wanted!r}.")
        self._state = int(wanted)
        return self._state, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict]:
        """Move one cell.

        Raises ResetNeeded before the first ``reset``, InvalidAction for an action not in 0 … 3.
        """
        if self._state is None:
            raise gymnasium.error.ResetNeeded("No episode has begun: call reset() before step().")
        if not self.action_space.contains(action):
            raise gymnasium.error.InvalidAction(
                f"The action should be 0 (up), 1 (right), 2 (down) or 3 (left), not {action!r}."
            )
        ((probability, self._state, reward, terminated),) = self.P[self._state][int(action)]
        return self._state, reward, terminated, False, {"prob": probability}

    def render(self) -> str | np.ndarray | None:
        """The grid as ``render_mode`` asks: text (x agent, T terminal, o free) or a picture."""
        if self.render_mode is None:
            gymnasium.logger.warn("Nothing is drawn: choose render_mode='ansi' or 'rgb_array' when you make the world.")
            return None
        return self._text() if self.render_mode == "ansi" else self._picture()

    def _text(self) -> str:
        letters = ["T" if state in self.terminals else "o" for state in self.P]
        if self._state is not None:
            letters[self._state] = "x"
        columns = self.shape[1]
        return "\n".join(" ".join(letters[start : start + columns]) for start in range(0, len(letters), columns))

    def _picture(self) -> np.ndarray:
        rows, columns = self.shape
        picture = np.full((rows * CELL, columns * CELL, 3), GROUND, dtype=np.uint8)
        y, x = np.mgrid[:CELL, :CELL] - (CELL - 1) / 2
        disc = x**2 + y**2 < (0.3 * CELL) ** 2
        for state in self.P:
            top, left = state // columns * CELL, state % columns * CELL
            cell = picture[top : top + CELL, left : left + CELL]
            if state in self.terminals:
                cell[:] = TERMINAL
            if state == self._state:
                cell[disc] = AGENT
            cell[[0, -1], :] = cell[:, [0, -1]] = WALL
        return picture


def _checked_shape(shape) -> tuple[int, int]:
    try:
        rows, columns = shape
        right = all(isinstance(n, Integral) and not isinstance(n, bool) and n > 0 for n in (rows, columns))
    except (TypeError, ValueError):
        right = False
    if not right or rows * columns < 2:
        raise ValueError(
            f"shape should be two whole numbers, rows and columns, with at least two cells together, not {shape!r}."
        )
    return int(rows), int(columns)
