"""What a duty is: a row that says what is due later, once something has happened, and what ends it.

A rule says what is wrong now; a duty says what is owed. The table of all duties names kinds of statements, so it stands
above the domain, beside the catalogue (``ledger.statement.duties``). Nothing here asks what time it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import msgspec

from ledger.domain.connection import AUTHORITIES
from ledger.domain.law.rules import Confidence, Parameter, RulePack

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.domain.judging import Event, World
    from ledger.domain.states.subjects import Subject
    from ledger.ids import PartyId, Tag


class Who(StrEnum):
    """Who owes something, or to whom it is owed, by its part in the matter."""

    APPLICANT = "applicant"
    USING_UNIT = "using-unit"
    HOLDER = "holder"
    KEEPER = "keeper"
    GIVER = "giver"
    RECEIVER = "receiver"
    REPORTER = "reporter"
    CONTRACTOR = "contractor"
    CUSTOMS = "customs"
    DESTINATION_CUSTOMS = "destination-customs"
    HEALTH_AUTHORITY = "health-authority"
    TOLD_AUTHORITIES = "told-authorities"
    ORDERING_AUTHORITY = "ordering-authority"
    LABORATORY = "laboratory"
    UNIT = "unit"
    AUTHORITY = "authority"
    ASSESSMENT_BODY = "assessment-body"
    DEPOSITORY = "depository"
    DONOR = "donor"
    ITSELF = "itself"


class Step(msgspec.Struct, frozen=True):
    """An event of a subject's chain, as it counts now, with the subject before and after it.

    tag: the subject. rules: the edition that the event was first recorded under; None where that is not here.
    at: when it counts for the subject: when it occurred; what is heard of others, not before the subject came to be.
    """

    tag: Tag
    event: Event[Any]
    before: Subject
    after: Subject
    rules: RulePack | None
    then: Callable[[], World]
    at: datetime

    @property
    def world(self) -> World:
        """Return all subjects of the boundary as they were right after the event, by all that is told of them now."""
        return self.then()

    @property
    def body(self) -> Any:  # noqa: ANN401  the type is the kind's
        """Return what the statement says."""
        return self.event.said.body

    @property
    def authority(self) -> PartyId | None:
        """Return the authority that signs; None where a party records what it did."""
        signer = self.event.said.signers[0]
        return signer.party if signer.role in AUTHORITIES else None

    def end_of(self, day: date | None) -> datetime | None:
        """Return the last instant of a local day; None: there is none, or whose day it is is not known here."""
        return None if day is None or self.rules is None else self.rules.working_days.end_of_day(day)


class Owed(msgspec.Struct, frozen=True):
    """One thing that a step makes somebody owe.

    key: what tells it from others that the same step opens under the same duty: an item's id, a body's name; "" of one.
    concerns: the subjects that it is about, besides the one in whose chain it stands.
    debtor, creditor: the parties; None where the record does not say which.
    since: from when the term runs; None: from the act. due: the date, where the statement says it.
    met: that the same statement tells it as done already. paused: that the clock stands from the first.
    until: the last instant of what is owed for a time, such as keeping records; behind it it has lapsed by law.
    """

    key: str = ""
    concerns: tuple[Tag, ...] = ()
    debtor: PartyId | None = None
    creditor: PartyId | None = None
    since: datetime | None = None
    due: datetime | None = None
    met: bool = False
    paused: bool = False
    until: datetime | None = None


Holds: TypeAlias = Callable[[Step, Owed], bool]


def names(step: Step, item: str) -> bool:
    """Say whether a statement names an item among its items."""
    items = step.body.items
    return item in items or any(getattr(one, "item", None) == item for one in items)


def is_named(step: Step, owed: Owed) -> bool:
    """Say whether a statement names, among its items, the one that is owed for."""
    return names(step, owed.key)


def names_own(step: Step, owed: Owed) -> bool:
    """Say whether a statement names, among its items, the one in whose chain it stands."""
    return names(step, step.tag)


def always(step: Step, owed: Owed) -> bool:
    """Say yes: that a statement of the kind stands in the subject's own chain is enough."""
    return True


@dataclass(frozen=True, slots=True)
class When:
    """The statements that do something to what is owed: of some kinds, and where something holds."""

    kinds: frozenset[str]
    holds: Holds = always

    def takes(self, step: Step, owed: Owed) -> bool:
        """Say whether a step is such a statement."""
        return step.event.said.kind in self.kinds and self.holds(step, owed)


NEVER = When(frozenset())


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a chain takes in of other subjects: statements of some kinds that bear their tags, where they happened.

    As a legal hold on an approval, which says nothing of the items that it keeps. of: these others, of a subject, by
    the record as it is now; whose: the same in words. What was said of them before the subject came into being is
    heard as soon as it has.
    """

    kinds: frozenset[str]
    of: Callable[[World, Tag], Iterable[Tag]]
    whose: str


@dataclass(frozen=True, slots=True)
class Length:
    """How long somebody has: a parameter of the rule pack, by its name there."""

    name: str
    of: Callable[[RulePack], Parameter[int] | None]


@dataclass(frozen=True, slots=True)
class Law:
    """That a jurisdiction has a duty at all: a yes/no of the rule pack, by its name there."""

    name: str
    of: Callable[[RulePack], Parameter[bool] | None]

    def asks(self, rules: RulePack | None) -> bool:
        """Say whether an edition has it; one that is not here is not known to."""
        found = None if rules is None else self.of(rules)
        return found is not None and found.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One row of the table of duties.

    id: a word that never changes. says: what is owed, as one sentence.
    about: the type of subject in whose chain it opens and ends. spans: the types of others that it looks at.
    hears: what its chain takes in of other subjects; None: of none.
    opens: the kinds that open it; owed: what one of them makes owed, from the states before and after it.
    term: None where the opener states the date (``stated``), or where nobody does. law: the parameter by which it is
        owed at all, where that is not the term.
    pauses, resumes: what stops the clock, and what lets it go on. paused_at: since when it stands, where such a
        statement says so; None: since it was made. keeps_date: that the end of a term stays where it is however long
        the clock stood, as a stated date always does. moves: by what a stated date becomes another one;
        moved: which one, None where it stays. extends: what draws a term out, once, by the extension.
    closes: its own closing statements. Nothing else meets it: neither the expiry nor the withdrawal of an approval.
        done_at: when it was done, where such a statement says so; None: when it was made.
    lapses: what ends it unmet, because by law nothing is owed any more.
    missed: the rule that doing it late breaks; "" where a missed one is a finding.
    clause, confidence: where the duty is written; where its term comes from a rule pack, that says where the term is.
    kinds: all of which a statement does something to what is owed by it.
    """

    id: str
    says: str
    about: type[Subject]
    spans: tuple[str, ...] = ()
    hears: Hearing | None = None
    owed_by: Who
    owed_to: Who
    opens: frozenset[str]
    owed: Callable[[Step], Iterable[Owed]]
    closes: When
    done_at: Callable[[Step], datetime] | None = None
    term: Length | None = None
    law: Law | None = None
    stated: bool = False
    pauses: When = NEVER
    resumes: When = NEVER
    paused_at: Callable[[Step], datetime] | None = None
    keeps_date: bool = False
    moves: frozenset[str] = frozenset()
    moved: Callable[[Step, Owed], datetime | None] | None = None
    extends: frozenset[str] = frozenset()
    extension: Length | None = None
    lapses: When = NEVER
    missed: str = ""
    clause: str = ""
    confidence: Confidence = Confidence.V
    kinds: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put together all kinds that do something, once: they are asked for at each step of each chain."""
        when = (self.closes, self.lapses, self.pauses, self.resumes)
        every = frozenset[str]().union(self.opens, self.moves, self.extends, *(one.kinds for one in when))
        object.__setattr__(self, "kinds", every)


class Editions(Protocol):
    """The editions of rule packs that obligations are computed with."""

    @property
    def packs(self) -> tuple[RulePack, ...]:
        """Return those that judge."""
        ...

    def by_name(self, name: str) -> RulePack | None:
        """Return the edition that an entry names; None if it is not here."""
        ...
