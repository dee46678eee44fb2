"""Symbolic graphs: variables as ellipses, operations as boxes, the flow of the computation from top to bottom."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyBboxPatch

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, ink, new_figure, paper

LETTER, LAYER = 0.085, 0.62  # inches: the width of a letter, the distance of two layers
GAP = 0.22  # inches between neighbours
HEIGHT = 0.3  # inches, of a box or an ellipse
SHORT = {
    "true_div": "div",
    "matrixtranspose": "transpose",
    "expanddims": "expand dims",
    "logsoftmax": "log softmax",
    "subtensor": "pick",
    "advancedsubtensor": "pick",
    "shape_i": "shape",
    "second": "fill",
}


class _Node:
    """What is drawn in one place. kind: "operation", "variable", "constant", or "bend" of a long arrow."""

    def __init__(self, label: str, kind: str, layer: int = 0) -> None:
        self.label, self.kind, self.layer, self.x = label, kind, layer, 0.0
        self.above: list[_Node] = []
        self.below: list[_Node] = []

    @property
    def width(self) -> float:
        return 0.12 if self.kind == "bend" else max(0.42, LETTER * len(self.label) + 0.24)


def graph(graphs: Mapping[str, object], title: str) -> Picture:
    """One panel per entry, side by side.

    graphs: title of the panel -> a symbolic variable, several of them, or a compiled function (the graph that it runs).
    Operations that several results share are drawn once. Up to some 25 nodes a panel stay readable.
    """
    panels = {name: _laid_out(_results(what)) for name, what in graphs.items()}
    sizes = {name: _size(nodes, name) for name, nodes in panels.items()}
    width = max(sum(wide for wide, _ in sizes.values()), LETTER * 1.3 * len(title))
    height = max(high for _, high in sizes.values())
    ratios = {"width_ratios": [wide for wide, _ in sizes.values()]}
    figure, grid = new_figure(width, height + 0.7, 1, len(panels), squeeze=False, gridspec_kw=ratios)
    for axes, (name, nodes) in zip(grid.flat, panels.items(), strict=True):
        _draw(axes, nodes, sizes[name][0], height)
        axes.set_title(name)
    figure.suptitle(title, color=ink(), fontsize=12, fontweight="bold")
    return Picture(figure, f"{title}. " + " ".join(f"{name}: {_in_words(nodes)}." for name, nodes in panels.items()))


def _results(what: object) -> Sequence:
    """The variables at the end of a graph."""
    if hasattr(what, "maker"):
        return what.maker.fgraph.outputs
    return what if isinstance(what, list | tuple) else [what]


def _laid_out(results: Sequence) -> list[_Node]:
    """Every node with its layer and its place in the layer."""
    nodes: list[_Node] = []
    known: dict[object, _Node] = {}

    def place(label: str, kind: str) -> _Node:
        nodes.append(_Node(label, kind))
        return nodes[-1]

    def node_of(variable) -> _Node:
        if variable.owner is None and hasattr(variable, "data"):
            return place(_number(variable.data), "constant")  # one for each use: fewer arrows cross
        key = variable if variable.owner is None else variable.owner
        if key not in known:
            if variable.owner is None:
                known[key] = place(variable.name or "?", "variable")
            else:
                inputs = [node_of(one) for one in variable.owner.inputs]
                known[key] = place(_name(variable.owner.op), "operation")
                for one in inputs:
                    _join(one, known[key])
        return known[key]

    for number, result in enumerate(results):
        before = node_of(result)
        label = result.name or ("result" if len(results) == 1 else f"result {number + 1}")
        if before.kind != "variable":
            _join(before, place(label, "variable"))
    _layers(nodes)
    nodes += _bends(nodes)
    _order(nodes)
    return nodes


def _join(above: _Node, below: _Node) -> None:
    above.below.append(below)
    below.above.append(above)


def _number(value) -> str:
    values = np.asarray(value)
    return f"{values.item():.4g}" if values.size == 1 and values.dtype.kind in "biuf" else "array"


def _name(op) -> str:
    """What an operation does, in a word; how many operations were fused into it."""
    fused = getattr(getattr(op, "scalar_op", None), "fgraph", None)
    if fused is not None:
        return f"fused: {len(fused.apply_nodes)} operations"
    name = str(op).split("{")[0].lower()
    return SHORT.get(name, name)


def _layers(nodes: list[_Node]) -> None:
    """An operation stands below all its inputs; an input stands right above the first operation that uses it."""
    for node in nodes:  # inputs were made before what uses them
        node.layer = max((one.layer + 1 for one in node.above), default=0)
    for node in nodes:
        if not node.above and node.below:
            node.layer = min(one.layer for one in node.below) - 1
    lowest = min(node.layer for node in nodes)
    for node in nodes:
        node.layer -= lowest


def _bends(nodes: list[_Node]) -> list[_Node]:
    """Replace each arrow over several layers by short ones, so that it runs around the nodes in between."""
    bends = []
    for node in list(nodes):
        for place, one in enumerate(node.below):
            start = node
            for layer in range(node.layer + 1, one.layer):
                bend = _Node("", "bend", layer)
                bend.above = [start]
                if start is node:
                    node.below[place] = bend
                else:
                    start.below = [bend]
                bends.append(bend)
                start = bend
            if start is not node:
                start.below = [one]
                one.above[one.above.index(node)] = start
    return bends


def _order(nodes: list[_Node], rounds: int = 24) -> None:
    """Sort each layer by the mean place of its neighbours, down and up in turn, and keep everybody apart."""
    layers = [[node for node in nodes if node.layer == layer] for layer in range(max(n.layer for n in nodes) + 1)]
    for layer in layers:
        for node in layer:
            node.x = float(layer.index(node))
    for number in range(rounds):
        for layer in layers if number % 2 == 0 else layers[::-1]:
            for node in layer:
                beside = (node.above if number % 2 == 0 else node.below) or node.above or node.below or [node]
                node.x = float(np.mean([one.x for one in beside]))
            layer.sort(key=lambda node: node.x)
            _spread(layer)


def _spread(layer: list[_Node]) -> None:
    """Move the nodes of a layer apart, and put the layer's middle back where it wanted to be."""
    wanted = np.mean([node.x for node in layer])
    for left, right in pairwise(layer):
        right.x = max(right.x, left.x + (left.width + right.width) / 2 + GAP)
    shift = wanted - np.mean([node.x for node in layer])
    for node in layer:
        node.x += shift


def _size(nodes: list[_Node], name: str) -> tuple[float, float]:
    """Width and height of a panel in inches, after its left edge was moved to 0."""
    left = min(node.x - node.width / 2 for node in nodes)
    for node in nodes:
        node.x -= left - GAP
    right = max(node.x + node.width / 2 for node in nodes) + GAP
    wide = max(right, 0.1 * len(name) + 0.4, 1.6)
    for node in nodes:
        node.x += (wide - right) / 2
    return wide, LAYER * max(node.layer for node in nodes) + HEIGHT + 0.2


def _draw(axes: Axes, nodes: list[_Node], width: float, height: float) -> None:
    looks = {"operation": COLOURS[0], "variable": COLOURS[1], "constant": COLOURS[7]}
    for node in nodes:
        if node.kind == "bend":
            axes.plot([node.x, node.x], [-LAYER * node.layer + HEIGHT / 2, -LAYER * node.layer - HEIGHT / 2], **_line())
        else:
            _outline(axes, node, looks[node.kind])
        for one in node.below:
            start, end = (node.x, -LAYER * node.layer - HEIGHT / 2), (one.x, -LAYER * one.layer + HEIGHT / 2)
            if one.kind == "bend":
                axes.plot(*zip(start, end, strict=True), **_line())
            else:
                arrow = dict(arrowstyle="-|>", color=ink(), linewidth=1, shrinkA=0, shrinkB=0, mutation_scale=9)
                axes.annotate("", xy=end, xytext=start, arrowprops=arrow)
    axes.set(xlim=(0, width), ylim=(-height + HEIGHT / 2 + 0.1, HEIGHT / 2 + 0.1), aspect="equal")
    axes.set_axis_off()


def _line() -> dict:
    return dict(color=ink(), linewidth=1, linestyle="-", zorder=1)


def _outline(axes: Axes, node: _Node, colour: str) -> None:
    centre = (node.x, -LAYER * node.layer)
    look = dict(facecolor=paper(), edgecolor=colour, linewidth=1.8, zorder=2)
    if node.kind == "operation":
        corner = (centre[0] - node.width / 2, centre[1] - HEIGHT / 2)
        axes.add_patch(FancyBboxPatch(corner, node.width, HEIGHT, boxstyle="round,pad=0,rounding_size=0.04", **look))
    else:
        axes.add_patch(Ellipse(centre, node.width, HEIGHT, **look))
    axes.text(*centre, node.label, ha="center", va="center", fontsize=9, zorder=3)


def _in_words(nodes: list[_Node]) -> str:
    labels = [node.label for node in nodes if node.kind == "operation"]
    inputs = [node.label for node in nodes if node.kind == "variable" and not node.above]
    what = "1 operation" if len(labels) == 1 else f"{len(labels)} operations"
    return f"{what} ({', '.join(labels)}) on {', '.join(inputs) or 'constants'}"
