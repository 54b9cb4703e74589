"""The worklist over HTTP comes from the views where these stand where it is read, and has the rows of the whole log."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.http.answering.due import page
from api.http.bounds import views
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.rulepacks.load import load_packs
from projections.database.session import Session, prepare
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.demo.cast import LAB
from scripts.demo.stage import Stage, StoryClock
from tests.http.serving import by_views_alone
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.ids import ItemId
    from scripts.demo.cast import Cast
    from tests.http.serving import Answer, Served
    from tests.servers import Servers

WHOLE: Final = ("first_lab", "port", "destination")
"""Who sees to the end whatever they are told of."""


class Told:
    """The demo's story, served, and whoever asks for its worklist."""

    def __init__(self, log: Served, cast: Cast, clock: StoryClock, item: ItemId) -> None:
        self.log, self.cast, self.clock, self.item = log, cast, clock, item
        self._cookies: dict[str, str] = {}

    def ask(self, who: str, query: str = "", accept: str = "application/json", least: int = 0) -> Answer:
        if who not in self._cookies:
            self._cookies[who] = signed_in(self.log, getattr(self.cast, who).first.signer)
        headers = {"Cookie": self._cookies[who], "Accept": accept, "Accept-Language": "en"}
        headers["Vialog-Min-Position"] = str(least)
        return self.log.ask("GET", f"/v1/worklist{query}", headers=headers)

    def page(self, who: str, query: str = "", least: int = 0) -> dict[str, Any]:
        answer = self.ask(who, query, least=least)
        assert answer.status == 200, answer.body
        said: dict[str, Any] = json.loads(answer.body)
        return said

    def paged(self, who: str, limit: int) -> list[dict[str, Any]]:
        """Return the rows of all pages, each begun behind the one before."""
        query, rows = f"?limit={limit}", list[dict[str, Any]]()
        while True:
            answer = self.ask(who, query)
            assert answer.status == 200, answer.body
            rows += json.loads(answer.body)["rows"]
            if "link" not in answer.headers:
                return rows
            query = answer.headers["link"].partition("<")[2].partition(">")[0].removeprefix("/v1/worklist")

    def make_views(self) -> None:
        prepare(self.log.database.owner)
        with closing(Session(self.log.database.owner)) as session:
            rebuild(
                Log(self.log.doors.ledger.store, self.log.doors.publication, load_packs()), session, lambda *_: None
            )


@pytest.fixture(scope="module")
def told(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    clock = StoryClock()
    with story_served(servers.get(EMBEDDED), tmp_path_factory.mktemp("owed"), clock) as (log, cast, vials):
        yield Told(log, cast, clock, next(one.item for one in vials if one.label == "AC-017"))


ASKED: Final = (
    "?limit=1000",
    "?status=overdue",
    "?status=due&limit=1000",
    "?status=open",
    "?status=paused",
    "?duty=renew-site-certificate",
)


def test_each_reader_is_told_the_rows_of_the_whole_log_by_the_views_alone(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(who, query) for who in WHOLE for query in ASKED]
    whole = {one: told.page(*one) for one in asked}
    in_part = told.page("importer", "?limit=1000")["rows"]
    carrier = told.page("carrier", "?limit=1000")
    sheet = told.ask("first_lab", "?limit=1000", "text/csv").body
    assert told.ask("first_lab", "?status=met").status == 200
    told.make_views()
    with by_views_alone(told.log.doors):
        assert {one: told.page(*one) for one in asked} == whole
        assert told.ask("first_lab", "?limit=1000", "text/csv").body == sheet
        assert {who: told.paged(who, 2) for who in WHOLE} == {who: whole[who, "?limit=1000"]["rows"] for who in WHOLE}
        monkeypatch.setattr(page, "MOST_COUNTED", 1)
        many = told.page("first_lab", "?limit=1000")
        assert (many["total"], many["rows"]) == (None, whole["first_lab", "?limit=1000"]["rows"])
        assert told.paged("first_lab", 2) == many["rows"]
        # Who handed vials on does not see what became of them: of the log it is told as open what has ended since.
        from_views = told.page("importer", "?limit=1000")["rows"]
        assert told.ask("first_lab", "?status=met").status == 503, "of what has ended the whole log is read"
    # Of what the carrier is shown something comes out otherwise than the views say: then the whole log is read.
    assert told.page("carrier", "?limit=1000") == carrier
    assert [row for row in in_part if row in from_views] == from_views
    counts = {len(carrier["rows"]), len(from_views), *(len(whole[who, "?limit=1000"]["rows"]) for who in WHOLE)}
    assert len(counts) > 2, "readers see more or less of it"


def test_a_page_begins_behind_nothing_that_is_not_told(told: Told) -> None:
    told.make_views()
    with by_views_alone(told.log.doors):
        for after in ("1/renew-site-certificate/item:nothing/", f"1/no-duty/{told.item}/"):
            assert told.ask("first_lab", f"?after={after}").status == 404, after


def test_what_is_recorded_since_the_views_stood_is_told_to_who_asks_for_it(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_WAITS", 0.1)
    told.make_views()
    before = told.page("first_lab", "?limit=1000")
    lab, other = told.cast.first_lab, told.cast.second_lab
    given = CustodyHandedOver(items=(told.item,), receiver=other.id, count=1, packaging=Packaging.INTACT, site=LAB)
    Stage(told.log.doors.ledger, told.clock).say(given, lab.first)
    assert told.page("first_lab", "?limit=1000") == before, "as of where the views stand, which is seconds old"
    after = told.page("first_lab", "?limit=1000", least=told.log.doors.ledger.store.head())
    assert after["as_known_at"] > before["as_known_at"]
    new = [row for row in after["rows"] if row["opened_by"] > before["as_known_at"]]
    assert [(row["subject"], row["debtor"]) for row in new] == [(told.item, other.id)]
    told.make_views()
    with by_views_alone(told.log.doors):
        assert told.page("first_lab", "?limit=1000")["rows"] == after["rows"]
