"""``vialog keys``: make key files, and say what is known of a key. The private part never leaves its file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.output import Json, print_object, print_pairs, say
from api.cli.passphrases import make_key, open_key
from api.drafts.acts.known_keys import key_in_log
from api.logs.served import open_readable
from api.settings import read_settings
from ledger.ids import key_tag
from ledger.statement.signing.keys import Algorithm
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from api.rows.record import EnrolledKey, PublicKey
    from ledger.statement.signing.signer import FileSigner
    from ledger.store.port import Readable

app = typer.Typer(no_args_is_help=True, help="Make signing keys, and look at what is public of them.")

_THUMBPRINT: Final = re.compile(r"(?:key:)?([0-9a-f]{64})\Z")


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="The new file: encrypted, readable by you alone.")],
    *,
    alg: Annotated[Algorithm, typer.Option("--alg", help="How the key signs.")] = Algorithm.ED25519,
    as_json: Json = False,
) -> None:
    """Make a signing key in a new file, under a passphrase that is asked for twice.

    Print what enrolling it needs: thumbprint and public part. A file that exists is never overwritten.
    """
    signer = make_key(read_settings(), file, alg)
    _print(_public(signer), as_json=as_json)
    say("Have it enrolled, by the operator or another key of your party: vialog admit PARTY --public … --person CODE")


@app.command("show")
def show(
    key: Annotated[
        str, typer.Argument(help="A key file, or a thumbprint of 64 hex digits.", metavar="FILE|THUMBPRINT")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Show the public part of a key file, or what the log says about a thumbprint.

    A key file is encrypted as a whole: its passphrase is needed to read even the public part.
    """
    settings = read_settings()
    thumbprint = _THUMBPRINT.match(key)
    if thumbprint is None:
        _print(_public(open_key(settings, Path(key))), as_json=as_json)
        return
    with open_readable(settings) as store:
        _print(_in_log(store, thumbprint[1]), as_json=as_json)


def _print(said: PublicKey, *, as_json: bool) -> None:
    print_object(said) if as_json else print_pairs(said.items())


def _public(signer: FileSigner) -> PublicKey:
    spki = encode_base64(signer.spki)
    return {"key": key_tag(signer.thumbprint), "thumbprint": signer.thumbprint, "alg": signer.alg, "spki": spki}


def _in_log(store: Readable, thumbprint: str) -> EnrolledKey:
    key, since = key_in_log(store, thumbprint)
    return {
        "key": key.id,
        "thumbprint": thumbprint,
        "alg": key.alg,
        "spki": key.spki,
        "party": key.party,
        "person": key.person,
        "enrolled_at": since,
        "revoked": key.revoked,
    }
