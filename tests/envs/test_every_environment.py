"""What holds for every environment that the course registers."""

import copy

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import registry
from scipy.stats import chisquare

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.finite import FiniteEnv

NAMES = sorted(name for name in registry if name.startswith("course/"))
every = pytest.mark.parametrize("name", NAMES)


def finite(name):
    env = gymnasium.make(name).unwrapped
    return env if isinstance(env, FiniteEnv) else None


def walk(env, seed, steps=200):
    """What a random walk through the environment sees."""
    env.action_space.seed(seed)
    seen = [env.reset(seed=seed)[0]]
    for _ in range(steps):
        state, reward, terminated, _, _ = env.step(env.action_space.sample())
        seen += [(state, reward, terminated)]
        if terminated:
            seen += [env.reset()[0]]
    return seen


@every
def test_one_seed_gives_one_walk(name):
    env = gymnasium.make(name)
    assert walk(env, 1) == walk(gymnasium.make(name), 1) == walk(env, 1)


@every
def test_a_copy_goes_its_own_way(name):
    env = gymnasium.make(name)
    env.reset(seed=3)
    twin = copy.deepcopy(env)
    first = walk(twin, 5)
    assert walk(twin, 5) == first == walk(env, 5)


@every
def test_a_step_before_reset_says_what_to_do(name):
    env = gymnasium.make(name)
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        env.step(env.action_space.sample())


@every
def test_an_action_that_does_not_exist_is_refused_in_one_sentence(name):
    env = gymnasium.make(name)
    env.reset(seed=0)
    for action in (-1, 10**6, "up", None, 0.5):
        with pytest.raises(gymnasium.error.InvalidAction, match="should be") as refusal:
            env.step(action)
        assert "\n" not in str(refusal.value)


@every
def test_a_start_that_does_not_exist_is_refused(name):
    for state in (-1, 10**6, "a", 2.5):
        with pytest.raises(ValueError, match="state should be"):
            gymnasium.make(name).reset(options={"state": state})


@every
def test_text_and_picture(name):
    for mode, kind in (("ansi", str), ("rgb_array", np.ndarray)):
        env = gymnasium.make(name, render_mode=mode)
        env.reset(seed=0)
        before = env.render()
        assert isinstance(before, kind)
        if kind is np.ndarray:
            assert before.dtype == np.uint8 and before.ndim == 3 and before.shape[2] == 3
    with pytest.raises(ValueError, match="'ansi' or 'rgb_array', not 'human'"):
        type(env)(render_mode="human")  # gymnasium.make would open a window and show the picture there


@every
def test_rows_of_the_model_add_up_to_one(name):
    P = gymnasium.make(name).unwrapped.P
    for row in P.values():
        for outcomes in row.values():
            assert sum(probability for probability, *_ in outcomes) == pytest.approx(1, abs=1e-12)
            assert all(next_state in P or ended for _, next_state, _, ended in outcomes)


@every
def test_drawn_steps_follow_the_model(name):
    """A chi-square test for the states with the most random actions, at a level of 1 in 10,000 each."""
    env = gymnasium.make(name).unwrapped
    P = env.P
    places = sorted(((s, a) for s in P for a in P[s]), key=lambda place: -len(P[place[0]][place[1]]))[:5]
    env.reset(seed=0)
    for state, action in places:
        outcomes = P[state][action]
        expected = {}
        for probability, *what in outcomes:
            expected[tuple(what)] = expected.get(tuple(what), 0) + 2000 * probability
        counts = dict.fromkeys(expected, 0)
        for _ in range(2000):
            env.reset(options={"state": state})
            next_state, reward, terminated, truncated, _ = env.step(action)
            assert not truncated
            counts[next_state, reward, terminated] += 1  # KeyError: something that P does not hold
        if len(counts) > 1:
            assert chisquare(list(counts.values()), list(expected.values())).pvalue > 1e-4


@every
def test_terminal_states_stay_and_pay_nothing(name):
    env = finite(name)
    if env is None:
        return
    ends = {to for row in env.P.values() for outcomes in row.values() for _, to, _, ended in outcomes if ended}
    for state in ends:
        assert all(outcomes == [(1.0, state, 0.0, True)] for outcomes in env.P[state].values())
    assert not ends & set(env.starts)
