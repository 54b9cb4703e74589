"""Answers about approvals and what enters under them, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.domain.border.entry import GRADE_SINGLE_USE, WITHIN_APPROVED
from ledger.domain.border_state import ApprovalStatus
from ledger.domain.vocabulary import Grade
from ledger.domain.window import ENTRY_STANDING, ENTRY_VALID
from ledger.ids import ApprovalId, ConsignmentId, ItemId, PartyId, StatementId, Tag
from projections.asked.question import Amount, Why
from projections.asked.reasons import amount, begun_by, by_duty, by_rule, on_record
from projections.balance import Flow, mass_balance
from projections.questions.entry.balances import open_lines
from projections.questions.entry.declared import uncovered
from projections.questions.entry.remaining import remaining
from projections.questions.entry.undeclared import DUTY, undeclared
from projections.questions.entry.write_offs import written_off_again
from projections.questions.records.judged_by import rejudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.quantity import Quantity
    from projections.asked.question import Asked
    from projections.balance import LineBalance
    from projections.questions.entry.declared import UncoveredRow as Uncovered

_EXPLAINS: Final = ("discrepancy.recorded/1", "loss.reported/1", "stock.counted/1")
"""The kinds by which a line comes to close again."""


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A line of an approval in one unit: what came in under it, and what became of it.

    difference: what was written off less what was listed; None: the line is of another unit and nobody signed how many
    of one are one of the other.
    """

    line: int
    product: str
    unit: str
    approved: Amount | None
    written_off: Amount | None
    listed: Amount
    on_hand: Amount
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
    return tuple(_balance(one, why) for one in mass_balance(asked.counting) if Tag(one.approval) == asked.subject)


def _balance(one: LineBalance, why: Why) -> BalanceRow:
    return BalanceRow(
        line=one.line,
        product=one.product,
        unit=one.unit,
        approved=amount(one.approved),
        written_off=amount(one.written_off),
        on_hand=_known(one.on_hand),
        difference=amount(one.difference),
        why=why,
        **{flow.name.lower(): _known(one.flows[flow]) for flow in Flow},
    )


def _known(value: Fraction) -> Amount:
    return Amount(str(amount(value)))


@dataclass(frozen=True, slots=True)
class OpenLineRow:
    """A line that does not close, or of which nobody can say that it does.

    difference: what was written off less what was listed. unexplained: what is missing or was counted away, less what
    was counted besides. closes: False: it does not; None: nobody can say. unmeasured: the items of no known quantity.
    """

    approval: ApprovalId
    line: int
    product: str | None
    unit: str | None
    difference: Amount | None
    unexplained: Amount | None
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
            closes=one.closes,
            unmeasured=one.unmeasured,
            why=by_rule("RCP-07", begun_by(asked, Tag(one.approval)), asked, closed_by=_EXPLAINS),
        )
        for one in open_lines(asked.counting)
    )


@dataclass(frozen=True, slots=True)
class LateDeclarationRow:
    """A consignment whose declaration at destination is late, or was. declared: when after all; None: it is not."""

    consignment: ConsignmentId
    owed_by: PartyId | None
    released: datetime
    due: datetime
    declared: datetime | None
    days_late: int
    item_count: int
    why: Why


def late_declarations(asked: Asked) -> tuple[LateDeclarationRow, ...]:
    """Return the consignments that are or were declared late at destination."""
    owed = {one.subject: one for one in asked.owed(DUTY)}
    return tuple(
        LateDeclarationRow(
            consignment=one.consignment,
            owed_by=one.by,
            released=one.released_at,
            due=one.due,
            declared=one.declared_at,
            days_late=one.days_late,
            item_count=len(one.items),
            why=by_duty(owed[Tag(one.consignment)], asked),
        )
        for one in undeclared(asked.counting, asked.editions, asked.at)
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


@dataclass(frozen=True, slots=True)
class UncoveredRow:
    """A declaration that its approval did not cover; of each line that it went beyond a row.

    line, over, unit: how much more of which line; None: the quantity is not what is wrong.
    outside: its day is not within the validity. status: what the approval was at the end of that day.
    """

    consignment: ConsignmentId
    approval: ApprovalId
    declared_on: date
    line: int | None
    over: Amount | None
    unit: str | None
    outside: bool
    status: ApprovalStatus
    acknowledged: tuple[str, ...]
    why: Why


def not_covered(asked: Asked) -> tuple[UncoveredRow, ...]:
    """Return the declarations that their approvals did not cover."""
    return tuple(row for one in uncovered(asked.counting, asked.calendar) for row in _uncovered(one, asked))


def _uncovered(one: Uncovered, asked: Asked) -> Iterator[UncoveredRow]:
    event = asked.by_statement.get(one.statement)
    rule = WITHIN_APPROVED if one.beyond else ENTRY_VALID if one.outside else ENTRY_STANDING
    beyond: list[tuple[int | None, Quantity | None]] = [(line.line, line.by) for line in one.beyond]
    for line, over in beyond or [(None, None)]:
        yield UncoveredRow(
            consignment=one.consignment,
            approval=one.approval,
            declared_on=one.declared_on,
            line=line,
            over=None if over is None else _known(Fraction(over.value)),
            unit=None if over is None else over.unit,
            outside=one.outside,
            status=one.status,
            acknowledged=one.told,
            why=by_rule(rule.id, event, asked, closed_by=("approval.amended/1",)),
        )


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """A write-off from an approval that allowed one use, or may have, and was written off more than once.

    single: whether one use was allowed then; None: the edition that judged is not at hand to ask about the grade.
    """

    approval: ApprovalId
    consignment: ConsignmentId
    released: datetime
    grade: Grade | None
    single: bool | None
    why: Why


def write_offs(asked: Asked) -> tuple[WriteOffRow, ...]:
    """Return the write-offs of approvals of single use that were written off more than once."""
    return tuple(
        WriteOffRow(
            approval=row.approval,
            consignment=one.consignment,
            released=one.at,
            grade=one.grade,
            single=one.single,
            why=by_rule(
                GRADE_SINGLE_USE.id,
                asked.by_statement.get(one.statement),
                asked,
                given=None if one.grade is None else {"grade": one.grade.value},
            ),
        )
        for row in written_off_again(asked.counting, asked.editions)
        for one in row.write_offs
    )


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A statement that establishes, limits or ends an approval, by which edition it was judged, and what would be now.

    rules: that edition. today: the one in force at the instant asked for. refused: the rule by which that would refuse
    it; added, gone: the rules whose breach it would have besides, and no more. compared: both editions are here.
    """

    statement: StatementId
    rules: str
    today: str
    refused: str | None
    added: tuple[str, ...]
    gone: tuple[str, ...]
    compared: bool
    why: Why


def judged(asked: Asked) -> tuple[JudgedRow, ...]:
    """Return by which edition an approval was judged, and what would be otherwise by today's."""
    today = asked.packs.at_instant(asked.jurisdiction, asked.at)
    return tuple(
        JudgedRow(
            statement=one.judged.statement,
            rules=one.judged.rules.partition(" ")[0],
            today=today.id,
            refused=one.refused,
            added=tuple(breach.rule for breach in one.added),
            gone=tuple(breach.rule for breach in one.gone),
            compared=one.known,
            why=on_record(asked.by_statement.get(one.judged.statement)),
        )
        for one in rejudged(asked.counting, ApprovalId(str(asked.subject)), today, asked.packs)
    )
