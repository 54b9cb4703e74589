"""Whether an approval covers a day: its dates, and whether an authority had suspended or withdrawn it by then.

A day is judged by what the record says when the statement is judged; what becomes known later changes no earlier
judgement. Expiry and withdrawal end the right to bring goods in, never the duties on goods that came in before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, EntryDate
from ledger.domain.states.border import ApprovalStatus
from ledger.domain.states.history import last_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.border import Approval, Consignment

# Rules

ENTRY_VALID = Rule(
    "APR-30",
    "Goods enter while their approval is valid; which date counts is a setting of the rule pack and uncertain.",
    Answer.BREACH,
    "Order 160 Arts 15-16",
    Confidence.U,
    ("approval", "day", "valid_from", "valid_to"),
    lambda pack, _: pack.entry_date,
)
ENTRY_STANDING = Rule(
    "APR-31",
    "Goods enter under an approval that was neither suspended nor withdrawn on the day of entry.",
    Answer.BREACH,
    "Order 160 Art. 27",
    Confidence.M,
    ("approval", "day", "status"),
)

RULES = (ENTRY_VALID, ENTRY_STANDING)


def entry_breaches(
    consignment: Consignment, approvals: Iterable[Approval], day: date, entry: EntryDate, rules: RulePack
) -> Iterator[Breach]:
    """Return APR-30 and APR-31 of a consignment's approvals, if the rule pack counts this date as the entry's.

    day: the local day of the arrival, the declaration or the release, as ``entry`` says.
    """
    if rules.entry_date is None or rules.entry_date.value is not entry:
        return
    for approval in approvals:
        if not is_valid(approval, day):
            yield ENTRY_VALID.breach(
                (approval.id, consignment.id),
                approval=approval.id,
                valid_from=approval.valid_from,
                valid_to=approval.valid_to,
                day=day,
            )
        status = status_at(approval, rules.working_days.end_of_day(day))
        if status is not ApprovalStatus.GRANTED:
            yield ENTRY_STANDING.breach((approval.id, consignment.id), approval=approval.id, status=status, day=day)


def is_valid(approval: Approval, day: date) -> bool:
    """Say whether a local day lies in an approval's validity, both ends included; an unknown end does not limit it."""
    return (approval.valid_from is None or approval.valid_from <= day) and not is_expired(approval, day)


def is_expired(approval: Approval, day: date) -> bool:
    """Say whether a local day lies after the last one that an approval had on it."""
    last = last_before(approval.ends, day, None)
    return last is not None and last < day


def status_at(approval: Approval, instant: datetime) -> ApprovalStatus:
    """Return the status that an approval had at an instant, as the record knows it; of a day, ask of its end."""
    return last_before(approval.history, instant, ApprovalStatus.GRANTED)
