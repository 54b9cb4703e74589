"""What the commands print, with --json, that look at the record."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from api.rows.answers import Breach, JudgedBy, ReasonedBreach
from ledger.domain.states.subjects import Item


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


class Custody(TypedDict):
    """Who had an item, and where; ended is null of who has it."""

    party: str | None
    site: str | None
    place: str | None
    began: str
    ended: str | None
    out_of_order: bool


class Signer(TypedDict):
    """Who signed, as what, and what was declared by it."""

    party: str
    person: str
    role: str
    meaning: str


class HistoryEvent(TypedDict):
    """A statement about an item.

    counts: it is neither corrected nor voided. out_of_order: it was told later than its own time asks.
    """

    position: int
    recorded: str
    occurred_at: str
    kind: str
    statement: str
    signers: list[Signer]
    breaches: list[ReasonedBreach]
    corrects: str | None
    counts: bool
    out_of_order: bool


class SampleShown(TypedDict, total=False):
    """An item as a sample: what it was said to be, itself or what it is made of."""

    origin: list[str]
    shown_from: str
    approval_declared: str
    types: list[str]
    collected: list[str]
    donors: list[str]
    donor_origins: list[str]
    storage: list[str]
    kept: str
    thawed: int
    thawed_at_least: int


class ItemShown(TypedDict):
    """An item as known at a position: its state, what it is as a sample, its lineage, custody and history.

    as_of: the instant up to which what happened counts; null: everything.
    """

    as_known_at: int
    as_of: str | None
    item: Item
    sample: SampleShown
    ancestors: list[str]
    children: list[str]
    custody: list[Custody]
    history: list[HistoryEvent]


class ApprovalState(TypedDict):
    """An approval; both days of its validity are included."""

    id: str
    number: str
    status: str
    applicant: str | None
    direction: str
    grade: str | None
    valid_from: str | None
    valid_to: str | None
    write_off: str | None
    sites: list[str]
    purposes: list[str]


class ApprovalLine(TypedDict):
    """A line of an approval: what is approved, set aside, written off, and may still be declared, as decimals."""

    line: int
    product: str
    unit: str
    approved: str
    reserved: str
    written_off: str
    remaining: str


class LineBalance(TypedDict):
    """What came in under a line, and what became of it.

    flows: by what came in or went out. difference: what was written off less what was listed. Amounts are decimals, a
    fraction where no decimal is exact, and null where they are not known.
    """

    line: int
    unit: str
    approved: str | None
    written_off: str | None
    flows: dict[str, str | None]
    on_hand: str | None
    difference: str | None


class SiteShare(TypedDict):
    """How a site stands with a line of an approval; amounts are decimals in the line's unit.

    allotted: null where nothing is allotted to it. there: what has come to it less what went on. sent: what went on
    from it to other sites. named: whether the approval names the site.
    """

    line: int
    unit: str
    site: str
    allotted: str | None
    there: str
    sent: str
    named: bool


class ApprovalBreach(ReasonedBreach):
    """A breach of the terms of an approval, and where it is recorded."""

    position: int
    kind: str


class ApprovalShown(TypedDict):
    """An approval as known at a position.

    as_of: the instant up to which what happened counts; null: everything.
    """

    as_known_at: int
    as_of: str | None
    approval: ApprovalState
    lines: list[ApprovalLine]
    shares: list[SiteShare]
    balance: list[LineBalance]
    breaches: list[ApprovalBreach]


State: TypeAlias = Literal["before", "in force", "later", "kept"]
"""What an edition is here for; ``kept`` is one that never judges anything new."""


class Edition(JudgedBy):
    """An edition of a rule pack. settled_until: the last day of which its calendar knows whether offices work."""

    jurisdiction: str
    calendar: str
    settled_until: str
    state: State


class Parameter(TypedDict):
    """A number or word of the law, with its clause and how it is known."""

    parameter: str
    value: str
    unit: str
    basis: str


class EditionShown(Edition):
    """An edition with its parameters."""

    title: str
    parameters: list[Parameter]


class EditionFile(JudgedBy):
    """An edition that was written to a file. new: it was not there."""

    file: str
    new: bool


class KindWord(TypedDict):
    """A kind of statement in both languages."""

    kind: str
    en: str
    zh: str
    says_en: str
    says_zh: str
    roles: list[str]
    recorders: list[str]
    persons: int


class CodeWord(TypedDict):
    """A code of a table in both languages."""

    table: str
    code: str
    en: str
    zh: str


class UnitWord(TypedDict):
    """A unit in both languages."""

    code: str
    en: str
    zh: str


class RuleWord(TypedDict):
    """A rule in both languages, what breaking it leads to, and its clause. verified: it was read in the legal text."""

    rule: str
    answer: str
    en: str
    zh: str
    clause: str
    verified: bool


class AgentWord(TypedDict):
    """A pathogen of the catalogue in both languages."""

    agent: str
    en: str
    zh: str
    risk_class: int | None
    un_number: str | None


class Claim(TypedDict):
    """A claim of a bundle and its verdict."""

    about: str
    verdict: str
    check: str | None
    words: str


class Report(TypedDict):
    """What a verifier says of a bundle: the worst verdict of all, the exit code, and each claim."""

    subject: str | None
    verdict: str
    exit: int
    claims: list[Claim]


class Exported(TypedDict):
    """A bundle that was written."""

    subject: str
    scope: str
    file: str
    bytes: int


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


class AnswerEnd(TypedDict):
    """The last line of an answer: what it rests on. rows: how many there are in all. checked: never here, as yet.

    about: the subject; null: the whole log. parameters: what else it was narrowed by. jurisdiction: whose calendar.
    as_known_at: the last position that was taken in. as_it_was_at: what happened later does not count; null: all does.
    dates_as_of: the instant at which dates have passed or not. rules: the editions that judged what was read.
    """

    question: str
    number: int
    about: str | None
    parameters: dict[str, str | int]
    jurisdiction: str
    rows: int
    as_known_at: int
    as_it_was_at: str | None
    dates_as_of: str
    rules: list[str]
    unverified: list[Leaned]
    checked: bool


class LastDated(TypedDict):
    """A position of which a bundle says when it was recorded."""

    position: int
    recorded: str


class CheckedAnswer(TypedDict):
    """An answer that was computed again from a bundle. finding: agrees, differs, not checked, nothing is claimed.

    words: what was found, or what is missing. question to now: what was asked; null or empty where it could not be
    read. about: the subject; parameters: what else it was narrowed by; jurisdiction: whose calendar. as_of, at, now: as
    in a claimed answer. editions, rows: what was computed; empty where nothing could be. size: of the checkpoint, null
    where none holds. replayed: the mirrors that vouch for it. bundle_about: the subject of the bundle. last: the latest
    position, up to as_of, of which the bundle says when it was recorded. later: how many of its events are later, and
    do not count. remarks: what to look at before believing that this is what one wants to know. bundle: the report on
    it. exit: the exit code.
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
    size: int | None
    replayed: list[str]
    bundle_about: str | None
    last: LastDated | None
    later: int
    remarks: list[str]
    bundle: Report
    exit: int
