"""Sentences for a classifier: Kim's tokens, and numbers with padding.

>>> tokens = [clean(text).split() for text in texts]
>>> encoder = Encoder.of(train_tokens)
>>> X = encoder.encode(tokens)
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from lib.text.tokens import tokenize

# The numbers that are no words: padding, which is silent, and a word that the encoder does not know.
PAD, OTHER = 0, 1
NAMES = ("<PAD>", "<OTHER>")

SPLITS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        ("[‘’]", "'"),
        (r"[^a-z0-9(),!?'`]", " "),
        (r"('s|'ve|n't|'re|'d|'ll)\b", r" \1"),
        (r"([,!?()])", r" \1 "),
        (r"\s+", " "),
    ]
]


def clean(text: str) -> str:
    """Kim's rules (2014) for review sentences: letters, digits and ``( ) , ! ? ' ` `` stay, a shortened word is set
    off ("it's" → "it 's", "can't" → "ca n't"), and all is lower case. To clean twice changes nothing more.

    Three departures. The rules that were copied most often put a backslash before each bracket and question mark; these
    do not. Lower case comes first, so that "CAN'T" is cut as "can't" is. A typographic apostrophe is an apostrophe: his
    sentences have none, 524 of the snippets do, and "it’s" would leave "it s".

    >>> clean("It's not bad (at all)!")
    "it 's not bad ( at all ) !"
    """
    text = text.lower()
    for pattern, replacement in SPLITS:
        text = pattern.sub(replacement, text)
    return text.strip()


# Ways to cut a text.
TOKENS: dict[str, Callable[[str], list[str]]] = {
    "words": tokenize,  # of any language; punctuation and emoji count
    "reviews": lambda text: clean(text).split(),  # Kim's rules, English
    "characters": lambda text: list(text.lower()),
}


@dataclass(frozen=True)
class Encoder:
    """Tokens to rows of numbers, for words or for characters.

    words: the tokens it knows; ``words[0]`` is padding, ``words[1]`` any other token.
    edge: padding at both ends of every row. As wide as the widest filter, it lets a filter see the first and the last
        word at each of its places, and makes what a model finds independent of how long the other rows are.

    >>> encoder = Encoder.of([["a", "b", "a"]], least=1, edge=1)
    >>> encoder.encode([["b", "c"], ["a"]])
    array([[0, 3, 1, 0],
           [0, 2, 0, 0]], dtype=int32)
    """

    words: tuple[str, ...]
    edge: int = 5
    index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.words[:2] != NAMES or len(set(self.words)) != len(self.words):
            raise ValueError(f"An encoder's words begin with {', '.join(NAMES)} and name no token twice.")
        object.__setattr__(self, "index", {word: number for number, word in enumerate(self.words)})

    @classmethod
    def of(
        cls, sentences: Iterable[Sequence[str]], least: int = 2, most: int | None = None, edge: int = 5
    ) -> "Encoder":
        """The tokens that occur at least ``least`` times, the ``most`` frequent of them; ties in alphabetical order.

        Give it training sentences alone. With least = 1 no training sentence has an unknown word, so a model never
        learns what to do with one.
        """
        counts = Counter(token for sentence in sentences for token in sentence)
        for name in NAMES:
            counts.pop(name, None)
        ranked = sorted(
            (token for token in counts if counts[token] >= least), key=lambda token: (-counts[token], token)
        )
        return cls(NAMES + tuple(ranked[:most]), edge)

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, sentences: Sequence[Sequence[str]], longest: int | None = None) -> np.ndarray:
        """int32 (sentences, longest + 2 edge): each row ``edge`` times padding, the tokens, padding to the end.

        longest: tokens of a row that are kept, the first ones; None: as many as the longest sentence has.
        """
        sentences = [sentence[:longest] for sentence in sentences]
        width = max((len(sentence) for sentence in sentences), default=0) if longest is None else longest
        rows = np.full((len(sentences), width + 2 * self.edge), PAD, np.int32)
        for row, sentence in zip(rows, sentences, strict=True):
            numbers = [self.index.get(token, OTHER) for token in sentence]
            row[self.edge : self.edge + len(numbers)] = numbers
        return rows

    def decode(self, row: Iterable[int]) -> list[str]:
        """The tokens of one row, padding left out."""
        return [self.words[number] for number in row if number != PAD]
