"""Checks of ``rnn/02_recurrent_network/02_scan``.

The learner builds graphs; they are evaluated here on arrays and compared with numbers that no graph made: loops over
single words and units, derivatives by the complex step (Squire and Trapp 1998), and paths counted one by one.
"""

import cmath
import functools

import numpy as np
import pytensor
import pytensor.tensor as pt

from lib.checks import check
from lib.checks.symbolic import compiled, on_symbols, trial

TINY = 1e-30  # the complex step: no difference is taken, so it can be this small


def loop(body, sequences, start, *others, **options):
    """``scan`` as every mistake below uses it."""
    options = {"return_updates": False} | options
    return pytensor.scan(body, sequences=sequences, outputs_info=start, non_sequences=list(others), **options)


def near(case, what, got, want, **options):
    """As ``case.near``; but NaN is named first, whatever its shape: a graph may have turned into a single one."""
    case.array(what, got)
    case.near(what, got, want, **options)


# --- decayed_sum -----------------------------------------------------------------------------------------------------


@check
def decayed_sum(case):
    case.function = on_symbols(case.function)
    for length, rate in ((1, 0.5), (6, 0.7), (9, -1.2)):
        x, want = case.rng.normal(size=length), []
        for t in range(length):
            want.append(sum(rate ** (t - k) * x[k] for k in range(t + 1)))
        near(case, f"the {length} sums with rate {rate}", case.call(x, np.array(rate)), want)
    return "3 sequences agree with the sum over all earlier numbers, each times its power of the rate"


def _begun_with(zero, x, rate):
    return loop(lambda x_t, before, rate: x_t + rate * before, x, zero, rate)


def _decayed(body, start=0.0):
    return on_symbols(lambda x, rate: loop(body, x, pt.constant(start, dtype="float64"), rate))


decayed_sum.mistake(
    "the rate multiplies the new number in place of the old sum, or the arguments are exchanged: scan gives the number "
    "of the sequence first, then what came before"
)(_decayed(lambda before, x_t, rate: rate * before + x_t))
decayed_sum.mistake("this is the mean of the new and the old, (1 - rate) x + rate a: the new number comes in whole")(
    _decayed(lambda x_t, before, rate: (1 - rate) * x_t + rate * before)
)
for _zero in (0.0, 0):
    decayed_sum.mistake(
        f"`outputs_info={_zero}` has another type than the sums, which are float64: begin with pt.zeros(())"
    )(on_symbols(functools.partial(_begun_with, _zero)))
decayed_sum.mistake("this is the plain sum: multiply what came before by the rate")(
    _decayed(lambda x_t, before, rate: before + x_t)
)
decayed_sum.mistake("both are multiplied by the rate: the new number comes in whole")(
    _decayed(lambda x_t, before, rate: rate * (before + x_t))
)
decayed_sum.mistake("the sum starts at 1: before the first number there is 0")(
    _decayed(lambda x_t, before, rate: rate * before + x_t, start=1.0)
)
decayed_sum.mistake("nothing comes from the step before: the new sum is the number plus rate times the sum before")(
    _decayed(lambda x_t, before, rate: x_t + 0 * before)
)


@decayed_sum.mistake("only the last sum is returned: return all of them, scan stacks them for you")
@on_symbols
def _only_the_last(x, rate):
    return loop(lambda x_t, before, rate: rate * before + x_t, x, pt.zeros(()), rate)[-1]


@decayed_sum.mistake("scan gives a pair, the results and something older versions needed: say return_updates=False")
@on_symbols
def _with_updates(x, rate):
    return loop(lambda x_t, before, rate: rate * before + x_t, x, pt.zeros(()), rate, return_updates=True)


@decayed_sum.mistake("the sequence runs backwards: the first number comes first")
@on_symbols
def _backwards(x, rate):
    return loop(lambda x_t, before, rate: rate * before + x_t, x[::-1], pt.zeros(()), rate)


@decayed_sum.mistake("the sums stand in the wrong order: the first one first")
@on_symbols
def _turned(x, rate):
    return loop(lambda x_t, before, rate: rate * before + x_t, x, pt.zeros(()), rate)[::-1]


# --- states ----------------------------------------------------------------------------------------------------------


def true_states(inputs, W):
    """Unit by unit; works for complex numbers too."""
    s, before = [], [0.0] * len(W)
    for inner in inputs:
        before = [cmath.tanh(inner[i] + sum(W[i, j] * before[j] for j in range(len(W)))) for i in range(len(W))]
        s.append(before)
    return s


@check
def states(case):
    case.function = on_symbols(case.function)
    for T, H in ((5, 3), (4, 4), (1, 2)):
        inputs, W = case.rng.normal(size=(T, H)), case.rng.normal(size=(H, H))
        near(case, f"the states of {T} steps with {H} units", case.call(inputs, W), np.real(true_states(inputs, W)))
    return "3 networks agree with a loop over single units, the first step included"


def _states(body, start=0.0, turn=lambda inputs: inputs):
    def wrong(inputs, W):
        first = pt.full(W.shape[0], start, dtype="float64")
        return loop(body, turn(inputs), first, W)

    return on_symbols(wrong)


states.mistake("the loop is linear: the state is the tanh of the sum")(_states(lambda z, s, W: z + W @ s))
states.mistake("the product is turned round: W @ s, not s @ W (or its transpose)")(
    _states(lambda z, s, W: pt.tanh(z + s @ W))
)
states.mistake("the arguments are exchanged: scan gives the row of the sequence first, then the state before")(
    _states(lambda s, z, W: pt.tanh(z + W @ s))
)
states.mistake("only the input is inside the tanh: add W s before squashing")(
    _states(lambda z, s, W: pt.tanh(z) + W @ s)
)
states.mistake("only W s is inside the tanh: add the input before squashing")(
    _states(lambda z, s, W: z + pt.tanh(W @ s))
)
states.mistake("W does not take part: each state needs W times the state before")(
    _states(lambda z, s, W: pt.tanh(z + s))
)
states.mistake("the input goes through W, too: it is what U gives, so only the state before is multiplied by W")(
    _states(lambda z, s, W: pt.tanh(W @ (z + s)))
)
states.mistake("the first state before is 1: start from zeros")(_states(lambda z, s, W: pt.tanh(z + W @ s), start=1.0))
states.mistake("the last row of the sequence comes first: give scan the rows in their order")(
    _states(lambda z, s, W: pt.tanh(z + W @ s), turn=lambda inputs: inputs[::-1])
)


@states.mistake("there is no loop in this: each state is computed without the state before")
@on_symbols
def _no_loop(inputs, W):
    return pt.tanh(inputs)


@states.mistake("only the last state is returned: return all of them, a row for each step")
@on_symbols
def _last_state(inputs, W):
    return loop(lambda z, s, W: pt.tanh(z + W @ s), inputs, pt.zeros(W.shape[0]), W)[-1]


@states.mistake(
    "this takes the *input* before instead of the *state* before: outputs_info is what carries the state on"
)
@on_symbols
def _input_before(inputs, W):
    before = pt.concatenate([pt.zeros((1, W.shape[0])), inputs[:-1]])
    return pt.tanh(inputs + before @ W.T)


@states.mistake(
    "the states begin with the zero state and lack the last: scan's first output is the state *after* step 0"
)
@on_symbols
def _shifted(inputs, W):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), inputs, pt.zeros(W.shape[0]), W)
    return pt.concatenate([pt.zeros((1, W.shape[0])), s[:-1]])


# --- sentence_loss ---------------------------------------------------------------------------------------------------


def true_loss(U, V, W, x, y):
    """The cross-entropy of a sentence, word by word; works for complex numbers too."""
    total = 0.0
    for s, word in zip(true_states(U.T[x], W), y, strict=True):
        scores = [sum(v * unit for v, unit in zip(row, s, strict=True)) for row in V]
        total -= scores[word] - cmath.log(sum(cmath.exp(score) for score in scores))
    return total


def network(rng, C, H, T):
    """Random parameters, and a sentence in which the first word comes twice."""
    U, V, W = rng.normal(size=(H, C)), rng.normal(size=(C, H)), rng.normal(size=(H, H))
    numbers = rng.integers(C, size=T + 1)
    numbers[2] = numbers[0]
    return U, V, W, numbers[:-1], numbers[1:]


@check
def sentence_loss(case):
    case.function = on_symbols(case.function)
    for C, H, T in ((7, 3, 4), (5, 5, 5), (9, 2, 6)):
        arrays = network(case.rng, C, H, T)
        near(case, f"the loss of {T} words out of {C}", case.call(*arrays), true_loss(*arrays).real)
    U, V, W, x, y = network(case.rng, 4, 2, 3)
    case.near(
        "the loss with scores near 2000", case.call(U, 0 * V + 2000, W, x, y), 3 * np.log(4), hint="use log_softmax"
    )
    return "3 sentences agree with a sum over single words, and large scores do not overflow"


def _log_o(U, V, W, x, axis=1, **options):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), U[:, x].T, pt.zeros(W.shape[0]), W, **options)
    return pt.special.log_softmax(s @ V.T, axis=axis)


def _loss(U, V, W, x, y, axis=1, **options):
    return -_log_o(U, V, W, x, axis, **options)[pt.arange(y.shape[0]), y].sum()


@sentence_loss.mistake("this is the mean over the words: the loss of a sentence is the sum")
@on_symbols
def _mean(U, V, W, x, y):
    return _loss(U, V, W, x, y) / y.shape[0]


@sentence_loss.mistake("the sign is missing: log-probabilities are negative, and the loss is minus their sum")
@on_symbols
def _no_sign(U, V, W, x, y):
    return -_loss(U, V, W, x, y)


@sentence_loss.mistake("the softmax goes along the wrong axis: a row is a step, so its C words sum to 1 with axis=1")
@on_symbols
def _wrong_axis(U, V, W, x, y):
    return _loss(U, V, W, x, y, axis=0)


@sentence_loss.mistake("the softmax goes over all steps at once: name the axis, axis=1")
@on_symbols
def _no_axis(U, V, W, x, y):
    return _loss(U, V, W, x, y, axis=None)


@sentence_loss.mistake("these are the probabilities of the words *read*: the loss asks for the words to come, y")
@on_symbols
def _of_x(U, V, W, x, y):
    return _loss(U, V, W, x, x)


@sentence_loss.mistake("log_o[:, y] takes T columns for every step; log_o[pt.arange(T), y] takes one per step")
@on_symbols
def _all_columns(U, V, W, x, y):
    return -_log_o(U, V, W, x)[:, y].sum()


@sentence_loss.mistake("each guess is made from the state *before* its word: scan's row t is the state after word t")
@on_symbols
def _state_before(U, V, W, x, y):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), U[:, x].T, pt.zeros(W.shape[0]), W)
    s = pt.concatenate([pt.zeros((1, W.shape[0])), s[:-1]])
    return -pt.special.log_softmax(s @ V.T, axis=1)[pt.arange(y.shape[0]), y].sum()


@sentence_loss.mistake("the scores are taken for log-probabilities: log_softmax is missing")
@on_symbols
def _scores(U, V, W, x, y):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), U[:, x].T, pt.zeros(W.shape[0]), W)
    return -(s @ V.T)[pt.arange(y.shape[0]), y].sum()


@sentence_loss.mistake("these are probabilities: the loss is minus the sum of their *logarithms*")
@on_symbols
def _no_log(U, V, W, x, y):
    return -pt.exp(_log_o(U, V, W, x))[pt.arange(y.shape[0]), y].sum()


@sentence_loss.mistake("`states` wants one row per step: U[:, x] has one column per step, so transpose it, U[:, x].T")
@on_symbols
def _columns_read(U, V, W, x, y):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), U[:, x], pt.zeros(W.shape[0]), W)
    return -pt.special.log_softmax(s @ V.T, axis=1)[pt.arange(y.shape[0]), y].sum()


@sentence_loss.mistake(
    "the sum of the exponentials overflows at large scores: pt.special.log_softmax takes care of that"
)
@on_symbols
def _sum_overflows(U, V, W, x, y):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), U[:, x].T, pt.zeros(W.shape[0]), W)
    log_o = s @ V.T - pt.log(pt.exp(s @ V.T).sum(axis=1, keepdims=True))
    return -log_o[pt.arange(y.shape[0]), y].sum()


@sentence_loss.mistake("exp overflows at large scores: use pt.special.log_softmax, not the log of a quotient")
@on_symbols
def _overflows(U, V, W, x, y):
    s = loop(lambda z, s, W: pt.tanh(z + W @ s), U[:, x].T, pt.zeros(W.shape[0]), W)
    e = pt.exp(s @ V.T)
    return -pt.log(e / e.sum(axis=1, keepdims=True))[pt.arange(y.shape[0]), y].sum()


# --- sgd_step --------------------------------------------------------------------------------------------------------


@trial
def taking_steps(make_step, U, V, W, sentences, lr):
    """The losses that the compiled step returns on each sentence, and the parameters in the end."""
    shared = [pytensor.shared(values) for values in (U, V, W)]
    answer = make_step(*shared)
    step = compiled(answer)
    if step is None:
        return answer
    losses = [np.asarray(step(x, y, lr)) for x, y in sentences]
    return [losses, *(one.get_value() for one in shared)]


def true_slopes(U, V, W, x, y):
    """The derivative of :func:`true_loss` by every parameter, by the complex step."""
    slopes = []
    for number, values in enumerate((U, V, W)):
        slope = np.empty_like(values)
        for place in np.ndindex(values.shape):
            moved = [one.astype(complex) for one in (U, V, W)]
            moved[number][place] += 1j * TINY
            slope[place] = true_loss(*moved, x, y).imag / TINY
        slopes.append(slope)
    return slopes


@check
def sgd_step(case):
    case.function = taking_steps(case.function)
    U, V, W, x, y = network(case.rng, 5, 3, 4)
    long = case.rng.integers(5, size=10)  # a truncated gradient shows in a long sentence alone
    sentences = [(x, y), (y[:3], x[:3]), (long[:-1], long[1:])]
    sentences = [(x.astype("int32"), y.astype("int32")) for x, y in sentences]
    losses, model, lr = [], [U, V, W], 0.3
    for pair in sentences:
        losses.append(true_loss(*model, *pair).real)
        model = [values - lr * slope for values, slope in zip(model, true_slopes(*model, *pair), strict=True)]
    got = case.call(U, V, W, sentences, lr)
    if not (isinstance(got, list | tuple) and len(got) == 4):
        if isinstance(got, np.ndarray) and got.dtype.kind == "f":
            case.array("the answer", got)
        case.fail("the answer should be a function of x, y and lr: return what pytensor.function gives")
    case.near("the losses that the steps return", got[0], losses, hint="each is the loss before its own step")
    for name, values, want in zip("VWU", (got[2], got[3], got[1]), (model[1], model[2], model[0]), strict=True):
        case.near(f"{name} after three steps", values, want)
    return "three steps on sentences of different lengths move all three parameters along the measured slopes"


def _step(updates, output=lambda loss, lr: loss, **options):
    def make_step(U, V, W):
        x, y, lr = pt.ivector("x"), pt.ivector("y"), pt.dscalar("lr")
        loss = _loss(U, V, W, x, y, **options)
        slopes = pt.grad(loss, [U, V, W])
        changes = updates([U, V, W], slopes, lr)
        answer = output(loss, lr)
        return pytensor.function([x, y, lr], answer, updates=changes, on_unused_input="ignore")

    return taking_steps(make_step)


def _all(sign, rate=lambda lr: lr):
    return lambda model, slopes, lr: [(p, p + sign * rate(lr) * g) for p, g in zip(model, slopes, strict=True)]


def _without(missing):
    def updates(model, slopes, lr):
        return [(p, p - lr * g) for i, (p, g) in enumerate(zip(model, slopes, strict=True)) if i != missing]

    return updates


sgd_step.mistake("nothing is updated: give pytensor.function the pairs with updates=[(U, U - lr * dU), ...]")(
    _step(lambda model, slopes, lr: [])
)
sgd_step.mistake("the step goes uphill: subtract the gradient")(_step(_all(1)))
sgd_step.mistake("the learning rate is not used: multiply each gradient by lr")(_step(_all(-1, lambda lr: 1.0)))
sgd_step.mistake("U is not updated: all three parameters move")(_step(_without(0)))
sgd_step.mistake("V is not updated: all three parameters move")(_step(_without(1)))
sgd_step.mistake("W is not updated: all three parameters move")(_step(_without(2)))
sgd_step.mistake("the new value is the step alone: the parameter itself is missing, U - lr * dU")(
    _step(lambda model, slopes, lr: [(p, -lr * g) for p, g in zip(model, slopes, strict=True)])
)
sgd_step.mistake("the step returns the loss times the learning rate: return the loss itself")(
    _step(_all(-1), lambda loss, lr: loss * lr)
)
sgd_step.mistake("the way back is cut off after 4 steps: leave `truncate_gradient` out of the scan in `states`")(
    _step(_all(-1), truncate_gradient=4)
)


@sgd_step.mistake("x and y are exchanged: pytensor.function takes its inputs in the order x, y, lr")
@taking_steps
def _exchanged(U, V, W):
    x, y, lr = pt.ivector("x"), pt.ivector("y"), pt.dscalar("lr")
    loss = _loss(U, V, W, y, x)
    return pytensor.function([x, y, lr], loss, updates=[(p, p - lr * pt.grad(loss, p)) for p in (U, V, W)])


@sgd_step.mistake("the parameters move one after the other: one function with all three updates takes the old values")
@taking_steps
def _one_by_one(U, V, W):
    x, y, lr = pt.ivector("x"), pt.ivector("y"), pt.dscalar("lr")
    loss = _loss(U, V, W, x, y)
    moves = [pytensor.function([x, y, lr], loss, updates=[(p, p - lr * pt.grad(loss, p))]) for p in (U, V, W)]

    def step(x, y, lr):
        before, *_ = (move(x, y, lr) for move in moves)
        return before

    return step


# --- kept_paths ------------------------------------------------------------------------------------------------------


@check
def kept_paths(case):
    for T, k in ((6, 2), (7, 4), (3, 5), (5, 1)):
        want_words, want_scan = np.zeros((T, T)), np.zeros((T, T))
        for t in range(T):
            for j in range(t + 1):
                want_words[t, j] = t - j <= k
                want_scan[t, j] = T - j <= k
        got = case.call(T, k)
        case.true(isinstance(got, tuple | list) and len(got) == 2, "return two arrays: `return per_word, in_scan`")
        case.near(f"per_word for {T} words and k = {k}", got[0], want_words)
        case.near(f"in_scan for {T} words and k = {k}", got[1], want_scan)
    return "4 sentences agree, path by path, also one that is shorter than k"


def _paths(per_word, in_scan):
    def wrong(T, k):
        t, j = np.arange(T)[:, None], np.arange(T)[None, :]
        return (per_word(T, k, t, j) & (j <= t)), (in_scan(T, k, t, j) & (j <= t))

    return wrong


def _right_words(T, k, t, j):
    return t - j <= k


def _right_scan(T, k, t, j):
    return j >= T - k


kept_paths.mistake(
    "scan is not truncated per word: it keeps the last k steps of the *sentence*, the same for all guesses"
)(_paths(_right_words, _right_words))
kept_paths.mistake("the two are exchanged: per_word comes first, then in_scan")(_paths(_right_scan, _right_words))
kept_paths.mistake("k steps *back* from word t ends at word t - k, and word t itself is kept too: that is k + 1 words")(
    _paths(lambda T, k, t, j: t - j < k, _right_scan)
)
kept_paths.mistake("scan keeps one step too many: k steps from the end begin at step T - k")(
    _paths(_right_words, lambda T, k, t, j: j >= T - k - 1)
)
kept_paths.mistake("scan keeps the *last* k steps, not the first: its gradient starts at the end of the sentence")(
    _paths(_right_words, lambda T, k, t, j: j < k)
)
kept_paths.mistake("scan keeps one step too few: k steps from the end begin at step T - k, that step included")(
    _paths(_right_words, lambda T, k, t, j: j > T - k)
)
kept_paths.mistake(
    "scan cuts the steps j that are reached, not the guesses t: a late guess reaches no early word either"
)(_paths(_right_words, lambda T, k, t, j: (t >= T - k) & (j >= 0)))


@kept_paths.mistake("a guess cannot reach a word that comes after it: nothing is kept where j > t")
def _future(T, k):
    t, j = np.arange(T)[:, None], np.arange(T)[None, :]
    return (t - j <= k), np.broadcast_to(j >= T - k, (T, T)).copy()


@kept_paths.mistake("rows and columns are exchanged: the row is the guess t, the column the word j")
def _transposed(T, k):
    per_word, in_scan = _paths(_right_words, _right_scan)(T, k)
    return per_word.T, in_scan.T
