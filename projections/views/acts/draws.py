"""Draws: what declarations and releases took from each approval, and whether it may not have been for that.

Whether an approval covered a day is told by a calendar, and whether its grade is one of single use by an edition: each
is asked for later, so a row says what could be so by any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.bodies.vocabulary import WriteOff
from projections.questions.entry.declared import KIND as DECLARED
from projections.questions.entry.declared import may_be_uncovered
from projections.questions.entry.write_offs import KIND as RELEASED
from projections.questions.entry.write_offs import is_write_off
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.states.border import Approval
    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield the row of a declaration, or of a release that writes something off.

    uncovered: whether the approval may not have covered a declaration. single: whether the approval itself allowed one
    use before a release; grade: its grade then; edition: the one that judged it.
    """
    event, before = step.event, step.before
    told = (step.tag, event.position, event.said.kind)
    if event.said.kind == DECLARED:
        after: Approval = step.after
        yield (*told, may_be_uncovered(event, after), None, None, event.rules)
    elif is_write_off(event, before):
        grade = None if before.grade is None else before.grade.value
        yield (*told, None, before.write_off is WriteOff.SINGLE, grade, event.rules)


DRAWS = View(
    name="draw",
    of="approval",
    columns=("approval", "position", "kind", "uncovered", "single", "grade", "edition"),
    key=2,
    steps=rows,
    kinds=frozenset({DECLARED, RELEASED}),
)
