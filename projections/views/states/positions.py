"""Storage positions: what stands where in which store. An item that stands in none has no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Item
    from projections.views.view import Row, Whence


def row(item: Item, _: Whence) -> Row | None:
    """Return the row of an item. kept: the storage condition of its position, where one is stated."""
    if item.site is None or item.place is None:
        return None
    return item.id, item.site, item.place, sort_key(item.place), item.label, item.kept, item.checked_out


POSITIONS = View(
    name="position",
    of="item",
    columns=("item", "site", "place", "place_key", "label", "kept", "checked_out"),
    key=1,
    state=row,
)
