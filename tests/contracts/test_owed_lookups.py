"""Who owes something now, or is overdue, is looked up among what is open: what ended before is not gone through."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.store.database.queries import read_queries
from projections.views.obligations import OBLIGATIONS
from tests.recorded.record import LOGS
from tests.recorded.storing import put
from tests.viewed import viewed

if TYPE_CHECKING:
    from tests.servers import Database

_MORE: Final = """
    insert into obligation
    select (jsonb_populate_record(one, jsonb_build_object('subject', one.subject || '-' || number))).*
      from obligation one, generate_series(1, 40) number
     where duty = %(duty)s
"""
"""As much again of a duty, forty times: of what has not ended and of what did."""


@pytest.mark.parametrize(
    ("query", "duty"),
    [("owed_at", "return-checkout"), ("owed_at", "hand-over-waste"), ("overdue_at", "count-stock")],
)
def test_what_ended_or_is_not_due_yet_is_not_gone_through(embedded_database: Database, query: str, duty: str) -> None:
    with viewed(embedded_database) as views:
        put(views.store, max(LOGS.glob("*.xz")))
        views.rebuild()
        at = list(views.store.read())[-1].recorded + timedelta(seconds=1)
        with views.session.lend() as connection:
            assert (connection.execute(_MORE, {"duty": duty}).rowcount or 0) >= 2_000
            connection.execute("analyze obligation")
            asked, said = read_queries(OBLIGATIONS.sql)[query], {"duty": duty, "at": at}
            (([told],),) = connection.execute("explain (analyze, format json) " + asked, said)
            assert _looked_at(told["Plan"]) <= connection.execute(asked, said).rowcount, told


def _looked_at(node: dict[str, Any]) -> float:
    """Return how many rows a plan took from tables, those that a filter left out among them."""
    taken = float(node["Actual Rows"]) + float(node.get("Rows Removed by Filter", 0))
    below = sum(map(_looked_at, node.get("Plans", ())))
    return taken * float(node["Actual Loops"]) + below if "Relation Name" in node else below
