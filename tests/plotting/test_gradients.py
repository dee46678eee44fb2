"""Pictures of gradients that vanish and explode."""

import numpy as np

from lib import plotting


def test_functions_and_slopes_tells_the_largest_slope():
    functions = {"tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2), "half": (lambda z: z / 2, lambda z: 0 * z + 0.5)}
    picture = plotting.functions_and_slopes(functions, "Slopes", reach=3)
    assert "tanh is at most 1" in picture.alt and "half is at most 0.5" in picture.alt
    left, right = picture.figure.axes
    assert len(left.lines) == len(right.lines) == 2
    np.testing.assert_allclose(left.lines[0].get_ydata()[[0, -1]], np.tanh([-3, 3]))


def test_error_cliff_draws_paths_and_the_way_out():
    inside = np.array([[0.0, 0.0], [0.5, 0.5], [0.6, 0.4]])
    leaving = np.array([[0.0, 0.0], [0.2, 0.1], [30.0, 20.0]])
    picture = plotting.error_cliff(
        lambda w, b: w**2 + b**2, {"stays": inside, "leaves": leaving}, "A bowl", w=(-1, 1), b=(-1, 1)
    )
    axes = picture.figure.axes[0]
    assert "stays: 2 steps" in picture.alt and "(30.0, 20.0), leaving the picture" in picture.alt
    assert picture.alt.count("leaving") == 1
    assert [len(line.get_xdata()) for line in axes.lines] == [3, 2]
    assert axes.get_xlim() == (-1, 1) and len(axes.texts) == 1
    end = axes.texts[0].xy
    assert max(abs(end[0]), abs(end[1])) <= 1
