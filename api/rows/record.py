"""What the commands print, with --json, that make statements and keys."""

from __future__ import annotations

from typing import Any, TypedDict

from api.rows.answers import Breach, JudgedBy


class KindRow(TypedDict):
    """A kind: who may state it, who may record it from an authority's document, and how many persons sign."""

    kind: str
    roles: list[str]
    recorders: list[str]
    persons: int
    says: str


class Submission(TypedDict):
    """A signed statement as it is handed in: its DSSE envelope and its disclosures."""

    envelope: dict[str, Any]
    disclosures: list[str]


class ReceiptRow(TypedDict):
    """What a receipt of a refusal says. digest: SHA-256 of the statement's payload. at: by the service's clock."""

    log: str
    digest: str
    problem: str
    rules: list[str]
    at: str


class Waiting(TypedDict):
    """Who has not signed yet."""

    party: str
    person: str
    meaning: str


class SignedFile(TypedDict):
    """A signed statement that was written to a file."""

    file: str
    id: str
    kind: str
    unsigned: list[Waiting]


class Recordable(JudgedBy):
    """What would become of a statement that were handed in now: it can be recorded, or is recorded already."""

    recordable: bool
    repeated: bool
    breaches: list[Breach]


class Duty(TypedDict):
    """An obligation that a statement would open, or end.

    duty: its row in docs/obligations.md; says: what is owed, in words. state: how it would stand; of one that would be
    owed no more because what opened it counts no more, how it stands. due: None: no date is known; estimate: days up to
    it were not decreed yet. late: that it would be met after its date. edition: of the rule pack whose term holds.
    confidence: how the clause was read; verified: whether in the legal text.
    """

    duty: str
    says: str
    subject: str
    concerns: list[str]
    owed_by: str
    debtor: str | None
    owed_to: str
    creditor: str | None
    state: str
    due: str | None
    estimate: bool
    until: str | None
    late: bool
    opened_at: str
    edition: str
    clause: str
    confidence: str
    verified: bool


class Checked(Recordable):
    """The same of one statement, with the obligations that it would open and those that it would end."""

    opens: list[Duty]
    ends: list[Duty]


class Drafted(TypedDict):
    """What is to be signed for a draft, and what it says in words.

    signers: who are to sign, in their order, with their keys. to_sign: base64 of the bytes that each of them signs.
    envelope: to be handed in with the disclosures, once each signature stands in it as ``{"keyid": …, "sig": …}``.
    """

    statement: str
    kind: str
    told: str
    signers: list[dict[str, str]]
    to_sign: str
    envelope: dict[str, Any]
    disclosures: list[str]


class PublicKey(TypedDict):
    """The public part of a key, as enrolling it needs it. spki: base64."""

    key: str
    thumbprint: str
    alg: str
    spki: str


class EnrolledKey(PublicKey):
    """A key as the log knows it. enrolled_at: the position."""

    party: str | None
    person: str | None
    enrolled_at: int
    revoked: bool


class Passed(TypedDict):
    """A line of a manifest that is no goods, and by which rule."""

    line: int
    reason: str


class Preview(TypedDict):
    """What a manifest comes to."""

    kind: str
    rows: int
    statements: int
    problems: int
    passed_over: list[Passed]
    unused_columns: list[str]
    unused_sheets: list[str]


class ProposedColumn(TypedDict):
    """A column by its letters, and the member that it fills; one that only may be it ends in a question mark."""

    column: str
    header: str
    member: str
    remark: str


class DoubtfulLine(TypedDict):
    """A line that may be no goods."""

    line: int
    text: str


class CellProblem(TypedDict):
    """What is wrong with a cell of a manifest."""

    line: int
    column: str
    problem: str


class Proposed(TypedDict):
    """A mapping that is proposed for a manifest. source: the SHA-256 of the file. rows: the first, as they would be."""

    mapping: str
    kind: str
    source: str
    sheet: str | None
    encoding: str | None
    header: int
    columns: list[ProposedColumn]
    needed: list[str]
    needed_of_rows: list[str]
    passed_over: list[Passed]
    doubts: list[str]
    doubtful_lines: list[DoubtfulLine]
    rows: list[dict[str, Any]]
    problems: list[CellProblem]
