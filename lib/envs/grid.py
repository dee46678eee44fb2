"""Finite environments whose states are the cells of a grid."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import numpy as np
from gymnasium.spaces import Discrete

from lib.envs.finite import FiniteEnv

UP, RIGHT, DOWN, LEFT = range(4)
MOVES = {UP: (-1, 0), RIGHT: (0, 1), DOWN: (1, 0), LEFT: (0, -1)}  # (rows down, columns right)

CELL = 48  # pixels of a cell's side in the picture
GROUND, WALL, TERMINAL, AGENT = (255, 255, 255), (60, 60, 60), (153, 153, 153), (0, 114, 178)


def moved(state: int, action: int, shape: tuple[int, int], wind: int = 0) -> int:
    """The cell after a move, blown ``wind`` rows up on the way; who would leave the grid stays at its edge."""
    rows, columns = shape
    down, right = MOVES[action]
    row = min(max(state // columns + down - wind, 0), rows - 1)
    column = min(max(state % columns + right, 0), columns - 1)
    return row * columns + column


class GridEnv(FiniteEnv):
    """A finite environment on a grid: cells are numbered row by row; the actions are up, right, down and left.

    shape: rows and columns.
    outcome: what a move does, (state, action) -> (next_state, reward), in a cell that is not terminal.
    terminals: cells in which the episode is over.  starts: cells in which it may begin.
    marks: other cells that are drawn apart, cell -> (letter, colour).
    """

    ACTIONS = "0 (up), 1 (right), 2 (down) or 3 (left)"
    metadata: ClassVar[dict] = FiniteEnv.metadata

    def __init__(
        self,
        shape: tuple[int, int],
        outcome: Callable[[int, int], tuple[int, float]],
        terminals: Sequence[int],
        starts: Sequence[int],
        render_mode: str | None,
        marks: Mapping[int, tuple[str, tuple[int, int, int]]] | None = None,
    ) -> None:
        self.shape = shape
        self.terminals = tuple(terminals)
        self._marks = dict.fromkeys(self.terminals, ("T", TERMINAL)) | dict(marks or {})
        P = {}
        for state in range(shape[0] * shape[1]):
            P[state] = {action: [(1.0, state, 0.0, True)] for action in MOVES}
            if state not in self.terminals:
                for action in MOVES:
                    next_state, reward = outcome(state, action)
                    P[state][action] = [(1.0, next_state, float(reward), next_state in self.terminals)]
        super().__init__(P, Discrete(len(MOVES)), starts, render_mode)

    def _text(self) -> str:
        """The grid in letters: x agent, T terminal, o free, and those of the marks."""
        letters = [self._marks[state][0] if state in self._marks else "o" for state in self.P]
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
            if state in self._marks:
                cell[:] = self._marks[state][1]
            if state == self._state:
                cell[disc] = AGENT
            cell[[0, -1], :] = cell[:, [0, -1]] = WALL
        return picture
