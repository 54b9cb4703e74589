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
from ledger.domain.fold import fold, initial, sequence
from ledger.domain.judging import World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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
        editions: Editions,
        boundary: Collection[Tag] | None,
    ) -> None:
        """Take the events, oldest first. boundary: None: they are all that the log has."""
        self.kinds = kinds
        self._editions = editions
        self._boundary = boundary
        self._of: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
        self._rules: dict[int, str] = {}
        self._size = 0
        self._then: dict[tuple[Tag, Place], Subject] = {}
        for event in events:
            self._rules[event.position] = event.rules
            self._size = max(self._size, event.position)
            for tag in event.tags if boundary is None else event.tags & set(boundary):
                self._of[tag].append(event)

    @property
    def subjects(self) -> list[Tag]:
        """Return the subjects of the boundary that something is told of, sorted."""
        return sorted(self._of)

    def chain(self, tag: Tag) -> list[Step]:
        """Return the steps of a subject."""
        state, steps = initial(tag), list[Step]()
        for event in sequence(tag, self._of[tag], self.kinds):
            before, state = state, self.kinds[event.said.kind].evolve(state, event)
            # The edition of the first words counts, whatever corrected them: the matter arose under it.
            rules = self._editions.by_name(self._rules[event.position])
            steps.append(Step(tag, event, before, state, rules, partial(self._world, event)))
        return steps

    def at(self, tag: Tag, place: Place) -> Subject | None:
        """Return a subject as it was at a place; None where nothing is told of it. Raises LookupError: it is beyond."""
        if self._boundary is not None and tag not in self._boundary:
            raise LookupError(f"{tag} is beyond the boundary that was declared")
        if tag not in self._of:
            return None
        if (tag, place) not in self._then:
            self._then[tag, place] = fold(tag, self._of[tag], self.kinds, before=place)
        return self._then[tag, place]

    def _world(self, event: Event[Any]) -> World:
        place = Place(event.said.occurred_at, event.position + 1)
        return World(_Then(self, place), event.recorded, self._size)


class _Then(Mapping["Tag", "Subject"]):
    """The subjects of a boundary as they were at a place, each looked at when it is asked for."""

    def __init__(self, told: Told, place: Place) -> None:
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
