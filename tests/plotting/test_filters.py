"""The figures of filters: what is drawn, what is framed, and what the words say."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lib import plotting
from lib.plotting.filters import strongest_windows


def heights(axes):
    return [bar.get_height() for bar in axes.patches]


def test_strongest_windows_do_not_overlap():
    outputs = np.zeros((8, 9))
    outputs[2, 3], outputs[2, 4], outputs[6, 3], outputs[2, 7] = 5.0, 4.9, 2.0, 3.0
    assert strongest_windows(outputs, (2, 3), 3) == [(2, 3), (2, 7), (6, 3)]
    assert outputs[2, 4] == 4.9  # the argument is only read
    assert strongest_windows(outputs, (1, 1), 2) == [(2, 3), (2, 4)]


def test_filter_maps_draws_image_filters_and_outputs():
    image = np.linspace(0, 1, 30).reshape(5, 6)
    maps = {"mean": (np.full((2, 2), 0.25), image[:-1, :-1]), "slope": (np.array([[-1, 1]]), image[:, 1:] - 0.5)}
    picture = plotting.filter_maps(image, maps, "Two filters")
    titles = [axes.get_title() for axes in picture.figure.axes]
    assert {"the image: 5 × 6 pixels", "2 × 2 weights", "mean: 4 × 5 outputs", "slope: 5 × 5 outputs"} <= set(titles)
    numbers = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert numbers.count("0.25") == 4 and "-1" in numbers
    assert "mean: 4 × 5 outputs from 0 to 0.759" in picture.alt and "framed" not in picture.alt
    assert picture.png().startswith(b"\x89PNG")


def test_filter_maps_frames_the_strongest_windows():
    outputs = np.zeros((6, 7))
    outputs[1, 2], outputs[4, 5] = 2.0, 1.0
    picture = plotting.filter_maps(np.zeros((7, 9)), {"spot": (np.ones((2, 3)), outputs)}, "Spots", strongest=2)
    image = picture.figure.axes[1]
    frames = [patch.get_bbox().bounds for patch in image.patches if isinstance(patch, Rectangle)]
    assert frames == [(1.5, 0.5, 3, 2), (4.5, 3.5, 3, 2)]
    assert "2.00 at row 1, column 2, 1.00 at row 4, column 5" in picture.alt


def test_window_scores_names_the_windows_and_the_highest():
    picture = plotting.window_scores(["a", "b", "c", "d"], [0.1, 0.7, -0.2], "Windows", "score")
    (axes,) = picture.figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a b", "b c", "c d"]
    assert heights(axes) == pytest.approx([0.1, 0.7, -0.2])
    colours = [bar.get_facecolor() for bar in axes.patches]
    assert colours[0] == colours[2] != colours[1]
    assert "a b 0.10, b c 0.70, c d -0.20. The highest is b c." in picture.alt


def test_phrase_bars_mark_the_filters_own_phrase():
    found = {"good film": {"good film": 1.0, "fine film": 0.9}, "bad film": {"poor film": 0.8, "sad film": 0.7}}
    picture = plotting.phrase_bars(found, "Found", "score")
    left, right = picture.figure.axes
    assert [bar.get_hatch() for bar in left.patches] == ["//", None]
    assert [bar.get_hatch() for bar in right.patches] == [None, None]
    assert [label.get_text() for label in right.get_yticklabels()] == ["poor film", "sad film"]
    assert "'good film': good film 1.00, fine film 0.90; 'bad film': poor film 0.80, sad film 0.70" in picture.alt


def test_moving_phrase_shows_rows_and_what_is_pooled():
    scores = np.eye(3, 4) + 0.1
    pooled = {"max": scores.max(axis=1), "average": scores.mean(axis=1)}
    picture = plotting.moving_phrase(scores, pooled, "A phrase moves", "score")
    left, right = picture.figure.axes[:2]
    assert np.array_equal(left.images[0].get_array(), scores)
    assert [line.get_label() for line in right.lines] == ["max", "average"]
    assert np.allclose(right.lines[1].get_xdata(), 0.35)
    assert "3 sentences by 4 windows" in picture.alt and "max from 1.10 to 1.10" in picture.alt
    assert "number 0 in the first row and number 2 in the last" in picture.alt
