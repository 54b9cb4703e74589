"""What was made directly of an item, as the statements about the item itself say: nothing else is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.ids import ItemId
from ledger.words.reader import amount_words
from projections.names import MADE_OF
from projections.ordering import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from api.console.telling import Teller
    from ledger.domain.judging import Event


@dataclass(frozen=True, slots=True)
class Made:
    """An item as the statement that made it says. position: of that statement. amount: how much it was; "" not said."""

    item: ItemId
    name: str
    kind: str
    position: int
    amount: str


def made_of(teller: Teller, events: Iterable[Event[Any]], item: ItemId) -> list[Made]:
    """Return what was made directly of an item, in the order in which people count its names. events: that count."""
    found = {one.item: one for event in events for one in _made(teller, event, item)}
    return sorted(found.values(), key=_place)


def _made(teller: Teller, event: Event[Any], item: ItemId) -> Iterator[Made]:
    if (making := MADE_OF.get(event.said.kind)) is None:
        return
    made, of = making(event.said.body)
    if item not in set(of):
        return
    for one in made:
        held = getattr(one, "quantity", None)
        amount = "" if held is None else amount_words(held.value, held.unit, teller.language)
        name = getattr(one, "label", None) or one.item.partition(":")[2]
        yield Made(ItemId(one.item), name, event.said.kind, event.position, amount)


def _place(one: Made) -> tuple[str, str]:
    return sort_key(one.name), one.item
