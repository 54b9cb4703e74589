"""The events of a log that an answer narrowed by the views is made of: of all of it, or as somebody is told of it.

Of each subject first all is read, and must be what the runner noted; only then is settled what of it is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec.structs import replace as replaced

from ledger.errors import IntegrityFailed
from ledger.ids import Tag, is_statement_id, type_of
from projections.folding.past import FOLDED, Past
from projections.reading import Once, is_event, told_about, told_ruling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set

    from ledger.domain.judging import Event
    from ledger.ids import StatementId
    from ledger.store.port import Readable, Recorded
    from projections.asked.question import Asked
    from projections.database.tables import Still
    from projections.views.view import View

_AT_ONCE: Final = 20
_NEWEST: Final = 1_000
"""So many entries are looked at for the newest one that is told."""


class TooMany(Exception):
    """That it costs less to read the whole log."""


class Teller(Protocol):
    """Who says what of a log is told to whoever asks. Who is told of a statement is told of what takes it back."""

    def event(self, recorded: Recorded) -> Event[Any]:
        """Return the event of an entry. Raises IntegrityFailed: its bytes are not those of its leaf hash; TooOld."""
        ...

    def fetch(self, tags: Iterable[Tag]) -> None:
        """Take that it is asked next what of some subjects is told, so that this is read in one go."""
        ...

    def shows(self, event: Event[Any]) -> bool:
        """Say whether an event may be told; nothing is told of it yet."""
        ...

    def tells(self, event: Event[Any]) -> bool:
        """Say whether an event is told; where it is, it counts as read."""
        ...


class Everything:
    """Tells all of a log."""

    def __init__(self) -> None:
        """Have read nothing yet."""
        self._once = Once()

    def event(self, recorded: Recorded) -> Event[Any]:
        """Return the event of an entry, as ``Teller`` says."""
        return self._once.checked(recorded)

    def fetch(self, _: Iterable[Tag]) -> None:
        """Take that it is asked next for some subjects."""

    def shows(self, _: Event[Any]) -> bool:
        """Say that an event may be told."""
        return True

    def tells(self, _: Event[Any]) -> bool:
        """Say that an event is told."""
        return True


class Telling:
    """A log as it is told to somebody, up to where the views stand; each entry is read once."""

    def __init__(self, store: Readable, still: Still, teller: Teller | None, most: int) -> None:
        """Read nothing yet. teller: None: all is told. most: so many events are read, about as many subjects."""
        self.still = still
        self.whole = teller is None
        self.most = most
        self.position = still.standing.position
        self._store = store
        self._teller: Teller = Everything() if teller is None else teller
        self._leaves: dict[int, bytes] = {}

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events with the hashes of their entries, told or not, as ``past.Kept`` says."""
        return ((self.event(one), one.leaf) for one in self._store.about_any(wanted, after))

    def event(self, recorded: Recorded) -> Event[Any]:
        """Return the event of an entry, told or not. Raises TooMany, IntegrityFailed, TooOld."""
        event = self._teller.event(recorded)
        self._leaves[event.position] = recorded.leaf
        if len(self._leaves) > self.most:
            raise TooMany
        return event

    def named(self, view: View, query: str, **said: object) -> frozenset[Tag]:
        """Return the subjects that a query of a view names in its first column. said: what it is asked with."""
        return frozenset(Tag(row[0]) for row in self.still.ask(view, query, **said))

    def of(self, subjects: Set[Tag]) -> Told:
        """Return the events about subjects. subjects: those of which all is asked."""
        return Told(self._store, self, subjects)

    def told(self, events: Iterable[Event[Any]]) -> list[Event[Any]]:
        """Return what is told of some events, in their order."""
        return list(filter(self._teller.tells, events))

    def fetch(self, tags: Iterable[Tag]) -> None:
        """Take that it is asked next what of some subjects is told."""
        self._teller.fetch(tags)

    def leaves(self, events: Iterable[Event[Any]]) -> dict[int, bytes]:
        """Return the hashes of the entries of some events that were read here, by their positions."""
        return {event.position: self._leaves[event.position] for event in events}

    def stated(self, statements: Set[StatementId]) -> tuple[Event[Any], ...]:
        """Return the events of some statements that are told, oldest first. statements: those that the views name.

        Raises TooMany; IntegrityFailed: the log has none under one of these ids.
        """
        if len(statements) > self.most:
            raise TooMany  # before the store is asked
        events = [*map(self.event, self._store.find_any(set(filter(is_statement_id, statements))))]
        if missing := sorted(statements - {event.said.id for event in events}):
            raise IntegrityFailed(
                f"the views name the statement {missing[0]}, and the log has none of that id: one of the two was "
                "changed; run `vialog views rebuild`, and if it stops too, `vialog log verify`"
            )
        return tuple(self.told(one for one in events if one.position <= self.position))

    def with_last(self, asked: Asked, events: Sequence[Event[Any]]) -> Asked:
        """Return what is asked with some events and the newest of all: of it only when it was recorded counts.

        events: oldest first. Raises TooMany: as ``newest``.
        """
        newest = self.newest()
        if newest is None or (events and events[-1].position >= newest.position):
            return replace(asked, events=tuple(events))
        return replace(asked, events=(*events, replaced(newest, tags=frozenset())))

    def newest(self) -> Event[Any] | None:
        """Return the newest event that may be told, which is not told by that; None: there is none yet.

        Raises TooMany: it is so far back that it costs less to read the whole log.
        """
        for upto in range(self.position, max(0, self.position - _NEWEST), -_AT_ONCE):
            begin = max(0, upto - _AT_ONCE)
            for one in reversed([*self._store.read(begin, upto - begin)]):
                if is_event(one) and self._teller.shows(event := self.event(one)):
                    return event
        if self.position > _NEWEST:
            raise TooMany
        return None


class Told:
    """The events about subjects that somebody is told of, as ``basis.Told`` says; each subject is read once."""

    def __init__(self, store: Readable, telling: Telling, subjects: Set[Tag]) -> None:
        """Read nothing yet."""
        self._store, self._telling, self._subjects = store, telling, subjects
        self._every = _Every(telling, subjects)
        self._past = Past(self._every, telling.still)
        self._about: dict[Tag, list[Event[Any]]] = {}
        self._ruling: dict[Tag, list[Event[Any]]] = {}

    def about(self, tag: Tag) -> list[Event[Any]]:
        """Return the events about a subject, oldest first: of those asked about all, of others what changes them."""
        if tag not in self._about:
            self.fetch((tag,))
        return self._about[tag]

    def ruling(self, tag: Tag) -> list[Event[Any]]:
        """Return the events that count for the status of a subject, oldest first."""
        if tag not in self._ruling:
            self.fetch((), (tag,))
        return self._ruling[tag]

    def later(self, _: Tag) -> list[Event[Any]]:
        """Return none: nothing is told that was recorded behind where the views stand."""
        return []

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Read in one go what is not read yet of some subjects, of others of what counts for their status.

        Raises TooMany; IntegrityFailed: the events of a subject are not those that the runner noted.
        """
        new = {tag for tag in whole if tag not in self._about}
        if len(self._about) + len(new) > self._telling.most:
            raise TooMany  # before the store is asked: each page of an answer looks at every one of them
        position = self._telling.position
        self._past.fetch(new, position)
        about = {tag: self._past.events_of(tag, position) for tag in new}
        self._check_unnoted(tag for tag, own in about.items() if not own)
        about |= {tag: self._every.events[tag] for tag in new & self._every.events.keys()}
        if unfolded := dict.fromkeys(new & self._subjects - self._every.events.keys(), ()):
            about |= told_about(self._store, unfolded, position, self._telling.event)
        some = [tag for tag in ruled if tag not in self._ruling]
        ruling = told_ruling(self._store, some, position, self._telling.event) if some else {}
        read = (event for told in (about, ruling) for own in told.values() for event in own)
        self._telling.fetch(tag for event in read for tag in event.tags)
        self._about |= {tag: self._telling.told(own) for tag, own in about.items()}
        self._ruling |= {tag: self._telling.told(own) for tag, own in ruling.items()}

    def _check_unnoted(self, tags: Iterable[Tag]) -> None:
        """Raise IntegrityFailed: the log tells of a subject of which the runner noted no event, as of a new one."""
        wanted = {tag: FOLDED[type_of(tag)] for tag in tags if type_of(tag) in FOLDED}
        for event, _ in self._telling.about(wanted) if wanted else ():
            if event.position <= self._telling.position:
                raise IntegrityFailed(
                    f"{min(event.tags & wanted.keys())}: the views note no event of it, and the log has one at "
                    f"{event.position}: one of the two was changed; run `vialog views rebuild`, and if it stops too, "
                    "`vialog log verify`"
                )


class _Every:
    """Where the runner's events of subjects are, as ``past.Kept`` says: of some subjects all are read in the same go.

    events: of these subjects, as far as they were read.
    """

    def __init__(self, telling: Telling, subjects: Set[Tag]) -> None:
        """Read nothing yet."""
        self._telling, self._subjects = telling, subjects
        self.events: dict[Tag, list[Event[Any]]] = {}

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield the events up to where the views stand that bear one of some tags: of any kind, where all are read."""
        whole = wanted.keys() & self._subjects
        self.events |= {tag: [] for tag in whole}
        for event, leaf in self._telling.about({**wanted, **dict.fromkeys(whole, ())}, after):
            if event.position > self._telling.position:
                return
            for tag in event.tags & whole:
                self.events[tag].append(event)
            yield event, leaf
