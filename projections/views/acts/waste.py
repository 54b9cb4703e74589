"""Waste: which was handed over by which manifest, since when it was stored, and what became of it by which paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield the hand-over that opens a case of waste, and the certificate that ends it."""
    event, body = step.event, step.event.said.body
    told = (step.tag, event.position, event.said.kind, event.said.occurred_at, event.said.party)
    if event.said.kind == "waste.handed-over/1" and step.tag == body.case:
        yield (*told, body.contractor, body.manifest_number, body.stored_since, len(body.items))
    elif event.said.kind == "waste.certified/1" and step.tag == body.case:
        yield (*told, None, body.certificate_number, None, len(body.items))


WASTE = View(
    name="waste",
    of="case",
    columns=("case", "position", "kind", "at", "party", "contractor", "number", "stored_since", "items"),
    key=2,
    steps=rows,
    kinds=frozenset({"waste.handed-over/1", "waste.certified/1"}),
)
