"""A log behind its doors, for tests: a real server on loopback, and what asks it."""

from __future__ import annotations

import http.client
import re
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.accesses.log import AccessLog
from api.cli.operate.serve import listen
from api.hooks.keeping import QUERIES, Hooks
from api.hooks.signing import HookKey
from api.http.app import create_app, document
from api.http.bounds.views import Views
from api.http.bounds.whole_logs import MOST_READINGS, WholeLogs, Why
from api.http.connections import Limits
from api.http.doors import Doors
from api.http.server import Server
from api.notices.keeping import QUERIES as NOTICES
from api.notices.keeping import Notices
from api.sessions.signing_in import SigningIn
from api.sessions.tables import DoorTables, migrate_doors
from api.waiting.drafts import KeptDrafts
from api.waiting.leaving import QUERIES as WAITING
from api.waiting.leaving import OpenStatements
from ledger.publisher.memory_file import MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.running import RunningPublisher
from ledger.publisher.witnesses import Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.deciding.permit import Permit
from projections.database.session import Session
from projections.database.tables import Tables
from tests.authors import ORIGIN, SteppingClock
from tests.publishing import log_keys

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from ledger.store.port import Recorded
    from tests import servers

WEB_ORIGIN: Final = "https://log.example.org"
"""The web origin that the tests' services are reached at, as far as those who sign in are told."""

TOKEN: Final = "a-token-of-the-tests"


@dataclass(frozen=True)
class Answer:
    """What the server answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Served:
    """A served log."""

    doors: Doors
    publisher: Publisher
    app: FastAPI
    port: int
    database: servers.Database

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 30,
    ) -> Answer:
        """Send one request on a connection of its own. timeout: seconds until something of the answer has to come."""
        headers = (headers or {}) | ({} if token is None else {"Authorization": f"Bearer {token}"})
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            connection.request(method, path, body, headers)
            with connection.getresponse() as response:
                found = {name.lower(): value for name, value in response.getheaders()}
                answer = Answer(response.status, found, response.read())
        check_described(method, path, answer)
        return answer

    def handed_in(self) -> list[Recorded]:
        """Return what is recorded, but for how the log itself stands: its publisher states that."""
        return [one for one in self.doors.ledger.store.read() if one.kind != STATE_KIND]

    def get(self, path: str, *, token: str | None = None) -> Answer:
        """Read what is at a path."""
        return self.ask("GET", path, token=token)


def check_described(method: str, path: str, answer: Answer) -> None:
    """Check that the OpenAPI document tells of an answer, where it knows the address: its status and media type."""
    asked = f"{method} {path.partition('?')[0]}"
    found = [(len(form.pattern), one) for form, one in _operations() if form.fullmatch(asked)]
    if not found or method == "HEAD":
        return
    _, operation = max(found, key=lambda one: one[0])  # of a thing and what is below it, what is below
    assert str(answer.status) in operation["responses"], (method, path)
    content = operation["responses"][str(answer.status)].get("content", {})
    if not content:
        assert answer.body == b"", (method, path, answer.status)
        return
    assert answer.headers["content-type"] in content, (method, path, answer.status)


@cache
def _operations() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    described = document()["paths"].items()
    return [
        (re.compile(rf"{method.upper()} {re.sub('{[^}]*}', '[^/]+(?:/.*)?', path)}"), operation)
        for path, methods in described
        for method, operation in methods.items()
    ]


def make_log(database: servers.Database) -> None:
    """Make a log in a database that is empty, and the tables of its doors; nothing changes where they are."""
    migrate(database.owner)
    migrate_doors(database.owner)
    name_log(database.owner, ORIGIN)


@contextmanager
def served(
    server: servers.Server,
    folder: Path,
    *,
    token: str | None = TOKEN,
    every: float = 0.05,
    limits: Limits | None = None,
    permit: Permit | None = None,
    of: servers.Database | None = None,
) -> Iterator[Served]:
    """Serve an empty log of a database of its own, for a with block.

    every: seconds from one checkpoint to the next. permit: whatever a clock of the tests says, if left out.
    of: a log that is not empty; a copy of it is served.
    """
    with server.made_database(make_log) if of is None else server.copy(of) as database:
        make_log(database)  # which finds it made
        store, clock = PostgresStore(database.app), SteppingClock()
        with (
            closing(Ledger(store, load_packs(), permit=permit or Permit(clock))) as ledger,
            closing(Publication(database.app)) as publication,
            closing(Session(database.owner, patience=1)) as views,
            closing(Session(database.owner)) as looking,
            closing(DoorTables(database.owner)) as tables,
            closing(AccessLog(database.owner)) as accesses,
            closing(DoorTables(database.owner, QUERIES)) as hook_tables,
            closing(DoorTables(database.owner, WAITING)) as waiting,
            closing(DoorTables(database.owner, NOTICES)) as notices,
        ):
            publisher = Publisher(
                store,
                publication,
                keys=log_keys(ORIGIN),
                remembered=MemoryFile(folder / "last-checkpoint"),
                witnesses=Witnesses(),
                clock=clock,
                permit=ledger.permit,
            )
            with closing(RunningPublisher(publisher, store, publication, every=every)) as running:
                doors = Doors(
                    ledger,
                    publication,
                    running,
                    log_keys(ORIGIN).keys,
                    token,
                    proof_within=20,
                    views=Tables(views),
                    look_up=Views([Tables(looking)]),
                    signing_in=SigningIn(tables, store, WEB_ORIGIN, clock),
                    accesses=accesses,
                    log_keys=log_keys(ORIGIN),
                    open_statements=OpenStatements(waiting, ORIGIN),
                    kept_drafts=KeptDrafts(waiting),
                    notices=Notices(notices),
                    hooks=Hooks(hook_tables, HookKey(Ed25519PrivateKey.from_private_bytes(bytes(32))), here=True),
                )
                app = create_app(doors)
                with listening(app, limits, running.let_go) as port:
                    yield Served(doors, publisher, app, port, database)


@contextmanager
def by_views_alone(doors: Doors) -> Iterator[None]:
    """Let nobody read the whole log meanwhile, nor wait for that."""
    readings = doors.whole_logs
    within, readings.within = readings.within, 0
    try:
        with all_places(readings):
            yield
    finally:
        readings.within = within


@contextmanager
def all_places(readings: WholeLogs) -> Iterator[ExitStack]:
    """Read the whole log as often as may be at a time, until the block or what it is given ends."""
    with ExitStack() as held:
        for _ in range(MOST_READINGS):
            held.enter_context(readings.read(Why.ASKED))
        yield held


@contextmanager
def listening(
    app: FastAPI,
    limits: Limits | None = None,
    on_stop: Callable[[], None] = lambda: None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[int]:
    """Let an application answer on loopback for a with block, and yield its port."""
    server = Server(app, limits or Limits(), on_stop, tls)
    with listen("127.0.0.1", 0) as place:
        thread = Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        try:
            yield place.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
