"""What holds of all that comes before entry: days in any order of telling, classes of a day, figures of meetings."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.assessment.capability import CheckedItem, Conformity, CreditRated, UnitAssessed
from ledger.domain.assessment.classes import class_on, class_periods
from ledger.domain.assessment.days import days_between, days_of, decision_due
from ledger.domain.fold import fold
from ledger.domain.judging import Event, Signed
from ledger.domain.law.deadlines import Term
from ledger.domain.states.application import Application, Phase
from ledger.domain.states.party import Party
from ledger.domain.states.risk import Assessment, Outcome, OutcomeReason
from ledger.errors import Refused
from ledger.ids import CaseId, Tag
from ledger.statement.catalogue import KINDS
from projections.questions.assessment.meetings import meetings
from tests.spec.assessing import HELD, INSTITUTE, PASSED, assessment, by_institute, decided
from tests.spec.before_entry import (
    ACCEPTED,
    APPLIED,
    ASKED,
    CASE,
    PAUSED,
    RESUMED,
    SUPPLEMENT,
    by_applicant,
    by_customs,
)
from tests.spec.crossing import LAB, OFFICER
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, events_of, judged, packs, rules_at, said

CALENDAR: Final = rules_at(NOON).working_days
CHINESE: Final = [pack for pack in packs().packs if pack.jurisdiction == "CN"]
HERE: Final = {
    Phase.INTAKE: [by_customs(ASKED, 0), by_customs(ACCEPTED, 0)],
    Phase.APPLICANT: [by_applicant(SUPPLEMENT, 0)],
    Phase.DECISION: [by_customs(ASKED, 0), by_customs(PAUSED, 0)],
    Phase.EXPERT_ASSESSMENT: [by_customs(RESUMED, 0)],
}
"""The statements that go on from a phase."""


def folded(statements: list[Signed[Any]], order: list[int]) -> Application:
    """Return the application after statements that were told in an order; the first brings it into being."""
    events = [
        Event(position + 1, one.occurred_at, frozenset({Tag(CASE)}), one)
        for position, one in enumerate(statements[at] for at in order)
    ]
    found = fold(Tag(CASE), events, KINDS)
    assert isinstance(found.detail, Application)  # type: ignore[attr-defined]  # a case
    return found.detail  # type: ignore[attr-defined]


@st.composite
def histories(draw: st.DrawFn) -> list[Signed[Any]]:
    """Return an application and what became of it, step by step, each some hours after the one before."""
    told, at = [by_applicant(APPLIED, 0)], by_applicant(APPLIED, 0).occurred_at
    for _ in range(draw(st.integers(0, 8))):
        phase = folded(told, list(range(len(told)))).phase
        at += timedelta(hours=draw(st.integers(1, 200)))
        told.append(replace(draw(st.sampled_from(HERE[phase])), occurred_at=at))
    return told


@settings(deadline=None)
@given(history=histories(), data=st.data(), later=st.integers(0, 60))
def test_days_are_the_same_in_any_order_of_telling_and_add_up(
    history: list[Signed[Any]], data: st.DataObject, later: int
) -> None:
    until = history[-1].occurred_at + timedelta(days=later)
    order = [0, *data.draw(st.permutations(range(1, len(history))))]
    told, shuffled = folded(history, list(range(len(history)))), folded(history, order)
    counted = days_of(shuffled, CALENDAR, until)
    assert counted == days_of(told, CALENDAR, until)
    assert counted.whole == days_between(history[0].occurred_at, until, Term.WORKING_DAYS, CALENDAR)
    assert 0 <= counted.counted <= counted.whole


@settings(deadline=None)
@given(history=histories())
def test_a_decision_is_late_from_the_moment_after_it_was_due(history: list[Signed[Any]]) -> None:
    rules = rules_at(NOON)
    application = folded(history, list(range(len(history))))
    due, term = decision_due(application, rules), rules.approval_decision_days
    assert term is not None
    if due is None:
        assert application.phase is not Phase.DECISION
    elif days_of(application, CALENDAR, application.steps[-1].since).counted <= term.value:
        assert days_of(application, CALENDAR, due).counted == term.value
        next_day = CALENDAR.end_of_day(CALENDAR.add_working_days(CALENDAR.local_date(due), 1))
        assert days_of(application, CALENDAR, next_day).counted == term.value + 1


DAYS: Final = st.dates(date(2024, 12, 1), date(2025, 12, 31))


@st.composite
def units(draw: st.DrawFn) -> Party:
    """Return a unit with some assessments and ratings."""
    statements: list[Signed[Any]] = []
    for first in draw(st.lists(DAYS, max_size=4, unique=True)):
        body = UnitAssessed(
            party=LABORATORY.party,
            assessor=INSTITUTE.party,
            scope=("research",),
            checklist="checklist-2015",
            items=(CheckedItem(item="A1.1", result=Conformity.CONFORMS),),
            capability=draw(st.integers(1, 4)),
            valid_from=first,
            valid_to=first + timedelta(days=draw(st.integers(0, 300))),
            sites=(LAB,),
        )
        statements.append(said(body, INSTITUTE, LABORATORY))
    for day in draw(st.lists(DAYS, max_size=4, unique=True)):
        level = draw(st.sampled_from(["AA", "A", "B", "C", "D"]))
        statements.append(said(CreditRated(party=LABORATORY.party, scheme="aqsiq", level=level, from_on=day), OFFICER))
    order = draw(st.permutations(statements))
    found = fold(Tag(LABORATORY.party), events_of(order), KINDS)
    assert isinstance(found, Party)
    return found


@settings(max_examples=40, deadline=None)
@given(unit=units(), first=DAYS, length=st.integers(0, 200))
def test_a_class_is_that_of_its_period_on_every_day_and_changes_for_a_cause(
    unit: Party, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    periods = class_periods(unit, first, last, CHINESE)
    assert [periods[0].first, periods[-1].last] == [first, last]
    for before, after in pairwise(periods):
        assert before.last + timedelta(days=1) == after.first
        assert after.causes
    for period in periods:
        for offset in range((period.last - period.first).days + 1):
            day = period.first + timedelta(days=offset)
            found = class_on(unit, day, packs().at("CN", day))
            assert found == period.unit_class
            assert found.number in {None, 1, 2, 3, 4}


MEETING: Final = by_institute(HELD, 10).kind
OUTCOMES: Final = st.lists(
    st.builds(
        lambda line, outcome: replace(
            PASSED[0],
            line=line,
            outcome=outcome,
            reasons=() if outcome is Outcome.PASS else (OutcomeReason.RISK_UNCLEAR,),
        ),
        st.integers(1, 3),
        st.sampled_from(Outcome),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(several=st.lists(OUTCOMES, max_size=4))
def test_no_sequence_of_meetings_decides_a_product_twice_and_figures_are_what_is_recorded(several: list[Any]) -> None:
    told = decided()[:-1]
    for number, outcomes in enumerate(several):
        held = by_institute(replace(HELD, case=CaseId(f"case:m-{number}"), outcomes=tuple(outcomes)), 10 + number)
        try:
            judged(told, held)
        except Refused:
            continue
        told.append(held)
    recorded = [one for statement in told if statement.kind == MEETING for one in statement.body.outcomes]
    final = Counter(one.line for one in recorded if one.outcome is not Outcome.SUPPLEMENT)
    assert all(times == 1 for times in final.values())
    answer = meetings(events_of(told))
    assert answer.products == len(recorded)
    assert answer.passed == sum(one.outcome is Outcome.PASS for one in recorded)
    assert answer.participations <= min(len(answer.meetings), answer.products)
    state = assessment(told)
    assert isinstance(state, Assessment)
    assert set(state.outcomes) <= {one.line for one in state.products}
