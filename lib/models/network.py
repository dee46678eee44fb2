"""The network of ``nn_theano/01_from_scratch/01_neural_network``: one tanh hidden layer, softmax, cross-entropy, L2.

Lessons that build on it import it from here; a test keeps it equal to that lesson's solution.

Shapes: N examples, D inputs, H hidden units, K classes.  X: (N, D) float.  y: (N,) int, from 0 to K - 1.
A model is a dict of arrays: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,); ``init`` makes deeper ones too.
"""

from itertools import pairwise

import numpy as np

Model = dict[str, np.ndarray]


def init(sizes: tuple[int, ...], seed: int = 0, gain: float = 1.0) -> Model:
    """Weights from a normal distribution with variance gain² / fan-in, biases zero.

    sizes: units per layer, inputs first, for example (64, 32, 10).  The model has W1, b1, W2, b2, …
    gain: 1 suits tanh; the square root of 2 makes up for the half that ReLU cuts off (He et al. 2015).
    NumPy's older generator (``RandomState``) is used on purpose: it gives the start that WildML published.
    """
    rng = np.random.RandomState(seed)
    model = {}
    for number, (fan_in, fan_out) in enumerate(pairwise(sizes), 1):
        model[f"W{number}"] = gain * rng.randn(fan_in, fan_out) / np.sqrt(fan_in)
        model[f"b{number}"] = np.zeros(fan_out)
    return model


def softmax(z: np.ndarray) -> np.ndarray:
    """Rows of scores to rows of probabilities.  z: (N, K)."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(model: Model, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hidden activations (N, H) and the class probabilities (N, K)."""
    a1 = np.tanh(X @ model["W1"] + model["b1"])
    return a1, softmax(a1 @ model["W2"] + model["b2"])


def loss(model: Model, X: np.ndarray, y: np.ndarray, reg: float) -> float:
    """Mean cross-entropy plus ``reg / 2N`` times the sum of the squared weights (biases are free)."""
    n = len(X)
    _, p = forward(model, X)
    data = -np.log(p[np.arange(n), y]).mean()
    return float(data + reg / (2 * n) * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum()))


def gradients(model: Model, X: np.ndarray, y: np.ndarray, reg: float) -> Model:
    """The derivative of :func:`loss` by every parameter, by backpropagation."""
    n = len(X)
    a1, p = forward(model, X)
    d2 = p.copy()
    d2[np.arange(n), y] -= 1
    d2 /= n
    d1 = (d2 @ model["W2"].T) * (1 - a1**2)
    return {
        "W1": X.T @ d1 + reg / n * model["W1"],
        "b1": d1.sum(axis=0),
        "W2": a1.T @ d2 + reg / n * model["W2"],
        "b2": d2.sum(axis=0),
    }
