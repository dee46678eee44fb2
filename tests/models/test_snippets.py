"""The movie snippets in three parts without a common film, and the network that is trained on them."""

import numpy as np
import pytest

from lib.models.snippets import Part, split_snippets, train_snippets_cnn
from lib.text.reviews import OTHER, PAD, Encoder


@pytest.fixture(scope="module")
def parts():
    return split_snippets()


def test_parts_share_no_film(parts):
    _, *parts = parts
    assert [len(part.y) for part in parts] == [10_184, 1_411, 1_154]
    films = [set(part.films) for part in parts]
    assert [len(names) for names in films] == [404, 55, 48]
    assert not films[0] & films[1] and not films[0] & films[2] and not films[1] & films[2]


def test_rows_are_the_tokens_of_their_texts(parts):
    encoder, *parts = parts
    for part in parts:
        assert len(part.X) == len(part.y) == len(part.films) == len(part.texts) == len(part.tokens)
        for row in (0, 7, -1):
            known = [token if token in encoder.index else encoder.words[OTHER] for token in part.tokens[row]]
            assert encoder.decode(part.X[row]) == known
    train, _, test = parts
    assert (train.X[:, : encoder.edge] == PAD).all() and (test.X == OTHER).any()
    once = {token for tokens in test.tokens for token in tokens} - {
        token for tokens in train.tokens for token in tokens
    }
    assert once and not once & set(encoder.words)  # words of the test part alone are unknown


def toy() -> tuple[Encoder, Part]:
    tokens = [["good", "film"], ["bad", "film"], ["a", "good", "one"], ["a", "bad", "one"]] * 50
    encoder = Encoder.of(tokens)
    y = np.array([1, 0, 1, 0] * 50)
    return encoder, Part(encoder.encode(tokens), y, np.array(["one"] * 200), [" ".join(t) for t in tokens], tokens)


def test_training_finds_the_word_that_decides():
    encoder, train = toy()
    model = train_snippets_cnn(encoder, train, epochs=8, embedding=8, filters=4, widths=(2,))
    scores = model.predict(encoder.encode([["good"], ["bad"], ["a", "bad", "film"]]), verbose=0)
    assert scores.argmax(axis=1).tolist() == [1, 0, 0]


def test_the_seed_decides_where_training_begins():
    encoder, train = toy()
    options = {"epochs": 1, "embedding": 4, "filters": 2, "widths": (2,)}
    first, again, other = (train_snippets_cnn(encoder, train, seed=seed, **options).get_weights() for seed in (3, 3, 4))
    assert all(np.allclose(a, b, atol=1e-4) for a, b in zip(first, again, strict=True))
    assert not all(np.allclose(a, b, atol=1e-2) for a, b in zip(first, other, strict=True))
