"""Checks of functions that build symbolic graphs: numbers go in, numbers come out.

The frame copies arguments and compares answers, and only numbers survive both. So the check of such an exercise says
how its answer is run: a *trial* ``run(function, *numbers)`` makes the symbols, calls the learner's function with them,
and evaluates what comes back. ``trial(run)`` is a decorator for the function under test and for the named mistakes.
``on_symbols`` is the same for functions whose arguments are arrays, each of which becomes a symbol.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.compile.executor import Function
from pytensor.compile.mode import Mode
from pytensor.gradient import DisconnectedInputError
from pytensor.graph.basic import Variable
from pytensor.graph.traversal import ancestors
from pytensor.graph.utils import MissingInputError
from pytensor.link.basic import PerformLinker
from pytensor.scan.op import Scan
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.math import Dot

from lib.checks.framework import Case

AS_WRITTEN = Mode("py", optimizer=None)  # a small graph answers at once
AT_ONCE = {"mode": AS_WRITTEN, "cxx": ""}  # whatever the mode, scan would call a C compiler for the loop's inside
REWRITTEN = Mode("py", optimizer="fast_run").excluding("fusion")  # fused operations are slow in plain Python


def trial(run: Callable) -> Callable[[Callable], Callable]:
    """The decorator that turns a builder of graphs into a function from numbers to numbers, by ``run``."""

    def decorate(function: Callable) -> Callable:
        builder = getattr(function, "builder", function)  # of a named mistake, which is decorated already

        @functools.wraps(builder)
        def on_numbers(*numbers):
            with pytensor.config.change_flags(**AT_ONCE):  # for what the builder compiles itself
                try:
                    return run(builder, *numbers)
                except DisconnectedInputError:  # its own text is a backtrace through the check
                    raise TypeError("pt.grad: what stands first does not depend on what stands second") from None

        on_numbers.builder = builder
        return on_numbers

    return decorate


def value(answer: Any, symbols: Sequence[Variable] = (), numbers: Sequence = (), rewrite: bool = False) -> Any:
    """What an expression is worth, with these numbers in place of its symbols; an answer that is no expression stays.

    rewrite: simplify and stabilise the graph first, as a notebook does. It takes ten times as long.
    """
    if isinstance(answer, Function):
        raise TypeError("a compiled function came back where an expression should be")
    if not isinstance(answer, Variable):
        return answer
    try:
        mode = REWRITTEN if rewrite else AS_WRITTEN
        return pytensor.function(list(symbols), answer, mode=mode, on_unused_input="ignore")(*numbers)
    except MissingInputError:
        raise TypeError("the expression contains a symbol that is not among the arguments") from None


def compiled(answer: Any) -> Callable | None:
    """The answer if it can be called. None and plain numbers give None: they are for the check to judge."""
    if isinstance(answer, Variable):
        raise TypeError("an expression came back where a compiled function should be")
    return answer if callable(answer) else None


class _WatchedLinker(PerformLinker):
    """Runs a graph as plain Python, and notes that it was asked to."""

    def __init__(self, notes: list) -> None:
        super().__init__()
        self.notes = notes

    def accept(self, fgraph, no_recycling=None, profile=None):
        self.notes.append(fgraph)
        return super().accept(fgraph, no_recycling, profile)


def hands_on_mode(build: Callable[[Mode], Any]) -> bool:
    """Whether ``build(mode)`` compiles something in the mode that it is given."""
    notes: list = []
    build(Mode(_WatchedLinker(notes), optimizer=None))
    return bool(notes)


MODE_IS_LOST = (
    "all numbers are right, but `mode` does not reach pytensor.function: write mode=mode, or the step runs as slow "
    "Python even when somebody asks for JAX"
)


def judge_mode(case: Case, *question: Any) -> None:
    """End the check unless the function under test, a trial that answers this by :func:`hands_on_mode`, says yes."""
    if not case.forgiving:  # a named mistake is known by its numbers
        case.true(case.call(*question), MODE_IS_LOST)


def on_symbols(function: Callable) -> Callable:
    """``function`` with each array replaced by a symbol of its shape and type, and its answer evaluated.

    Lists and dicts of arrays become lists and dicts of symbols; numbers, strings and functions stay as they are.
    """
    if hasattr(function, "takes_arrays"):
        return function

    @functools.wraps(function)
    def numeric(*args):
        given: list[tuple[Variable, np.ndarray]] = []
        answer = function(*(_replaced(arg, given) for arg in args))
        return evaluated(answer, given)

    numeric.takes_arrays = True
    return numeric


def _replaced(value: Any, given: list) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, given) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, given) for one in value]
    if isinstance(value, np.ndarray):
        given.append((pt.tensor(f"x{len(given)}", shape=value.shape, dtype=value.dtype), value))
        return given[-1][0]
    return value


def evaluated(answer: Any, given: list[tuple[Variable, np.ndarray]]) -> Any:
    """The answer with every variable in it replaced by its value."""
    found: list[Variable] = []
    _collect(answer, found)
    if not found:
        return answer
    inputs, values = zip(*given, strict=True)
    with pytensor.config.change_flags(**AT_ONCE):
        function = pytensor.function(list(inputs), found, on_unused_input="ignore")
        return _filled(answer, iter(function(*values)))


def _collect(answer: Any, found: list) -> None:
    if isinstance(answer, Variable):
        found.append(answer)
    for one in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list | tuple) else ():
        _collect(one, found)


def _filled(answer: Any, values: Any) -> Any:
    if isinstance(answer, Variable):
        return next(values)
    if isinstance(answer, dict):
        return {key: _filled(one, values) for key, one in answer.items()}
    if isinstance(answer, list | tuple):
        return [_filled(one, values) for one in answer]
    return answer


def products_in_loops(answer: Any) -> int:
    """How many matrix products each turn of the loops behind these variables takes."""
    found: list[Variable] = []
    _collect(answer, found)
    loops = {v.owner.op for v in ancestors(found) if v.owner is not None and isinstance(v.owner.op, Scan)}
    return sum(_is_product(node.op) for loop in loops for node in loop.fgraph.toposort())


def _is_product(op: Any) -> bool:
    return isinstance(op, Dot) or (isinstance(op, Blockwise) and isinstance(op.core_op, Dot))
