"""What the commands print, with --json, of an item or an approval."""

from __future__ import annotations

from typing import TypedDict

from api.rows.answers import ReasonedBreach
from ledger.domain.states.subjects import Item


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


class LabelRow(TypedDict):
    """A label that was printed. code: what its DataMatrix holds. cut: whether not all of its text had room."""

    item: str
    code: str
    lines: list[str]
    cut: bool


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
    """A line of an approval: what is approved, set aside, written off, and may still be declared, as decimals.

    product_zh: its name in Chinese; null where the form has none.
    """

    line: int
    product: str
    product_zh: str | None
    unit: str
    approved: str
    reserved: str
    written_off: str
    remaining: str


class LineBalance(TypedDict):
    """What came in under a line, and what became of it.

    flows: by what came in or went out. in_transit, in_use: of what is on hand; the rest of it is at rest. difference:
    what was written off less what was listed. Amounts are decimals, a fraction where no decimal is exact, and null
    where they are not known.
    """

    line: int
    unit: str
    approved: str | None
    written_off: str | None
    flows: dict[str, str | None]
    on_hand: str | None
    in_transit: str | None
    in_use: str | None
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


class AuditRow(TypedDict):
    """An audit: who lets whom see what.

    party: whose data, where that is another than who granted it. subjects: what it names; empty: all of it.
    start, end: the acts that it shows lie between. stands: open, ended, or over by its time.
    """

    case: str
    by: str
    auditor: str
    party: str | None
    subjects: list[str]
    start: str | None
    end: str | None
    until: str
    disclosures: bool
    stands: str
