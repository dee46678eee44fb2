"""The figures of channels, region sizes and receptive fields: what is drawn, and what the words say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lib import plotting
from lib.plotting.regions import reach_of


def texts(axes):
    return [text.get_text() for text in axes.texts]


def frames(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle) and not patch.get_fill()]


def test_channel_images():
    channels = {"red": np.zeros((4, 6)), "green": np.full((4, 6), 0.5)}
    output = np.zeros((2, 4))
    output[1, 2], output[0, 0] = 0.8, -0.2
    picture = plotting.channel_images(channels, output, "sum", "Two channels")
    red, green, total, bar = picture.figure.axes
    assert [axes.get_title() for axes in (red, green, total)] == ["red", "green", "sum"]
    assert np.allclose(total.images[0].get_array(), -output)
    assert [label.get_text() for label in bar.get_yticklabels()] == ["-0.80", "0", "0.80"]
    assert "green: mean 0.50" in picture.alt and "largest in row 1 and column 2" in picture.alt
    assert "4 and 6 pixels" in picture.alt and not plt.get_fignums()


def test_region_windows():
    picture = plotting.region_windows(["not", "so", "very", "bad"], (2, 3), last=2, title="Windows")
    (axes,) = picture.figure.axes
    assert {"size 2", "size 3", "3 windows", "2 windows"} <= set(texts(axes))
    bold = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
    assert bold == ["so", "very", "not", "so", "very"]
    assert "size 3 sees 'not so very', 2 windows fit" in picture.alt


@pytest.mark.parametrize(("size", "last"), [(3, 1), (0, 1), (1, 2)])
def test_a_window_that_does_not_fit_is_refused(size, last):
    with pytest.raises(ValueError, match="ends at word"):
        plotting.region_windows(["so", "bad"], (size,), last, "Windows")


def test_network_in_numbers_frames_the_strongest():
    words, X = ["so", "very", "bad"], np.array([[1.0, 0], [0, -2.5], [0.04, 0.5]])
    maps = {2: np.array([[0.0, 0.7], [3.1, 0.2]]), 3: np.array([[0.4, 0.0]])}
    picture = plotting.network_in_numbers(words, X, maps, {"good": 0.25, "poor": 0.75}, "A network")
    (axes,) = picture.figure.axes
    assert len(frames(axes)) == 2 * 4 and len(axes.lines) == 4  # each feature: in its map, in the row, and joined
    assert {"so", "-2.5", "·", "size 2", "size 3", "good 0.25", "poor 0.75"} <= set(texts(axes))
    assert texts(axes).count("3.1") == 2 and texts(axes).count("0.2") == 1
    assert "size 2, filter 0: 3.10 at 'very bad'" in picture.alt and "4 features" in picture.alt


def test_network_in_numbers_refuses_other_sizes():
    with pytest.raises(ValueError, match="gives 2 answers"):
        plotting.network_in_numbers(["a", "b", "c"], np.ones((3, 2)), {2: np.ones((3, 1))}, {"x": 1.0}, "A network")


def test_receptive_fields_cross_out_gaps():
    panels = {"doubled": [(3, 1), (3, 2)], "too fast": [(2, 1), (3, 4)]}
    picture = plotting.receptive_fields(panels, "Fields")
    doubled, fast = picture.figure.axes
    assert [texts(axes).count("×") for axes in (doubled, fast)] == [0, 4]
    circles = [line for line in fast.lines if line.get_marker() == "o"]
    assert len(circles) == 1 + 3 + 10
    assert len(fast.lines) - len(circles) == 3 + 3 * 2
    assert "doubled (width 3 dilation 1, width 3 dilation 2): 7 inputs within 7;" in picture.alt
    assert "6 inputs within 10, gaps at 2, 3, 6, 7" in picture.alt
    assert "too fast: sees 6 inputs of 10 in a row" in fast.get_title()


@pytest.mark.parametrize(("layers", "reach"), [([], 1), ([(3, 1)], 3), ([(3, 1), (3, 2), (3, 4)], 15), ([(1, 9)], 1)])
def test_reach(layers, reach):
    assert reach_of(layers) == reach
