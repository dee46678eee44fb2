"""Checks of ``rl/04_dynamic_programming/01_policy_evaluation``.

Ground truth is the model in matrix form: for a policy, ``step[s, t]`` is the probability that the
episode goes on in state t after one step from s, and ``reward[s]`` is the reward expected of it.

The random worlds have more than 16 states and more than 4 actions wherever a mistake that counts on
the numbers of the gridworld can be named: there it gives a wrong answer; in a smaller world it would only crash.
"""

import numpy as np

from lib.checks import Case, check
from lib.checks.framework import same
from lib.checks.rl.worlds import even_policy, in_matrices, random_policy, random_world, return_by_length, two_things
from lib.envs.gridworld import GridworldEnv

# Sutton and Barto (2018), Figure 4.1, k = ∞
BOOK_4X4 = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0]


def swept(P, policy, V, gamma, in_place) -> np.ndarray:
    """The values after one sweep; in place, this is one step of Gauss and Seidel."""
    step, reward = in_matrices(P, policy)
    new = np.tril(step, -1) if in_place else np.zeros_like(step)
    return np.linalg.solve(np.eye(len(V)) - gamma * new, reward + gamma * (step - new) @ V)


def evaluated(P, policy, gamma, theta, in_place) -> tuple[np.ndarray, list[float]]:
    V, changes = np.zeros(len(P)), []
    while not changes or changes[-1] >= theta:
        before, V = V, swept(P, policy, V, gamma, in_place)
        changes.append(float(np.abs(V - before).max()))
    return V, changes


# --- backup -------------------------------------------------------------------------------------


@check
def backup(case):
    """One state's expected reward and discounted next value, against the matrix form."""
    rng, answers = case.rng, []
    for n_states, n_actions, gamma, ends in ((18, 5, 0.9, (0, 17)), (9, 6, 0.5, (6,)), (7, 5, 0.99, ())):
        P, policy = random_world(rng, n_states, n_actions, ends), random_policy(rng, n_states, n_actions)
        V = rng.normal(size=n_states) * 5
        step, reward = in_matrices(P, policy)
        for s in range(0, n_states, 3):
            what = f"the backup of state {s} in a random world of {n_states} states, {n_actions} actions, γ = {gamma}"
            answers.append((what, case.call(P, policy, V, s, gamma), (reward + gamma * step @ V)[s]))
    # Judged after all calls, so that mistakes which are alike in one state are told apart.
    for what, got, want in answers:
        case.near(what, got, want)
    P, V = GridworldEnv((4, 4)).P, -rng.uniform(1, 20, size=16)
    for s, neighbours in ((1, [1, 2, 5]), (5, [1, 6, 9, 4]), (3, [3, 3, 7, 2])):  # none terminal
        want = -1 + V[neighbours].sum() / 4
        case.near(
            f"the backup of cell {s} in the 4 × 4 grid, γ = 1",
            case.call(P, even_policy(P), V, s, 1.0),
            want,
        )
    return "12 states of three random worlds and 3 cells of the gridworld are backed up right"


def _outcomes(P, policy, s):
    """Every outcome from state s with the probability of its action."""
    return [(policy[s][a], *outcome) for a, outcomes in P[s].items() for outcome in outcomes]


def _future(V, to, ended):
    return 0.0 if ended else V[to]


@backup.mistake(
    "γ·V[next_state] was added after the end of the episode, too: when `terminated` is True, add only the reward"
)
def backup_bootstraps_terminal(P, policy, V, s, gamma):
    return sum(w * p * (r + gamma * V[to]) for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake(
    "the reward of the step that ends the episode is missing: that reward still counts, only γ·V[next_state] does not"
)
def backup_loses_last_reward(P, policy, V, s, gamma):
    return sum(w * p * (r + gamma * V[to]) for w, p, to, r, end in _outcomes(P, policy, s) if not end)


@backup.mistake(
    "the loop breaks off at an outcome that terminated: its reward still counts, and so do the outcomes after it"
)
def backup_breaks_at_end(P, policy, V, s, gamma):
    value = 0.0
    for a in P[s]:
        for p, to, r, end in P[s][a]:
            if end:
                break
            value += policy[s][a] * p * (r + gamma * V[to])
    return value


@backup.mistake(
    "the function returns at the first outcome that terminated: its reward still counts, and so does all that comes "
    "after it in the loops"
)
def backup_returns_at_end(P, policy, V, s, gamma):
    value = 0.0
    for w, p, to, r, end in _outcomes(P, policy, s):
        if end:
            return value
        value += w * p * (r + gamma * V[to])
    return value


@backup.mistake(
    "the next states 0 and 15 were taken for the end: they are terminal in our grid alone; `terminated` says what ends"
)
def backup_knows_the_corners(P, policy, V, s, gamma):
    return sum(w * p * (r + gamma * _future(V, to, to in (0, 15))) for w, p, to, r, _ in _outcomes(P, policy, s))


@backup.mistake(
    "the backup of states 0 and 15 was set to 0: they are terminal in our grid alone; `terminated` says what ends"
)
def backup_skips_the_corners(P, policy, V, s, gamma):
    rows = _outcomes(P, policy, s)
    return 0.0 if s in (0, 15) else sum(w * p * (r + gamma * _future(V, to, end)) for w, p, to, r, end in rows)


@backup.mistake("only 4 actions were counted: other worlds have other numbers of them; policy.shape says how many")
def backup_of_four_actions(P, policy, V, s, gamma):
    firsts = [(policy[s][a], *outcome) for a in range(4) for outcome in P[s][a]]
    return sum(w * p * (r + gamma * _future(V, to, end)) for w, p, to, r, end in firsts)


@backup.mistake("this is the answer without the rewards: each outcome is worth reward + γ·V[next_state]")
def backup_without_reward(P, policy, V, s, gamma):
    return sum(w * p * gamma * _future(V, to, end) for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake("γ was left out: the value of the next state comes one step later, so it is multiplied by gamma")
def backup_without_gamma(P, policy, V, s, gamma):
    return sum(w * p * (r + _future(V, to, end)) for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def backup_discounts_reward(P, policy, V, s, gamma):
    return sum(w * p * gamma * (r + _future(V, to, end)) for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake("the values of the next states were left out: this is the expected reward of one step")
def backup_only_reward(P, policy, V, s, gamma):
    return sum(w * p * r for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake("this uses V[s], the state that the step leaves; a backup looks at V[next_state]")
def backup_of_same_state(P, policy, V, s, gamma):
    return sum(w * p * (r + gamma * _future(V, s, end)) for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake("every action was counted alike: weigh each with policy[s][action]")
def backup_even_mean(P, policy, V, s, gamma):
    return backup_without_policy(P, policy, V, s, gamma) / len(P[s])


@backup.mistake("the actions were added up without their probabilities: weigh each with policy[s][action]")
def backup_without_policy(P, policy, V, s, gamma):
    return sum(p * (r + gamma * _future(V, to, end)) for w, p, to, r, end in _outcomes(P, policy, s))


def _of_each_action(P, policy, V, s, gamma):
    return [sum(p * (r + gamma * _future(V, to, end)) for p, to, r, end in P[s][a]) for a in P[s]]


@backup.mistake(
    "this is the value of the best action: policy evaluation averages over what the policy does, good or bad"
)
def backup_of_best_action(P, policy, V, s, gamma):
    return max(_of_each_action(P, policy, V, s, gamma))


@backup.mistake("only the policy's most probable action was counted: average over all of them")
def backup_of_likeliest_action(P, policy, V, s, gamma):
    return _of_each_action(P, policy, V, s, gamma)[np.argmax(policy[s])]


@backup.mistake(
    "the outcomes were added up without their probabilities: the first number of each outcome is its weight"
)
def backup_without_probability(P, policy, V, s, gamma):
    return sum(w * (r + gamma * _future(V, to, end)) for w, p, to, r, end in _outcomes(P, policy, s))


@backup.mistake("only the first outcome of each action was counted: P[s][action] is a list of several")
def backup_of_first_outcome(P, policy, V, s, gamma):
    firsts = [(policy[s][a], *P[s][a][0]) for a in P[s]]
    return sum(w * p * (r + gamma * _future(V, to, end)) for w, p, to, r, end in firsts)


@backup.mistake("only the last outcome is in the answer: add up with +=, do not overwrite with =")
def backup_overwrites(P, policy, V, s, gamma):
    w, p, to, r, end = _outcomes(P, policy, s)[-1]
    return w * p * (r + gamma * _future(V, to, end))


@backup.mistake("the function returns after the first action: `return` belongs after both loops")
def backup_returns_early(P, policy, V, s, gamma):
    return policy[s][0] * _of_each_action(P, policy, V, s, gamma)[0]


@backup.mistake("the function returns after the first outcome: `return` belongs after both loops")
def backup_returns_at_once(P, policy, V, s, gamma):
    w, p, to, r, end = _outcomes(P, policy, s)[0]
    return w * p * (r + gamma * _future(V, to, end))


# --- one sweep ----------------------------------------------------------------------------------


def check_sweep(case: Case, in_place: bool) -> str:
    rng = case.rng
    worlds = [
        (random_world(rng, n, 3, ends), rng.normal(size=n) * 5, gamma)
        for n, gamma, ends in ((19, 0.9, (0, 18)), (18, 0.6, ()), (17, 1.0, (5,)), (20, 0.3, ()))
    ]
    worlds.append((random_world(rng, 18, 2, (0, 17)), None, 0.8))
    answers = []
    for P, V, gamma in worlds:
        policy = random_policy(rng, len(P), len(P[0]))
        if V is None:  # the sweep changes nothing: its change is zero
            V = return_by_length(P, policy, gamma)
        new, change = two_things(case, case.call(P, policy, V, gamma), "the new values", "the largest change")
        answers.append(
            (
                f"in a random world of {len(P)} states, γ = {gamma}",
                new,
                change,
                V,
                swept(P, policy, V, gamma, in_place),
            )
        )
    # Judged after all calls, so that mistakes which are alike in one world are told apart.
    for where, new, change, V, want in answers:
        case.near(f"the new table {where}", new, want)
        case.near(f"the largest change {where}", change, np.abs(want - V).max())
    P = GridworldEnv((4, 4)).P
    V = np.zeros(16)
    for k in (1, 2):
        want = swept(P, even_policy(P), V, 1.0, in_place)
        new, change = two_things(case, case.call(P, even_policy(P), V, 1.0), "the new values", "the largest change")
        case.near(f"the table of the 4 × 4 grid after sweep {k}", new, want)
        case.near(f"the largest change of sweep {k} on the 4 × 4 grid", change, np.abs(want - V).max())
        V = want
    kind = "with the new values of earlier states" if in_place else "from the old values alone"
    return f"five random worlds and two sweeps of the gridworld are computed {kind}"


@check
def sweep_two_arrays(case):
    """All states from the old values, against the matrix form."""
    return check_sweep(case, in_place=False)


@check
def sweep_in_place(case):
    """Each state from the newest values, against the triangular system of Gauss and Seidel."""
    return check_sweep(case, in_place=True)


def _one_state(P, policy, V, s, gamma):
    step, reward = in_matrices(P, policy)
    return reward[s] + gamma * step[s] @ V


def _ordered(P, policy, V, gamma, in_place, order=None):
    """A sweep in any order, one state at a time: the new values and every change."""
    new = V.copy() if in_place else np.zeros(len(V))
    for s in range(len(V)) if order is None else order:
        new[s] = _one_state(P, policy, new if in_place else V, s, gamma)
    return new, new - V


def _register_sweep_mistakes(the_check, in_place):
    """The mistakes that both kinds of sweep share."""

    @the_check.mistake("the change was taken without abs(): a value that falls changes as much as one that rises")
    def without_abs(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place)
        return new, max(0.0, change.max())

    @the_check.mistake(
        "this is the change of the last state alone: keep the largest so far, and set it "
        "to 0 before the loop, not in it"
    )
    def last_change(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place)
        return new, abs(change[-1])

    @the_check.mistake("this is the sum of all changes: the largest one is wanted")
    def sum_of_changes(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place)
        return new, np.abs(change).sum()

    @the_check.mistake("this is the mean of all changes: the largest one is wanted")
    def mean_of_changes(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place)
        return new, np.abs(change).mean()

    @the_check.mistake("this is the smallest change: the largest one is wanted")
    def smallest_change(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place)
        return new, np.abs(change).min()

    @the_check.mistake(
        "the change is always 0: the old value was overwritten before it was compared; remember it first"
    )
    def compares_too_late(P, policy, V, gamma):
        return _ordered(P, policy, V, gamma, in_place)[0], 0.0

    @the_check.mistake("this is the largest value, not the largest change: subtract the old value first")
    def largest_value(P, policy, V, gamma):
        new, _ = _ordered(P, policy, V, gamma, in_place)
        return new, np.abs(new).max()

    @the_check.mistake("these are the old values: return the new ones")
    def old_values(P, policy, V, gamma):
        return V, np.abs(_ordered(P, policy, V, gamma, in_place)[1]).max()

    @the_check.mistake("gamma is always 1 here: hand the sweep's own gamma on to `backup`")
    def gamma_one(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, 1.0, in_place)
        return new, np.abs(change).max()

    @the_check.mistake("the loop leaves out the last state: range(len(V)) already ends before len(V)")
    def without_last(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place, range(len(V) - 1))
        return new, np.abs(change).max()

    @the_check.mistake("the loop leaves out state 0: states are counted from 0")
    def without_first(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place, range(1, len(V)))
        return new, np.abs(change).max()

    @the_check.mistake(
        "the loop leaves out state 0 and the last one: they are terminal in our grid alone; back up every state"
    )
    def without_ends(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place, range(1, len(V) - 1))
        return new, np.abs(change).max()

    @the_check.mistake("only 16 states were backed up: other worlds have other numbers of them; len(V) says how many")
    def sixteen_states(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place, range(16))
        return new, np.abs(change).max()

    @the_check.mistake("the backup was added to the old value: it takes the place of the old value")
    def adds_old_value(P, policy, V, gamma):
        new = V.copy()
        for s in range(len(V)):
            new[s] += _one_state(P, policy, new if in_place else V, s, gamma)
        return new, np.abs(new - V).max()

    @the_check.mistake("the two answers are exchanged: the values come first, then the largest change")
    def exchanged_answers(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place)
        return np.abs(change).max(), new

    @the_check.mistake("only state 0 was updated: `return` belongs after the loop")
    def only_first(P, policy, V, gamma):
        new, change = _ordered(P, policy, V, gamma, in_place, [0])
        return new, np.abs(change).max()


@sweep_two_arrays.mistake(
    "this is the sweep in place: some backups already saw new values; read every one of them from the old array"
)
def two_arrays_in_place(P, policy, V, gamma):
    new, change = _ordered(P, policy, V, gamma, in_place=True)
    return new, np.abs(change).max()


@sweep_in_place.mistake(
    "this is the sweep with two arrays: every backup read the old values; write into the array that you read from"
)
def in_place_two_arrays(P, policy, V, gamma):
    new, change = _ordered(P, policy, V, gamma, in_place=False)
    return new, np.abs(change).max()


@sweep_in_place.mistake(
    "the states were swept from the last to the first: that converges too, but to "
    "compare sweeps we go from state 0 upwards"
)
def in_place_backwards(P, policy, V, gamma):
    new, change = _ordered(P, policy, V, gamma, True, range(len(V) - 1, -1, -1))
    return new, np.abs(change).max()


_register_sweep_mistakes(sweep_two_arrays, in_place=False)
_register_sweep_mistakes(sweep_in_place, in_place=True)


# --- policy evaluation --------------------------------------------------------------------------

DRAWN = "two equal calls gave two different answers: begin with zeros; nothing here is left to chance"


@check
def policy_evaluation(case):
    """Values and changes against the matrix form, the linear system and the book."""
    rng = case.rng
    for n, gamma, theta, ends in (
        (18, 0.9, 50.0, (0, 7)),  # one sweep is enough, even where the loop would otherwise not end
        (19, 0.9, 1e-3, (0, 7)),
        (20, 0.7, 1e-6, ()),
        (17, 1.0, 1e-2, (5,)),
    ):
        # States from 12 up are never entered: sweeps over 16 states alone do not crash, and can be named.
        P, policy = random_world(rng, n, 3, ends, entered=12), random_policy(rng, n, 3)
        if theta == 50.0:
            once, again = (case.call(P, policy, gamma=gamma, theta=theta) for _ in range(2))
            case.true(same(once, again), DRAWN)
        check_evaluation(case, f"random world of {n} states", P, policy, gamma, theta)
    P = GridworldEnv((4, 4)).P
    check_evaluation(case, "4 × 4 grid", P, even_policy(P), 1.0, 1.0)
    for V in check_evaluation(case, "4 × 4 grid", P, even_policy(P), 1.0, 1e-5):
        case.near("the table of values of the 4 × 4 grid, against the book", V, BOOK_4X4, atol=1e-3)
    V, changes = two_things(case, case.call(P, even_policy(P)), "the values", "the list of changes")
    case.near("the table of values when gamma, theta and in_place are left out", V, BOOK_4X4, atol=1e-3)
    number = len(case.array("the list of changes", changes))
    case.near("the number of sweeps when gamma, theta and in_place are left out", number, 141)
    return "four random worlds and the book's 0, -14, -20, -22 … on its grid, in both variants"


def check_evaluation(case: Case, world: str, P, policy, gamma: float, theta: float) -> list[np.ndarray]:
    """Judge both variants on one world, once both have answered; return their values."""
    step, reward = in_matrices(P, policy)
    exact = np.linalg.solve(np.eye(len(P)) - gamma * step, reward)
    answers = []
    for in_place in (False, True):
        answer = case.call(P, policy, gamma=gamma, theta=theta, in_place=in_place)
        answers.append((in_place, *two_things(case, answer, "the values", "the list of changes")))
    for in_place, V, changes in answers:
        where = f"{'in place' if in_place else 'with two arrays'}, {world}, γ = {gamma}, θ = {theta}"
        want_V, want = evaluated(P, policy, gamma, theta, in_place)
        case.true(np.ndim(changes) == 1, f"the second answer {where} should be a list with one change per sweep")
        case.true(
            np.size(changes) > 0,
            f"the list of changes is empty {where}: the first sweep is made, and listed, whatever theta is",
        )
        case.near(f"the number of sweeps {where}", np.size(changes), len(want))
        first = "do the sweeps begin with zeros?"
        case.near(f"the change of the first sweep {where}", np.ravel(changes)[:1], want[:1], hint=first)
        case.near(f"the change of each sweep {where}", changes, want)
        case.near(f"the table of values {where}", V, want_V)
        if gamma < 1:
            bound = gamma * theta / (1 - gamma)  # how far a contraction can still be from its fixed point
            case.near(
                f"the table of values {where}, against the linear system",
                V,
                exact,
                rtol=0,
                atol=bound,
            )
    return [np.asarray(V) for _, V, _ in answers]


@policy_evaluation.mistake(DRAWN)
def begins_anywhere(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = np.random.normal(size=len(P)), []
    for _ in range(3000):
        before, V = V, swept(P, policy, V, gamma, in_place)
        changes.append(float(np.abs(V - before).max()))
        if changes[-1] < theta:
            break
    return V, changes


# Registered before `values_before`: where one sweep is enough the two are alike, and then this one may never end.
@policy_evaluation.mistake("the new table of each sweep is thrown away: the next sweep must begin with it")
def throws_table_away(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    change = float(np.abs(swept(P, policy, np.zeros(len(P)), gamma, in_place)).max())
    return np.zeros(len(P)), [change] * (1 if change < theta else 3000)


@policy_evaluation.mistake(
    "there was no sweep at all: begin with a change of infinity, or look at the change only after a sweep"
)
def no_sweep(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return np.zeros(len(P)), []


@policy_evaluation.mistake(
    "there was no sweep where theta is 1 or more: a change of 1 is too little to begin with; take infinity, or look "
    "at the change only after a sweep"
)
def begins_with_change_one(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    if theta >= 1:
        return np.zeros(len(P)), []
    return _evaluate(P, policy, gamma, theta, in_place, lambda new, old, theta: np.abs(new - old).max() <= theta)


@policy_evaluation.mistake(
    "the list begins with the infinity that started the loop: keep that one out, the list holds one change per sweep"
)
def lists_infinity(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = _evaluate(P, policy, gamma, theta, in_place)
    return V, [float("inf"), *changes]


@policy_evaluation.mistake("the two answers are exchanged: the values come first, then the list of changes")
def answers_exchanged(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, in_place)[::-1]


@policy_evaluation.mistake("this counts on 16 states: other worlds have other numbers of them; len(P) says how many")
def evaluates_sixteen(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    first = {s: P[s] for s in range(16)}
    return _evaluate(first, policy[:16], gamma, theta, in_place)


@policy_evaluation.mistake("the change of the first sweep is missing from the list: append after every sweep")
def misses_first(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = _evaluate(P, policy, gamma, theta, in_place)
    return V, changes[1:]


def _evaluate(P, policy, gamma, theta, in_place, stop=lambda new, old, theta: np.abs(new - old).max() < theta):
    V, changes = np.zeros(len(P)), []
    for _ in range(3000):  # a mistake ends, too
        before, V = V, swept(P, policy, V, gamma, in_place)
        changes.append(float(np.abs(V - before).max()))
        if stop(V, before, theta):
            break
    return V, changes


@policy_evaluation.mistake("both variants sweep in place: look at the argument in_place")
def always_in_place(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, True)


@policy_evaluation.mistake("both variants use two arrays: look at the argument in_place")
def never_in_place(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, False)


@policy_evaluation.mistake("the two variants are exchanged: in_place=True wants `sweep_in_place`")
def exchanged(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, not in_place)


@policy_evaluation.mistake("there was one sweep only: go on until the largest of all changes is smaller than theta")
def one_sweep(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, in_place, lambda *_: True)


@policy_evaluation.mistake("gamma was not handed on: the sweeps used 1.0")
def evaluation_gamma_one(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, 1.0, theta, in_place)


@policy_evaluation.mistake("theta was not used: the sweeps went on to 0.00001, whatever the caller asked for")
def fixed_theta(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, 1e-5, in_place)


@policy_evaluation.mistake("the stop test looks at the mean change: it must be the largest one")
def stops_at_mean(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, in_place, lambda new, old, theta: np.abs(new - old).mean() < theta)


@policy_evaluation.mistake("the loop stops when the change equals theta: it must be smaller")
def stops_at_equal(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    return _evaluate(P, policy, gamma, theta, in_place, lambda new, old, theta: np.abs(new - old).max() <= theta)


@policy_evaluation.mistake("these are the values before the last sweep: keep what the sweep returns, then test")
def values_before(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = np.zeros(len(P)), []
    while not changes or changes[-1] >= theta:
        before, V = V, swept(P, policy, V, gamma, in_place)
        changes.append(float(np.abs(V - before).max()))
    return before, changes


@policy_evaluation.mistake("the change of the last sweep is missing from the list: append it before the loop ends")
def misses_last(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = _evaluate(P, policy, gamma, theta, in_place)
    return V, changes[:-1]


@policy_evaluation.mistake("one sweep too many was made: stop at the first change that is smaller than theta")
def one_too_many(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = _evaluate(P, policy, gamma, theta, in_place)
    new = swept(P, policy, V, gamma, in_place)
    return new, [*changes, float(np.abs(new - V).max())]


@policy_evaluation.mistake("the second answer is the last change alone: return the list with one change per sweep")
def last_change_only(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = _evaluate(P, policy, gamma, theta, in_place)
    return V, changes[-1]


@policy_evaluation.mistake("the second answer is the number of sweeps: return the list with one change per sweep")
def number_only(P, policy, gamma=1.0, theta=1e-5, in_place=True):
    V, changes = _evaluate(P, policy, gamma, theta, in_place)
    return V, len(changes)


# --- linear system ------------------------------------------------------------------------------


@check
def solve_bellman(case):
    """The exact values, against returns summed step by step, the Bellman equation and the book."""
    # Judged after all calls. One end a world, and γ < 1 first: there, hardly any wrong matrix is singular, so that
    # mistakes are known by their answers before one of them crashes in the grid.
    rng, worlds = case.rng, []
    for n, gamma, ends in ((18, 0.9, (6,)), (17, 0.5, (16,)), (19, 1.0, (0,))):
        P, policy = random_world(rng, n, 5, ends), random_policy(rng, n, 5)
        worlds.append((f"in a random world of {n} states", P, policy, gamma, return_by_length(P, policy, gamma)))
    grid = GridworldEnv((4, 4)).P
    worlds.insert(2, ("of the 4 × 4 grid", grid, even_policy(grid), 1.0, BOOK_4X4))
    answers = [(where, gamma, case.call(P, policy, gamma), want) for where, P, policy, gamma, want in worlds]
    for where, gamma, got, want in answers:
        case.near(f"the table of values {where}, γ = {gamma}", got, want)
    return "the book's values, and those of three random worlds, as returns added up step by step"


def _solved(step, reward, gamma):
    return np.linalg.solve(np.eye(len(reward)) - gamma * step, reward)


def _weight(policy_chance, chance):
    return policy_chance * chance


def _filed(P, policy, step_weight=_weight, reward_weight=_weight, add=(True, True), n_states=None, n_actions=None):
    """P_pi and r_pi, filled outcome by outcome with these weights; add: whether each is filled with += or with =."""
    step, reward = np.zeros((len(P), len(P))), np.zeros(len(P))
    for s in range(n_states or len(P)):
        for a in range(n_actions or len(P[s])):
            for p, to, r, ended in P[s][a]:
                reward[s] = add[1] * reward[s] + reward_weight(policy[s][a], p) * r
                if not ended:
                    step[s, to] = add[0] * step[s, to] + step_weight(policy[s][a], p)
    return step, reward


@solve_bellman.mistake(
    "the matrix cannot be inverted: with γ = 1, a terminal state that leads back to itself makes a row of zeros; "
    "when `terminated` is True, put nothing into P_pi"
)
def keeps_terminals(P, policy, gamma):
    return _solved(*in_matrices(P, policy, bootstrap_terminals=True), gamma)


@solve_bellman.mistake("`1 - ...` subtracts from 1 in every entry; the identity matrix is np.eye(len(P))")
def all_ones(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve(1 - gamma * step, reward)


@solve_bellman.mistake("the matrix cannot be inverted, even with γ < 1: it should be np.eye(len(P)) - gamma * P_pi")
def without_identity(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve(gamma * step, reward)


@solve_bellman.mistake("this solves ((1 - γ) I - P) v = r: gamma multiplies P_pi alone")
def discounts_identity(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve((1 - gamma) * np.eye(len(P)) - step, reward)


@solve_bellman.mistake("this solves γ (I - P) v = r: gamma multiplies P_pi alone")
def discounts_all(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve(gamma * (np.eye(len(P)) - step), reward)


@solve_bellman.mistake(
    "this is one of infinitely many solutions, the smallest: a pseudo-inverse hides the "
    "terminal states' rows of zeros; "
    "when `terminated` is True, put nothing into P_pi"
)
def pseudo_inverse(P, policy, gamma):
    step, reward = in_matrices(P, policy, bootstrap_terminals=True)
    return np.linalg.pinv(np.eye(len(P)) - gamma * step) @ reward


@solve_bellman.mistake("an entry of P_pi was overwritten: several outcomes can lead to the same state, add with +=")
def overwrites(P, policy, gamma):
    return _solved(*_filed(P, policy, add=(False, True)), gamma)


@solve_bellman.mistake("r_pi[s] was overwritten: the rewards of all outcomes count, add with +=")
def overwrites_reward(P, policy, gamma):
    return _solved(*_filed(P, policy, add=(True, False)), gamma)


@solve_bellman.mistake("entries of both P_pi and r_pi were overwritten: add with +=")
def overwrites_both(P, policy, gamma):
    return _solved(*_filed(P, policy, add=(False, False)), gamma)


@solve_bellman.mistake("only 16 states were counted: other worlds have other numbers of them; len(P) says how many")
def sixteen(P, policy, gamma):
    return _solved(*_filed(P, policy, n_states=16), gamma)


@solve_bellman.mistake(
    "only 4 actions were counted: other worlds have other numbers of them; policy.shape says how many"
)
def four_actions(P, policy, gamma):
    return _solved(*_filed(P, policy, n_actions=4), gamma)


@solve_bellman.mistake("P_pi is transposed: its row is the state that the step leaves, its column the next state")
def transposed(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return _solved(step.T, reward, gamma)


@solve_bellman.mistake("gamma was left out of the system: v = r + γ P v")
def solved_without_gamma(P, policy, gamma):
    return _solved(*in_matrices(P, policy), 1.0)


@solve_bellman.mistake("every action was counted alike: weigh each with policy[s][action]")
def ignores_policy(P, policy, gamma):
    return _solved(*in_matrices(P, even_policy(P)), gamma)


@solve_bellman.mistake("the actions were added up without their probabilities: weigh each with policy[s][action]")
def sums_actions(P, policy, gamma):
    return _solved(*in_matrices(P, np.ones_like(policy)), gamma)


@solve_bellman.mistake("the entries of P_pi were not weighed with policy[s][action]")
def steps_without_policy(P, policy, gamma):
    return _solved(*_filed(P, policy, step_weight=lambda w, p: p), gamma)


@solve_bellman.mistake("the rewards were not weighed with policy[s][action]")
def rewards_without_policy(P, policy, gamma):
    return _solved(*_filed(P, policy, reward_weight=lambda w, p: p), gamma)


@solve_bellman.mistake("the outcomes in P_pi and r_pi were not weighed with their probability")
def without_probability(P, policy, gamma):
    return _solved(*_filed(P, policy, step_weight=lambda w, p: w, reward_weight=lambda w, p: w), gamma)


@solve_bellman.mistake("the entries of P_pi were not weighed with the probability of their outcome")
def steps_without_probability(P, policy, gamma):
    return _solved(*_filed(P, policy, step_weight=lambda w, p: w), gamma)


@solve_bellman.mistake("the rewards were not weighed with the probability of their outcome")
def rewards_without_probability(P, policy, gamma):
    return _solved(*_filed(P, policy, reward_weight=lambda w, p: w), gamma)


@solve_bellman.mistake("rewards of transitions that end the episode are missing: only the next value is left out there")
def loses_last_reward(P, policy, gamma):
    kept = {
        s: {a: [(p, to, 0.0 if end else r, end) for p, to, r, end in outcomes] for a, outcomes in row.items()}
        for s, row in P.items()
    }
    return _solved(*in_matrices(kept, policy), gamma)


@solve_bellman.mistake("this is r, the expected reward of one step: the system v = r + γ P v is still to be solved")
def only_rewards(P, policy, gamma):
    return in_matrices(P, policy)[1]


@solve_bellman.mistake("this solves (I + γ P) v = r: bring γ P v to the left side with a minus")
def wrong_sign(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return _solved(-step, reward, gamma)


@solve_bellman.mistake("this multiplies with I - γ P instead of solving: np.linalg.solve divides by a matrix")
def multiplies(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return (np.eye(len(P)) - gamma * step) @ reward
