"""``python -m lib.train text-cnn``: a convolutional text classifier from CSV files, or from the film snippets."""

from pathlib import Path
from typing import Annotated

import typer

from lib.text.reviews import TOKENS
from lib.train.run import MODEL, RunError, must_be_new


def text_cnn(
    out: Annotated[Path, typer.Option(help="The run's folder: model, log, checkpoint, curves.")] = Path(
        "runs/text-cnn"
    ),
    train: Annotated[
        Path | None,
        typer.Option(help="A CSV file with the columns text and label. Without it: the film snippets of the course."),
    ] = None,
    dev: Annotated[
        Path | None,
        typer.Option(help="A CSV file to choose the epoch by. Without it: a share of the training file."),
    ] = None,
    dev_share: Annotated[float, typer.Option(min=0.01, max=0.5, help="That share.")] = 0.1,
    tokens: Annotated[
        str,
        typer.Option(help="words (any language, emoji count), reviews (Kim's rules for English) or characters."),
    ] = "words",
    longest: Annotated[int, typer.Option(min=1, help="Tokens of a text that are read, the first ones.")] = 400,
    least: Annotated[int, typer.Option(min=1, help="How often a token must occur in training to be known.")] = 2,
    most: Annotated[int | None, typer.Option(min=1, help="Tokens to know at most; no bound unless told.")] = None,
    vectors: Annotated[
        str,
        typer.Option(help="First word vectors: imdb (made from the IMDB reviews), or a file in GloVe's text format."),
    ] = "",
    channels: Annotated[
        str, typer.Option(help="tuned, static or static,tuned: what becomes of the word vectors in training.")
    ] = "tuned",
    embedding: Annotated[int, typer.Option(min=1, help="Numbers for a word (--vectors bring their own).")] = 128,
    widths: Annotated[str, typer.Option(help="Words that a filter covers, e.g. 3,4,5.")] = "3,4,5",
    filters: Annotated[int, typer.Option(min=1, help="Filters of each width.")] = 128,
    dropout: Annotated[float, typer.Option(min=0.0, max=0.95, help="Share of the features hidden in training.")] = 0.5,
    max_norm: Annotated[
        float | None, typer.Option(min=0.01, help="Bound on the norm of a class's weights (Kim: 3); none unless told.")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Texts in a minibatch.")] = 50,
    learning_rate: Annotated[float, typer.Option(min=1e-8, help="Of Adam.")] = 0.001,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the texts; 10 unless told. With --resume: the new total.")
    ] = None,
    patience: Annotated[
        int | None,
        typer.Option(min=1, help="Epochs without a lower dev loss that end it; 3 unless told."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the first weights, the order and the dropout.")] = 0,
    every: Annotated[int, typer.Option(min=1, help="Batches from one checkpoint to the next.")] = 100,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out, with its settings.")] = False,
) -> None:
    """Train a convolutional text classifier (Kim 2014) and keep the epoch that does best on the dev rows."""
    from lib.train.text_cnn_run import (  # takes seconds: TensorFlow
        TENSORBOARD,
        Network,
        Settings,
        TextCNNRun,
        load_vectors,
    )

    if resume:
        run = TextCNNRun.resume(out, epochs, patience, every)
    else:
        must_be_new(out)
        if tokens not in TOKENS:
            raise RunError(f"--tokens {tokens}: choose {', '.join(TOKENS)}.")
        if set(kinds := channels.split(",")) - {"static", "tuned"} or len(set(kinds)) < len(kinds):
            raise RunError(f"--channels {channels}: choose tuned, static or static,tuned.")
        if not all(width.strip().isdecimal() and 0 < int(width) <= longest for width in widths.split(",")):
            raise RunError(f"--widths {widths}: write whole numbers from 1 on with commas between, like 3,4,5.")
        if found := load_vectors(vectors):
            embedding = found.vectors.shape[1]
        sizes = tuple(int(width) for width in widths.split(","))
        network = Network(embedding, sizes, filters, dropout, max_norm, tuple(kinds), tokens, longest)
        files = (str(path.resolve()) if path else "" for path in (train, dev))
        name = vectors if vectors in ("", "imdb") else str(Path(vectors).resolve())
        settings = Settings(
            *files, dev_share, network, least, most, name, batch, learning_rate, epochs or 10, patience or 3, seed
        )
        run = TextCNNRun(out, settings, every)
    run.go()
    typer.echo(f'Done: {out / MODEL}. Try it: python -m lib.predict text-cnn {out} --text "…"')
    typer.echo(f"Curves: tensorboard --logdir {out / TENSORBOARD}")
