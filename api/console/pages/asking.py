"""The questions in the browser: each a page with what it is narrowed by, its rows, and why they are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.asking.products import with_products
from api.asking.resting import about_answer, in_sight
from api.asking.sums import is_unexplained, sums
from api.console.frame import HEADERS, PageRoute, changed, page, pages_of
from api.console.language import Told
from api.console.naming import meant
from api.console.picturing import POLICY, drawn, has_picture
from api.console.tables import legend_of, lines_of
from api.console.telling import Teller
from api.http.answering.asked import formed, options_of, told_and_answered, written_by
from api.http.answering.forms import Form
from api.http.answering.parameters import parameters_of, whole_number
from api.http.answering.reading import Reads
from api.language import heading, label
from ledger.errors import NotFound
from ledger.ids import Tag
from ledger.words.table import questions_in
from projections.asked.question import Holds
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from api.asking.written import Written
    from api.http.answering.reading import Reading
    from ledger.words.reader import Reader
    from ledger.words.table import Language
    from projections.asked.answering import Answer
    from projections.asked.question import Asked, Parameter, Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_PAGE: Final = 100
_DIGITS: Final = 4
_FILES: Final = {"csv": (Form.CSV, "text/csv; charset=utf-8"), "xlsx": (Form.XLSX, Form.XLSX)}


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a question is narrowed by, as a field. hint: what is written there; "" nothing is said."""

    name: str
    called: str
    hint: str
    value: str


@router.get("/ask")
def questions(request: Request, reads: Reads, language: Told) -> Response:
    """List the questions that can be asked."""
    parameters_of(request, ("lang",))
    rows = [(one, questions_in(language)[one.name]) for one in QUESTIONS.values()]
    return page(request, "questions.html", {**Teller(reads, language).of_every_page, "rows": rows})


@router.get("/ask/{name}")
def ask(name: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show a question, and the answer by what the reader may read where all that it needs is given."""
    question, given = _question(name), _given(request, name)
    teller = Teller(reads, language)
    written = _written(question, given, reads)
    values: dict[str, Any] = {
        "question": question,
        "asks": questions_in(language)[name],
        "fields": [_field(one, given, language) for one in question.parameters],
        "at": given.get("at", ""),
        "as_of": given.get("as_of", ""),
        "answer": None,
    }
    if written is not None:
        number = whole_number(given.get("page", "1"), _DIGITS) or 1
        asked, found = told_and_answered(question, written, reads)
        if (file := given.get("file")) in _FILES:
            return _file(question, found, file, reads, language)
        if file == "svg" and has_picture(question):
            return _picture(asked, found, teller)
        reader = with_products(teller.today, asked.events)
        values |= {"answer": found, **_told(teller, question, found, number, reader)}
        values |= {
            "pages": pages_of(request, len(found.rows), _PAGE),
            "number": number,
            "picture": changed(request, page=None, file="svg") if has_picture(question) and found.rows else "",
            "files": [(one, changed(request, page=None, file=one)) for one in _FILES],
        }
    return page(request, "question.html", {**teller.of_every_page, **values})


def _question(name: str) -> Question:
    if (question := QUESTIONS.get(name)) is None:
        raise NotFound("there is no question of this name")
    return question


def _given(request: Request, name: str) -> dict[str, str]:
    given = parameters_of(request, (*options_of(_question(name)), "page", "file", "lang"))
    return {name: value.strip() for name, value in given.items() if value.strip()}


def _written(question: Question, given: dict[str, str], reads: Reading) -> Written | None:
    """Return what is asked; None: something that the question needs is not given yet. Raises HTTPException 400."""
    takes = options_of(question)
    asked = {name: value for name, value in given.items() if name in takes}
    for one in question.parameters:
        if one.of is not None and one.of != "statement" and one.option in asked:
            asked[one.option] = meant(reads, asked[one.option], one.of)
    subjects = {one.option for one in question.parameters if one.holds is Holds.SUBJECT}
    needed = [one.option for one in question.parameters if one.holds is not Holds.SUBJECT and one.needed]
    if (subjects and subjects.isdisjoint(asked)) or not set(needed) <= asked.keys():
        return None
    return written_by(asked, question)


def _field(one: Parameter, given: dict[str, str], language: Language) -> Field:
    hints = {
        Holds.SUBJECT: label("a label, a number, a name or an id", language),
        Holds.DAY: label("a day, such as 2026-11-29", language),
        Holds.NUMBER: label("a whole number", language),
        Holds.TEXT: "",
    }
    value = given.get(one.option, "" if one.default is None else str(one.default))
    return Field(one.option, heading(one.option, language), hints[one.holds], value)


def _told(teller: Teller, question: Question, found: Answer, number: int, reader: Reader) -> dict[str, Any]:
    """Return what the page says of an answer: heads, rows, sums, why the rows are there, what all rests on."""
    shown = found.rows[(number - 1) * _PAGE : number * _PAGE]
    heads, rows = lines_of(teller, shown, question.row, reader=reader)
    return {
        "heads": heads,
        "rows": rows,
        "total": len(found.rows),
        "sums": list(sums(found.rows, teller.today)),
        "unexplained": is_unexplained(found.rows),
        "legend": legend_of(teller, found.rows),
        "rests": list(about_answer(found, teller.today)),
        "left_out": in_sight(Tag(teller.reads.who.party), teller.today),
    }


def _file(question: Question, found: Answer, file: str, reads: Reading, language: Language) -> Response:
    form, media = _FILES[file]
    content, _ = formed(question, found, form, reads, language)
    named = {"Content-Disposition": f'attachment; filename="{question.name}.{file}"', "Cache-Control": "no-store"}
    mark = b"\xef\xbb\xbf" if form is Form.CSV else b""  # by which spreadsheets know UTF-8
    return Response(mark + content, media_type=media, headers=named)


def _picture(asked: Asked, found: Answer, teller: Teller) -> Response:
    with teller.reads.whole_log():
        content = drawn(asked, found, with_products(teller.today, asked.events))
    return Response(content, media_type="image/svg+xml", headers={**HEADERS, "Content-Security-Policy": POLICY})
