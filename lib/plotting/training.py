"""A text CNN, box by box: what each layer gives, and how many numbers it learns."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, ink, new_figure

TALL, STEP, WIDE = 0.56, 1.05, 2.0  # height of a box, from one row to the next, from one width to the next
LEARNS, FIXED = COLOURS[1], COLOURS[4]


def text_network(
    words: int, classes: Sequence[str], embedding: int, widths: Sequence[int], filters: int, dropout: float, title: str
) -> Picture:
    """The layers from the top down, a branch for each width, with the shapes between them on the right.

    words: size of the vocabulary.  classes: their names.  The other sizes are those of ``text_cnn``.
    """
    features = len(widths) * filters
    places = [WIDE * (i - (len(widths) - 1) / 2) for i in range(len(widths))]
    half = places[-1] + 0.85
    counts = [words * embedding, *(width * embedding * filters + filters for width in widths)]
    counts.append((features + 1) * len(classes))
    figure, axes = new_figure(1.02 * (2 * half + 3.0), 0.92 * 7 * STEP - 0.3)
    look = {"axes": axes, "half": half}
    _row(0, "numbers of the words", "n", FIXED, **look)
    _row(1, f"embedding: {counts[0]:,} numbers to learn; padding is silent", f"n × {embedding}", LEARNS, **look)
    for i, (place, width) in enumerate(zip(places, widths, strict=True)):
        _box(axes, place, 2, f"width {width} + ReLU\n{counts[i + 1]:,}", LEARNS, 0.85)
        _box(axes, place, 3, "maximum over time", FIXED, 0.85)
        for top in (1, 2, 3):
            _arrow(axes, place, top)
    _shape(axes, half, 2, f"(n − width + 1) × {filters}")
    _shape(axes, half, 3, f"{filters} for each width")
    _row(4, "side by side", f"{features} features", FIXED, **look)
    _row(5, f"dropout: hides a share of {dropout:g}, in training only", f"{features}", FIXED, **look)
    _row(6, f"scores of {', '.join(classes)}: {counts[-1]:,} numbers to learn", f"{len(classes)}", LEARNS, **look)
    for top in (0, 4, 5):
        _arrow(axes, 0.0, top)
    axes.text(half + 0.25, 0.62, "what comes out", ha="left", va="center", fontsize=9, style="italic")
    axes.set(xlim=(-half - 0.1, half + 2.5), ylim=(-6 * STEP - 0.45, 0.85))
    axes.set_axis_off()
    axes.set_title(title)
    branches = ", ".join(f"width {width} ({counts[i + 1]:,} numbers to learn)" for i, width in enumerate(widths))
    return Picture(
        figure,
        f"{title}. Boxes joined by arrows from the top down. The numbers of n words go into an embedding "
        f"({counts[0]:,} numbers to learn), which gives n × {embedding}. It feeds, side by side, convolutions of "
        f"{filters} filters with ReLU: {branches}. Each is followed by the maximum over time, {filters} numbers. "
        f"Joined they are {features} features; dropout hides a share of {dropout:g} of them in training; the last "
        f"layer makes {len(classes)} scores of them ({', '.join(classes)}; {counts[-1]:,} numbers to learn).",
    )


def _row(row: int, text: str, shape: str, colour: str, axes: Axes, half: float) -> None:
    """A box as wide as all branches together."""
    _box(axes, 0.0, row, text, colour, half)
    _shape(axes, half, row, shape)


def _box(axes: Axes, x: float, row: int, text: str, colour: str, half: float) -> None:
    look = dict(boxstyle="round,pad=0,rounding_size=0.08", facecolor=colour, edgecolor=ink(), linewidth=1.2)
    axes.add_patch(FancyBboxPatch((x - half, -row * STEP - TALL / 2), 2 * half, TALL, **look))
    axes.text(x, -row * STEP, text, ha="center", va="center", fontsize=9.5, color="black")


def _shape(axes: Axes, half: float, row: int, text: str) -> None:
    axes.text(half + 0.25, -row * STEP, text, ha="left", va="center", fontsize=9.5)


def _arrow(axes: Axes, x: float, row: int) -> None:
    """From a box to the one below it."""
    look = dict(arrowstyle="-|>", mutation_scale=12, color=ink(), linewidth=1.3, shrinkA=0, shrinkB=0)
    axes.add_patch(FancyArrowPatch((x, -row * STEP - TALL / 2), (x, -(row + 1) * STEP + TALL / 2), **look))
