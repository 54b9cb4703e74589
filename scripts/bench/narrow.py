"""How much a narrow bundle about one item grows with what else is done under its approval: by a few hashes, no entry.

Run it with other numbers of uses as `python -m scripts.bench.narrow 100000`. The other uses are one use, appended so
often: no bundle about the item holds them, and the log is not judged here.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from ledger.errors import Malformed
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import Scope, parse_manifest
from ledger.evidence.bundle.proofs import decode_proofs
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.statement.form.payload import read_payload
from ledger.statement.statement import sign_statement
from ledger.store.port import Record
from ledger.tlog.index import decode_index_proof
from tests.corpus.bundle_log import RULE_PACK, START, Saying, SmallLog, statement_at
from tests.corpus.bundle_story import FIRST, LINEAGE, SCIENTIST, SECOND, begun, use

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BATCH: Final = 1_000
USES: Final = (0, 1_000, 5_000)
"""How many uses of another item of the same approval the log has."""


def tables(uses: Sequence[int] = USES) -> Iterator[Table]:
    """Yield the table of the bundles about one item in logs that are ever busier with another one."""
    table = Table("other uses", "scope", "entries", "hashes, inclusion", "hashes, index", "bytes", "exported in")
    table.title = "A bundle about one item, without what is for people alone"
    log, _ = begun()
    done = 0
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    for count in uses:
        _append_uses(log, count - done)
        done = count
        for row in _rows(log):
            table.add_row(f"{count:,}", *row)
    yield table


def _append_uses(log: SmallLog, count: int) -> None:
    payload = log.payload(use(SECOND, "0.000001"), [SCIENTIST])
    envelope = sign_statement(payload, [SCIENTIST.signer])
    tags = read_payload(payload).tags | frozenset(map(Tag, LINEAGE))
    end = log.next + count
    for first in range(log.next, end, _BATCH):
        positions = range(first, min(first + _BATCH, end))
        records = [Record(statement_at(at), "item.used/1", tags, RULE_PACK, envelope) for at in positions]
        with log.store.locked() as locked:
            locked.append(records, locked.recorded or START)


def _rows(log: SmallLog) -> Iterator[tuple[str, ...]]:
    frame = log.publish()
    for scope in Scope:
        begun_at = perf_counter()
        try:
            data = export_bundle(log.store, frame, Tag(FIRST), scope=scope)
        except Malformed as error:  # an archive holds so many files and no more
            yield scope, error.rule, "", "", "", ""
            continue
        took = perf_counter() - begun_at
        files = {name: one for name, one in read_archive(data).items() if not _is_for_people(name)}
        inclusion = sum(map(len, decode_proofs(files[bundle.PROOFS]).values()))
        index = sum(len(decode_index_proof(one).siblings) for name, one in files.items() if name.endswith(".proof"))
        entries, size = len(parse_manifest(files[bundle.MANIFEST]).entries), sum(map(len, files.values()))
        yield scope, f"{entries:,}", f"{inclusion:,}", f"{index:,}", f"{size:,}", f"{took:.2f} s"


def _is_for_people(name: str) -> bool:
    return name.startswith("schemas/") or name in {bundle.README, bundle.REPORT, bundle.VERIFIER}


if __name__ == "__main__":
    for measured in tables([0, *map(int, sys.argv[1:])]):
        Console(width=120).print(measured)
