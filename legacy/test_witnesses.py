"""Theano 1.0.5 and gym 0.26.2 agree with what the course computes today."""

import subprocess
from pathlib import Path

import gym
import numpy as np
import pytest

from legacy import cases, networks
from lib.models import network, rnn

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"


@pytest.fixture(scope="session")
def expected(tmp_path_factory) -> dict[str, np.ndarray]:
    """The answers of the course's own environment, computed now: they cannot be out of date."""
    if not PYTHON.exists():
        pytest.fail("The course's own environment is missing: run make setup.", pytrace=False)
    path = tmp_path_factory.mktemp("expected") / "expected.npz"
    subprocess.run([PYTHON, "-m", "legacy.expected", path], cwd=ROOT, check=True)
    return dict(np.load(path))


@pytest.fixture(scope="session")
def moons(expected) -> tuple[np.ndarray, np.ndarray]:
    return expected["X"], expected["y"]


@pytest.fixture(scope="session")
def theano_moons(moons) -> list[float]:
    """The losses in Theano before each step and after the last."""
    graph = networks.classifier(cases.MOONS, *moons, cases.REG, cases.MOONS_LR)
    losses = []
    for _ in range(cases.MOONS_STEPS):
        losses.append(float(graph.evaluate()[0]))
        graph.step()
    return [*losses, float(graph.evaluate()[0])]


def test_network_of_theano_numpy_and_pytensor_loses_the_same(theano_moons, expected, moons):
    model, losses = cases.MOONS, []
    for _ in range(cases.MOONS_STEPS + 1):
        losses.append(network.loss(model, *moons, cases.REG))
        slopes = network.gradients(model, *moons, cases.REG)
        model = {name: model[name] - cases.MOONS_LR * slopes[name] for name in model}
    np.testing.assert_allclose(theano_moons, losses, rtol=0, atol=1e-6)
    np.testing.assert_allclose(theano_moons[: len(expected["moons"])], expected["moons"], rtol=0, atol=1e-6)


def test_network_in_theano_prints_what_was_published(theano_moons):
    """WildML printed the loss after the first step and after the 1,001st."""
    assert round(theano_moons[1], 6) == 0.432387
    assert round(theano_moons[1001], 6) == 0.068947


@pytest.mark.parametrize("hoisted", [False, True], ids=["as in 2015", "hoisted"])
def test_recurrent_network_of_theano_numpy_and_pytensor_is_the_same(expected, hoisted):
    graph, model = networks.recurrent(cases.RNN, hoisted), {name: values.copy() for name, values in cases.RNN.items()}
    ours, theirs = [], []
    for number, (x, y) in enumerate(cases.sentences()):
        loss, *slopes = graph.evaluate(x, y)
        exact = rnn.gradients(model, x, y)
        for name, slope in zip("UVW", slopes, strict=True):
            np.testing.assert_allclose(slope, exact[name], rtol=0, atol=1e-10)
            if number == 0:
                np.testing.assert_allclose(slope, expected[f"rnn {name}"], rtol=0, atol=1e-10)
        theirs.append(float(loss))
        ours.append(rnn.loss(model, x, y))
        graph.step(x, y, cases.RNN_LR)
        rnn.vectorised_step(model, x, y, cases.RNN_LR)
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-6)
    np.testing.assert_allclose(theirs, expected["rnn losses"], rtol=0, atol=1e-6)


def test_truncated_scan_keeps_the_end_of_the_sentence():
    """``truncate_gradient=4`` of scan never was the truncation of the NumPy version, though the tutorial says so.

    Theano lets nothing through to the words before the last four. NumPy follows every word's own error four steps back.
    """
    model = rnn.init(10, 4)
    x, y = np.arange(10, dtype="int32"), np.arange(10, dtype="int32")[::-1].copy()
    _, U, _, _ = networks.recurrent(model, truncate=4).evaluate(x, y)
    np.testing.assert_array_equal(np.abs(U).sum(axis=0) > 0, x >= 6)
    assert (np.abs(rnn.gradients(model, x, y, truncate=4)["U"]).sum(axis=0) > 0).all()


@pytest.mark.parametrize("env", ["CliffWalking-v1", "course/CliffWalking-v0"])
@pytest.mark.parametrize("name", cases.WALKS)
def test_cliff_of_gym_pays_the_same(expected, env, name):
    steps = cases.walk(gym.make("CliffWalking-v0"), cases.WALKS[name])
    np.testing.assert_array_equal(steps, expected[f"{env} {name}"])


def test_cliff_of_gym_is_fallen_from_and_left():
    walks = {name: cases.walk(gym.make("CliffWalking-v0"), actions) for name, actions in cases.WALKS.items()}
    assert sum(reward == -100 for _, reward, _ in walks["at random"]) > 10
    assert {name: sum(reward for _, reward, _ in walks[name]) for name in ("along the edge", "along the top")} == {
        "along the edge": -13,
        "along the top": -17,
    }
