"""What the store in PostgreSQL does beyond every store's contract: lost connections, other processes, odd servers."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pytest

from ledger.errors import IntegrityFailed, Unavailable
from ledger.ids import Tag, new_statement_id
from ledger.store.database.connections import connect
from ledger.store.database.heads import Heads
from ledger.store.database.migrate import migrate
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.database.queries import SQL, read_queries
from tests.contracts.behind import as_admin, fill
from tests.contracts.records import APPROVAL, AT, ITEM, append, positions, record
from tests.servers import cut_off

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Database

_LONG: Final = 30.0  # seconds: a test that needs them has failed


def test_a_connection_that_was_closed_while_nobody_used_it_is_made_anew(
    postgres_store: PostgresStore, database: Database
) -> None:
    append(postgres_store, record())
    assert postgres_store.head() == 1
    cut_off(database)
    append(postgres_store, record())
    assert postgres_store.head() == 2


def test_a_head_that_another_process_keeps_is_not_waited_for_longer_than_the_server_lets(database: Database) -> None:
    with closing(PostgresStore(database.app)) as holding, closing(PostgresStore(database.app)) as store:
        with store._writer.lend() as connection:
            connection.execute("set lock_timeout = '50ms'")
        with holding.locked(), pytest.raises(Unavailable, match="lock timeout"):
            append(store, record())
        append(store, record())
        assert store.head() == 1


def test_a_server_that_falls_silent_is_given_up(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    with closing(PostgresStore(database.app)) as store:
        with store._readers.lend() as connection:
            connection.patience = 3.2
            with pytest.raises(Unavailable, match="waited 3 seconds in vain for the database to answer"):
                connection.execute("select pg_sleep(60)")
        assert caplog.messages == ["waiting for the database to answer"]
        assert store.head() == 0


@pytest.mark.parametrize("setting", ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"])
def test_the_server_keeps_limits_for_what_the_ledger_asks_daily_and_none_for_a_check(
    database: Database, setting: str
) -> None:
    for hurried in (True, False):
        with closing(connect(database.app, hurried=hurried)) as connection:
            (value,) = connection.execute(f"show {setting}".encode()).fetchone() or ()
            assert (value != "0") == (hurried or setting.startswith("idle"))


def test_a_connection_lost_in_the_block_leaves_nothing(postgres_store: PostgresStore, database: Database) -> None:
    with pytest.raises(Unavailable), postgres_store.locked() as log:
        log.append([record(ITEM)], AT)
        cut_off(database)
    append(postgres_store, said := record(ITEM))
    assert [event.statement for event in postgres_store.read()] == [said.statement]


def test_a_question_in_a_block_that_lost_its_connection_is_unavailable(
    postgres_store: PostgresStore, database: Database
) -> None:
    with pytest.raises(Unavailable, match="undone"), postgres_store.locked() as log:
        cut_off(database)
        with pytest.raises(Unavailable, match="terminating connection"):
            log.since(0, 1)
        raise Unavailable("undone")


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    store = PostgresStore(f"host={tmp_path}")
    with pytest.raises(Unavailable, match=re.escape(str(tmp_path))):
        store.head()
    with pytest.raises(Unavailable):
        store.wait(0, timeout=0.01)
    store.close()


def test_a_database_that_is_not_migrated_or_not_opened_is_unavailable(empty_database: Database) -> None:
    store = PostgresStore(empty_database.app)
    with pytest.raises(Unavailable):
        store.head()
    migrate(empty_database.owner)
    with pytest.raises(Unavailable, match="no name yet"):
        store.head()
    with pytest.raises(Unavailable, match="no name yet"), store.locked():
        pass
    store.close()


def test_a_closed_store_is_unavailable(postgres_store: PostgresStore) -> None:
    postgres_store.close()
    with pytest.raises(Unavailable, match="closed"):
        postgres_store.head()


def test_a_server_that_only_reads_is_read_and_not_written(database: Database) -> None:
    as_admin(database, f"alter database {database.name} set default_transaction_read_only = on")
    with closing(PostgresStore(database.app)) as store:
        assert store.head() == store.wait(0, timeout=0.01) == 0
        with pytest.raises(Unavailable, match="read-only transaction"):
            append(store, record())


def test_a_head_that_lags_behind_its_events_is_an_integrity_failure(
    postgres_store: PostgresStore, database: Database
) -> None:
    fill(database, 2)
    as_admin(
        database,
        "alter table vialog.head disable trigger only_forward; update vialog.head set position = 1",
    )
    with pytest.raises(IntegrityFailed, match="contradicts its events"):
        append(postgres_store, record())


def test_files_that_the_server_finds_damaged_are_an_integrity_failure(postgres_store: PostgresStore) -> None:
    found = "do $$ begin raise data_corrupted using message = 'invalid page in block 7'; end $$"
    with (
        pytest.raises(IntegrityFailed, match="files are damaged: invalid page in block 7"),
        postgres_store._readers.lend() as connection,
    ):
        connection.execute(found)


def test_the_application_never_acts_as_its_login(postgres_store: PostgresStore) -> None:
    with postgres_store.locked() as log:
        assert log.head == 0
        with postgres_store._readers.lend() as connection:
            assert connection.execute("select current_user").fetchone() == ("vialog_app",)


def test_what_is_acknowledged_is_on_the_disk_whatever_the_servers_default(database: Database) -> None:
    as_admin(database, f"alter database {database.name} set synchronous_commit = off")
    with closing(PostgresStore(database.app)) as store, store._writer.lend() as connection:
        assert connection.execute("show synchronous_commit").fetchone() == ("on",)


def test_a_writer_that_falls_silent_does_not_keep_the_head(database: Database) -> None:
    with closing(PostgresStore(database.app)) as silent, closing(PostgresStore(database.app)) as store:
        with silent._writer.lend() as connection:
            connection.execute("set idle_in_transaction_session_timeout = '50ms'")
        with pytest.raises(Unavailable, match="idle-in-transaction"), silent.locked() as log:
            log.append([record()], AT)
            append(store, record())  # waits at the server until the silent writer is cut off
        assert store.head() == 1


def test_writers_of_several_processes_take_turns(database: Database) -> None:
    with closing(PostgresStore(database.app)) as one, closing(PostgresStore(database.app)) as other:
        with ThreadPoolExecutor() as threads:
            for writer in [threads.submit(append, store, record()) for _ in range(10) for store in (one, other)]:
                writer.result(_LONG)
        assert positions(one.read()) == list(range(1, 21))


def test_another_process_is_woken(database: Database) -> None:
    one, other = PostgresStore(database.app), PostgresStore(database.app)
    with closing(one), closing(other), ThreadPoolExecutor() as threads:
        waiting = threads.submit(one.wait, 0, _LONG)
        append(other, record())
        assert waiting.result(_LONG) == 1


def test_the_same_process_is_woken_without_the_server() -> None:
    with closing(Heads("host=/nowhere")) as heads, ThreadPoolExecutor() as threads:
        waiting = threads.submit(heads.past, 0, _LONG)
        heads.tell(1)
        assert waiting.result(_LONG) == 1


def test_closing_lets_go_of_those_who_wait(database: Database) -> None:
    with ThreadPoolExecutor() as threads:
        heads = Heads(database.app)
        waiting = threads.submit(heads.past, 0, _LONG)
        heads.close()
        assert waiting.result(_LONG) == 0


STATEMENT: Final = UUID(new_statement_id(AT))
ASKED: Final[dict[str, dict[str, object]]] = {
    "since": {"after": 1, "limit": 1},
    "named": {"statements": [STATEMENT]},
    "places": {"statements": [STATEMENT]},
    "concerning": {"tags": [ITEM], "kinds": ["item.used/1"]},
    "about": {"tag": ITEM, "kinds": ["item.used/1"], "after": 1, "limit": 1},
    "about_any": {
        "tags": [ITEM],
        "chosen": [1],
        "choices": [1],
        "kinds": ["item.used/1"],
        "after": 1,
        "places": 1,
        "limit": 1,
    },
    "placed": {"positions": [1]},
    "append": {
        "head": 1,
        "recorded": AT,
        "statements": [STATEMENT],
        "kinds": ["item.used/1"],
        "entries": [b"entry"],
        "leaves": [bytes(32)],
        "tags": [ITEM],
    },
    "disclosures": {"statement": STATEMENT},
    "erase": {"digests": ["digest"]},
}


@pytest.mark.parametrize("name", ASKED)
def test_no_query_reads_a_whole_table_though_it_is_planned_while_the_log_is_short(
    postgres_store: PostgresStore, database: Database, name: str
) -> None:
    fill(database, 20)
    as_admin(database, "analyze vialog.disclosure")
    with postgres_store._readers.lend() as connection:
        plan = [line for (line,) in connection.execute("explain " + read_queries(SQL / "log.sql")[name], ASKED[name])]
    assert any(line.lstrip(" ->").startswith(("Index", "Bitmap Index")) for line in plan), plan
    assert not [line for line in plan if re.search("Seq Scan on (event|event_tag|disclosure)", line)]


def test_the_events_of_some_subjects_are_complete_however_many_there_are(
    postgres_store: PostgresStore, database: Database
) -> None:
    """Of one subject 20,592 and one more: positions are looked for 20,000 at a time, events read by 500."""
    fill(database, 20_600)
    for kinds in ((), ("kind-3", "kind-5")):
        wanted = {APPROVAL: kinds, Tag("item:9999"): ()}
        found = postgres_store.about_any(wanted, after=7)
        due = [one for one in range(8, 20_601) if not kinds or f"kind-{one % 7}" in kinds or one == 9999]
        assert [one.position for one in found] == due


def test_the_rows_of_a_range_of_positions_are_found_by_their_place(database: Database) -> None:
    fill(database, 2_000)
    query = read_queries(SQL / "publication.sql")["tag_lines"]
    with closing(Publication(database.app)) as publication, publication._pool.lend() as connection:
        plan = [line for (line,) in connection.execute("explain " + query, {"after": 1_990, "upto": 2_000})]
    assert any("Bitmap Index Scan on event_tag_position" in line for line in plan), plan
