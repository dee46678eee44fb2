"""The frame of every check: run the learner's function, judge it, name the mistake.

A check is a function of a :class:`Case`. It calls the learner's function through the case, compares each answer with
ground truth that is not the solution, and returns one sentence that says what was verified::

    @check
    def halve(case):
        for x in case.rng.uniform(-5, 5, size=20):
            case.near("the half", case.call(x), x / 2)
        return "20 numbers are halved"

    @halve.mistake("this is the double: divide by two instead of multiplying")
    def doubled(x):
        return 2 * x

When the check fails, it is run once more to the end, to collect all of the learner's answers. They are compared with
those of each named mistake on the same arguments, and the first mistake that explains every one of them is named.
"""

import contextlib
import copy
import inspect
import io
import linecache
import os
import random
import re
import warnings
import zlib
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from lib.checks.time_limit import TimeUp, run_within
from lib.messages import CourseError, is_foreign, not_written, one_line, unwritten

SECONDS = 5.0  # a check takes well under 3 s; what takes longer is an endless loop
COMPILERS = ("jax", "keras", "numba", "pytensor", "tensorflow")
LIB = os.path.dirname(os.path.dirname(__file__))
SEED_VARIABLE = "CHECK_SEED"  # an instructor sets it while autograding, so that public cases cannot be hard-coded


class CheckFailed(CourseError, AssertionError):
    """A wrong answer: what was expected, what came, one suggestion."""


class Call(NamedTuple):
    """One call of the learner's function: copies of the arguments, and the answer or the error it raised."""

    args: tuple
    kwargs: dict
    answer: Any
    error: BaseException | None
    changed: bool = False  # whether the function changed its arguments


class Case:
    """What a check works with: the learner's function, a seeded generator, and the ways to judge an answer.

    rng: ``numpy.random.Generator``, seeded per exercise and by CHECK_SEED.
    if_none: what to say of an answer None, where a forgotten ``return`` is not its only cause.
    """

    if_none = "is a `return` missing?"

    def __init__(self, name: str, function: Callable, forgiving: bool = False) -> None:
        self.name = name
        self.function = function
        self.forgiving = forgiving  # a wrong answer does not end the check: all answers are wanted
        self.rng = np.random.default_rng([zlib.crc32(name.encode()), int(os.environ.get(SEED_VARIABLE, "0"))])
        self.calls: list[Call] = []
        self.warnings: list[str] = []  # those of the learner's function alone

    def call(self, *args, **kwargs) -> Any:
        """The learner's answer to copies of these arguments; a changed argument, an error or None ends the check."""
        given = copy.deepcopy((args, kwargs))
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                try:
                    answer = self.function(*given[0], **given[1])
                finally:
                    self.warnings += [f"{w.category.__name__}: {one_line(str(w.message))}" for w in caught]
        except TimeUp:
            raise
        except (Exception, SystemExit) as error:  # a learner's sys.exit() must not end the check unseen
            if unwritten(error):
                raise
            self.calls.append(Call(args, kwargs, None, error))
            raise CheckFailed(
                f"`{self.name}` stopped with {type(error).__name__}: {one_line(str(error))}{_where(error)}"
            ) from None
        changed_argument = not same(given, (args, kwargs), rtol=0, atol=0)
        self.calls.append(Call(args, kwargs, answer, None, changed_argument))
        if changed_argument:
            changed = _changed_argument(self.function, given, (args, kwargs))
            self.fail(f"`{self.name}` changed its argument {changed}: work on a copy, the caller still needs it")
        if answer is None:
            self.fail(f"`{self.name}` returned None: {self.if_none}")
        return answer

    def fail(self, message: str) -> None:
        """End the check with this message."""
        if not self.forgiving:
            raise CheckFailed(message)

    def true(self, condition: bool, message: str) -> None:
        """End the check with this message unless the condition holds."""
        if not condition:
            self.fail(message)

    def array(self, what: str, got: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
        """The answer as a float array, once it is known to be numbers of that shape without NaN or infinity."""
        try:
            if isinstance(got, str):
                raise TypeError  # NumPy would read a number from it
            values = np.asarray(got, dtype=float)
        except (TypeError, ValueError):
            self.fail(f"{what} should be {_kind(shape)}, but it is {_describe(got)}")
        if shape is not None and values.shape != tuple(shape):
            self.fail(f"{what} should be {_kind(shape)}, but its shape is {values.shape}")
        if np.isnan(values).any():
            self.fail(
                f"{what}: there is NaN, not a number, in it: look for 0/0, log of a negative number, or inf - inf"
            )
        if np.isinf(values).any():
            self.fail(
                f"{what}: there is an infinite value in it: look for a division by zero, log(0) or too large an exp"
            )
        return values

    def near(self, what: str, got: Any, want: Any, rtol: float = 1e-6, atol: float = 1e-9, hint: str = "") -> None:
        """End the check unless ``got`` has the shape of ``want`` and equals it within the tolerances."""
        want = np.asarray(want, dtype=float)
        values = self.array(what, got, want.shape)
        close = np.isclose(values, want, rtol=rtol, atol=atol)
        if not close.all():
            where = tuple(int(i) for i in np.argwhere(~close)[0])
            place = f" at index {where if len(where) > 1 else where[0]}" if where else ""
            expected, came = _in_digits(want[where], values[where])
            self.fail(f"{what}{place}: expected {expected}, got {came}" + (f"; {hint}" if hint else ""))


class Check:
    """A check that can be called with the learner's function; made by the decorator :func:`check`."""

    def __init__(self, body: Callable[[Case], str]) -> None:
        self.name = body.__name__
        self.body = body
        self.mistakes: list[tuple[str, Callable]] = []
        self.__doc__ = body.__doc__

    def mistake(self, message: str) -> Callable[[Callable], Callable]:
        """Register a wrong version of the exercise under the message that it deserves."""

        def register(wrong: Callable) -> Callable:
            self.mistakes.append((message, wrong))
            return wrong

        return register

    def __call__(self, function: Callable) -> None:
        """Check ``function``; print what was verified, or raise CheckFailed.

        Raises NotImplementedError while the exercise is still to be written.
        """
        if not callable(function):
            raise CheckFailed(
                f"✗ {self.name}: give the function itself, without calling it: check.{self.name}({self.name})"
            )
        case = Case(self.name, function)
        problem: BaseException | None = None
        with undisturbed() as notes:
            try:
                verified = run_within(SECONDS, lambda: self.body(case))
            except CheckFailed as failure:
                with contextlib.redirect_stdout(io.StringIO()):  # what the function prints was seen the first time
                    problem = self._explain(failure, function)
            except TimeUp:
                problem = CheckFailed(
                    f"✗ {self.name}: no answer within {SECONDS:g} seconds: does every loop in it come to an end?"
                    + (" Or is it compiling? Then run this cell once more." if _may_compile(function) else "")
                )
            except Exception as error:  # a stub, or an answer so odd that the check itself stumbles over it
                problem = _not_written(error) or CheckFailed(
                    f"✗ {self.name}: the answer has not the form that the docstring asks for "
                    f"({type(error).__name__}: {one_line(str(error))})."
                )
        for warning in list(dict.fromkeys(case.warnings))[:3]:
            print(f"  note: your code gave a {warning}")
        for note in notes:
            print(note)
        if problem is not None:
            raise problem
        print(f"✓ {self.name}: {verified}")

    def _explain(self, failure: CheckFailed, function: Callable) -> CheckFailed:
        """Put the cause in front of what failed: a wrong earlier exercise, or a mistake that explains every answer."""
        helper = self._wrong_helper(function)
        if helper:
            return CheckFailed(
                f"✗ {self.name}: it uses `{helper}`, which is not right yet: mend that first.\n  ({failure})"
            )
        case = Case(self.name, function, forgiving=True)
        with contextlib.suppress(Exception, TimeUp):
            run_within(SECONDS, lambda: self.body(case))
        answered = any(call.error is not None or call.answer is not None for call in case.calls)
        for message, wrong in self.mistakes:
            if answered and all(_same_outcome(call, _outcome(wrong, call)) for call in case.calls):
                return CheckFailed(f"✗ {self.name}: {_ended(message)}\n  ({failure})")
        return CheckFailed(f"✗ {self.name}: {_ended(str(failure))}")

    def _wrong_helper(self, function: Callable) -> str:
        """The earlier exercise that ``function`` calls by name and that fails its own check; "" if there is none."""
        world = getattr(function, "__globals__", {})
        for name in _names(getattr(function, "__code__", None)):
            check, helper = self.body.__globals__.get(name), world.get(name)
            in_doubt = isinstance(check, Check) and check is not self and not isinstance(helper, Check | None)
            if in_doubt and not check.accepts(helper):
                return name
        return ""

    def accepts(self, function: Callable) -> bool:
        """Whether ``function`` passes, without a word."""
        try:
            run_within(SECONDS, lambda: self.body(Case(self.name, function)))
        except (Exception, TimeUp):
            return False
        return True


def _names(code: CodeType | None) -> set[str]:
    """The global names that a function's code uses, in its inner functions and comprehensions too."""
    if code is None:
        return set()
    inner = [_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


def _may_compile(function: Callable) -> bool:
    """Whether a function's own code names a library that compiles."""
    world = getattr(function, "__globals__", {})
    used = (world.get(name) for name in _names(getattr(function, "__code__", None)))
    return any(getattr(one, "__name__", "").split(".")[0] in COMPILERS for one in used if isinstance(one, ModuleType))


def check(body: Callable[[Case], str]) -> Check:
    """Make a function of a :class:`Case` into a check."""
    return Check(body)


NUMBER = (np.ndarray, np.number, np.bool_, bool, int, float)
PLAIN = (bool, int, float)


def same(a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-9) -> bool:
    """Equal in structure and, within the tolerances, in every number; NaN equals NaN, a list equals its array."""
    if isinstance(a, PLAIN) and isinstance(b, PLAIN):  # the entries of a model: NumPy would take a hundred times longer
        return a == b or (a != a and b != b) or abs(a - b) <= atol + rtol * abs(b) < np.inf
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key], rtol, atol) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(same(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    if isinstance(a, (*NUMBER, list, tuple)) and isinstance(b, (*NUMBER, list, tuple)):
        try:
            x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        except (TypeError, ValueError):
            return np.array_equal(a, b)  # texts
        return x.shape == y.shape and bool(np.allclose(x, y, rtol=rtol, atol=atol, equal_nan=True))
    if type(a).__eq__ is object.__eq__:
        return type(a) is type(b)  # an object without a value of its own, such as an environment
    return type(a) is type(b) and bool(a == b)


@contextlib.contextmanager
def undisturbed() -> Iterator[list[str]]:
    """Leave no trace: generators and NumPy's error state are restored, and what goes to stderr becomes notes.

    nbgrader takes all points from a check cell that writes to stderr, so a warning must not end up there.
    """
    python_state, numpy_state, numpy_errors = random.getstate(), np.random.get_state(), np.geterr()
    notes: list[str] = []
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()) as errors:
        warnings.simplefilter("ignore")  # those of the learner's function are recorded where it is called
        try:
            yield notes
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)
            np.seterr(**numpy_errors)
            notes += errors.getvalue().splitlines()[-10:]


def _outcome(wrong: Callable, call: Call) -> Call:
    """The same call of a named mistake."""
    given = copy.deepcopy((call.args, call.kwargs))
    try:
        answer, error = run_within(SECONDS, lambda: wrong(*given[0], **given[1])), None
    except (Exception, TimeUp) as failure:
        answer, error = None, failure
    changed = call.changed and not same(given, (call.args, call.kwargs), rtol=0, atol=0)  # asked only where it matters
    return Call(call.args, call.kwargs, answer, error, changed)


def _same_outcome(call: Call, wrong: Call) -> bool:
    """The same answer or error; a changed argument is explained only by a mistake that changes it, too."""
    if call.error is not None or wrong.error is not None:
        return _kind_of_error(call.error) == _kind_of_error(wrong.error)
    if call.changed and not wrong.changed:
        return False
    if call.answer is None or wrong.answer is None:
        return call.answer is wrong.answer
    return same(call.answer, wrong.answer)


def _kind_of_error(error: BaseException | None) -> tuple[str, str]:
    """Its class and its text, without the names, numbers and shapes that differ from one program to the next."""
    return type(error).__name__, re.sub(r"'[^']*'|\([^)]*\)|\d+", "", str(error))


def _not_written(error: Exception) -> NotImplementedError | None:
    """A stub's error, to be shown as one line in a notebook; None for another error."""
    name = unwritten(error)
    if not name:
        return None
    message = not_written(name)
    stub = NotImplementedError(message)
    stub._render_traceback_ = lambda: [message]
    return stub


def _where(error: BaseException) -> str:
    """The learner's own line that failed, if there is one."""
    place, frame = "", error.__traceback__
    while frame is not None:
        filename, number = frame.tb_frame.f_code.co_filename, frame.tb_lineno
        if not is_foreign(filename) and not filename.startswith(LIB):
            line = linecache.getline(filename, number).strip()
            place = f" (line {number} of its cell: `{line}`)" if line else ""
        frame = frame.tb_next
    return place


def _changed_argument(function: Callable, given: tuple, wanted: tuple) -> str:
    try:
        names = inspect.signature(function).bind(*given[0], **given[1]).arguments
        originals = inspect.signature(function).bind(*wanted[0], **wanted[1]).arguments
    except (TypeError, ValueError):
        return ""
    return " and ".join(f"`{name}`" for name in names if not same(names[name], originals[name], rtol=0, atol=0))


def _in_digits(*numbers: float) -> list[str]:
    """The numbers with as many digits as show their difference, six at least."""
    for digits in (6, 9, 12, 17):
        texts = [f"{number + 0.0:.{digits}g}" for number in numbers]  # adding 0.0 turns -0 into 0
        if len(set(texts)) == len(texts):
            break
    return texts


def _kind(shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return "numbers"
    return "one number" if shape == () else f"an array of shape {tuple(shape)}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", "!", ".")) else sentence + "."


def _describe(value: Any) -> str:
    return f"{type(value).__name__} {one_line(repr(value), 60)}"
