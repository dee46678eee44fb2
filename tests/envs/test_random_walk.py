"""The random walk keeps Gymnasium's contract and the probabilities of Sutton and Barto's Example 6.2."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.random_walk import RandomWalkEnv

LENGTHS = (1, 3, 5, 19)


def make(**options):
    return gymnasium.make("course/RandomWalk-v0", **options)


@pytest.mark.parametrize("length", LENGTHS)
def test_gymnasium_accepts_it_without_a_warning(length):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(length=length).unwrapped)


def test_several_walks_run_side_by_side():
    walks = gymnasium.make_vec("course/RandomWalk-v0", num_envs=3, vectorization_mode="sync")
    states, _ = walks.reset(seed=1)
    assert states.tolist() == [3, 3, 3]
    states, rewards, *_ = walks.step(np.zeros(3, dtype=int))
    assert set(states) <= {2, 4} and rewards.tolist() == [0, 0, 0]
    walks.close()


@pytest.mark.parametrize("length", LENGTHS)
def test_each_place_leads_left_and_right_with_one_half(length):
    env = RandomWalkEnv(length)
    assert set(env.P) == set(range(length + 2)) and list(env.P) == sorted(env.P)
    assert (env.observation_space.n, env.action_space.n) == (length + 2, 1)
    for state, row in env.P.items():
        assert set(row) == {0} and sum(probability for probability, *_ in row[0]) == 1
        if state in (0, length + 1):
            assert row[0] == [(1.0, state, 0.0, True)]
        else:
            assert {(probability, to) for probability, to, *_ in row[0]} == {(0.5, state - 1), (0.5, state + 1)}
            for _, to, reward, terminated in row[0]:
                assert reward == (to == length + 1) and terminated == (to in (0, length + 1))


@pytest.mark.parametrize("length", LENGTHS)
def test_the_values_are_s_over_length_plus_one(length):
    """From the Bellman equations as a linear system."""
    P, n = RandomWalkEnv(length).P, length + 2
    step, reward = np.zeros((n, n)), np.zeros(n)
    for state, row in P.items():
        for probability, to, paid, terminated in row[0]:
            step[state, to] += probability * (not terminated)
            reward[state] += probability * paid
    wanted = np.arange(n) / (length + 1)
    wanted[-1] = 0  # who has arrived has been paid
    np.testing.assert_allclose(np.linalg.solve(np.eye(n) - step, reward), wanted)


def test_steps_follow_the_model():
    env = RandomWalkEnv()
    counts = np.zeros((7, 7))
    state, _ = env.reset(seed=0)
    for _ in range(20_000):
        next_state, reward, terminated, truncated, info = env.step(0)
        assert (info["prob"], next_state, reward, terminated) in env.P[state][0] and not truncated
        counts[state, next_state] += 1
        state = env.reset()[0] if terminated else next_state
    for state in range(1, 6):
        left, right = counts[state, state - 1], counts[state, state + 1]
        assert left + right == counts[state].sum() > 1000
        assert (left - right) ** 2 / (left + right) < 15.2  # chi-square with 1 degree of freedom: 1 in 10 000


def test_an_episode_begins_in_the_middle_or_where_the_caller_wants():
    for length in LENGTHS:
        env = make(length=length)
        assert {env.reset(seed=0)[0], env.reset()[0]} == {(length + 1) // 2}
        assert env.reset(options={"state": 1})[0] == 1
    for state in (21, -1, 2.5):
        with pytest.raises(ValueError, match="whole number from 0 to 20"):
            env.reset(options={"state": state})


def test_one_seed_gives_one_walk():
    def walk(seed):
        env = make(length=99)
        env.reset(seed=seed)
        return [env.step(0)[0] for _ in range(40)]

    assert walk(3) == walk(3) != walk(4)


def test_a_step_after_the_end_stays_and_pays_nothing():
    env = RandomWalkEnv()
    for end in (0, 6):
        env.reset(options={"state": end})
        assert env.step(0)[:4] == (end, 0.0, True, False)


def test_text_shows_walker_ends_and_free_places():
    env = make(render_mode="ansi")
    assert env.unwrapped.render() == "T o o o o o T"
    env.reset()
    assert env.render() == "T o o x o o T"
    env.reset(options={"state": 6})
    assert env.render() == "T o o o o o x"


def test_picture_shows_the_walker_in_its_place_only():
    env = make(render_mode="rgb_array")
    env.reset(options={"state": 2})
    picture = env.render()
    side = picture.shape[0]
    assert picture.dtype == np.uint8 and picture.shape == (side, 7 * side, 3)
    agent = (picture == (0, 114, 178)).all(axis=2)
    assert agent[:, 2 * side : 3 * side].sum() == agent.sum() > 0


@pytest.mark.parametrize("length", [0, -1, 2.0, "5", None, True])
def test_a_bad_length_is_refused_in_one_sentence(length):
    with pytest.raises(ValueError, match="length should be a whole number, 1 or more"):
        RandomWalkEnv(length)


def test_an_even_length_has_no_middle():
    with pytest.raises(ValueError, match="length should be odd, so that there is a middle"):
        RandomWalkEnv(4)


def test_a_bad_render_mode_is_refused():
    with pytest.raises(ValueError, match="'ansi' or 'rgb_array', not 'human'"):
        RandomWalkEnv(render_mode="human")


@pytest.mark.parametrize("action", [1, -1, 0.5, "left", None])
def test_an_action_that_does_not_exist_is_refused(action):
    env = RandomWalkEnv()
    env.reset()
    with pytest.raises(gymnasium.error.InvalidAction, match="0, the only one"):
        env.step(action)


@pytest.mark.parametrize("env", [RandomWalkEnv(), make()])
def test_a_step_before_reset_says_what_to_do(env):
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        env.step(0)
