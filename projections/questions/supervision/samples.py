"""What officers took as samples, and what came of it.

"Official samples taken and their results; quantity they account for." What a sample showed is told by the inspections
of its consignment that follow; of one taken at a unit the findings of its supervision tell it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.acts import place_of
from ledger.domain.work.portions import amounts
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.border.inspection import InspectionResult
    from ledger.domain.judging import Event
    from ledger.ids import CaseId, ConsignmentId, ItemId, PartyId, StatementId
    from ledger.quantity import Quantity


@dataclass(frozen=True, slots=True)
class SampleRow:
    """Samples that were taken by one statement.

    by: who states it. consignment: of which goods at the border; case: in which supervision; one of them is None.
    taken: how much of each item. laboratory: the code of the one that tests them; None: nobody says.
    results: of the inspections of the consignment that follow, oldest first, each with its statement.
    """

    statement: StatementId
    at: datetime
    by: PartyId
    consignment: ConsignmentId | None
    case: CaseId | None
    taken: tuple[tuple[ItemId, Quantity], ...]
    laboratory: str | None
    results: tuple[tuple[StatementId, InspectionResult], ...]


def samples(events: Iterable[Event[Any]]) -> tuple[SampleRow, ...]:
    """Return the official samples of a log, oldest first by their acts."""
    record, rows = Record(events), []
    inspections: defaultdict[ConsignmentId, list[Event[Any]]] = defaultdict(list)
    for event in record.acts("consignment.inspected/1"):
        inspections[event.said.body.consignment].append(event)
    for event in record.acts("consignment.sampled/1", "supervision.visited/1"):
        if event.said.kind == "consignment.sampled/1":
            body = event.said.body
            after = [one for one in inspections[body.consignment] if place_of(one) > place_of(event)]
            results = tuple((one.said.id, one.said.body.result) for one in after)
            rows.append(_row(event, body.consignment, None, body.laboratory, results))
        elif event.said.body.samples:
            rows.append(_row(event, None, event.said.body.case, None, ()))
    return tuple(rows)


def _row(
    event: Event[Any],
    consignment: ConsignmentId | None,
    case: CaseId | None,
    laboratory: str | None,
    results: tuple[tuple[StatementId, InspectionResult], ...],
) -> SampleRow:
    said = event.said
    taken = tuple(amounts(said.body.samples))
    return SampleRow(said.id, said.occurred_at, said.party, consignment, case, taken, laboratory, results)
