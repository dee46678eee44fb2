"""Run every benchmark, or those whose name contains one of the arguments.

In each table the first row is what a learner would otherwise use; the last column is the speed relative to it.
"""

import os
import sys
import warnings

import numpy as np

from benchmarks.language_model import gru_minibatch
from benchmarks.recurrent_step import classic_step
from benchmarks.symbolic_graphs import network_modes
from benchmarks.text_cnn import mr_ten_folds, text_cnn_step
from benchmarks.text_cnn_variants import text_cnn_variants
from benchmarks.timing import report
from lib import datasets, device


def network_step() -> None:
    """One full-batch gradient step on the digits: 1,437 examples, 64 inputs, 32 hidden units, 10 classes."""
    import keras
    from sklearn.neural_network import MLPClassifier

    from lib.models import network

    X, y, *_ = datasets.digits()
    model = network.init((64, 32, 10))

    def ours():
        slope = network.gradients(model, X, y, 1.0)
        return {name: model[name] - 0.1 * slope[name] for name in model}

    rival = MLPClassifier((32,), activation="tanh", solver="sgd", batch_size=len(X), alpha=1.0, momentum=0)
    rival.partial_fit(X, y, classes=np.arange(10))
    keras.utils.set_random_seed(0)
    layers = [keras.Input((64,)), keras.layers.Dense(32, "tanh"), keras.layers.Dense(10)]
    deep = keras.Sequential(layers)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    deep.compile(keras.optimizers.SGD(0.1), cross_entropy)
    X32 = X.astype("float32")
    report(
        network_step.__doc__,
        {
            "scikit-learn MLPClassifier.partial_fit, float64": lambda: rival.partial_fit(X, y),
            "Keras train_on_batch (TensorFlow), float32": lambda: deep.train_on_batch(X32, y),
            "the lesson's NumPy, float64": ours,
        },
    )


def policy_evaluation() -> None:
    """Policy evaluation of the random policy on the 4x4 gridworld, until a sweep changes less than 1e-5."""
    from lib.course.lessons import find_lessons
    from lib.course.namespace import solution_namespace
    from lib.envs.gridworld import GridworldEnv

    (lesson,) = find_lessons(["rl/04_dynamic_programming/01_policy_evaluation"])
    solution, P = solution_namespace(lesson), GridworldEnv().P
    policy = np.full((16, 4), 0.25)
    report(
        policy_evaluation.__doc__,
        {
            "the lesson's sweeps with two arrays": lambda: solution["policy_evaluation"](P, policy, in_place=False),
            "the lesson's sweeps in place": lambda: solution["policy_evaluation"](P, policy, in_place=True),
            "the lesson's linear system": lambda: solution["solve_bellman"](P, policy, 1.0),
        },
    )


def gridworld_steps() -> None:
    """1,000 random steps of a small grid, resets included."""
    import gymnasium

    import lib.envs  # noqa: F401  (registers the course's environments)

    def steps(name):
        env = gymnasium.make(name)
        env.reset(seed=0)
        actions = np.random.default_rng(0).integers(4, size=1000).tolist()

        def run():
            for action in actions:
                _, _, terminated, truncated, _ = env.step(action)
                if terminated or truncated:
                    env.reset()

        return run

    names = {"Gymnasium FrozenLake-v1": "FrozenLake-v1", "our course/Gridworld-v0": "course/Gridworld-v0"}
    report(gridworld_steps.__doc__, {label: steps(name) for label, name in names.items()})


def blackjack_prediction() -> None:
    """First-visit Monte Carlo prediction from 500,000 hands of blackjack, sticking on 20; loops do part of them."""
    import gymnasium

    from lib.course.lessons import find_lessons
    from lib.course.namespace import solution_namespace
    from lib.models import blackjack

    (lesson,) = find_lessons(["rl/05_monte_carlo/01_prediction"])
    solution, hands = solution_namespace(lesson), 500_000
    rng = np.random.default_rng(0)

    def loop(name, part):
        env = gymnasium.make(name)
        env.reset(seed=0)
        return lambda: solution["mc_prediction"](env, solution["stick_on_20"], part)

    report(
        blackjack_prediction.__doc__,
        {
            "the lesson's loop on Gymnasium Blackjack-v1": loop("Blackjack-v1", 2_000),
            "the lesson's loop on our course/Blackjack-v0": loop("course/Blackjack-v0", 50_000),
            "lib.models.blackjack, arrays": lambda: blackjack.prediction(blackjack.STICK_ON_20, hands, rng),
        },
        calls={
            "the lesson's loop on Gymnasium Blackjack-v1": hands / 2_000,
            "the lesson's loop on our course/Blackjack-v0": hands / 50_000,
        },
    )


def mountain_car_q_learning() -> None:
    """20,000 steps of semi-gradient Q-learning on Mountain Car with 400 random Fourier features."""
    import gymnasium
    from sklearn.kernel_approximation import RBFSampler
    from sklearn.linear_model import SGDRegressor
    from sklearn.pipeline import FeatureUnion
    from sklearn.preprocessing import StandardScaler

    from lib.course.lessons import find_lessons
    from lib.course.namespace import solution_namespace
    from lib.models import mountain_car

    env = gymnasium.make("MountainCar-v0", max_episode_steps=250)
    env.observation_space.seed(0)
    samples = np.array([env.observation_space.sample() for _ in range(10_000)])
    scaler = StandardScaler().fit(samples)
    widths = [(f"{g}", RBFSampler(gamma=g, n_components=100, random_state=0)) for g in (5.0, 2.0, 1.0, 0.5)]
    union = FeatureUnion(widths).fit(scaler.transform(samples))
    regressors = [SGDRegressor(learning_rate="constant", eta0=0.01) for _ in range(3)]

    def transform(state):
        return union.transform(scaler.transform([state]))

    for regressor in regressors:
        regressor.partial_fit(transform(samples[0]), [0.0])

    # The goal is more than 1,000 steps away for an agent that knows nothing, so every way makes all of its steps.
    def as_in_2016():  # 250 steps; a regressor for each action; predicting and updating transform the state anew
        state, _ = env.reset(seed=0)
        for _ in range(250):
            x = transform(state)
            action = int(np.argmax([regressor.predict(x)[0] for regressor in regressors]))
            next_state, reward, terminated, _, _ = env.step(action)
            next_x = transform(next_state)
            target = reward + (not terminated) * max(regressor.predict(next_x)[0] for regressor in regressors)
            regressors[action].partial_fit(transform(state), [target])
            state = next_state

    (lesson,) = find_lessons(["rl/07_function_approximation/01_features_and_q_learning"])
    solution = solution_namespace(lesson)
    W, b = mountain_car.draw_features(np.random.default_rng(0), samples.mean(axis=0), samples.std(axis=0))

    def plain():  # 1,000 steps
        env.reset(seed=0)
        w = np.zeros((3, 400))
        for _ in range(4):
            w, _ = solution["q_learning_episode"](env, lambda state: solution["features"](state, W, b), w, 0.04, 1.0)

    def compiled():  # 20 runs of 1,000 steps
        maps = np.tile(W, (20, 1, 1)), np.tile(b, (20, 1))
        starts = mountain_car.start_positions(range(20), 4)
        mountain_car.q_learning(*maps, np.zeros((20, 3, 400)), starts, 0.04, max_steps=250)

    report(
        mountain_car_q_learning.__doc__,
        {
            "scikit-learn SGDRegressor and RBFSampler, as in 2016": as_in_2016,
            "the lesson's NumPy": plain,
            "lib.models.mountain_car, 20 runs": compiled,
        },
        calls={"scikit-learn SGDRegressor and RBFSampler, as in 2016": 80, "the lesson's NumPy": 20},
    )


BENCHMARKS = (
    network_step,
    policy_evaluation,
    gridworld_steps,
    blackjack_prediction,
    mountain_car_q_learning,
    classic_step,
    gru_minibatch,
    network_modes,
    text_cnn_step,
    text_cnn_variants,
    mr_ten_folds,
)

if __name__ == "__main__":
    warnings.simplefilter("ignore")  # scikit-learn warns about the partial fits that are wanted here
    wanted = sys.argv[1:]
    chosen = [one for one in BENCHMARKS if not wanted or any(word in one.__name__ for word in wanted)]
    if not chosen:
        sys.exit(
            f"No benchmark is called {' or '.join(wanted)}: choose from {', '.join(b.__name__ for b in BENCHMARKS)}."
        )
    print(f"{os.cpu_count()} cores; {device.describe()}")
    for benchmark in chosen:
        benchmark()
