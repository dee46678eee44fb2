"""The loaders: shapes, ranges, splits, and what they leave out."""

import bz2
import csv
import errno
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import requests
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
def in_mirror(tmp_path, monkeypatch):
    """Put a small file in the real one's format into a mirror: ``in_mirror(name, {member: text or bytes})``."""
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "cache"))

    def put(name, members):
        entry = datasets.REGISTRY[name]
        with zipfile.ZipFile(tmp_path / entry.file, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        sha256 = hashlib.sha256((tmp_path / entry.file).read_bytes()).hexdigest()
        monkeypatch.setitem(datasets.REGISTRY, entry.name, replace(entry, sha256=sha256))
        return entry

    return put


def table(*rows):
    """Rows as the text of a CSV file."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


@pytest.fixture
def small_chat(in_mirror):
    """Three conversations in the real file's format, in a mirror."""

    def turn(*texts):
        return [{"text": text, "sender": "secret-id", "timestamp": "2018"} for text in texts]

    chats = {
        "a": {"messages": [turn(" Hello ", "How are you?"), turn("fine", "   "), turn("wtf")]},
        "b": {"messages": [turn("call (801) 555-0100"), turn("write to me@byu.edu")]},
        "c": {"messages": [turn("see http://x.y"), turn("I am @home", "Awwww. In Provo, at 5 p.m.")]},
    }
    in_mirror("chat_messages", {datasets.REGISTRY["chat_messages"].member: json.dumps(chats)})


def test_chat_messages_leave_out_the_unfit_and_the_private(small_chat):
    chat = datasets.chat_messages()
    assert chat.texts == ["Hello", "How are you?", "fine", "Awwww. In Provo, at 5 p.m."]
    assert chat.conversations.tolist() == [0, 0, 0, 2]
    assert chat.turns.tolist() == [0, 0, 1, 1]
    assert chat.conversations.dtype == chat.turns.dtype == np.int64
    assert "secret-id" not in repr(chat)


def test_movie_snippets_leave_out_plots_and_sentences_that_came_before(in_mirror):
    rows = table(
        ["category", "text", "movie_name", "has_plot_and_reviews"],
        ["fresh", " A cliché, but\na good one. ", "a", "True"],
        ["plot", "A man meets a cliché.", "a", "True"],
        ["rotten", "It's bad, bad, bad.", "b", "True"],
        ["fresh", "a cliché ... but a GOOD one", "b", "True"],
        ["rotten", "One more", "the_crime_of_padre_amaro", "True"],
    )
    in_mirror("movie_snippets", {datasets.REGISTRY["movie_snippets"].member: bz2.compress(rows.encode())})
    snippets = datasets.movie_snippets()
    assert snippets.texts == ["A cliché, but\na good one.", "It's bad, bad, bad.", "One more"]
    assert snippets.labels.tolist() == [1, 0, 0] and snippets.labels.dtype == np.int64
    assert snippets.films == ["a", "b", "el_crimen_del_padre_amaro"]


def test_mr_polarity_keeps_a_sentence_that_occurs_twice_in_one_fold(in_mirror):
    negative = [f"dull scene number {i} ." for i in range(40)] + ["an old clich\xe9 \n"]
    positive = [f"lively scene number {i} , " for i in range(38)] + ["dull scene number 3 !"]
    member = datasets.REGISTRY["mr_polarity"].member
    texts = {
        f"{member}.neg": "\n".join(map(str.rstrip, negative)).encode("latin-1"),
        f"{member}.pos": "\n".join(positive).encode("latin-1"),
    }
    in_mirror("mr_polarity", texts)
    polarity = datasets.mr_polarity()
    assert polarity.texts == [text.strip() for text in negative + positive]
    assert polarity.labels.tolist() == [0] * 41 + [1] * 39
    assert polarity.labels.dtype == polarity.folds.dtype == np.int64
    assert polarity.folds[3] == polarity.folds[-1]
    assert set(np.bincount(np.delete(polarity.folds, -1), minlength=10)) <= {7, 8}
    np.testing.assert_array_equal(polarity.folds, datasets.mr_polarity().folds)


def test_imdb_reviews_are_those_of_imdb_without_line_breaks(in_mirror):
    rows = table(
        ["text", "label", "source"],
        ['One.<br /><br />Two, "three".', "1", "imdb"],
        ["a sentence .", "0", "rotten_tomatoes"],
        ["Four\nfive", "0", "imdb"],
    )
    in_mirror("imdb_reviews", {datasets.REGISTRY["imdb_reviews"].member: rows})
    reviews = datasets.imdb_reviews()
    assert reviews.texts == ['One.  Two, "three".', "Four\nfive"]
    assert reviews.labels.tolist() == [1, 0] and reviews.labels.dtype == np.int64


def test_newsgroups_begin_behind_the_header(in_mirror):
    member, header = datasets.REGISTRY["newsgroups"].member, "category\ttext\ndiscrete\tstring\nclass\tmeta\n"
    parts = {
        member.format(part="train"): header + "sci.space\tre orbit the moon \nrec.autos\twheels\n",
        member.format(part="test"): header + "sci.med\tdoctor\n\n",
    }
    in_mirror("newsgroups", parts)
    train, test = datasets.newsgroups()
    assert train == (["re orbit the moon", "wheels"], ["sci.space", "rec.autos"])
    assert test.texts == ["doctor"] and test.groups == ["sci.med"]


def test_glove_has_the_words_that_were_asked_for(in_mirror):
    member = datasets.REGISTRY["glove"].member
    line = " ".join(["0.5"] * 48)
    text = f"the -0.25 1 {line}\n\u0085 1 1 {line}\nfilm 2 3e-1 {line}\n. . 1 {line}\n"
    in_mirror("glove", {member.format(dimensions=50): text, member.format(dimensions=100): "film 1\n"})
    vectors = datasets.glove(["film", "unheard", "the"], dimensions=50)
    assert set(vectors) == {"film", "the"}
    assert vectors["film"].shape == (50,) and vectors["film"].dtype == np.float32
    np.testing.assert_allclose(vectors["film"][:3], [2, 0.3, 0.5])
    assert vectors["the"][0] == -0.25


def test_glove_knows_four_sizes():
    with pytest.raises(ValueError, match="50, 100, 200 or 300"):
        datasets.glove(["film"], dimensions=128)


def test_tiny_shakespeare_is_the_text_of_the_file(tmp_path, monkeypatch):
    entry = datasets.REGISTRY["tiny_shakespeare"]
    sha256 = hashlib.sha256(b"First Citizen:\n").hexdigest()
    monkeypatch.setitem(datasets.REGISTRY, entry.name, replace(entry, sha256=sha256))
    (tmp_path / entry.file).write_bytes(b"First Citizen:\n")
    monkeypatch.setenv("DATA_MIRROR", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "cache"))
    assert datasets.tiny_shakespeare() == "First Citizen:\n"


def really(loader, tmp_path, monkeypatch):
    """What the loader returns from its real source; the test is skipped where that does not answer."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("DATA_MIRROR", raising=False)
    try:
        return loader()
    except datasets.DatasetError as error:
        unreachable = isinstance(error.__cause__, requests.ConnectionError)
        if not unreachable and error.__cause__.errno != errno.ENETUNREACH:
            raise
        pytest.skip(f"its source does not answer: {error}")


@pytest.mark.network
def test_real_chat_messages(tmp_path, monkeypatch):
    chat = really(datasets.chat_messages, tmp_path, monkeypatch)
    assert len(chat.texts) == len(chat.conversations) == len(chat.turns) == 257_898
    assert len(np.unique(chat.conversations)) == 7_167
    assert np.all(np.diff(chat.conversations) >= 0)
    assert not any(UNFIT.search(text.lower()) or PRIVATE.search(text.lower()) for text in chat.texts)


@pytest.mark.network
def test_real_movie_snippets(tmp_path, monkeypatch):
    snippets = really(datasets.movie_snippets, tmp_path, monkeypatch)
    assert len(snippets.texts) == len(snippets.labels) == len(snippets.films) == 12_749
    assert snippets.labels.sum() == 7_367 and len(set(snippets.films)) == 507
    assert len({re.sub(r"\W+", " ", text.lower()).strip() for text in snippets.texts}) == 12_749
    parts = datasets.split_by_group(snippets.films)
    assert [len(part) for part in parts] == [10_184, 1_411, 1_154]
    assert [round(float(snippets.labels[part].mean()), 3) for part in parts] == [0.569, 0.637, 0.581]


@pytest.mark.network
def test_real_mr_polarity(tmp_path, monkeypatch):
    polarity = really(datasets.mr_polarity, tmp_path, monkeypatch)
    assert len(polarity.texts) == 10_662 and polarity.labels.sum() == 5_331
    sizes = np.bincount(polarity.folds)
    assert len(sizes) == 10 and np.ptp(sizes) <= 6
    assert all(text == text.strip().lower() for text in polarity.texts)


@pytest.mark.network
def test_real_imdb_reviews(tmp_path, monkeypatch):
    reviews = really(datasets.imdb_reviews, tmp_path, monkeypatch)
    assert len(reviews.texts) == 25_000 and reviews.labels.sum() == 12_500
    assert len(set(reviews.texts)) == 24_904
    assert not any("<br" in text for text in reviews.texts)


@pytest.mark.network
def test_real_newsgroups(tmp_path, monkeypatch):
    train, test = really(datasets.newsgroups, tmp_path, monkeypatch)
    assert [len(part.texts) for part in (train, test)] == [11_293, 7_528]
    assert len(set(train.groups)) == 20 and set(test.groups) == set(train.groups)
    assert all(len(part.groups) == len(part.texts) and all(part.texts) for part in (train, test))


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
