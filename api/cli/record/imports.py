"""``vialog import``: a manifest becomes signed statements, all of it or, when told so, all that is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from api.cli.exits import EXITS, OK
from api.cli.output import Json, counted, print_object, say
from api.cli.passphrases import open_key
from api.cli.record.manifests.importing import Importing
from api.cli.record.manifests.previews import passed_over, print_rows, say_encoding
from api.cli.record.manifests.proposing import Asked, propose_mapping
from api.drafts.acts.authors import author_of
from api.language import listed, spoken
from api.logs.served import open_recording
from api.manifests.layout import BUILT_IN, Layout
from api.manifests.lines import Rows
from api.manifests.mapping import read_layout
from api.manifests.problems import spans
from api.manifests.reading.sheets import read_manifest
from api.manifests.statements import Plan, Planned, plan_import
from api.settings import read_settings
from api.telling.labels import open_labels
from ledger.clock import SystemClock, parse_time
from ledger.domain.bodies.vocabulary import Role
from ledger.errors import Malformed
from ledger.rulepacks.load import load_packs
from ledger.service import Submission
from ledger.statement.authoring import Author, Circumstances, make_statement
from ledger.statement.form.header import Capture, CaptureMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.rows.record import Preview

_NOTHING: Final = "Nothing was imported."
_MOST_SHOWN: Final = 50


def import_(
    manifest: Annotated[Path, typer.Argument(help="XLSX, or CSV in UTF-8 separated by commas, semicolons or tabs.")],
    *,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The key file to sign with; its party and person are what the log enrolled it for."),
    ] = None,
    propose: Annotated[
        bool,
        typer.Option("--propose", help="Propose a mapping for this manifest, and write it to a file; import nothing."),
    ] = False,
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="With --propose: what each statement is; item.listed/1 if left out."),
    ] = None,
    rows: Annotated[
        str | None, typer.Option("--rows", help="With --propose: the list of the statement that each row adds to.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="With --propose: the sheet of a workbook.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="With --propose: the file for the mapping; list.toml for list.xlsx if left out."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            help="How columns become members, in TOML; left out, "
            "the headers consignment, approval, line, item, label, quantity, unit and lot are known, and those "
            "of what a sample is.",
        ),
    ] = None,
    role: Annotated[Role | None, typer.Option("--role", help="What to speak as, where more than one is possible.")] = (
        None
    ),
    constant: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="MEMBER=VALUE",
            help="Fix a member of every statement, such as consignment=consignment:C1; may be repeated.",
        ),
    ] = None,
    occurred_at: Annotated[
        str | None, typer.Option("--occurred-at", help="When it happened, in UTC; now if left out.")
    ] = None,
    acknowledge: Annotated[
        list[str] | None,
        typer.Option(
            "--acknowledge",
            metavar="RULE=REASON",
            help="Record breaches of a rule, with a reason code; may be repeated.",
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="The reason code of every statement.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and preview, with --key judge too; record nothing.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Import all that is right, in spite of problems.")
    ] = (False),
    as_json: Json = False,
) -> None:
    """Import a manifest: each row becomes part of a statement, signed with your key.

    Where an id goes, a cell may have what is printed on what is meant: a label, a number, a name.

    Every problem is named by line and column, the first 50 of them. With any problem nothing is imported, unless
    --keep-going says to import the rest. All statements are recorded together or, if one is refused, none of them.
    Formulas are not computed: what the spreadsheet stored last counts.
    """
    constants = dict(map(_pair, constant or ()))
    asked = {"--kind": kind, "--rows": rows, "--sheet": sheet, "--out": out}
    if propose:
        _check_unused({"--mapping": mapping, "--key": key}, "does not go with --propose")
        propose_mapping(manifest, Asked(kind or BUILT_IN.kind, rows, sheet, out), constants, as_json=as_json)
        return
    _check_unused(asked, "goes with --propose alone: the mapping says it")
    settings = read_settings()
    layout = (read_layout(mapping) if mapping else BUILT_IN).with_constants(constants)
    packs = load_packs(settings.rules).at_instant(settings.jurisdiction, SystemClock().now())
    read = read_manifest(manifest, layout.encoding)
    if layout.encoding is None:
        say_encoding(read)
    layout.check_for(manifest.name, read.digest)
    table = read.sheet(layout.sheet, layout.where)
    with open_labels(settings) as labels:
        plan = plan_import(manifest.name, table, layout, packs.units, labels.find_in_manifest)
    for note in dict.fromkeys(labels.notes):
        say(note)
    _say_problems(plan, as_json=as_json)
    worst = EXITS[Malformed] if plan.problems else OK
    if dry_run:
        _preview(plan, layout, as_json=as_json)
    if key is not None if dry_run else keep_going or not plan.problems:
        said = Circumstances(
            occurred_at=_instant(occurred_at),
            capture=Capture(CaptureMode.IMPORT, source=read.digest),
            reason=reason,
            acknowledges=dict(map(_pair, acknowledge or ())),
        )
        with open_recording(settings) as recording:
            author = author_of(recording.store, open_key(settings, _named(key)), layout.of_kind, role)
            places = Rows(layout.rows, layout.unique)

            def sign(one: Planned) -> Submission:
                return _sign(recording.store.origin, layout, one, author, replace(said, beside=plan.beside(one)))

            importing = Importing(recording, manifest.name, places, sign, as_json)
            goods = len(table.rows) - len(plan.passed)
            worst = max(worst, _recorded(importing, plan, goods, keep_going=keep_going, record=not dry_run))
    elif not dry_run:
        say(_NOTHING)
    if dry_run:
        say("Nothing was recorded." if key else "Nothing was recorded or judged: with --key it is judged too.")
    if worst != OK:
        raise typer.Exit(worst)


def _check_unused(options: Mapping[str, object], because: str) -> None:
    for name, given in options.items():
        if given is not None:
            raise typer.BadParameter(because, param_hint=name)


def _named(key: Path | None) -> Path:
    if key is None:
        raise typer.BadParameter("to import, name the key file to sign with", param_hint="--key")
    return key


def _recorded(importing: Importing, plan: Plan, rows: int, *, keep_going: bool, record: bool) -> int:
    """Record a plan, or only judge it, say what came of it, and return the exit code.

    rows: how many the manifest has, wrong ones included.
    """
    if not record:
        return importing.together(plan.statements, record=False)
    if keep_going:
        worst, recorded = importing.what_is_right(plan.statements)
        say(f"Imported {recorded} of {counted(rows, 'row')}.")
        return worst
    worst = importing.together(plan.statements)
    imported = f"Imported {counted(rows, 'row')} in {counted(len(plan.statements), 'statement')}."
    say(imported if worst == OK else _NOTHING)
    return worst


def _sign(origin: str, layout: Layout, planned: Planned, author: Author, said: Circumstances) -> Submission:
    body = msgspec.convert(planned.body, layout.of_kind.body)
    made = make_statement(origin, body, [author], said)
    return Submission(made.envelope, made.disclosures)


def _say_problems(plan: Plan, *, as_json: bool) -> None:
    """Print the first problems, and how many there are beyond them."""
    for problem in plan.problems[:_MOST_SHOWN]:
        if as_json:
            _say_object(
                {"file": problem.file, "line": problem.line, "column": problem.column, "problem": problem.problem}
            )
        else:
            say(f"error: {problem}")
    if more := plan.problems[_MOST_SHOWN:]:
        rest = f"and {counted(len(more), 'problem')} more, in {spans(problem.line for problem in more)}"
        if as_json:
            _say_object({"problem": rest})
        else:
            say(f"error: {rest}")
    if not as_json:
        _say_left_out(plan)


def _say_left_out(plan: Plan) -> None:
    """Say which lines, columns and sheets are not imported, though nothing is wrong with them."""
    if plan.passed:
        say(passed_over(plan))
    if plan.unused:
        say(f"Columns that are not imported: {listed(plan.unused)}")
    if plan.others:
        say(f"Sheets that are not imported: {listed(plan.others)}")


def _say_object(said: dict[str, object]) -> None:
    """Print a problem of the manifest to stderr as every error is printed there."""
    error = {"answer": Malformed.__name__, "code": EXITS[Malformed]}
    typer.echo(msgspec.json.encode({"error": error | said}).decode(), err=True)


def _preview(plan: Plan, layout: Layout, *, as_json: bool) -> None:
    rows = sum(len(planned.lines) for planned in plan.statements)
    if as_json:
        said: Preview = {
            "kind": layout.kind,
            "rows": rows,
            "statements": len(plan.statements),
            "problems": len(plan.problems),
            "passed_over": [{"line": line, "reason": reason} for line, reason in plan.passed],
            "unused_columns": list(plan.unused),
            "unused_sheets": list(plan.others),
        }
        print_object(said)
        return
    print_rows(layout, plan)
    made = f"{counted(rows, 'row')} in {counted(len(plan.statements), 'statement')} of {layout.kind}"
    typer.echo(spoken(f"{made}; {counted(len(plan.problems), 'problem')}"))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise typer.BadParameter(f"{text} is not written NAME=VALUE")
    return name, value


def _instant(text: str | None) -> datetime:
    if text is None:
        return SystemClock().now()
    try:
        return parse_time(text)
    except ValueError as error:
        raise Malformed("STM-34", "--occurred-at", str(error)) from None
