"""Channels, region sizes and stacked layers of a convolution, and a small text network in all its numbers."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, DIVERGING, LINES, ink, new_figure, paper

HATCHES = ("", "//", "..", "xx")
CELL = 0.52  # height of a cell in the drawing of a network; its width is 1


def channel_images(channels: Mapping[str, np.ndarray], output: np.ndarray, name: str, title: str) -> Picture:
    """The channels of an image in grey, and what one filter makes of all of them, purple below 0 and orange above.

    channels: name -> (rows, columns), from 0 (dark) to 1.  output: (rows, columns), maybe a little smaller.
    name: of the output.
    """
    figure, grid = new_figure(2.3 * (len(channels) + 1) + 0.7, 2.3, columns=len(channels) + 1)
    words = []
    for axes, (channel, values) in zip(grid, channels.items(), strict=False):
        axes.imshow(values, cmap="gray", vmin=0, vmax=1)
        axes.set_title(channel, fontsize=10, fontweight="normal")
        words.append(f"{channel}: mean {np.mean(values):.2f}, brightest {np.max(values):.2f}")
    most = np.abs(output).max()
    image = grid[-1].imshow(-np.asarray(output), cmap=DIVERGING, vmin=-most, vmax=most)
    grid[-1].set_title(name, fontsize=10, fontweight="normal")
    bar = figure.colorbar(image, ax=grid[-1], shrink=0.75, ticks=[most, 0, -most])
    bar.ax.set_yticklabels([f"{-most:.2f}", "0", f"{most:.2f}"])
    bar.ax.invert_yaxis()
    for axes in grid:
        axes.set(xticks=[], yticks=[])
    figure.suptitle(title, fontsize=11, fontweight="bold")
    row, column = np.unravel_index(np.argmax(output), np.shape(output))
    above = np.mean(np.asarray(output) > 0)
    return Picture(
        figure,
        f"{title}. Images of {' and '.join(map(str, np.shape(next(iter(channels.values())))))} pixels side by side. "
        + "; ".join(words)
        + f". {name}: from {np.min(output):.2f} to {np.max(output):.2f}, above 0 in {100 * above:.0f} % of the places, "
        f"largest in row {row} and column {column}.",
    )


def region_windows(words: Sequence[str], sizes: Sequence[int], last: int, title: str) -> Picture:
    """One row for each region size: the words inside the window that ends at word ``last``, and how many windows fit.

    words: the sentence.  sizes: words that a window covers, each at most last + 1.
    """
    if not all(1 <= size <= last + 1 <= len(words) for size in sizes):
        raise ValueError(f"A window that ends at word {last} of {len(words)} covers 1 to {last + 1} words.")
    wide = [0.13 * len(word) + 0.35 for word in words]
    left = np.concatenate([[0.0], np.cumsum(wide)])
    figure, axes = new_figure(left[-1] * 0.72 + 2.6, 0.5 * len(sizes) + 0.6)
    said = []
    for row, size in enumerate(sizes):
        first = last + 1 - size
        for i, word in enumerate(words):
            inside = first <= i <= last
            look = {"facecolor": COLOURS[4] if inside else paper(), "linestyle": "-" if inside else ":"}
            axes.add_patch(Rectangle((left[i], -row), wide[i], 0.7, edgecolor=ink(), linewidth=1, **look))
            colour = "black" if inside else ink()
            weight = "bold" if inside else "normal"
            axes.text(
                left[i] + wide[i] / 2, 0.35 - row, word, ha="center", va="center", color=colour, fontweight=weight
            )
        fits = len(words) - size + 1
        axes.text(-0.15, 0.35 - row, f"size {size}", ha="right", va="center")
        axes.text(left[-1] + 0.15, 0.35 - row, f"{fits} windows", ha="left", va="center")
        said.append(f"size {size} sees '{' '.join(words[first : last + 1])}', {fits} windows fit")
    axes.set(xlim=(-1.0, left[-1] + 1.5), ylim=(-len(sizes) + 0.85, 0.85))
    axes.set_axis_off()
    axes.set_title(title)
    return Picture(
        figure, f"{title}. The sentence '{' '.join(words)}' once for each region size: " + "; ".join(said) + "."
    )


def network_in_numbers(
    words: Sequence[str],
    X: np.ndarray,
    maps: Mapping[int, np.ndarray],
    probabilities: Mapping[str, float],
    title: str,
) -> Picture:
    """A network with one layer of filters of several sizes, in the manner of Figure 1 of Zhang and Wallace.

    words: n of them.  X: (n, d), a row for each word.  maps: region size -> (n - size + 1, filters), what each filter
    answers to each window, after the ReLU; the largest of each is framed and joined to its feature.
    probabilities: class -> probability.
    """
    X = np.asarray(X, dtype=float)
    rows = sum(len(one) for one in maps.values()) + len(maps) - 1
    filters = sum(np.shape(one)[1] for one in maps.values())
    figure, axes = new_figure(10.0, 0.36 * rows + 1.0)
    top = rows * CELL / 2
    _numbers(axes, X, (0.0, CELL * len(X) / 2))
    for i, word in enumerate(words):
        axes.text(-0.15, CELL * (len(X) / 2 - i - 0.5), word, ha="right", va="center", fontsize=10)
    x_maps, x_features, x_classes = X.shape[1] + 3.0, X.shape[1] + 7.2, X.shape[1] + 10.8
    height, number, said = top, 0, []
    feature_top = CELL * filters / 2
    for size, one in maps.items():
        one = np.asarray(one, dtype=float)
        if len(one) != len(words) - size + 1:
            raise ValueError(f"A filter of {size} over {len(words)} words gives {len(words) - size + 1} answers.")
        middle = height - CELL * len(one) / 2
        axes.text(x_maps - 0.2, middle, f"size {size}", ha="right", va="center", fontsize=10)
        _numbers(axes, one, (x_maps, height))
        for f, best in enumerate(one.argmax(axis=0)):
            colour, place = COLOURS[(0, 5, 2)[number // one.shape[1] % 3]], (x_maps + f, height - CELL * (best + 1))
            frame = dict(fill=False, edgecolor=colour, linewidth=2.4, zorder=4)
            axes.add_patch(Rectangle(place, 1, CELL, **frame))
            target = (x_features, feature_top - CELL * (number + 0.5))
            start = (x_maps + one.shape[1], place[1] + CELL / 2)
            axes.plot(*zip(start, target, strict=True), color=colour, linestyle=LINES[f % 4], linewidth=1.3, zorder=1)
            _numbers(axes, one[best : best + 1, f : f + 1], (x_features, target[1] + CELL / 2))
            axes.add_patch(
                Rectangle(
                    (x_features, target[1] - CELL / 2), 1, CELL, fill=False, edgecolor=colour, linewidth=2.4, zorder=4
                )
            )
            window = " ".join(words[best : best + size])
            said.append(f"size {size}, filter {f}: {one[best, f]:.2f} at '{window}'")
            number += 1
        height -= CELL * (len(one) + 1)
    for k, (name, probability) in enumerate(probabilities.items()):
        base = CELL * (len(probabilities) / 2 - k - 1) * 1.6 + 0.3
        look = {"facecolor": COLOURS[k % 4], "hatch": HATCHES[k % 4], "edgecolor": ink()}
        axes.add_patch(Rectangle((x_classes, base), 2 * probability, CELL, linewidth=1, **look))
        axes.text(x_classes + 2 * probability + 0.15, base + CELL / 2, f"{name} {probability:.2f}", va="center")
    for start, end in ((X.shape[1] + 0.25, x_maps - 1.35), (x_features + 1.25, x_classes - 0.25)):
        axes.add_patch(FancyArrowPatch((start, 0), (end, 0), arrowstyle="-|>", mutation_scale=14, color=ink()))
    heads = {
        X.shape[1] / 2: f"sentence\n{len(words)} × {X.shape[1]}",
        x_maps + 1: "filters and ReLU",
        x_features + 0.5: f"strongest:\n{filters} features",
        x_classes + 1.2: "softmax",
    }
    for x, head in heads.items():
        axes.text(x, top + 0.25, head, ha="center", va="bottom", fontsize=10)
    longest = max(len(word) for word in words)
    axes.set(xlim=(-0.28 * longest - 0.2, x_classes + 4.3), ylim=(-top - 0.15, top + 1.0))
    axes.set_axis_off()
    figure.suptitle(title, fontsize=11, fontweight="bold")
    classes = ", ".join(f"{name} {probability:.2f}" for name, probability in probabilities.items())
    return Picture(
        figure,
        f"{title}. From left to right: the sentence '{' '.join(words)}' as a table of {len(words)} by {X.shape[1]} "
        f"numbers; the answers of filters of sizes {', '.join(map(str, maps))}, one column for each filter; the "
        f"largest of every column, {filters} features ({'; '.join(said)}); the probabilities {classes}.",
    )


def _numbers(axes: Axes, values: np.ndarray, corner: tuple[float, float]) -> None:
    """A table of numbers on colours, purple below 0 and orange above; ``corner`` is its upper left one."""
    for (i, j), value in np.ndenumerate(values):
        x, y = corner[0] + j, corner[1] - CELL * (i + 1)
        colour = colormaps[DIVERGING](0.5 - 0.25 * np.clip(value / 2, -1, 1))
        axes.add_patch(Rectangle((x, y), 1, CELL, facecolor=colour, edgecolor=COLOURS[7], linewidth=0.6, zorder=2))
        text = f"{value:.1f}" if abs(value) >= 0.05 else "·"
        axes.text(x + 0.5, y + CELL / 2, text, ha="center", va="center", fontsize=9, color="black", zorder=5)


def receptive_fields(panels: Mapping[str, Sequence[tuple[int, int]]], title: str) -> Picture:
    """Which inputs one output sees through a stack of layers: circles joined from the top down, one panel for each.

    panels: name -> (width, dilation) of each layer, the lowest one first. An input between the first and the last
    that no path reaches is crossed out.
    """
    wide = max(reach_of(layers) for layers in panels.values())
    tall = [len(layers) + 0.9 for layers in panels.values()]
    figure, grid = new_figure(
        0.5 * wide + 2.6, 0.72 * sum(tall) + 0.5, rows=len(panels), squeeze=False, gridspec_kw={"height_ratios": tall}
    )
    said = []
    for axes, (name, layers) in zip(grid[:, 0], panels.items(), strict=True):
        reach = reach_of(layers)
        seen = _draw_stack(axes, layers, (wide - reach) / 2)
        axes.set(xlim=(-4.0, wide - 0.3), ylim=(-0.45, len(layers) + 0.3))
        axes.set_axis_off()
        axes.set_title(f"{name}: sees {len(seen)} inputs of {reach} in a row", fontsize=10, fontweight="normal")
        gaps = sorted(set(range(reach)) - seen)
        how = ", ".join(f"width {width} dilation {dilation}" for width, dilation in layers)
        said.append(
            f"{name} ({how}): {len(seen)} inputs within {reach}"
            + (f", gaps at {', '.join(map(str, gaps))}" if gaps else "")
        )
    figure.suptitle(title, fontsize=11, fontweight="bold")
    return Picture(
        figure, f"{title}. Layers of circles above inputs, joined from one output at the top down: {'; '.join(said)}."
    )


def reach_of(layers: Sequence[tuple[int, int]]) -> int:
    """Inputs from the first to the last one that an output depends on."""
    return 1 + sum((width - 1) * dilation for width, dilation in layers)


def _draw_stack(axes: Axes, layers: Sequence[tuple[int, int]], shift: float) -> set[int]:
    """Draw one panel of :func:`receptive_fields`; the inputs that the output depends on, counted from 0."""
    nodes = {0}
    for level in range(len(layers), 0, -1):
        width, dilation = layers[level - 1]
        above, below = (reach_of(layers[:n]) - 1 for n in (level, level - 1))
        parts = {place + j * dilation for place in nodes for j in range(width)}
        for place in nodes:
            for j in range(width):
                ends = [place + above / 2 + shift, place + j * dilation + below / 2 + shift]
                axes.plot(ends, [level, level - 1], color=COLOURS[0], linewidth=1, linestyle="-", zorder=1)
            _circle(axes, place + above / 2 + shift, level, COLOURS[2])
        axes.text(-0.7, level - 0.5, f"width {width}, dilation {dilation}", ha="right", va="center", fontsize=9)
        nodes = parts
    for place in range(reach_of(layers)):
        _circle(axes, place + shift, 0, COLOURS[4] if place in nodes else paper())
        if place not in nodes:
            axes.text(place + shift, 0, "×", ha="center", va="center", fontsize=9, zorder=4)
    return nodes


def _circle(axes: Axes, x: float, y: float, colour: str) -> None:
    axes.plot(x, y, "o", color=colour, markeredgecolor=ink(), markeredgewidth=1, ms=13, zorder=3)
