"""`vialog views`: how the views of the log stand, and making, checking, following and showing them."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.operate.serve import prepare_to_serve
from api.cli.operate.views_export import export
from api.cli.output import Json, print_object, print_pairs, print_table, progress, say
from api.language import column_head, reader_language, spoken
from api.logs.wiring import check_here, kept_up, open_publication, open_store, open_views
from api.settings import read_settings
from api.telling.approvals import balance_object
from ledger.clock import SystemClock, format_time
from ledger.errors import NotFound
from ledger.nearest import nearest, suggestion
from ledger.quantity import format_decimal
from ledger.words.reader import Reader, code_word
from projections.booking import Flow
from projections.database.tables import Tables
from projections.running.checking import check as check_views
from projections.running.keeping import Keeping
from projections.running.looking import look
from projections.running.rebuilding import rebuild as rebuild_views
from projections.views.acts.bookings import BOOKINGS
from projections.views.acts.lines import LINES
from projections.views.balances import balances
from projections.views.catalogue import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.logs.wiring import Views
    from api.rows.operate import Following, ViewBalance, ViewChecked, ViewRow, ViewsMade
    from ledger.store.port import Store
    from projections.database.tables import Progress, Standing
    from projections.views.view import View

_MOST: Final = 10_000

app = typer.Typer(help="Look at the views of the log, make them anew, check them, follow the log into them.")
app.command("export")(export)


@app.callback(invoke_without_command=True)
def group(context: typer.Context) -> None:
    """Look at the views of the log, make them anew, check them, follow the log into them."""
    if context.invoked_subcommand is None:
        stand(as_json=False)


@app.command("list")
def stand(*, as_json: Json = False) -> None:
    """Show how each view stands: up to which event it is applied, how far behind that is, and what is being made anew.

    checkpoint is the largest one that the events applied were held against. While views are made anew, the old ones are
    followed and answer.
    """
    with _opened() as views:
        rows = _rows(views)
    if as_json:
        for row in rows:
            print_object(row)
        return
    making = ("rebuilding", "rate", "left") if "rebuilding" in rows[0] else ()
    names = ("view", "state", "position", "lag", "behind", "checkpoint", *making)
    print_table(names, [[_stated(name, row.get(name)) for name in names] for row in rows])
    if rows[0]["stopped"] is not None:
        say(f"the views go on no more: {rows[0]['stopped']}")


@app.command()
def rebuild(*, as_json: Json = False) -> None:
    """Make all views anew from the first entry, beside the old ones, which answer until the new ones take their place.

    What is recorded meanwhile is taken in. Needs memory as there are items and approvals.
    """
    with _opened() as views, progress("Making") as shown:
        task, begun = shown.add_task("make", total=None), monotonic()
        made = rebuild_views(
            views.log, views.session, lambda at, head: shown.update(task, completed=at, total=max(head, 1))
        )
        rate = made.position / max(monotonic() - begun, 0.001)
    said: ViewsMade = {
        "views": len(VIEWS),
        "position": made.position,
        "checkpoint": made.bound.checked,
        "rate": round(rate, 1),
    }
    print_object(said) if as_json else print_pairs(said.items())


@app.command()
def check(*, as_json: Json = False) -> None:
    """Fold the log again from its first entry, and compare every row of every view with what that makes.

    The first row that differs is named, with exit code 10. Needs memory as there are items and approvals.
    """
    with _opened() as views, progress("Checking") as shown:
        task = shown.add_task("check", total=None)
        checked = check_views(
            views.log, Tables(views.session), lambda at, last: shown.update(task, completed=at, total=max(last, 1))
        )
    rows: list[ViewChecked] = [
        {"view": name, "position": checked.position, "rows": count, "checkpoint": checked.checkpoint}
        for name, count in checked.rows.items()
    ]
    if as_json:
        for row in rows:
            print_object(row)
    else:
        print_table(("view", "position", "rows", "checkpoint"), [tuple(row.values()) for row in rows])


@app.command()
def follow(
    *,
    until_eof: Annotated[
        bool, typer.Option("--until-eof", help="End when standard input does: for a program that starts this one.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Follow the log into the views until stopped; make them anew where there are none of this version.

    `vialog serve` runs it beside itself; it can be a service of its own too. Of several processes one follows, and
    another takes its place when it ends. What cannot be applied stops it with exit code 10 or 11, and every answer says
    so.
    """
    settings = read_settings()
    check_here(settings)
    prepare_to_serve()
    if until_eof:
        Thread(target=_leave_at_eof, name="eof", daemon=True).start()
    with _opened() as views, kept_up(settings):
        if as_json:
            row: Following = {"log": views.log.store.origin}
            print_object(row)
        Keeping(views.log, views.session).run(Event())


def _leave_at_eof() -> None:
    """End as by a signal once standard input has ended: whoever had its other end is gone."""
    while os.read(sys.stdin.fileno(), 1_024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@app.command()
def show(
    view: Annotated[str, typer.Argument(help="The view, as `vialog views` calls it.")],
    *,
    after: Annotated[str, typer.Option("--after", help="Only what belongs to subjects behind this id.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=_MOST, help="How many rows at most.")] = 50,
    as_json: Json = False,
) -> None:
    """Show rows of a view, in the order of the subjects that they belong to."""
    wanted = _view(view)
    with _opened() as views, Tables(views.session).still() as still:
        names, rows = still.page(wanted, after, limit)
        _say_standing(still.standing)
    if as_json:
        for row in rows:
            print_object(dict(zip(names, row, strict=True)))
    else:
        print_table([name.replace("_", " ") for name in names], [[_cell(cell) for cell in row] for row in rows])


@app.command()
def balance(*, as_json: Json = False) -> None:
    """Show the mass balance of every approval line with items, summed up from the bookings.

    Every change of an amount is booked, so that listed is on hand and all that went out; difference is what was written
    off less what was listed.
    """
    with _opened() as views, Tables(views.session).still() as still:
        rows = balances(still.every(LINES), still.ask(BOOKINGS, "sums"))
        _say_standing(still.standing)
    objects: list[ViewBalance] = [{**balance_object(row), "approval": row.approval} for row in rows]
    if as_json:
        for one in objects:
            print_object(one)
        return
    seen = [flow for flow in Flow if any(row.flows[flow] for row in rows)]
    reader = Reader(reader_language())
    heads = (code_word("flow", flow, reader) for flow in seen)
    there = (column_head(name, reader_language()) for name in ("on_hand", "in_transit", "in_use", "difference"))
    print_table(
        ("approval", "line", "unit", "approved", "written off", *heads, *there),
        [_balance_cells(one, seen) for one in objects],
    )


def _balance_cells(one: ViewBalance, seen: Sequence[Flow]) -> list[object]:
    papers = (one["approval"], one["line"], one["unit"], one["approved"], one["written_off"])
    there = (one["on_hand"], one["in_transit"], one["in_use"], one["difference"])
    return [*papers, *(one["flows"][flow] for flow in seen), *there]


def _say_standing(standing: Standing) -> None:
    if standing.stopped is not None:
        say(f"the views go on no more: {standing.stopped}")
    say(
        f"As of position {standing.position}; the log was held against the checkpoint of {standing.bound.checked}; "
        "these rows are the operator's word: `vialog views check`."
    )


@contextmanager
def _opened() -> Iterator[Views]:
    settings = read_settings()
    with (
        open_store(settings) as store,
        open_publication(settings) as publication,
        open_views(settings, store, publication) as views,
    ):
        yield views


def _view(name: str) -> View:
    found = next((one for one in VIEWS if one.name == name), None)
    if found is None:
        names = [one.name for one in VIEWS]
        raise NotFound(f"there is no view {name}; {suggestion(nearest(name, names), names)}")
    return found


def _rows(views: Views) -> list[ViewRow]:
    tables, store = Tables(views.session), views.log.store
    found, made = look(tables, store.head()), tables.progress()
    row: ViewRow = {
        "view": "",
        "state": found.state,
        "position": found.position,
        "lag": found.lag,
        "behind": _behind(store, found.position) if found.lag else 0.0,
        "checkpoint": found.checkpoint,
        "stopped": found.stopped,
    }
    if made is not None and made.going:
        row = _making(row, made)
    return [{**row, "view": view.name} for view in VIEWS]


def _behind(store: Store, position: int) -> float:
    """Return for how many seconds the first event that is not applied has been recorded."""
    waiting = next(store.read(position, 1), None)
    return 0.0 if waiting is None else round(max(0.0, (SystemClock().now() - waiting.recorded).total_seconds()), 1)


def _making(row: ViewRow, made: Progress) -> ViewRow:
    rate = made.position / made.seconds if made.seconds else 0.0
    row = {**row, "rebuilding": made.position, "rate": round(rate, 1)}
    return {**row, "left": round((made.head - made.position) / rate, 1)} if rate else row


def _stated(name: str, value: object) -> object:
    """Return a cell of how a view stands; the code of its state in the reader's words."""
    return spoken(STATES[str(value)]) if name == "state" else _cell(value)


STATES: Final = {
    "current": "up to date",
    "behind": "lacks the newest",
    "stopped": "goes on no more",
    "none": "not made yet",
    "other-version": "of another version",
}
"""What people are told of how views stand."""


def _cell(value: Any) -> object:  # noqa: ANN401  a cell of whatever view
    match value:
        case list():
            return " ".join(map(str, value))
        case datetime():
            return format_time(value)
        case Decimal():
            return format_decimal(value)
        case bool():
            return spoken(str(value))
        case _:
            return value
