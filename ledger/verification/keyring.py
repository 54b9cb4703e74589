"""The keys of a log while it is replayed: which earlier entries enrolled for whom, and which they revoked."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.errors import IntegrityFailed
from ledger.ids import key_tag
from ledger.statement.entries.enrolment import ENROLLING, REVOKED
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.signing.keys import admit

if TYPE_CHECKING:
    from ledger.domain.judging import Signed
    from ledger.statement.entries.entry import Entry
    from ledger.statement.signing.keys import PublicKey


@dataclass(frozen=True, slots=True)
class _Enrolled:
    """A key as an earlier entry enrolled it."""

    public: PublicKey
    party: str
    person: str


class Keyring:
    """What the entries so far say of keys.

    Enrolled and revoked is what a statement at an earlier position enrols and revokes, whatever was voided since:
    who may sign is a matter of positions, and no judgement. The operator is whoever opened the log.
    """

    def __init__(self) -> None:
        self._keys: dict[str, _Enrolled] = {}
        self._revoked: set[str] = set()
        self._operator = ""

    def known(self, thumbprint: str) -> PublicKey | None:
        """Return a key that an earlier entry enrolled."""
        enrolled = self._keys.get(thumbprint)
        return None if enrolled is None else enrolled.public

    def find(self, thumbprint: str, entry: Entry) -> PublicKey | None:
        """Return a key that an earlier entry enrolled, or that this very one brings in."""
        if (known := self.known(thumbprint)) is not None:
            return known
        payload = read_payload(parse_envelope(entry.data).payload)
        if payload.kind not in ENROLLING:
            return None
        body = read_statement(payload).body
        return admit(base64.b64decode(body.spki), body.alg) if body.key == key_tag(thumbprint) else None

    def check(self, said: Signed[Any]) -> None:
        """Raise IntegrityFailed unless each signer's key was enrolled for it before, and not revoked."""
        brought = said.body.key if said.kind in ENROLLING else None
        if brought is not None and brought.removeprefix("key:") in self._keys:
            raise IntegrityFailed(f"{brought} was enrolled before")
        enroller = said.signers[0]
        if brought not in {None, enroller.key} and enroller.party not in {self._operator, said.body.party}:
            raise IntegrityFailed(f"{enroller.party} may not enrol a key of {said.body.party}")
        for signer in said.signers:
            if signer.key == brought:
                continue  # brought in by this very statement; its signature shows who holds it
            enrolled = self._keys[signer.key.removeprefix("key:")]
            if signer.key in self._revoked:
                raise IntegrityFailed(f"{signer.key} was revoked when it signed")
            if (enrolled.party, enrolled.person, enrolled.public.alg) != (signer.party, signer.person, signer.alg):
                raise IntegrityFailed(f"{signer.key} was not enrolled for {signer.party} {signer.person}")

    def learn(self, said: Signed[Any]) -> None:
        """Take in what a statement that holds enrols or revokes."""
        if said.kind in ENROLLING:
            public = admit(base64.b64decode(said.body.spki), said.body.alg)
            self._keys[public.thumbprint] = _Enrolled(public, said.body.party, said.body.person)
            self._operator = self._operator or said.body.party
        elif said.kind == REVOKED:
            self._revoked.add(said.body.key)
