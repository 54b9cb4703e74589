"""``vialog list obligations``: what is owed by the record, by whom, until when and by which rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from api.cli.ask.pages import Pages
from api.cli.output import MOST_ENTRIES, Json, print_object, say
from api.cli.paragraphs import print_named, print_paragraph
from api.language import label, listed
from api.logs.mirrored import By, From, open_log, say_replay
from api.settings import read_settings
from api.telling.labels import Labels
from api.telling.moments import instant_of
from api.telling.reading import Readers
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.files import refuse_existing, write_new
from ledger.nearest import nearest, suggestion
from ledger.rulepacks.load import load_packs
from ledger.statement.duties import DUTIES
from ledger.words.reader import code_word, name_of
from ledger.words.table import duties_in, kinds_in, rules_in, words_in
from ledger.words.times import zoned
from projections.obligations import Asked, Part, Place, Standing, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from ledger.ids import PartyId
    from ledger.words.reader import Reader
    from projections.obligations import ObligationRow

_FORESEEN: Final = frozenset({"due", "duty", "about", "owed by", "owed to", "by"})
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
            _draw(svg, rows, page.total, asked.at, readers.today)
        else:
            for number, row in enumerate(rows):
                _print(row, readers.of(occurred_at=row.opened_at), first=number == 0)
    say(f"{len(rows)} of {page.total} shown.")
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
    print_named((label(name, reader.language), value) for name, value in _lines(row, reader))


def print_foreseen(row: ObligationRow, reader: Reader) -> None:
    """Print an obligation that is not on record yet, or is to end: what is owed, by whom, until when and why."""
    print_named((label(name, reader.language), value) for name, value in _lines(row, reader) if name in _FORESEEN)


def _lines(row: ObligationRow, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what is told of an obligation, by what it is called."""
    yield "due", _due(row, reader)
    yield "duty", duties_in(reader.language)[row.duty]
    yield "about", _joined((name_of(one, reader) for one in (row.subject, *row.concerns)), reader)
    yield "owed by", _who(row.owed_by, row.debtor, reader)
    yield "owed to", _who(row.owed_to, row.creditor, reader)
    yield "stands", _stands(row, reader)
    opened = label("position {position}, {time}", reader.language)
    yield "opened", opened.format(position=row.opened_by, time=zoned(row.opened_at, reader.zone, reader.language))
    yield "term", _term(row, reader)
    yield "by", _basis(row, reader)
    yield "closed by", _joined((kinds_in(reader.language)[kind].name for kind in row.closes), reader)
    rules = rules_in(reader.language)
    yield "if missed", f"{row.missed} {rules[row.missed]}" if row.missed else label("a finding", reader.language)


def _due(row: ObligationRow, reader: Reader) -> str:
    if row.until is not None:
        return label("until {time}", reader.language).format(time=zoned(row.until, reader.zone, reader.language))
    if row.due is None:
        return label("no date is known", reader.language)
    told = zoned(row.due, reader.zone, reader.language)
    return label("{time} (an estimate)", reader.language).format(time=told) if row.estimate else told


def _stands(row: ObligationRow, reader: Reader) -> str:
    state = code_word("obligation", row.state, reader)
    if row.overdue:
        return label("overdue", reader.language)
    since = row.paused_since or row.ended_at
    if since is None:
        return state
    late = [label("late", reader.language)] if row.late else []
    return listed([state, zoned(since, reader.zone, reader.language), *late], reader.language)


def _who(part: str, party: PartyId | None, reader: Reader) -> str:
    who = code_word("who", part, reader)
    return who if party is None else _qualified(name_of(party, reader), who, reader)


def _term(row: ObligationRow, reader: Reader) -> str:
    """Return the clock: how long, from when, and by which calendar."""
    if row.term is None:
        known = row.due is not None
        return label("the date is stated", reader.language) if known else label("none is known", reader.language)
    unit = code_word("term", row.unit or "", reader)
    since = zoned(row.since, reader.zone, reader.language)
    form = label("{number} {unit} from {time}, calendar {calendar}", reader.language)
    return form.format(number=row.term, unit=unit, time=since, calendar=row.calendar)


def _basis(row: ObligationRow, reader: Reader) -> str:
    """Return edition, clause and how the clause was read."""
    read = code_word("confidence", row.confidence, reader)
    own = label("the ledger's own setting", reader.language)
    clause = _qualified(row.clause, read, reader) if row.clause else own
    return _joined((one for one in (clause, row.edition) if one), reader)


def _qualified(name: str, what: str, reader: Reader) -> str:
    return label("{name} ({kind})", reader.language).format(name=name, kind=what)


def _joined(names: Iterable[str], reader: Reader) -> str:
    return words_in(reader.language).form["between"].join(names)
