"""The movie snippets, split by film, and the text CNN that the lessons train on them."""

from typing import NamedTuple

import numpy as np

from lib import datasets
from lib.models.text_cnn import Batches, text_cnn
from lib.quiet import keras
from lib.text.reviews import Encoder, clean


class Part(NamedTuple):
    """Sentences about some of the films.

    X: int32 (sentences, length).  y: int64 (sentences,), 1 fresh, 0 rotten.  films: (sentences,), of each sentence.
    texts: as they were written.  tokens: the words of each, as they were encoded.
    """

    X: np.ndarray
    y: np.ndarray
    films: np.ndarray
    texts: list[str]
    tokens: list[list[str]]


def split_snippets() -> tuple[Encoder, Part, Part, Part]:
    """An encoder of the training films' words, and training, dev and test part, which share no film."""
    snippets = datasets.movie_snippets()
    tokens = [clean(text).split() for text in snippets.texts]
    rows = datasets.split_by_group(snippets.films)
    encoder = Encoder.of((tokens[i] for i in rows[0]), least=2)
    films = np.array(snippets.films)
    parts = []
    for part in rows:
        words = [tokens[i] for i in part]
        texts = [snippets.texts[i] for i in part]
        parts.append(Part(encoder.encode(words), snippets.labels[part], films[part], texts, words))
    return encoder, *parts


def train_snippets_cnn(encoder: Encoder, train: Part, epochs: int = 3, seed: int = 0, **options) -> keras.Model:
    """The text CNN, trained with Adam (0.001) on minibatches of 50. Its dev loss is lowest after 2 or 3 epochs.

    options: passed on to ``text_cnn``.  The result depends a little on the processor and its threads.
    """
    keras.utils.set_random_seed(seed)
    model = text_cnn(len(encoder), classes=2, seed=seed, **options)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
    model.fit(Batches(train.X, train.y, 50, seed), epochs=epochs, verbose=0)
    return model
