"""The frame of the checks: time, errors, warnings, global state, messages."""

import _thread
import asyncio
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.checks import CheckFailed, check
from lib.checks.framework import Call, _same_outcome, same
from lib.checks.time_limit import TimeUp, run_within
from lib.messages import is_foreign

import pytensor  # isort: skip  (after lib, which chooses how graphs run)


@check
def double(case):
    for x in case.rng.uniform(1, 9, size=5):
        case.near("the double", case.call(x), 2 * x, hint="add x to itself")
    return "5 numbers are doubled"


@double.mistake("this is the square: add x to itself, do not multiply it by itself")
def square(x):
    return x * x


@double.mistake("this is x itself")
def identity(x):
    return x


def fails(function, check=double) -> str:
    with pytest.raises(CheckFailed) as failure:
        check(function)
    return str(failure.value)


def test_success_is_one_line(capsys):
    double(lambda x: 2 * x)
    assert capsys.readouterr().out == "✓ double: 5 numbers are doubled\n"


def test_failure_is_an_assertion_error_shown_without_traceback():
    with pytest.raises(AssertionError) as failure:
        double(lambda x: 3 * x)
    assert failure.value._render_traceback_() == [str(failure.value)]
    message = str(failure.value)
    assert "expected" in message and "got" in message and "add x to itself" in message


def test_named_mistake_comes_before_the_numbers():
    message = fails(lambda x: x**2)
    assert message.startswith("✗ double: this is the square") and "expected" in message


def test_a_mistake_is_named_only_if_it_explains_every_answer():
    calls = []

    def square_at_first(x):
        calls.append(x)
        return x * x if len(calls) in (1, 2) else 0.0

    assert "square" not in fails(square_at_first)


def test_cases_are_the_same_each_time_and_move_with_the_seed(monkeypatch):
    seen = []

    def spy(x):
        seen.append(float(x))
        return 2 * x

    double(spy)
    double(spy)
    assert seen[:5] == seen[5:]
    monkeypatch.setenv("CHECK_SEED", "7")
    double(spy)
    assert not set(seen[:5]) & set(seen[10:])


def test_global_state_is_restored(capsys):
    def meddler(x):
        np.random.seed(1)
        random.seed(1)
        np.seterr(all="raise")
        sys.stderr.write("noise\n")
        warnings.warn("careful", RuntimeWarning, stacklevel=1)
        return 2 * x

    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist(), np.geterr(), warnings.filters[:]
    double(meddler)
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), np.geterr(), warnings.filters[:])
    out, err = capsys.readouterr()
    assert err == "" and "RuntimeWarning: careful" in out and "noise" in out and "✓ double" in out


def test_a_loop_that_swallows_exceptions_still_ends(monkeypatch):
    monkeypatch.setattr("lib.checks.framework.SECONDS", 0.5)

    def stubborn(x):
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    assert "no answer within" in fails(stubborn)


def test_a_compiler_is_suspected_only_where_the_function_names_one(monkeypatch):
    monkeypatch.setattr("lib.checks.framework.SECONDS", 0.3)
    world = {"pt": pytensor.tensor, "np": np}
    exec("def graph(x):\n while pt: pass\ndef plain(x):\n while np: pass", world)
    assert "Or is it compiling?" in fails(world["graph"])
    assert fails(world["plain"]).endswith("does every loop in it come to an end?")


def test_a_slow_mistake_in_the_list_does_not_hang_the_learner(monkeypatch):
    monkeypatch.setattr("lib.checks.framework.SECONDS", 0.3)
    monkeypatch.setattr(double, "mistakes", [("never", lambda x: exec("while True: pass")), ("this is x", identity)])
    start = time.monotonic()
    assert "this is x" in fails(lambda x: x)
    assert time.monotonic() - start < 30


def test_interrupt_reaches_the_learner():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        double(interrupted)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.ones(3), "one number, but its shape is (3,)"),
        ("seven", "should be one number, but it is str 'seven'"),
        ([1, [2]], "but it is list [1, [2]]"),
        (np.nan, "NaN"),
        (np.inf, "infinite"),
        (1 + 2j, "but it is complex"),
        (None, "returned None"),
    ],
)
def test_odd_answers_are_explained(answer, words):
    assert words in fails(lambda x: answer)


def test_a_check_that_stumbles_over_an_answer_says_so():
    @check
    def first(case):
        case.near("first", case.call(1)["a"]["b"], 1)
        return "ok"

    assert "has not the form that the docstring asks for (TypeError" in fails(lambda x: {"a": 3}, first)


def test_wrong_number_of_arguments_is_explained():
    assert "TypeError" in fails(lambda: 1)


def test_a_function_that_exits_is_a_wrong_answer():
    assert "stopped with SystemExit" in fails(lambda x: sys.exit())


def test_what_a_function_prints_is_shown_once(capsys):
    fails(lambda x: print("looking at", x) or x * x * x)
    assert capsys.readouterr().out.count("looking at") == 1


def test_no_message_speaks_of_the_framework():
    message = fails(lambda x: undefined_name)  # noqa: F821
    assert "NameError" in message and "undefined_name" in message and "framework" not in message


def test_the_line_that_failed_is_the_learners_own():
    def mean_of_nothing(x):
        return statistics.mean([])

    assert "of its cell: `return statistics.mean([])`" in fails(mean_of_nothing)


def test_a_cell_is_the_learners_own_and_what_a_compiler_wrote_is_not():
    written, cell = (os.path.join(tempfile.gettempdir(), name) for name in ("tmpx1y2", "ipykernel_7/8.py"))
    assert is_foreign(written) and is_foreign(np.__file__) and is_foreign(statistics.__file__)
    assert not is_foreign(cell) and not is_foreign("<ipython-input-3-abc>") and not is_foreign(__file__)


def test_only_a_functions_own_raise_makes_it_a_stub():
    def sleeper():
        yield

    def symbolic(x):
        generator = sleeper()
        next(generator)
        generator.throw(NotImplementedError("no number yet"))  # as compiled code raises it: no `raise` in any line

    def stub(x):
        raise NotImplementedError("write the function in place of this line")

    assert "`double` stopped with NotImplementedError: no number yet" in fails(symbolic)
    assert "`double` stopped with NotImplementedError" in fails(lambda x: asyncio.AbstractEventLoop().stop())
    with pytest.raises(NotImplementedError, match="… stub: not written yet"):
        double(stub)


def test_time_limit_lets_quick_work_pass():
    assert run_within(5, lambda: 3) == 3


def endless():
    while True:
        pass


def test_time_limit_never_strikes_later(capfd):
    for number in range(300):  # limits around the time that the work takes: the worst moments to be interrupted
        with contextlib.suppress(TimeUp):
            run_within(1e-5 * (number % 30), lambda: sum(range(2000)))
    with pytest.raises(TimeUp):
        run_within(0.05, endless)
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        pass  # a leftover exception would strike here
    assert capfd.readouterr().err == ""
    assert threading.active_count() < 10


def test_interrupting_a_check_stops_the_learners_loop():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background ignores it
    try:
        threading.Timer(0.3, _thread.interrupt_main).start()
        with pytest.raises(KeyboardInterrupt):
            run_within(10, endless)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not [thread for thread in threading.enumerate() if "(work)" in thread.name and thread.is_alive()]


def test_time_limit_works_in_plain_python():
    imports = "from lib.checks import framework\nfrom tests.checks.test_framework import double\n"
    code = imports + "def f(x):\n while True: pass\nframework.SECONDS=.3\ndouble(f)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "no answer within 0.3 seconds" in done.stderr


numbers = st.floats(allow_nan=True) | st.integers(-(10**9), 10**9)
trees = st.recursive(numbers, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner))


@given(trees)
def test_everything_is_the_same_as_itself(tree):
    assert same(tree, tree)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=5), st.integers(0, 4))
def test_a_changed_number_is_noticed(values, place):
    changed = list(values)
    changed[place % len(values)] += 1
    assert not same(values, changed)
    assert not same(np.array(values), np.array(changed))
    assert not same({"a": values}, {"a": changed})


def test_same_knows_shapes_kinds_and_objects():
    assert not same(np.ones(2), np.ones((2, 1)))
    assert not same([1], [1, 2]) and not same({"a": 1}, {"b": 1}) and not same(1.0, "1.0")
    assert not same(1.0, np.inf) and not same(np.inf, 1.0) and not same(-np.inf, np.inf) and same(np.inf, np.inf)
    assert same(1, 1 + 1e-7) and not same(1, 1 + 1e-7, rtol=0, atol=0) and same(np.nan, np.nan)
    assert (
        same(float("nan"), float("nan")) and same(float("inf"), float("inf")) and same(True, 1) and same(1, 1.0 + 1e-9)
    )
    assert not same(float("inf"), 1.0) and not same(float("nan"), 1.0) and not same(0, 1e-6) and not same(1, 1.00001)
    assert same("abc", "abc") and not same("abc", "abd")
    assert same(np.array(["a", "b"]), np.array(["a", "b"])) and not same(np.array(["a", "b"]), np.array(["a", "c"]))
    assert same(["a", "b"], np.array(["a", "b"])) and not same(np.array(["a"]), np.array([1.0]))
    assert same(np.random.default_rng(0), np.random.default_rng(1))  # an object without a value of its own


def test_an_error_is_explained_only_by_the_same_error():
    raised = [
        Call((1,), {}, None, error)
        for error in (ZeroDivisionError(), IndexError("index 5 of 'a'"), IndexError("index 7 of 'b'"), IndexError("no"))
    ]
    same_outcomes = [
        (i, j) for i, one in enumerate(raised) for j, other in enumerate(raised) if _same_outcome(one, other)
    ]
    assert same_outcomes == [(0, 0), (1, 1), (1, 2), (2, 1), (2, 2), (3, 3)]
    assert not _same_outcome(raised[0], Call((1,), {}, 1.0, None))


@check
def total(case):
    for values in (np.array([1.0, 2.0]), np.array([3.0, -5.0]), np.array([0.25, -0.25])):
        case.near("the sum", case.call(values), values.sum())
    return "3 sums"


@total.mistake("this is the last number")
def last_number(values):
    return values[-1]


@total.mistake("the numbers were added up in place")
def in_place(values):
    values[:] = np.cumsum(values)
    return 7.0


@total.mistake("negative numbers have no answer")
def none_sometimes(values):
    return values.sum() + 1 if values.min() > 0 else None


def test_a_changed_argument_is_explained_only_by_a_mistake_that_changes_it():
    def last_in_place(values):
        values[:] = values[::-1]
        return values[0]

    assert fails(last_in_place, total).startswith("✗ total: `total` changed its argument `values`")
    assert "added up in place" in fails(in_place, total)
    assert "this is the last number" in fails(last_number, total)


def test_none_is_explained_by_a_mistake_only_beside_an_answer(monkeypatch):
    assert fails(lambda values: None, total) == "✗ total: `total` returned None: is a `return` missing?"
    assert "negative numbers have no answer" in fails(none_sometimes, total)
    monkeypatch.setattr(total, "mistakes", [("always", lambda values: None)])
    assert "always" not in fails(lambda values: None, total)


def test_a_check_can_say_what_none_may_mean():
    @check
    def search(case):
        case.if_none = "nothing was found"
        case.call(1)
        return "ok"

    assert "`search` returned None: nothing was found" in fails(lambda x: None, search)


def test_numbers_that_differ_look_different():
    @check
    def third(case):
        case.near("a third", case.call(1.0), 1 / 3)
        return "ok"

    assert "expected 0.333333333, got 0.333332933" in fails(lambda x: 1 / 3 - 4e-7, third)
    assert "expected 0.333333, got 1" in fails(lambda x: 1, third)


@check
def quadruple(case):
    case.near("four times 3", case.call(3.0), 12.0)
    return "3 is quadrupled"


@quadruple.mistake("this is twice the number, not four times")
def _twice(x):
    return 2 * x


def lesson(double_body: str):
    """quadruple, written in a notebook whose double is given."""
    world: dict = {}
    exec(f"def double(x): return {double_body}\ndef quadruple(x): return [double(double(y)) for y in [x]][0]", world)
    return world["quadruple"]


def test_a_wrong_earlier_exercise_is_named_first():
    quadruple(lesson("x + x"))
    assert "it uses `double`, which is not right yet" in fails(lesson("x + 1"), quadruple)
    assert "it uses `double`, which is not right yet" in fails(lesson("undefined"), quadruple)
    assert "this is twice the number" in fails(lambda x: 2 * x, quadruple)


def test_a_text_is_no_number():
    with pytest.raises(CheckFailed, match="should be one number, but it is str"):
        double(lambda x: str(float(x) * 2) and "1.0")
