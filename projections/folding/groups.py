"""Groups: goods and matters that statements name together: who folds them one after the other has all at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.ids import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.ids import Tag

_LASTING: Final = frozenset({"party", "site", "key"})
"""The types of subjects that everybody has to do with: by them all would be one group."""


class Groups:
    """Which subjects were named together, directly or through others: a forest of disjoint sets."""

    def __init__(self) -> None:
        """Know of nobody yet."""
        self._above: dict[Tag, Tag] = {}

    def join(self, tags: Iterable[Tag]) -> None:
        """Take that some subjects were named together."""
        above, first = self._above, None
        for tag in tags:
            if type_of(tag) in _LASTING:
                continue
            if (root := self._root(tag)) != first:
                if first is None:
                    first = root
                else:
                    above[root] = first

    def shares(self, weights: Mapping[Tag, int], count: int) -> list[list[Tag]]:
        """Return some subjects in so many shares of about the same weight, those of a group behind each other.

        A group that is larger than a share, or lies on its end, is in several.
        """
        groups: dict[Tag, list[Tag]] = {}
        for tag in weights:
            groups.setdefault(self._root(tag), []).append(tag)
        shares: list[list[Tag]] = [[] for _ in range(count)]
        whole, passed = sum(weights.values()), 0
        for tag in (tag for group in groups.values() for tag in group):
            shares[passed * count // whole].append(tag)
            passed += weights[tag]
        return shares

    def _root(self, tag: Tag) -> Tag:
        above = self._above
        while (over := above.setdefault(tag, tag)) != tag:
            above[tag] = tag = above[over]  # halves the way, so that later ones are short
        return tag
