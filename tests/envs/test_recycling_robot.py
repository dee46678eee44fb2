"""The robot keeps Gymnasium's contract and the table of Sutton and Barto's Example 3.3."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.recycling_robot import HIGH, LOW, RECHARGE, SEARCH, WAIT, RecyclingRobotEnv


def test_gymnasium_accepts_it_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make("course/RecyclingRobot-v0").unwrapped)


def test_the_table_of_the_book():
    alpha, beta, search, wait = 0.9, 0.3, 4.0, 1.5
    P = RecyclingRobotEnv(alpha, beta, search, wait).P
    book = {  # s, a, s', p(s' | s, a), r(s, a, s')
        (HIGH, SEARCH, HIGH, alpha, search),
        (HIGH, SEARCH, LOW, 0.1, search),
        (LOW, SEARCH, HIGH, 0.7, -3.0),
        (LOW, SEARCH, LOW, beta, search),
        (HIGH, WAIT, HIGH, 1.0, wait),
        (LOW, WAIT, LOW, 1.0, wait),
        (LOW, RECHARGE, HIGH, 1.0, 0.0),
    }
    ours = {(s, a, to, p, r) for s, row in P.items() for a, outcomes in row.items() for p, to, r, _ in outcomes}
    assert ours == book | {(HIGH, RECHARGE, HIGH, 1.0, 0.0)}


def test_it_never_ends_and_probabilities_are_complete():
    for row in RecyclingRobotEnv().P.values():
        for outcomes in row.values():
            assert sum(p for p, *_ in outcomes) == pytest.approx(1)
            assert not any(terminated for *_, terminated in outcomes)


def test_steps_have_the_probabilities_of_the_model():
    env = RecyclingRobotEnv(alpha=0.7)
    env.reset(seed=0)
    stayed = 0
    for _ in range(10_000):
        env.reset(options={"state": HIGH})
        stayed += env.step(SEARCH)[0] == HIGH
    assert abs(stayed / 10_000 - 0.7) < 5.5 * np.sqrt(0.7 * 0.3 / 10_000)


@pytest.mark.parametrize("name", ["alpha", "beta"])
@pytest.mark.parametrize("value", [-0.1, 1.5])
def test_what_is_no_probability_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} should be a probability"):
        RecyclingRobotEnv(**{name: value})


def test_text_and_picture_show_the_battery():
    env = RecyclingRobotEnv(render_mode="ansi")
    assert env.render() == "battery ?"
    env.reset(options={"state": LOW})
    assert env.render() == "battery low"
    env = RecyclingRobotEnv(render_mode="rgb_array")
    env.reset(options={"state": HIGH})
    high = env.render()
    env.step(RECHARGE)
    assert (env.render() == high).all()
    env.reset(options={"state": LOW})
    assert (env.render() != high).any() and high.dtype == np.uint8
