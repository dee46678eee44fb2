"""Convolution over a row: the sliding window, what it makes of a signal, its connections, filters over a sentence."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, DIVERGING, LINES, ink, new_figure, paper

INPUT, FILTER, OUTPUT = COLOURS[4], COLOURS[1], COLOURS[2]
RADIUS, TOP = 0.3, 1.4  # of a circle; the height of the outputs above the inputs


def sliding_window(
    x: Sequence[float], w: Sequence[float], starts: Sequence[int], title: str, labels: Sequence[str] | None = None
) -> Picture:
    """A narrow convolution in slow motion: one panel for each place of the window, and the outputs known by then.

    x: (n,) the row.  w: (n_filter,) the filter.  starts: where the window begins in each panel, in rising order.
    labels: a name for each input, written above it.
    """
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    y = np.correlate(x, w, mode="valid")
    if not all(0 <= start < len(y) for start in starts):
        raise ValueError(f"A window of {len(w)} over {len(x)} inputs begins at 0 to {len(y) - 1}.")
    figure, grid = new_figure(0.85 * len(x) + 1.2, 1.75 * len(starts) + 0.5, rows=len(starts), squeeze=False)
    for axes, start in zip(grid[:, 0], starts, strict=True):
        for i, value in enumerate(x):
            inside = start <= i < start + len(w)
            _box(axes, (i, 2), f"{value:,.4g}", INPUT if inside else None)
            if labels is not None:
                axes.text(i, 2.62, labels[i], ha="center", va="center", fontsize=9)
        for j, weight in enumerate(w):
            _box(axes, (start + j, 1), f"{weight:.3g}", FILTER)
        for i, value in enumerate(y):
            known = i <= start
            _box(axes, (i + (len(w) - 1) / 2, -0.35), f"{value:,.4g}" if known else "", OUTPUT if known else None)
        middle = start + (len(w) - 1) / 2
        _arrow(axes, (middle, 0.6), (middle, 0.05))
        for name, height in (("input", 2), ("filter", 1), ("output", -0.35)):
            axes.text(-0.75, height, name, ha="right", va="center", fontsize=10)
        axes.set(xlim=(-1.9, len(x) - 0.4), ylim=(-0.85, 2.9))
        axes.set_axis_off()
    figure.suptitle(title, fontsize=11, fontweight="bold")
    words = [
        f"with the window at {start}, the inputs {', '.join(f'{v:,.4g}' for v in x[start : start + len(w)])} give "
        f"{y[start]:,.4g}"
        for start in starts
    ]
    return Picture(
        figure,
        f"{title}. A row of {len(x)} inputs, a filter of {len(w)} weights ({', '.join(f'{v:.3g}' for v in w)}) below "
        f"some of them, and below that a row of {len(y)} outputs that fills up from left to right: "
        + "; ".join(words)
        + ".",
    )


def filtered(
    x: Sequence[float], outputs: Mapping[str, Sequence[float]], title: str, xlabel: str, ylabel: str, first: int = 0
) -> Picture:
    """A signal, and in a panel of its own below it what each filter makes of it, under the middles of its windows.

    x: (n,) the signal, at places first, first + 1, ...  outputs: what the filter does -> (n - n_filter + 1,), narrow
    and with stride 1, in the unit ``ylabel`` of the signal. The largest output is marked.
    """
    x = np.asarray(x, dtype=float)
    figure, grid = new_figure(7.0, 1.75 * (1 + len(outputs)) + 0.6, rows=1 + len(outputs), sharex=True)
    grid[0].plot(first + np.arange(len(x)), x, color=COLOURS[0], marker="o", ms=4, linestyle=":", linewidth=1)
    grid[0].set_title("the signal", fontsize=10, fontweight="normal")
    words = []
    for number, (axes, (name, values)) in enumerate(zip(grid[1:], outputs.items(), strict=True)):
        values = np.asarray(values, dtype=float)
        place, best = first + (len(x) - len(values)) / 2 + np.arange(len(values)), int(values.argmax())
        colour, marker = COLOURS[(5, 2, 3)[number % 3]], ("s", "^", "D")[number % 3]
        axes.plot(place, values, color=colour, marker=marker, ms=4, linestyle="-")
        axes.plot(place[best], values[best], "o", ms=12, fillstyle="none", color=ink())
        axes.set_title(name, fontsize=10, fontweight="normal")
        words.append(
            f"{name}: {len(values)} outputs from {values.min():,.4g} to {values.max():,.4g}, the largest at "
            f"{place[best]:.6g}"
        )
    for axes in grid:
        axes.grid(True, alpha=0.6)
        axes.margins(y=0.15)
    figure.supylabel(ylabel, fontsize=10)
    grid[-1].set_xlabel(xlabel)
    figure.suptitle(title, fontsize=11, fontweight="bold")
    return Picture(
        figure,
        f"{title}. {ylabel} against {xlabel}. The signal: {len(x)} values from {x.min():,.4g} to {x.max():,.4g}; "
        + "; ".join(words)
        + ".",
    )


def connections(panels: Mapping[str, Mapping[str, int]], title: str) -> Picture:
    """Inputs below, outputs above, and a line from every output to each input in its window; one panel below another.

    panels: name -> {"n_in", "n_filter"} and, where they are not 0, 0 and 1, {"left", "right", "stride"}: how many
    zeros stand before and after the inputs, and how far the window moves from one output to the next.
    """
    left = max(one.get("left", 0) for one in panels.values())
    right = max(one["n_in"] + one.get("right", 0) for one in panels.values())
    width = max(5.5, 0.48 * (left + right) + 1.6)
    figure, grid = new_figure(width, 1.5 * len(panels) + 0.4, rows=len(panels), squeeze=False)
    words = []
    for axes, (name, one) in zip(grid[:, 0], panels.items(), strict=True):
        words.append(f"{name}: {_connect(axes, name, **one)}")
        axes.set(xlim=(-left - 2.2, right - 0.4), ylim=(-0.55, 1.9), aspect="equal")
        axes.set_axis_off()
    figure.suptitle(title, fontsize=11, fontweight="bold")
    return Picture(figure, f"{title}. Circles for inputs below and outputs above. " + "; ".join(words) + ".")


def _connect(axes: Axes, name: str, n_in: int, n_filter: int, left: int = 0, right: int = 0, stride: int = 1) -> str:
    """Draw one panel of :func:`connections`; what it shows, in words."""
    n_out = (left + n_in + right - n_filter) // stride + 1
    starts = stride * np.arange(n_out) - left
    seen = {int(start) + j for start in starts for j in range(n_filter)}
    missed = [i for i in range(n_in) if i not in seen]
    for number, start in enumerate(starts):
        colour = COLOURS[number % 2 and 5]  # two colours in turn: neighbours' lines cross
        place = start + (n_filter - 1) / 2
        for j in range(n_filter):
            axes.plot([start + j, place], [0, TOP], color=colour, lw=1.1, ls=("-", "--")[number % 2], zorder=1)
        axes.add_patch(Circle((place, TOP), RADIUS, facecolor=OUTPUT, edgecolor=ink(), linewidth=1.2, zorder=3))
    for i in range(-left, n_in + right):
        zero = not 0 <= i < n_in
        look = {"facecolor": paper(), "linestyle": ":"} if zero else {"facecolor": INPUT}
        if i in missed:
            look = {"facecolor": paper(), "linestyle": "-"}
        axes.add_patch(Circle((i, 0), RADIUS, edgecolor=ink(), linewidth=1.2, zorder=3, **look))
        if zero or i in missed:
            axes.text(i, -0.02, "0" if zero else "×", ha="center", va="center", fontsize=9, zorder=4)
    zeros = f", {left} + {right} zeros" if left or right else ""
    axes.text(-left - 0.6, 0, f"{n_in} inputs", ha="right", va="center", fontsize=9)
    axes.text(-left - 0.6, TOP, f"{n_out} outputs", ha="right", va="center", fontsize=9)
    axes.set_title(f"{name}: filter {n_filter}, stride {stride}{zeros}", fontsize=10, fontweight="normal")
    return f"{n_in} inputs{zeros}, a filter of {n_filter} with stride {stride}, {n_out} outputs" + (
        f"; {len(missed)} of the inputs in no window" if missed else ""
    )


def text_convolution(
    words: Sequence[str],
    X: np.ndarray,
    kernel: np.ndarray,
    outputs: np.ndarray,
    title: str,
    columns: Sequence[str] | None = None,
    filters: Sequence[str] | None = None,
) -> Picture:
    """A sentence as a matrix on the left, what each filter answers to each window on the right.

    words: n of them.  X: (n, d), a row for each word.  kernel: (n_filter, d, n_filters).
    outputs: (n - n_filter + 1, n_filters), narrow and with stride 1.  columns, filters: names of the d numbers and
    of the filters. A frame in a filter's colour marks the window that it answers to most.
    """
    X, outputs, n_filter = np.asarray(X, dtype=float), np.asarray(outputs, dtype=float), len(kernel)
    if outputs.shape != (len(words) - n_filter + 1, np.shape(kernel)[2]) or len(words) != len(X):
        raise ValueError(
            f"{len(words)} words, X {X.shape} and a kernel {np.shape(kernel)} do not fit outputs {outputs.shape}."
        )
    columns = columns or [str(m) for m in range(X.shape[1])]
    filters = filters or [f"filter {f}" for f in range(outputs.shape[1])]
    wide = 0.62 * X.shape[1], 0.95 * len(filters)
    figure, (left, right) = new_figure(
        sum(wide) + 3.6, 0.42 * len(words) + 1.5, columns=2, gridspec_kw={"width_ratios": wide}
    )
    grams = [" ".join(words[i : i + n_filter]) for i in range(len(outputs))]
    _table(left, X, words, columns, f"the sentence: {len(words)} × {X.shape[1]}")
    _table(right, outputs, grams, filters, f"the outputs: {len(grams)} × {len(filters)}")
    best = outputs.argmax(axis=0)
    for f, i in enumerate(best):
        look = dict(
            fill=False,
            edgecolor=(COLOURS[0], ink(), COLOURS[2], COLOURS[3])[f % 4],
            linestyle=LINES[f % 4],
            linewidth=2.6,
            zorder=4,
        )
        gap = 0.06 * (f + 1)  # frames of two filters on the same words stay apart
        left.add_patch(
            Rectangle((-0.5 + gap, i - 0.5 + gap), X.shape[1] - 2 * gap, n_filter - 2 * gap, clip_on=False, **look)
        )
        right.add_patch(Rectangle((f - 0.44, i - 0.44), 0.88, 0.88, **look))
    figure.suptitle(title, fontsize=11, fontweight="bold")
    said = [
        f"{name} answers most to '{grams[i]}' ({outputs[i, f]:.3g})"
        for f, (name, i) in enumerate(zip(filters, best, strict=True))
    ]
    return Picture(
        figure,
        f"{title}. Left: a table of {len(words)} words ({' '.join(words)}) by {X.shape[1]} numbers "
        f"({', '.join(columns)}). Right: a table of {len(grams)} windows of {n_filter} words by {len(filters)} "
        "filters; " + "; ".join(said) + ".",
    )


def _table(axes: Axes, values: np.ndarray, rows: Sequence[str], columns: Sequence[str], title: str) -> None:
    """Numbers on colours, purple below zero and orange above."""
    most = np.abs(values).max() or 1.0
    axes.imshow(-values, cmap=DIVERGING, vmin=-2 * most, vmax=2 * most, aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        axes.text(j, i, f"{value:.3g}" if value else "·", ha="center", va="center", fontsize=9, color="black")
    axes.set_xticks(range(len(columns)), columns, fontsize=9)
    axes.set_yticks(range(len(rows)), rows, fontsize=9)
    axes.set_xticks(np.arange(0.5, len(columns) - 1), minor=True)
    axes.set_yticks(np.arange(0.5, len(rows) - 1), minor=True)
    axes.grid(True, which="minor", linewidth=0.8)
    axes.tick_params(which="both", length=0)
    axes.set_title(title, fontsize=10, fontweight="normal")


def _box(axes: Axes, centre: tuple[float, float], text: str, colour: str | None) -> None:
    """A number in a box; without a colour it is out of play."""
    look = dict(facecolor=colour or paper(), edgecolor=ink(), linewidth=1.2, linestyle="-" if colour or text else ":")
    axes.add_patch(Rectangle((centre[0] - 0.42, centre[1] - 0.36), 0.84, 0.72, zorder=2, **look))
    axes.text(*centre, text, ha="center", va="center", fontsize=10, color="black" if colour else ink(), zorder=3)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = dict(arrowstyle="-|>", mutation_scale=13, color=ink(), linewidth=1.3, shrinkA=0, shrinkB=0)
    axes.add_patch(FancyArrowPatch(start, end, **look))
