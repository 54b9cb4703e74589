"""What the commands print, with --json, of the log and its statements."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from api.rows.answers import Breach


class Entry(TypedDict):
    """An entry of the log, taken apart as far as this program knows it; the payload as it was signed.

    leaf: hexadecimal. unread: what this program is too old for; what cannot be read for it is left out.
    """

    position: int
    recorded: str
    kind: str
    statement: str | None
    leaf: str
    rules: NotRequired[str]
    edition: NotRequired[str | None]
    tags: NotRequired[list[str]]
    status: NotRequired[list[str]]
    breaches: NotRequired[list[Breach]]
    payload: NotRequired[dict[str, Any]]
    unread: NotRequired[str]


class Sentences(TypedDict):
    """What a statement says, in each language."""

    en: str
    zh: str


class Told(TypedDict):
    """A statement in words, with what it discloses."""

    sentences: Sentences
    disclosed: dict[str, Any]


class ToldEntry(Entry, Told):
    """A recorded statement, taken apart and in words."""


class ToldFile(Told):
    """A statement from a file, in words."""

    file: str
    statement: str
    kind: str
    payload: dict[str, Any]


class Differing(TypedDict):
    """An entry that would be judged otherwise today."""

    position: int
    today: str


class VerifiedLog(TypedDict):
    """A log that was verified from its first entry.

    held: the size of the largest checkpoint that it was held against. unjudged: entries whose edition is not here.
    unread: entries that this program is too old for. verified: that there is none of these.
    """

    log: str
    size: int
    last_leaf: str
    held: int
    differences: int
    unjudged: int
    unread: int
    verified: bool
    differing: list[Differing]


class LogFiles(TypedDict):
    """The published log as files. bundles: how many of entries were written."""

    log: str
    size: int
    folder: str
    bundles: int


class VerifierKey(TypedDict):
    """A public key of the log, as policies write it."""

    vkey: str
