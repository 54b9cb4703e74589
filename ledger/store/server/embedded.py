"""A PostgreSQL server of our own, started from the programs of a wheel and shared by the processes that use it.

The first one in starts it, the last one out stops it. Knows nothing of the ledger's tables.

Two files in the data directory keep the order, and hold nothing: ``postgres.turn`` is locked by the one process that
is starting or leaving, ``postgres.users`` is locked, shared, by each that uses the server. The kernel unlocks what a
process held when it ends, however it ends: there is no list to go stale, and no process number to be mistaken.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from enum import StrEnum
from subprocess import SubprocessError
from time import monotonic
from typing import TYPE_CHECKING, Final, LiteralString, Self

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from ledger.errors import Unavailable
from ledger.store.patience import Patience
from ledger.store.server import binaries
from ledger.store.server.account import open_data_directory, server_account
from ledger.store.server.cluster import PORT, Cluster
from ledger.store.server.locks import open_lock, take_if_free, try_lock
from ledger.store.server.undisturbed import undisturbed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from threading import Event

_START_WITHIN: Final = 300.0  # seconds; after a crash the server first replays what was committed
_TURN_WITHIN: Final = 330.0  # who has the turn may be starting the server, and then have to stop it
_CONNECT_WITHIN: Final = 4
_ASKED_WITHIN: Final = 3  # seconds for one question whether the server is there
_SILENT_FOR: Final = 2 * _ASKED_WITHIN
"""Seconds after which a server that says that it is ready, and does not answer, is given up: asked twice in vain. A
multiple of those for one question, so that nobody waits for the end of a third."""
_TRIES: Final = 2  # PostgreSQL refuses to start while the last breath of a killed server is still in the process table

_NO_FILE: Final = f"{os.devnull}/none"
"""The name of a file that cannot be. Without one libpq would look for passwords in the user's home."""

# By name: what a new cluster lacks. In this order, because the database needs its owner.
_WANTED: Final[dict[str, LiteralString]] = {
    "vialog_owner": "create role vialog_owner login",
    "vialog_app": "create role vialog_app login",
    "vialog_projector": "create role vialog_projector nologin role vialog_owner",
    "vialog_doors": "create role vialog_doors nologin role vialog_owner",
    "vialog": "create database vialog owner vialog_owner",
}
_PRESENT: Final = "select rolname from pg_roles union all select datname from pg_database"
_GRANTS: Final = "revoke all on database vialog from public; grant connect on database vialog to vialog_app"


class Role(StrEnum):
    """As whom to connect. No secret between the two: it keeps a mistake in the application from becoming a change."""

    OWNER = "vialog_owner"
    """Owns the database and runs the migrations."""

    APP = "vialog_app"
    """What the application connects as; it may do what the migrations grant it."""


class Running:
    """The use of a running server, from ``start`` to ``release``; leaving a with block releases it.

    A process that ends without releasing lets go of the server too, but does not stop it; the next one to leave does.
    """

    def __init__(self, cluster: Cluster, users: int) -> None:
        """Hold the use of a server; made by ``start`` only."""
        self._cluster = cluster
        self._users: int | None = users

    def conninfo(self, role: Role = Role.APP) -> str:
        """Return libpq's connection string for the ledger's database: a socket, no password."""
        return _conninfo(self._cluster, user=role, database="vialog")

    def runs(self) -> bool:
        """Return whether the server runs, or anything that it left."""
        return self._cluster.runs() and not self._cluster.is_ending

    def revive(self, given_up: Event) -> None:
        """Start the server again where it is gone; whoever knows how to connect need not learn anything new.

        given_up: set from another thread, it ends the attempt.

        Raises Unavailable: it does not start, with its own last words, or the attempt was given up.
        """
        data = self._cluster.data
        with _answered_for(data), _turn(data, given_up), _bring_up(self._cluster, given_up) as connection:
            _settle(connection)

    def release(self) -> None:
        """Let go of the server, and stop it when nobody else uses it. Releasing again does nothing.

        Connections that are still open then are cut. Raises Unavailable: the server does not stop.
        """
        if self._users is not None:
            users, self._users = self._users, None
            data = self._cluster.data
            with undisturbed(), _answered_for(data), _turn(data):
                _leave(self._cluster, users)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def start(data: Path) -> Running:
    """Return the use of the server in a data directory; start the server, and create what is missing, if need be.

    data: the directory, made if missing; private to its owner.

    Blocks while another process starts or stops the same server. From then on this process has no variables of libpq's
    (PGSERVICE, PGOPTIONS …): they are meant for other servers, and what they add no connection string could take away.

    Raises Unavailable: the directory cannot be used, or PostgreSQL does not start; with its own last words.
    """
    _forget_libpq_variables()
    place = data.resolve()
    account = server_account()
    with _answered_for(place):
        open_data_directory(place, account)
        with _turn(place):
            return _join(Cluster(place, binaries.reachable(place, account), account))


@contextmanager
def _answered_for(data: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, SubprocessError, psycopg.Error) as error:
        raise Unavailable(f"the database server in {data} is out of reach: {error}") from error


@contextmanager
def _turn(data: Path, given_up: Event | None = None) -> Iterator[None]:
    turn = open_lock(data / "postgres.turn")
    what = f"another process that starts or stops the database server in {data}"
    patience = Patience(what, _TURN_WITHIN, given_up)
    try:
        while not try_lock(turn):
            patience.pause()
        yield
    finally:
        os.close(turn)


def _join(cluster: Cluster) -> Running:
    users = open_lock(cluster.data / "postgres.users")
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.create()
        with _bring_up(cluster) as connection:
            _settle(connection)
    except BaseException:
        with undisturbed():
            _leave(cluster, users)
        raise
    return Running(cluster, users)


def _leave(cluster: Cluster, users: int) -> None:
    os.close(users)
    # Asked anew, not by turning our own lock into another: a child forked from this process may still hold ours.
    if (alone := take_if_free(cluster.data / "postgres.users")) is not None:
        try:
            cluster.halt()
        finally:
            os.close(alone)


def _bring_up(cluster: Cluster, given_up: Event | None = None) -> psycopg.Connection:
    """Return a superuser's connection to the server, launched unless it runs.

    One loop for all that can be found: no server, one that is ready, still recovering, shutting down or wedged in it,
    or killed with children that have not noticed yet. What is not "not there yet" is no reason to wait: it is raised.
    """
    patience = Patience(f"PostgreSQL to start in {cluster.data}", _START_WITHIN, given_up)
    tries, heard = _TRIES, monotonic()
    while tries > 0 or cluster.runs():
        if cluster.is_ending:
            cluster.end()
        if cluster.launch():
            tries -= 1
        conninfo = _conninfo(cluster, user="postgres", database="postgres")
        answer = PGconn.ping(make_conninfo(conninfo, connect_timeout=_ASKED_WITHIN).encode())
        if answer == Ping.OK and (connection := _connected(conninfo)) is not None:
            return connection
        if answer != Ping.NO_RESPONSE or not cluster.is_ready:
            heard = monotonic()
        elif monotonic() - heard >= _SILENT_FOR:
            raise Unavailable(f"the database server in {cluster.data} runs and does not answer")
        patience.pause()
    raise Unavailable(f"PostgreSQL does not start in {cluster.data}:\n{cluster.last_words()}")


def _connected(conninfo: str) -> psycopg.Connection | None:
    """Return a connection; None where the server has just stopped taking any. Raises psycopg's errors."""
    try:
        return psycopg.connect(conninfo, autocommit=True)
    except psycopg.OperationalError:
        if PGconn.ping(conninfo.encode()) == Ping.OK:
            raise  # it takes connections, but not this one
        return None


def _settle(connection: psycopg.Connection) -> None:
    present = {name for (name,) in connection.execute(_PRESENT)}
    for name, statement in _WANTED.items():
        if name not in present:
            connection.execute(statement)
    connection.execute(_GRANTS)


def _conninfo(cluster: Cluster, user: str, database: str) -> str:
    return make_conninfo(
        host=str(cluster.socket),
        port=PORT,
        user=user,
        dbname=database,
        connect_timeout=_CONNECT_WITHIN,
        passfile=_NO_FILE,
    )


def _forget_libpq_variables() -> None:
    for name in [one for one in os.environ if one.startswith("PG") and one.isalnum()]:
        del os.environ[name]
