"""What becomes of a permit: changed, suspended, resumed, ended.

The end of a permit changes the permit alone. What depends on it is found by ``depends``; duties on goods that came in
while it held go on.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.authorisation.permits import (
    DATES,
    LINKED_KNOWN,
    Conditions,
    Permits,
    check_own,
    validity_breaches,
)
from ledger.domain.bodies.vocabulary import Amount, Body, LineNo, PermitRef, Reference
from ledger.domain.codes import ApprovalGround
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.history import decided
from ledger.domain.states.permit import Permit, PermitStatus
from ledger.domain.work.portions import check_some
from ledger.quantity import alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack


class PermitEnd(StrEnum):
    """Why a permit ends before its last day, or where it has none."""

    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"
    USED_UP = "used-up"
    SUPERSEDED = "superseded"
    REMOVED = "removed"
    CONSENT_WITHDRAWN = "consent-withdrawn"


# Bodies


class ChangedLine(Body, frozen=True):
    """A line's new quantity, in a unit of the dimension in which it was permitted; left out: without a limit now."""

    line: LineNo
    quantity: Amount | None = None


class PermitChanged(Body, frozen=True):
    """Who issues a permit changes it; what is left out stays as it was.

    effective_on: the day that the document names, which has come; a new last day holds for acts from that day on.
    conditions: all of them from now on.
    """

    permit: PermitRef
    effective_on: date
    valid_to: date | None = None
    conditions: Conditions | None = None
    lines: Annotated[tuple[ChangedLine, ...], Meta(max_length=400)] = ()
    reference: Reference | None = None


class PermitSuspended(Body, frozen=True):
    """Who issues a permit suspends it: nothing is done under it until it is resumed."""

    permit: PermitRef
    ground: ApprovalGround
    reference: Reference | None = None


class PermitResumed(Body, frozen=True):
    """Who issues a permit lets a suspended one hold again."""

    permit: PermitRef
    reference: Reference | None = None


class PermitEnded(Body, frozen=True):
    """A permit ends for good, on a ground: withdrawn, given up, used up, replaced, or its consent withdrawn.

    permits: those that take its place, where it is superseded.
    """

    permit: PermitRef
    ground: PermitEnd
    permits: Permits = ()
    reference: Reference | None = None


# Rules

CHANGEABLE = Rule("PMT-08", "Only a recorded permit that has not ended is changed, suspended or ended.", Answer.REFUSAL)
CHANGED_LINE = Rule(
    "PMT-09", "A change names each line once, one that there is, and keeps its dimension.", Answer.REFUSAL
)
SUSPENDABLE = Rule("PMT-10", "A permit is suspended while it holds, and resumed while it is suspended.", Answer.REFUSAL)

RULES = (CHANGEABLE, CHANGED_LINE, SUSPENDABLE)

# Judges


def judge_permit_changed(world: World, said: Signed[PermitChanged], rules: RulePack) -> Iterator[Breach]:
    """Judge a change of a permit.

    Raises Refused: PMT-08, PMT-03, CON-22, PMT-09, PMT-04; PRT-04, UNI-01, UNI-02 for quantities. Returns PMT-21.
    """
    body, permit = said.body, _changeable(world, said)
    check_past("effective_on", body.effective_on, said, rules)
    if len({one.line for one in body.lines}) < len(body.lines):
        raise CHANGED_LINE.refuse(f"the change of {permit.id} names a line twice")
    for stated in body.lines:
        _check_line(permit, stated, rules)
    if body.valid_to is None or permit.valid_from is None or permit.scheme is None:
        return
    if body.valid_to < permit.valid_from:
        raise DATES.refuse(f"{permit.id} begins on {permit.valid_from} and ends on {body.valid_to}")
    yield from validity_breaches(permit.id, permit.scheme, permit.valid_from, body.valid_to, rules)


def judge_permit_suspended(world: World, said: Signed[PermitSuspended], rules: RulePack) -> Iterator[Breach]:
    """Judge a suspension. Raises Refused: PMT-08, PMT-03, PMT-10."""
    _check_status(_changeable(world, said), said, PermitStatus.GRANTED)
    yield from ()


def judge_permit_resumed(world: World, said: Signed[PermitResumed], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a suspension. Raises Refused: PMT-08, PMT-03, PMT-10."""
    _check_status(_changeable(world, said), said, PermitStatus.SUSPENDED)
    yield from ()


def judge_permit_ended(world: World, said: Signed[PermitEnded], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a permit. Raises Refused: PMT-08, PMT-03, PMT-06."""
    permit = _changeable(world, said)
    for other in said.body.permits:
        if other == permit.id or not world.permit(other).known:
            raise LINKED_KNOWN.refuse(f"{other} is not another permit on record")
    yield from ()


_Change = PermitChanged | PermitSuspended | PermitResumed | PermitEnded


def _changeable(world: World, said: Signed[_Change]) -> Permit:
    permit = world.permit(said.body.permit)
    if not permit.known or permit.status_at(said.occurred_at) is PermitStatus.ENDED:
        raise CHANGEABLE.refuse(f"{permit.id} is not on record, or has ended")
    check_own(said, permit)
    return permit


def _check_status(permit: Permit, said: Signed[PermitSuspended] | Signed[PermitResumed], status: PermitStatus) -> None:
    if (was := permit.status_at(said.occurred_at)) is not status:
        raise SUSPENDABLE.refuse(f"{permit.id} was {was}")


def _check_line(permit: Permit, stated: ChangedLine, rules: RulePack) -> None:
    line = permit.lines.get(stated.line)
    if line is None:
        raise CHANGED_LINE.refuse(f"{permit.id} has no line {stated.line} on record")
    if stated.quantity is None:
        return
    amount = stated.quantity.quantity
    check_some(amount)
    rules.units.check(amount)
    if line.allowed is not None and not alike(amount.unit, line.allowed.unit):
        raise CHANGED_LINE.refuse(f"{permit.id} line {stated.line} was permitted in {line.allowed.unit}")


# Effects


def permit_changed(permit: Permit, event: Event[PermitChanged]) -> Permit:
    """Return the permit with what the change names."""
    body = event.said.body
    if permit.id != body.permit:
        return permit
    lines = permit.lines
    for stated in body.lines:
        if (line := lines.get(stated.line)) is not None:
            allowed = None if stated.quantity is None else stated.quantity.quantity
            lines = lines.insert(stated.line, replace(line, allowed=allowed))
    conditions = permit.conditions if body.conditions is None else frozenset(body.conditions)
    ends = permit.ends if body.valid_to is None else decided(permit.ends, body.effective_on, body.valid_to)
    return replace(permit, lines=lines, conditions=conditions, ends=ends)


def permit_suspended(permit: Permit, event: Event[PermitSuspended]) -> Permit:
    """Return the permit as suspended."""
    return _with_status(permit, event, PermitStatus.SUSPENDED)


def permit_resumed(permit: Permit, event: Event[PermitResumed]) -> Permit:
    """Return the permit as holding again."""
    return _with_status(permit, event, PermitStatus.GRANTED)


def permit_ended(permit: Permit, event: Event[PermitEnded]) -> Permit:
    """Return the permit as ended."""
    return _with_status(permit, event, PermitStatus.ENDED)


def _with_status(
    permit: Permit, event: Event[PermitSuspended] | Event[PermitResumed] | Event[PermitEnded], status: PermitStatus
) -> Permit:
    if permit.id != event.said.body.permit:
        return permit
    history = decided(permit.history, event.said.occurred_at, status)
    return replace(permit, status=history[-1][1], history=history)
