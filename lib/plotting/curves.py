"""Curves: a quantity against training steps, with bands over repeated runs."""

from collections.abc import Mapping

import numpy as np

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure


def training_curves(
    curves: Mapping[str, np.ndarray],
    title: str,
    ylabel: str,
    xlabel: str = "step",
    x: np.ndarray | None = None,
    log_x: bool = False,
    log_y: bool = False,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """One line per entry; two dimensions are several runs: their mean, and a band from the lowest to the highest.

    curves: label -> (T,) or (runs, T).  x: (T,) positions, 0 … T - 1 if not given.
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
    for label, height in (marks or {}).items():
        axes.axhline(height, color=ink(), linewidth=1, linestyle=":")
        right_end = {"xy": (1, height), "xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        axes.annotate(label, xytext=(-4, 3), ha="right", va="bottom", fontsize=9, **right_end)
        words.append(f"a dotted line marks {label} at {height:.3g}")
    if log_x:
        axes.set_xscale("symlog" if np.min(place) <= 0 else "log")
    if log_y:
        axes.set_yscale("log")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.grid(True, alpha=0.6)
    axes.legend()
    return Picture(figure, f"{title}. {ylabel} against {xlabel}: " + "; ".join(words) + ".")


def bars(heights: Mapping[str, float], title: str, ylabel: str, log_y: bool = False) -> Picture:
    """One bar per entry, its height written above it."""
    figure, axes = new_figure(7.0, 3.4)
    drawn = axes.bar(list(heights), list(heights.values()), color=COLOURS[0])
    axes.bar_label(drawn, [f"{height:.3g}" for height in heights.values()], fontsize=9)
    if log_y:
        axes.set_yscale("log")
    axes.set(title=title, ylabel=ylabel)
    values = "; ".join(f"{label} {height:.3g}" for label, height in heights.items())
    return Picture(figure, f"{title}. Bars of {ylabel}: {values}.")
