"""Write notebooks so that equal content gives equal bytes, and never half a file."""

import os
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode


def notebook_text(notebook: NotebookNode) -> str:
    """The notebook as nbgrader writes it, byte for byte."""
    return nbformat.writes(notebook, version=4) + "\n"


def write_if_changed(path: Path, text: str) -> bool:
    """Replace ``path`` in one step if its content differs; say whether it did."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return True
