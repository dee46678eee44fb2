"""The figures of planning: values with their policy, maps, and paths in the plane."""

import numpy as np
import pytest

from lib import plotting
from lib.plotting.maps import _roomiest

ONE = (np.array([0.0, -1.0, -2.0, -1.0, -2.0, 0.0]), np.tile([0.5, 0.0, 0.0, 0.5], (6, 1)))
TWO = (np.array([0.0, -3.0, -2.0, -1.0, -4.0, 0.0]), np.tile([0.0, 1.0, 0.0, 0.0], (6, 1)))


def test_each_table_stands_above_its_policy():
    picture = plotting.value_and_policy_grids({"k = 0": ONE, "k = 1": TWO}, (2, 3), title="T", terminals=(0, 5))
    above, below = np.array(picture.figure.axes).reshape(2, 2)
    assert [axes.get_title() for axes in above] == ["k = 0", "k = 1"]
    assert {(axes.images[0].norm.vmin, axes.images[0].norm.vmax) for axes in above} == {(-4.0, 0.0)}
    assert [text.get_text() for text in above[1].texts] == ["T\n0.0", "-3.0", "-2.0", "-1.0", "-4.0", "T\n0.0"]
    assert [axes.collections[0].N for axes in below] == [8, 4]  # arrows: two in each of four cells, and one
    assert picture.figure.get_suptitle() == "T"
    assert "k = 1: values lowest -4.0" in picture.alt and "states 1-4: right 1" in picture.alt
    assert picture.alt.endswith(" Marked T: states 0, 5.")


def test_empty_places_stay_empty():
    picture = plotting.value_and_policy_grids({str(n): ONE for n in range(4)}, (2, 3), columns=3)
    assert sum(axes.get_visible() for axes in picture.figure.axes) == 8


def test_a_policy_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"should have shape \(6, 4\), not \(6, 3\)"):
        plotting.value_and_policy_grids({"a": (ONE[0], ONE[1][:, :3])}, (2, 3))


def test_maps_share_one_scale_and_stand_upright():
    grids = {"a": np.arange(6).reshape(2, 3), "b": -np.arange(6).reshape(2, 3)}
    picture = plotting.maps(grids, "T", xlabel="right", ylabel="up", label="dollars")
    axes = [axes for axes in picture.figure.axes if axes.images]
    assert [one.get_title() for one in axes] == ["a", "b"] and not axes[0].yaxis_inverted()
    assert {(one.images[0].norm.vmin, one.images[0].norm.vmax) for one in axes} == {(-5.0, 5.0)}
    assert "a: from 0 to 5, bottom left 0, bottom right 2, top left 3, top right 5" in picture.alt
    assert "dollars against right (to the right) and up (upwards)" in picture.alt


def test_a_single_map_has_its_labels_at_its_axes_and_one_title():
    figure = plotting.maps({"a": np.eye(3)}, "T", xlabel="right", ylabel="up", label="dollars").figure
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("right", "up", "")
    assert (figure.get_suptitle(), figure.get_supxlabel()) == ("T", "")


def test_levels_on_both_sides_of_zero_have_numbers_where_there_is_room_and_lines_between():
    grid = np.zeros((9, 9))
    grid[:, 5:] = 2
    grid[:, 4] = -1  # one column: no room for a number
    (axes, *_) = plotting.maps({"a": grid}, "T", "x", "y", "cars", diverging=True).figure.axes
    assert sorted(text.get_text() for text in axes.texts) == ["0", "2"]
    assert axes.images[0].get_clim() == (-2.5, 2.5)
    vertical = [segment for lines in axes.collections for segment in lines.get_segments() if len(segment)]
    assert len(vertical) == 18  # nine rows, two borders


def test_equal_numbers_make_a_map_without_a_warning(recwarn):
    plotting.maps({"a": np.zeros((3, 3))}, "T", "x", "y", "cars", diverging=True).png()
    plotting.maps({"a": np.zeros((3, 3))}, "T", "x", "y", "cars").png()
    assert not recwarn.list


def test_the_roomiest_cell_is_in_the_middle():
    marks = np.zeros((7, 9), dtype=bool)
    marks[1:6, 2:7] = True
    assert _roomiest(marks) == (3, 4, 3)


def test_paths_end_where_they_say():
    cloud = np.array([[0.0, 0.0], [1.0, 2.0]])
    paths = {"one": np.array([[0, 0], [1, 1.5]]), "two": np.array([[0, 0], [0, 1], [1, 2]])}
    picture = plotting.value_paths(cloud, paths, cloud[1], ("A", "B"), "T")
    (axes,) = picture.figure.axes
    np.testing.assert_array_equal(axes.get_lines()[2].get_xydata(), paths["two"])
    assert "two goes from (0.00, 0.00) to (1.00, 2.00) in 2 steps" in picture.alt
    assert "the optimal values are (1.00, 2.00)" in picture.alt and "2 policies cover 0.00 to 1.00" in picture.alt
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("value of A", "value of B")
