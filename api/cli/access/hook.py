"""``vialog hook``: where a party wants to be told of what is recorded, and the key that signs what it is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from api.cli.access.token import Key, Url, service_at, session_at
from api.cli.output import Json, print_object, print_table, say
from api.cli.passphrases import passphrase_of
from api.rows.hooks import DeliveredAgain, Deliveries, HookKeys, HookRow, HooksOfParty
from api.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

app = typer.Typer(no_args_is_help=True, help="Be told of what is recorded: register hooks, look at them, replay.")

Name = Annotated[str, typer.Argument(help="The hook's name, as `vialog hook list` shows it.", metavar="NAME")]

Of = Annotated[
    str,
    typer.Option(
        "--of",
        help="Of statements by their positions; of notices by their numbers; of digests by days.",
        metavar="statement|notice|digest",
    ),
]

_LISTED = ("name", "label", "url", "looked", "waiting", "failed", "ended", "why")
_DELIVERED = ("position", "state", "attempts", "due", "tried", "status", "problem")


@app.command("list")
def list_(*, key: Key, url: Url = None, as_json: Json = False) -> None:
    """List the hooks of your party: where they are, up to which position they were served, and whether they ended."""
    with session_at(key, url) as service:
        said = service.ask("GET", "/v1/hooks").said(HooksOfParty)
    _print(_LISTED, said["hooks"], as_json=as_json)


@app.command("add")
def add(
    where: Annotated[str, typer.Argument(help="The address that is called: https, with a name.", metavar="ADDRESS")],
    *,
    label: Annotated[str, typer.Option("--label", help="What it is for, in your words.")],
    event: Annotated[
        list[str] | None,
        typer.Option(
            "--event",
            help="What it hears of; may be given several times. Statements alone if left out.",
            metavar="statement|due-soon|overdue|digest",
        ),
    ] = None,
    key: Key,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Register a hook: it is called for each statement that your party may read, recorded from now on.

    With --event it hears of what falls due, and of each day's digest, instead or besides.

    Check the signature of what comes there, by the keys that `vialog hook keys` shows.
    """
    said: dict[str, object] = {"url": where, "label": label}
    body = json.dumps(said | {"events": event} if event else said).encode()
    with session_at(key, url) as service:
        made = service.ask("POST", "/v1/hooks", body, repeat=False).said(HookRow)
    _print(_LISTED, [made], as_json=as_json)


@app.command("remove")
def remove(name: Name, *, key: Key, url: Url = None, as_json: Json = False) -> None:
    """Withdraw a hook of your party, with its deliveries; what is on its way arrives."""
    with session_at(key, url) as service:
        service.ask("DELETE", f"/v1/hooks/{quote(name, safe='')}")
    print_object({"removed": name}) if as_json else say("The hook is withdrawn.")


@app.command("deliveries")
def deliveries(
    name: Name,
    *,
    after: Annotated[int | None, typer.Option("--after", min=1, help="Only what stands before this position.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many rows at most.")] = 50,
    of: Of = "statement",
    key: Key,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List what was delivered to a hook, the newest position first; what is done is kept for 30 days."""
    page = [("limit", str(limit)), ("of", of), *([] if after is None else [("after", str(after))])]
    with session_at(key, url) as service:
        said = service.ask("GET", f"/v1/hooks/{quote(name, safe='')}/deliveries", query=page).said(Deliveries)
    _print(_DELIVERED, said["rows"], as_json=as_json)


@app.command("replay")
def replay(
    name: Name,
    *,
    after: Annotated[int, typer.Option("--after", min=0, help="Begin behind this position.")],
    until: Annotated[int | None, typer.Option("--until", min=1, help="The last position; all if left out.")] = None,
    of: Of = "statement",
    key: Key,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Have deliveries made once more, those that were given up too, with the ids that they had."""
    body = {"after": after, "of": of} | ({} if until is None else {"until": until})
    with session_at(key, url) as service:
        where = f"/v1/hooks/{quote(name, safe='')}/replays"
        said = service.ask("POST", where, json.dumps(body).encode(), repeat=False).said(DeliveredAgain)
    print_object(said) if as_json else say(f"{said['again']} deliveries wait to be made once more.")


@app.command("keys")
def keys(*, url: Url = None, as_json: Json = False) -> None:
    """Show the public keys by which a service signs deliveries, the newest first; several while one takes over."""
    said = service_at(read_settings(), url).ask("GET", "/v1/hooks/keys").said(HookKeys)
    _show(said, as_json=as_json)


@app.command("rotate")
def rotate(
    *,
    drop: Annotated[bool, typer.Option("--drop", help="End the time beside: drop the key before.")] = False,
    as_json: Json = False,
) -> None:
    """Make a new key for deliveries, on the log's own machine: both sign side by side until --drop, then the new alone.

    It counts when `vialog serve` is started again. Tell those who check deliveries by one key, and wait for them.
    """
    # Loaded here: what asks a service needs nothing of a log.
    from api.hooks.signing import FILE, HookKey, drop_old, rotate
    from api.logs.guarding import LOG_KEYS_FOLDER
    from api.logs.wiring import check_here

    settings = read_settings()
    check_here(settings)
    folder = settings.data / LOG_KEYS_FOLDER
    passphrase = passphrase_of(settings, folder / FILE)
    if drop:
        drop_old(folder)
    else:
        rotate(folder, passphrase)
    _show({"keys": HookKey.open(folder, passphrase).public}, as_json=as_json)


def _show(said: HookKeys, *, as_json: bool) -> None:
    if as_json:
        print_object(said)
        return
    for one in said["keys"]:
        say(one)


def _print(heads: Sequence[str], rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_object(row)
        return
    print_table(heads, [["-" if row[name] is None else row[name] for name in heads] for row in rows])
