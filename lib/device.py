"""CPU or GPU: one setting, ``DEVICE``, for every framework of the course.

NumPy always computes on the CPU. TensorFlow, JAX and PyTensor (through JAX) read environment
variables once, while they load, so ``configure`` must run before them. It never changes a setting
that is already there: what you set by hand wins.
"""

import ctypes
import importlib
import importlib.util
import os
import re
import sys

from lib.messages import CourseError

NAMES = {"numpy": "NumPy", "pytensor": "PyTensor", "tensorflow": "TensorFlow", "jax": "JAX"}
READERS = {
    "CUDA_VISIBLE_DEVICES": ("tensorflow", "jax"),
    "JAX_PLATFORMS": ("jax",),
    "PYTENSOR_FLAGS": ("pytensor",),
}
# A framework that can use a GPU brings one of these packages along.
JAX_GPU_PACKAGES = ("jax_cuda12_plugin", "jax_cuda13_plugin")
GPU_PACKAGES = (*JAX_GPU_PACKAGES, "nvidia")

_too_late: set[str] = set()  # frameworks that were loaded before their flags were set


class DeviceError(CourseError):
    """``DEVICE`` cannot be honoured; the message is one sentence that says what to do."""


def configure() -> str:
    """Set the frameworks' flags according to ``DEVICE`` and return "cpu" or "gpu".

    ``DEVICE`` is cpu, gpu, or not set: then a GPU if there is one and a framework for it.
    Raises DeviceError if it is anything else, or gpu where none can be used. Calling it again
    changes nothing. A framework that was loaded before misses the flags; ``describe`` says so.
    """
    wish = os.environ.get("DEVICE", "").strip().lower()
    if wish not in ("", "cpu", "gpu"):
        raise DeviceError(f"DEVICE is {wish!r}: set it to cpu or to gpu, or unset it.")
    # The driver reads CUDA_VISIBLE_DEVICES when it is first asked, so ask only if it matters.
    obstacle = "" if wish == "cpu" else _gpu_obstacle()
    if wish == "gpu" and obstacle:
        raise DeviceError(f"DEVICE is gpu, but {obstacle}, or set DEVICE=cpu.")
    device = "cpu" if wish == "cpu" or obstacle else "gpu"

    flags = _missing_flags(device)
    os.environ.update(flags)
    if wish or device == "gpu":  # without a GPU the CPU is in use, flags or not
        readers = {name for flag in flags for name in READERS[flag]}
        _too_late.update(readers & set(sys.modules))
    return device


def describe() -> str:
    """One line on what runs where, for what is loaded so far: ``device: CPU (NumPy 2.4)``."""
    loaded = [name for name in NAMES if name in sys.modules]
    on_gpu = [name for name in loaded if _uses_gpu(name)]
    on_cpu = [name for name in loaded if name not in on_gpu]
    places = [
        f"{place} ({', '.join(_name_and_version(name) for name in names)})"
        for place, names in (("GPU", on_gpu), ("CPU", on_cpu))
        if names
    ]
    line = f"device: {', '.join(places) or 'no framework loaded yet'}"
    if _too_late:
        names = " and ".join(NAMES[name] for name in NAMES if name in _too_late)
        line += f"; {names} loaded too early for DEVICE: restart the kernel and import lib first"
    return line


def gpu_count() -> int:
    """How many NVIDIA GPUs the driver shows to this process; 0 without a driver."""
    for library in ("libcuda.so.1", "nvcuda.dll"):
        try:
            driver = ctypes.CDLL(library)
        except OSError:
            continue
        count = ctypes.c_int(0)
        if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0:
            return count.value
    return 0


def _gpu_obstacle() -> str:
    """Why no GPU can be used and what to do about it, or ""."""
    if not _installed(GPU_PACKAGES):
        return "the installed frameworks are CPU builds: install the CUDA builds with make setup GPU=1"
    if gpu_count() > 0:
        return ""
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        return "CUDA_VISIBLE_DEVICES hides every GPU: unset it and restart the kernel"
    return "this computer shows no NVIDIA GPU: install its driver"


def _installed(packages: tuple[str, ...]) -> bool:
    return any(importlib.util.find_spec(package) for package in packages)


def _missing_flags(device: str) -> dict[str, str]:
    """The environment variables that a device needs and the user has not set."""
    if device == "cpu":
        flags = {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    elif _installed(JAX_GPU_PACKAGES):
        flags = {"JAX_PLATFORMS": "cuda,cpu"}  # JAX runs Python callbacks on the CPU
    else:
        return {}
    missing = {flag: value for flag, value in flags.items() if flag not in os.environ}
    pytensor = os.environ.get("PYTENSOR_FLAGS", "")  # one variable with many settings
    if device == "gpu" and not re.search(r"(^|,)\s*mode\s*=", pytensor):
        missing["PYTENSOR_FLAGS"] = ",".join(filter(None, [pytensor, "mode=JAX"]))
    return missing


def _uses_gpu(name: str) -> bool:
    """Ask a loaded framework itself."""
    framework = sys.modules[name]
    if name == "tensorflow":
        return bool(framework.config.list_physical_devices("GPU"))
    if name == "pytensor":
        if framework.config.mode != "JAX":
            return False
        importlib.import_module("jax")  # PyTensor does so too, but only when it first compiles
        return _uses_gpu("jax")
    return name == "jax" and framework.default_backend() != "cpu"


def _name_and_version(name: str) -> str:
    major, minor, *_ = sys.modules[name].__version__.split(".")
    return f"{NAMES[name]} {major}.{minor}"
