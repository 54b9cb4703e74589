"""A page of what is owed, as of the position that is read: by the views and what lies between, else of the whole log.

Of up to a thousand rows the order is that of the dates that the reader is told, of more that of the views.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from api.http.answering.due.owed import Owed
from api.http.bounds.whole_logs import Why
from projections.lists import Page
from projections.obligations import Standing, by_date, is_asked, no_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.http.answering.reading import Reading
    from projections.obligations import Asked, ObligationRow, Part
    from projections.owed_for import Noted

MOST_COUNTED: Final = 1_000
"""So many rows are counted where the views say where to look; of each the record is asked whether it may be seen."""

_ENDED: Final = frozenset({Standing.MET, Standing.LAPSED})
_NOTED: Final = frozenset({None, Standing.OVERDUE})
"""Whether something stands so is noted of it; of the others its row has to be computed."""


def page_of_owed(reads: Reading, asked: Asked, part: Part) -> Page[ObligationRow]:
    """Return a page of what is owed, by its dates; total: None: there are more than are counted.

    Told as of where the views stand, where that is late enough (``Reading.as_of``) and has what the page begins behind.
    Of what has ended, and of a district, the whole log is read. Raises NotFound: there is no obligation for them to
    begin behind. Unavailable: the views do not say where to look, and as many read the whole log as may at a time.
    """
    by_all = asked.district is not None or asked.standing in _ENDED
    until = asked.at if asked.standing is Standing.OVERDUE else None
    least = 0 if part.after is None else part.after.opened_by
    owed = Owed(reads, asked if by_all else replace(asked, standing=None), until=until, least=least)
    if owed.from_views is not None:
        why = Why.ASKED if by_all else Why.TOO_FAR if _too_many(owed, asked) else Why.OTHERWISE
        found = _page(owed, asked, part, MOST_COUNTED) if why is Why.OTHERWISE else None
        if found is not None:
            return found if owed.position == reads.position else replace(found, as_of=owed.position)
        owed.read_all(why)
    return _page(owed, asked, part, None) or Page((), 0, more=False)


def _too_many(owed: Owed, asked: Asked) -> bool:
    """Say whether the rows of so many would have to be computed that it costs less to read the whole log."""
    return asked.standing not in _NOTED and owed.first(MOST_COUNTED)[1]


def _page(owed: Owed, asked: Asked, part: Part, most: int | None) -> Page[ObligationRow] | None:
    """Return the page; None: the views say otherwise than the log. most: so many are counted; None: all."""
    try:
        kept = _kept(owed, asked)
        first = list(islice(kept, None if most is None else most + 1))
        few = most is None or len(first) <= most
        behind = _behind(owed, first, part) if few else _behind_noted(chain(first, kept), part)
        shown = list(islice(behind, part.limit + 1))
    except _OtherwiseError:
        return None
    rows = owed.rows(shown[: part.limit])
    return None if rows is None else Page(tuple(rows), len(first) if few else None, len(shown) > part.limit)


def _behind(owed: Owed, every: list[Noted], part: Part) -> Iterator[Noted]:
    """Yield what the page begins with and what follows, by its dates. every: all that there is. Raises NotFound."""
    last = None if part.after is None else by_date(owed.find(part.after) or no_place(part.after))
    return (one for one in sorted(every, key=by_date) if last is None or by_date(one) > last)


def _behind_noted(every: Iterator[Noted], part: Part) -> Iterator[Noted]:
    """Return what the page begins with and what follows, as the views have it. Raises _OtherwiseError."""
    if part.after is not None and all(one.place != part.after for one in every):
        raise _OtherwiseError
    return every


def _kept(owed: Owed, asked: Asked) -> Iterator[Noted]:
    """Yield those that stand as is asked for. Raises _OtherwiseError."""
    for one in owed:
        if asked.standing in _NOTED:
            if asked.standing is None or one.overdue:
                yield one
            continue
        if (rows := owed.rows([one])) is None:
            raise _OtherwiseError
        if is_asked(rows[0], asked):
            yield one


class _OtherwiseError(Exception):
    """The views say otherwise than the log."""
