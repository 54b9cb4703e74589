"""A time that has not come, written into the database behind the log's back: refused, or found by every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors

from ledger.errors import IntegrityFailed
from ledger.fsck.check import Wanted, check_database
from tests.contracts.behind import as_admin
from tests.publishing import rig

if TYPE_CHECKING:
    from pathlib import Path
    from typing import LiteralString

    from tests.journeys.bench import Bench
    from tests.servers import Database

GUARDS_OFF = "alter table vialog.head disable trigger user; alter table vialog.event disable trigger user; "
NO_CHECKS = (
    "alter table vialog.head drop constraint head_recorded_finite; "
    "alter table vialog.event drop constraint event_recorded_finite; "
)


@pytest.fixture
def log(bench: Bench) -> Bench:
    """A bench with an open log that is published."""
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    bench.open()
    bench.done("publish")
    return bench


def _edit(log: Bench, statement: str) -> None:
    with psycopg.connect(log.environ["VIALOG_DATABASE_URL"] or "", autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize("time", ["2099-01-01", "infinity", "-infinity"])
def test_the_application_may_not_move_the_heads_time_from_its_last_entrys(
    embedded_database: Database, tmp_path: Path, time: LiteralString
) -> None:
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        with psycopg.connect(embedded_database.app) as connection:
            connection.execute("set role vialog_app")
            with pytest.raises((errors.RestrictViolation, errors.CheckViolation)):
                connection.execute(f"update vialog.head set recorded = '{time}'".encode())
        log.record("item:B")
        assert log.store.head() == 2


def test_the_application_may_not_record_what_has_no_time(embedded_database: Database, tmp_path: Path) -> None:
    insert = """
        insert into vialog.event
        values (1, gen_random_uuid(), 'log.state/1', 'infinity', '', sha256(''))
    """
    with rig(embedded_database, tmp_path), psycopg.connect(embedded_database.app) as connection:
        connection.execute("set role vialog_app")
        with pytest.raises(errors.CheckViolation):
            connection.execute(insert)


@pytest.mark.parametrize("time", ["2099-01-01", "infinity", "1999-01-01"])
def test_another_time_of_the_head_is_found_by_fsck_and_stops_the_publisher(
    embedded_database: Database, tmp_path: Path, time: str
) -> None:
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        log.publisher().publish_once()
        log.record("item:B")
        as_admin(embedded_database, f"{NO_CHECKS}{GUARDS_OFF}update vialog.head set recorded = '{time}'")
        with pytest.raises(IntegrityFailed, match=r"the head says|no value of a log"):
            log.publisher().publish_once()
        assert log.publication.size() == 2
        with pytest.raises(IntegrityFailed):
            check_database(embedded_database.app, Wanted(None, {}, 1), lambda done, size: None)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        pytest.param("update vialog.head set recorded = '2099-01-01'", 9, id="the head in 2099"),
        pytest.param(
            "update vialog.event set recorded = '2099-01-01' where position = 2", 9, id="the last entry in 2099"
        ),
        pytest.param("update vialog.head set recorded = 'infinity'", 10, id="the head without end"),
        pytest.param("update vialog.event set recorded = 'infinity' where position = 2", 10, id="an entry without end"),
    ],
)
def test_a_time_that_has_not_come_fails_the_doctor_and_ends_no_command_with_a_traceback(
    log: Bench, edit: str, code: int
) -> None:
    _edit(log, f"{NO_CHECKS}{GUARDS_OFF}{edit}")
    doctor = log.run("doctor")
    assert doctor.code in {code, 10}, doctor.stdout
    found = [line for line in doctor.stdout.splitlines() if line.startswith("fail  ") and "2099" in line]
    assert found or "no value of a log" in doctor.stdout, doctor.stdout
    # Run in this process: a traceback would be raised here.
    for command in (("publish",), ("fsck", "--jobs", "1"), ("log", "verify"), ("log", "show"), ("clock",)):
        log.run(*command)
    registered = {"party": "party:p", "name": "P", "country": "CN", "business": "research"}
    signed = log.signed("party.registered/1", registered, log.operator)
    answer = log.run("statement", "submit", signed, "--json")
    if "vialog.head" in edit:
        assert answer.code in {9, 10}, answer.stdout
        assert "recorded" not in {one["status"] for one in answer.objects}


def test_clocks_that_agree_are_shown_and_nothing_has_to_be_confirmed(log: Bench) -> None:
    ran = log.done("clock", "--json")
    assert {one["source"]: one["believed"] for one in ran.objects}["the database's"] is True
    assert not (log.place / "data" / "clock-confirmed").exists()


def test_a_last_entry_that_lies_ahead_stops_recording_until_an_operator_confirms_it(log: Bench) -> None:
    # As a machine whose clock was ahead for a moment would have left it: entry and head agree.
    ahead = "set recorded = recorded + interval '400 days'"
    _edit(log, f"{GUARDS_OFF}update vialog.head {ahead}; update vialog.event {ahead} where position = 2")
    registered = {"party": "party:p", "name": "P", "country": "CN", "business": "research"}
    signed = log.signed("party.registered/1", registered, log.operator)
    refused = log.run("statement", "submit", signed)
    assert (refused.code, "while clocks disagree" in refused.stderr, "vialog clock" in refused.stderr) == (
        9,
        True,
        True,
    )
    assert log.run("clock").code == 9
    log.done("clock", "--confirm")
    answer = log.run("statement", "submit", signed, "--json").objects[0]
    assert answer["status"] == "recorded" or {one["rule"] for one in answer["breaches"]} == {"GEN-10"}, answer
