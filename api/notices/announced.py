"""What is told of a notice, and of a day, to whom it is announced: thin, in the form of CloudEvents 1.0.

It says what is noted, about whom, and how it stands at that moment; why, and what ends it, is read at the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.clock import format_time

if TYPE_CHECKING:
    from datetime import date, datetime

    from api.notices.reading import Told


def announced_notice(told: Told, log: str) -> dict[str, Any]:
    """Return the members of an event that tells of a notice. log: its name."""
    notice, row = told.notice, told.row
    return {
        "specversion": "1.0",
        "id": f"notice/{notice.number}",
        "source": log,
        "type": notice.what.value,
        "subject": notice.place.subject,
        "time": format_time(notice.noted),
        "data": {
            "notice": notice.number,
            "duty": notice.place.duty,
            "subject": notice.place.subject,
            "opened_by": notice.place.opened_by,
            "due": format_time(notice.due),
            "state": None if row is None else row.state.value,
            "overdue": row is not None and row.overdue,
            "link": "/v1/inbox",
        },
    }


def announced_day(day: date, since: datetime, log: str) -> dict[str, Any]:
    """Return the members of an event that tells that a day's digest is there. since: when it can be had."""
    return {
        "specversion": "1.0",
        "id": f"digest/{day.isoformat()}",
        "source": log,
        "type": "digest",
        "time": format_time(since),
        "data": {"day": day.isoformat(), "link": f"/v1/digest?on={day.isoformat()}"},
    }
