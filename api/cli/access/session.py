"""``vialog session``: who asks the service of VIALOG_URL from here, between commands."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.access.signing_in import Yes, agree
from api.cli.output import Json, print_object, print_pairs, say
from api.cli.passphrases import open_key
from api.settings import read_settings
from ledger.clock import SystemClock
from ledger.errors import Malformed, NotTrusted

if TYPE_CHECKING:
    from api.client.transport import Transport
    from api.rows.http import SignedIn
    from api.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Sign in at the service of VIALOG_URL for the commands that follow.")


@app.command("open")
def open_session(
    *,
    key: Annotated[Path, typer.Option("--key", help="The key file to sign in with; it stays here.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Sign in at the service of VIALOG_URL with a key, and keep the session here for the commands that follow.

    What is signed is told in words first: the web origin and the log. The session lasts twelve hours at most; it is
    kept in VIALOG_SESSIONS, in a file that you alone can read. One that was kept before is ended.
    """
    # Loaded here: whoever asks for help needs no key and no network.
    from api.client import signing_in
    from api.logs.sessions import keep_session

    settings = read_settings()
    service, signer = _service(settings), open_key(settings, key)
    challenge, payload = signing_in.challenged(service, signer.thumbprint, SystemClock().now())
    agree(challenge, yes=yes)
    _end(settings)
    signing_in.open_session(service, payload, signer)
    keep_session(settings, service.cookie)
    _print(service, as_json=as_json)


@app.command("show")
def show(*, as_json: Json = False) -> None:
    """Show as whom the commands ask the service of VIALOG_URL: by the token of VIALOG_TOKEN_FILE, or by the session."""
    from api.logs.served import open_service

    with open_service(read_settings()) as service:
        _print(service, as_json=as_json)


@app.command("end")
def end(*, as_json: Json = False) -> None:
    """End the session with the service of VIALOG_URL that is kept here, there and here."""
    settings = read_settings()
    ended = _end(settings)
    if as_json:
        print_object({"service": settings.url, "ended": ended})
    else:
        say("The session has ended." if ended else "No session is kept here.")


def _end(settings: Settings) -> bool:
    """End the session that is kept, and return whether there was one; one that has ended by itself is forgotten."""
    from api.client.signing_in import sign_out
    from api.logs.sessions import forget_session, kept_session

    service = _service(settings)
    service.cookie = kept_session(settings)
    if not service.cookie:
        return False
    with suppress(NotTrusted):
        sign_out(service)
    forget_session(settings)
    return True


def _service(settings: Settings) -> Transport:
    from api.client.transport import Transport

    if settings.url is None:
        raise Malformed("SET-02", "VIALOG_URL", "is not set: it names the service to sign in at")
    return Transport(settings.url)


def _print(service: Transport, *, as_json: bool) -> None:
    from api.client.asking import Asking

    who: SignedIn = Asking(service).who()
    print_object(who) if as_json else print_pairs(
        (name, ", ".join(value) if isinstance(value, list) else str(value)) for name, value in who.items()
    )
