"""What the events of a site add up to: what it is stated to be, and where each item stands in it, since when."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.states.subjects import Subject
from ledger.ids import (
    ItemId,
    PartyId,
    SiteId,
    Tag,
)


class Service(msgspec.Struct, frozen=True):
    """What a site is stated to be from an instant on; None: as before.

    level: biosafety level, 1 to 4. certificate_to: last day of the laboratory's accreditation. district: where it is
        supervised.
    """

    since: datetime
    level: int | None
    certificate_to: date | None
    active: bool | None
    district: str | None = None


class Stand(msgspec.Struct, frozen=True):
    """Where an item stands in a site since its last act there; None: it has left its position."""

    place: str | None
    since: datetime


class Stay(msgspec.Struct, frozen=True, order=True):
    """How long an item stood in a position that it has left."""

    until: datetime
    since: datetime
    item: ItemId


class Site(Subject, frozen=True, kw_only=True):
    """A place with an address where items are kept or used: a laboratory, a store, a port's cold store.

    level: biosafety level, 1 to 4; None: not a laboratory, or not assessed.
    certificate_to: last day of the laboratory's accreditation; None: none stated. district: where it is supervised.
    services: what was stated of these, in the order of the acts, the registration first.
    places: the items in each occupied storage position, sorted; by rule one. stands: where each item that ever stood
        here stands, those that have left included. left: of each position the last stay that is over. All three by
        the position's ``place_key``; they are what they are in whatever order the acts of several items are folded.
    labels: the items that were put on record or made here, by the ``name_key`` of the label that they then bore.
    opened: the day on which its opening stock was there, by rule one; empty where none was told.
    """

    id: SiteId
    party: PartyId | None = None
    use: str = ""
    level: int | None = None
    certificate_to: date | None = None
    active: bool = True
    district: str | None = None
    services: tuple[Service, ...] = ()
    places: HashTrieMap[str, tuple[ItemId, ...]] = HashTrieMap()
    stands: HashTrieMap[ItemId, Stand] = HashTrieMap()
    left: HashTrieMap[str, Stay] = HashTrieMap()
    labels: HashTrieMap[str, ItemId] = HashTrieMap()
    opened: frozenset[date] = frozenset()

    @property
    def links(self) -> frozenset[Tag]:
        """Return the party that runs it."""
        return frozenset() if self.party is None else frozenset({Tag(self.party)})

    def with_services(self, services: tuple[Service, ...]) -> Site:
        """Return the site as some statements in turn leave it; what stands in it as it is."""
        site = replace(self, level=None, certificate_to=None, active=True, district=None)
        for one in services:
            site = replace(
                site,
                level=site.level if one.level is None else one.level,
                certificate_to=one.certificate_to or site.certificate_to,
                active=site.active if one.active is None else one.active,
                district=one.district or site.district,
            )
        return site

    def at(self, instant: datetime) -> Site:
        """Return the site as it was stated to be at an instant, with what stands in it now."""
        return self.with_services((*self.services[:1], *(one for one in self.services[1:] if one.since <= instant)))
