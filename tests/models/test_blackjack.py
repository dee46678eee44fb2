"""Many hands at once are the same hands, one by one; and exact values are those of the model."""

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.envs.blackjack import DECK, HIT, STICK, BlackjackEnv, added
from lib.models import blackjack
from lib.models.blackjack import INDEX, STARTS, STATES, STICK_ON_20


class Dealt:
    """A generator whose cards are known: the k-th card of every hand is the k-th of the list."""

    def __init__(self, cards):
        self.cards = iter(cards)

    def integers(self, high, size, dtype):
        assert high == len(DECK)
        return np.full(size, next(self.cards) if size else 0, dtype)


class TableEnv:
    """The same cards, one by one, in an environment written from the rules."""

    def __init__(self, cards):
        self.cards = iter(DECK[card] for card in cards)

    def reset(self):
        self.dealer, self.player = [next(self.cards), next(self.cards)], [next(self.cards), next(self.cards)]
        while self.sums(self.player)[0] < 12:
            self.player.append(next(self.cards))
        return self.state(), {}

    def step(self, action):
        if action == HIT:
            self.player.append(next(self.cards))
            total = self.state()[0]
            return self.state(), -1.0 if total > 21 else 0.0, total > 21, False, {}
        while self.sums(self.dealer)[0] < 17:
            self.dealer.append(next(self.cards))
        total, its = self.state()[0], self.sums(self.dealer)[0]
        return self.state(), float(np.sign(total - (0 if its > 21 else its))), True, False, {}

    def state(self):
        total, usable = self.sums(self.player)
        return total, self.dealer[0], usable

    @staticmethod
    def sums(hand):
        return (sum(hand) + 10, True) if 1 in hand and sum(hand) <= 11 else (sum(hand), False)


@pytest.fixture(scope="module")
def lesson():
    (found,) = find_lessons(["rl/05_monte_carlo/01_prediction"])
    return solution_namespace(found)


def sequences(number):
    return np.random.default_rng(0).integers(len(DECK), size=(number, 30)).tolist()


def test_from_the_same_cards_come_the_same_episodes_as_in_the_lesson(lesson):
    hit = np.random.default_rng(1).integers(2, size=len(STATES)).astype(float)
    for cards in sequences(800):
        episode = lesson["play_hand"](TableEnv(cards), lambda state: int(hit[INDEX[state]]))
        hands = blackjack.play(hit, 3, Dealt(cards))
        assert (hands.reward == episode[-1][2]).all() and set(np.bincount(hands.hand)) == {len(episode)}
        for copy in range(3):
            mine = hands.hand == copy
            assert [STATES[k] for k in hands.state[mine]] == [state for state, _, _ in episode]
            assert hands.action[mine].tolist() == [action for _, action, _ in episode]


class Queue:
    """An environment whose hands have known cards, one list a hand."""

    def __init__(self, hands):
        self.hands = iter(hands)

    def reset(self):
        self.table = TableEnv(next(self.hands))
        return self.table.reset()

    def step(self, action):
        return self.table.step(action)


def test_from_the_same_cards_come_the_same_values_as_in_the_lesson(lesson):
    hands = sequences(3000)
    values = lesson["mc_prediction"](Queue(hands), lesson["stick_on_20"], len(hands), 1.0)
    total, visits = np.zeros(200), np.zeros(200)
    for cards in hands:
        more = blackjack.prediction(STICK_ON_20, 1, Dealt(cards))
        total, visits = total + more[0], visits + more[1]
    assert set(values) == {STATES[k] for k in np.flatnonzero(visits)}
    for state, value in values.items():
        assert value == pytest.approx(total[INDEX[state]] / visits[INDEX[state]], abs=1e-12)


@pytest.mark.parametrize("kind", ["stick on 20", "at random"])
def test_many_hands_come_close_to_the_exact_values(kind):
    hit = STICK_ON_20 if kind == "stick on 20" else np.random.default_rng(2).uniform(size=200)
    total, visits = blackjack.prediction(hit, 400_000, np.random.default_rng(3))
    exact = blackjack.exact_values(hit)
    scores = (total / visits - exact) / np.sqrt(np.maximum(1 - exact**2, 0.02) / visits)  # a return's variance is less
    assert np.abs(scores).max() < 4.5 and visits.min() > 100


def test_first_states_and_actions_have_their_probabilities():
    hit = np.random.default_rng(4).uniform(size=200)
    hands = blackjack.play(hit, 200_000, np.random.default_rng(5))
    first = hands.state[:200_000]
    assert (hands.hand[:200_000] == np.arange(200_000)).all()
    expected = 200_000 * STARTS
    counts = np.bincount(first, minlength=200)
    assert (counts[expected == 0] == 0).all()
    assert np.sum((counts - expected)[expected > 0] ** 2 / expected[expected > 0]) < 200 + 5 * np.sqrt(400)
    visits = np.bincount(hands.state, minlength=200)
    scores = np.bincount(hands.state, hands.action, 200) - visits * hit
    scores = scores / np.sqrt(visits * hit * (1 - hit) + 1)
    assert np.abs(scores).max() < 4.5


@pytest.mark.parametrize("start", [(13, 2, True), (12, 10, False), (21, 1, False), (12, 1, True)])
def test_hands_can_begin_in_one_state(start):
    hit = np.full(200, 0.5)
    hands = blackjack.play(hit, 100_000, np.random.default_rng(6), start=start)
    assert (hands.state[:100_000] == INDEX[start]).all() and set(STATES[k][1] for k in hands.state) == {start[1]}
    assert hands.reward.mean() == pytest.approx(blackjack.exact_values(hit)[INDEX[start]], abs=4.5 / 316)


def test_a_hand_never_sees_a_state_twice():
    hands = blackjack.play(np.full(200, 1.0), 50_000, np.random.default_rng(7))
    assert len(np.unique(200 * hands.hand + hands.state)) == len(hands.hand)
    assert (hands.reward == -1).all()  # who always hits always loses


def test_exact_values_solve_the_bellman_equation_of_the_model():
    P, hit = BlackjackEnv().P, np.random.default_rng(8).uniform(size=200)
    V, Q = blackjack.exact_values(hit), blackjack.exact_action_values(hit)
    for number, state in enumerate(STATES):
        q = [
            sum(p * (reward + (0.0 if end else V[INDEX[to]])) for p, to, reward, end in P[state][action])
            for action in (STICK, HIT)
        ]
        assert Q[number] == pytest.approx(q) and V[number] == pytest.approx(
            (1 - hit[number]) * q[0] + hit[number] * q[1]
        )


def test_the_published_values():
    V = blackjack.as_dict(blackjack.exact_values(STICK_ON_20))
    assert (round(V[12, 1, False], 4), round(V[20, 10, False], 4), round(V[12, 10, True], 4)) == (
        -0.6402,
        0.435,
        -0.2891,
    )
    assert blackjack.game_value(blackjack.as_array(V)) == pytest.approx(-0.35355, abs=5e-6)
    V, Q, best = blackjack.optimal_values()
    assert blackjack.game_value(V) == pytest.approx(-0.04656, abs=5e-6)
    assert Q[INDEX[18, 9, True]] == pytest.approx([-0.1832, -0.1007], abs=1e-4)
    assert np.allclose(V, Q.max(axis=1)) and best.sum() == 200  # no two actions are equally good


def test_the_best_policy_is_the_known_one():
    """For an infinite deck and a dealer who draws to 17."""
    best = blackjack.optimal_values()[2]
    for number, (total, dealer, usable) in enumerate(STATES):
        if usable:
            sticks = total >= 19 or (total == 18 and 2 <= dealer <= 8)
        else:
            sticks = total >= 17 or (total >= 13 and 2 <= dealer <= 6) or (total == 12 and 4 <= dealer <= 6)
        assert best[number, STICK] == sticks and best[number, HIT] != sticks


def test_tables_and_mappings():
    values = np.arange(200.0)
    assert (blackjack.as_array(blackjack.as_dict(values)) == values).all()
    assert values.reshape(2, 10, 10)[1, 13 - 12, 2 - 1] == INDEX[13, 2, True]
    some = blackjack.as_array({(13, 2, True): 0.5, (4, 2, False): 1.0})
    assert some[INDEX[13, 2, True]] == 0.5 and np.isnan(some).sum() == 199


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"one probability of hitting for each of 200 states, not \(10, 20\)"):
        blackjack.play(np.zeros((10, 20)), 5, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"There is no state \(11, 2, False\)"):
        blackjack.play(STICK_ON_20, 5, np.random.default_rng(0), start=(11, 2, False))


def test_the_rules_are_those_of_the_environment():
    for total in range(12, 22):
        for usable in (False, True):
            for place, card in enumerate(DECK):
                new, soft = added(total, usable, card)
                code = blackjack.NEXT[len(DECK) * (total + blackjack.SOFT * usable) + place]
                assert (code & blackjack.SUM, code >= blackjack.SOFT) == (new, soft)
