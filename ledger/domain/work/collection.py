"""Items of domestic origin: collected in the country, put on record by the laboratory that has them.

No border is behind them, so no consignment, release or approval is asked of them; everything else is. That goods from
abroad are put on record as collected at home is a false statement that no record can see: who signs it answers for it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Amount, Body, Code, Country, ItemRef, Name, Number, Reference, SiteRef
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, ItemStatus, Origin
from ledger.domain.work.checks import check_site
from ledger.domain.work.description import Described, check_described, sample_of
from ledger.domain.work.gates import in_service
from ledger.domain.work.portions import check_some
from ledger.reference.activities import Material

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import SiteId

# Bodies


class Basis(StrEnum):
    """What a collection in the country rests on."""

    ETHICS_APPROVAL = "ethics-approval"
    HGR_APPROVAL = "hgr-approval"
    HGR_FILING = "hgr-filing"
    OTHER = "other"


class NewItem(Described, frozen=True, kw_only=True):
    """One labelled container that comes onto the record without a consignment, and what is known of what is in it.

    agents: codes of the pathogen catalogue that it contains or may contain.
    material: the state of its material; left out where it contains no agent, or nobody said.
    """

    item: ItemRef
    label: Number
    quantity: Amount | None = None
    lot: Number | None = None
    agents: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    material: Material | None = None


class ItemCollected(Body, frozen=True):
    """A laboratory puts items on record that it has and that were collected in the country, not imported.

    country: where they were collected.
    collected_by: the organisation that collected them.
    document: the approval, filing or order that the collection rests on.
    """

    laboratory: SiteRef
    country: Country
    collected_by: Name
    basis: Basis
    document: Reference
    items: Annotated[tuple[NewItem, ...], Meta(min_length=1, max_length=900, description="At least one item.")]


# Rules

ITEM_NEW = Rule("COL-01", "An item comes onto the record once, and in one way.", Answer.REFUSAL)
LABEL_NEW = Rule("COL-02", "No two items that a site put on record bear the same label.", Answer.REFUSAL)
DOMESTIC = Rule(
    "COL-03",
    "What is put on record as collected at home was collected in the country whose rules hold.",
    Answer.REFUSAL,
)

RULES = (ITEM_NEW, LABEL_NEW, DOMESTIC)

# Judging


def judge_item_collected(world: World, said: Signed[ItemCollected], rules: RulePack) -> Iterator[Breach]:
    """Judge a domestic collection.

    Raises Refused: GAT-04, COL-03, COL-01, COL-02; SMP-01 to SMP-04 and CON-22 for what the items are; UNI-01, UNI-02,
    PRT-04 for quantities.
    Returns GAT-13.
    """
    body = said.body
    check_site(world, said, body.laboratory)
    if body.country != rules.jurisdiction:
        raise DOMESTIC.refuse(f"what was collected in {body.country} is imported into {rules.jurisdiction}")
    check_new_items(world, said, body.laboratory, body.items, rules)
    yield from in_service(world, said, (), body.laboratory, rules)


def check_new_items(world: World, said: Signed[Any], site: SiteId, items: Collection[NewItem], rules: RulePack) -> None:
    """Check items that a site puts on record: ids, labels, what they are said to be, and how much there is.

    Raises Refused: COL-01, COL-02, SMP-01 to SMP-04, CON-22, UNI-01, UNI-02, PRT-04.
    """
    labels = world.site(site).labels
    seen: set[str] = set()
    for one in items:
        if world.item(one.item).known or one.item in seen:
            raise ITEM_NEW.refuse(f"{one.item} is on record already")
        key = name_key(one.label)
        if key in labels or key in seen:
            raise LABEL_NEW.refuse(f"another item of {site} is labelled {one.label}")
        seen |= {one.item, key}
        check_described(one, said, rules)
        if one.quantity is not None:
            rules.units.check(one.quantity.quantity)
            check_some(one.quantity.quantity)


# Effects


def item_collected(item: Item, event: Event[ItemCollected]) -> Item:
    """Return the item as the laboratory's, of domestic origin."""
    body = event.said.body
    for one in body.items:
        if one.item == item.id:
            return new_item(item, one, event.said, body.laboratory, Origin.DOMESTIC)
    return item


def site_collected(site: Site, event: Event[ItemCollected]) -> Site:
    """Return the site with the labels of the items."""
    body = event.said.body
    return with_labels(site, body.items) if site.id == body.laboratory else site


def new_item(item: Item, stated: NewItem, said: Signed[Any], site: SiteId, origin: Origin) -> Item:
    """Return an item as a site puts it on record: received there, in the hands of who says so."""
    return Item(
        id=item.id,
        known=True,
        origin=origin,
        status=ItemStatus.RECEIVED,
        label=stated.label,
        lot=stated.lot,
        quantity=None if stated.quantity is None else stated.quantity.quantity,
        agents=stated.agents,
        material=None if stated.material is None else stated.material.value,
        custodian=said.party,
        site=site,
        sample=sample_of(stated),
    )


def with_labels(site: Site, items: Collection[NewItem]) -> Site:
    """Return a site with the labels of items that it put on record."""
    return replace(site, labels=site.labels.update((name_key(one.label), one.item) for one in items))
