"""``lib.text`` and the lesson that builds the same functions: equal on real messages."""

import numpy as np
import pytest

from lib import datasets, text
from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace


@pytest.fixture(scope="module")
def lesson():
    (found,) = find_lessons(["rnn/01_language_models/01_words_and_numbers"])
    return solution_namespace(found)


@pytest.fixture(scope="module")
def messages():
    return datasets.chat_messages().texts[:20_000]


def test_tokens(lesson, messages):
    for message in [*messages, "It’s ¿qué? 東京 …", "''a'b''", "x' 'y"]:
        assert lesson["tokenize"](message) == text.tokenize(message)


def test_vocabulary_and_numbers(lesson, messages):
    sentences = [text.tokenize(message) for message in messages]
    vocabulary = text.Vocabulary.of(sentences, 3000)
    words = lesson["build_vocabulary"](sentences, 3000)
    assert tuple(words) == vocabulary.words and len(words) == 3000
    index = {word: number for number, word in enumerate(words)}
    for sentence in sentences[:2000]:
        np.testing.assert_array_equal(lesson["encode"](sentence, index), vocabulary.encode(sentence))
