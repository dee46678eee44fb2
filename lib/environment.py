"""Process-wide settings, made once when ``lib`` is first imported and inherited by every kernel it starts.

They must be in place before the libraries that read them load, so each notebook imports ``lib`` first.
A value that the user has set by hand always wins.
"""

import os

from lib import device

DEFAULTS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's start-up log lines would land in the notebook
    "SDL_VIDEODRIVER": "dummy",  # pygame draws Gymnasium frames without a screen and without complaint
}

# One thread per process while pytest runs several: BLAS threads that compete for two cores are slower than one.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def configure() -> None:
    """Set every default that the user has not set."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "PYTEST_XDIST_WORKER" in os.environ:
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
    # pip's PyTensor is linked to no BLAS and says so on stderr at the first C compile; an empty flag is the answer.
    flags = os.environ.get("PYTENSOR_FLAGS", "")
    if "blas__ldflags" not in flags:
        os.environ["PYTENSOR_FLAGS"] = ",".join(filter(None, [flags, "blas__ldflags="]))
    device.configure()
