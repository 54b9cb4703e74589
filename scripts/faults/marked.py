"""The command ``vialog`` with marks: python -m scripts.faults.marked MARKS ARGUMENT… runs it, unchanged but for them.

The marks stand around the ledger's own functions, put there from outside: what is killed is what runs elsewhere. The
publisher that a service starts beside itself is marked too, in a file of its own (``marks.of_publisher``); that one is
what runs without an argument.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from api.cli.main import app
from api.cli.operate import beside_service
from api.cli.record import submit
from api.http.recording import statements, straight
from api.logs import publishing
from ledger.intake import Intake
from ledger.publisher.publisher import Publisher
from ledger.store.database import postgres
from ledger.store.deciding.committer import Committer, Deciding
from scripts.faults.marks import Marks, Phase, of_publisher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.types import Message, Receive, Scope, Send

    from api.http.doors import Doors
    from ledger.store.deciding.committer import Outcome, Pending
    from ledger.store.port import LockedLog

_RECORDED: Final = frozenset({200, 201, 202})

P = ParamSpec("P")
R = TypeVar("R")


def mark(marks: Marks) -> None:
    """Put marks around what a statement goes through, in this process from here on."""

    def around(phase: Phase, function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def marked(*arguments: P.args, **named: P.kwargs) -> R:
            with marks.during(phase):
                return function(*arguments, **named)

        return marked

    Intake.verify = around(Phase.VERIFYING, Intake.verify)  # type: ignore[method-assign]
    Deciding.open = around(Phase.JUDGING, Deciding.open)  # type: ignore[method-assign]
    Deciding.decide = around(Phase.JUDGING, Deciding.decide)  # type: ignore[method-assign]
    postgres._LockedLog.append = around(  # type: ignore[method-assign]  # noqa: SLF001
        Phase.APPENDING,
        postgres._LockedLog.append,  # noqa: SLF001
    )
    Publisher.publish_once = around(Phase.PUBLISHING, Publisher.publish_once)  # type: ignore[method-assign]
    submit.print_result = around(Phase.ANSWERING, submit.print_result)
    _mark_queue(marks)
    _mark_commit(marks)
    _mark_answers(marks)


def _mark_queue(marks: Marks) -> None:
    hand_in, commit = Committer.hand_in, Committer._commit  # noqa: SLF001

    def handed(self: Committer, pending: Sequence[Pending]) -> None:
        marks.add(Phase.QUEUED, len(pending))
        hand_in(self, pending)

    def committed(self: Committer, pending: Sequence[Pending]) -> None:
        marks.add(Phase.QUEUED, -len(pending))
        commit(self, pending)

    Committer.hand_in = handed  # type: ignore[method-assign]
    Committer._commit = committed  # type: ignore[method-assign]  # noqa: SLF001


def _mark_commit(marks: Marks) -> None:
    locked = postgres.PostgresStore.locked

    @contextmanager
    def marked(self: postgres.PostgresStore) -> Iterator[LockedLog]:
        committing = False
        try:
            with locked(self) as log:
                yield log
                committing = True
                marks.add(Phase.COMMITTING, 1)
        finally:
            marks.add(Phase.COMMITTING, -1 if committing else 0)

    postgres.PostgresStore.locked = marked  # type: ignore[method-assign,assignment]


def _mark_answers(marks: Marks) -> None:
    recorded, answer = statements.recorded, straight.Application.__call__

    async def known(doors: Doors, data: bytes) -> Outcome:
        outcome = await recorded(doors, data)
        marks.add(Phase.ANSWERING, 1)
        return outcome

    async def answered(app: straight.Application, scope: Scope, receive: Receive, send: Send) -> None:
        said = 0

        async def sent(message: Message) -> None:
            nonlocal said
            said = message.get("status", said)
            await send(message)
            if said in _RECORDED and message["type"] == "http.response.body" and not message.get("more_body"):
                marks.add(Phase.ANSWERING, -1)

        single = scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == statements.PATH
        await answer(app, scope, receive, sent if single else send)

    statements.recorded = known
    straight.Application.__call__ = answered  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    file = Path(sys.argv[1])
    mark(Marks(file))
    if not sys.argv[2:]:
        sys.exit(beside_service.main())
    beside = of_publisher(file)
    publishing.COMMAND = (sys.executable, "-m", "scripts.faults.marked", str(beside))  # type: ignore[misc,assignment]
    app(sys.argv[2:], prog_name="vialog")
