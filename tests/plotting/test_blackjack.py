"""What the figures of blackjack say, read from the drawn objects."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lib.plotting import blackjack_errors, blackjack_policy, blackjack_table, blackjack_values, use_theme
from lib.plotting.blackjack import FILLS
from lib.plotting.grids import DARK, relative_luminance

STATES = [(total, dealer, usable) for total in range(12, 22) for dealer in range(1, 11) for usable in (False, True)]
VALUES = {state: state[0] / 100 + state[1] / 1000 + state[2] / 2 for state in STATES}
STICK_ON_17 = {state: int(state[0] < 17) for state in STATES}


def cells(axes):
    """The letters of each cell, by (sum, dealer's card), from left to right."""
    found: dict = {}
    for text in sorted(axes.texts, key=lambda text: text.get_position()[0]):
        x, y = text.get_position()
        found.setdefault((round(y), round(x)), []).append(text.get_text())
    return {place: "".join(letters) for place, letters in found.items()}


def frames(axes):
    """The cells that are framed."""
    open_ones = [patch for patch in axes.patches if isinstance(patch, Rectangle) and not patch.get_fill()]
    return {(round(patch.get_y() + 0.42), round(patch.get_x() + 0.42)) for patch in open_ones}


def test_surfaces_stand_in_a_column_for_each_table_with_the_ace_above():
    picture = blackjack_values({"few": VALUES, "many": VALUES}, title="Values", label="mean return", limits=(-1, 1))
    assert [axes.get_title() for axes in picture.figure.axes] == [
        "few, usable ace", "many, usable ace", "few, no usable ace", "many, no usable ace",
    ]  # fmt: skip
    for axes in picture.figure.axes:
        assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == (
            "dealer shows", "player's sum", "mean return",
        )  # fmt: skip
        assert axes.get_zlim() == (-1, 1) and axes.get_xlim() == (1, 10) and axes.get_ylim() == (12, 21)
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["A", *map(str, range(2, 11))]
    assert picture.figure.get_suptitle() == "Values"
    assert "many, usable ace: mean over the dealer's cards by sum 12: 0.63, 16: 0.67" in picture.alt
    assert "missing" not in picture.alt


def test_a_surface_has_the_values_at_their_places():
    _, axes = blackjack_values({"all": VALUES}).figure.axes
    corners = {}
    for dealer, total, height in np.concatenate(axes.collections[0]._faces):
        corners[round(total), round(dealer)] = height
    assert len(corners) == 100
    for (total, dealer), height in corners.items():
        assert height == pytest.approx(VALUES[total, dealer, False])


def test_missing_states_leave_a_hole_and_are_counted():
    some = {state: value for state, value in VALUES.items() if state not in ((13, 2, True), (18, 5, True))}
    picture = blackjack_values({"some": some})
    assert picture.alt.count("missing") == 1 and "some, usable ace" in picture.alt and "missing: 2." in picture.alt
    assert picture.png().startswith(b"\x89PNG")
    only = {state: value for state, value in VALUES.items() if state[0] > 16}
    assert "12: none, 16: none, 18: 0.19" in blackjack_values({"only": only}).alt


def test_a_table_shows_every_number_and_leaves_out_what_is_missing():
    some = {state: value for state, value in VALUES.items() if state != (13, 2, True)}
    picture = blackjack_table(some, title="Exact", label="value", digits=3)
    hard, soft = picture.figure.axes[:2]
    assert (hard.get_title(), soft.get_title()) == ("no usable ace", "usable ace")
    for axes, usable in ((hard, False), (soft, True)):
        shown = cells(axes)
        assert len(shown) == 100 - usable and (not usable or (13, 2) not in shown)
        for (total, dealer), text in shown.items():
            assert abs(float(text) - VALUES[total, dealer, usable]) < 0.0006
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("dealer shows", "" if usable else "player's sum")
    assert "no usable ace: lowest 0.121 at sum 12 against A, highest 0.220 at sum 21 against 10." in picture.alt
    assert picture.alt.endswith("highest 0.720 at sum 21 against 10; missing: 1.")
    assert picture.figure.axes[2].get_ylabel() == "value"


def test_colours_of_a_table():
    def scale(**options):
        image = blackjack_table(VALUES, **options).figure.axes[0].images[0]
        return image.norm.vmin, image.norm.vmax

    assert scale() == pytest.approx((0.121, 0.72))
    assert scale(limits=(-1, 1)) == (-1, 1)
    assert scale(log=True) == pytest.approx((0.121, 0.72))


def test_colours_by_the_logarithm_have_round_ticks():
    picture = blackjack_table({state: 10.0 ** (state[1] / 5) for state in STATES}, log=True)
    image = picture.figure.axes[0].images[0]
    assert image.norm(10.0) == pytest.approx((1 - 0.2) / 1.8)
    picture.figure.draw_without_rendering()
    bar = picture.figure.axes[2]
    shown = [label.get_text() for label in bar.get_yticklabels() if 10**0.2 < float(label.get_text()) < 100.1]
    assert shown == ["2", "5", "10", "20", "50", "100"]


def test_errors_stand_against_visits_with_a_line():
    visits = {state: 100.0 * state[1] for state in STATES}
    errors = {state: (0.2 if state[0] == 21 else 0.9) / np.sqrt(visits[state]) for state in STATES}
    picture = blackjack_errors(visits, errors, title="Errors")
    (axes,) = picture.figure.axes
    line, hard, soft, best = axes.lines
    assert line.get_ydata() == pytest.approx([0.1, 1 / np.sqrt(1000)]) and line.get_xdata() == pytest.approx(
        [100, 1000]
    )
    assert [len(points.get_xdata()) for points in (hard, soft, best)] == [90, 90, 20]
    assert best.get_ydata() * np.sqrt(best.get_xdata()) == pytest.approx(np.full(20, 0.2))
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert "usable ace: 90 points, 100 to 1,000 visits" in picture.alt
    assert "a sum of 21: 20 points" in picture.alt and "0.20 to 0.20 times 1 / √visits" in picture.alt


def test_an_empty_table_is_drawn_without_a_warning(recwarn):
    assert "empty" in blackjack_table({(12, 1, False): 1.0}).alt
    assert not recwarn.list


def test_a_policy_has_a_letter_and_a_colour_for_each_cell():
    picture = blackjack_policy({"mine": STICK_ON_17}, title="My policy")
    for axes in picture.figure.axes:
        shown = cells(axes)
        assert shown == {
            (total, dealer): "H" if total < 17 else "S" for total in range(12, 22) for dealer in range(1, 11)
        }
        assert not frames(axes)
    assert [axes.get_title() for axes in picture.figure.axes] == ["mine, no usable ace", "mine, usable ace"]
    assert "mine, usable ace: against A, 2, 3, 4, 5, 6, 7, 8, 9, 10 hit 12-16." in picture.alt
    assert [text.get_text() for text in picture.figure.legends[0].get_texts()] == ["H = hit", "S = stick"]
    fill = {patch.get_facecolor() for patch in picture.figure.axes[0].patches}
    assert len(fill) == 2


def test_letters_are_readable_on_both_colours():
    for colour in FILLS:
        assert (relative_luminance(colour) + 0.05) / (relative_luminance(DARK) + 0.05) >= 4.5


def test_equally_good_actions_share_a_cell_and_missing_states_are_empty():
    policy = {**STICK_ON_17, (16, 10, False): {0, 1}}
    del policy[13, 2, True]
    hard, soft = blackjack_policy({"": policy}).figure.axes
    assert cells(hard)[16, 10] == "SH" and (13, 2) not in cells(soft)
    alt = blackjack_policy({"p": policy}).alt
    assert "against 10 hit 12-16, either at 16" in alt and "against 2 hit 12, 14-16, 1 unknown" in alt


def test_cells_that_differ_from_the_reference_are_framed_and_counted():
    best = {state: {int(state[0] < 16)} for state in STATES}
    best[16, 10, False], best[16, 9, True] = {0, 1}, [1]
    picture = blackjack_policy({"mine": STICK_ON_17, "best": best}, reference=best)
    mine_hard, mine_soft, best_hard, best_soft = picture.figure.axes
    assert frames(mine_hard) == {(16, dealer) for dealer in range(1, 10)}
    assert frames(mine_soft) == {(16, dealer) for dealer in range(1, 11) if dealer != 9}
    assert not frames(best_hard) and not frames(best_soft)
    assert mine_hard.get_title() == "mine, no usable ace: 9 differ"
    assert "mine, no usable ace: against" in picture.alt
    assert "9 cells differ from the reference: 16 against A, 16 against 2" in picture.alt
    assert picture.figure.legends[0].get_texts()[-1].get_text() == "framed: differs from the reference"


def test_long_lists_of_differences_are_cut():
    other = {state: 1 - action for state, action in STICK_ON_17.items()}
    assert "100 cells differ from the reference: 12 against A" in (
        alt := blackjack_policy({"a": other}, reference=STICK_ON_17).alt
    )
    assert "and others." in alt


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_can_be_drawn(theme):
    try:
        use_theme(theme)
        for picture in (
            blackjack_values({"a": VALUES}),
            blackjack_table(VALUES),
            blackjack_policy({"a": STICK_ON_17}, reference={}),
            blackjack_errors(VALUES, VALUES),
        ):
            assert 5_000 < len(picture.png()) < 120_000
    finally:
        use_theme("light")


def test_nothing_is_cut_off():
    for picture in (blackjack_policy({"a": STICK_ON_17, "b": STICK_ON_17}), blackjack_table(VALUES)):
        picture.figure.draw_without_rendering()
        whole = picture.figure.bbox
        for axes in picture.figure.axes:
            box = axes.get_tightbbox()
            assert whole.x0 - 1 <= box.x0 and box.x1 <= whole.x1 + 1 and np.isfinite(box.y0)
