"""Rows of answers as tables of pages, each with why it is there; several questions asked of one reading of the log."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from api.asking.cells import columns_of, told
from api.asking.reasons import because, legend
from api.asking.written import Written
from api.console.days import Days
from api.http.answering.asked import asked_in
from api.language import column_head
from projections.asked.answering import read
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from api.asking.reasons import Told
    from api.console.telling import Teller
    from api.http.answering.reading import Reading
    from ledger.words.reader import Reader
    from projections.asked.question import Asked, Row

_YEAR: Final = timedelta(days=365)
_WHOLE: Final = "compliance-file"
"""The question whose reading serves the others: of all of the log that is shown, with the hashes of its entries."""

Lines: TypeAlias = "list[tuple[list[Markup], str, int | None]]"
"""Rows for people: of each its cells, why it is there, and the position of the statement that put it there."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for people under their heads.

    legend: the rules and duties that they rest on, each with its clause, how that was read, and what ends it.
    """

    heads: list[str]
    rows: Lines
    legend: list[Told]
    total: int


def table_of(teller: Teller, rows: Sequence[Row], row: type, most: int, without: frozenset[str] = frozenset()) -> Table:
    """Return rows of an answer as a table. row: their type. most: so many are shown. without: columns left out."""
    heads, lines = lines_of(teller, rows[:most], row, without)
    return Table(heads, lines, legend_of(teller, rows[:most]), len(rows))


def lines_of(
    teller: Teller, rows: Sequence[Row], row: type, without: frozenset[str] = frozenset(), reader: Reader | None = None
) -> tuple[list[str], Lines]:
    """Return rows of an answer under the heads of those columns in which anything stands.

    reader: who knows more names than the reader of the page, such as those of products; None: that one.
    """
    columns, reader = [one for one in columns_of(row) if one.name not in without], reader or teller.today
    cells = [
        [
            teller.linked_cell(getattr(one, column.name), told(getattr(one, column.name), column, reader))
            for column in columns
        ]
        for one in rows
    ]
    kept = [at for at in range(len(columns)) if any(row[at] for row in cells)]
    lines = [
        ([row[at] for at in kept], because(one.why, reader), one.why.position)
        for row, one in zip(cells, rows, strict=True)
    ]
    return [column_head(columns[at].name, teller.language) for at in kept], lines


def legend_of(teller: Teller, rows: Sequence[Row]) -> list[Told]:
    """Return the rules and duties that rows rest on."""
    return [one for one in legend(rows, teller.today) if one.rests]


def period_of(given: Mapping[str, str], reads: Reading) -> tuple[str, str]:
    """Return the first and the last day that a page is asked about; the last year where none are given."""
    today = Days.around(reads).today
    return given.get("first", (today - _YEAR).isoformat()), given.get("last", today.isoformat())


@contextmanager
def whole_log(reads: Reading, party: str, first: str, last: str) -> Iterator[Asked]:
    """Give all of the log that a reader is shown, read once, to ask several questions about a party or of all.

    first, last: a period of local days. Raises HTTPException 400: a day is none. Unavailable: others read it all now.
    """
    written = Written({"party": party, "first": first, "last": last}, None, None)
    question = QUESTIONS[_WHOLE]
    asked = asked_in(question, written, reads)
    with reads.whole_log():
        yield read(reads.store, question, asked, reads.position, reads.record.event)


def rows_of(name: str, asked: Asked) -> list[Any]:
    """Return the rows of a question, asked of one reading."""
    return list(QUESTIONS[name].answer(asked))
