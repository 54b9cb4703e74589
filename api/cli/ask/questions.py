"""The list of questions, each with a command to try; and more of one."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from api.asking.written import question_of
from api.cli.output import print_object, print_table, say
from api.language import label, reader_language
from ledger.words.table import Language, questions_in
from projections.asked.question import Holds
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from api.rows.ask import Asking
    from projections.asked.question import Parameter, Question


def list_questions(name: str | None, *, as_json: bool) -> None:
    """Print the questions, or one. Raises NotFound: none is called so."""
    asked = list(QUESTIONS.values()) if name is None else [question_of(name)]
    if as_json:
        for one in asked:
            print_object(asking_object(one))
        return
    said = questions_in(reader_language())
    print_table(
        [label(one) for one in ("number", "question", "asks", "try")],
        [(one.number, one.name, said[one.name], example_of(one)) for one in asked],
    )
    say(label("{number} shown.").format(number=len(asked)))


def asking_object(one: Question) -> Asking:
    """Return a question as the members of a JSON object."""
    return {
        "number": one.number,
        "name": one.name,
        "en": questions_in(Language.ENGLISH)[one.name],
        "zh": questions_in(Language.CHINESE)[one.name],
        "options": options_of(one),
        "reads": one.reads.value,
        "columns": [column.name for column in fields(one.row)],
        "example": example_of(one),
    }


def options_of(one: Question) -> list[str]:
    """Return the options that a question takes."""
    own = [f"--{parameter.option}" for parameter in one.parameters]
    return [*own, *(["--at"] if one.at else []), "--as-of"]


def example_of(one: Question) -> str:
    """Return a command that asks a question; what it needs stands in it as its help writes it."""
    subjects = [parameter for parameter in one.parameters if parameter.holds is Holds.SUBJECT][:1]
    needed = [parameter for parameter in one.parameters if parameter.holds is not Holds.SUBJECT and parameter.needed]
    return " ".join(("vialog ask", one.name, *(f"--{each.option} {_written(each)}" for each in (*subjects, *needed))))


def _written(one: Parameter) -> str:
    return "2026-01-01" if one.holds is Holds.DAY else (one.of or one.option).upper()
