"""Trials: a builder of graphs becomes a function from numbers to numbers."""

import numpy as np
import pytest

from lib.checks import CheckFailed
from lib.checks.framework import Case
from lib.checks.symbolic import compiled, hands_on_mode, judge_mode, trial, value

import pytensor  # isort: skip  (after lib, which chooses how graphs run)
import pytensor.tensor as pt  # isort: skip


@trial
def on_number(function, number):
    x = pt.dscalar("x")
    return value(function(x), [x], [number])


def test_a_builder_becomes_a_function_of_numbers():
    squared = on_number(lambda x: x**2)
    assert squared(3.0) == 9.0
    assert on_number(squared)(3.0) == 9.0  # a named mistake is decorated twice


def test_a_constant_and_none_and_numbers_pass():
    assert on_number(lambda x: pt.constant(2.0))(3.0) == 2.0
    assert on_number(lambda x: None)(3.0) is None
    assert np.isnan(on_number(lambda x: np.array(np.nan))(3.0))


def test_a_symbol_of_its_own_is_explained():
    with pytest.raises(TypeError, match="symbol that is not among the arguments"):
        on_number(lambda x: pt.dscalar("other") + 1)(3.0)


def test_a_function_and_an_expression_are_told_apart():
    x = pt.dscalar("x")
    run = pytensor.function([x], x)
    with pytest.raises(TypeError, match="compiled function came back"):
        value(run)
    with pytest.raises(TypeError, match="expression came back"):
        compiled(x)
    assert compiled(run) is run and compiled(3.0) is None


def test_rewriting_keeps_the_logarithm_of_a_softmax_finite():
    z = pt.dvector("z")
    log_p = pt.log(pt.special.softmax(z))
    np.testing.assert_allclose(value(log_p, [z], [[0.0, 1000.0]], rewrite=True), [-1000.0, 0.0])


def test_what_a_builder_compiles_runs_as_written_and_the_setting_is_put_back():
    config = pytensor.config
    before, seen = (config.mode, config.cxx), []
    trial(lambda function, number: seen.append((config.mode, config.cxx)))(print)(1.0)
    assert seen[0][0] is not before[0] and seen[0][1] == "" and (config.mode, config.cxx) == before


def test_a_mode_that_is_handed_on_is_told_from_one_that_is_lost():
    x = pt.dscalar("x")
    assert hands_on_mode(lambda mode: pytensor.function([x], x + 1, mode=mode))
    assert not hands_on_mode(lambda mode: pytensor.function([x], x + 1))
    assert not hands_on_mode(lambda mode: pytensor.function([x], x + 1, mode="FAST_COMPILE"))


def test_a_mode_that_is_lost_ends_the_check_but_explains_no_mistake():
    judge_mode(Case("f", lambda asked: True), None)
    with pytest.raises(CheckFailed, match="`mode` does not reach"):
        judge_mode(Case("f", lambda asked: False), None)
    judge_mode(Case("f", lambda asked: False, forgiving=True), None)
