"""Checks of ``nn_theano/01_from_scratch/01_neural_network``.

Ground truth is arithmetic on single examples, written out with loops, and derivatives by the complex step: for an
analytic f, Im f(x + ih) / h is f'(x) to machine precision (Squire and Trapp 1998, SIAM Review 40:110).
"""

import cmath
import math

import numpy as np

from lib.checks import check

TINY = 1e-30  # the complex step: no difference is taken, so it can be this small


def small_problem(rng: np.random.Generator, n: int = 7, d: int = 3, h: int = 4, k: int = 3):
    """A random model with biases, and random data with every class in it."""
    model = {
        "W1": rng.normal(size=(d, h)),
        "b1": rng.normal(size=h),
        "W2": rng.normal(size=(h, k)),
        "b2": rng.normal(size=k),
    }
    return model, rng.normal(size=(n, d)), np.resize(np.arange(k), n)


def class_probabilities(model: dict, x) -> list:
    """The network's answer to one example, unit by unit; works for complex weights too."""
    (d, h), k = model["W1"].shape, len(model["b2"])
    hidden = [cmath.tanh(sum(x[i] * model["W1"][i, j] for i in range(d)) + model["b1"][j]) for j in range(h)]
    scores = [sum(hidden[j] * model["W2"][j, c] for j in range(h)) + model["b2"][c] for c in range(k)]
    total = sum(cmath.exp(score) for score in scores)
    return [cmath.exp(score) / total for score in scores]


def true_loss(model: dict, X, y, reg: float) -> complex:
    """Mean cross-entropy plus reg / 2N times the squared weights, example by example."""
    data = -sum(cmath.log(class_probabilities(model, x)[k]) for x, k in zip(X, y, strict=True))
    squares = sum((weight * weight) for name in ("W1", "W2") for weight in model[name].ravel())
    return (data + 0.5 * reg * squares) / len(X)


def true_gradients(model: dict, X, y, reg: float) -> dict:
    """The derivative of :func:`true_loss` by every parameter, by the complex step."""
    slopes = {}
    for name, values in model.items():
        slopes[name] = np.empty_like(values)
        for place in np.ndindex(values.shape):
            moved = {key: value.astype(complex) for key, value in model.items()}
            moved[name][place] += 1j * TINY
            slopes[name][place] = true_loss(moved, X, y, reg).imag / TINY
    return slopes


@check
def softmax(case):
    for n, k in ((1, 2), (4, 3), (6, 10)):
        z = case.rng.normal(scale=3, size=(n, k))
        want = [[math.exp(score) / sum(map(math.exp, row)) for score in row] for row in z]
        case.near("the probabilities", case.call(z), want)
    large = np.array([[1000.0, 1000.0, 990.0], [-2000.0, -2000.0, -2010.0]])
    row = np.array([1, 1, math.exp(-10)]) / (2 + math.exp(-10))
    case.near("the probabilities of scores as large as 1000", case.call(large), [row, row])
    return "3 batches agree with the definition, rows sum to 1, and scores of ±1000 do not overflow"


@softmax.mistake("exp overflows for large scores; subtract each row's largest score first, the ratio stays the same")
def _overflows(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


@softmax.mistake("the columns sum to 1 instead of the rows: add along axis=1, an example is a row")
def _columns(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@softmax.mistake("the whole batch sums to 1: every row needs a sum of its own, with axis=1 and keepdims=True")
def _whole_batch(z):
    e = np.exp(z - z.max())
    return e / e.sum()


@softmax.mistake("these are the exponentials: divide each row by its sum")
def _undivided(z):
    return np.exp(z)


@softmax.mistake("these are the shifted exponentials: divide each row by its sum")
def _undivided_shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


@softmax.mistake("the scores are divided by their sum without the exponential")
def _no_exponential(z):
    return z / z.sum(axis=1, keepdims=True)


@softmax.mistake(
    "the whole batch sums to 1, and large scores overflow: a row needs a largest score and a sum of its own"
)
def _whole_batch_unshifted(z):
    return np.exp(z) / np.exp(z).sum()


@softmax.mistake(
    "the largest score of the whole batch was subtracted; take each row's own, or rows of small scores become 0/0"
)
def _one_largest(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


@check
def forward(case):
    for shape in ((5, 2, 3, 2), (4, 3, 6, 4)):
        model, X, _ = small_problem(case.rng, *shape)
        answer = case.call(model, X)
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 2,
            "return two arrays, the hidden activations and the probabilities: `return a1, p`",
        )
        hidden = [[math.tanh(u) for u in x @ model["W1"] + model["b1"]] for x in X]
        case.near("a1, the hidden activations,", answer[0], hidden)
        case.near("p, the class probabilities,", answer[1], np.real([class_probabilities(model, x) for x in X]))
    return "hidden activations and probabilities agree, example by example"


def _forward(model, X, squash=np.tanh, b1=1, b2=1, exponent=1):
    a1 = squash(X @ model["W1"] + b1 * model["b1"])
    z2 = a1 @ model["W2"] + b2 * model["b2"]
    e = np.exp(exponent * (z2 - z2.max(axis=1, keepdims=True)))
    return a1, e / e.sum(axis=1, keepdims=True)


@forward.mistake("the hidden layer is linear: apply np.tanh to z1, or two layers are no more than one")
def _linear(model, X):
    return _forward(model, X, squash=lambda z: z)


@forward.mistake("the hidden bias b1 is missing")
def _no_b1(model, X):
    return _forward(model, X, b1=0)


@forward.mistake("the output bias b2 is missing")
def _no_b2(model, X):
    return _forward(model, X, b2=0)


@forward.mistake("the hidden units use the logistic sigmoid; this network uses tanh")
def _sigmoid(model, X):
    return _forward(model, X, squash=lambda z: 1 / (1 + np.exp(-z)))


@forward.mistake("the second array holds scores: turn them into probabilities with softmax")
def _scores(model, X):
    a1, _ = _forward(model, X)
    return a1, a1 @ model["W2"] + model["b2"]


@forward.mistake("tanh was applied to the output scores too; only the hidden layer is squashed")
def _tanh_twice(model, X):
    a1, _ = _forward(model, X)
    e = np.exp(np.tanh(a1 @ model["W2"] + model["b2"]))
    return a1, e / e.sum(axis=1, keepdims=True)


@forward.mistake("the two results are exchanged: a1 comes first, then p")
def _exchanged_results(model, X):
    return _forward(model, X)[::-1]


@forward.mistake("the first result is z1; return a1 = tanh(z1)")
def _z1_returned(model, X):
    return X @ model["W1"] + model["b1"], _forward(model, X)[1]


@forward.mistake("both biases are missing")
def _no_biases(model, X):
    return _forward(model, X, b1=0, b2=0)


@check
def loss(case):
    for shape, reg in (((7, 3, 4, 3), 0.0), ((7, 3, 4, 3), 0.5), ((10, 2, 3, 2), 2.0)):
        model, X, y = small_problem(case.rng, *shape)
        case.near(f"the loss with reg = {reg}", case.call(model, X, y, reg), true_loss(model, X, y, reg).real)
    blank = {name: np.zeros_like(values) for name, values in model.items()}
    case.near("the loss of a network that knows nothing", case.call(blank, X, y, 1.0), math.log(2))
    return "agrees with the sum over single examples, and is log 2 for a network that knows nothing of 2 classes"


def _loss(model, X, y, reg, mean=True, penalty=0.5, names=("W1", "W2"), penalty_mean=True, log=np.log):
    _, p = _forward(model, X)
    n = len(X)
    data = -log(p[np.arange(n), y]).sum() / (n if mean else 1)
    squares = sum((model[name] ** 2).sum() for name in names)
    return float(data + penalty * reg * squares / (n if penalty_mean else 1))


@loss.mistake("this is the sum over the examples: divide the whole loss by N")
def _summed(model, X, y, reg):
    return _loss(model, X, y, reg, mean=False, penalty_mean=False)


@loss.mistake("the cross-entropy is a sum: divide it by N, as you did with the penalty")
def _data_summed(model, X, y, reg):
    return _loss(model, X, y, reg, mean=False)


@loss.mistake("the penalty on the weights is missing")
def _no_penalty(model, X, y, reg):
    return _loss(model, X, y, reg, penalty=0)


@loss.mistake("the penalty is not divided by N: it is reg / 2N")
def _penalty_undivided(model, X, y, reg):
    return _loss(model, X, y, reg, penalty_mean=False)


@loss.mistake("the ½ of the penalty is missing: it is reg / 2N")
def _no_half(model, X, y, reg):
    return _loss(model, X, y, reg, penalty=1)


@loss.mistake("the biases are penalised too; only W1 and W2 are")
def _biases_too(model, X, y, reg):
    return _loss(model, X, y, reg, names=("W1", "b1", "W2", "b2"))


@loss.mistake("W2 is missing from the penalty")
def _w1_only(model, X, y, reg):
    return _loss(model, X, y, reg, names=("W1",))


@loss.mistake("the sign is wrong: the log of a probability is negative, and the loss is minus that")
def _negative(model, X, y, reg):
    return _loss(model, X, y, reg, log=lambda p: -np.log(p))


@loss.mistake("this is one minus the probability of the true class, without the logarithm")
def _no_log(model, X, y, reg):
    return _loss(model, X, y, reg, log=lambda p: p - 1)


ALL_COLUMNS = "p[:, y] takes N columns for every row, N × N numbers; p[np.arange(n), y] takes one per row"


def _penalty(model, X, reg):
    return reg / (2 * len(X)) * sum((model[name] ** 2).sum() for name in ("W1", "W2"))


@loss.mistake(ALL_COLUMNS + "; their mean hides it")
def _all_columns(model, X, y, reg):
    return float(-np.log(_forward(model, X)[1][:, y]).mean() + _penalty(model, X, reg))


@loss.mistake(ALL_COLUMNS)
def _all_columns_summed(model, X, y, reg):
    return float(-np.log(_forward(model, X)[1][:, y]).sum() / len(X) + _penalty(model, X, reg))


@loss.mistake("this takes the largest probability of each row; take the one of the true class, p[np.arange(n), y]")
def _largest(model, X, y, reg):
    return float(-np.log(_forward(model, X)[1].max(axis=1)).mean() + _penalty(model, X, reg))


@loss.mistake("the penalty is subtracted: large weights should cost, so add it")
def _rewarded(model, X, y, reg):
    return _loss(model, X, y, reg, penalty=-0.5)


@check
def gradients(case):
    for shape, reg in (((6, 2, 3, 2), 0.0), ((7, 3, 4, 3), 0.8)):
        model, X, y = small_problem(case.rng, *shape)
        want = true_gradients(model, X, y, reg)
        got = case.call(model, X, y, reg)
        case.true(isinstance(got, dict) and set(got) == set(want), "return a dict with the keys W1, b1, W2 and b2")
        for name in ("W2", "b2", "W1", "b1"):  # from the loss backwards: the first wrong one is where to look
            case.near(f"the gradient of {name}", got[name], want[name], rtol=1e-6, atol=1e-9)
    return "all four agree with the slope of the loss, to 6 digits, with and without the penalty"


def _gradients(
    model,
    X,
    y,
    reg,
    divide=True,
    divide_reg=True,
    reg_on=(1, 1),
    slope=lambda a: 1 - a**2,
    target=1,
    sign=1,
    bias=np.sum,
):
    n = len(X)
    a1, p = _forward(model, X)
    d2 = p.copy()
    d2[np.arange(n), y] -= target
    d2 *= sign / (n if divide else 1)
    d1 = (d2 @ model["W2"].T) * slope(a1)
    share = reg / (n if divide_reg else 1)
    return {
        "W1": X.T @ d1 + reg_on[0] * share * model["W1"],
        "b1": bias(d1, axis=0),
        "W2": a1.T @ d2 + reg_on[1] * share * model["W2"],
        "b2": bias(d2, axis=0),
    }


@gradients.mistake("this is N times the gradient, the slope of the sum: the loss is a mean, so divide by N")
def _times_n(model, X, y, reg):
    return _gradients(model, X, y, reg, divide=False, divide_reg=False)


@gradients.mistake("the cross-entropy part is N times too large: the loss is a mean, so divide δ₂ by N")
def _data_times_n(model, X, y, reg):
    return _gradients(model, X, y, reg, divide=False)


@gradients.mistake("the penalty's part is reg · W; the loss has reg / 2N, so its slope is reg / N · W")
def _reg_times_n(model, X, y, reg):
    return _gradients(model, X, y, reg, divide_reg=False)


@gradients.mistake("the penalty's part, reg / N · W, is missing")
def _no_reg(model, X, y, reg):
    return _gradients(model, X, y, reg, reg_on=(0, 0))


@gradients.mistake("the slope of tanh is missing: multiply by 1 - a1² on the way back through the hidden layer")
def _no_slope(model, X, y, reg):
    return _gradients(model, X, y, reg, slope=lambda a: 1)


@gradients.mistake("1 - a1 is not the slope of tanh: square a1")
def _unsquared_slope(model, X, y, reg):
    return _gradients(model, X, y, reg, slope=lambda a: 1 - a)


@gradients.mistake("a1 (1 - a1) is the slope of the sigmoid; the slope of tanh is 1 - a1²")
def _sigmoid_slope(model, X, y, reg):
    return _gradients(model, X, y, reg, slope=lambda a: a * (1 - a))


@gradients.mistake("δ₂ is p / N, but 1 should be taken from p at the true class first")
def _no_target(model, X, y, reg):
    return _gradients(model, X, y, reg, target=0)


@gradients.mistake("the sign is turned round: δ₂ is p - 1 at the true class, not 1 - p")
def _turned(model, X, y, reg):
    return _gradients(model, X, y, reg, sign=-1)


@gradients.mistake(
    "the gradient of a bias is the sum of δ over the examples, not their mean: the 1 / N is in δ already"
)
def _mean_bias(model, X, y, reg):
    return _gradients(model, X, y, reg, bias=np.mean)


@gradients.mistake("the penalty's part is missing from the gradient of W1")
def _no_reg_W1(model, X, y, reg):
    return _gradients(model, X, y, reg, reg_on=(0, 1))


@gradients.mistake("the penalty's part is missing from the gradient of W2")
def _no_reg_W2(model, X, y, reg):
    return _gradients(model, X, y, reg, reg_on=(1, 0))


@gradients.mistake("the penalty's part is half of what it should be: the slope of ½ W² is W")
def _half_reg(model, X, y, reg):
    return _gradients(model, X, y, reg / 2)


@gradients.mistake("the penalty's part is twice what it should be: the ½ in the loss cancels the 2 of the square")
def _double_reg(model, X, y, reg):
    return _gradients(model, X, y, 2 * reg)


def _gradients_of(p_minus_Y, model, X, reg, back=lambda d, a1: d * (1 - a1**2)):
    """Right but for the first difference, or for the step back through tanh."""
    n, (a1, _) = len(X), _forward(model, X)
    d2 = p_minus_Y / n
    d1 = back(d2 @ model["W2"].T, a1)
    W1, W2 = (reg / n * model[name] for name in ("W1", "W2"))
    return {"W1": X.T @ d1 + W1, "b1": d1.sum(axis=0), "W2": a1.T @ d2 + W2, "b2": d2.sum(axis=0)}


@gradients.mistake("[:, y] changes whole columns, those of every class in y; take 1 at [np.arange(n), y] alone")
def _columns_minus_one(model, X, y, reg):
    p = _forward(model, X)[1].copy()
    p[:, y] -= 1
    return _gradients_of(p, model, X, reg)


@gradients.mistake("the class number was subtracted from p; Y is 1 at the true class and 0 elsewhere")
def _class_number(model, X, y, reg):
    return _gradients_of(_forward(model, X)[1] - y[:, None], model, X, reg)


@gradients.mistake("brackets are missing: without them, δ * 1 - a1² is read as (δ * 1) - a1²")
def _no_brackets(model, X, y, reg):
    p = _forward(model, X)[1].copy()
    p[np.arange(len(X)), y] -= 1
    return _gradients_of(p, model, X, reg, back=lambda d, a1: d - a1**2)


@check
def numerical_gradient(case):
    for shape, constant in (((3,), 0.0), ((2, 3), -500.0)):
        c, theta = case.rng.uniform(1, 2, size=shape), case.rng.uniform(1, 2, size=shape)

        def cubic(x, c=c, constant=constant):
            return float((c * x**3).sum() + 5 * x.ravel()[0] * x.ravel()[-1] + constant)

        want = 3 * c * theta**2
        want.ravel()[[0, -1]] += 5 * theta.ravel()[[-1, 0]]  # the product couples two entries: move one, keep the other
        for h in (1e-2, 1e-3):  # a central difference of a cubic is off by exactly c h²
            visited = []

            def watched(x, cubic=cubic, visited=visited):
                visited.append(np.array(x))
                return cubic(x)

            case.near("the slope", case.call(watched, theta, h), want, rtol=0, atol=3 * h**2)
            farthest = max((np.abs(x - theta).max() for x in visited), default=0.0)
            case.true(0.4 * h < farthest < 4 * h, f"with h = {h} the function should be tried h away from theta: use h")
    case.near("the slope with the default h", case.call(cubic, theta), want, rtol=1e-7)
    return "slopes of cubics, as exact as a central difference can be: the error shrinks with h²"


def _difference(f, theta, h, low=1.0, high=1.0, width=2.0, restore=True):
    slope, moved = np.zeros_like(theta), theta.copy()
    for place in np.ndindex(theta.shape):
        original = moved[place]
        moved[place] = original + high * h
        above = f(moved)
        moved[place] = original - low * h
        below = f(moved)
        if restore:
            moved[place] = original
        slope[place] = (above - below) / (width * h)
    return slope


@numerical_gradient.mistake("this is a one-sided difference, whose error shrinks only with h: step to both sides")
def _one_sided(f, theta, h=1e-5):
    return _difference(f, theta, h, low=0, width=1)


@numerical_gradient.mistake(
    "this is a one-sided difference backwards, whose error shrinks only with h: step to both sides"
)
def _backward(f, theta, h=1e-5):
    return _difference(f, theta, h, high=0, width=1)


@numerical_gradient.mistake("the two points are 2h apart: divide by 2h, not by h")
def _half_width(f, theta, h=1e-5):
    return _difference(f, theta, h, width=1)


@numerical_gradient.mistake("put each entry back before you move the next one")
def _not_restored(f, theta, h=1e-5):
    return _difference(f, theta, h, restore=False)


@numerical_gradient.mistake("every entry was moved at once: move one at a time, and keep the others")
def _all_at_once(f, theta, h=1e-5):
    return np.full_like(theta, (f(theta + h) - f(theta - h)) / (2 * h))


@numerical_gradient.mistake("brackets are missing: a / 2 * h is (a / 2) · h, write a / (2 * h)")
def _times_h(f, theta, h=1e-5):
    return _difference(f, theta, h) * h * h


@numerical_gradient.mistake("the sign is turned round: f at the larger value minus f at the smaller")
def _wrong_sign(f, theta, h=1e-5):
    return -_difference(f, theta, h)


@numerical_gradient.mistake(
    "both points are the same: a second name is not a copy, so moving one array moves the other"
)
def _same_array(f, theta, h=1e-5):
    return np.zeros_like(theta)


@check
def train(case):
    model, X, y = small_problem(case.rng, n=6, d=2, h=2, k=2)
    lr, reg, steps = 0.3, 0.1, 3
    want, losses = model, [true_loss(model, X, y, reg).real]
    for _ in range(steps):
        slopes = true_gradients(want, X, y, reg)
        want = {name: want[name] - lr * slopes[name] for name in want}
        losses.append(true_loss(want, X, y, reg).real)
    for count in (1, steps):
        answer = case.call(model, X, y, lr, reg, count)
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 2,
            "return two things, the trained model and the list of losses: `return model, losses`",
        )
        case.near(f"the losses with steps = {count}", answer[1], losses[: count + 1])
    trained = answer[0]
    case.true(isinstance(trained, dict) and set(trained) == set(want), "the model should keep its keys W1, b1, W2, b2")
    for name in want:
        case.near(f"{name} after {steps} steps", trained[name], want[name])
    return f"{steps} steps of gradient descent land where they should, and the losses tell the way there"


def _train(model, X, y, lr, reg, steps, first=True, last=True, sequential=False, fresh=True, told=1.0):
    losses = [float(true_loss(model, X, y, told * reg).real)] if first else []
    start = true_gradients(model, X, y, reg)
    for step in range(steps):
        slopes = true_gradients(model, X, y, reg) if fresh else start
        new = dict(model)
        for name in new:
            slope = true_gradients(new, X, y, reg)[name] if sequential else slopes[name]
            new[name] = new[name] - lr * slope
        model = new
        if last or step < steps - 1:
            losses.append(float(true_loss(model, X, y, told * reg).real))
    return model, losses


@train.mistake("the loss went up: step against the gradient, with a minus sign")
def _uphill(model, X, y, lr, reg, steps):
    return _train(model, X, y, -lr, reg, steps)


@train.mistake("the loss before the first step is missing from the list")
def _no_first_loss(model, X, y, lr, reg, steps):
    return _train(model, X, y, lr, reg, steps, first=False)


@train.mistake("the loss after the last step is missing from the list")
def _no_last_loss(model, X, y, lr, reg, steps):
    return _train(model, X, y, lr, reg, steps, last=False)


@train.mistake("every parameter must step along the gradient of the same model: compute all four first, then update")
def _sequential(model, X, y, lr, reg, steps):
    return _train(model, X, y, lr, reg, steps, sequential=True)


@train.mistake("the gradients are computed once; they belong inside the loop, each step starts from a new model")
def _stale(model, X, y, lr, reg, steps):
    return _train(model, X, y, lr, reg, steps, fresh=False)


@train.mistake("the learning rate is not used: multiply the gradient by lr")
def _no_lr(model, X, y, lr, reg, steps):
    return _train(model, X, y, 1.0, reg, steps)


@train.mistake("there is one step too many")
def _one_more(model, X, y, lr, reg, steps):
    return _train(model, X, y, lr, reg, steps + 1)


@train.mistake("the recorded losses leave the penalty out: call loss with reg")
def _told_without_reg(model, X, y, lr, reg, steps):
    return _train(model, X, y, lr, reg, steps, told=0.0)


@train.mistake("every step starts from the first model: put the new model in its place")
def _from_the_first(model, X, y, lr, reg, steps):
    end, losses = _train(model, X, y, lr, reg, min(steps, 1))
    return end, losses[:1] + losses[1:] * steps
