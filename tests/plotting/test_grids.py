"""What the grid figures say, read from the drawn objects."""

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.plotting import policy_grid, use_theme, value_grid, value_grids
from lib.plotting.grids import LIGHT, number, relative_luminance, text_colour
from lib.plotting.style import SEQUENTIAL

BOOK = np.array([0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0.0])


def texts(axes):
    """The texts in the cells, by (row, column)."""
    return {(round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in axes.texts}


def arrows(axes):
    """Each arrow as (row, column, x, y) with its direction folded to -1, 0, 1."""
    quiver = axes.collections[0]
    return {
        (int(y), int(x), int(np.sign(u)), int(np.sign(v)))
        for (x, y), u, v in zip(quiver.get_offsets(), quiver.U, quiver.V, strict=True)
    }


@given(
    rows=st.integers(1, 5),
    columns=st.integers(1, 5),
    digits=st.integers(0, 2),
    seed=st.integers(0, 99),
)
def test_every_cell_shows_its_rounded_value(rows, columns, digits, seed):
    values = np.random.default_rng(seed).normal(size=rows * columns) * 10
    axes = value_grid(values, (rows, columns), digits=digits).figure.axes[0]
    shown = texts(axes)
    assert len(shown) == rows * columns
    for state, value in enumerate(values):
        assert abs(float(shown[divmod(state, columns)]) - value) <= 0.5 * 10**-digits + 1e-9


def test_what_rounds_to_zero_has_no_sign():
    assert [number(value, 1) for value in (-0.0, -0.04, 0.04, -0.06)] == [
        "0.0",
        "0.0",
        "0.0",
        "-0.1",
    ]


def test_letters_are_readable_on_every_colour():
    for colour in mpl.colormaps[SEQUENTIAL](np.linspace(0, 1, 101)):
        brighter, darker = sorted([relative_luminance(colour), relative_luminance(text_colour(colour))], reverse=True)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5  # what WCAG 2 asks of text, level AA
    assert text_colour("black") == LIGHT and text_colour("white") != LIGHT


def test_a_value_grid_has_title_and_axes_and_says_its_extremes():
    picture = value_grid(BOOK, (4, 4), title="Random walk")
    axes = picture.figure.axes[0]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == (
        "Random walk",
        "column",
        "row",
    )
    assert "lowest -22.0 at row 0 column 3 and row 3 column 0" in picture.alt
    assert "highest 0.0 at row 0 column 0 and row 3 column 3" in picture.alt
    assert "0.0 -14.0 -20.0 -22.0; -14.0 -18.0" in picture.alt


def test_a_long_title_is_folded_not_cut():
    title = "The expected number of steps to the nearest corner, counted below zero"
    axes = value_grid(BOOK, (4, 4), title=title).figure.axes[0]
    assert "\n" in axes.get_title() and axes.get_title().replace("\n", " ") == title
    axes.figure.draw_without_rendering()
    box, whole = axes.title.get_window_extent(), axes.figure.bbox
    assert whole.x0 <= box.x0 and box.x1 <= whole.x1


def test_a_large_grid_is_described_by_its_extremes_only():
    picture = value_grid(np.arange(400), (20, 20))
    assert "highest 399.0 at row 19 column 19" in picture.alt and "Row by row" not in picture.alt


def test_many_equal_extremes_are_counted():
    assert "lowest 0.0 in 8 cells" in value_grid([0] * 8 + [1], (3, 3)).alt


def test_several_grids_share_one_colour_scale():
    picture = value_grids({"k = 0": BOOK * 0, "k = 1": BOOK / 2, "k = ∞": BOOK}, (4, 4), title="Sweeps", columns=2)
    panels = [axes for axes in picture.figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == ["k = 0", "k = 1", "k = ∞"]
    assert {(axes.images[0].norm.vmin, axes.images[0].norm.vmax) for axes in panels} == {(-22.0, 0.0)}
    assert texts(panels[2])[0, 3] == "-22.0" and texts(panels[1])[0, 3] == "-11.0"
    assert picture.figure.get_suptitle() == "Sweeps"
    assert "k = 0: 0.0 in every cell" in picture.alt and "k = ∞: lowest -22.0" in picture.alt


def test_terminal_cells_are_grey_and_marked_beside_their_value():
    picture = value_grid(BOOK, (4, 4), terminals=(15, 0))
    axes = picture.figure.axes[0]
    shown = texts(axes)
    assert shown[0, 0] == shown[3, 3] == "T\n0.0" and shown[0, 1] == "-14.0"
    painted = ~np.ma.getmaskarray(axes.images[1].get_array())
    assert np.argwhere(painted).tolist() == [[0, 0], [3, 3]]
    assert picture.alt.endswith(" Marked T: states 0, 15.")
    assert "Marked" not in value_grid(BOOK, (4, 4)).alt


def test_a_named_cell_where_it_goes_on_keeps_its_colour():
    picture = value_grid(BOOK, (4, 4), terminals=(0, 15), letters={5: "A"})
    axes = picture.figure.axes[0]
    shown = texts(axes)
    assert shown[1, 1] == "A\n-18.0" and shown[0, 0] == "T\n0.0"
    painted = ~np.ma.getmaskarray(axes.images[1].get_array())
    assert not painted[1, 1]
    assert axes.texts[5].get_color() == text_colour(mpl.colormaps[SEQUENTIAL](4 / 22))
    assert picture.alt.endswith(" Marked T: states 0, 15; A: state 5.")
    assert value_grids({"a": BOOK}, (4, 4), letters={5: "A"}).alt.endswith(" Marked A: state 5.")


def test_each_kind_of_end_can_have_its_own_letter():
    picture = value_grids(
        {"a": np.zeros(6), "b": np.ones(6)}, (2, 3), digits=0, terminals={5: "G", 1: "H", 2: "H", 0: "H"}
    )
    for axes, value in zip(picture.figure.axes, "01", strict=False):
        shown = texts(axes)
        assert [shown[0, column] for column in range(3)] == [f"H\n{value}"] * 3
        assert (shown[1, 0], shown[1, 2]) == (value, f"G\n{value}")
    assert picture.alt.endswith(" Marked H: states 0-2; G: state 5.")


def test_marked_cells_are_readable_in_small_panels():
    axes = value_grids({"a": -68.5 * np.ones(36)}, (6, 6), terminals=(0, 35)).figure.axes[0]
    axes.figure.draw_without_rendering()
    height = axes.get_window_extent().height / 6
    assert axes.texts[0].get_text() == "T\n-68.5"
    assert axes.texts[0].get_window_extent().height < height


def test_equal_values_are_drawn_without_a_warning(recwarn):
    value_grid(np.zeros(4), (2, 2)).png()
    assert not recwarn.list


def test_every_possible_action_has_its_arrow():
    policy = np.array([[0.25] * 4, [0, 1, 0, 0], [0.5, 0, 0, 0.5], [0, 0, 1, 0], [1, 0, 0, 0], [0.25] * 4])
    picture = policy_grid(policy, (2, 3), terminals=(0, 5))
    axes = picture.figure.axes[0]
    assert axes.collections[0].N == 5
    assert arrows(axes) == {(0, 1, 1, 0), (0, 2, 0, -1), (0, 2, -1, 0), (1, 0, 0, 1), (1, 1, 0, -1)}
    assert texts(axes) == {(0, 0): "T", (1, 2): "T"}
    assert axes.yaxis_inverted()  # so that y = -1 points up
    assert "state 2: up 0.5, left 0.5" in picture.alt and "states 0, 5: terminal" in picture.alt


def test_a_more_probable_action_has_a_longer_arrow():
    quiver = policy_grid([[0.7, 0.3, 0, 0], [0, 0, 1, 0]], (1, 2)).figure.axes[0].collections[0]
    up, right, down = np.hypot(quiver.U, quiver.V)
    assert right < up < down < 0.5  # inside its cell


def test_equal_states_are_described_together():
    assert (
        "states 1-14: up 0.25, right 0.25, down 0.25, left 0.25"
        in policy_grid(np.full((16, 4), 0.25), (4, 4), terminals=(0, 15)).alt
    )


def test_a_letter_beside_the_arrows_is_drawn_and_said():
    named = policy_grid(np.full((4, 4), 0.25), (2, 2), letters={1: "A", 2: "B"})
    assert named.alt.endswith("Marked A: state 1; B: state 2.")
    assert [text.get_text() for text in named.figure.axes[0].texts] == ["A", "B"]


def test_a_state_without_actions_is_said_to_have_none():
    assert "state 0: no action" in policy_grid([[0, 0, 0, 0], [1, 0, 0, 0]], (1, 2)).alt


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_can_be_drawn(theme):
    try:
        use_theme(theme)
        assert policy_grid(np.full((4, 4), 0.25), (2, 2), terminals=[3]).png().startswith(b"\x89PNG")
    finally:
        use_theme("light")


@pytest.mark.parametrize("draw", [value_grid, lambda values, shape: value_grids({"a": values}, shape)])
def test_values_that_do_not_fit_the_grid_are_refused(draw):
    with pytest.raises(ValueError, match=r"4 × 4 cells needs 16 values in one row, not shape \(15,\)"):
        draw(np.zeros(15), (4, 4))


def test_a_policy_that_does_not_fit_the_grid_is_refused():
    with pytest.raises(ValueError, match=r"should have shape \(16, 4\), not \(4, 16\)"):
        policy_grid(np.zeros((4, 16)), (4, 4))
