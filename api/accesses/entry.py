"""An entry of the access log: who was told what of whom, in its one form. docs/formats.md, section 27.

    {"v":1,"number":7,"at":"…Z","party":"party:…","person":"…","key":"key:…","by":"…","route":"…","question":null,
     "position":812,"parts":["<64 hex digits>",…]}
    {"salt":"<32 hex digits>","party":"party:…","right":"authority","grant":null,"statements":3,"first":17,"last":93,
     "subjects":["item:…"],"more":0}

An entry names its parts by their hashes alone, and each part has random bits in it: so a party can be shown the entry,
and its own part, and learns nothing of the others'. Pure but for these bits.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.access.read import Part
from ledger.clock import format_time
from ledger.ids import PartyId
from ledger.statement.text import strict_json
from ledger.tlog.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.access.principal import Principal
    from ledger.statement.text.strict_json import JsonValue

LOG_FILES: Final = "log-files"
"""By what mirrors ask: the operator's token for the log's files, which is nobody's."""


def _random() -> bytes:
    return secrets.token_bytes(16)


@dataclass(frozen=True, slots=True)
class Access:
    """That data of others is told to somebody.

    at: when they asked. who: None: whoever has the token for the log's files. route: the operation's id in the OpenAPI
    document, or a page's address. question: its name, where one was asked. position: up to which the log was read.
    """

    at: datetime
    who: Principal | None
    route: str
    question: str | None
    position: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as a table has it, whatever became of it there. ended: when its answer had left; None: it has not."""

    number: int
    at: datetime
    reader: str | None
    parties: tuple[str | None, ...]
    entry: bytes
    parts: tuple[bytes, ...]
    leaf: bytes
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is written. entry, parts: the bytes of the one form."""

    number: int
    at: datetime
    reader: PartyId | None
    parties: tuple[PartyId | None, ...]
    entry: bytes
    parts: tuple[bytes, ...]

    @property
    def leaf(self) -> bytes:
        """Return its leaf hash in the tree that a digest states the root of. RFC 6962 2.1."""
        return leaf_hash(self.entry)


def entry_of(access: Access, number: int, at: datetime, bits: Callable[[], bytes] = _random) -> Entry:
    """Return the entry of an access.

    at: when they asked, or later: never before an earlier entry's. bits: makes what hides a part, 16 random bytes.
    """
    parts = tuple(encode_part(one, bits().hex()) for one in access.parts)
    who = access.who
    said: dict[str, JsonValue] = {
        "v": 1,
        "number": number,
        "at": format_time(at),
        "party": None if who is None else who.party,
        "person": None if who is None else who.person,
        "key": None if who is None else who.key,
        "by": LOG_FILES if who is None else who.proof,
        "route": access.route,
        "question": access.question,
        "position": access.position,
        "parts": [hash_of(one) for one in parts],
    }
    whose = tuple(dict.fromkeys(one.party for one in access.parts))
    return Entry(number, at, None if who is None else who.party, whose, strict_json.encode(said), parts)


def encode_part(part: Part, salt: str) -> bytes:
    """Write a part in its one form. salt: 32 hex digits."""
    return strict_json.encode(
        {
            "salt": salt,
            "party": part.party,
            "right": part.right,
            "grant": part.grant,
            "statements": part.statements,
            "first": part.first,
            "last": part.last,
            "subjects": list(part.subjects),
            "more": part.more,
        }
    )


def hash_of(part: bytes) -> str:
    """Return by what an entry names a part: its SHA-256, hexadecimal."""
    return hashlib.sha256(part).hexdigest()
