"""What the commands print, with --json, that keep a log, a mirror or a witness running."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from api.rows.answers import JudgedBy
from api.rows.subjects import LineBalance
from projections.running.looking import State


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


class ViewRow(TypedDict):
    """How a view stands. position: up to which event it is applied. lag: how many events it lacks.

    behind: for how many seconds the first of these has been recorded. stopped: why the runner goes on no more.
    rate: events a second of a making that goes on; left: the seconds that it still takes.
    """

    view: str
    state: State
    position: int
    lag: int
    behind: float
    checkpoint: int
    stopped: str | None
    rebuilding: NotRequired[int]
    rate: NotRequired[float]
    left: NotRequired[float]


class ViewsMade(TypedDict):
    """Views that were made anew. rate: events a second."""

    views: int
    position: int
    checkpoint: int
    rate: float


class ViewFile(TypedDict):
    """A view as a file. sha256: of the file, hexadecimal."""

    view: str
    file: str
    rows: int
    bytes: int
    sha256: str


class ViewsExported(TypedDict):
    """Views that were written as files, as the manifest beside them says it.

    position: up to which event. checkpoint: so many entries the largest one covers that they were held against; 0: none
    yet. views: what tells their version.
    """

    format: str
    log: str
    position: int
    checkpoint: int
    views: str
    files: list[ViewFile]


class Following(TypedDict):
    """A log that is followed into its views, or will be when the process that follows it ends."""

    log: str


class ViewBalance(LineBalance):
    """The mass balance of an approval line, summed up from the bookings."""

    approval: str


class ViewChecked(TypedDict):
    """A view of which every row is as the log makes it. rows: how many."""

    view: str
    position: int
    rows: int
    checkpoint: int


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
