"""``vialog ask``: the questions that are asked of the record again and again, and their answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from api.asking.written import Written, check_options, question_of, read_written
from api.cli.ask.answering.forms import Forms, Shown, check_picture, show_answer
from api.cli.ask.answering.handing_out import Out, hand_out
from api.cli.ask.answering.questions import list_questions
from api.cli.ask.answering.reading import read_asked
from api.cli.output import MOST_ENTRIES, Json
from api.logs.mirrored import By, From, open_log
from api.logs.served import reader_of
from api.settings import read_settings
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.files import refuse_existing
from ledger.rulepacks.load import load_packs
from projections.asked.answering import answer, read
from projections.asked.parameters import PARAMETERS
from projections.asked.table import QUESTIONS

_DAYS: Final = 36_525
"""So many days may be asked for: a hundred years."""
_HOURS: Final = 24 * _DAYS


def _begun(incomplete: str) -> list[str]:
    """Return the questions that begin so, for a shell that completes words."""
    return [one for one in QUESTIONS if one.startswith(incomplete)]


def ask(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTION",
            help="The name of a question, such as balance; --list has all.",
            autocompletion=_begun,
        ),
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
    first: Annotated[str | None, typer.Option("--first", metavar="DAY", help="The first day of a period.")] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="DAY", help="The last day of a period.")] = None,
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
    copy: From = None,
    policy: By = None,
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
    svg: Annotated[
        Path | None,
        typer.Option("--svg", metavar="FILE", help="Draw the answer into a new SVG picture."),
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

    With --from any question is asked of a mirror's copy instead, also while the mirror runs: every entry is replayed
    here first, and must be the tree of a checkpoint that your policy believes. That costs what the log is long.
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
    packs, forms = load_packs(settings.rules), Forms(limit=limit, as_json=as_json, as_csv=as_csv, xlsx=xlsx, svg=svg)
    if sum((as_json, as_csv, xlsx is not None, svg is not None)) > 1:
        raise typer.BadParameter("an answer is given in one form: --json, --csv, --xlsx or --svg")
    if svg is not None:
        check_picture(question)
    if evidence is not None and copy is not None:
        raise typer.BadParameter("--evidence is of what is published, and a mirror's copy has no proofs: leave out one")
    for file in (xlsx, svg, evidence):
        if file is not None:
            refuse_existing(file)
    with open_log(settings, copy, policy) as log:
        labels = Labels(lambda: log.store)
        asked, position = read_written(question, written, settings.jurisdiction, packs, labels)
        if evidence is None:
            told, by_views = read_asked(log, settings, question, asked, position)
            found = replace(answer(question, told, position), by_views=by_views)
        else:
            out = Out(evidence, checkpoint or (), None if as_of is None else position)
            found = hand_out(question, asked, out, log.store, settings)
            told = read(log.store, question, asked, found.position)
        found = replace(found, checkpoint=log.published(settings), seen_by=reader_of(log.store, settings))
        show_answer(question, told, found, forms, Shown(labels, Readers(settings, labels).today, log.held))
