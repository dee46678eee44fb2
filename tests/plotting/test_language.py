"""The figures of language models: what is drawn is what was given."""

import numpy as np
import pytest

from lib import plotting


def test_zipf_draws_every_word_by_rank_and_names_some():
    counts = {"b": 10, "the": 100, "a": 10, "rare": 1}
    picture = plotting.zipf(counts, "Few words", named=["the", "b"])
    (axes,) = picture.figure.axes
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), [1, 2, 3, 4])
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [100, 10, 10, 1])
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [100, 50, 100 / 3, 25])
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert [text.get_text() for text in axes.texts] == ["the: 100", "b: 10"]
    assert "b at rank 3 occurs 10 times" in picture.alt and "from 100 to 1" in picture.alt


def test_next_words_are_sorted_and_cut():
    panels = {"i am": {"so": 0.2, "not": 0.5, "a": 0.2}, "you": {"are": 1.0}}
    picture = plotting.next_words(panels, "What comes next", most=2)
    first, second = picture.figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == ["not", "a"]  # ties in alphabetical order
    assert [bar.get_width() for bar in first.patches] == [0.5, 0.2]
    assert first.get_ylim()[0] > first.get_ylim()[1]  # the likeliest stands at the top
    assert first.get_title() == "i am" and len(second.patches) == 1
    assert "i am: not 0.5, a 0.2" in picture.alt and "so" not in picture.alt


def test_next_words_of_two_models_share_their_scale():
    panels = {"counted": {"guitar": 0.5}, "learned": {"movie": 0.05}}
    for same_scale, widths in ((False, [0.65, 0.065]), (True, [0.65, 0.65])):
        picture = plotting.next_words(panels, "Two models", same_scale=same_scale)
        assert [axes.get_xlim()[1] for axes in picture.figure.axes] == pytest.approx(widths)


def test_grouped_bars_leave_a_gap_where_a_series_has_no_value():
    series = {"one": {"x": 3.0, "y": 2.0}, "two": {"y": 1.5}}
    picture = plotting.grouped_bars(series, "Bars", "perplexity")
    (axes,) = picture.figure.axes
    assert [bar.get_height() for bar in axes.patches] == [3.0, 2.0, 1.5]
    middles = [bar.get_x() + bar.get_width() / 2 for bar in axes.patches]
    assert middles == pytest.approx([-0.21, 0.79, 1.21])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["x", "y"]
    assert axes.get_ylim() == pytest.approx((0, 3.6))
    assert "two: y 1.5" in picture.alt


def test_occurrences_and_contexts_marks_the_named_words():
    points = {"lot": (4085, 24), "could": (4063, 300), "york": (75, 2)}
    picture = plotting.occurrences_and_contexts(points, "Words", named=["lot", "york"])
    (axes,) = picture.figure.axes
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), [4085, 4063, 75])
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [24, 300, 2])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["all words", "lot", "york"]
    assert "lot occurs 4,085 times, after 24 different words" in picture.alt
