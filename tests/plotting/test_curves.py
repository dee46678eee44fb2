"""Bars in panels: what is drawn is what was given."""

import pytest

from lib import plotting


def test_bar_panels_align_the_rows_and_mark_one():
    panels = {"small (ms)": {"a": 1.0, "b": 2.0, "c": 8.0}, "large (ms)": {"c": 1234.5, "a": 100.0}}
    picture = plotting.bar_panels(panels, "Times", log_x=True, mark="a")
    first, second = picture.figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == ["a", "b", "c"]
    assert [bar.get_width() for bar in second.patches] == [1234.5, 100.0]
    assert [bar.get_y() + bar.get_height() / 2 for bar in second.patches] == pytest.approx([2, 0])
    assert first.get_ylim()[0] > first.get_ylim()[1]  # the first row stands at the top
    assert first.get_xscale() == "log" and second.get_xlim()[1] > 1234.5
    assert list(second.lines[0].get_xdata()) == [100.0, 100.0]
    assert "large (ms): c 1,234, a 100" in picture.alt and "marks a" in picture.alt
    assert first.get_xlabel() == "small (ms)"


def test_bar_panels_with_a_zero_have_a_linear_axis():
    (axes,) = plotting.bar_panels({"s": {"a": 0.0, "b": 2.0}}, "Times").figure.axes
    assert axes.get_xscale() == "linear" and not axes.lines
