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
    from collections.abc import Iterable, Iterator, Sequence
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
    placed_by: the act that placed the first of those that stand; None: nobody told.
    actions: what was done with the item since then, oldest first; what placed a hold is none.
    """

    where: Where
    grounds: tuple[str, ...]
    placed_by: Event[Any] | None
    actions: tuple[Action, ...]

    @property
    def since(self) -> datetime | None:
        """Return when that was."""
        return None if self.placed_by is None else self.placed_by.said.occurred_at


def held(events: Iterable[Event[Any]]) -> tuple[HeldRow, ...]:
    """Return the items that are held or ordered now and not over, by ascending id."""
    record = Record(events)
    placed = dict(_placed(record))
    rows = []
    for item in record.items:
        standing = set(placed_on(record.world, item.id, record.world.now))
        if item.status in OVER or not standing:
            continue
        placing = sorted((placed[one] for one in standing if one in placed), key=_happened)
        first = next(iter(placing), None)
        grounds = tuple(sorted({ground for _, ground in standing}))
        rows.append(HeldRow(record.where(item), grounds, first, tuple(_actions(record, item, placing))))
    return tuple(rows)


def _happened(event: Event[Any]) -> tuple[datetime, int]:
    return event.said.occurred_at, event.position


def _placed(record: Record) -> Iterator[tuple[tuple[Tag, str], Event[Any]]]:
    """Yield every word of a hold by the subject it stands on, with the act that placed it last."""
    for id_type in ("item", "consignment", "approval"):
        for tag in record.of_type(id_type):
            for event, before, after in record.steps(tag):
                for ground in _words(after) - _words(before):
                    yield (tag, ground), event


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


def _actions(record: Record, item: Item, placing: Sequence[Event[Any]]) -> Iterator[Action]:
    """Yield what was done with an item since the first of the acts that placed its holds, but for these."""
    holds = {one.said.id for one in placing}
    for event, before, after in record.steps(Tag(item.id)):
        said = event.said
        late = bool(placing) and said.occurred_at >= placing[0].said.occurred_at
        if late and before is not after and said.kind in LINKS[Item] and said.id not in holds:
            told = any(one.rule == NOT_HELD.id and one.concerns(Tag(item.id)) for one in event.breaches)
            yield Action(said.id, said.kind, said.occurred_at, told)
