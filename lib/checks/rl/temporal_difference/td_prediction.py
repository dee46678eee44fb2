"""Checks of ``rl/06_temporal_difference/01_td_prediction``.

The functions are handed recorded episodes, in which states come back and the value of a terminal state is not 0.
Ground truth is in matrix form, or a closed form: no learner's loop over steps is repeated here.
"""

import numpy as np

from lib.checks import check
from lib.checks.rl.recorded import Recorded, random_episodes, transitions_of

# --- td_error -----------------------------------------------------------------------------------


@check
def td_error(case):
    """Reward plus discounted next value minus old value, as a scalar product with the table."""
    rng, answers = case.rng, []
    for n, gamma in ((5, 0.9), (8, 0.5), (3, 1.0), (6, 0.7)):
        V = rng.normal(size=n) * 3
        for terminated in (False, True):
            state, next_state = (int(s) for s in rng.choice(n, size=2, replace=False))
            reward = float(rng.normal())
            weights = (gamma * (not terminated)) * np.eye(n)[next_state] - np.eye(n)[state]
            what = f"the TD error of a step that {'ends the episode' if terminated else 'goes on'}, γ = {gamma}"
            answers.append((what, case.call(V, state, reward, next_state, terminated, gamma), reward + weights @ V))
    for what, got, want in answers:
        case.near(what, got, want)
    V = rng.normal(size=4)
    got = case.call(V, 2, 1.5, 2, False, 0.8)
    case.near("the TD error of a step that leads back to the same state", got, 1.5 - 0.2 * V[2])
    return "9 steps, four of which end an episode, have the right TD error"


@td_error.mistake("V[next_state] was counted after the end of the episode: nothing follows a step that terminated")
def error_bootstraps_terminal(V, state, reward, next_state, terminated, gamma):
    return reward + gamma * V[next_state] - V[state]


@td_error.mistake("`terminated` is used the wrong way round: it is True when nothing follows")
def error_inverts_the_end(V, state, reward, next_state, terminated, gamma):
    return reward + gamma * V[next_state] * terminated - V[state]


@td_error.mistake("this is the TD target: subtract V[state], what the table said before")
def only_target(V, state, reward, next_state, terminated, gamma):
    return reward + gamma * V[next_state] * (not terminated)


@td_error.mistake("the sign is the wrong way round: it is target minus V[state], so good news is positive")
def wrong_sign(V, state, reward, next_state, terminated, gamma):
    return V[state] - reward - gamma * V[next_state] * (not terminated)


@td_error.mistake("γ was left out: the value of the next state comes one step later, so it is multiplied by gamma")
def error_without_gamma(V, state, reward, next_state, terminated, gamma):
    return reward + V[next_state] * (not terminated) - V[state]


@td_error.mistake("γ multiplies the reward, too: only the value of the next state is discounted")
def discounts_reward(V, state, reward, next_state, terminated, gamma):
    return gamma * (reward + V[next_state] * (not terminated)) - V[state]


@td_error.mistake("γ multiplies V[state], too: only the value of the next state is discounted")
def discounts_both(V, state, reward, next_state, terminated, gamma):
    return reward + gamma * (V[next_state] * (not terminated) - V[state])


@td_error.mistake("the reward is missing: the target is reward + γ·V[next_state]")
def error_without_reward(V, state, reward, next_state, terminated, gamma):
    return gamma * V[next_state] * (not terminated) - V[state]


@td_error.mistake("the error is 0 when the episode ends: the last reward still counts, and so does V[state]")
def nothing_at_the_end(V, state, reward, next_state, terminated, gamma):
    return 0.0 if terminated else reward + gamma * V[next_state] - V[state]


@td_error.mistake("the last reward is missing: after the end only γ·V[next_state] is left out")
def loses_last_reward(V, state, reward, next_state, terminated, gamma):
    return (0.0 if terminated else reward + gamma * V[next_state]) - V[state]


@td_error.mistake("V[state] is missing when the episode ends: the error is reward - V[state] there")
def reward_alone_at_the_end(V, state, reward, next_state, terminated, gamma):
    return reward if terminated else reward + gamma * V[next_state] - V[state]


@td_error.mistake("state and next_state are exchanged")
def exchanged_states(V, state, reward, next_state, terminated, gamma):
    return reward + gamma * V[state] * (not terminated) - V[next_state]


# --- td_prediction ------------------------------------------------------------------------------


def affine_step(V, state, reward, next_state, terminated, alpha, gamma):
    """One TD update as a matrix product: V becomes (I - α e (e - γ e')ᵀ) V + α r e."""
    here, there = np.eye(len(V))[state], np.eye(len(V))[next_state]
    update = np.eye(len(V)) - alpha * np.outer(here, here - gamma * (not terminated) * there)
    return update @ V + alpha * reward * here


def td_truth(episodes, alpha, gamma, V0):
    tables = [V0]
    for episode in episodes:
        V = tables[-1]
        for step in transitions_of([episode]):
            V = affine_step(V, *step, alpha, gamma)
        tables.append(V)
    return np.array(tables)


@check
def td_prediction(case):
    """The tables after each recorded episode, as products of matrices, and a closed form."""
    rng, answers = case.rng, []
    for n, number, alpha, gamma in ((6, 4, 0.3, 0.9), (9, 3, 0.1, 1.0), (5, 2, 0.7, 0.6)):
        recorded, V0 = random_episodes(rng, number, n - 2, ends=(n - 2, n - 1)), rng.normal(size=n) * 2
        got = case.call(Recorded(recorded, n), number, alpha, gamma, V0)
        what = f"the tables after {number} recorded episodes, α = {alpha}, γ = {gamma}"
        answers.append((what, got, td_truth(recorded, alpha, gamma, V0), V0))
    for what, got, want, V0 in answers:
        got = case.array(what, got, want.shape)  # one table more than episodes
        case.near(f"{what}: the first one", got[0], V0, hint="it is V0, before any episode")
        case.near(what, got, want)
    got = case.call(Recorded([([0, 1], [2.0])], 2), 12, 0.25, 1.0, np.array([0.0, 5.0]))
    wanted = 2 - 2 * 0.75 ** np.arange(13)
    case.near(
        "a state that is always followed by the end and a reward of 2", case.array("it", got, (13, 2))[:, 0], wanted
    )
    return "the tables after each of 21 recorded episodes are right"


def _learn(env, episodes, alpha, gamma, V0, step):
    """TD(0) with another step: step(V, state, reward, next_state, terminated) changes V."""
    V = np.array(V0, dtype=float)
    tables = [V.copy()]
    for _ in range(episodes):
        state, terminated = env.reset()[0], False
        while not terminated:
            next_state, reward, terminated, *_ = env.step(0)
            step(V, state, reward, next_state, terminated)
            state = next_state
        tables.append(V.copy())
    return np.array(tables)


def _with_target(target):
    """TD(0) with another target: target(V, reward, next_state, terminated, gamma)."""

    def learn(env, episodes, alpha, gamma, V0):
        def step(V, state, reward, next_state, terminated):
            V[state] += alpha * (target(V, reward, next_state, terminated, gamma) - V[state])

        return _learn(env, episodes, alpha, gamma, V0, step)

    return learn


def _target(V, reward, next_state, terminated, gamma):
    return reward + gamma * V[next_state] * (not terminated)


_right = _with_target(_target)

td_prediction.mistake("V[next_state] was counted after the end of the episode: hand `terminated` on to `td_error`")(
    _with_target(lambda V, reward, next_state, terminated, gamma: reward + gamma * V[next_state])
)
td_prediction.mistake("gamma is always 1 here: hand the function's own gamma on to `td_error`")(
    _with_target(lambda V, reward, next_state, terminated, gamma: reward + V[next_state] * (not terminated))
)


@td_prediction.mistake("this updates V[next_state]: the step teaches something about the state that it leaves")
def updates_next_state(env, episodes, alpha, gamma, V0):
    def step(V, state, reward, next_state, terminated):
        V[next_state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])

    return _learn(env, episodes, alpha, gamma, V0, step)


@td_prediction.mistake("alpha is missing: move V[state] by alpha times the error, not by the whole error")
def without_alpha(env, episodes, alpha, gamma, V0):
    return _right(env, episodes, 1.0, gamma, V0)


@td_prediction.mistake("alpha times the target was added: it is alpha times the error, target minus V[state]")
def adds_target(env, episodes, alpha, gamma, V0):
    def step(V, state, reward, next_state, terminated):
        V[state] += alpha * _target(V, reward, next_state, terminated, gamma)

    return _learn(env, episodes, alpha, gamma, V0, step)


@td_prediction.mistake("V[state] was replaced by alpha times the error: add with +=")
def overwrites(env, episodes, alpha, gamma, V0):
    def step(V, state, reward, next_state, terminated):
        V[state] = alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])

    return _learn(env, episodes, alpha, gamma, V0, step)


@td_prediction.mistake("the error was subtracted: V[state] moves towards the target, not away from it")
def subtracts(env, episodes, alpha, gamma, V0):
    return _right(env, episodes, -alpha, gamma, V0)


@td_prediction.mistake("`state` never changes: after the update the next state becomes the state")
def never_moves_on(env, episodes, alpha, gamma, V0):
    def learn():
        V = np.array(V0, dtype=float)
        yield V.copy()
        for _ in range(episodes):
            state, terminated = env.reset()[0], False
            while not terminated:
                next_state, reward, terminated, *_ = env.step(0)
                V[state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])
            yield V.copy()

    return np.array(list(learn()))


@td_prediction.mistake("`state` becomes `next_state` before the update: update first, then move on")
def moves_on_too_early(env, episodes, alpha, gamma, V0):
    def step(V, state, reward, next_state, terminated):
        V[next_state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[next_state])

    return _learn(env, episodes, alpha, gamma, V0, step)


@td_prediction.mistake("the step that ends the episode was not learned from: update before you leave the loop")
def skips_the_last_step(env, episodes, alpha, gamma, V0):
    def step(V, state, reward, next_state, terminated):
        if not terminated:
            V[state] += alpha * (reward + gamma * V[next_state] - V[state])

    return _learn(env, episodes, alpha, gamma, V0, step)


@td_prediction.mistake(
    "all updates of an episode were computed from the table before it: TD(0) updates after every step, and the next "
    "step already sees it"
)
def updates_after_the_episode(env, episodes, alpha, gamma, V0):
    V = np.array(V0, dtype=float)
    tables = [V.copy()]
    for _ in range(episodes):
        state, terminated, old = env.reset()[0], False, V.copy()
        while not terminated:
            next_state, reward, terminated, *_ = env.step(0)
            V[state] += alpha * (_target(old, reward, next_state, terminated, gamma) - old[state])
            state = next_state
        tables.append(V.copy())
    return np.array(tables)


@td_prediction.mistake("each episode begins with V0 again: keep what the episodes before have taught")
def forgets(env, episodes, alpha, gamma, V0):
    return np.array([V0, *(_right(env, 1, alpha, gamma, V0)[1] for _ in range(episodes))])


@td_prediction.mistake("the values begin with zeros: begin with a copy of V0")
def begins_with_zeros(env, episodes, alpha, gamma, V0):
    return _right(env, episodes, alpha, gamma, np.zeros(len(V0)))


@td_prediction.mistake("all tables after the first are one and the same array, `V`: append a copy of it, V.copy()")
def one_table(env, episodes, alpha, gamma, V0):
    return np.array([V0] + [_right(env, episodes, alpha, gamma, V0)[-1]] * episodes)


@td_prediction.mistake("all tables, the first one, too, are one and the same array, `V`: store copies, V.copy()")
def one_table_from_the_start(env, episodes, alpha, gamma, V0):
    return np.array([_right(env, episodes, alpha, gamma, V0)[-1]] * (episodes + 1))


@td_prediction.mistake("this is the last table alone: store one after each episode, and V0 before the first")
def only_last(env, episodes, alpha, gamma, V0):
    return _right(env, episodes, alpha, gamma, V0)[-1]


@td_prediction.mistake("the first table is missing: V0, before any episode, is stored, too")
def without_first(env, episodes, alpha, gamma, V0):
    return _right(env, episodes, alpha, gamma, V0)[1:]


@td_prediction.mistake("there is a table for every step: store one after each episode")
def one_for_each_step(env, episodes, alpha, gamma, V0):
    tables = [np.array(V0)]

    def step(V, state, reward, next_state, terminated):
        V[state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])
        tables.append(V.copy())

    _learn(env, episodes, alpha, gamma, V0, step)
    return np.array(tables)


# --- mc_update ----------------------------------------------------------------------------------


def returns_of(rewards, gamma):
    """G_0 … G_{T-1}, as a product with the matrix of discounts."""
    T = len(rewards)
    lag = np.arange(T)[None, :] - np.arange(T)[:, None]
    return np.where(lag >= 0, float(gamma) ** np.maximum(lag, 0), 0.0) @ np.asarray(rewards, dtype=float)


def mc_truth(V, states, rewards, alpha, gamma, backwards):
    """V[s] after k visits is (1-α)ᵏ V[s] + α Σ (1-α)ᵏ⁻ʲ G of visit j: in closed form."""
    G, new = returns_of(rewards, gamma), np.array(V, dtype=float)
    for s in set(states):
        visits = G[[t for t, one in enumerate(states) if one == s]]
        visits = visits[::-1] if backwards else visits
        k = len(visits)
        new[s] = (1 - alpha) ** k * V[s] + alpha * ((1 - alpha) ** np.arange(k - 1, -1, -1)) @ visits
    return new


@check
def mc_update(case):
    """Constant-α Monte Carlo in closed form; the visits in either order."""
    rng, answers = case.rng, []
    for n, alpha, gamma in ((6, 0.3, 0.9), (9, 0.1, 0.5), (4, 0.6, 0.8), (7, 0.2, 1.0)):
        V = rng.normal(size=n) * 2
        ((states, rewards),) = random_episodes(rng, 1, n - 2, ends=(n - 2, n - 1))
        got = case.call(V, states[:-1], rewards, alpha, gamma)
        what = f"the values after an episode of {len(rewards)} steps, α = {alpha}, γ = {gamma}"
        answers.append(
            (what, got, *(mc_truth(V, states[:-1], rewards, alpha, gamma, order) for order in (True, False)))
        )
    gaps = [
        [np.abs(case.array(what, got, backwards.shape) - want).max() for want in (backwards, forwards)]
        for what, got, backwards, forwards in answers
    ]
    first_to_last = np.sum(gaps, axis=0).argmin()
    for what, got, *wanted in answers:
        case.near(what, got, wanted[first_to_last])
    got = case.call(np.array([1.0, 7.0]), [0], [3.0], 0.5, 0.9)
    case.near("the values after an episode of one step", got, [2.0, 7.0])
    return "five recorded episodes move the values by the right amounts"


def _visits(V, states, rewards, alpha, G, step=None):
    """Every visit from the last to the first, with these returns."""
    new = np.array(V, dtype=float)
    for t in reversed(range(len(states))):
        new[states[t]] += alpha * (G[t] - new[states[t]])
    return new


@mc_update.mistake("the returns are not discounted: G = reward + gamma * G, from the last step to the first")
def undiscounted(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, alpha, returns_of(rewards, 1.0))


@mc_update.mistake("γ multiplies the reward, too: G = reward + gamma * G")
def discounts_rewards(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, alpha, gamma * returns_of(rewards, gamma))


@mc_update.mistake("these are the rewards of one step, not returns: add up all that follows")
def rewards_alone(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, alpha, rewards)


@mc_update.mistake("every state got the return of the whole episode: each has its own, from its own time step on")
def first_return_for_all(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, alpha, [returns_of(rewards, gamma)[0]] * len(states))


@mc_update.mistake(
    "the rewards before the visit were added up: the return counts what comes after; go from the last step to the first"
)
def looks_back(V, states, rewards, alpha, gamma):
    G, new = 0.0, np.array(V, dtype=float)
    for state, reward in zip(states, rewards, strict=True):
        G = reward + gamma * G
        new[state] += alpha * (G - new[state])
    return new


@mc_update.mistake("G is brought up to date after the update: the reward of a step belongs to the return of its state")
def update_before_return(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, alpha, [*returns_of(rewards, gamma)[1:], 0.0])


@mc_update.mistake("only the last step was learned from: the update belongs into the loop")
def after_the_loop(V, states, rewards, alpha, gamma):
    new = np.array(V, dtype=float)
    new[states[0]] += alpha * (returns_of(rewards, gamma)[0] - new[states[0]])
    return new


@mc_update.mistake(
    "either only first visits were counted, or every visit moved the *old* value, so that only one of them is left: "
    "each visit moves what the visit before has made of V[state]"
)
def first_visits(V, states, rewards, alpha, gamma):
    new, G = np.array(V, dtype=float), returns_of(rewards, gamma)
    for state in set(states):
        new[state] += alpha * (G[list(states).index(state)] - new[state])
    return new


@mc_update.mistake(
    "a state that is visited twice was moved twice from its old value: the second visit starts from what the first "
    "made of it"
)
def from_old_values(V, states, rewards, alpha, gamma):
    new = np.array(V, dtype=float)
    for state, G in zip(states, returns_of(rewards, gamma), strict=True):
        new[state] += alpha * (G - V[state])
    return new


@mc_update.mistake(
    "only the last visit of each state counts (V[states] += … does that with a state that occurs twice): move the "
    "value once for every visit, in a loop"
)
def last_visits(V, states, rewards, alpha, gamma):
    new = np.array(V, dtype=float)
    new[states] += alpha * (returns_of(rewards, gamma) - new[states])
    return new


@mc_update.mistake(
    "the rewards are discounted from the beginning of the episode: the return of a step begins with its own reward, "
    "undiscounted"
)
def discounts_from_the_start(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, alpha, returns_of(gamma ** np.arange(len(rewards)) * rewards, 1.0))


@mc_update.mistake("the first step of the episode was left out: range(T - 1, -1, -1) counts down to 0")
def skips_the_first_step(V, states, rewards, alpha, gamma):
    return _visits(V, states[1:], rewards[1:], alpha, returns_of(rewards, gamma)[1:])


@mc_update.mistake("alpha is missing: move the value by alpha times the error")
def mc_without_alpha(V, states, rewards, alpha, gamma):
    return _visits(V, states, rewards, 1.0, returns_of(rewards, gamma))


@mc_update.mistake("alpha times the return was added: it is alpha times the error, G minus the value")
def adds_return(V, states, rewards, alpha, gamma):
    new = np.array(V, dtype=float)
    np.add.at(new, states, alpha * returns_of(rewards, gamma))
    return new


@mc_update.mistake("this is TD(0): the target is the return G, not the reward and the value of the next state")
def bootstraps(V, states, rewards, alpha, gamma):
    return _bootstrapped(V, states, rewards, alpha, gamma, reversed(range(len(states))))


@mc_update.mistake("this is TD(0), from the first step to the last: the target is the return G, all that follows")
def bootstraps_forwards(V, states, rewards, alpha, gamma):
    return _bootstrapped(V, states, rewards, alpha, gamma, range(len(states)))


def _bootstrapped(V, states, rewards, alpha, gamma, order):
    new = np.array(V, dtype=float)
    for t in order:
        rest = gamma * new[states[t + 1]] if t + 1 < len(states) else 0.0
        new[states[t]] += alpha * (rewards[t] + rest - new[states[t]])
    return new


# --- rms_error ----------------------------------------------------------------------------------


@check
def rms_error(case):
    """Against the Euclidean norm, for single tables and stacks of them."""
    rng, answers = case.rng, []
    for shape in ((7,), (4, 3), (2, 5, 6)):
        V, true = rng.normal(size=shape), rng.normal(size=shape[-1])
        want = np.linalg.norm(V - true, axis=-1) / np.sqrt(shape[-1])
        answers.append((f"the error of values of shape {shape}", case.call(V, true), want))
    for what, got, want in answers:
        case.near(what, got, want)
    case.near("the error of the true values", case.call(true, true), 0.0)
    return "single tables and stacks of tables have the right error"


@rms_error.mistake("this is the mean absolute error: square the differences, take their mean, then the root")
def mean_absolute(V, true_values):
    return np.abs(V - true_values).mean(axis=-1)


@rms_error.mistake("the root is missing: this is the mean square")
def without_root(V, true_values):
    return ((V - true_values) ** 2).mean(axis=-1)


@rms_error.mistake("this is the root of the sum: take the mean of the squares")
def root_of_sum(V, true_values):
    return np.sqrt(((V - true_values) ** 2).sum(axis=-1))


@rms_error.mistake("the root was taken before the division: divide the sum of the squares by n, then take the root")
def divides_the_root(V, true_values):
    return np.sqrt(((V - true_values) ** 2).sum(axis=-1)) / len(true_values)


@rms_error.mistake(
    "the sum was divided by len(V), which counts tables: np.mean with axis=-1 divides by the right number"
)
def divides_by_tables(V, true_values):
    return np.sqrt(((V - true_values) ** 2).sum(axis=-1) / len(V))


@rms_error.mistake(
    "this is a standard deviation: it takes the mean off the differences first, so an error that is the same in all "
    "states would count as none"
)
def deviation(V, true_values):
    return (V - true_values).std(axis=-1)


@rms_error.mistake("the mean was taken before the square: errors of both signs then cancel")
def mean_first(V, true_values):
    return np.abs((V - true_values).mean(axis=-1))


@rms_error.mistake("this is one number for all tables: take the mean over the last axis, axis=-1")
def over_everything(V, true_values):
    return np.sqrt(((V - true_values) ** 2).mean())


@rms_error.mistake("the mean was taken over the first axis: the states are counted by the last one, axis=-1")
def over_first_axis(V, true_values):
    return np.sqrt(((V - true_values) ** 2).mean(axis=0))


@rms_error.mistake("this is the largest error: root, mean, square")
def largest(V, true_values):
    return np.abs(V - true_values).max(axis=-1)


# --- batch_td -----------------------------------------------------------------------------------


def batch_matrices(transitions, n, gamma):
    """Summed over all transitions, the TD errors of a table V are ``rewards - system @ V``."""
    system, rewards = np.zeros((n, n)), np.zeros(n)
    for state, reward, next_state, terminated in transitions:
        system[state, state] += 1
        system[state, next_state] -= gamma * (not terminated)
        rewards[state] += reward
    return system, rewards


def batch_truth(transitions, V0, alpha, gamma, theta):
    system, rewards = batch_matrices(transitions, len(V0), gamma)
    V, largest = V0, np.inf
    while largest >= theta:
        change = alpha * (rewards - system @ V)
        V, largest = V + change, np.abs(change).max()
    return V


@check
def batch_td(case):
    """The fixed point as a linear system (certainty equivalence), and what a threshold lets through."""
    rng, answers = case.rng, []
    # First a step on which wrong loops come to an end, too: the changes are -0.5 and then -0.25.
    got = case.call([(0, 1.0, 1, True)], np.array([2.0, 7.0]), 0.5, 1.0, 0.3)
    case.near("the values after two sweeps over a single step, α = 0.5, θ = 0.3", got, [1.25, 7.0])
    for n, number, alpha, gamma, theta in (
        (6, 4, 0.02, 0.9, 1e9),
        (6, 4, 0.03, 0.8, 0.05),
        (9, 3, 0.03, 0.9, 1e-9),
        (5, 5, 0.02, 0.7, 1e-9),
    ):
        steps = transitions_of(random_episodes(rng, number, n - 3, ends=(n - 2, n - 1)))
        V0 = rng.normal(size=n) * 2
        got = case.call(steps, V0, alpha, gamma, theta)
        sweeps = "one sweep, since theta is huge" if theta > 1 else f"sweeps until no change reaches {theta:g}"
        what = f"the values after {sweeps} over {len(steps)} transitions, α = {alpha}, γ = {gamma}"
        answers.append((what, got, batch_truth(steps, V0, alpha, gamma, theta), steps, V0, gamma, theta))
    for what, got, want, steps, V0, gamma, theta in answers:
        case.near(what, got, want, atol=1e-9)
        if theta == 1e-9:  # independent of α: the linear system of the counted model
            system, rewards = batch_matrices(steps, len(V0), gamma)
            seen = np.diag(system) > 0
            rest = rewards[seen] - system[np.ix_(seen, ~seen)] @ V0[~seen]
            exact = np.linalg.solve(system[np.ix_(seen, seen)], rest)
            case.near(f"{what}, against the linear system", np.asarray(got)[seen], exact, atol=1e-5)
    steps = [(0, 0.0, 1, False), (1, 0.0, 2, True), *[(1, 1.0, 2, True)] * 6, (1, 0.0, 2, True)]
    got = case.call(steps, np.zeros(3), 0.05, 1.0, 1e-10)
    case.near(
        "the values of A and B in the eight episodes of Example 6.4", case.array("they", got, (3,))[:2], [0.75] * 2
    )
    got = case.call([(0, 1.0, 1, True)], np.zeros(2), 0.5, 1.0, 0.25)
    hint = "a change that equals theta is not smaller than it"
    case.near(
        "the value after changes of 0.5, 0.25 and 0.125, θ = 0.25", case.array("it", got, (2,))[0], 0.875, hint=hint
    )
    return "four recorded batches are swept right, and Example 6.4 gives ¾ for both states"


def _sweeps(transitions, V0, alpha, gamma, theta, target=_target, small=None, first=None, limit=3000):
    """Batch TD with another target, another stop test or another beginning."""
    V = np.array(V0 if first is None else first, dtype=float)
    for _ in range(limit):
        change = np.zeros(len(V))
        for state, reward, next_state, terminated in transitions:
            change[state] += alpha * (target(V, reward, next_state, terminated, gamma) - V[state])
        V = V + change
        if np.abs(change).max() < theta if small is None else small(change, theta):
            break
    return V


# First of all: it never ends on later cases, and on the first it looks like others.
@batch_td.mistake("the test is the wrong way round: stop when the largest change is *smaller* than theta")
def stops_while_it_moves(transitions, V0, alpha, gamma, theta):
    return _sweeps(
        transitions, V0, alpha, gamma, theta, small=lambda change, theta: np.abs(change).max() > theta, limit=300
    )


@batch_td.mistake(
    "each change was applied at once: add up the changes of the whole batch first, all of them from the same table"
)
def at_once(transitions, V0, alpha, gamma, theta):
    V = np.array(V0, dtype=float)
    for _ in range(3000):
        before = V.copy()
        for state, reward, next_state, terminated in transitions:
            V[state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])
        if np.abs(V - before).max() < theta:
            break
    return V


@batch_td.mistake(
    "the new table is the same array as the old one (`W = V` makes no copy), so the difference is 0 and one sweep is "
    "all: use V.copy(), or an array for the changes"
)
def same_array(transitions, V0, alpha, gamma, theta):
    V = np.array(V0, dtype=float)
    for state, reward, next_state, terminated in transitions:
        V[state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])
    return V


@batch_td.mistake("alpha is missing: the change is the sum of alpha times the error")
def batch_without_alpha(transitions, V0, alpha, gamma, theta):
    return _sweeps(transitions, V0, 1.0, gamma, theta)


@batch_td.mistake("the values were replaced by their changes: add them, V += change")
def becomes_changes(transitions, V0, alpha, gamma, theta):
    V = np.array(V0, dtype=float)
    for _ in range(3000):
        change = _sweeps(transitions, V, alpha, gamma, np.inf) - V
        V = change
        if np.abs(change).max() < theta:
            break
    return V


@batch_td.mistake(
    "there was only one sweep: repeat until the largest change is smaller than theta, each time with all transitions"
)
def one_sweep(transitions, V0, alpha, gamma, theta):
    return _sweeps(transitions, V0, alpha, gamma, np.inf)


@batch_td.mistake("V[next_state] was counted after the end of an episode: hand `terminated` on to `td_error`")
def batch_bootstraps_terminal(transitions, V0, alpha, gamma, theta):
    return _sweeps(transitions, V0, alpha, gamma, theta, lambda V, r, to, end, gamma: r + gamma * V[to])


@batch_td.mistake("gamma is always 1 here: hand the function's own gamma on to `td_error`")
def batch_without_gamma(transitions, V0, alpha, gamma, theta):
    return _sweeps(transitions, V0, alpha, gamma, theta, lambda V, r, to, end, gamma: r + V[to] * (not end))


@batch_td.mistake("the values begin with zeros: begin with a copy of V0; states that never occur keep it")
def batch_from_zeros(transitions, V0, alpha, gamma, theta):
    return _sweeps(transitions, V0, alpha, gamma, theta, first=np.zeros(len(V0)))


@batch_td.mistake("the changes were compared without abs(): a value that falls changes as much as one that rises")
def stops_without_abs(transitions, V0, alpha, gamma, theta):
    return _sweeps(transitions, V0, alpha, gamma, theta, small=lambda change, theta: change.max() < theta)


@batch_td.mistake("the changes of the last sweep are missing: apply them, too, before you stop")
def without_last_changes(transitions, V0, alpha, gamma, theta):
    V = np.array(V0, dtype=float)
    for _ in range(3000):
        change = _sweeps(transitions, V, alpha, gamma, np.inf) - V
        if np.abs(change).max() < theta:
            break
        V = V + change
    return V


@batch_td.mistake("only the last transition of each state counts: add up the changes with +=")
def last_of_each_state(transitions, V0, alpha, gamma, theta):
    latest = {one[0]: one for one in transitions}
    return _sweeps(list(latest.values()), V0, alpha, gamma, theta)


@batch_td.mistake("the changes of earlier sweeps were added once more: begin every sweep with changes of 0")
def keeps_old_changes(transitions, V0, alpha, gamma, theta):
    V, change = np.array(V0, dtype=float), np.zeros(len(V0))
    for _ in range(3000):
        for state, reward, next_state, terminated in transitions:
            change[state] += alpha * (_target(V, reward, next_state, terminated, gamma) - V[state])
        V = V + change
        if np.abs(change).max() < theta or np.abs(V).max() > 1e6:
            break
    return V


@batch_td.mistake("these are the changes of the last sweep: return the values")
def returns_changes(transitions, V0, alpha, gamma, theta):
    V = _sweeps(transitions, V0, alpha, gamma, theta)
    return _sweeps(transitions, V, alpha, gamma, np.inf) - V
