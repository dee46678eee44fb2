"""Figures of classifiers: decision boundaries, confusion matrix, pictures of digits."""

from collections.abc import Callable, Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.colors import ListedColormap

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, MARKERS, SEQUENTIAL, ink, new_figure

Predict = Callable[[np.ndarray], np.ndarray]
CLASS_COLOURS = (COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3])  # as many as a plane of classes can show


def scatter(X: np.ndarray, y: np.ndarray, title: str) -> Picture:
    """Points in the plane, one colour and marker per class.  X: (N, 2).  y: (N,) int, at most 4 classes."""
    figure, axes = new_figure(5.5, 3.8)
    _draw_points(axes, X, y)
    axes.set(title=title, xlabel="$x_1$", ylabel="$x_2$")
    axes.legend(loc="upper right")
    counts = ", ".join(f"{(y == k).sum()} of class {k}" for k in np.unique(y))
    return Picture(figure, f"{title}. Scatter plot of {len(y)} points: {counts}.")


def decision_boundaries(
    models: Mapping[str, Predict], X: np.ndarray, y: np.ndarray, title: str = "", columns: int = 4
) -> Picture:
    """One panel per model: the regions it assigns to each class, the points, and its accuracy on them.

    models: title of the panel -> function from points (M, 2) to classes (M,).
    """
    columns = min(columns, len(models))
    rows = -(-len(models) // columns)
    width = 5.5 if columns == 1 else 2.3 * columns
    figure, grid = new_figure(width, (3.8 if columns == 1 else 2.3 * rows) + 0.3, rows, columns, squeeze=False)
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    mesh = np.column_stack([x1.ravel(), x2.ravel()])
    words = []
    for axes, (name, predict) in zip(grid.flat, models.items(), strict=False):
        n_classes = int(max(y.max(), 1)) + 1
        axes.contourf(
            x1,
            x2,
            predict(mesh).reshape(x1.shape),
            levels=np.arange(n_classes + 1) - 0.5,
            cmap=ListedColormap(CLASS_COLOURS[:n_classes]),
            alpha=0.25,
        )
        _draw_points(axes, X, y, size=22 if columns == 1 else 8)
        right = (predict(X) == y).mean()
        axes.set_title(f"{name}: {right:.1%}", fontsize=11 if columns == 1 else 9)
        words.append(f"{name} classifies {right:.1%} of the points correctly")
        axes.set(xlabel="$x_1$", ylabel="$x_2$") if columns == 1 else axes.set(xticks=[], yticks=[])
    for axes in grid.flat[len(models) :]:
        axes.set_visible(False)
    if title:
        figure.suptitle(title, color=ink())
    return Picture(figure, f"{title or 'Decision boundary'}: regions per class. " + "; ".join(words) + ".")


def _draw_points(axes, X: np.ndarray, y: np.ndarray, size: float = 22) -> None:
    for k in np.unique(y):
        axes.scatter(
            *X[y == k].T,
            s=size,
            color=CLASS_COLOURS[k],
            marker=MARKERS[k],
            edgecolor=ink(),
            linewidth=0.3,
            label=f"class {k}",
        )


def confusion_matrix(true: np.ndarray, predicted: np.ndarray, title: str = "Confusion matrix") -> Picture:
    """How often each class (row) was taken for each class (column).  true, predicted: (N,) int from 0."""
    n_classes = int(max(true.max(), predicted.max())) + 1
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (true, predicted), 1)
    figure, axes = new_figure(5.0, 4.4)
    image = axes.imshow(np.sqrt(counts), cmap=SEQUENTIAL)  # the root lets single errors be seen beside the diagonal
    for (row, column), count in np.ndenumerate(counts):
        if count:
            light = mpl.colormaps[SEQUENTIAL](image.norm(np.sqrt(count)))[:3] @ np.array([0.3, 0.6, 0.1]) > 0.5
            axes.text(column, row, count, ha="center", va="center", fontsize=9, color="black" if light else "white")
    axes.set(title=title, xlabel="predicted class", ylabel="true class")
    axes.set(xticks=range(n_classes), yticks=range(n_classes))
    wrong = [(counts[i, j], i, j) for i in range(n_classes) for j in range(n_classes) if i != j and counts[i, j]]
    mixed = ", ".join(f"{i} taken for {j} ({count}×)" for count, i, j in sorted(wrong, reverse=True)[:4]) or "none"
    right = np.trace(counts)
    return Picture(figure, f"{title}: {right} of {counts.sum()} on the diagonal. Most frequent confusions: {mixed}.")


def digit_gallery(
    images: np.ndarray, captions: list[str], title: str, columns: int = 9, shape: tuple[int, int] = (8, 8)
) -> Picture:
    """Small grey pictures with a caption each.  images: (N, height * width), any positive range."""
    columns = max(1, min(columns, len(images)))
    rows = max(1, -(-len(images) // columns))
    figure, grid = new_figure(0.85 * columns + 0.4, 1.15 * rows + 0.4, rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image, caption in zip(grid.flat, images, captions, strict=False):
        axes.imshow(np.reshape(image, shape), cmap="gray_r")
        axes.set_title(caption, fontsize=9, fontweight="normal")
    figure.suptitle(title, color=ink(), fontsize=11, fontweight="bold")
    return Picture(figure, f"{title}: {len(images)} pictures, captioned {', '.join(captions)}.")
