# %% [markdown] minutes=90
# # Q-learning and the cliff
# You are learning to walk along a cliff, and you stumble now and then. Should you learn what is best for somebody who never stumbles, or what is best for you? SARSA and Q-learning answer differently, and they differ in one line.
#
# **You will** write the target of Q-learning, one loop that takes any target, a walk along the greedy path, and the target of Expected SARSA; and you will see which of the three falls off the cliff.
#
# **You need** action values and SARSA from the lesson before, and ε-greedy policies.

# %%
from collections.abc import Callable

import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.temporal_difference import q_learning_and_the_cliff as check
from lib.models import td_control as many_runs
from lib.models.td_control import epsilon_greedy

setup(seed=0)

# %% [markdown]
# ## The cliff
# A grid of 4 × 12 cells, numbered row by row. You start in the bottom left corner (`x`, cell 36) and want to get to the bottom right one (`T`, cell 47). The ten cells between them are a cliff (`C`). Every step costs 1. A step into the cliff costs 100 and **puts you back at the start; the episode goes on**. This is Example 6.6 of Sutton and Barto's book, and Gymnasium's `CliffWalking` has the same rule.
#
# The tutorial of 2016, to which this lesson goes back, had another rule: a fall *ended* the episode. Our world has both: `on_fall="reset"`, which is the default, and `on_fall="terminate"`. The actions are 0 = up, 1 = right, 2 = down, 3 = left, and $\gamma = 1$: returns are plain sums. (As before, `.unwrapped` takes off Gymnasium's outer layers, `.P` is the model behind them, and the fourth value of `step`, `truncated`, is never true here: no clock ends an episode.)

# %%
UP, RIGHT, START, GOAL = 0, 1, 36, 47
for on_fall in ("reset", "terminate"):
    env = gymnasium.make("course/CliffWalking-v0", on_fall=on_fall, render_mode="ansi").unwrapped
    env.reset()
    state, reward, terminated, _, _ = env.step(RIGHT)
    print(f"{on_fall}: a step to the right leads to state {state}, reward {reward:g}, terminated {terminated}")
    print(env.render(), "\n")

# %% [markdown]
# The shortest way runs along the very edge and takes 13 steps. A walker who keeps as far from the edge as possible goes over the top row: 17 steps.
#
# ## What SARSA learns
# Recall the last lesson. `Q[s, a]` estimates what action $a$ in state $s$ is worth. After each step from $S_t$ with action $A_t$, the estimate moves the fraction $\alpha$ of the way to a **target**:
#
# $$Q(S_t, A_t) \leftarrow Q(S_t, A_t) + \alpha\,\big[\,\text{target} - Q(S_t, A_t)\,\big]$$
#
# SARSA's target is the reward plus what the table says about the next action $A_{t+1}$, the one that is *really taken* next:
#
# $$\text{target} = R_{t+1} + \gamma\, Q(S_{t+1}, A_{t+1})$$
#
# and only the reward if the step ended the episode: **nothing follows the end**, whatever the table holds there. All targets of this lesson get the same seven arguments, so that we can exchange them (`epsilon` is new). Which of them a target does *not* use says a lot about it. SARSA's does not use `epsilon`.


# %%
def sarsa_target(Q, reward, next_state, next_action, terminated, epsilon, gamma):
    """The reward and, unless it is over, the discounted value of the action that is taken next."""
    rest = 0.0 if terminated else Q[next_state, next_action]
    return reward + gamma * rest


# %% [markdown]
# The next action comes from the ε-greedy policy: with probability ε any action, all equally likely, otherwise one that is best according to the table. So SARSA learns the value of *what it does*, stumbling included. It learns **on-policy**: the policy that acts is the policy that is valued.
#
# ## What if you never stumbled?
# Q-learning asks another question: what would the action be worth if from the next state on I did only the best? It still stumbles while it learns, but in its target it *pretends* that it will not:
#
# $$\text{target} = R_{t+1} + \gamma \max_a Q(S_{t+1}, a)$$
#
# The policy that acts (the **behaviour policy**) is ε-greedy; the policy that is valued (the **target policy**) is greedy. When the two differ, learning is **off-policy**. Off-policy Monte Carlo needed importance sampling to correct for what the behaviour did otherwise. Q-learning needs none: the target does not look at the action that the behaviour takes next, so there is nothing to correct.
#
# *Once by hand.* A step with reward −1 leads to cell 25, above the cliff, where the table says −14 (up), −11 (right), −100 (down) and −13 (left). The walker stumbles: its next action is *down*. Then SARSA's target is $-1 - 100 = -101$. Q-learning's is $-1 - 11 = -12$: it does not care what happens next.

# %% [markdown]
# ### Exercise · the target of Q-learning  ●○○ · 5 minutes


# %% exercise="q_learning_target"
def q_learning_target(
    Q: np.ndarray,
    reward: float,
    next_state: int,
    next_action: int,
    terminated: bool,
    epsilon: float,
    gamma: float,
) -> float:
    """The reward and, unless it is over, the discounted value of the best next action.

    Q: (n_states, n_actions), the table; only read.  reward: of the step.  next_state: where it led.
    next_action: what will be done there.  terminated: whether the step ended the episode.
    epsilon: how often the behaviour explores, 0 … 1.  gamma: the discount, 0 … 1.
    Returns one number. All values in Q may be negative; those of a state in which it is over do not count.
    """
    ### BEGIN SOLUTION
    rest = 0.0 if terminated else np.max(Q[next_state])
    return reward + gamma * rest
    ### END SOLUTION


# %% check="q_learning_target" points=1
check.q_learning_target(q_learning_target)

# %% [markdown] hint="q_learning_target"
# Begin with SARSA's target. It looks up the value of one action. Which one does Q-learning look up?

# %% [markdown] hint="q_learning_target"
# $R + \gamma \max_a Q(S', a)$, or only $R$ after the end. `Q[next_state]` is the row with the values of all actions in the next state.

# %% [markdown] hint="q_learning_target"
# ```python
# rest = 0.0 if terminated else np.max(...)
# return reward + gamma * rest
# ```

# %% [markdown]
# The step from above; you should see −101 and −12.

# %%
table = np.zeros((48, 4))
table[25] = [-14, -11, -100, -13]  # up, right, down, left
step = dict(reward=-1.0, next_state=25, next_action=2, terminated=False, epsilon=0.1, gamma=1.0)
print("SARSA:     ", sarsa_target(table, **step))
print("Q-learning:", q_learning_target(table, **step))

# %% [markdown]
# ## One loop for all of them
# A target is no algorithm yet. The loop around it is the same for all three algorithms of this lesson:
#
# ```text
# for each episode:
#     reset; choose the first action
#     until the episode is over:
#         take the action; see the reward and the next state
#         choose the next action, ε-greedily, from the table as it is now
#         ask for the target, and move Q(S, A) the fraction α of the way to it
#         go on: the next state and the next action become the current ones
# ```
#
# The order matters for SARSA. The action that the target is asked about must be the one that is taken in the next step, so it is chosen **before** the update, **once**. In the terminal state choose an action, too: the target ignores it, and nobody takes it, but the loop needs no special case. (A loop that leaves it out is just as right. It draws other random numbers, though, so the numbers and paths of its single runs below will not be ours.)
#
# In the book's box, Q-learning chooses its next action *after* the update. That makes a difference only where a step leads back to the state that it left (a wall; a fall from the start), since an update changes one state's row and no other. (Measured over 2000 runs: a mean return of −80.5 instead of −82.2 in the first 100 episodes, and no difference in the last 100 of 500.) We take the one order for all, so that the target is the only difference between them.
#
# Choose every action with `epsilon_greedy(q, epsilon, rng)`. It is given, and does what your `choose_action` did in the lesson before: it takes the values `q` of one state, shape `(n_actions,)`, and returns an action. Of several best actions it takes each with the same probability.

# %% [markdown]
# ### Exercise · the loop  ●●○ · 12 minutes
# You know it from SARSA. What is new is that the target is an argument, a function that your loop calls.


# %% exercise="td_control"
def td_control(
    env: gymnasium.Env,
    target: Callable[..., float],
    num_episodes: int,
    rng: np.random.Generator,
    alpha: float = 0.5,
    epsilon: float = 0.1,
    gamma: float = 1.0,
) -> tuple[np.ndarray, list[float]]:
    """Learn action values with the given target; `epsilon_greedy` chooses all actions, one after the last step, too.

    env: states and actions are numbers; env.observation_space.n and env.action_space.n say how many there are.
    target: called as target(Q, reward, next_state, next_action, terminated, epsilon, gamma), once per step.
    alpha: step size, 0 … 1.  epsilon: how often to explore, 0 … 1.  gamma: only handed on to the target.
    Returns the table (n_states, n_actions), and a list: the plain sum of each episode's rewards, the last one included.
    """
    Q, returns = np.zeros((env.observation_space.n, env.action_space.n)), []
    ### BEGIN SOLUTION
    for _ in range(num_episodes):
        state, _ = env.reset()
        action = epsilon_greedy(Q[state], epsilon, rng)
        total, terminated = 0.0, False
        while not terminated:
            next_state, reward, terminated, _, _ = env.step(action)
            next_action = epsilon_greedy(Q[next_state], epsilon, rng)
            aim = target(Q, reward, next_state, next_action, terminated, epsilon, gamma)
            Q[state, action] += alpha * (aim - Q[state, action])
            total += reward
            state, action = next_state, next_action
        returns.append(total)
    return Q, returns
    ### END SOLUTION


# %% check="td_control" points=3
check.td_control(td_control)

# %% [markdown] hint="td_control"
# Two loops: one over episodes, one over the steps of an episode. Before the inner one you need a state, an action, a sum of rewards at 0, and `terminated = False`. What must you know before you can ask for the target?

# %% [markdown] hint="td_control"
# In the inner loop, in this order: step; choose the next action from `Q[next_state]`; $\text{aim} \leftarrow \text{target}(\dots)$; $Q(S, A) \leftarrow Q(S, A) + \alpha\,(\text{aim} - Q(S, A))$; add the reward; then $S \leftarrow S'$ and $A \leftarrow A'$.

# %% [markdown] hint="td_control"
# ```python
# for _ in range(num_episodes):
#     state, _ = env.reset()
#     action = epsilon_greedy(...)
#     total, terminated = 0.0, False
#     while not terminated:
#         next_state, reward, terminated, _, _ = env.step(action)
#         next_action = epsilon_greedy(...)
#         aim = target(Q, reward, next_state, next_action, terminated, epsilon, gamma)
#         Q[state, action] += ...
#         total += reward
#         state, action = ...
#     returns.append(total)
# return Q, returns
# ```

# %% [markdown]
# Five hundred episodes with each target, $\alpha = 0.5$ and $\varepsilon = 0.1$, as in the tutorial of 2016. (The book's figure has the same ε and does not say its α.) The picture shows what each table believes of its best action, $\max_a Q(s, a)$.

# %% figure="beliefs"
cliff = gymnasium.make("course/CliffWalking-v0").unwrapped
beliefs = {}
for name, target in (("SARSA", sarsa_target), ("Q-learning", q_learning_target)):
    Q, returns = td_control(cliff, target, 500, np.random.default_rng(12))
    print(f"{name}: mean return of the last 100 episodes {np.mean(returns[-100:]):.1f}")
    beliefs[name] = Q.max(axis=1)
letters = dict.fromkeys(range(37, 47), "C") | {GOAL: "T"}
plotting.value_grids(beliefs, (4, 12), title="The value of the best action", columns=1, terminals=letters)

# %% [markdown]
# **What you should see** (with other random draws, single numbers and paths differ a little here and in the next two pictures): below, Q-learning's numbers are the steps that are left, with a minus sign: −13 at the start, then −12, −11, … −1 along the edge. It thinks nothing of the cliff beside it, for somebody who always does the best thing never falls. (The top row is not quite settled: it began at 0, and the walker hardly ever goes there. The true value of the top left cell is −14.) SARSA's numbers are lower almost everywhere, about −21 at the start, lowest on the left part of the edge, and they jump from cell to cell: its targets depend on the luck of the next action, and with $\alpha = 0.5$ half of that luck goes into the table. And yet SARSA earns more: a mean return of about −26 against about −50. (The 0.0 in the grey cells was never learned: nobody ever acts there.)

# %% [markdown]
# ## The greedy path
# What has each of them learned to do? Switch the exploration off and walk: in each state the action with the largest value, from the start until the episode is over.
#
# In the lesson before such a walk was given; now write it for any world. Two things can go wrong. A table may send you round in circles for ever, so the walk needs a **limit**. And it is easy to count wrongly: a path of 13 steps visits 14 states, the start and the end included. (The tutorial of 2016 numbered its steps from 0 and reported every episode one step too short: a walker who fell with the first step had an episode of length 0.)

# %% [markdown]
# ### Exercise · the greedy path  ●○○ · 8 minutes


# %% exercise="greedy_path"
def greedy_path(Q: np.ndarray, env: gymnasium.Env, limit: int = 100) -> list[int]:
    """The states that the greedy policy of a table visits, from the start to the end.

    Q: (n_states, n_actions), only read. Of several best actions take any.
    limit: the most steps to take, >= 1. A walk that is not over by then is cut off there.
    Returns the states in order: the first one, and the state after each step, the last one included.
    """
    ### BEGIN SOLUTION
    state, _ = env.reset()
    path, terminated = [state], False
    while not terminated and len(path) <= limit:
        state, _, terminated, _, _ = env.step(int(np.argmax(Q[state])))
        path.append(state)
    return path
    ### END SOLUTION


# %% check="greedy_path" points=2
check.greedy_path(greedy_path)

# %% [markdown] hint="greedy_path"
# It is the loop over one episode again, without learning and without chance. What ends it? There are two reasons.

# %% [markdown] hint="greedy_path"
# Begin with the list `[state]`. While it is not over *and* the list holds no more than `limit` states: step with $\arg\max_a Q(s, a)$, and append the new state. A list of $n$ states is a path of $n - 1$ steps.

# %% [markdown] hint="greedy_path"
# ```python
# state, _ = env.reset()
# path, terminated = [state], False
# while not terminated and len(path) <= limit:
#     state, _, terminated, _, _ = env.step(...)
#     path.append(...)
# return path
# ```

# %% [markdown]
# Both greedy paths on one map; the cliff is grey.

# %% figure="paths"
cliff = gymnasium.make("course/CliffWalking-v0").unwrapped
paths = {}
for name, target in (("SARSA", sarsa_target), ("Q-learning", q_learning_target)):
    Q, _ = td_control(cliff, target, 500, np.random.default_rng(12))
    paths[name] = greedy_path(Q, cliff)
grey = np.isin(np.arange(48), range(37, 47))
plotting.grid_path(paths, (4, 12), title="Greedy paths", marks={START: "S", GOAL: "G"}, shades=grey)

# %% [markdown]
# **What you should see:** SARSA goes straight up, along the top row, and down: 17 steps, as far from the edge as it can. (Other draws give other ways now and then, even circles: you will count them soon.) Q-learning walks along the very edge: 13 steps, the shortest way. (The lines are shifted a little, so that they do not cover each other.)
#
# And in motion, side by side:

# %% figure="walks"
film = gymnasium.make("course/CliffWalking-v0", render_mode="rgb_array").unwrapped
walks = {}
for name, target in (("SARSA", sarsa_target), ("Q-learning", q_learning_target)):
    Q, _ = td_control(film, target, 500, np.random.default_rng(12))
    walks[name] = []
    for state in greedy_path(Q, film):
        film.reset(options={"state": state})
        walks[name].append(film.render())
words = "Two walkers on the cliff begin together, and each follows the path of the picture before."
plotting.animation(walks, title="Greedy walks", alt=words, fps=4, width=420)

# %% [markdown]
# **What you should see:** two walkers that begin together; Q-learning arrives four steps earlier, and its picture fades while SARSA walks on. The orange cells are the cliff. No one falls, because exploration is off. With ε = 0.1, the walker at the edge goes down by chance once in forty draws, in each of ten cells above the cliff.

# %% [markdown] think="worse-online" points=1
# **Think.** Q-learning has found the shortest way, and SARSA has not. Yet while they learn, Q-learning collects the worse returns, even after hundreds of episodes. Is that a contradiction? Which of the two would you rather have in a robot that learns at work, and which in a simulator?
#
# <!-- BEGIN SOLUTION -->
# There is no contradiction: the returns are those of the ε-greedy *behaviour*, but Q-learning values and improves the *greedy* policy. At the start and in the ten cells above the cliff, one action of four leads into it: eleven chances of ε/4 = 2.5 %, so about one walk in four falls, and each fall costs 100 and a new start. SARSA values the behaviour itself, stumbling included, and moves away from the edge. At work, where the falls are real and exploration goes on, on-policy learning is the safer choice. In a simulator falls cost nothing, and the greedy policy is what you will deploy: there Q-learning learns the right thing.
# <!-- END SOLUTION -->

# %% [markdown]
# ## The mean instead of a sample: Expected SARSA
# SARSA's target depends on the luck of the next draw. In the example above it was −101, because the walker was about to stumble; nine times out of ten or more it would have been −12. Where the policy is known, the luck can be taken out: replace the value of the next action by its **expected value** under the policy.
#
# $$\text{target} = R_{t+1} + \gamma \sum_a \pi(a \mid S_{t+1})\, Q(S_{t+1}, a)$$
#
# For the ε-greedy policy with $n$ actions, every action has the probability $\varepsilon / n$ from exploring, and the best one has $1 - \varepsilon$ on top. (It does not matter how several best actions share the $1 - \varepsilon$: their values are equal.)
#
# *By hand,* for the row −14, −11, −100, −13 and ε = 0.1: each action has 0.025, the best one 0.925. The mean is $0.925 \cdot (-11) + 0.025 \cdot (-14 - 100 - 13) = -13.35$, so the target is −14.35.

# %% [markdown]
# ### Exercise · the target of Expected SARSA  ●●○ · 8 minutes


# %% exercise="expected_sarsa_target"
def expected_sarsa_target(
    Q: np.ndarray,
    reward: float,
    next_state: int,
    next_action: int,
    terminated: bool,
    epsilon: float,
    gamma: float,
) -> float:
    """The reward and, unless it is over, the discounted mean value of what the ε-greedy policy may do next.

    The arguments are those of `q_learning_target`. Worlds differ in their number of actions.
    Returns one number.
    """
    ### BEGIN SOLUTION
    if terminated:
        return reward
    q = Q[next_state]
    return reward + gamma * ((1 - epsilon) * np.max(q) + epsilon * np.mean(q))
    ### END SOLUTION


# %% check="expected_sarsa_target" points=2
check.expected_sarsa_target(expected_sarsa_target)

# %% [markdown] hint="expected_sarsa_target"
# What does the ε-greedy policy do with probability ε, and what is *that* worth on average? What does it do with probability 1 − ε?

# %% [markdown] hint="expected_sarsa_target"
# With probability $1 - \varepsilon$ the value is $\max_a Q(S', a)$. With probability $\varepsilon$ every action is equally likely, so the value is the plain mean $\frac1n \sum_a Q(S', a)$. The best action is in both parts: its probability is $1 - \varepsilon + \varepsilon/n$.

# %% [markdown] hint="expected_sarsa_target"
# ```python
# if terminated:
#     return reward
# q = Q[next_state]
# return reward + gamma * ((1 - epsilon) * ... + epsilon * ...)
# ```

# %% [markdown]
# The same step once more, all three targets. You should see −101, −12 and −14.35.

# %%
table = np.zeros((48, 4))
table[25] = [-14, -11, -100, -13]
step = dict(reward=-1.0, next_state=25, next_action=2, terminated=False, epsilon=0.1, gamma=1.0)
for name, target in (
    ("SARSA", sarsa_target),
    ("Q-learning", q_learning_target),
    ("Expected SARSA", expected_sarsa_target),
):
    print(f"{name:>14}: {target(table, **step):7.2f}")

# %% [markdown]
# ## Five hundred runs
# One run of 500 episodes is an anecdote. For the rest of the lesson we use five hundred runs, with the same three algorithms in compiled form from `lib`, since your loop would need several minutes for each.


# %%
METHODS = {"SARSA": "sarsa", "Q-learning": "q_learning", "Expected SARSA": "expected_sarsa"}


def five_hundred_runs(method: str, on_fall: str = "reset") -> many_runs.Runs:
    """Runs of 500 episodes: their tables Q (500, 48, 4), and the returns of their episodes (500, 500)."""
    P = gymnasium.make("course/CliffWalking-v0", on_fall=on_fall).unwrapped.P
    return many_runs.td_control_runs(P, START, method, runs=500, episodes=500, rng=np.random.default_rng(0))


# %% [markdown]
# Is it really the same? With the same random draws, your loop and the compiled one must give the same numbers. (The compiled loop chooses an action in the terminal state, too. Should yours not, or should it draw in another order, you will read `False`, and means that differ by a few points: that is luck, no mistake.)

# %%
cliff = gymnasium.make("course/CliffWalking-v0").unwrapped
for name, target in zip(METHODS, (sarsa_target, q_learning_target, expected_sarsa_target), strict=True):
    Q, returns = td_control(cliff, target, 100, np.random.default_rng(5).spawn(1)[0])
    compiled = many_runs.td_control_runs(cliff.P, START, METHODS[name], 1, 100, np.random.default_rng(5))
    same = np.allclose(Q, compiled.Q[0]) and np.allclose(returns, compiled.returns[0])
    means = f"{np.mean(returns[-50:]):.1f} and {compiled.returns[0, -50:].mean():.1f}"
    print(f"{name:>14}: mean of the last 50 returns {means}, the same table and returns: {same}")

# %% [markdown]
# Now the figure of Example 6.6: the return of each episode, averaged over the runs. Each point is the mean of the last ten episodes, the band a 95 % confidence interval. The dotted lines are computed from the model, without any learning: what an ε-greedy walker gets on average who has the *exact* values $q_*$ that Q-learning is after, and what the *best of all* ε-greedy walkers gets.

# %% figure="example-6-6"
cliff = gymnasium.make("course/CliffWalking-v0").unwrapped
curves = {name: five_hundred_runs(method).returns for name, method in METHODS.items()}
lines = {}
for label, epsilon in (("with q*", 0.0), ("best ε-greedy", 0.1)):
    Q = many_runs.best_epsilon_greedy(cliff.P, epsilon)
    value = many_runs.expected_return(cliff.P, START, Q, epsilon=0.1)
    lines[f"{label}: {value:.1f}"] = value
plotting.learning_curves(
    curves, title="Cliff walking, 500 runs", ylabel="return", smoothing=10, limits=(-100, 0), marks=lines
)

# %% [markdown]
# **What you should see:** all three begin far below the picture. Q-learning and Expected SARSA reach their level within about a hundred episodes, SARSA within about two hundred. Q-learning stays near −50, on the lower dotted line, though it has found the shortest way. SARSA does better, −27 in the last 100 episodes, and Expected SARSA reaches the upper dotted line, −20.7: with these settings nobody who explores with ε = 0.1 can do better on average. This is the book's figure: there, SARSA ends near −25 and Q-learning near −50; Expected SARSA is not in it.

# %% [markdown]
# ## Where do all of them walk?
# The same runs, asked for their greedy paths, under both rules of falling. A path that is not over after 100 steps walks in circles.

# %%
print("rule       algorithm       last 100 | steps: 13    15    17  other  circles")
for rule in ("reset", "terminate"):
    P = gymnasium.make("course/CliffWalking-v0", on_fall=rule).unwrapped.P
    for name, method in METHODS.items():
        runs = five_hundred_runs(method, rule)
        steps = many_runs.greedy_lengths(P, START, runs.Q, limit=100)
        shares = [np.mean(steps == number) for number in (13, 15, 17)]
        shares += [1 - sum(shares) - np.mean(steps == 100), np.mean(steps == 100)]
        row = " ".join(f"{abs(share):5.1%}" for share in shares)
        print(f"{rule:10} {name:15} {runs.returns[:, -100:].mean():7.1f} | {row}")

# %% [markdown]
# Q-learning takes the edge in every single run, under both rules. SARSA takes 17 steps in three runs of four; in about one of six its greedy path goes round in circles, because with $\alpha = 0.5$ its table never comes to rest. (While it learns, exploration and the next update set it free again.) Expected SARSA does something that neither of them does: 15 steps.
#
# The two rules give nearly the same paths. Only the returns differ: where a fall ends the episode, a walk along the edge costs less.

# %% [markdown]
# ## Why 17, and not 15?
# The model knows the answer. The dotted line of the *best ε-greedy walker* came from policy iteration among all policies that explore with ε = 0.1. Where does that walker go?

# %% figure="exact-paths"
cliff = gymnasium.make("course/CliffWalking-v0").unwrapped
paths = {}
for epsilon in (0.0, 0.1, 0.2):
    Q = many_runs.best_epsilon_greedy(cliff.P, epsilon).round(9)
    paths[f"ε = {epsilon}"] = greedy_path(Q, cliff)
grey = np.isin(np.arange(48), range(37, 47))
title = "The best way for those who stumble, from the model"
plotting.grid_path(paths, (4, 12), title=title, marks={START: "S", GOAL: "G"}, shades=grey)

# %% [markdown]
# **What you should see:** who never stumbles takes the edge, 13 steps. Who stumbles with ε = 0.1 should walk **one** row higher, 15 steps. With ε = 0.2 it is the top row. So the safe way of SARSA, 17 steps, is *too* safe! Expected SARSA found the 15 steps in practically every run; SARSA did not. What differs is only the luck in SARSA's target. With $\alpha = 0.5$ a single fall leaves half of its −100 in the table, and half of that again reaches the cell before, so the cells near the edge look worse than they are on average. If that is the reason, a smaller step size must help. It needs more episodes; and lest *they* be the reason, the second line gives them to $\alpha = 0.5$, too:

# %%
cliff = gymnasium.make("course/CliffWalking-v0").unwrapped
for alpha, episodes in ((0.5, 500), (0.5, 10_000), (0.1, 2000), (0.05, 5000), (0.02, 10_000)):
    runs = many_runs.td_control_runs(cliff.P, START, "sarsa", 100, episodes, np.random.default_rng(0), alpha=alpha)
    steps = many_runs.greedy_lengths(cliff.P, START, runs.Q, limit=100)
    shares = ", ".join(f"{number} steps {np.mean(steps == number):4.0%}" for number in (15, 17))
    print(f"α = {alpha:<4} {episodes:6} episodes: {shares}; last 100 {runs.returns[:, -100:].mean():.1f}")

# %% [markdown]
# More episodes alone change nothing: with $\alpha = 0.5$ there is not one path of 15 steps after 10,000 of them. (That 86 % became 76 % is chance: the table above has 77 % of 500 runs, and two other hundreds of runs of 500 episodes gave 69 % and 75 %.) As the step size falls, the 17 steps give way to 15, and the returns rise to −20.7. So the famous safe path of SARSA has two causes: that it values its own stumbling, which makes it leave the edge, and that a large step size exaggerates every fall, which drives it one row further than it should go.

# %% [markdown]
# ## Every step size: the book's Figure 6.3
# How much of this depends on $\alpha = 0.5$? For each α from 0.1 to 1 we measure the mean return of the first 100 episodes (**interim** performance) and of very many episodes (**asymptotic** performance). The book averages 50,000 runs for the first and 10 runs of 100,000 episodes for the second. We take 500 runs for the first and 10 runs of 20,000 episodes for the second, which takes about ten seconds. (We tried 5,000 runs and 100,000 episodes once: no mean moves by more than 0.8, except that of SARSA at α = 1, which never settles.)

# %% figure="figure-6-3"
P = gymnasium.make("course/CliffWalking-v0").unwrapped.P
alphas = np.arange(1, 11) / 10
curves = {}
for name, method in METHODS.items():
    for label, runs, episodes in (("asymptotic", 10, 20_000), ("interim", 500, 100)):
        steps = np.repeat(alphas, runs)[:, None]
        learned = many_runs.td_control_runs(
            P, START, method, len(steps), episodes, np.random.default_rng(0), alpha=steps
        )
        curves[f"{name}, {label}"] = learned.returns.mean(axis=1).reshape(10, runs).mean(axis=1)
for name, means in curves.items():
    print(f"{name:26}", " ".join(f"{mean:6.1f}" for mean in means))
title, names = "Interim and asymptotic performance", dict(xlabel="step size α", ylabel="mean return per episode")
picture = plotting.training_curves(curves, title=title, x=alphas, limits=(-160, 0), **names)
picture.figure.axes[0].legend(loc="lower center", fontsize=9)
picture

# %% [markdown]
# **What you should see:** six curves; the one of SARSA's asymptotic performance leaves the picture (at α = 1 it is below −900). *In the long run* Q-learning gets about −51 and Expected SARSA about −21 whatever the step size, since in this world their targets contain no luck. SARSA is nearly as good as Expected SARSA for small α and falls apart as α grows. *In the first 100 episodes* a large α pays, because there is much to unlearn: the table begins at 0, far too high. SARSA has to choose between the two; **Expected SARSA need not**: it is the best of the three at every α, in both measures. Q-learning is the worst of the three at every α in the interim.

# %% [markdown] think="episode-ends" points=1
# **Think.** With `on_fall="terminate"`, Q-learning's mean return was about −38 instead of −51, although it still walks along the edge and falls as readily. Where does the difference come from? And what would change in SARSA's path if the cliff cost only 2?
#
# <!-- BEGIN SOLUTION -->
# A fall that ends the episode costs 100 and nothing else. A fall that leads back to the start costs 100, the whole walk again, and *the chance to fall again on it*. So a single episode may hold several falls. If a fall cost only 2, to keep away from the edge would cost more than it saves: the detour of two steps is certain, the fall is not. The best ε-greedy walker then keeps to the edge, too (`best_epsilon_greedy` says so for a changed model). What it gains is a fraction of a step, so the noise in SARSA's table may still hide it. And under "terminate" it would be best to jump at once: −2 is better than −13.
# <!-- END SOLUTION -->

# %% [markdown]
# ## A maximum of guesses
# There is a price for $\max_a Q(S', a)$ that the cliff does not show, because nothing in it is left to chance. Suppose that all actions in a state are worth exactly 0, but the rewards are noisy. Some estimates lie above 0, some below; **the maximum picks one that lies above**. On average the maximum of noisy estimates is larger than the maximum of the true values: **maximisation bias**.
#
# Here ten actions are worth 0 each, and every one is estimated from a few noisy rewards (standard deviation 1). The table shows the mean of the maximum, over 20,000 repetitions. Beside it stands a cure: two independent sets of estimates, $Q_1$ and $Q_2$; the first says *which* action is best, the second says *how much* it is worth. That is the idea of **Double Q-learning**.

# %%
rng = np.random.default_rng(0)
print("rewards per action   max Q    Q2(argmax Q1)")
for rewards in (2, 10, 50):
    Q1, Q2 = rng.normal(size=(2, 20_000, 10)) / np.sqrt(rewards)
    picked = Q2[np.arange(20_000), Q1.argmax(axis=1)]
    print(f"{rewards:18} {Q1.max(axis=1).mean():7.2f} {round(picked.mean(), 2) + 0.0:12.2f}")

# %% [markdown] think="double-q" points=1
# **Think.** Why is the second column 0? Write down the target of Double Q-learning for $Q_1$. And why do the values of the cliff show no bias at all, although Q-learning takes a maximum in every step?
#
# <!-- BEGIN SOLUTION -->
# The action is chosen by $Q_1$, but its value is read from $Q_2$, whose errors are independent of that choice: the expected value of $Q_2(s, a)$ is the true value of $a$, for whichever $a$ was picked. The target for $Q_1$ is $R + \gamma\, Q_2\big(S', \arg\max_a Q_1(S', a)\big)$; a coin decides at each step whether $Q_1$ or $Q_2$ is updated, with the roles exchanged. On the cliff every action leads to one next state with one reward, so the targets carry no noise: the estimates begin at 0, too high, and sink to the true values.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - SARSA, Q-learning and Expected SARSA are one loop with three targets: the value of the **next** action, of the **best** action, or the **mean** over the policy.
# - SARSA and Expected SARSA, as used here, are **on-policy**: they value the policy that acts. Q-learning is **off-policy**: it values the greedy policy while another one acts, and needs no importance sampling for it.
# - On the cliff Q-learning learns the edge (13 steps) and pays for it while it explores; SARSA learns a safe way (17 steps with $\alpha = 0.5$, 15 with a small step size), and Expected SARSA the best way for somebody who stumbles (15).
# - SARSA's target depends on the luck of the next action, so its table trembles with a large step size. Expected SARSA takes the mean and can use any α here.
# - A path of $n$ steps has $n + 1$ states; a greedy walk needs a limit; after the end nothing is bootstrapped.
# - The maximum of noisy estimates is too high on average; Double Q-learning chooses with one table and values with another.
#
# The result, beside the book's:

# %%
P = gymnasium.make("course/CliffWalking-v0").unwrapped.P
value = []
for name, method in (("SARSA", "sarsa"), ("Q-learning", "q_learning")):
    runs = five_hundred_runs(method)
    steps = many_runs.greedy_lengths(P, START, runs.Q, limit=100)
    most = np.bincount(steps).argmax()
    mean = runs.returns[:, -100:].mean()
    value.append(f"{name} {most} steps in {np.mean(steps == most):.0%} of 500 runs, mean return {mean:.1f}")
headline(
    metric="Cliff walking: greedy path after 500 episodes, and mean return of the last 100",
    value="; ".join(value),
    published="SARSA the longer, safer way, about −25; Q-learning the edge, about −50 (returns read from the figure)",
    source="Sutton and Barto (2018), Example 6.6",
)

# %% [markdown]
# ## What to try next
# - ●○○ Let ε fall from episode to episode, for example $\varepsilon_k = 1/k$. Which path does SARSA learn now, and what happens to the returns of Q-learning? (`many_runs.td_control_runs` takes an array `epsilon` with one number per episode.)
# - ●○○ Let Q-learning act with ε = 1, entirely at random, and look at its greedy path. How can it know the shortest way without ever having walked it? (Use `many_runs`: a random walker needs thousands of steps to reach the goal.)
# - ●●○ Expected SARSA can also be off-policy: let the behaviour explore with ε = 0.5, but take the mean with ε = 0.1. What does it learn?
# - ●●● Write Double Q-learning and repeat Example 6.7 of the book: from state A, going right ends the episode with 0; going left leads to state B with 0, and from B each of many actions ends it with a reward drawn from $N(-0.1, 1)$. How often does each algorithm go left from A, episode by episode?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 6.4, SARSA; section 6.5, Q-learning, with Example 6.6; section 6.6, Expected SARSA, with Figure 6.3; section 6.7, maximisation bias and Double Q-learning, with Example 6.7.
# - C. J. C. H. Watkins, *Learning from Delayed Rewards*, PhD thesis, University of Cambridge, 1989: Q-learning. C. J. C. H. Watkins and P. Dayan, "Q-learning", *Machine Learning* 8, 1992: it converges.
# - H. van Seijen, H. van Hasselt, S. Whiteson and M. Wiering, "A theoretical and empirical analysis of Expected Sarsa", *IEEE ADPRL*, 2009: where Figure 6.3 comes from.
# - H. van Hasselt, "Double Q-learning", *NeurIPS*, 2010.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to. It ran Q-learning alone, on a cliff that ends the episode, and counted every episode one step too short.
