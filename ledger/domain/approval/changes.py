"""What becomes of an approval: amended, suspended, resumed, withdrawn; sites added.

A withdrawal changes the approval alone; that all that came in under it may no longer be used follows for whoever
judges the use, because an item's approvals are part of every judgement about it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.balance import EXACT, approved_line
from ledger.domain.approval.terms import OWN_APPROVAL, check_dates, check_sites, validity_breaches
from ledger.domain.bodies.vocabulary import Amount, ApprovalRef, Body, LineNo, Reference, SiteRef
from ledger.domain.codes import ApprovalGround, Purpose
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.shares import check_allotted
from ledger.domain.states.border import Approval, ApprovalStatus
from ledger.domain.states.history import decided
from ledger.domain.window import status_at
from ledger.quantity import (
    alike,
    format_decimal,
    is_written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach


class OrderOnWithdrawal(StrEnum):
    """What an authority orders for the goods when it withdraws their approval (Order 160 Art. 27)."""

    RETURN = "return"
    DESTROY = "destroy"
    NONE = "none"


# Bodies


class AmendedLine(Body, frozen=True):
    """A line's new approved quantity, in a unit of the dimension in which the line was approved."""

    line: LineNo
    quantity: Amount


class ApprovalAmended(Body, frozen=True):
    """An authority changes an approval; what is left out stays as it was.

    effective_on: the day that the document names, which has come. What was judged between that day and the amendment's
        entry stays judged. From its entry on the amendment holds, also for acts of earlier days that are entered late;
        its last day only for days from that one on.
    purposes: all approved uses from now on.
    """

    approval: ApprovalRef
    effective_on: date
    valid_to: date | None = None
    purposes: Annotated[tuple[Purpose, ...], Meta(max_length=50)] | None = None
    lines: Annotated[tuple[AmendedLine, ...], Meta(max_length=400)] = ()
    reference: Reference | None = None


class ApprovalSuspended(Body, frozen=True):
    """An authority suspends an approval: nothing enters under it until it is resumed."""

    approval: ApprovalRef
    ground: ApprovalGround
    reference: Reference | None = None


class ApprovalResumed(Body, frozen=True):
    """An authority lets a suspended approval hold again."""

    approval: ApprovalRef
    reference: Reference | None = None


class ApprovalWithdrawn(Body, frozen=True):
    """An authority withdraws an approval for good, for a ground such as a laboratory that does not match.

    order: what is to become of the goods; each return or destruction is then ordered by a statement of its own.
    """

    approval: ApprovalRef
    ground: ApprovalGround
    order: OrderOnWithdrawal
    reference: Reference | None = None


class ApprovalSiteAdded(Body, frozen=True):
    """An authority lets one site more keep and use what comes in under an approval.

    from_on: the day that the document names, which has come; it counts as the day of an amendment does.
    """

    approval: ApprovalRef
    site: SiteRef
    from_on: date
    reference: Reference | None = None


# Rules

CHANGEABLE = Rule("APR-20", "Only a recorded approval that is not withdrawn is changed.", Answer.REFUSAL)
AMENDED_LINE = Rule(
    "APR-21", "An amendment changes each line once and keeps the dimension in which it was approved.", Answer.REFUSAL
)
NOT_BELOW_USE = Rule(
    "APR-22", "An amendment leaves each line at least what is reserved and written off on it.", Answer.REFUSAL
)
SUSPENDABLE = Rule("APR-23", "Only a granted approval is suspended, and only a suspended one resumed.", Answer.REFUSAL)
SITE_NEW = Rule("APR-25", "A site is added to an approval once.", Answer.REFUSAL)

RULES = (CHANGEABLE, AMENDED_LINE, NOT_BELOW_USE, SUSPENDABLE, SITE_NEW)

# Judges


def judge_approval_amended(world: World, said: Signed[ApprovalAmended], rules: RulePack) -> Iterator[Breach]:
    """Judge an amendment.

    Raises Refused: APR-20, APR-03, CON-22, APR-21, APR-22, APR-04; BAL-01 an unknown line; UNI-01, UNI-02, BAL-04 for
    its quantity.
    Returns APR-10.
    """
    approval = changeable(world, said)
    check_past("effective_on", said.body.effective_on, said, rules)
    numbers = [line.line for line in said.body.lines]
    if len(set(numbers)) < len(numbers):
        raise AMENDED_LINE.refuse(f"the amendment of {approval.id} names a line twice")
    for stated in said.body.lines:
        _check_amended_line(world, approval, stated, rules)
    if said.body.valid_to is not None and approval.valid_from is not None:
        check_dates(approval.id, approval.valid_from, said.body.valid_to)
        yield from validity_breaches(approval.id, approval.grade, approval.valid_from, said.body.valid_to, rules)


def judge_approval_suspended(world: World, said: Signed[ApprovalSuspended], rules: RulePack) -> Iterator[Breach]:
    """Judge a suspension. Raises Refused: APR-20, APR-03, APR-23."""
    approval = changeable(world, said)
    if (status := status_at(approval, said.occurred_at)) is not ApprovalStatus.GRANTED:
        raise SUSPENDABLE.refuse(f"{approval.id} was {status}")
    yield from ()


def judge_approval_resumed(world: World, said: Signed[ApprovalResumed], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a suspension. Raises Refused: APR-20, APR-03, APR-23."""
    approval = changeable(world, said)
    if (status := status_at(approval, said.occurred_at)) is not ApprovalStatus.SUSPENDED:
        raise SUSPENDABLE.refuse(f"{approval.id} was {status}")
    yield from ()


def judge_approval_withdrawn(world: World, said: Signed[ApprovalWithdrawn], rules: RulePack) -> Iterator[Breach]:
    """Judge a withdrawal. Raises Refused: APR-20, APR-03."""
    changeable(world, said)
    yield from ()


def judge_approval_site_added(world: World, said: Signed[ApprovalSiteAdded], rules: RulePack) -> Iterator[Breach]:
    """Judge the addition of a site. Raises Refused: APR-20, APR-03, CON-22, APR-06, APR-25."""
    approval = changeable(world, said)
    check_past("from_on", said.body.from_on, said, rules)
    check_sites(world, (said.body.site,))
    if said.body.site in approval.sites:
        raise SITE_NEW.refuse(f"{said.body.site} is on {approval.id} already")
    yield from ()


def changeable(world: World, said: Signed[Any]) -> Approval:
    """Return the approval that a statement changes. Raises Refused: APR-20, APR-03."""
    approval = world.approval(said.body.approval)
    if not approval.known or status_at(approval, said.occurred_at) is ApprovalStatus.WITHDRAWN:
        raise CHANGEABLE.refuse(f"{approval.id} is not on record, or withdrawn")
    check_connected(said, (approval.applicant,), OWN_APPROVAL, approval.id)
    return approval


def _check_amended_line(world: World, approval: Approval, stated: AmendedLine, rules: RulePack) -> None:
    line = approved_line(world, approval.id, stated.line)
    amount = stated.quantity.quantity
    rules.units.check(amount)
    if not alike(amount.unit, line.approved.unit):
        raise AMENDED_LINE.refuse(f"{approval.id} line {stated.line} was approved in {line.approved.unit}")
    approved = amount.into(line.approved.unit)
    if not is_written(approved.value):
        raise EXACT.refuse(f"{amount} is {approved}")
    used = line.reserved_total + line.committed_total
    if approved.value < used:
        raise NOT_BELOW_USE.refuse(
            f"of {approval.id} line {stated.line}, {format_decimal(used)} is in use, not {amount}"
        )
    check_allotted(approval.id, stated.line, replace(line, approved=approved))


# Effects


def approval_amended(approval: Approval, event: Event[ApprovalAmended]) -> Approval:
    """Return the approval with what the amendment names."""
    body = event.said.body
    if approval.id != body.approval:
        return approval
    lines = approval.lines
    for stated in body.lines:
        line = lines.get(stated.line)
        if line is not None:
            amount = stated.quantity.quantity
            unit = line.approved.unit if alike(amount.unit, line.approved.unit) else amount.unit
            lines = lines.insert(stated.line, replace(line, approved=amount.into(unit)))
    purposes = approval.purposes if body.purposes is None else frozenset(body.purposes)
    ends = approval.ends if body.valid_to is None else decided(approval.ends, body.effective_on, body.valid_to)
    return replace(approval, lines=lines, purposes=purposes, ends=ends)


def approval_suspended(approval: Approval, event: Event[ApprovalSuspended]) -> Approval:
    """Return the approval as suspended."""
    return _with_status(approval, event, ApprovalStatus.SUSPENDED)


def approval_resumed(approval: Approval, event: Event[ApprovalResumed]) -> Approval:
    """Return the approval as granted again."""
    return _with_status(approval, event, ApprovalStatus.GRANTED)


def approval_withdrawn(approval: Approval, event: Event[ApprovalWithdrawn]) -> Approval:
    """Return the approval as withdrawn."""
    return _with_status(approval, event, ApprovalStatus.WITHDRAWN)


def approval_site_added(approval: Approval, event: Event[ApprovalSiteAdded]) -> Approval:
    """Return the approval with one site more."""
    if approval.id != event.said.body.approval:
        return approval
    return replace(approval, sites=approval.sites | {event.said.body.site})


def _with_status(
    approval: Approval,
    event: Event[ApprovalSuspended] | Event[ApprovalResumed] | Event[ApprovalWithdrawn],
    status: ApprovalStatus,
) -> Approval:
    if approval.id != event.said.body.approval:
        return approval
    history = decided(approval.history, event.said.occurred_at, status)
    return replace(approval, status=history[-1][1], history=history)
