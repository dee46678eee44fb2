"""The recurrent network: against differences, against its textbook form, and what truncation means."""

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import rnn

X, Y = np.array([0, 3, 4, 3, 1, 6]), np.array([3, 4, 3, 1, 6, 2])  # 3 is read twice, 5 never


@pytest.fixture
def model():
    return rnn.init(7, 4, seed=1)


def test_start_is_wildml_s():
    """The order U, V, W of draws, and ±1/√n with n the incoming connections."""
    model = rnn.init(8000, 100, seed=10)
    rng = np.random.RandomState(10)
    for name, shape in (("U", (100, 8000)), ("V", (8000, 100)), ("W", (100, 100))):
        bound = np.sqrt(1.0 / shape[1])
        np.testing.assert_array_equal(model[name], rng.uniform(-bound, bound, shape))
    assert sum(values.size for values in model.values()) == 1_610_000
    assert {values.dtype for values in rnn.init(9, 3, dtype=np.float32).values()} == {np.dtype(np.float32)}


def test_forward_step_by_step(model):
    s, o = rnn.forward(model, X)
    assert s.shape == (7, 4)
    assert o.shape == (6, 7)
    assert not s[-1].any()
    state = np.zeros(4)
    for t, word in enumerate(X):
        state = np.tanh(model["U"] @ np.eye(7)[word] + model["W"] @ state)
        np.testing.assert_allclose(s[t], state)
        np.testing.assert_allclose(o[t], np.exp(model["V"] @ state) / np.exp(model["V"] @ state).sum())


def test_losses(model):
    _, o = rnn.forward(model, X)
    assert rnn.loss(model, X, Y) == pytest.approx(-sum(np.log(o[t, Y[t]]) for t in range(6)))
    two = [(X, Y), (X[:2], Y[:2])]
    assert rnn.mean_loss(model, two) == pytest.approx((rnn.loss(model, *two[0]) + rnn.loss(model, *two[1])) / 8)
    blank = {name: 0 * values for name, values in model.items()}
    assert rnn.mean_loss(blank, iter(two)) == pytest.approx(np.log(7))


def test_every_derivative_is_the_slope_of_the_loss(model):
    slopes, h = rnn.gradients(model, X, Y), 1e-5
    for name, values in model.items():
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + h
            above = rnn.loss(model, X, Y)
            values[place] = kept - h
            below = rnn.loss(model, X, Y)
            values[place] = kept
            assert slopes[name][place] == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("truncate", [None, 0, 1, 3, 4, 5, 6, 1000])
@pytest.mark.parametrize("length", [1, 2, 6])
def test_both_ways_to_backpropagate_agree(model, truncate, length):
    fast = rnn.gradients(model, X[:length], Y[:length], truncate)
    slow = rnn.textbook_gradients(model, X[:length], Y[:length], truncate)
    for name in model:
        np.testing.assert_allclose(fast[name], slow[name], rtol=1e-12, atol=1e-15)


def test_truncation_follows_each_word_s_error_so_far_and_no_further(model):
    """By its definition: W and U are given a copy of their own at each step, and only the last ones count."""
    for truncate in (0, 2):
        total = {name: np.zeros_like(values) for name, values in model.items()}
        for t in range(len(X)):  # the error of word t alone, from the steps t - truncate to t
            start = max(0, t - truncate)
            before, _ = rnn.forward(model, X[:start])
            for name, slope in _slope_of_last_word(model, before[start - 1], X[start : t + 1], Y[t]).items():
                total[name] += slope
        got = rnn.gradients(model, X, Y, truncate)
        for name in model:
            np.testing.assert_allclose(got[name], total[name], rtol=1e-5, atol=1e-8)
    exact, far, near = (rnn.gradients(model, X, Y, back)["U"] for back in (None, len(X) - 1, len(X) - 2))
    np.testing.assert_allclose(far, exact, rtol=1e-12)
    assert np.abs(near - exact).max() > 1e-6


def _slope_of_last_word(model, state, words, target, h=1e-6):
    """Differences of -log o of the last word, from a state that is held fixed."""

    def cost():
        s = state
        for word in words:
            s = np.tanh(model["U"][:, word] + model["W"] @ s)
        scores = model["V"] @ s
        return np.log(np.exp(scores).sum()) - scores[target]

    slopes = {name: np.zeros_like(values) for name, values in model.items()}
    for name, values in model.items():
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + h
            above = cost()
            values[place] = kept - h
            slopes[name][place] = (above - cost()) / (2 * h)
            values[place] = kept
    return slopes


@pytest.mark.parametrize("truncate", [None, 4])
def test_both_steps_land_where_the_gradient_points(truncate):
    start = rnn.init(300, 20, seed=2)
    rng = np.random.default_rng(0)
    x, y = rng.integers(300, size=(2, 40))
    x[7] = x[20]
    slopes = rnn.gradients(start, x, y, truncate)
    for step in (rnn.textbook_step, rnn.vectorised_step):
        model = {name: values.copy() for name, values in start.items()}
        assert step(model, x, y, 0.05, truncate) is None
        for name in model:
            np.testing.assert_allclose(model[name], start[name] - 0.05 * slopes[name], rtol=1e-11, atol=1e-14)


def test_single_precision_stays_single():
    exact, single = rnn.init(500, 30, seed=3), rnn.init(500, 30, seed=3, dtype=np.float32)
    x, y = np.random.default_rng(1).integers(500, size=(2, 25))
    s, o = rnn.forward(single, x)
    assert s.dtype == o.dtype == np.float32
    assert rnn.loss(single, x, y) == pytest.approx(rnn.loss(exact, x, y), rel=1e-5)
    rnn.vectorised_step(single, x, y, lr=0.1)
    rnn.vectorised_step(exact, x, y, lr=0.1)
    for name in single:
        assert single[name].dtype == np.float32
        np.testing.assert_allclose(single[name], exact[name], atol=1e-5)


def test_equal_to_the_lesson(model):
    """The lesson's own functions, written by hand, and its training, step for step."""
    lesson = solution_namespace(find_lessons(["rnn/02_recurrent_network/01_by_hand"])[0])
    for got, want in zip(rnn.forward(model, X), lesson["forward"](model, X), strict=True):
        np.testing.assert_allclose(got, want)
    assert rnn.loss(model, X, Y) == pytest.approx(lesson["loss"](model, X, Y))
    two = [(X, Y), (X[:3], Y[:3])]
    assert rnn.mean_loss(model, two) == pytest.approx(lesson["mean_loss"](model, two))
    slopes = lesson["gradients"](model, X, Y)
    for name, values in rnn.gradients(model, X, Y).items():
        np.testing.assert_allclose(values, slopes[name], atol=1e-14)
    assert lesson["gradient_check"](rnn.loss, rnn.gradients, model, X, Y)[1] < 1e-5
    trained, losses, lr = lesson["train"](model, two, 0.1, 2)
    for _ in range(2):
        for x, y in two:
            rnn.vectorised_step(model, x, y, 0.1)
    for name, values in model.items():
        np.testing.assert_allclose(trained[name], values, atol=1e-13)
    assert losses[-1] == pytest.approx(rnn.mean_loss(model, two))
    assert lr == 0.1
