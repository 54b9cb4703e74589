"""The payload: what a statement says about itself, and the body that its kind defines.

    v, log, id, kind, occurred_at, signers[{key, alg, party, person, role, meaning}],
    capture{mode, device?, seq?, source?}, seen?{size, root}, reason?, acknowledges[{rule, reason}]?, corrects?,
    body{…}, _sd[…]?, _sd_alg?

The signers, their algorithms and what each means by signing stand inside the signed bytes. This module checks the
header's form and that the body is an object. Which kinds there are, what their bodies hold and who may sign them in
which role is the catalogue's; whether a signature verifies is for ``statement``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.clock import format_time, parse_time
from ledger.errors import Malformed
from ledger.ids import PERMIT_MEMBERS, StatementId, Tag, is_statement_id, is_tag, is_tag_anywhere
from ledger.statement.form.header import (
    CODE,
    PARTS,
    Acknowledgement,
    Capture,
    CaptureMode,
    Seen,
    Signer,
    read_acknowledges,
    read_capture,
    read_seen,
    read_signers,
)
from ledger.statement.text import strict_json
from ledger.statement.text.binary import decode_base64url, encode_base64
from ledger.statement.text.shape import Form, read_array, read_form, read_members, read_object, read_text
from ledger.statement.text.strict_json import member_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ledger.statement.text.strict_json import JsonValue

__all__ = [
    "Acknowledgement",
    "Capture",
    "CaptureMode",
    "Payload",
    "Seen",
    "Signer",
    "build_payload",
    "read_known",
    "read_payload",
    "tags_of",
]

VERSION: Final = 1
SD_ALGORITHM: Final = "sha-256"
MOST_TAGS: Final = 1_000
_ROOT: Final = "$"
_REQUIRED: Final = ("v", "log", "id", "kind", "occurred_at", "signers", "capture", "body")
_OPTIONAL: Final = ("seen", "reason", "acknowledges", "corrects", "_sd", "_sd_alg")
_LOG: Final = Form("STM-31", re.compile("[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}"), "the origin of a log")
_KIND: Final = Form(
    "STM-33", re.compile(r"[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*/[1-9][0-9]*"), "a kind like item.received/1"
)


class Payload(NamedTuple):
    """What a payload says; of the right form, and nothing more is known about it.

    occurred_at: the signers' claim, in UTC.
    corrects: the statement that this one puts right, or None.
    body: as the kind defines it, not checked here.
    sd: digests of the disclosures, as written and sorted.
    value: the whole parsed object.
    tags: the ids that stand anywhere in it.
    later: "" when this program knows all of its members; otherwise which it does not, for ``TooOld``.
    """

    v: int
    log: str
    id: StatementId
    kind: str
    occurred_at: datetime
    signers: tuple[Signer, ...]
    capture: Capture
    seen: Seen | None
    reason: str | None
    acknowledges: tuple[Acknowledgement, ...]
    corrects: StatementId | None
    body: Mapping[str, JsonValue]
    sd: tuple[str, ...]
    value: Mapping[str, JsonValue]
    tags: frozenset[Tag]
    later: str = ""

    @property
    def acknowledged(self) -> frozenset[str]:
        """Return the rules whose breach the signers acknowledge."""
        return frozenset(one.rule for one in self.acknowledges)


def read_payload(data: bytes) -> Payload:
    """Read a payload's header and keep its body as it is.

    Raises Malformed: STM-01 to STM-19 not strict JSON of this shape, STM-30 to STM-50 a member's own rule.
    """
    value = strict_json.parse(data)
    return _read(value, value, data)


def read_known(data: bytes) -> Payload:
    """Read a payload as far as this program knows it: optional members that it does not know are named in ``later``.

    Raises Malformed: as read_payload, but for these members.
    """
    try:
        return read_payload(data)
    except Malformed as error:
        if error.rule != "STM-17" or not error.newer:
            raise
        value = strict_json.parse(data)
        return _read(_known(value), value, data)._replace(later=error.newer)


def _read(known: JsonValue, value: JsonValue, written: bytes) -> Payload:
    """Read a payload from what is known of it. value: the whole of it, parsed from what is written."""
    if isinstance(known, dict) and "v" in known:  # first of all: what the other members are depends on it
        _check_version(known["v"])
    said = read_members(known, _ROOT, _REQUIRED, _OPTIONAL, grows=True)
    return Payload(
        v=VERSION,
        log=read_form(said["log"], "$.log", _LOG),
        id=_statement_id(said["id"], "$.id"),
        kind=read_form(said["kind"], "$.kind", _KIND),
        occurred_at=_time(said["occurred_at"], "$.occurred_at"),
        signers=read_signers(said["signers"]),
        capture=read_capture(said["capture"]),
        seen=read_seen(said["seen"]) if "seen" in said else None,
        reason=read_form(said["reason"], "$.reason", CODE) if "reason" in said else None,
        acknowledges=read_acknowledges(said["acknowledges"]) if "acknowledges" in said else (),
        corrects=_statement_id(said["corrects"], "$.corrects") if "corrects" in said else None,
        body=_body(said["body"], written),
        sd=_digests(said),
        value=read_object(value, _ROOT),
        tags=tags_of(value),
    )


def _check_version(v: JsonValue) -> None:
    if v is True or v != VERSION:
        later = isinstance(v, int) and not isinstance(v, bool) and v > VERSION
        newer = f"a payload of version {v}; it knows up to {VERSION}" if later else ""
        raise Malformed("STM-30", "$.v", f"is not {VERSION}", newer=newer)


def _known(value: JsonValue) -> JsonValue:
    """Return a payload without the members that this program does not know."""
    if not isinstance(value, dict):
        return value
    return {name: _known_part(name, one) for name, one in value.items() if name in _REQUIRED or name in _OPTIONAL}


def _known_part(name: str, value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_known_part(name, one) for one in value]
    if name not in PARTS or not isinstance(value, dict):
        return value
    return {member: one for member, one in value.items() if member in PARTS[name]}


def build_payload(
    *,
    log: str,
    id: StatementId,  # noqa: A002  the member's own name
    kind: str,
    occurred_at: datetime,
    signers: Sequence[Signer],
    capture: Capture,
    body: Mapping[str, JsonValue],
    seen: Seen | None = None,
    reason: str | None = None,
    acknowledges: Sequence[Acknowledgement] = (),
    corrects: StatementId | None = None,
    sd: Sequence[str] = (),
) -> bytes:
    """Write a payload, ready to sign. Members that say nothing are left out; digests are sorted.

    occurred_at: aware.

    Raises Malformed: whatever read_payload would refuse.
    """
    value: dict[str, JsonValue] = {"v": VERSION, "log": log, "id": id, "kind": kind}
    value["occurred_at"] = format_time(occurred_at)
    value["signers"] = [_written(one) for one in signers]
    value["capture"] = _given(
        {"mode": capture.mode, "device": capture.device, "seq": capture.seq, "source": capture.source}
    )
    if seen is not None:
        value["seen"] = {"size": seen.size, "root": encode_base64(seen.root)}
    value |= _given({"reason": reason})
    if acknowledges:
        value["acknowledges"] = [{"rule": one.rule, "reason": one.reason} for one in acknowledges]
    value |= _given({"corrects": corrects}) | {"body": dict(body)}
    if sd:
        value |= {"_sd": [*sorted(sd)], "_sd_alg": SD_ALGORITHM}
    data = strict_json.encode(value)
    read_payload(data)
    return data


def tags_of(value: JsonValue) -> frozenset[Tag]:
    """Return every id that stands anywhere in a value as the whole of a text; names of members do not count.

    Ids of permits count where their member says so (``PERMIT_MEMBERS``).

    Raises Malformed: STM-49 more than 1,000 different ones.
    """
    tags: set[Tag] = set()
    pending = [value]
    for one in pending:  # which grows; a loop, not a recursion: this runs for every statement, and twice for none
        if type(one) is str:  # parsed, so of no subclass
            if is_tag_anywhere(one):
                tags.add(Tag(one))
        elif type(one) is dict:
            pending.extend(one.values())
            if not one.keys().isdisjoint(PERMIT_MEMBERS):  # of most objects that is all there is to ask
                tags.update(_permits_in(one))
        elif type(one) is list:
            pending.extend(one)
    if len(tags) > MOST_TAGS:
        raise Malformed("STM-49", _ROOT, f"names {len(tags)} different ids, more than {MOST_TAGS}")
    return frozenset(tags)


def _permits_in(said: Mapping[str, JsonValue]) -> Iterator[Tag]:
    """Yield the ids of permits in the members of an object that hold one, or a list of them."""
    named = (said.get(member) for member in PERMIT_MEMBERS)
    for one in (one for value in named for one in (value if isinstance(value, list) else [value])):
        if isinstance(one, str) and one.startswith("permit:") and is_tag(one):
            yield Tag(one)


def _written(signer: Signer) -> dict[str, JsonValue]:
    return {
        "key": signer.key,
        "alg": signer.alg,
        "party": signer.party,
        "person": signer.person,
        "role": signer.role,
        "meaning": signer.meaning,
    }


def _given(members: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in members.items() if value is not None}


def _statement_id(value: JsonValue, member: str) -> StatementId:
    text = read_text(value, member)
    if not is_statement_id(text):
        raise Malformed("STM-32", member, "is not a UUID of version 7 in lower case")
    return StatementId(text)


def _time(value: JsonValue, member: str) -> datetime:
    try:
        return parse_time(read_text(value, member))
    except ValueError as error:
        raise Malformed("STM-34", member, str(error)) from None


def _body(value: JsonValue, written: bytes) -> dict[str, JsonValue]:
    """Read the body: an object without a null, so that what is left out is left out in one way."""
    body = read_object(value, "$.body")
    # The word stands in what is written wherever a null does, and in few payloads; only those are gone through.
    if b"null" in written and (found := _null_in(body, "$.body")) is not None:
        raise Malformed("STM-19", found, "is null: a member that says nothing is left out")
    return body


def _null_in(value: JsonValue, member: str) -> str | None:
    """Return where the first null stands in a value, in the order written."""
    match value:
        case None:
            return member
        case dict():
            inner = (_null_in(one, member_path(member, name)) for name, one in value.items())
        case list():
            inner = (_null_in(one, member_path(member, at)) for at, one in enumerate(value))
        case _:
            return None
    return next((found for found in inner if found is not None), None)


def _digests(said: Mapping[str, JsonValue]) -> tuple[str, ...]:
    if "_sd" not in said and "_sd_alg" not in said:
        return ()
    if "_sd" not in said or said.get("_sd_alg") != SD_ALGORITHM:
        raise Malformed("STM-48", "$._sd_alg", f"is not {SD_ALGORITHM} beside _sd")
    values = read_array(said["_sd"], "$._sd", least=1, most=MOST_TAGS)
    digests = tuple(_digest(one, f"$._sd[{index}]") for index, one in enumerate(values))
    for index, (one, following) in enumerate(pairwise(digests), start=1):
        if one >= following:
            raise Malformed("STM-47", f"$._sd[{index}]", "is not after the one before it")
    return digests


def _digest(value: JsonValue, member: str) -> str:
    text = read_text(value, member)
    try:
        size = len(decode_base64url(text))
    except ValueError:
        size = 0
    if size != 32:
        raise Malformed("STM-47", member, "is not a SHA-256 in canonical base64url")
    return text
