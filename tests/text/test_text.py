"""Tokens, vocabularies and corpora."""

import numpy as np
import pytest

from lib import datasets
from lib.text import END, START, UNKNOWN, Vocabulary, chat_corpus, detokenize, file_corpus, split_sentences, tokenize
from lib.text.corpus import CorpusError


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Hi!", ["hi", "!"]),
        ("I don't know...", ["i", "don't", "know", ".", ".", "."]),
        ("it’s 3.50 $", ["it's", "3", ".", "50", "$"]),
        ("good :) 👍", ["good", ":", ")", "👍"]),
        ("  Ünïcode\tspaces\n", ["ünïcode", "spaces"]),
        ("rock 'n' roll", ["rock", "'", "n", "'", "roll"]),
    ],
)
def test_tokenize(text, tokens):
    assert tokenize(text) == tokens


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (["i", "don't", "know", ".", "you", "?"], "I don't know. You?"),
        (["hello", "(", "yes", ")", "!"], "Hello (yes)!"),
        (["well", ",", "i'm", "$", "5", "short"], "Well, I'm $5 short"),
        ([], ""),
    ],
)
def test_detokenize(tokens, line):
    assert detokenize(tokens) == line


def test_a_line_for_people_has_the_same_tokens():
    for text in datasets.chat_messages().texts[:2000]:
        tokens = tokenize(text)
        if not {"'", '"', "-", "/", "_", "&", "*"} & set(tokens):
            assert tokenize(detokenize(tokens)) == tokens, text


def test_split_sentences():
    assert split_sentences("One. Two?  Three!\nFour 3.5 five\n\n") == ["One.", "Two?", "Three!", "Four 3.5 five"]


def test_the_vocabulary_holds_the_most_frequent_words_and_breaks_ties_by_the_alphabet():
    vocabulary = Vocabulary.of([["b", "a", "c"], ["c", "b"], ["d"]], size=6)
    assert vocabulary.words == ("<START>", "<END>", "<UNKNOWN>", "b", "c", "a") and len(vocabulary) == 6
    numbers = vocabulary.encode(["a", "d", "b"])
    assert numbers.dtype == np.int32 and numbers.tolist() == [START, 5, UNKNOWN, 3, END]
    assert vocabulary.decode(numbers) == ["a", "<UNKNOWN>", "b"]


def test_a_word_that_looks_special_gets_no_second_number():
    assert Vocabulary.of([["<END>", "<END>", "a"]], size=9).words == ("<START>", "<END>", "<UNKNOWN>", "a")


def test_a_vocabulary_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="at least 4"):
        Vocabulary.of([["a"]], size=3)
    with pytest.raises(ValueError, match="begins with <START>"):
        Vocabulary(("a", "b"))
    with pytest.raises(ValueError, match="no word twice"):
        Vocabulary(("<START>", "<END>", "<UNKNOWN>", "a", "a"))


def test_chat_corpus_keeps_conversations_whole_and_leaves_hammering_out():
    corpus = chat_corpus()
    assert [len(part) for part in corpus] == [207_056, 22_666, 26_975]
    assert not any(len(tokens) >= 4 and len(set(tokens)) == 1 for part in corpus for tokens in part)
    coverage = Vocabulary.of(corpus.train, 8000)
    unknown = np.mean([token not in coverage.index for tokens in corpus.valid for token in tokens])
    assert 0.02 < unknown < 0.03


def test_file_corpus_splits_by_blocks(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("".join(f"Sentence number {i}. " for i in range(400)), encoding="utf-8")
    corpus = file_corpus(path)
    assert [len(part) for part in corpus] == [320, 40, 40]
    assert [tokens[2] for tokens in corpus.valid[:20]] == [str(i) for i in range(160, 180)]
    together = {tuple(tokens) for part in corpus for tokens in part}
    assert len(together) == 400


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"", "has 0 sentences"),
        (b"One. Two.", "has 2 sentences"),
        (b"\xff\xfe\x00\xd8", "not UTF-8"),
    ],
)
def test_file_corpus_says_what_is_wrong(tmp_path, content, message):
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        file_corpus(path)
