"""One subject's history, folded from its own events up to a position: what the record said then. Needs no view.

It is told in the order of the acts, as everything that the record says of an item is (``ledger.domain.acts``).

Cost grows with the events of the subject, not with the log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ledger.clock import format_time
from ledger.domain.acts import is_link
from ledger.domain.fold import initial, sequence
from ledger.domain.states.subjects import Item, Subject
from ledger.errors import NotFound
from ledger.ids import ItemId, Tag
from ledger.statement.catalogue import KINDS
from projections.names import MADE_OF
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.ids import StatementId
    from ledger.store.port import Readable, Recorded


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a subject as it counts now, and what the subject was after it.

    out_of_order: it was told after an act that occurred later.
    """

    event: Event[Any]
    after: Subject
    out_of_order: bool = False


@dataclass(frozen=True, slots=True)
class Custody:
    """A time during which an item was with one party at one place.

    ended: None while it lasts; never before it began.
    out_of_order: it began with an act that was told after one that occurred later.
    """

    party: str | None
    site: str | None
    place: str | None
    began: datetime
    ended: datetime | None
    out_of_order: bool = False


@dataclass(frozen=True)
class History:
    """What the record says about a subject as known at a position.

    position: the last position taken in; events: all that bear the subject's tag, corrected and voided ones too.
    steps: those that count, in the order in which they count.
    """

    position: int
    subject: Subject
    events: tuple[Event[Any], ...]
    steps: tuple[Step, ...]

    def step_of(self, event: Event[Any]) -> Step | None:
        """Return the step that an event is in what counts; None: it was corrected or voided."""
        return self._steps.get(event.said.id)

    def position_of(self, statement: StatementId | None) -> int | None:
        """Return where a statement about the subject stands; None: it is none of them."""
        return None if statement is None else self._positions.get(statement)

    def corrected_at(self, event: Event[Any]) -> int | None:
        """Return where the first statement stands that corrects an event; None: nothing does."""
        return self._corrected.get(event.said.id)

    @cached_property
    def _steps(self) -> dict[StatementId, Step]:
        return {step.event.said.id: step for step in self.steps}

    @cached_property
    def _positions(self) -> dict[StatementId, int]:
        return {one.said.id: one.position for one in self.events}

    @cached_property
    def _corrected(self) -> dict[StatementId, int]:
        newest_first = reversed(self.events)
        return {one.said.corrects: one.position for one in newest_first if one.said.corrects is not None}


def history_of(
    store: Readable,
    tag: Tag,
    at: int | None = None,
    until: datetime | None = None,
    kinds: Collection[str] = (),
    *,
    read: Callable[[Recorded], Event[Any]] = read_checked,
) -> History:
    """Return a subject's history.

    at: the position to be known at; the head's if left out. until: as for ``history_from``. kinds: those of its events
    that are taken in; all if left out. read: makes an event of an entry.

    Raises NotFound: the log says nothing about the subject up to that position or time. TooOld: it says what this
    program does not know, at the position that is named; what was known before can be asked for.
    """
    position = store.head() if at is None else at
    recorded = takewhile(lambda one: one.position <= position, store.about(tag, kinds=kinds))
    history = history_from(tag, tuple(map(read, recorded)), position, until)
    check_known(history, tag, until)
    return history


def check_known(history: History, tag: Tag, until: datetime | None = None) -> None:
    """Check that something is said of a subject. until: as for ``history_from``. Raises NotFound."""
    if history.subject.known:
        return
    if until is not None:
        raise NotFound(f"the log says of nothing that happened to {tag} up to {format_time(until)}")
    raise NotFound(f"the log says nothing about {tag} up to position {history.position}")


def history_from(tag: Tag, events: tuple[Event[Any], ...], position: int, until: datetime | None = None) -> History:
    """Return a subject's history by all events that bear its tag up to a position, oldest first.

    until: only what happened up to this instant counts, as it is told at that position: what was told late too, a
        correction in the place of what it corrects, and nothing of what was voided. None: everything.
    """
    subject = initial(tag)
    steps: list[Step] = []
    counting = happened(sequence(tag, events, KINDS), until)
    events = tuple(happened(events, until))
    askew = _out_of_order(subject, counting)
    for event in counting:
        subject = KINDS[event.said.kind].evolve(subject, event)
        steps.append(Step(event, subject, event.said.id in askew))
    return History(position, subject, events, tuple(steps))


def happened(events: Iterable[Event[Any]], until: datetime | None) -> list[Event[Any]]:
    """Return the events that happened up to an instant, as their signers say, in their order; None: all."""
    return [event for event in events if until is None or event.said.occurred_at <= until]


def custody_of(history: History) -> tuple[Custody, ...]:
    """Return who had an item, and where, oldest first; times are those of the acts, as their signers say.

    What is dated before the item was made counts from its making on.
    """
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
            when = max(when, last.began)
            found[-1] = replace(last, ended=when)
        if any(held) or last is not None:
            found.append(Custody(*held, when, None, step.out_of_order))
    return tuple(found)


def _out_of_order(subject: Subject, events: Iterable[Event[Any]]) -> frozenset[StatementId]:
    """Return the acts in a subject's chain that were told after one that occurred later."""
    newest, found = None, set()
    for event in sorted(events, key=attrgetter("position")):
        if not is_link(subject, event.said.kind):
            continue
        if newest is not None and event.said.occurred_at < newest:
            found.add(event.said.id)
        newest = event.said.occurred_at if newest is None else max(newest, event.said.occurred_at)
    return frozenset(found)


def ancestors_of(
    store: Readable,
    item: Item,
    at: int,
    until: datetime | None = None,
    *,
    read: Callable[[Recorded], Event[Any]] = read_checked,
) -> tuple[Item, ...]:
    """Return the items that an item was made from, directly or through others, each once, nearest first.

    at, until, read: as for ``history_of``.
    """
    found: dict[ItemId, Item] = {}
    pending = list(item.parents)
    while pending:
        one = pending.pop(0)
        if one not in found:
            parent = history_of(store, Tag(one), at, until, read=read).subject
            if isinstance(parent, Item):
                found[one] = parent
                pending.extend(parent.parents)
    return tuple(found.values())


def children_of(history: History, item: ItemId) -> tuple[ItemId, ...]:
    """Return the items that were made directly from an item, sorted."""
    return tuple(sorted({one for step in history.steps for one in _made_by(step.event, item)}))


def _made_by(event: Event[Any], item: ItemId) -> Iterator[ItemId]:
    """Yield what one event made from an item; each event is looked at once for all that it made."""
    if (making := MADE_OF.get(event.said.kind)) is None:
        return
    made, of = making(event.said.body)
    if item in set(of):
        yield from (ItemId(one.item) for one in made if Tag(one.item) in event.tags)
