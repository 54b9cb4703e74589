"""Items: what each is now, where it is, who has it, what is left of it, and what it is held for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Item
    from projections.views.view import Row, Whence


def row(item: Item, whence: Whence) -> Row:
    """Return the row of an item."""
    left, descent = item.quantity, whence(item.id)
    return (
        item.id,
        item.label,
        item.status.value,
        None if left is None else left.value,
        None if left is None else left.unit,
        item.place,
        item.site,
        item.custodian,
        descent.consignments,
        descent.approvals,
        tuple(sorted(item.holds)),
        sort_key(item.label or item.id),
    )


ITEMS = View(
    name="item",
    of="item",
    columns=(
        "item",
        "label",
        "status",
        "amount",
        "unit",
        "place",
        "site",
        "custodian",
        "consignments",
        "approvals",
        "holds",
        "sort_key",
    ),
    key=1,
    state=row,
)
