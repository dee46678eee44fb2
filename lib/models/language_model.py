"""A language model of stacked recurrent layers: trained in PyTensor, used in NumPy.

    scores of the next word = (s V) Eᵀ + c

E (C, D) holds a row for each of the C words and serves twice: it embeds the word that was read, and it scores the word
that may follow (Press and Wolf 2017; Inan et al. 2017), which saves half of the parameters and a lot of perplexity.
V (H, D) leads from the top layer's H units to the D numbers of a word.

A batch is time-major: x and y are int32 (T, B), mask float32 (T, B): 1 where y is to be predicted, 0 in the padding.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.compile.mode import get_mode
from scipy.special import log_softmax

from lib.models.recurrent import Cell, graph_layer, init_layer, numpy_layer
from lib.models.storage import ModelError, read_npz, write_npz
from lib.text import END, START, UNKNOWN, Vocabulary

# A graph for JAX has fixed shapes: sentences are padded to the next of these lengths. Longer ones are cut in training.
LENGTHS = (4, 7, 11, 16, 24, 40, 64)


@dataclass(frozen=True)
class Shape:
    """The choices that fix a model's arrays.  cell: rnn, gru or lstm; the others are numbers of units."""

    cell: Cell = "gru"
    embedding: int = 128
    hidden: int = 192
    layers: int = 2


class Batch(NamedTuple):
    """Sentences side by side, padded to one length.  x, y: int32 (T, B).  mask: float32 (T, B)."""

    x: np.ndarray
    y: np.ndarray
    mask: np.ndarray


class LanguageModel:
    """Parameters, vocabulary and shape; everything that needs no training.

    parameters: E (C, D), V (H, D), c (C,), and U1, W1, b1, U2, … for the layers (see lib.models.recurrent).
    """

    def __init__(self, vocabulary: Vocabulary, shape: Shape, parameters: dict[str, np.ndarray]) -> None:
        self.vocabulary, self.shape, self.parameters = vocabulary, shape, parameters

    @classmethod
    def init(cls, vocabulary: Vocabulary, shape: Shape, seed: int = 0, dtype: str = "float32") -> "LanguageModel":
        """A new model with random weights."""
        rng, (C, D, H) = np.random.default_rng(seed), (len(vocabulary), shape.embedding, shape.hidden)
        parameters = {"E": rng.uniform(-1, 1, (C, D)) / np.sqrt(D), "V": rng.uniform(-1, 1, (H, D)) / np.sqrt(H)}
        parameters = {name: value.astype(dtype) for name, value in parameters.items()} | {"c": np.zeros(C, dtype)}
        for number in range(1, shape.layers + 1):
            layer = init_layer(shape.cell, D if number == 1 else H, H, rng, dtype)
            parameters |= {f"{name}{number}": value for name, value in layer.items()}
        return cls(vocabulary, shape, parameters)

    def layers(self, parameters: dict | None = None) -> list[dict]:
        """U, W and b of each layer, out of ``parameters`` (the model's own, or symbols that stand for them)."""
        source = self.parameters if parameters is None else parameters
        return [{name: source[f"{name}{i}"] for name in "UWb"} for i in range(1, self.shape.layers + 1)]

    def log_probabilities(self, x: np.ndarray, states: list | None = None) -> tuple[np.ndarray, list]:
        """The logarithm of the probability of each next word, (T, B, C), and the layers' states after the last step."""
        s, after = self.parameters["E"][x], []
        for number, layer in enumerate(self.layers()):
            s, state = numpy_layer(self.shape.cell, layer, s, states and states[number])
            after.append(state)
        scores = (s @ self.parameters["V"]) @ self.parameters["E"].T + self.parameters["c"]
        return log_softmax(scores, axis=-1), after

    def perplexity(self, sentences: Iterable[Sequence[str]]) -> float:
        """exp of the mean negative log-probability of a token, END and UNKNOWN counted; sentences are not cut."""
        encoded = sorted((self.vocabulary.encode(sentence) for sentence in sentences), key=len)
        if not encoded:
            raise ValueError("There is no sentence to score.")
        total, words, start = 0.0, 0, 0
        while start < len(encoded):
            size = max(1, 2048 // len(encoded[start]))
            chunk = encoded[start : start + size]
            batch = pad(chunk, max(map(len, chunk)) - 1)
            log_p = self.log_probabilities(batch.x)[0]
            chosen = np.take_along_axis(log_p, batch.y[..., None].astype(np.int64), axis=-1)[..., 0]
            total -= float((chosen * batch.mask).sum(dtype=np.float64))
            words += int(batch.mask.sum())
            start += size
        return math.exp(total / words)

    def generate(
        self,
        rng: np.random.Generator,
        prompt: Sequence[str] = (),
        temperature: float = 1.0,
        max_words: int = 40,
    ) -> list[str]:
        """Tokens of one sentence that begins with ``prompt``, drawn word by word until END or ``max_words``.

        temperature: > 0, else ValueError; below 1 likely words become likelier, above 1 all words become more alike.
        UNKNOWN is never drawn. A word of the prompt that the model does not know is read as UNKNOWN and kept as it is.
        """
        if not temperature > 0:
            raise ValueError(f"temperature must be positive, not {temperature}.")
        log_p, states = self.log_probabilities(self.vocabulary.encode(prompt)[:-1, None])
        tokens = list(prompt)
        while len(tokens) < max_words:
            scores = log_p[-1, 0].astype(np.float64) / temperature
            scores[[START, UNKNOWN]] = -np.inf
            p = np.exp(scores - scores.max())
            word = int(rng.choice(len(p), p=p / p.sum()))
            if word == END:
                break
            tokens.append(self.vocabulary.words[word])
            log_p, states = self.log_probabilities(np.array([[word]]), states)
        return tokens

    def save(self, path: Path, dtype: str = "float32", **facts: object) -> None:
        """Write one .npz: parameters, vocabulary, shape and ``facts`` (how it was made). float16 halves the size."""
        about = {"shape": asdict(self.shape), "words": self.vocabulary.words, **facts}
        arrays = {name: value.astype(dtype) for name, value in self.parameters.items()}
        write_npz(path, arrays, about)

    @classmethod
    def load(cls, path: Path) -> "LanguageModel":
        """Read what ``save`` wrote, as float32. Raises ModelError if the file is missing or is not such a file."""
        arrays, about = read_npz(path)
        try:
            shape, vocabulary = Shape(**about["shape"]), Vocabulary(tuple(about["words"]))
            model = cls(vocabulary, shape, {name: value.astype(np.float32) for name, value in arrays.items()})
            fits = {name: value.shape for name, value in model.parameters.items()}
            wanted = {name: value.shape for name, value in cls.init(vocabulary, shape).parameters.items()}
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path} is not a language model of this course.") from error
        if fits != wanted:
            raise ModelError(f"{path} is damaged: its arrays do not have the sizes that it says.")
        return model


# ---- training ----


def pad(encoded: Sequence[np.ndarray], length: int, rows: int | None = None) -> Batch:
    """Sentences (START … END) as inputs and targets of one length, cut or padded; empty ones fill up to ``rows``."""
    x = np.full((length, rows or len(encoded)), END, np.int32)
    y, mask = x.copy(), np.zeros(x.shape, np.float32)
    for column, sentence in enumerate(encoded):
        n = min(len(sentence) - 1, length)
        x[:n, column], y[:n, column], mask[:n, column] = sentence[:n], sentence[1 : n + 1], 1
    return Batch(x, y, mask)


def batches(encoded: Sequence[np.ndarray], words: int, rng: np.random.Generator) -> Iterator[Batch]:
    """All sentences once, in random order, those of like length together, ``words`` places a batch, padding included.

    Every batch of one length has the same number of rows, so that there are at most len(LENGTHS) different shapes.
    """
    n = np.array([len(sentence) - 1 for sentence in encoded])
    bucket = np.minimum(np.searchsorted(LENGTHS, n), len(LENGTHS) - 1)
    plan = []
    for number, length in enumerate(LENGTHS):
        members, rows = rng.permutation(np.flatnonzero(bucket == number)), max(1, words // length)
        plan += [(members[i : i + rows], length, rows) for i in range(0, len(members), rows)]
    for place in rng.permutation(len(plan)):
        members, length, rows = plan[place]
        yield pad([encoded[i] for i in members], length, rows)


def cross_entropy(
    scores: pt.TensorVariable, y: pt.TensorVariable, weight: pt.TensorVariable
) -> tuple[pt.TensorVariable, pt.TensorVariable]:
    """The weighted sum of -log softmax(scores)[y], and its slope by the scores, weight · (p - onehot(y)), as graphs.

    scores: (N, C).  y: int (N,).  weight: (N,).  With thousands of words, the passes through these N C numbers are half
    of a training step. Written out they are three; pytensor.grad of log_softmax makes more of them.
    """
    shifted = scores - scores.max(axis=1, keepdims=True)
    e = pt.exp(shifted)
    total, w = e.sum(axis=1, keepdims=True), weight[:, None]
    loss = ((pt.log(total[:, 0]) - shifted[pt.arange(y.shape[0]), y]) * weight).sum()
    is_target = pt.eq(y[:, None], pt.arange(scores.shape[1], dtype=y.dtype))
    return loss, e * (w / total) - pt.switch(is_target, w, pt.zeros_like(w))


class Trainer:
    """Trains a LanguageModel by rmsprop. All compiled functions work on the same shared variables.

        m ← 0.9 m + 0.1 g²,   θ ← θ - learning_rate · g / sqrt(m + 1e-6)        (Tieleman and Hinton 2012)

    mode: PyTensor's; JAX compiles a function for each shape of batch, in 3 to 4 seconds.
    """

    DECAY, SMALL = 0.9, 1e-6

    def __init__(self, model: LanguageModel, mode: str = "JAX") -> None:
        self.model, self.mode = model, mode
        self.theta, self.m = {}, {}
        for name, value in model.parameters.items():
            self.theta[name] = pytensor.shared(value, name=name, shape=value.shape)
            self.m[name] = pytensor.shared(np.zeros_like(value), shape=value.shape)
        self._steps: dict[tuple[int, ...], Callable] = {}

    def loss_and_gradients(
        self, x: pt.TensorVariable, y: pt.TensorVariable, mask: pt.TensorVariable
    ) -> tuple[pt.TensorVariable, list[pt.TensorVariable]]:
        """The mean negative log-probability of the words to predict and its slopes by all of theta, as graphs."""
        s, H = self.theta["E"][x], self.model.shape.hidden
        for layer in self.model.layers(self.theta):
            s = graph_layer(self.model.shape.cell, layer, s, H)
        T, B = x.type.shape
        scores = (s.reshape((T * B, H)) @ self.theta["V"]) @ self.theta["E"].T + self.theta["c"]
        mask = mask.reshape((T * B,)).astype(scores.dtype)
        weight = mask / mask.sum()
        loss, slope = cross_entropy(scores, y.reshape((T * B,)), weight)
        return loss, pytensor.grad(None, list(self.theta.values()), known_grads={scores: slope})

    def step(self, batch: Batch, learning_rate: float) -> float:
        """One step of rmsprop; returns the loss before it."""
        shape = batch.x.shape
        if shape not in self._steps:
            self._steps[shape] = self._compile(shape)
        return float(self._steps[shape](*batch, np.float32(learning_rate)))

    @pytensor.config.change_flags(floatX="float32")
    def _compile(self, shape: tuple[int, ...]) -> Callable:
        x, y = (pt.tensor(name, shape=shape, dtype="int32") for name in "xy")
        mask = pt.tensor("mask", shape=shape, dtype="float32")
        learning_rate = pt.scalar("learning_rate", dtype="float32")
        loss, gradients = self.loss_and_gradients(x, y, mask)
        updates = []
        for name, g in zip(self.theta, gradients, strict=True):
            m = np.float32(self.DECAY) * self.m[name] + np.float32(1 - self.DECAY) * g**2
            updates += [(self.m[name], m)]
            updates += [(self.theta[name], self.theta[name] - learning_rate * g / pt.sqrt(m + np.float32(self.SMALL)))]
        # These two would put PyTensor's softmax and log-sum-exp back in place of cross_entropy's three passes.
        mode = get_mode(self.mode).excluding("symbolic_op_recognition", "local_log_sum_exp")
        return pytensor.function([x, y, mask, learning_rate], loss, updates=updates, mode=mode)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that training changes, by name: the parameters, and rmsprop's averages as m.E, m.V, …"""
        values = {name: np.array(variable.get_value()) for name, variable in self.theta.items()}
        return values | {f"m.{name}": np.array(variable.get_value()) for name, variable in self.m.items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Set everything that ``arrays`` gave."""
        for name, variable in self.theta.items():
            variable.set_value(arrays[name])
            self.m[name].set_value(arrays[f"m.{name}"])

    def update_model(self) -> LanguageModel:
        """The model with the parameters reached so far."""
        self.model.parameters = {name: value for name, value in self.arrays().items() if not name.startswith("m.")}
        return self.model


# ---- files ----


def pretrained_folder() -> Path:
    """Where the models that come with the course lie: ``data/pretrained`` in a checkout of the repository."""
    return Path(__file__).resolve().parents[2] / "data" / "pretrained"
