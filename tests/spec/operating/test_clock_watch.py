"""Whose clock is believed: this machine's, unless an independent source contradicts it by more than the tolerance."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from ledger.errors import Halted, Unavailable
from ledger.store.deciding.confirmation import read_confirmed, write_confirmed
from ledger.store.deciding.permit import Permit
from ledger.store.deciding.watch import ClockWatch, Confirmed
from ledger.store.memory import MemoryStore
from tests.authors import ORIGIN, START

if TYPE_CHECKING:
    from pathlib import Path

YEAR: Final = timedelta(days=365)
MINUTE: Final = timedelta(minutes=1)


class Machine:
    """A machine whose clock can be set, and whose pace goes on whatever its clock says."""

    def __init__(self) -> None:
        self.time = START
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.time

    def pace(self) -> float:
        return self.seconds

    def go_on(self, by: timedelta) -> None:
        self.time += by
        self.seconds += by.total_seconds()

    def watch(self, confirmed: Confirmed | None = None) -> ClockWatch:
        return ClockWatch(self, MINUTE, confirmed=lambda: confirmed or Confirmed(), pace=self.pace)


@pytest.fixture
def machine() -> Machine:
    """A machine whose clock is right."""
    return Machine()


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def test_a_clock_that_simply_went_on_needs_no_confirmation_however_long_nothing_was_recorded(machine: Machine) -> None:
    watch = machine.watch()
    machine.go_on(YEAR)
    assert watch.now(START, machine.now()) == START + YEAR
    assert machine.watch().now(START - YEAR, machine.now()) == START + YEAR


@pytest.mark.parametrize("off", [YEAR, -YEAR, 2 * MINUTE, -2 * MINUTE])
def test_a_clock_that_the_databases_contradicts_records_nothing_until_they_agree_again(
    machine: Machine, off: timedelta
) -> None:
    watch = machine.watch()
    with pytest.raises(Unavailable, match=r"s (ahead of|behind) the database's"):
        watch.now(None, START - off)
    assert watch.now(None, START + MINUTE / 2) == START


@pytest.mark.parametrize("newest", [START + YEAR, datetime.max.replace(tzinfo=START.tzinfo)])
def test_a_last_entry_that_has_not_come_yet_is_not_followed(machine: Machine, newest: datetime) -> None:
    with pytest.raises(Unavailable, match="behind the last entry, recorded at"):
        machine.watch().now(newest, START)


def test_a_last_entry_a_moment_ahead_is_followed(machine: Machine) -> None:
    assert machine.watch().now(START + MINUTE / 2, START) == START + MINUTE / 2


def test_a_last_entry_that_lies_ahead_is_followed_once_confirmed_and_a_later_one_is_not(machine: Machine) -> None:
    watch = machine.watch(Confirmed("then", last_entry=START + YEAR))
    assert watch.now(START + YEAR, START) == START + YEAR
    with pytest.raises(Unavailable, match="behind the last entry"):
        watch.now(START + YEAR + MINUTE, START)


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_a_clock_that_is_set_while_a_process_runs_is_noticed_without_any_other_clock(
    machine: Machine, jump: timedelta
) -> None:
    watch = machine.watch()
    machine.go_on(MINUTE)
    machine.time += jump
    with pytest.raises(Unavailable, match="what has gone by since this process started"):
        watch.now(None, None)
    machine.time -= jump
    assert watch.now(None, None) == START + MINUTE


def test_a_jump_that_is_confirmed_is_taken_by_a_process_that_runs(machine: Machine) -> None:
    confirmed = Confirmed()
    watch = ClockWatch(machine, MINUTE, confirmed=lambda: confirmed, pace=machine.pace)
    machine.time += YEAR
    with pytest.raises(Unavailable):
        watch.now(None, None)
    confirmed = Confirmed("2027-09-01T04:00:00Z")
    assert watch.now(None, None) == START + YEAR
    machine.time -= YEAR
    with pytest.raises(Unavailable):
        watch.now(None, None)


def test_a_witness_contradicts_a_clock_that_was_wrong_from_the_start(machine: Machine) -> None:
    machine.time += YEAR
    watch = machine.watch()
    watch.hear("w1", seconds(START))
    machine.go_on(MINUTE)
    with pytest.raises(Unavailable, match="ahead of the witness w1's"):
        watch.now(START, machine.now())


def test_one_witness_of_several_that_is_wrong_stops_nobody(machine: Machine) -> None:
    watch = machine.watch()
    for name, said in (("w1", START), ("w2", START + YEAR)):
        watch.hear(name, seconds(said))
    machine.go_on(YEAR)
    assert watch.now(None, None) == START + YEAR
    watch.hear("w3", 2**62)
    with pytest.raises(Unavailable, match="w2"):
        watch.now(None, None)


def test_witnesses_that_agree_vouch_for_a_clock_that_was_put_right(machine: Machine) -> None:
    machine.time -= YEAR
    watch = machine.watch()
    machine.time += YEAR
    with pytest.raises(Unavailable):
        watch.now(None, None)
    watch.hear("w1", seconds(START))
    assert watch.now(None, None) == START


def test_a_witness_whose_clock_is_wrong_can_be_confirmed_to_be(machine: Machine) -> None:
    watch = machine.watch(Confirmed("then", apart={"w1": YEAR.total_seconds()}))
    watch.hear("w1", seconds(START - YEAR))
    assert watch.now(None, None) == START
    watch.hear("w1", seconds(START - YEAR - 3 * MINUTE))
    with pytest.raises(Unavailable):
        watch.now(None, None)


def test_what_is_confirmed_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "clock-confirmed"
    assert read_confirmed(path) == Confirmed()
    said = Confirmed("2026-09-01T04:00:00.000000Z", START + YEAR, {"w1": -3.5})
    write_confirmed(path, said)
    assert read_confirmed(path) == said
    path.write_text('{"at": 1}')
    with pytest.raises(Unavailable, match="does not say what was confirmed"):
        read_confirmed(path)


def test_nothing_is_permitted_on_a_log_that_is_shorter_than_what_is_remembered(machine: Machine) -> None:
    with MemoryStore(ORIGIN).locked() as log:
        assert Permit(machine, remembered=lambda: 0).time(log) == START
        with pytest.raises(Halted, match="this log has 0 entries, and this machine remembers 1"):
            Permit(machine, remembered=lambda: 1).time(log)


def test_what_was_halted_stays_halted_and_the_first_reason_counts(machine: Machine) -> None:
    permit = Permit(machine)
    permit.halt("first")
    permit.halt("second")
    with MemoryStore(ORIGIN).locked() as log, pytest.raises(Halted, match="first"):
        permit.time(log)
