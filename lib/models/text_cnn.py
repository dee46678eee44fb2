"""A convolutional network that classifies text (Kim 2014), in Keras 3.

>>> model = text_cnn(words=len(encoder), classes=2)
>>> model.fit(Batches(X, y, 64, seed=0), epochs=5, shuffle=False)
"""

from collections.abc import Callable, Sequence

import numpy as np

from lib.quiet import keras
from lib.text.reviews import PAD

layers, ops = keras.layers, keras.ops

POOL = 50  # minibatches that are sorted by length together


def text_cnn(
    words: int,
    classes: int,
    embedding: int = 128,
    widths: Sequence[int] = (3, 4, 5),
    filters: int = 128,
    dropout: float = 0.5,
    max_norm: float | None = None,
    vectors: np.ndarray | None = None,
    channels: Sequence[str] = ("tuned",),
    seed: int = 0,
) -> keras.Model:
    """Embedding, one convolution per width, the maximum over time, dropout and one score per class.

    words: size of the vocabulary; word 0 is padding.  classes: scores; no softmax is taken.
    embedding: numbers that stand for a word.
    vectors: float32 (words, embedding), the embedding's first values; random ones in (-0.25, 0.25) without.
    channels: an embedding each, "tuned" (trained) or "static" (kept as it is); a filter sees them side by side.
    widths: words that a filter covers.  filters: of each width.
    max_norm: bound on the Euclidean norm of each class's weights after each step (Kim: 3), or None.
    Input: int32 (batch, length), length at least the widest filter, rows with PAD at both ends (``Encoder``).
    Output: float32 (batch, classes).
    """
    numbers = keras.Input((None,), dtype="int32", name="words")
    is_word = ops.expand_dims(ops.cast(ops.not_equal(numbers, PAD), "float32"), -1)
    start = keras.initializers.RandomUniform(-0.25, 0.25, seed=seed) if vectors is None else _constant(vectors)
    embedded = [
        layers.Embedding(words, embedding, embeddings_initializer=start, trainable=kind == "tuned", name=kind)(numbers)
        for kind in channels
    ]
    x = (layers.Concatenate()(embedded) if len(embedded) > 1 else embedded[0]) * is_word
    found = []
    for width in widths:
        init = keras.initializers.GlorotUniform(seed=seed + width)
        region = layers.Conv1D(filters, width, use_bias=False, kernel_initializer=init, name=f"width_{width}")(x)
        found.append(layers.GlobalMaxPooling1D(name=f"strongest_{width}")(region))
    x = BiasReLU(name="features")(layers.Concatenate()(found) if len(found) > 1 else found[0])
    x = layers.Dropout(dropout, seed=seed + 1)(x)
    init = keras.initializers.GlorotUniform(seed=seed)
    limit = keras.constraints.MaxNorm(max_norm, axis=0) if max_norm else None
    scores = layers.Dense(classes, kernel_initializer=init, kernel_constraint=limit, name="scores")(x)
    return keras.Model(numbers, scores, name="text_cnn")


class BiasReLU(layers.Layer):
    """max(0, x + b). After the maximum over time it gives what it would give before it, since both keep the order, on
    one number per filter in place of one per filter and word: a training step takes a tenth less.
    """

    def build(self, shape: tuple) -> None:
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, x):
        return ops.relu(x + self.bias)


def _constant(vectors: np.ndarray) -> Callable:
    return lambda shape, dtype=None: ops.convert_to_tensor(vectors, dtype)


def lengths_of(X: np.ndarray) -> np.ndarray:
    """Columns of each row up to its last word, at least 1: int64 (rows,)."""
    words = X != PAD
    return np.where(words.any(axis=1), X.shape[1] - np.argmax(words[:, ::-1], axis=1), 1)


def bucketed(lengths: np.ndarray, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Rows in minibatches of ``size``, in random order, rows of about the same length together."""
    order = rng.permutation(len(lengths))
    pools = [order[i : i + POOL * size] for i in range(0, len(order), POOL * size)]
    order = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


class Batches(keras.utils.PyDataset):
    """Minibatches for ``fit``, each as long as its longest sentence needs: half the work of rows of one length.

    X: int32 (rows, length), padding at both ends (``Encoder``).  y: (rows, ...).  size: rows of a minibatch.
    The order of an epoch depends on ``seed`` and the number of the epoch alone; ``epoch`` is the one to begin with, so
    that a training that stopped after n epochs goes on as if it had not with ``epoch=n``. (Keras ends an epoch before
    the first one, too: ``fit`` trains on the orders epoch + 1, epoch + 2, …)
    Tell ``fit`` shuffle=False, or it draws the minibatches in an order of its own, from Python's global generator.
    """

    def __init__(self, X: np.ndarray, y: np.ndarray, size: int, seed: int, epoch: int = 0) -> None:
        super().__init__()
        self.X, self.y, self.size, self.seed, self.epoch = X, y, size, seed, epoch
        words = X != PAD
        edge = int(np.argmax(words, axis=1)[words.any(axis=1)].min(initial=X.shape[1]))
        self.widths = lengths_of(X) + edge
        self._shuffle()

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.order[i]
        return self.X[rows, : self.widths[rows].max()], self.y[rows]

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        order = bucketed(self.widths, self.size, np.random.default_rng([self.seed, self.epoch]))
        # Keras looks at two batches and takes a width that they share for the width of all.
        width = [self.widths[rows].max() for rows in order]
        other = next((i for i in range(1, len(order)) if width[i] != width[0]), 0)
        if other > 1:
            order[1], order[other] = order[other], order[1]
        self.order = order
