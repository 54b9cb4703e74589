"""What is told of what waits: open statements, and drafts."""

from __future__ import annotations

from typing import TypedDict

from api.rows.record import Submission


class OpenSigner(TypedDict):
    """Somebody who signs an open statement. signed: whether they have."""

    party: str
    person: str
    meaning: str
    signed: bool


class OpenStatementRow(TypedDict):
    """A statement that waits for signatures. digest: SHA-256 of its payload, which all of them sign, 64 hex digits.

    statement: its id. left_by: the party that left it.
    """

    digest: str
    statement: str
    kind: str
    left_by: str
    left: str
    expires: str
    signers: list[OpenSigner]


class OpenStatementShown(OpenStatementRow):
    """The same, with what is signed."""

    submission: Submission


class OpenStatementsOfParty(TypedDict):
    """The open statements that a party signs, the newest first."""

    open: list[OpenStatementRow]


class KeptDraftRow(TypedDict):
    """A draft that is kept. person: who kept it last."""

    name: str
    person: str
    kept: str
    expires: str


class KeptDrafts(TypedDict):
    """The drafts of a party, by their names."""

    drafts: list[KeptDraftRow]
