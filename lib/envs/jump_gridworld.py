"""The 5 × 5 gridworld of Sutton and Barto's Example 3.5, with two cells that jump."""

from lib.envs.grid import GridEnv, moved

SHAPE = (5, 5)
JUMPS = {1: (21, 10.0), 3: (13, 5.0)}  # from A to A′ and from B to B′: cell -> (next cell, reward)
FROM, TO = (86, 180, 233), (213, 236, 248)  # the colours of A and B, and of A′ and B′


class JumpGridworldEnv(GridEnv):
    """Walk on a 5 × 5 grid that never ends; two of its cells pay, and throw you back.

    Cells are numbered row by row. From cell 1 (A) every action leads to cell 21 (A′) and pays 10; from cell 3 (B)
    every action leads to cell 13 (B′) and pays 5. A move off the grid stays in place and costs 1. Every other move
    pays 0. There is no terminal cell: values need a discount below 1. An episode begins in a cell drawn from all 25.

    ``P[state][action]``: as in the other grids, one outcome ``(1.0, next_state, reward, False)``.
    render_mode: None, "ansi" (text: A and B jump to a and b) or "rgb_array" (picture).
    """

    def __init__(self, render_mode: str | None = None) -> None:
        super().__init__(
            SHAPE,
            outcome=_outcome,
            terminals=(),
            starts=range(SHAPE[0] * SHAPE[1]),
            render_mode=render_mode,
            marks={1: ("A", FROM), 3: ("B", FROM), 21: ("a", TO), 13: ("b", TO)},
        )


def _outcome(state: int, action: int) -> tuple[int, float]:
    if state in JUMPS:
        return JUMPS[state]
    next_state = moved(state, action, SHAPE)
    return next_state, -1.0 if next_state == state else 0.0
