"""Figures over the states of Mountain Car: position along the road, velocity across it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, SEQUENTIAL, ink, new_figure

LOW, HIGH = np.array([-1.2, -0.07]), np.array([0.5, 0.07])  # beyond position 0.5 there is nothing left to decide
POSITION, VELOCITY = "position", "velocity per step"  # the model of the hill has no metres
SHAPE = (49, 61)  # velocities, positions
PATH = "#ffffff"


def mesh(part: float = 1.0) -> np.ndarray:
    """The states over which the figures of this module want numbers, (N, 2): velocity by velocity.

    part: how much of each axis around the middle of the plane, 0 … 1.
    """
    low, high = _bounds(part)
    positions, velocities = (np.linspace(low[i], high[i], SHAPE[1 - i]) for i in (0, 1))
    return np.column_stack([np.tile(positions, len(velocities)), np.repeat(velocities, len(positions))])


def state_maps(
    panels: Mapping[str, np.ndarray],
    title: str,
    quantity: str,
    points: np.ndarray | None = None,
    part: float = 1.0,
) -> Picture:
    """A coloured plane of states for each entry, each with a colour scale of its own.

    panels: name -> (N,), one number for each state of `mesh(part)`.  quantity: what the colour means, with its unit.
    points: (K, 2), marked states.
    """
    columns = len(panels)
    figure, grid = new_figure(max(5.6, 2.9 * columns), 3.2 if columns > 1 else 3.8, 1, columns, squeeze=False)
    for axes, (name, values) in zip(grid[0], panels.items(), strict=True):
        _draw_plane(figure, axes, values, quantity, part)
        axes.set_title(name, fontsize=10)
        if points is not None:
            axes.plot(*points.T, "P", color=PATH, markeredgecolor="black", ms=7)
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    words = _in_words(panels, part)
    if points is not None:
        words += " Marked: " + ", ".join(f"position {p:.2g}, velocity {v:.2g}" for p, v in points) + "."
    return Picture(figure, f"{title}. {quantity} over {POSITION} and {VELOCITY}. {words}")


def cost_to_go(panels: Mapping[str, np.ndarray], title: str, paths: Mapping[str, np.ndarray] | None = None) -> Picture:
    """How many more steps the agent expects from each state: as surfaces, and below them as coloured planes.

    A single surface is drawn larger, with its plane beside it.

    panels: name -> (N,), the cost -max_a q(s, a) for each state of `mesh`.
    paths: name of a panel -> (T, 2), states on the way of an episode, drawn into its plane.
    """
    quantity, columns = "steps still to go", len(panels)
    if columns == 1:
        figure = Figure(figsize=(9.2, 4.4))
        top, bottom = figure.subfigures(1, 2)
    else:
        figure = Figure(figsize=(3.1 * columns, 6.4))
        top, bottom = figure.subfigures(2, 1, height_ratios=(1.15, 1))
    surfaces = top.subplots(1, columns, squeeze=False, subplot_kw={"projection": "3d"})[0]
    planes = bottom.subplots(1, columns, squeeze=False)[0]
    for surface, plane, (name, values) in zip(surfaces, planes, panels.items(), strict=True):
        _draw_surface(surface, values, quantity, fontsize=9 if columns == 1 else 7)
        surface.set_title(name, fontsize=10, y=1.0)
        _draw_plane(bottom, plane, values, quantity, path=(paths or {}).get(name))
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    return Picture(
        figure,
        f"{title}. Surfaces and coloured planes of the {quantity} over {POSITION} and {VELOCITY}. "
        + _in_words(panels, paths=paths),
    )


def tilings(
    states: Mapping[str, np.ndarray], shown: Mapping[str, tuple[float, float]], tiles: int, title: str
) -> Picture:
    """The grids of some tilings over the plane of states, and which tile of each holds which state.

    states: label -> (position, velocity), marked in every panel.
    shown: name of the panel -> by what part of a tile its grid is shifted in each direction.  tiles: 8, say, a side.
    """
    figure, grid = new_figure(2.9 * len(shown), 3.2, 1, len(shown), squeeze=False)
    width = (HIGH - LOW) / tiles
    words = []
    for axes, (name, shift) in zip(grid[0], shown.items(), strict=True):
        corner = LOW - np.array(shift) * width  # the tiling reaches over the lower edges of the plane
        for number, (label, state) in enumerate(states.items()):
            tile = np.floor((np.array(state) - corner) / width)
            axes.fill_between(
                corner[0] + width[0] * np.array([tile[0], tile[0] + 1]),
                *(corner[1] + width[1] * (tile[1] + np.arange(2))),
                color=COLOURS[number], alpha=0.35, linewidth=0, hatch="/\\"[number % 2] * 2,
            )  # fmt: skip
            axes.plot(*state, "os^"[number % 3], color=COLOURS[number], markeredgecolor=ink(), label=label)
            words.append(f"{name}: {label} in column {tile[0]:.0f}, row {tile[1]:.0f}")
        style = dict(color=ink(), linewidth=0.6)
        axes.vlines(
            corner[0] + width[0] * np.arange(tiles + 2), *(corner[1] + width[1] * np.array([0, tiles + 1])), **style
        )
        axes.hlines(
            corner[1] + width[1] * np.arange(tiles + 2), *(corner[0] + width[0] * np.array([0, tiles + 1])), **style
        )
        axes.add_patch(Rectangle(LOW, *(HIGH - LOW), fill=False, edgecolor=COLOURS[5], linewidth=2))
        axes.set(xlabel=POSITION, xlim=(-1.45, 0.75), ylim=(-0.115, 0.09))
        axes.set_title(name, fontsize=10)
    grid[0, 0].set_ylabel(VELOCITY)
    grid[0, 0].legend(loc="lower left", fontsize=8, ncols=2)
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    return Picture(figure, f"{title}. {len(shown)} grids over {POSITION} and {VELOCITY}. {'; '.join(words)}.")


def _bounds(part: float) -> tuple[np.ndarray, np.ndarray]:
    middle = (LOW + HIGH) / 2
    return middle + part * (LOW - middle), middle + part * (HIGH - middle)


def _draw_plane(
    figure: FigureBase, axes: Axes, values: np.ndarray, quantity: str, part: float = 1.0, path: np.ndarray | None = None
) -> None:
    (left, lower), (right, upper) = _bounds(part)
    extent = (left, right, lower, upper)
    image = axes.imshow(np.reshape(values, SHAPE), origin="lower", aspect="auto", extent=extent, cmap=SEQUENTIAL)
    figure.colorbar(image, ax=axes, label=quantity)
    if path is not None:
        axes.plot(*path.T, color=PATH, linewidth=1.5)
        axes.plot(*path[0], "o", color=PATH, markeredgecolor="black", ms=6)
        axes.plot(*path[-1], "*", color=PATH, markeredgecolor="black", ms=11, clip_on=False)
        axes.set(xlim=(LOW[0], max(HIGH[0], path[-1, 0])), ylim=(LOW[1], HIGH[1]))
    axes.set(xlabel=POSITION, ylabel=VELOCITY)
    if part == 1:
        axes.set_xticks((-1, -0.5, 0, 0.5))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.grid(False)


def _draw_surface(axes, values: np.ndarray, quantity: str, fontsize: int) -> None:
    positions, velocities = (column.reshape(SHAPE) for column in mesh().T)
    axes.plot_surface(positions, velocities, np.reshape(values, SHAPE), cmap=SEQUENTIAL, rcount=25, ccount=31)
    axes.set(xlabel=POSITION, ylabel=VELOCITY, zlabel=quantity, xticks=(-1, -0.5, 0, 0.5), yticks=(-0.05, 0, 0.05))
    axes.view_init(elev=35, azim=-60)
    axes.set_box_aspect((1, 1, 0.75), zoom=0.78)
    axes.tick_params(labelsize=fontsize, pad=0)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.label.set_size(fontsize + 1)
        axis.labelpad = 1 if fontsize < 8 else 6
    axes.zaxis.set_major_locator(MaxNLocator(4))


def _in_words(
    panels: Mapping[str, np.ndarray], part: float = 1.0, paths: Mapping[str, np.ndarray] | None = None
) -> str:
    states, words = mesh(part), []
    for name, values in panels.items():
        ends = [
            f"{values[i] + 0.0:.3g} at position {states[i, 0]:.2f}, velocity {states[i, 1]:.3f}"
            for i in (np.argmin(values), np.argmax(values))
        ]
        words.append(f"{name}: from {ends[0]}, to {ends[1]}." if name else f"From {ends[0]}, to {ends[1]}.")
        if paths and name in paths:
            path = paths[name]
            turns = np.count_nonzero(np.diff(np.sign(path[path[:, 1] != 0, 1])))
            words.append(
                f"A line follows an episode of {len(path) - 1} steps, in which the car turns {turns} times and ends at "
                f"position {path[-1, 0]:.2f}."
            )
    return " ".join(words)
