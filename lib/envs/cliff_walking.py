"""The cliff of Sutton and Barto's Example 6.6, under the book's rule and under that of the 2016 tutorial."""

from lib.envs.grid import GridEnv, moved

SHAPE = (4, 12)
START, GOAL = 36, 47  # the two ends of the bottom row
CLIFF = range(START + 1, GOAL)
ABYSS = (213, 94, 0)  # its colour in the picture


class CliffWalkingEnv(GridEnv):
    """Walk from one end of the bottom row to the other; the ten cells between them are a cliff.

    Cells are numbered row by row on a 4 × 12 grid. A step costs 1, a step into the cliff 100. An episode begins in
    cell 36 and ends in cell 47. The shortest way takes 13 steps, along the edge; the way that keeps farthest from the
    cliff, along the top row, takes 17.

    on_fall: what a step into the cliff does besides.
        "reset": back to the start, and the episode goes on. The rule of the book, and of Gymnasium's CliffWalking-v1.
        "terminate": the episode ends there. The rule of the 2016 tutorial.
    ``P[state][action]``: as in the other grids, one outcome ``(1.0, next_state, reward, terminated)``.
    render_mode: None, "ansi" (text, the cliff as C) or "rgb_array" (picture).
    """

    def __init__(self, on_fall: str = "reset", render_mode: str | None = None) -> None:
        if on_fall not in ("reset", "terminate"):
            raise ValueError(f"on_fall should be 'reset' or 'terminate', not {on_fall!r}.")
        self.on_fall = on_fall

        def outcome(state: int, action: int) -> tuple[int, float]:
            next_state = moved(state, action, SHAPE)
            if next_state not in CLIFF:
                return next_state, -1
            return (START if on_fall == "reset" else next_state), -100

        super().__init__(
            SHAPE,
            outcome,
            terminals=(GOAL,) if on_fall == "reset" else (*CLIFF, GOAL),
            starts=(START,),
            render_mode=render_mode,
            marks=dict.fromkeys(CLIFF, ("C", ABYSS)),
        )
