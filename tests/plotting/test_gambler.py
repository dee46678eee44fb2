"""The stakes of the gambler's problem as a picture."""

from lib import plotting


def test_every_optimal_stake_is_a_dot_and_wrong_choices_are_counted():
    picture = plotting.stakes({1: [1], 2: [1, 2], 3: [1]}, goal=4, title="Stakes", chosen={1: 1, 2: 2, 3: 2})
    dots, crosses = picture.figure.axes[0].collections
    assert sorted(map(tuple, dots.get_offsets().tolist())) == [(1, 1), (2, 1), (2, 2), (3, 1)]
    assert len(crosses.get_offsets()) == 3
    assert "4 optimal stakes for 3 capitals, up to 2 for one" in picture.alt
    assert "of 3 chosen stakes 1 are not optimal" in picture.alt
    assert picture.figure.axes[0].get_xlabel() == "capital" and picture.figure.axes[0].get_ylabel() == "stake"
