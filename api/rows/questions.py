"""What the commands print, with --json, of questions and their answers, besides the rows of an answer."""

from __future__ import annotations

from typing import TypedDict


class Asking(TypedDict):
    """A question that can be asked, in both languages, with the options that it takes and a command to try."""

    number: int
    name: str
    en: str
    zh: str
    options: list[str]
    reads: str
    columns: list[str]
    example: str


class Leaned(TypedDict):
    """A clause that an answer leans on and nobody read in the legal text, by the rule or duty that cites it."""

    rests: str
    clause: str
    confidence: str


class Replayed(TypedDict):
    """A mirror's copy that was replayed to be asked. size, root: of the checkpoint that it is the tree of; hexadecimal.

    cosigned_by: the policy's names of the witnesses that cosigned the checkpoint. judged_otherwise: how many entries
    would be judged otherwise today. not_judged_again: how many name an edition that is not here.
    """

    log: str
    size: int
    root: str
    cosigned_by: list[str]
    judged_otherwise: int
    not_judged_again: int


class AnswerEnd(TypedDict):
    """The last line of an answer: what it rests on. rows: how many there are in all.

    checked: whether the log was replayed from a mirror's copy; else it is the operator's word. replayed: that copy.

    about: the subject; null: the whole log. parameters: what else it was narrowed by. jurisdiction: whose calendar.
    as_known_at: the last position that was taken in. checkpoint: so many entries the newest published one covers, 0:
    none is published. as_it_was_at: what happened later does not count; null: all does.
    dates_as_of: the instant at which dates have passed or not. rules: the editions that judged what was read.
    """

    question: str
    number: int
    about: str | None
    parameters: dict[str, str | int]
    jurisdiction: str
    rows: int
    as_known_at: int
    checkpoint: int
    as_it_was_at: str | None
    dates_as_of: str
    rules: list[str]
    unverified: list[Leaned]
    checked: bool
    replayed: Replayed | None
