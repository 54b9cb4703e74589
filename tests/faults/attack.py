"""One attack of an administrator, and the commands that may notice it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COMMANDS: Final = ("record", "publish", "serve", "log verify", "fsck", "doctor", "mirror")
LETTERS: Final = dict(zip("RPSLFDM", COMMANDS, strict=True))
"""R record, P publish, S serve, L log verify, F fsck, D doctor, M mirror."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack.

    name: what is done, in words. sql: how, as a superuser. caught: by which commands, by their letters in ``LETTERS``.
    guarded: the guards are switched off for it and on again, so that nothing else shows; False: it is about them.
    """

    name: str
    sql: str
    caught: str
    guarded: bool = True
