"""Checks of ``rl/06_temporal_difference/03_q_learning_and_the_cliff``.

The targets are compared with sums over everything that the next action may be. The loop is watched from both sides,
by the world that it acts in and by the target that it asks: what they saw must fit together, and it says what the
table has to hold in the end. So no order of random draws is demanded.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from gymnasium.spaces import Discrete

from lib.checks import check
from lib.checks.rl.worlds import random_world, two_things
from lib.envs.cliff_walking import GOAL, START, CliffWalkingEnv
from lib.envs.finite import FiniteEnv
from lib.envs.grid import DOWN, RIGHT, UP
from lib.envs.windy_gridworld import WindyGridworldEnv
from lib.models.td_control import epsilon_greedy


def chances(q: np.ndarray, epsilon: float) -> np.ndarray:
    """π(a) of the ε-greedy policy: every action gets its share of ε, the best one the rest on top."""
    shares = np.full(len(q), epsilon / len(q))
    shares[np.argmax(q)] += 1 - epsilon
    return shares


def rest(q: np.ndarray, weights: np.ndarray, terminated: bool) -> float:
    """The expected value of the next action if it is chosen with these probabilities; nothing after the end."""
    return 0.0 if terminated else float(np.dot(weights, q))


def check_target(case, weights: Callable[[np.ndarray, int, float], np.ndarray], settings, of_one: str = "") -> None:
    """Compare targets with reward + γ Σ weight · value, for several tables, each with an ended step as well.

    weights: (values of the next state, next_action, epsilon) -> the probability of each action.
    of_one: what to say if every wrong answer holds the value of one single action; "" for nothing.
    """
    rng, answers = case.rng, []
    for n_states, n_actions, gamma, epsilon, shift in settings:
        Q = rng.normal(size=(n_states, n_actions)) * 3 + shift
        for terminated, what in ((False, ""), (True, ""), (False, ""), (False, "fall"), (False, "tie")):
            reward, next_state = float(rng.normal() - 2), int(rng.integers(n_states))
            order = np.argsort(Q[next_state])
            next_action = int(order[rng.integers(1, n_actions - 1)])  # neither best nor worst
            if what == "fall":  # a reward of the cliff that ends nothing, and a next action that is the best
                reward, next_action = -100.0, int(order[-1])
            if what == "tie":
                Q = Q.copy()  # the calls before keep theirs
                Q[next_state, order[-2]] = Q[next_state, order[-1]]
            got = case.call(Q, reward, next_state, next_action, terminated, epsilon, gamma)
            q = Q[next_state].copy()
            want = reward + gamma * rest(q, weights(q, next_action, epsilon), terminated)
            end = "a step that ended the episode" if terminated else "a step after which the episode goes on"
            where = f"the target of {end} ({n_actions} actions, ε = {epsilon}, γ = {gamma})"
            answers.append((where, got, want, reward + gamma * q * (not terminated)))
    numbers = [float(case.array(where, got, ())) for where, got, *_ in answers]
    if of_one and all(np.isclose(row, number).any() for number, (*_, row) in zip(numbers, answers, strict=True)):
        case.fail(of_one)
    for where, got, want, _ in answers:  # judged after all calls, so that mistakes which look alike once are told apart
        case.near(where, got, want)


# --- the target of Q-learning -------------------------------------------------------------------

# states, actions, γ, ε, and what is added to all values: with -20 every value is below 0
SETTINGS = ((7, 4, 1.0, 0.1, -20.0), (5, 6, 0.9, 0.35, 0.0), (9, 3, 0.5, 1.0, 4.0), (6, 5, 0.8, 0.0, -1.0))


@check
def q_learning_target(case):
    """The best next action with probability 1, whatever is done next."""
    check_target(case, lambda q, action, epsilon: np.eye(len(q))[np.argmax(q)], SETTINGS)
    return "20 targets believe in the best next action, and in nothing after the end"


@q_learning_target.mistake(
    "γ·max Q was added after the end of the episode, too: when `terminated` is True, the target is the reward alone"
)
def q_bootstraps_terminal(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * Q[next_state].max()


@q_learning_target.mistake("the reward of the step that ends the episode is missing: it still counts")
def q_loses_last_reward(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return 0.0 if terminated else reward + gamma * Q[next_state].max()


@q_learning_target.mistake("`terminated` is used the wrong way round: it is True when nothing follows")
def q_inverts_the_end(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * terminated * Q[next_state].max()


@q_learning_target.mistake(
    "this is SARSA: it believes in the action that is taken next; Q-learning takes the maximum over all actions"
)
def q_is_sarsa(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * Q[next_state, next_action]


@q_learning_target.mistake("γ was left out: what follows comes one step later, so it is multiplied by gamma")
def q_without_gamma(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + (not terminated) * Q[next_state].max()


@q_learning_target.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def q_discounts_reward(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return gamma * (reward + (not terminated) * Q[next_state].max())


@q_learning_target.mistake("the reward is missing: the target is reward + γ·max Q")
def q_without_reward(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return gamma * (not terminated) * Q[next_state].max()


@q_learning_target.mistake(
    "this adds the number of the best action, not its value: `argmax` says where the maximum is, `max` how large it is"
)
def q_of_argmax(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * np.argmax(Q[next_state])


@q_learning_target.mistake("this is the maximum of the whole table: take that of the row of the next state")
def q_of_whole_table(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * Q.max()


@q_learning_target.mistake(
    "the next action was left out of the maximum: it runs over all actions, whichever of them is taken next"
)
def q_of_others(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * np.delete(Q[next_state], next_action).max()


@q_learning_target.mistake("the mean over the actions was taken, not the maximum")
def q_of_mean(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * Q[next_state].mean()


@q_learning_target.mistake("the smallest value was taken, not the largest")
def q_of_min(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * Q[next_state].min()


@q_learning_target.mistake("the maximum never falls below 0: start it from the first value, for all may be negative")
def q_of_max_from_zero(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * max(0.0, *Q[next_state])


@q_learning_target.mistake("the largest absolute value was taken: −50 is worse than −1, not larger")
def q_of_abs(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * (not terminated) * np.abs(Q[next_state]).max()


@q_learning_target.mistake(
    "this is the expected value under the ε-greedy policy: Q-learning believes in the best action alone"
)
def q_is_expected(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * rest(Q[next_state], chances(Q[next_state], epsilon), terminated)


# --- the target of Expected SARSA ---------------------------------------------------------------


OF_ONE = "every answer holds the value of one single next action: count every action, with its probability"


@check
def expected_sarsa_target(case):
    """Every next action with its probability under the ε-greedy policy."""
    check_target(case, lambda q, action, epsilon: chances(q, epsilon), SETTINGS, OF_ONE)
    return "20 targets are the mean over all that the ε-greedy policy may do next"


@expected_sarsa_target.mistake(
    "the expected value was added after the end, too: when `terminated` is True, the target is the reward alone"
)
def expected_bootstraps_terminal(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + gamma * rest(Q[next_state], chances(Q[next_state], epsilon), False)


@expected_sarsa_target.mistake("the reward of the step that ends the episode is missing: it still counts")
def expected_loses_last_reward(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return 0.0 if terminated else reward + gamma * rest(Q[next_state], chances(Q[next_state], epsilon), False)


def _weighted(weights):
    """A wrong version that differs from the right one in the probabilities alone."""

    def target(Q, reward, next_state, next_action, terminated, epsilon, gamma):
        q = np.asarray(Q[next_state], dtype=float)
        return reward + gamma * rest(q, weights(q, next_action, epsilon), terminated)

    return target


def _best(q):
    return np.eye(len(q))[np.argmax(q)]


for message, weights in (
    (
        "this is Q-learning: it counts the greedy action alone, but with probability ε the policy does something else",
        lambda q, action, epsilon: _best(q),
    ),
    (
        "all actions were counted alike: most of the time, with probability 1 − ε, the policy is greedy",
        lambda q, action, epsilon: np.full(len(q), 1 / len(q)),
    ),
    (
        "this is SARSA: it counts the one action that is taken next; here every action counts, with its probability",
        lambda q, action, epsilon: np.eye(len(q))[action],
    ),
    (
        "the greedy action has only 1 − ε: it may also be drawn when the policy explores, which adds ε/n",
        lambda q, action, epsilon: (1 - epsilon) * _best(q) + epsilon / len(q) * (1 - _best(q)),
    ),
    (
        "ε was shared among the actions that are not greedy: our policy explores among all n actions, so each gets ε/n",
        lambda q, action, epsilon: (1 - epsilon) * _best(q) + epsilon / (len(q) - 1) * (1 - _best(q)),
    ),
    (
        "the greedy action got ε/n twice: (1 − ε)·max is one part, ε times the mean of all actions the other",
        lambda q, action, epsilon: (1 - epsilon + epsilon / len(q)) * _best(q) + epsilon / len(q),
    ),
    (
        "ε and 1 − ε are exchanged: ε is the probability to explore",
        lambda q, action, epsilon: epsilon * _best(q) + (1 - epsilon) / len(q),
    ),
    (
        "the exploring part is the sum of the values times ε: each action has ε/n, so take ε times their mean",
        lambda q, action, epsilon: (1 - epsilon) * _best(q) + epsilon,
    ),
    (
        "the exploring part was divided by 4: worlds differ in their number of actions; Q.shape says how many",
        lambda q, action, epsilon: (1 - epsilon) * _best(q) + epsilon / 4,
    ),
    (
        "1 − ε was given to each of several best actions: they share it, so that all probabilities add up to 1",
        lambda q, action, epsilon: epsilon / len(q) + (1 - epsilon) * (q == q.max()),
    ),
    (
        "the greedy part holds the next action's value: with probability 1 − ε the policy takes the best action, so "
        "this part is (1 − ε)·max",
        lambda q, action, epsilon: (1 - epsilon) * np.eye(len(q))[action] + epsilon / len(q),
    ),
    (
        "the greedy action has the full probability 1 and the others ε/n on top: the probabilities must add up to 1",
        lambda q, action, epsilon: _best(q) + epsilon / len(q),
    ),
):
    expected_sarsa_target.mistake(message)(_weighted(weights))


@expected_sarsa_target.mistake("γ was left out: what follows comes one step later, so it is multiplied by gamma")
def expected_without_gamma(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward + rest(Q[next_state], chances(Q[next_state], epsilon), terminated)


@expected_sarsa_target.mistake("γ multiplies the reward, too: only what comes after this step is discounted")
def expected_discounts_reward(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    return reward if terminated else gamma * (reward + rest(Q[next_state], chances(Q[next_state], epsilon), False))


@expected_sarsa_target.mistake(
    "γ multiplies the greedy part alone: both parts come one step later; put brackets around their sum"
)
def expected_discounts_one_part(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    q = Q[next_state]
    return reward + (not terminated) * (gamma * (1 - epsilon) * np.max(q) + epsilon * np.mean(q))


# --- the loop -----------------------------------------------------------------------------------


class World(FiniteEnv):
    """A finite world that tells `note` what happens in it. Functions are not copied with it, so all is heard.

    It refuses a seed, and a step after the end.  forced: every episode takes exactly so many steps.
    """

    ACTIONS = "one of this world's"

    def __init__(self, P: dict, start: int, note: Callable = lambda *event: None, forced: int | None = None) -> None:
        super().__init__(P, Discrete(len(P[0])), (start,), None)
        self.note, self.forced, self.steps, self.over = note, forced, 0, False
        super().reset(seed=0)

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            raise ValueError("with a seed every reset begins the same luck again: call env.reset() without one")
        state, info = super().reset(options=options)
        self.steps, self.over = 0, False
        self.note("reset", state)
        return state, info

    def step(self, action):
        if self.over:
            raise RuntimeError("env.step was called after the end of the episode: begin the next one with env.reset()")
        state, reward, self.over, truncated, info = super().step(action)
        self.steps += 1
        if self.forced is not None:
            self.over = self.steps == self.forced
        self.note("step", int(action), state, reward, self.over)
        return state, reward, self.over, truncated, info


WEIGHTS = {
    "SARSA": lambda q, action, epsilon: np.eye(len(q))[action],
    "Q-learning": lambda q, action, epsilon: np.eye(len(q))[np.argmax(q)],
    "Expected SARSA": lambda q, action, epsilon: chances(q, epsilon),
}


def watched_target(name: str, note: Callable) -> Callable:
    """The target of that algorithm; it tells `note` what it was asked, and what it answered."""

    def target(Q, reward, next_state, next_action, terminated, epsilon, gamma):
        q = np.asarray(Q, dtype=float)[next_state]
        value = reward + gamma * rest(q, WEIGHTS[name](q, next_action, epsilon), terminated)
        asked = (np.array(Q, dtype=float), reward, next_state, next_action, terminated, epsilon, gamma)
        note("target", *asked, value)
        return value

    return target


# algorithm, states, actions, episodes, α, ε, γ
LOOPS = (
    ("SARSA", 7, 4, 60, 0.5, 0.3, 0.9),
    ("Q-learning", 5, 3, 50, 0.2, 0.6, 1.0),
    ("Expected SARSA", 8, 5, 40, 0.9, 0.2, 0.7),
    ("SARSA", 6, 4, 250, 0.3, 0.4, 0.8),
    ("Q-learning", 5, 4, 150, 0.0, 0.2, 0.9),  # the table stays at 0: all actions are best, all the time
)
FORCED = 1100  # steps of an episode that seems to have no end


def _may_end(P: dict, chance: float = 0.1) -> dict:
    """The same world, in which each step may also end the episode, whatever is done; it stays in its state then."""
    return {
        s: {a: [*((p * (1 - chance), *rest) for p, *rest in row[a]), (chance, s, -1.0, True)] for a in row}
        for s, row in P.items()
    }


@check
def td_control(case):
    """What the world saw, what the target was asked, and what the table holds in the end must fit together."""
    rng, runs = case.rng, []

    def play(name, P, start, episodes, alpha, epsilon, gamma, seed, forced=None):
        log = []

        def note(*event):
            log.append(event)

        target = watched_target(name, note)
        world, generator = World(P, start, note, forced), np.random.default_rng(seed)
        got = case.call(world, target, episodes, generator, alpha, epsilon, gamma)
        runs.append((name, P, episodes, alpha, epsilon, gamma, got, list(log)))

    for name, n_states, n_actions, episodes, alpha, epsilon, gamma in LOOPS:
        P = _may_end(random_world(rng, n_states, n_actions, ends=(1,)))
        seed = int(rng.integers(10**6))
        play(name, P, int(rng.integers(2, n_states)), episodes, alpha, epsilon, gamma, seed)
    P, seed = _may_end(random_world(rng, 6, 3, ends=(1,))), int(rng.integers(10**6))
    for one in (seed, seed, seed + 1):
        play("SARSA", P, 2, 20, 0.4, 0.5, 0.8, one)
    endless = random_world(rng, 4, 3)
    play("Q-learning", endless, 1, 1, 0.1, 0.5, 0.9, seed, forced=FORCED)

    for name, P, episodes, alpha, epsilon, gamma, got, log in runs:
        shape = len(P), len(P[0])
        Q, returns = two_things(case, got, "the table Q", "the list of returns")
        where = f"with the target of {name} in a random world of {shape[0]} states (α = {alpha}, ε = {epsilon})"
        Q = case.array(f"the table {where}", Q, shape)
        case.array(f"the returns {where}", returns, (episodes,))
        sums, greedy, ties = _replayed(case, log, Q, alpha, epsilon, gamma)
        case.true(
            len(sums) == episodes, f"the world was reset {len(sums)} times for {episodes} episodes: once for each"
        )
        case.near(f"the returns {where}", returns, sums, hint="a return is the sum of all rewards of an episode")
        _judge_exploration(case, greedy, shape[1], epsilon)
        _judge_ties(case, ties)
    first, again, other = ([event[1] for event in log if event[0] == "step"] for *_, log in runs[-4:-1])
    case.true(first == again, "two runs with equal generators went different ways: draw all chance from `rng`")
    case.true(first != other, "runs with two different generators took the very same actions: is `rng` used?")
    steps = sum(kind == "step" for *_, log in runs for kind, *_ in log)
    return f"{steps:,} steps in random worlds fit together: action, target, update"


def _replayed(case, log, final, alpha, epsilon, gamma):
    """The return of each episode; for each choice whether it was greedy, and which of all actions if all were equal.

    A choice counts as greedy if it took the best action of a table without ties; first choices are kept apart.
    final: the table in the end. All tables are compared with what the steps before call for.
    """
    Q, sums, greedy, ties = np.zeros(final.shape), [], {"first": [], "later": []}, []
    state = action = promised = step = update = None
    ended = True
    asked, played = (sum(event[0] == kind for event in log) for kind in ("target", "step"))
    case.true(asked > 0, f"of {played} steps none was followed by a call of `target`, the function that was handed in")
    for kind, *event in log:
        if kind == "reset":
            case.true(step is None, _unasked(step))
            case.true(
                ended,
                "the world was reset in the middle of an episode: play on until `terminated` is True, however long",
            )
            (state,) = event
            sums, promised, ended = [*sums, 0.0], None, False
        elif kind == "step":
            case.true(step is None, _unasked(step))
            action, *step = event
            sums[-1] += step[1]
            case.true(
                promised in (None, action),
                f"the target was asked about the next action {promised}, but then action {action} was taken: choose "
                "the next action once, before the update, and take it",
            )
            if promised is None:
                _note_choice(greedy["first"], ties, Q[state], action)
        else:
            table, reward, next_state, next_action, terminated, its_epsilon, its_gamma, value = event
            case.true(step is not None, "the target was asked without a step before it: once per step")
            case.true(
                [next_state, reward, bool(terminated)] == [step[0], step[1], bool(step[2])],
                f"the step led to state {step[0]} with reward {step[1]:.4g}, terminated {step[2]}; but the target was "
                f"given next state {next_state}, reward {reward:.4g}, terminated {terminated}",
            )
            case.true(
                (its_epsilon, its_gamma) == (epsilon, gamma),
                f"the target was given ε = {its_epsilon} and γ = {its_gamma}, not {epsilon} and {gamma}",
            )
            _judge_table(case, table, Q, update)
            if not terminated:
                _note_choice(greedy["later"], ties, Q[next_state], next_action)
            old = Q[state, action]
            Q[state, action] += alpha * (value - old)
            update = (state, action, old, value, alpha)
            state, promised, ended, step = step[0], int(next_action), bool(step[2]), None
    case.true(step is None, _unasked(step))
    case.true(ended, "the last episode was not played to its end: play on until `terminated` is True, however long")
    _judge_table(case, final, Q, update)
    return sums, greedy, ties


def _unasked(step) -> str:
    """What to say of a step after which the target was not asked."""
    if step is not None and step[2]:
        return "the step that ended an episode was not followed by an update: update first, then leave the loop"
    return "a step was not followed by an update: ask the target after every step, and move Q[state, action]"


def _judge_table(case, got, want, update) -> None:
    """Compare a table with what the last update calls for: (state, action, old value, target, α), or None."""
    got = np.asarray(got, dtype=float)
    if np.array_equal(got, want):  # the usual case, without the cost of the others
        return
    got = case.array("the table that the target is given", got, want.shape)
    wrong = np.argwhere(~np.isclose(got, want, rtol=1e-6, atol=1e-9)).tolist()
    if not wrong:
        return
    if update is None:
        case.fail("the table that the target is given for the first step is not zero everywhere")
        return
    state, action, old, value, alpha = update
    moved = f"Q[{state}, {action}] was {old:.4g}, the target {value:.4g}, and α = {alpha}"
    if [state, action] in wrong:
        case.fail(f"{moved}: it should have become {want[state, action]:.4g}, but it is {got[state, action]:.4g}")
    s, a = wrong[0]
    case.fail(
        f"{moved}: this entry alone should have changed, but Q[{s}, {a}] is {got[s, a]:.4g}, not {want[s, a]:.4g}"
    )


def _note_choice(choices: list, ties: list, q: np.ndarray, action: int) -> None:
    best = np.flatnonzero(q == q.max())
    if len(best) == 1:
        choices.append(action == best[0])
    if len(best) == len(q):
        ties.append(action)


def _judge_exploration(case, greedy, n_actions, epsilon) -> None:
    """The share of greedy choices within six standard errors of what ε-greedy makes of it."""
    want = 1 - epsilon + epsilon / n_actions
    for when, choices in greedy.items():
        if len(choices) < 30:
            continue
        spread = 6 * np.sqrt(want * (1 - want) / len(choices))
        what = "the first action of an episode" if when == "first" else "the next action"
        case.true(
            abs(np.mean(choices) - want) <= spread,
            f"{what} was the greedy one of its state in {np.mean(choices):.0%} of {len(choices)} choices; ε-greedy "
            f"with ε = {epsilon} and {n_actions} actions makes it {want:.0%}",
        )


def _judge_ties(case, ties) -> None:
    """Where all values are equal, `epsilon_greedy` takes action 0 no more often than the others."""
    if len(ties) < 300:
        return
    share = np.mean(np.array(ties) == 0)
    want = 1 / 4  # the world with that many ties has four actions
    case.true(
        abs(share - want) <= 6 * np.sqrt(want * (1 - want) / len(ties)),
        f"where all four values were equal, action 0 was chosen in {share:.0%} of {len(ties)} cases, not in 25 %: "
        "choose with `epsilon_greedy`",
    )


def _loop(
    env, target, num_episodes, rng, alpha, epsilon, gamma,
    fresh=True, explore=None, look=None, update=None, twice=False, told=None, count=None, show=None,
    fresh_table=False, choose=epsilon_greedy, stay=False, seed=None,
):  # fmt: skip
    """The right loop, with places where it can be spoiled."""
    Q = np.zeros((env.observation_space.n, env.action_space.n))
    returns, action = [], None
    rng = rng if seed is None else np.random.default_rng(seed)

    def act(state):
        return choose(Q[state], epsilon if explore is None else explore, rng)

    for _ in range(num_episodes):
        if fresh_table:
            Q = np.zeros_like(Q)
        state, _ = env.reset()
        if fresh is True or action is None:
            action = act(state)
        elif fresh == "greedy":
            action = int(np.argmax(Q[state]))
        rewards, terminated = [], False
        while not terminated:
            next_state, reward, terminated, *_ = env.step(action)
            next_action = action if look == "same" else act(next_state if look is None else state)
            asked = [Q, reward, next_state, next_action, terminated, epsilon, gamma]
            if told is not None:
                told(asked, state, action)
            value = target(*asked)
            if update is None:
                Q[state, action] += alpha * (value - Q[state, action])
            else:
                update(Q, state, action, next_state, next_action, alpha, value, terminated)
            rewards.append(reward)
            action = act(next_state) if twice else next_action
            state = state if stay else next_state
        returns.append(sum(rewards) if count is None else count(rewards, gamma))
    return (Q, returns) if show is None else (Q, show(returns))


def _loop_mistake(message: str, **spoiled) -> None:
    td_control.mistake(message)(lambda *args: _loop(*args, **spoiled))


def _told(place: int, value: Callable) -> Callable:
    """Put something else into one place of what the target is given."""

    def told(asked, state, action):
        asked[place] = value(asked, state, action)

    return told


def _exchanged(asked, state, action):
    asked[5], asked[6] = asked[6], asked[5]


_loop_mistake(
    "the next action was chosen twice: the target was asked about one, and another was taken; choose it once, before "
    "the update, and take it in the next step",
    twice=True,
)
_loop_mistake(
    "the target was given the state that the step left: what follows depends on the next state",
    told=_told(2, lambda asked, state, action: state),
)
_loop_mistake(
    "the target was given the action just taken: it needs the one that is chosen for the next state",
    told=_told(3, lambda asked, state, action: action),
)
_loop_mistake(
    "the target was given the greedy next action, not the one that is taken: choose it once with `epsilon_greedy`",
    told=_told(3, lambda asked, state, action: int(np.argmax(asked[0][asked[2]]))),
)
_loop_mistake(
    "the target never hears that the episode is over, so it bootstraps from the terminal state: pass `terminated`",
    told=_told(4, lambda asked, state, action: False),
)
_loop_mistake(
    "ε and γ are exchanged where the target is asked: first epsilon, then gamma",
    told=_exchanged,
)
_loop_mistake(
    "the next action was chosen from the values of the state that the step left: use the row of the next state",
    look="state",
)


def _updates_next(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[next_state, next_action] += alpha * (value - Q[next_state, next_action])


def _replaces(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[state, action] += value - Q[state, action]


def _adds_up(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[state, action] += alpha * value


def _overwrites(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[state, action] = alpha * (value - Q[state, action])


def _own_alpha(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[state, action] += 0.5 * (value - Q[state, action])


def _wrong_sign(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[state, action] -= alpha * (value - Q[state, action])


def _skips_last(Q, state, action, next_state, next_action, alpha, value, terminated):
    if not terminated:
        Q[state, action] += alpha * (value - Q[state, action])


def _whole_row(Q, state, action, next_state, next_action, alpha, value, terminated):
    Q[state] += alpha * (value - Q[state])


_loop_mistake(
    "Q[next_state, next_action] was updated: update Q[state, action] first; only then the next state and action become "
    "the current ones",
    update=_updates_next,
)
_loop_mistake("`state` never changes: after the update the next state becomes the state", stay=True)
_loop_mistake("`action` never changes: after the update the next action becomes the action", look="same")
_loop_mistake("α is always 0.5 here: use the argument `alpha`", update=_own_alpha)
_loop_mistake(
    "of several best actions always the first was taken: choose with `epsilon_greedy`, which draws one of them",
    choose=lambda q, epsilon, rng: int(rng.integers(len(q)) if rng.random() < epsilon else np.argmax(q)),
)
_loop_mistake("the generator `rng` is not used: hand it on to `epsilon_greedy`", seed=0)


@td_control.mistake(
    "the argument `target` was never called: the loop must ask whatever target it is given, not one of your own"
)
def control_with_its_own_target(env, target, num_episodes, rng, alpha, epsilon, gamma):
    def own(Q, reward, next_state, next_action, terminated, epsilon, gamma):
        return reward + (0.0 if terminated else gamma * Q[next_state].max())

    return _loop(env, own, num_episodes, rng, alpha, epsilon, gamma)


_loop_mistake("alpha is not used: move Q[state, action] only the fraction α of the way to the target", update=_replaces)
_loop_mistake(
    "α·target was added: add α times the *difference* between the target and Q[state, action]", update=_adds_up
)
_loop_mistake("the old value was overwritten: add the step to it, with +=", update=_overwrites)
_loop_mistake(
    "the table moves away from the target: add α·(target − Q[state, action]), do not subtract it", update=_wrong_sign
)
_loop_mistake(
    "the step that ends the episode was not learned from: update first, then look whether it is over",
    update=_skips_last,
)
_loop_mistake("all actions of the state were updated: only the one that was taken has learned", update=_whole_row)
_loop_mistake("the table starts again from zeros in each episode: make it once, before the loop", fresh_table=True)
_loop_mistake("nothing is ever explored: the actions are greedy; hand epsilon on to `epsilon_greedy`", explore=0.0)
_loop_mistake("all actions are random: hand epsilon on to `epsilon_greedy`", explore=1.0)
_loop_mistake(
    "the first action of an episode is always the greedy one: choose it with `epsilon_greedy`, too", fresh="greedy"
)
_loop_mistake(
    "an episode begins with the action that the last one had chosen for its end: choose one for the new first state",
    fresh=False,
)
_loop_mistake(
    "the returns lack the last reward: add it up before you leave the loop",
    count=lambda rewards, gamma: sum(rewards[:-1]),
)
_loop_mistake("these are the lengths of the episodes: add up the rewards", count=lambda rewards, gamma: len(rewards))
_loop_mistake(
    "this is the last reward of each episode, not its sum: add up with +=", count=lambda rewards, gamma: rewards[-1]
)
_loop_mistake(
    "the returns are discounted: count the plain sum of the rewards, as the book's figure does",
    count=lambda rewards, gamma: sum(gamma**t * reward for t, reward in enumerate(rewards)),
)
_loop_mistake(
    "the returns keep growing from episode to episode: set the sum to 0 at the beginning of each",
    show=lambda returns: np.cumsum(returns).tolist(),
)


# --- the greedy path ----------------------------------------------------------------------------


def _deterministic(rng, n_states: int, ends: tuple[int, ...]) -> dict:
    """A world in which every action leads to one state, and at least the first action of each may end it."""
    P = {}
    for state in range(n_states):
        moves = rng.integers(n_states, size=3).tolist()
        P[state] = {action: [(1.0, to, -1.0, to in ends)] for action, to in enumerate(moves)}
        if state in ends:
            P[state] = {action: [(1.0, state, 0.0, True)] for action in range(3)}
    return P


def _leading(rng, actions: list[int], env) -> np.ndarray:
    """Random values without ties, of which the greedy actions from the start are these."""
    Q = rng.normal(size=(len(env.P), env.action_space.n)) - 30
    state = env.starts[0]
    for action in actions:
        Q[state, action] = rng.uniform(-20, -10)
        ((_, state, _, _),) = env.P[state][action]
    return Q


class Patient:
    """A world that takes a thousand steps without a reset, and not one more."""

    steps = 0

    def step(self, action):
        self.steps += 1
        if self.steps > 1000:
            raise RuntimeError("1000 steps were taken, far more than `limit`: what ends a walk in circles?")
        return super().step(action)


class PatientCliff(Patient, CliffWalkingEnv):
    pass


class PatientWind(Patient, WindyGridworldEnv):
    pass


class PatientWorld(Patient, FiniteEnv):
    ACTIONS = "0, 1 or 2"


@check
def greedy_path(case):
    """Every state must be the one to which the model sends the greedy action, until the end or the limit."""
    rng, answers = case.rng, []
    edge, top = [UP] + [RIGHT] * 11 + [DOWN], [UP] * 3 + [RIGHT] * 11 + [DOWN] * 3
    for rule in ("reset", "terminate"):
        env = PatientCliff(rule)
        for actions, limit in ((edge, 100), (top, 100), ([RIGHT], 6), (edge, 13), (top, 16), ([UP, RIGHT, DOWN], 50)):
            answers.append((env, _leading(rng, actions, env), limit, f"on the cliff with the rule {rule!r}"))
    windy = PatientWind()
    answers.append((windy, _leading(rng, [RIGHT] * 9 + [DOWN] * 4 + [3] * 2, windy), 40, "on the windy grid"))
    answers.append((windy, rng.normal(size=(70, 4)), 1, "on the windy grid"))
    for n_states in (5, 9, 12, 60, 70, 80):
        P = _deterministic(rng, n_states, ends=(n_states - 1, 0))
        env = PatientWorld(P, Discrete(3), (2,), None)
        answers.append((env, rng.normal(size=(n_states, 3)), 25, f"in a random world of {n_states} states"))
    answers = [(*one, case.call(Q, env, limit)) for (*one,) in answers for env, Q, limit, _ in [one]]
    for env, Q, limit, where, got in answers:
        _judge_path(case, env, Q, limit, where, got)
    return "20 paths in nine worlds hold every state from the start to the end, or to the limit"


def _judge_path(case, env, Q, limit, where, got) -> None:
    path = case.array(f"the path {where}", got)
    case.true(path.ndim == 1, f"the path {where} should be a list of states, but its shape is {path.shape}")
    case.true(len(path) > 0 and path[0] == env.starts[0], f"the path {where} should begin with the first state")
    over = False
    for number, (state, to) in enumerate(pairwise(path), 1):
        case.true(not over, f"the path {where} goes on after the end of the episode")
        ((_, want, _, over),) = env.P[int(state)][int(np.argmax(Q[int(state)]))]
        case.true(to == want, f"step {number} {where}: the greedy action leads from {state:g} to {want}, not to {to:g}")
    steps = len(path) - 1
    case.true(
        over or steps >= limit,
        f"the path {where} breaks off after {steps} steps, at state {path[-1]:g}, before the end and before the limit "
        f"of {limit} steps",
    )
    case.true(steps <= limit, f"the path {where} has {steps} steps, the limit is {limit}")


def _walk(Q, env, limit, choose=None, ends=None):
    """The states from the start on, and whether the episode ended."""
    path, terminated = [env.reset()[0]], False
    while not terminated and len(path) <= limit:
        action = int(np.argmax(Q[path[-1]])) if choose is None else choose(Q, path)
        state, _, terminated, *_ = env.step(action)
        path.append(int(state))
        terminated = terminated if ends is None else ends(path)
    return path, terminated


@greedy_path.mistake("the state in which the episode ends is missing: append every next state, the last one, too")
def path_without_end(Q, env, limit=100):
    path, terminated = _walk(Q, env, limit)
    return path[:-1] if terminated else path


@greedy_path.mistake("the start is missing: the path begins with the state that env.reset() gives")
def path_without_start(Q, env, limit=100):
    return _walk(Q, env, limit)[0][1:]


@greedy_path.mistake("`limit` counts steps, not states: a path of `limit` steps holds one state more")
def path_of_limit_states(Q, env, limit=100):
    return _walk(Q, env, limit - 1)[0]


@greedy_path.mistake("the path has one step more than the limit allows")
def path_one_too_long(Q, env, limit=100):
    return _walk(Q, env, limit + 1)[0]


@greedy_path.mistake("nothing stops a walk in circles: leave the loop after `limit` steps, too")
def path_without_limit(Q, env, limit=100):
    return _walk(Q, env, np.inf)[0]


@greedy_path.mistake("`limit` is not used: stop after that many steps, not after a number of your own")
def path_of_own_limit(Q, env, limit=100):
    return _walk(Q, env, 100)[0]


@greedy_path.mistake("these are the actions: return the states")
def path_of_actions(Q, env, limit=100):
    return [int(np.argmax(Q[state])) for state in _walk(Q, env, limit)[0][:-1]]


@greedy_path.mistake("this is the number of steps: return the list of states")
def path_as_number(Q, env, limit=100):
    return len(_walk(Q, env, limit)[0]) - 1


@greedy_path.mistake("the smallest value was followed: greedy means the largest (`argmax`)")
def path_of_worst(Q, env, limit=100):
    return _walk(Q, env, limit, choose=lambda Q, path: int(np.argmin(Q[path[-1]])))[0]


@greedy_path.mistake("all actions come from the row of the first state: use that of the state where you are now")
def path_of_first_row(Q, env, limit=100):
    return _walk(Q, env, limit, choose=lambda Q, path: int(np.argmax(Q[path[0]])))[0]


@greedy_path.mistake("the maximum was sought in the whole table: `np.argmax(Q[state])` looks at the row of one state")
def path_of_whole_table(Q, env, limit=100):
    return _walk(Q, env, limit, choose=lambda Q, path: int(np.argmax(Q) % Q.shape[1]))[0]


@greedy_path.mistake(
    "the path stops where it comes to a state again: go on until the episode ends or the limit is reached"
)
def path_until_seen(Q, env, limit=100):
    path, terminated = [env.reset()[0]], False
    while not terminated and len(path) <= limit and path[-1] not in path[:-1]:
        state, _, terminated, *_ = env.step(int(np.argmax(Q[path[-1]])))
        path.append(int(state))
    return path


@greedy_path.mistake("the end was taken to be state 47: that is the cliff's goal alone; `terminated` says what ends")
def path_to_47(Q, env, limit=100):
    return _walk(Q, env, limit, ends=lambda path: path[-1] == GOAL)[0]


@greedy_path.mistake("the start was taken to be state 36: other worlds begin elsewhere; env.reset() says where")
def path_from_36(Q, env, limit=100):
    return [START, *_walk(Q, env, limit)[0][1:]]
