"""Stretches of an item's history: while something was so, until something came about, and what was made of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.access.rights.sight import EVER, Window
from ledger.domain.acts import place_of
from ledger.domain.fold import initial
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, Tag, type_of
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject

    Step = tuple[Event[Any], Subject, Subject]
    """An event of a subject, with its states before and after."""


MAKE_OF_OTHERS: Final = frozenset({"item.aliquoted/1", "item.derived/1", "item.pooled/1", "item.propagated/1"})
"""The kinds that make items of items."""


def while_so(steps: Sequence[Step], holds: Callable[[Item], bool]) -> Iterator[Window]:
    """Yield the stretch up to the last act by which something of an item ceased to be so; all of it where it still is.

    That act is in it: it is the other half of what was so until then.
    """
    if steps and isinstance(steps[-1][2], Item) and holds(steps[-1][2]):
        yield EVER
        return
    for event, before, _ in reversed(steps):
        if isinstance(before, Item) and holds(before):
            yield Window(until=place_of(event))
            return


def until_first(steps: Sequence[Step], reached: Callable[[Item], bool]) -> Iterator[Window]:
    """Yield the stretch up to the first act by which an item came to something; all of it where it has not yet."""
    for event, _, after in steps:
        if isinstance(after, Item) and reached(after):
            yield Window(until=place_of(event))
            return
    yield EVER


def made_of(steps: Iterable[Step], parent: ItemId) -> Iterator[tuple[Event[Any], ItemId]]:
    """Yield the items that were made of one, each with the event that made it."""
    for event, _, _ in steps:
        if event.said.kind not in MAKE_OF_OTHERS:
            continue  # a carrier's reading bears the tags of hundreds, and makes none of them
        for tag in sorted(event.tags):
            if type_of(tag) != "item" or tag == Tag(parent):
                continue
            made = KINDS[event.said.kind].evolve(initial(tag), event)
            if isinstance(made, Item) and parent in made.parents:
                yield event, ItemId(tag)


def until_ever(stretches: Iterable[Window]) -> tuple[Window, ...]:
    """Return stretches, each once; of what is seen whole that alone, and what else would show it is not looked for."""
    found: dict[Window, None] = {}
    for one in stretches:
        if one == EVER:
            return (EVER,)
        found[one] = None
    return tuple(found)
