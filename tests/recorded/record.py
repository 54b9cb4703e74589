"""Record a log with the program as it is, for later ones to replay: ``python -m tests.recorded.record DAY``.

It plays the demo's story and what that leaves out, in memory; its private keys are forgotten. What it writes bears the
day on which it was recorded, and is never written again: two files, the entries and what some of them say in words.
"""

from __future__ import annotations

import lzma
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.entries.entry import NO_RULES, index_names, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, encode_state, is_state, state_id
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.store.memory import MemoryStore
from ledger.store.port import Record, Recorded
from ledger.tlog.whole_index import WholeIndex
from ledger.words.reader import Reader
from ledger.words.sentences import breach_words
from ledger.words.table import Language
from ledger.words.telling import sentence
from scripts.demo.__main__ import import_manifest
from scripts.demo.cast import make_cast, make_vials
from scripts.demo.manifest import write_manifest
from scripts.demo.stage import Stage, StoryClock
from scripts.demo.story import Story
from tests.recorded.acts import Rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.store.port import Store

ORIGIN: Final = "recorded.vialog/log"
LOGS: Final = Path(__file__).parent / "logs"


class Kept(msgspec.Struct, frozen=True):
    """An entry as the file holds it, one JSON object a line; what follows from it is not in the file."""

    statement: str
    kind: str
    entry: str


def read_log(file: Path) -> Iterator[Kept]:
    """Yield the entries of a recorded log, oldest first."""
    for line in lzma.decompress(file.read_bytes()).splitlines():
        yield msgspec.json.decode(line, type=Kept)


def write_log(store: Store, file: Path) -> None:
    """Write the entries of a log."""
    kept = (Kept(one.statement, one.kind, one.entry.decode()) for one in store.read())
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in kept)
    file.write_bytes(lzma.compress(lines, preset=9 | lzma.PRESET_EXTREME))


def told(entries: Iterable[Kept]) -> list[str]:
    """Return what a log says in words, in both languages: the first statement of each kind, each breach once."""
    lines: dict[tuple[str, Language], str] = {}
    for entry in (parse_entry(one.entry.encode()) for one in entries):
        if is_state(entry):
            continue
        payload = read_payload(parse_envelope(entry.data).payload)
        for language in Language:
            lines.setdefault((payload.kind, language), sentence(payload, Reader(language)))
            for breach in entry.breaches:
                lines.setdefault((breach.rule, language), breach_words(breach, language))
    return [f"{name} {language}: {line}" for (name, language), line in sorted(lines.items())]


def play(store: Store) -> None:
    """Play the story and the rest, with a state entry behind each."""
    cast, vials, clock = make_cast(), make_vials(), StoryClock()
    ledger = Ledger(store, load_packs(), clock=clock)
    stage = Stage(ledger, clock)
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "manifest.xlsx"
        write_manifest(manifest, vials)
        for _, act in Story(stage, cast, vials, lambda: import_manifest(stage, cast, manifest)).acts():
            act()
    _state(store, clock)
    for further in Rest(stage, cast, vials).acts():
        further()
    _state(store, clock)


def _state(store: Store, clock: StoryClock) -> None:
    """Append what the publisher would: what the index over all entries is."""
    index = WholeIndex()
    for stored in store.read():
        _add(index, stored)
    data = encode_state(StateEntry(index.root(), store.head(), index.names))
    with store.locked() as log:
        log.append([Record(state_id(data), STATE_KIND, frozenset(), NO_RULES, data)], clock.now())


def _add(index: WholeIndex, stored: Recorded) -> None:
    index.add(stored.position, stored.leaf, index_names(parse_entry(stored.entry)))


if __name__ == "__main__":
    memory = MemoryStore(ORIGIN)
    play(memory)
    write_log(memory, LOGS / f"{sys.argv[1]}.xz")
    lines = told(read_log(LOGS / f"{sys.argv[1]}.xz"))
    (LOGS / f"{sys.argv[1]}.txt").write_text("\n".join((*lines, "")), encoding="utf-8")
