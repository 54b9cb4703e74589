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


def rules_object(name: str) -> dict[str, str | None]:
    """Return what an entry was judged by as members of a JSON object: the pack's id, and its edition's digest.

    name: as the entry's header has it; "none" has no edition.
    """
    return {"rules": rules_of(name), "edition": name.partition(" ")[2] or None}


def rules_of(name: str) -> str:
    """Return what people are told that an entry was judged by: the pack's id alone, ``cn-281/2026-08-01``."""
    return name.partition(" ")[0]


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
        **rules_object(parse_entry(event.entry).rules),
        "breaches": [breach_object(one) for one in outcome.breaches],
    }
