"""A whole log, as it is read: its entries by the subjects that are folded from them, all of it in memory.

An entry tells in its header whom it is about, so nothing is decoded before somebody folds one of these: then its bytes
are held against its leaf hash. Each is folded by somebody, or told with what changes nobody: none is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.domain.judging import Event
from ledger.errors import IntegrityFailed
from ledger.ids import Tag, type_of
from ledger.statement.duties import HEARD
from ledger.statement.quick import borne_quickly
from ledger.tlog.index import link_of, linked
from projections.folding.applying import Noting
from projections.folding.groups import Groups
from projections.folding.past import CHANGED, MAKING, made_by
from projections.folding.reached import changed_of
from projections.folding.rows import Rows
from projections.folding.stating import put_stated
from projections.reading import is_event, read_checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from ledger.store.port import Recorded
    from ledger.tlog.index import TagState


class Whole:
    """The events of a log from the first one on. One thread uses it."""

    def __init__(self) -> None:
        """Have read nothing yet."""
        self.position = 0
        self._groups = Groups()
        self._entries: list[Recorded | Event[Any] | None] = []
        self._links: list[bytes] = []
        self._of: defaultdict[Tag, list[int]] = defaultdict(list)
        self._making: defaultdict[Tag, list[int]] = defaultdict(list)
        self._spoken: set[Tag] = set()
        self._changing_nobody: list[int] = []
        self._first: defaultdict[Tag, list[int]] = defaultdict(list)
        self._read: dict[int, Event[Any]] = {}
        self._told: dict[Tag, list[Event[Any]]] = {}
        self._made: dict[int, Mapping[Tag, Set[Tag]]] = {}

    def take(self, batch: Sequence[Recorded]) -> None:
        """Take the next entries, whose bytes are held against their leaf hashes when they are read.

        Raises IntegrityFailed: one is not the next; or one whose header does not tell whom it is about is damaged.
        TooOld: this program does not know its kind or its form.
        """
        for recorded in batch:
            if recorded.position != self.position + 1:
                raise IntegrityFailed(f"position {self.position + 1}: the entry is missing")
            if not is_event(recorded):
                self._add(None, recorded.leaf)
            elif recorded.kind in CHANGED and (tags := borne_quickly(recorded.entry)):
                self._add(recorded, recorded.leaf)
                self._note(recorded.kind, tags)
            else:
                self.gather(read_checked(recorded), recorded.leaf)

    def gather(self, event: Event[Any], leaf: bytes) -> None:
        """Take the next event, which was read. leaf: the hash of its entry."""
        self._add(event, leaf)
        self._note(event.said.kind, sorted(event.tags))

    def _add(self, entry: Recorded | Event[Any] | None, leaf: bytes) -> None:
        self.position += 1
        self._entries.append(entry)
        self._links.append(link_of(self.position, leaf))

    def _note(self, kind: str, tags: Sequence[Tag]) -> None:
        """Note whom the newest event is about. tags: all that it bears."""
        position, changed = self.position, changed_of(kind, tags)
        for tag in changed:
            self._of[tag].append(position)
        if changed:
            self._first[changed[0]].append(position)
        else:
            self._changing_nobody.append(position)
        self._groups.join(changed)
        if kind in MAKING:
            for tag in tags:
                self._making[tag].append(position)
        if kind in HEARD:
            self._spoken.update(tags)

    def event(self, position: int) -> Event[Any]:
        """Return the event at a position, read when it is first asked for. Raises IntegrityFailed, TooOld."""
        found = self._read.get(position)
        if found is None:
            entry = self._entries[position - 1]
            if entry is None:
                raise LookupError(f"position {position} is a state entry")
            found = self._read[position] = entry if isinstance(entry, Event) else read_checked(entry)
        return found

    def forget(self) -> None:
        """Forget what was read of the entries: who asks again has it read again."""
        self._read.clear()
        self._told.clear()
        self._made.clear()

    def stated(self) -> Noting:
        """Return the rows of what changes nobody: what it corrects or voids, and which breaches it tells."""
        rows = Rows()
        for position in self._changing_nobody:
            put_stated(self.event(position), rows)
        return Noting(rows, {})

    def put_stated_with(self, tag: Tag, rows: Rows) -> None:
        """Put the same of the events of which a subject is the first that they change."""
        for position in self._first.get(tag, ()):
            put_stated(self.event(position), rows)

    def events_of(self, tag: Tag) -> list[Event[Any]]:
        """Return the events that a subject is folded from, oldest first. Raises IntegrityFailed, TooOld."""
        if (told := self._told.get(tag)) is None:
            read = self._read
            told = self._told[tag] = [read.get(at) or self.event(at) for at in self._of.get(tag, ())]
        return told

    def is_spoken_of(self, tag: Tag) -> bool:
        """Say whether a statement of ``HEARD`` bears a tag."""
        return tag in self._spoken

    def below(self, tags: Set[Tag]) -> set[Tag]:
        """Return the items that came in under some subjects, or were made of these or of them."""
        pending = {tag for tag in tags if type_of(tag) == "item"}
        pending |= {one for tag in tags - pending for event in self._making_of(tag) for one in _items_of(event)}
        found: set[Tag] = set()
        while pending:
            found |= pending
            making = ((tag, event) for tag in pending for event in self._making_of(tag))
            pending = {one for tag, event in making for one in self._made_by(event).get(tag, ())} - found
        return found

    def seen_of(self, tag: Tag) -> TagState:
        """Return how many events a subject is folded from, and their running hash."""
        links = self._links
        return linked([links[position - 1] for position in self._of.get(tag, ())])

    def parts(self, processes: int) -> list[list[Tag]]:
        """Return the subjects in parts for some processes, of which the one that is free takes the next."""
        return self._groups.parts({tag: len(positions) for tag, positions in self._of.items()}, processes)

    def _making_of(self, tag: Tag) -> Iterable[Event[Any]]:
        return map(self.event, self._making.get(tag, ()))

    def _made_by(self, event: Event[Any]) -> Mapping[Tag, Set[Tag]]:
        """Return what an event says was made of what; looked at once, however many items it names."""
        if event.position not in self._made:
            self._made[event.position] = made_by(event)
        return self._made[event.position]


def _items_of(event: Event[Any]) -> set[Tag]:
    return {tag for tag in event.tags if type_of(tag) == "item"}
