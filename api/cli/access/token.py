"""``vialog token``: tokens for programs that ask a service, made and withdrawn by a person who signs in with a key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

import typer

from api.access.principal import Scope
from api.cli.output import Json, print_object, print_pairs, print_table, say
from api.cli.passphrases import open_key
from api.language import reader_language
from api.rows.http import TokenMade, Tokens
from api.settings import read_settings
from ledger.clock import SystemClock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from api.client.transport import Transport
    from api.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Make, list and withdraw tokens, with which programs ask a service.")

Key = Annotated[Path, typer.Option("--key", help="The key file to sign in with; it stays here.")]
Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="The web origin of the service; that of VIALOG_URL if left out."),
]
_HERE: Final = "http://127.0.0.1:8090"
"""What `vialog serve` listens at on this machine, where nothing says otherwise."""


@app.command("make")
def make(
    label: Annotated[str, typer.Argument(help="What it is for, in your words.", metavar="LABEL")],
    *,
    key: Key,
    scope: Annotated[
        list[Scope] | None, typer.Option("--scope", help="What it may do: read, record, or both; read if left out.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days it lasts.")] = 30,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Make a token that acts as you, within its scopes, until it ends; it is shown this once.

    Your key signs in at the service and nothing else. When the key is revoked, the token opens nothing any more.
    """
    body = {"label": label, "scopes": sorted(set(scope or [Scope.READ])), "days": days}
    with session_at(key, url) as service:
        made = service.ask("POST", "/v1/tokens", json.dumps(body).encode(), repeat=False).said(TokenMade)
    if as_json:
        print_object(made)
        return
    print_pairs((name, made[name]) for name in ("token", "name", "expires"))
    say("Keep it where only the program reads it; it is not shown again.")


@app.command("list")
def list_(*, key: Key, url: Url = None, as_json: Json = False) -> None:
    """List your tokens: what each is for, what it may do, until when, and when it was last used."""
    with session_at(key, url) as service:
        said = service.ask("GET", "/v1/tokens").said(Tokens)
    if as_json:
        for row in said["tokens"]:
            print_object(row)
        return
    print_table(
        ("name", "label", "scopes", "expires", "used"),
        [
            (row["name"], row["label"], ", ".join(row["scopes"]), row["expires"], row["used"] or "-")
            for row in said["tokens"]
        ],
    )


@app.command("withdraw")
def withdraw(
    name: Annotated[str, typer.Argument(help="The token's name, as `vialog token list` shows it.")],
    *,
    key: Key,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Withdraw a token of yours: it opens nothing from now on."""
    with session_at(key, url) as service:
        service.ask("DELETE", f"/v1/tokens/{quote(name, safe='')}")
    print_object({"withdrawn": name}) if as_json else say("The token is withdrawn.")


def session_at(key: Path, url: str | None) -> AbstractContextManager[Transport]:
    """Return a service with a session of this key's person, for a with block, at whose end it ends."""
    # Loaded here: whoever asks for help needs no key and no network.
    from api.client.signing_in import signed_in

    settings = read_settings()
    return signed_in(service_at(settings, url), open_key(settings, key), SystemClock().now())


def service_at(settings: Settings, url: str | None) -> Transport:
    """Return the service at a web origin, or at that of the settings, or of this machine, in the reader's language."""
    from api.client.transport import Transport

    return Transport(url or settings.url or _HERE, language=reader_language())
