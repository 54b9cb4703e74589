"""An application decided, in the browsers of an officer and of an assessor; and an auditor with a grant that ends."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.assessment.risk import RiskAssessmentRequested
from ledger.domain.bodies.products import FiledPaper, Paper, Product
from ledger.domain.bodies.vocabulary import Amount
from ledger.ids import CaseId
from scripts.demo.cast import LAB
from scripts.demo.stage import Stage, StoryClock
from scripts.demo.supervised import applied
from tests.console.acting import Person, address, in_a_browser, link, today
from tests.console.browsing import go
from tests.console.played import played
from tests.console.test_pages import text_of
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.console.played import Played
    from tests.journeys.chromium import Browser
    from tests.servers import Servers

pytestmark = pytest.mark.browser

APPLICATION: Final = CaseId("case:application-301")
ASSESSMENT: Final = CaseId("case:assessment-301")
STRAIN: Final = Product(
    line=1, name_en="Second strain", quantity=Amount(value="3", unit="vial"), agents=("bacterium-160",)
)
PAPERS: Final = (FiledPaper(paper=Paper.RISK_DOSSIER, digest="2c" * 32),)


@dataclass(frozen=True)
class Deciding:
    """The story, with an application that is handed in; who decides on it and who assesses it, each in a browser."""

    story: Played
    officer: Person
    assessor: Person

    def step(self, who: Person, case: str, called: str, said: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
        """Follow a link from the tasks of a case, and state what it asks."""
        return who.states(link(who.form(f"/cases/{case}/tasks"), called), said)


@contextmanager
def deciding(servers: Servers, browser: Browser, folder: Path) -> Iterator[Deciding]:
    clock = StoryClock()
    with played(servers.get(EMBEDDED), folder, browser, clock) as story, ExitStack() as stack:
        cast, log = story.cast, story.console.log
        stage = Stage(log.doors.ledger, clock)
        clock.later(hours=1)
        submitted = applied(cast, APPLICATION, STRAIN, addressed_to=cast.destination.id)
        stage.say(submitted, cast.importer.first)
        officer = stack.enter_context(in_a_browser(log, cast.destination.first, "o-21"))
        assessor = stack.enter_context(in_a_browser(log, cast.assessor.first, "a-21"))
        found = Deciding(story, officer, assessor)
        found.step(officer, APPLICATION, "Take it up", {"number": "SL 2026 301"})
        found.step(officer, APPLICATION, "Wait for others", {"pause": "expert-assessment"})
        requested = RiskAssessmentRequested(
            case=ASSESSMENT,
            applicant=cast.importer.id,
            body=cast.assessor.id,
            products=(STRAIN,),
            papers=PAPERS,
            first=False,
            application=APPLICATION,
            using_unit=cast.first_lab.id,
        )
        stage.say(requested, cast.importer.first)
        yield found


def test_an_application_is_decided(servers: Servers, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with deciding(servers, browser, tmp_path / "log") as it:
        _assess(it)
        it.step(it.officer, APPLICATION, "Go on", {})
        tab = it.officer.form(f"/cases/{APPLICATION}/tasks")
        day = today(it.story.console.log)
        days = {"issued_on": day, "valid_from": day, "valid_to": "2027-03-01"}
        said = {"number": "GX 2026 0301", "write_off": "batch", "follow_up": "true", **days}
        granted = it.officer.states(link(tab, "Grant an approval"), {**said, "assessment_number": "R 2026 0301"})
        line = granted["body"]["lines"][0]
        assert (line["name_en"], line["quantity"]) == ("Second strain", {"value": "3", "unit": "vial"})
        assert line["agents"] == ["bacterium-160"]
        assert granted["body"]["sites"] == [LAB]
        decided = it.step(it.officer, APPLICATION, "Permit it", {"approval": "GX 2026 0301"})
        assert decided["body"]["approval"] == granted["body"]["approval"]
        ended = text_of(it.officer.form(f"/cases/{APPLICATION}/tasks"))
        assert "GX 2026 0301" in ended
        assert "of these your turn: 0" in ended


def _assess(it: Deciding) -> None:
    """Answer for completeness, form a panel whose members are disclosed, meet on one product, report."""
    assessor = it.assessor
    agenda = text_of(assessor.form("/agenda"))
    assert "3 products wait for a meeting" in agenda, "of the story two"
    assert "nobody has said whether its dossier is complete" in agenda
    it.step(assessor, ASSESSMENT, "Answer", {})
    panel = {"experts": "E-31\nE-32\nE-33", "leader": "E-31"}
    formed = it.step(assessor, ASSESSMENT, "Form the panel", panel)
    assert len(formed["body"]["experts"]) == 3
    assert formed["body"]["leader"] == formed["body"]["experts"][0]
    assert len(formed["_sd"]) == 3
    tab = assessor.form("/agenda")
    assert "panel of 3 experts" in text_of(tab)
    tab.evaluate("document.getElementById('outcome-1').value = 'pass'")
    tab.evaluate("document.getElementById('number').value = '2026-10'")
    go(tab, "document.querySelector('main form').requestSubmit()")
    held = assessor.signs(tab)
    assert held["body"]["outcomes"] == [{"assessment": ASSESSMENT, "line": 1, "outcome": "pass"}]
    day = today(it.story.console.log)
    said = {"number": "R 2026 0301", "valid_from": day, "valid_to": "2028-01-01"}
    reported = it.step(assessor, ASSESSMENT, "Issue the report", said)
    assert reported["body"]["lines"] == [{"line": 1, "passed": True}]


def test_an_auditor_sees_what_a_grant_names_until_it_ends(servers: Servers, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with played(servers.get(EMBEDDED), tmp_path / "log", browser) as story, ExitStack() as stack:
        cast, log = story.cast, story.console.log
        lab = stack.enter_context(in_a_browser(log, cast.first_lab.first, "q-02"))
        auditor = stack.enter_context(in_a_browser(log, cast.assessor.first, "a-22"))
        path = f"/items/{story.vials[9].item}"
        assert "PL-010" not in text_of(auditor.form(path))
        said = {"auditor": "Joint Assessment Mechanism", "until": "2027-12-31", "items": story.vials[9].label}
        granted = lab.states("/acts/let-auditor-in", said)
        assert granted["body"]["until"].startswith("2027-12-31T15:59:59")
        assert "PL-010" in text_of(auditor.form(path))
        assert "Joint Assessment Mechanism" in text_of(lab.form("/accesses"))
        theirs, others = "Audits that let you see what is others'", "Audits by which others see what is yours"
        told = text_of(auditor.form("/overview")).partition(theirs)[2]
        assert "PL-010 · let by First Translational Laboratory · until 2027-12-31 23:59" in told
        assert "Joint Assessment Mechanism: PL-010 · until" in text_of(lab.form("/overview")).partition(others)[2]
        lab.states(address("/acts/end-audit", case=granted["body"]["case"]), {})
        assert "PL-010" not in text_of(auditor.form(path))
        assert theirs not in text_of(auditor.form("/overview"))
        assert others not in text_of(lab.form("/overview"))
