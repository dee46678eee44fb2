# %% [markdown] minutes=90
# # Optimal values and optimal policies
# What is the best that can be done in a world, and how would you know it if you saw it? This lesson defines *best*, finds it in three ways, and meets the equation that most of reinforcement learning is trying to solve.
#
# **You will** compare policies, list all of them in a tiny world, write the Bellman optimality equation, read off *all* optimal actions, and solve a larger world by a linear programme.
#
# **You need** the previous lesson: models `P`, policies, values, the Bellman equation.

# %%
import itertools

import gymnasium
import numpy as np
from scipy.optimize import linprog

from lib import headline, plotting, setup
from lib.checks.rl.mdp import optimality as check
from lib.models.mdp import action_values, state_values

setup(seed=0)

# %% [markdown]
# `state_values(P, policy, gamma)` and `action_values(P, V, gamma)` are those that you wrote in the previous lesson: the first solves the Bellman equation of a policy, the second looks one step ahead from a table of state values.
#
# ## All policies of the robot
# The recycling robot has two states, *high* and *low*, and three actions, *search*, *wait* and *recharge*. A **deterministic** policy names one action for each state, such as "search if high, recharge if low". How many are there? Three choices for the first state, times three for the second: nine. So we can simply list them, and evaluate each.
#
# A policy is a table `(n_states, n_actions)`; a deterministic one has a single 1 in each row. In general there are $|A|^{|S|}$ of them: the number of actions to the power of the number of states.

# %% [markdown]
# ### Exercise · all deterministic policies  ●○○ · 8 minutes


# %% exercise="deterministic_policies"
def deterministic_policies(n_states: int, n_actions: int) -> np.ndarray:
    """Every policy that names one action for each state.

    Returns (n_actions ** n_states, n_states, n_actions), zeros and ones, each policy once, in any order:
    policies[k, s, a] is 1 if policy k takes action a in state s.
    """
    ### BEGIN SOLUTION
    policies = []
    for choice in itertools.product(range(n_actions), repeat=n_states):
        policies.append(np.eye(n_actions)[list(choice)])
    return np.array(policies)
    ### END SOLUTION


# %% check="deterministic_policies" points=1
check.deterministic_policies(deterministic_policies)

# %% [markdown] hint="deterministic_policies"
# Which action does state 0 take, which does state 1, and so on: you want every combination of choices, like every combination of digits on a lock. There are two ways: let Python list the combinations, or build the policies state by state.

# %% [markdown] hint="deterministic_policies"
# Python's `itertools.product(range(n_actions), repeat=n_states)` goes through all combinations, for example `(0, 2)`. And `np.eye(n_actions)[[0, 2]]` is the table with a 1 in column 0 of the first row and in column 2 of the second.

# %% [markdown] hint="deterministic_policies"
# ```python
# policies = []
# for choice in itertools.product(range(n_actions), repeat=n_states):
#     policies.append(np.eye(n_actions)[list(...)])
# return np.array(policies)
# ```

# %% [markdown]
# Now evaluate all nine, with $\gamma = 0.9$. A world of two states has a lovely property: the values of a policy are two numbers, so every policy is a *point*. To see more of the landscape, 300 random policies (that roll a biased die) join them as small dots.

# %% figure="plane"
P = gymnasium.make("course/RecyclingRobot-v0").unwrapped.P
actions = ("search", "wait", "recharge")
points = {}
for policy in deterministic_policies(2, 3):
    high, low = policy.argmax(axis=1)
    points[f"{actions[high]}, {actions[low]}"] = state_values(P, policy, gamma=0.9)
rng = np.random.default_rng(0)
dice = [state_values(P, rng.dirichlet([1, 1, 1], size=2), gamma=0.9) for _ in range(300)]
plotting.policy_plane(points, dice, ["high", "low"], title="Nine policies of the robot (action if high, action if low)")

# %% [markdown]
# **What you should see:** one point lies to the right of and above all others: *search if high, recharge if low*, with the values 15.75 and 14.17. The dotted lines through it leave nothing on their other side, no policy and no die. But not every pair of points can be ranked. *Recharge, wait* is worth 0 from high and 10 from low; *search, search* is worth 11.8 from high and 8.7 from low. Which one is better? Neither.

# %% [markdown]
# ## A partial order, and its top
# That is the definition. Policy $\pi$ is **at least as good** as $\pi'$ if it is at least as good *in every state*:
#
# $$\pi \ge \pi' \quad\Longleftrightarrow\quad v_\pi(s) \ge v_{\pi'}(s) \text{ for all } s$$
#
# This is a *partial* order: of two policies, neither may be at least as good as the other. All the more remarkable is a theorem: **every finite MDP with $\gamma < 1$ has a policy that is at least as good as all others.** It is called **optimal**, $\pi_*$. There may be several optimal policies, but then their values are the same, the **optimal values**:
#
# $$v_*(s) = \max_\pi v_\pi(s) \qquad\qquad q_*(s, a) = \max_\pi q_\pi(s, a)$$
#
# Why can one policy be best everywhere at once? In the Bellman equation the value of a next state stands with a weight that is never negative, $\gamma$ times a probability. So a better action in one state can raise the values of other states, but never lower them: improvements do not get into each other's way, and you can go on until no state offers one. (An argument, not a proof.) And that policy may be deterministic: a die can only mix good actions with worse ones.

# %% [markdown]
# ### Exercise · the optimal policies  ●○○ · 6 minutes


# %% exercise="optimal_policies"
def optimal_policies(values: np.ndarray, tolerance: float = 1e-9) -> np.ndarray:
    """Which policies are at least as good as every other one, in every state?

    values: (n_policies, n_states), the state values of each policy.
    tolerance: a value that is smaller by no more than this counts as equal (computers round).
    Returns (n_policies,): True or False for each. If the table is not from an MDP, there may be no True at all.
    """
    ### BEGIN SOLUTION
    best = values.max(axis=0)  # of each state
    return np.all(values >= best - tolerance, axis=1)
    ### END SOLUTION


# %% check="optimal_policies" points=1
check.optimal_policies(optimal_policies)

# %% [markdown] hint="optimal_policies"
# First ask state by state: what is the largest value that any policy reaches here? An optimal policy reaches all of these at once.

# %% [markdown] hint="optimal_policies"
# With $b(s) = \max_k \text{values}[k, s]$, policy $k$ is optimal if $\text{values}[k, s] \ge b(s) - \text{tolerance}$ for *all* $s$. NumPy: `values.max(axis=0)`, `np.all(..., axis=1)`.

# %% [markdown] hint="optimal_policies"
# ```python
# best = values.max(axis=0)
# return np.all(values >= ..., axis=1)
# ```

# %% [markdown]
# Put together, the two functions solve any small MDP by brute force. And they show that the answer depends on the discount. In the figure, $\gamma$ grows from left to right; the curves are the optimal action values $q_*$ of the robot with a low battery. (They are multiplied by $1 - \gamma$, which turns a discounted sum into a mean reward per step; otherwise the curves would shoot up at the right.)


# %%
def best_values(P: dict, gamma: float) -> np.ndarray:
    """v* by brute force: evaluate every deterministic policy, and take one that is best everywhere."""
    policies = deterministic_policies(len(P), len(P[0]))
    values = np.array([state_values(P, policy, gamma) for policy in policies])
    return values[optimal_policies(values)][0]


# %% [markdown]
# Twenty discounts, 180 linear systems:

# %% figure="discount"
robot = gymnasium.make("course/RecyclingRobot-v0").unwrapped
gammas = np.linspace(0, 0.95, 20)
low = np.array([(1 - g) * action_values(robot.P, best_values(robot.P, g), g)[1] for g in gammas])
picture = plotting.training_curves(
    {name: low[:, a] for a, name in enumerate(("search", "wait", "recharge"))},
    title="What to do with a low battery",
    xlabel="discount γ",
    ylabel="(1 − γ) · q*(low, action), reward per step",
    x=gammas,
)
picture.figure.axes[0].axvline(10 / 17, color="grey", linestyle=":", linewidth=1)
picture.alt += " A dotted vertical line marks γ = 10/17, where the curves of wait and recharge cross."
picture

# %% [markdown]
# **What you should see:** a short-sighted robot waits; it takes its 1 now. A far-sighted one recharges: no reward now, but more later. The two curves cross at the dotted line, $\gamma = 10/17 \approx 0.59$: work it out from $1 / (1 - \gamma) = \gamma\, v_*(\text{high})$. Searching with a low battery is never best here. The same world, the same rewards: only the discount decides.

# %% [markdown]
# ## The Bellman optimality equation
# Brute force has no future. The 5 × 5 grid of the previous lesson has $4^{25} \approx 10^{15}$ deterministic policies; at a million per second, that takes 36 years. We need an equation for $v_*$ and $q_*$ themselves.
#
# Suppose you know $q_*$. What is a state worth, if you act as well as possible? As much as its best action:
#
# $$v_*(s) = \max_a q_*(s, a)$$
#
# And what is an action worth? One step of the model, and then $v_*$ of where it leads. Put one into the other:
#
# $$v_*(s) = \max_a \sum_{s', r} p(s', r \mid s, a) \big[\, r + \gamma\, v_*(s') \,\big]$$
#
# $$q_*(s, a) = \sum_{s', r} p(s', r \mid s, a) \big[\, r + \gamma \max_{a'} q_*(s', a') \,\big]$$
#
# Each of these is called the **Bellman optimality equation**. It is the Bellman equation with $\sum_a \pi(a \mid s)$ replaced by $\max_a$: no policy is left in it. As always, nothing follows a step that ends the episode. In the backup diagrams, an arc marks the branches of which only the best counts:

# %% figure="backup"
plotting.backup_diagrams(["v*", "q*"], title="One look ahead, and the best of it")

# %% [markdown]
# **What you should see:** the trees of the previous lesson. Where a policy used to weigh the actions, there is an arc, at the root for $v_*$ and one level further down for $q_*$. Where the world decides, nothing has changed: chance is not ours to choose.
#
# *By hand,* the robot with a low battery, $\gamma = 0.9$ and the values 15.75 and 14.17 from above: recharging is worth $0 + 0.9 \cdot 15.75 = 14.17$, waiting $1 + 0.9 \cdot 14.17 = 13.76$, searching $0.5\,(2 + 0.9 \cdot 14.17) + 0.5\,(-3 + 0.9 \cdot 15.75) = 12.96$. The best is 14.17, and that is the value of low. The equation holds.

# %% [markdown]
# ### Exercise · the optimality equation for actions  ●●○ · 10 minutes
# Write the right-hand side of the equation for $q_*$, for any table `Q` in the place of $q_*$.


# %% exercise="optimality_backup"
def optimality_backup(P: dict, Q: np.ndarray, gamma: float) -> np.ndarray:
    """One look ahead from every state and action, the best action after it.

    P: the model; P[s][a] is a list of (probability, next_state, reward, terminated).
    Q: (n_states, n_actions), any table of action values; only read.  gamma: the discount.
    Returns a new table of the same shape. After a step that terminated nothing follows, whatever Q says.
    """
    new = np.zeros(Q.shape)
    ### BEGIN SOLUTION
    for s in range(len(P)):
        for action in range(len(P[s])):
            for probability, next_state, reward, terminated in P[s][action]:
                rest = 0.0 if terminated else Q[next_state].max()
                new[s, action] += probability * (reward + gamma * rest)
    ### END SOLUTION
    return new


# %% check="optimality_backup" points=2
check.optimality_backup(optimality_backup)

# %% [markdown] hint="optimality_backup"
# You wrote nearly the same in the previous lesson: `action_values`. There a table told what the next state is worth. What is a state worth, if `Q` is known and you act as well as you can?

# %% [markdown] hint="optimality_backup"
# For every $s$, $a$ and outcome $(p, s', r, \text{terminated})$: `new[s, a]` grows by $p \cdot \big(r + \gamma \max_{a'} Q(s', a')\big)$, or by $p \cdot r$ alone if it terminated. The maximum of a row is `Q[next_state].max()`.

# %% [markdown] hint="optimality_backup"
# ```python
# for s in range(len(P)):
#     for action in range(len(P[s])):
#         for probability, next_state, reward, terminated in P[s][action]:
#             rest = ...   # 0.0 if terminated, otherwise the best of the next row
#             new[s, action] += ...
# ```

# %% [markdown]
# The equation is a **certificate**. For $\gamma < 1$ it has exactly one solution: where two solutions differ most, a backup leaves at most $\gamma$ times that difference, since neither a mean nor a maximum makes differences larger; but it must stay as it is, so it is 0. And the equation can be tested without looking at any other policy: put a table in, and see whether it comes out unchanged. Here are the action values of each of the nine policies, and by how much the optimality equation would change them:

# %%
robot = gymnasium.make("course/RecyclingRobot-v0").unwrapped
names = ("search", "wait", "recharge")
for policy in deterministic_policies(2, 3):
    Q = action_values(robot.P, state_values(robot.P, policy, 0.9), 0.9)
    change = np.abs(optimality_backup(robot.P, Q, 0.9) - Q).max()
    high, low = policy.argmax(axis=1)
    print(f"{names[high]:>8} if high, {names[low]:>8} if low: largest change {change:.2f}")

# %% [markdown]
# Only one line shows 0.00. It is the policy that brute force had found; but the certificate looks at one policy alone. So however somebody got hold of a table, by a clever method, by years of training, or by luck: one backup says whether it is right.

# %% [markdown]
# ## From values to actions
# How do you act, once you know $q_*$? In each state take an action with the largest value. Such an action is called **greedy**. A policy that is greedy with respect to $q_*$ is optimal.
#
# With $q_*$, this takes no thought: look at a row, take the largest entry. With $v_*$ alone, you must look one step ahead, $\sum p\,[r + \gamma v_*(s')]$, and for that **you need the model**. That is why methods that learn without a model, later in this course, learn $q$ and not $v$.
#
# Often several actions are equally good. Then each of them is optimal, and so is every way of choosing among them: what is unique is the **set** of optimal actions. `argmax` keeps only the first one of the set. And `==` may lose some of the set to rounding: two numbers that are equal in mathematics can differ in their last digit in a computer. So compare with a small tolerance.

# %% [markdown]
# ### Exercise · all greedy actions  ●○○ · 6 minutes


# %% exercise="greedy_actions"
def greedy_actions(Q: np.ndarray, tolerance: float = 1e-6) -> np.ndarray:
    """Which actions are best in their state?

    Q: (n_states, n_actions).  tolerance: a value that is smaller than the best by no more than this counts as equal.
    Returns (n_states, n_actions): True for every best action, at least one in each row.
    """
    ### BEGIN SOLUTION
    best = Q.max(axis=1, keepdims=True)  # a column, (n_states, 1)
    return Q >= best - tolerance
    ### END SOLUTION


# %% check="greedy_actions" points=1
check.greedy_actions(greedy_actions)

# %% [markdown] hint="greedy_actions"
# Each row has its own best value. Compare every entry with the best of *its* row.

# %% [markdown] hint="greedy_actions"
# Action $a$ is greedy in $s$ if $Q(s, a) \ge \max_{a'} Q(s, a') - \text{tolerance}$. `Q.max(axis=1, keepdims=True)` gives the best values as a column, and NumPy compares a table with a column row by row.

# %% [markdown] hint="greedy_actions"
# ```python
# best = Q.max(axis=1, keepdims=True)
# return Q >= ...
# ```

# %% [markdown]
# Greedy with respect to *what?* With respect to $q_*$, greedy is optimal. Try it with the values of the random policy on the 5 × 5 grid: look one step ahead from $v_{\text{random}}$, and always take the best action.

# %% figure="greedy"
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
v_random = state_values(grid.P, np.full((25, 4), 0.25), gamma=0.9)
best = greedy_actions(action_values(grid.P, v_random, gamma=0.9))
policy = best / best.sum(axis=1, keepdims=True)  # the same probability for each of them
v_greedy = state_values(grid.P, policy, gamma=0.9)
print("from the top right corner: random", v_random[4].round(1), "and greedy", v_greedy[4].round(1))
places = {1: "A", 21: "A′", 3: "B", 13: "B′"}
plotting.policy_grid(policy, (5, 5), title="Greedy, seen from the random policy", letters=places)

# %% [markdown]
# **What you should see:** a sensible policy. In the three columns at the left everybody walks to A, in the two at the right to B; in A and B all actions are the same, hence four arrows. It is far better than rolling a die: from the top right corner 16.6 instead of 1.5. But is it *optimal*? Ask the certificate; or find $v_*$.

# %% [markdown]
# ## Solving the equation: a linear programme
# The Bellman equation of a policy is linear. The optimality equation is not: the maximum spoils it, and `np.linalg.solve` is out. But a maximum can be said in another way. That $v(s)$ is *at least* the largest of four numbers means that it is at least each one of them:
#
# $$v(s) \ge \sum_{s', r} p(s', r \mid s, a) \big[\, r + \gamma\, v(s') \,\big] \qquad \text{for all } s \text{ and } a$$
#
# These are linear inequalities, one for each state and action. Many tables satisfy them: put a huge number everywhere. But every such table lies above $v_*$, in every state. Why? Follow any policy: $v(s)$ is at least the expected reward of one step plus $\gamma$ times the mean of $v(s')$ where it leads. The same holds for that $v(s')$, and so on. After $n$ steps, $v(s)$ is at least the expected discounted reward of these steps, plus a rest, $\gamma^n$ times a mean of $v$. The rest vanishes as $n$ grows, so $v(s)$ is at least what the policy is worth. And $v_*$ itself satisfies the inequalities, by the optimality equation. So **$v_*$ is the smallest table that satisfies all inequalities**, and to find it we minimise $\sum_s v(s)$.
#
# To minimise a linear function under linear inequalities is a **linear programme**, and SciPy solves it:
#
# `linprog(c, A_ub=A, b_ub=b, bounds=(None, None)).x` is the $v$ with the smallest $c \cdot v$ among those with $A v \le b$.
#
# Mind the direction, $\le$. So bring the unknowns to the left and the rewards to the right. The row of $s$ and $a$ reads
#
# $$\gamma \sum_{s'} \Pr\{s' \text{ and not terminated} \mid s, a\}\, v(s') \;-\; v(s) \;\le\; -\sum_{s', r} p(s', r \mid s, a)\, r$$
#
# `bounds=(None, None)` says that a value may be any number. Without it, `linprog` looks only among values that are not negative.

# %% [markdown]
# ### Exercise · optimal values  ●●● · 18 minutes


# %% exercise="optimal_values"
def optimal_values(P: dict[int, dict], gamma: float) -> np.ndarray:
    """v* for every state.

    P, gamma: as in `optimality_backup`; several outcomes may lead to the same state, or back to s itself.
    Returns (n_states,). If linprog finds no smallest solution, its x is None: look at the signs in your inequalities.
    """
    ### BEGIN SOLUTION
    rows, limits = [], []
    for s in range(len(P)):
        for action in range(len(P[s])):
            row, limit = np.zeros(len(P)), 0.0
            row[s] -= 1.0
            for probability, next_state, reward, terminated in P[s][action]:
                limit -= probability * reward
                if not terminated:
                    row[next_state] += gamma * probability
            rows.append(row)
            limits.append(limit)
    return linprog(np.ones(len(P)), A_ub=rows, b_ub=limits, bounds=(None, None)).x
    ### END SOLUTION


# %% check="optimal_values" points=3
check.optimal_values(optimal_values)

# %% [markdown] hint="optimal_values"
# Each pair of state and action gives one row of $A$, with an entry for each state, and one entry of $b$. Collect them in two lists. For one pair, which entries of the row are not zero?

# %% [markdown] hint="optimal_values"
# Begin the row of $(s, a)$ with zeros, and put −1 at place $s$. For each outcome $(p, s', r, \text{terminated})$: the limit falls by $p \cdot r$; unless terminated, place $s'$ of the row grows by $\gamma p$. (If $s' = s$, both meet in one place: use `+=`.) The function to minimise is the sum of all values: $c$ is all ones.

# %% [markdown] hint="optimal_values"
# ```python
# rows, limits = [], []
# for s in range(len(P)):
#     for action in range(len(P[s])):
#         row, limit = np.zeros(len(P)), 0.0
#         row[s] -= 1.0
#         for probability, next_state, reward, terminated in P[s][action]:
#             limit -= ...
#             if not terminated:
#                 row[next_state] += ...
#         rows.append(row)
#         limits.append(limit)
# return linprog(np.ones(len(P)), A_ub=rows, b_ub=limits, bounds=(None, None)).x
# ```

# %% [markdown]
# The grid has 25 unknowns and 100 inequalities. This is Example 3.8 of the book:

# %% figure="optimal"
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
V = optimal_values(grid.P, gamma=0.9)
places = {1: "A", 21: "A′", 3: "B", 13: "B′"}
plotting.value_grid(V, (5, 5), title="Optimal values", letters=places)

# %% [markdown]
# **What you should see:** the 25 numbers of the book's Figure 3.5: 22.0, 24.4, 22.0, 19.4, 17.5 in the first row. The lowest, 11.7, is in the bottom right corner: under the random policy only cells of the two top rows were worth more than 1, and now even the worst is worth 11.7.
#
# *By hand:* from A the agent gets 10, is thrown to A′, and needs four steps to be back: a circle of five steps, worth $10 + \gamma^5 \cdot 10 + \gamma^{10} \cdot 10 + \dots = \frac{10}{1 - 0.9^5} = 24.42$.
#
# Now the actions, all of them:

# %% figure="optimal_policy"
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
Q = action_values(grid.P, optimal_values(grid.P, gamma=0.9), gamma=0.9)
best = greedy_actions(Q)
print("optimal actions:", best.sum(), "of", best.size)
print("deterministic optimal policies:", np.prod(best.sum(axis=1)))
print("largest change by the optimality equation:", f"{np.abs(optimality_backup(grid.P, Q, 0.9) - Q).max():.6f}")
places = {1: "A", 21: "A′", 3: "B", 13: "B′"}
plotting.policy_grid(best / best.sum(axis=1, keepdims=True), (5, 5), title="All optimal actions", letters=places)

# %% [markdown]
# **What you should see:** the arrows of the book's Figure 3.5. Everybody ends up at A. From all cells but the top right corner, next to B, the way avoids B: where the greedy policy above went up to B, the arrows now point left, or up and left. In A and B themselves all actions are the same. Cells with two arrows have two shortest ways. Choose freely among the arrows, and you have one of 262,144 deterministic policies, all of them optimal, all with the same values. The certificate says so, too: the table solves the optimality equation.
#
# How much does the tolerance matter? Take one of these policies, solve *its* Bellman equation, and mark the best actions with `==`, and with the tolerance:

# %% tags=["nbval-ignore-output"]
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
best = greedy_actions(action_values(grid.P, optimal_values(grid.P, gamma=0.9), gamma=0.9))
one = np.eye(4)[best.argmax(axis=1)]  # the first arrow of each cell
Q = action_values(grid.P, state_values(grid.P, one, gamma=0.9), gamma=0.9)
exact = Q == Q.max(axis=1, keepdims=True)
print(f"optimal actions with ==: {exact.sum()}, with a tolerance: {greedy_actions(Q).sum()}")

# %% [markdown]
# On the computer that built this page, `==` finds 41 of the 45 (another may lose others, or none), although the values are right to fourteen digits. Ties are where exact comparison fails, and ties are common in worlds with symmetry.

# %% [markdown] think="greedy-twice" points=1
# **Think.** The policy that was greedy with respect to the *random* policy's values was not optimal: cells near B went to B. Why did they? And what would you try, to make that policy better still, without a linear programme?
#
# <!-- BEGIN SOLUTION -->
# One step ahead from $v_{\text{random}}$ means: *I* take the best action now, and from then on a die is rolled. For an agent that soon will be rolling dice, B next door is worth more than A further away: under the die, most of what A promises is lost on the way and at the wall near A′. To make it better, do the same again: compute the values of the greedy policy (now nobody rolls dice any more), and be greedy with respect to *those*. Repeat until nothing changes. Then the values satisfy the optimality equation. This is called policy iteration, and the next chapter proves that every round helps.
# <!-- END SOLUTION -->

# %% [markdown] think="v-or-q" points=1
# **Think.** A friend gives you $v_*$ of a world, but no model. Can you act optimally? And with $q_*$? Then what is the price of $q_*$?
#
# <!-- BEGIN SOLUTION -->
# With $v_*$ alone you cannot: you know which *states* are good, but not which action leads there. (You could try actions and remember what happens; that is learning a model.) With $q_*$ you act at once, by looking at one row, and need to know nothing about the dynamics. The price is memory, and later, experience: $|S| \cdot |A|$ numbers instead of $|S|$, each of which has to be found out.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - Policies are ordered **state by state**; two of them need not be comparable. Yet a finite MDP with $\gamma < 1$ always has policies that are at least as good as all others: the **optimal** ones, and they share $v_*$ and $q_*$.
# - The **Bellman optimality equation** has a maximum where the Bellman equation has the policy. It is a certificate: a table is $q_*$ if and only if one backup leaves it as it is (for $\gamma < 1$).
# - **Greedy** with respect to $q_*$ is optimal, and needs no model; greedy with respect to $v_*$ needs one. Ties are common: the answer is a *set* of actions, found with a tolerance.
# - Brute force lists $|A|^{|S|}$ policies. The linear programme has one inequality per state and action. The next chapter solves the same equation by sweeps.
#
# The result, beside the book's:

# %%
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
V = optimal_values(grid.P, gamma=0.9)
best = greedy_actions(action_values(grid.P, V, gamma=0.9))
first, second, third = [22.0, 24.4, 22.0, 19.4, 17.5], [19.8, 22.0, 19.8, 17.8, 16.0], [17.8, 19.8, 17.8, 16.0, 14.4]
book = np.array([*first, *second, *third, 16.0, 17.8, 16.0, 14.4, 13.0, 14.4, 16.0, 14.4, 13.0, 11.7])
arrows = "→ ↑→↓← ← ↑→↓← ← ↑→ ↑ ↑← ← ← " + 3 * "↑→ ↑ ↑← ↑← ↑← "
ours = ["".join(np.array(list("↑→↓←"))[row]) for row in best]
same_arrows = np.sum(np.array(ours) == np.array(arrows.split()))
headline(
    metric="Optimal values of the 5 × 5 grid that equal the book's when rounded to one decimal",
    value=f"{np.isclose(V.round(1), book).sum()} of 25, largest difference to the rounded numbers {np.abs(V - book).max():.3f}; "
    f"set of optimal actions equal in {same_arrows} of 25 cells",
    published="25 values, 22.0, 24.4, 22.0, 19.4, 17.5 … 11.7, to one decimal, and all optimal actions",
    source="Sutton and Barto (2018), Example 3.8, Figure 3.5",
)

# %% [markdown]
# ## What to try next
# - ●○○ An inequality of the linear programme is *tight* if both sides are equal. Find the tight ones at the solution, and compare them with the optimal actions. What do you see, and why?
# - ●●○ How safe must searching with a low battery be before the robot should do it? Make robots with other values of `beta` (`gymnasium.make("course/RecyclingRobot-v0", beta=0.8)`) and draw $q_*(\text{low}, \cdot)$ against it.
# - ●●● Each linear programme has a *dual*, and here its unknowns say how often an optimal agent visits each state and takes each action. Look it up, solve it, and read the policy off its solution.
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html), chapter 3, section 3.6, "Optimal Policies and Optimal Value Functions", with Example 3.8 and Figure 3.5; Example 3.3 is the robot.
# - M. L. Puterman, *Markov Decision Processes*, Wiley, 1994, chapter 6: the linear programme and its dual.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 2: Markov Decision Processes](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the chapter that this lesson goes back to named optimal values in prose, without exercises. Later exercises there kept only one of several optimal actions; here the answer is the whole set.
