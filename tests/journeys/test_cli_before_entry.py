"""Before entry from the command line: an application, its assessment in a meeting, and what is told if it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.conftest import Port

APPLICATION, RISK, MEETING, OTHER = "case:application-1", "case:risk-1", "case:meeting-1", "case:risk-2"
PAPER = ("--paper", "risk-dossier", "--digest", "0" * 64)
PRODUCT = ("--line", 1, "--name-en", "Strain", "--quantity", "10 vial", "--agents", "bacterium-1")
EXPERTS = ("e1", "e2", "e3")
PANEL = tuple(part for name in EXPERTS for part in ("--experts", f"disclose:{name}"))


def test_an_application_is_assessed_in_a_meeting_and_decided(port: Port) -> None:
    bench, unit = port
    customs = bench.admit("party:jinling", "customs")
    institute = bench.admit("party:institute", "assessment-body")
    told = [
        bench.record(
            "application.submitted", "--case", APPLICATION, "--applicant", unit.party, "--direction", "import",
            *PRODUCT, *PAPER, "--grade", "B1", by=unit, role="applicant",
        ),
        bench.record("application.accepted", "--case", APPLICATION, "--number", "SL-1", by=customs),
        bench.record(
            "risk-assessment.requested", "--case", RISK, "--applicant", unit.party, "--body", "party:institute",
            "--application", APPLICATION, "--first", "false", *PRODUCT, *PAPER, by=unit, role="applicant",
        ),
        bench.record("risk-assessment.completeness-answered", "--case", RISK, by=institute),
        bench.record(
            "risk-assessment.panel-formed", "--case", RISK, *PANEL, "--leader", "disclose:e1",
            *(part for name in EXPERTS for part in ("--disclose", f"{name}=x-{name}")), by=institute,
        ),
        bench.record(
            "assessment-meeting.held", "--case", MEETING, "--body", "party:institute", "--assessment", RISK,
            "--line", 1, "--outcome", "pass", by=institute,
        ),
        bench.record(
            "risk-assessment.reported", "--case", RISK, "--number", "PG-1", "--line", 1, "--passed", "true",
            "--valid-from", "2026-11-01", "--valid-to", "2029-11-01", by=institute,
        ),
    ]  # fmt: skip
    assert [(ran.code, ran.stderr) for ran in told if ran.code != 0] == []
    assert "told the applicant that the dossier" in told[3].stderr and "is complete" in told[3].stderr
    assert "1 passed" in told[5].stderr
    early = bench.record("application.decided", "--case", APPLICATION, "--approval", "approval:none", by=customs)
    assert (early.code, "APP-08" in early.stderr) == (5, True)
    refused = bench.record(
        "application.refused", "--case", APPLICATION, "--number", "JD-1", "--ground", "conditions-not-met",
        by=customs,
    )  # fmt: skip
    assert refused.code == 0, refused.stderr
    again = bench.record("application.withdrawn", "--case", APPLICATION, by=unit, role="applicant")
    assert (again.code, "APP-03" in again.stderr) == (5, True)


def test_too_small_a_panel_asks_for_an_acknowledgement_and_names_nobody(port: Port) -> None:
    bench, unit = port
    institute = bench.admit("party:experts", "assessment-body")
    asked = bench.record(
        "risk-assessment.requested", "--case", OTHER, "--applicant", unit.party, "--body", "party:experts",
        "--first", "true", *PRODUCT, *PAPER, by=unit, role="applicant",
    )  # fmt: skip
    assert asked.code == 0, asked.stderr
    small = ("--experts", "disclose:e1", "--leader", "disclose:e1", "--disclose", "e1=x-secret")
    panel = bench.record("risk-assessment.panel-formed", "--case", OTHER, *small, by=institute)
    assert (panel.code, "RSK-11" in panel.stderr) == (6, True)
    told = bench.record(
        "risk-assessment.panel-formed",
        "--case",
        OTHER,
        *small,
        "--acknowledge",
        "RSK-11=as-printed",
        by=institute,
    )
    assert told.code == 0, told.stderr
    assert "x-secret" not in bench.done("log", "show").stdout
    undisclosed = ("--experts", "F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY")
    leader = ("--leader", "F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY")
    bare = bench.record("risk-assessment.panel-formed", "--case", OTHER, *undisclosed, *leader, by=institute)
    assert (bare.code, "RSK-10" in bare.stderr) == (5, True)
