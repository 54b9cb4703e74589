"""Dates that statements tell: none lies after the telling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.domain.judging import Answer, Rule

if TYPE_CHECKING:
    from datetime import date

    from ledger.domain.judging import Signed
    from ledger.domain.rules import RulePack

# Rules

PAST = Rule("CON-22", "A statement dates what it tells no later than itself.", Answer.REFUSAL)

RULES = (PAST,)


def check_past(day: date, said: Signed[Any], rules: RulePack) -> None:
    """Check that a local day that a statement names is not after the statement. Raises Refused: CON-22."""
    if day > rules.working_days.local_date(said.occurred_at):
        raise PAST.refuse(f"{day} lies after the statement")
