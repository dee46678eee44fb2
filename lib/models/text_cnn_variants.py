"""What pretrained vectors, a second channel and max-norm add to the text CNN: single runs, and the table of all runs.

The table comes with the course; ``make bench ARGS=text_cnn_variants`` adds the runs that are missing in it.
"""

import csv
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from lib.models.snippets import Part
from lib.models.text_cnn import Batches, text_cnn
from lib.quiet import keras

VARIANTS: Mapping[str, Mapping] = {
    "rand": {},
    "static": {"channels": ("static",)},
    "tuned": {"channels": ("tuned",)},
    "both": {"channels": ("static", "tuned")},
    "max-norm 3": {"max_norm": 3.0},
    "max-norm 1": {"max_norm": 1.0},
}
PRETRAINED = ("static", "tuned", "both")  # they begin with a table of vectors, the others with random numbers
SEEDS = range(5)
BATCH, EPOCHS, PATIENCE = 50, 8, 2
TABLE = Path(__file__).resolve().parents[2] / "data" / "pretrained" / "text-cnn-variants.csv"


@dataclass(frozen=True)
class Run:
    """A training, and what the model of its best epoch (lowest dev loss) does on the dev films.

    norm: the largest Euclidean norm of a class's output weights after any epoch.
    right: how many sentences about each dev film were classified rightly, films in alphabetical order.
    """

    variant: str
    seed: int
    epoch: int
    loss: float
    accuracy: float
    norm: float
    seconds: float
    right: tuple[int, ...]


def build(variant: str, table: np.ndarray, seed: int) -> keras.Model:
    """The compiled network of a variant.  table: float32 (words, embedding), to begin with in those of PRETRAINED."""
    keras.utils.set_random_seed(seed)
    vectors = table if variant in PRETRAINED else None
    model = text_cnn(len(table), 2, table.shape[1], vectors=vectors, seed=seed, **VARIANTS[variant])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
    return model


class Norms(keras.callbacks.Callback):
    """Adds ``norm`` to the log: the largest Euclidean norm of a class's output weights."""

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        kernel = keras.ops.convert_to_numpy(self.model.get_layer("scores").kernel)
        logs["norm"] = float(np.linalg.norm(kernel, axis=0).max())


def train(model: keras.Model, training: Part, dev: Part, seed: int, epochs: int = EPOCHS) -> dict[str, list[float]]:
    """Train until the dev loss has not fallen for PATIENCE epochs, and go back to the best epoch.

    Returns a value per epoch: loss and accuracy in training, val_loss and val_accuracy on dev, norm (see ``Norms``).
    """
    stop = keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE, restore_best_weights=True)
    batches, known = Batches(training.X, training.y, BATCH, seed), (dev.X, dev.y)
    options = {"validation_data": known, "validation_batch_size": 256, "verbose": 0}
    return model.fit(batches, epochs=epochs, callbacks=[Norms(), stop], **options).history


def classified_rightly(model: keras.Model, part: Part) -> np.ndarray:
    """bool (sentences,)."""
    parts = [model(part.X[i : i + 256], training=False) for i in range(0, len(part.X), 256)]
    return np.concatenate([keras.ops.convert_to_numpy(scores).argmax(axis=1) for scores in parts]) == part.y


def run(variant: str, seed: int, table: np.ndarray, training: Part, dev: Part) -> Run:
    """Train a variant from one seed and measure it."""
    start = time.perf_counter()
    model = build(variant, table, seed)
    log = train(model, training, dev, seed)
    right = classified_rightly(model, dev)
    films, number = np.unique(dev.films, return_inverse=True)
    best = int(np.argmin(log["val_loss"]))
    return Run(
        variant,
        seed,
        best + 1,
        round(log["val_loss"][best], 4),
        round(float(right.mean()), 4),
        round(max(log["norm"]), 3),
        round(time.perf_counter() - start, 1),
        tuple(np.bincount(number, right, len(films)).astype(int).tolist()),
    )


def read_runs(path: Path = TABLE) -> list[Run]:
    """The runs of a table, none if there is no table."""
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Run(
                row["variant"],
                int(row["seed"]),
                int(row["epoch"]),
                *(float(row[name]) for name in ("loss", "accuracy", "norm", "seconds")),
                tuple(int(count) for count in row["right"].split()),
            )
            for row in csv.DictReader(file)
        ]


def add_run(run: Run, path: Path = TABLE) -> None:
    """Write one run behind those of a table."""
    new = not path.exists()
    with open(path, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Run)], lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(asdict(run) | {"right": " ".join(map(str, run.right))})


def accuracies(runs: list[Run]) -> dict[str, np.ndarray]:
    """float64 (seeds,) of each variant, in the order of VARIANTS and of the seeds."""
    ordered = sorted(runs, key=lambda one: one.seed)
    return {name: np.array([one.accuracy for one in ordered if one.variant == name]) for name in VARIANTS}
