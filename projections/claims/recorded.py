"""What a log tells of subjects, up to a position and behind it: where an answer about one of them is computed from."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ledger.ids import StatementId, is_statement_id
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import parse_envelope
from projections.questions.records.signatures import Signed
from projections.reading import read_checked, told_about, told_ruling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.store.port import Readable
    from ledger.store.port import Recorded as Entry


class Recorded:
    """The events of a log up to a position, and those behind it; each subject is read once, and each event."""

    def __init__(
        self, store: Readable, as_of: int, size: int, read: Callable[[Entry], Event[Any]] = read_checked
    ) -> None:
        """Read from a store.

        as_of: what was recorded behind that position is later; behind size, it is left out. read: makes an event of an
        entry.
        """
        self._store, self._as_of, self._size, self._read = store, as_of, size, read
        self._about: dict[Tag, Sequence[Event[Any]]] = {}
        self._ruling: dict[Tag, Sequence[Event[Any]]] = {}
        self._events: dict[int, Event[Any]] = {}

    def about(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag, oldest first."""
        self.fetch((tag,))
        return self._about[tag]

    def later(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag behind the position, oldest first."""
        recorded = takewhile(lambda one: one.position <= self._size, self._store.about(tag))
        return [self._event(one) for one in recorded if one.position > self._as_of]

    def ruling(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that count for the status of a tag, oldest first."""
        self.fetch((), (tag,))
        return self._ruling[tag]

    def signed(self, statement: Tag) -> Signed | None:
        """Return a statement by its id, and none of a subject; None: it is not recorded up to the position."""
        found = self._store.find(StatementId(statement)) if is_statement_id(statement) else None
        if found is None or found.position > self._as_of:
            return None
        return Signed(self._event(found), parse_envelope(parse_entry(found.entry).data))

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Read in one go what is not read yet of some tags, of others of what counts for their status."""
        if every := {tag: () for tag in whole if tag not in self._about}:
            self._about |= told_about(self._store, every, self._as_of, self._event)
        if some := [tag for tag in ruled if tag not in self._ruling]:
            self._ruling |= told_ruling(self._store, some, self._as_of, self._event)

    def _event(self, one: Entry) -> Event[Any]:
        if one.position not in self._events:
            self._events[one.position] = self._read(one)
        return self._events[one.position]
