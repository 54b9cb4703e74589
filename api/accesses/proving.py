"""The proof that an entry of the access log is under a digest that the log holds: docs/formats.md, section 27.

    {"v":1,"entry":"<base64>","parts":["<base64>",…],"path":["<64 hex digits>",…],"digest":"<base64>",
     "proof":"<base64>"}

digest is the entry of the log that states the digest, proof its .tlog-proof; path leads from the entry's leaf hash to
the root that the digest states. Whoever holds such a file can show for good that the entry was there, whatever becomes
of the table; and it tells of others' parts their hashes alone. Pure.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.accesses.digests import KIND
from api.accesses.entry import hash_of
from ledger.domain.registry.accesses import AccessDigested
from ledger.errors import IntegrityFailed, Malformed, NotTrusted
from ledger.statement.entries.entry import parse_entry
from ledger.statement.reading import read_event
from ledger.statement.text import strict_json
from ledger.statement.text.binary import decode_base64, encode_base64
from ledger.statement.text.shape import Form, read_array, read_count, read_form, read_members, read_text
from ledger.tlog.proof import check_proof, decode_proof
from ledger.tlog.tree import check_inclusion, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.judging import Event
    from ledger.statement.text.strict_json import JsonValue
    from ledger.tlog.policy import Policy, Witnessed

RULES: Final = {
    "ACP-01": "A proof of an access is in the one form that docs/formats.md gives it.",
    "ACP-02": "A proof of an access leads from the entry and the parts that it shows to the digest that it names.",
    "ACP-03": "A proof of an access names a digest of the access log, at the position that its own proof is of.",
}

_MEMBERS: Final = ("v", "entry", "parts", "path", "digest", "proof")
_HASH: Final = Form("ACP-01", re.compile("[0-9a-f]{64}"), "a SHA-256, 64 lower-case hex digits")
_MOST_PARTS: Final = 501
_MOST_HASHES: Final = 63
MOST_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class ProvenAccess:
    """What a proof shows, once it holds.

    said: the entry. parts: those that it shows, of as many as the entry names. digest: its position; entries first to
    last are under it, as party stated. note: the checkpoint that covers that; witnessed: what the policy believes.
    """

    said: dict[str, Any]
    parts: tuple[dict[str, Any], ...]
    others: int
    position: int
    first: int
    last: int
    party: str
    note: bytes
    witnessed: Witnessed


def encode_access(entry: bytes, parts: Sequence[bytes], path: Sequence[bytes], digest: bytes, proof: bytes) -> bytes:
    """Write the proof of an entry.

    parts: those that are shown. path: from the entry's leaf hash, the sibling first, to the root of its digest. digest:
    the entry of the log that states it; proof: its .tlog-proof.
    """
    return strict_json.encode(
        {
            "v": 1,
            "entry": encode_base64(entry),
            "parts": list(map(encode_base64, parts)),
            "path": [one.hex() for one in path],
            "digest": encode_base64(digest),
            "proof": encode_base64(proof),
        }
    )


def check_access(data: bytes, policy: Policy) -> ProvenAccess:
    """Check a proof offline, and return what it shows. policy: one's own; nothing in the proof is believed.

    Raises Malformed: ACP-01 not of the one form. NotTrusted: ACP-02 it does not lead to its digest, ACP-03 what it
    names is no digest, or stands elsewhere; the policy does not believe the checkpoint.
    """
    entry, parts, path, digest, proof = _read(data)
    event = _digest(digest)
    found = decode_proof(proof)
    if found.index != event.position - 1:
        raise NotTrusted("ACP-03", f"the digest says that it stands at {event.position}, and its proof is of another")
    try:
        witnessed = check_proof(found, leaf_hash(digest), policy)
    except IntegrityFailed as error:
        raise NotTrusted("ACP-03", f"the digest is not in the log: {error}") from error
    body: AccessDigested = event.said.body
    said = _entry(entry)
    number, last = said["number"], body.first + body.entries - 1
    if not body.first <= number <= last:
        raise NotTrusted("ACP-02", f"entry {number} is not under the digest, which covers {body.first} to {last}")
    try:
        check_inclusion(leaf_hash(entry), number - body.first, body.entries, path, bytes.fromhex(body.root))
    except IntegrityFailed as error:
        raise NotTrusted("ACP-02", f"entry {number} is not the one that the digest covers: {error}") from error
    if not {*map(hash_of, parts)} <= {*said["parts"]}:
        raise NotTrusted("ACP-02", "a part that is shown is none of those that the entry names")
    shown = tuple(_object(one) for one in parts)
    others = len(said["parts"]) - len(parts)
    return ProvenAccess(
        said, shown, others, event.position, body.first, last, event.said.party, found.checkpoint, witnessed
    )


def _read(data: bytes) -> tuple[bytes, list[bytes], list[bytes], bytes, bytes]:
    if len(data) > MOST_BYTES:
        raise Malformed("ACP-01", "$", f"larger than {MOST_BYTES} bytes")
    said = read_members(strict_json.parse(data), "$", _MEMBERS)
    if read_count(said["v"], "$.v") != 1:
        raise Malformed("ACP-01", "$.v", "is not 1", newer="a proof of an access of a later form")
    parts = read_array(said["parts"], "$.parts", least=0, most=_MOST_PARTS)
    path = read_array(said["path"], "$.path", least=0, most=_MOST_HASHES)
    read = (
        _bytes(said["entry"], "$.entry"),
        [_bytes(one, f"$.parts[{index}]") for index, one in enumerate(parts)],
        [bytes.fromhex(read_form(one, f"$.path[{index}]", _HASH)) for index, one in enumerate(path)],
        _bytes(said["digest"], "$.digest"),
        _bytes(said["proof"], "$.proof"),
    )
    if len({*read[1]}) != len(read[1]):
        raise Malformed("ACP-01", "$.parts", "shows a part twice")
    return read


def _bytes(value: JsonValue, path: str) -> bytes:
    try:
        return decode_base64(read_text(value, path))
    except ValueError:
        raise Malformed("ACP-01", path, "is not canonical base64") from None


def _digest(digest: bytes) -> Event[AccessDigested]:
    """Return the statement that the entry of a log holds, where that is a digest."""
    event = read_event(parse_entry(digest))
    if event.said.kind != KIND or not isinstance(event.said.body, AccessDigested):
        raise NotTrusted("ACP-03", f"the log's entry is of the kind {event.said.kind}, which is no digest")
    return event


def _entry(entry: bytes) -> dict[str, Any]:
    said = _object(entry)
    parts, number = said.get("parts"), said.get("number")
    if not isinstance(parts, list) or type(number) is not int or not all(isinstance(one, str) for one in parts):
        raise Malformed("ACP-01", "$.entry", "is no entry of an access log")
    return said


def _object(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Malformed("ACP-01", "$", "holds what is no entry of an access log, and no part of one")
    return said
