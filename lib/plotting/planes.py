"""Planning as a path in the plane: the coordinates of a point are the values of two states."""

from collections.abc import Mapping, Sequence

import numpy as np

from lib.plotting.grids import number
from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure


def value_paths(
    cloud: np.ndarray,
    paths: Mapping[str, np.ndarray],
    best: np.ndarray,
    states: Sequence[str],
    title: str,
) -> Picture:
    """Tables of two values on their way to the optimal ones.

    cloud: (n, 2), the values of many policies.  paths: name -> (T, 2), a table after each sweep.
    best: (2,), the optimal values.  states: the names of the two states.
    """
    figure, axes = new_figure(7.0, 5.0)
    cloud, best = np.asarray(cloud, dtype=float), np.asarray(best, dtype=float)
    axes.plot(
        *cloud.T, ".", color=COLOURS[7], ms=2, linestyle="none", label=f"values of {len(cloud)} policies", zorder=1
    )
    words = []
    for order, (name, path) in enumerate(paths.items()):
        path = np.asarray(path, dtype=float)
        look = dict(color=COLOURS[order], linestyle=LINES[order], marker=MARKERS[order])
        axes.plot(*path.T, label=name, ms=4, linewidth=1.2, zorder=2, **look)
        ends = [f"({number(x, 2)}, {number(y, 2)})" for x, y in path[[0, -1]]]
        words.append(f"{name} goes from {ends[0]} to {ends[1]} in {len(path) - 1} steps")
    axes.plot(*best, marker="*", ms=16, color=COLOURS[5], markeredgecolor=ink(), linestyle="none", label="optimal")
    axes.set(title=title, xlabel=f"value of {states[0]}", ylabel=f"value of {states[1]}")
    axes.grid(True, alpha=0.6)
    axes.legend(loc="best", fontsize=9)
    edges = " and ".join(f"{number(c.min(), 2)} to {number(c.max(), 2)}" for c in cloud.T)
    optimal = f"the optimal values are ({number(best[0], 2)}, {number(best[1], 2)})"
    return Picture(
        figure,
        f"{title}. Values of {states[0]} and {states[1]}: {'; '.join(words)}; {optimal}. "
        f"{len(cloud)} policies cover {edges}.",
    )
