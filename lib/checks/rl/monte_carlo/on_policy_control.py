"""Checks of ``rl/05_monte_carlo/02_on_policy_control``.

Control draws at random, in an order that is the learner's own affair. It is given small worlds that log what was
played: the truth about Q is the mean of what the log says followed each first visit, and the share of greedy actions
in the log must be what ε asks for. The worlds have other numbers of actions than blackjack, and states that come back.
"""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from lib.checks import check
from lib.checks.framework import same
from lib.checks.rl.logged import Logged, check_draws, draws_with, first_visits, returns_from
from lib.models.episodes import play

# --- ε-greedy -----------------------------------------------------------------------------------


@check
def epsilon_greedy(case):
    """The shares of the other actions, the sum, and which action is the greedy one."""
    rows = [case.rng.normal(size=n).round(3).tolist() for n in (2, 3, 5, 4, 7)]
    rows += [[-1.0, -0.5, -3.0, -0.5], [0.0, 0.0, 0.0], [-2.0, 0.25, 0.25], [-0.3, 0.2]]
    answers = [(row, epsilon, case.call(row, epsilon)) for row in rows for epsilon in (0.1, 0.35, 0.0, 1.0)]
    for answer in answers:
        _is_soft(case, *answer)
    if all(same(got, _soft(row, epsilon)) for row, epsilon, got in answers):  # a division by n - 1 is seen before
        _is_soft(case, [0.7], 0.1, case.call([0.7], 0.1))
    return "10 rows of values with four ε: they add up to 1, and the greedy action gets what the others leave"


def _is_soft(case, row, epsilon, got):
    where = f"values {row}, ε = {epsilon}: the probabilities"
    case.true(np.ndim(got) > 0, f"{where} should be a list of {len(row)}, one for each action, not the number {got}")
    got = case.array(where, got, (len(row),))
    case.near(f"{where} add up to", got.sum(), 1.0)
    greedy = min(a for a in range(len(row)) if all(row[a] >= other for other in row))  # the first of the largest
    for action in set(range(len(row))) - {greedy}:
        case.near(f"{where}: action {action}, which is not the greedy one", got[action], epsilon / len(row))


def _soft(values, epsilon, others=None, best=None, greedy=None):
    n = len(values)
    row = [epsilon / n if others is None else others] * n
    row[int(np.argmax(values)) if greedy is None else greedy] = 1 - epsilon + epsilon / n if best is None else best
    return row


@epsilon_greedy.mistake(
    "the greedy action has 1 - ε: the die may fall on it, too, so it gets ε / n more; as it is, the sum is less than 1"
)
def greedy_without_share(values, epsilon):
    return _soft(values, epsilon, best=1 - epsilon)


@epsilon_greedy.mistake("ε was shared among the other actions alone: the die has n sides, one is the greedy action")
def shared_among_others(values, epsilon):
    return _soft(values, epsilon, others=epsilon / (len(values) - 1), best=1 - epsilon)


@epsilon_greedy.mistake("ε was divided by n - 1: the die has n sides, one of them is the greedy action")
def divided_by_others(values, epsilon):
    share = epsilon / (len(values) - 1)
    return _soft(values, epsilon, others=share, best=1 - epsilon + share)


@epsilon_greedy.mistake(
    "the search for the largest value began at 0: all values may be below it, so begin with `values[0]`"
)
def largest_from_zero(values, epsilon):
    return _soft(values, epsilon, greedy=values.index(max(values)) if max(values) > 0 else 0)


@epsilon_greedy.mistake("every other action got the whole ε: divide it by the number of actions")
def undivided(values, epsilon):
    return _soft(values, epsilon, others=epsilon, best=1 - epsilon + epsilon)


@epsilon_greedy.mistake("every other action got the whole ε: each gets ε / n; the greedy action gets 1 - ε + ε / n")
def undivided_others(values, epsilon):
    return _soft(values, epsilon, others=epsilon, best=1 - epsilon)


@epsilon_greedy.mistake("the shares are those of two actions: divide ε by len(values)")
def of_two_actions(values, epsilon):
    return _soft(values, epsilon, others=epsilon / 2, best=1 - epsilon + epsilon / 2)


@epsilon_greedy.mistake("among equal largest values the last was taken: the first of them is the greedy action")
def last_of_ties(values, epsilon):
    return _soft(values, epsilon, greedy=max(a for a, value in enumerate(values) if value == max(values)))


@epsilon_greedy.mistake(
    "equal largest values share the greedy part: here exactly one action is the greedy one, the first of them"
)
def shared_ties(values, epsilon):
    best = np.array(values) == max(values)
    return (epsilon / len(values) + (1 - epsilon) * best / best.sum()).tolist()


@epsilon_greedy.mistake(
    "every one of several equal largest values got 1 - ε: the first alone is the greedy action, or the sum is above 1"
)
def all_ties(values, epsilon):
    return (epsilon / len(values) + (1 - epsilon) * (np.array(values) == max(values))).tolist()


@epsilon_greedy.mistake("the smallest value was preferred: greedy is the largest")
def smallest(values, epsilon):
    return _soft(values, epsilon, greedy=int(np.argmin(values)))


@epsilon_greedy.mistake("the value largest in size was preferred: -3 is less than -0.5, do not take absolute values")
def largest_size(values, epsilon):
    return _soft(values, epsilon, greedy=int(np.argmax(np.abs(values))))


@epsilon_greedy.mistake("ε and 1 - ε are exchanged: ε is the share of random actions")
def exchanged(values, epsilon):
    return _soft(values, 1 - epsilon)


@epsilon_greedy.mistake("this is the greedy action, not the probabilities of all actions")
def only_the_action(values, epsilon):
    return values.index(max(values))


@epsilon_greedy.mistake("every action got the same probability: add 1 - ε to that of the greedy one")
def all_alike(values, epsilon):
    return [1 / len(values)] * len(values)


@epsilon_greedy.mistake("only the shares of the die are there: add 1 - ε at the place of the largest value")
def only_shares(values, epsilon):
    return [epsilon / len(values)] * len(values)


@epsilon_greedy.mistake("this is the greedy policy, without exploring: ε was not used")
def never_explores(values, epsilon):
    return _soft(values, 0.0)


# --- returns of first visits --------------------------------------------------------------------


@check
def first_visit_returns(case):
    """Returns summed up by their definition, from the first place of each pair; and the example in the text."""
    rng, answers = case.rng, []
    for length, n_states, gamma in ((12, 3, 0.9), (9, 2, 1.0), (15, 4, 0.5), (6, 2, 0.0), (1, 5, 0.7)):
        states, actions = rng.integers(n_states, size=length), rng.integers(2, size=length)
        rewards = rng.normal(size=length)
        episode = [
            (("s", int(s)), int(a), round(float(r), 3)) for s, a, r in zip(states, actions, rewards, strict=True)
        ]
        if length > 5:
            episode[-2] = (*episode[0][:2], 2.5)  # a pair that comes back
            episode[2] = (episode[0][0], 1 - episode[0][1], 1.5)  # the same state with the other action
        answers.append((episode, gamma, case.call(episode, gamma)))
    by_hand = [("a", 0, 1), ("b", 1, 2), ("a", 0, 4)]
    answers.append((by_hand, 0.5, case.call(by_hand, 0.5)))
    for episode, gamma, got in answers:
        want = {("a", 0): 3.0, ("b", 1): 4.0} if episode is by_hand else first_visits(episode, gamma)
        case.true(
            isinstance(got, Mapping),
            f"the answer should be a dictionary {{(state, action): return}}, not {type(got).__name__}",
        )
        case.true(
            set(got) == set(want),
            f"the keys should be the {len(want)} pairs (state, action) of the episode, such as {next(iter(want))!r}; "
            f"there are {len(got)}, {'none' if not got else f'such as {next(iter(got))!r}'}",
        )
        for pair in want:
            case.near(f"γ = {gamma}: the return after the first visit of {pair}", got[pair], want[pair])
    return "5 episodes with pairs that come back, and the one by hand"


def _by_pair(episode, returns):
    """(state, action) -> its returns, in the order of the visits."""
    found = defaultdict(list)
    for (state, action, _), G in zip(episode, returns, strict=True):
        found[state, action].append(G)
    return found


@first_visit_returns.mistake(
    "a pair that comes back has the return of its last visit: from the front, write only if the pair is not there yet; "
    "from the back, always"
)
def last_visit(episode, gamma):
    return {pair: G[-1] for pair, G in _by_pair(episode, returns_from(episode, gamma)).items()}


@first_visit_returns.mistake("this is the mean over every visit of a pair: only the first one counts here")
def every_visit(episode, gamma):
    return {pair: float(np.mean(G)) for pair, G in _by_pair(episode, returns_from(episode, gamma)).items()}


@first_visit_returns.mistake("the returns of all visits of a pair were added up: only the first one counts")
def added_visits(episode, gamma):
    return {pair: float(np.sum(G)) for pair, G in _by_pair(episode, returns_from(episode, gamma)).items()}


@first_visit_returns.mistake(
    "each pair got the return of the whole episode: what came before its visit does not belong to it"
)
def whole_return(episode, gamma):
    return dict.fromkeys(first_visits(episode, gamma), returns_from(episode, gamma)[0])


@first_visit_returns.mistake("gamma was left out: a reward that comes k steps later counts gamma ** k")
def without_gamma(episode, gamma):
    return first_visits(episode, 1.0)


@first_visit_returns.mistake("the first reward was discounted, too: G = reward + gamma * G, not gamma * (reward + G)")
def one_too_many(episode, gamma):
    return {pair: gamma * G for pair, G in first_visits(episode, gamma).items()}


@first_visit_returns.mistake("the reward was multiplied by gamma instead of the later return: G = reward + gamma * G")
def discounts_reward(episode, gamma):
    G, found = 0.0, {}
    for state, action, reward in reversed(episode):
        G = gamma * reward + G
        found[state, action] = G
    return found


@first_visit_returns.mistake(
    "each pair has the return of the step after it: write it down after the reward of the step itself was added"
)
def one_step_late(episode, gamma):
    later = [*returns_from(episode, gamma)[1:], 0.0]
    return {pair: G[0] for pair, G in _by_pair(episode, later).items()}


@first_visit_returns.mistake("these are the rewards of single steps: a return adds all that follow, discounted")
def rewards_alone(episode, gamma):
    return {pair: r[0] for pair, r in _by_pair(episode, [reward for _, _, reward in episode]).items()}


@first_visit_returns.mistake(
    "the sum runs from the beginning of the episode to the visit: a return is what comes after it, so go backwards"
)
def forwards(episode, gamma):
    G, sums = 0.0, []
    for _, _, reward in episode:
        G = reward + gamma * G
        sums.append(G)
    return {pair: G[0] for pair, G in _by_pair(episode, sums).items()}


@first_visit_returns.mistake(
    "the loop runs forwards: later visits overwrite earlier ones, and G holds what came before; use reversed(episode)"
)
def forwards_overwriting(episode, gamma):
    G, sums = 0.0, []
    for _, _, reward in episode:
        G = reward + gamma * G
        sums.append(G)
    return {pair: G[-1] for pair, G in _by_pair(episode, sums).items()}


@first_visit_returns.mistake("the keys are states: with actions to choose from, the pair (state, action) is the key")
def by_state(episode, gamma):
    found = {}
    for (state, _, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found.setdefault(state, G)
    return found


@first_visit_returns.mistake(
    "first visits of states were taken, not of pairs: a state with another action is another pair"
)
def first_of_states(episode, gamma):
    seen, found = set(), {}
    for (state, action, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        if state not in seen:
            found[state, action] = G
        seen.add(state)
    return found


@first_visit_returns.mistake(
    "the rewards were discounted from the beginning of the episode, gamma ** t: count the steps from the visit on"
)
def discounted_from_the_start(episode, gamma):
    discounted = [gamma**t * reward for t, (_, _, reward) in enumerate(episode)]
    return {pair: G[0] for pair, G in _by_pair(episode, np.cumsum(discounted[::-1])[::-1].tolist()).items()}


@first_visit_returns.mistake("each pair got the last reward alone: add the rewards from its visit on, discounted")
def last_reward(episode, gamma):
    return dict.fromkeys(first_visits(episode, gamma), episode[-1][2])


@first_visit_returns.mistake("the function returns after one step: `return` belongs behind the loop")
def return_in_the_loop(episode, gamma):
    state, action, reward = episode[-1]
    return {(state, action): reward}


# --- control ------------------------------------------------------------------------------------


@check
def mc_control(case):
    """Q against the log of what was really played, and the share of greedy actions against ε."""
    plays = []
    for n_states, n_actions, episodes, epsilon, gamma in (
        (3, 3, 500, 0.3, 0.9),
        (4, 2, 60, 0.0, 1.0),
        (2, 4, 150, 1.0, 0.5),
        (3, 2, 400, 0.1, 0.8),
    ):
        world = Logged(int(case.rng.integers(10**6)), n_states, n_actions)
        rng = np.random.default_rng(int(case.rng.integers(10**6)))
        Q = case.call(world, episodes, epsilon, rng, gamma)
        plays.append((n_actions, episodes, epsilon, gamma, Q, world.played()))
    drawn = [draws_with(seed, lambda world, rng: case.call(world, 30, 0.5, rng, 0.9)) for seed in (1, 1, 2)]
    alike = Logged(3, 1, 3, rewards=-np.ones((1, 3)), spread=0.0, forward=True)
    case.call(alike, 8, 0.0, np.random.default_rng(4), 1.0)
    tried = [action for episode in alike.played() for _, action, _ in episode]
    for n_actions, episodes, epsilon, gamma, Q, log in plays:
        where = f"in a world of {n_actions} actions, ε = {epsilon}, γ = {gamma}"
        case.true(
            isinstance(Q, Mapping), f"the answer should be Q, {{state: [values]}}, but it is a {type(Q).__name__}"
        )
        case.true(len(log) == episodes, f"{episodes} episodes were asked for, {len(log)} were played")
        wanted, counted = _fits(log, gamma, n_actions)
        for state, values in wanted.items():
            case.true(state in Q, f"the state {state} was visited, but it is not in Q")
            got = case.array(f"Q[{state}]", Q.get(state), (n_actions,))
            for action in range(n_actions):
                visits = f"after {episodes} episodes, {counted[state][action]} of them with this pair"
                case.near(f"{where}, {visits}: Q[{state}][{action}]", got[action], values[action])
    check_draws(case, *drawn)
    for n_actions, _, epsilon, gamma, _, log in plays:
        where = f"in a world of {n_actions} actions, ε = {epsilon}, γ = {gamma}"
        _greedy_share(case, where, log, epsilon, gamma, n_actions)
    case.true(
        tried == [0, 1, 2, 0, 0, 0, 0, 0],
        "the greedy action is the first of the largest values: with ε = 0, Q all 0 and a reward of -1 for everything, "
        f"actions 0, 1 and 2 should be taken in turn, and then 0 (Q is [-1, -1, -1]); taken were {tried}",
    )
    return "4 random worlds: Q holds the mean returns of all first visits that were played, and ε of the play is random"


def _fits(log, gamma, n_actions):
    """What Q should be after these episodes, and how many returns each number is the mean of."""
    returns = defaultdict(lambda: defaultdict(list))
    for episode in log:
        for (state, action), G in first_visits(episode, gamma).items():
            returns[state][action].append(G)
    Q = {s: [float(np.mean(row[a])) if row[a] else 0.0 for a in range(n_actions)] for s, row in returns.items()}
    return Q, {s: [len(row[a]) for a in range(n_actions)] for s, row in returns.items()}


def _greedy_share(case, where, log, epsilon, gamma, n_actions):
    """How often the greedy action was taken, of the steps in which only one action is the best so far."""
    sums, counts = defaultdict(lambda: np.zeros(n_actions)), defaultdict(lambda: np.zeros(n_actions))
    greedy = steps = 0
    for episode in log:
        for state, action, _ in episode:
            Q = sums[state] / np.maximum(counts[state], 1)
            if (np.abs(Q - Q.max()) < 1e-9).sum() == 1:
                steps += 1
                greedy += Q.argmax() == action
        for (state, action), G in first_visits(episode, gamma).items():
            sums[state][action] += G
            counts[state][action] += 1
    wanted = 1 - epsilon + epsilon / n_actions
    slack = 6 * np.sqrt(wanted * (1 - wanted) * steps) + 1e-9  # six standard deviations: two in 10⁹ by accident
    without_die = 0 < epsilon < 1 and abs(greedy - (1 - epsilon) * steps) <= slack
    case.true(
        abs(greedy - wanted * steps) <= slack,
        f"{where}, the greedy action of the present Q should be taken in {100 * wanted:.0f} % of the steps, but it "
        f"was taken in {100 * greedy / max(steps, 1):.0f} %: "
        + (
            "that is 1 - ε, but the die may fall on the greedy action, too"
            if without_die
            else "does the policy read Q at every step, and explore with this ε?"
        ),
    )


def _first_visits_backwards(episode, gamma):
    """As ``first_visits``, the pairs in the order in which a loop from the end of the episode meets them."""
    found = {}
    for (state, action, _), G in zip(episode[::-1], returns_from(episode, gamma)[::-1], strict=True):
        found[state, action] = G
    return found


def _learned(env, num_episodes, epsilon, rng, gamma, returns=_first_visits_backwards, policy=None, update=None, Q=None):
    """Control with one thing changed. update(Q, N, state, action, G); policy(Q, state) -> probabilities."""
    n_actions = int(env.action_space.n)
    Q = defaultdict(lambda: [0.0] * n_actions) if Q is None else Q
    N = defaultdict(lambda: [0] * n_actions)
    policy = policy or (lambda Q, state: _soft(Q[state], epsilon))
    update = update or _mean
    for _ in range(num_episodes):
        episode = play(env, lambda state: policy(Q, state), rng)
        found = returns(episode, gamma)
        for (state, action), G in found.items() if isinstance(found, dict) else found:
            update(Q, N, state, action, G)
    return Q


def _mean(Q, N, state, action, G):
    N[state][action] += 1
    Q[state][action] += (G - Q[state][action]) / N[state][action]


def _every_visit(episode, gamma):
    return [(step[:2], G) for step, G in zip(episode, returns_from(episode, gamma), strict=True)][::-1]


@mc_control.mistake("every visit of a pair was counted: only the first in each episode does, use `first_visit_returns`")
def control_every_visit(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, epsilon, rng, gamma, returns=_every_visit)


@mc_control.mistake("each visit got the return of the whole episode: take the one from the visit on")
def control_whole_return(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, epsilon, rng, gamma, returns=whole_return)


@mc_control.mistake("gamma was not handed on: the returns were not discounted")
def control_without_gamma(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, epsilon, rng, 1.0)


@mc_control.mistake(
    "the policy never changed: it must read Q at every call, not a copy or a list made before the first episode"
)
def control_frozen(env, num_episodes, epsilon, rng, gamma=1.0):
    zeros = [0.0] * int(env.action_space.n)
    return _learned(env, num_episodes, epsilon, rng, gamma, policy=lambda Q, state: _soft(zeros, epsilon))


@mc_control.mistake("the play never explores: epsilon was not used")
def control_never_explores(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, 0.0, rng, gamma)


@mc_control.mistake("the play is random throughout: it should prefer the greedy action of the present Q")
def control_always_explores(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, 1.0, rng, gamma)


@mc_control.mistake("ε and 1 - ε are exchanged in the play: ε is the share of random actions")
def control_exchanged(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, 1 - epsilon, rng, gamma)


@mc_control.mistake("the play always used ε = 0.1, whatever the caller asked for")
def control_fixed_epsilon(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, 0.1, rng, gamma)


@mc_control.mistake("the play prefers the smallest value: greedy is the largest")
def control_smallest(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, epsilon, rng, gamma, policy=lambda Q, s: smallest(Q[s], epsilon))


@mc_control.mistake("among equal largest values the last was taken: the first of them is the greedy action")
def control_last_of_ties(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes, epsilon, rng, gamma, policy=lambda Q, s: last_of_ties(Q[s], epsilon))


@mc_control.mistake("`play` was given a list of probabilities: hand it the function that looks them up, `policy`")
def control_plays_a_list(env, num_episodes, epsilon, rng, gamma=1.0):
    return play(env, [1.0], rng)


@mc_control.mistake("the policy was called too early: hand `play` the function itself, `policy`, not `policy(state)`")
def control_calls_policy(env, num_episodes, epsilon, rng, gamma=1.0):
    for _ in range(num_episodes):
        episode = play(env, _soft(state, epsilon), rng)  # noqa: F821 -- the mistake: there is no state yet
        state = episode[-1][0]
    return state


@mc_control.mistake("Q holds the last return of each pair: mix it into the mean with (G - Q) / N")
def control_last_return(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        Q[state][action] = G

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("Q holds sums: add (G - Q) / N instead of G")
def control_sums(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        Q[state][action] += G

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("G / N was added instead of (G - Q) / N: the old mean must give way")
def control_without_old(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        N[state][action] += 1
        Q[state][action] += G / N[state][action]

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("Q moves by a constant share of G - Q: only with 1 / N is it the mean of all returns")
def control_constant_step(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        Q[state][action] += 0.1 * (G - Q[state][action])

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("the division came before the count: N is 0 then; first N += 1, then divide by it")
def control_divides_first(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        Q[state][action] += (G - Q[state][action]) / N[state][action]
        N[state][action] += 1

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("the mean is divided by N + 1: the new return is already counted in N")
def control_counts_twice(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        N[state][action] += 1
        Q[state][action] += (G - Q[state][action]) / (N[state][action] + 1)

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("the visits of a state were counted for all its actions together: each pair needs its own count")
def control_counts_states(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        N[state][0] += 1
        Q[state][action] += (G - Q[state][action]) / N[state][0]

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("this is N, the counts: return Q, the values")
def control_returns_counts(env, num_episodes, epsilon, rng, gamma=1.0):
    counts = {}

    def update(Q, N, state, action, G):
        _mean(Q, N, state, action, G)
        counts[state] = N[state]

    _learned(env, num_episodes, epsilon, rng, gamma, update=update)
    return counts


@mc_control.mistake("the returns were divided by the number of episodes: divide by the visits of the pair")
def control_counts_episodes(env, num_episodes, epsilon, rng, gamma=1.0):
    episodes = [0]

    def returns(episode, gamma):
        episodes[0] += 1
        return _first_visits_backwards(episode, gamma)

    def update(Q, N, state, action, G):
        Q[state][action] += (G - Q[state][action]) / episodes[0]

    return _learned(env, num_episodes, epsilon, rng, gamma, returns=returns, update=update)


@mc_control.mistake("all actions of a state got the return: it belongs to the action that was taken, Q[state][action]")
def control_state_values(env, num_episodes, epsilon, rng, gamma=1.0):
    def update(Q, N, state, action, G):
        for other in range(len(Q[state])):
            _mean(Q, N, state, other, G)

    return _learned(env, num_episodes, epsilon, rng, gamma, update=update)


@mc_control.mistake("one episode is missing: `range(num_episodes)` counts them all")
def control_one_missing(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, num_episodes - 1, epsilon, rng, gamma)


@mc_control.mistake("the function returns after the first episode: `return Q` belongs behind the loop")
def control_one_episode(env, num_episodes, epsilon, rng, gamma=1.0):
    return _learned(env, 1, epsilon, rng, gamma)


@mc_control.mistake("two things came back: return Q alone")
def control_with_policy(env, num_episodes, epsilon, rng, gamma=1.0):
    Q = _learned(env, num_episodes, epsilon, rng, gamma)
    return Q, {state: row.index(max(row)) for state, row in Q.items()}


# --- the greedy policy --------------------------------------------------------------------------


@check
def greedy_policy(case):
    """In each state the first action that no other one beats."""
    tables = []
    for n_states, n_actions in ((6, 2), (5, 4), (7, 3)):
        rows = case.rng.normal(size=(n_states, n_actions)).round(2).tolist()
        tables.append({("state", number): row for number, row in enumerate(rows)})
    tables.append({"all alike": [0.0, 0.0, 0.0], "below zero": [-3.0, -1.0, -2.0], "two": [0.5, 0.75, 0.75]})
    answers = [(Q, case.call(Q)) for Q in tables]
    for Q, got in answers:
        case.true(isinstance(got, Mapping), f"the answer should be {{state: action}}, not {type(got).__name__}")
        case.true(set(got) == set(Q), "there should be one action for each state of Q, and no other keys")
        for state, values in Q.items():
            best = min(a for a in range(len(values)) if all(values[a] >= other for other in values))
            case.near(f"the greedy action for values {values}", got[state], best)
    return "21 states with two, three and four actions, ties among them"


@greedy_policy.mistake("these are the largest values: return where each of them stands, `values.index(...)`")
def best_values(Q):
    return {state: max(values) for state, values in Q.items()}


@greedy_policy.mistake("among equal largest values the last was taken: take the first")
def last_best(Q):
    return {state: len(values) - 1 - values[::-1].index(max(values)) for state, values in Q.items()}


@greedy_policy.mistake("this is the worst action of each state: greedy is the largest value")
def worst(Q):
    return {state: values.index(min(values)) for state, values in Q.items()}


@greedy_policy.mistake("only actions 0 and 1 were compared: other worlds have more, take the largest of the whole list")
def first_two(Q):
    return {state: int(values[1] > values[0]) for state, values in Q.items()}


@greedy_policy.mistake("the sizes were compared: -3 is less than -1, do not take absolute values")
def largest_sizes(Q):
    return {state: int(np.argmax(np.abs(values))) for state, values in Q.items()}


@greedy_policy.mistake("these are probabilities: return the number of the greedy action alone")
def as_probabilities(Q):
    return {state: _soft(values, 0.0) for state, values in Q.items()}


@greedy_policy.mistake("this is the action of one state: return a dictionary with one for each state")
def one_action(Q):
    values = next(iter(Q.values()))
    return values.index(max(values))
