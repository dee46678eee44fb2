"""pyproject.toml chooses the versions; three pin files and environment.yml repeat them. Those of legacy/ are its own.

Held together without a network.
"""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE, EXTRAS = PROJECT["dependencies"], PROJECT["optional-dependencies"]

LOCK, GPU, LEARNER = "requirements/lock.txt", "requirements/gpu.txt", "requirements.txt"
ASKED_OF_LEGACY, LEGACY = "legacy/requirements.in", "legacy/requirements.txt"
PROMISES = {
    LOCK: CORE + EXTRAS["cpu"] + EXTRAS["dev"],
    GPU: CORE + EXTRAS["gpu"] + EXTRAS["dev"],
    LEARNER: CORE + EXTRAS["cpu"],
}
MACHINES = {
    f"{platform}-{machine}-{python}": {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": platform,
        "platform_machine": machine,
        "os_name": "nt" if platform == "win32" else "posix",
        "implementation_name": "cpython",
    }
    for python in ("3.11", "3.12", "3.13")
    for platform, machine in (
        ("linux", "x86_64"),
        ("linux", "aarch64"),
        ("darwin", "arm64"),
        ("win32", "AMD64"),
    )
}
every_machine = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())


def entries(name: str) -> list[str]:
    """The entries of a pin file, each with its hashes on one line."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and line[0] not in "#-"]


def pins(name: str, machine: dict[str, str]) -> dict[str, str]:
    """Package -> the version that a machine gets."""
    found = {}
    for line in entries(name):
        entry = Requirement(line.split(" --hash=")[0])
        if entry.marker is None or entry.marker.evaluate(machine):
            (pin,) = entry.specifier
            package = canonicalize_name(entry.name)
            assert pin.operator == "==", f"{name} leaves {entry} open"
            assert package not in found, f"{name} pins {package} twice"
            found[package] = pin.version
    return found


@every_machine
@pytest.mark.parametrize("name", PROMISES)
def test_pins_keep_what_pyproject_asks_for(name, machine):
    pinned = pins(name, machine)
    for need in map(Requirement, PROMISES[name]):
        if need.marker is None or need.marker.evaluate(machine):
            package = canonicalize_name(need.name)
            assert package in pinned, f"{name} lacks {need}: run make lock"
            assert need.specifier.contains(pinned[package]), f"{need}, not {pinned[package]}"


@every_machine
@pytest.mark.parametrize("name", [GPU, LEARNER])
def test_pin_files_agree_with_the_lock(name, machine):
    lock, other = pins(LOCK, machine), pins(name, machine)
    shared = lock.keys() & other.keys()
    assert len(shared) > 100
    assert {package: other[package] for package in shared} == {p: lock[p] for p in shared}
    if name == LEARNER:
        assert other.keys() <= lock.keys()


@every_machine
def test_one_build_of_tensorflow(machine):
    for name in PROMISES:
        builds = pins(name, machine).keys() & {"tensorflow", "tensorflow-cpu"}
        assert len(builds) == (0 if name == GPU and machine["sys_platform"] != "linux" else 1)


def test_learners_get_no_tools_of_ours():
    tools = {canonicalize_name(Requirement(line).name) for line in EXTRAS["dev"]}
    tools -= {"nbclient", "psutil", "websocket-client"}  # JupyterLab needs them too
    listed = {canonicalize_name(Requirement(line).name) for line in entries(LEARNER)}
    assert listed & tools == set()


def test_requirements_install_the_course_itself():
    lines = (ROOT / LEARNER).read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "-e ."
    assert "--hash" not in "".join(lines)  # pip takes no editable package among hashes


def test_conda_environment_reads_requirements():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, by_pip = environment["dependencies"]
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python="))
    assert (pip, by_pip) == ("pip", {"pip": [f"-r {LEARNER}"]})


def test_packages_of_the_time_are_what_legacy_asks_for():
    pinned = pins(LEGACY, MACHINES["linux-x86_64-3.11"])
    needs = [Requirement(line.split("#")[0]) for line in entries(ASKED_OF_LEGACY)]
    assert {"theano", "gym", "numpy"} <= {need.name for need in needs}
    for need in needs:
        assert need.specifier.contains(pinned[need.name]), f"{need}, not {pinned[need.name]}: run make lock"


@pytest.mark.parametrize("name", [LOCK, GPU, LEGACY])
def test_every_locked_package_has_a_hash(name):
    bare = [line for line in entries(name) if not re.search(r"--hash=sha256:[0-9a-f]{64}", line)]
    assert bare == []


@pytest.mark.parametrize("name", [*PROMISES, ASKED_OF_LEGACY, LEGACY, "pyproject.toml", "environment.yml"])
def test_no_index_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*|--\S*(?:index|find-links|host)\S*", text) == []


def test_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
