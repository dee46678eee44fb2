"""Word vectors on paper."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, MARKERS, ink, new_figure


def word_map(groups: Mapping[str, Mapping[str, np.ndarray]], title: str) -> Picture:
    """Words as points of a plane: their directions, seen from where they differ most (two principal components).

    groups: name -> word -> (dimensions,); a colour and a marker for each group.  Lengths of vectors do not count.
    """
    words = [word for members in groups.values() for word in members]
    rows = np.array([vector for members in groups.values() for vector in members.values()], dtype=float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows -= rows.mean(axis=0)
    _, strength, axes_found = np.linalg.svd(rows, full_matrices=False)
    places = rows @ axes_found[:2].T
    places *= np.where(places[0] < 0, -1, 1)  # the first word at the top right, whatever signs the library chose
    kept = (strength[:2] ** 2).sum() / (strength**2).sum()
    figure, axes = new_figure(7.8, 4.6)
    axes.set(xlim=_room(places[:, 0], 0.08, 0.2), ylim=_room(places[:, 1], 0.08, 0.16))
    _write(axes, words, places)
    start, said = 0, []
    for number, (name, members) in enumerate(groups.items()):
        xy = places[start : start + len(members)]
        start += len(members)
        axes.scatter(*xy.T, label=name, color=COLOURS[number], marker=MARKERS[number], s=42)
        said.append(f"{name}, around ({xy[:, 0].mean():.1f}, {xy[:, 1].mean():.1f}): {', '.join(members)}")
    axes.set(title=title, xlabel="first principal component (no unit)", ylabel="second principal component (no unit)")
    axes.grid(True, alpha=0.6)
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.01, 1))
    return Picture(
        figure,
        f"{title}. {len(words)} words as points of a plane, which keeps {kept:.0%} of how their directions differ. "
        + "; ".join(said)
        + ".",
    )


def _room(values: np.ndarray, before: float, behind: float) -> tuple[float, float]:
    """Limits with that share of the range to spare."""
    width = np.ptp(values)
    return values.min() - before * width, values.max() + behind * width


def _write(axes: Axes, words: Sequence[str], places: np.ndarray) -> None:
    """Each word at the right of its point, raised where it would cover one that stands there already."""
    wide, high = 0.2 * np.ptp(axes.get_xlim()), 0.042 * np.ptp(axes.get_ylim())
    taken: list[tuple[float, float]] = []
    for i in np.argsort(places[:, 1], kind="stable"):
        x, y = places[i]
        for other_x, other_y in sorted(taken, key=lambda other: other[1]):
            if abs(other_x - x) < wide and abs(other_y - y) < high:
                y = other_y + high
        taken.append((x, y))
        line = {"arrowstyle": "-", "color": ink(), "linewidth": 0.5, "shrinkB": 3}
        axes.annotate(words[i], places[i], (x + 0.1 * wide, y), va="center", fontsize=9, arrowprops=line)
