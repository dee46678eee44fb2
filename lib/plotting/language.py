"""Figures of language models: how often words occur, and what may come next."""

from collections.abc import Mapping, Sequence

import numpy as np

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, MARKERS, ink, new_figure

HATCHES = ("", "//", "..", "xx")


def zipf(counts: Mapping[str, int], title: str, named: Sequence[str] = ()) -> Picture:
    """How often each word occurs, against its rank, on logarithmic axes, beside a line of slope -1.

    counts: word -> occurrences, all > 0.  named: words to write at their points.
    """
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    heights = np.array([counts[word] for word in ranked])
    ranks = np.arange(1, len(ranked) + 1)
    figure, axes = new_figure(7.0, 4.0)
    axes.loglog(ranks, heights, color=COLOURS[0], marker=MARKERS[0], ms=3, linestyle="", label="words")
    line = heights[0] / ranks
    axes.loglog(ranks, line, color=COLOURS[5], linestyle="--", label="the first word's count / rank")
    words = []
    for word in named:
        rank = ranked.index(word) + 1
        axes.annotate(
            f"{word}: {counts[word]:,}",
            (rank, counts[word]),
            xytext=(-14, -24),
            textcoords="offset points",
            ha="right",
            va="center",
            arrowprops={"arrowstyle": "-", "color": ink(), "linewidth": 0.8},
        )
        words.append(f"{word} at rank {rank:,} occurs {counts[word]:,} times")
    axes.set(title=title, xlabel="rank, most frequent first", ylabel="occurrences")
    axes.set_ylim(0.5, 2 * heights[0])
    axes.grid(True, alpha=0.6)
    axes.legend()
    slope = np.polyfit(np.log(ranks), np.log(heights), 1)[0] if len(ranks) > 1 else 0.0
    return Picture(
        figure,
        f"{title}. Occurrences against rank, both logarithmic, for {len(ranks):,} words: points that fall from "
        f"{heights[0]:,} to {heights[-1]:,} with a mean slope of {slope:.1f}, beside a dashed line of slope -1"
        + "".join(f"; {one}" for one in words)
        + ".",
    )


def next_words(
    panels: Mapping[str, Mapping[str, float]], title: str, most: int = 8, same_scale: bool = False
) -> Picture:
    """One panel per context: its likeliest next words as horizontal bars, likeliest at the top.

    panels: the context -> {word: probability}; the ``most`` likeliest words are drawn.  One to four panels.
    same_scale: one x axis for all, where panels are models to compare rather than contexts.
    """
    figure, axes = new_figure(2.6 * len(panels) + 0.4, 0.8 + 0.26 * most, columns=len(panels), squeeze=False)
    words, longest = [], max(max(probabilities.values()) for probabilities in panels.values())
    for number, (context, probabilities) in enumerate(panels.items()):
        place, colour = axes[0, number], COLOURS[number % len(COLOURS)]
        likeliest = sorted(probabilities, key=lambda word: (-probabilities[word], word))[:most]
        heights = [float(probabilities[word]) for word in likeliest]
        drawn = place.barh(range(len(likeliest)), heights, color=colour, hatch=HATCHES[number % len(HATCHES)])
        place.bar_label(drawn, [f"{height:.2g}" for height in heights], padding=2, fontsize=8)
        place.set_yticks(range(len(likeliest)), likeliest)
        place.invert_yaxis()
        place.set_xlim(0, 1.3 * (longest if same_scale else max(heights)))
        place.set(title=context, xlabel="probability")
        listed = ", ".join(f"{word} {height:.2g}" for word, height in zip(likeliest, heights, strict=True))
        words.append(f"{context}: {listed}")
    figure.suptitle(title, weight="bold")
    return Picture(figure, f"{title}. Bars of the likeliest next words. " + "; ".join(words) + ".")


def grouped_bars(series: Mapping[str, Mapping[str, float]], title: str, ylabel: str) -> Picture:
    """Groups of bars side by side, one bar per entry of ``series``, with its height written above it.

    series: label -> {group: height}; a group that a series does not have stays empty.
    """
    figure, axes = new_figure(7.0, 3.8)
    groups = list(dict.fromkeys(group for heights in series.values() for group in heights))
    width = 0.84 / len(series)
    words = []
    for number, (label, heights) in enumerate(series.items()):
        places = [groups.index(group) + (number - (len(series) - 1) / 2) * width for group in heights]
        look = {"color": COLOURS[number % len(COLOURS)], "hatch": HATCHES[number % len(HATCHES)], "edgecolor": "white"}
        drawn = axes.bar(places, list(heights.values()), width, label=label, **look)
        texts = [f"{height:.3g}" for height in heights.values()]
        axes.bar_label(drawn, texts, padding=2, fontsize=8)
        words.append(f"{label}: " + ", ".join(f"{group} {text}" for group, text in zip(heights, texts, strict=True)))
    tallest = max(height for heights in series.values() for height in heights.values())
    axes.set_ylim(0, 1.2 * tallest)  # room for the legend
    axes.set_xticks(range(len(groups)), groups)
    axes.set(title=title, ylabel=ylabel)
    axes.legend(loc="upper center", ncols=len(series))
    return Picture(figure, f"{title}. Bars of {ylabel}. " + "; ".join(words) + ".")


def occurrences_and_contexts(points: Mapping[str, tuple[int, int]], title: str, named: Sequence[str]) -> Picture:
    """One point per word: how often it occurs, and after how many different words, on logarithmic axes.

    points: word -> (occurrences, different words before it), all > 0.  named: words to mark and to write out.
    """
    figure, axes = new_figure(7.0, 4.4)
    x, y = np.array(list(points.values())).T
    axes.loglog(x, y, color=COLOURS[7], marker=".", ms=3, linestyle="", label="all words")
    words = []
    for number, word in enumerate(named):
        look = {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)]}
        occurrences, before = points[word]
        axes.loglog([occurrences], [before], ms=9, linestyle="", label=word, markeredgecolor=ink(), **look)
        words.append(f"{word} occurs {occurrences:,} times, after {before:,} different words")
    axes.set(title=title, xlabel="occurrences", ylabel="different words before it")
    axes.grid(True, alpha=0.6)
    axes.legend(loc="upper left")
    return Picture(figure, f"{title}. One point for each of {len(points):,} words. " + "; ".join(words) + ".")
