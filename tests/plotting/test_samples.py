"""Strips of values and repeated intervals: every number that was given is drawn and said."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import PathCollection

from lib import plotting
from lib.plotting.style import paper

SAMPLES = {"low": [1.0, 2.0, 3.0], "high": [10.0, 20.0, 40.0, 80.0]}
INTERVALS = {"low": (2.0, 1.0, 3.5), "high": (37.5, 5.0, 70.0)}


def strips(**options):
    return plotting.strips(SAMPLES, INTERVALS, "Two samples", "steps", **options)


def clouds(axes):
    """The points of each sample."""
    return [one for one in axes.collections if isinstance(one, PathCollection)]


def test_every_value_stands_in_the_row_of_its_sample():
    axes = strips().figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["low", "high"]
    for row, (points, values) in enumerate(zip(clouds(axes), SAMPLES.values(), strict=True)):
        x, y = np.asarray(points.get_offsets()).T
        assert x.tolist() == values and (np.abs(y - row) < 0.4).all()
    assert axes.yaxis_inverted()  # the first sample on top


def test_means_and_intervals_are_drawn_and_said():
    picture = strips()
    axes = picture.figure.axes[0]
    bars = {
        tuple(container[2][0].get_segments()[0][:, 0]): container[0].get_xdata()[0] for container in axes.containers
    }
    assert bars == {(1.0, 3.5): 2.0, (5.0, 70.0): 37.5}
    assert [text.get_text() for text in axes.texts] == ["2.0", "37.5"]
    assert "high: 4 values from 10 to 80, mean 37.5, interval 5 to 70" in picture.alt


def test_ticks_make_the_axis_logarithmic_and_marks_are_labelled():
    picture = strips(ticks=[1, 10, 100], marks={"goal": 50.0})
    axes = picture.figure.axes[0]
    assert axes.get_xscale() == "log" and axes.get_xticks().tolist() == [1, 10, 100]
    picture.figure.draw_without_rendering()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "10", "100"]
    assert "goal" in [text.get_text() for text in axes.texts] and "a dotted line marks goal at 50" in picture.alt
    assert strips().figure.axes[0].get_xscale() == "linear"


def test_no_line_runs_through_the_mean():
    texts = {text.get_text(): text for text in strips(marks={"goal": 37.5}).figure.axes[0].texts}
    assert mpl.colors.to_hex(texts["37.5"].get_bbox_patch().get_facecolor()) == paper()
    assert texts["37.5"].get_zorder() > 2  # that of a line


def test_looks_differ_by_more_than_colour():
    low, high = clouds(strips().figure.axes[0])
    assert low.get_paths()[0].vertices.shape != high.get_paths()[0].vertices.shape
    assert (low.get_facecolor() != high.get_facecolor()).any()


@pytest.mark.parametrize(
    ("truth", "missed"),
    [(5.0, 0), (1.5, 2), (8.0, 1), (4.0, 0), (100.0, 3)],
    ids=["all", "low", "high", "edge", "none"],
)
def test_missed_intervals_are_counted_and_marked(truth, missed):
    picture = plotting.coverage([(5, 4, 9), (4, 1, 7), (6, 3, 8.5)], truth, "Three", "mean")
    axes = picture.figure.axes[0]
    labels = axes.get_legend_handles_labels()[1]
    assert (f"catches it: {3 - missed}" in labels) == (missed < 3)
    assert (f"misses it: {missed}" in labels) == (missed > 0)
    assert f"{missed} of them miss" in picture.alt


def test_missed_intervals_are_seen_without_colour():
    caught, missed = plotting.coverage([(5, 4, 9), (4, 1, 4.5)], 5.0, "Two", "mean").figure.axes[0].containers
    assert caught[0].get_marker() != missed[0].get_marker()
    assert missed[0].get_markersize() > 1.5 * caught[0].get_markersize()


def test_each_interval_is_drawn_at_its_repetition():
    axes = plotting.coverage([(5, 4, 9), (4, 1, 7)], 5.0, "Two", "mean").figure.axes[0]
    (bars,) = axes.containers
    assert [segment.tolist() for segment in bars[2][0].get_segments()] == [[[1, 4], [1, 9]], [[2, 1], [2, 7]]]
    assert axes.get_xlabel() == "repetition" and axes.get_ylabel() == "mean" and axes.get_title() == "Two"


def test_the_legend_hides_no_interval():
    axes = plotting.coverage([(5, 4, 9)] * 10, 5.0, "Ten", "mean").figure.axes[0]
    axes.figure.draw_without_rendering()
    box = axes.get_legend().get_window_extent().transformed(axes.transData.inverted())
    assert box.y0 > 9


def test_the_same_intervals_give_the_same_bytes():
    assert strips().png() == strips().png()
