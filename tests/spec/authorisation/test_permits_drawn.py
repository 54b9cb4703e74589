"""What is put under a permit, and whether it held at the time: PMT-11, PMT-12, PMT-22, PMT-23."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.authorisation.changes import ChangedLine, PermitChanged, PermitEnd
from ledger.domain.authorisation.drawing import DrawnLine
from ledger.domain.authorisation.permits import PermittedLine
from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.judging import Signed
from ledger.domain.law.rules import Confidence
from ledger.domain.law.schemes import SCHEMES, Scheme
from ledger.domain.states.permit import PermitStatus
from ledger.ids import Tag
from ledger.statement.form.tags import tags_of
from tests.spec.authorisation.test_permits import GIVEN, GIVEN_ONE
from tests.spec.authorisations import (
    DAY,
    HEALTH,
    ISSUED,
    LICENCE,
    TEN_ML,
    changed,
    drawn,
    ended,
    recorded,
    suspended,
)
from tests.spec.bench import NOBODYS, A, B, ml
from tests.spec.parties import IMPORTER
from tests.spec.world import NOON, breaches, corrected, judged, refused, said, state_of


@pytest.mark.rule("PMT-11")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param([], drawn(A), id="an unknown permit"),
        pytest.param([recorded(lines=TEN_ML)], drawn(A, amounts=((2, ml("1")),)), id="an unknown line"),
        pytest.param([recorded(lines=TEN_ML)], drawn(A, amounts=((1, ml("1")), (1, ml("1")))), id="a line twice"),
        pytest.param(
            [recorded(lines=TEN_ML)], drawn(A, amounts=((1, Amount(value="1", unit="vial")),)), id="another dimension"
        ),
    ],
)
def test_what_is_drawn_on_is_on_record(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused([*GIVEN, *given], when) == "PMT-11"


def test_items_under_a_permit_are_on_record() -> None:
    assert refused(GIVEN_ONE, drawn(NOBODYS)) == "GAT-01"


@pytest.mark.rule("PMT-12")
def test_items_are_put_under_a_permit_by_who_has_to_do_with_it() -> None:
    assert refused(GIVEN_ONE, drawn(A, by=IMPORTER)) == "PMT-12"
    assert judged([*GIVEN, recorded(holder=IMPORTER.party)], drawn(A)) == []
    assert judged([*GIVEN, recorded(holder=IMPORTER.party)], drawn(A, by=IMPORTER)) == []


def test_items_stand_under_their_permits() -> None:
    given = [*GIVEN, recorded(lines=TEN_ML), drawn(A, B, amounts=((1, ml("2.5")),))]
    assert state_of(given, A).permits == {LICENCE}
    permit = state_of(given, LICENCE)
    assert set(permit.items) == {A, B}
    assert str(permit.lines[1].drawn_in("uL")) == "2500 uL"


@pytest.mark.rule("PMT-22")
def test_more_than_a_permit_allows_is_a_breach() -> None:
    given = [*GIVEN, recorded(lines=TEN_ML), drawn(A, amounts=((1, ml("4")),))]
    assert judged(given, drawn(B, amounts=((1, ml("6")),))) == []
    (found,) = breaches(given, drawn(B, amounts=((1, Amount(value="6001", unit="uL")),)))
    assert (found.rule, found.given) == (
        "PMT-22",
        {"permit": LICENCE, "line": 1, "amount": "6001 uL", "drawn": "4 mL", "allowed": "10 mL"},
    )
    assert set(found.subjects) == {Tag(B), Tag(LICENCE)}


def test_a_correction_by_which_more_is_drawn_than_a_permit_allows_is_a_breach() -> None:
    """At its own place the corrected amount is within the line: what was drawn since fills it up."""
    first = drawn(A, amounts=((1, ml("4")),))
    given = [*GIVEN, recorded(lines=TEN_ML), first, drawn(B, amounts=((1, ml("6")),))]
    more = corrected(first, replace(first.body, lines=(DrawnLine(line=1, quantity=ml("5")),)))
    (found,) = breaches(given, more)
    assert (found.rule, found.given) == (
        "PMT-22",
        {"permit": LICENCE, "line": 1, "amount": "1 mL", "drawn": "10 mL", "allowed": "10 mL"},
    )
    less = corrected(first, replace(first.body, lines=(DrawnLine(line=1, quantity=ml("3")),)))
    assert judged(given, less) == []
    alone = corrected(first, replace(first.body, lines=(DrawnLine(line=1, quantity=ml("11")),)))
    assert judged(given, alone) == ["PMT-22"]


def test_a_line_on_which_something_is_drawn_is_not_corrected_away() -> None:
    permit = recorded(lines=TEN_ML)
    other = (PermittedLine(line=2, name_en="vials", quantity=ml("10")),)
    assert judged([*GIVEN, permit], corrected(permit, replace(permit.body, lines=other))) == []
    given = [*GIVEN, permit, drawn(A, amounts=((1, ml("4")),))]
    assert refused(given, corrected(permit, replace(permit.body, lines=other))) == "COR-07"


def test_a_line_without_a_limit_is_never_exceeded() -> None:
    given = [*GIVEN, recorded(lines=(PermittedLine(line=1, name_en="vials"),))]
    assert judged(given, drawn(A, amounts=((1, ml("999")),))) == []
    limited = [*given, drawn(A, amounts=((1, ml("999")),)), changed(lines=(ChangedLine(line=1, quantity=ml("10")),))]
    assert judged(limited, drawn(B, amounts=((1, ml("1")),))) == ["PMT-22"]


@pytest.mark.rule("PMT-23")
@pytest.mark.parametrize(
    ("given", "state"),
    [
        pytest.param([recorded(valid_to=date(2026, 8, 31))], "not-valid", id="over"),
        pytest.param([recorded(valid_from=date(2026, 9, 2))], "not-valid", id="not begun"),
        pytest.param([recorded(), suspended(at=NOON - DAY)], "suspended", id="suspended"),
        pytest.param([recorded(), ended(at=NOON - DAY, ground=PermitEnd.CONSENT_WITHDRAWN)], "ended", id="ended"),
    ],
)
def test_what_is_done_under_a_permit_that_does_not_hold_is_a_breach(given: list[Signed[Any]], state: str) -> None:
    (found,) = breaches([*GIVEN, *given], drawn(A))
    assert (found.rule, found.given["state"], found.given["day"]) == ("PMT-23", state, "2026-09-01")


def test_an_act_is_judged_by_the_permit_of_its_own_time() -> None:
    given = [*GIVEN_ONE, ended(at=NOON - DAY)]
    assert judged(given, drawn(A, at=NOON - 2 * DAY), now=NOON) == []


@pytest.mark.rule("PMT-23")
def test_a_last_day_that_is_changed_holds_from_the_day_of_the_change() -> None:
    """Neither does a longer validity make an earlier act right, nor a shorter one make it wrong."""
    ran_out = recorded(valid_to=NOON.date() - 3 * DAY)
    longer = said(PermitChanged(permit=LICENCE, effective_on=NOON.date(), valid_to=date(2027, 6, 30)), HEALTH, at=NOON)
    given = [*GIVEN, ran_out, longer]
    assert judged(given, drawn(A, at=NOON)) == []
    assert judged(given, drawn(A, at=NOON - 2 * DAY), now=NOON) == ["PMT-23"]
    assert judged(given, drawn(A, at=NOON - 4 * DAY), now=NOON) == []
    shorter = said(PermitChanged(permit=LICENCE, effective_on=NOON.date(), valid_to=NOON.date()), HEALTH, at=NOON)
    assert judged([*GIVEN_ONE, shorter], drawn(A, at=NOON - DAY), now=NOON) == []
    assert judged([*GIVEN_ONE, shorter], drawn(A, at=NOON + DAY)) == ["PMT-23"]


def test_a_decision_told_late_stands_where_it_happened() -> None:
    given = [*GIVEN_ONE, ended(at=NOON), suspended(at=ISSUED + DAY)]
    assert judged([*GIVEN_ONE, ended()], suspended(at=ISSUED + DAY), now=NOON + DAY) == ["GEN-12"]
    assert state_of(given, LICENCE).status is PermitStatus.ENDED


def test_unverified_clauses_carry_their_mark() -> None:
    assert SCHEMES[Scheme.ANIMAL_QUARANTINE].confidence is Confidence.V2
    assert SCHEMES[Scheme.REFERENCE_PREPARATION].confidence is Confidence.U


def test_a_permit_is_an_id_where_its_member_says_so() -> None:
    assert tags_of({"permits": ["permit:a", "x"]}) == {"permit:a"}
    assert tags_of({"permit": "permit:a", "name": "permit:b", "items": [{"permit": "permit:c"}]}) == {
        "permit:a",
        "permit:c",
    }
