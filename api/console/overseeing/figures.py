"""Figures of the platform, counted from what the reader is shown: each is so many rows, and leads to exactly these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from api.language import label
from ledger.domain.assessment.days import days_of
from ledger.domain.states.application import Application, ApplicationEnd
from ledger.domain.states.risk import Assessment, Meeting, Outcome
from ledger.domain.states.supervision import FindingStatus, Supervision
from ledger.ids import Tag
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from markupsafe import Markup

    from api.console.telling import Teller
    from ledger.domain.states.subjects import Case
    from projections.asked.question import Asked

Cells = tuple["str | Markup", ...]

COUNTED: Final = (Meeting, Application, Assessment, Supervision)
"""What the figures are counted from: the cases of these matters."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure. name: in an address. rows: what was counted, one each; heads: over their cells.

    share: a share or a number that follows from them, in words; "" none.
    """

    name: str
    called: str
    heads: tuple[str, ...]
    rows: tuple[Cells, ...]
    share: str = ""


def figures_of(teller: Teller, asked: Asked) -> list[Figure]:
    """Return the figures of a period of local days. Of what is on record, and of what the reader may see of it."""
    told = _Figures(teller, asked)
    return [*told.meetings(), *told.applications(), *told.supervision()]


class _Figures:
    def __init__(self, teller: Teller, asked: Asked) -> None:
        self._teller, self._asked, self._language = teller, asked, teller.language
        before = asked.calendar.end_of_day((asked.first or asked.day) - timedelta(days=1))
        self._from, self._to = before, asked.calendar.end_of_day(asked.last or asked.day)

    def _within(self, at: datetime | None) -> bool:
        return at is not None and self._from < at <= self._to

    def _cases(self, of: type) -> Iterator[tuple[Case, Any]]:
        return ((case, case.detail) for case in self._asked.record.cases if isinstance(case.detail, of))

    def _link(self, tag: object) -> Markup:
        return self._teller.link(Tag(str(tag)))

    def meetings(self) -> Iterator[Figure]:
        """Yield the figures of risk-assessment meetings: those that were held in the period."""
        language, today = self._language, self._teller.today
        held = [(case, one) for case, one in self._cases(Meeting) if self._within(case.opened_on)]
        world = self._asked.record.world
        applicants = sorted(
            {
                assessed.applicant
                for _, one in held
                for decided in one.outcomes
                if isinstance(assessed := world.case(decided.assessment).detail, Assessment)
            }
        )
        decisions = [(case, decided) for case, one in held for decided in one.outcomes]
        passed = [pair for pair in decisions if pair[1].outcome is Outcome.PASS]
        head = (label("meeting", language), label("held", language))
        yield Figure(
            "meetings",
            label("meetings", language),
            (*head, label("products", language)),
            tuple((self._link(case.id), self._when(case.opened_on), str(len(one.outcomes))) for case, one in held),
        )
        who = (label("enterprise", language),)
        yield Figure(
            "enterprises",
            label("enterprises in meetings", language),
            who,
            tuple((self._link(one),) for one in applicants),
        )
        heads = (head[0], label("assessment", language), label("line", language), label("decision", language))

        def row(pair: tuple[Case, Any]) -> Cells:
            case, one = pair
            word = code_word("assessment_outcome", one.outcome, today)
            return self._link(case.id), self._link(one.assessment), str(one.line), word

        yield Figure("products", label("products decided on", language), heads, tuple(map(row, decisions)))
        share = ""
        if decisions:
            rate = label("pass rate {number} %", language)
            share = rate.format(number=f"{100 * len(passed) / len(decisions):.1f}".removesuffix(".0"))
        yield Figure("passed", label("products passed", language), heads, tuple(map(row, passed)), share)

    def applications(self) -> Iterator[Figure]:
        """Yield the figures of applications: those that were decided in the period, and those that wait now."""
        language = self._language
        heads = (label("application", language), label("applicant", language), label("decided", language))
        days = label("working days that count", language)
        ended: dict[ApplicationEnd, list[tuple[Cells, int]]] = {}
        waiting: list[Cells] = []
        for case, one in self._cases(Application):
            counted = days_of(one, self._asked.calendar, self._asked.at).counted
            cells: Cells = (self._link(case.id), self._link(one.applicant))
            if one.ended is None:
                waiting.append((*cells, self._when(one.steps[0].since), str(counted)))
            elif self._within(one.steps[-1].since):
                ended.setdefault(one.ended, []).append(
                    ((*cells, self._when(one.steps[-1].since), str(counted)), counted)
                )
        every = [row for rows in ended.values() for row in rows]
        share = ""
        if every:
            share = label("median {number} working days to the decision", language).format(
                number=f"{median(number for _, number in every):g}"
            )
        yield Figure(
            "decided", label("applications decided", language), (*heads, days), tuple(row for row, _ in every), share
        )
        granted = tuple(row for row, _ in ended.get(ApplicationEnd.GRANTED, ()))
        yield Figure("granted", label("of these permitted", language), (*heads, days), granted)
        since = (*heads[:2], label("since", language), days)
        yield Figure("waiting", label("applications that wait now", language), since, tuple(waiting))

    def supervision(self) -> Iterator[Figure]:
        """Yield the figures of supervision: visits made and findings raised in the period."""
        language, today = self._language, self._teller.today
        visits = [
            one for one in self._asked.record.of_kinds("supervision.visited/1") if self._within(one.said.occurred_at)
        ]
        heads = (label("unit", language), label("case", language), label("visited", language))
        yield Figure(
            "visits",
            label("visits", language),
            heads,
            tuple(
                (self._link(one.said.body.party), self._link(one.said.body.case), self._when(one.said.occurred_at))
                for one in visits
            ),
        )
        units = sorted({one.said.body.party for one in visits})
        yield Figure("units", label("units visited", language), heads[:1], tuple((self._link(one),) for one in units))
        found = [
            (case, detail.unit, one)
            for case, detail in self._cases(Supervision)
            for _, one in sorted(detail.findings.items())
            if self._within(one.since)
        ]
        said = (heads[0], heads[1], label("finding", language), label("status", language))

        def rows(keeps: Callable[[Any], bool]) -> tuple[Cells, ...]:
            return tuple(
                (
                    self._link(unit),
                    self._link(case.id),
                    str(one.number),
                    code_word("finding_status", one.status, today),
                )
                for case, unit, one in found
                if keeps(one)
            )

        yield Figure("findings", label("findings raised", language), said, rows(lambda _: True))
        yield Figure("open", label("of these open", language), said, rows(lambda one: one.settled_at is None))
        yield Figure(
            "verified",
            label("of these corrected and verified", language),
            said,
            rows(lambda one: one.status is FindingStatus.VERIFIED),
        )

    def _when(self, at: datetime | None) -> str:
        return "" if at is None else self._asked.calendar.local_date(at).isoformat()
