"""``vialog sign-in``: a challenge to sign in, looked at and signed here, for a browser that has no key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.access.token import Key, Url, service_at
from api.cli.output import Json, say
from api.cli.passphrases import open_key
from api.language import label
from api.settings import read_settings
from ledger.clock import SystemClock

if TYPE_CHECKING:
    from api.sessions.challenge import Challenge

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")]


def sign_in(
    *,
    key: Key,
    url: Url = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Sign a challenge for the console's page to sign in, and print it: paste it there within five minutes.

    What is signed is told in words first: the web origin and the log. It counts once, and records nothing; your key
    stays in its file.
    """
    # Loaded here: whoever asks for help needs no key and no network.
    from api.client.signing_in import challenged
    from api.sessions.challenge import sign_challenge

    settings = read_settings()
    service = service_at(settings, url)
    signer = open_key(settings, key)
    challenge, payload = challenged(service, signer.thumbprint, SystemClock().now())
    agree(challenge, yes=yes)
    signed = sign_challenge(payload, signer)
    typer.echo(signed.decode())
    if not as_json:
        say("Paste this line into the page: it counts once, for five minutes.")


def agree(challenge: Challenge, *, yes: bool) -> None:
    """Say what a sign-in signs, and ask whether to. yes: it was said already. Raises Exit, BadParameter: it is not."""
    from api.cli.record.signing.asking import confirm

    told = label("You sign in at {origin} to the log {log}. This records nothing, and counts once.")
    say(told.format(origin=challenge.origin, log=challenge.log))
    confirm(1, yes=yes)
