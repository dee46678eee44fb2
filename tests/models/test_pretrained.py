"""The language model that comes with the course."""

import numpy as np
import pytest

from lib.models.language_model import LanguageModel, pretrained_folder
from lib.models.ngrams import NGrams
from lib.text import chat_corpus
from lib.train.language_model import sample_lines

CHAT_GRU = pretrained_folder() / "chat-gru" / "model.npz"


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.load(CHAT_GRU)


def test_it_is_small_and_has_its_vocabulary(model):
    assert CHAT_GRU.stat().st_size <= 4_000_000
    assert (model.shape.cell, model.shape.layers, len(model.vocabulary)) == ("gru", 2, 8000)


@pytest.mark.slow
def test_it_beats_kneser_ney_trigrams_on_held_out_messages(model):
    corpus = chat_corpus()
    messages = [corpus.test[i] for i in np.random.default_rng(0).choice(len(corpus.test), 4000, replace=False)]
    encode = model.vocabulary.encode
    train = [encode(tokens) for tokens in corpus.train]
    trigrams = NGrams(train, order=3, vocabulary_size=len(model.vocabulary), modified=True)
    bar = trigrams.perplexity([encode(tokens) for tokens in messages])
    assert model.perplexity(messages) < 0.95 * bar


def test_it_writes_sentences(model):
    lines = sample_lines(model, 20, seed=0, temperature=0.8)
    assert len(set(lines)) > 15 and 2 < np.mean([len(line.split()) for line in lines]) < 30
