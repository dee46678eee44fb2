"""The figures of convolution: what is drawn, what the words say, and that the drawn numbers are right."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, Rectangle

from lib import plotting


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_sliding_window_fills_up_from_left_to_right():
    picture = plotting.sliding_window([1, 2, 3, 4], [10, 1], [0, 2], "A window", labels=["a", "b", "c", "d"])
    first, last = picture.figure.axes
    assert texts(first).count("12") == 1 and "23" not in texts(first)
    assert {"12", "23", "34", "a", "d", "input", "filter", "output"} <= set(texts(last))
    assert sum(isinstance(patch, Rectangle) for patch in first.patches) == 4 + 2 + 3
    assert "with the window at 2, the inputs 3, 4 give 34" in picture.alt
    assert not plt.get_fignums()


@pytest.mark.parametrize("start", [-1, 3])
def test_a_window_outside_the_row_is_refused(start):
    with pytest.raises(ValueError, match="begins at 0 to 2"):
        plotting.sliding_window([1, 2, 3, 4], [10, 1], [start], "A window")


def test_filtered_puts_outputs_under_the_middles_of_their_windows():
    x = np.array([0.0, 0, 6, 0, 0, 0])
    outputs = {
        "mean of three": np.convolve(x, np.ones(3) / 3, "valid"),
        "difference": np.correlate(x, [1, -1], "valid"),
    }
    picture = plotting.filtered(x, outputs, "Two filters", "year", "flow", first=1900)
    signal, mean, difference = picture.figure.axes
    assert list(signal.lines[0].get_xdata()) == list(range(1900, 1906))
    assert list(mean.lines[0].get_xdata()) == [1901, 1902, 1903, 1904]
    assert list(difference.lines[0].get_xdata())[:2] == [1900.5, 1901.5]
    assert difference.lines[1].get_xdata()[0] == 1902.5  # the mark: from 6 down to 0
    assert "difference: 5 outputs from -6 to 6, the largest at 1902.5" in picture.alt


def test_connections_join_every_output_with_its_window():
    panels = {"narrow": {"n_in": 7, "n_filter": 5}, "wide": {"n_in": 7, "n_filter": 5, "left": 4, "right": 4}}
    picture = plotting.connections(panels, "Narrow and wide")
    narrow, wide = picture.figure.axes
    assert sum(isinstance(patch, Circle) for patch in narrow.patches) == 7 + 3
    assert sum(isinstance(patch, Circle) for patch in wide.patches) == 15 + 11
    assert [len(axes.lines) for axes in (narrow, wide)] == [3 * 5, 11 * 5]
    assert texts(wide).count("0") == 8
    assert "narrow: 7 inputs, a filter of 5 with stride 1, 3 outputs" in picture.alt
    assert "wide: 7 inputs, 4 + 4 zeros, a filter of 5 with stride 1, 11 outputs" in picture.alt


def test_connections_cross_out_what_no_window_reads():
    picture = plotting.connections({"jumps": {"n_in": 8, "n_filter": 3, "stride": 3}}, "Stride")
    (axes,) = picture.figure.axes
    assert texts(axes).count("×") == 2
    assert "2 outputs; 2 of the inputs in no window" in picture.alt


def test_text_convolution():
    words, X = ["not", "so", "bad"], np.eye(3)
    kernel = np.zeros((2, 3, 2))
    kernel[1, 2, 0], kernel[0, 0, 1] = 1.0, 0.5
    outputs = np.array([[0.0, 0.5], [1.0, 0.0]])
    picture = plotting.text_convolution(words, X, kernel, outputs, "A sentence", filters=["last", "first"])
    left, right = picture.figure.axes
    assert [label.get_text() for label in left.get_yticklabels()] == words
    assert [label.get_text() for label in right.get_yticklabels()] == ["not so", "so bad"]
    assert texts(right) == ["·", "0.5", "1", "·"]
    assert [patch.get_y() for patch in left.patches] == pytest.approx([0.56, -0.38])  # frames of the best windows
    assert "last answers most to 'so bad' (1); first answers most to 'not so' (0.5)" in picture.alt


def test_text_convolution_refuses_other_sizes():
    with pytest.raises(ValueError, match="2 words"):
        plotting.text_convolution(["a", "b"], np.ones((2, 3)), np.ones((2, 3, 1)), np.ones((2, 1)), "A sentence")
