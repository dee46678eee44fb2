"""The variants of the text CNN: what each trains, what a run measures, and the table that comes with the course."""

import numpy as np
import pytest
from scipy.special import expit

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import text_cnn_variants, word_vectors
from lib.models.snippets import Part
from lib.models.text_cnn_variants import PRETRAINED, SEEDS, TABLE, VARIANTS, Run, add_run, build, read_runs
from lib.quiet import keras

RNG = np.random.default_rng(0)
WORDS, DIMENSIONS = 30, 6


@pytest.fixture(scope="module")
def table():
    return RNG.normal(0, 0.1, (WORDS, DIMENSIONS)).astype(np.float32)


def part(sentences):
    """Sentences of six words; fresh are those with a word of the upper half in front."""
    X = np.zeros((sentences, 16), np.int32)
    X[:, 5:11] = RNG.integers(2, WORDS, (sentences, 6))
    films = np.array(["b", "a", "c", "a"] * sentences)[:sentences]
    return Part(X, (X[:, 5] > WORDS // 2).astype(int), films, [], [])


@pytest.mark.parametrize("variant", VARIANTS)
def test_embeddings_and_what_is_trained(variant, table):
    model = build(variant, table, seed=1)
    channels = VARIANTS[variant].get("channels", ("tuned",))
    for name in channels:
        layer = model.get_layer(name)
        assert layer.trainable == (name == "tuned")
        assert np.allclose(layer.get_weights()[0], table) == (variant in PRETRAINED)
    assert sum(layer.name in ("static", "tuned") for layer in model.layers) == len(channels)
    bound = model.get_layer("scores").kernel_constraint
    assert (None if bound is None else bound.max_value) == VARIANTS[variant].get("max_norm")


def test_one_seed_gives_one_start(table):
    first, again, other = (build("rand", table, seed).get_weights() for seed in (0, 0, 1))
    for one, same, different in zip(first, again, other, strict=True):
        assert np.array_equal(one, same)
        assert not one.any() or not np.array_equal(one, different)


def test_a_run_measures_the_best_epoch(table):
    training, dev = part(60), part(23)
    made = text_cnn_variants.run("max-norm 1", 3, table, training, dev)
    assert (made.variant, made.seed) == ("max-norm 1", 3)
    assert sum(made.right) / len(dev.y) == pytest.approx(made.accuracy, abs=5e-5)
    assert len(made.right) == 3 and made.right <= tuple(np.unique(dev.films, return_counts=True)[1])
    assert made.norm == pytest.approx(1.0, abs=1e-3)


def test_training_goes_back_to_the_best_epoch(table):
    training, dev = part(60), part(23)
    model = build("static", table, seed=0)
    history = text_cnn_variants.train(model, training, dev, seed=0, epochs=3)
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "norm"} <= history.keys()
    scores = keras.ops.convert_to_numpy(model(dev.X))
    right = expit((scores[:, 1] - scores[:, 0]) * (2 * dev.y - 1))
    assert -np.log(right).mean() == pytest.approx(min(history["val_loss"]), abs=1e-4)
    assert text_cnn_variants.classified_rightly(model, dev).tolist() == (right > 0.5).tolist()


def test_runs_survive_the_table(tmp_path):
    path = tmp_path / "runs.csv"
    runs = [Run("max-norm 3", 0, 2, 0.5, 0.75, 1.9, 3.5, (3, 0, 12)), Run("both", 1, 1, 0.4, 0.8, 2.0, 9.0, (1,))]
    assert read_runs(path) == []
    for one in runs:
        add_run(one, path)
    assert read_runs(path) == runs


def test_the_table_of_the_course_is_whole():
    runs = read_runs(TABLE)
    assert sorted((one.variant, one.seed) for one in runs) == sorted(
        (name, seed) for name in VARIANTS for seed in SEEDS
    )
    for one in runs:
        assert sum(one.right) / 1411 == pytest.approx(one.accuracy, abs=5e-5)
        assert len(one.right) == 55


@pytest.fixture(scope="module")
def lesson():
    (found,) = find_lessons(["cnn_text/02_text_classification/04_better"])
    return solution_namespace(found)


def test_the_lesson_counts_like_the_library(lesson):
    sentences = [np.array(row) for row in RNG.integers(-1, 12, (40, 9))]
    counts = word_vectors.neighbour_counts(sentences, 12, 5)
    ours = word_vectors.positive_pmi(counts).toarray()
    np.testing.assert_allclose(lesson["positive_pmi"](counts.toarray()), ours, atol=1e-6)


def test_the_lesson_makes_the_library_s_vectors_but_for_their_size(lesson):
    letters = [[chr(97 + i) for i in row] for row in RNG.integers(0, 26, (300, 8)) // 2]
    vectors = word_vectors.train_vectors(letters, dimensions=4)
    numbers = [np.array([vectors.index[word] for word in sentence]) for sentence in letters]
    counts = word_vectors.neighbour_counts(numbers, len(vectors.words), 5).toarray()
    ours = lesson["vectors_of"](lesson["positive_pmi"](counts), 4)
    ours *= np.sqrt((vectors.vectors**2).mean() / (ours**2).mean())
    np.testing.assert_allclose(ours @ ours.T, vectors.vectors @ vectors.vectors.T, atol=2e-3)
