"""An entry: the exact bytes that the ledger stores, hashes and serves for an event.

    vialog-entry/1\\n
    position <decimal>\\n
    recorded <YYYY-MM-DDTHH:MM:SS.ffffffZ>\\n
    rules <id of the rule pack, or "none">\\n
    tags[ <tag>]…\\n                            sorted by code point, one space before each, no tag twice
    \\n
    <the envelope, as received>

At most 60,000 bytes. The header is what the ledger adds; the leaf covers it, so that the position, the time and the
subjects of an event cannot change unseen. Reading never rewrites: an entry that is not in this one form is refused.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ledger.clock import format_time, parse_time
from ledger.errors import Malformed
from ledger.ids import Tag

MAX_ENTRY: Final = 60_000
_MOST_HEADER: Final = 500  # bytes, far more than the lines before the tags ever take

RULES: Final = {
    "ENT-01": "An entry has at most 60,000 bytes.",
    "ENT-02": "A tag and a rule pack's id are printable ASCII without spaces.",
    "ENT-03": "An entry's header is written in its one form.",
}

_RULES = re.compile(r"[a-z0-9-]+(?:/[0-9-]+)?\Z")
_TAG = re.compile(r"[!-~]+\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, taken apart.

    position: 1 for the first.
    recorded: when the ledger recorded it, aware and in UTC.
    rules: the rule pack that it was judged by; "none" where nothing was judged.
    tags: the subjects it concerns.
    data: the envelope as received, or the body of a state entry.
    """

    position: int
    recorded: datetime
    rules: str
    tags: frozenset[Tag]
    data: bytes


def encode_entry(entry: Entry) -> bytes:
    """Write an entry.

    Raises Malformed: ENT-01 it is larger than 60,000 bytes, ENT-02 a tag or the rule pack's id cannot be written.
    """
    if _RULES.match(entry.rules) is None or not all(_TAG.match(tag) for tag in entry.tags):
        raise Malformed("ENT-02", "$", "a tag and a rule pack's id are printable ASCII without spaces")
    header = (
        f"vialog-entry/1\nposition {entry.position}\nrecorded {format_time(entry.recorded)}\nrules {entry.rules}\n"
        f"tags{''.join(f' {tag}' for tag in sorted(entry.tags))}\n\n"
    )
    written = header.encode("ascii") + entry.data
    if len(written) > MAX_ENTRY:
        raise Malformed("ENT-01", "$", f"the entry would have {len(written)} bytes; at most {MAX_ENTRY} are allowed")
    return written


def check_size(entry: Entry) -> None:
    """Raise Malformed as encode_entry would, but write only an entry that may be too large to know."""
    if len(entry.data) + sum(map(len, entry.tags)) + len(entry.tags) + _MOST_HEADER > MAX_ENTRY:
        encode_entry(entry)


def parse_entry(written: bytes) -> Entry:
    """Read an entry.

    Raises Malformed: ENT-01 too large, ENT-03 not in the one form.
    """
    if len(written) > MAX_ENTRY:
        raise Malformed("ENT-01", "$", f"the entry has {len(written)} bytes; at most {MAX_ENTRY} are allowed")
    header, mark, data = written.partition(b"\n\n")
    lines = header.split(b"\n")
    names = [line.partition(b" ")[0] for line in lines]
    if not mark or names != [b"vialog-entry/1", b"position", b"recorded", b"rules", b"tags"]:
        raise Malformed("ENT-03", "$", "the header does not have its five lines")
    try:
        _, position, recorded, rules, tags = (line.partition(b" ")[2].decode("ascii") for line in lines)
        entry = Entry(_position(position), parse_time(recorded), rules, frozenset(map(Tag, tags.split())), data)
    except ValueError as error:
        raise Malformed("ENT-03", "$", "a line of the header cannot be read") from error
    if encode_entry(entry) != written:
        raise Malformed("ENT-03", "$", "the header is not in its one form")
    return entry


def _position(text: str) -> int:
    """Read a position; raises ValueError."""
    if (position := int(text)) < 1:
        raise ValueError("positions start at 1")
    return position


def leaf_of(written: bytes) -> bytes:
    """Return the leaf hash of an entry, 32 bytes: SHA-256(0x00 || entry). RFC 6962 2.1."""
    return hashlib.sha256(b"\x00" + written).digest()
