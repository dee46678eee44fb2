"""Jack's car rental: the model against simulated days, and what is known of its solution."""

import numpy as np
import pytest

from lib.models.car_rental import MOVES, car_rental_model

P = car_rental_model()


def state(first, second):
    return 21 * first + second


def test_every_list_is_a_distribution_over_evenings():
    assert len(P) == 441 and all(list(row) == list(range(11)) for row in P.values())
    for outcomes in {id(outcomes): outcomes for row in P.values() for outcomes in row.values()}.values():
        assert [to for _, to, _, _ in outcomes] == list(range(441)) and not any(end for *_, end in outcomes)
        chances = np.array([p for p, *_ in outcomes])
        assert chances.min() >= 0 and chances.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("first", "second", "moved"), [(10, 3, 4), (20, 19, 0), (2, 18, -5), (20, 20, 2), (1, 0, 0)])
def test_a_day_is_what_a_simulation_says(first, second, moved):
    rng, n = np.random.default_rng(0), 200_000
    morning = min(first - moved, 20), min(second + moved, 20)
    rented = [np.minimum(cars, rng.poisson(mean, n)) for cars, mean in zip(morning, (3, 4), strict=True)]
    evening = [
        np.minimum(cars - out + rng.poisson(mean, n), 20)
        for cars, out, mean in zip(morning, rented, (3, 2), strict=True)
    ]
    earned = 10 * (rented[0] + rented[1]) - 2 * abs(moved)
    outcomes = P[state(first, second)][MOVES.index(moved)]
    assert outcomes[0][2] == pytest.approx(earned.mean(), abs=6 * earned.std() / n**0.5)
    seen = np.bincount(state(*evening), minlength=441) / n
    np.testing.assert_allclose([p for p, *_ in outcomes], seen, atol=6 * np.sqrt(0.25 / n))


def test_nobody_moves_more_cars_than_there_are():
    assert P[state(2, 5)][MOVES.index(5)] is P[state(2, 5)][MOVES.index(2)]
    assert P[state(7, 0)][MOVES.index(-3)] is P[state(7, 0)][MOVES.index(0)]
    assert P[state(7, 4)][MOVES.index(-3)] is not P[state(7, 4)][MOVES.index(0)]
