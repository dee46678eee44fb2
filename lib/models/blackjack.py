"""Blackjack with arrays: many hands at once, and exact values from the model.

The rules are those of ``course/Blackjack-v0``. A table over states is an array (200,) in the order of `STATES`:
``table.reshape(2, 10, 10)[usable_ace, player_sum - 12, dealer_card - 1]``. A policy is the array ``hit`` (200,): the
probability of hitting in each state; it sticks otherwise. There is no discount: the only reward ends the hand.
"""

import functools
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from lib.envs.blackjack import DECK, HIT, NEXT, SOFT, STICK, SUM, BlackjackEnv, State, cards, draw_until

STATES: tuple[State, ...] = tuple(
    (total, dealer, usable) for usable in (False, True) for total in range(12, 22) for dealer in range(1, 11)
)
INDEX = {state: number for number, state in enumerate(STATES)}
STARTS = np.array([BlackjackEnv().starts[state] for state in STATES])  # how likely each first state is
STICK_ON_20 = np.array([float(total < 20) for total, _, _ in STATES])  # the policy of Example 5.1: hits below 20

AT_ONCE = 2**15  # hands: what they need stays in the processor's cache
FIRST = np.array([10 * ((hand & SUM) - 12 + 10 * (hand >= SOFT)) for hand in range(2 * SOFT)])  # of a hand's ten states


class Hands(NamedTuple):
    """Hands played at once. Each decision is an entry of the first three arrays: first all hands' first decisions.

    hand: (decisions,) which hand, from 0.  state: (decisions,) number of the state in `STATES`.
    action: (decisions,) 0 sticks, 1 hits.  reward: (hands,) at the end of each hand: its return, too.
    """

    hand: np.ndarray
    state: np.ndarray
    action: np.ndarray
    reward: np.ndarray


def play(hit: np.ndarray, hands: int, rng: np.random.Generator, start: State | None = None) -> Hands:
    """Play hands with one policy.

    hit: (200,) probability of hitting.  start: the state in which every hand begins; drawn if not given.
    In each hand the cards come in the order of the environment: two for the dealer, two for the player, then the
    player's and the dealer's further cards.
    """
    hit = np.asarray(hit, dtype=float)
    if hit.shape != (len(STATES),):
        raise ValueError(f"A policy should be one probability of hitting for each of 200 states, not {hit.shape}.")
    certain = np.isin(hit, (0.0, 1.0)).all()
    hits = hit > 0.5
    shown, dealers, hands_now = _dealt(hands, rng) if start is None else _begun(start, hands, rng)
    reward, decisions = np.full(hands, -1.0), []
    playing, stuck = np.arange(hands), []
    while len(playing):
        state = FIRST[hands_now] + shown[playing]
        action = hits[state] if certain else rng.random(len(playing)) < hit[state]
        decisions.append((playing, state, action))
        on, off = np.flatnonzero(action), np.flatnonzero(~action)
        stuck.append((playing[off], hands_now[off] & SUM))
        hands_now = NEXT[len(DECK) * hands_now[on] + cards(len(on), rng)]
        alive = np.flatnonzero(hands_now & SUM <= 21)
        playing, hands_now = playing[on[alive]], hands_now[alive]
    who, total = (np.concatenate(parts) for parts in zip(*stuck, strict=True))
    dealers = dealers[who]
    draw_until(17, dealers, rng)
    dealers &= SUM
    reward[who] = np.where(dealers > 21, 1.0, np.sign(total - dealers))
    hand, state, action = (np.concatenate(parts) for parts in zip(*decisions, strict=True))
    return Hands(hand, state, action.astype(np.int8), reward)


def _dealt(hands: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The dealer's first card less 1, the dealer's two cards, and the player's hand of 12 or more."""
    shown, hidden, first, second = (cards(hands, rng) for _ in range(4))
    dealers, players = NEXT[len(DECK) * NEXT[shown] + hidden], NEXT[len(DECK) * NEXT[first] + second]
    draw_until(12, players, rng)
    return np.minimum(shown, 9), dealers, players


def _begun(start: State, hands: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same for hands that begin in a given state."""
    if start not in INDEX:
        raise ValueError(f"There is no state {start!r}: it should be (player_sum, dealer_card, usable_ace).")
    total, dealer, usable = start
    dealers = NEXT[len(DECK) * NEXT[dealer - 1] + cards(hands, rng)]
    return np.full(hands, dealer - 1), dealers, np.full(hands, total + SOFT * usable)


def prediction(hit: np.ndarray, hands: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The sum of the returns after visits of each state, and the number of visits: (200,) and (200,).

    Their quotient is the Monte Carlo estimate of the values. A state never repeats within a hand, so that first-visit
    and every-visit averages are the same. Sums of several calls may be added up.
    """
    total, visits = np.zeros(len(STATES)), np.zeros(len(STATES), np.intp)
    while hands > 0:
        played = play(hit, min(hands, AT_ONCE), rng)
        total += np.bincount(played.state, played.reward[played.hand], len(STATES))
        visits += np.bincount(played.state, minlength=len(STATES))
        hands -= AT_ONCE
    return total, visits


@functools.cache
def model() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean reward of sticking (200,) and of hitting (200,), and where a hit leads (200, 200)."""
    P = BlackjackEnv().P
    stick = np.array([sum(chance * reward for chance, _, reward, _ in P[state][STICK]) for state in STATES])
    hit, step = np.zeros(len(STATES)), np.zeros((len(STATES), len(STATES)))
    for number, state in enumerate(STATES):
        for chance, to, reward, terminated in P[state][HIT]:
            hit[number] += chance * reward
            if not terminated:
                step[number, INDEX[to]] += chance
    return stick, hit, step


def exact_values(hit: np.ndarray) -> np.ndarray:
    """The value of each state under a policy (200,): the Bellman equation solved as a linear system."""
    stick_reward, hit_reward, step = model()
    hit = np.asarray(hit, dtype=float)
    reward = (1 - hit) * stick_reward + hit * hit_reward
    return np.linalg.solve(np.eye(len(STATES)) - hit[:, None] * step, reward)


def exact_action_values(hit: np.ndarray) -> np.ndarray:
    """The value of sticking and of hitting in each state (200, 2), with the policy from the next state on."""
    stick_reward, hit_reward, step = model()
    return np.column_stack([stick_reward, hit_reward + step @ exact_values(hit)])


def optimal_values() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The values of the best policy (200,), of its actions (200, 2), and which actions are best (200, 2), bool.

    By policy iteration: hit where it is better than sticking, until no state changes.
    """
    hit, before = STICK_ON_20, None
    while before is None or (hit != before).any():
        Q = exact_action_values(hit)
        hit, before = (Q[:, HIT] > Q[:, STICK] + 1e-12).astype(float), hit
    V = Q.max(axis=1)
    return V, Q, V[:, None] - 1e-9 <= Q


def game_value(values: np.ndarray) -> float:
    """The mean return of a hand, if these are the values of the states (200,)."""
    return float(STARTS @ values)


def as_dict(values: np.ndarray) -> dict[State, float]:
    """The table (200,) as the lessons write it: state -> value."""
    return {state: float(value) for state, value in zip(STATES, values, strict=True)}


def as_array(values: Mapping[State, float]) -> np.ndarray:
    """A mapping state -> value as a table (200,); NaN for states that are missing. Other states are left out."""
    return np.array([values.get(state, np.nan) for state in STATES], dtype=float)
