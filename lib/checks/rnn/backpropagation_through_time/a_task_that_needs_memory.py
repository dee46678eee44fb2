"""Checks of ``rnn/03_backpropagation_through_time/02_a_task_that_needs_memory``.

Ground truth: the properties that define the adding problem; integrals by Gauss's quadrature, which is exact for
polynomials; derivatives by the complex step; a series added up term by term; and errors that follow a script.
"""

import itertools
import math

import numpy as np

from lib.checks import check

TINY = 1e-30


@check
def adding_batch(case):
    batches = []
    for batch, length, seed in ((2000, 7, 1), (2000, 10, 2), (500, 40, 3), (3, 2, 4)):
        batches.append((batch, length, case.call(np.random.default_rng(seed), batch, length)))
    again = case.call(np.random.default_rng(4), 3, 2)
    others = [case.call(np.random.default_rng(seed), 20, 30) for seed in (5, 6)]
    for batch, length, answer in batches:
        case.true(
            isinstance(answer, tuple | list) and len(answer) == 2,
            "return two arrays, the inputs and the targets: `return inputs, targets`",
        )
        case.true(
            np.shape(answer[0]) != (batch, length, 2), "time comes first: the inputs have the shape (length, batch, 2)"
        )
        inputs = case.array("the inputs", answer[0], (length, batch, 2))
        _judge_batch(case, inputs, case.array("the targets", answer[1], (batch,)), length)
    case.true(
        np.array_equal(np.asarray(again[0]), np.asarray(batches[-1][2][0])),
        "two generators with one seed should give one batch: take every random number from `rng`",
    )
    for part, name in ((0, "numbers"), (1, "marks")):
        one, other = (np.asarray(answer[0])[:, :, part] for answer in others)
        case.true(
            not np.array_equal(one, other),
            f"two generators with different seeds give the same {name}: draw from the `rng` that is handed in",
        )
    return "4 batches: uniform numbers, one mark in each half at any place, targets that are the marked sums"


def _judge_batch(case, inputs, targets, length):
    numbers, marks = inputs[:, :, 0], inputs[:, :, 1]
    half, batch = length // 2, numbers.shape[1]
    case.true(bool(np.isin(marks, (0, 1)).all()), "inputs[:, :, 1] holds the marks: 1 at two steps, 0 at all others")
    counts, whole = marks.sum(axis=0), bool((marks == marks[:, :1]).all())
    case.true(
        not (whole and counts.max() > 2),
        "whole steps are marked, for all sequences at once: marks[positions, np.arange(batch)] = 1",
    )
    case.true(
        counts.min() >= 2,
        "every sequence should have exactly two marks; some have fewer: can both fall on one step? "
        f"With length {length}, the first stands at one of the steps 0 to {half - 1}",
    )
    case.true(counts.max() <= 2, "every sequence should have exactly two marks; some have more")
    case.true(
        bool((marks[:half].sum(axis=0) == 1).all()),
        f"with length {length}, one mark belongs into steps 0 to {half - 1}, the other into {half} to {length - 1}",
    )
    case.true(bool(((numbers >= 0) & (numbers <= 1)).all()), "the numbers should lie between 0 and 1")
    case.near(
        "the targets", targets, (numbers * marks).sum(axis=0), rtol=1e-5, hint="the sum of the two marked numbers"
    )
    if batch * length < 1000:
        return
    n = numbers.size  # bounds of 6 standard deviations and more: a right answer fails less than once in 10^8 times
    case.true(
        abs(numbers.mean() - 0.5) < 6 * math.sqrt(1 / 12 / n)
        and abs((numbers**2).mean() - 1 / 3) < 6 * 0.3 / math.sqrt(n),
        "the numbers should be uniform between 0 and 1: rng.random",
    )
    same = (numbers[1:] == numbers[:-1]).mean() + (numbers[:, 1:] == numbers[:, :-1]).mean()
    case.true(same < 0.01, "every sequence and every step needs a number of its own")
    for rows in (marks[:half], marks[half:]):
        share = 1 / len(rows)
        deviation = np.abs(rows.mean(axis=1) - share).max() / math.sqrt(share * (1 - share) / batch)
        case.true(deviation < 6.5, "within its half, a mark should stand at every step equally often")
    if half > 1:
        first, second = marks[:half].argmax(axis=0) / (half - 1), marks[half:].argmax(axis=0) / (length - half - 1)
        correlation = np.corrcoef(first, second)[0, 1]
        case.true(
            abs(correlation) * math.sqrt(batch) < 6.5, "the two marks should be drawn independently of each other"
        )


def _adding(rng, batch, length, draw=None, middle=None, last=None, same=False, target=None, order=None, layout=None):
    numbers = rng.random((length, batch)) if draw is None else draw(rng, length, batch)
    middle, marks, columns = length // 2 if middle is None else middle, np.zeros((length, batch)), np.arange(batch)
    first = rng.integers(0, middle, 1 if same else batch)
    second = rng.integers(middle, length if last is None else last, 1 if same else batch)
    marks[first, columns] = 1
    marks[second, columns] = 1
    inputs = np.stack([numbers, marks] if order is None else [marks, numbers], axis=2)
    sums = (numbers * marks).sum(axis=0) if target is None else target(numbers, marks)
    return (inputs if layout is None else layout(inputs)), sums


@adding_batch.mistake("numbers and marks are exchanged: the numbers come first, inputs[:, :, 0]")
def _exchanged(rng, batch, length):
    return _adding(rng, batch, length, order="marks first")


@adding_batch.mistake("the axes are exchanged: time comes first, the shape is (length, batch, 2)")
def _batch_first(rng, batch, length):
    return _adding(rng, batch, length, layout=lambda inputs: inputs.transpose(1, 0, 2))


@adding_batch.mistake("all sequences of a batch are marked at the same steps: draw `batch` positions for each half")
def _same_steps(rng, batch, length):
    return _adding(rng, batch, length, same=True)


@adding_batch.mistake("the target is the sum of all numbers: only the two marked ones count")
def _sum_of_all(rng, batch, length):
    return _adding(rng, batch, length, target=lambda numbers, marks: numbers.sum(axis=0))


@adding_batch.mistake("the target is the mean of the two marked numbers; the task is their sum")
def _mean_of_two(rng, batch, length):
    return _adding(rng, batch, length, target=lambda numbers, marks: (numbers * marks).sum(axis=0) / 2)


@adding_batch.mistake("the target has one column too many: its shape is (batch,)")
def _column(rng, batch, length):
    return _adding(rng, batch, length, target=lambda numbers, marks: (numbers * marks).sum(axis=0)[:, None])


@adding_batch.mistake("the last step is never marked: rng.integers leaves out its upper end")
def _never_last(rng, batch, length):
    return _adding(rng, batch, length, last=max(length - 1, length // 2 + 1))


@adding_batch.mistake(
    "the first mark may stand one step too far: rng.integers(0, length // 2) already ends at the right step"
)
def _half_included(rng, batch, length):
    numbers, marks = rng.random((length, batch)), np.zeros((length, batch))
    marks[rng.integers(0, length // 2 + 1, batch), np.arange(batch)] = 1
    marks[rng.integers(length // 2, length, batch), np.arange(batch)] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=0)


@adding_batch.mistake(
    "each position marks its step for all sequences at once: pair them, marks[positions, np.arange(batch)] = 1"
)
def _whole_steps(rng, batch, length):
    numbers, marks = rng.random((length, batch)), np.zeros((length, batch))
    marks[rng.integers(0, length // 2, batch)] = 1
    marks[rng.integers(length // 2, length, batch)] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=0)


@adding_batch.mistake("every call gives the same batch: use the `rng` that is handed in, do not make one of your own")
def _fixed_seed(rng, batch, length):
    return _adding(np.random.default_rng(0), batch, length)


@adding_batch.mistake("both marks may fall into any half, or on one step: draw one position from each half")
def _anywhere(rng, batch, length):
    numbers, marks = rng.random((length, batch)), np.zeros((length, batch))
    for _ in range(2):
        marks[rng.integers(0, length, batch), np.arange(batch)] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=0)


@adding_batch.mistake("the numbers come from a normal distribution; they should be uniform between 0 and 1: rng.random")
def _normal(rng, batch, length):
    return _adding(rng, batch, length, draw=lambda rng, length, batch: rng.normal(size=(length, batch)))


@adding_batch.mistake("the numbers lie between -1 and 1, as in the paper of 1997; here they lie between 0 and 1")
def _signed(rng, batch, length):
    return _adding(rng, batch, length, draw=lambda rng, length, batch: rng.uniform(-1, 1, (length, batch)))


@check
def baseline(case):
    nodes, weights = np.polynomial.legendre.leggauss(3)
    for n, low, high in ((1, 0.0, 1.0), (2, 0.0, 1.0), (2, -1.0, 1.0), (3, 1.0, 3.0), (4, -2.0, 0.5)):
        points, share = (low + high) / 2 + nodes * (high - low) / 2, weights / 2
        choices = list(itertools.product(range(3), repeat=n))
        sums = np.array([points[list(choice)].sum() for choice in choices])
        chances = np.array([share[list(choice)].prod() for choice in choices])
        mean = np.round(chances @ sums, 12)  # shown as 0, not as 4e-17
        answer = case.call(n, low, high)
        answer = case.array("the pair of the answer and its error", answer, (2,))
        where = f"for {n} number{'s' * (n > 1)} from {low:g} to {high:g}"
        case.near(f"the best answer {where}", answer[0], mean)
        case.near(f"its mean squared error {where}", answer[1], chances @ (sums - mean) ** 2)
    return "5 answers and errors agree with the integrals; predicting 1 in the adding problem costs 1/6"


@baseline.mistake("this is the error of one number: the variances of independent numbers add up, so multiply by n")
def _one_variance(n, low, high):
    return n * (low + high) / 2, (high - low) ** 2 / 12


@baseline.mistake(
    "n² would be right if all n numbers were the same; the variances of independent ones add up: n times one"
)
def _n_squared(n, low, high):
    return n * (low + high) / 2, n**2 * (high - low) ** 2 / 12


@baseline.mistake("n is missing: both the means and the variances of n independent numbers add up")
def _one_number(n, low, high):
    return (low + high) / 2, (high - low) ** 2 / 12


@baseline.mistake("the square is missing: the variance of one number is (high - low)² / 12")
def _no_square(n, low, high):
    return n * (low + high) / 2, n * (high - low) / 12


@baseline.mistake("this is the standard deviation: the mean squared error is its square, the variance")
def _deviation(n, low, high):
    return n * (low + high) / 2, math.sqrt(n * (high - low) ** 2 / 12)


@baseline.mistake("the answer is the mean of one number; the mean of the sum is n times as large")
def _one_mean(n, low, high):
    return (low + high) / 2, n * (high - low) ** 2 / 12


@baseline.mistake("the best answer is not the half of the upper end: the middle between low and high, (low + high) / 2")
def _half_high(n, low, high):
    return n * high / 2, n * (high - low) ** 2 / 12


@baseline.mistake("the width is high - low: the variance is its square over 12, wherever the interval lies")
def _upper_width(n, low, high):
    return n * (low + high) / 2, n * high**2 / 12


@baseline.mistake("the two numbers are exchanged: first the answer, then its error")
def _exchanged_pair(n, low, high):
    return n * (high - low) ** 2 / 12, n * (low + high) / 2


@check
def remembered(case):
    for T, H in ((1, 2), (4, 3), (9, 2)):
        f, added = case.rng.uniform(0.3, 1.0, size=(T, H)), case.rng.normal(size=(T, H))
        want = np.empty((T + 1, H))
        for t in range(T + 1):
            c = np.full(H, 0.5 + 1j * TINY)
            for gate, new in zip(f[t:], added[t:], strict=True):
                c = gate * c + new
            want[t] = c.imag / TINY
        case.near("what is left", case.call(f), want)
    closed = np.array([[0.5, 1.0], [0.0, 1.0], [0.5, 1.0]])
    case.near("what is left when a gate closes", case.call(closed), [[0.0, 1.0], [0.0, 1.0], [0.5, 1.0], [1.0, 1.0]])
    return "4 tables agree with cells that are nudged and run to the end; a closed gate cuts off all before it"


@remembered.mistake("the products run forward from the first step; row t needs the gates after t, up to the last")
def _forward_products(f):
    return np.vstack([np.ones_like(f[:1]), np.cumprod(f, axis=0)])


@remembered.mistake("the last row is missing: c_T moves with itself by 1, so the shape is (T + 1, H)")
def _no_last_row(f):
    return np.cumprod(f[::-1], axis=0)[::-1]


@remembered.mistake("gate f_t makes c_t and is over by then: row t has the gates t + 1 to T")
def _own_gate(f):
    left = np.cumprod(f[::-1], axis=0)[::-1]
    return np.vstack([left[:1], left])


@remembered.mistake(
    "the gate is one too early: row 0 of f is step 1, so the gate from c_t to c_(t+1) is f[t], not f[t - 1]"
)
def _gate_before(f):
    left = np.ones((len(f) + 1, f.shape[1]))
    for t in range(len(f) - 1, -1, -1):
        left[t] = f[t - 1] * left[t + 1]
    return left


@remembered.mistake("the gates are added up; the chain rule multiplies them")
def _added_gates(f):
    return np.vstack([np.cumsum(f[::-1], axis=0)[::-1], np.ones_like(f[:1])])


@remembered.mistake("the rows stand in the order of the way back; row t belongs to c_t, and the last row is all ones")
def _way_back(f):
    return np.vstack([np.ones_like(f[:1]), np.cumprod(f[::-1], axis=0)])


@remembered.mistake("only one gate is counted: from c_t to c_T the nudge passes every gate from t + 1 to T")
def _one_gate(f):
    return np.vstack([f, np.ones_like(f[:1])])


@remembered.mistake("the units are multiplied, too: each has gates of its own, so take the products along axis 0")
def _flat(f):
    left = np.vstack([np.cumprod(f[::-1], axis=0)[::-1], np.ones_like(f[:1])])
    return np.repeat(left.prod(axis=1, keepdims=True), f.shape[1], axis=1)


@check
def forget_bias(case):
    for steps in (1.5, 2.0, 10.0, 200.0):
        b = case.array("the bias", case.call(steps), ())
        gate = 1 / (1 + math.exp(-float(b))) if abs(b) < 500 else 0.0
        kept, total = 1.0, 0.0
        for _ in range(20_000):  # the series of what is kept, term by term
            total, kept = total + kept, kept * gate
        case.near(f"the memory that this bias gives for steps = {steps:g}", total, steps, rtol=1e-6)
    several = case.rng.uniform(1.2, 40, size=5)
    each = [_bias(one) for one in several]
    case.near("the biases of several units", case.call(several), each)
    return "biases for memories of 1.5 to 200 steps: the series adds up to what was asked for"


def _bias(steps: float) -> float:
    """By halving: the bias at which 1 / (1 - gate) is ``steps``."""
    low, high = -30.0, 30.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 + math.exp(middle) < steps else (low, middle)
    return middle


@forget_bias.mistake("this is the gate, 1 - 1/steps; the bias is what the sigmoid turns into it: log(f / (1 - f))")
def _gate(steps):
    return 1 - 1 / steps


@forget_bias.mistake("log(steps) is close for long memories; solve 1 + exp(b) = steps exactly")
def _log_steps(steps):
    return np.log(steps)


@forget_bias.mistake("the sign is turned round: a large bias opens the gate that keeps")
def _turned_sign(steps):
    return -np.log(np.asarray(steps) - 1.0)


@forget_bias.mistake("log(1 - 1/steps) is the logarithm of the gate; undo the sigmoid: log(f / (1 - f))")
def _log_gate(steps):
    return np.log(1 - 1 / np.asarray(steps, dtype=float))


@forget_bias.mistake("the logarithm is missing: exp(b) = steps - 1")
def _no_log(steps):
    return steps - 1.0


@forget_bias.mistake("`steps` may be an array, and math.log takes one number only: np.log")
def _math_log(steps):
    return math.log(steps - 1.0)


@forget_bias.mistake("the logarithm has base 2; the sigmoid is made of e: np.log")
def _base_2(steps):
    return np.log2(np.asarray(steps) - 1.0)


@forget_bias.mistake("the logarithm has base 10; the sigmoid is made of e: np.log")
def _base_10(steps):
    return np.log10(np.asarray(steps) - 1.0)


@forget_bias.mistake("1 is added instead of taken away: 1 + exp(b) = steps")
def _plus_one(steps):
    return np.log(np.asarray(steps) + 1.0)


class Script:
    """A training whose errors are known beforehand, as long as each step gets the batch that was drawn last.

    played: the copy that the learner's function was given (``case.call`` copies its arguments).
    """

    def __init__(self, errors):
        self.errors, self.drawn, self.used, self.steps, self.played = list(errors), 0, 0, 0, None

    def __deepcopy__(self, memo):
        self.played = Script(self.errors)
        return self.played

    def draw(self):
        self.drawn += 1
        return self.drawn, -self.drawn

    def __call__(self, inputs, targets):
        self.steps += 1
        if inputs != -targets:
            return 8.0  # inputs of one batch, targets of another
        if inputs != self.drawn or inputs == self.used:
            return 7.0  # an old batch
        self.used = inputs
        return self.errors[self.steps - 1] if self.steps <= len(self.errors) else 9.0


class Draws:
    """Draws the batches of a script."""

    def __init__(self, script):
        self.script = script

    def __call__(self):
        return self.script.draw()


@check
def fit(case):
    falling = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
    lucky = [0.5, 0.0, 0.5, 0.5, 0.0, 0.02, 0.02, 0.3, 0.0, 0.0]
    trainings = (
        (falling, 10, 0.03, 3, 7),  # 0.05, 0.02, 0.01 have the mean 0.0267
        (falling, 10, 1e-9, 2, 10),
        (falling, 4, 0.03, 3, 4),
        (lucky, 10, 0.02, 3, 7),  # 0.0, 0.02, 0.02
        (lucky, 9, 0.27, 2, 2),
        ([0.01] * 10, 10, 0.03, 4, 4),  # not before the window is full
        (falling, 10, 0.6, 1, 2),
        ([0.5] * 4, 4, 0.5, 2, 4),  # just at the limit is not below it
    )
    played = []
    for errors, most, solved, window, _ in trainings:
        script = Script(errors)
        answer = case.call(script, Draws(script), most, solved, window)
        played.append((answer, script.played.steps, script.played.drawn))
    for (errors, most, solved, window, length), (answer, steps, drawn) in zip(trainings, played, strict=True):
        setting = f"the errors with window = {window}, solved = {solved:g} and most = {most}"
        answer = case.array(setting, answer)
        case.true(
            answer.shape == (length,),
            f"{setting}: there should be {length}, up to the step after which it stops, but there are {answer.size}; "
            f"the script has {', '.join(f'{error:g}' for error in errors)}",
        )
        case.near(setting, answer, errors[:length])
        case.true(steps == length, "a step is made whose error is not returned: append the error first, then look back")
        case.true(
            drawn == length, "a batch is drawn that no step uses: call `draw` once for each step, right before it"
        )
    return "8 scripted trainings end where they should: solved over a full window, or at the last step allowed"


def _fit(step, draw, most, solved, window, full=True, mean=np.mean, sign=1, fresh=True, last=True):
    errors, batch = [], None if fresh else draw()
    while len(errors) < most:
        errors.append(step(*(draw() if fresh else batch)))
        if (len(errors) >= window or not full) and sign * mean(errors[-window:]) < sign * solved:
            break
    return errors if last else errors[:-1]


@fit.mistake("one batch is drawn before the loop and used for ever: draw a new one for every step")
def _one_batch(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, window, fresh=False)


@fit.mistake("all batches are drawn before the loop: draw each right before its step, most may never be needed")
def _all_ahead(step, draw, most, solved, window):
    batches = iter([draw() for _ in range(most)])
    return _fit(step, lambda: next(batches), most, solved, window)


@fit.mistake("`draw` is called twice for one step: its inputs and its targets belong to different batches")
def _mixed(step, draw, most, solved, window):
    return _fit(step, lambda: (draw()[0], draw()[1]), most, solved, window)


@fit.mistake("it stops one step too late: the window is full when there are just `window` errors, >= and not >")
def _over_full(step, draw, most, solved, window):
    errors = []
    while len(errors) < most:
        errors.append(step(*draw()))
        if len(errors) > window and np.mean(errors[-window:]) < solved:
            break
    return errors


@fit.mistake("it waits until all errors of the window are low: take their mean, not the maximum")
def _maximum(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, window, mean=np.max)


@fit.mistake("it stops where the mean is just `solved`: it should be below it, < and not <=")
def _at_the_limit(step, draw, most, solved, window):
    return _fit(step, draw, most, np.nextafter(solved, np.inf), window)


@fit.mistake("it never stops early: break when the mean of the last `window` errors is below `solved`")
def _never_early(step, draw, most, solved, window):
    return _fit(step, draw, most, -1.0, window)


@fit.mistake("one lucky batch is enough to stop: take the mean of the last `window` errors")
def _one_error(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, 1)


@fit.mistake("it stops before there are `window` errors: wait until the window is full")
def _window_not_full(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, window, full=False)


@fit.mistake("the mean is taken over all errors since the first: only the last `window` count, errors[-window:]")
def _mean_of_all(step, draw, most, solved, window):
    errors = []
    while len(errors) < most:
        errors.append(step(*draw()))
        if len(errors) >= window and np.mean(errors) < solved:
            break
    return errors


@fit.mistake("it stops when a single error of the window is low: take the mean, not the minimum")
def _minimum(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, window, mean=np.min)


@fit.mistake("the comparison is turned round: stop when the mean is *below* `solved`")
def _turned_comparison(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, window, sign=-1)


@fit.mistake("the error of the last step is missing: append it before you decide to stop")
def _last_missing(step, draw, most, solved, window):
    return _fit(step, draw, most, solved, window, last=False)


@fit.mistake("there is one step too many at the end: `most` is the largest number of steps")
def _one_too_many(step, draw, most, solved, window):
    return _fit(step, draw, most + 1, solved, window)
