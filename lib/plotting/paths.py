"""Paths over a grid of cells that are numbered row by row."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patheffects import withStroke

from lib.plotting.grids import CELL, DARK, LETTERS, LIGHT, draw_lines, folded, marks_in_words, size_of
from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure

APART = 0.17  # between two paths through the same cell, in cells
NUMBERED = 40  # a single path of no more steps has its steps counted beside it
TOLD = 60  # cells of a path that the description lists


def grid_path(
    paths: Sequence[int] | Mapping[str, Sequence[int]],
    shape: tuple[int, int],
    title: str = "Path",
    marks: Mapping[int, str] | None = None,
    shades: np.ndarray | None = None,
    column_labels: Sequence[str] | None = None,
    xlabel: str = "column",
) -> Picture:
    """The cells that episodes went through, as lines with an arrowhead for each step.

    paths: the states in order, the start first; or label -> states. A step that goes nowhere draws nothing.
    shape: rows and columns.  marks: letters in cells, {state: letter}, for example S and G for start and goal.
    shades: (S,), drawn as grey, paper where it is 0: the strength of a wind, or 1 for a cliff.
    column_labels: what is written below the columns instead of their numbers, in one line or more; xlabel below that.
    """
    named = {label: [int(s) for s in one] for label, one in _labelled(paths).items()}
    rows, columns = shape
    for label, states in named.items():
        if not states or min(states) < 0 or max(states) >= rows * columns:
            raise ValueError(
                f"The path {label!r} should hold one or more of the cells 0 to {rows * columns - 1}, not {states}."
            )
    captions = [f"{label}: {len(states) - 1} steps".lstrip(": ") for label, states in named.items()]
    width = max(3.4, CELL * columns + 1.0)
    side_by_side = max(1, int(LETTERS * width // (max(map(len, captions)) + 8)))  # 8 letters for the sample line
    legend_rows = -(-len(named) // side_by_side)
    more_lines = max((label.count("\n") for label in column_labels or ()), default=0)
    figure, axes = new_figure(width, CELL * rows + 1.25 + 0.25 * (legend_rows + more_lines))
    grey = np.zeros(rows * columns) if shades is None else np.asarray(shades, dtype=float)
    axes.imshow(np.where(grey > 0, grey, np.nan).reshape(shape), cmap="Greys", vmin=0, vmax=3 * max(grey.max(), 1e-9))
    draw_lines(axes, shape, ink())
    for state, letter in (marks or {}).items():
        place = dict(x=state % columns - 0.32, y=state // columns - 0.3)
        axes.text(
            s=letter,
            ha="center",
            va="center",
            weight="bold",
            color=DARK if grey[state] > 0 else ink(),
            zorder=5,
            **place,
        )
    for number, (caption, states) in enumerate(zip(captions, named.values(), strict=True)):
        shift = APART * (number - (len(named) - 1) / 2)
        _draw_path(axes, np.array(states), columns, number, shift, caption)
    if len(named) == 1 and len(states) - 1 <= NUMBERED:
        _count_steps(axes, states, columns)
    axes.set_title(folded(title, figure))
    axes.set(xlabel=xlabel, ylabel="row", xticks=range(columns), yticks=range(rows))
    if column_labels is not None:
        axes.set_xticks(range(columns), column_labels)
    figure.legend(loc="outside lower center", ncols=min(side_by_side, len(named)), frameon=False)
    words = " ".join(_in_words(label, states) for label, states in named.items())
    return Picture(figure, f"{title}, on a grid of {size_of(shape)} cells.{marks_in_words(marks or {})} {words}")


def _labelled(paths) -> dict[str, Sequence[int]]:
    return dict(paths) if isinstance(paths, Mapping) else {"": paths}


def _draw_path(axes, states: np.ndarray, columns: int, number: int, shift: float, label: str) -> None:
    x, y = states % columns + shift, states // columns + shift
    look = dict(color=COLOURS[number % len(COLOURS)], linestyle=LINES[number % len(LINES)])
    axes.plot(x, y, label=label, marker=MARKERS[number % len(MARKERS)], ms=5, zorder=3, **look)
    dx, dy = np.diff(x), np.diff(y)
    moves = np.hypot(dx, dy) > 0
    if not moves.any():
        return
    reach = np.hypot(dx, dy)[moves]
    axes.quiver(
        (x[:-1] + 0.56 * dx)[moves], (y[:-1] + 0.56 * dy)[moves], dx[moves] / reach * 0.3, dy[moves] / reach * 0.3,
        angles="xy", scale_units="xy", scale=1, pivot="tip", color=look["color"], zorder=4,
        units="x", width=0.03, headwidth=7, headlength=7, headaxislength=7,
    )  # fmt: skip


def _count_steps(axes, states: Sequence[int], columns: int) -> None:
    """The number of the step beside each cell; a cell that is visited again keeps its first number."""
    first = {state: step for step, state in reversed(list(enumerate(states)))}
    for state, step in first.items():
        place = dict(x=state % columns + 0.3, y=state // columns + 0.32)
        text = axes.text(s=str(step), ha="center", va="center", fontsize=8, color=DARK, zorder=5, **place)
        text.set_path_effects([withStroke(linewidth=2.5, foreground=LIGHT)])  # readable on a line and on grey


def _in_words(label: str, states: list[int]) -> str:
    cells = " ".join(map(str, states[:TOLD])) + (" …" if len(states) > TOLD else "")
    return f"{label + ': ' if label else ''}{len(states) - 1} steps, through the cells {cells}."
