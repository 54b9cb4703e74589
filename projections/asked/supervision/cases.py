"""Answers about cases, as rows of cells: holds, recalls, withdrawn approvals and consents, incidents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.ending.incidents import ReportedTo
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ApprovalId, CaseId, ItemId, PartyId, SiteId, Tag
from projections.asked.question import KindName, Why, Word
from projections.asked.reasons import begun_by, by_duty, by_rule, on_record
from projections.questions.supervision.consents import withdrawn_consents
from projections.questions.supervision.holds import held
from projections.questions.supervision.incidents import incidents
from projections.questions.supervision.recalls import recalls
from projections.questions.supervision.withdrawals import withdrawals

if TYPE_CHECKING:
    from ledger.domain.duties.obligation import Obligation
    from projections.asked.question import Asked
    from projections.questions.supervision.incidents import IncidentRow
    from projections.questions.supervision.incidents import NoticeRow as Notice
    from projections.questions.supervision.recalls import RecallRow as Recall

_LETS_GO: Final = (
    "consignment.released/1",
    "consignment.hold-lifted/1",
    "legal-hold.lifted/1",
    "item.destroyed/1",
    "return.executed/1",
)
"""Kinds by which a hold or an order comes to an end."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An item that is held or ordered. grounds: the words of its holds, an order by its case.

    since: when the first that stands was placed. done: what was done with it since, the newest of it at last.
    """

    item: ItemId
    status: ItemStatus
    holder: PartyId | None
    grounds: tuple[str, ...]
    since: datetime | None
    done: tuple[KindName, ...]
    last_done: datetime | None
    unacknowledged: int
    why: Why


def holds(asked: Asked) -> tuple[HeldRow, ...]:
    """Return what is held or ordered, and what was done with it all the same."""
    return tuple(
        HeldRow(
            item=one.where.item,
            status=one.where.status,
            holder=one.where.holder,
            grounds=one.grounds,
            since=one.since,
            done=tuple(KindName(action.kind) for action in one.actions),
            last_done=max((action.at for action in one.actions), default=None),
            unacknowledged=sum(not action.acknowledged for action in one.actions),
            why=by_rule("GAT-08", one.placed_by, asked, closed_by=_LETS_GO),
        )
        for one in held(asked.counting)
    )


@dataclass(frozen=True, slots=True)
class WithdrawnRow:
    """An item of an approval that was withdrawn, or made of such.

    order: to return or destroy it; None: nobody ordered anything. ended_by: how it went; None: it is still there.
    """

    approval: ApprovalId
    withdrawn_at: datetime
    item: ItemId
    status: ItemStatus
    site: SiteId | None
    holder: PartyId | None
    order: CaseId | None
    due: datetime | None
    ended_by: KindName | None
    ended: datetime | None
    why: Why


def withdrawn_goods(asked: Asked) -> tuple[WithdrawnRow, ...]:
    """Return what became of the goods of approvals that were withdrawn."""
    told = {str(one.said.body.approval): one for one in asked.record.of_kinds("approval.withdrawn/1")}
    owed = {(one.subject, one.owed.key): one for one in asked.owed("clear-withdrawn") if one.owed_at(asked.at)}
    return tuple(
        WithdrawnRow(
            approval=row.approval,
            withdrawn_at=row.since,
            item=one.where.item,
            status=one.where.status,
            site=one.where.site,
            holder=one.where.holder,
            order=one.order,
            due=one.due,
            ended_by=None if one.ended_by is None else KindName(one.ended_by),
            ended=one.ended_at,
            why=by_duty(owed[Tag(one.where.item), row.approval], asked)
            if (Tag(one.where.item), row.approval) in owed
            else by_rule("GAT-10", told.get(row.approval), asked),
        )
        for row in withdrawals(asked.counting)
        for one in row.items
    )


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A recall. reached: how many items; there: how many of them are not gone.

    mates: items that went into a pool with such. unnamed: of its lot or donor, and not reached.
    """

    case: CaseId
    open: bool
    due: datetime | None
    reached: int
    there: int
    confirmed: tuple[PartyId, ...]
    unconfirmed: tuple[PartyId, ...]
    mates: tuple[ItemId, ...]
    unnamed: tuple[ItemId, ...]
    why: Why


def recalled(asked: Asked) -> tuple[RecallRow, ...]:
    """Return how far each recall has come."""
    owed: dict[Tag, Obligation] = {}
    for duty in asked.owed("confirm-recall"):
        owed.setdefault(duty.subject, duty)
    return tuple(
        RecallRow(
            case=one.case,
            open=one.open,
            due=one.due,
            reached=len(one.reached),
            there=sum(map(len, one.there.values())),
            confirmed=tuple(sorted(one.confirmed)),
            unconfirmed=tuple(sorted(one.unconfirmed)),
            mates=tuple(where.item for where in one.mates),
            unnamed=tuple(where.item for where in one.unnamed),
            why=_why_recalled(one, owed.get(Tag(one.case)), asked),
        )
        for one in recalls(asked.counting)
    )


def _why_recalled(one: Recall, duty: Obligation | None, asked: Asked) -> Why:
    return on_record(begun_by(asked, Tag(one.case))) if duty is None else by_duty(duty, asked)


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """An item with material for which consent was withdrawn.

    of: the named items that are in it. pooled: something else is in it too. used_since: what was done with it after.
    """

    case: CaseId
    withdrawn: datetime | None
    dispose: bool
    item: ItemId
    status: ItemStatus
    holder: PartyId | None
    of: tuple[ItemId, ...]
    pooled: bool
    used_since: tuple[KindName, ...]
    gone: bool
    why: Why


def without_consent(asked: Asked) -> tuple[ConsentRow, ...]:
    """Return what holds material for which consent was withdrawn."""
    owed = {(one.subject, one.owed.key): one for one in asked.owed("dispose-of-withdrawn")}
    rows = []
    for case in withdrawn_consents(asked.counting):
        told = begun_by(asked, Tag(case.case))
        for one in case.items:
            duty = owed.get((Tag(case.case), one.where.item))
            rows.append(
                ConsentRow(
                    case=case.case,
                    withdrawn=case.at,
                    dispose=case.dispose,
                    item=one.where.item,
                    status=one.where.status,
                    holder=one.where.holder,
                    of=one.of,
                    pooled=one.pooled,
                    used_since=tuple(map(KindName, one.used_since)),
                    gone=one.gone,
                    why=on_record(told) if duty is None else by_duty(duty, asked),
                )
            )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Whom a loss or an incident was told, and when.

    body: None: nobody was to be told by a law that was read. must_be_told: a law that was read asks for it.
    due: until when; None: no term is known. told_at: when it was first told; None: nobody says so.
    hours: how long that took, in whole hours.
    """

    case: CaseId
    party: PartyId | None
    matter: Word
    discovered: datetime | None
    high_pathogenic: bool | None
    body: ReportedTo | None
    must_be_told: bool
    due: datetime | None
    told_at: datetime | None
    hours: int | None
    too_late: bool | None
    why: Why


def told_of_incidents(asked: Asked) -> tuple[NoticeRow, ...]:
    """Return how long it took from each discovery to each body that was to be told."""
    found = ((one, notice) for one in incidents(asked.counting, asked.editions) for notice in one.notices or (None,))
    return tuple(_notice(one, notice, asked) for one, notice in found)


def _notice(one: IncidentRow, notice: Notice | None, asked: Asked) -> NoticeRow:
    event = begun_by(asked, Tag(one.case))
    why = on_record(event)
    if notice is not None and notice.required:
        told = by_rule("INC-22", event, asked, given={"authority": notice.body.value, "written": "no"})
        why = told if notice.told_at is not None else replace(told, closed_by=(KindName("incident.notified/1"),))
    return NoticeRow(
        case=one.case,
        party=one.party,
        matter=Word(one.matter),
        discovered=one.discovered_at,
        high_pathogenic=one.dangerous,
        body=None if notice is None else notice.body,
        must_be_told=notice is not None and notice.required,
        due=None if notice is None else notice.due,
        told_at=None if notice is None else notice.told_at,
        hours=None if notice is None or notice.took is None else notice.took // timedelta(hours=1),
        too_late=None if notice is None else notice.late,
        why=why,
    )
