"""How long waste was stored, and whether it is certified what became of it.

"Waste stored > 2 days; manifests without certificate." The days are the rule pack's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.law.deadlines import deadline
from ledger.ids import ItemId
from ledger.statement.duties import DUTIES, obligations
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.ids import CaseId, PartyId


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """Waste that was handed over.

    stored_since: as the giver says, or since when the record has such waste, if that is earlier.
    due: until when it was to be handed over; None: no term is known. overstayed: whether it was stored for longer.
    certificate, certified_at: what the contractor certified; None: nothing yet.
    """

    case: CaseId
    number: str
    giver: PartyId
    contractor: PartyId
    items: frozenset[ItemId]
    stored_since: datetime
    handed_over_at: datetime
    due: datetime | None
    certificate: str | None
    certified_at: datetime | None

    @property
    def stored(self) -> timedelta:
        """Return how long the oldest of it was stored."""
        return self.handed_over_at - self.stored_since

    @property
    def overstayed(self) -> bool | None:
        """Say whether it was stored for longer than it may be; None: no term is known."""
        return None if self.due is None else self.handed_over_at > self.due


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What was destroyed and has left waste that nobody has handed over.

    due: until when it is to be; None: no term is known. overdue: at the instant asked for.
    """

    item: ItemId
    holder: PartyId | None
    since: datetime
    due: datetime | None
    overdue: bool


def manifests(events: Iterable[Event[Any]], editions: Editions) -> tuple[ManifestRow, ...]:
    """Return the hand-overs of waste, oldest first; each is asked by the edition that it was judged by."""
    told = list(events)
    record = Record(told)
    certified = {one.said.body.case: one for one in record.of_kinds("waste.certified/1")}
    handed = record.of_kinds("waste.handed-over/1")
    made = _made(_owed(told, editions))
    return tuple(_manifest(one, certified.get(one.said.body.case), editions, made) for one in handed)


def uncertified(events: Iterable[Event[Any]], editions: Editions) -> tuple[ManifestRow, ...]:
    """Return the manifests of which no certificate is on record, oldest first."""
    return tuple(one for one in manifests(events, editions) if one.certificate is None)


def waste_in_store(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[StoredRow, ...]:
    """Return the waste that is not handed over at an instant, by all that is told now; the oldest first."""
    return tuple(
        StoredRow(ItemId(one.subject), one.owed.debtor, one.since, one.due, one.overdue_at(at))
        for one in _owed(events, editions)
        if one.owed_at(at)
    )


def _owed(events: Iterable[Event[Any]], editions: Editions) -> list[Obligation]:
    return obligations(events, editions, duties=(DUTIES["hand-over-waste"],))


def _made(owed: Iterable[Obligation]) -> dict[ItemId, list[datetime]]:
    """Return since when each item left waste, by what is or was owed for it: of what is burnt nothing is left."""
    found: defaultdict[ItemId, list[datetime]] = defaultdict(list)
    for one in owed:
        found[ItemId(one.subject)].append(one.since)
    return found


def _manifest(
    event: Event[Any], certificate: Event[Any] | None, editions: Editions, made: Mapping[ItemId, list[datetime]]
) -> ManifestRow:
    body, rules = event.said.body, editions.by_name(event.rules)
    # The giver says since when it was stored; the record may know of waste that is older than that. Of an item that
    # was destroyed in parts the last counts: what came before may have gone with an earlier manifest.
    told = ([at for at in made.get(one, ()) if at <= event.said.occurred_at] for one in body.items)
    since = min([body.stored_since, *(max(times) for times in told if times)])
    term = None if rules is None else rules.waste_temp_storage_days
    return ManifestRow(
        body.case,
        body.manifest_number,
        event.said.party,
        body.contractor,
        frozenset(body.items),
        since,
        event.said.occurred_at,
        None if term is None or rules is None else deadline(since, term, rules.working_days),
        None if certificate is None else certificate.said.body.certificate_number,
        None if certificate is None else certificate.said.occurred_at,
    )
