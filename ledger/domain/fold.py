"""Folding: from the events of one subject to its state, corrections and voidings taken in, in the order of the acts.

A correction takes the place of the event it names, a voiding takes it out; the record keeps both, and a fold up to an
earlier position does not know of them. What brings a subject into being comes first; then come its acts, each where its
own time says, a correction's included (``acts``). Pure and total: whatever the events, there is a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.acts import BY_POSITION, By, counts_by, is_before, place_of
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key, Subject
from ledger.ids import (
    ApprovalId,
    CaseId,
    ConsignmentId,
    ItemId,
    KeyId,
    PartyId,
    PermitId,
    SiteId,
    StatementId,
    Tag,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.domain.acts import Place
    from ledger.domain.judging import Event, Signed
    from ledger.domain.kind import Kind

VOIDED: Final = "statement.voided/1"

BEGINNING: Final[Mapping[type[Subject], frozenset[str]]] = {
    Item: frozenset(
        {
            *("item.listed/1", "consignment.certified/1", "item.collected/1", "stock.opened/1"),
            *("item.aliquoted/1", "item.derived/1", "item.pooled/1", "item.propagated/1"),
        }
    ),
    Site: frozenset({"site.registered/1"}),
}
"""The only kinds that bring subjects of some types into being; of the others any may, and each statement is tried."""


def initial(tag: Tag) -> Subject:
    """Return the state of a subject before its first event.

    Raises ValueError: the tag is not of a type that has states.
    """
    match type_of(tag):
        case "item":
            return Item(id=ItemId(tag))
        case "approval":
            return Approval(id=ApprovalId(tag))
        case "consignment":
            return Consignment(id=ConsignmentId(tag))
        case "party":
            return Party(id=PartyId(tag))
        case "site":
            return Site(id=SiteId(tag))
        case "case":
            return Case(id=CaseId(tag))
        case "permit":
            return Permit(id=PermitId(tag))
        case "key":
            return Key(id=KeyId(tag))
        case other:
            raise ValueError(f"{other} is not a type of subject")


def kinds_for(id_type: str, kinds: Mapping[str, Kind[Any]]) -> frozenset[str]:
    """Return the kinds whose events a state of an id type is folded from: the boundary's kinds."""
    return frozenset(kind.name for kind in kinds.values() if kind.changes(id_type)) | {VOIDED}


def rewrites(event: Event[Any]) -> bool:
    """Say whether an event changes what an earlier one counts for, so that a state must be folded anew."""
    return rewritten(event.said) is not None


def rewritten(said: Signed[Any]) -> StatementId | None:
    """Return the statement that another corrects or voids; None of an ordinary one."""
    if said.kind == VOIDED:
        return StatementId(said.body.statement)
    return said.corrects


def effective(events: Iterable[Event[Any]]) -> list[Event[Any]]:
    """Return the events as they count now: corrected ones replaced in their place, voided ones left out.

    events: oldest first, as are those returned: by position, not by their acts.
    """
    slots, _ = _slots(events)
    return [event for event in slots if event is not None and event.said.kind != VOIDED]


def standing(events: Iterable[Event[Any]], statement: StatementId) -> Event[Any] | None:
    """Return the event by which a statement counts now, with the position and time of what it first corrected.

    events: oldest first; at least all that bear some one tag of the statement's, because whatever corrects or voids
        it bears all of them.

    None: it is not among them, or it is corrected or voided.
    """
    slots, places = _slots(events)
    event = slots[places[statement]] if statement in places else None
    return event if event is not None and event.said.id == statement else None


def is_spoken_of(events: Iterable[Event[Any]], target: Event[Any]) -> bool:
    """Say whether statements that count rest on a subject that a statement brought into being.

    events: all that bear the subject's tag, oldest first. target: that statement, as it counts now.

    A correction counts wherever its place is: it may have been judged after the statement.
    """
    return any(
        event.said.id != target.said.id and (event.position > target.position or event.said.corrects is not None)
        for event in effective(events)
    )


def _slots(events: Iterable[Event[Any]]) -> tuple[list[Event[Any] | None], dict[StatementId, int]]:
    """Return a place for each first statement, with what counts there now, and the place of every statement."""
    slots: list[Event[Any] | None] = []
    places: dict[StatementId, int] = {}
    for event in events:
        target = rewritten(event.said)
        slot = places.get(target) if target is not None else None
        if slot is not None and event.said.kind != VOIDED:
            old = slots[slot]
            slots[slot] = replace(event, position=old.position, recorded=old.recorded) if old else None
            places[event.said.id] = slot
            continue
        if slot is not None:
            slots[slot] = None
        places[event.said.id] = len(slots)
        slots.append(event)
    return slots, places


def fold(
    tag: Tag,
    events: Iterable[Event[Any]],
    kinds: Mapping[str, Kind[Any]],
    before: Place | int | None = None,
    without: StatementId | None = None,
) -> Subject:
    """Return a subject's state after some of its events.

    tag: the subject.
    events: all events that bear its tag up to some position, oldest first; kinds that do not concern it may be
        left out.
    before: only what counts before this place is folded, as it counts now, or what was told before this position.
        None: everything.
    without: a statement that stands, to be left out.
    """
    subject = initial(tag)
    for event in sequence(tag, events, kinds, before):
        if event.said.id != without:
            subject = kinds[event.said.kind].evolve(subject, event)
    return subject


def changes(
    tag: Tag, events: Iterable[Event[Any]], kinds: Mapping[str, Kind[Any]]
) -> Iterator[tuple[Event[Any], Subject, Subject]]:
    """Yield the events of a subject that count now, in their order, with its states before and after each.

    tag, events: as for ``fold``.
    """
    after = initial(tag)
    for event in sequence(tag, events, kinds):
        before, after = after, kinds[event.said.kind].evolve(after, event)
        yield event, before, after


def sequence(
    tag: Tag, events: Iterable[Event[Any]], kinds: Mapping[str, Kind[Any]], before: Place | int | None = None
) -> list[Event[Any]]:
    """Return the events of a subject that count now, in the order in which they count.

    What brings it into being comes first and is a matter of positions: by them lineage is derived (docs/formats.md).

    tag, events, before: as for ``fold``.
    """
    none = initial(tag)
    beginnings: list[Event[Any]] = []
    others: list[Event[Any]] = []
    for event in effective(events):
        begins = is_beginning(none, event, kinds)
        if before is None or _counts(none, event, before, begins=begins):
            (beginnings if begins else others).append(event)
    return beginnings + (others if type(none) in BY_POSITION else sorted(others, key=place_of))


def counts_last(none: Subject, last: Event[Any] | None, event: Event[Any], kinds: Mapping[str, Kind[Any]]) -> bool:
    """Say whether the newest event of a subject counts behind all others: it changes the state that they come to.

    none: the subject before its first event. last: the last of the others, in the order of ``sequence``; None: none.

    False where that is not plain: it is put in order then with all of them.
    """
    if rewrites(event) or is_beginning(none, event, kinds):
        return False
    return last is None or type(none) in BY_POSITION or place_of(last) < place_of(event)


def counted_by(none: Subject, event: Event[Any], kinds: Mapping[str, Kind[Any]]) -> By:
    """Say by what an event counts for a subject at a place: by its position what brings it into being.

    none: the subject before its first event.
    """
    return By.POSITION if is_beginning(none, event, kinds) else counts_by(none, event.said.kind)


def is_beginning(none: Subject, event: Event[Any], kinds: Mapping[str, Kind[Any]]) -> bool:
    """Say whether an event brings a subject into being. none: as it is before its first event."""
    kind, among = event.said.kind, BEGINNING.get(type(none))
    return (among is None or kind in among) and kinds[kind].evolve(none, event).known


def _counts(none: Subject, event: Event[Any], place: Place | int, *, begins: bool) -> bool:
    if begins:
        return event.position < (place if isinstance(place, int) else place.position)
    return is_before(none, event, place)
