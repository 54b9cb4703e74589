"""What an entry that brings a key into the log must look like, whoever judged it: part of the validity of keys.

A log is opened by one signer at position 1. Every other key is enrolled by two: one who may, and the key itself, as the
party and person that it is enrolled for. Whether the first may is decided by the keys and roles before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ledger.errors import NotTrusted
from ledger.statement.entries.state_entry import STATE_KIND

if TYPE_CHECKING:
    from ledger.statement.form.payload import Payload

OPENED: Final = "log.opened/1"
ENROLLED: Final = "key.enrolled/1"
REVOKED: Final = "key.revoked/1"
ENROLLING: Final = (OPENED, ENROLLED)
KEY_RECORDS: Final[Mapping[str, frozenset[str]]] = {
    OPENED: frozenset({"party", "name", "name_zh", "key", "spki", "alg", "person"}),
    ENROLLED: frozenset({"key", "spki", "alg", "party", "person"}),
    REVOKED: frozenset({"key", "ground"}),
}
"""The statements that say which keys may sign, as far as this program knows them, with the members of their bodies."""


def is_key_record(kind: str) -> bool:
    """Say whether statements of a kind say which keys may sign: the kinds log.… and key.…, later ones too."""
    return kind.startswith(("log.", "key.")) and kind != STATE_KIND


def newer_key_record(kind: str) -> str:
    """Return what a reader says that meets a key record of a kind that it does not know, for ``TooOld``."""
    return f"the key record {kind}; it knows up to {OPENED}, {ENROLLED} and {REVOKED}"


def check_enrolment(payload: Payload, position: int) -> None:
    """Raise NotTrusted (KEY-18) unless a statement that enrols a key has the form of one. Other kinds pass.

    position: where it stands in the log.
    """
    if payload.kind not in ENROLLING:
        return
    if payload.kind == OPENED and (position, len(payload.signers)) != (1, 1):
        raise NotTrusted("KEY-18", f"a log is opened by one signer at position 1, not by {len(payload.signers)} here")
    if payload.kind == ENROLLED and len(payload.signers) != 2:
        raise NotTrusted("KEY-18", "an enrolment has two signers, the second being the key itself")
    holder, body = payload.signers[-1], payload.body
    if (f"key:{holder.key}", holder.party, holder.person) != (body.get("key"), body.get("party"), body.get("person")):
        raise NotTrusted("KEY-18", "the key does not sign its own enrolment as the person that it is for")
