"""Steps: the events of each subject in the order in which they count, with its states before and after each.

Of a declared boundary: the subjects of which all events are given. Who looks beyond it is told so, and never gets an
answer from events that are not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ledger.domain.acts import Place
from ledger.domain.duties.duty import Step
from ledger.domain.fold import changes, fold
from ledger.domain.judging import World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.domain.kind import Kind
    from ledger.domain.state import Subject
    from ledger.ids import Tag


class Told:
    """The events of a boundary by their subjects, and what the subjects were at a place."""

    def __init__(
        self,
        events: Iterable[Event[Any]],
        kinds: Mapping[str, Kind[Any]],
        boundary: Collection[Tag] | None = None,
    ) -> None:
        """Take the events, oldest first. boundary: None: they are all that the log has."""
        self.kinds = kinds
        self._boundary = None if boundary is None else frozenset(boundary)
        self._of: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
        self._rules: dict[int, str] = {}
        self._size = 0
        self._then: dict[tuple[Tag, Place | None], Subject] = {}
        for event in events:
            self._rules[event.position] = event.rules
            self._size = max(self._size, event.position)
            for tag in event.tags if self._boundary is None else event.tags & self._boundary:
                self._of[tag].append(event)

    @property
    def subjects(self) -> list[Tag]:
        """Return the subjects of the boundary that something is told of, sorted."""
        return sorted(self._of)

    def chain(self, tag: Tag, editions: Editions) -> list[Step]:
        """Return the steps of a subject."""
        steps = []
        for event, before, after in self.changes(tag):
            # The edition of the first words counts, whatever corrected them: the matter arose under it.
            rules = editions.by_name(self._rules[event.position])
            place = Place(event.said.occurred_at, event.position + 1)
            steps.append(Step(tag, event, before, after, rules, partial(self.world, event.recorded, place)))
        return steps

    def changes(self, tag: Tag) -> Iterator[tuple[Event[Any], Subject, Subject]]:
        """Yield the events of a subject in the order in which they count, with its states before and after each."""
        return changes(tag, self._of.get(tag, ()), self.kinds)

    def world(self, now: datetime, place: Place | None = None) -> World:
        """Return all subjects of the boundary as they were at a place, each folded when it is asked for.

        place: None: as they are by all that is told.
        """
        return World(_Then(self, place), now, self._size)

    def at(self, tag: Tag, place: Place | None) -> Subject | None:
        """Return a subject as it was at a place; None where nothing is told of it. Raises LookupError: it is beyond."""
        if self._boundary is not None and tag not in self._boundary:
            raise LookupError(f"{tag} is beyond the boundary that was declared")
        if tag not in self._of:
            return None
        if (tag, place) not in self._then:
            self._then[tag, place] = fold(tag, self._of[tag], self.kinds, before=place)
        return self._then[tag, place]


class _Then(Mapping["Tag", "Subject"]):
    """The subjects of a boundary as they were at a place, each looked at when it is asked for."""

    def __init__(self, told: Told, place: Place | None) -> None:
        self._told = told
        self._place = place

    def __getitem__(self, tag: Tag) -> Subject:
        found = self._told.at(tag, self._place)
        if found is None:
            raise KeyError(tag)
        return found

    def __iter__(self) -> Iterator[Tag]:
        return iter(self._told.subjects)

    def __len__(self) -> int:
        return len(self._told.subjects)
