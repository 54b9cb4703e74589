"""What the page of an item has besides: its state, who had it and where, what it was made of and what of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.console.made import made_of
from api.language import heading
from api.telling.histories import ancestors_of, check_known, children_of, custody_of, history_from
from api.telling.item_json import item_object
from api.telling.items import sample_of, state_of
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, Tag
from ledger.quantity import format_decimal
from ledger.words.reader import amount_words, code_word
from projections.own_kinds import ASKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from api.console.telling import Teller
    from api.telling.histories import History
    from api.telling.moments import Moment

MOST: Final = 200
"""So many items of a lineage are shown at most."""


@dataclass(frozen=True, slots=True)
class Branch:
    """An item in a lineage. level: 0 of the item itself, below it what was made of it, above it what it was made of."""

    tag: Tag
    level: int
    status: str
    amount: str


def of_item(teller: Teller, history: History, item: Item, moment: Moment) -> dict[str, Any]:
    """Return what the page of an item names besides."""
    reads, language = teller.reads, teller.language
    above = ancestors_of(reads.store, item, history.position, moment.instant, read=reads.record.event)
    said = item_object(history, item, above, moment.instant)
    below = list(_below(teller, history, item, moment))
    pairs = [*state_of(said, said["item"], teller.today), *sample_of(said["sample"], teller.today)]
    shown = [
        (heading(name.replace("_", " "), language), teller.linked(value))
        for name, value in pairs
        if name not in _ELSEWHERE
    ]
    return {
        "facts": shown,
        "above": [_branch(teller, one, 0) for one in above],
        "below": below[:MOST],
        "more_below": len(below) > MOST,
        "custody": [_custody(teller, one) for one in custody_of(history)][::-1],
    }


_ELSEWHERE: Final = frozenset({"id", "ancestors", "children", "parents", "status"})


def _custody(teller: Teller, one: Any) -> dict[str, str | Markup]:  # noqa: ANN401  a time of custody
    return {
        "from": teller.linked_cell(one.began, teller.when(one.began)),
        "to": "" if one.ended is None else teller.linked_cell(one.ended, teller.when(one.ended)),
        "party": "" if one.party is None else teller.link(one.party),
        "site": "" if one.site is None else teller.link(one.site),
        "place": one.place or "",
    }


def _below(teller: Teller, history: History, item: Item, moment: Moment) -> Iterator[Branch]:
    """Yield what was made of an item, each behind what it was made of, and one more than are shown at most.

    No more is read than that, though ten thousand items may have been made of one.
    """
    known, pending, found = {item.id}, _next(teller, history, item.id, 1), 0
    while pending and found <= MOST:
        child, level = pending.pop()
        if child not in known and teller.reads.looking.sight(Tag(child)):
            known.add(child)
            made = told_about(teller, child, moment)
            if isinstance(made.subject, Item):
                found += 1
                yield _branch(teller, made.subject, level)
                pending += _next(teller, made, child, level + 1)


def _next(teller: Teller, history: History, item: ItemId, level: int) -> list[tuple[ItemId, int]]:
    """Return what was made directly of an item, the last by its name first; what may be shown is read in one go."""
    shown, events = {*children_of(history, item)}, (step.event for step in history.steps)
    children = [one.item for one in made_of(teller, events, item) if one.item in shown]
    teller.reads.record.fetch(map(Tag, children[: MOST + 1]))
    return [(one, level) for one in reversed(children)]


def told_about(teller: Teller, ident: ItemId, moment: Moment) -> History:
    """Return the history of an item as the reader is shown it. Raises NotFound: it is not there then."""
    reads, tag = teller.reads, Tag(ident)
    position = reads.position if moment.position is None else moment.position
    told = reads.store.told(tag, ASKED_KINDS["item"])
    history = history_from(tag, tuple(one for one in told if one.position <= position), position, moment.instant)
    check_known(history, tag, moment.instant)
    return history


def _branch(teller: Teller, one: Item, level: int) -> Branch:
    return Branch(Tag(one.id), level, code_word("item_status", one.status, teller.today), amount_of(teller, one))


def amount_of(teller: Teller, item: Item) -> str:
    """Return what is left of an item; "" where nobody stated it."""
    held = item.quantity
    return "" if held is None else amount_words(format_decimal(held.value), held.unit, teller.language)
