"""Checks of ``rl/05_monte_carlo/03_off_policy_control``.

Ratios are compared with the probabilities of whole episodes, those of the world included. The estimates are judged by
their definitions, written out episode by episode. Control draws at random, in an order that is the learner's own
affair: it is given worlds that log what was played, and Q must be the weighted means that follow from the log; in a
world that is solved exactly it must come close to the best values.
"""

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from lib.checks import check
from lib.checks.framework import same
from lib.checks.rl.logged import Logged, check_draws, draws_with, returns_from
from lib.checks.rl.worlds import two_things
from lib.models.episodes import play

# --- the ratio ----------------------------------------------------------------------------------


def table_policy(table: dict):
    """A policy that reads its probabilities from a table."""

    def policy(state):
        return list(table[state])

    return policy


def _probability(episode, t, table, world) -> float:
    """How probable the steps from t on are, the world's answers included."""
    steps = episode[t:]
    policy = [table[state][action] for state, action, _ in steps]
    answers = [world[state, action] for state, action, _ in steps]
    return math.prod(policy) * math.prod(answers)


@check
def importance_ratio(case):
    """The quotient of the probabilities of the same steps under the two policies, in the same world."""
    rng, answers = case.rng, []
    for number, (length, n_actions, t) in enumerate(
        [(6, 3, 2), (7, 2, 3), (5, 4, 1), (4, 3, 0), (8, 3, 7), (6, 2, 5), (6, 3, 1)]
    ):
        states = [("s", i) for i in range(4)]
        world = {(s, a): rng.uniform(0.1, 0.9) for s in states for a in range(n_actions)}
        b = {s: rng.dirichlet(np.full(n_actions, 3.0)).tolist() for s in states}
        pi = {s: rng.dirichlet(np.full(n_actions, 3.0)).tolist() for s in states}
        episode = [
            (states[int(rng.integers(4))], int(rng.integers(n_actions)), float(rng.normal())) for _ in range(length)
        ]
        if number == 6:  # a target that never does what was done last
            last, action, _ = episode[-1]
            pi[last] = [0.0 if a == action else 1 / (n_actions - 1) for a in range(n_actions)]
        target, behaviour = table_policy(pi), table_policy(b)
        got = case.call(episode, t, target, behaviour)
        want = _probability(episode, t, pi, world) / _probability(episode, t, b, world)
        answers.append((length, t, got, want))
    for length, t, got, want in answers:
        case.near(f"an episode of {length} steps: the ratio of those from t = {t} on", got, want)
    if all(same(got, want) for _, _, got, want in answers):  # a `return` inside the loop is seen before
        case.near("no step is left, t = len(episode): the ratio", case.call(episode, 6, target, behaviour), 1.0)
    return "8 episodes: the ratio of their probabilities under the two policies, from step t on"


def _product(episode, target, behaviour):
    return math.prod(target(s)[a] / behaviour(s)[a] for s, a, _ in episode)


@importance_ratio.mistake("the ratio is upside down: the target's probability above, the behaviour's below")
def upside_down(episode, t, target, behaviour):
    return _product(episode[t:], behaviour, target)


@importance_ratio.mistake(
    "the whole episode was multiplied: begin at step t, for what came before has no part in the return from t on"
)
def whole_episode(episode, t, target, behaviour):
    return _product(episode, target, behaviour)


@importance_ratio.mistake("the product begins one step late: step t itself takes part, episode[t:]")
def one_late(episode, t, target, behaviour):
    return _product(episode[t + 1 :], target, behaviour)


@importance_ratio.mistake("the last step is missing: the product goes on to the end of the episode")
def without_last(episode, t, target, behaviour):
    return _product(episode[t:-1], target, behaviour)


@importance_ratio.mistake("these are the steps before t: multiply those from t on, episode[t:]")
def before_t(episode, t, target, behaviour):
    return _product(episode[:t], target, behaviour)


@importance_ratio.mistake(
    "this is the ratio of step t alone: multiply it with those of all later steps, and `return` behind the loop"
)
def one_step(episode, t, target, behaviour):
    return _product(episode[t : t + 1], target, behaviour)


@importance_ratio.mistake("the quotients were added: probabilities of steps that follow each other are multiplied")
def added_up(episode, t, target, behaviour):
    return sum(target(s)[a] / behaviour(s)[a] for s, a, _ in episode[t:])


@importance_ratio.mistake("the sum began at 1 and the quotients were added: multiply them")
def added_to_one(episode, t, target, behaviour):
    return 1.0 + sum(target(s)[a] / behaviour(s)[a] for s, a, _ in episode[t:])


@importance_ratio.mistake("only the target's probabilities are there: divide each by the behaviour's")
def target_alone(episode, t, target, behaviour):
    return math.prod(target(s)[a] for s, a, _ in episode[t:])


@importance_ratio.mistake("the behaviour's probabilities are multiplied, too: divide by them")
def multiplied(episode, t, target, behaviour):
    return math.prod(target(s)[a] * behaviour(s)[a] for s, a, _ in episode[t:])


@importance_ratio.mistake(
    "the most probable action of each policy was taken: what counts is the action that the episode took"
)
def likeliest_actions(episode, t, target, behaviour):
    return math.prod(max(target(s)) / max(behaviour(s)) for s, _, _ in episode[t:])


@importance_ratio.mistake("the behaviour was taken for a fair die: ask it for its own probability, behaviour(state)")
def fair_die(episode, t, target, behaviour):
    return math.prod(target(s)[a] * len(behaviour(s)) for s, a, _ in episode[t:])


@importance_ratio.mistake("the rewards were multiplied in: the ratio is made of probabilities alone")
def with_rewards(episode, t, target, behaviour):
    return math.prod(target(s)[a] / behaviour(s)[a] * r for s, a, r in episode[t:])


@importance_ratio.mistake("the product began at 0 and stays there: begin with 1")
def from_zero(episode, t, target, behaviour):
    return 0.0


@importance_ratio.mistake("the target's probabilities are missing: they stand above, the behaviour's below")
def behaviour_alone(episode, t, target, behaviour):
    return math.prod(1 / behaviour(s)[a] for s, a, _ in episode[t:])


@importance_ratio.mistake("these are the steps up to t: multiply those from t to the end, episode[t:]")
def up_to_t(episode, t, target, behaviour):
    return _product(episode[: t + 1], target, behaviour)


@importance_ratio.mistake(
    "the behaviour was taken for a coin, 1/2 for each action: ask it for its own probability, behaviour(state)"
)
def always_a_coin(episode, t, target, behaviour):
    return math.prod(target(s)[a] / 0.5 for s, a, _ in episode[t:])


@importance_ratio.mistake("with t = len(episode) there is no episode[t]: no step is left, and the empty product is 1")
def begins_with_step_t(episode, t, target, behaviour):
    return _product([episode[t], *episode[t + 1 :]], target, behaviour)


# --- ordinary and weighted estimates ------------------------------------------------------------


def _samples(case):
    """Ratios and returns: with zeros at the beginning, without zeros, tiny ratios, whole returns, a single episode."""
    rng, samples = case.rng, []
    for n, zeros in ((12, 0.5), (9, 0.0), (15, 0.8), (7, 0.0), (8, 0.3), (1, 0.0)):
        ratios = np.round(rng.gamma(1.5, size=n) + 0.1, 3) * (rng.random(n) >= zeros)
        returns = np.round(rng.normal(size=n) + 1, 3)
        if n > 10:
            ratios[:3], ratios[3], ratios[4] = 0.0, 0.25, 2.5
        if n == 7:
            ratios *= 1e-7
        if n == 8:
            ratios[:2], returns = 0.75, np.array([1, -1, 0, 1, 1, -1, 2, 1])
        samples.append((ratios, returns))
    return samples


def _judge_estimates(case, name, below):
    """All samples; then one without any ratio above zero, in which wrong divisions look alike."""
    answers = [(sample, case.call(*sample)) for sample in _samples(case)]
    wanted = [_running(*sample, below) for sample, _ in answers]
    for (sample, got), want in zip(answers, wanted, strict=True):
        case.near(f"n = {len(sample[0])}: the {name} estimates", got, want)
    if all(same(got, want) for (_, got), want in zip(answers, wanted, strict=True)):
        got = case.call(np.zeros(6), np.array([1.0, -1.0, 0.5, 0.0, 2.0, 1.0]))
        case.near(f"six ratios, all 0: the {name} estimates", got, np.zeros(6))


def _running(ratios, returns, below):
    """Σ ρ G / below(ratios) for the first 1, 2, … episodes; 0 where there is nothing below."""
    estimates = []
    for n in range(1, len(ratios) + 1):
        over, under = math.fsum(w * g for w, g in zip(ratios[:n], returns[:n], strict=True)), below(ratios[:n])
        estimates.append(over / under if under else 0.0)
    return np.array(estimates)


@check
def ordinary_estimates(case):
    """Σ ρ G / n, written out for each n."""
    _judge_estimates(case, "ordinary", len)
    return "7 runs, those with ratios of zero included: after every episode, the sum over the number of episodes"


@ordinary_estimates.mistake("these are the weighted estimates: divide by the number of episodes, not by the ratios")
def ordinary_as_weighted(ratios, returns):
    return _running(ratios, returns, math.fsum)


@ordinary_estimates.mistake("the running sums are right; divide entry k by k + 1, the number of episodes so far")
def ordinary_sums(ratios, returns):
    return np.cumsum(ratios * returns)


@ordinary_estimates.mistake("all sums were divided by the same number: entry k uses k + 1 episodes")
def ordinary_by_all(ratios, returns):
    return np.cumsum(ratios * returns) / len(ratios)


@ordinary_estimates.mistake("the products ρG are right; now their running mean: np.cumsum, divided by 1, 2, 3, …")
def ordinary_products(ratios, returns):
    return ratios * returns


@ordinary_estimates.mistake("this is the last estimate alone: return one for each number of episodes, an array (n,)")
def ordinary_last(ratios, returns):
    return np.mean(ratios * returns)


@ordinary_estimates.mistake("the returns were averaged without their ratios: that is the value of the behaviour policy")
def ordinary_without_ratios(ratios, returns):
    return np.cumsum(returns) / np.arange(1, len(ratios) + 1)


@ordinary_estimates.mistake(
    "only episodes with a ratio above zero were counted below: the others count, too, with a product of zero"
)
def ordinary_counts_some(ratios, returns):
    return _running(ratios, returns, np.count_nonzero)


@ordinary_estimates.mistake("entry k was divided by k + 2: after the first episode the number of episodes is 1")
def ordinary_off_by_one(ratios, returns):
    return np.cumsum(ratios * returns) / np.arange(2, len(ratios) + 2)


@ordinary_estimates.mistake(
    "the mean of the ratios was multiplied by the mean of the returns: multiply each pair, then take the mean"
)
def ordinary_means(ratios, returns):
    return np.cumsum(ratios) * np.cumsum(returns) / np.arange(1, len(ratios) + 1) ** 2


@ordinary_estimates.mistake(
    "two running sums were multiplied: multiply each ratio with its own return, then make the running sum"
)
def ordinary_product_of_sums(ratios, returns):
    return np.cumsum(ratios) * np.cumsum(returns) / np.arange(1, len(ratios) + 1)


@ordinary_estimates.mistake("the first sum was divided by 0: count the episodes from 1, np.arange(1, n + 1)")
def ordinary_from_zero(ratios, returns):
    with np.errstate(all="ignore"):
        return np.cumsum(ratios * returns) / np.arange(len(ratios))


INTEGERS = "with whole returns the estimates were cut to whole numbers: make the array with np.zeros(n)"


@ordinary_estimates.mistake(INTEGERS)
def ordinary_in_integers(ratios, returns):
    return _running(ratios, returns, len).astype(returns.dtype)


@check
def weighted_estimates(case):
    """Σ ρ G / Σ ρ, written out for each n."""
    _judge_estimates(case, "weighted", math.fsum)
    return "7 runs: after every episode, the sum over the ratios so far; 0 before the first ratio above zero"


@weighted_estimates.mistake("these are the ordinary estimates: divide by the sum of the ratios so far")
def weighted_as_ordinary(ratios, returns):
    return _running(ratios, returns, len)


@weighted_estimates.mistake("before the first ratio above zero there is 0/0, which gives NaN: the estimate is 0 there")
def weighted_nan(ratios, returns):
    with np.errstate(all="ignore"):
        return np.cumsum(ratios * returns) / np.cumsum(ratios)


@weighted_estimates.mistake("all sums were divided by the sum of all ratios: entry k knows only the first k + 1")
def weighted_by_all(ratios, returns):
    return np.cumsum(ratios * returns) / np.sum(ratios)


@weighted_estimates.mistake("the sum above has no ratios: each return is multiplied by its ratio")
def weighted_plain_above(ratios, returns):
    weights = np.cumsum(ratios)
    return np.cumsum(returns) / np.where(weights > 0, weights, 1.0)


@weighted_estimates.mistake("this is the last estimate alone: return one for each number of episodes, an array (n,)")
def weighted_last(ratios, returns):
    return _running(ratios, returns, math.fsum)[-1]


@weighted_estimates.mistake("each product was divided by its own ratio: sum both first, then divide the sums")
def weighted_own(ratios, returns):
    return np.where(ratios > 0, returns, 0.0)


@weighted_estimates.mistake("the sum below counts the ratios above zero: add the ratios themselves")
def weighted_counts(ratios, returns):
    return _running(ratios, returns, np.count_nonzero)


@weighted_estimates.mistake("the products were not summed up: a running sum above as well as below")
def weighted_not_summed(ratios, returns):
    weights = np.cumsum(ratios)
    return ratios * returns / np.where(weights > 0, weights, 1.0)


@weighted_estimates.mistake(
    "episodes with a ratio of zero are missing: the answer has one entry for every episode, also for those"
)
def weighted_left_out(ratios, returns):
    keep = ratios > 0
    return np.cumsum((ratios * returns)[keep]) / np.cumsum(ratios[keep])


@weighted_estimates.mistake("the sum of the ratios was raised to 1 where it is smaller: only 0 needs a way out")
def weighted_at_least_one(ratios, returns):
    return np.cumsum(ratios * returns) / np.maximum(np.cumsum(ratios), 1)


@weighted_estimates.mistake(
    "a small number was added to the sum below: ratios may be as small; treat a sum of 0 by itself"
)
def weighted_with_small_number(ratios, returns):
    return np.cumsum(ratios * returns) / (np.cumsum(ratios) + 1e-8)


@weighted_estimates.mistake(
    "the estimate is 0 wherever the present ratio is 0: it is 0 only while all ratios so far are 0, else it stays"
)
def weighted_zero_at_zero(ratios, returns):
    return np.where(ratios > 0, _running(ratios, returns, math.fsum), 0.0)


@weighted_estimates.mistake(INTEGERS)
def weighted_in_integers(ratios, returns):
    return _running(ratios, returns, math.fsum).astype(returns.dtype)


# --- one weighted mean --------------------------------------------------------------------------


@check
def weighted_update(case):
    """Fed with one value after the other, the mean must be the sum of weight times value over the sum of weights."""
    answers = []
    # A mean of 0 that has values, sums of the weights below 1 and of exactly 1, an empty mean that is not 0.
    for n, old in ((6, None), (5, None), (8, None), (3, (2.0, 0.3)), (3, (0.0, 4.0)), (3, (-1.5, 1.0))):
        weights, values = case.rng.gamma(2.0, size=n) + 0.05, case.rng.normal(size=n) * 3
        mean, total = old or (n % 4 - 2.0, 0.0)  # nothing yet: 0, -1, -2
        for k in range(n):
            before = (mean, total, float(values[k]), float(weights[k]))
            got = case.call(*before)
            seen, heavy = [*values[: k + 1]], [*weights[: k + 1]]
            if old:
                seen, heavy = [old[0], *seen], [old[1], *heavy]
            mean, total = math.fsum(np.multiply(seen, heavy)) / math.fsum(heavy), math.fsum(heavy)
            answers.append((before, got, mean, total))
    for before, got, mean, total in answers:
        got = list(got) if isinstance(got, np.ndarray) and got.ndim else got
        new_mean, new_total = two_things(case, got, "the mean", "the sum of the weights")
        call = "mean {:.4g}, total {:.4g}, value {:.4g}, weight {:.4g}".format(*before)
        case.near(f"{call}: the new mean", new_mean, mean)
        case.near(f"{call}: the new sum of the weights", new_total, total)
    return "28 updates, the first ones of an empty mean included"


@weighted_update.mistake(
    "the division used the old sum of the weights: C grows first, then W / C (0 at the first value)"
)
def divides_by_old(mean, total, value, weight):
    return mean + weight / total * (value - mean), total + weight


@weighted_update.mistake("the division used the old sum of the weights: the new weight is part of it, C += W first")
def divides_by_old_unless_empty(mean, total, value, weight):
    return mean + (weight / total if total else 1) * (value - mean), total + weight


@weighted_update.mistake("the step is upside down: weight / total, with the new weight in the total")
def step_upside_down(mean, total, value, weight):
    return mean + (total + weight) / weight * (value - mean), total + weight


@weighted_update.mistake("the mean is right, but the sum of the weights grew by 1: it grows by weight")
def total_grows_by_one(mean, total, value, weight):
    return mean + weight / (total + weight) * (value - mean), total + 1


@weighted_update.mistake("the sum of the weights came back unchanged: return total + weight")
def old_total(mean, total, value, weight):
    return mean + weight / (total + weight) * (value - mean), total


@weighted_update.mistake("the values were counted: the sum of the weights grows by weight, not by 1")
def counts_values(mean, total, value, weight):
    return mean + weight / (total + 1) * (value - mean), total + 1


@weighted_update.mistake("this is a mean in which all values count alike: the step is weight / total, not 1 / total")
def one_over_total(mean, total, value, weight):
    return mean + (value - mean) / (total + weight), total + weight


@weighted_update.mistake("the step was not divided by the sum of the weights")
def undivided_step(mean, total, value, weight):
    return mean + weight * (value - mean), total + weight


@weighted_update.mistake("the old mean does not give way: the step is weight / total times (value - mean)")
def keeps_old(mean, total, value, weight):
    return mean + weight / (total + weight) * value, total + weight


@weighted_update.mistake("only the step came back: add it to the old mean")
def only_the_step(mean, total, value, weight):
    return weight / (total + weight) * (value - mean), total + weight


@weighted_update.mistake("this is the sum of weight times value: divide by the sum of the weights")
def sums_up(mean, total, value, weight):
    return mean * total + weight * value, total + weight


@weighted_update.mistake("the mean moves away from the value: the distance is value - mean")
def away(mean, total, value, weight):
    return mean + weight / (total + weight) * (mean - value), total + weight


@weighted_update.mistake("the two answers are exchanged: first the mean, then the sum of the weights")
def answers_exchanged(mean, total, value, weight):
    return total + weight, mean + weight / (total + weight) * (value - mean)


@weighted_update.mistake("one answer only: return the mean and the sum of the weights")
def mean_alone(mean, total, value, weight):
    return mean + weight / (total + weight) * (value - mean)


# --- control ------------------------------------------------------------------------------------

ROWS = {2: ([0.7, 0.3], [0.2, 0.8]), 3: ([0.5, 0.3, 0.2], [0.2, 0.2, 0.6])}


def uneven(n_actions: int):
    """A behaviour policy whose probabilities differ, between states, too."""

    def behaviour(state):
        return list(ROWS[n_actions][state[0] % 2])

    return behaviour


@check
def off_policy_control(case):
    """Q against weighted means of what the log says; then in a world whose best values are known."""
    plays = []
    for n_states, n_actions, episodes, gamma in ((3, 3, 300, 0.9), (2, 2, 200, 1.0), (4, 2, 250, 0.6)):
        world = Logged(int(case.rng.integers(10**6)), n_states, n_actions, offset=-0.5)
        rng = np.random.default_rng(int(case.rng.integers(10**6)))
        Q = case.call(world, episodes, uneven(n_actions), rng, gamma)
        plays.append((n_actions, episodes, gamma, Q, world.played()))
    # In the second state either action pays 1: a tie, at which only the first action is greedy.
    tie = Logged(
        int(case.rng.integers(10**6)), 2, 2, rewards=np.array([[0.0, 0.0], [1.0, 1.0]]), spread=0, forward=True
    )
    Q = case.call(tie, 60, uneven(2), np.random.default_rng(8), 0.9)
    plays.append((2, 60, 0.9, Q, tie.played()))
    drawn = [draws_with(seed, lambda world, rng: case.call(world, 30, uneven(2), rng, 0.9)) for seed in (1, 1, 2)]
    rewards = np.array([[0.0, 0.5], [1.0, 0.0], [-1.0, 1.0]])
    world = Logged(5, 3, 2, rewards=rewards, spread=0.0, forward=True)
    learned = case.call(world, 3000, uneven(2), np.random.default_rng(6), 0.9)
    steps = [(state, action) for episode in world.played() for state, action, _ in episode]
    for n_actions, episodes, gamma, Q, log in plays:
        where = f"in a world of {n_actions} actions, γ = {gamma}: "
        _is_table(case, Q)
        case.true(len(log) == episodes, f"{episodes} episodes were asked for, {len(log)} were played")
        wanted = _from_log(log, gamma, uneven(n_actions), n_actions)
        for state, values in wanted.items():
            case.true(state in Q, f"the state {state} was visited, but it is not in Q")
            got = case.array(f"Q[{state}]", Q.get(state), (n_actions,))
            for action in range(n_actions):
                case.near(f"{where}Q[{state}][{action}] after {episodes} episodes", got[action], values[action])
    check_draws(case, *drawn)
    _is_table(case, learned)
    _plays_behaviour(case, steps)
    # Backwards: whatever follows, the episode goes on with a probability of 0.7.
    best = {2: rewards[2]}
    best[1] = rewards[1] + 0.9 * 0.7 * best[2].max()
    best[0] = rewards[0] + 0.9 * 0.7 * best[1].max()
    for number, values in best.items():
        got = case.array(f"Q[{world.state(number)}]", learned.get(world.state(number)), (2,))
        case.near(f"3000 episodes: the best values of {world.state(number)}", got, values, atol=0.4)
    return (
        "3 random worlds and one with ties, every weighted mean as the log of the play demands; and a world whose best "
        "values are known"
    )


def _is_table(case, Q):
    case.true(isinstance(Q, Mapping), f"the answer should be Q, {{state: [values]}}, but it is a {type(Q).__name__}")


def _from_log(log, gamma, behaviour, n_actions):
    """Q from lists of all (weight, return): each number is np.average of its list so far."""
    samples = defaultdict(lambda: [[] for _ in range(n_actions)])
    Q = defaultdict(lambda: [0.0] * n_actions)
    for episode in log:
        returns = returns_from(episode, gamma)
        for t in range(len(episode) - 1, -1, -1):
            state, action, _ = episode[t]
            later = [1 / behaviour(s)[a] for s, a, _ in episode[t + 1 :]]
            samples[state][action].append((math.prod(later), returns[t]))
            weights, values = zip(*samples[state][action], strict=True)
            Q[state][action] = float(np.average(values, weights=weights))
            greedy = min(a for a in range(n_actions) if all(Q[state][a] >= other for other in Q[state]))
            if action != greedy:
                break  # the target would not have done that: its probability is 0
    return Q


def _plays_behaviour(case, steps):
    for number in range(3):
        taken = [action for state, action in steps if state[0] == number]
        wanted, n = ROWS[2][number % 2][1], len(taken)
        slack = 6 * math.sqrt(wanted * (1 - wanted) * n)  # six standard deviations: two in 10⁹ by accident
        case.true(
            abs(sum(taken) - wanted * n) <= slack,
            f"action 1 was taken in {100 * sum(taken) / max(n, 1):.0f} % of the visits of a state where the behaviour "
            f"policy gives it {100 * wanted:.0f} %: the behaviour policy plays, not the target",
        )


def _add(Q, C, state, action, G, W):
    C[state][action] += W
    Q[state][action] += W / C[state][action] * (G - Q[state][action])


def _learned(env, episodes, behaviour, rng, gamma, episode_update, plays=None):
    """Control with its own way to learn from an episode: episode_update(Q, C, steps) with steps from the last on."""
    n_actions = int(env.action_space.n)
    Q, C = defaultdict(lambda: [0.0] * n_actions), defaultdict(lambda: [0.0] * n_actions)
    for _ in range(episodes):
        episode = play(env, behaviour if plays is None else lambda state: plays(Q, state), rng)
        episode_update(Q, C, list(reversed(episode)))
    return Q


def _backwards(behaviour, gamma, add=_add, is_greedy=None, factor=None, stop=True, before=False):
    """The four steps with one thing changed."""
    is_greedy = is_greedy or (lambda Q, C, s, a: a == Q[s].index(max(Q[s])))
    factor = factor or (lambda s, a: 1 / behaviour(s)[a])

    def update(Q, C, steps):
        G, W = 0.0, 1.0
        for state, action, reward in steps:
            G = reward + gamma * G
            greedy = is_greedy(Q, C, state, action)
            if before and not greedy:
                break
            add(Q, C, state, action, G, W)
            if stop and not before and not is_greedy(Q, C, state, action):
                break
            W *= factor(state, action)

    return update


@off_policy_control.mistake(
    "the loop goes on after an action that is not greedy: the target would not have taken it, so W is 0 from there on; "
    "break"
)
def without_break(env, num_episodes, behaviour, rng, gamma=1.0):
    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, stop=False))


@off_policy_control.mistake(
    "the break comes before the update: then actions that are not greedy are never learned about; update Q, then test"
)
def break_before(env, num_episodes, behaviour, rng, gamma=1.0):
    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, before=True))


@off_policy_control.mistake(
    "the greedy action was looked up before the update: the target is greedy in the updated Q, look it up afterwards"
)
def greedy_in_old(env, num_episodes, behaviour, rng, gamma=1.0):
    def update(Q, C, steps):
        G, W = 0.0, 1.0
        for state, action, reward in steps:
            G = reward + gamma * G
            greedy = action == Q[state].index(max(Q[state]))
            _add(Q, C, state, action, G, W)
            if not greedy:
                break
            W /= behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "W was multiplied by (1 / n) / b: the target is not a fair die; at a greedy action its probability is 1"
)
def random_target(env, num_episodes, behaviour, rng, gamma=1.0):
    n = int(env.action_space.n)
    update = _backwards(behaviour, gamma, factor=lambda s, a: 1 / n / behaviour(s)[a])
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("W was multiplied by b: divide by it, for the behaviour stands below in the ratio")
def multiplied_by_b(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma, factor=lambda s, a: behaviour(s)[a])
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "the behaviour was taken for a fair die: divide W by its own probability, behaviour(state)[action]"
)
def assumes_fair(env, num_episodes, behaviour, rng, gamma=1.0):
    n = int(env.action_space.n)
    update = _backwards(behaviour, gamma, factor=lambda s, a: n)
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("W was always divided by the behaviour's first probability: take that of the action")
def first_probability(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma, factor=lambda s, a: 1 / behaviour(s)[0])
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "every weight is 1: divide W by the behaviour's probability of each greedy action, and update with the weight W"
)
def weight_one(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma, factor=lambda s, a: 1.0)
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "W is 1 / b of a single step: it is a product, so divide the old W by the behaviour's probability"
)
def weight_of_one_step(env, num_episodes, behaviour, rng, gamma=1.0):
    def update(Q, C, steps):
        G, W = 0.0, 1.0
        for state, action, reward in steps:
            G = reward + gamma * G
            _add(Q, C, state, action, G, W)
            if action != Q[state].index(max(Q[state])):
                break
            W = 1 / behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "W was worked out anew at each step, and Q has changed on the way: carry W along, and divide it as you go"
)
def weight_recomputed(env, num_episodes, behaviour, rng, gamma=1.0):
    def update(Q, C, steps):
        G = 0.0
        for place, (state, action, reward) in enumerate(steps):
            G = reward + gamma * G
            later = [(a == Q[s].index(max(Q[s]))) / behaviour(s)[a] for s, a, _ in steps[:place]]
            W = math.prod(later)
            if W == 0:
                break
            _add(Q, C, state, action, G, W)

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "after an action that is not greedy `continue` goes on to earlier steps: their weight is 0, use `break`"
)
def continues(env, num_episodes, behaviour, rng, gamma=1.0):
    def update(Q, C, steps):
        G, W = 0.0, 1.0
        for state, action, reward in steps:
            G = reward + gamma * G
            _add(Q, C, state, action, G, W)
            if action == Q[state].index(max(Q[state])):
                W /= behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "among equal largest values every action was taken for greedy: the first of them alone is, break at the others"
)
def all_ties_greedy(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma, is_greedy=lambda Q, C, s, a: Q[s][a] == max(Q[s]))
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("among equal largest values the last was taken for greedy: it is the first")
def last_tie_greedy(env, num_episodes, behaviour, rng, gamma=1.0):
    def last(Q, C, state, action):
        return action == max(a for a, value in enumerate(Q[state]) if value == max(Q[state]))

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, is_greedy=last))


@off_policy_control.mistake("the reward was discounted, too: G = reward + gamma * G, not gamma * (reward + G)")
def control_discounts_all(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        _add(Q, C, state, action, gamma * G, W)

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake("G was multiplied by W: the value is G, and W is its weight")
def control_weighs_twice(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        _add(Q, C, state, action, G * W, W)

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake("G and W were set once, before the first episode: G = 0 and W = 1 at the end of each one")
def control_carries_both(env, num_episodes, behaviour, rng, gamma=1.0):
    G, W = 0.0, 1.0

    def update(Q, C, steps):
        nonlocal G, W
        for state, action, reward in steps:
            G = reward + gamma * G
            _add(Q, C, state, action, G, W)
            if action != Q[state].index(max(Q[state])):
                break
            W /= behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("gamma was left out of the return: G = reward + gamma * G")
def control_without_gamma(env, num_episodes, behaviour, rng, gamma=1.0):
    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, 1.0))


@off_policy_control.mistake("the episode was read forwards: returns and weights grow from its end, use reversed(...)")
def control_forwards(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma)
    return _learned(env, num_episodes, behaviour, rng, gamma, lambda Q, C, steps: update(Q, C, steps[::-1]))


@off_policy_control.mistake(
    "this is ordinary importance sampling, (W G - Q) / N: its variance has no bound; use the weighted mean"
)
def control_ordinary(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        C[state][action] += 1
        Q[state][action] += (W * G - Q[state][action]) / C[state][action]

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake("C counts visits: it is the sum of the weights, C += W")
def control_counts(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        C[state][action] += 1
        Q[state][action] += W / C[state][action] * (G - Q[state][action])

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake("Q was divided by C before W was added to C: it is 0 then; C += W comes first")
def control_divides_first(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        Q[state][action] += W / C[state][action] * (G - Q[state][action])
        C[state][action] += W

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake(
    "the new sum of the weights was not kept: assign to both Q[state][action] and C[state][action]"
)
def control_forgets_total(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        Q[state][action] = G

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake("the weights of all actions of a state went into one sum: each pair has its own C")
def control_state_weights(env, num_episodes, behaviour, rng, gamma=1.0):
    def add(Q, C, state, action, G, W):
        C[state][0] += W
        Q[state][action] += W / C[state][0] * (G - Q[state][action])

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma, add=add))


@off_policy_control.mistake("W was carried on into the next episode: W = 1 and G = 0 at the end of each one")
def control_carries_weight(env, num_episodes, behaviour, rng, gamma=1.0):
    W = [1.0]

    def update(Q, C, steps):
        G = 0.0
        for state, action, reward in steps:
            G = reward + gamma * G
            _add(Q, C, state, action, G, W[0])
            if action != Q[state].index(max(Q[state])):
                break
            W[0] /= behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("G was carried on into the next episode: G = 0 and W = 1 at the end of each one")
def control_carries_return(env, num_episodes, behaviour, rng, gamma=1.0):
    G = [0.0]

    def update(Q, C, steps):
        W = 1.0
        for state, action, reward in steps:
            G[0] = reward + gamma * G[0]
            _add(Q, C, state, action, G[0], W)
            if action != Q[state].index(max(Q[state])):
                break
            W /= behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "the updates used the reward of a single step: the value is G, the return from that step to the end"
)
def control_rewards(env, num_episodes, behaviour, rng, gamma=1.0):
    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, 0.0))


@off_policy_control.mistake("only first visits were used: this exercise asks for every visit of a pair")
def control_first_visits(env, num_episodes, behaviour, rng, gamma=1.0):
    def update(Q, C, steps):
        G, W = 0.0, 1.0
        pairs = [step[:2] for step in steps]
        for place, (state, action, reward) in enumerate(steps):
            G = reward + gamma * G
            if (state, action) not in pairs[place + 1 :]:
                _add(Q, C, state, action, G, W)
            if action != Q[state].index(max(Q[state])):
                break
            W /= behaviour(state)[action]

    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake(
    "actions that were never learned about were left out of the maximum: they take part with the 0 that stands in Q"
)
def greedy_among_known(env, num_episodes, behaviour, rng, gamma=1.0):
    def is_greedy(Q, C, state, action):
        return all(q <= Q[state][action] for q, c in zip(Q[state], C[state], strict=True) if c)

    update = _backwards(behaviour, gamma, is_greedy=is_greedy)
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("the loop breaks at greedy actions: it should go on there, and break at all others")
def breaks_at_greedy(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma, is_greedy=lambda Q, C, s, a: a != Q[s].index(max(Q[s])))
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("the smallest value was taken for the greedy one: it is the largest")
def greedy_is_smallest(env, num_episodes, behaviour, rng, gamma=1.0):
    update = _backwards(behaviour, gamma, is_greedy=lambda Q, C, s, a: a == Q[s].index(min(Q[s])))
    return _learned(env, num_episodes, behaviour, rng, gamma, update)


@off_policy_control.mistake("the greedy policy plays: let `play` use the behaviour policy, which explores")
def greedy_plays(env, num_episodes, behaviour, rng, gamma=1.0):
    def plays(Q, state):
        return [float(a == Q[state].index(max(Q[state]))) for a in range(len(Q[state]))]

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma), plays=plays)


@off_policy_control.mistake("a fair die plays: let `play` use the behaviour policy that was given")
def die_plays(env, num_episodes, behaviour, rng, gamma=1.0):
    def plays(Q, state):
        return [1 / len(Q[state])] * len(Q[state])

    return _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma), plays=plays)


@off_policy_control.mistake("one episode is missing: `range(num_episodes)` counts them all")
def control_one_missing(env, num_episodes, behaviour, rng, gamma=1.0):
    return _learned(env, num_episodes - 1, behaviour, rng, gamma, _backwards(behaviour, gamma))


@off_policy_control.mistake("the function returns after the first episode: `return Q` belongs behind both loops")
def control_one_episode(env, num_episodes, behaviour, rng, gamma=1.0):
    return _learned(env, 1, behaviour, rng, gamma, _backwards(behaviour, gamma))


@off_policy_control.mistake("two things came back: return Q alone")
def control_with_policy(env, num_episodes, behaviour, rng, gamma=1.0):
    Q = _learned(env, num_episodes, behaviour, rng, gamma, _backwards(behaviour, gamma))
    return Q, {state: row.index(max(row)) for state, row in Q.items()}
