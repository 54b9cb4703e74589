"""Statements handed in without pause, by callers that do what callers are told to: an unanswered one is sent again.

What was acknowledged is noted, with the position that was said.
"""

from __future__ import annotations

import http.client
import json
import secrets
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from api.submissions import write_submission
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.parties import PartyRegistered
from ledger.ids import PartyId
from ledger.service import Submission
from ledger.statement.authoring import Author, Circumstances, make_statement
from ledger.statement.form.header import Capture, CaptureMode
from ledger.statement.signing.signer import FileSigner

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.statement.signing.signer import StatementSigner

OPERATOR: Final = PartyId("party:operator")
_WITHIN: Final = 20.0
_PAUSE: Final = 0.2
_BETWEEN: Final = 0.03  # seconds between two statements of a caller: the machine is not all ours
_CALLERS: Final = 6


class Pen:
    """Writes signed statements of the operator."""

    def __init__(self, key: Path, passphrase: str, log: str) -> None:
        """Sign with the operator's key file."""
        self._author = Author(FileSigner.load(key, passphrase), OPERATOR, "root", Role.OPERATOR)
        self._log = log

    @property
    def signer(self) -> StatementSigner:
        """Return what signs."""
        return self._author.signer

    def write(self) -> tuple[str, bytes]:
        """Return the id of a new statement and the line that hands it in."""
        now = Circumstances(occurred_at=SystemClock().now(), capture=Capture(CaptureMode.BENCH))
        party = PartyId(f"party:{secrets.token_hex(8)}")
        body = PartyRegistered(party=party, name="Laboratory", country="CN", business="research")
        made = make_statement(self._log, body, [self._author], now)
        return made.id, write_submission(Submission(made.envelope))


class Load:
    """Callers in threads of their own, from the start to ``close``."""

    def __init__(self, pen: Pen, port: int) -> None:
        """Start calling a service at a port of this machine, whether or not it is there yet."""
        self.acknowledged: dict[str, int] = {}
        self.wrong: list[str] = []
        """What no answer may be."""
        self._pen = pen
        self._port = port
        self._door = Lock()
        self._closed = Event()
        self._callers = [Thread(target=self._call, daemon=True) for _ in range(_CALLERS)]
        for caller in self._callers:
            caller.start()

    def note(self, statement: str, position: int) -> None:
        """Note what somebody else was told of a statement."""
        with self._door:
            before = self.acknowledged.setdefault(statement, position)
        if before != position:
            self.wrong.append(f"{statement} was acknowledged at {before}, then at {position}")

    def close(self) -> None:
        """Let each caller have its last answer."""
        self._closed.set()
        for caller in self._callers:
            caller.join()

    def insist(self, statement: str, line: bytes) -> None:
        """Hand a statement in until it is answered."""
        while (position := self._handed_in(line)) is None:
            if self._closed.wait(_PAUSE):
                return  # nobody was told of it
        self.note(statement, position)

    def _call(self) -> None:
        while not self._closed.wait(_BETWEEN):
            self.insist(*self._pen.write())

    def _handed_in(self, line: bytes) -> int | None:
        """Return the position that was answered; None where there was no answer, or none for now."""
        with suppress(OSError, http.client.HTTPException):
            status, data = asked(self._port, "POST", "/v1/statements", line)
            if status in {200, 201}:
                return int(json.loads(data)["position"])
            if status != 503:
                self.wrong.append(f"a good statement was answered {status}: {data.decode()}")
        return None


def asked(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Return status and body of an answer. Raises OSError, HTTPException: there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_WITHIN)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def status_of(port: int, method: str, path: str, body: bytes | None = None) -> int:
    """Return the status of an answer; 0 where there is none."""
    with suppress(OSError, http.client.HTTPException):
        return asked(port, method, path, body)[0]
    return 0
