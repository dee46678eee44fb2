"""Theano 1.0.5 on Python 3.11: put back what it expects of the Python and the NumPy of 2020, then import it.

    from legacy.shim import theano

The C compiler turns every operation into a module once and keeps it in build/legacy/theano; THEANO_FLAGS wins over what
is set here. Four things have gone since 2020; a fifth makes the comparison of speeds fair.
"""

import os
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy

BUILD = Path(__file__).parents[1] / "build" / "legacy"


def _flags() -> str:
    """Where compiled modules go, and a BLAS to link them to."""
    flags = {"base_compiledir": str(BUILD / "theano"), "blas.ldflags": ""}
    # Theano asks NumPy for its BLAS in a way that NumPy no longer understands. pip's SciPy brings an OpenBLAS whose
    # functions bear their usual names; without one, Theano's matrix products are slow loops.
    for library in Path(scipy.__file__).parents[1].glob("scipy.libs/libopenblas*.so"):
        flags["blas.ldflags"] = f"-L{library.parent} -l{library.stem.removeprefix('lib')}"
    return ",".join(f"{name}={value}" for name, value in flags.items())


os.environ["THEANO_FLAGS"] = ",".join(filter(None, [_flags(), os.environ.get("THEANO_FLAGS")]))

# NumPy 1.24 dropped its own names for Python's types.
for name, kind in {"bool": bool, "int": int, "float": float, "complex": complex, "object": object, "str": str}.items():
    if name not in vars(np):
        setattr(np, name, kind)

# Theano came with C code for scan, made by a Cython that looks for a header which Python 3.11 has moved. None makes its
# import fail at once, and scan runs its loop in Python; what is inside the loop is compiled C all the same.
sys.modules["theano.scan_module.scan_perform_ext"] = None

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # distutils and pkg_resources announce their end; Theano needs both
    import pkg_resources  # noqa: F401  (here, for its warning: Theano imports it with the first function)
    import theano
    import theano.tensor  # noqa: F401  (so that theano.tensor is there for whoever imports theano from here)
