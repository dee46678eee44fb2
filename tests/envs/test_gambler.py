"""The gambler's problem keeps Gymnasium's contract and the rules of Sutton and Barto's Example 4.3."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.gambler import GamblerEnv

GAMES = {"p_h": st.floats(0, 1), "goal": st.integers(2, 40)}


@pytest.mark.parametrize("goal", [2, 7, 100])
@pytest.mark.filterwarnings("error")
def test_gymnasium_accepts_it_without_a_warning(goal):
    check_env(gymnasium.make("course/Gambler-v0", goal=goal).unwrapped)


@given(**GAMES)
def test_every_stake_that_makes_sense_and_no_other(p_h, goal):
    P = GamblerEnv(p_h, goal).P
    assert list(P) == list(range(goal + 1))
    assert all(list(P[s]) == list(range(1, min(s, goal - s) + 1)) for s in range(1, goal))
    assert all(P[s] == {1: [(1.0, s, 0.0, True)]} for s in (0, goal))


@given(**GAMES)
def test_heads_pays_the_stake_and_tails_loses_it(p_h, goal):
    P = GamblerEnv(p_h, goal).P
    for s in range(1, goal):
        for stake, ((heads, won, reward, at_goal), (tails, lost, nothing, ruined)) in P[s].items():
            assert heads == p_h and heads + tails == pytest.approx(1)
            assert (won, lost) == (s + stake, s - stake)
            assert (reward, at_goal, nothing, ruined) == (won == goal, won == goal, 0, lost == 0)


def test_a_stake_is_cut_to_what_makes_sense():
    env = GamblerEnv(p_h=1.0, goal=10)
    env.reset(options={"state": 2})
    assert env.step(5)[:3] == (4, 0.0, False)  # 2 were all there was
    env.reset(options={"state": 9})
    assert env.step(5)[:3] == (10, 1.0, True)  # 1 was all that was missing


def test_episodes_begin_evenly_between_ruin_and_goal():
    env = GamblerEnv(goal=11)
    starts = [env.reset(seed=0)[0]] + [env.reset()[0] for _ in range(9_999)]
    counts = np.bincount(starts, minlength=12)
    assert counts[0] == counts[11] == 0
    assert ((counts[1:11] - 1000) ** 2 / 1000).sum() < 27.9  # 99.9 % of even draws (9 degrees of freedom)


def test_text_and_picture_show_the_capital():
    env = GamblerEnv(render_mode="ansi")
    assert env.render() == "capital ? of 100"
    env.reset(options={"state": 30})
    assert env.render() == "capital 30 of 100"
    widths = []
    for capital in (0, 50, 100):
        env = GamblerEnv(render_mode="rgb_array")
        env.reset(options={"state": capital})
        picture = env.render()
        assert picture.dtype == np.uint8 and picture.ndim == 3
        widths.append((picture == (0, 114, 178)).all(axis=2).any(axis=0).sum())
    assert widths[0] == 0 and widths[1] * 2 == widths[2] > 300


@pytest.mark.parametrize("stake", [0, 51, 1.5, "all"])
def test_a_stake_that_does_not_exist_is_refused(stake):
    env = GamblerEnv()
    env.reset(seed=0)
    with pytest.raises(gymnasium.error.InvalidAction, match="from 1 to 50"):
        env.step(stake)


def test_bad_rules_are_refused_in_one_sentence():
    with pytest.raises(ValueError, match="p_h should be a probability"):
        GamblerEnv(p_h=1.5)
    for goal in (1, 2.5, "100", True):
        with pytest.raises(ValueError, match="goal should be a whole number, 2 or more"):
            GamblerEnv(goal=goal)
