"""Word vectors from counts: words that keep the same company lie close together.

Counted neighbours → positive pointwise mutual information → the strongest directions of that matrix. Levy and Goldberg
(2014, "Neural word embedding as implicit matrix factorization") showed that word2vec factors nearly the same matrix.
The settings are those of Levy, Goldberg and Dagan (2015, "Improving distributional similarity with lessons learned from
word embeddings").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from lib import datasets
from lib.models.storage import ModelError
from lib.text.reviews import NAMES, Encoder, clean

SMOOTHING = 0.75  # power of a context's frequency; without it rare words win


@dataclass(frozen=True)
class WordVectors:
    """words: in lower case.  vectors: float32 (words, dimensions), one row per word."""

    words: tuple[str, ...]
    vectors: np.ndarray
    index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {word: number for number, word in enumerate(self.words)})

    def __contains__(self, word: str) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> np.ndarray:
        """float32 (dimensions,). Raises KeyError for a word without a vector."""
        return self.vectors[self.index[word]]

    def nearest(self, word: str, count: int = 8) -> list[tuple[str, float]]:
        """The words whose vectors point most nearly the same way, with the cosine of the angle, the nearest first."""
        unit = self.vectors / np.linalg.norm(self.vectors, axis=1, keepdims=True)
        cosine = unit @ unit[self.index[word]]
        order = np.argsort(-cosine, kind="stable")
        return [(self.words[i], float(cosine[i])) for i in order if i != self.index[word]][:count]

    def table(self, encoder: Encoder, seed: int = 0) -> np.ndarray:
        """float32 (len(encoder), dimensions), to begin an embedding with: a word's own vector; for a word without one,
        and for OTHER, random numbers of the same size; zeros for padding.
        """
        spread = self.vectors.std() * np.sqrt(3.0)
        rng = np.random.default_rng(seed)
        rows = rng.uniform(-spread, spread, (len(encoder), self.vectors.shape[1])).astype(np.float32)
        for number, word in enumerate(encoder.words):
            if word in self.index:
                rows[number] = self[word]
        rows[0] = 0.0
        return rows


def neighbour_counts(sentences: Sequence[np.ndarray], words: int, window: int) -> sp.csr_matrix:
    """How often word j stands near word i: float64 (words, words), symmetric.

    sentences: int arrays of word numbers; -1 is a word that does not count but takes its place.
    window: the farthest place that counts. The nearest counts 1, then ever less: (window + 1 - distance) / window.
    """
    gap = np.full(window, -1)
    text = np.concatenate([np.concatenate([sentence, gap]) for sentence in sentences])
    counts = sp.csr_matrix((words, words))
    for distance in range(1, window + 1):
        left, right = text[:-distance], text[distance:]
        both = (left >= 0) & (right >= 0)
        weight = np.full(both.sum(), (window + 1 - distance) / window)
        counts = counts + sp.csr_matrix((weight, (left[both], right[both])), (words, words))
    return counts + counts.T


def positive_pmi(counts: sp.csr_matrix) -> sp.csr_matrix:
    """max(0, log p(i, j) / (p(i) p(j))), with p(j) smoothed; 0 where two words never met.

    counts: float (words, words).  Returns float32 of that shape, at most as full.
    """
    cells = counts.tocoo()
    row = np.asarray(counts.sum(axis=1)).ravel()
    context = row**SMOOTHING / (row**SMOOTHING).sum()
    pmi = np.log(cells.data / (row[cells.row] * context[cells.col]))
    table = sp.csr_matrix((np.maximum(pmi, 0).astype(np.float32), (cells.row, cells.col)), cells.shape)
    table.eliminate_zeros()
    return table


def train_vectors(
    sentences: Sequence[Sequence[str]], dimensions: int = 128, window: int = 5, least: int = 5, seed: int = 0
) -> WordVectors:
    """Vectors of the words that occur at least ``least`` times in some sentences (lists of tokens).

    A word's vector is its row of U √S, where U S Vᵀ is the matrix of that rank which is nearest to the positive PMI,
    scaled to a root mean square of 0.14, that of uniform numbers in (-0.25, 0.25).
    """
    from sklearn.utils.extmath import randomized_svd  # imported late: it takes a second

    words = Encoder.of(sentences, least).words[len(NAMES) :]
    index = {word: number for number, word in enumerate(words)}
    numbers = [np.array([index.get(word, -1) for word in sentence], np.int64) for sentence in sentences]
    table = positive_pmi(neighbour_counts(numbers, len(words), window))
    left, strength, _ = randomized_svd(table, dimensions, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(strength)
    vectors *= 0.25 / np.sqrt(3.0) / np.sqrt(np.mean(vectors**2))
    return WordVectors(words, vectors.astype(np.float32))


def read_vectors(path: Path) -> WordVectors:
    """Vectors in GloVe's text format: a line holds a word and its numbers, with spaces between.

    Raises ModelError: no such file, not UTF-8, or a line with another number of numbers than the first.
    """
    words, rows = [], []
    try:
        with open(path, encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                word, *numbers = line.rstrip().split(" ")
                rows.append(np.array(numbers, np.float32))
                words.append(word)
                if len(numbers) < 2 or len(numbers) != len(rows[0]):
                    raise ValueError(f"line {number} has {len(numbers)} numbers")
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # UnicodeDecodeError is one
        raise ModelError(f"{path} holds no word vectors in GloVe's text format: {error}.") from error
    if not words:
        raise ModelError(f"{path} is empty.")
    return WordVectors(tuple(words), np.stack(rows))


@cache
def imdb_vectors(dimensions: int = 128) -> WordVectors:
    """Vectors of the 29,516 words that occur five times or more in the 24,904 different IMDB reviews, in 15 seconds."""
    texts = dict.fromkeys(datasets.imdb_reviews().texts)
    return train_vectors([clean(text).split() for text in texts], dimensions)
