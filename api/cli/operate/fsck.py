"""``vialog fsck``: check the database of the log from the first byte."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.output import Json, print_object, print_pairs, progress
from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.wiring import open_database
from api.settings import read_settings
from ledger.evidence.files import read_policy
from ledger.fsck.check import Wanted, check_database
from ledger.publisher.log_keys import read_vkeys
from ledger.store.database.migrate import migrate
from ledger.tlog.note import MAX_NOTE

if TYPE_CHECKING:
    from api.rows.operate import Sound
    from api.settings import Settings
    from ledger.tlog.vkey import VerifierKey

_MOST_JOBS: Final = 256


def fsck(
    *,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, max=_MOST_JOBS, help="How many processes; as many as there are processors."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Check the signatures of every checkpoint against a policy.")
    ] = None,
    held: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", help="A checkpoint that was kept elsewhere: the log must extend it. Repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check everything in the log's database from the first byte: entries, columns, signatures, tags, tree, index.

    Signatures of checkpoints are checked by the log's own public keys, and those of the witnesses that are asked
    (VIALOG_WITNESS_POLICY), without a policy too. What does not hold stops with exit code 10 and names the first
    bad entry. An administrator who rewrote the whole database and holds the log's keys shows only against a
    checkpoint that he cannot sign: give a policy with witnesses, or a checkpoint that you kept. A disclosure that
    is not there was never handed in, or is erased: that is legal, and counted. Judging again and deriving tags
    again is `vialog log verify`. Exit code 11: all holds that could be checked, but this program is too old for an
    entry, which is named.
    """
    settings = read_settings()
    wanted = Wanted(
        policy=None if policy is None else read_policy(policy),
        held={str(path): _note(path) for path in held or ()},
        jobs=jobs or os.cpu_count() or 1,
        keys=read_vkeys(settings.data / LOG_KEYS_FOLDER),
        witnesses=_witnesses(settings),
    )
    with open_database(settings) as database, progress("Checking") as shown:
        migrate(database.owner)
        task = shown.add_task("check", total=None)
        sound = check_database(database.app, wanted, lambda done, size: shown.update(task, completed=done, total=size))
    said: Sound = {
        "log": sound.origin,
        "size": sound.size,
        "root": sound.root.hex(),
        "published": sound.published,
        "checkpoints": sound.checkpoints,
        "disclosed": sound.disclosed,
        "withheld": sound.withheld,
        "sound": True,
    }
    print_object(said) if as_json else print_pairs(said.items())


def _witnesses(settings: Settings) -> list[VerifierKey]:
    """Return the keys of the witnesses that this installation asks."""
    if settings.witness_policy is None:
        return []
    return [party.key for party in read_policy(settings.witness_policy).witnesses.values()]


def _note(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_NOTE + 1)
