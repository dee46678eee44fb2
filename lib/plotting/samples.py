"""Samples of a random quantity, their means, and the intervals that say how sure these are."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import NullFormatter, ScalarFormatter

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, MARKERS, ink, new_figure, paper

Interval = tuple[float, float, float]  # mean, low, high


def strips(
    samples: Mapping[str, Sequence[float]],
    intervals: Mapping[str, Interval],
    title: str,
    xlabel: str,
    ticks: Sequence[float] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """One row per sample: every value as a point, and above them the mean with its interval.

    samples: label -> (N,) values.  intervals: label -> (mean, low, high), for the same labels.
    ticks: makes the axis logarithmic, with these ticks.  marks: label -> place of a vertical reference line.
    """
    figure, axes = new_figure(7.0, 0.85 * len(samples) + 1.1)
    words = []
    for row, (label, values) in enumerate(samples.items()):
        values, (mean, low, high) = np.asarray(values, dtype=float), intervals[label]
        spread = 0.28 * (np.arange(len(values)) * 0.618034 % 1) - 0.02  # below the mean, so that both are seen
        axes.scatter(
            values, row + spread, s=12, alpha=0.5, linewidth=0,
            color=COLOURS[row % len(COLOURS)], marker=MARKERS[row % len(MARKERS)],
        )  # fmt: skip
        axes.errorbar(mean, row - 0.22, xerr=[[mean - low], [high - mean]], color=ink(), fmt="D", ms=5, capsize=4)
        place = {"xytext": (0, 7), "textcoords": "offset points", "ha": "center", "fontsize": 9}
        backing = {"facecolor": paper(), "edgecolor": "none", "pad": 1}  # no reference line runs through the number
        axes.annotate(f"{mean:.1f}", (mean, row - 0.22), bbox=backing, **place)
        words.append(
            f"{label}: {len(values)} values from {values.min():.3g} to {values.max():.3g}, mean {mean:.4g}, "
            f"interval {low:.4g} to {high:.4g}"
        )
    for label, x in (marks or {}).items():
        axes.axvline(x, color=ink(), linewidth=1, linestyle=":")
        axes.annotate(
            label, (x, 1), xycoords=("data", "axes fraction"), xytext=(-4, -3), textcoords="offset points",
            ha="right", va="top", rotation=90, fontsize=9,
        )  # fmt: skip
        words.append(f"a dotted line marks {label} at {x:.3g}")
    if ticks is not None:
        axes.set_xscale("log")
        axes.set_xticks(ticks)
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(
        title=title, xlabel=xlabel, yticks=range(len(samples)), yticklabels=samples, ylim=(len(samples) - 0.5, -0.6)
    )
    axes.grid(True, axis="x", alpha=0.6)
    return Picture(figure, f"{title}. Points of {xlabel}, means with intervals. " + "; ".join(words) + ".")


def coverage(intervals: Sequence[Interval], truth: float, title: str, ylabel: str) -> Picture:
    """The intervals of many repetitions of one experiment, and which of them miss the true mean.

    intervals: (mean, low, high) of each repetition.  truth: what they try to catch.
    """
    mean, low, high = np.asarray(intervals, dtype=float).T
    missed = (truth < low) | (truth > high)
    figure, axes = new_figure(7.0, 3.6)
    number = np.arange(1, len(mean) + 1)
    for chosen, colour, marker, size, label in (
        (~missed, COLOURS[0], "o", 4, "catches it"),
        (missed, COLOURS[5], "X", 8, "misses it"),
    ):
        if chosen.any():
            reach = np.maximum(0, [(mean - low)[chosen], (high - mean)[chosen]])
            axes.errorbar(
                number[chosen], mean[chosen], yerr=reach, fmt=marker, color=colour, ms=size, lw=1.2,
                label=f"{label}: {chosen.sum()}",
            )  # fmt: skip
    axes.axhline(truth, color=ink(), linewidth=1, linestyle=":", label=f"true mean {truth:.4g}")
    axes.set(title=title, xlabel="repetition", ylabel=ylabel)
    axes.legend(loc="upper left", ncols=3, fontsize=9)
    axes.set_ylim(top=high.max() + 0.22 * (high.max() - low.min()))
    return Picture(
        figure,
        f"{title}. {len(mean)} intervals of {ylabel}; {missed.sum()} of them miss the true mean {truth:.4g}. "
        f"The lowest mean is {mean.min():.4g}, the highest {mean.max():.4g}.",
    )
