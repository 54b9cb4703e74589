"""Inactivation of agents in items, and its verification by somebody else.

An inactivation that is done lowers nothing; only a verified one does. Says nothing about destruction: an inactivated
item is still there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Digest, Items, SiteRef
from ledger.domain.codes import InactivationMethod, Test
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import Inactivation, Item
from ledger.domain.work.checks import check_items, check_site
from ledger.domain.work.contents import inactivated
from ledger.domain.work.gates import about, work
from ledger.domain.work.permitted import holder_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

# Bodies


class Outcome(StrEnum):
    """What a test of inactivation found."""

    PASSED = "passed"
    FAILED = "failed"


class ItemInactivated(Body, frozen=True):
    """A laboratory inactivates the agents in items.

    parameters: SHA-256 of the record of time, temperature, concentration.
    """

    items: Items
    laboratory: SiteRef
    method: InactivationMethod
    parameters: Digest | None = None


class InactivationVerified(Body, frozen=True):
    """A laboratory states what a test of the inactivation found; a failed one undoes it.

    report: SHA-256 of the result's document.
    """

    items: Items
    laboratory: SiteRef
    result: Outcome
    test: Test
    report: Digest | None = None


# Rules

INACTIVATED_FIRST = Rule("INA-01", "Only an inactivation that is on record is verified.", Answer.REFUSAL)
OTHER_PERSON = Rule("INA-02", "An inactivation is verified by somebody who did not do it.", Answer.BREACH)

RULES = (INACTIVATED_FIRST, OTHER_PERSON)

# Judges


def judge_item_inactivated(world: World, said: Signed[ItemInactivated], rules: RulePack) -> Iterator[Breach]:
    """Judge an inactivation. Raises Refused: GAT-01 to GAT-04. Returns GAT-05 to GAT-14, OWN-02."""
    body = said.body
    check_items(world, said, body.items)
    check_site(world, said, body.laboratory)
    yield from work(world, said, body.items, body.laboratory, rules)
    yield from holder_alone(world, body.items, said.party)


def judge_inactivation_verified(world: World, said: Signed[InactivationVerified], rules: RulePack) -> Iterator[Breach]:
    """Judge a verification.

    Raises Refused: GAT-01 to GAT-04; INA-01 neither the item nor what it was made of is inactivated.
    Returns GAT-05 to GAT-14, OWN-02, INA-02.
    """
    body = said.body
    check_items(world, said, body.items)
    check_site(world, said, body.laboratory)
    own: list[ItemId] = []
    for item in body.items:
        underwent = inactivated(world, item)
        if not underwent:
            raise INACTIVATED_FIRST.refuse(f"{item} is not inactivated")
        if any(said.persons & one.inactivated_by for one in underwent):
            own.append(item)
    yield from work(world, said, body.items, body.laboratory, rules)
    yield from holder_alone(world, body.items, said.party)
    yield from about(OTHER_PERSON, own)


# Effects


def item_inactivated(item: Item, event: Event[ItemInactivated]) -> Item:
    """Return the item as inactivated, not verified."""
    if item.id not in event.said.body.items:
        return item
    return replace(
        item,
        inactivation=Inactivation.DONE,
        inactivated_at=event.said.occurred_at,
        inactivated_by=event.said.persons,
        worked=True,
    )


def inactivation_verified(item: Item, event: Event[InactivationVerified]) -> Item:
    """Return the item with its inactivation verified, or undone if the test failed."""
    if item.id not in event.said.body.items:
        return item
    passed = event.said.body.result is Outcome.PASSED
    return replace(
        item,
        inactivation=Inactivation.VERIFIED if passed else Inactivation.NONE,
        inactivated_at=item.inactivated_at or event.said.occurred_at,
        worked=True,
    )
