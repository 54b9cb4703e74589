"""Cases: how far each matter has come, who opened it and whom it goes to, and on how many items it is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Case
    from projections.views.view import Row, Whence


def row(one: Case, _: Whence) -> Row:
    """Return the row of a case."""
    where = (one.party, one.receiver, one.site, one.consignment, one.approval)
    counts = (len(one.items), len(one.done))
    return (one.id, one.matter, one.status.value, *where, *counts, one.opened_on, one.due, one.method)


CASES = View(
    name="case",
    of="case",
    columns=(
        *("case", "matter", "status", "party", "receiver", "site", "consignment", "approval"),
        *("items", "done", "opened_on", "due", "method"),
    ),
    key=1,
    state=row,
)
