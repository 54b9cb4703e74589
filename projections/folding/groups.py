"""Groups: goods and matters that statements name together: who folds them one after the other has all at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.ids import Tag

_LASTING: Final = ("party:", "site:", "key:")
"""How the ids of subjects begin that everybody has to do with: by them all would be one group."""

_LARGE: Final = 4
"""How many parts a group is worth before it is cut: what its subjects ask of each other is then folded in each part."""


class Groups:
    """Which subjects were named together, directly or through others: a forest of disjoint sets."""

    def __init__(self) -> None:
        """Know of nobody yet."""
        self._above: dict[Tag, Tag] = {}

    def join(self, tags: Iterable[Tag]) -> None:
        """Take that some subjects were named together."""
        above, first = self._above, None
        for tag in tags:
            if tag.startswith(_LASTING):
                continue
            if (root := self._root(tag)) != first:
                if first is None:
                    first = root
                else:
                    above[root] = first

    def parts(self, weights: Mapping[Tag, int], count: int) -> list[list[Tag]]:
        """Return some subjects in at most so many parts of about the same weight, those of a group behind each other.

        A part ends with a group; one that is larger than some parts is in several.
        """
        groups: dict[Tag, list[Tag]] = {}
        for tag in weights:
            groups.setdefault(self._root(tag), []).append(tag)
        enough = -(-sum(weights.values()) // count)
        parts: list[list[Tag]] = [[]]
        weight = 0
        for group in groups.values():
            for tag in group:
                if weight >= _LARGE * enough:
                    parts.append([])
                    weight = 0
                parts[-1].append(tag)
                weight += weights[tag]
            if weight >= enough:
                parts.append([])
                weight = 0
        return [part for part in parts if part]

    def _root(self, tag: Tag) -> Tag:
        above = self._above
        while (over := above.setdefault(tag, tag)) != tag:
            above[tag] = tag = above[over]  # halves the way, so that later ones are short
        return tag
