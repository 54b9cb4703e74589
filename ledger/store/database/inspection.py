"""How a log's database is set up and whether its numbers agree: for ``vialog doctor``. Reads only, judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.rows import dict_row

from ledger.statement.entries.entry import is_older
from ledger.store.database.catalogue import compare_catalogue
from ledger.store.database.connecting import LONG, open_connection
from ledger.store.database.connections import answered
from ledger.store.database.migrate import MIGRATIONS, sha256_of
from ledger.store.database.queries import SQL, read_queries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.store.database.catalogue import Difference
    from ledger.store.database.connecting import Connection


@dataclass(frozen=True, slots=True)
class Server:
    """A database server.

    version: PostgreSQL's number, 180001 for 18.1.
    fsync: whether it waits for its disk before it acknowledges.
    clock: its time, aware.
    """

    version: int
    fsync: bool
    clock: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A log as the database keeps it.

    pending: migrations of this program that are not applied; unknown: applied ones that this program does not have;
        altered: those that are noted with another file than this program's, or not noted and yet made.
    differences: what is not as the migrations make it; not looked at where some are pending or unknown.
    newest: the later of what the head and the last event say of its time.
    older: whether the log was written in a form that only programs before this one read.
    origin: None where the log has no name yet; then position, events and last are 0, recorded and newest None.
    """

    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    origin: str | None
    position: int
    recorded: datetime | None
    events: int
    last: int
    newest: datetime | None
    older: bool = False
    altered: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found; kept is None where no log's tables are."""

    server: Server
    kept: Kept | None


def inspect(conninfo: str) -> Inspection:
    """Look at a database.

    conninfo: libpq's, of the owner's login.

    Raises Unavailable: it does not answer.
    """
    with answered(), open_connection(conninfo, autocommit=False, patience=LONG) as connection:
        connection.read_only = True
        (server,) = _rows(connection, "server")
        (found,) = _rows(connection, "migrated")
        kept = _kept(connection) if found["migrated"] else None
    return Inspection(Server(server["version"], server["fsync"], server["clock"]), kept)


def _kept(connection: Connection) -> Kept:
    applied = {row["name"]: row["sha256"] for row in _rows(connection, "applied")}
    wanted = {file.name: sha256_of(file) for file in MIGRATIONS.glob("*.sql")}
    if not applied:
        return Kept(tuple(sorted(wanted)), (), None, 0, None, 0, 0, None)
    pending, unknown = wanted.keys() - applied.keys(), applied.keys() - wanted.keys()
    altered = {name for name in applied.keys() & wanted.keys() if applied[name] != wanted[name]}
    differences = () if unknown else compare_catalogue(connection)
    if pending and not unknown and not differences:  # all is made, and is only not noted
        pending, altered = set(), altered | pending
    log: Mapping[str, Any] = next(iter(_rows(connection, "log")), {})
    return Kept(
        pending=tuple(sorted(pending)),
        unknown=tuple(sorted(unknown)),
        origin=log.get("origin"),
        position=log.get("position", 0),
        recorded=log.get("recorded"),
        events=log.get("events", 0),
        last=log.get("last", 0),
        newest=log.get("newest"),
        older=is_older(log.get("first") or b""),
        altered=tuple(sorted(altered)),
        differences=() if pending else differences,
    )


def _rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    query: LiteralString = read_queries(SQL / "inspection.sql")[name]
    return connection.cursor(row_factory=dict_row).execute(query).fetchall()
