"""Losses and incidents: INC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.ending.incidents import (
    Incident,
    IncidentClosed,
    IncidentReported,
    Loss,
    LossReported,
    ReportedTo,
)
from ledger.domain.states.subjects import CaseStatus, ItemStatus
from tests.spec.bench import BEFORE, CASE, ELSEWHERE, LAB, OTHER, VARIOLA, A, B, site, vials
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, breaches, grounds, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId, SiteId

TOLD = (ReportedTo.HEALTH_AUTHORITY, ReportedTo.POLICE)


def lost(
    *items: ItemId,
    loss: Loss = Loss.LOST,
    told: tuple[ReportedTo, ...] = TOLD,
    at: datetime = NOON,
    discovered: datetime = NOON,
) -> Signed[Any]:
    body = LossReported(case=CASE, items=items or (A,), loss=loss, discovered_at=discovered, reported_to=told)
    return said(body, LABORATORY, at=at)


def spilt(
    *items: ItemId, at_site: SiteId = LAB, told: tuple[ReportedTo, ...] = TOLD, discovered: datetime = NOON
) -> Signed[Any]:
    body = IncidentReported(
        case=CASE, site=at_site, incident=Incident.SPILL, discovered_at=discovered, items=items, reported_to=told
    )
    return said(body, LABORATORY)


def closed(*items: ItemId, found: tuple[ItemId, ...] = (), by: Signatory = LABORATORY) -> Signed[Any]:
    return said(IncidentClosed(case=CASE, cause="human-error", items=items, found=found), by)


def test_a_lost_item_is_lost_until_its_case_says_that_it_is_found() -> None:
    given = [*vials(), lost(A, B)]
    assert judged(vials(), lost(A, B)) == []
    assert state_of(given, A).status is ItemStatus.LOST
    end = closed(A, B, found=(A,))
    assert judged(given, end) == []
    assert state_of([*given, end], A).status is ItemStatus.RECEIVED
    assert state_of([*given, end], B).status is ItemStatus.LOST
    assert state_of([*given, end], CASE).status is CaseStatus.CLOSED


def test_an_incident_loses_nothing() -> None:
    assert judged(vials(), spilt(A)) == []
    assert judged(vials(), spilt()) == []
    assert state_of([*vials(), spilt(A)], A).status is ItemStatus.RECEIVED


@pytest.mark.rule("INC-01", "INC-02", "INC-03", "INC-04")
@pytest.mark.parametrize(
    ("more", "when", "rule"),
    [
        pytest.param([lost(A)], lost(B), "INC-01", id="a case that is open already"),
        pytest.param([], lost(A, at=NOON - timedelta(hours=1)), "INC-02", id="a loss before its discovery"),
        pytest.param([lost(A)], closed(B), "INC-03", id="a case of other items"),
        pytest.param([lost(A)], closed(A, by=OTHER), "INC-03", id="another party's case"),
        pytest.param([], closed(A), "INC-03", id="a case that nobody opened"),
        pytest.param([spilt(A)], closed(A, found=(A,)), "INC-04", id="found, though never lost"),
        pytest.param([site(ELSEWHERE, owner=OTHER)], spilt(at_site=ELSEWHERE), "GAT-04", id="another's laboratory"),
    ],
)
def test_a_report_is_refused_of(more: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused([*vials(), *more], when) == rule


@pytest.mark.rule("INC-05")
@pytest.mark.parametrize(
    ("agent", "hours", "broken"),
    [
        pytest.param(VARIOLA, 1, [], id="in time"),
        pytest.param(VARIOLA, 3, ["INC-05"], id="late"),
        pytest.param(None, 3, [], id="late, of what is not high-pathogenic"),
    ],
)
def test_a_late_report_of_high_pathogenic_material_is_a_breach(
    agent: str | None, hours: int, broken: list[str]
) -> None:
    found = breaches(vials(agent=agent), lost(), now=NOON + timedelta(hours=hours))
    assert [one.rule for one in found] == broken
    assert [grounds(one)[0] for one in found] == ["State Council Order 424 Art. 17" for _ in broken]


@pytest.mark.rule("INC-07")
@pytest.mark.parametrize(
    ("discovered", "broken"),
    [(BEFORE, []), (BEFORE - timedelta(seconds=1), ["INC-07"]), (datetime(1970, 1, 1, tzinfo=UTC), ["INC-07"])],
)
def test_what_was_discovered_before_there_was_such_an_item_is_a_breach(discovered: datetime, broken: list[str]) -> None:
    assert judged(vials(), lost(discovered=discovered)) == broken
    assert judged(vials(), spilt(A, discovered=discovered)) == broken
    assert judged(vials(), spilt(discovered=discovered)) == []


@pytest.mark.rule("INC-06")
@pytest.mark.parametrize(
    ("when", "broken"),
    [
        pytest.param(lost(told=()), ["INC-06"], id="nobody is told"),
        pytest.param(lost(told=(ReportedTo.HEALTH_AUTHORITY,)), ["INC-06"], id="the police are not told of a loss"),
        pytest.param(lost(loss=Loss.LEAKED, told=(ReportedTo.VETERINARY_AUTHORITY,)), [], id="a leak"),
        pytest.param(spilt(A, told=()), ["INC-06"], id="an incident that nobody is told of"),
    ],
)
def test_of_high_pathogenic_material_the_authorities_are_told(when: Signed[Any], broken: list[str]) -> None:
    assert judged(vials(agent=VARIOLA), when) == broken
