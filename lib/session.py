"""The first and the last call of a lesson: ``setup`` seeds and says what runs, ``headline`` states the result."""

import platform
import random
import sys

import numpy as np

from lib import device
from lib.messages import not_written, notebook_shell, unwritten

HEADLINE_MIME = "application/vnd.course.headline+json"  # how `lib.course results` finds a headline


def setup(seed: int = 0, theme: str = "light") -> None:
    """Seed every random generator in use, choose the figures' theme, and print what runs where.

    seed: any integer from 0 to 2**32 - 1.  theme: "light" or "dark".
    Call it after importing the frameworks that the lesson uses: only those that are loaded are seeded.
    """
    from lib.plotting.style import use_theme

    use_theme(theme)
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    shell = notebook_shell()
    if shell is not None:
        shell.set_custom_exc((NotImplementedError,), _say_not_written)
    python = ".".join(platform.python_version_tuple()[:2])
    print(f"Python {python} · {device.describe()} · seed {seed}")


def _say_not_written(shell, kind, error, traceback, tb_offset=None):
    """Show an exercise that is still to be written as one line: a traceback would look like a fault."""
    checked, name = hasattr(error, "_render_traceback_"), unwritten(error)
    if not checked and not name:
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)  # a library's error
        return []
    message = str(error) if checked else not_written(name)
    shell._showtraceback(kind, kind(message), [message])  # programs that run notebooks read the error, not the line
    return [message]


class Headline:
    """The lesson's result beside the published one; shown as a sentence, stored for RESULTS.md."""

    def __init__(self, metric: str, value: str, published: str, source: str) -> None:
        self.record = {"metric": metric, "value": value, "published": published, "source": source}

    def __repr__(self) -> str:
        return "{metric}: {value} (published: {published}; {source})".format(**self.record)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/plain": repr(self), HEADLINE_MIME: self.record}


def headline(metric: str, value: str, published: str, source: str) -> Headline:
    """State the result of a lesson; make it the last expression of its cell.

    metric: what was measured.  value: our number as text, rounded so that it does not depend on the processor.
    published: the number to compare with, as text.  source: where that number stands.
    """
    return Headline(metric, value, published, source)
