"""The classic step of WildML's recurrent network, in every way that is at hand."""

import importlib.util
import time
from collections.abc import Callable

import numpy as np

from benchmarks.timing import report
from lib.models import rnn
from lib.models.rnn_graphs import Step

C, H, T, LR = 8000, 100, 30, 0.005


def classic_step() -> None:
    """One SGD step of the classic recurrent network: 8,000 words, 100 hidden units, a sentence of 30 words."""
    numbers = np.random.default_rng(0).integers(C, size=T + 1).astype("int32")
    x, y = numbers[:-1], numbers[1:]
    makers: dict[str, Callable[[], Callable]] = {
        "textbook NumPy loop, float64": lambda: _numpy(rnn.textbook_step, np.float64, x, y),
        "vectorised NumPy, float64": lambda: _numpy(rnn.vectorised_step, np.float64, x, y),
        "vectorised NumPy, float32": lambda: _numpy(rnn.vectorised_step, np.float32, x, y),
    }
    for kind in ("naive", "hoisted"):
        for mode in ("CVM", "NUMBA", "JAX"):
            makers[f"PyTensor, {kind}, {mode}, float32"] = lambda kind=kind, mode=mode: _pytensor(kind, mode, x, y)
    makers["tf.function, loop in the graph, sparse update, float32"] = lambda: _tensorflow(x, y)
    if importlib.util.find_spec("torch"):
        makers["PyTorch, eager, sparse update, float32"] = lambda: _torch(x, y)
    else:
        print("\nPyTorch is not installed: its row is left out.")
    makers["jax.jit and lax.scan themselves, sparse update, float32"] = lambda: _jax(x, y)

    steps, compiled, losses = {}, {}, {}
    for name, make in makers.items():
        start = time.perf_counter()
        steps[name] = make()
        losses[name] = [steps[name]()]
        compiled[name] = time.perf_counter() - start
        losses[name] += [steps[name]() for _ in range(2)]
    for name, values in losses.items():  # NumPy's own steps return nothing
        if values[0] is not None:
            np.testing.assert_allclose(values, _losses(x, y), rtol=1e-4, err_msg=name)
    report(classic_step.__doc__, steps, compiled=compiled)


def _losses(x, y) -> list[float]:
    """The losses before the first three steps."""
    model, losses = rnn.init(C, H), []
    for _ in range(3):
        losses.append(rnn.loss(model, x, y))
        rnn.vectorised_step(model, x, y, LR)
    return losses


def _numpy(step: Callable, dtype: type, x, y) -> Callable:
    model = rnn.init(C, H, dtype=dtype)
    arguments = {"truncate": None}  # like all the others
    return lambda: step(model, x, y, dtype(LR), **arguments)


def _pytensor(kind: str, mode: str, x, y) -> Callable:
    step = Step(rnn.init(C, H, dtype=np.float32), kind, mode=mode, length=T if mode == "JAX" else None)
    return lambda: step(x, y, LR)


def _tensorflow(x, y) -> Callable:
    import tensorflow as tf

    start = rnn.init(C, H, dtype=np.float32)
    E, V, W = (tf.Variable(values) for values in (start["U"].T, start["V"], start["W"]))
    words = tf.TensorSpec([None], tf.int32)

    @tf.function(input_signature=[words, words])
    def step(x, y):
        with tf.GradientTape() as tape:
            inputs = tf.gather(E, x)  # its gradient is sparse: the rows of the words alone
            s = tf.scan(lambda s, z: tf.tanh(z + tf.linalg.matvec(W, s)), inputs, initializer=tf.zeros(H))
            scores = tf.matmul(s, V, transpose_b=True)
            loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(y, scores))
        dE, dV, dW = tape.gradient(loss, [E, V, W])
        E.scatter_sub(tf.IndexedSlices(LR * dE.values, dE.indices))
        V.assign_sub(LR * dV)
        W.assign_sub(LR * dW)
        return loss

    x, y = tf.constant(x), tf.constant(y)
    return lambda: float(step(x, y))


def _torch(x, y) -> Callable:
    import torch

    start = rnn.init(C, H, dtype=np.float32)
    E, V, W = (torch.tensor(values.copy(), requires_grad=True) for values in (start["U"].T, start["V"], start["W"]))
    x, y = torch.tensor(x, dtype=torch.long), torch.tensor(y, dtype=torch.long)

    def step():
        inputs = E.detach()[x].requires_grad_()
        s, rows = torch.zeros(H), []
        for z in inputs:
            s = torch.tanh(z + W @ s)
            rows.append(s)
        loss = torch.nn.functional.cross_entropy(torch.stack(rows) @ V.T, y, reduction="sum")
        d_inputs, dV, dW = torch.autograd.grad(loss, [inputs, V, W])
        with torch.no_grad():
            E.index_add_(0, x, d_inputs, alpha=-LR)
            V.sub_(dV, alpha=LR)
            W.sub_(dW, alpha=LR)
        return float(loss.detach())

    return step


def _jax(x, y) -> Callable:
    import jax
    import jax.numpy as jnp

    def loss_of(inputs, V, W, y):
        def turn(s, z):
            s = jnp.tanh(z + W @ s)
            return s, s

        _, s = jax.lax.scan(turn, jnp.zeros(H, inputs.dtype), inputs)
        return -jax.nn.log_softmax(s @ V.T)[jnp.arange(len(y)), y].sum()

    def move(E, V, W, x, y):
        loss, (d_inputs, dV, dW) = jax.value_and_grad(loss_of, (0, 1, 2))(E[x], V, W, y)
        lr = np.float32(LR)
        return (E.at[x].add(-lr * d_inputs), V - lr * dV, W - lr * dW), loss

    start = rnn.init(C, H, dtype=np.float32)
    model = tuple(jnp.asarray(values) for values in (start["U"].T, start["V"], start["W"]))
    compiled = jax.jit(move, donate_argnums=(0, 1, 2))

    def step():
        nonlocal model
        model, loss = compiled(*model, x, y)
        jax.block_until_ready(model)  # JAX returns before it has computed
        return float(loss)

    return step
