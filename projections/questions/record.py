"""A record folded once for several questions: the world as it is now, and how each subject came to be so.

Of all the events that are given, oldest first: of a whole log, or of a declared boundary. Pure; keeps nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.duties.spanning import Spanning
from ledger.domain.fold import effective
from ledger.domain.judging import Event, World
from ledger.domain.states.subjects import Case, Item, ItemStatus
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from ledger.domain.acts import Place
    from ledger.domain.states.subjects import Subject
    from ledger.ids import ItemId, PartyId, SiteId

_NOTHING_YET: Final = datetime.min.replace(tzinfo=UTC)
"""When a log stands that holds no event: before anything that anybody records."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an item is now, as the record says. label, site, place, holder: None: not on record."""

    item: ItemId
    label: str | None
    status: ItemStatus
    site: SiteId | None
    place: str | None
    holder: PartyId | None


class Record:
    """What some events add up to."""

    def __init__(self, events: Iterable[Event[Any]]) -> None:
        """Take the events, oldest first; of each subject that is asked about all that bear its tag."""
        self.events = tuple(events)
        self._told = Spanning(self.events, KINDS)
        self._now = self.events[-1].recorded if self.events else _NOTHING_YET

    @cached_property
    def effective(self) -> list[Event[Any]]:
        """Return the events as they count now."""
        return effective(self.events)

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Event[Any]]]:
        found: defaultdict[str, list[Event[Any]]] = defaultdict(list)
        for event in self.effective:
            found[event.said.kind].append(event)
        return found

    def of_kinds(self, *kinds: str) -> list[Event[Any]]:
        """Return the events of some kinds as they count now, by their positions; costs what these are."""
        found = (event for kind in kinds for event in self._by_kind.get(kind, ()))
        return sorted(found, key=lambda event: event.position)

    def acts(self, *kinds: str) -> list[Event[Any]]:
        """Return the events of some kinds as they count now, in the order of the acts."""
        return sorted(self.of_kinds(*kinds), key=place_of)

    @cached_property
    def world(self) -> World:
        """Return the record as it is now, each subject folded when it is asked for."""
        return self._told.world(self._now)

    def steps(self, tag: Tag) -> list[tuple[Event[Any], Subject, Subject]]:
        """Return the events of a subject in the order in which they count, with its states before and after each."""
        return self._told.changes(tag)

    def begun_by(self, tag: Tag) -> Event[Any] | None:
        """Return the event that put a subject on record; None: nothing is told of it."""
        return self._told.begun_by(tag)

    def of_type(self, id_type: str) -> list[Tag]:
        """Return the subjects of an id type that something is told of, sorted."""
        return [tag for tag in self._told.subjects if type_of(tag) == id_type]

    @cached_property
    def items(self) -> list[Item]:
        """Return the items on record, by ascending id."""
        found = (self.world.subjects[tag] for tag in self.of_type("item"))
        return [one for one in found if isinstance(one, Item) and one.known]

    def below(self, tags: Set[Tag]) -> list[Item]:
        """Return the items among some subjects, with all that came in under these or was made of them, by id."""
        found = (self.world.subjects.get(tag) for tag in sorted(self._told.below(tags)))
        return [one for one in found if isinstance(one, Item) and one.known]

    @cached_property
    def cases(self) -> list[Case]:
        """Return the cases on record, by ascending id."""
        found = (self.world.subjects[tag] for tag in self.of_type("case"))
        return [one for one in found if isinstance(one, Case) and one.known]

    @staticmethod
    def where(item: Item) -> Where:
        """Return where an item is now."""
        return Where(item.id, item.label, item.status, item.site, item.place, item.custodian)

    def ended(self, item: ItemId, over: frozenset[ItemStatus]) -> Event[Any] | None:
        """Return the event by which an item came to one of some statuses for the last time; None: it is in none."""
        found: Event[Any] | None = None
        for event, before, after in self.steps(Tag(item)):
            if isinstance(before, Item) and isinstance(after, Item) and before.status is not after.status:
                found = event if after.status in over else None
        return found

    def at(self, place: Place) -> World:
        """Return the record as it was at a place, by all that is told of it now; costs no folding twice."""
        return self._told.world(self._now, place)
