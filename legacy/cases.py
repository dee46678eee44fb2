"""What every witness is asked, in either environment: the same start, the same data, the same settings."""

import numpy as np

from lib.models import network, rnn

# The two moons as WildML trained on them: step size 0.01 on a sum over 200 points is 2 on their mean.
REG, MOONS_LR, MOONS_STEPS = 0.01, 2.0, 1001
MOONS = network.init((2, 3, 2))

# The recurrent network at WildML's size.
C, H, RNN_LR, LONGEST = 8000, 100, 0.005, 30
RNN = rnn.init(C, H)

# 500 steps at random, mostly along the bottom and into the cliff; the shortest way; the way along the top.
UP, RIGHT, DOWN, LEFT = range(4)
WALKS = {
    "at random": np.random.default_rng(0).choice(4, 500, p=[0.2, 0.4, 0.3, 0.1]).tolist(),
    "along the edge": [UP, *[RIGHT] * 11, DOWN],
    "along the top": [*[UP] * 3, *[RIGHT] * 11, *[DOWN] * 3],
}


def sentences() -> list[rnn.Sentence]:
    """Twelve sentences of 1 to 30 random words, common ones more often than rare ones; the last is the first again."""
    rng = np.random.default_rng(1)
    lengths = (LONGEST, 1, 2, *range(5, 29, 3))
    words = [np.minimum(rng.geometric(0.02, size=length + 1) - 1, C - 1) for length in lengths]
    return [(line[:-1].astype("int32"), line[1:].astype("int32")) for line in [*words, words[0]]]


def walk(env, actions: list[int]) -> list[tuple[int, float, bool]]:
    """Where each action leads, what it earns, and whether that ends the episode; the walk ends with the episode."""
    env.reset(seed=0)
    steps = []
    for action in actions:
        state, reward, terminated, truncated, _ = env.step(action)
        steps.append((int(state), float(reward), bool(terminated)))
        if terminated or truncated:
            break
    return steps
