"""The worklist: what is owed, in counts that lead to exactly so many rows, and of each row why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.access.read import REGISTERED
from api.asking.sheets import write_csv
from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.telling import NOUNS, Teller
from api.http.answering.parameters import check_id, parameters_of, whole_number
from api.http.answering.reading import Reads
from ledger.ids import Tag, is_tag, type_of
from ledger.statement.duties import DUTIES
from ledger.words.table import duties_in
from projections.obligations import Asked, Part, folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.http.answering.reading import Reading
    from projections.obligations import ObligationRow

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_PAGE: Final = 50
_EVERY: Final = 1_000_000
_TAKES: Final = ("when", "duty", "about", "page", "lang")
_DIGITS: Final = 4


class When(StrEnum):
    """Which rows."""

    OVERDUE = "overdue"
    WEEK = "7"
    MONTH = "30"
    ALL = "all"

    def takes(self, row: ObligationRow, now: datetime) -> bool:
        """Say whether a row is among these. Those within a time are not overdue."""
        match self:
            case When.OVERDUE:
                return row.overdue
            case When.WEEK | When.MONTH:
                until = now + timedelta(days=int(self))
                return row.due is not None and not row.overdue and row.due <= until
            case _:
                return True


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed by. about: a subject, or a party that owes or is owed."""

    when: When
    duty: str | None
    about: Tag | None
    page: int


@router.get("/worklist")
def worklist(request: Request, reads: Reads, language: Told) -> Response:
    """Show what is owed by what the reader may read, by its dates, and why."""
    by, teller = _narrowed(request), Teller(reads, language)
    every, now = _rows(reads, by), reads.record.world.now
    rows = [row for row in every if by.when.takes(row, now)]
    shown = rows[(by.page - 1) * _PAGE : by.page * _PAGE]
    values = {
        "by": by,
        "counts": [(one, sum(one.takes(row, now) for row in every), _address(by, when=one, page=None)) for one in When],
        "rows": [(row, teller.owed(row)) for row in shown],
        "nouns": NOUNS,
        "total": len(rows),
        "pages": [(number, _address(by, page=number)) for number in range(1, -(-len(rows) // _PAGE) + 1)],
        "duties": sorted(((one, duties_in(language)[one]) for one in DUTIES), key=lambda pair: pair[1]),
        "csv": _address(by, page=None).replace("/worklist", "/worklist.csv", 1),
        "type_of": type_of,
    }
    made = page(request, "worklist.html", {**teller.of_every_page, **values})
    teller.tells(_told(shown))
    return made


@router.get("/worklist.csv")
def as_csv(request: Request, reads: Reads, language: Told) -> Response:
    """Return all rows that the list is narrowed to, as CSV, with why each is there."""
    by, teller = _narrowed(request), Teller(reads, language)
    now = reads.record.world.now
    rows = [row for row in _rows(reads, by) if by.when.takes(row, now)]
    told = [dict(teller.owed(row)) for row in rows]
    teller.tells(_told(rows))
    heads = list(told[0]) if told else []
    file = StringIO()
    write_csv(file, heads, ([one[head] for head in heads] for one in told))
    named = {"Content-Disposition": 'attachment; filename="worklist.csv"', "Cache-Control": "no-store"}
    return Response(file.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=named)


def _narrowed(request: Request) -> Narrowed:
    """Return what the list is narrowed by. Raises HTTPException 400."""
    given = {name: value for name, value in parameters_of(request, _TAKES).items() if value}
    when, duty, about = given.get("when", When.ALL), given.get("duty"), given.get("about")
    number = whole_number(given.get("page", "1"), _DIGITS)
    if when not in set(When) or duty not in {None, *DUTIES} or not number:
        raise HTTPException(400, "this address takes no such parameter")
    check_id("about", is_one=about is None or is_tag(about))
    return Narrowed(When(when), duty, None if about is None else Tag(about), number)


def _rows(reads: Reading, by: Narrowed) -> list[ObligationRow]:
    asked = Asked(reads.record.world.now, () if by.about is None else (by.about,), None, by.duty)
    with reads.whole_log():
        return list(folded(reads.source, reads.packs, asked, Part(_EVERY)).rows)


def _told(rows: Sequence[ObligationRow]) -> set[Tag]:
    """Return what rows tell of: their subjects, and what these are about, but not all of a party or a site."""
    named = {tag for row in rows for tag in row.about if type_of(tag) not in REGISTERED}
    return named | {row.subject for row in rows}


def _address(by: Narrowed, **other: object) -> str:
    said = {"when": by.when, "duty": by.duty, "about": by.about, "page": by.page if by.page > 1 else None} | other
    query = urlencode({name: value for name, value in said.items() if value is not None})
    return f"/worklist?{query}"
