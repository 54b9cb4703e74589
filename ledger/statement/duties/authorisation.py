"""Duties of who holds a permit: it is renewed before it ends, while something stands on it, and reported on.

Which licence is reported on yearly, or when its cooperation is over, the licence itself says among its conditions.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, cast

from ledger.domain.authorisation.changes import PermitEnd
from ledger.domain.duties.duty import Duty, Length, Owed, When, Who
from ledger.domain.law.rules import Confidence
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.permit import Permit, PermitStatus, Report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Step
    from ledger.domain.law.rules import RulePack

_KINDS: Final = frozenset({"permit.recorded/1", "permit.linked/1", "permit.changed/1", "permit.drawn/1"})


def _last_day(permit: Permit) -> date | None:
    """Return the last day of a permit that something stands on; None: nothing does, or it has no end."""
    rests = permit.approvals or permit.items
    return permit.valid_to if rests and permit.status is not PermitStatus.ENDED else None


def _stood_on(step: Step) -> Iterator[Owed]:
    before, after = cast("Permit", step.before), cast("Permit", step.after)
    last = _last_day(after)
    if (due := step.end_of(last)) is not None and last != _last_day(before):
        yield Owed(str(last), tuple(sorted(after.links)), after.holder, after.issuer, due=due)


def _renewed(step: Step, owed: Owed) -> bool:
    last = cast("Permit", step.after).valid_to
    return last is None or str(last) > owed.key


def _ended(step: Step, owed: Owed) -> bool:
    permit = cast("Permit", step.after)
    return permit.status is PermitStatus.ENDED or (permit.valid_to is not None and str(permit.valid_to) < owed.key)


def _end(permit: Permit, rules: RulePack) -> datetime | None:
    """Return the last instant of a permit: of its last day, or when it was ended before; None: it has no end."""
    last = None if permit.valid_to is None else rules.working_days.end_of_day(permit.valid_to)
    if permit.status is not PermitStatus.ENDED:
        return last
    ended = permit.history[-1][0]
    return ended if last is None else min(ended, last)


def _days(permit: Permit, year: int, rules: RulePack) -> tuple[date, date]:
    """Return the first and the last day of a year on which a permit held; in wrong order where it held on none."""
    end = _end(permit, rules)
    last = date.max if end is None else rules.working_days.local_date(end)
    return max(date(year, 1, 1), permit.valid_from or date.max), min(date(year, 12, 31), last)


def _is_reported(permit: Permit, year: int, rules: RulePack) -> bool:
    """Say whether an annual report covers a year as far as the permit held in it."""
    first, last = _days(permit, year, rules)
    return any(one.report is Report.ANNUAL and one.first <= first and last <= one.last for one in permit.reports)


def _unreported(permit: Permit, rules: RulePack) -> int | None:
    """Return the first year that is to be reported on and is not; None: there is none."""
    if permit.valid_from is None or Report.ANNUAL.condition not in permit.conditions:
        return None
    year = permit.valid_from.year
    while True:
        first, last = _days(permit, year, rules)
        if first > last:
            return None
        if not _is_reported(permit, year, rules):
            return year
        year += 1


def _yearly(step: Step) -> Iterator[Owed]:
    before, after, rules = cast("Permit", step.before), cast("Permit", step.after), step.rules
    if rules is None:
        return
    year = _unreported(after, rules)
    if year is not None and year != _unreported(before, rules):
        since = rules.working_days.end_of_day(_days(after, year, rules)[1])
        yield Owed(str(year), tuple(sorted(after.links)), after.holder, after.issuer, since=since)


def _reported(step: Step, owed: Owed) -> bool:
    return step.rules is not None and _is_reported(cast("Permit", step.after), int(owed.key), step.rules)


def _not_in_that_year(step: Step, owed: Owed) -> bool:
    permit = cast("Permit", step.after)
    if step.rules is None:
        return False
    first, last = _days(permit, int(owed.key), step.rules)
    return first > last or Report.ANNUAL.condition not in permit.conditions


def _over(permit: Permit, rules: RulePack) -> datetime | None:
    """Return when a cooperation that is to be reported on is over; None: not known yet, or it is reported on."""
    if Report.COOPERATION.condition not in permit.conditions:
        return None
    return None if any(one.report is Report.COOPERATION for one in permit.reports) else _end(permit, rules)


def _cooperation_over(step: Step) -> Iterator[Owed]:
    """Yield the report on a cooperation from its end on; where another permit takes its place it goes on under that."""
    before, after, rules = cast("Permit", step.before), cast("Permit", step.after), step.rules
    if rules is None or getattr(step.body, "ground", None) is PermitEnd.SUPERSEDED:
        return
    over = _over(after, rules)
    if over is not None and over != _over(before, rules):
        yield Owed("", tuple(sorted(after.links)), after.holder, after.issuer, since=over)


def _ends_otherwise(step: Step, owed: Owed) -> bool:
    return step.rules is not None and _over(cast("Permit", step.after), step.rules) != owed.since


def _of_cooperation(step: Step, owed: Owed) -> bool:
    return step.body.report is Report.COOPERATION


def _to_be_carried(step: Step) -> Iterator[Owed]:
    permit = cast("Permit", step.after)
    if permit.scheme is Scheme.TRANSPORT_PERMIT and step.rules is not None:
        day = step.rules.working_days.local_date(step.event.said.occurred_at)
        yield Owed(str(day), tuple(sorted(step.body.items)), permit.holder, permit.issuer)


def _of_transport(step: Step, owed: Owed) -> bool:
    """Say whether a report after transport goes as far as the day on which the goods were put under the permit."""
    return step.body.report is Report.TRANSPORT and str(step.body.period_to) >= owed.key


_REPORTED: Final = frozenset({"permit.reported/1"})
_ENDS: Final = frozenset({"permit.changed/1", "permit.ended/1"})

AUTHORISATION: Final[tuple[Duty, ...]] = (
    Duty(
        id="renew-permit",
        says="A permit is renewed before it ends while approvals or items stand on it.",
        about=Permit,
        owed_by=Who.HOLDER,
        owed_to=Who.AUTHORITY,
        opens=_KINDS,
        owed=_stood_on,
        stated=True,
        closes=When(frozenset({"permit.changed/1"}), _renewed),
        lapses=When(frozenset({"permit.ended/1", "permit.changed/1"}), _ended),
    ),
    Duty(
        id="report-yearly",
        says="What a licence asks to be reported on each year is reported, year by year, as long as it holds.",
        about=Permit,
        owed_by=Who.HOLDER,
        owed_to=Who.AUTHORITY,
        opens=frozenset({"permit.recorded/1", "permit.changed/1", "permit.reported/1"}),
        owed=_yearly,
        closes=When(_REPORTED, _reported),
        lapses=When(_ENDS, _not_in_that_year),
        clause="HGR Regulations Art. 15",
    ),
    Duty(
        id="report-cooperation",
        says="A cooperation that a licence asks to be reported on is reported when it is over.",
        about=Permit,
        owed_by=Who.HOLDER,
        owed_to=Who.AUTHORITY,
        opens=frozenset({"permit.recorded/1", "permit.changed/1", "permit.ended/1"}),
        owed=_cooperation_over,
        term=Length("cooperation_report_months", lambda rules: rules.cooperation_report_months),
        closes=When(_REPORTED, _of_cooperation),
        lapses=When(_ENDS, _ends_otherwise),
        clause="HGR Regulations Art. 26",
    ),
    Duty(
        id="report-transport",
        says="What is put under a transport permit is reported to who issued it, after the transport.",
        about=Permit,
        owed_by=Who.HOLDER,
        owed_to=Who.AUTHORITY,
        opens=frozenset({"permit.drawn/1"}),
        owed=_to_be_carried,
        closes=When(_REPORTED, _of_transport),
        clause="MoH Order 45",
        confidence=Confidence.M,
    ),
)
