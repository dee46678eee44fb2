"""How the course speaks when something goes wrong: one sentence, no traceback in a notebook."""

import sys


class CourseError(Exception):
    """An error whose message says what to do next; notebooks show the message alone."""

    def _render_traceback_(self) -> list[str]:
        """IPython calls this instead of printing a traceback."""
        return [str(self)]


def notebook_shell():
    """The running IPython shell, or None in plain Python."""
    if "IPython" not in sys.modules:
        return None
    return sys.modules["IPython"].get_ipython()


def one_line(text: str, width: int = 300) -> str:
    """Fold white space and cut to ``width`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def not_written(error: NotImplementedError) -> str:
    """Which function is still to be written: the one that raised the error."""
    frame = error.__traceback__
    while frame.tb_next is not None:
        frame = frame.tb_next
    name = frame.tb_frame.f_code.co_name
    return f"… {name}: not written yet. Write it in place of its `raise` line, run its cell, then this one again."
