"""Conversions: how many approved units one of another unit is, as somebody signs it, on one line of an approval."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.balance import approved_line
from ledger.domain.approval.changes import changeable
from ledger.domain.bodies.vocabulary import ApprovalRef, Body, LineNo
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.states.border import Approval
from ledger.quantity import (
    DECIMAL_PATTERN,
    UNIT_PATTERN,
    Quantity,
    alike,
    base_of,
    format_decimal,
    parse_decimal,
)
from ledger.quantity import EXACT as DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach


Unit = Annotated[str, Meta(pattern=UNIT_PATTERN, description="A unit of the reference table.", examples=["vial"])]


Factor = Annotated[str, Meta(pattern=DECIMAL_PATTERN, description="A plain decimal, more than 0.", examples=["1.5"])]

# Body


class ApprovalConversionStated(Body, frozen=True):
    """The applicant or customs state how many approved units one of another unit is, on one line.

    factor: one ``unit`` is this many of the line's approved units.
    """

    approval: ApprovalRef
    line: LineNo
    unit: Unit
    factor: Factor


# Rules

CONVERSION = Rule(
    "APR-26",
    "A conversion leads from a unit of another dimension to the approved one, by a factor of more than 0.",
    Answer.REFUSAL,
)
FACTOR_STANDS = Rule("APR-27", "A factor by which something was counted stands.", Answer.REFUSAL)

RULES = (CONVERSION, FACTOR_STANDS)

# Judge


def judge_approval_conversion_stated(
    world: World, said: Signed[ApprovalConversionStated], rules: RulePack
) -> Iterator[Breach]:
    """Judge a conversion. Raises Refused: APR-20, APR-03, BAL-01, UNI-01, APR-26, APR-27."""
    body = said.body
    changeable(world, said)
    line = approved_line(world, body.approval, body.line)
    factor = parse_decimal(body.factor)
    rules.units.check(Quantity(Decimal(0), body.unit))
    if alike(body.unit, line.approved.unit) or not factor:
        raise CONVERSION.refuse(f"1 {body.unit} is not {format_decimal(factor)} {line.approved.unit}")
    if base_of(body.unit) in line.converted:
        raise FACTOR_STANDS.refuse(f"{body.approval} line {body.line} has been counted in {body.unit} already")
    yield from ()


# Effect


def approval_conversion_stated(approval: Approval, event: Event[ApprovalConversionStated]) -> Approval:
    """Return the approval with the factor on its line."""
    body = event.said.body
    line = approval.lines.get(body.line) if approval.id == body.approval else None
    if line is None:
        return approval
    # Of one base unit: how many approved units one litre is, where the factor is stated of a millilitre.
    one = Quantity(Decimal(1), base_of(body.unit)).into(body.unit)
    factors = line.factors.insert(base_of(body.unit), DIGITS.multiply(one.value, parse_decimal(body.factor)))
    return replace(approval, lines=approval.lines.insert(body.line, replace(line, factors=factors)))
