"""A recorded log, put into a store byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.ids import StatementId
from ledger.statement.entries.entry import parse_entry
from ledger.store.port import Record
from tests.recorded.record import read_log

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.port import Store


def put(store: Store, file: Path) -> None:
    """Put the entries of a recorded log into an empty store."""
    for kept in read_log(file):
        entry = parse_entry(kept.entry.encode())
        record = Record(
            StatementId(kept.statement),
            kept.kind,
            entry.tags,
            entry.rules,
            entry.data,
            breaches=entry.breaches,
            status=entry.status,
        )
        with store.locked() as log:
            (written,) = log.append([record], entry.recorded)
        assert written.entry == kept.entry.encode()
