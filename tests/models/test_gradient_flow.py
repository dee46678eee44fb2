"""Hand-written backpropagation through time: the same numbers as PyTensor's, and as the lessons' own code."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import gradient_flow, last_step
from lib.models.recurrent import graph_layer

CHAPTER = "rnn/03_backpropagation_through_time"


def small(cell, memory=None, seed=0, T=4, B=3, D=2, H=5):
    rng = np.random.default_rng(seed)
    layer = gradient_flow.init(cell, D, H, rng, memory)
    layer = {name: value.astype(float) + 0.1 * rng.normal(size=value.shape) for name, value in layer.items()}
    return layer, rng.normal(size=(T, B, D)), rng.normal(size=(B, H))


def flow(cell, layer, inputs, d_last):
    trace = gradient_flow.forward(cell, layer, inputs)
    return trace, *gradient_flow.backward(cell, layer, trace, d_last)


@pytest.mark.parametrize(("cell", "graph"), [("tanh", "rnn"), ("gru", "gru"), ("lstm", "lstm")])
def test_outputs_and_gradients_are_pytensors(cell, graph):
    layer, inputs, d_last = small(cell)
    theta = {name: pytensor.shared(value, name=name) for name, value in layer.items()}
    x = pt.constant(inputs)
    outputs = graph_layer(graph, theta, x, H=5)
    slopes = pytensor.grad((outputs[-1] * d_last).sum(), list(theta.values()))
    answers = pytensor.function([], [outputs[-1], *slopes])()
    trace, gradients, _ = flow(cell, layer, inputs, d_last)
    np.testing.assert_allclose(trace.states[-1][:, :5], answers[0], atol=1e-12)
    for name, slope in zip(theta, answers[1:], strict=True):
        np.testing.assert_allclose(gradients[name], slope, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("cell", gradient_flow.CELLS)
def test_gradients_are_slopes(cell):
    layer, inputs, d_last = small(cell, memory=9, seed=1)
    _, gradients, _ = flow(cell, layer, inputs, d_last)
    for name, values in layer.items():
        for place in list(np.ndindex(values.shape))[::3]:
            ends = []
            for h in (1e-6, -1e-6):
                moved = {key: value.copy() for key, value in layer.items()}
                moved[name][place] += h
                ends.append((gradient_flow.forward(cell, moved, inputs).states[-1][:, :5] * d_last).sum())
            assert gradients[name][place] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-7)


@pytest.mark.parametrize("cell", gradient_flow.CELLS)
def test_blame_of_a_state_does_not_depend_on_what_came_before(cell):
    """The derivative by s_t is the same whether the sequence is long or begins just before t: rows agree by lag."""
    layer, inputs, d_last = small(cell, seed=2, T=6)
    trace, _, d_states = flow(cell, layer, inputs, d_last)
    ends = []
    for h in (1e-6, -1e-6):  # s_0 is zero, and its derivative is measured by a nudge that W sees at step 1
        nudge = np.zeros((3, layer["W"].shape[1]))
        nudge += h * layer["W"][2] if cell != "gru" else 0
        first = inputs @ layer["U"] + layer["b"]
        first[0] += nudge
        shifted = {"U": np.eye(first.shape[2]), "W": layer["W"], "b": np.zeros(first.shape[2])}
        ends.append((gradient_flow.forward(cell, shifted, first).states[-1][:, :5] * d_last).sum(axis=1))
    assert d_states.shape == trace.states.shape
    np.testing.assert_array_equal(d_states[-1][:, :5], d_last)
    if cell != "gru":  # the GRU carries s_0 on by z, too
        np.testing.assert_allclose(d_states[0][:, 2], (ends[0] - ends[1]) / 2e-6, atol=1e-7)


def test_chrono_biases_give_memories_up_to_the_length():
    rng = np.random.default_rng(0)
    gru, lstm = (gradient_flow.init(cell, 2, 400, rng, memory=100) for cell in ("gru", "lstm"))
    for keep in (gru["b"][:400], lstm["b"][400:800]):
        memory = 1 + np.exp(keep)
        assert 2 <= memory.min() < 5 and 95 < memory.max() <= 100 + 1e-3
    np.testing.assert_array_equal(lstm["b"][:400], -lstm["b"][400:800])
    assert not gradient_flow.init("tanh", 2, 4, rng, memory=100)["b"].any()


def test_relative_norms_begin_with_one_at_the_end():
    layer, inputs, d_last = small("tanh")
    norms = gradient_flow.relative_norms(flow("tanh", layer, inputs, d_last)[2])
    assert norms.shape == (5, 3)
    np.testing.assert_allclose(norms[0], 1)


@pytest.fixture(scope="module")
def lessons():
    return {lesson.name: solution_namespace(lesson) for lesson in find_lessons([CHAPTER])}


@pytest.fixture(scope="module")
def adding_batch(lessons):
    return lessons["02_a_task_that_needs_memory"]["adding_batch"]


def test_lib_clips_as_the_lesson_does(lessons):
    clip = lessons["01_vanishing_gradients"]["clip_by_norm"]
    rng = np.random.default_rng(0)
    for scale in (0.01, 1.0, 100.0):
        given = {"W": scale * rng.normal(size=(3, 3)), "b": scale * rng.normal(size=3)}
        for name, value in clip(given, 2.0).items():
            np.testing.assert_allclose(last_step.clip_by_norm(given, 2.0)[name], value)
    broken = {"W": np.array([np.nan, 1.0]), "b": np.array(2.0)}
    assert not any(value.any() for value in last_step.clip_by_norm(broken, 2.0).values())


def test_agreement_asks_for_the_first_input():
    inputs, targets = last_step.agreement_batch(np.random.default_rng(0), 50, 6)
    assert inputs.shape == (6, 50, 1) and set(targets) == {-1.0, 1.0}
    np.testing.assert_array_equal(inputs[0, :, 0], targets)
    assert np.abs(inputs[1:]).max() <= 1


def test_reader_gradients_are_slopes_and_adam_steps_have_the_rates_size(adding_batch):
    rng = np.random.default_rng(0)
    network = last_step.Reader("lstm", D=2, H=3, rng=rng)
    network.parameters = {name: np.asarray(p, dtype=np.float32) for name, p in network.parameters.items()}
    batch = adding_batch(rng, 8, 6)
    error, gradients, _ = network.gradients(*batch)
    assert error == pytest.approx(np.mean((network.predict(batch[0]) - batch[1]) ** 2), rel=1e-5)
    before = {name: p.copy() for name, p in network.parameters.items()}
    assert network.step(*batch, lr=0.01, clip=1e9) == pytest.approx(error)
    for name, g in gradients.items():  # Adam's first step is the rate, against the sign of the gradient
        moved = network.parameters[name] - before[name]
        large = np.abs(g) > 1e-3
        np.testing.assert_allclose(moved[large], -0.01 * np.sign(g[large]), rtol=1e-2, atol=1e-6)
    for name in ("v", "b"):
        place = (0,)
        ends = []
        for h in (1e-2, -1e-2):
            network.parameters = {key: value.copy() for key, value in before.items()}
            network.parameters[name][place] += h
            ends.append(network.gradients(*batch)[0])
        assert gradients[name][place] == pytest.approx((ends[0] - ends[1]) / 2e-2, rel=0.02, abs=1e-3)


def test_reader_learns_short_sums(adding_batch):
    rng = np.random.default_rng(0)
    network = last_step.Reader("gru", D=2, H=16, rng=rng, memory=8)
    errors = [network.step(*adding_batch(rng, 64, 8)) for _ in range(200)]
    assert np.mean(errors[-20:]) < 0.03 < 1 / 6
