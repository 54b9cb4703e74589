"""Names: what each subject is called and sorted by, and all that finds it, earlier names among them; and former places.

Made of no step alone, because statements that change nothing may give a name: the runner keeps these rows
(``projections.folding.calling``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.bodies.printed import search_key
from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.ids import Tag
    from projections.views.view import Row

_BETWEEN = "\x1e"
"""Between two names; none has it, and no list of words, which are told apart by U+001F."""


def row(subject: Tag, called: str | None, names: Iterable[str]) -> Row:
    """Return the row of a subject. called: what people call it; None: no statement says. names: all that it bore."""
    keys = _BETWEEN.join(sorted({search_key(subject), *map(search_key, names)}))
    return subject, called, sort_key(called or subject), keys


NAMES = View(name="name", of="", columns=("subject", "called", "sort_key", "keys"), key=1)


def former(item: Tag, labels: Iterable[str], now: str | None) -> Iterator[Row]:
    """Yield what an item that was labelled again was sorted by before, and may be by who is not told of that.

    labels: all that it bore, in any order. now: the last of them; None: it bears none.
    """
    places = {sort_key(one) for one in (item, *labels)} - {sort_key(now or item)}
    return ((item, place) for place in sorted(places))


FORMER = View(name="former", of="", columns=("item", "sort_key"), key=2)
