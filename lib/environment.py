"""Process-wide settings, made once when ``lib`` is first imported and inherited by every kernel it starts.

They must be in place before the libraries that read them load, so each notebook imports ``lib`` first.
A value that the user has set by hand always wins.
"""

import logging
import os
import re
import warnings
from pathlib import Path

from lib import device

DEFAULTS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's start-up log lines would land in the notebook
    "SDL_VIDEODRIVER": "dummy",  # pygame draws Gymnasium frames without a screen and without complaint
    # JAX keeps what it compiled, so that the next kernel starts at once. (PyTensor's own modes do: ~/.pytensor.)
    "JAX_COMPILATION_CACHE_DIR": str(Path.home() / ".cache" / "course-lib" / "jax"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.1",
}

PYTENSOR_DEFAULTS = {
    "blas__ldflags": "",  # pip's PyTensor is linked to no BLAS and says so on stderr at the first C compile
    # A graph that names no mode runs as plain Python: nobody waits for a compiler to see one number. Where speed
    # counts, the lessons name the mode.
    "linker": "py",
}

# What PyTensor's JAX mode says while it translates a correct graph.
HARMLESS = (
    "Skipping Assert",  # JAX knows the shapes, so the test of a shape is left out
    "Explicitly requested dtype (float64|int64)",  # JAX computes in 32 bits unless told otherwise
)

# One thread per process while pytest runs several: BLAS threads that compete for two cores are slower than one.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def configure() -> None:
    """Set every default that the user has not set."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "PYTEST_XDIST_WORKER" in os.environ:
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
    flags = os.environ.get("PYTENSOR_FLAGS", "")
    missing = [f"{name}={value}" for name, value in PYTENSOR_DEFAULTS.items() if not re.search(rf"\b{name}\s*=", flags)]
    if missing:
        os.environ["PYTENSOR_FLAGS"] = ",".join(filter(None, [flags, *missing]))
    for message in HARMLESS:
        warnings.filterwarnings("ignore", message)
    # With no BLAS of its own, C mode calls NumPy's, which is what we want, and warns that it does.
    logging.getLogger("pytensor.tensor.blas").setLevel(logging.ERROR)
    device.configure()
