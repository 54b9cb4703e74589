"""Output that nobody reads any longer, as behind ``| head``: the command ends quietly, whatever it prints and where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.commands import embedded_bench
from tests.embedded_server import server_pid

if TYPE_CHECKING:
    from tests.journeys.bench import Bench

CHECKOUT: Final = Path(__file__).parents[2]
PRINTING: Final = (
    ("--help",),
    ("--version",),
    ("log", "--help"),
    ("log", "show"),
    ("log", "show", "--json"),
    ("list", "parties"),
    ("list", "items", "--names"),
    ("words", "kinds"),
    ("rules", "list"),
    ("ask", "--list"),
    ("ask", "corrections"),
    ("ask", "corrections", "--csv"),
    ("ask", "corrections", "--json"),
)


def ran_unread(bench: Bench, *arguments: str, errors_too: bool = False) -> tuple[int, bytes]:
    """Run a command whose reader has left before it prints anything, and return its exit code and what it said.

    What it prints is kept back until there is enough of it, as Python does on its own.
    """
    environ = {**os.environ, **{name: value for name, value in bench.environ.items() if value is not None}}
    environ["PYTHONUNBUFFERED"] = ""
    reads, writes = os.pipe()
    os.close(reads)
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            cwd=CHECKOUT,
            env=environ,
            stdout=writes,
            stderr=writes if errors_too else subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writes)
    return ran.returncode, ran.stderr or b""


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_command_ends_quietly_when_nobody_reads_on(bench: Bench, arguments: tuple[str, ...]) -> None:
    bench.open()
    assert ran_unread(bench, *arguments) == (141, b"")


@pytest.mark.parametrize("arguments", [("item", "show", "item:none"), ("ask", "none")], ids=" ".join)
def test_so_it_does_when_it_is_its_errors_that_nobody_reads(bench: Bench, arguments: tuple[str, ...]) -> None:
    bench.open()
    assert ran_unread(bench, *arguments, errors_too=True) == (141, b"")


def test_its_server_is_stopped_all_the_same() -> None:
    with embedded_bench() as bench:
        assert ran_unread(bench, "log", "show") == (141, b"")
        assert server_pid(bench.place / "data") is None
