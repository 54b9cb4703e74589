"""The rows that a round's entries are due: what a checkpoint covers is looked up by them, so they are compared before.

For every entry that the checkpoint is going to cover: its rows of tags. For every subject of these entries: that rows
tell of it if the index under the last checkpoint does, however long ago its entries were published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed
from ledger.store.columns import check_line
from ledger.tlog.pages import name_states

if TYPE_CHECKING:
    from ledger.statement.entries.entry import Entry
    from ledger.store.database.publication import Publication, View


class DueRows:
    """What rows the entries of one round are due."""

    def __init__(self, base: int) -> None:
        """Start behind a published size."""
        self._base = base
        self._checked = base
        self._due: list[tuple[int, str, str]] = []
        self._tags: set[str] = set()

    def add(self, kind: str, entry: Entry) -> None:
        """Take in the next entry, whose columns hold. kind: its own."""
        self._due.append((entry.position, kind, " ".join(sorted(entry.tags))))
        self._tags |= entry.tags

    def check(self, publication: Publication) -> None:
        """Compare the rows of the entries taken in since the last time, which are committed.

        Raises IntegrityFailed, naming the position and the tag, or that the kind differs. Unavailable.
        """
        upto = self._checked + len(self._due)
        lines = {line.position: line for line in publication.tag_lines(self._checked, upto)}
        for position, kind, tags in self._due:
            check_line(position, kind, tags, lines.get(position))
        self._checked = upto
        self._due.clear()

    def check_subjects(self, publication: Publication, view: View, new: int) -> None:
        """Compare which subjects of these entries were known at the base: by rows, and by the signed index.

        new: how many were not, by the index.

        Raises IntegrityFailed, naming a subject of which no row tells any more, or that rows make up. Unavailable.
        """
        if not self._base:
            return
        untold = publication.untold(self._tags, self._base)
        if len(untold) == new:
            return
        states = name_states(view.index_root, view, sorted(self._tags))
        for tag, state in states.items():
            if state.count and tag in untold:
                raise IntegrityFailed(f"{state.count} entries up to {self._base} bear {tag}, and no row tells of them")
            if not state.count and tag not in untold:
                raise IntegrityFailed(
                    f"a row gives an entry up to {self._base} the tag {tag}, which none of them bears"
                )
