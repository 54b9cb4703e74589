"""``vialog witness``: watch logs and cosign their checkpoints, over HTTP or from file to file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.operate.serve import address, limits_of, listen, prepare_to_serve
from api.cli.output import Json, print_object, say
from api.cli.passphrases import new_passphrase_of, passphrase_of
from api.settings import read_settings
from ledger.clock import SystemClock
from ledger.errors import Conflict, Malformed
from ledger.files import holds_something, refuse_existing
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.vkey import format_vkey, parse_vkey
from ledger.witness.core import Behind, Witness
from ledger.witness.keys import CosignerAlgorithm, load_cosigner, make_cosigner, nameless, vkey_file
from ledger.witness.request import MAX_REQUEST, parse_request
from ledger.witness.service import WitnessService
from ledger.witness.state import WitnessState

if TYPE_CHECKING:
    from api.rows.operate import Cosigned, Witnessing, WitnessKey
    from ledger.tlog.cosignature import Cosigner
    from ledger.tlog.vkey import VerifierKey

RULES: Final = {
    "WIT-03": "A witness has a key of its own, and each key that it is given has one role.",
}

app = typer.Typer(no_args_is_help=True, help="Watch logs and cosign checkpoints that only grow.")
_key = typer.Typer(no_args_is_help=True, help="Make a cosigner's key.")
app.add_typer(_key, name="key")

_PORT: Final = 8091

_State = Annotated[
    Path,
    typer.Option("--state", help="What was cosigned so far; made if missing. Never restore it from a copy."),
]
_Keys = Annotated[list[Path], typer.Option("--key", help="A cosigner's key file; give it again for a second key.")]
_Logs = Annotated[list[str], typer.Option("--log", help="A log's key, its vkey; give it again for more.")]


@app.command("serve")
def serve(
    *,
    state: _State,
    key: _Keys,
    log: _Logs,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = _PORT,
    as_json: Json = False,
) -> None:
    """Answer POST /add-checkpoint for the logs given, until stopped (C2SP tlog-witness).

    Anybody may ask: what is cosigned is decided by the log's signature and by what was cosigned before. With --json,
    one object says the address, the logs and the witness's vkeys, as soon as it listens: all that a policy has to name.
    """
    # Loaded here: no other command of this group needs a web server.
    from api.http.server import run_until_stopped
    from api.http.witness import witness_app

    prepare_to_serve()
    logs, cosigners = _parsed(log), _opened(key)
    app = witness_app(_service(state, logs, cosigners))
    with listen(host, port) as listening:
        where = address(host, listening)
        if as_json:
            names = list(dict.fromkeys(one.name for one in logs))
            vkeys = [format_vkey(one.key) for one in cosigners]
            witnessing: Witnessing = {**where, "logs": names, "vkeys": vkeys}
            print_object(witnessing)
        else:
            say(f"The witness listens at {where['url']}/add-checkpoint")
        run_until_stopped(app, listening, limits_of(read_settings()))


@app.command("cosign")
def cosign(
    request: Annotated[Path, typer.Argument(help="The request: the same bytes as the body of POST /add-checkpoint.")],
    *,
    state: _State,
    key: _Keys,
    log: _Logs,
    as_json: Json = False,
) -> None:
    """Answer one request from a file, for a witness without a network, and write the cosignature lines to stdout.

    Exit codes stand for the protocol's answers: 3 malformed (400), 4 no log signature (403), 8 unknown log (404), 7
    starts from another size (409), 10 the log forked or its proof is wrong (422).
    """
    service = _service(state, _parsed(log), _opened(key))
    with request.open("rb") as file:
        data = file.read(MAX_REQUEST + 1)
    try:
        lines = service.add_checkpoint(data)
    except Behind as behind:
        raise Conflict(str(behind)) from None
    if as_json:
        _print_cosigned(data, lines)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(lines)
    sys.stdout.buffer.flush()


@app.command("vkey")
def vkey(
    file: Annotated[Path, typer.Argument(help="A cosigner's key file.")],
    *,
    as_json: Json = False,
) -> None:
    """Print the public part of a cosigner's key, as a policy names it: its vkey."""
    _print_vkey(load_cosigner(file, passphrase_of(read_settings(), file)).key, as_json=as_json)


@_key.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="The new file: encrypted, readable by you alone.")],
    *,
    name: Annotated[str, typer.Option("--name", help="The name to cosign under, such as witness.example/w1.")],
    alg: Annotated[CosignerAlgorithm, typer.Option("--alg", help="How it signs.")] = CosignerAlgorithm.ED25519,
    as_json: Json = False,
) -> None:
    """Make a cosigner's key in a new file, under a passphrase that is asked for twice, and print its vkey.

    One key for one role: a witness, a mirror and a log never share one.
    """
    # Its vkey stands beside it, and may be the last that is left of a key whose file was moved away.
    refuse_existing(vkey_file(file))
    if holds_something(file):
        raise nameless(file)
    cosigner = make_cosigner(file, name, alg, new_passphrase_of(read_settings(), file))
    _print_vkey(cosigner.key, as_json=as_json)


def _print_cosigned(request: bytes, lines: bytes) -> None:
    """Print what was cosigned, in the words that the mirror has for it."""
    checkpoint = decode_checkpoint(parse_note(parse_request(request).note).text)
    said: Cosigned = {
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "cosignature": lines.decode(),
    }
    print_object(said)


def _print_vkey(key: VerifierKey, *, as_json: bool) -> None:
    said: WitnessKey = {"name": key.name, "vkey": format_vkey(key)}
    print_object(said) if as_json else typer.echo(said["vkey"])


def _opened(keys: list[Path]) -> list[Cosigner]:
    settings = read_settings()
    return [load_cosigner(path, passphrase_of(settings, path)) for path in keys]


def _parsed(logs: list[str]) -> list[VerifierKey]:
    return [parse_vkey(text) for text in logs]


def _service(state: Path, logs: list[VerifierKey], cosigners: list[Cosigner]) -> WitnessService:
    try:
        witness = Witness(logs, cosigners)
    except ValueError as error:
        raise Malformed("WIT-03", "--key", str(error)) from None
    return WitnessService(witness, WitnessState(state), SystemClock())
