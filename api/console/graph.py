"""A lineage as a small picture: two generations around an item, those that one statement made folded into one node."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.words.table import kinds_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.console.lineage import Row
    from api.console.made import Made
    from ledger.words.table import Language

MOST: Final = 200
"""So many nodes are drawn at most; where statements made more, those of one kind are one node."""
_WIDE, _HIGH, _BETWEEN, _ACROSS = 240, 34, 10, 320
_COLUMNS: Final = 26
"""Of a node's text, in columns of which Chinese letters have two."""


_Told: TypeAlias = "tuple[str, str, tuple[_Told, ...]]"
"""What a node says, where it leads, and the nodes behind it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node. href: where it leads; "" nowhere. itself: it is the item that is asked about."""

    x: int
    y: int
    text: str
    full: str
    href: str
    itself: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, and lines between them, in a picture. left: where it begins, at its first node. width: counted from 0."""

    left: int
    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[tuple[int, int, int, int], ...]


def graph_of(
    language: Language, name: str, above: Sequence[tuple[str, str]], made: Sequence[Made], rows: Sequence[Row]
) -> Graph:
    """Return the picture. above: what it was made of, by names and addresses. rows: of the page, with what is below."""
    before: list[_Told] = [(one, href, ()) for one, href in above[: MOST // 2 - 1]]
    behind = list(_folded(language, made, rows))
    columns: list[list[_Told]] = [
        before,
        [(name, "", ())],
        behind,
        [deeper for _, _, more in behind for deeper in more],
    ]
    high = max(len(one) for one in columns) * (_HIGH + _BETWEEN)
    nodes: list[list[Node]] = [
        [_node(one, (number, at), (high - len(column) * (_HIGH + _BETWEEN)) // 2) for at, one in enumerate(column)]
        for number, column in enumerate(columns)
    ]
    (middle,) = nodes[1]
    lines = [_line(one, middle) for one in nodes[0]] + [_line(middle, one) for one in nodes[2]]
    deeper = iter(nodes[3])
    lines += [_line(node, next(deeper)) for node, (_, _, more) in zip(nodes[2], behind, strict=True) for _ in more]
    drawn = tuple(one for column in nodes for one in column)
    places = [one.x for one in drawn]  # a phone shows one column: an empty one before it would be all that it shows
    return Graph(min(places), max(places) + _WIDE, high, drawn, tuple(lines))


def _folded(language: Language, made: Sequence[Made], rows: Sequence[Row]) -> Iterator[_Told]:
    """Yield what was made: one for each statement, where that made one alone with how many were made of it."""
    kinds, of = kinds_in(language), Counter((one.kind, one.position) for one in made)
    if 2 * len(of) > MOST // 2:
        for kind, number in sorted(Counter(one.kind for one in made).items()):
            yield f"× {number:,} · {kinds[kind].name}", "", ()
        return
    below = {row.made.item: row.below for row in rows if row.level == 0}
    last = {one.position: one for one in made}
    for (kind, position), number in of.items():
        if number > 1:
            yield f"× {number:,} · {kinds[kind].name}", f"/entries/{position}", ()
            continue
        one = last[position]
        deeper, href = below.get(one.item), f"/lineage/{one.item}"
        yield one.name, "" if deeper is None else href, ((f"× {deeper:,}", href, ()),) if deeper else ()


def _node(one: _Told, place: tuple[int, int], top: int) -> Node:
    column, at = place
    text, href, _ = one
    y = top + at * (_HIGH + _BETWEEN) + _BETWEEN // 2
    return Node(column * _ACROSS, y, _cut(text), text, href, itself=column == 1)


def _line(one: Node, other: Node) -> tuple[int, int, int, int]:
    return one.x + _WIDE, one.y + _HIGH // 2, other.x, other.y + _HIGH // 2


def _cut(text: str) -> str:
    used = 0
    for at, letter in enumerate(text):
        used += 1 if letter.isascii() else 2
        if used > _COLUMNS:
            return f"{text[: at - 1]}…"
    return text
