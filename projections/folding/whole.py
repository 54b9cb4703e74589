"""A whole log, as it is read: its events by the subjects that are folded from them, all of it in memory."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.errors import IntegrityFailed
from ledger.ids import Tag, type_of
from ledger.statement.duties import HEARD
from ledger.tlog.index import state_of
from projections.folding.applying import Noting, read_entry
from projections.folding.groups import Groups
from projections.folding.past import MAKING, made_by
from projections.folding.reached import changed_by
from projections.folding.rows import Rows
from projections.folding.stating import leaves, put_stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from ledger.domain.judging import Event
    from ledger.store.port import Recorded
    from ledger.tlog.index import TagState


class Whole:
    """The events of a log from the first one on. One thread uses it."""

    def __init__(self) -> None:
        """Have read nothing yet."""
        self.position = 0
        self._groups = Groups()
        self._leaves: list[bytes] = []
        self._of: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
        self._making: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
        self._spoken: set[Tag] = set()
        self._stating: list[Event[Any]] = []
        self._made: dict[int, Mapping[Tag, Set[Tag]]] = {}

    def take(self, batch: Sequence[Recorded]) -> None:
        """Take the next events.

        Raises IntegrityFailed: one is not the next, its bytes are not those of its leaf hash, or it cannot be read.
        TooOld: this program does not know its kind or its form.
        """
        for recorded in batch:
            if recorded.position != self.position + 1:
                raise IntegrityFailed(f"position {self.position + 1}: the entry is missing")
            self.gather(read_entry(recorded), recorded.leaf)

    def gather(self, event: Event[Any] | None, leaf: bytes) -> None:
        """Take the next event, which was read; None: an entry that has none. leaf: the hash of its entry."""
        self.position += 1
        self._leaves.append(leaf)
        if event is None:
            return
        tags = changed_by(event)
        for tag in tags:
            self._of[tag].append(event)
        self._groups.join(tags)
        kind = event.said.kind
        if kind in MAKING:
            self._made[event.position] = made_by(event)
            for tag in event.tags:
                self._making[tag].append(event)
        if kind in HEARD:
            self._spoken |= event.tags
        if leaves(event):
            self._stating.append(event)

    def stated(self) -> Noting:
        """Return the rows that belong to no subject: what was corrected and voided, and which breaches entries tell."""
        rows = Rows()
        for event in self._stating:
            put_stated(event, rows)
        return Noting(rows, {})

    def events_of(self, tag: Tag) -> list[Event[Any]]:
        """Return the events that a subject is folded from, oldest first."""
        return self._of.get(tag, [])

    def is_spoken_of(self, tag: Tag) -> bool:
        """Say whether a statement of ``HEARD`` bears a tag."""
        return tag in self._spoken

    def below(self, tags: Set[Tag]) -> set[Tag]:
        """Return the items that came in under some subjects, or were made of these or of them."""
        pending = {tag for tag in tags if type_of(tag) == "item"}
        pending |= {one for tag in tags - pending for event in self._making.get(tag, ()) for one in _items_of(event)}
        found: set[Tag] = set()
        while pending:
            found |= pending
            making = ((tag, event.position) for tag in pending for event in self._making.get(tag, ()))
            pending = {one for tag, at in making for one in self._made[at].get(tag, ())} - found
        return found

    def seen_of(self, tag: Tag) -> TagState:
        """Return how many events a subject is folded from, and their running hash."""
        return state_of((event.position, self._leaves[event.position - 1]) for event in self.events_of(tag))

    def parts(self, count: int) -> list[list[Tag]]:
        """Return the subjects in at most so many parts of about the same work."""
        return self._groups.parts({tag: len(events) for tag, events in self._of.items()}, count)


def _items_of(event: Event[Any]) -> set[Tag]:
    return {tag for tag in event.tags if type_of(tag) == "item"}
