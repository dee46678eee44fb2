"""Recurrent layers over minibatches: the plain tanh network, the GRU and the LSTM of ``rnn/04_gru_and_lstm``.

The equations are written once and computed by NumPy or by PyTensor, whichever brings the arrays. A row is a sentence:

    rnn    s_t = tanh(x_t U + s_{t-1} W + b)
    gru    z, r = sigmoid(x_t U_zr + s_{t-1} W_zr + b_zr)
           s_t = (1 - z) * tanh(x_t U_h + (r * s_{t-1}) W_h + b_h) + z * s_{t-1}     (Cho et al. 2014)
    lstm   i, f, o = sigmoid(x_t U_ifo + s_{t-1} W_ifo + b_ifo),  g = tanh(x_t U_g + s_{t-1} W_g + b_g)
           c_t = f * c_{t-1} + i * g,  s_t = o * tanh(c_t)     (Hochreiter and Schmidhuber 1997; Gers et al. 2000)

Shapes: T steps, B sentences, D inputs, H hidden units, k blocks (rnn 1, gru 3, lstm 4).  inputs: (T, B, D).
A layer's parameters: U (D, k H), W (H, k H), b (k H,), the blocks side by side in the order z, r, h and i, f, o, g.
"""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Literal, NamedTuple

import numpy as np
import pytensor
import pytensor.tensor as pt
from scipy.special import expit

Cell = Literal["rnn", "gru", "lstm"]
Array = Any  # a NumPy array or a PyTensor variable
NUMPY = SimpleNamespace(sigmoid=expit, tanh=np.tanh)  # the names that PyTensor has


class Kind(NamedTuple):
    """What tells one cell from another.

    blocks: k.  states: how many arrays (B, H) a step hands on, the output s first.
    split: the columns of W in the pieces that ``step`` multiplies with.
    step: (a, states, pieces of W, H, functions) to the new states, where a = x_t U + b, (B, k H).
    """

    blocks: int
    states: int
    split: Callable[[Array, int], list[Array]]
    step: Callable[..., list[Array]]


def _rnn(a: Array, states: list[Array], W: list[Array], H: int, fn: Any) -> list[Array]:
    return [fn.tanh(a + states[0] @ W[0])]


def _gru(a: Array, states: list[Array], W: list[Array], H: int, fn: Any) -> list[Array]:
    (s,) = states
    gates = fn.sigmoid(a[:, : 2 * H] + s @ W[0])
    z, r = gates[:, :H], gates[:, H:]
    return [(1 - z) * fn.tanh(a[:, 2 * H :] + (r * s) @ W[1]) + z * s]


def _lstm(a: Array, states: list[Array], W: list[Array], H: int, fn: Any) -> list[Array]:
    s, c = states
    a = a + s @ W[0]
    gates = fn.sigmoid(a[:, : 3 * H])
    i, f, o = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    c = f * c + i * fn.tanh(a[:, 3 * H :])
    return [o * fn.tanh(c), c]


KINDS: dict[str, Kind] = {
    "rnn": Kind(1, 1, lambda W, H: [W], _rnn),
    "gru": Kind(3, 1, lambda W, H: [W[:, : 2 * H], W[:, 2 * H :]], _gru),
    "lstm": Kind(4, 2, lambda W, H: [W], _lstm),
}


def init_layer(
    cell: Cell, D: int, H: int, rng: np.random.Generator, dtype: str = "float32", forget: float = 1.0
) -> dict[str, np.ndarray]:
    """U, W and b of one layer: weights uniform in ±1/sqrt(fan-in), biases 0.

    forget: the bias of an LSTM's forget gate; at 1 it begins by remembering (Jozefowicz et al. 2015).
    """
    blocks = KINDS[cell].blocks
    weights = {name: rng.uniform(-1, 1, (n, blocks * H)) / np.sqrt(n) for name, n in (("U", D), ("W", H))}
    b = np.zeros(blocks * H)
    if cell == "lstm":
        b[H : 2 * H] = forget
    return {name: value.astype(dtype) for name, value in (weights | {"b": b}).items()}


def numpy_layer(
    cell: Cell, parameters: Mapping[str, np.ndarray], inputs: np.ndarray, states: list[np.ndarray] | None = None
) -> tuple[np.ndarray, list[np.ndarray]]:
    """The outputs s_1 … s_T, (T, B, H), and the states after the last step, each (B, H).

    states: those before the first step; None: zeros.
    """
    kind, H = KINDS[cell], len(parameters["W"])
    if states is None:
        states = [np.zeros((inputs.shape[1], H), inputs.dtype)] * kind.states
    W, outputs = kind.split(parameters["W"], H), np.empty((*inputs.shape[:2], H), inputs.dtype)
    for t, a in enumerate(inputs @ parameters["U"] + parameters["b"]):
        states = kind.step(a, states, W, H, NUMPY)
        outputs[t] = states[0]
    return outputs, states


def graph_layer(cell: Cell, parameters: Mapping[str, Array], inputs: Array, H: int) -> Array:
    """The outputs s_1 … s_T, (T, B, H), as a PyTensor graph, from zero states.

    parameters: shared variables or other symbols.  inputs: (T, B, D); for JAX mode with a static shape.
    The inputs' product with U is one product over all steps: only what depends on the last step stays in the loop.
    """
    kind = KINDS[cell]
    T, B, D = (inputs.shape[axis] if n is None else n for axis, n in enumerate(inputs.type.shape))
    a = (inputs.reshape((T * B, D)) @ parameters["U"] + parameters["b"]).reshape((T, B, kind.blocks * H))
    W = kind.split(parameters["W"], H)

    def step(a_t, *rest):
        return kind.step(a_t, list(rest[: kind.states]), list(rest[kind.states :]), H, pt)

    zeros = pt.zeros((B, H), dtype=inputs.dtype)
    outputs = pytensor.scan(
        step, sequences=[a], outputs_info=[zeros] * kind.states, non_sequences=W, return_updates=False
    )
    return outputs[0] if kind.states > 1 else outputs
