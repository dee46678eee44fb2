"""Recurrent layers in NumPy, with backpropagation through time written out for each kind of cell.

PyTensor's derivatives of the layers in ``lib.models.recurrent`` are the same numbers (a test compares them). Written by
hand they show what happens between the last step and the first: ``backward`` returns the derivative by *every* state.
There is nothing to compile either, which pays for a few hundred steps of training at several lengths.

    tanh, relu   s_t = f(x_t U + s_{t-1} W + b)          gru, lstm   as in lib.models.recurrent, same parameters

Shapes: T steps, B sequences, D inputs, H units, k blocks (tanh and relu 1, gru 3, lstm 4).  inputs: (T, B, D).
A cell's state is s, and for the lstm s and c, side by side: (B, n) with n = H or 2 H.
"""

from typing import NamedTuple

import numpy as np

from lib.models.recurrent import init_layer

Parameters = dict[str, np.ndarray]
CELLS = ("tanh", "relu", "gru", "lstm")


class Trace(NamedTuple):
    """What the way back needs.  states: (T + 1, B, n), zeros first.  gates: (T, B, k H), after their functions."""

    inputs: np.ndarray
    states: np.ndarray
    gates: np.ndarray


def init(cell: str, D: int, H: int, rng: np.random.Generator, memory: float | None = None) -> Parameters:
    """U, W, b as in ``recurrent.init_layer``; for relu, W is the identity (Le, Jaitly and Hinton 2015).

    memory: chrono initialisation (Tallec and Ollivier 2018): the bias of the gate that keeps the state is log u with u
    uniform from 1 to memory - 1, so that units begin with memories of 2 to ``memory`` steps; the LSTM's input gate gets
    the opposite.  None: the usual biases.  tanh and relu have no gate, and no use for it.
    """
    layer = init_layer("rnn" if cell in ("tanh", "relu") else cell, D, H, rng)
    if cell == "relu":
        layer["W"] = np.eye(H, dtype=layer["W"].dtype)
    if memory is not None and cell in ("gru", "lstm"):
        keep = np.log(rng.uniform(1, memory - 1, H))
        layer["b"][slice(0, H) if cell == "gru" else slice(H, 2 * H)] = keep  # z of the gru, f of the lstm
        if cell == "lstm":
            layer["b"][:H] = -keep
    return layer


def forward(cell: str, parameters: Parameters, inputs: np.ndarray) -> Trace:
    """Run the layer from the zero state; ``states[-1][:, :H]`` are the outputs of the last step."""
    (T, B, _), W = inputs.shape, parameters["W"]
    H = len(W)
    a = inputs @ parameters["U"] + parameters["b"]  # all steps at once; filled up and bent in place below
    states = np.zeros((T + 1, B, 2 * H if cell == "lstm" else H), a.dtype)
    for t in range(T):
        s, new, g = states[t], states[t + 1], a[t]
        if cell in ("tanh", "relu"):
            g += s @ W
            new[:] = np.tanh(g, out=g) if cell == "tanh" else np.maximum(g, 0, out=g)
        elif cell == "gru":
            g[:, : 2 * H] += s @ W[:, : 2 * H]
            _sigmoid(g[:, : 2 * H])
            g[:, 2 * H :] += (g[:, H : 2 * H] * s) @ W[:, 2 * H :]
            h = np.tanh(g[:, 2 * H :], out=g[:, 2 * H :])
            new[:] = h + g[:, :H] * (s - h)
        else:
            g += s[:, :H] @ W
            _sigmoid(g[:, : 3 * H])
            np.tanh(g[:, 3 * H :], out=g[:, 3 * H :])
            new[:, H:] = g[:, H : 2 * H] * s[:, H:] + g[:, :H] * g[:, 3 * H :]
            new[:, :H] = g[:, 2 * H : 3 * H] * np.tanh(new[:, H:])
    return Trace(inputs, states, a)


def backward(cell: str, parameters: Parameters, trace: Trace, d_last: np.ndarray) -> tuple[Parameters, np.ndarray]:
    """Backpropagation through time from the outputs of the last step.

    d_last: (B, H), the derivative of some E by s_T.
    Returns the derivatives of E by U, W and b, and those by the states of all steps, (T + 1, B, n), zero state first.
    """
    inputs, states, gates = trace
    W, before = parameters["W"], states[:-1]
    H = len(W)
    d_states = np.zeros_like(states)
    d_states[-1][:, :H] = d_last
    step_back = {"tanh": _plain_back, "relu": _plain_back, "gru": _gru_back, "lstm": _lstm_back}[cell]
    slope = {"tanh": lambda s: 1 - s**2, "relu": lambda s: (s > 0).astype(s.dtype)}.get(cell)
    d_a = step_back(W, states, slope(gates) if slope else gates, d_states)  # by what stands inside the functions
    if cell == "gru":
        fed = [before, before * gates[:, :, H : 2 * H]]  # what met the two pieces of W
        dW = np.hstack([_product(fed[0], d_a[:, :, : 2 * H]), _product(fed[1], d_a[:, :, 2 * H :])])
    else:
        dW = _product(before[:, :, :H], d_a)
    return {"U": _product(inputs, d_a), "W": dW, "b": d_a.sum(axis=(0, 1))}, d_states


def relative_norms(d_states: np.ndarray) -> np.ndarray:
    """How large the derivative is k steps before the end, relative to the end: (T + 1, B), row k is lag k.

    d_states: (T + 1, B, n) from ``backward``.
    """
    norms = np.linalg.norm(d_states, axis=2)[::-1]
    return norms / norms[0]


def _sigmoid(a: np.ndarray) -> None:
    """In place: 1 / (1 + exp(-a)), by way of tanh, which never overflows."""
    a *= 0.5
    np.tanh(a, out=a)
    a += 1
    a *= 0.5


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The sum over all steps and sequences of the outer products of the rows."""
    return left.reshape(-1, left.shape[2]).T @ right.reshape(-1, right.shape[2])


def _plain_back(W: np.ndarray, states: np.ndarray, slope: np.ndarray, d_states: np.ndarray) -> np.ndarray:
    """s = f(a): multiply by the slope of f, then by Wᵀ."""
    d_a = slope
    for t in range(len(d_a) - 1, -1, -1):
        d_a[t] *= d_states[t + 1]
        d_states[t] = d_a[t] @ W.T
    return d_a


def _gru_back(W: np.ndarray, states: np.ndarray, gates: np.ndarray, d_states: np.ndarray) -> np.ndarray:
    """s = (1 - z) h + z s', with h = tanh(… + (r s') W_h)."""
    H, before = len(W), states[:-1]
    z, r, h = (gates[:, :, block * H : (block + 1) * H] for block in range(3))
    by_z, by_h, by_r = (before - h) * z * (1 - z), (1 - z) * (1 - h**2), before * r * (1 - r)
    d_a = np.empty_like(gates)
    gates_W, h_W = np.ascontiguousarray(W[:, : 2 * H].T), np.ascontiguousarray(W[:, 2 * H :].T)
    for t in range(len(d_a) - 1, -1, -1):
        d, new = d_states[t + 1], d_a[t]
        new[:, :H] = d * by_z[t]
        new[:, 2 * H :] = d * by_h[t]
        d_rs = new[:, 2 * H :] @ h_W
        new[:, H : 2 * H] = d_rs * by_r[t]
        d_states[t] = d * z[t] + d_rs * r[t] + new[:, : 2 * H] @ gates_W
    return d_a


def _lstm_back(W: np.ndarray, states: np.ndarray, gates: np.ndarray, d_states: np.ndarray) -> np.ndarray:
    """c = f c' + i g and s = o tanh(c): through c the way back is no more than a product with f."""
    H = len(W)
    i, f, o, g = (gates[:, :, block * H : (block + 1) * H] for block in range(4))
    c_before, tanh_c = states[:-1, :, H:], np.tanh(states[1:, :, H:])
    by_o, by_c = tanh_c * o * (1 - o), o * (1 - tanh_c**2)
    by_gates = np.concatenate([g * i * (1 - i), c_before * f * (1 - f), by_o, i * (1 - g**2)], axis=2)
    by_gates = by_gates.reshape(*by_gates.shape[:2], 4, H)
    d_a, back = np.empty_like(gates), np.ascontiguousarray(W.T)
    blocks = d_a.reshape(*d_a.shape[:2], 4, H)
    for t in range(len(d_a) - 1, -1, -1):
        d_s, d_c = d_states[t + 1][:, :H], d_states[t + 1][:, H:]
        d_c = d_c + d_s * by_c[t]
        np.multiply(d_c[:, None], by_gates[t], out=blocks[t])
        np.multiply(d_s, by_o[t], out=blocks[t][:, 2])  # the output gate is not on the way to c
        d_states[t][:, :H] = d_a[t] @ back
        d_states[t][:, H:] = d_c * f[t]
    return d_a
