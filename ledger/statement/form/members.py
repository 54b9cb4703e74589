"""The members of a payload that have rules of their own: each read, and none believed."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ledger.clock import parse_time
from ledger.errors import Malformed
from ledger.ids import StatementId, is_statement_id
from ledger.statement.form.tags import MOST_TAGS
from ledger.statement.text.binary import decode_base64url
from ledger.statement.text.shape import Form, read_array, read_object, read_text
from ledger.statement.text.strict_json import member_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.statement.text.strict_json import JsonValue

VERSION: Final = 1
SD_ALGORITHM: Final = "sha-256"
LOG: Final = Form("STM-31", re.compile("[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}"), "the origin of a log")
KIND: Final = Form(
    "STM-33", re.compile(r"[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*/[1-9][0-9]*"), "a kind like item.received/1"
)


def check_version(v: JsonValue) -> None:
    """Raise Malformed (STM-30) unless a payload is of the version that this program knows."""
    if v is True or v != VERSION:
        later = isinstance(v, int) and not isinstance(v, bool) and v > VERSION
        newer = f"a payload of version {v}; it knows up to {VERSION}" if later else ""
        raise Malformed("STM-30", "$.v", f"is not {VERSION}", newer=newer)


def read_statement_id(value: JsonValue, member: str) -> StatementId:
    """Read a statement's id (STM-32)."""
    text = read_text(value, member)
    if not is_statement_id(text):
        raise Malformed("STM-32", member, "is not a UUID of version 7 in lower case")
    return StatementId(text)


def read_time(value: JsonValue, member: str, rule: str = "STM-34") -> datetime:
    """Read an instant in UTC. Raises Malformed: the rule that is given."""
    try:
        return parse_time(read_text(value, member))
    except ValueError as error:
        raise Malformed(rule, member, str(error)) from None


def read_body(value: JsonValue, written: bytes) -> dict[str, JsonValue]:
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


def read_digests(said: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Read the digests of the disclosures, sorted and each once (STM-47, STM-48); () where there are none."""
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
