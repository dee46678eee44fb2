"""The commands of ``python -m lib.train``."""

import sys

import typer

from lib.messages import CourseError
from lib.train.language_model import language_model
from lib.train.text_cnn import text_cnn

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command("language-model")(language_model)
app.command("text-cnn")(text_cnn)


@app.callback()
def commands() -> None:
    """Train a model of the course on data of your own. A run that was stopped goes on with --resume."""


if __name__ == "__main__":
    try:
        app()
    except CourseError as error:
        sys.exit(str(error))
