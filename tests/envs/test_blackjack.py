"""Blackjack keeps Gymnasium's contract, the rules of Example 5.1, and the probabilities of its own model."""

import copy
import warnings
from collections import Counter

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from scipy import stats

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.blackjack import AFTER, DECK, HIT, STICK, BlackjackEnv, added, dealer_totals


def hand_with(env, policy):
    """One hand: states, actions, and the reward."""
    state, _ = env.reset()
    visited, terminated = [], False
    while not terminated:
        action = policy(state)
        visited.append((state, action))
        state, reward, terminated, truncated, info = env.step(action)
        assert not truncated and info == {} and (terminated or reward == 0.0)
    return visited, state, reward


def below(limit):
    return lambda state: HIT if state[0] < limit else STICK


def sums_of(hand):
    """A hand's sum and usable ace, from the cards alone: at most one ace counts 11."""
    total = sum(hand)
    return (total + 10, True) if 1 in hand and total <= 11 else (total, False)


@pytest.mark.parametrize("options", [{}, {"auto_draw": False}, {"natural": True}, {"render_mode": "ansi"}])
def test_gymnasium_accepts_it_without_a_warning(options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make("course/Blackjack-v0", **options).unwrapped, skip_render_check=True)


@pytest.mark.parametrize("auto_draw", [True, False])
def test_observations_are_plain_and_inside_the_space(auto_draw):
    env = BlackjackEnv(auto_draw=auto_draw)
    env.reset(seed=0)
    seen = set()
    for _ in range(3000):
        visited, last, _ = hand_with(env, below(19))
        for state in (*[state for state, _ in visited], last):
            assert [type(part) for part in state] == [int, int, bool] and env.observation_space.contains(
                (state[0], state[1], int(state[2]))
            )
        seen |= {state for state, _ in visited}
    assert seen <= set(env.P)
    assert min(total for total, _, _ in seen) == (12 if auto_draw else 4)


def test_the_reward_is_what_the_cards_say():
    """The text of a finished hand shows all cards; the rules, written a second time, are applied to them."""
    env = BlackjackEnv(render_mode="ansi")
    env.reset(seed=1)
    outcomes = Counter()
    for _ in range(1500):
        visited, last, reward = hand_with(env, below(17))
        dealer, player = (
            [1 if card == "A" else int(card) for card in line.split(":")[1].split("(")[0].split()]
            for line in env.render().splitlines()
        )
        total, usable = sums_of(player)
        assert (total, dealer[0], usable) == last and dealer[0] == visited[0][0][1]
        hits = sum(action for _, action in visited)
        first, _ = sums_of(player[: len(player) - hits])
        assert first == visited[0][0][0] >= 12 and (len(player) - hits == 2 or sums_of(player[: -hits - 1])[0] < 12)
        if total > 21:
            assert reward == -1.0 and len(dealer) == 2
        else:
            its = sums_of(dealer)[0]
            assert its >= 17 and sums_of(dealer[:-1])[0] < 17
            assert reward == np.sign(total - (0 if its > 21 else its))
        outcomes[reward, total > 21] += 1
    assert len(outcomes) == 4


@pytest.mark.parametrize("auto_draw", [True, False])
def test_probabilities_add_up_to_one(auto_draw):
    env = BlackjackEnv(auto_draw=auto_draw)
    assert len(env.P) == (200 if auto_draw else 280) and set(env.starts) <= set(env.P)
    assert sum(env.starts.values()) == pytest.approx(1, abs=1e-12)
    for row in env.P.values():
        assert set(row) == {STICK, HIT}
        for outcomes in row.values():
            assert sum(chance for chance, *_ in outcomes) == pytest.approx(1, abs=1e-12)
            assert all(to in env.P or terminated for _, to, _, terminated in outcomes)
            assert all(reward in (-1.0, 0.0, 1.0) for _, _, reward, _ in outcomes)
    for first in range(2, 12):
        assert sum(dealer_totals(first, first == 11).values()) == pytest.approx(1, abs=1e-12)


def chi_square(counts: Counter, chances: dict) -> float:
    """How probable counts at least as odd are."""
    assert set(counts) <= set(chances)
    total = sum(counts.values())
    expected = np.array(list(chances.values())) / sum(chances.values()) * total
    return stats.chisquare([counts[key] for key in chances], expected).pvalue


@pytest.mark.parametrize("auto_draw", [True, False])
def test_first_states_follow_starts(auto_draw):
    env = BlackjackEnv(auto_draw=auto_draw)
    env.reset(seed=2)
    assert chi_square(Counter(env.reset()[0] for _ in range(60_000)), env.starts) > 1e-3


def test_steps_follow_the_model():
    """From 40 states, chosen so that all cards of the dealer and hard and soft sums occur; both actions."""
    env = BlackjackEnv()
    env.reset(seed=3)
    values = []
    for state in list(env.P)[::5]:
        for action in (STICK, HIT):
            counts = Counter()
            for _ in range(600):
                env.reset(options={"state": state})
                to, reward, terminated, _, _ = env.step(action)
                counts[to, reward, terminated] += 1
            chances = {(to, reward, end): chance for chance, to, reward, end in env.P[state][action]}
            values.append(chi_square(counts, chances) if len(chances) > 1 else 1.0)
    assert min(values) > 1e-4 and stats.kstest([p for p in values if p < 1], "uniform").pvalue > 1e-3


def test_whole_hands_follow_the_model():
    """Steps of hands that were dealt, not begun in a state: dealt cards and asked-for cards take different ways."""
    env = BlackjackEnv()
    env.reset(seed=4)
    counts: dict = {}
    for _ in range(60_000):
        visited, last, reward = hand_with(env, below(20))
        ways = [*(state for state, _ in visited[1:]), last]
        for place, ((state, action), to) in enumerate(zip(visited, ways, strict=True)):
            end = place == len(visited) - 1
            counts.setdefault((state, action), Counter())[to, reward if end else 0.0, end] += 1
    common = {key: counter for key, counter in counts.items() if sum(counter.values()) > 250}
    assert len(common) > 60
    values = []
    for (state, action), counter in common.items():
        chances = {(to, reward, end): chance for chance, to, reward, end in env.P[state][action]}
        values.append(chi_square(counter, chances))
    assert min(values) > 1e-5 and stats.kstest(values, "uniform").pvalue > 1e-3


PUBLISHED = {  # infinite deck, sticking on 20 and 21; Figure 5.1 of the book shows these values as surfaces
    (12, 1, False): -0.6402, (12, 10, False): -0.5705, (19, 10, False): -0.7443, (20, 1, False): 0.1461,
    (20, 10, False): 0.4350, (21, 1, False): 0.6384, (21, 10, False): 0.8886, (21, 10, True): 0.8886,
    (13, 2, False): -0.5774, (12, 1, True): -0.4044, (12, 10, True): -0.2891,
}  # fmt: skip


def solve(env, choose):
    """Values by backing up until nothing changes; choose(state, values of sticking and hitting) gives the value."""
    V, change = dict.fromkeys(env.P, 0.0), 1.0
    while change > 1e-13:
        change = 0.0
        for state, row in env.P.items():
            q = [sum(p * (reward if end else reward + V[to]) for p, to, reward, end in row[a]) for a in (STICK, HIT)]
            change, V[state] = max(change, abs(choose(state, q) - V[state])), choose(state, q)
    return V, sum(chance * V[state] for state, chance in env.starts.items())


def test_the_model_gives_the_known_values():
    V, game = solve(BlackjackEnv(), lambda state, q: q[below(20)(state)])
    assert {state: round(V[state], 4) for state in PUBLISHED} == PUBLISHED
    assert game == pytest.approx(-0.35355, abs=5e-6)


@pytest.mark.parametrize("auto_draw", [True, False])
def test_the_model_gives_the_known_best_policy(auto_draw):
    env = BlackjackEnv(auto_draw=auto_draw)
    V, game = solve(env, lambda state, q: max(q))
    assert game == pytest.approx(-0.04656, abs=5e-6)  # below 12 a card cannot hurt: both rules are worth the same
    known = {(12, 10, False): -0.4207, (16, 10, False): -0.5693, (13, 2, False): -0.2928, (18, 9, True): -0.1007}
    assert {state: round(V[state], 4) for state in known} == known


def test_hands_agree_with_gymnasium_under_equal_rules():
    """Visits of states, and the mean return after them, of Gymnasium's own blackjack."""
    ours, theirs = BlackjackEnv(auto_draw=False), gymnasium.make("Blackjack-v1").unwrapped
    ours.reset(seed=5)
    theirs.reset(seed=5)

    def returns(env, hands):
        found: dict = {}
        for _ in range(hands):
            state, _ = env.reset()
            visited, terminated = [], False
            while not terminated:
                visited.append((int(state[0]), int(state[1]), bool(state[2])))
                state, reward, terminated, _, _ = env.step(below(18)(state))
            for state in visited:
                found.setdefault(state, []).append(reward)
        return found

    a, b = returns(ours, 150_000), returns(theirs, 30_000)
    states = [state for state in b if len(b[state]) > 60]
    assert len(states) > 150
    visits = np.array([[len(a[state]) for state in states], [len(b[state]) for state in states]])
    # Visits of different states within a hand depend on each other, so the bound is wide.
    assert stats.chi2_contingency(visits).pvalue > 1e-6
    gaps = [np.mean(a[s]) - np.mean(b[s]) for s in states]
    # The spread of one return comes from the larger sample: that of the smaller one can be 0 by luck.
    spreads = [np.std(a[s]) * np.sqrt(1 / len(a[s]) + 1 / len(b[s])) for s in states]
    scores = np.array(gaps) / spreads
    assert np.abs(scores).max() < 4.5 and 0.6 < np.mean(scores**2) < 1.5


def test_a_natural_pays_more_only_if_asked_for():
    for natural in (False, True):
        env = BlackjackEnv(natural=natural, render_mode="ansi")
        env.reset(seed=6)
        rewards = Counter()
        for _ in range(4000):
            _, _, reward = hand_with(env, below(19))
            hand = env.render().splitlines()[1].split(":")[1].split("(")[0].split()
            rewards[reward, sorted(hand) == ["10", "A"]] += 1
        assert rewards[1.5, True] == (0 if not natural else rewards[1.5, True]) and rewards[1.5, False] == 0
        assert (rewards[1.5, True] > 100) == natural and (rewards[1.0, True] > 100) == (not natural)
    with pytest.raises(AttributeError, match="With natural=True there is no P: the state does not say how many cards"):
        _ = BlackjackEnv(natural=True).P


def test_a_hit_to_21_is_no_natural():
    env = BlackjackEnv(natural=True)
    env.reset(seed=7)
    for _ in range(300):
        env.reset(options={"state": (11 + 9, 5, True)})
        state, *_ = env.step(HIT)
        if state[0] == 21:
            assert env.step(STICK)[1] <= 1.0


@pytest.mark.parametrize("auto_draw", [True, False])
def test_a_hand_can_begin_in_every_state(auto_draw):
    env = BlackjackEnv(auto_draw=auto_draw, render_mode="ansi")
    env.reset(seed=8)
    for state in env.P:
        assert env.reset(options={"state": state}) == (state, {})
        assert env.render().count(f"sum {state[0]}") == 1
        player, dealer = env._hands()
        assert sums_of(player) == (state[0], state[2]) and dealer[0] == state[1]
    env.reset(options={"state": (np.int64(13), np.int64(2), np.True_)})
    assert [type(part) for part in env.step(STICK)[0]] == [int, int, bool]


def test_text_hides_the_second_card_until_the_hand_is_over():
    env = gymnasium.make("course/Blackjack-v0", render_mode="ansi")
    assert env.render() == "dealer: -\nplayer: -   (sum 0)"
    env.reset(seed=0, options={"state": (13, 1, True)})
    assert env.render() == "dealer: A\nplayer: A 2   (sum 13, an ace counts 11)"
    env.step(STICK)
    assert env.render().startswith("dealer: A ") and env.render().endswith("player: A 2   (sum 13, an ace counts 11)")


def test_a_lost_hand_shows_the_cards_that_lost_it():
    env = gymnasium.make("course/Blackjack-v0", render_mode="ansi")
    env.reset(seed=0)
    state, terminated = env.reset(options={"state": (20, 5, False)})[0], False
    while not terminated:
        state, reward, terminated, _, _ = env.step(HIT)
    assert reward == -1.0 and state[0] > 21
    dealer, player = env.render().splitlines()
    assert player.startswith("player: 10 10 ") and player.endswith(f"(sum {state[0]})")
    assert len(dealer.split()) == 3  # "dealer:" and its two cards


def test_picture_shows_a_card_for_each_card():
    env = gymnasium.make("course/Blackjack-v0", render_mode="rgb_array")
    assert env.reset(seed=0, options={"state": (13, 2, True)})[0] == (13, 2, True)
    before = env.render()
    assert before.dtype == np.uint8 and before.shape == (152, 552, 3)

    def papers(picture, row):
        """How many cards lie open: white in the upper left corner of their places."""
        return sum((picture[8 + 72 * row + 12, 84 + 52 * place + 8] == 255).all() for place in range(9))

    assert (papers(before, 0), papers(before, 1)) == (1, 2)
    assert all((before[8 + 72 * row : 72 + 72 * row, :76] == 255).any() for row in (0, 1))  # a label before each row
    env.step(HIT)
    assert papers(env.render(), 1) == 3
    env.step(STICK)
    assert papers(env.render(), 0) >= 2


def test_a_seed_repeats_the_hands():
    def record(env, seed):
        env.reset(seed=seed)
        return [hand_with(env, below(18)) for _ in range(200)]

    env = BlackjackEnv()
    first = record(env, 9)
    assert record(env, 9) == first == record(BlackjackEnv(), 9) != record(env, 10)


def test_a_copy_plays_on_alone():
    env = BlackjackEnv(render_mode="ansi")
    env.reset(seed=11)
    hand_with(env, below(18))
    env.reset()
    other = copy.deepcopy(env)
    text = env.render()
    ahead = [hand_with(other, below(20)) for _ in range(5000)]  # more hands than are dealt at once
    assert env.render() == text
    assert [hand_with(env, below(20)) for _ in range(5000)] == ahead


@pytest.mark.parametrize("action", [2, -1, None, "hit", 0.5])
def test_an_unknown_action_is_refused(action):
    env = BlackjackEnv()
    env.reset(seed=0)
    with pytest.raises(gymnasium.error.InvalidAction, match=r"^The action should be 0 \(stick\) or 1 \(hit\), not "):
        env.step(action)
    assert env.step(STICK)[2]  # the hand goes on as if nothing had happened


@pytest.mark.parametrize("state", [(11, 2, False), (22, 2, False), (13, 11, False), (11, 2, True), 13, [13, 2, True]])
def test_an_unknown_state_is_refused(state):
    with pytest.raises(ValueError, match=r"^The state should be \(player_sum, dealer_card, usable_ace\), for example"):
        BlackjackEnv().reset(options={"state": state})


def test_an_unknown_render_mode_is_refused():
    with pytest.raises(ValueError, match=r"^render_mode should be None, 'ansi' or 'rgb_array', not 'human'\.$"):
        BlackjackEnv(render_mode="human")


def test_a_step_needs_a_hand():
    env = BlackjackEnv()
    with pytest.raises(gymnasium.error.ResetNeeded, match=r"call reset\(\) before step\(\)"):
        env.step(STICK)
    env.reset(seed=0)
    env.step(STICK)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(HIT)


def test_an_ace_counts_11_whenever_it_can():
    for state in AFTER:
        total, dealer, usable = state
        for card in DECK:
            hand = [1, total - 11, card] if usable else [total, card]
            want = sums_of(hand)
            if not usable and card != 1:
                want = (total + card, False)
            assert added(total, usable, card) == want
            assert AFTER[state][card] == (want[0], dealer, want[1])
