"""Of which districts subjects are, for the authorities that supervise there: as the record says now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.risk import Assessment
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item
from ledger.domain.states.supervision import Supervision

if TYPE_CHECKING:
    from ledger.domain.judging import World
    from ledger.domain.states.subjects import Subject
    from ledger.ids import CaseId, PartyId, SiteId

    Districts = list[str | None]
    """Districts, and None for each place where nobody states one."""


def of_site(world: World, site: SiteId | None) -> Districts:
    """Return the district of a site; none where there is no site."""
    return [] if site is None else [world.site(site).district]


def of_unit(world: World, party: PartyId | None) -> Districts:
    """Return the district in which a unit is registered now."""
    unit = None if party is None else world.party(party).unit_at(world.now)
    return [] if unit is None else [unit.district]


def of_goods(world: World, goods: Consignment) -> Districts:
    """Return the districts of a consignment: of its approvals and of the site that it is bound for."""
    return [world.approval(one).district for one, _ in goods.lines] + of_site(world, goods.destination)


def came_in_by(world: World, item: Item) -> Districts:
    """Return the districts that an item came in by, through whatever it was made of: those it keeps for good."""
    goods = (district for one in world.consignments_of([item.id]) for district in of_goods(world, one))
    return [one.district for one in world.approvals_of([item.id])] + list(goods)


def of_case(world: World, case: Case) -> Districts:
    """Return the districts of a case: of its site, its party, its unit, and what it is about."""
    found = of_site(world, case.site) + of_unit(world, case.party)
    if isinstance(case.detail, Supervision):
        found += of_unit(world, case.detail.unit)
    if case.approval is not None:
        found.append(world.approval(case.approval).district)
    if case.consignment is not None:
        found += of_goods(world, world.consignment(case.consignment))
    for item in map(world.item, case.items):
        found += came_in_by(world, item) + of_site(world, item.site)
    return found


def of_subject(world: World, one: Subject) -> Districts:
    """Return the districts of a subject, whatever it is; none of a key."""
    match one:
        case Item():
            return came_in_by(world, one) + of_site(world, one.site)
        case Approval() | Permit() | Site():
            return [one.district]
        case Consignment():
            return of_goods(world, one)
        case Case():
            return of_case(world, one)
        case Party():
            return of_unit(world, one.id)
        case _:
            return []


def with_what_waits(case: Case) -> list[CaseId]:
    """Return a case, and of a risk assessment the application that waits for it: who acts in these sees it."""
    application = case.detail.application if isinstance(case.detail, Assessment) else None
    return [case.id] if application is None else [case.id, application]
