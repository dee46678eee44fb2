"""The compiled runs are the lessons' runs, card by card; and what is computed exactly agrees with play."""

import functools

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Discrete

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.envs.blackjack import HIT, BlackjackEnv, added
from lib.models import blackjack, blackjack_control, episodes
from lib.models.blackjack import INDEX, STATES, STICK_ON_20, exact_values, game_value, optimal_values

COIN = np.full(200, 0.5)
START = (13, 2, True)


@functools.cache
def lesson(name):
    (found,) = find_lessons([f"rl/05_monte_carlo/{name}"])
    return solution_namespace(found)


class SameNumbers(gymnasium.Env):
    """The game, dealt from the generator that draws the actions, in the order of the compiled hands."""

    def __init__(self, rng):
        self.rng, self.action_space = rng, Discrete(2)

    def card(self):
        return min(int(13 * self.rng.random()) + 1, 10)

    def reset(self, *, seed=None, options=None):
        self.dealer = [self.card(), self.card()]
        self.hand, cards = (0, False), 0
        while cards < 2 or self.hand[0] < 12:
            self.hand, cards = added(*self.hand, self.card()), cards + 1
        return self.state(), {}

    def state(self):
        return (self.hand[0], self.dealer[0], self.hand[1])

    def step(self, action):
        if action == HIT:
            self.hand = added(*self.hand, self.card())
            bust = self.hand[0] > 21
            return self.state(), -1.0 if bust else 0.0, bust, False, {}
        hand = (0, False)
        for card in self.dealer:
            hand = added(*hand, card)
        while hand[0] < 17:
            hand = added(*hand, self.card())
        reward = np.sign(self.hand[0] - (0 if hand[0] > 21 else hand[0]))
        return self.state(), float(reward), True, False, {}


def as_table(Q):
    return np.array([Q.get(state, [0.0, 0.0]) for state in STATES])


@pytest.mark.parametrize("epsilon", [0.1, 0.6, 0.0])
def test_on_policy_control_is_that_of_the_lesson(epsilon):
    rng = np.random.default_rng(5)
    Q = lesson("02_on_policy_control")["mc_control"](SameNumbers(rng), 3000, epsilon, rng)
    run = blackjack_control.control(np.full(3000, epsilon), np.array([3000]), np.random.default_rng(5))
    np.testing.assert_allclose(run.Q, as_table(Q), rtol=1e-9, atol=1e-12)
    assert run.used == 1.0


def test_off_policy_control_is_that_of_the_lesson():
    rng = np.random.default_rng(6)
    learn = lesson("03_off_policy_control")["off_policy_control"]
    Q = learn(SameNumbers(rng), 3000, lambda state: [0.5, 0.5], rng)
    run = blackjack_control.control(np.ones(3000), np.array([3000]), np.random.default_rng(6), off_policy=True)
    np.testing.assert_allclose(run.Q, as_table(Q), rtol=1e-9, atol=1e-12)
    assert 0.8 < run.used < 0.95


def test_snapshots_are_those_of_shorter_runs():
    run = blackjack_control.control(np.full(2000, 0.2), np.array([500, 2000]), np.random.default_rng(7))
    for column, hands in enumerate((500, 2000)):
        # The numbers are drawn in advance: a shorter run has the same first ones.
        short = blackjack_control.control(np.full(hands, 0.2), np.array([hands]), np.random.default_rng(7))
        hit = (short.Q[:, 1] > short.Q[:, 0]).astype(float)
        assert np.isclose(run.values[column], game_value(exact_values(hit)))
        agrees = optimal_values()[2][np.arange(200), hit.astype(int)].sum()
        assert run.agrees[column] == short.agrees[0] == agrees
    assert np.isclose(run.earned[0], blackjack_control.control(
        np.full(500, 0.2), np.array([500]), np.random.default_rng(7)
    ).earned[0])  # fmt: skip


def test_off_policy_needs_the_coin():
    with pytest.raises(ValueError, match="epsilon 1"):
        blackjack_control.control(np.full(10, 0.5), np.array([10]), np.random.default_rng(0), off_policy=True)


def test_hand_values_are_those_of_the_linear_system():
    policies = np.random.default_rng(8).random((5, 200))
    policies[0], policies[1] = 1.0, (policies[1] > 0.5)
    want = [game_value(exact_values(hit)) for hit in policies]
    np.testing.assert_allclose(blackjack_control._hand_values(policies), want, atol=1e-12)


def test_visits_are_those_of_play():
    hit, hands = np.random.default_rng(9).random(200), 400_000
    counted = np.bincount(blackjack.play(hit, hands, np.random.default_rng(9)).state, minlength=200)
    want = blackjack_control.visits(hit) * hands
    assert (np.abs(counted - want) <= 6 * np.sqrt(want)).all()  # no state twice in a hand: at most Poisson's variance


def test_losses_of_wrong_actions_add_up_to_the_loss():
    best_v, best_q, _ = optimal_values()
    hit = (np.random.default_rng(10).random(200) < 0.5).astype(float)
    cost = best_v - best_q[np.arange(200), hit.astype(int)]
    loss = game_value(best_v) - game_value(exact_values(hit))
    assert np.isclose((blackjack_control.visits(hit) * cost).sum(), loss)


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5, 1.0])
def test_no_soft_policy_is_better_than_the_best(epsilon):
    best = blackjack_control.best_soft_policy(epsilon)
    assert ((best >= epsilon / 2 - 1e-12) & (best <= 1 - epsilon / 2 + 1e-12)).all()
    values, rng = exact_values(best), np.random.default_rng(11)
    for _ in range(20):
        change = rng.random(200) < rng.random()
        other = np.where(change, 1 - best, best)  # the other action is preferred in some states
        assert (exact_values(other) <= values + 1e-12).all()


def test_without_exploring_the_best_soft_policy_is_optimal():
    assert np.isclose(
        game_value(exact_values(blackjack_control.best_soft_policy(0.0))), game_value(optimal_values()[0])
    )


def test_importance_samples_have_the_ratios_of_the_lesson():
    ratio = lesson("03_off_policy_control")["importance_ratio"]
    behaviour = np.random.default_rng(12).uniform(0.2, 0.8, size=200)
    ratios, returns = blackjack_control.importance_samples(
        STICK_ON_20, behaviour, 500, np.random.default_rng(13), start=START
    )
    played = blackjack.play(behaviour, 500, np.random.default_rng(13), START)

    def probabilities(table):
        return lambda state: [1 - table[INDEX[state]], table[INDEX[state]]]

    for hand in range(500):
        mine = played.hand == hand  # in the order of the decisions
        steps = zip(played.state[mine], played.action[mine], strict=True)
        episode = [(STATES[state], int(action), 0.0) for state, action in steps]
        want = ratio(episode, 0, probabilities(STICK_ON_20), probabilities(behaviour))
        assert np.isclose(ratios[hand], want) and returns[hand] == played.reward[hand]


def test_importance_samples_find_the_target_value():
    ratios, returns = blackjack_control.importance_samples(
        STICK_ON_20, COIN, 400_000, np.random.default_rng(14), start=START
    )
    want = exact_values(STICK_ON_20)[INDEX[START]]
    assert abs(np.mean(ratios * returns) - want) <= 5 * np.std(ratios * returns) / np.sqrt(400_000)
    assert abs(np.mean(ratios) - 1) <= 5 * np.std(ratios) / np.sqrt(400_000)


def test_episodes_of_the_environment_agree():
    env, rng = BlackjackEnv(), np.random.default_rng(15)
    env.reset(seed=15)
    returns = [episodes.play(env, lambda state: [0.5, 0.5], rng)[-1][2] for _ in range(20_000)]
    assert abs(np.mean(returns) - game_value(exact_values(COIN))) <= 5 / np.sqrt(20_000)
