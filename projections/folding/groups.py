"""Groups: goods and matters that statements name together: who folds them one after the other has all at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.ids import Tag

_LASTING: Final = ("party:", "site:", "key:")
"""How the ids of subjects begin that everybody has to do with: by them all would be one group."""

_PLACE: Final = "site:"
"""How the ids of those begin by which groups are neighbours: a site is folded from nearly all that is told there."""

_PIECES: Final = 32
"""A group that weighs more than one part in so many of all is cut: what its subjects ask of each other is then folded
by each process that has a piece."""

_LAST: Final = 128
"""The last part weighs about one part in so many of all: so long one process may wait for another, or a bit longer."""


class Groups:
    """Which subjects were named together, directly or through others: a forest of disjoint sets."""

    def __init__(self) -> None:
        """Know of nobody yet."""
        self._above: dict[Tag, Tag] = {}
        self._first: dict[Tag, Tag] = {}
        self._neighbours: set[tuple[Tag, Tag]] = set()

    def join(self, tags: Iterable[Tag]) -> None:
        """Take that some subjects were named together; sorted."""
        above, first = self._above, None
        for tag in tags:
            if tag.startswith(_LASTING):
                if first is not None:
                    self._stand_with(tag, first)
            elif (root := _root(above, tag)) != first:
                if first is None:
                    first = root
                else:
                    above[root] = first

    def _stand_with(self, tag: Tag, first: Tag) -> None:
        other = self._first.setdefault(tag, first)
        if other != first and tag.startswith(_PLACE):
            self._neighbours.add((other, first))

    def parts(self, weights: Mapping[Tag, int], processes: int) -> list[list[Tag]]:
        """Return some subjects in parts for some processes, of which the one that is free takes the next.

        Those of a group stand behind each other, and so do groups that have a site in common, and it with them: what
        is read for one is at hand for the next. The first parts are large, the last ones small, so that all processes
        end at about the same time.
        """
        total = left = sum(weights.values())
        parts: list[list[Tag]] = []
        part: list[Tag] = []
        weight = 0
        for piece in self._pieces(weights, total // _PIECES):
            part += piece
            weight += sum(weights[tag] for tag in piece)
            if weight >= max(left // (2 * processes), total // _LAST):
                parts.append(part)
                part, left, weight = [], left - weight, 0
        return [*parts, part] if part else parts

    def _pieces(self, weights: Mapping[Tag, int], most: int) -> Iterator[list[Tag]]:
        """Yield the groups, each whole, or in pieces of about the same weight where it weighs more than so much."""
        near: dict[Tag, Tag] = {}
        for one, other in self._neighbours:
            near[_root(near, _root(self._above, other))] = _root(near, _root(self._above, one))
        found: dict[Tag, dict[Tag, list[Tag]]] = {}
        for tag in weights:
            root = _root(self._above, self._first.get(tag, tag))
            found.setdefault(_root(near, root), {}).setdefault(root, []).append(tag)
        for groups in found.values():
            for group in groups.values():
                yield from _cut(group, weights, max(1, most))


def _root(above: dict[Tag, Tag], tag: Tag) -> Tag:
    while (over := above.setdefault(tag, tag)) != tag:
        above[tag] = tag = above[over]  # halves the way, so that later ones are short
    return tag


def _cut(group: Sequence[Tag], weights: Mapping[Tag, int], most: int) -> Iterator[list[Tag]]:
    whole = sum(weights[tag] for tag in group)
    due = -(-whole // -(-whole // most))
    piece: list[Tag] = []
    weight = 0
    for tag in group:
        piece.append(tag)
        weight += weights[tag]
        if weight >= due:
            yield piece
            piece, weight = [], 0
    if piece:
        yield piece
