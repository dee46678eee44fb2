"""Checks of ``rnn/04_gru_and_lstm/02_training_a_language_model``.

Ground truth is book-keeping word by word, and the equations unit by unit in plain floats.
"""

import math

import numpy as np
import pytensor
import pytensor.tensor as pt

from lib.checks import check
from lib.checks.rnn.gru_and_lstm.gru_and_lstm import keeping, product, true_gru
from lib.checks.symbolic import on_symbols
from lib.models.recurrent import graph_layer
from lib.text import END, START

# ---- pad_batch ----


def some_sentences(rng, lengths) -> list[np.ndarray]:
    """START … END, of so many words to predict; every word is another one, from 3 to 99."""
    return [np.array([START, *rng.choice(np.arange(3, 100), n - 1, replace=False), END], np.int32) for n in lengths]


@check
def pad_batch(case):
    for lengths, length in (((3, 5, 1, 4), 5), ((2, 6, 3), 8), ((4,), 4)):
        encoded = some_sentences(case.rng, lengths)
        answer = case.call(encoded, length)
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 3,
            "return three arrays: the words read, the words to come, and the mask: `return x, y, mask`",
        )
        x, y, mask = (
            case.array(what, got, (length, len(encoded)))
            for what, got in zip(("x", "y", "the mask"), answer, strict=True)
        )
        real = np.array([[t < n for n in lengths] for t in range(length)])
        case.near("the mask, 1 where there is a word to predict", mask, real)
        for what, got, first in (("x, the words read,", x, 0), ("y, the words to come,", y, 1)):
            want = got.copy()
            for b, sentence in enumerate(encoded):
                want[: lengths[b], b] = sentence[first : first + lengths[b]]
            case.near(what, got, want)
            case.true(bool((got[~real] == END).all()), f"{what} should hold END, which is {END}, in the padding")
        for what, got, kind in zip(("x", "y", "the mask"), answer, (np.int32, np.int32, np.float32), strict=True):
            case.true(
                getattr(got, "dtype", None) == kind,
                f"{what} should be an array of {kind.__name__}, but it is {getattr(got, 'dtype', 'no array')}: say "
                f"dtype=np.{kind.__name__} where you make it, or the compiled step refuses it",
            )
    return "every word stands in its place, time first, and the mask is 1 for the real ones alone"


def _pad(encoded, length, first_y=1, mask_extra=0, filler=END, mask_filler=0.0):
    x = np.full((length, len(encoded)), filler, np.int32)
    y, mask = x.copy(), np.full(x.shape, mask_filler, np.float32)
    for b, sentence in enumerate(encoded):
        n = len(sentence) - 1
        x[:n, b], y[:n, b], mask[: n + mask_extra, b] = sentence[:-1], sentence[first_y : first_y + n], 1
    return x, y, mask


@pad_batch.mistake("the sentences are rows: the time comes first, so sentence b is column b, x[:, b]")
def _batch_major(encoded, length):
    return tuple(array.T for array in _pad(encoded, length))


@pad_batch.mistake("y is the same as x: the word to come is one further on, sentence[1:]")
def _not_shifted(encoded, length):
    return _pad(encoded, length, first_y=0)


@pad_batch.mistake("the mask is 1 everywhere: it should be 0 where a sentence was filled up")
def _all_real(encoded, length):
    return _pad(encoded, length, mask_filler=1.0)


@pad_batch.mistake(
    "the mask is one too long: a sentence of n + 1 numbers has n words to predict, nothing comes after END"
)
def _mask_too_long(encoded, length):
    return _pad(encoded, length, mask_extra=1)


@pad_batch.mistake("the mask is one too short: END has to be predicted, too")
def _mask_too_short(encoded, length):
    return _pad(encoded, length, mask_extra=-1)


@pad_batch.mistake("mask and padding are exchanged: 1 where there is a word to predict, 0 in the padding")
def _mask_turned(encoded, length):
    x, y, mask = _pad(encoded, length)
    return x, y, 1 - mask


@pad_batch.mistake("the padding stands in front: begin each sentence at the top and fill up behind it")
def _in_front(encoded, length):
    x, y, mask = _pad(encoded, length)
    ns = [len(sentence) - 1 for sentence in encoded]
    return tuple(
        np.stack([np.roll(array[:, b], length - n) for b, n in enumerate(ns)], axis=1) for array in (x, y, mask)
    )


@pad_batch.mistake(f"START, which is 0, stands in the padding: fill up with END, which is {END}")
def _start(encoded, length):
    return _pad(encoded, length, filler=START)


@pad_batch.mistake("x and y have changed places: x is what was read, START first; y is what comes, END last")
def _exchanged(encoded, length):
    x, y, mask = _pad(encoded, length)
    return y, x, mask


@pad_batch.mistake("x and y are one array, so that y overwrites x: make two, y = x.copy()")
def _one_array(encoded, length):
    _, y, mask = _pad(encoded, length)
    return y, y, mask


@pad_batch.mistake("the order is wrong: return x, y, mask")
def _mask_second(encoded, length):
    x, y, mask = _pad(encoded, length)
    return x, mask, y


@pad_batch.mistake("-1 is no word: fill up with END, the mask will take care that it does not count")
def _minus_one(encoded, length):
    return _pad(encoded, length, filler=-1)


@pad_batch.mistake("everything was cut to the shortest sentence: fill the shorter ones up to `length` instead")
def _cut(encoded, length):
    return tuple(array[: min(map(len, encoded)) - 1] for array in _pad(encoded, length))


# ---- buckets ----


@check
def buckets(case):
    for count, limits in ((60, (4, 8, 16)), (40, (3, 5)), (25, (2, 3, 7, 9)), (5, (30, 40))):
        lengths = case.rng.permutation(np.resize(np.arange(1, max(limits[-1] + 4, 12)), count))
        answer = case.call(lengths, limits)
        case.true(
            isinstance(answer, list | tuple) and len(answer) == len(limits),
            f"return a list with one array of places for each of the {len(limits)} limits, empty buckets too",
        )
        below = 0
        for limit, got in zip(limits, answer, strict=True):
            case.true(
                np.ndim(got) == 1,
                "each bucket should be one array of places: np.where gives a tuple, the array is its [0]",
            )
            got = np.sort(case.array(f"the bucket up to {limit}", got).ravel())
            want = [place for place, length in enumerate(lengths) if below < length <= limit]
            case.near(f"the places of the sentences with {below + 1} to {limit} words", got, want)
            below = limit
    return "every sentence is in the smallest bucket that holds it, and those too long for all are left out"


def _buckets(
    lengths, limits, fits=lambda length, below, limit: below < length <= limit, what=lambda place, length: place
):
    lengths, lower = np.asarray(lengths), (0, *limits[:-1])
    return [
        np.array([what(place, n) for place, n in enumerate(lengths) if fits(n, below, limit)], dtype=int)
        for below, limit in zip(lower, limits, strict=True)
    ]


@buckets.mistake("a sentence as long as a limit fits into it: use <=, not <")
def _strictly(lengths, limits):
    return _buckets(lengths, limits, lambda n, below, limit: max(below, 1) <= n < limit)


@buckets.mistake(
    "a bucket holds all the shorter sentences, too: each belongs to one bucket, the smallest that holds it"
)
def _all_below(lengths, limits):
    return _buckets(lengths, limits, lambda n, below, limit: n <= limit)


@buckets.mistake(
    "sentences as long as a limit are in two buckets: the lower limit itself does not belong to the next bucket"
)
def _twice(lengths, limits):
    return _buckets(lengths, limits, lambda n, below, limit: below <= n <= limit)


@buckets.mistake("sentences that are too long for all limits were put into the last bucket: leave them out")
def _too_long(lengths, limits):
    return _buckets(lengths, limits, lambda n, below, limit: below < n and (n <= limit or limit == limits[-1]))


@buckets.mistake("these are the lengths: the places are wanted, so that the sentences can be found again")
def _lengths(lengths, limits):
    return _buckets(lengths, limits, what=lambda place, length: length)


@buckets.mistake("these are True and False: np.flatnonzero turns them into places")
def _booleans(lengths, limits):
    edges = [0, *limits]
    return [
        (np.asarray(lengths) > low) & (np.asarray(lengths) <= high) for low, high in zip(edges, limits, strict=False)
    ]


@buckets.mistake("np.where gives a tuple with one array in it: take its [0], or use np.flatnonzero")
def _tuples(lengths, limits):
    return [(places,) for places in _buckets(lengths, limits)]


@buckets.mistake("sentences with one word to predict are missing: the first bucket reaches from above 0")
def _from_two(lengths, limits):
    return _buckets(lengths, limits, lambda n, below, limit: max(below, 1) < n <= limit)


@buckets.mistake("the places are counted from 1: the first sentence has place 0")
def _from_one(lengths, limits):
    return _buckets(lengths, limits, what=lambda place, length: place + 1)


# ---- log_probabilities ----


def small_model(rng, C, D, H) -> dict:
    """Two layers of GRU between one embedding that reads and scores."""
    sizes = {"E": (C, D), "V": (H, D), "c": (C,)}
    for number, width in ((1, D), (2, H)):
        sizes |= {f"U{number}": (width, 3 * H), f"W{number}": (H, 3 * H), f"b{number}": (3 * H,)}
    return {name: rng.normal(0, 0.8, size) for name, size in sizes.items()}


def true_log_probabilities(theta, x, H) -> list:
    """Word by word, the sentences of one step after those of the last: (T B, C)."""
    T, B = x.shape
    C, found = len(theta["E"]), []
    states = [np.zeros((B, H)), np.zeros((B, H))]
    for t in range(T):
        below = np.array([theta["E"][word] for word in x[t]])
        for number in (1, 2):
            U, W, b = (theta[f"{name}{number}"] for name in "UWb")
            a = np.array([[product(row, U, k) + b[k] for k in range(3 * H)] for row in below])
            states[number - 1] = below = np.array(true_gru(a, states[number - 1], W, H))
        for s in below:
            word = [product(s, theta["V"], d) for d in range(len(theta["V"][0]))]
            scores = [sum(w * e for w, e in zip(word, theta["E"][k], strict=True)) + theta["c"][k] for k in range(C)]
            total = math.log(sum(math.exp(score) for score in scores))
            found.append([score - total for score in scores])
    return found


@check
def log_probabilities(case):
    case.function = on_symbols(keeping(case.function))
    for (C, D, H), (T, B) in (((6, 3, 4), (3, 2)), ((5, 4, 2), (2, 3)), ((4, 3, 3), (4, 4))):
        theta, x = small_model(case.rng, C, D, H), case.rng.integers(C, size=(T, B)).astype(np.int32)
        got = case.call(theta, x, H)
        case.array("the log-probabilities", got)
        case.near("the log-probabilities", got, true_log_probabilities(theta, x, H), rtol=1e-5)
    return "3 models agree, word by word; after each word the probabilities sum to 1"


def _log_p(theta, x, H, second="2", finish=lambda scores: pt.special.log_softmax(scores, axis=-1), bias=1, flat=True):
    layers = [{name: theta[f"{name}{n}"] for name in "UWb"} for n in ("1", second) if n]
    s = theta["E"][x]
    for layer in layers:
        s = graph_layer("gru", layer, s, H)
    T, B = x.type.shape
    s = s.reshape((T * B, H)) if flat else s
    return finish((s @ theta["V"]) @ theta["E"].T + bias * theta["c"])


@log_probabilities.mistake("these are probabilities: take log_softmax")
@on_symbols
def _probabilities(theta, x, H):
    return _log_p(theta, x, H, finish=lambda scores: pt.special.softmax(scores, axis=-1))


@log_probabilities.mistake("these are scores: log_softmax makes log-probabilities of them")
@on_symbols
def _scores(theta, x, H):
    return _log_p(theta, x, H, finish=lambda scores: scores)


@log_probabilities.mistake("the softmax runs over the places: it belongs to the words of each place, axis=-1")
@on_symbols
def _over_places(theta, x, H):
    return _log_p(theta, x, H, finish=lambda scores: pt.special.log_softmax(scores, axis=0))


@log_probabilities.mistake("three axes came back: one row per place is wanted, so s.reshape((T * B, H)) first")
@on_symbols
def _three_axes(theta, x, H):
    return _log_p(theta, x, H, flat=False)


@log_probabilities.mistake(
    "the places are in the order of the sentences: step 0 of all sentences comes first, as reshape does it"
)
@on_symbols
def _sentence_by_sentence(theta, x, H):
    T, B = x.type.shape
    return _log_p(theta, x, H, flat=False).transpose(1, 0, 2).reshape((T * B, -1))


@log_probabilities.mistake(
    "one softmax was taken over everything at once: each step of each sentence has its own, axis=-1"
)
@on_symbols
def _over_everything(theta, x, H):
    return _log_p(theta, x, H, finish=lambda scores: pt.special.log_softmax(scores, axis=None))


@log_probabilities.mistake("the bias c of the scores is missing")
@on_symbols
def _no_bias(theta, x, H):
    return _log_p(theta, x, H, bias=0)


@log_probabilities.mistake("the second layer is missing")
@on_symbols
def _one_layer(theta, x, H):
    return _log_p(theta, x, H, second="")


# ---- masked_loss ----


@check
def masked_loss(case):
    case.function = on_symbols(case.function)
    for (T, B, C), lengths in (((4, 3, 5), (4, 1, 2)), ((3, 2, 4), (2, 3)), ((2, 4, 3), (2, 2, 2, 2))):
        scores = case.rng.normal(size=(T, B, C))
        log_p = scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))
        y = case.rng.integers(C, size=(T, B)).astype(np.int32)
        mask = np.array([[float(t < n) for n in lengths] for t in range(T)])
        losses = [-log_p[t, b, y[t, b]] for b in range(B) for t in range(lengths[b])]
        got = case.call(log_p.reshape(T * B, C), y, mask)
        case.array("the loss", got)
        case.near("the loss", got, sum(losses) / len(losses))
    return "the mean over the real words of 3 batches, whatever stands in the padding"


def _loss(log_p, y, mask, over=None, sign=-1):
    T, B = y.type.shape
    chosen = log_p[np.arange(T * B), y.ravel()].reshape((T, B))
    return sign * (chosen * mask).sum() / (mask.sum() if over is None else over(T, B))


@masked_loss.mistake(
    "this is the mean over all places, padding included: divide by mask.sum(), the number of real words"
)
@on_symbols
def _over_all_places(log_p, y, mask):
    return _loss(log_p, y, mask, over=lambda T, B: T * B)


@masked_loss.mistake("the padding counts: multiply by the mask before you add up")
@on_symbols
def _unmasked(log_p, y, mask):
    return _loss(log_p, y, pt.ones_like(mask))


@masked_loss.mistake("the padding is added up, too, and the sum divided by the real words: multiply by the mask first")
@on_symbols
def _unmasked_sum(log_p, y, mask):
    return _loss(log_p, y, pt.ones_like(mask), over=lambda T, B: mask.sum())


@masked_loss.mistake("this is the sum: divide it by the number of real words, mask.sum()")
@on_symbols
def _summed(log_p, y, mask):
    return _loss(log_p, y, mask, over=lambda T, B: 1)


@masked_loss.mistake(
    "this is the loss per sentence: divide by the number of words, mask.sum(), not by the number of sentences"
)
@on_symbols
def _per_sentence(log_p, y, mask):
    return _loss(log_p, y, mask, over=lambda T, B: B)


@masked_loss.mistake(
    "this is the mean of each sentence's mean, so a word of a short sentence counts more: sum over all words first"
)
@on_symbols
def _mean_of_means(log_p, y, mask):
    T, B = y.type.shape
    chosen = log_p[np.arange(T * B), y.ravel()].reshape((T, B))
    return -((chosen * mask).sum(axis=0) / mask.sum(axis=0)).mean()


@masked_loss.mistake("this is the perplexity: the loss is the mean itself, without exp")
@on_symbols
def _perplexity(log_p, y, mask):
    return pt.exp(_loss(log_p, y, mask))


@masked_loss.mistake("the logarithm was taken twice: log_p holds logarithms already")
@on_symbols
def _logged_twice(log_p, y, mask):
    return _loss(pt.log(log_p), y, mask)


@masked_loss.mistake("the sign is missing: logarithms of probabilities are negative, a loss is positive")
@on_symbols
def _unsigned(log_p, y, mask):
    return _loss(log_p, y, mask, sign=1)


@masked_loss.mistake(
    "log_p[:, y] takes the words of all places at every place; one per row is wanted: log_p[np.arange(T * B), y]"
)
@on_symbols
def _all_words(log_p, y, mask):
    return -(log_p[:, y.ravel()] * mask.ravel()).sum() / mask.sum()


@masked_loss.mistake(
    "the words are in another order than the rows: the sentences of step 0 come first, so reshape y as it is"
)
@on_symbols
def _other_order_of_words(log_p, y, mask):
    T, B = y.type.shape
    return -(log_p[np.arange(T * B), y.T.ravel()] * mask.T.ravel()).sum() / mask.sum()


# ---- rmsprop_step ----


@check
def rmsprop_step(case):
    case.function = on_symbols(case.function)
    for shape, lr, small in (((3, 2), 0.01, 1.0), ((4,), 0.1, 1.0), ((2, 3), 0.002, 1e-3)):
        theta, g = case.rng.normal(size=shape), small * case.rng.normal(size=shape)
        m = small**2 * case.rng.uniform(0.1, 2, size=shape)
        want_m, want = np.empty(shape), np.empty(shape)
        for i in np.ndindex(shape):
            want_m[i] = 0.9 * m[i] + (1 - 0.9) * g[i] * g[i]
            want[i] = theta[i] - lr * g[i] / math.sqrt(want_m[i] + 1e-6)
        answer = case.call(theta, m, g, lr)
        if not isinstance(answer, tuple | list):
            case.array("the answer", answer)
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 2,
            "return two things, the new parameters and the new mean square: `return theta, m`",
        )
        case.near("m, the mean square,", case.array("m", answer[1]), want_m, rtol=1e-5)
        # Judged by the step, not by where it leads: the step is small beside the parameters.
        step = (case.array("theta", answer[0]) - theta) / lr
        case.near("the step of theta, divided by the learning rate,", step, (want - theta) / lr, rtol=1e-4, atol=1e-6)
    single = [case.rng.uniform(1, 2, 3).astype(np.float32) for _ in range(3)]
    with pytensor.config.change_flags(floatX="float32"):  # as in the lesson
        types = {np.asarray(one).dtype for one in case.function(*single, 0.01)}
    case.true(
        types == {np.dtype(np.float32)},
        "float32 went in and float64 came out: numbers such as 0.9 take the type of the arrays, np.float64(0.9) does "
        "not, and PyTensor refuses to update a float32 with it",
    )
    return "3 steps agree entry by entry, for large slopes and for small ones, and float32 stays float32"


def _rmsprop(
    theta, m, g, lr, decay=0.9, divide=lambda g, m: g / pt.sqrt(m + 1e-6), old=False, sign=1, square=lambda g: g**2
):
    new = decay * m + (1 - decay) * square(g)
    return theta - sign * lr * divide(g, m if old else new), new


@rmsprop_step.mistake("the step goes uphill: subtract it")
@on_symbols
def _uphill(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, sign=-1)


@rmsprop_step.mistake("0.9 and 0.1 have changed places: the mean keeps 0.9 of what it was")
@on_symbols
def _forgetful(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, decay=0.1)


@rmsprop_step.mistake("the root is missing: divide by the *root* of the mean square, which has the unit of g")
@on_symbols
def _no_root(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, divide=lambda g, m: g / (m + 1e-6))


@rmsprop_step.mistake("this divides by the old mean: bring m up to date first")
@on_symbols
def _old_mean(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, old=True)


@rmsprop_step.mistake("0.000001 stands outside of the root; here it belongs inside, √(m + 0.000001)")
@on_symbols
def _small_outside(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, divide=lambda g, m: g / (pt.sqrt(m) + 1e-6))


@rmsprop_step.mistake("0.000001 is missing: where all slopes were 0, you divide by 0")
@on_symbols
def _nothing_small(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, divide=lambda g, m: g / pt.sqrt(m))


@rmsprop_step.mistake("0.1 is missing: the new square gets a tenth of the weight, 0.9 * m + 0.1 * g ** 2")
@on_symbols
def _whole_square(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, square=lambda g: 10 * g**2)


@rmsprop_step.mistake("m is the mean of the slopes: it should be the mean of their squares, g ** 2")
@on_symbols
def _not_squared(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, square=lambda g: g)


@rmsprop_step.mistake("this is a plain gradient step: divide g by the root of m")
@on_symbols
def _plain(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr, divide=lambda g, m: g)


@rmsprop_step.mistake(
    "the squares are added up (Adagrad), so that steps only ever get shorter: take 0.9 of the old and 0.1 of the new"
)
@on_symbols
def _adagrad(theta, m, g, lr):
    new = m + g**2
    return theta - lr * g / pt.sqrt(new + 1e-6), new


@rmsprop_step.mistake("the learning rate is not used")
@on_symbols
def _no_lr(theta, m, g, lr):
    return _rmsprop(theta, m, g, 1.0)


@rmsprop_step.mistake("the order is wrong: return the parameters first, then the mean square")
@on_symbols
def _other_order(theta, m, g, lr):
    return _rmsprop(theta, m, g, lr)[::-1]
