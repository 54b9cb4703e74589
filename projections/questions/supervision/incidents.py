"""How long it took from a discovery to each body that was to be told.

"Incidents: time from discovery to each required report vs the limit."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.acts import place_of
from ledger.domain.ending.incidents import INCIDENT, LOSS, ReportedTo
from ledger.domain.law.deadlines import deadline
from ledger.domain.supervision.notices import INSTEAD, response_of, term_of, to_be_told
from ledger.domain.work.contents import high_pathogenic
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.subjects import Case
    from ledger.ids import CaseId, PartyId


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """What a body was told of a case.

    required: whether a law that was read has it told. due: until when; None: no term of it is known.
    told_at: when it was first told; None: nobody says that it was. by_report: that it was told by the report itself,
        which says no more than that it was told before it.
    clause, verified: what the term rests on; "" and False without one.
    """

    body: ReportedTo
    required: bool
    due: datetime | None
    told_at: datetime | None
    took: timedelta | None
    by_report: bool
    clause: str
    verified: bool

    @property
    def late(self) -> bool | None:
        """Say whether it was told after its term; None: there is none, or it was not told."""
        return None if self.due is None or self.told_at is None else self.told_at > self.due


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """A loss or an incident.

    rules: the edition that its report was judged by; None: this program has it not, and knows no term.
    dangerous: whether something high-pathogenic is concerned; None: not known without the edition.
    """

    case: CaseId
    party: PartyId | None
    matter: str
    discovered_at: datetime | None
    rules: str | None
    dangerous: bool | None
    notices: tuple[NoticeRow, ...]
    investigated_at: datetime | None
    open_watches: int


def incidents(events: Iterable[Event[Any]], editions: Editions) -> tuple[IncidentRow, ...]:
    """Return the losses and incidents of a log, by when they were reported.

    editions: each case is asked by the one that its report was judged by.
    """
    record = Record(events)
    reports = {event.said.body.case: event for event in record.of_kinds("loss.reported/1", "incident.reported/1")}
    cases = sorted((one for one in record.cases if one.id in reports), key=lambda one: reports[one.id].position)
    return tuple(_row(record, case, reports[case.id], editions) for case in cases)


def _row(record: Record, case: Case, report: Event[Any], editions: Editions) -> IncidentRow:
    rules = editions.by_name(report.rules)
    dangerous = None if rules is None else high_pathogenic(record.at(place_of(report)), case.items, rules)
    response = response_of(case)
    return IncidentRow(
        case.id,
        case.party,
        LOSS if case.matter == LOSS else INCIDENT,
        case.opened_on,
        None if rules is None else rules.name,
        dangerous,
        tuple(_notices(case, report, rules if dangerous else None)),
        response.investigated_at,
        response.watches - response.ended,
    )


def _notices(case: Case, report: Event[Any], rules: RulePack | None) -> Iterator[NoticeRow]:
    told = {ReportedTo(one): report.said.occurred_at for one in report.said.body.reported_to}
    said = dict(told)
    for one in response_of(case).notices:
        body = ReportedTo(one.body)
        if not one.written and (body not in said or one.at < said[body]):
            said[body] = one.at
    required = _required(report, said) if rules is not None else frozenset()
    for body in ReportedTo:
        term = None if rules is None else term_of(rules, body, written=False)
        if body not in said and body not in required:
            continue
        start, at = case.opened_on, said.get(body)
        due = None if term is None or start is None or rules is None else deadline(start, term, rules.working_days)
        yield NoticeRow(
            body,
            body in required,
            due,
            at,
            None if at is None or start is None else at - start,
            at is not None and told.get(body) == at,
            "" if term is None else term.clause,
            term is not None and term.verified,
        )


def _required(report: Event[Any], said: dict[ReportedTo, datetime]) -> frozenset[ReportedTo]:
    """Return whom the law has told; where another was told in the place of one of these, that one."""
    each = (({body, INSTEAD.get(body, body)} & said.keys()) or {body} for body in to_be_told(report.said.body))
    return frozenset().union(*each)
