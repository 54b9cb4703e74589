"""Recording at a service, as the commands do it: what waits while one batch is on its way goes with the next one."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from api.client.log import ServedLog
from api.client.problems import breaches_in, error_of, rules_in
from api.client.statements import Statements
from api.logs.recording import Settled
from ledger.clock import parse_time
from ledger.errors import LedgerError, Malformed
from ledger.ids import StatementId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from api.client.transport import Transport
    from ledger.service import Submission


class ServedRecording:
    """A log behind a service, open for recording; as ``Recording`` of ``api.logs``."""

    def __init__(self, service: Transport) -> None:
        """Ask when something is handed in. Whoever made this closes it."""
        self.store: Final = ServedLog(service)
        self._statements = Statements(service)
        self._waiting: list[tuple[Submission, Future[Settled]]] = []
        self._turn = Lock()
        self._sender = ThreadPoolExecutor(max_workers=1)

    def hand_in(self, submission: Submission) -> Callable[[], Settled]:
        """Hand a statement in, and return what waits for its answer."""
        answer: Future[Settled] = Future()
        with self._turn:
            self._waiting.append((submission, answer))
        self._sender.submit(self._send)
        return answer.result

    def together(self, submissions: Iterable[Submission], *, record: bool = True) -> list[Settled | LedgerError | None]:
        """Record statements if none of them is wrong, otherwise none; return each one's answer."""
        given = [*submissions]
        if not given:
            return []
        rows = self._statements.submit_together(given) if record else self._statements.check_together(given)
        return [_answer(row) for row in rows]

    def close(self) -> None:
        """Wait for the answers to what was handed in."""
        self._sender.shutdown()

    def _send(self) -> None:
        with self._turn:
            batch, self._waiting = self._waiting, []
        answers = [answer for _, answer in batch]
        try:
            for answer, row in zip(answers, self._statements.submit_many(one for one, _ in batch), strict=True):
                _settle(answer, _answer(row))
        except Exception as error:  # noqa: BLE001  whatever it is, nobody waits for an answer for ever
            for answer in answers:
                if not answer.done():
                    answer.set_exception(error)


def _settle(answer: Future[Settled], said: Settled | LedgerError | None) -> None:
    if isinstance(said, Settled):
        answer.set_result(said)
    else:
        answer.set_exception(said or TypeError("a statement that was recorded has a position"))


def _answer(row: Mapping[str, Any]) -> Settled | LedgerError | None:
    """Return what a line of a batch's answer says. Raises Malformed: SVC-03 it is not in its form."""
    if row["status"] == "error":
        return error_of(row["problem"]["status"], row["problem"])
    if row["status"] == "recordable":
        return None
    try:
        recorded = parse_time(row["recorded"])
    except ValueError as error:
        raise Malformed("SVC-03", "$.recorded", "is not in the form that the service's document gives it") from error
    return Settled(
        StatementId(row["statement"]),
        row["kind"],
        row["position"],
        recorded,
        rules_in(row),
        tuple(breaches_in(row["breaches"])),
        row["status"] == "repeated",
    )
