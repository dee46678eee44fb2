# %% [markdown] minutes=70
# # The gambler's problem: many ways to be optimal
# Value iteration solves a game of chance in seconds, and the best policy that it finds looks like a mountain range drawn by a madman. It is right, and so are a hundred others: this lesson finds them all.
#
# **You will** compute what each stake is worth, run value iteration with a different set of actions in every state, collect *every* optimal stake, and compare with two rules that gamblers have used for centuries.
#
# **You need** the earlier lessons of this chapter: the backup, and value iteration in place.

# %%
import functools
from fractions import Fraction

import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.dynamic_programming import gamblers_problem as check
from lib.models.gambler import best_stakes

setup(seed=0)

# %% [markdown]
# ## The game
# You have some money, less than 100, and you need 100. A coin will be flipped again and again. Before each flip you stake part of what you have. Heads, which comes with probability $p_h$, pays the stake; tails loses it. You stop when you have 100, or nothing.
#
# This is Example 4.3 of the book. As a Markov decision process:
# - the **state** $s$ is your capital, from 1 to 99; 0 and 100 are terminal;
# - the **actions** are the stakes $1, 2, \dots, \min(s, 100 - s)$: you cannot stake more than you have, and more than you lack makes no sense. So **every state has its own set of actions**;
# - the **reward** is 1 for the flip that reaches 100 and 0 for every other, and $\gamma = 1$. The return of a game is therefore 1 or 0, and the value of a state is a *probability*: that of reaching the goal.
#
# `P[s][stake]` lists what can happen, as always. The first flips of a game with random stakes:

# %%
env = gymnasium.make("course/Gambler-v0", p_h=0.4, render_mode="ansi")
print("capital 10, stake 3:", env.P[10][3])
print("capital 90, stakes:", list(env.P[90]))
rng = np.random.default_rng(1)
env.reset(seed=1, options={"state": 50})
for _ in range(4):
    stake = rng.integers(1, 21)
    capital, reward, terminated, _, _ = env.step(stake)
    print(f"stake {stake:2d} -> {env.render()}")

# %% [markdown]
# ## What is a stake worth?
# The value of an action is what the backup computes before it takes the mean or the maximum over the actions:
#
# $$q(s, a) = \sum_{s', r} p(s', r \mid s, a)\,\big[\,r + V(s')\,\big]$$
#
# Two outcomes for each stake, heads and tails. And, as in the whole chapter, nothing follows a transition that `terminated`: the 1 for reaching the goal is the *reward* of that step, and the value of the goal itself is 0. (The book does without a reward and sets $V(100) = 1$ instead. Both tell the same story; doing both at once would pay twice.)
#
# *Once by hand.* Let $p_h = 0.4$, and let $V(s) = s/100$ in all states. At capital 60, the stake 40 gives $0.4 \cdot 1 + 0.6 \cdot V(20) = 0.52$. The stake 1 gives $0.4 \cdot 0.61 + 0.6 \cdot 0.59 = 0.598$.

# %% [markdown]
# ### Exercise · the value of each stake  ●○○ · 8 minutes


# %% exercise="stake_values"
def stake_values(P: dict, V: np.ndarray, s: int) -> np.ndarray:
    """The value of every stake at capital `s`: the expected reward plus the value of the capital after it.

    P: the model; P[s] has the stakes 1, 2, … as keys, P[s][stake] is a list of
        (probability, next_state, reward, terminated), two outcomes or more.
    V: (goal + 1,), a value for every capital; only read. There is no discount.
    Returns as many numbers as P[s] has stakes: the first belongs to the stake 1. Nothing follows what terminated.
    """
    ### BEGIN SOLUTION
    values = np.zeros(len(P[s]))
    for stake, outcomes in P[s].items():
        for probability, next_state, reward, terminated in outcomes:
            rest = 0.0 if terminated else V[next_state]
            values[stake - 1] += probability * (reward + rest)
    return values
    ### END SOLUTION


# %% check="stake_values" points=1
check.stake_values(stake_values)

# %% [markdown] hint="stake_values"
# It is the backup of the first lesson without the policy: one sum for each stake, and none over the stakes.

# %% [markdown] hint="stake_values"
# For each stake $a$, add up $\;p \cdot \big(r + V(s')\big)\;$ over the outcomes of `P[s][a]`, with $V(s')$ replaced by 0 if the outcome terminated. Stake $a$ goes to position $a - 1$.

# %% [markdown] hint="stake_values"
# ```python
# values = np.zeros(len(P[s]))
# for stake, outcomes in P[s].items():
#     for probability, next_state, reward, terminated in outcomes:
#         rest = ...   # 0.0 if terminated, otherwise V[next_state]
#         values[stake - 1] += ...
# return values
# ```

# %% [markdown]
# Your code against the calculation by hand, 0.598 and 0.52:

# %%
guess = np.arange(101) / 100
print("stakes 1 and 40 at capital 60:", np.round([stake_values(env.P, guess, 60)[position] for position in (0, 39)], 6))

# %% [markdown]
# ## Value iteration, once more
# Nothing new is needed to solve the game, only that the maximum runs over the stakes of *this* state:
#
# $$V(s) \leftarrow \max_{1 \le a \le \min(s,\, 100 - s)} q(s, a)$$
#
# In place, from capital 0 upwards, until no value changed by $\theta$ or more in a sweep. The terminal states need no special treatment: `P` gives them one stake that leads nowhere and pays nothing.

# %% [markdown]
# ### Exercise · value iteration for the gambler  ●●○ · 10 minutes


# %% exercise="value_iteration"
def value_iteration(P: dict, theta: float) -> tuple[np.ndarray, int]:
    """Sweep in place, from capital 0 upwards, until the largest change of a sweep is smaller than theta.

    P: the model, as in `stake_values`, which values the stakes of one state. V begins with zeros.
    Returns the values (goal + 1,) and the number of sweeps, the last one included.
    """
    ### BEGIN SOLUTION
    V = np.zeros(len(P))
    sweeps, delta = 0, theta
    while delta >= theta:
        sweeps, delta = sweeps + 1, 0.0
        for s in range(len(P)):
            best = stake_values(P, V, s).max()
            delta = max(delta, abs(best - V[s]))
            V[s] = best
    return V, sweeps
    ### END SOLUTION


# %% check="value_iteration" points=2
check.value_iteration(value_iteration)

# %% [markdown] hint="value_iteration"
# Take the in-place value iteration of the last lesson. What changes when the backup of `s` is a maximum over `stake_values(P, V, s)`? And where must the largest change go back to 0?

# %% [markdown] hint="value_iteration"
# One sweep: set $\Delta = 0$; for every $s$ compute the largest stake value, bring $\Delta$ up to date with $|\text{best} - V(s)|$, then overwrite $V(s)$. Count the sweep. Stop after a sweep with $\Delta < \theta$.

# %% [markdown] hint="value_iteration"
# ```python
# V = np.zeros(len(P))
# sweeps, delta = 0, theta
# while delta >= theta:
#     sweeps, delta = ...
#     for s in range(len(P)):
#         best = ...
#         delta = max(...)
#         V[s] = best
# return V, sweeps
# ```

# %% [markdown]
# ## Three coins
# Now solve the game for a bad coin, the book's coin, and one that favours you. `functools.cache` lets `solved` remember its answers, since one of the three takes several seconds. (If you change `value_iteration` later, run this cell again: that makes it forget.)


# %% figure="values"
FINE, ROUGH = 1e-13, 1e-4


@functools.cache
def solved(p_h: float, theta: float) -> tuple[np.ndarray, int]:
    return value_iteration(gymnasium.make("course/Gambler-v0", p_h=p_h).P, theta)


curves = {}
for p_h in (0.25, 0.4, 0.55):
    V, sweeps = solved(p_h, FINE)
    curves[f"p_h = {p_h}"] = V[:100]
    print(f"p_h = {p_h}: {sweeps:4d} sweeps, V[1] = {V[1]:.4g}, V[25] = {V[25]:.4f}, V[50] = {V[50]:.4f}")
plotting.training_curves(
    curves, title="The best chance to reach 100", xlabel="capital", ylabel="probability to reach the goal"
)

# %% [markdown]
# **What you should see:** with a bad coin the curve sags, and it is rough: it has kinks at 50, at 25 and 75, and smaller ones between them, each a copy of the whole. At capital 50 the chance is exactly $p_h$ for the two bad coins: stake everything, once. With the good coin the curve shoots up: from a capital of 20 on, you are all but certain to get there.
#
# The bad coins took about twenty sweeps. The good one took more than two thousand. Why?

# %% [markdown] think="why-slow" points=1
# **Think.** With $p_h = 0.55$ it is best to stake little, as you will see. What has that to do with the number of sweeps? (How many flips does a game take under each coin? How far does news of the goal travel in one sweep?)
#
# <!-- BEGIN SOLUTION -->
# With the bad coins the best play is bold: a game lasts a flip or two, and the value of a state depends on few others, a doubling away. With the good coin the best play stakes 1, the capital creeps up by 0.1 a flip, and a game lasts hundreds of flips. After $k$ sweeps value iteration knows, roughly, what can be won within $k$ flips, and long games are still missing. A sweep upwards through the states does not help either: the news of the goal must travel downwards, one state a sweep.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A small change is not a small error
# With the good coin the stop test deserves a second look. Many tutorials stop at $\theta = 10^{-4}$:

# %%
exact = (1 - 0.45 / 0.55) / (1 - (0.45 / 0.55) ** 100)  # more about this formula below
for theta in (ROUGH, 1e-9, FINE):
    V, sweeps = solved(0.55, theta)
    print(f"theta {theta:.0e}: {sweeps:4d} sweeps, V[1] = {V[1]:.6f}, error {abs(V[1] - exact):.1e}")

# %% [markdown]
# At $\theta = 10^{-4}$ the last change was below a ten-thousandth, and the value is off by twenty-seven times as much: 0.1791 instead of 0.1818. The changes that are still to come are small, but there are hundreds of them.

# %% [markdown]
# ## Every optimal stake
# Which stakes are best? The obvious answer is `argmax`. Here it is for $p_h = 0.25$, with the loose $\theta = 10^{-4}$ of the ancestor of this lesson, at some capitals:

# %%
P = gymnasium.make("course/Gambler-v0", p_h=0.25).P
V, _ = solved(0.25, ROUGH)
for s in (26, 38, 42, 51, 65, 66, 67):
    print(f"capital {s}: stake {np.argmax(stake_values(P, V, s)) + 1}")

# %% [markdown]
# All of 38 at a capital of 38, but a single unit at 51? No pattern is to be seen, and many a reader of the ancestor has asked whether this was a bug. It is not. Several stakes are exactly equally good, `argmax` names *one* of them, and which one depends on the 16th digit: equal values differ by rounding, and by what the sweeps have not finished.
#
# The remedy: ask for the **set** of stakes whose value comes within a small tolerance of the best. The tolerance must be larger than the errors in $V$ and smaller than the true difference between the best stakes and the next.

# %% [markdown]
# ### Exercise · all optimal stakes  ●○○ · 8 minutes


# %% exercise="optimal_stakes"
def optimal_stakes(P: dict, V: np.ndarray, s: int, tolerance: float) -> list[int]:
    """Every stake at capital `s` whose value is within `tolerance` of the best, in ascending order.

    P, V, s: as in `stake_values`.  Returns stakes, 1 or more, not positions in an array.
    """
    ### BEGIN SOLUTION
    values = stake_values(P, V, s)
    return [stake for stake in P[s] if values[stake - 1] >= values.max() - tolerance]
    ### END SOLUTION


# %% check="optimal_stakes" points=2
check.optimal_stakes(optimal_stakes)

# %% [markdown] hint="optimal_stakes"
# First find the best value, then go through the stakes once more. Which ones are as good, or so nearly that rounding could explain it?

# %% [markdown] hint="optimal_stakes"
# Keep stake $a$ if $\;q(s, a) \ge \max_b q(s, b) - \text{tolerance}$. Mind that the value of stake $a$ stands at position $a - 1$.

# %% [markdown] hint="optimal_stakes"
# ```python
# values = stake_values(P, V, s)
# return [stake for stake in P[s] if values[...] >= ... - tolerance]
# ```

# %% [markdown]
# Now with well converged values, $\theta = 10^{-13}$, and a tolerance of $10^{-11}$. The crosses are what `argmax` answered above, from the rough values.

# %% figure="stakes"
P, goal = gymnasium.make("course/Gambler-v0", p_h=0.25).P, 100
V, _ = solved(0.25, FINE)
every = {s: optimal_stakes(P, V, s, tolerance=1e-11) for s in range(1, goal)}
rough, _ = solved(0.25, ROUGH)
argmax = {s: int(np.argmax(stake_values(P, rough, s))) + 1 for s in range(1, goal)}
plotting.stakes(every, goal, title="Optimal stakes, p_h = 0.25", chosen=argmax)

# %% [markdown]
# **What you should see:** order. The upper edge of the large triangle is made of the largest stakes that make sense: play them all and you play *boldly*. Below it stand two triangles of half the size, and four of a quarter: a fractal, cut off where the stakes are no longer whole numbers. At 50 there is one best stake, everything; at 51 there are two, 49 and 1. The smallest stake of each column makes the spiky policy of the book's Figure 4.3. Every cross sits on a dot: `argmax` jumps from one triangle to another without a reason, but each of its stakes is optimal.
#
# Is the set complete? For bad coins the exact values are known, because bold play is optimal (Dubins and Savage proved it in 1965). With fractions instead of floating-point numbers, a tie is a question of true equality:

# %%
for p_h in (Fraction(1, 4), Fraction(2, 5)):
    P = gymnasium.make("course/Gambler-v0", p_h=float(p_h)).P
    exact = {s: best_stakes(p_h, 100, s) for s in range(1, 100)}
    sizes = [len(stakes) for stakes in exact.values()]
    print(f"p_h = {float(p_h)}: {sum(sizes)} optimal stakes, at most {max(sizes)} for a capital")
    for theta in (FINE, ROUGH):
        V, _ = solved(float(p_h), theta)
        right = sum(list(optimal_stakes(P, V, s, tolerance=1e-11)) == exact[s] for s in exact)
        print(f"    values with theta {theta:.0e}: {right} of 99 sets are complete")

# %% [markdown]
# Complete, from well converged values; from rough ones half of the sets miss a stake. And the two coins have *the same* 195 optimal stakes: how bad a coin is does not matter, only that it is bad.

# %% [markdown] think="why-bold" points=1
# **Think.** Question 4.8 of the book asks: why does the gambler stake everything at 50, but at 51 perhaps only 1? Explain it with the sets above. And why is it good, with a bad coin, to be bold?
#
# <!-- BEGIN SOLUTION -->
# At 50, one flip can end it all: chance $p_h$. At 51 one can do better than to risk all: stake 1. A win gives 52; a loss gives 50, which is still worth $p_h$. The extra unit is a free attempt at something better, and the 50 below it is the safety net. (The stake 49 is its mirror image: a win reaches the goal, a loss leaves 2.) Each flip with a bad coin loses on average a share $1 - 2 p_h$ of what is staked, so one wants few flips: the law of large numbers works for the bank. Bold play ends after a flip or two.
# <!-- END SOLUTION -->

# %% [markdown]
# ## The timid gambler
# The opposite of boldness is to stake 1, always. Then the capital takes a walk on the line, one step at a time, and its chance to reach $N$ before 0 is a famous formula, the **gambler's ruin**. Let $h(s)$ be the chance from capital $s$, and $\rho = (1 - p_h)/p_h$. From $h(s) = p_h\, h(s+1) + (1-p_h)\, h(s-1)$ follows
#
# $$h(s+1) - h(s) = \rho\,\big(h(s) - h(s-1)\big)$$
#
# Each difference is $\rho$ times the one before. So $h(s)$ is proportional to the sum $1 + \rho + \dots + \rho^{s-1}$, a geometric series, and since $h(N) = 1$:
#
# $$h(s) = \frac{1 - \rho^{\,s}}{1 - \rho^{N}} \qquad \text{and for the fair coin, } \rho = 1: \qquad h(s) = \frac{s}{N}$$

# %% [markdown]
# ### Exercise · timid play  ●○○ · 6 minutes


# %% exercise="timid_play"
def timid_play(p_h: float, goal: int) -> np.ndarray:
    """The chance to reach the goal from each capital 0, 1, …, goal by staking 1 every time.

    p_h: the probability of heads, strictly between 0 and 1; 0.5 is allowed.
    Returns goal + 1 numbers, the first 0 and the last 1.
    """
    ### BEGIN SOLUTION
    s = np.arange(goal + 1)
    if p_h == 0.5:
        return s / goal
    rho = (1 - p_h) / p_h
    return (1 - rho**s) / (1 - rho**goal)
    ### END SOLUTION


# %% check="timid_play" points=1
check.timid_play(timid_play)

# %% [markdown] hint="timid_play"
# `np.arange(goal + 1)` holds all capitals at once. What happens to the formula when $p_h$ is exactly one half?

# %% [markdown] hint="timid_play"
# $\rho = (1 - p_h)/p_h$, then $(1 - \rho^s)/(1 - \rho^N)$ for the whole array `s`; with $p_h = 0.5$ this is 0/0, and the answer is $s/N$.

# %% [markdown] hint="timid_play"
# ```python
# s = np.arange(goal + 1)
# if p_h == 0.5:
#     return ...
# rho = ...
# return (1 - rho**s) / ...
# ```

# %% [markdown]
# Bold, timid and optimal, side by side. For bold play we take all stakes but the largest out of `P`: value iteration with one choice in each state is policy evaluation.


# %% figure="bold-timid"
def bold_play(p_h: float) -> np.ndarray:
    P = gymnasium.make("course/Gambler-v0", p_h=p_h).P
    return value_iteration({s: {1: P[s][max(P[s])]} for s in P}, FINE)[0]


curves = {}
for p_h in (0.4, 0.55):
    curves[f"bold, p_h = {p_h}"] = bold_play(p_h)[:100]
    curves[f"timid, p_h = {p_h}"] = timid_play(p_h, 100)[:100]
    chances = ", ".join(f"{name}: {curve[50]:.2g}" for name, curve in list(curves.items())[-2:])
    print(f"from capital 50: {chances}")
plotting.training_curves(curves, title="Bold and timid", xlabel="capital", ylabel="probability to reach the goal")

# %% [markdown]
# **What you should see:** with the bad coin bold play is the optimal curve from above, and timid play stays at the bottom until the goal is near: from 50 its chance is one in six hundred million. With the good coin it is the other way round: at a capital of 20 timid play has a chance of 0.98 and bold play one of 0.26. Boldness when the odds are against you, patience when they are with you. Value iteration knew neither rule and found both.
#
# With the good coin, is the timid stake the *only* optimal one? Here the tolerance matters:

# %%
P = gymnasium.make("course/Gambler-v0", p_h=0.55).P
V, _ = solved(0.55, FINE)
for tolerance in (1e-11, 1e-9):
    sets = [list(optimal_stakes(P, V, s, tolerance)) for s in range(1, 100)]
    print(f"tolerance {tolerance:.0e}: only the stake 1 at {sum(best == [1] for best in sets)} of 99 capitals")

# %% [markdown]
# At 98 the stake 2 is worse than the stake 1 by $1.2 \cdot 10^{-10}$, because the goal is certain either way to eight digits. The values themselves are good to $10^{-11}$. A tolerance of $10^{-9}$ no longer sees that difference and calls both optimal. There is no tolerance that is right for every problem: know the size of your errors, and of the differences that you care about.

# %% [markdown] think="fair-coin" points=1
# **Think.** With a fair coin, $p_h = 0.5$, which stakes are optimal? Answer without a computer; then check.
#
# <!-- BEGIN SOLUTION -->
# All of them. With a fair coin the expected capital after a flip is the capital before it, whatever the stake. The game ends at 0 or 100, so its expected end, $100 \cdot \text{chance}$, equals the capital at the beginning: the chance is $s/100$ for every rule that ends the game for sure.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - Value iteration needs nothing but $P$: states may differ in their actions, and the maximum runs over what there is.
# - The sweeps it takes depend on how long games last under the best policy, and a small last change is not a small error: at $p_h = 0.55$ and $\theta = 10^{-4}$ the error was 27 times $\theta$.
# - Optimal actions form a **set**. `argmax` shows one element of it, chosen by rounding errors.
# - Ties need a tolerance, larger than the errors in the values and smaller than the differences that matter.
# - Against the odds be bold, with the odds be timid.
#
# The result, beside the exact values:

# %%
halves = [f"{solved(p_h, FINE)[0][50]:.4f}" for p_h in (0.25, 0.4)]
sizes = []
for p_h in (0.25, 0.4, 0.55):
    P, V = gymnasium.make("course/Gambler-v0", p_h=p_h).P, solved(p_h, FINE)[0]
    sizes.append(str(sum(len(optimal_stakes(P, V, s, 1e-11)) for s in range(1, 100))))
headline(
    metric="Gambler's problem: V(50) for p_h = 0.25 and 0.4, V(1) for 0.55, and the number of optimal stakes for each coin",
    value=f"{' and '.join(halves)}, {solved(0.55, FINE)[0][1]:.4f}; {', '.join(sizes)} stakes",
    published="p_h by bold play, 0.1818 by the gambler's ruin; 195, 195 and 99 in exact fractions",
    source="Sutton and Barto (2018), Example 4.3; Dubins and Savage (1965)",
)

# %% [markdown]
# ## What to try next
# - ●○○ Set `goal=64`, `goal=97` or `goal=128`. How does the fractal of optimal stakes change? What is special about powers of two?
# - ●●○ Give the bank an upper limit of 10 for each stake: take the larger stakes out of `P`. Is it still best to be as bold as allowed?
# - ●●○ Sweep downwards, from 99 to 1, with the good coin. How many sweeps does it take now? Why?
# - ●●● Let the coin stand on its edge with probability 0.1, and count the flips: a reward of −0.001 for each. What becomes of the ties?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 4.4, Example 4.3 and Figure 4.3; exercises 4.8 and 4.9.
# - L. E. Dubins and L. J. Savage, *How to Gamble If You Must: Inequalities for Stochastic Processes*, McGraw-Hill, 1965: why bold play is optimal against the odds.
# - W. Feller, *An Introduction to Probability Theory and Its Applications*, volume 1, 3rd edition, Wiley, 1968, chapter XIV: the gambler's ruin.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to. It asks for $p_h$ = 0.25 and 0.55, runs the first alone, shows one optimal stake for each capital and has no check. At its $\theta = 10^{-4}$ the values for 0.55 would be off in the third digit.
