"""The network of the lesson ``cnn_text/02_text_classification/02_text_cnn`` and the one of ``lib``: one function."""

import functools

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models.text_cnn import text_cnn
from lib.quiet import keras
from lib.text.reviews import PAD

SIZES = {"words": 40, "classes": 3, "embedding": 7, "widths": (2, 3, 5), "filters": 6, "dropout": 0.4}


@functools.cache
def lesson() -> dict:
    (found,) = [lesson for lesson in find_lessons() if str(lesson).endswith("02_text_classification/02_text_cnn")]
    return solution_namespace(found)


def rows(rng):
    X = np.full((9, 24), PAD, np.int32)
    for row, length in zip(X, rng.integers(1, 14, 9), strict=True):
        row[5 : 5 + length] = rng.integers(1, SIZES["words"], length)
    return X


def layers_of(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def both(rng):
    """The two networks with the same weights. lib's has one bias for all widths, behind the maximum."""
    taught, shared = lesson()["text_cnn"](**SIZES), text_cnn(**SIZES)
    taught.set_weights([rng.normal(size=weight.shape) for weight in taught.weights])
    (table,), convolutions = (layers_of(taught, kind) for kind in (keras.layers.Embedding, keras.layers.Conv1D))
    shared.get_layer("tuned").set_weights(table.get_weights())
    for width, convolution in zip(SIZES["widths"], convolutions, strict=True):
        shared.get_layer(f"width_{width}").set_weights(convolution.get_weights()[:1])
    shared.get_layer("features").set_weights([np.concatenate([one.get_weights()[1] for one in convolutions])])
    shared.get_layer("scores").set_weights(layers_of(taught, keras.layers.Dense)[0].get_weights())
    return taught, shared


def test_same_weights_same_scores():
    rng = np.random.default_rng(0)
    taught, shared = both(rng)
    X = rows(rng)
    np.testing.assert_allclose(taught(X), shared(X), rtol=1e-6, atol=1e-6 * np.abs(shared(X)).max())
    assert taught.count_params() == shared.count_params()


@pytest.mark.parametrize("epoch", [0, 3])
def test_an_epoch_of_the_lesson_depends_on_its_number_alone(epoch):
    """The order of the sentences and what dropout hides: two models with the same weights stay the same."""
    rng = np.random.default_rng(1)
    X, y = rows(rng), rng.integers(0, 3, 9)
    part = type("Part", (), {"X": X, "y": y})
    first, second = both(rng)[0], both(rng)[0]
    second.set_weights(first.get_weights())
    for model in (first, second):
        lesson()["train_epoch"](lesson()["compiled"](model), epoch, part, part)
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_they_begin_alike():
    """Vectors between -0.25 and 0.25, biases 0, and Glorot's spread for the other weights."""
    taught, shared = lesson()["text_cnn"](words=3000, classes=2), text_cnn(words=3000, classes=2)
    for kind in (keras.layers.Embedding, keras.layers.Conv1D, keras.layers.Dense):
        for one, other in zip(layers_of(taught, kind), layers_of(shared, kind), strict=True):
            mine, theirs = one.get_weights()[0], other.get_weights()[0]
            assert mine.std() == pytest.approx(theirs.std(), rel=0.1)
            assert all(np.all(bias == 0) for bias in one.get_weights()[1:])
