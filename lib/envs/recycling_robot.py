"""The recycling robot of Sutton and Barto's Example 3.3."""

import numpy as np
from gymnasium.spaces import Discrete

from lib.envs.finite import FiniteEnv
from lib.envs.grid import AGENT, GROUND, TERMINAL, WALL

HIGH, LOW = STATES = range(2)
SEARCH, WAIT, RECHARGE = ACTIONS = range(3)
RESCUE = -3.0  # the reward when the battery runs flat and somebody has to carry the robot to its charger
HEIGHT, WIDTH = 48, 96  # pixels of the picture


class RecyclingRobotEnv(FiniteEnv):
    """Collect cans, and do not let the battery run flat; it never ends.

    States: 0 high battery, 1 low battery.  Actions: 0 search for cans, 1 wait for cans, 2 recharge.
    Searching with a high battery leaves it high with probability alpha, else low. Searching with a low battery
    leaves it low with probability beta; else it runs flat, the robot is rescued with a reward of -3, and its
    battery is high again. Waiting changes nothing. Recharging pays 0 and leads to a high battery.

    The book leaves out recharging with a high battery; here it is possible, and useless, so that both states offer
    the same actions. The book gives no numbers except the -3: the defaults are ours. It asks for r_search > r_wait.

    alpha, beta: probabilities.  r_search, r_wait: the cans expected per step.  render_mode: None, "ansi" (text) or
    "rgb_array" (picture).
    """

    ACTIONS = "0 (search), 1 (wait) or 2 (recharge)"

    def __init__(
        self,
        alpha: float = 0.7,
        beta: float = 0.5,
        r_search: float = 2.0,
        r_wait: float = 1.0,
        render_mode: str | None = None,
    ) -> None:
        for name, probability in (("alpha", alpha), ("beta", beta)):
            if not 0 <= probability <= 1:
                raise ValueError(f"{name} should be a probability, from 0 to 1, not {probability!r}.")
        P = {
            HIGH: {
                SEARCH: [(alpha, HIGH, r_search, False), (_rest(alpha), LOW, r_search, False)],
                WAIT: [(1.0, HIGH, r_wait, False)],
                RECHARGE: [(1.0, HIGH, 0.0, False)],
            },
            LOW: {
                SEARCH: [(beta, LOW, r_search, False), (_rest(beta), HIGH, RESCUE, False)],
                WAIT: [(1.0, LOW, r_wait, False)],
                RECHARGE: [(1.0, HIGH, 0.0, False)],
            },
        }
        super().__init__(P, Discrete(len(ACTIONS)), STATES, render_mode)

    def _text(self) -> str:
        return f"battery {'?' if self._state is None else ('high', 'low')[self._state]}"

    def _picture(self) -> np.ndarray:
        """A battery, full or nearly empty."""
        picture = np.full((HEIGHT, WIDTH, 3), GROUND, dtype=np.uint8)
        picture[4:-4, 4:-12] = WALL
        picture[16:-16, -12:-4] = WALL
        picture[6:-6, 6:-14] = GROUND
        if self._state is not None:
            colour, end = (AGENT, -16) if self._state == HIGH else (TERMINAL, 24)
            picture[8:-8, 8:end] = colour
        return picture


def _rest(probability: float) -> float:
    """What is missing to 1, without the last digits that the subtraction leaves, so that it reads well."""
    return round(1 - probability, 12)
