"""``python -m lib.train language-model``: a recurrent language model from a text file, or from the chat messages.

Its ``model.npz`` is the best epoch by validation perplexity, with its vocabulary.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from lib.datasets.text import UNFIT
from lib.models.language_model import LanguageModel, Shape, Trainer, batches
from lib.models.recurrent import KINDS
from lib.text import Corpus, Vocabulary, chat_corpus, detokenize, file_corpus
from lib.train.run import MODEL, Run, RunError, must_be_new, read_checkpoint


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


class LanguageModelRun(Run):
    """samples: sentences to print after each epoch."""

    command = "language-model"

    def __init__(self, folder: Path, settings: Settings, samples: int, every: int) -> None:
        super().__init__(folder, settings, every)
        self.corpus, self.samples = load_corpus(settings.text), samples
        vocabulary = Vocabulary.of(self.corpus.train, settings.vocabulary)
        self.encoded = [vocabulary.encode(sentence) for sentence in self.corpus.train]
        self.fingerprint = hashlib.sha256(b"".join(one.tobytes() for one in self.encoded)).hexdigest()
        self.trainer = Trainer(LanguageModel.init(vocabulary, settings.shape, settings.seed))

    @classmethod
    def resume(cls, folder: Path, epochs: int | None, samples: int, every: int) -> "LanguageModelRun":
        """The run as its checkpoint left it; ``epochs`` replaces its number of epochs."""
        arrays, about = read_checkpoint(folder, cls.command)
        settings = about["settings"] | {"shape": Shape(**about["settings"]["shape"])}
        settings["epochs"] = epochs or settings["epochs"]
        run = cls(folder, Settings(**settings), samples, every)
        run.continue_from(arrays, about)
        return run

    def batches(self, rng: np.random.Generator) -> Sequence:
        return list(batches(self.encoded, self.settings.words, rng))

    def step(self, batch: Any, done: float) -> dict[str, float]:
        words = float(batch.mask.sum())
        return {"loss": self.trainer.step(batch, self._learning_rate(done)) * words, "words": words}

    def show(self) -> str:
        return f"perplexity {self._perplexity():.1f}"

    def arrays(self) -> dict[str, np.ndarray]:
        return self.trainer.arrays()

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        self.trainer.restore(arrays)

    def finish_epoch(self) -> dict:
        done, model = self.progress, self.trainer.update_model()
        valid = model.perplexity(self.corpus.valid)
        row = {
            "learning_rate": round(self._learning_rate(0.0), 8),
            "train_perplexity": round(self._perplexity(), 3),
            "valid_perplexity": round(valid, 3),
            "words_per_second": round(done.sums["words"] / done.seconds),
        }
        if valid < min((earlier["valid_perplexity"] for earlier in done.log), default=math.inf):
            facts = {"settings": asdict(self.settings), "log": [*done.log, {"epoch": done.epoch + 1} | row]}
            model.save(self.folder / MODEL, "float16", **facts)
        typer.echo(
            f"epoch {done.epoch + 1}: perplexity {row['train_perplexity']:.1f} in training, {valid:.1f} in validation; "
            f"{row['words_per_second']} words/s"
        )
        for line in sample_lines(model, self.samples, seed=self.settings.seed + done.epoch + 1):
            typer.echo(f"    {line}")
        return row

    def _perplexity(self) -> float:
        """Of this epoch's training so far."""
        return math.exp(self.progress.sums["loss"] / self.progress.sums["words"])

    def _learning_rate(self, share: float) -> float:
        """Constant for the first half of the training, then down to zero in a straight line.

        share: of this epoch's batches that are done. Long steps find the valley, short ones its floor.
        """
        done = (self.progress.epoch + share) / self.settings.epochs
        return self.settings.learning_rate * min(1.0, 2 * (1 - done))


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
        run = LanguageModelRun.resume(out, epochs, samples, every)
    else:
        if cell not in KINDS:
            raise RunError(f"--cell {cell}: choose rnn, gru or lstm.")
        must_be_new(out)
        shape = Shape(cell, embedding, hidden, layers)
        source = str(text.resolve()) if text else ""
        settings = Settings(source, shape, vocabulary, epochs or 6, learning_rate, words, seed)
        run = LanguageModelRun(out, settings, samples, every)
    run.go()
    typer.echo(f"Done: {out / MODEL}. Try it: python -m lib.generate {out}")
