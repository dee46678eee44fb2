"""Words to numbers and back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

# The first three numbers of every vocabulary.
SPECIAL = ("<START>", "<END>", "<UNKNOWN>")
START, END, UNKNOWN = range(3)


@dataclass(frozen=True)
class Vocabulary:
    """The words that a model knows. A word's number is its place in ``words``; the first three are ``SPECIAL``.

    >>> vocabulary = Vocabulary.of([["a", "b", "a"]], size=5)
    >>> vocabulary.encode(["a", "c"])
    array([0, 3, 2, 1], dtype=int32)
    """

    words: tuple[str, ...]
    index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.words[:3] != SPECIAL or len(set(self.words)) != len(self.words):
            raise ValueError(f"A vocabulary begins with {', '.join(SPECIAL)} and names no word twice.")
        object.__setattr__(self, "index", {word: number for number, word in enumerate(self.words)})

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]], size: int) -> "Vocabulary":
        """The most frequent words of some sentences; ties in alphabetical order.

        size: at most so many words, the three special ones included; at least 4, else ValueError.
        """
        if size < 4:
            raise ValueError(f"A vocabulary needs at least 4 words, three of them special; size is {size}.")
        counts = Counter(word for sentence in sentences for word in sentence)
        for word in SPECIAL:
            counts.pop(word, None)
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return cls(SPECIAL + tuple(ranked[: size - len(SPECIAL)]))

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, tokens: Sequence[str]) -> np.ndarray:
        """START, the number of each token (UNKNOWN where it has none), END: int32 (len(tokens) + 2,)."""
        return np.array([START, *(self.index.get(token, UNKNOWN) for token in tokens), END], dtype=np.int32)

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """The words of some numbers, START and END left out."""
        return [self.words[number] for number in numbers if number not in (START, END)]
