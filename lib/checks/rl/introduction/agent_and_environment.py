"""Checks of rl/01_introduction, lesson 1: episodes, returns, a policy by hand, intervals, cut episodes."""

import copy
import statistics

import gymnasium
import numpy as np

from lib.checks.framework import check
from lib.checks.rl.worlds import two_things

# --- an episode ---------------------------------------------------------------------------------


class ScriptedEnv:
    """A small environment whose episodes are known beforehand, one for each seed.

    The observations of an episode are a script; each reward depends on the time and on the action. Whoever steps on
    after the end gets a few more rewards and then the other kind of end, as an environment whose time limit was
    overlooked would give. A copy counts its resets together with the original, so that the check can read them.
    """

    EXTRA, PATIENCE = 3, 100

    def __init__(self, scripts: list[tuple]) -> None:
        """scripts: for each seed (observations (T + 1 + EXTRA, 2), rewards (T + EXTRA, 3 actions), how it ends)."""
        self.scripts = scripts
        self.fresh = -1  # without a seed, episodes come in an order of their own, from the last one backwards
        self.time = None
        self.resets = []  # shared by all copies

    def __deepcopy__(self, memo):
        return copy.copy(self)  # a script is never changed

    @property
    def action_space(self):
        raise RuntimeError(
            "the policy chooses the action, env.action_space is not needed: env.step(policy(observation))"
        )

    def reset(self, *, seed=None, options=None):
        self.resets.append(seed)
        if seed is None:
            self.fresh -= 1
        self.script = self.scripts[self.fresh % len(self.scripts) if seed is None else seed]
        self.time = 0
        return self.script[0][0].copy(), {}

    def step(self, action):
        if self.time is None:
            raise RuntimeError("step was called before reset")
        observations, rewards, (terminated, truncated) = self.script
        if action not in (0, 1, 2):
            raise AssertionError(f"there is no action {action!r}: was it taken from policy(observation)?")
        if self.time > len(rewards) + self.PATIENCE:
            raise RuntimeError("the episode is long over, and step is still called: are both flags new in every round?")
        reward = float(rewards[min(self.time, len(rewards) - 1), int(action)])
        self.time += 1
        over = self.time == len(rewards) - self.EXTRA
        much_later = self.time >= len(rewards)
        observation = observations[min(self.time, len(rewards))].copy()
        return observation, reward, (terminated and over) or much_later, (truncated and over) or much_later, {}


def loudest(observation) -> int:
    """The policy of the scripts: an action from the observation alone."""
    if isinstance(observation, tuple):
        raise TypeError("the policy was given a tuple: reset returns two things, the observation and a dictionary")
    if np.shape(observation) != (2,):
        raise RuntimeError("the policy was given an observation of another environment: use the env that was handed in")
    left, right = observation
    return int(left > 0.5) + int(right > 0.5)


def cautious(observation) -> int:
    """Another one."""
    return 2 - loudest(observation)


def make_script(rng, length, terminated, truncated):
    observations = rng.uniform(size=(length + 1 + ScriptedEnv.EXTRA, 2))
    return observations, rng.normal(size=(length + ScriptedEnv.EXTRA, 3)).round(3), (terminated, truncated)


@check
def run_episode(case):
    """Played in an environment whose episodes are written down, against the script."""
    ends = [(12, True, False), (7, False, True), (1, True, False), (1, False, True), (9, True, True), (30, False, True)]
    scripts = [make_script(case.rng, *end) for end in ends]
    plays = []
    for seed, (length, terminated, truncated) in enumerate(ends):
        policy = cautious if seed == 3 else loudest
        observations, rewards, _ = scripts[seed]
        want = [rewards[t, policy(observations[t])] for t in range(length)]
        how = " and ".join(word for word, true in (("terminated", terminated), ("truncated", truncated)) if true)
        env, asked = ScriptedEnv(scripts), []

        def counted(observation, policy=policy, asked=asked):
            asked.append(1)
            return policy(observation)

        answer, where = case.call(env, counted, seed), f"an episode of {length} steps that is {how}"
        plays.append((where, answer, want, terminated, len(env.resets), len(asked)))
    for where, answer, want, terminated, resets, questions in plays:
        rewards, ended = two_things(case, answer, "the list of rewards", "whether the episode terminated")
        rewards = case.array(f"the rewards of {where}", rewards)
        case.true(
            rewards.shape == (len(want),),
            f"the rewards of {where}: there should be {len(want)} numbers, but the shape is {rewards.shape}",
        )
        case.near(f"the rewards of {where}", rewards, want)
        case.near(f"whether it terminated, in {where}, as 0 or 1", ended, float(terminated))
        case.true(
            resets == 1,
            f"reset was called {resets} times in {where}: once, before the loop; the caller begins the next episode",
        )
        case.true(
            questions == len(want),
            f"the policy was asked {questions} times in {where}: once before each step, and not again after the end",
        )
    return "6 scripted episodes: every reward, in its order, and how each one ended"


def _played(env, policy, seed, goes_on=lambda terminated, truncated: not (terminated or truncated), look=True):
    """Rewards, terminated and truncated; look=False: the policy only ever sees the first observation."""
    observation, _ = env.reset(seed=seed)
    first, rewards, terminated, truncated = observation, [], False, False
    while goes_on(terminated, truncated):
        observation, reward, terminated, truncated, _ = env.step(policy(observation if look else first))
        rewards.append(reward)
    return rewards, terminated, truncated


@run_episode.mistake("the policy always saw the first observation: take the new one from what env.step returns")
def old_observation(env, policy, seed):
    return _played(env, policy, seed, look=False)[:2]


@run_episode.mistake("the observations came one step late: the policy must see the newest one")
def late_observation(env, policy, seed):
    observation, _ = env.reset(seed=seed)
    action, rewards, over = policy(observation), [], False
    while not over:
        seen, reward, terminated, truncated, _ = env.step(action)
        action, observation = policy(observation), seen
        rewards.append(reward)
        over = terminated or truncated
    return rewards, terminated


@run_episode.mistake("the seed was not handed on: env.reset(seed=seed)")
def without_seed(env, policy, seed):
    return _played(env, policy, None)[:2]


@run_episode.mistake("the seed is always 0: hand on the one that you were given")
def seed_zero(env, policy, seed):
    return _played(env, policy, 0)[:2]


@run_episode.mistake("the last reward is missing: append the reward first, then look whether the episode is over")
def loses_last(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return rewards[:-1], terminated


@run_episode.mistake("the first reward is missing: the first step pays, too")
def loses_first(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return rewards[1:], terminated


@run_episode.mistake("there is a 0 before the first reward: reset pays nothing, so nothing goes into the list there")
def zero_first(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return [0.0, *rewards], terminated


@run_episode.mistake("one more step was taken after the end")
def one_more(env, policy, seed):
    observation, _ = env.reset(seed=seed)
    rewards, over, ended = [], False, False
    while True:
        observation, reward, terminated, truncated, _ = env.step(policy(observation))
        rewards.append(reward)
        if over:
            return rewards, ended
        over, ended = terminated or truncated, terminated


@run_episode.mistake("the time limit was overlooked: the episode is over when it is terminated *or* truncated")
def plays_past_truncation(env, policy, seed):
    return _played(env, policy, seed, goes_on=lambda terminated, truncated: not terminated)[:2]


@run_episode.mistake("only truncation ended the episode: it is over when it is terminated *or* truncated")
def plays_past_termination(env, policy, seed):
    return _played(env, policy, seed, goes_on=lambda terminated, truncated: not truncated)[:2]


@run_episode.mistake("the episode went on until it was terminated *and* truncated: one of the two is enough")
def waits_for_both(env, policy, seed):
    return _played(env, policy, seed, goes_on=lambda terminated, truncated: not (terminated and truncated))[:2]


@run_episode.mistake("the second answer is truncated: return terminated, the third thing that env.step gives")
def returns_truncated(env, policy, seed):
    rewards, _, truncated = _played(env, policy, seed)
    return rewards, truncated


@run_episode.mistake("the second answer is `terminated or truncated`, which is always True at the end: tell them apart")
def tells_nothing_apart(env, policy, seed):
    return _played(env, policy, seed)[0], True


@run_episode.mistake(
    "the second answer is `not truncated`: both can be True in the same step, so return terminated itself"
)
def not_truncated(env, policy, seed):
    rewards, _, truncated = _played(env, policy, seed)
    return rewards, not truncated


@run_episode.mistake("the second answer is exchanged: True means terminated, False means truncated")
def exchanged(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return rewards, not terminated


@run_episode.mistake("this is the sum of the rewards: return the list itself")
def adds_up(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return sum(rewards), terminated


@run_episode.mistake("this is the number of steps: return the list of rewards")
def counts(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return len(rewards), terminated


@run_episode.mistake("every reward is the last one: append each reward when it comes")
def last_reward_only(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return [rewards[-1]] * len(rewards), terminated


@run_episode.mistake(
    "env.reset returns two things, the observation and a dictionary: `observation, _ = env.reset(...)`"
)
def keeps_tuple(env, policy, seed):
    observation = env.reset(seed=seed)
    return [env.step(policy(observation))[1]], True


@run_episode.mistake(
    "a ValueError: reset gives two things, and step gives five (in old tutorials four): "
    "`observation, reward, terminated, truncated, _`"
)
def unpacks_four(env, policy, seed):
    observation, _ = env.reset(seed=seed)
    observation, _reward, _done, _ = env.step(policy(observation))


@run_episode.mistake("it returns after the first step: the `return` belongs behind the loop, not into it")
def returns_in_loop(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return rewards[:1], terminated and len(rewards) == 1


@run_episode.mistake("the loop never began: it goes on while *not* (terminated or truncated)")
def never_begins(env, policy, seed):
    return [], False


@run_episode.mistake("the two answers are exchanged: first the rewards, then whether the episode terminated")
def answers_exchanged(env, policy, seed):
    rewards, terminated, _ = _played(env, policy, seed)
    return terminated, rewards


@run_episode.mistake("the action is always 0: ask the policy, `policy(observation)`")
def always_zero(env, policy, seed):
    return _played(env, lambda _: 0, seed)[:2]


# --- returns ------------------------------------------------------------------------------------


@check
def discounted_returns(case):
    """Against closed forms: geometric series, a single reward, no discount; and against the definition, summed."""
    rng, tasks = case.rng, []
    for n, gamma in ((9, 0.9), (1, 0.7), (40, 0.5), (25, 0.99)):
        rewards = rng.normal(size=n).round(2)
        # the definition: row t holds 1, gamma, gamma^2 ... from column t on
        weight = np.triu(gamma ** np.clip(np.arange(n)[None, :] - np.arange(n)[:, None], 0, None))
        tasks.append((f"{n} random rewards and γ = {gamma}", rewards.tolist(), gamma, weight @ rewards))
    steps_left = np.arange(12, 0, -1)
    tasks += [
        ("12 rewards of 1 and γ = 0.8, a geometric series", [1.0] * 12, 0.8, (1 - 0.8**steps_left) / (1 - 0.8)),
        ("one reward of 5, at the end, and γ = 0.9", [0.0] * 11 + [5.0], 0.9, 5 * 0.9 ** (steps_left - 1)),
        ("12 rewards of -1 and γ = 1", [-1] * 12, 1.0, -steps_left),
        ("the rewards 3, 1, 4, 1, 5 and γ = 0", [3, 1, 4, 1, 5], 0.0, [3, 1, 4, 1, 5]),
        ("the rewards 1, 1, 1 and γ = 0.5, as by hand", [1, 1, 1], 0.5, [1.75, 1.5, 1]),
    ]
    answers = [(what, case.call(rewards, gamma), want) for what, rewards, gamma, want in tasks]
    for what, got, want in answers:
        case.near(f"the returns of {what}", got, want)
    return "9 lists of rewards, against the geometric series, single rewards and the sum as defined"


def _returns(rewards, gamma):
    """By the definition, each on its own."""
    return np.array([sum(gamma**k * r for k, r in enumerate(rewards[t:])) for t in range(len(rewards))])


@discounted_returns.mistake("the first reward is discounted already: it counts in full, the next one gamma times")
def starts_at_one(rewards, gamma):
    return gamma * _returns(rewards, gamma)


@discounted_returns.mistake("the reward of the step itself is missing: G_t begins with R_(t+1), which is rewards[t]")
def from_the_next(rewards, gamma):
    return np.append(_returns(rewards, gamma)[1:], 0.0)


@discounted_returns.mistake("the last reward is missing")
def without_the_last(rewards, gamma):
    return np.append(_returns(rewards[:-1], gamma), 0.0)


@discounted_returns.mistake("gamma was not used: these are plain sums of what follows")
def no_discount(rewards, gamma):
    return _returns(rewards, 1.0)


@discounted_returns.mistake("this adds up the past: G_t is what is still to come after step t")
def looks_back(rewards, gamma):
    return np.cumsum([gamma**k * r for k, r in enumerate(rewards)])


@discounted_returns.mistake("the recursion runs forwards: begin at the end, G_t needs G_(t+1)")
def runs_forwards(rewards, gamma):
    got, rest = np.zeros(len(rewards)), 0.0
    for t, reward in enumerate(rewards):
        got[t] = rest = reward + gamma * rest
    return got


@discounted_returns.mistake(
    "returns are cut down to whole numbers: np.zeros_like of whole rewards can hold no others; "
    "take np.zeros(len(rewards))"
)
def whole_numbers(rewards, gamma):
    got = np.zeros_like(rewards)
    got[:] = _returns(rewards, gamma)
    return got


@discounted_returns.mistake("there is one return too many: G_T = 0 comes after the last step, leave it out")
def one_too_many(rewards, gamma):
    return np.append(_returns(rewards, gamma), 0.0)


@discounted_returns.mistake("entry 0 was left out: range(T - 1, 0, -1) ends before 0; reversed(range(T)) reaches it")
def stops_before_zero(rewards, gamma):
    got = _returns(rewards, gamma)
    got[0] = 0.0
    return got


@discounted_returns.mistake(
    "the rest was multiplied by gamma ** t: it is one step away, so gamma alone: reward + gamma * rest"
)
def power_of_t(rewards, gamma):
    got, rest = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        got[t] = rest = rewards[t] + gamma**t * rest
    return got


@discounted_returns.mistake(
    "with γ = 0 it divides by 0: go backwards with reward + gamma * rest, which divides by nothing"
)
def divides_by_powers(rewards, gamma):
    powers = gamma ** np.arange(len(rewards))
    return np.cumsum((powers * rewards)[::-1])[::-1] / powers


@discounted_returns.mistake("the list is the wrong way round: entry 0 belongs to the first step")
def wrong_way_round(rewards, gamma):
    return _returns(rewards, gamma)[::-1]


@discounted_returns.mistake("every return is discounted from the beginning of the episode: from step t on, count anew")
def discounts_from_start(rewards, gamma):
    return _returns(rewards, gamma) * np.asarray(gamma, dtype=float) ** np.arange(len(rewards))


@discounted_returns.mistake("this is only the return of the whole episode: one number for every step is wanted")
def only_the_first(rewards, gamma):
    return _returns(rewards, gamma)[0]


@discounted_returns.mistake("the discount belongs to the rest, not to the reward: reward + gamma * rest")
def discounts_reward(rewards, gamma):
    got, rest = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        got[t] = rest = gamma * rewards[t] + rest
    return got


@discounted_returns.mistake("only the next reward was added: the rest is the whole return of the next step")
def two_rewards(rewards, gamma):
    return np.asarray(rewards, dtype=float) + gamma * np.append(np.asarray(rewards, dtype=float)[1:], 0.0)


@discounted_returns.mistake("gamma was applied twice at each step")
def discounts_twice(rewards, gamma):
    return _returns(rewards, gamma**2)


# --- a policy -----------------------------------------------------------------------------------

EPISODES, ENOUGH = 5, 300  # neither the angle nor the angular velocity alone comes near 300 on average


@check
def push_toward_fall(case):
    """Played in the real CartPole, on fresh starts; the mean number of steps decides."""
    for side, want, word in ((1, 1, "right"), (-1, 0, "left")):
        for _ in range(20):
            angle, turning = side * case.rng.uniform(0.02, 0.2), side * case.rng.uniform(0.2, 2.0)
            observation = np.array([0, 0, angle, turning], dtype=np.float32)  # the cart rests in the middle
            action = _action(case, observation)
            case.true(
                action == want,
                f"the pole leans to the {word} and turns further to the {word} (angle {angle:.2f} rad, angular "
                f"velocity {turning:.2f} rad/s), so the push should be {want}, but it was {action:g}",
            )
    _action(case, np.zeros(4, dtype=np.float32))  # whatever it is, it must be a push
    env = gymnasium.make("CartPole-v1")
    lengths = []
    for _ in range(EPISODES):
        observation, _ = env.reset(seed=int(case.rng.integers(2**31)))
        over, steps = False, 0
        while not over:
            observation, _, terminated, truncated, _ = env.step(int(_action(case, observation)))
            over, steps = terminated or truncated, steps + 1
        lengths.append(steps)
    mean = np.mean(lengths)
    case.true(
        mean >= ENOUGH,
        f"the pole stood for {mean:.0f} steps on average in {EPISODES} episodes (the shortest: {min(lengths)}), but "
        f"{ENOUGH} are wanted: " + (_advice(case) if mean < ENOUGH else ""),
    )
    return (
        f"it pushes under the falling pole, which stood for {mean:.0f} of at most 500 steps on average "
        f"in {EPISODES} new episodes"
    )


def _advice(case) -> str:
    """What to change in a policy that lets the pole fall, from what it does in a few made situations."""

    def to_the_right(*observation) -> bool:
        return _action(case, np.array(observation, dtype=np.float32)) == 1

    if any(to_the_right(x, v, 0.1, 0.1) != to_the_right(-x, -v, 0.1, 0.1) for x, v in ((2, 0), (0, 2))):
        return "here the cart decides more than the pole; entry 2 is the pole's angle, entry 3 its angular velocity"
    if not to_the_right(0, 0, -0.015, 1):
        return "the angular velocity hardly counts yet: look further ahead, where will the pole be in a moment?"
    if to_the_right(0, 0, -0.2, 0.08):
        return "it looks too far ahead, seconds instead of a fraction of one, and the angle hardly counts"
    return "use the angle and the angular velocity together: where will the pole be in a moment?"


def _action(case, observation) -> float:
    got = case.call(observation)
    value = case.array("the action", got, ())
    advice = "compare the number with 0" if value not in (0, 1) else "int(...) makes one of True and False"
    whole = isinstance(got, int | np.integer) or (isinstance(got, np.ndarray) and got.dtype.kind == "i")
    case.true(
        whole and not isinstance(got, bool) and value in (0, 1),
        f"the action should be the whole number 0 or 1, but it is {got!r}: {advice}",
    )
    return float(value)


def _sign(number) -> int:
    return int(number > 0)


@push_toward_fall.mistake(
    "the pushes go away from the fall: push the cart to where the pole is falling, to get under it"
)
def pushes_away(observation):
    return _sign(-observation[2] - 0.3 * observation[3])


@push_toward_fall.mistake("the angle alone decides: by the time it changes its sign, the pole turns too fast already")
def angle_only(observation):
    return _sign(observation[2])


@push_toward_fall.mistake("the angular velocity alone decides: a pole that leans but does not turn yet is not seen")
def velocity_only(observation):
    return _sign(observation[3])


@push_toward_fall.mistake(
    "the angle and the angular velocity are subtracted: where will the pole be? angle + time * velocity"
)
def subtracts(observation):
    return _sign(observation[2] - observation[3])


@push_toward_fall.mistake("entries 0 and 1 are the cart's: the pole's angle is entry 2, its angular velocity entry 3")
def looks_at_cart(observation):
    return _sign(observation[0] + observation[1])


@push_toward_fall.mistake("entry 1 is the cart's velocity: the pole's angular velocity is entry 3")
def cart_velocity(observation):
    return _sign(observation[2] + observation[1])


@push_toward_fall.mistake("it always pushes to the right")
def always_right(observation):
    return 1


@push_toward_fall.mistake("it always pushes to the left")
def always_left(observation):
    return 0


@push_toward_fall.mistake(
    "it pushes to the right only when the pole leans *and* turns to the right: weigh the two instead"
)
def both_at_once(observation):
    return int(observation[2] > 0 and observation[3] > 0)


@push_toward_fall.mistake("it pushes to the right when the pole leans *or* turns to the right: weigh the two instead")
def one_of_two(observation):
    return int(observation[2] > 0 or observation[3] > 0)


@push_toward_fall.mistake("the actions are -1 and 1: they must be 0 (left) and 1 (right)")
def minus_one(observation):
    return 1 if observation[2] + 0.3 * observation[3] > 0 else -1


@push_toward_fall.mistake(
    "it looks 10 seconds ahead, where the velocity drowns the angle: a fraction of a second is enough"
)
def too_far_ahead(observation):
    return _sign(observation[2] + 10 * observation[3])


# --- mean and interval --------------------------------------------------------------------------

# The 97.5 % points of Student's t by degrees of freedom, as any printed table has them.
NORMAL = 1.9599640  # that of the normal distribution
T_TABLE = {1: 12.7062, 4: 2.7764, 9: 2.2622, 19: 2.0930, 29: 2.0452, 99: 1.9842}


@check
def mean_and_interval(case):
    """Against printed tables of Student's t, on samples whose mean and spread have a closed form."""
    rng, tasks = case.rng, []
    for df, t in T_TABLE.items():
        n = df + 1
        start, step = rng.uniform(-50, 50), rng.uniform(0.5, 3)
        ladder = rng.permutation(start + step * np.arange(n))  # mean in the middle, variance step² n (n + 1) / 12
        half = t * step * np.sqrt((n + 1) / 12)
        tasks.append((f"{n} equally spaced returns", ladder, start + step * (n - 1) / 2, half))
        peak = rng.uniform(5, 20)
        single = rng.permutation([0.0] * df + [peak]).tolist()  # variance peak² / n
        tasks.append((f"{df} returns of 0 and one of {peak:.1f}", single, peak / n, t * peak / n))
    tasks.append(("7 returns of 500", [500] * 7, 500.0, 0.0))
    answers = [(what, case.call(returns), mean, half) for what, returns, mean, half in tasks]
    for what, got, mean, half in answers:
        low_high = case.array(f"mean, low and high of {what}", got, (3,))
        case.near(f"the mean of {what}", low_high[0], mean, atol=1e-6)
        case.near(f"the lower end of the interval for {what}", low_high[1], mean - half, rtol=1e-4, atol=1e-4 * half)
        case.near(f"the upper end of the interval for {what}", low_high[2], mean + half, rtol=1e-4, atol=1e-4 * half)
    return "13 samples of 2 to 100 returns, against the printed table of Student's t"


def _interval(returns, quantile=0.975, ddof=1, root=np.sqrt, degrees=-1, centre=np.mean, factor=None):
    from scipy.stats import t as student_t

    returns = np.asarray(returns, dtype=float)
    n, mean = len(returns), centre(returns)
    factor = student_t.ppf(quantile, n + degrees) if factor is None else factor
    half = factor * np.std(returns, ddof=ddof) / root(n)
    return mean, mean - half, mean + half


@mean_and_interval.mistake(
    "the standard deviation was not divided by sqrt(n): this is the spread of single returns, not of their mean"
)
def not_divided(returns):
    return _interval(returns, root=lambda n: 1)


@mean_and_interval.mistake("the standard deviation was divided by n: the error of a mean falls with sqrt(n)")
def divided_by_n(returns):
    return _interval(returns, root=lambda n: n)


@mean_and_interval.mistake("np.std divides by n here: for a sample, the sum of squares is divided by n - 1, ddof=1")
def ddof_zero(returns):
    return _interval(returns, ddof=0)


@mean_and_interval.mistake("n - 1 was used twice: ddof=1 in the standard deviation, and then sqrt(n), not sqrt(n - 1)")
def n_minus_one_twice(returns):
    return _interval(returns, root=lambda n: np.sqrt(n - 1))


@mean_and_interval.mistake(
    "the factor is 1.96, that of the normal distribution: with few returns, Student's t is wider"
)
def normal_factor(returns):
    return _interval(returns, factor=NORMAL)


@mean_and_interval.mistake("the factor is 1.96 for every n: Student's t depends on n and is larger, student_t.ppf(...)")
def always_196(returns):
    return _interval(returns, factor=1.96)


@mean_and_interval.mistake(
    "two things at once: the factor 1.96 instead of Student's t, and a standard deviation without ddof=1"
)
def normal_and_ddof(returns):
    return _interval(returns, factor=NORMAL, ddof=0)


@mean_and_interval.mistake("two things at once: 1.96 for every n instead of Student's t, and np.std without ddof=1")
def always_196_and_ddof(returns):
    return _interval(returns, factor=1.96, ddof=0)


@mean_and_interval.mistake("student_t.cdf goes from a number to a share: here the share is known, student_t.ppf")
def cdf_for_ppf(returns):
    from scipy.stats import t as student_t

    return _interval(returns, factor=student_t.cdf(0.975, len(returns) - 1))


@mean_and_interval.mistake(
    "equal returns give NaN (student_t.interval cannot work with scale=0): their interval has width 0, mean, mean, mean"
)
def nan_for_equal(returns):
    mean, low, high = _interval(returns)
    return (mean, low, high) if low < high else (mean, np.nan, np.nan)


@mean_and_interval.mistake("the order is low, mean, high: the mean comes first, then low, then high")
def mean_in_the_middle(returns):
    mean, low, high = _interval(returns)
    return low, mean, high


@mean_and_interval.mistake("low and high are distances from the mean: return mean, mean - half and mean + half")
def distances(returns):
    mean, low, high = _interval(returns)
    return mean, low - mean, high - mean


@mean_and_interval.mistake("low and high are packed as a pair: return three numbers, mean, low, high")
def packed(returns):
    mean, *ends = _interval(returns)
    return mean, tuple(ends)


@mean_and_interval.mistake("Student's t has n - 1 degrees of freedom here, not n")
def n_degrees(returns):
    return _interval(returns, degrees=0)


@mean_and_interval.mistake("ppf(0.95, ...) leaves out 5 % on each side, 10 % together: take 0.975")
def one_sided(returns):
    return _interval(returns, quantile=0.95)


@mean_and_interval.mistake("the interval is half as wide as it should be: it reaches t · s / sqrt(n) to *each* side")
def half_as_wide(returns):
    mean, low, high = _interval(returns)
    return mean, (mean + low) / 2, (mean + high) / 2


@mean_and_interval.mistake("the two ends are exchanged: first the lower one, mean - ..., then the upper one")
def ends_exchanged(returns):
    mean, low, high = _interval(returns)
    return mean, high, low


@mean_and_interval.mistake("these are the mean and half the width: return mean, mean - half and mean + half")
def half_only(returns):
    mean, low, high = _interval(returns)
    return mean, (high - low) / 2


@mean_and_interval.mistake("the ends are missing: return three numbers, mean, low and high")
def mean_only(returns):
    return np.mean(returns)


@mean_and_interval.mistake("the mean is missing: return three numbers, mean, low and high")
def ends_only(returns):
    return _interval(returns)[1:]


@mean_and_interval.mistake("these are the smallest and the largest return: an interval for the mean is wanted")
def extremes(returns):
    return np.mean(returns), np.min(returns), np.max(returns)


@mean_and_interval.mistake("these ends hold 95 % of the single returns: an interval for their mean is wanted")
def percentiles(returns):
    return np.mean(returns), *np.percentile(returns, [2.5, 97.5])


@mean_and_interval.mistake("this is the median: the mean is wanted, and one high return counts in it")
def median(returns):
    return _interval(returns, centre=np.median)


@mean_and_interval.mistake("this uses the variance: take its square root, the standard deviation")
def variance(returns):
    from scipy.stats import t as student_t

    n, mean = len(returns), np.mean(returns)
    half = student_t.ppf(0.975, n - 1) * statistics.variance(map(float, returns)) / np.sqrt(n)
    return mean, mean - half, mean + half


# --- after a cut --------------------------------------------------------------------------------


@check
def return_with_rest(case):
    """A cut must not matter: wherever an episode is cut, rewards so far and the true rest make up the same return."""
    rng, tasks = case.rng, []
    for n, gamma in ((30, 0.9), (20, 1.0), (25, 0.6)):
        rewards = rng.normal(size=n).round(2)
        discounted = gamma ** np.arange(n) * rewards
        for cut in (1, 2, n // 2, n - 1):
            rest = discounted[cut:].sum() / gamma**cut  # what the rest is worth when it begins
            tasks.append((f"{n} steps, cut after {cut}", rewards[:cut].tolist(), False, gamma, rest, discounted.sum()))
        where = f"{n} steps that terminated"
        tasks.append((where, rewards.tolist(), True, gamma, float(rng.uniform(5, 9)), discounted.sum()))
    tasks.append(("8 rewards of 1, cut, with a rest of 10", [1] * 8, False, 0.9, 10.0, 10.0))  # 1 / (1 - γ) for ever
    answers = [(what, case.call(*given), want) for what, *given, want in tasks]
    for what, got, want in answers:
        case.near(f"the return of {what}", got, want)
    return "13 cut episodes give the return of the whole one, and 3 that terminated get nothing more"


def _with_rest(rewards, terminated, gamma, rest, power=0, added=lambda terminated: not terminated):
    total = sum(gamma**k * reward for k, reward in enumerate(rewards))
    return total + added(terminated) * gamma ** (len(rewards) + power) * rest


@return_with_rest.mistake(
    "the rest was left out: after a cut the episode would have gone on, and that is worth something"
)
def nothing_after_cut(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, added=lambda _: False)


@return_with_rest.mistake("the rest was added after termination, too: there is nothing after a real end")
def rest_after_end(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, added=lambda _: True)


@return_with_rest.mistake("the two endings are exchanged: the rest belongs to a cut episode, terminated == False")
def exchanged_endings(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, added=lambda terminated: terminated)


@return_with_rest.mistake("the rest was not discounted: it begins len(rewards) steps later")
def rest_in_full(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, power=-len(rewards))


@return_with_rest.mistake("the rest is discounted once: it begins len(rewards) steps later, gamma ** len(rewards)")
def rest_discounted_once(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, power=1 - len(rewards))


@return_with_rest.mistake(
    "the rest is discounted one step too little (or was it added to the last reward?): it comes one step later, "
    "gamma ** len(rewards)"
)
def one_power_less(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, power=-1)


@return_with_rest.mistake("the rest is discounted one step too much: gamma ** len(rewards), not len(rewards) + 1")
def one_power_more(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, gamma, rest, power=1)


@return_with_rest.mistake("gamma was not used at all")
def sums_plainly(rewards, terminated, gamma, rest):
    return _with_rest(rewards, terminated, 1.0, rest)


@return_with_rest.mistake("only the rest is discounted: the rewards before it are, too")
def rewards_in_full(rewards, terminated, gamma, rest):
    return sum(rewards) + (not terminated) * gamma ** len(rewards) * rest


@return_with_rest.mistake("the rest replaced the last reward: it comes after it")
def replaces_last(rewards, terminated, gamma, rest):
    if terminated:
        return _with_rest(rewards, True, gamma, rest)
    return _with_rest(rewards[:-1], False, gamma, rest)


@return_with_rest.mistake("this is the list of all returns: the first of them, G_0, is wanted, a single number")
def list_of_returns(rewards, terminated, gamma, rest):
    return [_with_rest(rewards[t:], terminated, gamma, rest) for t in range(len(rewards))]


@return_with_rest.mistake("the first reward is discounted already: it counts in full, the next one gamma times")
def everything_later(rewards, terminated, gamma, rest):
    return gamma * _with_rest(rewards, terminated, gamma, rest)


@return_with_rest.mistake("this is the return of the last step alone: G_0 is entry 0")
def last_entry(rewards, terminated, gamma, rest):
    return rewards[-1] + (not terminated) * gamma ** len(rewards) * rest


@return_with_rest.mistake("this adds up the returns of all steps: G_0, entry 0, holds every reward already")
def sum_of_returns(rewards, terminated, gamma, rest):
    seen = sum(_with_rest(rewards[t:], True, gamma, rest) for t in range(len(rewards)))
    return seen + (not terminated) * gamma ** len(rewards) * rest


@return_with_rest.mistake("after a termination the return is what was seen, not 0: only the rest is nothing then")
def nothing_after_termination(rewards, terminated, gamma, rest):
    return 0.0 if terminated else _with_rest(rewards, terminated, gamma, rest)


@return_with_rest.mistake("after a cut this is only the rest: the rewards that were seen count, too")
def only_the_rest(rewards, terminated, gamma, rest):
    return _with_rest(rewards, True, gamma, rest) if terminated else gamma ** len(rewards) * rest


@return_with_rest.mistake("the rest was multiplied by gamma * n: each step discounts once more, gamma ** n")
def times_instead_of_power(rewards, terminated, gamma, rest):
    return _with_rest(rewards, True, gamma, rest) + (not terminated) * gamma * len(rewards) * rest


@return_with_rest.mistake("gamma ** n discounts only the rest: the sum that was seen has its discounts already")
def discounts_both(rewards, terminated, gamma, rest):
    seen = _with_rest(rewards, True, gamma, rest)
    return seen if terminated else gamma ** len(rewards) * (seen + rest)
