"""The answer to what is owed in a matter: each obligation as it stands at the instant that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.evidence.answers.owing import edition_for, kinds_in, owed_of
from ledger.evidence.answers.why import because, moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.evidence.answers.asking import Asked
    from ledger.evidence.answers.owing import Owed

    Row = Mapping[str, Any]


def owed(asked: Asked) -> list[Row]:
    """Return what is or was owed in a matter, as it arose. Raises Beyond."""
    return [_row(one, state, asked) for one in owed_of(asked) if (state := state_at(one, asked.now)) is not None]


def state_at(one: Owed, instant: str) -> str | None:
    """Return how an obligation stands at an instant; None: it was not opened yet."""
    if instant < one.step.act.at:
        return None
    if one.met is not None and one.met <= instant:
        return "met"
    if one.lapsed is not None and one.lapsed <= instant:
        return "lapsed"
    if _pause(one, instant) is not None:
        return "paused"
    if one.until is not None and one.until < instant:
        return "lapsed"
    return "open" if one.due is None else "due"


def _pause(one: Owed, instant: str) -> str | None:
    """Return since when the clock stands at an instant; None: it does not."""
    return next((begun for begun, ended in one.pauses if begun <= instant and (ended is None or instant < ended)), None)


def _is_overdue(one: Owed, state: str, instant: str) -> bool:
    if one.due is None or state in {"met", "lapsed"}:
        return False
    paused = _pause(one, instant)
    return one.due[1] < instant and (paused is None or paused > one.due[1])


def _row(one: Owed, state: str, asked: Asked) -> Row:
    act, ended = one.step.act, one.met if state == "met" else one.lapsed if state == "lapsed" else None
    due = None if one.due is None else one.due[0]
    edition = edition_for(one, asked) or {"id": "", "terms": {}}
    term = edition["terms"].get(one.duty.get("law") or one.duty.get("term"))
    clause, confidence = (
        (one.duty.get("clause", ""), one.duty.get("confidence")) if term is None else (term[2], term[3])
    )
    return {
        "concerns": list(one.concerns),
        "owed_by": one.debtor,
        "owed_to": one.creditor,
        "state": state,
        "since": moment(act.at),
        "due": due,
        "overdue": _is_overdue(one, state, asked.now),
        "ended": None if ended is None else moment(ended),
        "why": because(
            act,
            rests=one.id,
            clause=clause,
            confidence=confidence if clause else None,
            edition=edition["id"],
            since=moment(act.at),
            due=due,
            closed_by=[] if state in {"met", "lapsed"} else sorted(set(kinds_in(one.duty["closes"]))),
        ),
    }
