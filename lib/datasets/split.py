"""Splits that keep what belongs together on one side."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np


def split_by_group(groups: Iterable, fractions: Sequence[float] = (0.8, 0.1, 0.1)) -> tuple[np.ndarray, ...]:
    """Rows of each part, where all rows of one group (a conversation, a film) are in one part.

    A group's part follows from a hash of its key alone, so it stays the same when rows are
    shuffled, dropped or added. The price: parts have their fraction of the groups only about, and
    of the rows only if no group is large.

    groups: one key per row; keys with the same ``str`` are the same group.
    fractions: share of the groups in each part, > 0, summing to 1; else ValueError.
    Returns one int64 array of row numbers, ascending, per fraction.

    >>> train, valid, test = split_by_group(chat.conversations)
    """
    if min(fractions, default=0) <= 0 or not np.isclose(sum(fractions), 1):
        raise ValueError(f"fractions must be positive and sum to 1, not {tuple(fractions)}.")
    keys = [str(group) for group in groups]
    place = {key: _hash_to_unit(key) for key in set(keys)}
    places = np.array([place[key] for key in keys], dtype=float)
    part = np.searchsorted(np.cumsum(fractions)[:-1], places, side="right")
    return tuple(np.flatnonzero(part == i) for i in range(len(fractions)))


def _hash_to_unit(key: str) -> float:
    """A fixed number in [0, 1) for a key. Python's own hash of a str changes with every run."""
    # 53 bits fit a float exactly, so the result is never rounded up to 1.
    return (int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) >> 11) / 2**53
