"""Signing in: challenges are handed out and answered, sessions and tokens are made, found and ended.

Who somebody is stands in the record: each time a session or a token is shown, its key is looked up at the head of the
log, so what a revocation ends it ends at once. Nothing here decides what may be seen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from api.access.principal import EVERY_SCOPE, Principal, Scope
from api.access.record import AtHead
from api.access.remembered import Remembered
from api.access.rights.seeing import is_current
from api.sessions.challenge import (
    FOR,
    Challenge,
    check_here,
    check_signature,
    encode_challenge,
    is_thumbprint,
    read_signed,
)
from api.sessions.secret import TOKEN_PREFIX, digest_of, is_name, is_secret, is_token, new_name, new_secret
from ledger.errors import Malformed, NotFound, NotTrusted, Refused, Unavailable
from ledger.ids import KeyId, PartyId, key_tag
from ledger.statement.signing.keys import admit
from ledger.statement.text.binary import decode_base64

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.sessions.tables import DoorTables
    from ledger.clock import Clock
    from ledger.store.port import Store

SESSION_FOR: Final = timedelta(hours=12)
"""How long a session lasts at most: a working day."""

LONGEST_TOKEN: Final = 366
"""Days that a token lasts at most."""

_MOST_CHALLENGES: Final = 10_000
_MOST_TOKENS: Final = 50
_LONGEST_LABEL: Final = 100


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was opened. secret: shown to whoever signed in, and kept by nobody else."""

    secret: str = field(repr=False)
    who: Principal
    expires: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its person sees it. used: when it was last used, to the minute; None: never."""

    name: str
    label: str
    key: KeyId
    scopes: frozenset[Scope]
    made: datetime
    expires: datetime
    used: datetime | None = None


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The sign-in of one log at one web origin.

    origin: the web origin that people see; never what a request says of itself.
    remembered: subjects that earlier requests folded. notes_use: whether it can be noted when a token was used.
    """

    tables: DoorTables
    store: Store
    origin: str
    clock: Clock
    remembered: Remembered = field(default_factory=Remembered, repr=False)
    notes_use: bool = True

    def record(self) -> AtHead:
        """Return the record as rights are read from it now: one for each request."""
        return AtHead(self.store, self.clock.now(), self.remembered)

    def challenge(self, key: str) -> tuple[bytes, datetime]:
        """Return a challenge for a key, known or not, and when it expires: nobody learns here which keys there are.

        key: a thumbprint.

        Raises Malformed: SES-01, it is none. Unavailable: too many challenges wait for an answer.
        """
        if not is_thumbprint(key):
            raise Malformed("SES-01", "$.key", "is not a whole thumbprint, 64 lower-case hex digits")
        now = self.clock.now()
        self.tables.ask("tidy", now=now)
        if self.tables.ask("count_challenges")[0][0] >= _MOST_CHALLENGES:
            raise Unavailable("too many people are signing in; try again in a minute")
        made = Challenge(self.origin, self.store.origin, key, new_secret(), now, now + FOR)
        payload = encode_challenge(made)
        self.tables.ask("issue", challenge=hashlib.sha256(payload).digest(), key=key, expires=made.expires)
        return payload, made.expires

    def sign_in(self, signed: bytes) -> Session:
        """Return the session that a signed challenge opens; the challenge is burnt in the same transaction.

        signed: its envelope.

        Raises Malformed: it is none. NotTrusted: SES-02 to SES-04, KEY-10 to KEY-15; the challenge is burnt only where
        all else holds, so that nobody can burn another's.
        """
        challenge, envelope = read_signed(signed)
        record = self.record()
        check_here(challenge, self.origin, self.store.origin, record.world.now)
        key = record.world.key(key_tag(challenge.key))
        if not key.known or key.revoked or key.party is None:
            raise NotTrusted("SES-04", f"the key {challenge.key} is not enrolled, or revoked")
        check_signature(envelope, admit(decode_base64(key.spki), key.alg))
        secret, now = new_secret(), record.world.now
        who = Principal(key.party, key.person, key.id, new_name())
        opened = self.tables.ask(
            "open_session",
            challenge=hashlib.sha256(envelope.payload).digest(),
            key=challenge.key,
            digest=digest_of(secret),
            name=who.proof,
            party=who.party,
            person=who.person,
            made=now,
            expires=now + SESSION_FOR,
        )
        if not opened:
            raise NotTrusted("SES-03", "the challenge was answered before, has expired, or is none of this service's")
        return Session(secret, who, now + SESSION_FOR)

    def in_session(self, secret: str, record: AtHead) -> Principal | None:
        """Return whose session a secret opens; None where it opens none, or its key is one no more."""
        if not is_secret(secret):
            return None
        for party, person, key, name, _ in self.tables.ask(
            "find_session", digest=digest_of(secret), now=record.world.now
        ):
            return _current(Principal(PartyId(party), person, key_tag(key), name), record)
        return None

    def with_token(self, secret: str, record: AtHead) -> Principal | None:
        """Return whose token a secret is, within its scopes; None where it is none, or its key is one no more."""
        if not is_token(secret):
            return None
        now = record.world.now
        for party, person, key, name, scopes in self.tables.ask("find_token", digest=digest_of(secret), now=now):
            if self.notes_use:
                self.tables.ask("note_use", name=name, now=now)
            who = Principal(PartyId(party), person, KeyId(key), name, frozenset(map(Scope, scopes)))
            return _current(who, record)
        return None

    def sign_out(self, who: Principal) -> None:
        """End the session that somebody came with."""
        self.tables.ask("end_session", name=who.proof)

    def still_in(self, names: Collection[str]) -> frozenset[str]:
        """Return those of some sessions and tokens, by their public names, that have not ended. Raises Unavailable."""
        return frozenset(name for (name,) in self.tables.ask("still_in", names=list(names), now=self.clock.now()))

    def make_token(self, who: Principal, label: str, scopes: frozenset[Scope], days: int) -> tuple[str, Token]:
        """Make a token for somebody who has signed in, and return its secret, which nobody is shown again.

        label: what it is for, in its person's words. days: how long it lasts.

        Raises Refused: SES-05 it is for more than a token may be, or its person has too many.
        """
        if not scopes or not scopes <= EVERY_SCOPE - {Scope.TOKENS}:
            raise Refused("SES-05", "a token is to read, to record, to keep hooks, or for several of these")
        if not 1 <= days <= LONGEST_TOKEN:
            raise Refused("SES-05", f"a token lasts 1 to {LONGEST_TOKEN} days")
        if not label.strip() or len(label) > _LONGEST_LABEL or not label.isprintable():
            raise Refused("SES-05", f"a token has a label of 1 to {_LONGEST_LABEL} printable characters")
        now, secret = self.clock.now(), new_secret(TOKEN_PREFIX)
        token = Token(new_name(), label, who.key, scopes, now, now + timedelta(days=days))
        kept = self.tables.ask(
            "make_token",
            digest=digest_of(secret),
            name=token.name,
            label=label,
            party=who.party,
            person=who.person,
            key=who.key,
            scopes=sorted(scopes),
            made=now,
            expires=token.expires,
            most=_MOST_TOKENS,
        )
        if not kept:
            raise Refused("SES-05", f"a person has at most {_MOST_TOKENS} tokens: withdraw one")
        return secret, token

    def tokens(self, who: Principal) -> list[Token]:
        """Return the tokens of a person, oldest first, those of its other keys too."""
        rows = self.tables.ask("tokens_of", party=who.party, person=who.person, now=self.clock.now())
        return [
            Token(name, label, KeyId(key), frozenset(map(Scope, scopes)), made, expires, used)
            for name, label, key, scopes, made, expires, used in rows
        ]

    def withdraw(self, who: Principal, name: str) -> None:
        """Withdraw a token of a person. Raises NotFound: it has none of this name."""
        if not is_name(name) or not self.tables.ask("withdraw", name=name, party=who.party, person=who.person):
            raise NotFound("there is no such token")


def _current(who: Principal, record: AtHead) -> Principal | None:
    return who if is_current(who, record) else None
