"""A tree, drawn from left to right: what was made stands right of what it was made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from api.pictures.charts import Shade
from api.pictures.paper import MARGIN, length, wrapped
from api.pictures.shades import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.pictures.charts import Node, Tree
    from api.pictures.paper import Sheet

_ROW: Final = 20.0
_MOST: Final = 220.0
"""How wide the name of a node may be; a longer one ends in an ellipsis."""
_STEP: Final = 40.0
"""From the end of a column's longest name to the next column."""
_DOT: Final = 8.0


def height_of_tree(chart: Tree) -> float:
    """Return how high a tree is."""
    return _ROW * len(chart.nodes) + 8


def width_of_tree(chart: Tree) -> float:
    """Return how wide a tree is, with its margins."""
    return 2 * MARGIN + sum(_columns(chart, depths(chart.nodes))) + _DOT


def draw_tree(sheet: Sheet, chart: Tree, top: float) -> None:
    """Draw a tree below a height."""
    deep = depths(chart.nodes)
    widths = _columns(chart, deep)
    begins = [sum(widths[:column]) for column in range(len(widths))]
    wide, high = sheet.width - 2 * MARGIN, height_of_tree(chart)
    axes = sheet.axes(MARGIN, top, wide, high)
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    for number, node in enumerate(chart.nodes):
        left, middle = begins[deep[number]] + _DOT, (number + 0.5) * _ROW
        for parent in node.parents:
            begin, above = begins[deep[parent]] + _DOT, (parent + 0.5) * _ROW
            axes.plot([begin, begin, left], [above, middle, middle], color="#888888", linewidth=0.8, zorder=0)
        shade = LOOKS[Shade.OPEN if node.over else Shade.DARK]
        axes.plot([left], [middle], "o", color=shade["facecolor"], markeredgecolor="black", markersize=7)
        sheet.write(MARGIN + left + _DOT, top + middle + 4, _short(node.name))


def depths(nodes: Sequence[Node]) -> list[int]:
    """Return of each node how many steps its longest way from a root has."""
    deep: list[int] = []
    for node in nodes:
        deep.append(1 + max((deep[parent] for parent in node.parents), default=-1))
    return deep


def _columns(chart: Tree, deep: Sequence[int]) -> list[float]:
    """Return how wide each column is."""
    widths = [0.0] * (max(deep, default=0) + 1)
    for node, column in zip(chart.nodes, deep, strict=True):
        widths[column] = max(widths[column], length(_short(node.name)) + _DOT * 2 + _STEP)
    return widths


@cache
def _short(name: str) -> str:
    lines = wrapped(name, _MOST)
    return name if len(lines) == 1 else f"{lines[0]}…"
