"""Exact values of a finite Markov decision process, as ``rl/03_mdp/01_returns_and_bellman`` teaches to compute them.

A model is ``P[state][action]``, a list of (probability, next_state, reward, terminated); every state has the same
actions, numbered from 0.
"""

import numpy as np

from lib.envs.finite import Model


def state_values(P: Model, policy: np.ndarray, gamma: float) -> np.ndarray:
    """v_π for every state, from one linear system.

    policy: (S, A), its rows add up to 1.  gamma: the discount, below 1 unless the policy is sure to reach an end.
    Returns (S,).
    """
    steps, rewards = np.zeros((len(P), len(P))), np.zeros(len(P))
    for s, row in P.items():
        for a, outcomes in row.items():
            for probability, next_state, reward, terminated in outcomes:
                rewards[s] += policy[s, a] * probability * reward
                steps[s, next_state] += policy[s, a] * probability * (not terminated)
    return np.linalg.solve(np.eye(len(P)) - gamma * steps, rewards)


def action_values(P: Model, V: np.ndarray, gamma: float) -> np.ndarray:
    """The value of each action, followed by what the table says.

    V: (S,), what the states are worth.  Returns (S, A).
    """
    Q = np.zeros((len(P), len(P[0])))
    for s, row in P.items():
        for a, outcomes in row.items():
            for probability, next_state, reward, terminated in outcomes:
                Q[s, a] += probability * (reward + gamma * V[next_state] * (not terminated))
    return Q
