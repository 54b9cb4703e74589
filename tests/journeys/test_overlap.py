"""Two services and two more publishers on one log, the short form of ``python -m scripts.faults.overlap``."""

from __future__ import annotations

from scripts.faults.overlap import run
from tests.embedded_server import fresh_place


def test_two_services_and_two_publishers_on_one_log_raise_no_false_alarm_and_lose_nothing() -> None:
    with fresh_place() as place:
        seen = run(3.0, place)
    assert seen.wrong == []
    assert seen.acknowledged
    assert seen.repeated
    assert seen.rounds
