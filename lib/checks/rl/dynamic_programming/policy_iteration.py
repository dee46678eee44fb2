"""Checks of ``rl/04_dynamic_programming/02_policy_iteration``.

Ground truth: worlds built around values and best actions that were chosen first (``optimal``), the model in matrix
form, linear systems, and the shortest paths of the gridworld. Ties differ a little, as they do in practice.
"""

import numpy as np

from lib.checks import check
from lib.checks.rl.dynamic_programming.optimal import Watched, designed_world, look_ahead, tied_world
from lib.checks.rl.dynamic_programming.policy_evaluation import swept
from lib.checks.rl.worlds import even_policy, in_matrices, random_policy, random_world, with_early_ends
from lib.envs.gridworld import GridworldEnv

OPTIMAL_4X4 = [0, -1, -2, -3, -1, -2, -3, -2, -2, -3, -2, -1, -3, -2, -1, 0]  # minus the steps to the nearer corner


# --- action values ------------------------------------------------------------------------------


@check
def action_values(case):
    """Every action of a state, against the model in matrix form."""
    rng, answers = case.rng, []
    for n_states, n_actions, gamma, ends in ((9, 6, 0.9, (0, 8)), (18, 5, 0.5, (6,)), (7, 2, 1.0, (3,))):
        P = with_early_ends(rng, random_world(rng, n_states, n_actions, ends))
        V = rng.normal(size=n_states) * 5
        q = look_ahead(P, V, gamma)
        for s in range(0, n_states, 3):
            what = f"the action values of state {s} in a random world with {n_actions} actions, γ = {gamma}"
            answers.append((what, case.call(P, V, s, gamma), q[s]))
    for what, got, want in answers:  # judged after all calls, so that mistakes which are alike in one are told apart
        case.near(what, got, want)
    V = -rng.uniform(1, 20, size=16)
    got = case.call(GridworldEnv((4, 4)).P, V, 2, 1.0)
    case.near("the action values of cell 2 in the 4 × 4 grid", got, -1 + V[[2, 3, 6, 1]])
    return "12 states of three random worlds and a cell of the gridworld are looked ahead from right"


def _ahead(P, V, s, gamma, worth):
    """One number per action: the sum of worth(probability, next_state, reward, terminated) over its outcomes."""
    return np.array([sum(worth(*outcome) for outcome in P[s][a]) for a in P[s]])


def _rest(V, to, end):
    return 0.0 if end else V[to]


@action_values.mistake(
    "γ·V[next_state] was added after the end of the episode, too: when `terminated` is True, add only the reward"
)
def ahead_past_the_end(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * V[to]))


@action_values.mistake(
    "the reward of the step that ends the episode is missing: that reward still counts, only γ·V[next_state] does not"
)
def ahead_without_last_reward(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * V[to]) * (not end))


@action_values.mistake(
    "state 0 and the last one were taken for the end: they are terminal in our grid alone; `terminated` says what ends"
)
def ahead_knows_the_corners(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * _rest(V, to, to in (0, len(P) - 1))))


@action_values.mistake("γ was left out: the value of the next state comes one step later, so multiply it by gamma")
def ahead_without_gamma(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + _rest(V, to, end)))


@action_values.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def ahead_discounts_reward(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * gamma * (r + _rest(V, to, end)))


@action_values.mistake("the rewards were left out: each outcome is worth reward + γ·V[next_state]")
def ahead_without_reward(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * gamma * _rest(V, to, end))


@action_values.mistake("the values of the next states were left out: this is the expected reward of one step")
def ahead_only_reward(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * r)


@action_values.mistake("this uses V[s], the state that the step leaves; look at V[next_state]")
def ahead_of_same_state(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * _rest(V, s, end)))


@action_values.mistake("the outcomes were added up without their probabilities: the first number of each is its weight")
def ahead_without_probability(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: r + gamma * _rest(V, to, end))


@action_values.mistake("only the first outcome of each action was counted: P[s][a] is a list of several")
def ahead_first_outcome(P, V, s, gamma):
    firsts = {s: {a: P[s][a][:1] for a in P[s]}}
    return _ahead(firsts, V, s, gamma, lambda p, to, r, end: p * (r + gamma * _rest(V, to, end)))


@action_values.mistake("only the last outcome of each action is in the answer: add up with +=, do not overwrite with =")
def ahead_last_outcome(P, V, s, gamma):
    lasts = {s: {a: P[s][a][-1:] for a in P[s]}}
    return _ahead(lasts, V, s, gamma, lambda p, to, r, end: p * (r + gamma * _rest(V, to, end)))


@action_values.mistake("`terminated` is the wrong way round: the rest is 0 where it is True, not where it is False")
def ahead_inverted(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * V[to] * end))


@action_values.mistake("the reward was not multiplied by the probability: it weighs the whole bracket, reward + γ·V")
def ahead_with_full_reward(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: r + p * gamma * _rest(V, to, end))


@action_values.mistake("the values were cut to whole numbers: an array of integers cannot hold others, use np.zeros(n)")
def ahead_in_integers(P, V, s, gamma):
    values = np.zeros(len(P[s]), dtype=int)
    for a in P[s]:
        for p, to, r, end in P[s][a]:
            values[a] += p * (r + gamma * _rest(V, to, end))
    return values


@action_values.mistake("only the first action has a value: `return` stands inside the loop, move it to the left")
def ahead_first_action(P, V, s, gamma):
    return _right(P, V, s, gamma) * (np.arange(len(P[s])) == 0)


def _right(P, V, s, gamma):
    return _ahead(P, V, s, gamma, lambda p, to, r, end: p * (r + gamma * _rest(V, to, end)))


@action_values.mistake("each action's sum still holds those of the actions before it: begin every action with zero")
def ahead_keeps_adding(P, V, s, gamma):
    return np.cumsum(_right(P, V, s, gamma))


@action_values.mistake("this is the value of the best action alone: return one number for each action")
def ahead_best(P, V, s, gamma):
    return _right(P, V, s, gamma).max()


@action_values.mistake("this is the number of the best action: return the value of each action")
def ahead_argmax(P, V, s, gamma):
    return int(_right(P, V, s, gamma).argmax())


@action_values.mistake("this is the mean over the actions: return one number for each action")
def ahead_mean(P, V, s, gamma):
    return _right(P, V, s, gamma).mean()


@action_values.mistake("this counts on 4 actions: other worlds have other numbers of them; len(P[s]) says how many")
def ahead_four_actions(P, V, s, gamma):
    values = np.zeros(4)
    for a in range(4):
        values[a] = sum(p * (r + gamma * _rest(V, to, end)) for p, to, r, end in P[s][a])
    return values


# --- greedy policy ------------------------------------------------------------------------------


@check
def greedy_policy(case):
    """The best actions of worlds that were built around them, all ties included."""
    rng, answers = case.rng, []
    for n_states, n_actions, gamma, ends, scale, gap, tolerance in (
        (7, 6, 0.9, (0, 6), 5.0, 0.5, 1e-6),
        (18, 5, 0.8, (), 5.0, 0.5, 0.1),
        (19, 3, 1.0, (2,), 5.0, 0.5, 1e-6),
        (8, 5, 0.9, (), 5000.0, 0.004, 1e-4),  # close to the best, but not as close as the tolerance asks
        (8, 5, 0.9, (), 5.0, 0.004, 0.02),  # worse by less than the tolerance: all are as good as best
    ):
        P, V, best = tied_world(rng, n_states, n_actions, gamma, ends, scale, gap)
        if gap * 3 < tolerance:
            best = np.full_like(best, True)
        what = f"a world with {n_states} states, {n_actions} actions, γ = {gamma}, tolerance = {tolerance:g}"
        answers.append((what, case.call(P, V, gamma, tolerance), best))
    for what, got, best in answers:
        policy = case.array(f"the greedy policy in {what}", got, best.shape)
        case.near(f"the sums of its rows in {what}", policy.sum(axis=1), np.ones(len(best)))
        case.near(f"the greedy policy in {what}", policy, best / best.sum(axis=1, keepdims=True))
    rewards = [0.1 + 0.2, 0.3, 0.0, 0.25, -1.0]  # the first two differ by 6e-17 only
    P = {s: {a: [(1.0, s, r, True)] for a, r in enumerate(np.roll(rewards, s).tolist())} for s in range(5)}
    for tolerance, share in ((1e-9, [0.5, 0.5, 0, 0, 0]), (0.06, [1 / 3, 1 / 3, 0, 1 / 3, 0])):
        want = [np.roll(share, s) for s in range(5)]
        what = f"the policy for rewards 0.1 + 0.2, 0.3, 0, 0.25, -1 and tolerance {tolerance:g}"
        case.near(what, case.call(P, np.zeros(5), 1.0, tolerance), want)
    P = {0: {a: [(1.0, 0, r, True)] for a, r in enumerate((1.0, 0.5, 0.25))}}
    got = case.call(P, np.zeros(1), 1.0, 0.5)
    case.near("the policy for rewards 1, 0.5, 0.25 and tolerance 0.5, which is exactly enough", got, [[0.5, 0.5, 0]])
    got = case.call(GridworldEnv((4, 4)).P, np.array(OPTIMAL_4X4), 1.0)
    case.near("the policy on the 4 × 4 grid when tolerance is left out", got, shortest_moves((4, 4)))
    return "the best actions of six worlds and of the gridworld are found, with every tie and nothing else"


def shortest_moves(shape: tuple[int, int]) -> np.ndarray:
    """The moves of the gridworld that lead nearer to a corner that ends it, each as probable as the others."""
    rows, columns = shape
    row, column = np.divmod(np.arange(rows * columns), columns)
    steps = np.minimum(row + column, rows - 1 - row + columns - 1 - column)
    grid = np.pad(steps.reshape(shape), 1, mode="edge")
    around = [grid[:-2, 1:-1], grid[1:-1, 2:], grid[2:, 1:-1], grid[1:-1, :-2]]  # up, right, down, left
    nearer = np.array([neighbour.ravel() < steps for neighbour in around]).T
    nearer[[0, -1]] = True  # it is over: nothing is better than anything else
    return nearer / nearer.sum(axis=1, keepdims=True)


def _greedy(P, V, gamma, is_best):
    """A policy that spreads evenly over the actions that ``is_best`` marks, given one state's action values."""
    marks = np.array([is_best(values) for values in look_ahead(P, V, gamma)], dtype=float)
    return marks / marks.sum(axis=1, keepdims=True)


@greedy_policy.mistake("only one of the best actions is kept: share the probability among all that are equally good")
def keeps_first(P, V, gamma, tolerance=1e-6):
    return np.eye(len(P[0]))[look_ahead(P, V, gamma).argmax(axis=1)]


@greedy_policy.mistake(
    "equally good actions are lost when rounding sets them 0.0000000001 apart: compare with the largest value minus "
    "`tolerance`, not with =="
)
def compares_exactly(P, V, gamma, tolerance=1e-6):
    return _greedy(P, V, gamma, lambda values: values == values.max())


@greedy_policy.mistake(
    "np.isclose also allows a difference in proportion to the values, so that large values tie too easily: compare "
    "with the largest value minus `tolerance`"
)
def compares_relatively(P, V, gamma, tolerance=1e-6):
    return _greedy(P, V, gamma, lambda values: np.isclose(values, values.max(), atol=tolerance))


@greedy_policy.mistake("the argument tolerance is not used: it says how much worse a best action may be")
def own_tolerance(P, V, gamma, tolerance=1e-6):
    return _greedy(P, V, gamma, lambda values: values >= values.max() - 1e-6)


@greedy_policy.mistake("every action but the best ones got the probability: turn the comparison round")
def all_but_best(P, V, gamma, tolerance=1e-6):
    marks = np.array([values < values.max() - tolerance for values in look_ahead(P, V, gamma)], dtype=float)
    return marks / np.maximum(marks.sum(axis=1, keepdims=True), 1)


@greedy_policy.mistake("these are the worst actions: in this course rewards are good, so look for the largest value")
def worst(P, V, gamma, tolerance=1e-6):
    return _greedy(P, V, gamma, lambda values: values <= values.min() + tolerance)


@greedy_policy.mistake("`+ tolerance` asks for more than the largest value, so no action is left: subtract it")
def adds_tolerance(P, V, gamma, tolerance=1e-6):
    return _greedy(P, V, gamma, lambda values: values >= values.max() + tolerance)


@greedy_policy.mistake("each action was compared with the best of *all* states: take the maximum in its own state")
def best_of_all_states(P, V, gamma, tolerance=1e-6):
    largest = look_ahead(P, V, gamma).max()
    return _greedy(P, V, gamma, lambda values: values >= largest - tolerance)


@greedy_policy.mistake("the best actions were divided by the number of all actions: divide by that of the best ones")
def shared_among_all(P, V, gamma, tolerance=1e-6):
    q = look_ahead(P, V, gamma)
    return (q >= q.max(axis=1, keepdims=True) - tolerance) / len(P[0])


@greedy_policy.mistake("the values were changed on the way: every state looks ahead with the V that was handed in")
def improves_on_the_way(P, V, gamma, tolerance=1e-6):
    policy, W = [], np.array(V, dtype=float)
    for s in P:
        values = _right(P, W, s, gamma)
        W[s] = values.max()
        policy.append(_shared(values[None], tolerance)[0])
    return np.array(policy)


@greedy_policy.mistake("V[next_state] was added after the end of the episode, too: `action_values` knows what ends")
def greedy_past_the_end(P, V, gamma, tolerance=1e-6):
    outcomes = {s: {a: [(*outcome[:3], False) for outcome in row[a]] for a in row} for s, row in P.items()}
    return _greedy(outcomes, V, gamma, lambda values: values >= values.max() - tolerance)


@greedy_policy.mistake("the rows do not add up to 1: divide by the number of best actions")
def not_shared(P, V, gamma, tolerance=1e-6):
    q = look_ahead(P, V, gamma)
    return (q >= q.max(axis=1, keepdims=True) - tolerance).astype(float)


@greedy_policy.mistake("these are the numbers of the best actions: a policy has a row of probabilities for each state")
def numbers_of_actions(P, V, gamma, tolerance=1e-6):
    return look_ahead(P, V, gamma).argmax(axis=1)


@greedy_policy.mistake("these are the action values themselves: the probabilities are to be found from them")
def values_of_actions(P, V, gamma, tolerance=1e-6):
    return look_ahead(P, V, gamma)


@greedy_policy.mistake("gamma is always 1 here: hand it on to `action_values`")
def greedy_gamma_one(P, V, gamma, tolerance=1e-6):
    return _greedy(P, V, 1.0, lambda values: values >= values.max() - tolerance)


@greedy_policy.mistake(
    "each action was compared with V[s], what the state was worth until now: compare it with the best action"
)
def compares_with_old(P, V, gamma, tolerance=1e-6):
    q = look_ahead(P, V, gamma)
    marks = (q >= np.asarray(V)[:, None] - tolerance).astype(float)
    return marks / np.maximum(marks.sum(axis=1, keepdims=True), 1)


@greedy_policy.mistake("the last state has no action: range(len(P)) already ends before len(P)")
def greedy_without_last(P, V, gamma, tolerance=1e-6):
    policy = _greedy(P, V, gamma, lambda values: values >= values.max() - tolerance)
    policy[-1] = 0
    return policy


# --- the largest gain ---------------------------------------------------------------------------


@check
def largest_gain(case):
    """What the best action has over the policy's own mean, in the state where that is most; in matrix form."""
    rng, answers = case.rng, []
    for n_states, n_actions, gamma, ends in ((9, 5, 0.9, (0, 8)), (18, 3, 0.6, ()), (6, 4, 1.0, (2,)), (7, 6, 0.3, ())):
        P, policy = random_world(rng, n_states, n_actions, ends), random_policy(rng, n_states, n_actions)
        V = rng.normal(size=n_states) * 5
        q = look_ahead(P, V, gamma)
        what = f"the largest gain in a random world with {n_states} states, γ = {gamma}"
        answers.append((what, case.call(P, policy, V, gamma), (q.max(axis=1) - (policy * q).sum(axis=1)).max()))
    P, V, best = designed_world(rng, 17, 5, 0.9, (0, 16))
    policies = {
        "every best action": best / best.sum(axis=1, keepdims=True),
        "one best action": np.eye(5)[best.argmax(1)],
    }
    for name, policy in policies.items():
        answers.append((f"the largest gain over a policy that takes {name}", case.call(P, policy, V, 0.9), 0.0))
    for what, got, want in answers:
        case.near(what, got, want, atol=1e-7)
    for gains, where in (([3.0, 1.0, 2.0], "first"), ([1.0, 2.0, 3.0], "last")):
        P = {s: {a: [(1.0, s, a * gain, True)] for a in range(2)} for s, gain in enumerate(gains)}
        got = case.call(P, np.array([[1.0, 0.0]] * 3), np.zeros(3), 1.0)
        case.near(f"the largest gain where it is that of the {where} state", got, 3)
    P, exact = GridworldEnv((4, 4)).P, [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0]
    got = case.call(P, even_policy(P), np.array(exact, dtype=float), 1.0)
    case.near("the largest gain over the random policy on the 4 × 4 grid: cell 1, left, -1 instead of -14", got, 13)
    return "four random policies, two optimal ones and the book's random walk gain what the matrix form says"


def _gains(P, policy, V, gamma):
    q = look_ahead(P, V, gamma)
    return q.max(axis=1) - (policy * q).sum(axis=1)


@largest_gain.mistake("this is the sum over the states: the largest gain of a single state is wanted")
def sum_of_gains(P, policy, V, gamma):
    return _gains(P, policy, V, gamma).sum()


@largest_gain.mistake("this is the mean over the states: the largest gain of a single state is wanted")
def mean_of_gains(P, policy, V, gamma):
    return _gains(P, policy, V, gamma).mean()


@largest_gain.mistake(
    "this is the gain of the last state alone: keep the largest so far, and set it to 0 before the loop"
)
def last_gain(P, policy, V, gamma):
    return _gains(P, policy, V, gamma)[-1]


@largest_gain.mistake("this is the gain of state 0 alone: `return` belongs after the loop")
def first_gain(P, policy, V, gamma):
    return _gains(P, policy, V, gamma)[0]


@largest_gain.mistake("the loop leaves out state 0: states are counted from 0")
def gain_without_first(P, policy, V, gamma):
    return _gains(P, policy, V, gamma)[1:].max()


@largest_gain.mistake("this is the smallest gain: the largest one is wanted")
def smallest_gain(P, policy, V, gamma):
    return _gains(P, policy, V, gamma).min()


@largest_gain.mistake("the sign is turned round: the best action minus what the policy does")
def negative_gain(P, policy, V, gamma):
    return -_gains(P, policy, V, gamma).max()


@largest_gain.mistake("these are the gains of all states: return the largest of them")
def all_gains(P, policy, V, gamma):
    return _gains(P, policy, V, gamma)


@largest_gain.mistake(
    "V[s] was subtracted: subtract the mean of the action values under the policy, so that both sides look ahead"
)
def gain_over_table(P, policy, V, gamma):
    return (look_ahead(P, V, gamma).max(axis=1) - V).max()


@largest_gain.mistake("every action was counted alike in what the policy does: weigh each with policy[s, a]")
def gain_over_even_mean(P, policy, V, gamma):
    q = look_ahead(P, V, gamma)
    return (q.max(axis=1) - q.mean(axis=1)).max()


@largest_gain.mistake("only the policy's most probable action was counted: average over all of them")
def gain_over_likeliest(P, policy, V, gamma):
    q = look_ahead(P, V, gamma)
    return (q.max(axis=1) - q[np.arange(len(P)), np.argmax(policy, axis=1)]).max()


@largest_gain.mistake("this is the distance from the best to the worst action: subtract what the policy does")
def gain_over_worst(P, policy, V, gamma):
    return np.ptp(look_ahead(P, V, gamma), axis=1).max()


@largest_gain.mistake("this is the largest value of an action: subtract what the policy does from it, state by state")
def largest_action_value(P, policy, V, gamma):
    return look_ahead(P, V, gamma).max()


@largest_gain.mistake("gamma is always 1 here: hand it on to `action_values`")
def gain_gamma_one(P, policy, V, gamma):
    return _gains(P, policy, V, 1.0).max()


@largest_gain.mistake("True or False is not enough: return how much is gained, a number")
def gains_anything(P, policy, V, gamma):
    return bool(_gains(P, policy, V, gamma).max() <= 1e-6)


# --- policy iteration ---------------------------------------------------------------------------

THREE = "`policy_iteration` should return three things, the policy, its values and the history: `return ..., ..., ...`"
ENTRY = "each entry of the history should hold three things: a policy, its values, and how many sweeps they took"


@check
def policy_iteration(case):
    """Every step against linear systems and the matrix form, the result against what the worlds were built on."""
    rng = case.rng
    P, start = {0: {0: [(1.0, 0, 1.0, True)], 1: [(1.0, 0, 0.0, True)]}}, np.array([[0.96, 0.04]])
    solve(case, "where the gain is 0.04 and the tolerance 0.1", P, start, (0.9, 1e-9, 0.1), [0.96], [[1.0, 0.0]])
    P, V, best = designed_world(rng, 4, 2, 0.5, (3,))
    start = random_policy(rng, 4, 2)
    solve(case, "in a random world of 4 states, 2 actions, γ = 0.5", Watched(P), start, (0.5, 1e-3, 1e-2), V, best)
    for n_states, n_actions, gamma, ends, theta, tolerance in (  # each has an end, so that a forgotten γ has one, too
        (17, 5, 0.9, (0, 16), 1e-9, 1e-6),
        (18, 3, 0.7, (2,), 1e-9, 1e-6),
        (8, 6, 1.0, (5,), 1e-9, 1e-6),
        (9, 5, 0.8, (3,), 1e-4, 0.05),
    ):
        P, V, best = designed_world(rng, n_states, n_actions, gamma, ends)
        start = random_policy(rng, n_states, n_actions)
        what = f"in a random world of {n_states} states, {n_actions} actions, γ = {gamma}"
        solve(case, what, P, start, (gamma, theta, tolerance), V, best)
    P = GridworldEnv((4, 4)).P
    grid = "on the 4 × 4 grid, gamma, theta and tolerance left out"
    solve(case, grid, P, even_policy(P), (), OPTIMAL_4X4, shortest_moves((4, 4)))
    P, V, best = designed_world(rng, 6, 3, 0.9, (5,))  # optimal from the start, but it knows one action only
    start = np.eye(3)[best.argmax(axis=1)]
    solve(case, "from a policy that is optimal already", P, start, (0.9, 1e-9, 1e-6), V, best)
    P = {0: {0: [(1.0, 0, 0.0, True)], 1: [(1.0, 0, 0.25, True)]}}
    start = np.array([[1.0, 0.0]])
    solve(case, "where the gain is exactly the tolerance", P, start, (1.0, 1e-9, 0.25), [0.0], [[0.5, 0.5]])
    rooms = np.arange(21)  # to give up is worth 0, a step costs 0.01: each round, one more room learns of the 1 ahead
    P = {s: {0: [(1.0, s, 0.0, True)], 1: [(1.0, min(s + 1, 20), 0.99 if s == 20 else -0.01, s == 20)]} for s in rooms}
    start, V, best = np.eye(2)[0 * rooms], 1 - 0.01 * (21 - rooms), np.eye(2)[0 * rooms + 1]
    solve(case, "in a corridor of 21 rooms that takes 22 evaluations", P, start, (1.0, 1e-9, 1e-6), V, best)
    return "nine worlds and the book's grid are solved: policies, values, and the sweeps of every evaluation"


def solve(case, what, P, start, settings, V, best) -> None:
    """Ask, and judge at once: what is wrong here may go on for ever in another world.

    To name a mistake, all the answers are collected first. `best` marks the best actions, or shares them already.
    """
    answer = case.call(P, start, **dict(zip(("gamma", "theta", "tolerance"), settings, strict=False)))
    if not case.forgiving:
        best = best / np.sum(best, axis=1, keepdims=True)
        judge_iteration(case, what, P, start, settings or (1.0, 1e-8, 1e-6), answer, V, best)


def judge_iteration(case, what, P, start, settings, answer, V, best) -> None:
    gamma, theta, tolerance = settings
    case.true(isinstance(answer, (tuple, list)) and len(answer) == 3, THREE)
    policy, values, history = answer
    policy = case.array(f"the policy {what}", policy, np.shape(best))
    values = case.array(f"the values {what}", values, np.shape(V))
    case.true(isinstance(history, (list, tuple)) and len(history) > 0, "the history should be a list of evaluations")
    case.true(all(isinstance(one, (tuple, list)) and len(one) == 3 for one in history), ENTRY)
    want = reference(P, start, gamma, theta, tolerance)
    case.near(f"the number of evaluations {what}", len(history), len(want))
    for number, (entry, known) in enumerate(zip(history, want, strict=True)):
        place = f"of evaluation {number} {what}"
        case.near(f"the policy {place}", entry[0], known[0])
        step, reward = in_matrices(P, known[0])
        exact = np.linalg.solve(np.eye(len(P)) - gamma * step, reward)
        case.near(f"the values {place}, against the linear system", entry[1], exact, atol=300 * theta)
        case.near(f"the number of sweeps {place}", entry[2], known[2])
    case.near(f"the optimal values {what}", values, V, atol=300 * theta)
    case.near(f"the sums of the rows of the policy {what}", policy.sum(axis=1), np.ones(len(P)))
    case.near(f"the best actions {what}, all ties included", policy, best)


def reference(P, policy, gamma, theta, tolerance, warm=True, longest=60):
    """(policy, values, sweeps) of every evaluation, in matrix form."""
    V, history = np.zeros(len(P)), []
    while len(history) < longest:
        V = V if warm else np.zeros(len(P))
        V, sweeps = _evaluated(P, policy, V, gamma, theta)
        q = look_ahead(P, V, gamma)
        history.append((policy, V, sweeps))
        if (q.max(axis=1) - (policy * q).sum(axis=1)).max() <= tolerance:
            break
        policy = _shared(q, tolerance)
    return history


def _shared(q, tolerance):
    best = q >= q.max(axis=1, keepdims=True) - tolerance
    return best / best.sum(axis=1, keepdims=True)


def _evaluated(P, policy, V, gamma, theta, longest=3000):
    step, reward = in_matrices(P, policy)
    new = np.tril(step, -1)
    left, right = np.linalg.inv(np.eye(len(V)) - gamma * new), step - new
    sweeps, change = 0, np.inf
    while change >= theta and sweeps < longest:  # a mistake ends, too
        before, V = V, left @ (reward + gamma * right @ V)
        sweeps, change = sweeps + 1, np.abs(V - before).max()
    return V, sweeps


def _iterate(P, policy, gamma, theta, tolerance, warm=True, stop=None, improve=None, evaluate=None, longest=30):
    """Policy iteration with one part exchanged."""
    evaluate = evaluate or (lambda policy, V: _evaluated(P, policy, V, gamma, theta))
    improve = improve or (lambda V: _shared(look_ahead(P, V, gamma), tolerance))
    stop = stop or (lambda policy, V: _gains(P, policy, V, gamma).max() <= tolerance)
    V, history = np.zeros(len(P)), []
    while True:
        V, sweeps = evaluate(policy, V if warm else np.zeros(len(P)))
        history.append((policy, V, sweeps))
        if stop(policy, V) or len(history) == longest:
            return improve(V), V, history
        policy = improve(V)


@policy_iteration.mistake(
    "every evaluation starts from zeros again: hand the last values on, policy_evaluation(..., V=V)"
)
def cold(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    return _iterate(P, policy, gamma, theta, tolerance, warm=False)


@policy_iteration.mistake("it begins with the random policy: begin with the policy that was handed in")
def own_start(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    return _iterate(P, even_policy(P), gamma, theta, tolerance)


@policy_iteration.mistake(
    "this is the policy of the last evaluation: return the greedy one, with all of the best actions"
)
def returns_last(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    _, V, history = _iterate(P, policy, gamma, theta, tolerance)
    return history[-1][0], V, history


@policy_iteration.mistake(
    "it waits for a gain of 0, or of at most theta: sweeps that end early and rounding always leave a little, so that "
    "may go on for ever; stop when `largest_gain` is at most `tolerance`"
)
def stops_at_theta(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def stop(policy, V):
        return _gains(P, policy, V, gamma).max() <= theta

    return _iterate(P, policy, gamma, theta, tolerance, stop=stop, longest=10_000)


@policy_iteration.mistake(
    "it stops when the policy does not change any more: that is one evaluation too many where other best actions turn "
    "up, and may never happen; stop when `largest_gain` is at most `tolerance`"
)
def stops_when_unchanged(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def stop(policy, V):
        return np.array_equal(policy, _shared(look_ahead(P, V, gamma), tolerance))

    return _iterate(P, policy, gamma, theta, tolerance, stop=stop)


@policy_iteration.mistake(
    "it stops after the first improvement: ask for the gain of the policy that was *evaluated*, before it is replaced"
)
def once(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    return _iterate(P, policy, gamma, theta, tolerance, stop=lambda *_: True)


@policy_iteration.mistake("the policy is never improved: the next round evaluates the first one again")
def never_improves(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    answer = _iterate(P, policy, gamma, theta, tolerance, stop=lambda *_: True)
    while _gains(P, policy, answer[1], gamma).max() > tolerance:
        pass
    return answer


@policy_iteration.mistake(
    "each evaluation is one sweep only: use `policy_evaluation`, which sweeps until theta is reached"
)
def one_sweep(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def evaluate(policy, V):
        return swept(P, policy, V, gamma, in_place=True), 1

    return _iterate(P, policy, gamma, theta, tolerance, evaluate=evaluate)


@policy_iteration.mistake("gamma was not handed on to `policy_evaluation`: it evaluated with 1")
def evaluates_undiscounted(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def evaluate(policy, V):
        return _evaluated(P, policy, V, 1.0, theta)

    return _iterate(P, policy, gamma, theta, tolerance, evaluate=evaluate, longest=10_000)


@policy_iteration.mistake("theta was not handed on to `policy_evaluation`: it used its own")
def evaluates_with_own_theta(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def evaluate(policy, V):
        return _evaluated(P, policy, V, gamma, 1e-5)

    return _iterate(P, policy, gamma, theta, tolerance, evaluate=evaluate)


@policy_iteration.mistake("gamma was not handed on to `greedy_policy`: it looked ahead with 1")
def improves_undiscounted(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def improve(V):
        return _shared(look_ahead(P, V, 1.0), tolerance)

    return _iterate(P, policy, gamma, theta, tolerance, improve=improve, longest=10_000)


@policy_iteration.mistake("tolerance was not handed on to `greedy_policy`: it used its own")
def improves_with_own_tolerance(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    def improve(V):
        return _shared(look_ahead(P, V, gamma), 1e-6)

    return _iterate(P, policy, gamma, theta, tolerance, improve=improve)


@policy_iteration.mistake("the last evaluation is missing from the history: append before you look whether to stop")
def history_without_last(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    best, V, history = _iterate(P, policy, gamma, theta, tolerance)
    return best, V, history[:-1]


@policy_iteration.mistake(
    "the history pairs each policy's values with the next policy: append before the policy is improved"
)
def history_of_next(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    best, V, history = _iterate(P, policy, gamma, theta, tolerance)
    after = [entry[0] for entry in history[1:]] + [best]
    return best, V, [(policy, *entry[1:]) for policy, entry in zip(after, history, strict=True)]


@policy_iteration.mistake(
    "every entry of the history shows the last values: all hold the same array, which was overwritten; store V.copy()"
)
def history_shares_values(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    best, V, history = _iterate(P, policy, gamma, theta, tolerance)
    return best, V, [(policy, V, sweeps) for policy, _, sweeps in history]


@policy_iteration.mistake(
    "every entry of the history shows the last policy: all hold the same array, which was overwritten; store "
    "policy.copy()"
)
def history_shares_policy(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    best, V, history = _iterate(P, policy, gamma, theta, tolerance)
    return best, V, [(best, V, sweeps) for _, V, sweeps in history]


@policy_iteration.mistake("an entry of the history is (policy, V, sweeps), in this order: policy and V are exchanged")
def entries_exchanged(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    best, V, history = _iterate(P, policy, gamma, theta, tolerance)
    return best, V, [(V, policy, sweeps) for policy, V, sweeps in history]


@policy_iteration.mistake("the history should hold the number of sweeps, not their changes: take len(...) of the list")
def history_of_changes(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    start, V = policy, np.zeros(len(P))
    best, values, history = _iterate(P, policy, gamma, theta, tolerance)
    listed = []
    for policy, after, sweeps in history:
        changes = []
        for _ in range(sweeps):
            before, V = V, swept(P, policy, V, gamma, in_place=True)
            changes.append(float(np.abs(V - before).max()))
        listed.append((policy, after, changes))
    return (best, values, listed) if start is not None else None


@policy_iteration.mistake("the values come first here: return the policy, then its values, then the history")
def exchanged(P, policy, gamma=1.0, theta=1e-8, tolerance=1e-6):
    best, V, history = _iterate(P, policy, gamma, theta, tolerance)
    return V, best, history
