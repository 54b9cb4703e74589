"""From the parameters of a request to the answer of a question, and from that to the bytes of a form."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec
import typer
from starlette.exceptions import HTTPException

from api.asking.resting import about_answer, end_object
from api.asking.sheets import cells, heads
from api.asking.written import Written, check_options, read_written
from api.http.answering.forms import Form, encoded, filed
from api.http.answering.parameters import check_id, parameters_of, whole_number
from api.http.bounds.whole_logs import Why
from api.language import label
from api.telling.labels import Labels
from api.telling.moments import zone_of
from ledger.errors import IntegrityFailed
from ledger.ids import Tag, is_statement_id, is_tag, type_of
from ledger.words.reader import Reader
from ledger.words.table import questions_in
from projections.asked.answering import answer, read
from projections.asked.question import Holds
from projections.asked.question import Reads as Rests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

    from api.http.answering.reading import Reading
    from ledger.words.table import Language
    from projections.asked.answering import Answer
    from projections.asked.question import Asked, Parameter, Question

_MOMENTS: Final = ("at", "as_of")
_MOST_ROWS: Final = 50_000
_DIGITS: Final = 6
"""Of hours and days: some hundred years."""


def written_in(request: Request, question: Question) -> Written:
    """Return what a request asks of a question.

    Raises HTTPException 400: a parameter is not one of the question's, stands twice, is too long, or one is left out.
    """
    return written_by(parameters_of(request, options_of(question)), question)


def options_of(question: Question) -> tuple[str, ...]:
    """Return the names of all that a question can be asked with."""
    return (*(one.option for one in question.parameters), *_MOMENTS)


def written_by(parameters: Mapping[str, str], question: Question) -> Written:
    """Return what is asked of a question. parameters: by their names. Raises HTTPException 400."""
    takes = {one.option: one for one in question.parameters}
    given = dict(parameters)
    at, as_of = (given.pop(name, None) for name in _MOMENTS)
    values = {name: _value(takes[name], value) for name, value in given.items()}
    written = Written(values, at, as_of)
    try:
        check_options(question, written)
    except typer.BadParameter as error:
        raise HTTPException(400, error.message) from None
    return written


def _value(one: Parameter, written: str) -> str | int:
    if one.holds is Holds.NUMBER:
        if (number := whole_number(written, _DIGITS)) is None:
            raise HTTPException(400, f"{one.option} is no whole number of them")
        return number
    if one.holds is Holds.SUBJECT:
        check_id(one.option, is_one=_names_one(one, written))
    return written


def _names_one(one: Parameter, written: str) -> bool:
    if one.of == "statement":
        return is_statement_id(written) or (written.isascii() and written.isdecimal())
    return is_tag(written) and type_of(Tag(written)) == one.of


def answered(question: Question, written: Written, reads: Reading) -> Answer:
    """Return the answer to a question, from what the reader is shown and nothing else.

    Raises as ``told_and_answered``.
    """
    return told_and_answered(question, written, reads)[1]


def told_and_answered(question: Question, written: Written, reads: Reading) -> tuple[Asked, Answer]:
    """Return a question with the events that it is asked of, and its answer, as ``answered``.

    Raises HTTPException 400, 403; NotFound, Malformed, Refused, Unavailable: as whoever reads them.
    """
    asked = asked_in(question, replace(written, as_of=None), reads)
    position = reads.known_at(written.as_of)
    if asked.subject is not None and is_tag(asked.subject):
        reads.check_seen(asked.subject)
    by_views = _by_views(question, asked, reads) if question.reads is Rests.VIEWS and written.as_of is None else None
    if isinstance(by_views, tuple):
        told, position = by_views
        found = answer(question, told, position)
    else:
        whole = question.leaves or question.reads is Rests.LOG or asked.subject is None
        with reads.whole_log(by_views or Why.ASKED) if whole else nullcontext():
            told = read(reads.store, question, asked, position, reads.record.event)
            found = answer(question, told, position)
    if len(found.rows) > _MOST_ROWS:
        raise HTTPException(403, f"an answer here has at most {_MOST_ROWS} rows; narrow the question")
    seen_by = Tag(reads.who.party)
    return told, replace(found, checkpoint=reads.checkpoint, by_views=isinstance(by_views, tuple), seen_by=seen_by)


def _by_views(question: Question, asked: Asked, reads: Reading) -> tuple[Asked, int] | Why:
    """Return what is asked as the views narrow it and up to where they stand; else why the whole log is to be read.

    Told as of where they stand as what is owed is (``Reading.as_of``). Views that are not of one mind with the log say
    nothing here, as in lists: whether the log itself is whole shows where that is read.
    """
    reads.until_viewed()
    with reads.views() as still:
        if still is None or (stands := still.standing.position) > reads.position or reads.as_of(stands) != stands:
            return Why.NO_VIEWS
        try:
            told = reads.narrowed(question, asked, still)
        except IntegrityFailed:
            return Why.OTHERWISE
        return Why.TOO_FAR if told is None else (told, stands)


def asked_in(question: Question, written: Written, reads: Reading) -> Asked:
    """Return what is asked, without the events yet, by what the reader is shown. Raises HTTPException 400; NotFound."""
    labels = Labels(lambda: reads.store)
    try:
        return read_written(question, written, reads.jurisdiction, reads.packs, labels)[0]
    except typer.BadParameter as error:
        raise HTTPException(400, error.message) from None


def formed(question: Question, found: Answer, form: Form, reads: Reading, language: Language) -> tuple[bytes, bytes]:
    """Return an answer in a form, and what is the same as long as it has the same rows and rests on the same rules."""
    rows = [msgspec.to_builtins(row, order="deterministic") for row in found.rows]
    same = encoded([question.name, found.narrowed, found.subject, list(found.rules), rows, language, reads.who.party])
    if form is Form.JSON:
        return encoded({**reads.seen_by, "rests_on": end_object(question, found, None), "rows": rows}), same
    zone = zone_of(reads.packs.at_instant(reads.jurisdiction, found.at))
    labels = Labels(lambda: reads.store, language=language)
    reader = Reader(language, zone, labels.name)
    head = heads(question, language)
    table = [[*cells(question, row, labels.called)] for row in found.rows]
    about = [
        (label("question", language), questions_in(language)[question.name]),
        *about_answer(found, reader),
        (label("times", language), label("in UTC", language)),
    ]
    return filed(form, head, table, about, found.at), same
