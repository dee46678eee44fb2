"""Checks of ``rl/07_function_approximation/01_features_and_q_learning``.

Ground truth: complex exponentials and the Gaussian kernel for the features, exact sums for values and targets, finite
differences for the update, and for a whole episode closed forms: a road that is walked once, and a room with one state
(``chain.py``).
"""

import math

import numpy as np

from lib.checks import check
from lib.checks.rl.function_approximation.chain import (
    BOTH,
    GOAL,
    LIMIT,
    LONG,
    Chain,
    Waiting,
    one_hot,
    value_of_waiting,
)
from lib.checks.rl.worlds import two_things

# --- features -----------------------------------------------------------------------------------


@check
def features(case):
    """Against complex exponentials, and against the Gaussian kernel that inner products approximate."""
    rng, answers = case.rng, []
    one_state, one_feature = (6, 3, (1,)), ((1, 2, ()), (1, 3, (1,)))
    several = ((7, 2, ()), (5, 3, (4,)), (12, 1, ()), (9, 4, (3,)), (400, 2, (2,)), (100, 2, ()))
    for D, d, states in (*several, one_state, *one_feature):
        s, W, b = rng.normal(size=(*states, d)), rng.normal(size=(D, d)) * 2, rng.uniform(0, 2 * np.pi, size=D)
        waves = np.exp(1j * b) * np.prod(np.exp(1j * s[..., None, :] * W), axis=-1)
        what = f"the {D} features of {f'{states[0]} states' if states else 'one state'} with {d} variables"
        answers.append((what, case.call(s, W, b), math.sqrt(2 / D) * waves.real))
    for what, got, want in answers:  # judged after all calls, so that mistakes that look alike are told apart
        case.near(what, got, want)
    gamma, D = 0.7, 16_000
    W, b = rng.normal(size=(D, 2)) * math.sqrt(2 * gamma), rng.uniform(0, 2 * np.pi, size=D)
    for distance in (0.0, 0.5, 1.5):
        s = rng.normal(size=2)
        t = s + distance * np.array([0.6, 0.8])
        inner = float(case.array("the features", case.call(s, W, b), (D,)) @ case.call(t, W, b))
        case.near(
            f"the inner product of two states that are {distance} apart (Gaussian kernel, γ = {gamma})",
            inner,
            math.exp(-gamma * distance**2),
            atol=0.05,
        )
    return "9 feature maps are computed right, and inner products of 16,000 features come near the Gaussian kernel"


def _cosines(state, W, b):
    return np.cos(state @ W.T + b)


@features.mistake("the factor √(2/D) is missing: without it an inner product grows with the number of features")
def features_unscaled(state, W, b):
    return _cosines(state, W, b)


@features.mistake("this is divided by D, not by its root: the factor is √(2/D), since it enters an inner product twice")
def features_without_root(state, W, b):
    return 2 / len(W) * _cosines(state, W, b)


@features.mistake("the 2 under the root is missing: the mean of a squared cosine is ½, and √(2/D) makes up for it")
def features_without_two(state, W, b):
    return np.sqrt(1 / len(W)) * _cosines(state, W, b)


@features.mistake("the 2 stands outside the root: the factor is √(2/D), not 2·√(1/D)")
def features_two_outside(state, W, b):
    return 2 / np.sqrt(len(W)) * _cosines(state, W, b)


@features.mistake("only the 2 stands under the root: the factor is √(2/D), the root of the whole fraction")
def features_root_of_two(state, W, b):
    return np.sqrt(2) / len(W) * _cosines(state, W, b)


@features.mistake("the fraction is upside down: the factor is √(2/D), the more features the smaller")
def features_upside_down(state, W, b):
    return np.sqrt(len(W) / 2) * _cosines(state, W, b)


@features.mistake("the factor stands inside the cosine: √(2/D) multiplies what the cosine returns")
def features_factor_inside(state, W, b):
    return np.cos(np.sqrt(2 / len(W)) * (state @ W.T + b))


@features.mistake("the factor is √(2/d) with the number of state variables: D is the number of features, len(b)")
def features_scaled_by_state(state, W, b):
    return np.sqrt(2 / W.shape[1]) * _cosines(state, W, b)


@features.mistake("the factor is √(2/N) with the length of `state`: D is the number of features, len(b)")
def features_scaled_by_states(state, W, b):
    return np.sqrt(2 / len(state)) * _cosines(state, W, b)


@features.mistake("the factor is fixed for 400 features: other maps have other sizes; take D from len(b)")
def features_of_400(state, W, b):
    return np.sqrt(2 / 400) * _cosines(state, W, b)


@features.mistake("the factor is fixed for 100 features: other maps have other sizes; take D from len(b)")
def features_of_100(state, W, b):
    return np.sqrt(2 / 100) * _cosines(state, W, b)


@features.mistake("this is the sine: the features are cosines")
def features_sine(state, W, b):
    return np.sqrt(2 / len(W)) * np.sin(state @ W.T + b)


@features.mistake("the phases b are missing: without them all features peak at the same place, state 0")
def features_without_phase(state, W, b):
    return np.sqrt(2 / len(W)) * np.cos(state @ W.T)


@features.mistake("the phases b stand outside the cosine: cos(W s + b), not cos(W s) + b")
def features_phase_outside(state, W, b):
    return np.sqrt(2 / len(W)) * (np.cos(state @ W.T) + b)


@features.mistake("the phases b are subtracted: cos(W s + b)")
def features_phase_subtracted(state, W, b):
    return np.sqrt(2 / len(W)) * np.cos(state @ W.T - b)


@features.mistake(
    "this works for one state only: write `state @ W.T + b`, it handles (d,) and (N, d) alike, instead of `W @ state`"
)
def features_of_one_state(state, W, b):
    return np.sqrt(2 / len(W)) * np.cos(W @ state + b)


# --- action values ------------------------------------------------------------------------------


def _dot(w, x) -> float:
    return math.fsum(float(weight) * float(feature) for weight, feature in zip(w, x, strict=True))


@check
def action_values(case):
    """All values, and that of each single action, against exact sums."""
    rng, answers = case.rng, []
    for n_actions, D in ((3, 7), (5, 4), (2, 11)):
        w, x = rng.normal(size=(n_actions, D)), rng.normal(size=D)
        want = [_dot(row, x) for row in w]
        what = f"with {n_actions} actions and {D} features"
        answers.append((f"all action values, {what}", case.call(w, x), want))
        for action in range(n_actions):
            answers.append((f"the value of action {action}, {what}", case.call(w, x, action), want[action]))
            answer = case.call(w, x, np.int64(action))  # what np.argmax returns
            answers.append((f"the value of action np.int64({action}), {what}", answer, want[action]))
    for what, got, want in answers:
        case.near(what, got, want)
    return "3 sets of action values and 20 single ones are right, those of action 0 too"


@action_values.mistake(
    "action 0 was taken for no action: `not action` is True for 0 as well; ask whether `action is None`"
)
def values_not_action(w, x, action=None):
    return w @ x if not action else w[action] @ x


@action_values.mistake(
    "a NumPy integer, as np.argmax returns it, was not taken for an action: ask whether `action is None`"
)
def values_python_int(w, x, action=None):
    return w[action] @ x if isinstance(action, int) else w @ x


@action_values.mistake(
    "the shapes do not fit: `w` is (n_actions, D) and `x` is (D,), so the weights come first, `w @ x`"
)
def values_x_first(w, x, action=None):
    return x @ w if action is None else x @ w[action]


@action_values.mistake("the argument `action` makes no difference: with an action, return its one value")
def values_ignore_action(w, x, action=None):
    return w @ x


@action_values.mistake("without an action this returns the largest value: all of them are wanted, one per action")
def values_largest(w, x, action=None):
    return (w @ x).max() if action is None else w[action] @ x


@action_values.mistake("without an action this returns the best action: its values are wanted, one per action")
def values_argmax(w, x, action=None):
    return (w @ x).argmax() if action is None else w[action] @ x


@action_values.mistake("weights and features were multiplied but not added up: `@` does both")
def values_not_summed(w, x, action=None):
    return w * x if action is None else w[action] * x


@action_values.mistake("these are the sums of the weights: each weight is multiplied by its feature first")
def values_without_features(w, x, action=None):
    return w.sum(axis=1) if action is None else w[action].sum()


@action_values.mistake("the value of an action is always that of action 0: use the row `w[action]`")
def values_of_row_zero(w, x, action=None):
    return w @ x if action is None else w[0] @ x


# --- the target ---------------------------------------------------------------------------------


@check
def td_target(case):
    """All four ways in which a step can leave an episode, against exact sums."""
    rng, answers = case.rng, []
    for n_actions, D, gamma, kind in ((3, 6, 1.0, bool), (4, 9, 0.9, np.bool_), (2, 5, 0.5, bool), (5, 3, 0.0, bool)):
        for terminated, truncated in ((False, False), (True, False), (False, True), (True, True)):
            w, x, reward = rng.normal(size=(n_actions, D)) - 0.5, rng.normal(size=D), float(rng.normal() * 3)
            rest = 0.0 if terminated else max(_dot(row, x) for row in w)
            answer = case.call(w, reward, x, kind(terminated), kind(truncated), gamma)
            what = f"the target with terminated {terminated}, truncated {truncated}, γ = {gamma}"
            answers.append((what, answer, reward + gamma * rest))
    for what, got, want in answers:
        case.near(what, got, want)
    return "16 targets are right: going on, terminated, truncated, and both at once"


def _target(w, reward, next_x, over, gamma, reduce=np.max):
    return reward + gamma * (0.0 if over else reduce(w @ next_x))


@td_target.mistake(
    "the target looks beyond the end of the episode: when `terminated` is True, nothing follows the reward"
)
def target_bootstraps_terminal(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, False, gamma)


@td_target.mistake(
    "the target stops at the time limit: `truncated` only means that we stop watching; "
    "the car is still on its way, and γ max q(s', a) counts"
)
def target_masks_truncation(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated or truncated, gamma)


@td_target.mistake("`terminated` and `truncated` are mixed up: the goal ends the world, the time limit does not")
def target_masks_the_wrong_one(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, truncated, gamma)


@td_target.mistake("when both are True the target looks beyond the end: `terminated` alone decides")
def target_truncation_wins(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated and not truncated, gamma)


@td_target.mistake("NumPy's True is not the same object as Python's: write `if terminated:`, without `is True`")
def target_is_true(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated is True, gamma)


@td_target.mistake("γ was left out: what follows comes one step later, so it is multiplied by gamma")
def target_without_gamma(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated, 1.0)


@td_target.mistake("γ multiplies the reward, too: only what follows is discounted")
def target_discounts_reward(w, reward, next_x, terminated, truncated, gamma):
    return reward if terminated else gamma * (reward + np.max(w @ next_x))


@td_target.mistake("the reward is missing: it counts in every case")
def target_without_reward(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, 0.0, next_x, terminated, gamma)


@td_target.mistake("at the end this returns 0: the last reward still counts")
def target_zero_at_end(w, reward, next_x, terminated, truncated, gamma):
    return 0.0 if terminated else _target(w, reward, next_x, False, gamma)


@td_target.mistake("this takes the mean over the next actions: Q-learning takes the best of them")
def target_mean(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated, gamma, np.mean)


@td_target.mistake("this takes the worst of the next actions: Q-learning takes the best of them")
def target_min(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated, gamma, np.min)


@td_target.mistake("this takes the number of the best action: its value is wanted, max, not argmax")
def target_argmax(w, reward, next_x, terminated, truncated, gamma):
    return _target(w, reward, next_x, terminated, gamma, np.argmax)


# --- the update ---------------------------------------------------------------------------------


@check
def semi_gradient_update(case):
    """A step down the slope of half the squared error, the slope by finite differences."""
    rng, answers = case.rng, []
    sizes = ((3, 6, 2, 0.1), (4, 5, 0, 0.5), (2, 8, np.int64(1), 1.0), (5, 3, 3, 0.03), (3, 4, np.int64(0), 0.0))
    for n_actions, D, action, alpha in sizes:
        w, x, target = rng.normal(size=(n_actions, D)), rng.normal(size=D) * 1.5, float(rng.normal() * 4)
        w = w[np.argsort(w @ x)]  # action 0 is the worst, so that its value is not the largest by chance
        slope = np.zeros_like(w)
        for place in np.ndindex(w.shape):  # exact: the error is a parabola in each weight
            bump = np.zeros_like(w)
            bump[place] = 0.5
            up, down = (0.5 * (target - _dot((w + sign * bump)[action], x)) ** 2 for sign in (1, -1))
            slope[place] = up - down
        what = f"the weights after an update of action {action} of {n_actions}, α = {alpha}"
        answers.append((what, case.call(w, x, action, target, alpha), w - alpha * slope))
    for what, got, want in answers:
        case.near(what, got, want)
    return "5 updates step down the slope of the squared error, in the row of the action alone"


def _updated(w, x, action, change):
    new = w.copy()
    new[action] += change * x
    return new


@semi_gradient_update.mistake("the rows of all actions changed: only the action that was taken has been tried")
def update_all_actions(w, x, action, target, alpha):
    return w + alpha * (target - w[action] @ x) * x


@semi_gradient_update.mistake("each row moved by its own error: only the action that was taken has been tried")
def update_each_action(w, x, action, target, alpha):
    return w + alpha * np.outer(target - w @ x, x)


@semi_gradient_update.mistake("the weights move away from the target: the error is target minus estimate")
def update_wrong_sign(w, x, action, target, alpha):
    return _updated(w, x, action, -alpha * (target - w[action] @ x))


@semi_gradient_update.mistake("the estimate was not subtracted: the error is target − w[action]·x")
def update_without_estimate(w, x, action, target, alpha):
    return _updated(w, x, action, alpha * target)


@semi_gradient_update.mistake("every weight got the same share: multiply the error by x, the features that caused it")
def update_without_features(w, x, action, target, alpha):
    new = w.copy()
    new[action] += alpha * (target - w[action] @ x)
    return new


@semi_gradient_update.mistake("there is a 2 too much: the error is halved before the slope is taken, ½(y − q)²")
def update_doubled(w, x, action, target, alpha):
    return _updated(w, x, action, 2 * alpha * (target - w[action] @ x))


@semi_gradient_update.mistake("α is missing: the step is only a fraction alpha of the way down the slope")
def update_without_alpha(w, x, action, target, alpha):
    return _updated(w, x, action, target - w[action] @ x)


@semi_gradient_update.mistake("the step was divided by the squared length of x: plain semi-gradient does not do that")
def update_normalised(w, x, action, target, alpha):
    return _updated(w, x, action, alpha * (target - w[action] @ x) / (x @ x))


@semi_gradient_update.mistake("this is the row of the action alone: return all the weights, (n_actions, D)")
def update_one_row(w, x, action, target, alpha):
    return _updated(w, x, action, alpha * (target - w[action] @ x))[action]


@semi_gradient_update.mistake("the action's old weights were lost: add the change with +=, do not overwrite with =")
def update_overwrites(w, x, action, target, alpha):
    new = w.copy()
    new[action] = alpha * (target - w[action] @ x) * x
    return new


@semi_gradient_update.mistake("this is the change alone: add it to the old weights")
def update_forgets(w, x, action, target, alpha):
    return _updated(np.zeros_like(w), x, action, alpha * (target - w[action] @ x))


@semi_gradient_update.mistake("there is a ½ too much: it cancels against the 2 from the square, ½·2(y − q)x = (y − q)x")
def update_halved(w, x, action, target, alpha):
    return _updated(w, x, action, alpha / 2 * (target - w[action] @ x))


@semi_gradient_update.mistake("the estimate is that of the best action: the error belongs to `action`, w[action]·x")
def update_of_best(w, x, action, target, alpha):
    return _updated(w, x, action, alpha * (target - (w @ x).max()))


@semi_gradient_update.mistake("action 0 was taken for no action: 0 is as good an action as the others")
def update_not_action(w, x, action, target, alpha):
    return _updated(w, x, action, alpha * (target - (w[action] @ x if action else (w @ x).max())))


# --- one episode --------------------------------------------------------------------------------


@check
def q_learning_episode(case):
    """On roads that are walked once, and in rooms with one state, in closed form."""
    rng, answers = case.rng, []
    for steps, n_actions, alpha, gamma, ending in (
        (6, 3, 0.5, 0.9, GOAL),
        (5, 3, 0.5, 0.9, LIMIT),
        (9, 4, 1.0, 1.0, GOAL),
        (7, 2, 0.1, 0.6, LIMIT),
        (1, 3, 0.3, 1.0, GOAL),
        (4, 5, 0.4, 0.8, BOTH),
    ):
        w, rewards = rng.normal(size=(n_actions, steps + 1)) - 1, rng.normal(size=(steps, n_actions))
        road, actions = np.arange(steps), w.argmax(axis=0)[:-1]
        rest = w.max(axis=0)[1:] * np.append(np.ones(steps - 1), ending == LIMIT)
        want = w.copy()
        want[actions, road] += alpha * (rewards[road, actions] + gamma * rest - w[actions, road])
        answer = case.call(Chain(rewards, ending), one_hot(steps + 1), w, alpha, gamma)
        answers.append((f"an episode of {steps} steps that {ending}", answer, want, steps))
    for n_actions, steps, alpha in ((3, 8, 0.5), (4, 13, 0.2)):  # all actions are as good, and take turns
        counts = np.array([len(range(a, steps, n_actions)) for a in range(n_actions)])
        waiting = Waiting(np.full((steps, n_actions), -1.0), LIMIT)
        answer = case.call(waiting, one_hot(1), np.zeros((n_actions, 1)), alpha, 0.0)
        answers.append((f"{steps} steps in one state", answer, (1 - alpha) ** counts[:, None] - 1, steps))
    for steps, alpha, gamma in ((10, 0.5, 0.8), (LONG, 0.1, 0.9)):  # the second action is better, however it sinks
        want = np.array([[-60.0], [value_of_waiting(0.5, steps, alpha, gamma)], [-70.0]])
        waiting = Waiting(np.full((steps, 3), -1.0), LIMIT)
        answer = case.call(waiting, one_hot(1), np.array([[-60.0], [0.5], [-70.0]]), alpha, gamma)
        answers.append((f"{steps:,} steps in one state with γ = {gamma}", answer, want, steps))
    for what, answer, want, steps in answers:
        w, length = two_things(case, answer, "the weights", "the number of steps")
        own_end = "the loop stops by itself: only `terminated` or `truncated` ends an episode" if steps == LONG else ""
        case.near(f"the number of steps of {what}", length, steps, hint=own_end)
        if want.shape[1] == 1:  # whichever of equally good actions is tried first
            w, want = np.sort(case.array(f"the weights after {what}", w, want.shape), axis=0), np.sort(want, axis=0)
            hint = "are each action and each target made with the newest weights?"
            case.near(f"the weights after {what}, sorted", w, want, hint=hint)
        else:
            case.near(f"the weights after {what}", w, want)
    return f"6 roads and 4 waiting rooms of up to {LONG:,} steps: weights and lengths agree with the closed form"


def _episode(
    env, features, w, alpha, gamma, masks=lambda terminated, truncated: terminated, plan=False, look="old", count=0,
    ends=lambda terminated, truncated: terminated or truncated, carries=True, stale=False, last=True,
):  # fmt: skip
    """Q-learning with one thing done differently."""
    state, _ = env.reset()
    old, w, x, steps, over, planned = w, w.copy(), features(state), count, False, None
    while not over:
        action = int(np.argmax(w @ x)) if planned is None else planned
        state, reward, terminated, truncated, _ = env.step(action)
        next_x, over = features(state), ends(terminated, truncated)
        later = np.max((old if stale else w) @ next_x)
        target = reward + gamma * (0.0 if masks(terminated, truncated) else later)
        planned = int(np.argmax(w @ next_x)) if plan else None
        changed = {"old": x, "new": next_x}[look]
        if last or not over:
            w[action] += alpha * (target - w[action] @ changed) * changed
        x, steps = next_x if carries else x, steps + 1
    return w, steps


@q_learning_episode.mistake("the target looks beyond the goal: hand `terminated` on to `td_target`")
def episode_bootstraps_terminal(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, masks=lambda terminated, truncated: False)


@q_learning_episode.mistake(
    "the target stops at the time limit: hand `terminated` and `truncated` on to `td_target` as they are"
)
def episode_masks_truncation(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, masks=lambda terminated, truncated: terminated or truncated)


@q_learning_episode.mistake(
    "the update uses the features of the next state: the error belongs to the state that the step left"
)
def episode_updates_next(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, look="new")


@q_learning_episode.mistake("x stays that of the first state: at the end of each round write `x = next_x`")
def episode_keeps_x(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, carries=False)


@q_learning_episode.mistake(
    "the two flags are swapped: `step` returns state, reward, terminated, truncated, info, in this order"
)
def episode_swaps_flags(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, masks=lambda terminated, truncated: truncated)


@q_learning_episode.mistake("the last step teaches nothing: make the update first, and then leave the loop")
def episode_skips_last_update(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, last=False)


@q_learning_episode.mistake(
    "the targets are made with the weights from the beginning of the episode: use the newest ones in each step"
)
def episode_with_stale_target(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, stale=True)


@q_learning_episode.mistake("γ makes no difference: hand `gamma` on to `td_target`")
def episode_without_gamma(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, 1.0)


@q_learning_episode.mistake("α is always 0.1: hand `alpha` on to `semi_gradient_update`")
def episode_with_fixed_alpha(env, features, w, alpha, gamma):
    return _episode(env, features, w, 0.1, gamma)


@q_learning_episode.mistake(
    "`step` is called after the end: each of the two flags ends the episode, so `or`, not `and`, or leave with `break`"
)
def episode_waits_for_both(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, ends=lambda terminated, truncated: terminated and truncated)


@q_learning_episode.mistake("the two answers are swapped: first the weights, then the number of steps")
def episode_swaps_answers(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma)[::-1]


@q_learning_episode.mistake(
    "the next action is chosen before the update: choose it afterwards, with the newest weights, at the top of the loop"
)
def episode_plans_ahead(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, plan=True)


@q_learning_episode.mistake("the number of steps is one too small: the last step counts, too")
def episode_counts_from_zero(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, count=-1)


@q_learning_episode.mistake("the number of steps is one too large: count the calls of `step`, not the states")
def episode_counts_states(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, count=1)


@q_learning_episode.mistake("the weights come back unchanged: keep what `semi_gradient_update` returns, `w = ...`")
def episode_learns_nothing(env, features, w, alpha, gamma):
    return w, _episode(env, features, w, alpha, gamma)[1]


@q_learning_episode.mistake("the loop goes on after the time limit: stop when `terminated or truncated`")
def episode_goes_on(env, features, w, alpha, gamma):
    return _episode(env, features, w, alpha, gamma, ends=lambda terminated, truncated: terminated)


@q_learning_episode.mistake("it ends after one step: go on until `terminated` or `truncated`")
def episode_of_one_step(env, features, w, alpha, gamma):
    state, _ = env.reset()
    x, w = features(state), w.copy()
    action = int(np.argmax(w @ x))
    state, reward, terminated, _, _ = env.step(action)
    target = reward + (0.0 if terminated else gamma * np.max(w @ features(state)))
    w[action] += alpha * (target - w[action] @ x) * x
    return w, 1


@q_learning_episode.mistake(
    "this is the full gradient: it changes the weights of the next state as well; hold the target fixed"
)
def episode_full_gradient(env, features, w, alpha, gamma):
    state, _ = env.reset()
    w, x, steps, over = w.copy(), features(state), 0, False
    while not over:
        action = int(np.argmax(w @ x))
        state, reward, terminated, truncated, _ = env.step(action)
        next_x = features(state)
        best = int(np.argmax(w @ next_x))
        error = reward + (0.0 if terminated else gamma * (w[best] @ next_x)) - w[action] @ x
        w[action] += alpha * error * x
        if not terminated:
            w[best] -= alpha * gamma * error * next_x
        x, steps, over = next_x, steps + 1, terminated or truncated
    return w, steps
