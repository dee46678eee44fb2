"""A path on a grid goes through the cells that were given."""

import numpy as np
import pytest

from lib.plotting import grid_path

SHAPE = (2, 3)
PATH = [3, 0, 1, 1, 5]


def test_the_line_goes_through_the_cells_and_each_move_has_an_arrowhead():
    picture = grid_path(PATH, SHAPE, "Way", marks={3: "S", 5: "G"})
    axes = picture.figure.axes[0]
    np.testing.assert_array_equal(axes.get_lines()[0].get_xydata(), [[0, 1], [0, 0], [1, 0], [1, 0], [2, 1]])
    (heads,) = [one for one in axes.collections if hasattr(one, "U")]
    assert list(zip(np.sign(heads.U), np.sign(heads.V), strict=True)) == [(0, -1), (1, 0), (1, 1)]
    assert axes.yaxis_inverted() and axes.get_title() == "Way"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("column", "row")
    assert picture.alt == (
        "Way, on a grid of 2 × 3 cells. Marked S: state 3; G: state 5. 4 steps, through the cells 3 0 1 1 5."
    )


def test_letters_and_step_numbers_stand_in_their_cells():
    axes = grid_path(PATH, SHAPE, marks={3: "S", 5: "G"}).figure.axes[0]
    placed = {
        text.get_text(): (round(text.get_position()[1] - 0.01), round(text.get_position()[0])) for text in axes.texts
    }
    assert placed == {"S": (1, 0), "G": (1, 2), "0": (1, 0), "1": (0, 0), "2": (0, 1), "4": (1, 2)}


def test_several_paths_lie_apart_and_are_named():
    picture = grid_path({"edge": PATH, "safe": [3, 4, 5]}, SHAPE)
    axes = picture.figure.axes[0]
    first, second = axes.get_lines()
    for look in ("get_color", "get_marker", "get_linestyle"):
        assert getattr(first, look)() != getattr(second, look)()
    assert np.hypot(*(first.get_xydata()[0] - second.get_xydata()[0])) > 0.1
    assert (np.abs(first.get_xydata()[0] - [0, 1]) < 0.5).all()
    assert [text.get_text() for text in picture.figure.legends[0].get_texts()] == ["edge: 4 steps", "safe: 2 steps"]
    assert not axes.texts  # steps are counted beside a single path only
    assert "safe: 2 steps, through the cells 3 4 5." in picture.alt


def test_shades_and_labels_of_columns():
    picture = grid_path([0, 1], SHAPE, shades=[0, 1, 2, 0, 1, 2], column_labels=["calm", "1", "2"], xlabel="wind")
    axes = picture.figure.axes[0]
    shown = np.ma.filled(axes.images[0].get_array(), np.nan)
    np.testing.assert_array_equal(shown, [[np.nan, 1, 2], [np.nan, 1, 2]])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["calm", "1", "2"]
    assert axes.get_xlabel() == "wind"


def test_a_path_that_never_moves_and_a_long_one_can_be_drawn(recwarn):
    assert grid_path([4], SHAPE).png().startswith(b"\x89PNG")
    picture = grid_path([0, 1] * 50, SHAPE)
    assert "99 steps" in picture.alt and picture.alt.endswith("0 1 ….")
    assert not picture.figure.axes[0].texts and not recwarn.list


@pytest.mark.parametrize("path", [[], [6], [0, -1]])
def test_cells_that_do_not_exist_are_refused(path):
    with pytest.raises(ValueError, match="cells 0 to 5"):
        grid_path({"way": path}, SHAPE)


@pytest.mark.parametrize("labels", [None, [f"{column}\nwind 1" for column in range(10)]])
def test_the_title_is_not_cut(labels):
    figure = grid_path(PATH, (7, 10), "The greedy path", marks={30: "S"}, column_labels=labels).figure
    figure.draw_without_rendering()
    assert figure.axes[0].title.get_window_extent().y1 <= figure.bbox.y1


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_long_labels_are_not_cut(number):
    figure = grid_path({f"seed {k}, which never arrives anywhere": PATH for k in range(number)}, (3, 8)).figure
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
    assert figure.axes[0].title.get_window_extent().y1 <= figure.bbox.y1
