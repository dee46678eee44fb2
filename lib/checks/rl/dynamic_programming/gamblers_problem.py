"""Checks of ``rl/04_dynamic_programming/04_gamblers_problem``.

Ground truth is exact, in fractions, without any sweep: see ``lib.models.gambler``.
"""

import functools
from fractions import Fraction

import numpy as np

from lib.checks import check
from lib.checks.rl.worlds import two_things
from lib.envs.gambler import GamblerEnv
from lib.models.gambler import best_stakes, best_values, timid_values


def paid_at_the_end(V: list[Fraction]) -> np.ndarray:
    """As a table: the reward comes with the step into the goal, where nothing is left to win."""
    return np.array([float(v) for v in V[:-1]] + [0.0])


def with_edge(P: dict, edge: float, toll: float = 0.0) -> dict:
    """The same game, each flip for a toll, with a coin that may stand on its edge: then nothing else happens."""
    return {
        s: {
            stake: [(p * (1 - edge), to, r - toll, end) for p, to, r, end in outcomes]
            + [(edge, s, -toll, outcomes[0][3] and len(outcomes) == 1)]
            for stake, outcomes in row.items()
        }
        for s, row in P.items()
    }


# --- the value of each stake --------------------------------------------------------------------


@check
def stake_values(case):
    """Heads, tails and edge, by a formula in the capital alone."""
    rng, answers = case.rng, []
    for goal, p, edge, toll in ((23, 0.3, 0.0, 0.0), (12, 0.65, 0.2, 0.3), (40, 0.5, 0.1, 0.01)):
        P, V = with_edge(GamblerEnv(p, goal).P, edge, toll), rng.normal(size=goal + 1) * 3
        for s in (1, goal // 2, goal - 4, goal - 1):
            a = np.arange(1, min(s, goal - s) + 1)
            after = V.copy()
            after[0], after[goal] = 0, 1  # nothing follows a ruin; the goal has paid 1
            want = (1 - edge) * (p * after[s + a] + (1 - p) * after[s - a]) + edge * V[s] - toll
            answers.append((f"the values of the stakes at capital {s} of {goal}", case.call(P, V, s), want))
    for what, got, want in answers:
        case.near(what, got, want)
    return "every stake in 12 places of three games, two with a toll and a coin that can stand on its edge"


def _values(P, V, s, weigh=lambda p: p, reward=lambda r, end: r, rest=lambda v, end: 0.0 if end else v, outcomes=None):
    return np.array(
        [sum(weigh(p) * (reward(r, e) + rest(V[to], e)) for p, to, r, e in o[:outcomes]) for o in P[s].values()]
    )


@stake_values.mistake(
    "V[next_state] was added after the end of the game, too: when `terminated` is True, add only the reward"
)
def _bootstraps(P, V, s):
    return _values(P, V, s, rest=lambda v, end: v)


@stake_values.mistake("the reward is missing: the step into the goal pays 1, and without it nobody ever wins")
def _no_reward(P, V, s):
    return _values(P, V, s, reward=lambda r, end: 0.0)


@stake_values.mistake("the reward counts at the end alone: a step that goes on has a reward, too (here it is mostly 0)")
def _reward_at_the_end(P, V, s):
    return _values(P, V, s, reward=lambda r, end: r if end else 0.0)


@stake_values.mistake("the reward was not read: the goal was taken to be worth 1; take the reward from P[s][stake]")
def _goal_worth_one(P, V, s):
    goal = len(P) - 1
    return np.array([sum(p * (1.0 if to == goal else 0.0 if e else V[to]) for p, to, _, e in o) for o in P[s].values()])


@stake_values.mistake("each outcome replaces the one before it: add them up with +=")
def _last_outcome(P, V, s):
    return np.array([p * (r + (0.0 if e else V[to])) for p, to, r, e in (o[-1] for o in P[s].values())])


@stake_values.mistake("the value of the capital before the flip was added: what follows is V[next_state]")
def _present_value(P, V, s):
    return np.array([sum(p * (r + (0.0 if e else V[s])) for p, _, r, e in o) for o in P[s].values()])


@stake_values.mistake("there is no stake 0: the stakes, and the keys of P[s], begin with 1")
def _from_zero(P, V, s):
    return [P[s][stake] for stake in range(len(P[s]))]


@stake_values.mistake(
    "the answer is as long as V: return as many numbers as P[s] has stakes, the first for the stake 1"
)
def _as_long_as_V(P, V, s):
    values = np.zeros(len(V))
    values[1 : len(P[s]) + 1] = _values(P, V, s)
    return values


@stake_values.mistake("the outcomes were added up without their probabilities")
def _unweighted(P, V, s):
    return _values(P, V, s, weigh=lambda p: 1.0)


@stake_values.mistake("only the first outcome, heads, was counted: add up all outcomes of P[s][stake]")
def _heads_only(P, V, s):
    return _values(P, V, s, outcomes=1)


@stake_values.mistake("only heads and tails were counted: add up all outcomes of P[s][stake], however many there are")
def _two_outcomes(P, V, s):
    return _values(P, V, s, outcomes=2)


@stake_values.mistake("an entry for the stake 0 stands in front: the first entry belongs to the stake 1")
def _with_stake_zero(P, V, s):
    return np.array([0.0, *_values(P, V, s)])


@stake_values.mistake("the largest stake is missing: you may stake all that you have, or all that is missing")
def _last_stake_missing(P, V, s):
    return _values(P, V, s)[:-1]


@stake_values.mistake("this is the best value alone: return one value for each stake")
def _best_only(P, V, s):
    return _values(P, V, s).max()


@stake_values.mistake("the stakes stand in reverse: the first entry belongs to the stake 1")
def _reversed(P, V, s):
    return _values(P, V, s)[::-1]


# --- value iteration ----------------------------------------------------------------------------


@functools.cache
def sweeps_in_place(p: float, goal: int, theta: float, most: int) -> tuple[np.ndarray, int]:
    """Value iteration in the formulas of the book, V(goal) = 1 and no reward; as our table, and the sweeps."""
    V, number, change = np.zeros(goal + 1), 0, np.inf
    V[goal] = 1
    while change >= theta:
        before, number = V.copy(), number + 1
        for s in range(1, goal):
            a = np.arange(1, min(s, goal - s, most) + 1)
            V[s] = (p * V[s + a] + (1 - p) * V[s - a]).max()
        change = np.abs(V - before).max()
    return np.append(V[:-1], 0.0), number


@check
def value_iteration(case):
    """Exact values by fractions, and the number of sweeps in place."""
    games = (
        (Fraction(2, 5), 20, 1e-12, 20),
        (Fraction(1, 4), 17, 1e-3, 17),
        (Fraction(11, 20), 25, 1e-12, 25),
        (Fraction(1, 2), 12, 0.02, 12),
        (Fraction(1, 4), 2, 0.25, 2),  # the first change is θ
        (Fraction(1, 2), 20, 1e-6, 1),  # stakes of 1 alone: hundreds of sweeps
    )
    answers = []
    for p, goal, theta, most in games:
        P = {s: dict(list(row.items())[:most]) for s, row in GamblerEnv(float(p), goal).P.items()}
        answer = two_things(case, case.call(P, theta), "the values", "the number of sweeps")
        answers.append((p, goal, theta, most, *answer))
    for p, goal, theta, most, V, sweeps in answers:
        where = f"p_h = {float(p)}, goal {goal}, stakes up to {most}, θ = {theta}"
        want, number = sweeps_in_place(float(p), goal, theta, most)
        case.near(f"the table of values, {where}", V, want)
        case.near(f"the number of sweeps, {where}", sweeps, number)
        if theta < 1e-9:
            case.near(f"the table of values, {where}, against fractions", V, paid_at_the_end(best_values(p, goal)))
    return "the exact chances of winning in two games, and the right number of sweeps in six"


def _iterate(
    P, theta, in_place=True, stop=lambda change, theta: change < theta, best=max, order=lambda s: s, sweeps=5000
):
    V, number = np.zeros(len(P)), 0
    while number < sweeps:
        before, number = V.copy(), number + 1
        for s in order(list(P)):
            V[s] = best(list(_values(P, V if in_place else before, s)))
        if stop(np.abs(V - before).max(), theta):
            break
    return V, number


@value_iteration.mistake("the backups read the old table: write into V at once, the next state already uses it")
def _two_arrays(P, theta):
    return _iterate(P, theta, in_place=False)


@value_iteration.mistake("this is the mean over the stakes, a gambler who stakes at random: take the best stake")
def _mean(P, theta):
    return _iterate(P, theta, best=lambda values: sum(values) / len(values))


@value_iteration.mistake("this is the worst stake in each state: take the largest value")
def _worst(P, theta):
    return _iterate(P, theta, best=min)


@value_iteration.mistake("this is always the first stake, 1: take the best one")
def _first_stake(P, theta):
    return _iterate(P, theta, best=lambda values: values[0])


@value_iteration.mistake("this is always the largest stake: that is bold play; take the best one")
def _last_stake(P, theta):
    return _iterate(P, theta, best=lambda values: values[-1])


@value_iteration.mistake("there was one sweep only: go on until the largest change of a sweep is smaller than theta")
def _one_sweep(P, theta):
    return _iterate(P, theta, sweeps=1)


@value_iteration.mistake("theta was not used: the caller says when a change is small enough")
def _own_theta(P, theta):
    return _iterate(P, 1e-4)


@value_iteration.mistake("the sweeps stopped at a number of your own: only a change smaller than theta ends them")
def _a_hundred(P, theta):
    return _iterate(P, theta, sweeps=100)


@value_iteration.mistake("a change that equals theta ended the sweeps: it must be smaller")
def _at_equal(P, theta):
    return _iterate(P, theta, stop=lambda change, theta: change <= theta)


@value_iteration.mistake(
    "one sweep too many was made: stop after the first one whose largest change is smaller than theta"
)
def _one_too_many(P, theta):
    _, number = _iterate(P, theta)
    return _iterate(P, -1.0, sweeps=number + 1)


@value_iteration.mistake("the capital below the goal was never swept: only 0 and the goal have nothing to decide")
def _without_the_last(P, theta):
    return _iterate(P, theta, order=lambda states: states[:-2])


@value_iteration.mistake("the last sweep was not counted: it counts, even if it changed next to nothing")
def _one_less(P, theta):
    V, number = _iterate(P, theta)
    return V, number - 1


@value_iteration.mistake("V[goal] is 1: here the step into the goal pays the 1, and in the goal nothing is left to win")
def _goal_is_one(P, theta):
    V, number = _iterate(P, theta)
    V[-1] = 1.0
    return V, number


@value_iteration.mistake("the two answers are exchanged: the values come first, then the number of sweeps")
def _iteration_exchanged(P, theta):
    return _iterate(P, theta)[::-1]


@value_iteration.mistake("the states were swept from the top down: go from capital 0 upwards")
def _downwards(P, theta):
    return _iterate(P, theta, order=lambda states: states[::-1])


# --- every optimal stake ------------------------------------------------------------------------


@check
def optimal_stakes(case):
    """Sets that are known exactly, from values with a rounding error; and a made-up table with a wide tolerance."""
    rng, answers = case.rng, []
    for p, goal, tolerance in (
        (Fraction(2, 5), 24, 1e-9),
        (Fraction(1, 4), 17, 1e-10),
        (Fraction(3, 5), 20, 1e-9),
        (Fraction(1, 2), 14, 1e-11),
    ):
        P, V = GamblerEnv(float(p), goal).P, paid_at_the_end(best_values(p, goal))
        V[1:-1] += rng.uniform(-1, 1, size=goal - 1) * tolerance / 100  # as after sweeps that stopped
        for s in range(1, goal, 2):
            answer = case.call(P, V, s, tolerance)
            answers.append((f"p_h = {float(p)}, goal {goal}, capital {s}", answer, best_stakes(p, goal, s)))
    P, V = GamblerEnv(0.8, 20).P, paid_at_the_end(timid_values(Fraction(4, 5), 20))
    for s in (9, 11):  # all values are close to 1, and still only one stake is optimal
        answers.append((f"p_h = 0.8, goal 20, capital {s}", case.call(P, V, s, 1e-9), [1]))
    P, V = GamblerEnv(0.5, 10).P, np.array([0, 0.2, 0.21, 0.5, 0.1, 0.6, 0.9, 0.3, 0.29, 0.5, 0])
    worth = [0.5 * (V[5 + a] + V[5 - a]) if a < 5 else 0.5 for a in range(1, 6)]
    for tolerance in (0.01, 0.12, 0.2):
        want = [a for a in range(1, 6) if worth[a - 1] > max(worth) - tolerance]
        answers.append((f"a made-up table, tolerance {tolerance}", case.call(P, V, 5, tolerance), want))
    for where, got, want in answers:
        case.true(isinstance(got, (list, tuple, np.ndarray)), "return a list of stakes")
        case.array(f"the stakes, {where},", list(got))
        found = [int(a) for a in got]
        case.true(found == want, f"{where}: the optimal stakes are {want}, not {found}")
    return f"the set of optimal stakes in {len(answers)} places of six games, as fractions have it"


def _near_best(P, V, s, tolerance):
    values = _values(P, V, s)
    return [a for a, value in enumerate(values, 1) if value >= values.max() - tolerance]


@optimal_stakes.mistake("only the first of the best stakes was returned: several can be equally good, list them all")
def _only_first(P, V, s, tolerance):
    return _near_best(P, V, s, tolerance)[:1]


@optimal_stakes.mistake("only the last of the best stakes was returned: several can be equally good, list them all")
def _only_last(P, V, s, tolerance):
    return _near_best(P, V, s, tolerance)[-1:]


@optimal_stakes.mistake(
    "this is np.argmax, one position: return every stake whose value is within `tolerance` of the best"
)
def _argmax(P, V, s, tolerance):
    return [int(np.argmax(_values(P, V, s))) + 1]


@optimal_stakes.mistake("these are positions in the array, which begin with 0: the first stake is 1")
def _positions(P, V, s, tolerance):
    return [a - 1 for a in _near_best(P, V, s, tolerance)]


@optimal_stakes.mistake("values were compared with ==: rounding makes equal values differ, so allow for `tolerance`")
def _equality(P, V, s, tolerance):
    return _near_best(P, V, s, 1e-300)


@optimal_stakes.mistake("the tolerance is your own: use the argument `tolerance`")
def _own_tolerance(P, V, s, tolerance):
    return _near_best(P, V, s, 1e-8)


@optimal_stakes.mistake(
    "np.isclose has a relative tolerance besides, 0.00001 of the value: give it rtol=0, or compare with >="
)
def _isclose(P, V, s, tolerance):
    values = _values(P, V, s)
    return [a for a, value in enumerate(values, 1) if np.isclose(value, values.max(), atol=tolerance)]


@optimal_stakes.mistake("the stakes stand in descending order: begin with the smallest")
def _descending(P, V, s, tolerance):
    return _near_best(P, V, s, tolerance)[::-1]


@optimal_stakes.mistake("this is a list of True and False: return the stakes that are optimal")
def _mask(P, V, s, tolerance):
    return [a in _near_best(P, V, s, tolerance) for a in P[s]]


@optimal_stakes.mistake(
    "these are all stakes that are allowed: keep those whose value is within `tolerance` of the best"
)
def _all_stakes(P, V, s, tolerance):
    return list(P[s])


@optimal_stakes.mistake("these are the stakes near the worst value: compare with the largest one")
def _near_worst(P, V, s, tolerance):
    values = _values(P, V, s)
    return [a for a, value in enumerate(values, 1) if value < values.min() + tolerance]


@optimal_stakes.mistake("these are the stakes that are not optimal: keep those within `tolerance` of the best")
def _the_others(P, V, s, tolerance):
    return [a for a in P[s] if a not in _near_best(P, V, s, tolerance)]


# --- timid play ---------------------------------------------------------------------------------


@check
def timid_play(case):
    """The gambler's ruin, against the sum of a geometric series in fractions."""
    answers = []
    for p, goal in (
        (Fraction(2, 5), 7),
        (Fraction(11, 20), 100),
        (Fraction(1, 2), 9),
        (Fraction(9, 10), 4),
        (Fraction(1, 4), 30),
    ):
        answers.append((f"p_h = {float(p)}, goal {goal}", case.call(float(p), goal), timid_values(p, goal)))
    for where, got, want in answers:
        case.near(f"the chances of timid play, {where}", got, [float(v) for v in want], atol=1e-15)
    return "the chances of timid play in five games, the fair coin included"


def _ruin(p_h, goal, ratio=lambda p: (1 - p) / p, last=True, fair=True):
    s = np.arange(goal + 1)
    if p_h == 0.5 and fair:
        return s / goal
    with np.errstate(all="ignore"):
        return (1 - ratio(p_h) ** s) / ((1 - ratio(p_h) ** goal) if last else 1.0)


@timid_play.mistake("a fair coin gives 0/0 in the formula: treat p_h = 0.5 apart, there the chance is s / goal")
def _fair_forgotten(p_h, goal):
    return _ruin(p_h, goal, fair=False)


@timid_play.mistake("the ratio is upside down: it is the chance of tails divided by that of heads")
def _upside_down(p_h, goal):
    return _ruin(p_h, goal, ratio=lambda p: p / (1 - p))


@timid_play.mistake("the denominator is missing: at the goal the chance must be 1")
def _no_denominator(p_h, goal):
    return _ruin(p_h, goal, last=False)


@timid_play.mistake("this is the chance of ruin: return that of reaching the goal")
def _chance_of_ruin(p_h, goal):
    return 1 - _ruin(p_h, goal)


@timid_play.mistake("this is s / goal, right for a fair coin alone")
def _always_fair(p_h, goal):
    return np.arange(goal + 1) / goal


@timid_play.mistake("the goal itself is missing: the capitals go from 0 to goal, goal + 1 numbers")
def _goal_missing(p_h, goal):
    return _ruin(p_h, goal)[:-1]


@timid_play.mistake("capital 0 is missing: the capitals go from 0 to goal, goal + 1 numbers")
def _zero_missing(p_h, goal):
    return _ruin(p_h, goal)[1:]


@timid_play.mistake("brackets are missing: 1 - p_h / p_h is 0; the ratio is (1 - p_h) / p_h")
def _no_brackets(p_h, goal):
    return _ruin(p_h, goal, ratio=lambda p: 1 - p / p)


@timid_play.mistake("the goal is taken to be 100: use the argument `goal`")
def _always_100(p_h, goal):
    s = np.arange(goal + 1)
    return s / 100 if p_h == 0.5 else (1 - ((1 - p_h) / p_h) ** s) / (1 - ((1 - p_h) / p_h) ** 100)
