"""Checks of ``cnn_text/01_understanding_convolutions/03_channels_and_regions``.

Ground truth: channels against one filter on the channels side by side, as one matrix product; features against windows
tried one by one; padding against what must stand in each column; counts against the entries of arrays of the right
shapes; the receptive field against an impulse sent through the layers.
"""

import numpy as np
from scipy.special import expit, log_softmax, softmax

from lib.checks import check


def windows(X: np.ndarray, width: int) -> list[np.ndarray]:
    """The narrow windows over the rows of X, each (width, d)."""
    return [X[i : i + width] for i in range(len(X) - width + 1)]


def slide(X: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """One channel and a bank of filters (width, d, m): (n - width + 1, m)."""
    return np.array([np.tensordot(window, kernel, axes=2) for window in windows(X, len(kernel))])


# --- channels -----------------------------------------------------------------------------------


@check
def convolve_channels(case):
    """Against one filter on the channels side by side, every window and every filter written as one long row."""
    by_hand = (
        np.array([[[1.0], [2.0], [3.0]], [[10.0], [0.0], [5.0]]]),
        np.array([[[[1.0]], [[1.0]]], [[[0.0]], [[2.0]]]]),
        np.array([100.0]),
    )
    cases = [(by_hand, np.array([[103.0], [115.0]]))]
    for c, n, d, width, m in ((2, 7, 3, 2, 2), (3, 6, 2, 3, 1), (1, 5, 4, 2, 3), (2, 4, 2, 4, 2), (4, 6, 3, 1, 2)):
        channels, kernel = case.rng.normal(size=(c, n, d)), case.rng.normal(size=(c, width, d, m))
        bias = case.rng.normal(size=m)
        side_by_side, one = np.concatenate(list(channels), axis=1), np.concatenate(list(kernel), axis=1)
        rows = np.array([window.ravel() for window in windows(side_by_side, width)])
        cases.append(((channels, kernel, bias), rows @ one.reshape(-1, m) + bias))
    answers = [case.call(*given) for given, _ in cases]
    for ((channels, kernel, _), want), got in zip(cases, answers, strict=True):
        what = f"channels: {len(channels)}, words: {channels.shape[1]}, region size: {kernel.shape[1]}; the outputs"
        case.near(what, got, want)
    return "6 texts of 1 to 4 channels, each as one filter on the channels side by side"


def _parts(channels, kernel):
    return [slide(X, part) for X, part in zip(channels, kernel, strict=True)]


@convolve_channels.mistake("the bias was added once for each channel: it belongs to the filter, add it once")
def _bias_each(channels, kernel, bias):
    return sum(part + bias for part in _parts(channels, kernel))


@convolve_channels.mistake("the bias is missing: add it once, after the channels are added up")
def _no_bias(channels, kernel, bias):
    return sum(_parts(channels, kernel))


@convolve_channels.mistake("this is the mean over the channels: add their results up, without dividing")
def _mean_channels(channels, kernel, bias):
    return np.mean(_parts(channels, kernel), axis=0) + bias


@convolve_channels.mistake("the mean over the channels was taken after the bias, too: add up, and do not divide")
def _mean_all(channels, kernel, bias):
    return (sum(_parts(channels, kernel)) + bias) / len(channels)


@convolve_channels.mistake("this is the largest of the channels' results: add them up")
def _largest(channels, kernel, bias):
    return np.max(_parts(channels, kernel), axis=0) + bias


@convolve_channels.mistake("the channels' results were multiplied: add them up")
def _product(channels, kernel, bias):
    return np.prod(_parts(channels, kernel), axis=0) + bias


@convolve_channels.mistake("only the first channel counts: is the `return` inside the loop?")
def _first(channels, kernel, bias):
    return _parts(channels, kernel)[0] + bias


@convolve_channels.mistake("only the last channel counts: add to what is there, with += or sum(...)")
def _last(channels, kernel, bias):
    return _parts(channels, kernel)[-1] + bias


@convolve_channels.mistake("every slice was used on every channel: slice number k belongs to channel number k alone")
def _every_pair(channels, kernel, bias):
    return slide(np.sum(channels, axis=0), np.sum(kernel, axis=0)) + bias


@convolve_channels.mistake("the first slice was used on all channels: each channel has a slice of its own, kernel[k]")
def _one_slice(channels, kernel, bias):
    return sum(slide(X, kernel[0]) for X in channels) + bias


@convolve_channels.mistake("all slices were used on the first channel: channels[k] goes with kernel[k]")
def _one_channel(channels, kernel, bias):
    return sum(slide(channels[0], part) for part in kernel) + bias


@convolve_channels.mistake("one result for each channel came back: the channels are still to be added up")
def _stacked(channels, kernel, bias):
    return np.array(_parts(channels, kernel)) + bias


@convolve_channels.mistake("the channels' results stand side by side: add them up, entry by entry")
def _side_by_side(channels, kernel, bias):
    return np.concatenate([part + bias for part in _parts(channels, kernel)], axis=1)


@convolve_channels.mistake("`+=` writes into `bias` itself, whose shape is another: total = total + …")
def _in_place(channels, kernel, bias):
    for part in _parts(channels, kernel):
        bias += part
    return bias


@convolve_channels.mistake("negative results were set to 0: no ReLU is asked for here")
def _rectified(channels, kernel, bias):
    return np.maximum(sum(_parts(channels, kernel)) + bias, 0)


# --- the forward pass ---------------------------------------------------------------------------


def strongest(X: np.ndarray, kernels: list, biases: list) -> np.ndarray:
    """The features, filter by filter and window by window."""
    found = []
    for kernel, bias in zip(kernels, biases, strict=True):
        for f in range(kernel.shape[2]):
            answers = [float(np.vdot(window, kernel[:, :, f])) + bias[f] for window in windows(X, len(kernel))]
            found.append(max([0.0, *answers]))
    return np.array(found)


@check
def forward(case):
    """Features from windows tried one by one; a probability is 1 over the sum of exp of all score differences."""
    by_hand = (  # first, since a maximum over the wrong axis does not stop here: answers 4, 13 and 1, 3
        np.array([[1.0], [3.0], [10.0]]),
        [np.array([[[1.0, 1.0]], [[1.0, 0.0]]])],
        [np.zeros(2)],
        np.array([[0.1, -0.1], [0.2, 0.0]]),
        np.array([-0.3, 0.4]),
    )
    cases = [by_hand]
    sizes = (
        (7, 5, (2, 3, 4), (2, 2, 2), 2, 0.0),
        (6, 3, (4, 2), (1, 3), 3, 0.0),
        (5, 4, (1, 5), (2, 2), 4, 0.0),
        (8, 3, (3,), (4,), 2, -2.0),
    )
    for n, d, regions, counts, classes, level in sizes:
        kernels = [case.rng.normal(size=(size, d, m)) for size, m in zip(regions, counts, strict=True)]
        biases = [case.rng.normal(size=m) + level for m in counts]
        biases[0][0] = -60.0  # this filter never answers
        W, b = case.rng.normal(size=(sum(counts), classes)) / 2, case.rng.normal(size=classes)
        cases.append((case.rng.normal(size=(n, d)), kernels, biases, W, b))
    answers = [case.call(*given) for given in cases]
    for (X, kernels, biases, W, b), got in zip(cases, answers, strict=True):
        case.true(
            isinstance(got, tuple | list) and len(got) == 2,
            "`forward` should return two things: the features and the probabilities",
        )
        want = strongest(X, kernels, biases)
        case.near(f"the features of {len(X)} words", got[0], want)
        scores = want @ W + b
        case.near("the probabilities", got[1], 1 / np.exp(scores - scores[:, None]).sum(axis=1))
    return "5 networks of 1 to 3 region sizes and 2 to 4 classes: the features window by window, and the probabilities"


def _network(
    relu=True, biased=True, pool=lambda Y: Y.max(axis=0), join=np.concatenate, end=softmax, out=True, last=None
):
    """A wrong forward pass: which part is different."""

    def wrong(X, kernels, biases, W, b):
        found = []
        for kernel, bias in zip(kernels, biases, strict=True):
            Y = slide(X, kernel)[:last] + (bias if biased else 0)
            found.append(pool(np.maximum(Y, 0) if relu else Y))
        features = join(found)
        return features, end(features @ W + (b if out else 0))

    return wrong


for _message, _wrong in {
    "the ReLU is missing: a feature is never below 0, np.maximum(…, 0)": _network(relu=False),
    "the filters' biases are missing: add biases[k] to what the filters of size k answer": _network(biased=False),
    "this is the mean over time: take the largest answer of each filter": _network(pool=lambda Y: Y.mean(axis=0)),
    "the answers were added up over time: take the largest answer of each filter": _network(
        pool=lambda Y: Y.sum(axis=0)
    ),
    "this is the smallest answer of each filter: take the largest": _network(pool=lambda Y: Y.min(axis=0)),
    "this is the answer to the first window: take the largest over all windows": _network(pool=lambda Y: Y[0]),
    "this is the answer to the last window: take the largest over all windows": _network(pool=lambda Y: Y[-1]),
    "the maximum runs over the filters instead of the windows: one number for each filter, axis=0": _network(
        pool=lambda Y: Y.max(axis=1)
    ),
    "there is one number for each region size: one for each filter is asked for, max(axis=0)": _network(
        pool=lambda Y: Y.max(), join=np.array
    ),
    "the features stand in a table, a row for each size: np.concatenate puts all of them in one row": _network(
        join=np.array
    ),
    "the features stand in the wrong order: size by size, as the kernels come": _network(
        join=lambda found: np.concatenate(found[::-1])
    ),
    "the features are sorted: leave them in the order of the filters": _network(
        join=lambda found: np.sort(np.concatenate(found))
    ),
    "these are scores, not probabilities: softmax is missing": _network(end=lambda scores: scores),
    "exp(scores) does not add up to 1 yet: softmax divides by the sum": _network(end=np.exp),
    "each score was squeezed on its own (sigmoid): the probabilities of the classes add up to 1, softmax": _network(
        end=expit
    ),
    "these are logarithms of the probabilities: softmax, not log_softmax": _network(end=log_softmax),
    "the class came back: the probabilities of all classes are asked for": _network(end=np.argmax),
    "the bias b of the classes is missing: features @ W + b": _network(out=False),
    "a ReLU was put on the scores: it belongs to the filters' answers only": _network(
        end=lambda scores: softmax(np.maximum(scores, 0))
    ),
}.items():
    forward.mistake(_message)(_wrong)


@forward.mistake("the ReLU comes before the bias: add the bias first, then np.maximum(..., 0)")
def _relu_first(X, kernels, biases, W, b):
    found = [np.maximum(slide(X, kernel), 0).max(axis=0) + bias for kernel, bias in zip(kernels, biases, strict=True)]
    features = np.concatenate(found)
    return features, softmax(features @ W + b)


@forward.mistake("the two answers are exchanged: first the features, then the probabilities")
def _exchanged(X, kernels, biases, W, b):
    features = strongest(X, kernels, biases)
    return softmax(features @ W + b), features


@forward.mistake("only the filters of the last region size count: collect the features of every size")
def _last_size(X, kernels, biases, W, b):
    features = np.maximum(slide(X, kernels[-1]) + biases[-1], 0).max(axis=0)
    return features, softmax(features @ W + b)


# --- padding ------------------------------------------------------------------------------------


@check
def pad_batch(case):
    """Column by column: what must stand at the edges, in the middle and behind."""
    batches = [([[4, 2, 7], [5]], 2), ([[3], [1, 6, 2, 9]], 0), ([[8, 8]], 3), ([[2, 3], [], [4, 30000]], 1)]
    for _ in range(4):
        lengths = case.rng.integers(1, 9, size=case.rng.integers(2, 6))
        batches.append(([case.rng.integers(1, 30, size=n).tolist() for n in lengths], int(case.rng.integers(1, 6))))
    answers = [case.call(sentences, edge) for sentences, edge in batches]
    for (sentences, edge), got in zip(batches, answers, strict=True):
        longest = max(map(len, sentences))
        batch = case.array("the batch", got, (len(sentences), longest + 2 * edge))
        case.true(
            np.asarray(got).dtype.kind in "iu", "word numbers should be whole numbers: np.zeros(shape, dtype=int)"
        )
        for row, sentence in zip(batch, sentences, strict=True):
            case.near(f"the {edge} columns before the words {sentence}", row[:edge], np.zeros(edge))
            case.near(f"the words {sentence} behind them", row[edge : edge + len(sentence)], sentence)
            rest = row[edge + len(sentence) :]
            case.near(f"what stands behind the words {sentence}", rest, np.zeros(len(rest)))
    return f"{len(batches)} batches: edge zeros, the words, zeros to the end; every row as long as the longest needs"


def _filled(sentences, before, width, fill=0, dtype=int, cut=None):
    """Rows of one width, the words from column ``before(sentence)`` on."""
    batch = np.full((len(sentences), width), fill, dtype)
    for row, sentence in zip(batch, sentences, strict=True):
        start = before(sentence)
        row[start : start + len(sentence[:cut])] = sentence[:cut]
    return batch


def _longest(sentences):
    return max(map(len, sentences))


@pad_batch.mistake("there is no edge: `edge` zeros stand before the words, and as many behind the longest sentence")
def _no_edge(sentences, edge):
    return _filled(sentences, lambda s: 0, _longest(sentences))


@pad_batch.mistake("the zeros before the words are missing: the words begin in column `edge`")
def _all_behind(sentences, edge):
    return _filled(sentences, lambda s: 0, _longest(sentences) + 2 * edge)


@pad_batch.mistake(
    "the zeros behind the longest sentence are missing: longest + 2 * edge columns, both ends have an edge"
)
def _only_before(sentences, edge):
    return _filled(sentences, lambda s: edge, _longest(sentences) + edge)


@pad_batch.mistake("the zeros before the words are missing, and there are longest + 2 * edge columns")
def _only_behind(sentences, edge):
    return _filled(sentences, lambda s: 0, _longest(sentences) + edge)


@pad_batch.mistake("the words stand at the right end: the zeros that fill up a row go behind its words")
def _right(sentences, edge):
    width = _longest(sentences) + 2 * edge
    return _filled(sentences, lambda s: width - edge - len(s), width)


@pad_batch.mistake("the words stand in the middle of the row: they begin in column `edge` in every row")
def _centred(sentences, edge):
    width = _longest(sentences) + 2 * edge
    return _filled(sentences, lambda s: (width - len(s)) // 2, width)


@pad_batch.mistake("one zero at each end, whatever `edge` says")
def _one_zero(sentences, edge):
    return _filled(sentences, lambda s: 1, _longest(sentences) + 2)


@pad_batch.mistake("the rows are cut to the shortest sentence: no word may be lost, take the longest")
def _shortest(sentences, edge):
    shortest = min(map(len, sentences))
    return _filled(sentences, lambda s: edge, shortest + 2 * edge, cut=shortest)


@pad_batch.mistake("the rows are filled up with 1: padding is word number 0")
def _ones(sentences, edge):
    return _filled(sentences, lambda s: edge, _longest(sentences) + 2 * edge, fill=1)


@pad_batch.mistake("the rows are filled up with -1: padding is word number 0")
def _minus(sentences, edge):
    return _filled(sentences, lambda s: edge, _longest(sentences) + 2 * edge, fill=-1)


@pad_batch.mistake("rows of different lengths: every row needs longest + 2 * edge columns, also a short sentence's")
def _ragged(sentences, edge):
    return [[0] * edge + list(sentence) + [0] * edge for sentence in sentences]


@pad_batch.mistake("row[edge:-edge] is empty where edge is 0, since -0 is 0: row[edge : edge + len(sentence)]")
def _minus_edge(sentences, edge):
    batch = np.zeros((len(sentences), _longest(sentences) + 2 * edge), dtype=int)
    for row, sentence in zip(batch, sentences, strict=True):
        row[edge:-edge] = list(sentence) + [0] * (_longest(sentences) - len(sentence))
    return batch


@pad_batch.mistake("one byte for each word number is too little, a vocabulary has thousands of words: dtype=int")
def _bytes(sentences, edge):
    return _filled(sentences, lambda s: edge, _longest(sentences) + 2 * edge, dtype=np.int8)


@pad_batch.mistake("word numbers should be whole numbers: np.zeros(shape, dtype=int), or a list of lists of int")
def _floats(sentences, edge):
    return _filled(sentences, lambda s: edge, _longest(sentences) + 2 * edge, dtype=float)


# --- counting -----------------------------------------------------------------------------------

PARTS = ("embedding", "convolutions", "output")
WHOLE = "the value is right, but a float; it should be a whole number, an int"
WILDML = (18758, 128, (3, 4, 5), 128, 2)


def entries(*shapes: tuple[int, ...]) -> int:
    """How many numbers arrays of these shapes hold, without the memory."""
    return sum(np.broadcast_to(0.0, shape).size for shape in shapes)


def counted(words, embedding, widths, filters, classes, channels=1) -> dict[str, int]:
    """The sizes of the arrays that the network is made of."""
    one = np.concatenate([np.zeros(filters)] * len(widths))  # the features of one sentence
    return {
        "embedding": entries(*[(words, embedding)] * channels),
        "convolutions": entries(*[(w, channels * embedding, filters) for w in widths], *[(filters,)] * len(widths)),
        "output": entries((len(one), classes), (classes,)),
    }


@check
def count_parameters(case):
    """Against the entries of arrays of the right shapes, and the network of 2015."""
    networks = [(*WILDML, 1), (7, 5, (2, 3, 4), 2, 2, 1), (50, 6, (3, 5), 4, 3, 2), (30, 3, (1,), 7, 5, 3)]
    for _ in range(4):
        widths = tuple(int(w) for w in case.rng.integers(1, 8, size=case.rng.integers(1, 5)))
        words, embedding, filters, classes, channels = (int(case.rng.integers(2, high)) for high in (90, 9, 8, 6, 4))
        networks.append((words, embedding, widths, filters, classes, channels))
    answers = [case.call(*network) for network in networks]
    default = case.call(*WILDML)
    for network, got in zip([*networks, (*WILDML, 1)], [*answers, default], strict=True):
        case.true(
            isinstance(got, dict) and set(got) == set(PARTS),
            'the answer should be a dictionary with the keys "embedding", "convolutions" and "output"',
        )
        for part, want in counted(*network).items():
            words, embedding, widths, filters, classes, channels = network
            what = (
                f"{part}, of {words} words, {embedding} numbers a word, widths {widths}, {filters} filters, "
                f"{classes} classes, channels: {channels}"
            )
            case.near(what, got[part], want, rtol=1e-12)
            case.true(np.asarray(got[part]).dtype.kind in "iu", f"{what}: {WHOLE}")
    case.near("all parts together", sum(answers[0].values()), 2598786, rtol=1e-12)
    return "8 networks, as the arrays that they are made of; the network of 2015 has 2,598,786 parameters"


def _wrong_count(**change):
    """A wrong count: named parts are computed otherwise, from (V, d, widths, m, classes, c)."""

    def wrong(words, embedding, widths, filters, classes, channels=1):
        given = words, embedding, widths, filters, classes, channels
        return counted(*given) | {part: formula(*given) for part, formula in change.items()}

    return wrong


def _kernels(V, d, widths, m, classes, c):
    return sum(w * d * c * m for w in widths)


for _message, _wrong in {
    "the filters' biases are missing: each of the m filters of every width has one": _wrong_count(
        convolutions=_kernels
    ),
    "the classes' biases are missing: one for each class": _wrong_count(
        output=lambda V, d, widths, m, k, c: len(widths) * m * k
    ),
    "no biases were counted: one for each filter, and one for each class": _wrong_count(
        convolutions=_kernels, output=lambda V, d, widths, m, k, c: len(widths) * m * k
    ),
    "the channels were left out: each has an embedding table of its own, and each filter a slice for it": _wrong_count(
        embedding=lambda V, d, widths, m, k, c: V * d,
        convolutions=lambda V, d, widths, m, k, c: sum(w * d * m + m for w in widths),
    ),
    "each channel has an embedding table of its own: channels * V * d": _wrong_count(
        embedding=lambda V, d, widths, m, k, c: V * d
    ),
    "a filter has a slice for each channel: w * d * channels weights": _wrong_count(
        convolutions=lambda V, d, widths, m, k, c: sum(w * d * m + m for w in widths)
    ),
    "a filter has one bias, not one for each channel": _wrong_count(
        convolutions=lambda V, d, widths, m, k, c: sum((w * d * m + m) * c for w in widths)
    ),
    "the biases of the filters were counted once: every width has m filters with a bias each": _wrong_count(
        convolutions=lambda *given: _kernels(*given) + given[3]
    ),
    "there is one bias for each width, but each of its m filters has one": _wrong_count(
        convolutions=lambda *given: _kernels(*given) + len(given[2])
    ),
    "the widths are missing: a filter over w words has w * d weights for each channel": _wrong_count(
        convolutions=lambda V, d, widths, m, k, c: len(widths) * (d * c * m + m)
    ),
    "this counts one filter for each width: there are m of them": _wrong_count(
        convolutions=lambda V, d, widths, m, k, c: sum(w * d * c + 1 for w in widths)
    ),
    "only one width was counted: add up all of them": _wrong_count(
        convolutions=lambda V, d, widths, m, k, c: widths[-1] * d * c * m + m
    ),
    "the output sees all filters of all widths: len(widths) * m features": _wrong_count(
        output=lambda V, d, widths, m, k, c: m * k + k
    ),
    "the channels do not multiply the features: what they say is added up within a filter": _wrong_count(
        output=lambda V, d, widths, m, k, c: c * len(widths) * m * k + k
    ),
    "an embedding has no bias: V * d for each channel": _wrong_count(
        embedding=lambda V, d, widths, m, k, c: (V * d + d) * c
    ),
}.items():
    count_parameters.mistake(_message)(_wrong)


@count_parameters.mistake("this is the total: return the three parts in a dictionary")
def _total(words, embedding, widths, filters, classes, channels=1):
    return sum(counted(words, embedding, widths, filters, classes, channels).values())


# --- the receptive field ------------------------------------------------------------------------


def impulse_width(widths, dilations) -> int:
    """How far an impulse spreads that is sent through the layers, each a filter of ones with gaps."""
    response = np.ones(1)
    for width, dilation in zip(widths, dilations, strict=True):
        filter_with_gaps = np.zeros((width - 1) * dilation + 1)
        filter_with_gaps[::dilation] = 1
        response = np.convolve(response, filter_with_gaps)
    return len(response)


@check
def receptive_field(case):
    """Against an impulse sent through the layers."""
    stacks = [([3], [1]), ([3, 3, 3], [1, 1, 1]), ([3, 3, 3], [1, 2, 4]), ([3, 3], [1, 4]), ([], []), ([1, 4], [5, 1])]
    for _ in range(6):
        layers = int(case.rng.integers(1, 5))
        stacks.append(tuple([int(v) for v in case.rng.integers(1, 7, size=layers)] for _ in range(2)))
    answers = [case.call(*stack) for stack in stacks]
    for (widths, dilations), got in zip(stacks, answers, strict=True):
        what = f"widths {widths} with dilations {dilations}: the receptive field"
        case.near(what, got, impulse_width(widths, dilations))
        case.true(np.asarray(got).dtype.kind in "iu", f"{what}: {WHOLE}")
    return f"{len(stacks)} stacks of up to 4 layers, as far as an impulse spreads in them"


for _message, _wrong in {
    "1 is missing: with no layer at all, an output still sees its own place": lambda w, d: sum(
        (a - 1) * b for a, b in zip(w, d, strict=True)
    ),
    "the widths were added up: a layer adds (width - 1) * dilation, its first word is there already": lambda w, d: sum(
        w
    ),
    "the widths were multiplied: every layer *adds* (width - 1) * dilation words": lambda w, d: int(np.prod(w)),
    "the dilations are ignored: a layer adds (width - 1) * dilation": lambda w, d: 1 + sum(a - 1 for a in w),
    "a layer adds (width - 1) * dilation, not width * dilation": lambda w, d: (
        1 + sum(a * b for a, b in zip(w, d, strict=True))
    ),
    "a layer adds (width - 1) * dilation, and 1 counts only once, for the output itself": lambda w, d: sum(
        a * b for a, b in zip(w, d, strict=True)
    ),
    "1 was added for every layer: it counts once, for the output itself": lambda w, d: sum(
        (a - 1) * b + 1 for a, b in zip(w, d, strict=True)
    ),
    "dilation is the distance of neighbours in the filter: (width - 1) * dilation, not width - 1 + dilation": (
        lambda w, d: 1 + sum(a - 1 + b for a, b in zip(w, d, strict=True))
    ),
    "width and dilation are exchanged: (width - 1) * dilation": lambda w, d: (
        1 + sum(a * (b - 1) for a, b in zip(w, d, strict=True))
    ),
    "this counts the inputs that are read; the receptive field counts those in the gaps, too": lambda w, d: len(
        _read(w, d)
    ),
    "this is only the last layer: begin with 1 and add up over all layers": lambda w, d: (
        1 + (w[-1] - 1) * d[-1] if w else 1
    ),
    "only the first layer is counted: is the `return` inside the loop?": lambda w, d: 1 + (w[0] - 1) * d[0] if w else 1,
}.items():
    receptive_field.mistake(_message)(_wrong)


def _read(widths, dilations) -> set[int]:
    """The places that an output reads."""
    places = {0}
    for width, dilation in zip(widths, dilations, strict=True):
        places = {place + j * dilation for place in places for j in range(width)}
    return places
