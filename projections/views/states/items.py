"""Items: what each is now, where it is, who has it, what is left of it, and what it is held for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.on_hand import whereabouts
from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Item
    from projections.views.view import Row, Whence


def row(item: Item, whence: Whence) -> Row:
    """Return the row of an item."""
    left, descent, how = item.quantity, whence(item.id), whereabouts(item)
    return (
        item.id,
        item.label,
        item.status.value,
        None if left is None else left.value,
        None if left is None else left.unit,
        item.place,
        item.site,
        item.custodian,
        None if how is None else how.value,
        None if item.handover is None else item.handover.receiver,
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
        "whereabouts",
        "receiver",
        "consignments",
        "approvals",
        "holds",
        "sort_key",
    ),
    key=1,
    state=row,
)
