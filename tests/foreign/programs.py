"""How the tests here ask a foreign program: bytes in, bytes out, and a refusal is an exception."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.tools import find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class ForeignRefusal(Exception):
    """A foreign program did not accept what it was given; the text is its own."""


def tool(name: str) -> str:
    """Return the path of a tool of ``scripts.tools``; where it is missing, fail the test in one sentence."""
    try:
        return find(name)
    except FileNotFoundError as error:
        problem = str(error)
    # Outside of the handler, so that the report is the sentence alone.
    pytest.fail(problem, pytrace=False)


def run(command: Sequence[str | Path], given: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
    """Return what a program writes to its standard output.

    environment: all of it; None for the tests' own. Raises ForeignRefusal: it ends with another code than 0.
    """
    done = subprocess.run(command, input=given, capture_output=True, env=environment, check=False, timeout=120)
    if done.returncode != 0:
        raise ForeignRefusal((done.stdout + done.stderr).decode(errors="replace").strip())
    return done.stdout
