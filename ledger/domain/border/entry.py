"""A consignment at the border: it arrives, and it is declared to customs, which sets the declared amounts aside.

Either may come first. What is declared stays reserved on the approval until a release writes it off or a return
frees it.
"""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.balance import (
    LineQuantity,
    approved_amounts,
    available,
    reserved,
    used_by_others,
    with_amounts,
)
from ledger.domain.bodies.vocabulary import Body, Code, ConsignmentRef, Count, Grade, Instant, Number, SiteRef, WriteOff
from ledger.domain.border.consignments import ANNOUNCER, advanced, announced, check_lines
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, EntryDate, RulePack
from ledger.domain.states.border import Approval, Consignment, ConsignmentStatus
from ledger.domain.window import entry_breaches
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from ledger.breach import Breach
    from ledger.ids import ApprovalId
    from ledger.quantity import Quantity

HsCode = Annotated[
    str, Meta(pattern="^[0-9]{6,13}$", description="HS code with its national digits.", examples=["3002120090"])
]

# Bodies


class ConsignmentArrived(Body, frozen=True):
    """A party that the announcement names, or customs, states that the goods have reached the border.

    port, port_code: the registered site, and the customs' code of the port, where known.
    packages: how many packages were counted.
    """

    consignment: ConsignmentRef
    packages: Count
    arrived_on: Instant
    port: SiteRef | None = None
    port_code: Code | None = None


class DeclaredLine(LineQuantity, frozen=True):
    """A declared amount with its classification; the CIQ code stands beside the HS code where customs use one."""

    hs_code: HsCode | None = None
    ciq_code: Code | None = None


class ConsignmentDeclared(Body, frozen=True):
    """The applicant or its broker declares the goods to customs; the amounts are set aside on the approval.

    declared_on: the local day of the customs declaration.
    lines: in the approved unit, or in one with a stated conversion.
    """

    consignment: ConsignmentRef
    declaration_number: Number
    port_code: Code
    declared_on: date
    lines: Annotated[tuple[DeclaredLine, ...], Meta(min_length=1, max_length=400, description="At least one line.")]


# Rules

ARRIVED_ONCE = Rule("CON-20", "A consignment arrives once.", Answer.REFUSAL)
CONNECTED = Rule(
    "CON-21",
    "Of a consignment at the border speak authorities and the parties that its announcement names.",
    Answer.REFUSAL,
)
DECLARED_ONCE = Rule(
    "CON-30", "A consignment is declared once; a wrong declaration is corrected, not repeated.", Answer.REFUSAL
)
WITHIN_APPROVED = Rule(
    "CON-33",
    "No more is declared than the approval line has left.",
    Answer.REFUSAL,
    "Order 160 Art. 22",
    Confidence.M,
)
SINGLE_USE = Rule(
    "CON-34",
    "An approval of single use is declared for one consignment only.",
    Answer.REFUSAL,
    "269/2015 annex 1",
    Confidence.V,
)
GRADE_SINGLE_USE = Rule(
    "CON-35",
    "An approval whose grade allows one use serves one consignment, even where it allows batches.",
    Answer.BREACH,
    "269/2015 annex 1",
    Confidence.V,
    ("approval", "grade"),
    lambda pack, given: pack.write_off_mode.get(Grade(str(given["grade"]))),
)
AS_ANNOUNCED = Rule(
    "CON-36",
    "What is declared is what was announced.",
    Answer.BREACH,
    "Order 160 Art. 18",
    Confidence.M,
    ("announced", "approval", "declared", "line"),
)
NOT_BELOW_RELEASED = Rule("CON-37", "A corrected declaration covers at least what was released.", Answer.REFUSAL)

RULES = (
    ARRIVED_ONCE,
    CONNECTED,
    DECLARED_ONCE,
    WITHIN_APPROVED,
    SINGLE_USE,
    GRADE_SINGLE_USE,
    AS_ANNOUNCED,
    NOT_BELOW_RELEASED,
)

# Judges


def judge_consignment_arrived(world: World, said: Signed[ConsignmentArrived], rules: RulePack) -> Iterator[Breach]:
    """Judge an arrival. Raises Refused: CON-10, CON-21, CON-20, CON-22. Returns APR-30, APR-31 if this date counts."""
    body = said.body
    consignment = announced(world, body.consignment)
    check_connected(said, consignment.connected, CONNECTED, consignment.id)
    if consignment.arrived_on is not None:
        raise ARRIVED_ONCE.refuse(f"{consignment.id} arrived on {consignment.arrived_on:%Y-%m-%d}")
    check_past("arrived_on", body.arrived_on, said, rules)
    day = rules.working_days.local_date(body.arrived_on)
    yield from entry_breaches(consignment, approvals_of(world, consignment), day, EntryDate.ARRIVED, rules)


def judge_consignment_declared(world: World, said: Signed[ConsignmentDeclared], rules: RulePack) -> Iterator[Breach]:
    """Judge a customs declaration.

    Raises Refused: CON-10, CON-03, CON-30, CON-22; BAL-01 to BAL-04, UNI-01 and UNI-02 for the amounts; CON-13, CON-34,
    CON-33.
    Returns APR-30 and APR-31 if this date counts, CON-35, CON-36; each approval and line in turn.
    """
    body = said.body
    consignment = announced(world, body.consignment)
    check_connected(said, (consignment.applicant, consignment.broker), ANNOUNCER, consignment.id)
    if consignment.declared_on is not None:
        raise DECLARED_ONCE.refuse(f"{consignment.id} was declared on {consignment.declared_on}")
    check_past("declared_on", body.declared_on, said, rules)
    amounts = approved_amounts(world, body.lines, rules)
    check_lines(consignment, amounts)
    for (approval, line), amount in amounts.items():
        _check_amount(world.approval(approval), line, consignment, amount.value)
    approvals = [world.approval(one) for one in sorted({approval for approval, _ in amounts})]
    yield from entry_breaches(consignment, approvals, body.declared_on, EntryDate.DECLARED, rules)
    yield from _used_twice(approvals, consignment, rules)
    yield from _differences(world, consignment, amounts)


def approvals_of(world: World, consignment: Consignment) -> list[Approval]:
    """Return the approvals that a consignment is announced under, sorted by id."""
    return [world.approval(one) for one in sorted({approval for approval, _ in consignment.lines})]


def _check_amount(approval: Approval, number: int, consignment: Consignment, amount: Decimal) -> None:
    line = approval.lines[number]
    if approval.write_off is WriteOff.SINGLE:
        for other in sorted(used_by_others(approval, consignment.id)):
            raise SINGLE_USE.refuse(f"{approval.id} is used by {other}")
    left = available(line, consignment.id)
    if amount > left:
        raise WITHIN_APPROVED.refuse(
            f"{approval.id} line {number} has {format_decimal(left)} {line.approved.unit} left, "
            f"less than {format_decimal(amount)}"
        )


def _used_twice(approvals: list[Approval], consignment: Consignment, rules: RulePack) -> Iterator[Breach]:
    for approval in approvals:
        mode = None if approval.grade is None else rules.write_off_mode.get(approval.grade)
        if mode is not None and mode.value is WriteOff.SINGLE and used_by_others(approval, consignment.id):
            yield GRADE_SINGLE_USE.breach((approval.id, consignment.id), approval=approval.id, grade=approval.grade)


def _differences(
    world: World, consignment: Consignment, amounts: Mapping[tuple[ApprovalId, int], Quantity]
) -> Iterator[Breach]:
    for (approval, number), quantity in sorted(consignment.lines.items(), key=itemgetter(0)):
        line, declared = world.approval(approval).lines.get(number), amounts.get((approval, number))
        if declared is None or (line is not None and declared.value != line.counted(quantity)):
            yield AS_ANNOUNCED.breach(
                (approval, consignment.id), approval=approval, line=number, announced=quantity, declared=declared
            )


# Effects


def consignment_arrived(consignment: Consignment, event: Event[ConsignmentArrived]) -> Consignment:
    """Return the consignment as arrived."""
    if consignment.id != event.said.body.consignment:
        return consignment
    return advanced(replace(consignment, arrived_on=event.said.body.arrived_on), ConsignmentStatus.ARRIVED)


def consignment_declared(consignment: Consignment, event: Event[ConsignmentDeclared]) -> Consignment:
    """Return the consignment as declared."""
    if consignment.id != event.said.body.consignment:
        return consignment
    return advanced(replace(consignment, declared_on=event.said.body.declared_on), ConsignmentStatus.DECLARED)


def approval_declared(approval: Approval, event: Event[ConsignmentDeclared]) -> Approval:
    """Return the approval with the declared amounts reserved for the consignment."""
    body = event.said.body
    return with_amounts(approval, body.lines, lambda line, amount: reserved(line, body.consignment, amount))
