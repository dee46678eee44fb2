"""The recurrent network of ``lib.models.rnn`` as PyTensor graphs: everything inside the loop, or as little as possible.

``naive_loss`` is the network as it is written on paper: a turn of the loop reads a word, takes a step and predicts.
``hoisted_loss`` leaves only the step in the loop: all words are looked up before it, and all predictions are one matrix
product after it. Both have the same value and the same gradients; the lesson ``rnn/02_recurrent_network/02_scan``
tells why one of them is several times faster.

Shapes as in ``lib.models.rnn``: x, y (T,) int32; U (H, C), V (C, H), W (H, H).  Where y is -1, nothing is predicted:
that is how a sentence is filled up to a length for which a function is already compiled.
"""

from typing import Literal

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.compile.mode import Mode, get_mode
from pytensor.gradient import disconnected_grad
from pytensor.tensor.variable import TensorVariable

from lib.models.rnn import Model

Kind = Literal["naive", "hoisted"]
NOTHING = -1  # in y: no word to predict here


def words(name: str, length: int | None = None) -> TensorVariable:
    """A sentence to come: int32, (length,), of any length if none is given."""
    return pt.tensor(name, shape=(length,), dtype="int32")


def states(inputs: TensorVariable, W, truncate: int = -1, mode: str | None = None) -> TensorVariable:
    """s_t = tanh(inputs_t + W s_{t-1}) from s_{-1} = 0.  inputs: (T, H).  Returns (T, H).

    truncate: as ``scan``'s ``truncate_gradient``; -1 keeps the whole gradient.  mode: of the loop's body.
    """
    return pytensor.scan(
        lambda inner, s_before, W: pt.tanh(inner + W @ s_before),
        sequences=inputs,
        outputs_info=pt.zeros(W.shape[0], dtype=W.dtype),
        non_sequences=W,
        truncate_gradient=truncate,
        return_updates=False,
        mode=mode,
    )


def hoisted_loss(U, V, W, x, y, truncate: int = -1) -> TensorVariable:
    """The cross-entropy of a sentence; only the recurrence is in the loop."""
    return _loss_of_inputs(U[:, x].T, V, W, y, truncate)


def naive_loss(U, V, W, x, y, truncate: int = -1, mode: str | None = None) -> TensorVariable:
    """The same; looking up the word, the step and the softmax over C words are all in the loop."""

    def step(word, next_word, s_before, U, V, W):
        s = pt.tanh(U[:, word] + W @ s_before)
        return s, _cross_entropy(V @ s, next_word)

    _, per_word = pytensor.scan(
        step,
        sequences=[x, y],
        outputs_info=[pt.zeros(W.shape[0], dtype=W.dtype), None],
        non_sequences=[U, V, W],
        truncate_gradient=truncate,
        return_updates=False,
        mode=mode,
    )
    return _sum(per_word)


def _loss_of_inputs(inputs, V, W, y, truncate: int = -1, mode: str | None = None) -> TensorVariable:
    """The cross-entropy, from the words' columns of U, already looked up.  inputs: (T, H)."""
    return _sum(_cross_entropy(states(inputs, W, truncate, mode) @ V.T, y))


def _cross_entropy(scores: TensorVariable, y) -> TensorVariable:
    """-log softmax(scores) at y, 0 where y is NOTHING.  scores: (T, C) and y: (T,), or one word without T.

    Written with elementary operations. PyTensor's ``log_softmax`` is not translated to C, and the sums in its gradient
    take JAX mode from float32 to float64.
    """
    highest = disconnected_grad(scores.max(axis=-1, keepdims=True))  # it cancels, so no slope flows through it
    total = _sum(pt.exp(scores - highest), axis=None if scores.ndim == 1 else 1)
    word = pt.maximum(y, 0)
    score = scores[word] if scores.ndim == 1 else scores[pt.arange(y.shape[0]), word]
    return (pt.log(total) + highest[..., 0] - score) * pt.ge(y, 0).astype(scores.dtype)


def _sum(values: TensorVariable, axis: int | None = None) -> TensorVariable:
    """The sum in the dtype of the values: PyTensor adds up float32 in float64, and JAX mode would go on in float64."""
    return values.sum(axis=axis, acc_dtype=values.dtype)


class Step:
    """One compiled step of gradient descent on one sentence: ``step(x, y, lr)`` returns the loss before the step.

    model: where to start; it is not changed, and its dtype is that of the whole graph.
    kind: "naive", or "hoisted", which also stores U by rows and changes only the rows of the words in the sentence.
    mode: PyTensor's: "JAX" (needs ``length``), "NUMBA", "CVM"; None is plain Python, for small networks.
    length: T, where it must be known; shorter sentences are filled up by the call.
    """

    def __init__(
        self, model: Model, kind: Kind = "hoisted", mode: str | None = None, length: int | None = None
    ) -> None:
        self.length, self.by_rows = length, kind == "hoisted"
        self.dtype = model["W"].dtype
        start = {**model, "U": np.ascontiguousarray(model["U"].T) if self.by_rows else model["U"]}
        self.shared = {name: pytensor.shared(values, name=name) for name, values in start.items()}
        with pytensor.config.change_flags(floatX=str(self.dtype)):  # the dtype of gradients that are zero
            self.function = _compiled(self.shared, kind, mode, length)

    def __call__(self, x: np.ndarray, y: np.ndarray, lr: float) -> float:
        x, y = np.asarray(x, dtype=np.int32), np.asarray(y, dtype=np.int32)
        if self.length is not None and len(x) < self.length:
            x = np.pad(x, (0, self.length - len(x)))
            y = np.pad(y, (0, self.length - len(y)), constant_values=NOTHING)
        return float(np.asarray(self.function(x, y, self.dtype.type(lr))))

    def model(self) -> Model:
        """The parameters as they are now, in the shapes of ``lib.models.rnn``."""
        values = {name: np.asarray(shared.get_value()) for name, shared in self.shared.items()}
        return {**values, "U": np.ascontiguousarray(values["U"].T) if self.by_rows else values["U"]}


def _compiled(shared: dict, kind: Kind, mode: str | None, length: int | None) -> pytensor.compile.Function:
    """The step as a PyTensor function of x, y and the learning rate."""
    U, V, W = shared["U"], shared["V"], shared["W"]
    x, y, lr = words("x", length), words("y", length), pt.scalar("lr", dtype=W.dtype)
    mode = _mode(mode)
    if kind == "hoisted":
        used = U[x]
        loss = _loss_of_inputs(used, V, W, y, mode=mode)
        d_used, dV, dW = pt.grad(loss, [used, V, W])
        new_U = pt.inc_subtensor(used, -lr * d_used)  # a word that occurs twice is moved twice
    else:
        loss = naive_loss(U, V, W, x, y, mode=mode)
        dU, dV, dW = pt.grad(loss, [U, V, W])
        new_U = U - lr * dU
    updates = [(U, new_U), (V, V - lr * dV), (W, W - lr * dW)]
    return pytensor.function([x, y, lr], loss, updates=updates, mode=mode)


def _mode(name: str | None) -> Mode | str | None:
    """Without the rewrites that undo what :func:`_cross_entropy` and :func:`_sum` take care of."""
    if name == "CVM":  # C has no softmax of its own: where PyTensor recognised one, it would compute it in Python
        return get_mode("CVM").excluding("symbolic_op_recognition")
    return get_mode("JAX").excluding("local_log_sum_exp") if name == "JAX" else name
