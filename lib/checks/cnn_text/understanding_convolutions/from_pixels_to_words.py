"""Checks of ``cnn_text/01_understanding_convolutions/02_from_pixels_to_words``.

Ground truth for images is SciPy's correlation. For words it is a table of cosines: vectors are built from directions of
length 1 that are known beforehand, so a window's score is a mean of cosines, without any convolution.
"""

from statistics import fmean

import numpy as np
from scipy.signal import correlate2d

from lib.checks import check
from lib.checks.framework import Case

# --- images -------------------------------------------------------------------------------------


@check
def convolve_image(case):
    """The outputs against SciPy's two-dimensional correlation."""
    by_hand = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[1, 0], [0, 10]]), [[51.0, 62.0]]
    questions = [by_hand]
    for shape, size in (
        *(((7, 9), (3, 2)), ((9, 6), (2, 4)), ((6, 5), (6, 5)), ((5, 8), (1, 1)), ((8, 8), (3, 3)), ((4, 9), (4, 2))),
        *(((10, 4), (3, 4)), ((6, 6), (1, 5))),
    ):
        image, weights = case.rng.normal(size=shape), case.rng.normal(size=size)
        questions.append((image, weights, correlate2d(image, weights, mode="valid")))
    whole, parts = case.rng.integers(0, 256, size=(6, 7)), case.rng.uniform(size=(2, 3))  # fractions from whole pixels
    questions.append((whole, parts, correlate2d(whole, parts, mode="valid")))
    answers = [case.call(image, weights) for image, weights, _ in questions]
    for (image, weights, want), got in zip(questions, answers, strict=True):
        case.near(f"a filter of {weights.shape} over an image of {image.shape}", got, want)
    return f"{len(questions)} images and filters, as SciPy's correlation: {by_hand[2][0]} in the case by hand"


def _slide(image, weights, answer=lambda window, weights: np.sum(window * weights), rows=0, columns=0):
    """All windows, with one part exchanged; rows, columns: how many more than there are, or fewer."""
    (height, width), (h, w) = image.shape, weights.shape
    return np.array(
        [
            [answer(image[r : r + h, c : c + w], weights) for c in range(max(0, width - w + 1 + columns))]
            for r in range(max(0, height - h + 1 + rows))
        ]
    )


@convolve_image.mistake(
    "the filter is turned around, as SciPy's convolve2d does it: the upper left weight belongs to the upper left pixel"
)
def _turned(image, weights):
    return _slide(image, weights[::-1, ::-1])


@convolve_image.mistake("the filter is upside down: its first row belongs to the first row of the window")
def _upside_down(image, weights):
    return _slide(image, weights[::-1])


@convolve_image.mistake("the filter is mirrored: its first column belongs to the first column of the window")
def _mirrored(image, weights):
    return _slide(image, weights[:, ::-1])


@convolve_image.mistake("the last row of windows is missing: there are rows - h + 1 of them")
def _row_missing(image, weights):
    return _slide(image, weights, rows=-1)


@convolve_image.mistake("the last column of windows is missing: there are columns - w + 1 of them")
def _column_missing(image, weights):
    return _slide(image, weights, columns=-1)


@convolve_image.mistake("the last row and the last column of windows are missing: `range` leaves out its end, so add 1")
def _both_missing(image, weights):
    return _slide(image, weights, rows=-1, columns=-1)


@convolve_image.mistake(
    "the loops go over the whole image, so that windows hang over its edge: only places where the window lies inside"
)
def _over_the_edge(image, weights):
    return _slide(image, weights, rows=weights.shape[0] - 1, columns=weights.shape[1] - 1)


@convolve_image.mistake(
    "zeros were added around the image, so that there are as many outputs as pixels: only windows that lie inside it"
)
def _same_size(image, weights):
    return correlate2d(image, weights, mode="same")


@convolve_image.mistake("these are all windows that touch the image: here only those that lie inside it are asked for")
def _full(image, weights):
    return correlate2d(image, weights, mode="full")


@convolve_image.mistake("this is the mean of the products: add them up with np.sum")
def _mean(image, weights):
    return _slide(image, weights, lambda window, weights: np.mean(window * weights))


@convolve_image.mistake("the products of a window are not added up yet: one number for each window")
def _products(image, weights):
    return _slide(image, weights, lambda window, weights: window * weights)


@convolve_image.mistake("the products were added up along the window's rows only: along both axes, axis=(2, 3)")
def _one_axis(image, weights):
    return _slide(image, weights, lambda window, weights: (window * weights).sum(axis=1))


@convolve_image.mistake("the products were added up along the window's columns only: along both axes, axis=(2, 3)")
def _other_axis(image, weights):
    return _slide(image, weights, lambda window, weights: (window * weights).sum(axis=0))


@convolve_image.mistake("the sum runs over the windows: it should run inside each window, axis=(2, 3)")
def _wrong_axes(image, weights):
    return _slide(image, weights, lambda window, weights: window * weights).sum(axis=(0, 1))


@convolve_image.mistake("one number came back, the sum over all windows: one number for each window, axis=(2, 3)")
def _total(image, weights):
    return _slide(image, weights).sum()


@convolve_image.mistake("the weights were not used: multiply each window with them, entry by entry")
def _sums(image, weights):
    return _slide(image, weights, lambda window, weights: np.sum(window))


@convolve_image.mistake(
    "`@` multiplies matrices, rows with columns: multiply entry by entry, window * weights, and add up"
)
def _matrix_product(image, weights):
    return _slide(image, weights, lambda window, weights: np.sum(window @ weights))


@convolve_image.mistake(
    "`@` multiplies matrices, with .T as well: multiply entry by entry, window * weights, and add up"
)
def _matrix_product_turned(image, weights):
    return _slide(image, weights, lambda window, weights: np.sum(window @ weights.T))


@convolve_image.mistake("weights and pixels were added, not multiplied")
def _added(image, weights):
    return _slide(image, weights, lambda window, weights: np.sum(window + weights))


@convolve_image.mistake("rows and columns are exchanged: output [r, c] belongs to the window that begins at [r, c]")
def _transposed(image, weights):
    return _slide(image, weights).T


@convolve_image.mistake("the windows do not overlap: the window moves on by one pixel, not by its whole size")
def _jumps(image, weights):
    return _slide(image, weights)[:: weights.shape[0], :: weights.shape[1]]


@convolve_image.mistake("the filter slides only along the diagonal: every row goes with every column, two loops")
def _diagonal(image, weights):
    return np.diagonal(_slide(image, weights))


@convolve_image.mistake("the outputs stand in one long row: they should be a matrix, a row for each row of windows")
def _flat(image, weights):
    return _slide(image, weights).ravel()


@convolve_image.mistake("only the first row of outputs came back: does the `return` stand inside the outer loop?")
def _first_row(image, weights):
    return _slide(image, weights)[0]


@convolve_image.mistake(
    "fractions are cut off where the pixels are whole numbers: begin with np.zeros, not with zeros_like(image)"
)
def _cut_off(image, weights):
    return _slide(image, weights).astype(image.dtype)


@convolve_image.mistake("negative outputs were set to 0: a convolution keeps them, an activation comes later")
def _relu(image, weights):
    return np.maximum(0, _slide(image, weights))


# --- a sentence as a matrix ---------------------------------------------------------------------

WORDS = ("the", "film", "is", "not", "truly", "boring", "dull", "superb")


def directions(case: Case, d: int) -> dict[str, np.ndarray]:
    """A direction (d,) of length 1 for each of WORDS, turned into place by rotations: nothing is divided by a norm."""
    units = {}
    for word in WORDS:
        unit = np.eye(d)[0]
        for axis in range(1, d):
            angle = case.rng.uniform(0.3, 2 * np.pi)
            unit = np.cos(angle) * unit + np.sin(angle) * np.eye(d)[axis]  # unit has no part along the axis yet
        units[word] = unit
    return units


def stretched(case: Case, units: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Vectors that point the same way as the units, of other lengths."""
    return {word: case.rng.uniform(0.2, 4.0) * unit for word, unit in units.items()}


@check
def sentence_matrix(case):
    """The rows against the directions that the vectors were made from."""
    questions = []
    for d, text in (
        (5, "the film is truly dull"),
        (3, "not superb not dull"),
        (7, "a film is xyz superb"),
        (4, "boring"),
        (6, "xyz the xyz truly boring xyz"),
        (8, "xyz"),
        (2, "superb the film the film is truly superb"),
    ):
        units = directions(case, d)
        questions.append((text.split(), stretched(case, units), [units.get(w, np.zeros(d)) for w in text.split()]))
    questions.append((["not", "dull"], {"not": np.array([3, -4]), "dull": np.array([0, 2])}, [[0.6, -0.8], [0, 1]]))
    answers = [case.call(words, vectors) for words, vectors, _ in questions]
    for (words, _, want), got in zip(questions, answers, strict=True):
        case.near(f"the matrix of {' '.join(words)!r}", got, want)
    return (
        f"{len(questions)} sentences: rows of length 1 in the direction of the words' vectors, zeros for unknown words"
    )


def _matrix(words, vectors, scale=lambda v: v / np.sqrt(v @ v), unknown=lambda d: np.zeros(d)):
    d = len(next(iter(vectors.values())))
    return np.array([scale(np.asarray(vectors[w], float)) if w in vectors else unknown(d) for w in words])


@sentence_matrix.mistake("the vectors are as long as they came: divide each by its length, np.linalg.norm")
def _not_scaled(words, vectors):
    return _matrix(words, vectors, lambda v: v)


@sentence_matrix.mistake("divided by the squared length: v @ v is the square, np.linalg.norm(v) the length")
def _by_square(words, vectors):
    return _matrix(words, vectors, lambda v: v / (v @ v))


@sentence_matrix.mistake("divided by the sum of the entries: the length is the root of the sum of their squares")
def _by_sum(words, vectors):
    return _matrix(words, vectors, lambda v: v / v.sum())


@sentence_matrix.mistake("divided by the sum of the absolute values: the length is the root of the sum of the squares")
def _by_absolute(words, vectors):
    return _matrix(words, vectors, lambda v: v / np.abs(v).sum())


@sentence_matrix.mistake("divided by the largest entry: the length is the root of the sum of the squares")
def _by_largest(words, vectors):
    return _matrix(words, vectors, lambda v: v / np.abs(v).max())


@sentence_matrix.mistake("divided by d, the number of entries: the length is the root of the sum of the squares")
def _by_d(words, vectors):
    return _matrix(words, vectors, lambda v: v / len(v))


@sentence_matrix.mistake("multiplied with the length: divide by it")
def _times_length(words, vectors):
    return _matrix(words, vectors, lambda v: v * np.sqrt(v @ v))


@sentence_matrix.mistake("the whole matrix was divided by one number: each row by the length of its own vector")
def _by_whole(words, vectors):
    X = _matrix(words, vectors, lambda v: v)
    return X / (np.linalg.norm(X) or 1.0)


@sentence_matrix.mistake("each column was divided by its length: a word is a row, so it is axis=1")
def _by_columns(words, vectors):
    X = _matrix(words, vectors, lambda v: v)
    lengths = np.linalg.norm(X, axis=0)
    return X / np.where(lengths > 0, lengths, 1.0)


@sentence_matrix.mistake("a word without a vector was left out: it keeps its place, as a row of zeros")
def _left_out(words, vectors):
    return _matrix([w for w in words if w in vectors], vectors)


@sentence_matrix.mistake("the rows behind a word without a vector moved up: row i belongs to words[i]")
def _moved_up(words, vectors):
    X, known = np.zeros_like(_matrix(words, vectors)), [w for w in words if w in vectors]
    if known:
        X[: len(known)] = _matrix(known, vectors)
    return X


@sentence_matrix.mistake("a word without a vector became a row of ones: it should be zeros, near to nothing")
def _ones(words, vectors):
    return _matrix(words, vectors, unknown=np.ones)


@sentence_matrix.mistake("a word without a vector has no place in the dictionary: ask `if word in vectors` first")
def _key_error(words, vectors):
    return np.array([vectors[word] / np.linalg.norm(vectors[word]) for word in words])


@sentence_matrix.mistake("0 divided by 0: a word without a vector has length 0, so leave its row as it is")
def _zero_by_zero(words, vectors):
    X = _matrix(words, vectors, lambda v: v)
    with np.errstate(invalid="ignore"):
        return X / np.linalg.norm(X, axis=1, keepdims=True)


@sentence_matrix.mistake("a word is a column here: it should be a row, (n, d)")
def _columns(words, vectors):
    return _matrix(words, vectors).T


@sentence_matrix.mistake("all rows are zeros: write X[i] = ..., with i the number of the word")
def _never_written(words, vectors):
    return np.zeros_like(_matrix(words, vectors))


@sentence_matrix.mistake("only the first word has a row that is not 0: does the `return` stand inside the loop?")
def _returns_early(words, vectors):
    X = _matrix(words, vectors)
    X[1:] = 0
    return X


@sentence_matrix.mistake("each word has one row, wherever it stands: a word that comes twice needs two equal rows")
def _once(words, vectors):
    return _matrix(list(dict.fromkeys(words)), vectors)


@sentence_matrix.mistake("words.index(word) is the first place of a word that comes twice: count with enumerate(words)")
def _first_place(words, vectors):
    X, right = np.zeros_like(_matrix(words, vectors)), _matrix(words, vectors)
    firsts = [words.index(word) for word in words]
    X[firsts] = right[firsts]
    return X


@sentence_matrix.mistake("the loop ends at the first word without a vector: go on with the next word")
def _stops(words, vectors):
    X = _matrix(words, vectors)
    unknown = [i for i, word in enumerate(words) if word not in vectors]
    if unknown:
        X[unknown[0] :] = 0
    return X


# --- the best match -----------------------------------------------------------------------------


def window_cosines(words: list[str], asked: list[str], units: dict[str, np.ndarray]) -> list[float]:
    """The mean cosine of each window with the words asked for, pair by pair from the directions."""
    pairs = [[_cosine(units, w, a) for a in asked] for w in words]
    n_filter = len(asked)
    return [fmean(pairs[i + j][j] for j in range(n_filter)) for i in range(len(words) - n_filter + 1)]


def _cosine(units, a, b) -> float:
    return float(np.dot(units[a], units[b])) if a in units and b in units else 0.0


@check
def best_match(case):
    """Scores and phrases against a table of cosines; ties from vectors at right angles."""
    questions = []
    sentences = [
        ("the film is truly dull and not superb", "truly boring"),
        ("not superb xyz not a film", "not dull"),
        ("superb superb film the film is truly boring", "film is truly"),
        ("the film is dull", "superb"),
        ("boring xyz truly superb is the film not", "truly dull"),
        ("truly dull film", "is not superb"),
    ]
    for d in (3, 6):
        for text, asked in sentences:
            units = directions(case, d)
            W = np.array([units[word] for word in asked.split()]) / len(asked.split())
            sign = -1.0 if len(questions) % 3 == 2 else 1.0  # a filter for anything but the phrase
            scores = [sign * score for score in window_cosines(text.split(), asked.split(), units)]
            questions.append((text.split(), sign * W, stretched(case, units), scores))
    corners = dict(zip(WORDS, 2 * np.eye(len(WORDS)), strict=True))  # no rounding, so that ties are ties
    equal = (corners["not"] + corners["dull"])[None] / 4
    below = -(corners["not"] + corners["film"] + corners["is"])[None] / 4 - corners["boring"] / 8
    questions.append((["the", "dull", "film", "not", "is"], equal, corners))
    for times in (1, 10_000):  # the best window is below 0, and below all that a search may begin with
        questions.append((["not", "film", "boring", "is", "not"], times * below, corners))
    wanted = [(max(s), " ".join(w[s.index(max(s)) :][: len(W)])) for w, W, _, s in questions[:-3]]
    wanted += [(0.5, "dull"), (-0.25, "boring"), (-2500.0, "boring")]
    answers = [case.call(*question[:3]) for question in questions]
    for (words, W, *_), got, (score, phrase) in zip(questions, answers, wanted, strict=True):
        what = f"a filter of {len(W)} over {' '.join(words)!r}"
        case.true(
            np.shape(got) == (2,) if isinstance(got, np.ndarray) else isinstance(got, (tuple, list)) and len(got) == 2,
            "`best_match` should return two things, the score and the words: `return ..., ...`",
        )
        case.near(f"{what}: the score", got[0], score)
        case.true(isinstance(got[1], str), f"{what}: the words should be one text, joined by spaces, not {got[1]!r}")
        case.true(got[1] == phrase, f"{what}: the words should be {phrase!r}, but they are {got[1]!r}")
    return (
        f"{len(questions)} sentences and filters of 1 to 3 words, as a table of cosines; negative scores and ties, too"
    )


def _outputs(words, W, vectors, matrix=_matrix):
    X = matrix(words, vectors)
    return [float(np.sum(X[i : i + len(W)] * W)) for i in range(len(words) - len(W) + 1)]


def _match(words, W, outputs, best=np.argmax, end=lambda i, n: i + n, begin=0):
    i = int(best(outputs))
    return outputs[i], " ".join(words[i + begin : end(i, len(W))])


@best_match.mistake("this is the weakest window: np.argmax, not np.argmin")
def _weakest(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), np.argmin)


@best_match.mistake("this is the output that is farthest from 0: a large negative output is no match, so without abs")
def _farthest(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), lambda outputs: np.argmax(np.abs(outputs)))


@best_match.mistake("this is the last of several equal windows: the first one counts; compare with >, not with >=")
def _last_of_ties(words, W, vectors):
    return _match(
        words, W, _outputs(words, W, vectors), lambda outputs: len(outputs) - 1 - int(np.argmax(outputs[::-1]))
    )


@best_match.mistake(
    "a window that is better than 0 was waited for: begin with the first output, as all may be negative"
)
def _begins_at_zero(words, W, vectors):
    best, phrase = 0.0, ""
    for i, output in enumerate(_outputs(words, W, vectors)):
        if output > best:
            best, phrase = output, " ".join(words[i : i + len(W)])
    return best, phrase


@best_match.mistake(
    "a window that is better than -1 was waited for: a large filter may have all outputs below; begin with the first"
)
def _begins_at_minus_one(words, W, vectors):
    best, phrase = -1.0, ""
    for i, output in enumerate(_outputs(words, W, vectors)):
        if output > best:
            best, phrase = output, " ".join(words[i : i + len(W)])
    return best, phrase


@best_match.mistake("negative scores were set to 0: the largest output may be negative")
def _relu_score(words, W, vectors):
    score, phrase = _match(words, W, _outputs(words, W, vectors))
    return max(0.0, score), phrase


@best_match.mistake("the phrase is one word too long: a window is words[i : i + len(W)]")
def _too_long(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), end=lambda i, n: i + n + 1)


@best_match.mistake("the phrase is one word too short: a slice leaves out its end, words[i : i + len(W)]")
def _too_short(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), end=lambda i, n: i + n - 1)


@best_match.mistake("the phrase always has two words: it should have as many as the filter, len(W)")
def _two_words(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), end=lambda i, n: i + 2)


@best_match.mistake("this is the first word of the window only: words[i : i + len(W)]")
def _first_word(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), end=lambda i, n: i + 1)


@best_match.mistake("these are all words from the window on: a window is words[i : i + len(W)]")
def _to_the_end(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), end=lambda i, n: None)


@best_match.mistake("the phrase begins one word too late: the window of output i begins with words[i]")
def _too_late(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors), end=lambda i, n: i + n + 1, begin=1)


@best_match.mistake("the words are a list: make one text of them, ' '.join(...)")
def _list_of_words(words, W, vectors):
    score, phrase = _match(words, W, _outputs(words, W, vectors))
    return score, phrase.split()


@best_match.mistake("the words are joined without a space: ' '.join(...)")
def _no_space(words, W, vectors):
    score, phrase = _match(words, W, _outputs(words, W, vectors))
    return score, phrase.replace(" ", "")


@best_match.mistake("the two are exchanged: first the score, then the words")
def _exchanged(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors))[::-1]


@best_match.mistake("this is the place of the best window, not its score: outputs[i]")
def _place(words, W, vectors):
    outputs = _outputs(words, W, vectors)
    return int(np.argmax(outputs)), _match(words, W, outputs)[1]


@best_match.mistake("this is the place of the best window, not its words: words[i : i + len(W)]")
def _place_for_words(words, W, vectors):
    outputs = _outputs(words, W, vectors)
    return max(outputs), int(np.argmax(outputs))


@best_match.mistake("only the score came back: return the words of the window, too")
def _only_score(words, W, vectors):
    return max(_outputs(words, W, vectors))


@best_match.mistake("this is the mean of all outputs: the largest one is asked for")
def _mean_score(words, W, vectors):
    outputs = _outputs(words, W, vectors)
    return fmean(outputs), _match(words, W, outputs)[1]


@best_match.mistake("the score is an array of one number: take column 0 of the outputs, [:, 0]")
def _column(words, W, vectors):
    score, phrase = _match(words, W, _outputs(words, W, vectors))
    return np.array([score]), phrase


@best_match.mistake("the vectors were not scaled to length 1: use your `sentence_matrix`")
def _raw_vectors(words, W, vectors):
    return _match(words, W, _outputs(words, W, vectors, lambda words, vectors: _matrix(words, vectors, lambda v: v)))


@best_match.mistake("the score was divided by the number of words once more: the filter W has that in it already")
def _divided_twice(words, W, vectors):
    score, phrase = _match(words, W, _outputs(words, W, vectors))
    return score / len(W), phrase


# --- pooling ------------------------------------------------------------------------------------


@check
def pool(case):
    """Every number against Python's own max and mean over the outputs that count."""
    questions = []
    for (n_sentences, n_out, n_filters), shift, padding in (
        *(((4, 6, 3), 0.0, 0.0), ((5, 7, 2), -5.0, 0.0), ((3, 5, 4), 5.0, 0.0), ((6, 4, 5), 0.0, 99.0)),
        *(((2, 8, 1), -3.0, -99.0), ((1, 3, 6), 2.0, 0.0), ((7, 9, 8), -0.5, 7.0)),
    ):
        n_windows = case.rng.permuted(np.resize([n_out, 1, n_out - 1, 2], n_sentences))
        outputs = case.rng.normal(size=(n_sentences, n_out, n_filters)) + shift
        for s, n in enumerate(n_windows):
            outputs[s, n:] = padding
        questions += [(outputs, n_windows, kind) for kind in ("max", "mean")]
    answers = [case.call(*question) for question in questions]
    for (outputs, n_windows, kind), got in zip(questions, answers, strict=True):
        by = {"max": max, "mean": fmean}[kind]
        want = [[by(row[:n]) for row in outputs[s].T.tolist()] for s, n in enumerate(n_windows)]
        case.near(f"{kind} pooling of outputs {outputs.shape} with {n_windows.tolist()} windows", got, want)
    return f"{len(questions)} arrays, max and mean, negative outputs and several kinds of padding: padding never counts"


def _pooled(outputs, n_windows, kind, least=np.max, mean=np.mean, own=lambda x, n: x[:n]):
    by = least if kind == "max" else mean
    return np.array([by(own(x, int(n)), axis=0) for x, n in zip(outputs, n_windows, strict=True)])


def _all_of_it(x, n):
    return x


@pool.mistake("the padding was pooled, too: only outputs[s, :n_windows[s]] are outputs of sentence s")
def _with_padding(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, own=_all_of_it)


@pool.mistake("the mean was divided by n_out: divide by n_windows[s], the number of outputs that count")
def _by_n_out(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, mean=lambda x, axis: x.sum(axis) / outputs.shape[1])


@pool.mistake("the padding was pooled in the mean: only outputs[s, :n_windows[s]] count there, too")
def _padding_in_mean(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, own=(lambda x, n: x[:n]) if kind == "max" else _all_of_it)


@pool.mistake("the padding was pooled in the maximum: where all outputs are negative, a padding of 0 wins")
def _padding_in_max(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, own=(lambda x, n: x[:n]) if kind == "mean" else _all_of_it)


@pool.mistake("the padding was set to 0 and then pooled: where all outputs are negative, that 0 wins; cut it off")
def _masked_by_zero(outputs, n_windows, kind):
    inside = np.arange(outputs.shape[1])[None, :, None] < np.asarray(n_windows)[:, None, None]
    zeroed = np.where(inside, outputs, 0.0)
    return zeroed.max(axis=1) if kind == "max" else zeroed.sum(axis=1) / np.asarray(n_windows)[:, None]


@pool.mistake("negative maxima were set to 0: pooling keeps them, an activation comes before or after")
def _positive_max(outputs, n_windows, kind):
    features = _pooled(outputs, n_windows, kind)
    return np.maximum(0, features) if kind == "max" else features


@pool.mistake("max and mean are exchanged")
def _kinds_exchanged(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, {"max": "mean", "mean": "max"}[kind])


@pool.mistake("this is always the maximum: for kind 'mean', take the mean")
def _always_max(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, "max")


@pool.mistake("this is always the mean: for kind 'max', take the maximum")
def _always_mean(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, "mean")


@pool.mistake("this is the sum, not the mean: divide by the number of windows")
def _sum(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, mean=np.sum)


@pool.mistake("this is the median, not the mean")
def _median(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, mean=np.median)


@pool.mistake("this is the place of the largest output, not the output: max, not argmax")
def _argmax(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, least=np.argmax)


@pool.mistake("this is the smallest output for kind 'max'")
def _least(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, least=np.min)


@pool.mistake("this is the output farthest from 0: the maximum is meant with its sign, so without abs")
def _absolute(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, least=lambda x, axis: np.abs(x).max(axis))


@pool.mistake("one window too many counts: a slice [:n] ends before n")
def _one_more(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, own=lambda x, n: x[: n + 1])


@pool.mistake("the last window of each sentence is left out: [:n] is right, without - 1")
def _one_less(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind, own=lambda x, n: x[: n - 1])


@pool.mistake("this pools over the filters: windows are pooled, filters are kept, axis=0 of outputs[s, :n]")
def _over_filters(outputs, n_windows, kind):
    rows = [x[: int(n)].T for x, n in zip(outputs, n_windows, strict=True)]
    by = np.max if kind == "max" else np.mean
    return [by(row, axis=0) for row in rows]


@pool.mistake("axis=1 of outputs[s, :n] runs over the filters: windows are pooled, a column for each filter, axis=0")
def _axis_1(outputs, n_windows, kind):
    features = np.zeros((outputs.shape[0], outputs.shape[2]))
    for s, n in enumerate(n_windows):
        features[s] = outputs[s, :n].max(axis=1) if kind == "max" else outputs[s, :n].mean(axis=1)
    return features


@pool.mistake("each sentence has one number only, over windows and filters: one number for each filter, axis=0")
def _over_both(outputs, n_windows, kind):
    by = np.max if kind == "max" else np.mean
    return np.array([by(x[: int(n)]) for x, n in zip(outputs, n_windows, strict=True)])


@pool.mistake("each row has the same number for all filters: pool each column for itself, axis=0")
def _same_for_all(outputs, n_windows, kind):
    return np.repeat(np.asarray(_over_both(outputs, n_windows, kind))[:, None], outputs.shape[2], axis=1)


@pool.mistake("this has a row for each filter: it should have a row for each sentence")
def _other_way_round(outputs, n_windows, kind):
    return _pooled(outputs, n_windows, kind).T


@pool.mistake("only the first sentence was pooled: does the `return` stand inside the loop?")
def _first_sentence(outputs, n_windows, kind):
    features = np.zeros((outputs.shape[0], outputs.shape[2]))
    features[0] = _pooled(outputs, n_windows, kind)[0]
    return features


# --- a phrase on the move -----------------------------------------------------------------------


@check
def at_every_place(case):
    """Every output from a table of cosines, with the word at each place told by counting."""
    questions, wanted = [], []
    for d, rest, phrase, asked in (
        (4, "the film is superb", "truly dull", "truly boring"),
        (5, "not the film", "is boring", "dull film is"),
        (3, "superb xyz film truly the", "not dull superb", "not boring"),
        (6, "film", "truly superb", "superb"),
        (5, "the film is the film", "dull", "is dull"),
        (7, "the film is not xyz", "xyz superb not", "superb not truly"),
    ):
        units = directions(case, d)
        W = np.array([units[word] for word in asked.split()]) / len(asked.split())
        questions.append((rest.split(), phrase.split(), W, stretched(case, units)))
        sentences = [_inserted(rest.split(), phrase.split(), place) for place in range(len(rest.split()) + 1)]
        wanted.append([window_cosines(sentence, asked.split(), units) for sentence in sentences])
    answers = [case.call(*question) for question in questions]
    for (rest, phrase, W, _), got, want in zip(questions, answers, wanted, strict=True):
        case.near(f"{' '.join(phrase)!r} in {' '.join(rest)!r}, a filter of {len(W)}", got, want)
    return f"{len(questions)} phrases at {sum(len(w) for w in wanted)} places, as a table of cosines"


def _inserted(rest, phrase, place):
    """The sentence, word by word: which list the word at each position comes from."""
    k = len(phrase)
    return [rest[i] if i < place else phrase[i - place] if i < place + k else rest[i - k] for i in range(len(rest) + k)]


def _moves(rest, phrase, W, vectors, sentence=lambda rest, phrase, p: rest[:p] + phrase + rest[p:], places=None):
    places = range(len(rest) + 1) if places is None else places
    rows = [_outputs(sentence(list(rest), list(phrase), p), W, vectors) for p in places]
    return np.array(rows) if len({len(row) for row in rows}) == 1 else rows


@at_every_place.mistake("the last place is missing, behind the last word: there are len(rest) + 1 places")
def _no_last_place(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, places=range(len(rest)))


@at_every_place.mistake("the first place is missing, before the first word: p begins at 0")
def _no_first_place(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, places=range(1, len(rest) + 1))


@at_every_place.mistake("the phrase wanders backwards: row 0 begins with the phrase")
def _backwards(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors)[::-1]


@at_every_place.mistake("the phrase overwrites words: it is inserted, and all words of the rest stay")
def _overwrites(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: rest[:p] + phrase + rest[p + len(phrase) :])


@at_every_place.mistake("one word of the rest is lost behind the phrase: go on with rest[p:], not with rest[p + 1:]")
def _one_lost(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: rest[:p] + phrase + rest[p + 1 :])


@at_every_place.mistake("a word of the rest stands on both sides of the phrase: rest[:p] ends before the word p")
def _one_twice(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: rest[: p + 1] + phrase + rest[p:])


@at_every_place.mistake(
    "the sentences differ in length, so a word was lost or came twice beside the phrase: rest[:p] + phrase + rest[p:]"
)
def _ragged(rest, phrase, W, vectors):
    return np.array(_one_twice(rest, phrase, W, vectors))


@at_every_place.mistake("the words of the phrase are in reverse order: insert them as they are")
def _reversed_phrase(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: rest[:p] + phrase[::-1] + rest[p:])


@at_every_place.mistake("the words behind the phrase are missing: add rest[p:]")
def _nothing_behind(rest, phrase, W, vectors):
    sentences = [rest[:p] + phrase for p in range(len(rest) + 1)]
    return [_outputs(words, W, vectors) for words in sentences]


@at_every_place.mistake("the phrase always stands at the beginning: insert it behind the first p words")
def _stays_in_front(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: phrase + rest)


@at_every_place.mistake("the phrase always stands at the end: insert it behind the first p words")
def _stays_behind(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: rest + phrase)


@at_every_place.mistake("the phrase was inserted as one word: add the two lists, so that its words stay words")
def _one_word(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors, lambda rest, phrase, p: [*rest[:p], " ".join(phrase), *rest[p:]])


@at_every_place.mistake("this is the maximum of each sentence: return all of its outputs")
def _only_max(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors).max(axis=1)


@at_every_place.mistake("this has a column for each place: it should have a row for each")
def _places_in_columns(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors).T


@at_every_place.mistake("each row is a column of its own: take [:, 0] of the outputs of `convolve_image`")
def _extra_axis(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors)[:, :, None]


@at_every_place.mistake("only one row came back: does the `return` stand inside the loop?")
def _one_row(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors)[:1]


@at_every_place.mistake("these are the outputs of the last sentence alone: collect a row for each place")
def _last_row(rest, phrase, W, vectors):
    return _moves(rest, phrase, W, vectors)[-1]


@at_every_place.mistake("the vectors were not scaled to length 1: use your `sentence_matrix`")
def _moves_raw(rest, phrase, W, vectors):
    sentences = [rest[:p] + phrase + rest[p:] for p in range(len(rest) + 1)]
    return [_outputs(s, W, vectors, lambda words, vectors: _matrix(words, vectors, lambda v: v)) for s in sentences]
