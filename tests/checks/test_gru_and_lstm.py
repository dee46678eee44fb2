"""Answers with the right numbers that break a later cell: the checks of ``rnn/04_gru_and_lstm`` say why."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from lib.checks import CheckFailed
from lib.checks.rnn.gru_and_lstm import gru_and_lstm as first
from lib.checks.rnn.gru_and_lstm import training_a_language_model as second


def layer_with_H_in_the_graph(step, states, inputs, theta, H):
    zeros = [pt.zeros((inputs.type.shape[1], H), dtype=inputs.dtype)] * states
    a = inputs @ theta["U"] + theta["b"]
    outputs = pytensor.scan(step, [a], zeros, non_sequences=[theta["W"], H], return_updates=False)
    return outputs[0] if states > 1 else outputs


def layer_without_H(step, states, inputs, theta, H):
    zeros = [pt.zeros((inputs.type.shape[1], H), dtype=inputs.dtype)] * states
    a = inputs @ theta["U"] + theta["b"]
    return pytensor.scan(step, [a], zeros, non_sequences=[theta["W"]], return_updates=False)


def stack_that_empties(step, states, inputs, layers, H):
    while layers:
        inputs = first._layer(step, states, inputs, layers.pop(0), H)
    return inputs


def gru_evaluated(a, s, W, H):
    return first._gru(a, s, W, H).eval()


def count_in_floats(cell, D, H, layers):
    return 1.0 * first._count(cell, D, H, layers)


def check_without_nan(f, slopes, theta, tolerance=1e-5):
    return first._verdicts(f, {name: np.nan_to_num(value) for name, value in slopes.items()}, theta, tolerance)


def pad_double_mask(encoded, length):
    x, y, mask = second._pad(encoded, length)
    return x, y, mask.astype(float)


def pad_long(encoded, length):
    x, y, mask = second._pad(encoded, length)
    return x.astype(np.int64), y, mask


def pad_lists(encoded, length):
    return [array.tolist() for array in second._pad(encoded, length)]


def log_p_into_theta(theta, x, H):
    theta["E"] = theta["E"] * 1.0
    return second._log_p(theta, x, H)


def rmsprop_double(theta, m, g, lr):
    return second._rmsprop(theta, m, g, lr, decay=np.float64(0.9))


@pytest.mark.parametrize(
    ("check", "wrong", "says"),
    [
        (first.layer, layer_with_H_in_the_graph, "H is a Python number"),
        (first.layer, layer_without_H, "4 in all, and was given 3"),
        (first.stack, stack_that_empties, "work on a copy"),
        (first.gru_step, gru_evaluated, "without .eval()"),
        (first.count_parameters, count_in_floats, "is a float"),
        (first.gradient_check, check_without_nan, "NaN"),
        (second.pad_batch, pad_double_mask, "the mask should be an array of float32, but it is float64"),
        (second.pad_batch, pad_long, "x should be an array of int32, but it is int64"),
        (second.pad_batch, pad_lists, "no array"),
        (second.log_probabilities, log_p_into_theta, "work on a copy"),
        (second.rmsprop_step, rmsprop_double, "float64 came out"),
    ],
)
def test_a_hole_is_closed(check, wrong, says):
    with pytest.raises(CheckFailed, match="✗") as failure:
        check(wrong)
    assert says in str(failure.value)
