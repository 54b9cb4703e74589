"""What hooks hear of, in three streams: statements by positions, notices by numbers, days by their ordinals.

Who may be told what is decided here by the functions that decide it everywhere, at the head: once when a stream is
looked at, and again when one event is about to be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from api.access.read import ReadOfOthers
from api.access.rights.seeing import Looking
from api.access.shown import Shown
from api.notices.announced import announced_day, announced_notice
from api.notices.keeping import What
from api.notices.reading import Inbox, subjects_of
from api.telling.thin import announced

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.access.principal import Principal
    from api.access.record import AtHead
    from api.notices.keeping import Notices
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store

_AT_ONCE: Final = 256
_MORNING: Final = time(8)
"""When the digest of a working day is announced, by local time."""


class Stream(StrEnum):
    """From where a delivery is."""

    STATEMENT = "statement"
    NOTICE = "notice"
    DIGEST = "digest"


class Event(StrEnum):
    """What a hook may be told of."""

    STATEMENT = "statement"
    DUE_SOON = What.DUE_SOON.value
    OVERDUE = What.OVERDUE.value
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Events:
    """The streams of one log."""

    store: Store
    notices: Notices
    packs: RulePacks
    jurisdiction: str

    def statements(self, who: Principal, record: AtHead, after: int) -> tuple[list[int], int]:
        """Return the positions behind one that somebody may be told of, and up to which it was looked at."""
        # Nothing is told yet: what is read here is a position's worth, and is read again before it is sent.
        shown = Shown(self.store, Looking(who, record), record, ReadOfOthers())
        positions = [one.position for one in shown.read(after, _AT_ONCE)]
        return positions, min(after + _AT_ONCE, record.position)

    def noted(self, who: Principal, record: AtHead, events: Collection[str], after: int) -> tuple[list[int], int]:
        """Return the same of notices."""
        told, until = self._inbox(who, record, ReadOfOthers()).above(after, _AT_ONCE)
        return [one.notice.number for one in told if one.notice.what in events], until

    def day(self, now: datetime) -> int:
        """Return the day whose digest is there to be announced, as an ordinal; 0: there is none, or not yet."""
        calendar = self.packs.at_instant(self.jurisdiction, now).working_days
        local = now.astimezone(calendar.offset)
        announced_now = calendar.is_working_day(local.date()) and local.time() >= _MORNING
        return local.date().toordinal() if announced_now else 0

    def event(
        self, who: Principal, record: AtHead, others: ReadOfOthers, stream: Stream, number: int
    ) -> dict[str, Any] | None:
        """Return one event as it is sent; None: it may not be told to them by now.

        others: is told of what of it is another's data.
        """
        match stream:
            case Stream.STATEMENT:
                shown = Shown(self.store, Looking(who, record), record, others)
                found = next(shown.read(number - 1, 1), None)
                return None if found is None else announced(found, self.store.origin)
            case Stream.NOTICE:
                told = self._inbox(who, record, others).find(number)
                others.tells(subjects_of(() if told is None else (told,)))
                return None if told is None else announced_notice(told, self.store.origin)
            case _:
                day = date.fromordinal(number)
                offset = self.packs.at_instant(self.jurisdiction, record.world.now).working_days.offset
                since = datetime.combine(day, _MORNING, offset).astimezone(UTC)
                return announced_day(day, since, self.store.origin)

    def _inbox(self, who: Principal, record: AtHead, others: ReadOfOthers) -> Inbox:
        looking = Looking(who, record)
        shown = Shown(self.store, looking, record, others)
        return Inbox(self.notices, who, record, looking=looking, store=shown, packs=self.packs)
