"""The one place where a log is put together from the settings: server, migrations, store, rule packs, ledger.

Command line, HTTP and worker all come in through here, so they cannot open the same log in two ways. What opens a log
is loaded when one is opened: whoever looks a word up, or makes a key, does not wait for a database's driver.
"""

from __future__ import annotations

import errno
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.settings import DEFAULT_ORIGIN
from ledger.errors import Malformed, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.accesses.log import AccessLog
    from api.hooks.delivering import Deliverer
    from api.hooks.events import Events
    from api.hooks.keeping import Hooks
    from api.hooks.signing import HookKey
    from api.logs.guarding import Guard
    from api.notices.keeping import Notices
    from api.notices.running import Notifier
    from api.sessions.signing_in import SigningIn
    from api.sessions.tables import DoorTables
    from api.settings import Settings
    from ledger.clock import Clock
    from ledger.publisher.log_keys import LogKeys
    from ledger.publisher.publisher import Publisher
    from ledger.service import Ledger
    from ledger.store.database.publication import Publication
    from ledger.store.port import Store
    from projections.database.session import Session
    from projections.database.tables import Tables
    from projections.running.log import Log as ViewedLog


@dataclass(frozen=True, slots=True)
class Database:
    """How to connect, as libpq's connection strings; of a server given by URL both are that URL.

    owner: runs the migrations; app: adds to the log and reads it.
    """

    owner: str = field(repr=False)
    app: str = field(repr=False)


def check_here(settings: Settings) -> None:
    """Raise Malformed, SET-04, where the settings name a service: what works on a log's own database is not for it."""
    if settings.url is not None:
        raise Malformed(
            "SET-04",
            "VIALOG_URL",
            f"is {settings.url}, and this works on the log's own database: run it on the machine of the log, where "
            "VIALOG_URL is not set",
        )


@contextmanager
def open_database(settings: Settings, *, create: bool = False) -> Iterator[Database]:
    """Give the use of the database for a with block: the one of the URL, or the embedded server, started if need be.

    create: True to make the data directory if there is none.

    Raises NotFound: there is no data directory. NotADirectoryError: it is a file. Unavailable: it is another user's, or
    the embedded server does not start. Malformed: SET-04 the settings name a service.
    """
    check_here(settings)
    if settings.database_url is not None:
        yield Database(settings.database_url, settings.database_url)
        return
    _check_place(settings.data)
    if not create and not (settings.data / "postgres").exists():
        raise NotFound(f"there is no log in {settings.data}: run `vialog init`, or set VIALOG_DATA to where it is")
    from ledger.store.server.embedded import Role, start

    with start(settings.data) as running:
        yield Database(running.conninfo(Role.OWNER), running.conninfo(Role.APP))


@contextmanager
def kept_up(settings: Settings) -> Iterator[None]:
    """Start the embedded server again whenever it is gone, for a with block; a server given by URL is its operator's.

    The database was opened before. Raises Unavailable.
    """
    if settings.database_url is not None:
        yield
        return
    from ledger.store.server.embedded import start
    from ledger.store.server.keeping import Keeper

    with start(settings.data) as running, closing(Keeper(running)):
        yield


def _check_place(data: Path) -> None:
    if not data.exists():
        return
    if not data.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "VIALOG_DATA is to name a directory, and this is none", str(data))
    from ledger.store.server.account import check_owner

    check_owner(data)


@contextmanager
def open_store(settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """Open the log's store for a with block; the database is brought up to date first.

    create: True to make what is missing, and to name the log.

    Raises NotFound: there is no log. Malformed: SET-03 the log has another name than the settings say. IntegrityFailed:
    the database is not one that this program made. Unavailable: the database does not answer.
    """
    from ledger.store.database.migrate import migrate, name_log
    from ledger.store.database.postgres import PostgresStore

    with open_database(settings, create=create) as database:
        migrate(database.owner)
        if create:
            name_log(database.owner, settings.log_origin or DEFAULT_ORIGIN)
        store = PostgresStore(database.app)
        try:
            check_name(settings, store.origin)
            yield store
        finally:
            store.close()


def check_name(settings: Settings, origin: str) -> None:
    """Raise Malformed, SET-03, where the settings call a log otherwise than it calls itself."""
    if settings.log_origin not in {None, origin}:
        raise Malformed(
            "SET-03",
            "VIALOG_LOG_ORIGIN",
            f"says {settings.log_origin}, but the log in this database is {origin}; a log never changes its name: "
            "unset the variable, or open the other database",
        )


@contextmanager
def open_publication(settings: Settings) -> Iterator[Publication]:
    """Open what is published of the log, for a with block; the log was opened before. Raises NotFound, Unavailable."""
    from ledger.store.database.publication import Publication

    with open_database(settings) as database, closing(Publication(database.app)) as publication:
        yield publication


def open_guard(
    settings: Settings,
    store: Store,
    publication: Publication,
    *,
    clock: Clock | None = None,
    heard: Callable[[str, int], None] = lambda _, __: None,
) -> Guard:
    """Return what guards a log, once the log was held against it. Raises as ``Guard`` and its ``check``.

    clock, heard: as of Guard.
    """
    from api.logs.guarding import Guard

    guard = Guard(settings, store.origin, clock, heard)
    guard.check(store, publication)
    return guard


def make_publisher(store: Store, publication: Publication, keys: LogKeys, guard: Guard) -> Publisher:
    """Return the publisher of a log.

    keys: the log's own. guard: shared with whatever else records in this process.
    """
    from ledger.publisher.publisher import Publisher

    return Publisher(
        store,
        publication,
        keys=keys,
        remembered=guard.memory,
        witnesses=guard.witnesses,
        clock=guard.clock,
        permit=guard.permit,
    )


@contextmanager
def open_views(settings: Settings, store: Store, publication: Publication) -> Iterator[Views]:
    """Open the log's views for a with block; the log was opened before. Raises NotFound, Unavailable."""
    from api.logs.guarding import LOG_KEYS_FOLDER
    from ledger.publisher.log_keys import read_vkeys
    from ledger.rulepacks.load import load_packs
    from projections.database.session import Session, prepare
    from projections.running.log import Log

    with open_database(settings) as database:
        prepare(database.owner)
        with closing(Session(database.owner)) as session:
            packs, keys = load_packs(settings.rules), read_vkeys(settings.data / LOG_KEYS_FOLDER)
            yield Views(Log(store, publication, packs, keys), session)


@contextmanager
def look_at_views(settings: Settings, patience: float) -> Iterator[Tables]:
    """Give the views' tables to look at, for a with block; connects when they are looked at.

    patience: seconds that an answer may take. Raises NotFound, Unavailable.
    """
    from projections.database.session import Session
    from projections.database.tables import Tables

    with open_database(settings) as database, closing(Session(database.owner, patience)) as session:
        yield Tables(session)


@contextmanager
def open_doors(settings: Settings, store: Store, origin: str) -> Iterator[tuple[SigningIn, AccessLog]]:
    """Give a log's sign-in and its access log for a with block; their tables are brought up to date first.

    origin: the web origin that people see. Raises NotFound, Unavailable, IntegrityFailed.
    """
    from api.accesses.log import AccessLog
    from api.sessions.signing_in import SigningIn
    from api.sessions.tables import DoorTables, migrate_doors
    from ledger.clock import SystemClock

    with open_database(settings) as database:
        migrate_doors(database.owner)
        with closing(DoorTables(database.owner)) as tables, closing(AccessLog(database.owner)) as accesses:
            yield SigningIn(tables, store, origin, SystemClock()), accesses


@contextmanager
def open_accesses(settings: Settings) -> Iterator[AccessLog]:
    """Give the access log for a with block; its tables are brought up to date first. Raises as ``open_doors``."""
    from api.accesses.log import AccessLog
    from api.sessions.tables import migrate_doors

    with open_database(settings) as database:
        migrate_doors(database.owner)
        with closing(AccessLog(database.owner)) as accesses:
            yield accesses


@contextmanager
def open_hooks(settings: Settings, key: HookKey) -> Iterator[Hooks]:
    """Give the hooks of a log for a with block, whose tables ``open_doors`` has brought up to date. Raises as it does.

    key: that signs what they are told.
    """
    from api.hooks.keeping import QUERIES, Hooks
    from api.sessions.tables import DoorTables

    with open_database(settings) as database, closing(DoorTables(database.owner, QUERIES)) as tables:
        yield Hooks(tables, key, settings.unsafe_hooks_to_this_machine)


@contextmanager
def open_waiting(settings: Settings) -> Iterator[DoorTables]:
    """Give the tables of what waits, for a with block; ``open_doors`` brought them up to date. Raises as it does."""
    from api.sessions.tables import DoorTables
    from api.waiting.leaving import QUERIES

    with open_database(settings) as database, closing(DoorTables(database.owner, QUERIES)) as tables:
        yield tables


@contextmanager
def delivered(
    settings: Settings, hooks: Hooks, signing_in: SigningIn, events: Events, accesses: AccessLog
) -> Iterator[Deliverer]:
    """Tell the hooks of a log, for a with block, where no other service does. Raises NotFound, Unavailable."""
    from api.hooks.delivering import Deliverer
    from api.hooks.keeping import QUERIES
    from api.sessions.election import Election

    with (
        open_database(settings) as database,
        closing(Deliverer(hooks, Election(database.owner, QUERIES), signing_in, events, accesses)) as deliverer,
    ):
        yield deliverer


@contextmanager
def open_notices(settings: Settings) -> Iterator[Notices]:
    """Give the notices of a log for a with block; ``open_doors`` brought their tables up to date. Raises as it does."""
    from api.notices.keeping import QUERIES, Notices
    from api.sessions.tables import DoorTables

    with open_database(settings) as database, closing(DoorTables(database.owner, QUERIES)) as tables:
        yield Notices(tables)


@contextmanager
def noted(settings: Settings, notices: Notices, ledger: Ledger, clock: Clock, patience: float) -> Iterator[Notifier]:
    """Note what falls due in a log, for a with block, where no other service does. Raises NotFound, Unavailable.

    patience: seconds that the views may take to answer.
    """
    from api.notices.clock import Noting
    from api.notices.keeping import QUERIES
    from api.notices.running import Notifier
    from api.sessions.election import Election

    with open_database(settings) as database, look_at_views(settings, patience) as views:
        noting = Noting(notices, views, ledger.store, ledger.packs, ledger.jurisdiction, clock, settings.due_soon)
        with closing(Notifier(noting, Election(database.owner, QUERIES))) as notifier:
            yield notifier


@dataclass(frozen=True, slots=True)
class Views:
    """A log as its views are made of it, and a session in which they are read and written."""

    log: ViewedLog
    session: Session


@dataclass(frozen=True, slots=True)
class Opened:
    """A log that is open for recording, what is published of it, and what guards both."""

    ledger: Ledger
    publication: Publication
    guard: Guard


@contextmanager
def open_guarded(settings: Settings, *, create: bool = False, clock: Clock | None = None) -> Iterator[Opened]:
    """Open the log for recording and publishing, for a with block; what is queued is answered before the block ends.

    create: True to make what is missing, and to name the log.
    clock: tells the time of recording in the machine's place, and is believed.

    Raises as open_store and open_guard.
    """
    from ledger.rulepacks.load import load_packs
    from ledger.service import Ledger
    from ledger.store.tag_rows import TagRows

    packs = load_packs(settings.rules)
    with open_store(settings, create=create) as store, open_publication(settings) as publication:
        guard = open_guard(settings, store, publication, clock=clock)
        rows = TagRows(store, publication, guard.keys)
        ledger = Ledger(store, packs, jurisdiction=settings.jurisdiction, permit=guard.permit, rows=rows)
        try:
            yield Opened(ledger, publication, guard)
        finally:
            ledger.close()


@contextmanager
def open_ledger(settings: Settings, *, create: bool = False, clock: Clock | None = None) -> Iterator[Ledger]:
    """Open the log for recording, for a with block; see ``open_guarded``."""
    with open_guarded(settings, create=create, clock=clock) as opened:
        yield opened.ledger
