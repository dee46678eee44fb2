"""Gated cells: how the state, the gates and the candidate of a GRU and of an LSTM flow together."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, ink, new_figure, paper

TOP, BUS = 3.0, 0.0  # heights of the carried state, and of what every gate reads
GATE, BEND = COLOURS[4], COLOURS[1]  # sigmoid boxes, tanh boxes
RADIUS = 0.2

Point = tuple[float, float]


def gru_cell(title: str = "One step of a GRU") -> Picture:
    """The data flow of a GRU: the state on top, the two gates and the candidate below it."""
    axes = _paper(title, 9.2)
    _carried(axes, "$s_{t-1}$", "$s_t$", 9.2)
    # The reset gate and what it lets the candidate see.
    _box(axes, (1.6, 1.0), "σ", GATE)
    _line(axes, [(1.6, BUS), (1.6, 0.72)])
    _product(axes, (2.9, 1.0))
    _line(axes, [(1.9, 1.0), (2.7, 1.0)], "$r$")
    _line(axes, [(2.9, TOP), (2.9, 1.2)], dot=True)
    _box(axes, (4.2, 1.0), "tanh", BEND)
    _line(axes, [(3.1, 1.0), (3.8, 1.0)])
    _line(axes, [(4.2, 0.38), (4.2, 0.72)])  # not from the bus: the candidate does not read the state itself
    axes.text(4.2, 0.34, "$a_t$", ha="center", va="top", fontsize=12)
    # The update gate: one share for the old state, the rest for the candidate.
    _box(axes, (5.6, 1.0), "σ", GATE)
    _line(axes, [(5.6, BUS), (5.6, 0.72)])
    _product(axes, (5.6, TOP))
    _line(axes, [(5.6, 1.28), (5.6, 1.9)], arrow=False)
    _line(axes, [(5.6, 1.9), (5.6, TOP - RADIUS)], "$z$")
    _product(axes, (7.2, 1.9))
    _line(axes, [(5.6, 1.9), (7.0, 1.9)], "$1 - z$", dot=True)
    _line(axes, [(4.2, 1.28), (4.2, 1.5), (5.48, 1.5)], arrow=False)
    _line(axes, [(5.72, 1.5), (7.2, 1.5)], "$h$", arrow=False)  # with a gap where z crosses it
    _line(axes, [(7.2, 1.5), (7.2, 1.7)])
    _sum(axes, (7.2, TOP))
    _line(axes, [(7.2, 2.1), (7.2, TOP - RADIUS)])
    _bus(axes, 0.2, 5.6, "$a_t$ and $s_{t-1}$")
    return Picture(
        axes.figure,
        f"{title}. A thick line on top carries the old state to the new one; on it stand a product with z and a sum. "
        "Below, two gates (sigmoid boxes) r and z read the inputs a and the last state, the candidate (tanh box) h "
        "reads the inputs a and the product of the state with r. The candidate times 1 - z is added to the line.",
    )


def lstm_cell(title: str = "One step of an LSTM") -> Picture:
    """The data flow of an LSTM: the cell state on top, three gates and the candidate below, the output on the right."""
    axes = _paper(title, 10.4)
    _carried(axes, "$c_{t-1}$", "$c_t$", 10.4)
    _box(axes, (1.8, 1.0), "σ", GATE)
    _product(axes, (1.8, TOP))
    _line(axes, [(1.8, 1.28), (1.8, TOP - RADIUS)], "$f$")
    _box(axes, (3.4, 1.0), "σ", GATE)
    _box(axes, (4.9, 1.0), "tanh", BEND)
    _product(axes, (4.9, 2.0))
    _line(axes, [(3.4, 1.28), (3.4, 2.0), (4.7, 2.0)], "$i$")
    _line(axes, [(4.9, 1.28), (4.9, 1.8)], "$g$")
    _sum(axes, (4.9, TOP))
    _line(axes, [(4.9, 2.2), (4.9, TOP - RADIUS)])
    _box(axes, (6.6, 1.0), "σ", GATE)
    _box(axes, (8.2, 2.1), "tanh", BEND)
    _line(axes, [(8.2, TOP), (8.2, 2.38)], dot=True)
    _product(axes, (8.2, 1.0))
    _line(axes, [(8.2, 1.82), (8.2, 1.2)])
    _line(axes, [(6.9, 1.0), (8.0, 1.0)], "$o$")
    _line(axes, [(8.4, 1.0), (9.9, 1.0)])
    axes.text(10.0, 1.0, "$s_t$", ha="left", va="center", fontsize=14)
    for x in (1.8, 3.4, 4.9, 6.6):
        _line(axes, [(x, BUS), (x, 0.72)])
    _bus(axes, 0.2, 6.6, "$a_t$ and $s_{t-1}$")
    return Picture(
        axes.figure,
        f"{title}. A thick line on top carries the old cell state c to the new one; on it stand a product with f and "
        "a sum. Below, three gates (sigmoid boxes) f, i and o and a candidate (tanh box) g all read the inputs a and "
        "the last output s. The product of i and g is added to the line. A branch of the new cell state goes "
        "down through tanh and a product with o and leaves as the output s.",
    )


def _paper(title: str, width: float) -> Axes:
    _, axes = new_figure(0.82 * width + 0.8, 3.7)
    axes.set(xlim=(-1.0, width + 0.7), ylim=(-0.75, TOP + 0.5), aspect="equal")
    axes.set_axis_off()
    axes.set_title(title)
    return axes


def _carried(axes: Axes, before: str, after: str, width: float) -> None:
    """The thick line that carries the state from one step to the next."""
    look = dict(arrowstyle="-|>", mutation_scale=22, linewidth=4, color=COLOURS[0], shrinkA=0, shrinkB=0, zorder=1)
    axes.add_patch(FancyArrowPatch((0.0, TOP), (width - 0.1, TOP), **look))
    axes.text(-0.1, TOP, before, ha="right", va="center", fontsize=14)
    axes.text(width, TOP, after, ha="left", va="center", fontsize=14)


def _bus(axes: Axes, start: float, end: float, label: str) -> None:
    """What every box reads, along the bottom."""
    axes.plot([start, end], [BUS, BUS], color=ink(), linewidth=1.4, linestyle="-", zorder=1)
    axes.text(start, BUS - 0.4, label, ha="left", va="center", fontsize=12)


def _box(axes: Axes, centre: Point, text: str, colour: str) -> None:
    half = 0.4 if len(text) > 1 else 0.3
    corner = (centre[0] - half, centre[1] - 0.28)
    look = dict(boxstyle="round,pad=0,rounding_size=0.08", facecolor=colour, edgecolor=ink(), linewidth=1.2, zorder=3)
    axes.add_patch(FancyBboxPatch(corner, 2 * half, 0.56, **look))
    axes.text(*centre, text, ha="center", va="center", fontsize=12, color="black", zorder=4)


def _product(axes: Axes, centre: Point) -> None:
    _node(axes, centre, "×")


def _sum(axes: Axes, centre: Point) -> None:
    _node(axes, centre, "+")


def _node(axes: Axes, centre: Point, sign: str) -> None:
    axes.add_patch(Circle(centre, RADIUS, facecolor=paper(), edgecolor=ink(), linewidth=1.4, zorder=3))
    axes.text(centre[0], centre[1] - 0.01, sign, ha="center", va="center", fontsize=14, zorder=4)


def _line(axes: Axes, points: Sequence[Point], label: str = "", arrow: bool = True, dot: bool = False) -> None:
    """A line through some points, with an arrow at its end.  dot: it branches off where it begins."""
    x, y = zip(*points, strict=True)
    axes.plot(x[: len(x) - arrow], y[: len(y) - arrow], color=ink(), linewidth=1.4, linestyle="-", zorder=2)
    if arrow:
        look = dict(arrowstyle="-|>", mutation_scale=12, color=ink(), linewidth=1.4, shrinkA=0, shrinkB=0, zorder=2)
        axes.add_patch(FancyArrowPatch(points[-2], points[-1], **look))
    if dot:
        axes.plot(*points[0], "o", color=ink(), ms=5, zorder=4)
    if label:
        (x0, y0), (x1, y1) = points[-2], points[-1]
        shift = (0.14, 0.0, "left", "center") if x0 == x1 else (0.0, 0.16, "center", "bottom")
        axes.text(
            (x0 + x1) / 2 + shift[0],
            (y0 + y1) / 2 + shift[1] * 0.5,
            label,
            ha=shift[2],
            va=shift[3],
            fontsize=13,
            zorder=4,
        )
