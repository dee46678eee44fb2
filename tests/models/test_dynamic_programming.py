"""What lib shares of dynamic programming is what the learner wrote, and it is right."""

import gymnasium
import numpy as np
import pytest
from scipy.optimize import linprog

from lib.checks.rl.dynamic_programming.optimal import (
    StillGoing,
    Watched,
    best_of_all_policies,
    designed_world,
    in_arrays,
    look_ahead,
    tied_world,
)
from lib.checks.rl.worlds import in_matrices, random_policy, random_world
from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import dynamic_programming as shared

CHAPTER = "rl/04_dynamic_programming"
EVALUATION, ITERATION = (
    solution_namespace(find_lessons([f"{CHAPTER}/{name}"])[0])
    for name in ("01_policy_evaluation", "02_policy_iteration")
)


def linear_programme(P, gamma):
    """The optimal values as the smallest ones that no action beats."""
    step, reward = in_arrays(P)
    n_states, n_actions, _ = step.shape
    left = np.repeat(np.eye(n_states), n_actions, axis=0) - gamma * step.reshape(-1, n_states)
    return linprog(np.ones(n_states), A_ub=-left, b_ub=-reward.ravel(), bounds=(None, None)).x


@pytest.fixture(params=range(4))
def world(request):
    rng = np.random.default_rng(request.param)
    P = random_world(rng, 9, 3, (0, 8) if request.param % 2 else ())
    return P, random_policy(rng, 9, 3), rng.normal(size=9)


def test_policy_evaluation_makes_the_sweeps_of_the_lesson(world):
    P, policy, _ = world
    ours, theirs = shared.policy_evaluation(P, policy, 0.9, 1e-6), EVALUATION["policy_evaluation"](P, policy, 0.9, 1e-6)
    np.testing.assert_allclose(ours[0], theirs[0], atol=1e-12)
    np.testing.assert_allclose(ours[1], theirs[1], atol=1e-12)


def test_policy_evaluation_continues_from_the_values_that_it_is_given(world):
    P, policy, V = world
    before = V.copy()
    after, changes = shared.policy_evaluation(P, policy, 0.9, 1e9, V=V)
    assert len(changes) == 1 and np.array_equal(V, before)
    np.testing.assert_allclose(after, EVALUATION["sweep_in_place"](P, policy, V, 0.9)[0], atol=1e-12)
    whole, _ = shared.policy_evaluation(P, policy, 0.9, 1e-12, V=after)
    np.testing.assert_allclose(whole, shared.policy_evaluation(P, policy, 0.9, 1e-12)[0], atol=1e-10)


@pytest.mark.parametrize("kind", [np.asarray, np.ndarray.tolist])
def test_averaged_is_the_model_in_matrix_form(world, kind):
    P, policy, _ = world
    policy[2] = [0, 1, 0]
    for ours, theirs in zip(shared.averaged(P, kind(policy)), in_matrices(P, policy), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-14)


def test_action_values_and_greedy_policy_are_those_of_the_lesson(world):
    P, _, V = world
    for s in P:
        np.testing.assert_allclose(
            shared.action_values(P, V, s, 0.9), ITERATION["action_values"](P, V, s, 0.9), atol=1e-12
        )
    for tolerance in (1e-6, 0.5):
        ours, theirs = (f(P, V, 0.9, tolerance) for f in (shared.greedy_policy, ITERATION["greedy_policy"]))
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(("gamma", "ends"), [(0.9, ()), (0.5, (2,)), (1.0, (0, 5))])
def test_tied_worlds_have_the_best_actions_they_claim_and_ties_that_no_rounding_decides(gamma, ends):
    P, V, best = tied_world(np.random.default_rng(1), 6, 3, gamma, ends)
    q = look_ahead(P, V, gamma)
    np.testing.assert_array_equal(q > q.max(axis=1, keepdims=True) - 1e-6, best)
    others = np.setdiff1d(range(6), ends)
    assert all(np.diff(np.sort(q[others], axis=1), axis=1).ravel() > 0.5e-9) and V.all()


def test_a_watched_world_ends_what_has_no_end():
    P = Watched({0: {0: [(1.0, 0, 0.0, True)]}})
    for _ in range(2):  # and may be read again after it
        with pytest.raises(StillGoing):
            while P[0]:
                pass


@pytest.mark.parametrize(("gamma", "ends"), [(0.9, ()), (0.5, (2,)), (1.0, (0, 5))])
def test_worlds_that_the_checks_design_have_the_values_they_claim(gamma, ends):
    P, V, best = designed_world(np.random.default_rng(1), 6, 3, gamma, ends)
    np.testing.assert_allclose(linear_programme(P, gamma), V, atol=1e-7)
    np.testing.assert_allclose(best_of_all_policies(P, gamma), V, atol=1e-12)
    q = look_ahead(P, V, gamma)
    np.testing.assert_array_equal(q > q.max(axis=1, keepdims=True) - 1e-9, best)
    exact_ties = (q == q.max(axis=1, keepdims=True)).sum()
    assert exact_ties < best.sum()  # rounding sets some of them apart


@pytest.mark.parametrize(
    ("name", "gamma", "start"), [("4x4", 1.0, 14 / 17), ("4x4", 0.99, 0.5420259), ("8x8", 1.0, 1.0)]
)
def test_frozen_lake_by_linear_programme(name, gamma, start):
    P = gymnasium.make("FrozenLake-v1", map_name=name).unwrapped.P
    lesson = solution_namespace(find_lessons([f"{CHAPTER}/03_value_iteration"])[0])
    known = linear_programme(P, gamma)
    assert known[0] == pytest.approx(start, abs=1e-6)
    np.testing.assert_allclose(lesson["value_iteration"](P, gamma, 1e-11)[0], known, atol=1e-6)
    np.testing.assert_allclose(lesson["prioritized_sweeping"](P, gamma, 1e-8)[0], known, atol=1e-5)
