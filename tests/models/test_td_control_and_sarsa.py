"""The compiled SARSA gives the numbers of the lesson on the windy grid, for the same draws."""

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.envs.windy_gridworld import START, WindyGridworldEnv
from lib.models.td_control import greedy_lengths, td_control_runs


class Uniform:
    """A generator that makes whole numbers and choices from one uniform number each, as the compiled loop does."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.random = rng.random

    def integers(self, n: int) -> int:
        return int(self.random() * n)

    def choice(self, values: np.ndarray) -> int:
        return values[self.integers(len(values))]


@pytest.fixture(scope="module")
def lesson():
    (found,) = [one for one in find_lessons() if str(one) == "rl/06_temporal_difference/02_sarsa"]
    return solution_namespace(found)


@pytest.mark.parametrize(("alpha", "epsilon", "gamma"), [(0.5, 0.1, 1.0), (0.2, 0.4, 0.9)])
def test_sarsa_is_the_lessons(lesson, alpha, epsilon, gamma):
    env = WindyGridworldEnv()
    runs = td_control_runs(env.P, START, "sarsa", 3, 30, np.random.default_rng(7), alpha, epsilon, gamma)
    for k, rng in enumerate(np.random.default_rng(7).spawn(3)):
        Q, lengths, returns = lesson["sarsa"](env, 30, Uniform(rng), alpha, epsilon, gamma)
        assert runs.lengths[k].tolist() == lengths and runs.returns[k].tolist() == returns
        np.testing.assert_allclose(runs.Q[k], Q, rtol=0, atol=1e-9)


def test_shrinking_step_sizes_are_the_lessons(lesson):
    env, rng = WindyGridworldEnv(), np.random.default_rng(3)
    alpha, epsilon = 0.5 / (1 + np.arange(25) / 100), 0.1 / (1 + np.arange(25) / 20)
    runs = td_control_runs(env.P, START, "sarsa", 1, 25, rng, alpha, epsilon)
    uniform, Q = Uniform(np.random.default_rng(3).spawn(1)[0]), np.zeros((70, 4))
    for k in range(25):
        Q, length, _ = lesson["sarsa_episode"](env, Q, alpha[k], epsilon[k], 1.0, uniform)
        assert length == runs.lengths[0, k]
    np.testing.assert_allclose(runs.Q[0], Q, rtol=0, atol=1e-9)


def test_greedy_lengths_are_those_of_greedy_episodes(lesson):
    P = WindyGridworldEnv().P
    Q = td_control_runs(P, START, "sarsa", 20, 200, np.random.default_rng(0)).Q
    paths = [lesson["greedy_path"](one, limit=60) for one in Q]
    assert greedy_lengths(P, START, Q, limit=60).tolist() == [len(path) - 1 for path in paths]
    assert {len(path) - 1 for path in paths} >= {15, 60}
