"""Exact values of a finite Markov decision process, as ``rl/03_mdp/01_returns_and_bellman`` teaches to compute them.

A model is ``P[state][action]``, a list of (probability, next_state, reward, terminated); every state has the same
actions, numbered from 0.
"""

import numpy as np

from lib.envs.finite import Model
from lib.models import dynamic_programming


def state_values(P: Model, policy: np.ndarray, gamma: float) -> np.ndarray:
    """v_π for every state, from one linear system.

    policy: (S, A), its rows add up to 1.  gamma: the discount, below 1 unless the policy is sure to reach an end.
    Returns (S,).
    """
    steps, rewards = dynamic_programming.averaged(P, policy)
    return np.linalg.solve(np.eye(len(P)) - gamma * steps, rewards)


def action_values(P: Model, V: np.ndarray, gamma: float) -> np.ndarray:
    """The value of each action, followed by what the table says.

    V: (S,), what the states are worth.  Returns (S, A).
    """
    return np.array([dynamic_programming.action_values(P, V, s, gamma) for s in P])
