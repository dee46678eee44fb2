# %% [markdown] minutes=90
# # Policy evaluation: what is a state worth?
# Before you can improve a way of acting, you must know how good it is. This lesson computes that for every state of a small world at once, in three ways that must agree.
#
# **You will** back up one state, sweep over all of them in two variants, stop at the right moment, and solve the same equations in one go.
#
# **You need** the idea of an expected value, loops and arrays in Python, and for the last exercise a little linear algebra: systems of equations, the identity matrix, singular matrices. No reinforcement learning is assumed.

# %%
import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.dynamic_programming import policy_evaluation as check
from lib.envs.gridworld import LEFT, RIGHT

setup(seed=0)

# %% [markdown]
# ## A world small enough to hold in your head
# Sixteen cells, numbered row by row from 0 to 15. Two corners, 0 and 15, are **terminal**: whoever gets there is done. From any other cell you may go up, right, down or left. A move that would leave the grid leaves you where you are. **Every step costs 1**: its *reward* is −1, also for the step that ends it all. This is Example 4.1 of Sutton and Barto's book, and it is the world of this whole chapter.
#
# The world speaks the language of Gymnasium: `reset` begins an *episode* and gives the first state; `step` takes an action and gives five things: the next state, the reward, whether the episode is over, whether a time limit cut it off (never here), and a dictionary of details; what we do not need goes into `_`. In the drawing, `x` is you, `T` is a terminal cell, `o` is a free one. (`.unwrapped` takes off Gymnasium's outer layers, so that we can look inside the world in a moment.)

# %%
env = gymnasium.make("course/Gridworld-v0", render_mode="ansi").unwrapped
state, _ = env.reset(options={"state": 2})
print(env.render())
state, reward, terminated, _, _ = env.step(LEFT)
print(f"\none step left: state {state}, reward {reward}, terminated {terminated}\n")
print(env.render())

# %% [markdown]
# Most agents only ever see a world in this way, one step at a time. Here we know more: we have the **model**. `P[state][action]` lists everything that can happen after an action, as tuples
#
# `(probability, next_state, reward, terminated)`
#
# Computing with a known model, instead of learning from steps, is called *planning*; doing it with the equations of this chapter is called *dynamic programming*. In this world nothing is left to chance, so each list holds one tuple. In other worlds it holds several, and two of them may lead to the same state; the functions you write will not care.

# %%
P = env.P
print("from 1, left: ", P[1][LEFT], " the end is reached")
print("from 1, right:", P[1][RIGHT])
print("from 3, right:", P[3][RIGHT], " a wall: nobody moves, but it costs")
print("from 0, left: ", P[0][LEFT], " it is over already")

# %% [markdown]
# ## A policy
# A **policy** says how to act: $\pi(a \mid s)$ is the probability of taking action $a$ in state $s$. It is a table of shape `(n_states, n_actions)` whose rows add up to 1; here the shape is `(16, 4)`. `policy[s, a]` is $\pi(a \mid s)$, and the actions are 0 = up, 1 = right, 2 = down, 3 = left.
#
# Ours is the humblest of all: it rolls a four-sided die.

# %% figure="policy"
policy = np.full((16, 4), 0.25)
plotting.policy_grid(policy, (4, 4), title="The random policy", terminals=env.terminals)

# %% [markdown]
# **What you should see:** four arrows of one length in each cell, since all four actions are equally likely, and no arrows in the two terminal corners.

# %% [markdown]
# ## What is a state worth?
# Start in some cell, follow the policy, and add up the rewards until the end. The sum is the **return**:
#
# $$G_t = R_{t+1} + \gamma R_{t+2} + \gamma^2 R_{t+3} + \dots$$
#
# $R_{t+1}$ is the reward of the first step from time $t$. The **discount** $\gamma$, between 0 and 1, says how much a reward loses for each step that you wait for it; in this world $\gamma = 1$, nothing is lost. The return depends on luck. Its mean does not, and this mean is what we want:
#
# $$v_\pi(s) = \mathbb{E}_\pi[\,G_t \mid S_t = s\,]$$
#
# $S_t$ is the state at time $t$, and $\mathbb{E}_\pi$ is the mean over everything that can happen while $\pi$ chooses the actions. Read: the **value** of state $s$ under policy $\pi$ is the expected return when you begin in $s$ and act as $\pi$ says. In a terminal state nothing follows, and the value is 0. Here each step costs 1, so a value of −14 means *fourteen more steps on average*.
#
# The direct way to know a mean is to try often and average. This function plays episodes from one cell:


# %%
def average_return(start: int, episodes: int, rng: np.random.Generator) -> float:
    """The mean return of that many episodes of the random policy, all from one cell."""
    total = 0.0
    for _ in range(episodes):
        env.reset(options={"state": start})
        terminated = False
        while not terminated:
            _, reward, terminated, _, _ = env.step(rng.integers(4))
            total += reward
    return total / episodes


# %% [markdown]
# Two hundred episodes from each cell that is not terminal, about fifty thousand steps:

# %% figure="tried"
rng = np.random.default_rng(0)
tried = np.zeros(16)
for start in range(1, 15):
    tried[start] = average_return(start, episodes=200, rng=rng)
plotting.value_grid(tried, (4, 4), title="Mean return of 200 episodes", terminals=env.terminals)

# %% [markdown]
# **What you should see:** cells beside a terminal corner (marked `T`) cost roughly 12 to 15 steps, the two far corners more than 20. The grid is symmetric, so the top right and the bottom left corner must have the *same* value, but their averages differ: that is the luck of the die. To halve the typical difference takes four times as many episodes.
#
# We have the model, so we can do better. No die will be rolled from here on.

# %% [markdown]
# ## One look ahead: the backup
# Suppose somebody hands you a table `V` with a guess for the value of every state. Then you can make a new guess for one state $s$, one that uses the model: look one step ahead. Take every action with its probability, go to every place where it may lead, and there *believe the table*:
#
# $$\underbrace{\sum_a \pi(a \mid s)}_{\text{what you may do}} \; \underbrace{\sum_{s', r} p(s', r \mid s, a)}_{\text{what may happen}} \Big[\, \underbrace{r}_{\text{paid now}} + \underbrace{\gamma\, V(s')}_{\text{the rest, as the table has it}} \Big]$$
#
# Here $s'$ is the next state, $r$ the reward on the way, and $p(s', r \mid s, a)$ the probability that action $a$ in state $s$ brings both; `P[s][a]` lists exactly these. The operation is called a **backup**, because it carries the values of later states back to an earlier one.
#
# One thing to watch: when the step ends the episode, its reward counts, but **nothing comes after it**: nothing is added for the rest, no matter what `V` holds there. That is what `terminated` is for.
#
# *Once by hand.* Let `V` be −10 everywhere and $\gamma = 1$. From cell 1, going left ends it: −1. The other three actions pay 1 and believe the table: −11 each. So the backup of cell 1 is $\tfrac14(-1 - 11 - 11 - 11) = -8.5$.

# %% [markdown]
# ### Exercise · one backup  ●○○ · 10 minutes


# %% exercise="backup"
def backup(P: dict, policy: np.ndarray, V: np.ndarray, s: int, gamma: float) -> float:
    """The expected reward of a step from state `s` plus the discounted value of what follows.

    P: the model; P[s][a] is a list of (probability, next_state, reward, terminated).
    policy: (n_states, n_actions), policy[s, a] is the probability of action a in state s.
    V: (n_states,), a value for every state; only read.  gamma: the discount, 0 … 1.
    Returns one number. A transition that terminated pays its reward; nothing follows it, whatever V says.
    Worlds differ in size: take it from policy.shape or len(P), not from the grid above.
    """
    ### BEGIN SOLUTION
    value = 0.0
    for action, action_probability in enumerate(policy[s]):
        for probability, next_state, reward, terminated in P[s][action]:
            rest = 0.0 if terminated else V[next_state]
            value += action_probability * probability * (reward + gamma * rest)
    return value
    ### END SOLUTION


# %% check="backup" points=2
check.backup(backup)

# %% [markdown] hint="backup"
# An expected value is a sum: each outcome times its probability. How likely is it that you take action `a` *and* then see this one outcome of `P[s][a]`? Two loops visit everything that can happen.

# %% [markdown] hint="backup"
# For each action $a$ and each outcome $(p, s', r, \text{terminated})$ in `P[s][a]`, add $\;\pi(a \mid s) \cdot p \cdot \big(r + \gamma V(s')\big)$, or only $\;\pi(a \mid s) \cdot p \cdot r\;$ if it terminated.

# %% [markdown] hint="backup"
# ```python
# value = 0.0
# for action, action_probability in enumerate(policy[s]):
#     for probability, next_state, reward, terminated in P[s][action]:
#         rest = ...   # 0.0 if terminated, otherwise V[next_state]
#         value += ... * ... * (reward + gamma * rest)
# return value
# ```

# %% [markdown]
# Your code against the calculation by hand: the two numbers below should both be −8.5.

# %%
guess = np.full(16, -10.0)
print("by hand:", (-1 - 11 - 11 - 11) / 4)
print("by code:", round(backup(P, policy, guess, s=1, gamma=1.0), 6))

# %% [markdown]
# ## One sweep, with two arrays
# Which table should you believe? Split a return into its first reward and the rest. The rest is a return, too, one step later:
#
# $$G_t = R_{t+1} + \gamma \big(R_{t+2} + \gamma R_{t+3} + \dots\big) = R_{t+1} + \gamma\, G_{t+1}$$
#
# Now take the mean of both sides, given that $S_t = s$. On the left this is $v_\pi(s)$. On the right, once the step has led to $s'$, the mean of $G_{t+1}$ is $v_\pi(s')$, or 0 if the episode is over. This is the **Bellman equation**:
#
# $$v_\pi(s) = \sum_a \pi(a \mid s) \sum_{s', r} p(s', r \mid s, a)\big[r + \gamma\, v_\pi(s')\big] \qquad \text{with } v_\pi = 0 \text{ in terminal states}$$
#
# So the true values are a table that the backup leaves unchanged in every state. If $\gamma < 1$, or if the policy is sure to reach an end, there is only one such table.
#
# That suggests a plan of some audacity: begin with any table, say zeros, and use the equation as an instruction. Back up *every* state, and call the result the new table. Then do it again:
#
# $$v_{k+1}(s) \leftarrow \sum_a \pi(a \mid s) \sum_{s', r} p(s', r \mid s, a)\big[r + \gamma\, v_k(s')\big]$$
#
# One pass over all states is a **sweep**. The formula reads $v_k$ and writes $v_{k+1}$: **two arrays**. Every backup of a sweep sees the same old table.
#
# We also want to know how much a sweep still changed: the largest of all $|v_{k+1}(s) - v_k(s)|$. When this number is tiny, we are nearly done.

# %% [markdown]
# ### Exercise · a sweep with two arrays  ●○○ · 6 minutes


# %% exercise="sweep_two_arrays"
def sweep_two_arrays(P: dict, policy: np.ndarray, V: np.ndarray, gamma: float) -> tuple[np.ndarray, float]:
    """Back up every state from the old values.

    P, policy, gamma: as in `backup`, which does the work for one state.
    V: (n_states,), the old values; only read.
    Returns the new values (n_states,), and the largest absolute change of any state.
    """
    ### BEGIN SOLUTION
    new = np.zeros(len(V))
    for s in range(len(V)):
        new[s] = backup(P, policy, V, s, gamma)
    return new, np.max(np.abs(new - V))
    ### END SOLUTION


# %% check="sweep_two_arrays" points=1
check.sweep_two_arrays(sweep_two_arrays)

# %% [markdown] hint="sweep_two_arrays"
# You need a second array to write into. What would happen if you wrote into `V` while later backups still read from it?

# %% [markdown] hint="sweep_two_arrays"
# For every $s$: `new[s]` is the backup of `s` computed from `V`. The change is $\max_s |\text{new}[s] - V[s]|$; NumPy has `np.abs` and `np.max`.

# %% [markdown] hint="sweep_two_arrays"
# ```python
# new = np.zeros(len(V))
# for s in range(len(V)):
#     new[s] = ...
# return new, np.max(...)
# ```

# %% [markdown]
# ## Watching the values arrive
# Begin with zeros and sweep. This is the left column of the book's Figure 4.1, with the same $k$: the number of sweeps done. For $k = \infty$ we take a thousand.

# %% figure="sweeps"
V, tables = np.zeros(16), {"k = 0": np.zeros(16)}
for k in range(1, 1001):
    V, _ = sweep_two_arrays(P, policy, V, gamma=1.0)
    if k in (1, 2, 3, 10):
        tables[f"k = {k}"] = V
tables["k = ∞"] = V
plotting.value_grids(tables, (4, 4), title="Policy evaluation with two arrays, sweep by sweep", terminals=env.terminals)

# %% [markdown]
# **What you should see:** after one sweep every free cell says −1: one step costs 1, and the table of zeros claimed that nothing comes after it. After two sweeps it is −2 wherever the end is more than one step away, and −1.75 beside it (shown as −1.8; the book cuts it to −1.7). The knowledge of where the end is travels from the two corners one cell per sweep, and the picture settles at 0, −14, −18, −20, −22.
#
# Compare with the averages from fifty thousand steps: the far corners are worth exactly the same now.

# %% [markdown] think="meaning-of-k" points=1
# **Think.** The table after $k$ sweeps is not only an unfinished answer. Begin with zeros: of which *other* question is it the exact answer? (Look at $k = 1$ and $k = 2$ and count steps.)
#
# <!-- BEGIN SOLUTION -->
# $v_k(s)$ is the expected sum of the first $k$ rewards: the value of a game that is cut off after $k$ steps. After one sweep: one reward, −1. After two: −2, unless the first step already ended the episode, which has probability ¼ beside a terminal corner: $-1 - \tfrac34 = -1.75$. Each sweep adds one more step to the horizon; if the game ends with certainty sooner or later, the steps beyond a long horizon matter less and less, and $v_k$ approaches $v_\pi$.
# <!-- END SOLUTION -->

# %% [markdown]
# ## One sweep, in place
# Do we need the second array? Write each new value straight into the table, and the backups of later states already use it. This is the **in-place** variant. Its formula needs both tables on the right-hand side: in a sweep from state 0 upwards, the backup of $s$ reads $v_{k+1}(s')$ for the states $s' < s$, which have had their turn, and $v_k(s')$ for all others. **Old and new values mix.**
#
# *The first row by hand,* starting from zeros: cell 1 becomes −1. Cell 2 has cell 1 as a neighbour and sees the −1: $-1 + \tfrac14(-1) = -1.25$. Cell 3 sees that: $-1 + \tfrac14(-1.25) = -1.3125$. News travels along the whole row in one sweep. Both variants arrive at the same values; this one is usually faster.
#
# The mixing has one consequence for the largest change, $\Delta$. Once `V[s]` is overwritten, its old value is gone. So, unless you keep the old table, bring $\Delta$ up to date **inside** the loop over states: remember the old value, overwrite it, compare. $\Delta$ begins at 0 for each sweep, *before* that loop.

# %% [markdown]
# ### Exercise · a sweep in place  ●●○ · 8 minutes
# So that you can still look at the table from before, the function works on a copy made at its very beginning; from there on there is **one** array, read and written.


# %% exercise="sweep_in_place"
def sweep_in_place(P: dict, policy: np.ndarray, V: np.ndarray, gamma: float) -> tuple[np.ndarray, float]:
    """Back up the states 0, 1, 2 … in this order, each from the newest values.

    P, policy, gamma: as in `backup`.
    V: (n_states,), the values before the sweep; the caller's array is left as it is.
    Returns the values after the sweep (n_states,), and the largest absolute change of any state.
    """
    V = V.copy()
    ### BEGIN SOLUTION
    delta = 0.0
    for s in range(len(V)):
        old = V[s]
        V[s] = backup(P, policy, V, s, gamma)
        delta = max(delta, abs(V[s] - old))
    return V, delta
    ### END SOLUTION


# %% check="sweep_in_place" points=2
check.sweep_in_place(sweep_in_place)

# %% [markdown] hint="sweep_in_place"
# There is no second array: the result of a backup goes into the place that later backups will read. What do you have to save before you write?

# %% [markdown] hint="sweep_in_place"
# For each $s$, three lines: remember $\text{old} \leftarrow V(s)$; write $V(s) \leftarrow$ its backup; keep $\Delta \leftarrow \max(\Delta, |V(s) - \text{old}|)$. Before the loop, $\Delta \leftarrow 0$.

# %% [markdown] hint="sweep_in_place"
# ```python
# delta = 0.0
# for s in range(len(V)):
#     old = V[s]
#     V[s] = ...
#     delta = max(delta, ...)
# return V, delta
# ```

# %% [markdown]
# The same single sweep from zeros, in both variants:

# %% figure="variants"
one_sweep = {
    "two arrays": sweep_two_arrays(P, policy, np.zeros(16), gamma=1.0)[0],
    "in place": sweep_in_place(P, policy, np.zeros(16), gamma=1.0)[0],
}
plotting.value_grids(one_sweep, (4, 4), title="After one sweep", digits=2, terminals=env.terminals)

# %% [markdown]
# **What you should see:** −1 in every free cell on the left. On the right, −1, −1.25, −1.31 along the first row, as by hand, and the cost grows to the right and downwards: the cell to the left and the cell above have had their turn, so their news counts. Rotate the grid by half a turn and the world looks the same; the right table does not. That comes from the order of the sweep, and it vanishes as the values settle.

# %% [markdown]
# ## Until nothing changes any more
# Now repeat. **Policy evaluation** begins with zeros and sweeps until the largest change $\Delta$ of a sweep is smaller than a threshold $\theta$ that you choose.
#
# Does it have to end? Call the distance of `V[s]` to $v_\pi(s)$ the *error* of state $s$. A backup takes a mean of the errors in the table, which is never more than the largest of them, and multiplies it by $\gamma$. So with $\gamma < 1$ every sweep shrinks the *largest* error at least by the factor $\gamma$, though the error of a single state may grow. With $\gamma = 1$ it ends if the policy is sure to reach a terminal state sooner or later, from wherever it starts: the random policy is.

# %% [markdown]
# ### Exercise · policy evaluation  ●●○ · 10 minutes
# Return the values *and* the history: a list with the largest change of every sweep. Its length is the number of sweeps. Stop after the first sweep whose change is smaller than `theta`; that sweep counts.


# %% exercise="policy_evaluation"
def policy_evaluation(
    P: dict,
    policy: np.ndarray,
    gamma: float = 1.0,
    theta: float = 1e-5,
    in_place: bool = True,
) -> tuple[np.ndarray, list[float]]:
    """The value of every state under a policy, by sweeps that start from zeros.

    P, policy, gamma: as in `backup`.  theta: stop when a sweep changes less, > 0.
    in_place: True for `sweep_in_place`, False for `sweep_two_arrays`.
    Returns the values (n_states,), and a list with the largest change of each sweep, the last included.
    """
    ### BEGIN SOLUTION
    sweep = sweep_in_place if in_place else sweep_two_arrays
    V = np.zeros(len(P))
    changes = []
    while True:
        V, change = sweep(P, policy, V, gamma)
        changes.append(change)
        if change < theta:
            return V, changes
    ### END SOLUTION


# %% check="policy_evaluation" points=2
check.policy_evaluation(policy_evaluation)

# %% [markdown] hint="policy_evaluation"
# Each of your sweeps takes a table and gives back a new one, and how much it changed. Feed it its own result. You cannot know in advance how often.

# %% [markdown] hint="policy_evaluation"
# Start with $V = 0$ for all `len(P)` states. Repeat: $V, \Delta \leftarrow \text{sweep}(V)$; append $\Delta$ to the list; leave the loop if $\Delta < \theta$. Both sweeps are called alike, and a function can be put into a variable like a number: choose once, before the loop.

# %% [markdown] hint="policy_evaluation"
# ```python
# sweep = sweep_in_place if in_place else sweep_two_arrays
# V = np.zeros(len(P))
# changes = []
# while True:
#     V, change = ...
#     changes.append(...)
#     if ...:
#         return V, changes
# ```

# %% [markdown]
# Both variants with $\theta = 0.00001$, and the change of every sweep. The vertical axis is logarithmic: a straight line means that each sweep multiplies the change by the same factor.

# %% figure="changes"
V, one_array = policy_evaluation(P, policy, theta=1e-5, in_place=True)
_, two_arrays = policy_evaluation(P, policy, theta=1e-5, in_place=False)
print(f"sweeps: {len(one_array)} in place, {len(two_arrays)} with two arrays")
print(f"in place: the last change is {one_array[-1]:.7f}, and cell 3 is worth {V[3]:.5f}")
plotting.training_curves(
    {"in place": np.array(one_array), "two arrays": np.array(two_arrays)},
    title="How much each sweep still changes",
    xlabel="sweep",
    ylabel="largest change of a value",
    x=np.arange(1, len(two_arrays) + 1),
    log_y=True,
    marks={"θ": 1e-5},
)

# %% [markdown]
# **What you should see:** two straight lines after the first dozen sweeps. Both variants lose a fixed share of the change per sweep, 8 % in place and 5 % with two arrays, so the first passes $\theta$, the dotted line, after 141 sweeps and the second after 215. (A marker stands at one sweep in seventeen or in twenty-six, only to tell the lines apart.)

# %% [markdown] think="theta-is-not-the-error" points=1
# **Think.** The loop stopped when no value changed by more than 0.00001. Yet cell 3, whose true value is −22, is still 0.0001 away from it, ten times as much. How can that be? What would all the next sweeps still add? The slope of the line in the figure tells you.
#
# <!-- BEGIN SOLUTION -->
# $\theta$ limits the *last step*, not the distance that is left. If each sweep multiplies the change by $\rho$, all the steps that were not made add up to $\Delta(\rho + \rho^2 + \dots) = \Delta \frac{\rho}{1 - \rho}$. In place $\rho \approx 0.916$, so about $11 \Delta$ are missing: $11 \cdot 0.0000094 \approx 0.0001$. With two arrays $\rho \approx 0.947$ and it is $18 \Delta$. The slower the method, the more a small change flatters it.
# <!-- END SOLUTION -->

# %% [markdown]
# ## All at once: a linear system
# Look at the Bellman equation again. For a fixed policy it is *linear*: sixteen equations, sixteen unknowns, no maximum, no square. Average the model over the policy first:
#
# $$P_\pi[s, s'] = \sum_a \pi(a \mid s)\, \Pr(s' \text{ and not terminated} \mid s, a) \qquad\qquad r_\pi[s] = \sum_a \pi(a \mid s) \sum_{s', r} p(s', r \mid s, a)\, r$$
#
# $P_\pi[s, s']$ is the probability that one step from $s$ leads to $s'$ *and the episode goes on*; $r_\pi[s]$ is the expected reward of that step. Then the Bellman equation for all states together is
#
# $$v = r_\pi + \gamma P_\pi v \qquad\Longleftrightarrow\qquad (I - \gamma P_\pi)\, v = r_\pi$$
#
# with $I$ the identity matrix, and `np.linalg.solve(A, b)` finds the $v$ with $A v = b$.
#
# **Why "and not terminated"?** In the model, a terminal state leads back to itself with probability 1. Put that 1 into the matrix, and with $\gamma = 1$ its equation reads $v = 0 + v$: true for every $v$. The row of $I - P_\pi$ is all zeros, the matrix is *singular*, and NumPy refuses. What is missing is the fact that the episode is over. Leave out the transitions that terminated, as in `backup`, and the row says $v = 0$, which is what we mean. (Others delete the rows and columns of the terminal states and solve for the remaining fourteen. The answer is the same.)

# %% [markdown]
# ### Exercise · solve the Bellman equation  ●●○ · 12 minutes


# %% exercise="solve_bellman"
def solve_bellman(P: dict, policy: np.ndarray, gamma: float) -> np.ndarray:
    """The value of every state under a policy, from one linear system.

    P, policy, gamma: as in `backup`.  Returns the values (n_states,).
    Several outcomes may lead to the same state: their probabilities add up.
    """
    P_pi = np.zeros((len(P), len(P)))
    r_pi = np.zeros(len(P))
    ### BEGIN SOLUTION
    for s in range(len(P)):
        for action, action_probability in enumerate(policy[s]):
            for probability, next_state, reward, terminated in P[s][action]:
                r_pi[s] += action_probability * probability * reward
                if not terminated:
                    P_pi[s, next_state] += action_probability * probability
    return np.linalg.solve(np.eye(len(P)) - gamma * P_pi, r_pi)
    ### END SOLUTION


# %% check="solve_bellman" points=2
check.solve_bellman(solve_bellman)

# %% [markdown] hint="solve_bellman"
# The loops are those of `backup`, now for every state. Instead of using up each outcome at once, file it: its reward into `r_pi`, its probability into `P_pi`.

# %% [markdown] hint="solve_bellman"
# For each $s$, $a$ and outcome $(p, s', r, \text{terminated})$: `r_pi[s]` grows by $\pi(a \mid s)\, p\, r$; unless terminated, `P_pi[s, s']` grows by $\pi(a \mid s)\, p$. Then solve $(I - \gamma P_\pi) v = r_\pi$.

# %% [markdown] hint="solve_bellman"
# ```python
# for s in range(len(P)):
#     for action, action_probability in enumerate(policy[s]):
#         for probability, next_state, reward, terminated in P[s][action]:
#             r_pi[s] += ...
#             if not terminated:
#                 P_pi[s, next_state] += ...
# return np.linalg.solve(np.eye(len(P)) - ..., r_pi)
# ```

# %% [markdown]
# The exact values, and how far the sweeps stayed away from them:

# %% figure="exact"
exact = solve_bellman(P, policy, gamma=1.0)
for name, in_place in (("in place", True), ("two arrays", False)):
    V, changes = policy_evaluation(P, policy, theta=1e-5, in_place=in_place)
    print(f"{name:>10}: {len(changes)} sweeps, largest error {np.abs(V - exact).max():.5f}")
plotting.value_grid(exact, (4, 4), title="The values, solved exactly", terminals=env.terminals)

# %% [markdown]
# **What you should see:** whole numbers: 0, −14, −18, −20, −22. From the far corners a random walk takes 22 steps on average, although 3 would do.
#
# Why sweep at all, if one line solves it? Solving a system of $n$ equations takes time in proportion to $n^3$ and needs a matrix with $n^2$ entries. A sweep only touches the transitions that exist, a few per state. With sixteen states that is no matter; with a million, the matrix alone would fill 8 terabytes. And sweeps go on working where the linear system ends: once we look for the *best* policy, a maximum enters the equation.

# %% [markdown]
# ## The policy makes the value
# Nothing in your functions knows that the grid is 4 × 4 or that the die is fair. Here is a 6 × 6 grid, once with the fair die, and once with a policy that *leans*: up and left with probability 0.4 each, right and down with 0.1 each.

# %% figure="larger"
larger = gymnasium.make("course/Gridworld-v0", shape=(6, 6)).unwrapped
fair = np.full((36, 4), 0.25)
leaning = np.tile([0.4, 0.1, 0.1, 0.4], (36, 1))  # up, right, down, left
values = {
    "fair die": policy_evaluation(larger.P, fair)[0],
    "leaning up and left": policy_evaluation(larger.P, leaning)[0],
}
plotting.value_grids(values, (6, 6), title="One world, two policies", columns=2, terminals=larger.terminals)

# %% [markdown]
# **What you should see:** the fair die pays dearly for the larger grid: up to 68.5 steps instead of 22. The leaning policy is far cheaper in every single cell, at most about 18 steps, and the cost grows with the distance from the top left corner: that is where it mostly goes, and only next door does the bottom right corner help. One policy is *better* than another if it is at least as good in every state; here you see it at a glance. To find better policies is what the rest of dynamic programming is about.

# %% [markdown]
# ## A world that you did not build
# Gymnasium's *Frozen Lake* has a model in the same form. The ice is slippery: you go where you wanted with probability ⅓, and to either side of it with ⅓ each. Four of the cells are holes (`H`) that end the episode with nothing; only the step into the bottom right cell, the goal (`G`), pays a reward, 1. So with $\gamma = 1$ the value of a cell is a probability: that of reaching the goal from there. (The actions have other numbers here; to a fair die that is all the same.)

# %% figure="lake"
lake = gymnasium.make("FrozenLake-v1", is_slippery=True).unwrapped
for p, s, reward, terminated in lake.P[14][2]:
    print(f"from 14, right: to {s} with probability {p:.2f}, reward {reward}, terminated {terminated}")
V, changes = policy_evaluation(lake.P, policy, theta=1e-8)
error = np.abs(V - solve_bellman(lake.P, policy, gamma=1.0)).max()
print(f"{len(changes)} sweeps, last change {changes[-1]:.0e}, largest error {error:.0e}")
ends = {5: "H", 7: "H", 11: "H", 12: "H", 15: "G"}
plotting.value_grid(V, (4, 4), title="Frozen Lake: chance of the goal", digits=3, terminals=ends)

# %% [markdown]
# **What you should see:** zeros in the four holes and in the goal itself (whoever stands there has already been paid), 0.439 to the left of the goal, and 0.014 at the start in the top left: a random walker arrives in one episode of 72. Here the sums over outcomes in your `backup` did real work: each action has three. Several of them lead to the same place, as the walls already did in cells 3 and 12; `+=` adds them up. And again the error that is left is larger than the last change.

# %% [markdown] think="always-up" points=1
# **Think.** Take the 4 × 4 grid, $\gamma = 1$, and the policy that always goes up. What is the value of cell 3, what would `policy_evaluation` do, and what would `solve_bellman` do? What changes with $\gamma = 0.9$? (Think before you run it: one of these calls would never come back. If you did run it, interrupt the kernel.)
#
# <!-- BEGIN SOLUTION -->
# Always up, from cell 3, means to push against the wall for ever: the return is $-1 - 1 - 1 - \dots$, the value is $-\infty$. Each sweep lowers `V[3]` by 1, so $\Delta$ stays at 1 and `policy_evaluation` never returns. In the linear system, cell 3 leads to itself and the episode goes on: its row of $I - P_\pi$ is zero but $r_\pi = -1$, an equation without a solution, and `np.linalg.solve` reports a singular matrix. With $\gamma = 0.9$ all is well: $-(1 + 0.9 + 0.81 + \dots) = -\frac{1}{1 - 0.9} = -10$, and both methods find it.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - The value $v_\pi(s)$ is the expected return from $s$ under $\pi$. It depends on the policy as much as on the world.
# - A **backup** looks one step ahead and believes the table for the rest; after the end there is no rest. Values built upon estimated values: this is called *bootstrapping*, and you will meet it again in almost every chapter.
# - A **sweep** backs up all states, from the old table (two arrays) or from the newest values (in place). Both lead to $v_\pi$; in place took 141 sweeps instead of 215.
# - A small last change is not a small error: what is missing is the sum of all the changes that were not made.
# - For a fixed policy the Bellman equation is a linear system, and solving it gives the values exactly.
#
# The result, beside the numbers in the book:

# %%
V, changes = policy_evaluation(P, policy, gamma=1.0, theta=1e-5)
book = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0]
swept = np.abs(V - book).max()
solved = np.abs(solve_bellman(P, policy, gamma=1.0) - book).max()
headline(
    metric="Random policy on the 4 × 4 grid, largest difference to the book's 16 values",
    value=f"{swept:.4f} after {len(changes)} sweeps in place, {solved:.4f} by the linear system",
    published="0, −14, −20, −22, −14, −18 … exactly",
    source="Sutton and Barto (2018), Figure 4.1, k = ∞, p. 77",
)

# %% [markdown]
# ## What to try next
# - ●○○ Sweep in place from state 15 down to 0, or in a random order drawn anew for each sweep. Does the order change the number of sweeps? Does it change the answer?
# - ●●○ Exercise 4.2 of the book: add a cell below cell 13, from which left, up, right and down lead to 12, 13, 14 and itself. Find its value, first by hand.
# - ●●● Most sweeps waste work on states that have nearly settled. Keep a queue of the states whose successors changed the most, and back up those first (*prioritized sweeping*, book section 8.4). How many backups do you save?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 3.5, Bellman equation (3.14), p. 59; section 4.1, policy evaluation, pp. 74-76, with the algorithm in place on p. 75 and Example 4.1 on p. 76; Figure 4.1 on p. 77.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 3: Planning by Dynamic Programming](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to. It sweeps in place and needs the same 141 sweeps. An exercise that was left empty ran there without an error and gave a table of zeros; here it says that it is not written yet.
