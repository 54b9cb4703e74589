"""A kind of statement: its body, who may state it, how it is judged and what it does to each type of subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.acts import ADVANCING
from ledger.domain.bodies.vocabulary import Body, Role
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rules import RulePack
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key, Subject

B = TypeVar("B", bound=Body)

_EFFECTS: Final[Mapping[type[Subject], str]] = {
    Item: "item",
    Approval: "approval",
    Consignment: "consignment",
    Party: "party",
    Site: "site",
    Case: "case",
    Permit: "permit",
    Key: "key",
}
"""Where a kind says what it does to a subject of a type: the type's name in ids."""

Judge = Callable[[World, Signed[B], RulePack], Iterable[Breach]]


@dataclass(frozen=True, slots=True)
class Kind(Generic[B]):
    """One row of the catalogue.

    name: ``subject.verb-in-past/version``, the stored name; never a Python path.
    body: the type of the body; its docstring is the kind's description for people.
    roles: what each signer must speak as.
    judge: the kind's own rules, after the general ones of ``authority``.
    persons: how many distinct natural persons must sign; fewer is a breach.
    recorders: roles that may record an authority's decision by reference when the authority does not sign;
        empty for kinds that are not an authority's decision.
    item … key: what the event does to a subject of that type, or None where it changes nothing there. Total:
        never refuses. effects: the same by the types, each with whether it is an act that links are later than.
    """

    name: str
    body: type[B]
    roles: frozenset[Role]
    judge: Judge[B]
    persons: int = 1
    recorders: frozenset[Role] = frozenset()
    item: Callable[[Item, Event[B]], Item] | None = None
    approval: Callable[[Approval, Event[B]], Approval] | None = None
    consignment: Callable[[Consignment, Event[B]], Consignment] | None = None
    party: Callable[[Party, Event[B]], Party] | None = None
    site: Callable[[Site, Event[B]], Site] | None = None
    case: Callable[[Case, Event[B]], Case] | None = None
    permit: Callable[[Permit, Event[B]], Permit] | None = None
    key: Callable[[Key, Event[B]], Key] | None = None
    effects: Mapping[type[Subject], tuple[Callable[[Any, Event[B]], Any] | None, bool]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Put together, once, what it does to a type of subject, and whether it advances it: asked at each step."""
        found = {of: (getattr(self, name), self.name in ADVANCING.get(of, ())) for of, name in _EFFECTS.items()}
        object.__setattr__(self, "effects", found)

    def evolve(self, subject: Subject, event: Event[B]) -> Subject:
        """Return a subject after an event of this kind; the same subject where the kind does not concern it."""
        effect, advancing = self.effects[type(subject)]
        if effect is None:  # of most subjects that an event bears a tag of
            return subject
        after: Subject = effect(subject, event)  # of a type that fits, by the table
        if after is subject or not advancing:
            return after
        newest = event.said.occurred_at if subject.acted_at is None else max(subject.acted_at, event.said.occurred_at)
        return replace(after, acted_at=newest)

    def changes(self, id_type: str) -> bool:
        """Say whether events of this kind change subjects of an id type, such as ``item``."""
        return getattr(self, id_type) is not None
