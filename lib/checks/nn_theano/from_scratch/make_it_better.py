"""Checks of ``nn_theano/01_from_scratch/02_make_it_better``.

Ground truth is arithmetic on single examples, written out with loops, and derivatives by the complex step: for an
analytic f, Im f(x + ih) / h is f'(x) to machine precision (Squire and Trapp 1998, SIAM Review 40:110).
"""

import cmath
import math
from itertools import pairwise

import numpy as np

from lib.checks import check
from lib.checks.nn_theano.from_scratch.neural_network import TINY, small_problem, true_gradients


@check
def minibatches(case):
    rng = case.rng
    for n, size in ((12, 4), (10, 3), (5, 1), (6, 6), (4, 9)):
        batches = case.call(n, size, rng)
        case.true(isinstance(batches, list | tuple), "return a list of index arrays, one per batch")
        sizes = [case.array("a batch", batch).size for batch in batches]
        want = [size] * (n // size) + ([n % size] if n % size else [])
        case.true(
            sorted(sizes) == sorted(want),
            f"{n} examples in batches of {size} should give batches of {want} examples, got {sizes}",
        )
        together = sorted(int(i) for batch in batches for i in batch)
        case.true(together == list(range(n)), f"every index from 0 to {n - 1} should occur once, got {together}")
    first, same, other = (case.call(60, 60, np.random.default_rng(seed)) for seed in (1, 1, 2))
    case.true(
        np.array_equal(first[0], same[0]), "two generators with the same seed should give the same order: use `rng`"
    )
    case.true(not np.array_equal(first[0], np.arange(60)), "the indices should be shuffled, but they stand in order")
    case.true(not np.array_equal(first[0], other[0]), "every pass should be shuffled anew, but two passes are equal")
    fellows = {frozenset(int(i) for i in case.call(20, 5, np.random.default_rng(seed))[0]) for seed in range(6)}
    case.true(len(fellows) > 1, "the same examples always share a batch: shuffle first, then cut")
    places = np.mean([case.call(40, 40, np.random.default_rng(seed))[0] for seed in range(60)], axis=0)
    case.true(bool(np.abs(places - 19.5).max() < 8), "some indices keep to one end: shuffle all of them, not parts")
    return "every example is used once per pass, in a new order each time, the last small batch included"


def _cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


@minibatches.mistake("the indices are cut in order: shuffle them first, the data may be sorted by class")
def _in_order(n, size, rng):
    return _cut(np.arange(n), size)


@minibatches.mistake("the last batch is lost when size does not divide n: keep it, although it is smaller")
def _last_lost(n, size, rng):
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n - size + 1, size)]


@minibatches.mistake(
    "the indices are drawn with replacement: some examples come twice and others never; permute instead"
)
def _with_replacement(n, size, rng):
    return _cut(rng.integers(n, size=n), size)


@minibatches.mistake("use the generator that is given: a new one with a fixed seed gives every pass the same order")
def _fixed_seed(n, size, rng):
    return _cut(np.random.default_rng(0).permutation(n), size)


@minibatches.mistake("the indices are cut first and shuffled within each batch; shuffle all of them, then cut")
def _shuffled_inside(n, size, rng):
    return [rng.permutation(batch) for batch in _cut(np.arange(n), size)]


@minibatches.mistake(
    "np.array_split makes batches of nearly equal size; here all but the last have exactly `size` examples"
)
def _array_split(n, size, rng):
    return np.array_split(rng.permutation(n), -(-n // size))


@check
def sgd_epoch(case):
    model, X, y = small_problem(case.rng, n=7, d=2, h=2, k=3)
    lr, reg = 0.4, 0.7

    def slopes_of(model, X, y, reg):
        case.true(
            len(X) == len(y), f"`gradients` was given {len(X)} rows of X and {len(y)} of y: pick both with the batch"
        )
        return true_gradients(model, X, y, reg)

    for cuts in ([[0, 1, 2, 3, 4, 5, 6]], [[4, 0, 6], [1, 5, 3], [2]]):
        batches = [np.array(cut) for cut in cuts]
        want = model
        for batch in batches:
            slopes = true_gradients(want, X[batch], y[batch], reg * len(batch) / len(X))
            want = {name: want[name] - lr * slopes[name] for name in want}
        got = case.call(model, X, y, batches, lr, reg, slopes_of)
        case.true(isinstance(got, dict) and set(got) == set(model), "return the model, a dict with the keys it had")
        for name in want:
            case.near(f"{name} after a pass in batches of {[len(batch) for batch in batches]}", got[name], want[name])
    return "one step per batch, along the batch's own gradient, and the penalty counts once per pass"


def _sgd_epoch(model, X, y, batches, lr, reg, gradients, share=lambda batch, n: batch / n, moving=True, only=None):
    start = model
    for batch in batches[:only]:
        slopes = gradients(model if moving else start, X[batch], y[batch], reg * share(len(batch), len(X)))
        model = {name: model[name] - lr * slopes[name] for name in model}
    return model


@sgd_epoch.mistake("each batch pays the whole penalty: scale reg by the batch's share of the data, len(batch) / len(X)")
def _whole_penalty(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, lr, reg, gradients, share=lambda batch, n: 1)


@sgd_epoch.mistake("the penalty is divided once more: `gradients` divides by the batch size itself")
def _penalty_too_small(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, lr, reg, gradients, share=lambda batch, n: 1 / n)


@sgd_epoch.mistake("every batch steps from the old model: use the model that the batch before has left")
def _from_the_start(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, lr, reg, gradients, moving=False)


@sgd_epoch.mistake("only the first batch made a step: is the `return` inside the loop?")
def _first_only(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, lr, reg, gradients, only=1)


@sgd_epoch.mistake("the step goes uphill: take the gradient away, do not add it")
def _epoch_uphill(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, -lr, reg, gradients)


@sgd_epoch.mistake("every batch used all the data: pick its rows with X[batch] and y[batch]")
def _all_rows(model, X, y, batches, lr, reg, gradients):
    everything = np.arange(len(X))
    return _sgd_epoch(model, X, y, [everything] * len(batches), lr, reg, gradients)


@sgd_epoch.mistake("the penalty is left out: pass reg * len(batch) / len(X) on to `gradients`")
def _no_penalty_at_all(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, lr, reg, gradients, share=lambda batch, n: 0)


@sgd_epoch.mistake("the penalty is split evenly over the batches; a smaller batch should pay less, len(batch) / len(X)")
def _even_share(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches, lr, reg, gradients, share=lambda batch, n: 1 / len(batches))


@sgd_epoch.mistake("only the last batch counts: each step must start from the model that the step before has left")
def _last_only(model, X, y, batches, lr, reg, gradients):
    return _sgd_epoch(model, X, y, batches[-1:], lr, reg, gradients)


@check
def annealed(case):
    for lr0, half_life in case.rng.uniform(0.1, 9, size=(10, 2)):
        case.near("the rate of epoch 0", case.call(0, lr0, half_life), lr0)
        for times in (1, 2, 5):  # after one half-life a half, after two a third, after five a sixth
            got = case.call(times * half_life, lr0, half_life)
            case.near(f"the rate at epoch {times} · half_life", got, lr0 / (times + 1))
    return "the first rate is lr0, after one half-life it is a half, after two a third"


@annealed.mistake("this halves every half_life epochs, an exponential; here the rate should fall as 1 / epoch")
def _exponential(epoch, lr0, half_life):
    return lr0 * 0.5 ** (epoch / half_life)


@annealed.mistake("this falls as 1 / epoch² or faster; one division by (1 + epoch / half_life) is enough")
def _squared(epoch, lr0, half_life):
    return lr0 / (1 + epoch / half_life) ** 2


@annealed.mistake("half_life multiplies the epoch; it should divide it, a long half-life means slow cooling")
def _multiplied(epoch, lr0, half_life):
    return lr0 / (1 + epoch * half_life)


@annealed.mistake("the 1 is missing: at epoch 0 this divides by zero")
def _no_one(epoch, lr0, half_life):
    return lr0 / (epoch / half_life)


@annealed.mistake("the rate does not change: divide lr0 by (1 + epoch / half_life)")
def _constant(epoch, lr0, half_life):
    return lr0


@annealed.mistake("brackets are missing: lr0 / 1 + … divides by 1 alone, write lr0 / (1 + …)")
def _annealed_no_brackets(epoch, lr0, half_life):
    return lr0 / 1 + epoch / half_life


@annealed.mistake("half_life is not used: divide the epoch by it")
def _no_half_life(epoch, lr0, half_life):
    return lr0 / (1 + epoch)


@annealed.mistake("the 1 was added before the division: it is 1 + epoch / half_life, not (1 + epoch) / half_life")
def _one_inside(epoch, lr0, half_life):
    return lr0 / ((1 + epoch) / half_life)


BENDS = {
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
}


@check
def bend(case):
    for shape in ((5,), (3, 4)):
        z = case.rng.normal(scale=2, size=shape)
        for name, (value, slope) in BENDS.items():
            answer = case.call(name, z)
            case.true(isinstance(answer, tuple | list) and len(answer) == 2, "return two arrays: `return a, slope`")
            case.near(f"{name}(z)", answer[0], np.vectorize(value)(z))
            case.near(f"the slope of {name} at z", answer[1], np.vectorize(slope)(z))
    return "values and slopes of tanh, sigmoid and relu agree with the definitions"


def _bend(
    name, z, sigmoid_slope=lambda s, z: s * (1 - s), relu_slope=lambda z: (z > 0) * 1.0, tanh=lambda t, z: 1 - t**2
):
    if name == "tanh":
        return np.tanh(z), tanh(np.tanh(z), z)
    if name == "sigmoid":
        s = 1 / (1 + np.exp(-z))
        return s, sigmoid_slope(s, z)
    return np.maximum(z, 0), relu_slope(z)


@bend.mistake("the slope of tanh is 1 - a², with a = tanh(z); here z itself was squared")
def _tanh_of_z(name, z):
    return _bend(name, z, tanh=lambda t, z: 1 - z**2)


@bend.mistake("the slope of tanh is 1 - a²: the square is missing")
def _tanh_unsquared(name, z):
    return _bend(name, z, tanh=lambda t, z: 1 - t)


@bend.mistake("the slope of the sigmoid is a (1 - a), with a = sigmoid(z); here z itself was used")
def _sigmoid_of_z(name, z):
    return _bend(name, z, sigmoid_slope=lambda s, z: z * (1 - z))


@bend.mistake("1 - a² is the slope of tanh; the slope of the sigmoid is a (1 - a)")
def _sigmoid_like_tanh(name, z):
    return _bend(name, z, sigmoid_slope=lambda s, z: 1 - s**2)


@bend.mistake("the slope of relu is 1 for positive z and 0 for negative z; this is relu again")
def _relu_again(name, z):
    return _bend(name, z, relu_slope=lambda z: np.maximum(z, 0))


@bend.mistake("the slope of relu is 0 for negative z, where the unit is off; here it is 1 everywhere")
def _relu_always_on(name, z):
    return _bend(name, z, relu_slope=np.ones_like)


@bend.mistake("the slope of relu is 0 for negative z, not -1")
def _relu_sign(name, z):
    return _bend(name, z, relu_slope=np.sign)


@bend.mistake("brackets are missing: 1 / 1 + np.exp(-z) divides by 1 alone, write 1 / (1 + np.exp(-z))")
def _sigmoid_no_brackets(name, z):
    a = 1 / 1 + np.exp(-z)
    return (a, a * (1 - a)) if name == "sigmoid" else _bend(name, z)


@bend.mistake("the sigmoid falls instead of rising: it is 1 / (1 + np.exp(-z)), with a minus sign")
def _falling_sigmoid(name, z):
    a = 1 / (1 + np.exp(z))
    return (a, a * (1 - a)) if name == "sigmoid" else _bend(name, z)


@bend.mistake("the two results are exchanged: the value comes first, then the slope")
def _bend_exchanged(name, z):
    return _bend(name, z)[::-1]


@check
def spirals(case):
    n = 40
    X, y = _points(case, n, 0.0)
    radius = np.linspace(0, 1, n)
    for k in range(3):
        arm = X[y == k]
        case.true(len(arm) == n, f"class {k} should have {n} points, it has {len(arm)}")
        arm = arm[np.argsort(np.hypot(*arm.T))]
        case.near(f"the distances of arm {k} from the centre", np.hypot(*arm.T), radius, atol=1e-7)
        angle = 4 * radius + 2 * np.pi * k / 3
        want = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        case.near(f"arm {k} without noise", arm, want, atol=1e-7)
    X, y = _points(case, 3000, 0.2)
    lengths = np.hypot(*X.T)
    case.near("the largest distance with noise", lengths.max(), 1.0, atol=1e-6, hint="blur the angle, not the radius")
    angle = np.arctan2(X[:, 1], X[:, 0]) - 4 * lengths - 2 * np.pi * y / 3
    angle = (angle + np.pi) % (2 * np.pi) - np.pi  # the noise alone, from -π to π
    for k in range(3):
        spread = angle[(y == k) & (lengths > 0)].std()
        case.true(
            abs(spread - 0.2) < 0.012,
            f"with noise 0.2 the angles of arm {k} should spread by 0.2, they spread by {spread:.2g}",
        )
    arms = [angle[y == k][np.argsort(lengths[y == k])] for k in range(3)]
    alike = max(abs(np.corrcoef(arms[a][1:], arms[b][1:])[0, 1]) for a, b in ((0, 1), (0, 2), (1, 2)))
    case.true(alike < 0.2, "the arms share the same noise: draw fresh noise for every arm")
    again, _ = _points(case, 3000, 0.2)
    case.true(np.array_equal(X, again), "the same generator gave other points: draw from `rng`, not from np.random")
    case.true(abs(angle.mean()) < 0.01, f"the noise should have mean 0, its mean is {angle.mean():.2g}")
    return "three arms with the right radius and angle, and noise of the right width"


def _points(case, n, noise):
    answer = case.call(n, noise, case.rng)
    case.true(isinstance(answer, tuple | list) and len(answer) == 2, "return two arrays: `return X, y`")
    X = case.array("X", answer[0], (3 * n, 2))
    y = case.array("y", answer[1], (3 * n,)).astype(int)
    kind = np.asarray(answer[1]).dtype
    case.true(kind.kind in "iu", f"the classes are used as indices later, so y should hold integers, not {kind}")
    case.true(set(y) <= {0, 1, 2}, f"the classes should be 0, 1 and 2, they are {sorted(set(y.tolist()))}")
    return X, y


def _spirals(n, noise, rng, apart=2 * np.pi / 3, turn=4.0, blur=lambda rng, n: rng.normal(size=n), swap=False, cut=1.0):
    X, y = [], []
    for k in range(3):
        r = np.linspace(0, cut, n)
        t = turn * r + apart * k + noise * blur(rng, n)
        X.append(np.column_stack([r * np.sin(t), r * np.cos(t)] if swap else [r * np.cos(t), r * np.sin(t)]))
        y.append(np.full(n, k))
    return np.concatenate(X), np.concatenate(y)


@spirals.mistake("the arms lie on top of each other: turn arm k by 2πk / 3")
def _one_arm(n, noise, rng):
    return _spirals(n, noise, rng, apart=0)


@spirals.mistake("the arms are straight: the angle must grow with the radius, by 4 r")
def _straight(n, noise, rng):
    return _spirals(n, noise, rng, turn=0)


@spirals.mistake("cosine and sine are exchanged: x is r cos t and y is r sin t")
def _exchanged(n, noise, rng):
    return _spirals(n, noise, rng, swap=True)


@spirals.mistake("the arms are turned by 2k / 3: the π is missing")
def _no_pi(n, noise, rng):
    return _spirals(n, noise, rng, apart=2 / 3)


@spirals.mistake("the arms are turned by k in radians: three arms share the circle, 2π / 3 each")
def _one_radian(n, noise, rng):
    return _spirals(n, noise, rng, apart=1)


@spirals.mistake("the classes should be 0, 1 and 2; these are 1, 2 and 3")
def _from_one(n, noise, rng):
    X, y = _spirals(n, noise, rng)
    return X, y + 1


@spirals.mistake("the arms share the same noise: draw fresh noise for every arm, inside the loop")
def _shared_noise(n, noise, rng):
    shared = rng.normal(size=n)
    return _spirals(n, noise, rng, blur=lambda rng, n: shared)


def deep_problem(rng, sizes=(3, 4, 5, 3), n=6):
    """A random model with one W and b per layer, biases not zero, and data."""
    model = {}
    for number, (fan_in, fan_out) in enumerate(pairwise(sizes), 1):
        model[f"W{number}"] = rng.normal(size=(fan_in, fan_out))
        model[f"b{number}"] = rng.normal(size=fan_out)
    return model, rng.normal(size=(n, sizes[0])), np.resize(np.arange(sizes[-1]), n)


def deep_units(model: dict, x, activation: str) -> tuple[list, list]:
    """One example, unit by unit: the activations and the slopes of every layer; the last "activations" are scores."""
    squash = {
        "tanh": cmath.tanh,
        "sigmoid": lambda z: 1 / (1 + cmath.exp(-z)),
        "relu": lambda z: z if z.real > 0 else 0 * z,
    }
    depth, layers, slopes = len(model) // 2, [list(x)], []
    for number in range(1, depth + 1):
        W, b = model[f"W{number}"], model[f"b{number}"]
        sums = [sum(layers[-1][i] * W[i, j] for i in range(len(W))) + b[j] for j in range(len(b))]
        if number < depth:
            slopes.append([BENDS[activation][1](z.real) for z in sums])
            sums = [squash[activation](z) for z in sums]
        layers.append(sums)
    return layers, slopes


def deep_loss(model: dict, X, y, reg: float, activation: str) -> complex:
    """The loss of lesson 01 for any depth, example by example."""
    total = 0
    for x, k in zip(X, y, strict=True):
        scores = deep_units(model, x, activation)[0][-1]
        total += cmath.log(sum(cmath.exp(score) for score in scores)) - scores[k]
    squares = sum(w * w for name, values in model.items() if name.startswith("W") for w in values.ravel())
    return (total + 0.5 * reg * squares) / len(X)


DEEP = (("tanh", (3, 4, 5, 3)), ("relu", (2, 4, 3, 4, 2)), ("sigmoid", (3, 4, 2)))


@check
def deep_forward(case):
    for activation, sizes in DEEP:
        model, X, _ = deep_problem(case.rng, sizes)
        answer = case.call(model, X, activation)
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 3,
            "return three things: the list of activations, the list of slopes, and the probabilities",
        )
        activations, slopes, p = answer
        units = [deep_units(model, x, activation) for x in X]
        depth = len(sizes) - 1
        case.true(
            len(activations) == depth and len(slopes) == depth - 1,
            f"a network of {depth} weight layers has {depth} activations, X first, and {depth - 1} slopes; "
            f"got {len(activations)} and {len(slopes)}",
        )
        for number in range(depth):
            want = np.real([layers[number] for layers, _ in units])
            case.near("X, the first activation," if number == 0 else f"activation {number}", activations[number], want)
        for number in range(depth - 1):
            want = np.array([one[number] for _, one in units])
            case.near(f"the slopes of hidden layer {number + 1}", slopes[number], want)
        scores = np.real([layers[-1] for layers, _ in units])
        want = [[math.exp(z) / sum(map(math.exp, row)) for z in row] for row in scores]
        case.near("the probabilities", p, want)
    return "networks with 2, 3 and 4 weight layers agree, unit by unit"


def _deep_forward(model, X, activation, bend_last=False, bias=True, skip_softmax=False, order=1, first=True):
    activations, slopes, depth = [X], [], len(model) // 2
    for number in range(1, depth + 1):
        z = activations[-1] @ model[f"W{number}"] + bias * model[f"b{number}"]
        if number < depth or bend_last:
            a, slope = _bend(activation, z)
            if number < depth:
                activations.append(a)
                slopes.append(slope)
            z = a
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = z if skip_softmax else e / e.sum(axis=1, keepdims=True)
    return activations[not first :], slopes[::order], p


@deep_forward.mistake("the last layer is bent too: its sums are scores and go straight into softmax")
def _bent_scores(model, X, activation):
    return _deep_forward(model, X, activation, bend_last=True)


@deep_forward.mistake("the biases are missing")
def _deep_no_bias(model, X, activation):
    return _deep_forward(model, X, activation, bias=False)


@deep_forward.mistake("the third result holds scores: turn them into probabilities with softmax")
def _deep_scores(model, X, activation):
    return _deep_forward(model, X, activation, skip_softmax=True)


@deep_forward.mistake("the list of activations should begin with X, the input of the first layer")
def _without_X(model, X, activation):
    return _deep_forward(model, X, activation, first=False)


@deep_forward.mistake("the slopes stand in reverse order: the first hidden layer comes first")
def _reversed_slopes(model, X, activation):
    return _deep_forward(model, X, activation, order=-1)


@check
def deep_gradients(case):
    for activation, sizes in DEEP:
        for reg in (0.0, 0.9):
            model, X, y = deep_problem(case.rng, sizes, n=4)
            got = case.call(model, X, y, reg, activation)
            case.true(isinstance(got, dict) and set(got) == set(model), "return a dict with the keys of the model")
            for name in reversed(model):  # from the loss backwards
                want = np.empty_like(model[name])
                for place in np.ndindex(want.shape):
                    moved = {key: value.astype(complex) for key, value in model.items()}
                    moved[name][place] += 1j * TINY
                    want[place] = deep_loss(moved, X, y, reg, activation).imag / TINY
                case.near(f"the gradient of {name} ({activation}, {len(sizes) - 1} weight layers)", got[name], want)
    return "gradients of networks with 2, 3 and 4 weight layers agree with the slope of the loss"


def _deep_gradients(
    model, X, y, reg, activation, slope_on=True, divide=True, reg_part=1.0, sign=1, biases=True, tanh=False
):
    activations, slopes, p = _deep_forward(model, X, activation)
    n, depth, result = len(X), len(model) // 2, {}
    d = p.copy()
    d[np.arange(n), y] -= 1
    d *= sign / (n if divide else 1)
    for number in range(depth, 0, -1):
        result[f"W{number}"] = activations[number - 1].T @ d + reg_part * reg / n * model[f"W{number}"]
        result[f"b{number}"] = d.sum(axis=0) if biases else d.mean(axis=0)
        if number > 1:
            d = d @ model[f"W{number}"].T
            slope = 1 - activations[number - 1] ** 2 if tanh else slopes[number - 2]
            d = d * slope if slope_on else d
    return result


@deep_gradients.mistake("the slopes of the bends are missing: multiply by them on the way back through a hidden layer")
def _deep_no_slope(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg, activation, slope_on=False)


@deep_gradients.mistake("the cross-entropy part is N times too large: the loss is a mean, so divide the first δ by N")
def _deep_times_n(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg, activation, divide=False)


@deep_gradients.mistake("the penalty's part, reg / N · W, is missing")
def _deep_no_reg(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg, activation, reg_part=0)


@deep_gradients.mistake(
    "the gradient of a bias is the sum of the δ over the examples, not their mean: the 1 / N is in δ already"
)
def _deep_mean_bias(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg, activation, biases=False)


@deep_gradients.mistake("the sign is turned round: the first δ is p - 1 at the true class, not 1 - p")
def _deep_turned(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg, activation, sign=-1)


@deep_gradients.mistake("1 - a² is the slope of tanh alone: take the slope that `deep_forward` has kept for you")
def _deep_always_tanh(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg, activation, tanh=True)


@deep_gradients.mistake("the penalty's part is reg · W; the loss has reg / 2N, so its slope is reg / N · W")
def _deep_reg_times_n(model, X, y, reg, activation):
    return _deep_gradients(model, X, y, reg * len(X), activation)
