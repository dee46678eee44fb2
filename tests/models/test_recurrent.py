"""Recurrent layers: NumPy and PyTensor are the same numbers, gradients are true, and gates do what they should."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pytensor.compile.mode import Mode

from lib.models.recurrent import KINDS, graph_layer, init_layer, numpy_layer

CELLS = list(KINDS)
QUICK = Mode(linker="py", optimizer=None)


@pytest.fixture(autouse=True)
def no_compiler():
    with pytensor.config.change_flags(cxx=""):
        yield


def problem(cell, T=5, B=3, D=4, H=2, seed=0):
    """Random parameters, biases too, and inputs, in float64."""
    rng = np.random.default_rng(seed)
    layer = init_layer(cell, D, H, rng, "float64")
    layer["b"] = layer["b"] + rng.normal(size=layer["b"].shape)
    return layer, rng.normal(size=(T, B, D))


def symbols(arrays):
    return {name: pt.tensor(name, shape=values.shape, dtype=values.dtype) for name, values in arrays.items()}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (5, 3, 4, 2), (4, 2, 3, 5)])
@pytest.mark.parametrize("static", [True, False])
def test_numpy_and_pytensor_agree(cell, sizes, static):
    layer, inputs = problem(cell, *sizes)
    theta = symbols(layer)
    x = pt.tensor("x", shape=inputs.shape if static else (None,) * 3, dtype="float64")
    outputs = graph_layer(cell, theta, x, sizes[3])
    function = pytensor.function([x, *theta.values()], outputs, mode=QUICK)
    np.testing.assert_allclose(function(inputs, **layer), numpy_layer(cell, layer, inputs)[0], rtol=0, atol=1e-10)


@pytest.mark.parametrize("cell", CELLS)
def test_every_gradient_by_finite_differences(cell):
    layer, inputs = problem(cell)
    weights = np.random.default_rng(1).normal(size=(5, 3, 2))  # so that every output counts differently
    arrays = layer | {"x": inputs}
    theta = symbols(arrays)
    loss = (graph_layer(cell, theta, theta["x"], 2) * weights).sum()
    slopes = pytensor.function(list(theta.values()), pytensor.grad(loss, list(theta.values())), mode=QUICK)(**arrays)

    def f(arrays):
        return (numpy_layer(cell, arrays, arrays["x"])[0] * weights).sum()

    for name, slope in zip(theta, slopes, strict=True):
        assert np.isfinite(slope).all()
        for place in np.ndindex(slope.shape):
            e = np.zeros(slope.shape)
            e[place] = 1e-5
            measured = (f(arrays | {name: arrays[name] + e}) - f(arrays | {name: arrays[name] - e})) / 2e-5
            assert slope[place] == pytest.approx(measured, rel=1e-6, abs=1e-8), (name, place)


@pytest.mark.parametrize("cell", CELLS)
def test_states_can_be_handed_on(cell):
    layer, inputs = problem(cell, T=6)
    whole, last = numpy_layer(cell, layer, inputs)
    first, states = numpy_layer(cell, layer, inputs[:2])
    second, end = numpy_layer(cell, layer, inputs[2:], states)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, atol=1e-14)
    assert len(states) == KINDS[cell].states
    for a, b in zip(end, last, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-14)
    np.testing.assert_array_equal(last[0], whole[-1])


@pytest.mark.parametrize("cell", CELLS)
def test_a_sentence_does_not_see_its_neighbours(cell):
    layer, inputs = problem(cell)
    np.testing.assert_allclose(
        numpy_layer(cell, layer, inputs[:, 1:2])[0], numpy_layer(cell, layer, inputs)[0][:, 1:2], atol=1e-14
    )


def forced(layer, H, **gates):
    """The layer with these blocks cut off from words and states, at that bias."""
    layer = {name: values.copy() for name, values in layer.items()}
    for block, bias in gates.items():
        columns = slice(int(block[1:]) * H, (int(block[1:]) + 1) * H)
        layer["U"][:, columns] = layer["W"][:, columns] = 0
        layer["b"][columns] = bias
    return layer


def test_gru_with_open_reset_and_shut_update_gate_is_the_plain_network():
    layer, inputs = problem("gru")
    outputs, _ = numpy_layer("gru", forced(layer, 2, b0=-50, b1=50), inputs)
    plain = {name: values[..., 4:] for name, values in layer.items()}
    np.testing.assert_allclose(outputs, numpy_layer("rnn", plain, inputs)[0], atol=1e-12)


def test_gru_with_open_update_gate_keeps_its_state():
    layer, inputs = problem("gru")
    start = np.random.default_rng(2).normal(size=(3, 2))
    outputs, _ = numpy_layer("gru", forced(layer, 2, b0=50), inputs, [start])
    np.testing.assert_allclose(outputs, np.broadcast_to(start, outputs.shape), atol=1e-12)


def test_lstm_with_open_forget_gate_keeps_its_cell_state():
    layer, inputs = problem("lstm")
    s, c = np.random.default_rng(2).normal(size=(2, 3, 2))
    _, (_, kept) = numpy_layer("lstm", forced(layer, 2, b0=-50, b1=50), inputs, [s, c])
    np.testing.assert_allclose(kept, c, atol=1e-12)
    _, (_, forgotten) = numpy_layer("lstm", forced(layer, 2, b0=-50, b1=-50), inputs, [s, c])
    np.testing.assert_allclose(forgotten, 0, atol=1e-12)


@pytest.mark.parametrize(("cell", "blocks"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_sizes_types_and_biases_of_a_new_layer(cell, blocks):
    layer = init_layer(cell, 7, 5, np.random.default_rng(0))
    assert {name: values.shape for name, values in layer.items()} == {
        "U": (7, 5 * blocks), "W": (5, 5 * blocks), "b": (5 * blocks,)
    }  # fmt: skip
    assert {values.dtype for values in layer.values()} == {np.dtype("float32")}
    assert np.abs(layer["U"]).max() <= 7**-0.5 and np.abs(layer["W"]).max() <= 5**-0.5
    assert layer["b"].sum() == (5 if cell == "lstm" else 0)
    if cell == "lstm":
        assert (layer["b"][5:10] == 1).all()
    again = init_layer(cell, 7, 5, np.random.default_rng(0))
    assert all((again[name] == layer[name]).all() for name in layer)


def test_float32_stays_float32():
    for cell in CELLS:
        layer = init_layer(cell, 3, 2, np.random.default_rng(0))
        x = np.ones((4, 2, 3), np.float32)
        outputs, states = numpy_layer(cell, layer, x)
        assert outputs.dtype == np.float32 and all(state.dtype == np.float32 for state in states)
        assert graph_layer(cell, symbols(layer), pt.tensor("x", shape=x.shape, dtype="float32"), 2).dtype == "float32"
