"""``vialog sign``: key files sign what pages of the console ask for, told here in words and agreed to each time."""

from __future__ import annotations

import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import Json, print_object, say
from api.cli.passphrases import open_key
from api.language import label
from api.settings import read_settings
from ledger.clock import SystemClock

if TYPE_CHECKING:
    from api.rows.http import SignerReady
    from api.signer.asked import Asked, Held
    from api.signer.door import Signed

Keys = Annotated[list[Path], typer.Option("--key", help="A key file; give it again for each further one.")]
Site = Annotated[str, typer.Option("--for", metavar="URL", help="The web origin of the console whose pages may ask.")]
Log = Annotated[
    str, typer.Option("--log", metavar="LOG", help="The log whose statements may be signed, by its origin.")
]


def sign(*, key: Keys, site: Site, log: Log, as_json: Json = False) -> None:
    """Sign with key files what the console's pages ask for, each time told here first, until Ctrl-C.

    Listens on this machine alone, for pages of that web origin. Reads the bytes by itself, whatever the page says of
    them: a statement of that log, or a sign-in there; tells it in words, and signs when you agree. It needs no database
    and asks no network; your keys stay here.
    With --json, one object says the address and the keys, as soon as it listens.
    """
    # Loaded here: whoever asks for help needs no key.
    from api.sessions.challenge import is_origin
    from api.signer.address import ADDRESS, PORT
    from api.signer.asked import Held
    from api.signer.door import Door

    if not is_origin(site):
        raise typer.BadParameter("is not a web origin such as https://log.example.org", param_hint="--for")
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here: run it at a terminal")
    settings = read_settings()
    held = Held(site, log, [open_key(settings, path) for path in key])
    with Door(PORT, site, held.signers, lambda body: _signed(body, held)) as door:
        if as_json:
            ready: SignerReady = {"url": ADDRESS, "site": site, "log": log, "keys": door.keys}
            print_object(ready)
        else:
            _say_ready(held, ADDRESS)
        try:
            door.serve_forever()
        except (KeyboardInterrupt, typer.Abort):
            say(label("Ended: nothing is signed any more."))


def _say_ready(held: Held, address: str) -> None:
    for one in held.signers:
        say(label("Open: {key} ({alg})").format(key=one.thumbprint, alg=one.alg))
    say(
        label("Pages of {site} may ask at {address}, for the log {log}.").format(
            site=held.site, address=address, log=held.log
        )
    )
    say(label("Each time you are told here what would be signed. Ctrl-C ends it."))


def _signed(body: bytes, held: Held) -> Signed | None:
    """Sign what is asked for, once its person has read and agreed; None: they do not. Raises as ``read_asked``."""
    from api.signer.asked import read_asked
    from api.signer.door import Signed

    asked = read_asked(body, held, SystemClock().now())
    _tell(asked)
    # What was typed before the question was there answers nothing.
    termios.tcflush(sys.stdin, termios.TCIFLUSH)
    if not typer.confirm(label("Sign it?"), err=True):
        say(label("Nothing was signed."))
        return None
    return Signed(asked.signer.thumbprint, asked.sign())


def _tell(asked: Asked) -> None:
    """Say in words what would be signed, with which key."""
    from api.cli.record.signing.asking import tell
    from api.sessions.challenge import Challenge

    say("")
    if isinstance(asked.said, Challenge):
        told = label("You sign in at {origin} to the log {log}. This records nothing, and counts once.")
        say(told.format(origin=asked.said.origin, log=asked.said.log))
    else:
        tell([asked.said])
        say(f"  {label('a statement for the log {log}').format(log=asked.said.log)}")
        for tag in sorted(asked.said.tags):  # in whole: of a key the sentence tells the first digits alone
            say(f"  {tag}")
        for one in asked.said.acknowledges:
            say(f"  {label('acknowledges that it breaks {rule}: {reason}').format(rule=one.rule, reason=one.reason)}")
        if number := len(asked.said.sd):
            held = label("and {number} texts of which it holds digests alone: read them on the page")
            say(f"  {held.format(number=number)}")
    say(f"  {label('key: {key}').format(key=asked.signer.thumbprint)}")
