"""The README's five minutes by hand: its commands, run as a newcomer runs them, in a new directory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.embedded_server import fresh_place
from tests.journeys.shell import CHECKOUT, blocks, run

if TYPE_CHECKING:
    import subprocess

README: Final = CHECKOUT / "README.md"


@pytest.fixture(scope="module")
def ran() -> subprocess.CompletedProcess[str]:
    """The README's run, done once; every command has to succeed."""
    (commands,) = [block for block in blocks(README) if block.startswith("# run\n")]
    with fresh_place() as place:
        return run(commands, place)


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
