"""The exact values of lib are those of the lesson that teaches them, and satisfy their equations."""

import numpy as np
import pytest

from lib.checks.rl.worlds import random_policy, random_world, return_by_length, with_early_ends
from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.envs.jump_gridworld import JumpGridworldEnv
from lib.models.mdp import action_values, state_values


def worlds():
    rng = np.random.default_rng(0)
    for P in (
        random_world(rng, 7, 4, (0, 5)),
        random_world(rng, 4, 2),
        with_early_ends(rng, random_world(rng, 6, 3)),
    ):
        yield P, random_policy(rng, len(P), len(P[0])), rng.normal(size=len(P))


@pytest.fixture(scope="module")
def lesson():
    (lesson,) = find_lessons(["rl/03_mdp/01_returns_and_bellman"])
    return solution_namespace(lesson)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9])
def test_they_equal_the_lesson(lesson, gamma):
    for P, policy, V in worlds():
        np.testing.assert_allclose(state_values(P, policy, gamma), lesson["state_values"](P, policy, gamma))
        np.testing.assert_allclose(action_values(P, V, gamma), lesson["action_values"](P, V, gamma))


def test_values_are_expected_returns():
    for P, policy, _ in worlds():
        np.testing.assert_allclose(state_values(P, policy, 0.9), return_by_length(P, policy, 0.9))


def test_the_mean_of_action_values_is_the_state_value():
    for P, policy, _ in worlds():
        V = state_values(P, policy, 0.8)
        np.testing.assert_allclose((policy * action_values(P, V, 0.8)).sum(axis=1), V)


def test_the_first_row_of_the_book():
    """Sutton and Barto (2018), Example 3.5, Figure 3.2."""
    V = state_values(JumpGridworldEnv().P, np.full((25, 4), 0.25), 0.9)
    assert V[:5].round(1).tolist() == [3.3, 8.8, 4.4, 5.3, 1.5]
