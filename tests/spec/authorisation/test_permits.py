"""Permits: every permission beside the approval form, and what becomes of it: PMT."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.authorisation.changes import ChangedLine
from ledger.domain.bodies.vocabulary import SPEAKS_AS, Amount, Reference, Role
from ledger.domain.judging import Signatory, Signed
from ledger.domain.law.schemes import ISSUING, SCHEMES, Scheme
from ledger.domain.states.permit import PermitStatus
from ledger.ids import ApprovalId, PartyId
from tests.spec.authorisations import (
    BODY,
    CERTIFICATE,
    COMMITTEE,
    DAY,
    HEALTH,
    LICENCE,
    LIST,
    PARTIES,
    SCIENCE,
    TEN_ML,
    changed,
    ended,
    linked,
    recorded,
    resumed,
    suspended,
)
from tests.spec.bench import APPROVAL, OTHER, vials
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.world import NOON, breaches, grounds, judged, refused, state_of

GIVEN = [*PARTIES, *vials()]
GIVEN_ONE = [*GIVEN, recorded()]
DOCUMENT = Reference(document="RLYC 2026/5", issued_by="National Health Commission", digest="0" * 64)


def test_every_scheme_says_who_issues_it_and_where_that_is_written() -> None:
    assert SCHEMES.keys() == set(Scheme)
    assert [one for one, facts in SCHEMES.items() if not facts.issuers or not facts.clause] == [Scheme.FOREIGN_PERMIT]
    assert set(SPEAKS_AS.values()) | {Role.ASSESSMENT_BODY, Role.ETHICS_COMMITTEE} == ISSUING


def test_the_research_list_waives_the_drug_clearance_form_and_never_the_approval() -> None:
    facts = SCHEMES[Scheme.RESEARCH_IMPORT_LIST]
    assert (facts.waives, facts.own_research, facts.use_ledger) == ("import-drug-clearance-form", True, True)
    assert {facts.waives for facts in SCHEMES.values()} == {"", "import-drug-clearance-form"}
    assert not SCHEMES[Scheme.SPECIAL_ITEM_LIST].own_research


@pytest.mark.parametrize(
    ("scheme", "by"),
    [
        (Scheme.HGR_EXIT_CERTIFICATE, HEALTH),
        (Scheme.TRANSPORT_PERMIT, HEALTH),
        (Scheme.RESEARCH_IMPORT_LIST, SCIENCE),
        (Scheme.ASSESSMENT_REPORT, BODY),
        (Scheme.CONSENT, COMMITTEE),
    ],
)
def test_a_permit_is_signed_by_who_issues_it(scheme: Scheme, by: Signatory) -> None:
    when = recorded(scheme=scheme, by=by)
    assert judged(GIVEN, when) == []
    permit = state_of([*GIVEN, when], LICENCE)
    assert (permit.scheme, permit.holder, permit.status, permit.by_reference) == (
        scheme,
        LABORATORY.party,
        PermitStatus.GRANTED,
        False,
    )


def test_a_permit_is_recorded_by_its_holder_from_the_document() -> None:
    when = recorded(by=LABORATORY, reference=DOCUMENT, issuer=HEALTH.party)
    assert judged(GIVEN, when) == []
    permit = state_of([*GIVEN, when], LICENCE)
    assert (permit.by_reference, permit.issuer) == (True, HEALTH.party)


@pytest.mark.rule("PMT-01")
def test_a_permit_is_recorded_once() -> None:
    assert refused(GIVEN_ONE, recorded()) == "PMT-01"


@pytest.mark.rule("PMT-02")
@pytest.mark.parametrize("member", ["holder", "issuer"])
def test_holder_and_issuer_are_registered(member: str) -> None:
    members: dict[str, Any] = {member: PartyId("party:nobody")}
    assert refused(GIVEN, recorded(**members)) == "PMT-02"


@pytest.mark.rule("PMT-03")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param([], recorded(by=IMPORTER, reference=DOCUMENT), id="recorded"),
        pytest.param([recorded()], linked(by=IMPORTER, approvals=(APPROVAL,)), id="linked"),
        pytest.param([recorded()], changed(by=IMPORTER), id="changed"),
        pytest.param([recorded()], suspended(by=IMPORTER), id="suspended"),
        pytest.param([recorded(), suspended()], resumed(by=IMPORTER), id="resumed"),
        pytest.param([recorded()], ended(by=IMPORTER), id="ended"),
    ],
)
def test_nobody_else_decides_on_a_permit(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused([*GIVEN, *given], when) == "PMT-03"


@pytest.mark.rule("PMT-04")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param([], recorded(valid_to=date(2026, 6, 30)), id="before it begins"),
        pytest.param([], recorded(issued_on=date(2026, 8, 2), valid_to=date(2026, 8, 1)), id="before it was issued"),
        pytest.param([recorded()], changed(valid_to=date(2026, 6, 30)), id="changed"),
    ],
)
def test_a_permit_does_not_end_before_it_begins(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused([*GIVEN, *given], when) == "PMT-04"


def test_a_permit_is_not_issued_after_its_statement() -> None:
    assert refused(GIVEN, recorded(issued_on=date(2026, 12, 1))) == "CON-22"


@pytest.mark.rule("PMT-05")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(recorded(lines=(*TEN_ML, *TEN_ML)), id="a line twice"),
        pytest.param(recorded(level=2), id="a level where there are none"),
        pytest.param(recorded(scheme=Scheme.ANIMAL_QUARANTINE, level=None), id="no level where there are some"),
        pytest.param(recorded(scheme=Scheme.RESEARCH_IMPORT_LIST, by=SCIENCE, lines=()), id="a pair without its item"),
    ],
)
def test_a_permit_has_the_form_of_its_scheme(when: Signed[Any]) -> None:
    assert refused(GIVEN, when) == "PMT-05"


@pytest.mark.rule("PMT-06")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(linked(CERTIFICATE), id="an unknown permit"),
        pytest.param(linked(approvals=(ApprovalId("approval:none"),)), id="an unknown approval"),
        pytest.param(linked(permit=CERTIFICATE, approvals=(APPROVAL,)), id="of an unknown permit"),
        pytest.param(linked(), id="nothing"),
        pytest.param(ended(CERTIFICATE), id="an unknown successor"),
        pytest.param(ended(LICENCE), id="itself as its successor"),
    ],
)
def test_what_a_permit_is_linked_with_is_on_record(when: Signed[Any]) -> None:
    assert refused(GIVEN_ONE, when) == "PMT-06"


@pytest.mark.rule("PMT-07")
def test_no_permit_rests_on_itself() -> None:
    assert refused(GIVEN_ONE, linked(LICENCE)) == "PMT-07"
    chain = [*GIVEN_ONE, recorded(CERTIFICATE, permits=(LICENCE,)), recorded(LIST, permits=(CERTIFICATE,))]
    assert refused(chain, linked(LIST)) == "PMT-07"


def test_an_approval_knows_the_permits_that_it_stands_on() -> None:
    given = [*GIVEN, recorded(approvals=(APPROVAL,)), recorded(CERTIFICATE, permits=(LICENCE,))]
    given.append(linked(permit=CERTIFICATE, approvals=(APPROVAL,)))
    assert state_of(given, APPROVAL).permits == {LICENCE, CERTIFICATE}
    assert state_of(given, CERTIFICATE).permits == {LICENCE}


@pytest.mark.rule("PMT-08")
@pytest.mark.parametrize(
    "when", [changed(), suspended(), resumed(), ended()], ids=["change", "suspend", "resume", "end"]
)
def test_only_a_permit_on_record_that_has_not_ended_is_changed(when: Signed[Any]) -> None:
    assert refused(GIVEN, when) == "PMT-08"
    assert refused([*GIVEN_ONE, ended(at=NOON - DAY)], when) == "PMT-08"


@pytest.mark.rule("PMT-09")
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((ChangedLine(line=1), ChangedLine(line=1)), id="twice"),
        pytest.param((ChangedLine(line=2),), id="a line that is none"),
        pytest.param((ChangedLine(line=1, quantity=Amount(value="1", unit="vial")),), id="another dimension"),
    ],
)
def test_a_change_names_lines_that_there_are(lines: tuple[ChangedLine, ...]) -> None:
    assert refused([*GIVEN, recorded(lines=TEN_ML)], changed(lines=lines)) == "PMT-09"


def test_a_change_says_what_is_new_and_leaves_the_rest() -> None:
    given = [*GIVEN, recorded(lines=TEN_ML, conditions=("report-yearly",))]
    permit = state_of([*given, changed(valid_to=date(2028, 1, 1))], LICENCE)
    assert (permit.valid_to, permit.conditions) == (date(2028, 1, 1), {"report-yearly"})
    unlimited = state_of([*given, changed(lines=(ChangedLine(line=1),), conditions=())], LICENCE)
    assert (unlimited.lines[1].allowed, unlimited.conditions) == (None, frozenset())


@pytest.mark.rule("PMT-10")
def test_a_permit_is_suspended_once_and_resumed_once() -> None:
    given = [*GIVEN_ONE, suspended(at=NOON - 2 * DAY)]
    assert refused(given, suspended()) == "PMT-10"
    assert refused(GIVEN_ONE, resumed()) == "PMT-10"
    given.append(resumed(at=NOON - DAY))
    permit = state_of(given, LICENCE)
    asked = [permit.status_at(NOON - back * DAY).value for back in (3, 2, 1, 0)]
    assert asked == ["granted", "suspended", "granted", "granted"]


@pytest.mark.rule("PMT-20")
@pytest.mark.parametrize(
    ("when", "party"),
    [
        pytest.param(recorded(by=SCIENCE), SCIENCE.party, id="signed by another department"),
        pytest.param(recorded(issuer=SCIENCE.party), SCIENCE.party, id="named as the issuer"),
        pytest.param(recorded(by=LABORATORY, reference=DOCUMENT, issuer=OTHER.party), OTHER.party, id="no authority"),
    ],
)
def test_a_permit_of_another_department_is_a_breach(when: Signed[Any], party: PartyId) -> None:
    (found,) = breaches([*GIVEN, registered(OTHER.party)], when)
    assert (found.rule, found.given) == ("PMT-20", {"party": party, "scheme": "hgr-licence"})


def test_a_foreign_permit_is_issued_by_whomever() -> None:
    when = recorded(scheme=Scheme.FOREIGN_PERMIT, by=LABORATORY, reference=DOCUMENT, country="US", valid_to=None)
    assert judged(GIVEN, when) == []


@pytest.mark.rule("PMT-21")
@pytest.mark.parametrize(
    ("scheme", "by", "until", "months", "clause"),
    [
        (Scheme.ASSESSMENT_REPORT, BODY, date(2029, 7, 2), 36, ("255/2024 Art. 11", True)),
        (Scheme.RESEARCH_IMPORT_LIST, SCIENCE, None, 12, ("local white lists, each with its own term", False)),
    ],
)
def test_a_permit_is_valid_for_as_long_as_its_scheme_allows(
    scheme: Scheme,
    by: Signatory,
    until: date | None,
    months: int,
    clause: tuple[str, bool],
) -> None:
    (found,) = breaches(GIVEN, recorded(scheme=scheme, by=by, valid_to=until))
    assert (found.rule, found.given["months"]) == ("PMT-21", months)
    assert grounds(found) == clause
    assert judged([*GIVEN, recorded(scheme=scheme, by=by)], changed(by=by, valid_to=date(2039, 1, 1))) == ["PMT-21"]
