"""What filters find: in a photograph, in a sentence, in many sentences, and wherever a phrase has moved to."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, DIVERGING, LINES, MARKERS, SEQUENTIAL, ink, new_figure, paper

SHADES = 40  # a photograph in more of them makes a notebook large, and looks the same


def filter_maps(
    image: np.ndarray, maps: Mapping[str, tuple[np.ndarray, np.ndarray]], title: str, strongest: int = 0
) -> Picture:
    """An image, and below it every filter beside its outputs.

    image: (rows, columns), 0 black to 1 white.
    maps: name -> (filter (h, w), outputs). Outputs below 0 are purple, above it orange; without any below 0, grey.
    strongest: frame so many windows of the image, those that the first filter answers to most and that do not overlap.
    """
    figure, grid = new_figure(6.6, 2.75 * (1 + len(maps)), 1 + len(maps), 2, gridspec_kw={"width_ratios": [1, 2.4]})
    grid[0, 0].set_axis_off()
    _grey(grid[0, 1], image, 0, 1)
    grid[0, 1].set_title(f"the image: {image.shape[0]} × {image.shape[1]} pixels", fontsize=10, fontweight="normal")
    words = []
    for (left, right), (name, (weights, outputs)) in zip(grid[1:], maps.items(), strict=True):
        _weights(left, weights)
        left.set_title(f"{weights.shape[0]} × {weights.shape[1]} weights", fontsize=10, fontweight="normal")
        if outputs.min() < 0:
            reach = np.quantile(np.abs(outputs), 0.99)
            colours = colormaps[DIVERGING + "_r"].resampled(SHADES + 1)
            shown = right.imshow(outputs, cmap=colours, vmin=-reach, vmax=reach, interpolation="nearest")
        else:
            shown = _grey(right, outputs, outputs.min(), outputs.max())
        figure.colorbar(shown, ax=right, shrink=0.8)
        right.set_title(f"{name}: {outputs.shape[0]} × {outputs.shape[1]} outputs", fontsize=10, fontweight="normal")
        words.append(
            f"{name}: {outputs.shape[0]} × {outputs.shape[1]} outputs from {outputs.min():.3g} to {outputs.max():.3g}"
        )
    for axes in grid[:, 1]:
        axes.set_xlabel("column", fontsize=9)
        axes.set_ylabel("row", fontsize=9)
    if strongest:
        weights, outputs = next(iter(maps.values()))
        words.append(_frame(grid[0, 1], grid[1, 1], weights.shape, outputs, strongest))
    figure.suptitle(title, fontsize=11, fontweight="bold")
    return Picture(
        figure, f"{title}. A photograph in shades of grey; below it filters and their outputs. {'; '.join(words)}."
    )


def strongest_windows(outputs: np.ndarray, size: tuple[int, int], count: int) -> list[tuple[int, int]]:
    """Where the ``count`` largest outputs stand whose windows of that size do not overlap, the largest first."""
    left, found = outputs.astype(float), []
    for _ in range(count):
        row, column = (int(i) for i in np.unravel_index(left.argmax(), left.shape))
        found.append((row, column))
        left[max(0, row - size[0] + 1) : row + size[0], max(0, column - size[1] + 1) : column + size[1]] = -np.inf
    return found


def _frame(image: Axes, answer: Axes, size: tuple[int, int], outputs: np.ndarray, count: int) -> str:
    """Frame the strongest windows in the image, ring their outputs; what they are, in words."""
    said = []
    for number, (row, column) in enumerate(strongest_windows(outputs, size, count), 1):
        look = dict(fill=False, edgecolor=COLOURS[5], linewidth=1.8, linestyle="-" if number == 1 else "--")
        image.add_patch(Rectangle((column - 0.5, row - 0.5), size[1], size[0], **look))
        label = dict(ha="right", va="center", fontsize=9, fontweight="bold", color=ink())
        patch = {"facecolor": paper(), "edgecolor": "none", "pad": 1}
        image.text(column - 2.5, row + size[0] / 2 - 0.5, str(number), bbox=patch, **label)
        answer.plot(column, row, "o", ms=11, fillstyle="none", color=ink(), mew=1.5)
        answer.text(column + 5, row - 4, f"{outputs[row, column]:.2f}", fontsize=9, color=ink())
        said.append(f"{outputs[row, column]:.2f} at row {row}, column {column}")
    return "framed, the strongest windows that do not overlap: " + ", ".join(said)


def _grey(axes: Axes, image: np.ndarray, low: float, high: float):
    return axes.imshow(image, cmap=colormaps["gray"].resampled(SHADES), vmin=low, vmax=high, interpolation="nearest")


def _weights(axes: Axes, weights: np.ndarray) -> None:
    """A filter as a small picture, with its numbers where there are few."""
    if weights.min() < 0:
        reach = np.abs(weights).max()
        axes.imshow(weights, cmap=DIVERGING + "_r", vmin=-1.4 * reach, vmax=1.4 * reach)
    else:
        axes.imshow(weights, cmap="gray", vmin=-1, vmax=1)
    if weights.size <= 25:
        for (row, column), weight in np.ndenumerate(weights):
            axes.text(column, row, f"{weight:.2g}", ha="center", va="center", fontsize=8, color="black")
    axes.set_xticks([])
    axes.set_yticks([])


def window_scores(words: Sequence[str], scores: Sequence[float], title: str, ylabel: str) -> Picture:
    """What a filter answers to each window of a sentence, the strongest in another colour.

    words: n of them.  scores: (n_out,), so that a window holds n - n_out + 1 words.
    """
    scores, size = np.asarray(scores, dtype=float), len(words) - len(scores) + 1
    grams, best = [" ".join(words[i : i + size]) for i in range(len(scores))], int(np.argmax(scores))
    figure, axes = new_figure(7.0, 3.9)
    colours = [COLOURS[5] if i == best else COLOURS[4] for i in range(len(scores))]
    axes.bar(range(len(scores)), scores, color=colours, edgecolor=ink(), linewidth=0.8, width=0.72)
    axes.annotate(
        f"{scores[best]:.2f}", (best, scores[best]), (0, 3), textcoords="offset points", ha="center", fontweight="bold"
    )
    axes.set_xticks(range(len(scores)), grams, rotation=40, ha="right", rotation_mode="anchor", fontsize=9)
    axes.axhline(0, color=ink(), linewidth=0.8)
    axes.margins(y=0.14)
    axes.set(title=title, ylabel=ylabel, xlabel="window")
    axes.grid(True, axis="y", alpha=0.6)
    return Picture(
        figure,
        f"{title}. Bars of {ylabel} for {len(scores)} windows of {size} words, in order: "
        + ", ".join(f"{gram} {score:.2f}" for gram, score in zip(grams, scores, strict=True))
        + f". The highest is {grams[best]}.",
    )


def phrase_bars(found: Mapping[str, Mapping[str, float]], title: str, xlabel: str) -> Picture:
    """For each filter the phrases that it answers to most, a panel for each, the filter's own phrase in another look.

    found: the filter's phrase -> phrase -> score, the strongest first; phrases in equal numbers.
    """
    most = max(len(phrases) for phrases in found.values())
    figure, grid = new_figure(3.9 * len(found), 0.3 * most + 1.4, columns=len(found), squeeze=False, sharex=True)
    words = []
    for axes, (phrase, scores) in zip(grid[0], found.items(), strict=True):
        for row, (name, score) in enumerate(scores.items()):
            own = name == phrase
            look = dict(color=COLOURS[5] if own else COLOURS[4], hatch="//" if own else None)
            axes.barh(row, score, height=0.7, edgecolor=ink(), linewidth=0.8, **look)
            axes.text(score + 0.01, row, f"{score:.2f}", va="center", fontsize=9)
        axes.set_yticks(range(len(scores)), scores, fontsize=9)
        axes.set_ylim(len(scores) - 0.4, -0.6)
        axes.set_xlim(0, 1.15)
        axes.set_title(f"filter '{phrase}'", fontsize=10, fontweight="normal")
        axes.set_xlabel(xlabel)
        words.append(f"'{phrase}': " + ", ".join(f"{name} {score:.2f}" for name, score in scores.items()))
    figure.suptitle(title, fontsize=11, fontweight="bold")
    return Picture(
        figure, f"{title}. Horizontal bars of {xlabel}; a filter's own phrase is hatched. {'; '.join(words)}."
    )


def moving_phrase(scores: np.ndarray, pooled: Mapping[str, np.ndarray], title: str, label: str) -> Picture:
    """What a filter answers while a phrase moves through a sentence, and beside it what pooling keeps of each row.

    scores: (places, windows), a row for each place of the phrase.  pooled: name -> (places,).  label: of a score.
    """
    scores = np.asarray(scores, dtype=float)
    figure, (left, right) = new_figure(7.0, 3.9, columns=2, sharey=True, gridspec_kw={"width_ratios": [1.7, 1]})
    shown = left.imshow(scores, cmap=SEQUENTIAL, aspect="auto")
    figure.colorbar(shown, ax=left, label=label)
    left.set(xlabel="window", ylabel="words before the phrase")
    left.set_title("one row, one sentence", fontsize=10, fontweight="normal")
    words = []
    for number, (name, values) in enumerate(pooled.items()):
        values = np.asarray(values, dtype=float)
        look = dict(color=COLOURS[number], linestyle=LINES[number], marker=MARKERS[number])
        right.plot(values, range(len(values)), label=name, ms=5, **look)
        words.append(f"{name} from {values.min():.2f} to {values.max():.2f}")
    right.set(xlabel=label, xlim=(0, 1.05))
    right.set_title("what is kept", fontsize=10, fontweight="normal")
    right.grid(True, alpha=0.6)
    right.legend(fontsize=9, loc="center")
    figure.suptitle(title, fontsize=11, fontweight="bold")
    best = scores.argmax(axis=1)
    return Picture(
        figure,
        f"{title}. Left: a map of {scores.shape[0]} sentences by {scores.shape[1]} windows, {label} from "
        f"{scores.min():.2f} to {scores.max():.2f}; the highest window is number {best[0]} in the first row and number "
        f"{best[-1]} in the last. Right: over the rows, {', '.join(words)}.",
    )
