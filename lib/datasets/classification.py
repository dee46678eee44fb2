"""Small sets for classifiers. scikit-learn is imported late: it takes a second."""

from typing import NamedTuple

import numpy as np


class Split(NamedTuple):
    """Training and test rows: X float64 (rows, columns), y int64 (rows,)."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def digits(seed: int = 0) -> Split:
    """1,797 handwritten digits: 1,437 to train on, 360 to test on, all ten equally often in both.

    X: 64 pixels of an 8x8 image in reading order, 0 (paper) to 1 (ink).  y: the digit, 0 to 9.
    seed: which images are in the test set.
    Source: ``load_digits`` of scikit-learn (Alpaydin and Kaynak 1998, CC BY 4.0).
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(
        X / 16, y.astype(np.int64), test_size=360, stratify=y, random_state=seed
    )
    return Split(X_train, y_train, X_test, y_test)


def moons(n: int = 200, noise: float = 0.20, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points in two interleaved half circles of radius 1.

    n: number of points.  noise: standard deviation of the Gaussian noise added to each coordinate.
    Returns X float64 (n, 2) and y int64 (n,), 0 for the upper moon and 1 for the lower.
    The defaults are the very points of the 2015 tutorial: ``np.random.seed(0)`` and then
    ``make_moons(200, noise=0.20)`` of scikit-learn.
    """
    from sklearn.datasets import make_moons

    return make_moons(n, noise=noise, random_state=seed)
