# %% [markdown] minutes=85
# # Monte Carlo prediction: play and average
# You sit at a blackjack table and have a habit: stick on 20 and 21, take a card otherwise. What does this habit cost you per hand? Nobody gives you the odds. So play, and take the mean.
#
# **You will** play hands with a policy, compute the return after the first visit of each state, average these returns into values, do it without keeping them, and measure how fast the error falls.
#
# **You need** values and returns (chapter *Markov decision processes*), and the idea of dynamic programming: values from a known model.

# %%
from collections import defaultdict

import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.monte_carlo import prediction as check
from lib.envs.blackjack import HIT, STICK
from lib.models import blackjack

setup(seed=0)

# %% [markdown]
# ## No model
# Dynamic programming needs the model: for every state and action, the probability of everything that can happen. Often nobody can write that down. But you can *play*: sit at the table, drive the car, run the simulator. Playing gives **samples** of what happens, one at a time, and nothing more.
#
# That is enough. The value of a state is an expected return,
#
# $$v_\pi(s) = \mathbb{E}_\pi[\,G_t \mid S_t = s\,]$$
#
# and the oldest way to find an expected value is to try many times and take the mean. Methods that average complete, sampled returns are called **Monte Carlo methods**, after the casino. Finding $v_\pi$ for a policy that is given is called **prediction**; finding a better policy is called *control*, and comes in the next lesson.
#
# ## The game
# Blackjack, as in Example 5.1 of Sutton and Barto's book:
#
# - You want a sum as high as possible, but at most 21. A ten, jack, queen and king count 10. An ace counts 11 as long as that keeps you within 21, and 1 otherwise; an ace that counts 11 is called **usable**.
# - The dealer gets two cards; you see the first. You get two.
# - Then you **hit** (take a card, action 1) as often as you like, or **stick** (stop, action 0). Over 21 you have lost at once.
# - When you stick, the dealer draws until 17 or more, whether an ace counts 11 in it or not. Over 21 the dealer has lost; otherwise the higher sum wins, and equal sums are a draw.
# - The reward is 1 for a win, 0 for a draw, −1 for a loss, all of it at the end, and nothing is discounted: $\gamma = 1$.
#
# One rule of the book is left out. There an ace and a ten dealt at once, a *natural*, win unless the dealer has a natural, too; here they are a 21 like any other.
#
# The deck is infinite: each card is drawn from all thirteen ranks, whatever lies on the table. So there is nothing to count, and what you need to know is a **state** of three things: `(player_sum, dealer_card, usable_ace)`, the dealer's ace written as 1. Below a sum of 12 a card can never hurt, so you get cards without being asked until you have 12. That leaves 10 · 10 · 2 = 200 states.

# %% figure="hand"
picture = gymnasium.make("course/Blackjack-v0", render_mode="rgb_array")
text = gymnasium.make("course/Blackjack-v0", render_mode="ansi")
frames = []
for action in (None, HIT, HIT, STICK):
    for env in (picture, text):
        env.reset(seed=14) if action is None else env.step(action)
    frames.append(picture.render())
    print(text.render(), "\n")
plotting.animation(
    frames,
    "A hand: hit, hit, stick",
    fps=0.5,
    width=552,
    alt="Above the dealer's 2 and a hidden card, below the player's ace and 2. The player gets a 10, then a 7, and "
    "sticks; the dealer turns up a 7 beside the 2 and draws a 10.",
)

# %% [markdown]
# **What you should see:** the dealer above, you below. The hand begins in state `(13, 2, True)`: ace and 2, and the ace counts 11. The ten would make it 23, so now the ace counts 1: `(13, 2, False)`, the same sum, another state. The 7 makes 20. You stick; the dealer turns up a 7 beside the 2, must draw, and gets a ten: 19. You win.

# %% [markdown]
# ## A policy is a function
# With 200 states a table would do, but a rule is shorter. Here a **policy** is a function: it takes a state and answers with an *action*, not with probabilities. This is the habit from above:


# %%
def stick_on_20(state: tuple[int, int, bool]) -> int:
    """Stick on 20 and 21, hit below."""
    return STICK if state[0] >= 20 else HIT


for state in ((13, 2, True), (19, 10, False), (20, 10, False)):
    print(state, "→", "stick" if stick_on_20(state) == STICK else "hit")

# %% [markdown]
# ### Exercise · play a hand  ●○○ · 10 minutes
# What Monte Carlo learns from is an **episode**: the states, actions and rewards from the start to the end,
#
# $$S_0, A_0, R_1, \; S_1, A_1, R_2, \; \dots, \; S_{T-1}, A_{T-1}, R_T$$
#
# Every Gymnasium environment is played with two calls; `info` is not needed here:
#
# ```python
# state, info = env.reset()  # a new episode, and its first state
# next_state, reward, terminated, truncated, info = env.step(action)
# ```
#
# Write the episode down as a list of triples $(S_t, A_t, R_{t+1})$: the state you *were* in, what you did there, and what this step paid. The state that comes after the last step is not in the list: nothing is decided there.
#
# For our hand the list is `[((13, 2, True), 1, 0.0), ((13, 2, False), 1, 0.0), ((20, 2, False), 0, 1.0)]`.
#
# Your function will be used for other games, too. There a reward may come at any step, and a time limit may cut an episode: `terminated` and `truncated` both end it.


# %% exercise="play_hand"
def play_hand(env, policy) -> list[tuple]:
    """Play one episode and write it down.

    env: a Gymnasium environment.  policy: a function, policy(state) is the action to take.
    Returns a list with one triple (state, action, reward) for each step: the state before the step.
    The episode ends when a step is terminated or truncated.
    """
    ### BEGIN SOLUTION
    episode, over = [], False
    state, _ = env.reset()
    while not over:
        action = policy(state)
        next_state, reward, terminated, truncated, _ = env.step(action)
        episode.append((state, action, reward))
        state, over = next_state, terminated or truncated
    return episode
    ### END SOLUTION


# %% check="play_hand" points=2
check.play_hand(play_hand)

# %% [markdown] hint="play_hand"
# A triple holds the state *before* the step, but `env.step` gives you the state *after* it. You need both at the same time: under two names. When does the new one become the current one?

# %% [markdown] hint="play_hand"
# Begin with `state, _ = env.reset()`. Then repeat, until a step was terminated or truncated: $A_t$ is `policy(state)`; the step gives the next state and the reward; append $(S_t, A_t, R_{t+1})$; only then let the next state become the state.

# %% [markdown] hint="play_hand"
# ```python
# episode, over = [], False
# state, _ = env.reset()
# while not over:
#     action = ...
#     next_state, reward, terminated, truncated, _ = env.step(action)
#     episode.append((..., ..., ...))
#     state, over = ..., terminated or truncated
# return episode
# ```

# %% [markdown]
# Six hands. Look at how they end:

# %%
env = gymnasium.make("course/Blackjack-v0")
env.reset(seed=6)
for _ in range(6):
    steps = play_hand(env, stick_on_20)
    print("  ".join(f"{state} {'SH'[action]}" for state, action, _ in steps), f"→ {steps[-1][2]:+.0f}")

# %% [markdown]
# A hand is over after one to three decisions here, and every return is the last reward: all others are 0. Who hits on 18 mostly goes over 21. You begin to suspect what this habit is worth.

# %% [markdown]
# ## The return after a visit
# Each time a state occurs in an episode we say that it is **visited**. What followed the visit, added up, is a return: one sample of what the state is worth.
#
# $$G_t = R_{t+1} + \gamma R_{t+2} + \dots + \gamma^{T-t-1} R_T \qquad\text{or, from the back:}\qquad G_t = R_{t+1} + \gamma\, G_{t+1}, \quad G_T = 0$$
#
# So walk through the episode **from its end**, with one variable `G` that begins at 0. At each step multiply it with $\gamma$ and add the reward; now it is the return from that step on.
#
# What if a state is visited twice in one episode? There are two answers, and with more and more episodes both approach $v_\pi$:
#
# - **Every-visit** Monte Carlo counts the return after each visit.
# - **First-visit** Monte Carlo counts only the return after the *first* visit of the episode. Then each episode gives a state at most one return, and returns of different episodes have nothing to do with each other: independent samples, whose mean is **unbiased**: its expected value is $v_\pi(s)$, however few they are. (Every-visit has a small bias, which dies out.) **This lesson does first-visit.**
#
# *Once by hand.* Four steps with $\gamma = 0.5$: A pays 1, B pays 2, A pays 3, B pays 4, end. From the back: $G_3 = 4$, $G_2 = 3 + \tfrac12 \cdot 4 = 5$, $G_1 = 2 + \tfrac12 \cdot 5 = 4.5$, $G_0 = 1 + \tfrac12 \cdot 4.5 = 3.25$. The first visit of A is at time 0 and that of B at time 1. First-visit returns: B 4.5, A 3.25. (Every-visit would also count 5 for A and 4 for B.)

# %% [markdown]
# ### Exercise · first-visit returns  ●●○ · 10 minutes
# States are tuples, and tuples can be keys of a dictionary. The answer is a dictionary: state → return after its first visit.


# %% exercise="first_visit_returns"
def first_visit_returns(episode: list[tuple], gamma: float) -> dict:
    """For each state of an episode, the return after its first visit.

    episode: a list of (state, action, reward), as `play_hand` gives it.  gamma: the discount, 0 … 1.
    Returns a dictionary {state: return}. The rewards of all steps from the visit on count, that step's included.
    """
    ### BEGIN SOLUTION
    returns = {}
    G = 0.0
    for state, _, reward in reversed(episode):
        G = reward + gamma * G
        returns[state] = G  # an earlier visit comes later here, and overwrites
    return returns
    ### END SOLUTION


# %% check="first_visit_returns" points=2
check.first_visit_returns(first_visit_returns)

# %% [markdown] hint="first_visit_returns"
# You walk from the end to the beginning. If a state occurs twice, which of its two visits do you meet last? And what happens to an entry of a dictionary that is written twice?

# %% [markdown] hint="first_visit_returns"
# $G \leftarrow 0$. For $t = T-1, \dots, 0$: $\;G \leftarrow R_{t+1} + \gamma G$, then `returns[S_t]` $\leftarrow G$. The first visit is met last and overwrites the others.

# %% [markdown] hint="first_visit_returns"
# ```python
# returns = {}
# G = 0.0
# for state, _, reward in reversed(episode):
#     G = ... + ... * G
#     returns[state] = ...
# return returns
# ```

# %% [markdown]
# Your code on the example by hand; it should say B 4.5 and A 3.25, in the order in which you met them from the back:

# %%
print(first_visit_returns([("A", 0, 1.0), ("B", 0, 2.0), ("A", 0, 3.0), ("B", 0, 4.0)], gamma=0.5))

# %% [markdown] think="first-visit-in-blackjack" points=1
# **Think.** In blackjack, first-visit and every-visit Monte Carlo give exactly the same numbers. Why? (Can you be in the same state twice in one hand? Look at what a card does to the sum, and at the ace.)
#
# <!-- BEGIN SOLUTION -->
# A card either raises the sum, or it makes a usable ace count 1, and then `usable_ace` goes from `True` to `False`. It never goes back: at a sum of 12 or more, a new ace counts 1. So without a usable ace the sum only rises, with one it rises until the ace is lost, and no state occurs twice. Each first visit is the only visit.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Average
# Now the whole method, **first-visit Monte Carlo prediction**:
#
# > Repeat for many episodes: play one with policy $\pi$; for each state in it, append the return after its first visit to a list of that state. At the end, $V(s)$ is the mean of the list of $s$.
#
# By the law of large numbers the mean approaches $v_\pi(s)$ as the list grows. Notice what is *not* there: no probabilities, no equation that ties the value of a state to the values of its neighbours. Each state is judged by its own returns alone.

# %% [markdown]
# ### Exercise · Monte Carlo prediction  ●●○ · 10 minutes
# A `defaultdict(list)` is a dictionary in which every new key begins with an empty list. States that were never visited have no value: leave them out.


# %% exercise="mc_prediction"
def mc_prediction(env, policy, num_episodes: int, gamma: float = 1.0) -> dict:
    """The value of every state that was visited, by first-visit Monte Carlo prediction.

    env, policy: as in `play_hand`, which plays one episode.  num_episodes: how many to play, >= 1.
    gamma: the discount, 0 … 1.  Returns a dictionary {state: mean of the returns after its first visits}.
    """
    returns = defaultdict(list)
    ### BEGIN SOLUTION
    for _ in range(num_episodes):
        episode = play_hand(env, policy)
        for state, G in first_visit_returns(episode, gamma).items():
            returns[state].append(G)
    return {state: sum(values) / len(values) for state, values in returns.items()}
    ### END SOLUTION


# %% check="mc_prediction" points=2
check.mc_prediction(mc_prediction)

# %% [markdown] hint="mc_prediction"
# Both functions that you need are written. For each episode: which of them gives you the episode, and which turns it into one return for each state? `.items()` of a dictionary gives pairs.

# %% [markdown] hint="mc_prediction"
# For every episode and every pair $(s, G)$ of its first-visit returns: append $G$ to `returns[s]`. At the end $V(s) = \frac{1}{n} \sum_{i=1}^{n} G_i$, over the $n$ returns in the list of $s$. $n$ is not the number of episodes.

# %% [markdown] hint="mc_prediction"
# ```python
# for _ in range(num_episodes):
#     episode = play_hand(env, policy)
#     for state, G in first_visit_returns(..., ...).items():
#         returns[state].append(...)
# return {state: ... / ... for state, values in returns.items()}
# ```

# %% [markdown]
# ## Ten thousand hands, and half a million
# This is Figure 5.1 of the book: the values after 10,000 and after 500,000 hands. It takes a few seconds.

# %% figure="surfaces"
env = gymnasium.make("course/Blackjack-v0")
env.reset(seed=0)
V_few = mc_prediction(env, stick_on_20, num_episodes=10_000)
V_many = mc_prediction(env, stick_on_20, num_episodes=500_000)
print(f"states visited: {len(V_few)} and {len(V_many)} of 200")
plotting.blackjack_values(
    {"10,000 hands": V_few, "500,000 hands": V_many}, title="Value of a hand if you stick on 20 and 21"
)

# %% [markdown]
# **What you should see:** a low plain with a cliff at its far end. With 20 or 21 you expect to win; with everything below you expect to lose, for you will hit until you have 20 or are out. After 500,000 hands the plain is smooth. After 10,000 it is rough, and far rougher above, with a usable ace, than below.

# %% [markdown] think="shape-of-the-surface" points=1
# **Think.** Three features of the smooth surfaces ask for a reason. Why do they jump at 20? Why do they sink where the dealer shows an ace, most of all at the sums 20 and 21? And why is the plain higher with a usable ace than without?
#
# <!-- BEGIN SOLUTION -->
# At 20 the policy sticks, and 20 and 21 are hard to beat; at 19 and below it hits, and from 19 only an ace or a 2 helps: most hands are lost right there. An ace is the dealer's best card: it counts 11 or 1 as needed, so that the dealer ends high and seldom goes over 21. At 20 and 21 you see it best, for only there the dealer's sum decides; below, most hands are lost before. A usable ace is a safety net: the first card that would take you over 21 only turns the ace into a 1, and you play on.
# <!-- END SOLUTION -->

# %% [markdown]
# ## The truth
# Are these values right? A surface that looks smooth proves nothing. The book does not say how far off its own are. We want the exact numbers.
#
# The book remarks that dynamic programming is not easy here, although everything about the game is known: you would first have to work out the probability of every outcome, such as the dealer reaching 19 from a 6. By hand that is a lot of work. A program can enumerate it, card by card, and that is what this course did: like the gridworld, this environment has a model `P[state][action]`. Our player never looks at it; the referee does.

# %%
P = env.unwrapped.P
print("stick on 19 against an ace:")
for probability, _, reward, _ in P[19, 1, False][STICK]:
    print(f"  reward {reward:+.0f} with probability {probability:.4f}")
print(f"  mean reward: {sum(probability * reward for probability, _, reward, _ in P[19, 1, False][STICK]):.2f}")
exact = blackjack.exact_values(blackjack.STICK_ON_20)
print(f"value of (13, 2, True): {exact[blackjack.INDEX[13, 2, True]]:.5f}")

# %% [markdown]
# `exact_values` averages this model over the policy and solves the Bellman equation as a linear system, as you did in dynamic programming. Its answer for `(13, 2, True)` can be compared: the book's Example 5.4 needs the value of this state under this policy, and gives −0.27726. That is the mean of a hundred million hands, with a standard error of about 0.0001: the two agree.
#
# All 200 values:

# %% figure="exact"
plotting.blackjack_table(blackjack.as_dict(exact), title="Exact values if you stick on 20 and 21", limits=(-1, 1))

# %% [markdown]
# **What you should see:** the surface from above, in numbers. The worst place is 19 against an ace without a usable ace, −0.79. To stick there would be worth −0.12, as printed above; this policy hits, and mostly goes over 21. The best is 21 against a 9, 0.94.
#
# How far off were the estimates? The **root mean square (rms) error** squares the error of each state, takes the mean, and then the root. The next cell needs your `mc_prediction` again, with fewer hands.

# %%
env.reset(seed=1)
for hands in (1_000, 10_000, 100_000):
    V = mc_prediction(env, stick_on_20, num_episodes=hands)
    error = blackjack.as_array(V) - exact  # NaN where a state was not visited
    print(f"{hands:7,} hands: {len(V):3} states visited, rms error of these {np.sqrt(np.nanmean(error**2)):.3f}")

# %% [markdown]
# ## How fast?
# From 10,000 to 100,000 hands the error shrinks to a third: ten times the hands, and $\sqrt{10} \approx 3.2$. That is the famous $1/\sqrt n$. Let a state have $n$ independent returns, each with the variance $\sigma^2$. Variances of independent numbers add: the sum has $n\sigma^2$, the mean $n\sigma^2 / n^2 = \sigma^2/n$, and its standard deviation is $\sigma / \sqrt n$. This $n$ counts the returns of *one state*; but it grows in proportion to the hands. **To halve the error, play four times as many hands.**
#
# To see the law clearly we need many repetitions of the whole experiment: 100 runs of 500,000 hands, fifty million hands. Your loop would need some minutes. `lib.models.blackjack` plays thousands of hands at once, with arrays in place of loops; for the same cards it gives the same numbers as your functions (a test of the course makes sure of that). A state that was not visited counts this time, too, with the guess 0; above it was left out.

# %%
lengths = np.array([1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000])
rng, squares = np.random.default_rng(0), np.zeros((100, len(lengths), 200))
for run in range(100):
    total, visits = np.zeros(200), np.zeros(200)
    for k, more in enumerate(np.diff(lengths, prepend=0)):
        new_total, new_visits = blackjack.prediction(blackjack.STICK_ON_20, more, rng)
        total, visits = total + new_total, visits + new_visits
        squares[run, k] = (total / np.maximum(visits, 1) - exact) ** 2  # not visited: 0
rms = np.sqrt(squares.mean(axis=2))
slope = np.polyfit(np.log(lengths[5:]), np.log(rms.mean(axis=0)[5:]), 1)[0]
print(f"rms error: {rms[:, 0].mean():.3f} after 1,000 hands, {rms[:, -1].mean():.3f} after 500,000")
print(f"slope from 50,000 hands on: {slope:.2f}")

# %% [markdown]
# $\text{error} = c / \sqrt n$ means $\log \text{error} = \log c - \frac12 \log n$: on logarithmic axes, a straight line of slope −½.

# %% figure="error"
line = rms[:, -1].mean() * np.sqrt(lengths[-1] / lengths)  # through the last point
options = {"xlabel": "hands played", "ylabel": "rms error of 200 values", "x": lengths, "log_x": True, "log_y": True}
picture = plotting.training_curves(
    {"100 runs": rms, "slope −½": line}, title="The error after n hands falls as 1/√n", **options
)
axes = picture.figure.axes[0]
axes.lines[1].set_marker("None")
axes.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
axes.tick_params(axis="y", which="minor", labelleft=False)
axes.legend()
picture

# %% [markdown]
# **What you should see:** the curve follows the line from about 20,000 hands on; the band holds all 100 runs. (The line is drawn through the last point; what counts is the slope.) Before that the curve crosses it. With 5,000 and 10,000 hands it is above: a rare state has a few returns or, by bad luck, one or none, and bad luck hurts more than good luck helps. With 1,000 hands it is below: the rarest states come by less than once on average, where $1/\sqrt n$ would be more than 1; but the guess 0 is never that wrong.
#
# ## Where is the error?
# Not everywhere alike: the game decides how often a state comes by. `visits` still holds those of the 100th run. The colours go by their logarithm:

# %% figure="visits"
plotting.blackjack_table(
    blackjack.as_dict(10_000 * visits / lengths[-1]),
    title="How often a state comes by",
    label="visits in 10,000 hands",
    digits=0,
    log=True,
)

# %% [markdown]
# **What you should see:** the dealer shows a ten four times as often as any other card, so the right columns are the brightest. States with a usable ace are rare, and 12 with a usable ace is the rarest of all: you must be dealt two aces.
#
# Now the error of each state, the rms over the 100 runs, against its visits:

# %% figure="where"
plotting.blackjack_errors(
    blackjack.as_dict(visits),
    blackjack.as_dict(np.sqrt(squares[:, -1].mean(axis=0))),
    title="Error of each state after 500,000 hands",
)

# %% [markdown]
# **What you should see:** a point for each of the 200 states, most of them a little below the line $1/\sqrt n$. Returns lie between −1 and 1, so $\sigma$ is at most 1, and only chance lifts a point above the line. The rare states with a usable ace, at the left, have the largest errors, up to 0.07. The triangles lie well below: with 21 you never lose, at worst it is a draw; so $\sigma$ is small, and few visits are enough.
#
# That is a property of Monte Carlo to remember: it learns well what the policy visits often. It has a bright side. If you care about *one* state and can begin there, no other state costs you anything. Our table lets you, with `env.reset(options={"state": (13, 2, True)})`; a real one would not. Dynamic programming has to solve for all states.

# %% [markdown]
# ## Without keeping the returns
# Half a million hands left 780,000 returns in your lists. You do not need them. If $m_{n-1}$ is the mean of the first $n - 1$ values, and $x_n$ comes in, then the new mean is
#
# $$m_n = \frac{(n-1)\, m_{n-1} + x_n}{n} = m_{n-1} + \frac{1}{n}\,\big(x_n - m_{n-1}\big)$$
#
# In words: **new estimate = old estimate + step size × (target − old estimate)**. The bracket is the error of the old estimate as the new value sees it; you go a small part of the way, 1/n, towards the target. Two numbers per state, $n$ and $m$, replace the list. You will meet this line in every chapter from now on, with other targets and other step sizes.
#
# *By hand:* the values 4, 2, 6. $m_1 = 0 + 1 \cdot (4 - 0) = 4$; $m_2 = 4 + \tfrac12 (2 - 4) = 3$; $m_3 = 3 + \tfrac13 (6 - 3) = 4$. And indeed (4 + 2 + 6)/3 = 4.

# %% [markdown]
# ### Exercise · running means  ●○○ · 6 minutes


# %% exercise="running_means"
def running_means(values: list[float]) -> list[float]:
    """The mean of the first value, of the first two, of the first three …

    values: n numbers, n >= 1.  Returns n means; the last is the mean of all.
    Each mean can be made from the one before and the new value: nothing has to be added up again.
    """
    ### BEGIN SOLUTION
    means, mean = [], 0.0
    for n, value in enumerate(values, start=1):
        mean += (value - mean) / n
        means.append(mean)
    return means
    ### END SOLUTION


# %% check="running_means" points=1
check.running_means(running_means)

# %% [markdown] hint="running_means"
# What must you remember from one value to the next? Only two things: the mean so far, and how many values it is made of.

# %% [markdown] hint="running_means"
# $m \leftarrow 0$. For the $n$-th value $x$, with $n = 1, 2, \dots$: $\;m \leftarrow m + \frac1n (x - m)$. With $n = 1$ the 0 that it began with is forgotten.

# %% [markdown] hint="running_means"
# ```python
# means, mean = [], 0.0
# for n, value in enumerate(values, start=1):
#     mean += ...
#     means.append(...)
# return means
# ```

# %% [markdown]
# ## What does the habit cost?
# The mean return of a hand, over all the ways it can begin, is the **value of the game** for this player. Exactly it is $\sum_s \Pr(S_0 = s)\, v_\pi(s)$. Three players play 20,000 hands each. The return of a hand is its last reward, `[-1][2]` of the episode: there is no other reward, and no discount.

# %% figure="game"
env = gymnasium.make("course/Blackjack-v0")
env.reset(seed=2)
truth = blackjack.game_value(exact)
curves = [running_means([play_hand(env, stick_on_20)[-1][2] for _ in range(20_000)]) for _ in range(3)]
shown = np.unique(np.geomspace(10, 20_000, 200).astype(int))  # evenly on a logarithmic axis
plotting.training_curves(
    {f"player {k + 1}": np.array(curve)[shown - 1] for k, curve in enumerate(curves)},
    x=shown,
    log_x=True,
    title="Mean return so far",
    xlabel="hands played",
    ylabel="mean return of a hand",
    marks={"exact": truth},
)

# %% [markdown]
# **What you should see:** after ten hands the means lie far apart, and they jump about for a hundred more. After a thousand all three players know that they lose about a third, and at the end they agree within two hundredths: some 35 cents of every euro staked. The best policy, which the next lesson finds, loses less than five.

# %% [markdown]
# ## Summary
# - **Monte Carlo prediction** needs no model: play episodes with the policy, and average the returns after the visits of each state.
# - **First-visit** counts one return per state and episode: independent samples. **Every-visit** counts all. In blackjack they are the same.
# - The returns are computed from the back, $G_t = R_{t+1} + \gamma G_{t+1}$, so learning has to wait for the end of the episode.
# - First-visit estimates are unbiased, and none is built on another. Their error is $\sigma/\sqrt n$, with $n$ the visits *of that state*: rare states stay uncertain.
# - $m_n = m_{n-1} + \frac1n (x_n - m_{n-1})$: a mean without a list.

# %%
rng, hands = np.random.default_rng(0), 500_000
wins = np.concatenate([blackjack.play(blackjack.STICK_ON_20, hands // 20, rng).reward for _ in range(20)])
half = 1.96 * wins.std() / np.sqrt(hands)
headline(
    metric="Stick on 20 and 21: mean return of a hand in 500,000 hands; rms error of the 200 values after as many",
    value=f"{wins.mean():.4f} ± {half:.4f} (95 % interval); {rms[:, -1].mean():.3f}",
    published="no number, the book shows the values as surfaces; exact by enumeration: −0.35355",
    source="Sutton and Barto, 2018, Example 5.1, Figure 5.1; exact: this course's model of the game",
)

# %% [markdown]
# ## What to try next
# - Put `running_means` and `mc_prediction` together: keep a count and a mean per state in place of the list. Check that $V$ is the same up to rounding.
# - Stick on 17 like the dealer. What is the game worth now? Why is it still negative, though both play by the same rule?
# - `gymnasium.make("Blackjack-v1")` is Gymnasium's own table. Your functions run on it unchanged. Its hands begin with two cards, so that there are states below 12. Compare the speed.
# - In the next lesson the player starts to learn: from values of actions to better actions.
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, 2018, section 5.1, "Monte Carlo Prediction": Example 5.1 and Figure 5.1; section 2.4 for the running mean; Example 5.4 for the value of `(13, 2, True)`.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to, with the same game and the same numbers of hands. It shows the surfaces and does not compare them with the truth.
# - S. P. Singh and R. S. Sutton, "Reinforcement learning with replacing eligibility traces", *Machine Learning* 22, 1996, pages 123-158: first-visit and every-visit compared.
