"""Incidents and losses: when each was found, by whom, and how far what has to follow has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.supervision.notices import response_of
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Case
    from projections.views.view import Row, Whence

MATTERS = frozenset({"loss", "incident"})


def row(case: Case, _: Whence) -> Row | None:
    """Return the row of a case that is a loss or an incident. told: the bodies that were told beside its report."""
    if case.matter not in MATTERS:
        return None
    response = response_of(case)
    told = tuple(sorted({notice.body for notice in response.notices}))
    watched = (response.watches, response.ended)
    about = (case.matter, case.status.value, case.party, case.opened_on, len(case.items))
    return (case.id, *about, told, response.investigated_at, *watched)


INCIDENTS = View(
    name="incident",
    of="case",
    columns=(
        *("case", "matter", "status", "party", "discovered_at", "items"),
        *("told", "investigated_at", "watches", "watches_ended"),
    ),
    key=1,
    state=row,
)
