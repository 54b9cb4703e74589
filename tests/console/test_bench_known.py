"""What a bench is told to know by heart: all of it page by page, then what changed; with views and without the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.console.acts import known
from api.sessions.challenge import sign_challenge
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.ids import CaseId
from scripts.demo.cast import LAB
from scripts.demo.stage import Stage, StoryClock
from tests.console.test_reading import make_views
from tests.http.test_signing_in import challenged
from tests.servers import EMBEDDED
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.demo.cast import Cast, Vial
    from tests.http.serving import Answer, Served
    from tests.servers import Servers

LISTS: Final = ("parties", "consignments", "items")
SAME: Final = ("party", "person", "called", "key", "log", "places", "acts", "colleagues")


@dataclass(frozen=True)
class Bench:
    """The story's log, and somebody's bench at it."""

    log: Served
    clock: StoryClock
    cast: Cast
    vials: list[Vial]
    cookie: str

    def ask(self, query: str = "") -> Answer:
        return self.log.ask("GET", f"/bench/known{query}", headers={"Cookie": self.cookie, "Accept-Language": "en"})

    def told(self, query: str = "") -> dict[str, Any]:
        answer = self.ask(query)
        assert answer.status == 200, answer.body
        said: dict[str, Any] = json.loads(answer.body)
        return said


@pytest.fixture
def bench(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    clock = StoryClock()
    with story_served(servers.get(EMBEDDED), tmp_path_factory.mktemp("known"), clock) as (log, cast, vials):
        signer = cast.first_lab.first.signer
        answer = log.ask("POST", "/v1/sessions", sign_challenge(challenged(log, signer.thumbprint), signer))
        yield Bench(log, clock, cast, vials, answer.headers["set-cookie"].partition(";")[0])


def rows(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is known of each list, by ids."""
    return {name: {one["id"]: one for one in said[name]} for name in LISTS}


def test_pages_from_the_views_hold_what_the_whole_log_does(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bench.told()
    assert len(whole["items"]) > 20
    assert len(whole["parties"]) == len(bench.cast.admitted)  # the operator is one more, its own is not among them
    make_views(bench.log)
    viewed = bench.told()
    assert {name: viewed[name] for name in SAME} == {name: whole[name] for name in SAME}
    assert rows(viewed) == rows(whole)
    monkeypatch.setattr(known, "PAGE", 7)
    page = bench.told()
    items, pages = list(page["items"]), 1
    while page["next"] is not None:
        page = bench.told(f"?after={page['next']}")
        items += page["items"]
        pages += 1
    assert pages > 3
    assert {one["id"]: one for one in items} == rows(whole)["items"]


def test_what_changed_brings_a_bench_to_what_it_would_be_told_anew(bench: Bench) -> None:
    before = bench.told()
    stage, cast = Stage(bench.log.doors.ledger, bench.clock), bench.cast
    held = next(one.item for one in bench.vials if one.item in rows(before)["items"] and one.label == "AC-017")
    given = CustodyHandedOver(items=(held,), receiver=cast.second_lab.id, count=1, packaging=Packaging.INTACT, site=LAB)
    stage.say(given, cast.first_lab.first)
    offered = bench.told(f"?since={before['position']}")
    assert [one["id"] for one in offered["items"]] == [held]
    assert held not in offered["gone"]
    stage.say(CustodyAccepted(items=(held,), count=1, packaging=Packaging.INTACT), cast.second_lab.second)
    after = bench.told(f"?since={before['position']}")
    assert after["items"] == []
    assert held in after["gone"]
    anew = bench.told()
    assert held not in rows(anew)["items"]
    kept = {name: {**found} for name, found in rows(before).items()}
    for name, found in rows(after).items():
        kept[name] = {ident: one for ident, one in (kept[name] | found).items() if ident not in after["gone"]}
    assert kept == rows(anew)
    assert bench.told(f"?since={anew['position']}")["items"] == []


def test_what_the_views_do_not_have_yet_is_told_as_what_changed(bench: Bench) -> None:
    stage, cast = Stage(bench.log.doors.ledger, bench.clock), bench.cast
    held = next(one.item for one in bench.vials if one.label == "AC-017")
    given = CustodyHandedOver(items=(held,), receiver=cast.second_lab.id, count=1, packaging=Packaging.INTACT, site=LAB)
    taken = CustodyAccepted(items=(held,), count=1, packaging=Packaging.INTACT)
    stage.say(given, cast.first_lab.first)
    stage.say(taken, cast.second_lab.second)
    make_views(bench.log)
    back = CustodyHandedOver(items=(held,), receiver=cast.first_lab.id, count=1, packaging=Packaging.INTACT)
    stage.say(back, cast.second_lab.second)
    stage.say(taken, cast.first_lab.first)
    said = bench.told()
    assert held not in rows(said)["items"]
    assert held in rows(bench.told(f"?since={said['position']}"))["items"]


def test_who_asks_since_a_position_that_lies_too_far_away_has_to_ask_for_everything(bench: Bench) -> None:
    position = bench.told()["position"]
    assert bench.told(f"?since={position + 1_000}") == {"again": True}
    assert bench.ask("?since=yesterday").status == 400
    assert bench.ask("?after=nothing").status == 400


def test_what_an_act_of_two_persons_names_is_known_with_views_and_without(bench: Bench) -> None:
    """Who else of the party signs, with each key that counts; and which disposals are approved and not carried out."""
    before = bench.told()
    assert [one["person"] for one in before["colleagues"]] == [bench.cast.first_lab.second.person]
    assert before["colleagues"][0]["key"] == bench.cast.first_lab.second.signer.thumbprint
    assert before["disposals"] == []
    stage, lab = Stage(bench.log.doors.ledger, bench.clock), bench.cast.first_lab
    case, items = CaseId("case:disposal-77"), (next(one.item for one in bench.vials if one.label == "AC-017"),)
    asked = DisposalRequested(case=case, items=items, ground="expired", method=Method.AUTOCLAVE)
    stage.say(asked, lab.first)
    assert bench.told(f"?since={before['position']}")["disposals"] == []
    stage.say(DisposalApproved(case=case, items=items), lab.second)
    changed = bench.told(f"?since={before['position']}")["disposals"]
    assert [(one["id"], one["method"]) for one in changed] == [(case, "autoclave")]
    assert bench.told()["disposals"] == changed
    make_views(bench.log)
    assert bench.told()["disposals"] == changed
    assert "colleagues" not in bench.told(f"?since={before['position']}")
