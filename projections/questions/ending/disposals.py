"""What was destroyed and does not show that it was, and how.

"Disposals without witness, method evidence, indicator result or contractor certificate." Of what no contractor has yet
there is no certificate to ask for: what waits for one is in ``waste``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ledger.domain.ending.destruction import Indicator, lacking_evidence
from ledger.domain.ending.waste import WASTE
from ledger.domain.states.subjects import CaseStatus
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.ids import CaseId, ItemId, StatementId


class Lack(StrEnum):
    """What a disposal does not show.

    The evidence is the method's: of a steam cycle its equipment, number and indicator, of any other a document.
    """

    WITNESS = "witness"
    EVIDENCE = "evidence"
    INDICATOR = "indicator"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class DisposalRow:
    """A destruction, or a hand-over to a contractor.

    method: None of a hand-over: what the contractor did, its certificate says.
    lacks: what it does not show; empty: nothing. uncertified: the manifests that it, or what was left of its items,
        went by and that are not certified.
    """

    statement: StatementId
    kind: str
    at: datetime
    items: tuple[ItemId, ...]
    method: str | None
    lacks: tuple[Lack, ...]
    uncertified: tuple[CaseId, ...]


def disposals(events: Iterable[Event[Any]]) -> tuple[DisposalRow, ...]:
    """Return the destructions and hand-overs of waste of a log, oldest first, each with what it lacks."""
    record = Record(events)
    open_cases = {
        case.id: case.items for case in record.cases if case.matter == WASTE and case.status is not CaseStatus.CLOSED
    }
    return tuple(_row(event, open_cases) for event in record.of_kinds(*_KINDS))


def lacking(events: Iterable[Event[Any]]) -> tuple[DisposalRow, ...]:
    """Return those of the disposals that lack something, oldest first."""
    return tuple(one for one in disposals(events) if one.lacks)


_KINDS = ("item.destroyed/1", "destruction.executed/1", "waste.handed-over/1")


def _row(event: Event[Any], open_cases: dict[CaseId, frozenset[ItemId]]) -> DisposalRow:
    said = event.said
    destroyed = said.kind == "item.destroyed/1"
    items = tuple(one.item for one in said.body.items) if destroyed else tuple(said.body.items)
    if said.kind == "waste.handed-over/1":
        cases = tuple(case for case in open_cases if case == said.body.case)
    else:
        cases = tuple(case for case, theirs in open_cases.items() if not theirs.isdisjoint(items))
    lacks = (*unproved(event), *((Lack.CERTIFICATE,) if cases else ()))
    return DisposalRow(said.id, said.kind, said.occurred_at, items, getattr(said.body, "method", None), lacks, cases)


def unproved(event: Event[Any]) -> Iterator[Lack]:
    """Yield what a destruction does not show itself; an ordered one always has its document, a hand-over shows all."""
    said = event.said
    if said.kind == "waste.handed-over/1":
        return
    if not said.witnessed:
        yield Lack.WITNESS
    if said.kind != "item.destroyed/1":
        return
    match lacking_evidence(said.body):
        case "indicator-failed":
            yield Lack.INDICATOR
        case "no-document":
            yield Lack.EVIDENCE
        case "cycle-not-stated":
            if said.body.equipment is None or said.body.cycle is None:
                yield Lack.EVIDENCE
            if said.body.indicator is Indicator.NONE:
                yield Lack.INDICATOR
