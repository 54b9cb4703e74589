"""Whatever fails while statements are recorded: nothing acknowledged is lost, nothing half-written is visible."""

from __future__ import annotations

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

from ledger.errors import LedgerError, Unavailable
from ledger.ids import ItemId
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.deciding.worlds import Worlds
from ledger.store.server.embedded import Role, start
from scripts.faults.full_disk import can_mount, small_disk
from tests.authors import START
from tests.contracts.interrupted import way_to
from tests.contracts.records import positions
from tests.embedded_server import fresh_place, server_pid
from tests.failing_store import FailingStore, Step
from tests.imports import (
    TestClock,
    answer_of,
    handed_in,
    open_ledger,
    record_all,
    to_the_bench,
    together,
    told,
    use,
)
from tests.servers import ORIGIN
from tests.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import LiteralString

    from ledger.service import Ledger
    from ledger.statement.authoring import Made
    from ledger.store.port import Store
    from tests.servers import Database

_LONG: Final = 30.0  # seconds: a test that needs them has failed
A: Final = ItemId("item:A")
B: Final = ItemId("item:B")


def check_log(store: Store, recorded: Sequence[Made]) -> None:
    """Check that each statement is in the log exactly once, and that the positions have no gap."""
    events = list(store.read())
    assert positions(events) == list(range(1, len(events) + 1))
    times = Counter(event.statement for event in events)
    assert {one.id: times[one.id] for one in recorded} == {one.id: 1 for one in recorded}
    assert set(times.values()) == {1}
    assert store.head() == len(events)


def check_kept(ledger: Ledger) -> None:
    """Check that the subjects that a ledger keeps are those that its log says."""
    kept = ledger._committer._deciding.worlds
    with ledger.store.locked() as log:
        kept.catch_up(log)
        subjects, anew = kept.world(START).subjects, Worlds()
        anew.load(log, subjects)
        assert subjects
        assert {tag: anew.world(START).subjects[tag] for tag in subjects} == subjects


# A store lost at each step


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.FORWARD])
def test_a_batch_that_is_lost_is_handed_in_again_and_recorded_once(store: Store, step: Step) -> None:
    failing, clock = FailingStore(store), TestClock()
    with closing(open_ledger(failing, clock)) as ledger:
        wrong = use(A, "1")
        record_all(ledger, [*to_the_bench(A, B), wrong])
        before = store.head()
        batch = [use(A, "2"), use(A, "5", corrects=wrong), use(B, "99"), use(A, "3")]
        handed = [handed_in(one) for one in batch]
        failing.fail_at(step, batches=1)
        assert [told(one) for one in together(ledger, clock, *handed)] == ["Unavailable"] * 4
        stored = step is Step.ANSWER
        assert store.head() == before + (3 if stored else 0)
        again = [told(one) for one in together(ledger, clock, *handed)]
        stands = "repeated" if stored else "recorded"
        assert again == [stands, stands, "PRT-02", stands]
        check_log(store, [batch[0], batch[1], batch[3]])
        check_kept(ledger)
        assert told(answer_of(ledger.submit(handed_in(use(A, "1"))))) == "GAT-03"  # nothing is left


def test_a_ledger_lost_while_it_catches_up_with_another_reads_everything_anew(store: Store) -> None:
    failing = FailingStore(store)
    with closing(open_ledger(failing)) as ledger, closing(open_ledger(store)) as other:
        record_all(ledger, to_the_bench(A))
        record_all(other, [use(A, "6")])
        failing.fail_at(Step.FORWARD, batches=0)
        statement = handed_in(use(A, "5"))
        assert [told(answer_of(ledger.submit(statement))) for _ in range(2)] == ["Unavailable", "PRT-02"]
        record_all(ledger, [use(A, "4")])
        check_kept(ledger)
        check_kept(other)


def test_a_commit_whose_answer_is_lost_is_found_by_handing_in_again(database: Database) -> None:
    with way_to(database.app) as (way, conninfo), closing(open_ledger(PostgresStore(conninfo))) as ledger:
        record_all(ledger, to_the_bench(A))
        statement = use(A, "6")
        way.lose_next_commit.set()
        assert told(answer_of(ledger.submit(handed_in(statement)))) == "Unavailable"
        assert told(answer_of(ledger.submit(handed_in(use(A, "5"))))) == "PRT-02"
        assert told(answer_of(ledger.submit(handed_in(statement)))) == "repeated"
        check_log(ledger.store, [statement])
        check_kept(ledger)


# Killed


@contextmanager
def opened(place: Path) -> Iterator[Ledger]:
    """Yield a ledger on a server of its own."""
    with start(place / "data") as running:
        migrate(running.conninfo(Role.OWNER))
        name_log(running.conninfo(Role.OWNER), ORIGIN)
        with closing(open_ledger(PostgresStore(running.conninfo()))) as ledger:
            yield ledger


def test_what_is_acknowledged_survives_a_killed_server() -> None:
    with fresh_place() as place, opened(place) as ledger, ThreadPoolExecutor(4) as callers:
        record_all(ledger, to_the_bench(A))
        statements = [use(A, "0.01") for _ in range(400)]
        waiting = [callers.submit(ledger.record, handed_in(one)) for one in statements]
        waiting[40].result(_LONG)
        pid = server_pid(place / "data")
        assert pid
        os.kill(pid, signal.SIGKILL)
        answers = [told(answer_of(one)) for one in waiting]
        assert set(answers) <= {"recorded", "Unavailable"}
        acknowledged = [one for one, answer in zip(statements, answers, strict=True) if answer == "recorded"]
        with start(place / "data") as anew, closing(PostgresStore(anew.conninfo())) as store:
            check_log(store, acknowledged)
            record_all(ledger, statements)
            check_log(store, statements)
            check_kept(ledger)


def test_what_is_acknowledged_survives_a_killed_writer(embedded_database: Database) -> None:
    with closing(open_ledger(PostgresStore(embedded_database.app))) as ledger:
        record_all(ledger, to_the_bench(A))
        statements = [use(A, "0.01") for _ in range(200)]
        writer = Writer(embedded_database.app)
        assert writer.answer() == "ready"
        writer.hand(statements[:20])
        answers = [writer.answer() for _ in range(10)]
        answers += writer.kill()
        acknowledged = [line for line in answers if line]
        assert [line.split()[0] for line in acknowledged] == ["recorded"] * len(acknowledged)
        assert len(acknowledged) >= 10
        record_all(ledger, statements)
        check_log(ledger.store, statements)
        found = [ledger.store.find(one.id) for one in statements]
        places = [int(line.split()[1]) for line in acknowledged]
        assert [one.position for one in found[: len(places)] if one] == places
        check_kept(ledger)


# Full

_FULL: Final = """
create function vialog.be_full() returns trigger language plpgsql as $$
begin
    raise exception 'could not extend file "base/5/1": No space left on device' using errcode = 'disk_full';
end
$$
"""
_AT_WRITING: Final = "create trigger full_disk before insert on vialog.event execute function vialog.be_full()"
_AT_COMMIT: Final = """
create constraint trigger full_disk after insert on vialog.event deferrable initially deferred
    for each row execute function vialog.be_full()
"""


@pytest.mark.parametrize("trigger", [_AT_WRITING, _AT_COMMIT], ids=["when writing", "at the commit"])
def test_a_full_disk_is_said_and_loses_nothing(database: Database, trigger: LiteralString) -> None:
    """The server answers as it does on a full disk: this needs neither root nor a disk of its own."""
    with closing(open_ledger(PostgresStore(database.app))) as ledger:
        recorded, statement = [*to_the_bench(A), use(A, "1")], use(A, "2")
        record_all(ledger, recorded)
        before = ledger.store.head()
        with psycopg.connect(database.admin, autocommit=True) as disk:
            disk.execute(_FULL)
            disk.execute(trigger)
            problem = answer_of(ledger.submit(handed_in(statement)))
            assert isinstance(problem, Unavailable)
            assert "No space left on device" in str(problem)
            assert ledger.store.head() == before
            disk.execute("drop trigger full_disk on vialog.event")
        record_all(ledger, [statement, *recorded])
        check_log(ledger.store, [statement, *recorded])
        check_kept(ledger)


if os.geteuid() == 0 and can_mount():

    def test_a_disk_filled_to_its_last_byte_is_said_and_loses_nothing() -> None:
        """Defined only where root can mount a tmpfs; the server's answer is tested above for everybody."""
        with small_disk(160) as place, opened(place) as ledger:
            record_all(ledger, to_the_bench(A))
            filler = place / "filler"
            free = os.statvfs(place)
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
            recorded: list[Made] = []
            problem: LedgerError | None = None
            while problem is None:
                statement = use(A, "0.001")
                answer = answer_of(ledger.submit(handed_in(statement)))
                if isinstance(answer, LedgerError):
                    problem = answer
                else:
                    recorded.append(statement)
            assert isinstance(problem, Unavailable)
            assert "No space left on device" in str(problem)
            filler.unlink()
            with start(place / "data") as anew, closing(PostgresStore(anew.conninfo())) as store:
                check_log(store, recorded)
                record_all(ledger, [statement, *recorded])
                check_log(store, [statement, *recorded])
                check_kept(ledger)
