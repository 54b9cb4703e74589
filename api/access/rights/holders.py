"""What a case that holds items tells those who have some of them: what it asks of these, and no other holder's answer.

A recall, a legal hold or a withdrawn consent reaches whatever was made of what it names, and what came in under an
approval or with a consignment. Whoever has something of that, or had it since, reads the statements that hold or let go
what theirs is of. What others confirm that they have is not among these. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.access.rights.stretches import made_of
from ledger.domain.acts import Place, place_of
from ledger.domain.states.holding import Holding
from ledger.domain.supervision.reaching import reaches
from ledger.ids import ItemId, Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from api.access.rights.eyes import Known
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Case

HOLDING: Final = frozenset(
    {
        "recall.ordered/1",
        "recall.extended/1",
        "recall.lifted/1",
        "legal-hold.placed/1",
        "legal-hold.lifted/1",
        "consent.withdrawn/1",
    }
)
"""The kinds by which a case holds items, or lets them go."""


def told_to_holder(case: Case, record: Known, had: Callable[[ItemId, Place], bool]) -> Iterator[Place]:
    """Yield where the statements of a case stand that hold something, or let something go, which somebody has.

    had: whether they have an item, or had it at a place or after it.

    Costs the events of what is held, up to the first item that they had.
    """
    if not isinstance(case.detail, Holding):
        return
    for event, _, _ in record.steps(Tag(case.id)):
        if event.said.kind in HOLDING and _concerns(case, event, record, had):
            yield place_of(event)


def _concerns(case: Case, event: Event[Any], record: Known, had: Callable[[ItemId, Place], bool]) -> bool:
    body, place = event.said.body, place_of(event)
    named = (*body.items, *getattr(body, "mates", ()))
    if any(had(item, place) for item in _with_what_was_made(named, record)):
        return True
    return any(had(item, place) and reaches(record.world, case, item) for item in _came_in(body, record))


def _with_what_was_made(items: Sequence[ItemId], record: Known) -> Iterator[ItemId]:
    """Yield some items, and whatever was made of them, each once."""
    pending, seen = list(reversed(items)), set[ItemId]()
    while pending:
        item = pending.pop()
        if item not in seen:
            seen.add(item)
            yield item
            pending += (child for _, child in made_of(record.steps(Tag(item)), item))


def _came_in(body: Any, record: Known) -> Iterator[ItemId]:  # noqa: ANN401  of any kind that holds
    """Yield the items that came in with or under what is named, and what was made of them."""
    goods = {tag for tag in (getattr(body, "consignment", None),) if tag is not None}
    if (approval := getattr(body, "approval", None)) is not None:
        goods |= _named(Tag(approval), "consignment", record)
    for one in sorted(goods):
        yield from map(ItemId, sorted(_named(Tag(one), "item", record)))


def _named(tag: Tag, id_type: str, record: Known) -> set[Tag]:
    return {one for event, _, _ in record.steps(tag) for one in event.tags if type_of(one) == id_type}
