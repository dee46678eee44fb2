"""Checks of ``cnn_text/01_understanding_convolutions/01_convolution_by_hand``.

A convolution is linear, so ground truth is a matrix product: row i of the matrix holds the weights from the place on
where window i begins. Sizes and paddings are counted window by window instead of computed from the formula.
"""

import numpy as np

from lib.checks import check


def places(length: int, n_filter: int, stride: int) -> list[int]:
    """Where the windows begin that lie inside a row of this length: every place is tried."""
    return [start for start in range(0, length, stride) if start + n_filter <= length]


def band_matrix(length: int, w: np.ndarray, stride: int = 1) -> np.ndarray:
    """The matrix of a narrow convolution, (n_out, length)."""
    starts = places(length, len(w), stride)
    matrix = np.zeros((len(starts), length))
    for row, start in enumerate(starts):
        matrix[row, start : start + len(w)] = w
    return matrix


# --- narrow -------------------------------------------------------------------------------------


@check
def convolve(case):
    """The outputs against a product with the band matrix."""
    by_hand = [
        ([3.0, 1.0, 4.0, 1.0, 5.0], [1.0, 2.0], [5.0, 9.0, 6.0, 11.0]),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [100.0, 10.0, 1.0], [123.0, 234.0, 345.0, 456.0]),
    ]
    rows = [(np.array(x), np.array(w), np.array(y)) for x, w, y in by_hand]
    for n_in, n_filter in ((9, 4), (11, 3), (6, 6), (5, 1), (8, 5)):
        x, w = case.rng.normal(size=n_in), case.rng.normal(size=n_filter)
        rows.append((x, w, band_matrix(n_in, w) @ x))
    rows.append((np.array([3, 1, 4, 1, 5]), np.array([0.5, 0.25]), np.array([1.75, 1.5, 2.25, 1.75])))  # whole inputs
    answers = [case.call(x, w) for x, w, _ in rows]
    for (x, w, want), got in zip(rows, answers, strict=True):
        case.near(f"a filter of {len(w)} over {len(x)} inputs", got, want)
    return "8 rows, as the product with a band matrix: the weights in every row one place further on"


def _windows(x, w):
    return [x[i : i + len(w)] for i in range(len(x) - len(w) + 1)]


@convolve.mistake(
    "the filter is turned around, as np.convolve does it: the first weight belongs to the first input of the window"
)
def _turned(x, w):
    return np.convolve(x, w, mode="valid")


@convolve.mistake("the last window is missing: `range` leaves out its end, so it should be len(x) - len(w) + 1")
def _one_too_few(x, w):
    return [np.sum(w * window) for window in _windows(x, w)[:-1]]


@convolve.mistake("the last two windows are missing: there are len(x) - len(w) + 1 of them")
def _two_too_few(x, w):
    return [np.sum(w * window) for window in _windows(x, w)[:-2]]


@convolve.mistake("the first window is missing: i begins at 0")
def _from_one(x, w):
    return [np.sum(w * window) for window in _windows(x, w)[1:]]


@convolve.mistake(
    "a window hangs over the end of the row, with fewer inputs than weights: i goes up to len(x) - len(w), no further"
)
def _over_the_edge(x, w):
    return [np.sum(w * x[i : i + len(w)]) for i in range(len(x))]


@convolve.mistake("a window hangs over the end of the row: i goes up to len(x) - len(w), no further")
def _over_the_edge_dot(x, w):
    return [np.dot(w, x[i : i + len(w)]) for i in range(len(x))]


@convolve.mistake("a window hangs over the end of the row: x[i + j] does not exist there; i goes up to len(x) - len(w)")
def _over_the_edge_index(x, w):
    return [sum(w[j] * x[i + j] for j in range(len(w))) for i in range(len(x))]


@convolve.mistake(
    "the outputs beyond the last whole window do not count: only windows that lie inside the row, len(x) - len(w) + 1"
)
def _zeros_behind(x, w):
    return [np.sum(w * window) for window in _windows(np.append(x, np.zeros(len(w) - 1)), w)]


@convolve.mistake(
    "zeros were added so that there are as many outputs as inputs: only windows inside the row are asked for"
)
def _same_size(x, w):
    return np.correlate(x, w, mode="same")


@convolve.mistake("these are all windows that touch the row: here only those that lie inside it are asked for")
def _full(x, w):
    return np.correlate(x, w, mode="full")


@convolve.mistake("the products of a window are not added up yet: one number for each window, np.sum")
def _products(x, w):
    return [w * window for window in _windows(x, w)]


@convolve.mistake("this is the mean of the products: add them up with np.sum, the weights already say how much counts")
def _mean(x, w):
    return [np.mean(w * window) for window in _windows(x, w)]


@convolve.mistake("the windows do not overlap: the window moves on by one input, not by its whole length")
def _jumps(x, w):
    return [np.sum(w * x[i : i + len(w)]) for i in range(0, len(x) - len(w) + 1, len(w))]


@convolve.mistake("weights and inputs were added, not multiplied")
def _added(x, w):
    return [np.sum(w + window) for window in _windows(x, w)]


@convolve.mistake("the weights were not used: multiply each input of the window with its weight")
def _sums(x, w):
    return [np.sum(window) for window in _windows(x, w)]


@convolve.mistake("only the first output came back: does the `return` stand inside the loop?")
def _returns_early(x, w):
    return [np.sum(w * x[: len(w)])]


@convolve.mistake("one number came back, the sum over all windows: collect one output for each window")
def _total(x, w):
    return sum(np.sum(w * window) for window in _windows(x, w))


@convolve.mistake("only the last output came back: collect the outputs in a list, or write y[i] = ...")
def _last_only(x, w):
    return np.sum(w * _windows(x, w)[-1])


@convolve.mistake(
    "fractions are cut off where the inputs are whole numbers: collect in a list or in np.zeros, not in zeros_like(x)"
)
def _cut_off(x, w):
    y = np.zeros_like(x)[: len(x) - len(w) + 1]
    for i in range(len(y)):
        y[i] = np.sum(w * x[i : i + len(w)])
    return y


@convolve.mistake("fractions are cut off: np.zeros(..., dtype=int) holds whole numbers only, leave out the dtype")
def _whole_outputs(x, w):
    y = np.zeros(len(x) - len(w) + 1, dtype=int)
    for i in range(len(y)):
        y[i] = np.sum(w * x[i : i + len(w)])
    return y


@convolve.mistake("the outputs stand one too far: x[i + j] with j from 0, so that output 0 begins at x[0]")
def _shifted(x, w):
    return [sum(w[j] * x[(i + j + 1) % len(x)] for j in range(len(w))) for i in range(len(x) - len(w) + 1)]


# --- wide ---------------------------------------------------------------------------------------


def _padded(x, left, right, mode="constant"):
    return np.pad(np.asarray(x, dtype=float), (left, right), mode=mode)


@check
def convolve_wide(case):
    """The outputs against the product with a band matrix whose columns outside the row are cut off."""
    rows = [(np.array([1.0, 2.0, 3.0]), np.array([10.0, 1.0]), np.array([1.0, 12.0, 23.0, 30.0]))]
    for n_in, n_filter in ((7, 5), (8, 4), (3, 6), (1, 3), (6, 1), (10, 3)):
        x, w = case.rng.normal(size=n_in), case.rng.normal(size=n_filter)
        matrix = band_matrix(n_in + 2 * (n_filter - 1), w)
        rows.append((x, w, matrix[:, n_filter - 1 : n_filter - 1 + n_in] @ x))
    answers = [case.call(x, w) for x, w, _ in rows]
    for (x, w, want), got in zip(rows, answers, strict=True):
        case.near(f"wide, a filter of {len(w)} over {len(x)} inputs", got, want)
    return "7 rows, also shorter than the filter; 7 inputs and a filter of 5 give 11 outputs"


@convolve_wide.mistake("the filter is turned around, as np.convolve does it: use your `convolve` on a row with zeros")
def _wide_turned(x, w):
    return np.convolve(x, w, mode="full")


@convolve_wide.mistake("one zero too many on each side: with len(w) zeros, the first window does not touch the row")
def _one_zero_too_many(x, w):
    return np.correlate(_padded(x, len(w), len(w)), w, mode="valid")


@convolve_wide.mistake(
    "too few zeros: this gives as many outputs as inputs, or nearly; len(w) - 1 zeros stand on each side"
)
def _half_padded(x, w):
    return _narrow(_padded(x, len(w) // 2, len(w) // 2), w)


@convolve_wide.mistake("too few zeros: (len(w) - 1) // 2 on each side is for `same`; here it is len(w) - 1")
def _same_padded(x, w):
    return _narrow(_padded(x, (len(w) - 1) // 2, (len(w) - 1) // 2), w)


@convolve_wide.mistake("only one zero stands on each side: it takes len(w) - 1")
def _one_zero(x, w):
    return _narrow(_padded(x, 1, 1), w)


@convolve_wide.mistake("zeros are missing behind the row: len(w) - 1 on both sides")
def _left_only(x, w):
    return _narrow(_padded(x, len(w) - 1, 0), w)


@convolve_wide.mistake("zeros are missing before the row: len(w) - 1 on both sides")
def _right_only(x, w):
    return _narrow(_padded(x, 0, len(w) - 1), w)


@convolve_wide.mistake("the row was not padded: this is the narrow convolution")
def _not_padded(x, w):
    return _narrow(np.asarray(x, dtype=float), w)


@convolve_wide.mistake("the row was padded with its first and last entry: outside the row are zeros")
def _edge_values(x, w):
    return _narrow(_padded(x, len(w) - 1, len(w) - 1, mode="edge"), w)


@convolve_wide.mistake("the row was padded with ones: np.zeros, so that the padding adds nothing to a sum")
def _ones(x, w):
    ones = np.ones(len(w) - 1)
    return _narrow(np.concatenate([ones, x, ones]), w)


@convolve_wide.mistake("the zeros belong to the inputs, not to the filter")
def _padded_filter(x, w):
    return _narrow(np.asarray(x, dtype=float), _padded(w, len(w) - 1, len(w) - 1))


@convolve_wide.mistake("the zeros stand round the outputs: they belong round the row, before it is convolved")
def _padded_outputs(x, w):
    return _padded(_narrow(np.asarray(x, dtype=float), w), len(w) - 1, len(w) - 1)


@convolve_wide.mistake("this is the padded row itself: it is still to be convolved with w")
def _only_padded(x, w):
    return _padded(x, len(w) - 1, len(w) - 1)


@convolve_wide.mistake("the two arguments are exchanged: convolve(padded, w), first the row, then the filter")
def _exchanged(x, w):
    return np.correlate(w, x, mode="full")


def _narrow(x, w):
    """As a learner's own `convolve` does it: nothing where the filter is longer than the row."""
    return np.array([np.sum(w * x[i : i + len(w)]) for i in range(len(x) - len(w) + 1)])


# --- sizes --------------------------------------------------------------------------------------

WHOLE = "a whole number, an int: `//` keeps whole numbers whole, while `/`, np.floor and np.ceil give floats"
SIZES = [
    *((7, 5, 0, 1), (7, 5, 4, 1), (7, 5, 2, 1), (8, 3, 0, 2), (8, 3, 0, 3), (8, 3, 1, 2), (10, 4, 3, 3), (5, 5, 0, 1)),
    *((5, 5, 0, 4), (3, 5, 0, 1), (3, 9, 2, 2), (3, 5, 1, 1), (4, 5, 0, 3), (2, 9, 1, 2), (6, 1, 0, 4), (1, 1, 0, 1)),
    *((56, 3, 0, 1), (9, 2, 0, 5), (9, 2, 1, 7), (3, 4, 0, 1), (2, 8, 1, 3)),
]


@check
def output_size(case):
    """The size against windows counted one by one."""
    answers = [(size, case.call(*size)) for size in SIZES]
    for _ in range(40):
        n_in, n_filter, n_pad, stride = (int(case.rng.integers(low, high)) for low, high in LIMITS)
        answers.append(((n_in, n_filter, n_pad, stride), case.call(n_in, n_filter, n_pad, stride)))
    defaults = case.call(7, 5), case.call(7, 5, n_pad=4), case.call(8, 3, stride=2)
    for (n_in, n_filter, n_pad, stride), got in answers:
        what = f"{n_in} inputs, a filter of {n_filter}, n_pad = {n_pad}, stride {stride}: the size"
        case.array(what, got, ())
        case.true(np.asarray(got).dtype.kind in "iu", f"{what} should be {WHOLE}")
        case.near(what, got, len(places(n_in + 2 * n_pad, n_filter, stride)))
    for got, want, what in zip(defaults, (3, 11, 3), ("7, 5", "7, 5, n_pad=4", "8, 3, stride=2"), strict=True):
        case.near(f"output_size({what})", got, want)
    return f"{len(answers)} sizes, as windows counted one by one; a filter of 5 over 7 inputs: narrow 3, wide 11"


LIMITS = ((1, 30), (1, 12), (0, 6), (1, 6))


@output_size.mistake("the value is right, but a float: int(np.floor(...)), or `//`, which keeps whole numbers whole")
def _float_size(n_in, n_filter, n_pad=0, stride=1):
    return max(0.0, np.floor((n_in + 2 * n_pad - n_filter) / stride) + 1)


@output_size.mistake("the size should be a whole number: round down with //, not /")
def _fraction(n_in, n_filter, n_pad=0, stride=1):
    return max(0, (n_in + 2 * n_pad - n_filter) / stride + 1) if n_in + 2 * n_pad >= n_filter else 0


@output_size.mistake("the zeros stand on both sides: 2 * n_pad")
def _one_side(n_in, n_filter, n_pad=0, stride=1):
    return 0 if n_in + n_pad < n_filter else (n_in + n_pad - n_filter) // stride + 1


@output_size.mistake("the first window is not counted: + 1")
def _no_first(n_in, n_filter, n_pad=0, stride=1):
    return max(0, (n_in + 2 * n_pad - n_filter) // stride)


@output_size.mistake("a filter that is longer than the padded row gives 0 outputs: `//` alone goes below 0 there")
def _negative(n_in, n_filter, n_pad=0, stride=1):
    return (n_in + 2 * n_pad - n_filter) // stride + 1


@output_size.mistake(
    "int(a / b) rounds towards 0, which makes 1 output of a filter that does not fit: say 0 there, and use //"
)
def _towards_zero(n_in, n_filter, n_pad=0, stride=1):
    return max(0, int((n_in + 2 * n_pad - n_filter) / stride) + 1)


@output_size.mistake("int(a / b) rounds towards 0, and nothing says 0 for a filter that does not fit")
def _towards_zero_negative(n_in, n_filter, n_pad=0, stride=1):
    return int((n_in + 2 * n_pad - n_filter) / stride) + 1


@output_size.mistake("rounded up: a step that would carry the window over the edge is not made, round down with //")
def _rounded_up(n_in, n_filter, n_pad=0, stride=1):
    return 0 if n_in + 2 * n_pad < n_filter else -(-(n_in + 2 * n_pad - n_filter) // stride) + 1


@output_size.mistake("the + 1 stands inside the division: add it after dividing by the stride")
def _one_inside(n_in, n_filter, n_pad=0, stride=1):
    return max(0, (n_in + 2 * n_pad - n_filter + 1) // stride)


@output_size.mistake("the stride is ignored: divide by it, rounding down")
def _without_stride(n_in, n_filter, n_pad=0, stride=1):
    return max(0, n_in + 2 * n_pad - n_filter + 1)


@output_size.mistake("the padding is ignored: the row has n_in + 2 * n_pad entries")
def _without_padding(n_in, n_filter, n_pad=0, stride=1):
    return 0 if n_in < n_filter else (n_in - n_filter) // stride + 1


@output_size.mistake("a filter as long as the padded row fits once: 0 outputs only if it is longer")
def _exact_fit(n_in, n_filter, n_pad=0, stride=1):
    return 0 if n_in + 2 * n_pad <= n_filter else (n_in + 2 * n_pad - n_filter) // stride + 1


@output_size.mistake("0 comes only where the filter is longer than the *padded* row, n_in + 2 * n_pad")
def _compares_unpadded(n_in, n_filter, n_pad=0, stride=1):
    return 0 if n_in < n_filter else (n_in + 2 * n_pad - n_filter) // stride + 1


# --- same ---------------------------------------------------------------------------------------


def fewest_zeros(n_in: int, n_filter: int, stride: int) -> int:
    """How many zeros `same` needs, found by trying 0, 1, 2 … until there are enough windows."""
    wanted = len(range(0, n_in, stride))  # one output for every stride that has begun
    return next(zeros for zeros in range(n_in + n_filter) if len(places(n_in + zeros, n_filter, stride)) >= wanted)


@check
def same_padding(case):
    """Left and right against the fewest zeros that give enough windows, found by trying."""
    by_hand = {(8, 3, 2): (0, 1), (7, 5, 1): (2, 2), (7, 4, 1): (1, 2), (9, 1, 3): (0, 0)}
    sizes = [*by_hand, (10, 4, 3), (10, 4, 2), (9, 2, 5), (3, 8, 1), (3, 8, 2), (1, 6, 4), (13, 5, 3), (12, 7, 4)]
    sizes += [tuple(int(case.rng.integers(1, high)) for high in (20, 9, 6)) for _ in range(40)]
    answers = [case.call(*size) for size in sizes]
    default = case.call(6, 4)
    for size, got in zip(sizes, answers, strict=True):
        zeros = fewest_zeros(*size)
        want = by_hand.get(size, (zeros // 2, zeros - zeros // 2))
        what = f"(left, right) for {size[0]} inputs, a filter of {size[1]}, stride {size[2]}"
        case.near(what, got, want)
        case.true(np.asarray(got).dtype.kind in "iu", f"{what}: each should be {WHOLE}")
    case.near("same_padding(6, 4)", default, (1, 2))
    return f"{len(sizes) + 1} paddings, the fewest zeros that give enough windows, the odd one on the right"


def _shared(zeros):
    return zeros // 2, zeros - zeros // 2


@same_padding.mistake("the values are right, but floats: np.ceil gives a float, -(-n_in // stride) a whole number")
def _float_zeros(n_in, n_filter, stride=1):
    zeros = max(0, (np.ceil(n_in / stride) - 1) * stride + n_filter - n_in)
    return zeros // 2, zeros - zeros // 2


def _needed(n_in, n_filter, stride, n_out=None):
    n_out = -(-n_in // stride) if n_out is None else n_out
    return (n_out - 1) * stride + n_filter - n_in


@same_padding.mistake("the odd zero belongs on the right: left = zeros // 2, right = zeros - left")
def _odd_left(n_in, n_filter, stride=1):
    return _shared(max(0, _needed(n_in, n_filter, stride)))[::-1]


@same_padding.mistake("this is right for stride 1 only: with a larger stride, fewer zeros do the job")
def _stride_one(n_in, n_filter, stride=1):
    return _shared(n_filter - 1)


@same_padding.mistake("n_filter // 2 zeros on each side: that is one too many for even filters, and ignores the stride")
def _half_filter(n_in, n_filter, stride=1):
    return n_filter // 2, n_filter // 2


@same_padding.mistake("(n_filter - 1) // 2 on each side: even filters lack one zero, and the stride is ignored")
def _half_rounded(n_in, n_filter, stride=1):
    return (n_filter - 1) // 2, (n_filter - 1) // 2


@same_padding.mistake("a negative number of zeros: where enough entries are there already, it should be 0, max(0, ...)")
def _negative_zeros(n_in, n_filter, stride=1):
    return _shared(_needed(n_in, n_filter, stride))


@same_padding.mistake("n_out was rounded down: it is n_in / stride rounded up, -(-n_in // stride)")
def _n_out_down(n_in, n_filter, stride=1):
    return _shared(max(0, _needed(n_in, n_filter, stride, n_in // stride)))


@same_padding.mistake("n_in // stride + 1 is one too many where the division leaves no remainder: -(-n_in // stride)")
def _n_out_plus_one(n_in, n_filter, stride=1):
    return _shared(max(0, _needed(n_in, n_filter, stride, n_in // stride + 1)))


@same_padding.mistake("n_out is not n_in at a larger stride: it is n_in / stride, rounded up")
def _n_out_is_n_in(n_in, n_filter, stride=1):
    return _shared(max(0, _needed(n_in, n_filter, stride, n_in)))


@same_padding.mistake("the last window begins at (n_out - 1) * stride: the first one begins at 0")
def _one_step_too_many(n_in, n_filter, stride=1):
    return _shared(max(0, _needed(n_in, n_filter, stride) + stride))


@same_padding.mistake("all zeros are on the right: half of them, rounded down, belong on the left")
def _all_right(n_in, n_filter, stride=1):
    return 0, max(0, _needed(n_in, n_filter, stride))


@same_padding.mistake("each side got all of the zeros: half of them each")
def _all_on_both(n_in, n_filter, stride=1):
    zeros = max(0, _needed(n_in, n_filter, stride))
    return zeros, zeros


@same_padding.mistake("both sides got the half, rounded down: right is zeros - left, so that none is lost")
def _one_lost(n_in, n_filter, stride=1):
    zeros = max(0, _needed(n_in, n_filter, stride))
    return zeros // 2, zeros // 2


@same_padding.mistake("half zeros do not exist: divide by 2 with //, and give the rest to the right")
def _half_zeros(n_in, n_filter, stride=1):
    zeros = max(0, _needed(n_in, n_filter, stride))
    return zeros / 2, zeros / 2


@same_padding.mistake("this is the number of zeros altogether: return two numbers, (left, right)")
def _one_number(n_in, n_filter, stride=1):
    return max(0, _needed(n_in, n_filter, stride))


# --- text ---------------------------------------------------------------------------------------


@check
def convolve_text(case):
    """The outputs against the long row: a text is a row of n · d numbers, over which a filter moves in steps of d."""
    questions = []
    for n, n_filter, d, n_filters, stride in (
        *((9, 3, 4, 5, 1), (10, 4, 3, 2, 2), (8, 3, 5, 4, 3), (6, 6, 2, 3, 1), (7, 1, 3, 6, 2), (5, 2, 1, 3, 1)),
        *((11, 2, 6, 1, 4), (12, 5, 5, 5, 2)),
    ):
        X, kernel = case.rng.normal(size=(n, d)), case.rng.normal(size=(n_filter, d, n_filters))
        questions.append((X, kernel, case.rng.normal(size=n_filters), stride))
    answers = [case.call(*question) for question in questions]
    default = case.call(*questions[0][:3])
    for (X, kernel, bias, stride), got in zip(questions, answers, strict=True):
        d, n_filters = kernel.shape[1:]
        columns = [band_matrix(X.size, kernel[:, :, f].ravel(), stride * d) @ X.ravel() for f in range(n_filters)]
        what = f"{n_filters} filters of {len(kernel)} words over {X.shape[0]} × {d}, stride {stride}"
        case.near(what, got, np.column_stack(columns) + bias)
    case.near("without a stride, as with stride 1", default, answers[0])
    return "8 texts, as filters that move along one long row; several filters, strides and sizes"


def _text(X, kernel, bias, stride=1, window=lambda X, i, k: X[i : i + k], answer=lambda W, window: np.sum(W * window)):
    """A convolution over the rows of X, with one part of it exchanged."""
    n_filter, _, n_filters = kernel.shape
    starts = range(0, len(X) - n_filter + 1, stride)
    outputs = [[answer(kernel[:, :, f], window(X, i, n_filter)) for f in range(n_filters)] for i in starts]
    return np.array(outputs) + bias


@convolve_text.mistake("the bias is missing: add bias[f] to each output of filter f")
def _no_bias(X, kernel, bias, stride=1):
    return _text(X, kernel, 0 * bias, stride)


@convolve_text.mistake("the bias was subtracted: add it")
def _minus_bias(X, kernel, bias, stride=1):
    return _text(X, kernel, -bias, stride)


@convolve_text.mistake("the bias was added to every product: add it once, to the sum")
def _bias_in_sum(X, kernel, bias, stride=1):
    return _text(X, kernel, bias * kernel.shape[0] * kernel.shape[1], stride)


@convolve_text.mistake("every filter got the sum of all biases: bias[f] belongs to filter f")
def _all_biases(X, kernel, bias, stride=1):
    return _text(X, kernel, np.full(len(bias), bias.sum()), stride)


@convolve_text.mistake("every filter got the first bias: bias[f] belongs to filter f")
def _first_bias(X, kernel, bias, stride=1):
    return _text(X, kernel, np.full(len(bias), bias[0]), stride)


@convolve_text.mistake("the stride is ignored: window i begins at row i * stride, and there are fewer of them")
def _ignores_stride(X, kernel, bias, stride=1):
    return _text(X, kernel, bias, 1)


@convolve_text.mistake(
    "the number of outputs is right, but the windows move on by one row: window i begins at i * stride"
)
def _moves_by_one(X, kernel, bias, stride=1):
    return _text(X, kernel, bias, 1)[: len(_text(X, kernel, bias, stride))]


@convolve_text.mistake(
    "the filters are turned around: the first row of a filter belongs to the first word of the window"
)
def _upside_down(X, kernel, bias, stride=1):
    return _text(X, kernel[::-1], bias, stride)


@convolve_text.mistake("this has a row for each filter and a column for each window: it should be the other way round")
def _other_way_round(X, kernel, bias, stride=1):
    return _text(X, kernel, bias, stride).T


@convolve_text.mistake("only the first filter was used: kernel[:, :, f] is filter f")
def _first_filter(X, kernel, bias, stride=1):
    return _text(X, np.repeat(kernel[:, :, :1], kernel.shape[2], axis=2), bias, stride)


@convolve_text.mistake("kernel[f] is a row of every filter, not filter f: that is kernel[:, :, f]")
def _wrong_slice(X, kernel, bias, stride=1):
    n_filter, _, n_filters = kernel.shape
    Y = np.zeros((len(range(0, len(X) - n_filter + 1, stride)), n_filters))
    for i in range(len(Y)):
        for f in range(n_filters):
            Y[i, f] = np.sum(kernel[f] * X[i * stride : i * stride + n_filter]) + bias[f]
    return Y


@convolve_text.mistake("the last window is missing: a window that ends with the last word counts; see output_size")
def _last_window(X, kernel, bias, stride=1):
    n_filter = len(kernel)
    return _text(X, kernel, bias, stride)[: max(0, len(X) - n_filter) // stride]


@convolve_text.mistake("the + 1 stands inside the division: (n - n_filter) // stride + 1 windows; see output_size")
def _one_inside_text(X, kernel, bias, stride=1):
    return _text(X, kernel, bias, stride)[: (len(X) - len(kernel) + 1) // stride]


@convolve_text.mistake("this is the mean of the products: add them up with np.sum")
def _text_mean(X, kernel, bias, stride=1):
    return _text(X, kernel, bias, stride, answer=lambda W, window: np.mean(W * window))


@convolve_text.mistake("negative outputs were set to 0: a convolution keeps them, an activation comes later")
def _relu(X, kernel, bias, stride=1):
    return np.maximum(0, _text(X, kernel, bias, stride))


@convolve_text.mistake("the sum over the d numbers of a word is missing: all n_filter · d products are added up")
def _sums_words_only(X, kernel, bias, stride=1):
    n_filter = len(kernel)
    starts = range(0, len(X) - n_filter + 1, stride)
    return np.array([(kernel * X[i : i + n_filter, :, None]).sum(axis=0) + bias for i in starts])


@convolve_text.mistake("only the first number of each word was read: a window holds whole rows, X[i : i + n_filter]")
def _first_column(X, kernel, bias, stride=1):
    return _text(X[:, :1], kernel[:, :1], bias, stride)
