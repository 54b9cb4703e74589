"""The record as rights are read from it: the log itself at its head, never a view that may lag behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from api.access.remembered import Folded, Remembered
from ledger.domain.fold import changes, initial
from ledger.domain.judging import World
from ledger.ids import Tag, is_tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import KINDS_FOR
from projections.own_kinds import ASKED_KINDS
from projections.reading import read_checked, told_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from api.access.remembered import Steps
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import StatementId
    from ledger.store.port import Recorded, Store


class AtHead:
    """The log as its head is when this is made: for one request, and for one thread.

    A subject is read when it is asked for, and once: that costs what its own events do, however long the log is, and
    nothing where it was folded before and no later entry changed it. Of a site what stands in it is not read.
    """

    def __init__(self, store: Store, now: datetime, remembered: Remembered | None = None) -> None:
        """Read nothing yet but where the head is.

        now: what ends by a time is compared with it. remembered: what earlier requests folded; nothing if left out.
        """
        remembered = Remembered() if remembered is None else remembered
        self.position = store.head()
        remembered.go_on(store, self.position)
        self._subjects = _Subjects(store, self.position, remembered)
        # Of the subjects, which do not know of it: what a request read goes when it ends, and waits for no collector.
        self.world = World(self._subjects, now, self.position)

    def steps(self, tag: Tag) -> Steps:
        """Return the events of a subject in the order in which they count, with its states before and after each."""
        return self._subjects.asked(tag).steps

    def told(self, tag: Tag) -> tuple[Event[Any], ...]:
        """Return all events of a subject that rights and duties ask for (``ASKED_KINDS``), oldest first."""
        return self._subjects.asked(tag).events

    def whole(self, tag: Tag) -> Subject:
        """Return a subject as it is, of a site with what stands in it: anew after each entry that bears its tag."""
        found = self._subjects.whole_site(tag) if type_of(tag) == "site" else self._subjects.asked(tag)
        return found.steps[-1][2] if found.steps else initial(tag)

    def fetch(self, tags: Iterable[Tag]) -> None:
        """Read in one go the events of those of some subjects that are not at hand, which will be asked for."""
        self._subjects.fetch(tags)

    def event(self, recorded: Recorded) -> Event[Any]:
        """Return the event of an entry, read once however many subjects it is about."""
        return self._subjects.event(recorded)

    def find(self, statement: StatementId) -> Event[Any] | None:
        """Return the event of a statement; None where it is not recorded, or only behind the head as it was."""
        found = self._subjects.store.find(statement)
        return None if found is None or found.position > self.position else self.event(found)


class _Subjects(Mapping["Tag", "Subject"]):
    """The subjects as they are at the head, each folded when it is asked for."""

    def __init__(self, store: Store, position: int, remembered: Remembered) -> None:
        self.store = store
        self._position = position
        self._remembered = remembered
        self._folded: dict[Tag, Folded] = {}
        self._events: dict[int, Event[Any]] = {}

    def __getitem__(self, tag: Tag) -> Subject:
        if not is_tag(tag):
            raise KeyError(tag)
        steps = self.asked(tag).steps
        return steps[-1][2] if steps else initial(tag)

    def __iter__(self) -> Iterator[Tag]:
        raise TypeError("the subjects of a log are never all asked for here")

    def __len__(self) -> int:
        raise TypeError("the subjects of a log are never all counted here")

    def asked(self, tag: Tag) -> Folded:
        found = self._at_hand(tag)
        return self._take(tag, self._read(tag, ASKED_KINDS[type_of(tag)])) if found is None else found

    def whole_site(self, tag: Tag) -> Folded:
        found = self._remembered.get(tag, self._position, whole=True)
        if found is None:
            found = Folded((), self._read(tag, KINDS_FOR["site"]).steps[-1:])
            self._remembered.keep(tag, self._position, found, whole=True)
        return found

    def fetch(self, tags: Iterable[Tag]) -> None:
        lacking = {tag: ASKED_KINDS[type_of(tag)] for tag in tags if self._at_hand(tag) is None}
        if lacking:
            told = told_about(self.store, lacking, self._position, self.event)
            for tag, events in told.items():
                self._take(tag, _folded(tag, events))

    def event(self, recorded: Recorded) -> Event[Any]:
        if recorded.position not in self._events:
            self._events[recorded.position] = read_checked(recorded)
        return self._events[recorded.position]

    def _at_hand(self, tag: Tag) -> Folded | None:
        if tag not in self._folded and (found := self._remembered.get(tag, self._position)) is not None:
            self._folded[tag] = found
        return self._folded.get(tag)

    def _take(self, tag: Tag, found: Folded) -> Folded:
        self._remembered.keep(tag, self._position, found)
        self._folded[tag] = found
        return found

    def _read(self, tag: Tag, kinds: frozenset[str]) -> Folded:
        recorded = self.store.about(tag, kinds=kinds)
        return _folded(tag, [self.event(one) for one in recorded if one.position <= self._position])


def _folded(tag: Tag, events: Sequence[Event[Any]]) -> Folded:
    own = KINDS_FOR[type_of(tag)]
    return Folded(tuple(events), tuple(changes(tag, (one for one in events if one.said.kind in own), KINDS)))
