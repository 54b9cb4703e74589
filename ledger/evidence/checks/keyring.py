"""The keys that a bundle's events enrol, and what each may sign: decided by positions alone, never by clocks.

A key may sign from the position after its enrolment, and in the enrolment itself, up to the position of its revocation.
Enrolments come from events whose signatures were verified; nothing here verifies one.

    log.opened/1     at position 1 alone; one signer, which is the key in the body; its party is the operator
    key.enrolled/1   two signers; the first is of the operator or of the key's own party, the second is the key in the
                     body, as the party and person in the body
    key.revoked/1    names a key; whoever signs it, the key signs nothing behind it

A body holds ``key``, which is "key:" and the thumbprint, and but for the last ``spki`` in base64, ``alg``, ``party``
and ``person``. Nothing takes an enrolment or a revocation back: what voids or corrects one changes nothing here.

Of any other kind that begins with "log." or "key.", and of further members, nobody knows here what is said of keys:
what the keys that it names sign from there on is not checked, or, after one that begins with "log." or cannot be read
at all, what any key signs. The same goes for what a record says that is itself not checked. Of a key of which the
bundle says that something is withheld nothing that it signs is checked: that may be its enrolment, or its revocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import NotTrusted
from ledger.evidence.checks.verdicts import NotChecked
from ledger.ids import Tag, is_tag, type_of
from ledger.statement.entries.enrolment import ENROLLED, KEY_RECORDS, OPENED, REVOKED, is_key_record
from ledger.statement.signing.keys import PublicKey, admit
from ledger.statement.text.binary import decode_base64
from ledger.statement.text.shape import read_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.evidence.checks.trust import Trust
    from ledger.statement.form.header import Signer
    from ledger.statement.form.payload import Payload

RULES: Final = {
    "EVD-10": "A revocation names a key.",
    "EVD-11": "A log is opened at position 1, and only there, by the one key that the opening names.",
    "EVD-12": "An enrolment names the key that it holds, once in a log, and that key signs second, as its holder.",
    "EVD-13": "A signer's key is enrolled before, for the signer's party and person, with the signer's algorithm.",
    "EVD-14": "A key signs nothing behind its revocation.",
    "EVD-15": "The whole history of a signing key is in the bundle, or a revocation could be missing.",
    "EVD-16": "A key is enrolled by the party that opened the log, or by its own party.",
}


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as an event enrolled it.

    enroller: thumbprint of who let it in; its own of the key that opened the log.
    """

    public: PublicKey
    party: str
    person: str
    enroller: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """An event whose signers may sign at its position.

    keys: of each signer, in their order; brought: the key that the event enrols; revoked: the thumbprint it revokes.
    """

    keys: tuple[PublicKey, ...]
    brought: KeyRecord | None
    revoked: str | None


class Keyring:
    """The keys known at a position; events are taken in by ascending positions."""

    def __init__(self, trust: Trust, complete: Collection[Tag], part: Collection[Tag] = ()) -> None:
        """Hold no key yet.

        trust: what the verifier knows.
        complete: the tags of which the bundle claims to hold every event. part: those that it shows in part.
        """
        self._trust = trust
        self._complete = complete
        self._part = part
        self._records: dict[str, KeyRecord] = {}
        self._revoked: dict[str, int] = {}
        self._rooted: set[str] = set()
        self._operator = ""
        self._unread: dict[str, int] = {}
        self._all_unread: int | None = None

    def allow(self, payload: Payload, position: int) -> Allowed:
        """Return the key of each signer of an event when all of them may sign at its position.

        Raises NotTrusted: EVD-10 to EVD-16, KEY-01 to KEY-06. Malformed: STM-18, a key record says no key. NotChecked:
        an earlier event, or this one, may say of a signer's key what nobody knows here.
        """
        self._note_unread(payload, position)
        brought = self._brought(payload, position)
        revoked = _read_revoked(payload) if payload.kind == REVOKED else None
        unread = [signer for signer in payload.signers if self._doubt_of(signer)]
        if brought is not None and not unread:
            self._check_enrolment(payload, brought)
        keys = tuple(self._key_of(signer, position, brought) for signer in payload.signers if signer not in unread)
        if unread:
            words = self._doubt_of(unread[0])
            self.doubt(payload, position)
            raise NotChecked(words)
        return Allowed(keys, brought, revoked)

    def take(self, allowed: Allowed, position: int) -> None:
        """Take in what an event says of keys, once its signatures are verified with the keys that allow answered."""
        if allowed.brought is not None:
            self._records[allowed.brought.public.thumbprint] = allowed.brought
            self._operator = self._operator or allowed.brought.party
            if self._is_rooted(allowed.brought):
                self._rooted.add(allowed.brought.public.thumbprint)
        if allowed.revoked is not None:
            self._revoked.setdefault(allowed.revoked, position)

    def knows(self, signer: Signer) -> bool:
        """Say whether the verifier knows whose key a signer's is, by the trust that it brought."""
        return signer.key in self._rooted or self._trust.keys.get(signer.key) == signer.party

    def _is_rooted(self, record: KeyRecord) -> bool:
        if record.enroller == record.public.thumbprint:  # the key that opened the log
            return record.enroller in self._trust.roots
        return record.enroller in self._rooted

    def _note_unread(self, payload: Payload, position: int) -> None:
        """Remember which keys an event may say something of that is unknown here: another kind, or another member."""
        known = KEY_RECORDS.get(payload.kind, frozenset())
        if is_key_record(payload.kind) and (payload.later or not known >= payload.body.keys()):
            self.doubt(payload, position)

    def doubt(self, payload: Payload, position: int) -> None:
        """Remember that an event is not checked: if it says which keys may sign, it may say something of them."""
        if not is_key_record(payload.kind):
            return
        for tag in payload.tags:
            if type_of(tag) == "key":
                self._unread.setdefault(tag.removeprefix("key:"), position)
        if payload.kind.startswith("log."):
            self.leave(position)

    def leave(self, position: int) -> None:
        """Remember that what stands at a position cannot be read here: it may say something of any key."""
        self._all_unread = self._all_unread or position

    def _doubt_of(self, signer: Signer) -> str:
        """Return in words why nobody knows here what may be said of a signer's key; "" where it is known."""
        if Tag(f"key:{signer.key}") in self._part:
            return f"what is recorded of the key {signer.key} is withheld in part, its revocation perhaps"
        at = self._unread.get(signer.key, self._all_unread)
        return "" if at is None else f"event {at} is not checked, and may say something of the key {signer.key}"

    def _key_of(self, signer: Signer, position: int, brought: KeyRecord | None) -> PublicKey:
        record = self._records.get(signer.key)
        if record is None and brought is not None and brought.public.thumbprint == signer.key:
            record = brought
        if record is None:
            raise NotTrusted("EVD-13", f"no event before it in the bundle enrols the key {signer.key}")
        if (record.party, record.person, record.public.alg) != (signer.party, signer.person, signer.alg):
            raise NotTrusted("EVD-13", f"the key {signer.key} is of {record.party} {record.person}, not of the signer")
        if self._revoked.get(signer.key, position) < position:
            raise NotTrusted("EVD-14", f"the key {signer.key} was revoked at position {self._revoked[signer.key]}")
        if Tag(f"key:{signer.key}") not in self._complete:
            raise NotTrusted("EVD-15", f"the history of the key {signer.key} is not claimed to be complete")
        return record.public

    def _brought(self, payload: Payload, position: int) -> KeyRecord | None:
        """Return the key that an event of the form of an enrolment names; None of one that enrols none."""
        if payload.kind not in {OPENED, ENROLLED}:
            return None
        record = _read_record(payload)
        holder = payload.signers[-1]
        if payload.kind == OPENED and (position, len(payload.signers)) != (1, 1):
            raise NotTrusted("EVD-11", f"a log is opened by one signer at position 1, not at {position}")
        if payload.kind == ENROLLED and len(payload.signers) != 2:
            raise NotTrusted("EVD-12", "an enrolment has two signers, the second being the key itself")
        if (holder.key, holder.party, holder.person) != (record.public.thumbprint, record.party, record.person):
            raise NotTrusted("EVD-12", f"the key {record.public.thumbprint} does not sign its own enrolment")
        return record

    def _check_enrolment(self, payload: Payload, record: KeyRecord) -> None:
        if record.public.thumbprint in self._records:
            raise NotTrusted("EVD-12", f"the key {record.public.thumbprint} is enrolled already")
        enroller = payload.signers[0].party
        if payload.kind == ENROLLED and enroller not in {self._operator, record.party}:
            raise NotTrusted("EVD-16", f"{enroller} may not enrol a key of {record.party}")


def _read_record(payload: Payload) -> KeyRecord:
    key, spki, alg, party, person = (
        read_text(payload.body.get(name), f"$.body.{name}") for name in ("key", "spki", "alg", "party", "person")
    )
    try:
        public = admit(decode_base64(spki), alg)
    except ValueError:
        raise NotTrusted("EVD-12", "the key is not in canonical base64") from None
    if key != f"key:{public.thumbprint}":
        raise NotTrusted("EVD-12", f"the key enrolled is {public.thumbprint}, and not the {key} that it says")
    return KeyRecord(public, party, person, payload.signers[0].key)


def _read_revoked(payload: Payload) -> str:
    key = read_text(payload.body.get("key"), "$.body.key")
    if not key.startswith("key:") or not is_tag(key):
        raise NotTrusted("EVD-10", "the revocation names no key")
    return key.removeprefix("key:")
