"""A trained text CNN with all that it needs to read a text: one file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.special import softmax

from lib.models.storage import ModelError, read_npz, write_npz
from lib.models.text_cnn import text_cnn
from lib.quiet import keras
from lib.text.reviews import TOKENS, Encoder

KIND = "text-cnn"


@dataclass(frozen=True)
class Network:
    """The sizes of a text CNN; see ``text_cnn``.  tokens: a key of TOKENS.  longest: tokens of a text that are read."""

    embedding: int
    widths: tuple[int, ...]
    filters: int
    dropout: float
    max_norm: float | None
    channels: tuple[str, ...]
    tokens: str
    longest: int


class TextClassifier:
    """labels: the classes, in the order of the scores.  seen: ``fingerprints`` of the texts it was made from."""

    def __init__(
        self, network: Network, labels: Sequence[str], encoder: Encoder, model: keras.Model, seen: np.ndarray
    ) -> None:
        self.network, self.labels, self.encoder = network, tuple(labels), encoder
        self.model, self.seen = model, seen

    @classmethod
    def build(
        cls,
        network: Network,
        labels: Sequence[str],
        encoder: Encoder,
        seen: np.ndarray,
        vectors: np.ndarray | None = None,
        seed: int = 0,
    ) -> "TextClassifier":
        """With random weights, or with ``vectors`` for its words."""
        sizes = asdict(network)
        del sizes["tokens"], sizes["longest"]
        model = text_cnn(len(encoder), len(labels), **sizes, vectors=vectors, seed=seed)
        return cls(network, labels, encoder, model, seen)

    def tokenize(self, text: str) -> list[str]:
        return TOKENS[self.network.tokens](text)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """int32 (texts, tokens of the longest, padded)."""
        tokens = [self.tokenize(text)[: self.network.longest] for text in texts]
        return self.encoder.encode(tokens)

    def probabilities(self, texts: Sequence[str], batch: int = 256) -> np.ndarray:
        """float64 (texts, labels); rows sum to 1. Texts of about one length are read together."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        scores = np.empty((len(texts), len(self.labels)))
        for start in range(0, len(texts), batch):
            rows = order[start : start + batch]
            X = self.encode([texts[row] for row in rows])
            scores[rows] = keras.ops.convert_to_numpy(self.model(X, training=False))
        return softmax(scores, axis=1)

    def has_seen(self, texts: Sequence[str]) -> np.ndarray:
        """bool (texts,): which of them it was trained on or chosen by, so that they cannot test it."""
        return np.isin(np.array([fingerprint(text) for text in texts], np.uint64), self.seen)

    def unknown(self, text: str) -> list[str]:
        """The tokens of a text that the model does not know, each once, in order."""
        return [token for token in dict.fromkeys(self.tokenize(text)) if token not in self.encoder.index]

    def save(self, path: Path, **facts: object) -> None:
        """One file, written whole or not at all.  facts: what to remember beside the model (JSON)."""
        about = {
            "kind": KIND,
            "network": asdict(self.network),
            "labels": self.labels,
            "words": self.encoder.words,
            "edge": self.encoder.edge,
        }
        arrays = {variable.path: keras.ops.convert_to_numpy(variable) for variable in self.model.weights}
        arrays["seen"] = self.seen
        write_npz(path, arrays, about | facts)

    @classmethod
    def load(cls, path: Path) -> tuple["TextClassifier", dict]:
        """A model and its facts. Raises ModelError if the file is missing, damaged, of another kind, or if its words
        and its weights do not belong together.
        """
        arrays, about = read_npz(path)
        if about.get("kind") != KIND:
            raise ModelError(f"{path} is no text classifier: it was made by another command.")
        sizes = about["network"] | {name: tuple(about["network"][name]) for name in ("widths", "channels")}
        encoder = Encoder(tuple(about["words"]), about["edge"])
        found = cls.build(Network(**sizes), about["labels"], encoder, arrays["seen"])
        for variable in found.model.weights:
            value = arrays.get(variable.path)
            if value is None or value.shape != tuple(variable.shape):
                raise ModelError(
                    f"{path} holds weights that do not belong to its vocabulary of {len(encoder):,} words and its "
                    f"{len(found.labels)} labels ({variable.path}): use the model.npz that its training wrote."
                )
            variable.assign(value)
        return found, about


def fingerprint(text: str) -> int:
    """A number that two texts share only if they are the same, but for white space at the ends (64 bits)."""
    return int.from_bytes(hashlib.blake2b(text.strip().encode(), digest_size=8).digest())


def fingerprints(texts: Iterable[str]) -> np.ndarray:
    """Those of some texts: uint64, ascending, each once."""
    return np.unique(np.fromiter((fingerprint(text) for text in texts), np.uint64))
