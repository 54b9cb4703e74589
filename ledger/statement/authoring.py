"""Making statements: from a body and its authors to an envelope ready to be handed in.

The other half of reading, for whoever holds keys: the command line, an importer's program, a laboratory's. The ledger
itself never calls it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from ledger.ids import PartyId, StatementId, new_statement_id
from ledger.meaning import Meaning
from ledger.statement.catalogue import KINDS
from ledger.statement.form.disclosure import commit, digest_of, make_disclosure
from ledger.statement.form.header import Acknowledgement, Capture, CaptureMode, Signer
from ledger.statement.form.writing import build_payload
from ledger.statement.statement import sign_statement
from ledger.statement.text.shape import read_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ledger.domain.bodies.vocabulary import Body, Role
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue

KIND_OF: Final = {kind.body: kind.name for kind in KINDS.values()}
"""The kind that has bodies of a type."""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who signs: a person of a party, in a role, with a key.

    person: the person's pseudonymous code within the party.
    """

    signer: StatementSigner
    party: PartyId
    person: str
    role: Role
    meaning: Meaning = Meaning.PERFORMED

    def named(self) -> Signer:
        """Return the author as the payload names a signer."""
        return Signer(self.signer.thumbprint, self.signer.alg, self.party, self.person, self.role, self.meaning)


@dataclass(frozen=True, slots=True)
class Made:
    """A statement ready to be handed in.

    id: its own; envelope: the signed bytes; disclosures: what travels beside them.
    """

    id: StatementId
    envelope: bytes
    disclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a statement says besides its body and its signers; see the payload's members of the same names.

    disclose: by name, what travels beside the envelope and only as a digest inside it; in the body disclose: and a name
        stand for that digest.
    beside: further disclosures, ready made; the body has their digests.
    """

    occurred_at: datetime
    capture: Capture = field(default_factory=lambda: Capture(CaptureMode.API, None, None))
    reason: str | None = None
    acknowledges: Mapping[str, str] = field(default_factory=dict)
    corrects: StatementId | None = None
    disclose: Mapping[str, JsonValue] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


def make_statement(log: str, body: Body, authors: Sequence[Author], when: Circumstances) -> Made:
    """Make and sign a statement.

    log: the origin of the log that it is for.
    authors: who signs, in the order in which their signatures stand.

    Raises Malformed: what it would say is not of the form; STM-65 it commits to what is not disclosed.
    """
    statement = new_statement_id(when.occurred_at)
    made = [make_disclosure(name, value) for name, value in when.disclose.items()]
    texts = (*(one.text for one in made), *when.beside)
    written: JsonValue = msgspec.json.decode(msgspec.json.encode(body))
    payload = build_payload(
        log=log,
        id=statement,
        kind=KIND_OF[type(body)],
        occurred_at=when.occurred_at,
        signers=[author.named() for author in authors],
        capture=when.capture,
        body=read_object(commit(written, made), "$.body"),
        reason=when.reason,
        acknowledges=[Acknowledgement(rule, reason) for rule, reason in when.acknowledges.items()],
        corrects=when.corrects,
        sd=[digest_of(text) for text in texts],
    )
    envelope = sign_statement(payload, [author.signer for author in authors])
    return Made(statement, envelope, texts)
