"""Many runs of the random walk at once give the numbers of the lesson, on the same walks."""

import numpy as np
import pytest

from lib.checks.rl.recorded import Recorded, transitions_of
from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import random_walk

V0 = np.array([0, 0.5, 0.5, 0.5, 0.5, 0.5, 0])


@pytest.fixture(scope="module")
def lesson():
    (found,) = [one for one in find_lessons() if str(one) == "rl/06_temporal_difference/01_td_prediction"]
    return solution_namespace(found)


@pytest.fixture(scope="module")
def walks():
    return random_walk.walks(runs=3, episodes=12, rng=np.random.default_rng(5))


def recorded(run):
    """The walks of a run without their padding, as (states, rewards)."""
    cut = [walk[: np.flatnonzero((walk == 0) | (walk == 6))[0] + 1].tolist() for walk in run]
    return [(states, [float(to == 6) for to in states[1:]]) for states in cut]


def test_walks_go_one_step_at_a_time_from_the_middle_to_an_end():
    walks = random_walk.walks(runs=40, episodes=50, rng=np.random.default_rng(0))
    assert walks.shape[:2] == (40, 50) and (walks[:, :, 0] == 3).all() and np.isin(walks[:, :, -1], (0, 6)).all()
    over = np.isin(walks[:, :, :-1], (0, 6))
    np.testing.assert_array_equal(np.abs(np.diff(walks, axis=2)), ~over)
    assert abs((walks[:, :, -1] == 6).mean() - 0.5) < 5 * 0.5 / 2000**0.5
    assert abs((~over).sum(axis=2).mean() - 9) < 5 * 6.4 / 2000**0.5  # nine steps on average, from v = -1 + …


@pytest.mark.parametrize("alpha", [0.05, 0.3])
def test_td_is_the_lessons(lesson, walks, alpha):
    tables = random_walk.td_tables(walks, alpha)
    for run, table in zip(walks, tables, strict=True):
        want = lesson["td_prediction"](Recorded(recorded(run), 7), 12, alpha, 1.0, V0)
        np.testing.assert_allclose(table, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("alpha", [0.02, 0.3])
def test_monte_carlo_is_the_lessons(lesson, walks, alpha):
    tables = random_walk.mc_tables(walks, alpha)
    for run, table in zip(walks, tables, strict=True):
        V = V0
        np.testing.assert_array_equal(table[0], V0)
        for row, (states, rewards) in zip(table[1:], recorded(run), strict=True):
            V = lesson["mc_update"](V, states[:-1], rewards, alpha, 1.0)
            np.testing.assert_allclose(row, V, rtol=0, atol=1e-12)


@pytest.mark.parametrize("episodes", [1, 4, 12])
def test_batches_are_where_the_lessons_sweeps_settle(lesson, walks, episodes):
    td, mc = random_walk.batch_tables(walks)
    for run in range(3):
        batch = recorded(walks[run])[:episodes]
        want = lesson["batch_td"](transitions_of(batch), V0, 0.02, 1.0, 1e-10)
        np.testing.assert_allclose(td[run, episodes - 1], want, rtol=0, atol=1e-6)
        for place in range(1, 6):
            returns = [rewards[-1] for states, rewards in batch for s in states if s == place]
            assert mc[run, episodes - 1, place] == pytest.approx(np.mean(returns) if returns else 0.5)


def test_another_beginning(walks):
    assert (random_walk.td_tables(walks, 0.1, start=0.2)[:, 0, 1:6] == 0.2).all()
    assert (random_walk.mc_tables(walks, 0.1, start=0.0)[:, 0] == 0).all()
    one = np.array([[[3, 4, 5, 6]]])
    td, mc = random_walk.batch_tables(one, start=0.1)
    np.testing.assert_allclose(td[0, 0], [0, 0.1, 0.1, 1, 1, 1, 0])
    np.testing.assert_allclose(mc, td)
