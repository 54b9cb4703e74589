"""What the ledger answers, as rows of JSON: breaches, errors, and what became of a statement."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Breach(TypedDict):
    """A breach: the rule, the ids that it concerns, what was found, a sentence in English, and the clause.

    verified: whether the clause was read in the legal text.
    """

    rule: str
    subjects: list[str]
    parameters: dict[str, Any]
    problem: str
    clause: str
    verified: bool


class ReasonedBreach(Breach):
    """A recorded breach with the reason code that its signers gave."""

    reason: str | None


class LocatedBreach(Breach):
    """A breach with the lines of the manifest that it concerns; none of one of the statement as a whole."""

    lines: list[int]


class JudgedBy(TypedDict):
    """The rule pack that judged, by its id, and the digest of its edition; ``none`` where nothing was judged."""

    rules: str
    edition: str | None


class Candidate(TypedDict):
    """Something that what was written may mean.

    sort, text: which of its names it was found by. called: what it is called now. old: by a label that it bears no
    more. about: what tells it apart.
    """

    id: str
    sort: str
    text: str
    called: str | None
    old: bool
    about: str


class Error(TypedDict):
    """What ended a command, or became of a statement: the answer's name, the exit code, and what is wrong.

    problem: in English, whatever the language. member: where in the statement, file or command line.
    """

    answer: str
    code: int
    problem: NotRequired[str]
    rule: NotRequired[str]
    member: NotRequired[str]
    candidates: NotRequired[list[Candidate]]
    breaches: NotRequired[list[Breach]]
    file: NotRequired[str]
    line: NotRequired[int]
    column: NotRequired[str]


class Failed(TypedDict):
    """What is printed to stderr, under --json, by a command that fails."""

    error: Error


class Recorded(JudgedBy):
    """A statement that stands in the record; ``repeated``: it did so before."""

    status: Literal["recorded", "repeated"]
    statement: str
    kind: str
    position: int
    recorded: str
    breaches: list[Breach]


class RecordedLine(Recorded):
    """The answer to a statement of a file that is recorded."""

    file: str
    line: int


class FailedLine(TypedDict):
    """The answer to a statement of a file that is not recorded."""

    file: str
    line: int
    status: Literal["error"]
    error: Error
    breaches: list[Breach]


class RecordedRows(JudgedBy):
    """A statement that was made of lines of a manifest, and is recorded."""

    file: str
    line: int
    lines: list[int]
    status: Literal["recorded", "repeated"]
    statement: str
    kind: str
    position: int
    recorded: str
    breaches: list[LocatedBreach]


class FailedRows(TypedDict):
    """A statement that was made of lines of a manifest, and is not recorded."""

    file: str
    line: int
    lines: list[int]
    status: Literal["error"]
    error: Error
    breaches: list[LocatedBreach]
