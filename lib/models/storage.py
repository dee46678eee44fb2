"""Models in files: NumPy arrays beside a JSON description."""

import json
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

from lib.messages import CourseError


class ModelError(CourseError):
    """A model file cannot be used; the message is one sentence that says what to do."""


def write_npz(path: Path, arrays: dict[str, np.ndarray], about: dict) -> None:
    """Arrays and a JSON description in one file. It appears whole or not at all, whatever interrupts the writing."""
    text = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            np.savez_compressed(file, about=text, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(f"{path} cannot be written: {reason}. What was there before is still there.") from error


def read_npz(path: Path) -> tuple[dict[str, np.ndarray], dict]:
    """What ``write_npz`` wrote. Raises ModelError if it is missing or damaged."""
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        return arrays, json.loads(arrays.pop("about").tobytes())
    except FileNotFoundError as error:
        raise ModelError(f"There is no {path}.") from error
    except (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} cannot be read: it is damaged, or something else than a model.") from error
