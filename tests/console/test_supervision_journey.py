"""A visit with findings to closure, in the browsers of two officers and of the unit; each step is one statement."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from tests.console.acting import address, in_a_browser, link, today
from tests.console.browsing import go
from tests.console.keyed import until
from tests.console.played import played
from tests.console.test_pages import AXE, VIOLATED, text_of
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.console.acting import Person
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Actors:
    """Two officers and the unit's representative, each in a browser of their own. case: of the supervision."""

    officer: Person
    colleague: Person
    lab: Person
    case: str

    def tasks(self, who: Person) -> Tab:
        return who.form(f"/cases/{self.case}/tasks")


def test_a_visit_with_findings_to_closure(servers: Servers, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with played(servers.get(EMBEDDED), tmp_path / "log", browser) as story, ExitStack() as stack:
        cast, log = story.cast, story.console.log
        officer = stack.enter_context(in_a_browser(log, cast.destination.first, "o-11"))
        colleague = stack.enter_context(in_a_browser(log, cast.destination.first, "o-12"))
        lab = stack.enter_context(in_a_browser(log, cast.first_lab.first, "q-01"))
        planned = officer.states("/acts/plan-supervision", PLAN)
        assert planned["body"]["areas"] == ["documents", "storage"]
        actors = Actors(officer, colleague, lab, planned["body"]["case"])
        tasks = actors.tasks(officer)
        assert "Visit 1 of 1 that are planned" in text_of(tasks)
        assert "of these your turn: 2" in text_of(tasks)
        assert "Record a visit" not in text_of(actors.tasks(lab))
        _looks(actors, officer.form(link(tasks, "Record a visit")))
        _signs_the_visit(actors, tmp_path)
        _answers_and_corrects(actors, today(log), tmp_path / "picture.jpg")
        assert "first settle the findings: 1" in text_of(actors.tasks(officer))
        officer.states(link(actors.tasks(officer), "Verify"), {})
        end = {"conclusion": "rectify", "next_on": "2028-06-30"}
        closed = officer.states(link(actors.tasks(officer), "Close the case"), end)
        assert closed["body"]["next_on"] == "2028-06-30"
        ended = actors.tasks(officer)
        assert "of these your turn: 0" in text_of(ended)
        assert ended.complaints() == []


PLAN: Final = {
    "party": "First Translational Laboratory",
    "basis": "cause",
    "areas": ["documents", "storage"],
    "period_from": "2027-01-01",
    "period_to": "2027-12-31",
    "visits": "1",
    "sites": "site:first-lab",
}


def _looks(actors: Actors, tab: Tab) -> None:
    """Look at three points on a phone, and raise a finding as it is seen."""
    tab.resize(360, 740)
    tab.evaluate(AXE)
    assert tab.evaluate(VIOLATED) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name, value in {"B2.10": "does-not-conform", "A1.1": "conforms", "B1.12": "not-done"}.items():
        tab.evaluate(f"document.getElementById('{name}-{value}').click()")
    assert "3 of 60 points looked at" in tab.evaluate("document.getElementById('looked').innerText")
    seen = {
        "area": "storage",
        "severity": "major",
        "due": "2027-12-20",
        "description": "Freezer 2 stands open, 冰箱2未关",
        "evidence": "00" * 32,
    }
    raised = actors.officer.told(link(tab, "Raise a finding on B2.10"), seen)
    until(raised, "!document.getElementById('signing').hidden")
    assert "Freezer 2 stands open" in raised.evaluate("document.getElementById('disclosed').innerText")
    finding = actors.officer.signs(raised)
    assert finding["body"]["point"] == "B2.10"
    assert finding["body"]["due"].startswith("2027-12-20T15:59:59")
    assert finding["body"]["description"] in finding["_sd"]


def _signs_the_visit(actors: Actors, folder: Path) -> None:
    """Tell what the visit comes to; what was chosen before is still there. Three persons sign it, each on their own."""
    tab = actors.officer.form(f"/cases/{actors.case}/visit")
    assert tab.evaluate("document.querySelectorAll('[data-point] input:checked').length") == 3
    beside = {"B1.12-because": "no-access", "conclusion": "rectify", "unit_signed": "signed"}
    for name, value in {**beside, "second": "o-12", "confirms": "q-01"}.items():
        tab.evaluate(f"document.getElementById('{name}').value = '{value}'")
    go(tab, "document.getElementById('visit').requestSubmit()")
    left = actors.officer.leaves(tab, folder)
    second = actors.colleague.cosigns(left)
    actors.colleague.press(second, "!document.getElementById('open').hidden")
    second.evaluate("document.getElementById('leave-here').click()")
    until(second, "document.getElementById('left-here').textContent.startsWith('It waits')")
    inbox = actors.lab.form("/inbox")
    visited = actors.lab.signs(actors.lab.form(link(inbox, "See what it says, and sign it")))
    signed = [(one["person"], one["meaning"]) for one in visited["signers"]]
    assert signed == [("o-11", "performed"), ("o-12", "witnessed"), ("q-01", "confirmed")]
    results = {one["point"]: one["result"] for one in visited["body"]["points"]}
    assert results == {"A1.1": "conforms", "B1.12": "not-done", "B2.10": "does-not-conform"}


def _answers_and_corrects(actors: Actors, day: str, picture: Path) -> None:
    """The unit answers, and says what it did; of a picture that it takes the page makes the digest."""
    lab = actors.lab
    tasks = actors.tasks(lab)
    assert "B1.12: not done, because: there was no access" in text_of(tasks)
    lab.states(link(tasks, "Answer it"), {"answer": "confirmed", "note": "It is closed now"})
    tab = lab.form(link(actors.tasks(lab), "Say what was done"))
    picture.write_bytes(b"a picture of a freezer")
    tab.choose("#evidence-file", picture)
    until(tab, "document.getElementById('evidence').value")
    tab.evaluate(f"document.getElementById('corrected_on').value = '{day}'")
    go(tab, "document.getElementById('say').requestSubmit()")
    assert lab.signs(tab)["body"]["evidence"] == [hashlib.sha256(picture.read_bytes()).hexdigest()]


def test_who_may_not_see_a_case_gets_neither_tasks_nor_form(servers: Servers, browser: Browser, tmp_path: Path) -> None:
    with played(servers.get(EMBEDDED), tmp_path, browser) as story:
        cookie = {"Cookie": story.console.sign_in(story.cast.broker.first.signer)}
        for path in ("/cases/case:supervision-12/tasks", "/cases/case:supervision-12/visit"):
            assert story.console.log.ask("GET", path, headers=cookie).status == 404
            unit = {"Cookie": story.console.sign_in(story.cast.first_lab.first.signer)}
            assert story.console.log.ask("GET", path, headers=unit).status == 200
            assert story.console.log.ask("GET", address(path, steal="1"), headers=unit).status == 400
