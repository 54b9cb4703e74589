"""An entry: the exact bytes that the ledger stores, hashes and serves for an event.

    vialog-entry/1\\n
    position <decimal>\\n
    recorded <YYYY-MM-DDTHH:MM:SS.ffffffZ>\\n
    rules <id of the rule pack, or "none">\\n
    tags[ <tag>]…\\n                            sorted by code point, one space before each, no tag twice
    \\n
    <the envelope, as received>

A later program may write further lines behind the last one here, each a name and words with one space before each;
and a change of these lines is a higher number in the first one (docs/formats.md, how formats grow).

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
VERSION: Final = 2
FORMAT: Final = f"vialog-entry/{VERSION}"
_LINES: Final = (b"position", b"recorded", b"rules", b"tags")
_MOST_HEADER: Final = 500  # bytes, far more than the lines before the tags ever take

RULES: Final = {
    "ENT-01": "An entry has at most 60,000 bytes.",
    "ENT-02": "A tag is printable ASCII without spaces; judged by is an edition's id and digest, or none.",
    "ENT-03": "An entry's header is written in its one form.",
}

_RULES = re.compile(r"(?:none|[a-z0-9-]+/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64})\Z")
_FORMAT = re.compile(rb"vialog-entry/([1-9][0-9]{0,8})")
_LATER = re.compile(rb"[a-z]{1,32}(?: [!-~]+)*")
_TAG = re.compile(r"[!-~]+\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, taken apart.

    position: 1 for the first.
    recorded: when the ledger recorded it, aware and in UTC.
    rules: the edition that it was judged by, ``RulePack.name``; "none" where nothing was judged.
    tags: the subjects it concerns.
    data: the envelope as received, or the body of a state entry.
    later: header lines behind the known ones, of a later program; see ``parse_known``.
    """

    position: int
    recorded: datetime
    rules: str
    tags: frozenset[Tag]
    data: bytes
    later: tuple[str, ...] = ()


def encode_entry(entry: Entry) -> bytes:
    """Write an entry.

    Raises Malformed: ENT-01 it is larger than 60,000 bytes, ENT-02 a tag or the edition cannot be written.
    """
    if _RULES.match(entry.rules) is None or not all(_TAG.match(tag) for tag in entry.tags):
        raise Malformed("ENT-02", "$", "a tag has a space or is not ASCII, or no edition of rules is named")
    later = "".join(f"{line}\n" for line in entry.later)
    header = (
        f"{FORMAT}\nposition {entry.position}\nrecorded {format_time(entry.recorded)}\nrules {entry.rules}\n"
        f"tags{''.join(f' {tag}' for tag in sorted(entry.tags))}\n{later}\n"
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

    Raises Malformed: ENT-01 too large, ENT-03 not in the one form, or of a later form than this one.
    """
    entry = parse_known(written)
    if entry.later:
        problem = f"has the line {entry.later[0].partition(' ')[0]}, which does not belong there"
        raise Malformed("ENT-03", "$", f"the header {problem}", newer=newer_line(entry))
    return entry


def parse_known(written: bytes) -> Entry:
    """Read an entry as far as this program knows it: behind the known lines of its header may stand later ones.

    Raises Malformed: as parse_entry.
    """
    if len(written) > MAX_ENTRY:
        raise Malformed("ENT-01", "$", f"the entry has {len(written)} bytes; at most {MAX_ENTRY} are allowed")
    header, mark, data = written.partition(b"\n\n")
    first, *lines = header.split(b"\n")
    _check_format(first)
    known, later = lines[: len(_LINES)], lines[len(_LINES) :]
    if not mark or tuple(line.partition(b" ")[0] for line in known) != _LINES:
        raise Malformed("ENT-03", "$", "the header does not have its five lines")
    try:
        position, recorded, rules, tags = (line.partition(b" ")[2].decode("ascii") for line in known)
        beyond = tuple(_later_line(line) for line in later)
        entry = Entry(_position(position), parse_time(recorded), rules, frozenset(map(Tag, tags.split())), data, beyond)
    except ValueError as error:
        raise Malformed("ENT-03", "$", "a line of the header cannot be read") from error
    if encode_entry(entry) != written:
        raise Malformed("ENT-03", "$", "the header is not in its one form")
    return entry


def newer_line(entry: Entry) -> str:
    """Return what a reader says that knows an entry but for its later lines, for ``TooOld``."""
    name = entry.later[0].partition(" ")[0]
    return f"the header line {name}; it knows {FORMAT} up to the line {_LINES[-1].decode()}"


def _check_format(first: bytes) -> None:
    match = _FORMAT.fullmatch(first)
    if match is None:
        raise Malformed("ENT-03", "$", f"does not begin with {FORMAT}")
    version = int(match[1])
    if version > VERSION:
        newer = f"the entry's form vialog-entry/{version}; it knows up to {FORMAT}"
        raise Malformed("ENT-03", "$", f"is of the form vialog-entry/{version}, not {FORMAT}", newer=newer)
    if version < VERSION:
        problem = f"is of the form vialog-entry/{version}, of logs before {FORMAT}, which no program reads any more"
        raise Malformed("ENT-03", "$", problem)


def _later_line(line: bytes) -> str:
    """Read a line that this program does not know; raises ValueError: no program writes such a line."""
    if _LATER.fullmatch(line) is None or line.partition(b" ")[0] in _LINES:
        raise ValueError("not a line of a header")
    return line.decode("ascii")


def _position(text: str) -> int:
    """Read a position; raises ValueError."""
    if (position := int(text)) < 1:
        raise ValueError("positions start at 1")
    return position


def leaf_of(written: bytes) -> bytes:
    """Return the leaf hash of an entry, 32 bytes: SHA-256(0x00 || entry). RFC 6962 2.1."""
    return hashlib.sha256(b"\x00" + written).digest()
