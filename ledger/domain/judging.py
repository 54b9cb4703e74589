"""What judging is made of: signed statements, events, and the world a statement is judged in.

A judge is a pure function ``judge(world, said, rules)`` that raises ``Refused`` or yields breaches, in the order of its
rules (``rule``). ``evolve`` functions are total: what is recorded happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from ledger.breach import Breach
from ledger.domain.bodies.vocabulary import Body, Role
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key
from ledger.ids import (
    ApprovalId,
    CaseId,
    ConsignmentId,
    ItemId,
    KeyId,
    PartyId,
    PermitId,
    SiteId,
    StatementId,
    Tag,
)
from ledger.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

B_co = TypeVar("B_co", bound=Body, covariant=True)


class Signatory(msgspec.Struct, frozen=True):
    """One signer of a statement, as the signed payload names it; the signature is verified.

    person: the pseudonymous code of the natural person, unique within the party.
    """

    key: KeyId
    alg: str
    party: PartyId
    person: str
    role: Role
    meaning: str


class Signed(msgspec.Struct, Generic[B_co], frozen=True):
    """A statement whose form and signatures are verified, not yet judged.

    corrects: the statement that this one replaces, of the same kind; None for a first statement.
    reason: why, as a code; None where the kind needs none.
    acknowledged: ids of the rules whose breach the signers acknowledge, with a reason code.
    commits: the digests of its disclosures.
    """

    id: StatementId
    kind: str
    occurred_at: datetime
    signers: tuple[Signatory, ...]
    body: B_co
    reason: str | None = None
    corrects: StatementId | None = None
    acknowledged: Mapping[str, str] | None = None
    commits: frozenset[str] = frozenset()

    @property
    def party(self) -> PartyId:
        """Return the party that makes the statement: the first signer's."""
        return self.signers[0].party

    @property
    def parties(self) -> frozenset[PartyId]:
        """Return the parties of all signers."""
        return frozenset(signer.party for signer in self.signers)

    @property
    def persons(self) -> frozenset[tuple[PartyId, str]]:
        """Return the distinct natural persons that sign: one person with two keys counts once."""
        return frozenset((signer.party, signer.person) for signer in self.signers)

    @property
    def witnessed(self) -> bool:
        """Say whether somebody signs as having witnessed what another signs as having performed."""
        performed = self.signed_as(Meaning.PERFORMED)
        return bool(performed and self.signed_as(Meaning.WITNESSED) - performed)

    def signed_as(self, meaning: Meaning) -> frozenset[tuple[PartyId, str]]:
        """Return the distinct natural persons that sign with a meaning."""
        return frozenset((signer.party, signer.person) for signer in self.signers if signer.meaning == meaning)


class Event(msgspec.Struct, Generic[B_co], frozen=True):
    """A statement that the ledger recorded.

    position: 1, 2, 3 … in the log.
    recorded: when the ledger recorded it, by its own clock.
    tags: all subjects it concerns, derived ones (the approvals of its items) included.
    rules: the edition that it was judged by, ``RulePack.name``; "" where nothing asks.
    breaches: what its signers were told and acknowledged. No judge looks at them.
    status: the tags whose status it counts for. No judge looks at them; what rewrites it takes them over.
    """

    position: int
    recorded: datetime
    tags: frozenset[Tag]
    said: Signed[B_co]
    rules: str = ""
    breaches: tuple[Breach, ...] = ()
    status: frozenset[Tag] = frozenset()


class World(msgspec.Struct, frozen=True):
    """What the record says, before the statement, about all that the statement can touch.

    subjects: the folded states by tag, each of its tag's type: every id in the payload, the signers, and what these are
        linked to.
    now: when the statement would be recorded.
    size: how many events the log has; 0 before it is opened.
    target: the event that a correction or a voiding names, if it stands; ``subjects`` still counts it.
    acted: the world at the time of the act, where ``subjects`` are those of the telling; None: they are of that time.
    """

    subjects: Mapping[Tag, Any]
    now: datetime
    size: int
    target: Event[Body] | None = None
    acted: World | None = None
    _lineages: dict[ItemId, tuple[Item, ...]] = msgspec.field(default_factory=dict)
    """Lineages already followed: the rules of one judgement ask for the same ones again and again."""
    _roots: dict[ItemId, tuple[Item, ...]] = msgspec.field(default_factory=dict)
    """Their roots."""
    _ancestries: dict[ItemId, tuple[tuple[Item, datetime | None], ...]] = msgspec.field(default_factory=dict)
    """The same, with when something was made of each ancestor."""
    _approvals: dict[tuple[ItemId, ...], tuple[Approval, ...]] = msgspec.field(default_factory=dict)
    """The approvals that some items came in under."""
    _agents: dict[ItemId, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The agents of items."""

    @property
    def then(self) -> World:
        """Return the world at the time of the act, in which is judged what the law asks before an act."""
        return self.acted or self

    def told(self, acted: World) -> World:
        """Return this world for an act that happened in another one."""
        return World(self.subjects, self.now, self.size, self.target, acted)

    def item(self, item: ItemId) -> Item:
        """Return an item as recorded; one that nobody listed has ``known`` False."""
        found: Item = self.subjects.get(Tag(item)) or Item(id=item)
        return found

    def approval(self, approval: ApprovalId) -> Approval:
        """Return an approval as recorded; ``known`` False if nobody recorded it."""
        found: Approval = self.subjects.get(Tag(approval)) or Approval(id=approval)
        return found

    def consignment(self, consignment: ConsignmentId) -> Consignment:
        """Return a consignment as recorded; ``known`` False if nobody announced it."""
        found: Consignment = self.subjects.get(Tag(consignment)) or Consignment(id=consignment)
        return found

    def party(self, party: PartyId) -> Party:
        """Return a party as recorded; ``known`` False if it is not registered."""
        found: Party = self.subjects.get(Tag(party)) or Party(id=party)
        return found

    def site(self, site: SiteId) -> Site:
        """Return a site as recorded; ``known`` False if it is not registered."""
        found: Site = self.subjects.get(Tag(site)) or Site(id=site)
        return found

    def case(self, case: CaseId) -> Case:
        """Return a case as recorded; ``known`` False if nobody opened it."""
        found: Case = self.subjects.get(Tag(case)) or Case(id=case)
        return found

    def permit(self, permit: PermitId) -> Permit:
        """Return a permit as recorded; ``known`` False if nobody recorded it."""
        found: Permit = self.subjects.get(Tag(permit)) or Permit(id=permit)
        return found

    def grounds_of(self, permit: PermitId) -> frozenset[PermitId]:
        """Return the permits that one rests on, directly or through others."""
        pending, found = list(self.permit(permit).permits), set[PermitId]()
        for one in pending:
            if one not in found:
                found.add(one)
                pending.extend(self.permit(one).permits)
        return frozenset(found)

    def permits_of(self, item: ItemId) -> tuple[Permit, ...]:
        """Return the permits that an item is under, itself or by an ancestor, sorted by id."""
        ids = {permit for one in self.lineage(item) for permit in one.permits}
        return tuple(self.permit(one) for one in sorted(ids))

    def key(self, key: KeyId) -> Key:
        """Return a key as recorded; ``known`` False if it is not enrolled."""
        found: Key = self.subjects.get(Tag(key)) or Key(id=key)
        return found

    def lineage(self, item: ItemId) -> tuple[Item, ...]:
        """Return an item and all its ancestors, each once, nearest first."""
        if item not in self._lineages:
            self._lineages[item] = self._follow(item)
        return self._lineages[item]

    def _follow(self, item: ItemId) -> tuple[Item, ...]:
        if not (first := self.item(item)).parents:  # most items, and this is asked for every statement
            return (first,)
        found: dict[ItemId, Item] = {}
        pending = [item]
        while pending:
            one = pending.pop(0)
            if one not in found:
                found[one] = self.item(one)
                pending.extend(found[one].parents)
        return tuple(found.values())

    def ancestry(self, item: ItemId) -> tuple[tuple[Item, datetime | None], ...]:
        """Return an item and all its ancestors, nearest first, each with when something was made of it on the way.

        What became of an ancestor later did not happen to the item. None: the item itself, or not known. An ancestor
        that went into it in several ways comes once for each.
        """
        if item not in self._ancestries:
            self._ancestries[item] = self._climb(item)
        return self._ancestries[item]

    def _climb(self, item: ItemId) -> tuple[tuple[Item, datetime | None], ...]:
        if not (first := self.item(item)).parents:
            return ((first, None),)
        pending: list[tuple[ItemId, datetime | None]] = [(item, None)]
        seen: dict[tuple[ItemId, datetime | None], Item] = {}
        for step in pending:
            if step not in seen:
                one = seen[step] = self.item(step[0])
                pending.extend((parent, one.made_at) for parent in one.parents)
        return tuple((one, made_at) for (_, made_at), one in seen.items())

    def roots(self, item: ItemId) -> tuple[Item, ...]:
        """Return the items of the lineage that came in with a consignment: those without parents."""
        if item not in self._roots:
            self._roots[item] = tuple(one for one in self.lineage(item) if not one.parents)
        return self._roots[item]

    def approvals_of(self, items: Iterable[ItemId]) -> tuple[Approval, ...]:
        """Return the approvals that some items came in under, through all ancestors, sorted by id."""
        asked = tuple(items)
        if asked not in self._approvals:
            ids = {root.approval for item in asked for root in self.roots(item) if root.approval is not None}
            self._approvals[asked] = tuple(map(self.approval, sorted(ids)))
        return self._approvals[asked]

    def agents_of(self, item: ItemId) -> tuple[str, ...]:
        """Return the codes of the agents that an item or any of its ancestors is said to contain, sorted."""
        if item not in self._agents:
            said = (self._said_in(one) for one in self.lineage(item))
            self._agents[item] = tuple(sorted(frozenset[str]().union(*said)))
        return self._agents[item]

    def _said_in(self, item: Item) -> Iterable[str]:
        line = None if item.approval is None or item.line is None else self.approval(item.approval).lines.get(item.line)
        return item.agents if line is None else (*item.agents, *line.agents)

    def consignments_of(self, items: Iterable[ItemId]) -> tuple[Consignment, ...]:
        """Return the consignments that some items came in with, through all ancestors, sorted by id."""
        ids = {root.consignment for item in items for root in self.roots(item) if root.consignment is not None}
        return tuple(self.consignment(one) for one in sorted(ids))
