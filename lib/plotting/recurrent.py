"""Recurrent networks: a loop, and the same loop unrolled over a sentence."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, ink, new_figure

RADIUS = 0.3
ROWS = {"x": 0.0, "s": 1.25, "o": 2.5}  # heights of the three kinds of nodes
FILL = {"x": COLOURS[4], "s": COLOURS[1], "o": COLOURS[2]}


def unrolled_network(
    words: Sequence[str], targets: Sequence[str], title: str = "One loop, unrolled over a sentence"
) -> Picture:
    """The network as a loop on the left, and once more for every word on the right, with the same U, V and W.

    words: what is read at each step.  targets: the word that should come next, as many.
    """
    if len(words) != len(targets):
        raise ValueError(f"{len(words)} words were given, but {len(targets)} targets.")
    step, start = 1.75, 4.1  # between two words; of the first word
    places = start + step * np.arange(len(words))
    figure, axes = new_figure(1.25 * (places[-1] + 1) / 1.3, 3.9)
    _column(axes, 0.0, "t")
    _arrow(axes, (0.26, ROWS["s"] + 0.16), (0.26, ROWS["s"] - 0.16), "arc3,rad=-2.6", trim=0)
    axes.text(0.92, ROWS["s"], "$W$", ha="center", va="center", fontsize=12)
    axes.text(1.7, ROWS["s"], "=", ha="center", va="center", fontsize=20)
    axes.text(start - 1.45, ROWS["s"], "$s_{-1} = 0$", ha="center", va="center", fontsize=11)
    before = start - 1.05
    for t, (place, word, target) in enumerate(zip(places, words, targets, strict=True)):
        _column(axes, place, str(t))
        _arrow(axes, (before, ROWS["s"]), (place, ROWS["s"]), trim=RADIUS)
        axes.text((before + place) / 2, ROWS["s"] + 0.2, "$W$", ha="center", va="center", fontsize=12)
        axes.text(place, ROWS["x"] - 0.55, word, ha="center", va="center", fontsize=10, weight="bold")
        axes.text(place, ROWS["o"] + 0.55, target, ha="center", va="center", fontsize=10, style="italic")
        before = place + RADIUS
    axes.text(0.0, ROWS["x"] - 0.55, "word read", ha="center", va="center", fontsize=10, weight="bold")
    axes.text(0.0, ROWS["o"] + 0.55, "word to come", ha="center", va="center", fontsize=10, style="italic")
    axes.set(xlim=(-1.0, places[-1] + 0.8), ylim=(-0.85, 3.4), aspect="equal")
    axes.set_axis_off()
    axes.set_title(title)
    return Picture(
        figure,
        f"{title}. Left: a word x goes through U into a state s, which goes through V to an output o and through W "
        f"back into itself. Right: the same for each of {len(words)} words, the state of each step handed on through W "
        f"to the next, from a zero state: "
        + ", ".join(f"after {w} comes {y}" for w, y in zip(words, targets, strict=True))
        + ".",
    )


def _column(axes: Axes, place: float, index: str) -> None:
    """The three nodes of one step, and the two arrows between them."""
    for kind, height in ROWS.items():
        axes.add_patch(Circle((place, height), RADIUS, facecolor=FILL[kind], edgecolor=ink(), linewidth=1.3, zorder=3))
        axes.text(
            place, height, f"${kind}_{{{index}}}$", ha="center", va="center", fontsize=12, color="black", zorder=4
        )
    for low, high, name in (("x", "s", "$U$"), ("s", "o", "$V$")):
        _arrow(axes, (place, ROWS[low] + RADIUS), (place, ROWS[high]), trim=RADIUS)
        axes.text(place + 0.2, (ROWS[low] + ROWS[high]) / 2, name, ha="center", va="center", fontsize=12)


def _arrow(axes: Axes, start: tuple, end: tuple, style: str = "arc3", trim: float = 0.0) -> None:
    """An arrow that ends ``trim`` before ``end``, at the rim of a node."""
    start, end = np.array(start), np.array(end)
    tip = end - trim * (end - start) / np.hypot(*(end - start))
    look = dict(arrowstyle="-|>", mutation_scale=13, color=ink(), linewidth=1.3, shrinkA=0, shrinkB=0, zorder=2)
    axes.add_patch(FancyArrowPatch(start, tip, connectionstyle=style, **look))
