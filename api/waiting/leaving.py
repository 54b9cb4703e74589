"""Open statements on the server: left by one who signs, seen and signed by all who sign, gone once they are recorded.

Nobody else is told that one is there. What is kept is what was signed, with the signatures it has, each verified when
it comes; the record is asked nothing about what it says before it is handed in whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from api.submissions import read_left
from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.ids import StatementId, key_tag
from ledger.statement.form.disclosure import check_disclosures
from ledger.statement.form.envelope import Envelope, encode_envelope, parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.signing.keys import admit
from ledger.statement.statement import open_partly, unsigned
from ledger.statement.text.binary import decode_base64

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.access.principal import Principal
    from api.access.record import AtHead
    from api.sessions.tables import DoorTables
    from ledger.statement.form.header import Signer
    from ledger.statement.form.payload import Payload
    from ledger.statement.signing.keys import PublicKey

RULES: Final = {
    "WAI-01": "An open statement is left for this log by a party that signs it, and every signature in it is valid.",
    "WAI-02": "A party has left at most 50 open statements of at most 200,000 bytes; each waits for 30 days.",
}

QUERIES: Final = Path(__file__).parent / "sql" / "waiting.sql"
MOST: Final = 50
MOST_BYTES: Final = 200_000
FOR: Final = timedelta(days=30)
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_TRIES: Final = 5


class OpenStatement(NamedTuple):
    """A statement that waits for signatures. digest: SHA-256 of its payload. party: that left it."""

    digest: str
    statement: str
    kind: str
    party: str
    envelope: bytes
    beside: bytes
    made: datetime
    expires: datetime

    @property
    def submission(self) -> dict[str, Any]:
        """Return it as whoever signs it takes it: the members of the line."""
        return {"envelope": json.loads(self.envelope), **json.loads(self.beside)}

    @property
    def signers(self) -> tuple[tuple[Signer, bool], ...]:
        """Return its signers in their order, and whether each has signed."""
        envelope = parse_envelope(self.envelope)
        payload = read_payload(envelope.payload)
        lacking = unsigned(payload, envelope)
        return tuple((one, one not in lacking) for one in payload.signers)


@dataclass(frozen=True, slots=True)
class OpenStatements:
    """Those of one log. origin: its name."""

    tables: DoorTables
    origin: str

    def leave(self, who: Principal, data: bytes, record: AtHead) -> OpenStatement:
        """Keep an open statement, or add its signatures to those of the same one that is here, and return it then.

        data: as ``vialog statement sign`` leaves it.

        Raises Malformed: it is no statement of a known kind, STM-25. NotTrusted: KEY-10 to KEY-17 of one signature.
        Refused: WAI-01, WAI-02.
        """
        if len(data) > MOST_BYTES:
            raise Refused("WAI-02", f"{len(data)} bytes, more than {MOST_BYTES}")
        submission, names = read_left(data)
        payload, envelope = open_partly(submission.envelope, lambda key: usable_key(key, record))
        read_statement(payload)
        check_disclosures(payload.sd, submission.disclosures)
        self._check(who, payload, record)
        now = record.world.now
        self.tables.ask("tidy", now=now)
        digest = hashlib.sha256(envelope.payload).hexdigest()
        left = self.tables.ask_in_turn(
            "take_turn",
            "leave",
            digest=digest,
            statement=payload.id,
            kind=payload.kind,
            party=who.party,
            parties=sorted({one.party for one in payload.signers}),
            envelope=submission.envelope,
            beside=_beside(submission.disclosures, names),
            made=now,
            expires=now + FOR,
            most=MOST,
        )
        if left:
            return OpenStatement(*left[0])
        try:
            return self._signed(who, digest, payload, envelope, now)
        except NotFound:
            raise Refused("WAI-02", f"a party leaves at most {MOST} open statements: withdraw one") from None

    def waiting(self, who: Principal, record: AtHead) -> list[OpenStatement]:
        """Return those that a party is to sign, or has signed, the newest first."""
        found = [OpenStatement(*row) for row in self.tables.ask("waiting", party=who.party, now=record.world.now)]
        recorded = [one.digest for one in found if record.find(StatementId(one.statement)) is not None]
        if recorded:
            self.tables.ask("take_away", digests=recorded)
        return [one for one in found if one.digest not in recorded]

    def unsigned_by(self, who: Principal, record: AtHead) -> list[OpenStatement]:
        """Return those that a party has yet to sign, the newest first."""
        found = self.waiting(who, record)
        return [one for one in found if any(each.party == who.party and not done for each, done in one.signers)]

    def find(self, who: Principal, digest: str, record: AtHead) -> OpenStatement:
        """Return one of those. Raises NotFound: there is none that this party signs, or it is recorded by now."""
        if _DIGEST.fullmatch(digest) is None:
            raise NotFound("there is no such open statement")
        found = self._found(who, digest, record.world.now)
        if record.find(StatementId(found.statement)) is not None:
            self.tables.ask("take_away", digests=[digest])
            raise NotFound("there is no such open statement")
        return found

    def withdraw(self, who: Principal, digest: str) -> None:
        """Take one away. Raises NotFound: the party has left none of it."""
        if _DIGEST.fullmatch(digest) is None or not self.tables.ask("withdraw", digest=digest, party=who.party):
            raise NotFound("there is no such open statement")

    def _check(self, who: Principal, payload: Payload, record: AtHead) -> None:
        if payload.log != self.origin:
            raise Refused("WAI-01", f"it is for the log {payload.log}, and this is {self.origin}")
        if who.party not in {one.party for one in payload.signers}:
            raise Refused("WAI-01", "a statement is left by a party that signs it")
        if record.find(StatementId(payload.id)) is not None:
            raise Refused("WAI-01", "a statement with its id is recorded already")

    def _signed(
        self, who: Principal, digest: str, payload: Payload, envelope: Envelope, now: datetime
    ) -> OpenStatement:
        for _ in range(_TRIES):
            before = self._found(who, digest, now).envelope
            held = {one.keyid: one for one in (*envelope.signatures, *parse_envelope(before).signatures)}
            merged = tuple(held[one.key] for one in payload.signers if one.key in held)
            after = encode_envelope(Envelope(envelope.payload, merged))
            if signed := self.tables.ask("sign", digest=digest, before=before, envelope=after):
                return OpenStatement(*signed[0])
        raise Unavailable("others sign it now; sending again is safe")

    def _found(self, who: Principal, digest: str, now: datetime) -> OpenStatement:
        rows: list[tuple[Any, ...]] = self.tables.ask("find", party=who.party, digest=digest, now=now)
        if not rows:
            raise NotFound("there is no such open statement")
        return OpenStatement(*rows[0])


def _beside(disclosures: Sequence[str], names: Mapping[str, str]) -> bytes:
    try:
        return json.dumps({"disclosures": list(disclosures), "names": dict(names)}, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Malformed("STM-12", "$.names", "has a lone surrogate") from None


def usable_key(thumbprint: str, record: AtHead) -> PublicKey | None:
    """Return the key of a thumbprint as somebody signs with it now; None: it is unknown, or revoked."""
    key = record.world.key(key_tag(thumbprint))
    return admit(decode_base64(key.spki), key.alg) if key.known and not key.revoked else None
