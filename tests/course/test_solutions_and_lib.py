"""What lessons share through lib is what the learner wrote in the lesson that it comes from."""

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import network

(LESSON,) = find_lessons(["nn_theano/01_from_scratch/01_neural_network"])


@pytest.mark.parametrize("seed", range(3))
def test_network_is_the_one_of_the_lesson(seed):
    lesson, rng = solution_namespace(LESSON), np.random.default_rng(seed)
    model, X, y = network.init((4, 5, 3), seed), rng.normal(size=(8, 4)), rng.integers(3, size=8)
    np.testing.assert_array_equal(lesson["forward"](model, X)[1], network.forward(model, X)[1])
    assert lesson["loss"](model, X, y, 0.3) == pytest.approx(network.loss(model, X, y, 0.3), abs=1e-14)
    theirs = network.gradients(model, X, y, 0.3)
    for name, slope in lesson["gradients"](model, X, y, 0.3).items():
        np.testing.assert_array_equal(slope, theirs[name])


def test_init_is_the_start_that_was_published_in_2015():
    rng = np.random.RandomState(0)
    W1, W2 = rng.randn(2, 3) / np.sqrt(2), rng.randn(3, 2) / np.sqrt(3)
    model = network.init((2, 3, 2), seed=0)
    np.testing.assert_array_equal(model["W1"], W1)
    np.testing.assert_array_equal(model["W2"], W2)
    assert not model["b1"].any() and not model["b2"].any()


def test_gain_scales_the_weights_of_every_layer():
    plain, scaled = network.init((4, 3, 3, 2), seed=1), network.init((4, 3, 3, 2), seed=1, gain=2.0)
    for name in plain:
        np.testing.assert_allclose(scaled[name], 2 * plain[name])
