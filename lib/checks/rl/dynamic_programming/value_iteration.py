"""Checks of ``rl/04_dynamic_programming/03_value_iteration``.

Ground truth: worlds built around optimal values that were chosen first, every deterministic policy of a small world
(both in ``optimal``), the model in matrix form, and the shortest paths of the gridworld. What prioritized sweeping did
is replayed from the order that it returns.
"""

import numpy as np

from lib.checks import check
from lib.checks.rl.dynamic_programming.optimal import (
    Watched,
    best_of_all_policies,
    designed_world,
    in_arrays,
    look_ahead,
)
from lib.checks.rl.worlds import random_world, two_things, with_early_ends
from lib.envs.gridworld import GridworldEnv
from lib.models.dynamic_programming import action_values

OPTIMAL_4X4 = [0, -1, -2, -3, -1, -2, -3, -2, -2, -3, -2, -1, -3, -2, -1, 0]  # minus the steps to the nearer corner


# --- the optimal backup -------------------------------------------------------------------------


@check
def optimal_backup(case):
    """The best action's value, against the model in matrix form."""
    rng, answers = case.rng, []
    for n_states, n_actions, gamma, ends in ((9, 6, 0.9, (0, 8)), (18, 5, 0.5, (6,)), (7, 2, 1.0, (3,))):
        P = with_early_ends(rng, random_world(rng, n_states, n_actions, ends))
        V = rng.normal(size=n_states) * 5 - 8
        best = look_ahead(P, V, gamma).max(axis=1)
        for s in range(0, n_states, 3):
            what = f"the optimal backup of state {s} in a random world with {n_actions} actions, γ = {gamma}"
            answers.append((what, case.call(P, V, s, gamma), best[s]))
    for what, got, want in answers:  # judged after all calls, so that mistakes which are alike in one are told apart
        case.true(not isinstance(got, str), f"{what} should be a number, but it is a text")
        case.near(what, got, want)
    V = -rng.uniform(2, 20, size=16)
    got = case.call(GridworldEnv((4, 4)).P, V, 2, 1.0)
    case.near("the optimal backup of cell 2 in the 4 × 4 grid", got, -1 + V[[2, 3, 6, 1]].max())
    case.near("the optimal backup of cell 1, beside the end", case.call(GridworldEnv((4, 4)).P, V, 1, 1.0), -1)
    return "12 states of three random worlds and two cells of the gridworld are backed up right"


def _rest(V, to, end):
    return 0.0 if end else V[to]


def _values(P, V, s, gamma, worth=None):
    """One number per action: the sum of worth(probability, next_state, reward, terminated) over its outcomes."""
    worth = worth or (lambda p, to, r, end: p * (r + gamma * _rest(V, to, end)))
    return np.array([sum(worth(*outcome) for outcome in P[s][a]) for a in P[s]])


@optimal_backup.mistake("this is the mean over the actions: take the largest of their values")
def backs_up_mean(P, V, s, gamma):
    return _values(P, V, s, gamma).mean()


@optimal_backup.mistake("this is the sum over the actions: take the largest of their values")
def backs_up_sum(P, V, s, gamma):
    return _values(P, V, s, gamma).sum()


@optimal_backup.mistake("this is the worst action: take the largest value, rewards are good")
def backs_up_worst(P, V, s, gamma):
    return _values(P, V, s, gamma).min()


@optimal_backup.mistake("this is the number of the best action: return its value")
def backs_up_argmax(P, V, s, gamma):
    return int(_values(P, V, s, gamma).argmax())


@optimal_backup.mistake("these are the values of all actions: return the largest of them")
def backs_up_all(P, V, s, gamma):
    return _values(P, V, s, gamma)


@optimal_backup.mistake(
    "this is the best *outcome*: chance decides between the outcomes of an action, you only choose the action"
)
def backs_up_luckiest(P, V, s, gamma):
    return max(r + gamma * _rest(V, to, end) for a in P[s] for p, to, r, end in P[s][a])


@optimal_backup.mistake("the maximum starts at 0, and so it hides values below 0: start with the first action's value")
def backs_up_from_zero(P, V, s, gamma):
    return max(0.0, _values(P, V, s, gamma).max())


@optimal_backup.mistake(
    "γ·V[next_state] was added after the end of the episode, too: when `terminated` is True, add only the reward"
)
def backs_up_past_the_end(P, V, s, gamma):
    return _values(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * V[to])).max()


@optimal_backup.mistake(
    "the reward of the step that ends the episode is missing: that reward still counts, only γ·V[next_state] does not"
)
def backs_up_without_last_reward(P, V, s, gamma):
    return _values(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * V[to]) * (not end)).max()


@optimal_backup.mistake(
    "state 0 and the last one were taken for the end: they are terminal in our grid alone; `terminated` says what ends"
)
def backs_up_knowing_the_corners(P, V, s, gamma):
    return _values(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * _rest(V, to, to in (0, len(P) - 1)))).max()


@optimal_backup.mistake("γ was left out: the value of the next state comes one step later, so multiply it by gamma")
def backs_up_undiscounted(P, V, s, gamma):
    return _values(P, V, s, 1.0).max()


@optimal_backup.mistake("γ multiplies the best value once more: `action_values` has discounted already")
def backs_up_discounted_twice(P, V, s, gamma):
    return gamma * _values(P, V, s, gamma).max()


@optimal_backup.mistake("this is the value of the first action alone: take the largest of all of them")
def backs_up_first_action(P, V, s, gamma):
    return _values(P, V, s, gamma)[0]


@optimal_backup.mistake("the probabilities of the outcomes were left out: the first number of each is its weight")
def backs_up_without_probability(P, V, s, gamma):
    return _values(P, V, s, gamma, lambda p, to, r, end: r + gamma * _rest(V, to, end)).max()


# --- value iteration ----------------------------------------------------------------------------


@check
def value_iteration(case):
    """Both variants: the change of every sweep in matrix form, and the values that the worlds were built on."""
    rng, answers = case.rng, []
    settings = [  # each has an end, so that a forgotten γ comes to one, too
        (4, 2, 0.5, (3,), 1e-3),
        (18, 5, 0.9, (0, 17), 1e-6),
        (17, 3, 0.7, (4,), 1e-4),
        (8, 4, 1.0, (5,), 1e-8),
        (9, 3, 0.9, (2,), 50.0),  # one sweep is enough
    ]
    for n_states, n_actions, gamma, ends, theta in settings:
        P, V, _ = designed_world(rng, n_states, n_actions, gamma, ends)
        P = P if answers else Watched(P)
        answers += _both(case, f"in a world of {n_states} states", P, gamma, theta, V)
    P = {0: {0: [(0.99, 0, 1.0, False), (0.01, 1, 1.0, True)]}, 1: {0: [(1.0, 1, 0.0, True)]}}
    answers += _both(case, "in a room that is left with probability 0.01 a step", P, 1.0, 1e-5, [100, 0])
    P = with_early_ends(rng, random_world(rng, 5, 3, (4,)), chance=0.6)
    answers += _both(case, "in a world of 5 states, all of whose policies were tried", P, 0.8, 1e-9, None)
    answers += _both(case, "on the 4 × 4 grid", GridworldEnv((4, 4)).P, 1.0, 1e-4, OPTIMAL_4X4)
    answers += _both(case, "on the 4 × 4 grid", GridworldEnv((4, 4)).P, 1.0, 1.0, None)  # stops below θ, not at θ
    for where, *call, V in answers:
        judge_values(case, where, *call, V)
    V, changes = two_things(case, case.call(GridworldEnv((4, 4)).P), "the values", "the list of changes")
    case.near("the values of the 4 × 4 grid when gamma, theta and in_place are left out", V, OPTIMAL_4X4)
    case.near("the number of sweeps when gamma, theta and in_place are left out", len(changes), 4)
    return "seven worlds and the gridworld are solved in both variants, with the change of every sweep"


def _both(case, where, P, gamma, theta, V):
    where = f"{where}, γ = {gamma}, θ = {theta:g}"
    if V is None and gamma < 1:
        V = best_of_all_policies(P, gamma)
    return [
        (where, P, gamma, theta, in_place, case.call(P, gamma=gamma, theta=theta, in_place=in_place), V)
        for in_place in (False, True)
    ]


def judge_values(case, where, P, gamma, theta, in_place, answer, known) -> None:
    where = f"{'in place' if in_place else 'with two arrays'}, {where}"
    V, changes = two_things(case, answer, "the values", "the list of changes")
    want_V, want = _swept(P, gamma, theta, in_place)
    case.true(np.ndim(changes) == 1, f"the second answer {where} should be a list with one change per sweep")
    case.true(np.size(changes) > 0, f"the list of changes is empty {where}: the first sweep is always made, and listed")
    case.near(f"the number of sweeps {where}", np.size(changes), len(want))
    case.near(f"the change of each sweep {where}", changes, want)
    case.near(f"the values {where}", V, want_V)
    if known is not None:
        bound = gamma * theta / (1 - gamma) if gamma < 1 else 200 * theta
        case.near(f"the values {where}, against the optimal ones", V, known, rtol=0, atol=bound + 1e-9)


def _swept(P, gamma, theta, in_place, order=None, pick=np.max, measure=None, longest=2000):
    """Sweeps in matrix form; the other arguments exchange a part."""
    step, reward = in_arrays(P)
    measure = measure or (lambda difference: np.abs(difference).max())
    V, changes = np.zeros(len(P)), []
    while not changes or (changes[-1] >= theta and len(changes) < longest):  # a mistake ends, too
        before, V = V, V.copy()
        for s in range(len(P)) if order is None else order:
            V[s] = pick(reward[s] + gamma * step[s] @ (V if in_place else before))
        changes.append(float(measure(V - before)))
    return V, changes


@value_iteration.mistake("it goes on when nothing changes any more: is the largest change 0 again before each sweep?")
def change_is_never_reset(P, gamma=1.0, theta=1e-4, in_place=True):
    V, changes, change = np.zeros(len(P)), [], 0.0
    while not changes or change >= theta:
        before = V.copy()
        for s in P:
            V[s] = action_values(P, V if in_place else before, s, gamma).max()
            change = max(change, abs(V[s] - before[s]))
        changes.append(change)
    return V, changes


@value_iteration.mistake("`old = V` makes no copy, only a second name for the same array: `old = V.copy()`")
def old_is_no_copy(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, np.inf, True)[0], [0.0]


@value_iteration.mistake(
    "after the first sweep the old table and the new one are the same array: `.copy()` where you put one for the other"
)
def old_becomes_new(P, gamma=1.0, theta=1e-4, in_place=True):
    step, reward = in_arrays(P)
    V, changes = _swept(P, gamma, np.inf, in_place)
    if changes[-1] >= theta:
        changes.append(0.0)
        for s in range(len(P)):
            V[s] = (reward[s] + gamma * step[s] @ V).max()
    return V, changes


@value_iteration.mistake("the last change is missing from the list: append it before you look whether to stop")
def without_last_change(P, gamma=1.0, theta=1e-4, in_place=True):
    V, changes = _swept(P, gamma, theta, in_place)
    return V, changes[:-1]


@value_iteration.mistake("both variants sweep in place: look at the argument in_place")
def always_in_place(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, True)


@value_iteration.mistake("both variants use two arrays: look at the argument in_place")
def never_in_place(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, False)


@value_iteration.mistake("the two variants are exchanged: with in_place=True, read the array that you write into")
def variants_exchanged(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, not in_place)


@value_iteration.mistake("gamma is always 1 here: hand it on to `optimal_backup`")
def sweeps_undiscounted(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, 1.0, theta, in_place)


@value_iteration.mistake("this averages over the actions, like policy evaluation: use `optimal_backup`")
def sweeps_means(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place, pick=np.mean)


@value_iteration.mistake("there was one sweep only: go on until the largest change is smaller than theta")
def sweeps_once(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, np.inf, in_place)


@value_iteration.mistake("it stops one sweep too early when a change is exactly theta: stop when it is smaller")
def stops_at_theta(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, np.nextafter(theta, np.inf), in_place)


@value_iteration.mistake("the argument theta is not used")
def own_theta(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, 1e-4, in_place)


@value_iteration.mistake("the states were swept from the last to the first: that works, but to compare, go from 0 up")
def sweeps_backwards(P, gamma=1.0, theta=1e-4, in_place=True):
    if not in_place:
        return _swept(P, gamma, theta, False)
    return _swept(P, gamma, theta, True, order=range(len(P) - 1, -1, -1))


@value_iteration.mistake("the loop leaves out the last state: range(len(P)) already ends before len(P)")
def sweeps_without_last(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place, order=range(len(P) - 1))


@value_iteration.mistake("the loop leaves out state 0: states are counted from 0")
def sweeps_without_first(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place, order=range(1, len(P)))


@value_iteration.mistake("the changes are always 0: the old values were overwritten before they were compared")
def compares_too_late(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, np.inf, in_place)[0], [0.0]


@value_iteration.mistake("the change was taken without abs(): a value that falls changes as much as one that rises")
def changes_without_abs(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place, measure=np.max)


@value_iteration.mistake("only values that fall count as changed: the old value minus the new one needs abs()")
def changes_that_fall(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place, measure=lambda difference: -difference.min())


@value_iteration.mistake("this is the change of the last state alone: keep the largest of the sweep")
def change_of_last_state(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place, measure=lambda difference: abs(difference[-1]))


@value_iteration.mistake("the two answers are exchanged: the values come first, then the list of changes")
def answers_exchanged(P, gamma=1.0, theta=1e-4, in_place=True):
    return _swept(P, gamma, theta, in_place)[::-1]


@value_iteration.mistake("the last change alone was returned: return the list with the change of every sweep")
def last_change(P, gamma=1.0, theta=1e-4, in_place=True):
    V, changes = _swept(P, gamma, theta, in_place)
    return V, changes[-1]


# --- any order ----------------------------------------------------------------------------------


@check
def back_up_in_order(case):
    """States in any order, with repetitions and gaps, one after the other in matrix form."""
    rng, answers = case.rng, []
    for n_states, gamma, ends, length in ((9, 0.9, (0, 8), 30), (18, 0.6, (), 7), (7, 1.0, (3,), 25)):
        P, V = random_world(rng, n_states, 4, ends), rng.normal(size=n_states) * 5
        order = rng.integers(n_states, size=length).tolist()
        what = f"the values after {length} backups in a random world of {n_states} states, γ = {gamma}"
        answers.append((what, case.call(P, V, order, gamma), _replayed(P, V, order, gamma)))
    P, V, _ = designed_world(rng, 6, 3, 0.5)
    order = [5, 2, 0, 3, 1, 4, 4] * 45
    answers.append(("the values after many backups of every state", case.call(P, np.zeros(6), order, 0.5), V))
    for what, got, want in answers:
        case.near(what, got, want)
    grid = GridworldEnv((4, 4)).P
    got = case.call(grid, np.full(16, -10.0), np.array([0, 3, 1, 2, 2, 3]), 1.0)  # 3 first, and again in the end
    case.near("the values of the 4 × 4 grid after backups of 0, 3, 1, 2, 2, 3", got, [0, -1, -2, -3] + [-10] * 12)
    if not case.forgiving:  # `return` in the loop gives None here, and has its name from the other orders
        case.near("the values after no backup at all", case.call(grid, np.arange(16.0), [], 1.0), np.arange(16))
    return "three random orders, an endless-looking one, one on the grid and an empty one are followed"


def _replayed(P, V, order, gamma, pick=np.max, stale=False):
    step, reward = in_arrays(P)
    new = V.copy()
    for s in order:
        new[s] = pick(reward[s] + gamma * step[s] @ (V if stale else new))
    return new


@back_up_in_order.mistake("every backup reads the old values: read from the array that you write into")
def reads_old(P, V, order, gamma):
    return _replayed(P, V, order, gamma, stale=True)


@back_up_in_order.mistake("the order was not followed: this sweeps from state 0 upwards, take the states from `order`")
def ignores_order(P, V, order, gamma):
    return _replayed(P, V, range(len(P)), gamma)


@back_up_in_order.mistake("this backs up the states 0, 1, 2 …, as many as `order` is long: use the states in it")
def counts_order(P, V, order, gamma):
    return _replayed(P, V, np.arange(len(order)) % len(P), gamma)


@back_up_in_order.mistake("each state was backed up once only: one that stands in `order` again is backed up again")
def each_once(P, V, order, gamma):
    return _replayed(P, V, list(dict.fromkeys(np.asarray(order).tolist())), gamma)


@back_up_in_order.mistake("a set forgets the order and the repetitions: go through `order` itself")
def order_as_set(P, V, order, gamma):
    return _replayed(P, V, set(np.asarray(order).tolist()), gamma)


@back_up_in_order.mistake("the states were sorted first: the order is the point here")
def sorts_order(P, V, order, gamma):
    return _replayed(P, V, sorted(order), gamma)


@back_up_in_order.mistake("the order was followed backwards: begin with order[0]")
def backwards(P, V, order, gamma):
    return _replayed(P, V, order[::-1], gamma)


@back_up_in_order.mistake("gamma is always 1 here: hand it on to `optimal_backup`")
def order_undiscounted(P, V, order, gamma):
    return _replayed(P, V, order, 1.0)


@back_up_in_order.mistake("it begins with zeros: begin with a copy of V")
def order_from_zeros(P, V, order, gamma):
    return _replayed(P, np.zeros(len(V)), order, gamma)


@back_up_in_order.mistake("only the first state was backed up: `return` belongs after the loop")
def order_first_only(P, V, order, gamma):
    return _replayed(P, V, order[:1], gamma)


@back_up_in_order.mistake("this averages over the actions: use `optimal_backup`")
def order_of_means(P, V, order, gamma):
    return _replayed(P, V, order, gamma, pick=np.mean)


# --- prioritized sweeping -----------------------------------------------------------------------


@check
def prioritized_sweeping(case):
    """The order is replayed in matrix form: each time the largest error, and none left in the end."""
    rng, answers = case.rng, []
    P = {5: {a: [(1.0, 5, 0.0, True)] for a in range(2)}}  # the end of a corridor: the news travels from 4 down to 0
    for s in range(5):
        P[s] = {0: [(1.0, s + 1, float(s == 4), s == 4)], 1: [(1.0, max(s - 1, 0), 0.0, False)]}
    corridor = [*(0.5 ** np.arange(4, -1, -1)), 0.0]
    answer = case.call(Watched(P), gamma=0.5, theta=1e-6)
    answers.append(("in a corridor of five rooms, γ = 0.5", P, 0.5, 1e-6, answer, corridor))
    P = Watched({s: {0: [(1.0, s, (-1.0, 0.5)[s], True)]} for s in range(2)})
    answer = case.call(P, gamma=1.0, theta=1e-6)
    answers.append(("with a loss of 1 ahead", P, 1.0, 1e-6, answer, [-1.0, 0.5]))
    for n_states, n_actions, gamma, ends, theta in (  # those with something to do have an end, also for a forgotten γ
        (17, 3, 0.9, (0, 16), 1e-3),
        (18, 2, 0.6, (7,), 1e-5),
        (8, 4, 1.0, (5,), 1e-4),
        (9, 3, 0.8, (), 1e3),  # nothing to do
    ):
        P, V, _ = designed_world(rng, n_states, n_actions, gamma, ends)
        what = f"in a world of {n_states} states, γ = {gamma}, θ = {theta:g}"
        answers.append((what, P, gamma, theta, case.call(P, gamma=gamma, theta=theta), V))
    P = {s: {0: [(1.0, s, (1.0, 0.25, 2.0)[s], True)]} for s in range(3)}  # 0.25 is θ itself: it is backed up
    answer = case.call(P, gamma=1.0, theta=0.25)
    answers.append(("where an error is exactly θ", P, 1.0, 0.25, answer, [1.0, 0.25, 2.0]))
    grid, asked = GridworldEnv((4, 4)).P, "on the 4 × 4 grid, gamma and theta left out"
    answers.append((asked, grid, 1.0, 1e-4, case.call(grid), OPTIMAL_4X4))
    for what, P, gamma, theta, answer, V in answers:
        judge_order(case, what, P, gamma, theta, answer, V)
    return "eight worlds are solved, each time with the state that had the largest error"


def judge_order(case, what, P, gamma, theta, answer, known) -> None:
    V, order = two_things(case, answer, "the values", "the order of the backups")
    values = case.array(f"the values {what}", V, (len(P),))
    order = case.array(f"the order of the backups {what}", order)
    states = bool(order.ndim == 1 and np.isin(order, range(len(P))).all())
    case.true(states, f"the order {what} should be a list of states, one for each backup")
    step, reward = in_arrays(P)
    replayed = np.zeros(len(P))
    for number, s in enumerate(order.astype(int)):
        best = (reward + gamma * step @ replayed).max(axis=1)
        error = np.abs(best - replayed)
        case.true(
            error[s] >= error.max() - 1e-9,
            f"backup {number} {what} is of state {s}, whose error is {error[s]:.6g}; the largest error is "
            f"{error.max():.6g}, in state {error.argmax()}",
        )
        case.true(error[s] >= theta - 1e-9, f"backup {number} {what} is not needed: every error is below theta")
        replayed[s] = best[s]
    left = np.abs((reward + gamma * step @ replayed).max(axis=1) - replayed).max()
    case.true(left < theta, f"it stops too early {what}: the largest error left is {left:.6g}, theta is {theta:g}")
    case.near(f"the values {what}, when your order is replayed from zeros", values, replayed)
    bound = theta / (1 - gamma) if gamma < 1 else 100 * theta
    case.near(f"the values {what}, against the optimal ones", values, known, rtol=0, atol=bound + 1e-9)


def _prioritized(P, gamma, theta, choose=np.argmax, touch=lambda before, s: before[s], longest=5000, enough=np.max):
    """Prioritized sweeping in matrix form, with one part exchanged. touch: whose errors are computed anew."""
    step, reward = in_arrays(P)
    before = (step > 0).any(axis=1).T  # before[s, t]: s can follow t
    V, order = np.zeros(len(P)), []
    error = np.abs(reward.max(axis=1))
    while enough(error) >= theta and len(order) < longest:
        s = int(choose(error))
        V[s] = (reward[s] + gamma * step[s] @ V).max()
        order.append(s)
        touched = touch(before, s) | (np.arange(len(P)) == s)
        error[touched] = np.abs((reward + gamma * step @ V).max(axis=1) - V)[touched]
    return V, order


@prioritized_sweeping.mistake("this takes the first state whose error is at least theta: take the one with the largest")
def first_above(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, theta, choose=lambda error: np.flatnonzero(error >= theta)[0])


@prioritized_sweeping.mistake(
    "the errors of the states before it stay as they were: when V[s] changes, those of before[s] change, too"
)
def does_not_spread(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, theta, touch=lambda before, s: np.zeros(len(before), dtype=bool))


@prioritized_sweeping.mistake(
    "the errors of the states that come *after* it were computed anew: V[s] is read by the states before it"
)
def spreads_forward(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, theta, touch=lambda before, s: before[:, s])


@prioritized_sweeping.mistake(
    "the error of the state that was backed up stays as it was, so the same one is chosen again and again: compute it "
    "anew, too, for `before[s] | {s}`"
)
def itself_unchanged(P, gamma=1.0, theta=1e-4):
    before = (in_arrays(P)[0] > 0).any(axis=1).T
    V, order = np.zeros(len(P)), []
    error = np.array([abs(action_values(P, V, s, gamma).max()) for s in range(len(P))])
    while error.max() >= theta:
        s = int(error.argmax())
        V[s] = action_values(P, V, s, gamma).max()
        order.append(s)
        for t in np.flatnonzero(before[s]):
            error[t] = abs(action_values(P, V, t, gamma).max() - V[t])
    return V, order


@prioritized_sweeping.mistake(
    "`V[s] += error[s]` raises values that should fall, since the error has lost its sign: V[s] is the optimal backup"
)
def adds_the_error(P, gamma=1.0, theta=1e-4):
    V, order = np.zeros(len(P)), []
    while True:
        error = np.array([abs(action_values(P, V, s, gamma).max() - V[s]) for s in range(len(P))])
        if error.max() < theta:
            return V, order
        order.append(int(error.argmax()))
        V[order[-1]] += error.max()


@prioritized_sweeping.mistake("gamma is always 1 here: hand it on to `optimal_backup`")
def prioritizes_undiscounted(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, 1.0, theta)


@prioritized_sweeping.mistake(
    "the error of the state itself was set to 0: it is not where the state can follow itself; compute it anew"
)
def itself_zero(P, gamma=1.0, theta=1e-4):
    step, reward = in_arrays(P)
    before = (step > 0).any(axis=1).T
    V, order = np.zeros(len(P)), []
    error = np.abs(reward.max(axis=1))
    while error.max() >= theta:
        s = int(error.argmax())
        V[s] = (reward[s] + gamma * step[s] @ V).max()
        order.append(s)
        error[before[s]] = np.abs((reward + gamma * step @ V).max(axis=1) - V)[before[s]]
        error[s] = 0.0
    return V, order


@prioritized_sweeping.mistake("it stops when the *smallest* error is below theta: all of them must be")
def stops_at_smallest(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, theta, enough=np.min)


@prioritized_sweeping.mistake("the argument theta is not used")
def prioritizes_with_own_theta(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, 1e-4)


@prioritized_sweeping.mistake("there was one backup only: go on until every error is smaller than theta")
def one_backup(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, theta, longest=1)


@prioritized_sweeping.mistake(
    "the error was taken without abs(): a value that is too high is as wrong as one that is too low"
)
def errors_without_abs(P, gamma=1.0, theta=1e-4):
    step, reward = in_arrays(P)
    V, order = np.zeros(len(P)), []
    error = reward.max(axis=1)
    while error.max() >= theta and len(order) < 400:
        s = int(error.argmax())
        V[s] = (reward[s] + gamma * step[s] @ V).max()
        order.append(s)
        error = (reward + gamma * step @ V).max(axis=1) - V
    return V, order


@prioritized_sweeping.mistake("the first errors are all 0, so nothing happens: compute them from `optimal_backup`")
def no_first_errors(P, gamma=1.0, theta=1e-4):
    return np.zeros(len(P)), []


@prioritized_sweeping.mistake("the two answers are exchanged: the values come first, then the order")
def order_exchanged(P, gamma=1.0, theta=1e-4):
    return _prioritized(P, gamma, theta)[::-1]


@prioritized_sweeping.mistake("the number of backups was returned: return the states, in the order of their backups")
def order_counted(P, gamma=1.0, theta=1e-4):
    V, order = _prioritized(P, gamma, theta)
    return V, len(order)
