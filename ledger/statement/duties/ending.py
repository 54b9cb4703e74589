"""Duties at the end: who is told of a loss, what becomes of what is left, and of its waste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.acts import LINKS
from ledger.domain.duties.duty import Duty, Hearing, Length, Owed, When, Who, names, names_own
from ledger.domain.ending.deposit import DEPOSITORY
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.incidents import ReportedTo
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, Item, ItemStatus
from ledger.domain.supervision.notices import BODIES, INSTEAD, to_be_told
from ledger.domain.work.contents import high_pathogenic
from ledger.ids import Tag
from ledger.statement.duties.items import NONE_LEFT, made_of, none_left

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Step


def _dangerous(step: Step) -> tuple[Tag, ...]:
    """Return the items that a report is about and that are high-pathogenic."""
    rules = step.rules
    if rules is None:
        return ()
    return tuple(Tag(item) for item in step.body.items if high_pathogenic(step.world, (item,), rules))


def _to_be_told(step: Step) -> Iterator[Owed]:
    """Yield a report for each body."""
    if not (items := _dangerous(step)):
        return
    for body in to_be_told(step.body):
        told = {body, INSTEAD.get(body, body)} & set(step.body.reported_to)
        yield Owed(body, items, step.event.said.party, since=step.body.discovered_at, met=bool(told))


def _is_told(step: Step, owed: Owed) -> bool:
    return step.body.body in {owed.key, INSTEAD.get(ReportedTo(owed.key))}


def _to_be_written(step: Step) -> Iterator[Owed]:
    """Yield the written report, where the law asks for one."""
    if step.rules is not None and step.rules.loss_follow_up_days is not None:
        yield Owed(
            concerns=tuple(map(Tag, step.body.items)), debtor=step.event.said.party, since=step.body.discovered_at
        )


def _told_at(step: Step) -> datetime:
    return cast("datetime", step.body.told_at)


def _is_written(step: Step, owed: Owed) -> bool:
    """Say whether it is the written report, to an authority: one to the police or to somebody else is none."""
    return bool(step.body.written) and step.body.body in BODIES - {ReportedTo.POLICE}


def _to_be_closed(step: Step) -> Iterator[Owed]:
    yield Owed(concerns=tuple(map(Tag, step.body.items)), debtor=step.event.said.party)


def _left_over(step: Step) -> Iterator[Owed]:
    """Yield what is left of an item that is named, or of one that such an item was made into since."""
    item, ended_at = cast("Item", step.after), step.event.said.occurred_at
    made_since = item.id not in step.body.items and item.made_at is not None and item.made_at >= ended_at
    if item.status in NONE_LEFT or not (made_since or item.id in step.body.items):
        return
    deposited = item.site is not None and step.world.site(item.site).use == DEPOSITORY
    dangerous = step.rules is not None and high_pathogenic(step.world, (item.id,), step.rules)
    if dangerous and not (made_since and deposited):
        yield Owed(debtor=item.custodian, concerns=(Tag(step.body.site),), since=ended_at)


def _gone_for_good(step: Step, owed: Owed) -> bool:
    """Say whether the item is destroyed, or has arrived in a depository: sending it there is not enough."""
    if step.event.said.kind == "transfer.received/1":
        return step.world.site(step.body.site).use == DEPOSITORY
    return cast("Item", step.after).status is ItemStatus.DISPOSED


def _deposited(step: Step) -> Iterator[Owed]:
    if names(step, step.tag) and step.world.site(step.body.site).use == DEPOSITORY:
        yield Owed(debtor=step.event.said.party, concerns=(Tag(step.body.site), Tag(step.body.case)))


def _waste(step: Step) -> Iterator[Owed]:
    """Yield the waste of an item that was destroyed: what is burnt leaves none."""
    before, item = cast("Item", step.before), cast("Item", step.after)
    if step.body.method is not Method.INCINERATION and before.status is not ItemStatus.DISPOSED:
        yield Owed(debtor=item.custodian, concerns=(Tag(step.body.laboratory),))


def _manifest(step: Step) -> Iterator[Owed]:
    body = step.body
    yield Owed(concerns=tuple(map(Tag, body.items)), debtor=body.contractor, creditor=step.event.said.party)


ENDING: Final[tuple[Duty, ...]] = (
    Duty(
        id="report-loss",
        says="Of a loss or a leak of high-pathogenic material each authority concerned is told within hours.",
        about=Case,
        spans=("item", "approval"),
        owed_by=Who.REPORTER,
        owed_to=Who.TOLD_AUTHORITIES,
        opens=frozenset({"loss.reported/1", "incident.reported/1"}),
        owed=_to_be_told,
        term=Length("loss_report_hours", lambda rules: rules.loss_report_hours),
        closes=When(frozenset({"incident.notified/1"}), _is_told),
        done_at=_told_at,
        missed="INC-22",
        clause="State Council Order 424 Art. 17",
    ),
    Duty(
        id="report-loss-in-writing",
        says="After the first report of a loss or a leak an authority other than the police is told in writing.",
        about=Case,
        owed_by=Who.REPORTER,
        owed_to=Who.TOLD_AUTHORITIES,
        opens=frozenset({"loss.reported/1", "incident.reported/1"}),
        owed=_to_be_written,
        term=Length("loss_follow_up_days", lambda rules: rules.loss_follow_up_days),
        closes=When(frozenset({"incident.notified/1"}), _is_written),
        done_at=_told_at,
    ),
    Duty(
        id="close-incident",
        says="A loss or an incident is investigated, and its case closed with the cause that was found.",
        about=Case,
        owed_by=Who.REPORTER,
        owed_to=Who.HEALTH_AUTHORITY,
        opens=frozenset({"loss.reported/1", "incident.reported/1"}),
        owed=_to_be_closed,
        closes=When(frozenset({"incident.closed/1"})),
        clause="State Council Order 424 Art. 17",
        confidence=Confidence.U,
    ),
    Duty(
        id="destroy-or-deposit",
        says="High-pathogenic material that is left when an activity ends is destroyed, or sent to a depository.",
        about=Item,
        spans=("item", "approval", "site"),
        hears=Hearing(frozenset({"activity.ended/1"}), made_of, "what the item was made of"),
        owed_by=Who.LABORATORY,
        owed_to=Who.HEALTH_AUTHORITY,
        opens=frozenset({"activity.ended/1"}),
        owed=_left_over,
        term=Length("destroy_or_deposit_months", lambda rules: rules.destroy_or_deposit_months),
        closes=When(
            frozenset({"item.destroyed/1", "destruction.executed/1", "waste.certified/1", "transfer.received/1"}),
            _gone_for_good,
        ),
        lapses=When(LINKS[Item], none_left),
    ),
    Duty(
        id="receipt-deposit",
        says="A depository gives a receipt for what has arrived there.",
        about=Item,
        spans=("site",),
        owed_by=Who.DEPOSITORY,
        owed_to=Who.GIVER,
        opens=frozenset({"transfer.received/1"}),
        owed=_deposited,
        closes=When(frozenset({"deposit.receipted/1"}), names_own),
        clause="State Council Order 424 Arts 14-16",
    ),
    Duty(
        id="hand-over-waste",
        says="Waste of what was destroyed goes to a contractor before its time in storage is over.",
        about=Item,
        owed_by=Who.LABORATORY,
        owed_to=Who.HEALTH_AUTHORITY,
        opens=frozenset({"item.destroyed/1"}),
        owed=_waste,
        term=Length("waste_temp_storage_days", lambda rules: rules.waste_temp_storage_days),
        closes=When(frozenset({"waste.handed-over/1"}), names_own),
        missed="WST-06",
    ),
    Duty(
        id="certify-waste",
        says="A waste contractor certifies what became of the waste of a manifest.",
        about=Case,
        owed_by=Who.CONTRACTOR,
        owed_to=Who.GIVER,
        opens=frozenset({"waste.handed-over/1"}),
        owed=_manifest,
        closes=When(frozenset({"waste.certified/1"})),
        clause="Medical Waste Regulations Art. 12",
    ),
)
