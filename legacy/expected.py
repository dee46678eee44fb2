"""What the course's own environment answers: PyTensor's losses and gradients, Gymnasium's rewards.

    .venv/bin/python -m legacy.expected FILE.npz

legacy/test_witnesses.py runs this, because the two worlds cannot be loaded into one process.
"""

import sys

from lib import datasets  # before PyTensor: importing lib sets what PyTensor reads

# isort: split
import gymnasium
import numpy as np
import pytensor
import pytensor.tensor as pt

import lib.envs  # noqa: F401  (registers the course's environments)
from legacy import cases
from lib.models import rnn_graphs


def moons(X: np.ndarray, y: np.ndarray) -> list[float]:
    """The losses of ``lib.models.network`` on the two moons."""
    shared = {name: pytensor.shared(values, name) for name, values in cases.MOONS.items()}
    a1 = pt.tanh(X @ shared["W1"] + shared["b1"])
    p = pt.special.softmax(a1 @ shared["W2"] + shared["b2"], axis=1)
    penalty = pt.sqr(shared["W1"]).sum() + pt.sqr(shared["W2"]).sum()
    loss = -pt.log(p[np.arange(len(y)), y]).mean() + cases.REG / (2 * len(y)) * penalty
    slopes = zip(shared.values(), pytensor.grad(loss, list(shared.values())), strict=True)
    step = pytensor.function([], loss, updates=[(values, values - cases.MOONS_LR * slope) for values, slope in slopes])
    return [float(step()) for _ in range(200)]


def recurrent() -> dict[str, np.ndarray]:
    """The losses of ``lib.models.rnn_graphs`` sentence by sentence, and the gradients of the first."""
    step, losses = rnn_graphs.Step(cases.RNN, mode="JAX", length=cases.LONGEST), []
    for sentence in cases.sentences():
        losses.append(step(*sentence, cases.RNN_LR))
        if len(losses) == 1:  # a step is lr times the gradient
            slopes = {name: (cases.RNN[name] - values) / cases.RNN_LR for name, values in step.model().items()}
    return {"losses": losses, **slopes}


def main(path: str) -> None:
    X, y = datasets.moons(200, noise=0.20, seed=0)
    answers = {"X": X, "y": y, "moons": moons(X, y)}
    answers |= {f"rnn {name}": values for name, values in recurrent().items()}
    for env in ("CliffWalking-v1", "course/CliffWalking-v0"):
        made = gymnasium.make(env)
        answers |= {f"{env} {name}": cases.walk(made, actions) for name, actions in cases.WALKS.items()}
    np.savez(path, **answers)


if __name__ == "__main__":
    main(sys.argv[1])
