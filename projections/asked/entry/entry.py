"""Answers about what enters under approvals, as rows of cells: declarations, write-offs, and by which rules judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.domain.bodies.vocabulary import Grade
from ledger.domain.border.entry import GRADE_SINGLE_USE, WITHIN_APPROVED
from ledger.domain.states.border import ApprovalStatus
from ledger.domain.window import ENTRY_STANDING, ENTRY_VALID
from ledger.ids import ApprovalId, ConsignmentId, PartyId, StatementId, Tag
from projections.asked.question import Amount, Why
from projections.asked.reasons import amount, by_duty, by_rule, on_record
from projections.questions.entry.declared import uncovered
from projections.questions.entry.undeclared import DUTY, undeclared
from projections.questions.entry.write_offs import written_off_again
from projections.questions.records.judged_by import rejudged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.quantity import Quantity
    from projections.asked.question import Asked
    from projections.questions.entry.declared import UncoveredRow as Uncovered
    from projections.questions.records.judged_by import RejudgedRow


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
            over=None if over is None else amount(Fraction(over.value)),
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
    it; added, no_longer: the rules whose breach it would have besides, and no more; None: refused, or not compared.
    compared: both editions are here.
    """

    statement: StatementId
    rules: str
    today: str
    refused: str | None
    added: tuple[str, ...] | None
    no_longer: tuple[str, ...] | None
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
            added=_rules(one, one.added),
            no_longer=_rules(one, one.gone),
            compared=one.known,
            why=on_record(asked.by_statement.get(one.judged.statement)),
        )
        for one in rejudged(asked.counting, ApprovalId(str(asked.subject)), today, asked.packs)
    )


def _rules(one: RejudgedRow, breaches: Iterable[Breach]) -> tuple[str, ...] | None:
    return tuple(breach.rule for breach in breaches) if one.known and one.refused is None else None
