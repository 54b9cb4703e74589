"""Excursions: which records of temperature say that an item left its range, and what was decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.custody.carriage import left_range
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.views.view import Row, Step

LEFT: Final = "left-range"
"""What a record of temperatures says of an item, beside the decisions, which are words of their own."""


def rows(step: Step) -> Iterator[Row]:
    """Yield what an event says of an item that it changes: that its range was left, or what was decided."""
    said, position = step.event.said, step.event.position
    match said.kind:
        case "temperature.recorded/1" if left_range(said.body):
            about = (LEFT, said.body.start, said.body.end, said.body.device)
            measured = (said.body.minimum, said.body.maximum, said.body.low, said.body.high)
        case "excursion.dispositioned/1":
            about, measured = (said.body.decision.value, said.occurred_at, None, None), (None,) * 4
        case _:
            return
    if step.tag in said.body.items:
        yield (step.tag, position, *about, *measured)


EXCURSIONS = View(
    name="excursion",
    of="item",
    columns=("item", "position", "what", "since", "until", "device", "minimum", "maximum", "low", "high"),
    key=2,
    steps=rows,
    kinds=frozenset({"temperature.recorded/1", "excursion.dispositioned/1"}),
)
