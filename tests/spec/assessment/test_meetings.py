"""Panels, and meetings that decide product by product: RSK-10 to RSK-15."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.assessment.meetings import (
    AssessmentMeetingHeld,
    ProductOutcome,
    RiskAssessmentPanelFormed,
)
from ledger.domain.assessment.remarks import assessment_remarks
from ledger.domain.judging import Signed
from ledger.domain.registry.units import FiledProduct, ProductFiled
from ledger.domain.states.risk import Meeting, Outcome, OutcomeReason
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import CaseId
from tests.spec.assessing import (
    COMPLETE,
    EXPERTS,
    HELD,
    MEETING,
    PANEL,
    PASSED,
    REQUESTED,
    RISK,
    assessment,
    by_institute,
    decided,
    requested,
)
from tests.spec.before_entry import SERUM, by_applicant, by_customs, on
from tests.spec.crossing import RIVAL
from tests.spec.parties import IMPORTER
from tests.spec.world import breaches, grounds, judged, packs, refused, said, state_of

OTHERS = CaseId("case:others")
FAILED = replace(PASSED[1], outcome=Outcome.FAIL, reasons=(OutcomeReason.CAPABILITY_INSUFFICIENT,))
OPEN = replace(PASSED[1], outcome=Outcome.SUPPLEMENT, reasons=(OutcomeReason.PAPERS_INCOMPLETE,))


def formed(**changes: Any) -> Signed[Any]:  # noqa: ANN401  members of a body
    return by_institute(replace(PANEL, **changes), 6)


@pytest.mark.rule("RSK-11")
def test_a_panel_has_at_least_three_experts() -> None:
    assert judged(requested(), formed()) == []
    [breach] = breaches(requested(), formed(experts=EXPERTS[:2]))
    assert (breach.rule, breach.given) == ("RSK-11", {"asked": 3, "experts": 2})
    assert grounds(breach) == ("255/2024 Art. 6", True)


@pytest.mark.rule("RSK-12")
@pytest.mark.parametrize(("experts", "remarked"), [(3, []), (4, ["RSK-12"]), (5, [])])
def test_an_even_panel_is_remarked_on_and_nobody_is_asked_to_acknowledge_it(experts: int, remarked: list[str]) -> None:
    statement = formed(experts=EXPERTS[:experts], recused=())
    assert judged(requested(), statement) == []
    found = remarks([*requested(), statement])
    assert [one.rule for one in found if one.rule != "RSK-09"] == remarked
    assert all(grounds(one) == ("255/2024 Art. 6", True) for one in found if one.rule != "RSK-09")
    assert remarks([*requested(), statement], "US") == []


@pytest.mark.rule("RSK-09")
def test_a_product_that_is_not_filed_is_remarked_on() -> None:
    [remark] = remarks(requested())
    assert (remark.rule, remark.given) == ("RSK-09", {"lines": ("1", "2"), "count": 2})
    assert not grounds(remark)[1]
    filing = ProductFiled(
        party=IMPORTER.party, number="BA-1", filed_on=on(0).date(), products=(FiledProduct(line=1, name_en="Strain"),)
    )
    filed = replace(REQUESTED, products=tuple(replace(one, filing_number="BA-1") for one in REQUESTED.products))
    assert remarks([*requested()[:-1], by_customs(filing, 1), by_applicant(filed, 2)]) == []


def remarks(given: list[Signed[Any]], jurisdiction: str = "CN") -> list[Breach]:
    """Return what is remarked on the assessment after some statements."""
    case, party = state_of(given, RISK), state_of(given, IMPORTER.party)
    return list(assessment_remarks(case, party, packs().at(jurisdiction, on(6).date())))


@pytest.mark.rule("RSK-10")
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"experts": EXPERTS[:2] * 2}, id="an expert twice"),
        pytest.param({"leader": EXPERTS[4]}, id="led by somebody else"),
        pytest.param({"recused": EXPERTS[1:2]}, id="an expert who is recused"),
        pytest.param({"experts": ("x" * 43, *EXPERTS[:2])}, id="an expert who is not disclosed"),
    ],
)
def test_a_panel_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    assert refused(requested(), formed(**changes)) == "RSK-10"


@pytest.mark.rule("RSK-03", "RSK-04")
def test_a_panel_is_formed_by_the_body_before_it_decides() -> None:
    stranger = said(PANEL, RIVAL, at=on(6), commits=frozenset(EXPERTS))
    assert refused(requested(), stranger) == "RSK-04"
    assert refused(decided(), by_institute(PANEL, 11)) == "RSK-03"


def test_the_record_holds_of_a_panel_nothing_but_commitments() -> None:
    panel = assessment([*requested(), formed()]).panel
    assert panel is not None
    assert (panel.experts, panel.leader, panel.recused) == (EXPERTS[:3], EXPERTS[0], EXPERTS[3:4])
    assert set(RiskAssessmentPanelFormed.__struct_fields__) == {"case", "experts", "leader", "recused", "outside"}


def others() -> Signed[Any]:
    """Return the request of another applicant."""
    body = replace(REQUESTED, case=OTHERS, applicant=RIVAL.party, using_unit=None, application=None, products=(SERUM,))
    return said(body, RIVAL, at=on(2))


def test_a_meeting_decides_product_by_product_on_those_of_several_applicants() -> None:
    panel = by_institute(replace(PANEL, case=OTHERS), 6)
    given = [*requested(), others(), by_institute(PANEL, 6), panel]
    spot = ProductOutcome(assessment=OTHERS, line=2, outcome=Outcome.PASS, spot_check=True, on_site=True)
    meeting = by_institute(replace(HELD, outcomes=(PASSED[0], FAILED, spot), number="M-8"), 10)
    assert judged(given, meeting) == []
    given.append(meeting)
    meeting_case = state_of(given, MEETING)
    held = meeting_case.detail
    assert isinstance(held, Meeting) and meeting_case.status is CaseStatus.CLOSED
    assert [(one.assessment, one.line, one.outcome) for one in held.outcomes] == [
        (RISK, 1, Outcome.PASS),
        (RISK, 2, Outcome.FAIL),
        (OTHERS, 2, Outcome.PASS),
    ]
    assert {line: one.outcome for line, one in assessment(given).outcomes.items()} == {1: Outcome.PASS, 2: Outcome.FAIL}
    [decision] = state_of(given, OTHERS).detail.outcomes.values()
    assert (decision.spot_check, decision.on_site) == (True, True)


@pytest.mark.rule("RSK-15")
def test_a_meeting_decides_on_what_a_panel_was_formed_for() -> None:
    [breach] = breaches(requested(), by_institute(HELD, 10))
    assert (breach.rule, breach.given, grounds(breach)) == ("RSK-15", {"case": RISK}, ("255/2024 Art. 6", True))


@pytest.mark.rule("RSK-14")
def test_a_product_is_decided_on_once_unless_a_supplement_was_asked_for() -> None:
    second = replace(HELD, case=CaseId("case:second"), outcomes=(PASSED[1],))
    assert judged(decided(PASSED[0], OPEN), by_institute(second, 12)) == []
    assert refused(decided(), by_institute(second, 12)) == "RSK-14"
    assert refused(decided(PASSED[0], FAILED), by_institute(second, 12)) == "RSK-14"


@pytest.mark.rule("RSK-03", "RSK-04", "RSK-13", "RSK-14")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(HELD, case=RISK), "RSK-13", id="in a case that there is"),
        pytest.param(replace(HELD, outcomes=PASSED[:1] * 2), "RSK-13", id="a product twice"),
        pytest.param(replace(HELD, outcomes=(replace(FAILED, reasons=()),)), "RSK-13", id="failed without a reason"),
        pytest.param(replace(HELD, outcomes=(replace(PASSED[0], line=9),)), "RSK-14", id="no such product"),
        pytest.param(replace(HELD, outcomes=(replace(PASSED[0], assessment=OTHERS),)), "RSK-03", id="no assessment"),
        pytest.param(replace(HELD, body=RIVAL.party), "RSK-04", id="of another body"),
    ],
)
def test_a_meeting_that_contradicts_the_record_is_refused(body: AssessmentMeetingHeld, rule: str) -> None:
    given = [*requested(), by_institute(COMPLETE, 3), by_institute(PANEL, 6)]
    assert refused(given, by_institute(body, 10)) == rule
