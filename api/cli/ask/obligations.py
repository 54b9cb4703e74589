"""``vialog list obligations``: what is owed by the record, by whom, until when and by which rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from api.cli.ask.pages import Pages
from api.cli.output import MOST_ENTRIES, Json, print_object, say, say_shown
from api.cli.paragraphs import print_named, print_paragraph
from api.language import label
from api.logs.mirrored import By, From, open_log, say_replay
from api.settings import read_settings
from api.telling.labels import Labels
from api.telling.moments import instant_of
from api.telling.obligations import foretold_of, told_of
from api.telling.reading import Readers
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.files import refuse_existing, write_new
from ledger.nearest import nearest, suggestion
from ledger.rulepacks.load import load_packs
from ledger.statement.duties import DUTIES
from ledger.words.table import words_in
from ledger.words.times import zoned
from projections.obligations import Asked, Part, Place, Standing, folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.telling.obligations import Foretold
    from ledger.words.reader import Reader
    from projections.obligations import ObligationRow

_SUBJECTS: Final = ("item", "approval", "consignment", "party", "site", "case")


def obligations(
    *,
    status: Annotated[
        Standing | None, typer.Option("--status", help="Only those that stand so; left out: all that have not ended.")
    ] = None,
    duty: Annotated[
        str | None, typer.Option("--duty", metavar="DUTY", help="Only those of one duty, by its id.")
    ] = None,
    item: Annotated[str | None, typer.Option("--item", metavar="LABEL|ID", help="Only those about an item.")] = None,
    approval: Annotated[
        str | None, typer.Option("--approval", metavar="NUMBER|ID", help="Only those about an approval.")
    ] = None,
    consignment: Annotated[
        str | None, typer.Option("--consignment", metavar="NUMBER|ID", help="Only those about a consignment.")
    ] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="NAME|ID", help="Only those that a party owes or is owed.")
    ] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="NAME|ID", help="Only those about a site.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NUMBER|ID", help="Only those about a case.")] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="As they stand then, by all that is told now: a time in UTC, or a day, which ends locally; else now.",
        ),
    ] = None,
    district: Annotated[
        str | None,
        typer.Option(
            "--district",
            metavar="CODE",
            help="Only those about an approval or a site of a district, or that an authority of it owes or is owed.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, max=MOST_ENTRIES, help="Show at most so many; 0 for all.")
    ] = 20,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="PLACE", help="Only those behind this one, as a page names its last."),
    ] = None,
    svg: Annotated[
        Path | None,
        typer.Option("--svg", metavar="FILE", help="Draw how many there are by month into a new SVG picture."),
    ] = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List obligations: what is due, from whom, until when, by which clause, and what closes it; by their dates."""
    settings = read_settings()
    if svg is not None:
        refuse_existing(svg)
    packs = load_packs(settings.rules)
    if duty is not None and duty not in DUTIES:
        raise NotFound(f"no duty is called {duty}: {suggestion(nearest(duty, DUTIES), DUTIES)}")
    instant = SystemClock().now() if at is None else instant_of(at, packs, settings.jurisdiction)
    written = dict(zip(_SUBJECTS, (item, approval, consignment, party, site, case), strict=True))
    with open_log(settings, copy, policy) as log:
        labels = Labels(lambda: log.store)
        subjects = [labels.id_of(one, kind, f"--{kind}") for kind, one in written.items() if one is not None]
        asked = Asked(instant, subjects, status, duty, district)
        part = Part(limit or MOST_ENTRIES, None if after is None else Place.read(after))
        if log.held is None:
            page, origin = Pages(settings, log.store, labels).owed(packs, asked, part)
        else:
            page, origin = folded(labels.source, packs, asked, part), ""
        for note in labels.notes:
            say(note)
        rows, readers = page.rows, Readers(settings, labels)
        if as_json:
            for row in rows:
                print_object(msgspec.to_builtins(row, order="deterministic"))
        elif svg is not None:
            _draw(svg, rows, len(rows) if page.total is None else page.total, asked.at, readers.today)
        else:
            for number, row in enumerate(rows):
                _print(row, readers.of(occurred_at=row.opened_at), first=number == 0)
    say_shown(len(rows), page.total)
    if page.more and rows:
        say(f"The others: --after {rows[-1].place}")
    say(origin)
    say_replay(log.held)


def _draw(file: Path, rows: Sequence[ObligationRow], total: int, at: datetime, reader: Reader) -> None:
    """Draw how many obligations are due in each month, and how they stand. Raises NotFound, OSError."""
    try:
        from api.pictures.drawing import draw
    except ModuleNotFoundError as error:
        raise NotFound(f"pictures need {error.name}: install vialog with its extra, analysis") from None
    from api.pictures.matters import by_month

    shown = label("{number} of {total} obligations", reader.language).format(number=len(rows), total=total)
    as_of = label("dates as of", reader.language) + words_in(reader.language).form["rule"]
    about = (shown, as_of + zoned(at, reader.zone, reader.language))
    title = label("What is owed, by months", reader.language)
    write_new(file, draw(replace(by_month(rows, reader), title=title, about=about), reader.zone.offset))


def _print(row: ObligationRow, reader: Reader, *, first: bool) -> None:
    """Print an obligation as a block: it has more to say than a line of a table holds."""
    if not first:
        print_paragraph("")
    print_named((label(name, reader.language), value) for name, value in told_of(row, reader))


def print_foreseen(row: ObligationRow | Foretold, reader: Reader) -> None:
    """Print an obligation that is not on record yet, or is to end: what is owed, by whom, until when and why."""
    print_named((label(name, reader.language), value) for name, value in foretold_of(row, reader))
