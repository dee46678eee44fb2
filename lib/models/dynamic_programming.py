"""Dynamic programming with a known model P, as the lessons of that chapter build it.

P[s][a] is a list of (probability, next_state, reward, terminated).
"""

import numpy as np


def policy_evaluation(
    P: dict, policy: np.ndarray, gamma: float = 1.0, theta: float = 1e-5, V: np.ndarray | None = None
) -> tuple[np.ndarray, list[float]]:
    """The value of every state under a policy, by sweeps in place.

    policy: (n_states, n_actions), policy[s, a] is the probability of action a in state s.
    theta: stop when a sweep changes less, > 0.  V: the values that the first sweep starts from; zeros if not given.
    Returns the values (n_states,), and a list with the largest change of each sweep, the last included.

    The sweeps are those of the lesson on policy evaluation; the model is averaged over the policy once, before them.
    """
    step, reward = averaged(P, policy)
    step = gamma * step
    V = np.zeros(len(P)) if V is None else np.array(V, dtype=float)
    changes = []
    while not changes or changes[-1] >= theta:
        before = V.copy()
        for s in range(len(V)):
            V[s] = reward[s] + step[s] @ V
        changes.append(float(np.abs(V - before).max()))
    return V, changes


def averaged(P: dict, policy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The model under a policy.

    Returns ``step`` (S, S), the probability that the episode goes on in t after a step from s, and ``reward`` (S,).
    """
    policy, step, rewards = np.asarray(policy), np.zeros((len(P), len(P))), np.zeros(len(P))
    for s, row in P.items():
        for action in np.flatnonzero(policy[s]):
            for probability, next_state, reward, terminated in row[action]:
                weight = policy[s, action] * probability
                rewards[s] += weight * reward
                if not terminated:
                    step[s, next_state] += weight
    return step, rewards


def action_values(P: dict, V: np.ndarray, s: int, gamma: float) -> np.ndarray:
    """The value of every action in state ``s``, if `V` holds the values of what follows. Returns (n_actions,)."""
    return np.array(
        [sum(p * (reward + gamma * (0.0 if end else V[to])) for p, to, reward, end in P[s][a]) for a in P[s]]
    )


def greedy_policy(P: dict, V: np.ndarray, gamma: float, tolerance: float = 1e-6) -> np.ndarray:
    """In each state the best actions according to `V`, all those that are at most `tolerance` worse than the best.

    They share the probability evenly. Returns (n_states, n_actions).
    """
    policy = np.zeros((len(P), len(P[0])))
    for s in P:
        values = action_values(P, V, s, gamma)
        best = values >= values.max() - tolerance
        policy[s] = best / best.sum()
    return policy
