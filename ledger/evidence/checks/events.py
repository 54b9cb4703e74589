"""The checks of one entry and of the statement in it: steps 5 to 10 of ``verify``.

Each function raises ``CheckFailed`` with its check. What was verified is what is handed on: the leaf is hashed from the
entry's own bytes, the payload is read once, from the bytes that the signatures cover.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed
from ledger.evidence.checks.tags import newer_about
from ledger.evidence.checks.verdicts import Check, Verdict, asking
from ledger.statement.entries.enrolment import KEY_RECORDS, is_key_record, newer_key_record
from ledger.statement.entries.entry import Entry, check_acknowledged, index_names, leaf_of, newer_line, parse_known
from ledger.statement.entries.state_entry import is_state
from ledger.statement.form.envelope import PAYLOAD_TYPE, Envelope, pae, parse_envelope
from ledger.statement.form.payload import Payload, read_known
from ledger.statement.signing.keys import verify
from ledger.statement.text.strict_json import member_path
from ledger.tlog.tree import check_inclusion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ledger.evidence.bundle.manifest import Listed
    from ledger.evidence.checks.keyring import Keyring
    from ledger.evidence.checks.tags import Tagging
    from ledger.tlog.checkpoint import Checkpoint

RULES: Final = {
    "EVD-07": "A bundle's entries are events, those of their positions, and their times do not go back.",
    "EVD-08": "A statement is recorded in the log that it names, and once.",
}


@dataclass(frozen=True, slots=True)
class Held:
    """An entry of the bundle, read from its bytes; leaf: the hash of these bytes."""

    entry: Entry
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as an entry carries it."""

    envelope: Envelope
    payload: Payload


@dataclass(slots=True)
class Event:
    """An event that failed no check, with the verdict of its signers; not checked where a key could not be."""

    payload: Payload
    verdict: Verdict


@dataclass(slots=True)
class Taken:
    """What steps 5 to 10 made of a bundle's entries, by position.

    held: those that passed step 5; read: the statements of those that passed step 7; events: those that failed no step.
    left: those that cannot be read here; unread: the first of a later form, whose tags are not known.
    """

    held: dict[int, Held] = field(default_factory=dict)
    read: dict[int, Payload] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    unread: int | None = None

    def counting(self) -> Mapping[str, list[tuple[int, bytes]]]:
        """Return of each name of the index the entries that count under it by their headers, oldest first."""
        found: dict[str, list[tuple[int, bytes]]] = {}
        for position, held in sorted(self.held.items()):
            for name in index_names(held.entry):
                found.setdefault(name, []).append((position, held.leaf))
        return found


def read_held(written: bytes, listed: Listed, before: datetime | None, last: datetime) -> Held:
    """Step 5, entry: the bytes that the manifest lists, in the one form, of that position.

    before: when the entry before it in the bundle was recorded; None for the first. last: when the state entry was.
    """
    with asking(Check.ENTRY):
        if hashlib.sha256(written).hexdigest() != listed.sha256:
            raise IntegrityFailed("its SHA-256 is not the one that the manifest lists")
        entry = parse_known(written)
        if entry.position != listed.position:
            raise Malformed("EVD-07", "position", f"it is the entry of position {entry.position}")
        if before is not None and entry.recorded < before:
            raise Malformed("EVD-07", "recorded", "it was recorded before the entry in front of it")
        if entry.recorded > last:
            raise Malformed("EVD-07", "recorded", "it was recorded after the state entry behind it")
        if is_state(entry):
            raise Malformed("EVD-07", "rules", "nothing was judged: it is no event")
        return Held(entry, leaf_of(written))


def check_included(leaf: bytes, position: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> None:
    """Step 6, inclusion: the hash of these very bytes stands at that position under the checkpoint."""
    with asking(Check.INCLUSION):
        check_inclusion(leaf, position - 1, checkpoint.size, proof, checkpoint.root)


def read_said(entry: Entry, log: str, recorded: dict[str, int]) -> Said:
    """Step 7, statement: envelope and payload in their one form, made for this log, recorded once.

    recorded: the positions of the statements read before, by id; this one is added.
    """
    with asking(Check.STATEMENT):
        envelope = parse_envelope(entry.data)
        payload = read_known(envelope.payload)
        if payload.log != log:
            raise Malformed("EVD-08", "$.log", f"it is a statement for the log {payload.log}")
        if recorded.setdefault(payload.id, entry.position) != entry.position:
            raise Malformed("EVD-08", "$.id", f"it is recorded at position {recorded[payload.id]} already")
        if [one.key for one in payload.signers] != [one.keyid for one in envelope.signatures]:
            raise Malformed("STM-25", "envelope.signatures", "are not those of the signers, in their order")
        return Said(envelope, payload)


def newer_in(said: Said, entry: Entry) -> str:
    """Return what of an event this program does not know, though it may check the rest; "" where it knows all."""
    if entry.later:
        return newer_line(entry)
    if not is_key_record(said.payload.kind):
        return said.payload.later or newer_about(said.payload.kind)
    known = KEY_RECORDS.get(said.payload.kind)
    if known is None:
        return newer_key_record(said.payload.kind)
    further = next((name for name in said.payload.body if name not in known), None)
    if said.payload.later or further is None:
        return said.payload.later
    return f"the member {member_path('$.body', further)}, which it does not know"


def check_tags(said: Said, entry: Entry, tagging: Tagging) -> None:
    """Step 8, tags: those of the header are the ones that follow, so that no subject is kept from the index.

    And what the header tells of breaches the signers acknowledge.
    """
    with asking(Check.TAGS):
        tagging.check(said.payload, entry)
        check_acknowledged(entry, said.payload.acknowledged)


def check_signed(said: Said, position: int, keyring: Keyring, newer: str) -> None:
    """Steps 9 and 10, key and signature: each signer's key may sign at this position, and has signed these bytes.

    What the event itself says of keys is taken into the keyring, once its signatures are verified; newer: what of it is
    not known here, and then not all that it says of them is. Raises NotChecked beside CheckFailed: an event of a kind
    unknown here may say that a key may not, or no longer.
    """
    with asking(Check.KEY):
        allowed = keyring.allow(said.payload, position)
    with asking(Check.SIGNATURE):
        message = pae(PAYLOAD_TYPE, said.envelope.payload)
        for key, signature in zip(allowed.keys, said.envelope.signatures, strict=True):
            verify(key, message, signature.sig)
    keyring.take(allowed, position)
    if newer:
        keyring.doubt(said.payload, position)
