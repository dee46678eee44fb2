"""The recurrent network as PyTensor graphs against the same network in NumPy."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from lib.models import rnn
from lib.models.rnn_graphs import NOTHING, Step, hoisted_loss, naive_loss, words

C, H = 23, 6
SENTENCES = [[0, 5, 7, 5, 11, 3, 1], [0, 9, 1], [0, 4, 4, 4, 8, 1]]
KINDS = {"naive": naive_loss, "hoisted": hoisted_loss}


def pair(sentence):
    return np.array(sentence[:-1], dtype=np.int32), np.array(sentence[1:], dtype=np.int32)


def graph_gradients(kind, model, x, y, truncate=-1):
    """The loss and its gradients by U, V and W, through the graph."""
    U, V, W = (pytensor.shared(model[name]) for name in "UVW")
    inputs = words("x"), words("y")
    loss = KINDS[kind](U, V, W, *inputs, truncate=truncate)
    return pytensor.function(inputs, [loss, *pt.grad(loss, [U, V, W])])(x, y)


@pytest.mark.parametrize("kind", KINDS)
def test_loss_and_gradients_are_those_of_numpy(kind):
    model = rnn.init(C, H, seed=3)
    for sentence in SENTENCES:
        x, y = pair(sentence)
        loss, *slopes = graph_gradients(kind, model, x, y)
        np.testing.assert_allclose(loss, rnn.loss(model, x, y), rtol=0, atol=1e-10)
        for name, slope in zip("UVW", slopes, strict=True):
            np.testing.assert_allclose(slope, rnn.gradients(model, x, y)[name], rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_truncated_scan_keeps_the_last_steps_of_the_sentence(kind):
    model, (x, y) = rnn.init(C, H, seed=3), pair(range(12))
    _, dU, _, _ = graph_gradients(kind, model, x, y, truncate=4)
    assert set(np.flatnonzero(np.abs(dU).sum(axis=0))) == set(x[-4:])
    assert set(np.flatnonzero(np.abs(rnn.gradients(model, x, y, truncate=4)["U"]).sum(axis=0))) == set(x)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [None, 8])
def test_six_steps_of_descent_are_those_of_numpy(kind, length):
    model = rnn.init(C, H, seed=3)
    step, ours = Step(model, kind, length=length), {name: values.copy() for name, values in model.items()}
    before = {name: values.copy() for name, values in model.items()}
    for sentence in SENTENCES * 2:
        x, y = pair(sentence)
        assert step(x, y, 0.1) == pytest.approx(rnn.loss(ours, x, y), abs=1e-10)
        rnn.vectorised_step(ours, x, y, 0.1)
    for name, values in step.model().items():
        np.testing.assert_allclose(values, ours[name], rtol=0, atol=1e-10)
        np.testing.assert_array_equal(model[name], before[name])


@pytest.mark.parametrize("kind", KINDS)
def test_jax_mode_in_float32_takes_the_same_steps_and_fills_up_short_sentences(kind):
    model = rnn.init(C, H, seed=3, dtype=np.float32)
    step, ours = Step(model, kind, mode="JAX", length=8), rnn.init(C, H, seed=3)
    for sentence in SENTENCES * 2:
        x, y = pair(sentence)
        assert step(x, y, 0.1) == pytest.approx(rnn.loss(ours, x, y), rel=1e-5)
        rnn.vectorised_step(ours, x, y, 0.1)
    assert {values.dtype for values in step.model().values()} == {np.dtype("float32")}


def test_where_nothing_is_to_be_predicted_nothing_is_paid():
    model, (x, y) = rnn.init(C, H, seed=3), pair(SENTENCES[0])
    filled = np.append(x, [4, 9]).astype(np.int32), np.append(y, [NOTHING, NOTHING]).astype(np.int32)
    for kind in KINDS:
        for want, got in zip(graph_gradients(kind, model, x, y), graph_gradients(kind, model, *filled), strict=True):
            np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)
