"""Theano 1.0.5 beside NumPy in one process: the row "Theano 1.0.5" of the course's speed tables.

    make legacy

Every table's first row is plain NumPy in float64; the last column is the speed relative to it.
"""

import os
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.timing import report
from legacy import cases, networks
from legacy.shim import theano
from lib.models import network, rnn

FLOATS = ("float64", "float32")


def cast(model: dict[str, np.ndarray], dtype: str) -> dict[str, np.ndarray]:
    return {name: values.astype(dtype) for name, values in model.items()}


def build(name: str, graph: networks.Graph):
    """The graph's step, compiled now; says how long that took."""
    folder, start = Path(theano.config.compiledir), time.perf_counter()
    modules = set(folder.iterdir())
    step = graph.step
    new = len(set(folder.iterdir()) - modules)
    print(f"  {name:<58} {time.perf_counter() - start:10.1f} s to build, {new} new modules from g++")
    return step


def recurrent_step() -> None:
    """One SGD step of the classic recurrent network: 8,000 words, 100 hidden units, a sentence of 30."""
    (x, y), lr = cases.sentences()[0], cases.RNN_LR
    textbook = partial(rnn.textbook_step, cast(cases.RNN, "float64"), x, y, lr, truncate=None)
    ways = {"NumPy, textbook loop, float64": textbook}
    for dtype in FLOATS:
        ways[f"NumPy, vectorised, {dtype}"] = partial(rnn.vectorised_step, cast(cases.RNN, dtype), x, y, lr)
    for form in ("as in 2015", "hoisted"):
        for dtype in FLOATS:
            name = f"Theano 1.0.5, {form}, {dtype}"
            step = build(name, networks.recurrent(cast(cases.RNN, dtype), form == "hoisted"))
            ways[name] = partial(step, x, y, np.asarray(lr, dtype))
    report(recurrent_step.__doc__, ways)


def network_step(points: int, hidden: int) -> None:
    """One full-batch step of a network with 2 inputs, {hidden} hidden units and 2 classes on {points} points."""
    rng = np.random.default_rng(0)
    data, y = rng.normal(size=(points, 2)), rng.integers(2, size=points)
    start, reg, lr = network.init((2, hidden, 2)), cases.REG, 0.1

    def in_place(model: network.Model, X: np.ndarray) -> None:
        for name, slope in network.gradients(model, X, y, reg).items():
            model[name] -= lr * slope

    ways = {f"NumPy, {dtype}": partial(in_place, cast(start, dtype), data.astype(dtype)) for dtype in FLOATS}
    for dtype in FLOATS:
        name = f"Theano 1.0.5, {dtype}"
        ways[name] = build(name, networks.classifier(cast(start, dtype), data.astype(dtype), y, reg, lr))
    report(network_step.__doc__.format(points=points, hidden=hidden), ways)


if __name__ == "__main__":
    threads, blas = os.environ.get("OMP_NUM_THREADS", "all"), theano.config.blas.ldflags or "no BLAS"
    print(f"NumPy {np.__version__}, Theano {version('theano')} ({blas.split()[-1]}), OMP_NUM_THREADS {threads}")
    recurrent_step()
    network_step(points=200, hidden=3)
    network_step(points=5000, hidden=1000)
