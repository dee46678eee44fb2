"""Kneser-Ney n-grams over arrays: the language model to beat, fitted to two million words in a second.

The lesson ``rnn/01_language_models/02_ngrams`` builds the same model from dicts; a test keeps the two equal.

A sentence is an array of word numbers that begins with START and ends with END, as ``Vocabulary.encode`` makes it.
Order n predicts a word from the n - 1 words before it, and from fewer at the beginning of a sentence. With context h,
shorter context h' (h without its first word), count c, discount d and N(h) = the number of different words after h:

    P(w | h) = max(c(h w) - d, 0) / c(h)  +  d N(h) / c(h) · P(w | h')

Only the highest order counts occurrences. Below it, c(h' w) is the number of different words seen *before* h' w; what
begins with START has nothing before it and keeps its occurrences (Heafield et al. 2013 count like that, too).
Below the shortest context, () lies the uniform distribution over all words but START.

Sources: Kneser and Ney 1995, *Improved backing-off for M-gram language modeling*; Chen and Goodman 1998, *An empirical
study of smoothing techniques for language modeling* (the interpolated form, and three discounts instead of one).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from lib.text import START


class _Level(NamedTuple):
    """One order. A context of k words is one number, in base C; an n-gram is its context's number · C + word."""

    ngrams: np.ndarray  # (G,) int64, ascending
    shares: np.ndarray  # (G,) what an n-gram keeps: max(c - d, 0) / c(h)
    contexts: np.ndarray  # (H,) int64, ascending
    handed_down: np.ndarray  # (H,) what goes to the shorter context: d N(h) / c(h)


class NGrams:
    """An interpolated Kneser-Ney model, fitted when it is made.

    >>> model = NGrams([vocabulary.encode(tokens) for tokens in corpus.train], order=3, vocabulary_size=8000)
    >>> model.perplexity([vocabulary.encode(tokens) for tokens in corpus.valid])
    """

    def __init__(
        self,
        sentences: Iterable[Sequence[int]],
        order: int,
        vocabulary_size: int,
        modified: bool = False,
        continuations: bool = True,
    ) -> None:
        """sentences: START … END, not empty.  order: 1 or more.  vocabulary_size: C; every number is below it.

        modified: three discounts, for counts of 1, 2, and 3 or more, instead of one (Chen and Goodman 1998).
        continuations: False counts occurrences at every order: absolute discounting, as it was before Kneser and Ney.
        Raises ValueError where C to the power ``order`` does not fit 63 bits (8,000 words: order 4 at most).
        """
        if order < 1 or vocabulary_size**order >= 2**63:
            raise ValueError(f"The order should be from 1 to {int(63 / np.log2(vocabulary_size))}, not {order}.")
        self.order, self.vocabulary_size = order, vocabulary_size
        words, place = _flat(sentences)
        self._levels: list[_Level] = []
        self.discounts: list[tuple[float, float, float]] = []  # per order from 1 up: of counts 1, 2, 3 or more
        ngrams, counts = self._occurrences(words, place, order)
        for length in range(order, 0, -1):
            discounts = modified_discounts(counts) if modified else single_discount(counts)
            self.discounts.insert(0, discounts)
            self._levels.insert(0, _level(ngrams, counts, np.array((0.0, *discounts)), vocabulary_size))
            if length > 1 and continuations:
                begin = self._occurrences(words, place, length - 1, only_first=True)
                ngrams, counts = _merge(*self._continuations(ngrams, length), *begin)
            elif length > 1:
                ngrams, counts = self._occurrences(words, place, length - 1)

    def log_probabilities(self, sentences: Iterable[Sequence[int]]) -> np.ndarray:
        """log P of every word after START, END included, sentence after sentence: one flat array."""
        words, place = _flat(sentences)
        p = np.full(len(words), 1 / (self.vocabulary_size - 1))
        for length, level in enumerate(self._levels, 1):
            at = np.flatnonzero(place >= max(length - 1, 1))
            keys = self._keys(words, at, length)
            ascending = np.argsort(keys)  # neighbours are found in neighbouring places: ten times faster
            at, keys = at[ascending], keys[ascending]
            where, known = _find(level.contexts, keys // self.vocabulary_size)
            handed_down = np.where(known, level.handed_down[where], 1.0)
            where, seen = _find(level.ngrams, keys)
            p[at] = handed_down * p[at] + np.where(seen, level.shares[where], 0.0)
        return np.log(p[place > 0])

    def perplexity(self, sentences: Iterable[Sequence[int]]) -> float:
        """exp of the mean negative log-probability over all words after START, END and UNKNOWN counted."""
        return float(np.exp(-self.log_probabilities(sentences).mean()))

    def probabilities(self, context: Sequence[int]) -> np.ndarray:
        """P of each word as the next one, shape (C,).  context: the sentence so far, START first."""
        p = np.full(self.vocabulary_size, 1 / (self.vocabulary_size - 1))
        p[START] = 0.0
        for length, level in enumerate(self._levels[: len(context) + 1], 1):
            key = 0
            for word in context[len(context) - length + 1 :]:
                key = key * self.vocabulary_size + int(word)
            where, known = _find(level.contexts, np.array([key]))
            if not known[0]:
                break  # a longer context is unknown, too
            first, last = np.searchsorted(level.ngrams, [key * self.vocabulary_size, (key + 1) * self.vocabulary_size])
            p *= level.handed_down[where[0]]
            p[level.ngrams[first:last] % self.vocabulary_size] += level.shares[first:last]
        return p

    def _keys(self, words: np.ndarray, at: np.ndarray, length: int) -> np.ndarray:
        """The numbers of the n-grams of this length that end at these places."""
        keys = np.zeros(len(at), dtype=np.int64)
        for back in range(length - 1, -1, -1):
            keys = keys * self.vocabulary_size + words[at - back]
        return keys

    def _occurrences(
        self, words: np.ndarray, place: np.ndarray, length: int, only_first: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """The different n-grams of this length and how often each occurs; only those that begin with START, if asked.

        START alone is no n-gram: nobody predicts it.
        """
        if length == 1:
            at = np.flatnonzero((place > 0) & (not only_first))
        else:
            at = np.flatnonzero(place == length - 1 if only_first else place >= length - 1)
        return np.unique(self._keys(words, at, length), return_counts=True)

    def _continuations(self, ngrams: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
        """The n-grams without their first word, and how many different first words each has."""
        return np.unique(ngrams % self.vocabulary_size ** (length - 1), return_counts=True)


def single_discount(counts: np.ndarray) -> tuple[float, float, float]:
    """d = n1 / (n1 + 2 n2), the same for every count, where ni n-grams have count i (Ney, Essen and Kneser 1994).

    ½ where no n-gram has count 1: then the counts say nothing about what is unseen.
    """
    n1, n2 = (int((counts == i).sum()) for i in (1, 2))
    return (n1 / (n1 + 2 * n2) if n1 else 0.5,) * 3


def modified_discounts(counts: np.ndarray) -> tuple[float, float, float]:
    """Discounts of the counts 1, 2, and 3 or more (Chen and Goodman 1998).

    The single discount where one of the counts 1 to 4 does not occur.
    """
    n = [int((counts == i).sum()) for i in range(5)]
    if not all(n[1:]):
        return single_discount(counts)
    y = n[1] / (n[1] + 2 * n[2])
    return tuple(float(np.clip(i - (i + 1) * y * n[i + 1] / n[i], 0, i)) for i in (1, 2, 3))


def _level(ngrams: np.ndarray, counts: np.ndarray, discounts: np.ndarray, size: int) -> _Level:
    """What every n-gram keeps and what every context hands down.  discounts: (4,), of the counts 0, 1, 2, 3+."""
    context = ngrams // size
    new = np.diff(context, prepend=-1) > 0  # the n-grams of one context stand side by side
    contexts, owner = context[new], np.cumsum(new) - 1
    taken = np.minimum(discounts[np.minimum(counts, 3)], counts)
    total = np.bincount(owner, weights=counts)
    return _Level(ngrams, (counts - taken) / total[owner], contexts, np.bincount(owner, weights=taken) / total)


def _flat(sentences: Iterable[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """All words in one array, and the place of each in its sentence (START: 0)."""
    sentences = list(sentences)
    lengths = np.array([len(sentence) for sentence in sentences])
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.concatenate(sentences).astype(np.int64), np.arange(lengths.sum()) - starts


def _find(ascending: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each key stands, and whether it does; a place that exists even for keys that do not."""
    where = np.minimum(np.searchsorted(ascending, keys), len(ascending) - 1)
    return where, ascending[where] == keys


def _merge(keys_a, counts_a, keys_b, counts_b) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of counted n-grams that have none in common, as one in ascending order."""
    keys, counts = np.concatenate([keys_a, keys_b]), np.concatenate([counts_a, counts_b])
    order = np.argsort(keys)
    return keys[order], counts[order]
