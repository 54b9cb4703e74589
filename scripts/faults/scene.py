"""The place of a campaign: a log with its keys, a witness and a mirror, and the command that works on them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from scripts.faults import marks
from scripts.faults.load import OPERATOR, Pen, asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOG: Final = "faults.example/log"
SOON: Final = 15.0
"""Seconds in which whatever was killed, or whoever depends on it, works again."""

_PASSPHRASE: Final = "correct horse battery staple"
_TOKEN: Final = "a token for mirrors only"
_LONG: Final = 120.0
_LOOK: Final = 0.02


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder with all that belongs to one log.

    port: of its service; witness_port: of its witness.
    """

    folder: Path
    port: int
    witness_port: int

    @property
    def data(self) -> Path:
        """The log's data directory."""
        return self.folder / "data"

    @property
    def marks(self) -> Path:
        """The service's marks."""
        return self.folder / "service.marks"

    @property
    def policy(self) -> Path:
        """The policy that names log and witness."""
        return self.folder / "policy"

    @property
    def root(self) -> Path:
        """The operator's root key."""
        return self.folder / "root.pem"

    @property
    def passphrase(self) -> str:
        """What opens each key file."""
        return _PASSPHRASE

    @property
    def environ(self) -> dict[str, str]:
        """The settings."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("VIALOG_")}
        return given | {
            "VIALOG_DATA": str(self.data),
            "VIALOG_LOG_ORIGIN": LOG,
            "VIALOG_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "VIALOG_LOG_FILES_TOKEN": _TOKEN.replace(" ", "-"),
            **({"VIALOG_WITNESS_POLICY": str(self.policy)} if self.policy.exists() else {}),
        }

    def launch(
        self,
        *arguments: object,
        marked: Path | None = None,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        stderr: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Launch the command, with marks in a file where one is named; it writes nowhere unless told otherwise."""
        program = ["scripts.faults.marked", marked] if marked else ["api.cli"]
        if marked:
            marks.clear(marked)
            marks.clear(marks.of_publisher(marked))
        return subprocess.Popen(
            [sys.executable, "-m", *map(str, (*program, *arguments))],
            cwd=Path(__file__).parents[2],
            env=self.environ,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )

    def done(self, *arguments: object) -> str:
        """Run a command that has to succeed, and return what it printed. Raises AssertionError."""
        with self.launch(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate(timeout=_LONG * 10)
        if process.returncode:
            raise AssertionError(f"vialog {' '.join(map(str, arguments))}: {process.returncode}: {err.decode()}")
        return out.decode()

    def serve(self, *, marked: bool = True) -> subprocess.Popen[bytes]:
        """Launch the service. marked: False without marks, which cost it some time."""
        return self.launch("serve", "--port", self.port, marked=self.marks if marked else None)

    def witness(self) -> subprocess.Popen[bytes]:
        """Launch the witness."""
        logs = [part for line in (self.folder / "vkeys").read_text().splitlines() for part in ("--log", line)]
        key, state = self.folder / "witness.pem", self.folder / "witness.db"
        return self.launch("witness", "serve", "--state", state, "--key", key, *logs, "--port", self.witness_port)

    def mirror(self) -> subprocess.Popen[bytes]:
        """Launch the mirror, for one round."""
        copy, token = self.folder / "mirror.db", self.folder / "token"
        where = f"http://127.0.0.1:{self.port}/log"
        return self.launch("mirror", where, "--copy", copy, "--policy", self.policy, "--token-file", token)

    @contextmanager
    def served(self, *, marked: bool = True) -> Iterator[subprocess.Popen[bytes]]:
        """Let the witness and the service run for a with block, from when all is well, and yield the service.

        marked: as for serve.
        """
        processes = [self.witness(), service := self.serve(marked=marked)]
        try:
            wait_until(self.is_well)
            yield service
        finally:
            for process in processes:
                process.terminate()
                process.wait()

    def elsewhere(self, number: int) -> Scene:
        """Return a scene with the same passphrase and nothing else, in a folder of its own."""
        folder = self.folder / f"other-{number}"
        folder.mkdir()
        (folder / "passphrase").touch(mode=0o600)
        (folder / "passphrase").write_text(f"{_PASSPHRASE}\n")
        return Scene(folder, self.port, self.witness_port)

    def pen(self) -> Pen:
        """Return what writes the operator's statements."""
        return Pen(self.root, _PASSPHRASE, LOG)

    def is_well(self) -> bool:
        """Say whether the service says that it records and publishes."""
        try:
            return asked(self.port, "GET", "/healthz")[0] == 200
        except (OSError, ValueError):
            return False


def set_up(folder: Path) -> Scene:
    """Make a log, its witness and what the mirror needs, in an empty folder."""
    scene = Scene(folder, _free_port(), _free_port())
    for name, text in (("passphrase", _PASSPHRASE), ("token", scene.environ["VIALOG_LOG_FILES_TOKEN"])):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(f"{text}\n")
    scene.done("init", "--name", "Operator", "--operator", OPERATOR, "--key", scene.root)
    (folder / "vkeys").write_text(scene.done("log", "vkey"))
    witness = scene.done("witness", "key", "new", folder / "witness.pem", "--name", "witness.example/w1").strip()
    logs = "".join(f"log {line}\n" for line in (folder / "vkeys").read_text().splitlines())
    address = f"http://127.0.0.1:{scene.witness_port}"
    scene.policy.write_text(f"{logs}witness w1 {witness} {address}\nquorum w1\n")
    return scene


def wait_until(said: Callable[[], bool], within: float = _LONG) -> float:
    """Wait until something is so, and return how many seconds it took. Raises TimeoutError."""
    began = monotonic()
    while not said():
        if monotonic() - began > within:
            raise TimeoutError(f"not so after {within:.0f} s")
        sleep(_LOOK)
    return monotonic() - began


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
