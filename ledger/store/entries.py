"""From records to entries: the one place where a position and a time are put to a statement, for every store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.statement.entries.entry import Entry, encode_entry, leaf_of
from ledger.store.port import Record, Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_entries(
    records: Sequence[Record], recorded: datetime, *, head: int, newest: datetime | None
) -> tuple[Recorded, ...]:
    """Write records as the events head + 1, head + 2 …

    recorded: aware; newest: when the event at the head was recorded, None of an empty log.

    Raises Malformed: ENT-01 an entry is too large, ENT-02 a tag cannot be written. ValueError: the time is naive, or
    before the head's; callers compare the two, so that is a bug.
    """
    if recorded.tzinfo is None or (newest is not None and recorded < newest):
        raise ValueError(f"events recorded at {recorded} cannot follow one recorded at {newest}")
    at = recorded.astimezone(UTC)
    return tuple(_write(record, position, at) for position, record in enumerate(records, head + 1))


def _write(record: Record, position: int, recorded: datetime) -> Recorded:
    said = record.rules, record.tags, record.data, record.breaches, record.status
    entry = encode_entry(Entry(position, recorded, *said))
    return Recorded(position, recorded, record.statement, record.kind, entry, leaf_of(entry))
