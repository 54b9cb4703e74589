"""A statement as it is handed in, as one line of JSON: ``{"envelope": {…}, "disclosures": ["…", …], "names": {…}}``.

The envelope stands as the JSON object that it is; its one fixed form is written again from it, so that the wrapping may
be spaced as anybody likes. Whether the envelope is well-formed and signed is the ledger's to say. Names say what ids
are called where it comes from, for somebody who signs it elsewhere: nothing signs them, and no ledger keeps them.
"""

from __future__ import annotations

import codecs
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import Malformed
from ledger.service import Submission
from ledger.statement.text.shape import not_here
from ledger.statement.text.strict_json import member_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_BYTES: Final = 1_000_000
"""An envelope has at most 60,000 bytes; the rest is disclosures and names."""

_MEMBERS: Final = ("envelope", "disclosures", "names")


def write_submission(submission: Submission, names: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Write a submission as one line, without the line feed. names: by id, for those who sign it without a log."""
    said: dict[str, Any] = {"envelope": json.loads(submission.envelope), "disclosures": list(submission.disclosures)}
    if names:
        said["names"] = dict(names)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_submission(data: bytes) -> Submission:
    """Read a submission; the disclosures, and the names, may be left out.

    Raises Malformed: STM-01 too large, STM-02 not UTF-8, STM-03 not JSON, STM-06 a member twice, STM-16 to STM-18 not
    of this shape.
    """
    return read_left(data)[0]


def read_left(data: bytes) -> tuple[Submission, Mapping[str, str]]:
    """Read a submission with the names that came along. Raises as read_submission."""
    if len(data) > MOST_BYTES:
        raise Malformed("STM-01", "$", f"{len(data)} bytes, more than {MOST_BYTES}")
    try:
        said = _DECODER.decode(_text(data))
    except (ValueError, RecursionError) as error:
        raise Malformed("STM-03", "$", f"not JSON: {error}") from None
    if not isinstance(said, dict):
        raise Malformed("STM-18", "$", "is not an object")
    if said.keys() >= {"kind", "body"}:
        raise Malformed(
            "STM-16", "$.envelope", "is missing: a draft, not signed yet: sign it with vialog statement sign"
        )
    for name in said.keys() - set(_MEMBERS):
        raise Malformed("STM-17", member_path("$", name), not_here(name, _MEMBERS))
    envelope, disclosures, names = said.get("envelope"), said.get("disclosures", []), said.get("names", {})
    if not isinstance(envelope, dict):
        raise Malformed("STM-18" if "envelope" in said else "STM-16", "$.envelope", "is not an envelope object")
    if not isinstance(disclosures, list) or not all(isinstance(one, str) for one in disclosures):
        raise Malformed("STM-18", "$.disclosures", "is not an array of texts")
    if not isinstance(names, dict) or not all(isinstance(one, str) for one in names.values()):
        raise Malformed("STM-18", "$.names", "is not an object of texts")
    return Submission(_fixed(envelope), tuple(disclosures)), names


def _text(data: bytes) -> str:
    """Return the text: read by json itself, UTF-16 and UTF-32 would do as well."""
    if data.startswith(codecs.BOM_UTF8):
        raise Malformed("STM-02", "$", "begins with a byte order mark")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("STM-02", "$", "not UTF-8") from None


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Malformed("STM-06", "$", "an object names a member twice")
    return members


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_members)


def _fixed(envelope: dict[str, Any]) -> bytes:
    try:
        return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise Malformed("STM-12", "$.envelope", "has a lone surrogate") from None
