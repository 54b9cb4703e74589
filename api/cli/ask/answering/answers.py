"""An answer on a terminal: a table or blocks, why its rows are there, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from api.asking.cells import columns_of, told
from api.asking.reasons import because, leaned_on, legend
from api.cli.output import print_table
from api.cli.paragraphs import print_named, print_paragraph
from api.language import label
from ledger.words.reader import name_of
from ledger.words.table import questions_in, words_in
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.ids import Tag
    from ledger.words.reader import Reader
    from ledger.words.table import Language
    from projections.asked.answering import Answer
    from projections.asked.question import Question, Row


_BECAUSE: Final = 32  # columns: narrower than that, why a row is there would be a tower of words
_BY_WORD: Final = (
    "This is the operator's word: whether an entry is missing or a signature is false is not shown here. "
    "`vialog log verify` checks the whole log."
)


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
        heads = [*(one.name.replace("_", " ") for one in columns), "because"]
        cells = [
            [*(told(getattr(row, one.name), one, reader) for one in columns), because(row.why, reader)] for row in shown
        ]
        kept = [number for number in range(len(heads)) if any(row[number] for row in cells)]
        print_table([heads[one] for one in kept], [[row[one] for one in kept] for row in cells], last=_BECAUSE)
    else:
        print_paragraph(label("Nothing, as far as the record says.", reader.language))
    _print_legend(shown, reader)
    typer.echo()
    print_named(about_answer(answer, reader, checked))


def _print_legend(shown: Sequence[Row], reader: Reader) -> None:
    told_once = [one for one in legend(shown, reader) if one.rests]
    if not told_once:
        return
    typer.echo(f"\n{label('Why they are here', reader.language)}")
    for one in told_once:
        print_paragraph(one.sentence, f"{one.rests}{words_in(reader.language).form['rule']}")
        rest = [("by", one.clause), ("closed by", one.ends)]
        print_named((f"  {label(name, reader.language)}", value) for name, value in rest)


def about_answer(
    answer: Answer, reader: Reader, checked: Sequence[tuple[str, str]] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what an answer rests on, called in the reader's language. checked: as for ``print_answer``."""
    yield from ((label(name, reader.language), value) for name, value in _rests(answer, reader))
    if checked is None:
        yield label("not checked", reader.language), label(_BY_WORD, reader.language)
    else:
        yield from checked


def _rests(answer: Answer, reader: Reader) -> Iterator[tuple[str, str]]:
    between = words_in(reader.language).form["between"]
    if answer.subject is not None:
        yield "about", _subject(answer.subject, reader)
    for name, value in answer.narrowed.items():
        yield "narrowed to", _narrowed(reader.language)[name].format(value=value)
    yield "calendar", answer.jurisdiction
    yield "as known at", label("position {number}", reader.language).format(number=answer.position)
    if answer.checkpoint is not None:
        yield "checkpoint", _tree(answer, reader.language)
    if answer.until is not None:
        yield "as it was at", zoned(answer.until, reader.zone, reader.language)
    yield "dates as of", zoned(answer.at, reader.zone, reader.language)
    yield "rules", between.join(answer.rules)
    for ground in answer.unverified:
        yield "not verified", leaned_on(ground, reader)


def _tree(answer: Answer, language: Language) -> str:
    """Return in which tree the entries stand that an answer rests on, as far as one is published."""
    size = answer.checkpoint or 0
    if not size:
        return label("none is published yet", language)
    if size < answer.position:
        form = label("the tree of checkpoint {size}; of these positions it leaves out the last {number}", language)
        return form.format(size=size, number=answer.position - size)
    return label("the tree of checkpoint {size}", language).format(size=size)


def _subject(ident: Tag, reader: Reader) -> str:
    """Return what a subject is called, with its id: names are given by those who sign, and may be given twice."""
    called = name_of(ident, reader)
    return called if called == ident else label("{name} ({id})", reader.language).format(name=called, id=ident)


def _narrowed(language: Language) -> Mapping[str, str]:
    return {
        "lot": label("the lot {value} of its maker", language),
        "donor": label("the donor {value}", language),
        "first": label("from {value} on", language),
        "last": label("up to {value}", language),
        "hours": label("{value} hours", language),
        "days": label("{value} days", language),
    }
