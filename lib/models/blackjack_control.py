"""Learning to play blackjack, many runs in little time: the lessons' Monte Carlo control, compiled.

Tables are those of ``lib.models.blackjack``: (200,) in the order of its ``STATES``.
"""

import functools
from typing import NamedTuple

import numpy as np
from numba import njit

from lib.envs.blackjack import HIT, STICK, State, added
from lib.models.blackjack import STARTS, STATES, STICK_ON_20, exact_action_values, model, optimal_values
from lib.models.blackjack import play as play_hands

NUMBERS, SPARE = 12, 1000  # random numbers drawn in advance: for each hand, which uses 7 on average, and for all hands


class Run(NamedTuple):
    """What one run of control learned.

    Q: (200, 2) at the end.  values: (snapshots,) exact value of a hand under the policy that is greedy then.
    agrees: (snapshots,) number of states, of 200, in which this policy does what is optimal.
    earned: (snapshots,) mean return of the hands played since the snapshot before.
    used: the share of all decisions that an update was made for.
    """

    Q: np.ndarray
    values: np.ndarray
    agrees: np.ndarray
    earned: np.ndarray
    used: float


def control(epsilons: np.ndarray, snapshots: np.ndarray, rng: np.random.Generator, off_policy: bool = False) -> Run:
    """One run of Monte Carlo control, as in the lessons; there is no discount.

    epsilons: (hands,) the share of random actions in each hand.  snapshots: numbers of hands, ascending.
    off_policy: learn about the greedy policy with weighted importance sampling; every epsilon has to be 1 then.
    """
    if off_policy and not (np.asarray(epsilons) == 1).all():
        raise ValueError("Off-policy control is written for a behaviour that draws both actions evenly: epsilon 1.")
    numbers = rng.random(NUMBERS * len(epsilons) + SPARE)
    Q, greedy, earned, used = _control(np.asarray(epsilons, float), np.asarray(snapshots), off_policy, numbers)
    values = _hand_values(greedy)
    best = _best_actions()
    agrees = np.where(greedy == HIT, best[:, HIT], best[:, STICK]).sum(axis=1)
    return Run(Q, values, agrees, earned, used)


@functools.cache
def _best_actions() -> np.ndarray:
    return optimal_values()[2]


def _hand_values(policies: np.ndarray) -> np.ndarray:
    """The exact value of a hand under each of some policies (n, 200). No hand has more than 20 hits."""
    stick_reward, hit_reward, step = model()
    values = np.zeros(policies.shape)
    for _ in range(21):
        values = (1 - policies) * stick_reward + policies * (hit_reward + values @ step.T)
    return values @ STARTS


compiled = njit(boundscheck=True, cache=True)  # an index out of bounds is an error, not an accident


_added = compiled(added)


@compiled
def _next(numbers, place):
    """The next random number; ``place`` (1,) counts them."""
    place[0] += 1
    return numbers[place[0] - 1]


@compiled
def _card(numbers, place):
    return min(int(13 * _next(numbers, place)) + 1, 10)


@compiled
def _hand(Q, epsilon, numbers, place, states, actions):
    """Play a hand into ``states`` and ``actions``; returns how many decisions it had, and the reward."""
    first, second = _card(numbers, place), _card(numbers, place)
    total, usable, cards, steps = 0, False, 0, 0
    while cards < 2 or total < 12:
        total, usable = _added(total, usable, _card(numbers, place))
        cards += 1
    while True:
        state = (10 * int(usable) + total - 12) * 10 + first - 1
        stick = epsilon / 2 + (1 - epsilon) * (Q[state, STICK] >= Q[state, HIT])
        action = STICK if _next(numbers, place) < stick else HIT
        states[steps], actions[steps] = state, action
        steps += 1
        if action == STICK:
            dealer, ace = _added(0, False, first)
            dealer, ace = _added(dealer, ace, second)
            while dealer < 17:
                dealer, ace = _added(dealer, ace, _card(numbers, place))
            return steps, (1.0 if dealer > 21 or total > dealer else 0.0 if total == dealer else -1.0)
        total, usable = _added(total, usable, _card(numbers, place))
        if total > 21:
            return steps, -1.0


@compiled
def _control(epsilons, snapshots, off_policy, numbers):
    Q, weights = np.zeros((200, 2)), np.zeros((200, 2))
    greedy, earned = np.zeros((len(snapshots), 200)), np.zeros(len(snapshots))
    states, actions, place = np.zeros(32, np.int64), np.zeros(32, np.int64), np.zeros(1, np.int64)
    taken, decided, used, since, next_one = 0.0, 0, 0, 0, 0
    for number, epsilon in enumerate(epsilons, 1):
        steps, reward = _hand(Q, epsilon, numbers, place, states, actions)
        taken, since, decided = taken + reward, since + 1, decided + steps
        weight = 1.0
        for i in range(steps - 1, -1, -1):  # with all weights 1, this is the running mean of the on-policy lesson
            state, action = states[i], actions[i]
            weights[state, action] += weight
            Q[state, action] += weight * (reward - Q[state, action]) / weights[state, action]
            used += 1
            if off_policy:
                if action != (HIT if Q[state, HIT] > Q[state, STICK] else STICK):
                    break
                weight *= 2.0
        if next_one < len(snapshots) and number == snapshots[next_one]:
            greedy[next_one] = Q[:, HIT] > Q[:, STICK]
            earned[next_one] = taken / since
            taken, since, next_one = 0.0, 0, next_one + 1
    return Q, greedy, earned, used / decided


def visits(hit: np.ndarray) -> np.ndarray:
    """How often a hand comes to each state, on average, under a policy (200,)."""
    _, _, step = model()
    return np.linalg.solve(np.eye(len(STATES)) - (np.asarray(hit)[:, None] * step).T, STARTS)


def best_soft_policy(epsilon: float) -> np.ndarray:
    """The best of the policies that take every action with probability epsilon / 2 or more: ``hit`` (200,).

    By policy iteration: the better action gets all that is left, until no state changes.
    """
    hit, better = STICK_ON_20, None
    while better is None or (better != hit).any():
        hit = hit if better is None else better
        Q = exact_action_values(hit)
        better = epsilon / 2 + (1 - epsilon) * (Q[:, HIT] > Q[:, STICK] + 1e-12)
    return hit


def importance_samples(
    target: np.ndarray, behaviour: np.ndarray, hands: int, rng: np.random.Generator, start: State
) -> tuple[np.ndarray, np.ndarray]:
    """The importance sampling ratio and the return of hands from one state, played by the behaviour policy.

    target, behaviour: ``hit`` (200,), the probability of hitting.  Returns (hands,) and (hands,).
    """
    played = play_hands(behaviour, hands, rng, start)
    hits = played.action == HIT
    chances = [np.where(hits, hit[played.state], 1 - hit[played.state]) for hit in (target, behaviour)]
    ratios = np.ones(hands)
    np.multiply.at(ratios, played.hand, chances[0] / chances[1])
    return ratios, played.reward
