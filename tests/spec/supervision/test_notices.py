"""After a loss or an incident: whom the party told and when, investigation and exposure watch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.ending.incidents import ReportedTo
from ledger.domain.states.supervision import Notice
from ledger.domain.supervision.notices import (
    ExposureWatchEnded,
    ExposureWatchOpened,
    IncidentInvestigated,
    IncidentNotified,
    WatchOutcome,
)
from tests.spec.bench import CASE, CUSTOMS, OTHER, VARIOLA, A, vials
from tests.spec.parties import LABORATORY
from tests.spec.supervision.test_incidents import closed, lost, spilt
from tests.spec.world import NOON, breaches, grounds, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body

DISPOSAL: Final = "case:other"
TOLD: Final = IncidentNotified(case=CASE, body=ReportedTo.HEALTH_AUTHORITY, told_at=NOON, receipt="HZ 1")
LOOKED_INTO: Final = IncidentInvestigated(case=CASE, cause="human-error", report="0" * 64)
WATCHED: Final = ExposureWatchOpened(case=CASE, persons=3, until=NOON + timedelta(days=21))
WATCH_OVER: Final = ExposureWatchEnded(case=CASE, persons=3, outcome=WatchOutcome.NO_SIGNS)


def told(body: Body, hours: float = 3) -> Any:  # noqa: ANN401  a statement
    return said(body, LABORATORY, at=NOON + timedelta(hours=hours))


@pytest.mark.rule("INC-22")
@pytest.mark.parametrize(
    ("body", "hours", "agent", "broken"),
    [
        pytest.param(ReportedTo.HEALTH_AUTHORITY, 2, VARIOLA, [], id="within two hours"),
        pytest.param(ReportedTo.HEALTH_AUTHORITY, 2.1, VARIOLA, ["INC-22"], id="later"),
        pytest.param(ReportedTo.POLICE, 2.1, VARIOLA, ["INC-22"], id="the police too"),
        pytest.param(ReportedTo.CUSTOMS, 2.1, VARIOLA, [], id="a body of which no term is known"),
        pytest.param(ReportedTo.HEALTH_AUTHORITY, 2.1, None, [], id="what is not high-pathogenic"),
    ],
)
def test_each_body_is_told_within_its_hours(
    body: ReportedTo, hours: float, agent: str | None, broken: list[str]
) -> None:
    given = [*vials(agent=agent), lost(A)]
    when = told(replace(TOLD, body=body, told_at=NOON + timedelta(hours=hours)))
    found = breaches(given, when)
    assert [one.rule for one in found] == broken
    assert all(grounds(one) == ("State Council Order 424 Art. 17", True) for one in found)


def test_what_no_pack_says_of_the_written_report_is_not_asked() -> None:
    given = [*vials(agent=VARIOLA), lost(A)]
    assert judged(given, told(replace(TOLD, written=True, told_at=NOON + timedelta(hours=3)))) == []


def test_whom_a_party_told_stands_with_the_case() -> None:
    given = [*vials(), spilt(A), told(TOLD), told(LOOKED_INTO, 4)]
    detail = state_of(given, CASE).detail
    assert detail.notices == (Notice("health-authority", NOON),)
    assert detail.investigated_at == NOON + timedelta(hours=4)


@pytest.mark.rule("INC-20", "INC-21", "INC-23", "CON-22", "CON-23")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(TOLD, told_at=NOON - timedelta(hours=1)), "INC-21", id="told before the discovery"),
        pytest.param(replace(TOLD, told_at=NOON + timedelta(hours=9)), "CON-22", id="told in time to come"),
        pytest.param(replace(TOLD, case=DISPOSAL), "INC-20", id="no such case"),
        pytest.param(replace(WATCHED, until=NOON), "CON-23", id="a watch that is over before it begins"),
        pytest.param(WATCH_OVER, "INC-23", id="the end of no watch"),
        pytest.param(replace(LOOKED_INTO, cause="nothing"), "COD-01", id="a cause that is none"),
    ],
)
def test_what_contradicts_the_case_is_refused(body: Body, rule: str) -> None:
    assert refused([*vials(), lost(A)], told(body)) == rule


@pytest.mark.rule("INC-20")
def test_nobody_tells_of_another_partys_incident() -> None:
    for by in (OTHER, CUSTOMS):
        assert refused([*vials(), lost(A)], said(TOLD, by, at=NOON + timedelta(hours=1))) == "INC-20"


@pytest.mark.rule("INC-08")
def test_an_incident_is_closed_when_its_watch_has_ended() -> None:
    given = [*vials(), spilt(A), told(WATCHED, 1)]
    assert judged([*vials(), spilt(A)], told(WATCHED, 1)) == []
    assert judged(given, told(closed(A).body, 2)) == ["INC-08"]
    ended = told(WATCH_OVER, 2)
    assert judged(given, ended) == []
    assert judged([*given, ended], told(closed(A).body, 3)) == []
