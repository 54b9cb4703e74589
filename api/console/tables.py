"""Rows of answers as tables of pages, each with why it is there; several questions asked of one reading of the log."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from starlette.exceptions import HTTPException

from api.asking.cells import columns_of, told
from api.asking.reasons import because, legend
from api.asking.written import Written, read_written
from api.language import heading
from api.telling.labels import Labels
from projections.asked.answering import read
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from api.asking.reasons import Told
    from api.console.telling import Teller
    from api.http.answering.reading import Reading
    from projections.asked.question import Asked, Row

_WHOLE = "compliance-file"
"""The question whose reading serves the others: of all of the log that is shown, with the hashes of its entries."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for people. rows: of each its cells, why it is there, and the position of the statement that put it there.

    legend: the rules and duties that they rest on, each with its clause, how that was read, and what ends it.
    """

    heads: list[str]
    rows: list[tuple[list[Markup], str, int | None]]
    legend: list[Told]
    total: int


def table_of(teller: Teller, rows: Sequence[Row], row: type, most: int, without: frozenset[str] = frozenset()) -> Table:
    """Return rows of an answer as a table. row: their type. most: so many are shown. without: columns left out."""
    columns, reader = [one for one in columns_of(row) if one.name not in without], teller.today
    cells = [
        [
            teller.linked_cell(getattr(one, column.name), told(getattr(one, column.name), column, reader))
            for column in columns
        ]
        for one in rows[:most]
    ]
    kept = [at for at in range(len(columns)) if any(row[at] for row in cells)]
    return Table(
        [heading(columns[at].name.replace("_", " "), teller.language) for at in kept],
        [
            ([row[at] for at in kept], because(one.why, reader), one.why.position)
            for row, one in zip(cells, rows[:most], strict=True)
        ],
        [one for one in legend(rows[:most], reader) if one.rests],
        len(rows),
    )


@contextmanager
def whole_log(reads: Reading, party: str, first: str, last: str) -> Iterator[Asked]:
    """Give all of the log that a reader is shown, read once, to ask several questions about a party or of all.

    first, last: a period of local days. Raises HTTPException 400: a day is none. Unavailable: others read it all now.
    """
    written = Written({"party": party, "first": first, "last": last}, None, None)
    question = QUESTIONS[_WHOLE]
    try:
        asked, _ = read_written(question, written, reads.jurisdiction, reads.packs, Labels(lambda: reads.store))
    except typer.BadParameter as error:
        raise HTTPException(400, error.message) from None
    with reads.whole_log():
        yield read(reads.store, question, asked, reads.position)


def rows_of(name: str, asked: Asked) -> list[Any]:
    """Return the rows of a question, asked of one reading."""
    return list(QUESTIONS[name].answer(asked))
