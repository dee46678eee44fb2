"""Pictures of gradients that vanish and explode: squashing functions with their slopes, and descent at a cliff."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.colors import LogNorm

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, SEQUENTIAL, new_figure


def functions_and_slopes(
    functions: Mapping[str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]],
    title: str,
    reach: float = 6.0,
) -> Picture:
    """Each function on the left, its slope on the right, for inputs from -reach to reach.

    functions: label -> (function, slope), both from arrays to arrays.
    """
    figure, (left, right) = new_figure(8.0, 3.2, columns=2)
    z, words = np.linspace(-reach, reach, 241), []
    for number, (label, (function, slope)) in enumerate(functions.items()):
        look = dict(color=COLOURS[number], linestyle=LINES[number], marker=MARKERS[number], markevery=30, ms=5)
        left.plot(z, function(z), label=label, **look)
        right.plot(z, slope(z), label=label, **look)
        at_end = float(slope(np.array([reach]))[0])
        words.append(f"the slope of {label} is at most {slope(z).max():.3g}, and {at_end:.2g} at {reach:g}")
    left.set(title="value", xlabel="input z", ylabel="f(z)")
    right.set(title="slope", xlabel="input z", ylabel="f′(z)")
    for axes in (left, right):
        axes.grid(True, alpha=0.6)
        axes.legend()
    figure.suptitle(title, fontweight="bold", fontsize=11)
    return Picture(figure, f"{title}. Two panels, the functions and their slopes: " + "; ".join(words) + ".")


def error_cliff(
    error: Callable[[np.ndarray, np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    title: str,
    w: tuple[float, float],
    b: tuple[float, float],
) -> Picture:
    """An error surface over two parameters, as a map with paths of gradient descent on it.

    error: (w, b) -> error, for arrays.  paths: label -> (n, 2), the points (w, b) visited.
    w, b: lowest and highest value drawn. An arrow marks where a path leaves the picture.
    """
    figure, axes = new_figure(7.0, 4.2)
    grid_w, grid_b = np.meshgrid(np.linspace(*w, 301), np.linspace(*b, 301))
    heights = np.maximum(error(grid_w, grid_b), 1e-4)
    mesh = axes.pcolormesh(grid_w, grid_b, heights, cmap=SEQUENTIAL, norm=LogNorm(), rasterized=True)
    figure.colorbar(mesh, ax=axes, label="error")
    words = []
    for number, (label, points) in enumerate(paths.items()):
        points = np.asarray(points, dtype=float)
        inside = (points[:, 0] >= w[0]) & (points[:, 0] <= w[1]) & (points[:, 1] >= b[0]) & (points[:, 1] <= b[1])
        colour = ("#ffffff", COLOURS[5], COLOURS[4])[number % 3]
        look = dict(color=colour, marker=MARKERS[number], ms=4, mec="#1a1a1a", mew=0.5, lw=1.2, ls=LINES[number])
        axes.plot(*points[inside].T, label=label, **look)
        words.append(
            f"{label}: {len(points) - 1} steps from ({points[0, 0]:.2f}, {points[0, 1]:.2f}) "
            f"to ({points[-1, 0]:.1f}, {points[-1, 1]:.1f})"
        )
        if not inside.all():
            last = int(np.argmin(inside)) - 1
            way = points[last + 1] - points[last]
            room = [(w[1] if way[0] > 0 else w[0]) - points[last, 0], (b[1] if way[1] > 0 else b[0]) - points[last, 1]]
            end = points[last] + 0.96 * way * min(r / v for r, v in zip(room, way, strict=True) if v)
            axes.annotate("", end, points[last], arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2})
            words[-1] += ", leaving the picture"
    axes.set(title=title, xlabel="weight w", ylabel="bias b", xlim=w, ylim=b)
    axes.legend(loc="lower left", facecolor="#6b6b6b", labelcolor="#ffffff", framealpha=0.95)
    return Picture(figure, f"{title}. Map of the error over w and b, with {'; '.join(words)}.")
