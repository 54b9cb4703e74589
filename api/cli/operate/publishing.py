"""``vialog publish`` and ``vialog log vkey``: checkpoints of a log without a server, and the keys that sign them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli.operate.log_keys import open_log_keys
from api.cli.output import Json, print_object, print_pairs, say
from api.logs.wiring import make_publisher, open_guard, open_publication, open_store
from api.settings import read_settings
from ledger.errors import IntegrityFailed
from ledger.files import PUBLIC, write_over
from ledger.publisher.proofs import prove_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from api.rows.operate import Published
    from api.settings import Settings
    from ledger.store.port import Recorded, Store


def publish(*, as_json: Json = False) -> None:
    """Publish a checkpoint over all that is recorded, unless the newest one covers it already.

    Signs with the log's keys, asks the witnesses of VIALOG_WITNESS_POLICY, and stores tiles and checkpoint. For a log
    without a server; `vialog serve` does it by itself. The first call makes the keys and prints their lines.
    """
    settings = read_settings()
    with open_store(settings) as store, open_publication(settings) as publication:
        guard = open_guard(settings, store, publication)
        keys = open_log_keys(settings, store.origin, publication)
        publisher = make_publisher(store, publication, keys, guard)
        published = publisher.publish_once()
        for name, problem in publisher.witnesses.problems.items():
            say(f"the witness {name} {problem}")
        newest = published or publication.newest()
        said: Published = {"log": store.origin, "published": published is not None}
        if newest is not None:
            size, root = newest.checkpoint.size, newest.checkpoint.root.hex()
            said = {**said, "size": size, "root": root, "names": newest.state.names}
    print_object(said) if as_json else print_pairs(said.items())


def vkey(*, as_json: Json = False) -> None:
    """Print the public keys of the log, one a line, as policies write them after the word log."""
    settings = read_settings()
    with open_store(settings) as store, open_publication(settings) as publication:
        vkeys = open_log_keys(settings, store.origin, publication).vkeys
    for line in vkeys:
        print_object({"vkey": line}) if as_json else typer.echo(line)


def write_proofs(settings: Settings, store: Store, recorded: Iterable[Recorded], folder: Path) -> None:
    """Publish what is recorded, and write the proof of some events into a folder, each to ``<id>.tlog-proof``.

    A proof that is there is replaced: it only ever gets a newer checkpoint. Raises as ``publish_once``; OSError.
    """
    with open_publication(settings) as publication:
        guard = open_guard(settings, store, publication)
        keys = open_log_keys(settings, store.origin, publication)
        make_publisher(store, publication, keys, guard).publish_once()
        for event in recorded:
            proof = prove_recorded(publication, event, keys.keys)
            if proof is None:
                raise IntegrityFailed(f"position {event.position} was published and is not covered")
            file = folder / f"{event.statement}.tlog-proof"
            write_over(file, proof, PUBLIC)
            say(f"Proof: {file}")
