"""The gambler's problem of Sutton and Barto's Example 4.3."""

import numpy as np
from gymnasium.spaces import Discrete

from lib.envs.finite import FiniteEnv, Outcome, whole_number
from lib.envs.grid import AGENT, GROUND, WALL

HEIGHT, WIDTH = 48, 404  # pixels of the picture


class GamblerEnv(FiniteEnv):
    """Stake on coin flips until your capital is 0 or the goal.

    The state is the capital. In state s you stake 1 … min(s, goal - s): heads pays the stake, tails loses it. The
    reward is 1 when the goal is reached and 0 otherwise, so that without discount the value of a state is the
    probability to reach the goal. An episode begins with a capital drawn evenly from 1 … goal - 1.

    ``P[s][stake]`` has the stakes that make sense in s as its keys, so the number of actions differs from state to
    state, and lists (probability, next_state, reward, terminated). When it is over, in states 0 and goal, the only
    key is 1, and that stake changes nothing. ``step`` takes any stake from 1 to half the goal, and cuts it to what
    makes sense.

    p_h: the probability of heads.  goal: the capital at which you stop.  render_mode: None, "ansi" or "rgb_array".
    """

    def __init__(self, p_h: float = 0.4, goal: int = 100, render_mode: str | None = None) -> None:
        if not 0 <= p_h <= 1:
            raise ValueError(f"p_h should be a probability, from 0 to 1, not {p_h!r}.")
        self.p_h, self.goal = float(p_h), whole_number("goal", goal, least=2)
        P = {0: {1: [(1.0, 0, 0.0, True)]}, goal: {1: [(1.0, goal, 0.0, True)]}}
        for capital in range(1, goal):
            P[capital] = {stake: self._flip(capital, stake) for stake in range(1, min(capital, goal - capital) + 1)}
        most = goal // 2
        self.ACTIONS = f"a stake, a whole number from 1 to {most}"
        super().__init__(dict(sorted(P.items())), Discrete(most, start=1), range(1, goal), render_mode)

    def _flip(self, capital: int, stake: int) -> list[Outcome]:
        won, lost = capital + stake, capital - stake
        heads = (self.p_h, won, float(won == self.goal), won == self.goal)
        return [heads, (1 - self.p_h, lost, 0.0, lost == 0)]

    def _outcomes(self, action: int) -> list[Outcome]:
        return self.P[self._state][min(action, len(self.P[self._state]))]

    def _text(self) -> str:
        return f"capital {'?' if self._state is None else self._state} of {self.goal}"

    def _picture(self) -> np.ndarray:
        picture = np.full((HEIGHT, WIDTH, 3), GROUND, dtype=np.uint8)
        picture[2:-2, 2 : 2 + round((self._state or 0) / self.goal * (WIDTH - 4))] = AGENT
        picture[[0, 1, -2, -1], :] = picture[:, [0, 1, -2, -1]] = WALL
        return picture
