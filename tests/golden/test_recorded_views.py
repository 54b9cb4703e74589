"""The views of a log that an earlier version recorded, with statements of many kinds, are what its events come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.rulepacks.load import load_packs
from ledger.store.memory import MemoryStore
from projections.folding.editions import Begun
from projections.folding.outcome import Outcome
from projections.folding.whole import Whole
from projections.views.catalogue import VIEWS
from tests.recorded.record import LOGS, ORIGIN
from tests.recorded.storing import put
from tests.viewed import balances, booked, naive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("file", sorted(LOGS.glob("*.xz")), ids=lambda file: file.stem)
def test_the_views_of_a_recorded_log_are_what_its_events_come_to(file: Path) -> None:
    store = MemoryStore(ORIGIN)
    put(store, file)
    entries = list(store.read())
    whole = Whole()
    whole.take(entries)
    made = [whole.stated()]
    for tags in whole.parts(3):
        made += Outcome(whole, Begun(load_packs(), entries[-1].recorded)).notings(tags)
    rows = {view.name: [row for one in made for row in one.rows.of(view)] for view in VIEWS}
    found = {view.name: sorted(rows[view.name], key=lambda row: row[: view.key]) for view in VIEWS}
    assert booked(found.pop("booking")) == balances(store)
    found.pop("resting")
    due = naive(store)
    assert found == due
    assert all(
        due[name] for name in ("item", "custody", "line", "consignment", "case", "party", "key", "site", "obligation")
    )
