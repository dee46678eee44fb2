"""DEVICE: which flags it sets, on machines with and without a GPU."""

import os
import subprocess
import sys
import types

import pytest

from lib import device

FLAGS = ("DEVICE", "CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS", "PYTENSOR_FLAGS")


@pytest.fixture
def machine(monkeypatch):
    """A machine with no flags set: call with the number of GPUs and the GPU packages."""
    for flag in FLAGS:
        monkeypatch.setenv(flag, "")  # so that monkeypatch restores what the code under test sets
        monkeypatch.delenv(flag)
    for framework in ("tensorflow", "jax", "pytensor"):
        monkeypatch.delitem(sys.modules, framework, raising=False)
    monkeypatch.setattr(device, "_too_late", set())

    def build(gpus: int, packages: tuple[str, ...] = ("jax_cuda12_plugin", "nvidia")):
        monkeypatch.setattr(device, "gpu_count", lambda: gpus)
        monkeypatch.setattr(device, "_installed", lambda names: bool(set(names) & set(packages)))

    return build


def flags() -> dict[str, str]:
    return {flag: os.environ[flag] for flag in FLAGS[1:] if flag in os.environ}


CPU_FLAGS = {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
GPU_FLAGS = {"JAX_PLATFORMS": "cuda,cpu", "PYTENSOR_FLAGS": "mode=JAX"}


@pytest.mark.parametrize(
    ("wish", "gpus", "expected", "expected_flags"),
    [
        ("cpu", 0, "cpu", CPU_FLAGS),
        ("cpu", 1, "cpu", CPU_FLAGS),
        ("gpu", 1, "gpu", GPU_FLAGS),
        (" GPU ", 2, "gpu", GPU_FLAGS),
        ("", 0, "cpu", CPU_FLAGS),
        ("", 1, "gpu", GPU_FLAGS),
    ],
)
def test_each_setting(wish, gpus, expected, expected_flags, machine, monkeypatch):
    machine(gpus)
    monkeypatch.setenv("DEVICE", wish)
    assert device.configure() == expected
    assert flags() == expected_flags
    assert device.configure() == expected  # a second call changes nothing
    assert flags() == expected_flags


def test_cpu_does_not_wake_the_driver(machine, monkeypatch):
    machine(1)
    monkeypatch.setattr(device, "gpu_count", None)
    monkeypatch.setenv("DEVICE", "cpu")
    assert device.configure() == "cpu"


def test_default_is_the_cpu_where_frameworks_cannot_use_the_gpu(machine):
    machine(1, packages=())
    assert device.configure() == "cpu"


def test_gpu_for_tensorflow_alone_leaves_jax_and_pytensor_as_they_are(machine):
    machine(1, packages=("nvidia",))
    assert device.configure() == "gpu"
    assert flags() == {}


def test_what_the_user_set_wins(machine, monkeypatch):
    machine(1)
    mine = {"JAX_PLATFORMS": "cpu", "PYTENSOR_FLAGS": "floatX=float32, mode=NUMBA"}
    for flag, value in mine.items():
        monkeypatch.setenv(flag, value)
    assert device.configure() == "gpu"
    assert flags() == mine
    monkeypatch.setenv("DEVICE", "cpu")
    assert device.configure() == "cpu"
    assert flags() == mine | {"CUDA_VISIBLE_DEVICES": "-1"}


def test_pytensor_flags_are_appended(machine, monkeypatch):
    machine(1)
    monkeypatch.setenv("PYTENSOR_FLAGS", "floatX=float32,linker=mode=x")
    device.configure()
    assert os.environ["PYTENSOR_FLAGS"] == "floatX=float32,linker=mode=x,mode=JAX"


@pytest.mark.parametrize(
    ("wish", "gpus", "packages", "hint"),
    [
        ("tpu", 1, ("nvidia",), "set it to cpu or to gpu"),
        ("gpu", 0, ("nvidia",), "shows no NVIDIA GPU"),
        ("gpu", 1, (), "make setup GPU=1"),
    ],
)
def test_a_wish_that_cannot_be_granted(wish, gpus, packages, hint, machine, monkeypatch):
    machine(gpus, packages)
    monkeypatch.setenv("DEVICE", wish)
    with pytest.raises(device.DeviceError, match=hint) as caught:
        device.configure()
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message
    assert caught.value._render_traceback_() == [message]
    assert flags() == {}


def test_gpu_hidden_by_hand(machine, monkeypatch):
    machine(0)
    monkeypatch.setenv("DEVICE", "gpu")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    with pytest.raises(device.DeviceError, match="CUDA_VISIBLE_DEVICES hides every GPU"):
        device.configure()


def fake(name: str, version: str, **attributes) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__version__ = version
    vars(module).update(attributes)
    return module


def test_frameworks_that_loaded_too_early_are_named(machine, monkeypatch):
    machine(1)
    config = types.SimpleNamespace(mode="Mode")
    monkeypatch.setitem(sys.modules, "pytensor", fake("pytensor", "3.0.7", config=config))
    monkeypatch.setitem(sys.modules, "jax", fake("jax", "0.10.2", default_backend=lambda: "gpu"))
    device.configure()
    line = device.describe()
    assert "GPU (JAX 0.10), CPU (NumPy " in line
    assert line.endswith("PyTensor and JAX loaded too early for DEVICE: restart the kernel and import lib first")


def test_early_frameworks_do_not_matter_where_there_is_no_gpu(machine, monkeypatch):
    machine(0)
    monkeypatch.setitem(sys.modules, "jax", fake("jax", "0.10.2", default_backend=lambda: "cpu"))
    device.configure()
    assert "too early" not in device.describe()


def test_describe_asks_the_frameworks(machine, monkeypatch):
    def tensorflow(*gpus):
        config = types.SimpleNamespace(list_physical_devices=lambda kind: list(gpus))
        return fake("tensorflow", "2.21.0-rc1", config=config)

    machine(1)
    numpy = ".".join(sys.modules["numpy"].__version__.split(".")[:2])
    assert device.describe() == f"device: CPU (NumPy {numpy})"
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow())
    assert device.describe() == f"device: CPU (NumPy {numpy}, TensorFlow 2.21)"
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow("a GPU"))
    config = types.SimpleNamespace(mode="JAX")
    monkeypatch.setitem(sys.modules, "pytensor", fake("pytensor", "3.0.7", config=config))
    monkeypatch.setitem(sys.modules, "jax", fake("jax", "0.10.2", default_backend=lambda: "gpu"))
    assert device.describe() == (f"device: GPU (PyTensor 3.0, TensorFlow 2.21, JAX 0.10), CPU (NumPy {numpy})")


class Driver:
    """libcuda as far as it is asked."""

    def __init__(self, status: int, count: int):
        self.status, self.count = status, count

    def cuInit(self, flags):
        return self.status

    def cuDeviceGetCount(self, pointer):
        pointer._obj.value = self.count
        return 0


@pytest.mark.parametrize(("status", "count", "expected"), [(0, 2, 2), (100, 2, 0), (0, 0, 0)])
def test_gpu_count_asks_the_driver(status, count, expected, monkeypatch):
    monkeypatch.setattr(device.ctypes, "CDLL", lambda name: Driver(status, count))
    assert device.gpu_count() == expected


def test_gpu_count_without_a_driver(monkeypatch):
    def no_library(name):
        raise OSError

    monkeypatch.setattr(device.ctypes, "CDLL", no_library)
    assert device.gpu_count() == 0


def test_real_frameworks_obey_the_cpu_setting():
    """In a fresh process, since frameworks read their flags once."""
    code = (
        "from lib import device; print(device.configure())\n"
        "import numpy, pytensor, os\n"
        "print(device.describe(), pytensor.config.floatX, os.environ['CUDA_VISIBLE_DEVICES'])"
    )
    environment = {key: value for key, value in os.environ.items() if key not in FLAGS}
    environment |= {"DEVICE": "cpu", "PYTENSOR_FLAGS": "floatX=float32"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "cpu"
    assert second.startswith("device: CPU (NumPy ") and second.endswith(" float32 -1")
