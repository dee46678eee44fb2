"""The compiled loops drive and learn as the world of Gymnasium and the lessons' own code do."""

import gymnasium
import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models import mountain_car

LESSONS = {
    number: find_lessons([f"rl/07_function_approximation/{name}"])[0]
    for number, name in ((1, "01_features_and_q_learning"), (2, "02_tile_coding_and_sarsa"))
}
MEAN, STD = np.array([-0.3, 0.0]), np.array([1.8, 0.14]) / np.sqrt(12)  # of uniform positions and velocities


def world(max_steps: int, seed: int) -> gymnasium.Env:
    """Its next resets start where ``start_positions`` says."""
    env = gymnasium.make("MountainCar-v0", max_episode_steps=max_steps)
    env.unwrapped.np_random = np.random.default_rng(seed)
    return env


def test_every_step_is_that_of_gymnasium():
    env, rng = gymnasium.make("MountainCar-v0").unwrapped, np.random.default_rng(0)
    env.reset(seed=0)
    seen = {"wall": 0, "goal": 0, "fastest": 0}
    for _ in range(20_000):
        if rng.random() < 0.1:
            env.state = np.array([rng.uniform(-1.2, 0.6), rng.uniform(-0.07, 0.07)])
        position, velocity = env.state
        action = int(rng.integers(3))
        _, reward, terminated, _, _ = env.step(action)
        assert (*env.state, terminated) == mountain_car.step(float(position), float(velocity), action)
        assert reward == -1
        seen["wall"] += env.state[0] == -1.2
        seen["goal"] += terminated
        seen["fastest"] += abs(env.state[1]) == 0.07
    assert min(seen.values()) > 20


def test_the_starts_are_those_of_an_environment_reset_with_the_seed():
    starts = mountain_car.start_positions(range(5, 8), episodes=3)
    env = gymnasium.make("MountainCar-v0")
    for run, seed in enumerate(range(5, 8)):
        states = [env.reset(seed=seed)[0], env.reset()[0], env.reset()[0]]
        np.testing.assert_array_equal(np.array(states)[:, 0], starts[run].astype(np.float32))


@pytest.mark.parametrize(("alpha", "max_steps"), [(0.1, 10_000), (0.04, 150)])
def test_q_learning_is_the_loop_of_the_lesson(alpha, max_steps):
    lesson, seeds = solution_namespace(LESSONS[1]), range(3, 5)
    drawn = [mountain_car.draw_features(np.random.default_rng(seed), MEAN, STD, size=10) for seed in seeds]
    W, b = map(np.stack, zip(*drawn, strict=True))
    w, lengths = mountain_car.q_learning(
        W, b, np.zeros((2, 3, 40)), mountain_car.start_positions(seeds, 3), alpha, max_steps
    )
    for run, seed in enumerate(seeds):
        env, slow = world(max_steps, seed), np.zeros((3, 40))
        for length in lengths[run]:
            slow, steps = lesson["q_learning_episode"](
                env, lambda state, run=run: lesson["features"](state, W[run], b[run]), slow, alpha, 1.0
            )
            assert steps == length
        np.testing.assert_allclose(slow, w[run], rtol=1e-6, atol=1e-8)
    if max_steps == 150:
        assert (lengths == 150).any()  # a limit that struck, and was bootstrapped


@pytest.mark.parametrize(("rate", "max_steps"), [(0.5, 10_000), (0.1, 300)])
def test_sarsa_is_the_loop_of_the_lesson(rate, max_steps):
    lesson, seeds = solution_namespace(LESSONS[2]), range(3, 5)
    shape = (2, 3, mountain_car.FEATURES)
    w, lengths = mountain_car.sarsa(np.zeros(shape), mountain_car.start_positions(seeds, 4), rate, max_steps)
    low, high, rng = mountain_car.LOW, mountain_car.HIGH, np.random.default_rng(0)
    for run, seed in enumerate(seeds):
        env, slow = world(max_steps, seed), np.zeros(shape[1:])
        for length in lengths[run]:
            slow, steps = lesson["sarsa_episode"](
                env, lambda state: lesson["active_tiles"](state, low, high), slow, rate, 0.0, 1.0, rng
            )
            assert steps == length
        np.testing.assert_allclose(slow, w[run], rtol=1e-6, atol=1e-8)


def test_features_are_those_of_the_standardised_state():
    W, b = mountain_car.draw_features(np.random.default_rng(0), MEAN, STD, gammas=(0.7,), size=50_000)
    rng = np.random.default_rng(1)
    s, t = rng.uniform([-1.2, -0.07], [0.6, 0.07], size=(2, 20, 2))
    inner = 2 * np.mean(np.cos(s @ W.T + b) * np.cos(t @ W.T + b), axis=1)
    np.testing.assert_allclose(inner, np.exp(-0.7 * (((s - t) / STD) ** 2).sum(axis=1)), atol=0.04)


def test_the_compiled_cosine_is_the_cosine():
    rng = np.random.default_rng(0)
    W, b, x = rng.normal(size=(2, 1000)) * 100, rng.uniform(0, 2 * np.pi, size=1000), np.empty(1000)
    mountain_car._fourier(-0.7, 0.03, W, b, x)
    seen = np.array([-0.7, 0.03], dtype=np.float32).astype(float)
    np.testing.assert_allclose(x, np.sqrt(2 / 1000) * np.cos(seen @ W + b), rtol=0, atol=1e-13)


def test_weights_are_handed_on_and_left_alone():
    starts, w = mountain_car.start_positions(range(2), 4), np.zeros((2, 3, mountain_car.FEATURES))
    whole, lengths = mountain_car.sarsa(w, starts, 0.5)
    half, first = mountain_car.sarsa(w, starts[:, :2], 0.5)
    again, second = mountain_car.sarsa(half, starts[:, 2:], 0.5)
    np.testing.assert_array_equal(whole, again)
    np.testing.assert_array_equal(lengths, np.hstack([first, second]))
    frozen, _ = mountain_car.sarsa(whole, starts, 0.0)
    np.testing.assert_array_equal(frozen, whole)
    assert not w.any()


def test_drive_keeps_every_state_and_a_picture_of_it():
    env = gymnasium.make("MountainCar-v0", max_episode_steps=5, render_mode="rgb_array")
    path, frames = mountain_car.drive(env, lambda state: 2, seed=3)
    assert path.shape == (6, 2) and len(frames) == 6 and frames[0].shape == (400, 600, 3)
    assert path[0, 0] == np.float32(mountain_car.start_positions(range(3, 4), 1)[0, 0])
