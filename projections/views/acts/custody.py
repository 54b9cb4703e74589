"""Custody: from which act on an item was in whose hands and where. A row ends where the next one of its item begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Item
    from projections.views.view import Row, Step


def rows(step: Step) -> tuple[Row, ...]:
    """Return the row of an item that an event puts into other hands or another place, or another state; else none."""
    before, after = step.before, step.after
    if not after.known or (before.known and _is_there(after, before)):
        return ()
    at = (step.event.position, step.event.said.occurred_at)
    return ((after.id, *at, not before.known, after.custodian, after.site, after.place, after.status.value),)


def _is_there(item: Item, before: Item) -> bool:
    return (
        item.place == before.place
        and item.site == before.site
        and item.status is before.status
        and item.custodian == before.custodian
    )


CUSTODY = View(
    name="custody",
    of="item",
    columns=("item", "position", "since", "beginning", "custodian", "site", "place", "status"),
    key=2,
    steps=rows,
)
