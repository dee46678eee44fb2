"""A training run in a folder, whatever it trains: checkpoints, resuming, the log.

``checkpoint.npz`` holds everything that is needed to go on to the same result as if nothing had happened,
``model.npz`` the best epoch, ``log.csv`` a line an epoch.
"""

import csv
import io
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from tqdm import tqdm

from lib.messages import CourseError
from lib.models.storage import read_npz, write_npz

CHECKPOINT, MODEL, LOG = "checkpoint.npz", "model.npz", "log.csv"


class RunError(CourseError):
    """A run cannot be started or resumed; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    sums: over this epoch's batches so far, "loss" among them.  log: a row per finished epoch.
    """

    epoch: int = 0
    batch: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    log: tuple[dict, ...] = ()


class Run(ABC):
    """Killed at any point, a run goes on from its checkpoint to the same result.

    settings: a dataclass with ``epochs`` and ``seed``, all that fixes the result.  every: batches between checkpoints.
    """

    command: ClassVar[str]  # its name in ``python -m lib.train``
    settings: Any
    fingerprint: str  # of the data; a run goes on with the same data only

    def __init__(self, folder: Path, settings: Any, every: int) -> None:
        self.folder, self.settings, self.every, self.progress = folder, settings, every, Progress()

    @abstractmethod
    def batches(self, rng: np.random.Generator) -> Sequence:
        """The minibatches of an epoch, which depend on ``rng`` alone."""

    @abstractmethod
    def step(self, batch: Any, done: float) -> dict[str, float]:
        """One training step; what it adds to the epoch's sums.  done: share of this epoch's batches before it."""

    @abstractmethod
    def show(self) -> str:
        """The progress bar's last words, from the sums."""

    @abstractmethod
    def finish_epoch(self) -> dict:
        """Validate, keep the model if it is the best so far, and return the epoch's row of the log."""

    @abstractmethod
    def arrays(self) -> dict[str, np.ndarray]:
        """All that training changes."""

    @abstractmethod
    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Go back to what ``arrays`` returned."""

    def finished(self) -> bool:
        return self.progress.epoch >= self.settings.epochs

    def save_checkpoint(self) -> None:
        facts = {"run": self.command, "settings": asdict(self.settings), "fingerprint": self.fingerprint}
        write_npz(self.folder / CHECKPOINT, self.arrays(), facts | {"progress": asdict(self.progress)})

    def continue_from(self, arrays: dict[str, np.ndarray], about: dict) -> None:
        """Take the place where a checkpoint's run was. Raises RunError if the data is not the same any more."""
        if self.fingerprint != about["fingerprint"]:
            raise RunError("The data has changed since this run began: start a new run with --out.")
        self.restore(arrays)
        self.progress = Progress(**about["progress"] | {"log": tuple(about["progress"]["log"])})

    def go(self) -> None:
        """Train the epochs that are left. Ctrl-C saves a checkpoint first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"--out {self.folder} cannot be made: {error.strerror or error}.") from error
        try:
            while not self.finished():
                self._train_epoch()
                row = {"epoch": self.progress.epoch + 1} | self.finish_epoch()
                row["seconds"] = round(self.progress.seconds)
                self.progress = Progress(self.progress.epoch + 1, log=(*self.progress.log, row))
                self._write_log()
                self.save_checkpoint()
        except KeyboardInterrupt:
            self.save_checkpoint()
            raise RunError(
                f"Stopped in epoch {self.progress.epoch + 1}; nothing is lost. "
                f"Go on with: python -m lib.train {self.command} --out {self.folder} --resume"
            ) from None

    def _train_epoch(self) -> None:
        """The batches of this epoch that are not done yet. Their order depends on the seed and the epoch alone."""
        done = self.progress
        plan = self.batches(np.random.default_rng([self.settings.seed, done.epoch]))
        bar = tqdm(
            islice(plan, done.batch, None), f"epoch {done.epoch + 1}", len(plan), initial=done.batch, unit=" batches"
        )
        last = time.perf_counter()
        for batch in bar:
            added = self.step(batch, done.batch / len(plan))
            if not math.isfinite(added["loss"]):
                raise RunError("The loss is no longer a number: start again with a smaller --learning-rate.")
            now = time.perf_counter()
            # One assignment: an interruption falls between two batches, never into one.
            self.progress = done = replace(
                done,
                batch=done.batch + 1,
                sums={name: done.sums.get(name, 0.0) + value for name, value in added.items()},
                seconds=done.seconds + now - last,
            )
            last = now
            bar.set_postfix_str(self.show(), refresh=False)
            if done.batch % self.every == 0:
                self.save_checkpoint()

    def _write_log(self) -> None:
        table = io.StringIO()
        writer = csv.DictWriter(table, self.progress.log[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.progress.log)
        try:
            (self.folder / LOG).write_text(table.getvalue(), encoding="utf-8")
        except OSError as error:
            raise RunError(f"{self.folder / LOG} cannot be written: {error.strerror or error}.") from error


def must_be_new(folder: Path) -> None:
    """Raises RunError if a folder holds a run."""
    if (folder / CHECKPOINT).exists() or (folder / MODEL).exists():
        raise RunError(f"{folder} holds a run already: add --resume to go on with it, or choose another --out.")


def read_checkpoint(folder: Path, command: str) -> tuple[dict[str, np.ndarray], dict]:
    """The arrays and the description of a run's checkpoint. Raises RunError, ModelError if there is none to use."""
    if not (folder / CHECKPOINT).exists():
        raise RunError(f"{folder} holds no checkpoint to resume: leave --resume out to start a run there.")
    arrays, about = read_npz(folder / CHECKPOINT)
    if about.get("run") != command:
        raise RunError(
            f"{folder} holds a run of {about.get('run')}: resume it with python -m lib.train {about.get('run')}."
        )
    return arrays, about
