# %% [markdown] minutes=100
# # TD prediction: learning a guess from a guess
# You need not wait for the end of the story to learn from it. Temporal-difference learning corrects each prediction as soon as the next one is there.
#
# **You will** compute the TD error, learn the values of a random walk step by step, learn them again from whole episodes, measure who is closer, and find out what either method converges to when experience is scarce.
#
# **You need** values, returns and the discount (chapter *Markov decision processes*), the backup (*Dynamic programming*) and averages of returns (*Monte Carlo methods*).

# %%
from itertools import pairwise

import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.temporal_difference import td_prediction as check
from lib.envs.random_walk import RandomWalkEnv
from lib.models import random_walk

setup(seed=0)

# %% [markdown]
# ## The way home
# You leave the office and guess: 30 minutes to get home. It rains; at the car you think again: 5 minutes are gone, 35 more to go. The motorway is empty: after 20 minutes only 15 are left, you think. Then a slow lorry on a narrow road: 30 gone, 10 to go. At 40 minutes you turn into your street, 3 to go, and at 43 you are home. (The numbers are those of the book's Example 6.1.)
#
# At each point there is a prediction of the *whole* journey: what is gone plus what you think is left.

# %% figure="journey"
elapsed = np.array([0, 5, 20, 30, 40, 43])  # minutes since the office
left = np.array([30.0, 35, 15, 10, 3, 0])  # minutes you think are left; at home none are
places = ["office", "car", "off the\nmotorway", "narrow\nroad", "own\nstreet", "home"]
picture = plotting.training_curves(
    {"predicted": elapsed + left},
    title="How long will the journey take?",
    xlabel="situation",
    ylabel="whole journey (minutes)",
    marks={"it took 43 minutes": 43},
)
picture.figure.axes[0].set_xticks(range(6), places)
picture

# %% [markdown]
# **What you should see:** a prediction that jumps up to 40 in the rain, falls to 35 after the motorway, climbs back to 40 behind the lorry, and ends at the truth, 43.
#
# Tomorrow you want to guess better. What do you learn from today, and *when*?
#
# - **Monte Carlo** waits. Once you are home, every guess of the day is compared with what really happened: the guess at the office was 13 minutes too low, and so on. Nothing can be learned before the evening.
# - **Temporal difference** does not wait. At the car you already think of 40 instead of 30: the guess at the office was 10 minutes too low, *as far as you know now*. Each guess is corrected by the next one.
#
# To learn from a later guess instead of the final outcome is to **bootstrap**. Dynamic programming did it, too; but it looked at all possible next states, with the model in hand. Here one next state is enough: the one that really came, a **sample**. Sample like Monte Carlo, bootstrap like dynamic programming: that is temporal-difference learning, TD for short.

# %% [markdown]
# ## The TD error
# You are in $S_t$, take a step, receive $R_{t+1}$ and arrive in $S_{t+1}$. The table $V$ had a guess for $S_t$. Now there is a better informed one, the **TD target**, which contains a piece of reality:
#
# $$\underbrace{R_{t+1}}_{\text{really happened}} + \underbrace{\gamma V(S_{t+1})}_{\text{still a guess}}$$
#
# If the step ended the episode, nothing follows, and the target is $R_{t+1}$ alone, whatever the table holds for the last state. The difference between the two guesses is the **TD error**:
#
# $$\delta_t = R_{t+1} + \gamma V(S_{t+1}) - V(S_t)$$
#
# Positive: things go better than expected. Zero on average in every state: the guesses are consistent with each other, which is the Bellman equation.

# %% [markdown]
# ### Exercise · the TD error  ●○○ · 5 minutes


# %% exercise="td_error"
def td_error(V: np.ndarray, state: int, reward: float, next_state: int, terminated: bool, gamma: float) -> float:
    """Target minus old guess, for one step.

    V: (n_states,), a value for every state; only read.  gamma: the discount, 0 … 1.
    terminated: whether the step ended the episode. Then nothing follows it, whatever V[next_state] says.
    Returns one number.
    """
    ### BEGIN SOLUTION
    rest = 0.0 if terminated else V[next_state]
    return reward + gamma * rest - V[state]
    ### END SOLUTION


# %% check="td_error" points=1
check.td_error(td_error)

# %% [markdown] hint="td_error"
# It is the `backup` of dynamic programming with a single outcome, the one that happened, minus what the table said before. What did `backup` do with the value of the next state when the episode was over?

# %% [markdown] hint="td_error"
# $\delta = r + \gamma V(s') - V(s)$, and without the middle term if the step terminated.

# %% [markdown] hint="td_error"
# ```python
# rest = ...   # 0.0 if terminated, otherwise V[next_state]
# return reward + gamma * rest - ...
# ```

# %% [markdown]
# The way home, in numbers. A reward is the minutes of a stretch of road; the value of a situation, the minutes that are left (nothing is discounted). So here a positive error means: it takes longer than you thought. What does each method want to add to each guess? Monte Carlo's error is the true rest of the journey minus the guess.

# %%
minutes = np.diff(elapsed)
names = [place.replace("\n", " ") for place in places]
for s in range(5):
    td = td_error(left, s, minutes[s], s + 1, s == 4, gamma=1.0)
    print(
        f"{names[s]:>16}: guess {left[s]:2.0f}, TD error {td:+3.0f}, Monte Carlo error {minutes[s:].sum() - left[s]:+3.0f}"
    )

# %% [markdown] think="errors-add-up" points=1
# **Think.** Look at the two columns of errors. Add up the TD errors from some line to the last one: what do you get? Show why, for a journey in which the table does not change on the way and $\gamma = 1$.
#
# <!-- BEGIN SOLUTION -->
# The sum of the TD errors from a line on *is* the Monte Carlo error of that line: office $10 - 5 + 5 + 3 + 0 = 13$. Each $\delta_k = R_{k+1} + V(S_{k+1}) - V(S_k)$; in the sum every $V(S_{k+1})$ is cancelled by the $-V(S_{k+1})$ of the next step, and what is left is the sum of the rewards, plus the last value, which is 0, minus the first guess: $G_t - V(S_t)$. With a discount, $G_t - V(S_t) = \sum_{k \ge t} \gamma^{k-t} \delta_k$. So the two methods distribute the same surprise differently: TD books each piece where it arose, Monte Carlo books all of it, again and again, on every earlier guess.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A world to predict: the random walk
# Five places in a row, A to E, with an end at either side. A walk begins in the middle, C, and each step goes left or right with probability ½. Arriving at the right end pays 1; every other step pays nothing. (Example 6.2 of the book. There is nothing to decide: the one action, 0, lets the next step happen.)
#
# States are numbered 0 to 6; 0 and 6 are the ends. With $\gamma = 1$ the value of a place is the probability of ending on the right: $\tfrac16, \tfrac26, \tfrac36, \tfrac46, \tfrac56$. That we know the truth makes this a good test.

# %%
env = RandomWalkEnv(render_mode="ansi")
state, _ = env.reset(seed=2)
terminated = False
while not terminated:
    next_state, reward, terminated, _, _ = env.step(0)
    print(f"{env.render()}   {state} -> {next_state}, reward {reward:.0f}")
    state = next_state

# %% [markdown]
# ## TD(0)
# Correct the guess a little, by a fraction $\alpha$ of the error, the **step size**:
#
# $$V(S_t) \leftarrow V(S_t) + \alpha\, \delta_t$$
#
# after **every step**, at once, so that the next step already sees the new table. This is **TD(0)**, the simplest method of its family. Why only a fraction? One step is one sample, and half of the samples from C go the wrong way. A small $\alpha$ averages over many of them.
#
# The start is a table `V0`. About the places we know nothing, so each is worth ½; the ends are worth 0, and that we do know: nothing follows there.

# %% [markdown]
# ### Exercise · TD(0) prediction  ●●○ · 12 minutes
# Return the table before the first episode and after each one: we want to watch it.


# %% exercise="td_prediction"
def td_prediction(env, episodes: int, alpha: float, gamma: float, V0: np.ndarray) -> np.ndarray:
    """Learn state values by TD(0) while the episodes go on.

    env: a Gymnasium world with one action, 0; env.reset() begins an episode, env.step(0) takes a step.
    episodes: how many to play.  alpha: the step size.  gamma: the discount, 0 … 1.
    V0: (n_states,), the values to begin with; work on a copy.
    Returns (episodes + 1, n_states): V0, and the table after each episode.
    """
    V = V0.copy()
    tables = [V.copy()]
    ### BEGIN SOLUTION
    for _ in range(episodes):
        state, _ = env.reset()
        terminated = False
        while not terminated:
            next_state, reward, terminated, _, _ = env.step(0)
            V[state] += alpha * td_error(V, state, reward, next_state, terminated, gamma)
            state = next_state
        tables.append(V.copy())
    return np.array(tables)
    ### END SOLUTION


# %% check="td_prediction" points=2
check.td_prediction(td_prediction)

# %% [markdown] hint="td_prediction"
# The loop over steps stands in the cell above, with a `print` in it. What goes in the place of the `print`? And which line must come last?

# %% [markdown] hint="td_prediction"
# For each episode: $S \leftarrow$ reset. Until terminated: take a step; $V(S) \leftarrow V(S) + \alpha\,\delta$; $S \leftarrow S'$. After it, append a *copy* of the table: the next episode goes on changing `V` itself.

# %% [markdown] hint="td_prediction"
# ```python
# for _ in range(episodes):
#     state, _ = env.reset()
#     terminated = False
#     while not terminated:
#         next_state, reward, terminated, _, _ = env.step(0)
#         V[state] += ...
#         state = ...
#     tables.append(...)
# return np.array(tables)
# ```

# %% [markdown]
# One run of 100 episodes with $\alpha = 0.1$, as in the left figure of Example 6.2: the values after 0, 1, 10 and 100 episodes.

# %% figure="values"
V0 = np.array([0, 0.5, 0.5, 0.5, 0.5, 0.5, 0])
env = RandomWalkEnv()
env.reset(seed=4)
tables = np.asarray(td_prediction(env, episodes=100, alpha=0.1, gamma=1.0, V0=V0))
curves = {"true value": random_walk.TRUE_VALUES} | {f"after {k} episodes": tables[k, 1:6] for k in (0, 1, 10, 100)}
picture = plotting.training_curves(curves, "Values of the places, learned by TD(0)", "value", "place", x=np.arange(5))
picture.figure.axes[0].set_xticks(range(5), list("ABCDE"))
print("after 1 episode:", tables[1, 1:6].round(3))
picture

# %% [markdown]
# **What you should see:** the guesses turn from the flat line at ½ into the straight line of the truth. After one episode only *one* value has changed, that of E, from which this walk ended: everywhere else the table believed ½ before the step and ½ after it, so the error was 0. After 100 episodes the table is close to the truth, and there it stays, but never quite: with a constant $\alpha$ the last few episodes always leave their mark.

# %% [markdown]
# ## Monte Carlo with a constant step size
# The opponent. Wait for the end, compute the **return** that followed each visit, and move the value towards it:
#
# $$V(S_t) \leftarrow V(S_t) + \alpha\,[\,G_t - V(S_t)\,]$$
#
# This is *constant-α Monte Carlo*, in the variant that counts *every* visit. Only the target differs: the return $G_t$, nothing guessed, in place of $R_{t+1} + \gamma V(S_{t+1})$. The returns come easily from the back: $G \leftarrow R_{t+1} + \gamma G$.
#
# A place may be visited several times in an episode. Then it is moved several times, one visit after the other, each from where the one before has left it. We go from the last step to the first, because $G$ does (from the first to the last would be as good).

# %% [markdown]
# ### Exercise · learn from a whole episode  ●●○ · 8 minutes


# %% exercise="mc_update"
def mc_update(V: np.ndarray, states: list[int], rewards: list[float], alpha: float, gamma: float) -> np.ndarray:
    """The values after one episode of constant-α, every-visit Monte Carlo.

    V: (n_states,), the values before; only read.
    states: S_0 … S_{T-1}, without the terminal one.  rewards: R_1 … R_T, where rewards[t] follows states[t].
    alpha: the step size.  gamma: the discount, 0 … 1.
    Returns the new values (n_states,).
    """
    V = V.copy()
    ### BEGIN SOLUTION
    G = 0.0
    for state, reward in zip(reversed(states), reversed(rewards)):
        G = reward + gamma * G
        V[state] += alpha * (G - V[state])
    return V
    ### END SOLUTION


# %% check="mc_update" points=2
check.mc_update(mc_update)

# %% [markdown] hint="mc_update"
# Walk through the episode from its end. What do you know about the return of a step when you know that of the step after it?

# %% [markdown] hint="mc_update"
# $G \leftarrow 0$. For $t = T-1, \dots, 0$: first $G \leftarrow R_{t+1} + \gamma G$, then $V(S_t) \leftarrow V(S_t) + \alpha\,[G - V(S_t)]$.

# %% [markdown] hint="mc_update"
# ```python
# G = 0.0
# for state, reward in zip(reversed(states), reversed(rewards)):
#     G = ...
#     V[state] += ...
# return V
# ```

# %% [markdown]
# ## Who is closer?
# One number for a whole table: the **root mean square error**, RMS for short, over the places:
#
# $$\sqrt{\tfrac15 \textstyle\sum_{s} \big(V(s) - v(s)\big)^2}$$
#
# ### Exercise · the RMS error  ●○○ · 4 minutes
# Write it so that a whole stack of tables can be judged at once: the mean is taken over the *last* axis, which counts the states.


# %% exercise="rms_error"
def rms_error(V: np.ndarray, true_values: np.ndarray) -> float | np.ndarray:
    """The root of the mean squared difference.

    V: (..., n), one table or many.  true_values: (n,).
    Returns a number for each table, shape (...); for one table, one number.
    """
    ### BEGIN SOLUTION
    return np.sqrt(np.mean((V - true_values) ** 2, axis=-1))
    ### END SOLUTION


# %% check="rms_error" points=1
check.rms_error(rms_error)

# %% [markdown] hint="rms_error"
# Read the name backwards: error, square, mean, root.

# %% [markdown] hint="rms_error"
# NumPy subtracts `true_values` from every table by itself. `np.mean` with `axis=-1` takes the mean over the last axis only.

# %% [markdown] hint="rms_error"
# ```python
# return np.sqrt(np.mean((...) ** 2, axis=-1))
# ```

# %% [markdown]
# One run is an anecdote. We take 100 runs of 100 episodes, all methods on the *same* walks, and average the errors, as in the right figure of Example 6.2. To save your time, `lib.models.random_walk` runs your two update rules for all runs side by side; a test keeps its numbers equal to those of the functions you have written.

# %% figure="step-sizes"
walks = random_walk.walks(runs=100, episodes=100, rng=np.random.default_rng(0))
errors = {}
for method, learn, alphas in (
    ("TD", random_walk.td_tables, (0.05, 0.1, 0.15)),
    ("MC", random_walk.mc_tables, (0.01, 0.02, 0.03, 0.04)),
):
    for alpha in alphas:
        tables = learn(walks, alpha)
        errors[f"{method}, α = {alpha}"] = np.mean(rms_error(tables[:, :, 1:6], random_walk.TRUE_VALUES), axis=0)
for name, error in errors.items():
    print(
        f"{name:12}: {error[0]:.3f} before, {error[25]:.3f} after 25, {error[100]:.3f} after 100 episodes; least {error.min():.3f}"
    )
picture = plotting.training_curves(errors, "Mean error of 100 runs", "RMS error over the five places", "episodes")
axes, colours = picture.figure.axes[0], plotting.style.COLOURS
for line, name in zip(axes.lines, errors, strict=True):  # a colour for each method; dash and marker tell α
    line.set(color=colours[0] if name.startswith("TD") else colours[5], linewidth=1.4)
axes.legend(ncols=2)
picture

# %% [markdown]
# **What you should see:** seven curves that begin at 0.236, the error of "½ everywhere". From the tenth episode on, each of the three TD curves (blue) lies below each of the four Monte Carlo curves (red). Large steps learn fast and stop early, at a floor of noise; small steps learn slowly, towards a lower floor. Of the TD curves $\alpha = 0.15$ leads up to about episode 20, then 0.1, and after about 50 episodes 0.05. (Monte Carlo with 0.01 is so slow that after 100 episodes it is still above 0.02 and 0.03, and falling.) No constant $\alpha$ is best throughout.
#
# Why does TD win here? A return from C is either 0 or 1, and half of the time each: among targets from 0 to 1, none could be noisier. TD's target is the value of a neighbour, and once the table is roughly right, this differs little from one neighbour to the other. In exchange it is *biased*: it trusts a guess that began at ½.

# %% [markdown]
# ## Three ways, side by side
#
# | | Dynamic programming | Monte Carlo | TD(0) |
# |---|---|---|---|
# | needs a model | yes | no | no |
# | looks at | every next state | the whole episode | one step |
# | target for $V(S_t)$ | $\mathbb{E}[R_{t+1} + \gamma V(S_{t+1})]$ | $G_t$ | $R_{t+1} + \gamma V(S_{t+1})$ |
# | bootstraps | yes | no | yes |
# | samples | no | yes | yes |
# | learns | without playing | after the episode | after every step |
# | noise of the target | none | of all that follows | of one step |
#
# Both sampling methods converge to $v_\pi$ with suitable, shrinking step sizes. Which is faster is, in general, not known to this day; on tasks with chance in them TD with a constant $\alpha$ has usually been faster, as it is here.

# %% [markdown]
# ## The same experience, again and again
# Say there are only ten episodes, ever. Then use them up: go through all of them, over and over, until nothing changes. To be fair to every step, **batch updating** computes the change of each transition from the *same* table, adds all of them up, and applies the sum once:
#
# $$V(s) \leftarrow V(s) + \sum_{t:\, S_t = s} \alpha\, \delta_t$$
#
# With a small enough $\alpha$ this settles: it is enough that $\alpha$ times the number of visits to the busiest state is below 1. With a much larger one the values grow without end, and the loop never stops. Where it settles does not depend on $\alpha$. The question is: *where?*

# %% [markdown]
# ### Exercise · batch TD  ●●● · 12 minutes


# %% exercise="batch_td"
def batch_td(transitions: list[tuple], V0: np.ndarray, alpha: float, gamma: float, theta: float) -> np.ndarray:
    """Sweep over a fixed batch of experience until the values settle.

    transitions: (state, reward, next_state, terminated) of every step; only read.
    V0: (n_states,), the values to begin with; work on a copy. A state that is never left keeps its value.
    alpha: the step size.  gamma: the discount, 0 … 1.
    theta: stop after the first sweep whose largest absolute change of a state is smaller; that sweep counts.
    Returns the values (n_states,).
    """
    V = V0.copy()
    ### BEGIN SOLUTION
    while True:
        change = np.zeros(len(V))
        for state, reward, next_state, terminated in transitions:
            change[state] += alpha * td_error(V, state, reward, next_state, terminated, gamma)
        V += change
        if np.max(np.abs(change)) < theta:
            return V
    ### END SOLUTION


# %% check="batch_td" points=2
check.batch_td(batch_td)

# %% [markdown] hint="batch_td"
# You need a second array: the changes of this sweep. `V` must stay as it is until all transitions have been looked at.

# %% [markdown] hint="batch_td"
# Repeat: $\Delta(s) \leftarrow 0$ for all $s$; for every transition $\Delta(S) \leftarrow \Delta(S) + \alpha\,\delta$; then $V \leftarrow V + \Delta$; stop if $\max_s |\Delta(s)| < \theta$.

# %% [markdown] hint="batch_td"
# ```python
# while True:
#     change = np.zeros(len(V))
#     for state, reward, next_state, terminated in transitions:
#         change[state] += alpha * td_error(...)
#     V += ...
#     if np.max(...) < theta:
#         return V
# ```

# %% [markdown]
# ## You are the predictor
# A riddle from the book (Example 6.4). Somebody has watched eight episodes of an unknown world with two states, and nothing is discounted:
#
# - once: A, reward 0, then B, reward 0, end;
# - six times: B, reward 1, end;
# - once: B, reward 0, end.
#
# What is the value of B? Six ones in eight: ¾, everybody agrees. And the value of **A**? Decide before you run the cell. Monte Carlo's answer is the mean of the returns after A; batch TD's comes from your function.

# %%
A, B, END = 0, 1, 2
eight = [(A, 0.0, B, False), (B, 0.0, END, True)] + 6 * [(B, 1.0, END, True)] + [(B, 0.0, END, True)]
V = batch_td(eight, V0=np.zeros(3), alpha=0.05, gamma=1.0, theta=1e-9)
print(f"batch TD:    A {V[A]:.2f}, B {V[B]:.2f}")
print(f"Monte Carlo: A {np.mean([0]):.2f}, B {np.mean([0, 1, 1, 1, 1, 1, 1, 0]):.2f}")

# %% [markdown] think="predictor" points=2
# **Think.** Monte Carlo says 0 for A: the only return that was ever seen after A is 0, so this answer fits the data perfectly. TD says ¾. Which answer would you bet on for the *next* episodes, and what must you assume? What model of the world could you draw from the eight episodes, and what would dynamic programming make of it?
#
# <!-- BEGIN SOLUTION -->
# If the state is all that matters (the Markov property), then what happens after B does not depend on whether A came before. A has always led to B with reward 0, B is worth ¾, so A is worth ¾. That is what TD says, and on new data it will have the smaller error. The model that fits best is drawn by counting: A → B with probability 1 and reward 0; B → end with reward 1 in ¾ of the cases and 0 in ¼. Dynamic programming on this model gives A = B = ¾ exactly, as batch TD does, which never wrote a model down. If the world is *not* Markov, say, because A is a bad omen that B hides, then Monte Carlo, which assumes nothing, may be right.
# <!-- END SOLUTION -->

# %% [markdown]
# ## What batch TD converges to
# When the values rest, the changes of every state add up to 0: $\sum_{t:\, S_t = s} \big[R_{t+1} + \gamma V(S_{t+1}) - V(s)\big] = 0$. So $V(s)$ is the *mean* of $R + \gamma V(S')$ over all steps from $s$ in the batch. This is a Bellman equation, in which the counted frequencies stand for the true probabilities, and $\alpha$ has dropped out of it. Batch TD therefore ends at the values that would be right if the counted model were the truth: the **certainty-equivalence** estimate. No model was ever written down.
#
# Batch Monte Carlo's goal is simply the mean of the returns of each state. In both, a place that no episode has visited keeps its ½. Here are ten episodes of the walk (the busiest place was left 19 times; $\alpha = 0.08$ would already be too much), with your function, and the two goals.

# %%
ten = random_walk.walks(runs=1, episodes=10, rng=np.random.default_rng(1))
transitions = []
for walk in ten[0]:
    for s, to in pairwise(walk):
        if s != to:  # a walk that is over stays where it is
            transitions.append((s, float(to == 6), to, to in (0, 6)))
V = batch_td(transitions, V0, alpha=0.02, gamma=1.0, theta=1e-9)
td_goal, mc_goal = random_walk.batch_tables(ten)
print("your batch TD:        ", np.round(V[1:6], 3))
print("counted model, solved:", td_goal[0, -1, 1:6].round(3))
print("mean of the returns:  ", mc_goal[0, -1, 1:6].round(3))

# %% [markdown]
# The first two lines agree to the last digit shown; the third is another answer. Which is nearer to $\tfrac16 \dots \tfrac56$ is luck in one run. So, 100 runs again: after each episode the batch of all episodes so far is used up. This is **Figure 6.2** of the book. (It repeats the updates until they settle; we solve for where they settle.)


# %% figure="batch"
def batch_errors() -> dict[str, np.ndarray]:
    """RMS errors (runs, episodes) of both batch methods on the 100 runs from before."""
    walks = random_walk.walks(runs=100, episodes=100, rng=np.random.default_rng(0))
    td, mc = random_walk.batch_tables(walks)
    return {
        "batch TD": np.asarray(rms_error(td[:, :, 1:6], random_walk.TRUE_VALUES)),
        "batch Monte Carlo": np.asarray(rms_error(mc[:, :, 1:6], random_walk.TRUE_VALUES)),
    }


plotting.learning_curves(
    batch_errors(), "Batch updating, 100 runs", "RMS error over the five places", "episodes in the batch"
)

# %% [markdown]
# **What you should see:** the same start, since a single episode tells both the same, and from then on batch TD below batch Monte Carlo after any number of episodes: 34 % lower after 25, 23 % after 100. (A hundred runs scatter: in 2000 others it was about a third both times.) And yet Monte Carlo's answer is the *best* one in a sense: no other table is closer to the returns in the batch. But we do not want to fit the past; we want to predict. TD's answer makes use of the structure of the world, and that pays.

# %% [markdown] think="batch-first-episode" points=1
# **Think.** After a single episode both batch methods have exactly the same error, in every run. Why? (All rewards but the last are 0, and $\gamma = 1$. What does the counted model say about where the walk ends?)
#
# <!-- BEGIN SOLUTION -->
# With one episode, every return of every visited place equals the last reward, 0 or 1, and that is Monte Carlo's mean. In the counted model only one of the two ends exists: the walk moves between visited places with the counted frequencies, but whenever it ends, it ends where this one episode did. So the model's value of every visited place is 0 or 1, too. Places that were not visited keep ½ in both. With the second episode the two part company as soon as it ends on the other side.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - The **TD error** $R + \gamma V(S') - V(S)$ compares two guesses, one step apart; after the end nothing follows.
# - **TD(0)** moves $V(S)$ by $\alpha$ times this error after every step: it samples like Monte Carlo and bootstraps like dynamic programming.
# - Undiscounted, the TD errors of an episode add up to the Monte Carlo error, as long as the table stays fixed.
# - On the random walk TD was faster than constant-α Monte Carlo, for all the step sizes that the book shows.
# - Given a fixed batch, TD converges to the **certainty-equivalence** estimate: the values of the counted model. Monte Carlo converges to the mean returns: the best fit to the past.
#
# The result, beside the book's Figure 6.2:

# %%
last = {name: error[:, -1].mean() for name, error in batch_errors().items()}
headline(
    metric="Random walk, RMS error of batch TD and batch Monte Carlo after 100 episodes, mean of 100 runs",
    value=f"{last['batch TD']:.3f} and {last['batch Monte Carlo']:.3f}",
    published="about 0.04 and 0.06, read from the figure",
    source="Sutton and Barto (2018), Figure 6.2",
)

# %% [markdown]
# ## What to try next
# - ●○○ In Example 6.2, begin with 0 instead of ½ everywhere. Whose first episodes suffer more?
# - ●●○ Exercise 6.5 of the book: with a larger $\alpha$ the error of TD seems to fall and then to rise again. Does it depend on how the table begins? Try `random_walk.td_tables(walks, 0.15, start=...)`.
# - ●●○ Let the step size shrink: $\alpha = 1 / n(s)$ with the number $n(s)$ of visits. Monte Carlo then computes plain means. Does TD get better or worse than with $\alpha = 0.05$?
# - ●●● Between one step and the whole episode there is room: look *two* steps ahead before you bootstrap.
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 6.1, TD prediction and Example 6.1; section 6.2, Example 6.2; section 6.3, Examples 6.3 and 6.4, Figure 6.2.
# - R. S. Sutton, "Learning to predict by the methods of temporal differences", *Machine Learning* 3, 1988, pp. 9-44: where TD learning, and this random walk, were introduced.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 4: Model-Free Prediction](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the course that this one goes back to lists TD(0) among the goals of its chapter and has no exercise on it.
