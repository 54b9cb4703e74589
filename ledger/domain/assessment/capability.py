"""Units as others judge them: how able they are to control biological risks, and how far their credit goes.

Neither is a permission. What class a unit is of follows from both, by the rule pack, in ``classes``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Code, Count, CreditLevel, Level, Number, PartyRef, Reference, SiteRef
from ledger.domain.codes import Business
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.party import Capability, Credit, Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import PartyId

# Bodies


class Conformity(StrEnum):
    """What an assessor found on an item of a checklist."""

    CONFORMS = "conforms"
    DIFFERS = "differs"
    NOT_APPLICABLE = "not-applicable"
    NOT_ASSESSED = "not-assessed"


class CheckedItem(Body, frozen=True):
    """One item of a checklist: its number there, what was found, and the points given for it.

    points: left out where the checklist gives none.
    """

    item: Number
    result: Conformity
    points: Count | None = None


class UnitAssessed(Body, frozen=True):
    """An assessor states how able a unit is to control biological risks; the unit confirms it by signing too.

    assessor: who assessed it; an authority, or a body that one entrusts.
    scope: which of the unit's businesses was assessed. sites: where.
    checklist: the edition of the checklist that was gone through.
    capability: 1 to 4, as the levels of laboratories.
    valid_from, valid_to: both days included.
    """

    party: PartyRef
    assessor: PartyRef
    scope: Annotated[tuple[Business, ...], Meta(min_length=1, max_length=20)]
    checklist: Code
    items: Annotated[tuple[CheckedItem, ...], Meta(min_length=1, max_length=300)]
    capability: Level
    valid_from: date
    valid_to: date
    sites: Annotated[tuple[SiteRef, ...], Meta(max_length=100)] = ()
    reference: Reference | None = None


class CreditRated(Body, frozen=True):
    """An authority rates a unit's credit in a scheme, from a day on until it rates it again there.

    scheme: which scheme of levels it is; the same letter means something else in another one.
    """

    party: PartyRef
    scheme: Code
    level: CreditLevel
    from_on: date
    reference: Reference | None = None


# Rules

UNIT_KNOWN = Rule("UAS-01", "A registered party is assessed or rated, and assesses nobody but others.", Answer.REFUSAL)
STATED_BY = Rule(
    "UAS-02",
    "How a unit was assessed or rated is stated by who did so, by an authority or by the unit.",
    Answer.REFUSAL,
)
TERM = Rule("UAS-03", "An assessment does not end before it begins.", Answer.REFUSAL)
PARTS = Rule("UAS-04", "An assessment names sites of the unit, and each item of its checklist once.", Answer.REFUSAL)
CONFIRMED = Rule("UAS-05", "The unit that was assessed confirms it by signing.", Answer.BREACH, parameters=("party",))
NO_ABLER = Rule(
    "UAS-06",
    "A unit is found no abler than the level of its laboratories that were assessed.",
    Answer.BREACH,
    "269/2015 Art. 6",
    Confidence.V,
    ("capability", "level"),
)

RULES = (UNIT_KNOWN, STATED_BY, TERM, PARTS, CONFIRMED, NO_ABLER)

# Judges


def judge_unit_assessed(world: World, said: Signed[UnitAssessed], rules: RulePack) -> Iterator[Breach]:
    """Judge an assessment of a unit. Raises Refused: UAS-01, UAS-02, UAS-03, UAS-04. Returns UAS-05, UAS-06."""
    body = said.body
    if body.assessor == body.party:
        raise UNIT_KNOWN.refuse(f"{body.party} does not assess itself")
    _check_stated(world, said, body.assessor)
    if body.valid_to < body.valid_from:
        raise TERM.refuse(f"it begins on {body.valid_from} and ends on {body.valid_to}")
    _check_parts(world, body)
    if body.party not in said.parties:
        yield CONFIRMED.breach((body.party,), party=body.party)
    levels = [level for site in body.sites if (level := world.site(site).at(said.occurred_at).level) is not None]
    if levels and body.capability > max(levels):
        yield NO_ABLER.breach((body.party, *body.sites), capability=body.capability, level=max(levels))


def judge_credit_rated(world: World, said: Signed[CreditRated], rules: RulePack) -> Iterator[Breach]:
    """Judge a rating of a unit's credit. Raises Refused: UAS-01, UAS-02."""
    _check_stated(world, said, said.body.party)
    yield from ()


def _check_stated(world: World, said: Signed[Any], by: PartyId) -> None:
    party = said.body.party
    if not world.party(party).known:
        raise UNIT_KNOWN.refuse(f"{party} is not registered")
    check_connected(said, (party, by), STATED_BY, party)


def _check_parts(world: World, body: UnitAssessed) -> None:
    for site in body.sites:
        if world.site(site).party != body.party:
            raise PARTS.refuse(f"{site} is no site of {body.party}")
    if len({one.item for one in body.items}) < len(body.items):
        raise PARTS.refuse(f"an item of {body.checklist} is there twice")


# Effects


def unit_assessed(party: Party, event: Event[UnitAssessed]) -> Party:
    """Return the party with one assessment more."""
    body = event.said.body
    if party.id != body.party:
        return party
    found = Capability(
        statement=event.said.id,
        level=body.capability,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        assessor=body.assessor,
        confirmed=body.party in event.said.parties,
    )
    return replace(party, capabilities=(*party.capabilities, found))


def credit_rated(party: Party, event: Event[CreditRated]) -> Party:
    """Return the party with one rating more."""
    body = event.said.body
    if party.id != body.party:
        return party
    found = Credit(statement=event.said.id, scheme=body.scheme, level=body.level, from_on=body.from_on)
    return replace(party, credits=(*party.credits, found))
