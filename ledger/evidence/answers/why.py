"""Why a row stands in an answer, and how instants are written in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.clock import format_time
from ledger.evidence.answers.acts import Unreadable
from ledger.evidence.answers.table import effects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.evidence.answers.acts import Act

_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6}))?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def why(act: Act | None, rule: str | None = None) -> Mapping[str, Any]:
    """Return why a row is there: by an act, which broke a rule or none; None: it names no act."""
    clause, confidence = effects()["rules"][rule] if rule is not None else ("", None)
    return because(act, rests=rule, clause=clause, confidence=confidence)


def because(act: Act | None, **members: Any) -> Mapping[str, Any]:  # noqa: ANN401  members of a reason
    """Return why a row is there, with the members that are something. act: as for ``why``."""
    return {
        "rests": None,
        "clause": "",
        "confidence": None,
        "edition": "",
        "position": None if act is None else act.position,
        "kind": None if act is None else act.kind,
        "at": None if act is None else moment(act.at),
        "since": None,
        "due": None,
        "closed_by": [],
        **members,
    }


def moment(at: str) -> str:
    """Return the instant of an act as rows write it: without a fraction of a second that is nothing."""
    return at.replace(".000000Z", "Z")


def written(text: object, act: Act) -> str:
    """Return an instant of a body as rows write it, in its own zone. Raises Unreadable."""
    second, fraction, zone = _parts(text, act)
    told = f".{fraction.ljust(6, '0')}" if fraction.strip("0") else ""
    return second + told + ("Z" if zone[1:] == "00:00" else zone)


def instant_of(text: object, act: Act) -> str:
    """Return an instant of a body as acts have theirs: in UTC, with six digits. Raises Unreadable."""
    second, fraction, zone = _parts(text, act)
    try:
        found = datetime.fromisoformat(f"{second}.{fraction.ljust(6, '0')}{'+00:00' if zone == 'Z' else zone}")
        return format_time(found.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Unreadable(act.position) from None


def _parts(text: object, act: Act) -> tuple[str, str, str]:
    found = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Unreadable(act.position)
    return found[1], found[2] or "", found[3]
