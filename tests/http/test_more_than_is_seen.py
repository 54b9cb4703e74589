"""Searches count what may be seen and nothing else; and whatever is asked for, it is no error of the service."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from api.http.answering import listed, sought
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.custody.custody import CustodyAccepted
from ledger.ids import ItemId
from ledger.rulepacks.load import load_packs
from projections.database.session import Session, prepare
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from tests.authors import made
from tests.http.seen_world import ASKS, LABS, story
from tests.http.serving import Served, served
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers

FOREIGN: Final = LABS["foreign"].party


@pytest.fixture(scope="module")
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log with data of six laboratories, and its views."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("more")) as log:
        on = CustodyAccepted(items=(ItemId("item:former"),), count=1, packaging=Packaging.INTACT)
        for one in (*story(), made(on, LABS["ended"])):
            log.doors.ledger.record(one)
        prepare(log.database.owner)
        with closing(Session(log.database.owner)) as session:
            rebuild(Log(log.doors.ledger.store, log.doors.publication, load_packs()), session, lambda _, __: None)
        yield log


def page(log: Served, path: str) -> str:
    answer = log.ask("GET", path, headers={"Cookie": signed_in(log, ASKS.signer), "Accept-Language": "en"})
    assert answer.status == 200, answer.body
    return answer.body.decode()


def more_of(page: str) -> set[str]:
    """Return the types of things of which a search says that there are more."""
    return set(re.findall(r"kind=(\w+)[^>]*><span[^>]*>\d+\+<", page))


def test_a_search_does_not_count_what_is_not_seen(log: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sought, "MOST", 0)
    assert more_of(page(log, f"/find?party={FOREIGN}")) == {"parties", "sites"}, "the register, which is everybody's"
    assert {"items", "approvals", "permits", "consignments"} <= more_of(page(log, f"/find?party={ASKS.party}"))


def test_a_search_does_not_say_who_has_what_was_handed_on_since(log: Served) -> None:
    assert "item:former" in page(log, "/find?q=former&kind=items")
    assert "item:former" not in page(log, f"/find?party={LABS['ended'].party}&kind=items")


def test_what_is_seen_is_found_behind_what_is_not(log: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sought, "MOST", 1)
    monkeypatch.setattr(listed, "_AT_ONCE", 1)
    found = page(log, "/find?q=2026-&kind=permits")
    assert "permit:granted" in found
    assert "permit:foreign" not in found


HOSTILE: Final = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "%0d%0aX:%20y",
    "0001-01-01",
    "9999-12-31",
    "9" * 100,
    "-1",
    "%F0%9D%9F%97",
    "1e9",
    "x" * 5_000,
)
PLACES: Final = (
    "/find?q={0}",
    "/find?party={0}",
    "/find?q=a&page={0}",
    "/search?q={0}",
    "/recall?item={0}",
    "/recall?lot={0}",
    "/recall?lot=a&page={0}",
    "/recall?donor={0}",
    "/figures?first={0}&last={0}",
    "/figures?first={0}&last=9999-12-31",
    "/agenda?first={0}&last={0}",
    "/agenda?on={0}",
    "/parties/party:lab-1/file?first={0}&last={0}",
    "/parties/party:lab-1/file?first=0001-01-01&last={0}",
    "/items/item:own?at={0}",
    "/items/item:own?as-of={0}",
    "/items/item:own?at={0}&as-of={0}",
    "/sites/site:own?at={0}",
    "/lineage/item:own?at={0}",
    "/lineage/item:own?open={0}",
    "/lineage/item:own?after={0}",
    "/labels?item=item:own&more={0}",
    "/labels?item=item:own&sheet={0}",
    "/labels?item=item:own&margins={0}x{0}",
    "/labels?item=item:own&size=1x{0}",
    "/v1/labels.pdf?item=item:own&first={0}",
    "/v1/labels.zpl?item=item:own&dots={0}",
    "/v1/labels.png?item={0}",
    "/v1/labels.png?consignment={0}",
    "/v1/entries?about={0}",
    "/v1/entries?kinds={0}",
    "/v1/entries?as_of={0}",
    "/v1/entries?after={0}",
    "/v1/entries?limit={0}",
    "/v1/accesses/{0}/proof",
    "/v1/accesses?reader={0}",
    "/v1/digest?on={0}",
    "/v1/inbox?after={0}",
    "/v1/inbox/feed?once=true&after={0}",
    "/bench/known?since={0}",
    "/bench/known?after={0}",
    "/ask/whereabouts?item=item:own&at={0}",
    "/ask/whereabouts?item=item:own&as_of={0}",
    "/cases/{0}/tasks",
    "/cases/case:own/visit?1.1={0}",
    "/worklist?about={0}",
    "/v1/worklist?at={0}",
    "/inbox?after={0}",
    "/worklist?page={0}",
    "/items/item:own?page={0}",
    "/overview?lang={0}",
)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_that_is_asked_for_is_an_error_of_the_service(log: Served, place: str) -> None:
    cookie = signed_in(log, ASKS.signer)
    found: dict[str, int] = {}
    for one in HOSTILE:
        answer = log.ask("GET", place.format(one), headers={"Cookie": cookie})
        if answer.status >= 500:
            found[one[:20]] = answer.status
    assert found == {}
