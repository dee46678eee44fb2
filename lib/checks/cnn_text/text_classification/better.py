"""Checks for cnn_text/02_text_classification/04_better."""

import math

import numpy as np
from scipy import stats

from lib.checks.framework import check

# --- positive PMI -------------------------------------------------------------------------------

BY_HAND = np.array([[0.0, 8.0, 2.0], [8.0, 0.0, 2.0], [2.0, 2.0, 0.0]])


def surprise(counts: np.ndarray, power: float) -> np.ndarray:
    """Positive PMI, cell by cell, as Levy, Goldberg and Dagan (2015) define it."""
    n_words, n_contexts = counts.shape
    total = float(sum(counts.ravel()))
    smoothed = [sum(counts[:, j]) ** power for j in range(n_contexts)]
    table = np.zeros(counts.shape)
    for i in range(n_words):
        for j in range(n_contexts):
            if counts[i, j] > 0:
                by_chance = sum(counts[i]) / total * smoothed[j] / sum(smoothed)
                table[i, j] = max(0.0, math.log(counts[i, j] / total / by_chance))
    return table


def counted(rng: np.random.Generator, n_words: int, n_contexts: int, mean: float) -> np.ndarray:
    """A table of counts, many of them 0."""
    sizes = rng.gamma(0.5, 2.0, n_words)[:, None] * rng.gamma(0.5, 2.0, n_contexts)[None, :]
    return rng.poisson(mean * sizes).astype(float) + np.eye(n_words, n_contexts)


@check
def positive_pmi(case):
    """Every cell against the definition, with tables that are not symmetric, words without neighbours, other powers."""
    lonely = counted(case.rng, 6, 6, 2.0)
    lonely[2], lonely[:, 2] = 0.0, 0.0
    halves = counted(case.rng, 5, 8, 1.5) / 2
    plain = [BY_HAND, lonely, halves, counted(case.rng, 9, 4, 3.0), counted(case.rng, 12, 12, 0.6)]
    answers = [case.call(counts) for counts in plain]
    powers = [(counted(case.rng, 7, 5, 2.0), power) for power in (1.0, 0.5, 0.75, 0.0)]
    powered = [case.call(counts, power) for counts, power in powers]
    rows, columns = case.rng.integers(1, 9, size=5) * 1.0, case.rng.integers(1, 9, size=4) * 1.0
    chance = case.call(np.outer(rows, columns), 1.0)
    for number, (counts, got) in enumerate(zip(plain, answers, strict=True)):
        case.near(f"table {number + 1}, {counts.shape[0]} × {counts.shape[1]}", got, surprise(counts, 0.75))
    for (counts, power), got in zip(powers, powered, strict=True):
        case.near(f"with power={power:g}", got, surprise(counts, power))
    case.near("words that meet as often as chance would have it, power=1", chance, np.zeros((5, 4)), atol=1e-12)
    return f"{len(plain) + len(powers)} tables, cell by cell; 0 for words that never met, or met only by chance"


def _pmi(counts, power=0.75, log=np.log, side=0, positive=True, other_power=1.0, floor=0.0):
    """The table, with one part of it exchanged.  side: whose totals are smoothed, 0 the contexts, 1 the words."""
    total = counts.sum()
    words, contexts = counts.sum(axis=1), counts.sum(axis=0)
    p_word, p_context = (words**other_power, contexts**power) if side == 0 else (words**power, contexts**other_power)
    by_chance = np.outer(p_word / p_word.sum(), p_context / p_context.sum())
    with np.errstate(all="ignore"):
        pmi = np.where(counts > 0, log(counts / total / by_chance), floor)
    return np.maximum(pmi, 0) if positive else pmi


@positive_pmi.mistake("negative values are still there: what is below 0 becomes 0")
def _with_negatives(counts, power=0.75):
    return _pmi(counts, power, positive=False)


@positive_pmi.mistake("words that never met have -inf: log(0) should become 0, not stay")
def _with_infinity(counts, power=0.75):
    return _pmi(counts, power, positive=False, floor=-np.inf)


@positive_pmi.mistake(
    "`power` is not used: raise the totals of the contexts to it before they are divided by their sum"
)
def _without_power(counts, power=0.75):
    return _pmi(counts, 1.0)


@positive_pmi.mistake("`power` is not used: this is always 0.75, whatever the caller asks for")
def _fixed_power(counts, power=0.75):
    return _pmi(counts, 0.75)


@positive_pmi.mistake("`power` belongs to the contexts (columns) alone: the words' own probabilities stay as they are")
def _power_for_both(counts, power=0.75):
    return _pmi(counts, power, other_power=power)


@positive_pmi.mistake("`power` was given to the words (rows): it belongs to the contexts, the columns")
def _power_for_words(counts, power=0.75):
    return _pmi(counts, power, side=1)


@positive_pmi.mistake("this is log₂: take the natural logarithm, np.log")
def _log2(counts, power=0.75):
    return _pmi(counts, power, log=np.log2)


@positive_pmi.mistake("this is log(1 + ratio): nothing is added to the ratio")
def _log1p(counts, power=0.75):
    return _pmi(counts, power, log=np.log1p)


@positive_pmi.mistake("the logarithm is missing: this is the ratio itself")
def _ratio(counts, power=0.75):
    return _pmi(counts, power, log=lambda ratio: ratio)


@positive_pmi.mistake(
    "the smoothed probabilities do not add up to 1: raise the *totals* to the power, then divide by their sum"
)
def _power_of_probability(counts, power=0.75):
    total = counts.sum()
    by_chance = np.outer(counts.sum(axis=1) / total, (counts.sum(axis=0) / total) ** power)
    with np.errstate(all="ignore"):
        return np.maximum(np.where(counts > 0, np.log(counts / total / by_chance), 0), 0)


@positive_pmi.mistake("the counts were not divided by their sum: p(i, j) = counts[i, j] / counts.sum()")
def _counts_for_probabilities(counts, power=0.75):
    smoothed = counts.sum(axis=0) ** power
    by_chance = np.outer(counts.sum(axis=1) / counts.sum(), smoothed / smoothed.sum())
    with np.errstate(all="ignore"):
        return np.maximum(np.where(counts > 0, np.log(counts / by_chance), 0), 0)


@positive_pmi.mistake(
    "the totals were raised to the power, but divided by the plain sum of all counts: use the sum of the powers"
)
def _wrong_sum(counts, power=0.75):
    total = counts.sum()
    by_chance = np.outer(counts.sum(axis=1) / total, counts.sum(axis=0) ** power / total)
    with np.errstate(all="ignore"):
        return np.maximum(np.where(counts > 0, np.log(counts / total / by_chance), 0), 0)


@positive_pmi.mistake("p(i, j) is compared with the context alone: divide by p(i), the word's own probability, too")
def _without_word(counts, power=0.75):
    return _pmi(counts, power, other_power=0.0)


@positive_pmi.mistake("words without neighbours gave NaN: 0/0 should become 0; divide only where the words met")
def _with_nan(counts, power=0.75):
    total = counts.sum()
    smoothed = counts.sum(axis=0) ** power
    by_chance = np.outer(counts.sum(axis=1) / total, smoothed / smoothed.sum())
    with np.errstate(all="ignore"):
        return np.maximum(np.log(counts / total / by_chance), 0)


# --- vectors ------------------------------------------------------------------------------------


def likeness(table: np.ndarray, dimensions: int) -> np.ndarray:
    """The inner products that the vectors should have: the square root of M Mᵀ, of which the strongest part is kept.

    The eigenvalues of M Mᵀ are the squares of the singular values.
    """
    squares, directions = np.linalg.eigh(table @ table.T)
    kept = np.argsort(squares)[::-1][:dimensions]
    return (directions[:, kept] * np.sqrt(np.maximum(squares[kept], 0))) @ directions[:, kept].T


@check
def vectors_of(case):
    """Inner products of the vectors against the eigenvalues of M Mᵀ: signs and order of the columns are free."""
    line = np.array([[1.0, 2.0, 2.0], [2.0, 4.0, 4.0]])  # rank 1: its strength is 3 √5
    questions = [(line, 1), (np.diag([1.0, 9.0, 4.0]), 2)]
    for n_words, n_contexts, dimensions in ((6, 6, 3), (8, 5, 4), (5, 9, 2), (7, 7, 7), (4, 3, 3), (10, 6, 1)):
        questions.append((np.maximum(case.rng.normal(0.2, 1, (n_words, n_contexts)), 0), dimensions))
    answers = [case.call(*question) for question in questions]
    for (table, dimensions), got in zip(questions, answers, strict=True):
        what = f"a table of {table.shape[0]} × {table.shape[1]}, {dimensions} dimensions"
        vectors = case.array(f"{what}: the vectors", got, (len(table), dimensions))
        want = likeness(table, dimensions)
        case.near(f"{what}: the inner products of the vectors", vectors @ vectors.T, want, 1e-6, 1e-7)
    return f"{len(questions)} tables: the inner products of the vectors are those of the strongest directions"


def _usv(table):
    return np.linalg.svd(table, full_matrices=False)


@vectors_of.mistake("this is U S: give each side half of the strength, U √S")
def _whole_strength(table, dimensions):
    U, S, _ = _usv(table)
    return U[:, :dimensions] * S[:dimensions]


@vectors_of.mistake("this is U alone, in which every direction counts the same: multiply column k by √S[k]")
def _no_strength(table, dimensions):
    return _usv(table)[0][:, :dimensions]


@vectors_of.mistake("these are the weakest directions: NumPy gives the strongest first")
def _weakest(table, dimensions):
    U, S, _ = _usv(table)
    return U[:, -dimensions:] * np.sqrt(S[-dimensions:])


@vectors_of.mistake("all directions are there: keep the first `dimensions` columns")
def _all_directions(table, dimensions):
    U, S, _ = _usv(table)
    return U * np.sqrt(S)


@vectors_of.mistake("these are the vectors of the contexts (V): the words are the rows of U")
def _contexts(table, dimensions):
    _, S, V = _usv(table)
    return V[:dimensions].T * np.sqrt(S[:dimensions])


@vectors_of.mistake(
    "the third thing that svd returns is Vᵀ, and of the contexts: the words are the rows of U, the first"
)
def _v_transposed(table, dimensions):
    _, S, V = _usv(table)
    return V[:, :dimensions] * np.sqrt(S[:dimensions])


@vectors_of.mistake(
    "these are columns of the table itself: its strongest directions are not its first columns, see np.linalg.svd"
)
def _first_columns(table, dimensions):
    return table[:, :dimensions]


@vectors_of.mistake("the strengths were squared: U √S, the square root")
def _squared(table, dimensions):
    U, S, _ = _usv(table)
    return U[:, :dimensions] * S[:dimensions] ** 2


@vectors_of.mistake(
    "the first rows of U were kept: every word keeps its row, and U its first columns, U[:, :dimensions]"
)
def _rows_kept(table, dimensions):
    U, S, _ = _usv(table)
    return U[:dimensions] * np.sqrt(S)


@vectors_of.mistake("the table is put together again: return the vectors, one short row per word")
def _put_together(table, dimensions):
    U, S, V = _usv(table)
    return (U[:, :dimensions] * S[:dimensions]) @ V[:dimensions]


# --- an embedding to begin with -----------------------------------------------------------------

NAMES = ["<PAD>", "<OTHER>"]


def dictionary(rng: np.random.Generator, known: int, unknown: int, dimensions: int, spread: float):
    """Words of an encoder in mixed order, and vectors of some of them and of some others.

    All numbers together have the deviation ``spread``, and no part of them has it: words from elsewhere have longer
    vectors, the last quarter of the columns has larger numbers, and the mean is not 0.
    """
    names = [f"word{number}" for number in range(known + unknown)]
    order = rng.permutation(len(names))
    keys = [names[i] for i in order[:known]] + [f"elsewhere{number}" for number in range(known // 2)]
    sizes = np.where([key in names for key in keys], 1, 4)[:, None] * np.repeat(
        [1, 5], [-(-3 * dimensions // 4), dimensions // 4]
    )
    numbers = sizes * rng.normal(size=sizes.shape)
    numbers = spread * (numbers / numbers.std() + 0.8)
    vectors = dict(zip(keys, numbers, strict=True))
    vectors = {keys[i]: vectors[keys[i]] for i in rng.permutation(len(keys))}
    return NAMES + names, vectors


@check
def embedding_table(case):
    """Rows of known words, zeros, and the statistics of the random rows, whatever distribution they are from."""
    rng, questions = case.rng, []
    for sizes in ((60, 500, 12, 0.03), (40, 300, 20, 2.0), (5, 3, 4, 0.14), (7, 0, 3, 0.5)):
        questions.append(dictionary(rng, *sizes))
    seeds = [int(rng.integers(2**31)) for _ in questions]
    answers = [case.call(*asked, np.random.default_rng(seed)) for asked, seed in zip(questions, seeds, strict=True)]
    again = case.call(*questions[0], np.random.default_rng(seeds[0]))
    another = case.call(*questions[0], np.random.default_rng(seeds[0] + 1))
    for (words, vectors), got in zip(questions, answers, strict=True):
        dimensions = len(next(iter(vectors.values())))
        what = f"{len(words)} words of {dimensions} numbers"
        table = case.array(what, got, (len(words), dimensions))
        case.near(f"{what}: row 0, of the padding", table[0], np.zeros(dimensions), atol=0)
        for row, word in enumerate(words):
            if word in vectors:
                case.near(f"{what}: row {row}, of the known word {word!r}", table[row], vectors[word], 1e-5, 1e-7)
        fresh = np.array([table[row] for row, word in enumerate(words) if row > 0 and word not in vectors])
        zeros = f"{what}: there are zeros in the row of <OTHER> or of a word without a vector"
        case.true(bool((fresh != 0).all()), zeros)
        case.true(
            len(np.unique(fresh)) > 0.99 * fresh.size,  # of 6,000 numbers in float32 one or two may be equal by chance
            f"{what}: numbers repeat in the rows of unknown words: draw new ones for every row",
        )
        if fresh.size > 1000:
            _spread_is_right(case, what, fresh, np.array(list(vectors.values())))
    case.true(np.array_equal(answers[0], again), "two calls with generators of one seed differ: draw from `rng` alone")
    case.true(not np.array_equal(answers[0], another), "another seed gives the same numbers: draw them from `rng`")
    return "4 tables: every known word has its vector, padding has zeros, all others random numbers of the same spread"


def _spread_is_right(case, what: str, fresh: np.ndarray, vectors: np.ndarray) -> None:
    """The standard deviation of 6,000 numbers is off by 8 %, or that of 300 by 30 %, less than once in a billion."""
    spread, came, mean = float(vectors.std()), float(fresh.std()), float(fresh.mean())
    case.true(abs(mean) < 0.12 * spread, f"{what}: the random numbers have a mean of {mean:.3g}: it should be about 0")
    case.true(
        abs(came / spread - 1) < 0.08,
        f"{what}: the standard deviation of the random rows is {came:.3g}, that of all numbers in all vectors, about "
        f"their mean, {spread:.3g}; numbers from (-a, a) have a standard deviation of a / √3",
    )
    columns = fresh.std(axis=0) / spread
    case.true(
        bool((abs(columns - 1) < 0.3).all()),
        f"{what}: the random numbers of single columns have standard deviations from {columns.min() * spread:.3g} to "
        f"{columns.max() * spread:.3g}: one σ for all, {spread:.3g}",
    )


def _table(words, vectors, rng, draw=None, other=True, pad=True, first=0):
    """A table with one part of it exchanged.  first: the row of the first word."""
    numbers = np.array(list(vectors.values()))
    spread = numbers.std()
    shape = len(words), numbers.shape[1]
    table = rng.uniform(-spread * np.sqrt(3), spread * np.sqrt(3), shape) if draw is None else draw(spread, shape)
    for row, word in enumerate(words[first:]):
        if word in vectors:
            table[row] = vectors[word]
    if pad:
        table[0] = 0.0
    if not other:
        table[1] = 0.0
    return table


@embedding_table.mistake("the row of padding is not zero: set row 0 to zeros at the end")
def _padding_random(words, vectors, rng):
    return _table(words, vectors, rng, pad=False)


@embedding_table.mistake("the row of <OTHER> is zero: it stands for words, so it gets random numbers like them")
def _other_zero(words, vectors, rng):
    return _table(words, vectors, rng, other=False)


@embedding_table.mistake(
    "words without a vector have zeros: then nobody could tell them from padding; draw random numbers"
)
def _unknown_zero(words, vectors, rng):
    return _table(words, vectors, rng, draw=lambda spread, shape: np.zeros(shape))


@embedding_table.mistake(
    "numbers from (-a, a) have a standard deviation of a / √3: here a is the deviation itself, so √3 is missing"
)
def _no_root_three(words, vectors, rng):
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.uniform(-spread, spread, shape))


@embedding_table.mistake(
    "the random numbers are from (-0.25, 0.25) whatever the vectors are: measure the vectors' own spread"
)
def _quarter(words, vectors, rng):
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.uniform(-0.25, 0.25, shape))


@embedding_table.mistake(
    "the random numbers have a deviation of 1, as rng.normal gives them: scale them to the vectors' deviation"
)
def _unit(words, vectors, rng):
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.normal(size=shape))


@embedding_table.mistake("this spread is the variance: its square root is the standard deviation, np.std")
def _variance(words, vectors, rng):
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.normal(0, spread**2, shape))


@embedding_table.mistake("the random numbers are all positive, from (0, a): they should spread to both sides of 0")
def _positive(words, vectors, rng):
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.uniform(0, spread * np.sqrt(12), shape))


@embedding_table.mistake("every column has a deviation of its own, std(axis=0): one σ, of all numbers in all vectors")
def _per_column(words, vectors, rng):
    a = np.sqrt(3) * np.std(list(vectors.values()), axis=0)
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.uniform(-a, a, shape))


@embedding_table.mistake(
    "the deviation is that of the words in the encoder: measure all of `vectors`, the words from elsewhere included"
)
def _used_only(words, vectors, rng):
    a = np.sqrt(3) * np.std([vectors[word] for word in words if word in vectors])
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.uniform(-a, a, shape))


@embedding_table.mistake("the random numbers have the mean of the vectors: theirs should be 0")
def _mean_of_vectors(words, vectors, rng):
    mean = np.mean(list(vectors.values()))
    return _table(words, vectors, rng, draw=lambda spread, shape: rng.normal(mean, spread, shape))


@embedding_table.mistake("all unknown words have the same numbers: draw new ones for every row")
def _one_row(words, vectors, rng):
    def draw(spread, shape):
        return np.tile(rng.normal(0, spread, shape[1]), (shape[0], 1))

    return _table(words, vectors, rng, draw)


@embedding_table.mistake(
    "every word stands two rows too early: the row of a word is its place in `words`, the two names included"
)
def _two_early(words, vectors, rng):
    return _table(words, vectors, rng, first=2)


@embedding_table.mistake("the vectors were not used: the row of a word that has one is that vector")
def _vectors_unused(words, vectors, rng):
    spread, dimensions = np.std(list(vectors.values())), len(next(iter(vectors.values())))
    table = rng.uniform(-spread * np.sqrt(3), spread * np.sqrt(3), (len(words), dimensions))
    table[0] = 0.0
    return table


# --- max-norm -----------------------------------------------------------------------------------


@check
def max_norm(case):
    """Column by column: the direction stays, the length is the shorter of its own and the limit."""
    easy = np.array([[3.0, 0.3], [4.0, 0.4]])
    questions = [(easy, 3.0), (easy, 5.0), (np.array([[0.0, 6.0], [0.0, 8.0], [0.0, 0.0]]), 3.0)]
    for features, classes, limit in ((4, 2, 1.0), (12, 3, 3.0), (3, 5, 0.5), (384, 2, 3.0), (1, 4, 2.0), (30, 2, 40.0)):
        lengths = limit * case.rng.uniform(0.2, 3.0, classes) ** 2
        directions = case.rng.normal(size=(features, classes))
        questions.append((directions / np.linalg.norm(directions, axis=0) * lengths, limit))
    answers = [case.call(*question) for question in questions]
    for (W, limit), got in zip(questions, answers, strict=True):
        values = case.array(f"W of shape {W.shape}, limit {limit:g}: the result", got, W.shape)
        for c in range(W.shape[1]):
            length = math.sqrt(sum(w * w for w in W[:, c]))
            want = W[:, c] if length <= limit else [w / length * limit for w in W[:, c]]
            case.near(f"W of shape {W.shape}, limit {limit:g}: column {c}, of length {length:.4g}", values[:, c], want)
    return f"{len(questions)} matrices: long columns end at the limit, short ones stay, zeros too"


def _scaled(W, limit, norm=lambda W: np.linalg.norm(W, axis=0), factor=lambda limit, n: np.minimum(1, limit / n)):
    with np.errstate(all="ignore"):
        return W * factor(limit, norm(W))


@max_norm.mistake("this is one norm for the whole matrix: every class, every column, has its own, axis=0")
def _whole_matrix(W, limit):
    return _scaled(W, limit, norm=np.linalg.norm)


@max_norm.mistake("the rows were shortened: the weights of a class are a column, axis=0")
def _rows(W, limit):
    return _scaled(W, limit, norm=lambda W: np.linalg.norm(W, axis=1, keepdims=True))


@max_norm.mistake("every column was brought to the limit: a column that is shorter stays as it is, min(1, ...)")
def _always(W, limit):
    return _scaled(W, limit, factor=lambda limit, n: np.where(n > 0, limit / n, 1))


@max_norm.mistake("a column of zeros became NaN: 0/0; it should stay a column of zeros")
def _zeros(W, limit):
    n = np.linalg.norm(W, axis=0)
    with np.errstate(all="ignore"):
        return W / n * np.minimum(n, limit)


@max_norm.mistake("this is the square of the norm: take its square root")
def _square(W, limit):
    return _scaled(W, limit, norm=lambda W: (W**2).sum(axis=0))


@max_norm.mistake("this is the sum of the absolute values: the Euclidean norm is the root of the sum of the squares")
def _absolute(W, limit):
    return _scaled(W, limit, norm=lambda W: np.abs(W).sum(axis=0))


@max_norm.mistake(
    "single weights were cut off at the limit: the length of the whole column counts, and its direction stays"
)
def _clipped(W, limit):
    return np.clip(W, -limit, limit)


@max_norm.mistake("this is the root *mean* square: add up the squares, do not average them")
def _mean_square(W, limit):
    return _scaled(W, limit, norm=lambda W: np.sqrt((W**2).mean(axis=0)))


@max_norm.mistake("long columns have length 1 now: they should end at the limit")
def _to_one(W, limit):
    return _scaled(W, limit, factor=lambda limit, n: np.where(n > limit, 1 / n, 1))


@max_norm.mistake("short columns were brought up and long ones stayed: min(1, limit / norm), not max")
def _maximum(W, limit):
    n = np.linalg.norm(W, axis=0)
    with np.errstate(all="ignore"):
        return W * np.where(n > 0, np.maximum(1, limit / n), 1)


# --- intervals ----------------------------------------------------------------------------------


@check
def paired_interval(case):
    """Mean and ends against scipy's own paired test."""
    questions = [([0.78, 0.80, 0.79], [0.75, 0.76, 0.77], 0.95), ([5.0, 7.0], [4.0, 4.0], 0.95)]
    for n, level in ((5, 0.95), (5, 0.9), (10, 0.99), (3, 0.5), (30, 0.95)):
        base = case.rng.normal(0.75, 0.02, n)
        questions.append((base + case.rng.normal(0.02, 0.01, n), base, level))
    questions.append((case.rng.normal(0, 2, 6), case.rng.normal(1, 2, 6), 0.8))  # gains and losses
    questions = [(np.array(a), np.array(b), level) for a, b, level in questions]
    answers = [case.call(*question) for question in questions]
    default = case.call(*questions[2][:2])
    for (a, b, level), got in zip(questions, answers, strict=True):
        ends = stats.ttest_rel(a, b).confidence_interval(level)
        want = np.mean(a) - np.mean(b), ends.low, ends.high
        case.near(f"(mean, low, high) of {len(a)} pairs at {level:.0%}", got, want)
    case.near("without a level, as at 95 %", default, answers[2])
    return f"{len(questions)} intervals agree with SciPy's paired t-test, 2 to 30 pairs, at 50 to 99 %"


def _interval(a, b, level=0.95, quantile=None, ddof=1, root=True, tails=2, degrees=1):
    """The interval, with one part of it exchanged."""
    d = np.asarray(a) - np.asarray(b)
    n = len(d)
    chance = 1 - (1 - level) / tails
    t = stats.t.ppf(chance, n - degrees) if quantile is None else quantile(chance)
    half = t * d.std(ddof=ddof) / (np.sqrt(n) if root else 1)
    return d.mean(), d.mean() - half, d.mean() + half


@paired_interval.mistake("b - a came out: the gain is a - b")
def _turned(a, b, level=0.95):
    return _interval(b, a, level)


@paired_interval.mistake(
    "the quantile is the normal one (1.96 at 95 %): with few runs it takes Student's t, stats.t.ppf"
)
def _normal(a, b, level=0.95):
    return _interval(a, b, level, quantile=stats.norm.ppf)


@paired_interval.mistake("s was divided by n: NumPy's std does that unless it is told ddof=1")
def _ddof(a, b, level=0.95):
    return _interval(a, b, level, ddof=0)


@paired_interval.mistake("the root is missing: the mean of n differences varies less than one of them, s / √n")
def _no_root(a, b, level=0.95):
    return _interval(a, b, level, root=False)


@paired_interval.mistake("that is the one-sided quantile: 95 % leave 2.5 % on *each* side, so ask for 0.975")
def _one_sided(a, b, level=0.95):
    return _interval(a, b, level, tails=1)


@paired_interval.mistake("n differences have n - 1 degrees of freedom, not n")
def _degrees(a, b, level=0.95):
    return _interval(a, b, level, degrees=0)


@paired_interval.mistake("`level` is not used: this is always 95 %")
def _level_unused(a, b, level=0.95):
    return _interval(a, b, 0.95)


@paired_interval.mistake(
    "the pairs are torn apart: subtract first, run by run, and then measure how the differences vary"
)
def _unpaired(a, b, level=0.95):
    a, b = np.asarray(a), np.asarray(b)
    half = stats.t.ppf((1 + level) / 2, len(a) - 1) * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))
    return a.mean() - b.mean(), a.mean() - b.mean() - half, a.mean() - b.mean() + half


@paired_interval.mistake(
    "the pairs are torn apart, with 2n - 2 degrees of freedom: subtract first, and n differences are left, with n - 1"
)
def _two_samples(a, b, level=0.95):
    a, b = np.asarray(a), np.asarray(b)
    half = stats.t.ppf((1 + level) / 2, 2 * len(a) - 2) * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))
    return a.mean() - b.mean(), a.mean() - b.mean() - half, a.mean() - b.mean() + half


@paired_interval.mistake("s was divided by n, the number of differences: divide it by √n")
def _without_root_of_n(a, b, level=0.95):
    mean, low, high = _interval(a, b, level, root=False)
    return mean, mean + (low - mean) / len(a), mean + (high - mean) / len(a)


@paired_interval.mistake(
    "this is half the width behind the mean: return three numbers, (mean, mean - half, mean + half)"
)
def _half_only(a, b, level=0.95):
    mean, low, _ = _interval(a, b, level)
    return mean, mean - low


@paired_interval.mistake("low and high are exchanged")
def _exchanged(a, b, level=0.95):
    mean, low, high = _interval(a, b, level)
    return mean, high, low


@paired_interval.mistake("this is the interval of a alone: subtract b, run by run")
def _only_a(a, b, level=0.95):
    return _interval(a, np.zeros(len(b)), level)
