"""``vialog list``: items, approvals, permits, consignments, parties, sites and cases, narrowed by filters."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, TypeVar

import msgspec
import typer

from api.cli.ask.pages import Pages
from api.cli.output import MOST_ENTRIES, Json, print_object, print_table, say, say_shown
from api.language import reader_language
from api.logs.mirrored import By, From, open_log, say_replay
from api.settings import read_settings
from api.telling.cells import CODES, Cells, in_language
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.states.border import ApprovalStatus, ConsignmentStatus
from ledger.domain.states.permit import PermitStatus
from ledger.domain.states.subjects import CaseStatus, ItemStatus
from ledger.ids import Tag
from projections import lists
from projections.lists import Part, Where, folded

if TYPE_CHECKING:
    from projections.lists import Listing

app = typer.Typer(
    no_args_is_help=True,
    help="List what the record knows: items, approvals, permits, consignments, parties, sites, cases, what is owed.",
)

_NOTHING: Final[tuple[object, ...]] = (None, "", [], ())

Party = Annotated[
    str | None,
    typer.Option("--party", metavar="NAME|ID", help="Only those that a party has, runs, applied for or is named by."),
]
Site = Annotated[str | None, typer.Option("--site", metavar="NAME|ID", help="Only those at a site.")]
Consignment = Annotated[
    str | None, typer.Option("--consignment", metavar="NUMBER|ID", help="Only those of a consignment.")
]
Approval = Annotated[str | None, typer.Option("--approval", metavar="NUMBER|ID", help="Only those under an approval.")]
Text = Annotated[
    str | None, typer.Option("--text", help="Only those with this in a label, number or name, or in the id.")
]
Limit = Annotated[int, typer.Option("--limit", min=0, max=MOST_ENTRIES, help="Show at most so many; 0 for all.")]

After = Annotated[
    str | None, typer.Option("--after", metavar="NAME|ID", help="Only those behind this one, the last of a page.")
]

Row = TypeVar("Row")


class Cut(NamedTuple):
    """Which part of a list is asked for, and of which log, as written.

    limit: 0: all of it. after: the last one of the page before. copy, policy: of a mirror's copy; None: the log itself.
    """

    limit: int
    after: str | None
    copy: Path | None
    policy: Path | None


@app.command("items")
def items(
    *,
    status: Annotated[ItemStatus | None, typer.Option("--status", help="Only those that have come so far.")] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="NAME|ID", help="Only those that a party has.")
    ] = None,
    site: Site = None,
    consignment: Consignment = None,
    approval: Approval = None,
    text: Text = None,
    names: Annotated[
        bool,
        typer.Option("--names", help="Print of all of them what finds each, as a list for `vialog record --from`."),
    ] = False,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List items: what is left of them, who has them, and where; what was made of others counts with their origin."""
    named = {"party": party, "site": site, "consignment": consignment, "approval": approval}
    if names:
        _print_names(status, named, text, (copy, policy))
    else:
        _show(lists.ITEMS, status, named, text, Cut(limit, after, copy, policy), as_json=as_json)


@app.command("approvals")
def approvals(
    *,
    status: Annotated[ApprovalStatus | None, typer.Option("--status", help="Only those of a status.")] = None,
    party: Party = None,
    site: Annotated[str | None, typer.Option("--site", metavar="NAME|ID", help="Only those that name a site.")] = None,
    text: Text = None,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List approvals with their applicant and validity."""
    _show(
        lists.APPROVALS, status, {"party": party, "site": site}, text, Cut(limit, after, copy, policy), as_json=as_json
    )


@app.command("permits")
def permits(
    *,
    status: Annotated[PermitStatus | None, typer.Option("--status", help="Only those of a status.")] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="NAME|ID", help="Only those that a party holds or issued.")
    ] = None,
    approval: Annotated[
        str | None, typer.Option("--approval", metavar="NUMBER|ID", help="Only those that an approval stands on.")
    ] = None,
    text: Text = None,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List permits, the permissions beside the approval form: what each is, who holds it, and until when."""
    _show(
        lists.PERMITS,
        status,
        {"party": party, "approval": approval},
        text,
        Cut(limit, after, copy, policy),
        as_json=as_json,
    )


@app.command("consignments")
def consignments(
    *,
    status: Annotated[ConsignmentStatus | None, typer.Option("--status", help="Only those that are so far.")] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="NAME|ID", help="Only those that name a party.")
    ] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="NAME|ID", help="Only those that go to a site.")] = None,
    approval: Approval = None,
    text: Text = None,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List consignments: how far they are, and how many of their items were received or stated missing."""
    named = {"party": party, "site": site, "approval": approval}
    _show(lists.CONSIGNMENTS, status, named, text, Cut(limit, after, copy, policy), as_json=as_json)


@app.command("parties")
def parties(
    *,
    role: Annotated[Role | None, typer.Option("--role", help="Only those that hold a role.")] = None,
    text: Text = None,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List the registered parties and the roles that they hold."""
    _show(lists.PARTIES, role, {}, text, Cut(limit, after, copy, policy), as_json=as_json)


@app.command("sites")
def sites(
    *,
    use: Annotated[str | None, typer.Option("--use", help="Only those of a use, such as laboratory.")] = None,
    party: Party = None,
    text: Text = None,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List the registered sites: who runs them, and how many items stand in their positions."""
    _show(lists.SITES, use, {"party": party}, text, Cut(limit, after, copy, policy), as_json=as_json)


@app.command("cases")
def cases(
    *,
    status: Annotated[CaseStatus | None, typer.Option("--status", help="Only those that have come so far.")] = None,
    party: Party = None,
    site: Site = None,
    consignment: Consignment = None,
    text: Text = None,
    limit: Limit = 20,
    after: After = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """List cases: orders, transfers, disposals, discrepancies, losses and incidents."""
    named = {"party": party, "site": site, "consignment": consignment}
    _show(lists.CASES, status, named, text, Cut(limit, after, copy, policy), as_json=as_json)


def _show(
    listing: Listing[Row],
    status: str | None,
    named: Mapping[str, str | None],
    text: str | None,
    cut: Cut,
    *,
    as_json: bool,
) -> None:
    """Print a page of a list: rows to stdout, how many there are in all and where they come from to stderr.

    named: the subjects that it is narrowed by, as written, by their type.
    """
    settings = read_settings()
    with open_log(settings, cut.copy, cut.policy) as log:
        labels = Labels(lambda: log.store)
        where = _where(labels, status, named, text)
        after = None if cut.after is None else labels.id_of(cut.after, listing.id_type, "--after")
        part = Part(cut.limit or MOST_ENTRIES, after)
        if log.held is None:
            page, origin = Pages(settings, log.store, labels).page(listing, where, part)
        else:
            page, origin = folded(listing, labels.source, where, part), ""
        for note in labels.notes:
            say(note)
        rows: list[dict[str, Any]] = [msgspec.to_builtins(row, order="deterministic") for row in page.rows]
        if as_json:
            for row in rows:
                print_object(row)
        elif rows:
            rows = [in_language(row, reader_language()) for row in rows]
            ident, called, *others = rows[0]
            kept = [name for name in (called, ident, *others) if any(row[name] not in _NOTHING for row in rows)]
            heads = [name.replace("_", " ") for name in kept]
            cells = Cells(labels, Readers(settings, labels).today, CODES.get(type(page.rows[0]), {}))
            print_table(heads, [[cells.told(name, row[name]) for name in kept] for row in rows])
    say_shown(len(rows), page.total)
    if page.more and rows:
        say(f"The others: --after {rows[-1]['id']}")
    say(origin)
    say_replay(log.held)


def _print_names(
    status: str | None, named: Mapping[str, str | None], text: str | None, source: tuple[Path | None, Path | None]
) -> None:
    """Print a list of items that ``vialog record --from`` takes: labels, or ids where a label is several items'."""
    with open_log(read_settings(), *source) as log:
        labels = Labels(lambda: log.store)
        page = folded(lists.ITEMS, labels.source, _where(labels, status, named, text), Part(MOST_ENTRIES))
        for note in labels.notes:
            say(note)
        written = csv.writer(sys.stdout, lineterminator="\n")
        written.writerows([("item",), *((labels.finding(Tag(row.id)),) for row in page.rows)])
    say_shown(len(page.rows), page.total)


def _where(labels: Labels, status: str | None, named: Mapping[str, str | None], text: str | None) -> Where:
    """Return what a list is narrowed by. named: subjects as written, by their type."""
    ids = {id_type: labels.id_of(one, id_type, f"--{id_type}") for id_type, one in named.items() if one is not None}
    return Where(status=status, text=text, **ids)
