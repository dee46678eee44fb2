"""``python -m lib.generate RUN``: sentences from a trained language model."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lib.messages import CourseError
from lib.models.language_model import LanguageModel, pretrained_folder
from lib.models.storage import ModelError
from lib.text import tokenize
from lib.train.language_model import sample_lines
from lib.train.run import MODEL

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def generate(
    run: Annotated[str, typer.Argument(help="The folder of a run, or the name of a model in data/pretrained.")],
    prompt: Annotated[str, typer.Option(help="How each sentence begins.")] = "",
    temperature: Annotated[float, typer.Option(min=0.01, help="Below 1 safer, above 1 wilder.")] = 1.0,
    count: Annotated[int, typer.Option(min=1, help="How many sentences.")] = 5,
    max_words: Annotated[int, typer.Option(min=1, help="Where a sentence is cut if it has not ended.")] = 40,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same sentences.")] = 0,
) -> None:
    """Print sentences that a language model makes up."""
    model = LanguageModel.load(find_model(run))
    how = {"prompt": tokenize(prompt), "temperature": temperature, "max_words": max_words}
    for line in sample_lines(model, count, seed, **how):
        typer.echo(line)


def find_model(run: str) -> Path:
    """The model file of a run's folder, or of a pretrained model's name. Raises ModelError if there is neither."""
    for folder in (Path(run), pretrained_folder() / run):
        if (folder / MODEL).is_file():
            return folder / MODEL
    names = sorted(path.parent.name for path in pretrained_folder().glob(f"*/{MODEL}"))
    raise ModelError(f"{run} is neither a run's folder with a {MODEL} nor a pretrained model ({', '.join(names)}).")


if __name__ == "__main__":
    try:
        app()
    except CourseError as error:
        sys.exit(str(error))
