"""A service on a disk that is filled to its last byte: `python -m scripts.faults.full_disk`, as root.

On a small disk of its own (a tmpfs) the service must answer 503, health too; when there is room again it must go on by
itself within fifteen seconds, with nothing lost. Twice: once with statements coming in while the disk fills, and once
where its database server dies of it. Prints a line for each; exit code 1 where it is otherwise.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Final

from ledger.store.server.postmaster import read_note
from scripts.faults.checks import check_log
from scripts.faults.load import Load, status_of
from scripts.faults.scene import SOON, set_up, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.faults.scene import Scene

MEGABYTES: Final = 192
_ENTRIES: Final = 20  # acknowledged before the disk is filled
_REFUSED: Final = 10
_UNAVAILABLE: Final = 503
_HELD: Final = 5.0  # seconds, in which the service tries to start a server that is gone


@dataclass(frozen=True, slots=True)
class Seen:
    """What a service did. answers: to those who handed in while the disk was full. Seconds."""

    health: int
    answers: Counter[int]
    well: float
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a line for people."""
        answers = ", ".join(f"{status} × {number}" for status, number in sorted(self.answers.items()))
        return f"health {self.health}; callers {answers}; well again {self.well:.1f} s after there was room"


def can_mount() -> bool:
    """Say whether this process may have a disk of its own, as root usually may."""
    try:
        with small_disk(1):
            return True
    except subprocess.CalledProcessError:
        return False


@contextmanager
def small_disk(megabytes: int = MEGABYTES) -> Iterator[Path]:
    """Yield a folder on a disk of its own. Raises CalledProcessError: there may be none."""
    with tempfile.TemporaryDirectory(prefix="vialog-disk-") as name:
        options = f"size={megabytes}m,mode=755"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", name], check=True, stderr=subprocess.DEVNULL)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def fill(scene: Scene, *, kill: bool) -> Seen:
    """Fill the disk of a scene under load, look, make room, and see how long it takes.

    kill: the database server too, which cannot start again while there is no room.
    """
    service, witness, load = scene.serve(), scene.witness(), Load(scene.pen(), scene.port)
    answers: Counter[int] = Counter()
    try:
        wait_until(lambda: len(load.acknowledged) >= _ENTRIES)
        with _filled(scene.folder):
            if kill and (note := read_note(scene.data / "postgres")) is not None:
                os.kill(note.pid, signal.SIGKILL)
            # What the files have room for inside is still recorded.
            while answers[_UNAVAILABLE] < _REFUSED and not answers.keys() - {201, _UNAVAILABLE}:
                answers[status_of(scene.port, "POST", "/v1/statements", scene.pen().write()[1])] += 1
            sleep(_HELD)
            health = status_of(scene.port, "GET", "/healthz")
        well = wait_until(scene.is_well)
    finally:
        load.close()
        for process in (service, witness):
            process.terminate()
            process.wait()
    wrong = [*load.wrong, *check_log(scene, load.acknowledged)]
    wrong += [f"it took {well:.0f} s until all was well"] * (well > SOON)
    wrong += [f"callers were answered {dict(answers)}, health {health}"] * (
        answers.keys() - {201, _UNAVAILABLE} != set() or health != _UNAVAILABLE
    )
    return Seen(health, answers, well, tuple(wrong))


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    """Take every byte of a disk for a with block."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for block in (2**20, 2**12):
            with suppress(OSError):
                while True:
                    file.write(bytes(block))
    try:
        yield
    finally:
        filler.unlink()


def main() -> None:
    """Fill a disk twice, and print what was seen."""
    wrong: list[str] = []
    for kill, what in ((False, "a full disk"), (True, "a full disk, and the database server killed")):
        with small_disk() as place:
            seen = fill(set_up(place), kill=kill)
        print(f"{what}: {seen}")
        wrong.extend(seen.wrong)
    for one in wrong:
        print(one)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
