"""Checks of ``rl/06_temporal_difference/02_sarsa``.

What a function that draws at random answers depends on its draws, in whatever order it makes them. So it is judged in
three ways: in worlds with a single action, where SARSA is TD(0) and nothing is left to chance, against products of
matrices; in random worlds, against what the very steps that were played call for; and by how often it was greedy.
"""

from collections.abc import Callable

import numpy as np

from lib.checks import Case, check
from lib.checks.rl.recorded import Noted, Recorded, random_episodes
from lib.checks.rl.temporal_difference.q_learning_and_the_cliff import World
from lib.checks.rl.temporal_difference.td_prediction import td_truth

SIGMAS = 6  # a right answer is farther away than that once in 500 million times

# --- choose_action ------------------------------------------------------------------------------

# Row of action values, ε, number of draws
ROWS = (
    ((-1.0, -3.0, -0.5, -2.0), 0.4, 1500),
    ((-2.0, -1.0, -4.0, -1.0, -9.0), 0.2, 2000),  # two share the maximum
    ((0.0, 0.0, 0.0), 0.0, 600),  # all share it
    ((3.0, 7.0, 5.0, 1.0, 2.0, 0.0), 0.0, 60),
    ((0.2, 0.1, 0.3), 1.0, 1000),
    ((1.0, 1.0002, 1.0001), 0.0, 60),  # nearly tied
)

RECORDED = 60


def soft(row: np.ndarray, epsilon: float) -> np.ndarray:
    """The probabilities of ε-greedy: ε is shared by all, 1 - ε by the best."""
    best = row == row.max()
    return epsilon / len(row) + (1 - epsilon) * best / best.sum()


@check
def choose_action(case):
    """How often each action is taken, within six standard errors of its probability."""
    counts, drawn = [], False
    for row, epsilon, number in ROWS:
        row, taken = np.array(row), np.zeros(len(row))
        one_rng = np.random.default_rng(case.rng.integers(2**32))
        before = one_rng.bit_generator.state
        for seed in case.rng.integers(2**32, size=number):
            # A recorded call takes half a millisecond: a few of them, to know a named mistake by, and many plain ones.
            recorded = taken.sum() < RECORDED
            choose = case.call if recorded else case.function
            action = choose(row, epsilon, np.random.default_rng(seed) if recorded else one_rng)
            whole = np.asarray(action).dtype.kind in "iu"
            action = case.array("the action", action, ())
            case.true(
                float(action).is_integer() and 0 <= action < len(row),
                f"an action should be a whole number from 0 to {len(row) - 1}, not {action:g}",
            )
            case.true(whole, f"the world takes whole numbers alone: return int(...), so that {action:g} is no float")
            taken[int(action) if 0 <= action < len(row) else 0] += 1
        counts.append(taken)
        drawn |= one_rng.bit_generator.state != before
    seeds = case.rng.integers(2**32, size=20)
    pairs = [[case.call(np.zeros(4), 0.5, np.random.default_rng(seed)) for seed in seeds] for _ in range(2)]
    if any(not fits(taken, soft, row, epsilon) for taken, (row, epsilon, _) in zip(counts, ROWS, strict=True)):
        for message, wrong in WRONG_CHANCES:
            if all(fits(taken, wrong, row, epsilon) for taken, (row, epsilon, _) in zip(counts, ROWS, strict=True)):
                case.fail(message)
    case.true(
        drawn and pairs[0] == pairs[1],
        "the chances do not come from `rng`, the generator that is given: draw all of them from it",
    )
    for taken, (row, epsilon, number) in zip(counts, ROWS, strict=True):
        want = soft(np.array(row), epsilon)
        case.true(
            fits(taken, soft, row, epsilon),
            f"of {number} actions chosen from the values {list(row)} with ε = {epsilon}, the actions 0, 1, … had the "
            f"shares {', '.join(f'{one:.2f}' for one in taken / number)}; expected "
            f"{', '.join(f'{one:.2f}' for one in want)}",
        )
    return "the shares of all actions are those of ε-greedy, also where several actions are best"


def fits(taken: np.ndarray, chances: Callable, row, epsilon: float) -> bool:
    """Whether these counts may come from these probabilities."""
    want, number = chances(np.array(row), epsilon), taken.sum()
    return bool((np.abs(taken - number * want) <= SIGMAS * np.sqrt(number * want * (1 - want)) + 1e-9).all())


def _first(row):
    return np.eye(len(row))[np.argmax(row)]


WRONG_CHANCES = (
    (
        "among several best actions always the first was taken: `np.argmax` does that; draw one of them",
        lambda row, epsilon: epsilon / len(row) + (1 - epsilon) * _first(row),
    ),
    (
        "among several best actions always the last was taken: draw one of them",
        lambda row, epsilon: epsilon / len(row) + (1 - epsilon) * _first(row[::-1])[::-1],
    ),
    (
        "ε is the probability to explore: it was used as the probability to be greedy",
        lambda row, epsilon: soft(row, 1 - epsilon),
    ),
    (
        "the best action was left out when exploring: with probability ε take any action, the best one included",
        lambda row, epsilon: _explore_elsewhere(row, epsilon),
    ),
    (
        "the index into the array of the best actions was returned: return the element itself, best[index]",
        lambda row, epsilon: epsilon / len(row) + (1 - epsilon) * np.sort(soft(row, 0.0))[::-1],
    ),
    (
        "values that are nearly equal were taken for ties: only those that equal the largest are best",
        lambda row, epsilon: soft(np.where(row > row.max() - 0.01, row.max(), row), epsilon),
    ),
    ("the action was always greedy: with probability ε take any action", lambda row, epsilon: soft(row, 0.0)),
    ("the action was always random: with probability 1 - ε take a best one", lambda row, epsilon: soft(row, 1.0)),
    ("this takes the action with the lowest value: the highest is the best", lambda row, epsilon: soft(-row, epsilon)),
    (
        "the last action is never taken when exploring: rng.integers(n) already ends before n",
        lambda row, epsilon: (
            epsilon * np.append(np.full(len(row) - 1, 1 / (len(row) - 1)), 0.0) + (1 - epsilon) * soft(row, 0.0)
        ),
    ),
)


def _explore_elsewhere(row, epsilon):
    best, others = soft(row, 0.0), row < row.max()
    if not others.any():
        return best
    return (1 - epsilon) * best + epsilon * others / others.sum()


def _drawn(chances):
    def choose(q_row, epsilon, rng):
        rng.random(5)  # no learner draws like this: the counts name the mistake, and that once
        return int(rng.choice(len(q_row), p=chances(np.array(q_row), epsilon)))

    return choose


for message, chances in WRONG_CHANCES:
    choose_action.mistake(message)(_drawn(chances))


@choose_action.mistake(
    "this is `np.argmax` alone: with probability ε take any action, and of several best ones draw one"
)
def argmax_alone(q_row, epsilon, rng):
    return int(np.argmax(q_row))


@choose_action.mistake(
    "this is the value of the best action, not the action: `argmax` or `flatnonzero` say which it is"
)
def value_of_action(q_row, epsilon, rng):
    return float(np.max(q_row))


# --- sarsa_target -------------------------------------------------------------------------------


@check
def sarsa_target(case):
    """Reward and discounted value of the next action, as a sum over the whole table."""
    rng, answers = case.rng, []
    for n_states, n_actions, gamma in ((7, 4, 1.0), (5, 3, 0.9), (9, 6, 0.5), (8, 5, 0.7)):
        Q = rng.normal(size=(n_states, n_actions)) * 3 - 4
        for terminated in (False, True):
            next_state, reward = int(rng.integers(1, n_states)), float(rng.normal())
            next_action = int(np.argsort(Q[next_state])[1])  # neither the best nor the worst
            pick = np.zeros_like(Q)
            pick[next_state, next_action] = gamma * (not terminated)
            end = "a step that ended the episode" if terminated else "a step after which the episode goes on"
            got = case.call(Q, reward, next_state, next_action, terminated, gamma)
            answers.append((f"the target of {end}, γ = {gamma}", got, reward + (pick * Q).sum()))
    for what, got, want in answers:
        case.near(what, got, want)
    return "8 targets believe in the next action, and in nothing after the end"


@sarsa_target.mistake(
    "γ·Q was added after the end of the episode, too: when `terminated` is True, the target is the reward alone"
)
def target_bootstraps_terminal(Q, reward, next_state, next_action, terminated, gamma):
    return reward + gamma * Q[next_state, next_action]


@sarsa_target.mistake("the reward of the step that ends the episode is missing: it still counts")
def target_loses_last_reward(Q, reward, next_state, next_action, terminated, gamma):
    return 0.0 if terminated else reward + gamma * Q[next_state, next_action]


@sarsa_target.mistake("`terminated` is used the wrong way round: it is True when nothing follows")
def target_inverts_the_end(Q, reward, next_state, next_action, terminated, gamma):
    return reward + gamma * terminated * Q[next_state, next_action]


@sarsa_target.mistake("this is the best next action's value: SARSA believes in the next action that is really taken")
def target_of_best(Q, reward, next_state, next_action, terminated, gamma):
    return reward + gamma * (not terminated) * Q[next_state].max()


@sarsa_target.mistake("this is the mean over the next actions: SARSA takes the one that is really taken")
def target_of_mean(Q, reward, next_state, next_action, terminated, gamma):
    return reward + gamma * (not terminated) * Q[next_state].mean()


@sarsa_target.mistake("γ was left out: what follows comes one step later, so it is multiplied by gamma")
def target_without_gamma(Q, reward, next_state, next_action, terminated, gamma):
    return reward + (not terminated) * Q[next_state, next_action]


@sarsa_target.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def target_discounts_reward(Q, reward, next_state, next_action, terminated, gamma):
    return gamma * (reward + (not terminated) * Q[next_state, next_action])


@sarsa_target.mistake("the reward is missing: the target is reward + γ·Q[next_state, next_action]")
def target_without_reward(Q, reward, next_state, next_action, terminated, gamma):
    return gamma * (not terminated) * Q[next_state, next_action]


# --- sarsa_episode ------------------------------------------------------------------------------

# states, actions, α, ε, γ of random worlds
WORLDS = ((7, 4, 0.5, 0.3, 0.9), (6, 3, 0.2, 0.7, 1.0), (8, 5, 0.8, 0.15, 0.6))


def ending_world(rng, n_states: int, n_actions: int) -> dict:
    """A random P in which every step ends the episode, in state 1, with a probability of 0.15, whatever is done."""
    P: dict = {1: {a: [(1.0, 1, 0.0, True)] for a in range(n_actions)}}
    going_on = [s for s in range(n_states) if s != 1]
    for s in going_on:
        P[s] = {}
        for a in range(n_actions):
            next_states, rewards = (int(to) for to in rng.choice(going_on, size=2)), rng.normal(size=3)
            outcomes = zip((0.15, 0.5, 0.35), (1, *next_states), rewards, strict=True)
            P[s][a] = [(p, to, float(reward), to == 1) for p, to, reward in outcomes]
    return P


def forced(case: Case, number: int, longest: int) -> tuple[list, int, int]:
    """Recorded episodes through six states; whatever the four actions, they go on as they do."""
    return random_episodes(case.rng, number, 6, ends=(6,), longest=longest), 7, 4


@check
def sarsa_episode(case):
    """Single-action worlds as products of matrices, random worlds by what was played, and the share of greedy steps."""
    rng, answers = case.rng, []
    for n, alpha, gamma in ((6, 0.3, 0.9), (9, 0.5, 1.0), (5, 0.1, 0.5)):
        recorded, Q = random_episodes(rng, 1, n - 2, ends=(n - 2, n - 1)), rng.normal(size=(n, 1)) * 2
        got = case.call(Recorded(recorded, n), Q, alpha, 0.2, gamma, np.random.default_rng(1))
        want = td_truth(recorded, alpha, gamma, Q[:, 0])[-1][:, None]
        where = f"in a world with one action, α = {alpha}, γ = {gamma}"
        answers.append((where, got, want, recorded[0][1]))
    played = []
    for n_states, n_actions, alpha, epsilon, gamma in WORLDS:
        P, Q = ending_world(rng, n_states, n_actions), rng.normal(size=(n_states, n_actions)) * 2
        for seed in rng.integers(2**32, size=4):
            log = []
            world = World(P, 2, lambda *event, log=log: log.append(event))
            got = case.call(world, Q, alpha, epsilon, gamma, np.random.default_rng(seed))
            where = f"in a random world of {n_states} states (α = {alpha}, ε = {epsilon}, γ = {gamma})"
            played.append((where, got, Q, list(log), alpha, gamma))
    steady, (long, *sizes), (short, *_) = _steady(case), forced(case, 1, 1200), forced(case, 1, 250)
    greedy = []
    for episodes, alpha, seed in ((long, 0.5, 7), (short, 0.5, 7), (short, 0.5, 7), (short, 0.5, 8), (short, 0.0, 7)):
        log = []
        got = case.call(
            Noted(episodes, *sizes, lambda *event, log=log: log.append(event)),
            np.zeros(sizes), alpha, 0.0, 0.9, np.random.default_rng(seed),
        )  # fmt: skip
        greedy.append((got, list(log)))
    for where, got, want, rewards in answers:
        Q, length, total = _three(case, got)
        case.near(f"the table {where}", Q, want)
        case.near(f"the length {where}", length, len(rewards), hint="it is the number of actions that were taken")
        case.near(f"the return {where}", total, sum(rewards))
    for where, got, Q, log, alpha, gamma in played:
        table, length, total = _three(case, got)
        case.near(f"the length {where}", length, len(log) - 1)
        case.near(f"the return {where}", total, sum(event[3] for event in log[1:]))
        hint = "is the next action, which stands in the target, the one that is taken in the next step?"
        case.near(f"the table {where}", table, replayed(Q, log, alpha, gamma), hint=hint)
    _judge_length(case, len(greedy[0][1]) - 1, len(long[0][1]))
    actions = np.array([event[1] for event in greedy[4][1][1:]])
    shares = np.bincount(actions, minlength=4) / len(actions)
    case.true(
        np.abs(shares - 0.25).max() <= SIGMAS * np.sqrt(0.25 * 0.75 / len(actions)),
        f"from a table of zeros with ε = 0 and α = 0, action {shares.argmax()} was taken in {shares.max():.0%} of the "
        "steps; all four are equally good there, so 25% are right: choose with `choose_action`, which breaks ties",
    )
    _judge_rng(case, *(log for _, log in greedy[1:4]))
    for got, log in greedy[:4]:
        rows = []
        want = replayed(np.zeros(sizes), log, 0.5, 0.9, rows)
        _judge_best(case, rows)
        case.near(
            f"the table after an episode of {len(log) - 1:,} steps without exploration", _three(case, got)[0], want
        )
    for where, share, number, want in steady:
        near = abs(share - want) <= SIGMAS * np.sqrt(want * (1 - want) / number) + 1e-9
        case.true(
            near,
            f"{share:.0%} of {number} actions were greedy {where}; expected {want:.0%}: choose with `choose_action`",
        )
    return "three recorded and twelve random episodes update Q by the steps that were really taken"


def _judge_length(case: Case, played: int, wanted: int) -> None:
    case.true(
        played == wanted,
        f"an episode of {wanted:,} steps was left after {played:,}: go on until `terminated` is True, however long "
        "it takes",
    )


def _judge_rng(case: Case, one, same_seed, other_seed) -> None:
    """What was played with equal generators must be equal, and something else with another one."""
    acts = [[event[1] for event in log if event[0] == "step"] for log in (one, same_seed, other_seed)]
    case.true(
        acts[0] == acts[1] != acts[2],
        "the actions do not depend on the generator that is given, or not on it alone: draw no "
        "chances of your own, and hand the function's own `rng` on",
    )


def _judge_best(case: Case, rows) -> None:
    """Without exploration every action is a best one of its row, as the table was when the action was chosen."""
    for step, (row, action) in enumerate(rows, 1):
        case.true(
            row[action] >= row.max() - 1e-9,
            f"action {action} was taken in step {step} although ε = 0 and the table, as the steps before have left it, "
            f"holds {np.array2string(row, precision=3)} there: hand epsilon and the rows of the table that is being "
            "learned to `choose_action`",
        )


def _steady(case: Case) -> list[tuple[str, float, int, float]]:
    """The share of greedy actions while α = 0 keeps the table as it is: of first actions, and of all later ones."""
    rng, epsilon, n_states, n_actions = case.rng, 0.4, 5, 4
    Q, found = rng.normal(size=(n_states, n_actions)), []
    P = {s: {a: [(1.0, (s + 1 + a) % n_states, -1.0, False)] for a in range(n_actions)} for s in range(n_states)}
    for s in range(1, n_states):  # from state 0 every action goes on, from the others an episode ends once in 40 steps
        P[s] = {a: [(0.975, to, r, False), (0.025, 0, r, True)] for a, ((_, to, r, _),) in P[s].items()}
    log = []
    for seed in rng.integers(2**32, size=120):
        world = World(P, 0, lambda *event: log.append(event))
        world.np_random = np.random.default_rng(seed)
        case.call(world, Q, 0.0, epsilon, 0.9, np.random.default_rng(seed + 1))
    greedy: dict[str, list[bool]] = {"as the first of an episode": [], "later in an episode": []}
    state, first = None, False
    for kind, *event in log:
        if kind == "reset":
            (state,), first = event, True
        else:
            when = "as the first of an episode" if first else "later in an episode"
            greedy[when].append(event[0] == np.argmax(Q[state]))
            state, first = event[1], False
    for when, chosen in greedy.items():
        if chosen:
            where = f"{when}, with ε = {epsilon} and {n_actions} actions"
            found.append((where, float(np.mean(chosen)), len(chosen), 1 - epsilon + epsilon / n_actions))
    return found


def _three(case: Case, answer) -> tuple:
    case.true(
        isinstance(answer, (tuple, list)) and len(answer) == 3,
        f"`{case.name}` should return three things, the table, the length and the return: `return ..., ..., ...`",
    )
    return tuple(answer)


def replayed(Q, log, alpha, gamma, rows: list | None = None) -> np.ndarray:
    """The table after one episode, from what the world saw: ("reset", state), ("step", action, state, reward, end) …

    rows: is filled with the row of the table that each action was chosen from, and the action.
    """
    rows = [] if rows is None else rows
    Q, states, steps = np.array(Q, dtype=float), [log[0][1], *(event[2] for event in log[1:])], log[1:]
    if steps:
        rows.append((Q[states[0]].copy(), steps[0][1]))
    for t, (_, action, to, reward, end) in enumerate(steps):
        if not end and t + 1 < len(steps):
            rows.append((Q[to].copy(), steps[t + 1][1]))
        rest = 0.0 if end or t + 1 == len(steps) else Q[to, steps[t + 1][1]]
        Q[states[t], action] += alpha * (reward + gamma * rest - Q[states[t], action])
    return Q


def _choose(row, epsilon, rng):
    if rng.random() < epsilon:
        return int(rng.integers(len(row)))
    return int(rng.choice(np.flatnonzero(row == row.max())))


def _rest(Q, next_state, next_action, terminated):
    return 0.0 if terminated else Q[next_state, next_action]


def _move(Q, s, a, r, to, next_a, end, alpha, gamma, rest=_rest):
    Q[s, a] += alpha * (r + gamma * rest(Q, to, next_a, end) - Q[s, a])


def _episode(
    env, Q, alpha, epsilon, gamma, rng, update=_move, choose=_choose, choose_next=None, twice=False, stay=False,
    keep=False,
):  # fmt: skip
    """The right episode, with places where it can be spoiled. Returns the table and all rewards."""
    Q = np.array(Q)
    state, terminated, rewards = env.reset()[0], False, []
    action = choose(Q[state], epsilon, rng)
    while not terminated:
        next_state, reward, terminated, *_ = env.step(action)
        row = Q[next_state] if choose_next != "state" else Q[state]
        next_action = action if choose_next == "same" else choose(row, epsilon, rng)
        update(Q, state, action, reward, next_state, next_action, terminated, alpha, gamma)
        rewards.append(reward)
        if not keep:
            action = choose(Q[next_state], epsilon, rng) if twice else next_action
        state = state if stay else next_state
    return Q, rewards


def _episode_mistake(message: str, count=len, total=sum, order=(0, 1, 2), **spoiled) -> None:
    def wrong(env, Q, alpha, epsilon, gamma, rng):
        table, rewards = _episode(env, Q, alpha, epsilon, gamma, rng, **spoiled)
        answer = (table, count(rewards), total(rewards))
        return tuple(answer[k] for k in order)

    sarsa_episode.mistake(message)(wrong)


_episode_mistake(
    "Q of the terminal state was counted: hand `terminated` on to `sarsa_target`",
    update=lambda *args: _move(*args, rest=lambda Q, to, a, end: Q[to, a]),
)
_episode_mistake(
    "this is Q-learning: the target holds the best next action; SARSA's holds the one that is then taken",
    update=lambda *args: _move(*args, rest=lambda Q, to, a, end: (not end) * Q[to].max()),
)
_episode_mistake(
    "the next action was chosen twice: the one in the target must be the one that is taken in the next step",
    twice=True,
)
_episode_mistake(
    "state and action moved on before the update: update Q[state, action] first, then move on",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: _move(Q, to, b, r, to, b, end, alpha, gamma),
)
_episode_mistake(
    "Q[next_state, next_action] was updated: the step teaches something about the state and action that it began with",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: Q.__setitem__(
        (to, b), Q[to, b] + alpha * (r + gamma * _rest(Q, to, b, end) - Q[s, a])
    ),
)
_episode_mistake(
    "alpha is missing: move Q[state, action] by alpha times the difference",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: _move(Q, s, a, r, to, b, end, 1.0, gamma),
)
_episode_mistake(
    "alpha times the target was added: it is alpha times the target minus Q[state, action]",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: Q.__setitem__(
        (s, a), Q[s, a] + alpha * (r + gamma * _rest(Q, to, b, end))
    ),
)
_episode_mistake(
    "the difference was subtracted: Q[state, action] moves towards the target, not away from it",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: _move(Q, s, a, r, to, b, end, -alpha, gamma),
)
_episode_mistake(
    "the loop is left before the step that ends the episode was learned from and counted: update and count first",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: None if end else _move(Q, s, a, r, to, b, end, alpha, gamma),
    count=lambda rewards: len(rewards) - 1,
    total=lambda rewards: sum(rewards[:-1]),
)
_episode_mistake(
    "Q[state, action] was replaced by alpha times the difference: add with +=",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: Q.__setitem__(
        (s, a), alpha * (r + gamma * _rest(Q, to, b, end) - Q[s, a])
    ),
)
_episode_mistake(
    "gamma is always 1 here: hand the function's own gamma on to `sarsa_target`",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: _move(Q, s, a, r, to, b, end, alpha, 1.0),
)
_episode_mistake(
    "the step that ends the episode was not learned from: update before you leave the loop",
    update=lambda Q, s, a, r, to, b, end, alpha, gamma: None if end else _move(Q, s, a, r, to, b, end, alpha, gamma),
)
_episode_mistake("`state` never changes: after the update the next state becomes the state", stay=True)
_episode_mistake("the first action was taken again and again: the next action becomes the action", choose_next="same")
_episode_mistake(
    "the next action was chosen but never taken: at the end of the loop it becomes the action, as the next state "
    "becomes the state",
    keep=True,
)
_episode_mistake(
    "the next action was chosen from Q[state]: it is taken in the next state, so choose it from Q[next_state]",
    choose_next="state",
)
_episode_mistake(
    "the length is one too small: count every action, the one that ends the episode, too",
    count=lambda rewards: len(rewards) - 1,
)
_episode_mistake(
    "the length is one too large: begin with 0 and add 1 for every action; S_0 is no step",
    count=lambda rewards: len(rewards) + 1,
)
_episode_mistake(
    "the return lacks the last reward: add it up before you leave the loop", total=lambda rewards: sum(rewards[:-1])
)
_episode_mistake("the return is the last reward alone: add up with +=", total=lambda rewards: rewards[-1])
_episode_mistake("length and return are exchanged: the table, then the length, then the return", order=(0, 2, 1))
_episode_mistake(
    "every action was greedy: hand the function's own epsilon on to `choose_action`",
    choose=lambda row, epsilon, rng: _choose(row, 0.0, rng),
)
_episode_mistake(
    "every action was random: choose with `choose_action`", choose=lambda row, epsilon, rng: _choose(row, 1.0, rng)
)


# --- sarsa --------------------------------------------------------------------------------------


@check
def sarsa(case):
    """Several episodes: single-action worlds as products of matrices, a random world by what was played."""
    rng, answers = case.rng, []
    for n, number, alpha, gamma in ((7, 5, 0.3, 0.9), (9, 3, 0.7, 1.0), (5, 1, 0.2, 0.4)):
        recorded = random_episodes(rng, number, n - 2, ends=(n - 2, n - 1))
        got = case.call(Recorded(recorded, n), number, np.random.default_rng(1), alpha, 0.3, gamma)
        want = td_truth(recorded, alpha, gamma, np.zeros(n))[-1][:, None]
        answers.append((f"in a world with one action (α = {alpha}, γ = {gamma})", got, want, recorded))
    recorded = random_episodes(rng, 2, 3, ends=(3,))
    got = case.call(Recorded(recorded, 4), 2, np.random.default_rng(1))
    want = td_truth(recorded, 0.5, 1.0, np.zeros(4))[-1][:, None]
    answers.append(("when alpha, epsilon and gamma are left out", got, want, recorded))
    P, log = ending_world(rng, 6, 4), []
    world = World(P, 3, lambda *event: log.append(event))
    got = case.call(world, 40, np.random.default_rng(int(rng.integers(2**32))), 0.4, 0.2, 0.8)
    heard = list(log)
    (episodes, *sizes), greedy = forced(case, 6, 60), []
    for epsilon, seed in ((0.8, 7), (0.8, 7), (0.8, 8), (0.0, 7)):
        log = []
        world = Noted(episodes, *sizes, lambda *event, log=log: log.append(event))
        case.call(world, 6, np.random.default_rng(seed), 0.5, epsilon, 0.9)
        greedy.append(list(log))
    for where, one, want, recorded in answers:
        Q, lengths, returns = _table_and_lists(case, one, where, want.shape, len(recorded))
        case.near(f"the length of each episode {where}", lengths, [len(rewards) for _, rewards in recorded])
        case.near(f"the return of each episode {where}", returns, [sum(rewards) for _, rewards in recorded])
        case.near(f"the table {where}", Q, want, hint="it begins with zeros and is handed on from episode to episode")
    where = "in a random world of 6 states and 4 actions"
    Q, lengths, returns = _table_and_lists(case, got, where, (6, 4), 40)
    episodes, table = _split(heard), np.zeros((6, 4))
    case.near("how many episodes were begun", len(episodes), 40)
    for episode in episodes:
        table = replayed(table, episode, 0.4, 0.8)
    case.near(f"the length of each episode {where}", lengths, [len(episode) - 1 for episode in episodes])
    case.near(
        f"the return of each episode {where}", returns, [sum(one[3] for one in episode[1:]) for episode in episodes]
    )
    case.near(f"the table {where}", Q, table)
    _judge_rng(case, *greedy[:3])
    for log, epsilon in zip(greedy, (0.8, 0.8, 0.8, 0.0), strict=True):
        table, rows = np.zeros(sizes), []
        for episode in _split(log):
            table = replayed(table, episode, 0.5, 0.9, rows)
        if epsilon == 0:
            _judge_best(case, rows)
        unique = [row[action] == row.max() for row, action in rows if (np.sort(row)[-2:] @ [-1, 1]) > 1e-9]
        want = 1 - epsilon + epsilon / 4
        case.true(
            abs(np.mean(unique) - want) <= SIGMAS * np.sqrt(want * (1 - want) / len(unique)) + 1e-9,
            f"with ε = {epsilon} and 4 actions, {np.mean(unique):.0%} of {len(unique)} actions were the best one; "
            f"expected {want:.0%}: hand the function's own epsilon on to `sarsa_episode`",
        )
    return "four recorded runs and one of 40 random episodes give the right table, lengths and returns"


def _split(log) -> list:
    """The events of each episode."""
    begins = [k for k, event in enumerate(log) if event[0] == "reset"]
    return [log[a:b] for a, b in zip(begins, [*begins[1:], None], strict=True)]


def _table_and_lists(case: Case, answer, where: str, shape, number: int) -> tuple:
    case.true(
        isinstance(answer, (tuple, list)) and len(answer) == 3,
        "`sarsa` should return three things, the table, the lengths and the returns: `return Q, lengths, returns`",
    )
    Q, lengths, returns = answer
    return (
        case.array(f"the table {where}", Q, shape),
        case.array(f"the lengths {where}", lengths, (number,)),
        case.array(f"the returns {where}", returns, (number,)),
    )


def _run(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0, forget=False, start=None):
    shape = (env.observation_space.n, env.action_space.n)
    Q, lengths, returns = np.zeros(shape) if start is None else start(shape), [], []
    for _ in range(num_episodes):
        table, rewards = _episode(env, np.zeros(shape) if forget else Q, alpha, epsilon, gamma, rng)
        Q = table
        lengths.append(len(rewards))
        returns.append(sum(rewards))
    return Q, lengths, returns


@sarsa.mistake("each episode begins with an empty table: hand the table on from episode to episode")
def forgets(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes, rng, alpha, epsilon, gamma, forget=True)


@sarsa.mistake("the table that `sarsa_episode` returns is thrown away: put it into Q")
def throws_away(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    Q, lengths, returns = _run(env, num_episodes, rng, alpha, epsilon, gamma, forget=True)
    return np.zeros_like(Q), lengths, returns


@sarsa.mistake("the table begins with ones: begin with zeros")
def begins_with_ones(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes, rng, alpha, epsilon, gamma, start=np.ones)


@sarsa.mistake("lengths and returns are exchanged: the table, then the lengths, then the returns")
def exchanged(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    Q, lengths, returns = _run(env, num_episodes, rng, alpha, epsilon, gamma)
    return Q, returns, lengths


@sarsa.mistake("these are the length and the return of the last episode: append those of every episode to a list")
def only_last(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    Q, lengths, returns = _run(env, num_episodes, rng, alpha, epsilon, gamma)
    return Q, lengths[-1], returns[-1]


@sarsa.mistake("lengths and returns were added up over the episodes: each episode has its own")
def added_up(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    Q, lengths, returns = _run(env, num_episodes, rng, alpha, epsilon, gamma)
    return Q, np.cumsum(lengths), np.cumsum(returns)


@sarsa.mistake("there was one episode too few: range(num_episodes) already counts to num_episodes - 1")
def one_too_few(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes - 1, rng, alpha, epsilon, gamma)


@sarsa.mistake("alpha, epsilon and gamma are those of the default: hand the function's own on to `sarsa_episode`")
def default_settings(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes, rng)


@sarsa.mistake("alpha and epsilon are exchanged where `sarsa_episode` is called: first alpha, then epsilon")
def exchanged_settings(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes, rng, epsilon, alpha, gamma)


@sarsa.mistake("epsilon and gamma are exchanged where `sarsa_episode` is called: first epsilon, then gamma")
def exchanged_epsilon(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes, rng, alpha, gamma, epsilon)


@sarsa.mistake("the table holds whole numbers alone, so every update is cut off: make it of floats, without dtype=int")
def whole_numbers(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    return _run(env, num_episodes, rng, alpha, epsilon, gamma, start=lambda shape: np.zeros(shape, dtype=int))


@sarsa.mistake(
    "the table has 70 states and 4 actions in every world: env.observation_space.n and env.action_space.n say how many"
)
def always_windy(env, num_episodes, rng, alpha=0.5, epsilon=0.1, gamma=1.0):
    Q, lengths, returns = _run(env, num_episodes, rng, alpha, epsilon, gamma)
    table = np.zeros((70, 4))
    table[: Q.shape[0], : Q.shape[1]] = Q
    return table, lengths, returns
