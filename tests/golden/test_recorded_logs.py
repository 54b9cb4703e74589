"""A log that an earlier version recorded is verified and replayed by this one, and nothing of it is otherwise.

The entries are bytes that were signed: their file is never written again. What they say in words may be said better;
then the lines beside them change, and whoever changes them sees which.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pytest

from ledger.ids import StatementId
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.store.memory import MemoryStore
from ledger.store.port import Recorded
from ledger.verification.log import verify_log
from ledger.words.table import Language
from tests.recorded.record import LOGS, ORIGIN, play, read_log, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG: Final = LOGS / "2026-11-29.xz"
SHA256: Final = {LOG.name: "491589da5635d2f631699b9ca6e8421a6538a71778e31faf28fe6b92a1cedcaa"}
"""The files, so that none is written again unseen."""


def recorded() -> Iterator[Recorded]:
    for kept in read_log(LOG):
        entry, statement = kept.entry.encode(), kept.statement
        head = parse_entry(entry)
        yield Recorded(head.position, head.recorded, StatementId(statement), kept.kind, entry, leaf_of(entry))


@pytest.mark.parametrize("file", sorted(LOGS.glob("*.xz")), ids=lambda file: file.stem)
def test_a_recorded_log_is_never_written_again(file: Path) -> None:
    assert hashlib.sha256(file.read_bytes()).hexdigest() == SHA256[file.name]


def test_an_earlier_log_replays_without_a_difference() -> None:
    verified = list(verify_log(recorded(), ORIGIN, load_packs()))
    assert [one for one in verified if one.difference or one.unjudged or one.unread] == []
    assert len(verified) == len(list(read_log(LOG)))


def test_an_earlier_log_says_the_same_in_words() -> None:
    assert told(read_log(LOG)) == LOG.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_an_earlier_log_has_every_kind_of_its_time_and_its_breaches() -> None:
    kinds = {kept.kind for kept in read_log(LOG)}
    assert len(kinds & KINDS.keys()) == 68
    said = LOG.with_suffix(".txt").read_text(encoding="utf-8")
    assert all(f"{kind} {language}: " in said for kind in kinds & KINDS.keys() for language in Language)


def test_a_log_that_is_recorded_now_replays_without_a_difference() -> None:
    store = MemoryStore(ORIGIN)
    play(store)
    assert [one for one in verify_log(store.read(), ORIGIN, load_packs()) if one.difference or one.unjudged] == []
