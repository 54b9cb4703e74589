"""What falls due is noted at its instant, once, by views that have all that was recorded before it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.cli.operate.doctor.findings import Level
from api.cli.operate.doctor.notices import examine_notices
from api.notices.keeping import QUERIES
from api.notices.running import Notifier
from api.sessions.election import Election
from ledger.domain.amends.corrections import StatementVoided
from ledger.ids import ItemId
from projections.database.session import Session
from projections.database.tables import Tables
from projections.falling_due import reach
from tests.authors import made
from tests.http.noticed import CUSTOMS, ITEM, LAB, TAKER, Noticed, noticed
from tests.http.test_asking import collected
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers

SOON = ("due-soon", "answer-handover", ITEM)
OVERDUE = ("overdue", "answer-handover", ITEM)


@pytest.fixture
def noted(servers: Servers, tmp_path: Path) -> Iterator[Noticed]:
    """A log in which nothing is owed yet."""
    with noticed(servers.get(EMBEDDED), tmp_path) as noted:
        noted.look()
        assert [one for one in noted.written() if one[2] == ITEM] == []
        yield noted


def of_item(noted: Noticed) -> list[tuple[str, str, str]]:
    return [one for one in noted.written() if one[2] == ITEM]


def test_what_comes_within_some_working_days_is_noted_and_what_has_passed_once_it_has(noted: Noticed) -> None:
    due = noted.hand_over()
    noted.look()
    assert of_item(noted) == [SOON]
    noted.at(due)
    noted.look()
    assert of_item(noted) == [SOON], "at its very instant it is in time"
    noted.at(due + timedelta(seconds=1))
    noted.look()
    assert of_item(noted) == [SOON, OVERDUE]
    first, second = (one for one in noted.notices.above(None, 0, 9) if one.place.subject == ITEM)
    assert (first.due, second.due) == (due, due)
    assert first.parties == (LAB.party, TAKER.party)
    assert second.noted == due + timedelta(seconds=1)


def test_the_next_instant_is_computed_and_is_the_date_or_the_end_of_the_day(noted: Noticed) -> None:
    due = noted.hand_over()
    calendar = noted.noting.packs.at_instant("CN", due).working_days
    night = calendar.end_of_day(calendar.local_date(due - timedelta(hours=24)))
    noted.at(night - timedelta(seconds=30))
    assert noted.look().until == night + timedelta(microseconds=1)
    noted.at(due - timedelta(seconds=30))
    assert noted.look().until == due + timedelta(microseconds=1)
    noted.at(due + timedelta(seconds=30))
    until = noted.look().until
    assert until is not None
    assert until <= noted.clock.time + timedelta(minutes=1), "it is looked each minute, so that one sees that it is"


def test_soon_is_so_many_working_days_and_holidays_are_none_of_them(noted: Noticed) -> None:
    due = noted.now()
    calendar = noted.noting.packs.at_instant("CN", due).working_days
    friday = due.replace(year=2026, month=9, day=11)
    assert calendar.local_date(reach(calendar, friday, 1)).isoformat() == "2026-09-14"
    before_national_day = due.replace(year=2026, month=9, day=30)
    assert calendar.local_date(reach(calendar, before_national_day, 1)).isoformat() == "2026-10-08"
    assert reach(calendar, friday, 0) == friday


def test_what_is_met_before_its_instant_is_not_noted_and_what_is_met_later_says_so_when_it_is_read(
    noted: Noticed,
) -> None:
    due = noted.hand_over()
    noted.look()
    assert noted.told(TAKER) == noted.told(LAB) == [("due-soon", "due")]
    noted.accept()
    noted.at(due + timedelta(hours=1))
    noted.look()
    assert of_item(noted) == [SOON]
    assert noted.told(TAKER) == [("due-soon", "met")]


def test_views_that_lack_what_was_recorded_before_an_instant_say_nothing_of_it(noted: Noticed) -> None:
    due = noted.hand_over()
    noted.look()
    noted.at(due - timedelta(minutes=1))
    noted.accept()
    noted.at(due + timedelta(minutes=1))
    looked = noted.noting.look()
    assert (looked.new, looked.lag) == (0, "the views are behind the log")
    noted.look()
    assert of_item(noted) == [SOON]


def test_views_that_never_quite_catch_up_are_believed_up_to_where_they_were_waited_for(noted: Noticed) -> None:
    due = noted.hand_over()
    noted.look()
    noted.at(due + timedelta(minutes=1))
    noted.state(made(collected("lab-1", ("item:more", "M-0")), LAB, at=noted.now()))
    assert noted.noting.look().lag == "the views are behind the log"
    noted.views.follow()
    for number in range(20):  # more comes than is followed
        noted.state(made(collected("lab-1", (f"item:more-{number}", f"M-{number + 1}")), LAB, at=noted.now()))
        if noted.noting.look().lag == "":
            break
        noted.views.follow()
    assert of_item(noted) == [SOON, OVERDUE]


def test_views_that_have_stopped_note_nothing_and_it_is_said_why(noted: Noticed) -> None:
    due = noted.hand_over()
    noted.look()
    standing = noted.views.tables.standing()
    assert standing is not None
    noted.views.tables.stop(standing, "an entry cannot be applied")
    noted.at(due + timedelta(minutes=1))
    assert noted.noting.look().lag == "the views go on no more: an entry cannot be applied"
    noted.at(due + timedelta(minutes=9))
    said = noted.inbox(TAKER)
    assert (said["late"], [one["what"] for one in said["rows"]]) == (True, ["due-soon"])


def test_of_two_services_one_notes_and_the_other_goes_on_where_it_ended(noted: Noticed) -> None:
    owner = noted.log.database.owner
    with closing(Session(owner)) as one, closing(Session(owner)) as other:
        first = Notifier(replace(noted.noting, views=Tables(one)), Election(owner, QUERIES))
        second = Notifier(replace(noted.noting, views=Tables(other)), Election(owner, QUERIES))
        with closing(second):
            with closing(first):
                noted.hand_over()
                noted.views.follow()
                while of_item(noted) != [SOON]:
                    noted.views.follow()
            noted.hand_over(ItemId("item:a-b"))
            while ("due-soon", "answer-handover", "item:a-b") not in noted.written():
                noted.views.follow()
    handed = [one for one in noted.written() if one[1] == "answer-handover"]
    assert handed == [SOON, ("due-soon", "answer-handover", "item:a-b")]


def test_each_notice_is_written_once_whoever_writes_it_and_however_often(noted: Noticed) -> None:
    noted.hand_over()
    noted.views.follow()
    other = replace(noted.noting, _written=(), _anew=None)
    noted.look()
    assert other.look().new == 0
    noted.look()
    assert of_item(noted) == [SOON]
    numbers = [one.number for one in noted.notices.above(None, 0, 1_000)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_writer_that_dies_leaves_all_of_a_look_or_nothing(noted: Noticed) -> None:
    for one in ("item:a", "item:a-b"):
        noted.hand_over(ItemId(one))
    with psycopg.connect(noted.log.database.owner, autocommit=True) as connection:
        connection.execute(
            "create function die() returns trigger language plpgsql as "
            "$$ begin if new.subject = 'item:a-b' then perform pg_terminate_backend(pg_backend_pid()); "
            "end if; return new; end $$"
        )
        connection.execute("create trigger die after insert on vialog_doors.notice for each row execute function die()")
        with pytest.raises(Exception, match="database"):
            noted.look()
        assert of_item(noted) == []
        connection.execute("drop trigger die on vialog_doors.notice")
    noted.look()
    assert [one for one in noted.written() if one[1] == "answer-handover"] == [
        SOON,
        ("due-soon", "answer-handover", "item:a-b"),
    ]


def test_what_somebody_took_out_of_the_table_comes_back_while_it_stands(noted: Noticed) -> None:
    noted.hand_over()
    noted.look()
    with psycopg.connect(noted.log.database.owner, autocommit=True) as connection:
        connection.execute("delete from vialog_doors.notice")
    noted.look()
    assert of_item(noted) == []
    noted.at(noted.clock.time + timedelta(hours=1, seconds=1))
    noted.look()
    assert of_item(noted) == [SOON]


def test_the_doctor_says_as_of_when_why_not_since_and_that_some_are_gone(noted: Noticed) -> None:
    database: Any = noted.log.database
    for item in ("item:a", "item:a-b"):
        noted.hand_over(ItemId(item))
    noted.look()
    (found,) = examine_notices(database)
    assert (found.level, found.subject) == (Level.OK, "notices")
    noted.notices.say("the views are behind the log", noted.now())
    with psycopg.connect(noted.log.database.owner, autocommit=True) as connection:
        connection.execute("delete from vialog_doors.notice where number = 1")
    gone, behind = examine_notices(database)
    assert [(one.level, one.found) for one in (gone, behind)] == [
        (Level.WARN, "1 were taken out of the table"),
        (Level.WARN, f"{behind.found.partition(': ')[0]}: the views are behind the log"),
    ]
    with psycopg.connect(noted.log.database.owner, autocommit=True) as connection:
        connection.execute("revoke select on vialog_doors.notice from vialog_doors")
    assert [one.level for one in examine_notices(database)] == [Level.FAIL]


def test_a_statement_that_is_voided_leaves_its_notice_which_says_that_nothing_is_owed(noted: Noticed) -> None:
    noted.hand_over()
    noted.look()
    given = next(iter(noted.log.doors.ledger.store.about(ITEM, kinds=("custody.handed-over/1",))))  # type: ignore[arg-type]
    noted.state(made(StatementVoided(statement=given.statement, ground="entered-twice"), LAB, at=noted.now()))
    noted.look()
    assert noted.told(LAB) == [("due-soon", None)]
    noted.hand_over()
    noted.look()
    assert noted.told(LAB) == [("due-soon", "due"), ("due-soon", None)]


def test_a_row_that_somebody_put_among_the_views_makes_a_notice_that_is_told_as_owed_to_nobody(noted: Noticed) -> None:
    noted.hand_over()
    noted.views.follow()
    with psycopg.connect(noted.log.database.owner, autocommit=True) as connection:
        connection.execute("update vialog_views.obligation set key = 'invented' where duty = 'answer-handover'")
    noted.look()
    assert noted.told(TAKER) == noted.told(LAB) == [("due-soon", None)]
    assert noted.told(CUSTOMS) == []
