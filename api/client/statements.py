"""Statements through a service: drafted, signed here, handed in one or many at a time, and proven.

A key signs what was made here. Where a service drafts, what it gives to be signed is compared with what was asked of
it before anything is signed: it could have written something else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast
from urllib.parse import quote

from api.client.forms import read_form
from api.client.transport import POSITION
from api.drafts.payload import draft_payload
from api.rows.answers import Recorded
from api.rows.http import CheckedInBatch, FailedProblem, RecordedInBatch
from api.rows.record import Checked, Drafted
from api.submissions import write_submission
from ledger.errors import Malformed, NotFound, NotTrusted
from ledger.service import Submission
from ledger.statement.form.payload import read_payload
from ledger.statement.statement import sign_open
from ledger.statement.text.binary import decode_base64
from ledger.statement.text.shape import read_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from api.client.transport import Answer, Transport
    from ledger.clock import Clock
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "SVC-04": "What a service gives to be signed says what it was asked to draft, and nothing else.",
}

MOST_LINES: Final = 1_000
MOST_BYTES: Final = 4_000_000
"""Of one batch: what is lost with a connection is sent again whole."""

_LINES: Final = "application/x-ndjson"
_PROVEN: Final = "text/plain"


class _Status(TypedDict):
    status: str


@dataclass(frozen=True, slots=True)
class Statements:
    """What is stated through a service."""

    service: Transport

    def submit(self, submission: Submission) -> Recorded:
        """Record a statement, and return what became of it; one that is recorded already has its first answer.

        Raises Malformed, NotTrusted, Refused, NeedsAcknowledgement, Conflict, Halted, Unavailable: as the service says.
        """
        answer = self.service.ask("POST", "/v1/statements", write_submission(submission))
        return self._noted(answer).said(Recorded)

    def submit_proven(self, submission: Submission) -> bytes | None:
        """Record a statement, and return its .tlog-proof; None: it is recorded, and no checkpoint covers it in time.

        Raises as ``submit``.
        """
        answer = self.service.ask("POST", "/v1/statements", write_submission(submission), query=[("wait", "proof")])
        proven = self._noted(answer).headers.get("Content-Type", "").startswith(_PROVEN)
        return answer.body if proven else None

    def submit_many(self, submissions: Iterable[Submission]) -> Iterator[RecordedInBatch | FailedProblem]:
        """Record statements, each on its own, and yield what became of each, in their order; ``line`` counts them.

        They are sent in batches, and may rest on those before them. Raises Unavailable: what is not answered may be
        recorded or not, and can be sent again.
        """
        first = 0
        for lines in _batches(map(write_submission, submissions)):
            for row in self._batch(lines, together=False):
                yield {**cast("RecordedInBatch", row), "line": first + row["line"]}
            first += len(lines)

    def submit_together(
        self, submissions: Sequence[Submission]
    ) -> list[RecordedInBatch | CheckedInBatch | FailedProblem]:
        """Record statements, all or none: where one is wrong, the others are ``recordable``. Raises as ``submit``."""
        return self._batch([*map(write_submission, submissions)], together=True)

    def check_together(self, submissions: Sequence[Submission]) -> list[CheckedInBatch | FailedProblem]:
        """Judge statements that are to be recorded together, and record none. Raises as ``submit``."""
        return self._batch([*map(write_submission, submissions)], together=True, check=True)

    def check(self, submission: Submission) -> Checked:
        """Judge a statement, and record nothing. Raises as ``submit``."""
        return self.service.ask("POST", "/v1/statements/check", write_submission(submission)).said(Checked)

    def proof(self, statement: str) -> bytes:
        """Return the .tlog-proof of a statement. Raises NotFound: it is not recorded, or not covered yet."""
        return self.service.ask("GET", f"/v1/statements/{quote(statement, safe='')}/proof").body

    def draft(self, said: Mapping[str, Any]) -> Drafted:
        """Have a statement drafted: kind, signers, body, as docs/formats.md has drafts. Raises Malformed, NotFound."""
        return self.service.ask("POST", "/v1/drafts", json.dumps(dict(said)).encode()).said(Drafted)

    def sign(
        self, drafted: Drafted, said: Mapping[str, Any], keys: Sequence[StatementSigner], clock: Clock
    ) -> Submission:
        """Sign what a service drafted, once it is what was asked of it; no key leaves this machine.

        said: what was drafted, as it was asked. keys: in the order of the signers.

        Raises NotTrusted: SVC-04 it says something else. Malformed: it cannot be signed.
        """
        payload = decode_base64(drafted["envelope"]["payload"])
        asked = dict(cast("Mapping[str, JsonValue]", said))
        read = read_payload(payload)
        # What was left out is the service's to fill in.
        fixed = {"log": read.log, "id": read.id, "occurred_at": _text(read.value, "occurred_at")}
        if asked.get("disclose"):
            raise Malformed("SVC-04", "$.disclose", "what is disclosed is drafted where it is signed")
        due, _ = draft_payload({**fixed, **asked}, keys, clock)
        if due != payload:
            raise NotTrusted("SVC-04", "the service drafted something else than it was asked to")
        return Submission(sign_open(payload, keys), ())

    def _batch(self, lines: Sequence[bytes], *, together: bool, check: bool = False) -> list[Any]:
        query = [(name, "true") for name, is_so in (("together", together), ("check", check)) if is_so]
        answer = self.service.ask(
            "POST", "/v1/statements/batch", b"\n".join(lines), query=query, media=_LINES, also=frozenset({422})
        )
        rows: list[Any] = [_line(line) for line in answer.body.splitlines()]
        if [row["line"] for row in rows] != [*range(1, len(lines) + 1)]:
            raise Malformed("SVC-03", "$", "a batch is answered with a line for each of its lines, in their order")
        for row in rows:
            self.service.wrote(int(row.get("position", 0)))
        return rows

    def _noted(self, answer: Answer) -> Answer:
        position = answer.headers.get(POSITION, "")
        if not position.isdecimal():
            raise NotFound("the service's answer names no position")
        self.service.wrote(int(position))
        return answer


def _line(said: bytes) -> Mapping[str, Any]:
    """Return what became of one line of a batch. Raises Malformed: SVC-03."""
    status = read_form(said, _Status)["status"]
    if status == "error":
        return read_form(said, FailedProblem)
    return read_form(said, CheckedInBatch) if status == "recordable" else read_form(said, RecordedInBatch)


def _text(value: Mapping[str, JsonValue], member: str) -> str:
    return str(read_object(dict(value), "$")[member])


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield lines in batches that a service takes."""
    rest = iter(lines)
    batch: list[bytes] = []
    size = 0
    for line in rest:
        if batch and (len(batch) >= MOST_LINES or size + len(line) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch
