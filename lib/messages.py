"""How the course speaks when something goes wrong: one sentence, no traceback in a notebook."""

import dis
import os
import sys
import tempfile

PYTHON = os.path.dirname(os.__file__)  # where its standard library lies
PACKAGES = ("site-packages", "dist-packages")  # folders of installed packages; the second is Debian's and Colab's


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


def is_foreign(filename: str) -> bool:
    """Whether nothing in this file is the learner's to mend: it is Python's, a package's, or a compiler wrote it.

    (PyTensor writes right into the temporary folder; Jupyter's cells lie in a folder of their own there.)
    """
    generated = os.path.dirname(filename) == tempfile.gettempdir()
    return generated or any(part in filename for part in PACKAGES) or filename.startswith((PYTHON, "<frozen "))


def unwritten(error: BaseException) -> str:
    """The function that is still to be written, whose own ``raise`` this error is; "" if it is another error.

    Libraries raise NotImplementedError, too (TensorFlow does where NumPy meets a symbol).
    """
    if not isinstance(error, NotImplementedError) or error.__traceback__ is None:
        return ""
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    code = last.tb_frame.f_code
    raised_here = dis.opname[code.co_code[last.tb_lasti]] == "RAISE_VARARGS"
    return code.co_name if raised_here and not is_foreign(code.co_filename) else ""


def not_written(name: str) -> str:
    """What to do about a function that is still to be written."""
    return f"… {name}: not written yet. Write it in place of its `raise` line, run its cell, then this one again."
