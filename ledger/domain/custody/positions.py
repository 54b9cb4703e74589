"""Positions: which item stands in which storage position of a site, since when, and which are free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.printed import place_key
from ledger.domain.bodies.vocabulary import (
    Body,
    ItemRef,
    Place,
)
from ledger.domain.judging import Event, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.site import Site, Stand, Stay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.ids import ItemId, SiteId

# Bodies


class Placed(Body, frozen=True):
    """One item and the storage position that it is put into."""

    item: ItemRef
    place: Place


PlacedItems = Annotated[tuple[Placed, ...], Meta(min_length=1, max_length=900)]

# Rules

ONE_EACH = Rule("STK-02", "A statement puts one item into a position.", Answer.REFUSAL)
OCCUPIED = Rule(
    "STK-06", "A storage position holds one item at a time.", Answer.BREACH, parameters=("count", "items", "places")
)
LEAVES = Rule(
    "STK-08",
    "What stands in a storage position leaves it by a statement that names the site.",
    Answer.REFUSAL,
)

RULES = (ONE_EACH, OCCUPIED, LEAVES)

# Judging


def check_leaves(world: World, items: Iterable[ItemId], site: SiteId | None) -> None:
    """Check that items stand in no storage position, or in one of the site that a statement names.

    For every statement by which items leave their positions; its effect on the site is ``site_left``.

    Raises Refused: STK-08.
    """
    for one in map(world.item, items):
        if one.place is not None and one.site != site:
            raise LEAVES.refuse(f"{one.id} stands in {one.place} of {one.site}")


def items_placed(placed: Iterable[Placed]) -> tuple[ItemId, ...]:
    """Return the items that are put into positions."""
    return tuple(line.item for line in placed)


def occupied(site: Site, placed: Sequence[Placed], instant: datetime) -> Iterator[Breach]:
    """Yield STK-06 for positions that other items stand in. Raises Refused: STK-02."""
    items, keys = items_placed(placed), [place_key(line.place) for line in placed]
    if len(set(keys)) < len(keys):
        raise ONE_EACH.refuse("a position is named twice")
    found = ((line, _occupant(site, place_key(line.place), line.item, instant)) for line in placed)
    # Items that the statement itself puts elsewhere make room for others.
    if taken := [(line, other) for line, other in found if other is not None and other not in items]:
        lines = [line for line, _ in taken]
        places, holding = [line.place for line in lines], [other for _, other in taken]
        yield OCCUPIED.breach(items_placed(lines), places=places, items=holding, count=len(lines))


def _occupant(site: Site, place: str, item: ItemId, instant: datetime) -> ItemId | None:
    """Return another item that stood in a position at an instant, or since, if the item put there then still stands."""
    stand = site.stands.get(item)
    stays = stand is None or stand.since <= instant
    for other in site.places.get(place, ()):
        if other != item and (stays or site.stands[other].since <= instant):
            return other
    last = site.left.get(place)
    if last is not None and last.item != item and last.until > instant and (stays or last.since <= instant):
        return last.item
    return None


# Effects


def filled(site: Site, placed: Sequence[Placed], instant: datetime) -> Site:
    """Return a site with some items in their positions from an instant on, and out of all others."""
    emptied = vacated(site, items_placed(placed), instant)
    places, stands = emptied.places, emptied.stands
    for line in placed:
        key = place_key(line.place)
        places = places.insert(key, tuple(sorted((*places.get(key, ()), line.item))))
        stands = stands.insert(line.item, Stand(key, instant))
    return replace(emptied, places=places, stands=stands)


def site_left(site: Site, event: Event[Any]) -> Site:
    """Return the site with the positions free; of every body that names ``items`` and the ``site`` they leave."""
    said = event.said
    return vacated(site, said.body.items, said.occurred_at) if site.id == said.body.site else site


def vacated(site: Site, items: Iterable[ItemId], instant: datetime) -> Site:
    """Return a site with the positions of some items free from an instant on.

    A position that another item was put into as well stays that one's.
    """
    places, stands, left = site.places, site.stands, site.left
    for item in items:
        stand = stands.get(item)
        stands = stands.insert(item, Stand(None, instant))
        if stand is None or stand.place is None:
            continue
        others = tuple(other for other in places[stand.place] if other != item)
        places = places.insert(stand.place, others) if others else places.remove(stand.place)
        stay = Stay(instant, stand.since, item)
        left = left.insert(stand.place, max(stay, left.get(stand.place, stay)))
    return replace(site, places=places, stands=stands, left=left)
