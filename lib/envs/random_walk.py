"""The random walk of Sutton and Barto's Example 6.2."""

import numpy as np
from gymnasium.spaces import Discrete

from lib.envs.finite import FiniteEnv, whole_number
from lib.envs.grid import AGENT, CELL, GROUND, TERMINAL, WALL


class RandomWalkEnv(FiniteEnv):
    """Step left or right with probability ½ each, from the middle of a row, until one end is reached.

    States are numbered from left to right: 0 is the left end, 1 … length are the places on the way (A, B, C, D and E
    in the book), length + 1 is the right end. An episode begins in the middle. The step into the right end gives the
    reward 1, every other step 0, so the value of state s without discount is s / (length + 1).

    There is nothing to decide: the one action, 0, lets the next step happen. The book calls this a Markov reward
    process.

    length: an odd number of places between the ends.  render_mode: None, "ansi" or "rgb_array".
    """

    ACTIONS = "0, the only one"

    def __init__(self, length: int = 5, render_mode: str | None = None) -> None:
        if whole_number("length", length, least=1) % 2 == 0:
            raise ValueError(f"length should be odd, so that there is a middle to begin in, not {length}.")
        self.length = int(length)
        ends = (0, length + 1)
        P = {end: {0: [(1.0, end, 0.0, True)]} for end in ends}
        for state in range(1, length + 1):
            left, right = state - 1, state + 1
            P[state] = {0: [(0.5, left, 0.0, left in ends), (0.5, right, float(right == ends[1]), right in ends)]}
        super().__init__(dict(sorted(P.items())), Discrete(1), ((length + 1) // 2,), render_mode)

    def _text(self) -> str:
        letters = ["T", *"o" * self.length, "T"]
        if self._state is not None:
            letters[self._state] = "x"
        return " ".join(letters)

    def _picture(self) -> np.ndarray:
        picture = np.full((CELL, len(self.P) * CELL, 3), GROUND, dtype=np.uint8)
        y, x = np.mgrid[:CELL, : len(self.P) * CELL] - (CELL - 1) / 2
        picture[:, :CELL] = picture[:, -CELL:] = TERMINAL
        picture[np.abs(y) < 1] = WALL
        for state in self.P:
            radius = (0.3 if state == self._state else 0.12) * CELL
            picture[(x - state * CELL) ** 2 + y**2 < radius**2] = AGENT if state == self._state else WALL
        return picture
