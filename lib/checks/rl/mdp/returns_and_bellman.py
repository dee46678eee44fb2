"""Checks of ``rl/03_mdp/01_returns_and_bellman``.

Ground truth: triples of a walk counted in a table, returns as sums of powers, models in matrix form, returns added up
step by step, and the book's 25 numbers. In some worlds a transition may end the episode wherever it leads: there,
only ``terminated`` tells.
"""

import numpy as np

from lib.checks import check
from lib.checks.rl.worlds import (
    even_policy,
    in_matrices,
    random_policy,
    random_world,
    return_by_length,
    with_early_ends,
)
from lib.envs.jump_gridworld import JumpGridworldEnv

# Sutton and Barto (2018), Example 3.5, Figure 3.2
BOOK_5X5 = np.array(
    [
        [3.3, 8.8, 4.4, 5.3, 1.5],
        [1.5, 3.0, 2.3, 1.9, 0.5],
        [0.1, 0.7, 0.7, 0.4, -0.4],
        [-1.0, -0.4, -0.4, -0.6, -1.2],
        [-1.9, -1.3, -1.2, -1.4, -2.0],
    ]
).ravel()

# --- what comes next ----------------------------------------------------------------------------


@check
def next_distribution(case):
    """Relative frequencies, against a table of all triples, and a walk that holds each triple once."""
    rng, answers = case.rng, []
    for n, length in ((4, 400), (3, 12), (5, 900)):
        walk = rng.integers(n, size=length)
        walk[[0, 1, -1]] = n - 1, 1, 0  # an end that is taken for a beginning shows
        for now in range(n):
            for before in (None, 0, n - 1, int(rng.integers(n))):
                what = f"the distribution after {now}" + ("" if before is None else f", with {before} before it")
                what += f", in a walk of {length} steps over {n} observations"
                answers.append((what, case.call(walk, n, now, before), _counted(walk, n, now, before)))
    walk = np.array([0, 1, 0, 2, 0, 1, 0])
    answers.append(("the distribution after 3, which never came", case.call(walk, 4, 3, None), np.zeros(4)))
    answers.append(("the distribution after 0 and 0, which never came", case.call(walk, 4, 0, 0), np.zeros(4)))
    answers.append(("the distribution when `before` is left out", case.call(walk, 4, 0), [0, 0.5, 0.5, 0]))
    for what, got, want in answers:
        case.near(what, got, want)
    every_triple_once = _de_bruijn(4)
    for now, before in ((0, 0), (1, 0), (3, 2)):
        got = case.call(every_triple_once, 4, now, before)
        case.near(f"the distribution after {before}, {now} in a walk where every triple occurs once", got, [0.25] * 4)
    return "54 distributions are the relative frequencies of the walks, with and without the past"


def _triples(walk, n):
    """table[b, c, d]: how often b, c, d follow one another."""
    table = np.zeros((n, n, n))
    np.add.at(table, (walk[:-2], walk[1:-1], walk[2:]), 1)
    return table


def _counted(walk, n, now, before):
    table = _triples(walk, n)
    return _shares(table[:, now].sum(axis=0) if before is None else table[before, now])


def _shares(counts):
    return counts / max(counts.sum(), 1)


def _de_bruijn(n):
    """A walk of n³ + 2 steps in which every triple occurs once: always the largest step that is not used up."""
    walk, used = [0, 0], set()
    while True:
        fresh = [d for d in reversed(range(n)) if (*walk[-2:], d) not in used]
        if not fresh:
            return np.array(walk)
        used.add((*walk[-2:], fresh[0]))
        walk.append(fresh[0])


@next_distribution.mistake("`before` is not used: count only the moments that had it just before")
def forgets_past(walk, n, now, before=None):
    return _counted(walk, n, now, None)


@next_distribution.mistake(
    "before = 0 was taken for no `before` at all: 0 is an observation like the others, so test `before is None`"
)
def zero_is_none(walk, n, now, before=None):
    return _counted(walk, n, now, before or None)


@next_distribution.mistake("these are counts: divide by their sum, so that they add up to 1")
def counts_only(walk, n, now, before=None):
    table = _triples(walk, n)
    return table[:, now].sum(axis=0) if before is None else table[before, now]


@next_distribution.mistake(
    "the counts were divided by the number of all moments: divide by the number of moments that count, so that they "
    "add up to 1"
)
def joint(walk, n, now, before=None):
    return counts_only(walk, n, now, before) / (len(walk) - 2)


@next_distribution.mistake(
    "the counts were divided by len(walk): divide by the number of moments that count, so that they add up to 1"
)
def share_of_length(walk, n, now, before=None):
    return counts_only(walk, n, now, before) / len(walk)


@next_distribution.mistake(
    "the counts were divided by the number of moments at `now`, although `before` is given: divide by the number of "
    "moments that count, so that they add up to 1"
)
def share_of_now(walk, n, now, before=None):
    return counts_only(walk, n, now, before) / max(counts_only(walk, n, now, None).sum(), 1)


@next_distribution.mistake("`before` was looked for two steps back: it stands immediately before `now`, walk[t - 1]")
def two_steps_back(walk, n, now, before=None):
    moments = [t for t in range(1, len(walk) - 1) if walk[t] == now and (before is None or walk[t - 2] == before)]
    return _shares(np.bincount(walk[np.array(moments, dtype=int) + 1], minlength=n))


@next_distribution.mistake("there is 0 / 0 where the situation never occurred: return zeros there")
def zero_by_zero(walk, n, now, before=None):
    counts = counts_only(walk, n, now, before)
    with np.errstate(invalid="ignore"):
        return counts / counts.sum()


@next_distribution.mistake(
    "at the first moment, t = 0, nothing came before: walk[-1] is the last entry. Begin with t = 1, also when `before` "
    "is not given, so that both distributions are about the same moments"
)
def wraps_round(walk, n, now, before=None):
    counts = counts_only(walk, n, now, before)
    if walk[0] == now and before in (None, walk[-1]):
        counts[walk[1]] += 1
    return _shares(counts)


@next_distribution.mistake(
    "without `before` the first moment, t = 0, was counted, too: begin with t = 1 in both cases, so that both "
    "distributions are about the same moments"
)
def first_moment(walk, n, now, before=None):
    counts = counts_only(walk, n, now, before)
    if before is None and walk[0] == now:
        counts[walk[1]] += 1
    return _shares(counts)


@next_distribution.mistake("the last moment is missing: t goes up to len(walk) - 2, because walk[t + 1] still exists")
def last_moment_missing(walk, n, now, before=None):
    return _counted(walk[:-1], n, now, before)


@next_distribution.mistake("`now` and `before` are exchanged: `now` is walk[t], `before` is walk[t - 1]")
def exchanged(walk, n, now, before=None):
    return _counted(walk, n, *((now, None) if before is None else (before, now)))


@next_distribution.mistake("this looks back: count what comes next, walk[t + 1]")
def looks_back(walk, n, now, before=None):
    table = _triples(walk, n)
    return _shares(table[:, now].sum(axis=1) if before is None else table[:, now, before])


@next_distribution.mistake("this counts `now` itself: count what comes next, walk[t + 1]")
def counts_now(walk, n, now, before=None):
    counts = np.zeros(n)
    counts[now] = counts_only(walk, n, now, before).sum() > 0
    return counts


@next_distribution.mistake("the past is searched anywhere: `before` must come immediately before `now`")
def any_past(walk, n, now, before=None):
    moments = [t for t in range(1, len(walk) - 1) if walk[t] == now and (before is None or before in walk[:t])]
    return _shares(np.bincount(walk[np.array(moments, dtype=int) + 1], minlength=n))


# --- returns ------------------------------------------------------------------------------------


@check
def discounted_returns(case):
    """The return of every step, against sums of powers and closed forms."""
    rng, answers = case.rng, []
    for length, gamma in ((7, 0.9), (1, 0.5), (12, 1.0), (6, 0.0), (9, 0.3)):
        rewards = rng.normal(size=length) * 3 + 0.5
        what = f"the returns of {length} random rewards, γ = {gamma}"
        answers.append((what, case.call(rewards, gamma), _powers(length, gamma) @ rewards))
    rewards = rng.integers(-3, 4, size=30)
    answers.append(
        ("the returns of 30 whole-number rewards, γ = 0.7", case.call(rewards, 0.7), _powers(30, 0.7) @ rewards)
    )
    left = np.arange(20, 0, -1)
    answers.append(("20 rewards of 1, γ = 0.8", case.call(np.ones(20), 0.8), (1 - 0.8**left) / (1 - 0.8)))
    answers.append(("no reward at all", case.call(np.zeros(0), 0.9), np.zeros(0)))
    for what, got, want in answers:
        case.near(what, got, want)
    return "the returns of 8 sequences of rewards, step by step"


def _powers(length, gamma):
    """weights[t, k] = γ to the power k - t for k >= t: how much reward k counts at time t."""
    k = np.arange(length)
    return np.triu(np.power(float(gamma), np.abs(k - k[:, None])))


@discounted_returns.mistake("the rewards are not discounted: what comes one step later is multiplied by gamma")
def undiscounted(rewards, gamma):
    return _powers(len(rewards), 1.0) @ rewards


@discounted_returns.mistake("the rewards before t were added up: G_t looks ahead, so work from the end")
def backward_looking(rewards, gamma):
    return _powers(len(rewards), gamma).T @ rewards


@discounted_returns.mistake("the first reward of each return was discounted, too: G_t = R_{t+1} + γ G_{t+1}")
def discounts_first(rewards, gamma):
    return gamma * _powers(len(rewards), gamma) @ rewards


@discounted_returns.mistake("each return is one step late: G_t begins with the reward that follows it, rewards[t]")
def one_late(rewards, gamma):
    return _powers(len(rewards), gamma) @ rewards - rewards


@discounted_returns.mistake(
    "gamma was counted from the start of the episode: in G_t the reward rewards[t] has the factor 1"
)
def absolute_time(rewards, gamma):
    return np.power(float(gamma), np.arange(len(rewards))) * (_powers(len(rewards), gamma) @ rewards)


@discounted_returns.mistake("the list is in reverse: G_0 comes first")
def reversed_list(rewards, gamma):
    return (_powers(len(rewards), gamma) @ rewards)[::-1]


@discounted_returns.mistake("the returns were cut to whole numbers: np.zeros_like copies the kind of number, too")
def whole_numbers(rewards, gamma):
    returns, following = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        returns[t] = following = rewards[t] + gamma * following
    return returns


@discounted_returns.mistake("the returns were cut to whole numbers, and then used: np.zeros_like copies the kind, too")
def whole_numbers_reused(rewards, gamma):
    returns = np.zeros_like(rewards)
    for t in reversed(range(len(rewards))):
        returns[t] = rewards[t] + (gamma * returns[t + 1] if t + 1 < len(rewards) else 0)
    return returns


@discounted_returns.mistake("this is the return from the first step alone: one return for every t is wanted")
def first_only(rewards, gamma):
    return float((np.power(float(gamma), np.arange(len(rewards))) * rewards).sum())


@discounted_returns.mistake("G_0 is 0: range(T - 1, 0, -1) ends at 1; take reversed(range(T))")
def without_first(rewards, gamma):
    returns = _powers(len(rewards), gamma) @ rewards
    returns[:1] = 0.0
    return returns


@discounted_returns.mistake(
    "there is one return too many: after the end nothing follows, so the 0 at the end is not one of the T returns"
)
def one_more(rewards, gamma):
    return np.append(_powers(len(rewards), gamma) @ rewards, 0.0)


@discounted_returns.mistake(
    "an episode without a step has no last reward: begin with 0 after the end, not with rewards[-1]"
)
def begins_with_last(rewards, gamma):
    returns = np.zeros(len(rewards))
    returns[-1] = rewards[-1]
    for t in reversed(range(len(rewards) - 1)):
        returns[t] = rewards[t] + gamma * returns[t + 1]
    return returns


@discounted_returns.mistake("this is only one reward ahead: everything after rewards[t + 1] counts, too")
def two_rewards(rewards, gamma):
    return rewards + gamma * np.append(rewards[1:], 0.0)[: len(rewards)]


@discounted_returns.mistake("the last reward is missing: the return of the last step is that reward")
def without_last(rewards, gamma):
    kept = np.append(rewards[:-1], 0.0)[: len(rewards)]
    return _powers(len(rewards), gamma) @ kept


# --- models -------------------------------------------------------------------------------------


def _worlds(rng):
    """name, P, policy: with a terminal state, without an end, and with ends that only `terminated` tells."""
    worlds = [
        ("a random world with a terminal state", random_world(rng, 7, 4, (5,))),
        ("a random world without an end", random_world(rng, 4, 2)),
        ("a random world where any step may be the last", with_early_ends(rng, random_world(rng, 6, 3))),
        ("a random world of 30 states", with_early_ends(rng, random_world(rng, 30, 5, (29,)))),
    ]
    return [(name, P, random_policy(rng, len(P), len(P[0]))) for name, P in worlds]


def _filed(P, policy, step_weight=None, reward_weight=None, add=True, skip_ended_reward=False, last_action=None):
    """P_pi and r_pi, filled outcome by outcome; the options are the mistakes."""
    weight = lambda w, p: w * p  # noqa: E731
    step, reward = np.zeros((len(P), len(P))), np.zeros(len(P))
    for s in range(len(P)):
        for a in range(len(P[s]) if last_action is None else last_action):
            for p, to, r, ended in P[s][a]:
                if not (ended and skip_ended_reward):
                    reward[s] = add * reward[s] + (reward_weight or weight)(policy[s][a], p) * r
                if not ended:
                    step[s, to] = add * step[s, to] + (step_weight or weight)(policy[s][a], p)
    return step, reward


@check
def transition_matrix(case):
    """P_pi against the matrix form, whose rows add up to 1 where nothing ends."""
    answers = [(name, P, policy, case.call(P, policy)) for name, P, policy in _worlds(case.rng)]
    for name, P, policy, got in answers:
        case.near(f"P_pi of {name}", got, in_matrices(P, policy)[0])
    P = JumpGridworldEnv().P
    got = case.array("P_pi of the 5 × 5 grid", case.call(P, even_policy(P)), (25, 25))
    case.near("the sum of each row of P_pi, in a world that never ends", got.sum(axis=1), np.ones(25))
    case.near("the probability to stay in the corner of the 5 × 5 grid", got[0, 0], 0.5)
    case.near("the probability to go from A to A′ in the 5 × 5 grid", got[1, 21], 1.0)
    return "the matrices of four random worlds and of the 5 × 5 grid"


@transition_matrix.mistake("transitions that end the episode are in the matrix: when `terminated` is True, add nothing")
def keeps_ended(P, policy):
    return in_matrices(P, policy, bootstrap_terminals=True)[0]


@transition_matrix.mistake("an entry was overwritten: several outcomes can lead to the same state, add with +=")
def overwrites_entry(P, policy):
    return _filed(P, policy, add=False)[0]


@transition_matrix.mistake(
    "the matrix is transposed: its row is the state that the step leaves, its column the next one"
)
def transposed(P, policy):
    return in_matrices(P, policy)[0].T


@transition_matrix.mistake("every action was counted alike: weigh each with policy[s, action]")
def even_actions(P, policy):
    return in_matrices(P, even_policy(P))[0]


@transition_matrix.mistake("the actions were added up without their probabilities: weigh each with policy[s, action]")
def unweighted_actions(P, policy):
    return in_matrices(P, np.ones_like(policy))[0]


@transition_matrix.mistake("the outcomes were added up without their probability: it is the first entry of each tuple")
def unweighted_outcomes(P, policy):
    return _filed(P, policy, step_weight=lambda w, p: w)[0]


@transition_matrix.mistake(
    "each row was divided by its sum: what is missing from 1 is the probability that the episode ends, and it belongs "
    "to the answer"
)
def rows_normalised(P, policy):
    step = in_matrices(P, policy)[0]
    sums = step.sum(axis=1, keepdims=True)
    return np.divide(step, sums, out=np.zeros_like(step), where=sums > 0)


@transition_matrix.mistake("only the policy's most probable action was counted: all of them count, with their weights")
def likeliest_action(P, policy):
    return in_matrices(P, np.eye(policy.shape[1])[policy.argmax(axis=1)])[0]


@transition_matrix.mistake("the last action is missing: range(n) already ends before n")
def misses_action(P, policy):
    return _filed(P, policy, last_action=len(P[0]) - 1)[0]


@transition_matrix.mistake("only the first outcome of each action was counted: P[s][action] is a list of several")
def first_outcome(P, policy):
    return _filed({s: {a: row[a][:1] for a in row} for s, row in P.items()}, policy)[0]


@transition_matrix.mistake("only the first state has a row: the `return` stands inside the loop, move it to the left")
def returns_in_loop(P, policy):
    return in_matrices(P, policy)[0] * (np.arange(len(P)) == 0)[:, None]


@transition_matrix.mistake(
    "outcomes after one that terminated are missing: skip that one only, `continue` instead of `break`"
)
def breaks_at_end(P, policy):
    return in_matrices(_until_end(P), policy)[0]


@transition_matrix.mistake("what ends the episode was counted as staying in the state: it leads nowhere, add nothing")
def end_stays(P, policy):
    step = in_matrices(P, policy)[0]
    return step + np.diag(1 - step.sum(axis=1))


@transition_matrix.mistake("the policy was read in the next state: the action is taken in s, policy[s, action]")
def policy_of_next(P, policy):
    step = np.zeros((len(P), len(P)))
    for s in P:
        for a in P[s]:
            for p, to, _, end in P[s][a]:
                step[s, to] += policy[to, a] * p * (not end)
    return step


@transition_matrix.mistake("the rewards are in the matrix: it holds probabilities only")
def with_rewards(P, policy):
    rewarded = {s: {a: [(p * r, to, r, end) for p, to, r, end in row[a]] for a in row} for s, row in P.items()}
    return in_matrices(rewarded, policy)[0]


def _until_end(P):
    """What a `break` at a terminated outcome leaves of the model."""
    ends = {s: {a: [end for _, _, _, end in row[a]] for a in row} for s, row in P.items()}
    return {
        s: {a: row[a][: ends[s][a].index(True)] or [(0.0, s, 0.0, True)] if any(ends[s][a]) else row[a] for a in row}
        for s, row in P.items()
    }


@check
def expected_reward(case):
    """r_pi against the matrix form, and counted by hand in the 5 × 5 grid."""
    answers = [(name, P, policy, case.call(P, policy)) for name, P, policy in _worlds(case.rng)]
    for name, P, policy, got in answers:
        case.near(f"r_pi of {name}", got, in_matrices(P, policy)[1])
    P = JumpGridworldEnv().P
    edge, corner = -0.25, -0.5
    by_hand = [corner, 10, edge, 5, corner] + 3 * [edge, 0, 0, 0, edge] + [corner, edge, edge, edge, corner]
    case.near("r_pi of the random policy in the 5 × 5 grid", case.call(P, even_policy(P)), by_hand)
    return "the expected rewards of four random worlds and of the 5 × 5 grid"


@expected_reward.mistake("r_pi[s] was overwritten: the rewards of all outcomes count, add with +=")
def overwrites_reward(P, policy):
    return _filed(P, policy, add=False)[1]


@expected_reward.mistake(
    "rewards of transitions that end the episode are missing: the last reward counts like every other"
)
def loses_last_reward(P, policy):
    return _filed(P, policy, skip_ended_reward=True)[1]


@expected_reward.mistake("every action was counted alike: weigh each with policy[s, action]")
def reward_even_actions(P, policy):
    return in_matrices(P, even_policy(P))[1]


@expected_reward.mistake("the actions were added up without their probabilities: weigh each with policy[s, action]")
def reward_unweighted_actions(P, policy):
    return in_matrices(P, np.ones_like(policy))[1]


@expected_reward.mistake("the rewards were added up without the probability of their outcome")
def reward_unweighted_outcomes(P, policy):
    return _filed(P, policy, reward_weight=lambda w, p: w)[1]


@expected_reward.mistake("the rewards were added up with no weights at all: two probabilities belong to each")
def reward_unweighted(P, policy):
    return _filed(P, policy, reward_weight=lambda w, p: 1.0)[1]


@expected_reward.mistake("this is the reward of the best action: the policy decides, good or bad")
def reward_of_best(P, policy):
    return np.max([in_matrices(P, _always(P, a))[1] for a in P[0]], axis=0)


@expected_reward.mistake("only the policy's most probable action was counted: all of them count, with their weights")
def reward_of_likeliest(P, policy):
    return in_matrices(P, np.eye(policy.shape[1])[policy.argmax(axis=1)])[1]


@expected_reward.mistake(
    "the reward was filed under the state that the step leads to: it belongs to the state it leaves"
)
def filed_under_next(P, policy):
    reward = np.zeros(len(P))
    for s in P:
        for a in P[s]:
            for p, to, r, _ in P[s][a]:
                reward[to] += policy[s, a] * p * r
    return reward


@expected_reward.mistake("only the first outcome of each action was counted: P[s][action] is a list of several")
def reward_of_first_outcome(P, policy):
    return _filed({s: {a: row[a][:1] for a in row} for s, row in P.items()}, policy)[1]


@expected_reward.mistake(
    "the rewards of an action's outcomes were averaged evenly: weigh each with its probability and add up"
)
def reward_even_outcomes(P, policy):
    means = np.array([[np.mean([r for _, _, r, _ in P[s][a]]) for a in P[s]] for s in P])
    return (policy * means).sum(axis=1)


@expected_reward.mistake("this is one number per state and action: the policy decides how much each action counts")
def reward_of_each_action(P, policy):
    return np.column_stack([in_matrices(P, _always(P, a))[1] for a in P[0]])


@expected_reward.mistake("this is one number for the whole world: one expected reward per state is wanted")
def summed_over_states(P, policy):
    return float(in_matrices(P, policy)[1].sum())


def _always(P, a):
    """The policy that takes one action everywhere."""
    return np.tile(np.eye(len(P[0]))[a], (len(P), 1))


# --- values -------------------------------------------------------------------------------------


@check
def state_values(case):
    """v_pi, against returns added up step by step, a closed form and the book."""
    rng, answers = case.rng, []
    # Not the world without an end: with a forgotten γ its matrix is nearly singular, and no two answers are alike.
    worlds = [world for world in _worlds(rng) if "without" not in world[0]]
    for (name, P, policy), gamma in zip(worlds, (0.9, 0.5, 0.7), strict=True):
        answers.append((f"{name}, γ = {gamma}", case.call(P, policy, gamma), return_by_length(P, policy, gamma)))
    P = {s: {0: [(1.0, (s + 1) % 5, 2.0, False)]} for s in range(5)}
    answers.append(("a circle that pays 2 for ever, γ = 0.8", case.call(P, np.ones((5, 1)), 0.8), np.full(5, 10.0)))
    P, policy = random_world(rng, 9, 2, (3,)), random_policy(rng, 9, 2)
    answers.append(("a world that always ends, γ = 1", case.call(P, policy, 1.0), return_by_length(P, policy, 1.0)))
    for name, got, want in answers:
        case.near(f"the values in {name}", got, want)
    P = JumpGridworldEnv().P
    got = case.call(P, even_policy(P), 0.9)
    case.near("the values in the 5 × 5 grid, against the book's Figure 3.2", got, BOOK_5X5, rtol=0, atol=0.0501)
    return "returns added up step by step in five worlds, and the book's 25 numbers"


def _solved(step, reward, gamma, identity=1.0):
    return np.linalg.solve(identity * np.eye(len(reward)) - gamma * step, reward)


@state_values.mistake("this is r_pi, the expected reward of one step: what follows counts, too")
def only_rewards(P, policy, gamma):
    return in_matrices(P, policy)[1]


@state_values.mistake("this looks two rewards ahead, r + γ P r: the return goes on, so solve v = r + γ P v")
def two_steps(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return reward + gamma * step @ reward


@state_values.mistake("this solves (I + γ P) v = r: bring γ P v to the left side with a minus")
def wrong_sign(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return _solved(step, reward, -gamma)


@state_values.mistake("gamma was left out of the system: v = r + γ P v")
def without_gamma(P, policy, gamma):
    return _solved(*in_matrices(P, policy), 1.0)


@state_values.mistake("gamma multiplies the rewards, too: only what comes after this step is discounted")
def discounts_rewards(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return gamma * _solved(step, reward, gamma)


@state_values.mistake("`1 - ...` subtracts from 1 in every entry; the identity matrix is np.eye(len(P))")
def all_ones(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve(1 - gamma * step, reward)


@state_values.mistake("this solves ((1 - γ) I - P) v = r: gamma multiplies P_pi alone")
def discounts_identity(P, policy, gamma):
    return _solved(*in_matrices(P, policy), 1.0, identity=1 - gamma)


@state_values.mistake("this solves (γ I - P) v = r: gamma multiplies P_pi, not the identity matrix")
def gamma_at_identity(P, policy, gamma):
    return _solved(*in_matrices(P, policy), 1.0, identity=gamma)


@state_values.mistake("np.linalg.solve takes the matrix first, then the right-hand side: solve(I - γ P_pi, r_pi)")
def exchanged_arguments(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve(reward, np.eye(len(P)) - gamma * step)


@state_values.mistake("the identity matrix is as large as P_pi, one row for each *state*: np.eye(len(P))")
def identity_of_actions(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return np.linalg.solve(np.eye(policy.shape[1]) - gamma * step, reward)


@state_values.mistake("this solves γ P v = r: the identity matrix is missing, np.eye(len(P)) - gamma * P_pi")
def without_identity(P, policy, gamma):
    return _solved(*in_matrices(P, policy), -gamma, identity=0.0)


@state_values.mistake("this multiplies with I - γ P instead of solving: np.linalg.solve divides by a matrix")
def multiplies(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return (np.eye(len(P)) - gamma * step) @ reward


@state_values.mistake("the two sides are exchanged, or the matrix transposed: (I - γ P_pi) v = r_pi, in this order")
def solves_transposed(P, policy, gamma):
    step, reward = in_matrices(P, policy)
    return _solved(step.T, reward, gamma)


@state_values.mistake("the policy was not used: every action was counted alike")
def values_of_even_policy(P, policy, gamma):
    return _solved(*in_matrices(P, even_policy(P)), gamma)


@state_values.mistake("this is the inverse matrix alone: multiply it with r_pi, or let np.linalg.solve do both")
def inverse_only(P, policy, gamma):
    return np.linalg.inv(np.eye(len(P)) - gamma * in_matrices(P, policy)[0])


@check
def action_values(case):
    """One step with a given action, then the table: against the matrix form of the policy that always takes it."""
    rng, answers = case.rng, []
    for (name, P, policy), gamma in zip(_worlds(rng), (0.9, 0.5, 1.0, 0.7), strict=True):
        V = rng.normal(size=len(P)) * 4 + 1
        answers.append((f"{name}, γ = {gamma}", case.call(P, V, gamma), _true_actions(P, V, gamma), (P, policy)))
    single = {0: {0: [(1.0, 0, 2.0, False)], 1: [(0.5, 0, -1.0, False), (0.5, 0, 3.0, True)]}}
    V = np.array([10.0])
    answers.append(("a world of one state, γ = 0.5", case.call(single, V, 0.5), [[7.0, 3.5]], None))
    for name, got, want, _ in answers:
        case.near(f"the table of action values in {name}", got, want)
    (_, _, _, (P, policy)) = answers[0]
    V = return_by_length(P, policy, 0.9)
    got = case.array("the table of action values", case.call(P, V, 0.9), (7, 4))
    case.near("the mean of q_pi over the policy, which is v_pi,", (policy * got).sum(axis=1), V)
    return "the values of 206 actions in five worlds; weighed with a policy they give its state values"


def _true_actions(P, V, gamma):
    forms = [in_matrices(P, _always(P, a)) for a in P[0]]
    return np.column_stack([reward + gamma * step @ V for step, reward in forms])


def _each_action(P, outcome_value, add=1.0, keep=lambda outcomes: outcomes):
    """A table filled outcome by outcome; outcome_value(s, p, next_state, reward, terminated)."""
    Q = np.zeros((len(P), len(P[0])))
    for s in P:
        for a in P[s]:
            for outcome in keep(P[s][a]):
                Q[s, a] = add * Q[s, a] + outcome_value(s, *outcome)
    return Q


@action_values.mistake(
    "γ·V[next_state] was added after the end of the episode, too: when `terminated` is True, add only the reward"
)
def bootstraps_ended(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * (r + gamma * V[to]))


@action_values.mistake(
    "the reward of the step that ends the episode is missing: that reward still counts, only γ·V[next_state] does not"
)
def q_loses_last_reward(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: (not end) * p * (r + gamma * V[to]))


@action_values.mistake("γ was left out: the value of the next state comes one step later, so it is multiplied by gamma")
def q_without_gamma(P, V, gamma):
    return _true_actions(P, V, 1.0)


@action_values.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def q_discounts_reward(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * gamma * (r + V[to] * (not end)))


@action_values.mistake("the rewards are missing: each outcome is worth reward + γ·V[next_state]")
def q_without_reward(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * gamma * V[to] * (not end))


@action_values.mistake("the values of the next states are missing: this is the expected reward of one step")
def q_only_reward(P, V, gamma):
    return _true_actions(P, 0 * V, gamma)


@action_values.mistake("this uses V[s], the state that the step leaves; look at V[next_state]")
def q_of_same_state(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * (r + gamma * V[s] * (not end)))


@action_values.mistake("the outcomes were added up without their probability: it is the first entry of each tuple")
def q_without_probability(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: r + gamma * V[to] * (not end))


@action_values.mistake("only the last outcome of each action is in the answer: add up with +=")
def q_overwrites(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * (r + gamma * V[to] * (not end)), add=0.0)


@action_values.mistake("only the first outcome of each action was counted: P[s][action] is a list of several")
def q_first_outcome(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * (r + gamma * V[to] * (not end)), keep=lambda all: all[:1])


@action_values.mistake("a bracket is missing: the probability multiplies both, p·(reward + γ·V[next_state])")
def q_without_bracket(P, V, gamma):
    return _each_action(P, lambda s, p, to, r, end: p * r + gamma * V[to] * (not end))


@action_values.mistake(
    "outcomes after one that terminated are missing: only γ·V[next_state] falls away there, without a `break`"
)
def q_breaks_at_end(P, V, gamma):
    outcomes_until_end = lambda all: all[: [*(end for _, _, _, end in all), True].index(True) + 1]  # noqa: E731
    return _each_action(P, lambda s, p, to, r, end: p * (r + gamma * V[to] * (not end)), keep=outcomes_until_end)


@action_values.mistake("the actions were averaged: q keeps them apart, one column for each")
def q_averaged(P, V, gamma):
    return _true_actions(P, V, gamma).mean(axis=1)


@action_values.mistake(
    "each action was weighed with 1 / (number of actions): the action is taken, so no policy enters this step"
)
def q_weighed(P, V, gamma):
    return _true_actions(P, V, gamma) / len(P[0])


@action_values.mistake("the table is transposed: one row for each state, one column for each action")
def q_transposed(P, V, gamma):
    return _true_actions(P, V, gamma).T
