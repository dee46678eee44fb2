"""Checks of ``rl/07_function_approximation/02_tile_coding_and_sarsa``.

Ground truth: tiles in exact fractions; dense 0/1 features for the update; and for a whole episode a road that is walked
once and rooms with one state (``chain.py``): the actions taken are read off the changed weights, so any order of random
draws is accepted.
"""

from fractions import Fraction

import numpy as np

from lib.checks import check
from lib.checks.rl.function_approximation.chain import (
    BOTH,
    GOAL,
    LIMIT,
    LONG,
    Chain,
    Waiting,
    number_of,
    value_of_waiting,
)
from lib.checks.rl.worlds import two_things

CAR_LOW, CAR_HIGH = np.array([-1.2, -0.07]), np.array([0.5, 0.07])

# --- active tiles -------------------------------------------------------------------------------


def _exact_tiles(state, low, high, n_tiles, n_tilings) -> list[tuple[int, int, int]] | None:
    """(tiling, column, row) of every active tile; None if rounding could move the state across an edge."""
    found = []
    for t in range(n_tilings):
        shifts, tile = (Fraction(t, n_tilings), Fraction(3 * t, n_tilings) % 1), [t]
        for s, lowest, highest, shift in zip(state, low, high, shifts, strict=True):
            s, lowest, highest = Fraction(float(s)), Fraction(float(lowest)), Fraction(float(highest))
            place = (min(max(s, lowest), highest) - lowest) / (highest - lowest) * n_tiles + shift
            if lowest < s < highest and abs(place - round(place)) < Fraction(1, 10**6):
                return None
            tile.append(place.numerator // place.denominator)
        found.append(tuple(tile))
    return found


@check
def active_tiles(case):
    """Against columns and rows in exact fractions."""
    rng, answers = case.rng, []
    for low, high, n_tiles, n_tilings in (
        (CAR_LOW, CAR_HIGH, 8, 8),
        (np.array([-2.0, 10.0]), np.array([2.0, 30.0]), 4, 5),
        (np.array([0.0, -1.0]), np.array([8.0, 1.0]), 3, 7),
        (np.array([-1.0, 0.0]), np.array([0.0, 0.5]), 10, 4),
        (np.array([1.0, 2.0]), np.array([3.0, 7.0]), 6, 1),
    ):
        inside = low + (high - low) * rng.uniform(-0.2, 1.2, size=(40, 2))
        for state in (low, high, np.array([low[0], high[1]]), np.array([high[0], low[1]]), *inside):
            tiles = _exact_tiles(state, low, high, n_tiles, n_tilings)
            if tiles is not None:
                answers.append(((n_tiles, n_tilings), state, case.call(state, low, high, n_tiles, n_tilings), tiles))
    for size, state, got, tiles in answers:  # judged after all calls, so that mistakes that look alike are told apart
        n_tiles, n_tilings = size
        what = f"the active tiles of state ({state[0]:.4g}, {state[1]:.4g}), {n_tilings} tilings of {n_tiles} tiles"
        numbers, side = case.array(what, got, (n_tilings,)), n_tiles + 1
        for (t, column, row), number in zip(tiles, numbers, strict=True):
            want = (t * side + column) * side + row
            case.near(f"{what}: tiling {t}, column {column}, row {row}, the number", number, want)
        case.true(
            np.asarray(got).dtype.kind in "iu", f"{what}: to be used as indices they must be integers, not floats"
        )
    return f"{len(answers)} states in 5 sets of tilings are in the right tiles"


def _numbered(
    state, low, high, n_tiles, n_tilings, shifts=(1, 3), sign=1, down=np.floor, clip=np.clip, extra=1, own=True,
    first=0, swap=False, origin=True,
):  # fmt: skip
    """The tiles with one thing done differently.  shifts: in n-ths of a tile, or functions of t."""
    place = (clip(state, low, high) - (low if origin else 0)) / (high - low) * n_tiles
    t, side = np.arange(first, n_tilings + first), n_tiles + extra
    offsets = [shift(t) if callable(shift) else shift * t / n_tilings % 1 for shift in shifts]
    column, row = (down(place[k] + sign * offsets[k]).astype(int) for k in (0, 1))
    if swap:
        column, row = row, column
    return ((t if own else 0 * t) * side + column) * side + row


@active_tiles.mistake("column and row are swapped in the number: the column, c₀, is multiplied by n_tiles + 1")
def tiles_row_by_row(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, swap=True)


@active_tiles.mistake("the shift is subtracted: in the formula it is added, so that no tile gets a number below 0")
def tiles_shifted_down(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, sign=-1)


@active_tiles.mistake(
    "a state beyond the bounds leaves the grid and gets the number of another tile: move it to the bound with np.clip"
)
def tiles_without_clip(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, clip=lambda state, low, high: np.asarray(state))


@active_tiles.mistake("only the upper bound is kept: np.clip(state, low, high) keeps both")
def tiles_clipped_above(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, clip=lambda state, low, high: np.minimum(state, high))


@active_tiles.mistake("only the lower bound is kept: np.clip(state, low, high) keeps both")
def tiles_clipped_below(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, clip=lambda state, low, high: np.maximum(state, low))


@active_tiles.mistake("the place is not measured from the lower bound: subtract `low` before you divide")
def tiles_from_zero(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, origin=False)


@active_tiles.mistake("the tilings are counted from 1: t runs from 0 to n_tilings - 1, and tiling 0 is not shifted")
def tiles_counted_from_one(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, first=1)


@active_tiles.mistake("mod 1 was taken of the whole place: only the shift is meant, place + (3 t / n_tilings mod 1)")
def tiles_mod_of_all(state, low, high, n_tiles=8, n_tilings=8):
    place, t = (np.clip(state, low, high) - low) / (high - low) * n_tiles, np.arange(n_tilings)
    column, row = np.floor((place[0] + t / n_tilings, (place[1] + 3 * t / n_tilings) % 1)).astype(int)
    return (t * (n_tiles + 1) + column) * (n_tiles + 1) + row


@active_tiles.mistake("the shifts are always eighths of a tile: divide by n_tilings")
def tiles_shifted_by_eighths(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, shifts=(lambda t: t / 8, lambda t: 3 * t / 8 % 1))


@active_tiles.mistake(
    "tiles collide: a tiling has n_tiles + 1 columns and rows, for shifted states at the upper edge fall into one more"
)
def tiles_collide_at_the_edge(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, extra=0)


@active_tiles.mistake("columns are n_tiles apart in the number: a tiling has n_tiles + 1 rows, so multiply by that")
def tiles_columns_too_close(state, low, high, n_tiles=8, n_tilings=8):
    side, place = n_tiles + 1, (np.clip(state, low, high) - low) / (high - low) * n_tiles
    t = np.arange(n_tilings)
    column, row = (np.floor(place[k] + (1, 3)[k] * t / n_tilings % 1).astype(int) for k in (0, 1))
    return t * side**2 + column * n_tiles + row


@active_tiles.mistake(
    "states at the upper edge were pushed back into the grid before the shift: only states beyond the bounds "
    "are moved, and exactly to the bound"
)
def tiles_pushed_back(state, low, high, n_tiles=8, n_tilings=8):
    inner = np.minimum(np.clip(state, low, high), high - 1e-9 * (high - low) - (high - low) / n_tiles)
    return _numbered(inner, low, high, n_tiles, n_tilings)


@active_tiles.mistake("all tilings share the same numbers: each needs its own, beginning at t (n_tiles + 1)²")
def tiles_shared_by_tilings(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, own=False)


@active_tiles.mistake(
    "both directions are shifted alike, along the diagonal: the second shift is 3 t / n_tilings mod 1"
)
def tiles_on_the_diagonal(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, shifts=(1, 1))


@active_tiles.mistake("the shifts are swapped: t / n_tilings is for the first variable, 3 t / n_tilings for the second")
def tiles_swapped_shifts(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, shifts=(3, 1))


@active_tiles.mistake("the tilings are not shifted: then eight of them know no more than one")
def tiles_without_shift(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, shifts=(0, 0))


@active_tiles.mistake(
    "mod 1 is missing in the second direction: 3 t / n_tilings grows beyond one tile, and out of the grid"
)
def tiles_without_mod(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, shifts=(1, lambda t: 3 * t / n_tilings))


@active_tiles.mistake("the tilings are shifted by whole tiles: divide by n_tilings")
def tiles_shifted_by_whole_tiles(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, shifts=(lambda t: t, lambda t: 3 * t))


@active_tiles.mistake("the places were rounded to the nearest integer: a tile is found by rounding down, np.floor")
def tiles_rounded(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, n_tiles, n_tilings, down=np.round)


@active_tiles.mistake("n_tiles and n_tilings are always 8 here: use the arguments")
def tiles_always_eight(state, low, high, n_tiles=8, n_tilings=8):
    return _numbered(state, low, high, 8, 8)


# --- values and update --------------------------------------------------------------------------


@check
def tile_update(case):
    """Against the update with dense features that are 0 and 1."""
    rng, answers = case.rng, []
    sizes = ((3, 8, 40, 0.5), (4, 5, 12, 0.1), (2, 1, 6, 1.0), (5, 3, 9, 0.8), (3, 4, 20, 0.0))
    for n_actions, n_tilings, n_features, rate in sizes:
        w, target = rng.normal(size=(n_actions, n_features)), float(rng.normal() * 5)
        tiles, action = rng.choice(n_features, size=n_tilings, replace=False), int(rng.integers(n_actions))
        x, chosen = np.isin(np.arange(n_features), tiles) * 1.0, np.arange(n_actions) == action
        error = target - chosen @ w @ x
        want = w + rate / x.sum() * error * np.outer(chosen, x)
        what = f"after an update of action {action}, {n_tilings} tilings, rate {rate}"
        answers.append((what, case.call(w, tiles, action, target, rate), want, error))
    for what, answer, want, error in answers:
        new, got = two_things(case, answer, "the new weights", "the error")
        case.near(f"the weights {what}", new, want)
        case.near(f"the error before it, {what}", got, error)
    return "5 updates move the active weights of one action, and nothing else; the errors are right"


def _changed(w, tiles, action, change):
    new = w.copy()
    new[action, tiles] += change
    return new


def _error(w, tiles, action, target):
    return target - w[action, tiles].sum()


@tile_update.mistake(
    "rate is not divided: each of the active weights moves by rate / len(tiles), or together they overshoot"
)
def update_undivided(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return _changed(w, tiles, action, rate * error), error


@tile_update.mistake("rate is always divided by 8: other codings have other numbers of tilings; take len(tiles)")
def update_divided_by_eight(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return _changed(w, tiles, action, rate / 8 * error), error


@tile_update.mistake("the value is the mean of the active weights here: it is their sum")
def update_of_mean(w, tiles, action, target, rate):
    error = target - w[action, tiles].mean()
    return _changed(w, tiles, action, rate / len(tiles) * error), error


@tile_update.mistake("each weight was compared with the target by itself: the value is the sum of the active weights")
def update_each_alone(w, tiles, action, target, rate):
    error = target - w[action, tiles]
    return _changed(w, tiles, action, rate / len(tiles) * error), error


@tile_update.mistake("the value is the sum of all weights of the action: only those of the active tiles count")
def update_of_all_weights(w, tiles, action, target, rate):
    error = target - w[action].sum()
    return _changed(w, tiles, action, rate / len(tiles) * error), error


@tile_update.mistake("the weights of all actions moved: only the action that was taken has been tried")
def update_all_actions(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return _changed(w, tiles, slice(None), rate / len(tiles) * error), error


@tile_update.mistake("all weights of the action moved: only those of the active tiles do")
def update_all_tiles(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return _changed(w, slice(None), action, rate / len(tiles) * error), error


@tile_update.mistake("the weights move away from the target: the error is target minus value")
def update_wrong_sign(w, tiles, action, target, rate):
    error = -_error(w, tiles, action, target)
    return _changed(w, tiles, action, rate / len(tiles) * error), error


@tile_update.mistake("the weights move away from the target: add rate / n_tilings times the error, with +=")
def update_subtracts(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return _changed(w, tiles, action, -rate / len(tiles) * error), error


@tile_update.mistake("the weights are right, but the error has the wrong sign: it is target minus value")
def update_error_reversed(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return _changed(w, tiles, action, rate / len(tiles) * error), -error


@tile_update.mistake(
    "the weights come back unchanged: `w[action, tiles]` alone is a copy, so write `new[action, tiles] += ...`"
)
def update_changes_a_copy(w, tiles, action, target, rate):
    return w, _error(w, tiles, action, target)


@tile_update.mistake("each weight moved by an error of its own: they all move by the one error of their sum")
def update_moves_each_alone(w, tiles, action, target, rate):
    change = rate / len(tiles) * (target - w[action, tiles])
    return _changed(w, tiles, action, change), _error(w, tiles, action, target)


@tile_update.mistake("the two answers are swapped: first the weights, then the error")
def update_swaps_answers(w, tiles, action, target, rate):
    error = _error(w, tiles, action, target)
    return error, _changed(w, tiles, action, rate / len(tiles) * error)


@tile_update.mistake("the old weights were lost: add the change with +=, do not overwrite with =")
def update_overwrites(w, tiles, action, target, rate):
    error, new = _error(w, tiles, action, target), w.copy()
    new[action, tiles] = rate / len(tiles) * error
    return new, error


@tile_update.mistake("this is the error that is left after the update: take it before")
def update_error_afterwards(w, tiles, action, target, rate):
    new = _changed(w, tiles, action, rate / len(tiles) * _error(w, tiles, action, target))
    return new, _error(new, tiles, action, target)


# --- an episode of SARSA ------------------------------------------------------------------------


def two_tiles(n_states):
    """Two tilings that both tell all states apart."""
    return lambda state: np.array([number_of(state), n_states + state])


@check
def sarsa_episode(case):
    """On roads that are walked once, and in rooms with one state."""
    rng, roads, rooms, starts = case.rng, [], [], []
    for steps, n_actions, rate, epsilon, gamma, ending in (
        (6, 3, 0.5, 0.0, 0.9, GOAL),
        (5, 4, 0.8, 0.0, 0.7, LIMIT),
        (1, 3, 0.3, 0.0, 1.0, GOAL),
        (3, 4, 0.6, 0.0, 0.8, BOTH),
        (300, 3, 0.5, 1.0, 0.9, GOAL),
        (400, 3, 0.4, 0.3, 1.0, LIMIT),
    ):
        w, rewards = rng.normal(size=(n_actions, 2 * (steps + 1))), rng.normal(size=(steps, n_actions))
        draws, world = np.random.default_rng(rng.integers(2**32)), Chain(rewards, ending)
        answers = [case.call(world, two_tiles(steps + 1), w, rate, epsilon, gamma, draws) for _ in range(2)]
        roads.append((answers, w, rewards, rate, epsilon, gamma, ending))
    w, rewards = rng.normal(size=(4, 4)), rng.normal(size=(1, 4))
    for draws in rng.spawn(80):
        answer = case.call(Chain(rewards, LIMIT), two_tiles(2), w, 0.5, 1.0, 0.9, draws)
        starts.append((answer, w, rewards, 0.5, 1.0, 0.9, LIMIT))
    for steps in (1, 2, 3, 4, 6):
        # With rate 1 and γ = 0 an action that was tried is worth -1; each is decided on again before it disappoints.
        w = np.array([[-0.2, 0.0], [0.0, 0.1], [-0.3, -0.4], [0.0, -0.5]])  # worth -0.2, 0.1, -0.7, -0.5
        tried = np.array([1, 0, 3, 2])[: (steps + 1) // 2]
        values = np.where(np.isin(np.arange(4), tried), -1.0, w.sum(axis=1))
        rooms.append((_wait(case, w, steps, 1.0, 0.0), values, steps))
    for steps, rate, gamma in ((10, 0.5, 0.8), (LONG, 0.1, 0.9)):  # the second action is better, however it sinks
        w = np.array([[-30.0, -30.0], [0.2, 0.3], [-40.0, -30.0], [-40.0, -40.0]])
        values = np.array([-60.0, value_of_waiting(0.5, steps, rate, gamma), -70.0, -80.0])
        rooms.append((_wait(case, w, steps, rate, gamma), values, steps))
    for (answer, again), *about in roads:
        _judge_road(case, *_parts(case, answer), *about)
        twice = zip(_parts(case, answer), _parts(case, again), strict=True)
        alike = all(np.array_equal(one, other) for one, other in twice)
        case.true(alike, "two calls with the same `rng` gave two different episodes: draw from `rng` alone")
    ends = [_judge_road(case, *_parts(case, answer), *about) for answer, *about in starts]
    for which, found in zip(("first", "next"), map(set, zip(*ends, strict=True)), strict=True):
        case.true(
            len(found) == 4,  # a right answer fails once in 10⁹
            f"in 80 episodes with ε = 1, each with an `rng` of its own, the {which} action was never "
            f"{' nor '.join(str(a) for a in range(4) if a not in found)}: `epsilon_greedy` with `rng` decides on it",
        )
    for answer, values, steps in rooms:
        w, length = _parts(case, answer)
        what = f"{steps:,} steps in one state where every reward is −1"
        own_end = "the loop stops by itself: only `terminated` or `truncated` ends an episode" if steps == LONG else ""
        case.near(f"the number of steps of {what}", length, steps, hint=own_end)
        hint = "is each next action decided on before the update, and each target made with the newest weights?"
        got = case.array(f"the weights after {what}", w, (4, 2)).sum(axis=1)
        case.near(f"the action values after {what}", got, values, hint=hint)
    return f"86 roads and 7 waiting rooms of 1 to {LONG:,} steps: actions, targets and weights fit together"


def _wait(case, w, steps, rate, gamma):
    world = Waiting(np.full((steps, len(w)), -1.0), LIMIT)
    return case.call(world, two_tiles(1), w, rate, 0.0, gamma, np.random.default_rng(0))


def _parts(case, answer):
    return two_things(case, answer, "the weights", "the number of steps")


def _judge_road(case, w, length, old, rewards, rate, epsilon, gamma, ending) -> tuple[int, int]:
    """The first action; and the next action that the last target was made of, as far as it is known."""
    steps, n_actions = rewards.shape
    what = f"a road of {steps} steps with ε = {epsilon} that {ending}"
    case.near(f"the number of steps on {what}", length, steps)
    change = case.array(f"the weights after {what}", w, old.shape) - old
    moved = (change[:, :steps] != 0) & (change[:, steps + 1 : -1] != 0)
    case.true(
        (moved.sum(axis=0) == 1).all() and np.count_nonzero(change) == 2 * steps,
        f"on {what}, in each state that was left the weights of exactly one action should change, and no others",
    )
    actions, road, q = moved.argmax(axis=0), np.arange(steps), old[:, : steps + 1] + old[:, steps + 1 :]
    rest, last = np.append(q[actions[1:], road[1:]], 0.0), 0
    want = rate / 2 * (rewards[road, actions] + gamma * rest - q[actions, road])
    if ending == LIMIT:  # the action decided on last is not taken: with ε > 0 it may be any
        possible = want[-1] + rate / 2 * gamma * np.where(
            (epsilon > 0) | (q[:, -1] == q[:, -1].max()), q[:, -1], np.inf
        )
        last = int(np.argmin(np.abs(possible - change[actions[-1], steps - 1])))
        want[-1] = possible[last]
    case.near(f"the changes of the weights on {what}", change[actions, road], want)
    case.near(f"the changes of the second tiling on {what}", change[actions, steps + 1 + road], want)
    greedy = (actions == q[:, :-1].argmax(axis=0)).mean()
    expected = 1 - epsilon * (1 - 1 / n_actions)
    slack = 6.5 * np.sqrt(expected * (1 - expected) / steps)  # a right answer fails once in 10¹⁰
    case.true(
        abs(greedy - expected) <= slack,
        f"on {what}, {greedy:.0%} of the actions were the best ones; with this ε it should be about {expected:.0%}",
    )
    return int(actions[0]), last


def _pick(q, epsilon, rng):
    return int(rng.integers(len(q))) if rng.random() < epsilon else int(np.argmax(q))


def _episode(
    env, tiles_of, w, rate, epsilon, gamma, rng, masks=lambda terminated, truncated: terminated,
    rest=lambda w, tiles, action: w[action, tiles].sum(), again=False, looks="old", carries=True, count=0, explore=None,
    ends=lambda terminated, truncated: terminated or truncated, stale=False,
):  # fmt: skip
    """SARSA with one thing done differently."""
    state, _ = env.reset()
    epsilon = epsilon if explore is None else explore(epsilon)
    old, w, tiles, steps, over = w, w.copy(), tiles_of(state), count, False
    action = _pick(w[:, tiles].sum(axis=1), epsilon, rng)
    while not over:
        state, reward, terminated, truncated, _ = env.step(action)
        next_tiles = tiles_of(state)
        next_action = _pick(w[:, next_tiles].sum(axis=1), epsilon, rng)
        later = 0.0 if masks(terminated, truncated) else rest(old if stale else w, next_tiles, next_action)
        moved = tiles if looks == "old" else next_tiles
        w[action, moved] += rate / len(tiles) * (reward + gamma * later - w[action, moved].sum())
        if again:
            next_action = _pick(w[:, next_tiles].sum(axis=1), epsilon, rng)
        tiles, action = next_tiles, next_action if carries else action
        steps, over = steps + 1, ends(terminated, truncated)
    return w, steps


@sarsa_episode.mistake("this is Q-learning: SARSA's target uses the action that was decided on, not the best one")
def sarsa_with_max(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(
        env, tiles_of, w, rate, epsilon, gamma, rng, rest=lambda w, tiles, action: w[:, tiles].sum(axis=1).max()
    )


@sarsa_episode.mistake(
    "the next action is chosen a second time, after the update: take the one that the target was made of"
)
def sarsa_chooses_again(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, again=True)


@sarsa_episode.mistake("the target looks beyond the end: when `terminated` is True, nothing follows the reward")
def sarsa_bootstraps_terminal(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, masks=lambda terminated, truncated: False)


@sarsa_episode.mistake("the target stops at the time limit: `truncated` is not the end of the world, so bootstrap")
def sarsa_masks_truncation(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(
        env, tiles_of, w, rate, epsilon, gamma, rng, masks=lambda terminated, truncated: terminated or truncated
    )


@sarsa_episode.mistake("the update moves the weights of the next state: it belongs to the tiles that the step left")
def sarsa_updates_next(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, looks="new")


@sarsa_episode.mistake(
    "the same action is taken all the time: after each step, the next action becomes the current one"
)
def sarsa_keeps_action(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, carries=False)


@sarsa_episode.mistake("the target uses the old action in the next state: the pair is S', A'")
def sarsa_with_old_action(env, tiles_of, w, rate, epsilon, gamma, rng):
    state, _ = env.reset()
    w, tiles, steps, over = w.copy(), tiles_of(state), 0, False
    action = _pick(w[:, tiles].sum(axis=1), epsilon, rng)
    while not over:
        state, reward, terminated, truncated, _ = env.step(action)
        next_tiles = tiles_of(state)
        next_action = _pick(w[:, next_tiles].sum(axis=1), epsilon, rng)
        later = 0.0 if terminated else w[action, next_tiles].sum()
        w[action, tiles] += rate / len(tiles) * (reward + gamma * later - w[action, tiles].sum())
        tiles, action, steps, over = next_tiles, next_action, steps + 1, terminated or truncated
    return w, steps


@sarsa_episode.mistake("the loop goes on after the time limit: stop when `terminated or truncated`")
def sarsa_goes_on(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, ends=lambda terminated, truncated: terminated)


@sarsa_episode.mistake("the target uses the mean of the next active weights: a value is their sum")
def sarsa_with_mean(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, rest=lambda w, tiles, action: w[action, tiles].mean())


@sarsa_episode.mistake("ε makes no difference, every action is the best one: hand `epsilon` on to `epsilon_greedy`")
def sarsa_without_epsilon(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, explore=lambda epsilon: 0.0)


@sarsa_episode.mistake("γ was left out: the value of the next action comes one step later, so multiply it by gamma")
def sarsa_without_gamma(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, 1.0, rng)


@sarsa_episode.mistake("the number of steps is one too small: the last step counts, too")
def sarsa_counts_from_zero(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, count=-1)


@sarsa_episode.mistake("the weights come back unchanged: keep what `tile_update` returns")
def sarsa_learns_nothing(env, tiles_of, w, rate, epsilon, gamma, rng):
    return w, _episode(env, tiles_of, w, rate, epsilon, gamma, rng)[1]


@sarsa_episode.mistake("the first action is always the best one: `epsilon_greedy` decides on it as on all others")
def sarsa_starts_greedily(env, tiles_of, w, rate, epsilon, gamma, rng):
    state, _ = env.reset()
    w, tiles, steps, over = w.copy(), tiles_of(state), 0, False
    action = int(np.argmax(w[:, tiles].sum(axis=1)))
    while not over:
        state, reward, terminated, truncated, _ = env.step(action)
        next_tiles = tiles_of(state)
        next_action = _pick(w[:, next_tiles].sum(axis=1), epsilon, rng)
        later = 0.0 if terminated else w[next_action, next_tiles].sum()
        w[action, tiles] += rate / len(tiles) * (reward + gamma * later - w[action, tiles].sum())
        tiles, action, steps, over = next_tiles, next_action, steps + 1, terminated or truncated
    return w, steps


@sarsa_episode.mistake(
    "this is Q-learning: the target takes the best next action, and another one is chosen after the update; "
    "decide on one action, and use it for both"
)
def sarsa_is_q_learning(env, tiles_of, w, rate, epsilon, gamma, rng):
    state, _ = env.reset()
    w, tiles, steps, over = w.copy(), tiles_of(state), 0, False
    while not over:
        action = _pick(w[:, tiles].sum(axis=1), epsilon, rng)
        state, reward, terminated, truncated, _ = env.step(action)
        next_tiles = tiles_of(state)
        later = 0.0 if terminated else w[:, next_tiles].sum(axis=1).max()
        w[action, tiles] += rate / len(tiles) * (reward + gamma * later - w[action, tiles].sum())
        tiles, steps, over = next_tiles, steps + 1, terminated or truncated
    return w, steps


@sarsa_episode.mistake(
    "the targets are made with the weights from the beginning of the episode: use the newest ones in each step"
)
def sarsa_with_stale_target(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, stale=True)


@sarsa_episode.mistake(
    "the two flags are swapped: `step` returns state, reward, terminated, truncated, info, in this order"
)
def sarsa_swaps_flags(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng, masks=lambda terminated, truncated: truncated)


@sarsa_episode.mistake(
    "`step` is called after the end: each of the two flags ends the episode, so `or`, not `and`, or leave with `break`"
)
def sarsa_waits_for_both(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(
        env, tiles_of, w, rate, epsilon, gamma, rng, ends=lambda terminated, truncated: terminated and truncated
    )


@sarsa_episode.mistake("the two answers are swapped: first the weights, then the number of steps")
def sarsa_swaps_answers(env, tiles_of, w, rate, epsilon, gamma, rng):
    return _episode(env, tiles_of, w, rate, epsilon, gamma, rng)[::-1]
