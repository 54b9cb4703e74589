"""The digest of a day: what is overdue, due soon or new, of whoever asks, in each form; nothing of anybody else's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from projections.digest import Day
from tests.authors import START
from tests.http.noticed import ITEM, LAB, OTHER, TAKER, TERM, Noticed, noticed
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statement.authoring import Author
    from tests.http.serving import Answer
    from tests.servers import Servers


@pytest.fixture(scope="module")
def noted(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Noticed]:
    """A log in which a laboratory handed an item over to another on a Tuesday."""
    with noticed(servers.get(EMBEDDED), tmp_path_factory.mktemp("digest")) as noted:
        noted.hand_over()
        noted.look()
        yield noted


def asked(noted: Noticed, who: Author, query: str = "", **headers: str) -> Answer:
    given = {name.replace("_", "-"): one for name, one in headers.items()}
    return noted.log.ask("GET", f"/v1/digest{query}", headers=given | {"Cookie": noted.cookie(who)})


def said(noted: Noticed, who: Author, query: str = "") -> dict[str, Any]:
    answer = asked(noted, who, query)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = json.loads(answer.body)
    return found


def parts(found: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    rows = {name: found[name] for name in ("overdue", "soon", "new")}
    return {name: [(one["duty"], one["subject"]) for one in part] for name, part in rows.items() if part}


def test_it_tells_who_owes_and_who_is_owed_and_nobody_else(noted: Noticed) -> None:
    noted.at(START + timedelta(hours=2))
    expected = {"soon": [("answer-handover", ITEM)]}
    assert {name: rows for name, rows in parts(said(noted, TAKER)).items() if name == "soon"} == expected
    assert ("answer-handover", ITEM) in parts(said(noted, LAB))["soon"]
    assert parts(said(noted, OTHER)) == {}


def test_a_day_is_told_as_it_ended_and_what_passed_since_is_overdue(noted: Noticed) -> None:
    noted.at(START + TERM + timedelta(days=1))
    assert parts(said(noted, TAKER))["overdue"] == [("answer-handover", ITEM)]
    first = said(noted, TAKER, "?on=2026-09-01")
    assert (first["day"], first["at"]) == ("2026-09-01", "2026-09-01T15:59:59.999999Z")
    assert parts(first)["soon"] == [("answer-handover", ITEM)]
    assert parts(said(noted, TAKER, "?on=2026-08-31")) == {}


def test_what_is_new_is_what_was_recorded_since_the_working_day_before(noted: Noticed) -> None:
    noted.at(START + timedelta(hours=3))
    assert [one["duty"] for one in said(noted, LAB)["new"]] == ["count-stock", "count-stock"]
    noted.at(START + timedelta(days=2))
    assert said(noted, LAB)["new"] == []


def test_the_working_day_before_a_monday_is_friday(noted: Noticed) -> None:
    calendar = noted.noting.packs.at_instant("CN", START).working_days
    monday = calendar.local_date(START + timedelta(days=6))
    day = Day.of(monday, START + timedelta(days=6), calendar)
    assert (monday.isoformat(), calendar.local_date(day.since).isoformat()) == ("2026-09-07", "2026-09-04")


def test_it_is_a_document_in_both_languages_that_needs_nothing_else(noted: Noticed) -> None:
    noted.at(START + timedelta(hours=4))
    english = asked(noted, TAKER, Accept="text/html").body.decode()
    chinese = asked(noted, TAKER, Accept="text/html", Accept_Language="zh").body.decode()
    assert '<html lang="en">' in english
    assert '<html lang="zh-CN">' in chinese
    assert "due within 7 days: 1" in english
    assert "7天内到期：1" in chinese
    for page in (english, chinese):
        assert "<script" not in page
        assert "href" not in page
    answer = asked(noted, TAKER, Accept="text/plain")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    text = answer.body.decode()
    assert text.startswith("What falls due: ")
    assert "Whoever items are handed over to accepts or refuses them." in text


def test_it_is_known_where_it_is_known_and_told_of_no_day_to_come(noted: Noticed) -> None:
    noted.at(START + timedelta(hours=5))
    tag = asked(noted, TAKER).headers["etag"]
    assert asked(noted, TAKER, If_None_Match=tag).status == 304
    for query in ("?on=2026-09-02", "?on=yesterday", "?on=0001-01-01", "?day=2026-09-01"):
        assert asked(noted, TAKER, query).status == 400, query


def test_what_it_tells_of_others_is_in_the_access_log(noted: Noticed) -> None:
    noted.at(START + timedelta(hours=6))
    before = len(list(noted.log.doors.accesses.entries()))
    said(noted, TAKER)
    (entry,) = list(noted.log.doors.accesses.entries())[before:]
    assert (json.loads(entry.entry)["route"], entry.parties) == ("read_digest", (LAB.party,))
