"""Checks of ``rl/03_mdp/02_optimality``.

Ground truth: counting, comparison of every pair of policies, every deterministic policy of a small world solved as a
linear system, the optimality equation as a certificate, closed forms, and the book's 25 numbers.
"""

import itertools

import numpy as np
from scipy.optimize import linprog

from lib.checks import check
from lib.checks.rl.worlds import even_policy, in_matrices, random_world, with_early_ends
from lib.envs.jump_gridworld import JumpGridworldEnv

# Sutton and Barto (2018), Example 3.8, Figure 3.5
BOOK_5X5 = np.array(
    [
        [22.0, 24.4, 22.0, 19.4, 17.5],
        [19.8, 22.0, 19.8, 17.8, 16.0],
        [17.8, 19.8, 17.8, 16.0, 14.4],
        [16.0, 17.8, 16.0, 14.4, 13.0],
        [14.4, 16.0, 14.4, 13.0, 11.7],
    ]
).ravel()


def _always(P, a):
    """The policy that takes one action everywhere."""
    return np.tile(np.eye(len(P[0]))[a], (len(P), 1))


def _ahead(P, V, gamma):
    """The value of every action, if V is what follows."""
    forms = [in_matrices(P, _always(P, a)) for a in P[0]]
    return np.column_stack([reward + gamma * step @ V for step, reward in forms])


def _values_of_all(P, gamma):
    """The values of every deterministic policy, (A ** S, S): a linear system for each."""
    choices = itertools.product(range(len(P[0])), repeat=len(P))
    forms = [in_matrices(P, np.eye(len(P[0]))[list(choice)]) for choice in choices]
    return np.array([np.linalg.solve(np.eye(len(P)) - gamma * step, reward) for step, reward in forms])


# --- all deterministic policies -----------------------------------------------------------------


@check
def deterministic_policies(case):
    """Counted: A to the power S tables, all different, one action in each row. Their order is free."""
    sizes = ((3, 2), (2, 3), (1, 4), (4, 1), (3, 3))
    answers = [(S, A, case.call(S, A)) for S, A in sizes]
    for S, A, got in answers:
        what = f"the policies of {S} states and {A} actions"
        policies = case.array(what, got, (A**S, S, A))
        case.true(bool(np.isin(policies, (0.0, 1.0)).all()), f"{what} should hold zeros and ones only")
        case.near(f"the sum of each row in {what}", policies.sum(axis=2), np.ones((A**S, S)))
        different = len({tuple(policy.argmax(axis=1)) for policy in policies})
        case.true(different == A**S, f"{what}: {A**S} different ones are wanted, but {A**S - different} come twice")
    return "every policy once, for 5 sizes of worlds, 49 policies in all"


@deterministic_policies.mistake(
    "states and actions are exchanged: in each of the n_states states there are n_actions choices"
)
def exchanged_sizes(n_states, n_actions):
    return np.array([np.eye(n_states)[list(c)] for c in itertools.product(range(n_states), repeat=n_actions)])


@deterministic_policies.mistake(
    "these are the numbers of the actions: a policy is a table with a 1 for the chosen action and 0 for the others"
)
def action_numbers(n_states, n_actions):
    return np.array(list(itertools.product(range(n_actions), repeat=n_states)))


@deterministic_policies.mistake("each policy takes the same action in all states: every state chooses for itself")
def same_everywhere(n_states, n_actions):
    return np.array([np.tile(row, (n_states, 1)) for row in np.eye(n_actions)])


@deterministic_policies.mistake("no action comes twice in a policy: two states may choose the same action")
def permutations(n_states, n_actions):
    return np.array([np.eye(n_actions)[list(c)] for c in itertools.permutations(range(n_actions), n_states)])


@deterministic_policies.mistake(
    "choices that differ only in their order were counted once: it matters which state chooses which action"
)
def without_order(n_states, n_actions):
    choices = itertools.combinations_with_replacement(range(n_actions), n_states)
    return np.array([np.eye(n_actions)[list(c)] for c in choices])


@deterministic_policies.mistake("the tables are transposed: one row for each state, one column for each action")
def transposed_tables(n_states, n_actions):
    choices = itertools.product(range(n_actions), repeat=n_states)
    return np.array([np.eye(n_actions)[list(c)].T for c in choices])


@deterministic_policies.mistake("the 1 of every row overwrote the others: begin a new table of zeros for each policy")
def one_table_for_all(n_states, n_actions):
    table, found = np.zeros((n_states, n_actions)), []
    for choice in itertools.product(range(n_actions), repeat=n_states):
        table[np.arange(n_states), list(choice)] = 1
        found.append(table)
    return np.array(found)


@deterministic_policies.mistake(
    "the ones of earlier policies are still in the table: begin a new table of zeros for each policy"
)
def table_not_emptied(n_states, n_actions):
    table, found = np.zeros((n_states, n_actions)), []
    for choice in itertools.product(range(n_actions), repeat=n_states):
        table[np.arange(n_states), list(choice)] = 1
        found.append(table.copy())
    return np.array(found)


@deterministic_policies.mistake(
    "np.eye(n_actions)[choice] with a tuple looks up one entry of the matrix: list(choice) picks a row for each state"
)
def tuple_as_index(n_states, n_actions):
    return np.array([np.eye(n_actions)[c] for c in itertools.product(range(n_actions), repeat=n_states)])


# --- the best of them ---------------------------------------------------------------------------


@check
def optimal_policies(case):
    """Which rows are at least as good as every other row in every column: all pairs compared."""
    rng = case.rng
    P = random_world(rng, 4, 2, (3,))
    pair = np.array([[2.0, 1.0], [0.0, -1.0], [2.0, 1.0 + 1e-13], [2.0, 0.5], [1.0, 1.0]])
    tables = [
        ("16 policies of a random world, two for each choice in its terminal state", _values_of_all(P, 0.9)),
        ("two equally good policies, but for the last digits", pair),
        ("policies of which none is best everywhere", np.array([[3.0, 0.0, 1.0], [0.0, 2.0, 1.0], [1.0, 1.0, 1.0]])),
        ("negative values", -np.array([[5.0, 9.0], [4.0, 8.0], [6.0, 2.0], [4.0, 2.0], [4.5, 2.0]])),
        ("a single policy", np.array([[-1.0, 4.0]])),
        ("a world of one state", rng.normal(size=(5, 1))),
    ]
    answers = [(name, values, case.call(values)) for name, values in tables]
    loose = np.array([[1.0, 1.0], [0.95, 1.05], [0.7, 1.0]])
    answers = [(name, values, 1e-9, got) for name, values, got in answers]
    answers.append(("values that differ by less than a tolerance of 0.1", loose, 0.1, case.call(loose, 0.1)))
    answers.append(("a tolerance of 0", pair, 0.0, case.call(pair, 0.0)))
    large = np.array([[1000.0, 999.995], [999.995, 1000.0], [1000.0, 1000.0 - 1e-10]])
    answers.append(("large values with small differences", large, 1e-9, case.call(large)))
    for name, values, tolerance, got in answers:
        rows = range(len(values))
        want = [all((values[i] >= values[j] - tolerance).all() for j in rows) for i in rows]
        case.near(f"the mask of optimal policies, {name},", got, want)
        _truth_values(case, got)
    return "9 tables, with one best policy, several, and none"


def _truth_values(case, got):
    case.true(
        np.asarray(got).dtype == bool,
        "the mask holds numbers, and 0 and 1 as an index would pick rows 0 and 1: return True and False",
    )


def _best(values, tolerance=1e-9):
    return (values >= values.max(axis=0) - tolerance).all(axis=1)


@optimal_policies.mistake("this is the policy with the largest sum: it must be at least as good in *every* state")
def largest_sum(values, tolerance=1e-9):
    sums = values.sum(axis=1)
    return sums >= sums.max() - tolerance


@optimal_policies.mistake("a policy that is best in *some* state is not optimal: it must be best in all of them")
def best_somewhere(values, tolerance=1e-9):
    return (values >= values.max(axis=0) - tolerance).any(axis=1)


@optimal_policies.mistake("only the first state was compared")
def best_in_first_state(values, tolerance=1e-9):
    return values[:, 0] >= values[:, 0].max() - tolerance


@optimal_policies.mistake(
    "these are the policies that no other one beats everywhere: an optimal one must itself be at least as good as all "
    "others"
)
def unbeaten(values, tolerance=1e-9):
    beats = lambda a, b: (a >= b - tolerance).all() and (a > b + tolerance).any()  # noqa: E731
    return np.array([not any(beats(other, row) for other in values) for row in values])


@optimal_policies.mistake("equally good policies got lost through the last digits: compare with the tolerance")
def exact_comparison(values, tolerance=1e-9):
    return _best(values, 0.0)


@optimal_policies.mistake("only the first of several optimal policies was marked: mark all of them")
def first_only(values, tolerance=1e-9):
    best = _best(values, tolerance)
    return best & (np.cumsum(best) == 1)


@optimal_policies.mistake("these are the numbers of the optimal policies: a mask with one True or False each is wanted")
def numbers_not_mask(values, tolerance=1e-9):
    return np.flatnonzero(_best(values, tolerance))


@optimal_policies.mistake("each policy was compared with the largest value of all states: compare state by state")
def largest_of_all(values, tolerance=1e-9):
    return (values >= values.max() - tolerance).all(axis=1)


@optimal_policies.mistake(
    "the maximum runs over the states, axis=1: wanted is the best value of each state, over all policies, axis=0"
)
def best_along_states(values, tolerance=1e-9):
    return (values >= values.max(axis=1) - tolerance).all(axis=1)


@optimal_policies.mistake(
    "each policy was compared with its own best state: compare it with the best policy of each state, axis=0"
)
def own_best_state(values, tolerance=1e-9):
    return (values >= values.max(axis=1, keepdims=True) - tolerance).all(axis=1)


@optimal_policies.mistake("the tolerance was added: it makes the demand smaller, values >= best - tolerance")
def tolerance_added(values, tolerance=1e-9):
    return _best(values, -tolerance)


@optimal_policies.mistake("`>` leaves out equal values, if the tolerance is 0: take >=")
def strictly_greater(values, tolerance=1e-9):
    return (values > values.max(axis=0) - tolerance).all(axis=1)


@optimal_policies.mistake("the tolerance was not handed on: a caller may ask for another one than 1e-9")
def policies_fixed_tolerance(values, tolerance=1e-9):
    return _best(values)


@optimal_policies.mistake(
    "np.isclose has a relative tolerance of its own, rtol, which grows with the values: set rtol=0, or write "
    "values >= best - tolerance"
)
def policies_isclose(values, tolerance=1e-9):
    return np.isclose(values, values.max(axis=0), atol=tolerance).all(axis=1)


@optimal_policies.mistake("these are the worst policies: larger values are better")
def worst(values, tolerance=1e-9):
    return (values <= values.min(axis=0) + tolerance).all(axis=1)


@optimal_policies.mistake(
    "the answer is one mask per state: a policy is optimal if it is best in all states, .all(axis=1)"
)
def state_by_state(values, tolerance=1e-9):
    return values >= values.max(axis=0) - tolerance


# --- the optimality equation --------------------------------------------------------------------


@check
def optimality_backup(case):
    """Against the matrix form for random tables; q* of a small world, found by enumeration, is left as it is."""
    rng, answers = case.rng, []
    worlds = [
        ("a random world with two terminal states", random_world(rng, 7, 4, (0, 5)), 0.9),
        ("a random world without an end", random_world(rng, 4, 2), 0.5),
        ("a random world where any step may be the last", with_early_ends(rng, random_world(rng, 6, 3)), 1.0),
        ("a random world of 30 states", with_early_ends(rng, random_world(rng, 30, 5, (29,))), 0.7),
    ]
    for name, P, gamma in worlds:
        Q = rng.normal(size=(len(P), len(P[0]))) * 4 - 1
        want = _ahead(P, Q.max(axis=1), gamma)
        answers.append((f"the backed-up table in {name}, γ = {gamma}", case.call(P, Q, gamma), want))
    for what, got, want in answers:
        case.near(what, got, want)
    P = with_early_ends(rng, random_world(rng, 4, 3, (2,)))
    best = _ahead(P, _values_of_all(P, 0.9).max(axis=0), 0.9)
    case.near("q* of a small world, which the backup must leave as it is,", case.call(P, best, 0.9), best)
    return "4 random tables; and q* of a world with 81 policies is left as it is"


def _each(P, Q, outcome_value, add=1.0, keep=lambda outcomes: outcomes):
    """A table filled outcome by outcome; outcome_value(s, a, p, next_state, reward, terminated)."""
    new = np.zeros(Q.shape)
    for s in P:
        for a in P[s]:
            for outcome in keep(P[s][a]):
                new[s, a] = add * new[s, a] + outcome_value(s, a, *outcome)
    return new


@optimality_backup.mistake(
    "γ·max Q[next_state] was added after the end of the episode, too: when `terminated` is True, add only the reward"
)
def bootstraps_ended(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * (r + gamma * Q[to].max()))


@optimality_backup.mistake(
    "the reward of the step that ends the episode is missing: that reward still counts, only what follows does not"
)
def loses_last_reward(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: (not end) * p * (r + gamma * Q[to].max()))


@optimality_backup.mistake("the next actions were averaged: the optimality equation takes the *best* of them")
def averages(P, Q, gamma):
    return _ahead(P, Q.mean(axis=1), gamma)


@optimality_backup.mistake("the same action was taken again: take the best of all actions in the next state")
def same_action(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * (r + gamma * Q[to, a] * (not end)))


@optimality_backup.mistake("this is the maximum over Q[s]: look at Q[next_state]")
def own_state(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * (r + gamma * Q[s].max() * (not end)))


@optimality_backup.mistake("this is the maximum over the whole table: look at the row of next_state only")
def whole_table(P, Q, gamma):
    return _ahead(P, np.full(len(P), Q.max()), gamma)


@optimality_backup.mistake("argmax gives the *number* of the best action: its value is wanted, .max()")
def argmax_for_max(P, Q, gamma):
    return _ahead(P, Q.argmax(axis=1), gamma)


@optimality_backup.mistake("the smallest action value was taken: take the largest")
def smallest(P, Q, gamma):
    return _ahead(P, Q.min(axis=1), gamma)


@optimality_backup.mistake("a bracket is missing: the probability multiplies both, p·(reward + γ·max Q[next_state])")
def without_bracket(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * r + gamma * Q[to].max() * (not end))


@optimality_backup.mistake("the old table was added to: `new` begins with zeros, not with Q.copy()")
def begins_with_old(P, Q, gamma):
    return Q + _ahead(P, Q.max(axis=1), gamma)


@optimality_backup.mistake("this is the best *state* for one action, a column of Q: look at the row Q[next_state]")
def best_of_column_a(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * (r + gamma * Q[:, a].max() * (not end)))


@optimality_backup.mistake("the best *outcome* was taken: the world chooses among outcomes, so add them up, weighed")
def best_outcome(P, Q, gamma):
    return np.array([[max(r + gamma * Q[to].max() * (not end) for p, to, r, end in P[s][a]) for a in P[s]] for s in P])


@optimality_backup.mistake(
    "one next action was chosen for all outcomes together: it is chosen after the outcome is known, so the maximum "
    "stands inside the sum"
)
def maximum_outside(P, Q, gamma):
    return np.max([_ahead(P, Q[:, b], gamma) for b in range(Q.shape[1])], axis=0)


@optimality_backup.mistake("γ was left out: what follows comes one step later, so it is multiplied by gamma")
def without_gamma(P, Q, gamma):
    return _ahead(P, Q.max(axis=1), 1.0)


@optimality_backup.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def discounts_reward(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * gamma * (r + Q[to].max() * (not end)))


@optimality_backup.mistake("the rewards are missing: each outcome is worth reward + γ·max Q[next_state]")
def without_reward(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * gamma * Q[to].max() * (not end))


@optimality_backup.mistake("the outcomes were added up without their probability: it is the first entry of each tuple")
def without_probability(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: r + gamma * Q[to].max() * (not end))


@optimality_backup.mistake("only the last outcome of each action is in the answer: add up with +=")
def overwrites(P, Q, gamma):
    return _each(P, Q, lambda s, a, p, to, r, end: p * (r + gamma * Q[to].max() * (not end)), add=0.0)


@optimality_backup.mistake("only the first outcome of each action was counted: P[s][action] is a list of several")
def first_outcome(P, Q, gamma):
    return _each(
        P, Q, lambda s, a, p, to, r, end: p * (r + gamma * Q[to].max() * (not end)), keep=lambda outcomes: outcomes[:1]
    )


@optimality_backup.mistake("this is one value per state, the best of its actions: keep the actions apart, (S, A)")
def best_of_state(P, Q, gamma):
    return _ahead(P, Q.max(axis=1), gamma).max(axis=1)


@optimality_backup.mistake("the new values were read in the same pass: read the old table, write into a new one")
def in_place(P, Q, gamma):
    new = Q.copy()
    for s in P:
        for a in P[s]:
            new[s, a] = sum(p * (r + gamma * new[to].max() * (not end)) for p, to, r, end in P[s][a])
    return new


# --- greedy actions -----------------------------------------------------------------------------


@check
def greedy_actions(case):
    """Tables whose best actions are known because they were put there, with rounding errors and without."""
    rng, answers = case.rng, []
    for S, A, low, high in ((9, 5, -3.0, 4.0), (6, 3, -9.0, -5.0), (12, 2, 0.0, 30.0), (1, 6, -1.0, 1.0)):
        want = rng.random((S, A)) < 0.4
        want[np.arange(S), rng.integers(A, size=S)] = True
        want[0] = np.arange(A) >= A - 2  # the first of the best is not action 0
        best = rng.uniform(low, high, size=(S, 1))
        Q = np.where(want, best - rng.uniform(0, 1e-12, size=(S, A)), best - rng.uniform(0.05, 3.0, size=(S, A)))
        answers.append((f"the best actions in {S} states with {A} actions", case.call(Q), want))
    Q = np.array([[1.0, 0.6, 0.9, -1.0], [-2.0, -2.3, -1.95, -2.0]])
    answers.append(
        (
            "the best actions within a tolerance of 0.2",
            case.call(Q, 0.2),
            [[True, False, True, False], [True, False, True, True]],
        )
    )
    halves = np.array([[0.5, 0.5, 0.25]])
    answers.append(("the best actions with a tolerance of 0", case.call(halves, 0.0), [[True, True, False]]))
    large = np.array([[1000.0, 999.995], [-999.995, -1000.0]])
    answers.append(("the best actions where large values differ little", case.call(large), [[True, False]] * 2))
    zeros = np.zeros((3, 4))
    answers.append(("the best actions where all are equal", case.call(zeros), np.ones((3, 4))))
    for what, got, want in answers:
        case.near(what, got, want)
        _truth_values(case, got)
    return "the best actions of 36 states, all of them where several are equally good"


def _mask(q, tolerance=1e-6):
    return q >= q.max(axis=1, keepdims=True) - tolerance


@greedy_actions.mistake("only the first of several equally good actions was marked: mark all of them")
def argmax_only(q, tolerance=1e-6):
    return np.eye(q.shape[1], dtype=bool)[q.argmax(axis=1)]


@greedy_actions.mistake(
    "equally good actions got lost through rounding errors in the last digits: compare with the tolerance, not with =="
)
def exactly_equal(q, tolerance=1e-6):
    return q.max(axis=1, keepdims=True) == q


@greedy_actions.mistake("these are the numbers of the best actions: a mask (S, A) of True and False is wanted")
def numbers(q, tolerance=1e-6):
    return q.argmax(axis=1)


@greedy_actions.mistake("the best action of the whole table was sought: every state has its own, axis=1")
def best_of_table(q, tolerance=1e-6):
    return q >= q.max() - tolerance


@greedy_actions.mistake("the best *state* of each action was sought: the maximum runs over the actions, axis=1")
def best_of_column(q, tolerance=1e-6):
    return q >= q.max(axis=0) - tolerance


@greedy_actions.mistake(
    "Q.max(axis=1) is a row of numbers, and NumPy compares it with the table column by column: keepdims=True makes it "
    "a column"
)
def without_keepdims(q, tolerance=1e-6):
    return q >= q.max(axis=1) - tolerance


@greedy_actions.mistake(
    "np.isclose has a relative tolerance of its own, rtol, which grows with the values: set rtol=0, or write "
    "Q >= best - tolerance"
)
def greedy_isclose(q, tolerance=1e-6):
    return np.isclose(q, q.max(axis=1, keepdims=True), atol=tolerance)


@greedy_actions.mistake("these are the worst actions: larger values are better")
def worst_actions(q, tolerance=1e-6):
    return q <= q.min(axis=1, keepdims=True) + tolerance


@greedy_actions.mistake("the tolerance was not handed on: a caller may ask for another one than 0.000001")
def fixed_tolerance(q, tolerance=1e-6):
    return _mask(q, 1e-6)


@greedy_actions.mistake("the tolerance was taken as a share of the best value: it is a difference")
def relative_tolerance(q, tolerance=1e-6):
    best = q.max(axis=1, keepdims=True)
    return q >= best - tolerance * np.abs(best)


@greedy_actions.mistake(
    "these are probabilities: the question here is which actions are best; dividing by their number comes later"
)
def shared_out(q, tolerance=1e-6):
    mask = _mask(q, tolerance)
    return mask / mask.sum(axis=1, keepdims=True)


@greedy_actions.mistake("these are the actions better than the average: only the best are wanted")
def above_average(q, tolerance=1e-6):
    return q >= q.mean(axis=1, keepdims=True) - tolerance


# --- the linear programme -----------------------------------------------------------------------


@check
def optimal_values(case):
    """v*: against all deterministic policies of small worlds, the optimality equation of larger ones, and the book."""
    rng, answers = case.rng, []
    case.if_none = (
        "is a `return` missing? If not, linprog found no smallest solution, and its `.x` is None. Either no v fulfils "
        "the inequalities, or v can fall without limit. Look at the signs: −1 at s, +γ·p at the next state, limit "
        "−(expected reward), and c all +1"
    )
    small = [
        ("a world that only moves on", _only_on(rng), 0.6),
        ("a random world with one action", random_world(rng, 5, 1), 0.8),
        ("a random world of 4 states", random_world(rng, 4, 3), 0.9),
        ("a random world where any step may be the last", with_early_ends(rng, random_world(rng, 5, 2)), 0.95),
        ("a random world with a terminal state", random_world(rng, 6, 2, (4,)), 0.7),
        ("a world in which every step costs", _costly(rng, random_world(rng, 4, 2)), 0.8),
    ]
    for name, P, gamma in small:
        answers.append((f"v* in {name}, γ = {gamma}", case.call(P, gamma), _values_of_all(P, gamma).max(axis=0)))
    for what, got, want in answers:
        case.near(what, got, want, rtol=1e-6, atol=1e-6)
    P = with_early_ends(rng, random_world(rng, 25, 4, (0, 9)), chance=0.05)
    V = case.array("v* in a random world of 25 states, γ = 0.95", case.call(P, 0.95), (25,))
    best = _ahead(P, V, 0.95).max(axis=1)
    case.near("v* in a random world of 25 states, against its own best look ahead", V, best, atol=1e-6)
    got = case.call(JumpGridworldEnv().P, 0.9)
    case.near("v* in the 5 × 5 grid, against the book's Figure 3.5", got, BOOK_5X5, rtol=0, atol=0.0501)
    return "the best policies of 6 small worlds, the optimality equation of 25 states, and the book's 25 numbers"


def _costly(rng, P):
    """The same world, but every reward is negative."""
    return {
        s: {a: [(p, to, -1.0 - float(rng.random()), end) for p, to, _, end in row[a]] for a in row}
        for s, row in P.items()
    }


def _only_on(rng, n=5):
    """A world without circles, whose outcomes share next states: there, most wrong programmes have a solution."""
    P = {}
    for s in range(n):
        P[s] = {}
        for a in range(3):
            chances, rewards = rng.dirichlet([1, 1, 1]), rng.normal(size=3)
            to = [min(s + 1, n - 1), min(s + 1, n - 1), int(rng.integers(s, n - 1)) + 1 if s < n - 1 else s]
            P[s][a] = [(float(p), t, float(r), s == n - 1) for p, t, r in zip(chances, to, rewards, strict=True)]
    return P


def _programme(
    P, gamma, sign=1.0, goal=1.0, ended=False, bounds=(None, None), reward=lambda p, r: p * r, chance=lambda p: p,
    add=1.0, add_reward=1.0, own_last=False, last_reward=True, equal=False,
):  # fmt: skip
    """The whole result of the linear programme; the options are the mistakes."""
    rows, limits = [], []
    for s in P:
        for a in P[s]:
            row, limit = np.zeros(len(P)), 0.0
            row[s] = -1.0
            for p, to, r, end in P[s][a]:
                if last_reward or not end:
                    limit = add_reward * limit - reward(p, r)
                if ended or not end:
                    row[to] = add * row[to] + gamma * chance(p)
            if own_last:
                row[s] = -1.0
            rows.append(sign * row)
            limits.append(sign * limit)
    kind = "eq" if equal else "ub"
    system = {f"A_{kind}": np.array(rows), f"b_{kind}": np.array(limits)}
    return linprog(np.full(len(P), goal), bounds=bounds, **system)


@optimal_values.mistake(
    "no value is negative: linprog keeps its variables at 0 or above unless you set bounds=(None, None)"
)
def default_bounds(P, gamma):
    return _programme(P, gamma, bounds=(0, None)).x


@optimal_values.mistake("these are the values of the random policy: every action has its own inequality")
def random_policy_values(P, gamma):
    step, reward = in_matrices(P, even_policy(P))
    return np.linalg.solve(np.eye(len(P)) - gamma * step, reward)


@optimal_values.mistake("these are the values of the worst policy: v ≥ … for every action, not v ≤ …")
def worst_values(P, gamma):
    return _programme(P, gamma, sign=-1.0, goal=-1.0).x


@optimal_values.mistake(
    "γ·v of the next state stands in the inequality after the end of the episode, too: when `terminated` is True, "
    "only the reward counts"
)
def keeps_ended(P, gamma):
    return _programme(P, gamma, ended=True).x


@optimal_values.mistake("the best *next reward* is not a value: what follows counts, too")
def short_sighted(P, gamma):
    return _ahead(P, np.zeros(len(P)), gamma).max(axis=1)


@optimal_values.mistake("the rewards were added up without the probability of their outcome")
def unweighted_rewards(P, gamma):
    return _programme(P, gamma, reward=lambda p, r: r).x


@optimal_values.mistake("γ multiplies the reward, too: only what comes after the step is discounted")
def discounted_rewards(P, gamma):
    return _programme(P, gamma, reward=lambda p, r: gamma * p * r).x


@optimal_values.mistake("the rewards have the wrong sign: γ·(next values) − v ≤ −(expected reward)")
def wrong_reward_sign(P, gamma):
    return _programme(P, gamma, reward=lambda p, r: -p * r).x


@optimal_values.mistake("only the first action of each state has an inequality: every action needs its own")
def first_action_only(P, gamma):
    return _programme({s: {0: row[0]} for s, row in P.items()}, gamma).x


@optimal_values.mistake("the whole result of linprog was returned: the values are its attribute x, `.x`")
def whole_result(P, gamma):
    return _programme(P, gamma)


@optimal_values.mistake("γ was left out: in the row of s, the next state gets γ·p")
def values_without_gamma(P, gamma):
    return _programme(P, gamma, chance=lambda p: p / gamma).x


@optimal_values.mistake("the next states stand in the row without their probability: γ·p, not γ")
def unweighted_next(P, gamma):
    return _programme(P, gamma, chance=lambda p: 1.0).x


@optimal_values.mistake(
    "entries of the row were overwritten: several outcomes may lead to the same state, or back to s; add with +="
)
def overwritten_entries(P, gamma):
    return _programme(P, gamma, add=0.0).x


@optimal_values.mistake(
    "the −1 overwrote what was there: a step may lead back to s, so put the −1 there first, or subtract it with -="
)
def own_entry_last(P, gamma):
    return _programme(P, gamma, own_last=True).x


@optimal_values.mistake("only the last outcome's reward is in the limit: add up with -=")
def overwritten_limit(P, gamma):
    return _programme(P, gamma, add_reward=0.0).x


@optimal_values.mistake("the reward of the step that ends the episode is missing: that reward still counts")
def values_lose_last_reward(P, gamma):
    return _programme(P, gamma, last_reward=False).x


@optimal_values.mistake(
    "these are equations, A_eq: only the best action of a state reaches equality; take A_ub and b_ub"
)
def equations(P, gamma):
    return _programme(P, gamma, equal=True).x


@optimal_values.mistake("c is all zeros, so any solution will do: minimise the sum of all values, c is all ones")
def nothing_to_minimise(P, gamma):
    return _programme(P, gamma, goal=0.0).x


@optimal_values.mistake("this is the smallest sum, `.fun`: the values themselves are wanted, `.x`")
def smallest_sum(P, gamma):
    return _programme(P, gamma).fun
