"""Working days, local days and the ends of terms, in China and the United States."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.law.deadlines import Term, add_months, deadline, is_estimate
from ledger.domain.law.rules import Confidence, Parameter
from ledger.reference.calendars import Calendar
from ledger.rulepacks.tables import calendar_of, shipped_tables

_TABLES = shipped_tables().calendars
CALENDARS = {name: calendar_of(name, table) for name, table in _TABLES.items()}
CHINA, AMERICA = CALENDARS["cn-2026"], CALENDARS["us-2026"]
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
SECONDS = st.integers(0, 16 * 366 * 86_400)
INSTANTS = SECONDS.map(lambda seconds: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


def _term(value: int, term: Term) -> Parameter[int]:
    return Parameter(value, term, "Art. 1", "a copy", Confidence.V)


def _china(day: date, hour: int = 23, minute: int = 59, second: int = 59, micro: int = 999_999) -> datetime:
    """Return an instant of the Chinese clock, by default a day's last, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, second, micro, tzinfo=UTC) - timedelta(hours=8)


@given(start=DAYS, n=st.integers(1, 40))
def test_the_nth_working_day_is_a_working_day_with_n_minus_1_between(start: date, n: int) -> None:
    end = CHINA.add_working_days(start, n)
    between = [start + timedelta(days=k) for k in range(1, (end - start).days)]
    assert CHINA.is_working_day(end)
    assert sum(CHINA.is_working_day(day) for day in between) == n - 1


@given(start=DAYS, a=st.integers(0, 20), b=st.integers(0, 20))
def test_working_days_add_up(start: date, a: int, b: int) -> None:
    assert CHINA.add_working_days(CHINA.add_working_days(start, a), b) == CHINA.add_working_days(start, a + b)


@given(start=DAYS, length=st.integers(-5, 800))
def test_working_days_between_two_days_are_those_that_are_there_one_by_one(start: date, length: int) -> None:
    until = start + timedelta(days=length)
    between = [start + timedelta(days=k) for k in range(1, length + 1)]
    assert CHINA.working_days_between(start, until) == sum(CHINA.is_working_day(day) for day in between)


@given(instant=INSTANTS, term=st.sampled_from(Term), value=st.integers(1, 60))
def test_a_deadline_lies_after_its_start_and_is_written_in_utc(instant: datetime, term: Term, value: int) -> None:
    end = deadline(instant, _term(value, term), CHINA)
    assert end > instant
    assert end.utcoffset() == timedelta(0)


@given(instant=INSTANTS, term=st.sampled_from(Term), value=st.integers(0, 60))
def test_a_longer_term_never_ends_earlier(instant: datetime, term: Term, value: int) -> None:
    assert deadline(instant, _term(value, term), CHINA) <= deadline(instant, _term(value + 1, term), CHINA)


@given(day=DAYS)
def test_a_days_last_instant_is_that_day_and_the_next_microsecond_is_not(day: date) -> None:
    end = CHINA.end_of_day(day)
    assert CHINA.local_date(end) == day
    assert CHINA.local_date(end + timedelta(microseconds=1)) == day + timedelta(days=1)


@given(day=DAYS, months=st.integers(0, 60))
def test_months_end_on_the_same_number_or_the_months_last_day(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2026, 2, 13), True, id="Friday before the Spring Festival"),
        pytest.param(date(2026, 2, 14), True, id="make-up Saturday before it"),
        pytest.param(date(2026, 2, 15), False, id="Sunday before it"),
        pytest.param(date(2026, 2, 17), False, id="Spring Festival"),
        pytest.param(date(2026, 2, 20), False, id="day off moved to a weekday"),
        pytest.param(date(2026, 2, 23), False, id="the last day off"),
        pytest.param(date(2026, 2, 24), True, id="work begins again"),
        pytest.param(date(2026, 2, 28), True, id="make-up Saturday after it"),
        pytest.param(date(2026, 1, 4), True, id="make-up Sunday"),
        pytest.param(date(2026, 1, 11), False, id="an ordinary Sunday"),
        pytest.param(date(2001, 12, 29), True, id="make-up Saturday by the next year's notice"),
    ],
)
def test_chinese_offices_work_on_make_up_weekends(day: date, works: bool) -> None:
    assert CHINA.is_working_day(day) is works


def test_beyond_the_settled_days_an_answer_is_an_estimate() -> None:
    assert CHINA.is_settled(date(2026, 12, 25))
    assert not CHINA.is_settled(date(2026, 12, 26))  # the notice for 2027 may still move these days
    assert not CHINA.is_settled(date(2000, 12, 31))
    assert AMERICA.is_settled(date(2040, 1, 1))


def test_estimated_days_follow_from_the_calendar_alone() -> None:
    assert not CHINA.is_working_day(date(2027, 10, 1))  # a statutory holiday, as it was expected
    assert CHINA.is_working_day(date(2027, 10, 8))  # nobody has moved it yet
    assert CHINA.is_working_day(date(2041, 10, 1))  # beyond all that is listed: weekdays alone
    assert not CHINA.is_working_day(date(2041, 10, 5))


@pytest.mark.parametrize(
    ("start", "term", "estimate"),
    [
        pytest.param(date(2026, 12, 1), Term.WORKING_DAYS, False, id="ends on a settled day"),
        pytest.param(date(2026, 12, 15), Term.WORKING_DAYS, True, id="runs into the days that are not settled"),
        pytest.param(date(2000, 12, 29), Term.WORKING_DAYS, True, id="starts before the calendar"),
        pytest.param(date(2026, 12, 15), Term.CALENDAR_DAYS, False, id="counts no working days"),
    ],
)
def test_a_deadline_that_rests_on_unsettled_days_is_marked(start: date, term: Term, estimate: bool) -> None:
    assert is_estimate(_china(start, 9), _term(10, term), CHINA) is estimate


@pytest.mark.parametrize("name", CALENDARS)
def test_a_calendar_names_its_source_and_lists_what_differs_from_the_week_alone(name: str) -> None:
    calendar = CALENDARS[name]
    assert calendar.name == name
    assert calendar.source
    assert all(day.weekday() < 5 for day in calendar.off)
    assert all(day.weekday() >= 5 for day in calendar.worked)
    assert all(calendar.is_settled(day) for day in calendar.worked)


def test_working_days_across_the_spring_festival_count_the_make_up_saturdays() -> None:
    assert CHINA.add_working_days(date(2026, 2, 12), 2) == date(2026, 2, 14)
    assert CHINA.add_working_days(date(2026, 2, 12), 3) == date(2026, 2, 24)
    assert CHINA.add_working_days(date(2026, 2, 12), 7) == date(2026, 2, 28)


def test_twenty_working_days_end_with_the_local_day() -> None:
    applied = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)
    assert deadline(applied, _term(20, Term.WORKING_DAYS), CHINA) == _china(date(2026, 3, 16))


def test_an_evening_in_utc_is_the_next_day_in_china() -> None:
    assert CHINA.local_date(datetime(2026, 8, 1, 17, 0, tzinfo=UTC)) == date(2026, 8, 2)
    assert CHINA.local_date(datetime(2026, 8, 1, 15, 59, tzinfo=UTC)) == date(2026, 8, 1)


def test_thirty_days_after_an_evening_in_utc_are_counted_from_the_local_day() -> None:
    entered = datetime(2026, 8, 1, 17, 0, tzinfo=UTC)
    assert deadline(entered, _term(30, Term.CALENDAR_DAYS), CHINA) == _china(date(2026, 9, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param(date(2026, 1, 31), 1, date(2026, 2, 28), id="a month without the day"),
        pytest.param(date(2028, 1, 31), 1, date(2028, 2, 29), id="a leap year"),
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 28), id="over the year"),
        pytest.param(date(2026, 11, 30), 3, date(2027, 2, 28), id="November to February"),
        pytest.param(date(2026, 2, 28), 12, date(2027, 2, 28), id="a month's end is not carried on"),
        pytest.param(date(2026, 12, 15), 12, date(2027, 12, 15), id="December"),
    ],
)
def test_months_end_at_a_day_that_exists(start: date, months: int, end: date) -> None:
    assert deadline(_china(start, 9, 0, 0, 0), _term(months, Term.MONTHS), CHINA) == _china(end)


def test_years_from_a_leap_day_end_on_the_28th() -> None:
    assert deadline(_china(date(2028, 2, 29)), _term(1, Term.YEARS), CHINA) == _china(date(2029, 2, 28))


def test_hours_run_from_the_instant_through_night_and_holiday() -> None:
    found = datetime(2026, 2, 16, 23, 30, tzinfo=UTC)
    assert deadline(found, _term(2, Term.HOURS), CHINA) == datetime(2026, 2, 17, 1, 30, tzinfo=UTC)


def test_calendar_days_that_end_on_a_holiday_are_not_drawn_out() -> None:
    assert deadline(_china(date(2026, 1, 18)), _term(30, Term.CALENDAR_DAYS), CHINA) == _china(date(2026, 2, 17))


def test_american_federal_holidays_are_no_working_days() -> None:
    assert AMERICA.add_working_days(date(2026, 7, 1), 2) == date(2026, 7, 6)


def test_a_time_without_a_zone_has_no_day() -> None:
    naive = datetime(2026, 8, 1, 12, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        CHINA.local_date(naive)
    with pytest.raises(ValueError, match="zone"):
        deadline(naive, _term(2, Term.HOURS), CHINA)


def test_what_is_not_a_term_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="persons"):
        deadline(datetime(2026, 8, 1, tzinfo=UTC), Parameter(2, "persons", "Art. 1", "a copy", Confidence.V), CHINA)


def test_working_days_are_counted_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        CHINA.add_working_days(date(2026, 8, 1), -1)


ENDS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
)


@pytest.mark.parametrize("start", ENDS)
@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
@pytest.mark.parametrize("unit", Term)
def test_a_term_at_either_end_of_the_calendar_has_an_end(start: datetime, calendar: Calendar, unit: Term) -> None:
    end = deadline(start, _term(30, unit), calendar)
    assert end.utcoffset() == timedelta(0)
    assert end.year >= start.year


@pytest.mark.parametrize("day", [date(9999, 12, 1), date.max])
def test_months_that_would_end_after_the_last_year_end_with_it(day: date) -> None:
    assert add_months(day, 12) == date.max
