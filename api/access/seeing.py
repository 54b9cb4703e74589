"""Who may see what: one pure function of who is asking and of the record, for every door.

- A **party** sees what it signed and what names it or a site of its own; its approvals, consignments, permits and
  cases; of a case that holds something that it has what concerns that (``holders``); and the items that it has or had:
  for the time it had them, and their past. An item that is on its way to it, or on offer, it sees too.
- An **authority** sees besides what is in its district now, as far as its department supervises it (``departments``):
  what came in under an approval of the district or for a site in it, and what stands or stood there, for that time; and
  of what its department supervises the cases that it acted in.
- **Everybody** who has signed in reads the register: who may speak, as what, with which key and from where.
- An **auditor** sees what an open audit names, as far as who granted it may see that, within its period, until it ends.
- The **operator** sees no more than any other party: that entries exist, and what runs a log, is no subject's.

A revoked key sees nothing. What may not be seen is to be answered as what is not there. Nothing here reads a store, a
clock or a view; what was seen is remembered by a ``Looking`` alone, for as long as one record stands still.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from api.access.audits import granted_to
from api.access.departments import SUPERVISED, authority_of
from api.access.districts import came_in_by, of_case, of_goods, of_site, of_unit, with_what_waits
from api.access.holders import told_to_holder
from api.access.said import Read, Recorded, named_by
from api.access.showing import OWN, Right, Showing
from api.access.sight import EVER, NOTHING, REGISTER, Sight, Window, joined
from api.access.stretches import made_of, until_ever, until_first, while_so
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

    from api.access.audits import Granted
    from api.access.departments import Supervised
    from api.access.principal import Principal
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


def sight(who: Principal | None, tag: Tag, record: Known) -> Sight:
    """Return what somebody may see of a subject; what is False may not be told from what is not there.

    who: None: a stranger, who has not signed in and sees nothing. tag: any id, whether or not it is on record.

    Rows of a list are filtered by it one by one, with the same record: ``[row for row in rows if sight(who, row.tag,
    record)]``. It costs the events of the subject, of what it names, and of an item those of what was made of it; a
    subject that the record has folded before costs nothing more. It does not grow with the log.
    """
    return Looking(who, record).sight(tag)


def shows(who: Principal | None, event: Event[Any], record: Known) -> bool:
    """Say whether somebody may read a statement: what was signed, whole.

    who, record: as for ``sight``. event: as recorded, be it corrected or voided since.

    One that several subjects are in is read by whoever may see it of one of them. Costs that of ``sight`` for each
    subject that it names, up to the first that shows it.
    """
    return Looking(who, record).shows(event)


def opens(who: Principal | None, event: Event[Any], record: Known) -> bool:
    """Say whether somebody may read what a statement discloses: its own party, and whom that lets see it."""
    if who is None or not is_current(who, record):
        return False
    own, read, onlookers = event.said.party, Read.of(event, record), _Onlookers(record)
    return who.party == own or any(
        one.audit.disclosures and own == one.by == one.whose and _shown_by(one, read, onlookers)
        for one in granted_to(who.party, record.world)
    )


def is_current(who: Principal, record: Known) -> bool:
    """Say whether the key by which somebody signed in is still one of that person: revoked, it shows nothing."""
    key = record.world.key(who.key)
    return key.known and not key.revoked and (key.party, key.person) == (who.party, who.person)


class Looking:
    """Somebody who looks at one record again and again: what was seen of a subject is remembered for as long.

    For one request, and one thread: the record stands still meanwhile.
    """

    def __init__(self, who: Principal | None, record: Known) -> None:
        """Look as ``sight`` and ``shows`` do."""
        self._onlookers = _Onlookers(record)
        self._party = None if who is None or not is_current(who, record) else who.party
        self._sights: dict[Tag, Sight] = {}

    def sight(self, tag: Tag) -> Sight:
        """Return what may be seen of a subject, as ``sight`` does; found out once."""
        if tag not in self._sights:
            self._sights[tag] = self._sight(tag)
        return self._sights[tag]

    def _sight(self, tag: Tag) -> Sight:
        if self._party is None or not _is_known(tag, self._onlookers.record):
            return NOTHING
        own = Sight(self._onlookers.of(self._party).windows(tag), register=type_of(tag) in _WITH_REGISTER)
        return joined([own, *(Sight(windows) for windows in _audited(self._party, tag, self._onlookers))])

    def shows_all(self, tag: Tag) -> bool:
        """Say whether every statement about a subject is shown, by rights alone: whatever is recorded about it.

        Who sees an approval, a consignment or a site whole reads of what is done with the items there what they may see
        of these.
        """
        if self._party is None or not self.sight(tag).whole:
            return False
        return type_of(tag) in _SHOWN_WHOLE or self._onlookers.of(self._party).sees_what_is_there(tag)

    def shows(self, event: Event[Any]) -> bool:
        """Say whether a statement may be read, as ``shows`` does."""
        return self.shown(event) is not None

    def shown(self, event: Event[Any]) -> Showing | None:
        """Return whose data a statement is and by which right it may be read; None: it may not."""
        if self._party is None:
            return None
        read, eyes = Read.of(event, self._onlookers.record), self._onlookers.of(self._party)
        if event.said.kind in REGISTER or eyes.owns(read):
            return OWN
        if (seen := eyes.seen_in(read)) is not None:
            as_party = self._onlookers.as_party(self._party)
            own = as_party is eyes or as_party.sees(seen, read.place)
            return eyes.showing(read, Right.PARTY if own else Right.AUTHORITY)
        audits = granted_to(self._party, self._onlookers.record.world)
        shown_by = next((one for one in audits if _shown_by(one, read, self._onlookers)), None)
        return None if shown_by is None else eyes.showing(read, Right.AUDIT, shown_by.case)


_WITH_REGISTER = frozenset({"party", "site", "key"})
_SHOWN_WHOLE = frozenset({"item", "permit", "case", "key"})
"""The types of which whoever sees one whole is shown every statement."""


class _Onlookers:
    """The eyes of the parties that look at one record: who looks, and who lets them."""

    def __init__(self, record: Known) -> None:
        self.record = record
        self._eyes: dict[PartyId, _Eyes] = {}
        self._as_parties: dict[PartyId, _Eyes] = {}

    def of(self, party: PartyId) -> _Eyes:
        """Return the eyes of a party, those of an authority where it is one."""
        if party not in self._eyes:
            self._eyes[party] = _Eyes.of(party, self.record)
        return self._eyes[party]

    def as_party(self, party: PartyId) -> _Eyes:
        """Return the eyes of a party without what it supervises."""
        eyes = self.of(party)
        if eyes.assigned is None:
            return eyes
        if party not in self._as_parties:
            self._as_parties[party] = _Eyes(party, self.record, None)
        return self._as_parties[party]


def _audited(auditor: PartyId, tag: Tag, onlookers: _Onlookers) -> Iterator[tuple[Window, ...]]:
    """Yield what each audit that is open to a party shows it of a subject: never more than who granted it may see.

    What that sees by an audit itself is not passed on.
    """
    return (_by(one, tag, onlookers) for one in granted_to(auditor, onlookers.record.world))


def _by(one: Granted, tag: Tag, onlookers: _Onlookers) -> tuple[Window, ...]:
    """Return what an audit shows of a subject."""
    world = onlookers.record.world
    if not one.covers(tag, world):
        return ()
    if one.by != one.whose and not onlookers.of(one.by).windows(tag):
        return ()
    return one.cut(onlookers.of(one.whose).windows(tag), world)


def _shown_by(one: Granted, read: Read, onlookers: _Onlookers) -> bool:
    """Say whether an audit shows a statement."""
    if not one.holds(read.place):
        return False
    if one.audit.subjects:
        seen = (windows for tag in read.concerned for windows in _by(one, tag, onlookers))
        return any(window.holds(read.place) for window in seen)
    return onlookers.of(one.whose).read(read) and (one.by == one.whose or onlookers.of(one.by).read(read))


@dataclass(frozen=True, slots=True)
class _Eyes:
    """One party, looking: what the record says of it that its sight follows from.

    assigned: where it belongs as an authority that still has its role; None: it is none.
    """

    party: PartyId
    record: Known
    assigned: Assignment | None
    items: dict[Tag, tuple[Window, ...]] = field(default_factory=dict)
    seen: dict[Tag, tuple[Window, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, party: PartyId, record: Known) -> _Eyes:
        return cls(party, record, authority_of(record.world.party(party), record.world.now))

    def windows(self, tag: Tag) -> tuple[Window, ...]:
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


def _is_known(tag: Tag, record: Known) -> bool:
    found = record.world.subjects.get(tag)
    return found is not None and found.known
