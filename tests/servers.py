"""The PostgreSQL servers that the store's tests run on: the embedded one, and each that Debian has installed.

Each is started once a session, when the first test asks for it, in a directory that is removed afterwards.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from ledger.store.database.migrate import migrate, name_log
from ledger.store.server.embedded import start
from tests.emptied import Made, drop_schemas, emptied, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

Kept = TypeVar("Kept")

EMBEDDED: Final = "embedded"
ORIGIN: Final = "ledger.example/log1"

_INSTALLED: Final = {
    f"postgresql-{binaries.parent.name}": binaries for binaries in Path("/").glob("usr/lib/postgresql/*/bin")
}
NAMES: Final = (EMBEDDED, *sorted(_INSTALLED))
"""The servers that are there. Which they are depends on the machine; no test is skipped."""

_ANYBODY: Final = "nobody"  # as whom root starts a server of Debian's

_CUT: Final = """
select pg_terminate_backend(pid, 10000) from pg_stat_activity
 where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True)
class Database:
    """A database of a test's own: how its owner, the application and a superuser connect."""

    name: str
    owner: str
    app: str
    admin: str


Make: TypeAlias = "Callable[[Database], object]"
"""What makes something in a database with nothing in it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    admin: how a superuser connects.
    owner: the login that owns and migrates; app: the application's login.

    Its databases are used again, emptied: making and dropping one takes much longer than migrating it, and migrating it
    much longer than taking out its rows.
    """

    admin: str
    owner: str
    app: str
    _free: list[Database] = field(default_factory=list)
    _made: dict[Make, list[tuple[Database, Made]]] = field(default_factory=dict)
    _kept: dict[Callable[[Server], Any], Any] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Yield a database with a log in it, named ORIGIN, that is empty."""
        with self.made_database(_make_log) as database:
            yield database

    @contextmanager
    def made_database(self, make: Make) -> Iterator[Database]:
        """Yield a database as something makes it of one with nothing in it. make: the same function for the same."""
        if free := self._made.setdefault(make, []):
            database, made = free.pop()
        else:
            database = self._empty_one()
            make(database)
            with psycopg.connect(database.admin, autocommit=True) as connection:
                made = look_at(connection)
        yield database
        with _settled(database) as connection:
            if again := emptied(connection, made):
                free.append((database, again))
            else:
                drop_schemas(connection)
                self._free.append(database)

    @contextmanager
    def empty_database(self) -> Iterator[Database]:
        """Yield a database with nothing in it."""
        database = self._empty_one()
        yield database
        with _settled(database) as connection:
            drop_schemas(connection)
        self._free.append(database)

    def kept(self, make: Callable[[Server], Kept]) -> Kept:
        """Return what was made on this server for whoever asked first, and is left as it is by all who ask."""
        if make not in self._kept:
            self._kept[make] = make(self)
        kept: Kept = self._kept[make]
        return kept

    def lasting_database(self) -> Database:
        """Return a database with nothing in it that stays for as long as the server runs."""
        return self._create()

    @contextmanager
    def copy(self, made: Database) -> Iterator[Database]:
        """Yield a copy of a database, whatever stands in it. Nobody may be connected to it meanwhile."""
        cut_off(made)
        copied = self._create(template=made.name)
        yield copied
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(SQL("drop database {} with (force)").format(Identifier(copied.name)))

    def _empty_one(self) -> Database:
        return self._free.pop() if self._free else self._create()

    def _create(self, template: str = "template1") -> Database:
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.admin, autocommit=True) as connection:
            statement = SQL("create database {} owner {} template {}")
            connection.execute(statement.format(Identifier(name), Identifier(self.owner), Identifier(template)))
        owner, app = (make_conninfo(self.admin, dbname=name, user=user) for user in (self.owner, self.app))
        return Database(name, owner, app, make_conninfo(self.admin, dbname=name))


def cut_off(database: Database) -> None:
    """End all connections to a database, as a restart of the server does."""
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute(_CUT)


@contextmanager
def _settled(database: Database) -> Iterator[Connection[Any]]:
    """Yield a superuser's connection to a database that nobody else uses, with the server's settings."""
    cut_off(database)
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")  # a test may have made it the database's default
        connection.execute(SQL("alter database {} reset all").format(Identifier(database.name)))
        yield connection


def _make_log(database: Database) -> None:
    migrate(database.owner)
    name_log(database.owner, ORIGIN)


class Servers:
    """All servers of a session, by name; started when they are asked for."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._running: dict[str, Server] = {}
        self._stack = ExitStack()

    def get(self, name: str) -> Server:
        """Return a server of NAMES."""
        if name not in self._running:
            place = Path(tempfile.mkdtemp(prefix="vialog-test-")).resolve()
            self._stack.callback(shutil.rmtree, place)
            place.chmod(0o711)
            started = _embedded(place) if name == EMBEDDED else _installed(place, _INSTALLED[name])
            self._running[name] = self._stack.enter_context(started)
        return self._running[name]

    def close(self) -> None:
        """Stop them, and remove what they left."""
        self._stack.close()


@contextmanager
def _embedded(place: Path) -> Iterator[Server]:
    with start(place / "data") as running:
        admin = make_conninfo(running.conninfo(), user="postgres", dbname="postgres")
        yield Server(admin, owner="vialog_owner", app="vialog_app")


@contextmanager
def _installed(place: Path, binaries: Path) -> Iterator[Server]:
    """Yield a server as an administrator sets it up: one login, which migrates and then acts as vialog_app."""
    os.chown(place, *_ids())
    data = place / "data"
    _run(
        binaries / "initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"
    )
    # Without fsync: what is tested here is the dialect. What survives a crash is tested with the embedded server.
    options = f"-c listen_addresses= -c unix_socket_directories={place} -c fsync=off"
    _run(binaries / "pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={place / 'log'}", f"--options={options}")
    try:
        admin = make_conninfo(host=str(place), port=5432, user="postgres", dbname="postgres")
        with psycopg.connect(admin) as connection:
            connection.execute("create role harbour login createrole")
        yield Server(admin, owner="harbour", app="harbour")
    finally:
        _run(binaries / "pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={data}")


INSTALLED: Final = tuple(sorted(_INSTALLED))
"""Those of NAMES that Debian has installed, with all programs of PostgreSQL beside them."""


@contextmanager
def standby_of(server: Server, name: str) -> Iterator[str]:
    """Yield how a superuser connects to a hot standby that follows a server of INSTALLED, over sockets alone."""
    binaries, place = _INSTALLED[name], Path(tempfile.mkdtemp(prefix="vialog-test-")).resolve()
    place.chmod(0o711)
    os.chown(place, *_ids())
    data, primary = place / "data", conninfo_to_dict(server.admin)
    how = ("--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf", "--username=postgres")
    _run(binaries / "pg_basebackup", f"--pgdata={data}", f"--host={primary['host']}", "--port=5432", *how)
    options = f"-c listen_addresses= -c unix_socket_directories={place} -c fsync=off"
    _run(binaries / "pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={place / 'log'}", f"--options={options}")
    try:
        yield make_conninfo(host=str(place), port=5432, user="postgres", dbname="postgres")
    finally:
        _run(binaries / "pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={data}")
        shutil.rmtree(place)


def _ids() -> tuple[int, int]:
    if os.geteuid() != 0:
        return -1, -1
    found = pwd.getpwnam(_ANYBODY)
    return found.pw_uid, found.pw_gid


def _run(program: Path, *arguments: str) -> None:
    subprocess.run(
        [program, *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=_ANYBODY if os.geteuid() == 0 else None,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        cwd="/",
    )
