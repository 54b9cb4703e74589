"""Permits: every permission beside the approval form, with who holds it, how it stands and what stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.permit import Permit
    from projections.views.view import Row, Whence


def row(one: Permit, _: Whence) -> Row:
    """Return the row of a permit."""
    return (
        one.id,
        one.number,
        None if one.scheme is None else one.scheme.value,
        one.status.value,
        one.holder,
        one.issuer,
        one.valid_from,
        one.valid_to,
        tuple(sorted(one.approvals)),
        tuple(sorted(one.permits)),
        len(one.items),
        sort_key(one.number or one.id),
    )


PERMITS = View(
    name="permit",
    of="permit",
    columns=(
        *("permit", "number", "scheme", "status", "holder", "issuer", "valid_from", "valid_to"),
        *("approvals", "permits", "items", "sort_key"),
    ),
    key=1,
    state=row,
)
