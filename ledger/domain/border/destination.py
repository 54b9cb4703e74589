"""After the release: the using unit declares to the customs at destination, and these consent to the use.

Both end waiting, neither begins a right: whether an item may be used is judged when somebody uses it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, ConsignmentRef, ItemRef, Number, Reference
from ledger.domain.border.consignments import announced, check_items
from ledger.domain.border.entry import CONNECTED
from ledger.domain.codes import Purpose
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import deadline
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Consignment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach

# Bodies


class DestinationDeclared(Body, frozen=True):
    """The using unit declares to the customs at destination that the goods have arrived with it.

    receipt_number: of the customs' acknowledgement.
    items: what is with it; left out: all of the consignment.
    """

    consignment: ConsignmentRef
    receipt_number: Number
    declared_on: date
    items: Annotated[tuple[ItemRef, ...], Meta(max_length=900)] = ()


class UseConsented(Body, frozen=True):
    """Customs consent to the use of goods that are subject to follow-up supervision.

    scope: the purposes that the consent covers; empty where it does not say.
    """

    consignment: ConsignmentRef
    scope: Annotated[tuple[Purpose, ...], Meta(max_length=50)] = ()
    reference: Reference | None = None


# Rules

USING_UNIT = Rule(
    "DES-01", "At destination the consignee declares, or whoever runs the place of destination.", Answer.REFUSAL
)
RELEASED_FIRST = Rule("DES-02", "Goods are declared at destination after their release.", Answer.REFUSAL)
DECLARED_ONCE = Rule("DES-03", "Goods are declared at destination once.", Answer.REFUSAL)
ITEMS_KNOWN = Rule("DES-04", "A declaration at destination names items of the consignment, each once.", Answer.REFUSAL)
IN_TIME = Rule(
    "DES-05",
    "Goods are declared at destination within the time that runs from their release.",
    Answer.BREACH,
    "Order 160 Art. 25",
    Confidence.M,
    ("declared_on", "due_on"),
    lambda pack, _: pack.destination_declaration_days,
)

RULES = (USING_UNIT, RELEASED_FIRST, DECLARED_ONCE, ITEMS_KNOWN, IN_TIME)

# Judges


def judge_destination_declared(world: World, said: Signed[DestinationDeclared], rules: RulePack) -> Iterator[Breach]:
    """Judge a declaration at destination.

    Raises Refused: CON-10, DES-01, DES-02, DES-03, DES-04, CON-22.
    Returns DES-05, by the rule pack's term; none where the pack has none.
    """
    body = said.body
    consignment = announced(world, body.consignment)
    runs = None if consignment.destination is None else world.site(consignment.destination).party
    check_connected(said, (consignment.consignee, runs), USING_UNIT, consignment.id)
    if consignment.released_on is None:
        raise RELEASED_FIRST.refuse(f"{consignment.id} is not released")
    if consignment.declared_at_destination:
        raise DECLARED_ONCE.refuse(f"{consignment.id} is declared at destination already")
    check_items(consignment, body.items, ITEMS_KNOWN)
    check_past("declared_on", body.declared_on, said, rules)
    term = rules.destination_declaration_days
    if term is not None:
        last = rules.working_days.local_date(deadline(consignment.released_on, term, rules.working_days))
        if body.declared_on > last:
            yield IN_TIME.breach((consignment.id, *body.items), due_on=last, declared_on=body.declared_on)


def judge_use_consented(world: World, said: Signed[UseConsented], rules: RulePack) -> Iterator[Breach]:
    """Judge a consent to use. Raises Refused: CON-10, CON-21."""
    consignment = announced(world, said.body.consignment)
    check_connected(said, consignment.connected, CONNECTED, consignment.id)
    yield from ()


# Effects


def destination_declared(consignment: Consignment, event: Event[DestinationDeclared]) -> Consignment:
    """Return the consignment as declared at destination."""
    if consignment.id != event.said.body.consignment:
        return consignment
    return replace(consignment, declared_at_destination=True)


def use_consented(consignment: Consignment, event: Event[UseConsented]) -> Consignment:
    """Return the consignment as consented to."""
    if consignment.id != event.said.body.consignment:
        return consignment
    return replace(consignment, consented=True)
