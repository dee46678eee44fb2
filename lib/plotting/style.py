"""One look for every figure: colours that colour-blind readers tell apart, in a light and a dark theme."""

import matplotlib as mpl
from matplotlib.figure import Figure

# Okabe and Ito (2008), "Color Universal Design": distinct under the common forms of colour blindness.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 3)))

SEQUENTIAL = "cividis"  # even in lightness, and made for colour-blind readers
DIVERGING = "PuOr"

THEMES = {
    "light": {"paper": "#ffffff", "ink": "#1a1a1a", "grid": "#d9d9d9"},
    "dark": {"paper": "#111417", "ink": "#e8e8e8", "grid": "#3a3f44"},
}
_theme = "light"


def use_theme(name: str) -> None:
    """Choose "light" or "dark" for every figure from now on."""
    global _theme
    if name not in THEMES:
        raise ValueError(f"There is no theme {name!r}: choose one of {', '.join(THEMES)}.")
    _theme = name
    mpl.rcParams.update(_settings(THEMES[name]))


def ink() -> str:
    """The colour of lines and letters in the current theme."""
    return THEMES[_theme]["ink"]


def paper() -> str:
    """The colour behind everything in the current theme."""
    return THEMES[_theme]["paper"]


def _settings(theme: dict) -> dict:
    """The matplotlib settings of a theme."""
    cycle = mpl.cycler(color=COLOURS) + mpl.cycler(linestyle=LINES)
    return {
        "figure.facecolor": theme["paper"],
        "axes.facecolor": theme["paper"],
        "savefig.facecolor": theme["paper"],
        "text.color": theme["ink"],
        "axes.labelcolor": theme["ink"],
        "axes.edgecolor": theme["ink"],
        "axes.titlecolor": theme["ink"],
        "xtick.color": theme["ink"],
        "ytick.color": theme["ink"],
        "grid.color": theme["grid"],
        "legend.edgecolor": theme["grid"],
        "legend.framealpha": 0.85,
        "axes.prop_cycle": cycle,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titleweight": "bold",
        "axes.titlesize": 11,
        "axes.labelsize": 10,
        "font.size": 10,
        "lines.linewidth": 1.8,
        "figure.constrained_layout.use": True,
    }


def new_figure(width: float = 7.0, height: float = 3.6, rows: int = 1, columns: int = 1, **options):
    """A figure in the current theme with its axes: ``figure, axes`` as from ``pyplot.subplots``.

    width, height: inches.  The figure belongs to no pyplot window, so nothing is drawn twice and nothing leaks.
    """
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(rows, columns, **options)


use_theme("light")
