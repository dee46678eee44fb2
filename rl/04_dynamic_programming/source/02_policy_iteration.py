# %% [markdown] minutes=90
# # Policy iteration: from values to better actions
# You can say what a policy is worth. This lesson turns that knowledge into a better policy, and that one into a better one still, until none is left. It ends with a business that rents out cars.
#
# **You will** look one step ahead, choose the best actions with all their ties, measure what is still to be gained, and let evaluation and improvement take turns.
#
# **You need** the lesson on policy evaluation: the model `P`, the backup, sweeps, and $\theta$.

# %%
import functools

import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.dynamic_programming import policy_iteration as check
from lib.models.car_rental import MOVES, car_rental_model
from lib.models.dynamic_programming import policy_evaluation

setup(seed=0)

# %% [markdown]
# ## A question to ask of every state
# Back to the 4 × 4 grid: every step costs 1, the corners 0 and 15 end it, the actions are 0 = up, 1 = right, 2 = down, 3 = left. `policy_evaluation` comes from `lib` now. It makes the in-place sweeps that you wrote, only faster, and it can do one thing more: with `V=…` it starts from values that you hand in, instead of zeros.

# %% figure="random"
env = gymnasium.make("course/Gridworld-v0").unwrapped
P, random_policy = env.P, np.full((16, 4), 0.25)
V_random, changes = policy_evaluation(P, random_policy, gamma=1.0, theta=1e-8)
print(len(changes), "sweeps")
plotting.value_grid(V_random, (4, 4), title="The random policy", terminals=env.terminals)

# %% [markdown]
# **What you should see:** the values of the last lesson. In cell 3, top right, the random walk still has 22 steps before it, on average.
#
# Now stand in cell 3 and ask: *what if I chose just this one step myself, and went back to rolling the die afterwards?* Up or right is the wall: one step is lost and I am still in cell 3, so $-1 - 22 = -23$. Left or down leads to a cell that is worth −20, so $-1 - 20 = -21$. And −21 is better than −22.
#
# The answer to that question is the **action value**:
#
# $$q_\pi(s, a) = \sum_{s', r} p(s', r \mid s, a)\big[r + \gamma\, v_\pi(s')\big]$$
#
# Read: the expected return when you take action $a$ in state $s$ *once*, and follow the policy $\pi$ from then on. It is the inside of your `backup`, without the mean over the actions. As always, nothing follows an outcome that terminated: only its reward counts.

# %% [markdown]
# ### Exercise · action values  ●○○ · 6 minutes


# %% exercise="action_values"
def action_values(P: dict, V: np.ndarray, s: int, gamma: float) -> np.ndarray:
    """What each action of state `s` is worth, if `V` says what the next states are worth.

    P: the model; P[s][a] is a list of (probability, next_state, reward, terminated).
    V: (n_states,), a value for every state; only read.  gamma: the discount, 0 … 1.
    Returns an array (n_actions,), one value for each action; len(P[s]) is the number of actions.
    """
    ### BEGIN SOLUTION
    values = np.zeros(len(P[s]))
    for a in range(len(P[s])):
        for probability, next_state, reward, terminated in P[s][a]:
            rest = 0.0 if terminated else V[next_state]
            values[a] += probability * (reward + gamma * rest)
    return values
    ### END SOLUTION


# %% check="action_values" points=1
check.action_values(action_values)

# %% [markdown] hint="action_values"
# This is `backup` again, but the actions stay apart: each has a sum of its own.

# %% [markdown] hint="action_values"
# For each action $a$: $\;q(a) = \sum p \cdot \big(r + \gamma V(s')\big)$ over the outcomes in `P[s][a]`, and only $p \cdot r$ where one terminated.

# %% [markdown] hint="action_values"
# ```python
# values = np.zeros(len(P[s]))
# for a in range(len(P[s])):
#     for probability, next_state, reward, terminated in P[s][a]:
#         rest = ...   # 0.0 if terminated, otherwise V[next_state]
#         values[a] += ...
# return values
# ```

# %% [markdown]
# Cell 3, by code. The mean of the four is −22, the value of the die: that is the Bellman equation.

# %%
in_cell_3 = action_values(P, V_random, s=3, gamma=1.0)
for name, value in zip(("up", "right", "down", "left"), in_cell_3, strict=True):
    print(f"{name:>5}: {value:.3f}")
print(f" mean: {np.mean(in_cell_3):.3f}")

# %% [markdown]
# ## If once is good, always is better
# Going left *once* turns −22 into −21. But the walk may well come back to cell 3, and then the same argument holds again. So what is the policy worth that goes left in cell 3 *every* time, and rolls the die everywhere else?

# %% figure="left"
left_in_3 = random_policy.copy()
left_in_3[3] = [0, 0, 0, 1]
V_left, _ = policy_evaluation(P, left_in_3, gamma=1.0, theta=1e-8)
panels = {"the die": (V_random, random_policy), "left in cell 3": (V_left, left_in_3)}
plotting.value_and_policy_grids(panels, (4, 4), title="One arrow changed", digits=1, terminals=env.terminals)

# %% [markdown]
# **What you should see:** cell 3 rises from −22 to −19.7: more than the single step promised. And no cell falls: whoever passes through cell 3 on the way gains, too, even cell 12 in the far corner (−21.6). Only the two cells that are terminal stay at 0.
#
# That is no accident. The **policy improvement theorem** says: let $\pi$ and $\pi'$ be two policies. If following $\pi'$ *for one step* and $\pi$ afterwards is at least as good as $\pi$ in every state, then following $\pi'$ *for ever* is at least as good as $\pi$ in every state:
#
# $$\sum_a \pi'(a \mid s)\, q_\pi(s, a) \ge v_\pi(s) \;\text{ for all } s \qquad\Longrightarrow\qquad v_{\pi'}(s) \ge v_\pi(s) \;\text{ for all } s$$
#
# The proof is the story you just read. One step of $\pi'$ and then $\pi$ is no worse than $\pi$. So two steps of $\pi'$ and then $\pi$ are no worse than one; three are no worse than two; and so on, step after step, until $\pi$ is never used again.

# %% [markdown]
# ## Be greedy, and keep the ties
# The theorem lets us change every state at once. In each state take the action with the largest $q_\pi(s, a)$. A policy that does so is **greedy** with respect to the values.
#
# Often several actions are best: in cell 3, down and left are equally good. Most programs take the first one and forget the others. We keep **all** of them, and share the probability evenly. Then the policy shows everything that is right, and it does not depend on the order in which the actions happen to be numbered.
#
# There is a trap, however. Computers round:

# %%
print(0.1 + 0.2 == 0.3, " ", 0.1 + 0.2 - 0.3)

# %% [markdown]
# Two actions that are equally good on paper may differ by $10^{-16}$ in the machine, and by more if the sweeps stopped early. So an action counts as best if it is *at most* `tolerance` worse than the best one.

# %% [markdown]
# ### Exercise · the greedy policy  ●●○ · 10 minutes


# %% exercise="greedy_policy"
def greedy_policy(P: dict, V: np.ndarray, gamma: float, tolerance: float = 1e-6) -> np.ndarray:
    """In every state, the best actions according to `V`; they share the probability evenly.

    P, V, gamma: as in `action_values`, which does the work for one state.
    tolerance: an action is one of the best if its value is at most this much below the largest.
    Returns a policy (n_states, n_actions) whose rows add up to 1; every state has the same number of actions.
    """
    policy = np.zeros((len(P), len(P[0])))
    ### BEGIN SOLUTION
    for s in range(len(P)):
        values = action_values(P, V, s, gamma)
        best = values >= values.max() - tolerance
        policy[s] = best / best.sum()
    return policy
    ### END SOLUTION


# %% check="greedy_policy" points=2
check.greedy_policy(greedy_policy)

# %% [markdown] hint="greedy_policy"
# First find out which actions of a state are best: an array of True and False. Then turn it into probabilities that add up to 1.

# %% [markdown] hint="greedy_policy"
# Action $a$ is one of the best if $q(s, a) \ge \max_b q(s, b) - \text{tolerance}$. If there are $n$ such actions, each gets $1/n$. NumPy counts True as 1, so `best.sum()` is $n$.

# %% [markdown] hint="greedy_policy"
# ```python
# for s in range(len(P)):
#     values = action_values(...)
#     best = values >= ...      # True or False for each action
#     policy[s] = best / ...
# return policy
# ```

# %% [markdown]
# This is the right column of the book's Figure 4.1. On the left are the values of the *random* policy after $k$ sweeps with two arrays, on the right the policy that is greedy with respect to them. (`random_sweep` is `sweep_two_arrays` of the last lesson, for this one policy: each cell gets the mean of its action values.)


# %% figure="figure-4-1"
def random_sweep(V: np.ndarray) -> np.ndarray:
    return np.array([np.mean(action_values(P, V, s, gamma=1.0)) for s in range(16)])


V, panels = np.zeros(16), {}
for k in range(11):
    if k in (0, 1, 2, 3, 10):
        panels[f"k = {k}"] = (V, greedy_policy(P, V, gamma=1.0))
    V = random_sweep(V)
panels["k = ∞"] = (V_random, greedy_policy(P, V_random, gamma=1.0))
plotting.value_and_policy_grids(panels, (4, 4), title="Random walk: values, and greedy policy", terminals=env.terminals)

# %% [markdown]
# **What you should see:** at $k = 0$ all values are 0, so all actions tie and every cell has four arrows. Each sweep carries the news from the corners one cell further, and the greedy policy uses it at once. From $k = 3$ on, the arrows do not change any more, and every one of them lies on a shortest way to a corner. The values at $k = 3$ are still far from their limit (−3 instead of −22 in cell 3), and yet the policy is perfect. **To choose an action, you need the order of the values, not the values.** Remember that: the next lesson is built on it.

# %% [markdown]
# ## How much is there still to gain?
# Evaluate the greedy policy, be greedy again, evaluate … when should it stop? Ask the improvement theorem. In state $s$, the best action beats what the policy does by
#
# $$\max_a q_\pi(s, a) - \sum_a \pi(a \mid s)\, q_\pi(s, a)$$
#
# This **gain** is never negative, because a mean is never larger than the largest. Suppose it is 0 in every state. Then $\sum_a \pi(a \mid s)\, q_\pi(s, a)$, which is $v_\pi(s)$, equals the maximum everywhere:
#
# $$v_\pi(s) = \max_a \sum_{s', r} p(s', r \mid s, a)\big[r + \gamma\, v_\pi(s')\big]$$
#
# This is the **Bellman optimality equation**. With $\gamma < 1$ it has only one solution: if two tables differ by at most $d$, then their right sides differ by at most $\gamma d$; so for two solutions $d \le \gamma d$, and $d = 0$. With $\gamma = 1$ there is one solution if every policy comes to an end. That solution is $v_*$, the values of the best policy there is. (On the grid some policies never come to an end, but no greedy one is among them: each step costs 1, so the best action leads to a cell where $v_\pi$ is higher by at least 1 on average, and above 0 it cannot rise.) So the gain is the right alarm clock: *when nothing is gained in any state, the policy is optimal.*

# %% [markdown]
# ### Exercise · the largest gain  ●○○ · 6 minutes


# %% exercise="largest_gain"
def largest_gain(P: dict, policy: np.ndarray, V: np.ndarray, gamma: float) -> float:
    """How much the best action beats what the policy does, in the state where that is most.

    P, V, gamma: as in `action_values`.  policy: (n_states, n_actions), policy[s, a] is the probability of a in s.
    Returns one number: the largest gain of any state. The mean under the policy is taken of the action values.
    """
    ### BEGIN SOLUTION
    gains = []
    for s in range(len(P)):
        values = action_values(P, V, s, gamma)
        gains.append(values.max() - policy[s] @ values)
    return max(gains)
    ### END SOLUTION


# %% check="largest_gain" points=1
check.largest_gain(largest_gain)

# %% [markdown] hint="largest_gain"
# For one state you need two numbers, both made from the same action values: the best of them, and their mean under the policy.

# %% [markdown] hint="largest_gain"
# The mean is $\sum_a \pi(a \mid s)\, q(s, a)$, a sum of products: `policy[s] @ values` computes it.

# %% [markdown] hint="largest_gain"
# ```python
# gains = []
# for s in range(len(P)):
#     values = action_values(...)
#     gains.append(values.max() - ...)
# return max(gains)
# ```

# %% [markdown]
# ## Policy iteration
# Now let evaluation (E) and improvement (I) take turns:
#
# $$\pi_0 \xrightarrow{\;E\;} v_{\pi_0} \xrightarrow{\;I\;} \pi_1 \xrightarrow{\;E\;} v_{\pi_1} \xrightarrow{\;I\;} \pi_2 \xrightarrow{\;E\;} \cdots \xrightarrow{\;I\;} \pi_* \xrightarrow{\;E\;} v_*$$
#
# Every policy is better than the one before, or optimal, so none comes back. A greedy policy is known by its best actions, state by state, and there are finitely many such choices: so this must end. Two details decide whether the program is a good one:
#
# - **Warm start.** The values of the old policy are a good first guess for the new one. So each evaluation begins where the last one ended: `policy_evaluation(..., V=V)`.
# - **The stop test** asks for the gain, a number, and not whether the arrows are still the same. You will see below what happens otherwise.

# %% [markdown]
# ### Exercise · policy iteration  ●●○ · 12 minutes
# Keep a history: a list with one entry `(policy, V, sweeps)` for each evaluation. It holds the policy that was evaluated, its values, and the number of sweeps. `policy_evaluation` returns the values and a list with the change of every sweep.


# %% exercise="policy_iteration"
def policy_iteration(
    P: dict,
    policy: np.ndarray,
    gamma: float = 1.0,
    theta: float = 1e-8,
    tolerance: float = 1e-6,
) -> tuple[np.ndarray, np.ndarray, list[tuple]]:
    """Evaluate and improve in turn, until the largest gain is at most `tolerance`.

    policy: (n_states, n_actions), the policy that is evaluated first.
    theta: for policy_evaluation(P, policy, gamma, theta, V=V). Its first values are zeros, later ones the last V.
    tolerance: for the stop test, and for `greedy_policy`.
    Returns the policy that is greedy with respect to the last values, these values, and the history.
    """
    V, history = np.zeros(len(P)), []
    ### BEGIN SOLUTION
    while True:
        V, changes = policy_evaluation(P, policy, gamma, theta, V=V)
        history.append((policy, V, len(changes)))
        gain = largest_gain(P, policy, V, gamma)
        policy = greedy_policy(P, V, gamma, tolerance)
        if gain <= tolerance:
            return policy, V, history
    ### END SOLUTION


# %% check="policy_iteration" points=3
check.policy_iteration(policy_iteration)

# %% [markdown] hint="policy_iteration"
# A round has four steps: evaluate, write down, ask for the gain, improve. When nothing is gained, return the improved policy: it is as good as the old one, but shows all the best actions.

# %% [markdown] hint="policy_iteration"
# Repeat: $V \leftarrow$ evaluation of $\pi$ that starts from $V$; append $(\pi, V, \text{sweeps})$; $g \leftarrow$ largest gain of $\pi$; $\pi \leftarrow$ greedy with respect to $V$; if $g \le$ tolerance, return.

# %% [markdown] hint="policy_iteration"
# ```python
# while True:
#     V, changes = policy_evaluation(..., V=V)
#     history.append((policy, V, len(changes)))
#     gain = ...
#     policy = greedy_policy(...)
#     if ...:
#         return policy, V, history
# ```

# %% [markdown]
# The gridworld, from the die to the best:

# %% figure="iterations"
best_policy, V, history = policy_iteration(P, random_policy)
panels = {f"evaluation {k}": (values, policy) for k, (policy, values, _) in enumerate(history)}
panels["returned"] = (V, best_policy)
print("sweeps of each evaluation:", [sweeps for _, _, sweeps in history])
plotting.value_and_policy_grids(panels, (4, 4), title="Policy iteration on the grid", terminals=env.terminals)

# %% [markdown]
# **What you should see:** one improvement is enough. Evaluation 1 takes 4 sweeps, and its values are minus the number of steps to the nearer corner: 0, −1, −2, −3. In cells 6 and 9, half way between the corners, its policy knows two good moves. The returned one knows all four: seen with the *new* values, all are equally good.
#
# The 2016 original keeps one action per state and needs three rounds for the same values, the last one only because some of its equally good arrows were still turning. If you need *one* action per state, take the first of the best: `np.argmax(best_policy, axis=1)`. This gives exactly the policy that is printed in the original:

# %%
best_policy, _, _ = policy_iteration(P, random_policy)
print(np.argmax(best_policy, axis=1).reshape(4, 4))

# %% [markdown]
# ## A stop test that never stops
# The original stops when no state changes its action any more. Its algorithm, in short: evaluate *from zeros*, take the *first* of the best actions, compare with the old ones. Here it is, with a limit of twelve rounds, in a world with two rooms. Every step pays 1, whatever you do. In room 0 both actions stay. In room 1, action 0 goes to room 0, and action 1 stays. Nothing can go wrong in this world: every policy is worth $1 + 0.9 + 0.81 + \dots = 10$ in both rooms.

# %%
rooms = {
    0: {0: [(1.0, 0, 1.0, False)], 1: [(1.0, 0, 1.0, False)]},
    1: {0: [(1.0, 0, 1.0, False)], 1: [(1.0, 1, 1.0, False)]},
}


def first_best_action(P: dict, actions: np.ndarray, gamma: float, theta: float) -> tuple[np.ndarray, np.ndarray]:
    V, _ = policy_evaluation(P, np.eye(2)[actions], gamma, theta)  # from zeros
    return V, np.array([np.argmax(action_values(P, V, s, gamma)) for s in range(len(P))])


for theta in (1e-4, 1e-10):
    actions, seen = np.array([0, 0]), []
    for _ in range(12):
        V, actions = first_best_action(rooms, actions, 0.9, theta)
        seen.append(int(actions[1]))
    print(f"θ = {theta:g}: action in room 1, round after round: {seen}")

# %% [markdown]
# It would turn round and round for ever. Why? The sweeps stop a little below 10. If room 1 follows action 0, its backup reads the value that room 0 has just received, so room 1 is one backup ahead, and looks better than room 0 by less than $\theta$. So staying seems better. But if room 1 stays, both rooms do the same and their values are equal to the last digit: a tie, and `argmax` takes action 0 again. A smaller $\theta$ makes the difference smaller, but does not remove it.
#
# Your version compares values, with a tolerance:

# %%
for theta, tolerance in ((1e-4, 1e-3), (1e-10, 1e-8)):
    policy, V, history = policy_iteration(rooms, np.array([[1.0, 0.0], [1.0, 0.0]]), 0.9, theta, tolerance)
    print(f"θ = {theta:g}: {len(history)} evaluation, policy {policy.tolist()}, values {V.round(3).tolist()}")

# %% [markdown] think="tolerance" points=1
# **Think.** The tolerance was chosen larger than $\theta$. What could happen to `policy_iteration` with `tolerance=0`, and what is the price of a tolerance that is much too large?
#
# <!-- BEGIN SOLUTION -->
# The values still miss $v_\pi$ by up to $\frac{\gamma \theta}{1 - \gamma}$ (if $\gamma < 1$), so equally good actions look different by about that much. With tolerance 0 such noise counts as a gain, and the program may turn round for ever, like the original. If the tolerance is above the noise, only real gains count, each round makes some state really better, and it ends. Too large a tolerance takes actions for best that are not: a policy that gives away up to $\varepsilon$ in each step loses up to $\frac{\varepsilon}{1 - \gamma}$ in the end. So: first $\theta$ small, then the tolerance well above $\frac{\gamma\theta}{1-\gamma}$, and well below the differences that matter.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Jack's car rental
# Now a problem that you could not do in your head, Example 4.2 of the book. Jack rents out cars at two places. Every day a random number of customers comes to each, 3 on average to the first and 4 to the second; each car that is there earns 10 dollars, and a customer who finds none is lost. Cars come back at random, too: 3 a day on average to the first place and only 2 to the second (all four numbers follow Poisson distributions), and can be rented the day after. Overnight, Jack may move up to five cars from one place to the other, for 2 dollars each. A place holds at most 20 cars; what is more leaves the business.
#
# A state is the number of cars at both places in the evening: 21 × 21 = 441 states. The actions 0 … 10 are the net numbers of cars moved from the first place to the second, `MOVES` = −5 … 5. (Whoever asks for more cars than there are moves those that are there. So some actions do the same: exact ties.) $\gamma = 0.9$, and nothing ever terminates. `P` lists two million outcomes.
#
# We start as the book does, from the policy that never moves a car. (`functools.cache` keeps the result, so that the cells below need not wait for it again. If you change one of your functions, run this cell again.)


# %%
@functools.cache
def rental() -> tuple[np.ndarray, np.ndarray, list[tuple]]:
    """Policy iteration with your functions, from the policy that never moves a car."""
    never = np.zeros((441, 11))
    never[:, MOVES.index(0)] = 1
    return policy_iteration(car_rental_model(), never, gamma=0.9, theta=1e-6, tolerance=1e-4)


def cars_moved(policy: np.ndarray) -> np.ndarray:
    """One best action for each state, the one that moves the fewest cars: (21, 21)."""
    return np.array([min(np.array(MOVES)[row > 0], key=abs) for row in np.asarray(policy)]).reshape(21, 21)


# %% [markdown]
# The policies, one after the other. This takes from ten seconds to half a minute:

# %% figure="rental"
_, _, history = rental()
plotting.maps(
    {f"policy {k}": cars_moved(policy) for k, (policy, _, _) in enumerate(history)},
    title="Cars to move overnight, from the first place to the second",
    xlabel="cars at the second place",
    ylabel="cars at the first place",
    label="cars moved",
    diverging=True,
)

# %% [markdown]
# **What you should see:** $\pi_0$ moves nothing. $\pi_1$ has the right idea, send cars to where they are short, but it overdoes it: five cars leave the first place even when the second has plenty. It thinks ahead one night only, and believes that no car will be moved ever after. $\pi_2$ knows better: it sends cars to the second place only where that has five or fewer, or where the first is so full that returning cars would be lost; and back to the first place only where that is nearly empty and the second is not. $\pi_3$ corrects the borders, and $\pi_4$ only eight more states. The fifth evaluation finds that nothing is gained any more: $\pi_4$ is optimal. These are the five policies of the book's Figure 4.2.

# %% figure="profit"
_, V, history = rental()
moves = np.array([cars_moved(policy) for policy, _, _ in history])
print("states with a new action:", np.sum(moves[1:] != moves[:-1], axis=(1, 2)).tolist())
print(f"worth of no car at all: {V[0]:.2f}; of two full yards: {V[-1]:.2f}")
print("worth of 10 + 10 cars:", [round(float(values[10 * 21 + 10]), 1) for _, values, _ in history])
plotting.maps(
    {"best policy": V.reshape(21, 21)},
    title="What the business is worth under the best policy",
    xlabel="cars at the second place",
    ylabel="cars at the first place",
    label="dollars",
)

# %% [markdown]
# **What you should see:** from 421 dollars without a single car to 637 with two full yards, more exactly 636.99. (The replication named below reports 636; it may have cut the digits after the point.) The first improvement brings the most, 15 dollars with ten cars at each place; the second still brings 9, and the later ones almost nothing, although they change 87 states.

# %% [markdown]
# ## What the warm start saves
# For comparison, evaluate the same five policies from zeros:

# %% figure="warm"
_, _, history = rental()
warm = [sweeps for _, _, sweeps in history]
model = car_rental_model()
cold = [len(policy_evaluation(model, policy, 0.9, 1e-6)[1]) for policy, _, _ in history]
print(f"{sum(warm)} sweeps warm, {sum(cold)} cold")
picture = plotting.training_curves(
    {"from zeros": np.array(cold), "warm start": np.array(warm)},
    title="Jack's car rental: sweeps of each evaluation",
    xlabel="number of the policy",
    ylabel="sweeps",
)
picture.figure.axes[0].set_xticks(range(len(warm)))
picture

# %% [markdown]
# **What you should see:** from zeros, every evaluation takes about 95 sweeps. The warm start saves more and more, since the later policies differ less and less: 96, 76, 70, 52, 17. Together a third of the work is gone. Why not more? The distance to the new values shrinks by about the same factor in every sweep, so a start that is ten times nearer saves a fixed number of sweeps, not nine tenths of them.

# %% [markdown] think="warm-on-grid" points=1
# **Think.** On the 4 × 4 grid the warm start saves nothing: evaluation 1 takes 4 sweeps from zeros, too. Why? (Which cells does a move of its policy lead to, and what is $\gamma$?)
#
# <!-- BEGIN SOLUTION -->
# That policy always steps to a cell that is nearer to its corner, and an episode ends after at most three steps. So after at most three sweeps every value is exact, whatever the table held before, and a last sweep finds that nothing changes. Values that die out in a few steps leave nothing for a good start to save. In the car rental nothing ever ends; there it is $\gamma = 0.9$ that makes old values fade, a tenth in every step.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - The **action value** $q_\pi(s, a)$ answers: *what if I took $a$ just once?* If the answer beats $v_\pi(s)$, doing it always is at least as good: the **policy improvement theorem**.
# - A **greedy** policy takes the best actions by a look one step ahead. Ties belong in the answer, and to see them you need a tolerance.
# - When the **largest gain** is 0, the values satisfy the Bellman optimality equation, and the policy is optimal. To compare arrows instead can go on for ever.
# - **Policy iteration** evaluates and improves in turn. It needs astonishingly few rounds: two on the grid, five on 441 states with eleven actions each.
# - A **warm start** lets each evaluation begin where the last one ended; it saved a third of the sweeps at Jack's.
#
# Both results beside the published ones:

# %%
shortest = [0, -1, -2, -3, -1, -2, -3, -2, -2, -3, -2, -1, -3, -2, -1, 0]
error = np.abs(policy_iteration(env.P, random_policy)[1] - shortest).max()
_, V, history = rental()
headline(
    metric="Jack's car rental: improvements until nothing is gained, and range of the values; 4 × 4 grid: largest error",
    value=f"{len(history) - 1} improvements, {V.min():.0f} to {V.max():.0f}; grid {error:.4f}",
    published="4 improvements (π₀ … π₄); 421 to 636 in a replication; grid 0, −1, −2, −3 … exactly",
    source="Sutton and Barto (2018), Figure 4.2; L. Lingle, policy_iteration_car_rental; WildML notebook (2016)",
)

# %% [markdown]
# ## What to try next
# - ●○○ Start Jack from the policy that rolls an eleven-sided die. Does it still take four improvements?
# - ●●○ Exercise 4.7 of the book: one car a night may go to the second place for free, and more than ten cars left overnight at a place cost 4 dollars for a second parking lot. Change `reward` in `lib/models/car_rental.py` and look at the new map.
# - ●●○ Improve one state only, the one with the largest gain, and evaluate again. How many rounds does the grid need now?
# - ●●● Replace the sweeps by the linear system of the last lesson. From how many states on are the sweeps faster?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 4.2, policy improvement; section 4.3, policy iteration, with Example 4.2 and Figure 4.2; Exercise 4.4 asks for the bug in the stop test; Figure 4.1 on p. 77.
# - R. A. Howard, *Dynamic Programming and Markov Processes*, MIT Press, 1960: where policy iteration comes from.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to. It calls the whole algorithm `policy_improvement`; readers reported that it may never stop (issue 203) and that every evaluation starts from zeros (issue 204).
# - L. Lingle, [policy_iteration_car_rental](https://github.com/lucaslingle/policy_iteration_car_rental): a replication that reports values from 421 to 636 after four improvements.
