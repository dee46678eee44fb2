"""A run of ``python -m lib.train text-cnn``: a convolutional text classifier from CSV files, or from the film snippets.

``model.npz`` is the epoch with the lowest loss on the dev rows; ``epochs/`` keeps the last five; ``tensorboard/`` holds
the curves. Dev rows are never trained on, and no text is in both parts.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import typer

from lib import datasets
from lib.models.text_classifier import Network, TextClassifier, fingerprints
from lib.models.text_cnn import bucketed, lengths_of
from lib.models.word_vectors import WordVectors, imdb_vectors, read_vectors
from lib.quiet import keras
from lib.quiet import tensorflow as tf
from lib.text.reviews import TOKENS, Encoder
from lib.text.table import read_table
from lib.train.run import MODEL, Run, RunError, read_checkpoint

EPOCHS, TENSORBOARD = "epochs", "tensorboard"
KEPT = 5  # epochs
FEW = 10  # rows of each part, at least


class Rows(NamedTuple):
    texts: list[str]
    labels: list[str]


@dataclass(frozen=True)
class Settings:
    """What fixes the result of a run."""

    train: str
    dev: str
    dev_share: float
    network: Network
    least: int
    most: int | None
    vectors: str
    batch: int
    learning_rate: float
    epochs: int
    patience: int
    seed: int


class TextCNNRun(Run):
    command = "text-cnn"

    def __init__(self, folder: Path, settings: Settings, every: int) -> None:
        super().__init__(folder, settings, every)
        train, dev = load_rows(settings)
        self.labels = sorted(set(train.labels))
        keras.utils.set_random_seed(settings.seed)
        if keras.backend.backend() == "tensorflow":  # threads that add in turns would make a resumed run differ
            tf.config.experimental.enable_op_determinism()
        tokenize = TOKENS[settings.network.tokens]
        edge = max(settings.network.widths)
        encoder = Encoder.of((tokenize(text) for text in train.texts), settings.least, settings.most, edge)
        vectors = load_vectors(settings.vectors)
        self.classifier = TextClassifier.build(
            settings.network,
            self.labels,
            encoder,
            fingerprints([*train.texts, *dev.texts]),
            None if vectors is None else vectors.table(encoder, settings.seed),
            settings.seed,
        )
        self.X, self.dev = self.classifier.encode(train.texts), dev.texts
        self.y, self.dev_y = (np.array([self.labels.index(label) for label in part.labels]) for part in (train, dev))
        self.widths = lengths_of(self.X) + encoder.edge
        data = "\0".join([*encoder.words, *train.texts, *train.labels, *dev.texts, *dev.labels])
        self.fingerprint = hashlib.sha256(data.encode()).hexdigest()
        self.model = self.classifier.model
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile(keras.optimizers.Adam(settings.learning_rate), loss, metrics=["accuracy"], jit_compile=False)
        self.model.optimizer.build(self.model.trainable_variables)
        typer.echo(
            f"{len(train.texts):,} texts to train on, {len(dev.texts):,} to choose by; {len(self.labels)} labels; "
            f"{len(encoder):,} words; {self.model.count_params():,} weights"
        )
        longest = settings.network.longest
        if cut := sum(len(tokenize(text)) > longest for text in train.texts):
            typer.echo(f"Cut after {longest} tokens (--longest): {cut} of the texts to train on.")

    @classmethod
    def resume(cls, folder: Path, epochs: int | None, patience: int | None, every: int) -> "TextCNNRun":
        """The run as its checkpoint left it; ``epochs`` and ``patience`` replace its own."""
        arrays, about = read_checkpoint(folder, cls.command)
        sizes = about["settings"]["network"]
        network = Network(**sizes | {name: tuple(sizes[name]) for name in ("widths", "channels")})
        settings = about["settings"] | {"network": network}
        settings["epochs"] = epochs or settings["epochs"]
        settings["patience"] = patience or settings["patience"]
        run = cls(folder, Settings(**settings), every)
        run.continue_from(arrays, about)
        return run

    def batches(self, rng: np.random.Generator) -> Sequence:
        return bucketed(self.widths, self.settings.batch, rng)

    def step(self, batch: Any, done: float) -> dict[str, float]:
        self.model.reset_metrics()
        loss, accuracy = self.model.train_on_batch(self.X[batch, : self.widths[batch].max()], self.y[batch])
        return {"loss": float(loss) * len(batch), "hits": float(accuracy) * len(batch), "rows": len(batch)}

    def show(self) -> str:
        sums = self.progress.sums
        return f"loss {sums['loss'] / sums['rows']:.3f}, accuracy {sums['hits'] / sums['rows']:.3f}"

    def _variables(self) -> list:
        return [*self.model.variables, *self.model.optimizer.variables]  # the seeds of the dropout among them

    def arrays(self) -> dict[str, np.ndarray]:
        return {str(i): keras.ops.convert_to_numpy(variable) for i, variable in enumerate(self._variables())}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        for i, variable in enumerate(self._variables()):
            variable.assign(arrays[str(i)])

    def finished(self) -> bool:
        losses = [row["dev_loss"] for row in self.progress.log]
        return super().finished() or len(losses) - 1 - int(np.argmin(losses or [0])) >= self.settings.patience

    def finish_epoch(self) -> dict:
        done, sums = self.progress, self.progress.sums
        p = self.classifier.probabilities(self.dev)
        row = {
            "train_loss": round(sums["loss"] / sums["rows"], 5),
            "train_accuracy": round(sums["hits"] / sums["rows"], 5),
            "dev_loss": round(float(-np.log(np.maximum(p[np.arange(len(p)), self.dev_y], 1e-30)).mean()), 5),
            "dev_accuracy": round(float((p.argmax(axis=1) == self.dev_y).mean()), 5),
            "texts_per_second": round(sums["rows"] / done.seconds),
        }
        epoch = done.epoch + 1
        facts = {"settings": asdict(self.settings), "epoch": epoch} | row
        self.classifier.save(self.folder / EPOCHS / f"epoch-{epoch:04}.npz", **facts)
        for old in sorted((self.folder / EPOCHS).glob("epoch-*.npz"))[:-KEPT]:
            old.unlink()
        best = row["dev_loss"] < min((earlier["dev_loss"] for earlier in done.log), default=math.inf)
        if best:
            self.classifier.save(self.folder / MODEL, **facts)
        self._write_curves(epoch, row)
        typer.echo(
            f"epoch {epoch}: accuracy {row['train_accuracy']:.3f} in training (with dropout), "
            f"{row['dev_accuracy']:.3f} on the dev rows, "
            f"loss {row['dev_loss']:.3f}{', the best so far' if best else ''}; {row['texts_per_second']} texts/s"
        )
        return row

    def _write_curves(self, epoch: int, row: dict) -> None:
        for part in ("train", "dev"):
            with tf.summary.create_file_writer(str(self.folder / TENSORBOARD / part)).as_default(epoch):
                for name in ("loss", "accuracy"):
                    tf.summary.scalar(name, row[f"{part}_{name}"])
                if part == "train":
                    for weight in self.model.trainable_variables:
                        tf.summary.histogram(weight.path, keras.ops.convert_to_numpy(weight))


def load_rows(settings: Settings) -> tuple[Rows, Rows]:
    """The rows to train on and those to choose by. Raises RunError if no classifier can come of them."""
    if not settings.train:
        snippets = datasets.movie_snippets()
        names = [("rotten", "fresh")[label] for label in snippets.labels]
        parts = datasets.split_by_group(snippets.films)[:2]
        train, dev = (Rows([snippets.texts[i] for i in part], [names[i] for i in part]) for part in parts)
        return train, dev
    train = read_rows(settings.train)
    if settings.dev:
        dev = read_rows(settings.dev)
        kept = [i for i, seen in enumerate(np.isin(dev.texts, train.texts)) if not seen]
        if len(kept) < len(dev.texts):
            typer.echo(
                f"{settings.dev}: {len(dev.texts) - len(kept)} texts are in the training file, too, and do not count."
            )
        dev = Rows([dev.texts[i] for i in kept], [dev.labels[i] for i in kept])
    else:
        parts = datasets.split_by_group(train.texts, (1 - settings.dev_share, settings.dev_share))
        train, dev = (Rows([train.texts[i] for i in part], [train.labels[i] for i in part]) for part in parts)
    labels = sorted(set(train.labels))
    if len(labels) < 2:
        raise RunError(f"{settings.train} has one label only ({labels[0]}): a classifier needs two or more.")
    if len(labels) > len(train.labels) / 2:
        raise RunError(
            f"{settings.train} has {len(labels):,} different labels in {len(train.labels):,} rows: is the column label "
            "the right one?"
        )
    if strange := sorted(set(dev.labels) - set(labels)):
        raise RunError(f"The dev rows have a label that no training row has: {strange[0]}.")
    if min(len(train.texts), len(dev.texts)) < FEW:
        raise RunError(
            f"{len(train.texts)} texts to train on and {len(dev.texts)} to choose by are too few: take {FEW} of each."
        )
    return train, dev


def read_rows(path: str) -> Rows:
    """Texts and labels of a CSV file; rows without a text or a label are left out, and counted aloud."""
    table = read_table(Path(path), "text", "label")
    rows = Rows([row["text"].strip() for row in table.rows], [row["label"].strip() for row in table.rows])
    whole = [i for i in range(len(rows.texts)) if rows.texts[i] and rows.labels[i]]
    if len(whole) < len(rows.texts):
        typer.echo(f"{path}: {len(rows.texts) - len(whole)} rows without a text or a label are left out.")
    if not whole:
        raise RunError(f"{path} has no row with both a text and a label.")
    return Rows([rows.texts[i] for i in whole], [rows.labels[i] for i in whole])


def load_vectors(name: str) -> WordVectors | None:
    """Those of the course for "imdb", of a file for its path, none for ""."""
    if not name:
        return None
    return imdb_vectors() if name == "imdb" else read_vectors(Path(name))
