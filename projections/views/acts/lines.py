"""Approval lines: what each approval allows, what of it is declared and written off, and what is left to declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.quantity import format_decimal
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.states.border import Approval
    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield the lines of an approval that an event changes, as they are after it."""
    before: Approval = step.before
    after: Approval = step.after
    for number, line in after.lines.items():
        if line is before.lines.get(number):
            continue  # an approval of a thousand lines is declared line by line
        yield (
            after.id,
            number,
            line.product,
            line.approved.unit,
            line.approved.value,
            line.reserved_total,
            line.committed_total,
            line.remaining.value,
            line.lapsed,
            tuple(sorted(f"{base} {format_decimal(factor)}" for base, factor in line.factors.items())),
        )


LINES = View(
    name="line",
    of="approval",
    columns=(
        "approval",
        "line",
        "product",
        "unit",
        "approved",
        "reserved",
        "entered",
        "remaining",
        "lapsed",
        "factors",
    ),
    key=2,
    steps=rows,
)
