"""Times as the ledger writes them, and the one port through which it asks for the time.

Written time is RFC 3339 in UTC. The ledger's own (``recorded``) always has six digits of a second; a signer's
(``occurred_at``) may have none, three or six, and always ends in ``Z``: one instant has few spellings and one zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, Protocol

# Hours are spelled out: what else a library reads, as 24:00:00 for midnight, is not the same in all its versions.
_WRITTEN: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{3}|\.[0-9]{6})?Z\Z"
)


class Clock(Protocol):
    """Whatever tells the time: the system's clock, or a test's."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        return datetime.now(UTC)


def parse_time(text: str) -> datetime:
    """Read a written time.

    Raises ValueError: not of the one form, or not a date of the calendar.
    """
    if _WRITTEN.match(text) is None:
        raise ValueError("a time is written like 2026-11-21T08:30:00Z, in UTC")
    return datetime.fromisoformat(text)


def format_time(instant: datetime) -> str:
    """Write an aware time in UTC with six digits of a second."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
