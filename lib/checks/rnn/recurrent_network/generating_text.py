"""Checks of ``rnn/02_recurrent_network/03_generating_text``.

Ground truth is arithmetic on single numbers, networks built by hand that can say only one sentence, and the exact
probabilities of a first word, which many samples must match.
"""

import math
from itertools import pairwise

import numpy as np

from lib.checks import check
from lib.text import END, START, UNKNOWN

LOW = np.array([1.0, 0.0, math.exp(-2), 0.0]) / (1 + math.exp(-2))  # of scores -1000, -inf, -1002, -4000


@check
def soften(case):
    for temperature in (1.0, 0.5, 2.0, 0.05):
        z = case.rng.normal(scale=3, size=7)
        parts = [math.exp((score - max(z)) / temperature) for score in z]
        want = [part / sum(parts) for part in parts]
        case.near(f"the probabilities at temperature {temperature:g}", case.call(z, temperature), want)
    z = np.array([1000.0, -np.inf, 998.0, -2000.0])
    parts = [1.0, 0.0, math.exp(-4), 0.0]
    want = [part / sum(parts) for part in parts]
    case.near("the probabilities of large and of forbidden scores at temperature 0.5", case.call(z, 0.5), want)
    case.near("the probabilities at temperature 0", case.call(z, 0.0), [1, 0, 0, 0])
    case.near("the probabilities at temperature 0", case.call(np.array([-3.0, -1.0, -2.0]), 0.0), [0, 1, 0])
    case.near("the probabilities where minus infinity is next to -1000", case.call(z - 2000, 1.0), LOW)
    close = np.array([0.0, 1e-9, -1.0])
    case.near("the probabilities at temperature 0, with two scores close together", case.call(close, 0.0), [0, 1, 0])
    z = case.rng.normal(size=6).astype(np.float32)
    got, parts = case.call(z, 1.0), [math.exp(score) for score in z.tolist()]
    dtype = np.asarray(got).dtype
    case.near("the probabilities of float32 scores", got, np.array(parts) / sum(parts), rtol=1e-5)
    case.true(dtype == np.float64, f"float32 scores gave {dtype} probabilities: change the scores to float64 first")
    return "10 distributions agree, with scores of 1000 and of minus infinity, of float32, and at temperature 0"


def _soften(z, temperature, scale=lambda z, temperature: z / temperature, shift=True):
    z = np.asarray(z, dtype=float)
    if temperature == 0:
        return np.eye(len(z))[z.argmax()]
    z = scale(z, temperature)
    e = np.exp(z - z.max() if shift else z)
    return e / e.sum()


@soften.mistake("the temperature is not used, or cancels: divide the *scores* by it, before the exponential")
def _ignored(z, temperature):
    return _soften(z, 1.0) if temperature else _soften(z, 0)


@soften.mistake("the scores are multiplied by the temperature: a high temperature should flatten, so divide")
def _multiplied(z, temperature):
    return _soften(z, temperature, scale=lambda z, temperature: z * temperature)


@soften.mistake("the scores are divided by the square of the temperature")
def _squared(z, temperature):
    return _soften(z, temperature**2)


@soften.mistake("exp overflows: subtract the largest score first, the ratios stay the same")
def _overflows(z, temperature):
    return _soften(z, temperature, shift=False)


@soften.mistake("temperature 0 divides by zero: its limit is all probability on the highest score")
def _no_limit(z, temperature):
    z = z / np.float64(temperature)
    e = np.exp(z - z.max())
    return e / e.sum()


@soften.mistake("at temperature 0 every word is as likely: its limit is all probability on the *highest score*")
def _uniform_limit(z, temperature):
    return _soften(z, temperature) if temperature else np.full(len(z), 1 / len(z))


@soften.mistake("at temperature 0 the *lowest* score got everything: take the highest")
def _lowest(z, temperature):
    return _soften(z, temperature) if temperature else np.eye(len(z))[np.argmin(z)]


@soften.mistake("the probabilities are divided by the temperature: divide the *scores*, before the exponential")
def _divided_after(z, temperature):
    return _soften(z, 1.0) / temperature if temperature else _soften(z, 0)


@soften.mistake("these do not sum to 1: divide by their sum")
def _undivided(z, temperature):
    return np.exp((z - z.max()) / temperature) if temperature else _soften(z, 0)


ONLY_INFINITY = "any finite score can be the highest: only minus infinity, -np.inf, forbids"


@check
def next_word_probabilities(case):
    for temperature, favourite in ((1.0, UNKNOWN), (0.5, START), (2.0, END), (0.0, UNKNOWN), (0.0, END)):
        z = case.rng.normal(size=8)
        z[favourite] = 4.0
        free = [word for word in range(8) if word not in (START, UNKNOWN)]
        if temperature:
            parts = {word: math.exp(z[word] / temperature) for word in free}
        else:
            parts = {word: float(word == max(free, key=lambda word: z[word])) for word in free}
        want = [parts.get(word, 0.0) / sum(parts.values()) for word in range(8)]
        case.near(f"the probabilities at temperature {temperature:g}", case.call(z, temperature), want)
    z = np.array([0.0, 300.0, 1000.0, 299.0, -5.0])
    parts = [0.0, 1.0, 0.0, math.exp(-1), 0.0]
    case.near(
        "the probabilities where UNKNOWN has a score of 1000",
        case.call(z, 1.0),
        np.array(parts) / sum(parts),
        hint="forbid before you soften: set the score to minus infinity",
    )
    z = np.array([-5e9, -2e10, -6e9, -1e10, -1e10])
    got = case.call(z, 1.0)
    case.near("the probabilities where all scores are near -1e10", got, [0, 0, 0, 0.5, 0.5], hint=ONLY_INFINITY)
    return "7 distributions agree: START and UNKNOWN get nothing, also where their scores are the highest"


def _next(z, temperature, forbidden=(START, UNKNOWN), score=-np.inf):
    z = np.array(z, dtype=float)
    z[list(forbidden)] = score
    return _soften(z, temperature)


@next_word_probabilities.mistake("UNKNOWN can still be said: forbid it, too")
def _unknown_said(z, temperature):
    return _next(z, temperature, forbidden=(START,))


@next_word_probabilities.mistake("START can still be said: it only ever begins a sentence")
def _start_said(z, temperature):
    return _next(z, temperature, forbidden=(UNKNOWN,))


@next_word_probabilities.mistake("nothing is forbidden: START and UNKNOWN should get probability 0")
def _nothing_forbidden(z, temperature):
    return _next(z, temperature, forbidden=())


@next_word_probabilities.mistake("END is forbidden, too: then no sentence would ever end")
def _endless(z, temperature):
    return _next(z, temperature, forbidden=(START, END, UNKNOWN))


@next_word_probabilities.mistake("a score of 0 is not forbidden, e⁰ is 1: the score has to be minus infinity, -np.inf")
def _score_zero(z, temperature):
    return _next(z, temperature, score=0.0)


@next_word_probabilities.mistake(
    "a score of *plus* infinity would be certain to come: minus infinity, -np.inf, forbids"
)
def _plus_infinity(z, temperature):
    return _next(z, temperature, score=np.inf)


@next_word_probabilities.mistake("END is forbidden instead of UNKNOWN: then no sentence would ever end")
def _wrong_pair(z, temperature):
    return _next(z, temperature, forbidden=(START, END))


@next_word_probabilities.mistake(
    "the rest does not sum to 1: forbid *before* softening, then the softmax shares it out"
)
def _not_renormalised(z, temperature):
    p = _soften(z, temperature)
    p[[START, UNKNOWN]] = 0
    return p


@next_word_probabilities.mistake(
    "forbidding afterwards leaves 0/0 where the forbidden word had everything: forbid *before* softening"
)
def _renormalised_late(z, temperature):
    p = _soften(z, temperature)
    p[[START, UNKNOWN]] = 0
    return p / p.sum()


@next_word_probabilities.mistake("the temperature is not handed on to soften")
def _temperature_ignored(z, temperature):
    return _next(z, 1.0)


def parrot(sentence, C):
    """A network that can say only this sentence: a step counter for a state, a word for each count."""
    H, model = len(sentence) + 1, {}
    model["U"] = np.zeros((H, C))
    model["U"][0, START] = 5.0
    model["W"] = 5.0 * np.roll(
        np.eye(H), 1, axis=0
    )  # from each unit to the next; the wrong way round says something else
    model["V"] = np.zeros((C, H))
    for t, word in enumerate([*sentence, END]):
        model["V"][word, t] = 60.0
    return model


def echo(follower, C):
    """A network whose state is the last word and nothing else; follower: word -> the word it says next."""
    model = {"U": 5.0 * np.eye(C), "W": np.zeros((C, C)), "V": np.zeros((C, C))}
    for word, following in follower.items():
        model["V"][following, word] = 60.0
    return model


USE_RNG = "draw every word with the `rng` that is handed in, and make no generator inside"


@check
def sample_sentence(case):
    def said(model, longest, temperature=1.0):
        return case.call(model, temperature, longest, np.random.default_rng(case.rng.integers(2**32)))

    for sentence in ([3, 5, 3, 3, 4], [6, 6], [4]):
        got = said(parrot(sentence, C=7), longest=9)
        case.near("the sentence of a network that counts its steps", got, sentence)
    case.near("the sentence of a network that sees the last word", said(echo({0: 5, 5: 3, 3: 1}, 6), 9), [5, 3])
    case.near("a sentence that would not end", said(echo({0: 3, 3: 4, 4: 3}, 5), 5), [3, 4, 3, 4, 3])
    case.near("a sentence just as long as allowed", said(parrot([3, 4, 4], C=5), 3), [3, 4, 4])
    model = {"U": np.full((1, 7), 5.0), "W": np.zeros((1, 1)), "V": np.zeros((7, 1))}
    model["V"][END] = -60.0  # 20 words, each one of four with the same probability
    one, again, other = (case.call(model, 1.0, 20, np.random.default_rng(seed)) for seed in (5, 5, 6))
    if np.shape(one) == np.shape(again) == np.shape(other):
        one, again, other = (case.array("a sentence", words) for words in (one, again, other))
        case.true(np.array_equal(one, again), f"two generators with the same seed say different sentences: {USE_RNG}")
        case.true(not np.array_equal(one, other), f"generators with different seeds say the same sentence: {USE_RNG}")
    for temperature in (0.5, 2.0):
        model = {"U": np.zeros((2, 7)), "W": np.zeros((2, 2)), "V": case.rng.normal(size=(7, 2))}
        model["U"][:, START] = 5.0
        model["V"][UNKNOWN] = 3.0
        s = np.tanh(model["U"][:, START])
        free = [word for word in range(7) if word not in (START, UNKNOWN, END)]
        total = np.exp(model["V"][free] @ s / temperature).sum()
        model["V"][END] = temperature * np.log(total) / s.sum()  # as likely as all others together
        z = model["V"] @ np.tanh(model["U"][:, START])
        parts = np.exp(z / temperature)
        parts[[START, UNKNOWN]] = 0
        want, n = parts / parts.sum(), 400
        firsts = [case.array("a sentence", said(model, 1, temperature)) for _ in range(n)]
        case.true(all(first.shape in ((0,), (1,)) for first in firsts), "a sentence is longer than `longest` allows")
        counts = np.bincount([int(first[0]) if len(first) else END for first in firsts], minlength=7)
        bound = 6 * np.sqrt(want * (1 - want) / n) + 10 / n  # false alarms: fewer than one in a hundred million
        case.true(len(counts) == 7 and counts[START] == 0, "START is said in a sentence: leave it out")
        case.true(counts[END] > 0, "no sentence is empty: where END is drawn first, return no words")
        case.true(counts[UNKNOWN] == 0, "UNKNOWN is said: draw from `next_word_probabilities`")
        wrong = np.abs(counts / n - want) > bound
        case.true(
            not wrong.any(),
            f"at temperature {temperature:g}, word {wrong.argmax()} comes first in {counts[wrong.argmax()] / n:.0%} of "
            f"{n} sentences, where {want[wrong.argmax()]:.0%} are expected",
        )
    return "networks say the sentence that they know, none goes on for ever, and 800 first words have the right shares"


def _sample(
    model,
    temperature,
    longest,
    rng,
    fresh=False,
    ends=True,
    feed=True,
    keep=(),
    extra=0,
    greedy=False,
    say=_next,
    first=START,
    squash=np.tanh,
):
    U, V, W = model["U"], model["V"], model["W"]
    word, s, sentence = first, np.zeros(len(W)), []
    while len(sentence) < longest + extra:
        s = squash(U[:, word] + (0 if fresh else W @ s))
        p = say(V @ s, temperature)
        drawn = int(p.argmax() if greedy else rng.choice(len(p), p=p))
        if drawn == END and ends:
            break
        sentence.append(drawn)
        word = drawn if feed else START
    return [START] * ("start" in keep) + sentence + [END] * ("end" in keep)


@sample_sentence.mistake("the state is forgotten at every word: keep s from one turn to the next")
def _forgetful(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, fresh=True)


@sample_sentence.mistake("the sentence does not stop at END: leave the loop when END is drawn")
def _goes_on(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, ends=False)


@sample_sentence.mistake("the network always reads START: feed it the word that was drawn")
def _always_start(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, feed=False)


@sample_sentence.mistake("START is part of the answer: return the words alone")
def _with_start(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, keep=("start",))


@sample_sentence.mistake("END is part of the answer: return the words alone")
def _with_end(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, keep=("end",))


@sample_sentence.mistake("a sentence may be one word longer than `longest`")
def _one_more(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, extra=1)


@sample_sentence.mistake("a sentence stops one word before `longest`")
def _one_less(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, extra=-1)


@sample_sentence.mistake("the likeliest word is always taken: draw one, with rng.choice(..., p=p)")
def _greedy(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, greedy=True)


@sample_sentence.mistake("W is transposed: the next state needs W @ s")
def _transposed(model, temperature, longest, rng):
    return _sample(model | {"W": model["W"].T}, temperature, longest, rng)


@sample_sentence.mistake("the tanh is missing from the new state")
def _linear(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, squash=lambda inner: inner)


@sample_sentence.mistake("the network reads END first: a sentence begins with START")
def _begins_with_end(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, first=END)


@sample_sentence.mistake("every word is as likely: give the probabilities to rng.choice, p=p")
def _blind(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, say=lambda z, temperature: np.full(len(z), 1 / len(z)))


@sample_sentence.mistake("the generator is made anew for each word, so the same draw comes again: use rng")
def _made_anew(model, temperature, longest, rng):
    class Anew:
        choice = staticmethod(lambda n, p: np.random.default_rng(0).choice(n, p=p))

    return _sample(model, temperature, longest, Anew)


@sample_sentence.mistake("the temperature is not handed on")
def _cold(model, temperature, longest, rng):
    return _sample(model, 1.0, longest, rng)


@sample_sentence.mistake("START and UNKNOWN may be drawn: use next_word_probabilities, not soften alone")
def _unrestrained(model, temperature, longest, rng):
    return _sample(model, temperature, longest, rng, say=_soften)


@check
def log_probability(case):
    for C, H, length in ((6, 3, 5), (9, 4, 7), (5, 2, 2)):
        model = {"U": (H, C), "V": (C, H), "W": (H, H)}
        model = {name: case.rng.normal(size=shape) for name, shape in model.items()}
        words = case.rng.integers(2, C, size=length)
        words[0], words[-1] = START, END
        if length > 4:
            words[2] = UNKNOWN
        s, want = np.zeros(H), 0.0
        for read, following in pairwise(words):
            s = np.array([math.tanh(model["U"][i, read] + model["W"][i] @ s) for i in range(H)])
            scores = [row @ s for row in model["V"]]
            want += scores[following] - math.log(sum(math.exp(score) for score in scores))
        case.near(f"the log-probability of {length - 1} words", case.call(model, words), want)
    model = {"U": np.zeros((1, 9)), "V": np.zeros((9, 1)), "W": np.zeros((1, 1))}
    words = np.array([START, *case.rng.integers(2, 9, size=399), END])
    got = case.call(model, words)
    if np.shape(got) == ():
        case.true(
            not np.isneginf(got), "the log-probability of 400 words is minus infinity: add logarithms, a product is 0"
        )
    case.near("the log-probability of 400 words", got, -400 * math.log(9))
    return "4 sentences agree with the product over their words, END and UNKNOWN counted"


def _log_o(model, words, score=lambda o: np.log(o), fresh=False):
    s, total = np.zeros(len(model["W"])), []
    for read in words:
        s = np.tanh(model["U"][:, read] + (0 if fresh else model["W"] @ s))
        total.append(score(_soften(model["V"] @ s, 1.0)))
    return np.array(total)


def _picked(rows, words):
    return rows[np.arange(len(words)), words]


@log_probability.mistake("this is the loss, its negative: the logarithm of a probability is never positive")
def _negative(model, words):
    return -_picked(_log_o(model, words[:-1]), words[1:]).sum()


@log_probability.mistake("this is the probability itself: add up logarithms, a product of many words is too small")
def _product(model, words):
    return np.exp(_picked(_log_o(model, words[:-1]), words[1:]).sum())


@log_probability.mistake("this is the mean over the words: a sentence's log-probability is the sum")
def _mean(model, words):
    return _picked(_log_o(model, words[:-1]), words[1:]).mean()


@log_probability.mistake("END is not counted: that the sentence stops *here* has a probability, too")
def _without_end(model, words):
    return _picked(_log_o(model, words[:-1]), words[1:])[:-1].sum()


@log_probability.mistake("each word is looked up in its own row: row t is the guess for the word *after* word t")
def _own_row(model, words):
    return _picked(_log_o(model, words), words).sum()


@log_probability.mistake(
    "UNKNOWN words are left out: they are part of the sentence, and the model gives them a probability"
)
def _without_unknown(model, words):
    return _picked(_log_o(model, words[:-1]), words[1:])[words[1:] != UNKNOWN].sum()


@log_probability.mistake("these are the probabilities of the words *read*: ask for the words that come, numbers[1:]")
def _of_the_read(model, words):
    return _picked(_log_o(model, words[:-1]), words[:-1]).sum()


@log_probability.mistake("this is the logarithm to the base 2: the natural one is asked for, np.log")
def _binary(model, words):
    return _picked(_log_o(model, words[:-1], score=np.log2), words[1:]).sum()


@log_probability.mistake(
    "START and UNKNOWN are forbidden: judge with the model's own probabilities, all words included"
)
def _forbidding(model, words):
    s, total = np.zeros(len(model["W"])), 0.0
    for read, following in pairwise(words):
        s = np.tanh(model["U"][:, read] + model["W"] @ s)
        total += np.log(_next(model["V"] @ s, 1.0)[following])
    return total


@log_probability.mistake(
    "the probabilities are multiplied, then the logarithm is taken: the product of many words is 0"
)
def _log_of_product(model, words):
    with np.errstate(divide="ignore"):
        return np.log(np.prod(np.exp(_picked(_log_o(model, words[:-1]), words[1:]))))


@log_probability.mistake("probabilities are added instead of their logarithms")
def _no_log(model, words):
    return _picked(_log_o(model, words[:-1], score=lambda o: o), words[1:]).sum()


@log_probability.mistake("the state is forgotten at every word: s has to go through W to the next")
def _memoryless(model, words):
    return _picked(_log_o(model, words[:-1], fresh=True), words[1:]).sum()
