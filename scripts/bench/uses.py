"""A log of very many signed uses, made fast: signed by several processes, and put into the store unjudged.

The log is opened and its one laboratory admitted through the ledger. Each use is of one of 10,000 items and bears the
tags that judging would have given it. A checkpoint is published after each 2,000 of them.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Amount, Role
from ledger.domain.work.use import ItemUsed
from ledger.ids import ItemId, PartyId, Tag, key_tag
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.witnesses import Witnesses
from ledger.reference.activities import Activity
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.authoring import KIND_OF, Author, Circumstances, make_statement
from ledger.statement.signing.keys import Algorithm
from ledger.statement.signing.signer import MemorySigner
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.port import Record
from scripts.bench.received import ORIGIN
from scripts.demo.cast import LAB, REAGENTS, SECOND
from scripts.demo.stage import BEGIN, Party, Stage, StoryClock, open_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.publisher.log_keys import LogKeys

ITEMS: Final = 10_000
BATCH: Final = 2_000
_RULES: Final = load_packs().by_id("cn-281/2026-08-01").name


def write_log(conninfo: str, place: Path, keys: LogKeys, entries: int) -> None:
    """Fill the empty log of a database with so many uses, signed, stored and published.

    place: a folder for what the publisher remembers. keys: with which it signs.
    """
    clock = StoryClock()
    with (
        closing(Ledger(PostgresStore(conninfo), load_packs(), clock=clock)) as ledger,
        closing(Publication(conninfo)) as publication,
    ):
        open_log(Stage(ledger, clock), _party("operator", Role.OPERATOR), [_party("laboratory", Role.LABORATORY)])
        publisher = Publisher(
            ledger.store,
            publication,
            keys=keys,
            remembered=MemoryFile(place / FILE_NAME),
            witnesses=Witnesses(),
            clock=clock,
        )
        for records in _signed(entries):
            with ledger.store.locked() as log:
                log.append(records, clock.now())
            publisher.publish_once()


def _signed(entries: int) -> Iterator[list[Record]]:
    """Yield the records of all uses, a batch at a time; as many processes sign as there are processors."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        yield from processes.map(partial(_records, entries), range(0, entries, BATCH))


def _records(entries: int, first: int) -> list[Record]:
    scientist = _author("laboratory", "p-01", Role.LABORATORY)
    return [_record(scientist, number) for number in range(first, min(first + BATCH, entries))]


def _record(scientist: Author, number: int) -> Record:
    item = ItemId(f"item:{number % ITEMS:026d}")
    body = ItemUsed(
        item=item,
        laboratory=LAB,
        project="bench",
        purpose="research",
        activity=Activity.UNCULTURED,
        quantity=Amount(value="0.001", unit="mL"),
    )
    made = make_statement(ORIGIN, body, [scientist], Circumstances(occurred_at=BEGIN + timedelta(seconds=number)))
    key = Tag(key_tag(scientist.signer.thumbprint))
    tags = frozenset({Tag(item), Tag(LAB), Tag(scientist.party), Tag(SECOND), Tag(REAGENTS), key})
    return Record(made.id, KIND_OF[ItemUsed], tags, _RULES, made.envelope)


def _party(name: str, role: Role) -> Party:
    first, second = (_author(name, person, role) for person in ("p-01", "p-02"))
    return Party(PartyId(f"party:{name}"), name, "research", role, first, second)


def _author(party: str, person: str, role: Role) -> Author:
    """Return an author whose key comes from the name, so that every process has the same one."""
    seed = sha256(f"vialog bench: {party} {person}".encode()).digest()
    return Author(MemorySigner.from_seed(Algorithm.ED25519, seed), PartyId(f"party:{party}"), person, role)
