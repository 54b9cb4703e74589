"""Receipt: a laboratory states what arrived, in which state, and what to make of differences from the papers.

The one place where this ledger says receipt. It judges the goods against the record; it never corrects the record.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import Celsius, Seal
from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Amount, Body, ConsignmentRef, ItemRef, SiteRef
from ledger.domain.custody.chain import check_of, is_gap, opened_at, taken
from ledger.domain.custody.positions import check_leaves, vacated
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Consignment
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.domain.work import checks, gates
from ledger.domain.work.holds import not_held
from ledger.domain.work.portions import as_recorded, check_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId

# Bodies


class Condition(StrEnum):
    """In what state an item arrives; of several the worst."""

    INTACT = "intact"
    DAMAGED = "damaged"
    LEAKING = "leaking"
    THAWED = "thawed"
    HAEMOLYSED = "haemolysed"
    CLOTTED = "clotted"
    CONTAMINATED = "contaminated"
    INSUFFICIENT = "insufficient"
    ILLEGIBLE = "illegible"
    MISSING = "missing"


class Documents(StrEnum):
    """Whether goods and papers agree."""

    MATCH = "match"
    MISMATCH = "mismatch"


class ReceivedItem(Body, frozen=True):
    """One item as it arrives; a seal that nobody looked at and a quantity that nobody measured are left out."""

    item: ItemRef
    condition: Condition
    seal: Seal | None = None
    quantity: Amount | None = None


class ItemReceived(Body, frozen=True):
    """A laboratory receives items of a consignment, each with its condition; one that is not there is named missing.

    temperature: of the shipper at opening; left out where it was not measured.
    """

    consignment: ConsignmentRef
    laboratory: SiteRef
    items: Annotated[tuple[ReceivedItem, ...], Meta(min_length=1, max_length=900)]
    documents: Documents
    temperature: Celsius | None = None


# Rules

OF_CONSIGNMENT = Rule(
    "RCP-01", "A laboratory receives items that came in with the consignment it names.", Answer.REFUSAL
)
ONCE = Rule("RCP-02", "An item is received once for each time that it travels.", Answer.REFUSAL)
SEAL = Rule(
    "RCP-03", "An item arrives under a seal that was recorded.", Answer.BREACH, "WS 233-2017 7.9.6-7.9.8", Confidence.V
)
ALL_RELEASED = Rule(
    "RCP-04",
    "All items of a consignment that customs released are received.",
    Answer.BREACH,
    "WS 233-2017 7.9.6-7.9.8",
    Confidence.V,
    ("count", "items"),
)
NOT_MISSING = Rule("RCP-05", "No item is missing at receipt.", Answer.BREACH, "WS 233-2017 7.9.6-7.9.8", Confidence.V)
INTACT = Rule(
    "RCP-06",
    "Items arrive intact, at their temperature and fit for use.",
    Answer.BREACH,
    "GB 19489-2008 7.20.2",
    Confidence.V,
)
PAPERS = Rule("RCP-07", "Goods agree with their documents.", Answer.BREACH, "Order 160 Art. 26", Confidence.M)
GAP = Rule(
    "RCP-08",
    "A laboratory receives what is in its custody, or was handed over to it.",
    Answer.BREACH,
    "WS 233-2017 7.9.6",
    Confidence.V,
    ("party",),
)

AS_RECORDED = Rule(
    "RCP-09",
    "What is measured at receipt is what the record has of the item.",
    Answer.BREACH,
    "Order 160 Art. 26",
    Confidence.M,
)

COLLECTED = Rule("SMP-05", "An item is collected before it is received.", Answer.BREACH, parameters=("day",))

RULES = (OF_CONSIGNMENT, ONCE, SEAL, ALL_RELEASED, NOT_MISSING, INTACT, PAPERS, GAP, AS_RECORDED, COLLECTED)

# Judges


def judge_item_received(world: World, said: Signed[ItemReceived], rules: RulePack) -> Iterator[Breach]:
    """Judge a laboratory's receipt.

    Raises Refused: GAT-01, RCP-01, GAT-04, RCP-02, STK-08; UNI-01, UNI-02, PRT-01 and PRT-05 for quantities.
    Returns GAT-06, GAT-11 to GAT-14, GAT-08 where custody passes only now, RCP-08, RCP-03 to RCP-07, RCP-09,
    SMP-05; in this order.
    """
    body, items = said.body, [line.item for line in said.body.items]
    _check_receivable(world, said, rules)
    yield from gates.released(world, items)
    yield from gates.site_approved(world, items, body.laboratory)
    if opened_at(world, body.laboratory):
        yield from gates.level(world, items, body.laboratory, rules)
    yield from gates.in_service(world, said, items, body.laboratory, rules)
    yield from gates.persons(world, said, items, rules)
    taken_now = [item for item in _here(body) if world.item(item).custodian != said.party]
    yield from not_held(world, said, taken_now)
    gaps = [item for item in taken_now if is_gap(world, item, said.party)]
    yield from gates.about(GAP, gaps, party=said.party)
    yield from _goods(world, body)
    yield from _uncollected(world, said, rules)


def _here(body: ItemReceived) -> list[ItemId]:
    return [line.item for line in body.items if line.condition is not Condition.MISSING]


def _check_receivable(world: World, said: Signed[ItemReceived], rules: RulePack) -> None:
    items = [line.item for line in said.body.items]
    checks.check_known(world, items)
    check_of(OF_CONSIGNMENT, world, items, said.body.consignment)
    checks.check_site(world, said, said.body.laboratory)
    for one in map(world.item, items):
        if one.status not in {ItemStatus.EXPECTED, ItemStatus.IN_TRANSIT, ItemStatus.MISSING}:
            raise ONCE.refuse(f"{one.id} is {one.status} already")
    check_leaves(world, _here(said.body), said.body.laboratory)
    for line in said.body.items:
        if line.quantity is not None:
            check_unit(world, line.item, line.quantity.quantity, rules)


def _goods(world: World, body: ItemReceived) -> Iterator[Breach]:
    """Yield what the goods themselves show, RCP-03 to RCP-07 and RCP-09."""
    foreign = [line.item for line in body.items if _other_seal(world.item(line.item), line)]
    yield from gates.about(SEAL, foreign)
    consignment = world.consignment(body.consignment)
    named = {line.item for line in body.items}
    answered = (named, consignment.received_items, consignment.gone)
    waiting = [item for item in consignment.released_items if not any(item in items for items in answered)]
    if waiting:
        yield ALL_RELEASED.breach((body.consignment,), items=sorted(waiting), count=len(waiting))
    missing = [line.item for line in body.items if line.condition is Condition.MISSING]
    yield from gates.about(NOT_MISSING, missing)
    spoilt = [line.item for line in body.items if line.condition not in {Condition.INTACT, Condition.MISSING}]
    yield from gates.about(INTACT, spoilt)
    if body.documents is Documents.MISMATCH:
        yield PAPERS.breach((body.consignment,))
    differing = [line.item for line in body.items if _other_quantity(world.item(line.item), line)]
    yield from gates.about(AS_RECORDED, differing)


def _uncollected(world: World, said: Signed[ItemReceived], rules: RulePack) -> Iterator[Breach]:
    """Yield SMP-05 for each day after the receipt on which, or until which, items are said to be collected."""
    today = rules.working_days.local_date(said.occurred_at)
    samples = {item: world.item(item).sample for item in _here(said.body)}
    days = {item: one.collected_until or one.collected_on for item, one in samples.items()}
    for day in sorted({day for day in days.values() if day is not None and day > today}):
        yield COLLECTED.breach([item for item, one in days.items() if one == day], day=day)


def _other_seal(item: Item, line: ReceivedItem) -> bool:
    if line.seal is None or not item.seals:
        return False
    return name_key(line.seal) not in map(name_key, item.seals)


def _other_quantity(item: Item, line: ReceivedItem) -> bool:
    return line.quantity is not None and item.quantity is not None and line.quantity.quantity != item.quantity


# Effects


def item_received(item: Item, event: Event[ItemReceived]) -> Item:
    """Return the item as received in the laboratory, in its party's custody, unsealed; or as missing.

    Received so, it is on its way with no transfer any more: it never arrived there, or came back.
    """
    said = event.said
    for line in said.body.items:
        if line.item != item.id:
            continue
        if line.condition is Condition.MISSING:
            return replace(item, status=ItemStatus.MISSING, condition=line.condition.value)
        thaws = (said.occurred_at,) if line.condition is Condition.THAWED else ()
        return replace(
            taken(item, said.party),
            thawed_at=(*item.thawed_at, *thaws),
            transfer=None,
            status=ItemStatus.RECEIVED,
            site=said.body.laboratory,
            condition=line.condition.value,
            seals=frozenset(),
            quantity=item.quantity if line.quantity is None else as_recorded(item, line.quantity.quantity),
        )
    return item


def site_received(site: Site, event: Event[ItemReceived]) -> Site:
    """Return the laboratory with the positions of what it receives free: it is told where it stands now."""
    said = event.said
    return vacated(site, _here(said.body), said.occurred_at) if site.id == said.body.laboratory else site


def consignment_received(consignment: Consignment, event: Event[ItemReceived]) -> Consignment:
    """Return the consignment with its items that a laboratory has answered for, missing ones included."""
    body = event.said.body
    if consignment.id != body.consignment:
        return consignment
    missing = consignment.missing_items
    for line in body.items:
        missing = missing.insert(line.item) if line.condition is Condition.MISSING else missing.discard(line.item)
    answered = consignment.received_items.update(line.item for line in body.items)
    return replace(consignment, received_items=answered, missing_items=missing)
