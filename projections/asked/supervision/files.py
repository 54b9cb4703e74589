"""Answers about enterprises: what is in the file of one, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.ids import PartyId, Tag
from projections.asked.question import KindName, Why
from projections.asked.reasons import by_duty, by_rule, on_record, period_of
from projections.questions.supervision.compliance import Sort, compliance

if TYPE_CHECKING:
    from ledger.domain.duties.obligation import Obligation
    from projections.asked.question import Asked
    from projections.questions.supervision.compliance import FileRow as Filed


@dataclass(frozen=True, slots=True)
class FileRow:
    """A line of an enterprise's file: a statement, or what it did late or not.

    sort: what it is. broken: the rules that its signers were told they break. documents: digests (SHA-256) of what it
    names; leaf: the hash of its entry in the log, where entries are at hand.
    """

    sort: Sort
    kind: KindName | None
    at: datetime
    stated_by: PartyId | None
    about: Tag | None
    broken: tuple[str, ...]
    documents: tuple[str, ...]
    leaf: str | None
    why: Why


def file_of(asked: Asked) -> tuple[FileRow, ...]:
    """Return the file of an enterprise for a period of local days."""
    party = PartyId(str(asked.subject))
    found = compliance(asked.counting, party, period_of(asked), asked.editions, asked.leaves, owing=asked.owing)
    rows = [
        *(_stated(asked, one) for one in found.rows),
        *(_owed(asked, one, Sort.LATE) for one in found.late),
        *(_owed(asked, one, Sort.MISSED) for one in found.missed),
    ]
    return tuple(sorted(rows, key=lambda row: (row.at, row.why.position or 0, row.sort)))


def _stated(asked: Asked, one: Filed) -> FileRow:
    event = asked.by_statement.get(one.statement)
    return FileRow(
        sort=one.sort,
        kind=KindName(one.kind),
        at=one.at,
        stated_by=one.by,
        about=None,
        broken=tuple(breach.rule for breach in one.breaches),
        documents=one.documents,
        leaf=one.leaf,
        why=by_rule(one.breaches[0].rule, event, asked) if one.breaches else on_record(event),
    )


def _owed(asked: Asked, one: Obligation, sort: Sort) -> FileRow:
    return FileRow(
        sort=sort,
        kind=None,
        at=one.due or one.opened.at,
        stated_by=None,
        about=one.subject,
        broken=(),
        documents=(),
        leaf=None,
        why=by_duty(one, asked),
    )
