"""The chain of custody, asked: who has an item, who may give and take it, and whether a link is missing.

Questions of the record alone; the rules that need their answers are in ``custody``, ``receipt`` and ``transfer``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import Seal
from ledger.domain.law.rule import Rule
from ledger.domain.states.subjects import Item, ItemStatus

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.domain.judging import World
    from ledger.ids import ConsignmentId, ItemId, PartyId, SiteId

Seals = Annotated[tuple[Seal, ...], Meta(max_length=100, description="All seals on the package.")]

_NEVER_OPENED: Final = frozenset({"store", "depository", "port", "waste-facility"})
_BACK_ON_THE_WAY: Final = frozenset({ItemStatus.EXPECTED, ItemStatus.RECEIVED, ItemStatus.MISSING})


def check_of(rule: Rule, world: World, items: Collection[ItemId], consignment: ConsignmentId | None) -> None:
    """Check that items, or what they were made from, came in with a consignment, if one is named. Raises Refused."""
    for item in items if consignment is not None else ():
        if consignment not in {one.id for one in world.consignments_of([item])}:
            raise rule.refuse(f"{item} did not come in with {consignment}")


def keepers(world: World, item: ItemId) -> frozenset[PartyId]:
    """Return who may speak for an item: its custodian; while it is in nobody's hands, whoever is about to have it.

    That is whoever runs the site it is at, or else the parties that its consignments name.
    """
    found = world.item(item)
    if found.custodian is not None:
        return frozenset({found.custodian})
    here = None if found.site is None else world.site(found.site).party
    return frozenset({here}) if here is not None else named_for(world, item)


def named_for(world: World, item: ItemId) -> frozenset[PartyId]:
    """Return the parties that the consignments of an item, through all ancestors, name."""
    return frozenset(party for one in world.consignments_of([item]) for party in one.connected)


def is_gap(world: World, item: ItemId, taker: PartyId, giver: PartyId | None = None) -> bool:
    """Say whether a party takes an item that nobody handed over to it.

    giver: from whom the taker says it has it; None: not said.

    A hand-over by another than the giver named does not count. What is in nobody's hands yet comes from abroad: there a
    carrier that the consignment names is the first in the chain, as is anybody where it names no carrier.
    """
    found = world.item(item)
    if found.handover is not None and found.handover.receiver == taker:
        return giver not in {None, found.handover.giver}
    if found.custodian is not None:
        return True
    carriers = frozenset(party for one in world.consignments_of([item]) for party in one.carriers)
    return bool(carriers) and taker not in carriers


def may_give(world: World, item: ItemId, party: PartyId) -> bool:
    """Say whether a party may hand an item over: its custodian, or the applicant before it has one."""
    custodian = world.item(item).custodian
    if custodian is not None:
        return custodian == party
    return party in {one.applicant for one in world.consignments_of([item])}


def may_take(world: World, item: ItemId, party: PartyId) -> bool:
    """Say whether the record connects a party with an item, so that it can have taken it."""
    found = world.item(item)
    if found.handover is not None and found.handover.receiver == party:
        return True
    if found.transfer is not None and world.case(found.transfer).receiver == party:
        return True
    return any(party in {one.consignee, one.broker, *one.carriers} for one in world.consignments_of([item]))


def arrives(world: World, item: ItemId, receiver: PartyId) -> bool:
    """Say whether an item reaches the party that runs its consignment's destination."""
    destinations = (one.destination for one in world.consignments_of([item]))
    return receiver in {world.site(site).party for site in destinations if site is not None}


def opened_at(world: World, site: SiteId) -> bool:
    """Say whether a site is one where packages are opened: not a store, a depository, a port or a waste facility."""
    return world.site(site).use not in _NEVER_OPENED


def taken(item: Item, party: PartyId) -> Item:
    """Return an item that another party has taken: out of every place, and on its way until it is received again."""
    return replace(
        item,
        custodian=party,
        handover=None,
        site=None,
        place=None,
        checked_out=None,
        kept=None,
        status=ItemStatus.IN_TRANSIT if item.status in _BACK_ON_THE_WAY else item.status,
    )
