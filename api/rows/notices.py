"""What is told of notices: that something falls due soon or is overdue."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from api.rows.http import SeenBy
from api.rows.waiting import OpenStatementRow
from projections.obligations import ObligationRow


class NoticeRow(TypedDict):
    """A notice: that a date comes within some working days, or that it has passed.

    noted: when that was noted. due: the date that it was noted for. unread: by the person that asks. duty, subject,
    opened_by, key: of which obligation, as the worklist names it. obligation: its row of the worklist as it stands now,
    with clause, confidence, what opened it and what closes it; null: by the record nothing is owed there any more.
    """

    number: int
    what: Literal["due-soon", "overdue"]
    noted: str
    due: str
    unread: bool
    duty: str
    subject: str
    opened_by: int
    key: str
    obligation: dict[str, Any] | None


class InboxShown(SeenBy):
    """A page of somebody's inbox, the newest notice first. more: whether older ones follow.

    noted_at: as of when all that falls due was noted; null: nobody has looked yet. late: nobody has looked for minutes,
    so what has fallen due since is not here; the worklist has it. read_up_to: the notice up to which the person has
    read; unread: how many of the newest 99 behind that are the reader's; more_unread: older ones, of whomever, were not
    looked at. waiting: the open statements that the party has yet to sign.
    """

    as_known_at: int
    noted_at: str | None
    late: bool
    read_up_to: int
    unread: int
    more_unread: bool
    more: bool
    rows: list[NoticeRow]
    waiting: list[OpenStatementRow]


class InboxRead(TypedDict):
    """Up to which notice the person that asks has read."""

    read_up_to: int


class DigestMore(TypedDict):
    """How many of each part are not told."""

    overdue: int
    soon: int
    new: int


class DigestShown(SeenBy):
    """The digest of a day: rows of the worklist, by their dates, at most 100 of each part.

    at: the instant as of which they stand so. since: what was opened by statements recorded later is new.
    """

    as_known_at: int
    day: str
    at: str
    since: str
    overdue: list[dict[str, Any]]
    soon: list[dict[str, Any]]
    new: list[dict[str, Any]]
    more: DigestMore


class DigestPrinted(TypedDict):
    """The digest of a day for a party, as the command tells it: rows of the list of obligations, 100 of each part."""

    log: str
    party: str
    day: str
    overdue: list[ObligationRow]
    soon: list[ObligationRow]
    new: list[ObligationRow]
    more: DigestMore
