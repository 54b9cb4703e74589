"""Corrections: what was taken back or said again, by which statement and for which reason.

Of a statement and not of a subject's steps, in which it takes the place of what it corrects: the runner puts these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.domain.fold import VOIDED, rewritten
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from projections.views.view import Row


def row(event: Event[Any]) -> Row:
    """Return the row of a statement that corrects or voids another. persons: who signed it, with their parties."""
    said = event.said
    voided = said.kind == VOIDED
    persons = tuple(sorted(f"{party} {person}" for party, person in said.persons))
    reason = said.body.ground if voided else said.reason
    return (said.id, event.position, event.recorded, rewritten(said), voided, persons, reason)


CORRECTIONS = View(
    name="correction",
    of="",
    columns=("statement", "position", "recorded", "of_statement", "voided", "persons", "reason"),
    key=1,
)
