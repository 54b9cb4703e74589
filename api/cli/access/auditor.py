"""``vialog auditor``: let an auditor see what is yours for a time, end that, and list who sees what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import Json, print_object, print_table
from api.cli.paragraphs import print_paragraph
from api.cli.record.acts import record
from api.language import label
from api.logs.served import open_readable
from api.settings import read_settings
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.clock import SystemClock, format_time, parse_time
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.states.audit import Audit
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.ids import Tag
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.rows.subjects import AuditRow
    from projections.source import Source

app = typer.Typer(no_args_is_help=True, help="Let auditors see what is yours, for a time; and list who sees what.")

_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

Keys = Annotated[list[Path], typer.Option("--key", help="A key file to sign with.")]
As = Annotated[Role | None, typer.Option("--role", help="What to speak as, where more than one is possible.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Tell and judge it; record nothing.")]


@app.command("grant", context_settings=_PASSED_ON)
def grant(
    context: typer.Context, *, key: Keys, role: As = None, yes: Yes = False, dry_run: Dry = False, as_json: Json = False
) -> None:
    """Let an auditor see what is yours, until a time; members are options, as `vialog record` takes them.

    \b
    vialog auditor grant --case case:audit-1 --auditor "Riverside Audit" --until 2027-01-31T16:00:00Z --key lab.pem
    vialog auditor grant … --items HC-0033 --items HC-0034

    Without items, approvals and consignments it shows all that you may see as a party, and never more than that.
    """
    record(context, "audit.granted", key=key, role=role, yes=yes, dry_run=dry_run, as_json=as_json)


@app.command("end", context_settings=_PASSED_ON)
def end(
    context: typer.Context, *, key: Keys, role: As = None, yes: Yes = False, dry_run: Dry = False, as_json: Json = False
) -> None:
    """End an audit before its time, as who granted it or as its auditor: --case says which.

    What the auditor has seen it has seen; it sees nothing more by it.
    """
    record(context, "audit.ended", key=key, role=role, yes=yes, dry_run=dry_run, as_json=as_json)


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """List all audits on record: who lets whom see what, until when, and whether it is open."""
    settings = read_settings()
    with open_readable(settings) as store:
        labels = Labels(lambda: store)
        rows = list(_audits(labels.source, SystemClock().now()))
        if as_json:
            for row in rows:
                print_object(row)
            return
        if not rows:
            print_paragraph(label("No audit is on record. `vialog auditor grant` lets an auditor see what is yours."))
            return
        reader = Readers(settings, labels).today
        print_table(
            ("case", "granted by", "auditor", "shows", "ends", "stands"),
            [
                (
                    labels.named(Tag(row["case"])),
                    labels.named(Tag(row["by"])),
                    labels.named(Tag(row["auditor"])),
                    ", ".join(labels.named(Tag(one)) for one in row["subjects"] or (row["party"] or row["by"],)),
                    zoned(parse_time(row["until"]), reader.zone, reader.language),
                    label("in force" if row["stands"] == "open" else row["stands"]),
                )
                for row in rows
            ],
        )


def _audits(source: Source, now: datetime) -> Iterator[AuditRow]:
    """Yield the audits on record, by their cases; costs what the log is long."""
    for case in source.subjects("case"):
        if not isinstance(case, Case) or not isinstance(case.detail, Audit):
            continue
        audit = case.detail
        over = "ended" if case.status is CaseStatus.CLOSED else "over" if audit.until <= now else "open"
        yield {
            "case": case.id,
            "by": str(case.party),
            "auditor": audit.auditor,
            "party": audit.party,
            "subjects": sorted(audit.subjects),
            "start": None if audit.start is None else format_time(audit.start),
            "end": None if audit.end is None else format_time(audit.end),
            "until": format_time(audit.until),
            "disclosures": audit.disclosures,
            "stands": over,
        }
