"""Audits as they show things: which are open to an auditor, what each covers, and how its period cuts it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.access.rights.sight import Window
from ledger.domain.acts import Place
from ledger.domain.states.audit import Audit
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.ids import ItemId, Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.judging import World
    from ledger.domain.states.subjects import Subject
    from ledger.ids import CaseId, PartyId


@dataclass(frozen=True, slots=True)
class Granted:
    """An audit that is open. by: who granted it. case: that it is."""

    audit: Audit
    by: PartyId
    case: CaseId

    @property
    def whose(self) -> PartyId:
        """Return whose data it shows."""
        return self.audit.party or self.by

    def covers(self, tag: Tag, world: World) -> bool:
        """Say whether it names a subject: itself, or what an item came in under or with; naming none it names all."""
        named = self.audit.subjects
        if not named or tag in named:
            return True
        if type_of(tag) != "item":
            return False
        items = [ItemId(tag)]
        above = [Tag(one.id) for one in world.approvals_of(items)]
        return not named.isdisjoint(above + [Tag(one.id) for one in world.consignments_of(items)])

    def cut(self, windows: Iterable[Window], world: World) -> tuple[Window, ...]:
        """Return what its period leaves of some stretches."""
        last = None if self.audit.end is None else Place(self.audit.end, world.size)
        return tuple(Window(_later(one.since, self._first), _earlier(one.until, last)) for one in windows)

    def holds(self, place: Place) -> bool:
        """Say whether a place is in its period."""
        return Window(self._first).holds(place) and (self.audit.end is None or place.instant <= self.audit.end)

    @property
    def _first(self) -> Place | None:
        """Return the first place of its period: whatever occurred at its first instant is in it."""
        return None if self.audit.start is None else Place(self.audit.start, 0)


def granted_to(party: PartyId, world: World) -> Iterator[Granted]:
    """Yield the audits that are open to a party now: not ended, voided or over."""
    for case_id in sorted(world.party(party).audits):
        found = open_at(world.case(case_id), world.now)
        if found is not None and found.audit.auditor == party:
            yield found


def open_at(case: Subject, instant: datetime) -> Granted | None:
    """Return the audit that a case is, where it is open at an instant: not ended, voided or over; else None."""
    if not isinstance(case, Case) or not isinstance(case.detail, Audit) or case.party is None:
        return None
    is_open = case.status is not CaseStatus.CLOSED and instant < case.detail.until
    return Granted(case.detail, case.party, case.id) if is_open else None


def _later(one: Place | None, other: Place | None) -> Place | None:
    given = [place for place in (one, other) if place is not None]
    return max(given, default=None)


def _earlier(one: Place | None, other: Place | None) -> Place | None:
    given = [place for place in (one, other) if place is not None]
    return min(given, default=None)
