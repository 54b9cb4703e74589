"""``vialog mirror``: keep a copy of a log, replay it, and cosign what was replayed."""

from __future__ import annotations

import errno
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.output import Json, counted, print_object, progress, say
from api.cli.passphrases import passphrase_of
from api.settings import read_settings
from ledger.clock import SystemClock
from ledger.errors import Malformed, NotFound, TooOld, Unavailable
from ledger.evidence.files import read_policy
from ledger.files import PUBLIC, read_own, write_over
from ledger.mirror.copy import Copy
from ledger.mirror.mirror import Means, Mirror
from ledger.mirror.source import open_files
from ledger.rulepacks.load import load_packs
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import MAX_NOTE, parse_note
from ledger.witness.keys import load_cosigner

if TYPE_CHECKING:
    from api.rows.operate import Mirrored as Row
    from ledger.mirror.mirror import Mirrored
    from ledger.verification.replay import Verified

RULES: Final = {
    "MIR-05": "The first line of a token's file is a token of printable ASCII.",
}

_LONGEST_TOKEN: Final = 4_096
_LONGEST_PAUSE: Final = 86_400  # seconds
DATABASE: Final = b"SQLite format 3\0"
"""How an SQLite file begins, unless it is empty."""
_SIGNATURE_LINE: Final = "\N{EM DASH} ".encode()
"""How a line of a cosignature begins."""


def mirror(
    source: Annotated[str, typer.Argument(help="The log's files: http(s)://…/log, file://… or a folder.")],
    *,
    copy: Annotated[Path, typer.Option("--copy", help="The mirror's own copy, one file; made if missing.")],
    policy: Annotated[Path, typer.Option("--policy", help="Which log and which witnesses to believe.")],
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="A file whose first line is the token that opens the entries.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", help="The mirror's cosigner key; left out: nothing is cosigned.")
    ] = None,
    cosignature: Annotated[
        Path | None,
        typer.Option("--cosignature", help="Write the cosignature to a file, over an older one, instead of stdout."),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help="Write the checkpoint with the cosignature to a file, over an older one."),
    ] = None,
    every: Annotated[
        int | None,
        typer.Option("--every", min=1, max=_LONGEST_PAUSE, help="Go on, and ask again after so many seconds."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Mirror a log: fetch its entries, replay every one, and cosign its newest checkpoint as mirrored and replayed.

    Form, order, signatures, keys, tags, tree and index are computed again from the entries; where judging an entry
    again gives another answer today, that is reported and is no failure. Anything that does not hold stops with exit
    code 10 and names the first bad entry; checkpoints that contradict each other are kept beside the copy as proof.
    Where this program is too old for an entry it stops with exit code 11 and names it: nothing is cosigned then, and
    nothing is held against the log; after an upgrade it goes on.
    With --every what only cannot be done now is said and tried again: a server that is away, a full disk.
    What --checkpoint writes is for `vialog evidence export --checkpoint`: whoever names this mirror in a policy takes
    its cosignature for the word that nothing is missing.
    """
    settings = read_settings()
    cosigner = None if key is None else load_cosigner(key, passphrase_of(settings, key))
    means = Means(
        read_policy(policy),
        load_packs(settings.rules),
        cosigner,
        SystemClock(),
        copy.with_name(f"{copy.name}.evidence"),
    )
    check_file(copy, DATABASE, "a mirror's copy")
    if cosignature is not None:
        check_file(cosignature, _SIGNATURE_LINE, "a cosignature")
    if checkpoint is not None:
        _check_note(checkpoint)
    with closing(Copy(copy)) as kept:
        mirroring = Mirror(open_files(source, None if token_file is None else _token(token_file)), kept, means)
        while True:
            try:
                mirrored = _pull(mirroring)
                if checkpoint is not None:
                    write_over(checkpoint, mirrored.cosigned, PUBLIC)
                _answer(mirrored, cosignature, as_json=as_json)
            except TooOld:
                say("what was fetched is kept, nothing is cosigned, and nothing is held against the log:")
                say("upgrade this program and start it again; it goes on from there")
                raise
            except (Unavailable, NotFound, OSError) as error:
                # Also no checkpoint yet, and a full disk; but whoever reads our output and left does not come back.
                if every is None or isinstance(error, BrokenPipeError):
                    raise
                say(f"not now: {error}")
            if every is None:
                return
            time.sleep(every)


def check_file(path: Path, beginning: bytes, what: str) -> None:
    """Raise OSError: something stands there that is neither empty nor begins so; it is left as it is."""
    if path.exists() and not (path.is_file() and _head(path, len(beginning)) in {b"", beginning}):
        raise OSError(errno.EINVAL, f"is not {what}; name another file", str(path))


def _check_note(path: Path) -> None:
    """Raise OSError: something stands there that is no checkpoint; it is left as it is."""
    try:
        if path.exists() and path.stat().st_size > 0:
            decode_checkpoint(parse_note(_head(path, MAX_NOTE + 1)).text)
    except Malformed:
        raise OSError(errno.EINVAL, "is not a checkpoint; name another file", str(path)) from None


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _pull(mirroring: Mirror) -> Mirrored:
    with progress("Replaying") as shown:
        task = shown.add_task("replay", total=None)
        told: set[str] = set()  # once for each edition that is not here

        def tell(verified: Verified, size: int) -> None:
            shown.update(task, completed=verified.position, total=size)
            if verified.difference:
                say(f"position {verified.position}: judged again: {verified.difference}")
            if verified.unjudged and verified.unjudged not in told:
                told.add(verified.unjudged)
                say(f"from position {verified.position} on: {verified.unjudged}")

        return mirroring.pull(tell)


def _answer(mirrored: Mirrored, file: Path | None, *, as_json: bool) -> None:
    checkpoint = mirrored.checkpoint
    if as_json:
        lines = None if mirrored.cosignature is None else mirrored.cosignature.decode()
        said: Row = {
            "log": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "entries": mirrored.entries,
            "cosignature": lines,
        }
        print_object(said)
    else:
        new = counted(mirrored.entries, "entry", "entries")
        say(f"mirrored and replayed {checkpoint.origin} up to {checkpoint.size}, {new} of it new")
    if mirrored.cosignature is None:
        return
    if file is not None:
        write_over(file, mirrored.cosignature, PUBLIC)
    elif not as_json:
        sys.stdout.buffer.write(mirrored.cosignature)
        sys.stdout.buffer.flush()


def _token(path: Path) -> str:
    line = read_own(path, _LONGEST_TOKEN).partition(b"\n")[0].strip()
    if not line or not line.isascii() or not line.decode("ascii").isprintable():
        raise Malformed("MIR-05", str(path), "its first line is not a token of printable ASCII")
    return line.decode("ascii")
