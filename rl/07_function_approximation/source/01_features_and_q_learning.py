# %% [markdown] minutes=105
# # Features and Q-learning: when tables end
# A table needs a row for every state. A car on a hill has infinitely many. This lesson replaces the table by a formula with 1,200 numbers in it, and Q-learning finds those numbers by driving.
#
# **You will** turn a state into features, read action values from weights, tell the end of the world from the end of your patience, and write the semi-gradient update and the loop around it.
#
# **You need** Q-learning with a table (chapter 6), the scalar product and the gradient, and NumPy's `@`.

# %%
import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.function_approximation import features_and_q_learning as check
from lib.models import mountain_car

setup(seed=0)

# %% [markdown]
# ## A car too weak for its hill
# *Mountain Car* is a small world with a catch. A car stands in a valley and wants to reach the flag on the right slope. What it sees is a **position**, from −1.2 to 0.6, and a **velocity**, from −0.07 to 0.07 per step. What it can do is push left (0), do nothing (1) or push right (2). Every step costs 1, until the position is 0.5 or more. At the left end of the road stands a wall that stops the car. The catch: gravity is stronger than the engine. Chance plays one role only: each episode starts at rest, somewhere between −0.6 and −0.4.
#
# `gymnasium.make` puts a time limit around this world: after 200 steps it says `truncated` and you start again. For an untrained agent that is far too short; it would hardly ever see the flag. So we raise the limit knowingly, to 10,000 steps. There still *is* one, and your code must treat it right; no run in this lesson will ever reach it.

# %%
env = gymnasium.make("MountainCar-v0", max_episode_steps=10_000, render_mode="rgb_array")
LEFT, IDLE, RIGHT = range(3)
state, _ = env.reset(seed=0)
highest = state[0]
for _ in range(500):
    state, reward, terminated, truncated, _ = env.step(RIGHT)
    highest = max(highest, state[0])
print(
    f"500 steps of full power to the right: never beyond position {highest:.2f} from this start; the flag stands at 0.50"
)

# %% [markdown]
# Whoever only pushes right swings back and forth at the bottom for ever. The way up begins with a step *away* from the flag: left, up the other slope, and then down with momentum. To find that out, the agent has to pay now for something that pays off much later.

# %% [markdown]
# ## Where tables end
# You could cut both axes into 20 pieces and use a table of 400 cells. For two variables that works. With each further variable the number of cells is multiplied by 20:

# %% figure="cells"
cells = {f"{d} variables": 20**d for d in (2, 4, 6, 8)}
plotting.bars(cells, title="Cells of a table with 20 pieces per variable", ylabel="cells", log_y=True)

# %% [markdown]
# **What you should see:** 400, 160 thousand, 64 million, 26 *billion*, on a logarithmic axis. This is the **curse of dimensionality**. A robot arm with four joints has eight variables, a camera picture has thousands.
#
# And memory is not even the worst of it. In a table, a visit to one cell teaches nothing about the cell next to it: **each of them has to be visited many times**. We want the opposite. What was learned in one state should count in similar states, too. That is called **generalisation**, and it is the real reason to leave the table.

# %% [markdown]
# ## A value from features
# Here is the plan. Describe a state $s$ by a list of numbers, its **features** $\mathbf{x}(s) = (x_1(s), \dots, x_D(s))$. Give each action $a$ a list of **weights** $\mathbf{w}_a$ of the same length. The estimated value is their scalar product:
#
# $$\hat q(s, a) = \mathbf{w}_a \cdot \mathbf{x}(s) = \sum_{i=1}^{D} w_{a,i}\, x_i(s)$$
#
# It is *linear in the weights*; the features may be as curved as you like. (A table is a special case: one feature per cell, 1 in the cell where you are and 0 elsewhere.) Change a weight, and the value changes in *every* state in which that feature is not zero.
#
# Which features? We want similar states to share a lot and distant states to share nothing. A good measure of similarity is the **Gaussian kernel**,
#
# $$k(s, t) = \exp\!\big(-\gamma_k\, \lVert s - t \rVert^2\big)$$
#
# 1 for equal states, near 0 for distant ones; $\gamma_k$ says how quickly it falls (no relation to the discount $\gamma$). Rahimi and Recht found in 2007 that waves in random directions have it built in. Draw each entry of a matrix $W$, $D \times d$ for states of $d$ variables, from a normal distribution with mean 0 and variance $2\gamma_k$, each **phase** $b_i$ uniformly from 0 to $2\pi$, and take
#
# $$\mathbf{x}(s) = \sqrt{\tfrac{2}{D}}\; \cos(W s + b) \qquad\Longrightarrow\qquad \mathbf{x}(s) \cdot \mathbf{x}(t) \approx k(s, t)$$
#
# These are **random Fourier features**. Why the kernel? The product is $\frac{1}{D}$ times a sum of $D$ terms, so near the mean of one term. Let $\mathbf{u}$ be a row of $W$ and $\beta$ its phase. By $2\cos p \cos q = \cos(p - q) + \cos(p + q)$,
#
# $$\mathbb{E}\big[2\cos(\mathbf{u}\cdot s + \beta)\cos(\mathbf{u}\cdot t + \beta)\big] = \mathbb{E}\big[\cos\big(\mathbf{u}\cdot(s - t)\big)\big] = \exp\!\big(-\gamma_k \lVert s - t\rVert^2\big)$$
#
# The second cosine, with $2\beta$ in it, has mean 0. And $\mathbf{u}\cdot(s - t)$ is normal with variance $2\gamma_k\lVert s - t\rVert^2$; the mean of the cosine of such a number is $e^{-\text{variance}/2}$. The more features, the better the approximation. Since $k(s, s) = 1$, the length of $\mathbf{x}$ stays near 1, however many there are.
#
# *Once by hand.* Take two features, $W = \begin{pmatrix} 1 & 2 \\ 3 & 0\end{pmatrix}$, $b = (0, \pi)$ and the state $s = (2, -1)$. Then $W s = (0, 6)$, $W s + b = (0, 6 + \pi)$, and the features are $\sqrt{2/2}\,(\cos 0, \cos(6 + \pi)) = (1, -0.96)$.

# %% [markdown]
# ### Exercise · random Fourier features  ●●○ · 10 minutes
# Write it so that it works for one state and for many: we shall need whole grids of states for the pictures. `state @ W.T` does both.


# %% exercise="features"
def features(state: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Random Fourier features of one state, or of many.

    state: (d,), or (N, d) with one state per row.  W: (D, d).  b: (D,).
    Returns (D,), or (N, D): the cosines of W s + b times √(2 / D). D may be any number from 1.
    """
    ### BEGIN SOLUTION
    return np.sqrt(2 / len(b)) * np.cos(state @ W.T + b)
    ### END SOLUTION


# %% check="features" points=2
check.features(features)

# %% [markdown] hint="features"
# NumPy's `cos` works on whole arrays. What is `(N, d) @ (d, D)`, and what happens if you add an array of shape `(D,)` to it?

# %% [markdown] hint="features"
# `state @ W.T` has shape `(D,)` or `(N, D)`; `+ b` adds the phases to the last axis. The factor is $\sqrt{2/D}$ with $D$ = `len(b)`.

# %% [markdown] hint="features"
# `return np.sqrt(2 / ...) * np.cos(state @ ... + ...)`

# %% [markdown]
# Now the feature map of this lesson. Positions spread over 1.8 and velocities over 0.14, so a distance between raw states would be blind to the velocity. The remedy is to **standardise**: subtract the mean of each variable and divide by its standard deviation, both from 10,000 states drawn at random from `env.observation_space`. (These are not states that the car has visited. We only ask for the range of each axis.)
#
# How wide should the kernel be? We hedge, and take 100 features for each of $\gamma_k = 5, 2, 1, 0.5$: fine ones to tell states apart and broad ones to generalise far. All 400 together approximate the mean of the four kernels. `mountain_car.draw_features` draws them, and folds the standardisation into `W` and `b`, which is possible because it is linear: your function can be given the raw state.

# %%
env.observation_space.seed(0)
samples = np.array([env.observation_space.sample() for _ in range(10_000)], dtype=float)
mean, std = samples.mean(axis=0), samples.std(axis=0)
W, b = mountain_car.draw_features(np.random.default_rng(0), mean, std)
print(f"mean {mean.round(3) + 0.0}, standard deviation {std.round(3)}, W {W.shape}, b {b.shape}")

# %% [markdown]
# Does it hold what it promises? Here is the inner product of the features of the state at position −0.5, at rest, with those of states at other positions; once with ten features of each width and once with a hundred. The curve that they should follow is the mean of the four Gaussians.

# %% figure="kernel"
positions = np.linspace(-1.2, 0.6, 91)
states = np.column_stack([positions, np.zeros(91)])
distance = (positions + 0.5) / std[0]
curves = {"Gaussian kernels": np.mean([np.exp(-g * distance**2) for g in (5, 2, 1, 0.5)], axis=0)}
for size in (10, 100):
    drawn = mountain_car.draw_features(np.random.default_rng(0), mean, std, size=size)
    x = features(states, *drawn)
    curves[f"{4 * size} features"] = x @ features(np.array([-0.5, 0.0]), *drawn)
title = "How similar is a state to the one at position −0.5?"
plotting.training_curves(curves, title=title, ylabel="inner product", xlabel="position (velocity 0)", x=positions)

# %% [markdown]
# **What you should see:** a bell around −0.5. Forty features only follow its outline and are off by up to 0.38; four hundred stay within 0.09. What the agent learns in one state will count for half as much about 0.3 to either side, and for next to nothing at the other end of the road.

# %% [markdown]
# ## Action values
# The weights of all three actions form one array `w` of shape `(3, 400)`. One product gives all three values at once. Sometimes only the value of one action is wanted, so the function takes it as an optional argument. Take care with action 0. The notebook that this lesson goes back to asked `if not a:` to find out whether an action was given, and Python thinks that `not 0` is true.

# %% [markdown]
# ### Exercise · action values  ●○○ · 4 minutes


# %% exercise="action_values"
def action_values(w: np.ndarray, x: np.ndarray, action: int | None = None) -> np.ndarray | float:
    """The estimated value of every action, or of one.

    w: (n_actions, D), the weights.  x: (D,), the features of one state.
    action: 0 … n_actions - 1, or None.
    Returns (n_actions,) if `action` is None, and otherwise one number.
    """
    ### BEGIN SOLUTION
    if action is None:
        return w @ x
    return w[action] @ x
    ### END SOLUTION


# %% check="action_values" points=1
check.action_values(action_values)

# %% [markdown] hint="action_values"
# Two cases, two lines. How do you ask whether something is `None`, so that 0 does not count as nothing?

# %% [markdown] hint="action_values"
# All values: the matrix times the vector, `w @ x`. One value: the row of that action times the vector.

# %% [markdown] hint="action_values"
# ```python
# if action is None:
#     return ...
# return w[...] @ x
# ```

# %% [markdown]
# ## The target, in three cases
# Q-learning wants $\hat q(S_t, A_t)$ to move towards what one step taught it: the reward, plus the discounted value of the best action in the next state. You know it from the table. Only this time pay attention to how the step *ended*:
#
# | flag | what happened | target |
# |---|---|---|
# | none | the episode goes on | $R_{t+1} + \gamma \max_{a} \hat q(S_{t+1}, a)$ |
# | `terminated` | the flag is reached, nothing follows | $R_{t+1}$ |
# | `truncated` | the time limit struck, the car is still on its way | $R_{t+1} + \gamma \max_{a} \hat q(S_{t+1}, a)$ |
#
# With a table you could get away with carelessness in the second row: the entries of terminal states are never updated, so they stay 0. With features this protection is gone. A position of 0.52 shares its features with 0.48, and $\hat q$ there is whatever it is. Whoever bootstraps from it pretends that the goal costs something.
#
# The third row is the opposite mistake. A time limit belongs to our experiment, not to the world. To treat it like the goal would tell the agent that after 10,000 steps in the valley everything is paid for: a reward for dawdling. If a step is both, it has reached the flag.

# %% [markdown]
# ### Exercise · the target  ●○○ · 7 minutes


# %% exercise="td_target"
def td_target(
    w: np.ndarray, reward: float, next_x: np.ndarray, terminated: bool, truncated: bool, gamma: float
) -> float:
    """What Q-learning wants the value of the last state and action to be.

    w: (n_actions, D).  next_x: (D,), the features of the next state.  gamma: the discount, 0 … 1.
    terminated, truncated: how the step ended; both may be True, and then it terminated.
    """
    ### BEGIN SOLUTION
    if terminated:
        return reward
    return reward + gamma * np.max(action_values(w, next_x))
    ### END SOLUTION


# %% check="td_target" points=2
check.td_target(td_target)

# %% [markdown] hint="td_target"
# The table above has three rows but only two different targets. Which of the two flags decides?

# %% [markdown] hint="td_target"
# If `terminated`: $R_{t+1}$. Otherwise $R_{t+1} + \gamma \max_a \hat q(S_{t+1}, a)$, whatever `truncated` says.

# %% [markdown] hint="td_target"
# ```python
# if ...:
#     return reward
# return reward + gamma * np.max(action_values(...))
# ```

# %% [markdown]
# ## One step down the slope
# In a table you moved an entry a bit towards the target. Now there is no entry to move, only weights. Measure the error by $\tfrac12\big(y - \hat q(s, a)\big)^2$ with the target $y$, and take its gradient with respect to the weights. Since $\hat q(s, a) = \mathbf{w}_a \cdot \mathbf{x}(s)$, the gradient of $\hat q$ is simply $\mathbf{x}(s)$ for the weights of $a$, and 0 for those of the other actions. So with $y$ held fixed the gradient of the error is $-\big(y - \hat q(s, a)\big)\, \mathbf{x}(s)$. Down the slope means against the gradient, and the two minus signs cancel. A small step is
#
# $$\mathbf{w}_a \leftarrow \mathbf{w}_a + \alpha\, \big[\,y - \mathbf{w}_a \cdot \mathbf{x}(s)\,\big]\, \mathbf{x}(s)$$
#
# with the **step size** $\alpha$. For one-hot features this is exactly the update of the table.
#
# There is something fishy here. The target $y$ contains the weights, too, in $\max_a \hat q(S_{t+1}, a)$, but we did as if it were a fixed number. So this is only half of the gradient, and it is called a **semi-gradient**. On purpose: time runs forward. The estimate of *now* should learn from what came *after*; the full gradient would also bend the later estimate to suit the earlier one. Learning by the full gradient is usually far slower, and it ends with other values (section 11.5 of the book).

# %% [markdown]
# ### Exercise · the semi-gradient update  ●○○ · 6 minutes


# %% exercise="semi_gradient_update"
def semi_gradient_update(w: np.ndarray, x: np.ndarray, action: int, target: float, alpha: float) -> np.ndarray:
    """The weights after one step down the slope of half the squared error, the target held fixed.

    w: (n_actions, D); only read.  x: (D,), the features of the state in which `action` was taken.
    target: one number.  alpha: the step size, ≥ 0.
    Returns new weights (n_actions, D); only the row of `action` differs.
    """
    ### BEGIN SOLUTION
    error = target - action_values(w, x, action)
    new = w.copy()
    new[action] += alpha * error * x
    return new
    ### END SOLUTION


# %% check="semi_gradient_update" points=2
check.semi_gradient_update(semi_gradient_update)

# %% [markdown] hint="semi_gradient_update"
# First the error, one number: how far is the estimate below the target? Then: which weights caused the estimate, and how strongly did each of them count?

# %% [markdown] hint="semi_gradient_update"
# Work on a copy of `w`. Its row `action` grows by $\alpha \cdot \text{error} \cdot \mathbf{x}$; all other rows stay.

# %% [markdown] hint="semi_gradient_update"
# ```python
# error = target - action_values(...)
# new = w.copy()
# new[action] += ...
# return new
# ```

# %% [markdown]
# What does one update do? Below, the weights were zero, and the agent learned once, with $\alpha = 1$: in the marked state, pushing right is worth −1. That moves the value there by $\alpha \cdot \text{error} \cdot \lVert\mathbf{x}\rVert^2$, and since $\lVert\mathbf{x}\rVert^2 \approx 1$, it lands near −1. The colour is the value of pushing right in all states.

# %% figure="one-update"
place = np.array([-0.5, 0.0])
w = semi_gradient_update(np.zeros((3, 400)), features(place, W, b), RIGHT, target=-1.0, alpha=1.0)
values = features(plotting.mountain_car.mesh(), W, b) @ w[RIGHT]
plotting.state_maps({"": values}, "The value of pushing right after one update", "value", points=place[None])

# %% [markdown]
# **What you should see:** a dark dent around the marked state, roughly −1 at its bottom. Half a unit of position away, or 0.04 of velocity, less than a third of it is left. A table would show a single dark cell. Far away the values are not quite zero but wavy: that is the price of a random approximation.

# %% [markdown]
# ## The loop
# All parts are there. An episode of Q-learning: look at the state, take the best action, see what happens, form the target, update, go on.
#
# One part seems to be missing: exploration. In chapter 6 the agent rolled a die now and then ($\varepsilon$-greedy). Here it never does; it is greedy all the time. It explores because it is an **optimist**. All rewards are −1, so every true value is negative, and we begin with weights of zero: *nothing costs anything*. Whatever the agent tries turns out worse than it hoped, so what it has not tried yet looks better, and it goes there. Optimistic zeros drive it through the whole valley.

# %% [markdown]
# ### Exercise · an episode of Q-learning  ●●○ · 15 minutes
# Choose each action with the newest weights. If several actions are equally good, take any of them. The parameter `features_of` is a function of the state alone. Count the calls of `step`: an episode that ends with the first step has length 1, not 0.


# %% exercise="q_learning_episode"
def q_learning_episode(env, features_of, w: np.ndarray, alpha: float, gamma: float) -> tuple[np.ndarray, int]:
    """Drive one episode greedily and learn from every step.

    env: a Gymnasium environment with actions 0 … n_actions - 1.
    features_of: a function from a state to its features (D,).
    w: (n_actions, D), the weights to begin with; only read.  alpha: step size.  gamma: discount.
    The episode is over when a step terminated or truncated it; if both, it terminated.
    Returns the new weights (n_actions, D), and the number of steps.
    """
    ### BEGIN SOLUTION
    state, _ = env.reset()
    x, steps, over = features_of(state), 0, False
    while not over:
        action = int(np.argmax(action_values(w, x)))
        state, reward, terminated, truncated, _ = env.step(action)
        next_x = features_of(state)
        target = td_target(w, reward, next_x, terminated, truncated, gamma)
        w = semi_gradient_update(w, x, action, target, alpha)
        x, steps, over = next_x, steps + 1, terminated or truncated
    return w, steps
    ### END SOLUTION


# %% check="q_learning_episode" points=3
check.q_learning_episode(q_learning_episode)

# %% [markdown] hint="q_learning_episode"
# Before the loop: `env.reset()` and the features of the first state. In the loop, in this order: action, step, next features, target, update. What has to be carried over to the next round?

# %% [markdown] hint="q_learning_episode"
# The action is $\arg\max_a \hat q(s, a)$, `np.argmax` of the action values. The update belongs to `x`, the state that the step left; afterwards `x = next_x`. Stop when `terminated or truncated`.

# %% [markdown] hint="q_learning_episode"
# ```python
# state, _ = env.reset()
# x, steps, over = features_of(state), 0, False
# while not over:
#     action = int(np.argmax(...))
#     state, reward, terminated, truncated, _ = env.step(action)
#     next_x = ...
#     target = td_target(...)
#     w = semi_gradient_update(w, x, ...)
#     x, steps, over = next_x, steps + 1, ...
# return w, steps
# ```

# %% [markdown]
# ## Learning to drive
# A hundred episodes with your code, $\alpha = 0.1$ and $\gamma = 1$. (Where this step size comes from is told below.) For driving without pictures the world is made once more, without `render_mode`. Soon we shall need many such runs, so `mountain_car.q_learning` has this loop compiled; here it gets the same features and the same starts.

# %% tags=["nbval-ignore-output"]
ALPHA = 0.1
road = gymnasium.make("MountainCar-v0", max_episode_steps=10_000)
road.reset(seed=0)
w, lengths = np.zeros((3, 400)), []
for _ in range(100):
    w, steps = q_learning_episode(road, lambda state: features(state, W, b), w, ALPHA, gamma=1.0)
    lengths.append(steps)
starts = mountain_car.start_positions(range(1), 101)[:, 1:]  # the seeded reset took the first one
compiled = mountain_car.q_learning(W[None], b[None], np.zeros((1, 3, 400)), starts, ALPHA)[1][0]
print("first ten episodes: ", lengths[:10])
print("first ten, compiled:", compiled[:10].tolist())
print("last ten episodes:  ", lengths[-10:])
print(f"{sum(lengths):,} steps in all")

# %% [markdown]
# The first episode takes thousands of steps, all of them spent on unlearning optimism; in the end, 90 to 160 are enough. The compiled loop does what yours does. (Tiny differences between processors grow from step to step, so your numbers may differ a little from those in the solution.)
#
# ## Many runs
# One run is an anecdote. To say something about the method, we need many, each with its own random features and its own starts. The compiled loop takes arrays of runs. Beside our step size we run the one of the original notebook: it used $\alpha = 0.01$ with features twice as long as ours. An update moves a value by $\alpha$ times the error times $\lVert\mathbf{x}\rVert^2$, so that is the same as $\alpha = 0.04$ here. (Two things in its regression from scikit-learn we left out: a constant weight per action that every state shares, and a small pull of all weights towards zero. With both, three runs of ours took 220 to 530 steps per episode from the 21st on. A constant lowers the values of all states at once, also of those that were never seen, and so it probably spoils the optimism.)


# %%
import functools


@functools.cache
def twenty_runs(alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """100 episodes of each run: the last weights, their mean over episodes 51 to 100, and the lengths (20, 100)."""
    starts = mountain_car.start_positions(range(20), episodes=100)
    w, lengths = mountain_car.q_learning(*maps(), np.zeros((20, 3, 400)), starts[:, :50], alpha)
    lengths, average = [lengths], np.zeros_like(w)
    for episode in range(50, 100):
        w, length = mountain_car.q_learning(*maps(), w, starts[:, [episode]], alpha)
        lengths.append(length)
        average += w / 50
    return w, average, np.hstack(lengths)


@functools.cache
def maps() -> tuple[np.ndarray, np.ndarray]:
    """A feature map for each run: W (20, 400, 2) and b (20, 400)."""
    drawn = [mountain_car.draw_features(np.random.default_rng(run), mean, std) for run in range(20)]
    return tuple(map(np.stack, zip(*drawn)))


# %% [markdown]
# The length of each episode, averaged over twenty runs, with its 95 % confidence band. The vertical axis is logarithmic.

# %% figure="learning" tags=["nbval-ignore-output"]
plotting.learning_curves(
    {"α = 0.1": twenty_runs(0.1)[2], "α = 0.04 (2016)": twenty_runs(0.04)[2]},
    title="Mountain Car: Q-learning with 400 Fourier features",
    ylabel="steps of an episode",
    log_y=True,
    marks={"150 steps": 150},
)

# %% [markdown]
# **What you should see:** both curves begin in the thousands, near 2,300 and 3,500 steps, and fall steeply. (The one run of the original notebook began with about 3,950.) With the larger step size the mean falls below 200 around episode 12 and stays near 145; with the smaller one it falls below 200 around episode 30, and needs more than fifty episodes to come near 145. In the end the two curves cannot be told apart.

# %% [markdown]
# ## Freeze it
# Those were the lengths *while it learned*. Is the policy any good on its own? Freeze the weights, drive greedily from 50 new starts per run, and stop after 1,000 steps: a frozen agent that runs in a circle will never leave it. (With $\alpha = 0$ the compiled loop does not learn.) With either step size there are two candidates: the last weights, and, at no cost, the **mean of the weights** after each of the episodes 51 to 100.


# %% tags=["nbval-ignore-output"]
@functools.cache
def frozen(alpha: float, weights: str) -> np.ndarray:
    """Steps of greedy episodes, (20, 50), at most 1,000 each; nothing is learned.  weights: "last" or "mean"."""
    w = twenty_runs(alpha)[0 if weights == "last" else 1]
    starts = mountain_car.start_positions(range(1000, 1020), episodes=50)
    return mountain_car.q_learning(*maps(), w, starts, alpha=0.0, max_steps=1000)[1]


for alpha, weights in ((0.04, "last"), (0.04, "mean"), (0.1, "last"), (0.1, "mean")):
    steps, worst = frozen(alpha, weights), frozen(alpha, weights).mean(axis=1).max()
    failed, others = (steps == 1000).sum(), steps[steps < 1000].mean()
    print(f"α = {alpha:4}, {weights} weights: {steps.mean():5.1f} steps, worst run {worst:5.1f};", end=" ")
    print(f"{failed:3} of 1000 fail, the others take {others:.0f}")

# %% [markdown]
# The curves above could not tell the two step sizes apart. Here they differ widely. At $\alpha = 0.04$ the frozen agent fails to arrive in about one episode of eight, and each failure enters the mean with 1,000 steps. At $\alpha = 0.1$ it never fails, and takes as many steps as it did while learning. There the mean weights are a little better still, above all in the worst run. That is no law: at $\alpha = 0.04$ they fail more often than the last weights.
#
# *Where does $\alpha = 0.1$ come from?* We tried seven step sizes on forty other runs that appear nowhere in this notebook. The frozen mean weights, with 20 starts per run, took:
#
# | $\alpha$ | 0.03 | 0.04 | 0.06 | 0.08 | 0.1 | 0.2 | 0.3 |
# |---|---|---|---|---|---|---|---|
# | steps | 310 | 269 | 189 | 139 | 140 | 140 | 142 |
#
# So anything from 0.08 to 0.3 will do; of these, 0.1 and 0.3 failed in none of their $40 \cdot 20$ episodes, and we took the smaller.

# %% [markdown] think="stuck" points=1
# **Think.** With $\alpha = 0.04$ the agent takes about 145 steps per episode as long as it learns, but its frozen copy often runs in circles for ever. Both drive greedily with the same weights at the start of an episode. Why does the one that learns get out?
#
# <!-- BEGIN SOLUTION -->
# A circle is a surprise in every round. Each step costs 1, but whoever returns to the same state has come no closer to the flag; so the values on the circle are too high, and each round makes them worse by the steps that it took. After a few rounds another action looks better, and the agent leaves. This is the optimism from the beginning, still at work. A frozen agent makes the same choices in the same states for ever. A small step size unlearns optimism slowly, so after 100 episodes there are still many states in which the values are wrong.
# <!-- END SOLUTION -->

# %% [markdown]
# ## What it believes
# The **cost-to-go** of a state, $-\max_a \hat q(s, a)$, is the number of steps that the agent still expects to need. Here it is for the mean weights of the first run; on the left as a surface, on the right the same numbers as colours. The white line is an episode of the frozen agent: it starts at the circle and ends at the star.

# %% figure="cost-to-go" tags=["nbval-ignore-output"]
agent = twenty_runs(0.1)[1][0]
path, _ = mountain_car.drive(env, lambda s: int(np.argmax(action_values(agent, features(s, W, b)))), seed=1)
costs = -(features(plotting.mountain_car.mesh(), W, b) @ agent.T).max(axis=1)
plotting.cost_to_go({"run 1": costs}, "Steps still to go, as the agent sees it", paths={"run 1": path})

# %% [markdown]
# **What you should see:** a hill of about 120 steps at the bottom of the valley, at rest: that is the worst place to be. It slopes down towards both sides, since speed in *either* direction is worth something, and the ground lies at the top right, near the flag and fast. (There it dips slightly below 0. Nothing forbids that to a sum of waves.) The line spirals out of the middle: left, right, left again up to the wall, and then in one go to the flag.

# %% [markdown]
# The same episode from outside; every second step is shown:

# %% figure="drive" tags=["nbval-ignore-output"]
agent = twenty_runs(0.1)[1][0]
_, frames = mountain_car.drive(env, lambda s: int(np.argmax(action_values(agent, features(s, W, b)))), seed=1)
words = "The car swings left, right, left up to the end of the road, and then drives up the right slope to the flag."
plotting.animation(frames[::2], title="After 100 episodes", alt=words, fps=30)

# %% [markdown]
# **What you should see:** the car swings back and forth, first to the left, each time a little higher, touches the left end of the road and then drives through to the flag. Nobody told it to go away from the flag first.

# %% [markdown] think="deadly" points=1
# **Think.** For tables, Q-learning has been proved to converge. For linear features there is no such proof, and there are small examples in which the weights grow without bound. Which three things have to come together for that, and which of them could you give up here? (The book calls them the *deadly triad*, section 11.3.)
#
# <!-- BEGIN SOLUTION -->
# Function approximation, bootstrapping, and off-policy training: learning about one policy (here the one that takes the maximum) from data of another. Any two of them are harmless. We could stop bootstrapping and learn from whole returns, as Monte Carlo methods do. Or learn on-policy: SARSA, in the next lesson. (With $\varepsilon = 0$ our agent acts almost as it learns, so the danger is small here; with much exploration it grows.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - Tables end with a few variables: the number of cells explodes, and no cell learns from its neighbours.
# - **Linear function approximation**: $\hat q(s, a) = \mathbf{w}_a \cdot \mathbf{x}(s)$. Random Fourier features make the inner product of two states a Gaussian kernel: near states learn together.
# - **Semi-gradient**: the target is held fixed. Terminated: nothing follows. Truncated: the world goes on, so bootstrap.
# - Zeros are optimistic when every step costs 1; that is all the exploration that Mountain Car needs.
# - The lengths of episodes while learning may flatter the agent, as they do at $\alpha = 0.04$. Freeze it to know what it can do.
#
# The result, beside that of the original notebook. Both are measured in the same way, over the last 25 of a hundred episodes, while learning. (Frozen, with its mean weights, our agent takes 142 steps, as you saw.)

# %% tags=["nbval-ignore-output"]
lengths = twenty_runs(0.1)[2]
headline(
    metric="Mountain Car, Q-learning with 400 Fourier features: mean steps of episodes 76-100, while learning, 20 runs",
    value=f"{lengths[:, 75:].mean():.0f}",
    published="about 155 (the same episodes of one run)",
    source="D. Britz, Reinforcement Learning, 2016, stored output of the notebook on value function approximation",
)

# %% [markdown]
# ## What to try next
# - ●○○ Set the time limit back to 200 steps and train again, ten runs, each with features and starts of its own. Count how many of the hundred episodes reach the flag. Then treat `truncated` like `terminated` in your target, and compare. A single run may mislead you: look at the worst of the ten, too.
# - ●●○ Divide $\alpha$ by 4 and take 400 episodes. Is a small step size worse, or only slower?
# - ●●● *Experience replay*: keep all transitions in a list, and after each step make ten more updates with transitions drawn at random from it. How many episodes do you need now? (This is the first of the two ideas behind DQN.)
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 9.3 on semi-gradient methods, 9.4 on linear methods, 9.5 on features; Example 10.1, Mountain Car; section 11.3, the deadly triad.
# - A. Rahimi and B. Recht, *Random Features for Large-Scale Kernel Machines*, NIPS 2007.
# - F. Pardo, A. Tavakoli, V. Levdik and P. Kormushev, *Time Limits in Reinforcement Learning*, ICML 2018: why a time limit is not the end.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 6: Value Function Approximation](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to. It bootstrapped from the goal, and took action 0 for no action when one value was asked for. Its figure of the cost-to-go had a colour scale from −1 to 1, so all of it had one colour.
