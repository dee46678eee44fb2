"""From text to numbers and back: tokens, vocabularies, corpora.

>>> from lib.text import Vocabulary, chat_corpus, tokenize
"""

from lib.text.corpus import Corpus, chat_corpus, file_corpus
from lib.text.tokens import detokenize, split_sentences, tokenize
from lib.text.vocabulary import END, START, UNKNOWN, Vocabulary

__all__ = [
    "END",
    "START",
    "UNKNOWN",
    "Corpus",
    "Vocabulary",
    "chat_corpus",
    "detokenize",
    "file_corpus",
    "split_sentences",
    "tokenize",
]
