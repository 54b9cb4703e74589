"""What the doctor finds: one thing looked at, how well it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How well it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    remedy: what to do; "" where all is well.
    """

    level: Level
    subject: str
    found: str
    remedy: str = ""
