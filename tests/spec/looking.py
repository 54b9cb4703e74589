"""Who looks at a record: principals of the rules' examples, and a record made of statements, with nothing behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.access.principal import Principal
from ledger.domain.bodies.vocabulary import Department
from ledger.domain.fold import changes
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.statement.catalogue import KINDS
from tests.spec.parties import OPERATOR, admitted
from tests.spec.world import NOON, events_of, said, world_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledger.domain.judging import Event, Signatory, Signed, World
    from ledger.domain.states.subjects import Subject
    from ledger.ids import StatementId, Tag


def principal(who: Signatory) -> Principal:
    """Return a signer as somebody who has signed in."""
    return Principal(who.party, who.person, who.key, "session-1")


def assigned(
    who: Signatory,
    district: str | None = "nanjing",
    department: Department = Department.CUSTOMS,
    at: datetime = NOON,
) -> Signed[Any]:
    """Return where an authority belongs."""
    return said(AuthorityAssigned(party=who.party, department=department, district=district), OPERATOR, at=at)


class Looked:
    """A record of some statements, as rights are read from it."""

    def __init__(self, given: Sequence[Signed[Any]], *signers: Signatory, now: datetime = NOON) -> None:
        """Take the statements; the signers' keys are enrolled, and their parties have their roles, before them."""
        entered = admitted(*signers) if signers else []
        self.events = events_of([*entered, *given])
        self.world: World = world_of(self.events, now)

    def steps(self, tag: Tag) -> list[tuple[Event[Any], Subject, Subject]]:
        """Return the events of a subject with its states before and after each."""
        return list(changes(tag, [event for event in self.events if tag in event.tags], KINDS))

    def find(self, statement: StatementId) -> Event[Any] | None:
        """Return the event of a statement."""
        return next((event for event in self.events if event.said.id == statement), None)

    def event(self, statement: Signed[Any]) -> Event[Any]:
        """Return the event of a statement that is on record."""
        found = self.find(statement.id)
        assert found is not None
        return found
