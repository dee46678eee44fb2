"""Figures of named classes and labels: what is drawn is what was given."""

import numpy as np

from lib import plotting


def test_confusions_are_shares_of_each_true_class():
    true, predicted = np.array([0, 0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 2, 2])
    picture = plotting.class_confusions(true, predicted, ["cat", "dog", "hen"], "Animals")
    (axes,) = picture.figure.axes
    assert [text.get_text() for text in axes.texts] == ["75", "25", "0", "0", "50", "50", "0", "0", "100"]
    assert [text.get_weight() for text in axes.texts[:5]] == ["bold", "normal", "normal", "normal", "bold"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cat", "dog", "hen"]
    assert "dog for hen (50 %), cat for dog (25 %)" in picture.alt and "hen 100 %" in picture.alt


def test_a_label_table_marks_what_is_there():
    table = np.array([[1, 0, 1], [0, 0, 0]])
    picture = plotting.label_table(table, ["comp.x", "alt.y"], ["comp", "sci", "sys"], "Labels")
    (axes,) = picture.figure.axes
    missing, there = axes.lines
    assert sorted(zip(there.get_ydata(), there.get_xdata(), strict=True)) == [(0, 0), (0, 2)]
    assert len(missing.get_xdata()) == 4
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row stands at the top
    assert "comp.x: comp sys; alt.y: none" in picture.alt
