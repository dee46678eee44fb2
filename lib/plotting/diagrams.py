"""Diagrams of Markov decision processes in the book's symbols: a state is an open circle, an action a filled dot."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Arc, Circle, FancyArrowPatch

from lib.plotting.grids import number
from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, MARKERS, ink, new_figure

STATE, DOT = 0.42, 0.09  # radii in a transition diagram
CENTRE = 2.7  # the two states stand this far left and right of the middle


def transition_diagram(
    P: Mapping, states: Sequence[str], actions: Sequence[str], title: str = "Transition diagram"
) -> Picture:
    """Every transition of a model with two states: from a state to the dot of an action, from there to the next states.

    P: P[s][a] is a list of (probability, next_state, reward, terminated).  states, actions: their names.
    The arrows that leave a dot carry probability and reward. Actions that may lead to the other state stand inside.
    """
    if len(P) != 2:
        raise ValueError(f"A transition diagram is drawn for two states, not for {len(P)}.")
    places = np.array([[-CENTRE, 0.0], [CENTRE, 0.0]])
    dots = _dots(P)
    heights = [y for _, y in dots.values()]
    low, high = min([*heights, -STATE]) - 0.8, max([*heights, STATE]) + 0.8
    figure, axes = new_figure(9.2, 0.8 * (high - low) + 0.5)
    for (s, a), dot in dots.items():
        axes.plot(*zip(places[s], dot, strict=True), color=COLOURS[0], linewidth=1.6, linestyle="-", zorder=1)
        axes.add_patch(Circle(dot, DOT, facecolor=COLOURS[0], edgecolor=COLOURS[0], zorder=3))
        inside = abs(dot[0]) < CENTRE
        shift = (-0.4 * np.sign(dot[0]), 0.27 if dot[1] < 0 else -0.27) if inside else (0.6 * np.sign(dot[0]), 0.0)
        _label(axes, dot + shift, actions[a], COLOURS[0], weight="bold")
        for probability, to, reward, _ in P[s][a]:
            middle = _arrow(axes, dot, places[to], _bend(dot, back=to == s))
            _label(axes, middle, f"{probability:.3g}, {_signed(reward)}", ink(), boxed=True)
    for name, place in zip(states, places, strict=True):
        axes.add_patch(Circle(place, STATE, facecolor=axes.get_facecolor(), edgecolor=ink(), linewidth=1.8, zorder=4))
        _label(axes, place, name, ink())
    axes.set(xlim=(-5.4, 5.4), ylim=(low, high), aspect="equal")
    axes.set_axis_off()
    axes.set_title(title)
    return Picture(figure, f"{title}. {_transitions_in_words(P, states, actions)}")


def _dots(P: Mapping) -> dict[tuple[int, int], np.ndarray]:
    """Where the dot of each action stands: (state, action) -> (x, y)."""
    inside = [(s, a) for s in P for a in P[s] if any(to != s for _, to, _, _ in P[s][a])]
    found = {}
    for (s, a), y in zip(inside, _heights(len(inside), 1.55), strict=True):
        found[s, a] = np.array([(-1.0, 1.0)[s], y])
    for s in P:
        outside = [(s, a) for a in P[s] if (s, a) not in inside]
        for (_, a), y in zip(outside, _heights(len(outside), 0.85), strict=True):
            found[s, a] = np.array([(-4.1, 4.1)[s], y])
    return found


def _heights(n: int, step: float) -> np.ndarray:
    """n heights from the top down, with their middle at 0."""
    return step * ((n - 1) / 2 - np.arange(n))


def _bend(dot: np.ndarray, back: bool) -> float:
    """How much the arrow from a dot is bent: so that those that reach a state from one side end apart."""
    level = dot[1] == 0.0
    if back:
        return 0.3 if level else 0.55
    return 0.0 if level else 0.35


def _arrow(axes: Axes, start: np.ndarray, end: np.ndarray, bend: float) -> np.ndarray:
    """An arrow from a dot to the rim of a state, bent away from the middle line; returns its middle."""
    bend *= -np.sign(end[0] - start[0]) * (1 if start[1] >= 0 else -1)
    tip = end + STATE * _unit(_bent(start, end, bend) - end)
    axes.add_patch(
        FancyArrowPatch(
            start, tip, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=13,
            color=ink(), linewidth=1.1, shrinkA=0, shrinkB=0, zorder=2,
        )
    )  # fmt: skip
    return 0.5 * _bent(start, tip, bend) + 0.25 * (start + tip)


def _bent(start: np.ndarray, end: np.ndarray, bend: float) -> np.ndarray:
    """The control point of matplotlib's connection style arc3."""
    (x, y), (dx, dy) = (start + end) / 2, end - start
    return np.array([x + bend * dy, y - bend * dx])


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.hypot(*vector)


def _label(
    axes: Axes, place: np.ndarray, text: str, colour: str, weight: str = "normal", boxed: bool = False, size: float = 10
) -> None:
    box = dict(boxstyle="round,pad=0.12", facecolor=axes.get_facecolor(), edgecolor="none") if boxed else None
    axes.text(*place, text, ha="center", va="center", color=colour, weight=weight, fontsize=size, bbox=box, zorder=5)


def _signed(reward: float) -> str:
    return f"{reward:+.3g}".replace("-", "−") if reward else "0"


def _transitions_in_words(P: Mapping, states: Sequence[str], actions: Sequence[str]) -> str:
    sentences = []
    for s, row in P.items():
        for a, outcomes in row.items():
            ways = [
                f"with probability {probability:.3g} {'back ' if to == s else ''}to {states[to]}, "
                f"reward {_signed(reward)}"
                for probability, to, reward, _ in outcomes
            ]
            sentences.append(f"From {states[s]}, {actions[a]}: {'; '.join(ways)}.")
    return " ".join(sentences)


# From the root down: the symbols of the three levels, and what stands beside the two levels of branches.
TREES = {
    "v": (("s", "a", "s'"), (r"\pi(a|s)", r"p,\ r")),
    "q": (("s,\\ a", "s'", "a'"), (r"p,\ r", r"\pi(a'|s')")),
}
VALUES = {"v_pi": r"$v_\pi(s)$", "q_pi": r"$q_\pi(s, a)$", "v*": "$v_*(s)$", "q*": "$q_*(s, a)$"}
IN_WORDS = {
    "v_pi": "v_π(s): from the state s, branches to the actions, weighed with π(a|s); from each action, branches to the "
    "next states s′, weighed with p, with a reward r on the way.",
    "q_pi": "q_π(s, a): from the action a in s, branches to the next states s′, weighed with p, with a reward r on the "
    "way; from each next state, branches to the next actions a′, weighed with π(a′|s′).",
    "v*": "v*(s): as for v_π, but an arc marked max joins the branches from s to the actions: only the best counts.",
    "q*": "q*(s, a): as for q_π, but an arc marked max joins the branches from each next state s′ to the next actions: "
    "only the best counts.",
}


def backup_diagrams(kinds: Sequence[str], title: str = "Backup diagrams") -> Picture:
    """What a value is computed from: a tree, the root on top, that looks one state and one action ahead.

    kinds: of "v_pi", "q_pi", "v*" and "q*". In the last two, an arc marked max stands where the best action is taken.
    """
    figure, panels = new_figure(4.2 * len(kinds), 3.3, 1, len(kinds), squeeze=False)
    for axes, kind in zip(panels.flat, kinds, strict=True):
        _draw_tree(axes, *TREES[kind[0]], root_is_state=kind[0] == "v", best=kind.endswith("*"))
        axes.set_title(VALUES[kind], fontsize=13)
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    return Picture(
        figure, f"{title}, open circles for states and dots for actions. {' '.join(map(IN_WORDS.get, kinds))}"
    )


def _draw_tree(axes: Axes, symbols: Sequence[str], beside: Sequence[str], root_is_state: bool, best: bool) -> None:
    wide = 1.25
    xs, half = (np.linspace(-wide, wide, 3), 0.3) if root_is_state else (np.array([-0.9, 0.9]), 0.55)
    twigs = (-half, half) if root_is_state else (-half, 0.0, half)
    _node(axes, (0.0, 2.0), root_is_state)
    for x in xs:
        _branch(axes, (0.0, 2.0), (x, 1.0))
        for shift in twigs:
            _branch(axes, (x, 1.0), (x + shift, 0.0))
            _node(axes, (x + shift, 0.0), root_is_state)
        _node(axes, (x, 1.0), not root_is_state)
    first, last = xs[0], xs[-1]
    labels = {(0.0, 2.3): symbols[0], (first - 0.25, 1.05): symbols[1], (first - half, -0.28): symbols[2]}
    forks = [(0.0, 2.0, last)] if root_is_state else [(x, 1.0, half) for x in xs]
    if not (best and root_is_state):
        labels[first / 2 - 0.42, 1.6] = beside[0]
    if not (best and not root_is_state):
        labels[last + half / 2 + 0.45, 0.5] = beside[1]
    for place, text in labels.items():
        _label(axes, place, f"${text}$", ink(), size=12)
    for x, y, reach in forks if best else ():
        _max_arc(axes, x, y, reach)
    axes.set(xlim=(-2.3, 2.5), ylim=(-0.45, 2.5), aspect="equal")
    axes.set_axis_off()


def _node(axes: Axes, place: tuple[float, float], is_state: bool) -> None:
    fill = axes.get_facecolor() if is_state else COLOURS[0]
    edge = ink() if is_state else COLOURS[0]
    axes.add_patch(Circle(place, 0.13 if is_state else 0.08, facecolor=fill, edgecolor=edge, linewidth=1.6, zorder=3))


def _branch(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.plot(*zip(start, end, strict=True), color=ink(), linewidth=1.2, linestyle="-", zorder=1)


def _max_arc(axes: Axes, x: float, y: float, reach: float) -> None:
    """An arc below a state, across its branches, which end one unit lower and up to ``reach`` to either side."""
    angle, radius = np.rad2deg(np.arctan2(1.0, reach)), 0.45
    axes.add_patch(
        Arc(
            (x, y),
            2 * radius,
            2 * radius,
            theta1=-180 + angle,
            theta2=-angle,
            color=COLOURS[5],
            linewidth=2.2,
            zorder=2,
        )
    )
    side = radius * np.cos(np.deg2rad(angle))
    _label(axes, (x + side + 0.32, y - 0.32), "max", COLOURS[5], weight="bold", size=11)


def policy_plane(
    policies: Mapping[str, Sequence[float]],
    others: np.ndarray,
    states: Sequence[str],
    title: str = "Each policy is a point",
) -> Picture:
    """Policies in a world of two states: the coordinates of a point are the values of the two states.

    policies: name -> its two values.  others: (n, 2), the values of policies without a name.  states: their names.
    What is better in both states lies to the right and above; dotted lines mark the best value of each state.
    """
    figure, axes = new_figure(8.2, 4.4)
    others = np.asarray(others, dtype=float)
    axes.plot(*others.T, ".", color=COLOURS[7], ms=4, linestyle="none", label=f"{len(others)} others", zorder=1)
    for n, (name, (x, y)) in enumerate(policies.items()):
        look = dict(color=COLOURS[n % 7], marker=MARKERS[n % len(MARKERS)], markeredgecolor=ink())
        axes.plot(x, y, linestyle="none", label=name, ms=9, markeredgewidth=0.6, **look)
    best = np.max([*policies.values(), *others], axis=0)
    axes.axvline(best[0], color=ink(), linewidth=1, linestyle=":")
    axes.axhline(best[1], color=ink(), linewidth=1, linestyle=":")
    axes.set(title=title, xlabel=f"value of {states[0]}", ylabel=f"value of {states[1]}")
    axes.margins(0.12)
    axes.grid(True, alpha=0.6)
    figure.legend(loc="outside right upper", fontsize=9)
    words = "; ".join(f"{name} at ({number(x, 2)}, {number(y, 2)})" for name, (x, y) in policies.items())
    inside = " and ".join(
        f"{number(column.min(), 2)} to {number(column.max(), 2)} from {state}"
        for state, column in zip(states, others.T, strict=True)
    )
    return Picture(
        figure,
        f"{title}; coordinates are the values of {states[0]} and {states[1]}: {words}. "
        f"{len(others)} other policies lie in between: {inside}.",
    )
