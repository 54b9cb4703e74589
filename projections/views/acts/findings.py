"""Findings: what a supervision found of its unit, how far each has come, and by when it is to be corrected.

Whether one is overdue, and whose turn it is, is asked at an instant and stands in no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.states.supervision import Supervision
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.states.subjects import Case
    from ledger.domain.states.supervision import Finding
    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield each finding that an event raises or changes, as it is then: the last word on one counts."""
    before, after = _of(step.before), _of(step.after)
    if after is None:
        return
    for number, one in after.findings.items():
        if before is None or before.findings.get(number) is not one:
            yield _row(step.tag, after, one)


def _of(case: Case) -> Supervision | None:
    return case.detail if isinstance(case.detail, Supervision) else None


def _row(case: str, of: Supervision, one: Finding) -> Row:
    found = (of.unit, one.by, one.area.value, one.severity, one.status.value)
    return (case, one.number, *found, one.since, one.due, one.times, len(one.items), one.settled_at)


FINDINGS = View(
    name="finding",
    of="case",
    columns=(
        *("case", "number", "unit", "found_by", "area", "gravity", "status"),
        *("since", "due", "times", "items", "settled"),
    ),
    key=2,
    steps=rows,
)
