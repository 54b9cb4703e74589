"""The keys of a log, and from which position to which each may sign.

From the position that enrols it, that one included, to the position that revokes it, that one included: where a key
revokes itself, it signs its own revocation. Strict: nothing that is recorded later, a voiding least of all, brings a
revoked key back. Believes neither store nor signatures; the entries named here are checked like all others.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, LedgerError, Malformed
from ledger.statement.entries.enrolment import (
    ENROLLED,
    ENROLLING,
    KEY_RECORDS,
    REVOKED,
    check_enrolment,
    newer_key_record,
)
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.signing.keys import PublicKey, admit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.statement.form.header import Signer
    from ledger.statement.form.payload import Payload
    from ledger.store.port import Recorded


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as the log enrolled it. since, until: the first and the last position that it may sign; None: still."""

    spki: bytes
    alg: str
    party: str
    person: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a log.

    records: by thumbprint, each as it was enrolled first.
    unread: the first position at which something is said of keys that this program is too old for; None of none.
        Behind it a key may have been enrolled or revoked without its knowing.
    """

    records: Mapping[str, KeyRecord]
    unread: int | None = None


def read_keys(events: Iterable[Recorded]) -> Keys:
    """Return the keys that some events enrol and revoke.

    events: all key records, oldest first. One that cannot be read is left out: whoever checks it as an entry says so.
    """
    keys: dict[str, KeyRecord] = {}
    unread: int | None = None
    for event in events:
        try:
            _take(keys, event)
        except (LedgerError, KeyError, ValueError) as error:
            if unread is None and isinstance(error, Malformed) and error.newer:
                unread = event.position
    return Keys(keys, unread)


def _take(keys: dict[str, KeyRecord], event: Recorded) -> None:
    if event.kind not in KEY_RECORDS:
        raise Malformed("CAT-01", "$.kind", "is not known", newer=newer_key_record(event.kind))
    payload = read_payload(parse_envelope(parse_entry(event.entry).data).payload)
    body = {name: str(value) for name, value in payload.body.items()}
    thumbprint = body["key"].removeprefix("key:")
    if payload.kind in ENROLLING and thumbprint not in keys:
        spki = base64.b64decode(body["spki"], validate=True)
        keys[thumbprint] = KeyRecord(spki, body["alg"], body["party"], body["person"], event.position)
    elif payload.kind == REVOKED and thumbprint in keys and keys[thumbprint].until is None:
        keys[thumbprint] = replace(keys[thumbprint], until=event.position)


class KeyRefused(IntegrityFailed):
    """A key that may not sign where it signed."""


class KeyRing:
    """The keys of a log, each admitted once, when it is first needed."""

    def __init__(self, keys: Keys) -> None:
        """Hold the records of all keys."""
        self._records = keys.records
        self._unread = keys.unread
        self._operator = next((one.party for one in keys.records.values() if one.since == 1), "")
        self._admitted: dict[str, PublicKey] = {}

    def is_unknown_at(self, position: int) -> bool:
        """Say whether what stands at a position may rest on a key record that this program is too old for."""
        return self._unread is not None and position > self._unread

    def find(self, thumbprint: str) -> PublicKey | None:
        """Return a key that the log enrols somewhere; None otherwise. Raises NotTrusted: it may not be admitted."""
        record = self._records.get(thumbprint)
        if record is None:
            return None
        if thumbprint not in self._admitted:
            self._admitted[thumbprint] = admit(record.spki, record.alg)
        return self._admitted[thumbprint]

    def check_enrolment(self, payload: Payload, position: int) -> None:
        """Raise IntegrityFailed if a statement enrols a key that was enrolled before, or another party's. Others pass.

        Raises NotTrusted: KEY-18, it has not the form of an enrolment.
        """
        check_enrolment(payload, position)
        if payload.kind not in ENROLLING:
            return
        record = self._records.get(str(payload.body.get("key")).removeprefix("key:"))
        if record is not None and record.since != position:
            raise IntegrityFailed(f"it enrols a key a second time, enrolled first at position {record.since}")
        enroller, party = payload.signers[0].party, payload.body.get("party")
        if payload.kind == ENROLLED and enroller not in {self._operator, party}:
            raise KeyRefused(f"{enroller} may not enrol a key of {party}")

    def check(self, signer: Signer, position: int) -> None:
        """Raise KeyRefused unless a signer's key was enrolled for it, and might sign at a position."""
        record = self._records[signer.key]
        if position < record.since:
            raise KeyRefused(f"key:{signer.key} was not enrolled when it signed, but at position {record.since}")
        if record.until is not None and position > record.until:
            raise KeyRefused(f"key:{signer.key} was revoked when it signed, at position {record.until}")
        if (record.party, record.person) != (signer.party, signer.person):
            raise KeyRefused(f"key:{signer.key} was not enrolled for {signer.party} {signer.person}")
