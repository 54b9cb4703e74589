"""One PostgreSQL cluster in a data directory: create it, launch its server, halt it.

Knows nothing of who uses the server, of databases or of roles, and never speaks SQL. The caller holds the turn (see
``embedded``), so that no two processes do any of this at the same time.

In the data directory: ``postgres`` the cluster, ``postgres.log``, ``postgres.socket`` the folder of the socket,
``postgres.alive`` a file that every process of the server holds locked. The kernel drops a lock with its last holder,
so that lock says truly, also after a crash or with a reused process number, whether a server runs.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable
from ledger.files import sync
from ledger.store.patience import LOG, Patience
from ledger.store.server.account import Account, check_reach, give, initdb_account, make_private
from ledger.store.server.locks import take_if_free
from ledger.store.server.postmaster import STEPS, forget_stale_note, read_note, tell

if TYPE_CHECKING:
    import signal

PORT: Final = 5432
"""The last part of the name of the socket. No network port is opened."""

_LONGEST_SOCKET: Final = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS
_PAUSE: Final = 0.02
_INITDB_WITHIN: Final = 120.0
_LOG_LINES: Final = 8

# Nothing of the caller's environment: it may hold secrets, which are not the server's business.
_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

# Whoever passes the socket's private folder could read the cluster's files as well: a password would protect nothing
# more, and would have to be kept somewhere. "peer" needs a user name for every number, which a container may not have.
_INITDB: Final = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)

# On the command line, where no configuration file overrides them: acknowledged means on the disk.
# Terse, without the failing statement: rows and statements may hold personal data, and the log is not where it belongs.
_SETTINGS: Final = (
    "listen_addresses=",
    f"port={PORT}",
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_checkpoints=off",
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster, its programs and the account of its server.

    data: the data directory, absolute, without symbolic links.
    binaries: the folder of bin, lib and share.
    account: as whom the server runs; None: as the caller.
    """

    data: Path
    binaries: Path
    account: Account | None

    @property
    def _files(self) -> Path:
        return self.data / "postgres"

    @property
    def _alive(self) -> Path:
        return self.data / "postgres.alive"

    @property
    def socket(self) -> Path:
        """The folder of the socket, as a client must name it: a link leads to it when its own name is too long."""
        return (self.data / "postgres.socket").resolve()

    def create(self) -> None:
        """Create the cluster unless it exists; one whose creation was interrupted is created anew.

        Raises Unavailable with what initdb said.
        """
        if self._files.exists():
            return
        # Held by initdb as well: one whose caller was killed goes on, and is not to write into what comes after it.
        patience = Patience(f"an interrupted creation of the database cluster in {self.data} to end", _INITDB_WITHIN)
        while (alive := take_if_free(self._alive)) is None:
            patience.pause()
        try:
            self._create(alive)
        finally:
            os.close(alive)

    def _create(self, alive: int) -> None:
        fresh = self.data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        creator = initdb_account() if self.account else None
        make_private(fresh, creator)
        self._initdb(fresh, creator, alive)
        if self.account:
            give(fresh, self.account)
        # Die before this line: the half cluster is thrown away by the next start.
        fresh.rename(self._files)
        sync(self.data)

    def _initdb(self, fresh: Path, creator: Account | None, alive: int) -> None:
        answer = subprocess.run(  # noqa: S603 - our own program, no shell
            [self.binaries / "bin" / "initdb", f"--pgdata={fresh}", *_INITDB],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            user=creator.uid if creator else None,
            group=creator.gid if creator else None,
            extra_groups=[] if creator else None,
            env=_ENVIRONMENT,
            cwd="/",
            pass_fds=(alive,),
            timeout=_INITDB_WITHIN,
            check=False,
        )
        if answer.returncode:
            said = answer.stderr.decode(errors="replace").strip()
            raise Unavailable(f"PostgreSQL could not create a database cluster in {self.data}: {said}")

    def launch(self) -> bool:
        """Launch the server unless one runs, and return whether it was launched; it is not ready for clients yet."""
        if (alive := take_if_free(self._alive)) is None:
            return False
        try:
            forget_stale_note(self._files)
            self._make_socket_folder()
            self._spawn(alive)
        finally:
            os.close(alive)
        return True

    def runs(self) -> bool:
        """Return whether any process of the server lives."""
        if (alive := take_if_free(self._alive)) is None:
            return True
        os.close(alive)
        return False

    @property
    def is_ready(self) -> bool:
        """Say whether the server noted that it takes connections."""
        return (note := read_note(self._files)) is not None and note.is_ready

    @property
    def is_ending(self) -> bool:
        """Say whether a server runs that will take no connection any more: it is stopping, or its first process died.

        Somebody may have asked it to stop and been killed while he waited.
        """
        return (note := read_note(self._files)) is not None and note.is_ending and self.runs()

    def _spawn(self, alive: int) -> None:
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        settings = (*_SETTINGS, f"unix_socket_directories={self.socket}")
        try:
            # A session of its own: Ctrl-C at the terminal and the end of this process leave the server to the others.
            server = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [self.binaries / "bin" / "postgres", "-D", self._files, *(f"--{setting}" for setting in settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
                pass_fds=(alive,),
            )
        finally:
            os.close(log)
        # Another process may halt the server while this one lives on: somebody has to collect the dead child.
        Thread(target=server.wait, name="postgres-reaper", daemon=True).start()

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data / "postgres.log"

    def last_words(self) -> str:
        """Return the last lines of the server's log, for an error message."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-_LOG_LINES:])

    def _make_socket_folder(self) -> None:
        """Make the folder of the socket: in the data directory, or behind a link where a socket's path is limited.

        The one that a crashed server left is used again, so that whoever knew it finds the next server there.
        """
        folder = self.data / "postgres.socket"
        if _can_hold_socket(self.socket) and _is_private(self.socket, self.account):
            for left in self.socket.iterdir():
                left.unlink()
            return
        self._remove_socket_folder()
        if _can_hold_socket(folder):
            make_private(folder, self.account)
            return
        elsewhere = Path(tempfile.mkdtemp(prefix="vialog-")).resolve()
        folder.symlink_to(elsewhere)
        if self.account:
            os.chown(elsewhere, self.account.uid, self.account.gid)
            check_reach(elsewhere, self.account)

    def _remove_socket_folder(self) -> None:
        shutil.rmtree(self.socket, ignore_errors=True)
        (self.data / "postgres.socket").unlink(missing_ok=True)

    def halt(self) -> None:
        """End the server that nobody uses any more, and remove its socket's folder. Raises Unavailable, as ``end``."""
        self.end()
        self._remove_socket_folder()

    def end(self) -> None:
        """Stop the server if it runs: open transactions are rolled back, everything committed is kept.

        Its socket's folder stays: whoever knew it finds the next server there.

        Raises Unavailable: it did not stop in time; it may still do so.
        """
        for what, within in STEPS:
            if self._ends(what, within):
                return
            LOG.warning("the database server in %s does not stop: %s was not enough", self.data, what.name)
        raise Unavailable(f"the database server in {self.data} does not stop:\n{self.last_words()}")

    def _ends(self, what: signal.Signals, within: float) -> bool:
        """Send a signal to the server, and say whether it has ended in so many seconds."""
        told = None
        until = monotonic() + within
        while (alive := take_if_free(self._alive)) is None:
            if monotonic() > until:
                return False
            # Told again when the number changes: a server that is just being launched has not noted its own yet.
            if (note := read_note(self._files)) is not None and note.pid != told:
                tell(self._files, note.pid, what)
                told = note.pid
            sleep(_PAUSE)
        os.close(alive)
        return True


def _can_hold_socket(folder: Path) -> bool:
    name = os.fsencode(folder / f".s.PGSQL.{PORT}")
    return len(name) <= _LONGEST_SOCKET and b"," not in name  # a comma would separate two folders


def _is_private(folder: Path, account: Account | None) -> bool:
    """Say whether a folder is there that only its owner may enter: an account, or the caller for None."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    owner = account.uid if account else os.geteuid()
    return (found.st_mode, found.st_uid) == (stat.S_IFDIR | stat.S_IRWXU, owner)
