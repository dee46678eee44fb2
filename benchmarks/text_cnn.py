"""The text CNN: how fast it trains beside PyTorch, and what it reaches on MR."""

import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

BATCH, STEPS, ROUNDS = 50, 100, 3
Step = Callable[[tuple[np.ndarray, np.ndarray]], float]


def text_cnn_step() -> None:
    """A step of Adam on 50 film snippets, no longer than they need: 128 numbers a word, 3 x 128 filters."""
    from lib.models.snippets import split_snippets
    from lib.models.text_cnn import Batches

    names = list(WAYS)
    if importlib.util.find_spec("torch") is None:
        names = ["Keras (TensorFlow)"]
        print("\nPyTorch is not installed, so its rows are missing: pip install torch")
    encoder, training, *_ = split_snippets()
    epoch = Batches(training.X, training.y, BATCH, seed=0)
    minibatches = [epoch[i] for i in range(STEPS)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "minibatches.npz"
        arrays = {
            f"{name}{i}": array for i, pair in enumerate(minibatches) for name, array in zip("Xy", pair, strict=True)
        }
        np.savez(file, words=len(encoder), **arrays)
        measured = {name: [] for name in names}
        for _ in range(ROUNDS):  # in turns, each in a process of its own: two libraries in one fight for the cores
            for name in names:
                command = [sys.executable, "-m", __name__, name, str(file)]
                measured[name].append(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))
    times = {name: statistics.median(one["seconds"] for one in measured[name]) for name in names}
    print(f"\n{text_cnn_step.__doc__}")
    for name, taken in times.items():
        megabytes = max(one["megabytes"] for one in measured[name])
        print(
            f"  {name:<36} {1000 * taken:7.1f} ms {BATCH / taken:7.0f} sentences/s {times[names[0]] / taken:6.2f} x"
            f"   at most {megabytes:,} MB"
        )


def _measure(name: str, file: str) -> dict[str, float]:
    """Seconds per step, after every length of a minibatch has been met twice, and the most memory that was held."""
    with np.load(file) as arrays:
        step = WAYS[name](int(arrays["words"]))
        minibatches = [(arrays[f"X{i}"], arrays[f"y{i}"]) for i in range(STEPS)]
    for _ in range(2):
        for minibatch in minibatches:
            step(minibatch)
    start = time.perf_counter()
    for minibatch in minibatches:
        step(minibatch)
    passed = time.perf_counter() - start
    unit = 1024 if sys.platform != "darwin" else 1024**2
    return {"seconds": passed / STEPS, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit}


def _keras(words: int) -> Step:
    from lib.models.text_cnn import text_cnn
    from lib.quiet import keras

    keras.utils.set_random_seed(0)
    model = text_cnn(words, classes=2)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, jit_compile=False)
    return lambda minibatch: float(model.train_on_batch(*minibatch))


def _pytorch(words: int, fused: bool = False) -> Step:
    import torch
    from torch import nn

    torch.manual_seed(0)
    torch.set_num_threads(2)

    class TextCNN(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(words, 128, padding_idx=0)
            if fused:
                kernels = [nn.Conv2d(128, 128, (1, width)).to(memory_format=torch.channels_last) for width in (3, 4, 5)]
            else:
                kernels = [nn.Conv1d(128, 128, width) for width in (3, 4, 5)]
            self.regions, self.dropout, self.scores = nn.ModuleList(kernels), nn.Dropout(0.5), nn.Linear(384, 2)

        def forward(self, X):
            x = self.embedding(X).transpose(1, 2)
            if fused:
                x = x.unsqueeze(2).contiguous(memory_format=torch.channels_last)
            found = [region(x).relu().flatten(2).amax(2) for region in self.regions]
            return self.scores(self.dropout(torch.cat(found, 1)))

    model = TextCNN()
    adam = torch.optim.Adam(model.parameters(), 1e-3, fused=fused)

    def step(minibatch: tuple[np.ndarray, np.ndarray]) -> float:
        X, y = minibatch
        adam.zero_grad()
        loss = nn.functional.cross_entropy(model(torch.from_numpy(X)), torch.from_numpy(y).long())
        loss.backward()
        adam.step()
        return loss.item()

    return step


def _fused(words: int) -> Step:
    return _pytorch(words, fused=True)


WAYS = {"PyTorch, eager": _pytorch, "PyTorch, channels last, fused Adam": _fused, "Keras (TensorFlow)": _keras}


def mr_ten_folds() -> None:
    """Accuracy on MR in ten folds (Kim 2014: 76.1 random, 81.0 static, 81.5 tuned, 81.1 both, with other vectors)."""
    from lib import datasets
    from lib.datasets.reviews import FOLDS
    from lib.models.snippets import Part
    from lib.models.text_cnn_variants import build, classified_rightly, train
    from lib.models.word_vectors import imdb_vectors
    from lib.text.reviews import NAMES, Encoder, clean

    print(f"\n{mr_ten_folds.__doc__}")
    mr, vectors = datasets.mr_polarity(), imdb_vectors()
    tokens = [clean(text).split() for text in mr.texts]
    start = time.perf_counter()
    for variant in ("rand", "tuned", "static", "both"):
        accuracies = []
        for fold in range(FOLDS):
            rest = np.random.default_rng(fold).permutation(np.flatnonzero(mr.folds != fold))
            dev, training = np.split(rest, [len(rest) // 10])
            rows = {"train": training, "dev": dev, "test": np.flatnonzero(mr.folds == fold)}
            encoder = Encoder.of(tokens[i] for i in rows["train"])
            if variant != "rand":  # a word that has a vector need not occur in training; add those of MR
                known = {word for sentence in tokens for word in sentence if word in vectors}
                encoder = Encoder(NAMES + tuple(sorted(known.union(encoder.words) - set(NAMES))))
            X = encoder.encode(tokens)
            parts = {name: Part(X[i], mr.labels[i], i, [], []) for name, i in rows.items()}
            model = build(variant, vectors.table(encoder, fold), fold)
            train(model, parts["train"], parts["dev"], fold)
            accuracies.append(100 * classified_rightly(model, parts["test"]).mean())
            passed = time.perf_counter() - start
            print(f"  {variant:<7} fold {fold}: {accuracies[-1]:.2f}   ({passed:.0f} s)", flush=True)
        print(f"  {variant:<7} mean {np.mean(accuracies):.2f} ± {np.std(accuracies, ddof=1):.2f} (spread of the folds)")


if __name__ == "__main__":  # one way, in a process of its own
    print(json.dumps(_measure(*sys.argv[1:])))
