"""A task that is answered after the last step of a sequence, and a small network that learns such tasks.

    answer = s_T · v + c,    E = mean of (answer - target)²

The layers and their gradients are those of ``lib.models.gradient_flow``; the optimiser is Adam (Kingma and Ba 2015).
Shapes: T steps, B sequences, D inputs, H units.  inputs: (T, B, D).  targets: (B,).
"""

import numpy as np

from lib.models.gradient_flow import backward, forward, init

Gradients = dict[str, np.ndarray]


def agreement_batch(rng: np.random.Generator, batch: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """The first input is -1 or 1 (the subject is singular or plural), the others are noise; the target is the first.

    inputs: (length, batch, 1), the noise uniform in [-1, 1).  targets: (batch,).
    """
    inputs = rng.uniform(-1, 1, (length, batch, 1))
    inputs[0] = rng.choice([-1.0, 1.0], (batch, 1))
    return inputs, inputs[0, :, 0].copy()


def clip_by_norm(gradients: Gradients, largest: float) -> Gradients:
    """All arrays scaled by one factor, so that their common norm is at most ``largest``; zeros if it is not finite."""
    norm = np.sqrt(sum((g.astype(np.float64) ** 2).sum() for g in gradients.values()))
    if not np.isfinite(norm):
        return {name: np.zeros_like(g) for name, g in gradients.items()}
    scale = largest / max(norm, largest)
    return {name: g * g.dtype.type(scale) for name, g in gradients.items()}


class Reader:
    """A recurrent layer that reads a sequence and gives one number at the end.

    parameters: U, W, b of the layer, and v (H,) and c ().  cell: tanh, relu, gru or lstm.  memory: as in
    ``gradient_flow.init``.
    """

    def __init__(self, cell: str, D: int, H: int, rng: np.random.Generator, memory: float | None = None) -> None:
        self.cell, self.H = cell, H
        self.parameters = init(cell, D, H, rng, memory)
        self.parameters["v"] = (rng.uniform(-1, 1, H) / np.sqrt(H)).astype(np.float32)
        self.parameters["c"] = np.zeros((), np.float32)
        self._steps = 0
        self._means = {name: (np.zeros_like(p), np.zeros_like(p)) for name, p in self.parameters.items()}

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """The answers (B,)."""
        last = forward(self.cell, self.parameters, inputs.astype(np.float32)).states[-1][:, : self.H]
        return last @ self.parameters["v"] + self.parameters["c"]

    def gradients(self, inputs: np.ndarray, targets: np.ndarray) -> tuple[float, Gradients, np.ndarray]:
        """E, its derivatives by the parameters, and those by the states of all steps (see ``gradient_flow``)."""
        trace = forward(self.cell, self.parameters, inputs.astype(np.float32))
        last = trace.states[-1][:, : self.H]
        off = last @ self.parameters["v"] + self.parameters["c"] - targets.astype(np.float32)
        d_answer = off * np.float32(2 / len(off))
        layer, d_states = backward(self.cell, self.parameters, trace, d_answer[:, None] * self.parameters["v"])
        return float((off**2).mean()), layer | {"v": d_answer @ last, "c": d_answer.sum()}, d_states

    def step(self, inputs: np.ndarray, targets: np.ndarray, lr: float = 0.01, clip: float = 1.0) -> float:
        """One step of Adam along the clipped gradient; returns E before it."""
        error, gradients, _ = self.gradients(inputs, targets)
        self._steps += 1
        rate = np.float32(lr * np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps))
        for name, g in clip_by_norm(gradients, clip).items():
            mean, square = self._means[name]
            mean += np.float32(0.1) * (g - mean)
            square += np.float32(0.001) * (g * g - square)
            self.parameters[name] -= rate * mean / (np.sqrt(square) + np.float32(1e-8))
        return error
