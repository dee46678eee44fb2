"""Drawings of symbolic graphs: every operation once, nothing on top of anything else."""

import numpy as np
import pytest
from matplotlib.patches import Ellipse, FancyBboxPatch

from lib.plotting import graph, use_theme

import pytensor  # isort: skip  (after lib, which chooses how graphs run)
import pytensor.tensor as pt  # isort: skip


def boxes(axes):
    return [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]


def ellipses(axes):
    return [patch for patch in axes.patches if isinstance(patch, Ellipse)]


def texts(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def logistic():
    x = pt.dscalar("x")
    y = 1 / (1 + pt.exp(-x))
    y.name = "y"
    return x, y


def network():
    """The loss of a network with one hidden layer and its slopes: as large as a panel should be."""
    X, W, V = pt.dmatrix("X"), pytensor.shared(np.ones((2, 3)), "W"), pytensor.shared(np.ones((3, 2)), "V")
    loss = pt.log(pt.exp(pt.tanh(X @ W) @ V)).mean()
    return X, [loss, *pt.grad(loss, [W, V])]


def test_before_and_after_rewriting():
    x, y = logistic()
    picture = graph({"before": y, "after": pytensor.function([x], y)}, "Logistic")
    before, after = picture.figure.axes
    assert sorted(texts(before)) == sorted(["x", "1", "1", "y", "neg", "exp", "add", "div"])
    assert sorted(texts(after)) == ["sigmoid", "x", "y"]
    assert (len(boxes(before)), len(ellipses(before))) == (4, 4)
    assert picture.alt == (
        "Logistic. before: 4 operations (neg, exp, add, div) on x. after: 1 operation (sigmoid) on x."
    )


def test_results_share_their_operations():
    _, y = logistic()
    (axes,) = graph({"both": [y, 2 * y]}, "Shared").figure.axes
    assert len(boxes(axes)) == 5 and texts(axes).count("exp") == 1 and "result 2" in texts(axes)


def test_fused_operations_are_counted():
    x, y = logistic()
    run = pytensor.function([x], [y, pt.grad(y, x)])
    assert "1 operation (fused: 4 operations) on x" in graph({"run": run}, "Fused").alt


def test_an_input_alone_and_an_array():
    x = pt.dvector("x")
    (axes,) = graph({"alone": x}, "Alone").figure.axes
    assert texts(axes) == ["x"] and not boxes(axes)
    (axes,) = graph({"array": x + np.arange(3.0)}, "Array").figure.axes
    assert "array" in texts(axes)


@pytest.mark.parametrize("what", ["logistic", "network", "compiled"])
def test_nothing_overlaps_and_the_data_flow_down(what):
    X, results = network()
    shown = {"logistic": logistic()[1], "network": results, "compiled": pytensor.function([X], results)}
    figure = graph({"one": shown[what]}, "A title").figure
    figure.draw_without_rendering()
    (axes,) = figure.axes
    places = [patch.get_window_extent() for patch in axes.patches if isinstance(patch, FancyBboxPatch | Ellipse)]
    for i, one in enumerate(places):
        assert figure.bbox.x0 <= one.x0 and one.x1 <= figure.bbox.x1
        assert not any(one.overlaps(other) for other in places[:i])
    for text in axes.texts:
        if text.get_text():
            label = text.get_window_extent()
            assert any(one.x0 <= label.x0 and label.x1 <= one.x1 for one in places)
        else:  # an arrow
            assert text.xy[1] < text.get_position()[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_can_be_drawn(theme):
    try:
        use_theme(theme)
        assert graph({"one": logistic()[1]}, "Theme").png().startswith(b"\x89PNG")
    finally:
        use_theme("light")
