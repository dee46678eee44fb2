"""Checks of ``cnn_text/02_text_classification/02_text_cnn``.

Layers get known weights, and their answers are compared with the same sums written out in NumPy, window by window. What
the frame copies and compares must be numbers, so a trial makes the layers, calls the learner's function with them, and
hands numbers back.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lib.checks import check
from lib.quiet import keras
from lib.text.reviews import OTHER, PAD

layers, ops = keras.layers, keras.ops
CLOSE = {"rtol": 1e-4, "atol": 1e-5}  # float32, whatever the order of a sum


def trial(run: Callable) -> Callable[[Callable], Callable]:
    """The decorator that turns a function of layers into a function of numbers, by ``run(function, *numbers)``."""

    def decorate(function: Callable) -> Callable:
        inner = getattr(function, "of_layers", function)  # of a named mistake, which is decorated already

        @functools.wraps(inner)
        def on_numbers(*numbers):
            return run(inner, *numbers)

        on_numbers.of_layers = inner
        return on_numbers

    return decorate


def numbers_of(answer: Any) -> Any:
    """The numbers in a tensor. What is no tensor stays as it is: it is for the check to judge."""
    if isinstance(answer, layers.Layer):
        raise TypeError("a layer came back where its answer should be: call the layer on what it reads")
    return ops.convert_to_numpy(answer) if ops.is_tensor(answer) else answer


def with_weights(layer: layers.Layer, shape: tuple, *weights: np.ndarray) -> layers.Layer:
    layer.build(shape)
    layer.set_weights(weights)
    return layer


def sentences(rng: np.random.Generator, lengths: Sequence[int], words: int, edge: int) -> np.ndarray:
    """Random sentences as an Encoder gives them, with unknown words among them: int32 (sentences, longest + 2 edge)."""
    rows = np.full((len(lengths), max(lengths) + 2 * edge), PAD, np.int32)
    for row, length in zip(rows, lengths, strict=True):
        row[edge : edge + length] = rng.integers(OTHER, words, size=length)
        row[edge] = OTHER
    return rows


# --- embed --------------------------------------------------------------------------------------


@trial
def on_table(function, rows, vectors, there):
    """there: whether the numbers exist already. Otherwise a model is made first, as for the network, and then used."""
    table = with_weights(layers.Embedding(*vectors.shape), (None, None), vectors)
    numbers = ops.convert_to_tensor(rows) if there else keras.Input((None,), dtype="int32")
    answer = function(numbers, table)
    if not np.array_equal(table.get_weights()[0], vectors):
        raise ValueError("the table was changed: it is only read here, training changes it")
    if there or not isinstance(answer, keras.KerasTensor):
        return numbers_of(answer)
    return numbers_of(keras.Model(numbers, answer)(ops.convert_to_tensor(rows)))


@check
def embed(case):
    """Word by word: the row of the table, or zeros."""
    case.function = on_table(case.function)
    questions = []
    for lengths, words, size, edge in (((4, 2, 7), 12, 3, 2), ((1, 5), 6, 5, 1), ((3, 3, 3, 1), 9, 1, 0)):
        rows = sentences(case.rng, lengths, words, edge)
        questions.append((rows, case.rng.normal(size=(words, size)).astype(np.float32)))
    for there in (True, False):
        answers = [case.call(rows, vectors, there) for rows, vectors in questions]
        for (rows, vectors), got in zip(questions, answers, strict=True):
            want = [[vectors[number] if number != PAD else 0 * vectors[0] for number in row] for row in rows]
            what = "the vectors" if there else "as a part of a model, whose numbers do not exist yet: the vectors"
            case.near(f"{what} of {len(rows)} sentences", got, want, **CLOSE)
    return "3 batches, word by word: padding is zeros, every other word has its row of the table"


@embed.mistake(
    "padding still has a vector of its own: multiply the *vectors* by 0 where the number is PAD (setting the number "
    "to 0 does not help, 0 is the number of PAD)"
)
@on_table
def _loud(numbers, table):
    return table(numbers)


@embed.mistake(
    "right for numbers that exist, but not in a model: there `==` is Python's own and always False; take ops.equal"
)
@on_table
def _python_compares(numbers, table):
    return table(numbers) * (1.0 - ops.expand_dims(ops.cast(numbers == PAD, "float32"), -1))


@embed.mistake(
    "a row of zeros was written into the table: training will change it at the first step; leave the table as it is, "
    "and multiply the vectors that it gives"
)
@on_table
def _writes(numbers, table):
    table(numbers)
    (vectors,) = table.get_weights()
    vectors[PAD] = 0
    table.set_weights([vectors])
    return table(numbers)


@embed.mistake("it is turned around: the words are silent and the padding speaks; `is_word` is 1 where number != PAD")
@on_table
def _inverted(numbers, table):
    return table(numbers) * ops.expand_dims(ops.cast(ops.equal(numbers, PAD), "float32"), -1)


@embed.mistake("the unknown word is silent instead of the padding: PAD is 0, OTHER is 1")
@on_table
def _other_silent(numbers, table):
    return table(numbers) * ops.expand_dims(ops.cast(ops.not_equal(numbers, OTHER), "float32"), -1)


@embed.mistake("unknown words (OTHER, 1) are silent, too: only PAD is")
@on_table
def _both_silent(numbers, table):
    return table(numbers) * ops.expand_dims(ops.cast(ops.greater(numbers, OTHER), "float32"), -1)


@embed.mistake("a 1 was put in place of each word: multiply the vectors by it, do not return it")
@on_table
def _only_mask(numbers, table):
    return ops.expand_dims(ops.cast(ops.not_equal(numbers, PAD), "float32"), -1)


@embed.mistake("the vectors were multiplied by the words' numbers: first ask which numbers are not PAD")
@on_table
def _by_number(numbers, table):
    return table(numbers) * ops.expand_dims(ops.cast(numbers, "float32"), -1)


@embed.mistake(
    "the shapes do not fit: vectors are (batch, n, d), `is_word` is (batch, n); it needs ops.expand_dims(..., -1)"
)
@on_table
def _no_dimension(numbers, table):
    return table(numbers) * ops.cast(ops.not_equal(numbers, PAD), "float32")


# --- strongest ----------------------------------------------------------------------------------


@trial
def on_filters(function, x, kernel, bias, there):
    """there: whether the vectors exist already. Otherwise a model is made first, as for the network, and then used."""
    width, size, filters = kernel.shape
    convolution = with_weights(layers.Conv1D(filters, width), (None, None, size), kernel, bias)
    vectors = ops.convert_to_tensor(x) if there else keras.Input((None, size))
    answer = function(vectors, convolution)
    if there or not isinstance(answer, keras.KerasTensor):
        return numbers_of(answer)
    return numbers_of(keras.Model(vectors, answer)(ops.convert_to_tensor(x)))


def true_strongest(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Every window of every sentence: (batch, filters), after the ReLU."""
    width = len(kernel)
    answers = [
        [np.tensordot(one[i : i + width], kernel, axes=2) + bias for i in range(len(one) - width + 1)] for one in x
    ]
    return np.maximum(0.0, np.max(answers, axis=1))


@check
def strongest(case):
    """Every window of every sentence."""
    case.function = on_filters(case.function)
    questions = []
    for batch, n, width, size, filters in ((3, 8, 3, 4, 5), (2, 5, 5, 2, 3), (4, 6, 1, 3, 2), (5, 9, 2, 2, 9)):
        x, kernel = case.rng.normal(size=(batch, n, size)), case.rng.normal(size=(width, size, filters))
        bias = case.rng.normal(size=filters)
        bias[0] = -100.0  # a filter that finds nothing anywhere
        questions.append([values.astype(np.float32) for values in (x, kernel, bias)])
    for there in (True, False):
        answers = [case.call(*question, there) for question in questions]
        for question, got in zip(questions, answers, strict=True):
            x, kernel, _ = question
            what = f"{len(x)} sentences of {x.shape[1]} words, width {len(kernel)}: the features"
            what = what if there else f"as a part of a model, whose numbers do not exist yet: {what}"
            case.near(what, got, true_strongest(*question), **CLOSE)
    return "4 batches, window by window; a filter that finds nothing gives 0"


@strongest.mistake("below 0 should be 0: the ReLU, ops.relu, is missing")
@on_filters
def _no_relu(x, convolution):
    return ops.max(convolution(x), axis=1)


@strongest.mistake("right for numbers that exist, but not in a model: take ops, not np, whose functions need numbers")
@on_filters
def _numpy(x, convolution):
    return np.max(np.maximum(np.asarray(convolution(x)), 0), axis=1)


@strongest.mistake("this is the mean over the windows: the maximum is asked for, ops.max")
@on_filters
def _mean(x, convolution):
    return ops.mean(ops.relu(convolution(x)), axis=1)


@strongest.mistake("this is the sum over the windows: the maximum is asked for, ops.max")
@on_filters
def _sum(x, convolution):
    return ops.sum(ops.relu(convolution(x)), axis=1)


@strongest.mistake("the weakest answer is kept: ops.max instead of ops.min")
@on_filters
def _min(x, convolution):
    return ops.min(ops.relu(convolution(x)), axis=1)


@strongest.mistake(
    "the maximum runs over the filters, so one number is left for each window: over time it is axis=1, the windows"
)
@on_filters
def _over_filters(x, convolution):
    return ops.max(ops.relu(convolution(x)), axis=-1)


@strongest.mistake("the maximum runs over the sentences of the batch: axis 0 is the batch, axis 1 is time")
@on_filters
def _over_batch(x, convolution):
    return ops.max(ops.relu(convolution(x)), axis=0)


@strongest.mistake("one number is left of the whole batch: take the maximum over time alone, axis=1")
@on_filters
def _over_all(x, convolution):
    return ops.max(ops.relu(convolution(x)))


@strongest.mistake("this says where the strongest answer stands: how strong it is, is asked for, ops.max")
@on_filters
def _where(x, convolution):
    return ops.argmax(ops.relu(convolution(x)), axis=1)


@strongest.mistake("there is still one answer for each window: take the maximum over them, axis=1")
@on_filters
def _all_windows(x, convolution):
    return ops.relu(convolution(x))


@strongest.mistake("the shape is (batch, 1, filters): without keepdims, the axis of time goes away")
@on_filters
def _keeps(x, convolution):
    return ops.max(ops.relu(convolution(x)), axis=1, keepdims=True)


@strongest.mistake("the convolution was not used: the maximum runs over the word vectors themselves")
@on_filters
def _no_convolution(x, convolution):
    return ops.max(ops.relu(x), axis=1)


@strongest.mistake("the ReLU stands before the convolution: it belongs to the answers, not to the word vectors")
@on_filters
def _relu_first(x, convolution):
    return ops.max(convolution(ops.relu(x)), axis=1)


# --- dropout ------------------------------------------------------------------------------------

ROWS, COLUMNS = 200, 100


@check
def drop(case):
    """Each feature is 0 or x / (1 - rate); how many are 0, in all and in each row and column, against the binomial."""
    x = case.rng.uniform(1.0, 2.0, size=(ROWS, COLUMNS))
    rates = (0.2, 0.5, 0.75)
    seeds = case.rng.integers(2**32, size=len(rates))
    answers = [case.call(x, rate, np.random.default_rng(seed), True) for rate, seed in zip(rates, seeds, strict=True)]
    again, other = (case.call(x, rates[1], np.random.default_rng(seed), True) for seed in (seeds[1], seeds[1] + 1))
    everything = case.call(x[:3], 0.0, np.random.default_rng(seeds[0]), True)
    used = case.call(x[:4], rates[0], np.random.default_rng(seeds[0]), False)
    case.near("in use", used, x[:4], hint="with training=False nothing is hidden and nothing is scaled")
    for rate, got in zip(rates, answers, strict=True):
        got = case.array(f"the answer for rate {rate}", got, x.shape)
        hidden = got == 0
        _judge_share(case, rate, hidden)
        wrong = ~hidden & ~np.isclose(got, x / (1 - rate))
        if wrong.any():
            i, j = np.argwhere(wrong)[0]
            case.fail(
                f"rate {rate}: a feature of {x[i, j]:.4g} that is not hidden should become {x[i, j] / (1 - rate):.4g}, "
                f"x / (1 - rate), but it is {got[i, j]:.4g}"
            )
    numbers = [np.sum(np.asarray(got) == 0) for got in [*answers, other]]
    exact = [number == round(rate * x.size) for number, rate in zip(numbers, [*rates, rates[1]], strict=True)]
    case.true(
        not all(exact),
        "exactly a share of `rate` is hidden in every call: draw for each entry of x on its own, then the share varies",
    )
    case.near("rate 0", everything, x[:3])
    case.true(np.array_equal(again, answers[1]), "the same rng gives another answer: draw from `rng` and nothing else")
    case.true(not np.array_equal(other, again), "another rng gives the same answer: draw from `rng` and nothing else")
    return f"{len(rates)} rates: the right share hidden, the rest scaled up; in use nothing changes"


def _judge_share(case, rate: float, hidden: np.ndarray) -> None:
    """The share of zeros: within 6 standard deviations in all, and in each row and column."""
    share = hidden.mean()
    bound = 6 * np.sqrt(rate * (1 - rate) / hidden.size)
    case.true(abs(share - rate) < bound, f"rate {rate}: a share of {share:.3f} is hidden, it should be about {rate}")
    for axis, what, fewer in ((1, "sentence", COLUMNS), (0, "feature", ROWS)):
        case.true(
            bool(np.ptp(hidden.sum(axis=axis))),
            f"rate {rate}: the same number is hidden for each {what}: draw for each entry of x on its own, "
            "then the number varies",
        )
        bound = 8 * np.sqrt(rate * (1 - rate) / fewer)
        case.true(
            bool(np.all(np.abs(hidden.mean(axis=axis) - rate) < bound)),
            f"rate {rate}: some {what} is hidden as a whole, or far too often: draw for each entry of x on its own",
        )
    patterns = [len(np.unique(mask, axis=0)) for mask in (hidden, hidden.T)]
    case.true(
        patterns == [ROWS, COLUMNS],
        f"rate {rate}: the same places are hidden in every row or column: draw for each entry of x on its own",
    )


def _dropped(x, rate, rng, scale=True, size=None):
    kept = rng.random(size or x.shape) >= rate
    return np.where(kept, x / (1 - rate) if scale else x, 0.0)


@drop.mistake("what is left was not scaled: divide it by 1 - rate, or the sum shrinks in training")
def _not_scaled(x, rate, rng, training):
    return _dropped(x, rate, rng, scale=False) if training else x


@drop.mistake("what is left was multiplied by 1 - rate: divide, so that the mean stays as it is")
def _shrunk(x, rate, rng, training):
    return _dropped(x, rate, rng, scale=False) * (1 - rate) if training else x


@drop.mistake("what is left was divided by rate: divide by 1 - rate, the share that is kept")
def _divided_by_rate(x, rate, rng, training):
    return _dropped(x, rate, rng, scale=False) / (rate or 1.0) if training else x


@drop.mistake("rate is the share that is hidden, and this hides a share of 1 - rate")
def _keeps_rate(x, rate, rng, training):
    kept = rng.random(x.shape) < rate
    return np.where(kept, x / (1 - rate), 0.0) if training else x


@drop.mistake("features are hidden in use, too: with training=False x comes back as it is")
def _always(x, rate, rng, training):
    return _dropped(x, rate, rng)


@drop.mistake("`training` is turned around: hide features if it is True")
def _turned(x, rate, rng, training):
    return x if training else _dropped(x, rate, rng)


@drop.mistake(
    "nothing is scaled in training, everything in use: so it was in the first papers; here the training does it all"
)
def _scaled_in_use(x, rate, rng, training):
    return _dropped(x, rate, rng, scale=False) if training else x * (1 - rate)


@drop.mistake("one draw hides a feature in all sentences: draw with the shape of x")
def _columns(x, rate, rng, training):
    return _dropped(x, rate, rng, size=x.shape[-1:]) if training else x


@drop.mistake("one draw hides a whole sentence: draw with the shape of x")
def _rows(x, rate, rng, training):
    return _dropped(x, rate, rng, size=(len(x), 1)) if training else x


@drop.mistake("one draw decides for everything: draw with the shape of x")
def _one_draw(x, rate, rng, training):
    return (x / (1 - rate) if rng.random() >= rate else np.zeros_like(x)) if training else x


@drop.mistake("a new generator is made at each call, so the same features are hidden each time: draw from `rng`")
def _own_generator(x, rate, rng, training):
    return _dropped(x, rate, np.random.default_rng(0)) if training else x


@drop.mistake("these are the ones and zeros that say what is kept: multiply x by them")
def _mask(x, rate, rng, training):
    return (rng.random(x.shape) >= rate).astype(float) if training else x


# --- the whole network --------------------------------------------------------------------------

WORDS, SEEN = 400, 12  # a table this large shows how its random values are spread; sentences use its first words
EDGE = 5


@trial
def on_network(function, sizes, weights, rows):
    """Build the network, give it these weights, and describe it in numbers and a few words."""
    embedding, widths, filters, classes, rate = sizes
    model = function(WORDS, classes, embedding=embedding, widths=widths, filters=filters, dropout=rate)
    if not isinstance(model, keras.Model):
        return _instead_of_a_model(model)
    start = _spread(model)
    _fill(model, widths, weights)
    read = ops.convert_to_tensor(rows)
    scores, again = (ops.convert_to_numpy(model(read)) for _ in range(2))
    steady = np.array_equal(scores, again)
    return {
        "parameters": sum(int(np.prod(one.shape)) for one in model.trainable_weights),
        "scores": scores if steady else np.zeros_like(scores),
        "steady": steady,
        "start": start,
        "penalties": len(model.losses),
        "hides": _hidden(model, read, scores, weights) if steady else "in use, too",
    }


def _instead_of_a_model(answer: Any) -> Any:
    if isinstance(answer, keras.KerasTensor):
        raise TypeError("the scores came back: the model is keras.Model(numbers, scores)")
    if isinstance(answer, layers.Layer):
        raise TypeError("a layer came back: the model is keras.Model(numbers, scores)")
    return answer


def _spread(model: keras.Model) -> str:
    """How the tables' first values lie in -0.25 … 0.25."""
    tables = [layer.get_weights()[0] for layer in model.layers if isinstance(layer, layers.Embedding)]
    values = np.concatenate([np.zeros(1), *map(np.ravel, tables)])
    low, high = values.min(), values.max()
    if np.mean(values**2) < 0.26 * max(-low, high) ** 2:  # 1/3 if they are uniform, 7 standard deviations more
        return "mostly near 0, as in a normal distribution"
    if low < -0.2501 or high > 0.2501:
        return "larger"
    return "as they should be" if low < -0.2 and high > 0.2 else "smaller" if high < 0.2 else "not on both sides of 0"


def _fill(model: keras.Model, widths: Sequence[int], weights: dict) -> None:
    """Put the weights into the layers, whatever their order and names; where a shape is another, as many as fit."""
    for layer in model.layers:
        named = {"Embedding": ["vectors"], "Dense": ["scores", "b"]}.get(type(layer).__name__)
        if isinstance(layer, layers.Conv1D):
            width = layer.kernel_size[0]
            nearest = min(widths, key=lambda one: abs(one - width))
            named = [f"kernel {nearest}", f"bias {nearest}"]
        for name, variable in zip(named or [], layer.weights, strict=False):
            variable.assign(np.resize(weights[name], variable.shape))


def _hidden(model: keras.Model, rows: Any, scores: np.ndarray, weights: dict) -> str:
    """What dropout does in training, where there is a score for each feature: its feature plus a bias."""
    if weights["scores"].shape[0] != weights["scores"].shape[1]:
        return "not asked"
    in_training = ops.convert_to_numpy(model(rows, training=True))
    features, trained = scores - weights["b"], in_training - weights["b"]
    there = features > 0.01
    ratios = np.where(there, trained, 1) / np.where(there, features, 1)
    if np.allclose(ratios, 1, rtol=1e-3):
        return "nothing"
    if np.any((in_training == 0) & (scores != 0)):
        return "the scores"
    hidden = np.isclose(ratios, 0, atol=1e-3)
    left = ratios[there & ~hidden]
    if not hidden.any() or left.size == 0 or not np.allclose(left, left[0], rtol=1e-3):
        return "not the features"
    if not all(np.any(hidden.any(axis) & (there & ~hidden).any(axis)) for axis in (0, 1)):
        return "together"
    return f"a share of {1 - 1 / left[0]:.2f} of the features"


def true_scores(rows: np.ndarray, widths: Sequence[int], weights: dict) -> np.ndarray:
    x = weights["vectors"][rows] * (rows != PAD)[:, :, None]
    features = [true_strongest(x, weights[f"kernel {width}"], weights[f"bias {width}"]) for width in widths]
    return np.concatenate(features, axis=1) @ weights["scores"] + weights["b"]


def network_weights(rng: np.random.Generator, sizes: tuple) -> dict:
    """Random weights; with as many classes as features, a score is one feature plus a bias."""
    embedding, widths, filters, classes, _ = sizes
    weights = {"vectors": rng.normal(size=(WORDS, embedding)), "b": rng.uniform(1, 2, size=classes)}
    for width in widths:
        weights[f"kernel {width}"] = rng.normal(size=(width, embedding, filters))
        weights[f"bias {width}"] = rng.normal(size=filters)
    features = len(widths) * filters
    weights["scores"] = np.eye(features) if classes == features else rng.normal(size=(features, classes))
    return {name: values.astype(np.float32) for name, values in weights.items()}


HIDES = {
    "nothing": "in training, dropout should hide some of the features: here it hides nothing",
    "not the features": "in training, each feature should be hidden or scaled up: dropout stands right before Dense",
    "the scores": "in training, the scores are hidden: dropout stands before Dense, not behind it",
    "together": "in training, features are hidden together, in a whole sentence or in all sentences: each on its own",
    "in use, too": "two calls in use give two answers: dropout may be at work in training only",
}
START = "the table should begin with random numbers up to ±0.25: RandomUniform(-0.25, 0.25); here they are {}"


@check
def text_cnn(case):
    """Scores of networks with known weights, window by window; parameters counted; dropout in training and in use."""
    case.function = on_network(case.function)
    questions = []
    for sizes, lengths in (
        ((2, (3,), 5, 2, 0.75), (2, 8)),
        ((3, (2, 4), 3, 6, 0.25), (6, 3, 9, *[5] * 57)),
        ((4, (1, 3, 5), 2, 3, 0.5), (4, 1, 7)),
    ):
        rows = sentences(case.rng, lengths, SEEN, EDGE)
        questions.append((sizes, network_weights(case.rng, sizes), rows))
    answers = [case.call(*question) for question in questions]
    for (sizes, weights, rows), got in zip(questions, answers, strict=True):
        want = true_scores(rows, sizes[1], weights)
        if not isinstance(got, dict):
            case.array("the answer, a keras.Model,", got)
            case.fail("the answer should be a keras.Model")
        case.true(got["steady"], HIDES["in use, too"])
        expected = sum(values.size for values in weights.values())
        what = f"embedding {sizes[0]}, widths {sizes[1]}, {sizes[2]} filters, {sizes[3]} classes"
        case.near(f"{what}: the number of parameters", got["parameters"], expected)
        case.near(f"{what}: the scores", got["scores"], want, **CLOSE)
        hidden = f"a share of {sizes[4]:.2f} of the features"
        case.true(
            got["hides"] in (hidden, "not asked"),
            HIDES.get(got["hides"], f"in training, {hidden} should be hidden, and it is {got['hides']}"),
        )
        case.true(got["penalties"] == 0, "the model adds a penalty to the loss: no regularizer is asked for")
        case.true(got["start"] == "as they should be", START.format(got["start"]))
    return f"{len(questions)} networks with known weights, window by window; features are hidden in training only"


def _build(
    words,
    classes,
    embedding,
    widths,
    filters,
    dropout,
    look_up=None,
    join=None,
    hide=None,
    end=None,
    start=0.25,
    convolution=None,
):
    """The network, with one of its parts replaced."""
    numbers = keras.Input((None,), dtype="int32")
    random = keras.initializers.RandomUniform(-start, start) if isinstance(start, float) else start
    table = layers.Embedding(words, embedding, embeddings_initializer=random)
    is_word = ops.expand_dims(ops.cast(ops.not_equal(numbers, PAD), "float32"), -1)
    x = (look_up or (lambda vectors: vectors * is_word))(table(numbers))
    make = convolution or (lambda width: layers.Conv1D(filters, width))
    found = [ops.max(ops.relu(make(width)(x)), axis=1) for width in widths]
    features = (join or (lambda parts: ops.concatenate(parts, axis=-1)))(found)
    scores = (end or (lambda x: layers.Dense(classes)(x)))((hide or (lambda x: layers.Dropout(dropout)(x)))(features))
    return keras.Model(numbers, scores)


@text_cnn.mistake("the model ends in a softmax: scores are asked for, the loss will take the softmax")
@on_network
def _softmax(words, classes, **sizes):
    return _build(words, classes, **sizes, end=lambda x: layers.Dense(classes, activation="softmax")(x))


@text_cnn.mistake("the scores go through a ReLU: a Dense layer without an activation, so that a score may be below 0")
@on_network
def _relu_scores(words, classes, **sizes):
    return _build(words, classes, **sizes, end=lambda x: layers.Dense(classes, activation="relu")(x))


@text_cnn.mistake("the scores go through a sigmoid: a Dense layer without an activation")
@on_network
def _sigmoid_scores(words, classes, **sizes):
    return _build(words, classes, **sizes, end=lambda x: layers.Dense(classes, activation="sigmoid")(x))


@text_cnn.mistake("there is no dropout, or it does not stand between the features and the scores")
@on_network
def _no_dropout(words, classes, **sizes):
    return _build(words, classes, **sizes, hide=lambda x: x)


@text_cnn.mistake("the rate of dropout is fixed at 0.5: take the argument `dropout`")
@on_network
def _fixed_rate(words, classes, **sizes):
    return _build(words, classes, **sizes, hide=lambda x: layers.Dropout(0.5)(x))


@text_cnn.mistake("`dropout` is the share that is hidden, not the share that is kept")
@on_network
def _keep_rate(words, classes, **sizes):
    return _build(words, classes, **sizes, hide=lambda x: layers.Dropout(1 - sizes["dropout"])(x))


@text_cnn.mistake("dropout stands behind the scores: it hides features, before Dense")
@on_network
def _dropped_scores(words, classes, **sizes):
    end = layers.Dropout(sizes["dropout"])
    return _build(words, classes, **sizes, hide=lambda x: x, end=lambda x: end(layers.Dense(classes)(x)))


@text_cnn.mistake(
    "what is hidden are not the features: does dropout stand behind the embedding? It belongs between "
    "ops.concatenate and Dense, and nowhere else"
)
@on_network
def _dropped_vectors(words, classes, **sizes):
    def after_dropout(width):
        return lambda x: layers.Conv1D(sizes["filters"], width)(layers.Dropout(sizes["dropout"])(x))

    return _build(words, classes, **sizes, hide=lambda x: x, convolution=after_dropout)


@text_cnn.mistake(
    "features are hidden together, all of a sentence or none: Dropout(dropout) without noise_shape hides each alone"
)
@on_network
def _dropped_sentences(words, classes, **sizes):
    return _build(words, classes, **sizes, hide=layers.Dropout(sizes["dropout"], noise_shape=(None, 1)))


@text_cnn.mistake("dropout is always on: call the layer without training=True, Keras knows when it trains")
@on_network
def _always_on(words, classes, **sizes):
    return _build(words, classes, **sizes, hide=lambda x: layers.Dropout(sizes["dropout"])(x, training=True))


@text_cnn.mistake("padding is not silent: look the words up with your `embed`")
@on_network
def _loud_network(words, classes, **sizes):
    return _build(words, classes, **sizes, look_up=lambda vectors: vectors)


@text_cnn.mistake("the table begins with Keras' own ±0.05: set embeddings_initializer to RandomUniform(-0.25, 0.25)")
@on_network
def _small_start(words, classes, **sizes):
    return _build(words, classes, **sizes, start=0.05)


@text_cnn.mistake("the table begins with a normal distribution: RandomUniform(-0.25, 0.25) is asked for")
@on_network
def _normal_start(words, classes, **sizes):
    return _build(words, classes, **sizes, start=keras.initializers.RandomNormal(0.0, 0.25))


@text_cnn.mistake("the table begins with random numbers beyond ±0.25: RandomUniform(-0.25, 0.25) is asked for")
@on_network
def _large_start(words, classes, **sizes):
    return _build(words, classes, **sizes, start=1.0)


@text_cnn.mistake("the features of the widths were added: put them side by side, ops.concatenate")
@on_network
def _added(words, classes, **sizes):
    return _build(words, classes, **sizes, join=sum)


@text_cnn.mistake("only the last width is left: collect the features of all widths in a list")
@on_network
def _last_width(words, classes, **sizes):
    return _build(words, classes, **sizes, join=lambda parts: parts[-1])


@text_cnn.mistake("only the first width is left: does a `return` stand inside the loop?")
@on_network
def _first_width(words, classes, **sizes):
    return _build(words, classes, **sizes, join=lambda parts: parts[0])


@text_cnn.mistake("all filters have the first width: each width needs a convolution of its own")
@on_network
def _one_width(words, classes, **sizes):
    first, filters = sizes["widths"][0], sizes["filters"]
    return _build(words, classes, **sizes, convolution=lambda width: layers.Conv1D(filters, first))


@text_cnn.mistake("the arguments of Conv1D are exchanged: first the number of filters, then the width")
@on_network
def _exchanged(words, classes, **sizes):
    return _build(words, classes, **sizes, convolution=lambda width: layers.Conv1D(width, sizes["filters"]))


@text_cnn.mistake("the features came out instead of the scores: a Dense layer with `classes` units is missing")
@on_network
def _no_scores(words, classes, **sizes):
    return _build(words, classes, **sizes, end=lambda x: x)


# --- early stopping -----------------------------------------------------------------------------


class ScriptedModel:
    """A model with one weight: the number of epochs that it was trained. Its dev losses are known beforehand."""

    def __init__(self) -> None:
        self.weight = np.zeros(1)

    def get_weights(self) -> list[np.ndarray]:
        return [self.weight.copy()]

    def set_weights(self, weights: list[np.ndarray]) -> None:
        if weights is None:
            raise TypeError(
                "the model was given None for its weights: was no epoch trained, or none lower than the first `best`?"
            )
        self.weight = np.array(weights[0])


@trial
def on_script(function, losses, most, patience):
    """What comes back, which epochs were trained, and the weight that is left."""
    model, asked = ScriptedModel(), []

    def one_epoch(epoch: int) -> float:
        asked.append(int(epoch))
        model.weight += 1
        return float(losses[min(len(asked), len(losses)) - 1])  # whoever asks too often is told so afterwards

    answer = function(model, one_epoch, most, patience)
    if answer is None:
        return None
    return {"losses": answer, "epochs": asked, "left": model.weight.copy()}


SCRIPTS = (
    ([0.63, 0.51, 0.50, 0.56, 0.61, 0.70, 0.40, 0.30], 8, 2),  # the usual one; a better epoch would come too late
    ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 4, 2),  # always better: `most` ends it
    ([0.5, 0.6, 0.4, 0.45, 0.39, 0.41, 0.42, 0.43, 0.1], 9, 3),  # the waiting begins anew
    ([0.7, 0.6, 0.6, 0.6, 0.1], 5, 2),  # as good as the best is not better
    ([0.9, 0.5, 0.8, 0.7, 0.6, 0.3], 6, 3),  # better than the epoch before, but not than the best
    ([0.5, 0.6, 0.2, 0.1], 4, 1),
    ([0.5, 0.4, 0.6, 0.7, 0.3], 4, 3),  # `most` ends it while it waits
    ([3.0, 2.0, 2.5, 2.6, 0.5], 5, 2),  # losses may be larger than 1
    ([0.5012, 0.5011, 0.5013, 0.501, 0.6], 5, 2),  # a little better is better
    ([0.4], 1, 5),
)


@check
def train_best(case):
    """Dev losses that are known beforehand: when it stops, and with which weights."""
    case.function = on_script(case.function)
    drawn = [(case.rng.permutation(12) / 10, 12, patience) for patience in (1, 2, 3, 4)]
    scripts = [(np.array(losses), most, patience) for losses, most, patience in [*SCRIPTS, *drawn]]
    answers = [case.call(*script) for script in scripts]
    for (losses, most, patience), got in zip(scripts, answers, strict=True):
        shown = ", ".join(f"{loss:g}" for loss in losses)
        what = f"patience {patience}, at most {most} epochs, dev losses {shown}"
        if not isinstance(got, dict):
            case.fail(f"{what}: the answer should be a list of dev losses")
        end = _last_epoch(losses[:most], patience)
        came = case.array(f"{what}: the answer", got["losses"])
        case.true(
            list(got["epochs"]) == list(range(end)),
            f"{what}: the epochs {_counted(end)} should be trained, but it was {_listed(got['epochs'])}",
        )
        case.near(f"{what}: the losses that come back", came, losses[:end])
        best = int(np.argmin(losses[:end])) + 1
        case.near(f"{what}: the weights that are left, counted in epochs", got["left"], [best])
    return f"{len(scripts)} runs: stopped at the right epoch, and back at the best one"


def _last_epoch(losses: np.ndarray, patience: int) -> int:
    """How many epochs are trained: the first end at which the best loss lies ``patience`` epochs back, or all."""
    ends = (end for end in range(1, len(losses) + 1) if end - 1 - int(np.argmin(losses[:end])) >= patience)
    return next(ends, len(losses))


def _counted(end: int) -> str:
    return "0" if end == 1 else f"0 to {end - 1}"


def _listed(epochs: Sequence[int]) -> str:
    return ", ".join(map(str, epochs)) or "none"


def _train(model, one_epoch, most, patience, better=None, first=0, again=True, over=None, keep=True):
    """Early stopping, with one of its rules replaced."""
    better = better or (lambda loss, best, losses: loss < best)
    over = over or (lambda waited: waited >= patience)
    best, weights, waited, losses = np.inf, None, 0, []
    for epoch in range(first, most + first):
        losses.append(one_epoch(epoch))
        if better(losses[-1], best, losses):
            best, weights = losses[-1], model.get_weights()
            waited = 0 if again else waited
        else:
            waited += 1
            if over(waited):
                break
    if keep:
        model.set_weights(weights)
    return losses


@train_best.mistake("the last weights are left: go back to the best ones with model.set_weights")
@on_script
def _last_weights(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, keep=False)


@train_best.mistake("it stops at the first epoch that is not better: wait for `patience` of them in a row")
@on_script
def _impatient(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, over=lambda waited: True)


@train_best.mistake("it never stops early: stop once `patience` epochs in a row were not better")
@on_script
def _never(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, over=lambda waited: False)


@train_best.mistake("it waits one epoch too long: stop when `patience` epochs were not better, not when more were")
@on_script
def _one_too_long(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, over=lambda waited: waited > patience)


@train_best.mistake("it stops one epoch too early: after `patience` epochs that were not better, not before the last")
@on_script
def _one_too_short(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, over=lambda waited: waited >= max(1, patience - 1))


@train_best.mistake("the waiting does not begin anew: after an epoch that is better, set the count back to 0")
@on_script
def _never_anew(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, again=False)


@train_best.mistake("an epoch counts as better when its loss is *lower* than the best: this keeps the highest")
@on_script
def _highest(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, better=lambda loss, best, _: loss > best or np.isinf(best))


@train_best.mistake("a loss as low as the best is not better: lower, <, not <=")
@on_script
def _ties(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, better=lambda loss, best, _: loss <= best)


@train_best.mistake("each loss is compared with the one before: compare with the best so far")
@on_script
def _with_the_last(model, one_epoch, most, patience):
    return _train(
        model, one_epoch, most, patience, better=lambda loss, _, losses: len(losses) == 1 or loss < losses[-2]
    )


@train_best.mistake("`best` begins too low: a first loss above 1 is the best so far, too; begin with infinity")
@on_script
def _from_one(model, one_epoch, most, patience):
    best, weights, waited, losses = 1.0, model.get_weights(), 0, []
    for epoch in range(most):
        losses.append(one_epoch(epoch))
        waited = 0 if losses[-1] < best else waited + 1
        if waited == 0:
            best, weights = losses[-1], model.get_weights()
        if waited >= patience:
            break
    model.set_weights(weights)
    return losses


@train_best.mistake(
    "no epoch was lower than the first `best`, so no weights were kept: begin with infinity, and lower is <"
)
@on_script
def _from_zero(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, better=lambda loss, best, _: loss > best)


@train_best.mistake("a first loss above 1 was not taken as the best, so no weights were kept: begin with infinity")
@on_script
def _from_one_without_weights(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, better=lambda loss, best, _: loss < min(best, 1.0))


@train_best.mistake("one epoch too many is trained: after `most` epochs, stop anyway")
@on_script
def _one_more(model, one_epoch, most, patience):
    return _train(model, one_epoch, most + 1, patience)


@train_best.mistake("the weights were taken before the epoch: take them when its loss is known")
@on_script
def _too_early(model, one_epoch, most, patience):
    best, weights, waited, losses = np.inf, None, 0, []
    for epoch in range(most):
        before = model.get_weights()
        losses.append(one_epoch(epoch))
        waited = 0 if losses[-1] < best else waited + 1
        if waited == 0:
            best, weights = losses[-1], before
        if waited >= patience:
            break
    model.set_weights(weights)
    return losses


@train_best.mistake("if all `most` epochs are trained, the last weights are left: go back to the best ones then, too")
@on_script
def _only_when_stopped(model, one_epoch, most, patience):
    best, weights, waited, losses = np.inf, None, 0, []
    for epoch in range(most):
        losses.append(one_epoch(epoch))
        waited = 0 if losses[-1] < best else waited + 1
        if waited == 0:
            best, weights = losses[-1], model.get_weights()
        if waited >= patience:
            model.set_weights(weights)
            break
    return losses


@train_best.mistake("epochs are counted from 0: the first call is one_epoch(0)")
@on_script
def _from_first(model, one_epoch, most, patience):
    return _train(model, one_epoch, most, patience, first=1)


@train_best.mistake("one number came back: the list of all dev losses is asked for")
@on_script
def _best_loss(model, one_epoch, most, patience):
    return min(_train(model, one_epoch, most, patience))
