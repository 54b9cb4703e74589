"""One statement before the record: derive its tags, judge it by the pack in force, and answer.

Runs under the head's lock, one statement after the other. What it decides rests only on the log and on the pack, so
anybody with the log can decide it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.domain.acts import Place, is_link, later_acts, passed_act, place_of
from ledger.domain.amends.corrections import (
    Hindsight,
    check_correctable,
    judge_correction,
    judge_statement,
    others_named,
    tells_another,
)
from ledger.domain.codes import check_codes
from ledger.domain.fold import rewritten
from ledger.domain.judging import Event, World
from ledger.domain.registry.authority import judge_authority, out_of_order
from ledger.domain.status import status_of
from ledger.errors import NeedsAcknowledgement
from ledger.ids import ItemId, Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.reading import signer_tags
from ledger.store.deciding.worlds import Worlds, spoken_of, standing_event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.judging import Signed
    from ledger.domain.law.rules import RulePack
    from ledger.store.port import LockedLog


class Judged(msgspec.Struct, frozen=True):
    """A statement that can be recorded.

    tags: the ids in its payload, and what judging derives: the approvals and consignments that its items came in
        with, and all tags of the event that it corrects or voids.
    breaches: in the order of the rules; all of them acknowledged.
    status: those of the tags whose status it counts for.
    """

    tags: frozenset[Tag]
    breaches: tuple[Breach, ...]
    status: frozenset[Tag]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a statement is judged with: the log under its lock, the folded subjects, the pack and the time."""

    log: LockedLog
    worlds: Worlds
    rules: RulePack
    now: datetime


class Placed(msgspec.Struct, frozen=True):
    """A statement in the record: what it concerns, the world it speaks in, and the event that it rewrites, if any.

    status: those of the tags whose status it counts for.
    """

    tags: frozenset[Tag]
    status: frozenset[Tag]
    world: World
    target: Event[Any] | None


def place(log: LockedLog, worlds: Worlds, said: Signed[Any], named: frozenset[Tag], now: datetime) -> Placed:
    """Derive the tags of a statement as the next event of a log, whether or not it will be refused.

    said, named: as for judge. now: when it would be recorded.
    """
    target = _target(log, said)
    tags = named | (target.tags if target else frozenset())
    worlds.load(log, tags | signer_tags(said))
    return _placed(worlds.world(now, target), said, tags)


def _target(log: LockedLog, said: Signed[Any]) -> Event[Any] | None:
    rewrites = rewritten(said)
    return None if rewrites is None else standing_event(log, rewrites)


def _placed(world: World, said: Signed[Any], tags: frozenset[Tag]) -> Placed:
    return Placed(tags | derived_tags(world, tags), status_of(said, world.target), world, world.target)


def judge(bench: Bench, said: Signed[Any], named: frozenset[Tag]) -> Judged:
    """Judge a statement as the next event of a log.

    said: a statement whose signatures are verified. Before one that corrects or voids another, all that the worlds
        have taken in must be in the log.
    named: the ids in its payload.

    What its kind's rules ask is asked of the record at the time of the act, by all that is told of it now.

    Raises Refused: a rule of the catalogue's that it contradicts. NeedsAcknowledgement: the breaches that it does not
    acknowledge.
    """
    log, worlds, kind, tags = bench.log, bench.worlds, KINDS[said.kind], named
    # Who speaks is judged before anything is read for whoever it is but what the statement itself names.
    worlds.load(log, named | signer_tags(said))
    world = worlds.world(bench.now)
    breaches = list(judge_authority(world, said, kind, bench.rules))
    check_codes(said, bench.rules)
    check_correctable(said)
    if rewritten(said) is not None:
        target = _target(log, said)
        world = worlds.world(bench.now, target)
        breaches += judge_correction(world, said, bench.rules)
        tags = named if target is None else named | target.tags
        worlds.load(log, tags)
    placed = _placed(world, said, tags)
    if placed.target is not None:
        hindsight: Hindsight | None = _hindsight(bench, said, named, placed, placed.target)
    elif worlds.acted_since(said.occurred_at) and (later := later_acts(world.subjects, said, kind, named)):
        breaches += out_of_order(said, later)
        hindsight = _told_late(bench, said, placed, later)
    else:
        hindsight = None
    breaches += judge_statement(worlds.at(log, said.occurred_at, world), said, kind, bench.rules, hindsight)
    # The world at another time, or at the place of what is corrected, may know subjects that this is not about.
    found = tuple(breach.among(placed.tags) for breach in breaches)
    acknowledged = said.acknowledged or {}
    if open_breaches := [breach for breach in found if breach.rule not in acknowledged]:
        raise NeedsAcknowledgement(open_breaches, bench.rules.name)
    return Judged(placed.tags, found, placed.status)


def derived_tags(world: World, tags: Iterable[Tag]) -> frozenset[Tag]:
    """Return the approvals and consignments that the items among some tags came in with, through all ancestors.

    Part of the format: whoever replays a log derives the same (docs/formats.md).
    """
    roots = [root for tag in tags if tag.startswith("item:") for root in world.roots(ItemId(tag))]
    return frozenset(Tag(one) for root in roots for one in (root.approval, root.consignment) if one is not None)


def _told_late(bench: Bench, said: Signed[Any], placed: Placed, later: Collection[Tag]) -> Hindsight:
    log, worlds, present = bench.log, bench.worlds, placed.world
    event = Event(present.size + 1, bench.now, placed.tags, said)
    after = worlds.after(log, event, later)
    return Hindsight(event, present, after, since=worlds.since(log, event, later, place_of(event)))


def _hindsight(bench: Bench, said: Signed[Any], named: frozenset[Tag], placed: Placed, target: Event[Any]) -> Hindsight:
    log, worlds, present = bench.log, bench.worlds, placed.world
    event = Event(log.head + 1, bench.now, placed.tags, said)
    place = Place(said.occurred_at if said.corrects else target.said.occurred_at, target.position)
    past = worlds.past(log)
    past.read(placed.tags | signer_tags(said))
    then, told = worlds.before(past, place, target), worlds.before(past, target.position, target)
    after = worlds.after(log, event, event.tags)
    others = others_named(named, target) if said.corrects else frozenset[Tag]()
    another = said.corrects is not None and tells_another(then, said, target, others)
    instead = worlds.without(log, target, placed.tags, said.occurred_at, bench.now) if another else None
    gone = [tag for tag in placed.tags if present.subjects[tag].known and not after.subjects[tag].known]
    moved = said.corrects is not None and said.occurred_at != target.said.occurred_at
    chains = [tag for tag in sorted(placed.tags) if is_link(present.subjects[tag], said.kind)]
    return Hindsight(
        event,
        present,
        after,
        then,
        told,
        others,
        instead,
        spoken_of(log, gone, target),
        _passed(bench, placed, chains, place, target) if moved else {},
        worlds.since(
            log, event, [tag for tag in chains if moved or tag in others], min(place, place_of(target)), target
        ),
    )


def _passed(
    bench: Bench, placed: Placed, chains: Collection[Tag], place: Place, target: Event[Any]
) -> dict[Tag, datetime]:
    """Return the chains in which a correction's time puts it out of order, each with when an act of it occurred."""
    past, subjects, found = bench.worlds.past(bench.log), placed.world.subjects, {}
    past.read(chains)
    for tag in chains:
        others = [event for event in past.sequence(tag) if event.said.id != target.said.id]
        if (instant := passed_act(tag, subjects[tag], others, KINDS, place)) is not None:
            found[tag] = instant
    return found
