"""Answers about items, as rows of cells: where they are, what they were made of, what was found otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ledger.domain.custody.discrepancy import Difference
from ledger.domain.states.subjects import ItemStatus, Origin
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PartyId, PermitId, SiteId, Tag, type_of
from projections.asked.question import Why, Word
from projections.asked.reasons import begun_by, by_duty, by_rule, last_change, on_record
from projections.questions.goods.ancestors import ancestry
from projections.questions.goods.discrepancies import discrepancies
from projections.questions.goods.whereabouts import whereabouts
from projections.questions.supervision.recalls import Root, descendants

if TYPE_CHECKING:
    from projections.asked.question import Asked
    from projections.questions.record import Where


@dataclass(frozen=True, slots=True)
class WhereRow:
    """Where an item was. known: as it was known then, or as it is now, where that is something else."""

    item: ItemId
    known: Word
    status: ItemStatus
    site: SiteId | None
    place: str | None
    holder: PartyId | None
    why: Why


def where_was(asked: Asked) -> tuple[WhereRow, ...]:
    """Return where an item was as the record said then, and what it says now where that differs."""
    item = ItemId(str(asked.subject))
    found = whereabouts(asked.events, asked.later, item, asked.until or asked.at)
    why = on_record(last_change(asked, Tag(item)))
    then = [] if found.known_then is None else [_where("then", found.known_then, why)]
    if found.known_now is None or not found.changed:
        return tuple(then)
    why = Why() if asked.earlier == 1 else on_record(found.told_since)  # by the first form it named no event
    return (*then, _where("now", found.known_now, why))


def _where(told: str, where: Where, why: Why) -> WhereRow:
    return WhereRow(where.item, Word(told), where.status, where.site, where.place, where.holder, why)


@dataclass(frozen=True, slots=True)
class DescendantRow:
    """An item that is what is asked about, or was made of it, and where it is. parents: what it was made from."""

    item: ItemId
    parents: tuple[ItemId, ...]
    roots: tuple[ItemId, ...]
    status: ItemStatus
    site: SiteId | None
    place: str | None
    holder: PartyId | None
    why: Why


def made_of(asked: Asked) -> tuple[DescendantRow, ...]:
    """Return what was made of an item, or of all that came in with a consignment or under an approval."""
    root = _root(asked)
    return tuple(
        DescendantRow(
            item=one.where.item,
            parents=one.parents,
            roots=one.from_roots,
            status=one.where.status,
            site=one.where.site,
            place=one.where.place,
            holder=one.where.holder,
            why=on_record(begun_by(asked, Tag(one.where.item))),
        )
        for one in descendants(asked.record, root)
    )


def _root(asked: Asked) -> Root:
    whole = Root(lot=asked.lot, donor=asked.donor)
    match asked.subject if asked.subject is None else type_of(asked.subject):
        case "item":
            return replace(whole, item=ItemId(str(asked.subject)))
        case "approval":
            return replace(whole, approval=ApprovalId(str(asked.subject)))
        case "consignment":
            return replace(whole, consignment=ConsignmentId(str(asked.subject)))
        case _:
            return whole


@dataclass(frozen=True, slots=True)
class AncestorRow:
    """The item, or one that it was made of. withdrawn: the withdrawals of consent that reach it."""

    item: ItemId
    parents: tuple[ItemId, ...]
    origin: Origin | None
    approval: ApprovalId | None
    line: int | None
    consignment: ConsignmentId | None
    consents: tuple[PermitId, ...]
    withdrawn: tuple[CaseId, ...]
    why: Why


def made_from(asked: Asked) -> tuple[AncestorRow, ...]:
    """Return what an item was made of, back to the approvals and consents."""
    return tuple(
        AncestorRow(
            item=one.item,
            parents=one.parents,
            origin=one.origin,
            approval=one.approval,
            line=one.line,
            consignment=one.consignment,
            consents=one.consents,
            withdrawn=one.withdrawn,
            why=on_record(begun_by(asked, Tag(one.item))),
        )
        for one in ancestry(asked.counting, ItemId(str(asked.subject))).rows
    )


@dataclass(frozen=True, slots=True)
class DiscrepancyRow:
    """A discrepancy found at receipt. resolved: when; None: it is open. hours: how long it was open,
    in whole hours.

    reported: whether the record says that customs know of it.
    """

    case: CaseId
    consignment: ConsignmentId
    differs_in: Difference
    items: tuple[ItemId, ...]
    stated_by: PartyId
    found: datetime
    resolution: str | None
    resolved: datetime | None
    hours: int | None
    reported: bool
    why: Why


def differences(asked: Asked) -> tuple[DiscrepancyRow, ...]:
    """Return the discrepancies."""
    owed = {one.subject: one for one in asked.owed("resolve-discrepancy")}
    return tuple(
        DiscrepancyRow(
            case=one.case,
            consignment=one.consignment,
            differs_in=one.difference,
            items=one.items,
            stated_by=one.by,
            found=one.found_at,
            resolution=one.resolution,
            resolved=one.resolved_at,
            hours=None if one.took is None else one.took // timedelta(hours=1),
            reported=one.reported,
            why=by_duty(owed[Tag(one.case)], asked)
            if Tag(one.case) in owed
            else by_rule("RCP-07", begun_by(asked, Tag(one.case)), asked),
        )
        for one in discrepancies(asked.counting)
    )
