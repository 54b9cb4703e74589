"""A command starts as fast as its own work needs: it loads nothing heavy that it does not use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from api.cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHECKOUT: Final = Path(__file__).parents[2]
NEVER: Final = ("eventsourcing", "fastapi", "openpyxl", "starlette", "uvicorn", "xlsxwriter")
"""What no command loads before it serves pages."""
HEAVY: Final = ("cryptography", "http.client", "ledger.domain", "ledger.store", "psycopg", "rich.console")
"""What takes a while, and is loaded by those commands alone whose work it is."""

RECORD: Final = frozenset({"cryptography", "ledger.domain", "ledger.store", "rich.console"})
NETWORK: Final = frozenset({"cryptography", "http.client", "ledger.store", "rich.console"})
OF: Final[Mapping[str, frozenset[str]]] = {
    "init": frozenset(HEAVY),
    "admit": RECORD,
    "record": RECORD,
    "import": RECORD,
    "keys": frozenset({"cryptography", "rich.console"}),
    "statement": RECORD,
    "log": frozenset(HEAVY) - {"psycopg"},
    "access": RECORD,
    "auditor": RECORD,
    "sign-in": frozenset({"cryptography", "ledger.domain", "rich.console"}),
    "sign": frozenset({"cryptography", "ledger.domain", "rich.console"}),
    "hook": frozenset({"cryptography", "http.client", "ledger.domain", "rich.console"}),
    "token": frozenset({"cryptography", "http.client", "ledger.domain", "rich.console"}),
    "session": frozenset({"cryptography", "ledger.domain", "rich.console"}),
    "list": RECORD,
    "inbox": RECORD | {"http.client"},
    "digest": RECORD | {"http.client"},
    "item": RECORD,
    "labels": RECORD,
    "approval": RECORD,
    "party": RECORD,
    "ask": RECORD,
    "rules": frozenset({"ledger.domain", "rich.console"}),
    "words": frozenset({"rich.console"}),
    "publish": NETWORK,
    "serve": NETWORK,
    "evidence": frozenset({"cryptography", "rich.console"}),
    "witness": NETWORK,
    "mirror": frozenset(HEAVY) - {"psycopg"},
    "views": frozenset(HEAVY),
    "fsck": frozenset(HEAVY),
    "doctor": frozenset(HEAVY),
    "clock": NETWORK,
    "restore": frozenset(HEAVY) - {"psycopg"},
}
"""What each command may load before it has anything to do; a database's driver only where the database itself is its
subject. A new command stands here with what it needs."""

WORK: Final[Mapping[str, frozenset[str]]] = {
    "--version": frozenset(),
    "--help": frozenset(),
    "words units": OF["words"],
    "words codes": OF["words"],
    "words kinds": OF["words"] | {"ledger.domain"},
    "words rules": OF["words"] | {"ledger.domain"},
    "rules list": OF["rules"],
    "statement new item.received": RECORD,
    "statement kinds": RECORD,
    "statement check no-such-file": RECORD,
    "statement show no-such-file": RECORD,
    "keys show no-such-file": OF["keys"],
    "evidence verify no-such-file --policy none": OF["evidence"],
}
"""What is loaded when it is done with its work, by words of the command line that need no log."""


_STARTING: Final = f"""
import contextlib, io, json, os, sys
from api.cli.main import app
for line in sys.stdin:
    if os.fork() != 0:
        print(os.wait()[1], flush=True)
        continue
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()), \\
            contextlib.redirect_stderr(io.StringIO()):
        app(json.loads(line))
    print(*(one for one in {(*NEVER, *HEAVY)!r} if one in sys.modules), end=" ", flush=True)
    os._exit(0)
"""
"""Loads what every command loads, once; each command goes on from there in a process of its own, and says what it
loaded of all that is watched. Behind that stands how the process ended."""


@pytest.fixture(scope="module")
def starting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    place = tmp_path_factory.mktemp("start-up")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_CHECKOUT), "VIALOG_DATA": str(place / "none")}
    with subprocess.Popen(
        [sys.executable, "-c", _STARTING],
        cwd=place,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()


def loaded_by(words: str, starting: subprocess.Popen[str]) -> set[str]:
    """Run a command in a process of its own; return what it loaded of all that is watched."""
    assert starting.stdin
    assert starting.stdout
    starting.stdin.write(json.dumps(words.split()) + "\n")
    starting.stdin.flush()
    *loaded, ended = starting.stdout.readline().split()
    assert ended == "0"
    return set(loaded)


def test_every_command_says_what_it_may_load() -> None:
    assert OF.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_loads_nothing_heavy_that_it_does_not_use(command: str, starting: subprocess.Popen[str]) -> None:
    assert loaded_by(f"{command} --help", starting) <= OF[command]


@pytest.mark.parametrize("words", WORK)
def test_work_that_needs_no_log_loads_neither_driver_nor_server(words: str, starting: subprocess.Popen[str]) -> None:
    assert loaded_by(words, starting) <= WORK[words]
