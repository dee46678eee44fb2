# %% [markdown] minutes=90
# # The agent and its environment
# Somebody acts, a world answers, and a number says how well it went. That is all there is to the problem of reinforcement learning. This lesson puts it into code and measures it properly.
#
# **You will** play episodes, add up what they pay, balance a pole by hand, say how sure you are of a mean, and tell an end from a cut.
#
# **You need** functions, loops and NumPy arrays, and the ideas of a mean and a standard deviation. (Student's t distribution is explained where it is used.) No reinforcement learning is assumed, and no physics.

# %%
import gymnasium
import numpy as np
from gymnasium.wrappers import RenderCollection
from scipy.stats import t as student_t

from lib import headline, plotting, setup
from lib.checks.rl.introduction import agent_and_environment as check

setup(seed=0)

# %% [markdown]
# ## Nobody shows you the right move
# Stand a broom on the palm of your hand and keep it there. You learned this, if you did, without a teacher who said *now five centimetres to the left*. You moved, the broom tipped, you moved otherwise.
#
# In **supervised learning** there is such a teacher: a data set with the right answer beside every question, collected before you began. In **reinforcement learning** three things are different, and each of them makes it harder:
#
# - **Nobody shows the right action.** You get a number, the *reward*. It says how well things go, not what you should have done instead.
# - **Consequences come late.** When the broom hits the floor, the last movement was hardly to blame. The mistake was made half a second earlier, and nothing marked it.
# - **Your actions choose your data.** Who never leans to the right never learns what happens there. There is no data set, only what your own behaviour stirs up.
#
# ## The loop
# The one who decides is the **agent**. Everything else is the **environment**. They take turns:
#
# ```text
#                      action
#          agent  ───────────────▶  environment
#            ▲                           │
#            └───────────────────────────┘
#              next observation, reward
# ```
#
# At time $t$ the agent sees an observation and answers with an action $A_t$; the environment pays a reward $R_{t+1}$ and shows the next observation. Reward and next observation come together, so they carry the same new number. One such exchange is a **step**; the first one is $t = 0$, and its action $A_0$ is paid with $R_1$. The steps from a start to an end are an **episode**.
#
# Our environment is the broom in two dimensions. **CartPole** comes from a paper by Barto, Sutton and Anderson (1983) and is part of [Gymnasium](https://gymnasium.farama.org/environments/classic_control/cart_pole/), the library whose environments nearly everybody uses. A pole stands on a cart. Fifty times a second you push the cart, to the left or to the right, always with the same force.

# %% figure="cart-pole"
world = gymnasium.make("CartPole-v1", render_mode="rgb_array")
world.reset(seed=0)
plotting.animation([world.render()], "CartPole at its start", alt="A cart on a track; a pole stands upright on it.")

# %% [markdown]
# **What you should see:** a black cart on a thin track, and on it a pole that stands almost upright.
#
# ## What the environment says
# An environment of Gymnasium has two methods that matter. `reset` begins an episode and gives the first observation. `step` takes an action and gives five things: the next observation, the reward, two flags that say whether it is over, and a dictionary of details. (`reset` gives such a dictionary, too. We do not need it, so it goes into `_`.)

# %%
env = gymnasium.make("CartPole-v1")
observation, _ = env.reset(seed=0)
print("first observation:", np.round(observation, 3))
observation, reward, terminated, truncated, _ = env.step(1)
print("after one push:   ", np.round(observation, 3))
print(f"reward {reward}, terminated {terminated}, truncated {truncated}")

# %% [markdown]
# Read the five in turn.
#
# | `observation[i]` | what it is | unit |
# |---|---|---|
# | 0 | position of the cart, 0 in the middle | m |
# | 1 | velocity of the cart, positive to the right | m/s |
# | 2 | angle of the pole, 0 upright, positive when it leans to the right | rad |
# | 3 | angular velocity of the pole, positive when it turns to the right | rad/s |
#
# The push to the right (action 1; action 0 is to the left) shows at once in the two velocities: the cart now moves to the right, entry 1, and the pole turns to the *left*, entry 3: its foot was pulled away under it. The position and the angle follow one step later. In this step they changed only a little, still with the old velocities.
#
# The **reward** is 1 for each step, also for the last one. So the rewards of an episode add up to the number of its steps: stand as long as you can.
#
# The two flags are two ways to end:
#
# - `terminated`: it is over **in the world**. The pole leans by more than 12°, or the cart has left the track (2.4 m to either side).
# - `truncated`: it is over **on the clock**. Somebody set a limit, here 500 steps, and the limit is reached. The pole still stands.
#
# After either of them comes the next `reset`. They look alike, but they mean different things, and the last part of this lesson is about nothing else.
#
# ## A seed
# The start is random: each of the four numbers is drawn evenly between −0.05 and 0.05. A **seed** is a number that fixes the draw. The same seed gives the same start, on your machine and on ours, so an experiment can be repeated and two agents can be given the same starts.

# %%
for seed in (0, 1, 0):
    observation, _ = env.reset(seed=seed)
    print(f"seed {seed}:", np.round(observation, 4))

# %% [markdown]
# ## A policy
# How an agent chooses is its **policy**. In code it is a function from an observation to an action. The simplest one tosses a coin and does not even look. (`lambda observation: …` is a function without a name.)


# %%
def make_random_policy(seed: int):
    """A policy that pushes to the left or to the right with equal probability; the seed fixes its coin."""
    rng = np.random.default_rng(seed)
    return lambda observation: int(rng.integers(2))


# %% [markdown]
# Now let the two meet. Playing an episode is the loop of the drawing above:
#
# 1. `reset` the environment with the seed;
# 2. ask the policy for an action, given the **newest** observation;
# 3. `step`, and write down the reward;
# 4. unless one of the two flags is up, go on at 2.
#
# ### Exercise · play an episode  ●○○ · 10 minutes


# %% exercise="run_episode"
def run_episode(env, policy, seed: int) -> tuple[list[float], bool]:
    """Play one episode from the start that the seed gives, until it is terminated or truncated.

    env: a Gymnasium environment.  policy: a function from an observation to an action.
    Resets once, and asks the policy once for each step.
    Returns the rewards in their order, one per step, the last step's among them;
    and whether the episode terminated: True, also if the clock ran out in the very same step; False if it was only cut.
    """
    ### BEGIN SOLUTION
    observation, _ = env.reset(seed=seed)
    rewards, terminated, truncated = [], False, False
    while not (terminated or truncated):
        observation, reward, terminated, truncated, _ = env.step(policy(observation))
        rewards.append(reward)
    return rewards, terminated
    ### END SOLUTION


# %% check="run_episode" points=2
check.run_episode(run_episode)

# %% [markdown] hint="run_episode"
# You do not know how many steps there will be: which kind of loop goes on until something happens? And which two variables must be new in every round, so that the policy does not answer yesterday's question?

# %% [markdown] hint="run_episode"
# Begin with both flags `False`. While neither is `True`: `action = policy(observation)`; `env.step(action)` gives `observation, reward, terminated, truncated, _`, all five new; append `reward`. After the loop, `terminated` alone says how it ended.

# %% [markdown] hint="run_episode"
# ```python
# observation, _ = env.reset(seed=seed)
# rewards, terminated, truncated = [], False, False
# while not (... or ...):
#     observation, reward, terminated, truncated, _ = env.step(policy(...))
#     ...
# return rewards, terminated
# ```

# %% [markdown]
# The coin plays five episodes:

# %%
policy = make_random_policy(seed=0)
for seed in range(5):
    rewards, terminated = run_episode(env, policy, seed)
    print(f"seed {seed}: {len(rewards):3} steps, {'terminated' if terminated else 'truncated'}")

# %% [markdown]
# And this is one of them. The function below plays an episode and keeps a picture of each step. At fifty steps a second it would be over before you had looked, so we watch it five times slower.


# %%
def film(policy, seed: int, steps: int = 200) -> list[np.ndarray]:
    """The pictures of an episode that is cut after so many steps at the latest."""
    world = gymnasium.make("CartPole-v1", render_mode="rgb_array", max_episode_steps=steps)
    world = RenderCollection(world)  # collects a picture at the start and after each step
    run_episode(world, policy, seed)
    return world.render()


# %% [markdown]
# `render_mode="rgb_array"` asks for pictures as arrays instead of a window, and `max_episode_steps` sets the clock.

# %% figure="random-film"
plotting.animation(
    {"coin": film(make_random_policy(seed=0), seed=0)},
    title="Tossing a coin",
    alt="The cart jerks to and fro near the middle. The pole leans to the left, is lifted a little, and then falls.",
    fps=10,
)

# %% [markdown]
# **What you should see:** the cart jerks to and fro. The pole leans to the left, a few lucky pushes lift it a little, and then it falls to the left for good. The picture stops when it leans by more than 12°. (The animation plays three times. To see it again, run the cell again.)

# %% [markdown]
# ## What an episode is worth
# Rewards come one by one, but a good action is one that pays *in the long run*. So we add up everything that is still to come after step $t$. This is the **return**:
#
# $$G_t = R_{t+1} + \gamma R_{t+2} + \gamma^2 R_{t+3} + \dots + \gamma^{T-t-1} R_T$$
#
# $T$ is the number of steps in the episode. The **discount** $\gamma$ ("gamma") lies between 0 and 1. With $\gamma = 1$ every reward counts in full. With $\gamma = 0.9$ a reward that comes one step later counts 0.9 times, two steps later 0.81 times, and so on. $\gamma = 0$ sees only the next reward. A discount says how much you care about what is far away; it also keeps the sum finite when an episode never ends.
#
# *Once by hand.* The rewards are 1, 1, 1 and $\gamma = 0.5$. Then $G_0 = 1 + 0.5 + 0.25 = 1.75$, $G_1 = 1 + 0.5 = 1.5$ and $G_2 = 1$.
#
# Look at the numbers from the back: $1.5 = 1 + 0.5 \cdot 1$, and $1.75 = 1 + 0.5 \cdot 1.5$. Each return is its own reward plus the discounted return of the next step:
#
# $$G_t = R_{t+1} + \gamma\, G_{t+1}, \qquad G_T = 0$$
#
# Computed backwards like this, all returns of an episode cost one multiplication and one addition each. This small equation will come back in every chapter.
#
# A trap in the numbering: the reward $R_{t+1}$ of step $t$ is `rewards[t]` in the list, for the list begins at 0.
#
# ### Exercise · the return of every step  ●○○ · 8 minutes


# %% exercise="discounted_returns"
def discounted_returns(rewards: list[float], gamma: float) -> np.ndarray:
    """The return from every step of an episode on.

    rewards: T numbers, T >= 1; rewards[t] is paid for step t.  gamma: the discount, 0 … 1.
    Returns an array (T,) whose entry t is rewards[t] + gamma * rewards[t + 1] + gamma² * rewards[t + 2] + …
    """
    ### BEGIN SOLUTION
    returns, rest = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        rest = rewards[t] + gamma * rest
        returns[t] = rest
    return returns
    ### END SOLUTION


# %% check="discounted_returns" points=2
check.discounted_returns(discounted_returns)

# %% [markdown] hint="discounted_returns"
# Which return is the easiest one? Begin there. What do you have to do to it to get the one before?

# %% [markdown] hint="discounted_returns"
# $G_{T-1} =$ `rewards[T - 1]`, and then $G_t =$ `rewards[t]` $+\, \gamma\, G_{t+1}$ for $t = T-2, \dots, 0$. With a variable that is 0 before the first round, the last step needs no case of its own.

# %% [markdown] hint="discounted_returns"
# ```python
# returns, rest = np.zeros(len(rewards)), 0.0
# for t in reversed(range(len(rewards))):
#     rest = ... + gamma * ...
#     returns[t] = rest
# return returns
# ```

# %% [markdown]
# How far does a discount see? Here are the returns of an episode with 60 rewards of 1, for three discounts.

# %% figure="returns"
ones = [1.0] * 60
curves = {f"γ = {gamma}": discounted_returns(ones, gamma) for gamma in (1.0, 0.95, 0.8)}
plotting.training_curves(curves, "What is still to come", ylabel="return $G_t$", xlabel="step t")

# %% [markdown]
# **What you should see:** without a discount, a straight line from 60 down to 1: the steps that are left. With $\gamma = 0.8$, a plateau at 5 that falls only in the last dozen steps. Until then the end is too far away to matter. The height of the plateau is $1 + \gamma + \gamma^2 + \dots = 1/(1-\gamma)$. People say, loosely, that such an agent *looks $1/(1-\gamma)$ steps ahead*: 5 steps with $\gamma = 0.8$, 20 with $\gamma = 0.95$. That curve is still near its plateau at the start, and long before the end it is not.

# %% [markdown] think="only-the-fall-pays" points=1
# **Think.** In the original paper the pole's agent was paid nothing for standing: every reward was 0, except −1 for the step in which it fell. Suppose that every episode ends with a fall. What is the return $G_0$ of an episode of $T$ steps then? What would such an agent try to do with $\gamma = 1$, and what with $\gamma = 0.95$?
#
# <!-- BEGIN SOLUTION -->
# The only reward comes with the last step, $t = T-1$, so $G_0 = -\gamma^{T-1}$. With $\gamma = 1$ every episode that ends in a fall is worth −1, whether it lasted 10 steps or 10,000: the agent has no reason to delay the fall, only to avoid it altogether. With $\gamma = 0.95$ a later fall hurts less, $-0.95^{T-1}$ rises towards 0, and standing longer is better. The discount is part of the question that you ask, not a detail of how it is answered.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A policy by hand
# Before we let anything learn (that is for the later chapters), let us see what plain thought can do. If the pole leans to the right, push the cart to the right, to get back under it. Géron's book *Hands-On Machine Learning* uses this very policy as its first example and prints what it reached in 500 episodes, with the seeds 0 to 499. Seeds make such numbers comparable, so let us see:


# %%
def lean_policy(observation: np.ndarray) -> int:
    """Push to the side to which the pole leans."""
    return 0 if observation[2] < 0 else 1


# %% [markdown]
# The next function plays many episodes of one policy and keeps the return of each, $G_0$ with $\gamma = 1$: the sum of its rewards.


# %%
def play(policy, episodes: int) -> np.ndarray:
    """The undiscounted returns of that many episodes in `env`, with the seeds 0, 1, 2, …"""
    return np.array([sum(run_episode(env, policy, seed)[0]) for seed in range(episodes)])


returns = play(lean_policy, episodes=500)
mean, spread, low, high = returns.mean(), returns.std(), returns.min(), returns.max()
print(f"ours:      mean {mean:.3f}, spread {spread:.3f}, from {low:.0f} to {high:.0f}")
print("published: mean 41.698, spread 8.389, from 24 to 63")

# %% [markdown]
# The same to the last digit, years later and on another machine. That is what seeds are for. (The spread is the standard deviation, as `np.std` computes it.)
#
# Forty-odd steps are less than a second. What goes wrong? The pole leans to the left; the policy pushes to the left until the pole is upright again. But by then it *turns*, fast, to the right, and the policy wakes up only when it leans to that side. Each swing is wider than the one before. Somebody who balances a broom looks not at where it **is** but at where it **is going**. The observation has what you need for that: the angle (entry 2) and the angular velocity (entry 3).
#
# ### Exercise · push under the falling pole  ●●○ · 10 minutes


# %% exercise="push_toward_fall"
def push_toward_fall(observation: np.ndarray) -> int:
    """A policy that looks at the angle and at the angular velocity.

    observation: (4,), cart position (m), cart velocity (m/s), pole angle (rad), pole angular velocity (rad/s).
    Returns the int 0 (push to the left) or 1 (to the right). It is good enough if the pole stands
    for 300 of at most 500 steps on average.
    """
    ### BEGIN SOLUTION
    angle, velocity = observation[2], observation[3]
    return int(angle + 0.3 * velocity > 0)  # where the pole will be in 0.3 s if it goes on turning like this
    ### END SOLUTION


# %% check="push_toward_fall" points=2
check.push_toward_fall(push_toward_fall)

# %% [markdown] hint="push_toward_fall"
# If a car is at kilometre 20 and drives 100 km/h, where will it be in half an hour? Now the same for an angle, and a fraction of a second.

# %% [markdown] hint="push_toward_fall"
# If it went on turning like this, the angle would be $\theta + \tau\,\omega$ after $\tau$ seconds, with the angle $\theta$ and the angular velocity $\omega$. Choose some $\tau$ well below a second, and push to the side where the pole *will* lean: to the right if that sum is greater than 0.

# %% [markdown] hint="push_toward_fall"
# ```python
# angle, velocity = observation[2], observation[3]
# return int(angle + ... * velocity > 0)
# ```

# %% [markdown]
# Three policies, one start, at half the true speed. The film is cut after 200 steps, four seconds of the pole's time.

# %% figure="three-policies"
films = {
    "coin": film(make_random_policy(seed=0), seed=0),
    "lean": film(lean_policy, seed=0),
    "lean and turn": film(push_toward_fall, seed=0),
}
plotting.animation(
    films,
    title="Three policies from the same start",
    alt="With the coin, the pole falls soon. With the lean alone, it swings wider and wider and falls. "
    "With lean and turn together, it stands, and the cart under it trembles and creeps to the left.",
    fps=25, width=220,
)  # fmt: skip

# %% [markdown]
# **What you should see:** on the left the pole just falls. In the middle it swings, each time wider, until it is over; a panel that is over turns pale. On the right, with your policy, it stands. The cart trembles under it and creeps to the left. Keep that in mind.

# %% [markdown]
# ## How good, exactly?
# One episode proves nothing, and neither does the mean of some: play again with other seeds, and you get another mean. So a mean should never travel alone. Say with it **how far off it may be**.
#
# The returns of $n$ episodes spread with a standard deviation $s$. Their *mean* spreads less, for high and low returns cancel: its **standard error** is $s / \sqrt n$. A **95 % confidence interval** for the *true mean*, that of infinitely many episodes, is
#
# $$\bar G \;\pm\; t_{0.975,\,n-1}\,\frac{s}{\sqrt n}, \qquad s = \sqrt{\frac{1}{n-1}\sum_{i=1}^{n}\big(G^{(i)} - \bar G\big)^2}$$
#
# where $G^{(i)}$ is the return of episode $i$ and $\bar G$ the mean of all $n$. The factor comes from **Student's t distribution** with $n - 1$ *degrees of freedom*, a number that sets its shape: 2.5 % of the distribution lie above $t_{0.975,\,n-1}$ and as much below its negative. For large $n$ it is the well-known 1.96 of the normal distribution. For few episodes it is larger (2.26 for $n = 10$, 12.7 for $n = 2$), because $s$ itself is only a guess then. Mind the $n - 1$ in $s$: NumPy divides by $n$ unless you say `ddof=1`.
#
# *What the 95 % mean:* if you repeat the whole experiment many times, about 95 % of the intervals catch the true mean. They do **not** mean that 95 % of the returns lie inside.
#
# `student_t.ppf(p, df)`, from SciPy, is the number below which a share `p` of the t distribution with `df` degrees of freedom lies.
#
# ### Exercise · a mean and its interval  ●●○ · 10 minutes


# %% exercise="mean_and_interval"
def mean_and_interval(returns: np.ndarray) -> tuple[float, float, float]:
    """The mean of the returns with its 95 % confidence interval by Student's t.

    returns: n numbers, n >= 2, an array or a list.
    Returns mean, lower end, upper end: three numbers. If all returns are equal, so are these three.
    """
    ### BEGIN SOLUTION
    n, mean = len(returns), np.mean(returns)
    half = student_t.ppf(0.975, n - 1) * np.std(returns, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half
    ### END SOLUTION


# %% check="mean_and_interval" points=2
check.mean_and_interval(mean_and_interval)

# %% [markdown] hint="mean_and_interval"
# Three ingredients: how much single returns spread, how many there are, and a factor that says how many standard errors to go to each side. Two of the three depend on $n$, one of them twice over.

# %% [markdown] hint="mean_and_interval"
# `np.std(returns, ddof=1)` is $s$, and `student_t.ppf(0.975, n - 1)` is the factor. Half of the interval's width is the factor times $s / \sqrt n$.

# %% [markdown] hint="mean_and_interval"
# ```python
# n, mean = len(returns), np.mean(returns)
# half = student_t.ppf(..., ...) * np.std(returns, ddof=...) / np.sqrt(...)
# return mean, mean - half, mean + half
# ```

# %% [markdown]
# From here on, three policies compete. The third is *our* answer to the exercise, so that you see the numbers that the text talks about. Put `push_toward_fall` in its place whenever you want to know how yours does. Each call makes a new coin, so a cell that runs twice prints the same twice.


# %%
def lean_and_turn(observation: np.ndarray) -> int:
    """Push to where the pole will lean in 0.3 s if it goes on turning like this."""
    return int(observation[2] + 0.3 * observation[3] > 0)


def three_policies() -> dict:
    """The policies that compete."""
    return {"coin": make_random_policy(seed=0), "lean": lean_policy, "lean and turn": lean_and_turn}


# %% [markdown]
# A hundred episodes for each of them, all with the same hundred starts. Gymnasium registers CartPole with a threshold of 475: whoever reaches that on average is said to have *solved* it. The horizontal axis is logarithmic: each grid line is two or two and a half times the one before.

# %% figure="three-returns"
samples = {name: play(policy, episodes=100) for name, policy in three_policies().items()}
intervals = {name: mean_and_interval(returns) for name, returns in samples.items()}
for name, (mean, low, high) in intervals.items():
    print(f"{name:14} mean return {mean:6.1f}, 95 % interval {low:6.1f} to {high:6.1f}")
plotting.strips(
    samples, intervals, "Returns of 100 episodes, and their means", "return (steps that the pole stood)",
    ticks=[10, 20, 50, 100, 200, 500], marks={"solved: 475": gymnasium.spec("CartPole-v1").reward_threshold},
)  # fmt: skip

# %% [markdown]
# **What you should see:** each point is an episode, and the diamond above them is the mean with its interval. The coin manages between 20 and 25 steps on average, the lean about 40, and their intervals are far apart: nobody needs to argue which is better. With lean and turn, every one of the hundred points sits on 500. Its interval has no width at all. That looks like perfect knowledge, and it should make you suspicious. We come back to it.

# %% [markdown]
# ## Does the interval keep its promise?
# A claim about many repetitions can be tested by many repetitions. Let the coin play 20,000 episodes; their mean is as good as the truth. One after the other they would take many seconds. Gymnasium can also play them *side by side*, with arrays in the place of numbers, and that takes a fraction of a second.

# %%
worlds = gymnasium.make_vec("CartPole-v1", num_envs=20_000, vectorization_mode="vector_entry_point")
worlds.reset(seed=1)
coin = np.random.default_rng(seed=1)
coin_returns, standing = np.zeros(20_000), np.full(20_000, True)
while standing.any():
    _, rewards, terminated, truncated, _ = worlds.step(coin.integers(2, size=20_000))
    coin_returns += rewards * standing  # an episode that is over gets nothing more
    standing &= ~(terminated | truncated)
print(f"{coin_returns.min():.0f} to {coin_returns.max():.0f} steps, mean {coin_returns.mean():.2f}")

# %% [markdown]
# Now cut the first 2,000 of them into 100 experiments of 20 episodes each, and look how many of the 100 intervals catch the true mean.

# %% figure="coverage"
repetitions = [mean_and_interval(twenty) for twenty in coin_returns[:2000].reshape(100, 20)]
plotting.coverage(repetitions, coin_returns.mean(), title="100 intervals of 20 episodes each", ylabel="mean return")

# %% [markdown]
# **What you should see:** the means of 20 episodes scatter between 15 and 29, although all of them come from one and the same policy. Most of the intervals cross the dotted line. Seven of the hundred miss it; they are marked with an X, and six of them lie *below* it. That is no accident. Returns are lopsided: a sample that happens to hold none of the rare long episodes has too small a mean *and* too small a spread, so it is too sure of itself.
#
# Here are all 20,000 episodes, cut into experiments of three sizes:

# %%
for n in (5, 20, 100):
    experiments = [mean_and_interval(returns) for returns in coin_returns.reshape(-1, n)]
    caught = np.mean([low <= coin_returns.mean() <= high for _, low, high in experiments])
    print(f"{n:3} episodes each: {caught:.1%} of {len(experiments)} intervals catch the true mean")

# %% [markdown]
# The promise was 95 %, that is 5 misses in 100. With 5 episodes there are 11, more than twice as many; with 20 there are 7 or 8 (the figure had 7); with 100 the promise is kept. It holds exactly if returns are normally distributed, and these are not. More episodes heal that. Remember it when somebody shows you a mean of five.

# %% [markdown]
# ## The end that is not one
# Back to the interval without width. *How* did those hundred episodes end?

# %%
for name, policy in three_policies().items():
    ends = [run_episode(env, policy, seed)[1] for seed in range(100)]
    print(f"{name:14} terminated {sum(ends):3}, truncated {100 - sum(ends):3}")

# %% [markdown]
# All hundred episodes of lean and turn were cut by the clock. The 500.0 is not a measurement of the policy at all: it is the **time limit**, read off a hundred times. What lies behind it? Give the same policy a clock of 10,000 steps, which is more than three minutes of the pole's time, and write down where the cart is. A policy is just a function, so we wrap it in another one that takes notes.


# %%
def cart_positions(policy, seed: int) -> list[float]:
    """Where the cart is at each step of an episode of at most 10,000 steps."""
    positions = []

    def watched(observation):
        positions.append(float(observation[0]))
        return policy(observation)

    run_episode(gymnasium.make("CartPole-v1", max_episode_steps=10_000), watched, seed)
    return positions


# %% [markdown]
# Five episodes, five starts:

# %% figure="without-limit" tags=["nbval-ignore-output"]
tracks = {f"seed {seed}": np.array(cart_positions(lean_and_turn, seed)) for seed in range(5)}
for name, positions in tracks.items():
    print(f"{name}: {len(positions):4} steps, at last {positions[-1]:+.2f} m from the middle")
plotting.training_curves(
    {name: np.abs(positions[::20]) for name, positions in tracks.items()}, "How far the cart is from the middle",
    ylabel="distance in m", x=np.arange(0, 10_000, 20), marks={"edge of the track": 2.4},
)  # fmt: skip

# %% [markdown]
# **What you should see:** all five episodes end before the 10,000th step, two of them soon after the 500th. The pole stands to the last, but the cart creeps along the track, to the left (−) or to the right (+), until it falls off the edge. The policy never looks at the position, and the limit of 500 steps had hidden that completely. (Yours may creep faster or slower, or even stay on the track for 10,000 steps.)
#
# So the two ends tell different stories:
#
# - **Terminated:** nothing more would have come. The return is complete.
# - **Truncated:** much more would have come; we stopped looking. The return is a *lower bound*, if rewards are never negative.
#
# An agent that mistakes a cut for an end learns that standing upright at step 500 is worth nothing, the same as lying on the floor. It is one of the most frequent bugs in reinforcement learning code. The remedy: after a cut, add what the rest would have been worth, discounted for the steps that it is away. If an episode was cut after $n$ steps, and the rest is worth $v$ at that moment,
#
# $$G_0 = R_1 + \gamma R_2 + \dots + \gamma^{n-1} R_n + \begin{cases} 0 & \text{terminated} \\ \gamma^n\, v & \text{only cut} \end{cases}$$
#
# Where does $v$ come from? In later chapters it will be an estimate, learned from experience: the *value* of the situation in which it was cut, that is the mean return from there on. Here somebody gives it to you.
#
# ### Exercise · a return that survives the cut  ●●○ · 8 minutes


# %% exercise="return_with_rest"
def return_with_rest(rewards: list[float], terminated: bool, gamma: float, rest: float) -> float:
    """The return of a whole episode, G_0, from the part that was seen.

    rewards, terminated: as `run_episode` gives them; at least one reward.  gamma: the discount, 0 … 1.
    rest: what would have followed after the last reward, seen from there, so not yet discounted.
    It counts only if the episode was cut. (`discounted_returns` may help.)
    """
    ### BEGIN SOLUTION
    seen = discounted_returns(rewards, gamma)[0]
    return seen if terminated else seen + gamma ** len(rewards) * rest
    ### END SOLUTION


# %% check="return_with_rest" points=2
check.return_with_rest(return_with_rest)

# %% [markdown] hint="return_with_rest"
# One part of it you have already: the return of what was seen. How many steps after the start does the rest begin?

# %% [markdown] hint="return_with_rest"
# $\sum_{k=0}^{n-1} \gamma^k R_{k+1}$ is entry 0 of `discounted_returns(rewards, gamma)`. If `terminated` is `False`, add $\gamma^n \cdot$ `rest`, with $n$ = `len(rewards)`.

# %% [markdown] hint="return_with_rest"
# ```python
# seen = discounted_returns(rewards, gamma)[0]
# if terminated:
#     return ...
# return seen + gamma ** ... * rest
# ```

# %% [markdown]
# A test: whoever balances for ever has a return of $1/(1-\gamma)$, whatever the clock says. With $\gamma = 0.99$ that is 100, and after a cut the rest is worth 100 again. Nobody here balances for ever, but with the start of seed 2 the cart stays on the track for thousands of steps, and what is thousands of steps away counts nothing. (Seed 0 would not do: its cart falls off soon after the 500th step, so at that cut the rest is worth less.) We cut after 10, 20, 50, … steps, and compare two ways of counting: the cut as an end, and the cut with a rest of 100.

# %% figure="cuts"
limits = [10, 20, 50, 100, 200, 300, 400, 500]
rewards, _ = run_episode(env, lean_and_turn, seed=2)
curves = {
    "taken for an end": [return_with_rest(rewards[:n], True, 0.99, rest=100.0) for n in limits],
    "cut, with the rest": [return_with_rest(rewards[:n], False, 0.99, rest=100.0) for n in limits],
}
plotting.training_curves(
    curves, "The same pole, cut sooner or later", "return, γ = 0.99", "steps until the cut", x=np.array(limits)
)

# %% [markdown]
# **What you should see:** taken for an end, the return depends on the clock: below 10 for the shortest limit, near 100 only when the clock is several times longer than the 100 steps that this discount looks ahead. With the rest it is 100 wherever the episode is cut. The clock has vanished from the answer, as it should.

# %% [markdown] think="which-limit" points=1
# **Think.** A colleague reports: "my agent solves CartPole, mean return 500.0 ± 0.0 over 100 episodes." Which sentence would you want to see beside it, and what would you try next?
#
# <!-- BEGIN SOLUTION -->
# How the episodes ended: "all 100 were truncated at the limit of 500 steps." Then the number says that the agent holds out for at least 500 steps from these starts; it says nothing about what comes after, and two agents with 500.0 ± 0.0 cannot be compared. To learn more, raise the limit until some episodes terminate, or make the task harder (wider starts, pushes from outside), so that the measure can tell good from better again. The interval of width 0 is no evidence: a measure that is stuck at its ceiling does not vary.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - An **agent** chooses actions, an **environment** answers with observations and rewards. Nobody shows the right action, consequences come late, and the agent's behaviour decides what it gets to see.
# - `reset(seed=…)` begins an **episode**, `step(action)` gives observation, reward, **terminated** and **truncated**. A seed makes an experiment repeatable.
# - A **policy** is a function from observations to actions.
# - The **return** $G_t = R_{t+1} + \gamma G_{t+1}$ adds up what is still to come; a discount looks about $1/(1-\gamma)$ steps ahead.
# - A mean belongs in company: $\bar G \pm t\, s/\sqrt n$, and how many episodes were cut.
# - **Terminated** means that nothing follows. **Truncated** means that nobody looked: add the value of the rest.

# %%
by_lean = play(lean_policy, episodes=500)
by_hand = play(lean_and_turn, episodes=100)
headline(
    metric="CartPole-v1, mean return: lean policy over 500 episodes (standard deviation); lean and turn over 100",
    value=f"{by_lean.mean():.3f} ({by_lean.std():.3f}); {by_hand.mean():.1f}",
    published="41.698 (8.389); solved from 475",
    source="Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 18; reward_threshold in Gymnasium",
)

# %% [markdown]
# ## What to try next
# - **Keep the cart on the track.** Let your policy look at the position and the velocity of the cart, too, with small factors, until it survives 10,000 steps. (Which sign do they need? Think before you try: to move to the left, the cart must first lean the pole to the left.)
# - **Wider starts.** `env.reset(seed=0, options={"low": -0.2, "high": 0.2})` begins further from the middle. Which policy suffers most?
# - **Differences.** Two policies that play the same seeds meet the same starts. Take the difference of their returns seed by seed, and put an interval around *its* mean. When is this narrower than two separate intervals suggest?
#
# ## References
# - A. G. Barto, R. S. Sutton and C. W. Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", *IEEE Transactions on Systems, Man, and Cybernetics* 13(5), 1983, pp. 834–846: the cart and the pole.
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, 2018, chapter 1, "Introduction", and sections 3.1 to 3.4: the loop, rewards, returns, episodes. Example 3.4 is this pole.
# - A. Géron, *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3rd edition, 2022, chapter 18: the lean policy and its numbers.
# - F. Pardo, A. Tavakoli, V. Levdik and P. Kormushev, ["Time limits in reinforcement learning"](https://arxiv.org/abs/1712.00378), 2018: why a cut must not be taken for an end.
# - M. Towers and others, ["Gymnasium: a standard interface for reinforcement learning environments"](https://arxiv.org/abs/2407.17032), 2024.
