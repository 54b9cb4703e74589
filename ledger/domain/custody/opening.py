"""Opening stock: what a site held before the record began, declared by its holder and witnessed by nobody's record.

A freezer is full when a ledger starts. Its contents are put on record once, for one day; what was before that day is
what the holder says, and every statement that opens stock says so in its breaches for ever.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Number, Place, SiteRef
from ledger.domain.custody.positions import Placed, filled, occupied
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, Origin
from ledger.domain.work.checks import check_site
from ledger.domain.work.collection import NewItem, check_new_items, new_item, with_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class OpenedItem(NewItem, frozen=True, kw_only=True):
    """One container that the site held on the day.

    place: where it stands; left out of what stands in no position.
    received_on: when the holder says that it came.
    approval_number: the number of the approval that it is said to have come in under. Nothing on record rests on it.
    """

    place: Place | None = None
    received_on: date | None = None
    approval_number: Number | None = None


class StockOpened(Body, frozen=True):
    """A laboratory puts on record what a site of its own already held on the day on which its record begins.

    opened_on: that day; it is one for each site, in however many statements its stock is told.
    """

    site: SiteRef
    opened_on: date
    items: Annotated[tuple[OpenedItem, ...], Meta(min_length=1, max_length=900, description="At least one item.")]


# Rules

ONE_DAY = Rule("OPN-01", "The stock of a site is opened on one day.", Answer.REFUSAL)
HELD = Rule("OPN-02", "What is opened was there on the day.", Answer.REFUSAL)
AT_REGISTRATION = Rule(
    "OPN-03",
    "The stock of a site is opened on the day of its registration, or an earlier one.",
    Answer.BREACH,
    parameters=("day", "since"),
)
WITNESSED = Rule(
    "OPN-04", "What became of an item since its entry stands on record.", Answer.BREACH, parameters=("day",)
)

RULES = (ONE_DAY, HELD, AT_REGISTRATION, WITNESSED)

# Judge


def judge_stock_opened(world: World, said: Signed[StockOpened], rules: RulePack) -> Iterator[Breach]:
    """Judge opening stock.

    Raises Refused: GAT-04, CON-22, OPN-01, COL-01, COL-02; SMP-01 to SMP-04 for what the items are; UNI-01, UNI-02,
    PRT-04 for quantities; OPN-02, STK-02.
    Returns OPN-03, OPN-04, STK-06.
    """
    body, site = said.body, world.site(said.body.site)
    check_site(world, said, body.site)
    check_past("opened_on", body.opened_on, said, rules)
    if others := site.opened - {body.opened_on}:
        raise ONE_DAY.refuse(f"the stock of {site.id} was opened on {min(others)}")
    check_new_items(world, said, body.site, body.items, rules)
    for one in body.items:
        days = [day for day in (one.received_on, one.collected_on, one.collected_until) if day is not None]
        if days and max(days) > body.opened_on:
            raise HELD.refuse(f"{one.item} was not there on {body.opened_on}: {max(days)}")
    if site.services and body.opened_on > rules.working_days.local_date(site.services[0].since):
        yield AT_REGISTRATION.breach((site.id,), day=body.opened_on, since=site.services[0].since)
    yield WITNESSED.breach([one.item for one in body.items], day=body.opened_on)
    yield from occupied(site, _placed(body), said.occurred_at)


def _placed(body: StockOpened) -> tuple[Placed, ...]:
    return tuple(Placed(item=one.item, place=one.place) for one in body.items if one.place is not None)


# Effects


def item_opened(item: Item, event: Event[StockOpened]) -> Item:
    """Return the item as the site's stock, with what its holder declares of the time before."""
    body = event.said.body
    for one in body.items:
        if one.item == item.id:
            opened = new_item(item, one, event.said, body.site, Origin.OPENING_STOCK)
            return replace(opened, place=one.place, shown_from=body.opened_on, approval_number=one.approval_number)
    return item


def site_opened(site: Site, event: Event[StockOpened]) -> Site:
    """Return the site with its stock in their positions, and the day on which it was opened."""
    body = event.said.body
    if site.id != body.site:
        return site
    opened = with_labels(filled(site, _placed(body), event.said.occurred_at), body.items)
    return replace(opened, opened=site.opened | {body.opened_on})
