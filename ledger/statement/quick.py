"""Reading events back fast, from bytes that were read closely when they were recorded and whose leaf hash was checked.

For whoever goes through a whole log. It takes forms for granted that the close reading checks (``entry``, ``envelope``,
``payload``), and gives up where something is not as it takes it to be: then the close reading says what it is.
"""

from __future__ import annotations

import re
from functools import cache
from sys import intern
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from ledger.clock import parse_time
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.judging import Event, Signatory, Signed
from ledger.ids import PartyId, StatementId, Tag, key_tag
from ledger.meaning import Meaning
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.breach_line import NO_BREACHES, parse_breaches
from ledger.statement.entries.entry import FORMAT
from ledger.statement.form.members import VERSION
from ledger.statement.signing.keys import Algorithm

if TYPE_CHECKING:
    from ledger.domain.kind import Kind

_TAGS: Final = re.compile(rf"{FORMAT}\nposition .+\nrecorded .+\nrules .+\ntags ([ -~]+)\n".encode())
_HEADER: Final = re.compile(
    rf"{FORMAT}\nposition ([0-9]+)\nrecorded ([^\n]+)\nrules ([^\n]+)\n"
    r"tags ([^\n]+)\nstatus ?([^\n]*)\nbreaches ([^\n]+)"
)


class _Signer(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    alg: Algorithm
    party: str
    person: str
    role: Role
    meaning: Meaning


class _Acknowledged(msgspec.Struct, forbid_unknown_fields=True):
    rule: str
    reason: str


class _Capture(msgspec.Struct, forbid_unknown_fields=True):
    mode: str
    device: str | None = None
    seq: int | None = None
    source: str | None = None


class _Seen(msgspec.Struct, forbid_unknown_fields=True):
    size: int
    root: str


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    """A payload: its members are known by name, so that one of a later program is not passed over."""

    v: int
    log: str
    id: str
    kind: str
    occurred_at: str
    signers: tuple[_Signer, ...]
    capture: _Capture
    body: msgspec.Raw
    seen: _Seen | None = None
    reason: str | None = None
    corrects: str | None = None
    acknowledges: tuple[_Acknowledged, ...] = ()
    sd: tuple[str, ...] = msgspec.field(default=(), name="_sd")
    sd_alg: str | None = msgspec.field(default=None, name="_sd_alg")


class _Envelope(msgspec.Struct):
    payload: bytes


_ENVELOPES: Final = msgspec.json.Decoder(_Envelope)
_SAYINGS: Final = msgspec.json.Decoder(_Said)


def read_quickly(written: bytes) -> Event[Any] | None:
    """Return the event of an entry whose bytes are those that were recorded; None: only the close reading can tell."""
    try:
        return _read(written)
    except (ValueError, msgspec.MsgspecError):  # of which a library's errors are, and the ledger's own are none
        return None


def tags_quickly(written: bytes) -> frozenset[Tag]:
    """Return the tags of such an entry; none: it has none, or only the close reading can tell."""
    return frozenset(borne_quickly(written))


def borne_quickly(written: bytes) -> list[Tag]:
    """Return the same in the order in which they stand in the entry: by code point."""
    named = _TAGS.match(written)
    return _interned(named[1].decode("ascii")) if named else []


def _read(written: bytes) -> Event[Any] | None:
    header, _, data = written.partition(b"\n\n")
    if (lines := _HEADER.fullmatch(header.decode("ascii"))) is None:
        return None
    position, recorded, rules, tagged, ruling, told = lines.groups()
    said = _SAYINGS.decode(_ENVELOPES.decode(data).payload)
    kind = KINDS.get(said.kind)
    if said.v != VERSION or kind is None:
        return None
    tags = _interned(tagged)
    return Event(
        position=int(position),
        recorded=parse_time(recorded),
        tags=frozenset(tags),
        said=_signed(said, kind),
        rules=rules,
        breaches=() if told == NO_BREACHES else parse_breaches(told, tags),
        status=frozenset(_interned(ruling)),
    )


def _interned(tagged: str) -> list[Tag]:
    return cast("list[Tag]", [*map(intern, tagged.split())])  # a subject's events are looked up by the same string


def _signed(said: _Said, kind: Kind[Any]) -> Signed[Any]:
    return Signed(
        id=StatementId(said.id),
        kind=said.kind,
        occurred_at=parse_time(said.occurred_at),
        signers=tuple(
            Signatory(key_tag(one.key), one.alg, PartyId(one.party), one.person, one.role, one.meaning)
            for one in said.signers
        ),
        body=_bodies(kind.name).decode(said.body),
        reason=said.reason,
        corrects=None if said.corrects is None else StatementId(said.corrects),
        acknowledged={one.rule: one.reason for one in said.acknowledges},
        commits=frozenset(said.sd),
    )


def make_ready() -> None:
    """Make what reads the bodies of all kinds: it need not be made again by each process that is forked."""
    for kind in KINDS:
        _bodies(kind)


@cache
def _bodies(kind: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(KINDS[kind].body)
