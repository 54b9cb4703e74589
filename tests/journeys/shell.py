"""Pages whose commands are run as a reader types them: the README and the guides."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT: Final = Path(__file__).parents[2]
_KEPT: Final = ("HOME", "LANG", "LC_ALL", "TMPDIR")
_WITHIN: Final = 900.0  # seconds for some seventy commands; a machine that is busy with other tests is slow


def blocks(page: Path) -> list[str]:
    """Return a page's blocks of commands, in their order."""
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(script: str, place: Path, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run commands in bash until one fails, from a folder, with ``vialog`` on the PATH and an environment of its own.

    more: environment variables.
    """
    programs = place / "bin"
    programs.mkdir()
    command = programs / "vialog"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m api.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    here = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=place,
        env=here | {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT), **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_WITHIN,
        check=False,
    )
