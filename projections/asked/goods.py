"""Answers about items on their way and in hand, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.custody.discrepancy import Difference
from ledger.domain.state import ItemStatus, Origin
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PartyId, PermitId, SiteId, StatementId, Tag, type_of
from ledger.quantity import format_decimal
from projections.asked.question import Amount, Why
from projections.asked.reasons import begun_by, by_duty, by_rule, last_change, on_record
from projections.questions.goods.ancestors import ancestry
from projections.questions.goods.both_sides import both_sides
from projections.questions.goods.discrepancies import discrepancies
from projections.questions.goods.handovers import one_sided
from projections.questions.goods.stock import not_counted, not_returned, variances
from projections.questions.goods.whereabouts import whereabouts
from projections.questions.supervision.recalls import Root, descendants

if TYPE_CHECKING:
    from projections.asked.question import Asked
    from projections.questions.goods.stock import OwedRow as Owed
    from projections.questions.record import Where

_TAKES: Final = ("custody.accepted/1", "item.received/1", "transfer.received/1")
"""The kinds by which somebody takes an item over."""


@dataclass(frozen=True, slots=True)
class WhereRow:
    """Where an item was. told: as it was known then, or as it is known now, where that is something else."""

    item: ItemId
    told: str
    status: ItemStatus
    site: SiteId | None
    place: str | None
    holder: PartyId | None
    why: Why


def where_was(asked: Asked) -> tuple[WhereRow, ...]:
    """Return where an item was as the record said then, and what it says now where that differs."""
    item = ItemId(str(asked.subject))
    known_at = max((event.recorded for event in asked.events), default=asked.at)
    found = whereabouts((*asked.events, *asked.later), item, asked.until or asked.at, known_at)
    why = on_record(last_change(asked, Tag(item)), closed_by=())
    then = [] if found.known_then is None else [_where("then", found.known_then, why)]
    now = [] if found.known_now is None or not found.changed else [_where("now", found.known_now, Why())]
    return (*then, *now)


def _where(told: str, where: Where, why: Why) -> WhereRow:
    return WhereRow(where.item, told, where.status, where.site, where.place, where.holder, why)


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
        for one in descendants(asked.counting, root)
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
    """A discrepancy found at receipt. resolved: when; None: it is open. hours: how long it was open.

    reported: whether the record says that customs know of it.
    """

    case: CaseId
    consignment: ConsignmentId
    difference: Difference
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
            difference=one.difference,
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


@dataclass(frozen=True, slots=True)
class UnansweredRow:
    """A hand-over whose receiver has neither taken nor refused the item."""

    item: ItemId
    giver: PartyId
    receiver: PartyId
    since: datetime
    due: datetime | None
    overdue: bool
    why: Why


def unanswered(asked: Asked) -> tuple[UnansweredRow, ...]:
    """Return the hand-overs that nobody has answered."""
    owed = {one.subject: one for one in asked.owed("answer-handover") if one.owed_at(asked.at)}
    rows = []
    for one in one_sided(asked.counting).unanswered:
        owing = owed.get(Tag(one.where.item))
        rows.append(
            UnansweredRow(
                item=one.where.item,
                giver=one.giver,
                receiver=one.receiver,
                since=one.since,
                due=None if owing is None else owing.due,
                overdue=owing is not None and owing.overdue_at(asked.at),
                why=by_rule("CUS-09", last_change(asked, Tag(one.where.item)), asked, closed_by=_TAKES)
                if owing is None
                else by_duty(owing, asked),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class UngivenRow:
    """An item that a party took though nobody handed it over. had: who had it; None: nobody yet."""

    item: ItemId
    taker: PartyId
    had: PartyId | None
    at: datetime
    why: Why


def ungiven(asked: Asked) -> tuple[UngivenRow, ...]:
    """Return what was taken without a hand-over."""
    return tuple(
        UngivenRow(
            item=one.item,
            taker=one.taker,
            had=one.had,
            at=one.at,
            why=by_rule("CUS-09", asked.by_statement.get(one.statement), asked, closed_by=("custody.handed-over/1",)),
        )
        for one in one_sided(asked.counting).ungiven
    )


@dataclass(frozen=True, slots=True)
class NobodysRow:
    """An item that is in nobody's hands and not over."""

    item: ItemId
    status: ItemStatus
    site: SiteId | None
    place: str | None
    why: Why


def nobodys(asked: Asked) -> tuple[NobodysRow, ...]:
    """Return what nobody has."""
    return tuple(
        NobodysRow(
            item=one.item,
            status=one.status,
            site=one.site,
            place=one.place,
            why=by_rule("CUS-09", last_change(asked, Tag(one.item)), asked, closed_by=_TAKES),
        )
        for one in one_sided(asked.counting).nobodys
    )


@dataclass(frozen=True, slots=True)
class OwedRow:
    """An item that is to be put back, or to be counted, and by whom."""

    item: ItemId
    owed_by: PartyId | None
    site: SiteId | None
    place: str | None
    since: datetime
    due: datetime | None
    overdue: bool
    why: Why


def checked_out(asked: Asked) -> tuple[OwedRow, ...]:
    """Return what is checked out."""
    return _owed(asked, "return-checkout", not_returned(asked.counting, asked.editions, asked.at))


def uncounted(asked: Asked) -> tuple[OwedRow, ...]:
    """Return what was not counted in time."""
    return _owed(asked, "count-stock", not_counted(asked.counting, asked.editions, asked.at))


def _owed(asked: Asked, duty: str, found: tuple[Owed, ...]) -> tuple[OwedRow, ...]:
    owed = {one.subject: one for one in asked.owed(duty) if one.owed_at(asked.at)}
    return tuple(
        OwedRow(
            item=one.where.item,
            owed_by=one.by,
            site=one.where.site,
            place=one.where.place,
            since=one.since,
            due=one.due,
            overdue=one.overdue,
            why=by_duty(owed[Tag(one.where.item)], asked),
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """What a count found otherwise than recorded. answered: whether a later statement answers for it."""

    item: ItemId
    counted: datetime
    site: SiteId
    recorded_at: SiteId | None
    recorded: Amount | None
    found: Amount | None
    unit: str | None
    answered: bool
    why: Why


def counted_otherwise(asked: Asked) -> tuple[VarianceRow, ...]:
    """Return what counts found otherwise than recorded."""
    rows = []
    for one in variances(asked.counting):
        found, recorded = one.found.counted, one.recorded
        unit = found.unit if found is not None else None if recorded is None else recorded.unit
        rows.append(
            VarianceRow(
                item=one.found.item,
                counted=one.at,
                site=one.site,
                recorded_at=one.recorded_at,
                recorded=None if recorded is None else Amount(format_decimal(recorded.value)),
                found=None if found is None else Amount(found.value),
                unit=unit,
                answered=one.answered_by is not None,
                why=by_rule(
                    "STK-07",
                    asked.by_statement.get(one.count),
                    asked,
                    closed_by=() if one.answered_by else ("discrepancy.recorded/1", "loss.reported/1"),
                ),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class SidesRow:
    """A hand-over or a transfer as its two sides tell it.

    taken: how many statements answer it. missing: what was given and not taken. differing: what is stated otherwise.
    """

    giver: PartyId
    receiver: PartyId
    given: StatementId
    taken: int
    agree: bool
    missing: tuple[ItemId, ...]
    differing: tuple[str, ...]
    why: Why


def sides(asked: Asked) -> tuple[SidesRow, ...]:
    """Return the hand-overs and transfers as both sides tell them."""
    return tuple(
        SidesRow(
            giver=one.giver,
            receiver=one.receiver,
            given=one.given,
            taken=len(one.taken),
            agree=one.agree,
            missing=tuple(sorted(one.missing)),
            differing=one.differing,
            why=by_rule(
                "CUS-09",
                asked.by_statement.get(one.given),
                asked,
                closed_by=() if one.agree else ("custody.accepted/1", "transfer.received/1", "discrepancy.recorded/1"),
            ),
        )
        for one in both_sides(asked.counting)
    )
