"""What was told late, how late, by whom and of which site.

"Late entries: recorded more than N hours after they occurred, by person/site." The hours are the asker's: what the rule
pack calls late is a breach in the entry, and stands beside.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.registry.authority import LATE
from ledger.ids import SiteId, type_of
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from ledger.domain.judging import Event
    from ledger.ids import PartyId, StatementId


@dataclass(frozen=True, slots=True)
class LateRow:
    """A statement that was recorded late.

    occurred, recorded: of what is corrected, when it counts as having occurred, and when it was first told.
    persons: who signed it, as (party, code). sites: those that it names.
    told: whether its signers acknowledged that it was late. reason: why it was, as they say; None: they say nothing.
    """

    statement: StatementId
    kind: str
    occurred: datetime
    recorded: datetime
    persons: frozenset[tuple[PartyId, str]]
    sites: frozenset[SiteId]
    told: bool
    reason: str | None

    @property
    def took(self) -> timedelta:
        """Return how long after the act it was recorded."""
        return self.recorded - self.occurred


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """The late entries of a log, oldest first by position."""

    rows: tuple[LateRow, ...]

    @property
    def by_person(self) -> Mapping[tuple[PartyId, str], int]:
        """Return how many each person signed; one that two signed counts for both."""
        return Counter(person for row in self.rows for person in row.persons)

    @property
    def by_site(self) -> Mapping[SiteId, int]:
        """Return how many name each site."""
        return Counter(site for row in self.rows for site in row.sites)


def late_entries(events: Iterable[Event[Any]], longer_than: timedelta) -> LateAnswer:
    """Return the statements that stand and were recorded longer after their acts than a time."""
    effective = Record(events).effective
    late = [event for event in effective if event.recorded - event.said.occurred_at > longer_than]
    return LateAnswer(tuple(map(_row, late)))


def _row(event: Event[Any]) -> LateRow:
    said = event.said
    return LateRow(
        said.id,
        said.kind,
        said.occurred_at,
        event.recorded,
        said.persons,
        frozenset(SiteId(tag) for tag in event.tags if type_of(tag) == "site"),
        any(one.rule == LATE.id for one in event.breaches),
        (said.acknowledged or {}).get(LATE.id),
    )
