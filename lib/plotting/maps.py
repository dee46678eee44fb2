"""Maps: a number for every pair of two quantities, such as the cars at two places."""

from collections.abc import Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.ticker import MaxNLocator

from lib.plotting.grids import folded, text_colour
from lib.plotting.picture import Picture
from lib.plotting.style import DIVERGING, SEQUENTIAL, ink, new_figure


def maps(
    grids: Mapping[str, np.ndarray],
    title: str,
    xlabel: str,
    ylabel: str,
    label: str,
    diverging: bool = False,
    columns: int = 3,
) -> Picture:
    """Several maps on one colour scale; the row and the column of a number are its coordinates, row 0 is at the bottom.

    grids: name of the panel -> (rows, columns); a single map does without its name.
    label: what the colours stand for, with its unit.
    diverging: the numbers are whole and both sides of 0 matter; a level has a colour, a line at
    its edge and, where there is room, its number.
    """
    grids = {name: np.asarray(grid, dtype=float) for name, grid in grids.items()}
    columns = min(columns, len(grids))
    rows = -(-len(grids) // columns)
    low, high = np.min(list(grids.values())), np.max(list(grids.values()))
    if diverging:
        reach = max(abs(low), abs(high), 1)
        look = {"cmap": colormaps[DIVERGING].resampled(int(2 * reach + 1)), "vmin": -reach - 0.5, "vmax": reach + 0.5}
    else:
        look = {"cmap": SEQUENTIAL, "vmin": low, "vmax": high if high > low else low + 1}
    alone = float(len(grids) == 1)  # a single map may be larger
    figure, panels = new_figure(2.4 * columns + 1 + 2 * alone, 2.4 * rows + 0.6 + alone, rows, columns, squeeze=False)
    for place in panels.flat[len(grids) :]:
        place.set_visible(False)
    for axes, (name, grid) in zip(panels.flat, grids.items(), strict=False):
        image = axes.imshow(grid, origin="lower", **look)
        if diverging:
            _draw_levels(axes, grid, image)
        if not alone:
            axes.set_title(name)
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], integer=True))
    if alone:
        axes.set(xlabel=xlabel, ylabel=ylabel)
    else:
        figure.supxlabel(xlabel, fontsize=10)
        figure.supylabel(ylabel, fontsize=10)
    ticks = {"ticks": np.arange(low, high + 1)} if diverging else {}
    figure.colorbar(image, ax=panels, label=label, shrink=0.8, **ticks)
    figure.suptitle(folded(title, figure), color=ink(), fontweight="bold", fontsize=12)
    words = "; ".join(f"{name}: {_in_words(grid)}" for name, grid in grids.items())
    return Picture(figure, f"{title}. {label} against {xlabel} (to the right) and {ylabel} (upwards). {words}.")


def _draw_levels(axes, grid: np.ndarray, image) -> None:
    """A line between unequal neighbours, and the number of each level once, where there is room."""
    rows, columns = np.nonzero(np.diff(grid, axis=0))
    axes.hlines(rows + 0.5, columns - 0.5, columns + 0.5, color=ink(), linewidth=0.6)
    rows, columns = np.nonzero(np.diff(grid, axis=1))
    axes.vlines(columns + 0.5, rows - 0.5, rows + 0.5, color=ink(), linewidth=0.6)
    for level in np.unique(grid):
        row, column, room = _roomiest(grid == level)
        if room > 1:
            colour = text_colour(image.cmap(image.norm(level)))
            axes.text(column, row, f"{level:.0f}", ha="center", va="center", fontsize=8, color=colour)


def _roomiest(marks: np.ndarray) -> tuple[int, int, int]:
    """The marked cell that is farthest from every other one and from the edge, and how many cells far."""
    outside = np.argwhere(~np.pad(marks, 1)) - 1
    here = np.argwhere(marks)
    room = np.abs(here[:, None] - outside[None]).max(axis=2).min(axis=1)
    return (*map(int, here[room.argmax()]), int(room.max()))


def _in_words(grid: np.ndarray) -> str:
    """The extremes and their places, and the four corners."""
    corners = [grid[0, 0], grid[0, -1], grid[-1, 0], grid[-1, -1]]
    named = zip(("bottom left", "bottom right", "top left", "top right"), corners, strict=True)
    return f"from {grid.min():.4g} to {grid.max():.4g}, " + ", ".join(f"{place} {value:.4g}" for place, value in named)
