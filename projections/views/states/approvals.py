"""Approvals: how each stands, who applied for it, until when it holds, and where what comes in under it may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.border import Approval
    from projections.views.view import Row, Whence


def row(one: Approval, _: Whence) -> Row:
    """Return the row of an approval."""
    return (
        one.id,
        one.number,
        one.status.value,
        one.direction,
        one.applicant,
        None if one.grade is None else one.grade.value,
        one.valid_from,
        one.valid_to,
        tuple(sorted(one.sites)),
        one.district,
        len(one.lines),
        sort_key(one.number or one.id),
    )


APPROVALS = View(
    name="approval",
    of="approval",
    columns=(
        *("approval", "number", "status", "direction", "applicant", "grade"),
        *("valid_from", "valid_to", "sites", "district", "lines", "sort_key"),
    ),
    key=1,
    state=row,
)
