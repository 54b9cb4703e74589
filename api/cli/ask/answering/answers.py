"""An answer on a terminal: a table or blocks, why its rows are there, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from api.asking.cells import columns_of, told
from api.asking.reasons import because, legend
from api.asking.resting import about_answer
from api.asking.sums import is_unexplained, sums
from api.cli.output import print_table
from api.cli.paragraphs import print_named, print_paragraph
from api.language import column_head, label
from ledger.words.table import questions_in, words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Question, Row


_BECAUSE: Final = 32  # columns: narrower than that, why a row is there would be a tower of words


def print_answer(
    question: Question,
    answer: Answer,
    shown: Sequence[Row],
    reader: Reader,
    checked: Sequence[tuple[str, str]] | None = None,
) -> None:
    """Print an answer.

    shown: those of its rows that are printed. checked: what was found of it, as it is printed; None: nobody checked it.
    """
    print_paragraph(questions_in(reader.language)[question.name])
    typer.echo()
    if shown:
        columns = columns_of(question.row)
        heads = [*(column_head(one.name, reader.language) for one in columns), label("because", reader.language)]
        cells = [
            [*(told(getattr(row, one.name), one, reader) for one in columns), because(row.why, reader)] for row in shown
        ]
        kept = [number for number in range(len(heads)) if any(row[number] for row in cells)]
        print_table([heads[one] for one in kept], [[row[one] for one in kept] for row in cells], last=_BECAUSE)
    else:
        print_paragraph(label("Nothing, as far as the record says.", reader.language))
        _print_narrowed(question, answer, reader)
    for told_sum in sums(answer.rows, reader):
        typer.echo()
        print_paragraph(told_sum)
    if is_unexplained(answer.rows):
        pointer = "`vialog ask open-lines` tells by which statements a line does not close."
        print_paragraph(label(pointer, reader.language))
    _print_legend(shown, reader)
    typer.echo()
    print_named(about_answer(answer, reader, checked))


def _print_narrowed(question: Question, answer: Answer, reader: Reader) -> None:
    """Say by which numbers nothing was found, for who left them out: others may find something."""
    form = label("It was asked with --{option} {value}; another number may find more.", reader.language)
    for one in question.parameters:
        if one.default is not None:
            print_paragraph(form.format(option=one.option, value=answer.narrowed[one.member]))


def _print_legend(shown: Sequence[Row], reader: Reader) -> None:
    told_once = legend(shown, reader)
    if not told_once:
        return
    typer.echo(f"\n{label('Why they are here', reader.language)}")
    for one in told_once:
        if one.rests:
            print_paragraph(one.sentence, f"{one.rests}{words_in(reader.language).form['rule']}")
        else:
            print_paragraph(label("It is on record.", reader.language))
        rest = [("by", one.clause), ("closed by", one.ends)]
        print_named((f"  {label(name, reader.language)}", value) for name, value in rest)
