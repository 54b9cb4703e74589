"""What is owed: the obligations of the record as rows, as they stand at an instant, narrowed by whom and what about.

Today all are computed whenever somebody asks: time and memory as the log is long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.domain.duties.obligation import UNENDED, State
from ledger.domain.law.deadlines import unit_code
from ledger.ids import PartyId, Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES, obligations

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.domain.duties.obligation import Obligation
    from ledger.rulepacks.load import RulePacks
    from projections.source import Source


class Standing(StrEnum):
    """What a list of obligations is narrowed to: how they stand, or that their date has passed."""

    OPEN = "open"
    DUE = "due"
    PAUSED = "paused"
    MET = "met"
    LAPSED = "lapsed"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    at: the instant at which they stand so. subjects: every one of them is what it is about, or whoever owes it or is
    owed it. standing: None: whatever has not ended. duty: by its id; None: every duty.
    """

    at: datetime
    subjects: Collection[Tag] = ()
    standing: Standing | None = None
    duty: str | None = None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An obligation.

    duty: the row of the table of duties. subject: in whose chain it stands; concerns: what else it is about.
    owed_by, owed_to: by their parts in the matter; debtor, creditor: the parties, where the record says which.
    overdue: at the instant asked for. late: that it was met after its date.
    opened_by: the position of the event that opened it, at opened_at. since: from when the term runs.
    due: None: no date is known, or the clock stands. until: the last instant of what is owed for a time.
    calendar, estimate: what a date was reckoned by, and whether days in it were not decreed yet.
    term, unit, parameter: how long, by the rule pack; None where the opener states it.
    edition: of the rule pack whose term holds. clause, confidence: where the term is written, or else the duty.
    paused_since: since when the clock stands. ended_at, ended_by: when and by which event it was met or lapsed.
    closes: the kinds that meet it. missed: the rule that doing it late breaks; "" where a missed one is a finding.
    """

    duty: str
    subject: Tag
    concerns: tuple[Tag, ...]
    owed_by: str
    debtor: PartyId | None
    owed_to: str
    creditor: PartyId | None
    state: State
    overdue: bool
    late: bool
    opened_at: datetime
    opened_by: int
    since: datetime
    due: datetime | None
    until: datetime | None
    calendar: str
    estimate: bool
    term: int | None
    unit: str | None
    parameter: str | None
    edition: str
    clause: str
    confidence: str
    paused_since: datetime | None
    ended_at: datetime | None
    ended_by: int | None
    closes: tuple[str, ...]
    missed: str


def owed(source: Source, packs: RulePacks, asked: Asked) -> list[ObligationRow]:
    """Return the obligations that are asked for: those with a date by their dates, then those without."""
    duties = tuple(DUTIES.values()) if asked.duty is None else (DUTIES[asked.duty],)
    found = obligations(source.events(KINDS), begun(packs, asked.at), duties=duties)
    rows = [row_of(one, state, asked.at) for one in found if (state := one.state_at(asked.at)) is not None]
    return sorted((row for row in rows if _is_asked(row, asked)), key=_by_date)


def begun(packs: RulePacks, at: datetime) -> RulePacks:
    """Return the editions that were in force, or had been, at an instant: what law was known then."""
    return replace(
        packs,
        editions=tuple(
            one for one in packs.editions if one.pack.effective_from <= one.pack.working_days.local_date(at)
        ),
    )


def _is_asked(row: ObligationRow, asked: Asked) -> bool:
    about = {row.subject, *row.concerns, row.debtor, row.creditor}
    if not set(asked.subjects) <= about:
        return False
    if asked.standing is None:
        return row.state in UNENDED
    return row.overdue if asked.standing is Standing.OVERDUE else row.state.value == asked.standing.value


def _by_date(row: ObligationRow) -> tuple[bool, str, int, str, str]:
    return (row.due is None, "" if row.due is None else row.due.isoformat(), row.opened_by, row.duty, row.subject)


def row_of(one: Obligation, state: State, at: datetime) -> ObligationRow:
    """Return an obligation as a row. state: how it stands at the instant."""
    duty, owed_, parameter = one.duty, one.owed, one.parameter
    clause, confidence = basis_of(one)
    ended = (one.met if state is State.MET else one.lapsed) if state in {State.MET, State.LAPSED} else None
    paused = one.pause_at(at)
    return ObligationRow(
        duty=duty.id,
        subject=one.subject,
        concerns=owed_.concerns,
        owed_by=duty.owed_by,
        debtor=owed_.debtor,
        owed_to=duty.owed_to,
        creditor=owed_.creditor,
        state=state,
        overdue=one.overdue_at(at),
        late=state is State.MET and one.late,
        opened_at=one.opened.at,
        opened_by=one.opened.position,
        since=one.since,
        due=one.due,
        until=one.owed.until,
        calendar=one.calendar,
        estimate=one.estimate,
        term=None if parameter is None else parameter.value,
        unit=None if parameter is None else unit_code(parameter),
        parameter=None if parameter is None or duty.term is None else duty.term.name,
        edition=one.edition,
        clause=clause,
        confidence=confidence,
        paused_since=None if paused is None or state is not State.PAUSED else paused.begun.at,
        ended_at=None if ended is None else ended.at,
        ended_by=None if ended is None else ended.position,
        closes=tuple(sorted(duty.closes.kinds)),
        missed=duty.missed,
    )


def basis_of(one: Obligation) -> tuple[str, str]:
    """Return the clause that it rests on and how that was read: of the rule pack's parameter, or else of the duty."""
    if one.basis is not None:
        return one.basis.clause, one.basis.confidence
    return one.duty.clause, one.duty.confidence
