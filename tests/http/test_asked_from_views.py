"""Questions over HTTP and in the console are narrowed by the views, and say what all of the log says to who asks."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.asking import written as asking_written
from api.asking.written import Written
from api.http.answering import reading
from api.http.answering.asked import told_and_answered
from api.http.bounds.views import Views
from api.http.bounds.whole_logs import Why
from ledger.domain.ending.incidents import Incident, IncidentReported
from ledger.ids import CaseId, SiteId
from projections.asked.question import Holds, Reads
from projections.asked.table import QUESTIONS
from projections.database.session import Session
from tests.authors import START, made
from tests.http.seen_world import ASKS, CUSTOMS, HEALTH, LABS
from tests.http.test_listed_from_views import made_anew, seen
from tests.http.test_listed_from_views import read as reads_of
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from ledger.statement.authoring import Author
    from projections.asked.answering import Answer
    from projections.asked.question import Question
    from tests.http.serving import Served

__all__ = ["seen"]

ASKED: Final = [one for one in QUESTIONS.values() if one.reads is Reads.VIEWS]
NOW_ALONE: Final = {"expiring", "held", "nobodys", "open-lines", "unanswered-handovers"}
"""Of which the views know who is so now, and not who ever was: the whole log is read for them."""

DAYS: Final = {"first": "2026-01-01", "last": "2027-12-31"}


@pytest.fixture(scope="module", autouse=True)
def settled(seen: Served) -> None:
    """Ask where the views have all, with how the log stands at its end, which its publisher states last."""
    seen.doors.publisher.wait_for(seen.doors.ledger.store.head(), 60)
    made_anew(seen)


@pytest.fixture(autouse=True)
def by_its_clock(seen: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask when the log was recorded: editions that begin later are not those of its views."""
    monkeypatch.setattr(asking_written, "SystemClock", lambda: seen.doors.signing_in.clock)


def written(question: Question, who: Author) -> Written:
    """Return what a question is asked with: of all days, and about the enterprise that asks."""
    given: dict[str, Any] = {one.option: DAYS[one.option] for one in question.parameters if one.holds is Holds.DAY}
    return Written(given | ({"party": who.party} if question.about else {}), None, None)


def answered(log: Served, question: Question, who: Author) -> Answer:
    with reads_of(log, who.signer) as reads:
        return told_and_answered(question, written(question, who), reads)[1]


def without_views(log: Served) -> Served:
    return replace(log, doors=replace(log.doors, look_up=Views()))


@pytest.mark.parametrize("who", [ASKS, LABS["granted"], LABS["foreign"], CUSTOMS, HEALTH], ids=lambda who: who.party)
def test_each_is_answered_as_by_all_that_its_reader_is_shown(seen: Served, who: Author) -> None:
    """The first one audits, and had an item that was handed on since."""
    some = set[str]()
    for question in ASKED:
        whole, found = answered(without_views(seen), question, who), answered(seen, question, who)
        assert found.rows == whole.rows, question.name
        assert (found.by_views, whole.by_views) == (question.name not in NOW_ALONE, False)
        assert found.position == whole.position
        some |= {question.name} if found.rows else set()
    assert some >= ({"incidents", "compliance-file"} if who in LABS.values() else set())


def test_over_http_and_in_the_console_nobody_reads_the_whole_log_for_them(seen: Served) -> None:
    cookie = {"Cookie": signed_in(seen, ASKS.signer), "Accept-Language": "en"}
    before = dict(seen.doors.whole_logs.counted)
    of_it = f"party={ASKS.party}&first=2026-01-01&last=2027-12-31"
    for path in ("/v1/questions/incidents", f"/v1/questions/compliance-file?{of_it}"):
        found = json.loads(seen.ask("GET", path, headers=cookie).body)
        assert found["rows"]
        assert found["rests_on"]["as_known_at"] == seen.doors.ledger.store.head()
    page = seen.ask("GET", "/ask/incidents", headers=cookie)
    assert page.status == 200
    assert "case:own" in page.body.decode()
    assert seen.doors.whole_logs.counted == before
    assert seen.ask("GET", "/v1/questions/nobodys", headers=cookie).status == 200
    assert seen.doors.whole_logs.counted[Why.TOO_FAR] == before[Why.TOO_FAR] + 1


def test_views_that_are_not_of_one_mind_with_the_log_say_nothing(seen: Served) -> None:
    incidents = QUESTIONS["incidents"]
    with closing(Session(seen.database.owner)) as session, session.lend() as connection:
        connection.execute("update subject set count = count + 1 where tag like 'case:%'")
        try:
            before = seen.doors.whole_logs.counted[Why.OTHERWISE]
            found = answered(seen, incidents, ASKS)
            assert not found.by_views
            assert found.rows == answered(without_views(seen), incidents, ASKS).rows
            assert seen.doors.whole_logs.counted[Why.OTHERWISE] == before + 1
        finally:
            connection.execute("update subject set count = count - 1 where tag like 'case:%'")
    assert answered(seen, incidents, ASKS).by_views


def test_what_the_views_lack_is_told_some_seconds_later(seen: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    incidents = QUESTIONS["incidents"]
    stands = answered(seen, incidents, ASKS).position
    spilt = IncidentReported(
        case=CaseId("case:newest"), site=SiteId("site:own"), incident=Incident.SPILL, discovered_at=START
    )
    seen.doors.ledger.record(made(spilt, ASKS))
    rows = answered(without_views(seen), incidents, ASKS).rows
    monkeypatch.setattr(reading, "FRESH", timedelta(days=3650))
    found = answered(seen, incidents, ASKS)
    assert (found.position, found.by_views) == (stands, True)
    assert len(found.rows) == len(rows) - 1
    assert found.rows == tuple(row for row in rows if getattr(row, "case", None) != "case:newest")
    monkeypatch.setattr(reading, "FRESH", timedelta(days=-3650))
    found = answered(seen, incidents, ASKS)
    assert (found.position > stands, found.by_views) == (True, False)
    assert found.rows == rows
    monkeypatch.setattr(reading, "FRESH", timedelta(days=3650))
    made_anew(seen)
    found = answered(seen, incidents, ASKS)
    assert (found.position > stands, found.by_views) == (True, True)
    assert found.rows == rows
