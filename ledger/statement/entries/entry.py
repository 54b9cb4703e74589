"""An entry: the exact bytes that the ledger stores, hashes and serves for an event.

    vialog-entry/3\\n
    position <decimal>\\n
    recorded <YYYY-MM-DDTHH:MM:SS.ffffffZ>\\n
    rules <id of the edition> <its digest>, or rules none\\n
    tags[ <tag>]…\\n                            sorted by code point, one space before each, no tag twice
    status[ <tag>]…\\n                          as those; the tags whose subject it establishes, limits or ends
    breaches <JSON>\\n                         what the signers were told and acknowledged; see ``breach_line``
    \\n
    <the envelope, as received>

A later program may write further lines behind the last one here, each a name and words with one space before each;
and a change of these lines is a higher number in the first one (docs/formats.md, how formats grow).

At most 60,000 bytes. The header is what the ledger adds; the leaf covers it, so that the position, the time, the
subjects and the breaches of an event cannot change unseen. Reading never rewrites: an entry that is not in this one
form is refused.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.breach import Breach
from ledger.clock import format_time, parse_time
from ledger.errors import Malformed, newer_format
from ledger.ids import TAG_PATTERN, Tag
from ledger.statement.entries.breach_line import encode_breaches, parse_breaches
from ledger.tlog.index import status_name

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_ENTRY: Final = 60_000
VERSION: Final = 3
FORMAT: Final = f"vialog-entry/{VERSION}"
_LINES: Final = (b"position", b"recorded", b"rules", b"tags", b"status", b"breaches")
_MOST_HEADER: Final = 500  # bytes, far more than the lines but for tags, status and breaches ever take

RULES: Final = {
    "ENT-01": "An entry has at most 60,000 bytes.",
    "ENT-02": "An entry's header names tags, those of its status among them, and an edition's id and digest or none.",
    "ENT-03": "An entry's header is written in its one form.",
    "ENT-05": "An entry is of no form that only programs before this one wrote.",
    "ENT-06": "An entry tells no breach of a rule that its signers do not acknowledge.",
}

NO_RULES: Final = "none"
"""What stands in the place of an edition where nothing was judged."""

OLDER_FORMAT: Final = f"it was written in a form before {FORMAT}, which this version does not read"

_RULES = re.compile(r"(?:none|[a-z0-9-]+/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64})\Z")
_FORMAT = re.compile(rb"vialog-entry/([1-9][0-9]{0,8})")
_LATER = re.compile(rb"[a-z]{1,32}(?: [!-~]+)*")
_TAGS = re.compile(rf"(?: {TAG_PATTERN})*\Z")
_WORDS = re.compile(r"(?: [!-~]+)*\Z")


class Entry(NamedTuple):
    """An entry, taken apart.

    position: 1 for the first.
    recorded: when the ledger recorded it, aware and in UTC.
    rules: the edition that it was judged by, ``RulePack.name``; "none" where nothing was judged.
    tags: the subjects it concerns.
    data: the envelope as received, or the body of a state entry.
    breaches: what the signers were told and acknowledged, in the order of the rules.
    status: those of the tags whose subject it establishes, limits or ends; see ``ledger.domain.status``.
    later: header lines behind the known ones, of a later program; see ``parse_known``.
    """

    position: int
    recorded: datetime
    rules: str
    tags: frozenset[Tag]
    data: bytes
    breaches: tuple[Breach, ...] = ()
    status: frozenset[Tag] = frozenset()
    later: tuple[str, ...] = ()


def encode_entry(entry: Entry) -> bytes:
    """Write an entry.

    Raises Malformed: ENT-01 it is larger than 60,000 bytes, ENT-02 a tag or the edition cannot be written.
    """
    tags = sorted(entry.tags)
    borne = _listed(tags)
    # Of what nothing judged the tags are whatever a program behind the event library's port calls its own.
    form = _TAGS if entry.rules != NO_RULES else _WORDS
    formed = form.match(borne) is not None and borne.count(" ") == len(tags)  # no tag with a space, which would be two
    if not formed or _RULES.match(entry.rules) is None or not entry.status <= entry.tags:
        raise Malformed("ENT-02", "$", "the header names what is no tag, in its status one not borne, or no edition")
    later = "".join(f"{line}\n" for line in entry.later)
    header = (
        f"rules {entry.rules}\ntags{borne}\nstatus{_listed(sorted(entry.status))}\n"
        f"breaches {encode_breaches(entry.breaches, tags)}\n{later}\n"
    )
    written = beginning(entry.position, entry.recorded) + header.encode("ascii") + entry.data
    if len(written) > MAX_ENTRY:
        raise Malformed("ENT-01", "$", f"the entry would have {len(written)} bytes; at most {MAX_ENTRY} are allowed")
    return written


def beginning(position: int, recorded: datetime) -> bytes:
    """Return the first lines of an entry."""
    return f"{FORMAT}\nposition {position}\nrecorded {format_time(recorded)}\n".encode("ascii")


def _listed(tags: Collection[Tag]) -> str:
    return " ".join(("", *tags))


def index_names(entry: Entry) -> list[str]:
    """Return the names under which the index counts an entry: its tags, and the status of those that it rules on."""
    return [*entry.tags, *map(status_name, entry.status)]


def check_size(entry: Entry) -> None:
    """Raise Malformed as encode_entry would, but write only an entry that may be too large to know."""
    named = len(_listed(entry.tags)) + len(_listed(entry.status))
    if entry.breaches or len(entry.data) + named + _MOST_HEADER > MAX_ENTRY:
        encode_entry(entry)


def parse_entry(written: bytes) -> Entry:
    """Read an entry.

    Raises Malformed: ENT-01 too large, ENT-05 of an earlier form, ENT-03 not in the one form, or of a later form than
    this one.
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
        raise Malformed("ENT-03", "$", "the header does not have its seven lines")
    try:
        position, recorded, rules, tagged, ruling, told = (line.partition(b" ")[2].decode("ascii") for line in known)
        tags, status = ([Tag(tag) for tag in line.split()] for line in (tagged, ruling))
        breaches, beyond = parse_breaches(told, tags), tuple(_later_line(line) for line in later)
        at, of = parse_time(recorded), frozenset(tags)
        entry = Entry(_position(position), at, rules, of, data, breaches, frozenset(status), beyond)
    except ValueError as error:
        raise Malformed("ENT-03", "$", "a line of the header cannot be read") from error
    if encode_entry(entry) != written:
        raise Malformed("ENT-03", "$", "the header is not in its one form")
    return entry


def check_acknowledged(entry: Entry, acknowledged: Collection[str]) -> None:
    """Check that the signers acknowledge all that the header says they were told.

    acknowledged: the rules that the payload acknowledges.

    Raises Malformed: ENT-06.
    """
    for breach in entry.breaches:
        if breach.rule not in acknowledged:
            raise Malformed("ENT-06", "breaches", f"the signers do not acknowledge a breach of {breach.rule}")


def is_older(written: bytes) -> bool:
    """Say whether an entry is of a form that only programs before this one wrote."""
    match = _FORMAT.match(written)
    return match is not None and int(match[1]) < VERSION


def newer_line(entry: Entry) -> str:
    """Return what a reader says that knows an entry but for its later lines, for ``TooOld``."""
    name = entry.later[0].partition(" ")[0]
    return f"the header line {name}; it knows {FORMAT} up to the line {_LINES[-1].decode()}"


def _check_format(first: bytes) -> None:
    match = _FORMAT.fullmatch(first)
    if match is None:
        raise Malformed("ENT-03", "$", f"does not begin with {FORMAT}")
    if int(match[1]) < VERSION:
        raise Malformed("ENT-05", "$", OLDER_FORMAT)
    if newer := newer_format(first.decode("ascii"), FORMAT):
        raise Malformed("ENT-03", "$", f"is not of the form {FORMAT}", newer=newer)


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
