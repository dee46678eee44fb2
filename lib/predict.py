"""``python -m lib.predict text-cnn RUN``: what a trained classifier says about a text, or about a file of them."""

import csv
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from lib.messages import CourseError
from lib.text.table import Table, read_table
from lib.train.run import MODEL

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class PredictError(CourseError):
    """Nothing can be predicted; the message is one sentence that says what to do."""


@app.callback()
def commands() -> None:
    """Use a model that ``python -m lib.train`` has made."""


@app.command("text-cnn")
def text_cnn(
    run: Annotated[Path, typer.Argument(help="The folder of a run, or a file in its epochs folder.")],
    text: Annotated[list[str] | None, typer.Option(help="A text; may be given several times.")] = None,
    file: Annotated[Path | None, typer.Option(help="A CSV file with the column text.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the file with a prediction on each row.")] = None,
) -> None:
    """Label texts. If the file has a column label, the accuracy is printed, on texts that training has not seen."""
    if bool(text) == bool(file):
        raise PredictError('Say what to read: either --text "…" or --file reviews.csv.')
    if bool(file) != bool(out):
        raise PredictError("--file and --out go together: --file reviews.csv --out predictions.csv.")
    if out and out.exists():
        raise PredictError(f"{out} exists already: choose another --out.")
    table = read_table(file, "text") if file else None

    from lib.models.text_classifier import TextClassifier  # takes seconds: TensorFlow

    classifier, _ = TextClassifier.load(run / MODEL if run.is_dir() or not run.exists() else run)
    texts = [row["text"] for row in table.rows] if table else text
    p = classifier.probabilities(texts)
    best = [classifier.labels[i] for i in p.argmax(axis=1)]
    if table:
        write_predictions(out, table, best, p.max(axis=1))
        typer.echo(f"{len(best):,} texts labelled: {out}")
        if "label" in table.columns:
            typer.echo(accuracy(table, best, classifier.has_seen(texts)))
        return
    for one, label, row in zip(texts, best, p, strict=True):
        typer.echo(f"{label} {row.max():.2f}  {one}")
        if not classifier.tokenize(one):
            typer.echo("    nothing to read: this is what the model says to silence")
        if unknown := classifier.unknown(one):
            typer.echo(f"    not known: {', '.join(unknown)}")


def write_predictions(out: Path, table: Table, labels: list[str], probabilities: np.ndarray) -> None:
    """The table's rows with the columns prediction and probability behind them."""
    try:
        with open(out, "x", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow([*table.columns, "prediction", "probability"])
            for row, label, probability in zip(table.rows, labels, probabilities, strict=True):
                writer.writerow([*row.values(), label, f"{probability:.4f}"])
    except OSError as error:
        raise PredictError(f"{out} cannot be written: {error.strerror or error}.") from error


def accuracy(table: Table, labels: list[str], seen: np.ndarray) -> str:
    """A line on how many predictions were right, among the texts that training has not seen."""
    if seen.all():
        return "All of them were used in training, so their accuracy would say nothing: test with others."
    right = np.array([row["label"].strip() == label for row, label in zip(table.rows, labels, strict=True)])
    line = f"Accuracy {right[~seen].mean():.3f} on {(~seen).sum():,} texts."
    return line + (f" {seen.sum():,} more were used in training and do not count." if seen.any() else "")


if __name__ == "__main__":
    try:
        app()
    except CourseError as error:
        sys.exit(str(error))
