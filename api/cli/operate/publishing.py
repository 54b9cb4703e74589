"""``vialog publish`` and ``vialog log vkey``: checkpoints of a log without a server, and the keys that sign them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli.operate.log_keys import open_log_keys
from api.cli.output import Json, print_object, print_pairs, say
from api.logs.served import open_service
from api.logs.wiring import make_publisher, open_guard, open_publication, open_store
from api.settings import read_settings
from ledger.errors import IntegrityFailed
from ledger.files import PUBLIC, write_over
from ledger.publisher.proofs import prove_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from api.logs.recording import Settled
    from api.rows.operate import Published
    from api.settings import Settings
    from ledger.ids import StatementId


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


def write_proofs(settings: Settings, statements: Iterable[Settled], folder: Path) -> None:
    """Write the proofs of statements that are recorded into a folder, each to ``<id>.tlog-proof``, once there are any.

    A log that is here is published for it; a service is waited for. A proof that is there is replaced: it only ever
    gets a newer checkpoint. Raises as ``publish_once``, as ``Statements.proof``; OSError.
    """
    proofs = _published(settings, statements) if settings.url is None else _waited_for(settings, statements)
    for statement, proof in proofs:
        file = folder / f"{statement}.tlog-proof"
        write_over(file, proof, PUBLIC)
        say(f"Proof: {file}")


def _published(settings: Settings, statements: Iterable[Settled]) -> Iterator[tuple[StatementId, bytes]]:
    """Publish what is recorded, and yield the proofs of some statements."""
    # Loaded here: who publishes a checkpoint alone reads no event.
    from projections.reading import check_stored

    with open_store(settings) as store, open_publication(settings) as publication:
        guard = open_guard(settings, store, publication)
        keys = open_log_keys(settings, store.origin, publication)
        make_publisher(store, publication, keys, guard).publish_once()
        for one in statements:
            recorded = store.find(one.statement)
            if recorded is not None:
                check_stored(recorded)
            proof = None if recorded is None else prove_recorded(publication, recorded, keys.keys)
            if proof is None:
                raise IntegrityFailed(f"position {one.position} was published and is not covered")
            yield one.statement, proof


def _waited_for(settings: Settings, statements: Iterable[Settled]) -> Iterator[tuple[StatementId, bytes]]:
    """Wait until the service has published what is recorded, and yield the proofs of some statements."""
    # Loaded here: who has the log here needs no network.
    from api.client.statements import Statements

    with open_service(settings) as service:
        for one in statements:
            service.wrote(one.position)
            yield one.statement, Statements(service).proof(one.statement)
