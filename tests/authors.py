"""Authors for tests that sign for real: keys from fixed seeds, so that no private key is ever stored."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyEnrolled, LogOpened
from ledger.domain.registry.parties import PartyRegistered, RoleGranted
from ledger.domain.status import ruled
from ledger.ids import PartyId, Tag, key_tag
from ledger.meaning import Meaning
from ledger.service import Submission
from ledger.statement.authoring import Author, Circumstances, make_statement
from ledger.statement.signing.keys import Algorithm
from ledger.statement.signing.signer import MemorySigner
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.bodies.vocabulary import Body

ORIGIN: Final = "vialog.test/log"
START: Final = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)


@cache
def seeded(name: str, alg: Algorithm = Algorithm.ED25519) -> MemorySigner:
    """Return the signer whose key comes from a name."""
    return MemorySigner.from_seed(alg, hashlib.sha256(name.encode()).digest())


def author(party: str, role: Role, person: str = "p-1", meaning: Meaning = Meaning.PERFORMED) -> Author:
    """Return a person of a party with a key of their own."""
    return Author(seeded(f"{party}/{person}"), PartyId(party), person, role, meaning)


OPERATOR: Final = author("party:operator", Role.OPERATOR)


class SteppingClock:
    """A clock that moves on one second each time it is asked."""

    def __init__(self, start: datetime = START) -> None:
        """Start at an instant."""
        self.time = start

    def now(self) -> datetime:
        """Return the next second."""
        self.time += timedelta(seconds=1)
        return self.time


def ruled_by(payload: Mapping[str, object]) -> frozenset[Tag]:
    """Return the status of an entry by its payload alone, for logs that nobody judged; of a rewriting, its own part."""
    body = payload.get("body")
    return ruled(str(payload.get("kind")), body) if isinstance(body, dict) else frozenset()


def made(body: Body, *authors: Author, at: datetime = START, log: str = ORIGIN) -> Submission:
    """Return a signed statement as it is handed in."""
    statement = make_statement(log, body, authors, Circumstances(occurred_at=at))
    return Submission(statement.envelope, statement.disclosures)


def opening(at: datetime = START) -> Submission:
    """Return the opening of a log by its operator."""
    key = OPERATOR.signer
    body = LogOpened(
        party=OPERATOR.party,
        name="Operator",
        key=key_tag(key.thumbprint),
        spki=encode_base64(key.spki),
        alg=key.alg,
        person=OPERATOR.person,
    )
    return made(body, OPERATOR, at=at)


def admissions(*authors: Author, at: datetime = START) -> list[Submission]:
    """Return what registers some authors' parties, grants their roles and enrols their keys."""
    parties = [
        made(
            PartyRegistered(party=party, name=party.partition(":")[2], country="CN", business="research"),
            OPERATOR,
            at=at,
        )
        for party in dict.fromkeys(one.party for one in authors)
    ]
    roles = [
        made(RoleGranted(party=party, role=role), OPERATOR, at=at)
        for party, role in dict.fromkeys((one.party, one.role) for one in authors)
    ]
    return parties + roles + [enrolment(one, at) for one in authors]


def enrolment(who: Author, at: datetime = START) -> Submission:
    """Return the enrolment of an author's key by the operator and the key itself."""
    body = KeyEnrolled(
        key=key_tag(who.signer.thumbprint),
        spki=encode_base64(who.signer.spki),
        alg=who.signer.alg,
        party=who.party,
        person=who.person,
    )
    return made(body, OPERATOR, who, at=at)
