"""Checks of ``rnn/04_gru_and_lstm/01_gru_and_lstm``.

Ground truth is the equations, unit by unit in plain floats; the sizes of arrays that exist; polynomials with known
slopes. The learner's functions get PyTensor variables; what they build is evaluated and compared as numbers.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.graph.utils import MissingInputError

from lib.checks import check
from lib.checks.symbolic import on_symbols, products_in_loops
from lib.models.recurrent import init_layer


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def product(row, W, column: int) -> float:
    """One entry of a vector times a matrix."""
    return sum(row[j] * W[j, column] for j in range(len(row)))


def true_gru(a, s, W, H: int) -> list:
    """The new states of a GRU, unit by unit: (B, H)."""
    states = []
    for a_row, s_row in zip(a, s, strict=True):
        r = [sigmoid(a_row[H + k] + product(s_row, W, H + k)) for k in range(H)]
        read = [r[k] * s_row[k] for k in range(H)]
        states.append([])
        for k in range(H):
            z = sigmoid(a_row[k] + product(s_row, W, k))
            h = math.tanh(a_row[2 * H + k] + product(read, W, 2 * H + k))
            states[-1].append((1 - z) * h + z * s_row[k])
    return states


def true_lstm(a, s, c, W, H: int) -> tuple[list, list]:
    """The new outputs and cell states of an LSTM, unit by unit: (B, H) each."""
    outputs, cells = [], []
    for a_row, s_row, c_row in zip(a, s, c, strict=True):
        inner = [a_row[k] + product(s_row, W, k) for k in range(4 * H)]
        cells.append(
            [sigmoid(inner[H + k]) * c_row[k] + sigmoid(inner[k]) * math.tanh(inner[3 * H + k]) for k in range(H)]
        )
        outputs.append([sigmoid(inner[2 * H + k]) * math.tanh(cells[-1][k]) for k in range(H)])
    return outputs, cells


def keeping(function: Callable) -> Callable:
    """``function``, which must leave the lists and dicts of symbols that it is given as they are."""

    @functools.wraps(function)
    def guarded(*args):
        before = [_marks(arg) for arg in args]
        try:
            answer = function(*args)
        except MissingInputError:
            raise TypeError("a graph was evaluated before its numbers are known: return it, without .eval()") from None
        if before != [_marks(arg) for arg in args]:
            raise TypeError("it changed a list or a dict that it was given: the caller still needs it, work on a copy")
        return answer

    return guarded


def _marks(value: Any) -> Any:
    """Which objects stand where."""
    if isinstance(value, dict):
        return {key: _marks(one) for key, one in value.items()}
    return [_marks(one) for one in value] if isinstance(value, list) else id(value)


def two_things(case, answer, what: str) -> bool:
    """Whether the answer is a pair; if not, the check ends with a sentence."""
    pair = isinstance(answer, tuple | list) and len(answer) == 2
    case.true(pair, f"return two things, {what}")
    return pair


@check
def gru_step(case):
    case.function = on_symbols(keeping(case.function))
    problems = []
    for B, H in ((3, 4), (1, 2), (4, 3)):
        a, s, W = case.rng.normal(0, 2, (B, 3 * H)), case.rng.normal(size=(B, H)), case.rng.normal(size=(H, 3 * H))
        problems.append(("the new states", a, s, W, H))
    a = np.hstack([np.full((2, 3), 60.0), case.rng.normal(size=(2, 6))])
    problems.append(("the new states with z = 1, which are the old ones", a, s[:2], W, 3))
    a = np.hstack([np.full((2, 3), -60.0), np.full((2, 3), 60.0), case.rng.normal(size=(2, 3))])
    problems.append(("the new states with z = 0 and r = 1, a plain tanh step", a, s[2:], W, 3))
    for what, *problem in problems:
        got = case.call(*problem)
        case.array(what, got)
        case.near(what, got, true_gru(*problem))
    return "3 batches agree unit by unit; z = 1 copies the state; r = 1 and z = 0 give the plain network"


def _gru(a, s, W, H, order="zrh", keep=lambda z: z, gate=pt.sigmoid, bend=pt.tanh, reset=None):
    at = {name: slice(order.index(name) * H, (order.index(name) + 1) * H) for name in "zrh"}
    z, r = (gate(a[:, at[name]] + s @ W[:, at[name]]) for name in "zr")
    recurrent = (r * s) @ W[:, at["h"]] if reset is None else reset(r, s, W[:, at["h"]])
    h = bend(a[:, at["h"]] + recurrent)
    return (1 - keep(z)) * h + keep(z) * s


@gru_step.mistake("z and 1 - z have changed places: in this lesson z = 1 keeps the old state")
@on_symbols
def _kept_the_other_way(a, s, W, H):
    return _gru(a, s, W, H, keep=lambda z: 1 - z)


@gru_step.mistake(
    "r stands outside the product, r * (s @ W_h), as in cuDNN and in Keras: here it belongs inside, (r * s) @ W_h"
)
@on_symbols
def _reset_after(a, s, W, H):
    return _gru(a, s, W, H, reset=lambda r, s, W_h: r * (s @ W_h))


@gru_step.mistake("the reset gate r is not used: the candidate reads r * s, not s")
@on_symbols
def _no_reset(a, s, W, H):
    return _gru(a, s, W, H, reset=lambda r, s, W_h: s @ W_h)


@gru_step.mistake("the columns of z and r have changed places: the first H belong to z, the next H to r")
@on_symbols
def _gates_swapped(a, s, W, H):
    return _gru(a, s, W, H, order="rzh")


@gru_step.mistake("the candidate takes the first H columns; they belong to z, and the candidate's are the last")
@on_symbols
def _candidate_first(a, s, W, H):
    return _gru(a, s, W, H, order="hzr")


@gru_step.mistake(
    "the candidate is bent by the sigmoid: it should be a tanh, from -1 to 1; only the gates are sigmoids"
)
@on_symbols
def _candidate_sigmoid(a, s, W, H):
    return _gru(a, s, W, H, bend=pt.sigmoid)


@gru_step.mistake("the gates are bent by tanh: a gate is a sigmoid, from 0 (shut) to 1 (open)")
@on_symbols
def _gates_tanh(a, s, W, H):
    return _gru(a, s, W, H, gate=pt.tanh)


@gru_step.mistake("this is the candidate alone: mix it with the old state, (1 - z) * h + z * s")
@on_symbols
def _candidate_only(a, s, W, H):
    return _gru(a, s, W, H, keep=lambda z: 0)


@gru_step.mistake("the candidate is added whole: its share is 1 - z, so that the two shares sum to 1")
@on_symbols
def _whole_candidate(a, s, W, H):
    z, r = (pt.sigmoid(a[:, k * H : (k + 1) * H] + s @ W[:, k * H : (k + 1) * H]) for k in (0, 1))
    return pt.tanh(a[:, 2 * H :] + (r * s) @ W[:, 2 * H :]) + z * s


@gru_step.mistake("r was multiplied into the state that is kept, too: z keeps s itself")
@on_symbols
def _reset_in_the_mixture(a, s, W, H):
    z, r = (pt.sigmoid(a[:, k * H : (k + 1) * H] + s @ W[:, k * H : (k + 1) * H]) for k in (0, 1))
    return (1 - z) * pt.tanh(a[:, 2 * H :] + (r * s) @ W[:, 2 * H :]) + z * r * s


@gru_step.mistake("1 - r is used where r belongs: the candidate reads r * s")
@on_symbols
def _one_minus_r(a, s, W, H):
    return _gru(a, s, W, H, reset=lambda r, s, W_h: ((1 - r) * s) @ W_h)


@gru_step.mistake("z stands where r belongs: the candidate reads r * s")
@on_symbols
def _z_for_r(a, s, W, H):
    z = pt.sigmoid(a[:, :H] + s @ W[:, :H])
    return _gru(a, s, W, H, reset=lambda r, s, W_h: (z * s) @ W_h)


@gru_step.mistake("the gates do not see the last state: add s @ W to their part of a")
@on_symbols
def _blind_gates(a, s, W, H):
    z, r = (pt.sigmoid(a[:, k * H : (k + 1) * H]) for k in (0, 1))
    return (1 - z) * pt.tanh(a[:, 2 * H :] + (r * s) @ W[:, 2 * H :]) + z * s


@check
def lstm_step(case):
    case.function = on_symbols(keeping(case.function))
    problems = []
    for B, H in ((3, 4), (1, 2), (4, 3)):
        a, W = case.rng.normal(0, 2, (B, 4 * H)), case.rng.normal(size=(H, 4 * H))
        problems.append(("", a, *case.rng.normal(size=(2, B, H)), W, H))
    a = np.hstack([np.full((2, 3), -60.0), np.full((2, 3), 60.0), case.rng.normal(size=(2, 6))])
    problems.append((" with i = 0 and f = 1", a, *case.rng.normal(size=(2, 2, 3)), W, 3))
    for where, *problem in problems:
        answer = case.call(*problem)
        if not isinstance(answer, tuple | list):
            case.array("the answer", answer)
        if two_things(case, answer, "the new output and the new cell state: `return s, c`"):
            s, c = true_lstm(*problem)
            for what, got, want in (("c, the cell state", answer[1], c), ("s, the output", answer[0], s)):
                case.array(f"{what}{where}", got)
                case.near(f"{what}{where}", got, want)
    return "3 batches agree unit by unit, and an open forget gate with a shut input gate keeps c as it is"


def _lstm(
    a, s, c, W, H, order="ifog", gate=pt.sigmoid, bend=pt.tanh, out=pt.tanh, cell=lambda i, f, g, c: f * c + i * g
):
    inner = a + s @ W
    block = {name: inner[:, k * H : (k + 1) * H] for k, name in enumerate(order)}
    i, f, o = (gate(block[name]) for name in "ifo")
    c = cell(i, f, bend(block["g"]), c)
    return o * out(c), c


@lstm_step.mistake("the two are in the wrong order: return the output s first, then the cell state c")
@on_symbols
def _cell_first(a, s, c, W, H):
    return _lstm(a, s, c, W, H)[::-1]


@lstm_step.mistake("i and f have changed places: the first H columns belong to the input gate i, the next to f")
@on_symbols
def _forget_first(a, s, c, W, H):
    return _lstm(a, s, c, W, H, order="fiog")


@lstm_step.mistake("o and g have changed places: this is Keras's order i, f, g, o; here it is i, f, o, g")
@on_symbols
def _keras_order(a, s, c, W, H):
    return _lstm(a, s, c, W, H, order="ifgo")


@lstm_step.mistake("f and o have changed places: the order of the columns is i, f, o, g")
@on_symbols
def _output_second(a, s, c, W, H):
    return _lstm(a, s, c, W, H, order="iofg")


@lstm_step.mistake("the output is o * c: the cell state passes through tanh on its way out, o * tanh(c)")
@on_symbols
def _no_tanh(a, s, c, W, H):
    return _lstm(a, s, c, W, H, out=lambda c: c)


@lstm_step.mistake("the candidate g is bent by the sigmoid: it should be a tanh, or the cell could only ever grow")
@on_symbols
def _candidate_gate(a, s, c, W, H):
    return _lstm(a, s, c, W, H, bend=pt.sigmoid)


@lstm_step.mistake("the gates i, f, o are bent by tanh: a gate is a sigmoid, from 0 (shut) to 1 (open)")
@on_symbols
def _tanh_gates(a, s, c, W, H):
    return _lstm(a, s, c, W, H, gate=pt.tanh)


@lstm_step.mistake("the input gate is not used: what enters the cell is i * g, not all of g")
@on_symbols
def _no_input_gate(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, c: f * c + g)


@lstm_step.mistake("the forget gate is not used: what stays is f * c (in 1997 it was all of c; the gate came in 2000)")
@on_symbols
def _no_forget_gate(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, c: c + i * g)


@lstm_step.mistake("f and 1 - f were used; an LSTM has an input gate i of its own beside f (the GRU couples the two)")
@on_symbols
def _coupled(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, c: f * c + (1 - f) * g)


@lstm_step.mistake("1 - i was used where f belongs: an LSTM has a forget gate of its own, f * c")
@on_symbols
def _coupled_to_i(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, c: (1 - i) * c + i * g)


@lstm_step.mistake("the cell state was bent by tanh: c is carried on as it is, only the output uses tanh(c)")
@on_symbols
def _bent_cell(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, c: pt.tanh(f * c + i * g), out=lambda c: c)


@lstm_step.mistake("the cell state was bent by tanh, and the output bent it again: carry on c as it is")
@on_symbols
def _bent_twice(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, c: pt.tanh(f * c + i * g))


@lstm_step.mistake("the forget gate was multiplied with s: it acts on the cell state c")
@on_symbols
def _forgets_the_output(a, s, c, W, H):
    return _lstm(a, s, c, W, H, cell=lambda i, f, g, _: f * s + i * g)


@lstm_step.mistake("the output was made from the old cell state: compute the new c first, then s = o * tanh(c)")
@on_symbols
def _old_cell(a, s, c, W, H):
    return _lstm(a, s, c, W, H, out=lambda _: pt.tanh(c))[0], _lstm(a, s, c, W, H)[1]


@lstm_step.mistake("the cell state is returned twice: the output is o * tanh(c)")
@on_symbols
def _no_output_gate(a, s, c, W, H):
    return _lstm(a, s, c, W, H)[1], _lstm(a, s, c, W, H)[1]


@lstm_step.mistake("the gates look at the cell state (peepholes, as in Gers 2000): here they look at s, so a + s @ W")
@on_symbols
def _reads_the_cell(a, s, c, W, H):
    return _lstm(a, c, c, W, H)


# ---- layers ----


def _arguments(given: tuple, states: int) -> tuple:
    """What a step was given, if it can be right."""
    if len(given) != states + 3:
        raise TypeError(
            f"a step with states = {states} takes a_t, its {states} last state{'s'[: states - 1]}, W and H, "
            f"{states + 3} in all, and was given {len(given)}: is there one entry in outputs_info for each state, W in "
            "non_sequences, and H added by a lambda?"
        )
    if not isinstance(given[-1], int):
        raise TypeError("H is a Python number, not part of the graph: add it with a lambda, not to non_sequences")
    return given


def mixing(*given):
    """A step without a matrix product, whose every argument shows in its result."""
    a_t, s, W, H = _arguments(given, 1)
    return pt.tanh(a_t + W[0, :H] * s)


def remembering(*given):
    """The same with two states: the output, and a running mean."""
    a_t, s, m, W, H = _arguments(given, 2)
    m = 0.5 * m + a_t
    return pt.tanh(m + W[0, :H] * s), m


def true_layer(states: int, inputs, theta: dict, H: int) -> np.ndarray:
    """What a layer of ``mixing`` (one state) or ``remembering`` (two) gives: (T, B, H)."""
    T, B, _ = inputs.shape
    s, m = np.zeros((2, B, H))
    outputs = np.zeros((T, B, H))
    for t in range(T):
        a = np.array([[product(row, theta["U"], k) + theta["b"][k] for k in range(H)] for row in inputs[t]])
        m = 0.5 * m + a
        s = np.tanh((a if states == 1 else m) + theta["W"][0, :H] * s)
        outputs[t] = s
    return outputs


def small_layer(rng, D: int, H: int, dtype=float) -> dict:
    """U, W and b of a layer with one block."""
    sizes = {"U": (D, H), "W": (H, H), "b": H}
    return {name: rng.normal(0, 0.6, size).astype(dtype) for name, size in sizes.items()}


def with_facts(function):
    """The layer's outputs as numbers, their type, and how many matrix products a turn of its loop takes."""
    if hasattr(function, "products"):
        return function
    numeric = on_symbols(lambda *args: _facts(function(*args)))

    def layer(*args):
        numbers, products = numeric(*args)
        return None if numbers is None else {"outputs": numbers, "products": products}

    layer.products = True
    layer.__wrapped__ = function
    return layer


def _facts(answer):
    return answer, products_in_loops(answer)


@check
def layer(case):
    case.function = with_facts(keeping(case.function))
    for step, states, (T, B, D, H) in (
        (mixing, 1, (5, 2, 3, 4)),
        (remembering, 2, (4, 3, 2, 3)),
        (mixing, 1, (3, 4, 4, 2)),
    ):
        inputs, theta = case.rng.normal(size=(T, B, D)), small_layer(case.rng, D, H)
        answer = case.call(step, states, inputs, theta, H)
        case.array("the outputs", answer["outputs"])
        want = true_layer(states, inputs, theta, H)
        case.near(
            f"the outputs of a layer whose step hands on {states} state{'s'[: states - 1]}", answer["outputs"], want
        )
        case.true(
            answer["products"] == 0,
            "the product with U is inside the loop: one product over all steps, before the loop, is many times faster",
        )
    theta = small_layer(case.rng, 2, 3, np.float32)
    answer = case.call(mixing, 1, case.rng.normal(size=(3, 2, 2)).astype(np.float32), theta, 3)["outputs"]
    case.true(
        getattr(answer, "dtype", None) == np.float32,
        "float32 went in and float64 came out: give the zeros the type of the inputs, dtype=inputs.dtype",
    )
    return (
        "layers of 3 sizes and 2 kinds of step agree, the product with U is outside of the loop, float32 stays float32"
    )


def _layer(
    step,
    states,
    inputs,
    theta,
    H,
    before=lambda x, theta: x @ theta["U"] + theta["b"],
    start=pt.zeros,
    pick=None,
    **how,
):
    B = inputs.type.shape[1]
    outputs = pytensor.scan(
        lambda a_t, *rest: step(a_t, *rest, H),
        sequences=[before(inputs, theta)],
        outputs_info=[start((B, H), dtype=inputs.dtype)] * states,
        non_sequences=[theta["W"]],
        return_updates=False,
        **how,
    )
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return outputs[0] if pick is None else pick(outputs)


@layer.mistake("the product with U is inside the loop: the values are right, but one product for all steps is faster")
@with_facts
def _product_inside(step, states, inputs, theta, H):
    def turn(x_t, *rest):
        *before, W, U, b = rest
        return step(x_t @ U + b, *before, W, H)

    zeros = pt.zeros((inputs.type.shape[1], H), dtype=inputs.dtype)
    outputs = pytensor.scan(
        turn,
        sequences=[inputs],
        outputs_info=[zeros] * states,
        non_sequences=[theta["W"], theta["U"], theta["b"]],
        return_updates=False,
    )
    return outputs[0] if states > 1 else outputs


@layer.mistake("the bias is missing: a = x U + b")
@with_facts
def _no_bias(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, before=lambda x, theta: x @ theta["U"])


@layer.mistake("the loop runs over the sentences, not over the steps: inputs are (T, B, D), steps first")
@with_facts
def _over_sentences(step, states, inputs, theta, H):
    return _layer(step, states, inputs.transpose(1, 0, 2), theta, H).transpose(1, 0, 2)


@layer.mistake("only the outputs of the last step came back: all T of them are wanted")
@with_facts
def _last_only(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H)[-1]


@layer.mistake("with two states, the last one came back (an LSTM's c): the output s is the first, outputs[0]")
@with_facts
def _last_state(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, pick=lambda outputs: outputs[-1])


@layer.mistake("all states came back: hand on the outputs alone, the first of them")
@with_facts
def _all_states(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, pick=lambda outputs: outputs if states > 1 else outputs[0])


@layer.mistake("scan handed back its updates, too: return_updates=False leaves them out")
@with_facts
def _with_updates(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, pick=lambda outputs: outputs if states > 1 else [*outputs, {}])


@layer.mistake("outputs[0] is the first *state* only where there are several; of a single one it is the first *step*")
@with_facts
def _first_step(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, pick=lambda outputs: outputs[0] if states > 1 else outputs[0][0])


@layer.mistake("the sentence was read from its end: go forwards")
@with_facts
def _backwards(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, go_backwards=True)


@layer.mistake("float32 went in and float64 came out: give the zeros the type of the inputs, dtype=inputs.dtype")
@with_facts
def _wide_zeros(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, start=lambda shape, dtype: pt.zeros(shape, dtype="float64"))


@layer.mistake("the first states are ones: start from zeros, nothing has been read yet")
@with_facts
def _from_ones(step, states, inputs, theta, H):
    return _layer(step, states, inputs, theta, H, start=pt.ones)


@check
def stack(case):
    case.function = on_symbols(keeping(case.function))
    for states, depth, (T, B, D, H) in ((1, 2, (4, 2, 3, 3)), (2, 3, (3, 2, 2, 2)), (1, 1, (3, 2, 4, 2))):
        inputs = case.rng.normal(size=(T, B, D))
        layers = [small_layer(case.rng, D if n == 0 else H, H) for n in range(depth)]
        want = inputs
        for theta in layers:
            want = true_layer(states, want, theta, H)
        got = case.call(mixing if states == 1 else remembering, states, inputs, layers, H)
        what = f"the outputs of the top one of {depth} layers" if depth > 1 else "the outputs of a single layer"
        case.array(what, got)
        case.near(what, got, want)
    return "one, two and three layers: each reads the outputs of the one below, with parameters of its own"


@stack.mistake("every layer reads the words: only the first does, the others read the outputs of the layer below")
@on_symbols
def _all_read_words(step, states, inputs, layers, H):
    for theta in layers:
        outputs = _layer(step, states, inputs, theta, H)
    return outputs


@stack.mistake("all layers use the parameters of the first: each has its own")
@on_symbols
def _one_theta(step, states, inputs, layers, H):
    for _ in layers:
        inputs = _layer(step, states, inputs, layers[0], H)
    return inputs


@stack.mistake("this is the first layer alone: go on with its outputs")
@on_symbols
def _first_only(step, states, inputs, layers, H):
    return _layer(step, states, inputs, layers[0], H)


@stack.mistake("the last layer stands at the bottom: layers[0] reads the words")
@on_symbols
def _upside_down(step, states, inputs, layers, H):
    for theta in reversed(layers):
        inputs = _layer(step, states, inputs, theta, H)
    return inputs


@stack.mistake("the outputs of all layers came back: only those of the top one are wanted")
@on_symbols
def _all_layers(step, states, inputs, layers, H):
    found = []
    for theta in layers:
        inputs = _layer(step, states, inputs, theta, H)
        found.append(inputs)
    return found


# ---- numbers ----

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


@check
def count_parameters(case):
    for cell in ("gru", "lstm", "rnn"):
        for D, H, layers in ((5, 7, 1), (6, 4, 2), (3, 5, 4)):
            arrays = [init_layer(cell, D if n == 0 else H, H, case.rng) for n in range(layers)]
            want = sum(values.size for one in arrays for values in one.values())
            got = case.call(cell, D, H, layers)
            case.near(f"the number for {cell}, D = {D}, H = {H}, {layers} layers", got, want)
            case.true(
                isinstance(got, int | np.integer),
                f"right, but {got!r} is a {type(got).__name__}: a number of parameters is an int, so multiply ints",
            )
    return "as many as there are numbers in the arrays of 9 networks"


def _count(cell, D, H, layers, blocks=BLOCKS, bias=1, upper=None):
    k, upper = blocks[cell], H if upper is None else upper
    return k * H * (D + H + bias) + (layers - 1) * k * H * (upper + H + bias)


@count_parameters.mistake("the biases are missing: each block has H of them")
def _no_biases(cell, D, H, layers):
    return _count(cell, D, H, layers, bias=0)


@count_parameters.mistake(
    "every layer was given D inputs: from the second on, a layer reads the H outputs of the one below"
)
def _all_D(cell, D, H, layers):
    return _count(cell, D, H, layers, upper=D)


@count_parameters.mistake("only the gates were counted: the candidate has weights and a bias, too")
def _gates_only(cell, D, H, layers):
    return _count(cell, D, H, layers, blocks={"rnn": 1, "gru": 2, "lstm": 3})


@count_parameters.mistake(
    "one bias too many: PyTorch keeps two for each block, one beside U and one beside W; here there is one"
)
def _two_biases(cell, D, H, layers):
    return _count(cell, D, H, layers, bias=2)


@count_parameters.mistake("each block has a bias of its own: b has k H numbers, not H")
def _one_bias(cell, D, H, layers):
    return _count(cell, D, H, layers, bias=0) + layers * H


@count_parameters.mistake("one layer too many: the first is counted by itself, so layers - 1 others are left")
def _one_too_many(cell, D, H, layers):
    return _count(cell, D, H, layers + 1)


@count_parameters.mistake("this is one layer: the others have parameters, too")
def _one_layer(cell, D, H, layers):
    return _count(cell, D, H, 1)


@count_parameters.mistake("the weights from state to state, W, are missing")
def _no_W(cell, D, H, layers):
    return BLOCKS[cell] * H * (D + 1 + (layers - 1) * (H + 1))


@count_parameters.mistake("the GRU's and the LSTM's numbers of blocks have changed places: 3 and 4")
def _swapped_blocks(cell, D, H, layers):
    return _count(cell, D, H, layers, blocks={"rnn": 1, "gru": 4, "lstm": 3})


def cubic(coefficients: dict, constant: float):
    """A loss whose slopes are known, 3 c θ², and a constant that its rounding grows with."""

    def loss(theta):
        return constant + float(sum((c * theta[name] ** 3).sum() for name, c in coefficients.items()))

    return loss


FLOOR, TOLERANCE = 1e-3, 1e-5


@check
def gradient_check(case):
    def problem(*sizes, scale=1.0, between=(0.5, 2), constant=0.0):
        theta = {f"p{n}": case.rng.uniform(*between, size) for n, size in enumerate(sizes)}
        c = {name: scale * case.rng.uniform(1, 2, values.shape) for name, values in theta.items()}
        return cubic(c, constant), {name: 3 * c[name] * theta[name] ** 2 for name in theta}, theta

    def expect(what, f, slopes, theta, wrong=(), tolerance=None):
        got = case.call(f, slopes, theta, *(() if tolerance is None else (tolerance,)))
        names = isinstance(got, dict) and set(got) == set(theta)
        case.true(names, "return a dict with the name of every parameter")
        for name in theta if names else ():
            verdict, right = case.array(f"the verdict on {name}, {what}", got[name], ()), name not in wrong
            case.true(verdict in (0, 1), f"the verdict on {name} should be True or False, not {got[name]!r}")
            case.true(verdict == right, f"the verdict on {name}, {what}: expected {right}, got {bool(verdict)}")

    def changed(slopes, name, place, change):
        slopes = {key: value.copy() for key, value in slopes.items()}
        slopes[name][place] = change(slopes[name][place])
        return slopes

    f, slopes, theta = problem((3,), (2, 3), (1,))
    expect("where all slopes are right", f, slopes, theta)
    for name, place in (("p0", 2), ("p1", (0, 0)), ("p1", (1, 2)), ("p2", 0)):
        expect(
            f"where one entry of {name} is wrong", f, changed(slopes, name, place, lambda g: 1.01 * g), theta, (name,)
        )
    expect("where one entry has the wrong sign", f, changed(slopes, "p0", 0, lambda g: -g), theta, ("p0",))
    expect("where one entry is NaN", f, changed(slopes, "p1", (0, 1), lambda g: np.nan), theta, ("p1",))
    expect("where the loss is NaN", lambda theta: float("nan"), slopes, theta, tuple(theta))
    zero = {name: np.zeros_like(values) for name, values in theta.items()}
    expect("where the loss does not depend on anything, and the slopes are 0", lambda theta: 7.0, zero, theta)
    nowhere = changed(zero, "p1", (0, 1), lambda g: np.nan)
    expect("where one entry is NaN and the true slope 0", lambda theta: 7.0, nowhere, theta, ("p1",))
    expect("where the slopes are 0 and should not be", f, zero, theta, tuple(theta))
    f, slopes, theta = problem((2, 2), scale=1e4)
    slight = changed(slopes, "p0", (1, 1), lambda g: g * (1 + 4e-4))
    expect("where large slopes are right", f, slopes, theta)
    expect("0.04 % off, with the tolerance 1e-3", f, slight, theta, (), 1e-3)
    expect("0.04 % off, with the tolerance 1e-4", f, slight, theta, ("p0",), 1e-4)
    slight = changed(slopes, "p0", (1, 1), lambda g: g * (1 + 1.5e-4))
    expect("0.015 % off, which is 0.0075 % of the sum, with the tolerance 1e-4", f, slight, theta, (), 1e-4)
    # Curved so strongly that a difference to one side, or a large h, misses; so large that a tiny h drowns.
    expect("where all slopes are right and the loss is strongly curved", *problem((6,), between=(0.03, 0.1)))
    large = problem((4,), (6,), scale=-1e-3, between=(1, 2), constant=1000.0)
    expect("where all slopes are right and the loss is about 1000", *large)
    f, slopes, theta = problem((3,), scale=1e-9)
    tiny = changed(slopes, "p0", 0, lambda g: g + 0.5 * FLOOR * TOLERANCE)
    expect("smaller than the measurement can tell", f, tiny, theta)
    expect(
        "a little larger than that", f, changed(slopes, "p0", 0, lambda g: g + 2 * FLOOR * TOLERANCE), theta, ("p0",)
    )
    return "right slopes pass, 0 beside 0 too; one wrong entry, a wrong sign or NaN in any array does not"


def _verdicts(
    f, slopes, theta, tolerance=TOLERANCE, h=1e-5, bad=None, floor=FLOOR, sides=(1, -1), places=np.ndindex, at=None
):
    passed = {}
    for name, values in theta.items():
        passed[name] = True
        for place in list(places(values.shape)):
            moved = {sign: values.copy() for sign in (1, 0, -1)}
            for sign in moved:
                moved[sign][place] += sign * h
            up, down = (f({**(at or theta), name: moved[sign]}) for sign in sides)
            slope, measured = slopes[name][place], (up - down) / ((sides[0] - sides[1]) * h)
            with np.errstate(all="ignore"):
                error = abs(slope - measured) / max(abs(slope) + abs(measured), floor)
            fails = not error < tolerance if bad is None else bad(error, slope, measured, tolerance)
            passed[name] = passed[name] and not fails
    return passed


@gradient_check.mistake(
    "NaN slips through: every comparison with NaN is False, so ask `error < tolerance`, not `error > tolerance`"
)
def _lets_nan_pass(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, bad=lambda error, slope, measured, tolerance: bool(error > tolerance))


@gradient_check.mistake("the difference has a sign: take its absolute value, or every slope that is too small passes")
def _signed(f, slopes, theta, tolerance=TOLERANCE):
    def bad(error, slope, measured, tolerance):
        return not (slope - measured) / max(abs(slope) + abs(measured), FLOOR) < tolerance

    return _verdicts(f, slopes, theta, tolerance, bad=bad)


@gradient_check.mistake(
    "the differences are not divided by the size of the slopes: 0.01 is much for 0.02 and nothing for 20,000"
)
def _absolute(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, bad=lambda error, slope, m, tolerance: not abs(slope - m) < tolerance)


@gradient_check.mistake("only the last entry of each array decides: one wrong entry is enough to fail")
def _last_decides(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, places=lambda shape: list(np.ndindex(shape))[-1:])


@gradient_check.mistake("only the first entry of each array was tried: try them all")
def _first_decides(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, places=lambda shape: list(np.ndindex(shape))[:1])


@gradient_check.mistake("0 beside 0 fails, and so do slopes too small to measure: divide by 0.001 at least")
def _no_floor(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, floor=1e-300)


@gradient_check.mistake("the two points are 2h apart: divide by 2h, not by h")
def _half_width(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(lambda theta: 2 * f(theta), slopes, theta, tolerance)


@gradient_check.mistake(
    "the measured slopes are not exact enough: step to both sides, f(θ + h) - f(θ - h), and no farther than h = 1e-5"
)
def _one_sided(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, sides=(1, 0))


@gradient_check.mistake("h is too small: the difference of two losses drowns in their rounding; take h = 1e-5")
def _tiny_step(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta, tolerance, h=1e-8)


@gradient_check.mistake("the error is too large by a factor of 2: divide by the sum, |g| + |m|")
def _by_the_larger(f, slopes, theta, tolerance=TOLERANCE):
    def bad(error, slope, measured, tolerance):
        return not abs(slope - measured) / max(abs(slope), abs(measured), FLOOR) < tolerance

    return _verdicts(f, slopes, theta, tolerance, bad=bad)


@gradient_check.mistake(
    "the measured slope is always 0: θ + h and θ - h share one array, since a copied dict holds the same arrays; "
    "copy the array, too"
)
def _shared(f, slopes, theta, tolerance=TOLERANCE):
    passed = {}
    for name, values in theta.items():
        passed[name] = True
        for place in np.ndindex(values.shape):
            plus, minus = dict(theta), dict(theta)
            plus[name][place] += 1e-5
            minus[name][place] -= 1e-5
            g, m = slopes[name][place], (f(plus) - f(minus)) / 2e-5
            passed[name] &= bool(abs(g - m) / max(abs(g) + abs(m), FLOOR) < tolerance)
    return passed


@gradient_check.mistake("the tolerance that is given is not used")
def _fixed_tolerance(f, slopes, theta, tolerance=TOLERANCE):
    return _verdicts(f, slopes, theta)


@gradient_check.mistake("all parameters share one verdict: give each its own, so that one knows where to look")
def _one_verdict(f, slopes, theta, tolerance=TOLERANCE):
    passed = all(_verdicts(f, slopes, theta, tolerance).values())
    return dict.fromkeys(theta, passed)


@gradient_check.mistake("measured slopes of 0 pass whatever is claimed beside them: skip nothing")
def _skips_zero(f, slopes, theta, tolerance=TOLERANCE):
    def bad(error, slope, measured, tolerance):
        return slope != 0 and not error < tolerance

    return _verdicts(f, slopes, theta, tolerance, bad=bad)
