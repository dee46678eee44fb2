"""The figures of texts as data: what is drawn is what was given."""

import numpy as np
import pytest

from lib import plotting


def test_text_lengths_are_shares_with_their_medians():
    picture = plotting.text_lengths({"fresh": [1, 2, 2, 3], "rotten": [5, 5]}, "Lengths", "words")
    (axes,) = picture.figure.axes
    fresh, median, rotten, _ = axes.lines
    np.testing.assert_allclose(fresh.get_ydata(), [0, 25, 50, 25])
    np.testing.assert_allclose(rotten.get_ydata(), [0, 0, 0, 0, 0, 100])
    assert median.get_xdata() == [2] and median.get_ydata() == [50]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["fresh", "rotten"]
    assert "fresh: 4 values from 1 to 3, median 2" in picture.alt


def test_padded_rows_write_every_number_and_every_word():
    words = ["<PAD>", "<OTHER>", "a", "film"]
    picture = plotting.padded_rows(np.array([[0, 2, 3, 0], [0, 1, 0, 0]]), words, "Rows")
    (axes,) = picture.figure.axes
    assert len(axes.patches) == 8
    assert [patch.get_hatch() for patch in axes.patches] == [None] * 5 + ["////"] + [None] * 2
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("0") == 5 and {"a", "2", "film", "3", "<OTHER>", "1"} <= set(texts)
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first sentence stands at the top
    assert "2 rows and 4 columns" in picture.alt and "sentence 1: <PAD> <OTHER> <PAD> <PAD>" in picture.alt


def test_accuracy_intervals_draw_each_row_and_mark():
    rows = {"dev": (77.0, 74.0, 80.0), "test": (76.0, 73.5, 79.0)}
    picture = plotting.accuracy_intervals(rows, "Intervals", "accuracy in percent", {"always fresh": 58.0})
    (axes,) = picture.figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dev", "test"]
    assert [text.get_text() for text in axes.texts] == ["77.0 (74.0 to 80.0)", "76.0 (73.5 to 79.0)"]
    ends = [container.lines[2][0].get_segments()[0][:, 0].tolist() for container in axes.containers]
    assert ends == [[74.0, 80.0], [73.5, 79.0]]
    assert [text.get_text() for text in picture.figure.legends[0].get_texts()] == ["always fresh: 58.0"]
    assert "test: 76.0, from 73.5 to 79.0" in picture.alt and "marks always fresh at 58.0" in picture.alt
    assert not plotting.accuracy_intervals(rows, "Intervals", "accuracy").figure.legends


def test_word_weights_show_both_ends_in_order():
    weights = {"and": 3.0, "bad": -5.0, "dull": -2.5, "fun": 4.0, "film": 0.1, "still": 3.0}
    picture = plotting.word_weights(weights, "Weights", ("rotten", "fresh"), most=2)
    low, high = picture.figure.axes
    assert [label.get_text() for label in low.get_yticklabels()] == ["bad", "dull"]
    assert [label.get_text() for label in high.get_yticklabels()] == ["fun", "still"]
    assert [bar.get_width() for bar in low.patches] == [-5.0, -2.5]
    assert high.get_xlim()[1] == -low.get_xlim()[0] == pytest.approx(6.25)
    assert low.get_title() == "speaks for rotten" and high.get_title() == "speaks for fresh"
    assert "rotten: bad -5.0, dull -2.5; fresh: fun 4.0, still 3.0" in picture.alt
