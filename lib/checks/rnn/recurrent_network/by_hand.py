"""Checks of ``rnn/02_recurrent_network/01_by_hand``.

Ground truth is a network that reads one-hot vectors, one word at a time, and derivatives by the complex step: for an
analytic f, Im f(x + ih) / h is f'(x) to machine precision (Squire and Trapp 1998, SIAM Review 40:110).
"""

import math
from itertools import combinations

import numpy as np

from lib.checks import check
from lib.models import rnn

TINY = 1e-30  # the complex step: no difference is taken, so it can be this small


def small_model(rng: np.random.Generator, C: int, H: int) -> dict:
    """Weights large enough for every slip to show."""
    return {
        "U": rng.normal(scale=0.8, size=(H, C)),
        "V": rng.normal(scale=1.0, size=(C, H)),
        "W": rng.normal(scale=0.9, size=(H, H)) / math.sqrt(H) + 0.3 * np.eye(H),
    }


def sentence(rng: np.random.Generator, C: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """T words to read and T to guess, no word being its own successor; from T = 3 on, one is read twice."""
    words = rng.permutation(C)[np.arange(T + 1) % C]
    if T >= 3:
        words[2] = words[0]
    return words[:-1].copy(), words[1:].copy()


def read(model: dict, x) -> tuple[np.ndarray, np.ndarray]:
    """States (T, H) and probabilities (T, C), word by word with one-hot vectors; works for complex weights too."""
    U, V, W = model["U"], model["V"], model["W"]
    state, states, guesses = np.zeros(len(W)), [], []
    for word in x:
        state = np.tanh(U @ np.eye(U.shape[1])[word] + W @ state)
        states.append(state)
        guesses.append(true_softmax(V @ state))
    return np.array(states), np.array(guesses)


def true_softmax(z: np.ndarray) -> np.ndarray:
    """Probabilities of one row of scores; works for complex ones too."""
    e = np.exp(z - z.real.max())
    return e / e.sum()


def true_loss(model: dict, x, y) -> complex:
    """The summed cross-entropy, step by step."""
    return -sum(np.log(guess[word]) for guess, word in zip(read(model, x)[1], y, strict=True))


def slope_of(f, values: np.ndarray) -> np.ndarray:
    """The derivative of f by every entry of an array, by the complex step."""
    slope = np.empty(values.shape)
    for place in np.ndindex(values.shape):
        moved = values.astype(complex)
        moved[place] += 1j * TINY
        slope[place] = f(moved).imag / TINY
    return slope


def true_gradients(model: dict, x, y) -> dict:
    """The derivative of :func:`true_loss` by every parameter."""
    return {
        name: slope_of(lambda values, name=name: true_loss({**model, name: values}, x, y), model[name])
        for name in model
    }


def pair(case, answer, names: str) -> None:
    """End the check unless the answer is two things."""
    if isinstance(answer, np.ndarray) and answer.dtype.kind == "f":
        case.array("the answer", answer)  # names NaN
    right = isinstance(answer, tuple | list) and len(answer) == 2
    case.true(right, f"the answer should be two things, {names}")


@check
def forward(case):
    for C, H, T in ((5, 3, 1), (7, 4, 6), (4, 5, 9)):
        model, (x, _) = small_model(case.rng, C, H), sentence(case.rng, C, T)
        answer = case.call(model, x)
        pair(case, answer, "the states and the probabilities: `return s, o`")
        states, guesses = read(model, x)
        case.near("s, the states,", answer[0], np.vstack([states, np.zeros(H)]))
        case.near("o, the probabilities,", answer[1], guesses)
        arrays_of_type(case, answer, np.float64)
    single = {"U": np.zeros((2, 4), np.float32), "V": np.zeros((4, 2), np.float32), "W": np.zeros((2, 2), np.float32)}
    answer = case.call(single, np.array([1, 3, 1]))
    pair(case, answer, "the states and the probabilities: `return s, o`")
    arrays_of_type(case, answer, np.float32)
    model, (x, _) = small_model(case.rng, 5, 3), sentence(case.rng, 5, 4)
    model["V"] *= 2000
    answer = case.call(model, x)
    pair(case, answer, "the states and the probabilities: `return s, o`")
    case.near("o with scores in the thousands", answer[1], read(model, x)[1])
    return "states and guesses agree, word by word, for sentences of 1, 4, 6 and 9 words"


def arrays_of_type(case, answer, wanted: type) -> None:
    """End the check unless s and o are arrays of the model's own type."""
    for name, values in zip(("s", "o"), answer, strict=True):
        case.true(
            isinstance(values, np.ndarray), f"{name} should be one array, not a list of its rows: np.array({name})"
        )
        got = np.asarray(values).dtype
        case.true(
            got == wanted,
            f"the weights are {np.dtype(wanted)}, but {name} is {got}: make s with np.zeros(…, dtype=model['W'].dtype)",
        )


def _rows(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _forward(model, x, inner=lambda U, W, before, now: U + W @ before, squash=np.tanh, out=lambda V, s: _rows(s @ V.T)):
    s = np.zeros((len(x) + 1, len(model["W"])))
    for t in range(len(x)):
        s[t] = squash(inner(model["U"][:, x[t]], model["W"], s[t - 1], s[t]))
    return s, out(model["V"], s[:-1])


@forward.mistake(
    "the network has no memory: W @ s[t - 1] is missing, or s[t], which is still zero, stands in its place"
)
def _no_memory(model, x):
    return _forward(model, x, inner=lambda U, W, before, now: U)


@forward.mistake("U[:, t] is the column of the *step*; look up the column of the word read there, U[:, x[t]]")
def _step_for_word(model, x):
    return _forward(model, np.arange(len(x)))


@forward.mistake("all probabilities of the sentence together sum to 1; each row, one step, should sum to 1")
def _whole_array(model, x):
    return _forward(model, x, out=lambda V, s: np.exp(s @ V.T) / np.exp(s @ V.T).sum())


@forward.mistake("the tanh is missing")
def _linear(model, x):
    return _forward(model, x, squash=lambda z: z)


@forward.mistake("W is transposed: it is W @ s[t - 1], not s[t - 1] @ W")
def _transposed(model, x):
    return _forward(model, x, inner=lambda U, W, before, now: U + before @ W)


@forward.mistake("the state before was added as it is; multiply it by W first")
def _without_W(model, x):
    return _forward(model, x, inner=lambda U, W, before, now: U + before)


@forward.mistake("this is the logistic sigmoid; the network uses tanh")
def _sigmoid(model, x):
    return _forward(model, x, squash=lambda z: 1 / (1 + np.exp(-z)))


@forward.mistake("brackets: the tanh goes round the whole sum, U[:, x[t]] + W @ s[t - 1]")
def _tanh_of_word_only(model, x):
    return _forward(model, x, inner=lambda U, W, before, now: np.tanh(U) + W @ before, squash=lambda z: z)


@forward.mistake("the zero row stands first; it should be the last row, so that s[t] is the state after word t")
def _zero_first(model, x):
    s, o = _forward(model, x)
    return np.roll(s, 1, axis=0), o


@forward.mistake("s has only T rows: it needs one more, the zero row at its end")
def _no_zero_row(model, x):
    s, o = _forward(model, x)
    return s[:-1], o


@forward.mistake("o has a row for the zero row of s, too: use s[:-1]")
def _one_guess_too_many(model, x):
    s, _ = _forward(model, x)
    return s, _rows(s @ model["V"].T)


@forward.mistake("o holds scores: turn them into probabilities with softmax")
def _scores(model, x):
    return _forward(model, x, out=lambda V, s: s @ V.T)


@forward.mistake("the probabilities of one *word* sum to 1 over the sentence; each row, one step, should sum to 1")
def _columns(model, x):
    return _forward(model, x, out=lambda V, s: _rows((s @ V.T).T).T)


@forward.mistake("the guess at step t uses the state before the word was read; it is V s_t, not V s_{t-1}")
def _guess_before_reading(model, x):
    s, _ = _forward(model, x)
    return s, _rows(np.roll(s, 1, axis=0)[:-1] @ model["V"].T)


@forward.mistake("every row of o is the guess after the last word; each step has its own")
def _last_guess(model, x):
    return _forward(model, x, out=lambda V, s: _rows(np.repeat(s[-1:], len(s), axis=0) @ V.T))


@forward.mistake("the two results are exchanged: the states first, then the probabilities")
def _exchanged(model, x):
    return _forward(model, x)[::-1]


@forward.mistake("tanh was applied to the output scores too; only the state is squashed")
def _tanh_twice(model, x):
    return _forward(model, x, out=lambda V, s: _rows(np.tanh(s @ V.T)))


@forward.mistake("exp overflows for large scores: use the `softmax` that was imported")
def _overflow(model, x):
    return _forward(model, x, out=lambda V, s: np.exp(s @ V.T) / np.exp(s @ V.T).sum(axis=1, keepdims=True))


@check
def loss(case):
    for C, H, T in ((6, 3, 1), (7, 4, 6), (5, 3, 11)):
        model, (x, y) = small_model(case.rng, C, H), sentence(case.rng, C, T)
        case.near(f"the loss of {T} words", case.call(model, x, y), true_loss(model, x, y).real)
    blank = {name: np.zeros_like(values) for name, values in model.items()}
    case.near("the loss of a network that knows nothing", case.call(blank, x, y), len(y) * math.log(5))
    sure = {**blank, "U": np.ones((3, 5)), "V": 10 * np.arange(5.0)[:, None] * np.ones(3)}
    case.near("the loss of a network that is sure of wrong words", case.call(sure, x, y), true_loss(sure, x, y).real)
    x = y = np.arange(1000) % 5
    case.near("the loss of 1000 words", case.call(blank, x, y), 1000 * math.log(5))
    return "agrees step by step, and is T log C for a network that knows nothing"


def _true_words(model, x, y):
    return _forward(model, x)[1][np.arange(len(y)), y]


@loss.mistake("this is the mean over the words; the loss of a sentence is the sum")
def _mean(model, x, y):
    return float(-np.log(_true_words(model, x, y)).mean())


@loss.mistake("the sign is wrong: the log of a probability is negative, and the loss is minus that")
def _negative(model, x, y):
    return float(np.log(_true_words(model, x, y)).sum())


@loss.mistake("the product of many probabilities is 0 for a computer: take the logarithm of each, then add")
def _log_of_product(model, x, y):
    return float(-np.log(np.prod(_true_words(model, x, y))))


@loss.mistake("this is one number per word: add them up")
def _per_word(model, x, y):
    return -np.log(_true_words(model, x, y))


@loss.mistake("this is the perplexity, the exponential of the loss per word; the loss itself is asked for")
def _perplexity(model, x, y):
    return float(np.exp(-np.log(_true_words(model, x, y)).mean()))


@loss.mistake("the logarithm is to base 2; use the natural one, np.log")
def _bits(model, x, y):
    return float(-np.log2(_true_words(model, x, y)).sum())


@loss.mistake("the words *read* were looked up; the network is judged by the words that came, y")
def _words_read(model, x, y):
    return float(-np.log(_true_words(model, x, x)).sum())


@loss.mistake("o[:, y] takes T columns for every row, T × T numbers; o[np.arange(len(y)), y] takes one per row")
def _all_columns(model, x, y):
    return float(-np.log(_forward(model, x)[1][:, y]).sum())


@loss.mistake("this takes the largest probability of each row; take the one of the word that came, y[t]")
def _largest(model, x, y):
    return float(-np.log(_forward(model, x)[1].max(axis=1)).sum())


@loss.mistake("only the last word is judged: every step makes a guess, add them all up")
def _last_word(model, x, y):
    return float(-np.log(_true_words(model, x, y))[-1])


@loss.mistake("this is one minus the probability, without the logarithm")
def _no_log(model, x, y):
    return float((1 - _true_words(model, x, y)).sum())


@loss.mistake("the logarithm of the summed probabilities; take the logarithm of each, then the sum")
def _log_of_sum(model, x, y):
    return float(-np.log(_true_words(model, x, y).sum()))


@check
def output_gradients(case):
    for C, H, T in ((5, 3, 1), (6, 4, 5), (4, 3, 7)):
        model, (x, y) = small_model(case.rng, C, H), sentence(case.rng, C, T)
        states, o = read(model, x)

        def cost(V, states, y=y):
            return -sum(np.log(true_softmax(V @ state)[word]) for state, word in zip(states, y, strict=True))

        answer = case.call(model, np.vstack([states, np.zeros(H)]), o, y)
        pair(case, answer, "the derivative by V and the blame for each state")
        case.near("the derivative by V", answer[0], slope_of(lambda V, s=states: cost(V, s), model["V"]))
        case.near("e, the blame for the states,", answer[1], slope_of(lambda s, V=model["V"]: cost(V, s), states))
    return "both agree with the slopes of the loss, for sentences of 1, 5 and 7 words"


def _output(model, s, o, y, target=1.0, sign=1.0, back=lambda dz, V: dz @ V):
    dz = o.copy()
    dz[np.arange(len(y)), y] -= target
    return sign * (dz.T @ s[:-1]), sign * back(dz, model["V"])


@output_gradients.mistake("take 1 from the probability of the word that came, before anything else")
def _no_target(model, s, o, y):
    return _output(model, s, o, y, target=0.0)


@output_gradients.mistake("1 is added at the word that came; subtract it: the blame there is o - 1")
def _added_target(model, s, o, y):
    return _output(model, s, o, y, target=-1.0)


@output_gradients.mistake("the sign is turned round: the blame is o - 1 at the word that came, not 1 - o")
def _turned(model, s, o, y):
    return _output(model, s, o, y, sign=-1.0)


@output_gradients.mistake("this is the slope of the mean loss; our loss is a sum, so do not divide by T")
def _divided(model, s, o, y):
    return _output(model, s, o, y, sign=1 / len(y))


@output_gradients.mistake("V was multiplied by s_t to give the guess, not by s_{t-1}: use s[:-1], without the zero row")
def _state_before(model, s, o, y):
    dV, e = _output(model, np.vstack([np.roll(s, 1, axis=0)[:-1], s[-1:]]), o, y)
    return dV, e


@output_gradients.mistake("the zero row is the last one of s: leave it out with s[:-1], not with s[1:]")
def _first_row_left_out(model, s, o, y):
    return _output(model, np.vstack([s[1:], s[:1]]), o, y)


@output_gradients.mistake("the derivative by V is that of the last step only: V takes part at every step, add them up")
def _last_only(model, s, o, y):
    dV, _ = _output(model, s[-2:], o[-1:], y[-1:])
    return dV, _output(model, s, o, y)[1]


@output_gradients.mistake("the derivative by V is overwritten in the loop and ends as that of one step: use +=")
def _first_only(model, s, o, y):
    dV, _ = _output(model, np.vstack([s[:1], s[-1:]]), o[:1], y[:1])
    return dV, _output(model, s, o, y)[1]


@output_gradients.mistake("[:, y] changes whole columns; take 1 at [np.arange(len(y)), y] alone")
def _columns_minus_one(model, s, o, y):
    dz = o.copy()
    dz[:, y] -= 1
    return dz.T @ s[:-1], dz @ model["V"]


@output_gradients.mistake(
    "the number of the word was subtracted from o; its one-hot vector is 1 at the word and 0 elsewhere"
)
def _word_number(model, s, o, y):
    dz = o - y[:, None]
    return dz.T @ s[:-1], dz @ model["V"]


@output_gradients.mistake(
    "e holds the slope of the tanh already; that belongs to the next exercise, where more blame comes in"
)
def _slope_too_early(model, s, o, y):
    dV, e = _output(model, s, o, y)
    return dV, e * (1 - s[:-1] ** 2)


@output_gradients.mistake("the derivative by V is transposed: it should have the shape (C, H) of V")
def _dV_transposed(model, s, o, y):
    dV, e = _output(model, s, o, y)
    return dV.T, e


@output_gradients.mistake("the blame goes back through V from o itself; take 1 at the word that came for e, too")
def _e_without_target(model, s, o, y):
    return _output(model, s, o, y)[0], o @ model["V"]


@output_gradients.mistake("the derivative by V is made from o itself; take 1 at the word that came first")
def _dV_without_target(model, s, o, y):
    return o.T @ s[:-1], _output(model, s, o, y)[1]


@output_gradients.mistake("the two results are exchanged: the derivative by V first, then e")
def _exchanged_outputs(model, s, o, y):
    return _output(model, s, o, y)[::-1]


@output_gradients.mistake("e is added up over the steps; each state keeps its own blame, one row per step")
def _e_summed(model, s, o, y):
    dV, e = _output(model, s, o, y)
    return dV, e.sum(axis=0)


@check
def gradients(case):
    for C, H, T in ((5, 3, 1), (6, 4, 2), (7, 4, 6), (5, 3, 9)):
        model, (x, y) = small_model(case.rng, C, H), sentence(case.rng, C, T)
        want = true_gradients(model, x, y)
        got = case.call(model, x, y)
        case.true(isinstance(got, dict) and set(got) == set(want), "return a dict with the keys U, V and W")
        for name in ("V", "W", "U"):
            case.near(f"the derivative by {name} after {T} word{'s' * (T > 1)}", got[name], want[name])
    return "all three agree with the slopes of the loss, for sentences of 1, 2, 6 and 9 words, one read twice"


def _gradients(
    model,
    x,
    y,
    slope=lambda s: 1 - s**2,
    slope_at=0,  # 0: of this step; -1: of the step before
    keep=lambda e: e,
    hand=lambda W, delta, e, bend, came: W.T @ delta,
    delta_of=None,
    before=lambda s, t: s[t - 1],
    outer=np.outer,
    steps=reversed,
    first=0,
    scale=1.0,
    add_U=True,
    add_W=True,
):
    s, o = _forward(model, x)
    dV, e = _output(model, s, o, y)
    e = keep(e)
    dU, dW, came = np.zeros_like(model["U"]), np.zeros_like(model["W"]), np.zeros(len(model["W"]))
    for t in steps(range(first, len(x))):
        bend = slope(s[t + slope_at])
        delta = (e[t] + came) * bend if delta_of is None else delta_of(e[t], came, bend)
        dU[:, x[t]] = delta + (dU[:, x[t]] if add_U else 0)
        dW = outer(delta, before(s, t)) + (dW if add_W else 0)
        came = hand(model["W"], delta, e[t], bend, came)
    return {"U": scale * dU, "V": scale * dV, "W": scale * dW}


def _deltas(model, x, y):
    """δ of every step, (T, H): the derivative by U if each step read a word of its own."""
    apart = {**model, "U": model["U"][:, x]}
    s, o = _forward(model, x)
    _, e = _output(model, s, o, y)
    delta = np.zeros((len(x) + 1, len(apart["W"])))
    for t in reversed(range(len(x))):
        delta[t] = (e[t] + apart["W"].T @ delta[t + 1]) * (1 - s[t] ** 2)
    return delta[:-1]


@gradients.mistake("nothing is carried back: each step needs what the next one sends back, W.T @ delta")
def _not_carried(model, x, y):
    return _gradients(model, x, y, hand=lambda W, delta, e, bend, came: 0 * delta)


@gradients.mistake("only the guess after the last word is blamed: every step has an e[t] of its own")
def _last_error_only(model, x, y):
    return _gradients(model, x, y, keep=lambda e: np.vstack([0 * e[:-1], e[-1:]]))


@gradients.mistake("the slope of the tanh is missing: multiply by 1 - s[t]²")
def _no_slope(model, x, y):
    return _gradients(model, x, y, slope=lambda s: 1)


@gradients.mistake("1 - s is not the slope of the tanh: square s")
def _unsquared(model, x, y):
    return _gradients(model, x, y, slope=lambda s: 1 - s)


@gradients.mistake("s (1 - s) is the slope of the sigmoid; that of the tanh is 1 - s²")
def _sigmoid_slope(model, x, y):
    return _gradients(model, x, y, slope=lambda s: s * (1 - s))


@gradients.mistake("the slope is taken at the wrong step: delta belongs to step t, so its slope is 1 - s[t]²")
def _slope_of_step_before(model, x, y):
    return _gradients(model, x, y, slope_at=-1)


@gradients.mistake("what was sent back must pass through the tanh, too: brackets round e[t] + sent_back")
def _no_brackets(model, x, y):
    return _gradients(model, x, y, delta_of=lambda e, came, bend: e * bend + came)


@gradients.mistake("the blame of the step's own guess must pass through the tanh, too: brackets round e[t] + sent_back")
def _no_brackets_round_own(model, x, y):
    return _gradients(model, x, y, delta_of=lambda e, came, bend: e + came * bend)


@gradients.mistake("e[t] is sent back as it is; send delta, which went through the tanh and holds what came from later")
def _guess_sent_back(model, x, y):
    return _gradients(model, x, y, hand=lambda W, delta, e, bend, came: W.T @ e)


@gradients.mistake("brackets round 1 - s[t]²: without them, the blame is multiplied by 1 only")
def _no_slope_brackets(model, x, y):
    return _gradients(model, x, y, slope=lambda s: s, delta_of=lambda e, came, s: e + came - s**2)


@gradients.mistake("the error goes back through the transposed matrix: W.T @ delta, not W @ delta")
def _W_not_transposed(model, x, y):
    return _gradients(model, x, y, hand=lambda W, delta, e, bend, came: W @ delta)


@gradients.mistake("only the step's own error is sent back; send delta, which contains what came from later steps")
def _one_step_back(model, x, y):
    return _gradients(model, x, y, hand=lambda W, delta, e, bend, came: W.T @ (e * bend))


@gradients.mistake("the slope of the tanh is applied twice, when the error is sent and when it arrives; once is right")
def _slope_twice(model, x, y):
    s, o = _forward(model, x)
    dV, e = _output(model, s, o, y)
    dU, dW, came = np.zeros_like(model["U"]), np.zeros_like(model["W"]), 0
    for t in reversed(range(len(x))):
        delta = (e[t] + came) * (1 - s[t] ** 2)
        dU[:, x[t]] += delta
        dW += np.outer(delta, s[t - 1])
        came = (model["W"].T @ delta) * (1 - s[t - 1] ** 2)
    return {"U": dU, "V": dV, "W": dW}


@gradients.mistake("what is sent back piles up from round to round: delta holds it already, so use = and not +=")
def _piles_up(model, x, y):
    return _gradients(model, x, y, hand=lambda W, delta, e, bend, came: came + W.T @ delta)


@gradients.mistake("a word that is read twice keeps only one of its two errors: += for the column of dU")
def _overwritten_U(model, x, y):
    return _gradients(model, x, y, add_U=False)


@gradients.mistake(
    "dU[:, x] += … adds only once to the column of a word that is read twice: go word by word, or use np.add.at"
)
def _fancy_columns(model, x, y):
    slopes = rnn.gradients(model, x, y)
    dU = np.zeros_like(slopes["U"])
    dU[:, x] += _deltas(model, x, y).T
    return {**slopes, "U": dU}


@gradients.mistake("dW is overwritten at each step, and at the first word it is zero: use +=")
def _overwritten_W(model, x, y):
    return _gradients(model, x, y, add_W=False)


@gradients.mistake("dU and dW are both overwritten at each step: use += for both")
def _overwritten_both(model, x, y):
    return _gradients(model, x, y, add_U=False, add_W=False)


@gradients.mistake("W was multiplied by the state *before*: np.outer(delta, s[t - 1]), not s[t]")
def _wrong_time(model, x, y):
    return _gradients(model, x, y, before=lambda s, t: s[t])


@gradients.mistake(
    "at the first word, the state before is zero; here the last state took its place, as s[-1] of T rows"
)
def _last_state_before_first(model, x, y):
    return _gradients(model, x, y, before=lambda s, t: s[:-1][t - 1])


@gradients.mistake("dW is transposed: delta stands first in np.outer(delta, s[t - 1])")
def _outer_turned(model, x, y):
    return _gradients(model, x, y, outer=lambda a, b: np.outer(b, a))


@gradients.mistake("the steps go forwards; errors travel from the last word to the first: reversed(range(len(x)))")
def _forwards(model, x, y):
    return _gradients(model, x, y, steps=lambda r: r)


@gradients.mistake("the first word is left out: t goes down to 0")
def _first_left_out(model, x, y):
    return _gradients(model, x, y, first=1)


@gradients.mistake("this is the slope of the mean loss; ours is a sum, so do not divide by T")
def _divided_by_T(model, x, y):
    return _gradients(model, x, y, scale=1 / len(x))


@gradients.mistake("the sign is turned round")
def _negative_gradients(model, x, y):
    return _gradients(model, x, y, scale=-1.0)


@gradients.mistake("errors are followed back for a few steps only, as WildML did; here they go to the first word")
def _truncated(model, x, y):
    return rnn.gradients(model, x, y, truncate=4)


def bowl(rng: np.random.Generator, scale: dict, faults: dict, mixed: bool):
    """A made-up loss whose slopes are known exactly, a gradient of it with planted faults, and a model.

    The loss is quadratic in the parameters, so a central difference has no error but rounding, whatever h is. It
    depends on x and y.  scale: name -> size of the slopes.  mixed: whether some of them go down, and those of the last
    column of U and of the last row of V are 0, as for a word that does not occur; else they all go up.
    faults: (name, place) -> |a - b| / (|a| + |b|) there, or the NaN or infinity that stands there.
    """
    shapes = {"U": (2, 4), "V": (4, 2), "W": (2, 2)}
    model = {name: rng.uniform(0.5, 1, size=shape) for name, shape in shapes.items()}
    steep = {name: scale[name] * rng.uniform(0.5, 1, size=shape) for name, shape in shapes.items()}
    if mixed:
        for name in steep:
            steep[name][1] *= -1
        steep["U"][:, -1] = steep["V"][-1] = 0

    def loss(model, x, y):
        curved = sum((steep[name] * (model[name] + 0.3 * model[name] ** 2)).sum() for name in steep)
        return float((len(x) + x[0] + 2 * y[0]) * (curved - 2 * model["W"][0, 0] * model["W"][1, 1]))

    def gradients(model, x, y):
        slopes = {name: steep[name] * (1 + 0.6 * model[name]) for name in steep}
        slopes["W"][[0, 1], [0, 1]] -= 2 * model["W"][[1, 0], [1, 0]]
        slopes = {name: (len(x) + x[0] + 2 * y[0]) * slope for name, slope in slopes.items()}
        for (name, place), relative in faults.items():
            true = slopes[name][place]
            if math.isfinite(relative):
                slopes[name][place] = true * (1 + relative) / (1 - relative) if true else 5.0
            else:
                slopes[name][place] = relative
        return slopes

    return loss, gradients, model


@check
def gradient_check(case):
    x, y = np.array([1, 2, 3]), np.array([2, 3, 1])
    even = {"U": 1.0, "V": 1.0, "W": 6.0}
    trials = (  # the size of the slopes; where faults are planted; the parameter with the worst, and its error
        (even, {("U", (1, 2)): 0.2, ("W", (0, 0)): 0.05}, "U", 0.2),
        (even, {("V", (0, 0)): 0.3, ("U", (0, 1)): 0.1, ("W", (1, 1)): 0.1}, "V", 0.3),
        (even, {("W", (0, 1)): -0.4, ("V", (2, 1)): 0.2}, "W", 0.4),
        ({"U": 1.0, "V": 0.02, "W": 200.0}, {("V", (1, 1)): 0.25, ("W", (1, 0)): 0.02}, "V", 0.25),
        (even, {("V", (1, 0)): 3.0, ("W", (1, 0)): 0.5}, "V", 1.0),  # of the wrong sign
        (even, {("U", (0, 3)): 1.0, ("W", (1, 0)): 0.5}, "U", 1.0),
        (even, {("U", (1, 0)): np.nan, ("W", (1, 0)): 0.5}, "U", np.inf),
        (even, {("V", (2, 0)): np.nan, ("U", (0, 0)): 0.5}, "V", np.inf),
        (even, {("W", (1, 1)): np.nan, ("V", (0, 1)): 0.5}, "W", np.inf),
        (even, {("W", (1, 1)): np.inf, ("V", (0, 1)): 0.5}, "W", np.inf),
        (even, {("U", (0, 2)): -np.inf, ("V", (0, 1)): 0.5}, "U", np.inf),
        ({"U": 1.0, "V": 1e-6, "W": 0.1}, {("V", (1, 1)): 0.3, ("W", (1, 0)): 0.02}, "V", 0.3),
        ({"U": 1.0, "V": 1e-9, "W": 6.0}, {("V", (1, 1)): 0.3, ("W", (1, 0)): 0.02}, "W", 0.02),
        (even, {}, None, 0.0),
    )
    for scale, faults, name, error in trials:
        loss, gradients, model = bowl(case.rng, scale, faults, mixed=name != "W")
        options = {"h": 1e-3} if name == "W" else {}
        answer = case.call(loss, gradients, model, x, y, **options)
        pair(case, answer, "the name of the worst parameter and its error")
        if name is None:
            case.true(answer[0] in model, f"the name should be one of U, V and W, not {answer[0]!r}")
            case.near("the error of gradients that are all right", answer[1], 0.0, atol=1e-3)
        elif error == np.inf:
            number = isinstance(answer[1], float | np.floating)
            got = f"{float(answer[1]):.3g}" if number else repr(answer[1])
            planted = "NaN" if any(math.isnan(fault) for fault in faults.values()) else "an infinite entry"
            where = f"there is {planted} in the gradient of {name}"
            case.true(number and answer[1] == np.inf, f"{where}, so the error should be inf, not {got}")
            case.true(answer[0] == name, f"{where}, but {answer[0]!r} is said to be worst")
        else:
            floor = "is the divisor 1e-6 at least?" if min(scale.values()) < 1e-8 else ""
            case.near(f"the worst error, planted in {name},", answer[1], error, rtol=1e-4, hint=floor)
            case.true(answer[0] == name, f"the worst error is in {name}, but {answer[0]!r} was named")
    loss, gradients, model = bowl(case.rng, even, {}, mixed=True)
    moves, given = [], {name: values.copy() for name, values in model.items()}

    def watched(model, x, y):
        moves.append(max(np.abs(model[name] - given[name]).max() for name in given))
        return loss(model, x, y)

    case.call(watched, gradients, model, x, y, h=0.01)
    nearest = min((move for move in moves if move > 1e-12), default=0.0)
    case.near("how far an entry is moved with h = 0.01", nearest, 0.01, hint="use the argument h")
    return "14 gradients with planted faults: each found and named, NaN and infinity too, and none seen where none is"


def _relative(a, b):
    return np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-6)


def _measured(loss, model, x, y, h, low=1.0, width=2.0, all_at_once=False):
    """The slopes by differences; the arrays of the model are not changed."""
    slopes = {}
    for name in model:
        slopes[name] = np.zeros_like(model[name])
        for i in np.ndindex(model[name].shape):
            e = np.zeros_like(model[name])
            e[... if all_at_once else i] = h
            above = loss({**model, name: model[name] + e}, x, y)
            slopes[name][i] = (above - loss({**model, name: model[name] - low * e}, x, y)) / (width * h)
    return slopes


def _check(
    loss,
    gradients,
    model,
    x,
    y,
    h=1e-4,
    compare=_relative,
    names=None,
    whole=np.max,
    nan=np.inf,
    pick=max,
    **difference,
):
    exact, slopes = gradients(model, x, y), _measured(loss, model, x, y, h, **difference)
    errors = {name: float(whole(compare(exact[name], slopes[name]))) for name in names or model}
    errors = {name: nan if math.isnan(error) else error for name, error in errors.items()}
    name = pick(errors, key=errors.get)
    return name, errors[name]


def _wrong_check(message, **options):
    """Register a mistake that differs from the right answer in these options."""

    @gradient_check.mistake(message)
    def wrong(loss, gradients, model, x, y, h=1e-4):
        return _check(loss, gradients, model, x, y, h, **options)


def _unguarded(a, b):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.abs(a - b) / (np.abs(a) + np.abs(b))


def _passes_infinity(a, b):
    return np.where(np.isinf(a), 0.0, _relative(a, b))


def _passes_nan(errors):
    return np.max(errors, where=~np.isnan(errors), initial=0.0)


_wrong_check("a NaN slips through: a parameter with NaN in its gradient counts as infinitely wrong", whole=_passes_nan)
_wrong_check(
    "the slopes of a word that does not occur are 0 and 0, and 0/0 is NaN: divide by at least 1e-6", compare=_unguarded
)
_wrong_check(
    "an infinite entry slips through: inf / inf is NaN, and every comparison with NaN is false; use np.isfinite",
    compare=_passes_infinity,
)
_wrong_check("the error is NaN where a gradient is: return float('inf') then", nan=math.nan)
_wrong_check(
    "this is the difference itself; divide it by |a| + |b|, or small slopes are never judged",
    compare=lambda a, b: np.abs(a - b),
)
_wrong_check(
    "divide by |a| + |b|, not by the measured slope alone",
    compare=lambda a, b: np.abs(a - b) / np.maximum(np.abs(b), 1e-6),
)
_wrong_check(
    "divide by |a| + |b|, not by your own slope alone",
    compare=lambda a, b: np.abs(a - b) / np.maximum(np.abs(a), 1e-6),
)
_wrong_check(
    "divide by the sum |a| + |b|, not by the larger of the two",
    compare=lambda a, b: np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-6),
)
_wrong_check(
    "the largest difference was divided by the largest slope; divide entry by entry, then take the largest",
    compare=lambda a, b: np.abs(a - b) / np.maximum((np.abs(a) + np.abs(b)).max(), 1e-6),
)
_wrong_check(
    "the difference has a sign: without np.abs, a slope that is too small looks better than a right one",
    compare=lambda a, b: (a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-6),
)
_wrong_check(
    "brackets: |a| + |b|, not |a + b|, which is 0 for slopes of opposite sign",
    compare=lambda a, b: np.abs(a - b) / np.maximum(np.abs(a + b), 1e-6),
)
_wrong_check(
    "this is the mean error of a parameter; one wrong entry among many then looks small: take the largest",
    whole=np.mean,
)
_wrong_check("only W was checked: every parameter counts", names=("W",))
_wrong_check("only U was checked: is the `return` inside the loop?", names=("U",))
_wrong_check("only the last entry of each parameter was checked", whole=lambda errors: errors.ravel()[-1])
_wrong_check("only the first entry of each parameter was checked", whole=lambda errors: errors.ravel()[0])
_wrong_check("this is the parameter with the smallest error: take the max", pick=min)
_wrong_check("the two points are 2h apart: divide by 2h, not by h", width=1.0)
_wrong_check("this is a one-sided difference, whose error shrinks only with h: step to both sides", low=0.0, width=1.0)
_wrong_check("all entries were moved at once: move one, and keep the others", all_at_once=True)


@gradient_check.mistake("each parameter ends moved away from where it was: put every entry back")
def _not_put_back(loss, gradients, model, x, y, h=1e-4):
    exact, errors = gradients(model, x, y), {}
    for name, theta in model.items():
        slope = np.zeros_like(theta)
        for i in np.ndindex(theta.shape):
            theta[i] += h
            above = loss(model, x, y)
            theta[i] -= 2 * h
            slope[i] = (above - loss(model, x, y)) / (2 * h)
        errors[name] = float(_relative(exact[name], slope).max())
        errors[name] = math.inf if math.isnan(errors[name]) else errors[name]
    name = max(errors, key=errors.get)
    return name, errors[name]


@gradient_check.mistake(
    "the measured slopes have nothing to do with this loss: call the `loss` that is given as an argument, "
    "and remember that a second name is not a copy: moving one array moves the other"
)
def _same_point(loss, gradients, model, x, y, h=1e-4):
    return _check(lambda *_: 0.0, gradients, model, x, y, h)


@gradient_check.mistake("the two results are exchanged: the name first, then the error")
def _exchanged_name(loss, gradients, model, x, y, h=1e-4):
    return _check(loss, gradients, model, x, y, h)[::-1]


EPOCHS = 6


@check
def train(case):
    model, sentences, lr = uneasy_training(case.rng)
    for rate, epochs in ((1e-2, 1), (lr, EPOCHS)):
        answer = case.call(model, sentences, rate, epochs)
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 3,
            "return three things, the trained model, the losses and the last rate: `return model, losses, lr`",
        )
        trained, losses, last = _train(model, sentences, rate, epochs, slopes=true_gradients)
        case.near(f"the losses with lr = {rate:g}", answer[1], losses, rtol=1e-5)
        case.near(f"the last lr, from {rate:g} on,", answer[2], last)
        case.true(
            isinstance(answer[0], dict) and set(answer[0]) == set(model), "the model should keep its keys U, V, W"
        )
        for name in model:
            what = f"{name} after {epochs} epoch{'s' * (epochs > 1)}"
            case.near(what, answer[0][name], trained[name], rtol=1e-5, atol=1e-7)
    blank = {name: np.zeros_like(values) for name, values in model.items()}
    answer = case.call(blank, sentences, 0.1, 2)
    case.near("the losses of a network whose slopes are all 0", answer[1], [math.log(5)] * 3)
    case.near("the last lr when the loss neither rises nor falls", answer[2], 0.1)
    return f"{EPOCHS} epochs land where they should, and lr is halved when the loss rises, and only then"


def uneasy_training(rng: np.random.Generator) -> tuple[dict, list, float]:
    """A start, sentences and a learning rate with which the loss goes up and down, never beyond 20.

    It rises at some time without rising above the first loss, and falls at some time to more than the lowest so far:
    so that comparing with the wrong loss shows.
    """
    while True:
        model, lr = small_model(rng, 5, 3), float(rng.uniform(0.8, 1.8))
        sentences = [sentence(rng, 5, T) for T in (3, 5)]
        right = _train(model, sentences, lr, EPOCHS)[1:]
        slips = (_above_first, _above_lowest, _never, _fell)
        ways = [right, *(_train(model, sentences, lr, EPOCHS, rose=rose)[1:] for rose in slips)]
        apart = all(not np.allclose(a, b) or rate != other for (a, rate), (b, other) in combinations(ways, 2))
        if max(right[0]) < 20 and apart:
            return model, sentences, lr


def _above_first(losses):
    return losses[-1] > losses[0]


def _above_lowest(losses):
    return losses[-1] > min(losses[:-1])


def _never(losses):
    return False


def _fell(losses):
    return losses[-1] < losses[-2]


def _train(
    model,
    sentences,
    lr,
    epochs,
    slopes=rnn.gradients,
    rose=lambda losses: losses[-1] > losses[-2],
    told=rnn.mean_loss,
    first=True,
    last=True,
    factor=0.5,
    used=lambda lr, start: lr,
    scale=lambda y: 1.0,
    stale=None,
    sequential=False,
):
    """Gradient descent, right unless an option makes it wrong.  stale: take slopes at the start of "epoch" or "run"."""
    model = {name: np.array(values, dtype=float) for name, values in model.items()}
    start, losses = lr, [told(model, sentences)]
    old = {name: values.copy() for name, values in model.items()}
    for _ in range(epochs):
        if stale == "epoch":
            old = {name: values.copy() for name, values in model.items()}
        for x, y in sentences:
            slope = slopes(old if stale else model, x, y)
            for name in model:
                if sequential:
                    slope = slopes(model, x, y)
                model[name] -= used(lr, start) * scale(y) * slope[name]
        losses.append(told(model, sentences))
        if rose(losses):
            lr *= factor
    return model, losses[0 if first else 1 : None if last else -1], lr


def _wrong_training(message, **options):
    """Register a mistake that differs from the right answer in these options."""

    @train.mistake(message)
    def wrong(model, sentences, lr, epochs):
        return _train(model, sentences, lr, epochs, **options)


_wrong_training("the loss went up: step against the gradient, with a minus sign", scale=lambda y: -1.0)
_wrong_training("lr is never halved: do it after an epoch in which the loss rose", rose=_never)
_wrong_training("lr is halved when the loss *fell*; halve it when it rose", rose=_fell)
_wrong_training("an equal loss has not risen: > and not >=", rose=lambda losses: losses[-1] >= losses[-2])
_wrong_training("the loss is compared with the very first; compare it with the one before", rose=_above_first)
_wrong_training("the loss is compared with the lowest so far; compare it with the one before", rose=_above_lowest)
_wrong_training("lr is halved after every epoch; only after one in which the loss rose", rose=lambda losses: True)
_wrong_training("the halved lr is returned but not used: the steps must be made with it", used=lambda lr, start: start)
_wrong_training("lr is doubled when the loss rose: halve it", factor=2.0)
_wrong_training("lr is squared or used twice: multiply the gradient by lr once", used=lambda lr, start: lr * lr)
_wrong_training("lr is not used: multiply the gradient by it", used=lambda lr, start: 1.0)
_wrong_training("the loss before the first epoch is missing from the list", first=False)
_wrong_training("the loss after the last epoch is missing from the list", last=False)
_wrong_training(
    "the slopes of all sentences are taken from the model at the start of the epoch; take them sentence by sentence",
    stale="epoch",
)
_wrong_training("the slopes are taken from the first model all the time; take them from the newest", stale="run")
_wrong_training("compute all three slopes first, then step: V and W must not see a U that has moved", sequential=True)
_wrong_training(
    "the gradient is divided by the number of words; step along the slope of the sum", scale=lambda y: 1 / len(y)
)
_wrong_training(
    "the losses are sums over all words; `mean_loss` gives the loss per word",
    told=lambda model, sentences: sum(rnn.loss(model, x, y) for x, y in sentences),
)
_wrong_training(
    "the losses are means over sentences; a long sentence should count more, as in `mean_loss`",
    told=lambda model, sentences: float(np.mean([rnn.loss(model, x, y) / len(y) for x, y in sentences])),
)
_wrong_training(
    "the losses are divided by the number of sentences; divide by the number of all their words, as `mean_loss` does",
    told=lambda model, sentences: float(np.mean([rnn.loss(model, x, y) for x, y in sentences])),
)
_wrong_training(
    "the losses are those of the last sentence alone",
    told=lambda model, sentences: rnn.mean_loss(model, sentences[-1:]),
)


@train.mistake("only the last sentence is learned: is the step inside the loop over the sentences?")
def _last_sentence(model, sentences, lr, epochs):
    return _train(model, sentences[-1:], lr, epochs, told=lambda m, _: rnn.mean_loss(m, sentences))


@train.mistake("there is one epoch too many")
def _one_more(model, sentences, lr, epochs):
    return _train(model, sentences, lr, epochs + 1)


@train.mistake("the model that is returned is the one from the start: return the trained one")
def _start_returned(model, sentences, lr, epochs):
    _, losses, lr = _train(model, sentences, lr, epochs)
    return model, losses, lr


@train.mistake("the lr that is returned is the one from the start: return the last one")
def _first_lr(model, sentences, lr, epochs):
    return *_train(model, sentences, lr, epochs)[:2], lr


@train.mistake("the caller's model was changed: step on copies, {name: values.copy() for …}")
def _in_place(model, sentences, lr, epochs):
    trained, losses, lr = _train(model, sentences, lr, epochs)
    for name in model:
        model[name][...] = trained[name]
    return model, losses, lr
