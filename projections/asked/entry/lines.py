"""Answers about the lines of approvals, as rows of cells: what came in under each, what became of it, what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.states.border import ApprovalStatus
from ledger.ids import ApprovalId, ItemId, PartyId, Tag
from projections.asked.question import Amount, Position, Why
from projections.asked.reasons import amount, begun_by, by_duty, by_rule, on_record
from projections.balance import mass_balance
from projections.booking import Flow, bookings, first_bookings
from projections.questions.entry.balances import open_lines
from projections.questions.entry.remaining import remaining

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from projections.asked.question import Asked
    from projections.balance import LineBalance
    from projections.questions.entry.balances import OpenLine

_LISTS: Final = ("item.listed/1",)
_FINDS: Final = ("item.received/1", "loss.reported/1")
_COUNTS: Final = ("stock.counted/1",)
"""The kinds by which a line comes to close again: of papers that differ, of what is missing, of what was counted away.
Whoever records or resolves a discrepancy says what is so; that brings nothing back."""


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A line of an approval in one unit: what came in under it, and what became of it.

    difference: what was written off less what was listed; None: the line is of another unit and nobody signed how many
    of one are one of the other. in_transit, in_use: of what is on hand, the rest of which is at rest; None: it is asked
    what an answer of an earlier form comes to, which tells neither.
    """

    line: int
    product: str
    unit: str
    approved: Amount | None
    written_off: Amount | None
    listed: Amount
    on_hand: Amount
    in_transit: Amount | None
    in_use: Amount | None
    used: Amount
    sampled: Amount
    sold: Amount
    disposed: Amount
    returned: Amount
    re_exported: Amount
    missing: Amount
    lost: Amount
    processed: Amount
    adjusted: Amount
    difference: Amount | None
    why: Why


def balance(asked: Asked) -> tuple[BalanceRow, ...]:
    """Return the balance of an approval, line by line."""
    why = on_record(None if asked.subject is None else begun_by(asked, asked.subject))
    lines = mass_balance(asked.counting, first_bookings if asked.earlier == 1 else bookings)
    rows = (_balance(one, why) for one in lines if Tag(one.approval) == asked.subject)
    return tuple(rows if asked.earlier is None else (replace(row, in_transit=None, in_use=None) for row in rows))


def _balance(one: LineBalance, why: Why) -> BalanceRow:
    return BalanceRow(
        line=one.line,
        product=one.product,
        unit=one.unit,
        approved=amount(one.approved),
        written_off=amount(one.written_off),
        on_hand=_known(one.on_hand),
        in_transit=_known(one.in_transit),
        in_use=_known(one.in_use),
        difference=amount(one.difference),
        why=why,
        **{flow.member: _known(one.flows[flow]) for flow in Flow},
    )


def _known(value: Fraction) -> Amount:
    return Amount(str(amount(value)))


@dataclass(frozen=True, slots=True)
class OpenLineRow:
    """A line that does not close, or of which nobody can say that it does.

    difference: what was written off less what was listed. unexplained: what is missing or was counted away, less what
    was counted besides. unexplained_by: the acts by which that is so, none of what is there again.
    closes: False: it does not; None: nobody can say. unmeasured: the items of no known quantity.
    """

    approval: ApprovalId
    line: int
    product: str | None
    unit: str | None
    difference: Amount | None
    unexplained: Amount | None
    unexplained_by: tuple[Position, ...]
    closes: bool | None
    unmeasured: tuple[ItemId, ...]
    why: Why


def lines_open(asked: Asked) -> tuple[OpenLineRow, ...]:
    """Return the lines that do not close."""
    return tuple(
        OpenLineRow(
            approval=one.approval,
            line=one.line,
            product=None if one.balance is None else one.balance.product,
            unit=None if one.balance is None else one.balance.unit,
            difference=amount(one.papers),
            unexplained=amount(one.unexplained),
            unexplained_by=tuple(map(Position, one.unexplained_by)),
            closes=one.closes,
            unmeasured=one.unmeasured,
            why=by_rule("RCP-07", _opened(one, asked), asked, closed_by=_closing(one)),
        )
        for one in open_lines(asked.counting)
    )


def _opened(line: OpenLine, asked: Asked) -> Event[Any] | None:
    """Return the first act by which it does not close; of papers that differ, and of what is unknown, the approval."""
    first = next(iter(line.unexplained_by), None)
    return begun_by(asked, Tag(line.approval)) if first is None else asked.by_position.get(first)


def _closing(line: OpenLine) -> tuple[str, ...]:
    flows = {} if line.balance is None else line.balance.flows
    return (
        *(_LISTS if line.papers else ()),
        *(_FINDS if flows.get(Flow.MISSING) else ()),
        *(_COUNTS if flows.get(Flow.ADJUSTED) or line.unmeasured else ()),
    )


@dataclass(frozen=True, slots=True)
class RemainingRow:
    """What is left of a line. days: until the approval's last; unused: nothing of it was ever set aside."""

    approval: ApprovalId
    status: ApprovalStatus
    applicant: PartyId | None
    days: int | None
    unused: bool
    line: int
    product: str
    unit: str
    approved: Amount
    reserved: Amount
    remaining: Amount
    why: Why


def left_of_approvals(asked: Asked) -> tuple[RemainingRow, ...]:
    """Return what is left of each line of each approval that has not ended."""
    owed = {one.subject: one for one in asked.owed("enter-before-approval-ends")}
    return tuple(
        RemainingRow(
            approval=one.approval,
            status=one.status,
            applicant=one.applicant,
            days=one.days,
            unused=one.unused,
            line=line.line,
            product=line.product,
            unit=line.approved.unit,
            approved=_known(Fraction(line.approved.value)),
            reserved=_known(Fraction(line.reserved.value)),
            remaining=_known(Fraction(line.remaining.value)),
            why=by_duty(owed[Tag(one.approval)], asked)
            if Tag(one.approval) in owed
            else on_record(begun_by(asked, Tag(one.approval))),
        )
        for one in remaining(asked.counting, asked.day)
        for line in one.lines
    )
