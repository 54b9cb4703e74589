"""What one party sees by what it is, has and did, and an authority besides of its district; audits are not in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from api.access.rights.departments import SUPERVISED, authority_of
from api.access.rights.districts import came_in_by, of_case, of_goods, of_site, of_unit, with_what_waits
from api.access.rights.holders import told_to_holder
from api.access.rights.said import Recorded, named_by
from api.access.rights.showing import Right, Showing
from api.access.rights.sight import EVER, Window
from api.access.rights.stretches import made_of, until_ever, until_first, while_so
from ledger.domain.acts import place_of
from ledger.domain.bodies.vocabulary import SPEAKS_AS
from ledger.domain.law.schemes import SCHEMES
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, ItemStatus, Key
from ledger.domain.states.supervision import Supervision
from ledger.ids import PartyId, SiteId, Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from api.access.rights.departments import Supervised
    from api.access.rights.said import Read
    from ledger.domain.acts import Place
    from ledger.domain.judging import Event, World
    from ledger.domain.states.party import Assignment
    from ledger.domain.states.subjects import Subject
    from ledger.ids import CaseId, ItemId


class Known(Recorded, Protocol):
    """The record at the head of the log, as far as it is asked: each subject folded from all of its events."""

    @property
    def world(self) -> World:
        """Return the subjects as they are, and the instant at which somebody asks."""
        ...

    def steps(self, tag: Tag) -> Sequence[tuple[Event[Any], Subject, Subject]]:
        """Return the events of a subject in the order in which they count, with its states before and after each."""
        ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """One party, looking: what the record says of it that its sight follows from.

    assigned: where it belongs as an authority that still has its role; None: it is none.
    """

    party: PartyId
    record: Known
    assigned: Assignment | None
    items: dict[Tag, tuple[Window, ...]] = field(default_factory=dict)
    seen: dict[Tag, tuple[Window, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, party: PartyId, record: Known) -> Eyes:
        """Return the eyes of a party, as the record has it at the instant at which somebody asks."""
        return cls(party, record, authority_of(record.world.party(party), record.world.now))

    def windows(self, tag: Tag) -> tuple[Window, ...]:
        """Return where in the history of a subject it sees that; nothing: it does not see it."""
        if tag not in self.seen:
            self.seen[tag] = self._windows(tag)
        return self.seen[tag]

    def _windows(self, tag: Tag) -> tuple[Window, ...]:
        match self.record.world.subjects.get(tag):
            case Item() as item:
                return self._of_item(item)
            case Approval() as approval:
                seen = self._concerns_approval(approval) or self._supervises("approval", [approval.district])
            case Consignment() as goods:
                seen = self._concerns_consignment(goods) or self._supervises(
                    "consignment", of_goods(self.record.world, goods)
                )
            case Case() as case:
                seen = self._concerns_case(case) or self._supervises_case(case)
                if not seen:
                    return tuple(self._as_holder(case))
            case Permit() as permit:
                seen = self.party in {permit.holder, permit.issuer} or self._opened(tag) or self._oversees(permit)
            case Site() as site:
                seen = site.party == self.party or self._supervises("site", [site.district])
            case Party() as party:
                seen = party.id == self.party or self._supervises("party", of_unit(self.record.world, party.id))
            case Key() as key:
                seen = key.party == self.party
            case _:
                seen = False
        return (EVER,) if seen else ()

    def read(self, read: Read) -> bool:
        """Say whether it may read a statement: it signed it, is named in it, or sees a subject of it at that place."""
        return self.owns(read) or self.seen_in(read) is not None

    def seen_in(self, read: Read) -> Tag | None:
        """Return the first subject of a statement that it sees at that place; None: it sees none."""
        return next((tag for tag in read.concerned if self.sees(tag, read.place)), None)

    def sees(self, tag: Tag, place: Place) -> bool:
        """Say whether it sees a subject at a place of its history."""
        return any(window.holds(place) for window in self.windows(tag))

    def owns(self, read: Read) -> bool:
        """Say whether a statement is data of its own: it signed it, or is named in it."""
        return self.party in read.parties or any(map(self.is_own, read.named))

    def showing(self, read: Read, right: Right, grant: CaseId | None = None) -> Showing:
        """Return whose data a statement is that it reads: for whom ``owns`` would be true."""
        sites = (self.record.world.site(SiteId(tag)).party for tag in read.named if type_of(tag) == "site")
        named = {PartyId(tag) for tag in read.named if type_of(tag) == "party"} | {one for one in sites if one}
        return Showing(right, read.parties | named, read.named, read.concerned, grant)

    def is_own(self, tag: Tag) -> bool:
        """Say whether an id in a statement names the party: its own, or that of a site that it runs."""
        if type_of(tag) == "site":
            return self._runs(SiteId(tag))
        return tag == Tag(self.party)

    def sees_what_is_there(self, tag: Tag) -> bool:
        """Say whether it sees each item under a subject that it sees; of a party or a site, whether it is its own.

        What else names a party or a site, such as an approval of another district, is not shown with that.
        """
        match self.record.world.subjects.get(tag):
            case Approval() as approval:
                return self._supervises("item", [approval.district])
            case Consignment() as goods:
                return self._supervises("item", of_goods(self.record.world, goods))
            case _:
                return self.is_own(tag)

    # Items

    def _of_item(self, item: Item) -> tuple[Window, ...]:
        tag = Tag(item.id)
        if tag not in self.items:
            self.items[tag] = ()  # nothing is made of itself; were it so on some record, this ends
            self.items[tag] = until_ever(self._stretches(item))
        return self.items[tag]

    def _stretches(self, item: Item) -> Iterator[Window]:
        own = [*self._own_stretches(item)]
        yield from own
        if EVER not in own:
            yield from self._before_what_was_made(item, own)

    def _own_stretches(self, item: Item) -> Iterator[Window]:
        steps = self.record.steps(Tag(item.id))
        yield from while_so(steps, self._has)
        if self._concerns_any(self.record.world.consignments_of([item.id] if not item.parents else [])):
            yield from until_first(steps, lambda after: after.status is ItemStatus.RECEIVED)
        if self._supervises("item", came_in_by(self.record.world, item)):
            yield EVER

    def _before_what_was_made(self, item: Item, seen: list[Window]) -> Iterator[Window]:
        """Yield the past of what was made of it and is seen, up to its making; the newest first.

        seen: what is seen anyway. What was made within that is not looked at: it would add nothing, and ten thousand
        items may have been made of one.
        """
        for step in reversed(self.record.steps(Tag(item.id))):
            place = place_of(step[0])
            if any(one.since is None and one.holds(place) for one in seen):
                continue
            if any(self._of_item(self.record.world.item(child)) for _, child in made_of([step], item.id)):
                seen.append(Window(until=place))
                yield seen[-1]

    def _has(self, item: Item) -> bool:
        """Say whether an item is in its hands or its site, on offer or on its way to it, or in its district."""
        world = self.record.world
        offered = item.handover is not None and item.handover.receiver == self.party
        coming = item.transfer is not None and world.case(item.transfer).receiver == self.party
        here = item.site is not None and self._runs(item.site)
        supervised = self._supervises("item", of_site(world, item.site))
        return self.party in {item.custodian, item.checked_out} or offered or coming or here or supervised

    # Everything else

    def _concerns_approval(self, approval: Approval) -> bool:
        return (
            approval.applicant == self.party or any(map(self._runs, approval.sites)) or self._opened(Tag(approval.id))
        )

    def _concerns_any(self, goods: Iterable[Consignment]) -> bool:
        return any(map(self._concerns_consignment, goods))

    def _concerns_consignment(self, goods: Consignment) -> bool:
        if self.party in goods.connected or (goods.destination is not None and self._runs(goods.destination)):
            return True
        return self._opened(Tag(goods.id))

    def _concerns_case(self, case: Case) -> bool:
        world = self.record.world
        if self.party in {case.party, case.receiver, *(party for party, _ in case.opened_by | case.approved_by)}:
            return True
        if isinstance(case.detail, Supervision) and case.detail.takes_part(self.party):
            return True
        if case.approval is not None and world.approval(case.approval).applicant == self.party:
            return True
        if case.consignment is not None and self.party in world.consignment(case.consignment).connected:
            return True
        named = (tag for event, _, _ in self.record.steps(Tag(case.id)) for tag in named_by(event))
        return any(map(self.is_own, named))

    def _as_holder(self, case: Case) -> Iterator[Window]:
        """Yield where a case holds something that it has, or lets it go: of each such statement its own place alone."""
        for place in told_to_holder(case, self.record, self._had):
            yield Window(place, place)

    def _had(self, ident: ItemId, place: Place) -> bool:
        """Say whether it has an item, or had it at a place or after it."""
        stretches = while_so(self.record.steps(Tag(ident)), self._has)
        return any(one.until is None or one.until >= place for one in stretches)

    def _supervises_case(self, case: Case) -> bool:
        if self._scope is None or case.matter not in self._scope.matters:
            return False
        return any(map(self._acted, with_what_waits(case))) or self._is_here(of_case(self.record.world, case))

    def _acted(self, case: CaseId) -> bool:
        return any(self.party in event.said.parties for event, _, _ in self.record.steps(Tag(case)))

    def _oversees(self, permit: Permit) -> bool:
        if self._scope is None or self.assigned is None or permit.scheme is None:
            return False
        issues = SPEAKS_AS[self.assigned.department] in SCHEMES[permit.scheme].issuers
        return (issues or self._scope.permits) and self._is_here([permit.district])

    @property
    def _scope(self) -> Supervised | None:
        return None if self.assigned is None else SUPERVISED[self.assigned.department]

    def _supervises(self, id_type: str, districts: Iterable[str | None]) -> bool:
        return self._scope is not None and id_type in self._scope.types and self._is_here(districts)

    def _is_here(self, districts: Iterable[str | None]) -> bool:
        here = None if self.assigned is None else self.assigned.district
        return here is not None and here in districts

    def _runs(self, site: SiteId) -> bool:
        return self.record.world.site(site).party == self.party

    def _opened(self, tag: Tag) -> bool:
        """Say whether it signed the statement that brought a subject into being."""
        return any(
            self.party in event.said.parties
            for event, before, after in self.record.steps(tag)
            if after.known and not before.known
        )
