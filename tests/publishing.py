"""What the tests of publishing share: a log in the embedded server with its publisher, and a check of all it made."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from ledger.ids import StatementId, Tag
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.memory_file import MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.witnesses import Witnesses
from ledger.statement.entries.entry import index_names, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND, is_state, state_of
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.index import EMPTY
from ledger.tlog.note import open_note
from ledger.tlog.pages import MemoryPages, extend_index, name_states
from ledger.tlog.policy import Party, Policy, evaluate
from ledger.tlog.tiles import tile_bytes, tiles_for
from ledger.tlog.tree import leaf_hash, root_hash
from tests.authors import SteppingClock
from tests.contracts.records import AT, record
from tests.servers import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ledger.store.port import Recorded, Store
    from tests.servers import Database


@cache
def log_keys(origin: str = ORIGIN) -> LogKeys:
    """Return the keys of a log of tests."""
    return LogKeys.generate(origin)


@dataclass(frozen=True)
class Rig:
    """A log, what is published of it, and who publishes it."""

    store: Store
    publication: Publication
    remembered: MemoryFile
    witnesses: Witnesses

    def publisher(self) -> Publisher:
        """Return a publisher that knows nothing yet, as after a start."""
        return Publisher(
            self.store,
            self.publication,
            keys=log_keys(),
            remembered=self.remembered,
            witnesses=self.witnesses,
            clock=SteppingClock(AT),
        )

    def record(self, *tags: str) -> Recorded:
        """Record an event with some tags; at the same place of another log the same one."""
        with self.store.locked() as log:
            statement = StatementId(f"01990000-0000-7000-8000-{log.head + 1:012x}")
            (recorded,) = log.append([record(*map(Tag, tags), statement=statement)], log.recorded or AT)
        return recorded

    def with_witnesses(self, witnesses: Witnesses) -> Rig:
        """Return the same log with other witnesses."""
        return replace(self, witnesses=witnesses)

    def witnesses_of(self, note: bytes, policy: Policy) -> set[str]:
        """Return by their names the witnesses of a policy that cosigned a checkpoint, as a verifier sees it."""
        logs = tuple(Party(key, "") for key in log_keys().keys)
        return set(evaluate(replace(policy, logs=logs), note).witnesses)


@contextmanager
def rig(database: Database, folder: Path, witnesses: Witnesses | None = None) -> Iterator[Rig]:
    """Yield the log in a database, with a folder for what is kept outside it."""
    with closing(PostgresStore(database.app)) as store, closing(Publication(database.app)) as publication:
        yield Rig(store, publication, MemoryFile(folder / "last-checkpoint"), witnesses or Witnesses())


def check_publication(rig: Rig) -> int:
    """Read everything again and check it with other code than the publisher's; return the published size.

    The checkpoint is signed by both keys; its root is that of the entries, hashed again; every tile is the one that
    they make; its last leaf is a state entry, and the index that this names is the one that the entries make.
    """
    published = rig.publication.newest()
    if published is None:
        return 0
    size = published.checkpoint.size
    signed = open_note(published.note, [verifier_for(key) for key in log_keys().keys]).signed
    assert {one.key for one in signed} >= set(log_keys().keys)
    entries = [recorded.entry for recorded in rig.store.read(limit=size)]
    leaves = [leaf_hash(entry) for entry in entries]
    assert root_hash(leaves) == published.checkpoint.root
    tree = GrowingTree(leaves)
    for tile in tiles_for(0, size):
        assert rig.publication.tile(tile) == tile_bytes(tile, tree)
    check_states(entries, leaves)
    assert state_of(parse_entry(entries[-1])) == published.state
    check_pages(rig, entries)
    return size


def check_states(entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
    """Check what every state entry says against an index that is made anew from the entries before it."""
    pages, root, names = MemoryPages(), EMPTY, set[str]()
    for position, (entry, leaf) in enumerate(zip(map(parse_entry, entries), leaves, strict=True), 1):
        if is_state(entry):
            state = state_of(entry)
            assert (state.index_root, state.size, state.names) == (root, position - 1, len(names))
            continue
        grown = extend_index(root, pages, [(position, leaf, index_names(entry))])
        pages.write(grown.pages)
        root = grown.root
        names |= set(index_names(entry))


def check_pages(rig: Rig, entries: Sequence[bytes]) -> None:
    """Check that the published pages give every name as many events as it has."""
    counted: dict[str, int] = {}
    for entry in map(parse_entry, entries):
        for name in index_names(entry):
            counted[name] = counted.get(name, 0) + 1
    with rig.publication.view() as view:
        states = name_states(view.index_root, view, [*counted, "item:never"])
    assert {name: state.count for name, state in states.items()} == {**counted, "item:never": 0}


def state_entries(store: Store) -> list[int]:
    """Return the positions of the state entries in a log."""
    return [recorded.position for recorded in store.read() if recorded.kind == STATE_KIND]


MANY: Final = 300
"""Entries enough for a full tile and a partial one on two levels."""
