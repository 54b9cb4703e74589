"""What the ledger answers, as the members of a JSON object: the same at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.clock import format_time
from ledger.statement.entry import parse_entry

if TYPE_CHECKING:
    from ledger.errors import Breach
    from ledger.store.committer import Outcome


def breach_object(breach: Breach) -> dict[str, object]:
    """Return a breach as the members of a JSON object."""
    return {"rule": breach.rule, "problem": breach.problem, "clause": breach.clause, "verified": breach.verified}


def outcome_object(outcome: Outcome) -> dict[str, Any]:
    """Return the answer to a statement that stands in the record as the members of a JSON object."""
    event = outcome.event
    if event is None:
        raise TypeError("a statement that was recorded has an event")
    return {
        "status": "repeated" if outcome.repeated else "recorded",
        "statement": event.statement,
        "kind": event.kind,
        "position": event.position,
        "recorded": format_time(event.recorded),
        "rules": parse_entry(event.entry).rules,
        "breaches": [breach_object(one) for one in outcome.breaches],
    }
