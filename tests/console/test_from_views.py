"""Pages made with the views say what they say without: to each of those who read, of what they may see."""

from __future__ import annotations

import csv
import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from ledger.rulepacks.load import load_packs
from projections.database.session import Session, prepare
from projections.obligations import Asked, Part, folded
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from projections.source import Source
from scripts.demo.stage import StoryClock
from tests.console.browsing import at_own_address
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED
from tests.story import play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.demo.cast import Cast
    from scripts.demo.stage import Party
    from tests.http.serving import Served
    from tests.servers import Servers

TEXTS: Final = ("PL-010", "PL-0lO", "GX 2026 0164", "p-01", "nobody")
FROM_VIEWS: Final = "Where to look was said by the views"
DUTIES: Final = ("account-for-material", "declare-at-destination", "keep-approval-records")


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    """The demo's story, served without views."""
    clock = StoryClock()
    with at_own_address(servers.get(EMBEDDED), tmp_path_factory.mktemp("views"), clock) as log:
        cast, _ = play(log.doors.ledger, clock)
        yield log, cast


def make_views(log: Served) -> None:
    prepare(log.database.owner)
    with closing(Session(log.database.owner)) as session:
        viewed = Log(log.doors.ledger.store, log.doors.publication, load_packs())
        rebuild(viewed, session, lambda _, __: None)


def opened(log: Served, who: Party, duty: str) -> set[str]:
    """Return by its row each obligation that somebody is told of; the row names the statement that opened it."""
    headers = {"Cookie": signed_in(log, who.first.signer), "Accept-Language": "en"}
    answer = log.ask("GET", f"/worklist.csv?duty={duty}", headers=headers)
    return {" ".join(row[2:5]) for row in list(csv.reader(answer.body.decode("utf-8-sig").splitlines()))[1:]}


def hits(log: Served, who: Party) -> dict[str, list[str]]:
    """Return where each text leads."""
    headers = {"Cookie": signed_in(log, who.first.signer), "Accept-Language": "en"}
    found = {}
    for text in TEXTS:
        answer = log.ask("GET", f"/search?q={text.replace(' ', '%20')}", headers=headers)
        main = answer.body.decode().partition("<main")[2]
        found[text] = [answer.headers.get("location", ""), *sorted(re.findall(r'href="([^"]+)"', main))]
    return found


def test_with_the_views_a_page_says_what_it_says_without(story: tuple[Served, Cast]) -> None:
    log, cast = story
    now = log.doors.signing_in.clock.now()
    whole = folded(Source(log.doors.ledger.store), log.doors.ledger.packs, Asked(now), Part(10_000))
    unended = {duty: sum(row.duty == duty for row in whole.rows) for duty in DUTIES}
    readers = (cast.first_lab, cast.importer, cast.destination)
    without = {(who.id, duty): opened(log, who, duty) for who in readers for duty in DUTIES}
    found = {who.id: hits(log, who) for who in readers[:2]}
    make_views(log)
    page = log.ask(
        "GET", "/worklist", headers={"Cookie": signed_in(log, cast.first_lab.first.signer), "Accept-Language": "en"}
    )
    assert FROM_VIEWS in page.body.decode()
    with_views = {(who.id, duty): opened(log, who, duty) for who in readers for duty in DUTIES}
    # Who has the goods is told the same; who does not see how a matter ended is no longer told that it is open.
    for (who, duty), rows in with_views.items():
        assert rows <= without[who, duty], (who, duty)
        assert who != cast.first_lab.id or rows == without[who, duty]
        assert len(rows) <= unended[duty]
    assert {who.id: hits(log, who) for who in readers[:2]} == found
