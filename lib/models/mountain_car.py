"""Learning to drive Mountain Car, compiled, for many runs: what rl/07_function_approximation grows step by step.

``q_learning`` is the loop of its lesson 1 (random Fourier features), ``sarsa`` that of lesson 2 (tile coding).
Both act greedily (ε = 0), with γ = 1. The first axis of every array is the run. To continue, hand the weights on; with
alpha = 0 nothing is learned, and the lengths are those of the frozen policy. The dynamics are those of Gymnasium's
``MountainCar-v0``: it computes in double precision and shows the agent states rounded to single precision.
"""

import math
from collections.abc import Callable

import numpy as np
from gymnasium import Env
from numba import njit

LOW, HIGH = np.array([-1.2, -0.07]), np.array([0.5, 0.07])  # position in m of the model, velocity in m per step
ACTIONS = 3  # push left, do nothing, push right
TILINGS, TILES = 8, 8
FEATURES = TILINGS * (TILES + 1) ** 2  # an offset tiling needs one tile more in each direction


def start_positions(seeds: range, episodes: int) -> np.ndarray:
    """(runs, episodes): where the cars start; the same that an environment reset once with the seed would draw."""
    return np.stack([np.random.default_rng(seed).uniform(-0.6, -0.4, size=episodes) for seed in seeds])


def draw_features(
    rng: np.random.Generator,
    mean: np.ndarray,
    std: np.ndarray,
    gammas: tuple[float, ...] = (5.0, 2.0, 1.0, 0.5),
    size: int = 100,
) -> tuple[np.ndarray, np.ndarray]:
    """Random frequencies W (len(gammas) * size, d) and phases b for states that have this mean and deviation.

    cos(W s + b) with these is cos(Ω z + φ) of the standardised state z = (s - mean) / std, where each row of Ω is
    drawn from N(0, 2γ I) and φ from U(0, 2π) (Rahimi and Recht, 2007).
    """
    omega = np.concatenate([math.sqrt(2 * gamma) * rng.normal(size=(size, len(mean))) for gamma in gammas])
    phase = rng.uniform(0, 2 * np.pi, size=len(omega))
    return omega / std, phase - omega @ (mean / std)


@njit(cache=True)
def step(position: float, velocity: float, action: int) -> tuple[float, float, bool]:
    """One step of the car: the next position and velocity, and whether it has reached the goal."""
    velocity += (action - 1) * 0.001 + math.cos(3 * position) * -0.0025
    velocity = min(max(velocity, -0.07), 0.07)
    position = min(max(position + velocity, -1.2), 0.6)
    if position == -1.2 and velocity < 0:
        velocity = 0.0  # the wall on the left stops it
    return position, velocity, position >= 0.5 and velocity >= 0


@njit(cache=True, fastmath={"contract"})
def _fourier(position: float, velocity: float, W: np.ndarray, b: np.ndarray, x: np.ndarray) -> None:
    """Write the features of the state, as the agent sees it, into x.  W: (2, D), so that the loop can be vectorised.

    A call of math.cos could not be: cos t = 1 - 2 sin²(t / 2) is summed instead, with the half angle moved into
    -π/2 … π/2 and the Taylor series of the sine up to its 19th power (error below 1e-13).
    """
    seen, speed = np.float32(position), np.float32(velocity)
    scale = math.sqrt(2 / len(b))
    for i in range(len(b)):
        half = 0.5 * (W[0, i] * seen + W[1, i] * speed + b[i])
        half -= math.pi * math.floor(half * (1 / math.pi) + 0.5)
        z = half * half
        sine = 1 - z * (1 / 342)
        sine = 1 - z * sine * (1 / 272)
        sine = 1 - z * sine * (1 / 210)
        sine = 1 - z * sine * (1 / 156)
        sine = 1 - z * sine * (1 / 110)
        sine = 1 - z * sine * (1 / 72)
        sine = 1 - z * sine * (1 / 42)
        sine = 1 - z * sine * (1 / 20)
        sine = half * (1 - z * sine * (1 / 6))
        x[i] = scale * (1 - 2 * sine * sine)


@njit(cache=True, fastmath={"reassoc", "contract"})
def _best_of_features(w: np.ndarray, x: np.ndarray) -> tuple[int, float]:
    """The first of the best actions, and its value."""
    q0 = q1 = q2 = 0.0
    for i in range(len(x)):
        q0 += w[0, i] * x[i]
        q1 += w[1, i] * x[i]
        q2 += w[2, i] * x[i]
    action, best = 0, q0
    if q1 > best:
        action, best = 1, q1
    if q2 > best:
        action, best = 2, q2
    return action, best


@njit(cache=True)
def _q_learning(W, b, w, starts, alpha, max_steps):
    runs, episodes = starts.shape
    lengths = np.zeros((runs, episodes), dtype=np.int64)
    x, next_x = np.empty(b.shape[1]), np.empty(b.shape[1])
    for run in range(runs):
        for episode in range(episodes):
            position, velocity, terminated = starts[run, episode], 0.0, False
            _fourier(position, velocity, W[run], b[run], x)
            while not terminated and lengths[run, episode] < max_steps:
                action, value = _best_of_features(w[run], x)
                position, velocity, terminated = step(position, velocity, action)
                target = -1.0
                _fourier(position, velocity, W[run], b[run], next_x)
                if not terminated:  # also after the last step that the limit allows
                    target += _best_of_features(w[run], next_x)[1]
                change = alpha * (target - value)
                for i in range(len(x)):
                    w[run, action, i] += change * x[i]
                x, next_x = next_x, x
                lengths[run, episode] += 1
    return lengths


def q_learning(
    W: np.ndarray, b: np.ndarray, w: np.ndarray, starts: np.ndarray, alpha: float, max_steps: int = 10_000
) -> tuple[np.ndarray, np.ndarray]:
    """Semi-gradient Q-learning on Fourier features.

    W: (runs, D, 2).  b: (runs, D).  w: (runs, 3, D), the weights to begin with; only read.
    starts: (runs, episodes) positions.  max_steps: the time limit of an episode; it does not end the world.
    Returns the weights after the last episode, and the lengths (runs, episodes).
    """
    w = w.copy()
    return w, _q_learning(np.ascontiguousarray(W.transpose(0, 2, 1)), b, w, starts, alpha, max_steps)


@njit(cache=True)
def _tiles(position: float, velocity: float, tiles: np.ndarray) -> None:
    """Write the active tile of each tiling into tiles; the state is taken as the agent sees it."""
    x = (min(max(float(np.float32(position)), -1.2), 0.5) + 1.2) / 1.7 * TILES
    y = (min(max(float(np.float32(velocity)), -0.07), 0.07) + 0.07) / 0.14 * TILES
    for tiling in range(TILINGS):
        column = int(x + tiling / TILINGS)
        row = int(y + 3 * tiling / TILINGS % 1)
        tiles[tiling] = (tiling * (TILES + 1) + column) * (TILES + 1) + row


@njit(cache=True)
def _best_of_tiles(w: np.ndarray, tiles: np.ndarray) -> int:
    """The first of the best actions."""
    action, best = 0, -np.inf
    for a in range(ACTIONS):
        value = _value(w, tiles, a)
        if value > best:
            action, best = a, value
    return action


@njit(cache=True)
def _value(w: np.ndarray, tiles: np.ndarray, action: int) -> float:
    value = 0.0
    for tile in tiles:
        value += w[action, tile]
    return value


@njit(cache=True)
def _sarsa(w, starts, rate, max_steps):
    runs, episodes = starts.shape
    lengths = np.zeros((runs, episodes), dtype=np.int64)
    tiles, next_tiles = np.empty(TILINGS, dtype=np.int64), np.empty(TILINGS, dtype=np.int64)
    for run in range(runs):
        for episode in range(episodes):
            position, velocity, terminated = starts[run, episode], 0.0, False
            _tiles(position, velocity, tiles)
            action = _best_of_tiles(w[run], tiles)
            while not terminated and lengths[run, episode] < max_steps:
                position, velocity, terminated = step(position, velocity, action)
                _tiles(position, velocity, next_tiles)
                next_action = _best_of_tiles(w[run], next_tiles)
                target = -1.0
                if not terminated:  # also after the last step that the limit allows
                    target += _value(w[run], next_tiles, next_action)
                change = rate / TILINGS * (target - _value(w[run], tiles, action))
                for tile in tiles:
                    w[run, action, tile] += change
                tiles, next_tiles, action = next_tiles, tiles, next_action
                lengths[run, episode] += 1
    return lengths


def sarsa(w: np.ndarray, starts: np.ndarray, rate: float, max_steps: int = 10_000) -> tuple[np.ndarray, np.ndarray]:
    """Episodic semi-gradient SARSA with 8 asymmetric tilings of 8 x 8 tiles, step size rate / 8.

    w: (runs, 3, FEATURES), the weights to begin with; only read.  starts: (runs, episodes) positions.
    Returns the weights after the last episode, and the lengths (runs, episodes).
    """
    w = w.copy()
    return w, _sarsa(w, starts, rate, max_steps)


def drive(env: Env, act: Callable[[np.ndarray], int], seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """One episode with a fixed policy: the states on the way (T + 1, 2), and a picture of each.

    env: made with render_mode="rgb_array".  act: from a state to an action.
    """
    state, _ = env.reset(seed=seed)
    path, frames, over = [state], [env.render()], False
    while not over:
        state, _, terminated, truncated, _ = env.step(act(state))
        path.append(state)
        frames.append(env.render())
        over = terminated or truncated
    return np.array(path), frames
