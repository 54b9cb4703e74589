"""The balance of an approval's lines: what is declared is reserved, what is released is committed.

On every line committed + reserved <= approved, in the approved unit. Units of its dimension count by their definition,
exactly; amounts of another dimension by the factor that somebody signed (``approval.conversion-stated``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.bodies.vocabulary import Amount, ApprovalRef, Body, LineNo
from ledger.domain.judging import World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.work.portions import check_some
from ledger.quantity import Quantity, alike, base_of, is_written

if TYPE_CHECKING:
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.border import Approval, Line
    from ledger.ids import ApprovalId, ConsignmentId

# Bodies


class LineQuantity(Body, frozen=True):
    """An amount on one line of an approval, in a unit of the approved dimension or of one with a stated conversion."""

    approval: ApprovalRef
    line: LineNo
    quantity: Amount


LineQuantities = Annotated[
    tuple[LineQuantity, ...], Meta(min_length=1, max_length=400, description="At least one line.")
]

# Rules

LINE_KNOWN = Rule("BAL-01", "An amount names an approval that is recorded, and a line that it has.", Answer.REFUSAL)
LINE_ONCE = Rule("BAL-02", "A statement names each line of an approval once.", Answer.REFUSAL)
CONVERTIBLE = Rule(
    "BAL-03",
    "An amount is of the approved unit's dimension, or of one whose conversion somebody has signed.",
    Answer.REFUSAL,
)
EXACT = Rule("BAL-04", "A converted amount has at most nine digits after the point.", Answer.REFUSAL)

RULES = (LINE_KNOWN, LINE_ONCE, CONVERTIBLE, EXACT)

# Judging amounts


def approved_line(world: World, approval: ApprovalId, number: int) -> Line:
    """Return a line of an approval. Raises Refused: BAL-01."""
    line = world.approval(approval).lines.get(number)
    if line is None:
        raise LINE_KNOWN.refuse(f"{approval} has no line {number} on record")
    return line


def approved_amounts(
    world: World, lines: Iterable[LineQuantity], rules: RulePack
) -> Mapping[tuple[ApprovalId, int], Quantity]:
    """Return what a statement says of each line, in the approved units and in the statement's order.

    Raises Refused: BAL-01 to BAL-04; PRT-04 for nothing; UNI-01, UNI-02 for a unit that is not permitted or a
    fraction of what is counted.
    """
    amounts: dict[tuple[ApprovalId, int], Quantity] = {}
    for stated in lines:
        if (stated.approval, stated.line) in amounts:
            raise LINE_ONCE.refuse(f"{stated.approval} line {stated.line} is named twice")
        line = approved_line(world, stated.approval, stated.line)
        amounts[stated.approval, stated.line] = _approved_amount(line, stated.quantity.quantity, rules)
    return amounts


def _approved_amount(line: Line, quantity: Quantity, rules: RulePack) -> Quantity:
    rules.units.check(quantity)
    check_some(quantity)
    value = line.counted(quantity)
    if value is None:
        raise CONVERTIBLE.refuse(f"nobody has stated how many {line.approved.unit} one {quantity.unit} is")
    exact = Quantity(value, line.approved.unit)
    if not is_written(value):
        raise EXACT.refuse(f"{quantity} is {exact}")
    rules.units.check(exact)
    return exact


def available(line: Line, consignment: ConsignmentId) -> Decimal:
    """Return how much one consignment may have declared in all: the approved amount less what others hold of it."""
    own = line.reserved.get(consignment, Decimal(0)) + line.committed.get(consignment, Decimal(0))
    return line.approved.value - line.reserved_total - line.committed_total + own


def users(approval: Approval) -> frozenset[ConsignmentId]:
    """Return the consignments that have reserved or committed something under an approval."""
    return frozenset(user for line in approval.lines.values() for user in (*line.reserved, *line.committed))


def used_by_others(approval: Approval, consignment: ConsignmentId) -> frozenset[ConsignmentId]:
    """Return the other consignments that have reserved or committed something under an approval."""
    return users(approval) - {consignment}


def is_written_off(approval: Approval) -> bool:
    """Say whether a release has written off something on any line of an approval."""
    return any(len(line.committed) for line in approval.lines.values())


# Effects on a line. Each is total: whatever the events before, there is a line.


def with_amounts(
    approval: Approval, stated: Iterable[LineQuantity], change: Callable[[Line, Decimal], Line]
) -> Approval:
    """Return an approval after some of its lines have changed by stated amounts; lines of others are passed over."""
    lines = approval.lines
    for one in stated:
        line = lines.get(one.line) if one.approval == approval.id else None
        if line is not None:
            amount = line.counted(one.quantity.quantity)
            line = _counted(line, one.quantity.unit)
            lines = lines.insert(one.line, line if amount is None else change(line, amount))
    return replace(approval, lines=lines)


def reserved(line: Line, consignment: ConsignmentId, amount: Decimal) -> Line:
    """Return a line on which a consignment's declaration has set an amount aside, in place of any earlier one."""
    before = line.reserved.get(consignment, Decimal(0))
    return replace(
        line,
        declared=line.declared.insert(consignment, amount),
        reserved=line.reserved.insert(consignment, amount),
        reserved_total=line.reserved_total - before + amount,
    )


def committed(line: Line, consignment: ConsignmentId, amount: Decimal) -> Line:
    """Return a line on which a release has written off an amount, first from what the consignment had reserved."""
    line = freed(line, consignment, amount)
    before = line.committed.get(consignment, Decimal(0))
    return replace(
        line,
        committed=line.committed.insert(consignment, before + amount),
        committed_total=line.committed_total + amount,
    )


def freed(line: Line, consignment: ConsignmentId, amount: Decimal) -> Line:
    """Return a line with less reserved for a consignment; of nothing left, the reservation is gone."""
    before = line.reserved.get(consignment, Decimal(0))
    after = max(before - amount, Decimal(0))
    return replace(
        line,
        reserved=line.reserved.insert(consignment, after) if after else line.reserved.discard(consignment),
        reserved_total=line.reserved_total - before + after,
    )


def lapsed(approval: Approval) -> Approval:
    """Return an approval of single use after its one write-off: nothing stays reserved and nothing can be declared."""
    spent = {
        number: replace(line, reserved=HashTrieMap(), reserved_total=Decimal(0), lapsed=True)
        for number, line in approval.lines.items()
    }
    return replace(approval, lines=HashTrieMap(spent))


def _counted(line: Line, unit: str) -> Line:
    return line if alike(unit, line.approved.unit) else replace(line, converted=line.converted | {base_of(unit)})
