"""Killing, at a moment that is chosen by what is going on, and looking how long it takes until all is well again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from ledger.store.server.postmaster import read_note
from scripts.faults import marks
from scripts.faults.load import Load
from scripts.faults.marks import Phase
from scripts.faults.scene import SOON, wait_until
from scripts.processes import children

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scripts.faults.scene import Scene


class Victim(StrEnum):
    """Who is killed: -9 each time, but for a connection, which is ended as pg_terminate_backend ends one."""

    BACKEND = "process of the database"
    CONNECTION = "connection"
    SERVICE = "service"
    BESIDE = "publisher beside the service"
    POSTMASTER = "database server"
    STREAM = "stream of statements"
    PUBLISHER = "publisher"
    MIRROR = "mirror"
    WITNESS = "witness"
    INIT = "init"


_WEIGHTS: Final = {
    Victim.BACKEND: 42,
    Victim.CONNECTION: 8,
    Victim.SERVICE: 22,
    Victim.BESIDE: 6,
    Victim.POSTMASTER: 10,
    Victim.STREAM: 7,
    Victim.PUBLISHER: 4,
    Victim.MIRROR: 4,
    Victim.WITNESS: 2,
    Victim.INIT: 1,
}
_AIM_FOR: Final = 3.0  # seconds in which the phase that is wanted has to come
_LOOK: Final = 0.0005
_LINES: Final = 40


@dataclass(slots=True)
class Tally:
    """What was killed, in which phases, and how long it took until all was well; what went wrong, in words."""

    kills: Counter[Victim] = field(default_factory=Counter)
    phases: Counter[tuple[Victim, Phase]] = field(default_factory=Counter)
    longest: dict[Victim, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def of_phase(self, phase: Phase) -> int:
        """Return in how many kills a phase was going on."""
        return sum(number for (_, one), number in self.phases.items() if one is phase)

    def note(self, victim: Victim, phases: frozenset[Phase]) -> None:
        """Count a kill."""
        self.kills[victim] += 1
        self.phases.update((victim, phase) for phase in phases)


class Campaign:
    """A service under load, with its witness; whatever is killed is killed here."""

    def __init__(self, scene: Scene, seed: int) -> None:
        """Start witness, service and load."""
        self.tally = Tally()
        self._scene = scene
        self._chance = random.Random(seed)
        self._witness = scene.witness()
        self._service = scene.serve()
        self.load = Load(scene.pen(), scene.port)
        wait_until(scene.is_well)

    def close(self) -> None:
        """End all in order."""
        self.load.close()
        for process in (self._service, self._witness):
            process.terminate()
            process.wait()

    def kill(self) -> None:
        """Kill somebody, and wait until all is well again."""
        victim = self._chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        self.kill_one(victim)

    def kill_one(self, victim: Victim) -> None:
        """Kill such a one, and wait until all is well again."""
        match victim:
            case Victim.SERVICE:
                phases = self._aimed(self._scene.marks, self._service.kill)
                self._service.wait()
                self._service = self._scene.serve()
            case Victim.BESIDE:
                phases = self._aimed(self._scene.marks, self._kill_beside)
            case Victim.BACKEND | Victim.CONNECTION | Victim.POSTMASTER:
                phases = self._aimed(self._scene.marks, lambda: self._kill_server(victim))
            case Victim.STREAM:
                phases = self._stream()
            case Victim.PUBLISHER:
                phases = self._other(self._scene.folder / "publisher.marks", "publish")
            case Victim.MIRROR:
                phases = self._at_random(self._scene.mirror())
            case Victim.WITNESS:
                phases = self._at_random(self._witness)
                self._witness = self._scene.witness()
            case Victim.INIT:
                phases = self._init()
        self.tally.note(victim, phases)
        self._wait_until_well(victim)

    def _wait_until_well(self, victim: Victim) -> None:
        try:
            took = wait_until(self._scene.is_well)
        except TimeoutError as wedged:
            self.tally.wrong.append(f"after the kill of a {victim} the service is not well: {wedged}")
            return
        self.tally.longest[victim] = max(took, self.tally.longest.get(victim, 0))

    def _wanted(self) -> Phase:
        """Return the phase that was hit least."""
        return min(Phase, key=lambda one: (self.tally.of_phase(one), self._chance.random()))

    def _aimed(self, file: Path, kill: Callable[[], object]) -> frozenset[Phase]:
        """Kill as soon as the phase that was hit least is going on, and return those that were."""
        wanted = self._wanted()
        until = monotonic() + _AIM_FOR
        files = [one for one in (file, marks.of_publisher(file)) if one.exists()]
        while not any(wanted in marks.read(one) for one in files) and monotonic() < until:
            sleep(_LOOK)
        kill()
        return frozenset().union(*map(marks.read, files))

    def _kill_beside(self) -> None:
        for pid in children(self._service.pid, str(marks.of_publisher(self._scene.marks))):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _kill_server(self, victim: Victim) -> None:
        if (note := read_note(self._scene.data / "postgres")) is None:
            return
        pids = [note.pid] if victim is Victim.POSTMASTER else _backends(note.pid)
        if pids:
            with suppress(ProcessLookupError):
                how = signal.SIGTERM if victim is Victim.CONNECTION else signal.SIGKILL
                os.kill(self._chance.choice(pids), how)

    def _other(self, file: Path, *arguments: str) -> frozenset[Phase]:
        """Kill a process with marks of its own, when it has come to work."""
        with self._scene.launch(*arguments, marked=file) as process:
            with suppress(TimeoutError):
                wait_until(lambda: bool(marks.read(file)) or process.poll() is not None)
            process.kill()
            return marks.read(file)

    def _at_random(self, process: subprocess.Popen[bytes]) -> frozenset[Phase]:
        with suppress(subprocess.TimeoutExpired):
            process.wait(self._chance.uniform(0.1, 2.5))
        process.kill()
        process.wait()
        return frozenset()

    def _stream(self) -> frozenset[Phase]:
        """Kill a stream while it records; what it did not answer is handed in again, to the service."""
        pen, file = self._scene.pen(), self._scene.folder / "stream.marks"
        lines = dict(pen.write() for _ in range(_LINES))
        with self._scene.launch(
            "statement", "submit", "-", "--json", marked=file, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise TypeError("a process with pipes has them")
            process.stdin.write(b"\n".join(lines.values()) + b"\n")
            process.stdin.flush()
            with suppress(TimeoutError):
                wait_until(lambda: bool(marks.read(file)), SOON)
            phases = self._aimed(file, process.kill)
            for answer in map(_parsed, process.stdout.read().splitlines()):
                if answer.get("status") in {"recorded", "repeated"}:
                    self.load.note(answer["statement"], answer["position"])
        for statement, line in lines.items():
            if statement not in self.load.acknowledged:
                self.load.insist(statement, line)
        return phases

    def _init(self) -> frozenset[Phase]:
        """Kill a command that opens a log somewhere else; the same command then opens it, or says that it is open."""
        scene = self._scene.elsewhere(self.tally.kills[Victim.INIT])
        arguments = ("init", "--name", "Operator", "--key", scene.folder / "other.pem")
        self._at_random(scene.launch(*arguments))
        began = monotonic()
        with scene.launch(*arguments, stderr=subprocess.PIPE) as again:
            _, said = again.communicate()
        if again.returncode not in {0, 5}:
            self.tally.wrong.append(f"init after it was killed: {again.returncode}: {said.decode()}")
        self.tally.longest[Victim.INIT] = max(monotonic() - began, self.tally.longest.get(Victim.INIT, 0))
        return frozenset()


def _parsed(line: bytes) -> dict[str, Any]:
    """Return an answer; nothing of one that was cut off."""
    try:
        said: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return said


def _backends(postmaster: int) -> list[int]:
    """Return the processes that serve connections of the application."""
    return children(postmaster, "vialog_app")
