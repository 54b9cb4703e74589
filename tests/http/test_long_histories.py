"""Histories over HTTP: as the pages tell them, and never longer than somebody reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.http.answering.subjects import TOLD as HISTORY
from tests.authors import OPERATOR, admissions, made, opening
from tests.faults.parties import registration
from tests.http.serving import Served, served
from tests.http.test_asking import OWN, stated
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers

TOLD: Final = 1_000


@pytest.fixture(scope="module")
def long(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log whose operator has registered more than a thousand parties, and a laboratory two items."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("long")) as log:
        first = (opening(), *admissions(OWN), *stated("lab-1", "item:own", "A-1"))
        others = (made(registration(number), OPERATOR) for number in range(TOLD))
        for one in (*first, *others):
            log.doors.ledger.submit(one).result()
        yield log


def said(log: Served, path: str) -> dict[str, Any]:
    answer = log.ask("GET", path, headers={"Cookie": signed_in(log)})
    assert answer.status == 200, answer.body
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_what_was_done_with_the_items_of_a_site_is_not_in_its_history_and_counts_in_what_it_is(long: Served) -> None:
    found = said(long, "/v1/sites/site:lab-1")
    assert ([one["kind"] for one in found["history"]], found["earlier"]) == (["site.registered/1"], 0)
    assert found["now"]["name"] == "lab-1"
    kinds = [one["kind"] for one in said(long, "/v1/entries?about=site:lab-1")["rows"]]
    assert kinds == ["site.registered/1", "item.collected/1"]


def test_the_newest_thousand_statements_are_told_and_how_many_come_before_them(long: Served) -> None:
    found = said(long, "/v1/parties/party:operator")
    positions = [one["position"] for one in found["history"]]
    kinds, about, after = ",".join(sorted(HISTORY["party"])), [], 0
    while rows := said(long, f"/v1/entries?about=party:operator&kinds={kinds}&limit=500&after={after}")["rows"]:
        about += [one["position"] for one in rows]
        after = about[-1]
    assert positions == about[-TOLD:]
    assert found["earlier"] == len(about) - TOLD > 0
