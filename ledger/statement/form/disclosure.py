"""Disclosures: what a statement commits to without saying it. RFC 9901, its encoding alone.

    disclosure = base64url(JSON [salt, name, value])        digest = base64url(SHA-256(ASCII of the disclosure))

Personal data and people's own words stand in disclosures, outside the log; the payload's ``_sd`` holds their digests.
A missing disclosure is no fault: it was withheld or erased. Where disclosures are kept is not this module's.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.statement.text import strict_json
from ledger.statement.text.binary import decode_base64url, encode_base64url
from ledger.statement.text.shape import Form, read_array, read_form, read_text
from ledger.statement.text.strict_text import FREE_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ledger.statement.text.strict_json import JsonValue

_SALT_BYTES: Final = 16
_ROOT: Final = "disclosure"
# Read as text, not decoded: the RFC's own example salt has bits left over.
_SALT: Final = Form("STM-62", re.compile("[0-9A-Za-z_-]{22,128}"), "a salt of at least 128 bits in base64url")
COMMITS: Final = "disclose:"
"""How an unsigned body commits to a disclosure: followed by its name, in the place of the digest."""

_RESERVED_NAMES: Final = {"", "_sd", "..."}


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One name and value with the salt that hides them, and the text that all three are written as."""

    salt: str
    name: str
    value: JsonValue
    text: str


def make_disclosure(name: str, value: JsonValue) -> Disclosure:
    """Return a disclosure under a fresh random salt of 128 bits.

    value: strict JSON; texts may have line feeds and joiners.

    Raises Malformed: STM-01 to STM-15 the value is not strict, STM-61 the name is not one.
    """
    salt = encode_base64url(secrets.token_bytes(_SALT_BYTES))
    written = strict_json.encode([salt, name, value], root=_ROOT, allowed=FREE_TEXT)
    return read_disclosure(encode_base64url(written))


def read_disclosure(text: str, *, member: str = _ROOT) -> Disclosure:
    """Read a disclosure.

    member: what the disclosure is called in an error.

    Raises Malformed: STM-60 not base64url, STM-01 to STM-15 not strict JSON, STM-18 or STM-61 not salt, name and
    value, STM-62 the salt is too short.
    """
    try:
        written = decode_base64url(text)
    except ValueError:
        raise Malformed("STM-60", member, "is not canonical base64url without padding") from None
    parts = read_array(strict_json.parse(written, root=member, allowed=FREE_TEXT), member, least=3, most=3)
    salt, name = read_form(parts[0], f"{member}[0]", _SALT), read_text(parts[1], f"{member}[1]")
    if name in _RESERVED_NAMES:
        raise Malformed("STM-61", f"{member}[1]", "is empty or reserved and names nothing")
    return Disclosure(salt, name, parts[2], text)


def digest_of(text: str) -> str:
    """Return the digest of a disclosure as it stands in ``_sd``: 43 characters of base64url. RFC 9901 section 4.2.3.

    text: the disclosure as written, in ASCII; what it says is not encoded again.
    """
    return encode_base64url(hashlib.sha256(text.encode("ascii")).digest())


def commit(value: JsonValue, disclosures: Iterable[Disclosure], member: str = "$.body") -> JsonValue:
    """Return a body with digests in the places where it commits to disclosures by their names.

    member: what the value is called in an error.

    Raises Malformed: STM-65 nothing is disclosed under that name.
    """
    return _committed(value, {one.name: digest_of(one.text) for one in disclosures}, member)


def _committed(value: JsonValue, digests: Mapping[str, str], member: str) -> JsonValue:
    match value:
        case dict():
            return {name: _committed(one, digests, f"{member}.{name}") for name, one in value.items()}
        case list():
            return [_committed(one, digests, f"{member}[{index}]") for index, one in enumerate(value)]
        case str() if value.startswith(COMMITS):
            name = value.removeprefix(COMMITS)
            if name not in digests:
                raise Malformed("STM-65", member, f'nothing is disclosed under the name "{name}"')
            return digests[name]
        case _:
            return value


def check_disclosures(digests: Collection[str], texts: Sequence[str]) -> tuple[Disclosure, ...]:
    """Read the disclosures that were handed in with a payload, in the order handed in.

    digests: the payload's ``_sd``. Digests without a disclosure are no fault.

    Raises Malformed: STM-60 to STM-62 not a disclosure, STM-63 none of the payload's, STM-64 one twice.
    """
    read: dict[str, Disclosure] = {}
    for index, text in enumerate(texts):
        member = f"disclosures[{index}]"
        disclosure = read_disclosure(text, member=member)
        if digest_of(text) not in digests:
            raise Malformed("STM-63", member, "its digest does not stand in the payload's _sd")
        if disclosure.name in read:
            raise Malformed("STM-64", member, "discloses a name that is disclosed already")
        read[disclosure.name] = disclosure
    return tuple(read.values())
