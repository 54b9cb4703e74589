"""``vialog ask``: the questions that are asked of the record again and again, and their answers."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from api.asking.sheets import cells, heads, write_csv
from api.asking.written import Written, check_options, question_of, read_written
from api.cli.ask.answers import about_answer, print_answer
from api.cli.ask.handing_out import Out, hand_out
from api.cli.ask.questions import list_questions
from api.cli.output import MOST_ENTRIES, Json, head, print_object, say
from api.labels import Labels
from api.language import label
from api.reading import Readers
from api.settings import read_settings
from api.wiring import open_publication, open_store
from ledger.clock import format_time
from ledger.files import refuse_existing, write_new
from ledger.rulepacks.load import load_packs
from ledger.words.table import questions_in
from projections.asked.answering import answer, read
from projections.asked.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.asking.sheets import Cell
    from api.rows.questions import AnswerEnd
    from ledger.words.telling import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Question

_SHOWN: Final = 20
"""So many rows are printed for people where nobody says how many."""
_DAYS: Final = 36_525
"""So many days may be asked for: a hundred years."""
_HOURS: Final = 24 * _DAYS


def ask(
    name: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The name of a question, such as balance; --list has all.")
    ] = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="List the questions, each with a command to try.")] = False,
    item: Annotated[
        str | None, typer.Option("--item", metavar="LABEL|ID", help="The item that is asked about.")
    ] = None,
    approval: Annotated[
        str | None, typer.Option("--approval", metavar="NUMBER|ID", help="The approval that is asked about.")
    ] = None,
    consignment: Annotated[
        str | None, typer.Option("--consignment", metavar="NUMBER|ID", help="The consignment that is asked about.")
    ] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="NAME|ID", help="The party that is asked about.")
    ] = None,
    statement: Annotated[
        str | None, typer.Option("--statement", metavar="POSITION|ID", help="The statement that is asked about.")
    ] = None,
    lot: Annotated[str | None, typer.Option("--lot", help="Only of this lot of its maker.")] = None,
    donor: Annotated[
        str | None, typer.Option("--donor", help="Only of this donor, by the commitment to the code.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day of a period.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day of a period.")] = None,
    hours: Annotated[
        int | None, typer.Option("--hours", min=0, max=_HOURS, help="How many hours; 24 if left out.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=0, max=_DAYS, help="How many days; 90 if left out.")] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="As it was then, by all that is told now: a time in UTC, or a day, which ends locally; else now.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="POSITION|TIME",
            help="As the record said then: what was recorded later, corrections too, is left out.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, max=MOST_ENTRIES, help="Print at most so many rows; 0 for all; people get 20."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence",
            metavar="FILE",
            help="Write the answer, and all it rests on, into a new zip.",
        ),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint",
            metavar="FILE",
            help="With --evidence: under a mirror's checkpoint, in this file.",
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Write all rows into a new XLSX workbook."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
    as_json: Json = False,
) -> None:
    """Ask a question of the record; each row of the answer says why it is there, and the answer what it rests on.

    Which options a question takes, --list says, and `vialog ask QUESTION --list` more of one. What is printed on an
    item, an approval or a consignment stands for its id.

    --at and --as-of may be given together: where something was at a time, as the record said at another.

    With --evidence a question about one subject is asked as of the newest published checkpoint, and answered from the
    events of the subjects that it rests on. All of these go into the file, those of a balance with everything that came
    in under the approval: hand it to who may see that. `vialog evidence ask FILE` computes the answer again offline.
    """
    settings = read_settings()
    if listed or name is None:
        list_questions(settings, name, as_json=as_json)
        return
    question = question_of(name)
    values = (item, approval, consignment, party, statement, lot, donor, first, last, hours, days)
    given = {one.option: value for one, value in zip(PARAMETERS, values, strict=True) if value is not None}
    written = Written(given, at, as_of)
    check_options(question, written)
    packs = load_packs(settings.rules)
    for file in (xlsx, evidence):
        if file is not None:
            refuse_existing(file)
    with open_store(settings) as store:
        labels = Labels(lambda: store)
        asked, position = read_written(question, written, settings, packs, labels)
        if evidence is None:
            found = answer(question, read(store, question, asked, position), position)
        else:
            out = Out(evidence, checkpoint or (), None if as_of is None else position)
            found = hand_out(question, asked, out, store, settings)
        with open_publication(settings) as publication:
            found = replace(found, checkpoint=publication.size())
        for note in labels.notes:
            say(note)
        everything = as_json or as_csv or xlsx is not None
        most = (MOST_ENTRIES if everything else _SHOWN) if limit is None else limit or MOST_ENTRIES
        shown = found.rows[:most]
        reader = Readers(settings, labels).today
        rows = ([*cells(question, row, labels.called)] for row in shown)
        if as_json:
            for row in shown:
                print_object(msgspec.to_builtins(row, order="deterministic"))
            print_object(end_object(question, found))
        elif as_csv:
            write_csv(sys.stdout, heads(question, head), rows)
        elif xlsx is not None:
            _write_xlsx(xlsx, heads(question, head), rows, found, reader)
        else:
            print_answer(question, found, shown, reader)
    if len(shown) < len(found.rows) or everything:
        say(f"{len(shown)} of {len(found.rows)} shown.")


def _write_xlsx(file: Path, head: list[str], rows: Iterator[list[Cell]], found: Answer, reader: Reader) -> None:
    """Write an answer into a new workbook. Raises OSError; BadParameter: it has more rows than a sheet."""
    from api.asking.workbook import MOST_ROWS, workbook

    if len(found.rows) > MOST_ROWS:
        raise typer.BadParameter(f"the answer has {len(found.rows)} rows, more than a sheet; use --csv")
    asks = questions_in(reader.language)[found.question]
    about = [(label("question", reader.language), asks), *about_answer(found, reader)]
    about.append((label("times", reader.language), label("in UTC", reader.language)))
    write_new(file, workbook(head, rows, about, found.at))


def end_object(question: Question, found: Answer) -> AnswerEnd:
    """Return what stands behind the rows of an answer: what it rests on."""
    return {
        "question": question.name,
        "number": question.number,
        "about": found.subject,
        "parameters": dict(found.narrowed),
        "jurisdiction": found.jurisdiction,
        "rows": len(found.rows),
        "as_known_at": found.position,
        "checkpoint": found.checkpoint or 0,
        "as_it_was_at": None if found.until is None else format_time(found.until),
        "dates_as_of": format_time(found.at),
        "rules": list(found.rules),
        "unverified": [
            {"rests": one.rests, "clause": one.clause, "confidence": one.confidence.value} for one in found.unverified
        ],
        "checked": False,
    }
