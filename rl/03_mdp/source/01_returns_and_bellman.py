# %% [markdown] minutes=100
# # Markov decision processes: returns, the Markov property, the Bellman equation
# Almost everything in reinforcement learning is said about one object: the Markov decision process. This lesson takes it apart, tests its central assumption by experiment, and computes what each of its states is worth.
#
# **You will** test whether an observation is a state, compute returns backwards, turn a model and a policy into a matrix and a vector, and solve the Bellman equation.
#
# **You need** expected values, loops and arrays in Python, and a little linear algebra: matrices, systems of equations, the identity matrix.

# %%
import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.mdp import returns_and_bellman as check
from lib.envs.recycling_robot import HIGH, LOW, SEARCH

setup(seed=0)

# %% [markdown]
# ## An agent and its world
# A robot collects empty cans in an office. It runs on a battery, and all it can tell about the battery is whether its charge is *high* or *low*. From time to time it must decide: **search** for cans, **wait** until somebody brings one, or drive to its charger and **recharge**. If it searches for too long, the battery runs flat, and somebody has to carry it back. This is the recycling robot of Sutton and Barto's book, Example 3.3.
#
# At each time step $t = 0, 1, 2, \dots$ the robot, the **agent**, is in a **state** $S_t$ and takes an **action** $A_t$. The world, the **environment**, answers with a number, the **reward** $R_{t+1}$, and with the next state $S_{t+1}$. Then it begins again.
#
# What the world answers is left to chance, but not without rules. The rules are the **dynamics**:
#
# $$p(s', r \mid s, a) = \Pr\{S_{t+1} = s',\, R_{t+1} = r \mid S_t = s,\, A_t = a\}$$
#
# Read: the probability that the next state is $s'$ and the reward $r$, if the state is $s$ and the action is $a$. For each $s$ and $a$ these probabilities add up to 1. States, actions and dynamics together are a **Markov decision process**, MDP for short. (What *Markov* means comes in a moment.)
#
# In this course a model is always written down in the same form. `P[state][action]` lists everything that can happen, as tuples
#
# `(probability, next_state, reward, terminated)`
#
# The last entry says whether the step ends the **episode**: the course of events from a beginning to an end. The robot has no end; it works on for ever.

# %%
env = gymnasium.make("course/RecyclingRobot-v0").unwrapped
P = env.P
print("high, search:", P[HIGH][SEARCH])
print("low, search: ", P[LOW][SEARCH])

# %% [markdown]
# (`.unwrapped` takes off Gymnasium's outer layers, so that we can look at the model.) And now all of it, as a picture. An open circle is a state, a filled dot an action taken in that state. From the dot an arrow leads to every next state, with the probability and the reward of getting there.

# %% figure="robot"
plotting.transition_diagram(P, ["high", "low"], ["search", "wait", "recharge"], title="The recycling robot")

# %% [markdown]
# **What you should see:** with a high battery, searching pays 2 and leaves the battery high with probability 0.7. With a low battery it is a gamble: half of the time it pays 2, half of the time the battery runs flat and that costs 3. Waiting pays 1 and changes nothing. Recharging pays nothing. The probabilities on the arrows that leave one dot add up to 1.
#
# The book gives the −3, and leaves the other numbers open; 0.7, 0.5, 2 and 1 are ours. It also leaves out recharging with a full battery, which is useless. We keep it, so that both states offer the same three actions.

# %% [markdown]
# ## The Markov property: the present is enough
# Look again at $p(s', r \mid s, a)$. It depends on the present state and action, and on nothing else: not on how the robot came here, not on what it did yesterday. A state with this property has the **Markov property**:
#
# $$\Pr\{S_{t+1} = s', R_{t+1} = r \mid S_t, A_t\} = \Pr\{S_{t+1} = s', R_{t+1} = r \mid S_t, A_t,\, S_{t-1}, A_{t-1},\, S_{t-2}, \dots\}$$
#
# In words: *once you know the present, the past tells you nothing more about the future*. This is not a claim about the world. It is a demand on what we call a state: it must hold everything from the past that matters.
#
# What an agent sees, its *observation*, may well be less than that. Take a guard who walks up and down a corridor of five places, 0 to 4. At each step he keeps his direction with probability 0.9, and turns round with 0.1; at the ends he has to turn. We see his *position* only. (We only watch: there is no action and no reward here, and in the equation they fall away.) As a comparison, a drunkard in the same corridor, who chooses his direction anew at each step.


# %%
def corridor(steps: int, keep: float, rng: np.random.Generator) -> np.ndarray:
    """The positions 0 … 4 of someone who keeps the direction with probability `keep`. Returns (steps,)."""
    position, direction, walk = 2, 1, []
    for turn in rng.random(steps) >= keep:
        direction = -direction if turn else direction
        if not 0 <= position + direction <= 4:
            direction = -direction
        position += direction
        walk.append(position)
    return np.array(walk)


rng = np.random.default_rng(0)
guard, drunkard = corridor(20_000, keep=0.9, rng=rng), corridor(20_000, keep=0.5, rng=rng)
print("guard:   ", *guard[:40])
print("drunkard:", *drunkard[:40])

# %% [markdown]
# Is the position a state? Counting can tell, at least if it is not. Collect all moments $t$ at which the guard stood at place 2, and count where he stood next: that estimates $\Pr\{X_{t+1} \mid X_t = 2\}$, where $X_t$ is the position at time $t$. Then take only those of these moments at which he had been at place 1 just before: $\Pr\{X_{t+1} \mid X_t = 2, X_{t-1} = 1\}$. If the two differ by more than the noise of counting, the position is not a state. If they agree, this one step of memory adds nothing; an older past still might.
#
# ### Exercise · what comes next?  ●○○ · 10 minutes


# %% exercise="next_distribution"
def next_distribution(walk: np.ndarray, n: int, now: int, before: int | None = None) -> np.ndarray:
    """How often each observation follows `now`, as shares of 1.

    walk: (T,), whole numbers; walk[t] is the observation at time t, one of 0 … n - 1.
    now: count only the moments t with walk[t] == now.
    before: if it is given, also walk[t - 1] == before.
    The moments are t = 1 … T - 2 in both cases: those with something before and something after.
    Returns (n,): the share of each observation among the walk[t + 1]; zeros if no moment fits.
    """
    ### BEGIN SOLUTION
    counts = np.zeros(n)
    for t in range(1, len(walk) - 1):
        if walk[t] == now and (before is None or walk[t - 1] == before):
            counts[walk[t + 1]] += 1
    return counts / max(counts.sum(), 1)
    ### END SOLUTION


# %% check="next_distribution" points=2
check.next_distribution(next_distribution)

# %% [markdown] hint="next_distribution"
# Go through the walk once. At which moments do you make a mark, and in which of $n$ boxes?

# %% [markdown] hint="next_distribution"
# For $t = 1, \dots, T - 2$: if `walk[t]` is `now`, and either `before` is None or `walk[t - 1]` is `before`, count one for the box `walk[t + 1]`. Then divide by the sum of the counts, unless it is 0. (Careful: `before` may be the observation 0, so ask `before is None`, not `not before`.)

# %% [markdown] hint="next_distribution"
# ```python
# counts = np.zeros(n)
# for t in range(1, len(walk) - 1):
#     if walk[t] == now and (before is None or ...):
#         counts[...] += 1
# return counts / max(counts.sum(), 1)
# ```

# %% [markdown]
# Where does the guard go from the middle? First all moments together, then sorted by where he came from:

# %%
print("from 2:              ", next_distribution(guard, 5, now=2).round(2))
print("from 2, 1 before that:", next_distribution(guard, 5, now=2, before=1).round(2))
print("from 2, 3 before that:", next_distribution(guard, 5, now=2, before=3).round(2))

# %% [markdown]
# From the middle he seems to go left or right with ½ each. But whoever remembers one step more can tell which, nine times in ten. The past holds news that the position does not: **the position is not a state.**
#
# So let us *make* a state, by adding what is missing. The missing thing is the direction, and two positions in a row show it. We number the pairs (before, now) from 0 to 24, and call the pair our observation. To judge all situations at once we take the largest difference between the two distributions, over all `now` and `before` that occurred at least 200 times together:


# %%
def memory_gain(walk: np.ndarray, n: int) -> float:
    """The largest change of a probability that knowing one more step of the past brings."""
    gains = [0.0]
    for now in np.unique(walk):
        without = next_distribution(walk, n, now)
        for before in np.unique(walk):
            if np.sum((walk[:-2] == before) & (walk[1:-1] == now)) >= 200:
                gains.append(np.abs(next_distribution(walk, n, now, before) - without).max())
    return max(gains)


# %% [markdown]
# Three observations: the drunkard's position, the guard's position, and the guard's last two positions.

# %% figure="memory"
pairs = 5 * guard[:-1] + guard[1:]
gains = {
    "drunkard: position": memory_gain(drunkard, 5),
    "guard: position": memory_gain(guard, 5),
    "guard: last two positions": memory_gain(pairs, 25),
}
plotting.bars(gains, title="What one more step of the past tells", ylabel="largest change of a probability")

# %% [markdown]
# **What you should see:** for the guard's position, 0.4: half becomes nine tenths. For the drunkard's position and for the guard's last two positions, next to nothing: only the noise of counting is left. (It is a little larger for the pairs, because the rarest of them occurred only a few hundred times.)
#
# The counts alone do not prove that these two are states, for a step further back might matter. But here we know the rules. The drunkard's next step depends on his position and on chance, the guard's on position, direction and chance, and two positions in a row show the direction. **Memory turned an observation into a state.**
#
# This trick is used everywhere. A single frame of a video game shows where the ball is but not where it flies; agents that play from pixels therefore look at the last few frames together. In practice states are only nearly Markov, and methods that assume the property often work all the same.

# %% [markdown] think="urn" points=1
# **Think.** An urn holds 3 red and 3 blue balls. Balls are drawn one by one and *not* put back. You observe the colour of each ball. Is the last colour a state? Are the last two? What is the smallest state you can think of?
#
# <!-- BEGIN SOLUTION -->
# No, and no. After red, the next ball is red with probability 2/5 if it was the first draw, but with probability 0 if red had come twice before. No fixed number of last colours is enough (except all of them), since what matters is how many balls of each colour are *left*. These two numbers, red left and blue left, are a state: the probability of red is red / (red + blue), whatever the order in which the others came. A good state is a summary of the past, not a recording of it.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Returns: what the agent wants
# The agent wants reward, but not only now. The **return** from time $t$ is the sum of all rewards after it, each multiplied by a power of the **discount** $\gamma$, a number between 0 and 1:
#
# $$G_t = R_{t+1} + \gamma R_{t+2} + \gamma^2 R_{t+3} + \dots = \sum_{k=0}^{\infty} \gamma^k R_{t+k+1}$$
#
# A reward that comes one step later counts $\gamma$ times as much. With $\gamma = 0$ the agent is short-sighted: only the next reward counts. With $\gamma$ close to 1 it plans far ahead. If episodes end, after the end there are only zeros, and $\gamma = 1$ is allowed. If they do not end, like the robot's, $\gamma$ must be below 1, for otherwise the sum may be infinite. With $\gamma < 1$, a reward of 1 in every step for ever is worth $1 + \gamma + \gamma^2 + \dots = \frac{1}{1 - \gamma}$: 10 for $\gamma = 0.9$.
#
# Take $\gamma$ out of everything that comes after the first reward, and what is left in the brackets is a return again:
#
# $$G_t = R_{t+1} + \gamma\,(R_{t+2} + \gamma R_{t+3} + \dots) = R_{t+1} + \gamma\, G_{t+1}$$
#
# This small equation carries the whole chapter. It also is an algorithm: begin at the end, where nothing follows, and go backwards. *By hand,* with $\gamma = 0.5$ and the rewards 1, 2, 4: the last return is 4; the one before it $2 + 0.5 \cdot 4 = 4$; the first $1 + 0.5 \cdot 4 = 3$.

# %% [markdown]
# ### Exercise · returns, backwards  ●○○ · 7 minutes


# %% exercise="discounted_returns"
def discounted_returns(rewards: np.ndarray, gamma: float) -> np.ndarray:
    """The return from every step of a finished episode.

    rewards: (T,); rewards[t] is R_{t+1}, what the step at time t brought.  gamma: the discount, 0 … 1.
    Returns (T,): G_0, G_1 … G_{T-1}. The last one is the last reward. An episode without a step has no returns.
    """
    ### BEGIN SOLUTION
    returns = np.zeros(len(rewards))
    following = 0.0
    for t in reversed(range(len(rewards))):
        following = rewards[t] + gamma * following
        returns[t] = following
    return returns
    ### END SOLUTION


# %% check="discounted_returns" points=1
check.discounted_returns(discounted_returns)

# %% [markdown] hint="discounted_returns"
# If somebody told you $G_{t+1}$, how would you get $G_t$? And which return do you know without being told?

# %% [markdown] hint="discounted_returns"
# Carry one number along, beginning with 0 after the end. For $t = T-1, \dots, 1, 0$: $\;G_t = R_{t+1} + \gamma\, G_{t+1}$, where $R_{t+1}$ is `rewards[t]`.

# %% [markdown] hint="discounted_returns"
# ```python
# returns = np.zeros(len(rewards))
# following = 0.0
# for t in reversed(range(len(rewards))):
#     following = ...
#     returns[t] = following
# return returns
# ```

# %% [markdown]
# A road of ten steps: nine of them cost a toll of 1, the tenth pays 10. Is the journey worth it? Here are the returns from each step of the road, for four discounts:

# %% figure="toll_road"
toll_road = np.array([-1.0] * 9 + [10.0])
curves = {f"γ = {gamma}": discounted_returns(toll_road, gamma) for gamma in (0.0, 0.5, 0.9, 1.0)}
print({label: round(float(returns[0]), 2) for label, returns in curves.items()})
plotting.training_curves(curves, title="A toll road with a prize at its end", xlabel="time t", ylabel="return G_t")

# %% [markdown]
# **What you should see:** all four agree on the last step, 10. Seen from the beginning they do not: with $\gamma = 1$ the whole journey is worth 1, and is worth making. With 0.9 the prize, nine steps away, counts only $0.9^9 \approx 0.39$ of itself: the journey is worth −2.25, and an agent who may stay at home does. With $\gamma = 0$ nobody sees the prize before the last step. The discount is part of the *problem*: it says what the agent wants.

# %% [markdown]
# ## What is a state worth?
# A **policy** $\pi(a \mid s)$ is the probability that the agent takes action $a$ in state $s$. We store it as a table `policy[s, a]` of shape `(n_states, n_actions)`; each row adds up to 1. Fix a policy, and two questions have answers:
#
# $$v_\pi(s) = \mathbb{E}_\pi[\,G_t \mid S_t = s\,] \qquad\qquad q_\pi(s, a) = \mathbb{E}_\pi[\,G_t \mid S_t = s, A_t = a\,]$$
#
# $v_\pi$ is the **state value**: the expected return from $s$, if the policy acts from now on. $q_\pi$ is the **action value**: the expected return if the first action is $a$, whatever the policy thinks of it, and the policy acts from then on. $\mathbb{E}_\pi$ is the mean over everything that can happen.
#
# The direct way to a mean: try, and average. Our robot rolls a three-sided die. We let it run 1,000 times from each state, for 100 steps (what comes later is multiplied by at most $0.9^{100} \approx 0.00003$), and average the returns:

# %%
rng = np.random.default_rng(0)
env.reset(seed=0)
for start, name in ((HIGH, "high"), (LOW, "low")):
    returns = []
    for _ in range(1000):
        env.reset(options={"state": start})  # the robot may be put into either state
        rewards = np.array([env.step(action)[1] for action in rng.integers(3, size=100)])  # [1] is the reward
        returns.append(discounted_returns(rewards, gamma=0.9)[0])
    error = np.std(returns) / np.sqrt(1000)
    print(
        f"from {name}: {np.mean(returns):.2f} ± {error:.2f}, single returns from {min(returns):.1f} to {max(returns):.1f}"
    )

# %% [markdown]
# Two hundred thousand steps, and the first decimal is still in doubt: the mean of so many returns typically misses by about as much as the number behind the ±, sometimes by twice as much. The model must give us more than that.

# %% [markdown]
# ## The Bellman equation
# Take $G_t = R_{t+1} + \gamma G_{t+1}$ once more, and take the mean of both sides, given that $S_t = s$. On the left: $v_\pi(s)$. On the right, sort by what can happen in the first step. Action $a$ is taken with probability $\pi(a \mid s)$; it leads to $s'$ with reward $r$ with probability $p(s', r \mid s, a)$; and then, unless the episode is over, the mean of $G_{t+1}$ is $v_\pi(s')$. *Here the Markov property is used:* the return from $s'$ does not depend on how we got there.
#
# $$v_\pi(s) = \sum_a \pi(a \mid s) \sum_{s', r} p(s', r \mid s, a) \big[\, r + \gamma\, v_\pi(s') \,\big]$$
#
# This is the **Bellman equation**: *the value of a state is the expected reward of one step plus the discounted value of where it leads.* For action values, the first action is given, so the mean over actions comes second:
#
# $$q_\pi(s, a) = \sum_{s', r} p(s', r \mid s, a) \Big[\, r + \gamma \sum_{a'} \pi(a' \mid s')\, q_\pi(s', a') \,\Big]$$
#
# In both, what follows a step that *ends the episode* is 0. A **backup diagram** shows such an equation as a tree. The value at the root is computed from the values at the leaves, and carried *back up*:

# %% figure="backup"
plotting.backup_diagrams(["v_pi", "q_pi"], title="One look ahead: where values come from")

# %% [markdown]
# **What you should see:** the same alternation in both trees: states (open circles), actions (dots), states, actions. From a state the policy decides the branch; from an action, the world. The left tree begins with a state and ends at states; the right one is the same pattern, begun one level later.

# %% [markdown]
# ## Values from a matrix
# For a fixed policy, the Bellman equation is one linear equation per state. To solve them all together, first average the model over the policy. What is left of it is a matrix and a vector:
#
# $$P_\pi[s, s'] = \sum_a \pi(a \mid s) \Pr\{s' \text{ and not terminated} \mid s, a\} \qquad\qquad r_\pi[s] = \sum_a \pi(a \mid s) \sum_{s', r} p(s', r \mid s, a)\, r$$
#
# $P_\pi[s, s']$ is the probability that one step from $s$ leads to $s'$ **and the episode goes on**: where it ends, nothing follows, so that step must not lead anywhere. Row $s$ adds up to 1, or to less, if a step from $s$ may be the last.
#
# *By hand,* the robot with its three-sided die, from low: searching stays low in half of the cases, waiting always, recharging never. So $P_\pi[\text{low}, \text{low}] = \tfrac13 (0.5 + 1 + 0) = 0.5$.

# %% [markdown]
# ### Exercise · the transition matrix  ●●○ · 10 minutes


# %% exercise="transition_matrix"
def transition_matrix(P: dict, policy: np.ndarray) -> np.ndarray:
    """Where one step of the policy leads, if the episode goes on.

    P: the model; P[s][a] is a list of (probability, next_state, reward, terminated). Several outcomes may
       lead to the same state: their probabilities add up. Worlds differ in size: len(P) states.
    policy: (n_states, n_actions), policy[s, a] is the probability of action a in state s.
    Returns (n_states, n_states): row = the state that is left, column = the next state.
    """
    P_pi = np.zeros((len(P), len(P)))
    ### BEGIN SOLUTION
    for s in range(len(P)):
        for action, action_probability in enumerate(policy[s]):
            for probability, next_state, _, terminated in P[s][action]:
                if not terminated:
                    P_pi[s, next_state] += action_probability * probability
    ### END SOLUTION
    return P_pi


# %% check="transition_matrix" points=2
check.transition_matrix(transition_matrix)

# %% [markdown] hint="transition_matrix"
# Three loops visit everything that can happen: states, actions, outcomes. (What you do not need of an outcome goes into `_`.) How likely is it that the policy takes this action *and* the world then gives this outcome?

# %% [markdown] hint="transition_matrix"
# For every $s$, $a$ and outcome $(p, s', r, \text{terminated})$ of `P[s][a]`: unless it terminated, `P_pi[s, s']` grows by $\pi(a \mid s) \cdot p$.

# %% [markdown] hint="transition_matrix"
# ```python
# for s in range(len(P)):
#     for action, action_probability in enumerate(policy[s]):
#         for probability, next_state, _, terminated in P[s][action]:
#             if not terminated:
#                 P_pi[s, next_state] += ...
# ```

# %% [markdown]
# Now the rewards. *By hand,* the robot with its die, from low: searching brings $0.5 \cdot 2 - 0.5 \cdot 3 = -0.5$ on average, waiting 1, recharging 0; together $r_\pi[\text{low}] = \tfrac13(-0.5 + 1 + 0) \approx 0.17$. A reward counts also when its step ends the episode.
#
# ### Exercise · the expected reward  ●○○ · 5 minutes


# %% exercise="expected_reward"
def expected_reward(P: dict, policy: np.ndarray) -> np.ndarray:
    """The mean reward of one step of the policy, from every state.

    P, policy: as in `transition_matrix`.  Returns (n_states,).
    """
    r_pi = np.zeros(len(P))
    ### BEGIN SOLUTION
    for s in range(len(P)):
        for action, action_probability in enumerate(policy[s]):
            for probability, _, reward, _ in P[s][action]:
                r_pi[s] += action_probability * probability * reward
    ### END SOLUTION
    return r_pi


# %% check="expected_reward" points=1
check.expected_reward(expected_reward)

# %% [markdown] hint="expected_reward"
# The same three loops. An expected value is a sum: each reward times the probability that it comes.

# %% [markdown] hint="expected_reward"
# For every $s$, $a$ and outcome $(p, s', r, \text{terminated})$: `r_pi[s]` grows by $\pi(a \mid s) \cdot p \cdot r$.

# %% [markdown] hint="expected_reward"
# ```python
# for s in range(len(P)):
#     for action, action_probability in enumerate(policy[s]):
#         for probability, _, reward, _ in P[s][action]:
#             r_pi[s] += ...
# ```

# %% [markdown]
# The robot with its die, as a matrix and a vector:

# %%
die = np.full((2, 3), 1 / 3)
print(transition_matrix(P, die).round(3))
print(expected_reward(P, die).round(3))

# %% [markdown]
# ## Solving it
# With $v$ as the vector of all values, the Bellman equation for all states together is one line:
#
# $$v = r_\pi + \gamma P_\pi v$$
#
# Bring the unknowns to one side, with $I$ the identity matrix:
#
# $$(I - \gamma P_\pi)\, v = r_\pi$$
#
# As many equations as unknowns. If $\gamma < 1$, or if the policy is sure to reach an end from every state, there is exactly one solution. (Why, for $\gamma < 1$? The difference $d$ of two solutions satisfies $d = \gamma P_\pi d$. No row of $P_\pi$ adds up to more than 1, so the largest $|d(s)|$ is at most $\gamma$ times itself: it is 0.) `np.linalg.solve(A, b)` finds the $v$ with $A v = b$.

# %% [markdown]
# ### Exercise · state values  ●○○ · 5 minutes


# %% exercise="state_values"
def state_values(P: dict, policy: np.ndarray, gamma: float) -> np.ndarray:
    """The value of every state under a policy: the solution of the Bellman equation.

    P, policy: as in `transition_matrix`.  gamma: the discount.  Returns (n_states,).
    """
    ### BEGIN SOLUTION
    P_pi = transition_matrix(P, policy)
    r_pi = expected_reward(P, policy)
    return np.linalg.solve(np.eye(len(P)) - gamma * P_pi, r_pi)
    ### END SOLUTION


# %% check="state_values" points=2
check.state_values(state_values)

# %% [markdown] hint="state_values"
# You have written both ingredients already. What are $A$ and $b$ in $A v = b$?

# %% [markdown] hint="state_values"
# $A = I - \gamma P_\pi$ and $b = r_\pi$. The identity matrix is `np.eye(len(P))`.

# %% [markdown] hint="state_values"
# ```python
# P_pi = transition_matrix(P, policy)
# r_pi = ...
# return np.linalg.solve(np.eye(len(P)) - ..., ...)
# ```

# %%
print("the robot with its die, high and low:", state_values(P, np.full((2, 3), 1 / 3), gamma=0.9).round(4))

# %% [markdown]
# Compare with the averages from two hundred thousand steps: both lie within twice their ± of these numbers. Here there is no ±, and no die was rolled.
#
# ## A world from the book
# Example 3.5 of the book is a grid of 5 × 5 cells, numbered row by row from 0 to 24. You go up, right, down or left. A move that would leave the grid leaves you where you are and costs 1; the other moves pay nothing. But two cells are special: from **A**, every action pays 10 and throws you to **A′**; from **B**, every action pays 5 and throws you to **B′**. It never ends; $\gamma = 0.9$; and the agent rolls a four-sided die.

# %% figure="book_grid"
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
places = {1: "A", 21: "A′", 3: "B", 13: "B′"}
V = state_values(grid.P, np.full((25, 4), 0.25), gamma=0.9)
plotting.value_grid(V, (5, 5), title="The random policy on the grid", letters=places)

# %% [markdown]
# **What you should see:** the 25 numbers of the book's Figure 3.2: 3.3, 8.8, 4.4, 5.3, 1.5 in the first row, −1.9, −1.3, −1.2, −1.4, −2.0 in the last. The cells around A and B are worth much, since the die often stumbles into the prize. At the lower edge values are negative: the prizes are far and the edge is near.
#
# Check one cell by hand, the centre, 0.7. Every move pays nothing and leads to one of four neighbours: 2.3 above, 0.4 to the right, −0.4 below, 0.7 to the left. The Bellman equation says $\tfrac14 \cdot 0.9 \cdot (2.3 + 0.4 - 0.4 + 0.7) = 0.675$, which is 0.7 when rounded.

# %% [markdown] think="a-and-b" points=1
# **Think.** A pays 10 at once, yet it is worth only 8.8. B pays 5 at once, yet it is worth more, 5.3. Why?
#
# <!-- BEGIN SOLUTION -->
# After the prize the agent stands at A′ or B′, and goes on from there: $v(A) = 10 + 0.9\, v(A')$ and $v(B) = 5 + 0.9\, v(B')$. A′ lies at the lower edge, where the die often bumps into the wall: $v(A') \approx -1.3$, so A is worth $10 - 1.2 = 8.8$. B′ lies inside, close to both prizes: $v(B') \approx 0.4$, so B is worth $5 + 0.3 = 5.3$. A value is never the reward of the next step alone.
# <!-- END SOLUTION -->

# %% [markdown]
# How far does the agent look? The same world and the same policy, with three discounts:

# %% figure="discounts"
fair = np.full((25, 4), 0.25)
tables = {f"γ = {gamma}": state_values(grid.P, fair, gamma) for gamma in (0.0, 0.5, 0.9)}
plotting.value_grids(tables, (5, 5), title="The same grid, short-sighted and far-sighted", letters=places)

# %% [markdown]
# **What you should see:** with $\gamma = 0$ only the next reward counts: exactly 10 and 5 in A and B, 0 inside, −0.25 at an edge (shown as −0.2: Python rounds a tie to the even digit), −0.5 in a corner. With $\gamma = 0.5$ the prizes are felt next door, and hardly further. With $\gamma = 0.9$ the news of the prizes, and of the walls, has spread through the whole grid.

# %% [markdown]
# ## From states to actions
# Values of states say where it is good to be. To decide what to *do*, we need values of actions. If $v_\pi$ is known, $q_\pi$ is one step away: the action is taken, the world answers, and then the table holds the rest:
#
# $$q_\pi(s, a) = \sum_{s', r} p(s', r \mid s, a) \big[\, r + \gamma\, v_\pi(s') \,\big]$$
#
# with only the reward $r$ where the step ends the episode. No policy enters this formula, other than through $v_\pi$. And back: $v_\pi(s) = \sum_a \pi(a \mid s)\, q_\pi(s, a)$. Each is the other, seen from half a step away.

# %% [markdown]
# ### Exercise · action values  ●●○ · 8 minutes


# %% exercise="action_values"
def action_values(P: dict, V: np.ndarray, gamma: float) -> np.ndarray:
    """The value of every action in every state: its expected reward, and what the table says about the rest.

    P, gamma: as before.  V: (n_states,), what the states are worth, terminal or not.
    Returns (n_states, n_actions). All states have the same actions; P[0] shows how many.
    After a step that terminated nothing follows, whatever V says.
    """
    ### BEGIN SOLUTION
    Q = np.zeros((len(P), len(P[0])))
    for s in range(len(P)):
        for action in range(len(P[s])):
            for probability, next_state, reward, terminated in P[s][action]:
                rest = 0.0 if terminated else V[next_state]
                Q[s, action] += probability * (reward + gamma * rest)
    return Q
    ### END SOLUTION


# %% check="action_values" points=2
check.action_values(action_values)

# %% [markdown] hint="action_values"
# The three loops again, but now each action keeps a place of its own. Which weight of `transition_matrix` is not needed here?

# %% [markdown] hint="action_values"
# For every $s$, $a$ and outcome $(p, s', r, \text{terminated})$: `Q[s, a]` grows by $p \cdot \big(r + \gamma V(s')\big)$, or by $p \cdot r$ alone if it terminated.

# %% [markdown] hint="action_values"
# ```python
# Q = np.zeros((len(P), len(P[0])))
# for s in range(len(P)):
#     for action in range(len(P[s])):
#         for probability, next_state, reward, terminated in P[s][action]:
#             rest = ...   # 0.0 if terminated, otherwise V[next_state]
#             Q[s, action] += ...
# return Q
# ```

# %% [markdown]
# What the robot's actions are worth, if after them it goes on rolling its die:

# %%
die = np.full((2, 3), 1 / 3)
V = state_values(P, die, gamma=0.9)
Q = action_values(P, V, gamma=0.9)
for s, name in ((HIGH, "high"), (LOW, "low")):
    print(
        f"{name:>4}: search {Q[s, 0]:.2f}, wait {Q[s, 1]:.2f}, recharge {Q[s, 2]:.2f}; mean {Q[s].mean():.2f} = value {V[s]:.2f}"
    )

# %% [markdown]
# The mean of a row is the state's value, as it must be for a die. But the actions are not equal. With a high battery, searching is best. With a low one it is the worst, and *recharging* is best, although it is the only action that never pays anything: it leads to a better place. An agent that rolls its die although it has this table throws reward away. What it should do instead is the question of the next lesson.

# %% [markdown] think="add-a-constant" points=1
# **Think.** Add a constant $c$ to *every* reward of the 5 × 5 grid. What happens to the values, and to the differences between them? Would the same be true in a maze, where each step costs 1 and the episode ends at the exit?
#
# <!-- BEGIN SOLUTION -->
# In the grid nothing ever ends, so each return grows by $c + \gamma c + \gamma^2 c + \dots = \frac{c}{1 - \gamma}$, and so does each value: with $c = 1$ and $\gamma = 0.9$, by 10. Differences stay the same; only relative rewards matter there. In a maze the constant is added once per *step*, so longer episodes gain more of it. Add 2 to the −1 of each step, and every step pays 1: the best thing to do is never to leave. (Exercises 3.15 and 3.16 of the book.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - A **Markov decision process** is states, actions, and dynamics $p(s', r \mid s, a)$; in this course, `P[s][a]`.
# - The **Markov property** is a demand on the state: given the present, the past tells nothing more. Counting can refute it, but not prove it; an observation that fails can be mended with memory.
# - The **return** is the discounted sum of the rewards to come; $G_t = R_{t+1} + \gamma G_{t+1}$ computes it backwards.
# - The **Bellman equation** is the mean of that line. For a fixed policy it is a linear system, $v = r_\pi + \gamma P_\pi v$, and its solution is exact.
# - State values and action values are half a step apart; going from $v$ to $q$ takes the model.
#
# The result, beside the numbers in the book:

# %%
grid = gymnasium.make("course/JumpGridworld-v0").unwrapped
V = state_values(grid.P, np.full((25, 4), 0.25), gamma=0.9).reshape(5, 5)
first, second, third = [3.3, 8.8, 4.4, 5.3, 1.5], [1.5, 3.0, 2.3, 1.9, 0.5], [0.1, 0.7, 0.7, 0.4, -0.4]
book = np.array([first, second, third, [-1.0, -0.4, -0.4, -0.6, -1.2], [-1.9, -1.3, -1.2, -1.4, -2.0]])
headline(
    metric="Random policy on the 5 × 5 grid, values that equal the book's when rounded to one decimal",
    value=f"{np.isclose(V.round(1), book).sum()} of 25; largest difference to the rounded numbers {np.abs(V - book).max():.3f}",
    published="25 values, 3.3, 8.8, 4.4, 5.3, 1.5 … −2.0, to one decimal",
    source="Sutton and Barto (2018), Example 3.5, Figure 3.2",
)

# %% [markdown]
# ## What to try next
# - ●○○ Give the guard a memory of his own: he turns round only after three steps in one direction. How much memory does the observer need now? Test it with `memory_gain`.
# - ●●○ Exercise 3.14 of the book asks for the Bellman equation at the centre cell. Write a function that tests it at *every* state of any world, for any table `V`, and try it on a table with one wrong entry. At which states does it show?
# - ●●● Write the `P` of a world of your own, such as a student's day between *lecture*, *café* and *asleep*, and find out which of its states is worth most. Does the answer change with $\gamma$?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html), chapter 3, "Finite Markov Decision Processes": section 3.1, agent and environment, with Example 3.3, the recycling robot; section 3.3, returns; section 3.5, values and the Bellman equation (3.14), p. 59, with Example 3.5 and Figure 3.2.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 2: Markov Decision Processes](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): its chapter on Markov decision processes was prose, without exercises; those of this lesson are new.
