"""Machines of several organisations with homes and private keys of their own, and what goes between them by mail."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

from tests.journeys.bench import Bench, Ran

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Machine(Bench):
    """A machine of the day. counted: what was typed at it."""

    def __init__(self, place: Path, database: str | None = None) -> None:
        """Use a home of its own, and the log's database if it is the machine that has it."""
        super().__init__(place, database or "")
        self.environ |= {"HOME": str(place), "VIALOG_DATA": str(place / "data")}
        if database is None:
            self.environ["VIALOG_DATABASE_URL"] = None
        self.counted: list[tuple[object, ...]] = []

    def does(self, *arguments: object) -> Ran:
        """Run a command of the day."""
        self.counted.append(arguments)
        return self.done(*arguments)

    def states(self, kind: str, *arguments: object, key: str = "t-07") -> None:
        """Record a statement of the day with the key of one person."""
        self.does("record", kind, *arguments, "--key", self.place / f"{key}.pem", "--yes")

    def public(self, person: str) -> Path:
        """Make a key, and return what is public of it as a file."""
        printed = self.done("keys", "new", self.place / f"{person}.pem").stdout
        file = self.place / f"{person}.txt"
        file.write_text(printed, encoding="utf-8")
        return file


def carried(file: Path, machine: Machine) -> Path:
    """Bring a file to another machine; return where it is there."""
    there = machine.place / file.name
    shutil.copy(file, there)
    return there


def signed(machine: Machine, file: Path, person: str) -> None:
    """Have somebody sign an open statement on another machine, and bring it back."""
    there = carried(file, machine)
    cosign = ("statement", "cosign", there, "--key", machine.place / f"{person}.pem", "--yes")
    machine.does(*cosign)
    shutil.copy(there, file)


def drafted(machine: Machine, draft: Path, person: str) -> Path:
    """Have somebody sign a draft on another machine, and bring what was signed back."""
    there = carried(draft, machine)
    key = machine.place / f"{person}.pem"
    sign = ("statement", "sign", there, "--key", key, "--out", there.with_suffix(".signed"))
    machine.does(*sign)
    back = draft.with_suffix(".signed")
    shutil.copy(there.with_suffix(".signed"), back)
    return back


def scanned(machine: Machine, name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    """Write a list as the scanner's program does."""
    with (machine.place / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return machine.place / name
