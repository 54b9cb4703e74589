"""What a question is: a row that says what is asked, of what, with which words, and which function answers it.

The table of all questions (``projections.asked.table``) is made of these. Everything here is pure: an answer is
computed from the events that are given, by whoever has them, from a store as from a bundle of evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NewType, Protocol, TypeAlias

from ledger.domain.fold import effective
from ledger.domain.law.rules import Confidence
from ledger.ids import StatementId, Tag
from ledger.statement.duties import DUTIES, obligations
from projections.obligations import begun
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.domain.law.tables import WorkingDays
    from ledger.rulepacks.load import RulePacks
    from projections.questions.records.signatures import Signed

Amount = NewType("Amount", str)
"""A number of something: a plain decimal, or a fraction such as 1/3 where no decimal is exact."""

KindName = NewType("KindName", str)
"""A kind of statement, such as ``item.used/1``."""

Position = NewType("Position", int)
"""Where an entry stands in the log."""

Celsius = NewType("Celsius", str)
"""A temperature in °C, as a plain decimal."""

Said = NewType("Said", str)
"""What a member of a statement said: an amount as a decimal and its unit, anything else as JSON has it."""

Person = NewType("Person", str)
"""A person of a party: the party's id, a blank, and the person's code."""

Word = NewType("Word", str)
"""A word of ours, such as the name of a member, which people are told in their language."""

Problem = NewType("Problem", str)
"""What is wrong, as a sentence of ours in English."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row stands in an answer.

    rests: the rule or the duty by its id; None: it is on record, and nothing else is needed for it to be here.
    clause, confidence: where that is written and how it was read; "" and None of the ledger's own.
    edition: of the rule pack that gave a number or a term; "" where none did.
    position, kind, at: of the event that put it here: where it stands, what it says, when that happened.
    since, due: the clock: from when it runs and when it ends; None: none runs, or no end is known.
    closed_by: the kinds of statements that end it; none where it is past, or a fact that nothing ends.
    """

    rests: str | None = None
    clause: str = ""
    confidence: Confidence | None = None
    edition: str = ""
    position: int | None = None
    kind: KindName | None = None
    at: datetime | None = None
    since: datetime | None = None
    due: datetime | None = None
    closed_by: tuple[KindName, ...] = ()

    @property
    def unverified(self) -> bool:
        """Say whether it leans on a clause that nobody read in the legal text."""
        return self.confidence not in {None, Confidence.V}


NARROWING: Final = ("lot", "donor", "first", "last", "hours", "days")
"""The members of ``Asked`` by which a question is narrowed besides its subject, in the order in which they are told."""


class Row(Protocol):
    """A row of an answer: a frozen dataclass of cells, of which ``why`` is the last."""

    @property
    def why(self) -> Why:
        """Return why it is there."""
        ...


class Reads(StrEnum):
    """Which events an answer rests on, and so what it costs."""

    SUBJECT = "subject"
    """Those that bear the subject's own tag."""

    LINEAGE = "lineage"
    """Those of the subject and of what it has to do with: what it was made of, came in under, went into, rests on."""

    VIEWS = "views"
    """Those of the subjects that the views list, and of what these name (``narrowed``); without, all."""

    LOG = "log"
    """All of the log."""


@dataclass(frozen=True)
class Asked:
    """What is asked: the events that are known, and what the question is narrowed by.

    events: oldest first, as they were recorded; at least those that the question reads.
    packs: the editions of the rules at hand. jurisdiction: whose calendar tells days.
    at: the instant at which dates have passed or not. until: what happened later does not count; None: everything does.
    subject: the one that is asked about; None: the whole log.
    first, last: a period of local days, both included. hours, days: a length of time.
    lot, donor: of what is asked about, a maker's lot, or the commitment to a donor's code.
    later: the events of the subject that were recorded after what is known here; of a question that compares.
    signed: the statement that is asked about, for what asks about its signatures; None: it is not recorded.
    leaves: by position the hashes of entries, for what tells them.
    owing: the subjects in whose chains something is owed that an answer may tell; None: whichever there are.
    earlier: the number of the form of claimed answers whose rows are asked for; None: the newest one's.
    """

    events: tuple[Event[Any], ...]
    packs: RulePacks
    jurisdiction: str
    at: datetime
    until: datetime | None = None
    subject: Tag | None = None
    first: date | None = None
    last: date | None = None
    hours: int | None = None
    days: int | None = None
    lot: str | None = None
    donor: str | None = None
    later: tuple[Event[Any], ...] = ()
    signed: Signed | None = field(default=None, repr=False)
    leaves: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    owing: frozenset[Tag] | None = field(default=None, repr=False)
    earlier: int | None = None

    @cached_property
    def counting(self) -> tuple[Event[Any], ...]:
        """Return the events as they are to be asked: all, or those that had happened, corrected as is told by now."""
        if self.until is None:
            return self.events
        return tuple(event for event in effective(self.events) if event.said.occurred_at <= self.until)

    @cached_property
    def record(self) -> Record:
        """Return what these events add up to."""
        return Record(self.counting)

    @cached_property
    def by_statement(self) -> Mapping[StatementId, Event[Any]]:
        """Return the events as they count, by their statements."""
        return {event.said.id: event for event in self.record.effective}

    @cached_property
    def by_position(self) -> Mapping[int, Event[Any]]:
        """Return the events as they are to be asked, by their positions."""
        return {event.position: event for event in self.counting}

    @cached_property
    def editions(self) -> RulePacks:
        """Return the editions that had begun at the instant."""
        return begun(self.packs, self.at)

    @property
    def calendar(self) -> WorkingDays:
        """Return the calendar by which days are told. Raises Refused RUL-01: no edition is in force."""
        return self.packs.at_instant(self.jurisdiction, self.at).working_days

    @property
    def day(self) -> date:
        """Return the local day of the instant."""
        return self.calendar.local_date(self.at)

    @property
    def narrowed(self) -> Mapping[str, str | int]:
        """Return what the question is narrowed by besides its subject: a text or a number by its member's name."""
        found = {name: getattr(self, name) for name in NARROWING}
        return {name: str(one) if isinstance(one, date) else one for name, one in found.items() if one is not None}

    def owed(self, duty: str) -> list[Obligation]:
        """Return the obligations of a duty."""
        return obligations(self.counting, self.editions, duties=(DUTIES[duty],))

    def standing(self, duty: str) -> dict[Tag, Obligation]:
        """Return the obligations of a duty that are neither met nor lapsed at the time asked for, by their subjects."""
        return {one.subject: one for one in self.owed(duty) if one.owed_at(self.at)}


class Holds(StrEnum):
    """What is written for a parameter."""

    SUBJECT = "subject"
    DAY = "day"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a question is narrowed by.

    option: its name on the command line, without dashes. member: of ``Asked``. holds: what is written there.
    of: the type of the subject; None of anything else. needed: without it the question is not asked.
    default: what stands where nothing is written, as a number.
    """

    option: str
    member: str
    holds: Holds
    of: str | None = None
    needed: bool = True
    default: int | None = None


Answering: TypeAlias = Callable[[Asked], tuple[Row, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One row of the table of questions.

    number: which of the audit questions it answers, or a part of; several rows may bear one. name: never changes.
    asks: the question in English; its Chinese is in the table of words.
    reads: which events it rests on. answer, row: the function that answers, and the type of its rows.
    parameters: what it is narrowed by; of several subjects at most one is named.
    leaves: whether it tells the hashes of entries.
    at: whether it can be asked as it was at an earlier time; as it was known then any can.
    rests: the rules and duties that its rows may rest on; None: whichever there are.
    """

    number: int
    name: str
    asks: str
    reads: Reads
    answer: Answering
    row: type
    parameters: tuple[Parameter, ...] = ()
    leaves: bool = False
    at: bool = True
    rests: tuple[str, ...] | None = ()

    @property
    def about(self) -> tuple[str, ...]:
        """Return the types of the one subject that it is about; none: it is about the whole log."""
        return tuple(one.of for one in self.parameters if one.of is not None)
