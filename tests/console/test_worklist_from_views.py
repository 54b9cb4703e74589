"""The worklist that is looked up in the views is the one that the whole log makes, row by row, for whoever reads it."""

from __future__ import annotations

import csv
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from api.console.pages import worklist
from ledger.rulepacks.load import load_packs
from projections.database.session import Session, prepare
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.demo.cast import DISTRICT
from scripts.demo.stage import StoryClock
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statement.signing.signer import StatementSigner
    from scripts.demo.cast import Cast
    from tests.http.serving import Served
    from tests.servers import Servers


@pytest.fixture(scope="module")
def played(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    """The demo's story, of which nobody has made views yet."""
    clock = StoryClock()
    with story_served(servers.get(EMBEDDED), tmp_path_factory.mktemp("worklists"), clock) as (log, cast, _):
        yield log, cast


def told(log: Served, cast: Cast) -> dict[str, list[dict[str, str]]]:
    """Return the worklist of each of the cast, with all that is told of each row."""
    found: dict[str, list[dict[str, str]]] = {}
    for party in (cast.importer, cast.first_lab, cast.port, cast.destination, cast.carrier):
        headers = {"Cookie": signed_in(log, party.first.signer), "Accept-Language": "en"}
        answer = log.ask("GET", "/worklist.csv", headers=headers)
        assert answer.status == 200, answer.body
        found[party.id] = [dict(row) for row in csv.DictReader(answer.body.decode("utf-8-sig").splitlines())]
    return found


def page_of(log: Served, cast: Cast) -> str:
    headers = {"Cookie": signed_in(log, cast.first_lab.first.signer), "Accept-Language": "en"}
    return log.ask("GET", "/worklist", headers=headers).body.decode()


def test_each_reader_is_told_the_same_from_the_views_as_from_the_whole_log(played: tuple[Served, Cast]) -> None:
    log, cast = played
    assert "Where to look was said by the views" not in page_of(log, cast)
    of_the_log = told(log, cast)
    prepare(log.database.owner)
    with closing(Session(log.database.owner)) as session:
        rebuild(Log(log.doors.ledger.store, log.doors.publication, load_packs()), session, lambda _, __: None)
    assert "Where to look was said by the views" in page_of(log, cast)
    from_views = told(log, cast)
    # Who handed vials on does not see what became of them: of the log it is told as open what has ended since.
    in_part = cast.importer.id
    assert [row for row in of_the_log[in_part] if row in from_views[in_part]] == from_views.pop(in_part)
    of_the_log.pop(in_part)
    assert from_views == of_the_log
    assert any("accreditation" in row["duty"] for row in of_the_log[cast.first_lab.id])
    assert len({len(rows) for rows in of_the_log.values()}) > 2, "readers see more or less of it"


def rows_of(log: Served, who: StatementSigner, **narrowed: str) -> list[dict[str, str]]:
    headers = {"Cookie": signed_in(log, who), "Accept-Language": "en"}
    answer = log.ask("GET", f"/worklist.csv?{urlencode(narrowed)}", headers=headers)
    assert answer.status == 200, answer.body
    return [dict(row) for row in csv.DictReader(answer.body.decode("utf-8-sig").splitlines())]


def test_an_authority_is_told_in_which_district_each_matter_lies_and_narrows_its_list_to_one(
    played: tuple[Served, Cast],
) -> None:
    log, cast = played
    who = cast.destination.first.signer
    here = [row for row in rows_of(log, who) if row["district"] == DISTRICT]
    assert len(here) > 1
    assert any("supervision" in row["about"].lower() for row in here), "by who takes part, its unit states no district"
    assert rows_of(log, who, district=DISTRICT) == here
    assert rows_of(log, who, district="wuxi") == []
    headers = {"Cookie": signed_in(log, who), "Accept-Language": "en"}
    page = log.ask("GET", f"/worklist?district={DISTRICT}", headers=headers).body.decode()
    assert f"Only what lies in {DISTRICT} (Customs at the Destination)" in page
    assert f'href="/worklist?district={DISTRICT}"' in page
    assert f"/worklist?when=all&amp;district={DISTRICT}" in page, "counts stay narrowed"


def test_a_list_that_is_narrowed_to_a_district_passes_over_so_many_and_no_more(
    played: tuple[Served, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, cast = played
    monkeypatch.setattr(worklist, "MOST_ELSEWHERE", 3)
    for language, said in (("en", "3 that lie elsewhere come first"), ("zh-CN", "排在前面的有3项位于别处")):
        headers = {"Cookie": signed_in(log, cast.destination.first.signer), "Accept-Language": language}
        answer = log.ask("GET", "/worklist?district=wuxi", headers=headers)
        assert (answer.status, said in answer.body.decode()) == (400, True)
    assert rows_of(log, cast.destination.first.signer, district=DISTRICT)


def test_who_is_no_authority_is_told_of_no_district(played: tuple[Served, Cast]) -> None:
    log, cast = played
    assert "district" not in rows_of(log, cast.first_lab.first.signer)[0]
    headers = {"Cookie": signed_in(log, cast.first_lab.first.signer)}
    assert log.ask("GET", f"/worklist?district={DISTRICT}", headers=headers).status == 400
