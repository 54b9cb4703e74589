"""The list of questions, each with a command that can be copied; and more of one."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING, Final

import typer

from api.asking.written import question_of
from api.cli.output import print_object, say
from api.cli.paragraphs import print_named, print_paragraph
from api.language import column_head, label, reader_language
from api.logs.served import open_readable
from api.pictures.catalogue import PICTURES
from ledger.errors import LedgerError
from ledger.ids import type_of
from ledger.words.table import Language, questions_in, words_in
from projections.asked.question import Holds
from projections.asked.table import QUESTIONS
from projections.claims.table import CLAIMABLE
from projections.names import Names
from projections.reading import is_event, read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.rows.questions import Asking
    from api.settings import Settings
    from projections.asked.question import Parameter, Question

_LOOKED_AT: Final = 300
"""So many entries are looked at for names to try."""
_DAYS: Final = {"first": "2026-01-01", "last": "2026-12-31"}
_LATER: Final = {"retention-ending": {"last": "2046-12-31"}}
"""Of a question about what is to come, the days to try."""


def list_questions(settings: Settings, name: str | None, *, as_json: bool) -> None:
    """Print the questions, or one with all that it takes. Raises NotFound: none is called so."""
    asked = list(QUESTIONS.values()) if name is None else [question_of(name)]
    known = known_subjects(settings)
    if as_json:
        for one in asked:
            print_object(asking_object(one, known))
        return
    for number, one in enumerate(asked):
        if number:
            typer.echo()
        _print(one, known)
    if name is not None:
        typer.echo()
        print_named((label(one), value) for one, value in _more(asked[0]))
    else:
        typer.echo()
        print_paragraph(
            label(
                "Number 39, whether the log is intact, is answered by `vialog log verify`; "
                "number 40, who looked at what, by `vialog access list`."
            )
        )
    say(label("{number} shown.").format(number=len(asked)))


def _print(one: Question, known: Mapping[str, str]) -> None:
    colon = words_in(reader_language()).form["rule"]
    print_paragraph(f"{one.name}{colon}{questions_in(reader_language())[one.name]}", f"{one.number:>2}  ")
    print_paragraph(example_of(one, known), "    ")


def _more(one: Question) -> Iterator[tuple[str, str]]:
    between = words_in(reader_language()).form["between"]
    yield "takes", between.join(options_of(one))
    yield "columns", between.join(column_head(column.name, reader_language()) for column in fields(one.row)[:-1])
    yield "forms", between.join(_forms(one))
    yield "reads", label(READS[one.reads])
    yield "rests on", label("any rule or obligation") if one.rests is None else between.join(one.rests)


def _forms(one: Question) -> Iterator[str]:
    yield from ("--csv", "--json", "--xlsx FILE")
    if one.name in PICTURES:
        yield "--svg FILE"
    if one.name in CLAIMABLE:
        yield "--evidence FILE"


READS: Final = {
    "subject": "the subject's own events; costs what these are, however long the log is",
    "lineage": "the events of the subject and of what it has to do with, such as what it was made of and came in "
    "under; costs what these are",
    "views": "where views are kept up, the events of the subjects that these list, and of what the rows rest on; costs "
    "what these are; else, or where that is a third of the log or more than ten thousand of its entries, the whole "
    "log, into memory",
    "log": "the whole log, into memory; costs what the log is long",
}
"""What a question reads, and what that costs."""


def known_subjects(settings: Settings) -> dict[str, str]:
    """Return the subject of each type that the beginning of the log here tells most of, by what finds it.

    Nothing where there is no log.
    """
    try:
        with open_readable(settings) as store:
            told = [read_checked(one) for one in store.read(limit=_LOOKED_AT) if is_event(one)]
    except LedgerError:
        return {}
    names, found = Names(told), {"statement": str(told[-1].position)} if told else {}
    most = Counter(tag for event in told for tag in sorted(event.tags))
    for tag, _ in most.most_common():
        called = names.called(tag, reader_language())
        if called is not None and len(names.find(called, type_of(tag))) == 1:
            found.setdefault(type_of(tag), called)
    return found


def asking_object(one: Question, known: Mapping[str, str]) -> Asking:
    """Return a question as the members of a JSON object."""
    return {
        "number": one.number,
        "name": one.name,
        "en": questions_in(Language.ENGLISH)[one.name],
        "zh": questions_in(Language.CHINESE)[one.name],
        "options": options_of(one),
        "reads": one.reads.value,
        "columns": [column.name for column in fields(one.row)],
        "example": example_of(one, known),
    }


def options_of(one: Question) -> list[str]:
    """Return the options that a question takes."""
    own = [f"--{parameter.option}" for parameter in one.parameters]
    return [*own, *(["--at"] if one.at else []), "--as-of"]


def example_of(one: Question, known: Mapping[str, str]) -> str:
    """Return a command that asks a question. known: subjects to ask about, by their types; else a word stands there."""
    subjects = [parameter for parameter in one.parameters if parameter.holds is Holds.SUBJECT][:1]
    needed = [parameter for parameter in one.parameters if parameter.holds is not Holds.SUBJECT and parameter.needed]
    days = _DAYS | _LATER.get(one.name, {})
    given = (f"--{each.option} {_written(each, known, days)}" for each in (*subjects, *needed))
    return " ".join(("vialog ask", one.name, *given))


def _written(one: Parameter, known: Mapping[str, str], days: Mapping[str, str]) -> str:
    if one.holds is Holds.DAY:
        return days[one.option]
    return shlex.quote(known.get(one.of or "", (one.of or one.option).upper()))
