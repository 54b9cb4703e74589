"""The keys of a log, and from which position to which each may sign.

From the position that enrols it, that one included, to the position that revokes it, that one included: where a key
revokes itself, it signs its own revocation. Strict: nothing that is recorded later, a voiding least of all, brings a
revoked key back. Believes neither store nor signatures; the entries named here are checked like all others.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, LedgerError
from ledger.statement.enrolment import ENROLLING, REVOKED, check_enrolment
from ledger.statement.entry import parse_entry
from ledger.statement.envelope import parse_envelope
from ledger.statement.keys import PublicKey, admit
from ledger.statement.payload import read_payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.statement.payload import Payload, Signer
    from ledger.store.port import Recorded

KEY_KINDS: Final = (*ENROLLING, REVOKED)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as the log enrolled it. since, until: the first and the last position that it may sign; None: still."""

    spki: bytes
    alg: str
    party: str
    person: str
    since: int
    until: int | None = None


def read_keys(events: Iterable[Recorded]) -> Mapping[str, KeyRecord]:
    """Return the keys that some events enrol and revoke, by thumbprint; each as it was enrolled first.

    events: all of KEY_KINDS, oldest first. One that cannot be read is left out: whoever checks it as an entry says so.
    """
    keys: dict[str, KeyRecord] = {}
    for event in events:
        with suppress(LedgerError, KeyError, ValueError):
            _take(keys, event)
    return keys


def _take(keys: dict[str, KeyRecord], event: Recorded) -> None:
    payload = read_payload(parse_envelope(parse_entry(event.entry).data).payload)
    body = {name: str(value) for name, value in payload.body.items()}
    thumbprint = body["key"].removeprefix("key:")
    if payload.kind in ENROLLING and thumbprint not in keys:
        spki = base64.b64decode(body["spki"], validate=True)
        keys[thumbprint] = KeyRecord(spki, body["alg"], body["party"], body["person"], event.position)
    elif payload.kind == REVOKED and thumbprint in keys and keys[thumbprint].until is None:
        keys[thumbprint] = replace(keys[thumbprint], until=event.position)


class KeyRing:
    """The keys of a log, each admitted once, when it is first needed."""

    def __init__(self, records: Mapping[str, KeyRecord]) -> None:
        """Hold the records of all keys."""
        self._records = records
        self._admitted: dict[str, PublicKey] = {}

    def find(self, thumbprint: str) -> PublicKey | None:
        """Return a key that the log enrols somewhere; None otherwise. Raises NotTrusted: it may not be admitted."""
        record = self._records.get(thumbprint)
        if record is None:
            return None
        if thumbprint not in self._admitted:
            self._admitted[thumbprint] = admit(record.spki, record.alg)
        return self._admitted[thumbprint]

    def check_enrolment(self, payload: Payload, position: int) -> None:
        """Raise IntegrityFailed if a statement enrols a key that was enrolled before. Other kinds pass.

        Raises NotTrusted: KEY-18, it has not the form of an enrolment.
        """
        check_enrolment(payload, position)
        record = self._records.get(str(payload.body.get("key")).removeprefix("key:"))
        if payload.kind in ENROLLING and record is not None and record.since != position:
            raise IntegrityFailed(f"it enrols a key a second time, enrolled first at position {record.since}")

    def check(self, signer: Signer, position: int) -> None:
        """Raise IntegrityFailed unless a signer's key was enrolled for it, and might sign at a position."""
        record = self._records[signer.key]
        if position < record.since:
            raise IntegrityFailed(f"key:{signer.key} was not enrolled when it signed, but at position {record.since}")
        if record.until is not None and position > record.until:
            raise IntegrityFailed(f"key:{signer.key} was revoked when it signed, at position {record.until}")
        if (record.party, record.person) != (signer.party, signer.person):
            raise IntegrityFailed(f"key:{signer.key} was not enrolled for {signer.party} {signer.person}")
