# %% [markdown] minutes=85
# # SARSA: finding the way in the wind
# Values of states are no use to somebody who does not know where an action leads. So learn the values of *actions*, while you act, and act on what you have learned.
#
# **You will** choose actions ε-greedily, write the target of SARSA, let it learn one episode and then many, and measure how good it really gets.
#
# **You need** the TD error (the lesson before), action values and ε-greedy policies (*Monte Carlo methods*).

# %%
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.temporal_difference import sarsa as check
from lib.envs.windy_gridworld import GOAL, SHAPE, START, WIND, WindyGridworldEnv
from lib.models.td_control import best_epsilon_greedy, greedy_lengths, td_control_runs

setup(seed=0)

# %% [markdown]
# ## A grid with a crosswind
# Seven rows, ten columns. You begin at S and want to reach G, and every step costs 1. The four actions go up, right, down and left (0 to 3), and a wind blows **upwards**: a step out of a column is carried up by as many rows as the strength of the wind in *that* column. Who would leave the grid stays at its edge. (Example 6.5 of the book.)
#
# What happens to somebody who always goes right?


# %% figure="wind"
def wind_figure(paths, title: str, stuck: int | None = None) -> plotting.Picture:
    """Draw paths over the grid; grey columns have wind. stuck: a cell that a walker never leaves, marked ∞."""
    marks = {START: "S", GOAL: "G"} | ({} if stuck is None else {stuck: "∞"})
    labels = [f"{column}\nwind {wind}" for column, wind in enumerate(WIND)]
    xlabel = "column, and below it the wind: rows upwards, in a step out of this column"
    shades = np.tile(WIND, SHAPE[0])
    return plotting.grid_path(paths, SHAPE, title, marks=marks, shades=shades, column_labels=labels, xlabel=xlabel)


env = WindyGridworldEnv()
path = [env.reset()[0]] + [env.step(1)[0] for _ in range(9)]
wind_figure(path, "Always right: the first nine steps", stuck=path[-1])

# %% [markdown]
# **What you should see:** the wind lifts the walker over the goal, up to the top edge, and in the last column he walks against the wall for ever (∞). To arrive, you must go *past* the goal, come down where it is calm, and approach it from the right. The shortest way takes **15 steps**. Nobody tells the agent.

# %% [markdown]
# ## Values of actions
# To improve a policy by looking at state values, you need the model: where does each action lead? Without a model, learn $q_\pi(s, a)$ instead: the expected return when you take action $a$ in $s$ and act as $\pi$ says from then on. The table is `Q`, of shape `(n_states, n_actions)`, here `(70, 4)`, and the best action is the largest entry of a row.
#
# The agent must go on exploring, or it will never see what the other actions do. It acts **ε-greedily**: with probability $\varepsilon$ it takes *any* action, each as likely as the others, and otherwise a best one.
#
# Mind the **ties**. Our table begins with zeros, so in the beginning all actions are equally good, and `np.argmax` always answers with the first of them, 0, up. An agent that prefers *up* for no other reason than its number explores lopsidedly: in 30 runs its first episode took about 980 steps instead of 740. So among several best actions, draw one.

# %% [markdown]
# ### Exercise · choose an action  ●●○ · 8 minutes


# %% exercise="choose_action"
def choose_action(q_row: np.ndarray, epsilon: float, rng: np.random.Generator) -> int:
    """An ε-greedy action.

    q_row: (n_actions,), the action values of one state; only read.
    epsilon: the probability to explore, 0 … 1. Who explores takes any action, the best one included.
    rng: where the chances come from. Useful: rng.random(), a number from 0 to 1; rng.integers(n), a whole number
        from 0 to n - 1; rng.choice(a), an element of the array a.
    Returns an action, 0 … n_actions - 1. Several best actions are equally likely.
    """
    ### BEGIN SOLUTION
    if rng.random() < epsilon:
        return int(rng.integers(len(q_row)))
    best = np.flatnonzero(q_row == np.max(q_row))
    return int(rng.choice(best))
    ### END SOLUTION


# %% check="choose_action" points=2
check.choose_action(choose_action)

# %% [markdown] hint="choose_action"
# Two questions, one after the other: do I explore? And if not: *which* actions have the largest value?

# %% [markdown] hint="choose_action"
# `rng.random() < epsilon` is true with probability $\varepsilon$. `np.flatnonzero(q_row == np.max(q_row))` gives the numbers of all best actions.

# %% [markdown] hint="choose_action"
# ```python
# if rng.random() < epsilon:
#     return int(rng.integers(...))
# best = np.flatnonzero(...)
# return int(rng.choice(...))
# ```

# %% [markdown]
# ## Five letters
# TD(0) compared $V(S_t)$ with what one step later was known. Do the same with action values. After the step from $S_t$ with $A_t$ you know $R_{t+1}$ and $S_{t+1}$; then choose the next action $A_{t+1}$, in the way you always choose, and believe the table about it:
#
# $$\text{target} = R_{t+1} + \gamma\, Q(S_{t+1}, A_{t+1})$$
#
# $$Q(S_t, A_t) \leftarrow Q(S_t, A_t) + \alpha\,\big[\text{target} - Q(S_t, A_t)\big]$$
#
# The update uses $S_t, A_t, R_{t+1}, S_{t+1}, A_{t+1}$: that spells the name, **SARSA**. After a step that ends the episode there is no next action: the target is $R_{t+1}$ alone.
#
# The values are those of the policy that acts, its exploring steps included. This is called **on-policy** learning. As the table changes, so does the policy that is greedy towards it: evaluation and improvement in every single step.

# %% [markdown]
# ### Exercise · the target of SARSA  ●○○ · 4 minutes


# %% exercise="sarsa_target"
def sarsa_target(
    Q: np.ndarray, reward: float, next_state: int, next_action: int, terminated: bool, gamma: float
) -> float:
    """What Q[state, action] is moved towards.

    Q: (n_states, n_actions), the table; only read.  reward: of the step.  next_state: where it led.
    next_action: what is done there next.  gamma: the discount, 0 … 1.
    terminated: whether the step ended the episode. Then nothing follows, whatever the table says.
    Returns one number.
    """
    ### BEGIN SOLUTION
    rest = 0.0 if terminated else Q[next_state, next_action]
    return reward + gamma * rest
    ### END SOLUTION


# %% check="sarsa_target" points=1
check.sarsa_target(sarsa_target)

# %% [markdown] hint="sarsa_target"
# It is the target of TD(0). What has taken the place of $V(S_{t+1})$?

# %% [markdown] hint="sarsa_target"
# $r + \gamma\, Q(s', a')$, or $r$ alone if the step terminated.

# %% [markdown] hint="sarsa_target"
# ```python
# rest = ...   # 0.0 if terminated, otherwise an entry of Q
# return reward + ... * rest
# ```

# %% [markdown]
# ## One episode
# The order of things matters. Choose the first action *before* the loop. In the loop: take the action; choose the next one; update; then let next state and next action become state and action.
#
# The action that stands in the target must be the one that is taken in the next step. Choose it **once**. (To draw a new one for the next step is a popular mistake. The table then learns about actions that nobody took.)
#
# Of the five things that `env.step` returns you need three. The fourth, `truncated`, would say that a time limit has cut the episode off; this world has none.

# %% [markdown]
# ### Exercise · SARSA for one episode  ●●● · 15 minutes
# Count the steps, too, all of them: an episode that ends with its first step has length 1.


# %% exercise="sarsa_episode"
def sarsa_episode(
    env, Q: np.ndarray, alpha: float, epsilon: float, gamma: float, rng: np.random.Generator
) -> tuple[np.ndarray, int, float]:
    """Play one episode ε-greedily and learn from every step of it.

    env: a Gymnasium world; env.reset() begins the episode, env.step(action) takes a step.
    Q: (n_states, n_actions), the table before; work on a copy.
    alpha: the step size.  epsilon: the probability to explore.  gamma: the discount.  rng: for `choose_action`.
    Returns the table after the episode, its length in steps, and its return: the sum of all rewards, not discounted.
    """
    Q = Q.copy()
    length, total = 0, 0.0
    ### BEGIN SOLUTION
    state, _ = env.reset()
    action = choose_action(Q[state], epsilon, rng)
    terminated = False
    while not terminated:
        next_state, reward, terminated, _, _ = env.step(action)
        next_action = choose_action(Q[next_state], epsilon, rng)
        target = sarsa_target(Q, reward, next_state, next_action, terminated, gamma)
        Q[state, action] += alpha * (target - Q[state, action])
        length += 1
        total += reward
        state, action = next_state, next_action
    return Q, length, total
    ### END SOLUTION


# %% check="sarsa_episode" points=3
check.sarsa_episode(sarsa_episode)

# %% [markdown] hint="sarsa_episode"
# You need four variables that live from one step to the next: state, action, and whether it is over, and the table. Which two of them change at the very end of the loop?

# %% [markdown] hint="sarsa_episode"
# $S \leftarrow$ reset; $A \leftarrow$ choose from $Q(S, \cdot)$. Until terminated: step with $A$, get $R, S'$; $A' \leftarrow$ choose from $Q(S', \cdot)$; $Q(S, A) \leftarrow Q(S, A) + \alpha[\text{target} - Q(S, A)]$; count; $S, A \leftarrow S', A'$. In a terminal state $A'$ is chosen, too, but never used: the target does not look at it.

# %% [markdown] hint="sarsa_episode"
# ```python
# state, _ = env.reset()
# action = choose_action(Q[state], epsilon, rng)
# terminated = False
# while not terminated:
#     next_state, reward, terminated, _, _ = env.step(action)
#     next_action = choose_action(...)
#     target = sarsa_target(...)
#     Q[state, action] += ...
#     length, total = length + 1, total + reward
#     state, action = ..., ...
# return Q, length, total
# ```

# %% [markdown]
# ### Exercise · SARSA  ●○○ · 5 minutes
# Many episodes, one after the other, from a table of zeros. Since every step costs 1, zero is far too good: whatever has been tried looks worse than what has not. This *optimism* drives the agent to try everything.


# %% exercise="sarsa"
def sarsa(
    env, num_episodes: int, rng: np.random.Generator, alpha: float = 0.5, epsilon: float = 0.1, gamma: float = 1.0
) -> tuple[np.ndarray, list[int], list[float]]:
    """Learn action values in that many episodes, from a table of zeros.

    env: a Gymnasium world; env.observation_space.n and env.action_space.n say how many states and actions it has.
    rng, alpha, epsilon, gamma: as in `sarsa_episode`.
    Returns the table (n_states, n_actions), a list of the lengths and a list of the returns of the episodes.
    """
    ### BEGIN SOLUTION
    Q = np.zeros((env.observation_space.n, env.action_space.n))
    lengths, returns = [], []
    for _ in range(num_episodes):
        Q, length, total = sarsa_episode(env, Q, alpha, epsilon, gamma, rng)
        lengths.append(length)
        returns.append(total)
    return Q, lengths, returns
    ### END SOLUTION


# %% check="sarsa" points=1
check.sarsa(sarsa)

# %% [markdown] hint="sarsa"
# `sarsa_episode` takes a table and gives back a better one. Feed it its own result.

# %% [markdown] hint="sarsa"
# $Q \leftarrow 0$, of shape (states, actions). For each episode: $Q, \text{length}, \text{return} \leftarrow$ `sarsa_episode(env, Q, …)`; append the two numbers to their lists.

# %% [markdown] hint="sarsa"
# ```python
# Q = np.zeros((env.observation_space.n, env.action_space.n))
# lengths, returns = [], []
# for _ in range(num_episodes):
#     Q, length, total = sarsa_episode(...)
#     lengths.append(...)
#     returns.append(...)
# return Q, lengths, returns
# ```

# %% [markdown]
# ## Learning to cross
# One run with the settings of the book, $\alpha = 0.5$, $\varepsilon = 0.1$, no discount, for 200 episodes. The first two panels are logarithmic.

# %% figure="one-run"
Q, lengths, returns = sarsa(WindyGridworldEnv(), 200, np.random.default_rng(0))
print(f"first episode {lengths[0]} steps, last ten {lengths[-10:]}")
print(f"170 episodes took {sum(lengths[:170]):,} time steps")
plotting.episode_statistics(lengths, returns, "SARSA on the windy grid, one run", log_y=True)

# %% [markdown]
# **What you should see:** a long first episode, a search in the dark (how long depends on your draws: in 90 of 100 runs between 300 and 1150 steps); then lengths that fall quickly, to between 15 and about 50 in the last ten episodes. The panel on the right is the book's figure: episodes against time steps. Its slope is the number of episodes per step. It begins flat and gets steeper, and after about 8000 steps some 170 episodes are done, as in the book.
#
# Is this typical? 100 runs with different chances say more than one. (`td_control_runs` of `lib.models` runs the same algorithm, compiled; a test holds it to the lesson. It takes its steps from the table `P` of the world, where your agent calls `env.step`; it does not look ahead in it.)

# %% figure="hundred-runs"
runs = td_control_runs(WindyGridworldEnv().P, START, "sarsa", runs=100, episodes=200, rng=np.random.default_rng(0))
last = runs.returns[:, -100:].mean(axis=1)
print(f"mean return of the last 100 episodes: {last.mean():.1f} (runs from {last.min():.1f} to {last.max():.1f})")
print(f"170 episodes take {runs.lengths[:, :170].sum(axis=1).mean():,.0f} time steps on average")
plotting.episode_statistics(runs.lengths, runs.returns, "SARSA on the windy grid, 100 runs", log_y=True)

# %% [markdown]
# **What you should see:** the same picture without most of its jitter, and around each mean a band, its 95 % confidence interval, that is hardly wider than the line. The mean return of the last 100 episodes is −23.7, the same as when the 2016 notebook that this lesson goes back to is run again. (The lengths in that notebook's figures are all one step too short: it counted from 0.)

# %% [markdown]
# ## What has it learned?
# Stop exploring and take the best action in every cell. One warning: a greedy episode may **never end**. If the table is wrong somewhere, the walker can run in a circle, and nothing random gets him out. So limit the number of steps.


# %%
def greedy_path(Q: np.ndarray, limit: int = 100) -> list[int]:
    """The states of an episode without exploration, cut off after `limit` steps."""
    env = WindyGridworldEnv()
    path, terminated = [env.reset()[0]], False
    while not terminated and len(path) <= limit:
        state, _, terminated, _, _ = env.step(int(np.argmax(Q[path[-1]])))
        path.append(state)
    return path


# %% [markdown]
# Three of the 100 runs (chosen to show what can happen; they differ in nothing but their chances):

# %% figure="three-paths"
paths = {}
for number in (5, 2, 3):
    path = greedy_path(runs.Q[number])
    paths[f"run {number}" + ("" if path[-1] == GOAL else " (never arrives)")] = path
wind_figure(paths, "Greedy paths after 200 episodes", stuck=path[-1])

# %% [markdown]
# **What you should see:** one path of 15 steps, which cannot be improved; one of 16; and one that never arrives: at ∞, in column 5, the walker wants to go down and the wind lifts him up again, so he stays, for ever. (A lost walker need not stand still: others run to and fro between two cells.) The same algorithm, the same 200 episodes. How often does what happen?

# %% figure="greedy-lengths"
steps = greedy_lengths(WindyGridworldEnv().P, START, runs.Q, limit=100)
shares = {
    "15 steps": np.mean(steps == 15),
    "16 or 17": np.mean((steps == 16) | (steps == 17)),
    "18 or more": np.mean((steps > 17) & (steps < 100)),
    "never arrives": np.mean(steps == 100),
}
plotting.bars(shares, "Greedy path after 200 episodes, 100 runs", "share of the runs")

# %% [markdown]
# **What you should see:** only 21 of the 100 tables hold a shortest path, and 39 walkers never arrive. So the book's remark that the greedy policy was "long since optimal" by then is true of a good run, not of every run: one table, at one moment, is a matter of luck.
#
# And the mean length? Every tenth step is random, so 15 steps cannot be expected of an ε-greedy walker. The best that *any* ε-greedy policy with $\varepsilon = 0.1$ can do follows from the model; `best_epsilon_greedy` computes it by policy iteration:

# %%
best = best_epsilon_greedy(WindyGridworldEnv().P, epsilon=0.1)[START].max()
print(f"best possible with ε = 0.1: {-best:.1f} steps on average")
for episodes in (200, 1000):
    learned = td_control_runs(WindyGridworldEnv().P, START, "sarsa", 100, episodes, np.random.default_rng(0))
    print(f"SARSA, mean of the last 100 of {episodes:4} episodes: {learned.lengths[:, -100:].mean():.1f} steps")

# %% [markdown]
# The best possible is 17.0, which is the book's "about 17 steps". SARSA with a constant step size does not quite get there: 23.7 steps after 200 episodes, 19.5 after 1000.

# %% [markdown] think="why-not-settled" points=1
# **Think.** While it was learning, every one of these agents reached the goal in every single episode; otherwise the episode would not have ended. How can its greedy path run in a circle for ever? And what is it, in the update, that keeps the table from settling?
#
# <!-- BEGIN SOLUTION -->
# While it learns, no circle lasts: every step around it costs 1, the update lowers the values of the very actions that make up the circle, and soon another action is the best one (and now and then a random step helps). The greedy walker does not learn any more. Whatever the table says when learning stops, he obeys for ever. And the table is in motion until the end: with $\alpha = 0.5$ half of each entry is what the *last* visit has said, and what it said contains the luck of the exploring steps. The order of two actions that are nearly equally good changes all the time.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Let it settle
# Two remedies: make the steps smaller as time goes by, so that single episodes count less and less, and explore less and less, so that the values become those of the greedy policy. For instance, in episode $k = 0, 1, 2, \dots$:
#
# $$\alpha_k = \frac{0.5}{1 + k/100} \qquad\qquad \varepsilon_k = \frac{0.1}{1 + k/20}$$
#
# (Our choice. Both fall towards 0, but slowly enough that the agent goes on learning; for SARSA to converge to the best policy, theory asks for something of this kind.) Your `sarsa_episode` can do it as it is:


# %% figure="settled"
def settled_values(episodes: int = 1000, seed: int = 0) -> np.ndarray:
    """SARSA with a step size and an ε that become smaller from episode to episode."""
    env, rng, Q = WindyGridworldEnv(), np.random.default_rng(seed), np.zeros((70, 4))
    for k in range(episodes):
        Q, _, _ = sarsa_episode(env, Q, 0.5 / (1 + k / 100), 0.1 / (1 + k / 20), 1.0, rng)
    return Q


wind_figure(greedy_path(settled_values()), "Greedy path after 1000 episodes, α and ε shrinking")

# %% [markdown]
# **What you should see:** 15 steps, the shortest way: right with the wind to the top edge, along it to the last column, down through the calm, and back to the left, where the wind lifts the last step into the goal.
#
# And here it goes, beside a walker who has learned from only 20 episodes (one of 100 runs; he is cut off after 60 steps).


# %% figure="animated"
def played(Q: np.ndarray, limit: int = 100) -> list[np.ndarray]:
    """Pictures of a greedy episode."""
    env = WindyGridworldEnv(render_mode="rgb_array")
    env.reset()
    frames = [env.render()]
    for state in greedy_path(Q, limit)[1:]:
        env.reset(options={"state": state})
        frames.append(env.render())
    return frames


beginner = td_control_runs(WindyGridworldEnv().P, START, "sarsa", 100, 20, np.random.default_rng(0)).Q[8]
plotting.animation(
    {"after 20 episodes": played(beginner, 60), "after 1000 episodes": played(settled_values())},
    title="Greedy walks in the wind",
    alt="The beginner walks in a circle of four cells at the left edge. The other one is blown to the top edge, goes "
    "past the goal, comes down in the last column and reaches the goal from the right.",
    fps=6,
)

# %% [markdown]
# **What you should see:** the one on the left has learned that everything costs, but not yet where the goal is; without exploration he walks in a circle of four cells, the start among them. The one on the right needs 15 steps and rests.

# %% [markdown]
# Is the success reliable, and which of the two remedies does it? 1000 runs each:

# %%
k = np.arange(1000)
small_steps, little_exploring = 0.5 / (1 + k / 100), 0.1 / (1 + k / 20)
for name, alpha, epsilon in (
    ("α = 0.5, ε = 0.1", 0.5, 0.1),
    ("α shrinks", small_steps, 0.1),
    ("ε shrinks", 0.5, little_exploring),
    ("both shrink", small_steps, little_exploring),
):
    learned = td_control_runs(
        WindyGridworldEnv().P, START, "sarsa", 1000, 1000, np.random.default_rng(1), alpha, epsilon
    )
    steps = greedy_lengths(WindyGridworldEnv().P, START, learned.Q, limit=100)
    print(
        f"{name:16}: 15 steps in {np.mean(steps == 15):6.1%} of the runs, never arrives in {np.mean(steps == 100):5.1%}; "
        f"last 100 episodes {learned.lengths[:, -100:].mean():.1f} steps"
    )

# %% [markdown]
# **What you should see:** with constant settings, fewer walkers are lost after a thousand episodes than after two hundred, but still only a third of the tables holds a shortest path. The smaller step size alone brings it to 96 %, the shrinking ε alone to 86 %, and both together to every single one of the 1000 runs. Their last 100 episodes take 15.0 steps on average: next to nothing is left to gain.

# %% [markdown]
# ## Summary
# - **Action values** need no model: the best action is the largest entry of a row.
# - **SARSA** moves $Q(S, A)$ towards $R + \gamma Q(S', A')$, with the $A'$ that is taken next. It learns the values of the policy that acts, exploration included: *on-policy*.
# - Ties are broken at random, terminal states are not bootstrapped, the next action is chosen once, and greedy episodes get a limit.
# - With a constant step size the table never settles. If $\alpha$ and $\varepsilon$ shrink, the greedy path becomes the shortest one.
#
# The result, beside the published ones:

# %%
headline(
    metric="Windy gridworld, SARSA: greedy path, and mean return of the last 100 of 200 episodes (100 runs, constant α and ε)",
    value=f"{len(greedy_path(settled_values())) - 1} steps (α and ε shrinking), {last.mean():.1f}",
    published="15 steps, the minimum; −23.7",
    source="Sutton and Barto (2018), Example 6.5; the mean return: the notebook of Britz (2016), run again",
)

# %% [markdown]
# ## What to try next
# - ●○○ Exercise 6.9 of the book, *King's moves*: add the four diagonal actions. How much shorter does the way become? And with a ninth action that lets the wind alone move you?
# - ●●○ Exercise 6.10, *stochastic wind*: where it blows, a third of the time it is one stronger, a third one weaker. There is no fixed shortest path any more. What does the mean length settle at?
# - ●●○ Choose the next action *after* the update instead of before it. Where can this make a difference at all? Does it, over 100 runs?
# - ●●● Begin with a table of −100 instead of zeros. What becomes of the first ten episodes, and why?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 6.4, Sarsa: On-policy TD Control, with Example 6.5.
# - G. A. Rummery and M. Niranjan, "On-line Q-learning using connectionist systems", Cambridge University Engineering Department, technical report CUED/F-INFENG/TR 166, 1994: where the algorithm comes from.
# - S. Singh, T. Jaakkola, M. L. Littman and C. Szepesvári, "Convergence results for single-step on-policy reinforcement-learning algorithms", *Machine Learning* 38, 2000, pp. 287-308: what α and ε must do for SARSA to converge.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 5: Model-Free Control](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to, with the same settings.
