"""How long an obligation runs: terms, pauses, and what is asked at an instant."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ledger.domain.assessment.days import decision_due
from ledger.domain.assessment.decisions import ApplicationExtended
from ledger.domain.custody.carriage import Decision
from ledger.domain.duties.duty import Duty, Length, When
from ledger.domain.duties.obligation import State
from ledger.domain.ending.incidents import ReportedTo
from ledger.errors import Malformed
from ledger.ids import Tag
from ledger.rulepacks.edition import make_edition
from ledger.rulepacks.load import load_packs
from ledger.statement.duties import DUTIES, obligations
from projections.obligations import begun
from tests.spec import before_entry
from tests.spec.goods import A, delivered, received
from tests.spec.owing import before, border, ending, supervised
from tests.spec.owing.custody import decided, warm
from tests.spec.owing.scenes import owed, told
from tests.spec.world import NOON, packs

if TYPE_CHECKING:
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Signed

_HOUR: Final = timedelta(hours=1)


def duty(length: Length) -> Duty:
    """Return a duty with a term: to decide after an excursion; quarantine pauses it, a receipt lets it go on."""
    return replace(DUTIES["decide-excursion"], term=length, resumes=When(frozenset({"item.received/1"})))


HOURS: Final = duty(Length("pending_handover_hours", lambda rules: rules.pending_handover_hours))
DAYS: Final = duty(Length("detained_goods_days", lambda rules: rules.detained_goods_days))
WORKING_DAYS: Final = duty(Length("approval_decision_days", lambda rules: rules.approval_decision_days))


def warmed(row: Duty, *more: Signed[Any]) -> Obligation:
    """Return what is owed for an item that got too warm at noon on Tuesday, 1 September, and what was done since."""
    (found,) = obligations(told([*delivered(), warm(), *more]), packs(), duties=(row,))
    return found


def quarantined(after: timedelta) -> Signed[Any]:
    return decided(Decision.QUARANTINE, at=NOON + after)


def resumed(after: timedelta) -> Signed[Any]:
    return msgspec.structs.replace(received(A), occurred_at=NOON + after)


def end_of(day: date) -> datetime:
    """Return the last instant of a day in China."""
    return datetime(day.year, day.month, day.day, 15, 59, 59, 999999, tzinfo=UTC)


def test_hours_run_on_where_the_pause_ends() -> None:
    assert warmed(HOURS).due == NOON + 24 * _HOUR
    paused = warmed(HOURS, quarantined(2 * _HOUR), resumed(7 * _HOUR))
    assert paused.due == NOON + 29 * _HOUR


def test_calendar_days_are_drawn_out_by_the_days_of_the_pause() -> None:
    assert warmed(DAYS).due == end_of(date(2026, 9, 8))
    paused = warmed(DAYS, quarantined(24 * _HOUR), resumed(4 * 24 * _HOUR))
    assert paused.due == end_of(date(2026, 9, 11))


def test_working_days_are_drawn_out_by_the_working_days_of_the_pause() -> None:
    """From Thursday to Monday two offices' days are lost, Friday and Monday; the term's end moves by as many."""
    plain = warmed(WORKING_DAYS)
    paused = warmed(WORKING_DAYS, quarantined(2 * 24 * _HOUR), resumed(6 * 24 * _HOUR))
    assert plain.due is not None
    assert paused.due is not None
    (pack,) = (one for one in packs().packs if one.id == "cn-281/2026-08-01")
    calendar = pack.working_days
    assert paused.due == calendar.end_of_day(calendar.add_working_days(calendar.local_date(plain.due), 2))


def test_while_the_clock_stands_there_is_no_date_and_nothing_is_overdue() -> None:
    paused = warmed(HOURS, quarantined(2 * _HOUR))
    assert paused.due is None
    assert paused.state_at(NOON + 3 * _HOUR) is State.PAUSED
    assert not paused.overdue_at(NOON + timedelta(days=900))


def test_a_pause_behind_the_date_changes_nothing() -> None:
    late = warmed(HOURS, quarantined(30 * _HOUR))
    assert late.due == NOON + 24 * _HOUR
    assert late.overdue_at(NOON + 31 * _HOUR)


def test_what_is_asked_at_an_instant_is_how_it_stood_then() -> None:
    found = warmed(HOURS, decided(Decision.USE, at=NOON + 30 * _HOUR))
    assert found.late
    assert [found.state_at(NOON + at * _HOUR) for at in (-1, 1, 29, 30)] == [None, State.DUE, State.DUE, State.MET]
    assert [found.overdue_at(NOON + at * _HOUR) for at in (1, 24, 25, 30)] == [False, False, True, False]


def test_a_date_of_working_days_that_nobody_decreed_yet_is_an_estimate() -> None:
    found = warmed(WORKING_DAYS)
    assert (found.calendar, found.estimate) == ("cn-2026", False)
    long = duty(
        Length(
            "late",
            lambda rules: rules.approval_decision_days and replace(rules.approval_decision_days, value=200),
        )
    )
    assert warmed(long).estimate


def test_without_the_edition_nothing_is_known_of_the_term() -> None:
    scene = border.SCENES[0]
    none = replace(packs(), editions=tuple(one for one in packs().editions if one.pack.jurisdiction == "US"))
    (found,) = owed(scene.opened, scene.duty, none)
    assert (found.edition, found.due, found.calendar) == ("", None, "")


def test_at_an_earlier_time_later_editions_had_not_begun() -> None:
    ids = [pack.id for pack in begun(packs(), datetime(2026, 11, 30, 15, 0, tzinfo=UTC)).packs]
    assert "cn-281/2026-12-01" not in ids
    assert "cn-281/2026-12-01" in [pack.id for pack in begun(packs(), datetime(2026, 11, 30, 16, 0, tzinfo=UTC)).packs]


def test_what_rests_on_a_subject_beyond_the_boundary_is_an_error() -> None:
    scene = border.SCENES[0]
    events = told(scene.opened)
    with pytest.raises(LookupError, match="approval:1 is beyond the boundary"):
        obligations(events, packs(), {Tag("consignment:1")})


@pytest.mark.rule("RUL-02")
@pytest.mark.parametrize(
    "names", [[], ["no_such_term"], ["loss_report_hours", "loss_report_hours"], "loss_report_hours"]
)
def test_an_edition_reaches_only_terms_that_there_are(names: object) -> None:
    edition = next(one for one in load_packs().editions if one.pack.id == "us-cdc/2026-12-01")
    value = json.loads(edition.written)
    value["parameters"]["reaches_open_duties"]["value"] = names
    with pytest.raises(Malformed, match="reaches_open_duties"):
        make_edition("here", value)


def test_who_was_told_by_then_need_not_be_told_again() -> None:
    """The veterinary authority stands for the health authority."""
    given = ending.SCENES[0].given
    found = owed([*given, ending.lost(ReportedTo.VETERINARY_AUTHORITY)], "report-loss")
    assert {one.owed.key: one.met is not None for one in found} == {
        "competent-authority": False,
        "health-authority": True,
        "police": False,
    }


def test_a_term_that_was_drawn_out_is_longer() -> None:
    scene = before.SCENES[1]
    extended = before_entry.by_customs(ApplicationExtended(case=before_entry.CASE), 9)
    (plain,), (longer,) = (owed([*scene.opened, *more], scene.duty) for more in ((), (extended,)))
    assert plain.parameter is not None
    assert longer.parameter is not None
    assert (plain.parameter.value, longer.parameter.value) == (20, 30)
    assert plain.due is not None
    assert longer.due is not None
    assert longer.due > plain.due


def test_a_decision_is_due_when_the_application_itself_says_so() -> None:
    """What the assessment wing reckons for an application, and what is owed, are one date."""
    scene = before.SCENES[1]
    assert scene.pauses is not None
    assert scene.resumes is not None
    given = [*scene.opened, scene.pauses, scene.resumes]
    (found,) = owed(given, scene.duty)
    (pack,) = (one for one in packs().packs if one.id == "cn-281/2026-08-01")
    assert found.due == decision_due(before_entry.application(given), pack)


def test_records_are_kept_until_the_last_day_and_beyond_it_under_a_legal_hold() -> None:
    scene = next(one for one in supervised.SCENES if one.duty == "keep-item-records")
    assert scene.pauses is not None
    behind = datetime(2046, 9, 2, tzinfo=UTC)
    (free,), (held,) = (owed([*scene.opened, *more], scene.duty) for more in ((), (scene.pauses,)))
    assert (free.state_at(behind), held.state_at(behind)) == (State.LAPSED, State.PAUSED)
    assert free.state_at(behind - timedelta(days=2)) is State.OPEN
