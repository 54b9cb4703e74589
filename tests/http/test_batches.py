"""Many statements at one door: a line of answer for each, in their order, each on its own or all together."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from api.http.recording.batches import MOST_BYTES, MOST_LINES, MOST_PROOFS
from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.tlog.proof import decode_proof
from tests.authors import admissions, author, opening
from tests.http.serving import Answer, Served

if TYPE_CHECKING:
    pass

LAB = author("party:lab-1", Role.LABORATORY)
CARRIER = author("party:carrier", Role.CARRIER)


def batch(log: Served, *lines: bytes, query: str = "", headers: dict[str, str] | None = None) -> Answer:
    return log.ask("POST", f"/v1/statements/batch{query}", b"\n".join(lines), headers=headers)


def said(answer: Answer) -> list[dict[str, Any]]:
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.body.splitlines()]


@cache
def good() -> list[bytes]:
    """Return the lines of statements of which each rests on those before it."""
    return [write_submission(one) for one in (opening(), *admissions(LAB))]


def test_each_line_gets_its_answer_in_its_place_and_a_wrong_one_stops_nobody(log: Served) -> None:
    lines = good()
    answer = batch(log, lines[0], b"{", write_submission(admissions(CARRIER)[-1]), *lines[1:], b"")
    found = said(answer)
    assert answer.status == 200
    assert [one["line"] for one in found] == [*range(1, len(lines) + 3)]
    assert [one["status"] for one in found] == ["recorded", "error", "error", *["recorded"] * (len(lines) - 1)]
    assert [one["problem"]["type"] for one in found[1:3]] == [
        "urn:vialog:problem:malformed",
        "urn:vialog:problem:refused",
    ]
    assert found[1]["problem"]["rule"] == "STM-03"


def test_a_batch_that_is_handed_in_again_gets_its_first_answers(log: Served) -> None:
    first, again = said(batch(log, *good())), said(batch(log, *good()))
    assert {one["status"] for one in again} == {"repeated"}
    assert [one["position"] for one in again] == [one["position"] for one in first]


def test_all_together_or_none(log: Served) -> None:
    opened, *rest = good()
    before = log.handed_in()
    refused = batch(log, opened, b"{}", query="?together=true")
    assert (refused.status, log.handed_in()) == (422, before)
    assert [one["status"] for one in said(refused)] == ["recordable", "error"]
    recorded = batch(log, opened, query="?together=true")
    assert (recorded.status, [one["status"] for one in said(recorded)]) == (201, ["recorded"])
    again = said(batch(log, opened, *rest[:1], query="?together=true"))
    assert [one["status"] for one in again] == ["repeated", "recorded"]


def test_a_problem_of_a_line_is_told_in_the_readers_language(idle: Served) -> None:
    (found,) = said(batch(idle, b"{", headers={"Accept-Language": "zh-CN"}))
    assert found["problem"]["title"] == "内容不符合格式要求"


@pytest.mark.rule("BAT-01")
@pytest.mark.parametrize("lines", [b"", b"\n\n", b"{}\n" * (MOST_LINES + 1)], ids=["nothing", "blank", "too many"])
def test_a_batch_has_as_many_lines_as_it_may(idle: Served, lines: bytes) -> None:
    answer = idle.ask("POST", "/v1/statements/batch", lines)
    assert (answer.status, json.loads(answer.body)["rule"]) == (400, "BAT-01")


def test_a_batch_is_as_large_as_it_may_be(idle: Served) -> None:
    answer = idle.ask("POST", "/v1/statements/batch", b" " * (MOST_BYTES + 1))
    assert (answer.status, json.loads(answer.body)["type"]) == (413, "urn:vialog:problem:too-large")
    assert idle.ask("POST", "/v1/statements/batch", b"x" * MOST_BYTES).status == 200


def test_a_line_between_others_that_is_blank_is_no_statement(idle: Served) -> None:
    assert [one["problem"]["rule"] for one in said(batch(idle, b"{", b"", b"{"))] == ["STM-03"] * 3


def test_proofs_of_a_batch_are_waited_for(log: Served) -> None:
    lines = good()
    answer = batch(log, lines[0], b"{", *lines[1:], query="?wait=proof")
    found = said(answer)
    assert (answer.status, answer.headers["vialog-position"]) == (200, str(found[-1]["position"]))
    recorded = [one for one in found if one["status"] == "recorded"]
    assert [decode_proof(one["proof"].encode()).index + 1 for one in recorded] == [one["position"] for one in recorded]
    assert "proof" not in found[1]
    again = batch(log, *lines, query="?wait=proof&together=true")
    assert (again.status, {one["status"] for one in said(again)}) == (201, {"repeated"})
    assert all("proof" in one for one in said(again))


def test_a_batch_is_recorded_though_its_proofs_do_not_come(log: Served) -> None:
    while log.doors.waiting.acquire(blocking=False):
        pass
    answer = batch(log, *good(), query="?wait=proof")
    assert (answer.status, answer.headers["retry-after"]) == (202, "5")
    assert {(one["status"], "proof" in one) for one in said(answer)} == {("recorded", False)}


@pytest.mark.rule("BAT-02")
def test_of_a_batch_with_proofs_not_so_many_lines_are_taken(idle: Served) -> None:
    answer = idle.ask("POST", "/v1/statements/batch?wait=proof", b"{}\n" * (MOST_PROOFS + 1))
    assert (answer.status, json.loads(answer.body)["rule"]) == (400, "BAT-02")
