"""The log as somebody may read it: the statements that they are shown, each whole, and no others.

Whatever answers from a log answers from this as well, and then from nothing that may not be seen: an answer is told by
what its reader may read, and by nothing else. So no answer needs rights of its own.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ledger.ids import type_of
from projections.own_kinds import ASKED_KINDS
from projections.reading import is_event, of_kinds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from api.access.read import ReadOfOthers
    from api.access.record import AtHead
    from api.access.rights.seeing import Looking
    from ledger.domain.judging import Event
    from ledger.ids import StatementId, Tag
    from ledger.store.port import Readable, Recorded


class Shown:
    """A log for one reader, up to where the record stood when they asked: for one request, and for one thread."""

    def __init__(
        self, store: Readable, looking: Looking, record: AtHead, read: ReadOfOthers, upto: int | None = None
    ) -> None:
        """Show nothing yet.

        looking: who reads, at the record. record: at the head; nothing behind it is shown. read: is told of every
        statement that is shown and is another's data. upto: the position up to which is told; None: the record's.
        """
        self._store = store
        self._read = read
        self._looking = looking
        self._record = record
        self._earlier = upto
        self._known: dict[int, bool] = {}

    def up_to(self, position: int) -> Shown:
        """Return the log up to an earlier position, for the same reader: by the rights that they have now."""
        earlier = Shown(self._store, self._looking, self._record, self._read, position)
        earlier._known = self._known  # what is shown of an entry does not depend on up to where is told
        return earlier

    @property
    def origin(self) -> str:
        """Return the log's name."""
        return self._store.origin

    def head(self) -> int:
        """Return the position up to which is told; that entries exist is nobody's secret."""
        head = self._record.position
        return head if self._earlier is None else min(self._earlier, head)

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield what is shown of the entries after a position. limit: of these entries, shown or not."""
        return self._shown(self._store.read(after, limit))

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield what is shown of the events that bear a tag, oldest first; of some kinds only where any are named."""
        return self._shown(self._store.about(tag, after, kinds))

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield what is shown of the events that bear one of some tags, each once, oldest first, as the port says."""
        return self._shown(self._store.about_any(wanted, after))

    def of_kinds(self, kinds: Collection[str], after: int, looked_at: int) -> Iterator[Recorded]:
        """Yield what is shown of the entries after a position that are of some kinds; of any where none is named.

        looked_at: of so many entries, of whatever kinds, shown or not.
        """
        found = self._store.read(after, looked_at)
        return self._shown(of_kinds(found, kinds) if kinds else found)

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement; None if it is not recorded, or not shown."""
        found = self._store.find(statement)
        return None if found is None else next(self._shown((found,)), None)

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield what is shown of the events of some statements, oldest first."""
        return self._shown(self._store.find_any(statements))

    def _shown(self, recorded: Iterable[Recorded]) -> Iterator[Recorded]:
        head = self.head()
        told = takewhile(lambda one: one.position <= head, recorded)
        return (one for one in told if is_event(one) and self.shows(one))

    def shows(self, recorded: Recorded) -> bool:
        """Say whether an entry is shown; where it is, it counts as read."""
        return (
            self._known[recorded.position]
            if recorded.position in self._known
            else self.tells(self._record.event(recorded))
        )

    def told(self, tag: Tag, kinds: Collection[str]) -> Iterator[Event[Any]]:
        """Yield what is shown of the events of a subject, oldest first: as ``about``, read as the record has read them.

        kinds: of ``ASKED_KINDS``.
        """
        head = self.head()
        told = takewhile(lambda one: one.position <= head, self._record.told(tag))
        return (one for one in told if one.said.kind in kinds and self.tells(one))

    def may_show(self, event: Event[Any]) -> bool:
        """Say whether an event would be shown; it does not count as read by that."""
        known = self._known.get(event.position)
        return self._looking.shows(event) if known is None else known

    def tells(self, event: Event[Any]) -> bool:
        """Say whether an event is shown; where it is, it counts as read."""
        if event.position not in self._known:
            showing = self._looking.shown(event)
            if showing is not None:
                self._read.add(event, showing)
            self._known[event.position] = showing is not None
        return self._known[event.position]


class Told:
    """The same log for questions that views narrow, as ``projections.asked.telling.Teller`` says."""

    def __init__(self, shown: Shown, record: AtHead) -> None:
        """Tell nothing yet. shown: the log as its reader is shown it. record: the one that this is decided by."""
        self._record = record
        self.shows = shown.may_show
        self.tells = shown.tells

    def event(self, recorded: Recorded) -> Event[Any]:
        """Return the event of an entry, read once with what rights ask. Raises IntegrityFailed, TooOld."""
        return self._record.event(recorded)

    def fetch(self, tags: Iterable[Tag]) -> None:
        """Read in one go what rights ask of some subjects."""
        self._record.fetch({tag for tag in tags if type_of(tag) in ASKED_KINDS})
