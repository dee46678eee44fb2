"""Checks of ``rnn/03_backpropagation_through_time/01_vanishing_gradients``.

Ground truth are derivatives by the complex step (Squire and Trapp 1998, SIAM Review 40:110): the network runs forward
with one number moved by 1e-30 i, and the imaginary part of the answer is the derivative. Nothing is sent back.
"""

import math

import numpy as np

from lib.checks import check

TINY = 1e-30


def small_network(rng: np.random.Generator, H: int, T: int, gain: float = 1.0):
    """W (H, H), what comes in at each step (T, H), and the states (T + 1, H), the first one zero."""
    W, pushed = gain * rng.normal(size=(H, H)) / np.sqrt(H), rng.normal(size=(T, H))
    return W, pushed, run(W, pushed, np.zeros(H), 0)


def run(W: np.ndarray, pushed: np.ndarray, state: np.ndarray, start: int) -> np.ndarray:
    """The states from ``start`` on; W may be one matrix or one for each step, and everything may be complex."""
    states = [state]
    for t in range(start, len(pushed)):
        states.append(np.tanh(pushed[t] + (W if W.ndim == 2 else W[t]) @ states[-1]))
    return np.array(states)


def derivative_by_state(W, pushed, states, k: int) -> np.ndarray:
    """How all states after step k move with s_k: entry [n, i, j] is the derivative of entry i of s_{k+n} by entry j."""
    columns = []
    for j in range(len(W)):
        moved = states[k].astype(complex)
        moved[j] += 1j * TINY
        columns.append(run(W, pushed, moved, k).imag / TINY)
    return np.stack(columns, axis=2)


@check
def jacobian(case):
    for H in (2, 3, 5):
        W, pushed, states = small_network(case.rng, H, 2)
        case.near("the Jacobian", case.call(states[2], W), derivative_by_state(W, pushed, states, 1)[1])
    return "3 Jacobians agree with how the new state really moves when the old one is nudged"


@jacobian.mistake("the slope of tanh is missing: multiply row i of W by 1 - s[i]²")
def _no_slope(s, W):
    return np.array(W)


@jacobian.mistake("1 - s is not the slope of tanh: square s")
def _unsquared(s, W):
    return (1 - s)[:, None] * W


@jacobian.mistake("s (1 - s) is the slope of the sigmoid; the slope of tanh is 1 - s²")
def _sigmoid_slope(s, W):
    return (s * (1 - s))[:, None] * W


@jacobian.mistake(
    "the slopes multiply the columns of W; each belongs to a row, to a number of the new state: `[:, None]`"
)
def _columns(s, W):
    return (1 - s**2) * W


@jacobian.mistake("this is the transposed Jacobian: row i belongs to the new state, column j to the old one")
def _transposed(s, W):
    return ((1 - s**2)[:, None] * W).T


@jacobian.mistake("W is turned: entry [i, j] of W leads from number j of the old state to number i of the new one")
def _turned(s, W):
    return (1 - s**2)[:, None] * W.T


@jacobian.mistake("tanh is applied once more: s is the new state already, so the slope is 1 - s²")
def _tanh_again(s, W):
    return (1 - np.tanh(s) ** 2)[:, None] * W


@jacobian.mistake("this is a vector: each slope multiplies a whole row of W, and nothing is added up")
def _vector(s, W):
    return (1 - s**2) @ W


@check
def state_jacobian(case):
    W, pushed, states = small_network(case.rng, 3, 5, gain=1.5)
    for k, t in ((3, 4), (1, 5), (0, 2), (0, 5), (2, 2), (5, 5)):
        want = derivative_by_state(W, pushed, states, k)[t - k]
        case.near(f"the derivative of s_{t} by s_{k}", case.call(states, W, k, t), want)
    return "6 products agree with how a later state moves when an earlier one is nudged; none at all is the identity"


def _product(states, W, steps, start=None, turned=False, slope=lambda s: 1 - s**2):
    product = np.eye(len(W)) if start is None else start
    for j in steps:
        J = slope(states[j])[:, None] * W
        product = product @ J if turned else J @ product
    return product


@state_jacobian.mistake("the factors stand in the wrong order: the latest step stands on the left, J_t … J_{k+1}")
def _wrong_order(states, W, k, t):
    return _product(states, W, range(k + 1, t + 1), turned=True)


@state_jacobian.mistake("there is one factor too many: the first step that counts is k + 1, not k")
def _from_k(states, W, k, t):
    return _product(states, W, range(k, t + 1))


@state_jacobian.mistake("the last factor is missing: range(k + 1, t) ends before t")
def _without_t(states, W, k, t):
    return _product(states, W, range(k + 1, t))


@state_jacobian.mistake(
    "the steps are one too early: the step from s_{j-1} to s_j has the slope of s_j, not of s_{j-1}"
)
def _old_slopes(states, W, k, t):
    return _product(states, W, range(k, t))


@state_jacobian.mistake("the product begins with zeros and stays there: begin with the identity, np.eye")
def _from_zeros(states, W, k, t):
    return _product(states, W, range(k + 1, t + 1), start=np.zeros_like(W))


@state_jacobian.mistake(
    "the product begins with ones everywhere: the matrix that changes nothing is the identity, np.eye"
)
def _from_ones(states, W, k, t):
    return _product(states, W, range(k + 1, t + 1), start=np.ones_like(W))


@state_jacobian.mistake("* multiplies entry by entry; the chain rule needs the matrix product @")
def _entrywise(states, W, k, t):
    product = np.eye(len(W))
    for j in range(k + 1, t + 1):
        product = ((1 - states[j] ** 2)[:, None] * W) * product
    return product


@state_jacobian.mistake("the Jacobians are added; the chain rule multiplies them")
def _added(states, W, k, t):
    return sum(((1 - states[j] ** 2)[:, None] * W for j in range(k + 1, t + 1)), np.zeros_like(W))


@state_jacobian.mistake("this is the transposed product: row i belongs to s_t, column j to s_k")
def _product_transposed(states, W, k, t):
    return _product(states, W, range(k + 1, t + 1)).T


@state_jacobian.mistake("only the last step's Jacobian is returned: multiply it with all earlier ones, back to k + 1")
def _last_only(states, W, k, t):
    return _product(states, W, [t])


@check
def blame(case):
    for H, T in ((2, 3), (4, 6), (3, 1)):
        W, pushed, states = small_network(case.rng, H, T, gain=1.5)
        d_last = case.rng.normal(size=H)
        want = [d_last @ derivative_by_state(W, pushed, states, k)[-1] for k in range(T + 1)]
        case.near("the blame", case.call(states, W, d_last), want)
    return "3 sequences: every state bears the blame that nudging it forward confirms, back to the zero state"


def _blame(states, W, d_last, slope=lambda s: 1 - s**2, shift=0, back=None, first=True, last=False):
    rows = np.zeros_like(states)
    rows[-1] = (1 - states[-1] ** 2) * d_last if last else d_last
    for t in range(len(states) - 1, 0 if first else 1, -1):
        rows[t - 1] = (W.T if back is None else back) @ (slope(states[t - shift]) * rows[t])
    return rows


@blame.mistake("W leads forward; the blame goes back through its transpose, W.T")
def _forward_W(states, W, d_last):
    return _blame(states, W, d_last, back=W)


@blame.mistake("the slope of tanh is missing: multiply the blame by 1 - s_t² before it goes through W.T")
def _blame_no_slope(states, W, d_last):
    return _blame(states, W, d_last, slope=np.ones_like)


@blame.mistake("the slope is taken one step too early: from s_t to s_{t-1} it is 1 - s_t²")
def _blame_old_slope(states, W, d_last):
    return _blame(states, W, d_last, shift=1)


@blame.mistake("1 - s is not the slope of tanh: square s")
def _blame_unsquared(states, W, d_last):
    return _blame(states, W, d_last, slope=lambda s: 1 - s)


@blame.mistake("the zero state, row 0, bears blame, too: the loop ends one step too early")
def _blame_first_missing(states, W, d_last):
    return _blame(states, W, d_last, first=False)


@blame.mistake("d_last is the derivative by the state s_T itself: no slope belongs to it, row T is d_last")
def _blame_slope_at_end(states, W, d_last):
    return _blame(states, W, d_last, last=True)


@blame.mistake("the rows stand in the order of the way back; row t belongs to s_t, so row 0 to the zero state")
def _blame_reversed(states, W, d_last):
    return _blame(states, W, d_last)[::-1]


@blame.mistake("the slope comes too late: from the last step backwards, first multiply by 1 - s_t², then by W.T")
def _blame_slope_after(states, W, d_last):
    rows = np.zeros_like(states)
    rows[-1] = d_last
    for t in range(len(states) - 1, 0, -1):
        rows[t - 1] = (1 - states[t] ** 2) * (W.T @ rows[t])
    return rows


@blame.mistake("every row starts from d_last again: row t - 1 comes from row t")
def _blame_from_last(states, W, d_last):
    rows = np.zeros_like(states)
    rows[-1] = d_last
    for t in range(len(states) - 1, 0, -1):
        rows[t - 1] = W.T @ ((1 - states[t] ** 2) * d_last)
    return rows


@blame.mistake("the slope comes first: multiply by 1 - s_t², then by W.T; here it is s_{t-1}'s slope, and after W.T")
def _blame_old_slope_after(states, W, d_last):
    rows = np.zeros_like(states)
    rows[-1] = d_last
    for t in range(len(states) - 1, 0, -1):
        rows[t - 1] = (1 - states[t - 1] ** 2) * (W.T @ rows[t])
    return rows


@blame.mistake("row T, the last one, was never filled: it is d_last, and all others follow from it")
def _blame_forgets_d_last(states, W, d_last):
    return np.zeros_like(states)


@blame.mistake("row T - 1 is never filled: begin the loop at t = T, which is len(states) - 1")
def _blame_starts_late(states, W, d_last):
    rows = np.zeros_like(states)
    rows[-1] = d_last
    for t in range(len(states) - 2, 0, -1):
        rows[t - 1] = W.T @ ((1 - states[t] ** 2) * rows[t])
    return rows


@blame.mistake("d_last is added at every step: the error is at the last step alone, so only row T gets it")
def _blame_adds_d_last(states, W, d_last):
    rows = np.zeros_like(states)
    rows[-1] = d_last
    for t in range(len(states) - 1, 0, -1):
        rows[t - 1] = W.T @ ((1 - states[t] ** 2) * rows[t]) + d_last
    return rows


@check
def truncated_gradient(case):
    W, pushed, states = small_network(case.rng, 3, 5, gain=1.5)
    d_last = case.rng.normal(size=3)
    by_step = np.zeros((5, 3, 3))  # each step gets a W of its own, and the derivative by it
    for place in np.ndindex(by_step.shape):
        moved = np.repeat(W[None], 5, axis=0).astype(complex)
        moved[place] += 1j * TINY
        by_step[place] = d_last @ run(moved, pushed, np.zeros(3), 0)[-1].imag / TINY
    for truncate in (0, 1, 3, 4, 9):
        want = by_step[max(0, 4 - truncate) :].sum(axis=0)
        case.near(f"the gradient with truncate = {truncate}", case.call(states, W, d_last, truncate), want)
    return "5 sums of the last steps' shares, from the last step alone to the whole sequence"


def _truncated(states, W, d_last, truncate, transposed=False, shift=1, slope=True, terms=None, add=True):
    T = len(states) - 1
    rows, gradient = _blame(states, W, d_last), np.zeros_like(W)
    for t in range(T, max(0, T - truncate - 1), -1) if terms is None else terms:
        delta = rows[t] * (1 - states[t] ** 2 if slope else 1)
        share = np.outer(states[t - shift], delta) if transposed else np.outer(delta, states[t - shift])
        gradient = gradient + share if add else share
    return gradient


@truncated_gradient.mistake("the outer product is turned: np.outer(delta, states[t - 1]) has the shape and order of W")
def _turned_outer(states, W, d_last, truncate):
    return _truncated(states, W, d_last, truncate, transposed=True)


@truncated_gradient.mistake("at step t, W multiplies the state before it, states[t - 1], not states[t]")
def _same_state(states, W, d_last, truncate):
    return _truncated(states, W, d_last, truncate, shift=0)


@truncated_gradient.mistake("the slope of tanh is missing: delta is the blame of s_t times 1 - s_t²")
def _no_slope_in_delta(states, W, d_last, truncate):
    return _truncated(states, W, d_last, truncate, slope=False)


@truncated_gradient.mistake("nothing was left out: stop after the last step and `truncate` more")
def _whole(states, W, d_last, truncate):
    return _truncated(states, W, d_last, len(states))


@truncated_gradient.mistake("one step too few: with truncate = 0 the last step itself still counts")
def _one_less(states, W, d_last, truncate):
    return _truncated(states, W, d_last, truncate - 1)


@truncated_gradient.mistake("one step too many: with truncate = 0 only the last step counts")
def _one_more(states, W, d_last, truncate):
    return _truncated(states, W, d_last, truncate + 1)


@truncated_gradient.mistake("only the earliest share is returned: add up the shares of all steps on the way")
def _earliest_only(states, W, d_last, truncate):
    return _truncated(states, W, d_last, truncate, add=False)


@truncated_gradient.mistake("the sequence was cut at the wrong end: keep the last steps, those nearest to the error")
def _wrong_end(states, W, d_last, truncate):
    T = len(states) - 1
    return _truncated(states, W, d_last, truncate, terms=range(1, min(T, truncate + 1) + 1))


@truncated_gradient.mistake(
    "truncate may be larger than the sequence: stop at step 1, below it indices count from the end"
)
def _wraps(states, W, d_last, truncate):
    T = len(states) - 1
    rows = d_last
    gradient = np.zeros_like(W)
    for t in range(T, T - truncate - 1, -1):
        delta = rows * (1 - states[t] ** 2)
        gradient = gradient + np.outer(delta, states[t - 1])
        rows = W.T @ delta
    return gradient


@truncated_gradient.mistake("t = 0 is not a step: it takes states[-1], the last state; stop at t = 1")
def _step_zero(states, W, d_last, truncate):
    T = len(states) - 1
    return _truncated(states, W, d_last, truncate, terms=range(T, max(0, T - truncate) - 1, -1))


@truncated_gradient.mistake(
    "t runs below 1 when truncate is larger than the sequence: t = max(1, T - truncate) is the earliest step"
)
def _runs_below(states, W, d_last, truncate):
    T = len(states) - 1
    return _truncated(states, W, d_last, truncate, terms=range(T, T - truncate - 1, -1))


@truncated_gradient.mistake("the slope is that of s_{t-1}; delta at step t takes the slope of s_t, 1 - states[t]²")
def _old_slope_in_delta(states, W, d_last, truncate):
    T = len(states) - 1
    rows = _blame(states, W, d_last)
    steps = range(T, max(0, T - truncate - 1), -1)
    return sum((np.outer((1 - states[t - 1] ** 2) * rows[t], states[t - 1]) for t in steps), np.zeros_like(W))


@truncated_gradient.mistake("delta @ state is one number; the share of a step is the outer product, np.outer")
def _inner_product(states, W, d_last, truncate):
    T = len(states) - 1
    rows = _blame(states, W, d_last)
    steps = range(T, max(0, T - truncate - 1), -1)
    return np.zeros_like(W) + sum(((1 - states[t] ** 2) * rows[t]) @ states[t - 1] for t in steps)


@check
def clip_by_norm(case):
    for scale, largest in ((1.0, 0.5), (30.0, 5.0), (0.01, 1.0), (1.0, 100.0)):
        given = {
            "U": scale * case.rng.normal(size=(3, 2)),
            "W": scale * case.rng.normal(size=(3, 3)),
            "b": scale * case.rng.normal(size=3),
        }
        norm = math.sqrt(math.fsum(float(x) ** 2 for g in given.values() for x in g.ravel()))
        _judge(case, given, largest, min(1.0, largest / norm), f"with the norm {norm:.3g} and the limit {largest:g}")
    zero = {"W": np.zeros((2, 2)), "b": np.zeros(2)}
    _judge(case, zero, 1.0, 1.0, "where all gradients are zero")
    exact = {"W": np.array([[3.0, 0.0], [0.0, 4.0]])}
    _judge(case, exact, 5.0, 1.0, "where the norm is just the limit")
    for bad in (np.nan, np.inf, -np.inf):
        given = {"W": np.array([[1.0, bad], [2.0, 3.0]]), "b": np.array([0.5, 0.25])}
        _judge(case, given, 1.0, 0.0, f"where {bad} is among the gradients (all zeros are asked for)")
    return "9 sets of gradients: long ones end at the limit, short ones stay, NaN and inf give zeros"


def _judge(case, given, largest, factor, where):
    answer = case.call(given, largest)
    case.true(
        isinstance(answer, dict) and set(answer) == set(given),
        "return a dict with the same names as the gradients that came in",
    )
    broken = not all(np.isfinite(g).all() for g in given.values())
    for name, g in given.items():
        want = factor * g if factor else np.zeros_like(g)
        if broken and np.shape(answer[name]) == g.shape and not np.isfinite(answer[name]).all():
            case.fail(f"the clipped {name} {where}: NaN or inf came in and got through: test np.isfinite(norm) first")
        case.near(f"the clipped {name} {where}", answer[name], want)


def _norm(gradients):
    return np.sqrt(sum((g**2).sum() for g in gradients.values()))


def _scaled(gradients, scale, guard=True):
    if guard and not np.isfinite(_norm(gradients)):
        return {name: np.zeros_like(g) for name, g in gradients.items()}
    return {name: g * scale for name, g in gradients.items()}


@clip_by_norm.mistake(
    "each array is clipped by its own norm, which turns the direction: take one norm over all arrays together"
)
def _one_by_one(gradients, largest):
    clipped = {name: g * min(1, largest / max(np.linalg.norm(g), 1e-300)) for name, g in gradients.items()}
    return _scaled(clipped, 1) if np.isfinite(_norm(gradients)) else _scaled(gradients, 1)


@clip_by_norm.mistake("each number is cut off on its own, which turns the direction: scale all of them by one factor")
def _by_value(gradients, largest):
    cut = {name: np.clip(g, -largest, largest) for name, g in gradients.items()}
    return cut if np.isfinite(_norm(gradients)) else _scaled(gradients, 1)


@clip_by_norm.mistake("short gradients are stretched to the limit; leave them as they are if the norm is below it")
def _stretches(gradients, largest):
    norm = _norm(gradients)
    return _scaled(gradients, largest / norm if norm > 0 else 1)


@clip_by_norm.mistake("NaN and inf get through: where the norm is not finite, return zeros of the same shapes")
def _lets_nan_through(gradients, largest):
    norm = _norm(gradients)
    return _scaled(gradients, largest / norm if norm > largest else 1, guard=False)


@clip_by_norm.mistake("0 · NaN is NaN, and 0 · inf too: build the zeros anew, with np.zeros_like")
def _zero_times_nan(gradients, largest):
    norm = _norm(gradients)
    with np.errstate(invalid="ignore"):
        return _scaled(gradients, min(1, largest / max(norm, largest)) if np.isfinite(norm) else 0.0, guard=False)


@clip_by_norm.mistake("the square root is missing: the norm is the root of the sum of the squares")
def _no_root(gradients, largest):
    norm = _norm(gradients) ** 2
    return _scaled(gradients, largest / norm if norm > largest else 1)


@clip_by_norm.mistake("the arrays' norms are added up; add up the squares, then take the root")
def _sum_of_norms(gradients, largest):
    norm = sum(np.linalg.norm(g) for g in gradients.values())
    return _scaled(gradients, largest / norm if norm > largest else 1)


@clip_by_norm.mistake("the scale is turned round: largest / norm, which is below 1")
def _turned_scale(gradients, largest):
    norm = _norm(gradients)
    return _scaled(gradients, norm / largest if norm > largest else 1)


@clip_by_norm.mistake("the long gradient is scaled to length 1: multiply by largest / norm")
def _to_one(gradients, largest):
    norm = _norm(gradients)
    return _scaled(gradients, 1 / norm if norm > largest else 1)


@clip_by_norm.mistake("gradients that are too long are thrown away: scale them down, their direction is still good")
def _thrown_away(gradients, largest):
    return _scaled(gradients, 0.0 if _norm(gradients) > largest else 1.0)


@clip_by_norm.mistake("every gradient is scaled to the limit, broken ones too: scale only if the norm is above it")
def _always_scales(gradients, largest):
    with np.errstate(all="ignore"):
        return _scaled(gradients, largest / np.float64(_norm(gradients)), guard=False)


@clip_by_norm.mistake("the norm is not the largest entry: take the root of the sum of all squares")
def _largest_entry(gradients, largest):
    norm = max(np.abs(g).max() for g in gradients.values())
    return _scaled(gradients, largest / norm if norm > largest else 1)


@clip_by_norm.mistake("each array has a norm and a NaN test of its own: one norm over all of them, one answer for all")
def _all_on_their_own(gradients, largest):
    clipped = {}
    for name, g in gradients.items():
        norm = np.linalg.norm(g)
        clipped[name] = g * min(1, largest / max(norm, 1e-300)) if np.isfinite(norm) else np.zeros_like(g)
    return clipped


@clip_by_norm.mistake("only the broken array is set to zero: if one number is not finite, all arrays become zeros")
def _only_the_broken(gradients, largest):
    whole = {name: g if np.isfinite(g).all() else np.zeros_like(g) for name, g in gradients.items()}
    norm = _norm(whole)
    return _scaled(whole, largest / norm if norm > largest else 1)
