"""The worklist: what is owed, in counts that lead to exactly so many rows, and of each row why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache, partial
from io import StringIO
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.asking.sheets import write_csv
from api.console.days import Days
from api.console.districts import district_told, districts_of, is_official
from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.telling import Teller
from api.http.answering.due.owed import Owed
from api.http.answering.parameters import check_id, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.http.bounds.whole_logs import Why
from api.language import label
from api.telling.obligations import subjects_told
from ledger.ids import Tag, is_tag
from ledger.statement.duties import DUTIES
from ledger.words.table import duties_in
from projections.obligations import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.http.answering.reading import Reading
    from projections.obligations import ObligationRow
    from projections.owed_for import Noted

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_PAGE: Final = 50
_TAKES: Final = ("when", "duty", "about", "district", "page", "lang")
_DIGITS: Final = 4
_LONGEST: Final = 100
"""Characters of a district's code; more are none."""
_SILENT: Final = timedelta(days=7)

MOST_COUNTED: Final = 1_000
"""So many rows are counted; of each the record is asked whether it may be seen."""


MOST_ELSEWHERE: Final = 3_000
"""So many that lie elsewhere are passed over for a list that is narrowed to a district, each a millisecond or less."""


class When(StrEnum):
    """Which rows."""

    OVERDUE = "overdue"
    SILENT = "silent"
    WEEK = "7"
    MONTH = "30"
    ALL = "all"

    def takes(self, one: Noted, now: datetime) -> bool:
        """Say whether a row is among these. Those within a time are not overdue; silent ones are, for over a week."""
        match self:
            case When.OVERDUE:
                return one.overdue
            case When.SILENT:
                return one.overdue and one.due is not None and one.due < now - _SILENT
            case When.WEEK | When.MONTH:
                until = now + timedelta(days=int(self))
                return one.due is not None and not one.overdue and one.due <= until
            case _:
                return True

    def ends_before(self, one: Noted, now: datetime) -> bool:
        """Say whether none of these is behind a row, in the order of their dates."""
        if self is When.ALL:
            return False
        until = now + timedelta(days=int(self)) if self in {When.WEEK, When.MONTH} else now
        return one.due is None or one.due > until


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed by. about: a subject, or a party that owes or is owed. district: where subjects lie."""

    when: When
    duty: str | None
    about: Tag | None
    district: str | None
    page: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, and where they are. more: there are more than were counted."""

    when: When
    number: int
    more: bool
    address: str


@router.get("/worklist")
def worklist(request: Request, reads: Reads, language: Told) -> Response:
    """Show what is owed by what the reader may read, by its dates, and why."""
    by, teller = _narrowed(request, reads), Teller(reads, language)
    owed, rows, more = _part_of(reads, by, (by.page - 1) * _PAGE, _PAGE)
    lies = _Lies(teller)
    days = Days.around(reads)
    by_day = groupby(rows, lambda row: days.named(row.due, language))
    values = {
        "by": by,
        "district": None if by.district is None else lies.called(by.district),
        "official": lies.told,
        "counts": list(_counts(owed, by, reads.record.world.now)),
        "days": [(day, [(row, teller.owed(row), lies.of(row)) for row in found]) for day, found in by_day],
        "from_views": owed.from_views,
        "position": owed.position,
        "newest": reads.position,
        "previous": _address(by, page=by.page - 1) if by.page > 1 else None,
        "next": _address(by, page=by.page + 1) if more else None,
        "duties": sorted(((one, duties_in(language)[one]) for one in DUTIES), key=lambda pair: pair[1]),
        "csv": _address(by, page=None).replace("/worklist", "/worklist.csv", 1),
    }
    made = page(request, "worklist.html", {**teller.of_every_page, **values})
    teller.tells(subjects_told(rows))
    return made


@router.get("/worklist.csv")
def as_csv(request: Request, reads: Reads, language: Told) -> Response:
    """Return all rows that the list is narrowed to, as CSV, with why each is there."""
    by, teller = _narrowed(request, reads), Teller(reads, language)
    _, rows, _ = _part_of(reads, by, 0, None)
    lies, district = _Lies(teller), label("district", language)
    told = [dict(teller.owed(row)) for row in rows]
    if lies.told:
        told = [one | {district: " · ".join(lies.codes(row))} for one, row in zip(told, rows, strict=True)]
    teller.tells(subjects_told(rows))
    heads = list(told[0]) if told else []
    file = StringIO()
    write_csv(file, heads, ([one[head] for head in heads] for one in told))
    named = {"Content-Disposition": 'attachment; filename="worklist.csv"', "Cache-Control": "no-store"}
    return Response(file.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=named)


class _Lies:
    """Where what is owed lies: told to who speaks for an authority. told: whether it is."""

    def __init__(self, teller: Teller) -> None:
        self._teller, self.told = teller, is_official(teller.reads)
        self.called = cache(partial(district_told, teller))

    def codes(self, row: ObligationRow) -> list[str]:
        """Return the codes of its districts."""
        return districts_of(self._teller.reads, row.subject) if self.told else []

    def of(self, row: ObligationRow) -> list[tuple[str, str]]:
        """Return what its districts are called, each with the list that is narrowed to it."""
        return [(self.called(one), f"/worklist?{urlencode({'district': one})}") for one in self.codes(row)]


def _narrowed(request: Request, reads: Reading) -> Narrowed:
    """Return what the list is narrowed by. Raises HTTPException 400."""
    given = {name: value for name, value in parameters_of(request, _TAKES).items() if value}
    when, duty, about = given.get("when", When.ALL), given.get("duty"), given.get("about")
    number = whole_number(given.get("page", "1"), _DIGITS)
    if when not in set(When) or duty not in {None, *DUTIES} or not number:
        raise HTTPException(400, "this address takes no such parameter")
    check_id("about", is_one=about is None or is_tag(about))
    district = given.get("district")
    if district is not None and (len(district) > _LONGEST or not is_official(reads)):
        raise HTTPException(400, "this address takes no such parameter")  # where others' things lie may not be theirs
    return Narrowed(When(when), duty, None if about is None else Tag(about), district, number)


def _asked(reads: Reading, by: Narrowed) -> Asked:
    return Asked(reads.record.world.now, () if by.about is None else (by.about,), None, by.duty)


def _owed(reads: Reading, by: Narrowed) -> Owed:
    """Return what is owed, by its subjects: in the district that the list is narrowed to, or anywhere."""
    if (district := by.district) is None:
        return Owed(reads, _asked(reads, by))
    elsewhere = 0

    def lies_there(one: Noted) -> bool:
        nonlocal elsewhere
        if district in (codes := districts_of(reads, one.subject)):
            return True
        elsewhere += bool(codes)
        if elsewhere > MOST_ELSEWHERE:
            raise HTTPException(
                400, f"{MOST_ELSEWHERE} that lie elsewhere come first: name a duty too, or what it is about"
            )
        return False

    return Owed(reads, _asked(reads, by), lies_there)


def _taken(owed: Owed, by: Narrowed) -> Iterator[Noted]:
    """Yield those that the list is narrowed to: dated ones come first, so none of a time follows one behind it."""
    for one in owed:
        if by.when.ends_before(one, owed.at):
            return
        if by.when.takes(one, owed.at):
            yield one


def _part_of(reads: Reading, by: Narrowed, first: int, most: int | None) -> tuple[Owed, list[ObligationRow], bool]:
    """Return what is owed, the rows of a part of the list, and whether more follow. most: None: all behind it."""
    owed = _owed(reads, by)
    until = None if most is None else first + most + 1
    wanted = list(islice(_taken(owed, by), first, until))
    if (rows := owed.rows(wanted[:most])) is None:
        owed.read_all(Why.OTHERWISE)
        wanted = list(islice(_taken(owed, by), first, until))
        rows = owed.rows(wanted[:most]) or []
    return owed, rows, len(wanted) > len(rows)


def _counts(owed: Owed, by: Narrowed, now: datetime) -> Iterator[Count]:
    """Yield how many rows each list has. Of very many, those that come first are counted."""
    counted, more = owed.first(MOST_COUNTED)
    last = counted[-1] if counted else None
    for one in When:
        beyond = more and last is not None and not one.ends_before(last, now)
        yield Count(one, sum(one.takes(row, now) for row in counted), beyond, _address(by, when=one, page=None))


def counts_of(reads: Reading) -> tuple[list[Count], int]:
    """Return the counts of all that is owed, for another page, and up to which position it is told."""
    by = Narrowed(When.ALL, None, None, None, 1)
    owed = _owed(reads, by)
    return list(_counts(owed, by, reads.record.world.now)), owed.position


def _address(by: Narrowed, **other: object) -> str:
    said: dict[str, object] = {"when": by.when, "duty": by.duty, "about": by.about, "district": by.district}
    said |= {"page": by.page if by.page > 1 else None} | other
    query = urlencode({name: value for name, value in said.items() if value is not None})
    return f"/worklist?{query}"
