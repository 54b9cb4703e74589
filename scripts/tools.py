"""See that the foreign programs of the tests are there; install Debian's packages of them where that is possible.

They are an independent word on what we write: a browser for the verifier's page, Go's checksum database, OpenSSL. No
test is skipped for want of one: it fails and says which package is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

GOPATH: Final = "/usr/share/gocode"
"""Where Debian keeps the source of Go packages."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A foreign program or library.

    places: commands, or absolute paths; any one of them will do.
    package: Debian's name for it.
    tests: what fails without it.
    """

    places: tuple[str, ...]
    package: str
    tests: str


TOOLS: Final = {
    "Chromium": Tool(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        "chromium",
        "tests/journeys/test_verify_html_browser.py",
    ),
    "Go": Tool(("go",), "golang-go", "tests/foreign/test_go_sumdb.py"),
    "Go's x/mod": Tool(
        (f"{GOPATH}/src/golang.org/x/mod/sumdb/tlog",), "golang-golang-x-mod-dev", "tests/foreign/test_go_sumdb.py"
    ),
    "Chinese letters": Tool(
        (
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/truetype/noto/NotoSansSC-Regular.ttf",
        ),
        "fonts-noto-cjk",
        "tests/spec/labels/test_labels.py",
    ),
    "OpenSSL": Tool(("openssl",), "openssl", "tests/foreign/test_openssl.py"),
}


def find(name: str) -> str:
    """Return the path of one of the tools. Raises FileNotFoundError: it is not there, with what to install."""
    path = _look_for(TOOLS[name])
    if path is None:
        raise FileNotFoundError(f"{name} is missing: install Debian's package {TOOLS[name].package}")
    return path


def _look_for(tool: Tool) -> str | None:
    for place in tool.places:
        found = place if place.startswith("/") and Path(place).exists() else shutil.which(place)
        if found is not None:
            return found
    return None


def missing(tools: Iterable[str] = TOOLS) -> list[str]:
    """Return the names of the tools that are not there."""
    return [name for name in tools if _look_for(TOOLS[name]) is None]


def main() -> int:
    """Return 0 in any case: the tests of a tool that is missing say so themselves."""
    wanted = missing()
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *(TOOLS[name].package for name in wanted)]
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "--quiet"], install):
            subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)
    still = missing(wanted)
    for name in still:
        print(f"{name} is missing: {TOOLS[name].tests} will fail.", file=sys.stderr)
    if still:
        print(f"As root on Debian, install what is missing: {' '.join(install)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
