"""The command line: a run that is killed goes on to the same result, and every mistake is one sentence."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from lib.messages import CourseError
from lib.models.storage import ModelError, read_npz, write_npz
from lib.predict import app as predict_app
from lib.text.table import TableError, read_table
from lib.train.__main__ import app as train_app

TRAIN = (sys.executable, "-m", "lib.train", "text-cnn")
PREDICT = (sys.executable, "-m", "lib.predict", "text-cnn")
SMALL = ("--embedding", "8", "--filters", "8", "--learning-rate", "0.03", "--epochs", "3")


def rows(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Texts of 3 to 10 words, one of which says the label; some with an emoji."""
    rng = random.Random(seed)
    words = {"pos": ["good", "fine", "lovely"], "neg": ["bad", "dull", "poor"]}
    made = []
    for i in range(count):
        label = ("neg", "pos")[i % 2]
        text = [f"w{rng.randrange(30)}" for _ in range(rng.randint(2, 9))]
        text.insert(rng.randrange(len(text)), rng.choice(words[label]))
        made.append((" ".join(text) + " 😀" * (i % 5 == 0), label))
    return made


def write(path: Path, lines: list, names: tuple = ("text", "label")) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *lines])
    return path


@pytest.fixture(scope="module")
def reviews(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("data") / "reviews.csv", rows(600))


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, env=os.environ | environment
    )


@pytest.fixture(scope="module")
def unbroken(reviews, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "unbroken"
    done = run(*TRAIN, "--train", str(reviews), "--out", str(folder), *SMALL, folder=reviews.parent)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert "epoch 3: accuracy" in done.stdout
    return folder


def said(app, *arguments: object) -> str:
    """What the command says before it gives up: its CourseError."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert isinstance(result.exception, CourseError), (result.exception, result.output)
    return str(result.exception)


def test_a_run_learns_and_leaves_its_files(unbroken):
    log = list(csv.DictReader((unbroken / "log.csv").open()))
    assert [row["epoch"] for row in log] == ["1", "2", "3"]
    assert float(log[-1]["dev_accuracy"]) > 0.9 and float(log[-1]["dev_loss"]) < float(log[0]["dev_loss"])
    assert sorted(path.name for path in (unbroken / "epochs").iterdir()) == [f"epoch-000{i}.npz" for i in (1, 2, 3)]
    for part in ("train", "dev"):
        assert list((unbroken / "tensorboard" / part).glob("events*"))
    best = min(log, key=lambda row: float(row["dev_loss"]))
    assert read_npz(unbroken / "model.npz")[1]["epoch"] == int(best["epoch"])


def test_a_killed_run_resumes_to_the_same_result(reviews, unbroken, tmp_path):
    folder = tmp_path / "killed"
    command = [*TRAIN, "--train", str(reviews), "--out", str(folder), "--every", "1", *SMALL]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.time() + 250
    while time.time() < deadline:  # into the middle of the second epoch
        if (folder / "checkpoint.npz").exists():
            progress = read_npz(folder / "checkpoint.npz")[1]["progress"]
            if progress["epoch"] == 1 and progress["batch"] >= 2:
                break
        assert process.poll() is None, process.stdout.read()
    os.kill(process.pid, signal.SIGKILL) if hasattr(signal, "SIGKILL") else process.kill()
    process.communicate()
    progress = read_npz(folder / "checkpoint.npz")[1]["progress"]
    assert (progress["epoch"], progress["batch"]) < (3, 0), "the run ended before it could be killed"
    done = run(*TRAIN, "--out", str(folder), "--resume", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("checkpoint.npz", "model.npz"):
        whole, resumed = read_npz(unbroken / name)[0], read_npz(folder / name)[0]
        assert whole.keys() == resumed.keys()
        for key, value in whole.items():
            np.testing.assert_array_equal(value, resumed[key], err_msg=f"{name}: {key}")
    logs = [read_npz(one / "checkpoint.npz")[1]["progress"]["log"] for one in (unbroken, folder)]
    for one, other in zip(*logs, strict=True):
        for key in ("train_loss", "train_accuracy", "dev_loss", "dev_accuracy"):
            assert one[key] == other[key]
    assert not list(folder.rglob("*.part")), "no leftovers of half-written files"


def test_five_epochs_are_kept_and_the_best(reviews, unbroken, tmp_path):
    folder = tmp_path / "longer"
    folder.mkdir()
    (folder / "checkpoint.npz").write_bytes((unbroken / "checkpoint.npz").read_bytes())
    done = run(*TRAIN, "--out", str(folder), "--resume", "--epochs", "9", "--patience", "9", folder=tmp_path)
    assert done.returncode == 0 and "epoch 9:" in done.stdout, done.stderr
    assert sorted(path.name for path in (folder / "epochs").iterdir()) == [f"epoch-{i:04}.npz" for i in range(5, 10)]


def test_predictions(reviews, unbroken, tmp_path):
    done = run(*PREDICT, str(unbroken), "--text", "a lovely w3 film", "--text", "dull", "--text", "", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("pos") and lines[1] == "    not known: a, film" and lines[2].startswith("neg")
    assert "nothing to read" in lines[4]
    file = write(tmp_path / "new.csv", [*rows(40, seed=7), *rows(600)[:5], ("b" + " good" * 100_000, "pos")])
    out = tmp_path / "predictions.csv"
    done = run(*PREDICT, str(unbroken / "epochs" / "epoch-0003.npz"), "--file", file, "--out", out, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "on 41 texts. 5 more were used in training and do not count." in done.stdout
    table = read_table(out, "text", "label", "prediction", "probability")
    assert [row["text"] for row in table.rows] == [row["text"] for row in read_table(file, "text").rows]
    assert np.mean([row["label"] == row["prediction"] for row in table.rows]) > 0.9
    assert all(0.5 <= float(row["probability"]) <= 1 for row in table.rows)


def test_mistakes_in_a_file_are_one_sentence(tmp_path):
    out = ("--out", tmp_path / "run")

    def training_on(lines: list, names: tuple = ("text", "label"), *more: object) -> str:
        return said(train_app, "text-cnn", "--train", write(tmp_path / "mine.csv", lines, names), *out, *more)

    assert "no column label, only: text, stars" in training_on(rows(50), ("text", "stars"))
    assert "no column text" in training_on(rows(50), ("review", "label"))
    assert "no rows below" in training_on([])
    assert "one label only (pos)" in training_on([(f"good {i}", "pos") for i in range(50)])
    assert "too few" in training_on(rows(12))
    assert "is the column label the right one" in training_on([(f"good {i}", i) for i in range(50)])
    assert "no row with both" in training_on([("", "pos"), ("good", " ")])
    assert "line 3: 2 fields were expected" in training_on([("good", "pos"), ("bad", "so", "neg")])
    dev = write(tmp_path / "dev.csv", [("what", "mixed"), *rows(20, seed=3)])
    assert "a label that no training row has: mixed" in training_on(rows(50), ("text", "label"), "--dev", dev)
    (tmp_path / "empty.csv").touch()
    assert "is empty" in said(train_app, "text-cnn", "--train", tmp_path / "empty.csv", *out)
    (tmp_path / "latin.csv").write_bytes("text,label\ncafé,pos\n".encode("latin-1"))
    assert "not UTF-8" in said(train_app, "text-cnn", "--train", tmp_path / "latin.csv", *out)
    assert "cannot be read" in said(train_app, "text-cnn", "--train", tmp_path / "nowhere.csv", *out)
    assert not (tmp_path / "run").exists()


def test_mistakes_in_the_settings_are_one_sentence(unbroken, tmp_path):
    out = ("--out", tmp_path / "run")
    assert "holds a run already" in said(train_app, "text-cnn", "--out", unbroken)
    assert "no checkpoint to resume" in said(train_app, "text-cnn", *out, "--resume")
    assert "choose words, reviews, characters" in said(train_app, "text-cnn", *out, "--tokens", "bytes")
    assert "whole numbers" in said(train_app, "text-cnn", *out, "--widths", "3;4")
    assert "choose tuned, static" in said(train_app, "text-cnn", *out, "--channels", "tuned,tuned")
    (tmp_path / "vectors.txt").write_text("good 0.1 0.2\nbad 0.1\n")
    assert "line 2 has 1 numbers" in said(train_app, "text-cnn", *out, "--vectors", tmp_path / "vectors.txt")
    for arguments in (["--dropout", "1"], ["--batch", "0"], ["--dev-share", "0.9"]):
        result = CliRunner().invoke(train_app, ["text-cnn", *map(str, out), *arguments])
        assert result.exit_code == 2 and arguments[0] in result.output
    assert not (tmp_path / "run").exists()


def test_mistakes_in_a_prediction_are_one_sentence(reviews, unbroken, tmp_path):
    text = ("--text", "good")
    assert "There is no" in said(predict_app, "text-cnn", tmp_path / "nothing", *text)
    assert "Say what to read" in said(predict_app, "text-cnn", unbroken)
    assert "go together" in said(predict_app, "text-cnn", unbroken, "--file", reviews)
    assert "exists already" in said(predict_app, "text-cnn", unbroken, "--file", reviews, "--out", reviews)
    empty = write(tmp_path / "empty.csv", [])
    assert "no rows" in said(predict_app, "text-cnn", unbroken, "--file", empty, "--out", tmp_path / "p.csv")
    (tmp_path / "model.npz").write_bytes((unbroken / "model.npz").read_bytes()[:5000])
    assert "damaged" in said(predict_app, "text-cnn", tmp_path, *text)
    write_npz(tmp_path / "other.npz", {"E": np.zeros(3)}, {"shape": 1})
    assert "no text classifier" in said(predict_app, "text-cnn", tmp_path / "other.npz", *text)


def test_weights_of_another_vocabulary_are_refused(unbroken, tmp_path):
    arrays, about = read_npz(unbroken / "model.npz")
    write_npz(tmp_path / "model.npz", arrays, about | {"words": about["words"][:-3]})
    assert "do not belong to its vocabulary of" in said(predict_app, "text-cnn", tmp_path, "--text", "good")
    write_npz(tmp_path / "model.npz", arrays, about | {"labels": ["a", "b", "c"]})
    assert "3 labels" in said(predict_app, "text-cnn", tmp_path, "--text", "good")


def test_a_run_whose_data_has_changed_is_not_resumed(reviews, unbroken, tmp_path):
    folder, before = tmp_path / "changed", reviews.read_bytes()
    folder.mkdir()
    (folder / "checkpoint.npz").write_bytes((unbroken / "checkpoint.npz").read_bytes())
    write(reviews, rows(600, seed=1))
    try:
        done = run(*TRAIN, "--out", str(folder), "--resume", folder=tmp_path)
        assert done.returncode == 1 and "The data has changed since this run began" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        reviews.write_bytes(before)
    arrays, about = read_npz(folder / "checkpoint.npz")
    write_npz(folder / "checkpoint.npz", arrays, about | {"run": "language-model"})
    assert "python -m lib.train language-model" in said(train_app, "text-cnn", "--out", folder, "--resume")


def test_tables(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('\ufefftext,label\n"one, ""two""\nthree",x\n', encoding="utf-8")
    assert read_table(path, "text") == (["text", "label"], [{"text": 'one, "two"\nthree', "label": "x"}])
    before = csv.field_size_limit()
    path.write_text("text,label\n" + "long " * 100_000 + ",x\n")
    assert len(read_table(path, "text").rows[0]["text"]) == 500_000 and csv.field_size_limit() == before
    path.write_text("text,label\nonly one\n")
    with pytest.raises(TableError, match="line 2"):
        read_table(path, "text")


def test_a_damaged_model_is_a_model_error(tmp_path):
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\x03\x04 cut off")
    result = CliRunner().invoke(train_app, ["text-cnn", "--out", str(tmp_path), "--resume"])
    assert isinstance(result.exception, ModelError) and "damaged" in str(result.exception)
