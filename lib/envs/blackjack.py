"""Blackjack against a dealer, as in Sutton and Barto's Example 5.1 and in the 2016 tutorial."""

import functools
from collections.abc import Sequence
from typing import ClassVar

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete, Tuple
from PIL import Image, ImageDraw, ImageFont

from lib.envs.finite import check_render_mode, rendered, reset_needed

STICK, HIT = 0, 1
DECK = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10)  # infinite: each card is drawn from all thirteen
# One call of NumPy takes longer than a hand, so this many hands are dealt, and cards for hits drawn, at a time.
HANDS, CARDS = 4096, 4096

State = tuple[int, int, bool]  # (player's sum, dealer's first card, whether an ace of the player counts 11)

CARD, GAP, LABEL = (44, 64), 8, 76  # pixels of a card in the picture, between cards, and of a row's label
TABLE, PAPER, INK = (0, 90, 70), (255, 255, 255), (20, 20, 20)


def added(total: int, usable: bool, card: int) -> tuple[int, bool]:
    """A hand's sum, and whether an ace in it counts 11, after one more card."""
    if card == 1 and total <= 10:
        return total + 11, True
    total += card
    if usable and total > 21:
        return total - 10, False
    return total, usable


_ONE: dict[State, State] = {}


def _one(total: int, dealer: int, usable: bool) -> State:
    """A state, always the same object: a dictionary finds it faster than an equal one."""
    state = (total, dealer, usable)
    return _ONE.setdefault(state, state)


# AFTER[state][card] is the state after a hit: a look-up takes a third of the time of a call.
AFTER: dict[State, list[State]] = {
    _one(total, dealer, usable): [
        _one(new, dealer, soft) for new, soft in (added(total, usable, card) for card in range(11))
    ]
    for usable in (False, True)
    for total in range(12 if usable else 4, 22)
    for dealer in range(1, 11)
}
# In an array a hand is one number: its sum, plus SOFT if an ace counts 11; `hand & SUM` is the sum alone.
# NEXT[len(DECK) * hand + k] is the hand after the card DECK[k].
SOFT, SUM = 32, 31
NEXT = np.array(
    [
        total + SOFT * usable
        for hand in range(2 * SOFT)
        for total, usable in (added(min(hand & SUM, 21), hand >= SOFT, card) for card in DECK)
    ]
)
# What a dealt hand is: DEALT[(hand * 10 + dealer_card - 1) * 6 + k] is its first state, and LASTS[k].
LASTS = (0, 17, 18, 19, 20, 21)  # the dealer's last sum, 0 if it went over 21
DEALT: list[tuple[State, int]] = [
    (_one(hand & SUM, dealer, hand >= SOFT), last)
    for hand in range(2 * SOFT)
    for dealer in range(1, 11)
    for last in LASTS
]


def cards(number: int, rng: np.random.Generator) -> np.ndarray:
    """So many cards, each as its place in DECK."""
    return rng.integers(len(DECK), size=number, dtype=np.uint8)


def draw_until(enough: int, hands: np.ndarray, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw cards for each hand until its sum is ``enough`` or more; ``hands`` is changed in place.

    Returns the rounds: which hands drew a card, and those cards as places in DECK.
    """
    rounds = []
    drawing = np.flatnonzero(hands & SUM < enough)
    while len(drawing):
        drawn = cards(len(drawing), rng)
        hands[drawing] = now = NEXT[len(DECK) * hands[drawing] + drawn]
        rounds.append((drawing, drawn))
        drawing = drawing[now & SUM < enough]
    return rounds


class BlackjackEnv(gymnasium.Env):
    """Draw cards to come closer to 21 than the dealer, without going over.

    A state is ``(player_sum, dealer_card, usable_ace)``: the player's sum, the dealer's first card (1 is an ace), and
    whether an ace of the player counts 11; an ace does so whenever the sum stays within 21. Actions: 0 sticks, 1 hits.
    Cards come from an infinite deck; 10, jack, queen and king count 10. Who goes over 21 has lost at once. After the
    player sticks, the dealer draws until 17 or more. The reward is 1 for a win, 0 for a draw and -1 for a loss, all at
    the end of the hand.

    auto_draw: the player draws until 12 or more before the first decision, since below 12 a card cannot hurt: the rule
        of the book's state space and of the 2016 tutorial. Without it, a hand begins with two cards, as in Gymnasium's
        Blackjack-v1; then the rules agree with it.
    natural: a win with an ace and a ten as the first two cards pays 1.5.
    render_mode: None, "ansi" (text) or "rgb_array" (picture).

    ``P[state][action]`` lists what can happen as ``(probability, next_state, reward, terminated)``, and ``starts`` is
    the probability of each first state. ``reset(options={"state": (13, 2, True)})`` begins a hand in that state.
    """

    metadata: ClassVar[dict] = {"render_modes": ["ansi", "rgb_array"], "render_fps": 1}

    def __init__(self, auto_draw: bool = True, natural: bool = False, render_mode: str | None = None) -> None:
        check_render_mode(self, render_mode)
        self.auto_draw, self.natural, self.render_mode = auto_draw, natural, render_mode
        self.action_space = Discrete(2)
        self.observation_space = Tuple((Discrete(32), Discrete(11), Discrete(2)))
        self._dealt: list[int] = []  # hands that are dealt and not yet played, as places in DEALT
        self._rounds: tuple[list, list] = ([], [])  # the cards of player and dealer in all hands dealt at once
        self._given: tuple[list[int], list[int]] | None = None  # the cards, where a state was asked for
        self._cards: list[int] = []  # for hits
        self._hits: list[int] = []
        self._state, self._last = (0, 0, False), 0
        self._playing = False

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[State, dict]:
        """Deal a hand. options: {"state": (player_sum, dealer_card, usable_ace)} begins there.

        Raises ValueError if there is no such state.
        """
        if seed is not None:
            super().reset(seed=seed)
            self._dealt, self._cards = [], []
        if options and options.get("state") is not None:
            self._begin(options["state"])
        else:
            try:
                number = self._dealt.pop()
            except IndexError:
                self._deal()
                number = self._dealt.pop()
            self._state, self._last = DEALT[number]
            self._given = None
        self._hits = []
        self._playing = True
        return self._state, {}

    def _deal(self) -> None:
        """Deal many hands, and finish the dealer's: its cards do not depend on what the player will do."""
        rng = self.np_random
        shown, hidden, first, second = rounds = [cards(HANDS, rng) for _ in range(4)]
        dealer, player = NEXT[len(DECK) * NEXT[shown] + hidden], NEXT[len(DECK) * NEXT[first] + second]
        every = np.arange(HANDS)
        dealt = [(every, drawn) for drawn in rounds]
        self._rounds = (
            dealt[2:] + draw_until(12 if self.auto_draw else 0, player, rng),
            dealt[:2] + draw_until(17, dealer, rng),
        )
        last = np.where(dealer & SUM > 21, 0, (dealer & SUM) - 16)
        self._dealt = ((player * 10 + np.minimum(shown, 9)) * len(LASTS) + last).tolist()

    def _begin(self, state: State) -> None:
        """A hand in this state: the dealer's further cards are drawn, the player gets cards that make the state."""
        try:
            known = state in _model(self.auto_draw)
        except TypeError:  # a list, for example
            known = False
        if not known:
            raise ValueError(
                f"The state should be (player_sum, dealer_card, usable_ace), for example (13, 2, True), not {state!r}."
            )
        self._state = _one(int(state[0]), int(state[1]), bool(state[2]))
        dealer, (total, usable) = [self._state[1]], added(0, False, self._state[1])
        while total < 17:
            dealer.append(self._draw())
            total, usable = added(total, usable, dealer[-1])
        self._last, self._given = 0 if total > 21 else total, (_cards_of(self._state), dealer)

    def _draw(self) -> int:
        if not self._cards:
            self._cards = np.array(DECK)[cards(CARDS, self.np_random)].tolist()
        return self._cards.pop()

    def step(self, action: int) -> tuple[State, float, bool, bool, dict]:
        """Hit (1) or stick (0).

        Raises ResetNeeded when no hand is being played, InvalidAction for any other action.
        """
        if not self._playing:
            raise reset_needed()
        if action == HIT:
            try:
                card = self._cards.pop()
            except IndexError:
                card = self._draw()
            self._hits.append(card)
            self._state = state = AFTER[self._state][card]
            if state[0] <= 21:
                return state, 0.0, False, False, {}
            self._playing = False
            return state, -1.0, True, False, {}
        if action == STICK:
            self._playing = False
            state, last = self._state, self._last
            reward = 1.0 if state[0] > last else 0.0 if state[0] == last else -1.0
            if self.natural and reward == 1.0 and sorted(self._hands()[0]) == [1, 10]:
                reward = 1.5
            return state, reward, True, False, {}
        raise gymnasium.error.InvalidAction(f"The action should be 0 (stick) or 1 (hit), not {action!r}.")

    def _hands(self) -> tuple[list[int], list[int]]:
        """The cards of player and dealer, in the order drawn."""
        if self._given is not None:
            player, dealer = self._given
        else:
            row = len(self._dealt)  # where the hand was before it was taken from the end of the list
            player, dealer = (
                [DECK[drawn[who == row][0]] for who, drawn in rounds if row in who] for rounds in self._rounds
            )
        return player + self._hits, dealer

    @property
    def P(self) -> dict[State, dict[int, list[tuple[float, State, float, bool]]]]:
        """The model. After a terminated step, next_state is what the player's cards and the dealer's show then.

        Raises AttributeError with ``natural``: whether a 21 was dealt at once, the state does not say.
        """
        if self.natural:
            raise AttributeError("With natural=True there is no P: the state does not say how many cards make up a 21.")
        return _model(self.auto_draw)

    @property
    def starts(self) -> dict[State, float]:
        """The probability of each first state."""
        return _first_states(self.auto_draw)

    def render(self) -> str | np.ndarray | None:
        """What ``render_mode`` asks for: text or a picture (H, W, 3). The dealer's second card is hidden at first."""
        return rendered(self)

    def _text(self) -> str:
        player, dealer = (" ".join(map(_letter, hand)) or "-" for hand in self._seen())
        ace = ", an ace counts 11" if self._state[2] else ""
        return f"dealer: {dealer}\nplayer: {player}   (sum {self._state[0]}{ace})"

    def _seen(self, hidden: Sequence[int] = ()) -> tuple[list[int], list[int]]:
        """The cards of player and dealer as the player sees them: at first one of the dealer's, then ``hidden``."""
        if self._state[0] == 0:
            return [], []  # before the first hand
        player, dealer = self._hands()
        if self._playing:
            return player, [dealer[0], *hidden]
        return player, dealer if self._state[0] <= 21 else dealer[:2]

    def _picture(self) -> np.ndarray:
        width = LABEL + 9 * (CARD[0] + GAP) + GAP  # hardly a hand has more cards; those would be cut off
        image = Image.new("RGB", (width, 2 * (CARD[1] + GAP) + GAP), TABLE)
        draw, font = ImageDraw.Draw(image), ImageFont.load_default(24)
        player, dealer = self._seen(hidden=[0])
        for row, (label, hand) in enumerate((("dealer", dealer), ("you", player))):
            top = GAP + row * (CARD[1] + GAP)
            draw.text((GAP, top + CARD[1] / 2), label, PAPER, ImageFont.load_default(20), anchor="lm")
            for column, card in enumerate(hand):
                left = LABEL + GAP + column * (CARD[0] + GAP)
                box = (left, top, left + CARD[0], top + CARD[1])
                draw.rounded_rectangle(box, radius=6, fill=PAPER if card else TABLE, outline=PAPER, width=2)
                if card:
                    draw.text((left + CARD[0] / 2, top + CARD[1] / 2), _letter(card), INK, font, anchor="mm")
        return np.array(image)


def _letter(card: int) -> str:
    return "A" if card == 1 else str(card)


def _cards_of(state: State) -> list[int]:
    """Two cards, or three for a 21 without a usable ace, that make such a hand."""
    total, _, usable = state
    if usable:
        return [1, total - 11]
    return [10, 10, 1] if total == 21 else [min(10, total - 2), max(2, total - 10)]


@functools.cache
def _first_states(auto_draw: bool) -> dict[State, float]:
    """Every first state of a hand and its probability."""
    hands = {(0, 0, False): 1.0}  # (cards, sum, usable) -> probability
    chances: dict[tuple[int, bool], float] = {}
    while hands:
        later: dict[tuple[int, int, bool], float] = {}
        for (cards, total, usable), chance in hands.items():
            if cards >= 2 and (total >= 12 or not auto_draw):
                chances[total, usable] = chances.get((total, usable), 0.0) + chance
                continue
            for card in DECK:
                hand = (cards + 1, *added(total, usable, card))
                later[hand] = later.get(hand, 0.0) + chance / len(DECK)
        hands = later
    return {
        (total, dealer, usable): chance * DECK.count(dealer) / len(DECK)
        for (total, usable), chance in sorted(chances.items())
        for dealer in range(1, 11)
    }


@functools.cache
def _model(auto_draw: bool) -> dict[State, dict[int, list[tuple[float, State, float, bool]]]]:
    sums = [(total, False) for total in range(12 if auto_draw else 4, 22)] + [(total, True) for total in range(12, 22)]
    return {
        (total, dealer, usable): {
            STICK: _stick((total, dealer, usable)),
            HIT: _hit((total, dealer, usable)),
        }
        for total, usable in sums
        for dealer in range(1, 11)
    }


def _hit(state: State) -> list[tuple[float, State, float, bool]]:
    total, dealer, usable = state
    chances: dict[State, float] = {}
    for card in DECK:
        new_total, new_usable = added(total, usable, card)
        chances[new_total, dealer, new_usable] = chances.get((new_total, dealer, new_usable), 0.0) + 1 / len(DECK)
    return [(chance, to, -1.0 if to[0] > 21 else 0.0, to[0] > 21) for to, chance in chances.items()]


def _stick(state: State) -> list[tuple[float, State, float, bool]]:
    chances = dict.fromkeys((1.0, 0.0, -1.0), 0.0)
    for total, chance in dealer_totals(*added(0, False, state[1])).items():
        chances[1.0 if total > 21 or state[0] > total else 0.0 if state[0] == total else -1.0] += chance
    return [(chance, state, reward, True) for reward, chance in chances.items() if chance > 0]


@functools.cache
def dealer_totals(total: int, usable: bool) -> dict[int, float]:
    """The dealer's last sum and its probability, from this sum on."""
    if total >= 17:
        return {total: 1.0}
    chances: dict[int, float] = {}
    for card in DECK:
        for last, chance in dealer_totals(*added(total, usable, card)).items():
            chances[last] = chances.get(last, 0.0) + chance / len(DECK)
    return chances
