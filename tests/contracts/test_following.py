"""What keeps the runner of the views going: started again when it ends, not where that cannot help, ended when told."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from api.logs.following import Follower
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

_until: Final = partial(until, within=30.0)


def _program(place: Path, then: str) -> tuple[str, ...]:
    """Return a program that notes that it was started, and then does something."""
    noting = f"import sys, os, signal, time\nopen({str(place / 'starts')!r}, 'a').write('x')\n"
    return sys.executable, "-c", noting + then


def _starts(place: Path) -> int:
    noted = place / "starts"
    return len(noted.read_text()) if noted.exists() else 0


@pytest.mark.parametrize("then", ["sys.exit(9)", "sys.exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_runner_that_ends_is_started_again(tmp_path: Path, then: str) -> None:
    with closing(Follower(_program(tmp_path, then), first_pause=0.01)) as follower:
        _until(lambda: _starts(tmp_path) >= 3)
        assert not follower.stopped


@pytest.mark.parametrize("code", [10, 11])
def test_a_runner_that_must_not_go_on_is_not_started_again(tmp_path: Path, code: int) -> None:
    with closing(Follower(_program(tmp_path, f"sys.exit({code})"), first_pause=0.01)) as follower:
        _until(lambda: follower.stopped)
    assert _starts(tmp_path) == 1


def test_closing_ends_a_runner_that_works(tmp_path: Path) -> None:
    with closing(Follower(_program(tmp_path, "time.sleep(600)"), first_pause=0.01)):
        _until(lambda: _starts(tmp_path) == 1)
    assert _starts(tmp_path) == 1


def test_closing_ends_a_runner_that_does_not_hear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.logs.beside._PATIENCE", 0.1)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen(sys.argv[1], 'w')\ntime.sleep(600)"
    with closing(Follower((*_program(tmp_path, deaf), str(tmp_path / "deaf")), first_pause=0.01)):
        _until((tmp_path / "deaf").exists)


def test_closing_does_not_wait_for_the_next_try(tmp_path: Path) -> None:
    with closing(Follower(_program(tmp_path, "sys.exit(9)"), first_pause=600.0)):
        _until(lambda: _starts(tmp_path) == 1)


def test_a_runner_hears_that_whoever_started_it_is_gone(tmp_path: Path) -> None:
    ended = "sys.stdin.read(); open(sys.argv[1], 'w')"
    with closing(Follower((*_program(tmp_path, ended), str(tmp_path / "ended")), first_pause=600.0)) as follower:
        _until(lambda: _starts(tmp_path) == 1)
        process = follower._beside._process  # of a service that is killed, the other end of this pipe goes
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        _until((tmp_path / "ended").exists)
