"""``vialog inbox``: what a service noted to fall due, for who asks; ``vialog digest``: what falls due, from the log."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.access.token import Key, Url, session_at
from api.cli.output import MOST_ENTRIES, Json, print_object, print_table, say
from api.logs.mirrored import By, From, open_log, say_replay
from api.rows.notices import InboxShown
from api.settings import read_settings
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.files import refuse_existing, write_new
from ledger.ids import PartyId, Tag
from ledger.rulepacks.load import load_packs
from projections.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.rows.notices import NoticeRow
    from api.telling.digests import Digest
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Readable
    from projections.digest import Day

_PATH = "/v1/inbox"


def inbox(
    *,
    key: Key,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many notices at most.")] = 100,
    after: Annotated[int | None, typer.Option("--after", min=1, help="Begin behind the notice of this number.")] = None,
    read: Annotated[bool, typer.Option("--read", help="Mark what is shown as read by you.")] = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List what a service noted to fall due soon or to be overdue for your party, and how it stands now.

    The newest first. It is a convenience: what is owed in all is told by `vialog list obligations`.
    """
    page = [("limit", str(limit)), *([] if after is None else [("after", str(after))])]
    with session_at(key, url) as service:
        said = service.ask("GET", _PATH, query=page).said(InboxShown)
        if read and said["rows"]:
            up_to = json.dumps({"up_to": said["rows"][0]["number"]}).encode()
            service.ask("POST", f"{_PATH}/read", up_to)
    if as_json:
        for row in said["rows"]:
            print_object(row)
    else:
        _print(said["rows"])
    if said["late"]:
        say("Nobody has looked for minutes at what falls due: what has fallen due since is not here.")
    if said["waiting"]:
        say(f"{len(said['waiting'])} open statements wait for your party's signature: `vialog statement waiting`")
    if said["more"]:
        say(f"The others: --after {said['rows'][-1]['number']}")


def _print(rows: Sequence[NoticeRow]) -> None:
    if not rows:
        say("Nothing was noted for you.")
        return
    print_table(
        ("number", "what", "duty", "about", "due", "stands", "opened by", "unread"),
        [
            (
                str(row["number"]),
                row["what"],
                row["duty"],
                row["subject"],
                row["due"],
                _stands(row["obligation"]),
                str(row["opened_by"]),
                "*" if row["unread"] else "",
            )
            for row in rows
        ],
    )


def _stands(owed: dict[str, Any] | None) -> str:
    if owed is None:
        return "-"
    return "overdue" if owed["overdue"] else str(owed["state"])


def digest(
    *,
    party: Annotated[str, typer.Option("--for", metavar="NAME|ID", help="Whose: what this party owes or is owed.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day, as 2026-08-05; today if left out.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as HTML into a new file.")
    ] = None,
    copy: From = None,
    policy: By = None,
    as_json: Json = False,
) -> None:
    """Tell what a party has overdue, due within seven days, or new since the working day before, on one day.

    As it stands at the end of the day, or now, by all that the log tells now. At most 100 rows of each part.
    """
    from api.telling.digests import html_of, text_of

    settings = read_settings()
    if html is not None:
        refuse_existing(html)
    packs = load_packs(settings.rules)
    with open_log(settings, copy, policy) as log:
        labels = Labels(lambda: log.store)
        ident = PartyId(labels.id_of(party, "party", "--for"))
        made = _digest(log.store, packs, ident, _day(packs, settings.jurisdiction, on))
        reader = Readers(settings, labels, packs=packs).today
        if as_json:
            print_object({"log": made.log, "party": made.party, "day": made.day.day.isoformat(), **made.members()})
        elif html is not None:
            write_new(html, html_of(made, reader).encode())
        else:
            typer.echo(text_of(made, reader), nl=False)
        for note in labels.notes:
            say(note)
    say_replay(log.held)


def _day(packs: RulePacks, jurisdiction: str, on: str | None) -> Day:
    """Return the day that is asked for. Raises NotFound: it has not begun, or is none."""
    from projections.digest import Day

    now = SystemClock().now()
    calendar = packs.at_instant(jurisdiction, now).working_days
    try:
        return Day.of(calendar.local_date(now) if on is None else date.fromisoformat(on), now, calendar)
    except (ValueError, OverflowError):
        raise NotFound(f"{on} is no day that has begun, as 2026-08-05") from None


def _digest(store: Readable, packs: RulePacks, party: PartyId, day: Day) -> Digest:
    from api.telling.digests import Digest
    from projections.asked.answering import position_at
    from projections.digest import MOST, parts
    from projections.obligations import Asked, Part, folded

    rows = folded(Source(store), packs, Asked(day.at, (Tag(party),)), Part(MOST_ENTRIES)).rows
    found = parts(day, rows, position_at(store, day.since))
    more = tuple(max(0, len(part) - MOST) for part in found)
    return Digest(store.origin, party, day, store.head(), tuple(part[:MOST] for part in found), more)
