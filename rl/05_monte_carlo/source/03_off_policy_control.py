# %% [markdown] minutes=100
# # Off-policy Monte Carlo: learn from somebody else's hands
# Watch a player who tosses a coin for every decision, and learn perfect play from that. It sounds like magic; it is a weighted mean.
#
# **You will** compute importance sampling ratios, compare the two ways to average with them, see that the variance of one of them can be infinite, and learn to play blackjack from random hands.
#
# **You need** the lesson on on-policy Monte Carlo control (`play`, `Q`, ε-greedy and its price). A little about variance helps.

# %%
import functools
from collections import defaultdict

import gymnasium
import numpy as np

from lib import headline, plotting, setup
from lib.checks.rl.monte_carlo import off_policy_control as check
from lib.models import blackjack, blackjack_control

setup(seed=0)

# %% [markdown]
# ## Two policies
# The last lesson ended with a dilemma. Whoever explores plays worse, and what is worse, *learns the play that is best for somebody who explores*: with ε = 0.1, acting greedily in the end brings −0.0470 a hand instead of −0.0466, however long one learns. We want to explore and yet learn about the best play.
#
# So let two policies share the work. The **behaviour policy** $b$ makes the decisions. The **target policy** $\pi$ is the one we want to know about; it need not play at all. Learning about $\pi$ from the episodes of $b$ is called **off-policy**. One condition, called *coverage*: what $\pi$ may do, $b$ must do sometimes. What never happens teaches nothing.
#
# Start with prediction, in a setting of the book (Example 5.4). The dealer shows a 2; you hold an ace and a 2, so the state is `(13, 2, True)`. The target policy hits below 20 and sticks on 20 and 21. The behaviour policy tosses a coin. What is the value of this state *under the target policy*? The exact answer is −0.2772, by the model; we shall pretend not to know it.

# %%
from lib.models.episodes import play

START = {"state": (13, 2, True)}


def target(state):
    """Hit below 20, stick on 20 and 21: the probabilities of stick (0) and hit (1)."""
    return [0.0, 1.0] if state[0] < 20 else [1.0, 0.0]


def coin(state):
    """Either action with probability 1/2."""
    return [0.5, 0.5]


env, rng = gymnasium.make("course/Blackjack-v0"), np.random.default_rng(2)
env.reset(seed=2)
for _ in range(4):
    print(play(env, coin, rng, options=START))

# %% [markdown]
# `play` is the function of the last lesson: it asks the policy for probabilities, draws an action, and returns a list of (state, action, reward); `options` says in which state the hand begins.
#
# ## How much does an episode count?
# Simply averaging these returns gives the value under the *coin*, which is another number. But look at a single episode. The coin produced it with some probability, the target policy would have produced it with another. If the target policy would do it twice as often, let the episode count twice. If the target policy would never do it, as when the coin sticks on 13, let it not count at all.
#
# The probability of a whole episode from step $t$ on is a product: the policy picks an action, the world answers, the policy picks again. **The world's answers are the same for both policies, so they cancel,** and no model is needed. What is left is the **importance sampling ratio**:
#
# $$\rho_{t:T-1} = \frac{\prod_{k=t}^{T-1} \pi(A_k \mid S_k)\, p(S_{k+1} \mid S_k, A_k)}{\prod_{k=t}^{T-1} b(A_k \mid S_k)\, p(S_{k+1} \mid S_k, A_k)} = \prod_{k=t}^{T-1} \frac{\pi(A_k \mid S_k)}{b(A_k \mid S_k)}$$
#
# Target above, behaviour below. The product begins at $t$, where the return begins: what happened before has nothing to do with it. ($T$ is the number of steps, $S_0, A_0$ is the first tuple in the list.)
#
# *By hand:* the coin hits on 13, hits on 17, and then sticks on 20, just as the target would. Each step has the factor $1 / \tfrac12 = 2$, and the ratio of the whole hand is 8. Had the coin stuck on 17, one factor would be $0 / \tfrac12 = 0$, and so would the product.

# %% [markdown]
# ### Exercise · the ratio of an episode  ●○○ · 7 minutes


# %% exercise="importance_ratio"
def importance_ratio(episode: list[tuple], t: int, target, behaviour) -> float:
    """How much more probable the steps t, t + 1, … of an episode are under the target policy.

    episode: a list of (state, action, reward), chosen by the behaviour policy.
    t: where to begin, 0 … len(episode); with no step left, the product is 1.
    target, behaviour: functions; target(state) is a list with the probability of each action.
    """
    ### BEGIN SOLUTION
    ratio = 1.0
    for state, action, _ in episode[t:]:
        ratio *= target(state)[action] / behaviour(state)[action]
    return ratio
    ### END SOLUTION


# %% check="importance_ratio" points=1
check.importance_ratio(importance_ratio)

# %% [markdown] hint="importance_ratio"
# Begin with 1 and multiply. Which steps take part, and which probability of each step: the one of the action that was really taken.

# %% [markdown] hint="importance_ratio"
# $\rho = \prod_{k \ge t} \pi(A_k \mid S_k) / b(A_k \mid S_k)$. The steps from $t$ on are `episode[t:]`, and $\pi(A_k \mid S_k)$ is `target(state)[action]`.

# %% [markdown] hint="importance_ratio"
# ```python
# ratio = 1.0
# for state, action, _ in episode[t:]:
#     ratio *= ... / ...
# return ratio
# ```

# %% [markdown]
# ## Two ways to average
# Now play $n$ hands with the coin. Hand $i$ has the ratio $\rho_i$ and the return $G_i$. There are two natural means:
#
# $$\text{ordinary:}\quad V_n = \frac{\sum_{i=1}^n \rho_i G_i}{n} \qquad\qquad\qquad \text{weighted:}\quad V_n = \frac{\sum_{i=1}^n \rho_i G_i}{\sum_{i=1}^n \rho_i}$$
#
# The same sum above; below, the number of hands or the sum of the weights.
#
# - **Ordinary** importance sampling is *unbiased*: its expected value is exactly $v_\pi$, for every $n$. But a hand with ratio 8 and return −1 counts as −8, although no hand of blackjack can lose more than 1. Its estimates jump.
# - **Weighted** importance sampling is a true weighted mean, so it never leaves the range of the returns. It is *biased*: after the first hand that counts, it equals that hand's return, whatever its ratio; and which hand comes first, that is decided by the behaviour's probabilities, not by the target's. The bias vanishes as $n$ grows.
#
# As long as all ratios are 0 the weighted mean would be 0/0. By convention it is 0 then.
#
# Write both as *running* estimates: entry $n - 1$ of the answer uses the first $n$ hands.

# %% [markdown]
# ### Exercise · ordinary importance sampling  ●○○ · 5 minutes


# %% exercise="ordinary_estimates"
def ordinary_estimates(ratios: np.ndarray, returns: np.ndarray) -> np.ndarray:
    """The ordinary estimate after each episode.

    ratios, returns: (n,), one of each for every episode, in the order played.
    Returns (n,): entry k is the estimate from the first k + 1 episodes.
    """
    ### BEGIN SOLUTION
    return np.cumsum(ratios * returns) / np.arange(1, len(ratios) + 1)
    ### END SOLUTION


# %% check="ordinary_estimates" points=1
check.ordinary_estimates(ordinary_estimates)

# %% [markdown] hint="ordinary_estimates"
# A running sum, divided by how many episodes there were so far. NumPy's `np.cumsum` makes running sums; a loop is just as right.

# %% [markdown] hint="ordinary_estimates"
# Entry $k$ is $\dfrac{\rho_1 G_1 + \dots + \rho_{k+1} G_{k+1}}{k + 1}$, because Python counts from 0.

# %% [markdown] hint="ordinary_estimates"
# ```python
# return np.cumsum(ratios * ...) / np.arange(1, ...)
# ```

# %% [markdown]
# ### Exercise · weighted importance sampling  ●●○ · 7 minutes


# %% exercise="weighted_estimates"
def weighted_estimates(ratios: np.ndarray, returns: np.ndarray) -> np.ndarray:
    """The weighted estimate after each episode.

    ratios, returns: (n,), one of each for every episode, in the order played.
    Returns (n,): entry k is the estimate from the first k + 1 episodes, and 0.0 while all ratios so far are 0.
    """
    ### BEGIN SOLUTION
    weights = np.cumsum(ratios)
    sums = np.cumsum(ratios * returns)
    return np.divide(sums, weights, out=np.zeros(len(weights)), where=weights > 0)
    ### END SOLUTION


# %% check="weighted_estimates" points=2
check.weighted_estimates(weighted_estimates)

# %% [markdown] hint="weighted_estimates"
# The sum above stays the same. Below stands another running sum. Where may it be zero?

# %% [markdown] hint="weighted_estimates"
# Entry $k$ is $\dfrac{\rho_1 G_1 + \dots + \rho_{k+1} G_{k+1}}{\rho_1 + \dots + \rho_{k+1}}$, or 0 if the sum below is 0. In a loop that is one `if`; with arrays, note that where the weights are 0, the sum above is 0, too: divide it by 1 there.

# %% [markdown] hint="weighted_estimates"
# ```python
# weights = np.cumsum(...)
# sums = np.cumsum(...)
# return sums / np.where(weights > 0, weights, 1.0)
# ```

# %% [markdown]
# One run, with your functions: ten thousand hands of the coin, and what either mean makes of them. Only one hand in seven counts at all.

# %% figure="one-run"
env, rng = gymnasium.make("course/Blackjack-v0"), np.random.default_rng(0)
env.reset(seed=0)
hands = [play(env, coin, rng, options=START) for _ in range(10_000)]
ratios = np.array([importance_ratio(hand, 0, target, coin) for hand in hands])
returns = np.array([hand[-1][2] for hand in hands])  # the only reward of a hand is its last
print(f"{100 * np.mean(ratios > 0):.1f} % of the hands count; ratios from {ratios.min():.0f} to {ratios.max():.0f}")
shown = np.unique(np.geomspace(1, 10_000, 300).astype(int))  # numbers of hands, evenly spaced on the axis
estimates = {"ordinary": ordinary_estimates(ratios, returns), "weighted": weighted_estimates(ratios, returns)}
picture = plotting.training_curves(
    {name: np.asarray(values)[shown - 1] for name, values in estimates.items()},
    title="One run: two means of the same hands",
    xlabel="hands",
    ylabel="estimated value of (13, 2, ace)",
    x=shown,
    log_x=True,
    marks={"exact": -0.2772},
)
picture.figure.axes[0].set_xlim(right=40_000)  # room for the label
picture

# %% [markdown]
# **What you should see:** nothing at all until the fourth hand, the first that counts. Then the weighted mean stands at −1, the return of that hand, and stays there while only losses come. The ordinary mean shrinks with every hand that does not count and jumps with every hand that does: a saw. After a thousand hands the two can hardly be told apart, and both wander towards −0.277.
#
# ## The error, averaged
# One run is an anecdote again. The book's Figure 5.3 averages over 100 runs: the mean of $(V_n - v_\pi)^2$, the **mean square error**. A million hands are played with arrays; your two functions do the rest. (`importance_samples` plays the hands and multiplies the ratios; a test holds it equal to your `importance_ratio`.)


# %% figure="mean-square-error"
@functools.cache
def million_hands() -> tuple[np.ndarray, np.ndarray]:
    """The ratios and returns of 1,000,000 hands that begin in (13, 2, True), tossed with the coin."""
    toss, rng = np.full(200, 0.5), np.random.default_rng(0)
    return blackjack_control.importance_samples(blackjack.STICK_ON_20, toss, 1_000_000, rng, start=(13, 2, True))


truth = blackjack.exact_values(blackjack.STICK_ON_20)[blackjack.INDEX[13, 2, True]]
errors = {}
for name, estimates in (("ordinary", ordinary_estimates), ("weighted", weighted_estimates)):
    ratios, returns = (numbers.reshape(100, 10_000) for numbers in million_hands())
    runs = np.array([estimates(*run) for run in zip(ratios, returns, strict=True)])
    errors[name] = np.mean((runs - truth) ** 2, axis=0)
    print(f"{name}: mean square error {[round(float(errors[name][n - 1]), 4) for n in (1, 10, 100, 1000, 10_000)]}")
shown = np.unique(np.geomspace(1, 10_000, 100).astype(int))
plotting.training_curves(
    {name: error[shown - 1] for name, error in errors.items()},
    title="The book's Figure 5.3: mean of 100 runs",
    xlabel="hands",
    ylabel="mean square error",
    x=shown,
    log_x=True,
    log_y=True,
)

# %% [markdown]
# **What you should see:** with a handful of hands the weighted mean is far better: 0.2 against 5 after the first one. From about twenty hands on there is no difference to speak of, and both errors fall along a straight line: ten times as many hands, a tenth of the mean square error. (The book draws the vertical axis linearly; on our logarithmic one the end can be seen as well.)

# %% [markdown] think="bump" points=1
# **Think.** After *one* hand, the weighted estimate has a mean square error of 0.21, less than after five or ten hands. Is one hand really better than ten? (What is the estimate in most runs after one hand?)
#
# <!-- BEGIN SOLUTION -->
# After one hand, 86 % of the runs have not seen a hand that counts. Their estimate is 0 by convention, which is off by 0.277: a small error that nobody has earned. The other 14 % stand at a single return, mostly 1 or −1, with a square error of about 1: $0.86 \cdot 0.077 + 0.14 \cdot 1 \approx 0.21$. After ten hands most runs have left the lucky 0 and average one or two returns, so the mean square error has *grown*, to about 0.53. Then it falls for good. The book's figure shows the same bump.
# <!-- END SOLUTION -->

# %% [markdown]
# ## When ordinary importance sampling has infinite variance
# The ratio is a product, and products can explode. The book's Example 5.5 is the smallest world in which they do. One state, two actions. *Right* ends the episode with reward 0. *Left* comes back to the state with probability 0.9; with 0.1 it ends the episode with reward 1. The target policy always goes left, so its value is exactly 1. The behaviour tosses a coin.
#
# An episode that is paid went left at every step, and its ratio is $2^{\text{steps}}$; all other episodes have ratio 0. The expected value of $\rho G$ is 1, as it must be. But the expected value of $(\rho G)^2$ is
#
# $$\sum_{k=1}^{\infty} \underbrace{0.45^{\,k-1} \cdot 0.05}_{\text{paid after } k \text{ steps}} \cdot \underbrace{(2^k)^2}_{\rho^2} = 0.2 \sum_{k=1}^{\infty} 1.8^{\,k-1} = \infty$$
#
# So each $\rho G$ has **infinite variance**, and so has the ordinary estimate, for every $n$.
#
# The length of an episode is drawn directly: each step ends it with probability 0.55, and of the ends, one in eleven is the paid one on the left.

# %% figure="infinite-variance"
rng, curves = np.random.default_rng(0), {}
for run in range(1, 6):
    steps = rng.geometric(0.55, size=200_000)
    paid = rng.random(200_000) < 0.05 / 0.55  # the last step went left
    ratios, returns = np.where(paid, 2.0**steps, 0.0), paid.astype(float)
    curves[f"ordinary, run {run}"] = ordinary_estimates(ratios, returns)
curves["weighted, run 5"] = weighted_estimates(ratios, returns)
print({name: round(float(curve[-1]), 2) for name, curve in curves.items()})
shown = np.unique(np.geomspace(1, 200_000, 300).astype(int))
picture = plotting.training_curves(
    {name: np.asarray(curve)[shown - 1] for name, curve in curves.items()},
    title="The book's Figure 5.4: five runs with infinite variance",
    xlabel="episodes",
    ylabel="estimated value",
    x=shown,
    log_x=True,
    marks={"true value": 1.0},
)
picture.figure.axes[0].set_xlim(right=2_000_000)  # room for the label
picture

# %% [markdown]
# **What you should see:** most of the time the ordinary estimates lie *below* 1, and then a single long episode with a huge ratio throws one of them up: run 3 to more than 4 near the hundredth episode, run 1 by 0.7 as late as near the 45,000th. After 200,000 episodes the five runs stand between 0.71 and 0.96. The weighted mean jumps once, at its first paid episode, and then is exactly 1: all episodes that count have return 1.
#
# Do the ordinary estimates converge at all? They do. Each is a mean of independent numbers with the expected value 1, and the strong law of large numbers asks for no more: with probability 1 it tends to 1. What fails is the *rate*. The law of $1/\sqrt n$ needs a finite variance; without it, no error bar computed from the samples can be trusted.
#
# And why do most runs lie below 1? Paid episodes of 14 steps or more carry $0.9^{13} \approx 25\,\%$ of the expected value, but 200,000 episodes contain only $200\,000 \cdot 0.05 \cdot 0.45^{13} / 0.55 \approx 0.6$ of them on average. Most runs have not met the rare huge ratios yet; the few that have stand too high.
#
# From here on we use the weighted mean.
#
# ## One weighted mean, step by step
# For control we need a weighted mean for each pair (state, action), brought up to date after each hand. No list of old returns is needed: keep the mean and the sum $C$ of the weights so far. A new value $G$ with weight $W$ changes them to
#
# $$C \leftarrow C + W \qquad\qquad Q \leftarrow Q + \frac{W}{C}\,\big[G - Q\big]$$
#
# In this order: the new weight is part of $C$ already when you divide. With all weights 1 this is the running mean of the last lesson.

# %% [markdown]
# ### Exercise · update a weighted mean  ●○○ · 4 minutes


# %% exercise="weighted_update"
def weighted_update(mean: float, total: float, value: float, weight: float) -> tuple[float, float]:
    """Add one value to a weighted mean.

    mean: of the values so far, any number if there were none.  total: the sum of their weights, >= 0.
    value: the new value, any number.  weight: its weight, > 0.
    Returns the new mean, and the new sum of the weights.
    """
    ### BEGIN SOLUTION
    total += weight
    mean += weight * (value - mean) / total
    return mean, total
    ### END SOLUTION


# %% check="weighted_update" points=1
check.weighted_update(weighted_update)

# %% [markdown] hint="weighted_update"
# Two lines, and their order matters. Try it with `total = 0`: the new mean must be the new value.

# %% [markdown] hint="weighted_update"
# First $C \leftarrow C + W$. Then the mean moves towards the value by the share $W / C$ of the distance.

# %% [markdown] hint="weighted_update"
# ```python
# total += ...
# mean += weight * (value - mean) / ...
# return mean, total
# ```

# %% [markdown]
# ## Off-policy control
# Now the target policy is not fixed any more. It is **greedy in the present `Q`**, and so it improves with every number in `Q`, as in the last lesson: it lives in the table. The behaviour is whatever explores well; ours tosses a coin for ever.
#
# Go through a finished episode **from its end to its beginning**, carrying two numbers: $G$, the return so far, and $W$, the ratio so far. Begin with $G = 0$ and $W = 1$. At each step $(S, A, R)$:
#
# 1. $G \leftarrow R + \gamma\, G$
# 2. **Update** $Q(S, A)$ with value $G$ and weight $W$.
# 3. **If $A$ is not the greedy action** of the updated $Q(S, \cdot)$: leave this episode. The target policy would not have done that, its probability is 0, so $W$ would become 0 and stay 0 for all earlier steps.
# 4. Otherwise $\pi(A \mid S) = 1$, and $\;W \leftarrow W \cdot \dfrac{1}{b(A \mid S)}$.
#
# **Why does $W$ change last?** Readers of the book and of the old tutorial stumble here. $Q(S, A)$ is the value of taking $A$ *by whatever accident* and following $\pi$ *afterwards*. That $A$ was taken is given; it needs no correction. So the ratio for $Q(S_t, A_t)$ has only the later steps, $\rho_{t+1:T-1}$, and step $t$ joins it when we move on to $t - 1$. For the very last step the ratio is the empty product, 1: every episode teaches about its last action, greedy or not.
#
# **Carry $W$ along; do not work it out anew with `importance_ratio`.** `Q` changes while you go through the episode, so the target of the next step is no longer the one of the last; what has been multiplied in stays.
#
# One confession, as in the last lesson: the means keep the weights of all the earlier greedy policies. The book states that the target policy nevertheless becomes optimal if every pair is updated again and again (section 5.7); we have no proof to show, but we shall measure.
#
# This is the *every-visit* version: if a pair comes back within an episode, each visit is an update. (In blackjack none comes back.)

# %% [markdown]
# ### Exercise · off-policy control  ●●● · 15 minutes
# As before, the greedy action is the first of the largest values; an action that was never tried counts with its 0. All draws come from the `rng` that is given.


# %% exercise="off_policy_control"
def off_policy_control(
    env: gymnasium.Env, num_episodes: int, behaviour, rng: np.random.Generator, gamma: float = 1.0
) -> dict[tuple, list[float]]:
    """Every-visit Monte Carlo control with weighted importance sampling; the target is the greedy policy.

    env: any world with numbered actions.  rng: draws the actions.  gamma: the discount.
    behaviour: behaviour(state) is a list with the probability of each action, all above 0; `play` takes it.
    Returns Q, {state: [value of action 0, value of action 1, ...]}; 0.0 for an action that was never learned about.
    """
    n_actions = int(env.action_space.n)
    Q = defaultdict(lambda: [0.0] * n_actions)
    C = defaultdict(lambda: [0.0] * n_actions)  # the sum of the weights
    ### BEGIN SOLUTION
    for _ in range(num_episodes):
        G, W = 0.0, 1.0
        for state, action, reward in reversed(play(env, behaviour, rng)):
            G = reward + gamma * G
            Q[state][action], C[state][action] = weighted_update(Q[state][action], C[state][action], G, W)
            if action != Q[state].index(max(Q[state])):
                break
            W /= behaviour(state)[action]
    return Q
    ### END SOLUTION


# %% check="off_policy_control" points=3
check.off_policy_control(off_policy_control)

# %% [markdown] hint="off_policy_control"
# Two loops: over episodes, and over the steps of one episode backwards. Inside the inner loop there are exactly four things to do, those of the list above, in that order. Where must `G` and `W` begin anew?

# %% [markdown] hint="off_policy_control"
# For each episode $G \leftarrow 0$, $W \leftarrow 1$. For each step from the last to the first: $G \leftarrow R + \gamma G$; update $Q(S, A)$ and $C(S, A)$ with `weighted_update`; `break` if $A \ne \arg\max_a Q(S, a)$; $W \leftarrow W / b(A \mid S)$.

# %% [markdown] hint="off_policy_control"
# ```python
# for _ in range(num_episodes):
#     G, W = 0.0, 1.0
#     for state, action, reward in reversed(play(env, behaviour, rng)):
#         G = ...
#         Q[state][action], C[state][action] = weighted_update(..., ..., G, W)
#         if action != Q[state].index(max(Q[state])):
#             break
#         W /= ...
# return Q
# ```

# %% [markdown]
# Half a million hands in which every decision was tossed, the settings of the 2016 tutorial:


# %%
@functools.cache
def trained() -> dict:
    """Q after 500,000 random hands; trained once."""
    env = gymnasium.make("course/Blackjack-v0")
    env.reset(seed=0)
    return off_policy_control(env, 500_000, behaviour=coin, rng=np.random.default_rng(0))


def greedy_policy(Q: dict) -> dict:
    """The greedy action in each state, as in the last lesson."""
    return {state: values.index(max(values)) for state, values in Q.items()}


# %% figure="policies"
learned, (best_v, _, is_best) = greedy_policy(trained()), blackjack.optimal_values()
optimal = {state: set(np.flatnonzero(row).tolist()) for state, row in zip(blackjack.STATES, is_best, strict=True)}
for name, hit in (("tossing a coin", np.full(200, 0.5)), ("what it taught", blackjack.as_array(learned))):
    print(f"{name}: {blackjack.game_value(blackjack.exact_values(hit)):.4f} a hand")
print(f"       optimal: {blackjack.game_value(best_v):.4f} a hand")
plotting.blackjack_policy({"learned off-policy": learned}, title="Learned from 500,000 tossed hands", reference=optimal)

# %% [markdown]
# **What you should see:** eight frames, all of them beside the border between hit and stick, none far inside a field. Players who knew nothing and tossed coins lost 0.39 a hand. Whoever watched them knows how to lose only 0.048, and 0.047 is the least that anybody can lose.
#
# ## On-policy or off-policy?
# Both lessons played 500,000 hands. Ten runs of each, with compiled versions of the two functions, and the exact value of the greedy policy on the way:

# %% figure="comparison"
moments = np.geomspace(100, 500_000, 20).astype(int)
settings = {
    "off-policy, coin": (1.0, True),
    "on-policy, ε = 0.1": (0.1, False),
    "on-policy, ε = 1 (coin)": (1.0, False),
}
curves = {}
for name, (epsilon, off_policy) in settings.items():
    hands = np.full(500_000, epsilon)
    seeds = (np.random.default_rng(seed) for seed in range(10))
    runs = [blackjack_control.control(hands, moments, rng, off_policy) for rng in seeds]
    curves[name] = np.array([run.values for run in runs])
    ends, agrees = curves[name][:, -1], np.mean([run.agrees[-1] for run in runs])
    used = 100 * np.mean([run.used for run in runs])
    print(
        f"{name:23} ends at {ends.mean():.4f} ({ends.min():.4f} … {ends.max():.4f}), {agrees:.0f} of 200 states agree"
    )
    print(f"{'':23} and learned from {used:.0f} % of all decisions")
plotting.training_curves(
    curves,
    title="Exact value of the greedy policy, ten runs each",
    xlabel="hands played",
    ylabel="value of a hand",
    x=moments,
    log_x=True,
    marks={"optimal": -0.04656},
)

# %% [markdown]
# **What you should see:** with a thousand hands it makes little difference who teaches. From a few thousand hands on, the off-policy learner is ahead of the on-policy one with ε = 0.1, and it ends at −0.0475 on average instead of −0.0492; at the end the bands just overlap. The third line is the on-policy learner with the same coin, on just as many hands: it levels off at −0.086, because it learns what hands are worth *if the coin goes on being tossed*. Same play, other question: the weights make all the difference.
#
# Do not conclude that off-policy is better. Here it has two advantages: the coin tries every action equally often, and hands are short.

# %% [markdown]
# ## It learns from tails
# There is a price. Go back to step 3: at the first action, seen from the end, that is not greedy, the rest of the episode is thrown away. The method learns from the **tails** of episodes, the greedy stretches before the end. How long are hands, and how often does a hand teach about its *first* decision? That happens if all the later decisions were greedy. Here for the optimal policy as the target:

# %%
hands, is_best = 1_000_000, blackjack.optimal_values()[2]
played = blackjack.play(np.full(200, 0.5), hands, np.random.default_rng(0))
decisions = np.bincount(played.hand)
later = slice(hands, None)  # the first million entries are the first decisions of all hands
wrong_later = np.bincount(played.hand[later], ~is_best[played.state[later], played.action[later]], minlength=hands)
for n in range(1, 6):
    these = decisions == n
    used = 100 * np.mean(wrong_later[these] == 0)
    print(
        f"decisions: {n}, {100 * np.mean(these):5.2f} % of the hands; the first decision is learned from in {used:5.1f} %"
    )

# %% [markdown]
# Three hands in four have a single decision, and that one always teaches. With two decisions the first is learned from in half of the hands, with three in a fifth. All in all, the runs above learned from 88 % of the decisions. But the share falls with every further step.

# %% [markdown] think="tails" points=1
# **Think.** A game has ten actions to choose from and lasts fifty decisions, and the behaviour is a fair die with ten sides. In which share of the episodes does off-policy Monte Carlo control learn anything about the first decision, and how large is its weight then? What could you change about the behaviour policy?
#
# <!-- BEGIN SOLUTION -->
# All 49 later actions have to be greedy: $10^{-49}$ of the episodes. And the one that came would have the weight $10^{49}$. The method would learn about the last decisions only, then about the ones before, very slowly: from the tails. A behaviour closer to the target helps, such as an ε-greedy policy in the present Q: with ε = 0.1 each later step is greedy with probability 0.91, and $0.91^{49} \approx 1\,\%$ of the episodes reach the first decision. The real way out is not to wait for the end of the episode: *temporal-difference learning*, the next chapter.
# <!-- END SOLUTION -->

# %% [markdown] think="early-weight" points=1
# **Think.** Suppose you divide $W$ by $b(A \mid S)$ one line too early, *before* the update of $Q(S, A)$, and change nothing else. With a behaviour policy that never changes, the result is exactly the same! (Try it: the check cannot tell.) Why? And what would go wrong if you multiplied with $\pi(A \mid S)$, too, before the update?
#
# <!-- BEGIN SOLUTION -->
# For a given pair the factor $1 / b(A \mid S)$ is the same number in every episode. A weighted mean does not change if all of its weights are multiplied by the same number. (An ordinary mean would, and so would the weighted one if $b$ changed on the way.) But $\pi(A \mid S)$ is 0 for every action that is not greedy: multiplied in before the update, it would give those actions weight 0, and nothing would ever be learned about them. The division may come early by luck; the decision to leave may not.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Summary
# - **Off-policy**: one policy plays, another one is learned about. What the target may do, the behaviour must do sometimes.
# - The **importance sampling ratio** is the product of $\pi / b$ over the steps from $t$ on. The world's probabilities cancel.
# - **Ordinary** importance sampling is unbiased, and its variance may be infinite. **Weighted** importance sampling is biased at first, stays within the range of the returns, and is the one to use.
# - **Off-policy control** goes through each episode backwards with $G$ and $W$: update, leave at the first action that is not greedy, divide $W$ by $b$. It aims at the best policy itself, not at the best one for somebody who explores; in blackjack it came within 0.001 of it (ten runs on average).
# - It learns from the tails of episodes. In blackjack that is no great loss; in long episodes it is fatal.
#
# The results, beside the book's number, which was found by averaging 100 million hands of the target policy. (Our exact value differs from it by 0.00006, less than the standard error of such an average, 0.0001.)

# %%
ratios, returns = million_hands()
estimate = weighted_estimates(ratios, returns)[-1]
half = 1.96 * np.sqrt(np.sum(ratios**2 * (returns - estimate) ** 2)) / ratios.sum()  # of a 95 % interval
truth = blackjack.exact_values(blackjack.STICK_ON_20)[blackjack.INDEX[13, 2, True]]
learned = blackjack.game_value(blackjack.exact_values(blackjack.as_array(greedy_policy(trained()))))
headline(
    metric="Blackjack, value of (13, 2, usable ace) for stick-on-20, weighted estimate from 1,000,000 tossed hands",
    value=f"{estimate:.3f} ± {half:.3f} (exact: {truth:.4f}); policy learned from 500,000 tossed hands: {learned:.4f} a hand",
    published="−0.27726; optimal policy −0.0466 a hand",
    source="Sutton and Barto (2018), Example 5.4; the second number from the model",
)

# %% [markdown]
# ## What to try next
# - ●○○ Let an ε-greedy policy with ε = 0.1 be the behaviour for the value of (13, 2, True): which of the estimates gains more from a behaviour that is closer to the target?
# - ●●○ Run Example 5.5 with twenty million episodes in blocks, and keep only the running sums. Do the jumps become rarer? Do they become smaller?
# - ●●● *Per-decision importance sampling* (book, section 5.9): a reward needs only the ratio of the steps up to it. In blackjack that changes nothing. Why? Find a world in which it does.
#
# ## References
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd edition, MIT Press, 2018, [free online](http://incompleteideas.net/book/the-book-2nd.html): section 5.5 with Examples 5.4 and 5.5 and Figures 5.3 and 5.4, section 5.6 (incremental weighted means), section 5.7 (off-policy control).
# - D. Precup, R. S. Sutton, S. Singh, *Eligibility Traces for Off-Policy Policy Evaluation*, International Conference on Machine Learning, 2000: ordinary, weighted and per-decision importance sampling in reinforcement learning.
# - D. Silver, *Lectures on Reinforcement Learning*, University College London, 2015, [lecture 5: Model-Free Control](https://www.davidsilver.uk/teaching/).
# - D. Britz, *Reinforcement Learning*, 2016, [github.com/dennybritz/reinforcement-learning](https://github.com/dennybritz/reinforcement-learning): the notebook that this lesson goes back to, with the same control algorithm, the coin and 500,000 hands. It did not compare ordinary and weighted estimates, nor any result with the truth.
