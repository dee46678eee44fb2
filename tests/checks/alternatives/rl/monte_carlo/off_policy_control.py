"""Other right answers to the exercises of rl/05_monte_carlo/03_off_policy_control, written in other ways."""

from collections import defaultdict

import numpy as np

# --- the ratio ----------------------------------------------------------------------------------


def ratio_of_two_products(episode, t, target, behaviour):
    steps = episode[t:]
    above = np.prod([target(state)[action] for state, action, _ in steps])
    below = np.prod([behaviour(state)[action] for state, action, _ in steps])
    return above / below


def ratio_backwards(episode, t, target, behaviour):
    """From the end, and out as soon as it is zero."""
    ratio = 1
    for k in range(len(episode) - 1, t - 1, -1):
        state, action = episode[k][0], episode[k][1]
        ratio = ratio * target(state)[action] / behaviour(state)[action]
        if ratio == 0:
            return 0
    return ratio


# --- ordinary and weighted estimates ------------------------------------------------------------


def ordinary_in_a_loop(ratios, returns):
    total, estimates = 0.0, []
    for n, (ratio, G) in enumerate(zip(ratios, returns, strict=True), 1):
        total += ratio * G
        estimates.append(total / n)
    return estimates


def ordinary_incrementally(ratios, returns):
    V, estimates = 0.0, np.zeros(len(ratios))
    for k in range(len(ratios)):
        V += (ratios[k] * returns[k] - V) / (k + 1)
        estimates[k] = V
    return estimates


def weighted_in_a_loop(ratios, returns):
    above = below = 0.0
    estimates = []
    for ratio, G in zip(ratios, returns, strict=True):
        above += ratio * G
        below += ratio
        estimates.append(above / below if below > 0 else 0.0)
    return estimates


def weighted_with_where(ratios, returns):
    weights = np.cumsum(ratios)
    return np.cumsum(ratios * returns) / np.where(weights > 0, weights, 1.0)


def weighted_incrementally(ratios, returns):
    V = C = 0.0
    estimates = []
    for W, G in zip(ratios, returns, strict=True):
        if W > 0:
            C += W
            V += W / C * (G - V)
        estimates.append(V)
    return np.array(estimates)


# --- one weighted mean --------------------------------------------------------------------------


def update_from_sums(mean, total, value, weight):
    new = total + weight
    return (mean * total + value * weight) / new, new


def update_as_mixture(mean, total, value, weight):
    share = weight / (total + weight)
    return [(1 - share) * mean + share * value, total + weight]


# --- control ------------------------------------------------------------------------------------


def control_in_one_piece(env, num_episodes, behaviour, rng, gamma=1.0):
    """The book's box: everything by hand, NumPy rows and `rng.choice`."""
    n = env.action_space.n
    Q, C = {}, {}
    for _ in range(num_episodes):
        episode, over = [], False
        state, _ = env.reset()
        while not over:
            action = rng.choice(n, p=behaviour(state))
            following, reward, terminated, truncated, _ = env.step(action)
            episode.append((state, action, reward))
            state, over = following, terminated or truncated
        G, W = 0.0, 1.0
        for t in range(len(episode) - 1, -1, -1):
            state, action, reward = episode[t]
            Q.setdefault(state, np.zeros(n))
            C.setdefault(state, np.zeros(n))
            G = gamma * G + reward
            C[state][action] += W
            Q[state][action] += W / C[state][action] * (G - Q[state][action])
            if action != np.argmax(Q[state]):
                break
            W = W * 1.0 / behaviour(state)[action]
    return Q


def control_with_sums(env, num_episodes, behaviour, rng, gamma=1.0):
    """Sums above and below for each pair; W becomes 0 instead of a break."""
    n = int(env.action_space.n)
    above, below = defaultdict(float), defaultdict(float)
    Q = defaultdict(lambda: [0.0] * n)
    for _ in range(num_episodes):
        state, _ = env.reset()
        steps, over = [], False
        while not over:
            chances = np.cumsum(behaviour(state))
            action = int(min(np.searchsorted(chances, rng.random(), side="right"), n - 1))
            following, reward, over, _, _ = env.step(action)
            steps.insert(0, (state, action, reward))
            state = following
        G, W = 0.0, 1.0
        for s, a, reward in steps:
            G = reward + gamma * G
            if W > 0:
                above[s, a] += W * G
                below[s, a] += W
                Q[s][a] = above[s, a] / below[s, a]
            W = W / behaviour(s)[a] if a == Q[s].index(max(Q[s])) else 0.0
    return dict(Q)


def control_with_weight_first(env, num_episodes, behaviour, rng, gamma=1.0):
    """W grows before the update: for one pair, 1 / b is the same in every episode, and cancels in a weighted mean."""
    n = int(env.action_space.n)
    Q, C = defaultdict(lambda: [0.0] * n), defaultdict(lambda: [0.0] * n)
    for _ in range(num_episodes):
        steps, over = [], False
        state, _ = env.reset()
        while not over:
            action = int(rng.choice(n, p=behaviour(state)))
            following, reward, over, _, _ = env.step(action)
            steps.append((state, action, reward))
            state = following
        G, W = 0.0, 1.0
        while steps:
            s, a, reward = steps.pop()
            G = reward + gamma * G
            W /= behaviour(s)[a]
            C[s][a] += W
            Q[s][a] += W / C[s][a] * (G - Q[s][a])
            if any(q >= Q[s][a] for q in Q[s][:a]) or any(q > Q[s][a] for q in Q[s][a + 1 :]):
                break
    return Q


ALTERNATIVES = {
    "importance_ratio": [ratio_of_two_products, ratio_backwards],
    "ordinary_estimates": [ordinary_in_a_loop, ordinary_incrementally],
    "weighted_estimates": [weighted_in_a_loop, weighted_with_where, weighted_incrementally],
    "weighted_update": [update_from_sums, update_as_mixture],
    "off_policy_control": [control_in_one_piece, control_with_sums, control_with_weight_first],
}
