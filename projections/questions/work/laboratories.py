"""Whether goods were received and used where their approval names, and in a laboratory of the level that they ask for.

"Did the actual lab/site match the approval at receipt and at each use." "Uses in a lab below the required BSL for
agent + activity + state."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.work.contents import required_level
from ledger.domain.work.gates import LEVEL
from ledger.ids import ItemId, SiteId
from ledger.reference.activities import Activity
from projections.questions.record import Record
from projections.questions.work.again import judged_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event, World
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.border import Approval
    from ledger.ids import ApprovalId, PartyId, StatementId
    from projections.questions.work.again import JudgedAgain

WORK: Final = frozenset(
    {
        "item.used/1",
        "item.tested/1",
        "item.aliquoted/1",
        "item.derived/1",
        "item.pooled/1",
        "item.propagated/1",
        "item.inactivated/1",
        "inactivation.verified/1",
    }
)
"""The kinds that are work on items, in a laboratory that they name."""

_ARRIVALS: Final = frozenset({"item.received/1", "transfer.received/1"})
_DEPOSITORY: Final = "depository"
_NAMED: Final = ("item", "parent", "seed", "inputs", "portions", "items")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A receipt or a work, and an approval that its items came in under, themselves or by what they were made from.

    named: whether the approval named the site then; None: it named none, and nothing can be compared.
    """

    position: int
    statement: StatementId
    kind: str
    at: datetime
    party: PartyId
    site: SiteId
    approval: ApprovalId
    items: tuple[ItemId, ...]
    named: bool | None


@dataclass(frozen=True, slots=True)
class UnknownLevelRow:
    """A work on an item of which nobody can say which level it asks for: no agent is stated, or none that is listed.

    site, level: where it was done, and that laboratory's level then; None: it has none, or nobody stated one.
    """

    statement: StatementId
    kind: str
    at: datetime
    item: ItemId
    site: SiteId
    level: int | None


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """The works below the level that they ask for, and those of which no level is known."""

    judged: JudgedAgain
    unknown: tuple[UnknownLevelRow, ...]


def sites(events: Iterable[Event[Any]]) -> tuple[SiteRow, ...]:
    """Return every receipt and work with the approvals of its items, in the order of the acts.

    events: of a whole log, oldest first.

    Of goods that came in under no approval there is nothing to compare; so with what has come to a depository, where
    material belongs once the work has ended, whatever the approval names.
    """
    record = Record(events)
    return tuple(row for event in record.acts(*WORK, *_ARRIVALS) for row in _site_rows(record, event))


def misplaced(events: Iterable[Event[Any]]) -> tuple[SiteRow, ...]:
    """Return the receipts and works at a site that the approval did not name."""
    return tuple(row for row in sites(events) if row.named is False)


def below_level(events: Iterable[Event[Any]], editions: Editions, by: RulePack | None = None) -> LevelAnswer:
    """Return the works in a laboratory below the level that agent, activity and state of the material ask for.

    by: the edition whose catalogue is asked; None: that of the edition that judged each.
    """
    record = Record(events)
    found = judged_again(record, WORK, {LEVEL.id}, editions, by)
    return LevelAnswer(
        found, tuple(row for event in record.acts(*WORK) for row in _unknown(record, event, editions, by))
    )


def _site_rows(record: Record, event: Event[Any]) -> Iterator[SiteRow]:
    world, said = record.at(place_of(event)), event.said
    items, site = items_of(event), _site_of(event)
    if world.site(site).use == _DEPOSITORY:
        return
    for approval in _approvals(world, event, items):
        about = tuple(one for one in items if any(root.approval == approval.id for root in world.roots(one))) or items
        named = site in approval.sites if approval.sites else None
        yield SiteRow(event.position, said.id, said.kind, said.occurred_at, said.party, site, approval.id, about, named)


def _approvals(world: World, event: Event[Any], items: tuple[ItemId, ...]) -> tuple[Approval, ...]:
    """Return the approvals of items; where they come with a transfer under another one, that."""
    if event.said.kind == "transfer.received/1":
        other = world.case(event.said.body.case).approval
        if other is not None:
            return (world.approval(other),)
    return world.approvals_of(items)


def _unknown(record: Record, event: Event[Any], editions: Editions, by: RulePack | None) -> Iterator[UnknownLevelRow]:
    rules, world = by or editions.by_name(event.rules), record.at(place_of(event))
    grown = Activity.CULTURE if event.said.kind == "item.propagated/1" else None
    activity, site, said = getattr(event.said.body, "activity", grown), _site_of(event), event.said
    for item in items_of(event):
        if rules is not None and required_level(world, item, activity, rules) is None:
            yield UnknownLevelRow(said.id, said.kind, said.occurred_at, item, site, world.site(site).level)


def _site_of(event: Event[Any]) -> SiteId:
    body = event.said.body
    return SiteId(body.site if event.said.kind == "transfer.received/1" else body.laboratory)


def items_of(event: Event[Any]) -> tuple[ItemId, ...]:
    """Return the items that a receipt, a work or a sale is done on; of a making those that something is made of."""
    named: Any = next(getattr(event.said.body, name) for name in _NAMED if hasattr(event.said.body, name))
    return tuple(ItemId(str(getattr(one, "item", one))) for one in (named if isinstance(named, tuple) else [named]))
