"""Health tells within a second what does not work, and nobody's paths."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.http.health import Writing, is_late
from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.rulepacks.load import load_packs
from ledger.store.deciding.permit import Permit
from ledger.store.deciding.watch import ClockWatch
from projections.database.session import Session, prepare
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from tests.authors import SteppingClock, admissions, author, opening
from tests.http.serving import Served, served
from tests.servers import EMBEDDED, cut_off

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers


@pytest.fixture
def log(servers: Servers, tmp_path: Path) -> Iterator[Served]:
    """A served log with one statement, published."""
    with served(servers.get(EMBEDDED), tmp_path) as log:
        log.doors.ledger.record(opening())
        assert log.doors.publisher.wait_for(1, 20) is not None
        yield log


def _problem(log: Served) -> Any:  # noqa: ANN401  JSON
    began = monotonic()
    answer = log.get("/healthz")
    assert monotonic() - began < 5  # one, on a machine that does nothing else
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert b"/" not in answer.body.replace(b"vialog.test/log", b"").replace(b"/healthz", b"")
    return json.loads(answer.body)["detail"]


def test_a_locked_head_and_callers_who_wait_for_it_keep_no_health_back(log: Served) -> None:
    with ExitStack() as stack:
        locking = stack.enter_context(psycopg.connect(log.database.owner))
        locking.execute("select from vialog.head for update")
        line = write_submission(opening())
        callers = [Thread(target=log.ask, args=("POST", "/v1/statements", line)) for _ in range(150)]
        for caller in callers:
            caller.start()
        assert log.get("/healthz").status == 200
        locking.rollback()
        for caller in callers:
            caller.join()


def test_a_database_that_does_not_answer_is_told_in_time(log: Served) -> None:
    with psycopg.connect(log.database.owner) as locking:
        locking.execute("lock table vialog.publication in access exclusive mode")
        assert _problem(log) == "the database does not answer"


def test_a_database_that_takes_nothing_is_told(log: Served) -> None:
    with psycopg.connect(log.database.admin, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("alter database {} set default_transaction_read_only = on").format(
                psycopg.sql.Identifier(log.database.name)
            )
        )
    cut_off(log.database)
    assert _problem(log) == "the database takes nothing"


def test_what_could_not_be_recorded_is_told_until_something_is(log: Served) -> None:
    log.doors.writing.failed()
    assert _problem(log) == "what was handed in last could not be recorded"
    log.doors.writing.recorded()
    assert log.get("/healthz").status == 200


def test_clocks_that_disagree_are_told_though_nobody_hands_anything_in(servers: Servers, tmp_path: Path) -> None:
    clock = SteppingClock()  # far from what the database says
    with served(servers.get(EMBEDDED), tmp_path, permit=Permit(clock, ClockWatch(clock))) as log:
        assert _problem(log) == "nothing is recorded while clocks disagree; the service's log says which"
        assert log.ask("POST", "/v1/statements", write_submission(opening())).status == 503


def test_a_log_on_which_nothing_may_be_recorded_is_told(log: Served) -> None:
    log.doors.ledger.permit.halt("another way than what was promised")
    assert _problem(log) == "nothing may be recorded until a person has looked; the service's log says why"


def test_writing_that_never_failed_does_not_fail() -> None:
    assert not Writing().fails


@pytest.mark.parametrize(("behind", "late"), [(0.0, False), (15.0, False), (16.1, True)])
def test_entries_without_a_checkpoint_for_three_periods_and_ten_seconds_are_late(behind: float, *, late: bool) -> None:
    assert is_late(behind, 2.0) is late


def test_entries_without_a_checkpoint_are_noticed(servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "last-checkpoint").mkdir()  # so that no checkpoint can be remembered, and none is published
    with served(servers.get(EMBEDDED), tmp_path) as log:
        log.doors.ledger.record(opening())
        assert log.doors.publisher.wait_for(1, 0.5) is None
        assert log.doors.publisher.behind > 0


def test_how_the_views_stand_is_told_and_keeps_nothing_back(log: Served) -> None:
    def views() -> Any:  # noqa: ANN401  JSON
        answer = log.get("/healthz")
        assert answer.status == 200
        return json.loads(answer.body)["views"]

    prepare(log.database.owner)
    head = log.doors.ledger.store.head()
    assert views() == {"state": "none", "position": 0, "lag": head}
    with closing(Session(log.database.owner)) as session:
        rebuild(Log(log.doors.ledger.store, log.doors.publication, load_packs()), session, lambda _, __: None)
        assert views() == {"state": "current", "position": head, "lag": 0}
        for one in admissions(author("party:one", Role.CARRIER)):
            log.doors.ledger.record(one)
        assert views()["state"] == "behind"
        assert views()["lag"] >= 1
    with psycopg.connect(log.database.owner) as locking:
        locking.execute("set role vialog_projector")
        locking.execute("lock table vialog_views.runner in access exclusive mode")
        assert views() == {"state": "unknown"}
    assert views()["position"] == head
