"""Sale: items, or some of what they hold, go to a buyer; a use that the approval must name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Body, Country, Name, Number, PartyRef
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import Item
from ledger.domain.work.checks import check_items
from ledger.domain.work.gates import consented, decided, not_withdrawn, purpose, received, released
from ledger.domain.work.holds import not_held, not_kept
from ledger.domain.work.permitted import holder_alone, own_research
from ledger.domain.work.portions import Portions, amounts, check_portion, measured, taken_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

PURPOSE: Final = "sale"
"""The code of the list of purposes that an approval names where its goods may be sold."""

# Body


class SaleRecorded(Body, frozen=True):
    """A party sells items of its own, or some of what they hold; what is sold leaves them for good.

    buyer: the registered name of the buyer; buyer_party: its id, where it is on record.
    invoice: the number of the paper that shows the sale.
    """

    portions: Portions
    buyer: Name
    country: Country
    invoice: Number
    buyer_party: PartyRef | None = None


# Rules

BUYER = Rule("SAL-01", "A buyer that a sale names by its id is on record, and not the seller.", Answer.REFUSAL)

RULES = (BUYER,)

# Judge


def judge_sale_recorded(world: World, said: Signed[SaleRecorded], rules: RulePack) -> Iterator[Breach]:
    """Judge a sale.

    Raises Refused: GAT-01 to GAT-03, SAL-01; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02, PRT-04.
    Returns GAT-05 to GAT-08, GAT-16, GAT-09, GAT-10, GAT-15, OWN-01, OWN-02, PRT-03.
    """
    body = said.body
    taken = amounts(body.portions)
    items = tuple(item for item, _ in taken)
    check_items(world, said, items)
    if body.buyer_party is not None and (body.buyer_party == said.party or not world.party(body.buyer_party).known):
        raise BUYER.refuse(f"{body.buyer_party} is the seller itself, or not registered")
    for item, amount in taken:
        check_portion(world, item, amount, rules)
    yield from received(world, items)
    yield from released(world, items)
    yield from consented(world, items)
    yield from not_held(world, said, items)
    yield from not_kept(world, said, items)
    yield from decided(world, items)
    yield from not_withdrawn(world, said, items)
    yield from purpose(world, items, PURPOSE)
    yield from own_research(world, items, PURPOSE)
    yield from holder_alone(world, items, said.party)
    if body.buyer_party is not None:
        yield from holder_alone(world, items, body.buyer_party)
    yield from measured(world, taken)


# Effect


def item_sold(item: Item, event: Event[SaleRecorded]) -> Item:
    """Return the item with what the sale leaves of it."""
    return taken_from(item, event.said.body.portions)
