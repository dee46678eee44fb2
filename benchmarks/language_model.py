"""Minibatches of a GRU language model, beside Keras and PyTorch."""

import importlib.util
import itertools
import time
from collections.abc import Callable

import numpy as np

from benchmarks.timing import report
from lib.models.language_model import Batch, LanguageModel, Shape, Trainer, batches
from lib.text import Vocabulary, chat_corpus

LENGTH, LEARNING_RATE = 16, 0.001
Step = Callable[[Batch], float]


def gru_minibatch() -> None:
    """A step of rmsprop on 64 chat messages of 12 to 16 words; two GRU layers, 8,000 words, 128, 192 and 192 units."""
    corpus = chat_corpus()
    vocabulary = Vocabulary.of(corpus.train, 8000)
    encoded = [vocabulary.encode(tokens) for tokens in corpus.train if 12 <= len(tokens) + 1 <= LENGTH][:640]
    minibatches = itertools.cycle(list(batches(encoded, 64 * LENGTH, np.random.default_rng(0))))
    model, first = LanguageModel.init(vocabulary, Shape()), next(minibatches)
    makers = {"Keras train_on_batch (TensorFlow)": _keras, "PyTorch, eager": _pytorch, "PyTensor, JAX mode": _ours}
    if importlib.util.find_spec("torch") is None:
        del makers["PyTorch, eager"]
        print("\nPyTorch is not installed, so its row is missing: pip install torch")
    ways, losses, notes = {}, {}, []
    for name, make in makers.items():
        start = time.perf_counter()
        step = make(model)
        losses[name] = step(first)
        notes.append(f"  {name}: {time.perf_counter() - start:.1f} s to build and for the first step")
        ways[name] = lambda step=step: step(next(minibatches))
    # PyTorch applies the reset gate after the product with W, ours and Keras' (reset_after=False) before it.
    assert abs(losses["Keras train_on_batch (TensorFlow)"] - losses["PyTensor, JAX mode"]) < 1e-4, losses
    report(gru_minibatch.__doc__, ways)
    print(*notes, sep="\n")


def _ours(model: LanguageModel) -> Step:
    trainer = Trainer(model)
    return lambda batch: trainer.step(batch, LEARNING_RATE)


def _keras(model: LanguageModel) -> Step:
    import keras

    class Scores(keras.layers.Layer):
        def __init__(self, embedding: keras.layers.Embedding) -> None:
            super().__init__()
            self.embedding = embedding
            self.c = self.add_weight(shape=(embedding.input_dim,), initializer="zeros")

        def call(self, s):
            return keras.ops.matmul(s, keras.ops.transpose(self.embedding.embeddings)) + self.c

    (C, D), H, own = model.parameters["E"].shape, model.shape.hidden, model.parameters
    embedding, projection = keras.layers.Embedding(C, D), keras.layers.Dense(D, use_bias=False)
    grus = [keras.layers.GRU(H, return_sequences=True, reset_after=False) for _ in range(model.shape.layers)]
    network = keras.Sequential([keras.Input((LENGTH,), dtype="int32"), embedding, *grus, projection, Scores(embedding)])
    embedding.set_weights([own["E"]])
    projection.set_weights([own["V"]])
    for gru, layer in zip(grus, model.layers(), strict=True):
        gru.set_weights([layer["U"], layer["W"], layer["b"]])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")
    network.compile(keras.optimizers.RMSprop(LEARNING_RATE, rho=Trainer.DECAY, epsilon=Trainer.SMALL), loss)
    return lambda batch: float(network.train_on_batch(batch.x.T, batch.y.T, sample_weight=batch.mask.T))


def _pytorch(model: LanguageModel) -> Step:
    import torch

    (C, D), H = model.parameters["E"].shape, model.shape.hidden
    torch.manual_seed(0)
    embedding, grus = torch.nn.Embedding(C, D), torch.nn.GRU(D, H, model.shape.layers)
    projection, c = torch.nn.Linear(H, D, bias=False), torch.nn.Parameter(torch.zeros(C))
    parameters = [*embedding.parameters(), *grus.parameters(), *projection.parameters(), c]
    optimiser = torch.optim.RMSprop(parameters, LEARNING_RATE, alpha=Trainer.DECAY, eps=Trainer.SMALL)

    def step(batch: Batch) -> float:
        x, y, mask = (torch.from_numpy(part) for part in batch)
        optimiser.zero_grad()
        scores = projection(grus(embedding(x))[0]) @ embedding.weight.T + c
        losses = torch.nn.functional.cross_entropy(scores.reshape(-1, C), y.reshape(-1).long(), reduction="none")
        loss = (losses * mask.reshape(-1)).sum() / mask.sum()
        loss.backward()
        optimiser.step()
        return float(loss.detach())

    return step
