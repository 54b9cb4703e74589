"""Which approvals of single use were written off more than once.

"Single-use (grade A) approvals written off more than once." What a grade allows is asked of the edition that judged
each release, with the grade that the approval then had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.vocabulary import WriteOff
from ledger.domain.states.border import Approval
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.bodies.vocabulary import Grade
    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.ids import ApprovalId, ConsignmentId, StatementId, Tag

KIND: Final = "consignment.released/1"


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """A release that wrote something off from an approval.

    grade: the approval's then. single: whether one use was allowed then, by the approval itself or by its grade; None:
        itself it allows batches, and the edition that judged is not at hand to ask about the grade.
    """

    statement: StatementId
    consignment: ConsignmentId
    at: datetime
    grade: Grade | None
    single: bool | None


@dataclass(frozen=True, slots=True)
class RepeatedRow:
    """An approval of single use that was written off more than once. write_offs: all, in their order."""

    approval: ApprovalId
    number: str
    write_offs: tuple[WrittenOff, ...]


def written_off_again(events: Iterable[Event[Any]], editions: Editions) -> tuple[RepeatedRow, ...]:
    """Return the approvals that allowed one use, or may have, and were written off more than once, by ascending id."""
    record, rows = Record(events), []
    for tag in record.of_type("approval"):
        approval, releases = record.world.subjects[tag], tuple(_releases(record, tag, editions))
        if isinstance(approval, Approval) and len(releases) > 1 and any(one.single is not False for one in releases):
            rows.append(RepeatedRow(approval.id, approval.number, releases))
    return tuple(rows)


def _releases(record: Record, tag: Tag, editions: Editions) -> Iterator[WrittenOff]:
    for event, before, _ in record.steps(tag):
        if isinstance(before, Approval) and is_write_off(event, before):
            single, said = _single(before, event, editions), event.said
            yield WrittenOff(said.id, said.body.consignment, said.occurred_at, before.grade, single)


def is_write_off(event: Event[Any], approval: Approval) -> bool:
    """Say whether an event is a release that writes something off from an approval."""
    return event.said.kind == KIND and any(line.approval == approval.id for line in event.said.body.lines)


def _single(approval: Approval, event: Event[Any], editions: Editions) -> bool | None:
    if approval.write_off is WriteOff.SINGLE:
        return True
    if approval.grade is None:
        return False
    rules = editions.by_name(event.rules)
    mode = None if rules is None else rules.write_off_mode.get(approval.grade)
    return None if rules is None else mode is not None and mode.value is WriteOff.SINGLE
