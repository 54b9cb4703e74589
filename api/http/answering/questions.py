"""The questions by their names over HTTP, each answered from the statements that whoever asks may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from api.http.answering.asked import answered, formed, written_in
from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.reading import Reads
from api.http.bounds.positions import TAKES
from api.http.described import answers, problems
from api.http.problems import Spoken
from api.rows import http
from ledger.errors import IntegrityFailed, Malformed, NotFound, Refused, TooOld, Unavailable
from ledger.words.table import questions_in
from projections.asked.parameters import PARAMETERS
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from ledger.words.table import Language
    from projections.asked.question import Question

router = APIRouter(prefix="/v1/questions", tags=["asking"])

FORMS: Final = (Form.JSON, Form.CSV, Form.XLSX)
_NARROWS: Final = {
    "parameters": [
        *TAKES["parameters"],
        *(
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
            for name in (*(one.option for one in PARAMETERS), "at", "as_of")
        ),
    ]
}


@router.get(
    "",
    operation_id="list_questions",
    response_model=None,
    responses={200: answers("The questions, in the order of their numbers.", http.Questions)},
)
def questions(language: Spoken) -> Response:
    """List the questions that can be asked, with the parameters that each takes; open to all, and nobody's data."""
    rows = [_listed(one, language) for one in QUESTIONS.values()]
    return Response(encoded({"questions": rows}), media_type=Form.JSON, headers={"Vary": "Accept-Language"})


@router.get(
    "/{name}",
    operation_id="ask_question",
    response_model=None,
    openapi_extra=_NARROWS,
    responses={
        200: {
            "description": "The answer, by what whoever asks may read.",
            "content": {
                Form.JSON: {"schema": {"$ref": "#/components/schemas/Answered"}},
                Form.CSV: {"schema": {"type": "string"}},
                Form.XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        304: {"description": "The request has this answer."},
        **problems(400, 401, 403, 406, 412, Malformed, NotFound, Refused, Unavailable, TooOld, IntegrityFailed),
    },
)
def ask(name: str, request: Request, reads: Reads, language: Spoken) -> Response:
    """Answer a question of the record. What it takes, ``at`` and ``as_of`` too, is as `vialog ask` has it.

    Subjects are named by their ids. Each row says why it is there, and the answer what it rests on: the statements that
    whoever asks may read, and no others, so that two readers may be told different rows.
    """
    if (question := QUESTIONS.get(name)) is None:
        raise NotFound("there is no question of this name")
    form = form_of(request, FORMS)
    found = answered(question, written_in(request, question), reads)
    content, same = formed(question, found, form, reads, language)
    return given(request, content, form, position=found.position, same=same)


def _listed(question: Question, language: Language) -> http.QuestionRow:
    return {
        "number": question.number,
        "name": question.name,
        "asks": questions_in(language)[question.name],
        "parameters": [one.option for one in question.parameters],
        "at": question.at,
    }
