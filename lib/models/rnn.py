"""The recurrent network of ``rnn/02_recurrent_network/01_by_hand``: a tanh loop over one-hot words, no biases.

Lessons that build on it import it from here; a test keeps it equal to that lesson's solution.

Shapes: C words in the vocabulary, H hidden units, T steps in a sentence.  x, y: (T,) int, the words read and the words
to come.  A model is a dict of arrays: U (H, C), V (C, H), W (H, H).

    s_t = tanh(U[:, x_t] + W s_{t-1})        o_t = softmax(V s_t)        s_{-1} = 0

States stand in ``s`` of shape (T + 1, H): row t is the state after word t, and the *last* row is zero, so that
``s[t - 1]`` is the state before word t for every t, at t = 0 too.
"""

from collections.abc import Iterable

import numpy as np

from lib.models.network import softmax

Model = dict[str, np.ndarray]
Sentence = tuple[np.ndarray, np.ndarray]  # x and y


def init(C: int, H: int, seed: int = 0, dtype: type = np.float64) -> Model:
    """Uniform in ±1/√n, n being the number of incoming connections: C for U, H for V and W.

    NumPy's older generator (``RandomState``) and the order U, V, W are used on purpose: WildML's start.
    """
    rng = np.random.RandomState(seed)
    shapes = {"U": (H, C), "V": (C, H), "W": (H, H)}
    bound = {name: np.sqrt(1 / n) for name, (_, n) in shapes.items()}
    return {name: rng.uniform(-bound[name], bound[name], size=shapes[name]).astype(dtype) for name in shapes}


def forward(model: Model, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The states s (T + 1, H), last row zero, and the probabilities of the next word o (T, C)."""
    U, V, W = model["U"], model["V"], model["W"]
    s = np.zeros((len(x) + 1, len(W)), dtype=W.dtype)
    word = U[:, x].T  # U times a one-hot vector is a column of U
    for t in range(len(x)):
        s[t] = np.tanh(word[t] + W @ s[t - 1])
    return s, softmax(s[:-1] @ V.T)


def loss(model: Model, x: np.ndarray, y: np.ndarray) -> float:
    """The cross-entropy of one sentence, summed over its words."""
    _, o = forward(model, x)
    return float(-np.log(o[np.arange(len(y)), y]).sum())


def mean_loss(model: Model, sentences: Iterable[Sentence]) -> float:
    """The cross-entropy per word of many sentences: the number that WildML prints; e to its power is the perplexity."""
    sentences = list(sentences)
    return sum(loss(model, x, y) for x, y in sentences) / sum(len(y) for _, y in sentences)


def gradients(model: Model, x: np.ndarray, y: np.ndarray, truncate: int | None = None) -> Model:
    """The derivative of :func:`loss` by every parameter, by backpropagation through time.

    truncate: each word's error is followed at most so many steps back from the word's own step, as in WildML, where it
    is 4; 0 stays at the step itself; None goes back to the first word, which gives the exact derivative.
    """
    s, d_scores, d_inner = _errors(model, x, y, truncate)
    dU = np.zeros_like(model["U"])
    np.add.at(dU.T, x, d_inner)  # a word that occurs twice gets both
    return {"U": dU, "V": d_scores.T @ s[:-1], "W": d_inner.T @ _before(s)}


def vectorised_step(model: Model, x: np.ndarray, y: np.ndarray, lr: float, truncate: int | None = None) -> None:
    """One step of gradient descent on a sentence, in place: one matrix product for V, only the used columns of U."""
    s, d_scores, d_inner = _errors(model, x, y, truncate)
    d_scores *= lr
    d_inner *= lr
    model["V"] -= d_scores.T @ s[:-1]
    model["W"] -= d_inner.T @ _before(s)
    for word, step in zip(x, d_inner, strict=True):
        model["U"][:, word] -= step


def textbook_step(model: Model, x: np.ndarray, y: np.ndarray, lr: float, truncate: int | None = 4) -> None:
    """The same step as a textbook writes it down, in place: a loop over words and steps back, every array dense."""
    for name, slope in textbook_gradients(model, x, y, truncate).items():
        model[name] -= lr * slope


def textbook_gradients(model: Model, x: np.ndarray, y: np.ndarray, truncate: int | None = 4) -> Model:
    """The numbers of :func:`gradients`, one outer product at a time: the slow rival of the speed tables."""
    U, V, W = model["U"], model["V"], model["W"]
    T = len(x)
    s, o = np.zeros((T + 1, len(W))), np.zeros((T, len(V)))
    for t in range(T):
        s[t] = np.tanh(U[:, x[t]] + W @ s[t - 1])
        o[t] = softmax((V @ s[t])[None])[0]
    o[np.arange(T), y] -= 1
    dU, dV, dW = np.zeros_like(U), np.zeros_like(V), np.zeros_like(W)
    for t in reversed(range(T)):
        dV += np.outer(o[t], s[t])
        delta = (V.T @ o[t]) * (1 - s[t] ** 2)
        first = 0 if truncate is None else max(0, t - truncate)
        for k in range(t, first - 1, -1):
            dW += np.outer(delta, s[k - 1])
            dU[:, x[k]] += delta
            delta = (W.T @ delta) * (1 - s[k - 1] ** 2)
    return {"U": dU, "V": dV, "W": dW}


def _before(s: np.ndarray) -> np.ndarray:
    """The states before each word, (T, H): zero first, and without the last one."""
    return np.roll(s, 1, axis=0)[:-1]


def _errors(model: Model, x: np.ndarray, y: np.ndarray, truncate: int | None):
    """The states, and the derivative of the loss by the scores V s (T, C) and by the sums inside the tanh (T, H)."""
    s, d_scores = forward(model, x)
    d_scores[np.arange(len(y)), y] -= 1
    slope, W = 1 - s[:-1] ** 2, model["W"]
    d_inner = (d_scores @ model["V"]) * slope  # each word's own step
    if truncate is None:
        for t in range(len(x) - 2, -1, -1):  # what the next step sends back joins before going further
            d_inner[t] += (d_inner[t + 1] @ W) * slope[t]
    else:
        going_back = d_inner.copy()  # row i: the error of word i + lag, arrived at step i
        for _ in range(min(truncate, len(x) - 1)):
            going_back = (going_back[1:] @ W) * slope[: len(going_back) - 1]
            d_inner[: len(going_back)] += going_back
    return s, d_scores, d_inner
