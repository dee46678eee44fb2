"""Text to train on: sentences as lists of tokens, in three parts."""

from pathlib import Path
from typing import NamedTuple

from lib import datasets
from lib.messages import CourseError
from lib.text.tokens import split_sentences, tokenize


class Corpus(NamedTuple):
    """Sentences (lists of tokens) to train on, to choose by, and to report at the very end."""

    train: list[list[str]]
    valid: list[list[str]]
    test: list[list[str]]


class CorpusError(CourseError):
    """A text cannot be used; the message is one sentence that says what to do."""


def chat_corpus() -> Corpus:
    """The chat messages, one message a sentence, split 80/10/10 by conversation.

    Left out: messages of four or more tokens that are all the same. A thousand of them ("a a a a a a"), in one
    conversation of the test part, would make every model look better than it is.
    """
    chat = datasets.chat_messages()
    sentences = [tokenize(text) for text in chat.texts]
    parts = datasets.split_by_group(chat.conversations)
    kept = [[sentences[row] for row in part if not _is_hammering(sentences[row])] for part in parts]
    return Corpus(*kept)


def file_corpus(path: str | Path) -> Corpus:
    """A text file of one's own, UTF-8, cut into sentences. Every tenth block of 20 sentences is kept for validation,
    the one after it for the test, so that all parts of the text are represented and neighbours stay together.

    Raises CorpusError: no such file, not UTF-8 text, or fewer than 200 sentences (too few for three parts).
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 text: save it as UTF-8 first.") from error
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror or error}.") from error
    sentences = [tokens for sentence in split_sentences(text) if (tokens := tokenize(sentence))]
    if len(sentences) < 200:
        raise CorpusError(f"{path} has {len(sentences)} sentences; at least 200 are needed.")
    parts: tuple[list, list, list] = ([], [], [])
    for i, sentence in enumerate(sentences):
        parts[{8: 1, 9: 2}.get(i // 20 % 10, 0)].append(sentence)
    return Corpus(*parts)


def _is_hammering(tokens: list[str]) -> bool:
    return len(tokens) >= 4 and len(set(tokens)) == 1
