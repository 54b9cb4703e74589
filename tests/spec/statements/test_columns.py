"""A look at an entry is enough to see that its columns say what it says, and never to see it where they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.ids import StatementId
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.store.columns import check_columns, plainly_holds
from ledger.store.port import Recorded
from tests.recorded.record import LOGS, read_log


def recorded() -> list[Recorded]:
    """Return the statements of a recorded log, as a store holds them."""
    found = []
    for kept in read_log(max(LOGS.glob("*.xz"))):
        written = kept.entry.encode()
        entry = parse_entry(written)
        if kept.kind != STATE_KIND:
            columns = StatementId(kept.statement), kept.kind, written, leaf_of(written)
            found.append(Recorded(entry.position, entry.recorded, *columns))
    return found


def test_a_look_is_enough_for_most_where_nothing_differs_and_a_close_one_for_all() -> None:
    found = recorded()
    for one in found:
        check_columns(one, parse_entry(one.entry))
    assert sum(map(plainly_holds, found)) > 0.8 * len(found)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"position": 7_000}, id="position"),
        pytest.param({"statement": StatementId("0191d2a4-7c00-7000-8000-000000000000")}, id="statement"),
        pytest.param({"kind": "item.lost/1"}, id="kind"),
        pytest.param({"leaf": bytes(32)}, id="leaf"),
        pytest.param({"entry": b""}, id="no entry"),
    ],
)
def test_a_look_shows_no_column_that_differs(change: dict[str, Any]) -> None:
    assert not any(plainly_holds(replace(one, **change)) for one in recorded())


def test_a_look_shows_no_time_that_differs_and_no_byte() -> None:
    for one in recorded():
        assert not plainly_holds(replace(one, recorded=one.recorded + timedelta(microseconds=1)))
        assert not plainly_holds(replace(one, entry=one.entry[:-1] + b" "))
