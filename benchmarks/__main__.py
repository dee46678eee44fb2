"""Run every benchmark, or those whose name contains one of the arguments.

In each table the first row is what a learner would otherwise use; the last column is the speed relative to it.
"""

import os
import sys
import warnings

import numpy as np

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


BENCHMARKS = (network_step, policy_evaluation, gridworld_steps)

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
