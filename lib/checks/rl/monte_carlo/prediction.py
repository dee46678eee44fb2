"""Checks of ``rl/05_monte_carlo/01_prediction``.

Functions that play are handed small random worlds in which states come back within an episode. Every copy of such a
world plays the same chances, so that a check can play on one copy what the learner's function plays on another.
"""

import copy
import itertools

import numpy as np
from gymnasium.wrappers import TimeLimit

from lib.checks import check
from lib.checks.rl.logged import Logged, returns_from

CUT = 3  # steps, where a time limit cuts episodes
LONG = 300  # steps of one episode that does not come to an end soon


class World(Logged):
    """A logged world that also keeps the seeds it was given.  steps: how long its episodes are, random if None."""

    def __init__(self, *given, steps: int | None = None, seeds: list | None = None, **options) -> None:
        super().__init__(*given, **options)
        self.steps, self.seeds = steps, [] if seeds is None else seeds

    def __deepcopy__(self, memo) -> "World":
        self.log.clear()
        self.seeds.clear()
        return World(*self.given, steps=self.steps, seeds=self.seeds, log=self.log)

    def reset(self, *, seed=None, options=None) -> tuple[tuple, dict]:
        self.seeds += [] if seed is None else [seed]
        return super().reset(options=options)

    def step(self, action) -> tuple[tuple, float, bool, bool, dict]:
        state, reward, over, truncated, info = super().step(action)
        if self.steps is not None:
            over = len(self.log[-1]) == self.steps
            self.at = None if over else state[0]
        return state, reward, over, truncated, info


class WholeAnswerOfReset(TypeError):
    """The policy was asked with the pair that reset returns."""


class UnknownState(TypeError):
    """The policy was asked with something that is no state of its world."""


class Policy:
    """An action for each state (number, whether it is even); with ``rng``, it tosses one each time it is asked."""

    def __init__(self, actions: np.ndarray, rng: np.random.Generator | None = None) -> None:
        self.actions, self.rng = actions, rng

    def __call__(self, state) -> int:
        if isinstance(state, tuple) and len(state) == 2 and isinstance(state[1], dict):
            raise WholeAnswerOfReset(f"the policy was asked with {state!r:.60}, which is no state")
        if state not in [(number, number % 2 == 0) for number in range(len(self.actions))]:
            raise UnknownState(f"the policy was asked with {state!r:.60}, which is no state of this environment")
        return int(self.actions[state[0]] if self.rng is None else self.rng.integers(self.actions.max() + 1))


SEEDED = "`reset` got a seed: then every episode is the same; call `env.reset()` alone"


def _policy(rng, n_states, n_actions):
    return Policy(rng.permutation(np.arange(n_states) % n_actions))


def _seed(rng) -> int:
    return int(rng.integers(2**31))


def _is_triple(entry) -> bool:
    return isinstance(entry, (tuple, list)) and len(entry) == 3


# --- play_hand ----------------------------------------------------------------------------------


@check
def play_hand(case):
    """States, actions and rewards of the same chances, played here; ended by both flags."""
    rng, answers = case.rng, []
    for number in range(14):
        n_states, n_actions = 4 + number % 3, 2 + number % 2
        policy, cut = _policy(rng, n_states, n_actions), number >= 7
        sparse = {"rewards": rng.choice([0.0, 0.0, 2.5], size=(n_states, n_actions)), "spread": 0.0}
        world = _long(rng, n_states, n_actions, **(sparse if number % 2 else {}))
        env = TimeLimit(world, CUT) if cut else world
        want = _play(copy.deepcopy(env), policy)
        answers.append((case.call(env, policy), want, len(world.log), list(world.seeds), cut))
    world, policy = World(_seed(rng), 5, 3, steps=LONG), _policy(rng, 5, 3)
    want = _play(copy.deepcopy(world), policy)
    answers.append((case.call(world, policy), want, len(world.log), list(world.seeds), False))
    for _ in range(3):  # a policy that tosses: what was played is known from the log alone
        world, policy = _long(rng, 4, 3), Policy(np.arange(4) % 3, np.random.default_rng(_seed(rng)))
        got = case.call(world, policy)
        answers.append((got, list(world.log[-1]) if world.log else [], len(world.log), list(world.seeds), False))
    for got, want, resets, seeds, cut in answers:
        case.true(not seeds, SEEDED)
        case.true(resets > 0, "`env.reset` was not called: begin with `state, info = env.reset()`")
        case.true(
            isinstance(got, list) and all(map(_is_triple, got)),
            "the answer should be a list of triples (state, action, reward), one for each step",
        )
        how = f"which a time limit cut after {CUT} steps" if cut else f"of {len(want)} steps"
        case.true(len(got) == len(want), f"an episode {how} should give {len(want)} triples, but there are {len(got)}")
        for t, ((state, action, reward), (S, A, R)) in enumerate(zip(got, want, strict=True)):
            asked = (
                f"that is what the policy says in {S}: the action should be `policy(state)`, asked once in each step"
            )
            case.near(f"the action of step {t} of an episode {how}", action, A, hint=asked)
            case.near(f"the reward of step {t} of an episode {how}", reward, R)
            case.true(isinstance(state, tuple) and state == S, f"the state of step {t} should be {S}, not {state!r}")
        case.true(resets == 1, f"one episode was to be played, but reset was called {resets} times")
    return f"18 episodes are written down as they were played, 7 of them cut by a time limit, one of {LONG} steps"


def _long(rng, n_states, n_actions, **options) -> World:
    """A world whose first episode is longer than the limit. Its length does not depend on the actions."""
    while True:
        world = World(_seed(rng), n_states, n_actions, **options)
        if CUT + 1 < len(_play(copy.deepcopy(world), lambda state: 0)) < 12:
            return world


def _steps(env, policy, ends=lambda terminated, truncated, reward: terminated or truncated, newest=True):
    """Every step of an episode: state, action, reward, next state. newest: whether the policy sees the newest state."""
    first, _ = env.reset()
    state, steps = first, []
    for _ in range(2 * LONG):  # a mistake ends, too
        action = policy(state if newest else first)
        following, reward, terminated, truncated, _ = env.step(action)
        steps.append((state, action, reward, following))
        state = following
        if ends(terminated, truncated, reward):
            break
    return steps


def _play(env, policy) -> list[tuple]:
    return [step[:3] for step in _steps(env, policy)]


@play_hand.mistake("time limits are ignored: a step that is truncated ends the episode, too")
def ignores_truncated(env, policy):
    return [step[:3] for step in _steps(env, policy, lambda terminated, *_: terminated)]


@play_hand.mistake(
    "the flag terminated is ignored (or `and` stands where `or` belongs): the episode went on after its end"
)
def ignores_terminated(env, policy):
    return [step[:3] for step in _steps(env, policy, lambda _, truncated, *__: truncated)]


@play_hand.mistake(
    "the episode was taken for over as soon as a reward was not 0: rewards come at any step, and a draw pays 0 at the "
    "end; the two flags say when it is over"
)
def ends_with_a_reward(env, policy):
    return [step[:3] for step in _steps(env, policy, lambda _, __, reward: reward != 0)]


@play_hand.mistake("there is only one step: go on until a step is terminated or truncated")
def one_step(env, policy):
    return [step[:3] for step in _steps(env, policy, lambda *_: True)]


@play_hand.mistake(SEEDED)
def seeds_the_world(env, policy):
    state, _ = env.reset(seed=0)
    steps, over = [], False
    while not over:
        action = policy(state)
        following, reward, terminated, truncated, _ = env.step(action)
        steps.append((state, action, reward))
        state, over = following, terminated or truncated
    return steps


@play_hand.mistake("`reset` returns two things, the state and a dictionary: `state, info = env.reset()`")
def keeps_what_reset_returns(env, policy):
    return [(policy(env.reset()), 0, 0.0)]


@play_hand.mistake(
    "the policy was asked with something that is no state of this environment: play in the `env` that you were given, "
    "do not make one, and ask `policy(state)` with the whole state"
)
def plays_elsewhere(env, policy):
    return [(policy((13, 2, True)), 0, 0.0)]


@play_hand.mistake(
    "the number of names does not fit: `reset` returns two things, state and info; `step` returns five: "
    "next_state, reward, terminated, truncated, info"
)
def unpacks_four(env, policy):
    state, _ = env.reset()
    next_state, reward, done, _ = env.step(policy(state))
    return [(state, next_state, reward, done)]


@play_hand.mistake("the policy was asked twice in one step: keep its answer, step with it and write it down")
def asks_twice(env, policy):
    state, _ = env.reset()
    steps, over = [], False
    while not over:
        following, reward, terminated, truncated, _ = env.step(policy(state))
        steps.append((state, policy(state), reward))
        state, over = following, terminated or truncated
    return steps


@play_hand.mistake("the state in each triple is the one after the step: it should be the one in which you decided")
def next_states(env, policy):
    return [(following, action, reward) for _, action, reward, following in _steps(env, policy)]


@play_hand.mistake("the last step is missing: append the triple before you look at the flags")
def misses_last(env, policy):
    return _play(env, policy)[:-1]


@play_hand.mistake("the first step is missing: append the triple of every step")
def misses_first(env, policy):
    return _play(env, policy)[1:]


@play_hand.mistake(
    "there is an entry for the state after the last step: nothing is decided there, so it does not belong in the list"
)
def counts_the_end(env, policy):
    steps = _steps(env, policy)
    return [*(step[:3] for step in steps), (steps[-1][3], policy(steps[-1][3]), 0.0)]


@play_hand.mistake("the policy was asked with the first state all the time: it should see the newest state")
def policy_sees_first(env, policy):
    return [step[:3] for step in _steps(env, policy, newest=False)]


@play_hand.mistake("every triple holds the first state: after each step the next state becomes the state")
def state_never_changes(env, policy):
    steps = _steps(env, policy, newest=False)
    return [(steps[0][0], action, reward) for _, action, reward, _ in steps]


@play_hand.mistake("the rewards before the last one are lost: each step has its own reward, also where it does not end")
def only_last_reward(env, policy):
    steps = _steps(env, policy)
    return [(*step[:2], 0.0) for step in steps[:-1]] + [steps[-1][:3]]


@play_hand.mistake("every triple holds the last reward: write down the reward of each step beside its own state")
def last_reward_everywhere(env, policy):
    steps = _steps(env, policy)
    return [(*step[:2], steps[-1][2]) for step in steps]


@play_hand.mistake("the rewards are one step late: R_{t+1} belongs in the triple of S_t and A_t")
def rewards_late(env, policy):
    steps = _steps(env, policy)
    rewards = [0.0, *(step[2] for step in steps)]
    return [(*step[:2], reward) for step, reward in zip(steps, rewards, strict=False)]


@play_hand.mistake("the rewards were added up on the way: write down the reward of each step alone")
def adds_up_rewards(env, policy):
    steps = _steps(env, policy)
    sums = itertools.accumulate(step[2] for step in steps)
    return [(*step[:2], total) for step, total in zip(steps, sums, strict=True)]


@play_hand.mistake("the order in the triples is (state, reward, action): it should be (state, action, reward)")
def other_order(env, policy):
    return [(state, reward, action) for state, action, reward, _ in _steps(env, policy)]


@play_hand.mistake("the actions are missing: each triple is (state, action, reward)")
def without_actions(env, policy):
    return [(state, reward) for state, _, reward, _ in _steps(env, policy)]


@play_hand.mistake("there are four things in each entry: leave the next state out, it stands in the next triple")
def with_next_states(env, policy):
    return _steps(env, policy)


@play_hand.mistake("reset was called twice: the first hand was thrown away")
def resets_twice(env, policy):
    env.reset()
    return _play(env, policy)


@play_hand.mistake("the actions are those of the state after the step: ask the policy before you step")
def actions_of_next_state(env, policy):
    return [(state, policy(following), reward) for state, _, reward, following in _steps(env, policy)]


# --- first_visit_returns ------------------------------------------------------------------------

LETTERS = "ABCDE"


def _episode(rng, length: int, repeats: bool = True) -> list[tuple]:
    """States are letters or tuples; where it repeats, the first and the last step are in the same state."""
    kind = (lambda k: (int(k), bool(k % 2))) if length % 2 else (lambda k: LETTERS[int(k)])
    numbers = rng.integers(5, size=length) if repeats else rng.permutation(5)[:length]
    if repeats and length > 2:
        numbers[[0, 1, -1]] = numbers[0], (numbers[0] + 1) % 5, numbers[0]
    rewards = rng.normal(size=length) * 2
    return [(kind(k), int(rng.integers(2)), float(reward)) for k, reward in zip(numbers, rewards, strict=True)]


def first_visits(episode, gamma) -> dict:
    """By the definition, from the front: each first visit, and the discounted sum of what followed it."""
    found = {}
    for (state, _, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found.setdefault(state, G)
    return found


def _judge_table(case, what, got, want, keys_hint):
    case.true(isinstance(got, dict), f"the answer should be a dictionary {{state: number}}, but it is {got!r:.60}")
    missing, extra = [s for s in want if s not in got], [s for s in got if s not in want]
    case.true(not missing, f"{what}: there is no entry for {missing[:1]}, which was visited; {keys_hint}")
    case.true(not extra, f"{what}: there is an entry for {extra[:1]}, where nothing was decided; {keys_hint}")
    for state, value in want.items():
        case.near(f"{what}: state {state}", got[state], value)


@check
def first_visit_returns(case):
    """The returns of episodes in which states come back, against the sum of the definition."""
    rng, answers = case.rng, []
    for length, gamma, repeats in (
        (6, 0.5, True), (9, 0.9, True), (1, 0.7, True), (4, 0.8, False), (12, 1.0, True), (8, 0.0, True), (3, 0.6, True)
    ):  # fmt: skip
        episode = _episode(rng, length, repeats)
        answers.append((f"{length} steps, γ = {gamma}", case.call(episode, gamma), first_visits(episode, gamma)))
    hand = [((13, 2, True), 1, 0.0), ((13, 2, False), 1, 0.0), ((20, 2, False), 0, 1.0)]
    answers.append(("the hand of the picture, γ = 1", case.call(hand, 1.0), {state: 1.0 for state, _, _ in hand}))
    draw = [((20, 2, False), 0, 0.0)]
    answers.append(("one step that pays 0", case.call(draw, 1.0), {(20, 2, False): 0.0}))
    back = [("A", 0, -1.0), ("A", 1, 1.0)]
    answers.append(("A pays -1, A pays 1, γ = 1", case.call(back, 1.0), {"A": 0.0}))
    for what, got, want in answers:
        _judge_table(case, what, got, want, "the states of the triples are the keys")
    return "7 random episodes, most with states that come back, the hand of the picture, and two returns of 0"


def _with_returns(episode, returns, last_wins=False) -> dict:
    found = {}
    for (state, _, _), G in zip(episode, returns, strict=True):
        if last_wins:
            found[state] = G
        else:
            found.setdefault(state, G)
    return found


def _rewards(episode) -> list[float]:
    return [reward for _, _, reward in episode]


@first_visit_returns.mistake(
    "a state that comes back has the return after its last visit: let the first visit overwrite, or keep what you saw "
    "first if you walk forwards"
)
def last_visit(episode, gamma):
    return _with_returns(episode, returns_from(episode, gamma), last_wins=True)


@first_visit_returns.mistake(
    "a state that comes back has the mean over all of its visits: that is every-visit; only the first one counts here"
)
def every_visit(episode, gamma):
    found: dict = {}
    for (state, _, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found.setdefault(state, []).append(G)
    return {state: sum(values) / len(values) for state, values in found.items()}


@first_visit_returns.mistake("a return of 0 was left out: a draw is an outcome, too, and belongs in the dictionary")
def leaves_out_zeros(episode, gamma):
    found = {}
    for (state, _, _), G in reversed(list(zip(episode, returns_from(episode, gamma), strict=True))):
        if G:
            found[state] = G
    return found


@first_visit_returns.mistake(
    "a first return of exactly 0 was taken for none and overwritten: ask `if state not in returns`"
)
def overwrites_zeros(episode, gamma):
    found: dict = {}
    for (state, _, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found[state] = found.get(state) or G
    return found


@first_visit_returns.mistake("the returns of several visits are added up: each state gets only that of its first visit")
def sums_visits(episode, gamma):
    found: dict = {}
    for (state, _, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found[state] = found.get(state, 0.0) + G
    return found


@first_visit_returns.mistake("γ is applied one step too often: a step's own reward is not discounted, G = R + γ G")
def discounts_own_reward(episode, gamma):
    return _with_returns(episode, [gamma * G for G in returns_from(episode, gamma)])


@first_visit_returns.mistake("γ was left out: the return of the next step is multiplied by gamma")
def without_gamma(episode, gamma):
    return _with_returns(episode, returns_from(episode, 1.0))


@first_visit_returns.mistake(
    "the step's own reward is missing: first G = R + γ G with the reward of this triple, then write G down"
)
def without_own_reward(episode, gamma):
    return _with_returns(episode, [*returns_from(episode, gamma)[1:], 0.0])


@first_visit_returns.mistake("the own reward of each step is discounted in place of what follows: G = R + γ G")
def gamma_on_the_wrong_side(episode, gamma):
    G, returns = 0.0, []
    for reward in reversed(_rewards(episode)):
        G = gamma * reward + G
        returns.append(G)
    return _with_returns(episode, returns[::-1])


@first_visit_returns.mistake(
    "G is multiplied by γ after the reward was added, so that the last step's reward is right and all others are "
    "discounted once too often: multiply first, then add"
)
def discounts_before_writing(episode, gamma):
    returns = returns_from(episode, gamma)
    return _with_returns(episode, [*(gamma * G for G in returns[:-1]), returns[-1]])


@first_visit_returns.mistake("every state has the return of the whole episode: only what follows its visit counts")
def return_of_the_episode(episode, gamma):
    return _with_returns(episode, [returns_from(episode, gamma)[0]] * len(episode))


@first_visit_returns.mistake(
    "the episode was walked from its beginning with G = R + γ G: that sums up the past; begin at the end"
)
def sums_the_past(episode, gamma):
    G, returns = 0.0, []
    for reward in _rewards(episode):
        G = reward + gamma * G
        returns.append(G)
    return _with_returns(episode, returns)


@first_visit_returns.mistake(
    "the episode was walked from its beginning with G = R + γ G, and later visits overwrite: begin at the end"
)
def sums_the_past_and_overwrites(episode, gamma):
    G, found = 0.0, {}
    for state, _, reward in episode:
        G = reward + gamma * G
        found[state] = G
    return found


@first_visit_returns.mistake("the discount is counted from the start of the episode: it begins at the visit")
def discounts_from_start(episode, gamma):
    n = len(episode)
    weighted = [gamma**t * reward for t, reward in enumerate(_rewards(episode))]
    return _with_returns(episode, [sum(weighted[t:]) for t in range(n)])


@first_visit_returns.mistake("these are the rewards of single steps: what comes later belongs to the return, too")
def only_rewards(episode, gamma):
    return _with_returns(episode, _rewards(episode))


@first_visit_returns.mistake(
    "only the last reward counts in these returns: that is enough in blackjack, but rewards may come at every step"
)
def only_the_last(episode, gamma):
    rewards = _rewards(episode)
    n = len(rewards)
    return _with_returns(episode, [gamma ** (n - 1 - t) * rewards[-1] for t in range(n)])


@first_visit_returns.mistake("the last reward alone was taken, without γ: sum up all rewards from the visit on")
def only_the_last_undiscounted(episode, gamma):
    return dict.fromkeys((state for state, _, _ in episode), _rewards(episode)[-1])


@first_visit_returns.mistake("the reward of the last step is missing from the returns")
def without_last_reward(episode, gamma):
    short = [*episode[:-1], (*episode[-1][:2], 0.0)]
    return _with_returns(episode, returns_from(short, gamma))


@first_visit_returns.mistake("the last step is left out: its state was visited, too, and its reward counts")
def without_last_step(episode, gamma):
    return first_visits(episode[:-1], gamma)


@first_visit_returns.mistake("the first step is left out: count down to 0, `range(len(episode) - 1, -1, -1)`")
def without_first_step(episode, gamma):
    return first_visits(episode[1:], gamma)


@first_visit_returns.mistake("only the last step is in it: the `return` stands inside the loop, move it to the left")
def returns_at_once(episode, gamma):
    return first_visits(episode[-1:], gamma)


@first_visit_returns.mistake("the actions were added up in place of the rewards: a triple is (state, action, reward)")
def adds_actions(episode, gamma):
    return first_visits([(state, reward, float(action)) for state, action, reward in episode], gamma)


@first_visit_returns.mistake("the returns of all visits stand in lists: the answer has one number for each state")
def lists_of_all_visits(episode, gamma):
    found: dict = {}
    for (state, _, _), G in reversed(list(zip(episode, returns_from(episode, gamma), strict=True))):
        found.setdefault(state, []).append(G)
    return found


@first_visit_returns.mistake("this is a list with the return of each step: the answer is a dictionary {state: return}")
def list_of_returns(episode, gamma):
    return returns_from(episode, gamma)


@first_visit_returns.mistake("the keys are pairs of state and action: for V they are the states alone")
def keys_with_actions(episode, gamma):
    found = {}
    for (state, action, _), G in zip(episode, returns_from(episode, gamma), strict=True):
        found.setdefault((state, action), G)
    return found


@first_visit_returns.mistake("the returns stand in lists: the answer has one number for each state")
def lists_in_it(episode, gamma):
    return {state: [G] for state, G in first_visits(episode, gamma).items()}


# --- mc_prediction ------------------------------------------------------------------------------


@check
def mc_prediction(case):
    """Values of play in random worlds, against the same chances played here; states come back in them."""
    rng, answers = case.rng, []
    for n_states, n_actions, episodes, gamma in ((4, 2, 30, 0.9), (6, 3, 45, 0.5), (12, 2, 8, 0.8), (3, 2, 1, 0.7)):
        world, policy = World(_seed(rng), n_states, n_actions), _policy(rng, n_states, n_actions)
        want = _means(_samples(copy.deepcopy(world), policy, episodes, gamma))
        got = case.call(world, policy, episodes, gamma)
        answers.append((got, want, len(world.log), list(world.seeds), episodes, gamma))
    for options in (
        {},
        {"rewards": rng.permutation([[-1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [0.0, 0.0]]), "spread": 0.0},
    ):
        world, policy = World(_seed(rng), 4, 2, **options), _policy(rng, 4, 2)  # the second pays -1, 0 and 1 alone
        want = _means(_samples(copy.deepcopy(world), policy, 20, 1.0))
        answers.append((case.call(world, policy, 20), want, len(world.log), list(world.seeds), 20, 1.0))
    for got, want, resets, seeds, episodes, gamma in answers:
        what = f"{episodes} episode{'s' * (episodes > 1)}, γ = {gamma}"
        case.true(not seeds, SEEDED)
        case.true(resets == episodes, f"{what}: reset was called {resets} times, it begins each episode once")
        _judge_table(case, what, got, want, "the states that were visited are the keys")
    return "the values of 124 episodes in six random worlds, first visits only"


def _samples(env, policy, num_episodes, gamma, visits=first_visits, play=_play) -> dict:
    samples: dict = {}
    for _ in range(num_episodes):
        for state, G in visits(play(env, policy), gamma).items():
            samples.setdefault(state, []).append(G)
    return samples


def _means(samples) -> dict:
    return {state: sum(values) / len(values) for state, values in samples.items()}


@mc_prediction.mistake("this is every-visit Monte Carlo: in each episode only the first visit of a state counts")
def predicts_every_visit(env, policy, num_episodes, gamma=1.0):
    samples: dict = {}
    for _ in range(num_episodes):
        episode = _play(env, policy)
        for (state, _, _), G in zip(episode, returns_from(episode, gamma), strict=True):
            samples.setdefault(state, []).append(G)
    return _means(samples)


@mc_prediction.mistake("the last visit of each episode was counted in place of the first")
def predicts_last_visit(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes, gamma, last_visit))


@mc_prediction.mistake(SEEDED)
def predicts_with_a_seed(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes, gamma, play=seeds_the_world))


@mc_prediction.mistake("returns of 0 were left out: a draw counts like any other return")
def leaves_out_draws(env, policy, num_episodes, gamma=1.0):
    samples = _samples(env, policy, num_episodes, gamma)
    return _means({state: list(filter(None, values)) for state, values in samples.items() if any(values)})


@mc_prediction.mistake("equal returns were counted once: keep them in a list, not in a set")
def merges_equal_returns(env, policy, num_episodes, gamma=1.0):
    return _means({state: set(values) for state, values in _samples(env, policy, num_episodes, gamma).items()})


@mc_prediction.mistake(
    "`.items()` is missing after `first_visit_returns(…)`: a loop over a dictionary gives its keys, not pairs"
)
def forgets_items(env, policy, num_episodes, gamma=1.0):
    return _means(
        _samples(env, policy, num_episodes, gamma, lambda episode, _: {state[0]: state[1] for state, *_ in episode})
    )


@mc_prediction.mistake("another policy was played: hand the `policy` that you were given on to `play_hand`")
def plays_its_own_policy(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, lambda state: int(state[0] < 20), num_episodes, gamma))


@mc_prediction.mistake("only the last episode counts: `returns` was made anew for each, make it before the loop")
def forgets_earlier_episodes(env, policy, num_episodes, gamma=1.0):
    for _ in range(num_episodes):
        episode = _play(env, policy)
    return first_visits(episode, gamma)


@mc_prediction.mistake("the running mean counts the returns of all states together: each state has its own n")
def one_count_for_all(env, policy, num_episodes, gamma=1.0):
    V: dict = {}
    n = itertools.count(1)
    for _ in range(num_episodes):
        episode = _play(env, policy)
        found = first_visits(episode, gamma)
        for state in dict.fromkeys(state for state, *_ in reversed(episode)):  # as an answer from the back is ordered
            V[state] = V.get(state, 0.0) + (found[state] - V.get(state, 0.0)) / next(n)
    return V


@mc_prediction.mistake(
    "the running mean divides by the number of the episode: n is how often *this state* had a return"
)
def counts_episodes(env, policy, num_episodes, gamma=1.0):
    V: dict = {}
    for n in range(1, num_episodes + 1):
        for state, G in first_visits(_play(env, policy), gamma).items():
            V[state] = V.get(state, 0.0) + (G - V.get(state, 0.0)) / n
    return V


@mc_prediction.mistake("these are sums: divide by the number of returns of the state")
def predicts_sums(env, policy, num_episodes, gamma=1.0):
    return {state: sum(values) for state, values in _samples(env, policy, num_episodes, gamma).items()}


@mc_prediction.mistake(
    "the sums were divided by the number of episodes: a state is not visited in each, divide by its own count"
)
def divides_by_episodes(env, policy, num_episodes, gamma=1.0):
    return {state: sum(values) / num_episodes for state, values in _samples(env, policy, num_episodes, gamma).items()}


@mc_prediction.mistake("the sums were divided by all visits: where only first visits are added, only they are counted")
def divides_by_all_visits(env, policy, num_episodes, gamma=1.0):
    totals, visits = {}, {}
    for _ in range(num_episodes):
        episode = _play(env, policy)
        for state, G in first_visits(episode, gamma).items():
            totals[state] = totals.get(state, 0.0) + G
        for state, _, _ in episode:
            visits[state] = visits.get(state, 0) + 1
    return {state: total / visits[state] for state, total in totals.items()}


@mc_prediction.mistake("only the newest return of each state is kept: all of them have to be averaged")
def keeps_newest(env, policy, num_episodes, gamma=1.0):
    return {state: values[-1] for state, values in _samples(env, policy, num_episodes, gamma).items()}


@mc_prediction.mistake("only the first return of each state is kept: all of them have to be averaged")
def keeps_first(env, policy, num_episodes, gamma=1.0):
    return {state: values[0] for state, values in _samples(env, policy, num_episodes, gamma).items()}


@mc_prediction.mistake("γ was not handed on: the returns were computed with γ = 1")
def predicts_without_gamma(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes, 1.0))


@mc_prediction.mistake("without being told, γ should be 1: `gamma` has a default value that must not be changed")
def other_default(env, policy, num_episodes, gamma=0.9):
    return _means(_samples(env, policy, num_episodes, gamma))


@mc_prediction.mistake("one episode too few was played")
def one_too_few(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes - 1, gamma))


@mc_prediction.mistake("one episode too many was played")
def one_too_many(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes + 1, gamma))


@mc_prediction.mistake("only one episode was played: the call of `play_hand` belongs inside the loop")
def plays_once(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, 1, gamma))


@mc_prediction.mistake("the answer holds lists of returns: return their means")
def returns_lists(env, policy, num_episodes, gamma=1.0):
    return _samples(env, policy, num_episodes, gamma)


@mc_prediction.mistake(
    "the 0 that the mean began with was counted as a return: the first return of a state is divided by 1"
)
def counts_the_zero(env, policy, num_episodes, gamma=1.0):
    samples = _samples(env, policy, num_episodes, gamma)
    return {state: sum(values) / (len(values) + 1) for state, values in samples.items()}


@mc_prediction.mistake("the state after the last step has an entry: nothing follows there, and nothing is decided")
def values_the_end(env, policy, num_episodes, gamma=1.0):
    samples: dict = {}
    for _ in range(num_episodes):
        steps = _steps(env, policy)
        found = first_visits([step[:3] for step in steps], gamma)
        found.setdefault(steps[-1][3], 0.0)
        for state, G in found.items():
            samples.setdefault(state, []).append(G)
    return _means(samples)


@mc_prediction.mistake("the return of the whole episode was counted for each of its states: use what follows the visit")
def averages_whole_episodes(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes, gamma, return_of_the_episode))


@mc_prediction.mistake(
    "only the last reward of each episode was averaged: that is enough in blackjack, but not where every step pays"
)
def averages_last_rewards(env, policy, num_episodes, gamma=1.0):
    return _means(_samples(env, policy, num_episodes, gamma, only_the_last_undiscounted))


@mc_prediction.mistake("every state has the same value, the mean of all returns: keep one list for each state")
def one_list_for_all(env, policy, num_episodes, gamma=1.0):
    samples = _samples(env, policy, num_episodes, gamma)
    return dict.fromkeys(samples, float(np.mean(list(itertools.chain(*samples.values())))))


# --- running_means ------------------------------------------------------------------------------


@check
def running_means(case):
    """Means of the first 1, 2, 3 … values, as quotients of sums."""
    rng, answers = case.rng, []
    for values in ([4.0, 2.0, 6.0], rng.normal(size=30).tolist(), [2.5], (rng.normal(size=9) * 100).tolist()):
        wanted = [sum(values[: n + 1]) / (n + 1) for n in range(len(values))]
        answers.append((f"the means of {len(values)} values", case.call(values), wanted))
    hands = [-1, 1, 0, -1, -1, 1, -1]  # whole numbers, as a list of rewards may hold them
    answers.append(("the means of 7 whole numbers", case.call(hands), np.cumsum(hands) / np.arange(1, 8)))
    for what, got, want in answers:
        form = f"there are {len(got)}" if np.ndim(got) == 1 else f"it is {got!r:.60}"
        case.true(np.shape(got) == np.shape(want), f"{what} should be a list of {len(want)} numbers, but {form}")
        case.near(what, got, want, rtol=1e-4, atol=1e-4)
    return "the means of five lists are right after each value"


def _moved(values, step, start=0.0) -> list[float]:
    mean, means = start, []
    for n, value in enumerate(values, start=1):
        mean = mean + step(n) * (value - mean)
        means.append(mean)
    return means


@running_means.mistake(
    "the 0 that the mean began with counts as a value: the step is 1/n with n = 1 for the first value"
)
def counts_from_two(values):
    return _moved(values, lambda n: 1 / (n + 1))


@running_means.mistake("the count begins at 0, and 1/0 is no number: the first value has n = 1")
def counts_from_zero(values):
    return _moved(values, lambda n: 1 / (n - 1))


@running_means.mistake("these are the values themselves: each step goes only 1/n of the way to the new value")
def whole_step(values):
    return _moved(values, lambda n: 1.0)


@running_means.mistake("these are running sums: the step towards the new value is (value - mean) / n")
def sums(values):
    return np.cumsum(values).tolist()


@running_means.mistake("the new value is divided by n, but the old mean is not taken off: add (value - mean) / n")
def forgets_old_mean(values):
    return np.cumsum(np.array(values) / np.arange(1, len(values) + 1)).tolist()


@running_means.mistake("the step goes the wrong way: the error is value - mean, not mean - value")
def wrong_way(values):
    return _moved(values, lambda n: -1 / n)


@running_means.mistake("the mean of old mean and new value was taken: the step gets smaller with n, it is 1/n")
def halves(values):
    return _moved(values, lambda n: 1 if n == 1 else 0.5)


@running_means.mistake("the mean of old mean and new value was taken from the 0 on: the step is 1/n")
def halves_from_zero(values):
    return _moved(values, lambda n: 0.5)


@running_means.mistake("the step is 0.1 all the time: it is 1/n at value n, and gets smaller")
def constant_step(values):
    return _moved(values, lambda n: 0.1)


@running_means.mistake("brackets are missing: `mean + (value - mean) / n`, the whole difference is divided")
def without_brackets(values):
    mean, means = 0.0, []
    for n, value in enumerate(values, start=1):
        mean = mean + value - mean / n
        means.append(mean)
    return means


@running_means.mistake("the first value is left out: begin with mean 0 and n = 1 at the first value")
def skips_first_value(values):
    return _moved(values[1:], lambda n: 1 / n)


@running_means.mistake("the first mean is not in the list: it is the first value itself, append it, too")
def skips_first_mean(values):
    return _moved(values, lambda n: 1 / n)[1:]


@running_means.mistake("there is only the first mean: the `return` stands inside the loop, move it to the left")
def returns_in_the_loop(values):
    return [values[0]]


@running_means.mistake(
    "whole numbers came in, and the means were kept in an array of whole numbers: `np.zeros(len(values))` holds floats"
)
def array_of_whole_numbers(values):
    means = np.zeros_like(values)
    for n, mean in enumerate(_moved(values, lambda n: 1 / n)):
        means[n] = mean
    return means


@running_means.mistake("the step is the same all the time, one over the number of all values: it is 1/n at value n")
def fixed_step(values):
    return _moved(values, lambda n: 1 / len(values))


@running_means.mistake("the sums were divided by the number of all values: the n-th mean has n of them")
def divides_by_all(values):
    return (np.cumsum(values) / len(values)).tolist()


@running_means.mistake("this is the last mean alone: return a list with the mean after each value")
def last_mean(values):
    return sum(values) / len(values)


@running_means.mistake("the list begins with the 0 before the first value: append after each update, n means in all")
def begins_with_zero(values):
    return [0.0, *_moved(values, lambda n: 1 / n)]


@running_means.mistake("each mean was written down before it was updated: first the update, then append")
def appends_too_early(values):
    return [0.0, *_moved(values, lambda n: 1 / n)][:-1]


@running_means.mistake("the division // throws away what is behind the point: use /")
def whole_division(values):
    mean, means = 0.0, []
    for n, value in enumerate(values, start=1):
        mean += (value - mean) // n
        means.append(mean)
    return means
