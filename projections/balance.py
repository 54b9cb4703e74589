"""The mass balance of each approval line: what came in under it, and what became of it.

    listed = on hand + used + sampled + sold + disposed + returned + re-exported + missing + lost + processed + adjusted

Every change of an item's quantity is booked (``projections.booking``), in shares of the lines that the item came in
under; a pool has several. What is derived or grown from an item is another substance and leaves the balance as
*processed*; genealogy follows it. Units of one dimension add up: of the approved one in the approved unit, of any other
in the unit that came first. Dimensions never mix without a conversion that somebody signed. Pure: folds events, keeps
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import changes, effective
from ledger.domain.states.border import Approval
from ledger.domain.states.subjects import Item, Subject
from ledger.ids import ApprovalId, ItemId, SiteId, Tag, type_of
from ledger.quantity import EXACT, Quantity, alike, base_of
from ledger.statement.catalogue import KINDS
from projections.booking import HERE, UNEXPLAINED, Flow, amount_of, bookings
from projections.on_hand import Whereabouts, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.domain.judging import Event
    from ledger.domain.states.border import Line
    from ledger.ids import StatementId
    from projections.booking import Booking

_SAME_SUBSTANCE: Final = {"item.aliquoted/1", "item.pooled/1"}

LineKey = tuple[ApprovalId, int]
Bookings = Callable[[str, Item, Item], "Iterable[Booking]"]
"""From the kind of an event, and an item before and after it, to what is booked."""


@dataclass(slots=True)
class LineBalance:
    """One line in one dimension.

    flows: by what came in or went out, always positive except an adjustment downwards.
    on_hand: what the record says there still is, wherever it stands. in_transit, in_use: of that; the rest is at rest.
    at_sites: what of it stands at each site, with the items that hold it; nothing of what is between them.
    approved, written_off: of the approval itself; None in a dimension that is not the line's and has no signed
        conversion.
    unsaid: by item and flow, and by the place in the log of the act that booked it, what no act says the way of.
    """

    approval: ApprovalId
    line: int
    product: str
    unit: str
    flows: dict[Flow, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    on_hand: Fraction = Fraction(0)
    in_transit: Fraction = Fraction(0)
    in_use: Fraction = Fraction(0)
    at_sites: dict[SiteId, dict[ItemId, Fraction]] = field(default_factory=lambda: defaultdict(dict))
    approved: Fraction | None = None
    written_off: Fraction | None = None
    unsaid: dict[tuple[ItemId, Flow], dict[int, Fraction]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Fraction))
    )

    def stand(self, amount: Fraction, how: Whereabouts | None) -> None:
        """Count what is there of an item; None: it is not, and the amount is nothing."""
        self.on_hand += amount
        if how is Whereabouts.IN_TRANSIT:
            self.in_transit += amount
        elif how is Whereabouts.IN_USE:
            self.in_use += amount

    @property
    def difference(self) -> Fraction | None:
        """Return what was written off less what was listed: not zero where goods and papers disagree."""
        return None if self.written_off is None else self.written_off - self.flows[Flow.LISTED]

    @property
    def unexplained(self) -> Fraction:
        """Return how much no act says the way of."""
        return sum((self.flows[flow] for flow in UNEXPLAINED), Fraction(0))

    @property
    def unexplained_by(self) -> tuple[int, ...]:
        """Return where the acts stand that make it so, ascending: none of what is there again."""
        left = (booked for booked in self.unsaid.values() if sum(booked.values()))
        return tuple(sorted({position for booked in left for position in booked}))


def mass_balance(events: Iterable[Event[Any]], bookings: Bookings = bookings) -> list[LineBalance]:
    """Return the balance of every approval line with items, sorted by approval, line and unit.

    events: of a whole log, oldest first; corrections are taken in. Each item's are booked in the order of its acts.
    bookings: what each books.
    """
    told = list(events)
    books = _Books(told, bookings)
    for event in effective(told):
        books.share(event)
    return books.close()


class _Books:
    """The balance: what each event changed of each item, and whose the item was."""

    def __init__(self, events: Iterable[Event[Any]], bookings: Bookings) -> None:
        self._bookings = bookings
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
            self._book(*self._told[statement], *self._changes[statement, tag])
        for subject in self._subjects.values():
            if isinstance(subject, Item) and subject.id in self._shares and subject.quantity is not None:
                for key, share in self._shares[subject.id].items():
                    row = self._row(key, subject.quantity.unit)
                    here = share * (Fraction(subject.quantity.into(row.unit).value) if subject.status in HERE else 0)
                    row.stand(here, whereabouts(subject))
                    if here and subject.site is not None:
                        row.at_sites[subject.site][subject.id] = here
        return [self._with_approval(self._rows[key]) for key in sorted(self._rows)]

    def _fold(self, tag: Tag, events: list[Event[Any]]) -> None:
        for event, before, after in changes(tag, events, KINDS):
            if isinstance(before, Item) and isinstance(after, Item):
                self._changes[event.said.id, tag] = (before, after)
            self._subjects[tag] = after

    def _book(self, position: int, kind: str, old: Item, new: Item) -> None:
        for booked in self._bookings(kind, old, new):
            for key, share in self._shares.get(new.id, {}).items():
                row = self._row(key, booked.unit)
                amount = share * Fraction(booked.amount) * per_base(row.unit)
                row.flows[booked.flow] += amount
                if booked.flow in UNEXPLAINED:
                    row.unsaid[new.id, booked.flow][position] += amount

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
        taken = Fraction(EXACT.subtract(amount_of(old), amount_of(new)))
        whole += taken
        for key, share in shares.items():
            given[key] += share * taken
    return {key: amount / whole for key, amount in given.items()} if whole else {}


def per_base(unit: str) -> Fraction:
    """Return how many of a unit one base unit of its dimension is."""
    return Fraction(Quantity(Decimal(1), base_of(unit)).into(unit).value)
