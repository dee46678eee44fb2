# %% [markdown] minutes=95
# # On-policy Monte Carlo control: get better by playing
# A beginner sits down at a blackjack table. Nobody tells the rules, nobody knows the odds. After half a million hands the beginner plays almost perfectly, and you will know exactly how much "almost" is.
#
# **You will** write ε-greedy exploration, average returns of state-action pairs, and let a policy improve through its own table of values; then weigh each of its mistakes.
#
# **You need** the lesson on Monte Carlo prediction (episodes, returns, first visits) and the idea of a greedy policy from dynamic programming.

# %%
import functools
from collections import defaultdict

import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.monte_carlo import on_policy_control as check
from lib.models import blackjack, blackjack_control

setup(seed=0)

# %% [markdown]
# ## From prediction to control
# *Prediction* asks: how good is this policy? *Control* asks: what is the best policy? Dynamic programming alternated between two moves: evaluate the policy, then make it **greedy**, that is, choose in each state the action that looks best. The second move looked one step ahead, and for that it needed the model:
#
# $$\pi(s) = \arg\max_a \sum_{s', r} p(s', r \mid s, a)\,\big[r + \gamma\, v(s')\big]$$
#
# At the blackjack table there is no $p$. You hold 16, the dealer shows a ten, and suppose you even know that your state is worth $v_*(s) = -0.569$. Stick or hit? The number does not say. So learn the value of each *action* instead:
#
# $$q_\pi(s, a) = \mathbb{E}_\pi[\,G_t \mid S_t = s, A_t = a\,]$$
#
# the expected return if you take action $a$ in state $s$ *now* and follow $\pi$ from the next state on. With a table `Q[state][action]` the greedy action can simply be read off: it is the larger of two numbers. **Without a model you want Q, not V.**
#
# A state is `(player's sum, dealer's card, usable ace)`; players call a sum *soft* with a usable ace, *hard* without one. Action 0 sticks, 1 hits; the reward is 1, 0 or −1 at the end of the hand. There are 200 states, and so 400 numbers to learn. For a few of them, here is what perfect knowledge would say, computed from the model that our beginner does not have:

# %%
best_v, best_q, _ = blackjack.optimal_values()
print("player, dealer, ace     v*      q*(stick)  q*(hit)")
for state in ((16, 10, False), (12, 4, False), (13, 2, True), (20, 6, False)):
    number = blackjack.INDEX[state]
    stick, hit = best_q[number]
    print(f"{state!s:20}  {best_v[number]:7.4f}   {stick:7.4f}   {hit:7.4f}")

# %% [markdown]
# The first two rows are close calls: stick or hit, it matters by less than a hundredth of the stake. With 20 the choice is plain: hitting costs one and a half stakes. Remember this when we count mistakes: not every mistake costs the same.
#
# ## Whoever never tries, never learns
# Suppose you are always greedy. The first time you stick on 14 you happen to win. From now on sticking looks good, hitting has never been tried, and you may stick on 14 for the rest of your life. A greedy player stops learning about the actions that it does not take.
#
# So every action must keep a chance. The simplest way is **ε-greedy**: with probability ε choose any of the $n$ actions with a fair die, otherwise the greedy one. The die may fall on the greedy action, too, so that its probability is
#
# $$\pi(a \mid s) = \begin{cases} 1 - \varepsilon + \varepsilon / n & \text{if } a \text{ is the greedy action} \\ \varepsilon / n & \text{otherwise} \end{cases}$$
#
# *By hand:* two actions, ε = 0.1, values −0.3 and 0.2: the probabilities are 0.05 and 0.95, not 0.1 and 0.9. They add up to 1.
#
# **Ties.** If several actions share the largest value, exactly one of them has to be *the* greedy action. We take the first. At the beginning all values are 0, so our beginner sticks first of all.

# %% [markdown]
# ### Exercise · ε-greedy  ●○○ · 7 minutes


# %% exercise="epsilon_greedy"
def epsilon_greedy(values: list[float], epsilon: float) -> list[float]:
    """The probability of each action.

    values: one number for each action, a list of any length n >= 1.  epsilon: 0 … 1, the share of random actions.
    Returns n probabilities: epsilon / n for every action, and 1 - epsilon more for the greedy one.
    If several values are the largest, the first of them is the greedy action.
    """
    ### BEGIN SOLUTION
    probabilities = [epsilon / len(values)] * len(values)
    probabilities[values.index(max(values))] += 1 - epsilon
    return probabilities
    ### END SOLUTION


# %% check="epsilon_greedy" points=1
check.epsilon_greedy(epsilon_greedy)

# %% [markdown] hint="epsilon_greedy"
# Two things happen, one after the other: first every action gets an equal share of ε. Then one action gets everything that is left.

# %% [markdown] hint="epsilon_greedy"
# Start with $n$ times the number $\varepsilon / n$. Add $1 - \varepsilon$ at the place of the maximum. A list knows where a number first stands: `values.index(...)`.

# %% [markdown] hint="epsilon_greedy"
# ```python
# probabilities = [...] * len(values)
# probabilities[values.index(max(values))] += ...
# return probabilities
# ```

# %% [markdown]
# ## Where the policy lives
# Here is the point at which most readers of Monte Carlo control get lost, so let us say it loudly. **The policy is not stored anywhere.** It is a small function that looks into `Q` *each time it is asked*. Nobody ever assigns a new policy. Whoever changes a number in `Q` has changed the policy.
#
# Below, `demo_policy` is made once. Then one number in the table changes, and the same function, which nobody has touched, acts differently:

# %%
table = {"16 against a ten": [0.0, 0.0]}


def demo_policy(state):
    """Reads `table` anew at every call."""
    return epsilon_greedy(table[state], epsilon=0.1)


print("before:", [round(p, 2) for p in demo_policy("16 against a ten")])
table["16 against a ten"][0] = -0.58  # experience: sticking has lost more than it won
print("after: ", [round(p, 2) for p in demo_policy("16 against a ten")])

# %% [markdown]
# Inside a training function it is the same: a function that uses a variable of the function around it is called a *closure*, and it holds the variable, not a copy of its contents. So in the algorithm below you will find no line that says "improve the policy": evaluating *is* improving. Dynamic programming's two moves have become one, hand by hand. (If you wrote `policy = epsilon_greedy(table[state], 0.1)` instead, you would hold a list of numbers, frozen at the moment when you asked.)
#
# ## Play a hand
# `play` takes such a function. It is `play_hand` of the last lesson, except that a policy now answers with probabilities. It asks the policy for probabilities, draws an action, makes the step, and notes state, action and the reward that followed. It has no idea of blackjack.


# %%
def draw(probabilities, rng: np.random.Generator) -> int:
    """An action drawn with these probabilities."""
    rest = rng.random()
    for action, probability in enumerate(probabilities):
        rest -= probability
        if rest < 0:
            return action
    return action  # rounding left a rest


def play(env: gymnasium.Env, policy, rng: np.random.Generator, options=None) -> list[tuple]:
    """One episode: a list of (state, action, reward). policy(state) gives the probability of each action."""
    state, _ = env.reset(options=options)
    episode, over = [], False
    while not over:
        action = draw(policy(state), rng)
        next_state, reward, terminated, truncated, _ = env.step(action)
        episode.append((state, action, reward))
        state, over = next_state, terminated or truncated
    return episode


# %% [markdown]
# Three hands of somebody who tosses a coin:

# %%
env, rng = gymnasium.make("course/Blackjack-v0"), np.random.default_rng(1)
env.reset(seed=1)
for _ in range(3):
    print(play(env, lambda state: [0.5, 0.5], rng))

# %% [markdown]
# ## What followed each pair
# From an episode you want, for every *pair* (state, action) in it, the return that followed its **first visit**. If the pair comes up again later in the same episode, the later visit is ignored. The return from step $t$ on is
#
# $$G_t = R_{t+1} + \gamma R_{t+2} + \dots \qquad\text{or, from the end backwards:}\qquad G_t = R_{t+1} + \gamma\, G_{t+1}, \quad G_T = 0$$
#
# That is the function of the last lesson, with pairs instead of states. Backwards is quicker: one pass, one multiplication a step. In the list, the tuple at place $t$ is $(S_t, A_t, R_{t+1})$: a reward stands beside the action that earned it.
#
# *By hand,* γ = 0.5, episode `[("a", 0, 1), ("b", 1, 2), ("a", 0, 4)]`: from the end, the returns are 4, then 2 + ½·4 = 4, then 1 + ½·4 = 3. The pair ("a", 0) was visited at steps 0 and 2, and the first visit counts: 3. The pair ("b", 1) gets 4.
#
# (In blackjack a hand never comes back to a state: each card raises the sum, or an ace stops counting 11. There, first visits and all visits are the same. Other worlds are not so kind, and the check uses such worlds.)

# %% [markdown]
# ### Exercise · returns of first visits  ●●○ · 8 minutes


# %% exercise="first_visit_returns"
def first_visit_returns(episode: list[tuple], gamma: float) -> dict[tuple, float]:
    """The return that followed the first visit of each pair (state, action).

    episode: a list of (state, action, reward); the reward is the one that followed the action.
    gamma: the discount, 0 … 1.  Returns {(state, action): return}, with one entry for each pair that occurs.
    """
    ### BEGIN SOLUTION
    returns, G = {}, 0.0
    for state, action, reward in reversed(episode):
        G = reward + gamma * G
        returns[state, action] = G  # an earlier visit comes later in this loop and overwrites it
    return returns
    ### END SOLUTION


# %% check="first_visit_returns" points=2
check.first_visit_returns(first_visit_returns)

# %% [markdown] hint="first_visit_returns"
# Walk through the episode from its end. Which visit of a pair do you then meet *last*? What does a dictionary do if you write to the same key twice?

# %% [markdown] hint="first_visit_returns"
# $G \leftarrow 0$. For each $(s, a, r)$ from the last to the first: $G \leftarrow r + \gamma G$, then `returns[s, a]` is $G$. Earlier visits overwrite later ones, and the first visit is what remains.

# %% [markdown] hint="first_visit_returns"
# ```python
# returns, G = {}, 0.0
# for state, action, reward in reversed(episode):
#     G = ...
#     returns[state, action] = ...
# return returns
# ```

# %% [markdown]
# ## Control
# Now put it together. After each hand, every pair in it gets its new return $G$ mixed into its average. You need no list of old returns: if $Q$ is the mean of $N - 1$ numbers, then with one more
#
# $$N(s,a) \leftarrow N(s,a) + 1 \qquad\qquad Q(s,a) \leftarrow Q(s,a) + \frac{1}{N(s,a)}\big[G - Q(s,a)\big]$$
#
# is the mean of all $N$. The first return replaces the 0 that stood there. Each pair has a count of its own.
#
# The whole of **on-policy first-visit Monte Carlo control**: repeat { play an episode with the policy that is ε-greedy in the present `Q`; update `Q` for each first visit }. *On-policy* means: the policy that plays is the policy that is being learned about.
#
# One confession. The average mixes returns from all the policies on the way, also from the clumsy first ones. As the policy settles, new returns outnumber the old, but they never quite drive them out.

# %% [markdown]
# ### Exercise · on-policy control  ●●○ · 12 minutes
# `Q` and `N` are given: dictionaries that make a row of zeros for a state when it is first asked for. Make the policy a function that reads `Q`, as above, and hand it to `play`: the function itself, `policy`, not `policy(state)`, which is a list. All draws come from the `rng` that is given.


# %% exercise="mc_control"
def mc_control(
    env: gymnasium.Env, num_episodes: int, epsilon: float, rng: np.random.Generator, gamma: float = 1.0
) -> dict[tuple, list[float]]:
    """First-visit Monte Carlo control with an ε-greedy policy.

    env: any world with numbered actions.  rng: draws the actions.  gamma: the discount.
    Returns Q, {state: [value of action 0, value of action 1, ...]}: for each pair the mean of the returns that
    followed its first visits; 0.0 for an action that was never tried.
    """
    n_actions = int(env.action_space.n)
    Q = defaultdict(lambda: [0.0] * n_actions)
    N = defaultdict(lambda: [0] * n_actions)
    ### BEGIN SOLUTION

    def policy(state):
        return epsilon_greedy(Q[state], epsilon)

    for _ in range(num_episodes):
        episode = play(env, policy, rng)
        for (state, action), G in first_visit_returns(episode, gamma).items():
            N[state][action] += 1
            Q[state][action] += (G - Q[state][action]) / N[state][action]
    return Q
    ### END SOLUTION


# %% check="mc_control" points=3
check.mc_control(mc_control)

# %% [markdown] hint="mc_control"
# Write the small function `policy(state)` first. It needs one line. Then a loop over episodes, with an inner loop over the pairs of the episode. Nothing in these loops mentions the policy again, except that `play` uses it.

# %% [markdown] hint="mc_control"
# In each episode: `episode = play(env, policy, rng)`. For each pair $(s, a)$ with its return $G$: $N(s,a) \leftarrow N(s,a) + 1$, then $Q(s,a) \leftarrow Q(s,a) + (G - Q(s,a)) / N(s,a)$. Count first, divide afterwards.

# %% [markdown] hint="mc_control"
# ```python
# def policy(state):
#     return epsilon_greedy(..., epsilon)
#
# for _ in range(num_episodes):
#     episode = play(...)
#     for (state, action), G in first_visit_returns(episode, gamma).items():
#         N[state][action] += ...
#         Q[state][action] += ...
# return Q
# ```

# %% [markdown]
# Half a million hands with ε = 0.1, the settings of the 2016 tutorial. This takes some seconds.


# %%
@functools.cache
def trained() -> dict:
    """Q after 500,000 hands with ε = 0.1; trained once."""
    env = gymnasium.make("course/Blackjack-v0")
    env.reset(seed=0)
    return mc_control(env, 500_000, epsilon=0.1, rng=np.random.default_rng(0))


best_q = blackjack.optimal_values()[1]
print("player, dealer, ace   Q(stick)  q*(stick)   Q(hit)  q*(hit)")
for state in ((16, 10, False), (12, 4, False), (13, 2, True), (20, 6, False)):
    (stick, hit), (best_stick, best_hit) = trained()[state], best_q[blackjack.INDEX[state]]
    print(f"{state!s:20}  {stick:8.3f}  {best_stick:9.3f}  {hit:7.3f}  {best_hit:7.3f}")

# %% [markdown]
# Each learned number beside the exact one. With 20 against a 6, hitting is seen for what it is. The first row, 16 against a ten, is a close call here, too, and luck decides it. In the two rows between, hitting looks far too bad, by 0.16 and by 0.46. As long as sticking looks better, hitting is tried once in twenty visits: few tries, and the early ones were followed by clumsy play. With 12 against a 4 that does no harm, for sticking is right. With the soft 13 it is a mistake.
#
# (With `play` and the functions as given you get exactly these numbers. If your code draws in another order, it plays other hands: then all that follows from `trained()` will look a little different.)
#
# ## The policy that was learned
# While learning, one action in twenty was a deliberate mistake. Once the learning is over we can stop that and act greedily.

# %% [markdown]
# ### Exercise · the greedy policy  ●○○ · 4 minutes


# %% exercise="greedy_policy"
def greedy_policy(Q: dict[tuple, list[float]]) -> dict[tuple, int]:
    """The greedy action in each state.

    Q: {state: [value of action 0, value of action 1, ...]}, a list of any length.
    Returns {state: action}. If several values are the largest, the first of them counts, as in `epsilon_greedy`.
    """
    ### BEGIN SOLUTION
    return {state: values.index(max(values)) for state, values in Q.items()}
    ### END SOLUTION


# %% check="greedy_policy" points=1
check.greedy_policy(greedy_policy)

# %% [markdown] hint="greedy_policy"
# For every state you want the *place* of the largest value, not the value.

# %% [markdown] hint="greedy_policy"
# $\pi(s) = \arg\max_a Q(s, a)$ for every $s$ in `Q`. `Q.items()` gives the states with their lists.

# %% [markdown] hint="greedy_policy"
# ```python
# return {state: ... for state, values in Q.items()}
# ```

# %% [markdown]
# The optimal policy, the upper row below, is the book's Figure 5.2. It is computed from the model; the learner never saw it. Below it, what half a million hands have taught. A frame marks each cell in which the learner does something else.

# %% figure="policies"
_, _, is_best = blackjack.optimal_values()
optimal = {state: set(np.flatnonzero(row).tolist()) for state, row in zip(blackjack.STATES, is_best, strict=True)}
plotting.blackjack_policy(
    {"optimal": optimal, "learned": greedy_policy(trained())},
    title="Blackjack: optimal, and learned from 500,000 hands",
    reference=optimal,
)

# %% [markdown]
# **What you should see:** without a usable ace the learned table has the right shape, a staircase between hit and stick, and the six frames sit beside that border or not far from it. With a usable ace there are eleven frames, some of them right inside the field where everybody should hit. Such hands are rare: an ace must be among the first cards. (These are the numbers of this one run. In thirty others we counted 5 to 17 frames, usually about ten.)
#
# Look at one of them, `(13, 2, True)`, in the numbers above. The truth is −0.29 for sticking and +0.05 for hitting; the learner believes −0.25 and −0.41. The state comes up nine times in ten thousand hands, and as long as sticking looks better, hitting is tried once in twenty visits: some twenty tries in half a million hands, the first of which were followed by clumsy play. Bad luck at the beginning takes very long to correct.
#
# ## How good is it, exactly?
# Two policies that differ in ten cells may differ by a fortune or by nothing. Because this world is small, we need not guess: the Bellman equation of the learned policy is a linear system of 200 equations, and `exact_values` solves it. `game_value` averages over the first states of a hand. The result has no sampling error at all.
#
# And the loss can be split up. Let $q_*$ be the exact optimal action values. A wrong action in state $s$ costs $v_*(s) - q_*(s, a)$ each time; multiply by how often a hand comes to $s$ when the *learned* greedy policy plays, add over all states, and you get precisely the gap between the two policies. Why precisely? The cost of action $A_t$ is $v_*(S_t) - q_*(S_t, A_t)$, and $q_*(S_t, A_t)$ is the expected value of $R_{t+1} + v_*(S_{t+1})$. Add up the costs of a hand: $v_*(S_1), v_*(S_2), \dots$ cancel, and $v_*(S_0)$ minus the expected return is left.

# %%
hit = blackjack.as_array(greedy_policy(trained()))  # (200,), in the order of STATES: 1 hits, 0 sticks
best_v, best_q, _ = blackjack.optimal_values()  # (200,), (200, 2)
cost = best_v - best_q[np.arange(200), hit.astype(int)]
often = blackjack_control.visits(hit)  # (200,): how often a hand of this policy comes to each state, on average
optimal, learned = blackjack.game_value(best_v), blackjack.game_value(blackjack.exact_values(hit))
wrong = [i for i in np.argsort(-often * cost) if cost[i] > 1e-9]
print(f"optimal {optimal:.5f}, learned {learned:.5f}, difference {optimal - learned:.5f}")
print(f"{200 - len(wrong)} of 200 states agree; the others lose {(often * cost).sum():.5f} a hand, one by one:")
for i in wrong:
    does, share = ("sticks", "hits")[int(hit[i])], f"{1000 * often[i]:4.1f} times in 1000 hands"
    print(f"  {blackjack.STATES[i]!s:16} {does:6} costs {cost[i]:.3f}, {share}: {often[i] * cost[i]:.5f} a hand")

# %% [markdown]
# Seventeen mistakes in this run, and together they cost less than half a hundredth of the stake: −0.0512 a hand instead of −0.0466. The hard 16 against a ten comes up forty times in a thousand hands, but there both actions are nearly alike. Sticking on a soft 14 against a 9 costs almost half a stake, but it happens once in a thousand hands. *Counting disagreeing cells says little. Weigh them: how much it costs, times how often.*
#
# Now the values themselves. In each state, the better of the two learned numbers, $\max_a Q(s, a)$, beside $v_*$: the right half of the book's Figure 5.2.

# %% figure="surfaces"
exact = blackjack.as_dict(blackjack.optimal_values()[0])
learned = {state: max(values) for state, values in trained().items()}
plotting.blackjack_values({"optimal v*": exact, "learned max Q": learned}, title="Values of the states")

# %% [markdown]
# **What you should see:** below, without a usable ace, two surfaces that you can hardly tell apart. Above, with a usable ace, the learned one is crumpled and on the whole a little too low for small sums (at 12 the mean over the dealer's cards is −0.05 instead of +0.05). Few visits explain the crumples. The learned values are too low because they average what was really played: clumsy at first, and random in every tenth decision to the end.

# %% [markdown]
# ## What exploring costs
# ε-greedy play has a price: it never stops making random moves. What is the best that a player can do who *must* explore, that is, who gives every action at least the probability $\varepsilon/n$, here $\varepsilon/2$? Such policies are called **ε-soft** (which has nothing to do with soft hands). The best of them can be computed exactly, by policy iteration in which the greedy action gets $1 - \varepsilon + \varepsilon/2$. That is where on-policy control with a constant ε is heading; for exact evaluation the book proves it (section 5.4).
#
# The solid line below is the value of that best ε-soft policy. The dashed line asks: take this policy's action values and act greedily after all, without random moves. Is *that* optimal?

# %% figure="price"
epsilons, soft, greedy = np.linspace(0, 1, 11), [], []
for epsilon in epsilons:
    hit = blackjack_control.best_soft_policy(epsilon)  # (200,): the probability of hitting, ε/2 or 1 - ε/2
    soft.append(blackjack.game_value(blackjack.exact_values(hit)))
    q = blackjack.exact_action_values(hit)
    greedy.append(blackjack.game_value(blackjack.exact_values((q[:, 1] > q[:, 0]).astype(float))))
print(f"ε = 0.1: best soft policy {soft[1]:.5f}, made greedy {greedy[1]:.5f}; optimal {soft[0]:.5f}")
plotting.training_curves(
    {"best ε-soft policy": np.array(soft), "the same, made greedy": np.array(greedy)},
    title="The price of exploring, exactly",
    xlabel="ε",
    ylabel="value of a hand",
    x=epsilons,
)

# %% [markdown]
# **What you should see:** the solid line falls almost straight, by about three hundredths of the stake for every 0.1 of ε, down to −0.39 for a player who tosses a coin. With ε = 0.1 even the best possible play loses 0.078 a hand. The dashed line stays far above it: stop exploring, and most of the loss is gone. But not all of it: it starts to fall at once, too. With ε = 0.1 it stands at −0.0470 instead of −0.0466.
#
# So this is how the loss of our learner, 0.0046 a hand, splits up: 0.0004 would remain after infinitely many hands, because of ε. The rest is for want of experience.

# %% [markdown] think="soft-sixteen" points=1
# **Think.** With ε = 0.1 the best ε-soft policy prefers to stick on a hard 16 against a ten, although hitting is right (−0.5693 against −0.5758). It is not a matter of luck or of too few hands. Why does a player who explores shy away from hitting?
#
# <!-- BEGIN SOLUTION -->
# Sticking ends the hand: nothing random can follow. Hitting may lead to another decision, and that decision is a random one with probability ε: the player may hit again on 20. The value of hitting *under the exploring policy* includes those future blunders: it is −0.5867 instead of −0.5693. So sticking is truly better for a player who will go on exploring. On-policy methods learn the best policy *with* exploration; to learn about a policy that you do not play is called off-policy, and it is the next lesson.
# <!-- END SOLUTION -->

# %% [markdown]
# ## How fast, and with which ε?
# One run is an anecdote. Here are ten runs for each of four settings. At 17 moments of each run, the policy that is greedy just then is evaluated exactly. (Plain Python would need minutes for these twenty million hands; `lib.models.blackjack_control` holds the same algorithm, compiled, and a test proves that it gives your numbers for the same cards. It still takes up to twenty seconds.)


# %%
@functools.cache
def ten_runs(setting: str) -> list:
    """Ten runs of 500,000 hands; the setting is ε for hand k = 1, 2, …, as a formula."""
    k = np.arange(1, 500_001)
    epsilons = {"ε = 0": 0 * k, "ε = 0.1": 0.1 + 0 * k, "ε = 0.5": 0.5 + 0 * k, "ε = 1": 1 + 0 * k}
    epsilons |= {"ε = 1/k": 1 / k, "ε = 1/√k": k**-0.5, "ε = 1/k^¼": k**-0.25}
    moments = np.geomspace(500, 500_000, 17).astype(int)
    return [blackjack_control.control(epsilons[setting], moments, np.random.default_rng(seed)) for seed in range(10)]


# %% figure="speed"
moments = np.geomspace(500, 500_000, 17).astype(int)
settings = ("ε = 0.1", "ε = 0.5", "ε = 0", "ε = 1")
plotting.training_curves(
    {setting: np.array([run.values for run in ten_runs(setting)]) for setting in settings},
    title="Exact value of the greedy policy, ten runs each",
    xlabel="hands played",
    ylabel="value of a hand",
    x=moments,
    log_x=True,
    marks={"optimal": -0.04656},
)

# %% [markdown]
# **What you should see:** four different stories.
#
# - **ε = 0** stops learning after a few thousand hands, somewhere between −0.125 and −0.101. It does not fare even worse because of the zeros in the table: while everything else looks worse than 0, an action that was never tried looks best.
# - **ε = 1** tries everything equally often, leads up to some four thousand hands, and levels off at −0.086: it learns, quickly and well, how to play a hand whose remaining decisions will be tossed. The exact limit is the right end of the dashed line above, −0.084.
# - **ε = 0.5** leads from then on until about fifty thousand hands, and gets stuck in the same way, near −0.058.
# - **ε = 0.1** is slower and ends highest, at −0.0492 on average. Single runs end between −0.0523 and −0.0477; our own run from above, at −0.0512, is one of the weaker ones.
#
# To explore more is to learn faster, about the wrong thing.

# %% [markdown]
# ## Should ε decay?
# A natural wish: explore much at first, less and less later. In the limit that is right. If every pair is tried infinitely often *and* ε goes to 0, the policy approaches the optimal one (we state this without proof; see Silver's lecture 5); such schemes are called *greedy in the limit with infinite exploration*, GLIE. The usual textbook example is ε = 1/k in episode k. Let us try it, beside two slower decays:

# %% figure="decay"
settings = ("ε = 0.1", "ε = 1/k", "ε = 1/√k", "ε = 1/k^¼")
for setting in settings:
    ends = np.array([run.values[-1] for run in ten_runs(setting)])
    earned = np.mean([run.earned[-1] for run in ten_runs(setting)])
    print(
        f"{setting:10} greedy policy at the end {ends.mean():.4f} ({ends.min():.4f} … {ends.max():.4f}); played: {earned:.3f}"
    )
moments = np.geomspace(500, 500_000, 17).astype(int)
plotting.training_curves(
    {setting: np.array([run.values for run in ten_runs(setting)]) for setting in settings},
    title="Constant and decaying ε, ten runs each",
    xlabel="hands played",
    ylabel="value of a hand, greedy policy",
    x=moments,
    log_x=True,
    marks={"optimal": -0.04656},
)

# %% [markdown]
# **What you should see:** ε = 1/k is a disaster, no better than never to explore: −0.115 on average, beside −0.113 for ε = 0 above, and one of its ten runs ends at −0.17. ε = 1/√k is still climbing, slowly. The fourth root of k keeps pace with the constant 0.1, but does not beat it here: −0.0503 and −0.0492.
#
# The printed table has one more column: what a hand really brought *while learning*, over the last third of the hands. Here the slow decay wins, −0.065 against −0.082, because its ε has fallen to 0.04 by then. So it depends on what you pay for. If only the final policy counts, keep exploring; if you have to live on what you win meanwhile, let ε fall, but slowly.

# %% [markdown] think="decay" points=1
# **Think.** The sum $1 + \tfrac12 + \tfrac13 + \dots$ grows without end, so even with ε = 1/k everything is tried infinitely often (here, since a hand can begin in any state), and theory promises the optimal policy. How many exploring decisions, those that are left to the die, does this schedule make in 500,000 hands, about? And the other three?
#
# <!-- BEGIN SOLUTION -->
# Count one decision a hand (it is 1.3 or so). With 1/k it is $\sum 1/k \approx \ln 500\,000 + 0.58 \approx 14$ random decisions, for 200 states! Twice as many would take the *square* of the number of hands. With $1/\sqrt k$ it is about $2\sqrt{500\,000} \approx 1400$, with $k^{-1/4}$ about $\tfrac43\, 500\,000^{3/4} \approx 25\,000$, with the constant 0.1 it is 50,000. "In the limit" is a long time. A schedule should depend on how often a *state* has been seen rather than on the number of episodes: try $\varepsilon(s) = 10 / (10 + N(s))$.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - **Control without a model** learns $Q$, because from $V$ alone no action can be read.
# - **ε-greedy** keeps every action alive: $\varepsilon / n$ for each, and $1 - \varepsilon$ more for the greedy one.
# - **The policy lives in Q.** It is a function that reads the table at every step; each update of a number is an update of the policy.
# - **Monte Carlo control** averages the returns that followed the first visit of each pair. It needs whole episodes, and its averages still remember the clumsy beginning.
# - On-policy, exploring has two prices: the random moves themselves (−0.078 instead of −0.047 with ε = 0.1), and a slightly wrong target (−0.0470 instead of −0.0466). The second one is what the next lesson removes.
# - A policy is judged by its exact value. In how many cells it differs says little.
#
# The result, beside the best there is:

# %%
hit, is_best = blackjack.as_array(greedy_policy(trained())), blackjack.optimal_values()[2]
agree = is_best[np.arange(200), hit.astype(int)].sum()
headline(
    metric="Blackjack, exact value of the greedy policy after 500,000 hands with ε = 0.1",
    value=f"{blackjack.game_value(blackjack.exact_values(hit)):.4f}, {agree} of 200 states as in the optimal policy",
    published="−0.0466, the optimal policy of the book's Figure 5.2, evaluated exactly",
    source="Sutton and Barto (2018), Example 5.3 and Figure 5.2; value from the model",
)

# %% [markdown]
# ## What to try next
# - ●○○ Run `mc_control` on 50,000 hands with another seed and look at the frames. Which cells are wrong in both runs, and are they the expensive ones?
# - ●●○ Give every state its own ε that falls with the number of its visits. How close does the greedy policy come after 500,000 hands?
# - ●●○ *Exploring starts* (book, section 5.3): begin every hand in a random state with a random action, then act greedily, with ε = 0. `env.reset(options={"state": ...})` makes it possible. Which of the two prices of exploring does this save?
# - ●●● Replace the mean by a constant step size, $Q \leftarrow Q + \alpha\,(G - Q)$, so that old returns are forgotten. Which α is best after 500,000 hands?
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): chapter 5; section 5.3 with Example 5.3 and Figure 5.2 (found there with exploring starts), section 5.4 with the algorithm of this lesson and the proof about ε-soft policies (policy iteration with exact values).
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 5: Model-Free Control](https://www.davidsilver.uk/teaching/), with GLIE and ε = 1/k.
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to, with the same game, ε = 0.1 and 500,000 hands. It drew the values but not the policy, and compared neither with the truth. Many of its readers asked where the line is that improves the policy; that is what the section *Where the policy lives* is for.
