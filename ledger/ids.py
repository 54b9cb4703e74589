"""The ids of everything an event can concern, and how they are written.

An id is always written with its type, ``item:01JD…``, so a reader in any language recognises one without
knowing the statement it stands in; the same text is the event's *tag*.

    id    = type ":" name
    type  = "item" / "approval" / "consignment" / "party" / "site" / "case" / "permit" / "key"
    name  = 1 to 64 of 0-9 A-Z a-z "-", first and last not "-"; of a key: the 64 lower-case hex digits of
            the SHA-256 of its SubjectPublicKeyInfo

The id of a permit is one only in a member that is called ``permit`` or ``permits``: before there were permits a name
could be written so, and what was recorded then keeps its tags.

Statement ids are UUIDs of version 7 (RFC 9562 5.7) in lower case; they are not tags.
"""

from __future__ import annotations

import re
import secrets
import uuid
from typing import TYPE_CHECKING, Final, Literal, NewType

if TYPE_CHECKING:
    from datetime import datetime

Tag = NewType("Tag", str)
ItemId = NewType("ItemId", str)
ApprovalId = NewType("ApprovalId", str)
ConsignmentId = NewType("ConsignmentId", str)
PartyId = NewType("PartyId", str)
SiteId = NewType("SiteId", str)
CaseId = NewType("CaseId", str)
PermitId = NewType("PermitId", str)
KeyId = NewType("KeyId", str)
StatementId = NewType("StatementId", str)

IdType = Literal["item", "approval", "consignment", "party", "site", "case", "permit", "key"]

NAME_PATTERN: Final = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}[0-9A-Za-z])?"
_ANYWHERE: Final = f"(?:item|approval|consignment|party|site|case):{NAME_PATTERN}|key:[0-9a-f]{{64}}"
TAG_PATTERN: Final = f"(?:{_ANYWHERE}|permit:{NAME_PATTERN})"
PERMIT_MEMBERS: Final = ("permit", "permits")
"""The members in which a permit's id is one."""
_TAG = re.compile(rf"{TAG_PATTERN}\Z")
_TAG_ANYWHERE = re.compile(rf"(?:{_ANYWHERE})\Z")
_STATEMENT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_BASE32: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def is_tag(text: str) -> bool:
    """Say whether a text is an id of one of the tagged types, complete and nothing else."""
    return ":" in text and _TAG.match(text) is not None


def is_tag_anywhere(text: str) -> bool:
    """Say whether a text is an id in whatever member it stands: any but a permit's."""
    return ":" in text and _TAG_ANYWHERE.match(text) is not None


def is_statement_id(text: str) -> bool:
    """Say whether a text is a UUID of version 7 in its one lower-case form."""
    return _STATEMENT_ID.match(text) is not None


def type_of(tag: Tag) -> str:
    """Return the part of a tag before the colon."""
    return tag.partition(":")[0]


def key_tag(thumbprint: str) -> KeyId:
    """Return the tag of the key with a thumbprint of 64 hex digits."""
    return KeyId(f"key:{thumbprint}")


def new_id(id_type: IdType) -> str:
    """Return a fresh random id of a type: 26 digits of Crockford's base 32, 130 random bits.

    Random, because ids of donors and samples must tell nothing and must not collide between parties that
    never talk to each other.
    """
    return f"{id_type}:{''.join(_BASE32[byte % 32] for byte in secrets.token_bytes(26))}"


def new_statement_id(now: datetime) -> StatementId:
    """Return a UUID of version 7 for an aware time: 48 bits of Unix milliseconds, then 74 random bits.

    RFC 9562 5.7.
    """
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random = secrets.randbits(74)
    number = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return StatementId(str(uuid.UUID(int=number)))
