# %% [markdown] minutes=80
# # Tile coding and SARSA: features that are cheap
# Four hundred cosines per step buy smooth values. This lesson gets further with eight grids laid over each other: features that are 0 or 1, of which eight are 1 at a time, and an agent that learns about what it really does.
#
# **You will** compute the active tiles of a state, update only their weights, write an episode of SARSA, and draw two figures of the book again.
#
# **You need** lesson 1 (linear values, the semi-gradient update) and SARSA with a table (chapter 6).

# %%
import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.function_approximation import tile_coding_and_sarsa as check
from lib.models import mountain_car

setup(seed=0)

# %% [markdown]
# ## One grid, and then eight
# The car of lesson 1 again: position and velocity, push left (0), nothing (1), push right (2), every step costs 1, the goal is at position 0.5.
#
# Cut the plane of states into 8 × 8 **tiles** and you have a table. It generalises within a tile and not at all across its edges. With large tiles it cannot tell states apart, with small ones it learns slowly. You cannot have both with *one* grid.
#
# With several you can. Lay eight grids over the plane, each shifted by a fraction of a tile. Such a grid is called a **tiling**. In each tiling the state lies in exactly one tile, its **active** tile. Each tile has a weight (one per action), and the value is the sum of the eight active weights:
#
# $$\hat q(s, a) = \sum_{j=1}^{8} w_{a,\, i_j(s)}$$
#
# This is a linear function of features again. There are as many features as tiles, and they are 1 for the eight active tiles and 0 for all others. Two states that are close share most of their active tiles; with distance they share fewer and fewer, down to none.
#
# Where is the active tile? Measure each variable in widths of a tile from the lower bound, and add the shift of the tiling. For tiling $t = 0, \dots, n-1$ of $n$ and variable $k = 0, 1$:
#
# $$c_k = \left\lfloor\; m\,\frac{s_k - \text{low}_k}{\text{high}_k - \text{low}_k} + o_{t,k} \right\rfloor \qquad o_{t,0} = \frac{t}{n} \qquad o_{t,1} = \frac{3t}{n} \bmod 1$$
#
# with $m = 8$ tiles from low to high. $\lfloor \cdot \rfloor$ rounds down, and mod 1 keeps what stands behind the decimal point: to shift a grid by a whole tile changes nothing. Why 3 in the second direction? If both shifts were equal, all grids would move along one diagonal, and the agent would generalise along this diagonal. With the odd numbers (1, 3) the shifts are spread over the tile (section 9.5.4 of the book). You will see the difference below.
#
# The shift pushes states at the upper edge into one more tile. So each tiling has $m + 1$ columns and rows, numbers from 0 to $m$. The tile in column $c_0$ and row $c_1$ of tiling $t$ gets the number $\big(t\,(m+1) + c_0\big)(m + 1) + c_1$: the tilings one after the other, $(m+1)^2$ numbers for each, column after column. Eight tilings of 8 × 8 tiles so have $8 \cdot 9 \cdot 9 = 648$ numbers.
#
# *Once by hand.* Let low be (0, 0), high (8, 8), $m = 8$, $n = 4$, and the state (2.6, 5.5). Tiling 0 is not shifted: column 2, row 5, number $2 \cdot 9 + 5 = 23$. Tiling 1 is shifted by ¼ and ¾: $2.85$ and $6.25$, column 2, row 6; number $(9 + 2) \cdot 9 + 6 = 105$.

# %% figure="tilings"
states = {"a": (-0.5, 0.005), "b": (-0.42, 0.012)}
shown = {f"tiling {t}": (t / 8, 3 * t / 8 % 1) for t in (0, 1, 4)}
plotting.tilings(states, shown, tiles=8, title="Three of eight tilings, and two states")

# %% [markdown]
# **What you should see:** the thick frame is the plane of states, the thin lines are the grids, each moved to the left and down by its shift. The coloured tiles are the active ones. In tiling 0 the states a and b lie in the same tile, in tiling 1 there is a line between them, and in tiling 4 a line in each direction. So what the agent learns in a counts for b as well, but not in full.

# %% [markdown]
# ### Exercise · the active tiles  ●●○ · 12 minutes
# A state beyond the bounds counts as lying on the bound. That happens: our grids will end at position 0.5, the goal, and the last step of an episode may end up to 0.07 beyond it.


# %% exercise="active_tiles"
def active_tiles(
    state: np.ndarray, low: np.ndarray, high: np.ndarray, n_tiles: int = 8, n_tilings: int = 8
) -> np.ndarray:
    """The numbers of the tiles that the state lies in, one for each tiling.

    state: (2,).  low, high: (2,), the bounds; what lies beyond is moved to the bound.
    n_tiles: from low to high in each direction; a tiling has n_tiles + 1 columns and rows.
    n_tilings: tiling t is shifted by t / n_tilings and (3 t / n_tilings) mod 1 of a tile, added as in the formula.
    Returns (n_tilings,) int: for tiling t with column c₀ and row c₁ (t (n_tiles + 1) + c₀)(n_tiles + 1) + c₁.
    """
    ### BEGIN SOLUTION
    position = (np.clip(state, low, high) - low) / (high - low) * n_tiles
    t = np.arange(n_tilings)
    column = np.floor(position[0] + t / n_tilings).astype(int)
    row = np.floor(position[1] + 3 * t / n_tilings % 1).astype(int)
    return (t * (n_tiles + 1) + column) * (n_tiles + 1) + row
    ### END SOLUTION


# %% check="active_tiles" points=3
check.active_tiles(active_tiles)

# %% [markdown] hint="active_tiles"
# First the place of the state in widths of a tile, two numbers from 0 to `n_tiles`. What has to happen to a state outside, before that? Then do the same for every tiling, either in a loop or with an array `t = np.arange(n_tilings)`.

# %% [markdown] hint="active_tiles"
# `np.clip(state, low, high)` moves the state to the bounds. Column: $\lfloor \text{place}_0 + t/n \rfloor$. Row: $\lfloor \text{place}_1 + (3t/n \bmod 1) \rfloor$; only the shift is taken mod 1. Number: $\big(t(m+1) + \text{column}\big)(m+1) + \text{row}$. In Python `% 1` is mod 1, and it binds more strongly than `+`.

# %% [markdown] hint="active_tiles"
# ```python
# position = (np.clip(...) - low) / (high - low) * n_tiles
# t = np.arange(n_tilings)
# column = np.floor(position[0] + ...).astype(int)
# row = np.floor(position[1] + ...).astype(int)
# return (t * (n_tiles + 1) + ...) * (n_tiles + 1) + ...
# ```

# %% [markdown]
# How similar are two states? As similar as the number of tiles that they share, out of eight. Here is this number for the state in the middle and those around it; the picture shows only the inner 40 % of each axis. On the left with your shifts of 1 and 3, on the right with equal shifts in both directions.

# %% figure="shared"
low, high = mountain_car.LOW, mountain_car.HIGH
mesh, middle = plotting.mountain_car.mesh(part=0.4), (low + high) / 2
tiles = np.array([active_tiles(state, low, high) for state in mesh])
shared = {"shifts 1 and 3": (tiles == active_tiles(middle, low, high)).sum(axis=1)}
width, t = (high - low) / 8, np.arange(8)[:, None, None] / 8
equal = np.floor((mesh - low) / width + t)  # (8, N, 2): every tiling moves along the diagonal
shared["shifts 1 and 1"] = (equal == np.floor((middle - low) / width + t)).all(axis=2).sum(axis=0)
plotting.state_maps(shared, "Tiles shared with the state in the middle", "tiles", middle[None], part=0.4)

# %% [markdown]
# **What you should see:** in both panels eight shared tiles in the middle and none beyond one tile's width (0.21 of position, 0.0175 of velocity). On the left the influence fades in all directions alike, more or less. On the right it is a ridge: far along one diagonal, little across it. If position and velocity both grow a bit, the agent on the right believes that little has changed; if one grows and the other falls, it sees a new state. Nothing in the world justifies that.

# %% [markdown]
# ## Only eight weights move
# Since the features are 0 and 1, the scalar product becomes a sum, and the update becomes
#
# $$w_{a,i} \leftarrow w_{a,i} + \alpha\, \big[\,y - \hat q(s, a)\,\big] \qquad \text{for the eight active tiles } i \text{, and no other}$$
#
# Eight numbers instead of four hundred. But mind the step size. If each of eight weights moves by $\alpha$ times the error, their sum moves by $8 \alpha$ times the error. So $\alpha$ is given as a fraction: $\alpha = \frac{1}{8}$ would remove the whole error at once, $\frac{0.5}{8}$ half of it. We shall call the numerator the **rate**.

# %% [markdown]
# ### Exercise · values and update  ●○○ · 8 minutes


# %% exercise="tile_update"
def tile_update(w: np.ndarray, tiles: np.ndarray, action: int, target: float, rate: float) -> tuple[np.ndarray, float]:
    """Move the value of one state and action towards the target, by a part `rate` of the error.

    w: (n_actions, n_features); only read.  tiles: (n_tilings,) int, the active tiles of the state.
    target: one number.  rate: 0 … 1; the step size of each weight is rate / n_tilings, and n_tilings is len(tiles).
    Returns new weights (n_actions, n_features), and the error before the update: target - value.
    """
    ### BEGIN SOLUTION
    error = target - w[action, tiles].sum()
    new = w.copy()
    new[action, tiles] += rate / len(tiles) * error
    return new, error
    ### END SOLUTION


# %% check="tile_update" points=2
check.tile_update(tile_update)

# %% [markdown] hint="tile_update"
# NumPy can pick several entries of a row at once: `w[2, tiles]`. What is the value of the state for this action?

# %% [markdown] hint="tile_update"
# The value is $\sum_i w_{a,i}$ over the active tiles, the error is target − value, and each active weight of this action grows by $\frac{\text{rate}}{n} \cdot \text{error}$, with $n$ = `len(tiles)`.

# %% [markdown] hint="tile_update"
# ```python
# error = target - w[action, tiles]...
# new = w.copy()
# new[action, tiles] += ...
# return new, error
# ```

# %% [markdown]
# ## SARSA, episodic and semi-gradient
# Q-learning's target takes the *best* next action, whether the agent takes it or not. **SARSA** first decides on the next action $A_{t+1}$, and then learns about exactly that:
#
# $$y = R_{t+1} + \gamma\, \hat q(S_{t+1}, A_{t+1}) \qquad \text{or } y = R_{t+1} \text{ if the step terminated}$$
#
# The name spells what it uses: $S, A, R, S', A'$. The action that was decided on *is* then taken. Not chosen again: after the update, another one may look better, but what we learned about is this one. So SARSA learns the value of what it does, exploration included: it is **on-policy**. That takes one side off the deadly triad of lesson 1.
#
# How does it decide? $\varepsilon$-greedily, as in chapter 6. This is all of it, and it is given:


# %%
def epsilon_greedy(q: np.ndarray, epsilon: float, rng: np.random.Generator) -> int:
    """A random action with probability epsilon, otherwise the best one (the first, if several are).  q: (n_actions,)."""
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(np.argmax(q))


# %% [markdown]
# ### Exercise · an episode of SARSA  ●●● · 20 minutes
# The order matters: step, then the next action (with the weights as they are), then the update. If the time limit strikes (`truncated`), bootstrap as in lesson 1; the next action is decided on as always, and only used for the target. If a step is both, it terminated.


# %% exercise="sarsa_episode"
def sarsa_episode(
    env, tiles_of, w: np.ndarray, rate: float, epsilon: float, gamma: float, rng: np.random.Generator
) -> tuple[np.ndarray, int]:
    """Drive one episode and learn from every step.

    env: a Gymnasium environment with actions 0 … n_actions - 1.
    tiles_of: a function from a state to its active tiles (n_tilings,) int.
    w: (n_actions, n_features), the weights to begin with; only read.
    rate: as in `tile_update`.  epsilon: share of random actions.  gamma: discount.  rng: for `epsilon_greedy`.
    Returns the new weights, and the number of steps.
    """
    ### BEGIN SOLUTION
    state, _ = env.reset()
    tiles, steps, over = tiles_of(state), 0, False
    action = epsilon_greedy(w[:, tiles].sum(axis=1), epsilon, rng)
    while not over:
        state, reward, terminated, truncated, _ = env.step(action)
        next_tiles = tiles_of(state)
        next_action = epsilon_greedy(w[:, next_tiles].sum(axis=1), epsilon, rng)
        rest = 0.0 if terminated else w[next_action, next_tiles].sum()
        w, _ = tile_update(w, tiles, action, reward + gamma * rest, rate)
        tiles, action = next_tiles, next_action
        steps, over = steps + 1, terminated or truncated
    return w, steps
    ### END SOLUTION


# %% check="sarsa_episode" points=3
check.sarsa_episode(sarsa_episode)

# %% [markdown] hint="sarsa_episode"
# The first action is decided on before the loop. Inside, there are two states and two actions at a time. Write down the five letters S, A, R, S', A' and the names of your variables beside them. What becomes S and A in the next round?

# %% [markdown] hint="sarsa_episode"
# The values of all actions in a state are `w[:, tiles].sum(axis=1)`. The target is $R + \gamma \sum_i w_{A',i}$ over the *next* tiles, or $R$ if terminated. Then `tile_update` for the *old* tiles and the *old* action.

# %% [markdown] hint="sarsa_episode"
# ```python
# state, _ = env.reset()
# tiles, steps, over = tiles_of(state), 0, False
# action = epsilon_greedy(w[:, tiles].sum(axis=1), epsilon, rng)
# while not over:
#     state, reward, terminated, truncated, _ = env.step(action)
#     next_tiles = ...
#     next_action = ...
#     rest = ...   # 0.0 if terminated
#     w, _ = tile_update(w, tiles, action, ..., rate)
#     tiles, action = ...
#     steps, over = steps + 1, ...
# return w, steps
# ```

# %% [markdown]
# ## On the hill
# Thirty episodes with your code: rate 0.5, $\varepsilon = 0$ (zeros are optimistic, as in lesson 1, and that is exploration enough), $\gamma = 1$, and the time limit of lesson 1. `mountain_car.LOW` and `HIGH` are the bounds: the grids end at position 0.5, for beyond it there is nothing left to decide. `mountain_car.sarsa` is the same loop, compiled; the last line shows what it makes of the same starts.

# %% tags=["nbval-ignore-output"]
low, high, rng = mountain_car.LOW, mountain_car.HIGH, np.random.default_rng(0)
road = gymnasium.make("MountainCar-v0", max_episode_steps=10_000)
road.reset(seed=0)
w, lengths = np.zeros((3, 648)), []
for _ in range(30):
    w, steps = sarsa_episode(
        road, lambda state: active_tiles(state, low, high), w, rate=0.5, epsilon=0.0, gamma=1.0, rng=rng
    )
    lengths.append(steps)
starts = mountain_car.start_positions(range(1), 31)[:, 1:]  # the seeded reset took the first one
compiled = mountain_car.sarsa(np.zeros((1, 3, 648)), starts, rate=0.5)[1][0]
print("first ten episodes: ", lengths[:10])
print("last ten episodes:  ", lengths[-10:])
print("first ten, compiled:", compiled[:10].tolist())

# %% [markdown]
# ## Figure 10.1: the hill, as it is learned
# The book shows the cost-to-go, $-\max_a \hat q(s, a)$, of one run: after step 428, in the middle of the first episode, and after episodes 12, 104, 1,000 and 9,000. That is about a million steps, and here the compiled loop takes over. The book does not give its rate for this figure; we take 0.1.


# %%
import functools


@functools.cache
def figure_10_1() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The weights (3, 648) of one run at five moments, and the lengths of episodes 1,001 to 9,000."""
    starts, w = mountain_car.start_positions(range(1), episodes=9000), np.zeros((1, 3, mountain_car.FEATURES))
    moments = {"step 428": mountain_car.sarsa(w, starts[:, :1], rate=0.1, max_steps=428)[0][0]}
    done = 0
    for episode in (12, 104, 1000, 9000):
        w, lengths = mountain_car.sarsa(w, starts[:, done:episode], rate=0.1)
        moments[f"episode {episode}"], done = w[0], episode
    return moments, lengths[0]


def cost_to_go(w: np.ndarray) -> np.ndarray:
    """The steps still to go from each state of the mesh."""
    tiles = np.array([active_tiles(state, low, high) for state in plotting.mountain_car.mesh()])
    return -w[:, tiles].sum(axis=2).max(axis=0)


# %% figure="figure-10-1" tags=["nbval-ignore-output"]
low, high = mountain_car.LOW, mountain_car.HIGH
costs = {name: cost_to_go(w) for name, w in figure_10_1()[0].items()}
plotting.cost_to_go(
    {name: costs[name] for name in ("step 428", "episode 12", "episode 104")}, "Figure 10.1, first part"
)

# %% [markdown]
# **What you should see:** a small peak at the bottom of the valley after 428 steps, where the car has spent its time; everywhere else nothing is known, and nothing costs anything. By episode 12 most of the plane has been visited, and the flat parts at its rim have not. The small bump at the left edge lies just before the wall, where many swings have ended. The scale grows from panel to panel: up to 3 steps, up to 21, up to 59, where more than 100 are needed. The values are still far too optimistic, and yet the agent finds its way, because their *order* is useful long before their size is right.

# %% figure="figure-10-1-later" tags=["nbval-ignore-output"]
low, high = mountain_car.LOW, mountain_car.HIGH
moments, lengths = figure_10_1()
later = {name: cost_to_go(moments[name]) for name in ("episode 1000", "episode 9000")}
print(f"the last thousand episodes take {lengths[-1000:].mean():.0f} steps on average")
plotting.cost_to_go(later, "Figure 10.1, second part")

# %% [markdown]
# **What you should see:** up to 108 and up to 114 steps. Now the numbers are about right: in the end an episode takes 111 steps. After 9,000 episodes there is a sharp edge to the right of the peak. Above it the car is just fast enough to reach the goal in one go, below it has to swing back once more, which costs dozens of steps. A single grid of these tiles, 0.21 wide, could not draw it so finely; eight shifted ones can.

# %% [markdown] think="first-episode" points=1
# **Think.** At step 428 the agent has never seen the goal. It knows nothing of a flag, and all its estimates are wrong. Yet the figure has a clear shape. What does it show, and how does it help?
#
# <!-- BEGIN SOLUTION -->
# It shows where the car has been, and how often. Each visit lowers the value of a state and action by some part of the step's cost, so the cost is highest where it spent most of its time: along the ellipses of its swings, in the middle of the valley. Greedy means to prefer a low cost, that is: what has hardly been visited yet. So the agent is driven outwards, into wider and wider swings, until one of them reaches the goal. No die is needed for that.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Figure 10.2: how large a step?
# Now the book's learning curves: steps of an episode, with rates 0.1, 0.2 and 0.5, 500 episodes, averaged over 100 runs. That makes about 26 million steps. The car, its starts and its rewards are those of the book; only the time limit of 10,000 steps is ours.


# %%
@functools.cache
def hundred_runs(rate: float, episodes: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """The weights (100, 3, 648) and the lengths (100, episodes)."""
    starts = mountain_car.start_positions(range(100), episodes)
    return mountain_car.sarsa(np.zeros((100, 3, mountain_car.FEATURES)), starts, rate)


# %% [markdown]
# As in the book, the vertical axis is logarithmic:

# %% figure="figure-10-2" tags=["nbval-ignore-output"]
curves = {f"α = {rate}/8": hundred_runs(rate)[1] for rate in (0.1, 0.5, 0.2)}  # 0.2 on top
plotting.learning_curves(
    curves,
    title="Figure 10.2: SARSA with tile coding on Mountain Car",
    ylabel="steps of an episode",
    log_y=True,
    limits=(100, 1000),
)

# %% [markdown]
# **What you should see:** three curves that fall in the order of their rates: 0.5 is below 200 steps after some 30 episodes, 0.2 after 55, 0.1 after 100. After 500 episodes they are close together, at about 136, 126 and 117 steps, and the largest rate is still the lowest. So in the book's figure. (Its beginning is cut off there, too: the first episodes take 3,400, 2,400 and 1,500 steps on average.) At 0.2 there is a spike in episode 17; it reaches up to the curve of 0.1. Look into it:

# %% tags=["nbval-ignore-output"]
lengths = hundred_runs(0.2)[1]
run, episode = np.unravel_index(lengths.argmax(), lengths.shape)
print(f"run {run + 1}, episodes {episode} to {episode + 5}:", lengths[run, episode - 1 : episode + 5])

# %% [markdown] think="parked" points=1
# **Think.** One episode among 150,000 ran into the time limit of 10,000 steps. The car had come to rest at the lowest point of the valley, position −0.52, and took each of the three actions twice, in changing order, without end: a little to the left, nothing, a little to the right. Its velocity never exceeded 0.0022, and all that time it saw only two sets of active tiles, with seven of eight tiles in common. So nearly every target was made of the very weights that it updated. What happens to the three action values there? And why does optimism not drive the agent out?
#
# <!-- BEGIN SOLUTION -->
# Each target is the current value minus 1. The value moves towards it, but then the target has moved, too: the values of all three actions sink together, without end. After 3,000 of these steps they were at −212, where −110 would be right. To leave, the car would have to push in *one* direction several times; but each push makes that action look a bit worse than the other two, so they take turns. States further away look better, but no single step leads there, and as they share tiles with the bottom, they sink as well. A random action now and then ($\varepsilon > 0$) would help only if several in a row agreed; smaller tiles, or a time limit that begins a new episode elsewhere, do help.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Tiles against waves
# How do the two lessons compare? Both get the same budget, 100 episodes, 20 runs, the same starts, and each a step size that suits it: 0.1 for the Fourier features (chosen in lesson 1, on other runs), 0.5/8 for the tiles (the best of Figure 10.2, whose first 20 runs are shown here). Both are drawn while they learn. Mind that features *and* algorithm differ: a comparison of two agents, not of two kinds of features alone.


# %%
@functools.cache
def fourier_runs() -> np.ndarray:
    """Lengths (20, 500) of Q-learning with 400 Fourier features; as in lesson 1, but with the exact mean and deviation."""
    mean, std = np.array([-0.3, 0.0]), np.array([1.8, 0.14]) / np.sqrt(12)
    drawn = [mountain_car.draw_features(np.random.default_rng(run), mean, std) for run in range(20)]
    W, b = map(np.stack, zip(*drawn))
    starts = mountain_car.start_positions(range(20), 500)
    return mountain_car.q_learning(W, b, np.zeros((20, 3, 400)), starts, 0.1)[1]


# %% figure="compared" tags=["nbval-ignore-output"]
runs = {"Fourier features, Q-learning": fourier_runs(), "tiles, SARSA": hundred_runs(0.5)[1][:20]}
for name, lengths in runs.items():
    print(f"{name}: {lengths[:, 450:].mean():.0f} steps in episodes 451 to 500")
plotting.learning_curves(
    {name: lengths[:, :100] for name, lengths in runs.items()},
    title="The same budget: 100 episodes",
    ylabel="steps of an episode",
    log_y=True,
)

# %% [markdown]
# **What you should see:** two curves of the same kind. The tiles are quicker in the very first episode (about 1,600 steps instead of 2,400). From the second episode on the waves are ahead: they generalise further, and are near 170 steps after twenty episodes, when the tiles still need more than 220. From about episode 60 on they cannot be told apart. But the tiles then go on improving, as Figure 10.2 showed, to 117 steps after 500 episodes, where the waves stay at 154. And they are cheap: in the compiled loops, a step with tiles takes about an eighth of the time of a step with 400 waves.

# %% [markdown] think="half" points=1
# **Think.** Figure 10.2 says: the larger the step size, the better. What do you expect at $\alpha = 1.5/8$, and at $2.1/8$? Decide first, then look: `hundred_runs(1.5)[1]`, and `hundred_runs(2.1, episodes=60)[1]`.
#
# <!-- BEGIN SOLUTION -->
# A rate of 1 removes the whole error of the state and action that are updated. With more the value jumps beyond the target, and with 2 it lands as far away on the other side; beyond that, each update leaves a larger error than it found. So 2.1 cannot work: within 60 episodes the weights of 55 runs of 100 grow beyond all bounds, and the mean length, 403 steps in episode 10, climbs to 5,390 in episode 60.
#
# Below 2 it is less dramatic than one might fear. Mean of the first episode, and of episodes 451 to 500, over 100 runs:
#
# | rate | 0.5 | 0.8 | 1.0 | 1.5 | 1.8 |
# |---|---|---|---|---|---|
# | first | 1,522 | 1,223 | 1,114 | 1,004 | 1,029 |
# | 451 to 500 | 117 | 118 | 120 | 126 | 135 |
#
# Fast at the beginning, a little worse in the end: targets fluctuate, and the weights follow every fluctuation; and tiles are shared, so an update that suits one state disturbs its neighbours. From 0.5 to 1 it hardly matters.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A **tiling** is one grid; several shifted ones together are fine *and* general. The value is a sum of as many weights as there are tilings.
# - Each tiling needs one more column and row than there are tiles from low to high, and numbers of its own.
# - Binary features make the update cheap: only the active weights move, each by $\alpha$ times the error, with $\alpha$ = rate / number of tilings.
# - **SARSA** decides on the next action, learns about it, and then takes it. The end of the episode has no next action.
# - Shifts along a diagonal generalise along the diagonal; 1 and 3 spread them out.
#
# The result, beside the book's figure:

# %% tags=["nbval-ignore-output"]
lengths = hundred_runs(0.5)[1]
headline(
    metric="Mountain Car, SARSA with tile coding, α = 0.5/8: mean steps of episodes 451-500, 100 runs",
    value=f"{lengths[:, 450:].mean():.0f}",
    published="between 100 and 200, nearer to 100, read from the figure",
    source="Sutton and Barto (2018), Figure 10.2",
)

# %% [markdown]
# ## What to try next
# - ●○○ Take one tiling of 8 × 8, or one of 24 × 24, instead of eight. How many steps after 100 episodes, how many after 500?
# - ●●○ $\varepsilon = 0.1$ instead of 0. Does the agent find the goal sooner? Where does its curve end, and why higher?
# - ●●● *n-step SARSA* (book section 10.2): a target from $n$ rewards before it bootstraps. Draw Figure 10.3, with $n = 1$ and $n = 8$.
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 9.5.4, tile coding; section 10.1, episodic semi-gradient control, with the algorithm, Example 10.1, and Figures 10.1 and 10.2.
# - R. S. Sutton, *Generalization in Reinforcement Learning: Successful Examples Using Sparse Coarse Coding*, Advances in Neural Information Processing Systems 8, 1996: Mountain Car with tile coding and SARSA.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): it had no tile coding; SARSA's target stood there as a comment.
