"""The compiled runs of temporal-difference control: the lesson's numbers, and the exact values that they approach."""

import gymnasium
import numpy as np
import pytest

import lib.envs  # noqa: F401  (registers the environments)
from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.envs.cliff_walking import START, CliffWalkingEnv
from lib.envs.windy_gridworld import WindyGridworldEnv
from lib.models.mdp import action_values, state_values
from lib.models.td_control import (
    best_epsilon_greedy,
    epsilon_greedy,
    epsilon_greedy_policy,
    expected_return,
    greedy_lengths,
    tables,
    td_control_runs,
)

RULES = ("reset", "terminate")
TARGETS = {
    "sarsa": "sarsa_target",
    "q_learning": "q_learning_target",
    "expected_sarsa": "expected_sarsa_target",
}
each_rule = pytest.mark.parametrize("rule", RULES)


@pytest.fixture(scope="module")
def lesson():
    (found,) = find_lessons(["rl/06_temporal_difference/03_q_learning_and_the_cliff"])
    return solution_namespace(found)


def rng(seed=0):
    return np.random.default_rng(seed)


# --- the lesson's own code ----------------------------------------------------------------------


@each_rule
@pytest.mark.parametrize("method", TARGETS)
def test_same_draws_give_the_numbers_of_the_lesson(lesson, rule, method):
    env, settings = CliffWalkingEnv(rule), dict(alpha=0.3, epsilon=0.2, gamma=0.95)
    runs = td_control_runs(env.P, START, method, 3, 40, rng(7), **settings)
    for number, child in enumerate(rng(7).spawn(3)):
        Q, returns = lesson["td_control"](env, lesson[TARGETS[method]], 40, child, **settings)
        np.testing.assert_allclose(runs.Q[number], Q, rtol=0, atol=1e-10)
        np.testing.assert_array_equal(runs.returns[number], returns)


@each_rule
def test_greedy_lengths_are_those_of_the_lessons_paths(lesson, rule):
    env = CliffWalkingEnv(rule)
    runs = td_control_runs(env.P, START, "sarsa", 30, 60, rng(1))
    paths = [lesson["greedy_path"](Q, env, 50) for Q in runs.Q]
    assert greedy_lengths(env.P, START, runs.Q, 50).tolist() == [len(path) - 1 for path in paths]
    assert {50} < {len(path) - 1 for path in paths}  # some walk in circles, others arrive


def test_compiled_and_plain_choices_are_the_same():
    """Ties above all: a table of few different values, so that a run is full of them."""
    world = {0: {a: [(1.0, 0, 0.0, a == 3)] for a in range(4)}}  # one state; the last action ends the episode
    runs = td_control_runs(world, 0, "q_learning", 1, 400, rng(3), epsilon=0.5)
    (child,) = rng(3).spawn(1)
    lengths = []
    for _ in range(400):
        q, steps = np.zeros(4), 1
        action = epsilon_greedy(q, 0.5, child)
        while action != 3:
            action, steps = epsilon_greedy(q, 0.5, child), steps + 1
        epsilon_greedy(q, 0.5, child)  # in the terminal state
        lengths.append(steps)
    assert runs.lengths[0].tolist() == lengths


def test_epsilon_greedy_draws_with_the_probabilities_of_its_policy():
    q = np.array([1.0, 3.0, -2.0, 3.0, 0.0])
    generator, n = rng(4), 40_000
    counts = np.bincount([epsilon_greedy(q, 0.3, generator) for _ in range(n)], minlength=5)
    want = epsilon_greedy_policy(q[None], 0.3)[0]
    np.testing.assert_allclose(want, [0.06, 0.41, 0.06, 0.41, 0.06])
    assert (np.abs(counts / n - want) < 6 * np.sqrt(want * (1 - want) / n)).all()


# --- exact values -------------------------------------------------------------------------------


@each_rule
def test_q_learning_converges_to_q_star(rule):
    """Everything explored: q* to the last digit, and the shortest way of 13 steps."""
    P = CliffWalkingEnv(rule).P
    exact = best_epsilon_greedy(P, 0.0)
    runs = td_control_runs(P, START, "q_learning", 2, 10_000, rng(0), epsilon=0.6)
    visited = (runs.Q != 0).all(axis=(0, 2))
    assert visited.sum() == 37
    np.testing.assert_allclose(runs.Q[:, visited], np.broadcast_to(exact[visited], (2, 37, 4)), atol=1e-6)
    assert exact[START].max() == pytest.approx(-13) and (greedy_lengths(P, START, runs.Q, 100) == 13).all()


@each_rule
def test_expected_sarsa_converges_to_the_values_of_the_best_epsilon_greedy_policy(rule):
    """With ε = 0.5 every cell is visited again and again, and nothing is left to chance in the target."""
    P = CliffWalkingEnv(rule).P
    exact = best_epsilon_greedy(P, 0.5)
    (Q,), _, _ = td_control_runs(P, START, "expected_sarsa", 1, 40_000, rng(0), epsilon=0.5, alpha=0.2)
    visited = (Q != 0).all(axis=1)
    assert visited.sum() == 37
    np.testing.assert_allclose(Q[visited], exact[visited], rtol=1e-3)
    own = action_values(P, state_values(P, epsilon_greedy_policy(Q, 0.5), 1.0), 1.0)
    np.testing.assert_allclose(Q[visited], own[visited], rtol=1e-3)


def test_sarsa_with_a_small_step_size_comes_near_the_same_values():
    P = CliffWalkingEnv().P
    exact = best_epsilon_greedy(P, 0.5)
    runs = td_control_runs(P, START, "sarsa", 4, 40_000, rng(0), epsilon=0.5, alpha=0.01)
    assert abs(runs.Q[:, START].mean(axis=0) - exact[START]).max() < 0.1 * abs(exact[START]).max()


def test_the_best_epsilon_greedy_policy_leaves_itself_unchanged_and_beats_others():
    P = CliffWalkingEnv().P
    for epsilon, steps in ((0.0, 13), (0.1, 15), (0.2, 17)):
        Q = best_epsilon_greedy(P, epsilon)
        policy = epsilon_greedy_policy(Q, epsilon)
        V = state_values(P, policy, 1.0)
        np.testing.assert_allclose(action_values(P, V, 1.0), Q)
        others = [epsilon_greedy_policy(rng(seed).normal(size=(48, 4)), max(epsilon, 0.1)) for seed in range(5)]
        assert all((state_values(P, other, 1.0) <= V + 1e-9).all() for other in others)
        assert greedy_lengths(P, START, Q.round(9)[None], 100).tolist() == [steps]


@each_rule
def test_mean_returns_are_those_that_the_model_gives_to_the_learned_policies(rule):
    """Q-learning ends as a walker with q* who explores, Expected SARSA as the best of those who explore."""
    P = CliffWalkingEnv(rule).P
    for method, epsilon, steps in (("q_learning", 0.0, 13), ("expected_sarsa", 0.1, 15)):
        runs = td_control_runs(P, START, method, 100, 600, rng(2))
        means = runs.returns[:, -200:].mean(axis=1)
        want = expected_return(P, START, best_epsilon_greedy(P, epsilon), 0.1)
        assert abs(means.mean() - want) < 6 * means.std() / 10 + 0.3
        assert (greedy_lengths(P, START, runs.Q, 100) == steps).mean() > 0.95


def test_book_s_comparison():
    """Example 6.6: SARSA mostly takes the top row and collects more; Q-learning takes the edge."""
    P = CliffWalkingEnv().P
    sarsa, q = (td_control_runs(P, START, method, 100, 500, rng(0)) for method in ("sarsa", "q_learning"))
    assert (greedy_lengths(P, START, q.Q, 100) == 13).all()
    assert (greedy_lengths(P, START, sarsa.Q, 100) == 17).mean() > 0.6
    assert -29 < sarsa.returns[:, -100:].mean() < -24 and -54 < q.returns[:, -100:].mean() < -48


# --- what is counted, and the options -----------------------------------------------------------


def test_lengths_and_returns_count_every_step():
    P = WindyGridworldEnv().P
    runs = td_control_runs(P, 30, "sarsa", 5, 50, rng(0))
    np.testing.assert_array_equal(runs.returns, -runs.lengths)  # each step costs 1
    assert runs.lengths.min() >= 15 and runs.Q.shape == (5, 70, 4) and runs.lengths.shape == (5, 50)
    fall = td_control_runs(CliffWalkingEnv("terminate").P, START, "sarsa", 200, 1, rng(0))
    assert fall.lengths.min() == 1 and (fall.returns[fall.lengths == 1] == -100).all()


def test_steps_and_exploration_may_differ_by_run_and_by_episode():
    P = CliffWalkingEnv().P
    still = td_control_runs(P, START, "sarsa", 2, 3, rng(0), alpha=np.array([[0.0], [0.5]]))
    assert not still.Q[0].any() and still.Q[1].any()
    alike = [
        td_control_runs(P, START, "q_learning", 2, 4, rng(0), epsilon=epsilon).Q for epsilon in (0.3, np.full(4, 0.3))
    ]
    np.testing.assert_array_equal(*alike)
    late = td_control_runs(P, START, "q_learning", 1, 2, rng(0), alpha=np.array([0.5, 0.0]))
    once = td_control_runs(P, START, "q_learning", 1, 1, rng(0), alpha=0.5)
    np.testing.assert_array_equal(late.Q, once.Q)


def test_runs_are_independent_and_repeatable():
    P = CliffWalkingEnv().P
    first, again = (td_control_runs(P, START, "sarsa", 3, 20, rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.Q, again.Q)
    assert not (first.returns[0] == first.returns[1]).all()


def test_tables_hold_the_model():
    P = CliffWalkingEnv().P
    world = tables(P)
    for s, row in P.items():
        for a, ((_, to, reward, over),) in row.items():
            assert (world.next_state[s, a], world.reward[s, a], world.terminated[s, a]) == (to, reward, over)


def test_chance_and_unknown_methods_are_refused():
    lake = gymnasium.make("FrozenLake-v1").unwrapped
    with pytest.raises(ValueError, match="leaves something to chance"):
        td_control_runs(lake.P, 0, "sarsa", 1, 1, rng())
    with pytest.raises(ValueError, match="one of sarsa, q_learning, expected_sarsa, not 'dyna'"):
        td_control_runs(CliffWalkingEnv().P, START, "dyna", 1, 1, rng())
