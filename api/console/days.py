"""Days as a worklist has them: by the working calendar that holds where the log is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.language import label

if TYPE_CHECKING:
    from datetime import date, datetime

    from api.http.answering.reading import Reading
    from ledger.domain.law.tables import WorkingDays
    from ledger.words.table import Language


def calendar_of(reads: Reading) -> WorkingDays:
    """Return the working calendar that holds now where the log is kept."""
    return reads.packs.at_instant(reads.jurisdiction, reads.record.world.now).working_days


@dataclass(frozen=True, slots=True)
class Days:
    """The days around now. before, after: the working day before today, and the one behind it."""

    calendar: WorkingDays
    before: date
    today: date
    after: date

    @classmethod
    def around(cls, reads: Reading) -> Days:
        """Return those of whoever reads now."""
        calendar = calendar_of(reads)
        today = calendar.local_date(reads.record.world.now)
        before = today - timedelta(days=1)
        while not calendar.is_working_day(before):
            before -= timedelta(days=1)
        return cls(calendar, before, today, calendar.add_working_days(today, 1))

    def named(self, due: datetime | None, language: Language) -> str:
        """Return what the day of a date is called beside today."""
        if due is None:
            return label("without a date", language)
        day = self.calendar.local_date(due)
        if day < self.before:
            return label("earlier", language)
        if day < self.today:
            return label("since the last working day", language)
        if day == self.today:
            return label("today", language)
        if day <= self.after:
            return label("by the next working day", language)
        return label("later", language)
