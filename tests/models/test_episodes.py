"""Playing episodes: as in the lesson, and with the probabilities that the policy asks for."""

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.envs.blackjack import BlackjackEnv
from lib.models import episodes


@pytest.fixture(scope="module")
def lesson():
    (found,) = find_lessons(["rl/05_monte_carlo/02_on_policy_control"])
    return solution_namespace(found)


def policy(state):
    return [0.3, 0.7] if state[0] < 18 else [0.9, 0.1]


@pytest.mark.parametrize("options", [None, {"state": (13, 2, True)}])
def test_the_same_episodes_as_in_the_lesson(lesson, options):
    played = []
    for play in (episodes.play, lesson["play"]):
        env, rng = BlackjackEnv(), np.random.default_rng(3)
        env.reset(seed=3)
        played.append([play(env, policy, rng, options=options) for _ in range(300)])
    assert played[0] == played[1]
    assert options is None or {episode[0][0] for episode in played[0]} == {(13, 2, True)}


def test_actions_are_drawn_with_their_probabilities():
    rng, n = np.random.default_rng(0), 20_000
    wanted = np.array([0.5, 0.0, 0.2, 0.3])
    counts = np.bincount([episodes.draw(wanted, rng) for _ in range(n)], minlength=4)
    assert (np.abs(counts - wanted * n) <= 5 * np.sqrt(wanted * (1 - wanted) * n)).all()


def test_an_action_is_drawn_even_if_rounding_leaves_a_rest():
    class Top:
        def random(self):
            return 1 - 1e-16

    assert episodes.draw([0.1] * 10, Top()) == 9


def test_the_reward_stands_beside_the_action_that_earned_it():
    env = BlackjackEnv()
    env.reset(seed=0)
    for seed in range(50):
        episode = episodes.play(env, lambda state: [0.0, 1.0], np.random.default_rng(seed))
        assert [reward for _, _, reward in episode] == [0.0] * (len(episode) - 1) + [-1.0]  # hits until bust
