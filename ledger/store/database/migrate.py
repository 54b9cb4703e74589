"""Migrations: the numbered ``.sql`` files that make the log's tables, each applied once, in order. Run by the owner.

A file that was applied is never edited: its SHA-256 is noted with it, and a change is refused. What it made is changed
by the next file.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg
from psycopg import IsolationLevel, errors

from ledger.errors import IntegrityFailed, Malformed
from ledger.statement.entries.entry import OLDER_FORMAT, is_older
from ledger.store.database.connecting import LONG, Connection, open_connection
from ledger.store.database.connections import answered
from ledger.store.database.queries import SQL, read_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def migrate(conninfo: str, folder: Path = MIGRATIONS, queries: Path = SQL / "migrate.sql") -> tuple[str, ...]:
    """Bring a database up to date, and return the names of the migrations that were applied now.

    folder, queries: of other tables than the log's, their files, and what notes these in a schema of their own.
    conninfo: libpq's, of the owner's login; where nothing is left to do, the application's is enough. Each file is
    applied in a transaction of its own; processes that start at the same time take turns.

    Raises IntegrityFailed: an applied file was changed or is missing. Malformed: ENT-05, the log is of an older format;
    then nothing has changed. Unavailable: the database does not answer, or the role vialog_app is missing and the login
    may not create it.
    """
    files, named = sorted(folder.glob("*.sql")), read_queries(queries)
    with _transaction(conninfo) as connection:  # one look is all that most starts need
        noted = _noted(connection, files, named) or {}
    missing = [file for file in files if file.name not in noted]
    return tuple(file.name for file in missing if _apply(conninfo, file, files, named))


def name_log(conninfo: str, origin: str) -> None:
    """Give the log its name for ever, unless it has one.

    conninfo: of the owner's login, of a migrated database.
    origin: the first line of every checkpoint.

    Raises Unavailable: the database does not answer.
    """
    with _transaction(conninfo) as connection:
        connection.execute(read_queries(SQL / "migrate.sql")["name_log"], {"origin": origin})


def log_name(conninfo: str) -> str | None:
    """Return the name of the log in a database, migrated or not; None where there is no log. Raises Unavailable."""
    queries = read_queries(SQL / "migrate.sql")
    with _transaction(conninfo) as connection:
        if connection.execute(queries["has_head"]).fetchone() == (False,):
            return None
        named = connection.execute(queries["origin"]).fetchone()
    return None if named is None else str(named[0])


@contextmanager
def _transaction(conninfo: str) -> Iterator[Connection]:
    with answered(), open_connection(conninfo, autocommit=False, patience=LONG) as connection:
        # Said, not left to the server's default: who waited for the turn must see what was done in it.
        connection.isolation_level = IsolationLevel.READ_COMMITTED
        yield connection


def _noted(
    connection: Connection, files: Sequence[Path], queries: Mapping[str, LiteralString]
) -> Mapping[str, str] | None:
    """Wait for the turn, and return the SHA-256 of each migration that was applied; None: none ever was."""
    connection.execute(queries["take_turn"])
    if connection.execute(queries["prepared"]).fetchone() == (False,):
        return None
    applied = dict(connection.execute(queries["applied"]))
    _check(applied, files)
    return applied


def _apply(conninfo: str, file: Path, files: Sequence[Path], queries: Mapping[str, LiteralString]) -> bool:
    with _transaction(conninfo) as connection:
        if (applied := _noted(connection, files, queries)) is None:
            connection.execute(queries["prepare"])
            applied = {}
        if file.name in applied:
            return False
        if applied:
            _check_readable(connection, queries)
        # Die here: the transaction is undone as a whole, and the next start applies the file.
        _execute(connection, file, noted=bool(applied))
        connection.execute(queries["note"], {"name": file.name, "sha256": sha256_of(file)})
    return True


def _execute(connection: Connection, file: Path, *, noted: bool) -> None:
    """Apply a file. Raises IntegrityFailed: what it makes or changes is not as the migrations before it leave it.

    noted: whether migrations before it are noted as applied.
    """
    try:
        connection.execute(file.read_bytes())
    except psycopg.ProgrammingError as error:
        if not noted or isinstance(error, errors.InsufficientPrivilege):
            raise
        raise IntegrityFailed(
            f"the migration {file.name} is not noted as applied, and cannot be: {error.diag.message_primary}. Somebody "
            "changed the tables, or what is noted of migrations"
        ) from error


def _check(applied: Mapping[str, str], files: Sequence[Path]) -> None:
    """Raise IntegrityFailed unless what was applied is the beginning of the files, unchanged."""
    for file, (name, sha256) in zip(files, applied.items(), strict=False):
        if file.name != name:
            raise IntegrityFailed(f"the migration {name} was applied out of order, before {file.name}")
        if sha256_of(file) != sha256:
            raise IntegrityFailed(f"the migration {name} was changed after it was applied")
    if len(applied) > len(files):
        raise IntegrityFailed(f"the database is newer than this program: it has the migration {list(applied)[-1]}")


def _check_readable(connection: Connection, queries: Mapping[str, LiteralString]) -> None:
    """Raise Malformed where the log is one of an older version, before anything of it is brought up to date."""
    first = connection.execute(queries["first_entry"]).fetchone()
    if first is not None and is_older(first[0]):
        raise Malformed("ENT-05", "the log in this database", OLDER_FORMAT)


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a migration's file, as it is noted when it is applied."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
