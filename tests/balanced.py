"""The mass balance computed otherwise: what is missing or lost is counted as it is at the end, all else by what left.

Shares no code with the bookings: what an item comes from is told by its states, and amounts are fractions throughout.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import changes, effective
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, Tag, type_of
from ledger.quantity import base_of
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.domain.judging import Event

    Chain = list[tuple[Event[Any], Item, Item]]
    Steps = Mapping[Tag, tuple[Event[Any], Item, Item]]
    Shares = Mapping[tuple[str, int], Fraction]
    Sums = dict[tuple[str, int, str], dict[str, Fraction]]

AWAY: Final = ("missing", "lost")
HELD: Final = ("expected", "in-transit", "received", *AWAY)
LEFT_BY: Final = {
    "item.listed/1": "listed",
    "item.used/1": "used",
    "consignment.sampled/1": "sampled",
    "supervision.visited/1": "sampled",
    "sale.recorded/1": "sold",
    "item.destroyed/1": "disposed",
    "destruction.executed/1": "disposed",
    "return.executed/1": "returned",
    "item.re-exported/1": "re-exported",
    "item.aliquoted/1": "processed",
    "item.pooled/1": "processed",
    "item.derived/1": "processed",
    "item.propagated/1": "processed",
}


def naive_balances(events: Iterable[Event[Any]]) -> Sums:
    """Return by approval, line and base unit how much came in or went out by what, in base units; nothing that is 0."""
    sums: Sums = defaultdict(lambda: defaultdict(Fraction))
    for approval, line, share, chain in _shared(events):
        for flow, base, amount in _went(chain):
            sums[approval, line, base][flow] += share * amount
    return {key: left for key, flows in sums.items() if (left := {flow: one for flow, one in flows.items() if one})}


def _chain(events: Iterable[Event[Any]], tag: Tag) -> Chain:
    steps = changes(tag, [event for event in events if tag in event.tags], KINDS)
    return [(event, old, new) for event, old, new in steps if isinstance(old, Item) and isinstance(new, Item)]


def _went(chain: Chain) -> Iterable[tuple[str, str, Fraction]]:
    for event, old, new in chain:
        quantity, gone = new.quantity or old.quantity, held(old) - held(new)
        if quantity is not None and gone:
            flow = LEFT_BY.get(event.said.kind, "adjusted")
            yield flow, base_of(quantity.unit), -gone if flow == "listed" else gone
    last = chain[-1][2]
    if last.status in AWAY and last.quantity is not None:
        yield last.status.value, base_of(last.quantity.unit), held(last)


def naive_parts(events: Iterable[Event[Any]]) -> Sums:
    """Return by approval, line and base unit how much is at rest, in transit or in use, in base units."""
    sums: Sums = defaultdict(lambda: defaultdict(Fraction))
    for approval, line, share, chain in _shared(events):
        last = chain[-1][2]
        if (how := there(last)) is not None and last.quantity is not None and held(last):
            sums[approval, line, base_of(last.quantity.unit)][how] += share * held(last)
    return sums


def _shared(events: Iterable[Event[Any]]) -> Iterator[tuple[str, int, Fraction, Chain]]:
    """Yield approval and line of each share that an item has in one, with the share and the item's chain."""
    told = list(events)
    items = sorted({tag for event in told for tag in event.tags if type_of(tag) == "item"})
    chains = {tag: _chain(told, tag) for tag in items}
    shares = _shares(told, chains)
    for tag, chain in chains.items():
        for (approval, line), share in shares.get(tag, {}).items():
            yield approval, line, share, chain


def there(item: Item) -> str | None:
    """Return how an item is there: on offer or not yet received, out of its place, or neither; None: it is not."""
    offered = item.handover is not None
    match str(item.status):
        case "expected" | "in-transit":
            return "in-transit"
        case "received":
            return "in-transit" if offered else "in-use" if item.checked_out else "at-rest"
        case _:
            return None


def held(item: Item) -> Fraction:
    """Return how much an item is said to hold, here or away, in base units; nothing of one that is gone for good."""
    counts = item.known and item.quantity is not None and item.status in HELD
    return Fraction(item.quantity.in_base) if counts and item.quantity is not None else Fraction(0)


def _amount(item: Item) -> Fraction:
    return Fraction(0) if item.quantity is None else Fraction(item.quantity.in_base)


def _shares(events: Iterable[Event[Any]], chains: Mapping[Tag, Chain]) -> Mapping[Tag, Shares]:
    shares: dict[Tag, Shares] = {}
    for event in effective(events):
        steps = {tag: step for tag, chain in chains.items() for step in chain if step[0].said.id == event.said.id}
        for tag, (_, old, born) in sorted(steps.items()):
            if born.known and not old.known:
                parents = {one: step for one, step in steps.items() if ItemId(one) in born.parents}
                shares[tag] = _share(event.said.kind, born, parents, shares)
    return shares


def _share(
    kind: str, born: Item, parents: Mapping[Tag, tuple[Any, Item, Item]], shares: Mapping[Tag, Shares]
) -> Shares:
    if born.approval is not None and born.line is not None:
        return {(born.approval, born.line): Fraction(1)}
    if kind not in {"item.aliquoted/1", "item.pooled/1"}:
        return {}
    taken = {tag: _amount(old) - _amount(new) for tag, (_, old, new) in parents.items()}
    whole = sum(taken.values(), Fraction(0))
    given: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for tag, amount in taken.items() if whole else ():
        for line, share in shares.get(tag, {}).items():
            given[line] += share * amount / whole
    return given
