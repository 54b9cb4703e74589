"""The README's five minutes by hand: its commands, run as a newcomer runs them, in a new directory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.embedded_server import fresh_place

README: Final = Path(__file__).parents[2] / "README.md"
_KEPT: Final = ("HOME", "LANG", "LC_ALL", "TMPDIR")
_WITHIN: Final = (
    180.0  # seconds for some twenty commands, each with its server; a machine that is busy with other tests is slow
)


def block(name: str) -> str:
    """Return the README's block of commands that begins with a comment of this name."""
    found = re.findall(rf"^```sh\n# {name}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture(scope="module")
def ran() -> subprocess.CompletedProcess[str]:
    """The README's run, done once; every command has to succeed."""
    with fresh_place() as place:
        programs = place / "bin"
        programs.mkdir()
        command = programs / "vialog"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m api.cli "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        here = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block("run")],
            cwd=place,
            env=here | {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": str(README.parent)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_WITHIN,
            check=False,
        )


def test_every_command_of_the_readme_succeeds(ran: subprocess.CompletedProcess[str]) -> None:
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_readmes_statements_are_recorded_in_their_order(ran: subprocess.CompletedProcess[str]) -> None:
    recorded = re.findall(r"^recorded at position (\d+): (\S+) ", ran.stdout, re.MULTILINE)
    assert recorded == [
        ("2", "party.registered/1"),
        ("3", "role.granted/1"),
        ("4", "key.enrolled/1"),
        ("5", "site.registered/1"),
    ]


def test_the_readmes_log_verifies_without_a_difference(ran: subprocess.CompletedProcess[str]) -> None:
    assert re.search(r"^size +6$", ran.stdout, re.MULTILINE)  # the state entry is the sixth
    assert re.search(r"^differences +0$", ran.stdout, re.MULTILINE)


def test_the_evidence_of_the_readme_is_verified_and_known(ran: subprocess.CompletedProcess[str]) -> None:
    assert "verified and known" in ran.stdout
    assert "signer unknown" not in ran.stdout
    assert "replayed by m1" in ran.stdout
    assert "the bundle: verified and known" in ran.stdout
