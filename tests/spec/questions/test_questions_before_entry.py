"""Questions about what comes before entry: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.capability import CheckedItem, Conformity, CreditRated, UnitAssessed
from ledger.domain.assessment.classes import Cause
from ledger.domain.assessment.scope import ManagedAs, ScopeExcluded
from ledger.domain.bodies.vocabulary import Grade, Reference
from ledger.domain.judging import Event, Signed
from ledger.domain.states.application import Phase
from ledger.domain.states.risk import Outcome, OutcomeReason
from ledger.ids import CaseId
from projections.asked.entry.applications import application_steps
from projections.asked.question import Asked
from projections.questions.assessment.meetings import MeetingsAnswer, meetings
from projections.questions.assessment.scope import left_scope
from projections.questions.assessment.unit_classes import unit_classes
from projections.questions.records.judged_by import judged_by, rejudged
from tests.spec import before_entry
from tests.spec.assessing import (
    HELD,
    INSTITUTE,
    PANEL,
    PASSED,
    RECTIFIED,
    REQUESTED,
    VERIFIED,
    VISITED,
    by_institute,
    decided,
)
from tests.spec.before_entry import DECIDED, PAUSED, RESUMED, SERUM, by_applicant, by_customs, on
from tests.spec.crossing import APPROVAL, APPROVED, OFFICER, PARTIES, RIVAL, VIALS, approved, released
from tests.spec.owing.scenes import told
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.world import NOON, events_of, packs, rules_at, said

CHINESE: Final = [pack for pack in packs().packs if pack.jurisdiction == "CN"]
OTHERS: Final = CaseId("case:others")


# Units whose class changed, and why


@pytest.mark.question("unit-classes")
def test_units_whose_class_changed_are_told_with_what_changed_it() -> None:
    assessed = said(
        UnitAssessed(
            party=LABORATORY.party,
            assessor=INSTITUTE.party,
            scope=("research",),
            checklist="checklist-2015",
            items=(CheckedItem(item="A1.1", result=Conformity.CONFORMS),),
            capability=2,
            valid_from=date(2025, 1, 1),
            valid_to=date(2026, 12, 31),
        ),
        INSTITUTE,
        LABORATORY,
    )
    rated = said(CreditRated(party=LABORATORY.party, scheme="aqsiq", level="D", from_on=date(2025, 5, 1)), OFFICER)
    events = events_of([*PARTIES, registered(INSTITUTE.party), assessed, rated])
    [row] = unit_classes(events, date(2025, 2, 1), date(2025, 6, 30), CHINESE)
    assert (row.party, row.now.number) == (LABORATORY.party, 4)
    [(before, after)] = row.changed
    assert (before.unit_class.number, after.unit_class.number, after.first) == (3, 4, date(2025, 5, 1))
    assert [(one.cause, one.statement) for one in after.causes] == [(Cause.RATED, rated.id)]


# Meetings: products, pass rate, reasons, rectification time


def two_meetings() -> list[Signed[Any]]:
    """Return a meeting on products of two applicants, of which one is decided on again in a second meeting."""
    other = replace(REQUESTED, case=OTHERS, applicant=RIVAL.party, using_unit=None, application=None, products=(SERUM,))
    panel = by_institute(replace(PANEL, case=OTHERS), 6)
    failed = replace(PASSED[1], outcome=Outcome.FAIL, reasons=(OutcomeReason.RISK_UNCLEAR, OutcomeReason.WASTE_UNSAFE))
    wanting = replace(
        PASSED[1], assessment=OTHERS, outcome=Outcome.SUPPLEMENT, reasons=(OutcomeReason.PAPERS_INCOMPLETE,)
    )
    first = replace(HELD, outcomes=(PASSED[0], failed, wanting))
    second = replace(HELD, case=CaseId("case:second"), outcomes=(replace(PASSED[1], assessment=OTHERS),))
    given = [*decided()[:-1], said(other, RIVAL, at=on(2)), panel, by_institute(first, 10)]
    given += [
        by_institute(VISITED, 12),
        by_applicant(RECTIFIED, 20),
        by_institute(replace(VERIFIED, numbers=("N1",)), 22),
    ]
    return [*given, by_institute(second, 40)]


def asked(given: list[Signed[Any]]) -> MeetingsAnswer:
    return meetings(events_of(given))


@pytest.mark.question("meetings")
def test_meetings_are_counted_product_by_product_from_the_record() -> None:
    answer = asked(two_meetings())
    assert (len(answer.meetings), answer.participations, answer.products, answer.passed) == (2, 3, 4, 2)
    assert answer.pass_rate == Fraction(1, 2)
    first, second = answer.meetings
    assert (first.enterprises, second.enterprises) == (
        frozenset({IMPORTER.party, RIVAL.party}),
        frozenset({RIVAL.party}),
    )
    assert first.outcomes == Counter({Outcome.PASS: 1, Outcome.FAIL: 1, Outcome.SUPPLEMENT: 1})
    assert answer.reasons == Counter(
        {OutcomeReason.RISK_UNCLEAR: 1, OutcomeReason.WASTE_UNSAFE: 1, OutcomeReason.PAPERS_INCOMPLETE: 1}
    )


@pytest.mark.question("rectifications")
def test_the_time_of_a_rectification_runs_from_the_visit_until_it_is_verified() -> None:
    assert [(one.number, one.took) for one in asked(two_meetings()).rectifications] == [
        ("N1", timedelta(days=10)),
        ("N2", None),
    ]


def test_a_meeting_that_is_voided_is_in_no_figure_and_a_correction_counts_as_it_stands() -> None:
    given = two_meetings()
    voided = said(StatementVoided(statement=given[-1].id, ground="entered-twice"), INSTITUTE, at=on(41))
    assert (asked([*given, voided]).products, asked([*given, voided]).passed) == (3, 1)
    worse = replace(
        given[-1].body,
        outcomes=(replace(given[-1].body.outcomes[0], outcome=Outcome.FAIL, reasons=(OutcomeReason.OTHER,)),),
    )
    corrected = said(worse, INSTITUTE, at=on(40), corrects=given[-1].id, reason="misread")
    assert (asked([*given, corrected]).products, asked([*given, corrected]).passed) == (4, 1)
    assert asked([]).pass_rate is None


# Which edition judged an approval, and what changes by today's


def judged_events(given: list[Signed[Any]], rules: str) -> list[Event[Any]]:
    """Return statements as events that an edition judged."""
    return [replace(event, rules=rules) for event in events_of(given)]


@pytest.mark.question("application-days")
def test_each_step_of_an_application_is_told_with_its_working_days_and_whether_they_count() -> None:
    """Handed in on Tuesday 11 August; the experts have it over a weekend; decided on Tuesday 18 August."""
    given = [*before_entry.approved(2), by_customs(PAUSED, 2), by_customs(RESUMED, 6), by_customs(DECIDED, 7)]
    asking = Asked(tuple(told(given)), packs(), "CN", on(30))
    rows = application_steps(asking)
    assert [(one.phase, one.days, one.counts) for one in rows] == [
        (Phase.INTAKE, 1, False),
        (Phase.DECISION, 1, True),
        (Phase.EXPERT_ASSESSMENT, 2, False),
        (Phase.DECISION, 1, True),
    ]
    assert (rows[-1].ended, rows[0].why.rests, rows[1].why.rests) == (on(7), None, "decide-application")
    (*_, last) = application_steps(dataclasses.replace(asking, events=tuple(told(given[:-1])), at=on(9)))
    assert (last.phase, last.ended, last.days) == (Phase.DECISION, None, 3)


@pytest.mark.question("judged-by")
def test_an_approval_tells_the_edition_that_judged_it_and_what_another_one_changes() -> None:
    old = packs().at("CN", date(2025, 6, 1))
    body = replace(APPROVED, grade=Grade.B)
    events = judged_events(approved(body), old.name)
    [row] = judged_by(events, APPROVAL)
    assert (row.kind, row.rules, row.position) == ("approval.granted/1", old.name, len(events))
    [again] = rejudged(events, APPROVAL, rules_at(NOON), packs())
    assert (again.by, again.known, again.differs) == (rules_at(NOON).name, True, True)
    assert ([one.rule for one in again.added], again.gone, again.refused) == (["APR-13"], (), None)
    [same] = rejudged(events, APPROVAL, old, packs())
    assert not same.differs


def test_what_would_no_longer_be_a_breach_is_told_as_gone() -> None:
    events = judged_events(approved(replace(APPROVED, grade=Grade.D)), rules_at(NOON).name)
    [again] = rejudged(events, APPROVAL, packs().at("CN", date(2025, 6, 1)), packs())
    assert [one.rule for one in again.gone] == ["APR-13"]


def test_an_edition_that_is_not_at_hand_is_no_ground_for_an_answer() -> None:
    [again] = rejudged(judged_events(approved(), "cn-999 " + "0" * 64), APPROVAL, rules_at(NOON), packs())
    assert (again.known, again.differs) == (False, False)


# What left scope, and how it was treated after


@pytest.mark.question("left-scope")
def test_what_left_scope_is_told_with_its_evidence_and_all_that_was_done_since() -> None:
    evidence = Reference(document="S 2024-77", issued_by="Drug authority", digest="5" * 64)
    excluded = said(
        ScopeExcluded(
            party=IMPORTER.party,
            name_en="Reagent kit",
            managed_as=ManagedAs.MEDICAL_DEVICE,
            direction=Direction.IMPORT,
            from_on=date(2026, 9, 1),
            evidence=evidence,
            issuer_country="CN",
            items=VIALS[:1],
        ),
        IMPORTER,
    )
    events, calendar = events_of([*released(), excluded]), rules_at(NOON).working_days
    [row] = left_scope(events, date(2026, 9, 1), date(2026, 9, 30), calendar)
    assert (row.product, row.managed_as, row.evidence, row.issuer_country) == (
        "Reagent kit",
        ManagedAs.MEDICAL_DEVICE,
        evidence,
        "CN",
    )
    [(item, acts)] = row.items
    assert (item, [act.kind for act in acts]) == (VIALS[0], ["item.listed/1", "consignment.released/1"])
    assert left_scope(events, date(2026, 9, 2), date(2026, 9, 30), calendar) == ()
