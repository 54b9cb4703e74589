"""Statements over HTTP: handed in, answered, and proven."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from api.submissions import MOST_BYTES, write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.errors import IntegrityFailed
from ledger.tlog.policy import Party, Policy
from ledger.tlog.proof import check_proof, decode_proof
from ledger.tlog.tree import leaf_hash
from tests.authors import ORIGIN, admissions, author, opening
from tests.http.serving import Served, served
from tests.publishing import log_keys
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Servers


def policy() -> Policy:
    return Policy(tuple(Party(key, "") for key in log_keys(ORIGIN).keys), {}, {}, None)


def test_a_new_statement_is_created_and_a_repeated_one_answered_again(log: Served) -> None:
    line = write_submission(opening())
    first = log.ask("POST", "/v1/statements", line)
    again = log.ask("POST", "/v1/statements", line)
    assert (first.status, again.status) == (201, 200)
    said, repeated = json.loads(first.body), json.loads(again.body)
    assert (said["status"], repeated["status"]) == ("recorded", "repeated")
    assert said["position"] == repeated["position"] == 1
    assert said["kind"] == "log.opened/1"
    assert first.headers["location"] == f"/v1/statements/{said['statement']}/proof"
    assert first.headers["content-type"] == "application/json"


def test_who_waits_gets_the_proof_when_a_checkpoint_covers_the_statement(log: Served) -> None:
    answer = log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
    assert (answer.status, answer.headers["content-type"]) == (201, "text/plain; charset=utf-8")
    (recorded,) = log.doors.ledger.store.read(limit=1)
    proof = decode_proof(answer.body)
    witnessed = check_proof(proof, leaf_hash(recorded.entry), policy())
    assert (proof.index, witnessed.checkpoint.size >= 2) == (0, True)


def test_proof_of_another_entry_does_not_check(log: Served) -> None:
    people = [author("party:lab-1", Role.LABORATORY)]
    first, second, *_ = [write_submission(one) for one in [opening(), *admissions(*people)]]
    log.ask("POST", "/v1/statements", first)
    proof = decode_proof(log.ask("POST", "/v1/statements?wait=proof", second).body)
    opened, *_, admitted = log.doors.ledger.store.read(limit=proof.index + 1)
    check_proof(proof, leaf_hash(admitted.entry), policy())
    with pytest.raises(IntegrityFailed):
        check_proof(proof, leaf_hash(opened.entry), policy())


def test_a_proof_can_be_fetched_later(log: Served) -> None:
    said = json.loads(log.ask("POST", "/v1/statements", write_submission(opening())).body)
    assert log.doors.publisher.wait_for(said["position"], 20) is not None
    answer = log.get(f"/v1/statements/{said['statement']}/proof")
    assert answer.status == 200
    (recorded,) = log.doors.ledger.store.read(limit=1)
    check_proof(decode_proof(answer.body), leaf_hash(recorded.entry), policy())


def test_a_statement_is_recorded_though_nobody_may_wait_for_its_proof(servers: Servers, tmp_path: Path) -> None:
    with served(servers.get(EMBEDDED), tmp_path) as log:
        while log.doors.waiting.acquire(blocking=False):
            pass
        answer = log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
        assert (answer.status, answer.headers["retry-after"]) == (202, "5")
        assert json.loads(answer.body)["status"] == "recorded"


@pytest.mark.parametrize("unsent", [1_000_000, 100, 1, 0], ids=["header cut", "body cut", "byte short", "all sent"])
@pytest.mark.parametrize("said", ["closed", "shut down"])
def test_the_operator_refuses_to_log_is_met_by_handing_in_again_after_a_dropped_connection(
    log: Served, unsent: int, said: str
) -> None:
    line = write_submission(opening())
    request = b"POST /v1/statements HTTP/1.1\r\nHost: log\r\nContent-Length: %d\r\n\r\n%s" % (len(line), line)
    with socket.create_connection(("127.0.0.1", log.port)) as dropped:
        dropped.sendall(request[: max(len(request) - unsent, 30)])
        if said == "shut down":
            dropped.shutdown(socket.SHUT_RDWR)
    again, once_more = (log.ask("POST", "/v1/statements", line) for _ in range(2))
    assert again.status == 201 if unsent else again.status in {200, 201}
    assert once_more.status == 200
    assert [json.loads(answer.body)["position"] for answer in (again, once_more)] == [1, 1]
    assert [one.position for one in log.doors.ledger.store.read() if one.kind == "log.opened/1"] == [1]


@pytest.mark.parametrize("statement", ["nothing", "01a1fbb9-7e3b-7e39-8720-a4644ff57fcf", "%00", "..%2f"])
def test_there_is_no_proof_of_what_is_not_recorded(idle: Served, statement: str) -> None:
    assert idle.get(f"/v1/statements/{statement}/proof").status == 404


@pytest.mark.parametrize(
    ("body", "status", "rule"),
    [
        pytest.param(b"", 400, "STM-03", id="nothing"),
        pytest.param(b"{", 400, "STM-03", id="not JSON"),
        pytest.param('{"envelope":{}}'.encode("utf-16"), 400, "STM-02", id="UTF-16"),
        pytest.param('{"envelope":{}}'.encode("utf-16-be"), 400, "STM-03", id="UTF-16 without a mark"),
        pytest.param('{"envelope":{}}'.encode("utf-8-sig"), 400, "STM-02", id="byte order mark"),
        pytest.param(b"[" * 100_000, 400, "STM-03", id="deep JSON"),
        pytest.param(b'{"envelope":{}}', 400, None, id="no envelope"),
        pytest.param(b'{"envelope":{},"envelope":{}}', 400, "STM-06", id="a member twice"),
        pytest.param(b" " * (MOST_BYTES + 1), 413, None, id="oversized"),
    ],
)
def test_what_is_no_statement_is_a_problem(idle: Served, body: bytes, status: int, rule: str | None) -> None:
    answer = idle.ask("POST", "/v1/statements", body)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    said = json.loads(answer.body)
    assert said["status"] == status
    assert rule is None or said["rule"] == rule


def test_a_statement_that_cannot_be_trusted_is_forbidden(idle: Served) -> None:
    stranger = admissions(author("party:lab-1", Role.LABORATORY))[0]
    answer = idle.ask("POST", "/v1/statements", write_submission(stranger))
    assert answer.status == 403
    assert json.loads(answer.body)["type"] == "urn:vialog:problem:not-trusted"


def test_a_parameter_that_means_nothing_is_a_problem(idle: Served) -> None:
    answer = idle.ask("POST", "/v1/statements?wait=tea", write_submission(opening()))
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("DELETE", "/log/checkpoint"), ("GET", "/docs")])
def test_what_is_not_offered_is_a_problem_too(idle: Served, method: str, path: str) -> None:
    answer = idle.ask(method, path)
    assert answer.status in {404, 405}
    assert answer.headers["content-type"] == "application/problem+json"


def test_health_tells_how_far_the_log_and_its_checkpoint_are(log: Served) -> None:
    said = json.loads(log.get("/healthz").body)
    views = {"state": "none", "position": 0, "lag": 0}
    assert said == {"status": "ok", "log": ORIGIN, "size": 0, "checkpoint": 0, "witnesses": {}, "views": views}
    log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
    said = json.loads(log.get("/healthz").body)
    assert (said["size"], said["checkpoint"]) == (2, 2)


def test_nothing_is_recorded_once_the_publisher_has_stopped_over_a_contradiction(
    servers: Servers, tmp_path: Path
) -> None:
    (tmp_path / "last-checkpoint").write_bytes(b"damaged")
    with served(servers.get(EMBEDDED), tmp_path) as log:
        answer = log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
        assert (answer.status, json.loads(answer.body)["position"]) == (202, 1)
        assert isinstance(log.doors.publisher.stopped_by, IntegrityFailed)
        health = log.get("/healthz")
        assert health.status == 503
        assert str(tmp_path).encode() not in health.body
        answer = log.ask(
            "POST", "/v1/statements", write_submission(admissions(author("party:lab-1", Role.LABORATORY))[0])
        )
        said = json.loads(answer.body)
        assert (answer.status, said["type"]) == (503, "urn:vialog:problem:halted")
        assert "safe" not in said["title"]
        assert "retry-after" not in answer.headers
        assert log.doors.ledger.store.head() == 1
