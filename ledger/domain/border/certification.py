"""Goods that come in without a permit, because their importer certifies that they cannot infect anybody.

Where a jurisdiction lets such a certification stand for a permit (42 CFR 71.54), there is no approval to write off:
the goods are announced and listed in one statement, and released as they are. Elsewhere it is a breach, and a fact.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from rpds import HashTrieMap, HashTrieSet

from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Body, ConsignmentRef, Country, Digest, PartyRef, SiteRef
from ledger.domain.border.consignments import ANNOUNCED_ONCE, Route, check_named
from ledger.domain.border.listing import ListedItem, check_listed
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Item, Origin
from ledger.domain.work.description import sample_of
from ledger.reference.activities import Material

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class Harmless(StrEnum):
    """Why material cannot infect anybody, as its importer certifies."""

    INACTIVATED = "inactivated"
    STERILE = "sterile"
    NUCLEIC_ACID = "nucleic-acid"
    DIAGNOSTIC_SPECIMEN = "diagnostic-specimen"


class ConsignmentCertified(Body, frozen=True):
    """An importer certifies that goods are not infectious, and brings them in without a permit.

    ground: why they are not. statement: SHA-256 of the certification statement that travels with them.
    items: all containers, each with an id and the label on it.
    """

    consignment: ConsignmentRef
    applicant: PartyRef
    consignee: PartyRef
    consignor_country: Country
    destination: SiteRef
    ground: Harmless
    statement: Digest
    items: Annotated[tuple[ListedItem, ...], Meta(min_length=1, max_length=900, description="At least one item.")]
    carriers: Annotated[tuple[PartyRef, ...], Meta(max_length=20)] = ()


# Rules

CERTIFIER = Rule("CER-01", "The importer itself certifies its goods.", Answer.REFUSAL)
STANDS_FOR_PERMIT = Rule(
    "CER-02",
    "Goods come in without a permit only where the law lets a certification stand for it.",
    Answer.BREACH,
    "42 CFR 71.54",
    Confidence.V,
    basis=lambda pack, _: pack.certification_replaces_permit,
)

RULES = (CERTIFIER, STANDS_FOR_PERMIT)

# Judge


def judge_consignment_certified(world: World, said: Signed[ConsignmentCertified], rules: RulePack) -> Iterator[Breach]:
    """Judge a certification.

    Raises Refused: CON-01, CON-02, CER-01, CON-11, CON-12; SMP-01 to SMP-04 and CON-22 for what the items are; UNI-01,
    UNI-02, PRT-04 for quantities.
    Returns CER-02.
    """
    body = said.body
    if world.consignment(body.consignment).known:
        raise ANNOUNCED_ONCE.refuse(f"{body.consignment} is announced already")
    check_named(world, (body.applicant, body.consignee, *body.carriers), body.destination)
    check_connected(said, (body.applicant,), CERTIFIER, body.consignment)
    check_listed(world, said, rules)
    replaces = rules.certification_replaces_permit
    if replaces is None or not replaces.value:
        yield STANDS_FOR_PERMIT.breach((body.consignment, *(one.item for one in body.items)))


# Effects

_MATERIAL: Final = {Harmless.INACTIVATED: Material.INACTIVATED}
"""What the material then is; of every other ground it is not infectious."""


def item_certified_harmless(item: Item, event: Event[ConsignmentCertified]) -> Item:
    """Return the item as expected with the consignment, under no approval."""
    body = event.said.body
    for one in body.items:
        if one.item == item.id:
            return Item(
                id=item.id,
                known=True,
                consignment=body.consignment,
                origin=Origin.CONSIGNMENT,
                material=_MATERIAL.get(body.ground, Material.NONINFECTIOUS),
                label=one.label,
                quantity=None if one.quantity is None else one.quantity.quantity,
                sample=sample_of(one),
            )
    return item


def consignment_certified(consignment: Consignment, event: Event[ConsignmentCertified]) -> Consignment:
    """Return the consignment as announced, with its items and without a line of an approval."""
    body = event.said.body
    if consignment.id != body.consignment:
        return consignment
    return Consignment(
        id=consignment.id,
        known=True,
        applicant=body.applicant,
        consignee=body.consignee,
        carriers=frozenset(body.carriers),
        destination=body.destination,
        route=Route.IMPORT,
        announced_at=event.said.occurred_at,
        certified=True,
        items=HashTrieSet(one.item for one in body.items),
        labels=HashTrieMap((name_key(one.label), one.item) for one in body.items),
    )
