"""The race of the lesson ``nn_theano/02_symbolic_graphs/03_how_fast``."""

import time

import numpy as np

from benchmarks.timing import report


def network_modes() -> None:
    """One full-batch gradient step of the network of chapter 1 on the moons"""
    from lib.course.lessons import find_lessons
    from lib.course.namespace import solution_namespace

    (lesson,) = find_lessons(["nn_theano/02_symbolic_graphs/03_how_fast"])
    solution = solution_namespace(lesson)
    rivals = {
        "the lesson's NumPy, float32": (solution["numpy_step"], "float32", {}),
        "the lesson's NumPy, float64": (solution["numpy_step"], "float64", {}),
        "PyTensor, C, float32": (solution["pytensor_step"], "float32", {"mode": "CVM"}),
        "PyTensor, Numba, float32": (solution["pytensor_step"], "float32", {"mode": "NUMBA"}),
        "PyTensor, JAX, float32": (solution["pytensor_step"], "float32", {"mode": "JAX"}),
        "TensorFlow, tf.function, float32": (solution["tensorflow_step"], "float32", {}),
    }
    for size in ((200, 3), (5000, 1000)):  # one after the other: PyTensor's functions hold one problem at a time
        ways, compiled = {}, {}
        for name, (make, dtype, options) in rivals.items():
            start = time.perf_counter()
            step, _ = make(*solution["problem"](*size, dtype), **options)
            ways[name] = lambda step=step: np.asarray(step())  # JAX hands out results before they are computed
            ways[name]()
            compiled[name] = time.perf_counter() - start
        report(f"{network_modes.__doc__}: {size[0]:,} points, {size[1]:,} hidden units.", ways, compiled=compiled)
