"""The command line: a run that is killed goes on to the same result, and every mistake is one sentence."""

import csv
import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from lib.models.language_model import LanguageModel
from lib.models.storage import ModelError, read_npz, write_npz

TRAIN = (sys.executable, "-m", "lib.train", "language-model")
SMALL = ("--vocabulary", "50", "--embedding", "8", "--hidden", "16", "--words", "64", "--samples", "1")


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> Path:
    """1,000 sentences of three words and a full stop: one length, so one function to compile."""
    rng = np.random.default_rng(0)
    words = [f"word{i}" for i in range(40)]
    path = tmp_path_factory.mktemp("text") / "mine.txt"
    path.write_text("".join(" ".join(rng.choice(words, 2)) + ".\n" for _ in range(1000)), encoding="utf-8")
    return path


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, env=os.environ | environment
    )


@pytest.fixture(scope="module")
def unbroken(text, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "unbroken"
    done = run(*TRAIN, "--text", str(text), "--out", str(folder), "--epochs", "3", *SMALL, folder=text.parent)
    assert done.returncode == 0, done.stderr
    assert "epoch 3: perplexity" in done.stdout and "Traceback" not in done.stderr
    return folder


def test_a_run_learns_and_leaves_model_log_and_checkpoint(unbroken):
    rows = list(csv.DictReader((unbroken / "log.csv").open()))
    perplexities = [float(row["valid_perplexity"]) for row in rows]
    assert [row["epoch"] for row in rows] == ["1", "2", "3"] and perplexities[-1] < perplexities[0] < 50
    model = LanguageModel.load(unbroken / "model.npz")
    assert model.shape.hidden == 16 and "word7" in model.vocabulary.index


def test_a_killed_run_resumes_to_the_same_result(text, unbroken, tmp_path):
    folder = tmp_path / "killed"
    command = [*TRAIN, "--text", str(text), "--out", str(folder), "--epochs", "3", "--every", "1", *SMALL]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.time() + 250
    while time.time() < deadline:  # into the middle of the second epoch
        if (folder / "checkpoint.npz").exists():
            progress = read_npz(folder / "checkpoint.npz")[1]["progress"]
            if progress["epoch"] >= 1 and progress["batch"] >= 2:
                break
        assert process.poll() is None, process.stdout.read()
    os.kill(process.pid, signal.SIGKILL) if hasattr(signal, "SIGKILL") else process.kill()
    process.communicate()
    about = read_npz(folder / "checkpoint.npz")[1]["progress"]
    assert about["epoch"] < 3, "the run ended before it could be killed"
    done = run(*TRAIN, "--out", str(folder), "--resume", "--every", "1000", "--samples", "0", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    whole, resumed = (read_npz(one / "checkpoint.npz") for one in (unbroken, folder))
    for name, value in whole[0].items():
        np.testing.assert_array_equal(value, resumed[0][name], err_msg=name)
    different = ("seconds", "words_per_second")
    for one, other in zip(whole[1]["progress"]["log"], resumed[1]["progress"]["log"], strict=True):
        assert {k: v for k, v in one.items() if k not in different} == {
            k: v for k, v in other.items() if k not in different
        }
    assert not list(folder.glob("*.part")), "no leftovers of half-written files"


def test_more_epochs_can_be_added(unbroken, tmp_path):
    folder = tmp_path / "longer"
    folder.mkdir()
    (folder / "checkpoint.npz").write_bytes((unbroken / "checkpoint.npz").read_bytes())
    done = run(*TRAIN, "--out", str(folder), "--resume", "--epochs", "4", "--samples", "0", folder=tmp_path)
    assert done.returncode == 0 and "epoch 4:" in done.stdout, done.stderr


def one_sentence(done: subprocess.CompletedProcess, *words: str) -> None:
    assert done.returncode != 0 and "Traceback" not in done.stderr, done.stderr
    said = " ".join(done.stderr.split())
    assert all(word in said for word in words), said


def test_each_mistake_is_one_sentence(text, unbroken, tmp_path):
    out = str(tmp_path / "new")
    one_sentence(run(*TRAIN, "--out", str(unbroken), folder=tmp_path), "holds a run already", "--resume")
    one_sentence(run(*TRAIN, "--out", out, "--resume", folder=tmp_path), "no checkpoint to resume")
    one_sentence(run(*TRAIN, "--out", out, "--cell", "cnn", folder=tmp_path), "choose rnn, gru or lstm")
    one_sentence(run(*TRAIN, "--out", out, "--text", "nowhere.txt", folder=tmp_path), "nowhere.txt cannot be read")
    one_sentence(run(*TRAIN, "--out", out, "--hidden", "0", folder=tmp_path), "hidden")
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    under = ("--out", str(tmp_path / "file" / "run"), "--text", str(text), *SMALL)
    one_sentence(run(*TRAIN, *under, folder=tmp_path), "cannot be made")


def test_a_run_whose_text_has_changed_is_not_resumed(text, unbroken, tmp_path):
    folder, before = tmp_path / "changed", text.read_text()
    folder.mkdir()
    (folder / "checkpoint.npz").write_bytes((unbroken / "checkpoint.npz").read_bytes())
    text.write_text(before + "One more sentence.\n" * 200)
    try:
        one_sentence(run(*TRAIN, "--out", str(folder), "--resume", folder=tmp_path), "has changed since this run began")
    finally:
        text.write_text(before)


def test_a_full_disk_is_named_and_what_was_there_stays(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    write_npz(path, {"a": np.ones(3)}, {"fact": 1})

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelError, match="No space left on device"):
        write_npz(path, {"a": np.zeros(3)}, {"fact": 2})
    arrays, about = read_npz(path)
    assert about == {"fact": 1} and arrays["a"].tolist() == [1, 1, 1]


def test_a_damaged_checkpoint_is_named(tmp_path):
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\x03\x04 cut off")
    one_sentence(run(*TRAIN, "--out", str(tmp_path), "--resume", folder=tmp_path), "checkpoint.npz", "damaged")


def test_ctrl_c_saves_and_says_how_to_go_on(text, tmp_path):
    # A child of a background job may inherit an ignored SIGINT; Python then never raises KeyboardInterrupt.
    code = "import signal, runpy, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "sys.argv[0] = 'lib.train'; runpy.run_module('lib.train', run_name='__main__')"
    folder = tmp_path / "stopped"
    command = [sys.executable, "-c", code, "language-model", "--text", str(text), "--out", str(folder)]
    process = subprocess.Popen(
        [*command, "--epochs", "1000", "--every", "1", *SMALL],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.time() + 250
    while not (folder / "checkpoint.npz").exists() and time.time() < deadline:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1 and "nothing is lost" in errors and "--resume" in errors
    assert "Traceback" not in errors
    assert read_npz(folder / "checkpoint.npz")[1]["progress"]["epoch"] >= 0


def test_generate_begins_with_the_prompt_and_repeats_itself_with_the_same_seed(unbroken, tmp_path):
    command = (sys.executable, "-m", "lib.generate", str(unbroken), "--prompt", "word3", "--count", "4", "--seed", "1")
    first, second = run(*command, folder=tmp_path), run(*command, folder=tmp_path)
    lines = first.stdout.splitlines()
    assert first.returncode == 0 and len(lines) == 4 and all(line.startswith("Word3") for line in lines), first.stderr
    assert first.stdout == second.stdout
    wild = run(*command, "--temperature", "5", folder=tmp_path)
    assert wild.stdout != first.stdout


def test_generate_names_what_it_cannot_find(tmp_path):
    generate = (sys.executable, "-m", "lib.generate")
    one_sentence(run(*generate, "nothing", folder=tmp_path), "neither a run's folder", "chat-gru")
    one_sentence(run(*generate, "chat-gru", "--temperature", "0", folder=tmp_path), "temperature")
