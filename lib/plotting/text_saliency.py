"""Words in colour: how far each word of a sentence moves a classifier's verdict."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, ink, new_figure

# All lengths are in points, 72 to an inch; a letter of the font is 0.602 of its size wide.
WIDTH, MARGIN, SIZE, ADVANCE = 540.0, 14.0, 10.0, 0.602
LINE, CAPTION, GAP, HEAD, FOOT = 31.0, 17.0, 9.0, 30.0, 32.0
NARROWEST = 13.0  # room for the number below a word of one letter
SIDES = ((COLOURS[1], (0, (2, 1.5))), (COLOURS[0], "-"))  # below and above zero: colour and line
STRONGEST = 0.6  # opacity of the largest value: the letters stay readable on it, in both themes
NUMBERED = 0.2  # values of at least so much of the largest are written out


class Words(NamedTuple):
    """A sentence, its heading, and a value for each of its words, (len(tokens),)."""

    caption: str
    tokens: Sequence[str]
    values: np.ndarray


def words_in_colour(sentences: Sequence[Words], title: str, towards: tuple[str, str], number: str) -> Picture:
    """Sentences whose words carry a colour, a line and, where they matter, a number.

    towards: what words with a negative and with a positive value speak for.  number: what the values measure.
    All sentences share one scale: the largest absolute value has the strongest colour.
    """
    largest = max((float(np.abs(one.values).max()) for one in sentences if len(one.tokens)), default=0.0) or 1.0
    placed = [_wrapped(one.tokens) for one in sentences]
    heights = [CAPTION + LINE * (1 + max((line for line, _ in places), default=0)) + GAP for places in placed]
    height = HEAD + sum(heights) + FOOT
    figure, axes = new_figure(WIDTH / 72, height / 72)
    figure.set_layout_engine("none")
    axes.set_position((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    axes.text(MARGIN, 17, title, fontsize=11, fontweight="bold", va="center")
    top, words = HEAD, []
    for one, places, tall in zip(sentences, placed, heights, strict=True):
        axes.text(MARGIN, top + CAPTION / 2, one.caption, fontsize=9, va="center")
        for token, value, (line, x) in zip(one.tokens, one.values, places, strict=True):
            _word(axes, token, float(value), largest, x, top + CAPTION + LINE * line)
        top += tall
        words.append(f"{one.caption}: {_in_words(one, towards)}")
    _legend(axes, towards, number, height - FOOT / 2)
    return Picture(figure, f"{title}. Sentences whose words are coloured by {number}. " + " ".join(words))


def _wrapped(tokens: Sequence[str]) -> list[tuple[int, float]]:
    """The line and the left end of each word."""
    places, line, x = [], 0, MARGIN
    for token in tokens:
        width = SIZE * ADVANCE * len(token)
        slot = max(width, NARROWEST)
        if x + slot > WIDTH - MARGIN and x > MARGIN:
            line, x = line + 1, MARGIN
        places.append((line, x + (slot - width) / 2))
        x += slot + SIZE * ADVANCE * 1.8
    return places


def _word(axes: Axes, token: str, value: float, largest: float, x: float, top: float) -> None:
    """A word on its colour, its line below, and its number below that."""
    share, width = abs(value) / largest, SIZE * ADVANCE * len(token)
    colour, dashes = SIDES[int(value > 0)]
    axes.add_patch(Rectangle((x - 2, top), width + 4, 15, color=colour, alpha=STRONGEST * share, linewidth=0))
    axes.text(x, top + 11.5, token, fontsize=SIZE, family="monospace", va="baseline")
    if share >= NUMBERED:
        axes.plot((x - 2, x + width + 2), (top + 17, top + 17), color=colour, linestyle=dashes, lw=1 + 1.5 * share)
        axes.text(x + width / 2, top + 25.5, f"{value:+.1f}".replace("-", "−"), fontsize=7, ha="center", va="baseline")


def _legend(axes: Axes, towards: tuple[str, str], number: str, y: float) -> None:
    x = MARGIN
    for (colour, dashes), side in zip(SIDES, towards, strict=True):
        axes.add_patch(Rectangle((x, y - 7), 26, 11, color=colour, alpha=STRONGEST, linewidth=0))
        axes.plot((x, x + 26), (y + 6.5, y + 6.5), color=colour, linestyle=dashes, linewidth=2)
        axes.text(x + 32, y, f"towards {side}", fontsize=8, va="center", color=ink())
        x += 44 + 4.6 * len(f"towards {side}")
    axes.text(x, y, f"numbers: {number}", fontsize=8, va="center", color=ink())


def _in_words(one: Words, towards: tuple[str, str]) -> str:
    """The sentence, and its three strongest words with their values."""
    if not len(one.tokens):
        return "no words."
    strongest = np.argsort(-np.abs(one.values), kind="stable")[:3]
    named = [f"{one.tokens[i]} {one.values[i]:+.1f} ({towards[int(one.values[i] > 0)]})" for i in strongest]
    return f"“{' '.join(one.tokens)}”, strongest {', '.join(named)}."
