"""An entry of the access log as it is told: to each party its own part of it, to who asked all that they read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.rows.access import AccessPart, AccessRow
from ledger.clock import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.accesses.entry import Kept

HEADS: Final = (
    *("number", "at", "ended", "party", "person", "route", "question", "position"),
    *("whose", "right", "grant", "statements", "first", "last", "subjects", "more"),
)
"""The columns of the access log as a table: a line for each part."""

_SAID: Final = ("party", "person", "key", "by", "route", "question", "position")


def told(one: Kept, party: str | None) -> AccessRow:
    """Return an entry as a party may read it: its own part, and all of what it read itself.

    party: None: whoever runs the log, who reads all.
    """
    said, shown = _read(one.entry), parts_for(one, party)
    row = {
        "number": one.number,
        "at": said["at"],
        "ended": None if one.ended is None else format_time(one.ended),
        **{name: said[name] for name in _SAID},
        "parts": [msgspec.json.decode(part, type=AccessPart) for part in shown],
        "others": len(one.parts) - len(shown),
    }
    return msgspec.convert(row, AccessRow)


def parts_for(one: Kept, party: str | None) -> list[bytes]:
    """Return the parts of an entry that a party may read: its own, those of all parties, all of what it read itself.

    party: None: whoever runs the log, who reads all.
    """
    if party is None or _read(one.entry)["party"] == party:
        return list(one.parts)
    return [part for part in one.parts if _read(part)["party"] in {party, None}]


def _read(written: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(written, type=dict[str, Any])
    return found


def lines(row: AccessRow) -> Iterator[list[Any]]:
    """Yield the lines of a row as a table, a line for each part, with as many cells as there are heads."""
    for part in row["parts"]:
        said = {**part, **row, "whose": part["party"], "subjects": "; ".join(part["subjects"])}
        yield [said[name] for name in HEADS]
