"""The windy gridworld of Sutton and Barto's Example 6.5."""

from lib.envs.grid import GridEnv, moved

SHAPE = (7, 10)
WIND = (0, 0, 0, 1, 1, 1, 2, 2, 1, 0)  # rows up, by the column that the step leaves
START, GOAL = 30, 37  # row 3, columns 0 and 7


class WindyGridworldEnv(GridEnv):
    """Cross a 7 × 10 grid against a crosswind that blows upwards in its middle columns; every step costs 1.

    Cells are numbered row by row. An episode begins in cell 30, at the left end of the middle row, and ends in cell
    37. A step goes one cell up, right, down or left and is blown up by as many rows as ``WIND`` says for the column
    that it leaves. Who would leave the grid stays at its edge. The shortest way takes 15 steps. Nothing ends an
    episode that never finds the goal.

    ``P[state][action]``: as in the other grids, one outcome ``(1.0, next_state, -1.0, terminated)``.
    render_mode: None, "ansi" (text) or "rgb_array" (picture).
    """

    def __init__(self, render_mode: str | None = None) -> None:
        super().__init__(
            SHAPE,
            outcome=lambda state, action: (moved(state, action, SHAPE, WIND[state % SHAPE[1]]), -1),
            terminals=(GOAL,),
            starts=(START,),
            render_mode=render_mode,
        )
