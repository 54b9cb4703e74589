"""The publisher beside a service: what it says is known there, and whatever happens to it, it comes back or says so."""

from __future__ import annotations

import json
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from api.logs.guarding import Guard
from api.logs.publishing import PublisherProcess
from api.settings import read_settings
from ledger.errors import Halted, Unavailable
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.database.publication import Publication

_SOON: Final = 30.0
_until: Final = partial(until, within=_SOON)
_PASSPHRASE: Final = "a passphrase that nobody else sees"


class _Unpublished:
    """A log of which nothing is published."""

    def newest(self) -> None:
        return None


class _Stand:
    head = 0
    recorded = None
    clock = None


def _said(**members: object) -> dict[str, object]:
    return {"late": False, "witnesses": {}, "stopped": None, "halted": False} | members


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guard:
    """A guard of no log, whose clock is this machine's."""
    monkeypatch.setenv("VIALOG_DATA", str(tmp_path))
    return Guard(read_settings(), "log.example/test")


@contextmanager
def _beside(guard: Guard, place: Path, *lines: dict[str, object], then: str = "") -> Iterator[PublisherProcess]:
    """Start a program that keeps what it is told, says some lines, does something, and ends with its input."""
    text = "".join(json.dumps(one) + "\n" for one in lines)
    program = (
        "import json, os, sys\n"
        f"with open({str(place / 'starts')!r}, 'a') as file: file.write(sys.stdin.readline())\n"
        f"sys.stdout.write({text!r}); sys.stdout.flush()\n{then}\nsys.stdin.read()\n"
    )
    publication = cast("Publication", _Unpublished())
    command = (sys.executable, "-c", program)
    with closing(
        PublisherProcess(publication, guard, _PASSPHRASE, every=1.0, command=command, first_pause=0.01)
    ) as publishing:
        yield publishing


def _told(place: Path) -> list[Any]:
    noted = place / "starts"
    return [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []


def test_the_passphrase_comes_through_a_pipe_and_stands_in_no_argument_and_no_variable(
    guard: Guard, tmp_path: Path
) -> None:
    look = (
        f"seen = open('/proc/self/cmdline').read() + open('/proc/self/environ').read()\n"
        f"open({str(tmp_path / 'seen')!r}, 'w').write(seen)"
    )
    with _beside(guard, tmp_path, then=look):
        _until((tmp_path / "seen").exists)
        _until(lambda: bool((tmp_path / "seen").read_text()))
    assert _told(tmp_path) == [_PASSPHRASE]
    assert _PASSPHRASE not in (tmp_path / "seen").read_text()


def test_what_it_says_is_known(guard: Guard, tmp_path: Path) -> None:
    problems = {"w.example/1": "does not answer"}
    with _beside(guard, tmp_path, _said(late=True, witnesses=problems)) as publishing:
        _until(lambda: publishing.late)
        _until(lambda: publishing.witness_problems == problems)
        assert 0 < publishing.behind < _SOON
        assert publishing.stopped_by is None
        assert publishing.wait_for(1, 0.01) is None


def test_entries_are_late_from_when_that_was_said_first(guard: Guard, tmp_path: Path) -> None:
    with _beside(guard, tmp_path, _said(late=True), _said(late=True, witnesses={"w": "x"})) as publishing:
        _until(lambda: bool(publishing.witness_problems))
        since = publishing._behind_since
        publishing.note(late=True)
        assert publishing._behind_since == since
        publishing.note(late=False)
        assert publishing.behind == 0


def test_one_that_is_killed_is_back_and_until_then_there_is_no_checkpoint(guard: Guard, tmp_path: Path) -> None:
    with _beside(guard, tmp_path, then="os.kill(os.getpid(), 9)") as publishing:
        _until(lambda: len(_told(tmp_path)) >= 3)
        assert publishing.late
        assert publishing.stopped_by is None
    assert set(_told(tmp_path)) == {_PASSPHRASE}


_NONSENSE: Final = (
    b"no JSON",
    b"[1]",
    b"{}",
    b'{"witness": "w", "time": "noon"}',
    b'{"late": true}',
    b"[" * 100_000,
    b"\xff",
)


@pytest.mark.parametrize("line", _NONSENSE, ids=range(len(_NONSENSE)))
def test_a_line_that_makes_no_sense_is_passed_over_and_the_next_one_heard(
    guard: Guard, tmp_path: Path, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    next_one = json.dumps(_said(late=True, witnesses={"w": "x"})).encode()
    speak = f"sys.stdout.buffer.write({line!r} + b'\\n' + {next_one!r} + b'\\n'); sys.stdout.flush()"
    with _beside(guard, tmp_path, then=speak) as publishing:
        _until(lambda: publishing.witness_problems == {"w": "x"})
    assert "says what makes no sense" in caplog.text
    assert len(caplog.text) < 2_000


def test_one_that_dies_within_a_line_is_back(guard: Guard, tmp_path: Path) -> None:
    speak = "sys.stdout.write('{\"late\": fal'); sys.stdout.flush(); os.kill(os.getpid(), 9)"
    with _beside(guard, tmp_path, then=speak) as publishing:
        _until(lambda: len(_told(tmp_path)) >= 3)
        assert publishing.late


def test_a_contradiction_stops_it_for_good_and_nothing_more_is_recorded(guard: Guard, tmp_path: Path) -> None:
    guard.permit.time(_Stand())
    said = _said(late=True, stopped="the tree is another one", halted=True)
    with _beside(guard, tmp_path, said, then="sys.exit(0)") as publishing:
        _until(lambda: publishing.stopped_by is not None)
        with pytest.raises(Unavailable, match="the tree is another one"):
            publishing.wait_for(1, _SOON)
        publishing._beside._thread.join(_SOON)
    assert len(_told(tmp_path)) == 1
    with pytest.raises(Halted, match="a person must look"):
        guard.permit.time(_Stand())


def test_what_a_witness_says_the_time_is_counts_for_recording_too(guard: Guard, tmp_path: Path) -> None:
    hour = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
    with _beside(guard, tmp_path, {"witness": "w.example/1", "time": hour}, _said(late=True)) as publishing:
        _until(lambda: publishing.late)
        with pytest.raises(Unavailable, match=r"behind the witness w\.example/1's"):
            guard.permit.time(_Stand())


def test_whoever_waits_is_let_go_when_the_service_stops(guard: Guard, tmp_path: Path) -> None:
    with _beside(guard, tmp_path) as publishing:
        publishing.let_go()
        began = monotonic()
        assert publishing.wait_for(1, _SOON) is None
        assert monotonic() - began < _SOON / 2
