"""Variants of one model over several runs: a line per seed, and what each variant gains, with its interval."""

from collections.abc import Mapping, Sequence

import numpy as np

from lib.plotting.picture import Picture
from lib.plotting.samples import Interval
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure


def paired_gains(
    values: Mapping[str, Sequence[float]],
    gains: Mapping[str, Interval],
    title: str,
    ylabel: str,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """Two panels: every run, runs of one seed joined by a line; and the mean gain over the first variant.

    values: variant -> (seeds,), the one to compare with first.  gains: variant -> (mean, low, high), for the others.
    ylabel: what is measured, in %.  marks: label -> height of a dotted line on the left.
    """
    figure, (left, right) = new_figure(10.0, 4.4, columns=2, width_ratios=[1.15, 1])
    names, runs = list(values), np.array(list(values.values()), dtype=float)
    for seed, line in enumerate(runs.T):
        look = {"color": COLOURS[seed % len(COLOURS)], "linestyle": LINES[seed % len(LINES)]}
        left.plot(line, marker=MARKERS[seed % len(MARKERS)], ms=5, linewidth=1.1, label=f"seed {seed}", **look)
    left.plot(runs.mean(axis=1), "_", ms=26, mew=2.2, color=ink(), label="mean")
    for label, height in (marks or {}).items():
        left.axhline(height, color=ink(), linewidth=1, linestyle=":", label=label)
    left.set(ylabel=ylabel, title="every run", xlim=(-0.4, len(names) - 0.6))
    left.set_xticks(range(len(names)), names)
    left.legend(fontsize=8, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.1))
    for place, (mean, low, high) in enumerate(gains.values()):
        look = {"color": COLOURS[place % len(COLOURS)], "fmt": MARKERS[place % len(MARKERS)]}
        right.errorbar(place, mean, yerr=[[mean - low], [high - mean]], ms=7, capsize=5, **look)
        beside = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "fontsize": 9}
        right.annotate(f"{mean:+.1f}".replace("-", "−"), (place, mean), **beside)
    right.axhline(0, color=ink(), linewidth=1, linestyle=":")
    right.set(title=f"gain over {names[0]}, with interval", ylabel="gain (percentage points)")
    right.set_xticks(range(len(gains)), list(gains))
    right.set_xlim(-0.5, len(gains) - 0.3)
    for axes in (left, right):
        axes.tick_params(axis="x", labelsize=8)
        axes.grid(True, axis="y", alpha=0.6)
    figure.suptitle(title, fontsize=11, fontweight="bold")
    every = [
        f"{name} {line.min():.2f} to {line.max():.2f}, mean {line.mean():.2f}"
        for name, line in zip(names, runs, strict=True)
    ]
    won = [f"{name} {mean:+.2f} ({low:+.2f} to {high:+.2f})" for name, (mean, low, high) in gains.items()]
    dotted = [f" A dotted line marks {label} at {height:.2f}." for label, height in (marks or {}).items()]
    return Picture(
        figure,
        f"{title}. Left, {ylabel} of {runs.shape[1]} runs each: {'; '.join(every)}.{''.join(dotted)} "
        f"Right, mean gains over {names[0]} with intervals: {'; '.join(won)}; a dotted line marks 0.",
    )
