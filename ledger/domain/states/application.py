"""What the events of an application for an approval add up to: whose time ran since when, and how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from ledger.domain.bodies.products import Product
from ledger.domain.bodies.vocabulary import Grade
from ledger.domain.states.matter import Matter
from ledger.ids import ApprovalId, PartyId, SiteId, Tag


class Phase(StrEnum):
    """Whose time runs while an application waits. Only that of the decision counts against the authority's term."""

    INTAKE = "intake"
    APPLICANT = "applicant"
    DECISION = "decision"
    EXPERT_ASSESSMENT = "expert-assessment"
    ON_SITE = "on-site"
    TESTING = "testing"
    ENDED = "ended"


PAUSED: frozenset[Phase] = frozenset({Phase.EXPERT_ASSESSMENT, Phase.ON_SITE, Phase.TESTING})
"""The phases in which somebody else's work is waited for."""


class ApplicationEnd(StrEnum):
    """How an application ended."""

    GRANTED = "granted"
    REFUSED = "refused"
    NOT_ACCEPTED = "not-accepted"
    WITHDRAWN = "withdrawn"


class Step(msgspec.Struct, frozen=True):
    """A phase, and since when it runs."""

    since: datetime
    phase: Phase


class Application(Matter, frozen=True, kw_only=True):
    """What only an application has.

    steps: the phases in the order of the acts; the first is the intake, the last the one that runs.
    accepted_at: when the authority accepted it; None: not yet.
    extended: whether the authority has drawn its term out.
    number: of the acceptance, and of a decision not to accept it; "" before.
    set_aside: the lines of products that the authority does not take up, while it goes on with the others.
    approval: what it led to; None: to none, or not yet.
    ended: None while it waits.
    """

    applicant: PartyId
    direction: str
    products: tuple[Product, ...]
    steps: tuple[Step, ...]
    grade: Grade | None = None
    laboratory: SiteId | None = None
    sites: frozenset[SiteId] = frozenset()
    purposes: frozenset[str] = frozenset()
    accepted_at: datetime | None = None
    extended: bool = False
    number: str = ""
    set_aside: frozenset[int] = frozenset()
    approval: ApprovalId | None = None
    ended: ApplicationEnd | None = None

    @property
    def phase(self) -> Phase:
        """Return the phase that runs."""
        return self.steps[-1].phase

    @property
    def waiting(self) -> frozenset[int]:
        """Return the lines of the products that it still asks for."""
        return frozenset(one.line for one in self.products) - self.set_aside

    @property
    def links(self) -> frozenset[Tag]:
        """Return who applies, and the approval that came of it."""
        named = (self.applicant, self.approval)
        return frozenset(Tag(one) for one in named if one is not None)

    def entering(self, phase: Phase, since: datetime) -> Application:
        """Return the application in another phase from an instant on."""
        return replace(self, steps=(*self.steps, Step(since, phase)))
