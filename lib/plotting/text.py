"""Figures of texts as data: how long they are, how they are padded, what a linear model has learned of their words."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from lib.plotting.picture import Picture
from lib.plotting.samples import Interval
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure, paper
from lib.text.reviews import OTHER, PAD


def text_lengths(samples: Mapping[str, Sequence[int]], title: str, xlabel: str) -> Picture:
    """The share of each whole number in every sample, as one line of steps per sample.

    samples: label -> whole numbers >= 0, for example words per sentence.
    """
    figure, axes = new_figure(7.0, 3.4)
    words = []
    for number, (label, values) in enumerate(samples.items()):
        values = np.asarray(values)
        share = 100 * np.bincount(values) / len(values)
        middle = np.median(values)
        look = {"color": COLOURS[number % len(COLOURS)], "linestyle": LINES[number % len(LINES)]}
        axes.plot(share, label=label, drawstyle="steps-mid", **look)
        axes.plot(middle, share[int(middle)], marker=MARKERS[number % len(MARKERS)], ms=8, color=look["color"])
        words.append(f"{label}: {len(values):,} values from {values.min()} to {values.max()}, median {middle:g}")
    axes.set(title=title, xlabel=xlabel, ylabel="share in percent")
    axes.set_ylim(bottom=0)
    axes.grid(True, alpha=0.6)
    axes.legend(title="marker: the median", title_fontsize=9)
    return Picture(figure, f"{title}. Share in percent against {xlabel}. " + "; ".join(words) + ".")


def padded_rows(rows: np.ndarray, words: Sequence[str], title: str) -> Picture:
    """A small array of word numbers: each cell has its number, with the word above it; padding is grey, OTHER hatched.

    rows: (sentences, length) numbers.  words: the word that each number stands for.
    """
    height, width = rows.shape
    figure, axes = new_figure(0.62 * width + 0.6, 0.62 * height + 0.9)
    for (row, column), number in np.ndenumerate(rows):
        look = {"facecolor": COLOURS[7], "alpha": 0.35} if number == PAD else {"facecolor": "none"}
        look |= {"hatch": "////"} if number == OTHER else {}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, edgecolor=COLOURS[7], linewidth=0.8, **look))
        place = {"ha": "center", "va": "center", "color": ink()}
        if number == PAD:
            axes.text(column, row, str(PAD), fontsize=8, **place)
        else:
            if number == OTHER:
                place["bbox"] = {"facecolor": paper(), "edgecolor": "none", "pad": 1}  # no hatching behind the text
            word = words[number]
            axes.text(column, row - 0.2, word, fontsize=8 if len(word) < 7 else 7, weight="bold", **place)
            axes.text(column, row + 0.22, f"{number:,}", fontsize=7, **place)
    axes.set(title=title, xlabel="column", ylabel="sentence", yticks=range(height), xticks=range(width))
    axes.set(xlim=(-0.6, width - 0.4), ylim=(height - 0.4, -0.6))
    axes.tick_params(length=0, labelsize=8)
    axes.spines[:].set_visible(False)
    said = "; ".join(f"sentence {i}: " + " ".join(words[number] for number in row) for i, row in enumerate(rows))
    return Picture(figure, f"{title}. A table of {height} rows and {width} columns. {said}.")


def accuracy_intervals(
    rows: Mapping[str, Interval], title: str, xlabel: str, marks: Mapping[str, float] | None = None
) -> Picture:
    """One row per entry: a mean and the interval around it, both written beside it.

    rows: label -> (mean, low, high).  marks: label -> place of a vertical reference line.
    """
    figure, axes = new_figure(7.0, 0.5 * len(rows) + 1.2)
    words = []
    for row, (label, (mean, low, high)) in enumerate(rows.items()):
        look = {"color": COLOURS[row % len(COLOURS)], "marker": MARKERS[row % len(MARKERS)]}
        axes.errorbar(mean, row, xerr=[[mean - low], [high - mean]], ms=7, capsize=5, linestyle="", **look)
        place = {"xytext": (0, 8), "textcoords": "offset points", "ha": "center", "fontsize": 9}
        axes.annotate(f"{mean:.1f} ({low:.1f} to {high:.1f})", (mean, row), **place)
        words.append(f"{label}: {mean:.1f}, from {low:.1f} to {high:.1f}")
    for number, (label, x) in enumerate((marks or {}).items()):
        axes.axvline(x, color=ink(), linewidth=1, linestyle=LINES[(number + 1) % len(LINES)], label=f"{label}: {x:.1f}")
        words.append(f"a vertical line marks {label} at {x:.1f}")
    axes.set(title=title, xlabel=xlabel, yticks=range(len(rows)), ylim=(len(rows) - 0.5, -0.75))
    axes.set_yticklabels(rows)
    axes.grid(True, axis="x", alpha=0.6)
    axes.margins(x=0.12)
    if marks:
        figure.legend(loc="outside lower center", ncols=len(marks), fontsize=9)
    return Picture(figure, f"{title}. Intervals of {xlabel}. " + "; ".join(words) + ".")


def word_weights(weights: Mapping[str, float], title: str, sides: tuple[str, str], most: int = 12) -> Picture:
    """The words with the lowest and with the highest weights of a linear model, in two panels.

    weights: word -> weight.  sides: what a low and a high weight speak for.  most: words in each panel.
    """
    ranked = sorted(weights, key=lambda word: (weights[word], word))
    figure, axes = new_figure(7.0, 0.24 * most + 1.3, columns=2)
    reach = 1.25 * max(abs(weights[ranked[0]]), abs(weights[ranked[-1]]))
    words = []
    for number, (place, side, chosen) in enumerate(zip(axes, sides, (ranked[:most], ranked[::-1][:most]), strict=True)):
        heights = [weights[word] for word in chosen]
        look = {"color": COLOURS[(5, 0)[number]], "hatch": ("//", "")[number], "edgecolor": "white"}
        drawn = place.barh(range(len(chosen)), heights, **look)
        place.bar_label(drawn, [f"{height:.1f}" for height in heights], padding=2, fontsize=8)
        place.set_yticks(range(len(chosen)), chosen, fontsize=9)
        place.invert_yaxis()
        place.set_xlim((-reach, 0) if number == 0 else (0, reach))
        place.set(title=f"speaks for {side}", xlabel="weight")
        listed = ", ".join(f"{word} {height:.1f}" for word, height in zip(chosen, heights, strict=True))
        words.append(f"{side}: {listed}")
    axes[0].yaxis.tick_right()
    axes[0].spines["left"].set_visible(False)
    axes[0].spines["right"].set_visible(True)
    figure.suptitle(title, weight="bold")
    return Picture(figure, f"{title}. Bars of weights. " + "; ".join(words) + ".")
