"""Given, when, then for rules: events before, a statement, and how it is judged. Pure: no store, no signatures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from ledger.domain.acts import Place, advances, as_of, is_link, later_acts, passed_act, place_of
from ledger.domain.amends.consequences import Since
from ledger.domain.amends.corrections import Hindsight, judge_correction, judge_statement, others_named, tells_another
from ledger.domain.bodies.vocabulary import Body, Role
from ledger.domain.codes import check_codes
from ledger.domain.fold import fold, initial, is_spoken_of, rewritten, sequence, standing
from ledger.domain.judging import Event, Signatory, Signed, World
from ledger.domain.registry.authority import judge_authority, out_of_order
from ledger.errors import Refused
from ledger.ids import ItemId, KeyId, PartyId, Tag, new_statement_id, type_of
from ledger.rulepacks.load import RulePacks, load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.form.tags import tags_of
from ledger.statement.rulebook import grounds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.subjects import Subject

NOON: Final = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
"""Noon in China on a day of the pack cn-281."""

KIND_OF: Final = {kind.body: kind.name for kind in KINDS.values()}


@cache
def packs() -> RulePacks:
    """Return the built-in rule packs, loaded once."""
    return load_packs()


def rules_at(instant: datetime) -> RulePack:
    """Return the Chinese pack in force."""
    return packs().at_instant("CN", instant)


def signer(party: str, role: Role, person: str = "p-1", meaning: str = "performed") -> Signatory:
    """Return a signer of a party; the key is made up, one for each person."""
    name = f"{party}/{person}".encode().hex()
    return Signatory(KeyId(f"key:{name[:64].ljust(64, '0')}"), "ed25519", PartyId(party), person, role, meaning)


def said(body: Body, *signers: Signatory, at: datetime = NOON, **more: object) -> Signed[Any]:
    """Return a statement with a body by some signers; its kind is the one that has such bodies."""
    return Signed(
        id=new_statement_id(at),
        kind=KIND_OF[type(body)],
        occurred_at=at,
        signers=signers,
        body=body,
        **more,  # type: ignore[arg-type]  # members of Signed
    )


def events_of(given: Sequence[Signed[Any]]) -> list[Event[Any]]:
    """Return statements as events at positions 1, 2, 3 …, recorded a second after they occurred."""
    events: list[Event[Any]] = []
    for position, statement in enumerate(given, start=1):
        tags = tags_with_derived(events, statement)
        events.append(Event(position, statement.occurred_at + timedelta(seconds=1), tags, statement))
    return events


def tags_with_derived(events: Sequence[Event[Any]], statement: Signed[Any]) -> frozenset[Tag]:
    """Return the tags of a statement after some events, derived ones included, as the ledger makes them."""
    named = named_by(statement)
    target = next((event for event in events if event.said.id == rewritten(statement)), None)
    tags = named | {Tag(one.party) for one in statement.signers} | (target.tags if target else frozenset())
    world = world_of(events, NOON)
    items = [ItemId(tag) for tag in tags if type_of(tag) == "item"]
    approvals = {Tag(one.id) for one in world.approvals_of(items)}
    return tags | approvals | {Tag(one.id) for one in world.consignments_of(items)}


def named_by(statement: Signed[Any]) -> frozenset[Tag]:
    """Return the ids in a statement's body."""
    return tags_of(msgspec.json.decode(msgspec.json.encode(statement.body)))


def world_of(
    events: Sequence[Event[Any]],
    now: datetime,
    target: Event[Any] | None = None,
    before: Place | int | None = None,
    without: Event[Any] | None = None,
) -> World:
    """Return the world after some events, all subjects folded.

    target: what is to be corrected or voided.
    before: to fold only what counts before a place.
    without: an event to leave out.
    """
    tags = {tag for event in events for tag in event.tags}
    subjects: dict[Tag, Subject] = {
        tag: fold(
            tag,
            [event for event in events if tag in event.tags],
            KINDS,
            before=before,
            without=None if without is None else without.said.id,
        )
        for tag in tags
    }
    return World(subjects=subjects, now=now, size=len(events), target=target)


def target_of(events: Sequence[Event[Any]], statement: Signed[Any]) -> Event[Any] | None:
    """Return the event that a statement corrects or voids, if it stands."""
    named = rewritten(statement)
    return None if named is None else standing(events, named)


def world_at(events: Sequence[Event[Any]], instant: datetime, now: datetime, target: Event[Any] | None = None) -> World:
    """Return the world at an instant, by all that is told of it after some events."""
    present, place = world_of(events, now, target), Place(instant, len(events) + 1)
    then = world_of(events, now, before=place).subjects
    subjects = {tag: as_of(one, instant, partial(then.__getitem__, tag)) for tag, one in present.subjects.items()}
    return replace(present, subjects=subjects)


def later_in(events: Sequence[Event[Any]], statement: Signed[Any]) -> dict[Tag, datetime]:
    """Return the subjects of which a statement tells an act out of order after some events."""
    kind = KINDS[statement.kind]
    return (
        {}
        if rewritten(statement)
        else later_acts(world_of(events, NOON).subjects, statement, kind, named_by(statement))
    )


def hindsight(events: Sequence[Event[Any]], statement: Signed[Any], now: datetime) -> Hindsight | None:
    """Return what a statement that corrects or voids another, or is told out of order, is judged in besides."""
    target, later = target_of(events, statement), later_in(events, statement)
    if target is None and not later:
        return None
    event = Event(len(events) + 1, now, tags_with_derived(events, statement), statement)
    present, after = world_of(events, now), world_of([*events, event], now)
    if target is None:
        return Hindsight(event, present, after, since=since(events, event, later, place_of(event), None))
    place = Place(statement.occurred_at if statement.corrects else target.said.occurred_at, target.position)
    then = world_of(events, target.recorded, before=place)
    others = others_named(named_by(statement), target) if statement.corrects else frozenset[Tag]()
    another = statement.corrects is not None and tells_another(then, statement, target, others)
    instead = world_of(events, now, before=Place(statement.occurred_at, len(events) + 1), without=target)
    moved = statement.corrects is not None and statement.occurred_at != target.said.occurred_at
    chains = [
        tag for tag in sorted(event.tags & present.subjects.keys()) if is_link(present.subjects[tag], event.said.kind)
    ]
    return Hindsight(
        event,
        present,
        after,
        then,
        world_of(events, target.recorded, before=target.position),
        others,
        instead if another else None,
        spoken_of(events, target),
        passed(events, chains, target, place) if moved else {},
        since(events, event, [tag for tag in chains if moved or tag in others], min(place, place_of(target)), target),
    )


def passed(
    events: Sequence[Event[Any]], chains: Collection[Tag], target: Event[Any], place: Place
) -> dict[Tag, datetime]:
    """Return the chains in which a correction's time puts it out of order."""
    found = {}
    for tag in chains:
        others = [one for one in sequence_of(events, tag) if one.said.id != target.said.id]
        if (instant := passed_act(tag, initial(tag), others, KINDS, place)) is not None:
            found[tag] = instant
    return found


def since(
    events: Sequence[Event[Any]], event: Event[Any], tags: Collection[Tag], after: Place, target: Event[Any] | None
) -> list[Since]:
    """Return the acts in the chains of some subjects after a place, with and without an event put in there."""
    acts = {
        one.said.id: one
        for tag in tags
        for one in sequence_of(events, tag)
        if place_of(one) > after and one is not target and advances(initial(tag), one.said.kind)
    }
    return [
        Since(
            one,
            KINDS[one.said.kind],
            world_of(events, NOON, before=place_of(one), without=one),
            world_of([*events, event], NOON, before=place_of(one), without=one),
        )
        for one in acts.values()
    ]


def sequence_of(events: Sequence[Event[Any]], tag: Tag) -> list[Event[Any]]:
    """Return the events of a subject in the order in which they count."""
    return sequence(tag, [event for event in events if tag in event.tags], KINDS)


def spoken_of(events: Sequence[Event[Any]], target: Event[Any]) -> frozenset[Tag]:
    """Return the subjects of an event that other statements rest on, too."""
    return frozenset(
        tag for tag in target.tags if is_spoken_of([event for event in events if tag in event.tags], target)
    )


def state_of(given: Sequence[Signed[Any]], tag: str) -> Any:  # noqa: ANN401  the type is the tag's
    """Return a subject's state after some statements."""
    events = [event for event in events_of(given) if tag in event.tags]
    return fold(Tag(tag), events, KINDS)


def breaches(given: Sequence[Signed[Any]], when: Signed[Any], *, now: datetime | None = None) -> list[Breach]:
    """Return the breaches of all rules but the general ones, of which those of order and codes are asked."""
    events = events_of(given)
    now = now or when.occurred_at + timedelta(seconds=1)
    world = world_at(events, when.occurred_at, now, target_of(events, when))
    rules = rules_at(now)
    check_codes(when, rules)
    found = [*judge_correction(world, when, rules), *out_of_order(when, later_in(events, when))]
    found += judge_statement(world, when, KINDS[when.kind], rules, hindsight(events, when, now))
    told = [breach.among(tags_with_derived(events, when)) for breach in found]
    assert [bool(breach.subjects) for breach in told] == [bool(breach.subjects) for breach in found], (
        "a breach concerns at least one of the subjects that its statement bears"
    )
    return told


def judged(given: Sequence[Signed[Any]], when: Signed[Any], *, now: datetime | None = None) -> list[str]:
    """Return the ids of the rules that a statement breaks after some statements; raises Refused."""
    return [breach.rule for breach in breaches(given, when, now=now)]


def grounds(breach: Breach, at: datetime = NOON) -> tuple[str, bool]:
    """Return the clause that a breach rests on by the pack of an instant, and whether it was read."""
    return grounds_of(breach, rules_at(at))


def refused(given: Sequence[Signed[Any]], when: Signed[Any], *, now: datetime | None = None) -> str:
    """Return the id of the rule by which a statement is refused after some statements."""
    with pytest.raises(Refused) as refusal:
        judged(given, when, now=now)
    return refusal.value.rule


def authority(given: Sequence[Signed[Any]], when: Signed[Any], *, now: datetime | None = None) -> list[str]:
    """Return the ids of the general rules that a statement breaks after some statements; raises Refused."""
    now = now or when.occurred_at + timedelta(seconds=1)
    world = world_of(events_of(given), now)
    return [breach.rule for breach in judge_authority(world, when, KINDS[when.kind], rules_at(now))]


def corrected(statement: Signed[Any], body: Body) -> Signed[Any]:
    """Return a statement that corrects another of the same kind by the same signers."""
    return replace(statement, id=new_statement_id(NOON), body=body, corrects=statement.id, reason="misread")
