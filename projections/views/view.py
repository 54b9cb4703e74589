"""What a view is: a pure function to rows, beside one ``.sql`` file with its table, its writes and queries.

A row belongs to a subject, its first column. Some views say what each subject is: one row, made of the subject as it is
when rows are written, however many events changed it meanwhile. Others say what happened: rows of each step. What is
corrected, voided or told late makes the rows of its subjects anew, so a function need not know of such a thing: it sees
one step after the other, in the order in which they count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import ItemId, Tag
    from projections.views.descent import Descent

Cell: TypeAlias = str | int | bool | datetime | date | Decimal | tuple[str, ...] | None
Row: TypeAlias = tuple[Cell, ...]

Whence: TypeAlias = Callable[["ItemId"], "Descent"]
"""What an item came in with and under."""

SQL: Final = Path(__file__).parent / "sql"
"""Where each view has its ``.sql`` file, by its name."""


class Change(msgspec.Struct, frozen=True):
    """A subject before and after an event."""

    tag: Tag
    before: Subject
    after: Subject


class Step(msgspec.Struct, frozen=True):
    """An event as it counts now, and a subject that it changes, before and after it: of the type that a view is of.

    position of the event: that of the first words, where a correction took their place.
    descent: what an item came in with and under; asked of the subject itself.
    """

    event: Event[Any]
    tag: Tag
    before: Any
    after: Any
    descent: Whence


@dataclass(frozen=True, slots=True)
class View:
    """One view.

    of: the type of subject that its rows belong to, "" of several; the first column is the subject.
    kinds: of which statements steps leave rows; None: of any.
    columns: their names, as in the table and in its order. key: how many of the first ones tell a row from all others.
    state: the one row of a subject of that type that is known, None where it has none. steps: the rows that a step
    leaves; each takes the place of one with the same key. Neither: its rows follow from no subject alone, and the
    runner puts them.
    """

    name: str
    of: str
    columns: tuple[str, ...]
    key: int
    state: Callable[[Any, Whence], Row | None] | None = None
    steps: Callable[[Step], Iterable[Row]] | None = None
    kinds: frozenset[str] | None = None

    @property
    def sql(self) -> Path:
        """Return where its table, its writes and its queries are."""
        return SQL / f"{self.name}.sql"
