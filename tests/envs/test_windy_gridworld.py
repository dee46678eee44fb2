"""The windy gridworld keeps Gymnasium's contract and the dynamics of Sutton and Barto's Example 6.5."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.grid import DOWN, LEFT, RIGHT, UP
from lib.envs.windy_gridworld import GOAL, SHAPE, START, WIND, WindyGridworldEnv


def make(**options):
    return gymnasium.make("course/WindyGridworld-v0", **options)


def steps_to_reach(P, start):
    """Breadth-first search: the fewest steps from the start to each state that can be reached."""
    steps, front = {start: 0}, [start]
    while front:
        reached = {to for state in front for ((_, to, _, _),) in P[state].values()} - set(steps)
        steps |= dict.fromkeys(reached, steps[front[0]] + 1)
        front = sorted(reached)
    return steps


def test_gymnasium_accepts_it_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make().unwrapped)


def test_several_worlds_run_side_by_side():
    worlds = gymnasium.make_vec("course/WindyGridworld-v0", num_envs=3, vectorization_mode="sync")
    states, _ = worlds.reset(seed=1)
    assert states.tolist() == [30, 30, 30]
    states, rewards, *_ = worlds.step(np.array([UP, RIGHT, DOWN]))
    assert states.tolist() == [20, 31, 40] and rewards.tolist() == [-1, -1, -1]
    worlds.close()


def test_probabilities_are_complete_and_every_step_costs_one():
    env = WindyGridworldEnv()
    assert set(env.P) == set(range(70)) and env.terminals == (37,) and (START, GOAL) == (30, 37)
    for state, row in env.P.items():
        assert set(row) == {UP, RIGHT, DOWN, LEFT}
        for outcomes in row.values():
            ((probability, to, reward, terminated),) = outcomes
            assert probability == 1 and 0 <= to < 70
            if state == GOAL:
                assert (to, reward, terminated) == (GOAL, 0, True)
            else:
                assert reward == -1 and terminated == (to == GOAL)


def test_the_wind_of_the_column_that_is_left_carries_upwards():
    """The rule, cell by cell, written as rows and columns."""
    for state, row in WindyGridworldEnv().P.items():
        if state == GOAL:
            continue
        y, x = state // 10, state % 10
        wind = [0, 0, 0, 1, 1, 1, 2, 2, 1, 0][x]
        for action, (dy, dx) in {UP: (-1, 0), RIGHT: (0, 1), DOWN: (1, 0), LEFT: (0, -1)}.items():
            to = np.clip(y + dy - wind, 0, 6) * 10 + np.clip(x + dx, 0, 9)
            assert row[action][0][1] == to
    assert len(WIND) == SHAPE[1]


def test_the_playground_of_the_2016_tutorial():
    env = make()
    assert env.reset()[0] == 30
    steps = [env.step(action)[:3] for action in (1, 1, 1, 2, 1, 1)]
    assert [state for state, _, _ in steps] == [31, 32, 33, 33, 24, 15]
    assert all(reward == -1 and not terminated for _, reward, terminated in steps)


def test_the_shortest_way_takes_15_steps_and_63_cells_can_be_reached():
    steps = steps_to_reach(WindyGridworldEnv().P, START)
    assert steps[GOAL] == 15 and len(steps) == 63


def test_the_books_way_reaches_the_goal():
    env = make()
    env.reset()
    actions = [RIGHT] * 9 + [DOWN] * 4 + [LEFT] * 2
    states, rewards, ended, truncated, _ = zip(*(env.step(action) for action in actions), strict=True)
    assert states[-1] == GOAL and ended == (False,) * 14 + (True,) and sum(rewards) == -15 and not any(truncated)


def test_steps_follow_the_model():
    env, rng = WindyGridworldEnv(), np.random.default_rng(0)
    for state in range(70):
        for action in rng.permutation(4):
            env.reset(options={"state": state})
            to, reward, terminated, truncated, info = env.step(int(action))
            assert [(info["prob"], to, reward, terminated)] == env.P[state][int(action)] and not truncated


def test_an_episode_begins_at_the_start_or_where_the_caller_wants():
    env = make()
    assert {env.reset(seed=seed)[0] for seed in range(5)} == {30}
    assert env.reset(options={"state": 3})[0] == 3
    for state in (70, -1, 2.5):
        with pytest.raises(ValueError, match="whole number from 0 to 69"):
            env.reset(options={"state": state})


def test_text_and_picture_show_agent_and_goal():
    env = make(render_mode="ansi")
    env.reset()
    rows = env.render().split("\n")
    assert len(rows) == 7 and rows[3] == "x o o o o o o T o o"
    assert all(row == "o " * 9 + "o" for row in rows[:3] + rows[4:])
    env = make(render_mode="rgb_array")
    env.reset()
    picture = env.render()
    side = picture.shape[0] // 7
    assert picture.dtype == np.uint8 and picture.shape == (7 * side, 10 * side, 3)
    agent = (picture == (0, 114, 178)).all(axis=2)
    assert agent[3 * side : 4 * side, :side].sum() == agent.sum() > 0
    assert tuple(picture[3 * side + 5, 7 * side + 5]) != tuple(picture[3 * side + 5, 6 * side + 5])


def test_bad_input_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="'ansi' or 'rgb_array', not 'human'"):
        WindyGridworldEnv(render_mode="human")
    env = WindyGridworldEnv()
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        env.step(UP)
    env.reset()
    for action in (4, -1, 1.5, "up", None):
        with pytest.raises(gymnasium.error.InvalidAction, match=r"2 \(down\)"):
            env.step(action)
