"""The mass balance of each approval line: what came in under it, and what became of it.

    listed = on hand + used + sampled + sold + disposed + returned + re-exported + missing + lost + processed

Every change of an item's quantity is booked under what the event was, in shares of the lines that the item came in
under; a pool has several. What is derived or grown from an item is another substance and leaves the balance as
*processed*; genealogy follows it. Units of one dimension add up: of the approved one in the approved unit, of any other
in the unit that came first. Dimensions never mix without a conversion that somebody signed. Pure: folds events, keeps
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import changes, effective
from ledger.domain.states.border import Approval
from ledger.domain.states.subjects import Item, ItemStatus, Subject
from ledger.ids import ApprovalId, ItemId, SiteId, Tag, type_of
from ledger.quantity import EXACT, Quantity, alike, base_of
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.domain.judging import Event
    from ledger.domain.states.border import Line
    from ledger.ids import StatementId


_NOTHING: Final = Decimal(0)


class Flow(StrEnum):
    """What an amount came in or went out by."""

    LISTED = "listed"
    USED = "used"
    SAMPLED = "sampled"
    SOLD = "sold"
    DISPOSED = "disposed"
    RETURNED = "returned"
    RE_EXPORTED = "re-exported"
    MISSING = "missing"
    LOST = "lost"
    PROCESSED = "processed"
    ADJUSTED = "adjusted"

    @property
    def member(self) -> str:
        """Return its name as a member of a row."""
        return self.name.lower()


OUT: Final = tuple(flow for flow in Flow if flow is not Flow.LISTED)
"""What may have become of what was listed, beside what is still on hand."""

UNEXPLAINED: Final = (Flow.MISSING, Flow.ADJUSTED)
"""What no act says where it went: it is missing, or was counted away, less what was counted besides."""


_BY_KIND: Final[Mapping[str, Flow]] = {
    "item.listed/1": Flow.LISTED,
    "item.used/1": Flow.USED,
    "consignment.sampled/1": Flow.SAMPLED,
    "supervision.visited/1": Flow.SAMPLED,
    "sale.recorded/1": Flow.SOLD,
    "item.destroyed/1": Flow.DISPOSED,
    "destruction.executed/1": Flow.DISPOSED,
    "return.executed/1": Flow.RETURNED,
    "item.re-exported/1": Flow.RE_EXPORTED,
    "loss.reported/1": Flow.LOST,
    "incident.closed/1": Flow.LOST,
    "item.aliquoted/1": Flow.PROCESSED,
    "item.pooled/1": Flow.PROCESSED,
    "item.derived/1": Flow.PROCESSED,
    "item.propagated/1": Flow.PROCESSED,
}
_SAME_SUBSTANCE: Final = {"item.aliquoted/1", "item.pooled/1"}
HERE: Final = frozenset({ItemStatus.EXPECTED, ItemStatus.IN_TRANSIT, ItemStatus.RECEIVED})
"""Where an item still counts as on hand."""

LineKey = tuple[ApprovalId, int]


@dataclass(slots=True)
class LineBalance:
    """One line in one dimension.

    flows: by what came in or went out, always positive except an adjustment downwards.
    on_hand: what the record says there still is, wherever it stands. at_sites: of that what stands at each site, with
        the items that hold it; nothing of what is on its way.
    approved, written_off: of the approval itself; None in a dimension that is not the line's and has no signed
        conversion.
    """

    approval: ApprovalId
    line: int
    product: str
    unit: str
    flows: dict[Flow, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    on_hand: Fraction = Fraction(0)
    at_sites: dict[SiteId, dict[ItemId, Fraction]] = field(default_factory=lambda: defaultdict(dict))
    approved: Fraction | None = None
    written_off: Fraction | None = None

    @property
    def difference(self) -> Fraction | None:
        """Return what was written off less what was listed: not zero where goods and papers disagree."""
        return None if self.written_off is None else self.written_off - self.flows[Flow.LISTED]

    @property
    def unexplained(self) -> Fraction:
        """Return how much no act says the way of."""
        return sum((self.flows[flow] for flow in UNEXPLAINED), Fraction(0))


def mass_balance(events: Iterable[Event[Any]]) -> list[LineBalance]:
    """Return the balance of every approval line with items, sorted by approval, line and unit.

    events: of a whole log, oldest first; corrections are taken in. Each item's are booked in the order of its acts.
    """
    told = list(events)
    books = _Books(told)
    for event in effective(told):
        books.share(event)
    return books.close()


class _Books:
    """The balance: what each event changed of each item, and whose the item was."""

    def __init__(self, events: Iterable[Event[Any]]) -> None:
        self._subjects: dict[Tag, Subject] = {}
        self._changes: dict[tuple[StatementId, Tag], tuple[Item, Item]] = {}
        self._told: dict[StatementId, tuple[int, str]] = {}
        """By statement, its place in the log and its kind."""
        self._shares: dict[ItemId, dict[LineKey, Fraction]] = {}
        self._rows: dict[tuple[LineKey, str], LineBalance] = {}
        concerned: dict[Tag, list[Event[Any]]] = defaultdict(list)
        for event in events:
            self._told[event.said.id] = event.position, event.said.kind
            for tag in event.tags:
                if type_of(tag) in ("item", "approval"):
                    concerned[tag].append(event)
        for tag, those in concerned.items():
            self._fold(tag, those)

    def share(self, event: Event[Any]) -> None:
        """Give the items that an event makes their lines: their own, or those of what they are made from, by amount.

        Lineage goes by position: whatever an item is made from has its lines already.
        """
        items = [self._changes[event.said.id, tag] for tag in sorted(event.tags) if type_of(tag) == "item"]
        for old, new in items:
            if old.known or not new.known:
                continue
            parents = [(was, now, self._shares.get(was.id, {})) for was, now in items if was.id in new.parents]
            self._shares[new.id] = shares_at_birth(event.said.kind, new, parents)

    def close(self) -> list[LineBalance]:
        """Book all changes, fill in what is on hand and what the approvals say, and return the rows."""
        # In the order of the log: the first one says in which unit a row counts that the approval has none for.
        for statement, tag in sorted(self._changes, key=lambda one: (self._told[one[0]][0], one[1])):
            self._book(self._told[statement][1], *self._changes[statement, tag])
        for subject in self._subjects.values():
            if isinstance(subject, Item) and subject.id in self._shares and subject.quantity is not None:
                for key, share in self._shares[subject.id].items():
                    row = self._row(key, subject.quantity.unit)
                    here = share * (Fraction(subject.quantity.into(row.unit).value) if subject.status in HERE else 0)
                    row.on_hand += here
                    if here and subject.site is not None:
                        row.at_sites[subject.site][subject.id] = here
        return [self._with_approval(self._rows[key]) for key in sorted(self._rows)]

    def _fold(self, tag: Tag, events: list[Event[Any]]) -> None:
        for event, before, after in changes(tag, events, KINDS):
            if isinstance(before, Item) and isinstance(after, Item):
                self._changes[event.said.id, tag] = (before, after)
            self._subjects[tag] = after

    def _book(self, kind: str, old: Item, new: Item) -> None:
        if (booked := booking(kind, old, new)) is None:
            return
        for key, share in self._shares.get(new.id, {}).items():
            row = self._row(key, booked.unit)
            row.flows[booked.flow] += share * Fraction(booked.amount) * per_base(row.unit)

    def _row(self, key: LineKey, unit: str) -> LineBalance:
        place = key, base_of(unit)
        if place not in self._rows:
            line = self._line(key)
            approved = unit if line is None or not alike(unit, line.approved.unit) else line.approved.unit
            self._rows[place] = LineBalance(key[0], key[1], "", approved)
        return self._rows[place]

    def _with_approval(self, row: LineBalance) -> LineBalance:
        line = self._line((row.approval, row.line))
        if line is None:
            return row
        row.product = line.product
        factor = line.counted(Quantity(Decimal(1), row.unit))
        if factor:
            row.approved = Fraction(line.approved.value) / Fraction(factor)
            row.written_off = Fraction(line.committed_total) / Fraction(factor)
        return row

    def _line(self, key: LineKey) -> Line | None:
        approval = self._subjects.get(Tag(key[0]))
        return approval.lines.get(key[1]) if isinstance(approval, Approval) else None


@dataclass(frozen=True, slots=True)
class Booking:
    """What an event changed of an amount. amount: in base units, signed as a flow is. unit: as written."""

    flow: Flow
    amount: Decimal
    unit: str


def booking(kind: str, old: Item, new: Item) -> Booking | None:
    """Return what an event of a kind changed of how much there is of an item; None: nothing that has an amount."""
    if old.quantity is new.quantity and old.status is new.status and old.known is new.known:
        return None  # most acts leave the amount as it is
    gone = EXACT.subtract(_here(old), _here(new))
    quantity = new.quantity or old.quantity
    if gone == 0 or quantity is None:
        return None
    flow = _BY_KIND.get(kind, Flow.MISSING if new.status is ItemStatus.MISSING else Flow.ADJUSTED)
    return Booking(flow, gone.copy_negate() if flow is Flow.LISTED else gone, quantity.unit)


def shares_at_birth(
    kind: str, born: Item, parents: Iterable[tuple[Item, Item, Mapping[LineKey, Fraction]]]
) -> dict[LineKey, Fraction]:
    """Return what of an item came in under each line, as an event of a kind makes it; the rest came in under none.

    parents: those that it is made from, before and after that event, with their own shares.
    """
    if born.approval is not None and born.line is not None:
        return {(born.approval, born.line): Fraction(1)}
    if kind not in _SAME_SUBSTANCE:
        return {}
    given: dict[LineKey, Fraction] = defaultdict(Fraction)
    whole = Fraction(0)
    for old, new, shares in parents:
        taken = Fraction(EXACT.subtract(_amount(old), _amount(new)))
        whole += taken
        for key, share in shares.items():
            given[key] += share * taken
    return {key: amount / whole for key, amount in given.items()} if whole else {}


def per_base(unit: str) -> Fraction:
    """Return how many of a unit one base unit of its dimension is."""
    return Fraction(Quantity(Decimal(1), base_of(unit)).into(unit).value)


def _amount(item: Item) -> Decimal:
    """Return how much an item holds, in the base unit of its dimension."""
    quantity = item.quantity
    return _NOTHING if quantity is None else quantity.in_base


def _here(item: Item) -> Decimal:
    """Return how much of an item there is by the record, in base units; nothing of one that has left."""
    return _amount(item) if item.known and item.status in HERE else _NOTHING
