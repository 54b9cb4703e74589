"""As whom the embedded server runs, and what that account can reach.

PostgreSQL refuses to run as root. Root therefore hands the server to an account of its own, which is a bare number:
no user is added, and no permission is changed on anything but the data directory.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a group of the operating system, by number."""

    uid: int
    gid: int


SERVER = Account(uid=60890, gid=60890)
"""As whom the server runs when root starts it. Between the ranges that distributions and systemd hand out, and below
65536, because a rootless container maps no higher number. Never change it: existing clusters belong to it."""


# Not among them: the right of the group to pass, which another process may have just given to the server.
_OPEN: Final = stat.S_IRGRP | stat.S_IWGRP | stat.S_IRWXO
_WRITABLE: Final = stat.S_IWGRP | stat.S_IWOTH


def server_account() -> Account | None:
    """Return the account that the server must change to, or None where it runs as the caller."""
    return SERVER if os.geteuid() == 0 else None


def initdb_account() -> Account:
    """Return the account that creates a cluster for root.

    The program initdb looks its user up by name and gives up on a bare number, so it borrows nobody's; the group keeps
    every other process of nobody outside.

    Raises Unavailable: this system has no user nobody.
    """
    try:
        return Account(uid=pwd.getpwnam("nobody").pw_uid, gid=SERVER.gid)
    except KeyError:
        raise Unavailable("this system has no user nobody: run vialog as an ordinary user") from None


def blocking(path: Path, account: Account) -> Path | None:
    """Return the first step on the way to a path, the path included, that an account cannot pass, or None.

    Reads permission bits only: a way that only an access control list opens counts as closed.
    """
    place = path.resolve()
    return next((step for step in (*reversed(place.parents), place) if not _may_pass(step.stat(), account)), None)


def _may_pass(found: os.stat_result, account: Account) -> bool:
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def open_data_directory(data: Path, account: Account | None) -> None:
    """Make the data directory, private to its owner, and let the server's account pass through it.

    data: absolute. Made when missing; closed to others while it is empty; later its owner's choice, except that nobody
    else may write in it.

    For root the owner stays root and the server's group may pass (0710): the server cannot replace what lies beside
    its cluster. Raises Unavailable: the directory is another user's, others may write in it, or the server's account
    cannot get there; each names the remedy.
    """
    data.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    check_owner(data)
    found = data.stat()
    if found.st_mode & _OPEN and not any(data.iterdir()):
        data.chmod(stat.S_IRWXU)
    elif found.st_mode & _WRITABLE:
        raise Unavailable(f"other users may write in {data}: set VIALOG_DATA to a directory of its own")
    if account is not None:
        _let_pass(data, account)


def check_owner(data: Path) -> None:
    """Raise Unavailable, naming the owner, when a directory is not the caller's."""
    if (owner := data.stat().st_uid) != os.geteuid():
        raise Unavailable(f"{data} belongs to uid {owner}: run vialog as that user, or choose another directory")


def _let_pass(data: Path, account: Account) -> None:
    if blocking(data, account) == data:
        os.chown(data, -1, account.gid)
        data.chmod(stat.S_IMODE(data.stat().st_mode) | stat.S_IXGRP)
    check_reach(data, account)


def check_reach(path: Path, account: Account) -> None:
    """Raise Unavailable, naming the directory and the remedy, when an account cannot get to a path."""
    if (closed := blocking(path, account)) is not None:
        raise Unavailable(
            f"started by root, the database server runs as uid {account.uid}, which cannot enter {closed} "
            f"on the way to {path}: set VIALOG_DATA to a directory that it can reach, for example /var/lib/vialog, "
            "or run vialog as an ordinary user"
        )


def make_private(folder: Path, account: Account | None) -> None:
    """Make a folder that only its owner may enter: an account, or the caller for None."""
    folder.mkdir(mode=stat.S_IRWXU)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def give(tree: Path, account: Account) -> None:
    """Make an account the owner of a folder and of all that is in it."""
    for folder, _, names in os.walk(tree):
        for place in (folder, *(f"{folder}/{name}" for name in names)):
            os.chown(place, account.uid, account.gid, follow_symlinks=False)
