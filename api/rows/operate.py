"""What the commands print, with --json, that keep a log, a mirror or a witness running."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from api.rows.answers import JudgedBy


class Opened(JudgedBy):
    """A log that was opened."""

    log: str
    operator: str
    key: str
    key_file: str
    position: int | None


class Published(TypedDict):
    """What is published of a log. published: by this command. names: how many the index has."""

    log: str
    published: bool
    size: NotRequired[int]
    root: NotRequired[str]
    names: NotRequired[int]


class Listening(TypedDict):
    """Where a server can be reached."""

    url: str
    host: str
    port: int


class Serving(Listening):
    """A log that is served."""

    log: str


class Witnessing(Listening):
    """A witness that is served: the logs that it watches, and its keys as policies write them."""

    logs: list[str]
    vkeys: list[str]


class Checkpoint(TypedDict):
    """A checkpoint: the log, its size and root in hexadecimal."""

    log: str
    size: int
    root: str


class Cosigned(Checkpoint):
    """What was cosigned, and the lines of the cosignature."""

    cosignature: str


class Mirrored(Checkpoint):
    """What was mirrored and replayed. entries: how many of them are new. cosignature: null where there is no key."""

    entries: int
    cosignature: str | None


class WitnessKey(TypedDict):
    """A cosigner's public key."""

    name: str
    vkey: str


class Sound(Checkpoint):
    """A database that holds what it should.

    published: the size of the newest checkpoint. disclosed, withheld: disclosures that are here, and that are not.
    """

    published: int
    checkpoints: int
    disclosed: int
    withheld: int
    sound: bool


class Found(TypedDict):
    """What the doctor finds of one thing, and what to do about it; remedy is "" where all is well."""

    level: Literal["ok", "warn", "fail"]
    subject: str
    found: str
    remedy: str


class Clock(TypedDict):
    """Another source of the time, and by how many seconds it is ahead of this machine. believed: they agree."""

    source: str
    ahead: float
    believed: bool


class PutBack(TypedDict):
    """A log that was put back from a mirror's copy."""

    log: str
    size: int
    kept: int
    restored: int
    disclosures_missing: int


class TakenAsIs(TypedDict):
    """A log that was taken for the newest there is. remembered: the size of the checkpoint that this machine knows."""

    log: str
    size: int
    remembered: int


class Disclosed(TypedDict):
    """Disclosures that were put back, by their statements."""

    statements_restored: int
    statements_kept: int
    lines_refused: int
