"""Figures of classes and labels that have names: who is taken for whom, and which post has which labels."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, MARKERS, SEQUENTIAL, ink, new_figure


def class_confusions(true: np.ndarray, predicted: np.ndarray, names: Sequence[str], title: str) -> Picture:
    """Of each class (row), how many per cent were taken for each class (column); rows sum to 100.

    true, predicted: int (posts,), from 0.  names: of the classes; every class occurs in ``true``.
    """
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (true, predicted), 1)
    share = 100 * counts / counts.sum(axis=1, keepdims=True)
    longest = max(len(name) for name in names)
    figure, axes = new_figure(0.75 * len(names) + 0.09 * longest + 1.6, 0.62 * len(names) + 0.05 * longest + 1.2)
    image = axes.imshow(np.sqrt(share), cmap=SEQUENTIAL, aspect="auto")  # the root shows few errors beside the diagonal
    for (row, column), per_cent in np.ndenumerate(share):
        light = mpl.colormaps[SEQUENTIAL](image.norm(np.sqrt(per_cent)))[:3] @ np.array([0.3, 0.6, 0.1]) > 0.5
        look = {"color": "black" if light else "white", "weight": "bold" if row == column else "normal"}
        axes.text(column, row, f"{per_cent:.0f}", ha="center", va="center", fontsize=9, **look)
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right", rotation_mode="anchor", fontsize=9)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set(xlabel="taken for", ylabel="sent to")
    figure.suptitle(title, fontsize=11, fontweight="bold")
    wrong = [(share[i, j], i, j) for i in range(len(names)) for j in range(len(names)) if i != j]
    mixed = ", ".join(f"{names[i]} for {names[j]} ({part:.0f} %)" for part, i, j in sorted(wrong, reverse=True)[:4])
    right = ", ".join(f"{name} {part:.0f} %" for name, part in zip(names, np.diag(share), strict=True))
    return Picture(figure, f"{title}. Right: {right}. Most often taken for another: {mixed}.")


def label_table(table: np.ndarray, rows: Sequence[str], columns: Sequence[str], title: str) -> Picture:
    """A square where a row has a label, a point where it has not.  table: (rows, columns), 0 or 1."""
    figure, axes = new_figure(0.55 * len(columns) + 2.6, 0.27 * len(rows) + 1.2)
    there = np.argwhere(table == 1)
    missing = np.argwhere(table != 1)
    axes.plot(missing[:, 1], missing[:, 0], ".", color=ink(), ms=2.5)
    axes.plot(there[:, 1], there[:, 0], MARKERS[1], color=COLOURS[0], ms=11)
    axes.set_xticks(range(len(columns)), columns, rotation=35, ha="left", rotation_mode="anchor", fontsize=9)
    axes.set_yticks(range(len(rows)), rows, fontsize=9)
    axes.set(xlim=(-0.6, len(columns) - 0.4), ylim=(len(rows) - 0.4, -0.6))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("label")
    axes.set_ylabel("newsgroup")
    axes.xaxis.set_label_position("top")
    figure.suptitle(title, fontsize=11, fontweight="bold")
    words = [
        f"{name}: {' '.join(column for column, one in zip(columns, row, strict=True) if one == 1) or 'none'}"
        for name, row in zip(rows, table, strict=True)
    ]
    return Picture(figure, f"{title}. Labels of each row. " + "; ".join(words) + ".")
