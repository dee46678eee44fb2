"""Kim's rules for review sentences, and tokens as rows of numbers."""

import re

import numpy as np
import pytest

from lib import datasets
from lib.text.reviews import NAMES, OTHER, PAD, Encoder, clean


def kim(text):
    """The rules as Kim published them, one after the other, without the backslashes of their replacements."""
    text = re.sub(r"[^A-Za-z0-9(),!?'`]", " ", text)
    for ending in ("'s", "'ve", "n't", "'re", "'d", "'ll"):
        text = text.replace(ending, " " + ending)
    for mark in (",", "!", "(", ")", "?"):
        text = text.replace(mark, f" {mark} ")
    return re.sub(r"\s{2,}", " ", text).strip().lower()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        (" ... \n -- ", ""),
        ("It's not bad (at all)!", "it 's not bad ( at all ) !"),
        ("I've said they'd, we'll, you're", "i 've said they 'd , we 'll , you 're"),
        ("CAN'T WON'T", "ca n't wo n't"),
        ("It’s an ‘event’", "it 's an 'event'"),
        ("why?!(because)", "why ? ! ( because )"),
        ("3.5 stars -- a well-made film; really: 100%", "3 5 stars a well made film really 100"),
        ("a clichéd\tplot\x85", "a clich d plot"),
        ("'drama' and rock'n'roll", "'drama' and rock'n'roll"),
        ("`quoted' \\(", "`quoted' ("),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


def test_clean_follows_kim_on_the_sentences_of_his_paper():
    """All but those where his rules cut an apostrophe inside a word that is no ending, such as o'donoghue."""
    texts = real(datasets.mr_polarity).texts
    different = [text for text in texts if clean(text) != kim(text)]
    assert len(different) < 0.005 * len(texts)
    assert all(clean(text).replace(" ", "") == kim(text).replace(" ", "") for text in different)


def test_clean_real_snippets():
    cleaned = [clean(text) for text in datasets.movie_snippets().texts]
    assert set("".join(cleaned)) <= set("abcdefghijklmnopqrstuvwxyz0123456789(),!?'` ")  # no stray backslash
    assert [clean(text) for text in cleaned] == cleaned
    assert not any("  " in text or text != text.strip() for text in cleaned)
    assert all(cleaned)


def real(loader):
    """What a loader returns; the test is skipped where its file cannot be had."""
    try:
        return loader()
    except datasets.DatasetError as error:
        pytest.skip(str(error))


@pytest.fixture
def encoder():
    return Encoder.of([["b", "a", "c"], ["c", "b", "c"], ["a", "rare"]], edge=2)


def test_the_most_frequent_come_first_and_ties_follow_the_alphabet(encoder):
    assert encoder.words == (*NAMES, "c", "a", "b") and len(encoder) == 5
    assert (encoder.words[PAD], encoder.words[OTHER]) == NAMES
    assert encoder.index["c"] == 2


def test_least_and_most():
    sentences = [["b", "a", "c"], ["c", "b", "c"], ["a", "rare"]]
    assert Encoder.of(sentences, least=1).words[2:] == ("c", "a", "b", "rare")
    assert Encoder.of(sentences, least=3).words[2:] == ("c",)
    assert Encoder.of(sentences, least=1, most=2).words[2:] == ("c", "a")
    assert Encoder.of(iter(sentences), most=99).words[2:] == ("c", "a", "b")
    assert Encoder.of([]).words == NAMES


def test_it_knows_its_training_data_alone(encoder):
    before = encoder.words
    rows = encoder.encode([["new", "a"], ["b", "new"]])
    assert encoder.words == before
    assert rows.tolist() == [[0, 0, OTHER, 3, 0, 0], [0, 0, 4, OTHER, 0, 0]]


def test_rows_are_padded_to_the_longest(encoder):
    rows = encoder.encode([["c", "a", "b"], [], ["a"]])
    assert rows.dtype == np.int32
    assert rows.tolist() == [[0, 0, 2, 3, 4, 0, 0], [0] * 7, [0, 0, 3, 0, 0, 0, 0]]


def test_longest_keeps_the_first_tokens_and_fixes_the_width(encoder):
    assert encoder.encode([["c", "a", "b"], ["a"]], longest=2).tolist() == [[0, 0, 2, 3, 0, 0], [0, 0, 3, 0, 0, 0]]
    assert encoder.encode([["a"]], longest=4).shape == (1, 8)
    assert encoder.encode([["a"]], longest=0).tolist() == [[0] * 4]


def test_nothing_to_encode(encoder):
    assert encoder.encode([]).shape == (0, 4)
    assert encoder.encode([[]]).tolist() == [[0] * 4]


def test_no_edge():
    assert Encoder.of([["a", "a"]], edge=0).encode([["a"], ["a", "b"]]).tolist() == [[2, 0], [2, 1]]


def test_encoding_leaves_its_argument_alone(encoder):
    sentences = [["a", "b"], ["c"]]
    encoder.encode(sentences, longest=1)
    assert sentences == [["a", "b"], ["c"]]


def test_decode(encoder):
    row = encoder.encode([["c", "new", "a"]])[0]
    assert encoder.decode(row) == ["c", "<OTHER>", "a"]
    assert encoder.decode([]) == []


def test_a_token_that_looks_special_gets_no_second_number():
    encoder = Encoder.of([["<PAD>", "<PAD>", "<OTHER>", "<OTHER>", "a", "a"]])
    assert encoder.words == (*NAMES, "a")


def test_an_encoder_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="begin with <PAD>, <OTHER>"):
        Encoder(("a", "b"))
    with pytest.raises(ValueError, match="name no token twice"):
        Encoder((*NAMES, "a", "a"))


def test_words_can_be_characters():
    encoder = Encoder.of(["abba", "ab"], least=1, edge=0)
    assert encoder.encode(["ab", "b?"]).tolist() == [[2, 3], [3, 1]]
