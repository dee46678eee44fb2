"""The gridworld of Sutton and Barto's Example 4.1, in any shape."""

from numbers import Integral

from lib.envs.grid import DOWN, LEFT, RIGHT, UP, GridEnv, moved

__all__ = ["DOWN", "LEFT", "RIGHT", "UP", "GridworldEnv"]


class GridworldEnv(GridEnv):
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

    def __init__(self, shape: tuple[int, int] = (4, 4), render_mode: str | None = None) -> None:
        shape = _checked_shape(shape)
        n_states = shape[0] * shape[1]
        super().__init__(
            shape,
            outcome=lambda state, action: (moved(state, action, shape), -1),
            terminals=(0, n_states - 1),
            starts=range(1, n_states - 1) or range(n_states),
            render_mode=render_mode,
        )


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
