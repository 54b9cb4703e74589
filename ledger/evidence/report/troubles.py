"""What went wrong with a bundle's subject, by its own events and by what was decided on what it came in under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.custody.carriage import TemperatureRecorded, left_range
from ledger.evidence.report.standing import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.judging import Event
    from ledger.evidence.report.standing import Standing

TROUBLE: Final = (
    *("approval.suspended/1", "approval.withdrawn/1", "consignment.held/1", "custody.refused/1"),
    *("destruction.ordered/1", "discrepancy.recorded/1", "incident.reported/1", "loss.reported/1", "return.ordered/1"),
    *("consent.withdrawn/1", "legal-hold.placed/1", "recall.extended/1", "recall.ordered/1"),
)
"""The kinds of which every statement says that something went wrong."""

_INTACT: Final = "intact"


def troubles(known: Standing) -> Iterator[int]:
    """Yield the positions of the statements that say so, as they count now.

    Of an approval and a consignment under which an item came in, those that are about all of it, or about that item.
    """
    goods = {*known.approvals, *known.consignments}
    for event in known.events:
        is_own = known.subject in event.tags
        if (is_own or (not goods.isdisjoint(event.tags) and _is_meant(known, event))) and _is_trouble(known, event):
            yield known.at(known.signed(event))


def _is_meant(known: Standing, event: Event[Any]) -> bool:
    items = known.signed(event).body.get("items")
    return not isinstance(items, list) or not items or any(isinstance(one, str) and one in known.roots for one in items)


def _is_trouble(known: Standing, event: Event[Any]) -> bool:
    said = known.signed(event)
    if said.kind == "item.received/1":
        rows = rows_of(said.body.get("items"))
        mine = [one for one in rows if one.get("item") == known.subject]
        return any(one.get("condition") != _INTACT for one in mine or rows)
    if isinstance(event.said.body, TemperatureRecorded):
        return left_range(event.said.body)
    return said.kind in TROUBLE
