"""``vialog approval``: what the record says about one approval, and what became of what came in under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.answers import told_about
from api.asking.resting import in_sight
from api.cli.output import At, Json, print_object, print_pairs, print_table, say
from api.language import column_head, label
from api.logs.served import open_readable, reader_of
from api.settings import read_settings
from api.telling.approvals import approval_object, balance_object, line_object, product_in, share_object
from api.telling.histories import happened, history_of
from api.telling.labels import Labels
from api.telling.moments import read_moment
from api.telling.reading import Readers
from ledger.clock import format_time
from ledger.domain.fold import effective
from ledger.domain.shares import shares_of
from ledger.domain.states.border import Approval
from ledger.ids import Tag
from ledger.words.reader import code_word
from ledger.words.sentences import breach_told
from ledger.words.table import kinds_in, words_in
from projections.balance import mass_balance
from projections.booking import Flow
from projections.reading import is_event, read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.rows import subjects as rows
    from ledger.domain.judging import Event
    from ledger.words.reader import Reader

app = typer.Typer(no_args_is_help=True, help="Look at single approvals.")


@app.callback()
def group() -> None:
    """Look at single approvals."""


@app.command("show")
def show(
    approval: Annotated[str, typer.Argument(help="Its number as printed, or its id, approval:….")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show an approval: its state, what may still be declared on each line, and the mass balance of its items.

    Where statements broke its terms, these breaches are shown. Of an approval for several sites each line says what is
    allotted to a site, what is there, and what it sent on to others.

    The balance says what was listed under each line, and how much of it is on hand, was used, sampled, disposed of and
    so on; the difference is what was written off less what was listed. The whole log is read for it, into memory: it
    takes as long as the log is.

    With --at and a position, what was recorded later is left out; with a time, what happened later, by all that is told
    now.
    """
    settings = read_settings()
    moment = read_moment(at, settings)
    with open_readable(settings) as store:
        labels = Labels(lambda: store)
        tag = labels.id_of(approval, "approval", "APPROVAL")
        history = history_of(store, tag, moment.position, moment.instant)
        subject = history.subject
        if not isinstance(subject, Approval):
            raise TypeError("an approval's tag folds to an approval")
        events = (read_checked(one) for one in store.read(limit=history.position) if is_event(one))
        counting = happened(effective(events), moment.instant)
        balance = [row for row in mass_balance(counting) if row.approval == subject.id]
        said: rows.ApprovalShown = {
            "as_known_at": history.position,
            "as_of": None if moment.instant is None else format_time(moment.instant),
            "approval": approval_object(subject),
            "lines": [line_object(number, line) for number, line in sorted(subject.lines.items())],
            "shares": [share_object(subject, one) for one in shares_of(subject)],
            "balance": [balance_object(row) for row in balance],
            "breaches": [row for event in history.events for row in _breaches(tag, event)],
        }
        if as_json:
            print_object(said)
            return
        readers = Readers(settings, labels)
        if (seen_by := reader_of(store, settings)) is not None:
            say(in_sight(seen_by, readers.today))
        _print(said, labels, readers.today)
        _print_breaches([row for event in history.events for row in _told(tag, event, readers)])


def _print(said: rows.ApprovalShown, labels: Labels, reader: Reader) -> None:
    lines: Sequence[Mapping[str, Any]] = said["lines"]
    balance: Sequence[Mapping[str, Any]] = said["balance"]
    state = ((name, _state(name, value, labels, reader)) for name, value in said["approval"].items())
    print_pairs((name, told) for name, told in state if told)
    known = label("Lines, as known at position {position}")
    if said["as_of"] is not None:
        known = label("Lines as of {time}, as known at position {position}")
    typer.echo(f"\n{known.format(position=said['as_known_at'], time=said['as_of'])}")
    columns = ("line", "product", "unit", "approved", "reserved", "written_off", "remaining")
    called = [{**line, "product": product_in(line, reader.language)} for line in lines]
    print_table(_heads(columns), [[_cell(line, name, labels, reader) for name in columns] for line in called])
    if said["shares"]:
        typer.echo(f"\n{label('Shares of the sites')}")
        columns = ("line", "site", "unit", "allotted", "at the site", "sent on", "named")
        shares: Sequence[Mapping[str, Any]] = [
            {**one, "at the site": one["there"], "sent on": one["sent"]} for one in said["shares"]
        ]
        print_table(_heads(columns), [[_cell(one, name, labels, reader) for name in columns] for one in shares])
    typer.echo(f"\n{label('Mass balance of the items')}")
    seen = [flow for flow in Flow if any(row["flows"][flow] != "0" for row in balance)]
    parts = tuple(one for one in ("in_transit", "in_use") if any(row[one] != "0" for row in balance))
    first, last = ("line", "unit", "approved", "written_off"), ("on_hand", *parts, "difference")
    stands = (column_head(one, reader.language) for one in last)
    print_table(
        (*_heads(first), *(code_word("flow", flow, reader) for flow in seen), *stands),
        [
            [
                *(_cell(row, one, labels, reader) for one in first),
                *(row["flows"][flow] for flow in seen),
                *(row[one] for one in last),
            ]
            for row in balance
        ],
    )


_TABLES: Final = {
    "status": "approval_status",
    "direction": "direction",
    "write_off": "write_off",
    "purposes": "purpose",
    "unit": "unit",
}
"""The tables of the codes that an approval and its lines have."""


def _state(name: str, value: object, labels: Labels, reader: Reader) -> str:
    """Return a member of an approval for people."""
    values = [str(one) for one in (value if isinstance(value, list) else [value]) if one]
    told = (code_word(_TABLES[name], one, reader) if name in _TABLES else labels.told(one) for one in values)
    return words_in(reader.language).form["between"].join(told)


def _cell(row: Mapping[str, Any], name: str, labels: Labels, reader: Reader) -> object:
    """Return a cell of a table for people."""
    value = row[name]
    if isinstance(value, bool):
        return label("yes" if value else "no", reader.language)
    return _state(name, value, labels, reader) if isinstance(value, str) else value


def _print_breaches(breaches: Sequence[tuple[object, ...]]) -> None:
    if breaches:
        typer.echo(f"\n{label('Breaches of the approval')}")
        print_table(("position", "kind", "rule", "problem", "reason"), breaches)


def _told(approval: Tag, event: Event[Any], readers: Readers) -> Iterator[tuple[object, ...]]:
    """Yield the breaches of an approval as they are told to people."""
    reader, reasons = readers.of(event.rules, event.said.occurred_at), event.said.acknowledged or {}
    kind = kinds_in(reader.language)[event.said.kind].name
    for breach in (one for one in event.breaches if one.concerns(approval)):
        told, reason = breach_told(breach.among(()), reader), reasons.get(breach.rule, "")
        yield event.position, kind, breach.rule, told, code_word("reason", reason, reader)


def _breaches(approval: Tag, event: Event[Any]) -> list[rows.ApprovalBreach]:
    return [{"position": event.position, "kind": event.said.kind, **one} for one in told_about(approval, event)]


def _heads(names: tuple[str, ...]) -> list[str]:
    return [name.replace("_", " ") for name in names]
