"""The gambler's problem in fractions: bold and timid play satisfy the Bellman optimality equation exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.models.gambler import best_stakes, best_values, bold_values, timid_values

COINS = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20)


@given(p=COINS, goal=st.integers(2, 40))
def test_no_stake_is_better(p, goal):
    V = best_values(p, goal)
    assert V[0] == 0 and V[goal] == 1 and len(V) == goal + 1
    for s in range(1, goal):
        assert V[s] == max(p * V[s + a] + (1 - p) * V[s - a] for a in range(1, min(s, goal - s) + 1))


@given(p=COINS, goal=st.integers(2, 40))
def test_bold_play_stakes_as_much_as_makes_sense(p, goal):
    V = bold_values(p, goal)
    for s in range(1, goal):
        a = min(s, goal - s)
        assert V[s] == p * V[s + a] + (1 - p) * V[s - a]


@given(p=COINS, goal=st.integers(2, 40))
def test_timid_play_stakes_one(p, goal):
    V = timid_values(p, goal)
    assert V[0] == 0 and V[goal] == 1
    assert all(V[s] == p * V[s + 1] + (1 - p) * V[s - 1] for s in range(1, goal))


@pytest.mark.parametrize("p", [Fraction(1, 4), Fraction(2, 5)])
def test_the_book_s_game(p):
    """Example 4.3: everything at 50, and the smallest optimal stakes are the spikes of Figure 4.3."""
    assert best_values(p, 100)[50] == p and best_values(p, 100)[25] == p**2
    assert {s: best_stakes(p, 100, s)[0] for s in (12, 25, 37, 50, 51, 75, 99)} == {
        12: 12, 25: 25, 37: 12, 50: 50, 51: 1, 75: 25, 99: 1
    }  # fmt: skip


def test_a_fair_coin_makes_all_stakes_equal_and_a_good_one_asks_for_patience():
    assert all(len(best_stakes(Fraction(1, 2), 12, s)) == min(s, 12 - s) for s in range(1, 12))
    assert all(best_stakes(Fraction(11, 20), 100, s) == [1] for s in (1, 37, 98))
    assert float(best_values(Fraction(11, 20), 100)[1]) == pytest.approx(0.181818, abs=1e-6)
