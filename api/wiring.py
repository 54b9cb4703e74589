"""The one place where a log is put together from the settings: server, migrations, store, rule packs, ledger.

Command line, HTTP and worker all come in through here, so they cannot open the same log in two ways.
"""

from __future__ import annotations

import errno
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.settings import DEFAULT_ORIGIN
from ledger.clock import SystemClock
from ledger.errors import IntegrityFailed, Malformed, NotFound
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.witness_memory import FILE_NAME as WITNESSES_FILE
from ledger.publisher.witness_memory import WitnessMemory
from ledger.publisher.witnesses import NO_WITNESSES, Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.account import check_owner
from ledger.store.embedded import Role, start
from ledger.store.migrate import migrate, name_log
from ledger.store.postgres import PostgresStore
from ledger.store.publication import Publication
from ledger.tlog.policy import parse_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.settings import Settings
    from ledger.clock import Clock
    from ledger.publisher.log_keys import LogKeys
    from ledger.store.port import Store


@dataclass(frozen=True, slots=True)
class Database:
    """How to connect, as libpq's connection strings; of a server given by URL both are that URL.

    owner: runs the migrations; app: adds to the log and reads it.
    """

    owner: str = field(repr=False)
    app: str = field(repr=False)


@contextmanager
def open_database(settings: Settings, *, create: bool = False) -> Iterator[Database]:
    """Give the use of the database for a with block: the one of the URL, or the embedded server, started if need be.

    create: True to make the data directory if there is none.

    Raises NotFound: there is no data directory. NotADirectoryError: it is a file. Unavailable: it is another user's, or
    the embedded server does not start.
    """
    if settings.database_url is not None:
        yield Database(settings.database_url, settings.database_url)
        return
    _check_place(settings.data)
    if not create and not (settings.data / "postgres").exists():
        raise NotFound(f"there is no log in {settings.data}: run `vialog init`, or set VIALOG_DATA to where it is")
    with start(settings.data) as running:
        yield Database(running.conninfo(Role.OWNER), running.conninfo(Role.APP))


def _check_place(data: Path) -> None:
    if not data.exists():
        return
    if not data.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "VIALOG_DATA is to name a directory, and this is none", str(data))
    check_owner(data)


@contextmanager
def open_store(settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """Open the log's store for a with block; the database is brought up to date first.

    create: True to make what is missing, and to name the log.

    Raises NotFound: there is no log. IntegrityFailed: the log has another name than the settings say, or the database
    is not one that this program made. Unavailable: the database does not answer.
    """
    with open_database(settings, create=create) as database:
        migrate(database.owner)
        if create:
            name_log(database.owner, settings.log_origin or DEFAULT_ORIGIN)
        store = PostgresStore(database.app)
        try:
            if settings.log_origin not in {None, store.origin}:
                raise IntegrityFailed(
                    f"VIALOG_LOG_ORIGIN says {settings.log_origin}, but the log in this database is {store.origin}; "
                    "a log never changes its name: unset the variable, or open the other database"
                )
            yield store
        finally:
            store.close()


@contextmanager
def open_publication(settings: Settings) -> Iterator[Publication]:
    """Open what is published of the log, for a with block; the log was opened before. Raises NotFound, Unavailable."""
    with open_database(settings) as database, closing(Publication(database.app)) as publication:
        yield publication


def make_publisher(settings: Settings, store: Store, publication: Publication, keys: LogKeys) -> Publisher:
    """Return the publisher of a log, with the witnesses of the settings.

    keys: the log's own.

    Raises Malformed: TLOG-07, the policy of the witnesses, or it names a mirror. OSError: it cannot be read.
    """
    policy = NO_WITNESSES if settings.witness_policy is None else parse_policy(settings.witness_policy.read_bytes())
    if policy.mirrors:
        problem = "a mirror cosigns what is published already: publishing asks witnesses, the verifier's policy mirrors"
        raise Malformed("TLOG-07", "mirror", problem)
    return Publisher(
        store,
        publication,
        keys=keys,
        remembered=MemoryFile(settings.data / FILE_NAME),
        witnesses=Witnesses(policy, memory=WitnessMemory(settings.data / WITNESSES_FILE, store.origin)),
        clock=SystemClock(),
    )


@contextmanager
def open_ledger(settings: Settings, *, create: bool = False, clock: Clock | None = None) -> Iterator[Ledger]:
    """Open the log for recording, for a with block; what is queued is answered before the block ends.

    create: True to make what is missing, and to name the log.
    clock: tells the time of recording; the machine's if left out.

    Raises as open_store.
    """
    packs = load_packs(settings.rules)
    with open_store(settings, create=create) as store:
        ledger = Ledger(store, packs, jurisdiction=settings.jurisdiction, clock=clock)
        try:
            yield ledger
        finally:
            ledger.close()
