"""In whose hands an item was, from the first to today, with what was seen at each change.

"Full custody chain of X with every handover, gaps, and seal/temperature at each." The chain of what was made of others
begins with theirs, up to when it was made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.bodies.printed import name_key
from ledger.domain.custody.carriage import left_range
from ledger.domain.states.subjects import Item
from ledger.ids import Tag
from projections.questions.goods.handovers import TAKEN_BY, is_ungiven
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.ids import ItemId, PartyId, SiteId, StatementId

_OFFERED: Final = frozenset({"custody.handed-over/1", "transfer.sent/1"})
_LINKS: Final = _OFFERED | TAKEN_BY | {"custody.refused/1"}


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A statement by which an item, or one that it was made of, was offered, taken, refused, or came to other hands.

    had, has: who had it before, and after. giver, taker: as the statement says; None: it does not.
    gap: that it was taken though nobody had handed it over to the taker.
    seals: those recorded before; seen: those looked at now, None: nobody looked. temperature: of the package, as
        stated, in °C; None: not stated.
    """

    item: ItemId
    statement: StatementId
    kind: str
    at: datetime
    had: PartyId | None
    has: PartyId | None
    giver: PartyId | None
    taker: PartyId | None
    site: SiteId | None
    gap: bool
    seals: tuple[str, ...]
    seen: tuple[str, ...] | None
    temperature: str | None

    @property
    def seals_differ(self) -> bool | None:
        """Say whether other seals were seen than recorded; None: there is nothing to compare."""
        if not self.seals or self.seen is None:
            return None
        return set(map(name_key, self.seals)) != set(map(name_key, self.seen))


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A record of temperatures of an item, in °C. out: whether the range that was agreed was left."""

    item: ItemId
    statement: StatementId
    device: str
    start: datetime
    end: datetime
    minimum: str
    maximum: str
    out: bool


@dataclass(frozen=True, slots=True)
class CustodyChain:
    """The chain of an item, oldest first. open_to: whom it is on offer to now; None: to nobody."""

    links: tuple[LinkRow, ...]
    measured: tuple[MeasuredRow, ...]
    custodian: PartyId | None
    open_to: PartyId | None

    @property
    def gaps(self) -> tuple[LinkRow, ...]:
        """Return where a link is missing."""
        return tuple(one for one in self.links if one.gap)


def custody_chain(events: Iterable[Event[Any]], item: ItemId) -> CustodyChain:
    """Return the chain of custody of an item, by all that is told of it now; of one not on record an empty one.

    events: oldest first; all of the item, its ancestors and their consignments.

    What nobody measured or looked at is not on record: a link without a temperature or seals says nothing of them.
    """
    record = Record(events)
    now = record.world.item(item)
    told = sorted(_told(record, item), key=lambda one: place_of(one[1]))
    return CustodyChain(
        tuple(row for one, event, before, after in told if (row := _link(record, one, event, before, after))),
        tuple(_measured(one, event) for one, event, _, _ in told if event.said.kind == "temperature.recorded/1"),
        now.custodian,
        None if now.handover is None else now.handover.receiver,
    )


def _told(record: Record, item: ItemId) -> Iterator[tuple[ItemId, Event[Any], Item, Item]]:
    """Yield the events of an item, and those of what it was made of up to when something on the way was made of it."""
    until: dict[ItemId, datetime | None] = {}
    for one, made_at in record.world.ancestry(item):
        before = until.get(one.id, made_at)
        until[one.id] = None if made_at is None or before is None else max(before, made_at)
    for one_id, last in until.items():
        for event, was, now in record.steps(Tag(one_id)):
            if isinstance(was, Item) and isinstance(now, Item) and (last is None or event.said.occurred_at <= last):
                yield one_id, event, was, now


def _link(record: Record, item: ItemId, event: Event[Any], before: Item, after: Item) -> LinkRow | None:
    """Return a link of the chain; None: a statement that is none."""
    said = event.said
    named = said.kind in _LINKS and item in {getattr(one, "item", one) for one in said.body.items}
    if not named and before.custodian == after.custodian:
        return None
    giver, taker = _sides(event, before) if named else (before.custodian, after.custodian)
    return LinkRow(
        item,
        said.id,
        said.kind,
        said.occurred_at,
        before.custodian,
        after.custodian,
        giver,
        taker,
        after.site if said.kind in TAKEN_BY else getattr(said.body, "site", None),
        gap=named and is_ungiven(record, event, before),
        seals=tuple(sorted(before.seals)),
        seen=_seen(event, item),
        temperature=getattr(said.body, "temperature", None),
    )


def _sides(event: Event[Any], before: Item) -> tuple[PartyId | None, PartyId | None]:
    """Return who gives and who takes, as far as a statement of the chain says it."""
    offered = None if before.handover is None else before.handover.giver
    if event.said.kind in _OFFERED:
        return event.said.party, event.said.body.receiver
    return getattr(event.said.body, "giver", None) or offered, event.said.party


def _seen(event: Event[Any], item: ItemId) -> tuple[str, ...] | None:
    """Return the seals that were looked at; None: nobody says that anybody looked."""
    if event.said.kind == "item.received/1":
        found = (one.seal for one in event.said.body.items if one.item == item and one.seal is not None)
        return tuple(found) or None
    seals = getattr(event.said.body, "seals", None)
    return None if seals is None else tuple(sorted(seals))


def _measured(item: ItemId, event: Event[Any]) -> MeasuredRow:
    body = event.said.body
    out = left_range(body)
    return MeasuredRow(item, event.said.id, body.device, body.start, body.end, body.minimum, body.maximum, out)
