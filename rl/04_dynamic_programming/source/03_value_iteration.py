# %% [markdown] minutes=100
# # Value iteration: improve with every sweep
# Policy iteration evaluates each policy to the end, only to throw it away. This lesson stops doing that. What is left is one formula, with a maximum in the place of a mean, and a surprising freedom: the states may be backed up in any order at all.
#
# **You will** write the optimal backup, value iteration in two variants, backups in any order, and a queue that always picks the state with the most to correct.
#
# **You need** the lessons on policy evaluation and policy iteration.

# %%
import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.dynamic_programming import value_iteration as check
from lib.models.dynamic_programming import action_values, averaged, greedy_policy

setup(seed=0)

# %% [markdown]
# ## From policy iteration to one formula
# Remember the right column of Figure 4.1: after three sweeps the values were still far from their limit, but the greedy policy was already the best one. All the later sweeps were wasted. So how many sweeps does an evaluation need before the next improvement? Take the extreme: **one**.
#
# Improve, then make one sweep of evaluation under the improved policy. The greedy policy takes the best action, so its backup is the value of the best action. Improvement and evaluation melt into one:
#
# $$v_{k+1}(s) \leftarrow \max_a \sum_{s', r} p(s', r \mid s, a)\big[r + \gamma\, v_k(s')\big]$$
#
# This is policy evaluation with a **maximum instead of the mean** over the actions. No policy appears in it any more. It is also the Bellman optimality equation, used as an instruction. We call it the **optimal backup**.
#
# *Once by hand.* On the 4 × 4 grid let `V` be −10 everywhere, $\gamma = 1$. From cell 1, left ends it: −1. The other three moves give −11. The optimal backup of cell 1 is the largest, −1; the backup under the random policy was −8.5.

# %% [markdown]
# ### Exercise · the optimal backup  ●○○ · 4 minutes
# `action_values(P, V, s, gamma)` of the last lesson is there for you: it returns an array with the value of each action.


# %% exercise="optimal_backup"
def optimal_backup(P: dict[int, dict], V: np.ndarray, s: int, gamma: float) -> float:
    """The value of the best action of state `s`, if `V` says what the next states are worth.

    P: the model; P[s][a] is a list of (probability, next_state, reward, terminated).
    V: (n_states,), a value for every state; only read.  gamma: the discount, 0 … 1.
    Returns one number. Nothing follows a transition that terminated; `action_values` knows that.
    """
    ### BEGIN SOLUTION
    return action_values(P, V, s, gamma).max()
    ### END SOLUTION


# %% check="optimal_backup" points=1
check.optimal_backup(optimal_backup)

# %% [markdown] hint="optimal_backup"
# You choose the action; chance chooses the outcome. Over which of the two do you take the maximum?

# %% [markdown] hint="optimal_backup"
# $\max_a q(a)$, where $q(a)$ are the numbers that `action_values` returns: the mean over the outcomes is in them already.

# %% [markdown] hint="optimal_backup"
# ```python
# values = action_values(P, V, s, gamma)
# return values....
# ```

# %% [markdown]
# ## Sweep until nothing changes
# **Value iteration** begins with zeros and makes sweeps of optimal backups until the largest change of a sweep is smaller than $\theta$. As in policy evaluation, there are two variants: with **two arrays** every backup reads the table from before the sweep; **in place** it reads the newest values.
#
# Does it end, and where? One optimal backup can carry an error on, but never enlarge it: if the table is wrong by at most $e$ in every state, then every action value is wrong by at most $\gamma e$, and so is the largest of them. With $\gamma < 1$ each sweep shrinks the largest error at least by the factor $\gamma$, and there is only one table where nothing changes: $v_*$.

# %% [markdown]
# ### Exercise · value iteration  ●●○ · 10 minutes


# %% exercise="value_iteration"
def value_iteration(
    P: dict[int, dict], gamma: float = 1.0, theta: float = 1e-4, in_place: bool = True
) -> tuple[np.ndarray, list[float]]:
    """The optimal values, by sweeps of optimal backups over the states 0, 1, 2 … that start from zeros.

    P, gamma: as in `optimal_backup`.  theta: stop after the first sweep whose largest change is smaller, > 0.
    in_place: True: a backup reads the newest values. False: it reads the values from before the sweep.
    Returns the values (n_states,), and a list with the largest absolute change of each sweep, the last included.
    """
    V, changes = np.zeros(len(P)), []
    ### BEGIN SOLUTION
    while True:
        old = V.copy()
        source = V if in_place else old
        for s in range(len(P)):
            V[s] = optimal_backup(P, source, s, gamma)
        changes.append(np.max(np.abs(V - old)))
        if changes[-1] < theta:
            return V, changes
    ### END SOLUTION


# %% check="value_iteration" points=2
check.value_iteration(value_iteration)

# %% [markdown] hint="value_iteration"
# Keep a copy of the table from before the sweep. You need it in both variants: to see what changed, and, with two arrays, to read from.

# %% [markdown] hint="value_iteration"
# Repeat: $V_\text{old} \leftarrow$ copy of $V$; for every $s$, $V(s) \leftarrow$ optimal backup that reads $V$ (in place) or $V_\text{old}$ (two arrays); append $\max_s |V(s) - V_\text{old}(s)|$; stop if it is smaller than $\theta$.

# %% [markdown] hint="value_iteration"
# ```python
# while True:
#     old = V.copy()
#     source = V if in_place else old
#     for s in range(len(P)):
#         V[s] = ...
#     changes.append(np.max(...))
#     if ...:
#         return V, changes
# ```

# %% [markdown]
# The grid, sweep by sweep, with two arrays (below each table, the policy that is greedy with respect to it):

# %% figure="grid"
grid = gymnasium.make("course/Gridworld-v0").unwrapped
V, panels = np.zeros(16), {}
for k in range(4):
    panels[f"k = {k}"] = (V, greedy_policy(grid.P, V, gamma=1.0))
    V = np.array([optimal_backup(grid.P, V, s, gamma=1.0) for s in range(16)])
for in_place in (True, False):
    _, changes = value_iteration(grid.P, in_place=in_place)
    print(f"in place {in_place}: {len(changes)} sweeps, changes {[float(change) for change in changes]}")
plotting.value_and_policy_grids(panels, (4, 4), title="Value iteration", columns=4, digits=0, terminals=grid.terminals)

# %% [markdown]
# **What you should see:** after $k$ sweeps, every cell that is at most $k$ steps from a corner has its final value, and the others still say $-k$. After three sweeps all is done; the fourth finds nothing to change, and stops. In the last lesson, policy iteration needed 224 sweeps for the same table (with a smaller $\theta$), nearly all of them for a policy that nobody wants. And the arrows are right after *two* sweeps already, except in the two far corners. (The 2016 original, in place with the same $\theta$, also takes four sweeps.)

# %% [markdown]
# ## A frozen lake
# The grid has no chance in it. *Frozen Lake* has: on the ice you go where you wanted with probability ⅓, and to either side of it with ⅓ each. The 8 × 8 map has ten holes (`H`). Only the step into the goal (`G`), bottom right, pays a reward of 1. We discount with $\gamma = 0.99$, so an early arrival is worth more than a late one.

# %% figure="lake"
lake = gymnasium.make("FrozenLake-v1", map_name="8x8", is_slippery=True).unwrapped
ends = {s: "G" if lake.desc.flat[s] == b"G" else "H" for s in range(64) if lake.desc.flat[s] in b"GH"}
TO_ARROWS = [3, 2, 1, 0]  # the lake numbers its actions left, down, right, up; arrows are up, right, down, left
V, changes = value_iteration(lake.P, gamma=0.99, theta=1e-8)
print(f"{len(changes)} sweeps in place; value of the start {V[0]:.4f}")
best = greedy_policy(lake.P, V, gamma=0.99)
plotting.policy_grid(best[:, TO_ARROWS], (8, 8), title="Frozen Lake, γ = 0.99: all best actions", terminals=ends)

# %% [markdown]
# **What you should see:** arrows that look absurd. Beside a hole the best move is often *straight away from it*, since you never slip backwards. And along the edges the policy often pushes against the wall: in the lower left column to the left, in the right column to the right. Then the ice carries you up or down beside the wall, never into a hole. Seven cells have two best actions.
#
# ## The policy is ready long before the values
# To choose an action you need the order of the values, not the values. So how good is the greedy policy *while* the table is still wrong? Below, one line is what the table says about the start, after each sweep. The other is the truth about the greedy policy of that table, from a linear system.


# %%
def true_value(P: dict[int, dict], policy: np.ndarray, gamma: float) -> np.ndarray:
    """The exact values of a policy: (I - gamma P_pi) v = r_pi, as in the first lesson of the chapter."""
    step, reward = averaged(P, policy)
    return np.linalg.solve(np.eye(len(P)) - gamma * step, reward)


# %% [markdown]
# (`averaged`, from `lib`, gives the two parts of the model under a policy, $P_\pi$ and $r_\pi$.) 150 sweeps, and after each one the greedy policy:

# %% figure="early"
V, says, true = np.zeros(64), [], []
for _ in range(150):
    for s in range(64):
        V[s] = optimal_backup(lake.P, V, s, gamma=0.99)
    says.append(V[0])
    true.append(true_value(lake.P, greedy_policy(lake.P, V, 0.99, tolerance=1e-9), 0.99)[0])
optimum = value_iteration(lake.P, 0.99, 1e-10)[0][0]
for k in (14, 35, 60, 100):
    print(f"sweep {k:3d}: the table says {says[k - 1]:.4f}, its greedy policy is worth {true[k - 1]:.4f}")
plotting.training_curves(
    {"what the table says": np.array(says), "what its greedy policy is worth": np.array(true)},
    title="Frozen Lake 8 × 8, value of the start",
    xlabel="sweep",
    ylabel="expected discounted return",
    x=np.arange(1, 151),
    marks={"optimal": optimum},
)

# %% [markdown]
# **What you should see:** after 14 sweeps the table has hardly heard of the goal at the start, and yet its policy is worth 0.26. After 35 sweeps the table gives the start less than a third of its value, but the policy that follows from it is already worth 94 % of the best. After 60 sweeps the policy is as good as the best to four digits, 0.4146, while the table still lacks a quarter.
#
# ## When to stop
# What does a small last change $\Delta$ promise? Let $e_\text{old}$ and $e_\text{new}$ be the largest errors before and after the last sweep. The sweep shrinks the error, $e_\text{new} \le \gamma\, e_\text{old}$. And it moved no value by more than $\Delta$, so $e_\text{old} \le \Delta + e_\text{new}$. Both together: $e_\text{new} \le \gamma\,(\Delta + e_\text{new})$, or
#
# $$\max_s |V(s) - v_*(s)| \;=\; e_\text{new} \;\le\; \frac{\gamma}{1 - \gamma}\,\Delta$$
#
# So to be sure of an error below $\varepsilon$, choose $\theta = \varepsilon\,\frac{1 - \gamma}{\gamma}$. With $\gamma = 0.99$ that is a hundredth of $\varepsilon$. With $\gamma = 1$ the formula promises nothing.

# %% figure="bound"
optimal, _ = value_iteration(lake.P, gamma=0.99, theta=1e-12)
V, change, error = np.zeros(64), [], []
for _ in range(300):
    old = V.copy()
    for s in range(64):
        V[s] = optimal_backup(lake.P, V, s, gamma=0.99)
    change.append(np.abs(V - old).max())
    error.append(np.abs(V - optimal).max())
plotting.training_curves(
    {"bound": 99 * np.array(change), "largest error": np.array(error), "largest change": np.array(change)},
    title="Frozen Lake 8 × 8, γ = 0.99: what a small change promises",
    xlabel="sweep",
    ylabel="difference of values",
    x=np.arange(1, 301),
    log_y=True,
)

# %% [markdown]
# **What you should see:** the error lies between the two other lines: about twenty times the last change in the straight part, and a fifth of what the bound allows. The bound is a promise for the worst world with this $\gamma$; this one is kinder.

# %% [markdown] think="why-not-max-first" points=1
# **Think.** Policy evaluation could be replaced by one linear system. Why can value iteration not? And what does policy iteration do about it?
#
# <!-- BEGIN SOLUTION -->
# The maximum is not linear: which action is best depends on the unknown values themselves. If somebody told you the best action of every state, the maximum would be gone, and one linear system would be left. Policy iteration makes use of that: it guesses the actions, solves the linear equations (by sweeps or at once), and then corrects the guess. (A linear *programme* can do it, with the inequalities $v(s) \ge$ value of each action, and the smallest such $v$.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Everything in between
# One sweep of evaluation between two improvements is value iteration; very many are policy iteration. All numbers in between work, too. The book calls the whole family **generalised policy iteration**: one process makes the values fit the policy, the other makes the policy greedy for the values, each disturbs the other's work, and both can only come to rest together: at the optimum.
#
# To *see* it, take a world with two states and three actions in each. A table of values is then a point in the plane. The grey dots are the values of 3000 random policies. Both methods begin at the same table of zeros.

# %%
small = {
    0: {0: [(0.3, 0, 1, False), (0.7, 1, 1, False)], 1: [(0.8, 0, 1, False), (0.2, 1, 1, False)]},
    1: {0: [(0.4, 0, 4, False), (0.6, 1, 4, False)], 1: [(0.0, 0, 3, False), (1.0, 1, 3, False)]},
}
small[0][2] = [(0.0, 0, 4, False), (1.0, 1, 4, False)]
small[1][2] = [(0.3, 0, -3, False), (0.7, 1, -3, False)]

# %% [markdown]
# For policy iteration, we keep the table after every single sweep; twenty sweeps make an evaluation. It begins with the policy that takes the last action in both states.

# %% figure="plane"
policies = np.random.default_rng(0).dirichlet([0.3, 0.3, 0.3], size=(3000, 2))
cloud = np.array([true_value(small, policy, 0.8) for policy in policies])
many, one = [np.zeros(2)], [np.zeros(2)]
policy = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])  # action 2 in both states
for sweep in range(1, 81):
    step, reward = averaged(small, policy)
    many.append(reward + 0.8 * step @ many[-1])
    if sweep % 20 == 0:
        policy = greedy_policy(small, many[-1], 0.8)
for _ in range(40):
    one.append(np.array([optimal_backup(small, one[-1], s, 0.8) for s in range(2)]))
paths = {"improve after 20 sweeps": np.array(many), "improve at every sweep": np.array(one)}
plotting.value_paths(cloud, paths, one[-1], ("state 0", "state 1"), "Two ways to the same table")

# %% [markdown]
# **What you should see:** the values of all policies fill a crooked area, and the optimal one is its upper right corner: best in both states. The blue path walks almost all the way to the values of one policy, is told of a better one, turns, and walks on: after 20 sweeps at the bottom left, after 40 at (8, 13), after 60 at (16, 15). The orange path heads for the optimum from the first step. (Not every table is the value of some policy: both paths begin outside the grey area, and the blue one leaves it again from sweep 21 to 40.)
#
# ## In any order
# A sweep treats all states alike, and one after the other. Nothing in the argument needed that. An optimal backup of *any* state never enlarges the largest error. So you may back up the states in any order, some often and some seldom, as long as none is forgotten for ever. This is **asynchronous dynamic programming**. It matters where states are many: you can begin with those that matter, and stop whenever you like.

# %% [markdown]
# ### Exercise · back up in any order  ●○○ · 5 minutes


# %% exercise="back_up_in_order"
def back_up_in_order(P: dict[int, dict], V: np.ndarray, order: list[int], gamma: float) -> np.ndarray:
    """Optimal backups of the states in `order`, one after the other, each from the newest values.

    P, gamma: as in `optimal_backup`.  V: (n_states,), the values before; the caller's array is left as it is.
    order: states; some may stand in it several times, others not at all.
    Returns the values after the last backup (n_states,).
    """
    ### BEGIN SOLUTION
    V = V.copy()
    for s in order:
        V[s] = optimal_backup(P, V, s, gamma)
    return V
    ### END SOLUTION


# %% check="back_up_in_order" points=1
check.back_up_in_order(back_up_in_order)

# %% [markdown] hint="back_up_in_order"
# A sweep in place goes through `range(len(P))`. What do you go through instead?

# %% [markdown] hint="back_up_in_order"
# Work on a copy of $V$. For each $s$ in the given order: $V(s) \leftarrow$ optimal backup of $s$, from this same $V$.

# %% [markdown] hint="back_up_in_order"
# ```python
# V = V.copy()
# for s in order:
#     ...
# return V
# ```

# %% [markdown]
# Three orders on two lakes, counted in backups until a sweep changes less than $\theta = 0.0001$. On the *dry* lake nobody slips. "Down" goes from state 63 down to 0, against the direction of travel; "random" draws a new order for every sweep.


# %%
def backups_needed(P: dict[int, dict], new_order, gamma: float = 0.99, theta: float = 1e-4) -> int:
    """The number of backups until a sweep in the order `new_order()` changes less than theta."""
    V, done, change = np.zeros(len(P)), 0, np.inf
    while change >= theta:
        order, old = new_order(), V
        V = back_up_in_order(P, V, order, gamma)
        done, change = done + len(order), np.abs(np.subtract(V, old)).max()
    return done


# %% [markdown]
# The count, on both lakes:

# %% figure="orders"
dry = gymnasium.make("FrozenLake-v1", map_name="8x8", is_slippery=False).unwrapped
rng = np.random.default_rng(0)
orders = {"up": lambda: range(64), "down": lambda: range(63, -1, -1), "random": lambda: rng.permutation(64)}
counts = {
    f"{lake_name},\n{name}": backups_needed(world.P, order)
    for lake_name, world in (("dry", dry), ("slippery", lake))
    for name, order in orders.items()
}
print({name.replace("\n", " "): count for name, count in counts.items()})
picture = plotting.bars(
    counts, title="Backups until values settle, by order of the sweep", ylabel="backups", log_y=True
)
picture.figure.axes[0].set_ylim(bottom=100)
picture

# %% [markdown]
# **What you should see:** (the axis is logarithmic) on the dry lake, sweeping against the direction of travel takes 256 backups instead of 960: the reward sits at the end, and in the order "down" its news crosses most of the map within one sweep. On the slippery lake everything depends on everything, and no fixed order helps much: 9664 instead of 10 048.
#
# ## Back up what is most wrong
# Even the best order wastes work: most backups in a sweep change nothing. The **Bellman error** of a state says how much its backup would change it:
#
# $$e(s) = \Big|\max_a \sum_{s', r} p(s', r \mid s, a)\big[r + \gamma\, V(s')\big] - V(s)\Big|$$
#
# **Prioritized sweeping** keeps the error of every state, and always backs up the state where it is largest. After the backup of $s$, which errors are out of date? Those of the states whose backups *read* $V(s)$: the states from which a step can lead to $s$, its **predecessors**; and that of $s$ itself. This function finds the predecessors:


# %%
def predecessors(P: dict[int, dict]) -> list[set[int]]:
    """For every state, the states from which an action can lead to it while the episode goes on."""
    before: list[set[int]] = [set() for _ in P]
    for s in P:
        for outcomes in P[s].values():
            for _, next_state, _, terminated in outcomes:
                if not terminated:
                    before[next_state].add(s)
    return before


# %% [markdown]
# ### Exercise · prioritized sweeping  ●●● · 15 minutes
# (The book's section 8.4 keeps the states in a queue. With a few hundred states, `argmax` over an array of errors does the same.)


# %% exercise="prioritized_sweeping"
def prioritized_sweeping(P: dict[int, dict], gamma: float = 1.0, theta: float = 1e-4) -> tuple[np.ndarray, list[int]]:
    """Optimal values: back up the state with the largest Bellman error, until all errors are smaller than theta.

    P, gamma: as in `optimal_backup`.  The values start from zeros.
    Returns the values (n_states,), and the list of the states in the order in which they were backed up.
    """
    V, order, before = np.zeros(len(P)), [], predecessors(P)
    ### BEGIN SOLUTION
    error = np.array([abs(optimal_backup(P, V, s, gamma) - V[s]) for s in range(len(P))])
    while error.max() >= theta:
        s = int(error.argmax())
        V[s] = optimal_backup(P, V, s, gamma)
        order.append(s)
        for t in before[s] | {s}:
            error[t] = abs(optimal_backup(P, V, t, gamma) - V[t])
    return V, order
    ### END SOLUTION


# %% check="prioritized_sweeping" points=3
check.prioritized_sweeping(prioritized_sweeping)

# %% [markdown] hint="prioritized_sweeping"
# You need an array of errors, one per state, that is right at all times. Compute all of them once before the loop; in the loop, only those that the last backup can have changed.

# %% [markdown] hint="prioritized_sweeping"
# While $\max_s e(s) \ge \theta$: take the $s$ with the largest $e(s)$; back it up; write it down; compute $e(t)$ anew for every $t$ in `before[s]` and for $s$ itself. `before[s] | {s}` is the set of both.

# %% [markdown] hint="prioritized_sweeping"
# ```python
# error = np.array([abs(optimal_backup(P, V, s, gamma) - V[s]) for s in range(len(P))])
# while error.max() >= theta:
#     s = int(error.argmax())
#     V[s] = ...
#     order.append(s)
#     for t in before[s] | {s}:
#         error[t] = ...
# return V, order
# ```

# %% [markdown]
# Both lakes again. To compare fairly we also count the *looks*: every call of `optimal_backup`, also those that only compute an error.

# %% figure="priority"
for name, world in (("dry", dry), ("slippery", lake)):
    _, order = prioritized_sweeping(world.P, gamma=0.99)
    before = predecessors(world.P)
    looks = 64 + sum(1 + len(before[s] | {s}) for s in order)
    print(f"{name:>8}: {len(order)} backups, {looks} looks")
visits = np.bincount(order, minlength=64)
title = "Slippery lake: how often each state was backed up"
plotting.value_grid(visits, (8, 8), title=title, digits=0, terminals=ends)

# %% [markdown]
# **What you should see:** on the dry lake each of the 53 states that are not terminal is backed up exactly once, instead of 256 backups. On the slippery lake it takes about half as many backups as the best sweep, and the work is spread unevenly: about 30 backups in the bottom row beside the goal, where the values settle early, and up to 152 far away from it. But look at the other number. The errors must be computed, too. A backup in a plain sweep is one look, so counted in looks prioritized sweeping *loses*: a little on the dry lake (318 to 256), clearly on the slippery one (26 430 to 9664). It pays where a backup changes little else, and where computing priorities can be made cheaper than computing backups.

# %% [markdown] think="gamma-one" points=1
# **Think.** So far $\gamma$ was 0.99. With $\gamma = 1$ the value of a state is the probability of reaching the goal, whenever that may be. On the 8 × 8 lake value iteration finds $v_*(0) = 1$: a sure success! Choose one best action in each state of these exact values. Is the result a good policy? Answer before you read on.
#
# <!-- BEGIN SOLUTION -->
# Not at all necessarily. In the top row every action is "best": wherever you slip to, you *can* still reach the goal with probability 1, so all actions are worth 1. A policy that pushes up against the wall for ever always keeps its perfect prospects, and never uses them: its value is 0. The theorem needs $v_\pi$ to be the *only* solution of its equation, and this policy never comes to an end. With a discount below 1, putting it off costs something, and the ties are broken the right way.
# <!-- END SOLUTION -->

# %% [markdown]
# ## The price of patience
# Here is the measurement. In Gymnasium an episode on this lake is cut off after 200 steps. The chance to arrive by then, for a known policy, takes 200 sweeps of evaluation from zeros: after $k$ sweeps with two arrays a table says what happens in $k$ steps. In the same way, 200 sweeps of *value iteration* give the best chance that any policy can have, even one that looks at the clock.


# %%
def chance(P: dict[int, dict], policy: np.ndarray, steps: int = 200) -> float:
    """The probability that the policy goes from the start to the goal in so many steps."""
    step, reward = averaged(P, policy)
    V = np.zeros(len(P))
    for _ in range(steps):
        V = reward + step @ V
    return float(V[0])


# %% [markdown]
# "First" and "last" take one of the best actions by its number; "shared" spreads over all of them.

# %% figure="patience"
chances = {}
for gamma in (1.0, 0.999, 0.99, 0.9):
    V, _ = value_iteration(lake.P, gamma, theta=1e-11)
    ties = greedy_policy(lake.P, V, gamma, tolerance=1e-7)
    if gamma == 1.0:
        chances["γ = 1\nfirst"] = chance(lake.P, np.eye(4)[ties.argmax(axis=1)])
        chances["γ = 1\nlast"] = chance(lake.P, np.eye(4)[3 - ties[:, ::-1].argmax(axis=1)])
    chances[f"γ = {gamma:g}\nshared"] = chance(lake.P, ties)
V = np.zeros(64)
for _ in range(200):
    V = np.array([optimal_backup(lake.P, V, s, gamma=1.0) for s in range(64)])
chances["best in\n200 steps"] = float(V[0])
plotting.bars(chances, title="Frozen Lake 8 × 8: chance of the goal within 200 steps", ylabel="probability")

# %% [markdown]
# **What you should see:** two bars of height 0: with $\gamma = 1$, both ways to pick *one* of the best actions never arrive. All best actions together do arrive for certain, but only in one case out of five within 200 steps. A discount a little below 1 mends it: 0.886 with $\gamma = 0.999$. A strong discount is in too much of a hurry and dares to pass the holes: 0.739 with 0.9. No policy at all can do better than 0.913. Gymnasium calls this lake solved at 0.85.
#
# Patience helps on this lake, because a way without any risk exists: $v_*(0) = 1$. The smaller 4 × 4 lake has none. The best chance of *ever* arriving there:

# %%
small_lake, _ = value_iteration(gymnasium.make("FrozenLake-v1").unwrapped.P, gamma=1.0, theta=1e-11)
print(f"{small_lake[0]:.6f}; 14/17 = {14 / 17:.6f}")

# %% [markdown]
# ## Summary
# - **Value iteration** is policy iteration with a single sweep of evaluation: a maximum takes the place of the mean. On the grid it takes 4 sweeps.
# - The **greedy policy** is often optimal long before the values are. If $\gamma < 1$, a last change $\Delta$ leaves an error of at most $\frac{\gamma}{1-\gamma}\Delta$.
# - Evaluation and improvement may be mixed in any ratio (**generalised policy iteration**), and states may be backed up in any order (**asynchronous** dynamic programming).
# - **Prioritized sweeping** backs up the state with the largest Bellman error: fewer backups, but the errors have to be computed.
# - With $\gamma = 1$, even exact optimal values do not make every greedy policy a good one.
#
# The results beside the published ones:

# %%
_, changes = value_iteration(gymnasium.make("course/Gridworld-v0").unwrapped.P, theta=1e-4)
V, _ = value_iteration(lake.P, gamma=0.999, theta=1e-11)
reached = chance(lake.P, greedy_policy(lake.P, V, 0.999, tolerance=1e-7))
solved = gymnasium.spec("FrozenLake8x8-v1").reward_threshold
headline(
    metric="Frozen Lake 8 × 8, chance of the goal in 200 steps; sweeps on the 4 × 4 grid, in place, θ = 0.0001",
    value=f"{reached:.3f} (greedy, γ = 0.999); {len(changes)} sweeps",
    published=f"{solved} counts as solved; 4 sweeps",
    source="Gymnasium, reward_threshold of FrozenLake8x8-v1; WildML notebook (2016)",
)

# %% [markdown]
# ## What to try next
# - ●○○ Start value iteration from 100 in every state that is not terminal. Does it still find the optimum on the slippery lake, with $\gamma = 0.99$? And with $\gamma = 1$?
# - ●●○ Solve Jack's car rental of the last lesson by value iteration (`car_rental_model` in `lib.models.car_rental`). How many sweeps does it take, and how long does one take, compared with a sweep of evaluation? There are eleven actions in a state.
# - ●●○ Make 2, 5 or 20 sweeps of evaluation between two improvements. Which number needs the fewest looks on the lake?
# - ●●● Compute errors only roughly: after a backup that changed $V(s)$ by $\delta$, the error of a predecessor $t$ grows by at most $\gamma \max_a p(s \mid t, a)\, \delta$. Use this bound as the priority. How many looks are left?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 4.4, value iteration; section 4.5, asynchronous dynamic programming; section 4.6, generalised policy iteration; section 8.4, prioritized sweeping.
# - A. W. Moore and C. G. Atkeson, "Prioritized Sweeping: Reinforcement Learning with Less Data and Less Time", *Machine Learning* 13, 1993, pp. 103-130.
# - R. Dadashi et al., "The Value Function Polytope in Reinforcement Learning", ICML 2019: the shape of the grey area.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to; it sweeps in place.
