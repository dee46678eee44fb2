"""The map of words: groups stay together, lengths do not count, and no sign is left to the library."""

import numpy as np

from lib import plotting

GROUPS = {
    "east": {"sea": np.array([5.0, 0.1, 0.0, 0.2]), "sand": np.array([0.4, 0.0, 0.01, 0.0])},
    "north": {"ice": np.array([0.0, 2.0, 0.1, 0.1]), "snow": np.array([0.1, 9.0, 0.0, 0.0])},
}


def points(groups):
    (axes,) = plotting.word_map(groups, "Words").figure.axes
    return np.concatenate([drawn.get_offsets() for drawn in axes.collections]), [text.get_text() for text in axes.texts]


def test_words_of_one_direction_lie_together():
    places, words = points(GROUPS)
    assert sorted(words) == ["ice", "sand", "sea", "snow"]
    assert np.linalg.norm(places[0] - places[1]) < 0.2 < 1 < np.linalg.norm(places[0] - places[2])


def test_lengths_and_mirrored_dimensions_change_nothing():
    places, _ = points(GROUPS)
    longer = {name: {word: 7 * row for word, row in members.items()} for name, members in GROUPS.items()}
    mirrored = {name: {word: -row for word, row in members.items()} for name, members in GROUPS.items()}
    np.testing.assert_allclose(points(longer)[0], places, atol=1e-9)
    np.testing.assert_allclose(points(mirrored)[0], places, atol=1e-9)
    assert (places[0] >= 0).all()


def test_the_words_name_groups_and_members():
    alt = plotting.word_map(GROUPS, "Words").alt
    assert alt.startswith("Words. 4 words as points of a plane")
    assert "east, around (" in alt and "ice, snow" in alt
