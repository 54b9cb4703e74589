"""Who supervises: departments, districts and offices, unit registrations and product filings: REG."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.bodies.vocabulary import Department, Reference, Role
from ledger.domain.judging import Signed
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.parties import SiteChanged, SiteRegistered
from ledger.domain.registry.units import FiledProduct, ProductFiled, UnitRegistered
from ledger.domain.states.party import Party
from ledger.ids import PartyId, SiteId
from tests.spec.parties import IMPORTER, LABORATORY, OPERATOR, admitted
from tests.spec.world import NOON, judged, refused, said, signer, state_of

CUSTOMS = signer("party:customs", Role.CUSTOMS)
GIVEN = admitted(CUSTOMS, IMPORTER, LABORATORY)
DOCUMENT = Reference(document="DJ 2026/5", issued_by="Nanjing Customs", digest="0" * 64)
DAY = timedelta(days=1)


def assigned(
    department: Department, district: str | None = "nanjing", office: str | None = None, at: datetime = NOON
) -> Signed[Any]:
    body = AuthorityAssigned(party=CUSTOMS.party, department=department, district=district, office=office)
    return said(body, OPERATOR, at=at)


def unit(party: PartyId = IMPORTER.party, number: str = "3201", types: tuple[str, ...] = ("research",)) -> Signed[Any]:
    body = UnitRegistered(
        party=party, number=number, registered_on=date(2026, 8, 1), types=types, district="nanjing", reference=DOCUMENT
    )
    return said(body, IMPORTER)


def filed(number: str = "BA 1", lines: tuple[int, ...] = (1,), on: date = date(2026, 8, 2)) -> Signed[Any]:
    products = tuple(FiledProduct(line=line, name_en="human plasma") for line in lines)
    body = ProductFiled(party=IMPORTER.party, number=number, filed_on=on, products=products, reference=DOCUMENT)
    return said(body, IMPORTER)


def test_where_an_authority_belongs_is_asked_of_a_time() -> None:
    first = assigned(Department.CUSTOMS, "nanjing", "Jinling Customs", at=NOON - 30 * DAY)
    party = state_of([*GIVEN, assigned(Department.CUSTOMS, "shanghai"), first], CUSTOMS.party)
    assert isinstance(party, Party)
    assert party.assigned_at(NOON - 31 * DAY) is None
    assert [(one.district, one.office) for one in party.assignments] == [
        ("nanjing", "Jinling Customs"),
        ("shanghai", None),
    ]
    assert party.assigned_at(NOON - DAY) == party.assignments[0]
    assert party.assigned_at(NOON) == party.assignments[1]


@pytest.mark.rule("REG-08")
def test_an_authority_is_of_the_department_in_whose_role_it_speaks() -> None:
    assert refused(GIVEN, assigned(Department.HEALTH)) == "REG-08"


@pytest.mark.rule("REG-08")
def test_who_is_not_registered_is_no_authority() -> None:
    body = AuthorityAssigned(party=PartyId("party:nobody"), department=Department.CUSTOMS)
    assert refused(GIVEN, said(body, OPERATOR)) == "REG-08"


@pytest.mark.rule("REG-09")
def test_an_office_lies_in_a_district() -> None:
    assert refused(GIVEN, assigned(Department.CUSTOMS, None, "Jinling Customs")) == "REG-09"


def test_a_ministry_supervises_no_district() -> None:
    assert judged(GIVEN, assigned(Department.CUSTOMS, None)) == []


def test_a_unit_is_registered_and_changes_its_types() -> None:
    party = state_of([*GIVEN, unit(), unit(types=("research", "testing"))], IMPORTER.party)
    assert isinstance(party, Party)
    assert [one.types for one in party.units] == [{"research"}, {"research", "testing"}]
    now = party.unit_at(NOON)
    assert now is not None
    assert (now.number, now.district) == ("3201", "nanjing")


@pytest.mark.rule("REG-10")
def test_an_unknown_party_is_no_unit() -> None:
    assert refused(GIVEN, unit(PartyId("party:nobody"))) == "REG-10"


@pytest.mark.rule("REG-11")
def test_nobody_else_records_a_units_registration() -> None:
    assert refused(GIVEN, unit(LABORATORY.party)) == "REG-11"


def test_customs_sign_a_registration_themselves() -> None:
    body = UnitRegistered(party=IMPORTER.party, number="3201", registered_on=date(2026, 8, 1), types=("research",))
    assert judged(GIVEN, said(body, CUSTOMS)) == []


def test_products_are_filed_by_a_registered_unit() -> None:
    assert judged([*GIVEN, unit()], filed()) == []
    party = state_of([*GIVEN, unit(), filed(), filed("BA 2")], IMPORTER.party)
    assert isinstance(party, Party)
    assert party.filings == {"BA 1", "BA 2"}


@pytest.mark.rule("REG-12")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param([unit(), filed()], filed(), id="filed already"),
        pytest.param([unit()], filed(lines=(1, 1)), id="a line twice"),
    ],
)
def test_a_filing_has_its_own_number_and_lines(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused([*GIVEN, *given], when) == "REG-12"


def test_a_filing_is_not_dated_after_its_statement() -> None:
    assert refused([*GIVEN, unit()], filed(on=date(2026, 12, 1))) == "CON-22"


@pytest.mark.rule("REG-13")
def test_a_filing_before_the_registration_is_a_breach() -> None:
    assert judged(GIVEN, filed()) == ["REG-13"]


def test_a_site_lies_in_a_district_and_moves_to_another() -> None:
    site = SiteId("site:lab-1")
    registered = SiteRegistered(site=site, party=LABORATORY.party, name="Lab", use="laboratory", district="nanjing")
    given = [*GIVEN, said(registered, LABORATORY, at=NOON - 9 * DAY)]
    assert state_of(given, site).district == "nanjing"
    given += [said(SiteChanged(site=site, active=False), LABORATORY, at=NOON - 5 * DAY)]
    assert state_of(given, site).district == "nanjing"
    given += [said(SiteChanged(site=site, district="shanghai"), LABORATORY)]
    assert state_of(given, site).district == "shanghai"
    assert state_of(given, site).at(NOON - 2 * DAY).district == "nanjing"
