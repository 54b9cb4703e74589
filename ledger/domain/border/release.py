"""The release of a consignment: its items may move on, and its amounts are written off from the approval for good.

A consignment may be released in parts. An approval of single use is written off by one statement; what it leaves of
the approved amount lapses. Items that were held back then follow without a further write-off.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.balance import (
    LineQuantity,
    approved_amounts,
    committed,
    is_written_off,
    lapsed,
    with_amounts,
)
from ledger.domain.authorisation.certificates import uncertified
from ledger.domain.bodies.vocabulary import Body, ConsignmentRef, Grade, Items, Number, Reference, WriteOff
from ledger.domain.border.consignments import Route, advanced, announced, check_items, check_lines
from ledger.domain.border.entry import CONNECTED, approvals_of
from ledger.domain.border.inspection import InspectionResult, held_at_border
from ledger.domain.codes import Condition
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, EntryDate, RulePack
from ledger.domain.shares import over_share
from ledger.domain.states.border import Approval, Consignment, ConsignmentStatus
from ledger.domain.states.subjects import Item
from ledger.domain.window import entry_breaches
from ledger.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ledger.breach import Breach, Value
    from ledger.domain.law.rules import Parameter
    from ledger.ids import ApprovalId

# Body


class ConsignmentReleased(Body, frozen=True):
    """Customs release items of a consignment and write the amounts off from their approvals.

    lines: what is written off now; empty for items whose amount an earlier release has written off.
    conditions: what the release asks for.
    """

    consignment: ConsignmentRef
    items: Items
    release_number: Number
    lines: Annotated[tuple[LineQuantity, ...], Meta(max_length=400)] = ()
    conditions: Annotated[tuple[Condition, ...], Meta(max_length=20)] = ()
    reference: Reference | None = None


# Rules

_NOT_INSPECTED: Final = "not-inspected"

DECLARED_FIRST = Rule("BOR-30", "Only declared goods are released.", Answer.REFUSAL)
NOT_HELD = Rule("BOR-31", "What officers hold, or have ordered away, is not released.", Answer.REFUSAL)
RELEASED_ONCE = Rule("BOR-32", "Items of the consignment are released, each once.", Answer.REFUSAL)
WRITTEN_OFF = Rule(
    "BOR-33", "An item is released only when an amount of its approval line is or was written off.", Answer.REFUSAL
)
WITHIN_APPROVED = Rule(
    "BOR-34", "No more is written off than the approval line has for the consignment.", Answer.REFUSAL
)
ONE_WRITE_OFF = Rule(
    "BOR-35",
    "An approval of single use is written off once; the rest lapses.",
    Answer.REFUSAL,
    "269/2015 annex 1",
    Confidence.V,
)
PASSED = Rule(
    "BOR-36",
    "Goods are released after a passed inspection, or without one where not every lot is inspected.",
    Answer.BREACH,
    "FHQ Law Art. 22",
    Confidence.V,
    ("grade", "result", "route"),
    lambda pack, given: _rate(pack, given) if given["result"] == _NOT_INSPECTED else None,
)
AS_DECLARED = Rule(
    "BOR-37",
    "No more is released than was declared.",
    Answer.BREACH,
    "Order 160 Art. 22",
    Confidence.M,
    ("amount", "approval", "declared", "line"),
)

RULES = (
    DECLARED_FIRST,
    NOT_HELD,
    RELEASED_ONCE,
    WRITTEN_OFF,
    WITHIN_APPROVED,
    ONE_WRITE_OFF,
    PASSED,
    AS_DECLARED,
)

# Judge


def judge_consignment_released(world: World, said: Signed[ConsignmentReleased], rules: RulePack) -> Iterator[Breach]:
    """Judge a release.

    Raises Refused: CON-10, CON-21, BOR-30, BOR-32, BOR-31; BAL-01 to BAL-04, UNI-01 and UNI-02 for the amounts; CON-13,
    BOR-33, BOR-35, BOR-34.
    Returns APR-30 and APR-31 if this date counts, BOR-36, BOR-37, SHA-04; of goods that leave the country PMT-24.
    """
    body = said.body
    consignment = announced(world, body.consignment)
    check_connected(said, consignment.connected, CONNECTED, consignment.id)
    if consignment.declared_on is None and not consignment.certified:
        raise DECLARED_FIRST.refuse(f"{consignment.id} is not declared")
    _check_items(world, consignment, body)
    written_off = approved_amounts(world, body.lines, rules)
    check_lines(consignment, written_off)
    if not consignment.certified:  # without an approval there is nothing to write off
        _check_written_off(world, body, written_off)
    for (approval, line), amount in written_off.items():
        _check_amount(world.approval(approval), line, consignment, amount.value)
    day = rules.working_days.local_date(said.occurred_at)
    yield from entry_breaches(consignment, approvals_of(world, consignment), day, EntryDate.RELEASED, rules)
    yield from _inspection_breaches(world, consignment, body, rules)
    for (approval, line), amount in written_off.items():
        declared = world.approval(approval).lines[line].reserved.get(consignment.id, Decimal(0))
        if amount.value > declared:
            yield AS_DECLARED.breach(
                (consignment.id, approval),
                approval=approval,
                line=line,
                amount=amount,
                declared=Quantity(declared, amount.unit),
            )
    for (approval, line), amount in written_off.items():
        yield from over_share(
            world.approval(approval), line, consignment.destination, amount.value, (consignment.id, *body.items)
        )
    if consignment.route == Route.EXPORT:
        yield from uncertified(world, said, body.items, rules)


def _check_items(world: World, consignment: Consignment, body: ConsignmentReleased) -> None:
    check_items(consignment, body.items, RELEASED_ONCE)
    for item in map(world.item, body.items):
        if item.released:
            raise RELEASED_ONCE.refuse(f"{item.id} is released already")
        if held_at_border(item, consignment):
            raise NOT_HELD.refuse(f"{item.id} is held")


def _check_written_off(world: World, body: ConsignmentReleased, now: Collection[tuple[ApprovalId, int]]) -> None:
    for item in map(world.item, body.items):
        line = None if item.approval is None else world.approval(item.approval).lines.get(item.line or 0)
        earlier = line is not None and body.consignment in line.committed
        if (item.approval, item.line) not in now and not earlier:
            raise WRITTEN_OFF.refuse(f"nothing of {item.approval} line {item.line} is written off for {item.id}")


def _check_amount(approval: Approval, number: int, consignment: Consignment, amount: Decimal) -> None:
    if approval.write_off is WriteOff.SINGLE and is_written_off(approval):
        raise ONE_WRITE_OFF.refuse(f"{approval.id} is written off already")
    line = approval.lines[number]
    left = line.remaining.value + line.reserved.get(consignment.id, Decimal(0))
    if amount > left:
        raise WITHIN_APPROVED.refuse(f"{approval.id} line {number} has less left than {amount} {line.approved.unit}")


def _inspection_breaches(
    world: World, consignment: Consignment, body: ConsignmentReleased, rules: RulePack
) -> Iterator[Breach]:
    if consignment.inspection == InspectionResult.PASSED:
        return
    result = consignment.inspection or _NOT_INSPECTED
    for approval in approvals_of(world, consignment):
        rate = _rate(rules, {"grade": approval.grade, "route": consignment.route})
        # Of an unknown rate the law itself holds: nothing enters without a passed inspection.
        if consignment.inspection is not None or rate is None or rate.value >= 1:
            concerned = (consignment.id, approval.id, *body.items)
            yield PASSED.breach(concerned, result=result, grade=approval.grade, route=consignment.route)


def _rate(rules: RulePack, given: Mapping[str, Value]) -> Parameter[Decimal] | None:
    """Return the least rate of inspection of a grade and a route; None where the rule pack does not say."""
    exporting = given["route"] == Route.EXPORT
    rates = rules.export_inspection_min_rate if exporting else rules.import_inspection_min_rate
    return None if given["grade"] is None else rates.get(Grade(str(given["grade"])))


# Effects


def item_released(item: Item, event: Event[ConsignmentReleased]) -> Item:
    """Return the item as released."""
    return replace(item, released=True) if item.id in event.said.body.items else item


def consignment_released(consignment: Consignment, event: Event[ConsignmentReleased]) -> Consignment:
    """Return the consignment as released; the clocks run from the first release."""
    if consignment.id != event.said.body.consignment:
        return consignment
    released_on = min(consignment.released_on or event.said.occurred_at, event.said.occurred_at)
    released_items = consignment.released_items.update(event.said.body.items)
    consignment = replace(consignment, released_on=released_on, released_items=released_items)
    return advanced(consignment, ConsignmentStatus.RELEASED)


def approval_written_off(approval: Approval, event: Event[ConsignmentReleased]) -> Approval:
    """Return the approval with the amounts written off; one of single use has nothing left."""
    body = event.said.body
    if all(line.approval != approval.id for line in body.lines):
        return approval
    changed = with_amounts(approval, body.lines, lambda line, amount: committed(line, body.consignment, amount))
    return lapsed(changed) if approval.write_off is WriteOff.SINGLE else changed
