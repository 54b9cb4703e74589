"""What a service says is wrong (problem+json, RFC 9457), as the ledger's own errors, in the words that it uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ledger.breach import Breach
from ledger.errors import (
    Conflict,
    Halted,
    IntegrityFailed,
    LedgerError,
    Malformed,
    NeedsAcknowledgement,
    NotFound,
    NotTrusted,
    Refused,
    TooOld,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Final = {
    "SVC-01": "A request is one that the service takes.",
    "SVC-02": "A service answers who is signed in there, by what they may read and do.",
    "SVC-03": "What a service answers is in the form that its document gives it.",
}

TYPE: Final = "urn:vialog:problem:"
_SOON: Final = frozenset({408, 412, 429})
"""Of requests that are as they should be: asking again later is answered."""


def problem_in(body: bytes) -> Mapping[str, Any]:
    """Return the members of a problem; none where a body is none, as that of a proxy in between."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def error_of(status: int, said: Mapping[str, Any]) -> LedgerError:
    """Return what a problem says as an error: of its name where that is the ledger's, else of its status.

    status: of the answer. said: as ``problem_in`` returns it, by whoever it was written.
    """
    detail = str(said.get("detail") or said.get("title") or status)
    rule, member = str(said.get("rule", "SVC-01")), str(said.get("member", "$"))
    match str(said.get("type", "")).removeprefix(TYPE):
        case "malformed":
            return Malformed(rule, member, _without(detail, rule, member))
        case "not-trusted":
            return NotTrusted(rule, _without(detail, rule))
        case "refused":
            return Refused(rule, _without(detail, rule))
        case "needs-acknowledgement":
            return NeedsAcknowledgement(breaches_in(said.get("breaches")), rules_in(said))
        case "conflict":
            return Conflict(detail)
        case "halted":
            return Halted(detail)
        case "integrity-failed":
            return IntegrityFailed(detail)
        case "too-old":
            return TooOld(None, detail)
        case _:
            return _of_status(status, detail)


def _of_status(status: int, detail: str) -> LedgerError:
    if status == 404:
        return NotFound(detail)
    if status in {401, 403}:
        return NotTrusted("SVC-02", detail)
    if status in _SOON or status >= 500:
        return Unavailable(detail)
    return Malformed("SVC-01", "$", detail)


def _without(detail: str, *before: str) -> str:
    """Return a problem without the rule and the member that a service tells before it."""
    for one in before:
        rest = detail.removeprefix(one)
        detail = rest.lstrip(":： ") if rest != detail else detail
    return detail


def rules_in(said: Mapping[str, Any]) -> str:
    """Return by which edition something was judged, as an entry names it."""
    named = (said.get("rules", "none"), said.get("edition"))
    return " ".join(str(one) for one in named if one is not None)


def breaches_in(said: object) -> list[Breach]:
    """Return the breaches of an answer. Raises Malformed: SVC-03 they are not in their form."""
    try:
        return [_breach(one) for one in said] if isinstance(said, list) else []
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed("SVC-03", "$.breaches", "are not breaches") from error


def _breach(said: Mapping[str, Any]) -> Breach:
    values = ((name, tuple(one) if isinstance(one, list) else one) for name, one in said["parameters"].items())
    return Breach(str(said["rule"]), tuple(said["subjects"]), tuple(sorted(values)))
