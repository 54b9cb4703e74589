"""The manifest of a bundle: what the bundle claims to hold. Its form stands in ``bundle``.

Written in one form: read, written again and compared. Claims, nothing more: the verifier checks each of them.

>>> manifest = Manifest("log.example/1", 2, Tag("item:A"), (), (Tag("item:A"),), (), ())
>>> encode_manifest(manifest)[:60]
b'{"format":"vialog-evidence/2","log":"log.example/1","size":2'
>>> parse_manifest(encode_manifest(manifest)) == manifest
True
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from ledger.errors import Malformed, newer_format
from ledger.ids import Tag, is_tag
from ledger.statement.text.shape import Form, read_array, read_choice, read_count, read_form, read_members, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.statement.text.strict_json import JsonValue

FORMAT: Final = "vialog-evidence/2"
ANSWERED: Final = "vialog-evidence/3"
"""The format of a bundle that holds a claimed answer; without one it is of the other, which older verifiers know."""
IN_PART: Final = "vialog-evidence/4"
"""The format of a bundle from which something is withheld, with or without an answer: no older verifier reads it."""
MAX_POSITION: Final = 10**15 - 1
_NO_FORMAT: Final = f"is not {FORMAT}, {ANSWERED} or {IN_PART}"

RULES: Final = {
    "EVD-04": "A bundle's manifest is written in its one form.",
}

_Key = TypeVar("_Key", int, str, tuple[int, str])
_LOG: Final = Form("EVD-04", re.compile("[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}"), "the origin of a log")
_FORMAT: Final = re.compile(rb'\{"format":"([a-z/0-9-]{1,64})"')
_HASH: Final = Form("EVD-04", re.compile("[0-9a-f]{64}"), "a SHA-256 in 64 lower-case hex digits")
_LEAF: Final = Form("EVD-04", re.compile("[0-9a-f]{64}"), "a leaf hash in 64 lower-case hex digits")
_DIGEST: Final = Form("EVD-04", re.compile("[0-9A-Za-z_-]{43}"), "a digest in 43 characters of base64url")
_MEMBERS: Final = ("format", "log", "size", "subject", "entries", "complete", "status", "disclosures")
_IN_PART_MEMBERS: Final = (*_MEMBERS, "withheld", "part", "answered")
_MOST: Final = 65_535  # as many as an archive has files
_LISTS: Final = 6
_MOST_DIGITS: Final = 16


def _whole(digits: str) -> int:
    """Return a number of the manifest; raises ValueError for one of so many digits that only reading it takes long."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError("more digits than any number of a manifest has")
    return int(digits)


_DECODER: Final = json.JSONDecoder(parse_int=_whole)


class Scope(StrEnum):
    """How much of the approvals and consignments of a subject a bundle holds: their status, or everything."""

    NARROW = "narrow"
    WHOLE = "whole"


class Why(StrEnum):
    """What an entry is in a bundle for; of several reasons the first."""

    SUBJECT = "subject"
    ANCESTOR = "ancestor"
    APPROVAL = "approval"
    CONSIGNMENT = "consignment"
    PERMIT = "permit"
    PARTY = "party"
    SITE = "site"
    KEY = "key"
    ANSWER = "answer"


class Listed(NamedTuple):
    """An entry in the manifest. sha256: of the entry's bytes, 64 hex digits."""

    position: int
    sha256: str
    why: Why


class ListedDisclosure(NamedTuple):
    """A disclosure in the manifest: the event whose payload commits to it, and its digest as it stands there."""

    position: int
    digest: str


class ListedWithheld(NamedTuple):
    """An entry that is withheld: that something stands at this position, and its leaf hash in 64 hex digits."""

    position: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle claims to hold.

    size: leaves under the checkpoint, which is the state entry's position.
    complete: tags of which every event up to size - 1 is said to be here.
    status: tags of which those are said to be here that establish, limit or end the subject, and others are left out.
    answered: whether the bundle claims an answer.
    withheld: entries of which nothing is here but that they stand in the log.
    part: tags of which some events may be here, and nothing is claimed: whoever it was made for may not read them all.
    """

    log: str
    size: int
    subject: Tag
    entries: tuple[Listed, ...]
    complete: tuple[Tag, ...]
    status: tuple[Tag, ...]
    disclosures: tuple[ListedDisclosure, ...]
    answered: bool = False
    withheld: tuple[ListedWithheld, ...] = ()
    part: tuple[Tag, ...] = ()

    @property
    def listed(self) -> frozenset[Tag]:
        """Return the tags of which it says how much is here."""
        return frozenset((*self.complete, *self.status, *self.part))

    @property
    def is_in_part(self) -> bool:
        """Say whether anything is withheld."""
        return bool(self.withheld or self.part)

    @property
    def format(self) -> str:
        """Return the format that it is written in."""
        if self.is_in_part:
            return IN_PART
        return ANSWERED if self.answered else FORMAT


def encode_manifest(manifest: Manifest) -> bytes:
    """Write a manifest.

    Raises Malformed: whatever parse_manifest would refuse.
    """
    data = _write(manifest)
    parse_manifest(data)
    return data


def check_format(data: bytes) -> None:
    """Raise Malformed (EVD-04) for a manifest of a later format, whatever else its bundle holds.

    data: the manifest, or its first 128 bytes.
    """
    match = _FORMAT.match(data)
    said = "" if match is None else match[1].decode()
    if newer := newer_format(said, IN_PART):
        raise Malformed("EVD-04", "$.format", _NO_FORMAT, newer=newer)


def parse_manifest(data: bytes) -> Manifest:
    """Read a manifest; nothing that it claims is checked.

    Raises Malformed: EVD-04, STM-16 to STM-18, STM-44, not in the one form.
    """
    # Counted before they are made: a few megabytes of brackets become hundreds of objects.
    if data.count(b"{") > _MOST + 1 or data.count(b"[") > _LISTS:
        raise Malformed("EVD-04", "$", f"has more than {_LISTS} lists, or more than {_MOST} objects in them")
    try:
        value: JsonValue = _DECODER.decode(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise Malformed("EVD-04", "$", "is not JSON in ASCII") from None
    in_part = isinstance(value, dict) and value.get("format") == IN_PART
    said = read_members(value, "$", _IN_PART_MEMBERS if in_part else _MEMBERS)
    if said["format"] not in {FORMAT, ANSWERED, IN_PART}:
        raise Malformed("EVD-04", "$.format", _NO_FORMAT)
    size = _position(said["size"], "$.size", MAX_POSITION)
    manifest = Manifest(
        log=read_form(said["log"], "$.log", _LOG),
        size=size,
        subject=_tag(said["subject"], "$.subject"),
        entries=tuple(_listed(one, member, size) for one, member in _items(said, "entries")),
        complete=tuple(_tag(one, member) for one, member in _items(said, "complete")),
        status=tuple(_tag(one, member) for one, member in _items(said, "status")),
        disclosures=tuple(_disclosure(one, member, size) for one, member in _items(said, "disclosures")),
        answered=said["answered"] is True if in_part else said["format"] == ANSWERED,
        withheld=tuple(_withheld(one, member, size) for one, member in _items(said, "withheld")) if in_part else (),
        part=tuple(_tag(one, member) for one, member in _items(said, "part")) if in_part else (),
    )
    _check_ascending("entries", [one.position for one in manifest.entries])
    _check_ascending("complete", manifest.complete)
    _check_ascending("status", manifest.status)
    _check_ascending("disclosures", manifest.disclosures)
    _check_ascending("withheld", [one.position for one in manifest.withheld])
    _check_ascending("part", manifest.part)
    _check_apart(manifest)
    if not manifest.answered and any(one.why is Why.ANSWER for one in manifest.entries):
        raise Malformed("EVD-04", "$.entries", "one is there for an answer, and there is none")
    if _write(manifest) != data:
        raise Malformed("EVD-04", "$", "is not written in its one form: member order, white space or escapes")
    return manifest


def _check_apart(manifest: Manifest) -> None:
    """Refuse what is said of a tag or a position twice: nothing is here and withheld, or complete and in part."""
    if set(manifest.complete) & set(manifest.status):
        raise Malformed("EVD-04", "$.status", "names a tag that is complete")
    if {*manifest.complete, *manifest.status} & set(manifest.part):
        raise Malformed("EVD-04", "$.part", "names a tag that is complete or of status")
    if {one.position for one in manifest.entries} & {one.position for one in manifest.withheld}:
        raise Malformed("EVD-04", "$.withheld", "names an entry that is here")


def _write(manifest: Manifest) -> bytes:
    value: dict[str, object] = {
        "format": manifest.format,
        "log": manifest.log,
        "size": manifest.size,
        "subject": manifest.subject,
        "entries": [one._asdict() for one in manifest.entries],
        "complete": manifest.complete,
        "status": manifest.status,
        "disclosures": [one._asdict() for one in manifest.disclosures],
    }
    if manifest.is_in_part:
        value["withheld"] = [one._asdict() for one in manifest.withheld]
        value |= {"part": manifest.part, "answered": manifest.answered}
    return json.dumps(value, separators=(",", ":")).encode()


def _items(said: dict[str, JsonValue], name: str) -> Iterator[tuple[JsonValue, str]]:
    for index, one in enumerate(read_array(said[name], f"$.{name}", least=0, most=_MOST)):
        yield one, f"$.{name}[{index}]"


def _listed(value: JsonValue, member: str, size: int) -> Listed:
    said = read_members(value, member, ("position", "sha256", "why"))
    return Listed(
        _position(said["position"], f"{member}.position", size - 1),
        read_form(said["sha256"], f"{member}.sha256", _HASH),
        read_choice(said["why"], f"{member}.why", "EVD-04", Why),
    )


def _disclosure(value: JsonValue, member: str, size: int) -> ListedDisclosure:
    said = read_members(value, member, ("position", "digest"))
    return ListedDisclosure(
        _position(said["position"], f"{member}.position", size - 1),
        read_form(said["digest"], f"{member}.digest", _DIGEST),
    )


def _withheld(value: JsonValue, member: str, size: int) -> ListedWithheld:
    said = read_members(value, member, ("position", "leaf"))
    return ListedWithheld(
        _position(said["position"], f"{member}.position", size - 1),
        read_form(said["leaf"], f"{member}.leaf", _LEAF),
    )


def _position(value: JsonValue, member: str, most: int) -> int:
    position = read_count(value, member)
    if not 1 <= position <= most:
        raise Malformed("EVD-04", member, f"is not between 1 and {most}")
    return position


def _tag(value: JsonValue, member: str) -> Tag:
    text = read_text(value, member)
    if not is_tag(text):
        raise Malformed("EVD-04", member, "is not the id of a subject")
    return Tag(text)


def _check_ascending(name: str, keys: Sequence[_Key]) -> None:
    if any(one >= following for one, following in pairwise(keys)):
        raise Malformed("EVD-04", f"$.{name}", "is not in ascending order, each once")
