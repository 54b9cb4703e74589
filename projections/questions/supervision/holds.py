"""What is held or ordered, since when, and what was done with it all the same.

"Items under hold or order and any action taken on them since."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.acts import LINKS
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.holding import ground_of
from ledger.domain.states.subjects import Item
from ledger.domain.work.checks import OVER
from ledger.domain.work.holds import NOT_HELD, placed_on
from ledger.ids import Tag
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.holding import Reach
    from ledger.ids import StatementId


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done with a held item. acknowledged: whether its signers were told that it was held."""

    statement: StatementId
    kind: str
    at: datetime
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An item that is held or ordered now.

    grounds: the words of its holds, its ancestors' and of what these came in under; an order by its case.
    since: when the first of those that stand was placed; None: nobody told.
    actions: what was done with the item since then, oldest first; what placed a hold is none.
    """

    where: Where
    grounds: tuple[str, ...]
    since: datetime | None
    actions: tuple[Action, ...]


def held(events: Iterable[Event[Any]]) -> tuple[HeldRow, ...]:
    """Return the items that are held or ordered now and not over, by ascending id."""
    record = Record(events)
    placed = dict(_placed(record))
    rows = []
    for item in record.items:
        standing = set(placed_on(record.world, item.id, record.world.now))
        if item.status in OVER or not standing:
            continue
        moments = [placed[one] for one in standing if one in placed]
        first = min((at for at, _ in moments), default=None)
        placing = {statement for _, statement in moments}
        grounds = tuple(sorted({ground for _, ground in standing}))
        rows.append(HeldRow(record.where(item), grounds, first, tuple(_actions(record, item, first, placing))))
    return tuple(rows)


def _placed(record: Record) -> Iterator[tuple[tuple[Tag, str], tuple[datetime, StatementId]]]:
    """Yield every word of a hold by the subject it stands on, with when it was last placed and by which statement."""
    for id_type in ("item", "consignment", "approval"):
        for tag in record.of_type(id_type):
            for event, before, after in record.steps(tag):
                for ground in _words(after) - _words(before):
                    yield (tag, ground), (event.said.occurred_at, event.said.id)


def _words(subject: object) -> frozenset[str]:
    match subject:
        case Item() | Consignment():
            own = frozenset() if subject.ordered is None else frozenset[str]({subject.ordered})
            reaches = subject.reaches if isinstance(subject, Consignment) else ()
            return subject.holds | own | _standing(reaches)
        case Approval():
            return _standing(subject.reaches)
        case _:
            return frozenset()


def _standing(reaches: Iterable[Reach]) -> frozenset[str]:
    return frozenset(ground_of(one.case, one.asked) for one in reaches if one.until is None)


def _actions(record: Record, item: Item, first: datetime | None, placing: set[StatementId]) -> Iterator[Action]:
    for event, before, after in record.steps(Tag(item.id)):
        said = event.said
        late = first is not None and said.occurred_at >= first
        if late and before is not after and said.kind in LINKS[Item] and said.id not in placing:
            told = any(one.rule == NOT_HELD.id and one.concerns(Tag(item.id)) for one in event.breaches)
            yield Action(said.id, said.kind, said.occurred_at, told)
