"""Steps: the events of each subject in the order in which they count, with its states before and after each.

Of a declared boundary: the subjects of which all events are given. Who looks beyond it is told so, and never gets an
answer from events that are not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ledger.domain.acts import Place, place_of
from ledger.domain.duties.duty import Step
from ledger.domain.duties.prefix import prefix_of
from ledger.domain.fold import changes, fold, initial
from ledger.domain.judging import World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Editions, Hearing
    from ledger.domain.duties.prefix import Prefix
    from ledger.domain.judging import Event
    from ledger.domain.kind import Kind
    from ledger.domain.states.subjects import Subject
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
        self._changes: dict[Tag, list[tuple[Event[Any], Subject, Subject]]] = {}
        self._prefixes: dict[Tag, Prefix] = {}
        self._heard: dict[tuple[Tag, frozenset[str]], list[Event[Any]]] = {}
        self._kinds_told: set[str] = set()
        self._latest: World | None = None
        for event in events:
            self._note(event)
            for tag in event.tags if self._boundary is None else event.tags & self._boundary:
                self._of[tag].append(event)

    @property
    def subjects(self) -> list[Tag]:
        """Return the subjects of the boundary that something is told of, sorted."""
        return sorted(self._of)

    def looked_through(self, _: Place | None) -> list[Tag]:
        """Return whom somebody sees who looks at all subjects as they were at a place."""
        return self.subjects

    def chain(self, tag: Tag, editions: Editions) -> list[Step]:
        """Return the steps of a subject."""
        changes, rules, by_name = self.changes(tag), self._rules, editions.by_name
        return [
            # The edition of the first words counts, whatever corrected them: the matter arose under it.
            Step(
                tag,
                event,
                before,
                after,
                by_name(rules[event.position]),
                partial(self._behind, event),
                event.said.occurred_at,
            )
            for event, before, after in changes
        ]

    def heard(self, tag: Tag, chain: list[Step], hearing: Hearing, editions: Editions) -> list[Step]:
        """Return the steps of a subject, and between them what is heard of others, each where it happened."""
        born = next((index for index, step in enumerate(chain) if step.after.known), None)
        if born is None or self._is_silent_about(hearing.kinds):  # of what never came into being nothing is owed
            return chain
        others = dict.fromkeys(hearing.of(self._present(chain[-1].event.recorded), tag))
        if not (said := [event for other in others for event in self._said(other, hearing.kinds)]):
            return chain
        own = {step.event.position for step in chain}
        found = {event.position: event for event in said if event.position not in own}
        first, steps, at = chain[born], chain[: born + 1], born + 1
        for event in sorted(found.values(), key=place_of):
            place = max(place_of(event), Place(first.at, first.event.position))
            while at < len(chain) and _place(chain[at]) <= place:
                steps.append(chain[at])
                at += 1
            after = steps[-1].after
            rules = editions.by_name(self._rules[event.position])
            steps.append(Step(tag, event, after, after, rules, partial(self._behind, event, place), place.instant))
        return steps + chain[at:]

    def _present(self, now: datetime) -> World:
        """Return all subjects by all that is told; what one follows of them is kept for all that a chain hears."""
        if self._latest is None or self._latest.now != now:
            self._latest = World({}, now, self._size)
        # What is kept knows nothing of this: else neither would go before the collector of cycles comes by.
        return replace(self._latest, subjects=_Then(self, None), size=self._size)

    def _note(self, event: Event[Any]) -> None:
        self._kinds_told.add(event.said.kind)
        self._rules[event.position] = event.rules
        self._size = max(self._size, event.position)

    def _is_silent_about(self, kinds: frozenset[str]) -> bool:
        """Say whether nobody states any of some kinds: known of a whole log alone; beyond a boundary somebody may."""
        return self._boundary is None and self._kinds_told.isdisjoint(kinds)

    def _said(self, tag: Tag, kinds: frozenset[str]) -> list[Event[Any]]:
        """Return the events of some kinds that count for a subject; looked for once, however many hear of it."""
        if (tag, kinds) not in self._heard:
            self._heard[tag, kinds] = [event for event, _, _ in self.changes(tag) if event.said.kind in kinds]
        return self._heard[tag, kinds]

    def _behind(self, event: Event[Any], place: Place | None = None) -> World:
        """Return all subjects as they were right after an event.

        place: where it counts for the subject that asks; None: where it happened.
        """
        instant, position = place_of(event) if place is None else place
        return self.world(event.recorded, Place(instant, position + 1))

    def changes(self, tag: Tag) -> list[tuple[Event[Any], Subject, Subject]]:
        """Return the events of a subject in the order in which they count, with its states before and after each.

        Folded once, however often it is asked. Raises LookupError: it is beyond the boundary.
        """
        if self._boundary is not None and tag not in self._boundary:
            raise LookupError(f"{tag} is beyond the boundary that was declared")
        if tag not in self._changes:
            self._changes[tag] = list(changes(tag, self._of.get(tag, ()), self.kinds))
        return self._changes[tag]

    def begun_by(self, tag: Tag) -> Event[Any] | None:
        """Return the event that put a subject on record; None: nothing is told of it. Folds no further than that."""
        told = self._changes.get(tag) or changes(tag, self._of.get(tag, ()), self.kinds)
        return next((event for event, _, after in told if after.known), None)

    def world(self, now: datetime, place: Place | None = None) -> World:
        """Return all subjects of the boundary as they were at a place, each folded when it is asked for.

        place: None: as they are by all that is told.
        """
        return World(_Then(self, place), now, self._size)

    def at(self, tag: Tag, place: Place | None) -> Subject | None:
        """Return a subject as it was at a place; None where nothing is told of it. Raises LookupError: it is beyond."""
        told = self.changes(tag)
        if tag not in self._of:
            return None
        if place is None:
            return told[-1][2] if told else initial(tag)
        if tag not in self._prefixes:
            self._prefixes[tag] = prefix_of(tag, [event for event, _, _ in told], self.kinds)
        some = self._prefixes[tag].until(place)
        if some is not None:  # nearly always: its state after them is folded already
            return told[some - 1][2] if some else initial(tag)
        return fold(tag, self._of[tag], self.kinds, before=place)


class Fetched(Told):
    """The events of subjects of a whole log, those of each fetched when it is first looked at, or forgotten since.

    Who looks at all subjects sees those alone that were looked at before.
    """

    def __init__(self, about: Callable[[Tag], Iterable[Event[Any]]], kinds: Mapping[str, Kind[Any]]) -> None:
        """Take nothing yet. about: gives the events that bear a tag and that anything here asks for, oldest first."""
        super().__init__((), kinds)
        self._fetch = about
        self._fetched: set[Tag] = set()

    def changes(self, tag: Tag) -> list[tuple[Event[Any], Subject, Subject]]:
        """Return the events of a subject in the order in which they count, with its states before and after each."""
        if tag not in self._fetched:
            self._fetched.add(tag)
            if told := list(self._fetch(tag)):
                self._of[tag] = told
                self._rules |= {event.position: event.rules for event in told}
                self._size = max(self._size, told[-1].position)
        return super().changes(tag)

    def forget(self, tags: Iterable[Tag]) -> None:
        """Fetch some subjects anew when they are next looked at."""
        for tag in tags:
            self._fetched.discard(tag)
            self._changes.pop(tag, None)
            self._prefixes.pop(tag, None)
            self._of.pop(tag, None)
        self._heard.clear()
        self._latest = None

    def forget_all(self) -> None:
        """Fetch everybody anew."""
        for kept in (self._fetched, self._changes, self._prefixes, self._of, self._heard, self._rules):
            kept.clear()
        self._latest = None

    def _is_silent_about(self, _: frozenset[str]) -> bool:
        return False  # of what was not looked at yet nobody knows


def _place(step: Step) -> Place:
    return Place(step.at, step.event.position)


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
        return iter(self._told.looked_through(self._place))

    def __len__(self) -> int:
        return len(self._told.looked_through(self._place))
