"""Words in colour: every word with its value, a colour and a second sign, and the same in words."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from lib import plotting
from lib.plotting.style import COLOURS
from lib.plotting.text_saliency import MARGIN, STRONGEST, WIDTH, Words

SENTENCE = Words("one", ["a", "dull", "film"], np.array([0.1, -2.0, 1.0]))


@pytest.fixture(autouse=True)
def light():
    yield
    plotting.use_theme("light")


def draw(*sentences):
    return plotting.words_in_colour(sentences, "Saliency", ("rotten", "fresh"), "change")


def boxes(picture):
    """The coloured boxes behind the words; the last two belong to the legend."""
    return [patch for patch in picture.figure.axes[0].patches if isinstance(patch, Rectangle)][:-2]


def texts(picture):
    return {text.get_text(): text for text in picture.figure.axes[0].texts}


def test_each_side_has_its_colour_and_the_largest_value_is_the_strongest():
    a, dull, film = boxes(draw(SENTENCE))
    assert [to_hex(box.get_facecolor()).upper() for box in (dull, film)] == [COLOURS[1], COLOURS[0]]
    assert [box.get_alpha() for box in (a, dull, film)] == pytest.approx([0.05 * STRONGEST, STRONGEST, 0.5 * STRONGEST])


def test_each_side_has_a_line_and_numbers_stand_where_they_matter():
    picture = draw(SENTENCE)
    lines = picture.figure.axes[0].lines[:-2]
    assert [line.get_linestyle() for line in lines] == ["--", "-"]
    assert {"−2.0", "+1.0"} <= texts(picture).keys() and "+0.1" not in texts(picture)
    assert {"towards rotten", "towards fresh", "numbers: change"} <= texts(picture).keys()


def test_all_sentences_share_one_scale():
    _, dull, _, other = boxes(draw(SENTENCE, Words("two", ["dull"], np.array([-1.0]))))
    assert other.get_alpha() == pytest.approx(dull.get_alpha() / 2)


def test_long_sentences_are_wrapped_inside_the_figure():
    tokens = [f"word{i}" for i in range(40)]
    picture = draw(Words("long", tokens, np.ones(40)))
    placed = [texts(picture)[token].get_position() for token in tokens]
    assert len({y for _, y in placed}) >= 3
    assert all(MARGIN <= x < WIDTH - MARGIN - 30 for x, _ in placed)
    low, high = picture.figure.axes[0].get_ylim()[::-1]
    assert all(low < y < high for _, y in placed)
    assert picture.figure.get_size_inches()[1] > draw(SENTENCE).figure.get_size_inches()[1]


def test_numbers_of_short_words_have_room():
    picture = draw(Words("short", ["a", ","], np.array([1.0, -1.0])))
    first, second = (texts(picture)[token].get_position()[0] for token in ("a", ","))
    assert second - first > 18


def test_nothing_to_show_is_still_a_picture():
    picture = draw(Words("empty", [], np.zeros(0)), Words("flat", ["a"], np.zeros(1)))
    assert "empty: no words." in picture.alt and len(picture.png()) > 1000
    assert boxes(picture)[0].get_alpha() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_themes(theme):
    plotting.use_theme(theme)
    picture = draw(SENTENCE)
    assert picture.alt.startswith("Saliency. ")
    assert "“a dull film”, strongest dull -2.0 (rotten), film +1.0 (fresh), a +0.1 (fresh)." in picture.alt
    assert to_hex(texts(picture)["dull"].get_color()) == plotting.style.ink()
    assert not plt.get_fignums()
