"""The command ``vialog`` with marks: python -m scripts.faults.marked MARKS ARGUMENT… runs it, unchanged but for them.

The marks stand around the ledger's own functions, put there from outside: what is killed is what runs elsewhere.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from api.cli.main import app
from api.cli.record import submit
from api.http import app as http
from ledger.intake import Intake
from ledger.publisher.publisher import Publisher
from ledger.service import Ledger
from ledger.store.database import postgres
from ledger.store.deciding.committer import Committer, Deciding
from scripts.faults.marks import Marks, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.doors import Doors
    from ledger.store.deciding.committer import Outcome, Pending
    from ledger.store.port import LockedLog

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
    record, create_app = Ledger.record, http.create_app

    def recorded(*arguments: object) -> Outcome:
        outcome = record(*arguments)  # type: ignore[arg-type]
        marks.add(Phase.ANSWERING, 1)
        return outcome

    def created(doors: Doors) -> FastAPI:
        app = create_app(doors)
        app.add_middleware(_Answered, marks=marks)
        return app

    Ledger.record = recorded  # type: ignore[method-assign,assignment]
    http.create_app = created


class _Answered:
    """Takes the mark away when a statement's answer has gone out."""

    def __init__(self, app: ASGIApp, marks: Marks) -> None:
        self._app = app
        self._marks = marks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        recorded = False

        async def sent(message: Message) -> None:
            nonlocal recorded
            if message["type"] == "http.response.start":
                recorded = scope["method"] == "POST" and message["status"] in {200, 201, 202}
            await send(message)
            if recorded and message["type"] == "http.response.body" and not message.get("more_body"):
                self._marks.add(Phase.ANSWERING, -1)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


if __name__ == "__main__":
    mark(Marks(Path(sys.argv[1])))
    app(sys.argv[2:], prog_name="vialog")
