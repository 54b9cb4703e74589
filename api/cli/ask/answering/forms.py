"""The forms in which an answer is given: for people, as JSON lines, as CSV, as a workbook and as a picture."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec
import typer

from api.asking.ordering import by_labels
from api.asking.products import with_products
from api.asking.resting import about_answer, end_object, in_sight
from api.asking.sheets import cells, heads, write_csv
from api.cli.ask.answering.answers import print_answer
from api.cli.output import MOST_ENTRIES, print_object, say, say_shown
from api.language import label
from api.logs.mirrored import about_replay
from ledger.errors import NotFound
from ledger.files import write_new
from ledger.words.table import questions_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.asking.sheets import Cell
    from api.telling.labels import Labels
    from ledger.mirror.held import Held
    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked, Question

_SHOWN: Final = 20
"""So many rows are printed for people where nobody says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """In which form an answer is wanted; for people where none is named. limit: at most so many rows; 0: all."""

    limit: int | None
    as_json: bool
    as_csv: bool
    xlsx: Path | None
    svg: Path | None

    @property
    def everything(self) -> bool:
        """Say whether a program reads it, and so gets all rows."""
        return self.as_json or self.as_csv or self.xlsx is not None or self.svg is not None

    @property
    def most(self) -> int:
        """Return how many rows are given at most."""
        if self.limit is None:
            return MOST_ENTRIES if self.everything else _SHOWN
        return self.limit or MOST_ENTRIES


@dataclass(frozen=True, slots=True)
class Shown:
    """Who reads an answer, and with which names. held: the mirror's copy that it was asked of, where it was one."""

    labels: Labels
    reader: Reader
    held: Held | None

    @property
    def checked(self) -> list[tuple[str, str]] | None:
        """Return what was found by replaying the log; None where nobody did."""
        return None if self.held is None else [*about_replay(self.held, self.reader.language)]


def check_picture(question: Question) -> None:
    """Raise BadParameter: nothing is drawn of a question."""
    from api.pictures.catalogue import PICTURES

    if question.name not in PICTURES:
        raise typer.BadParameter(f"there is no picture of {question.name}; there is one of {', '.join(PICTURES)}")


def show_answer(question: Question, asked: Asked, found: Answer, forms: Forms, shown: Shown) -> None:
    """Give an answer in the form that is wanted, and say how many of its rows that are. asked: with its events."""
    for note in shown.labels.notes:
        say(note)
    if found.seen_by is not None:  # beside the answer, which is the same wherever all of the log may be seen
        say(in_sight(found.seen_by, shown.reader))
    rows = by_labels(found.rows, asked.events, shown.reader.language)[: forms.most]
    cut = ([*cells(question, row, shown.labels.called)] for row in rows)
    if forms.as_json:
        for row in rows:
            print_object(msgspec.to_builtins(row, order="deterministic"))
        print_object(end_object(question, found, shown.held))
    elif forms.as_csv:
        write_csv(sys.stdout, heads(question, shown.reader.language), cut)
    elif forms.xlsx is not None:
        _write_xlsx(forms.xlsx, heads(question, shown.reader.language), cut, found, shown)
    elif forms.svg is not None:
        _write_svg(forms.svg, asked, replace(found, rows=rows), shown)
    else:
        told = replace(found, seen_by=None)
        print_answer(question, told, rows, with_products(shown.reader, asked.events), shown.checked)
    if len(rows) < len(found.rows) or forms.everything:
        say_shown(len(rows), len(found.rows))


def _write_xlsx(file: Path, head: list[str], rows: Iterator[list[Cell]], found: Answer, shown: Shown) -> None:
    """Write an answer into a new workbook. Raises OSError; BadParameter: it has more rows than a sheet."""
    from api.asking.workbook import MOST_ROWS, workbook

    if len(found.rows) > MOST_ROWS:
        raise typer.BadParameter(f"the answer has {len(found.rows)} rows, more than a sheet; use --csv")
    language = shown.reader.language
    about = [
        (label("question", language), questions_in(language)[found.question]),
        *about_answer(found, shown.reader, shown.checked),
        (label("times", language), label("in UTC", language)),
    ]
    write_new(file, workbook(head, rows, about, found.at))


def _write_svg(file: Path, asked: Asked, found: Answer, shown: Shown) -> None:
    """Write the picture of an answer into a new file. Raises OSError."""
    from api.pictures.catalogue import picture_of

    try:
        from api.pictures.drawing import draw
    except ModuleNotFoundError as error:
        raise NotFound(f"pictures need {error.name}: install vialog with its extra, analysis") from None

    about = about_answer(found, shown.reader, shown.checked)
    reader = with_products(shown.reader, asked.events)
    write_new(file, draw(picture_of(asked, found, reader, about), reader.zone.offset))
