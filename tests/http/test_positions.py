"""How new an answer is: it says its position, and waits for the one that is asked for, but not for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.submissions import write_submission
from tests.authors import opening

if TYPE_CHECKING:
    from tests.http.serving import Served


def test_who_records_reads_what_was_recorded(log: Served) -> None:
    recorded = log.ask("POST", "/v1/statements", write_submission(opening()))
    position = recorded.headers["vialog-position"]
    assert position == str(json.loads(recorded.body)["position"])
    wanted = {"Vialog-Min-Position": position}
    proof = log.ask("GET", recorded.headers["location"], headers=wanted)
    assert (proof.status, int(proof.headers["vialog-position"]) >= int(position)) == (200, True)
    checkpoint = log.ask("GET", "/log/checkpoint", headers=wanted)
    assert int(checkpoint.headers["vialog-position"]) >= int(position)


def test_a_position_that_does_not_come_is_503(log: Served) -> None:
    log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
    log.app.state.doors = replace(log.doors, position_within=0.2)
    answer = log.ask("GET", "/log/checkpoint", headers={"Vialog-Min-Position": "1000", "Accept-Language": "zh"})
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "此处尚不知晓" in json.loads(answer.body)["detail"]


def test_who_waits_for_a_position_takes_no_thread_from_those_who_ask(log: Served) -> None:
    while log.doors.waiting.acquire(blocking=False):
        pass
    assert log.ask("GET", "/log/checkpoint", headers={"Vialog-Min-Position": "1000"}).status == 503


@pytest.mark.parametrize("written", ["-1", "tea", "1" * 16, "1.0", ""])
def test_what_is_no_position_is_a_problem(idle: Served, written: str) -> None:
    answer = idle.ask("GET", "/log/checkpoint", headers={"Vialog-Min-Position": written})
    assert (answer.status, json.loads(answer.body)["type"]) == (400, "urn:vialog:problem:unreadable-request")
