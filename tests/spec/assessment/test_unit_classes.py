"""Units as they are assessed and rated, UAS-01 to UAS-06, and the class that follows by the rule pack of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.assessment.capability import CheckedItem, Conformity, CreditRated, UnitAssessed
from ledger.domain.assessment.classes import Basis, Cause, class_on, class_periods
from ledger.domain.bodies.vocabulary import Reference, Role
from ledger.domain.judging import Signed
from ledger.domain.states.party import Party
from ledger.ids import PartyId, SiteId
from tests.spec.crossing import LAB, OFFICER, PARTIES
from tests.spec.parties import LABORATORY, registered
from tests.spec.world import NOON, breaches, judged, packs, refused, rules_at, said, signer, state_of

UNIT: Final = LABORATORY.party
ASSESSOR: Final = signer("party:institute", Role.ASSESSMENT_BODY)
CONFIRMING: Final = signer(UNIT, Role.LABORATORY, person="p-3", meaning="approved")
GIVEN: Final = [*PARTIES, registered(ASSESSOR.party)]
"""``LAB`` is a laboratory of level 2 of the unit."""
ASSESSED: Final = UnitAssessed(
    party=UNIT,
    assessor=ASSESSOR.party,
    scope=("research",),
    checklist="checklist-2015",
    items=(
        CheckedItem(item="A1.1", result=Conformity.CONFORMS, points=5),
        CheckedItem(item="A1.2", result=Conformity.NOT_ASSESSED),
    ),
    capability=2,
    valid_from=date(2025, 1, 1),
    valid_to=date(2026, 12, 31),
    sites=(LAB,),
)
RATED: Final = CreditRated(party=UNIT, scheme="aqsiq", level="AA", from_on=date(2025, 3, 1))
REFERENCE: Final = Reference(document="PG-1", issued_by="Institute", digest="0" * 64)
CHINESE: Final = [pack for pack in packs().packs if pack.jurisdiction == "CN"]
OLD_LAW: Final = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
"""A day of an edition that has the coefficients of the credit letters."""


def assessed(**changes: Any) -> Signed[Any]:  # noqa: ANN401  members of a body
    return said(replace(ASSESSED, **changes), ASSESSOR, CONFIRMING)


def rated(**changes: Any) -> Signed[Any]:  # noqa: ANN401  members of a body
    return said(replace(RATED, **changes), OFFICER)


def unit(*given: Signed[Any]) -> Party:
    found = state_of([*GIVEN, *given], UNIT)
    assert isinstance(found, Party)
    return found


def number_on(day: date, *given: Signed[Any]) -> tuple[int | None, Basis]:
    found = class_on(unit(*given), day, packs().at("CN", day))
    return found.number, found.basis


def test_an_assessment_that_the_unit_confirms_breaks_no_rule() -> None:
    assert judged(GIVEN, assessed()) == []
    [capability] = unit(assessed()).capabilities
    assert (capability.level, capability.confirmed) == (2, True)


@pytest.mark.rule("UAS-05")
def test_the_unit_confirms_its_assessment() -> None:
    unconfirmed = said(ASSESSED, ASSESSOR)
    assert judged(GIVEN, unconfirmed) == ["UAS-05"]
    assert not unit(unconfirmed).capabilities[0].confirmed


@pytest.mark.rule("UAS-06")
def test_a_unit_is_found_no_abler_than_its_laboratories() -> None:
    [breach] = breaches(GIVEN, assessed(capability=3))
    assert (breach.rule, breach.given) == ("UAS-06", {"capability": 3, "level": 2})
    assert judged(GIVEN, assessed(capability=3, sites=())) == []


@pytest.mark.rule("UAS-01", "UAS-03", "UAS-04")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"party": PartyId("party:nobody")}, "UAS-01", id="an unknown unit"),
        pytest.param({"assessor": UNIT}, "UAS-01", id="by itself"),
        pytest.param({"valid_to": date(2024, 12, 31)}, "UAS-03", id="ends before it begins"),
        pytest.param({"sites": (SiteId("site:nowhere"),)}, "UAS-04", id="another's site"),
        pytest.param({"items": (ASSESSED.items[0], ASSESSED.items[0])}, "UAS-04", id="an item twice"),
    ],
)
def test_an_assessment_that_contradicts_the_record_is_refused(changes: dict[str, Any], rule: str) -> None:
    assert refused(GIVEN, said(replace(ASSESSED, **changes), OFFICER)) == rule


@pytest.mark.rule("UAS-01", "UAS-02")
def test_an_assessment_or_a_rating_is_stated_by_who_made_it_an_authority_or_the_unit() -> None:
    other = signer("party:rival", Role.ASSESSMENT_BODY)
    assert refused(GIVEN, said(ASSESSED, other)) == "UAS-02"
    assert judged(GIVEN, said(replace(ASSESSED, reference=REFERENCE), LABORATORY)) == []
    assert judged(GIVEN, rated()) == []
    assert judged(GIVEN, said(replace(RATED, reference=REFERENCE), LABORATORY)) == []
    assert refused(GIVEN, said(RATED, other)) == "UAS-02"
    assert refused(GIVEN, rated(party=PartyId("party:nobody"))) == "UAS-01"


@pytest.mark.parametrize(
    ("capability", "level", "number"),
    [(4, "AA", 1), (3, "A", 1), (3, "B", 2), (2, "AA", 2), (2, "B", 3), (1, "A", 3), (1, "B", 4), (4, "D", 3)],
)
def test_the_class_follows_from_capability_and_credit_by_the_packs_numbers(
    capability: int, level: str, number: int
) -> None:
    given = assessed(capability=capability, sites=()), rated(level=level)
    assert number_on(OLD_LAW.date(), *given) == (number, Basis.SCORE)


def test_a_class_says_its_score_its_grounds_and_its_edition() -> None:
    statements = assessed(), rated()
    found = class_on(unit(*statements), OLD_LAW.date(), rules_at(OLD_LAW))
    assert (found.score, found.rules, found.verified) == (Decimal("2.4"), rules_at(OLD_LAW).name, True)
    assert found.capability is not None and found.capability.statement == statements[0].id
    assert found.credit is not None and found.credit.statement == statements[1].id


def test_a_unit_that_nobody_has_rated_has_the_packs_default() -> None:
    assert number_on(OLD_LAW.date(), assessed(capability=4, sites=())) == (1, Basis.SCORE)


def test_what_is_unknown_stays_unknown() -> None:
    assert number_on(OLD_LAW.date()) == (None, Basis.NOT_ASSESSED)
    assert number_on(date(2027, 1, 1), assessed()) == (None, Basis.NOT_ASSESSED)
    assert number_on(OLD_LAW.date(), assessed(), rated(scheme="customs-2026")) == (None, Basis.NO_COEFFICIENT)
    assert number_on(NOON.date(), assessed(), rated()) == (None, Basis.NO_COEFFICIENT)
    america = packs().at("US", NOON.date())
    assert class_on(unit(assessed()), NOON.date(), america).basis is Basis.NO_SCHEME


def test_the_same_letter_of_another_scheme_is_not_the_same_level() -> None:
    given = assessed(), rated(), rated(scheme="local", level="D", from_on=date(2025, 4, 1))
    found = class_on(unit(*given), OLD_LAW.date(), rules_at(OLD_LAW))
    assert found.credit is not None and (found.credit.scheme, found.number) == ("aqsiq", 2)


def test_why_a_class_changed_is_told_period_by_period() -> None:
    longer = assessed(capability=3, sites=(), valid_from=date(2025, 5, 1), valid_to=date(2025, 5, 31))
    first, second, third = assessed(), longer, rated()
    periods = class_periods(unit(first, second, third), date(2025, 2, 1), date(2025, 7, 31), CHINESE)
    assert [(one.first, one.unit_class.number, [cause.cause for cause in one.causes]) for one in periods] == [
        (date(2025, 2, 1), 3, []),
        (date(2025, 3, 1), 2, [Cause.RATED]),
        (date(2025, 5, 1), 1, [Cause.ASSESSED]),
        (date(2025, 6, 1), 2, [Cause.ASSESSMENT_ENDED]),
        (date(2025, 7, 1), 2, [Cause.RULES]),
    ]
    assert [one.last + timedelta(days=1) for one in periods[:-1]] == [one.first for one in periods[1:]]
    assert periods[1].causes[0].statement == third.id


def test_a_correction_changes_the_class_of_the_days_that_it_covers() -> None:
    statement = rated(level="D")
    correction = said(replace(RATED, level="A"), OFFICER, corrects=statement.id, reason="misread")
    assert number_on(OLD_LAW.date(), assessed(), statement) == (4, Basis.SCORE)
    assert number_on(OLD_LAW.date(), assessed(), statement, correction) == (2, Basis.SCORE)
