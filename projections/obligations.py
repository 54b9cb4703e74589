"""What is owed: the obligations of the record as rows, as they stand at an instant, narrowed by whom and what about.

Here all are computed of the whole log: time and memory as it is long. ``worklist`` has the same from the views.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol

from ledger.domain.duties.obligation import UNENDED, State
from ledger.domain.law.deadlines import unit_code
from ledger.domain.states.border import Approval
from ledger.domain.states.party import Party
from ledger.domain.states.site import Site
from ledger.errors import NotFound
from ledger.ids import PartyId, Tag, is_tag
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES, obligations
from projections.lists import Page

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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
    owed it. standing: None: whatever has not ended. duty: by its id; None: every duty. district: None: any, or else
    what it is about lies there, or an authority of it has to do with it.
    """

    at: datetime
    subjects: Collection[Tag] = ()
    standing: Standing | None = None
    duty: str | None = None
    district: str | None = None


class Place(NamedTuple):
    """What tells an obligation from all others, as it is written for the next page."""

    opened_by: int
    duty: str
    subject: str
    key: str

    def __str__(self) -> str:
        """Return it as ``Place.read`` takes it."""
        return "/".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> Place:
        """Return the place that is written. Raises NotFound: it is none."""
        opened_by, duty, subject, key = (*text.split("/", 3), "", "", "")[:4]
        if not opened_by.isdecimal() or not is_tag(subject):
            raise NotFound(f"{text} is no obligation behind which a page begins: the last line of a page names one")
        return cls(int(opened_by), duty, subject, key)


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the list. limit: rows at most. after: the one behind which they begin; None: at the first."""

    limit: int
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An obligation.

    duty: the row of the table of duties. subject: in whose chain it stands; concerns: what else it is about.
    owed_by, owed_to: by their parts in the matter; debtor, creditor: the parties, where the record says which.
    overdue: at the instant asked for. late: that it was met after its date.
    opened_by: the position of the event that opened it, at opened_at. key: what tells it from others that the same
    event opens for the subject under the same duty; "" of one. since: from when the term runs.
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
    key: str
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

    @property
    def about(self) -> frozenset[Tag]:
        """Return what it is about, and who owes it and is owed it."""
        parties = (Tag(one) for one in (self.debtor, self.creditor) if one is not None)
        return frozenset({self.subject, *self.concerns, *parties})

    @property
    def place(self) -> Place:
        """Return what tells it from all others."""
        return Place(self.opened_by, self.duty, self.subject, self.key)


def folded(source: Source, packs: RulePacks, asked: Asked, part: Part) -> Page[ObligationRow]:
    """Return a page of the obligations that are asked for: those with a date by their dates, then those without.

    Raises NotFound: there is no obligation to begin behind.
    """
    duties = tuple(DUTIES.values()) if asked.duty is None else (DUTIES[asked.duty],)
    found = obligations(source.events(KINDS), begun(packs, asked.at), duties=duties)
    rows = (row_of(one, state, asked.at) for one in found if (state := one.state_at(asked.at)) is not None)
    every = sorted(rows, key=by_date)
    lying = None if asked.district is None else _lying(source, asked.district)
    kept = [row for row in every if is_asked(row, asked) and (lying is None or not row.about.isdisjoint(lying))]
    behind = kept
    if (after := part.after) is not None:
        last = next((by_date(row) for row in every if row.place == after), None) or no_place(after)
        behind = [row for row in kept if by_date(row) > last]
    return Page(tuple(behind[: part.limit]), len(kept), len(behind) > part.limit)


def no_place(after: Place) -> NoReturn:
    """Raise NotFound: no page begins behind what is not on record."""
    raise NotFound(f"there is no obligation {after} behind which a page begins")


def lies_in(subject: object, district: str) -> bool:
    """Say whether a subject lies in a district, or is an authority of it since its newest act."""
    match subject:
        case Party():
            return bool(subject.assignments) and subject.assignments[-1].district == district
        case Site() | Approval():
            return subject.known and subject.district == district
        case _:
            return False


def _lying(source: Source, district: str) -> set[Tag]:
    every: Iterable[Any] = (one for of in ("party", "site", "approval") for one in source.subjects(of))
    return {Tag(one.id) for one in every if lies_in(one, district)}


def begun(packs: RulePacks, at: datetime) -> RulePacks:
    """Return the editions that were in force, or had been, at an instant: what law was known then."""
    return replace(
        packs,
        editions=tuple(
            one for one in packs.editions if one.pack.effective_from <= one.pack.working_days.local_date(at)
        ),
    )


def is_asked(row: ObligationRow, asked: Asked) -> bool:
    """Say whether a row is among those that are asked for, wherever it lies."""
    if not row.about.issuperset(asked.subjects) or asked.duty not in {None, row.duty}:
        return False
    if asked.standing is None:
        return row.state in UNENDED
    return row.overdue if asked.standing is Standing.OVERDUE else row.state.value == asked.standing.value


class Dated(Protocol):
    """What stands in the order of its dates."""

    @property
    def due(self) -> datetime | None:
        """Return until when."""
        ...

    @property
    def place(self) -> Place:
        """Return where among those of one date."""
        ...


def by_date(one: Dated) -> tuple[bool, str, Place]:
    """Return where something stands in a list: by its date, those without one last."""
    return (one.due is None, "" if one.due is None else one.due.astimezone(UTC).isoformat(), one.place)


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
        key=owed_.key,
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
