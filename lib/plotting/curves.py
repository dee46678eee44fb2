"""Curves: a quantity against training steps, with bands over repeated runs."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from scipy.stats import t as student_t

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure, paper


def training_curves(
    curves: Mapping[str, np.ndarray],
    title: str,
    ylabel: str,
    xlabel: str = "step",
    x: np.ndarray | None = None,
    log_x: bool = False,
    log_y: bool = False,
    limits: tuple[float, float] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """One line per entry; two dimensions are several runs: their mean, and a band from the lowest to the highest.

    curves: label -> (T,) or (runs, T).  x: (T,) positions, 0 … T - 1 if not given.
    limits: lowest and highest y drawn.
    marks: label -> height of a horizontal reference line, for example a published value.
    """
    figure, axes = new_figure(7.0, 3.8)
    words = []
    for number, (label, values) in enumerate(curves.items()):
        runs = np.atleast_2d(np.asarray(values, dtype=float))
        mean = runs.mean(axis=0)
        place = np.arange(len(mean)) if x is None else np.asarray(x)[: len(mean)]
        look = dict(color=COLOURS[number % len(COLOURS)], linestyle=LINES[number % len(LINES)])
        every = max(1, len(mean) // 8)
        axes.plot(place, mean, label=label, marker=MARKERS[number % len(MARKERS)], markevery=every, ms=5, **look)
        if len(runs) > 1:
            axes.fill_between(place, runs.min(axis=0), runs.max(axis=0), color=look["color"], alpha=0.18, linewidth=0)
        words.append(f"{label} goes from {mean[0]:.3g} to {mean[-1]:.3g} (lowest {mean.min():.3g})")
        if len(runs) > 1:
            words[-1] += f", its {len(runs)} runs ending between {runs[:, -1].min():.3g} and {runs[:, -1].max():.3g}"
    words += _mark_heights(axes, marks)
    if log_x:
        axes.set_xscale("symlog" if np.min(place) <= 0 else "log")
    if log_y:
        axes.set_yscale("log")
    if limits is not None:
        axes.set_ylim(*limits)
    _plain_numbers(axes.xaxis, axes.yaxis)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.grid(True, alpha=0.6)
    axes.legend()
    return Picture(figure, f"{title}. {ylabel} against {xlabel}: " + "; ".join(words) + ".")


def learning_curves(
    curves: Mapping[str, np.ndarray],
    title: str,
    ylabel: str,
    xlabel: str = "episode",
    smoothing: int = 1,
    log_x: bool = False,
    log_y: bool = False,
    limits: tuple[float, float] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """The mean over independent runs, with its 95 % confidence interval as a band.

    curves: label -> (runs, T), at least two runs; column t is episode t + 1.
    smoothing: each point is the mean of the last so many episodes (fewer at the beginning).
    limits: lowest and highest y drawn.  marks: label -> height of a horizontal reference line.
    The interval is mean ± t · s / √runs, with Student's t for runs - 1 degrees of freedom.
    """
    figure, axes = new_figure(7.0, 3.8)
    words = []
    for number, (label, values) in enumerate(curves.items()):
        runs = moving_mean(np.asarray(values, dtype=float), smoothing)
        if runs.ndim != 2 or len(runs) < 2:
            raise ValueError(
                f"The curve {label!r} should have shape (runs, T) with two runs or more, not {runs.shape}."
            )
        mean, half = mean_and_half_interval(runs)
        place = np.arange(1, len(mean) + 1)
        look = dict(color=COLOURS[number % len(COLOURS)], linestyle=LINES[number % len(LINES)])
        every = max(1, len(mean) // 8)
        axes.plot(place, mean, label=label, marker=MARKERS[number % len(MARKERS)], markevery=every, ms=5, **look)
        axes.fill_between(place, mean - half, mean + half, color=look["color"], alpha=0.2, linewidth=0)
        words.append(f"{label} goes from {mean[0]:.3g} to {mean[-1]:.3g} ± {half[-1]:.2g} ({len(runs)} runs)")
    words += _mark_heights(axes, marks)
    axes.set_xscale("log" if log_x else "linear")
    axes.set_yscale("log" if log_y else "linear")
    if limits is not None:
        axes.set_ylim(*limits)
    _plain_numbers(axes.xaxis, axes.yaxis)
    smoothed = f", mean of the last {smoothing}" if smoothing > 1 else ""
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel + smoothed)
    axes.grid(True, alpha=0.6)
    axes.legend()
    return Picture(
        figure,
        f"{title}. {ylabel}{smoothed} against {xlabel}, with 95 % confidence bands: " + "; ".join(words) + ".",
    )


def mean_and_half_interval(runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean over the runs, and half the width of its 95 % confidence interval. runs: (runs, T), two runs or more."""
    half = student_t.ppf(0.975, len(runs) - 1) * runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
    return runs.mean(axis=0), half


def moving_mean(runs: np.ndarray, width: int) -> np.ndarray:
    """The mean of the last ``width`` entries along the last axis, of fewer where there are fewer."""
    total = np.cumsum(runs, axis=-1)
    total[..., width:] = total[..., width:] - total[..., :-width]
    return total / np.minimum(np.arange(1, runs.shape[-1] + 1), width)


def _mark_heights(axes: Axes, marks: Mapping[str, float] | None) -> list[str]:
    """Draw dotted lines at these heights; what they say in words."""
    for label, height in (marks or {}).items():
        axes.axhline(height, color=ink(), linewidth=1, linestyle=":")
        right_end = {"xy": (1, height), "xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        axes.annotate(label, xytext=(-4, 3), ha="right", va="bottom", fontsize=9, **right_end)
    return [f"a dotted line marks {label} at {height:.3g}" for label, height in (marks or {}).items()]


def _plain_numbers(*scales: Axis) -> None:
    """Label a logarithmic axis with 100, 200, 500 …, a wide one with 100, 1,000 …; beyond four decades with powers."""
    for axis in scales:
        low, high = axis.get_view_interval()
        if axis.get_scale() == "log" and high <= 1e4 * low:
            axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high <= 200 * low else (1,)))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
            axis.set_minor_formatter(NullFormatter())


def bars(heights: Mapping[str, float], title: str, ylabel: str, log_y: bool = False) -> Picture:
    """One bar per entry, its height written above it."""
    figure, axes = new_figure(7.0, 3.4)
    drawn = axes.bar(list(heights), list(heights.values()), color=COLOURS[0])
    axes.bar_label(drawn, [_short(height) for height in heights.values()], fontsize=9)
    if log_y:
        axes.set_yscale("log")
    axes.set(title=title, ylabel=ylabel)
    values = "; ".join(f"{label} {_short(height)}" for label, height in heights.items())
    return Picture(figure, f"{title}. Bars of {ylabel}: {values}.")


def bar_panels(
    panels: Mapping[str, Mapping[str, float]], title: str, log_x: bool = False, mark: str | None = None
) -> Picture:
    """Several quantities of the same things: a panel of horizontal bars for each, its length written behind a bar.

    panels: "quantity (unit)" -> thing -> value >= 0. The things of the first panel name the rows; a later panel may
    leave some out.  mark: a thing whose value a dotted line shows in every panel that has it.
    """
    names = list(next(iter(panels.values())))
    figure, axes = new_figure(2.9 * len(panels) + 1.6, 0.36 * len(names) + 1.3, columns=len(panels), squeeze=False)
    words = []
    for number, (quantity, values) in enumerate(panels.items()):
        here = axes[0, number]
        places = [names.index(name) for name in values]
        drawn = here.barh(places, list(values.values()), color=COLOURS[number % len(COLOURS)], height=0.65)
        patch = {"facecolor": paper(), "edgecolor": "none", "pad": 0.5}  # keeps the dotted line out of the numbers
        labels = [_short(value) for value in values.values()]
        here.bar_label(drawn, labels, padding=3, fontsize=9, bbox=patch, zorder=4)
        if log_x:
            low, high = min(values.values()), max(values.values())
            here.set_xscale("log")
            here.set_xlim(low / 3, high * 2 * (high / low) ** 0.3)  # room for the numbers behind the bars
        else:
            here.margins(x=0.25)
        if mark in values:
            here.axvline(values[mark], color=ink(), linewidth=1, linestyle=":", zorder=3)
        here.set_ylim(len(names) - 0.4, -0.6)
        here.set_yticks(range(len(names)), names if number == 0 else [""] * len(names))
        here.set_xlabel(quantity)
        words.append(f"{quantity}: " + ", ".join(f"{name} {_short(value)}" for name, value in values.items()))
    figure.suptitle(title, fontsize=11, fontweight="bold")
    dotted = f" A dotted line marks {mark}." if mark else ""
    return Picture(figure, f"{title}. Horizontal bars. " + "; ".join(words) + "." + dotted)


def _short(number: float) -> str:
    """Three digits; a number of four or more in full, as 10,048."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
