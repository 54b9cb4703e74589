"""The lineage of an item, for a page: what it was made of, and page by page what was made of it, with amounts.

What was made of an item is said by the statements about the item itself, so ten thousand of them are found without
reading any of theirs; only those that a page shows are read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from api.console.items import amount_of, told_about
from api.console.made import made_of
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, Tag
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from api.console.made import Made
    from api.console.telling import Teller
    from api.telling.moments import Moment
    from ledger.domain.judging import Event

PAGE: Final = 100
OPENED: Final = 20
"""Of an item below that is opened so many are shown; its own page has all."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item of a lineage, as the page shows it. below: how many were made of it; None: it may not be seen.

    level: 0 of what was made directly. opened: what was made of it is shown below it.
    """

    made: Made
    level: int
    status: str
    left: str
    below: int | None
    opened: bool
    more: int


def page_of(made: Sequence[Made], after: str | None) -> tuple[Sequence[Made], bool]:
    """Return a page, and whether more follow. after: the last one of the page before. Raises KeyError: none is it."""
    begin = 0
    if after is not None:
        begin = {one.item: at for at, one in enumerate(made, 1)}[ItemId(after)]
    return made[begin : begin + PAGE], len(made) > begin + PAGE


def rows_of(
    teller: Teller, made: Sequence[Made], opened: Collection[str], moment: Moment, level: int = 0
) -> Iterator[Row]:
    """Yield rows, those that are opened with what was made of them behind them."""
    teller.reads.record.fetch(Tag(one.item) for one in made)
    for one in made:
        if not teller.reads.looking.sight(Tag(one.item)):
            yield Row(one, level, "", "", None, opened=False, more=0)
            continue
        item, events = told_of(teller, one.item, moment)
        below = made_of(teller, events, one.item)
        opens = bool(below) and one.item in opened
        more = max(0, len(below) - OPENED) if opens else 0
        status = code_word("item_status", item.status, teller.today)
        called = replace(one, name=item.label or one.name)
        yield Row(called, level, status, amount_of(teller, item), len(below), opened=opens, more=more)
        if opens:
            yield from rows_of(teller, below[:OPENED], opened, moment, level + 1)


def told_of(teller: Teller, ident: ItemId, moment: Moment) -> tuple[Item, list[Event[Any]]]:
    """Return an item as the reader is shown it, and its events that count. Raises NotFound: it is not there then."""
    history = told_about(teller, ident, moment)
    item = history.subject
    assert isinstance(item, Item)  # noqa: S101  the id is one of an item
    return item, [step.event for step in history.steps]
