"""The ledger's log behind the port of the eventsourcing library: for programs written against that library.

The only module that knows the library. What it adds is not judged ("rules none"): a guarded append is the caller's own
decision.
"""

from __future__ import annotations

from heapq import merge
from itertools import groupby, islice, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBQueryItem,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
    DCBSubscription,
)
from eventsourcing.persistence import IntegrityError, ProgrammingError

from ledger.ids import Tag, new_statement_id
from ledger.statement.entries.entry import NO_RULES, parse_entry
from ledger.store.port import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.clock import Clock
    from ledger.ids import StatementId
    from ledger.store.port import Recorded, Store

_PATIENCE: Final = 0.25  # seconds until a subscription that waits notices that it was stopped


class LedgerRecorder(DCBRecorder):
    """A recorder over any store of the ledger: positions without gaps, seen in their order."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Record in a store, which stays its owner's to close."""
        self.store = store
        self._clock = clock

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Return the events that match a query, up to the head that is found now.

        The response's head is that head, or the last event's position where a limit is given. None: no event.
        """
        head = self.store.head()
        upto = takewhile(lambda event: event.position <= head, self.matching(query or DCBQuery(), after or 0))
        if limit is None:
            return _Response(upto, head or None)
        events = list(islice(upto, limit))
        return _Response(iter(events), events[-1].position if events else None)

    def append(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        """Append events together, and return the last one's position.

        Raises IntegrityError: recorded events match the condition. ProgrammingError: there is nothing to append.
        """
        if not events:
            raise ProgrammingError("there is nothing to append")
        with self.store.locked() as log:
            # Read beside the lock, not through it: nobody else commits now, so what is committed is all there is.
            if condition is not None and self._met(condition):
                raise IntegrityError(condition)
            now = self._clock.now()
            recorded = max(now, log.recorded or now)
            log.append([_record(event, new_statement_id(now)) for event in events], recorded)
            return log.head

    def subscribe(self, query: DCBQuery | None = None, *, after: int | None = None) -> LedgerSubscription:
        """Return the events that match a query, and then those that will, as they are recorded."""
        return LedgerSubscription(self, query, after)

    def matching(self, query: DCBQuery, after: int) -> Iterator[DCBSequencedEvent]:
        """Yield the committed events after a position that match a query, oldest first, each once."""
        if not query.items:
            yield from map(_sequenced, self.store.read(after))
            return
        found = merge(*(self._of_item(item, after) for item in query.items), key=attrgetter("position"))
        for _, same in groupby(found, key=attrgetter("position")):
            yield next(same)

    def _met(self, condition: DCBAppendCondition) -> bool:
        return any(True for _ in self.matching(condition.fail_if_events_match, condition.after or 0))

    def _of_item(self, item: DCBQueryItem, after: int) -> Iterator[DCBSequencedEvent]:
        # As sets: naming a tag or a type twice asks for nothing more.
        tags, types = set(item.tags), set(item.types)
        events = self.store.about(Tag(min(tags)), after, types) if tags else self.store.read(after)
        for event in map(_sequenced, events):
            if (not types or event.event.type in types) and tags <= set(event.event.tags):
                yield event


class _Response(DCBReadResponse):
    def __init__(self, events: Iterator[DCBSequencedEvent], head: int | None) -> None:
        self._events = events
        self._head = head

    @property
    def head(self) -> int | None:
        return self._head

    def __next__(self) -> DCBSequencedEvent:
        return next(self._events)


class LedgerSubscription(DCBSubscription[LedgerRecorder]):
    """The events that match a query, without end: it blocks at the head until there are more, or it is stopped."""

    def __init__(self, recorder: LedgerRecorder, query: DCBQuery | None, after: int | None) -> None:
        """Begin after a position; None: at the first event."""
        super().__init__(recorder, query, after)
        self._seen = after or 0
        self._events: DCBReadResponse = _Response(iter(()), self._seen)

    def __next__(self) -> DCBSequencedEvent:
        while not self._has_been_stopped:
            if (event := next(self._events, None)) is not None:
                return event
            # All up to the response's head is read, whether or not it matched: that is not read again.
            self._seen = max(self._seen, self._events.head or 0)
            if self._recorder.store.wait(self._seen, _PATIENCE) > self._seen:
                self._events = self._recorder.read(self._query, after=self._seen)
        raise StopIteration


def _record(event: DCBEvent, statement: StatementId) -> Record:
    return Record(statement, event.type, frozenset(map(Tag, event.tags)), NO_RULES, event.data)


def _sequenced(event: Recorded) -> DCBSequencedEvent:
    entry = parse_entry(event.entry)
    return DCBSequencedEvent(DCBEvent(event.kind, entry.data, sorted(entry.tags)), event.position)
