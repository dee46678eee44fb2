"""Values and policies on a grid of states, numbered row by row."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, SEQUENTIAL, ink, new_figure

ARROWS = ((0, -1), (1, 0), (0, 1), (-1, 0))  # up, right, down, left, as (x, y); y grows downwards
DARK, LIGHT = (
    "#000000",
    "#ffffff",
)  # pure, so that one of them has a contrast of 4.5 : 1 on any colour
WORDS_FOR = 100  # a description lists every number of a figure that has no more than this
CELL = 0.72  # inches
LETTERS = 11  # of a title, bold, in an inch


def value_grid(
    values: np.ndarray,
    shape: tuple[int, int],
    title: str = "State values",
    digits: int = 1,
    terminals: Sequence[int] | Mapping[int, str] = (),
    letters: Mapping[int, str] | None = None,
) -> Picture:
    """One number and one colour per state.

    values: (S,).  shape: rows and columns, S cells together.
    terminals: states where it is over; they are grey and marked T, or with a letter of their own, {state: letter}.
    letters: names of states where it goes on, {state: letter}.
    """
    values, marks = _as_grid(values, shape), _as_marks(terminals)
    figure, axes = new_figure(max(3.4, CELL * shape[1] + 1.0), CELL * shape[0] + 1.0)
    _draw_values(axes, values, _scale([values]), digits, font=min(10, 90 / shape[1]), marks=marks, letters=letters)
    axes.set_title(folded(title, figure))
    axes.set(xlabel="column", ylabel="row", xticks=range(shape[1]), yticks=range(shape[0]))
    words = _in_words(values, digits, every=values.size <= WORDS_FOR) + marks_in_words(_named(marks, letters))
    return Picture(figure, f"{title}, a grid of {size_of(shape)} numbers: {words}")


def value_grids(
    grids: Mapping[str, np.ndarray],
    shape: tuple[int, int],
    title: str = "State values",
    digits: int = 1,
    columns: int = 3,
    terminals: Sequence[int] | Mapping[int, str] = (),
    letters: Mapping[int, str] | None = None,
) -> Picture:
    """Several value grids on one colour scale, for example sweep by sweep.

    grids: name of the panel -> (S,).  terminals, letters: as in `value_grid`.
    """
    marks = _as_marks(terminals)
    grids = {name: _as_grid(values, shape) for name, values in grids.items()}
    columns = min(columns, len(grids))
    rows = -(-len(grids) // columns)
    size = (max(2.3, 0.58 * shape[1]) * columns, max(1.2, 0.52 * shape[0] + 0.35) * rows + 0.4)
    figure, panels = new_figure(*size, rows, columns, squeeze=False)
    scale = _scale(grids.values())
    for axes, (name, values) in zip(panels.flat, grids.items(), strict=False):
        _draw_values(axes, values, scale, digits, font=min(9, max(7, 45 / shape[1])), marks=marks, letters=letters)
        axes.set(title=name, xticks=[], yticks=[])
    for axes in panels.flat[len(grids) :]:
        axes.set_visible(False)
    figure.suptitle(folded(title, figure), color=ink(), fontweight="bold", fontsize=12)
    every = sum(values.size for values in grids.values()) <= WORDS_FOR
    words = " ".join(f"{name}: {_in_words(values, digits, every)}" for name, values in grids.items())
    return Picture(
        figure,
        f"{title}: {len(grids)} grids of {size_of(shape)} numbers on one colour scale. {words}"
        + marks_in_words(_named(marks, letters)),
    )


def policy_grid(
    policy: np.ndarray,
    shape: tuple[int, int],
    title: str = "Policy",
    terminals: Sequence[int] = (),
    letters: Mapping[int, str] | None = None,
) -> Picture:
    """An arrow for every action that the policy may take, longer where it is more probable.

    policy: (S, 4), the probabilities of up, right, down and left in each state.
    terminals: states in which nothing is left to do; they are filled and marked T.
    letters: names of states where it goes on, {state: letter}; they stand in the corner of the cell.
    """
    policy, (rows, columns) = _as_policy(policy, shape), shape
    figure, axes = new_figure(max(3.4, CELL * columns + 1.0), CELL * rows + 1.0)
    _draw_policy(axes, policy, shape, _as_marks(terminals))
    for state, letter in (letters or {}).items():
        corner = (state % columns - 0.42, state // columns - 0.4)
        axes.text(*corner, letter, ha="left", va="top", color=ink(), fontweight="bold")
    axes.set_title(folded(title, figure))
    axes.set(xlabel="column", ylabel="row", xticks=range(columns), yticks=range(rows))
    return Picture(
        figure,
        f"{title}, arrows on a grid of {size_of(shape)} cells. {_policy_in_words(policy, terminals)}"
        + marks_in_words(letters or {}),
    )


def value_and_policy_grids(
    panels: Mapping[str, tuple[np.ndarray, np.ndarray]],
    shape: tuple[int, int],
    title: str = "Values and policy",
    digits: int = 1,
    columns: int = 3,
    terminals: Sequence[int] | Mapping[int, str] = (),
) -> Picture:
    """Values, and below them the policy that belongs to them: pairs of grids, all values on one colour scale.

    panels: name -> values (S,), and policy (S, 4) as in `policy_grid`.  terminals: as in `value_grid`.
    """
    marks = _as_marks(terminals)
    pairs = {name: (_as_grid(values, shape), _as_policy(policy, shape)) for name, (values, policy) in panels.items()}
    columns = min(columns, len(pairs))
    rows = -(-len(pairs) // columns)
    size = (max(2.3, 0.58 * shape[1]) * columns, (1.04 * shape[0] + 0.5) * rows + 0.4)
    figure, axes = new_figure(*size, 2 * rows, columns, squeeze=False)
    scale = _scale([values for values, _ in pairs.values()])
    for place in axes.flat:
        place.set_visible(False)
    for number, (name, (values, policy)) in enumerate(pairs.items()):
        above, below = axes[2 * (number // columns) :, number % columns][:2]
        _draw_values(above, values, scale, digits, font=min(9, 45 / shape[1]), marks=marks)
        _draw_policy(below, policy, shape, marks)
        for place in (above, below):
            place.set(xticks=[], yticks=[], visible=True)
        above.set_title(name)
    figure.suptitle(folded(title, figure), color=ink(), fontweight="bold", fontsize=12)
    every = sum(values.size for values, _ in pairs.values()) <= WORDS_FOR
    words = " ".join(
        f"{name}: values {_in_words(values, digits, every)} Policy: {_policy_in_words(policy, list(marks))}"
        for name, (values, policy) in pairs.items()
    )
    pair = f"{len(pairs)} pairs of grids of {size_of(shape)} cells"
    return Picture(figure, f"{title}: {pair}, values above and arrows below. {words}{marks_in_words(marks)}")


def _as_grid(values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.shape != (shape[0] * shape[1],):
        raise ValueError(
            f"A grid of {size_of(shape)} cells needs {shape[0] * shape[1]} values in one row, not shape {values.shape}."
        )
    return values.reshape(shape)


def _as_policy(policy: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    policy, cells = np.asarray(policy, dtype=float), shape[0] * shape[1]
    if policy.shape != (cells, len(ARROWS)):
        raise ValueError(
            f"A policy on {size_of(shape)} cells should have shape {(cells, len(ARROWS))}, not {policy.shape}."
        )
    return policy


def _scale(grids) -> Normalize:
    low, high = min(grid.min() for grid in grids), max(grid.max() for grid in grids)
    return Normalize(low, high if high > low else low + 1)


def _as_marks(terminals: Sequence[int] | Mapping[int, str]) -> dict[int, str]:
    return dict(terminals) if isinstance(terminals, Mapping) else dict.fromkeys(map(int, terminals), "T")


def _named(marks: Mapping[int, str], letters: Mapping[int, str] | None) -> dict[int, str]:
    return {**marks, **(letters or {})}


def _draw_values(
    axes: Axes,
    grid: np.ndarray,
    scale: Normalize,
    digits: int,
    font: float,
    marks: Mapping[int, str],
    letters: Mapping[int, str] | None = None,
) -> None:
    axes.imshow(grid, cmap=SEQUENTIAL, norm=scale)
    _fill(axes, grid.shape, list(marks))
    names = _named(marks, letters)
    for state, value in enumerate(grid.flat):
        row, column = divmod(state, grid.shape[1])
        mark = f"{names[state]}\n" if state in names else ""
        axes.text(
            column,
            row,
            mark + number(value, digits),
            ha="center",
            va="center",
            color=DARK if state in marks else text_colour(colormaps[SEQUENTIAL](scale(value))),
            fontweight="bold" if mark else "normal",
            fontsize=font,
        )
    draw_lines(axes, grid.shape, LIGHT)


def _draw_policy(axes: Axes, policy: np.ndarray, shape: tuple[int, int], marks: Mapping[int, str]) -> None:
    columns = shape[1]
    _fill(axes, shape, list(marks))
    active = [state for state in range(len(policy)) if state not in marks]
    states, actions = np.nonzero(policy[active])
    states = np.array(active, dtype=int)[states]
    lengths = 0.22 + 0.22 * policy[states, actions]  # in cells; the shortest is still seen as an arrow
    directions = np.array(ARROWS)[actions] * lengths[:, None]
    axes.quiver(
        states % columns, states // columns, *directions.T,
        angles="xy", scale_units="xy", scale=1,
        color=COLOURS[0], width=0.035 / columns, headwidth=4, headlength=4.5,
    )  # fmt: skip
    for state, mark in marks.items():
        place = {"ha": "center", "va": "center"}
        axes.text(state % columns, state // columns, mark, color=DARK, fontweight="bold", **place)
    draw_lines(axes, shape, ink())


def _fill(axes: Axes, shape: tuple[int, int], states: Sequence[int]) -> None:
    """Paint these cells light grey."""
    filled = np.where(np.isin(np.arange(shape[0] * shape[1]), states), 1.0, np.nan).reshape(shape)
    axes.imshow(filled, cmap="Greys", vmin=0, vmax=4)  # NaN, every other cell, is left unpainted


def draw_lines(axes: Axes, shape: tuple[int, int], colour: str) -> None:
    axes.hlines(
        np.arange(shape[0] + 1) - 0.5,
        -0.5,
        shape[1] - 0.5,
        color=colour,
        linewidth=0.6,
        clip_on=False,
    )
    axes.vlines(
        np.arange(shape[1] + 1) - 0.5,
        -0.5,
        shape[0] - 0.5,
        color=colour,
        linewidth=0.6,
        clip_on=False,
    )
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def text_colour(background) -> str:
    """Dark or light letters, whichever has the higher contrast (WCAG 2) on this background."""
    luminance = relative_luminance(background)
    on_light, on_dark = relative_luminance(LIGHT) + 0.05, relative_luminance(DARK) + 0.05
    return DARK if (luminance + 0.05) / on_dark > on_light / (luminance + 0.05) else LIGHT


def relative_luminance(colour) -> float:
    """How bright a colour looks, from 0 (black) to 1 (white), as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def number(value: float, digits: int) -> str:
    """A rounded number; what rounds to zero has no sign."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}"


def folded(title: str, figure: Figure) -> str:
    """The title in as many lines as the width of the figure asks for."""
    return textwrap.fill(title, width=int(LETTERS * figure.get_figwidth()))


def size_of(shape: tuple[int, int]) -> str:
    return f"{shape[0]} × {shape[1]}"


def _in_words(grid: np.ndarray, digits: int, every: bool) -> str:
    """The extremes and where they are and, if asked, every number."""
    low, high = number(grid.min(), digits), number(grid.max(), digits)
    if low == high:
        return f"{low} in every cell."
    words = f"lowest {_places(grid, low, digits)}, highest {_places(grid, high, digits)}."
    if every:
        rows = "; ".join(" ".join(number(value, digits) for value in row) for row in grid)
        words += f" Row by row: {rows}."
    return words


def _places(grid: np.ndarray, text: str, digits: int) -> str:
    places = [place for place, other in np.ndenumerate(grid) if number(other, digits) == text]
    if len(places) > 4:
        return f"{text} in {len(places)} cells"
    return f"{text} at " + " and ".join(f"row {row} column {column}" for row, column in places)


def marks_in_words(marks: Mapping[int, str]) -> str:
    """`` Marked T: states 0, 15.``; nothing if there are no marks."""
    places: dict[str, list[int]] = {}
    for state in sorted(marks):
        places.setdefault(marks[state], []).append(state)
    return f" Marked {'; '.join(f'{mark}: {_states(states)}' for mark, states in places.items())}." if marks else ""


def _policy_in_words(policy: np.ndarray, terminals: Sequence[int]) -> str:
    names = ("up", "right", "down", "left")
    groups: dict[str, list[int]] = {}
    for state, row in enumerate(policy):
        if state not in terminals:
            chances = [f"{name} {chance:.2g}" for name, chance in zip(names, row, strict=True) if chance > 0]
            groups.setdefault(", ".join(chances) or "no action", []).append(state)
    parts = [f"{_states(states)}: {chances}" for chances, states in groups.items()]
    if terminals:
        parts.append(f"{_states(sorted(terminals))}: terminal")
    return "; ".join(parts) + "."


def _states(states: Sequence[int]) -> str:
    """``states 1-3 and 5``: runs of numbers folded."""
    runs: list[list[int]] = []
    for state in states:
        if runs and state == runs[-1][-1] + 1:
            runs[-1].append(state)
        else:
            runs.append([state])
    texts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return ("state " if len(states) == 1 else "states ") + ", ".join(texts)
