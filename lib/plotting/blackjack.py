"""Values and policies of blackjack: states are (player_sum, dealer_card, usable_ace), sums 12 to 21."""

from collections.abc import Collection, Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import LogLocator, NullLocator

from lib.plotting.grids import DARK, LIGHT, number, text_colour
from lib.plotting.picture import DPI, Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, SEQUENTIAL, ink, new_figure, paper

State = tuple[int, int, bool]

SUMS, DEALER = range(12, 22), range(1, 11)
CARDS = ("A", *map(str, range(2, 11)))
ACES = {True: "usable ace", False: "no usable ace"}
LETTERS, NAMES = "SH", ("stick", "hit")
TABLE, PANELS, CELL = (1012, 506), (56, 484), 39  # pixels: a table's figure, left ends of its panels, a cell
FILLS = (COLOURS[4], COLOURS[1])  # stick, hit: both light enough for dark letters


def blackjack_values(
    tables: Mapping[str, Mapping[State, float]],
    title: str = "State values",
    label: str = "value",
    limits: tuple[float, float] = (-1.0, 1.0),
) -> Picture:
    """Values as surfaces, like the book's Figure 5.1: a column for each table, with a usable ace above, without below.

    tables: name of the column -> {state: value}. States that are missing leave a hole.
    label, limits: of the vertical axis.
    """
    figure = Figure(figsize=(4.2 * len(tables), 6.0))
    scale, words = Normalize(*limits), []
    x, y = np.meshgrid(DEALER, SUMS)
    for row, (usable, ace) in enumerate(ACES.items()):
        for column, (name, values) in enumerate(tables.items()):
            grid = _grid(values, usable)
            axes = figure.add_subplot(2, len(tables), row * len(tables) + column + 1, projection="3d")
            axes.plot_surface(
                x, y, grid, cmap=SEQUENTIAL, norm=scale, rstride=1, cstride=1, edgecolor=ink(), linewidth=0.35
            )
            axes.set(xlim=(1, 10), ylim=(12, 21), zlim=limits, xticks=DEALER, yticks=range(12, 22, 3))
            axes.set_zticks(np.linspace(*limits, 5)[::2])
            axes.set_xticklabels(CARDS, fontsize=8)
            axes.tick_params(labelsize=8, pad=0)
            axes.set_xlabel("dealer shows", fontsize=9, labelpad=1)
            axes.set_ylabel("player's sum", fontsize=9, labelpad=1)
            axes.set_zlabel(label, fontsize=9, labelpad=-3)
            axes.zaxis.set_rotate_label(False)
            axes.zaxis.label.set_rotation(90)
            axes.set_title(f"{name}, {ace}", fontsize=10, y=0.97)
            axes.view_init(elev=28, azim=-60)
            axes.set_box_aspect((1, 1, 0.6), zoom=1.06)
            for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
                axis.set_pane_color(paper())
            words.append(f"{name}, {ace}: {_surface_in_words(grid)}")
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    alt = f"{title}: surfaces of the {label} over the dealer's card, ace to 10, and the player's sum, 12 to 21. "
    return Picture(figure, alt + " ".join(words))


def blackjack_table(
    values: Mapping[State, float],
    title: str = "State values",
    label: str = "value",
    digits: int = 2,
    limits: tuple[float, float] | None = None,
    log: bool = False,
) -> Picture:
    """Numbers on colours for each state: dealer's card across, player's sum upwards, no usable ace and usable ace.

    values: {state: value}; missing states stay empty. label: what the colours show, with its unit.
    limits: the values of the darkest and the brightest colour, the extremes if not given.
    log: colours by the logarithm, for numbers above zero of different sizes.
    """
    grids = [_grid(values, usable) for usable in (False, True)]
    low, high = limits or (np.nanmin(grids), np.nanmax(grids))
    scale, colours = (LogNorm if log else Normalize)(low, high if high > low else low + 1), colormaps[SEQUENTIAL]
    figure, panels = new_figure(TABLE[0] / DPI, TABLE[1] / DPI, 1, 2)
    figure.set_layout_engine("none")  # cells of whole pixels look alike, which halves the file
    for axes, left in zip(panels, PANELS, strict=True):
        axes.set_position(_pixels(left, 52, 10 * CELL, 10 * CELL))
    for axes, usable, grid in zip(panels, (False, True), grids, strict=True):
        image = axes.imshow(grid, cmap=colours, norm=scale, origin="lower", extent=(0.5, 10.5, 11.5, 21.5))
        for (row, column), value in np.ndenumerate(grid):
            if not np.isnan(value):
                colour = text_colour(colours(scale(value)))
                axes.text(column + 1, row + 12, number(value, digits), color=colour, **CENTRED, fontsize=7)
        _dress(axes, ACES[usable])
    panels[1].set_ylabel("")  # the rows are those of the left panel
    bar = figure.colorbar(image, cax=figure.add_axes(_pixels(PANELS[1] + 10 * CELL + 34, 82, 16, 330)), label=label)
    if log:
        bar.ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        bar.ax.yaxis.set_major_formatter("{x:g}")
        bar.ax.yaxis.set_minor_locator(NullLocator())
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    parts = [
        f"{ACES[usable]}: {_grid_in_words(grid, digits)}" for usable, grid in zip((False, True), grids, strict=True)
    ]
    return Picture(figure, f"{title}: a table of the {label} in each state. " + " ".join(parts))


def _pixels(left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
    """A rectangle of a table's figure, as shares of its size."""
    return left / TABLE[0], bottom / TABLE[1], width / TABLE[0], height / TABLE[1]


def blackjack_errors(
    visits: Mapping[State, float], errors: Mapping[State, float], title: str = "Error of each state"
) -> Picture:
    """A point for each state: the error of its value against its visits, both on logarithmic axes.

    visits, errors: {state: number above 0}.  The line is 1 / √visits: no standard deviation of returns between -1 and 1
    is above 1, so that no error lies above it except by chance.
    """
    figure, axes = new_figure(7.0, 4.2)
    groups = {ACES[False]: [], ACES[True]: [], "a sum of 21": []}
    for state in visits:
        groups["a sum of 21" if state[0] == 21 else ACES[state[2]]].append(state)
    ends, words = np.array([min(visits.values()), max(visits.values())]), []
    axes.plot(ends, 1 / np.sqrt(ends), color=ink(), linestyle=LINES[1], linewidth=1.2, label="1 / √visits")
    for order, (name, states) in enumerate(groups.items()):
        n, error = np.array([visits[s] for s in states]), np.array([errors[s] for s in states])
        look = dict(color=COLOURS[order], marker=MARKERS[order], markeredgecolor=ink(), markeredgewidth=0.3)
        axes.plot(n, error, linestyle="none", ms=5, label=name, **look)
        ratio = error * np.sqrt(n)
        words.append(
            f"{name}: {len(states)} points, {n.min():,.0f} to {n.max():,.0f} visits, errors {error.min():.2g} to "
            f"{error.max():.2g}, {ratio.min():.2f} to {ratio.max():.2f} times 1 / √visits"
        )
    axes.set(title=title, xlabel="visits of the state", ylabel="rms error of its value", xscale="log", yscale="log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(True, alpha=0.6)
    axes.legend(fontsize=9)
    return Picture(figure, f"{title}: error against visits of each state. {'; '.join(words)}.")


def blackjack_policy(
    policies: Mapping[str, Mapping[State, int | Collection[int]]],
    title: str = "Policy",
    reference: Mapping[State, int | Collection[int]] | None = None,
) -> Picture:
    """Stick or hit in each state, a row for each policy: no usable ace at the left, usable ace at the right.

    policies: name -> {state: action}, 0 sticks and 1 hits; or the set of actions that are equally good. Missing states
    stay empty.  reference: a policy to compare with; a cell whose action it does not contain is framed and counted.
    """
    figure, panels = new_figure(8.6, 3.7 * len(policies) + 0.7, len(policies), 2, squeeze=False)
    words, differ = [], False
    for row, (name, policy) in zip(panels, policies.items(), strict=True):
        for axes, usable in zip(row, (False, True), strict=True):
            other = _draw_policy(axes, policy, usable, reference)
            differ |= bool(other)
            _dress(axes, f"{name}, {ACES[usable]}" + (f": {len(other)} differ" if reference is not None else ""))
            words.append(f"{name}, {ACES[usable]}: {_policy_in_words(policy, usable)}.")
            if reference is not None:
                words.append(f"{len(other)} cells differ from the reference{_states_in_words(other)}.")
    handles = [Patch(facecolor=FILLS[a], edgecolor=ink(), label=f"{LETTERS[a]} = {NAMES[a]}") for a in (1, 0)]
    if differ:
        handles.append(Patch(facecolor="none", edgecolor=DARK, linewidth=2, label="framed: differs from the reference"))
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=9)
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    return Picture(figure, f"{title}: hit or stick for each dealer's card and player's sum. " + " ".join(words))


CENTRED = {"ha": "center", "va": "center"}


def _draw_policy(axes: Axes, policy: Mapping, usable: bool, reference: Mapping | None) -> list[State]:
    """Draw a letter on a colour in each cell; returns the states whose action the reference does not contain."""
    other = []
    for total in SUMS:
        for dealer in DEALER:
            state = (total, dealer, usable)
            actions = _actions(policy, state)
            for place, action in enumerate(actions):  # two equally good actions share the cell
                left, width = dealer - 0.5 + place / len(actions), 1 / len(actions)
                axes.add_patch(Rectangle((left, total - 0.5), width, 1, facecolor=FILLS[action], edgecolor="none"))
                axes.text(left + width / 2, total, LETTERS[action], color=DARK, **CENTRED, fontsize=8)
            if reference is not None and actions and not set(actions) <= set(_actions(reference, state)):
                other.append(state)
    axes.hlines(np.arange(12.5, 21), 0.5, 10.5, color=LIGHT, linewidth=0.8)
    axes.vlines(np.arange(1.5, 10), 11.5, 21.5, color=LIGHT, linewidth=0.8)
    for total, dealer, _ in other:
        frame = (dealer - 0.42, total - 0.42), 0.84, 0.84
        axes.add_patch(Rectangle(*frame, fill=False, edgecolor=DARK, linewidth=2))
    axes.set(xlim=(0.5, 10.5), ylim=(11.5, 21.5), aspect="equal")
    return other


def _actions(policy: Mapping, state: State) -> tuple[int, ...]:
    """The actions of a state in ascending order; none if it is missing."""
    if state not in policy:
        return ()
    actions = policy[state]
    return tuple(sorted(int(a) for a in actions)) if isinstance(actions, Collection) else (int(actions),)


def _dress(axes: Axes, title: str) -> None:
    axes.set(xlabel="dealer shows", ylabel="player's sum", xticks=DEALER, yticks=SUMS)
    axes.set_xticklabels(CARDS)
    axes.set_title(title, fontsize=10)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _grid(values: Mapping[State, float], usable: bool) -> np.ndarray:
    """(10, 10): player's sum 12 to 21 by dealer's card 1 to 10, NaN where there is no value."""
    return np.array([[values.get((total, dealer, usable), np.nan) for dealer in DEALER] for total in SUMS], dtype=float)


def _surface_in_words(grid: np.ndarray) -> str:
    """The mean of a few rows, from the lowest sum to the highest."""
    rows = []
    for total in (12, 16, 18, 19, 20, 21):
        row = grid[total - 12]
        rows.append(f"{total}: {np.nanmean(row):.2f}" if np.isfinite(row).any() else f"{total}: none")
    return f"mean over the dealer's cards by sum {', '.join(rows)}{_missing(grid)}"


def _grid_in_words(grid: np.ndarray, digits: int) -> str:
    if np.isnan(grid).all():
        return "empty."
    parts = []
    for word, place in (("lowest", np.nanargmin(grid)), ("highest", np.nanargmax(grid))):
        row, column = np.unravel_index(place, grid.shape)
        value = number(grid[row, column], digits)
        parts.append(f"{word} {value} at sum {row + 12} against {CARDS[column]}")
    return ", ".join(parts) + _missing(grid)


def _missing(grid: np.ndarray) -> str:
    missing = int(np.isnan(grid).sum())
    return f"; missing: {missing}." if missing else "."


def _policy_in_words(policy: Mapping, usable: bool) -> str:
    """What is done against each card of the dealer, cards with the same column together."""
    columns: dict[str, list[str]] = {}
    for dealer, card in zip(DEALER, CARDS, strict=True):
        hits = [total for total in SUMS if 1 in _actions(policy, (total, dealer, usable))]
        known = [total for total in SUMS if _actions(policy, (total, dealer, usable))]
        both = [total for total in SUMS if len(_actions(policy, (total, dealer, usable))) == 2]
        words = f"hit {_runs(hits)}" if hits else "never hit"
        words += f", either at {_runs(both)}" if both else ""
        words += f", {10 - len(known)} unknown" if len(known) < 10 else ""
        columns.setdefault(words, []).append(card)
    return "; ".join(f"against {', '.join(cards)} {words}" for words, cards in columns.items())


def _runs(sums: list[int]) -> str:
    """``12-14, 16``."""
    runs: list[list[int]] = []
    for total in sums:
        if runs and total == runs[-1][-1] + 1:
            runs[-1].append(total)
        else:
            runs.append([total])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _states_in_words(states: list[State]) -> str:
    if not states:
        return ""
    listed = ", ".join(f"{total} against {CARDS[dealer - 1]}" for total, dealer, _ in states[:12])
    return f": {listed}" + (" and others" if len(states) > 12 else "")
