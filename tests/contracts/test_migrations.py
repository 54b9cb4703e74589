"""Migrations: each applied once, in order, whoever starts them; and what they make cannot be changed by mistake."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from ledger.errors import IntegrityFailed, Malformed, Unavailable
from ledger.store.database.inspection import inspect
from ledger.store.database.migrate import MIGRATIONS, log_name, migrate, name_log
from ledger.store.database.postgres import PostgresStore
from tests.contracts.records import ITEM, append, positions, record
from tests.servers import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import LiteralString

    from tests.servers import Database, Server

_FILES: Final = sorted(file.name for file in MIGRATIONS.glob("*.sql"))

# Whatever a migration can make, one line each, in an order of its own.
_CATALOGUE: Final[LiteralString] = """
select 'schema', nspname, nspacl::text from pg_namespace where nspname = 'vialog'
union all
select 'relation', format('%s %s', relkind, relname), format('%s %s', relacl, reloptions)
  from pg_class where relnamespace = 'vialog'::regnamespace
union all
select 'column', format('%s.%s %s', attrelid::regclass, attnum, attname),
       format('%s %s %s %s %s', format_type(atttypid, atttypmod), attnotnull, attcollation::regcollation, attacl,
              (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum))
  from pg_attribute join pg_class on pg_class.oid = attrelid
 where relnamespace = 'vialog'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
union all
select 'constraint', format('%s %s', conrelid::regclass, conname), pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'vialog'::regnamespace
union all
select 'index', indexname, indexdef from pg_indexes where schemaname = 'vialog'
union all
select 'trigger', format('%s %s', tgrelid::regclass, tgname),
       format('%s %s', tgenabled, pg_get_triggerdef(pg_trigger.oid))
  from pg_trigger join pg_class on pg_class.oid = tgrelid
 where relnamespace = 'vialog'::regnamespace and not tgisinternal
union all
select 'function', proname, format('%s %s', pg_get_functiondef(oid), proacl)
  from pg_proc where pronamespace = 'vialog'::regnamespace
order by 1, 2, 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The migrations, and a later one, to be changed as a test likes."""
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy)
    (copy / "9998_later.sql").write_text("create table vialog.later (number integer);")
    return copy


@pytest.fixture
def newcomer(server: Server) -> Iterator[str]:
    """A login that may create nothing but in its own database, which is empty; as how it connects."""
    with server.database():
        pass  # the role belongs to the server, whichever test comes first: who may create it has migrated a database
    with server.empty_database() as database, psycopg.connect(server.admin, autocommit=True) as admin:
        admin.execute("create role newcomer login")
        admin.execute(f"alter database {database.name} owner to newcomer".encode())
        yield make_conninfo(database.app, user="newcomer")
        with psycopg.connect(database.admin) as inside:
            inside.execute("drop owned by newcomer")
            inside.execute(f"alter database {database.name} owner to {server.owner}".encode())
            inside.execute("drop role newcomer")


def _catalogue(database: Database) -> list[tuple[str, str, str]]:
    with psycopg.connect(database.admin) as connection:
        return connection.execute(_CATALOGUE).fetchall()


def _noted(database: Database) -> list[tuple[str, str]]:
    with psycopg.connect(database.admin) as connection:
        return connection.execute("select name, sha256 from vialog.migration order by name").fetchall()


def test_all_migrations_are_applied_in_order_and_noted(empty_database: Database) -> None:
    assert migrate(empty_database.owner) == tuple(_FILES)
    assert [name for name, _ in _noted(empty_database)] == _FILES


def test_migrating_one_by_one_makes_the_same_database_as_all_at_once(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    with server.empty_database() as at_once, server.empty_database() as step_by_step:
        migrate(at_once.owner, folder)
        growing = tmp_path / "growing"
        growing.mkdir()
        for file in sorted(folder.iterdir()):
            shutil.copy(file, growing)
            assert migrate(step_by_step.owner, growing) == (file.name,)
        assert _catalogue(step_by_step) == _catalogue(at_once)
        assert _noted(step_by_step) == _noted(at_once)


@pytest.mark.rule("ENT-05")
def test_a_log_of_an_older_format_is_refused_before_anything_of_it_changes(
    empty_database: Database, tmp_path: Path
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for name in _FILES[:3]:
        shutil.copy(MIGRATIONS / name, older)
    migrate(empty_database.owner, older)
    name_log(empty_database.owner, ORIGIN)
    with psycopg.connect(empty_database.admin) as connection:
        connection.execute(
            "insert into vialog.event (position, statement, kind, recorded, entry, leaf)"
            " values (1, gen_random_uuid(), 'log.opened/1', now(), 'vialog-entry/1\nposition 1\n', sha256(''))"
        )
    before = _catalogue(empty_database), _noted(empty_database)
    with pytest.raises(Malformed, match=r"ENT-05: the log in this database: .* before vialog-entry/3, which"):
        migrate(empty_database.owner)
    assert (_catalogue(empty_database), _noted(empty_database)) == before
    kept = inspect(empty_database.owner).kept
    assert kept is not None
    assert kept.older


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = _catalogue(database), _noted(database)
    assert migrate(database.owner) == ()
    assert (_catalogue(database), _noted(database)) == before


def test_a_log_that_is_in_use_is_migrated_further(database: Database, folder: Path) -> None:
    store = PostgresStore(database.app)
    append(store, record(ITEM))
    assert migrate(database.owner, folder) == ("9998_later.sql",)
    append(store, record(ITEM))
    assert positions(store.about(ITEM)) == [1, 2]
    store.close()


def test_processes_that_start_at_the_same_time_apply_each_migration_once(
    empty_database: Database, folder: Path
) -> None:
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(lambda _: migrate(empty_database.owner, folder), range(4)))
    assert sorted(name for names in applied for name in names) == [*_FILES, "9998_later.sql"]


def test_a_migration_that_fails_leaves_nothing_behind(empty_database: Database, folder: Path) -> None:
    (folder / "9999_broken.sql").write_text("create table vialog.half (number integer); select 1 / 0;")
    with pytest.raises(errors.DivisionByZero):
        migrate(empty_database.owner, folder)
    assert [name for name, _ in _noted(empty_database)] == [*_FILES, "9998_later.sql"]
    assert not any("half" in name for _, name, _ in _catalogue(empty_database))


def test_a_changed_migration_is_refused(empty_database: Database, folder: Path) -> None:
    migrate(empty_database.owner, folder)
    (folder / _FILES[0]).write_text("select 1;")
    with pytest.raises(IntegrityFailed, match=f"{_FILES[0]} was changed"):
        migrate(empty_database.owner, folder)


def test_a_database_of_a_newer_program_is_refused(empty_database: Database, folder: Path) -> None:
    migrate(empty_database.owner, folder)
    with pytest.raises(IntegrityFailed, match=r"newer than this program.*9998_later"):
        migrate(empty_database.owner)


def test_a_migration_put_before_an_applied_one_is_refused(empty_database: Database, folder: Path) -> None:
    migrate(empty_database.owner, folder)
    (folder / "9997_late.sql").write_text("select 1;")
    with pytest.raises(IntegrityFailed, match="out of order"):
        migrate(empty_database.owner, folder)


def test_the_applications_login_may_ask_whether_anything_is_left_to_do(database: Database) -> None:
    assert migrate(database.app) == ()


def test_a_missing_role_that_the_login_may_not_create_names_the_remedy(server: Server, newcomer: str) -> None:
    with psycopg.connect(server.admin, autocommit=True) as admin:
        admin.execute("alter role vialog_app rename to vialog_hidden")
        try:
            with pytest.raises(Unavailable, match=r"vialog_app is missing.*create role vialog_app nologin"):
                migrate(newcomer)
        finally:
            admin.execute("alter role vialog_hidden rename to vialog_app")


def test_a_login_that_may_not_act_as_the_application_is_told_so(newcomer: str) -> None:
    migrate(newcomer)
    store = PostgresStore(newcomer)
    with pytest.raises(Unavailable, match="grant vialog_app to newcomer;"):
        store.head()
    with pytest.raises(Unavailable):
        store.wait(0, timeout=0.01)
    store.close()


def test_a_log_keeps_its_name(database: Database) -> None:
    name_log(database.owner, ORIGIN)
    name_log(database.owner, "ledger.example/log2")
    assert log_name(database.app) == ORIGIN


def test_a_database_without_a_log_has_no_name_of_one(empty_database: Database) -> None:
    assert log_name(empty_database.app) is None
    migrate(empty_database.owner)
    assert log_name(empty_database.app) is None


@pytest.mark.parametrize("table", ["event", "event_tag"])
@pytest.mark.parametrize("change", ["update vialog.{} set position = 7", "delete from vialog.{}", "truncate vialog.{}"])
def test_what_is_recorded_cannot_be_changed_by_anybody(
    postgres_store: PostgresStore, database: Database, table: str, change: str
) -> None:
    append(postgres_store, record(ITEM))
    before = list(postgres_store.about(ITEM))
    statement = change.format(table).encode()
    with psycopg.connect(database.app) as connection:
        connection.execute("set role vialog_app")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)
    with psycopg.connect(database.owner) as connection, pytest.raises(errors.RestrictViolation):
        connection.execute(statement)
    with psycopg.connect(database.admin) as connection:
        connection.execute("set session_replication_role = replica")
        with pytest.raises(errors.RestrictViolation, match="the log is append-only"):
            connection.execute(statement)
    assert list(postgres_store.about(ITEM)) == before


@pytest.mark.parametrize(
    "change",
    [
        "update vialog.head set position = 0, recorded = null",
        "update vialog.head set recorded = recorded - interval '1 second'",
        "update vialog.head set origin = 'ledger.example/log2'",
        "delete from vialog.head",
        "truncate vialog.head",
    ],
)
def test_the_head_only_moves_forward(postgres_store: PostgresStore, database: Database, change: LiteralString) -> None:
    append(postgres_store, record(ITEM))
    with psycopg.connect(database.admin) as connection, pytest.raises(errors.RestrictViolation):
        connection.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "insert into vialog.head (origin) values ('ledger.example/log2')",
        "update vialog.head set origin = 'ledger.example/log2'",
        "delete from vialog.head",
        "update vialog.disclosure set disclosed = 'other'",
        "alter table vialog.event disable trigger append_only",
        "drop table vialog.event",
        "create table vialog.own (number integer)",
        "update vialog.migration set sha256 = ''",
    ],
)
def test_the_application_may_do_nothing_else(database: Database, change: LiteralString) -> None:
    with psycopg.connect(database.app) as connection:
        connection.execute("set role vialog_app")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(change)
