"""``python -m lib.train language-model``: a recurrent language model from a text file, or from the chat messages.

A run is a folder: ``model.npz`` (the best epoch by validation perplexity, with its vocabulary), ``log.csv`` (a line an
epoch) and ``checkpoint.npz`` (everything that is needed to go on to the same result as if nothing had happened).
"""

import csv
import hashlib
import io
import math
import time
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from tqdm import tqdm

from lib.datasets.text import UNFIT
from lib.messages import CourseError
from lib.models.language_model import LanguageModel, Shape, Trainer, batches, read_npz, write_npz
from lib.models.recurrent import KINDS
from lib.text import Corpus, Vocabulary, chat_corpus, detokenize, file_corpus

CHECKPOINT, MODEL, LOG = "checkpoint.npz", "model.npz", "log.csv"


class RunError(CourseError):
    """A run cannot be started or resumed; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Settings:
    """What fixes the result of a run."""

    text: str
    shape: Shape
    vocabulary: int
    epochs: int
    learning_rate: float
    words: int
    seed: int


@dataclass
class Progress:
    """Where a run stands.  log: a row per finished epoch.  loss, predicted: sums over this epoch's batches so far."""

    epoch: int = 0
    batch: int = 0
    loss: float = 0.0
    predicted: float = 0.0
    seconds: float = 0.0
    log: tuple[dict, ...] = ()

    @property
    def best(self) -> float:
        return min((row["valid_perplexity"] for row in self.log), default=math.inf)


class Run:
    """A training run in a folder. Killed at any point, it goes on from its checkpoint to the same result."""

    def __init__(self, folder: Path, settings: Settings, samples: int, every: int) -> None:
        self.folder, self.settings, self.samples, self.every = folder, settings, samples, every
        corpus = load_corpus(settings.text)
        self.corpus, self.progress = corpus, Progress()
        vocabulary = Vocabulary.of(corpus.train, settings.vocabulary)
        self.encoded = [vocabulary.encode(sentence) for sentence in corpus.train]
        self.fingerprint = hashlib.sha256(b"".join(one.tobytes() for one in self.encoded)).hexdigest()
        self.trainer = Trainer(LanguageModel.init(vocabulary, settings.shape, settings.seed))

    @classmethod
    def resume(cls, folder: Path, epochs: int | None, samples: int, every: int) -> "Run":
        """The run as its checkpoint left it; ``epochs`` replaces its number of epochs."""
        if not (folder / CHECKPOINT).exists():
            raise RunError(f"{folder} holds no checkpoint to resume: leave --resume out to start a run there.")
        arrays, about = read_npz(folder / CHECKPOINT)
        settings = about["settings"] | {"shape": Shape(**about["settings"]["shape"])}
        settings["epochs"] = epochs or settings["epochs"]
        run = cls(folder, Settings(**settings), samples, every)
        if run.fingerprint != about["fingerprint"]:
            raise RunError(f"{run.settings.text} has changed since this run began: start a new run with --out.")
        run.trainer.restore(arrays)
        run.progress = Progress(**about["progress"] | {"log": tuple(about["progress"]["log"])})
        return run

    def save_checkpoint(self) -> None:
        about = {"settings": asdict(self.settings), "fingerprint": self.fingerprint, "progress": asdict(self.progress)}
        write_npz(self.folder / CHECKPOINT, self.trainer.arrays(), about)

    def go(self) -> None:
        """Train the epochs that are left. Ctrl-C saves a checkpoint first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"--out {self.folder} cannot be made: {error.strerror or error}.") from error
        try:
            while self.progress.epoch < self.settings.epochs:
                self._train_epoch()
                self._finish_epoch()
        except KeyboardInterrupt:
            self.save_checkpoint()
            raise RunError(
                f"Stopped in epoch {self.progress.epoch + 1}; nothing is lost. "
                f"Go on with: python -m lib.train language-model --out {self.folder} --resume"
            ) from None

    def _train_epoch(self) -> None:
        """The batches of this epoch that are not done yet. Their order depends on the seed and the epoch alone."""
        done, settings = self.progress, self.settings
        rng = np.random.default_rng([settings.seed, done.epoch])
        plan = list(islice(batches(self.encoded, settings.words, rng), done.batch, None))
        in_epoch = done.batch + len(plan)
        bar = tqdm(plan, f"epoch {done.epoch + 1}", in_epoch, initial=done.batch, unit=" batches")
        last = time.perf_counter()
        for batch in bar:
            loss = self.trainer.step(batch, self._learning_rate(done.batch / in_epoch))
            if not math.isfinite(loss):
                raise RunError("The loss is no longer a number: start again with a smaller --learning-rate.")
            words, now = float(batch.mask.sum()), time.perf_counter()
            # One assignment: an interruption falls between two batches, never into one.
            self.progress = done = replace(
                done,
                batch=done.batch + 1,
                loss=done.loss + loss * words,
                predicted=done.predicted + words,
                seconds=done.seconds + now - last,
            )
            last = now
            bar.set_postfix_str(f"perplexity {math.exp(done.loss / done.predicted):.1f}", refresh=False)
            if done.batch % self.every == 0:
                self.save_checkpoint()

    def _learning_rate(self, share: float) -> float:
        """Constant for the first half of the training, then down to zero in a straight line.

        share: of this epoch's batches that are done. Long steps find the valley, short ones its floor.
        """
        done = (self.progress.epoch + share) / self.settings.epochs
        return self.settings.learning_rate * min(1.0, 2 * (1 - done))

    def _finish_epoch(self) -> None:
        """Validate, keep the best model and write the log."""
        done, model = self.progress, self.trainer.update_model()
        valid = model.perplexity(self.corpus.valid)
        row = {
            "epoch": done.epoch + 1,
            "learning_rate": round(self._learning_rate(0.0), 8),
            "train_perplexity": round(math.exp(done.loss / done.predicted), 3),
            "valid_perplexity": round(valid, 3),
            "words_per_second": round(done.predicted / done.seconds),
            "seconds": round(done.seconds),
        }
        if valid < done.best:
            facts = {"settings": asdict(self.settings), "log": [*done.log, row]}
            model.save(self.folder / MODEL, "float16", **facts)
        self.progress = Progress(done.epoch + 1, log=(*done.log, row))
        self._write_log()
        self.save_checkpoint()
        typer.echo(
            f"epoch {row['epoch']}: perplexity {row['train_perplexity']:.1f} in training, {valid:.1f} in validation; "
            f"{row['words_per_second']} words/s"
        )
        for line in sample_lines(model, self.samples, seed=self.settings.seed + row["epoch"]):
            typer.echo(f"    {line}")

    def _write_log(self) -> None:
        table = io.StringIO()
        writer = csv.DictWriter(table, self.progress.log[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.progress.log)
        try:
            (self.folder / LOG).write_text(table.getvalue(), encoding="utf-8")
        except OSError as error:
            raise RunError(f"{self.folder / LOG} cannot be written: {error.strerror or error}.") from error


def load_corpus(text: str) -> Corpus:
    """A text file's sentences; the chat messages where ``text`` is empty."""
    return file_corpus(text) if text else chat_corpus()


def sample_lines(model: LanguageModel, count: int, seed: int, **how: object) -> list[str]:
    """Sentences that the model makes up, for people to read; those with unfit words are drawn again."""
    rng, lines = np.random.default_rng(seed), []
    while len(lines) < count:
        line = detokenize(model.generate(rng, **how))
        if line and not UNFIT.search(line.lower()):
            lines.append(line)
    return lines


def language_model(
    out: Annotated[Path, typer.Option(help="The run's folder: model, log and checkpoint.")] = Path(
        "runs/language-model"
    ),
    text: Annotated[
        Path | None, typer.Option(help="A text file of your own, UTF-8. Without it: the chat messages of the course.")
    ] = None,
    cell: Annotated[str, typer.Option(help="rnn, gru or lstm.")] = "gru",
    vocabulary: Annotated[int, typer.Option(min=4, help="Words to know, the three special ones included.")] = 8000,
    embedding: Annotated[int, typer.Option(min=1, help="Numbers that stand for a word.")] = 128,
    hidden: Annotated[int, typer.Option(min=1, help="Units of each layer.")] = 192,
    layers: Annotated[int, typer.Option(min=1, help="Recurrent layers, one on top of the other.")] = 2,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the text; 6 unless told. With --resume: the new total.")
    ] = None,
    learning_rate: Annotated[
        float, typer.Option(min=1e-8, help="Of rmsprop, for the first half of the epochs; it then goes down to zero.")
    ] = 0.002,
    words: Annotated[int, typer.Option(min=64, help="Words in a minibatch, padding included.")] = 1024,
    seed: Annotated[int, typer.Option(min=0, help="Of the first weights and of the order of the sentences.")] = 0,
    samples: Annotated[int, typer.Option(min=0, help="Sentences to make up and print after each epoch.")] = 3,
    every: Annotated[int, typer.Option(min=1, help="Batches from one checkpoint to the next.")] = 200,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out, with its settings.")] = False,
) -> None:
    """Train a recurrent language model, which reads one sentence at a time, and keep the epoch that predicts best."""
    if resume:
        run = Run.resume(out, epochs, samples, every)
    else:
        if cell not in KINDS:
            raise RunError(f"--cell {cell}: choose rnn, gru or lstm.")
        if (out / CHECKPOINT).exists() or (out / MODEL).exists():
            raise RunError(f"{out} holds a run already: add --resume to go on with it, or choose another --out.")
        shape = Shape(cell, embedding, hidden, layers)
        source = str(text.resolve()) if text else ""
        settings = Settings(source, shape, vocabulary, epochs or 6, learning_rate, words, seed)
        run = Run(out, settings, samples, every)
    run.go()
    typer.echo(f"Done: {out / MODEL}. Try it: python -m lib.generate {out}")
