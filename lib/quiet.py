"""Keras and TensorFlow without what TensorFlow writes on stderr while it loads::

    from lib.quiet import keras
    from lib.quiet import tensorflow as tf

Its C++ core says that oneDNN is in use before it reads TF_CPP_MIN_LOG_LEVEL. TF_ENABLE_ONEDNN_OPTS=0 would end the
message and the speed with it, so the message alone is taken away here. Anything else is passed on, and
so is everything where the user has asked for TensorFlow's messages.
"""

import contextlib
import importlib
import os
import tempfile
from collections.abc import Iterator
from types import ModuleType

HARMLESS = (b"All log messages before absl::InitializeLog()", b"oneDNN custom operations are on")


@contextlib.contextmanager
def without_lines(*harmless: bytes) -> Iterator[None]:
    """Keep back lines with one of these texts from the process's stderr, where C++ code writes past Python."""
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            caught.seek(0)
            for line in caught:
                if not any(text in line for text in harmless):
                    os.write(2, line)


def __getattr__(name: str) -> ModuleType:
    """Import one of the two where it is first asked for: Keras may run on another backend and not need TensorFlow."""
    if name not in ("keras", "tensorflow"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with without_lines(*HARMLESS if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "3" else ()):
        return importlib.import_module(name)
