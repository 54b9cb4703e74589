"""Parties, roles and sites: REG."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from ledger.domain.bodies.vocabulary import SPEAKS_AS, Body, Department, Name, Role
from ledger.domain.judging import Signed
from ledger.domain.registry.parties import RoleGranted, RoleWithdrawn, SiteChanged, SiteRegistered
from ledger.ids import PartyId, SiteId
from ledger.statement.catalogue import KINDS
from tests.spec.parties import IMPORTER, LABORATORY, OPERATOR, admitted, granted, opened, registered
from tests.spec.world import judged, refused, said, state_of

SITE = SiteId("site:lab-1")


def site(level: int | None, until: date | None = None) -> Signed[Any]:
    return said(
        SiteRegistered(
            site=SITE, party=LABORATORY.party, name="Laboratory 1", use="laboratory", level=level, certificate_to=until
        ),
        LABORATORY,
    )


def test_the_operator_registers_a_party_and_grants_it_a_role() -> None:
    given = [opened(), registered(IMPORTER.party), granted(IMPORTER.party, Role.APPLICANT)]
    assert state_of(given, IMPORTER.party).roles == {Role.APPLICANT}


@pytest.mark.rule("REG-01")
def test_a_party_is_registered_once() -> None:
    assert refused([opened(), registered(IMPORTER.party)], registered(IMPORTER.party)) == "REG-01"


@pytest.mark.rule("REG-02")
@pytest.mark.parametrize("body", [RoleGranted, RoleWithdrawn])
def test_an_unknown_party_has_no_roles(body: type[RoleGranted] | type[RoleWithdrawn]) -> None:
    assert refused([opened()], said(body(party=PartyId("party:nobody"), role=Role.BROKER), OPERATOR)) == "REG-02"


@pytest.mark.rule("REG-03")
def test_a_role_is_granted_once() -> None:
    given = [opened(), registered(IMPORTER.party), granted(IMPORTER.party, Role.APPLICANT)]
    assert refused(given, granted(IMPORTER.party, Role.APPLICANT)) == "REG-03"


@pytest.mark.rule("REG-03")
def test_only_a_held_role_is_withdrawn() -> None:
    given = [opened(), registered(IMPORTER.party)]
    assert refused(given, said(RoleWithdrawn(party=IMPORTER.party, role=Role.BROKER), OPERATOR)) == "REG-03"


def test_a_withdrawn_role_is_not_held_any_more() -> None:
    given = [*admitted(IMPORTER), said(RoleWithdrawn(party=IMPORTER.party, role=Role.APPLICANT), OPERATOR)]
    assert state_of(given, IMPORTER.party).roles == frozenset()


@pytest.mark.rule("REG-04")
def test_a_site_is_registered_once() -> None:
    assert refused([*admitted(LABORATORY), site(2)], site(2)) == "REG-04"


@pytest.mark.rule("REG-05")
@pytest.mark.parametrize(
    "statement",
    [
        said(SiteRegistered(site=SITE, party=LABORATORY.party, name="Lab", use="laboratory"), IMPORTER),
        said(SiteChanged(site=SITE, level=3), IMPORTER),
    ],
    ids=["registering", "changing"],
)
def test_nobody_speaks_for_another_partys_site(statement: Signed[Any]) -> None:
    assert refused(admitted(LABORATORY, IMPORTER), statement) == "REG-05"


@pytest.mark.rule("REG-06")
@pytest.mark.parametrize(
    ("level", "until", "broken"),
    [
        pytest.param(2, None, [], id="level 2 needs none"),
        pytest.param(3, date(2028, 1, 1), [], id="valid"),
        pytest.param(3, None, ["REG-06"], id="none stated"),
        pytest.param(4, date(2026, 8, 31), ["REG-06"], id="ended the day before"),
    ],
)
def test_a_high_level_laboratory_has_a_valid_accreditation(level: int, until: date | None, broken: list[str]) -> None:
    assert judged(admitted(LABORATORY), site(level, until)) == broken


@pytest.mark.rule("REG-06")
def test_a_laboratory_raised_to_level_3_needs_its_accreditation() -> None:
    given = [*admitted(LABORATORY), site(2)]
    assert judged(given, said(SiteChanged(site=SITE, level=3), LABORATORY)) == ["REG-06"]


def test_a_change_leaves_alone_what_it_does_not_name() -> None:
    given = [*admitted(LABORATORY), site(2), said(SiteChanged(site=SITE, active=False), LABORATORY)]
    after = state_of(given, SITE)
    assert (after.level, after.active, after.party) == (2, False, LABORATORY.party)


OTHERS = SiteId("site:others")


@pytest.mark.rule("REG-05")
@pytest.mark.parametrize(
    "body",
    [
        SiteRegistered(site=OTHERS, party=IMPORTER.party, name=SITE, use="laboratory", level=4),
        SiteChanged(site=OTHERS, certificate=SITE, active=False),
    ],
    ids=["registering", "changing"],
)
def test_a_statement_that_bears_another_sites_tag_changes_nothing_of_it(body: Body) -> None:
    given = [*admitted(LABORATORY, IMPORTER), site(2)]
    assert state_of([*given, said(body, IMPORTER)], SITE) == state_of(given, SITE)


@pytest.mark.parametrize("name", ["site:lab", "party:a", f"key:{'0' * 64}", "item:", "", " a", "a "])
def test_a_name_is_no_id(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(name, Name)


@pytest.mark.parametrize("name", ["Site: north", "Partly: a", "ACME", "x", "\u5b9e\u9a8c\u5ba4: 2", "website:a"])
def test_a_name_may_have_a_colon(name: str) -> None:
    assert msgspec.convert(name, Name) == name


@pytest.mark.rule("REG-07")
def test_the_operators_role_is_neither_granted_nor_withdrawn() -> None:
    given = [opened(), registered(IMPORTER.party)]
    assert refused(given, granted(IMPORTER.party, Role.OPERATOR)) == "REG-07"
    assert refused(given, said(RoleWithdrawn(party=OPERATOR.party, role=Role.OPERATOR), OPERATOR)) == "REG-07"


def test_every_department_speaks_in_a_role_of_its_own() -> None:
    assert SPEAKS_AS.keys() == set(Department)
    assert len(set(SPEAKS_AS.values())) == len(Department)


SUPERVISING = {*SPEAKS_AS.values(), Role.ASSESSMENT_BODY, Role.ETHICS_COMMITTEE} - {Role.CUSTOMS, Role.HEALTH_AUTHORITY}


@pytest.mark.parametrize("kind", ["custody.accepted/1", "item.stored/1", "item.destroyed/1", "disposal.approved/1"])
def test_goods_do_not_pass_through_the_hands_of_who_only_supervises(kind: str) -> None:
    assert not KINDS[kind].roles & SUPERVISING


def test_a_depository_keeps_items_and_does_not_work_on_them() -> None:
    assert Role.DEPOSITORY in KINDS["transfer.received/1"].roles & KINDS["item.stored/1"].roles
    assert Role.DEPOSITORY not in KINDS["item.used/1"].roles
