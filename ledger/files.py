"""Files as the ledger writes and reads them: whole or not at all, and for their owner alone unless they are public.

A file is written under another name beside its place, ``.<name>.new``, brought to the disk, and then given its own
name. Who is killed meanwhile leaves at most that stray, which the next writer of the same file takes away: it stands in
nobody's way, and nobody takes it for the file. An error names the file that was to be written.

What is confidential is its owner's alone, whatever the umask (``OWN``); what everybody may read has the mode that the
umask leaves (``PUBLIC``). What is secret is read only where nobody else could have read or exchanged it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pwd
import shlex
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ledger.errors import NotTrusted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedWriter
    from pathlib import Path

OWN: Final = 0o600
PUBLIC: Final = 0o666

# What a file system says that knows no second name of a file, as that of a stick may.
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def write_new(path: Path, data: bytes, mode: int = OWN) -> None:
    """Write a file where there is none; when this returns, the file and its name are on the disk.

    Raises FileExistsError, never overwriting; other OSErrors, and then there is none. All name the file.
    """
    with _beside(path, mode) as (fresh, file):
        _fill(file, data)
        _name(fresh, path)
    sync(path.parent)


def write_over(path: Path, data: bytes, mode: int = OWN, before: Callable[[int], None] = lambda _: None) -> None:
    """Write a file in the place of what is there; when this returns, it is on the disk.

    before: is told the number of the new file, just before it takes the place of the old one.

    Raises OSError, which names the file; what was there is there.
    """
    with _beside(path, mode) as (fresh, file):
        _fill(file, data)
        before(os.fstat(file.fileno()).st_ino)
        # Die here: the old file still stands.
        fresh.replace(path)
    sync(path.parent)


def refuse_existing(path: Path) -> None:
    """Raise FileExistsError, naming the file, where there is one: before work is done that could not be written."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, "there is a file of this name already; it is not overwritten", str(path))


def make_own(path: Path) -> None:
    """Make an empty file of mode 0600 where there is none: for a program that writes into it. Raises OSError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, OWN))


def holds_something(path: Path) -> bool:
    """Say whether something of a name is there. An empty file is nothing: a kill or a full disk left it, long ago."""
    if not path.is_file():
        return os.path.lexists(path)
    return path.stat().st_size > 0


def read_own(path: Path, most: int) -> bytes:
    """Return the first bytes of a file that holds a secret. It never waits for what another program may write.

    Raises NotTrusted: KEY-20 it is no regular file, belongs to neither this user nor root, or others can reach it.
    OSError: it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        _check_secret(path, os.fstat(descriptor))  # of the file that is open, not of what the name points at next
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_secret(path: Path, found: os.stat_result) -> None:
    name = shlex.quote(str(path))
    if not stat.S_ISREG(found.st_mode):
        raise NotTrusted("KEY-20", f"{path} is no regular file: put what it gives into a file of your own")
    if found.st_uid not in {os.geteuid(), 0}:
        remedy = f"run chown {_user()} {name}, or use a copy of your own"
        raise NotTrusted("KEY-20", f"{path} belongs to another user, who can read and exchange it: {remedy}")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotTrusted("KEY-20", f"others can reach {path}: run chmod 600 {name}, and think about who has read it")


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


@contextmanager
def _beside(path: Path, mode: int) -> Iterator[tuple[Path, BufferedWriter]]:
    """Yield a new file beside a path, which nobody else writes meanwhile; whatever happens, no stray of ours stays.

    Raises each OSError so that it names the path: the system names no file when it is the disk that is full.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        descriptor = _begun(fresh, mode)
        with os.fdopen(descriptor, "wb") as file:
            try:
                yield fresh, file
            finally:
                # While we hold its lock nobody else's has this name; ours has it no more where it took its place.
                if _is(descriptor, fresh):
                    fresh.unlink()
    except OSError as error:
        hint = f"; {fresh} is in the way: remove it" if os.path.lexists(fresh) else ""
        raise OSError(error.errno, f"{error.strerror or error}{hint}", str(path)) from error


def _begun(fresh: Path, mode: int) -> int:
    """Return a new file, opened and locked: a living writer is waited for, the stray of a dead one taken away."""
    while True:
        try:
            ours = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        except FileExistsError:
            _clear(fresh)
            continue
        fcntl.flock(ours, fcntl.LOCK_EX)
        if _is(ours, fresh):
            return ours
        os.close(ours)  # taken for a stray before we had locked it


def _clear(fresh: Path) -> None:
    with suppress(FileNotFoundError):
        other = os.open(fresh, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.flock(other, fcntl.LOCK_EX)
            if _is(other, fresh):
                fresh.unlink()
        finally:
            os.close(other)


def _is(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _fill(file: BufferedWriter, data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _name(fresh: Path, path: Path) -> None:
    """Give a file its name, unless something has it."""
    refuse_existing(path)
    try:
        os.link(fresh, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # In one step less safe, as another program might have made one just now: all that can be done there.
        fresh.replace(path)
