"""What brings subjects into being, as the table of kinds has it, is what does in every recorded log."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import ledger.domain
from ledger.domain.fold import BEGINNING, initial
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item
from ledger.ids import type_of
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import event_of
from ledger.store.memory import MemoryStore
from tests.recorded.record import LOGS, ORIGIN
from tests.recorded.storing import put

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Subject

DOMAIN = Path(ledger.domain.__path__[0])


def test_no_kind_brings_into_being_what_the_table_does_not_say() -> None:
    found: defaultdict[type[Subject], set[str]] = defaultdict(set)
    for file in sorted(LOGS.glob("*.xz")):
        store = MemoryStore(ORIGIN)
        put(store, file)
        for event in (event_of(one) for one in store.read() if one.kind in KINDS):
            kind = KINDS[event.said.kind]
            for tag in event.tags:
                if kind.changes(type_of(tag)) and kind.evolve(none := initial(tag), event).known:
                    found[type(none)].add(kind.name)
    assert all(found[subject] <= BEGINNING[subject] for subject in BEGINNING)
    assert BEGINNING[Item] - found[Item] == {"consignment.certified/1"}  # which no recorded log has
    assert BEGINNING[Site] == found[Site]


def test_whoever_writes_an_effect_that_brings_into_being_looks_at_the_table() -> None:
    modules = {one.stem for one in DOMAIN.rglob("*.py") if "known=True" in one.read_text(encoding="utf-8")}
    items = {"listing", "certification", "making", "collection"}
    assert modules == items | {"consignments", "permits", "parties", "keys", "cases", "approvals"}
