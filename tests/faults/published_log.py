"""A published log in a database whose administrator is hostile, and what checks it.

He has superuser SQL, and in the end the log's own keys; what he has not is the witness, and the checkpoint that
somebody kept.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ledger.fsck.check import Sound, Wanted, check_database
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.memory_file import MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.witnesses import Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.tlog.policy import Party
from tests.authors import OPERATOR, ORIGIN, SteppingClock, admissions, made, opening
from tests.contracts.behind import as_admin
from tests.faults.parties import LABORATORY, registration
from tests.servers import EMBEDDED
from tests.witness_server import TestWitness, policy_of, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.store.port import Recorded
    from ledger.tlog.policy import Policy
    from tests.servers import Database, Servers

LOG_KEYS = LogKeys.generate(ORIGIN)
TABLES = ("event", "event_tag", "kind", "disclosure", "head", "tile", "index_page", "checkpoint", "publication")


@dataclass(frozen=True)
class Scene:
    """A published log: its database, its policy, and the first checkpoint, which somebody has kept."""

    database: Database
    policy: Policy
    held: bytes
    witness: TestWitness

    def hostile(self, *statements: str) -> None:
        """Run statements as a superuser who has switched the log's triggers off."""
        off = [f"alter table vialog.{table} disable trigger all;" for table in TABLES]
        on = [f"alter table vialog.{table} enable trigger all;" for table in TABLES]
        as_admin(self.database, "\n".join([*off, *(f"{one};" for one in statements), *on]))

    def fsck(self, *, policy: bool = False, held: bool = False, jobs: int = 1) -> Sound:
        """Check the database, by itself or against what its administrator could not make."""
        wanted = Wanted(self.policy if policy else None, {"kept": self.held} if held else {}, jobs)
        return check_database(self.database.app, wanted, lambda done, size: None)

    def events(self) -> list[Recorded]:
        """Return all that is recorded."""
        with closing(PostgresStore(self.database.app)) as store:
            return list(store.read())


def publish(database: Database, folder: Path, keys: LogKeys, witnesses: Witnesses) -> bytes:
    """Publish what is recorded with some keys, and return the checkpoint's note."""
    with closing(PostgresStore(database.app)) as store, closing(Publication(database.app)) as publication:
        clock = SteppingClock()
        remembered = MemoryFile(folder / f"last-{keys.keys[0].key_id.hex()}")
        publisher = Publisher(store, publication, keys=keys, remembered=remembered, witnesses=witnesses, clock=clock)
        published = publisher.publish_once()
    assert published
    return published.note


@contextmanager
def scene(servers: Servers, folder: Path) -> Iterator[Scene]:
    witness = TestWitness("witness.example/w1")
    with servers.get(EMBEDDED).empty_database() as database, running(witness):
        migrate(database.owner)
        name_log(database.owner, ORIGIN)
        policy = replace(policy_of([witness], 1), logs=tuple(Party(key, "") for key in LOG_KEYS.keys))
        with closing(Ledger(PostgresStore(database.app), load_packs(), clock=SteppingClock())) as ledger:
            for submission in (opening(), *admissions(LABORATORY)):
                ledger.record(submission)
            held = publish(database, folder, LOG_KEYS, Witnesses(policy))
            for number in range(4):
                ledger.record(made(registration(number), OPERATOR))
        publish(database, folder, LOG_KEYS, Witnesses(policy))
        yield Scene(database, policy, held, witness)
