"""Units as they stand with customs: what they are registered as, and the products that they have filed.

A unit registers before its first application, files its products, and only then are these assessed. The unit records
both from its documents, or customs sign them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Code, District, LineNo, Name, Number, PartyRef, Reference
from ledger.domain.codes import Business
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.party import Party, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class UnitRegistered(Body, frozen=True):
    """Customs register a unit, or change its registration: what it does, and where it is supervised.

    number: of the registration. types: all that the unit does, in place of what was registered before.
    district: of the customs that supervise it.
    """

    party: PartyRef
    number: Number
    registered_on: date
    types: Annotated[tuple[Business, ...], Meta(min_length=1, max_length=20)]
    district: District | None = None
    reference: Reference | None = None


class FiledProduct(Body, frozen=True):
    """One product of a filing.

    agents: codes of the pathogen catalogue that it contains or may contain. manufacturer: left out where it
        is the unit.
    """

    line: LineNo
    name_en: Name
    name_zh: Name | None = None
    agents: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    manufacturer: Name | None = None


class ProductFiled(Body, frozen=True):
    """A registered unit files products with customs, before they are assessed.

    number: of the filing.
    """

    party: PartyRef
    number: Number
    filed_on: date
    products: Annotated[tuple[FiledProduct, ...], Meta(min_length=1, max_length=400)]
    reference: Reference | None = None


# Rules

UNIT_KNOWN = Rule("REG-10", "Customs register a registered party as a unit, and it files products.", Answer.REFUSAL)
OWN_UNIT = Rule("REG-11", "What customs register of a unit is recorded by them or by the unit.", Answer.REFUSAL)
FILED_ONCE = Rule(
    "REG-12", "A filing has a number of its own, and each of its products a line of its own.", Answer.REFUSAL
)
UNIT_FIRST = Rule(
    "REG-13",
    "A unit is registered before it files products.",
    Answer.BREACH,
    "guides to unit registration and product filing (产品备案)",
    Confidence.V2,
    ("party",),
)

RULES = (UNIT_KNOWN, OWN_UNIT, FILED_ONCE, UNIT_FIRST)

# Judges


def judge_unit_registered(world: World, said: Signed[UnitRegistered], rules: RulePack) -> Iterator[Breach]:
    """Judge the registration of a unit. Raises Refused: REG-10, REG-11, CON-22."""
    _check_unit(world, said)
    check_past("registered_on", said.body.registered_on, said, rules)
    yield from ()


def judge_product_filed(world: World, said: Signed[ProductFiled], rules: RulePack) -> Iterator[Breach]:
    """Judge a filing of products. Raises Refused: REG-10, REG-11, CON-22, REG-12. Returns REG-13."""
    body, unit = said.body, _check_unit(world, said)
    check_past("filed_on", body.filed_on, said, rules)
    if body.number in unit.filings:
        raise FILED_ONCE.refuse(f"{unit.id} has filed {body.number} already")
    if len({one.line for one in body.products}) < len(body.products):
        raise FILED_ONCE.refuse(f"the filing {body.number} has a line twice")
    if unit.unit_at(said.occurred_at) is None:
        yield UNIT_FIRST.breach((unit.id,), party=unit.id)


def _check_unit(world: World, said: Signed[UnitRegistered] | Signed[ProductFiled]) -> Party:
    unit = world.party(said.body.party)
    if not unit.known:
        raise UNIT_KNOWN.refuse(f"{unit.id} is not registered")
    check_connected(said, (unit.id,), OWN_UNIT, unit.id)
    return unit


# Effects


def unit_registered(party: Party, event: Event[UnitRegistered]) -> Party:
    """Return the party as the unit that it is registered as from the statement's time on."""
    body = event.said.body
    if party.id != body.party:
        return party
    unit = Unit(event.said.occurred_at, body.number, frozenset(body.types), body.district)
    return replace(party, units=tuple(sorted((*party.units, unit), key=lambda one: one.since)))


def product_filed(party: Party, event: Event[ProductFiled]) -> Party:
    """Return the party with one filing more."""
    if party.id != event.said.body.party:
        return party
    return replace(party, filings=party.filings | {event.said.body.number})
