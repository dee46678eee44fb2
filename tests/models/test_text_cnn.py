"""The convolutional text classifier: its sum by hand, what padding may not do, and how it is fed."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from lib.models.text_cnn import Batches, BiasReLU, bucketed, lengths_of, text_cnn
from lib.quiet import keras
from lib.text.reviews import PAD

SMALL = {"words": 30, "classes": 3, "embedding": 6, "widths": (2, 3, 4), "filters": 5}


def rows(lengths, width=None, edge=5, words=30, seed=0):
    """Random sentences of these lengths as an Encoder gives them."""
    rng = np.random.default_rng(seed)
    X = np.full((len(lengths), (width or max(lengths)) + 2 * edge), PAD, np.int32)
    for row, length in zip(X, lengths, strict=True):
        row[edge : edge + length] = rng.integers(1, words, size=length)
    return X


def random_weights(model, seed=0):
    """Weights of the size of one, biases included, so that nothing hides behind a zero."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(0, 0.5, weight.shape).astype(np.float32) for weight in model.weights])
    return model


@pytest.fixture
def model():
    return random_weights(text_cnn(**SMALL))


def test_shapes_and_parameters():
    model = text_cnn(words=1000, classes=2)
    assert model(rows([4, 9])).shape == (2, 2)
    assert model.count_params() == 1000 * 128 + (3 + 4 + 5) * 128 * 128 + 3 * 128 + (384 + 1) * 2
    assert model.get_layer("width_4").kernel.shape == (4, 128, 128)
    assert {"tuned", "width_3", "strongest_5", "features", "scores"} <= {layer.name for layer in model.layers}


def test_the_scores_by_hand(model):
    """Bias and ReLU before the maximum, as Kim has them: the model, which has them behind it, gives the same."""
    X = rows([7, 1, 4])
    table = model.get_layer("tuned").get_weights()[0]
    bias = model.get_layer("features").get_weights()[0].reshape(3, 5)
    features = []
    for b, width in zip(bias, SMALL["widths"], strict=True):
        kernel = model.get_layer(f"width_{width}").get_weights()[0]
        x = table[X] * (X != PAD)[:, :, None]
        places = X.shape[1] - width + 1
        region = np.stack([np.einsum("nwe,wef->nf", x[:, i : i + width], kernel) for i in range(places)], axis=1)
        features.append(np.maximum(region + b, 0).max(axis=1))
    kernel, b = model.get_layer("scores").get_weights()
    np.testing.assert_allclose(model(X), np.concatenate(features, axis=1) @ kernel + b, rtol=1e-4, atol=1e-5)


def test_bias_and_relu_keep_the_order():
    layer, x = BiasReLU(), np.random.default_rng(0).normal(size=(4, 9, 5)).astype(np.float32)
    layer(x[:, 0])
    layer.set_weights([np.linspace(-1, 1, 5).astype(np.float32)])
    np.testing.assert_array_equal(layer(x.max(axis=1)), np.maximum(x + layer.bias, 0).max(axis=1))


def test_padding_and_neighbours_change_nothing(model):
    lengths = [3, 12, 1, 7]
    X = rows(lengths)
    together = np.asarray(model(X))
    for row, length, score in zip(X, lengths, together, strict=True):
        alone = row[None, : length + 10]
        longer = np.pad(row[None], [(0, 0), (0, 20)])
        later = np.pad(row[None], [(0, 0), (3, 0)])
        for variant in (alone, longer, later):
            np.testing.assert_allclose(np.asarray(model(variant))[0], score, atol=1e-6)


def test_padding_is_silent_even_if_its_row_is_trained(model):
    X = rows([3, 6])
    before = np.asarray(model(X))
    table = model.get_layer("tuned").get_weights()[0]
    table[PAD] += 7
    model.get_layer("tuned").set_weights([table])
    np.testing.assert_array_equal(model(X), before)


def test_an_empty_sentence_has_finite_scores(model):
    X = np.vstack([rows([0, 8]), rows([0, 8])])
    scores = np.asarray(model(X))
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(scores[0], np.asarray(model(rows([0])))[0], atol=1e-6)


def test_dropout_works_in_training_alone(model):
    X = rows([9, 9])
    np.testing.assert_array_equal(model(X), model(X, training=False))
    assert not np.allclose(model(X, training=True), model(X, training=True))


def compiled(model, rate=0.01):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    return model


def test_channels_begin_alike_and_only_the_tuned_one_moves():
    vectors = np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32)
    model = compiled(text_cnn(**SMALL, vectors=vectors, channels=("static", "tuned")))
    assert model.get_layer("width_2").kernel.shape == (2, 12, 5)
    for name in ("static", "tuned"):
        np.testing.assert_array_equal(model.get_layer(name).get_weights()[0], vectors)
    X, y = rows([5] * 20), np.arange(20) % 3
    model.fit(X, y, verbose=0)
    np.testing.assert_array_equal(model.get_layer("static").get_weights()[0], vectors)
    moved = (model.get_layer("tuned").get_weights()[0] != vectors).any(axis=1)
    assert moved[np.unique(X[X != PAD])].all() and not moved[PAD]


def test_max_norm_holds_after_a_step():
    model = compiled(text_cnn(**SMALL, max_norm=0.3), rate=1.0)
    model.fit(rows([5] * 20), np.arange(20) % 3, verbose=0)
    norms = np.linalg.norm(model.get_layer("scores").get_weights()[0], axis=0)
    assert norms.shape == (3,) and (norms <= 0.3 + 1e-5).all() and norms.max() > 0.29


def test_a_seed_gives_the_same_start():
    one, two, other = (text_cnn(**SMALL, seed=seed).get_weights() for seed in (4, 4, 5))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert sum(not np.array_equal(a, b) for a, b in zip(one, other, strict=True)) == 5  # all but the two biases
    assert not np.array_equal(one[1][:2], one[2][:2])
    assert np.abs(one[0]).max() <= 0.25


def test_lengths():
    X = rows([3, 0, 5], edge=2)
    assert lengths_of(X).tolist() == [5, 1, 7]
    assert lengths_of(np.array([[2, 0, 3], [0, 0, 4]])).tolist() == [3, 3]


@pytest.mark.parametrize(("n", "size"), [(1, 4), (7, 4), (300, 2), (48, 16)])
def test_every_row_is_in_one_minibatch(n, size):
    batches = bucketed(np.random.default_rng(0).integers(1, 50, n), size, np.random.default_rng(1))
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert sorted(map(len, batches), reverse=True) == [size] * (n // size) + ([n % size] if n % size else [])


def test_rows_of_a_minibatch_are_about_as_long():
    lengths = np.random.default_rng(0).integers(1, 50, 640)
    batches = bucketed(lengths, 32, np.random.default_rng(1))
    assert sum(np.ptp(lengths[batch]) for batch in batches) <= 49


def sentences_of(batch):
    return [tuple(row[row != PAD]) for row in batch]


def test_an_epoch_has_every_row_once_whole_and_with_its_answer():
    rng = np.random.default_rng(0)
    lengths = rng.integers(0, 30, size=101)
    X = rows(lengths)
    batches = Batches(X, np.arange(101), 8, seed=0)
    for _ in range(3):
        assert len(batches) == 13
        parts = [batches[i] for i in range(len(batches))]
        assert sorted(np.concatenate([y for _, y in parts])) == list(range(101))
        for part, y in parts:
            assert sentences_of(part) == sentences_of(X[y])
            assert part.shape[1] == max(lengths[y].max() + 10, 6)
        batches.on_epoch_end()


def test_an_empty_sentence_does_not_cost_the_others_their_edge():
    X = rows([4, 0, 2, 7], edge=3)
    batches = Batches(X, np.arange(4), 4, seed=0)
    assert batches[0][0].shape == (4, 7 + 2 * 3)
    assert Batches(rows([0, 0], width=2), np.arange(2), 2, seed=0)[0][0].shape == (2, 12)


def order(batches):
    return [part.tolist() for part in batches.order]


def test_the_order_depends_on_seed_and_epoch_alone():
    X, y = rows(np.random.default_rng(0).integers(1, 30, 60)), np.arange(60)
    batches, seen = Batches(X, y, 8, seed=3), []
    for _ in range(3):
        np.random.rand()
        seen.append(order(batches))
        batches.on_epoch_end()
    assert seen[0] != seen[1] != seen[2]
    assert [order(Batches(X, y, 8, seed=3, epoch=epoch)) for epoch in range(3)] == seen
    assert order(Batches(X, y, 8, seed=4)) != seen[0]


def test_the_first_two_minibatches_share_a_width_only_where_all_do():
    rng = np.random.default_rng(0)
    for seed in range(60):
        X = rows(rng.choice([3, 3, 3, 9], size=24), width=9)
        batches = Batches(X, np.arange(24), 4, seed=seed)
        widths = [batches[i][0].shape[1] for i in range(len(batches))]
        assert len(set(widths)) == 1 or widths[0] != widths[1]


class Watched(Batches):
    """Notes the rows of each minibatch that is asked for."""

    def __getitem__(self, i):
        self.__dict__.setdefault("seen", []).append(self.order[i].tolist())
        return super().__getitem__(i)


def trained_on(model, epochs, epoch=0):
    """The minibatches of these epochs. Keras first looks at two, to learn their shape."""
    X = rows(np.random.default_rng(0).integers(1, 30, 60))
    batches = Watched(X, np.arange(60) % 3, 8, seed=0, epoch=epoch)
    history = compiled(model).fit(batches, epochs=epochs, shuffle=False, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    return batches.seen[2:]


def test_fit_takes_minibatches_of_different_widths_and_may_be_interrupted(model):
    """Two epochs, then a new start at epoch 2, see what three epochs in one go do."""
    whole = trained_on(model, 3)
    assert len(whole) == 3 * 8 and sorted(i for part in whole[:8] for i in part) == list(range(60))
    assert trained_on(model, 2) + trained_on(model, 1, epoch=2) == whole


JAX = """
import sys
import numpy as np
from lib.models.text_cnn import text_cnn
import json, keras
model = text_cnn(**json.loads(sys.argv[2]))
with np.load(sys.argv[1]) as file:
    model.set_weights([file[f"w{i}"] for i in range(len(model.weights))])
    scores = np.asarray(model(file["X"]))
np.save(sys.argv[1] + ".scores.npy", scores)
print(keras.backend.backend())
"""


@pytest.mark.slow
def test_jax_gives_the_same_scores(model, tmp_path):
    X, file = rows([6, 2, 9]), tmp_path / "weights.npz"
    np.savez(file, X=X, **{f"w{i}": weight for i, weight in enumerate(model.get_weights())})
    environment = os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", JAX, str(file), json.dumps(SMALL)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "jax"
    np.testing.assert_allclose(np.load(f"{file}.scores.npy"), model(X), atol=1e-5)
