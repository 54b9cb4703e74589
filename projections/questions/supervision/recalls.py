"""What was made of something and where it is now; and how far each recall has come.

"All descendants of consignment C (or lot, donor, approval) with current place, state, holder (recall)."
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledger.domain.bodies.printed import name_key
from ledger.domain.states.holding import Holding, is_of
from ledger.domain.states.subjects import CaseStatus, Item
from ledger.domain.supervision import recalls as domain
from ledger.domain.supervision.reaching import reaches
from ledger.domain.work.checks import GONE
from ledger.ids import Tag
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Case
    from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PartyId


@dataclass(frozen=True, slots=True)
class Root:
    """What descendants are asked of: all that is given holds of one and the same ancestor, or of the item itself.

    donor: the commitment to a donor's code.
    """

    approval: ApprovalId | None = None
    consignment: ConsignmentId | None = None
    item: ItemId | None = None
    lot: str | None = None
    donor: str | None = None

    def takes(self, item: Item) -> bool:
        """Say whether an item is the root itself."""
        return (
            self.approval in (None, item.approval)
            and self.consignment in (None, item.consignment)
            and self.item in (None, item.id)
            and is_of(item, self.lot, self.donor)
        )


@dataclass(frozen=True, slots=True)
class Descendant:
    """An item that is a root, or was made of one. from_roots: which; parents: what it was itself made from."""

    where: Where
    parents: tuple[ItemId, ...]
    from_roots: tuple[ItemId, ...]


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A recall.

    reached: all items that it reaches now. there: those of them that are not gone, by who has them; None: nobody.
    confirmed: the parties that have confirmed. unconfirmed: the holders that have not, or not all that they have.
    mates: the items that went into a pool with something that is reached, and are not held by the recall.
    unnamed: items of its lot or donor, from anywhere, that it does not reach.
    """

    case: CaseId
    open: bool
    due: datetime | None
    reached: tuple[Where, ...]
    there: dict[PartyId | None, tuple[ItemId, ...]]
    confirmed: frozenset[PartyId]
    unconfirmed: frozenset[PartyId]
    mates: tuple[Where, ...]
    unnamed: tuple[Where, ...]


def descendants(events: Iterable[Event[Any]] | Record, root: Root) -> tuple[Descendant, ...]:
    """Return what was made of a root and the root itself, with where it is now, by ascending id.

    events: or a record of them whose subjects are asked for besides, so that each is folded once.
    """
    record = events if isinstance(events, Record) else Record(events)
    rows = []
    for item in record.items:
        roots = tuple(one.id for one in record.world.lineage(item.id) if root.takes(one))
        if roots:
            rows.append(Descendant(record.where(item), item.parents, roots))
    return tuple(rows)


def recalls(events: Iterable[Event[Any]]) -> tuple[RecallRow, ...]:
    """Return the recalls of a log, and how far each has come, by ascending case.

    Each costs what it reaches, and what is of its lot or donor.
    """
    record = Record(events)
    alike = _Alike(record)
    return tuple(_row(record, case, alike) for case in record.cases if case.matter == domain.MATTER)


def _row(record: Record, case: Case, alike: _Alike) -> RecallRow:
    holding = case.detail if isinstance(case.detail, Holding) else None
    named = {Tag(one) for one in (case.approval, case.consignment, *case.items) if one is not None}
    reached = [item for item in record.below(named) if reaches(record.world, case, item.id)]
    ids = {item.id for item in reached}
    there: defaultdict[PartyId | None, list[ItemId]] = defaultdict(list)
    for item in reached:
        if item.status not in GONE:
            there[item.custodian].append(item.id)
    confirmed, told = (frozenset[Any](),) * 2 if holding is None else (holding.confirmed, holding.named)
    together = {parent for item in reached for parent in item.parents if not ids.isdisjoint(item.parents)}
    mates = [one for one in map(record.world.item, sorted(together - ids)) if one.known]
    return RecallRow(
        case.id,
        case.status is not CaseStatus.CLOSED,
        case.due,
        tuple(map(record.where, reached)),
        {holder: tuple(items) for holder, items in there.items()},
        confirmed,
        frozenset(
            one
            for one, items in there.items()
            if one is not None and (one not in confirmed or not told.issuperset(items))
        ),
        tuple(map(record.where, mates)),
        tuple(record.where(item) for item in alike.to(holding) if item.id not in ids),
    )


class _Alike:
    """The items of a record by lot and by donor, looked for once."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @cached_property
    def _by_lot(self) -> Mapping[str, list[Item]]:
        return _grouped(self._record.items, lambda item: None if item.lot is None else name_key(item.lot))

    @cached_property
    def _by_donor(self) -> Mapping[str, list[Item]]:
        return _grouped(self._record.items, lambda item: item.sample.donor)

    def to(self, holding: Holding | None) -> list[Item]:
        """Return the items of the lot and the donor that a recall is for, by id; of one that is for neither none."""
        if holding is None or (holding.lot is None and holding.donor is None):
            return []
        if holding.lot is None:
            return self._by_donor.get(holding.donor or "", [])
        found = self._by_lot.get(name_key(holding.lot), [])
        return [item for item in found if is_of(item, holding.lot, holding.donor)]


def _grouped(items: Iterable[Item], by: Callable[[Item], str | None]) -> Mapping[str, list[Item]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        if (key := by(item)) is not None:
            found[key].append(item)
    return found
