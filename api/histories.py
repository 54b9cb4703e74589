"""One subject's history, folded from its own events up to a position: what the record said then. Needs no view.

Cost grows with the events of the subject, not with the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import effective, initial
from ledger.domain.state import Item, Subject
from ledger.errors import NotFound
from ledger.ids import ItemId, Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.store.worlds import event_of

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.store.port import Store


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a subject as it counts now, and what the subject was after it."""

    event: Event[Any]
    after: Subject


@dataclass(frozen=True, slots=True)
class Custody:
    """A time during which an item was with one party at one place.

    ended: None while it lasts.
    """

    party: str | None
    site: str | None
    place: str | None
    began: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """What the record says about a subject as known at a position.

    position: the last position taken in; events: all that bear the subject's tag, corrected and voided ones too.
    steps: those that count, in the order in which they count.
    """

    position: int
    subject: Subject
    events: tuple[Event[Any], ...]
    steps: tuple[Step, ...]


def history_of(store: Store, tag: Tag, at: int | None = None) -> History:
    """Return a subject's history.

    at: the position to be known at; the head's if left out.

    Raises NotFound: the log says nothing about the subject up to that position. TooOld: it says what this program does
    not know, at the position that is named; what was known before can be asked for.
    """
    position = store.head() if at is None else at
    recorded = takewhile(lambda one: one.position <= position, store.about(tag))
    events = tuple(map(event_of, recorded))
    subject = initial(tag)
    steps: list[Step] = []
    for event in effective(events):
        subject = KINDS[event.said.kind].evolve(subject, event)
        steps.append(Step(event, subject))
    if not subject.known:
        raise NotFound(f"the log says nothing about {tag} up to position {position}")
    return History(position, subject, events, tuple(steps))


def custody_of(history: History) -> tuple[Custody, ...]:
    """Return who had an item, and where, oldest first; times are those of the acts, as their signers say."""
    found: list[Custody] = []
    for step in history.steps:
        item = step.after
        if not isinstance(item, Item):
            continue
        held, when = (item.custodian, item.site, item.place), step.event.said.occurred_at
        last = found[-1] if found else None
        if last is not None and (last.party, last.site, last.place) == held:
            continue
        if last is not None:
            found[-1] = Custody(last.party, last.site, last.place, last.began, when)
        if any(held) or last is not None:
            found.append(Custody(*held, when, None))
    return tuple(found)


def ancestors_of(store: Store, item: Item, at: int) -> tuple[Item, ...]:
    """Return the items that an item was made from, directly or through others, each once, nearest first."""
    found: dict[ItemId, Item] = {}
    pending = list(item.parents)
    while pending:
        one = pending.pop(0)
        if one not in found:
            parent = history_of(store, Tag(one), at).subject
            if isinstance(parent, Item):
                found[one] = parent
                pending.extend(parent.parents)
    return tuple(found.values())


def children_of(history: History, item: ItemId) -> tuple[ItemId, ...]:
    """Return the items that were made directly from an item, sorted."""
    return tuple(
        sorted(
            ItemId(tag)
            for step in history.steps
            for tag in step.event.tags
            if type_of(tag) == "item" and tag != Tag(item) and item in _made_by(step.event, tag)
        )
    )


def _made_by(event: Event[Any], tag: Tag) -> tuple[ItemId, ...]:
    """Return the parents that one event gives an item."""
    made = KINDS[event.said.kind].evolve(initial(tag), event)
    return made.parents if isinstance(made, Item) else ()
