"""What the commands print, with --json, of bundles of evidence, and of answers that are checked by one."""

from __future__ import annotations

from typing import Any, TypedDict


class Claim(TypedDict):
    """A claim of a bundle and its verdict."""

    about: str
    verdict: str
    check: str | None
    words: str


class Report(TypedDict):
    """What a verifier says of a bundle: the worst verdict of all, the exit code, and each claim.

    withheld: the positions of the entries that it withholds. part: the subjects of which it shows a part.
    """

    subject: str | None
    verdict: str
    exit: int
    withheld: list[int]
    part: list[str]
    claims: list[Claim]


class Exported(TypedDict):
    """A bundle that was written. withheld, part: as a verifier says of it."""

    subject: str
    scope: str
    file: str
    bytes: int
    withheld: list[int]
    part: list[str]


class LastDated(TypedDict):
    """A position of which a bundle says when it was recorded."""

    position: int
    recorded: str


class CheckedAnswer(TypedDict):
    """An answer that was computed again from a bundle.

    finding: agrees, agrees as far as is shown, differs, not checked, nothing is claimed.

    words: what was found, or what is missing. question to now: what was asked; null or empty where it could not be
    read. about: the subject; parameters: what else it was narrowed by; jurisdiction: whose calendar. as_of, at, now: as
    in a claimed answer. editions, rows: what was computed; empty where nothing could be. checkpoint: so many entries it
    covers, null where none holds. replayed: the mirrors that vouch for it. bundle_about: the subject of the bundle.
    last: the latest position, up to as_of, of which the bundle says when it was recorded. later: how many of its events
    are later, and do not count. remarks: what to look at before believing that this is what one wants to know. bundle:
    the report on it. exit: the exit code.
    """

    finding: str
    words: str
    question: str | None
    about: str | None
    parameters: dict[str, str | int]
    jurisdiction: str | None
    as_of: int | None
    at: str | None
    now: str | None
    editions: list[str]
    rows: list[dict[str, Any]]
    checkpoint: int | None
    replayed: list[str]
    bundle_about: str | None
    last: LastDated | None
    later: int
    remarks: list[str]
    bundle: Report
    exit: int
