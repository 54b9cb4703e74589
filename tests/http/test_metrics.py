"""Figures of the service: how requests were answered, and how the log stands; nothing of what the record says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from api.http.metrics import GAUGES, standing_of
from api.submissions import write_submission
from tests.authors import opening
from tests.http.serving import Served, served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Servers


def figures(log: Served) -> dict[tuple[str, ...], float]:
    """Return each figure by its name and labels."""
    text = log.get("/metrics").body.decode()
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_the_standing_of_the_log_and_its_checkpoint_is_told(log: Served) -> None:
    log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
    found = figures(log)
    assert found["vialog_healthy",] == 1
    assert found["vialog_log_entries",] == found["vialog_checkpoint_entries",] == 2
    assert found["vialog_witness_problems",] == 0
    assert found["vialog_waiting_statements",] == 0
    assert found["vialog_batch_statements_count",] == found["vialog_batch_statements_sum",] == 1
    assert found["vialog_commit_seconds_count",] == 1
    assert found["vialog_commit_seconds_sum",] > 0


def test_every_answer_is_counted_by_route_and_status_also_those_given_at_the_door(log: Served) -> None:
    log.ask("POST", "/v1/statements", write_submission(opening()))
    log.ask("POST", "/v1/statements", b"{")
    log.ask("POST", "/v1/statements", b" " * 1_000_001)
    log.get("/nowhere/party:secret")
    found = figures(log)
    assert found["vialog_http_requests_total", "submit_statement", "201"] == 1
    assert found["vialog_http_requests_total", "submit_statement", "400"] == 1
    assert found["vialog_http_requests_total", "none", "413"] == 1
    assert found["vialog_http_requests_total", "none", "404"] == 1
    assert found["vialog_http_request_seconds_count", "submit_statement"] == 2
    assert b"secret" not in log.get("/metrics").body


def test_what_cannot_be_seen_is_absent_and_not_zero() -> None:
    found = standing_of({"problem": "the database does not answer", "witnesses": {}}, 3.0, 7)
    known = {"vialog_checkpoint_late_seconds": 3, "vialog_witness_problems": 0, "vialog_waiting_statements": 7}
    assert found == {"vialog_healthy": 0, **known}
    assert found.keys() < GAUGES.keys()


def test_who_is_alive_need_not_be_ready(servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "last-checkpoint").write_bytes(b"damaged")
    with served(servers.get(EMBEDDED), tmp_path) as log:
        assert (log.get("/livez").status, log.get("/readyz").status) == (200, 200)
        log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
        assert (log.get("/livez").status, log.get("/readyz").status) == (200, 503)
        assert figures(log)["vialog_healthy",] == 0
