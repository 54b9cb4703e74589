"""Consignments: how far each has come at the border, who has to do with it, and what of it was received or missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.border import Consignment
    from projections.views.view import Row, Whence


def row(one: Consignment, _: Whence) -> Row:
    """Return the row of a consignment."""
    return (
        one.id,
        one.status.value,
        one.route,
        one.applicant,
        one.consignee,
        one.destination,
        tuple(sorted(one.connected)),
        tuple(sorted({approval for approval, _ in one.lines})),
        len(one.items),
        len(one.released_items),
        len(one.received_items) - len(one.missing_items),
        len(one.missing_items),
        one.announced_at,
        one.arrived_on,
        one.declared_on,
        one.released_on,
        tuple(sorted(one.holds)),
    )


CONSIGNMENTS = View(
    name="consignment",
    of="consignment",
    columns=(
        "consignment",
        "status",
        "route",
        "applicant",
        "consignee",
        "destination",
        "connected",
        "approvals",
        "items",
        "released",
        "received",
        "missing",
        "announced_at",
        "arrived_on",
        "declared_on",
        "released_on",
        "holds",
    ),
    key=1,
    state=row,
)
