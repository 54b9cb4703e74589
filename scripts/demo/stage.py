"""The stage of the demo: a clock that follows the story, the cast with their keys, and how they speak.

The story takes three months; the clock is the story's, so recorded times in the demo's log are the story's too. All
else is real: keys, signatures, rules, database.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Body, Role
from ledger.domain.registry.keys import KeyEnrolled, LogOpened
from ledger.domain.registry.parties import PartyRegistered, RoleGranted
from ledger.errors import LedgerError, NeedsAcknowledgement
from ledger.ids import PartyId, key_tag
from ledger.meaning import Meaning
from ledger.service import Ledger, Submission
from ledger.statement.authoring import Author, Circumstances, Made, make_statement
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import Payload, read_payload
from ledger.statement.signing.keys import Algorithm
from ledger.statement.signing.signer import MemorySigner
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.ids import StatementId
    from ledger.store.deciding.committer import Outcome

BEGIN: Final = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
"""Nine in the morning in China, on the first Monday of the rules of GACC Order 281."""


_CHINA: Final = timezone(timedelta(hours=8))


class StoryClock:
    """Tells the time of the story; it only goes forward."""

    def __init__(self) -> None:
        """Start where the story begins."""
        self._now = BEGIN

    def now(self) -> datetime:
        """Return the present instant of the story; no two statements are made at the same one."""
        self._now += timedelta(milliseconds=200)
        return self._now

    def later(self, **span: float) -> None:
        """Let time pass: ``later(days=2, hours=3)``."""
        self._now += timedelta(**span)

    def day(self, after: int, hour: int, minute: int = 0) -> None:
        """Let it become a time of day in China: ``day(1, 9, 30)`` is half past nine tomorrow."""
        today = self._now.astimezone(_CHINA).date()
        then = datetime.combine(today + timedelta(days=after), time(hour, minute), _CHINA).astimezone(UTC)
        if then < self._now:
            raise AssertionError(f"the story is at {self._now} and cannot go back to {then}")
        self._now = then


@dataclass(frozen=True, slots=True)
class Party:
    """One of the cast: a party with a role and two persons, each with a key of their own."""

    id: PartyId
    name: str
    business: str
    role: Role
    first: Author
    second: Author
    name_zh: str | None = None


def party(name: str, title: str, business: str, role: Role, title_zh: str | None = None) -> Party:
    """Return a party of the cast with two new keys; the second person's is ECDSA P-256, as from a hardware token."""
    ident = PartyId(f"party:{name}")
    first = Author(MemorySigner.generate(Algorithm.ED25519), ident, "p-01", role)
    second = Author(MemorySigner.generate(Algorithm.ES256), ident, "p-02", role)
    return Party(ident, title, business, role, first, second, title_zh)


def meaning(author: Author, what: Meaning) -> Author:
    """Return an author who means something else by signing."""
    return Author(author.signer, author.party, author.person, author.role, what)


@dataclass(frozen=True, slots=True)
class Remarkable:
    """A statement that stands out: it was refused, has breaches, or corrects another one.

    needed: its breaches, of a statement that has any. refusal: why it was not recorded.
    """

    said: Payload
    needed: NeedsAcknowledgement | None = None
    refusal: LedgerError | None = None


@dataclass(slots=True)
class Stage:
    """Where statements are made and handed in.

    remarkable: what stands out among them, in the order of the story. refused: how many were not accepted.
    """

    ledger: Ledger
    clock: StoryClock
    recorded: int = 0
    refused: int = 0
    remarkable: list[Remarkable] = field(default_factory=list)

    def say(
        self,
        body: Body,
        *authors: Author,
        because: str | None = None,
        corrects: StatementId | None = None,
        occurred_at: datetime | None = None,
        disclose: dict[str, str] | None = None,
        beside: tuple[str, ...] = (),
    ) -> StatementId:
        """Make a statement, sign it and have it recorded; return its id.

        because: the reason with which its authors acknowledge breaches, once the ledger has named them. Left out: a
        breach ends the demo, because the story knows of none. occurred_at: when it happened, now if left out.
        """
        when = Circumstances(
            occurred_at=occurred_at or self.clock.now(),
            corrects=corrects,
            reason="misread" if corrects else None,
            disclose=dict(disclose or {}),
            beside=beside,
        )
        statement = self._made(body, authors, when)
        if corrects is not None:
            self.remarkable.append(Remarkable(_payload(statement)))
        try:
            return self._hand_in(statement)
        except NeedsAcknowledgement as needed:
            if because is None:
                raise
            acknowledges = {breach.rule: because for breach in needed.breaches}
            self.remarkable.append(Remarkable(_payload(statement), needed))
        return self._hand_in(self._made(body, authors, replace(when, acknowledges=acknowledges)))

    def try_to_say(self, body: Body, *authors: Author) -> None:
        """Hand in a statement that the ledger must refuse; the demo ends if it does not."""
        statement = self._made(body, authors, Circumstances(occurred_at=self.clock.now()))
        try:
            self._hand_in(statement)
        except LedgerError as refusal:
            self.refused += 1
            self.remarkable.append(Remarkable(_payload(statement), refusal=refusal))
        else:
            raise AssertionError(f"{type(body).__name__} was recorded, and must not be")

    def _made(self, body: Body, authors: Sequence[Author], when: Circumstances) -> Made:
        return make_statement(self.ledger.store.origin, body, authors, when)

    def _hand_in(self, statement: Made) -> StatementId:
        self.take(self.ledger.record(Submission(statement.envelope, statement.disclosures)))
        return statement.id

    def take(self, outcome: Outcome) -> None:
        """Count what was recorded."""
        self.recorded += outcome.event is not None


def _payload(statement: Made) -> Payload:
    return read_payload(parse_envelope(statement.envelope).payload)


def open_log(stage: Stage, operator: Party, cast: Sequence[Party]) -> None:
    """Open the log and admit the cast."""
    root = operator.first
    key = root.signer
    stage.say(
        LogOpened(
            party=operator.id,
            name=operator.name,
            name_zh=operator.name_zh,
            key=key_tag(key.thumbprint),
            spki=encode_base64(key.spki),
            alg=key.alg,
            person=root.person,
        ),
        root,
    )
    for one in cast:
        admit(stage, root, one)
        stage.clock.later(minutes=6)


def admit(stage: Stage, root: Author, one: Party) -> None:
    """Have the operator admit one of the cast: register it, grant the role, enrol both persons' keys."""
    stage.say(
        PartyRegistered(party=one.id, name=one.name, name_zh=one.name_zh, country="CN", business=one.business), root
    )
    stage.say(RoleGranted(party=one.id, role=one.role), root)
    for author in (one.first, one.second):
        stage.clock.later(minutes=2)
        _enrol(stage, root, author)


def _enrol(stage: Stage, root: Author, author: Author) -> None:
    key = author.signer
    body = KeyEnrolled(
        key=key_tag(key.thumbprint),
        spki=encode_base64(key.spki),
        alg=key.alg,
        party=author.party,
        person=author.person,
    )
    stage.say(body, root, meaning(author, Meaning.ENROLLED))
