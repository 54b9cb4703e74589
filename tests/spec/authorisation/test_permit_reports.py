"""Reports under a permit: what its holder files, and what is owed until then: PMT-25 to PMT-27."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.authorisation.changes import PermitEnd
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.permit import Filed, Report
from tests.spec.authorisations import (
    CERTIFICATE,
    DAY,
    LICENCE,
    LIST,
    PARTIES,
    changed,
    drawn,
    ended,
    recorded,
    reported,
)
from tests.spec.bench import A, B
from tests.spec.owing.scenes import owed
from tests.spec.parties import IMPORTER
from tests.spec.world import NOON, judged, refused, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.judging import Signed
    from ledger.ids import PermitId

GIVEN = [*PARTIES, recorded(), recorded(CERTIFICATE, Scheme.TRANSPORT_PERMIT)]
SUMMER = (date(2026, 7, 1), date(2026, 7, 31))
DECEMBER = datetime(2026, 12, 2, 4, tzinfo=UTC)
YEARLY = recorded(conditions=("annual-report",))
COOPERATION = recorded(conditions=("cooperation-report",), at=DECEMBER)


def year(number: int) -> Signed[Any]:
    return reported(
        Report.ANNUAL, (date(number, 1, 1), date(number, 12, 31)), at=datetime(number + 1, 2, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize("report", [Report.ANNUAL, Report.COOPERATION])
def test_a_report_stands_with_its_permit(report: Report) -> None:
    filed = reported(report, SUMMER)
    assert judged(GIVEN, filed) == []
    assert state_of([*GIVEN, filed], LICENCE).reports == (Filed(report, *SUMMER),)
    assert state_of([*GIVEN, filed], CERTIFICATE).reports == ()


@pytest.mark.rule("PMT-25")
def test_a_report_is_filed_under_a_permit_on_record() -> None:
    assert refused(GIVEN, reported(Report.ANNUAL, SUMMER, permit=LIST)) == "PMT-25"


@pytest.mark.rule("PMT-03")
def test_nobody_but_the_holder_files_it() -> None:
    assert refused(GIVEN, reported(Report.ANNUAL, SUMMER, by=IMPORTER)) == "PMT-03"


@pytest.mark.rule("PMT-26")
@pytest.mark.parametrize(
    ("report", "permit"),
    [(Report.TRANSPORT, LICENCE), (Report.ANNUAL, CERTIFICATE), (Report.COOPERATION, CERTIFICATE)],
)
def test_a_report_is_of_its_scheme(report: Report, permit: PermitId) -> None:
    assert refused(GIVEN, reported(report, SUMMER, permit=permit)) == "PMT-26"


@pytest.mark.rule("PMT-27")
def test_a_period_does_not_end_before_it_begins() -> None:
    assert refused(GIVEN, reported(Report.ANNUAL, SUMMER[::-1])) == "PMT-27"


@pytest.mark.rule("CON-22")
def test_nothing_is_reported_of_days_to_come() -> None:
    later = (SUMMER[0], NOON.date() + 2 * DAY)
    assert refused(GIVEN, reported(Report.ANNUAL, later)) == "CON-22"


def keys(given: Sequence[Signed[Any]], duty: str) -> list[tuple[str, bool, bool]]:
    return [(one.owed.key, one.met is not None, one.lapsed is not None) for one in owed(given, duty)]


def test_each_year_of_a_licence_is_reported_on_and_no_other() -> None:
    assert keys([recorded()], "report-yearly") == []
    assert keys([YEARLY, year(2026)], "report-yearly") == [("2026", True, False), ("2027", False, False)]
    assert keys([YEARLY, year(2026), year(2027)], "report-yearly") == [("2026", True, False), ("2027", True, False)]
    assert keys([YEARLY, year(2027)], "report-yearly") == [("2026", False, False)]


def test_a_licence_that_lasts_longer_is_reported_on_longer() -> None:
    longer = changed(valid_to=date(2028, 3, 1))
    found = keys([YEARLY, longer, year(2026), year(2027)], "report-yearly")
    assert [key for key, *_ in found] == ["2026", "2027", "2028"]


def test_a_year_in_which_a_licence_ended_is_reported_on_up_to_its_end() -> None:
    over = ended(at=NOON)
    half = reported(Report.ANNUAL, (date(2026, 7, 1), NOON.date()), at=NOON + 9 * DAY)
    assert keys([YEARLY, over], "report-yearly") == [("2026", False, False)]
    assert keys([YEARLY, over, half], "report-yearly") == [("2026", True, False)]


def test_a_cooperation_that_ends_early_is_reported_on_from_then() -> None:
    first, second = owed([COOPERATION, ended(at=DECEMBER + DAY)], "report-cooperation")
    assert (first.lapsed is not None, second.since) == (True, DECEMBER + DAY)
    assert second.due == datetime(2027, 6, 3, 15, 59, 59, 999999, tzinfo=UTC)


def test_a_cooperation_goes_on_under_what_takes_the_place_of_its_licence() -> None:
    over = ended(LIST, at=DECEMBER + DAY, ground=PermitEnd.SUPERSEDED)
    assert keys([COOPERATION, over], "report-cooperation") == [("", False, True)]


def test_a_cooperation_is_reported_on_once() -> None:
    given = [COOPERATION, reported(Report.COOPERATION, SUMMER, at=DECEMBER + DAY), ended(at=DECEMBER + 2 * DAY)]
    assert keys(given, "report-cooperation") == [("", True, False)]


def test_one_report_after_transport_is_for_all_that_was_carried_by_then() -> None:
    given = [
        recorded(CERTIFICATE, Scheme.TRANSPORT_PERMIT),
        drawn(A, permit=CERTIFICATE, at=NOON - 3 * DAY),
        drawn(B, permit=CERTIFICATE, at=NOON - 2 * DAY),
        reported(
            Report.TRANSPORT, ((NOON - 3 * DAY).date(), (NOON - 2 * DAY).date()), permit=CERTIFICATE, at=NOON - DAY
        ),
        drawn(A, permit=CERTIFICATE),
    ]
    assert [met for _, met, _ in keys(given, "report-transport")] == [True, True, False]
    assert keys([recorded(), drawn(A)], "report-transport") == []
