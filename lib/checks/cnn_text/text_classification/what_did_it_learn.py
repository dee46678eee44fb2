"""Checks of ``cnn_text/02_text_classification/03_what_did_it_learn``.

Ground truth is the definition: both ends of the interval solve its equation, precision is a share that is counted,
winning windows are searched one by one, and the models are stand-ins whose log-odds are added up by hand.
"""

import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np

from lib.checks import check
from lib.text.reviews import NAMES, Encoder, clean

# --- wilson interval ----------------------------------------------------------------------------


def _ends(right: int, n: int, z: float) -> list[float]:
    """Where |right / n - p| is z standard deviations of p: the roots of a quadratic, by its coefficients."""
    p = right / n
    return sorted(np.roots([n + z**2, -(2 * n * p + z**2), n * p**2]).real)


@check
def wilson_interval(case):
    """Both ends solve |p̂ - p| = z √(p (1 - p) / n)."""
    tests = [(879, 1154, 1.96), (3, 8, 1.0), (7, 10, 2.5), (10, 10, 1.96), (0, 6, 1.5), (1, 1, 0.5)]
    for n in case.rng.integers(20, 400, size=4):
        tests.append((int(case.rng.integers(1, n)), int(n), float(case.rng.uniform(0.5, 3))))
    answers = [case.call(*test) for test in tests]
    for (right, n, z), got in zip(tests, answers, strict=True):
        where = f"of {right} right out of {n}, z = {z:.3g}"
        ends = case.array(f"the interval {where}", got, (2,))
        low, high = _ends(right, n, z)
        case.near(f"the lower end {where}", ends[0], low, atol=1e-7)  # a root of 0 comes from squares
        case.near(f"the upper end {where}", ends[1], high, atol=1e-7)
    return "both ends of 10 intervals are z standard deviations away from what was measured"


def _wilson(right, n, z=1.96, inner=True, shift=True, divide=True):
    p = right / n
    middle = p + shift * z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + inner * z**2 / (4 * n**2))
    by = 1 + divide * z**2 / n
    return (middle - half) / by, (middle + half) / by


@wilson_interval.mistake("this is p ± z √(p (1 - p) / n), with the measured p under the root: Wilson's has more terms")
def _wald(right, n, z=1.96):
    return _wilson(right, n, z, inner=False, shift=False, divide=False)


@wilson_interval.mistake("the division by 1 + z² / n is missing: it belongs to both ends")
def _not_divided(right, n, z=1.96):
    return _wilson(right, n, z, divide=False)


@wilson_interval.mistake("the middle is p alone: z² / (2 n) is to be added to it")
def _not_shifted(right, n, z=1.96):
    return _wilson(right, n, z, shift=False)


@wilson_interval.mistake("z² / (4 n²) is missing under the root")
def _without_inner(right, n, z=1.96):
    return _wilson(right, n, z, inner=False)


@wilson_interval.mistake("under the root it is z² / (4 n²), with n squared, and here n is not")
def _n_not_squared(right, n, z=1.96):
    p = right / n
    middle, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


@wilson_interval.mistake("z² / 2n is z**2 / (2 * n): without the brackets, Python divides by 2 and multiplies by n")
def _without_brackets(right, n, z=1.96):
    p = right / n
    middle, half = p + z**2 / 2 * n, z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


@wilson_interval.mistake("z is missing in front of the root: half of the width is z times the root")
def _without_z(right, n, z=1.96):
    p = right / n
    middle, half = p + z**2 / (2 * n), np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


@wilson_interval.mistake("the ends are swapped: first the lower, then the upper one")
def _swapped_ends(right, n, z=1.96):
    return _wilson(right, n, z)[::-1]


@wilson_interval.mistake("these are the middle and half of the width: return middle - half and middle + half")
def _middle_and_half(right, n, z=1.96):
    low, high = _wilson(right, n, z)
    return (low + high) / 2, (high - low) / 2


@wilson_interval.mistake("only half of the width was divided by 1 + z² / n: the middle is divided, too")
def _half_divided(right, n, z=1.96):
    p, by = right / n, 1 + z**2 / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / by
    return p + z**2 / (2 * n) - half, p + z**2 / (2 * n) + half


@wilson_interval.mistake("the argument z was not used: 1.96 is only its default")
def _z_ignored(right, n, z=1.96):
    return _wilson(right, n)


@wilson_interval.mistake("these are numbers of sentences: divide by n, an accuracy lies between 0 and 1")
def _counts(right, n, z=1.96):
    low, high = _wilson(right, n, z)
    return low * n, high * n


@wilson_interval.mistake("the root is missing: half of the width is z times the square root of the two terms")
def _no_root(right, n, z=1.96):
    p = right / n
    middle, half = p + z**2 / (2 * n), z * (p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# --- confusion ----------------------------------------------------------------------------------


def _share(hits: np.ndarray, of: np.ndarray) -> float:
    """How many of the rows ``of`` are hits; 0 of none."""
    return float(hits[of].mean()) if of.any() else 0.0


@check
def confusion(case):
    """Counts of pairs; precision and recall as shares of the sentences themselves."""
    rng = case.rng
    tests = [(np.array([0, 0, 1, 1, 1]), np.array([1, 1, 1, 0, 1]), 2)]
    tests.append((np.array([0, 1, 2, 2, 2]), np.array([0, 2, 2, 2, 1]), 3))  # 0 occurs once, and is found
    tests.append((rng.integers(3, size=40), rng.integers(3, size=40), 3))
    tests.append((rng.integers(4, size=30), rng.integers(3, size=30), 5))  # 3 is never predicted, 4 does not occur
    tests.append((np.append(rng.integers(2, size=25), 1), rng.choice([0, 2], size=26), 3))  # 2 is never true
    tests.append((np.ones(300, dtype=int), np.ones(300, dtype=int), 2))  # more than 255 of one kind
    answers = [case.call(*test) for test in tests]
    for (true, predicted, classes), got in zip(tests, answers, strict=True):
        where = f"of {len(true)} sentences in {classes} classes"
        case.true(len(got) == 3, "three answers should come back: the counts, the precision and the recall")
        pairs = Counter(zip(true.tolist(), predicted.tolist(), strict=True))
        want = [[pairs[i, j] for j in range(classes)] for i in range(classes)]
        case.near(f"the matrix {where}", got[0], want)
        hit = true == predicted
        for name, values, of in (("precision", got[1], predicted), ("recall", got[2], true)):
            case.near(f"the {name} {where}", values, [_share(hit, of == k) for k in range(classes)])
    return "6 matrices, and precision and recall are the shares that were counted; 0 of none is 0"


def _matrix(true, predicted, classes):
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (np.asarray(true), np.asarray(predicted)), 1)
    return counts


def _rates(counts):
    hits = np.diag(counts)
    return hits / np.maximum(counts.sum(axis=0), 1), hits / np.maximum(counts.sum(axis=1), 1)


@confusion.mistake("the matrix is transposed, the rest is right: a row is a true class, a column a predicted one")
def _transposed(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    return counts.T, *_rates(counts)


@confusion.mistake(
    "true and predicted are mixed up throughout: rows and columns of the matrix, and so precision and recall"
)
def _mixed_up(true, predicted, classes):
    counts = _matrix(predicted, true, classes)
    return counts, *_rates(counts)


@confusion.mistake("precision and recall are swapped: precision divides by sums of columns, recall by sums of rows")
def _swapped(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    precision, recall = _rates(counts)
    return counts, recall, precision


@confusion.mistake(
    "a pair that occurs several times was counted once: `counts[true, predicted] += 1` adds to each entry only once; "
    "go through the pairs in a loop, or use np.add.at"
)
def _once(true, predicted, classes):
    counts = np.zeros((classes, classes), dtype=int)
    counts[true, predicted] += 1
    return counts, *_rates(counts)


@confusion.mistake("0 / 0 gives NaN for a class that was never predicted or never occurs: there the answer is 0")
def _nan(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    with np.errstate(invalid="ignore"):
        return counts, np.diag(counts) / counts.sum(axis=0), np.diag(counts) / counts.sum(axis=1)


@confusion.mistake("the matrix has rows only for classes that occur: the argument `classes` gives its size")
def _size_from_data(true, predicted, classes):
    counts = _matrix(true, predicted, max(*true, *predicted) + 1)
    return counts, *_rates(counts)


@confusion.mistake("the matrix was divided by the number of sentences: it should hold counts")
def _shares(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    return counts / len(true), *_rates(counts)


@confusion.mistake("the diagonal was divided by the number of all sentences: for precision it is the sum of a column")
def _of_all(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    share = np.diag(counts) / len(true)
    return counts, share, share


@confusion.mistake("the second and third answer are one number each, the mean: return one for every class")
def _means(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    return counts, *(rates.mean() for rates in _rates(counts))


@confusion.mistake("precision and recall are errors here: take the diagonal, the right ones, and not the rest")
def _errors(true, predicted, classes):
    counts = _matrix(true, predicted, classes)
    return counts, *(1 - rates for rates in _rates(counts))


# --- winning windows ----------------------------------------------------------------------------


@check
def winning_windows(case):
    """Every window is looked at, one after the other; responses of some filters are all below zero."""
    tests = [(np.array([[0, 7, 8, 9, 0]]), np.array([[[0.1], [-0.4], [0.9]]]))]
    for sentences, length, width, filters in ((3, 9, 2, 4), (5, 5, 4, 2), (2, 12, 5, 6), (4, 6, 1, 3)):
        rows = case.rng.permutation(sentences * length).reshape(sentences, length) + 2  # no word stands twice
        responses = case.rng.normal(size=(sentences, length - width + 1, filters))
        responses[:, :, 0] -= 9.0
        responses[0, 0, 1] += 9.0  # a winner at the very beginning
        tests.append((rows, responses.astype(np.float32)))
    answers = [case.call(*test) for test in tests]
    for (rows, responses), got in zip(tests, answers, strict=True):
        sentences, places, filters = responses.shape
        width = rows.shape[1] - places + 1
        case.true(len(got) == 2, "two answers should come back: the largest responses and the windows")
        values, windows = np.zeros((sentences, filters)), np.zeros((sentences, filters, width))
        for i in range(sentences):
            for f in range(filters):
                values[i, f], place = max((responses[i, t, f], t) for t in range(places))
                windows[i, f] = [rows[i, place + k] for k in range(width)]
        where = f"(sentences: {sentences}, filters: {filters}, width: {width})"
        case.near(f"the largest responses {where}", got[0], values)
        case.near(f"the windows {where}", got[1], windows)
    return "5 sets of responses: every largest one and its words, also where all responses are below zero"


def _cut(rows, best, width):
    places = best[:, :, None] + np.arange(width)
    return rows[np.arange(len(rows))[:, None, None], np.minimum(places, rows.shape[1] - 1)]


def _width(rows, responses):
    return rows.shape[1] - responses.shape[1] + 1


def _won(rows, responses, best=None, width=None, values=None):
    best = responses.argmax(axis=1) if best is None else best
    width = _width(rows, responses) if width is None else width
    return (responses.max(axis=1) if values is None else values), _cut(rows, best, width)


@winning_windows.mistake("the first answer holds places: argmax tells where the largest response is, max how large")
def _places(rows, responses):
    return _won(rows, responses, values=responses.argmax(axis=1))


@winning_windows.mistake("these are the places of the windows, not their words: look the words up in rows[i]")
def _no_words(rows, responses):
    best = responses.argmax(axis=1)
    return responses.max(axis=1), best[:, :, None] + np.arange(_width(rows, responses))


@winning_windows.mistake("the smallest response was taken: the maximum over time takes the largest")
def _smallest(rows, responses):
    return _won(rows, responses, responses.argmin(axis=1), values=responses.min(axis=1))


@winning_windows.mistake("the largest response without its sign was taken: one far below zero does not win")
def _absolute(rows, responses):
    best = np.abs(responses).argmax(axis=1)
    return _won(rows, responses, best, values=np.take_along_axis(responses, best[:, None], axis=1)[:, 0])


@winning_windows.mistake(
    "a largest response below zero became 0: the ReLU comes later, here the largest response itself is asked for"
)
def _not_below_zero(rows, responses):
    return _won(rows, responses, values=np.maximum(responses.max(axis=1), 0))


@winning_windows.mistake("the windows are cut from the first sentence throughout: sentence i has the words rows[i]")
def _first_row(rows, responses):
    values, _ = _won(rows, responses)
    return values, _cut(np.repeat(rows[:1], len(rows), axis=0), responses.argmax(axis=1), _width(rows, responses))


@winning_windows.mistake("the windows are one word too short: rows.shape[1] - responses.shape[1] + 1 words are in one")
def _too_short(rows, responses):
    return _won(rows, responses, width=_width(rows, responses) - 1)


@winning_windows.mistake("all windows have three words here: the width follows from the two shapes")
def _three(rows, responses):
    return _won(rows, responses, width=3)


@winning_windows.mistake("the windows begin one word too early: the window of responses[i, t] begins at rows[i, t]")
def _too_early(rows, responses):
    return _won(rows, responses, responses.argmax(axis=1) - 1)


@winning_windows.mistake("the windows begin one word too late: the window of responses[i, t] begins at rows[i, t]")
def _too_late(rows, responses):
    return _won(rows, responses, responses.argmax(axis=1) + 1)


@winning_windows.mistake(
    "the windows are centred on the place of the largest response: they begin there, and go on for width words"
)
def _centred(rows, responses):
    return _won(rows, responses, responses.argmax(axis=1) - _width(rows, responses) // 2)


@winning_windows.mistake(
    "the largest response of each window over all filters was taken, (axis=2): time is axis 1 of responses"
)
def _over_filters(rows, responses):
    return _won(rows, responses, responses.argmax(axis=2), values=responses.max(axis=2))


@winning_windows.mistake("argmax went over the filters (axis=2): time is axis 1 of responses, as for the maximum")
def _argmax_over_filters(rows, responses):
    best = responses.argmax(axis=2)
    place = [[best[i, f] for f in range(responses.shape[2])] for i in range(len(rows))]
    return _won(rows, responses, np.array(place))


@winning_windows.mistake("a maximum that begins at 0 misses a filter with responses below zero only: begin at -np.inf")
def _from_zero(rows, responses):
    values, windows = _won(rows, responses)
    return np.maximum(values, 0), np.where(values[:, :, None] > 0, windows, 0)


@winning_windows.mistake("a window runs past the end of its row: it begins at rows[i, t] and has `width` words")
def _past_the_end(rows, responses):
    return _in_a_loop(rows, responses, 1)


@winning_windows.mistake("a window begins before the first word: the window of responses[i, t] begins at rows[i, t]")
def _before_the_row(rows, responses):
    return _in_a_loop(rows, responses, -1)


def _in_a_loop(rows, responses, shift):
    width, best = _width(rows, responses), responses.argmax(axis=1) + shift
    found = np.zeros((*best.shape, width), dtype=int)
    for i, f in np.ndindex(best.shape):
        found[i, f] = rows[i, best[i, f] : best[i, f] + width]  # a slice that is too short stops here
    return responses.max(axis=1), found


@winning_windows.mistake("the maximum went over the sentences (axis=0): time is axis 1 of responses")
def _over_sentences(rows, responses):
    return _won(rows, responses, values=responses.max(axis=0))


# --- leave one out ------------------------------------------------------------------------------


def _asked(sentences) -> None:
    """A stand-in for a model refuses what is no list of sentences."""
    if isinstance(sentences, str) or any(isinstance(tokens, str) for tokens in sentences):
        raise TypeError("log_odds takes a list of sentences, each of them a list of words: [tokens], not tokens")
    if any(not isinstance(token, str) for tokens in sentences for token in tokens):
        raise TypeError("each sentence is a list of words, as strings, and nothing else may stand in it")


def bag(weights: dict[str, float], bias: float, unknown: float = 0.0):
    """Log-odds that add up the weights of the words; all words that it does not know have the same one."""

    def log_odds(sentences):
        _asked(sentences)
        return np.array([bias + sum(weights.get(token, unknown) for token in tokens) for tokens in sentences])

    return log_odds


def pairs_of(weights: dict[tuple[str, str], float], bias: float):
    """Log-odds that add up the weights of neighbours; a word that it does not know adds nothing."""

    def log_odds(sentences):
        _asked(sentences)
        return np.array([bias + sum(weights.get(pair, 0.0) for pair in pairwise(tokens)) for tokens in sentences])

    return log_odds


def strongest_of(weights: dict[str, float]):
    """Log-odds that only the strongest word decides: a maximum over time."""

    def log_odds(sentences):
        _asked(sentences)
        return np.array([max((weights.get(token, 0.0) for token in tokens), default=0.0) for tokens in sentences])

    return log_odds


WORDS = ("a", "bleak", "and", "funny", "film", "not", "very", "dull")


@check
def leave_one_out(case):
    """Stand-ins for a model whose importances are known: sums of words, sums of pairs, the strongest word."""
    rng, bias = case.rng, 1.5
    weights = {word: float(value) for word, value in zip(WORDS, rng.normal(size=len(WORDS)), strict=True)}
    couples = {(a, b): float(rng.normal()) for a in WORDS for b in WORDS}
    ranks = {word: float(rank) for rank, word in enumerate(WORDS, 1)}  # dull is 8, very 7
    tests = []
    for tokens in (list(WORDS[:5]), ["not", "very", "very", "funny", "very"], ["dull"], []):
        tests.append(("a sum of words", tokens, bag(weights, bias), [weights[token] for token in tokens]))
    for tokens in (["a", "dull", "film", "and", "bleak"], ["film", "film", "a", "not", "film", "dull"]):
        p = [0.0] + [couples[pair] for pair in pairwise(tokens)] + [0.0]
        joined = [0.0] + [couples[a, b] for a, b in zip(tokens, tokens[2:], strict=False)] + [0.0]
        tests.append(
            (
                "a sum of neighbours",
                tokens,
                pairs_of(couples, bias),
                [p[i] + p[i + 1] - joined[i] for i in range(len(tokens))],
            )
        )
    tests.append(("the strongest word", ["a", "dull", "very", "film"], strongest_of(ranks), [0, 1, 0, 0]))
    tests.append(("the strongest word", ["dull", "a", "dull", "dull"], strongest_of(ranks), [0, 0, 0, 0]))
    answers = [case.call(tokens, log_odds) for _, tokens, log_odds, _ in tests]
    for (name, tokens, _, want), got in zip(tests, answers, strict=True):
        words = f"“{' '.join(tokens)}”" if tokens else "an empty sentence"
        case.near(f"where the log-odds are {name}, the importances in {words}", got, want)
    return "8 sentences in 3 models: sums of words, sums of neighbours, and the strongest word alone"


def _all_without(tokens):
    return [tokens[:i] + tokens[i + 1 :] for i in range(len(tokens))]


def _against(tokens, log_odds, changed):
    whole = log_odds([tokens])[0]
    return np.array([whole - log_odds([one])[0] for one in changed])


@leave_one_out.mistake("the sign is turned around: the whole sentence minus the one without the word")
def _turned(tokens, log_odds):
    return -_against(tokens, log_odds, _all_without(tokens))


@leave_one_out.mistake("all places of a word were taken out at once: leave out place i alone")
def _every_place(tokens, log_odds):
    return _against(tokens, log_odds, [[other for other in tokens if other != token] for token in tokens])


@leave_one_out.mistake("the first place of the word was taken out, whichever place was meant: `remove` finds the first")
def _first_place(tokens, log_odds):
    changed = []
    for token in tokens:
        rest = list(tokens)
        rest.remove(token)
        changed.append(rest)
    return _against(tokens, log_odds, changed)


@leave_one_out.mistake("these are the log-odds without each word: subtract them from those of the whole sentence")
def _not_compared(tokens, log_odds):
    return log_odds(_all_without(tokens))


@leave_one_out.mistake("this is the word by itself, compared with nothing: take it out of the sentence instead")
def _by_itself(tokens, log_odds):
    return log_odds([[token] for token in tokens])


@leave_one_out.mistake("everything from the word on is missing: tokens[i + 1:] belongs behind tokens[:i]")
def _cut_off(tokens, log_odds):
    return _against(tokens, log_odds, [tokens[:i] for i in range(len(tokens))])


@leave_one_out.mistake("everything up to the word is missing: tokens[:i] belongs before tokens[i + 1:]")
def _cut_front(tokens, log_odds):
    return _against(tokens, log_odds, [tokens[i + 1 :] for i in range(len(tokens))])


@leave_one_out.mistake("the word was replaced by another one, and not taken out: the new sentence has one word less")
def _replaced(tokens, log_odds):
    return _against(tokens, log_odds, [[*tokens[:i], "<OTHER>", *tokens[i + 1 :]] for i in range(len(tokens))])


@leave_one_out.mistake("nothing was taken out: the second slice should begin behind the word, at i + 1")
def _nothing_out(tokens, log_odds):
    return _against(tokens, log_odds, [tokens[:i] + tokens[i:] for i in range(len(tokens))])


@leave_one_out.mistake("two words were taken out at a time: the second slice should begin at i + 1")
def _two_out(tokens, log_odds):
    return _against(tokens, log_odds, [tokens[:i] + tokens[i + 2 :] for i in range(len(tokens))])


@leave_one_out.mistake("the sign is lost: a word may speak for either side, so leave out `abs`")
def _unsigned(tokens, log_odds):
    return np.abs(_against(tokens, log_odds, _all_without(tokens)))


@leave_one_out.mistake("the whole sentence is in the answer as well: leave out the first number, found[1:]")
def _one_too_many(tokens, log_odds):
    found = log_odds([tokens, *_all_without(tokens)])
    return found[0] - found


@leave_one_out.mistake("the last word was left out of the answer: range(len(tokens)) goes through all of them")
def _without_last(tokens, log_odds):
    return _against(tokens, log_odds, _all_without(tokens)[:-1])


@leave_one_out.mistake(
    "log_odds was given one list of words, and it takes a list of such lists: [tokens] for a single sentence"
)
def _flat(tokens, log_odds):
    whole = log_odds(tokens)
    return np.array([whole - log_odds(one) for one in _all_without(tokens)])


# --- judge --------------------------------------------------------------------------------------

KNOWN = ("a", "film", "is", "not", "n't", "bad", "good", ",", "!", "?", "masterpiece", "it", "'s")
UNKNOWN = 0.7  # the weight of every other word, `<OTHER>` among them: to the network they are all the same
TEXTS = (
    "A good film",
    "It's NOT bad, is it?",
    "  An  utterly good...  masterpiece!",
    "a masterpiece isn't a Film",
    "Zounds! Egad! Zounds, a film?",
    "",
    "   ",
    "A good film, " * 13 + "zounds!",
)


@check
def judge(case):
    """A stand-in for a model: the probability is worked out from the weights of the words that should arrive."""
    encoder = Encoder((*NAMES, *KNOWN))
    values = case.rng.normal(0, 1.5, size=len(KNOWN))
    weights = dict(zip(KNOWN, values.tolist(), strict=True)) | {"film": 2.0}
    tests, models = [], []
    for text in TEXTS:
        tokens = _split(text)
        f = float(case.rng.uniform(-2, 2))  # the bias makes up for the words: no text, however long, is certain
        models.append(bag(weights, f - sum(weights.get(token, UNKNOWN) for token in tokens), UNKNOWN))
        tests.append((text, 1 / (1 + math.exp(-f)), [token for token in tokens if token not in KNOWN]))
    answers = [case.call(text, encoder, model) for text, model in zip(TEXTS, models, strict=True)]
    for (text, p, others), got in zip(tests, answers, strict=True):
        case.true(
            isinstance(got, list | tuple) and len(got) == 2,
            "two answers should come back: the probability, and the list of words that are not known",
        )
        shown = repr(text) if len(text) < 60 else f"{text[:30]!r} … and so on, {len(text.split())} words"
        case.near(f"the probability of fresh for {shown}", got[0], p)
        named = list(got[1]) if isinstance(got[1], list | tuple) else got[1]
        case.true(named == others, f"the words not known in {shown}: expected {others}, got {named}")
    return "8 texts, one with nothing and one with spaces alone: the probability, and the words not known"


def _split(text: str) -> list[str]:
    """The tokens of these texts, found in another way than by replacing."""
    return re.findall(r"n't|'s|[a-z]+?(?=n't)|[a-z]+|[,!?]", text.lower())


def _probability(odds) -> float:
    return 1 / (1 + math.exp(-odds))


def _judged(tokens, encoder, log_odds, others=None):
    unknown = [token for token in tokens if token not in encoder.index] if others is None else others
    return _probability(log_odds([tokens])[0]), unknown


@judge.mistake("the text was not cleaned: words in capitals, or with a comma behind them, are strangers to the encoder")
def _not_cleaned(text, encoder, log_odds):
    return _judged(text.split(), encoder, log_odds)


@judge.mistake("the text was only put into lower case: clean(text) also sets off punctuation and shortened words")
def _only_lower(text, encoder, log_odds):
    return _judged(text.lower().split(), encoder, log_odds)


@judge.mistake("this is the probability of rotten: it should be 1 / (1 + exp(-f)), with the minus")
def _rotten(text, encoder, log_odds):
    p, others = _judged(clean(text).split(), encoder, log_odds)
    return 1 - p, others


@judge.mistake("the first answer is the log-odds: the sigmoid makes a probability of them")
def _log_odds_themselves(text, encoder, log_odds):
    tokens = clean(text).split()
    return log_odds([tokens])[0], _judged(tokens, encoder, log_odds)[1]


@judge.mistake("the first answer is a verdict, 0 or 1: a probability is asked for")
def _verdict(text, encoder, log_odds):
    p, others = _judged(clean(text).split(), encoder, log_odds)
    return float(p > 0.5), others


@judge.mistake("the second answer lists the words that are known: those that are not in encoder.index are asked for")
def _known_words(text, encoder, log_odds):
    tokens = clean(text).split()
    return _judged(tokens, encoder, log_odds, [token for token in tokens if token in encoder.index])


@judge.mistake("the second answer is how many words are not known: name them, in a list")
def _how_many(text, encoder, log_odds):
    p, others = _judged(clean(text).split(), encoder, log_odds)
    return p, len(others)


@judge.mistake("the words not known lost their order or were listed once each: keep every one, in its place")
def _sorted(text, encoder, log_odds):
    p, others = _judged(clean(text).split(), encoder, log_odds)
    return p, sorted(set(others))


@judge.mistake("each word not known was listed once: one that comes twice in the text is to be listed twice")
def _once_each(text, encoder, log_odds):
    p, others = _judged(clean(text).split(), encoder, log_odds)
    return p, list(dict.fromkeys(others))


@judge.mistake("the second answer is a set, which has no order and holds each word once: a list is asked for")
def _set(text, encoder, log_odds):
    p, others = _judged(clean(text).split(), encoder, log_odds)
    return p, set(others)


@judge.mistake("split(' ') makes one empty word of an empty text: split() without an argument finds none")
def _empty_word(text, encoder, log_odds):
    return _judged(clean(text).split(" "), encoder, log_odds)


@judge.mistake("the words not known were looked for in the raw text: look in the cleaned one, which the network reads")
def _raw_others(text, encoder, log_odds):
    others = [word for word in text.split() if word not in encoder.index]
    return _judged(clean(text).split(), encoder, log_odds, others)


@judge.mistake(
    "only the known words went to the network: the others have a number there, too, and belong to the sentence"
)
def _known_alone(text, encoder, log_odds):
    tokens = clean(text).split()
    p, _ = _judged([token for token in tokens if token in encoder.index], encoder, log_odds)
    return p, _judged(tokens, encoder, log_odds)[1]


@judge.mistake("the letters were taken one by one: split the cleaned text into words first")
def _letters(text, encoder, log_odds):
    return _judged(list(clean(text)), encoder, log_odds)


@judge.mistake(
    "log_odds was given one list of words, and it takes a list of such lists: [tokens] for a single sentence"
)
def _flat_text(text, encoder, log_odds):
    return _probability(log_odds(clean(text).split())[0]), []


@judge.mistake("log_odds was given numbers: it takes words, and encodes them itself")
def _encoded(text, encoder, log_odds):
    tokens = clean(text).split()
    return _probability(log_odds(encoder.encode([tokens]))[0]), []
