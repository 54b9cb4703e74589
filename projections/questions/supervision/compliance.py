"""What the record holds about how an enterprise keeps the rules, between two instants: a file for whoever rates it.

"Compliance history of enterprise E between two dates, with evidence hashes (credit file)."
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.domain.duties.obligation import State
from ledger.domain.states.supervision import Supervision
from ledger.ids import PartyId, Tag
from ledger.statement.duties import obligations
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.ids import StatementId

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Sort(StrEnum):
    """What a line of the file is."""

    RATED = "rated"
    SUPERVISED = "supervised"
    MEASURE = "measure"
    INCIDENT = "incident"
    BREACH = "breach"
    LATE = "late"
    MISSED = "missed"


_RATED: Final = frozenset({"unit.assessed/1", "credit.rated/1"})
MEASURES: Final = frozenset(
    {
        "approval.suspended/1",
        "approval.resumed/1",
        "approval.withdrawn/1",
        "permit.suspended/1",
        "permit.resumed/1",
        "permit.ended/1",
        "return.ordered/1",
        "destruction.ordered/1",
        "recall.ordered/1",
    }
)
"""The kinds by which something is done against whoever holds a permission or has goods."""

_INCIDENTS: Final = frozenset(
    {"loss.reported/1", "incident.reported/1", "incident.notified/1", "incident.investigated/1", "incident.closed/1"}
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A statement that belongs into the file.

    breaches: those that its signers were told of and acknowledged. documents: the digests (SHA-256) of documents that
    it names, sorted. leaf: the hash of its entry in the log, hexadecimal; None: it was not given.
    """

    position: int
    statement: StatementId
    kind: str
    sort: Sort
    at: datetime
    by: PartyId
    breaches: tuple[Breach, ...]
    documents: tuple[str, ...]
    leaf: str | None


@dataclass(frozen=True, slots=True)
class ComplianceFile:
    """The file: statements in the order of the acts, and what the enterprise did late or not, by its date.

    late: met after its date. missed: neither met nor lapsed when the period ended, and overdue.
    """

    rows: tuple[FileRow, ...]
    late: tuple[Obligation, ...]
    missed: tuple[Obligation, ...]


def compliance(
    events: Iterable[Event[Any]],
    party: PartyId,
    period: tuple[datetime, datetime],
    editions: Editions,
    leaves: Mapping[int, bytes] | None = None,
    *,
    owing: Collection[Tag] | None = None,
) -> ComplianceFile:
    """Return the file of an enterprise for a period, both ends included, by when the acts occurred.

    events: of a whole log, oldest first. leaves: by position, the hashes of entries; an evidence bundle of a position
    shows that the log holds it. owing: the subjects in whose chains the enterprise owes something; None: whichever.

    It shows what was recorded, and no more: that nothing is on record of a day does not show that all was in order.
    """
    record = Record(events)
    since, until = period
    rows = [
        _row(event, sort, leaves or {})
        for event in record.effective
        if since <= event.said.occurred_at <= until and (sort := _sort(record, event, party)) is not None
    ]
    told = obligations(record.events, editions, subjects=owing)
    owed = [one for one in told if one.owed.debtor == party and one.due is not None]
    owed = sorted((one for one in owed if one.due is not None and since <= one.due <= until), key=_by_date)
    return ComplianceFile(
        tuple(sorted(rows, key=lambda row: (row.at, row.position))),
        tuple(one for one in owed if one.late and one.state_at(until) is State.MET),
        tuple(one for one in owed if one.overdue_at(until)),
    )


def _sort(record: Record, event: Event[Any], party: PartyId) -> Sort | None:
    """Return what a statement is in the file of an enterprise; None: it does not belong there."""
    kind, body = event.said.kind, event.said.body
    if kind in _RATED and body.party == party:
        return Sort.RATED
    if kind.startswith(("supervision.", "finding.")):
        detail = record.world.case(body.case).detail
        return Sort.SUPERVISED if isinstance(detail, Supervision) and detail.unit == party else None
    if kind in MEASURES and party in _concerned(record, body):
        return Sort.MEASURE
    if kind in _INCIDENTS and event.said.party == party:
        return Sort.INCIDENT
    return Sort.BREACH if event.breaches and party in event.said.parties else None


def _concerned(record: Record, body: Any) -> Iterator[PartyId | None]:  # noqa: ANN401  any body of a measure
    """Yield whom a measure is taken against: the holder of what it is about, or who has the goods."""
    world = record.world
    if getattr(body, "permit", None) is not None:
        yield world.permit(body.permit).holder
    if getattr(body, "approval", None) is not None:
        yield world.approval(body.approval).applicant
    if getattr(body, "consignment", None) is not None:
        yield from (world.consignment(body.consignment).applicant, world.consignment(body.consignment).consignee)
    yield from (world.item(item).custodian for item in getattr(body, "items", ()))


def _row(event: Event[Any], sort: Sort, leaves: Mapping[int, bytes]) -> FileRow:
    said, leaf = event.said, leaves.get(event.position)
    return FileRow(
        event.position,
        said.id,
        said.kind,
        sort,
        said.occurred_at,
        said.party,
        event.breaches,
        tuple(sorted(set(_digests(msgspec.to_builtins(said.body))))),
        None if leaf is None else leaf.hex(),
    )


def _digests(value: object) -> Iterator[str]:
    match value:
        case str() if _DIGEST.fullmatch(value):
            yield value
        case dict():
            yield from (digest for one in value.values() for digest in _digests(one))
        case list() | tuple():
            yield from (digest for one in value for digest in _digests(one))
        case _:
            return


def _by_date(one: Obligation) -> tuple[str, int, str, Tag]:
    return ("" if one.due is None else one.due.isoformat(), one.opened.position, one.duty.id, one.subject)
