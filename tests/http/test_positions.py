"""How new an answer is: it says its position, and waits for the one that is asked for, but not for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import BoundedSemaphore, Event, Thread
from typing import TYPE_CHECKING, Final

import pytest

from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import key_tag
from tests.authors import admissions, author, made, opening
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from tests.http.serving import Served

LAB: Final = author("party:lab-1", Role.LABORATORY)


def test_who_records_reads_what_was_recorded(log: Served) -> None:
    recorded = log.ask("POST", "/v1/statements", write_submission(opening()))
    position = recorded.headers["vialog-position"]
    assert position == str(json.loads(recorded.body)["position"])
    wanted = {"Vialog-Min-Position": position}
    proof = log.ask("GET", recorded.headers["location"], headers=wanted)
    assert (proof.status, int(proof.headers["vialog-position"]) >= int(position)) == (200, True)
    checkpoint = log.ask("GET", "/log/checkpoint", headers=wanted)
    assert int(checkpoint.headers["vialog-position"]) >= int(position)


def test_a_position_that_does_not_come_is_a_condition_that_is_not_met(log: Served) -> None:
    log.ask("POST", "/v1/statements?wait=proof", write_submission(opening()))
    log.app.state.doors = replace(log.doors, position_within=0.2)
    answer = log.ask("GET", "/log/checkpoint", headers={"Vialog-Min-Position": "1000", "Accept-Language": "zh"})
    assert (answer.status, answer.headers["retry-after"]) == (412, "5")
    said = json.loads(answer.body)
    assert said["type"] == "urn:vialog:problem:position-not-known"
    assert "此处尚不知晓" in said["detail"]


def test_who_waits_for_a_position_takes_no_thread_from_those_who_ask(log: Served) -> None:
    while log.doors.waiting.acquire(blocking=False):
        pass
    assert log.ask("GET", "/log/checkpoint", headers={"Vialog-Min-Position": "1000"}).status == 412


def test_a_stranger_is_told_so_before_anything_is_waited_for(log: Served) -> None:
    log.app.state.doors = replace(log.doors, position_within=600)
    assert log.ask("GET", "/v1/items", headers={"Vialog-Min-Position": "1000"}).status == 401


class _Heard(BoundedSemaphore):
    """Room for those who wait, that lets others hear of the first one."""

    def __init__(self) -> None:
        super().__init__(1)
        self.taken = Event()

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        self.taken.set()
        return super().acquire(blocking, timeout)


def test_a_key_that_is_revoked_while_a_position_is_waited_for_reads_nothing(log: Served) -> None:
    for one in (opening(), *admissions(LAB)):
        log.doors.ledger.record(one)
    store = log.doors.ledger.store
    log.doors.publisher.wait_for(store.head(), 20)  # with a checkpoint over it, the log grows by nothing of its own
    waiting = _Heard()
    log.app.state.doors = replace(log.doors, position_within=60, waiting=waiting)
    headers = {"Cookie": signed_in(log), "Vialog-Min-Position": str(store.head() + 1)}
    found: list[int] = []
    asking = Thread(target=lambda: found.append(log.ask("GET", "/v1/items", headers=headers).status))
    asking.start()
    assert waiting.taken.wait(30)
    log.doors.ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), LAB))
    asking.join()
    assert found == [401]


@pytest.mark.parametrize("written", ["-1", "tea", "1" * 16, "1.0", ""])
def test_what_is_no_position_is_a_problem(idle: Served, written: str) -> None:
    answer = idle.ask("GET", "/log/checkpoint", headers={"Vialog-Min-Position": written})
    assert (answer.status, json.loads(answer.body)["type"]) == (400, "urn:vialog:problem:unreadable-request")
