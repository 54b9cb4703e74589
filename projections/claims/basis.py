"""What an answer about one subject rests on: of which subjects all events are needed, and which events these are.

The same walk goes over a log, when an answer is claimed, and over a bundle, when it is checked. It follows what was
ever said, corrected and voided statements too, and so never less than what counts now: a lineage is as it counts now,
though tags are of the time of recording.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from msgspec.structs import replace

from ledger.domain.duties.steps import Told as Steps
from ledger.domain.fold import BEGINNING, initial
from ledger.domain.states.border import Approval
from ledger.domain.states.subjects import Item
from ledger.domain.status import STATUS
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES, own

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set

    from ledger.domain.duties.duty import Duty, Editions
    from ledger.domain.judging import Event
    from ledger.domain.kind import Kind
    from ledger.domain.states.subjects import Subject
    from projections.questions.records.signatures import Signed

    Needing = Callable[[Tag, "Stated", Editions], "Needs"]


_BY_STATUS: Final = frozenset({"site", "party"})
"""The types of subject whose state follows from their status alone."""


class Told(Protocol):
    """Where events come from: a log up to a position, or a bundle."""

    def about(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag, oldest first."""
        ...

    def ruling(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that count for the status of a tag, oldest first."""
        ...

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Take that the events of some tags are asked for next, of others what counts for their status.

        So what would be read one by one can be read in one go.
        """
        ...

    def later(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag and were recorded behind that position, as far as is told of them."""
        ...


class Stated(Told, Protocol):
    """Where events come from, and single statements as they were signed."""

    def signed(self, statement: Tag) -> Signed | None:
        """Return a statement by its id, and none of a subject; None: it is not there up to that position."""
        ...


@dataclass(frozen=True, slots=True)
class Needs:
    """The subjects that an answer rests on. whole: with all of their events; ruled: with those of their status."""

    whole: frozenset[Tag]
    ruled: frozenset[Tag] = frozenset()


def basis(needs: Needs, told: Told, besides: Iterable[Event[Any]] = ()) -> tuple[Event[Any], ...]:
    """Return the events that an answer is computed from, oldest first. besides: events that it needs for themselves.

    Each bears the tags alone of which all is here: nothing is told of a subject that is there in part.
    """
    found = {event.position: event for event in besides}
    told.fetch(needs.whole, needs.ruled)
    for tag in sorted(needs.whole):
        found |= {event.position: event for event in told.about(tag)}
    for tag in sorted(needs.ruled):
        found |= {event.position: event for event in told.ruling(tag)}
    return tuple(_narrowed(found[position], needs) for position in sorted(found))


def _narrowed(event: Event[Any], needs: Needs) -> Event[Any]:
    return replace(event, tags=event.tags & needs.whole | event.status & needs.ruled)


def itself(subject: Tag, *_: object) -> Needs:
    """Return what an answer needs that the subject's own events give."""
    return Needs(frozenset({subject}))


def ancestors(subject: Tag, told: Told, *_: object) -> Needs:
    """Return what an answer needs about an item, all that it was made of, what that came in under, and cases of these.

    A withdrawal of consent may reach an item through the goods that it came with, and is then told of these alone.
    """
    items = _Lineage(told).upwards({subject})
    goods = items | _beside(items, told, "approval", "consignment", "permit")
    return Needs(goods | _beside(goods, told, "case"))


def chain(subject: Tag, told: Told, *_: object) -> Needs:
    """Return what an answer needs about the hands that an item and all that it was made of went through."""
    items = _Lineage(told).upwards({subject})
    return Needs(items | _beside(items, told, "consignment"))


def lineage(subject: Tag, told: Told, *_: object) -> Needs:
    """Return what an answer needs about all that was made of something, and what that was made of besides.

    subject: an item; or an approval or a consignment, and then all that was listed under or with it.
    """
    return lineages({subject}, told)


def lineages(subjects: Set[Tag], told: Told, *types: str) -> Needs:
    """Return what an answer needs about all that was made of some subjects, and what that was made of besides.

    types: of what the events of these items name and is needed too.
    """
    walk = _Lineage(told)
    items = walk.upwards(walk.downwards(*subjects))
    return Needs(items | subjects | (_beside(items, told, *types) if types else frozenset()))


def around(subjects: Set[Tag], told: Told, *, below: bool = False) -> Needs:
    """Return what an answer needs about some subjects, and all that their events name: items with what these come from.

    below: with what was made of them too. Sites and parties are needed by their status.
    """
    goods = goods_of(subjects, told, below=below).whole
    whole = goods | _beside(frozenset(goods), told, "approval", "consignment", "permit", "case")
    return Needs(frozenset(whole), _beside(frozenset(whole), told, *sorted(_BY_STATUS)))


def beside(subjects: Set[Tag], told: Told, *types: str) -> Needs:
    """Return what an answer needs about some subjects, and about those of some types that their events name."""
    return Needs(frozenset(subjects) | _beside(frozenset(subjects), told, *types))


def goods_of(subjects: Set[Tag], told: Told, *types: str, below: bool = False) -> Needs:
    """Return what an answer needs about some subjects, the items that their events name, and all these were made of.

    Of an item only what it was made of: that a statement names another item beside it makes neither of the other.
    types: of what the events of these items name and is needed besides. below: with what was made of them too.
    """
    walk, others = _Lineage(told), frozenset(tag for tag in subjects if type_of(tag) != "item")
    named = subjects | _beside(others, told, "item")
    made = walk.downwards(*subjects) if below else frozenset()
    items = walk.upwards({tag for tag in named | made if type_of(tag) == "item"})
    return Needs(items | subjects | (_beside(items, told, *types) if types else frozenset()))


def judging(subject: Tag, told: Told, *_: object) -> Needs:
    """Return what an answer needs about how an approval was judged: all that what decided on it names, and its keys."""
    told.fetch({subject})
    named = {tag for event in told.about(subject) if event.said.kind in STATUS[Approval] for tag in event.tags}
    ruled = frozenset(tag for tag in named if type_of(tag) in _BY_STATUS)
    return Needs(frozenset(named | {subject}) - ruled, ruled)


def signing(statement: Tag, told: Stated, *_: object) -> Needs:
    """Return what an answer needs about the signatures of a statement: all that is recorded of its signers' keys."""
    found = told.signed(statement)
    return Needs(frozenset() if found is None else frozenset(Tag(one.key) for one in found.event.said.signers))


def duties(subject: Tag, told: Told, editions: Editions) -> Needs:
    """Return what an answer needs about what is owed in a matter: whatever the duties look at, sites by their status.

    Found by computing what is owed, and noting whom that asks for, until it asks for nobody further.
    """
    return rested({subject}, told, editions)


def rested(
    subjects: Set[Tag], told: Told, editions: Editions, asked: Collection[Duty] = tuple(DUTIES.values())
) -> Needs:
    """Return what an answer needs about what is owed in the chains of some subjects, as ``duties`` does of one.

    asked: the duties that are asked for. A site or a party that is asked about itself is needed whole.
    """
    needs, noted = Needs(frozenset()), set(subjects)
    while noted:
        found = needs.whole | needs.ruled | noted
        ruled = frozenset(tag for tag in found - subjects if type_of(tag) in _BY_STATUS)
        needs = Needs(found - ruled, ruled)
        noting = _Noting(basis(needs, told), KINDS, found)
        for subject in sorted(subjects):
            own(noting, subject, editions, asked)
        noted = noting.noted
    return needs


class _Noting(Steps):
    """A boundary that notes who is asked for beyond it, and then knows nothing of them."""

    def __init__(self, events: Iterable[Event[Any]], kinds: Mapping[str, Kind[Any]], boundary: Collection[Tag]) -> None:
        super().__init__(events, kinds, boundary)
        self.noted: set[Tag] = set()
        self._known = boundary

    def changes(self, tag: Tag) -> list[tuple[Event[Any], Subject, Subject]]:
        """Return the events of a subject with its states; none of one beyond the boundary, which is noted."""
        if tag not in self._known:
            self.noted.add(tag)
            return []
        return super().changes(tag)


class _Lineage:
    """A walk down and up: what each event says that items come from is looked at once, however many it names."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._made: dict[int, tuple[Mapping[Tag, Set[Tag]], Mapping[Tag, Set[Tag]]]] = {}

    def downwards(self, *subjects: Tag) -> frozenset[Tag]:
        """Return subjects with the items that were made of them, or came in with or under them, and so on."""
        return self._walked({*subjects}, lambda tag: self._of(tag, 1))

    def upwards(self, tags: Set[Tag]) -> frozenset[Tag]:
        """Return some items with all that they were made of."""
        return self._walked(tags, lambda tag: {one for one in self._of(tag, 0) if type_of(one) == "item"})

    def _walked(self, tags: Set[Tag], further: Callable[[Tag], Set[Tag]]) -> frozenset[Tag]:
        found, pending = set[Tag](), set(tags)
        while pending:
            self._told.fetch(pending)
            found |= pending
            pending = {one for tag in pending for one in further(tag)} - found
        return frozenset(found)

    def _of(self, tag: Tag, way: Literal[0, 1]) -> set[Tag]:
        """Return what any event says that a subject comes from, 0, or that comes from it, 1."""
        return {one for event in self._told.about(tag) for one in self._ways(event)[way].get(tag, ())}

    def _ways(self, event: Event[Any]) -> tuple[Mapping[Tag, Set[Tag]], Mapping[Tag, Set[Tag]]]:
        if event.position not in self._made:
            makes = event.said.kind in BEGINNING[Item]  # what takes in a rack of vials says of none what it comes from
            items = [tag for tag in event.tags if type_of(tag) == "item"] if makes else []
            origins = {item: _origin(item, event) for item in items}
            made: defaultdict[Tag, set[Tag]] = defaultdict(set)
            for item, found in origins.items():
                for one in found:
                    made[one].add(item)
            self._made[event.position] = origins, made
        return self._made[event.position]


def _beside(whole: frozenset[Tag], told: Told, *types: str) -> frozenset[Tag]:
    """Return the subjects of some types that the events of others name."""
    told.fetch(whole)
    named = {tag for one in whole for event in told.about(one) for tag in event.tags}
    return frozenset(tag for tag in named if type_of(tag) in types) - whole


def _origin(item: Tag, event: Event[Any]) -> frozenset[Tag]:
    """Return what an event says that an item comes from: parents, or consignment and approval."""
    made = KINDS[event.said.kind].evolve(initial(item), event)
    if not isinstance(made, Item) or not made.known:
        return frozenset()
    return frozenset(Tag(one) for one in (*made.parents, made.consignment, made.approval) if one is not None)
