"""One test for each fault that was found in the eventsourcing library's own PostgreSQL recorder.

The table of those faults stands in the design, under "Why DCB"; the tests stand in its order.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import psycopg
import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from ledger.clock import SystemClock
from ledger.errors import Conflict, Unavailable
from ledger.ids import Tag
from ledger.store.database.migrate import migrate
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.queries import SQL, read_queries
from ledger.store.recorder import LedgerRecorder
from tests.contracts.behind import as_admin, fill
from tests.contracts.interrupted import way_to
from tests.contracts.records import APPROVAL, AT, ITEM, RECEIVED, USED, append, positions, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.servers import Database

_LONG: Final = 30.0  # seconds: a test that needs them has failed
_LOG: Final = read_queries(SQL / "log.sql")
_UNTIL_ONE_WAITS: Final = """
do $$ begin
    while not exists (select from pg_locks where not granted) loop perform pg_sleep(0.01); end loop;
end $$
"""


def _rows_read(database: Database, query: str, values: Mapping[str, object]) -> int:
    """Return how many rows a query of the store reads from tables and indexes."""
    with psycopg.connect(database.admin) as connection:
        found = connection.execute(f"explain (analyze, timing off) {_LOG[query]}".encode(), values).fetchall()
    plan = "\n".join(line for (line,) in found)
    assert "Seq Scan" not in plan, plan
    scans = re.findall(r"Scan using.*actual rows=([\d.]+) loops=(\d+)", plan)
    return round(sum(float(rows) * int(loops) for rows, loops in scans))


def test_a_conflict_leaves_no_gap_in_the_positions(postgres_store: PostgresStore) -> None:
    append(postgres_store, said := record())
    for _ in range(3):
        with pytest.raises(Conflict):
            append(postgres_store, record(), said)
    append(postgres_store, record())
    assert positions(postgres_store.read()) == [1, 2]


def test_a_follower_among_eight_writers_loses_no_event(database: Database) -> None:
    one, other = PostgresStore(database.app), PostgresStore(database.app)
    recorder, another = LedgerRecorder(one, SystemClock()), LedgerRecorder(other, SystemClock())
    event = DCBEvent("moved", b"", ["item:A1"])

    def write(writer: LedgerRecorder) -> None:
        for _ in range(20):
            writer.append([event])

    with closing(one), closing(other), recorder.subscribe() as subscription, ThreadPoolExecutor(9) as threads:
        following = threads.submit(lambda: [next(subscription).position for _ in range(160)])
        for writing in [threads.submit(write, writer) for writer in (recorder, another) for _ in range(4)]:
            writing.result(_LONG)
        assert following.result(_LONG) == list(range(1, 161))


def test_a_batch_is_one_transaction(postgres_store: PostgresStore, database: Database) -> None:
    append(postgres_store, *(record(ITEM) for _ in range(64)))
    assert as_admin(database, "select count(distinct xmin::text), count(*) from vialog.event") == [(1, 64)]


def test_a_batch_far_above_the_sockets_buffer_does_not_hang_holding_the_lock(postgres_store: PostgresStore) -> None:
    tags = [Tag(f"item:{number}") for number in range(200)]
    with ThreadPoolExecutor() as threads:
        many = [record(*tags, data=bytes(50_000)) for _ in range(40)]
        assert len(threads.submit(append, postgres_store, *many).result(_LONG)) == 40
    assert len(append(postgres_store, record())) == 1


def test_a_tag_named_twice_does_not_disable_the_condition(postgres_store: PostgresStore) -> None:
    recorder = LedgerRecorder(postgres_store, SystemClock())
    event = DCBEvent("used", b"", ["item:A1"])
    recorder.append([event])
    with pytest.raises(IntegrityError):
        recorder.append([event], DCBAppendCondition(DCBQuery([DCBQueryItem(tags=["item:A1", "item:A1"])])))


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_conflict_is_not_missed_under_another_default_isolation(database: Database, level: str) -> None:
    as_admin(database, f"alter database {database.name} set default_transaction_isolation = '{level}'")
    with closing(PostgresStore(database.app)) as one, closing(PostgresStore(database.app)) as other:

        def take(store: PostgresStore) -> bool:
            with store.locked() as log:
                if free := not log.concerning({ITEM: [USED]}):
                    log.append([record(ITEM, kind=USED)], AT)
                return free

        with ThreadPoolExecutor() as threads, one.locked() as log:
            late = threads.submit(take, other)  # waits for the head that this thread holds
            as_admin(database, _UNTIL_ONE_WAITS)
            log.append([record(ITEM, kind=USED)], AT)
        assert late.result(_LONG) is False


def test_logs_in_two_databases_share_nothing_but_the_role(database: Database, empty_database: Database) -> None:
    migrate(empty_database.owner)
    with closing(PostgresStore(database.app)) as store:
        append(store, record(ITEM))
    assert as_admin(empty_database, "select count(*) from vialog.event") == [(0,)]


def test_a_retry_after_a_commit_whose_answer_was_lost_finds_its_own_event(database: Database) -> None:
    said = record(ITEM)
    with way_to(database.app) as (way, conninfo), closing(PostgresStore(conninfo)) as store:
        way.lose_next_commit.set()
        with pytest.raises(Unavailable):
            append(store, said)
        with store.locked() as log:
            (event,) = log.named([said.statement]).values()
        assert (event.position, event.statement) == (1, said.statement)
        assert store.find(said.statement) == event


def test_an_event_whose_notification_was_lost_waits_a_second_at_most(
    postgres_store: PostgresStore, database: Database
) -> None:
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(postgres_store.wait, 0, _LONG)
        fill(database, 1)
        assert waiting.result(timedelta(seconds=10).total_seconds()) == 1


def test_a_hot_tag_costs_its_new_events_not_its_history(database: Database) -> None:
    fill(database, 20_000)
    tail: dict[str, object] = {"tag": APPROVAL, "kinds": [], "after": 19_990, "limit": 500}
    assert _rows_read(database, "about", tail) < 100
    assert _rows_read(database, "about", {**tail, "kinds": ["kind-1", "kind-2"]}) < 100
    wanted = {
        "tags": [f"item:{number}" for number in range(0, 300, 3)],
        "kinds": [f"kind-{n % 7}" for n in range(0, 300, 3)],
    }
    assert _rows_read(database, "concerning", wanted) < 1000
    assert _rows_read(database, "concerning", {"tags": [APPROVAL], "kinds": [RECEIVED]}) < 100


def test_a_kind_is_text_and_never_a_place_in_a_program(postgres_store: PostgresStore) -> None:
    append(postgres_store, record(ITEM, kind="antigravity:Gone"))
    (event,) = LedgerRecorder(postgres_store, SystemClock()).read()
    assert event.event.type == "antigravity:Gone"
