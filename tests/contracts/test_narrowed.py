"""Questions over the whole log from the views: the rows are those of the whole log, whatever was said, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed
from tests.narrowing import check_narrowed
from tests.recorded.record import LOGS
from tests.recorded.storing import put
from tests.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Database
    from tests.viewed import Viewed


@pytest.fixture
def views(embedded_database: Database) -> Iterator[Viewed]:
    """The log of a story that an earlier version recorded, with its views."""
    with viewed(embedded_database) as views:
        put(views.store, max(LOGS.glob("*.xz")))
        views.rebuild()
        yield views


def test_the_rows_are_those_of_the_whole_log_at_any_time(views: Viewed) -> None:
    last = list(views.store.read())[-1].recorded
    earlier, later = last - timedelta(days=9), last + timedelta(days=40)
    years = last + timedelta(days=800)
    times = ((last, None), (last, last), (earlier, earlier), (later, None), (years, None), (years, years))
    answered = set[str]().union(*(check_narrowed(views, at, until) for at, until in times))
    assert answered >= {
        *("corrections", "discrepancies", "excursions", "incidents", "uncounted", "waste-in-store", "waste-manifests"),
    }


def test_of_events_that_are_not_those_noted_nothing_is_told(views: Viewed) -> None:
    with views.session.lend() as connection:
        connection.execute("update subject set count = count + 1 where tag like 'case:%'")
    with pytest.raises(IntegrityFailed, match="the views note"):
        check_narrowed(views, list(views.store.read())[-1].recorded)
