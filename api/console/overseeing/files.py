"""The file of a unit: class and credit, visits and findings, approvals, and by time whatever the record holds of it.

An authority reads it of whom it supervises, a unit of itself: between two days it is its compliance history.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.console.districts import district_told
from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.tables import period_of, rows_of, table_of, whole_log
from api.console.telling import Teller
from api.http.answering.listed import first_of
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.language import label
from api.telling.parties import assessed
from ledger.domain.states.party import Party
from ledger.ids import Tag
from ledger.words.reader import code_word
from projections.asked.table import QUESTIONS
from projections.lists import APPROVALS
from projections.questions.supervision.compliance import Sort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.words.table import Language
    from projections.asked.question import Asked

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MOST: Final = 500
_APPROVALS: Final = 50
_OF_UNIT: Final = frozenset({"unit"})
_ELSEWHERE: Final = frozenset({"sort", "documents", "leaf"})
"""Columns of the file that the page leaves to the table that is saved: digests, and what stands above."""


@router.get("/parties/{ident}/file")
def file(ident: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show the file of a unit between two days, by what the reader may see; the last year where no days are given."""
    given = {name: one for name, one in parameters_of(request, ("first", "last", "lang")).items() if one}
    tag = Tag(ident)
    reads.check_seen(tag, "party")
    first, last = period_of(given, reads)
    teller = Teller(reads, language)
    approvals, more = first_of(reads, APPROVALS, tag, _APPROVALS)
    with whole_log(reads, ident, first, last) as asked:
        party = asked.record.world.party(tag)  # type: ignore[arg-type]  # it is an id of a party
        filed = rows_of("compliance-file", asked)
        numbers = Counter(one.sort for one in filed)
        tables = {name: [one for one in rows_of(name, asked) if one.unit == tag] for name in _TABLES}
    values: dict[str, Any] = {
        "tag_of": tag,
        "first": first,
        "last": last,
        "class_now": _class_now(tables["unit-classes"], language),
        "facts": list(_facts(teller, party, asked)),
        "counts": [(_counted(sort, numbers[sort], teller), numbers[sort], f"#{sort}") for sort in Sort],
        "tables": [
            (name, label(title, language), table_of(teller, tables[name], QUESTIONS[name].row, _MOST, _OF_UNIT))
            for name, title in _TABLES.items()
        ],
        "approvals": approvals,
        "more_approvals": more,
        "filed": [
            (sort, name, table_of(teller, rows, QUESTIONS["compliance-file"].row, _MOST, _ELSEWHERE))
            for sort, name in _sorts(teller)
            if (rows := [one for one in filed if one.sort is sort])
        ],
        "csv": f"/ask/compliance-file?party={tag}&first={first}&last={last}&file=csv",
    }
    made = page(request, "file.html", {**teller.of_every_page, **values})
    told = [one for rows in tables.values() for one in rows]
    about = {Tag(one.case) for one in told if hasattr(one, "case")} | {one.about for one in filed if one.about}
    positions = {one.why.position for one in (*told, *filed) if one.why.position is not None}
    teller.tells({tag, *approvals, *about}, positions)
    return made


_TABLES: Final = {
    "unit-classes": "Class, and why it changed",
    "visits-due": "Visits that are planned",
    "visit-scores": "Visits that were made",
    "findings": "Findings",
}


def _sorts(teller: Teller) -> list[tuple[Sort, str]]:
    return [(sort, code_word("file_sort", sort, teller.today)) for sort in Sort]


def _counted(sort: Sort, number: int, teller: Teller) -> str:
    """Return what so many entries of a sort are called."""
    language = teller.language
    several = {
        Sort.RATED: label("ratings or assessments", language),
        Sort.MEASURE: label("measures", language),
        Sort.INCIDENT: label("incidents", language),
        Sort.BREACH: label("breaches", language),
    }
    one = code_word("file_sort", sort, teller.today)
    return one if number == 1 else several.get(sort, one)


def _class_now(periods: list[Any], language: Language) -> str:
    """Tell the class on the last day of the period, or that it is not known."""
    found = periods[-1].unit_class if periods else None
    return (
        label("class not known", language) if found is None else label("class {number}", language).format(number=found)
    )


def _facts(teller: Teller, party: Party, asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield what stands in the register of a unit: its registration, how able it was found, how its credit is rated."""
    language = teller.language
    yield from assessed(party, teller.name, teller.today, partial(district_told, teller))
    if asked.last is not None and asked.last > asked.day:
        yield label("not over yet", language), label("the period ends after today", language)
