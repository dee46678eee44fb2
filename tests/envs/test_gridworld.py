"""The gridworld keeps Gymnasium's contract and the dynamics of Sutton and Barto's Example 4.1."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.gridworld import DOWN, LEFT, RIGHT, UP, GridworldEnv

SHAPES = st.tuples(st.integers(1, 7), st.integers(1, 7)).filter(lambda shape: shape[0] * shape[1] >= 2)


def make(**options):
    return gymnasium.make("course/Gridworld-v0", **options)


@pytest.mark.parametrize("shape", [(4, 4), (1, 2), (1, 5), (3, 2)])
def test_gymnasium_accepts_it_without_a_warning(shape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(shape=shape).unwrapped)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_several_worlds_run_side_by_side(mode):
    worlds = gymnasium.make_vec("course/Gridworld-v0", num_envs=3, vectorization_mode=mode)
    try:
        states, _ = worlds.reset(seed=1)
        assert states.shape == (3,)
        states, rewards, *_ = worlds.step(np.array([UP, RIGHT, DOWN]))
        assert states.shape == rewards.shape == (3,)
    finally:
        worlds.close()


@given(shape=SHAPES)
def test_probabilities_are_complete_and_next_states_exist(shape):
    env = GridworldEnv(shape)
    assert set(env.P) == set(range(env.observation_space.n)) and env.observation_space.n == shape[0] * shape[1]
    for row in env.P.values():
        assert set(row) == {UP, RIGHT, DOWN, LEFT}
        for outcomes in row.values():
            assert sum(probability for probability, *_ in outcomes) == 1
            assert all(env.observation_space.contains(next_state) for _, next_state, *_ in outcomes)


@given(shape=SHAPES)
def test_the_two_corners_end_everything_and_the_rest_costs_one(shape):
    env = GridworldEnv(shape)
    corners = {0, env.observation_space.n - 1}
    assert set(env.terminals) == corners
    for state, row in env.P.items():
        for ((probability, next_state, reward, terminated),) in row.values():
            if state in corners:
                assert (probability, next_state, reward, terminated) == (1, state, 0, True)
            else:
                assert reward == -1 and terminated == (next_state in corners)


@given(shape=SHAPES)
def test_moves_go_one_cell_or_stay_at_the_edge(shape):
    rows, columns = shape
    for state, row in GridworldEnv(shape).P.items():
        if state in (0, rows * columns - 1):
            continue
        y, x = divmod(state, columns)
        wanted = {UP: (y - 1, x), RIGHT: (y, x + 1), DOWN: (y + 1, x), LEFT: (y, x - 1)}
        for action, (to_y, to_x) in wanted.items():
            stays = not (0 <= to_y < rows and 0 <= to_x < columns)
            assert row[action][0][1] == (state if stays else to_y * columns + to_x)


@given(shape=SHAPES, seed=st.integers(0, 1000))
def test_steps_follow_the_model(shape, seed):
    env = GridworldEnv(shape)
    rng = np.random.default_rng(seed)
    state, _ = env.reset(seed=seed)
    for action in rng.integers(4, size=30):
        ((probability, *expected),) = env.P[state][int(action)]
        next_state, reward, terminated, truncated, info = env.step(action)
        assert [next_state, reward, terminated] == expected and not truncated and info == {"prob": probability}
        state = next_state


def test_episodes_begin_evenly_in_cells_that_are_not_terminal():
    env = GridworldEnv()
    starts = [env.reset(seed=0)[0]] + [env.reset()[0] for _ in range(13_999)]
    counts = np.bincount(starts, minlength=16)
    assert counts[0] == counts[15] == 0
    chi_square = ((counts[1:15] - 1000) ** 2 / 1000).sum()
    assert chi_square < 34.5  # 99.9 % of even draws stay below (13 degrees of freedom)


def test_one_seed_gives_one_sequence_of_starts():
    def starts(seed):
        env = make()
        return [env.reset(seed=seed)[0]] + [env.reset()[0] for _ in range(20)]

    assert starts(3) == starts(3) != starts(4)


def test_an_episode_can_begin_where_the_caller_wants():
    env = make()
    assert env.reset(options={"state": 3})[0] == 3
    for state in (16, -1, 2.5, "a"):
        with pytest.raises(ValueError, match="whole number from 0 to 15"):
            env.reset(options={"state": state})


def test_text_shows_agent_ends_and_free_cells():
    env = make(render_mode="ansi")
    env.reset(options={"state": 3})
    assert env.render() == "T o o x\no o o o\no o o o\no o o T"
    env.step(LEFT)
    assert env.render() == "T o x o\no o o o\no o o o\no o o T"


def test_picture_shows_the_agent_in_its_cell_only():
    env = make(shape=(2, 3), render_mode="rgb_array")
    env.reset(options={"state": 2})
    picture = env.render()
    assert picture.dtype == np.uint8 and picture.shape[0] * 3 == picture.shape[1] * 2 and picture.shape[2] == 3
    cell = picture.shape[0] // 2
    agent = (picture == (0, 114, 178)).all(axis=2)
    assert agent[:cell, 2 * cell :].sum() == agent.sum() > 0


def test_the_world_can_be_drawn_before_an_episode():
    assert GridworldEnv((1, 3), render_mode="ansi").render() == "T o T"


def test_drawing_without_a_mode_says_how_to_choose_one():
    with pytest.warns(UserWarning, match="render_mode='ansi'"):
        assert GridworldEnv().render() is None


@pytest.mark.parametrize("shape", [(1, 1), (0, 4), (4, -1), (4,), (2, 2, 2), 4, (2.0, 3), (True, 4), "44", None])
def test_a_bad_shape_is_refused_in_one_sentence(shape):
    with pytest.raises(ValueError, match="rows and columns, with at least two cells"):
        GridworldEnv(shape)


def test_a_bad_render_mode_is_refused():
    with pytest.raises(ValueError, match="'ansi' or 'rgb_array', not 'human'"):
        GridworldEnv(render_mode="human")


@pytest.mark.parametrize("action", [4, -1, 1.5, "up", None])
def test_an_action_that_does_not_exist_is_refused(action):
    env = GridworldEnv()
    env.reset(seed=0)
    with pytest.raises(gymnasium.error.InvalidAction, match=r"2 \(down\)"):
        env.step(action)


@pytest.mark.parametrize("env", [GridworldEnv(), make()])
def test_a_step_before_reset_says_what_to_do(env):
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        env.step(UP)
