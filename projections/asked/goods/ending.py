"""Answers about how items end and what is left of them, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ledger.domain.ending.disposal import Method
from ledger.ids import CaseId, ItemId, PartyId, SiteId, Tag
from projections.asked.question import KindName, Why
from projections.asked.reasons import by_duty, by_rule, on_record
from projections.questions.ending.disposals import Lack, lacking
from projections.questions.ending.left_over import left_over
from projections.questions.ending.waste import manifests, waste_in_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.duties.obligation import Obligation
    from projections.asked.question import Asked
    from projections.questions.ending.disposals import DisposalRow


@dataclass(frozen=True, slots=True)
class UnprovedRow:
    """A destruction, or a hand-over of waste, and what it does not show.

    method: None of a hand-over. lacks: what it does not show. uncertified: the manifests without a certificate.
    """

    done: KindName
    at: datetime
    items: tuple[ItemId, ...]
    method: Method | None
    lacks: tuple[Lack, ...]
    uncertified: tuple[CaseId, ...]
    why: Why


def unproved(asked: Asked) -> tuple[UnprovedRow, ...]:
    """Return the disposals that do not show that they were done, and how."""
    owed = asked.owed("certify-waste")
    return tuple(
        UnprovedRow(
            done=KindName(one.kind),
            at=one.at,
            items=one.items,
            method=None if one.method is None else Method(one.method),
            lacks=one.lacks,
            uncertified=one.uncertified,
            why=_why_unproved(one, owed, asked),
        )
        for one in lacking(asked.counting)
    )


def _why_unproved(one: DisposalRow, owed: Iterable[Obligation], asked: Asked) -> Why:
    event = asked.by_statement.get(one.statement)
    if Lack.WITNESS in one.lacks:
        return by_rule("DST-06" if one.kind == "item.destroyed/1" else "ORD-14", event, asked)
    if {Lack.EVIDENCE, Lack.INDICATOR} & set(one.lacks):
        return by_rule("DST-04", event, asked)
    uncertified = set(map(Tag, one.uncertified))
    duty = next((each for each in owed if each.subject in uncertified), None)
    return on_record(event, closed_by=("waste.certified/1",)) if duty is None else by_duty(duty, asked)


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """Waste that was handed over: how long the oldest of it was stored, and whether it is certified what became of it.

    due: until when it was to be handed over; None: no term is known. overstayed: stored for longer; None: not known.
    stored_hours: whole hours.
    """

    case: CaseId
    manifest: str
    giver: PartyId
    contractor: PartyId
    item_count: int
    handed_over: datetime
    stored_hours: int
    due: datetime | None
    overstayed: bool | None
    certificate: str | None
    certified: datetime | None
    why: Why


def waste_manifests(asked: Asked) -> tuple[ManifestRow, ...]:
    """Return the hand-overs of waste."""
    told = {one.said.body.case: one for one in asked.record.of_kinds("waste.handed-over/1")}
    owed = {one.subject: one for one in asked.owed("certify-waste")}
    return tuple(
        ManifestRow(
            case=one.case,
            manifest=one.number,
            giver=one.giver,
            contractor=one.contractor,
            item_count=len(one.items),
            handed_over=one.handed_over_at,
            stored_hours=one.stored // timedelta(hours=1),
            due=one.due,
            overstayed=one.overstayed,
            certificate=one.certificate,
            certified=one.certified_at,
            why=by_duty(owed[Tag(one.case)], asked)
            if not one.overstayed and one.certificate is None and Tag(one.case) in owed
            else on_record(told.get(one.case))
            if one.due is None
            else by_rule("WST-06", told.get(one.case), asked),
        )
        for one in manifests(asked.counting, asked.editions)
    )


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What was destroyed and has left waste that nobody has handed over. due: None: no term is known."""

    item: ItemId
    holder: PartyId | None
    since: datetime
    due: datetime | None
    overdue: bool
    why: Why


def stored_waste(asked: Asked) -> tuple[StoredRow, ...]:
    """Return the waste that is still in store."""
    owed = asked.standing("hand-over-waste")
    return tuple(
        StoredRow(
            item=one.item,
            holder=one.holder,
            since=one.since,
            due=one.due,
            overdue=one.overdue,
            why=by_duty(owed[Tag(one.item)], asked),
        )
        for one in waste_in_store(asked.counting, asked.editions, asked.at)
    )


@dataclass(frozen=True, slots=True)
class LeftOverRow:
    """An item of an activity that ended, or made of such, that is still there.

    days_since: whole days since it ended. high_pathogenic: of such alone the law asks what becomes of it; None: not
    known. due: when the term for that is over; None: no term is known, or none is asked.
    """

    item: ItemId
    activity_at: SiteId
    project: str
    ended: datetime
    days_since: int
    holder: PartyId | None
    site: SiteId | None
    place: str | None
    high_pathogenic: bool | None
    due: datetime | None
    overdue: bool | None
    why: Why


def left_of_activities(asked: Asked) -> tuple[LeftOverRow, ...]:
    """Return what is left of activities that ended."""
    owed = asked.standing("destroy-or-deposit")
    told = asked.record.of_kinds("activity.ended/1")
    ends = {(one.said.body.site, one.said.body.project): one for one in told}
    return tuple(
        LeftOverRow(
            item=one.where.item,
            activity_at=one.activity[0],
            project=one.activity[1],
            ended=one.ended_at,
            days_since=(asked.at - one.ended_at).days,
            holder=one.where.holder,
            site=one.where.site,
            place=one.where.place,
            high_pathogenic=one.dangerous,
            due=one.due,
            overdue=one.overdue,
            why=by_duty(owed[Tag(one.where.item)], asked)
            if Tag(one.where.item) in owed
            else on_record(ends[one.activity], closed_by=("item.destroyed/1",)),
        )
        for one in left_over(asked.counting, asked.editions, asked.at)
    )
